"""What is said of how a paper was scanned: rows for its sidecar, one line for people. Sheets alike are one row."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipeline.messages import joined, say
from pipeline.model import Colour, MeasuredSheet, Message
from pipeline.papers.pages import is_a4, pages_said, runs

_A4: Final = (210, 297)
_COLOURS: Final = {
    Colour.COLOUR: say("in colour"),
    Colour.GREY: say("in grey"),
    Colour.TWO_TONE: say("in black and white"),
}
#: A line for people names so many ways of scanning; what has more is looked up in the sidecar.
_MOST_NAMED: Final = 4


def rows_of(measured: Sequence[MeasuredSheet], of_sheets: Sequence[int] = ()) -> list[dict[str, object]]:
    """Give a row for all sheets that were measured alike, in the order of their first ones.

    `of_sheets` are the sheets of the received file that were measured, () for all. "dpi" 0 is no scan.
    """
    return [
        {
            "sheets": runs(numbers),
            "mm": list(one.sides_mm),
            "dpi": one.dpi,
            "colour": one.colour.value if one.colour else None,
            "compression": one.compression or None,
            "lossless": one.is_lossless if one.dpi else None,
            "has_text": one.has_text,
        }
        for one, numbers in _alike(measured, of_sheets)
    ]


def measured_said(measured: Sequence[MeasuredSheet], of_sheets: Sequence[int] = ()) -> Message:
    """Say in a line how a paper was scanned: "pages 1–3: A4, 300 dpi, in colour, JPEG (with loss)"."""
    # a millimetre more or less is the scanner's, and no other way of scanning
    rounded = [replace(one, sides_mm=_A4) if is_a4(one.sides_mm) else one for one in measured]
    rows = list(_alike(rounded, of_sheets))
    named = [joined((pages_said(numbers), _how(one)), ": ") for one, numbers in rows[:_MOST_NAMED]]
    return joined([*named, "…"] if len(rows) > _MOST_NAMED else named, "; ")


def _alike(measured: Sequence[MeasuredSheet], of_sheets: Sequence[int]) -> Iterator[tuple[MeasuredSheet, list[int]]]:
    numbers: dict[MeasuredSheet, list[int]] = {}
    for one in measured:
        numbers.setdefault(replace(one, sheet=0), []).append(of_sheets[one.sheet - 1] if of_sheets else one.sheet)
    return iter(numbers.items())


def _how(one: MeasuredSheet) -> Message:
    if one.sides_mm == (0, 0):
        return say("could not be looked at")
    across, down = one.sides_mm
    size = "A4" if one.sides_mm == _A4 else f"{across} × {down} mm"
    if one.colour is None:
        return joined((size, say("made by a program, no scan")))
    packed = say("compressed by {how}", how=one.compression)
    if not one.is_lossless:
        packed = say("{how} (with loss)", how=one.compression)
    elif one.compression == "none":
        packed = say("not compressed")
    words = say("with a text layer") if one.has_text else say("without a text layer")
    return joined((size, f"{one.dpi} dpi", _COLOURS[one.colour], packed, words))
