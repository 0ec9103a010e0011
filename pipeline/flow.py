"""The flow: from a dropped file to the archive, step by step. This page shows the whole program.

    drop ─► reads ─► judges ─► gathers ─► renders ─► delivers ─► (people sign) ─► numbers ─► files
              │         └─► returned, with a note                     ▲
              ├─► matches: it was one of our signed papers ───────────┘
              └─► obeys: orders of the clerk, row by row ─► answered

Each step looks at a job, does its work outside any transaction, and says what is to be recorded (an `Outcome`).
`advance` does a job's steps until it rests. Doing a step twice has the effect of doing it once: its bytes are kept
under their hash, and the ledger records only the first result for a job as it was read.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline import steps
from pipeline.errors import VanthuError
from pipeline.ledger import Outcome, Unrecorded
from pipeline.model import Job, State
from pipeline.steps import publishing
from pipeline.workspace import Workspace

Work = Callable[[Workspace, Job], Outcome]


def _at_once(_workspace: Workspace, _job: Job) -> bool:
    return True


def _without_pdf(workspace: Workspace) -> bool:
    return workspace.office is None


def _never(_workspace: Workspace) -> bool:
    return False


def _always(_workspace: Workspace) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """One row of the flow: the state a job is in, what is done with it there, and whether that is possible yet.

    `goes_with` tells whether it is recorded together with what came before: not where a program outside is at work
    meanwhile, which may take long (decision 0061).
    """

    state: State
    work: Work
    is_due: Callable[[Workspace, Job], bool] = _at_once
    goes_with: Callable[[Workspace], bool] = _never


#: The flow. In a state without a row a job rests: a person must act, or it has ended.
STEPS = (
    Step(State.RECEIVED, steps.reads),
    Step(State.READ, steps.judges, goes_with=_always),
    Step(State.ACCEPTED, steps.gathers, goes_with=_always),
    Step(State.WAITING, steps.gathers, is_due=steps.may_go_on),
    Step(State.FILLED, steps.renders, goes_with=_without_pdf),
    Step(State.RENDERED, steps.delivers, goes_with=_always),
    Step(State.ORDERED, steps.obeys),
    Step(State.SIGNED, steps.numbers),
    Step(State.REGISTERED, steps.files),
)
WORK = {step.state: step for step in STEPS}


def advance(workspace: Workspace, job_id: int, job: Job | None = None) -> Job:
    """Do a job's steps until it rests, then publish what is recorded to be published.

    `job` is how it was read a moment ago, where it was; what has moved since is read anew.
    The job is leased meanwhile, anew with every step; one that another worker has leased is left as it is.
    """
    ledger, lease = workspace.ledger, workspace.lease
    job = job or ledger.job(job_id)
    # asked before leasing: a job that rests costs no write
    if not _is_due(workspace, job):
        return job
    if not ledger.claim(job, lease):
        # another works on it, or it has moved since it was read
        job = ledger.job(job_id)
        if not _is_due(workspace, job) or not ledger.claim(job, lease):
            return job
    noted = Unrecorded(ledger, job)
    try:
        workspace.spool_must_be_there()
        job = _done(replace(workspace, ledger=noted), noted, job)
    except Exception:
        # what was done before the trouble counts
        if noted.record(None) is None:
            with contextlib.suppress(VanthuError):  # a lease that cannot be given back runs out by itself
                ledger.release(lease.owner, job)
        raise
    # it waits for others: its lease would keep it from whoever sees the last of them come
    recorded = noted.record(None)
    if recorded is None and job.state in WORK:
        ledger.release(lease.owner, job)
    # after the transaction, never in it: recorded it is done in the end, whatever happens here (decision 0002)
    publishing.publish(workspace)
    return recorded or job


def _done(workspace: Workspace, noted: Unrecorded, job: Job) -> Job:
    """Do a job's steps until it rests; what goes together is noted, all else is recorded."""
    while _is_due(workspace, job):
        step = WORK[job.state]
        if not step.goes_with(workspace):
            job = noted.record(workspace.lease) or job
        outcome = step.work(workspace, job)
        # the lease goes on in the same write while there is a next step, and ends with the last (decision 0014)
        job = noted.advance(job, outcome, workspace.lease if outcome.to in WORK else None)
    return job


def _is_due(workspace: Workspace, job: Job) -> bool:
    return job.state in WORK and WORK[job.state].is_due(workspace, job)
