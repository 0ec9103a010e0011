"""The work: what has stood still for long, what waits for a person, and whether the books agree at their ends."""

import datetime as dt
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from pipeline import flow
from pipeline.archive.standing import Age, standings
from pipeline.ledger.webhooks import Webhooks
from pipeline.messages import say
from pipeline.model import Finding, Job, Severity, State
from pipeline.steps import incidents
from pipeline.workspace import Workspace

STILL: Final = "work.still"
HELD: Final = "work.held"
INCIDENTS: Final = "work.incidents"
UNPUBLISHED: Final = "work.unpublished"
BOOKS: Final = "work.books"
WEBHOOKS: Final = "work.webhooks"

#: States from which a job goes on by itself, within minutes. What waits for other documents may wait for months.
UNDER_WAY: Final = tuple(state for state in flow.WORK if state is not State.WAITING)
_STILL: Final = dt.timedelta(hours=1)


def work_findings(workspace: Workspace) -> Iterator[Finding]:
    """Look at the jobs, at what is to be laid out, and at the ends of ledger, archive and heads."""
    yield _under_way(workspace)
    yield _held(workspace)
    yield _incidents(workspace)
    yield _unpublished(workspace)
    yield from _webhooks(workspace)
    yield from _books(workspace)


def still(workspace: Workspace) -> list[Job]:
    """The jobs that should have gone on by themselves long ago."""
    since = workspace.clock() - _STILL
    return [job for job in workspace.ledger.in_states(UNDER_WAY) if job.changed_at < since]


def _under_way(workspace: Workspace) -> Finding:
    found = still(workspace)
    if not found:
        return Finding(STILL, Severity.INFO, say("No job stands still."))
    return Finding(
        STILL,
        Severity.BLOCK,
        say(
            "{count} jobs have not gone on for an hour; the oldest is {job}.",
            count=len(found),
            job=f"#{found[0].id} {found[0].name}",
        ),
        found=" ".join(str(job.id) for job in found[:20]),
        mend=say(
            "See why: vanthu why {job}. If nothing works on them, start the service, or run: vanthu run",
            job=found[0].id,
        ),
    )


def _held(workspace: Workspace) -> Finding:
    count = workspace.ledger.counts().get(State.HELD, 0)
    if not count:
        return Finding(HELD, Severity.INFO, say("Nothing waits for the clerk's decision."))
    said = say("{count} jobs wait for a person to decide.", count=count)
    return Finding(HELD, Severity.WARN, said, mend=say("See which: vanthu status; papers: vanthu papers list"))


def _incidents(workspace: Workspace) -> Finding:
    count = len(incidents.standing(workspace))
    if not count:
        return Finding(INCIDENTS, Severity.INFO, say("No file of the inbox is left untaken."))
    said = say("{count} files of the inbox are not taken.", count=count)
    return Finding(INCIDENTS, Severity.WARN, said, mend=say("See why: vanthu incidents list"))


def _unpublished(workspace: Workspace) -> Finding:
    count = len(workspace.ledger.pending())
    if not count:
        return Finding(UNPUBLISHED, Severity.INFO, say("Everything is laid out."))
    said = say("{count} files are recorded and not yet laid out in the outbox.", count=count)
    return Finding(UNPUBLISHED, Severity.WARN, said, mend=say("Look whether the outbox is there; then: vanthu run"))


def _webhooks(workspace: Workspace) -> Iterator[Finding]:
    """Whether programs that want to be told could be; nothing where there are none."""
    known = Webhooks(workspace.ledger).every()
    wrong = [one for one in known if one.trouble]
    for one in wrong:
        yield Finding(
            WEBHOOKS,
            Severity.WARN,
            # its path and its query may hold what only the two are to know
            say(
                "The program at {host} (webhook {number}) could not be told; it is told again until it answers.",
                host=urlsplit(one.url).netloc,
                number=one.id,
            ),
            found=one.trouble,
            mend=say("See to that program. If it is there no more: vanthu webhook remove {number}", number=one.id),
        )
    if known and not wrong:
        yield Finding(WEBHOOKS, Severity.INFO, say("Every program that wants to be told was told."))


def _books(workspace: Workspace) -> Iterator[Finding]:
    """Whether the ledger knows all that archive and heads know; their whole is `vanthu check`'s."""
    found = standings(workspace.ledger.log, workspace.places)
    wrong = [one for one in found if one.age is not Age.SAME]
    for one in wrong:
        yield Finding(
            BOOKS,
            Severity.BLOCK,
            say("The ledger does not agree with {file}.", file=str(one.where)),
            found=str(one.age),
            mend=say("Nothing is numbered meanwhile. Look closer: vanthu check"),
        )
    if not wrong:
        yield Finding(BOOKS, Severity.INFO, say("Ledger, archive and heads end alike."))
