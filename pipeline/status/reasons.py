"""Why a job is where it is, as people are told: sentences and names, never the codes that a record keeps.

The reason of a job is recorded in a form that does not change with languages or kinds: codes of findings for a form
that went back, codes of units for a document that waits, "job 12" for one that another took the place of. What is
shown is made of it here, the same for every face; the record itself is for `vanthu show` and `--json`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline import messages
from pipeline.ledger.outcome import AGAIN, NUMBERED
from pipeline.messages import say, verbatim
from pipeline.model import Finding, Job, Message, Severity, State
from pipeline.status.titles import title_of
from pipeline.steps.answering import codes_of
from pipeline.steps.gathering import missing
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Told:
    """A job as tables show it; `title` is "" while nobody knows what it is."""

    job: Job
    title: str
    why: Message


def told(workspace: Workspace, jobs: Iterable[Job]) -> list[Told]:
    """Say of each job what it is and why it is where it is."""
    kinds, language = workspace.loaded().kinds, workspace.practice.language
    return [Told(one, title_of(kinds, one, language), reason_of(workspace, one)) for one in jobs]


def reason_of(workspace: Workspace, job: Job) -> Message:
    """Say why a job is where it is; nothing where nothing was recorded."""
    if job.state is State.WAITING:
        # asked anew, not taken from the record: others may have come since
        return _awaited(workspace, job)
    if job.state is State.RETURNED:
        blocking = [one for one in workspace.findings(job) if one.severity is Severity.BLOCK]
        if blocking and job.reason == codes_of(blocking):
            return _to_mend(blocking)
    return recorded(job.reason)


def recorded(reason: str) -> Message:
    """Give a reason as people are told it: other jobs named as the tables name them, acts in their words."""
    said = {AGAIN: say("processed again"), NUMBERED: say("the number was asked for")}.get(reason)
    # what people wrote, and sentences of the program, stand as they are
    return said or verbatim(re.sub(r"\bjob (\d+)\b", r"#\1", reason))


def _to_mend(blocking: list[Finding]) -> Message:
    """Tell how many places are to be mended, and the first of them."""
    first = blocking[0]
    said = messages.joined((messages.place(first.place), first.message), ": ")
    if len(blocking) == 1:
        return said
    return say("{count} places to mend; the first: {said}", count=len(blocking), said=said)


def _awaited(workspace: Workspace, job: Job) -> Message:
    lacking = missing(workspace, job, workspace.kind(job))
    return say("still missing: {units}", units=units_named(workspace, job.year, lacking))


def units_named(workspace: Workspace, year: int, codes: Iterable[str]) -> str:
    """Name units by their names; one that the year no longer knows by its code."""
    known = ((code, workspace.year(year).unit(code)) for code in codes)
    return "; ".join(unit.name if unit else code for code, unit in known)
