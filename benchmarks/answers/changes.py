"""The words in which the catalogue of faults is written: one other value, or other rows of a table."""

import random
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from benchmarks.answers.faults import Fault, Planter, Values, at, put, take_out
from benchmarks.answers.papers import Blank
from pipeline.model import Json
from pipeline.reading import KindForm


def changed(  # noqa: PLR0913 - one line of the catalogue
    name: str,
    codes: str,
    pointer: str,
    value: Json | Callable[[Any], Json],
    *,
    also: str = "",
    touches: str = "",
    at_: str = "",
    or_at: str = "",
    given: str = "",
) -> Planter:
    """A fault that is one other value; `*` in the pointer stands for any row. Lists are written with blanks.

    `given` must hold something, or the value could not be told to be wrong.
    """

    def plant(chance: random.Random, values: Values, form: KindForm) -> Fault | None:
        where = somewhere(chance, values, pointer)
        if where is None or (given and at(values, filled(given, where, pointer)) is None):
            return None
        before = at(values, where)
        new = value(before) if callable(value) else deepcopy(value)
        if new is None or new == before:
            return None
        put(values, where, Blank("") if new == "" else new)

        def here(text: str) -> tuple[str, ...]:
            return tuple(filled(one, where, pointer) for one in text.split())

        named = here(at_)[0] if at_ else where
        return Fault(name, _codes(codes), named, _patterns(here(also)), (where, *here(touches)), here(or_at))

    return plant


def _codes(text: str) -> tuple[str, ...]:
    """The codes that rules are told under: "BC02" for the rule BC02.label."""
    return tuple(re.sub(r"^([A-Z]+[0-9]+)[.].*", r"\1", one) for one in text.split())


def _patterns(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(re.sub(r"^([A-Z]+[0-9]+)[.][^@]*@", r"\1@", one) for one in texts)


def filled(pattern: str, where: str, pointer: str) -> str:
    """A pattern with the row numbers of `where` in place of `#`."""
    numbers = [a for a, b in zip(where.split("/"), pointer.split("/"), strict=True) if b == "*"]
    for number in numbers:
        pattern = pattern.replace("#", number, 1)
    return pattern


def somewhere(chance: random.Random, values: Values, pattern: str) -> str | None:
    """One of the places that a pointer with `*` stands for and that hold something."""
    head, star, rest = pattern.partition("/*")
    if not star:
        return pattern if at(values, pattern) is not None else None
    rows = at(values, head)
    if not isinstance(rows, list) or not rows:
        return None
    order = list(range(len(rows)))
    chance.shuffle(order)
    for number in order:
        found = somewhere(chance, values, f"{head}/{number}{rest}")
        if found is not None:
            return found
    return None


def rows(
    name: str,
    codes: str,
    pointer: str,
    change: "Change",
    *,
    also: str = "",
    touches: str = "",
) -> Planter:
    """A fault of a whole table; `change` alters its rows in place."""

    def plant(chance: random.Random, values: Values, form: KindForm) -> Fault | None:
        table = at(values, pointer)
        named = change(chance, table) if isinstance(table, list) else None
        if named is None:
            return None
        if not table:
            take_out(values, pointer)
        return Fault(
            name,
            _codes(codes),
            pointer,
            _patterns(tuple(also.split())),
            (pointer, *touches.split()),
            tuple(f"{pointer}/{one}" for one in named),
            is_absent=not table,
        )

    return plant


#: Alters the rows of a table and gives the places below it that may be named too; None when it cannot.
Change = Callable[[random.Random, list[Any]], tuple[str, ...] | None]


def without_a_row(chance: random.Random, table: list[Any]) -> tuple[str, ...] | None:
    """One row less."""
    if len(table) < 2:
        return None
    table.pop(chance.randrange(len(table)))
    return ()


def without_rows(chance: random.Random, table: list[Any]) -> tuple[str, ...]:
    """No row at all."""
    table.clear()
    return ()


def only(count: int) -> Change:
    """So many rows and no more."""

    def change(chance: random.Random, table: list[Any]) -> tuple[str, ...] | None:
        if len(table) <= count:
            return None
        del table[count:]
        return ()

    return change


def twice(field: str) -> Change:
    """A row that says in one column what another says: either of the two may be named."""

    def change(chance: random.Random, table: list[Any]) -> tuple[str, ...] | None:
        if len(table) < 2:
            return None
        one, two = chance.sample(range(len(table)), 2)
        if table[one][field] == table[two][field]:
            return None
        table[one][field] = table[two][field]
        return tuple(f"{row}{part}" for row in (one, two) for part in ("", f"/{field}"))

    return change


def swapped(field: str) -> Change:
    """Two rows that have changed places: either may be named."""

    def change(chance: random.Random, table: list[Any]) -> tuple[str, ...] | None:
        if len(table) < 2:
            return None
        one = chance.randrange(len(table) - 1)
        table[one], table[one + 1] = table[one + 1], table[one]
        return tuple(f"{row}{part}" for row in (one, one + 1) for part in ("", f"/{field}"))

    return change


def moved_to_front(chance: random.Random, table: list[Any]) -> tuple[str, ...] | None:
    """The third row stands first."""
    if len(table) < 3:
        return None
    table.insert(0, table.pop(2))
    return ("0", "1", "0/unit_code", "1/unit_code")


def again(*fields: str) -> Change:
    """One row more, a copy of another: either may be named."""

    def change(chance: random.Random, table: list[Any]) -> tuple[str, ...] | None:
        if not table:
            return None
        copied = chance.randrange(len(table))
        table.append(deepcopy(table[copied]))
        return tuple(
            f"{row}{part}" for row in (copied, len(table) - 1) for part in ("", *(f"/{one}" for one in fields))
        )

    return change
