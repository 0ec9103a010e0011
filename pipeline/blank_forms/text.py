"""The form as text: YAML with a comment above every key, or JSON with a note `_key` before every key `key`.

Both have the shape of the form's values, tables within tables too. What is known stands there already, the rest is
empty (`key:` in YAML, null in JSON), and empty rows and items count as none.
"""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline import strict_yaml
from pipeline.blank_forms.plan import Entry, FormPlan, Table, shown_item
from pipeline.messages import in_vietnamese
from pipeline.model import EVERY, Json, JsonObject, put

_BLANK_ITEMS: Final = 2
_WIDTH: Final = 110


@dataclass
class _Key:
    """One key of the text: a place (`entry`), a group (`inner`), or a table, whose rows have the keys `inner`."""

    name: str
    notes: tuple[str, ...] = ()
    entry: Entry | None = None
    inner: "dict[str, _Key]" = field(default_factory=dict)
    is_table: bool = False
    row_count: int = 1


def write_yaml(plan: FormPlan, told: Sequence[str] = ()) -> bytes:
    """The form as YAML in UTF-8; `told` stands at its head in place of how it is filled in."""
    guide = [_whose(plan), *told] if told else _guide(plan)
    lines = [f"# {plan.title}", *(f"# {line}" for line in guide), "", f"kind: {plan.marker}", ""]
    values = _values(plan)
    for key in _keys(plan).values():
        lines += [*_yaml_key(key, values.get(key.name), "", with_notes=True), ""]
    # the line by which a copy that was cut off is told from a whole one
    return ("\n".join(lines).rstrip() + "\n...\n").encode()


def write_json(plan: FormPlan) -> bytes:
    """The form as JSON in UTF-8."""
    made: JsonObject = {"kind": plan.marker, "_": [plan.title, *_guide(plan)]}
    values = _values(plan)
    for key in _keys(plan).values():
        made |= _json_key(key, values.get(key.name), with_notes=True)
    return (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode()


def _guide(plan: FormPlan) -> list[str]:
    return [
        _whose(plan),
        in_vietnamese("Write each value behind its name; an asterisk marks what must be there."),
        in_vietnamese("Copy a whole row or item to have one more; empty ones count as none."),
    ]


def _whose(plan: FormPlan) -> str:
    named = [in_vietnamese("Year {year}", year=str(plan.year)), plan.cluster, plan.unit_name]
    return " - ".join(part for part in named if part)


def _values(plan: FormPlan) -> JsonObject:
    """What is known, in the shape of the form."""
    values: JsonObject = {}
    for part in plan.parts():
        put(values, part.address, list(part.objects) if isinstance(part, Table) else part.value)
    return values


def _keys(plan: FormPlan) -> dict[str, _Key]:
    keys: dict[str, _Key] = {}
    for section in plan.sections:
        for part in section.parts:
            *way, last = map(str, part.address)
            here = keys
            for depth, name in enumerate(way):
                here = here.setdefault(name, _Key(name, () if depth else (section.heading,))).inner
            if isinstance(part, Entry):
                here[last] = _Key(last, _notes(part), part)
            else:
                notes = _about(part.label, part.help, is_required=part.is_required)
                # one empty row is enough where people may add more: they copy it
                count = part.row_count if part.is_fixed else 1
                here[last] = _Key(last, notes, None, _columns(part), is_table=True, row_count=count)
    return keys


def _columns(table: Table) -> dict[str, _Key]:
    """The keys of a table's rows; "*" in a column's address is a row of a table in it."""
    keys: dict[str, _Key] = {}
    for column in table.columns:
        here, at = keys, table.address.child(EVERY)
        *way, last = map(str, column.address.below(at))
        for name, after in zip(way, [*way, last][1:], strict=True):
            at = at.child(name)
            if name != EVERY:
                key = _Key(name, (table.labels.get(at, ""),), is_table=after == EVERY)
                here = here.setdefault(name, key).inner
        here[last] = _Key(last, _notes(column), column)
    return keys


def _notes(entry: Entry) -> tuple[str, ...]:
    example = in_vietnamese("Example: {example}", example=entry.example) if entry.example else ""
    notes = (*_about(entry.label, entry.help, is_required=entry.is_required), example)
    choices = tuple(label for _, label in entry.choices)
    if not choices:
        return tuple(filter(None, notes))
    one_line = in_vietnamese("One of: {choices}", choices="; ".join(choices))
    if len(one_line) <= _WIDTH:
        return tuple(filter(None, (*notes, one_line)))
    return tuple(filter(None, (*notes, in_vietnamese("One of:"), *(f"  {choice}" for choice in choices))))


def _about(label: str, help_: str, *, is_required: bool) -> tuple[str, ...]:
    return tuple(filter(None, (f"{label} *" if is_required else label, help_)))


# YAML


def _yaml_key(key: _Key, value: Json, pad: str, *, with_notes: bool) -> Iterator[str]:
    if with_notes:
        for note in filter(None, key.notes):
            yield from textwrap.wrap(note, _WIDTH, initial_indent=f"{pad}# ", subsequent_indent=f"{pad}#   ")
    if key.entry is not None and not key.entry.is_list:
        yield f"{pad}{key.name}: {_scalar(key.entry, value)}".rstrip()
        return
    yield f"{pad}{key.name}:"
    if key.entry is not None:
        items = value if isinstance(value, list) else []
        for item in [*items, *[None] * max(0, _BLANK_ITEMS - len(items))]:
            yield f"{pad}  - {_scalar(key.entry, item)}".rstrip()
    elif key.is_table:
        for at, row in enumerate(_rows(key, value)):
            yield from _yaml_row(key.inner, row, f"{pad}  ", with_notes=with_notes and at == 0)
    else:
        yield from _yaml_group(key.inner, value, f"{pad}  ", with_notes=with_notes)


def _yaml_group(keys: Mapping[str, _Key], value: Json, pad: str, *, with_notes: bool) -> Iterator[str]:
    for key in keys.values():
        yield from _yaml_key(key, _below(value, key), pad, with_notes=with_notes)


def _below(value: Json, key: _Key) -> Json:
    return value.get(key.name) if isinstance(value, dict) else None


def _yaml_row(keys: Mapping[str, _Key], value: Json, pad: str, *, with_notes: bool) -> Iterator[str]:
    """A row of a table: its first key stands behind a dash, with that key's notes above the dash."""
    is_begun = False
    for line in _yaml_group(keys, value, f"{pad}  ", with_notes=with_notes):
        if not is_begun and not line.lstrip().startswith("#"):
            is_begun = True
            yield f"{pad}- {line.lstrip()}"
        else:
            yield line


def _rows(key: _Key, value: Json) -> list[Json]:
    rows = value if isinstance(value, list) else []
    return [*rows, *[None] * max(0, key.row_count - len(rows))]


def _scalar(entry: Entry, value: Json) -> str:
    """A value as YAML: plain where it reads back as it stands, quoted otherwise."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    text = shown_item(entry, value)
    # a text of JSON is a text of YAML in double quotes
    return text if strict_yaml.parse(f"- {text}").values == [text] else json.dumps(text, ensure_ascii=False)


# JSON


def _json_key(key: _Key, value: Json, *, with_notes: bool) -> JsonObject:
    made: JsonObject = {f"_{key.name}": " ".join(" · ".join(filter(None, key.notes)).split())} if with_notes else {}
    if key.entry is not None and not key.entry.is_list:
        made[key.name] = _json_value(key.entry, value)
    elif key.entry is not None:
        items = value if isinstance(value, list) else []
        made[key.name] = [_json_value(key.entry, item) for item in items] or [None]
    elif key.is_table:
        made[key.name] = [
            _json_group(key.inner, row, with_notes=with_notes and at == 0) for at, row in enumerate(_rows(key, value))
        ]
    else:
        made[key.name] = _json_group(key.inner, value, with_notes=with_notes)
    return made


def _json_group(keys: Mapping[str, _Key], value: Json, *, with_notes: bool) -> JsonObject:
    made: JsonObject = {}
    for key in keys.values():
        made |= _json_key(key, _below(value, key), with_notes=with_notes)
    return made


def _json_value(entry: Entry, value: Json) -> Json:
    return value if isinstance(value, bool | int | float) else shown_item(entry, value) or None
