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
    """A list made in the template, of elements of one meaning; `positions` when they are told apart (a tuple)."""

    element: "Meaning" = None
    positions: tuple["Meaning", ...] = ()


@dataclass
class Structure:
    """A namespace or dict made in the template, or a group of `groupby`."""

    attributes: dict[str, "Meaning"] = field(default_factory=dict)
    positions: tuple["Meaning", ...] = ()


@dataclass(frozen=True)
class Made:
    """A macro of the template, or the body of a call block."""

    node: Value


@dataclass(frozen=True)
class Either:
    """One meaning or another."""

    meanings: tuple["Meaning", ...]


#: None: nothing that comes from the values.
Meaning: TypeAlias = Path | Elements | Structure | Made | Either | None


def either(*meanings: Meaning) -> Meaning:
    """One of several meanings."""
    flat: list[Meaning] = []
    for meaning in meanings:
        flat += meaning.meanings if isinstance(meaning, Either) else [meaning]
    distinct = [one for index, one in enumerate(flat) if one is not None and one not in flat[:index]]
    if not distinct:
        return None
    return (
        distinct[0]
        if len(distinct) == 1 and None not in flat
        else Either((*distinct, *([None] if None in flat else [])))
    )


def optional(meaning: Meaning) -> Meaning:
    """What `default` gives back: the value, if it is there."""
    match meaning:
        case Path():
            return Path(meaning.text, is_optional=True)
        case Either():
            return either(*map(optional, meaning.meanings))
    return meaning
