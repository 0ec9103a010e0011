"""Papers that were not made here: what was read on one is proposed, and a clerk says what the book is to say."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from pipeline.app import outside, wording
from pipeline.errors import NotAllowedNow
from pipeline.kinds.outside import is_outside
from pipeline.messages import tr
from pipeline.model import Direction, State
from pipeline.web.visit import Visit

_DAYS: Final = frozenset({"on", "arrived_on"})
#: What the book must say of a paper, by the book.
_NEEDED: Final = {
    Direction.INCOMING: frozenset({"title", "author"}),
    Direction.OUTGOING: frozenset({"title", "on", "type"}),
}


@dataclass(frozen=True)
class Field:
    """One thing the book says of a paper, with what was read of it."""

    name: str
    label: str
    value: str
    is_day: bool
    is_needed: bool


@dataclass(frozen=True)
class Proposed:
    """What is proposed to be said of a paper, and from where it was read."""

    fields: tuple[Field, ...]
    source: str


def proposed(visit: Visit) -> Proposed | None:
    """What a clerk is asked about a paper; None for every other document, and for who does not decide."""
    job = visit.document
    if not visit.may("enter-paper") or not is_outside(job) or job.state is not State.HELD:
        return None
    proposal = outside.waiting_paper(visit.workspace, job).proposal
    facts = proposal.facts
    fields = (
        Field(name, label, str(getattr(facts, name) or ""), name in _DAYS, name in _NEEDED[facts.direction])
        for name, label in wording.outside_names(facts.direction).items()
    )
    return Proposed(tuple(fields), wording.proposal_source(proposal.source))


def enter(visit: Visit) -> Response:
    """Enter a paper as the clerk says; it gets its number. Raises NotAllowedNow."""
    visit.must_be_unchanged()
    paper = outside.waiting_paper(visit.workspace, visit.document)
    said: dict[str, str | dt.date] = {}
    for name in wording.outside_names(paper.proposal.facts.direction):
        text = visit.asked(name)[:2000]
        if name not in _DAYS:
            said[name] = text
        elif text:  # a day that is left empty is the one that was read
            try:
                said[name] = dt.date.fromisoformat(text)
            except ValueError as trouble:
                raise NotAllowedNow(tr("“{said}” is no day.", said=text)) from trouble
    outside.confirm(visit.workspace, visit.document, said, visit.reason())
    return visit.done()
