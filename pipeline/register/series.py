"""Which series a document's number comes from, how it is written, and what the register says of the document.

Sources: HD05 II.3.1 (Party: from 01, per type, within one term of the committee; joint documents continue the lead's
run), NĐ30 Điều 15 (State: from 01 January to 31 December, per type or one run for all), NĐ30 Phụ lục IV (incoming:
one run a year). The transaction itself is the ledger's.

A series is named "KH/2020-2025": its code (a type of document, or all of them) and its period. Of an issuing body
with a run of its own the code names it too: "KH-HĐTĐ/2022".
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pipeline.errors import OperatorError
from pipeline.model import Direction, TextTemplate
from pipeline.years import Year

#: The codes of a run of all types; no type of either official form is abbreviated so.
ALL_TYPES: Final = {Direction.OUTGOING: "ĐI", Direction.INCOMING: "ĐẾN"}
#: A period that is a year, calendar or emulation; any other is a term.
YEAR: Final = re.compile(r"(NTĐ)?\d{4}")


class NoTermError(OperatorError):
    """No party term of the year's file covers a document's date, so its number series is not known."""

    exit_code = 18


@dataclass(frozen=True)
class Numbering:
    """How one kind of document is numbered.

    `cycle` is "term", "calendar-year" or "emulation-year"; `type` the abbreviation of the type ("KH", "GƯ"); `issuer`
    the symbol of a body with runs of its own, "" for the office; `has_one_run` whether all types share one.
    `shape` is the text of a number ("{number}-KH/CTĐ4"), which is written in at least `digits` figures.
    """

    direction: Direction
    type: str
    shape: TextTemplate
    digits: int
    cycle: str
    issuer: str = ""
    has_one_run: bool = False

    @property
    def common(self) -> str:
        """The code of a run of all types of this issuer."""
        return own_code(ALL_TYPES[self.direction], self.issuer)

    @property
    def own(self) -> str:
        """The code of a run of this type alone."""
        return own_code(self.type, self.issuer)


def own_code(of: str, issuer: str) -> str:
    """Give the code of a run: the type, and the issuing body where it has runs of its own."""
    return f"{of}-{issuer}" if issuer else of


def series_key(numbering: Numbering, on: dt.date, year: Year) -> str:
    """Name the series in which a document of date `on` is numbered by the rules: "KH/2020-2025", "ĐẾN/2022".

    Raises NoTermError when the series runs by term and no term covers the date.
    """
    return f"{numbering.common if numbering.has_one_run else numbering.own}/{_period(numbering, on, year)}"


def _period(numbering: Numbering, on: dt.date, year: Year) -> str:
    found = periods(on, year).get(_cycle(numbering))
    if found is None:
        raise NoTermError(
            f"No party term covers {on:%d/%m/%Y}, so the number series of {numbering.type} is not known. "
            f"Add the term under `terms:` in years/{year.year}.yaml."
        )
    return found


def _cycle(numbering: Numbering) -> str:
    # incoming papers have one run a year whatever is set (NĐ30 Phụ lục IV, sổ đăng ký văn bản đến)
    return "calendar-year" if numbering.direction is Direction.INCOMING else numbering.cycle


def periods(on: dt.date, year: Year) -> dict[str, str]:
    """Give the period a day lies in, by cycle; a day that no term covers has none of that cycle."""
    # the term at the date of the document, not of today: a paper of the last days keeps its term (HD05 II.3.1)
    term = year.term(on)
    # NTĐ (năm thi đua) keeps it apart from a calendar year of the same figures
    found = {"calendar-year": str(on.year), "emulation-year": f"NTĐ{year.year}"}
    return found | {"term": term.id} if term else found


@dataclass(frozen=True)
class Run:
    """A series in which numbers were given, or which was begun by an act; the newest act stands first in a list."""

    key: str
    direction: Direction

    @property
    def code(self) -> str:
        """What it is a run of: "KH", "ĐẾN"."""
        return self.key.rpartition("/")[0]

    @property
    def period(self) -> str:
        """In which time: "2020-2025", "2022"."""
        return self.key.rpartition("/")[2]


def series_in_force(numbering: Numbering, on: dt.date, year: Year, newest: Iterable[Run]) -> str:
    """Name the series a document is numbered in: by the rules, unless another run was under way that year.

    `newest` are the runs that had an act about a document of that calendar year, the newest act first. Settings or
    a new version of the program change no rule in the middle of a year; only an act does (`register begin`), for the
    series it begins is the newest then. Raises NoTermError.
    """
    wanted = series_key(numbering, on, year)
    spans = set(periods(on, year).values())
    if numbering.direction is Direction.INCOMING:
        # the years' own, never a term's: an incoming paper is counted by the year in which it came
        spans = {str(on.year)}
    runs = [
        run
        for run in newest
        if run.direction is numbering.direction
        and run.period in spans
        and run.code.partition("-")[2] == numbering.issuer
    ]
    if not runs:
        return wanted
    # one run for all types, or one for each: an office does the one or the other
    code = numbering.common if runs[0].code == numbering.common else numbering.own
    same = [run for run in runs if run.code == code]
    return same[0].key if same else f"{code}/{wanted.rpartition('/')[2]}"
