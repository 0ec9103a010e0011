"""A form as a fillable PDF: the page as it is printed, with a field for every place.

reportlab lays the pages out and says where each place came to stand; `widgets` puts the fields there. A PDF cannot
grow: what does not fit in its rows must go into the Word or Excel form. The same plan gives the same bytes.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)
from reportlab.platypus import (
    Table as Grid,
)

from pipeline.forms import lettering, paper
from pipeline.forms.lettering import BOLD, ITALIC, REGULAR
from pipeline.forms.plan import Entry, FormPlan, Part, Section, Table, shown
from pipeline.forms.widgets import Spot, with_fields
from pipeline.messages import say
from pipeline.model import Json

_GREY: Final = HexColor("#595959")
_LINE: Final = HexColor("#808080")
_SHADE: Final = HexColor("#E9EFF7")
_STAR: Final = '<font color="#C00000"> *</font>'
_PAD: Final = 3.0
_TOGETHER: Final = 110.0  # a heading is not left alone: room for it, a header and two rows
_LINE_HEIGHT: Final = 13.0
_ENTRY_SIZE, _CELL_SIZE = 11.0, 9.5
_SHORT_TEXT: Final = 60  # letters: what is longer may take several lines
_WORDY: Final = frozenset({"text", "lines", "doc_ref"})


def write_fillable(plan: FormPlan) -> bytes:
    """The form as PDF bytes."""
    lettering.ready()
    spots: list[Spot] = []
    out = io.BytesIO()
    foot = say("Form {marker} for the emulation year {year}", marker=plan.marker, year=plan.year).vi
    document = BaseDocTemplate(out, invariant=1, title=plan.name, author="vanthu", lang="vi-VN")
    turns = paper.turns(plan)
    templates = [_template(is_sideways, foot) for is_sideways in (False, True)]
    document.addPageTemplates(templates if not turns[0] else templates[::-1])
    document.build(list(_Story(plan, turns, spots).told()))
    return with_fields(out.getvalue(), spots, plan.marker)


def _style(name: str, font: str, size: float, **more: object) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.18, **more)


_HEAD: Final = _style("head", BOLD, 12, alignment=TA_CENTER)
_TITLE: Final = _style("title", BOLD, 16, alignment=TA_CENTER, spaceBefore=6)
_YEAR: Final = _style("year", ITALIC, 12, alignment=TA_CENTER, spaceAfter=4)
_NOTE: Final = _style("note", ITALIC, 9.5, textColor=_GREY, spaceAfter=3)
_HEADING: Final = _style("heading", BOLD, 13, textColor=HexColor("#1F3864"), spaceBefore=9, spaceAfter=4)
_LABEL: Final = _style("label", BOLD, 11)
_HINT: Final = _style("hint", ITALIC, 8.5, textColor=_GREY)
_COLUMN: Final = _style("column", BOLD, 9.5, alignment=TA_CENTER)
_COUNT: Final = _style("count", REGULAR, 9.5, alignment=TA_CENTER)


class _Place(Flowable):  # type: ignore[misc]
    """Where a field will be: it draws nothing and notes where it came to stand."""

    def __init__(self, spots: list[Spot], width: float, height: float, about: Spot) -> None:
        super().__init__()
        self.spots = spots
        self.width, self.height = width, height
        self.about = about

    def draw(self) -> None:
        left, bottom = self.canv.absolutePosition(0, 0)
        box = (left, bottom, left + self.width, bottom + self.height)
        self.spots.append(replace(self.about, page=self.canv.getPageNumber() - 1, box=box))


class _Boxes(Flowable):  # type: ignore[misc]
    """Boxes to tick, one below the other, each with its word."""

    def __init__(self, spots: list[Spot], entry: Entry, width: float) -> None:
        super().__init__()
        self.spots, self.entry = spots, entry
        self.width, self.height = width, len(entry.choices) * (_LINE_HEIGHT + 2) + 2

    def draw(self) -> None:
        chosen = self.entry.value if isinstance(self.entry.value, list) else []
        side = 9.0
        for at, (code, text) in enumerate(self.entry.choices, start=1):
            bottom = self.height - at * (_LINE_HEIGHT + 2) + 1
            self.canv.setStrokeColor(_LINE)
            self.canv.rect(2, bottom, side, side)
            self.canv.setFont(REGULAR, _ENTRY_SIZE)
            self.canv.drawString(side + 8, bottom + 1, text)
            x, y = self.canv.absolutePosition(2, bottom)
            self.spots.append(
                Spot(
                    name=f"{self.entry.name}={code}",
                    label=f"{self.entry.label}: {text}",
                    page=self.canv.getPageNumber() - 1,
                    box=(x, y, x + side, y + side),
                    is_box=True,
                    is_on=code in chosen,
                )
            )


class _Story:
    """The form from top to bottom, as reportlab takes it."""

    def __init__(self, plan: FormPlan, turns: Sequence[bool], spots: list[Spot]) -> None:
        self.plan = plan
        self.turns = turns
        self.spots = spots
        self.is_sideways = turns[0]

    def told(self) -> Iterator[Flowable]:
        """Everything from the head of the form on."""
        yield from _head(self.plan)
        for section, is_sideways in zip(self.plan.sections, self.turns, strict=True):
            if is_sideways != self.is_sideways:
                self.is_sideways = is_sideways
                yield NextPageTemplate("sideways" if is_sideways else "upright")
                yield PageBreak()
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[Flowable]:
        first = section.parts[0] if section.parts else None
        if section.heading:
            yield CondPageBreak(_TOGETHER)
            star = _star(first if isinstance(first, Table) else None)
            yield Paragraph(escape(section.heading) + star, _HEADING)
        waiting: list[tuple[str, Entry]] = []
        for part in section.parts:
            if isinstance(part, Entry):
                waiting.append((part.name, part))
                continue
            yield from self._entries(waiting)
            waiting = []
            yield from self._table(part)
        yield from self._entries(waiting)

    def _entries(self, entries: Sequence[tuple[str, Entry]]) -> Iterator[Flowable]:
        """Places below each other: label, then field."""
        if not entries:
            return
        room = (paper.SIDEWAYS_MM if self.is_sideways else paper.UPRIGHT_MM) * mm
        widths = [paper.LABEL_MM * mm, room - paper.LABEL_MM * mm]
        rows, heights = [], []
        for name, entry in entries:
            label = self._label(entry)
            least = sum(one.wrap(widths[0] - 2 * _PAD, 1000)[1] for one in label)
            field, height = self._field(name, entry, widths[1], least)
            rows.append([label, field])
            heights.append(height)
        yield _lined(rows, widths, heights, [("BACKGROUND", (0, 0), (0, -1), _SHADE)])
        yield Spacer(1, 5)

    def _label(self, entry: Entry) -> list[Paragraph]:
        made = [Paragraph(escape(entry.label) + _star(entry), _LABEL)]
        hint = paper.hint(entry)
        return [*made, Paragraph(escape(hint), _HINT)] if hint else made

    def _field(self, name: str, entry: Entry, width: float, least: float) -> tuple[Flowable, float]:
        """The field of a single place, and the height of its row."""
        inside = width - 2 * _PAD
        if paper.ticks(entry):
            boxes = _Boxes(self.spots, entry, inside)
            return boxes, max(boxes.height, least) + 2 * _PAD
        lines = entry.row_count if entry.is_list else 3 if entry.is_text else 1
        height = max(lines * _LINE_HEIGHT + 4, least)
        about = _about(name, entry, entry.value, _ENTRY_SIZE)
        return _Place(self.spots, inside, height, about), height + 2 * _PAD

    def _table(self, table: Table) -> Iterator[Flowable]:
        if table.help:
            yield Paragraph(escape(table.help), _NOTE)
        if paper.is_cards(table):
            values = table.rows[0] if table.rows else {}
            cards = [
                (table.cell_name(0, one), Entry(**{**vars(one), "value": values.get(one.name), "row_count": 1}))
                for one in table.columns
            ]
            yield from self._entries(cards)
            return
        for text in _column_notes(table):
            yield Paragraph(escape(text), _NOTE)
        widths = [one * mm for one in (paper.COUNTER_MM, *paper.widths_mm(table, is_sideways=self.is_sideways))]
        heading = [Paragraph(escape(say("No.").vi), _COLUMN)]
        heading += [Paragraph(escape(one.label) + _star(one), _COLUMN) for one in table.columns]
        top = max(one.wrap(width - 2 * _PAD, 1000)[1] for one, width in zip(heading, widths, strict=True))
        height = max(_lines_in(column) for column in table.columns) * (_LINE_HEIGHT - 1.5) + 4
        rows = [heading, *(self._row(table, at, widths, height) for at in range(table.row_count))]
        heights = [top + 2 * _PAD + 2, *[height + 2 * _PAD] * table.row_count]
        looks = [("BACKGROUND", (0, 0), (-1, 0), _SHADE), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        yield _lined(rows, widths, heights, looks, repeated=1)
        yield Spacer(1, 5)

    def _row(self, table: Table, at: int, widths: Sequence[float], height: float) -> list[Flowable]:
        values = table.rows[at] if at < len(table.rows) else {}
        cells: list[Flowable] = [Paragraph(str(at + 1), _COUNT)]
        for column, width in zip(table.columns, widths[1:], strict=True):
            about = _about(table.cell_name(at, column), column, values.get(column.name), _CELL_SIZE)
            label = say("{label}, row {row}", label=column.label, row=at + 1).vi
            cells.append(_Place(self.spots, width - 2 * _PAD, height, replace(about, label=label)))
        return cells


def _about(name: str, entry: Entry, value: Json, size: float) -> Spot:
    """What a field is, whatever its place."""
    is_choice = bool(entry.choices) and not entry.is_list
    text = shown(entry, value)
    return Spot(
        name=name,
        label=entry.label,
        text=text,
        value=_code(value) if is_choice else text,
        size=size,
        has_lines=not is_choice and _has_lines(entry),
        is_required=entry.is_required,
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


def _lines_in(column: Entry) -> float:
    """How high the rows of a table are for a column's sake."""
    if not _has_lines(column):
        return 1.3
    return 2.6 if column.is_text or column.is_list else 1.8


def _head(plan: FormPlan) -> Iterator[Flowable]:
    yield Paragraph(escape(plan.cluster.upper()), _HEAD)
    if plan.unit_name:
        yield Paragraph(escape(plan.unit_name), _HEAD)
    yield Paragraph(escape(plan.title), _TITLE)
    yield Paragraph(escape(say("form for the emulation year {year}", year=plan.year).vi), _YEAR)
    how = say("Fill in the fields; those marked * are required. Save and send this very file back.").vi
    yield Paragraph(escape(how), _NOTE)


def _column_notes(table: Table) -> Iterator[str]:
    """How to fill in the columns that need a word, and what the codes stand for where only the code has room."""
    for column in table.columns:
        if column.help:
            yield f"{column.label} – {column.help}"
    contents = (choice for one in table.columns if one.x_type == "content_code" for choice in one.choices)
    long = {text: None for code, text in contents if text != code}
    if long:
        yield "; ".join(long)


def _star(part: Part | None) -> str:
    return _STAR if part is not None and part.is_required else ""


def _lined(
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    heights: Sequence[float],
    looks: Iterable[tuple[Any, ...]],
    repeated: int = 0,
) -> Grid:
    """A table with lines; rows stay whole on a page, the first ones are repeated on each."""
    style = [
        ("GRID", (0, 0), (-1, -1), 0.5, _LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *((f"{side}PADDING", (0, 0), (-1, -1), _PAD) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
        *looks,
    ]
    return Grid(rows, widths, heights, style=TableStyle(style), repeatRows=repeated, hAlign="LEFT")


def _template(is_sideways: bool, foot: str) -> PageTemplate:
    """A4, upright or on its side, with what the form is and the page at its foot."""
    short, long = paper.SHORT_SIDE_MM * mm, paper.LONG_SIDE_MM * mm
    width, height = (long, short) if is_sideways else (short, long)
    frame = Frame(
        paper.LEFT_MM * mm,
        paper.BOTTOM_MM * mm,
        width - (paper.LEFT_MM + paper.RIGHT_MM) * mm,
        height - (paper.TOP_MM + paper.BOTTOM_MM) * mm,
        0,
        0,
        0,
        0,
    )

    def draw_foot(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(_GREY)
        canvas.drawString(paper.LEFT_MM * mm, 8 * mm, foot)
        canvas.drawRightString(width - paper.RIGHT_MM * mm, 8 * mm, str(document.page))

    name = "sideways" if is_sideways else "upright"
    return PageTemplate(name, [frame], onPage=draw_foot, pagesize=(width, height))
