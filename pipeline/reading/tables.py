"""Tables with a header: which columns hold which fields, and which rows are data.

A header is found by its labels wherever it stands, also over two rows with merged cells; data goes on until a total,
a note, a heading or another header. Blank rows, rows of column numbers and repeated headers are passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pipeline.files.refusals import refusal
from pipeline.messages import say
from pipeline.model import GROUP, Address, Field, Finding, Place
from pipeline.reading.found import Column, Found
from pipeline.reading.items import several
from pipeline.reading.labels import label_key
from pipeline.reading.raw import Cell, Grid
from pipeline.reading.values import is_empty
from pipeline.vietnamese import search_key

ENOUGH_COLUMNS: Final = 3  # matched columns make a header (noi-dung §8.2)
MOST_ROWS: Final = 500  # a table of a form has ten
_COUNTERS: Final = frozenset({"tt", "stt", "so tt", "so thu tu", "#", "no"})
# noi-dung §8.2: totals and notes end a table.
_END: Final = re.compile(r"(?:tong(?: cong| so| kinh phi)?|cong|ghi chu|luu y|chu thich)(?:\s*[:(].*)?|ghi chu\b.*")
# what a person writes into these is of one item; a word of the total itself may stand in any column
_NO_SUM: Final = frozenset({"date", "date_fuzzy", "time", "phone", "email"})
_ORDINAL: Final = re.compile(r"\(?(?:[0-9]{1,2}|[a-h])\)?")
_HEADING: Final = re.compile(r"^(?:[IVX]{1,5}\s*[.\-–:)]|(?:PHẦN|CHƯƠNG|MỤC)\s)")
# A merged cell says the same of every row it covers, but a sum must not be counted for every row.
_NOT_REPEATED: Final = frozenset({"number", "percent", "money", "integer"})


@dataclass(frozen=True)
class Header:
    """A header found: the table (or group) it belongs to, its fields by column, the first row below it."""

    node: Field
    columns: dict[int, Column]
    below: int
    by_label: dict[str, Column]
    top: int = 0  #: the first row of the header itself, from 0

    @property
    def first(self) -> int:
        """The leftmost matched column."""
        return min(self.columns)


def header_at(grid: Grid, row: int, found: Found) -> Header | None:
    """The header that begins at a row (from 0), or None."""
    heights = (1, 2) if row + 1 < len(grid.rows) and _spans_two_rows(grid, row) else (1,)
    said = {label_key(cell.text) for at in heights for cell in grid.rows[row + at - 1] if not cell.is_blank}
    best: tuple[tuple[int, bool, bool], Header] | None = None
    for node, by_label in found.tables:
        if said.isdisjoint(by_label):
            continue
        for height in heights:
            header = _match(grid, row, height, node, by_label)
            if header is None:
                continue
            is_here = found.section is not None and found.section.address == node.address
            # of two tables with the same columns the one whose heading or sheet it is
            score = (len(header.columns), is_here, label_key(node.sheet) == label_key(grid.sheet))
            if best is None or score > best[0]:
                best = (score, header)
    if best is None or (best[1].node.shape == GROUP and not _has_one_row(grid, best[1], found)):
        return None
    return best[1]


def take_rows(grid: Grid, header: Header, found: Found) -> int:
    """Note the data rows below a header; gives the row (from 0) where the table ends."""
    address = header.node.address
    found.heads += [cell for row in grid.rows[header.top : header.below] for cell in row]
    place = grid.rows[header.below - 1][header.first].place
    known = found.places.get(address)
    is_second = known is not None and known.sheet != place.sheet and found.rows.get(address, 0) > 0
    if known is None or not found.rows.get(address):
        found.places[address] = place
    if header.node.is_table and address not in found.rows:
        forget_named(found, address)
    items, end = _data_rows(grid, header, found)
    # which of the two counts only the unit can say
    if is_second and known is not None and items:
        found.findings.append(_on_two_sheets(header, known, place))
    else:
        for item in items:
            put_row(found, header, item)
    return end


def _data_rows(grid: Grid, header: Header, found: Found) -> tuple[list[dict[Address, Cell]], int]:
    """The items below a header (one for a group), and the row where they end."""
    items: list[dict[Address, Cell]] = []
    at = header.below
    while at < len(grid.rows):
        row = grid.rows[at]
        if is_end(row, header, found) or (at > header.below and header_at(grid, at, found) is not None):
            if not _is_repeated(grid, at, header):
                break
        elif not is_passed_over(row, header):
            items += items_of(row, header)
            found.unused += _unused(row, header, grid.rows[header.below - 1])
            if len(items) > MOST_ROWS:
                found.findings.append(too_long(header, grid, at))
                return items[:MOST_ROWS], len(grid.rows)
            if header.node.shape == GROUP:
                return items[:1], at + 1
        at += 1
    return items, at


def _unused(row: tuple[Cell, ...], header: Header, head: tuple[Cell, ...]) -> Iterator[Cell]:
    """What a row says under a head that is none of the form's; a column without a head is not of the table."""
    for column, cell in enumerate(row):
        is_headed = not head[column].is_blank and label_key(head[column].text) not in _COUNTERS
        if column not in header.columns and is_headed and cell.anchor and not is_empty(cell):
            yield cell


def too_long(header: Header, grid: Grid, at: int) -> Finding:
    """A table goes on for longer than any form does."""
    place = replace(grid.rows[at][header.first].place, pointer=header.node.address, label=header.node.label)
    return refusal(
        "form.too-long",
        say(
            "The table “{label}” has more than {most} rows; the rest was not read.",
            label=header.node.label,
            most=MOST_ROWS,
        ),
        say("Delete what does not belong to the form and drop it again."),
        place=place,
    )


def _on_two_sheets(header: Header, first: Place, second: Place) -> Finding:
    return refusal(
        "form.twice",
        say(
            "The table “{label}” is filled in on two sheets: {first} and {second}.",
            label=header.node.label,
            first=first.sheet,
            second=second.sheet,
        ),
        say("Keep the sheet that counts and delete the other."),
        place=replace(second, pointer=header.node.address, label=header.node.label),
    )


def _match(grid: Grid, row: int, height: int, node: Field, by_label: dict[str, Column]) -> Header | None:
    """The header of a node in one or two rows, if enough of its columns are named there and little else."""
    columns: dict[int, Column] = {}
    taken: set[Address] = set()
    written = 0
    for column in range(grid.width):
        texts = _header_texts(grid, row, height, column)
        if not texts or label_key(texts[0]) in _COUNTERS:
            continue
        written += 1
        child = next((by_label[key] for text in texts if (key := label_key(text)) in by_label), None)
        child = child or _by_beginning(texts, by_label)
        if child is not None and child.way not in taken:
            columns[column] = child
            taken.add(child.way)
    # some tables have two columns only; one word alone is no header
    needed = max(2, min(ENOUGH_COLUMNS, len(node.children)))
    # half of what is written must be ours: other tables share a word or two
    if len(columns) < needed or 2 * len(columns) < written:
        return None
    return Header(node, columns, row + height, by_label, row)


def _header_texts(grid: Grid, row: int, height: int, column: int) -> list[str]:
    """What a column's header can be read as: the lowest text, the upper one, both together."""
    cells = [grid.rows[at][column] for at in range(row, row + height)]
    if height == 1 and cells[0].sideways:
        return []
    texts = list(dict.fromkeys(" ".join(cell.text.split()) for cell in reversed(cells) if not cell.is_blank))
    return [*texts, " ".join(reversed(texts))] if len(texts) == 2 else texts


def _spans_two_rows(grid: Grid, row: int) -> bool:
    """Whether merged cells tie two rows together: a header of two rows."""
    upper, lower = grid.rows[row], grid.rows[row + 1]
    down = any(not below.anchor and below.place == above.place for above, below in zip(upper, lower, strict=True))
    return down or any(cell.sideways for cell in upper)


def _by_beginning(texts: list[str], by_label: dict[str, Column]) -> Column | None:
    """A header that goes on after the label ("Thời gian hoàn thành dự kiến"); the longest label wins."""
    keys = [label_key(text) for text in texts]
    labels = [label for label in by_label if len(label) >= 5 and any(key.startswith(f"{label} ") for key in keys)]
    return by_label[max(labels, key=len)] if labels else None


def _has_one_row(grid: Grid, header: Header, found: Found) -> bool:
    """Whether a group written as a table has a row of values below, not more labels."""
    if len(header.columns) < min(ENOUGH_COLUMNS, len(header.node.children)) or header.below >= len(grid.rows):
        return False
    below = grid.rows[header.below]
    values = [below[column] for column in header.columns if not below[column].is_blank]
    return bool(values) and not any(found.is_label(cell.text) for cell in values)


def is_end(row: tuple[Cell, ...], header: Header, found: Found) -> bool:
    """Whether a table is over: a total, a note, a heading, another label."""
    written = [cell for cell in row if not cell.is_blank and cell.anchor]
    if not written:
        return False
    first = next((cell for cell in written if not _ORDINAL.fullmatch(cell.text.strip().lower())), written[0])
    if _END.fullmatch(search_key(first.text).strip(" .:")) and _may_be_sum(row, header):
        return True
    if len(written) > 2:
        return False
    if _HEADING.match(first.text.strip()) or (len(written) == 1 and found.is_label(first.text.partition(":")[0])):
        return True
    return len(written) == 2 and bool(found.fields(first.text)) and not _may_say_so(row.index(first), header)


def _may_be_sum(row: tuple[Cell, ...], header: Header) -> bool:
    """Whether a row may be a total or a note: it fills few columns, and none that has no sum, as a day or a unit."""
    filled = [one for column, one in header.columns.items() if not row[column].is_blank and row[column].anchor]
    is_of_one = any(one.field.value_type in _NO_SUM for one in filled)
    return not is_of_one and len(filled) <= max(1, len(header.columns) // 2)


def _may_say_so(column: int, header: Header) -> bool:
    """Whether a column's values may be the words of a label ("Cụm trưởng" in a column of roles)."""
    one = header.columns.get(column)
    return one is not None and one.field.value_type in {"text", "lines", "choice", "content_code", "unit_code"}


def _is_repeated(grid: Grid, at: int, header: Header) -> bool:
    """Whether a row is the same header again, as on the next page."""
    again = _match(grid, at, 1, header.node, header.by_label)
    return again is not None and again.columns == header.columns


def is_passed_over(row: tuple[Cell, ...], header: Header) -> bool:
    """Blank rows, rows of placeholders, and the row of column numbers."""
    own = [_own(row, column, one.field) for column, one in header.columns.items()]
    if all(is_empty(cell) for cell in own):
        return True
    return _is_counting([cell.text.strip().lower() for cell in row if not cell.is_blank and cell.anchor])


def _is_counting(texts: list[str]) -> bool:
    """1 2 3 4 or (1) (2) (3) or a b c, a few left out: the row of column numbers below a header."""
    if len(texts) < 3 or not all(_ORDINAL.fullmatch(text) for text in texts):
        return False
    bare = [text.strip("()") for text in texts]
    numbers = [int(text) if text.isdigit() else ord(text) - 96 for text in bare]
    return sorted(set(numbers)) == numbers and numbers[0] <= 2 and numbers[-1] <= len(numbers) + 2


def _own(row: tuple[Cell, ...], column: int, node: Field) -> Cell:
    """A row's cell for a field; a cell merged downwards speaks for every row, one merged sideways only once."""
    cell = row[column]
    if cell.anchor:
        return cell
    # noi-dung §8.2: only what is merged downwards says the same of every row
    if cell.sideways or node.value_type in _NOT_REPEATED:
        return Cell(None, cell.place)
    return replace(cell, anchor=True)


def items_of(row: tuple[Cell, ...], header: Header) -> Iterator[dict[Address, Cell]]:
    """The items that one row holds: usually one, several when a cell that keeps its lines lists several."""
    cells = {one.way: _own(row, column, one.field) for column, one in header.columns.items()}
    yield from several(cells, tuple(header.columns.values()))


def put_row(found: Found, header: Header, item: dict[Address, Cell]) -> None:
    """Note one row of a table, or the one row of a group written as a table."""
    table = header.node.address
    if header.node.shape == GROUP:
        for way, cell in item.items():
            found.cells.setdefault(table.child(*way), cell)
        return
    row = found.rows.get(table, 0)
    found.rows[table] = row + 1
    found.places[table.child(row)] = next(iter(item.values())).place
    for way, cell in item.items():
        found.cells[table.child(row, *way)] = cell


def forget_named(found: Found, table: Address) -> None:
    """Rows may have been inserted since the form was named: a table's header is believed before its names."""
    for known in [known for known in found.cells if known.is_inside(table)]:
        del found.cells[known]
