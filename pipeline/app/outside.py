"""What a person does with papers that were not made here: sees what is proposed, says what the book is to say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from pipeline.answers import states
from pipeline.errors import NotAllowedNow, UnknownThing
from pipeline.kinds.outside import OUTSIDE, is_outside
from pipeline.messages import tr
from pipeline.model import Direction, Job, OutsideFacts, Proposal, State
from pipeline.register.old_numbers import numbers_in
from pipeline.register.rows import Row, rows
from pipeline.steps.number_wishes import next_of
from pipeline.steps.outside import confirmed, type_in
from pipeline.steps.type_codes import type_codes
from pipeline.steps.witnessing import refuse_older
from pipeline.vietnamese import clean, compare_key
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class WaitingPaper:
    """An outside paper that waits for a person, and what was read on it."""

    job: Job
    proposal: Proposal


def waiting(workspace: Workspace) -> list[WaitingPaper]:
    """List the outside papers that nobody has confirmed, oldest first."""
    held = (job for job in workspace.ledger.in_states([State.HELD]) if is_outside(job))
    return [_waiting(workspace, job) for job in held]


def waiting_paper(workspace: Workspace, job: Job) -> WaitingPaper:
    """Give an outside paper that waits. Raises NotAllowedNow for any other job."""
    if not is_outside(job) or job.state is not State.HELD:
        raise NotAllowedNow(
            tr(
                "Job {id} is {state}; only a paper that was not made here and waits for it can be confirmed.",
                id=job.id,
                state=states()[job.state],
            )
        )
    return _waiting(workspace, job)


def _waiting(workspace: Workspace, job: Job) -> WaitingPaper:
    direction = Direction(OUTSIDE[job.kind].register)
    return WaitingPaper(job, workspace.proposal(job) or Proposal(OutsideFacts(direction)))


def confirm(workspace: Workspace, job: Job, given: Mapping[str, str | date], why: str) -> Job:
    """Enter a paper as proposed, but for what is given; it gets its number, and the worker files it.

    `given` are fields of `OutsideFacts`. Raises NotAllowedNow while something lacks that the book must say, for a
    number that is not the next one, and for a paper that is entered already.
    """
    paper = waiting_paper(workspace, job)
    refuse_older(workspace)
    tidy = {name: clean(value) if isinstance(value, str) else value for name, value in given.items()}
    facts = _typed(workspace, replace(paper.proposal.facts, **tidy))  # type: ignore[arg-type]  # fields by name
    _refuse_entered(workspace, job, facts)
    _refuse_incomplete(workspace, facts)
    outcome = confirmed(workspace, job, facts, why)
    wish = outcome.number
    if wish is not None and wish.expected is not None and (following := next_of(workspace, wish)) != wish.expected:
        raise NotAllowedNow(
            tr(
                "The paper bears {number}, but {series} gives {next} next. If those between stand elsewhere: vanthu "
                "register begin {series} --at {number_only} --why …",
                number=facts.number,
                series=wish.series,
                next=following,
                number_only=wish.expected,
            )
        )
    return workspace.ledger.advance(job, outcome)


def _typed(workspace: Workspace, facts: OutsideFacts) -> OutsideFacts:
    """Give the facts with the code of the type, that of an outgoing paper's own number before what was read."""
    if facts.direction is Direction.INCOMING:
        return facts
    known = type_codes(workspace)
    said = known.get(compare_key(facts.type), "")
    if facts.type and not said:
        raise UnknownThing(tr("“{type}” is no type of documents; write its code or name.", type=facts.type))
    return replace(facts, type=type_in(workspace, facts.number) or said)


def _refuse_incomplete(workspace: Workspace, facts: OutsideFacts) -> None:
    missing = []
    if not facts.title:
        missing.append("--title")
    if facts.direction is Direction.INCOMING and not facts.author:
        missing.append("--author")
    if facts.direction is Direction.OUTGOING and facts.on is None:
        missing.append("--date")
    if facts.direction is Direction.OUTGOING and not facts.type:
        missing.append("--type")
    if missing:
        raise NotAllowedNow(
            tr("The book must say this of the paper, and nobody has said it: {options}.", options=", ".join(missing))
        )
    read = numbers_in(facts.number) if facts.direction is Direction.OUTGOING and facts.number else None
    if read is not None and (len(read.numbers) != 1 or read.numbers[0].suffix):
        raise NotAllowedNow(tr("“{number}” is no number that a run of numbers can give.", number=facts.number))
    if (today := workspace.today()) < max(facts.on or today, facts.arrived_on or today):
        raise NotAllowedNow(
            tr(
                "A day is given that has not come yet; the clock of this machine says {today}.",
                today=f"{today:%d/%m/%Y}",
            )
        )


def _refuse_entered(workspace: Workspace, job: Job, facts: OutsideFacts) -> None:
    """Refuse a paper that stands in the book: the same bytes, or of the same author, number and day."""
    same_bytes = {one.job_id for one in workspace.ledger.seen(sha256=job.submission_sha256)}
    for row in rows(workspace.ledger):
        if row.void is None and (row.job_id in same_bytes or _is_same(facts, row)):
            raise NotAllowedNow(
                tr(
                    "This paper is entered already as {number} ({series}). Cancel this one: vanthu cancel {id} "
                    "--why …",
                    number=row.number,
                    series=row.series,
                    id=job.id,
                )
            )


def _is_same(facts: OutsideFacts, row: Row) -> bool:
    """Tell whether a number of the incoming book is of the same author, number and day."""
    if facts.direction is not Direction.INCOMING or row.direction is not facts.direction or not facts.number:
        return False
    said = row.columns
    mine = (compare_key(facts.number), compare_key(facts.author), facts.on)
    return mine == (compare_key(said.sender_number), compare_key(said.author), said.document_on)
