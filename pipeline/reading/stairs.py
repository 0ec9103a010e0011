"""Tables within tables as a form writes them: a staircase, where a row begins a new item at each level it fills.

Readers note every row under its own number, and what is in an inner table as the first item of that row
("/chapters/3/articles/0/number"). Here the rows find the items they belong to.
"""

from pipeline.reading.context import TABLE, Node
from pipeline.reading.found import Found
from pipeline.reading.raw import Cell
from pipeline.reading.values import is_empty


def climb(found: Found) -> None:
    """Bring the rows of every staircase under the items they belong to."""
    for node in found.form.root.walk():
        if node.type == TABLE and "*" not in node.pointer and any(_inner(node)):
            rows = _rows(found.cells, node.pointer)
            for row in rows:
                for pointer in row:
                    del found.cells[f"{node.pointer}/{pointer}"]
            _put(found.cells, node, node.pointer, [_without_number(row) for row in rows])


def _inner(node: Node) -> list[Node]:
    return [child for child in node.children if child.type == TABLE]


_Row = dict[str, Cell]


def _rows(cells: dict[str, Cell], table: str) -> list[_Row]:
    """The cells of each row of a table, by their way from the table; in order."""
    rows: dict[int, _Row] = {}
    for pointer, cell in cells.items():
        if pointer.startswith(f"{table}/"):
            way = pointer.removeprefix(f"{table}/")
            number = way.partition("/")[0]
            if number.isdigit():
                rows.setdefault(int(number), {})[way] = cell
    return [rows[number] for number in sorted(rows)]


def _without_number(row: _Row) -> _Row:
    return {way.partition("/")[2]: cell for way, cell in row.items()}


def _put(cells: dict[str, Cell], node: Node, pointer: str, rows: list[_Row]) -> None:
    """Note rows of a table as its items: what a row holds of inner tables goes to the item begun last."""
    inner = _inner(node)
    items = -1
    waiting: dict[str, list[_Row]] = {}
    for row in rows:
        own = {way: cell for way, cell in row.items() if not any(way.startswith(f"{one.name}/") for one in inner)}
        if items < 0 or any(not is_empty(cell) for cell in own.values()):
            _put_inner(cells, inner, f"{pointer}/{items}", waiting)
            waiting = {}
            items += 1
            cells.update({f"{pointer}/{items}/{way}": cell for way, cell in own.items()})
        for one in inner:
            waiting.setdefault(one.name, []).extend(_without_number(part) for part in _rows(row, one.name))
    _put_inner(cells, inner, f"{pointer}/{items}", waiting)


def _put_inner(cells: dict[str, Cell], inner: list[Node], pointer: str, waiting: dict[str, list[_Row]]) -> None:
    for one in inner:
        if rows := waiting.get(one.name):
            _put(cells, one, f"{pointer}/{one.name}", rows)
