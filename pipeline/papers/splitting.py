"""Several papers in one scan: which sheets are of which document.

A code says it; a sheet on which none is read is of the document beside it that lacks a page, or of none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Split:
    """The sheets (from 1) of each document by its code, in the order in which they lie, and those of none."""

    sheets: Mapping[str, tuple[int, ...]]
    strays: tuple[int, ...] = ()


def split(codes: Sequence[str], blank: frozenset[int], pages: Mapping[str, int]) -> Split:
    """Tell which sheets are of which document.

    `codes` are those of the sheets, "" where none is read; `blank` the sheets that are empty; `pages` the documents
    that are awaited with how many pages each has.
    """
    found: dict[str, list[int]] = {}
    for sheet, code in enumerate(codes, 1):
        if code in pages:
            found.setdefault(code, []).append(sheet)
    strays = []
    for sheet, code in enumerate(codes, 1):
        if code in pages or sheet in blank:
            continue
        lacking = [one for one in found if len(found[one]) < pages[one]] if not code else []
        if lacking:
            found[min(lacking, key=lambda one: _distance(found[one], sheet))].append(sheet)
        else:
            strays.append(sheet)
    return Split({code: tuple(sorted(sheets)) for code, sheets in found.items()}, tuple(strays))


def _distance(sheets: Sequence[int], sheet: int) -> tuple[int, bool]:
    """How far a sheet lies from those of a document; of two as near the one before it is meant."""
    nearest = min(sheets, key=lambda one: abs(one - sheet))
    return abs(nearest - sheet), nearest > sheet
