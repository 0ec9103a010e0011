"""Tables and lists of our own forms, known by the names of their cells: they end where the form says, not where a
value looks like a label, a total or a heading. Rows that people inserted between named ones, or wrote below them,
belong to them, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pipeline.model import WHOLE, Address, Field, Place
from pipeline.reading.found import Column, Found, columns_of
from pipeline.reading.labels import label_key
from pipeline.reading.raw import Cell, Grid, RawForm
from pipeline.reading.tables import (
    MOST_ROWS,
    Header,
    forget_named,
    is_end,
    is_passed_over,
    items_of,
    put_row,
    too_long,
)

_HEADS: Final = 2  # so many heads of columns in one row are no accident


@dataclass
class Span:
    """The rows (from 0, both included) of a grid in which cells of a table or a list are named, and their columns."""

    node: Field
    first: int
    last: int
    columns: dict[int, Column] = field(default_factory=dict)


def drop_stale(raw: RawForm, found: Found) -> None:
    """Forget the names on sheets where they no longer stand beside their labels.

    Excel moves a name along with its cell; other programs insert rows without doing so.
    """
    for grid in raw.blocks:
        if isinstance(grid, Grid) and grid.sheet and _is_stale(grid, found):
            for address in [one for one, cell in found.cells.items() if cell.place.sheet == grid.sheet]:
                del found.cells[address]
                found.named.discard(address)


def _is_stale(grid: Grid, found: Found) -> bool:
    named = _named_in(grid, found)
    labels = {label_key(cell.text) for row in grid.rows for cell in row if cell.anchor and not cell.is_blank}
    for row in grid.rows:
        left = ""
        for cell in row:
            address = named.get(cell.place)
            if address is None:
                left = label_key(cell.text) if cell.anchor and not cell.is_blank else left
            elif not address.is_of_row:
                node = found.form.tree.field_of(address)
                label = label_key(node.label) if node is not None else ""
                # a name beside another field's label was left behind when rows were inserted
                if label in labels and label != left:
                    return True
                left = ""
    return any(_has_heads_inside(grid, span) for span in spans_of(grid, found))


def _has_heads_inside(grid: Grid, span: Span) -> bool:
    """Whether the heads of a table's columns stand in its rows, or below: the names have stayed behind."""
    return span.node.is_table and any(
        sum(label_key(row[column].text) == label_key(head.field.label) for column, head in span.columns.items())
        >= _HEADS
        for row in grid.rows[span.first :]
    )


def _named_in(grid: Grid, found: Found) -> Mapping[Place, Address]:
    """The addresses of a grid's named cells by their places."""
    named = {found.cells[address].place: address for address in found.named if address in found.cells}
    if not named:
        return {}
    return {cell.place: named[cell.place] for row in grid.rows for cell in row if cell.place in named}


def spans_of(grid: Grid, found: Found) -> tuple[Span, ...]:
    """The tables and lists of which cells are named in this grid.

    A table whose columns stand below each other, each beside its label, is none: its names are enough.
    """
    named = _named_in(grid, found)
    if not named:
        return ()
    spans: dict[Address, Span] = {}
    upright: set[Address] = set()
    for at, row in enumerate(grid.rows):
        for column, cell in enumerate(row):
            address = named.get(cell.place) if cell.anchor else None
            if address is None or (holder := _in_list(address, found)) is None:
                continue
            node, of_column = holder
            span = spans.setdefault(node.address, Span(node, at, at))
            span.last = at
            if span.columns.setdefault(column, of_column) != of_column:
                # two fields of the table in one column of the sheet: its columns stand below each other
                upright.add(node.address)
    return tuple(span for address, span in spans.items() if address not in upright)


def _in_list(address: Address, found: Found) -> tuple[Field, Column] | None:
    """The table and column, or the list twice, in which a named cell stands; None for a place of its own."""
    table = address.table
    node = found.form.tree.field_of(table) if table != address else None
    if node is None:
        return None
    if not node.is_table:
        return node, Column(node, WHOLE)
    way = Address(address[len(table) + 1 :])
    column = next((column for column in columns_of(node) if column.way == way), None)
    return (node, column) if column is not None else None


def take_span(grid: Grid, span: Span, found: Found) -> int:
    """Note the rows of a span and those written below it; gives the row (from 0) where it ends."""
    address = span.node.address
    # a fault of a whole table stands at its head, as in free-hand files; of a list, where its first value stands
    top = max(span.first - 1, 0) if span.node.is_table else span.first
    if not found.rows.get(address):
        found.places[address] = grid.rows[top][min(span.columns)].place
    taken, end = _rows(grid, span, found)
    forget_named(found, address)
    if not span.node.is_table:
        column = min(span.columns)
        cells = [grid.rows[at][column] for at in taken]
        for number, cell in enumerate(cell for cell in cells if cell.anchor):
            found.cells[address.child(number)] = cell
        return end
    header = Header(span.node, span.columns, span.first, {})
    found.rows[address] = 0
    for at in taken:
        for item in items_of(grid.rows[at], header):
            put_row(found, header, item)
    return end


def _rows(grid: Grid, span: Span, found: Found) -> tuple[list[int], int]:
    """The rows that hold something of a span, and the row after the last of them."""
    header = Header(span.node, span.columns, span.first, {})
    taken = [at for at in range(span.first, span.last + 1) if _holds(grid.rows[at], span)]
    named = _named_in(grid, found)
    at = span.last + 1
    end = at
    # rows that people wrote below the last named one have no names
    while at < len(grid.rows) and not any(cell.place in named for cell in grid.rows[at]):
        row = grid.rows[at]
        if is_end(row, header, found) or not _may_follow(row, span):
            break
        if not is_passed_over(row, header):
            taken.append(at)
            end = at + 1
        if len(taken) > MOST_ROWS:
            found.findings.append(too_long(header, grid, at))
            return taken[:MOST_ROWS], len(grid.rows)
        at += 1
    return taken, end


def _holds(row: tuple[Cell, ...], span: Span) -> bool:
    return any(not row[column].is_blank or row[column].findings for column in span.columns)


def _may_follow(row: tuple[Cell, ...], span: Span) -> bool:
    """Whether a row may be one more of a span: below a list nothing may stand but the item."""
    return span.node.is_table or all(
        cell.is_blank or not cell.anchor or at in span.columns for at, cell in enumerate(row)
    )
