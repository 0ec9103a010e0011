"""Warnings: what a person should look at, and who accepted it with which reason.

A warning never stops a document; it waits for a person's eye (noi-dung 4, "cảnh báo"). An acceptance is an event of
the ledger. It holds for the same warning (rule, place, what was found) of the same file about the same matter: it
outlives `reprocess`, but not a new file.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.ledger import Detail
from pipeline.ledger.rows import Event
from pipeline.messages import VIETNAMESE, place, shown_in
from pipeline.model import Finding, Job, Place, Severity, State
from pipeline.workspace import Workspace

#: The action of an event by which a warning was accepted.
ACCEPTED = "warning.accept"

#: Parts of a place that say what it is called, not where it is.
CALLED = frozenset({"label", "field"})

#: Rule, place and what was found: what makes two warnings the same.
_Same: TypeAlias = tuple[str, str, str]
#: File, kind, unit, year and variant: the jobs that an acceptance holds for.
_Paper: TypeAlias = tuple[str, str, str, int, str]


@dataclass(frozen=True)
class Acceptance:
    """Who accepted a warning, when and why; `event` is its number in the ledger's history."""

    who: str
    why: str
    at: dt.datetime
    event: int


@dataclass(frozen=True)
class Warned:
    """One warning of a job; `acceptance` is None while nobody has accepted it."""

    finding: Finding
    acceptance: Acceptance | None


def warnings_of(workspace: Workspace, jobs: Iterable[Job]) -> dict[int, tuple[Warned, ...]]:
    """Give the warnings of several jobs as they were last judged, by the jobs' ids; jobs without any are left out."""
    wanted = list(jobs)
    found = workspace.findings_of(wanted)
    warned = {
        job: those
        for job in wanted
        if (those := [one for one in found.get(job.id, ()) if one.severity is Severity.WARN])
    }
    accepted = _accepted(workspace, list(warned))
    return {
        job.id: tuple(Warned(one, accepted.get((_paper(job), _same(one)))) for one in those)
        for job, those in warned.items()
    }


def open_warnings(workspace: Workspace, jobs: Iterable[Job]) -> dict[int, tuple[Finding, ...]]:
    """Give the warnings nobody has accepted yet, by the jobs' ids; jobs without any are left out."""
    waiting = {
        job_id: tuple(one.finding for one in warned if one.acceptance is None)
        for job_id, warned in warnings_of(workspace, jobs).items()
    }
    return {job_id: findings for job_id, findings in waiting.items() if findings}


def accept(workspace: Workspace, job: Job, findings: Iterable[Finding], why: str) -> None:
    """Record that a person has seen and accepted these warnings of a job."""
    details: list[Detail] = [
        {
            "rule": one.code,
            "pointer": str(one.place.pointer),
            "place": _where(one.place),
            "found": one.found,
            # in Vietnamese, whoever accepts: the history is the office's, not the screen's
            "message": shown_in(one.message, VIETNAMESE),
            "file": job.submission_sha256,
        }
        for one in findings
    ]
    workspace.ledger.note(job, ACCEPTED, why, details)


def as_filed(workspace: Workspace, job: Job) -> list[dict[str, object]]:
    """Give a job's warnings as its sidecar tells them: rule, place, sentence, and who accepted them.

    What was accepted after the signed paper was first registered is left out: filing done twice, after a crash, must
    give the same bytes. Of a further paper of a filed document, its own registration counts.
    """
    events = workspace.ledger.events(job.id)
    came = max((one.id for one in events if "as" in one.detail), default=0)
    last = min((one.id for one in events if one.to_state == State.REGISTERED and one.id > came), default=0)
    return [
        {
            "rule": one.finding.code,
            "place": shown_in(place(one.finding.place), VIETNAMESE),
            "message": shown_in(one.finding.message, VIETNAMESE),
            "accepted": _told(one.acceptance) if one.acceptance and one.acceptance.event <= last else None,
        }
        for one in warnings_of(workspace, [job]).get(job.id, ())
    ]


def _told(acceptance: Acceptance) -> dict[str, object]:
    at = acceptance.at.isoformat(timespec="microseconds")
    return {"who": acceptance.who, "why": acceptance.why, "at": at}


def _accepted(workspace: Workspace, jobs: list[Job]) -> dict[tuple[_Paper, _Same], Acceptance]:
    """Read what was accepted, by paper and warning; the first acceptance counts."""
    events = workspace.ledger.acted_on({job.submission_sha256 for job in jobs}, ACCEPTED)
    papers = {job.id: _paper(job) for job in jobs}
    for job_id in {event.job_id for event in events} - papers.keys():
        papers[job_id] = _paper(workspace.ledger.job(job_id))
    accepted: dict[tuple[_Paper, _Same], Acceptance] = {}
    for event in events:
        accepted.setdefault((papers[event.job_id], _recorded(event)), _acceptance(event))
    return accepted


def _acceptance(event: Event) -> Acceptance:
    return Acceptance(event.who, event.why, event.at, event.id)


def _recorded(event: Event) -> _Same:
    return str(event.detail["rule"]), str(event.detail["place"]), str(event.detail["found"])


def _same(finding: Finding) -> _Same:
    return finding.code, _where(finding.place), finding.found


def _paper(job: Job) -> _Paper:
    # not the job: `reprocess` makes a new one of the same file, and what was accepted holds on
    return job.submission_sha256, job.kind, job.unit, job.year, job.variant


def _where(where: Place) -> str:
    """Write a place so that the same place of the same file is always the same text; what it is called is no part."""
    parts = ((one.name, getattr(where, one.name)) for one in dataclasses.fields(where) if one.name not in CALLED)
    return " ".join(f"{name}={value}" for name, value in parts if value)
