"""The keys of config.yaml, as the models of its sections have them: for the reference page, and for whoever loads."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from pipeline.config.section import Section
from pipeline.config.settings import PREFIX, SEPARATOR, Config, spoken
from pipeline.messages import languages


@dataclass(frozen=True)
class Key:
    """One key, for the reference page: its dotted name, what it takes, its default ("" = none, it must be given)."""

    name: str
    takes: str
    default: str
    description: str

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return PREFIX + self.name.replace(".", SEPARATOR).upper()


def all_keys() -> tuple[Key, ...]:
    """List every key of config.yaml, in the order of the sections."""
    return tuple(_keys(Config, ""))


def sections() -> dict[str, tuple[str, ...]]:
    """Give the keys of each section by name; those of the top level under ""."""
    found: dict[str, tuple[str, ...]] = {"": tuple(Config.model_fields)}
    for name, field in Config.model_fields.items():
        if (section := _section_of(field)) is not None:
            found[name] = tuple(section.model_fields)
    return found


def _section_of(field: FieldInfo) -> type[Section] | None:
    """Give the section that a top-level key opens; None for a plain key."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


def _keys(section: type[Section], prefix: str) -> Iterator[Key]:
    for name, field in section.model_fields.items():
        if (inner := _section_of(field)) is not None:
            yield from _keys(inner, f"{name}.")
        else:
            default = "" if field.is_required() else _written(field.default)
            yield Key(prefix + name, _takes(field), default, field.description or "")


def _written(value: Any) -> str:  # noqa: ANN401 - a field's default may be anything
    """Write a default as in config.yaml."""
    if value is None:
        return '""'
    return (
        {True: "true", False: "false", "": '""'}.get(value, str(value))
        if isinstance(value, bool | str)
        else str(value)
    )


def _takes(field: FieldInfo) -> str:
    """Say in words what a key takes."""
    if get_origin(field.annotation) is Literal:
        return " or ".join(f"`{value}`" for value in get_args(field.annotation))
    if any(isinstance(rule, AfterValidator) and rule.func is spoken for rule in field.metadata):
        return " or ".join(f"`{code}`" for code in languages())
    if type(None) in get_args(field.annotation):
        return "path"
    words: dict[Any, str] = {
        int: "whole number",
        float: "number",
        bool: "`true` or `false`",
        str: "text",
        Path: "folder",
    }
    kind = words.get(field.annotation, "text")
    bounds = {type(rule).__name__: rule for rule in field.metadata}
    low, high = getattr(bounds.get("Ge"), "ge", None), getattr(bounds.get("Le"), "le", None)
    return f"{kind}, {low} to {high}" if low is not None and high is not None else kind
