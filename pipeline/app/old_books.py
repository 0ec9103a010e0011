"""Bringing an old register in: what each line of a workbook would become, told first; then all of it, or nothing."""

import itertools
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from pipeline import naming, reading
from pipeline.errors import NotAllowedNow, UnknownThing
from pipeline.layout import NoFormInForce, profile_for
from pipeline.ledger import Imported
from pipeline.messages import say, tr
from pipeline.model import Direction, Finding, Message, Severity
from pipeline.register.old_book import Asked, BookLine, OldBook, understood, where
from pipeline.register.old_numbers import OldNumber
from pipeline.register.rows import rows
from pipeline.register.series import ALL_TYPES, YEAR, own_code
from pipeline.steps import secrecy
from pipeline.steps.type_codes import type_codes
from pipeline.steps.witnessing import refuse_older
from pipeline.vietnamese import compare_key
from pipeline.workspace import Workspace

#: By endings of names; an old format is saved anew in a minute, and by whoever knows the book.
FORMATS = ("xlsx", "docx", "csv")


@dataclass(frozen=True)
class Report:
    """What a workbook would become, line by line; `following` is the next number of each run once it is in."""

    workbook: str
    sha256: str
    book: OldBook
    following: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, Sequence[str]] = field(default_factory=dict)  #: numbers the book skips, by series

    @property
    def lines(self) -> tuple[BookLine, ...]:
        """The rows of documents."""
        return self.book.lines

    @property
    def refused(self) -> list[BookLine]:
        """The lines that keep it from being imported."""
        return [line for line in self.book.lines if line.is_refused]

    @property
    def is_sound(self) -> bool:
        """Whether it can be imported."""
        return not self.refused and not any(one.severity is Severity.BLOCK for one in self.book.findings)

    @property
    def count(self) -> int:
        """How many numbers it holds."""
        return sum(len(line.numbers) for line in self.book.lines)


def report(workspace: Workspace, file: Path, asked: Asked, name: str = "") -> Report:
    """Say what a workbook would become; nothing is recorded. `name` is what people call it, where the file's is ours.

    Raises UnknownThing for what is no file of a format that is read, NotAllowedNow for one that bears a mark of
    secrecy.
    """
    _refuse_unread(workspace, file)
    name = naming.display(name or file.name)
    found = reading.tables_guarded(workspace.guard, file.absolute(), name)
    if found.is_marked:
        raise NotAllowedNow(
            tr(
                "The file seems to bear a mark of secrecy. Nothing of it was read or recorded; tell the person in "
                "charge of state secrets."
            )
        )
    refused = tuple(one for one in found.findings if one.severity is Severity.BLOCK)
    if found.unseen and not refused:
        # “could not look” is never “no”
        refused = (Finding("import.unlooked", Severity.BLOCK, secrecy.trouble_of(found.unseen)),)
    book = OldBook(findings=refused)
    if not refused:
        book = understood(found.tables, asked, _Runs(workspace))
        book = replace(book, findings=(*found.findings, *book.findings))
    lines = tuple(_known(workspace, map(_whole, book.lines)))
    following = _following(workspace, lines)
    return Report(name, found.sha256, replace(book, lines=lines), following, _missing(lines))


def bring_in(workspace: Workspace, made: Report, why: str) -> Mapping[str, int]:
    """Enter every line of a sound report; gives the next number of each run. Raises NotAllowedNow."""
    refuse_older(workspace)
    if not made.is_sound:
        raise NotAllowedNow(tr("{count} lines are refused; nothing was imported.", count=len(made.refused)))
    imported = [one for line in made.lines for one in _imported(made, line)]
    detail: dict[str, str | int | list[str]] = {
        "workbook": made.workbook,
        "sha256": made.sha256,
        "numbers": len(imported),
        "series": sorted(made.following),
        "missing": [f"{series}: {', '.join(numbers)}" for series, numbers in made.missing.items()],
    }
    return workspace.ledger.import_numbers(imported, detail, why)


def _imported(made: Report, line: BookLine) -> Iterable[Imported]:
    on = line.columns.arrived_on or line.columns.document_on
    for one in line.numbers:
        columns = replace(line.columns, number=one.text)
        source = {"workbook": made.workbook, "sha256": made.sha256, "at": where(line.place)}
        yield Imported(
            line.series,
            line.direction,
            one.no,
            one.suffix,
            columns.as_json() | source,
            on=on.isoformat() if on else "",
            void_why=line.void_why,
        )


def _refuse_unread(workspace: Workspace, file: Path) -> None:
    """Refuse what is no file of a format that is read, or too large. Raises UnknownThing."""
    if not file.is_file() or not os.access(file, os.R_OK):
        raise UnknownThing(tr("{file} is no file that can be read.", file=naming.display(str(file))))
    if file.suffix.lower().removeprefix(".") not in FORMATS:
        raise UnknownThing(
            tr(
                "{file} is read as .xlsx, .docx or .csv only; open it in the office program and save it so.",
                file=naming.display(file.name),
            )
        )
    limit = workspace.practice.limits.form_bytes
    if file.stat().st_size > limit:
        raise UnknownThing(tr("{file} is larger than {most} MB.", file=file.name, most=limit // 1_000_000))


def _whole(line: BookLine) -> BookLine:
    """Give bare figures the code of their run: 7 alone would be the id of a job."""
    code = line.series.rpartition("/")[0]
    if line.direction is Direction.INCOMING:
        # the register's own number, as the program gives it; what the sender wrote stands in its column
        return replace(line, numbers=tuple(replace(one, text=f"{one.no}{one.suffix}-{code}") for one in line.numbers))
    return replace(line, numbers=tuple(_named(one, code) for one in line.numbers))


def _named(one: OldNumber, code: str) -> OldNumber:
    is_bare = one.text.casefold().removesuffix(one.suffix).isdecimal()
    return replace(one, text=f"{one.text}-{code}") if is_bare and code else one


def _known(workspace: Workspace, lines: Iterable[BookLine]) -> Iterable[BookLine]:
    """Refuse numbers that the register has: in the same run, or written alike in the same year (NĐ30 Điều 15)."""
    every = rows(workspace.ledger)
    directions = {row.series: row.direction for row in every}
    in_run = {(row.series, row.no, row.suffix) for row in every}
    in_year = {
        (compare_key(row.number), row.columns.document_on.year): row.series
        for row in every
        # of two terms that meet in a year the Party form has the same again (HD05 II.3.1)
        if row.columns.document_on and YEAR.fullmatch(row.series.rpartition("/")[2])
    }
    for line in lines:
        yield _checked(_of_the_past(line, workspace.today()), directions, in_run, in_year)


def _of_the_past(line: BookLine, today: date) -> BookLine:
    """Refuse a day that has not come yet: 2035 for 2025 would open a run of numbers of its own."""
    days = (line.columns.document_on, line.columns.arrived_on, line.columns.sent_on)
    later = next((day for day in days if day is not None and day > today), None)
    if later is None:
        return line
    return line.refused("import.later-day", say("{day} has not come yet.", day=f"{later:%d/%m/%Y}"))


def _checked(
    line: BookLine,
    directions: Mapping[str, Direction],
    in_run: set[tuple[str, int, str]],
    in_year: Mapping[tuple[str, int], str],
) -> BookLine:
    if directions.get(line.series, line.direction) is not line.direction:
        return line.refused("import.series", say("{series} is a series of the other register.", series=line.series))
    year = line.columns.document_on.year if line.columns.document_on else 0
    for one in line.numbers:
        if (line.series, one.no, one.suffix) in in_run:
            return line.refused("import.known", say("Number {number} is in the register already.", number=one.text))
        other = in_year.get((compare_key(one.text), year))
        if other and other != line.series and line.direction is Direction.OUTGOING:
            message = say("{number} of {year} stands in {series} already.", number=one.text, year=year, series=other)
            return line.refused("import.known", message)
    return line


def _following(workspace: Workspace, lines: Iterable[BookLine]) -> Mapping[str, int]:
    last = {series.key: series.last_no for series in workspace.ledger.series()}
    found: dict[str, int] = {}
    for line in lines:
        if line.series and line.numbers:
            highest = max(one.no for one in line.numbers)
            found[line.series] = max(found.get(line.series, last.get(line.series, 0) + 1), highest + 1)
    return found


def _missing(lines: Iterable[BookLine]) -> Mapping[str, Sequence[str]]:
    """Name the numbers that lie between the lowest and the highest of a run and stand in no line."""
    held: dict[str, set[int]] = {}
    for line in lines:
        held.setdefault(line.series, set()).update(one.no for one in line.numbers)
    gaps = {series: list(_gaps(sorted(numbers))) for series, numbers in held.items() if series and numbers}
    return {series: found for series, found in gaps.items() if found}


def _gaps(numbers: Sequence[int]) -> Iterable[str]:
    for before, after in itertools.pairwise(numbers):
        if after - before == 2:
            yield str(before + 1)
        elif after - before > 2:
            yield f"{before + 1}-{after - 1}"


_PERIOD: Final = re.compile(r"(?:NTĐ)?[12][0-9]{3}(?:-[12][0-9]{3})?")


class _Runs:
    """Names the run of an outgoing number by the symbol it bears, as the rules number documents of that day."""

    def __init__(self, workspace: Workspace) -> None:
        self.practice = workspace.practice
        self.terms = [term for year in workspace.years.values() for term in year.terms]
        self.codes = dict(type_codes(workspace))
        for code in ALL_TYPES.values():
            self.codes[compare_key(code)] = code
        kinds = workspace.loaded().kinds.values()
        self.family = next((kind.form_family for kind in kinds if kind.register == "outgoing"), "party")

    def named(self, said: str) -> str | Message:
        """Give the series that is named, in the spelling of the ones there are."""
        code, _, period = said.strip().rpartition("/")
        period = period.strip().replace("–", "-")
        own, _, issuer = code.partition("-")
        if not code or not _PERIOD.fullmatch(period):
            return say("“{said}” names no series; write code and period, as KH/2020-2025 or ĐẾN/2022.", said=said)
        known = self.codes.get(compare_key(own), own)
        return f"{own_code(known, issuer)}/{period}"

    def of(self, symbol: str, type_name: str, on: date | None) -> str | Message:
        """Name the series, or say why it cannot be named."""
        parts = symbol.replace("/", "-").split("-")
        code = next((self.codes[key] for part in (type_name, *parts) if (key := compare_key(part)) in self.codes), "")
        if self.practice.has_one_outgoing_run:
            code = ALL_TYPES[Direction.OUTGOING]
        if not code:
            return say("Neither symbol nor type tells which run the number is of; name it with --series.")
        if on is None:
            return say("Without its day nobody knows which run the number is of; name it with --series.")
        period = self._period(on)
        return f"{code}/{period}" if isinstance(period, str) else period

    def _period(self, on: date) -> str | Message:
        cycle = self.practice.number_reset
        if cycle == "auto":
            try:
                cycle = profile_for(on, self.family, self.practice.forced_profile).number_cycle
            except NoFormInForce:
                return say(
                    "No official form known here was in force on {day}; name the run with --series.",
                    day=f"{on:%d/%m/%Y}",
                )
        if cycle == "calendar-year":
            return str(on.year)
        if cycle == "emulation-year":
            return f"NTĐ{on.year}"
        # a term of any year's file: an old book is of years that have none
        term = next((term.id for term in self.terms if term.period.holds_on(on)), "")
        return term or say(
            "No term of the Party committee covers {day}; name the run with --series.", day=f"{on:%d/%m/%Y}"
        )
