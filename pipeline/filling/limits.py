"""How large the result of an operation of template code would be, judged before the operation begins."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sized
from typing import Final

from pipeline.filling.values import Value

#: The longest text (characters), list (items) or the widest padding an operation of a template may make.
LONGEST: Final = 1_000_000
WIDEST: Final = 10_000
#: The most characters in all lists within a list that is printed, joined or formatted as a whole.
DEEPEST: Final = 20_000_000
#: The largest whole number a template may make (bits).
BITS: Final = 4_096

#: Methods of built-in types and filters whose numbers are widths or counts.
WIDTH_METHODS: Final = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs", "to_bytes"})
WIDTH_FILTERS: Final = frozenset({"center", "indent", "batch", "slice", "round", "tojson", "wordwrap", "truncate"})
#: Filters that put a text of their own between or before the lines of what they get.
_LINE_FILTERS: Final = frozenset({"indent", "wordwrap", "truncate", "urlize"})
#: Filters that take a list as it is; every other one may print it.
_LIST_FILTERS: Final = frozenset({
    "attr", "batch", "count", "d", "default", "dictsort", "first", "groupby", "items", "last", "length", "list",
    "map", "max", "min", "random", "reject", "rejectattr", "reverse", "select", "selectattr", "slice", "sort",
    "unique",
})  # fmt: skip
_PERCENT_WIDTH: Final = r"%(?:\([^)]*\))?[-+ #0]*(\*|\d{5,})|%(?:\([^)]*\))?[-+ #0]*\d*\.(\*|\d{5,})"


class TooMuch(Exception):  # noqa: N818 - said to the author as it is
    """Template code that would eat memory or time; the text says what it wanted."""


def weighed(value: Value) -> int:
    """Characters and items in a list or mapping and all within it. Raises TooMuch when they are too many."""
    # without recursion: a list may be nested deeper than Python's stack
    characters, items, waiting = 0, 0, [value]
    while waiting:
        one = waiting.pop()
        items += 1
        kind = one.__class__
        if kind is str:
            characters += len(one)
        elif kind is list or kind is tuple:
            waiting += one
        elif isinstance(one, dict):
            waiting += one.keys()
            waiting += one.values()
        elif isinstance(one, str | bytes):
            characters += len(one)
        if items + len(waiting) > LONGEST or characters > DEEPEST:
            raise TooMuch(f"lists of more than {LONGEST} items or {DEEPEST} characters in all")
    return characters + items


def counted(items: Iterable[Value]) -> Iterator[Value]:
    """`items`, weighed one by one while they are asked for."""
    weight = 0
    for item in items:
        weight += weighed(item)
        if weight > DEEPEST:
            raise TooMuch(f"more than {DEEPEST} characters and items in all")
        yield item


def refuse_size(size: int, what: str) -> None:
    """Raise TooMuch for a result of more than LONGEST characters or items."""
    if size > LONGEST:
        raise TooMuch(f"{what} would make {size} characters or items")


def limited(text: str) -> str:
    """`text`, unless it is too long: then TooMuch."""
    refuse_size(len(text), "~")
    return text


def refuse_wide(name: str, arguments: Iterable[object], keywords: Mapping[str, object]) -> None:
    """Raise TooMuch for a width or count no document has."""
    for argument in (*arguments, *keywords.values()):
        if isinstance(argument, int) and abs(argument) > WIDEST:
            raise TooMuch(f"{name} with {argument}")


def refuse_repeated(text: str, arguments: Value) -> None:
    """Raise TooMuch for a format whose paddings, or whose many places for a long text, make too much."""
    if re.search(_PERCENT_WIDTH, text):
        raise TooMuch("a padding of five digits or more")
    refuse_size(max(text.count("%") - 100, 0) * weighed(arguments), "%")


def refuse_replaced(text: str, old: str, new: str) -> None:
    """Raise TooMuch for a replacement that makes the text too long."""
    refuse_size(len(text) + (text.count(old) if old else len(text) + 1) * len(new), "replace")


def joinable(items: Value, glue: object) -> Value:
    """What is to be joined, weighed now or while it is asked for. Raises TooMuch."""
    # an iterator has no size to judge beforehand: weighed as it is used up
    if not isinstance(items, Sized):
        return counted(items)
    refuse_size(len(items) * len(str(glue)), "join")
    weighed(items)
    return items


def filterable(name: str, value: Value, arguments: tuple[Value, ...], keywords: Mapping[str, Value]) -> Value:
    """What a filter is given, once it is known that the result is of a size. Raises TooMuch."""
    if name in WIDTH_FILTERS:
        refuse_wide(name, arguments, keywords)
    if name in ("join", "sum"):
        return joinable(value, arguments[0] if arguments and name == "join" else "")
    if isinstance(value, list | tuple | dict):
        if name not in _LIST_FILTERS:
            weighed(value)
    elif isinstance(value, str):
        if name == "format":
            refuse_repeated(value, (arguments, dict(keywords)))
        elif name == "replace" and len(arguments) > 1:
            refuse_replaced(value, str(arguments[0]), str(arguments[1]))
        elif name in _LINE_FILTERS:
            longest = max((len(one) for one in (*arguments, *keywords.values()) if isinstance(one, str)), default=0)
            refuse_size((len(value) + 1) * longest // 100, name)
    return value


def refuse_operation(operator: str, left: Value, right: Value) -> None:
    """Raise TooMuch for an operation whose result would be too large."""
    if isinstance(left, int) and isinstance(right, int):
        if operator == "**" and left.bit_length() * max(right, 0) > BITS:
            raise TooMuch(f"a power of more than {BITS} bits")
        if operator == "*" and left.bit_length() + right.bit_length() > BITS:
            raise TooMuch("a number of thousands of digits")
    elif operator == "%" and isinstance(left, str):
        refuse_repeated(left, right)
    elif operator == "*":
        sized, count = (left, right) if isinstance(right, int) else (right, left)
        if isinstance(sized, Sized) and isinstance(count, int):
            refuse_size(len(sized) * count, "*")
    elif operator == "+" and isinstance(left, Sized) and isinstance(right, Sized):
        refuse_size(len(left) + len(right), "+")
