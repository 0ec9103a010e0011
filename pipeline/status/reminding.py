"""Reminders: the letter (đôn đốc) to the units whose papers are missing, written as a form and processed like one.

Which letter reminds of which kind is said by the letter's own kind (`reminds` in kind.yaml). The form is composed
here, as the cluster's clerk would fill it in; from then on it is a dropped file like any other: judged, filled,
delivered for signature. Nothing here knows what the letter looks like.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from pipeline.errors import NotAllowedNow, UnknownThing
from pipeline.kinds import Kind
from pipeline.kinds.kind import Reminding
from pipeline.ledger import Drop
from pipeline.messages import say, shown_in, tr
from pipeline.model import AFTER_ACCEPTANCE, AFTER_SIGNATURE, Job, JsonObject, State, value_at
from pipeline.naming import key, slug
from pipeline.status import UnitStatus, YearStatus, year_status
from pipeline.status.citations import LETTERS, cited, numbered
from pipeline.status.year import due_of
from pipeline.vietnamese import date_short
from pipeline.vietnamese.dates import date_in
from pipeline.workspace import Workspace
from pipeline.years import Unit, Year


@dataclass(frozen=True)
class Reminder:
    """Who is to be reminded of what. `form` is the letter's form; `earlier` a letter that already asks for it."""

    kind: str
    units: tuple[str, ...]
    due: dt.date
    form: JsonObject
    earlier: Job | None


@dataclass(frozen=True)
class _Round:
    """The letters of one purpose so far: the last one, and the number (round) of the next one."""

    last: Job | None
    number: int


def remindable(workspace: Workspace) -> dict[str, Kind]:
    """Give, by the kind reminded of, the kind of letter that reminds of it."""
    letters = [kind for kind in workspace.loaded().kinds.values() if kind.reminding]
    return {of: letter for letter in letters if letter.reminding for of in letter.reminding.purposes}


def letter_day(workspace: Workspace) -> dt.date:
    """The day a letter that is written now bears: today, or the next day on which people work."""
    year, day = workspace.year(workspace.practice.year), workspace.today()
    return day if year.is_working_day(day) else _working_days_after(year, day, 1)


def reminders(workspace: Workspace, kind_id: str, on: dt.date, due: dt.date | None) -> list[Reminder]:
    """Say which letters are wanted on a day: of one kind, or ("") of every kind that is late or due soon.

    A kind of which nothing is missing gives no letter. Raises UnknownThing for a kind that no letter reminds of,
    NotAllowedNow for a day outside the year.
    """
    letters = remindable(workspace)
    if kind_id and kind_id not in letters:
        raise UnknownThing(
            tr(
                "No letter reminds of “{kind}”. There are letters for: {known}.",
                kind=kind_id,
                known=", ".join(sorted(letters)) or "–",
            )
        )
    if on.year != workspace.practice.year:
        raise NotAllowedNow(
            tr(
                "A letter of the emulation year {year} cannot be dated {day}. Give its date with --date.",
                year=workspace.practice.year,
                day=date_short(on),
            )
        )
    # as of the letter's date: who is late on that day is asked, not who is late today
    facts = year_status(workspace, workspace.practice.year, on)
    chosen = [kind_id] if kind_id else [one for one in sorted(letters) if _is_soon(workspace, one, on)]
    made = (_reminder(workspace, letters[one], one, facts, on, due) for one in chosen)
    return [one for one in made if one is not None]


def _is_soon(workspace: Workspace, kind_id: str, on: dt.date) -> bool:
    year, kind = workspace.year(workspace.practice.year), workspace.loaded().kinds.get(kind_id)
    due = due_of(kind, year) if kind else None
    # a kind without a deadline is never late: only a letter asked for by name reminds of it
    return due is not None and due <= _working_days_after(year, on, year.thresholds.reminder_working_days)


def _reminder(
    workspace: Workspace, letter: Kind, kind_id: str, facts: YearStatus, on: dt.date, due: dt.date | None
) -> Reminder | None:
    missing = [cell for cell in facts.cells if cell.kind == kind_id and cell.is_missing]
    reminding, kind = letter.reminding, workspace.loaded().kinds.get(kind_id)
    if not missing or kind is None or reminding is None:
        return None
    year, units = workspace.year(facts.year), tuple(cell.unit for cell in missing)
    answer_by = due or _answer_by(year, due_of(kind, year), on)
    so_far = _round(workspace, letter, reminding.purposes[kind_id], year)
    earlier = so_far.last if so_far.last and _asks_already(workspace, so_far.last, letter, units, on) else None
    # the letter is addressed to the members as a whole only when it concerns each of them, and nobody else
    is_everybody = units == tuple(unit.code for unit in year.members(on))
    form: JsonObject = {
        "kind": letter.id,
        "emulation_year": year.year,
        letter.date_field.name: on.isoformat(),
        letter.variant.name: reminding.purposes[kind_id],
        "addressees": [*_addressees(year, units, is_everybody=is_everybody)],
        "reminded_units": [*units],
        "due": answer_by.isoformat(),
        "body": [*_body(workspace, missing, due_of(kind, year), on)],
    }
    if basis := _basis(workspace, reminding, year):
        form["basis"] = basis
    if letter.round and so_far.number > 1:  # the first letter of a purpose prints no count
        form[letter.round.name] = so_far.number
    return Reminder(kind_id, units, answer_by, form, earlier)


def _answer_by(year: Year, due: dt.date | None, on: dt.date) -> dt.date:
    """The year's own deadline while it is ahead, afterwards some working days from the letter's date."""
    if due is not None and on <= due:
        return due
    return _working_days_after(year, on, max(1, year.thresholds.reminder_working_days))


def _working_days_after(year: Year, on: dt.date, count: int) -> dt.date:
    day = on
    while count:
        day += dt.timedelta(days=1)
        count -= year.is_working_day(day)
    return day


def _addressees(year: Year, units: Iterable[str], *, is_everybody: bool) -> list[str]:
    everybody = year.recipients.get("members", "")
    if is_everybody and everybody:  # the official name for all of them together, kept in the year
        return [everybody]
    return [unit.org for unit in _units(year, units)]


def _units(year: Year, codes: Iterable[str]) -> list[Unit]:
    found = (year.unit(code) for code in codes)
    return [unit for unit in found if unit is not None]


def _body(workspace: Workspace, missing: list[UnitStatus], due: dt.date | None, on: dt.date) -> Iterable[str]:
    """What the letter adds to the words of its template: how late it is, what was returned, whom to ask."""
    year = workspace.year(workspace.practice.year)
    if due is not None and on > due:
        late, said = (on - due).days, date_in(due, workspace.practice.form_family)
        message = say("The deadline was {due}; it passed {days} days ago.", due=said, days=f"{late:02d}")
        yield shown_in(message, LETTERS)
    returned = [one.unit for one in missing if one.job is not None]
    if returned:
        names = "; ".join(unit.name for unit in _units(year, returned))
        message = say(
            "These units' papers were returned for correction and should be sent again: {units}.", units=names
        )
        yield shown_in(message, LETTERS)
    if workspace.practice.contact:
        yield shown_in(say("For questions: {contact}.", contact=workspace.practice.contact), LETTERS)


def _basis(workspace: Workspace, reminding: Reminding, year: Year) -> str:
    """Cite the registered document that the letter carries out; nothing while there is none."""
    job = numbered(workspace, reminding.basis, year.year) if reminding.basis else None
    if job is None:
        return ""
    kind = workspace.kind(job)
    subject = kind.subject_of(workspace.reading(job).values, year.as_values(job.document_on))
    document = cited(workspace, kind.title_vi, job.number, job.document_on)
    # the issuer is named once: most subjects end with the cluster's name
    if year.cluster.name in subject:
        return shown_in(say("{document} on {subject}", document=document, subject=subject), LETTERS)
    message = say(
        "{document} of {cluster} on {subject}", document=document, cluster=year.cluster.name, subject=subject
    )
    return shown_in(message, LETTERS)


def _round(workspace: Workspace, letter: Kind, purpose: str, year: Year) -> _Round:
    """Count the letters of a purpose; one that is not signed yet is replaced by the next, not followed.

    A held letter counts: it exists, and a second of the same round would be another version of it.
    """
    sent = [
        job
        for job in workspace.ledger.of_kind(letter.id, year.year, AFTER_ACCEPTANCE | {State.HELD})
        if job.variant == purpose or job.variant.startswith(f"{purpose}-")
    ]
    if not sent:
        return _Round(None, 1)
    number = max(_number(workspace, letter, job) for job in sent)
    last = [job for job in sent if _number(workspace, letter, job) == number][-1]
    return _Round(last, number + (last.state in AFTER_SIGNATURE))


def _number(workspace: Workspace, letter: Kind, job: Job) -> int:
    found = value_at(workspace.reading(job).values, letter.round) if letter.round else 1
    return found if isinstance(found, int) else 1


def _asks_already(workspace: Workspace, job: Job, letter: Kind, units: tuple[str, ...], on: dt.date) -> bool:
    """Tell whether a letter names just these units, and its own deadline is still ahead."""
    values = workspace.reading(job).values
    named, due = values.get("reminded_units"), values.get("due")
    return (
        job.kind == letter.id
        and isinstance(named, list)
        and {str(one) for one in named} == set(units)
        and isinstance(due, str)
        and due >= on.isoformat()  # ISO dates compare as texts
    )


def send(workspace: Workspace, reminder: Reminder) -> Job:
    """Record the letter's form as if a clerk had dropped it; the worker takes it from there."""
    text = yaml.safe_dump(reminder.form, allow_unicode=True, sort_keys=False)
    title = shown_in(say("Reminder {kind}", kind=reminder.kind), LETTERS)
    content = text.encode()
    sha256 = workspace.spool.put(content)
    # the number of letters so far is in the bytes (round, date, units): the same bytes are the same letter
    drop = Drop(
        name=f"{slug(title)}.yaml",
        # as if dropped into the inbox itself: the answer goes to the clerk
        folder="",
        sha256=sha256,
        size_bytes=len(content),
        fingerprint=f"reminder {sha256}",
    )
    return workspace.ledger.take(drop, name_key=key(drop.name)).job
