"""A year's facts written as its file: in the order of `keys.yaml`, each part under a line that says what it is."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import yaml

from pipeline.model import Json, JsonObject

#: What each key means, as [Vietnamese, English].
KEYS: Final = Path(__file__).with_name("keys.yaml")
_WIDTH: Final = 140


class _Dumper(yaml.SafeDumper):
    """Writes days as they stand: the reader takes every text that is no whole number for a text."""


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
    for first, known in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def written(table: JsonObject) -> str:
    """Give the text of a year's file."""
    meant: Mapping[str, list[str]] = yaml.safe_load(KEYS.read_text("utf-8"))
    return "\n".join(_part(key, table[key], meant[key][0]) for key in meant if key in table)


def _part(key: str, value: Json, title: str) -> str:
    if isinstance(value, list) and value:
        return f"# {title}\n{key}:\n{''.join(_rows(value))}"
    return f"# {title}\n" + yaml.dump(
        {key: value}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=False
    )


def _rows(rows: list[Json]) -> Iterator[str]:
    """Each row of a list; on one line where it holds no further table."""
    for row in rows:
        is_deep = isinstance(row, dict) and any(isinstance(one, list | dict) for one in row.values())
        text = yaml.dump(
            [row],
            Dumper=_Dumper,
            allow_unicode=True,
            sort_keys=False,
            width=_WIDTH if is_deep else 10_000,
            default_flow_style=None if is_deep else True,
        )
        if not is_deep:
            text = f"- {text.strip().removeprefix('[').removesuffix(']')}\n"
        yield "".join(f"  {line}\n" for line in text.splitlines())
