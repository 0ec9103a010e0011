"""The one road: from a dropped file to the archive, step by step. This page shows the whole program.

    drop ─► reads ─► judges ─► gathers ─► renders ─► delivers ─► (people sign) ─► numbers ─► files
              │         └─► returned, with a note                     ▲
              └─► matches: it was one of our signed papers ───────────┘

Each step looks at a job, does its work outside any transaction, and says what is to be recorded (an `Outcome`) or
that nothing can be done yet (None). `advance` takes a job along the road until it rests. Doing a step twice is doing
it once: its bytes are kept under their hash, and the ledger counts only the first result for a job as it was read.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline import steps
from pipeline.files import alone
from pipeline.ledger import Outcome
from pipeline.model import Job, State
from pipeline.steps import publishing
from pipeline.workspace import Workspace

Work = Callable[[Workspace, Job], Outcome | None]


@dataclass(frozen=True)
class Step:
    """One row of the road: the state a job is in, and what is done with it there."""

    state: State
    work: Work


#: The road. A state without a row is a place of rest: people's turn, or the end.
STEPS = (
    Step(State.RECEIVED, steps.reads),
    Step(State.READ, steps.judges),
    Step(State.ACCEPTED, steps.gathers),
    Step(State.WAITING, steps.gathers),
    Step(State.FILLED, steps.renders),
    Step(State.RENDERED, steps.delivers),
    Step(State.SIGNED, steps.numbers),
    Step(State.REGISTERED, steps.files),
)
WORK = {step.state: step.work for step in STEPS}


def advance(workspace: Workspace, job_id: int) -> Job:
    """Take a job along the road until it rests, and let leave the house what is recorded to leave."""
    job = workspace.ledger.job(job_id)
    while work := WORK.get(job.state):
        outcome = work(workspace, job)
        if outcome is None:
            break
        job = workspace.ledger.advance(job, outcome)
    publish(workspace)
    return job


def publish(workspace: Workspace) -> None:
    """Do what is recorded as to be done in the outbox; after a crash this is where it is made good."""
    # one at a time and in order: a copy put late must never come after the taking away that followed it
    with alone(workspace.folders.var / "publishing.lock"):
        for pending in workspace.ledger.pending():
            publishing.publish(workspace.folders.outbox, pending, workspace.spool)
            workspace.ledger.done(pending)
