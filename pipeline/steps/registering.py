"""Registering: a signed document gets its number, and the words of its paper are read before it is filed."""

from pipeline.ledger import NumberWish, Outcome
from pipeline.model import Job, State
from pipeline.steps.making import description
from pipeline.steps.number_wishes import wish_for
from pipeline.steps.reading_words import words_read
from pipeline.steps.witnessing import refuse_older
from pipeline.workspace import Workspace


def numbers(workspace: Workspace, job: Job) -> Outcome:
    """Give a signed document its number; one that a clerk asked for before stays, some kinds have none."""
    refuse_older(workspace)
    # its words are read here and recorded: filing, which may be done twice, takes them as they are
    return Outcome(State.REGISTERED, number=number_wish(workspace, job), artifacts=words_read(workspace, job))


def number_wish(workspace: Workspace, job: Job) -> NumberWish | None:
    """Say which series a document is numbered in and what the register says of it; None when it has no number."""
    return wish_for(workspace, job, description(workspace, job))
