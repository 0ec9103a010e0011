"""Which numbers of the register a person means: "01-KH/CTĐ4", "01-KH" for short, "KH/2020-2025/01" beyond doubt.

A number begins again with every term or year, so one text may be several numbers; which of them is meant is the
person's word, never the program's.
"""

import re
from collections.abc import Iterable
from typing import Final

from pipeline.ledger import Ledger
from pipeline.register.rows import Row, rows_numbered
from pipeline.vietnamese import compare_key

#: What may follow a number that is named without the symbol of its issuer: "01-KH" of "01-KH/CTĐ4".
_PARTS: Final = ("/", "-")


#: More figures than any number has; a database takes no larger one.
_MOST_FIGURES: Final = 9


def found(ledger: Ledger, said: str, series: str = "") -> list[Row]:
    """Find the numbers that a text names in the register, of all series or of one."""
    # whatever the text is, it holds the figure of the number it names: no other is read
    figures = re.findall(r"\d+", compare_key(said))
    numbers = sorted({int(one) for one in figures if len(one) <= _MOST_FIGURES})
    return _named(rows_numbered(ledger, numbers), said, series) if numbers else []


def _named(rows: Iterable[Row], said: str, series: str = "") -> list[Row]:
    """Give the numbers that a text names, of all series or of one; a whole text counts before its beginning."""
    key, of = compare_key(said.strip()), compare_key(series)
    among = [row for row in rows if not of or compare_key(row.series) == of]
    for is_meant in (_is_qualified, _is_whole, _is_beginning):
        if found := [row for row in among if is_meant(row, key)]:
            return found
    return []


def qualified(row: Row) -> str:
    """Name a number beyond doubt: "KH/2020-2025/01"."""
    return f"{row.series}/{row.no:02d}{row.suffix}"


def _is_qualified(row: Row, key: str) -> bool:
    series, _, said = key.rpartition("/")
    figures = said.removesuffix(row.suffix)
    # compared as text: people may write any number of figures
    return figures.lstrip("0") == str(row.no) and compare_key(row.series) == series


def _is_whole(row: Row, key: str) -> bool:
    return compare_key(row.number) == key


def _is_beginning(row: Row, key: str) -> bool:
    # a figure alone is a job's id
    number = compare_key(row.number)
    return not key.isdigit() and any(number.startswith(f"{key}{part}") for part in _PARTS)
