"""What people see in the fields of a PDF form, held against what the fields hold.

A program that fills in a form writes a value and draws it; another that changes one of the two leaves a form that
says one thing to people and another to programs. Which was meant is asked. Letters are compared only as far as every
program draws them: some lose Vietnamese ones, others draw as many lines as have room.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from pipeline.files.refusals import refusal
from pipeline.messages import say, say_count
from pipeline.model import Finding, Message, Place
from pipeline.pdf.shown import Shown
from pipeline.reading.pdf_fields import PdfField
from pipeline.reading.raw import Cell

_PASSWORD, _RICH = 1 << 13, 1 << 25  # of a text field (12.7.4.3, table 228)
_RADIO, _BUTTON = 1 << 15, 1 << 16  # of a button
_FOUND_LENGTH: Final = 200
_SHORT: Final = 20  # letters that have room in any field
_DRAWN_TO_UNSEEN: Final = 2
_PLAIN: Final = re.compile("[^0-9a-z]+")


@dataclass(frozen=True)
class Sight:
    """What is seen at a field: `over`, texts written over it; `strange`, a text that it shows and does not hold.

    `is_blank` where it is drawn with letters of which nothing is seen: of the paper's colour, or cut off.
    """

    over: tuple[str, ...] = ()
    strange: str = ""
    is_blank: bool = False


def cell_of(field: PdfField, sight: Sight) -> Cell:
    """The value of a field, its place, and what is odd about it."""
    place = Place(page=field.page, label=field.label, field=field.name)
    cell = Cell(_value(field), place)
    findings = [_written_over(text, place) for text in sight.over]
    is_said = not cell.is_blank and cell.value is not False
    is_covered = bool(field.flags & _PASSWORD) and field.kind == "/Tx"
    if is_said and (is_covered or sight.is_blank or not any(widget.is_seen for widget in field.widgets)):
        # nobody has seen it, so nobody has said it
        return Cell(None, place, findings=(*findings, _hidden(cell)))
    if len(field.values) > 1:
        findings.append(_differs(" / ".join(field.values), cell.text, place))
    elif field.flags & _RICH and field.rich:
        findings += _rich(field.rich, cell)
    elif field.kind == "/Btn":
        findings += _ticks(field, cell)
    elif sight.strange and not findings:
        findings.append(_differs(sight.strange, cell.text, place))
    return replace(cell, findings=tuple(findings)) if findings else cell


def strange_looks(page: Shown, fields: Sequence[PdfField]) -> dict[str, str]:
    """What fields of a page show although none of them holds it, by the names of those that may show it.

    Those are the fields whose own text nothing shows. A long text is shown, too, where a box is too small for all of
    it.
    """
    fields = [one for one in fields if one.kind != "/Btn" and not one.flags & _PASSWORD]
    fields = [one for one in fields if any(widget.is_seen and widget.look for widget in one.widgets)]
    looks = [look for look in page.looks if _plain(look)]
    left: list[PdfField] = []
    for field in fields:
        own = {_plain(text) for text in _texts(field)}
        # signs alone ("%") cannot be told apart
        if own == {""}:
            continue
        same = [look for look in looks if _plain(look) in own]
        # a field shows its text at each of its places
        for look in same[: len(field.widgets)]:
            looks.remove(look)
        if not same:
            left.append(field)
    looks = [look for look in looks if not any(_is_part(look, field) for field in left)]
    if len(looks) == len(left):  # both come in the order of the page
        return {field.name: look for field, look in zip(left, looks, strict=True)}
    return {field.name: " / ".join(looks) for field in left} if looks else {}


def _is_part(look: str, field: PdfField) -> bool:
    return any(len(text) > _SHORT and _plain(look) in _plain(text) for text in _texts(field))


def _texts(field: PdfField) -> list[str]:
    """What a field may show: its value, or what stands for it in a list to choose from."""
    return [text for value in field.values for text in (value, field.options.get(value, value))]


def is_drawn(field: PdfField) -> bool | None:
    """Whether a text that the field holds is drawn somewhere; None for a field that holds none, or has no look."""
    looks = [widget.look for widget in field.widgets]
    return None if field.kind == "/Btn" or not field.values or None in looks else any(looks)


def unseen(drawn: int, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Values that no viewer shows (`cells`), beside so many that it does.

    Programs that fill in forms without drawing them leave all looks empty, and viewers draw those fields anew when
    they are clicked: that is no fault of anybody. A few among many were emptied.
    """
    if cells and drawn >= _DRAWN_TO_UNSEEN * len(cells):
        yield refusal(
            "pdf.unseen-value",
            say_count(
                "{count} field holds a value, but shows nothing.",
                "{count} fields hold values, but show nothing.",
                len(cells),
            ),
            say("Open the form, see to it that every field shows what is meant, and save."),
            found="; ".join(cell.text for cell in cells)[:_FOUND_LENGTH],
            place=cells[0].place,
        )


def _value(field: PdfField) -> str | bool | None:
    if field.kind == "/Btn":
        if field.flags & _BUTTON:
            return None
        # a box is off as /Off, and on by whatever name its maker gave
        return any(value not in {"/Off", "Off"} for value in field.values) if field.values else None
    return field.values[0] if field.values else None


def _ticks(field: PdfField, cell: Cell) -> Iterator[Finding]:
    states = [widget.state for widget in field.widgets if widget.is_seen and widget.state]
    if states and not field.flags & _BUTTON and any(state != "/Off" for state in states) is not bool(cell.value):
        yield refusal(
            "pdf.other-look",
            say("The box is ticked for programs and empty for people, or the other way round."),
            say("Open the form, tick the box or take the tick away, and save."),
            place=cell.place,
        )


def _plain(text: str) -> str:
    """The letters and figures of a text that every font has."""
    return _PLAIN.sub("", unicodedata.normalize("NFC", text).casefold())


def _rich(rich: str, cell: Cell) -> Iterator[Finding]:
    """A text with styles is what viewers show."""
    try:
        root = etree.fromstring(rich.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return
    shown = "".join(str(text) for text in root.itertext())
    if "".join(shown.split()) != "".join(cell.text.split()):
        yield _differs(shown.strip(), cell.text, cell.place)
    elif "line-through" in rich:
        yield refusal(
            "pdf.struck-out",
            say("Something in the field is crossed out."),
            say("Delete what is crossed out, or take the line away, and save."),
            found=shown[:_FOUND_LENGTH],
            place=cell.place,
        )


def _differs(shown: str, held: str, place: Place) -> Finding:
    shown = " ".join(shown.split())[:_FOUND_LENGTH]
    message: Message = (
        say("The field shows something else than it holds (“{held}”).", held=" ".join(held.split())[:_FOUND_LENGTH])
        if held.strip()
        else say("The field shows a text that it does not hold; it was not read.")
    )
    mend = say("Open the form, delete the field's text, type it anew, and save.")
    return refusal("pdf.other-look", message, mend, found=shown, place=place)


def _hidden(cell: Cell) -> Finding:
    return refusal(
        "pdf.hidden-value",
        say("The value in this field cannot be seen; it was not read."),
        say("Fill in the form anew that the cluster sent out."),
        found=cell.text[:_FOUND_LENGTH],
        place=cell.place,
    )


def _written_over(text: str, place: Place) -> Finding:
    return refusal(
        "pdf.text-over-form",
        say("A text is written over the field, not into it; it was not read."),
        say("Delete what is written onto the page, click into the field, and type the value there."),
        found=" ".join(text.split())[:_FOUND_LENGTH],
        place=place,
    )
