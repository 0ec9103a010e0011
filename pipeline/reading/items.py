"""Several items in one row: a cell that keeps its lines ("1. Hội thảo / 2. Hội thao") lists as many as it has lines.

A unit that registers two activities in one cell is answered for two, whatever the format of its form.
"""

from collections.abc import Iterator, Mapping

from pipeline.model import WHOLE, Address, Field
from pipeline.reading.found import Column, Found
from pipeline.reading.labels import is_placeholder, without_bullet
from pipeline.reading.raw import Cell
from pipeline.vietnamese import clean_lines


def several(cells: Mapping[Address, Cell], columns: tuple[Column, ...]) -> Iterator[dict[Address, Cell]]:
    """The items that the cells of one row hold, by the way to their column: usually one."""
    # noi-dung DK02: two activities typed into one cell are two, and each needs an answer
    keeper = next((one.way for one in columns if one.field.keeps_lines and one.way in cells), None)
    titles = _titles(cells[keeper].text) if keeper else []
    if keeper is None or len(titles) < 2:
        yield dict(cells)
        return
    for at, title in enumerate(titles):
        parts = {way: _part(cell, at, len(titles)) for way, cell in cells.items()}
        yield parts | {keeper: cells[keeper].holding(title)}


def spread(found: Found) -> None:
    """Give each of several items in one named row a row of its own (rows under a header have been given theirs)."""
    for node in found.form.root.children:
        if node.is_table and any(child.keeps_lines for child in node.children):
            _spread(found, node)


def _spread(found: Found, node: Field) -> None:
    rows: dict[int, dict[Address, Cell]] = {}
    for address, cell in found.cells.items():
        if address.is_inside(node.address) and isinstance(number := address[len(node.address)], int):
            rows.setdefault(number, {})[address.below(node.address.child(number))] = cell
    columns = tuple(Column(child, WHOLE.child(child.name)) for child in node.children)
    items = [item for number in sorted(rows) for item in several(rows[number], columns)]
    if len(items) == len(rows):
        return
    for number, cells in rows.items():
        for way in cells:
            del found.cells[node.address.child(number, *way)]
    for number, item in enumerate(items):
        found.cells |= {node.address.child(number, *way): cell for way, cell in item.items()}


def _titles(text: str) -> list[str]:
    """The items of a cell: lines that begin anew (a capital, a dash, a number); others go on the line before."""
    items: list[str] = []
    for line in clean_lines(text):
        bare = without_bullet(line)
        begins = bare != line or bare[:1].isupper()
        if items and not begins:
            items[-1] = f"{items[-1]} {bare}"
        elif not is_placeholder(bare):
            items.append(bare)
    return items


def _part(cell: Cell, at: int, count: int) -> Cell:
    """The line of a neighbouring cell that goes with one of several items, or all of it."""
    lines = clean_lines(cell.text) if isinstance(cell.value, str) else ()
    return cell.holding(without_bullet(lines[at])) if len(lines) == count else cell
