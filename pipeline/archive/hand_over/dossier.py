"""A dossier as it is handed over: its entry in the year's list, its papers in order, numbered by sheet and page.

Names follow the-thuc.md §10.2: the folder `A38-011-07-0123`, a file `A38-011-07-0123-001-KH-0001-2022.pdf`. A code is
never read back from a name: folded, ĐA and DA are one.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import PurePosixPath

from pipeline.model import number_parts
from pipeline.naming import token
from pipeline.years.facts import Dossier, Fonds

PERMANENT = 0


@dataclass(frozen=True)
class FiledFile:
    """One file of a paper: where it lies in the archive, and its bytes' sha256."""

    path: PurePosixPath
    sha256: str


@dataclass(frozen=True)
class Paper:
    """A filed document. `files` is everything that lies in the archive of it; `shown` the PDF in which it is read.

    `number` is "" where the register's own number stands on no paper (incoming): `entered` has that. `pages` is 0
    where nobody counted them. `draft` and `rendition` are the sha256 of the Word document and of the PDF/A that the
    program made of it before it was signed, "" where there is none.
    """

    document_code: str
    number: str
    entered: str
    on: dt.date | None
    type_name: str
    abbreviation: str
    title: str
    author: str
    signer: str
    pages: int
    retention_years: int
    is_signed_digitally: bool
    files: tuple[FiledFile, ...]
    shown: FiledFile | None
    draft: str
    rendition: str
    remarks: tuple[str, ...] = ()

    @property
    def number_and_symbol(self) -> tuple[str, str]:
        """The number and the symbol apart, as the workbook has them: ("01", "KH/CTĐ4"); empty where there is none."""
        return number_parts(self.number)


@dataclass(frozen=True)
class Leaves:
    """Which sheets and pages of the whole dossier a paper is, counted from 1; (0, 0) where it has none."""

    sheets: tuple[int, int]
    pages: tuple[int, int]


@dataclass(frozen=True)
class Filled:
    """A dossier with its papers; `term` is the Party term it closes in ("2020-2025"), "" outside of any."""

    year: int
    fonds: Fonds
    entry: Dossier
    term: str
    organisation_name: str
    papers: tuple[Paper, ...]

    @property
    def folder(self) -> str:
        """The name of its folder: organisation, fonds, inventory, unit of preservation (HD40, the-thuc.md §10.2)."""
        return f"{self.fonds.organisation}-{self.fonds.fonds}-{self.fonds.inventory}-{self.entry.number:04d}"

    @property
    def state_code(self) -> str:
        """Its code where the State's rules are asked: organisation, year, code of the list (TT 01/2019, Điều 16)."""
        return f"{self.fonds.organisation}.{self.year}.{token(self.entry.code)}"

    def name_of(self, position: int) -> str:
        """Name the PDF of a paper by its position from 0."""
        paper = self.papers[position]
        number, _ = paper.number_and_symbol
        digits = re.match(r"\d+", number)
        kept = (
            f"-{token(paper.abbreviation)}-{int(digits.group()):04d}-{paper.on.year}" if digits and paper.on else ""
        )
        return f"{self.folder}-{position + 1:03d}{kept}.pdf"

    @property
    def retention_years(self) -> int:
        """How long it is kept: what the list says, else the longest of its papers; PERMANENT for good."""
        if self.entry.retention_years is not None:
            return self.entry.retention_years
        return longest([paper.retention_years for paper in self.papers])

    @property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last day of its papers."""
        days = [paper.on for paper in self.papers if paper.on]
        return (min(days), max(days)) if days else None

    @property
    def pages(self) -> int:
        """How many pages its papers have."""
        return sum(paper.pages for paper in self.papers)

    def leaves(self) -> tuple[Leaves, ...]:
        """Number sheets and pages through the whole dossier (Tờ số, Trang số), paper by paper."""
        sheets = [-(-paper.pages // self.entry.sheet_sides) for paper in self.papers]
        return tuple(
            Leaves(sheet, page)
            for sheet, page in zip(_runs(sheets), _runs([paper.pages for paper in self.papers]), strict=True)
        )


def _runs(counts: Sequence[int]) -> list[tuple[int, int]]:
    ends = [*accumulate(counts)]
    return [(end - count + 1, end) if count else (0, 0) for count, end in zip(counts, ends, strict=True)]


def longest(years: Sequence[int]) -> int:
    """The longest of some times of keeping: for good, else the most years."""
    return PERMANENT if PERMANENT in years else max(years, default=PERMANENT)


def kept_for(years: int) -> str:
    """Say how long something is kept, as archives write it."""
    return f"{years} năm" if years else "Vĩnh viễn"


def may_be_destroyed_from(closed: dt.date, years: int) -> dt.date | None:
    """Say from which day a dossier may be proposed for destruction; None for one that is kept for good.

    Counted from the end of the year in which its work ended.
    """
    return dt.date(closed.year + years + 1, 1, 1) if years else None
