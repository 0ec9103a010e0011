"""A form as a fillable PDF: the page as it is printed, with a field for every place.

reportlab lays the pages out and says where each place came to stand; `pdf_fields` puts the fields there. A PDF cannot
grow: what does not fit in its rows must go into the Word or Excel form. A blind reader's program is given it whole
(PDF/UA-1): labels before their fields, tables with their heads. The same plan gives the same bytes.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    NextPageTemplate,
    PageBreak,
    Spacer,
)

from pipeline.blank_forms import guides, page_layout, pdf_fonts
from pipeline.blank_forms.pdf_fields import PdfField, with_fields
from pipeline.blank_forms.pdf_layout import (
    COLUMN,
    COUNT,
    ENTRY_SIZE,
    HEAD,
    HEADING,
    HINT,
    LABEL,
    LINE_HEIGHT,
    NOTE,
    PAD,
    SHADE,
    TITLE,
    YEAR,
    CheckBoxes,
    Place,
    Text,
    ruled_table,
    template,
)
from pipeline.blank_forms.plan import Entry, FormPlan, Part, Row, Section, Table, shown
from pipeline.messages import in_vietnamese
from pipeline.model import Json
from pipeline.pdf import serif
from pipeline.pdf.tagged import Element, TaggedCanvas, with_tree

_STAR: Final = '<font color="#C00000">\N{NO-BREAK SPACE}*</font>'
_TOGETHER: Final = 110.0  # a heading is not left alone: room for it, a header and two rows
_CELL_LINE: Final = 11.5
_CELL_SIZE: Final = 9.5
_SHORT_TEXT: Final = 60  # letters: what is longer may take several lines
_WORDY: Final = frozenset({"text", "lines", "doc_ref"})


def write_pdf(plan: FormPlan) -> bytes:
    """The form as PDF bytes."""
    serif.ready()
    pdf_fields: list[PdfField] = []
    out = io.BytesIO()
    foot = guides.foot_line(plan.marker, plan.year)
    # invariant: no time and no random id in the file
    document = BaseDocTemplate(out, invariant=1, title=plan.name, author="vanthu", lang="vi-VN")
    landscape_sections = page_layout.landscape_sections(plan)
    templates = [template(is_landscape=is_landscape, foot=foot) for is_landscape in (False, True)]
    # reportlab begins with the first template
    document.addPageTemplates(templates if not landscape_sections[0] else templates[::-1])
    tree = Element("Document")
    document.build(list(_Story(plan, landscape_sections, pdf_fields, tree).flowables()), canvasmaker=TaggedCanvas)
    # not packed: who reads a form that comes back would have to unpack hundreds of fields
    return with_tree(with_fields(out.getvalue(), pdf_fields, plan.marker), tree, plan.name, is_packed=False)


class _Story:
    """The form from top to bottom, as reportlab takes it."""

    def __init__(
        self, plan: FormPlan, landscape_sections: Sequence[bool], pdf_fields: list[PdfField], tree: Element
    ) -> None:
        self.plan = plan
        self.tree = tree
        self.landscape_sections = landscape_sections
        self.pdf_fields = pdf_fields
        self.is_landscape = landscape_sections[0]

    def flowables(self) -> Iterator[Flowable]:
        """Everything from the head of the form on."""
        yield from _head(self.plan, self.tree)
        for section, is_landscape in zip(self.plan.sections, self.landscape_sections, strict=True):
            if is_landscape != self.is_landscape:
                self.is_landscape = is_landscape
                yield NextPageTemplate("landscape" if is_landscape else "portrait")
                yield PageBreak()
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[Flowable]:
        first = section.parts[0] if section.parts else None
        if section.heading:
            yield CondPageBreak(
                _TOGETHER + sum(one.wrap(self._room(), 1000)[1] + 3 for one in _notes(first, Element("")))
            )
            star = _star(first if isinstance(first, Table) else None)
            yield Text.of(escape(section.heading) + star, HEADING, self.tree.add("H2"))
        for stretch in section.stretches:
            if isinstance(stretch, Table):
                yield from self._table(stretch)
            else:
                yield from self._entries([(entry.name, entry) for entry in stretch])

    def _room(self) -> float:
        """The width of the page without its margins."""
        return float((page_layout.LANDSCAPE_MM if self.is_landscape else page_layout.PORTRAIT_MM) * mm)

    def _entries(self, entries: Sequence[tuple[str, Entry]]) -> Iterator[Flowable]:
        """Places below each other: label, then field."""
        widths = [page_layout.LABEL_MM * mm, self._room() - page_layout.LABEL_MM * mm]
        rows, heights = [], []
        for name, entry in entries:
            label = self._label(entry, self.tree.add("P"))
            least = sum(one.wrap(widths[0] - 2 * PAD, 1000)[1] for one in label)
            field, height = self._field(name, entry, widths[1], least)
            rows.append([label, field])
            heights.append(height)
        yield ruled_table(rows, widths, heights, [("BACKGROUND", (0, 0), (0, -1), SHADE)])
        yield Spacer(1, 5)

    def _label(self, entry: Entry, element: Element) -> list[Text]:
        made = [Text.of(escape(entry.label) + _star(entry), LABEL, element)]
        hint = page_layout.hint(entry)
        return [*made, Text.of(escape(hint), HINT, element)] if hint else made

    def _field(self, name: str, entry: Entry, width: float, least: float) -> tuple[Flowable, float]:
        """The field of a single place, and the height of its row."""
        inside = width - 2 * PAD
        if page_layout.has_checkboxes(entry):
            boxes = CheckBoxes(self.pdf_fields, entry, inside, self.tree.add("Div"))
            return boxes, max(boxes.height, least) + 2 * PAD
        # a PDF cannot grow: room is given beforehand for what people usually write
        lines = entry.row_count if entry.is_list else 3 if entry.is_text else 1
        height = max(lines * LINE_HEIGHT + 4, least)
        about = _about(name, entry, entry.value, ENTRY_SIZE)
        self.tree.add("Form", field=name)
        return Place(self.pdf_fields, inside, height, about), height + 2 * PAD

    def _table(self, table: Table) -> Iterator[Flowable]:
        yield from _notes(table, self.tree)
        if page_layout.is_stacked(table):
            yield from self._entries([(table.cell_name(0, one), one) for one in page_layout.stacked(table)])
            return
        widths = [
            one * mm
            for one in (page_layout.COUNTER_MM, *page_layout.widths_mm(table, is_landscape=self.is_landscape))
        ]
        element = self.tree.add("Table")
        heads = element.add("TR")
        heading = [Text.of(escape(guides.number()), COLUMN, heads.add("TH"))]
        heading += [Text.of(escape(one.label) + _star(one), COLUMN, heads.add("TH")) for one in table.columns]
        top = max(one.wrap(width - 2 * PAD, 1000)[1] for one, width in zip(heading, widths, strict=True))
        height = max(
            _height(column, width, table.rows) for column, width in zip(table.columns, widths[1:], strict=True)
        )
        rows = [heading, *(self._row(table, at, widths, height, element.add("TR")) for at in range(table.row_count))]
        heights = [top + 2 * PAD + 2, *[height + 2 * PAD] * table.row_count]
        looks = [("BACKGROUND", (0, 0), (-1, 0), SHADE), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        yield ruled_table(rows, widths, heights, looks, repeated=1)
        yield Spacer(1, 5)

    def _row(self, table: Table, at: int, widths: Sequence[float], height: float, row: Element) -> list[Flowable]:
        values = table.rows[at] if at < len(table.rows) else {}
        cells: list[Flowable] = [Text.of(str(at + 1), COUNT, row.add("TD"))]
        for column, width in zip(table.columns, widths[1:], strict=True):
            about = _about(table.cell_name(at, column), column, values.get(column.name), _CELL_SIZE)
            row.add("TD").add("Form", field=about.name)
            # said to who listens to the form: all fields of a column would have one name otherwise
            label = in_vietnamese("{label}, row {row}", label=column.label, row=at + 1)
            cells.append(Place(self.pdf_fields, width - 2 * PAD, height, replace(about, label=label)))
        return cells


def _about(name: str, entry: Entry, value: Json, size: float) -> PdfField:
    """What a field is, whatever its place."""
    is_choice = bool(entry.choices) and not entry.is_list
    text = shown(entry, value)
    return PdfField(
        name=name,
        label=entry.label,
        text=text,
        value=_code(value) if is_choice else text,
        size=size,
        has_lines=not is_choice and _has_lines(entry),
        is_required=entry.is_required,
        # the length is that of one item: a list has none
        max_length=0 if entry.is_list else entry.max_length,
        choices=entry.choices if is_choice else (),
    )


def _code(value: Json) -> str:
    """What a list to choose from holds for a value."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _has_lines(entry: Entry) -> bool:
    """Whether a field takes several lines; what must stay on one is only wrapped."""
    is_wordy = entry.x_type in _WORDY and not 0 < entry.max_length <= _SHORT_TEXT
    return entry.is_list or is_wordy


def _height(column: Entry, width: float, rows: Iterable[Row]) -> float:
    """How high the rows of a table are for a column's sake: for what people write, and what stands there already."""
    if not _has_lines(column):
        return 1.3 * _CELL_LINE + 4
    texts = (shown(column, row.get(column.name)) for row in rows)
    filled = (len(pdf_fonts.lines_of(text, _CELL_SIZE, width - 2 * PAD - 4)) for text in texts)
    return max(2.2 if column.is_text or column.is_list else 1.7, *filled, 0) * _CELL_LINE + 4


def _head(plan: FormPlan, tree: Element) -> Iterator[Flowable]:
    yield Text.of(escape(plan.cluster.upper()), HEAD, tree.add("P"))
    if plan.unit_name:
        yield Text.of(escape(plan.unit_name), HEAD, tree.add("P"))
    yield Text.of(escape(plan.title), TITLE, tree.add("H1"))
    yield Text.of(escape(guides.year_line(plan.year)), YEAR, tree.add("P"))
    yield Text.of(escape(guides.how_in_pdf()), NOTE, tree.add("P"))


def _notes(part: Part | None, tree: Element) -> list[Text]:
    """What is said above a table about it and its columns."""
    if not isinstance(part, Table):
        return []
    texts = [part.help] if part.help else []
    return [Text.of(escape(text), NOTE, tree.add("P")) for text in (*texts, *_column_notes(part))]


def _column_notes(table: Table) -> Iterator[str]:
    """How to fill in the columns that need a word, and what the codes stand for where only the code has room."""
    if page_layout.is_stacked(table):
        return
    for column in table.columns:
        if column.help:
            yield f"{column.label} – {column.help}"
    contents = (choice for one in table.columns if one.x_type == "content_code" for choice in one.choices)
    long = {text: None for code, text in contents if text != code}
    if long:
        yield "; ".join(long)


def _star(part: Part | None) -> str:
    return _STAR if part is not None and part.is_required else ""
