"""Which number a document is to have: its series, and what the register says of it when it is given."""

import datetime as dt
from dataclasses import replace
from typing import Final

from pipeline.errors import OperatorError
from pipeline.kinds import Kind
from pipeline.kinds.outside import is_outside
from pipeline.layout import Profile, all_profiles, profile_for
from pipeline.ledger import Columns, NumberWish
from pipeline.messages import VIETNAMESE, in_vietnamese, say, shown_in
from pipeline.model import Description, Direction, Job, Message, TextTemplate
from pipeline.register.order import later_dated
from pipeline.register.recipients import copies_of, names, resolved
from pipeline.register.series import Numbering, Run, series_in_force, series_key
from pipeline.steps.matching import paper_of
from pipeline.steps.outside import wish_of
from pipeline.workspace import Workspace
from pipeline.years import Year

#: The field in which a unit's form says what number its sender has given the paper.
_SENDER_NUMBER: Final = "submit_doc_no"


def wish_for(workspace: Workspace, job: Job, document: Description) -> NumberWish | None:
    """Say which series a document is numbered in and what the register says of it; None when it has no number."""
    if is_outside(job) and (said := workspace.proposal(job)) is not None:
        return wish_of(workspace, said.facts)
    # `register: none` in kind.yaml: the paper is filed by year under its job's id
    if document.direction is None:
        return None
    year = workspace.year(job.year)
    numbering = _numbering(workspace, workspace.kind(job), year, all_profiles()[document.profile])
    columns = _columns(workspace, job, document)
    # an incoming paper is counted by the day it came, whatever day its sender wrote (NĐ30 Phụ lục IV)
    on = columns.arrived_on or document.on
    newest = (Run(key, direction) for key, direction in workspace.ledger.newest_runs(on.year))
    series = series_in_force(numbering, on, year, newest)
    shape = numbering.shape
    if numbering.direction is Direction.INCOMING:
        # the register's own, which stands on no paper of ours: "7-ĐẾN", in a run of one kind "7-ĐK"
        shape = TextTemplate(("", f"-{series.rpartition('/')[0]}"), ("number",))
    remark = late(workspace, series, columns)
    if remark is not None:
        columns = replace(columns, remark="\n".join(filter(None, (columns.remark, shown_in(remark, VIETNAMESE)))))
    return NumberWish(series, numbering.direction, shape, numbering.digits, columns)


def next_of(workspace: Workspace, wish: NumberWish) -> int:
    """Tell which number a series gives next, as long as nobody else asks."""
    return next((head.last_no for head in workspace.ledger.series() if head.key == wish.series), 0) + 1


def late(workspace: Workspace, series: str, columns: Columns) -> Message | None:
    """Say that a document is dated before one whose number was given before; None where the dates run on."""
    earlier = later_dated(workspace.ledger.given(series), columns.document_on)
    if earlier is None or columns.document_on is None:
        return None
    return say(
        "Given after {earlier} of {day}, though dated {date}.",
        earlier=earlier.number,
        day=f"{earlier.on:%d/%m/%Y}",
        date=f"{columns.document_on:%d/%m/%Y}",
    )


def _numbering(workspace: Workspace, kind: Kind, year: Year, profile: Profile) -> Numbering:
    """Say how documents of a kind are numbered in an official form, as form and office have it."""
    practice, is_outgoing = workspace.practice, kind.register == Direction.OUTGOING
    mark, issuer = kind.marks_of(profile.shapes.letter_office, practice.symbol or year.cluster.symbol)
    return Numbering(
        direction=Direction.OUTGOING if is_outgoing else Direction.INCOMING,
        type=kind.series,
        shape=profile.shapes.reference.partly_filled({"type": mark, "issuer": issuer}),
        # below ten with one zero, in both forms; the number itself stays open until it is given
        digits=2 if is_outgoing else 1,
        cycle=profile.number_cycle if practice.number_reset == "auto" else practice.number_reset,
        issuer=kind.issuer,
        has_one_run=practice.has_one_outgoing_run if is_outgoing else True,
    )


def rules_waiting(workspace: Workspace) -> tuple[Message, ...]:
    """Name the runs that form and settings ask for, while others go on until the end of the year."""
    today, year = workspace.today(), workspace.year(workspace.practice.year)
    newest = [Run(key, direction) for key, direction in workspace.ledger.newest_runs(today.year)]
    found: dict[str, Message] = {}
    for kind in workspace.loaded().kinds.values() if newest else ():
        try:
            profile = profile_for(today, kind.form_family, workspace.practice.forced_profile)
            numbering = _numbering(workspace, kind, year, profile)
            wanted = series_key(numbering, today, year)
        except OperatorError:
            # nothing of this kind can be made today, which whoever makes it is told
            continue
        runs = series_in_force(numbering, today, year, newest)
        if kind.register != "none" and runs != wanted:
            found[wanted] = say(
                "Numbers of this year go on in {series}; by form and settings it would be {wanted}. To change it "
                "now: vanthu register begin {wanted} --at … --why …",
                series=runs,
                wanted=wanted,
            )
    return tuple(found.values())


def _columns(workspace: Workspace, job: Job, document: Description) -> Columns:
    """Say of a document what the register says of it before it has its number."""
    doc, year = workspace.doc(job, workspace.kind(job)), workspace.year(job.year)
    columns = Columns(
        title=document.title,
        document_on=document.on,
        signer=document.signer,
        recipients=names(resolved(document, doc, year)),
        kept_by="; ".join(document.kept_by),
        copies=copies_of(document, doc, year),
        remark=_remark(workspace, job),
    )
    # outgoing papers are all the cluster's own: the official columns have no author there
    if document.direction is Direction.OUTGOING:
        return columns
    said = doc.get(_SENDER_NUMBER)
    return replace(
        columns,
        author=document.author,
        arrived_on=_arrived_on(workspace, job),
        sender_number=said if isinstance(said, str) else "",
        # the sender's copies are the sender's; here came the one that is numbered
        copies=0,
    )


def _arrived_on(workspace: Workspace, job: Job) -> dt.date:
    """Give the day a signed paper was dropped; of one that is not here yet, today."""
    paper = paper_of(workspace, job)
    came = workspace.ledger.job(paper.job).received_at if paper else workspace.clock()
    return came.astimezone().date()


def _remark(workspace: Workspace, job: Job) -> str:
    """Say in the register that a person took the paper, with the reason."""
    paper = paper_of(workspace, job)
    if paper is None or not paper.why:
        return ""
    return in_vietnamese("Paper confirmed by {who}: {why}", who=paper.who, why=paper.why)
