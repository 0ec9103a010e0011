"""What generated code runs on while it needs nothing that only Jinja knows.

Importing Jinja takes longer than a document takes to be made. So the everyday part of its runtime stands here:
names, keys, loops, a few filters and tests, each for plain values only. Whatever else the code comes upon (a name
that is not there, a method called, another filter) is asked of Jinja, which is imported then: the answer is Jinja's.
"""

import functools
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from markupsafe import Markup, escape

from pipeline.filling.anything import Value
from pipeline.filling.budget import FILTER, Budget
from pipeline.filling.printing import markup_join, shown, str_join, text_of
from pipeline.filling.sizes import filterable, refuse_operation

__all__ = ["Loop", "Markup", "escape", "get", "markup_join", "missing", "shown", "str_join"]

#: What a name stands for that has no value.
missing: Final = object()
#: Names every template knows beside its values; they are Jinja's.
GLOBALS: Final = frozenset({"range", "dict", "cycler", "joiner", "namespace"})
#: What a loop tells of itself here.
LOOP_NAMES: Final = frozenset({"index", "index0", "first", "last", "length", "revindex", "revindex0"})
_DICT_NAMES: Final = frozenset(dir(dict))
_Filter = Callable[..., object]


class Loop:
    """The loop variable of a `for`: gives each item with itself, and knows how far it is."""

    __slots__ = ("_items", "index", "length")

    def __init__(self, items: Iterable[Value], _undefined: object) -> None:
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


def _is_undefined(value: object) -> bool:
    """Whether a value is Jinja's Undefined; while Jinja is not imported nobody can have made one."""
    runtime = sys.modules.get("jinja2.runtime")
    return runtime is not None and isinstance(value, runtime.Undefined)


def _default(value: Value, otherwise: Value = "") -> Value:
    return otherwise if _is_undefined(value) else value


#: Jinja's filters and tests as they are for plain values.
_TEXT_FILTERS: Final[Mapping[str, _Filter]] = {
    "lower": str.lower,
    "replace": str.replace,
    "trim": str.strip,
    "upper": str.upper,
}
_LENGTHS: Final = frozenset({"length", "count"})
_DEFAULTS: Final = frozenset({"default", "d"})
_TESTS: Final[Mapping[str, Callable[[object], bool]]] = {
    "defined": lambda value: not _is_undefined(value),
    "undefined": _is_undefined,
    "none": lambda value: value is None,
}


def _light_filter(name: str, value: Value, arguments: tuple[Value, ...]) -> _Filter | None:
    """The function that does what Jinja's filter `name` does for these very values, or None."""
    if name in _TEXT_FILTERS and value.__class__ is str and all(one.__class__ is str for one in arguments):
        return _TEXT_FILTERS[name]
    if name in _LENGTHS and value.__class__ in (str, list, tuple, dict) and not arguments:
        return len
    if name in _DEFAULTS and len(arguments) < 2:
        return _default
    return None


class _Tests:
    """Jinja's tests by name."""

    def __init__(self, jinja: Callable[[], Value]) -> None:
        self._jinja = jinja

    def __getitem__(self, name: str) -> Callable[..., bool]:
        return _TESTS.get(name) or self._jinja().tests[name]


class LightEnvironment:
    """What generated code asks of its environment; `jinja` gives the whole one."""

    binops: Final[Mapping[str, Callable[[Value, Value], Value]]] = {
        "*": lambda left, right: left * right,
        "**": lambda left, right: left**right,
        "+": lambda left, right: left + right,
        "%": lambda left, right: left % right,
    }

    def __init__(self, jinja: Callable[[], Value]) -> None:
        self.jinja = jinja
        self.tests = _Tests(jinja)

    def undefined(self, *arguments: Value, **keywords: Value) -> Value:
        """A value that is not there."""
        return self.jinja().undefined(*arguments, **keywords)

    def concat(self, pieces: Iterable[str]) -> str:
        """Texts as one."""
        return "".join(pieces)

    def finalize(self, value: Value) -> str:
        """A value as it is printed in plain text."""
        return text_of(value)

    def getattr(self, owner: Value, name: str) -> Value:
        """`owner.name`: a key of a dict, unless every dict has an attribute of that name."""
        if owner.__class__ is dict and name not in _DICT_NAMES:
            found = owner.get(name, missing)
            if found is not missing:
                return found
        return self.jinja().getattr(owner, name)

    def getitem(self, owner: Value, key: Value) -> Value:
        """`owner[key]`."""
        if owner.__class__ in (dict, list, tuple):
            try:
                return owner[key]
            except (LookupError, TypeError):
                pass
        return self.jinja().getitem(owner, key)

    def call_binop(self, context: "LightContext", operator: str, left: Value, right: Value) -> Value:
        """An operator, refused when its result would be too large."""
        refuse_operation(operator, left, right)
        return context.budget.made(self.binops[operator](left, right))

    def call(self, context: "LightContext", function: Value, *arguments: Value, **keywords: Value) -> Value:
        """A call, by the rules of the sandbox."""
        return self.jinja().call(context.whole, function, *arguments, **keywords)

    def __getattr__(self, name: str) -> Value:
        return getattr(self.jinja(), name)


def get(environment: LightEnvironment, owner: Value, name: str) -> Value:
    """`owner.name`; `name` is no attribute of dict, so a dict is asked for its key at once."""
    if owner.__class__ is dict:
        found = owner.get(name, missing)
        if found is not missing:
            return found
    return environment.jinja().getattr(owner, name)


class LightContext:
    """What generated code asks of its context; `whole` is Jinja's, made when it is needed."""

    def __init__(
        self,
        environment: LightEnvironment,
        values: Mapping[str, object],
        budget: Budget,
        given: Mapping[str, _Filter],
        writer: Value,
    ) -> None:
        self.environment = environment
        self.budget, self.given, self.writer = budget, given, writer
        self.vars: dict[str, Value] = {}
        self.exported_vars: set[str] = set()
        self._values = values

    @functools.cached_property
    def whole(self) -> Value:
        """Jinja's context of the same document."""
        from pipeline.filling.sandbox import context_of

        whole = context_of(self.environment.jinja(), self._values, self.budget, self.given, self.writer)
        whole.vars, whole.exported_vars = self.vars, self.exported_vars
        return whole

    def resolve_or_missing(self, name: str) -> Value:
        """The value of a name, or `missing`."""
        if name in self.vars:
            return self.vars[name]
        if name in self._values:
            return self._values[name]
        return self.environment.jinja().globals[name] if name in GLOBALS else missing

    def filter(self, name: str) -> _Filter:
        """The filter of this name, to be called with the context first; one that fails when there is none."""
        function = self.given.get(name)
        return _given(name, function) if function else _builtin(name)

    def __getattr__(self, name: str) -> Value:
        return getattr(self.whole, name)


@functools.lru_cache(maxsize=512)
def _given(name: str, function: _Filter) -> _Filter:
    """A filter of the caller's, paid for; one that asks for Jinja's own things is called by Jinja's rules."""
    if hasattr(function, "jinja_pass_arg"):
        return lambda context, *arguments, **keywords: context.whole.filter(name)(
            context.whole, *arguments, **keywords
        )

    def call(context: LightContext, value: object, *arguments: object, **keywords: object) -> object:
        value = filterable(name, value, arguments, keywords)
        result = function(value, *arguments, **keywords)
        context.budget.spend(FILTER)
        return context.budget.made(result)

    return call


@functools.cache
def _builtin(name: str) -> _Filter:
    """A filter of Jinja's, without Jinja where that is the same."""

    def call(context: LightContext, value: object, *arguments: object, **keywords: object) -> object:
        function = None if keywords else _light_filter(name, value, arguments)
        if function is None:
            return context.whole.filter(name)(context.whole, value, *arguments, **keywords)
        value = filterable(name, value, arguments, keywords)
        result = function(value, *arguments)
        context.budget.spend(FILTER)
        return context.budget.made(result)

    return call


def _xml_jinja() -> Value:
    from pipeline.filling.sandbox import XML_ENVIRONMENT

    return XML_ENVIRONMENT


def _text_jinja() -> Value:
    from pipeline.filling.sandbox import TEXT_ENVIRONMENT

    return TEXT_ENVIRONMENT


XML: Final = LightEnvironment(_xml_jinja)
TEXT: Final = LightEnvironment(_text_jinja)
