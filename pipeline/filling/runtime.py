"""What generated code calls: Jinja's runtime, with our own loop, attributes and printing in its place."""

from collections.abc import Iterable
from typing import Final

from jinja2.exceptions import TemplateNotFound, TemplateRuntimeError
from jinja2.runtime import LoopContext, Macro, TemplateReference, Undefined, identity
from jinja2.utils import Namespace, internalcode, missing
from markupsafe import Markup, escape

from pipeline.filling.printing import markup_join, shown, str_join
from pipeline.filling.values import Value

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

#: What `Loop` tells of itself.
LOOP_NAMES: Final = frozenset({"index", "index0", "first", "last", "length", "revindex", "revindex0"})


class Loop:
    """The loop variable of a `for` that asks it only for `LOOP_NAMES`: gives each item with itself.

    Jinja's own holds the item before and after as well; a document of 2,000 rows is made a quarter slower by it.
    """

    __slots__ = ("_items", "index", "length")

    def __init__(self, items: Iterable[Value], _undefined: object) -> None:
        # held whole: `last` and `length` are asked of the loop, and an iterator cannot tell
        held = items if isinstance(items, list | tuple | dict) else list(items)
        self._items = iter(held)
        self.length = len(held)
        self.index = 0

    def __iter__(self) -> "Loop":
        return self

    def __next__(self) -> tuple[Value, "Loop"]:
        item = next(self._items)
        self.index += 1
        return item, self

    @property
    def index0(self) -> int:
        """How many items came before."""
        return self.index - 1

    @property
    def first(self) -> bool:
        """Whether this is the first item."""
        return self.index == 1

    @property
    def last(self) -> bool:
        """Whether no item follows."""
        return self.index == self.length

    @property
    def revindex(self) -> int:
        """How many items are left, this one among them."""
        return self.length - self.index + 1

    @property
    def revindex0(self) -> int:
        """How many items follow."""
        return self.length - self.index


def get(environment: Value, owner: Value, name: str) -> Value:
    """`owner.name` as Jinja finds it; `name` is no attribute of dict, so a dict is asked for its key at once."""
    if owner.__class__ is dict:
        found = owner.get(name, missing)
        if found is not missing:
            return found
    return environment.getattr(owner, name)
