"""What an expression of a template means of the values: a path of them, a list, a made-up structure, or nothing."""

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from pipeline.filling.values import Value


class Read(NamedTuple):
    """One reading of a path, at a line of the numbered text."""

    path: str
    use: str
    is_optional: bool
    line: int


@dataclass(frozen=True)
class Path:
    """Something of the values; `is_optional` when the template has said what to do without it."""

    text: str
    is_optional: bool = False

    def at(self, name: str) -> "Path":
        """The value under a key of it."""
        return Path(f"{self.text}.{name}", self.is_optional)

    @property
    def element(self) -> "Path":
        """Any element of it."""
        return Path(f"{self.text}[]", self.is_optional)


@dataclass(frozen=True)
class Elements:
    """A list made in the template, of elements of one origin; `positions` when they are told apart (a tuple)."""

    element: "Origin" = None
    positions: tuple["Origin", ...] = ()


@dataclass
class Structure:
    """A namespace or dict made in the template, or a group of `groupby`."""

    attributes: dict[str, "Origin"] = field(default_factory=dict)
    positions: tuple["Origin", ...] = ()


@dataclass(frozen=True)
class MacroBody:
    """A macro of the template, or the body of a call block."""

    node: Value


@dataclass(frozen=True)
class Either:
    """One origin or another."""

    origins: tuple["Origin", ...]


#: None: nothing that comes from the values.
Origin: TypeAlias = Path | Elements | Structure | MacroBody | Either | None


def either(*origins: Origin) -> Origin:
    """One of several origins."""
    flat: list[Origin] = []
    for origin in origins:
        flat += origin.origins if isinstance(origin, Either) else [origin]
    distinct = [one for index, one in enumerate(flat) if one is not None and one not in flat[:index]]
    if not distinct:
        return None
    # None stays one of the ways: on it nothing of the values is meant
    return (
        distinct[0]
        if len(distinct) == 1 and None not in flat
        else Either((*distinct, *([None] if None in flat else [])))
    )


def optional(origin: Origin) -> Origin:
    """What `default` gives back: the value, if it is there."""
    match origin:
        case Path():
            return Path(origin.text, is_optional=True)
        case Either():
            return either(*map(optional, origin.origins))
    return origin
