"""What people are told about jobs, findings and numbers: the same words on every face, in the language in use."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline import messages
from pipeline.messages import say, tr
from pipeline.model import Direction, Job, Number, PersonRole, Place, Role, Severity, State, TimeSource, Verdict

if TYPE_CHECKING:
    from pipeline.app.dossiers import Standing
    from pipeline.app.operations import Again
    from pipeline.app.replaying import Replayed
    from pipeline.app.searching import Hit
    from pipeline.app.statistics import Lasted, Line
    from pipeline.ledger.rows import Entry
    from pipeline.model import OutsideFacts
    from pipeline.register.old_book import BookLine
    from pipeline.register.rows import Row
    from pipeline.steps.incidents import Incident
    from pipeline.steps.warnings import Acceptance


def state_of(job: Job) -> str:
    """Name a job's state."""
    return step_of(job.state)


def step_of(state_or_act: str) -> str:
    """Say what an event of the history was: the state it led to, or the act as it is recorded."""
    from pipeline.answers import states

    if state_or_act in set(State):
        return messages.shown(states()[State(state_or_act)])
    return tr("warning accepted") if state_or_act == "warning.accept" else state_or_act


def weight_of(severity: Severity) -> str:
    """Say how much a finding weighs."""
    return {
        Severity.BLOCK: tr("blocks"),
        Severity.WARN: tr("warning"),
        Severity.INFO: tr("for information"),
    }[severity]


def role_of(role: PersonRole) -> str:
    """Say what a person is in the office."""
    return {
        PersonRole.CLERK: tr("clerk of the cluster"),
        PersonRole.LEADER: tr("leader"),
        PersonRole.UNIT: tr("unit of the cluster"),
        PersonRole.READER: tr("reader"),
        PersonRole.LOCKED: tr("locked"),
    }[role]


def file_role(role: Role) -> str:
    """Say what a file that people may take is to its document; of the program's own files the name of the role."""
    return {
        Role.SUBMISSION: tr("as it was dropped"),
        Role.NOTE: tr("the answer"),
        Role.MARKED: tr("with the faults marked"),
        Role.MENDED: tr("with the official form put right"),
        Role.DRAFT: tr("the document in Word"),
        Role.RENDITION: tr("the document to be printed"),
        Role.SIGNED: tr("the signed paper as it came"),
        Role.COPY: tr("its pages in order"),
        Role.SEARCHABLE: tr("its pages, to be searched"),
        Role.FILED: tr("the filed paper"),
        Role.FILED_COPY: tr("the filed pages in order"),
        Role.ISSUED_COPY: tr("the copy that goes out"),
        Role.SIDECAR: tr("what the archive says of it"),
        Role.FILED_NOTE: tr("what was decided later"),
    }.get(role, role.value)


def again_of(again: "Again") -> str:
    """Say how a job would be processed again."""
    return {
        "from-start": tr("read and checked again"),
        "from-signature": tr("numbered and filed again"),
        "as-revision": tr("made again as a new version"),
        "not": tr("nothing"),
    }[again.value]


def verdict(of: Verdict) -> str:
    """Say in a few words what is known of a digital signature."""
    return {
        Verdict.VALID: tr("sound"),
        Verdict.ARCHIVE_DATA_ADDED: tr("sound, proofs for keeping added"),
        Verdict.ALLOWED_CHANGE: tr("a box filled in after signing, as is allowed"),
        Verdict.SUSPICIOUS: tr("for a person: written into in an unknown way"),
        Verdict.CHANGED_AFTER: tr("pages changed after signing"),
        Verdict.SHADOW: tr("something covered or uncovered after signing"),
        Verdict.BYTES_APPENDED: tr("something appended to the file"),
        Verdict.ALTERED: tr("signed content changed"),
        Verdict.SAVED_ANEW: tr("file saved anew"),
        Verdict.NO_SIGNATURE: tr("no signature"),
        Verdict.NOT_PERMITTED: tr("a forbidden change after signing"),
        Verdict.UNKNOWN_ROOT: tr("authority not trusted"),
        Verdict.NOT_FOR_SIGNING: tr("certificate not for signing"),
        Verdict.EXPIRED: tr("certificate expired"),
        Verdict.EXPIRED_SINCE: tr("certificate expired since, time not proved"),
        Verdict.NOT_YET_VALID: tr("certificate not yet valid"),
        Verdict.TIME_DOUBTFUL: tr("time of signing doubtful"),
        Verdict.REVOKED: tr("certificate revoked"),
        Verdict.LIST_NOT_AVAILABLE: tr("revocation not known"),
        Verdict.NOT_CHECKED: tr("not checked"),
    }[of]


def time_source(of: TimeSource) -> str:
    """Say where the time of a digital signature is from."""
    return {
        TimeSource.TOKEN: tr("time-stamp"),
        TimeSource.CLAIMED: tr("the signer's clock"),
        TimeSource.RECEIPT: tr("the receipt of the file"),
    }[of]


def accepted(acceptance: "Acceptance") -> str:
    """Write who accepted a warning, when and why."""
    return tr("Accepted by {who}, {when}: {why}", who=acceptance.who, when=moment(acceptance.at), why=acceptance.why)


def reason(recorded: str) -> str:
    """Give a recorded reason with other jobs named as the tables name them."""
    # a record stays as it was written; only its showing changes
    return re.sub(r"\bjob (\d+)\b", r"#\1", recorded)


def moment(at: dt.datetime) -> str:
    """Write a moment for people, in local time."""
    return f"{at.astimezone():%d/%m/%Y %H:%M}"


def incident(of: "Incident") -> str:
    """Say why a file of the inbox is not taken, in words that hold nothing of the file."""
    from pipeline.steps import incidents, secrecy

    if of.sort == incidents.MARKED:
        return tr("it seems to bear a mark of secrecy; people decide what happens to it")
    if of.sort == incidents.UNSEEN:
        return messages.shown(secrecy.trouble_of(of.why))
    if of.sort == incidents.LYING:
        return tr("it has been taken, and its folder lets nobody remove it: remove it by hand")
    if of.why == "busy":
        return tr("the share or the disk gives an error when it is read")
    if of.why == "unended":
        return tr("it does not say where it ends: a YAML file is to end with a line of three dots (...)")
    return tr("it is not finished: somebody still has it open, or a part of it is missing")


def day(on: dt.date | None) -> str:
    """Write a day for people; "" for none."""
    return f"{on:%d/%m/%Y}" if on else ""


def replayed(one: "Replayed") -> str:
    """Say what would be different of a document."""
    said = []
    if one.trouble:
        said.append(tr("it could not be made"))
    if one.is_read_anew:
        said.append(tr("the form has other fields; it would be read again"))
    if one.new or one.gone:
        said.append(tr("findings: {new} new, {gone} gone", new=len(one.new), gone=len(one.gone)))
    if one.lines:
        said.append(tr("lines of text: {count}", count=len(one.lines)))
    if one.has_new_look:
        said.append(tr("the same words in another shape"))
    return "; ".join(said)


def figures_of(line: "Line") -> tuple[str, ...]:
    """Write the figures of a line of statistics: files, forms, share, and three times as `lasted` writes them."""
    times = (line.to_answer, line.to_signature, line.to_archive)
    return (str(line.files), str(line.forms), share_of(line), *map(lasted, times))


def share_of(line: "Line") -> str:
    """Write how many of a hundred forms were right the first time."""
    return f"{line.right}/{line.forms} ({line.right_percent:.0f} %)" if line.right_percent is not None else "–"


def lasted(of: "Lasted") -> str:
    """Write how many days something took: the middle one, and what nine of ten did not exceed."""
    if not of.count:
        return "–"
    said = say("{days} ({most})", days=Number(of.median, places=1), most=Number(of.most, places=1))
    return messages.shown(said)


def hit(of: "Hit") -> str:
    """Say where words were found, with the line around them."""
    names = {
        "number": tr("number"),
        "title": tr("title"),
        "people": tr("people"),
        "document": tr("the document"),
        "form": tr("the form"),
        "scan": tr("the scan, page {page}", page=of.page),
    }
    return f"{names[of.place]}: {of.line}"


def kept_for(years: int) -> str:
    """Say how long something is kept; 0 for good."""
    return tr("{years} years", years=years) if years else tr("for good")


def destruction(of: "Standing", on: dt.date) -> str:
    """Say what is proposed for a dossier on a day."""
    if of.may_be_destroyed_from is None:
        return tr("kept for good")
    if not of.is_closed:
        return tr("not closed yet")
    since = day(of.may_be_destroyed_from)
    if of.may_be_destroyed_from <= on:
        return tr("may be proposed for destruction, since {day}", day=since)
    return tr("kept; may be proposed for destruction from {day}", day=since)


def judge_of_pdfa(by: str) -> str:
    """Say by what the PDF/A renditions of a dossier were checked."""
    from pipeline.archive.hand_over import pdfa

    if by == pdfa.OWN:
        return tr("PDF/A-2b: a part of its rules was checked; install veraPDF for all of them.")
    return tr("PDF/A-2b is checked by {judge}.", judge=by)


def outside_names(direction: Direction) -> dict[str, str]:
    """Name what is said of a paper that was not made here, in the order in which it is asked."""
    names = {
        "number": tr("number and symbol"),
        "on": tr("date"),
        "author": tr("sender"),
        "title": tr("title"),
        "signer": tr("signer"),
    }
    if direction is Direction.INCOMING:
        return names | {"arrived_on": tr("arrived")}
    del names["author"]
    return names | {"type": tr("type"), "recipients": tr("recipients")}


def proposal_lines(facts: "OutsideFacts") -> Iterator[tuple[str, str]]:
    """Give what was read on a paper, each with its name; "–" where nothing was."""
    for name, label in outside_names(facts.direction).items():
        yield label, _column(getattr(facts, name)) or "–"


def proposal_source(source: str) -> str:
    """Say where a proposal is from."""
    return {"text": tr("from its text"), "ocr": tr("read off the scan")}.get(source, tr("nothing could be read"))


def place_of(place: Place) -> str:
    """Name a row of an old book."""
    from pipeline.register.old_book import where

    return where(place)


def numbers_of(line: "BookLine") -> str:
    """Name the numbers of a row of an old book; of several the first and the last."""
    texts = [one.text for one in line.numbers] or [line.said]
    return texts[0] if len(texts) == 1 else f"{texts[0]} … {texts[-1]}"


def fate(line: "BookLine") -> str:
    """Say what becomes of a row of an old book."""
    told = [messages.shown(one.message) for one in line.findings]
    if line.is_refused:
        return tr("refused: {why}", why=" ".join(told))
    taken = [tr("taken, as void: {why}", why=line.void_why) if line.void_why else tr("taken")]
    if len(line.numbers) > 1:
        taken.append(tr("{count} numbers", count=len(line.numbers)))
    return "; ".join((*taken, *told))


def number_status(row: "Row") -> str:
    """Say what became of a number."""
    match row.status:
        case "void":
            return tr("void: {why}", why=row.void.why if row.void else "")
        case "filed":
            return tr("filed")
        case "imported":
            return tr("from an old book")
        case _:
            return tr("booked, the paper is not back yet")


def column_names() -> dict[str, str]:
    """Name the columns of the register, in their order."""
    return {
        "arrived_on": tr("arrived"),
        "author": tr("sender"),
        "sender_number": tr("sender's number"),
        "document_on": tr("date"),
        "title": tr("title"),
        "signer": tr("signer"),
        "recipients": tr("recipients"),
        "kept_by": tr("kept by"),
        "copies": tr("copies"),
        "handled_by": tr("given to"),
        "due": tr("deadline"),
        "sent_on": tr("handed over"),
        "receipt": tr("signed for by"),
        "remark": tr("remark"),
    }


def _column(value: object) -> str:
    """Write one column; "" for what is not known."""
    return day(value) if isinstance(value, dt.date) else str(value or "")


def act(of: "Entry") -> str:
    """Say what was done with a number."""
    from pipeline.ledger.imports import IMPORT, PAPER
    from pipeline.register.remarks import AMEND, REPLACE
    from pipeline.register.rows import NOTE

    name = of.verb
    return {
        "number": tr("booked"),
        IMPORT: tr("brought in from an old book"),
        PAPER: tr("paper attached"),
        "file": tr("filed"),
        "void": tr("made void"),
        "begin": tr("run begun"),
        NOTE: tr("entered"),
        REPLACE: tr("decided later"),
        AMEND: tr("decided later"),
    }.get(name, name)


def entered(of: "Entry") -> str:
    """Say what an act recorded of a number: the columns that were entered, the file that was filed."""
    said = json.loads(of.recorded)
    typed, names = of.columns, column_names()
    if of.verb in {"number", "note", "import"}:
        told = [(label, _column(getattr(typed, name))) for name, label in names.items() if said.get(name)]
        source = (
            [(tr("workbook"), f"{said['workbook']}, {said['at']}, sha256 {said['sha256']}")] if "at" in said else []
        )
        return "; ".join(f"{label}: {value}" for label, value in (*told, *source))
    return "; ".join(str(said[name]) for name in ("path", "first") if name in said)


def number_lines(row: "Row") -> Iterator[tuple[str, str]]:
    """Give the filled columns of one number, each with who entered it if a person did; then what was done with it."""
    for name, label in column_names().items():
        told = _column(getattr(row.columns, name))
        who = row.entered_by.get(name)
        if told:
            yield label, tr("{value} (entered by {who})", value=told, who=who) if who else told
    yield from ((tr("remark"), messages.shown(one)) for one in row.remarks)
    if row.is_imported:
        yield tr("from an old book"), row.imported_from
    first = tr("brought in from an old book") if row.is_imported else tr("booked")
    acts = ((first, row.booked), (tr("filed"), row.filed), (tr("made void"), row.void))
    decided = ((tr("decided later"), entry) for entry in row.later)
    for label, entry in (*acts, *decided):
        if entry is not None:
            yield label, " · ".join(part for part in (moment(entry.at), entry.who, entry.why) if part)
