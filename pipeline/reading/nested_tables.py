"""Nested tables as a form writes them, side by side: a row begins a new item at each level it fills.

Readers note every row under its own number, and what is in an inner table as the first item of that row
("/chapters/3/articles/0/number"). Here the rows find the items they belong to.
"""

from pipeline.model import WHOLE, Address, Field
from pipeline.reading.found import Found
from pipeline.reading.raw import Cell
from pipeline.reading.values import is_empty


def nest_rows(found: Found) -> None:
    """Bring the rows of every nested table under the items they belong to."""
    for node in found.form.tree:
        if node.is_table and not node.address.is_pattern and _inner(node):
            rows = _rows(found.cells, node.address)
            for address in [one for one in found.cells if one.is_inside(node.address)]:
                del found.cells[address]
            _put(found.cells, node, node.address, rows)


def _inner(node: Field) -> tuple[Field, ...]:
    return tuple(child for child in node.children if child.is_table)


# The cells of a row by their way from it.
_Row = dict[Address, Cell]


def _rows(cells: dict[Address, Cell], table: Address) -> list[_Row]:
    """The cells of each row of a table, in the order of the rows."""
    rows: dict[int, _Row] = {}
    for address, cell in cells.items():
        if address.is_inside(table) and isinstance(number := address[len(table)], int):
            rows.setdefault(number, {})[address.below(table.child(number))] = cell
    return [rows[number] for number in sorted(rows)]


def _put(cells: dict[Address, Cell], node: Field, table: Address, rows: list[_Row]) -> None:
    """Note rows of a table as its items: what a row holds of inner tables goes to the item begun last."""
    inner = _inner(node)
    items = -1
    waiting: dict[str, list[_Row]] = {}
    for row in rows:
        own = {way: cell for way, cell in row.items() if not any(way.is_inside(_at(one)) for one in inner)}
        # the first row begins an item whatever it fills: the table within needs one to lie in
        if items < 0 or any(not is_empty(cell) for cell in own.values()):
            _put_inner(cells, inner, table.child(items), waiting)
            waiting = {}
            items += 1
            cells.update({table.child(items, *way): cell for way, cell in own.items()})
        for one in inner:
            waiting.setdefault(one.name, []).extend(_rows(row, _at(one)))
    _put_inner(cells, inner, table.child(items), waiting)


def _at(inner: Field) -> Address:
    """Where an inner table stands in its row."""
    return WHOLE.child(inner.name)


def _put_inner(
    cells: dict[Address, Cell], inner: tuple[Field, ...], item: Address, waiting: dict[str, list[_Row]]
) -> None:
    for one in inner:
        if rows := waiting.get(one.name):
            _put(cells, one, item.child(one.name), rows)
