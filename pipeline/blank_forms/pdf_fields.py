"""The fields of a PDF form, put on pages that are laid out already: texts, lists to choose from, boxes to tick.

Every field has its full dotted name, its label for those who listen or point at it, and an appearance of its own, so
that no viewer has to draw it before somebody types (asked to draw all fields anew, viewers built on PDFium lose the
Vietnamese letters that are not in Latin-1).
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from pipeline.blank_forms import pdf_fonts
from pipeline.blank_forms.pdf_fonts import dictionary
from pipeline.pdf.shown import PRINTED, words

_FONT: Final = "/FormSerif"
_PRINTED, _HIDDEN = 4, 2  # of a widget
_REQUIRED, _MULTILINE, _COMBO = 1 << 1, 1 << 12, 1 << 17  # of a field
_READ_ONLY: Final = 1
_MARGIN: Final = 2.0
_LEADING: Final = 1.17
_SMALLEST: Final = 5.0
_STEP: Final = 0.5
_ON: Final = "/Yes"


@dataclass(frozen=True)
class PdfField:
    """One field: its page (from 0), its rectangle in points, and what it is.

    `text` is what it shows, `value` what it holds (the code of a choice). `size` is that of its letters in points;
    where there are several lines, the largest, for those shrink until all fits. `choices` are (value, shown).
    """

    name: str
    label: str
    page: int = 0
    box: tuple[float, float, float, float] = (0, 0, 0, 0)
    text: str = ""
    value: str = ""
    size: float = 11.0
    has_lines: bool = False
    is_required: bool = False
    max_length: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    is_box: bool = False
    is_on: bool = False

    @property
    def size_pt(self) -> tuple[float, float]:
        """Width and height."""
        left, bottom, right, top = self.box
        return round(right - left, 2), round(top - bottom, 2)


def with_fields(pages: bytes, pdf_fields: Sequence[PdfField], marker: str) -> bytes:
    """The PDF with a field at every pdf_field, and two hidden ones that say which form it is and what it printed."""
    writer = PdfWriter(io.BytesIO(pages))
    fields = _Fields(writer)
    # what somebody writes onto the page later is told by what is not among these words
    printed = "\f".join(" ".join(one) for one in words(pages))
    # the marks are fields too: such as nobody sees, prints or changes
    for pdf_field in (PdfField("kind", "", value=marker), PdfField(PRINTED, "", value=printed), *pdf_fields):
        fields.add(pdf_field)
    fonts = DictionaryObject({NameObject(_FONT): fields.font})
    form = {
        "/Fields": fields.top,
        "/DR": DictionaryObject({NameObject("/Font"): fonts}),
        "/DA": TextStringObject(f"{_FONT} 11 Tf 0 g"),
        # asked to draw them, viewers built on PDFium lose Vietnamese letters
        "/NeedAppearances": BooleanObject(False),
    }
    root = writer.root_object
    root[NameObject("/AcroForm")] = writer._add_object(dictionary(form))
    root[NameObject("/Lang")] = TextStringObject("vi-VN")
    for page in writer.pages:
        page[NameObject("/Tabs")] = NameObject("/S")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class _Fields:
    """The tree of fields: "targets.0.due" is a field of "0", which is one of "targets"."""

    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        self.font = pdf_fonts.embedded(writer)
        self.top = ArrayObject()
        self.groups: dict[str, IndirectObject] = {}
        self.options: dict[tuple[tuple[str, str], ...], IndirectObject] = {}

    def add(self, pdf_field: PdfField) -> None:
        """One more field, on its page and in the tree."""
        page = self.writer.pages[pdf_field.page]
        before, _, name = pdf_field.name.rpartition(".")
        entries: dict[str, Any] = {
            "/Type": NameObject("/Annot"),
            "/Subtype": NameObject("/Widget"),
            "/Rect": ArrayObject([FloatObject(round(edge, 2)) for edge in pdf_field.box]),
            "/P": page.indirect_reference,
            "/T": TextStringObject(name),
            "/F": NumberObject(_PRINTED if pdf_field.label else _HIDDEN),
            **({"/TU": TextStringObject(pdf_field.label)} if pdf_field.label else {}),
            **(self._box(pdf_field) if pdf_field.is_box else self._text(pdf_field)),
        }
        group = self._group(before)
        if group is not None:
            entries["/Parent"] = group
        field = self.writer._add_object(dictionary(entries))
        self._kids(group).append(field)
        if "/Annots" not in page:
            page[NameObject("/Annots")] = ArrayObject()
        cast(ArrayObject, page["/Annots"]).append(field)

    def _group(self, name: str) -> IndirectObject | None:
        """The field above, made with those above it when it is first asked for."""
        if not name:
            return None
        if name not in self.groups:
            before, _, last = name.rpartition(".")
            above = self._group(before)
            entries: dict[str, Any] = {"/T": TextStringObject(last), "/Kids": ArrayObject()}
            if above is not None:
                entries["/Parent"] = above
            self.groups[name] = self.writer._add_object(dictionary(entries))
            self._kids(above).append(self.groups[name])
        return self.groups[name]

    def _kids(self, group: IndirectObject | None) -> ArrayObject:
        return self.top if group is None else cast(ArrayObject, cast(DictionaryObject, group.get_object())["/Kids"])

    def _text(self, pdf_field: PdfField) -> dict[str, Any]:
        flags = (
            _REQUIRED * pdf_field.is_required | _MULTILINE * pdf_field.has_lines | _COMBO * bool(pdf_field.choices)
        )
        size = 0 if pdf_field.has_lines else pdf_field.size  # 0: as large as all of it still fits
        entries: dict[str, Any] = {
            "/FT": NameObject("/Ch" if pdf_field.choices else "/Tx"),
            "/Ff": NumberObject(flags if pdf_field.label else _READ_ONLY),
            "/DA": TextStringObject(f"{_FONT} {size:g} Tf 0 g"),
            "/V": TextStringObject(pdf_field.value),
            "/AP": dictionary({"/N": self._appearance(pdf_field.size_pt, _written(pdf_field))}),
        }
        if pdf_field.choices:
            entries["/Opt"] = self._options(pdf_field.choices)
        elif pdf_field.max_length:
            entries["/MaxLen"] = NumberObject(pdf_field.max_length)
        return entries

    def _options(self, choices: tuple[tuple[str, str], ...]) -> IndirectObject:
        """A list to choose from, the same for all fields that offer it; it begins with nothing."""
        # one list for all: a table of ten rows would hold the names of all units ten times
        if choices not in self.options:
            pairs = (("", ""), *choices)
            made = ArrayObject(ArrayObject(map(TextStringObject, pair)) for pair in pairs)
            self.options[choices] = self.writer._add_object(made)
        return self.options[choices]

    def _box(self, pdf_field: PdfField) -> dict[str, Any]:
        side = pdf_field.size_pt[0]
        cross = f"0.9 w {side * 0.2:.2f} {side * 0.2:.2f} m {side * 0.8:.2f} {side * 0.8:.2f} l S "
        cross += f"{side * 0.2:.2f} {side * 0.8:.2f} m {side * 0.8:.2f} {side * 0.2:.2f} l S"
        state = NameObject(_ON if pdf_field.is_on else "/Off")
        looks = {_ON: self._appearance(pdf_field.size_pt, cross), "/Off": self._appearance(pdf_field.size_pt, "")}
        return {
            "/FT": NameObject("/Btn"),
            "/Ff": NumberObject(0),
            "/V": state,
            "/AS": state,
            "/AP": dictionary({"/N": dictionary(looks)}),
            "/MK": dictionary({"/CA": TextStringObject("8")}),  # the cross of Zapf Dingbats, where a viewer draws it
        }

    def _appearance(self, size_pt: tuple[float, float], drawn: str) -> IndirectObject:
        """What a field looks like: its own, even where two look alike, for programs write over it as they fill in."""
        stream = DecodedStreamObject()
        stream.set_data(f"/Tx BMC q {drawn} Q EMC".encode() if drawn else b"/Tx BMC EMC")
        stream[NameObject("/Type")] = NameObject("/XObject")
        stream[NameObject("/Subtype")] = NameObject("/Form")
        stream[NameObject("/BBox")] = ArrayObject([FloatObject(round(edge, 2)) for edge in (0, 0, *size_pt)])
        fonts = DictionaryObject({NameObject(_FONT): self.font})
        stream[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        return self.writer._add_object(stream)


def _written(pdf_field: PdfField) -> str:
    """The operators that draw what a field shows."""
    if not pdf_field.text:
        return ""
    width, height = pdf_field.size_pt
    lines, size = _fitted(pdf_field.text, pdf_field, width - 2 * _MARGIN, height - 2 * _MARGIN)
    leading = size * _LEADING
    top = height - _MARGIN - size * 0.9 if pdf_field.has_lines else (height - size * 0.66) / 2
    shown = f" 0 {-leading:.2f} Td ".join(f"<{pdf_fonts.encoded(line)}> Tj" for line in lines)
    clip = f"{_MARGIN / 2:g} {_MARGIN / 2:g} {width - _MARGIN:.2f} {height - _MARGIN:.2f} re W n"
    return f"{clip} BT {_FONT} {size:g} Tf 0 g {_MARGIN:g} {top:.2f} Td {shown} ET"


def _fitted(text: str, pdf_field: PdfField, width: float, height: float) -> tuple[Iterable[str], float]:
    """The lines of a text and the size at which they fit."""
    if not pdf_field.has_lines:
        return [text], pdf_field.size
    size = pdf_field.size
    lines = pdf_fonts.lines_of(text, size, width)
    while size > _SMALLEST and len(lines) * size * _LEADING > height:
        size -= _STEP
        lines = pdf_fonts.lines_of(text, size, width)
    return lines, size
