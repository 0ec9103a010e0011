"""Several items in one row: a cell that keeps its lines ("1. Hội thảo / 2. Hội thao") lists as many as it has lines.

A unit that registers two activities in one cell is answered for two, whatever the format of its form.
"""

from collections.abc import Iterator, Mapping

from pipeline.reading.context import TABLE, Node, is_number
from pipeline.reading.found import Found
from pipeline.reading.labels import is_placeholder, without_bullet
from pipeline.reading.raw import Cell
from pipeline.vietnamese import clean_lines


def several(cells: Mapping[str, Cell], columns: tuple[Node, ...]) -> Iterator[dict[str, Cell]]:
    """The items that the cells of one row hold, by the name of their column: usually one."""
    keeper = next((node.name for node in columns if node.keeps_lines and node.name in cells), None)
    titles = _titles(cells[keeper].text) if keeper else []
    if keeper is None or len(titles) < 2:
        yield dict(cells)
        return
    for at, title in enumerate(titles):
        parts = {name: _part(cell, at, len(titles)) for name, cell in cells.items()}
        yield parts | {keeper: cells[keeper].holding(title)}


def spread(found: Found) -> None:
    """Give each of several items in one named row a row of its own (rows under a header have been given theirs)."""
    for node in found.form.root.children:
        if node.type == TABLE and any(child.keeps_lines for child in node.children):
            _spread(found, node)


def _spread(found: Found, node: Node) -> None:
    rows: dict[int, dict[str, Cell]] = {}
    for pointer, cell in found.cells.items():
        number, _, name = pointer.removeprefix(f"{node.pointer}/").partition("/")
        if pointer.startswith(f"{node.pointer}/") and is_number(number):
            rows.setdefault(int(number), {})[name] = cell
    items = [item for number in sorted(rows) for item in several(rows[number], node.children)]
    if len(items) == len(rows):
        return
    for row, cells in rows.items():
        for name in cells:
            del found.cells[f"{node.pointer}/{row}/{name}"]
    for at, item in enumerate(items):
        found.cells |= {f"{node.pointer}/{at}/{name}": cell for name, cell in item.items()}


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
