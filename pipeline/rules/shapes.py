"""The shape of a form as rules see it: which fields there are, so that a misspelt one is refused at load."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pipeline.model import EVERY, WHOLE, Address, Field, FormTree

#: Stands for every name below a table by codes: `year.milestone.M_DANGKY`.
ANY: Final = "{}"


_NATURES: Final[Mapping[str, str]] = {
    "number": "number",
    "percent": "number",
    "integer": "number",
    "money": "number",
    "year": "number",
    "date": "date",
    "date_fuzzy": "group",
    "flag": "flag",
}


@dataclass
class Shape:
    """One place of a form and the places below it; "*" below a list is its element."""

    address: Address = WHOLE
    x_type: str = ""
    label: str = ""
    is_open: bool = False  #: what is below is not known: any name may be
    choices: tuple[str, ...] = ()  #: the codes of a choice
    limits: Mapping[str, object] = field(default_factory=dict)  #: what fields.yaml says of its value
    below: dict[str, "Shape"] = field(default_factory=dict)

    @property
    def element(self) -> "Shape | None":
        """The shape of a list's elements; None for what is not a list."""
        return self.below.get(EVERY)

    def at(self, address: Address) -> "Shape | None":
        """The place `address` below this one, None when there is none."""
        shape: Shape | None = self
        for step in address:
            shape = shape.below.get(str(step)) if shape is not None else None
        return shape

    @property
    def nature(self) -> str:
        """What stands here, as far as a shorthand cares: list, group, number, date, text, flag; "" if not known."""
        if self.element is not None:
            return "list"
        return "group" if self.below else _NATURES.get(self.x_type, "text") if self.x_type else ""

    def names(self) -> list[str]:
        """The names of the fields directly below."""
        return [name for name in self.below if name not in (EVERY, ANY)]

    def everywhere(self) -> "Iterator[Shape]":
        """This place and all below it."""
        yield self
        for shape in self.below.values():
            yield from shape.everywhere()


def shape_of(form: FormTree) -> Shape:
    """The fields of a form as rules see them."""
    return _shape(form.root)


def _shape(one: Field) -> Shape:
    shape = Shape(one.address, one.x_type, one.label, choices=tuple(one.choices), limits=one.limits)
    inner = [one.item] if one.item is not None else one.children
    # in CEL and in pointers a column stands below a row, in the form's tree below its table
    rows = shape.below.setdefault(EVERY, Shape(one.row)) if one.is_table else shape
    rows.below.update({below.name: _shape(below) for below in inner})
    return shape


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, "" when none is."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return found[0] if found else ""


def missing_part(root: Shape, address: Address) -> tuple[Address, str, str] | None:
    """Where a pattern leaves the form: (the place that exists, the unknown name, the nearest known one)."""
    shape = root
    for at, step in enumerate(address):
        name = str(step)
        following = shape.below.get(name)
        if following is None:
            return Address(address[:at]), name, nearest(name, shape.names())
        shape = following
    return None
