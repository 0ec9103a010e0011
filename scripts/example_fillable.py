"""A fillable PDF as a unit fills it in: printed labels, and AcroForm fields named after the form's fields."""

import io
from typing import Any, Final

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.model import GROUP, TABLE, Address, Field, FormTree
from pipeline.years import Year
from scripts.example_values import Style, Typed, Values, label, typed

#: Debian's package fonts-liberation2; any font with Vietnamese letters will do.
FONT: Final = "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"
_LEFT, _RIGHT, _LINE = 60.0, 540.0, 24.0
_MULTILINE: Final = 1 << 12

Box = tuple[int, str, str, str, tuple[float, float, float, float]]


class Fillable:
    """One fillable form: a line for every value, a block for every row of a table."""

    def __init__(self, tree: FormTree, year: Year, style: Style) -> None:
        self.tree, self.year, self.style = tree, year, style
        pdfmetrics.registerFont(TTFont("Form", FONT))
        self.stream = io.BytesIO()
        self.canvas = Canvas(self.stream, pagesize=A4, invariant=1)
        self.page, self.y = 0, A4[1] - 60
        self.boxes: list[Box] = []

    def drawn(self, title: str, kind: str, values: Values) -> bytes:
        """The filled form; the hidden field "kind" says what it is a form of."""
        self._text(title, size=15)
        for field in self.tree.root.children:
            self._field(field, field.address, values.get(field.name))
        # a last page, taken off again, makes the appearance of every field known to the file
        self.canvas.showPage()
        for number in range(len(self.boxes)):
            self.canvas.doForm(_look(number))
        self.canvas.save()
        return _filled(self.stream.getvalue(), self.boxes, kind)

    def _text(self, text: str, size: int = 12) -> None:
        if self.y < 70:
            self.canvas.showPage()
            self.page, self.y = self.page + 1, A4[1] - 60
        self.canvas.setFont("Form", size)
        self.canvas.drawString(_LEFT, self.y, text)
        self.y -= _LINE

    def _field(self, field: Field, address: Address, value: Typed) -> None:
        if field.shape == GROUP:
            for inner in field.children:
                self._field(inner, address.child(inner.name), (value or {}).get(inner.name))
        elif field.shape == TABLE:
            self._text(label(field, self.style), size=13)
            for at, row in enumerate(value or []):
                self._text(f"{at + 1}.")
                for column in field.children:
                    self._field(column, address.child(at, column.name), row.get(column.name))
        else:
            text = "" if value is None else str(typed(self._item(field), value, self.style, self.year))
            self._text(label(field, self.style))
            top = self.y + _LINE
            box = (_LEFT + 240, top - 5, _RIGHT, top + 13)
            width, height = box[2] - box[0], box[3] - box[1]
            self.canvas.rect(box[0], box[1], width, height)
            self.canvas.beginForm(_look(len(self.boxes)), 0, 0, width, height)
            self.canvas.setFont("Form", min(11, 11 * (width - 6) / max(1, pdfmetrics.stringWidth(text, "Form", 11))))
            self.canvas.drawString(3, 5, text)
            self.canvas.endForm()
            self.boxes.append((self.page, address.field_name, label(field, self.style), text, box))

    def _item(self, field: Field) -> Field:
        return field.item or field


def _look(number: int) -> str:
    return f"look{number}"


def _filled(printed: bytes, boxes: list[Box], kind: str) -> bytes:
    """The printed pages with their fields put on."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(printed)))
    resources: Any = writer.pages[-1]["/Resources"]
    looks = resources["/XObject"]
    writer.remove_page(len(writer.pages) - 1)
    top: dict[str, tuple[IndirectObject, dict[str, Any]]] = {}
    roots = ArrayObject()
    for number, (page, name, tip, value, box) in enumerate([*boxes, (0, "kind", "", kind, (0.0, 0.0, 0.0, 0.0))]):
        look = looks.raw_get(f"/FormXob.{_look(number)}") if number < len(boxes) else None
        parent, known, kids = None, top, roots
        *way, last = name.split(".")
        for part in way:
            if part not in known:
                group = DictionaryObject(
                    {NameObject("/T"): TextStringObject(part), NameObject("/Kids"): ArrayObject()}
                )
                if parent is not None:
                    group[NameObject("/Parent")] = parent
                known[part] = (writer._add_object(group), {})
                kids.append(known[part][0])
            parent, known = known[part]
            group_of: Any = parent.get_object()
            kids = group_of["/Kids"]
        widget = _widget(writer, page, last, tip, value, box, parent)
        if look is not None:
            drawn: Any = widget.get_object()
            drawn[NameObject("/AP")] = DictionaryObject({NameObject("/N"): look})
        kids.append(widget)
    writer._root_object[NameObject("/AcroForm")] = writer._add_object(_acro_form(writer, roots))
    writer._ID = None
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _widget(
    writer: PdfWriter,
    page: int,
    name: str,
    tip: str,
    value: str,
    box: tuple[float, float, float, float],
    parent: IndirectObject | None,
) -> IndirectObject:
    widget = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject(name),
            NameObject("/V"): TextStringObject(value),
            NameObject("/DA"): TextStringObject("/Helv 10 Tf 0 g"),
            NameObject("/F"): NumberObject(4 if tip else 2),  # print; the hidden one has no label
            NameObject("/Ff"): NumberObject(_MULTILINE if len(value) > 60 else 0),
            NameObject("/Rect"): ArrayObject(FloatObject(side) for side in box),
        }
    )
    if tip:
        widget[NameObject("/TU")] = TextStringObject(tip)
    if parent is not None:
        widget[NameObject("/Parent")] = parent
    reference = writer._add_object(widget)
    on = writer.pages[page]
    widget[NameObject("/P")] = on.indirect_reference
    annotations = on.get("/Annots")
    if annotations is None:
        on[NameObject("/Annots")] = ArrayObject([reference])
    else:
        annotations.append(reference)
    return reference


def _acro_form(writer: PdfWriter, roots: ArrayObject) -> DictionaryObject:
    helvetica = writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
    )
    fonts = DictionaryObject({NameObject("/Helv"): helvetica})
    return DictionaryObject(
        {
            NameObject("/Fields"): roots,
            NameObject("/NeedAppearances"): BooleanObject(value=False),
            NameObject("/DA"): TextStringObject("/Helv 10 Tf 0 g"),
            NameObject("/DR"): DictionaryObject({NameObject("/Font"): fonts}),
        }
    )
