"""Values on their way into a document: as text, checked and escaped. Jinja is not needed for it."""

from collections.abc import Iterable

from markupsafe import Markup, escape, soft_str

from pipeline.filling.limits import limited, weighed
from pipeline.filling.values import Value, printable


class NothingToPrint(Exception):  # noqa: N818 - names a state of the value
    """A value that is null was to be printed."""


def markup_join(parts: Iterable[Value]) -> str:
    """`a ~ b`, where escaping is on. Raises TooMuch when it is too long."""
    texts = [soft_str(_bearable(part)) for part in parts]
    has_markup = any(hasattr(text, "__html__") for text in texts)
    return limited(Markup("").join(texts) if has_markup else "".join(texts))


def str_join(parts: Iterable[Value]) -> str:
    """`a ~ b` in plain text. Raises TooMuch when it is too long."""
    return limited("".join(str(_bearable(part)) for part in parts))


def text_of(value: object) -> str:
    """A value as it is printed, not yet escaped. Raises NothingToPrint for null, ValueRefused for what cannot be."""
    # not isinstance: Markup is a str, too
    if value.__class__ is str:
        return printable(value, "")
    if value is None:
        raise NothingToPrint("the value is null")
    return printable(str(_bearable(value)), "")


def _bearable(value: Value) -> Value:
    """A value that may be printed: lists and mappings as long as they are of a size."""
    if isinstance(value, list | tuple | dict):
        weighed(value)
    return value


def shown(value: Value) -> Markup:
    """A value printed inside a macro or block: escaped, unless it is XML made by docxtpl or by another block."""
    if hasattr(value, "__html__"):
        return Markup(value.__html__())  # noqa: S704 - XML already
    return escape(text_of(value))
