"""Registering: a signed document gets its number, and the words of its paper are read before it is filed."""

from pipeline.layout import all_profiles
from pipeline.ledger import NumberWish, Outcome
from pipeline.messages import in_vietnamese
from pipeline.model import Direction, Job, State, TextTemplate
from pipeline.register import series
from pipeline.register.series import Numbering
from pipeline.steps.making import description
from pipeline.steps.matching import paper_of
from pipeline.steps.reading_words import words_read
from pipeline.workspace import Workspace


def numbers(workspace: Workspace, job: Job) -> Outcome:
    """Give a signed document its number; one that a clerk asked for before stays, some kinds have none."""
    # its words are read here and recorded: filing, which may be done twice, takes them as they are
    return Outcome(State.REGISTERED, number=number_wish(workspace, job), artifacts=words_read(workspace, job))


def number_wish(workspace: Workspace, job: Job) -> NumberWish | None:
    """Say which series a document is numbered in and what the register says of it; None when it has no number."""
    document = description(workspace, job)
    # `register: none` in kind.yaml: the paper is filed by year under its job's id
    if document.direction is None:
        return None
    kind, year = workspace.kind(job), workspace.year(job.year)
    profile = all_profiles()[document.profile]
    mark, issuer = kind.marks_of(profile.family, workspace.practice.symbol or year.cluster.symbol)
    if document.direction is Direction.OUTGOING:
        # below ten with one zero, in both forms; the number itself stays open until it is given
        shape, digits = profile.shapes.reference.partly_filled({"type": mark, "issuer": issuer}), 2
    else:
        # incoming numbers are the register's own and stand on no paper of ours
        shape, digits = TextTemplate(("", f"-{kind.series}"), ("number",)), 1
    numbering = Numbering(document.direction, kind.series, shape, digits, workspace.practice.number_reset)
    return series.wish(numbering, document, year, _remark(workspace, job))


def _remark(workspace: Workspace, job: Job) -> str:
    """Say in the register that a person took the paper, with the reason."""
    paper = paper_of(workspace, job)
    if paper is None or not paper.why:
        return ""
    return in_vietnamese("Paper confirmed by {who}: {why}", who=paper.who, why=paper.why)
