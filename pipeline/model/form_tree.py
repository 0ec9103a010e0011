"""The one tree of a form: what `fields.yaml` says of every field, for whoever walks a form.

`kinds.fields` makes it; reading fills it (it crosses into the guarded child as it is), rules judge by it, blank forms
lay it out, marking and answers name its places.
"""

import functools
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pipeline.model.address import WHOLE, Address
from pipeline.model.json_value import Json, JsonObject

GROUP: Final = "group"  #: an object: its fields stand one by one in the form
TABLE: Final = "table"  #: a list of rows; its fields are the columns
LIST: Final = "list"  #: several values in one place
VALUE: Final = "value"


@dataclass(frozen=True)
class Rows:
    """How many rows a form offers of a table: `count`, or one for each content or member (`each`) of the year.

    `columns` says which columns begin filled in, and with what of it: {"max_score": "weight"}.
    """

    count: int = 0
    each: str = ""  #: "contents" or "members"
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """One field of a form, or a group, table or list of them. `address` has a `*` for every row: "/targets/*/due".

    `shape` is GROUP, TABLE, LIST or VALUE. Only a VALUE has an `x_type`; the values of a LIST are its `item`, which
    is a VALUE without a label. `children` are the fields of a group, the columns of a table.
    """

    address: Address
    shape: str = VALUE
    x_type: str = ""
    label: str = ""
    aliases: tuple[str, ...] = ()
    help: str = ""
    example: str = ""
    sheet: str = ""
    default: str = ""  #: where an empty place takes its value from: "year.milestones", "doc.sign_date"
    cites: str = ""  #: the kind whose registered document of the year it names, number and day
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: code -> label and its other spellings
    is_required: bool = False
    keeps_lines: bool = False  #: several lines in one cell are several rows of the table
    keeps_title: bool = False  #: the Ông or Bà before a name is kept: papers call the person so in a sentence
    rows: Rows | None = None
    limits: Mapping[str, Json] = field(default_factory=dict)  #: by JSON Schema's own words: maxLength, minItems, …
    children: "tuple[Field, ...]" = ()
    item: "Field | None" = None

    @property
    def name(self) -> str:
        """The last step of the address."""
        return self.address.name

    @property
    def value_type(self) -> str:
        """The x-type of its value, or of each of its values."""
        return self.item.x_type if self.item is not None else self.x_type

    @property
    def is_table(self) -> bool:
        """Whether it is a list of rows."""
        return self.shape == TABLE

    @property
    def is_group(self) -> bool:
        """Whether it holds fields and no value of its own."""
        return self.shape in {GROUP, TABLE}

    @property
    def is_list(self) -> bool:
        """Whether it may hold several: rows, or values."""
        return self.shape in {TABLE, LIST}

    @property
    def labels(self) -> tuple[str, ...]:
        """The label and its other spellings."""
        return (self.label, *self.aliases) if self.label else self.aliases

    @property
    def row(self) -> Address:
        """Where its children stand: in every row of a table, in a group itself."""
        return self.address.child("*") if self.is_table else self.address

    @functools.cached_property
    def by_name(self) -> "Mapping[str, Field]":
        """Its children by their names."""
        return {one.name: one for one in self.children}

    def child(self, name: str) -> "Field | None":
        """The child of this name."""
        return self.by_name.get(name)

    def walk(self) -> "Iterator[Field]":
        """This field and everything below it, what holds others before what it holds."""
        yield self
        if self.item is not None:
            yield self.item
        for one in self.children:
            yield from one.walk()


@dataclass(frozen=True)
class FormTree:
    """All fields of a form below one GROUP without a name, in the order they are written.

    `schema` is fields.yaml as JSON Schema, which stays the judge of a form's values.
    """

    root: Field = Field(WHOLE, GROUP)
    schema: JsonObject = field(default_factory=dict)

    def __hash__(self) -> int:
        """By its version alone: caches ask for it with every form that is read, and a tree is hundreds of fields."""
        return hash(self.version)

    def __iter__(self) -> Iterator[Field]:
        fields = self.root.walk()
        next(fields)  # the whole form is no field of it
        return fields

    @functools.cached_property
    def by_address(self) -> Mapping[Address, Field]:
        """The fields by their address patterns; the whole form by the empty one."""
        return {one.address: one for one in self.root.walk()}

    def at(self, address: Address) -> Field | None:
        """The field of an address, of a pattern ("/targets/*/due") or of a value ("/targets/3/due")."""
        found = self.by_address.get(address)
        return found if found is not None else self.by_address.get(address.generic)

    def field_of(self, place: Address) -> Field | None:
        """The field that a place in a file is of: of an item of a list or a row of a table, that list or table."""
        if place.is_pattern:
            return None
        if not place or isinstance(place[-1], str):
            return self.at(place)
        holder = self.at(place.parent)
        return holder if holder is not None and holder.is_list else None

    def below(self, address: Address = WHOLE) -> tuple[Field, ...]:
        """The fields directly below a place: of a group, of a table or one of its rows, of the form itself."""
        found = self.at(address)
        if found is None and self.is_table(address.parent):
            found = self.at(address.parent)
        return found.children if found is not None else ()

    def is_table(self, address: Address) -> bool:
        """Whether rows stand below an address."""
        found = self.at(address)
        return found is not None and found.is_table

    @functools.cached_property
    def version(self) -> str:
        """Eight hexadecimal figures that change whenever the fields do; a form bears them."""
        return hashlib.sha256(json.dumps(self.schema, ensure_ascii=False).encode()).hexdigest()[:8]

    @functools.cached_property
    def choice_names(self) -> Mapping[str, Mapping[str, str]]:
        """What each choice's codes are called on paper, by the field's name: {"status": {"co_mat": "Có mặt"}}."""
        return {
            one.name: {code: labels[0] for code, labels in one.choices.items()}
            for one in self
            if one.value_type == "choice" and one.label
        }

    def laid_out(self, values: JsonObject) -> JsonObject:
        """The values with every place of the form there: None for a value or group left empty, [] for a list."""
        return _laid_out(self.root, values)


def _laid_out(group: Field, values: JsonObject) -> JsonObject:
    made = dict(values)
    for one in group.children:
        there = made.get(one.name)
        if one.shape == GROUP:
            made[one.name] = _laid_out(one, there) if isinstance(there, dict) else None
        elif one.is_table and isinstance(there, list):
            made[one.name] = [_laid_out(one, row) if isinstance(row, dict) else row for row in there]
        elif there is None:
            made[one.name] = [] if one.is_list else None
    return made
