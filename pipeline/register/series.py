"""Which series a document's number comes from, how it is written, and what the register says of the document.

Sources: HD05 II.3.1 (Party: from 01, per type, within one term of the committee), NĐ30 Điều 15 (State: from 01
January), NĐ30 Phụ lục IV (the ten columns of the register). The transaction itself is the ledger's.
"""

import datetime as dt
from dataclasses import dataclass, replace

from pipeline.errors import OperatorError
from pipeline.ledger import Columns, NumberWish
from pipeline.model import Description, Direction, TextTemplate
from pipeline.years import Year


class NoTermError(OperatorError):
    """No party term of the year's file covers a document's date, so its number series is not known."""

    exit_code = 18


@dataclass(frozen=True)
class Numbering:
    """How one kind of document is numbered.

    `reset` is "term", "calendar-year" or "emulation-year"; `series` is the abbreviation that names the run ("KH",
    "GƯ"); `shape` the text of a number ("{number}-KH/CTĐ4"), which is written in at least `digits` figures.
    """

    direction: Direction
    series: str
    shape: TextTemplate
    digits: int
    reset: str


def series_key(numbering: Numbering, on: dt.date, year: Year) -> str:
    """Name the series a document of date `on` is numbered in: "KH/2020-2025", "DEN/2022".

    Raises NoTermError when the series runs by term and no term covers the date.
    """
    # incoming papers have one run a year whatever the kind says (NĐ30 Phụ lục IV, sổ đăng ký văn bản đến)
    if numbering.direction is Direction.INCOMING or numbering.reset == "calendar-year":
        return f"{numbering.series}/{on.year}"
    if numbering.reset == "emulation-year":
        # NTĐ (năm thi đua) keeps it apart from a calendar year of the same figures
        return f"{numbering.series}/NTĐ{year.year}"
    # the term at the date of the document, not of today: a paper of the last days keeps its term (HD05 II.3.1)
    term = year.term(on)
    if term is None:
        raise NoTermError(
            f"No party term covers {on:%d/%m/%Y}, so the number series of {numbering.series} is not known. "
            f"Add the term under `terms:` in years/{year.year}.yaml."
        )
    return f"{numbering.series}/{term.id}"


def wish(numbering: Numbering, document: Description, year: Year, remark: str = "") -> NumberWish:
    """Ask for the next number of the right series; `remark` stands beside it in the register."""
    key = series_key(numbering, document.on, year)
    columns = replace(columns_of(document), remark=remark)
    return NumberWish(key, numbering.direction, numbering.shape, numbering.digits, columns)


def columns_of(document: Description) -> Columns:
    """Say of a document what the register says of it before it has its number."""
    return Columns(
        title=document.title,
        document_on=document.on,
        signer=document.signer,
        recipients="; ".join(document.recipients),
        kept_by="; ".join(document.kept_by),
        copies=document.copies,
        # outgoing papers are all the cluster's own: the official columns have no author there
        author=document.author if document.direction is Direction.INCOMING else "",
    )
