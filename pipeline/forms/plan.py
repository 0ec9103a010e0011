"""What a form of a kind holds, whatever format it is written in: fields in order, choices, what is filled in already.

What a writer may rely on:

- `FormPlan.marker` ("dang-ky/1f3a9c2e", kind and version) goes where its format keeps the form's own name; reading
  asks for it there. The version changes when the fields do (finding I14).
- `sections` stand in the order of the form. A section's `parts` are `Entry` (one place, or several when `is_list`)
  and `Table`. Groups are sections of their own with the group's label as heading; nothing else is nested.
- The name of a place is dotted: an entry's `name` ("leader.full_name"), item n of a list `item_name(entry, n)`
  ("objectives.2"), a cell of a table `table.cell_name(n, column)` ("targets.0.due"); n counts from 0. Reading knows
  these names as defined names (behind `f_`), tags of content controls and names of PDF fields.
- A table in a table is a staircase: the columns of all levels stand side by side, and a row begins a new item at
  every level at which something is written in it ("chapters.3.articles.number" in row 3). `rows_of` makes such rows:
  one for each item of any level.
- `shown(entry, value)` spells a canonical value, or the list of an `is_list` entry, so that reading gives it back;
  every choice of `choices` is spelled the same way.
- `value` is None (or [] for a list) where nothing is known; nothing is ever made up.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from pipeline import vietnamese
from pipeline.kinds import GROUP, LIST, TABLE, Field, Kind, value_at
from pipeline.model import Json, JsonObject
from pipeline.years import Unit, Year
from pipeline.years import shapes as year_shapes

#: The sheet of fields that name none.
SHEET: Final = "ThongTin"

_LIST_ROWS: Final = 6  # blank places of a list
_TABLE_ROWS: Final = 10
_STAIR_ROWS: Final = 60  # a regulation of the cluster has about fifty lines
_SPARE: Final = 3  # blank places after what is filled in already
_SIDE_BY_SIDE: Final = frozenset({"unit_code", "content_code", "choice"})

Row: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True)
class Entry:
    """One place to be filled in, or one column of a table.

    `pointer` has a `*` for every row. `name` is dotted, within the row for a column. `choices` are (canonical value,
    how it is shown) in order; a choice has no others, units and contents may be typed differently, too.
    """

    pointer: str
    name: str
    label: str
    x_type: str
    help: str = ""
    example: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_list: bool = False
    keeps_lines: bool = False  #: lines of the cell would count as rows: to be written on one line
    is_required: bool = False
    max_length: int = 0  #: of a text (of one item), 0 when any length will do
    minimum: float | None = None
    maximum: float | None = None
    value: Json = None
    row_count: int = 1  #: of a list: how many places to offer

    @property
    def is_text(self) -> bool:
        """Whether it may take many words, on several lines of paper."""
        return self.x_type in {"text", "lines", "doc_ref"} and (self.max_length or 999) > 200


@dataclass(frozen=True)
class Table:
    """Rows to be filled in. `rows` are filled in already, by the names of the columns; `row_count` is for all rows.

    `is_fixed` says that more rows than that would be a fault. `labels` are those of tables and groups in the rows, by
    pointer; `objects` are the canonical values that `rows` show.
    """

    pointer: str
    name: str
    label: str
    columns: tuple[Entry, ...]
    help: str = ""
    is_required: bool = False
    rows: tuple[Row, ...] = ()
    objects: tuple[JsonObject, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    row_count: int = _TABLE_ROWS
    is_fixed: bool = False

    @property
    def is_stair(self) -> bool:
        """Whether there are tables in this table."""
        return any(column.pointer.count("/*/") > 1 for column in self.columns)

    def cell_name(self, row: int, column: Entry) -> str:
        """The name of a cell; rows count from 0."""
        return f"{self.name}.{row}.{column.name}"


Part: TypeAlias = Entry | Table


@dataclass(frozen=True)
class Section:
    """Parts that belong together, under a heading ("" for none), on a sheet."""

    sheet: str
    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class FormPlan:
    """A form: what it is, for whom, and its sections."""

    kind: str
    title: str  #: as its head prints it; the line by which reading knows the kind
    name: str  #: what the kind is called
    version: str
    year: int
    unit_code: str  #: "" for a form of the cluster, or for any unit
    unit_name: str
    cluster: str
    sections: tuple[Section, ...] = field(repr=False)

    @property
    def marker(self) -> str:
        """Kind and version, by which the form is known when it comes back."""
        return f"{self.kind}/{self.version}"

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets in order."""
        return tuple(dict.fromkeys(section.sheet for section in self.sections))

    def parts(self) -> Iterator[Part]:
        """All entries and tables in order."""
        for section in self.sections:
            yield from section.parts


def item_name(entry: Entry, item: int) -> str:
    """The name of one place of a list; items count from 0."""
    return f"{entry.name}.{item}"


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
            values[table.name] = [_begun(table.rows.columns, one) for one in _objects(things[table.rows.each])]
    return values


def _begun(columns: Mapping[str, str], thing: JsonObject) -> JsonObject:
    return {column: thing[name] for column, name in columns.items() if thing.get(name) is not None}


def _objects(values: Json) -> list[JsonObject]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


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
        objects = _objects(value_at(self.values, one.pointer))
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


def rows_of(columns: Iterable[Entry], table: str, objects: Iterable[JsonObject]) -> Iterator[Row]:
    """The rows of a table (its pointer "/chapters") that hold these objects; a staircase where they hold others."""
    columns = tuple(columns)
    for value in objects:
        yield from _stairs(columns, f"{table}/*", value)


def _stairs(columns: tuple[Entry, ...], base: str, value: JsonObject) -> Iterator[Row]:
    """The rows of one object: its own values in the first, the items of the tables in it in those below."""
    row: dict[str, Json] = {}
    inner: dict[str, None] = {}
    for column in columns:
        rest = column.pointer.removeprefix(f"{base}/")
        if rest == column.pointer:
            continue
        if "/*/" in rest:
            inner[rest.partition("/*/")[0]] = None
        elif (found := value_at(value, f"/{rest}")) is not None:
            row[column.name] = found
    below = [
        one
        for name in inner
        for item in _objects(value_at(value, f"/{name}"))
        for one in _stairs(columns, f"{base}/{name}/*", item)
    ]
    yield row
    yield from below


def shown(entry: Entry, value: Json) -> str:
    """How a form shows a canonical value ("" for none); the values of a list stand on lines, codes side by side."""
    if isinstance(value, list):
        glue = "; " if entry.x_type in _SIDE_BY_SIDE else "\n"
        return glue.join(shown_item(entry, item) for item in value)
    return shown_item(entry, value)


def shown_item(entry: Entry, value: Json) -> str:
    """How a form shows one value: 25/05/2022, 15.000.000, 98,5, the label of a choice."""
    match entry.x_type, value:
        case _, None:
            return ""
        case "date", str():
            return f"{dt.date.fromisoformat(value):%d/%m/%Y}"
        case "date_fuzzy", dict():
            return str(value.get("text", ""))
        case "flag", bool():
            return dict(entry.choices)["true" if value else "false"]
        case (("number" | "percent" | "money" | "integer"), int() | float()):
            return vietnamese.number_vn(value)
        case (("choice" | "unit_code" | "content_code"), str()):
            return dict(entry.choices).get(value, value)
    return str(value)
