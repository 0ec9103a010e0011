"""When two values count as equal: texts by their comparison key, numbers within a tolerance."""

from collections.abc import Hashable, Iterable
from fractions import Fraction
from typing import TypeGuard, TypeVar

from pipeline import vietnamese
from pipeline.model import Json

T = TypeVar("T")

SUM_TOLERANCE = 0.01  #: noi-dung F16


def key_of(value: object) -> Hashable:
    """What a value is compared by; whole numbers and fractions of equal size are equal."""
    if isinstance(value, str):
        return vietnamese.compare_key(value)
    if isinstance(value, list):
        return tuple(key_of(one) for one in value)
    if isinstance(value, dict):
        return tuple(sorted((name, key_of(one)) for name, one in value.items()))
    return value


def equal(one: object, other: object, tolerance: float = SUM_TOLERANCE) -> bool:
    """Whether two values are equal for a clerk."""
    if is_number(one) and is_number(other):
        return abs(as_number(one) - as_number(other)) <= tolerance
    return key_of(one) == key_of(other)


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a number (true and false are not)."""
    # True is an int to Python
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_number(value: object) -> float:
    """A number as a fraction; anything else as nothing."""
    return float(value) if is_number(value) else 0.0


def as_fraction(value: object) -> Fraction:
    """A share given as 2/3, 0.5 or 1. Raises ValueError for anything else."""
    if isinstance(value, str):
        return Fraction(value.replace(" ", "").replace(",", "."))
    if is_number(value):
        # by its text: Fraction(0.1) is not 1/10
        return Fraction(str(value))
    raise ValueError(f"not a share: {value!r}")


def as_list(value: Json) -> list[Json]:
    """A list as it is, one value as a list of one."""
    return value if isinstance(value, list) else [value]


def without(some: Iterable[T], others: Iterable[object]) -> list[T]:
    """The values of `some` that no value of `others` equals, in their order, each once."""
    taken = {key_of(one) for one in others}
    kept: list[T] = []
    for one in some:
        if key_of(one) not in taken:
            taken.add(key_of(one))
            kept.append(one)
    return kept


def repeated(values: Iterable[object]) -> list[int]:
    """The positions (from 0) of values that stand earlier already."""
    seen: set[Hashable] = set()
    positions = []
    for at, value in enumerate(values):
        key = key_of(value)
        if key in seen:
            positions.append(at)
        seen.add(key)
    return positions
