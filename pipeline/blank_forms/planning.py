"""Planning a form: what its kind asks for, what the year knows already, how much room to offer."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pipeline.blank_forms.plan import Entry, FormPlan, Part, Section, Table, objects_in, rows_of
from pipeline.kinds import GROUP, LIST, TABLE, Field, Kind, value_at
from pipeline.model import JsonObject
from pipeline.years import Unit, Year
from pipeline.years import shapes as year_shapes

#: The sheet of fields that name none.
SHEET: Final = "ThongTin"

_LIST_ROWS: Final = 6  # blank places of a list
_TABLE_ROWS: Final = 10
_STAIR_ROWS: Final = 60  # a regulation of the cluster has about fifty lines
_SPARE: Final = 3  # blank places after what is filled in already


def plan(
    kind: Kind,
    year: Year,
    *,
    unit: Unit | None = None,
    on: dt.date,
    values: JsonObject | None = None,
    is_blank: bool = False,
) -> FormPlan:
    """The form of a kind as of the day `on`, filled in with what the year knows; `values` go before that.

    With `is_blank` nothing is filled in but `values`.
    """
    known = {} if is_blank else known_values(kind, year, unit, on)
    planner = _Planner(kind, year, on, known | (values or {}))
    return FormPlan(
        kind=kind.id,
        title=kind.form_titles[0],
        name=kind.title_vi,
        version=kind.fields.version,
        year=year.year,
        unit_code=unit.code if unit else "",
        unit_name=unit.name if unit else "",
        cluster=year.cluster.name,
        sections=tuple(planner.sections()),
    )


def known_values(kind: Kind, year: Year, unit: Unit | None, on: dt.date) -> JsonObject:
    """What the year knows of a form on a day: year, unit, who signs, defaults of its fields, rows of its tables."""
    own = kind.field_names
    values: JsonObject = {"emulation_year": year.year} if "emulation_year" in own else {}
    if unit is not None:
        signer = year_shapes.signer(unit, on)
        values |= {"unit_code": unit.code} if "unit_code" in own else {}
        values |= {"leader": signer} if signer and "leader" in own else {}
    named = year.as_values(on)
    values = kind.completed(values, named)
    things = {"contents": named["contents"], "members": named["units"]}
    for table in kind.fields.below():
        # in a table that may be left empty, a row begun for people would have to be finished by them
        if table.rows is not None and table.rows.columns and table.is_required and table.name not in values:
            values[table.name] = [_begun(table.rows.columns, one) for one in objects_in(things[table.rows.each])]
    return values


def _begun(columns: Mapping[str, str], thing: JsonObject) -> JsonObject:
    return {column: thing[name] for column, name in columns.items() if thing.get(name) is not None}


class _Planner:
    """Walks the fields of a kind once."""

    def __init__(self, kind: Kind, year: Year, on: dt.date, values: JsonObject) -> None:
        self.tree = kind.fields
        self.year = year
        self.values = values
        self.units = tuple((unit.code, f"{unit.code} - {unit.name}") for unit in year.members(on))
        self.contents = tuple((content.code, f"{content.code}. {content.title}") for content in year.contents)

    def sections(self) -> Iterator[Section]:
        """Loose fields that follow each other make a section; so does each group and each table."""
        loose: list[Part] = []
        sheet = ""
        for one in self.tree.below():
            on_sheet = one.sheet or SHEET
            if loose and (one.shape in {GROUP, TABLE} or on_sheet != sheet):
                yield Section(sheet, "", tuple(loose))
                loose = []
            sheet = on_sheet
            if one.shape == GROUP:
                yield Section(sheet, one.label, tuple(self._parts(one)))
            elif one.shape == TABLE:
                yield Section(sheet, one.label, (self._table(one),))
            else:
                loose.append(self._entry(one))
        if loose:
            yield Section(sheet, "", tuple(loose))

    def _parts(self, group: Field, *, is_required: bool = True) -> Iterator[Part]:
        for one in self.tree.below(group.pointer):
            is_needed = is_required and group.is_required
            if one.shape == GROUP:
                yield from self._parts(one, is_required=is_needed)
            elif one.shape == TABLE:
                yield self._table(one)
            else:
                yield self._entry(one, is_required=is_needed)

    def _entry(self, one: Field, *, is_required: bool = True) -> Entry:
        value = value_at(self.values, one.pointer)
        items = value if isinstance(value, list) else []
        made = self._made(one, one.pointer[1:].replace("/", "."), is_required=is_required)
        if not made["is_list"]:
            return Entry(**made, value=value)
        node = self.tree.node(one.pointer)
        row_count = max(_LIST_ROWS, int(node.get("minItems", 0)) + _SPARE, len(items) + _SPARE)
        return Entry(**made, value=items, row_count=row_count)

    def _table(self, one: Field) -> Table:
        columns = tuple(self._columns(one, one.pointer))
        if one.rows is not None and "title" in one.rows.columns.values():  # the title has a column of its own
            columns = tuple(_by_code(column) for column in columns)
        objects = objects_in(value_at(self.values, one.pointer))
        rows = tuple(rows_of(columns, one.pointer, objects))
        table = Table(
            pointer=one.pointer,
            name=one.pointer[1:].replace("/", "."),
            label=one.label,
            columns=columns,
            help=one.help,
            is_required=one.is_required,
            rows=rows,
            objects=tuple(objects),
            labels=dict(self._labels(one)),
        )
        row_count, is_fixed = self._row_count(one, table)
        return replace(table, row_count=max(row_count, len(rows)), is_fixed=is_fixed)

    def _row_count(self, one: Field, table: Table) -> tuple[int, bool]:
        if one.rows is not None:
            each = {"contents": len(self.year.contents), "members": len(self.units)}
            return one.rows.count or each[one.rows.each], bool(one.rows.count or one.rows.each == "contents")
        most = self.tree.node(one.pointer).get("maxItems")
        least = max(_STAIR_ROWS if table.is_stair else _TABLE_ROWS, len(table.rows) + _SPARE)
        return (min(int(most), least), True) if most else (least, False)

    def _labels(self, above: Field) -> Iterator[tuple[str, str]]:
        for one in self.tree.below(above.pointer):
            if one.shape in {GROUP, TABLE}:
                yield one.pointer, one.label
                yield from self._labels(one)

    def _columns(self, table: Field, base: str) -> Iterator[Entry]:
        for one in self.tree.below(table.pointer):
            yield from self._column(one, base)

    def _column(self, one: Field, base: str) -> Iterator[Entry]:
        if one.shape == GROUP:
            for inner in self.tree.below(one.pointer):
                yield from self._column(inner, base)
        elif one.shape == TABLE:
            yield from self._columns(one, base)
        else:
            name = one.pointer.removeprefix(f"{base}/*/").replace("/*", "").replace("/", ".")
            yield Entry(**self._made(one, name, is_required=True))

    def _made(self, one: Field, name: str, *, is_required: bool) -> dict[str, Any]:
        value = self.tree.by_pointer[f"{one.pointer}/*"] if one.shape == LIST else one
        node = self.tree.node(value.pointer)
        return {
            "pointer": one.pointer,
            "name": name,
            "label": one.label,
            "x_type": value.x_type,
            "help": one.help,
            "example": value.example or one.example,
            "choices": self._choices(value),
            "is_list": one.shape == LIST,
            "keeps_lines": one.keeps_lines,
            "is_required": is_required and one.is_required,
            "max_length": int(node.get("maxLength", 0)),
            "minimum": node.get("minimum"),
            "maximum": node.get("maximum"),
        }

    def _choices(self, one: Field) -> tuple[tuple[str, str], ...]:
        match one.x_type:
            case "unit_code":
                return self.units
            case "content_code":
                return self.contents
            case "choice":
                return tuple((code, names[0]) for code, names in one.choices.items())
            case "flag":
                return (("true", "Có"), ("false", "Không"))
        return ()


def _by_code(column: Entry) -> Entry:
    """A column of contents whose choices are shown by their codes alone."""
    bare = tuple((code, code) for code, _ in column.choices)
    return replace(column, choices=bare) if column.x_type == "content_code" else column
