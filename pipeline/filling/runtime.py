"""What the generated code calls while a document is written."""

from collections.abc import Iterable

from jinja2.exceptions import TemplateNotFound, TemplateRuntimeError
from jinja2.runtime import LoopContext, Macro, TemplateReference, Undefined, identity
from jinja2.runtime import markup_join as jinja_markup_join
from jinja2.runtime import str_join as jinja_str_join
from jinja2.utils import Namespace, internalcode, missing
from markupsafe import Markup, escape

from pipeline.filling.anything import Value
from pipeline.filling.sizes import limited, weighed
from pipeline.filling.values import printable

__all__ = [
    "LoopContext",
    "Macro",
    "Markup",
    "Namespace",
    "TemplateNotFound",
    "TemplateReference",
    "TemplateRuntimeError",
    "Undefined",
    "escape",
    "get",
    "identity",
    "internalcode",
    "markup_join",
    "missing",
    "shown",
    "str_join",
]


class NothingToPrint(TemplateRuntimeError):  # noqa: N818 - names a state of the value
    """A value that is null was to be printed."""


def markup_join(parts: Iterable[Value]) -> str:
    """`a ~ b`, where escaping is on. Raises TooMuch when it is too long."""
    return limited(jinja_markup_join(map(_bearable, parts)))


def str_join(parts: Iterable[Value]) -> str:
    """`a ~ b` in plain text. Raises TooMuch when it is too long."""
    return limited(jinja_str_join(map(_bearable, parts)))


def get(environment: Value, owner: Value, name: str) -> Value:
    """`owner.name` as Jinja finds it; `name` is no attribute of dict, so a dict is asked for its key at once."""
    if owner.__class__ is dict:
        found = owner.get(name, missing)
        if found is not missing:
            return found
    return environment.getattr(owner, name)


def text_of(value: object) -> str:
    """A value as it is printed, not yet escaped. Raises NothingToPrint for null, ValueRefused for what cannot be."""
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
