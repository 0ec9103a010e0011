"""Papers that were not made here: what one seems to say is proposed, and it waits until a person has said it.

An outside paper is a job of its own: the file as it came is its signed paper, what a person confirmed is its form and
its description. From there on it is numbered, filed, found and proved like any other.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Final

from pipeline import papers, reading
from pipeline.files.pictures import HEAD_BYTES, picture_format
from pipeline.files.refusals import refusal
from pipeline.kinds.outside import outside_kind
from pipeline.layout import NoFormInForce, Profile, all_profiles, profile_for
from pipeline.ledger import Columns, Detail, NumberWish, Outcome
from pipeline.ledger.rows import Entry
from pipeline.messages import joined, say, shown_in
from pipeline.model import (
    Artifact,
    Description,
    Direction,
    Finding,
    Identity,
    Job,
    Message,
    OutsideFacts,
    Proposal,
    Reading,
    Role,
    State,
    TextTemplate,
)
from pipeline.naming import Answer
from pipeline.register.old_numbers import numbers_in
from pipeline.register.proposing import proposed
from pipeline.register.rows import CONFIRMED
from pipeline.register.series import Numbering, Run, series_in_force
from pipeline.steps.answering import answer, returned, withdrawn
from pipeline.steps.newest_paper import NewestPaper
from pipeline.steps.reading_words import words_of
from pipeline.steps.secrecy import unseen_pictures
from pipeline.steps.signatures import checked
from pipeline.steps.type_codes import type_codes
from pipeline.vietnamese import compare_key
from pipeline.workspace import Workspace

#: What such a paper may come as, besides pictures; by which its file in the archive is called.
FORMATS: Final = frozenset({"pdf", "docx", "doc", "rtf"})
#: A text of fewer lines is none: a stamp that a scanner's program has put there.
_LEAST_LINES: Final = 3
_BY_A_PERSON: Final[Detail] = {CONFIRMED: "confirm"}


def direction_of(workspace: Workspace, job: Job) -> Direction | None:
    """Tell by its folder whether a file is an outside paper, and of which register."""
    folders = workspace.folders
    return {folders.incoming: Direction.INCOMING, folders.outgoing: Direction.OUTGOING}.get(job.folder)


def proposes(workspace: Workspace, job: Job, direction: Direction) -> Outcome | None:
    """Read what an outside paper seems to say and hold it for a person; None for a signed paper of our own."""
    looked = _looked_at(workspace, job)
    if isinstance(looked, Finding):
        return returned(workspace, job, (looked,))
    format_, sheets = looked
    path = workspace.spool.path(sheets.sha256 if sheets else job.submission_sha256)
    kept: list[Artifact] = [sheets] if sheets else []
    if format_ == "pdf" or sheets:
        seen = papers.recognise(workspace.guard, path, workspace.practice.scan_standard)
        if seen.code and workspace.ledger.by_code(seen.code) is not None:
            return None
        if (check := checked(workspace, job, seen)) is not None:
            kept.append(workspace.keep_signatures(check))
        lines, words = _words(workspace, job, sheets, is_signed=check is not None)
        kept += words
    else:
        lines = reading.lines_guarded(workspace.guard, path, job.name)
    source = "ocr" if any(one.role is Role.TEXT_LAYER for one in kept) and lines else "text" if lines else ""
    if lines and not any(one.role is Role.PAPER_TEXT for one in kept):
        kept.append(_as_words(workspace, lines))
    facts = proposed(lines, direction, type_codes(workspace), job.received_at.astimezone().date())
    return _waiting(workspace, job, Proposal(facts, source), kept)


def own_words(workspace: Workspace, paper: Job) -> tuple[Artifact, ...]:
    """Give the words of a further paper, as they are to be recorded; nothing of one without a text of its own."""
    lines = reading.lines_guarded(workspace.guard, workspace.spool.path(paper.submission_sha256), paper.name)
    return (_as_words(workspace, lines),) if len(lines) >= _LEAST_LINES else ()


def _as_words(workspace: Workspace, lines: Sequence[str]) -> Artifact:
    # found by its words like every paper
    return workspace.keep(Role.PAPER_TEXT, "\n".join(("[1]", *lines)).encode())


def _looked_at(workspace: Workspace, job: Job) -> tuple[str, Artifact | None] | Finding:
    """Give the format of a paper that may be taken, and the PDF of a picture; else why not."""
    path = workspace.spool.path(job.submission_sha256)
    with path.open("rb") as file:
        is_picture = bool(picture_format(file.read(HEAD_BYTES)))
    if is_picture:
        made = papers.wrapped(workspace.guard, path)
        return made if isinstance(made, Finding) else ("", workspace.keep(Role.SHEETS, made))
    door = reading.probe_guarded(workspace.guard, path, job.name)
    if door.format in FORMATS - {"pdf", "docx"}:
        return door.format, None
    if door.is_blocked:
        return next(one for one in door.findings)
    if door.format not in FORMATS:
        return refusal(
            "outside.format",
            say("A paper that is to be entered is a PDF, a Word file, a scan or a photo."),
            say("Save or scan it as PDF and drop that file."),
        )
    return door.format, None


def _words(
    workspace: Workspace, job: Job, sheets: Artifact | None, *, is_signed: bool
) -> tuple[Sequence[str], tuple[Artifact, ...]]:
    """Give the lines of a PDF, its own or as a program reads them, and what is to be recorded of that reading."""
    path = workspace.spool.path(job.submission_sha256)
    lines = () if sheets else reading.lines_guarded(workspace.guard, path, job.name)
    if len(lines) >= _LEAST_LINES or not workspace.practice.makes_text:
        return lines, ()
    paper = NewestPaper((job.submission_sha256,), sheets.sha256 if sheets else "", job, is_signed)
    made = words_of(workspace, paper)
    text = next((one for one in made if one.role is Role.PAPER_TEXT), None)
    return workspace.spool.get(text.sha256).decode().splitlines() if text else (), made


def _waiting(workspace: Workspace, job: Job, made: Proposal, kept: Sequence[Artifact]) -> Outcome:
    kind = outside_kind(made.facts.direction)
    told = joined((say("Read on the paper, for you to check: {facts}.", facts=told_of(made.facts)), how_to(job)), " ")
    unseen = unseen_pictures(workspace, job)
    note, publication = answer(workspace, job, Answer.NOTICE, unit="", kind=kind.id, findings=unseen, next_step=told)
    why = say("a person says what the register is to say of it")
    return Outcome(
        State.HELD,
        shown_in(why, workspace.practice.language),
        # each a matter of its own: no other paper is a later version of it
        identity=Identity(kind.id, "", workspace.practice.year, str(job.id)),
        artifacts=(workspace.keep_proposal(made), *kept, note),
        publications=(publication,),
    )


def told_of(facts: OutsideFacts) -> Message:
    """Say what the register would say, each with its name; what nobody knows is named as missing."""
    day = f"{facts.on:%d/%m/%Y}" if facts.on else "–"
    return say(
        "number “{number}”, date {day}, author “{author}”, title “{title}”",
        number=facts.number or "–",
        day=day,
        author=facts.author or "–",
        title=facts.title or "–",
    )


def how_to(job: Job) -> Message:
    """Say how a person confirms it."""
    return say(
        "To enter it: the clerk confirms it in the browser, or the operator: vanthu register confirm {id}, with "
        "--number, --date, --author, --title where something is to be said otherwise. It stands in no book before "
        "that.",
        id=job.id,
    )


def confirmed(
    workspace: Workspace, job: Job, facts: OutsideFacts, why: str, *, bears: Entry | None = None
) -> Outcome:
    """Take what a person says of a paper: it gets its number with that, and is filed next.

    `bears` is the entry of the number of an old book whose paper it is: then it gets that one.
    """
    sheets = workspace.ledger.artifact(job.id, Role.SHEETS)
    said = {name: str(value) for name, value in asdict(facts).items() if value}
    made = Reading("person", outside_kind(facts.direction).id, values=dict(said))
    return Outcome(
        State.SIGNED,
        why,
        document_on=facts.on or facts.arrived_on,
        artifacts=(
            workspace.keep_file(Role.SIGNED, job.submission_sha256),
            *((workspace.keep_file(Role.COPY, sheets.sha256),) if sheets else ()),
            workspace.keep_proposal(Proposal(facts, "person")),
            workspace.keep_reading(made),
            workspace.keep_description(_description(workspace, facts)),
        ),
        publications=withdrawn(workspace, job),
        # in the transaction that records the person's word: with it, or not at all
        number=None if bears else wish_of(workspace, facts),
        bears=bears,
        detail={"paper": job.id, "confirmed": sorted(said)},
    )


def _description(workspace: Workspace, facts: OutsideFacts) -> Description:
    on = facts.on or facts.arrived_on or workspace.today()
    return Description(
        on=on,
        title=facts.title,
        profile=_profile(workspace, on).id,
        signer=facts.signer,
        recipients=tuple(part.strip() for part in facts.recipients.split(";") if part.strip()),
        kept_by=(),
        author=facts.author,
        direction=facts.direction,
    )


def wish_of(workspace: Workspace, facts: OutsideFacts) -> NumberWish:
    """Say which number a paper is to have, and what the register says of it."""
    columns = Columns(
        title=facts.title,
        document_on=facts.on,
        signer=facts.signer,
        recipients=facts.recipients,
    )
    if facts.direction is Direction.INCOMING:
        on = facts.arrived_on or workspace.today()
        columns = replace(columns, author=facts.author, sender_number=facts.number, arrived_on=on)
        series = _series(workspace, outside_kind(facts.direction).series, facts.direction, on)
        shape = TextTemplate(("", f"-{series.rpartition('/')[0]}"), ("number",))
        return NumberWish(series, facts.direction, shape, 1, columns, beside=_BY_A_PERSON)
    series = _series(workspace, facts.type, facts.direction, facts.on or workspace.today())
    read = numbers_in(facts.number)
    if not read.numbers:
        shape = TextTemplate(("", f"-{facts.type}/{_symbol(workspace)}"), ("number",))
        return NumberWish(series, facts.direction, shape, 2, columns, beside=_BY_A_PERSON)
    # it bears its number: that one is given, or none
    number = read.numbers[0]
    tail = number.text.lstrip("0123456789")
    shape = TextTemplate(("", tail or f"-{facts.type}"), ("number",))
    # with as many figures as it bears
    return NumberWish(series, facts.direction, shape, len(number.text) - len(tail), columns, number.no, _BY_A_PERSON)


def _profile(workspace: Workspace, on: dt.date) -> Profile:
    """Give the form in force on a day, the oldest of all for a day before it; a person confirms the number by it."""
    try:
        return profile_for(on, "party", workspace.practice.forced_profile)
    except NoFormInForce:
        return next(iter(all_profiles().values()))


def _symbol(workspace: Workspace) -> str:
    return workspace.practice.symbol or workspace.year(workspace.practice.year).cluster.symbol


def _series(workspace: Workspace, code: str, direction: Direction, on: dt.date) -> str:
    practice = workspace.practice
    # of the year whose file knows the day, for the term; else of the year in course
    year = workspace.years.get(on.year) or workspace.year(practice.year)
    profile = _profile(workspace, on)
    numbering = Numbering(
        direction,
        code,
        TextTemplate(("",), ()),
        2,
        profile.number_cycle if practice.number_reset == "auto" else practice.number_reset,
        has_one_run=direction is Direction.INCOMING or practice.has_one_outgoing_run,
    )
    newest = (Run(key, of) for key, of in workspace.ledger.newest_runs(on.year))
    return series_in_force(numbering, on, year, newest)


def type_in(workspace: Workspace, number: str) -> str:
    """Give the code of the type that a number's symbol names ("KH" of 05-KH/CTĐ4), "" for none."""
    codes = type_codes(workspace)
    parts = numbers_in(number).symbol.replace("/", "-").split("-")
    return next((codes[key] for part in parts if (key := compare_key(part)) in codes), "")
