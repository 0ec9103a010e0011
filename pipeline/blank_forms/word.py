"""A form as a Word file: labels beside content controls, tables with a row for every thing asked for; fill-only.

What reading relies on: a control's tag is the name of its place; labels, headings and headers of tables are those of
the fields, so that a form saved by a program that drops the tags is still read by them; the category in the file's
properties is the plan's marker. The same plan gives the same bytes.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.blank_forms import guides, page_layout, word_parts
from pipeline.blank_forms.plan import Entry, FormPlan, Part, Section, Table
from pipeline.blank_forms.word_controls import Controls, cell, paragraph, run
from pipeline.layout.applying import twips
from pipeline.ooxml import packed

_LINES: Final = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_SHADE: Final = "E9EFF7"


def write_word(plan: FormPlan) -> bytes:
    """The form as .docx bytes."""
    body = _Body()
    text = "".join(body.of(plan))
    parts = {
        **word_parts.FIXED,
        "word/document.xml": word_parts.document_xml(text),
        "word/footer1.xml": word_parts.footer_xml(guides.foot_line(plan.marker, plan.year)),
        "word/numbering.xml": word_parts.numbering_xml(body.lists),
        "docProps/core.xml": word_parts.core_xml(plan.name, plan.marker),
    }
    return packed(parts)


class _Body:
    """Writes the text of one form from top to bottom."""

    def __init__(self) -> None:
        self.controls = Controls()
        self.lists = 0  # of counted rows
        self.is_landscape = False

    def of(self, plan: FormPlan) -> Iterator[str]:
        """Everything between the first paragraph and the last section."""
        yield from _head(plan)
        for section, is_landscape in zip(plan.sections, page_layout.landscape_sections(plan), strict=True):
            yield self._turn(is_landscape)
            yield from self._section(section)
        # the last section of a Word file stands at its end, those before in their last paragraphs
        yield _page(is_landscape=self.is_landscape)

    def _section(self, section: Section) -> Iterator[str]:
        first = section.parts[0] if section.parts else None
        if section.heading:
            yield paragraph("FormHeading", run(section.heading) + _star(first if isinstance(first, Table) else None))
        for stretch in section.stretches:
            if isinstance(stretch, Table):
                yield from self._table(stretch)
            else:
                yield self._entries(stretch, "")

    def _turn(self, is_landscape: bool) -> str:
        """The end of a stretch of upright or turned pages, where the next part lies otherwise."""
        if is_landscape == self.is_landscape:
            return ""
        ended = _page(is_landscape=self.is_landscape)
        self.is_landscape = is_landscape
        return f'<w:p><w:pPr><w:pStyle w:val="FormGap"/>{ended}</w:pPr></w:p>'

    def _entries(self, entries: Iterable[Entry], prefix: str) -> str:
        """Places below each other: label, then control."""
        width_mm = page_layout.LANDSCAPE_MM if self.is_landscape else page_layout.PORTRAIT_MM
        widths = (page_layout.LABEL_MM, width_mm - page_layout.LABEL_MM)
        rows = [self._entry(entry, prefix + entry.name, widths) for entry in entries]
        return _table(widths, "".join(rows)) if rows else ""

    def _entry(self, entry: Entry, name: str, widths: tuple[float, float]) -> str:
        label = paragraph("FormLabel", run(entry.label) + _star(entry))
        hint = page_layout.hint(entry)
        if hint:
            label += paragraph("FormHint", run(hint))
        value = self.controls.cell(entry, name, entry.value, "FormValue", _look(widths[1]))
        return _row(cell(label, _look(widths[0], _SHADE)) + value)

    def _table(self, table: Table) -> Iterator[str]:
        if table.help:
            yield paragraph("FormNote", run(_sentence(table.help)))
        if page_layout.is_stacked(table):
            yield self._entries(page_layout.stacked(table), f"{table.name}.")
            return
        for text in _column_notes(table):
            yield paragraph("FormNote", run(text))
        # a list of its own, or the rows of the second table would be counted on from the first
        self.lists += 1
        widths = (page_layout.COUNTER_MM, *page_layout.widths_mm(table, is_landscape=self.is_landscape))
        rows = [self._row(table, at, widths) for at in range(table.row_count)]
        # what is filled in stays as it is; rows are added to the blank ones
        body = "".join(rows) if table.is_fixed else self.controls.repeated(table.label, rows)
        yield _table(widths, _header(table, widths) + body)

    def _row(self, table: Table, at: int, widths: tuple[float, ...]) -> str:
        values = table.rows[at] if at < len(table.rows) else {}
        count = (
            '<w:p><w:pPr><w:pStyle w:val="FormCount"/><w:numPr><w:ilvl w:val="0"/>'
            f'<w:numId w:val="{self.lists}"/></w:numPr></w:pPr></w:p>'
        )
        cells = [cell(count, _look(widths[0]))]
        for column, width in zip(table.columns, widths[1:], strict=True):
            # without the row: a tag that comes again is the next row, so that rows can be added in Word
            name = f"{table.name}.{column.name}"
            cells.append(self.controls.cell(column, name, values.get(column.name), "FormCell", _look(width)))
        return _row("".join(cells))


def _head(plan: FormPlan) -> Iterator[str]:
    yield paragraph("FormHead", run(plan.cluster.upper()))
    if plan.unit_name:
        yield paragraph("FormHead", run(plan.unit_name))
    yield paragraph("FormTitle", run(plan.title))
    yield paragraph("FormYear", run(guides.year_line(plan.year)))
    yield paragraph("FormNote", run(guides.how_in_word()))


def _column_notes(table: Table) -> Iterator[str]:
    """How to fill in the columns that need a word about it."""
    for column in table.columns:
        if column.help:
            yield f"{column.label} – {_sentence(column.help)}"


def _header(table: Table, widths: tuple[float, ...]) -> str:
    middle = '<w:vAlign w:val="center"/>'
    cells = [cell(paragraph("FormColumn", run(guides.number())), _look(widths[0], _SHADE, middle))]
    for column, width in zip(table.columns, widths[1:], strict=True):
        heading = paragraph("FormColumn", run(column.label) + _star(column))
        cells.append(cell(heading, _look(width, _SHADE, middle)))
    return _row("".join(cells), "<w:tblHeader/>")


def _star(part: Part | None) -> str:
    return run("\N{NO-BREAK SPACE}*", "FormRequired") if part is not None and part.is_required else ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _table(widths: Iterable[float], rows: str) -> str:
    """A lined table of fixed widths, and a small gap below so that two tables do not run into one."""
    # given, not fitted to the text: a long answer would push the other columns together
    columns = [twips(width) for width in widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:tblBorders>{_LINES}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
        f"{paragraph('FormGap', '')}"
    )


def _row(cells: str, more: str = "") -> str:
    # whole on one page: a label must not be parted from its place
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{cells}</w:tr>"


def _look(width_mm: float, shade: str = "", more: str = "") -> str:
    """The properties of a cell."""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return f'<w:tcW w:w="{twips(width_mm)}" w:type="dxa"/>{fill}{more}'


def _page(*, is_landscape: bool) -> str:
    """A4, upright or on its side."""
    short, long = twips(page_layout.SHORT_SIDE_MM), twips(page_layout.LONG_SIDE_MM)
    size = f'w:w="{long}" w:h="{short}" w:orient="landscape"' if is_landscape else f'w:w="{short}" w:h="{long}"'
    margins = " ".join(
        f'w:{side}="{twips(width)}"'
        for side, width in (
            ("top", page_layout.TOP_MM),
            ("right", page_layout.RIGHT_MM),
            ("bottom", page_layout.BOTTOM_MM),
            ("left", page_layout.LEFT_MM),
            ("header", 8.0),
            ("footer", 7.0),
            ("gutter", 0.0),
        )
    )
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{word_parts.FOOTER}"/>'
        f"<w:pgSz {size}/><w:pgMar {margins}/></w:sectPr>"
    )
