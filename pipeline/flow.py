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

from pipeline import outbox, steps
from pipeline.files import alone
from pipeline.house import House
from pipeline.ledger import Outcome
from pipeline.model import Job, State

Work = Callable[[House, Job], Outcome | None]


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


def advance(house: House, job_id: int) -> Job:
    """Take a job along the road until it rests, and let leave the house what is recorded to leave."""
    job = house.ledger.job(job_id)
    while work := WORK.get(job.state):
        outcome = work(house, job)
        if outcome is None:
            break
        job = house.ledger.advance(job, outcome)
    publish(house)
    return job


def publish(house: House) -> None:
    """Do what is recorded as to be done in the outbox; after a crash this is where it is made good."""
    # one at a time and in order: a copy put late must never come after the taking away that followed it
    with alone(house.folders.var / "publishing.lock"):
        for pending in house.ledger.pending():
            outbox.publish(house.folders.outbox, pending, house.spool)
            house.ledger.done(pending)
