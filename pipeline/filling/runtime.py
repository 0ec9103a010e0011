"""What generated code calls when it needs Jinja (`light` has what it calls when it does not)."""

from jinja2.exceptions import TemplateNotFound, TemplateRuntimeError
from jinja2.runtime import LoopContext, Macro, TemplateReference, Undefined, identity
from jinja2.utils import Namespace, internalcode, missing
from markupsafe import Markup, escape

from pipeline.filling.anything import Value
from pipeline.filling.light import Loop
from pipeline.filling.printing import markup_join, shown, str_join

__all__ = [
    "Loop",
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


def get(environment: Value, owner: Value, name: str) -> Value:
    """`owner.name` as Jinja finds it; `name` is no attribute of dict, so a dict is asked for its key at once."""
    if owner.__class__ is dict:
        found = owner.get(name, missing)
        if found is not missing:
            return found
    return environment.getattr(owner, name)
