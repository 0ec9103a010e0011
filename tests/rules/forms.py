"""Small forms for tests: fields as the compiler wants them, from example values or from a table of names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.model import Json


@dataclass(frozen=True)
class Plain:
    """The least a field can be."""

    pointer: str
    x_type: str = "text"
    label: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def fields_of_values(*documents: Json) -> list[Plain]:
    """The fields that all the example documents have together; numbers with a fraction are x-type number."""
    found: dict[str, Plain] = {}
    for document in documents:
        for one in _fields(document, ""):
            found.setdefault(one.pointer, one)
    return list(found.values())


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
