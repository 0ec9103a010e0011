"""Fillable PDF: the fields of the form by name, and the lines of its text layer."""

from collections.abc import Iterator
from typing import Final

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, PdfObject, StreamObject

from pipeline.files.refusals import refusal
from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.pdf import Pdf
from pipeline.reading.controls import lists_of_ticks
from pipeline.reading.raw import Cell, Line, RawForm

_TEXT_PAGES: Final = 20


def read_pdf(pdf: Pdf) -> RawForm:
    """The fields of a fillable PDF by name, and its lines of text. Raises what pypdf raises for a broken one."""
    named = lists_of_ticks(dict(_fields(pdf)))
    lines = tuple(_lines(pdf))
    marker = named.pop("kind", None)
    info = [str(value) for value in (pdf.reader.metadata or {}).values() if isinstance(value, str)]
    texts = (*info, *(cell.text for cell in named.values()), *(line.cell.text for line in lines))
    findings = () if named else (_no_form(has_text=any(not line.cell.is_blank for line in lines)),)
    return RawForm(
        "pdf", named=named, blocks=lines, lines=texts, marker=marker.text if marker else "", findings=findings
    )


def _no_form(*, has_text: bool) -> Finding:
    if has_text:
        return refusal(
            "pdf.no-form",
            say("This PDF has no fields to fill in, so it cannot be read as a form."),
            say("Fill in the form as .docx, .xlsx or fillable PDF. A signed paper of ours needs its code visible."),
        )
    return refusal(
        "A07",
        say("This PDF is a scan without text, and none of our document codes was found on it."),
        say(
            "Drop the Word or Excel file of the form. If there is only paper, the clerk types its values into an "
            "empty form and drops that into the unit's folder; a signed paper is scanned again at 300 dpi, its codes "
            "visible."
        ),
    )


def _fields(pdf: Pdf) -> Iterator[tuple[str, Cell]]:
    """Terminal fields with their full names; the page is that of the widget."""
    page_of = {
        annotation.idnum: number
        for number, page in enumerate(pdf.pages, start=1)
        for annotation in _array(page, "/Annots")
        if isinstance(annotation, IndirectObject)
    }
    form = _dictionary(_dictionary(pdf.reader.trailer, "/Root"), "/AcroForm")
    waiting = [(field, "", "") for field in reversed(_array(form, "/Fields"))]
    while waiting:
        reference, prefix, kind = waiting.pop()
        found = reference.get_object()
        if not isinstance(found, DictionaryObject):
            continue
        name = ".".join(part for part in (prefix, str(found.get("/T", ""))) if part)
        kind = str(found.get("/FT", kind))
        kids = _array(found, "/Kids")
        # kids with a name are fields of their own, those without are places of this one on the pages
        fields = [kid for kid in kids if "/T" in (kid.get_object() or {})]  # type: ignore[operator]
        waiting.extend((kid, name, kind) for kid in reversed(fields))
        # a field for a signature is no value of the form
        if not fields and name and kind != "/Sig":
            pages = [
                page_of.get(widget.idnum, 0) for widget in (reference, *kids) if isinstance(widget, IndirectObject)
            ]
            place = Place(page=min(filter(None, pages), default=1), label=str(found.get("/TU", "")), field=name)
            yield name, Cell(_value(found, kind), place)


def _dictionary(holder: DictionaryObject, key: str) -> DictionaryObject:
    found = holder.get(key)
    found = found.get_object() if found is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _array(holder: DictionaryObject, key: str) -> list[PdfObject]:
    """The members of an array, references unresolved."""
    found = holder.get(key)
    found = found.get_object() if found is not None else None
    return list(list.__iter__(found)) if isinstance(found, ArrayObject) else []


def _value(found: DictionaryObject, kind: str) -> str | bool | None:
    value = found.get("/V")
    value = value.get_object() if value is not None else None
    if isinstance(value, StreamObject):
        return value.get_data().decode("utf-8", errors="replace")
    if isinstance(value, ArrayObject):
        return "\n".join(str(item) for item in value)
    if value is None or isinstance(value, NullObject):
        return None
    text = str(value)
    if kind == "/Btn":
        # a box is off as /Off, and on by whatever name its maker gave
        return text not in {"/Off", ""}
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(pdf: Pdf) -> Iterator[Line]:
    """The text layer of the first pages, line by line."""
    for number, page in enumerate(pdf.reader.pages, start=1):
        # titles stand at the front; the values are in the fields
        if number > _TEXT_PAGES:
            return
        for text in page.extract_text().splitlines():
            if text.strip():
                yield Line(Cell(text, Place(page=number)))
