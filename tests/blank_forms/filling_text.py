"""Filling in forms written as text: a value behind its key, one more row by copying a row."""

import json
import re
from typing import Any

from pipeline import strict_yaml
from pipeline.blank_forms import FormPlan
from pipeline.model import EVERY, WHOLE, Address, Json, JsonObject
from tests.blank_forms.filling import places, shown_of


def fill_yaml(content: bytes, plan: FormPlan, values: JsonObject) -> bytes:
    """The text with every value behind its key; lists and tables get as many rows as they need."""
    typed = _typed(plan, values)
    text = _with_rows(content.decode(), typed)
    lines = text.splitlines()
    where = strict_yaml.parse(text).lines
    for pointer, value in strict_yaml.scalars(typed):
        at = where[pointer] - 1
        key = re.match(r" *(- )?[a-z_]+:| *-", lines[at])
        assert key is not None, lines[at]
        lines[at] = f"{key[0]} {json.dumps(value, ensure_ascii=False)}"
    return "\n".join(lines).encode()


def _with_rows(text: str, typed: Json) -> str:
    """Rows copied until every list is as long as what is to be written into it."""
    while True:
        there = strict_yaml.parse(text)
        short = next(_short(typed, there.values, ""), None)
        if short is None:
            return text
        lines = text.splitlines()
        at = there.lines[short] - 1
        indent = len(lines[at]) - len(lines[at].lstrip())
        end = at + 1
        while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > indent):
            end += 1
        block = [line for line in lines[at:end] if line.strip() and not line.lstrip().startswith("#")]
        text = "\n".join([*lines[:end], *block, *lines[end:]])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _short(wanted: Json, there: Json, pointer: str) -> Any:
    """Pointers of the last rows of lists that are too short, the outermost first."""
    if isinstance(wanted, dict) and isinstance(there, dict):
        for name, value in wanted.items():
            yield from _short(value, there.get(name), f"{pointer}/{name}")
    elif isinstance(wanted, list) and isinstance(there, list):
        if len(there) < len(wanted):
            yield f"{pointer}/{len(there) - 1}"
        for at, value in enumerate(wanted[: len(there)]):
            yield from _short(value, there[at], f"{pointer}/{at}")


def fill_json(content: bytes, plan: FormPlan, values: JsonObject) -> bytes:
    """The text with every value in the place of its null."""
    return json.dumps(_merged(json.loads(content), _typed(plan, values)), ensure_ascii=False, indent=1).encode()


def _merged(there: Any, typed: Any) -> Any:
    if isinstance(typed, dict):
        return {**there, **{name: _merged(there[name], value) for name, value in typed.items()}}
    if isinstance(typed, list):
        rows = [*there, *[there[-1]] * (len(typed) - len(there))]
        return [_merged(row, value) for row, value in zip(rows, typed, strict=False)]
    return typed


def _typed(plan: FormPlan, values: JsonObject) -> JsonObject:
    """The values as a person types them, in the shape of the form."""
    entries = {entry.address: entry for _, entry, _ in places(plan, values)}

    def typed(value: Json, address: Address) -> Json:
        if address in entries and not isinstance(value, list):
            entry = entries[address]
            is_whole = isinstance(value, int) and entry.x_type in {"integer", "year"}
            return value if is_whole else shown_of(entry, value)
        if isinstance(value, dict):
            return {name: typed(inner, address.child(name)) for name, inner in value.items()}
        if isinstance(value, list):
            inner = address if address in entries else address.child(EVERY)
            return [typed(one, inner) for one in value]
        return value

    made = typed(values, WHOLE)
    assert isinstance(made, dict)
    return made
