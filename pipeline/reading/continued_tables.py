"""Tables that go on in another: people cut a long one at a page's end, and the second has no head of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.reading.found import Found
from pipeline.reading.raw import Block, Grid
from pipeline.reading.tables import ENOUGH_COLUMNS, header_at


def with_continuations(blocks: Iterable[Block], found: Found) -> Iterator[Block]:
    """The blocks, a table and those that go on with its rows without a head of their own as one."""
    waiting: Grid | None = None
    for block in blocks:
        goes_on = isinstance(block, Grid) and waiting is not None and _goes_on(waiting, block, found)
        if goes_on and isinstance(block, Grid) and waiting is not None:
            waiting = replace(waiting, rows=(*waiting.rows, *block.rows))
            continue
        if waiting is not None:
            yield waiting
        waiting = block if isinstance(block, Grid) else None
        if waiting is None:
            yield block
    if waiting is not None:
        yield waiting


def _goes_on(before: Grid, after: Grid, found: Found) -> bool:
    if after.sheet or after.width != before.width or after.width < ENOUGH_COLUMNS:
        return False
    if any(found.is_label(cell.text) for row in after.rows for cell in row if cell.anchor and not cell.is_blank):
        return False
    return any(header_at(before, at, found) is not None for at in range(len(before.rows)))
