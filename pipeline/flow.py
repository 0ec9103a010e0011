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
from dataclasses import dataclass

from pipeline import steps
from pipeline.errors import VanthuError
from pipeline.ledger import Outcome
from pipeline.model import Job, State
from pipeline.steps import publishing
from pipeline.workspace import Workspace

Work = Callable[[Workspace, Job], Outcome]


def _at_once(_workspace: Workspace, _job: Job) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """One row of the flow: the state a job is in, what is done with it there, and whether that is possible yet."""

    state: State
    work: Work
    is_due: Callable[[Workspace, Job], bool] = _at_once


#: The flow. In a state without a row a job rests: a person must act, or it has ended.
STEPS = (
    Step(State.RECEIVED, steps.reads),
    Step(State.READ, steps.judges),
    Step(State.ACCEPTED, steps.gathers),
    Step(State.WAITING, steps.gathers, is_due=steps.may_go_on),
    Step(State.FILLED, steps.renders),
    Step(State.RENDERED, steps.delivers),
    Step(State.ORDERED, steps.obeys),
    Step(State.SIGNED, steps.numbers),
    Step(State.REGISTERED, steps.files),
)
WORK = {step.state: step for step in STEPS}


def advance(workspace: Workspace, job_id: int) -> Job:
    """Do a job's steps until it rests, then publish what is recorded to be published.

    The job is leased meanwhile, anew with every step; one that another worker has leased is left as it is.
    """
    ledger, lease = workspace.ledger, workspace.lease
    job = ledger.job(job_id)
    # asked before leasing: a job that rests costs no write
    if not _is_due(workspace, job) or not ledger.claim(job, lease):
        return job
    try:
        workspace.spool_must_be_there()
        while _is_due(workspace, job):
            outcome = WORK[job.state].work(workspace, job)
            # the lease goes on in the same write while there is a next step, and ends with the last (decision 0014)
            job = ledger.advance(job, outcome, lease if outcome.to in WORK else None)
    except Exception:
        with contextlib.suppress(VanthuError):  # a lease that cannot be given back runs out by itself
            ledger.release(lease.owner, job)
        raise
    # it waits for others: its lease would keep it from whoever sees the last of them come
    if job.state in WORK:
        ledger.release(lease.owner, job)
    # after the transaction, never in it: recorded it is done in the end, whatever happens here (decision 0002)
    publishing.publish(workspace)
    return job


def _is_due(workspace: Workspace, job: Job) -> bool:
    return job.state in WORK and WORK[job.state].is_due(workspace, job)
