"""Incidents of the inbox: a file that is not taken, of which people are told once, without its name.

What is not taken was not looked at, or not as a whole, so nothing of it is recorded: no name, no content. It is known
by what the file system says of it (device, inode, size, times), which a changed file no longer has. An incident is an
event of the ledger that concerns no job; its number is what people call it by.

    intake.secrecy      it bears a mark of secrecy: set aside (`steps.secrecy`)
    intake.unseen       it could not be looked into: it stays until a person lets it in (`intake.admitted`)
    intake.unfinished   it is at rest and not finished: it stays until it is
    intake.lying        it was taken, and cannot be removed: it stays until somebody removes it
    intake.told         the notices of an incident have been laid
    intake.gone         its file is no longer as it was: the notices of what stayed are taken away
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline.answers import Facts
from pipeline.files import CannotWrite, Stamp, remove, write_durably
from pipeline.intake import Found
from pipeline.messages import say
from pipeline.model import Message, Number
from pipeline.naming import Answer
from pipeline.steps.answering import folder_of, write
from pipeline.workspace import Workspace

MARKED: Final = "intake.secrecy"
UNSEEN: Final = "intake.unseen"
UNFINISHED: Final = "intake.unfinished"
LYING: Final = "intake.lying"
_TOLD, _GONE, _ADMITTED = "intake.told", "intake.gone", "intake.admitted"
#: Those whose file stays where it is: over when it is no longer as it was.
_STAYING: Final = (UNSEEN, UNFINISHED, LYING)
_NAMES: Final = ("unit", "why", "key")
_KNOWN_TYPES: Final = frozenset({".docx", ".xlsx", ".pdf", ".doc", ".xls", ".rtf", ".odt", ".ods", ".yaml", ".json"})


@dataclass(frozen=True)
class Incident:
    """One file that was not taken; `why` is the code of the trouble, `key` stands for the state of the file."""

    number: int
    at: dt.datetime
    sort: str
    unit: str
    why: str
    key: str


def record(workspace: Workspace, sort: str, found: Found, why: str = "") -> int:
    """Record an incident, once for each state of a file, whoever comes upon it; gives its number."""
    detail = {"unit": unit_of(workspace, found), "why": why, "key": key_of(found.stamp)}
    return workspace.ledger.remark_once(sort, detail, ended_by=_GONE)


def tell(workspace: Workspace, number: int, unit: str, said: Message) -> bool:
    """Lay the notice of an incident where the sender looks, and where the clerk does; False when that was done."""
    if _has(workspace, _TOLD, number):
        return False
    tell_otherwise(workspace, number, unit, said)
    # recorded last: after a crash in between the same notice is laid again, never forgotten
    workspace.ledger.remark_once(_TOLD, {"incident": number})
    return True


def tell_otherwise(workspace: Workspace, number: int, unit: str, said: Message) -> None:
    """Lay the notice of an incident, in place of what it said before; one of the two suffices."""
    content, laid = _note(workspace, number, said), 0
    workspace.must_be_there("outbox")
    for path in (paths := list(_notices(workspace, number, unit))):
        try:
            write_durably(path, content)
            laid += 1
        except CannotWrite as trouble:
            # a sender whose folder is closed keeps nobody waiting: the clerk knows
            if not trouble.is_of_one_place or (path == paths[-1] and not laid):
                raise
    workspace.must_be_there("outbox")


def standing(workspace: Workspace) -> list[Incident]:
    """Read the incidents that are not over, oldest first; a file that was set aside is for people to deal with."""
    return [
        # those recorded before November 2026 have no key
        Incident(event.id, event.at, event.action, *(str(event.detail.get(name, "")) for name in _NAMES))
        for event in workspace.ledger.remarks_standing((MARKED, *_STAYING), _GONE)
    ]


def end_those_gone(workspace: Workspace, found: Iterable[Found]) -> None:
    """End the incidents whose file has changed, was taken or went away, and take back what was told of it."""
    there: set[str] | None = None
    for incident in standing(workspace):
        if incident.sort not in _STAYING:
            continue
        there = {key_of(file.stamp) for file in found} if there is None else there
        if incident.key not in there:
            workspace.must_be_there("outbox")
            for path in _notices(workspace, incident.number, incident.unit):
                remove(path)
            workspace.ledger.remark_once(_GONE, {"incident": incident.number})


def admit(workspace: Workspace, number: int, why: str) -> None:
    """Record that a person has looked at a file and lets it in as it is; it is taken at the next look."""
    workspace.ledger.remark(_ADMITTED, {"incident": number}, why)


def is_admitted(workspace: Workspace, number: int) -> bool:
    """Tell whether a person has let the file of an incident in."""
    return _has(workspace, _ADMITTED, number)


def about(found: Found) -> Message:
    """Say enough of a file for its sender to know it by, without its name."""
    saved = dt.datetime.fromtimestamp(found.stamp.mtime_ns / 1_000_000_000).astimezone()
    type_ = found.name.suffix.lower()
    return say(
        "saved on {day} at {time}, {size} KB{type}",
        day=f"{saved:%d/%m/%Y}",
        time=f"{saved:%H:%M:%S}",
        size=Number(found.stamp.size_bytes / 1000, places=1),
        type=f", {type_}" if type_ in _KNOWN_TYPES else "",
    )


def unit_of(workspace: Workspace, found: Found) -> str:
    """Give the code of the unit in whose folder a file lies, "" when the folder names none."""
    unit = workspace.year(workspace.practice.year).unit_named(found.folder) if found.folder else None
    return unit.code if unit else ""


def key_of(stamp: Stamp) -> str:
    """What one state of one file is known by, and nothing can be learnt from."""
    parts = (stamp.device, stamp.inode, stamp.size_bytes, stamp.mtime_ns, stamp.ctime_ns)
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()[:32]


def _has(workspace: Workspace, action: str, number: int) -> bool:
    return workspace.ledger.is_remarked(action, {"incident": number})


def _notices(workspace: Workspace, number: int, unit: str) -> list[Path]:
    folders = dict.fromkeys((folder_of(workspace, unit), workspace.folders.clerk))
    return [workspace.folders.outbox / folder / f"su-co-{number}.{Answer.NOTICE}.docx" for folder in folders]


def _note(workspace: Workspace, number: int, said: Message) -> bytes:
    year = workspace.year(workspace.practice.year)
    facts = Facts(
        answer=Answer.NOTICE,
        language=workspace.practice.language,
        job_id=number,
        file_name="–",
        received_at=workspace.clock(),
        cluster=year.cluster.name,
        contact=workspace.practice.contact,
    )
    return write(workspace, replace(facts, next_step=said))
