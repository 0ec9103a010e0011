"""Planning a form: what its kind asks for, what the year knows already, how much room to offer."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pipeline.blank_forms.plan import Entry, FormPlan, Part, Section, Table, objects_in, rows_of
from pipeline.kinds import Kind
from pipeline.model import GROUP, Address, Field, JsonObject, value_at
from pipeline.years import Unit, Year
from pipeline.years import shapes as year_shapes

#: The sheet of fields that name none.
SHEET: Final = "ThongTin"

_LIST_ROWS: Final = 6  # blank places of a list
_TABLE_ROWS: Final = 10
_NESTED_ROWS: Final = 60  # a regulation of the cluster has about fifty lines
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
    # nothing is made up: what the year does not say stays empty
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
    for table in kind.fields.root.children:
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
        # those of the day: former members are not offered
        self.units = tuple((unit.code, f"{unit.code} - {unit.name}") for unit in year.members(on))
        self.contents = tuple((content.code, f"{content.code}. {content.title}") for content in year.contents)

    def sections(self) -> Iterator[Section]:
        """Loose fields that follow each other make a section; so does each group and each table."""
        loose: list[Part] = []
        sheet = ""
        for one in self.tree.root.children:
            on_sheet = one.sheet or SHEET
            if loose and (one.is_group or on_sheet != sheet):
                yield Section(sheet, "", tuple(loose))
                loose = []
            sheet = on_sheet
            if one.shape == GROUP:
                yield Section(sheet, one.label, tuple(self._parts(one)))
            elif one.is_table:
                yield Section(sheet, one.label, (self._table(one),))
            else:
                loose.append(self._entry(one))
        if loose:
            yield Section(sheet, "", tuple(loose))

    def _parts(self, group: Field, *, is_required: bool = True) -> Iterator[Part]:
        for one in group.children:
            # what stands in a group that may be left out is not required by itself
            is_needed = is_required and group.is_required
            if one.shape == GROUP:
                yield from self._parts(one, is_required=is_needed)
            elif one.is_table:
                yield self._table(one)
            else:
                yield self._entry(one, is_required=is_needed)

    def _entry(self, one: Field, *, is_required: bool = True) -> Entry:
        value = value_at(self.values, one.address)
        items = value if isinstance(value, list) else []
        made = self._made(one, one.address, is_required=is_required)
        if not made["is_list"]:
            return Entry(**made, value=value)
        row_count = max(_LIST_ROWS, _limit(one, "minItems") + _SPARE, len(items) + _SPARE)
        return Entry(**made, value=items, row_count=row_count)

    def _table(self, one: Field) -> Table:
        columns = tuple(self._columns(one, one.row))
        if one.rows is not None and "title" in one.rows.columns.values():  # the title has a column of its own
            columns = tuple(_by_code(column) for column in columns)
        objects = objects_in(value_at(self.values, one.address))
        rows = tuple(rows_of(columns, one.address, objects))
        table = Table(
            address=one.address,
            name=one.address.field_name,
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
            # contents are the year's and no more (noi-dung.md §0.1 G5); a member may join after the form was sent out
            each = {"contents": len(self.year.contents), "members": len(self.units)}
            return one.rows.count or each[one.rows.each], bool(one.rows.count or one.rows.each == "contents")
        most = _limit(one, "maxItems")
        least = max(_NESTED_ROWS if table.is_nested else _TABLE_ROWS, len(table.rows) + _SPARE)
        # a table with a limit offers no row that would be too much
        return (min(most, least), True) if most else (least, False)

    def _labels(self, above: Field) -> Iterator[tuple[Address, str]]:
        for one in above.children:
            if one.is_group:
                yield one.address, one.label
                yield from self._labels(one)

    def _columns(self, table: Field, base: Address) -> Iterator[Entry]:
        for one in table.children:
            yield from self._column(one, base)

    def _column(self, one: Field, base: Address) -> Iterator[Entry]:
        if one.shape == GROUP:
            for inner in one.children:
                yield from self._column(inner, base)
        elif one.is_table:
            yield from self._columns(one, base)
        else:
            yield Entry(**self._made(one, one.address.below(base), is_required=True))

    def _made(self, one: Field, way: Address, *, is_required: bool) -> dict[str, Any]:
        value = one.item or one
        return {
            "address": one.address,
            "name": way.field_name,
            "label": one.label,
            "x_type": value.x_type,
            "help": one.help,
            "example": value.example or one.example,
            "choices": self._choices(value),
            "is_list": one.item is not None,
            "keeps_lines": one.keeps_lines,
            "is_required": is_required and one.is_required,
            "max_length": _limit(value, "maxLength"),
            "minimum": value.limits.get("minimum"),
            "maximum": value.limits.get("maximum"),
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


def _limit(one: Field, word: str) -> int:
    """A count of fields.yaml, 0 where none is set."""
    found = one.limits.get(word)
    return found if isinstance(found, int) else 0


def _by_code(column: Entry) -> Entry:
    """A column of contents whose choices are shown by their codes alone."""
    bare = tuple((code, code) for code, _ in column.choices)
    return replace(column, choices=bare) if column.x_type == "content_code" else column
