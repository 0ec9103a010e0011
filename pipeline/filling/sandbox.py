"""The environment templates run in: Jinja's immutable sandbox, strict, with a budget of work.

An operation that would make something huge in one go (`'a' * 10**9`, `center(10**9)`, `'%1000000d' % 1`) is refused
before it begins.
"""

import functools
import re
import string
from collections.abc import Callable, Mapping, Sized
from typing import Final

from jinja2 import StrictUndefined
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import _PassArg
from markupsafe import EscapeFormatter, Markup

from pipeline.filling.budget import CALL, FILTER, Budget
from pipeline.filling.limits import (
    WIDTH_METHODS,
    TooMuch,
    filterable,
    joinable,
    refuse_operation,
    refuse_replaced,
    refuse_size,
    refuse_wide,
)
from pipeline.filling.printing import text_of
from pipeline.filling.values import Value


class FillContext(Context):
    """Jinja's context with the budget of this document and the filters given to it."""

    def __init__(self, environment: "StrictEnvironment", *arguments: Value, **keywords: Value) -> None:
        super().__init__(environment, *arguments, **keywords)
        self.budget = environment.budget or Budget()
        self.given: Mapping[str, Callable[..., object]] = environment.given
        self.writer: Value = None

    def filter(self, name: str) -> Callable[..., object]:
        """The filter of this name, to be called with the context first; one that fails when there is none."""
        function = self.given.get(name) or self.environment.filters.get(name)
        if function is None:
            return functools.partial(_no_filter, name)
        return _adapted(name, function)


def _no_filter(name: str, *_arguments: object, **_keywords: object) -> object:
    raise TemplateRuntimeError(f"No filter named {name!r} found.")


@functools.lru_cache(maxsize=512)
def _adapted(name: str, function: Callable[..., object]) -> Callable[..., object]:
    """`function` called with the context first, whatever Jinja would pass it, its result paid for."""
    passed = _PassArg.from_obj(function)

    def call(context: FillContext, value: object, *arguments: object, **keywords: object) -> object:
        value = filterable(name, value, arguments, keywords)
        if passed is None:
            result = function(value, *arguments, **keywords)
        elif passed is _PassArg.context:
            result = function(context, value, *arguments, **keywords)
        elif passed is _PassArg.eval_context:
            result = function(context.eval_ctx, value, *arguments, **keywords)
        else:
            result = function(context.environment, value, *arguments, **keywords)
        context.budget.spend(FILTER)
        return context.budget.made(result)

    return call


class _Formatter(string.Formatter):
    """`str.format` in the sandbox, without paddings of five digits or more."""

    def __init__(self, environment: "StrictEnvironment") -> None:
        self._environment = environment
        self._length = 0

    def get_field(self, field_name: str, args: Value, kwargs: Value) -> tuple[Value, str]:
        # `{0.__class__}` in a format reaches attributes: each goes through the sandbox
        first, rest = string._string.formatter_field_name_split(field_name)  # type: ignore[attr-defined]  # as Jinja
        found = self.get_value(first, args, kwargs)
        for is_attribute, name in rest:
            look = self._environment.getattr if is_attribute else self._environment.getitem
            found = look(found, name)
        return found, first

    def format_field(self, value: Value, format_spec: str) -> Value:
        if re.search(r"\d{5,}", format_spec):
            raise TooMuch("a padding of five digits or more")
        text = super().format_field(value, format_spec)
        self._length += len(text)
        refuse_size(self._length, "format")
        return text


class _EscapeFormatter(_Formatter, EscapeFormatter):
    def __init__(self, environment: "StrictEnvironment", escape: Callable[[object], Markup]) -> None:
        _Formatter.__init__(self, environment)
        self.escape = escape


class StrictEnvironment(ImmutableSandboxedEnvironment):
    """The one environment of filling.

    `given` are the filters of the document being made, `budget` what is left of its work (None: each context has
    its own).
    """

    # measured: Jinja's sandbox stops `range(100001)`, but not `'a' * 10**9`, which only a limit of processor time
    # ended
    intercepted_binops = frozenset({"*", "**", "+", "%"})
    context_class = FillContext

    def __init__(self, *, autoescape: bool = True, finalize: Callable[..., object] | None = None) -> None:
        super().__init__(autoescape=autoescape, undefined=StrictUndefined, finalize=finalize)
        self.given: Mapping[str, Callable[..., object]] = {}
        self.budget: Budget | None = None
        # it makes random text: the same values would give other bytes
        self.globals.pop("lipsum", None)

    def call_binop(self, context: Value, operator: str, left: Value, right: Value) -> Value:
        """An operator, refused when its result would be too large."""
        refuse_operation(operator, left, right)
        return context.budget.made(self.binop_table[operator](left, right))

    def call(__self, __context: Value, __obj: Value, *args: Value, **kwargs: Value) -> Value:  # noqa: N805 - as in Jinja
        """A call, paid for; a built-in method is not given widths or sizes that would make something huge."""
        __context.budget.spend(CALL)
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, str | bytes | int):
            name = __obj.__name__
            if name in WIDTH_METHODS:
                refuse_wide(name, args, kwargs)
            elif name == "replace" and isinstance(owner, str) and len(args) > 1:
                refuse_replaced(owner, str(args[0]), str(args[1]))
            elif name == "join" and args:
                args = (joinable(args[0], owner), *args[1:])
            elif name == "translate" and isinstance(owner, Sized):
                refuse_size(len(owner) * 100, "translate")
        return __context.budget.made(super().call(__context, __obj, *args, **kwargs))

    def call_filter(
        self,
        name: str,
        value: Value,
        args: Value = None,
        kwargs: Value = None,
        context: Value = None,
        eval_ctx: Value = None,
    ) -> Value:
        """A filter called by another filter (`map('upper')`)."""
        if isinstance(context, FillContext):
            return context.filter(name)(context, value, *(args or ()), **(kwargs or {}))
        return super().call_filter(name, value, args, kwargs, context, eval_ctx)

    def wrap_str_format(self, value: Value) -> Callable[..., str] | None:
        """`str.format` with the sandbox's rules for attributes and our rule for paddings."""
        wrapped = super().wrap_str_format(value)
        if wrapped is None:
            return None
        text = value.__self__
        formatter = _EscapeFormatter(self, text.escape) if isinstance(text, Markup) else _Formatter(self)
        is_map = value.__name__ == "format_map"

        def formatted(*args: Value, **kwargs: Value) -> str:
            made: object = formatter.vformat(text, () if is_map else args, args[0] if is_map else kwargs)
            return Markup(made) if isinstance(text, Markup) else str(made)  # noqa: S704 - escaped by its formatter

        return formatted


def context_of(
    environment: StrictEnvironment,
    values: Mapping[str, object],
    budget: Budget,
    given: Mapping[str, Callable[..., object]],
    writer: Value,
) -> FillContext:
    """What the code of one part of a document is run with."""
    context = FillContext(environment, {**environment.globals, **values}, None, {})
    context.budget, context.given, context.writer = budget, given, writer
    return context


#: The environments generated code runs in; nothing of them changes after this.
XML_ENVIRONMENT: Final = StrictEnvironment()
# without escaping nothing else would refuse null
TEXT_ENVIRONMENT: Final = StrictEnvironment(autoescape=False, finalize=text_of)
