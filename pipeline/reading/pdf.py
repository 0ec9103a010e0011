"""Fillable PDF: the fields of the form by name, the lines of its text layer, and what else is seen on its pages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pypdf.generic import BooleanObject

from pipeline.files.refusals import refusal
from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.pdf import Pdf
from pipeline.pdf.shown import PRINTED, Box, Shown, shown
from pipeline.reading import pdf_pages
from pipeline.reading.controls import lists_of_ticks
from pipeline.reading.pdf_fields import PdfField, dictionary_at, fields_of, text_of
from pipeline.reading.pdf_looks import Sight, cell_of, is_drawn, strange_looks, unseen
from pipeline.reading.pdf_pages import Note
from pipeline.reading.raw import Cell, Line, RawForm, beginning

_MARKER: Final = "kind"
#: What a form of ours says of itself: its kind and its version.
_OURS: Final = re.compile(r"[a-z0-9-]+/[0-9a-f]{8}")
#: What a form says stands on these; the secrecy gate looks at the others.
TEXT_PAGES: Final = 20


def read_pdf(pdf: Pdf) -> RawForm:
    """The fields of a fillable PDF by name, and its lines of text. Raises what pypdf raises for a broken one."""
    found = _each_once(fields_of(pdf))
    fields, forms = _without_prefix(found)
    marker, printed = (_held(fields, name) for name in (_MARKER, PRINTED))
    fields = [field for field in fields if field.name not in {_MARKER, PRINTED}]
    notes = pdf_pages.notes_of(pdf)
    lines = tuple(_lines(pdf))
    info = [text_of(value) for value in (pdf.reader.metadata or {}).values() if isinstance(value, str)]
    # for the secrecy gate also what nobody sees, and what is no value
    texts = (*info, *(value for field in found for value in field.values), *(line.cell.text for line in lines))
    texts = (*texts, *(note.text for note in notes))
    if not fields:
        why = _no_form([line.cell.text for line in lines if not line.cell.is_blank])
        return RawForm("pdf", blocks=lines, lines=texts, marker=marker, findings=(why,), is_unread=True)
    look = _Look(pdf, fields, notes, is_ours=_OURS.fullmatch(marker) is not None)
    named = lists_of_ticks(dict(look.cells()))
    words = [page.split() for page in printed.split("\f")] if printed else []
    return RawForm(
        "pdf", named=named, blocks=lines, lines=texts, marker=marker, findings=(*forms, *look.findings(words))
    )


def _held(fields: Sequence[PdfField], name: str) -> str:
    return next((value for field in fields if field.name == name for value in field.values), "")


def _each_once(fields: Sequence[PdfField]) -> list[PdfField]:
    """The fields by their names: two of one name, as in pages put together, are one with several places."""
    made: dict[str, PdfField] = {}
    for field in fields:
        other = made.get(field.name)
        if other is not None:
            values = tuple(dict.fromkeys((*other.values, *field.values)))
            field = replace(other, values=values, widgets=(*other.widgets, *field.widgets))  # noqa: PLW2901
        made[field.name] = field
    return list(made.values())


def _without_prefix(fields: list[PdfField]) -> tuple[list[PdfField], tuple[Finding, ...]]:
    """The fields by the names we gave them: programs that put files together hang ours below one of their own."""
    markers = [field.name for field in fields if field.name.rpartition(".")[2] == _MARKER]
    ours = [name for name in markers if _OURS.fullmatch(_held(fields, name))]
    if len(ours) > 1:
        return fields, (_two_forms(len(ours)),)
    prefix = ours[0].removesuffix(_MARKER) if ours else ""
    if not prefix:
        return fields, ()
    return [replace(field, name=field.name.removeprefix(prefix)) for field in fields], ()


def _two_forms(count: int) -> Finding:
    return refusal(
        "pdf.two-forms",
        say("The PDF is put together of {count} forms; only one can be read from a file.", count=count),
        say("Drop each form as a file of its own."),
    )


class _Look:
    """The fields together with what is seen of them and on their pages."""

    def __init__(self, pdf: Pdf, fields: Sequence[PdfField], notes: Sequence[Note], *, is_ours: bool) -> None:
        self.fields = fields
        self.is_ours = is_ours
        need = dictionary_at(dictionary_at(pdf.reader.trailer, "/Root"), "/AcroForm").get("/NeedAppearances")
        need = need.get_object() if need is not None else None
        self.is_drawn_anew = isinstance(need, BooleanObject) and bool(need.value)
        boxes: dict[int, list[Box]] = {}
        for widget in (widget for field in fields for widget in field.widgets):
            boxes.setdefault(widget.page, []).append(widget.box)
        self.pages = shown(pdf, [boxes.get(number, []) for number in range(1, len(pdf.pages) + 1)])
        self.under = dict(_by_box(boxes, self.pages))
        self.blank = {
            (number, box): is_blank
            for number, page in enumerate(self.pages, start=1)
            for box, is_blank in zip(boxes.get(number, ()), page.blank, strict=False)
        }
        self.drawn, self.unseen = 0, list[Cell]()
        self.over: dict[tuple[int, Box], list[str]] = {}
        self.notes = list(notes)
        for note in pdf_pages.typed_over(notes):
            box = pdf_pages.place_under(note, boxes)
            if box is not None:
                self.over.setdefault((note.page, box), []).append(note.text)
                self.notes.remove(note)

    def cells(self) -> Iterator[tuple[str, Cell]]:
        """The value of each field."""
        strange = {} if self.is_drawn_anew else self._strange()
        for field in self.fields:
            cell = cell_of(field, Sight(tuple(self._over(field)), strange.get(field.name, ""), self._is_blank(field)))
            if not self.is_drawn_anew and not cell.findings and (is_seen := is_drawn(field)) is not None:
                self.drawn += is_seen
                self.unseen += [] if is_seen else [cell]
            yield field.name, cell

    def _over(self, field: PdfField) -> Iterator[str]:
        for spot in ((widget.page, widget.box) for widget in field.widgets):
            yield from self.over.get(spot, ())
            # what others print where their fields are is theirs
            if self.is_ours and (under := self.under.get(spot, "")).strip():
                yield under

    def _is_blank(self, field: PdfField) -> bool:
        """Whether a field that has letters drawn for its value shows none of them at any of its places."""
        if self.is_drawn_anew or field.kind == "/Btn" or not any(value.strip() for value in field.values):
            return False
        places = [widget for widget in field.widgets if widget.is_seen and widget.look]
        return bool(places) and all(self.blank.get((widget.page, widget.box), False) for widget in places)

    def _strange(self) -> dict[str, str]:
        made: dict[str, str] = {}
        on_page: dict[int, list[PdfField]] = {}
        for field in self.fields:
            for number in {widget.page for widget in field.widgets}:
                on_page.setdefault(number, []).append(field)
        for number, page in enumerate(self.pages, start=1):
            made |= strange_looks(page, on_page.get(number, []))
        return made

    def findings(self, printed: Sequence[Sequence[str]]) -> Iterator[Finding]:
        """What lies beside the fields; `printed` are the words that a form of ours says it has on each page."""
        yield from pdf_pages.about_notes(self.notes)
        yield from unseen(self.drawn, self.unseen)
        if self.is_ours:
            yield from pdf_pages.about_pages(self.pages, printed)


def _by_box(boxes: Mapping[int, Sequence[Box]], pages: Sequence[Shown]) -> Iterator[tuple[tuple[int, Box], str]]:
    for number, page in enumerate(pages, start=1):
        for box, under in zip(boxes.get(number, ()), page.under, strict=True):
            yield (number, box), under


def _no_form(lines: Sequence[str]) -> Finding:
    if lines:
        return refusal(
            "pdf.no-form",
            say("This PDF has no fields to fill in, so it cannot be read as a form."),
            say("Fill in the form as .docx, .xlsx or fillable PDF. A signed paper of ours needs its code visible."),
            found=beginning(lines),
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


def _lines(pdf: Pdf) -> Iterator[Line]:
    """The text layer of the first pages, line by line."""
    for number, page in enumerate(pdf.reader.pages, start=1):
        # titles stand at the front; the values are in the fields
        if number > TEXT_PAGES:
            return
        for text in page.extract_text().splitlines():
            if text.strip():
                yield Line(Cell(text, Place(page=number)))
