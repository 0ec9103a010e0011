"""Small forms for tests: a tree made of a table of names, or of example values."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.model import EVERY, GROUP, LIST, TABLE, VALUE, WHOLE, Address, Field, FormTree, Json


@dataclass(frozen=True)
class Plain:
    """The least that is said of a field."""

    pointer: str
    x_type: str = "text"
    label: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Mapping[str, Json] = field(default_factory=dict)


def form_of(*fields: Plain) -> FormTree:
    """The form of these fields; the groups and tables around them are supplied."""
    said = {Address.of(one.pointer): one for one in fields}
    places = dict.fromkeys(Address(address[: at + 1]) for address in said for at in range(len(address)))
    return FormTree(_field(WHOLE, tuple(places), said))


def _field(address: Address, places: tuple[Address, ...], said: Mapping[Address, Plain]) -> Field:
    plain = said.get(address, Plain("", ""))
    rows = [one for one in places if one.parent == address and one.name == EVERY]
    around = rows[0] if rows else address
    inner = tuple(_field(one, places, said) for one in places if one.parent == around and one.name != EVERY)
    is_list = bool(rows) and not inner
    return Field(
        address,
        (LIST if is_list else TABLE) if rows else GROUP if inner or not address else VALUE,
        plain.x_type if not inner and not rows else "",
        plain.label,
        choices=plain.choices,
        limits=plain.limits,
        children=inner,
        item=_field(rows[0], places, said) if is_list else None,
    )


def form_of_values(*documents: Json) -> FormTree:
    """The form that all the example documents have together; numbers with a fraction are x-type number."""
    found: dict[str, Plain] = {}
    for document in documents:
        for one in _fields(document, ""):
            found.setdefault(one.pointer, one)
    return form_of(*found.values())


def _fields(value: Json, pointer: str) -> Iterator[Plain]:
    if pointer:
        typed = {int: "integer", float: "number"}.get(type(value), "text")
        is_day = isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)
        yield Plain(pointer, "date" if is_day else typed)
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _fields(one, f"{pointer}/{name}")
    elif isinstance(value, list):
        for one in value:
            yield from _fields(one, f"{pointer}/*")
