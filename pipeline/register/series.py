"""Registry: which series a document's number comes from, how it is written, and what the register says of it.

Sources: HD05 II.3.1 (Party: from 01, per type, within one term of the committee), NĐ30 Điều 15 (State: from 01
January), NĐ30 Phụ lục IV (the ten columns of the register). The transaction itself is the ledger's.
"""

import datetime as dt
from dataclasses import dataclass

from pipeline.errors import OperatorError
from pipeline.ledger import NumberWish
from pipeline.model import JsonObject, TextTemplate
from pipeline.years import Year


class NoTermError(OperatorError):
    """No party term of the year's file covers a document's date, so its number series is not known."""

    exit_code = 18


@dataclass(frozen=True)
class Numbering:
    """How one kind of document is numbered.

    `reset` is "term", "calendar-year" or "emulation-year"; `register` is "outgoing" or "incoming"; `series` is the
    abbreviation that names the run ("KH", "GƯ"); `shape` the text of a number ("{number}-KH/CTĐ4"), which is written
    in at least `digits` figures.
    """

    register: str
    series: str
    shape: TextTemplate
    digits: int
    reset: str


def series_key(numbering: Numbering, on: dt.date, year: Year) -> str:
    """Name the series a document of date `on` is numbered in: "KH/2020-2025", "DEN/2022".

    Raises NoTermError when the series runs by term and no term covers the date.
    """
    if numbering.register == "incoming" or numbering.reset == "calendar-year":
        return f"{numbering.series}/{on.year}"
    if numbering.reset == "emulation-year":
        return f"{numbering.series}/NTĐ{year.year}"
    term = year.term(on)
    if term is None:
        raise NoTermError(
            f"No party term covers {on:%d/%m/%Y}, so the number series of {numbering.series} is not known. "
            f"Add the term under `terms:` in years/{year.year}.yaml."
        )
    return f"{numbering.series}/{term.id}"


@dataclass(frozen=True)
class Facts:
    """The columns of the register for one document (NĐ30 Phụ lục IV; the number itself is added when it is given)."""

    title: str
    document_on: dt.date
    signer: str
    recipients: str
    kept_by: str
    copies: int
    sent_on: str = ""
    receipt: str = ""
    remark: str = ""
    author: str = ""

    def as_json(self) -> JsonObject:
        """Give the columns as they enter the register's hash chain."""
        return {
            "title": self.title,
            "document_on": self.document_on.isoformat(),
            "signer": self.signer,
            "recipients": self.recipients,
            "kept_by": self.kept_by,
            "copies": self.copies,
            "sent_on": self.sent_on,
            "receipt": self.receipt,
            "remark": self.remark,
            "author": self.author,
        }


def wish(numbering: Numbering, facts: Facts, year: Year) -> NumberWish:
    """Ask for the next number of the right series."""
    series = series_key(numbering, facts.document_on, year)
    return NumberWish(series, numbering.shape, numbering.digits, facts.as_json())
