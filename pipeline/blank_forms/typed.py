"""A form as somebody is filling it in, place by place: what is typed there, as texts under the names of the plan.

A text is kept as it was typed; what it means is for reading and the rules to say. The values of a list stand on lines
of one text, those of a table's cell side by side, as on paper. Whether a row was begun, its texts tell: a row that is
there has all its names, be they empty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast

from pipeline.blank_forms.plan import Entry, FormPlan, Part, Table, shown
from pipeline.model import EVERY, Address, Json, JsonObject, put, value_at

Typed = Mapping[str, str]

#: A table that is longer is filled in as a workbook.
MOST_ROWS: Final = 300


@dataclass(frozen=True)
class Written:
    """What was typed as a form of texts, and under which name each place of it was typed."""

    plan: FormPlan
    names: Mapping[Address, str]

    def name_of(self, place: Address) -> str:
        """The name that something said of a place is shown at: its own, else the nearest around; "" for none."""
        here = place
        while here:
            if here in self.names:
                return self.names[here]
            inside = next((name for at, name in self.names.items() if at.is_inside(here)), "")
            if inside:
                return inside
            here = here.parent
        return ""


def begun(plan: FormPlan) -> dict[str, str]:
    """The texts with which a form begins: what the year knows, and the rows that it offers."""
    texts: dict[str, str] = {}
    for part in plan.parts():
        if isinstance(part, Entry):
            texts[part.name] = _text_of(part)
            continue
        # a table in which nothing is known begins with one row: there is a button for more
        for row in range(part.row_count if part.is_fixed else max(1, len(part.rows))):
            known = part.rows[row] if row < len(part.rows) else {}
            for column in part.columns:
                texts[part.cell_name(row, column)] = _as_typed(column, known.get(column.name))
    return texts


def _text_of(entry: Entry) -> str:
    items = entry.value if isinstance(entry.value, list) else [entry.value]
    return "\n".join(_as_typed(entry, item) for item in items)


def _as_typed(entry: Entry, value: Json) -> str:
    # of what is chosen the code is kept: its name may be another one next year
    return str(value) if entry.choices and isinstance(value, str) else shown(entry, value)


def row_count(table: Table, typed: Typed) -> int:
    """How many rows of a table there are."""
    row = 0
    while row < MOST_ROWS and any(table.cell_name(row, column) in typed for column in table.columns):
        row += 1
    return row


def known_names(plan: FormPlan, typed: Typed) -> Iterator[str]:
    """The names under which something may be typed: all places, and the cells of as many rows as were begun."""
    for part in plan.parts():
        yield from (name for _, _, name in places_of(part, typed))


def places_of(part: Part, typed: Typed) -> Iterator[tuple[int, Entry, str]]:
    """The places of a part in order: the row (from 1; 0 for none), the entry or column, and the name."""
    if isinstance(part, Entry):
        yield 0, part, part.name
        return
    for row in range(row_count(part, typed)):
        for column in part.columns:
            yield row + 1, column, part.cell_name(row, column)


def with_row(plan: FormPlan, typed: Typed, table_name: str) -> dict[str, str]:
    """The texts with one empty row more in a table; as they were where the table takes no more, or is none."""
    table = _table(plan, table_name)
    row = row_count(table, typed) if table is not None else MOST_ROWS
    if table is None or row >= MOST_ROWS or (table.is_fixed and row >= table.row_count):
        return dict(typed)
    return {**typed, **{table.cell_name(row, column): "" for column in table.columns}}


def without_row(plan: FormPlan, typed: Typed, table_name: str, row: int) -> dict[str, str]:
    """The texts without one row of a table: those below it move up, and one empty row is left of the last."""
    table = _table(plan, table_name)
    count = row_count(table, typed) if table is not None else 0
    if table is None or not 0 <= row < count:
        return dict(typed)
    made = dict(typed)
    for at in range(row, count):
        for column in table.columns:
            below = typed.get(table.cell_name(at + 1, column), "")
            if at < count - 1 or (count == 1 or table.is_fixed):
                made[table.cell_name(at, column)] = below
            else:
                made.pop(table.cell_name(at, column), None)
    return made


def _table(plan: FormPlan, name: str) -> Table | None:
    return next((part for part in plan.parts() if isinstance(part, Table) and part.name == name), None)


def written(plan: FormPlan, typed: Typed) -> Written:
    """The form with what was typed in it, as texts word for word, for a writer of text forms."""
    names: dict[Address, str] = {}
    sections = tuple(
        replace(one, parts=tuple(_part(part, typed, names) for part in one.parts)) for one in plan.sections
    )
    return Written(replace(plan, sections=sections), names)


def _part(part: Part, typed: Typed, names: dict[Address, str]) -> Part:
    if isinstance(part, Table):
        return _filled(part, typed, names)
    names[part.address] = part.name
    text = typed.get(part.name, "").strip()
    if not part.is_list:
        return replace(part, x_type="text", value=_named(part, text) or None)
    lines = [_named(part, line.strip()) for line in text.splitlines() if line.strip()]
    names.update({part.address.child(at): part.name for at in range(len(lines))})
    return replace(part, x_type="text", value=list[Json](lines))


def _named(entry: Entry, text: str) -> str:
    """What is chosen by its code, as forms show it; all else as it was typed."""
    return dict(entry.choices).get(text, text)


def _filled(table: Table, typed: Typed, names: dict[Address, str]) -> Table:
    names[table.address] = table.name
    rows = _Rows(table, names)
    for row in range(row_count(table, typed)):
        rows.take(row, typed)
    columns = tuple(replace(one, x_type="text", is_list=False) for one in table.columns)
    return replace(table, columns=columns, objects=tuple(rows.objects), row_count=1, is_fixed=False)


@dataclass
class _Rows:
    """Rows as they are typed, flat, made the objects of a table, in which tables may stand."""

    table: Table
    names: dict[Address, str]
    objects: list[JsonObject] = field(default_factory=list)
    #: by the pattern of a level, the item that is filled in at this moment: where it stands, and its values
    _now: dict[Address, tuple[Address, JsonObject]] = field(default_factory=dict)

    def take(self, row: int, typed: Typed) -> None:
        """Take one row: an item of a level begins where something is typed in that level's columns."""
        columns = self.table.columns
        for level in sorted({_level(column) for column in columns}, key=len):
            of_level = [column for column in columns if _level(column) == level]
            texts = {column.name: typed.get(self.table.cell_name(row, column), "").strip() for column in of_level}
            if not any(texts.values()):
                continue
            at, values = self._begun(level)
            self.names[at] = self.table.cell_name(row, of_level[0])
            for column in of_level:
                way = column.address.below(level)
                self.names[at.child(*way)] = self.table.cell_name(row, column)
                if texts[column.name]:
                    put(values, way, _named(column, texts[column.name]))

    def _begun(self, level: Address) -> tuple[Address, JsonObject]:
        """Begin an item of a level, and before it what it stands in where nothing was typed there."""
        at, items = level.parent, self.objects
        if at != self.table.address:
            outer = _level_of(at)
            around, values = self._now.get(outer) or self._begun(outer)
            way = at.below(outer)
            if value_at(values, way) is None:
                put(values, way, [])
            at, items = around.child(*way), cast(list[JsonObject], value_at(values, way))
        made: JsonObject = {}
        items.append(made)
        self._now = {one: now for one, now in self._now.items() if not one.is_inside(level)}
        self._now[level] = (at.child(len(items) - 1), made)
        return self._now[level]


def _level(column: Entry) -> Address:
    return _level_of(column.address)


def _level_of(address: Address) -> Address:
    """The row a column is of, as a pattern: "/chapters/*/articles/*" of "/chapters/*/articles/*/number"."""
    return Address(address[: max(at for at, step in enumerate(address) if step == EVERY) + 1])
