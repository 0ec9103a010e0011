"""The shape of a form as rules see it: which fields there are, so that a misspelt one is refused at load."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from pipeline.rules.pointers import EVERY, Parts, join, split

#: Stands for every name below a table by codes: `year.milestone.M_DANGKY`.
ANY: Final = "{}"


class FieldLike(Protocol):
    """What rules need to know of a field: its pointer pattern, its x-type, its Vietnamese label."""

    @property
    def pointer(self) -> str:
        """The pattern, such as "/targets/*/due"."""

    @property
    def x_type(self) -> str:
        """The type of noi-dung §2, such as "date"; "" for groups and lists."""

    @property
    def label(self) -> str:
        """The Vietnamese label."""

    @property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of a choice with their spellings, the first of which is shown."""


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

    parts: Parts = ()
    x_type: str = ""
    label: str = ""
    is_open: bool = False  #: what is below is not known: any name may be
    choices: tuple[str, ...] = ()  #: the codes of a choice
    below: dict[str, "Shape"] = field(default_factory=dict)

    @property
    def pointer(self) -> str:
        """The pattern of this place."""
        return join(self.parts)

    @property
    def element(self) -> "Shape | None":
        """The shape of a list's elements; None for what is not a list."""
        return self.below.get(EVERY)

    def at(self, parts: Parts) -> "Shape | None":
        """The place `parts` below this one, None when there is none."""
        shape: Shape | None = self
        for part in parts:
            shape = shape.below.get(part) if shape is not None else None
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


def shape_of(fields: Iterable[FieldLike]) -> Shape:
    """The tree of all `fields`; places between them are supplied."""
    root = Shape()
    for one in fields:
        shape = root
        for part in split(one.pointer):
            shape = shape.below.setdefault(part, Shape((*shape.parts, part)))
        shape.x_type, shape.label, shape.choices = one.x_type, one.label, tuple(one.choices)
    return root


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, "" when none is."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return found[0] if found else ""


def missing_part(root: Shape, parts: Parts) -> tuple[Parts, str, str] | None:
    """Where a pattern leaves the form: (the place that exists, the unknown name, the nearest known one)."""
    shape = root
    for at, part in enumerate(parts):
        following = shape.below.get(part)
        if following is None:
            return parts[:at], part, nearest(part, shape.names())
        shape = following
    return None
