"""Filling in forms the way people do: each format's own places, one after the other."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook

from pipeline.blank_forms import Entry, FormPlan, Table, shown
from pipeline.blank_forms.plan import rows_of, shown_item
from pipeline.model import Json, JsonObject, value_at


def places(plan: FormPlan, values: JsonObject) -> Iterator[tuple[str, Entry, Json]]:
    """(name, entry, canonical value) of every place of the form that is filled in or left empty (None).

    An item of a list has a place of its own; a list in a column stands in one place. Rows and items are as many as
    the form offers or the values need.
    """
    for part in plan.parts():
        value = value_at(values, part.address)
        things = value if isinstance(value, list) else []
        if isinstance(part, Table):
            rows = list(rows_of(part.columns, part.address, [row for row in things if isinstance(row, dict)]))
            for at in range(max(part.row_count, len(rows))):
                for column in part.columns:
                    yield part.cell_name(at, column), column, rows[at].get(column.name) if at < len(rows) else None
        elif part.is_list:
            for at in range(max(part.row_count, len(things))):
                yield part.address.child(at).field_name, part, things[at] if at < len(things) else None
        else:
            yield part.name, part, value


def fill_xlsx(content: bytes, plan: FormPlan, values: JsonObject) -> Workbook:
    """The workbook with a value typed into every named cell; what finds no place goes into the rows below."""
    book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    for name, entry, value in places(plan, values):
        type_into(cell_named(book, name) or _cell_below(book, name), entry, value)
    return book


def _cell_below(book: Workbook, name: str) -> Any:
    """The cell of a row that the form does not offer: as far below the table's first row as it is counted."""
    number = next(part for part in name.split(".") if part.isdigit())
    first = cell_named(book, name.replace(f".{number}", ".0", 1))
    return first.offset(row=int(number))


def cell_named(book: Workbook, name: str) -> Any:
    """The cell of a field's name, None when there is none."""
    defined = book.defined_names.get(f"f_{name}")
    if defined is None:
        return None
    ((sheet, area),) = defined.destinations
    return book[sheet][area.replace("$", "")]


def type_into(cell: Any, entry: Entry, value: Json) -> None:
    """Type a value as the form shows it; whole numbers become numbers, all else stays text."""
    is_whole = entry.x_type in {"integer", "year"} and isinstance(value, int)
    cell.value = None if value is None else value if is_whole else shown_of(entry, value)
    if not is_whole and value is not None:
        cell.data_type = "s"


def shown_of(entry: Entry, value: Json) -> str:
    """A value, or a list in one cell, as the form shows it."""
    return shown(entry, value) if isinstance(value, list) else shown_item(entry, value)


def saved(book: Any) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
