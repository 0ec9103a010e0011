"""Checking a book ("kiểm tra sổ"): numbers that are missing or double, and dates that do not run with the numbers.

Source: noi-dung.md 4.11 A01 to A03. A gap that an act has begun is none: what lies there stands in another book.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from pipeline.ledger.imports import IMPORT
from pipeline.ledger.rows import Entry
from pipeline.messages import say
from pipeline.model import Direction, Finding, Message, Severity
from pipeline.register.series import YEAR


@dataclass(frozen=True)
class Earlier:
    """A number of a series, given before another one to a document that is dated after it."""

    number: str
    on: dt.date

    def told(self, number: str, on: dt.date) -> Message:
        """Say that the other one does not follow it."""
        return say(
            "Number {number} is dated {date}, before {earlier} of {day}.",
            number=number,
            date=f"{on:%d/%m/%Y}",
            earlier=self.number,
            day=f"{self.on:%d/%m/%Y}",
        )


def later_dated(entries: Iterable[Entry], on: dt.date | None) -> Earlier | None:
    """Find the newest date among the numbers of a series, where a document of day `on` is dated before it."""
    newest: Earlier | None = None
    for entry in entries:
        day = entry.columns.document_on
        # incoming papers are dated by those who sent them
        is_given = entry.verb in {"number", IMPORT} and entry.direction is Direction.OUTGOING
        if is_given and day is not None:
            newest = Earlier(entry.columns.number, day) if newest is None or day >= newest.on else newest
    return newest if newest is not None and on is not None and on < newest.on else None


def gaps(series: str, acts: Iterable[Entry]) -> Iterator[Finding]:
    """Find numbers of one series that do not follow the one before."""
    given = 0
    for entry in acts:
        if entry.act == "begin":
            given = max(given, entry.no - 1)
        if entry.act != "number":
            continue
        if entry.no != given + 1:
            message = say(
                "Series {series}: number {number} does not follow {last}.", series=series, number=entry.no, last=given
            )
            yield Finding("register.gap", Severity.BLOCK, message, found=f"{series}/{entry.no:02d}")
        given = entry.no


def date_order(acts: Iterable[Entry]) -> Iterator[Finding]:
    """Compare the dates of outgoing documents of one series with the order of their numbers."""
    newest: Earlier | None = None
    for entry in acts:
        on, number = entry.columns.document_on, entry.columns.number
        if entry.act != "number" or entry.direction is Direction.INCOMING or on is None:
            continue
        if newest is not None and on < newest.on:
            # a warning: only a person can tell a slip from a paper that waited for its number
            yield Finding("register.date-order", Severity.WARN, newest.told(number, on), found=number)
        else:
            newest = Earlier(number, on)


class Seen(Protocol):
    """Texts by texts, as many as there are: a dict, or what keeps them on the disk."""

    def setdefault(self, key: str, value: str, /) -> str:
        """Give what is kept under a key, and keep this where nothing is."""
        ...


def doubles(entries: Iterable[Entry], seen: Seen) -> Iterator[Finding]:
    """Find what two documents of one year bear: number and symbol are unique within it (NĐ30 Điều 15).

    `seen` is empty at first.
    """
    for entry in entries:
        day = entry.columns.document_on
        if entry.act != "number" or entry.direction is Direction.INCOMING or day is None:
            continue
        first = seen.setdefault(f"{day.year} {entry.columns.number}", entry.series)
        # of two terms that meet in a year the Party form has the same again (HD05 II.3.1)
        if first != entry.series and (_is_of_a_year(first) or _is_of_a_year(entry.series)):
            message = say(
                "{number} was given twice in {year}: in the series {first} and {second}.",
                number=entry.columns.number,
                year=day.year,
                first=first,
                second=entry.series,
            )
            yield Finding("register.double", Severity.BLOCK, message, found=entry.columns.number)


def _is_of_a_year(series: str) -> bool:
    return YEAR.fullmatch(series.rpartition("/")[2]) is not None
