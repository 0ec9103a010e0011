"""Whole numbers as office files write them: in attributes anybody may have written anything."""

from typing import Final

#: Rows, columns, spans and sizes have fewer figures; one of thousands Python refuses to read.
_MOST_FIGURES: Final = 9


def whole_number(text: str) -> int | None:
    """Read a number that is written in plain figures; None for anything else, and for what counts nothing."""
    return int(text) if len(text) <= _MOST_FIGURES and text.isascii() and text.isdigit() else None
