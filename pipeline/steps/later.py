"""What was decided about a document after it was filed, read from its history: further papers, amendments.

All that is written of it (the names in the archive, sidecars, notes, the register's remark) follows from recorded
events alone: filing done twice, after a crash or years later, gives the same bytes.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pipeline.ledger import Change, Detail, Entered, Outcome
from pipeline.ledger.rows import Entry, Event
from pipeline.messages import VIETNAMESE, shown_in
from pipeline.model import Artifact, Job, Message, Role, Severity, State
from pipeline.register.remarks import AMEND, REPLACE, remark
from pipeline.workspace import Workspace

#: In a variant: the document is issued in place of a filed one about the same matter, the n-th time ("~2").
REPLACING: Final = "~"
#: What only the ledger needs of an event: the rest is told in sidecars and notes.
_INTERNAL: Final = frozenset({"files", "copy", "decided", "who", "at"})
#: Facts of an amendment that are of the other document.
_OF_THE_OTHER: Final = ("number", "document_on", "title", "path", "sha256")
#: By these an event and the act that was entered in the register with it are known to belong together.
_KEYS: Final = ("paper", "amends", "amended")


@dataclass(frozen=True)
class Decision:
    """One thing that was decided about a document; `time` counts its filed papers, the first included.

    `act` is REPLACE or AMEND; `said` what the event says; `entry` what the register says, None without a number.
    """

    act: str
    time: int
    said: Detail
    who: str
    why: str
    at: dt.datetime
    event: int
    entry: Entry | None

    @property
    def files(self) -> list[str]:
        """The sha256 of the files of a further paper."""
        files = self.said.get("files")
        return files if isinstance(files, list) else []

    @property
    def copy(self) -> str:
        """The sha256 of the PDF in which a further paper is looked at, "" where the paper is one."""
        return str(self.said.get("copy", ""))

    @property
    def remark(self) -> Message:
        """What it was, in a sentence."""
        return remark(self.act, self.said, self.why, self.at)

    def facts(self) -> dict[str, object]:
        """Give it as sidecars and notes tell it."""
        told = {key: value for key, value in self.said.items() if key not in _INTERNAL}
        # apart: a sidecar has number and title of its own document, too
        other = {key: told.pop(key) for key in _OF_THE_OTHER if key in told} if self.act == AMEND else {}
        return {
            "act": self.act,
            **told,
            **({"other": other} if other else {}),
            "said": shown_in(self.remark, VIETNAMESE),
            "who": self.who,
            "why": self.why,
            "at": self.at.isoformat(timespec="microseconds"),
            "register_entry": self.entry.as_json() if self.entry else None,
        }


def decisions(workspace: Workspace, job: Job) -> list[Decision]:
    """Read what was decided about a document after it was filed, in order; the n-th is told in the n-th note."""
    made: list[Decision] = []
    entries = workspace.ledger.entries_of(job.id)
    time = 1
    for event in workspace.ledger.events(job.id):
        act = _act_of(event)
        if act:
            time += act == REPLACE
            made.append(_decision(event, act, time, entries))
    return made


def _act_of(event: Event) -> str:
    if "as" in event.detail:
        return REPLACE
    is_amended = "amended" in event.detail or ("amends" in event.detail and not _is_early(event))
    return AMEND if is_amended else ""


def _is_early(event: Event) -> bool:
    """Tell whether an event says what a document amends before it is filed: its first sidecar tells that."""
    return "amends" in event.detail and event.to_state != State.REGISTERED


def _decision(event: Event, act: str, time: int, entries: Iterable[Entry] = ()) -> Decision:
    said = event.detail
    # what a document said before it was filed enters the other's history with its filing; a person said it before
    at = dt.datetime.fromisoformat(str(said["at"])) if "at" in said else event.at
    why, who = str(said.get("decided", event.why)), str(said.get("who", event.who))
    found = next((one for one in entries if _belongs(one, said)), None)
    return Decision(act, time, said, who, why, at, event.id, found)


def _belongs(entry: Entry, said: Detail) -> bool:
    if entry.act.partition(".")[0] not in {REPLACE, AMEND}:
        return False
    recorded = json.loads(entry.recorded)
    return all(recorded.get(key) == said.get(key) for key in _KEYS)


def amends_when_filed(workspace: Workspace, job: Job) -> list[Decision]:
    """Read what a document that is not filed yet was said to amend; an earlier version's word holds for it, too."""
    versions = [
        one for one in workspace.ledger.about(job.identity) if one.state is State.SUPERSEDED and one.id < job.id
    ]
    events = [event for one in (*versions, job) for event in workspace.ledger.events(one.id) if _is_early(event)]
    # said again of a later version, it is said once
    return [_decision(event, AMEND, 1) for event in {event.detail["amends"]: event for event in events}.values()]


def held_for(workspace: Workspace, job: Job) -> list[Job]:
    """Give the filed documents of the same matter for which a sound form is held, also those issued again.

    Empty for a file that is held for another reason.
    """
    has_faults = any(one.severity is Severity.BLOCK for one in workspace.findings(job))
    is_judged = workspace.ledger.artifact(job.id, Role.FINDINGS) is not None
    if job.state is not State.HELD or not job.kind or has_faults or not is_judged:
        return []
    return [
        one
        for one in workspace.ledger.of_kind(job.kind, job.year, [State.ARCHIVED])
        if one.unit == job.unit and one.variant.partition(REPLACING)[0] == job.variant
    ]


def refiling(workspace: Workspace, job: Job) -> Decision | None:
    """Give the decision by which the newest paper of a document is filed; None for the first paper."""
    return next((one for one in reversed(decisions(workspace, job)) if one.act == REPLACE), None)


def entered(act: str, said: Detail) -> Entered:
    """Give what the register says of a decision; `said` is what the event says."""
    facts = {key: value for key, value in said.items() if key not in _INTERNAL}
    return Entered(act, facts, str(said["decided"]))


def amended(workspace: Workspace, document: Job, said: Detail) -> Change:
    """Record with a filed document that it amends another, or is amended: a note beside it is to be filed."""
    told = {**said, **filed_paper(workspace, document)}
    return Change(
        document, Outcome(State.REGISTERED, str(said["decided"]), detail=told, enters=(entered(AMEND, told),))
    )


def filed_paper(workspace: Workspace, job: Job) -> dict[str, str]:
    """Say of a filed document where its newest paper lies, as events do: `of`, `of_sha256`, `of_sidecar_sha256`."""
    paper, sidecar = (workspace.ledger.artifact(job.id, role) for role in (Role.FILED, Role.SIDECAR))
    return {
        "of": paper.name if paper else "",
        "of_sha256": paper.sha256 if paper else "",
        "of_sidecar_sha256": sidecar.sha256 if sidecar else "",
    }


def title_of(workspace: Workspace, job: Job) -> str:
    """Give the title of a document as the register has it."""
    said = workspace.description(job)
    return said.title if said else workspace.kind(job).title_vi


def named(workspace: Workspace, job: Job) -> dict[str, str]:
    """Name a document as the register names it to another: number, date, title."""
    on = job.document_on
    return {
        "number": job.number,
        "document_on": on.isoformat() if on else "",
        "title": title_of(workspace, job),
    }


def filed(workspace: Workspace, job: Job) -> list[Artifact]:
    """Give everything of a document that lies in the archive."""
    return [
        one
        for one in workspace.ledger.artifacts(job.id)
        if one.role in {Role.FILED, Role.FILED_COPY, Role.FILED_TEXT, Role.SIDECAR, Role.FILED_NOTE}
    ]
