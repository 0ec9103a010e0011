"""From what a file holds to the fields of a kind: names first, then headers of tables, then labels beside values."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final

from pipeline.files.refusals import refusal, warning
from pipeline.messages import say
from pipeline.model import WHOLE, Address, Field, Finding, of_field_name
from pipeline.reading.context import KindForm
from pipeline.reading.continued_tables import with_continuations
from pipeline.reading.found import Found, Labelled
from pipeline.reading.items import spread
from pipeline.reading.labels import has_accents, pieces_apart, without_bullet, without_leaders
from pipeline.reading.nested_tables import nest_rows
from pipeline.reading.raw import Cell, Grid, Line, RawForm
from pipeline.reading.spans import drop_stale, spans_of, take_span
from pipeline.reading.tables import header_at, take_rows
from pipeline.reading.values import is_empty

_FAR: Final = 6  # blank columns between a label and its value
_LONGEST_LABEL: Final = 24  # words


def find_fields(raw: RawForm, form: KindForm) -> tuple[Found, tuple[Finding, ...]]:
    """Where each field of the form stands in the file, and names that the form does not know."""
    found = Found(form, is_unaccented=not any(has_accents(line) for line in raw.lines))
    findings = (*_outdated(raw, form), *_take_named(raw, found))
    if raw.marker and not raw.tree:
        drop_stale(raw, found)
    walk = _Walk(found)
    for block in with_continuations(raw.blocks, found):
        if isinstance(block, Line):
            walk.line(block.cell)
        else:
            walk.grid(block)
    if not raw.tree:
        nest_rows(found)
    spread(found)
    return found, (*findings, *found.findings)


def _outdated(raw: RawForm, form: KindForm) -> Iterator[Finding]:
    """I14: the form was made before its fields changed. A form that says nothing of its version is free-hand."""
    version = raw.marker.partition("/")[2]
    if version and version != form.tree.version:
        yield warning(
            "I14",
            say("This is an earlier version of the form."),
            say("Ask the clerk for the new form, and use it from now on."),
            found=raw.marker,
        )


def _take_named(raw: RawForm, found: Found) -> Iterator[Finding]:
    for name, cell in raw.named.items():
        tree = found.form.tree
        address = Address.of(name) if name.startswith("/") else of_field_name(name, tree.is_table)
        # Word and Excel files may hold names of others; in YAML and JSON every name is meant for us
        node = tree.field_of(address)
        if node is None:
            if raw.tree:
                yield _unknown(name, cell)
            elif raw.format == "pdf":
                yield from _beside(cell)
            continue
        if not node.is_group:
            found.cells[address] = cell
            found.named.add(address)
        elif not is_empty(cell):
            yield _no_group(node, cell)


def _no_group(node: Field, cell: Cell) -> Finding:
    return refusal(
        "field.shape",
        say("“{label}” has parts of its own; one text cannot stand for them.", label=node.label),
        say("Write each part on a line of its own below it, as in the form that the cluster sent out."),
        found=cell.text[:100],
        place=replace(cell.place, pointer=node.address, label=node.label),
    )


def _unknown(name: str, cell: Cell) -> Finding:
    return refusal(
        "field.unknown",
        say("The form has no field “{field}”.", field=_named(name)),
        say("Check the spelling against the form that the cluster sent out, or delete the line."),
        place=replace(cell.place, pointer=WHOLE),
    )


def _beside(cell: Cell) -> Iterator[Finding]:
    """A field of a PDF that is none of the form's: what is typed there people see, unlike a name in a workbook."""
    if not is_empty(cell) and cell.value is not False:
        yield refusal(
            "pdf.field-unknown",
            say("Something is filled in where the form has no field; it was not read."),
            say("Type it into the fields of the form that the cluster sent out, and add no fields to it."),
            found=cell.text[:100],
            place=cell.place,
        )
    yield from cell.findings


def _named(name: str) -> str:
    return Address.of(name).dotted if name.startswith("/") else name


class _Walk:
    """Goes through the blocks in order, remembering under which heading it is and which value goes on."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.going_on = WHOLE  # the address of a value whose further lines follow

    def line(self, cell: Cell) -> None:
        """A paragraph: label and value, a heading, or one more line of the value before."""
        for text in cell.text.split("\n"):
            if text.strip():
                self._text(cell.holding(text))

    def grid(self, grid: Grid) -> None:
        """A table or a sheet."""
        self.going_on = WHOLE
        self.found.sheet = grid.sheet
        if grid.sheet and (group := self.found.group(grid.sheet)):
            self.found.section = group
        at = 0
        spans = spans_of(grid, self.found)
        while at < len(grid.rows):
            span = next((span for span in spans if span.first <= at <= span.last), None)
            if span is not None:
                at = take_span(grid, span, self.found)
                continue
            header = header_at(grid, at, self.found)
            span = next((span for span in spans if header is not None and span.node == header.node), None)
            if header is not None and span is not None:  # rows inserted at its top are its own
                at = take_span(grid, replace(span, first=header.below), self.found) if at < span.first else at + 1
            elif header is not None:
                at = take_rows(grid, header, self.found)
                # the heading above a table says nothing of what stands below it
                self.found.section = None
            else:
                self._row(grid, at)
                at += 1
        self.found.sheet = ""
        self.going_on = WHOLE

    def _text(self, cell: Cell) -> None:
        pairs = list(self._pairs(cell.text)) or list(self._apart(cell.text))
        if pairs:
            for labelled, value in pairs:
                self._put(labelled, cell.holding(value))
        elif (group := self.found.group(cell.text)) is not None:
            self._enter(group, cell)
        elif self.going_on:
            self.found.add_line(self.going_on, cell.holding(without_bullet(cell.text)))

    def _enter(self, group: Field, cell: Cell) -> None:
        """A heading: of a group, a table, or a list whose lines follow."""
        self.going_on = WHOLE
        if group.is_group:
            self.found.section = group
            self.found.places.setdefault(group.address, cell.place)
        elif not group.address.is_pattern and group.address not in self.found.cells:
            self.found.cells.setdefault(group.address, Cell(None, cell.place))
            self.going_on = group.address

    def _put(self, labelled: Labelled, cell: Cell) -> None:
        address = self.found.put(labelled, cell)
        # what stands below a number or a day is something else
        goes_on = labelled.node.x_type in {"text", "lines", "doc_ref"} or labelled.node.is_list
        self.going_on = address if goes_on and not address.is_pattern else WHOLE

    def _pairs(self, text: str) -> Iterator[tuple[Labelled, str]]:
        """Every "label: value" in a line; several may stand side by side."""
        colons = [match.start() for match in re.finditer("[:：]", text)]
        starts: list[tuple[int, int, list[Labelled]]] = []
        begin = 0
        for colon in colons:
            before = text[begin:colon]
            offset, candidates = self._label_at_end(before)
            if candidates:
                starts.append((begin + offset, colon + 1, candidates))
                begin = colon + 1
        for at, (_, value_from, candidates) in enumerate(starts):
            value_to = starts[at + 1][0] if at + 1 < len(starts) else len(text)
            labelled = self.found.choose(candidates)
            if labelled is not None:
                yield labelled, without_leaders(text[value_from:value_to].strip(" \t;"))

    def _apart(self, text: str) -> Iterator[tuple[Labelled, str]]:
        """Labels and values of a line without a colon that begins with a label, parted by more than a space."""
        pieces = pieces_apart(text)
        starts = [at for at, piece in enumerate(pieces) if self.found.is_label(piece)]
        if len(pieces) < 2 or starts[:1] != [0] or self.found.is_label(text):
            return
        for at, end in pairwise((*starts, len(pieces))):
            labelled = self.found.choose(self.found.fields(pieces[at]))
            if labelled is not None and at + 1 < end:
                yield labelled, " ".join(pieces[at + 1 : end])

    def _label_at_end(self, text: str) -> tuple[int, list[Labelled]]:
        """The longest label at the end of a text, and where it begins."""
        words = list(re.finditer(r"\S+", text))
        for word in words[-_LONGEST_LABEL:]:
            candidates = self.found.fields(text[word.start() :])
            # a label within a sentence is none: before it a line begins, or a tab, leaders, a sign or wide space
            # stand
            if candidates and (word is words[0] or re.search(r"[\t;.…_)]\s*$|\s{2,}$", text[: word.start()])):
                return word.start(), candidates
        return 0, []

    def _row(self, grid: Grid, at: int) -> None:
        """A row outside any table: labels with their values to the right (or below, for a list)."""
        row = grid.rows[at]
        written = [column for column, cell in enumerate(row) if cell.anchor and not cell.is_blank]
        if len(written) == 1:
            cell = row[written[0]]
            if not self._label_alone(grid, at, written[0]):
                self.line(cell)
            return
        column = 0
        while column < len(row):
            cell = row[column]
            if cell.anchor and not cell.is_blank:
                column = self._labelled_cell(grid, at, column)
            column += 1

    def _labelled_cell(self, grid: Grid, at: int, column: int) -> int:
        """If a cell is a label, note its value; gives the last column used."""
        row = grid.rows[at]
        candidates = self.found.fields(row[column].text)
        labelled = self.found.choose(candidates) if candidates else None
        if labelled is None:
            # each line of a cell may have its own label, and `_pairs` takes a tab for the beginning of one
            for pair, text in self._pairs(row[column].text.replace("\n", "\t")):
                self.found.put(pair, row[column].holding(text))
            return column
        value_column = self._value_column(row, column)
        if value_column is None:
            self.found.put(labelled, self._beside(row, column))
            return column
        value = row[value_column]
        address = self.found.put(labelled, value)
        if labelled.node.is_list:
            self._lines_below(grid, at, column, value_column, address)
        return value_column

    def _value_column(self, row: tuple[Cell, ...], label: int) -> int | None:
        """Where the value of a label stands: the next written cell to the right that is no label itself."""
        for column in range(label + 1, len(row)):
            cell = row[column]
            # a blank cell with a finding (a formula without a result) is where the value would be
            if cell.sideways or (cell.is_blank and not cell.findings):
                if column > label + _FAR and not cell.sideways:
                    return None
                continue
            return None if self.found.fields(cell.text) and not self._is_value(row, label, column) else column
        return None

    def _is_value(self, row: tuple[Cell, ...], label: int, column: int) -> bool:
        """Whether a word that is also a label stands as a value: directly beside a label, with nothing after it."""
        after = row[column + 1 :]
        return column == label + 1 and all(cell.is_blank or cell.sideways for cell in after)

    @staticmethod
    def _beside(row: tuple[Cell, ...], label: int) -> Cell:
        """The empty cell where a value is missed."""
        for cell in row[label + 1 :]:
            if not cell.sideways:
                return Cell(None, cell.place, findings=cell.findings)
        return Cell(None, row[label].place)

    def _lines_below(self, grid: Grid, at: int, label: int, column: int, address: Address) -> None:
        """Further items of a list, in the rows below its first one while their label is blank; blank rows between."""
        for row in grid.rows[at + 1 :]:
            if all(cell.is_blank for cell in row):
                continue
            is_open = row[label].is_blank or (not row[label].anchor and not row[label].sideways)
            if (
                not is_open
                or row[column].is_blank
                or not row[column].anchor
                or any(not c.is_blank for c in row[:label])
                or self.found.is_label(row[column].text)
            ):
                return
            self.found.add_line(address, row[column])

    def _label_alone(self, grid: Grid, at: int, column: int) -> bool:
        """A label with an empty value beside it, or the header of a list whose items stand below."""
        row = grid.rows[at]
        candidates = self.found.fields(row[column].text)
        labelled = self.found.choose(candidates) if candidates else None
        if labelled is None or (labelled.node.is_list and self.found.group(row[column].text) is None):
            return False
        below = grid.rows[at + 1][column] if at + 1 < len(grid.rows) else None
        address = self.found.put(labelled, self._beside(row, column))
        if labelled.node.is_list and column + 1 < len(row) and (below is None or below.is_blank):
            self._lines_below(grid, at, column, column + 1, address)
        elif labelled.node.is_list and below is not None:
            for lower in grid.rows[at + 1 :]:
                cell = lower[column]
                others = [c for n, c in enumerate(lower) if n != column and not c.is_blank and c.anchor]
                if cell.is_blank or self.found.is_label(cell.text) or len(others) > 1:
                    break
                self.found.add_line(address, cell)
        return True
