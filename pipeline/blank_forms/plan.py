"""What a form of a kind holds, whatever format it is written in: fields in order, choices, what is filled in already.

What a writer may rely on:

- `FormPlan.marker` ("dang-ky/1f3a9c2e", kind and version) goes where its format keeps the form's own name; reading
  asks for it there. The version changes when the fields do (finding I14).
- `sections` stand in the order of the form. A section's `parts` are `Entry` (one place, or several when `is_list`)
  and `Table`. Groups are sections of their own with the group's label as heading; nothing else is nested.
- The name of a place is dotted, as `Address.field_name` writes it: an entry's `name` ("leader.full_name"), item n of
  a list ("objectives.2"), a cell of a table `table.cell_name(n, column)` ("targets.0.due"); n counts from 0. Reading
  knows these names as defined names (behind `f_`), tags of content controls and names of PDF fields.
- A nested table is written flat: the columns of all levels stand side by side, and a row begins a new item at
  every level at which something is written in it ("chapters.3.articles.number" in row 3). `rows_of` makes such rows:
  one for each item of any level.
- `shown(entry, value)` spells a canonical value, or the list of an `is_list` entry, so that reading gives it back;
  every choice of `choices` is spelled the same way.
- `value` is None (or [] for a list) where nothing is known; nothing is ever made up.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pipeline import vietnamese
from pipeline.model import EVERY, Address, Json, JsonObject, value_at

# codes hold no semicolon; texts may
_SIDE_BY_SIDE: Final = frozenset({"unit_code", "content_code", "choice"})

Row: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True)
class Entry:
    """One place to be filled in, or one column of a table.

    `address` has a `*` for every row. `name` is dotted, within the row for a column. `choices` are (canonical value,
    how it is shown) in order; a choice has no others, units and contents may be typed differently, too.
    """

    address: Address
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
    address; `objects` are the canonical values that `rows` show.
    """

    address: Address
    name: str
    label: str
    columns: tuple[Entry, ...]
    help: str = ""
    is_required: bool = False
    rows: tuple[Row, ...] = ()
    objects: tuple[JsonObject, ...] = ()
    labels: Mapping[Address, str] = field(default_factory=dict)
    row_count: int = 1
    is_fixed: bool = False

    @property
    def is_nested(self) -> bool:
        """Whether there are tables in this table."""
        return any(column.address.count(EVERY) > 1 for column in self.columns)

    def cell_name(self, row: int, column: Entry) -> str:
        """The name of a cell; rows count from 0."""
        return column.address.at_row(row).field_name


Part: TypeAlias = Entry | Table


@dataclass(frozen=True)
class Section:
    """Parts that belong together, under a heading ("" for none), on a sheet."""

    sheet: str
    heading: str
    parts: tuple[Part, ...]

    @property
    def stretches(self) -> Iterator[list[Entry] | Table]:
        """The parts on paper: entries that follow each other in one piece, each table by itself."""
        for is_table, parts in itertools.groupby(self.parts, lambda part: isinstance(part, Table)):
            if is_table:
                yield from (part for part in parts if isinstance(part, Table))
            else:
                yield [part for part in parts if isinstance(part, Entry)]


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
    guide: tuple[str, ...] = ()  #: what its workbook says of how it is filled in, where that is not as of every form

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


def objects_in(values: Json) -> list[JsonObject]:
    """The rows of a table's value, none when it is something else."""
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def rows_of(columns: Iterable[Entry], table: Address, objects: Iterable[JsonObject]) -> Iterator[Row]:
    """The rows of a table (its address "/chapters") that hold these objects; flat where they hold tables."""
    columns = tuple(columns)
    for value in objects:
        yield from _flat_rows(columns, table.child(EVERY), value)


def _flat_rows(columns: tuple[Entry, ...], base: Address, value: JsonObject) -> Iterator[Row]:
    """The rows of one object: its own values in the first, the items of the tables in it in those below."""
    row: dict[str, Json] = {}
    inner: dict[Address, None] = {}
    for column in columns:
        if not column.address.is_inside(base):
            continue
        way = column.address.below(base)
        if way.is_pattern:
            inner[Address(way[: way.index(EVERY)])] = None
        elif (found := value_at(value, way)) is not None:
            row[column.name] = found
    below = [
        one
        for way in inner
        for item in objects_in(value_at(value, way))
        for one in _flat_rows(columns, base.child(*way, EVERY), item)
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
