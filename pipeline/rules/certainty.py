"""What is certain before any form is seen: a rule that can never fail, or never hold, is a mistake of its author.

Only what can be proved is told: conditions that are true or false whatever the form says, and shorthands whose limits
the field has already (or can never keep) by its own entry in fields.yaml.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from pipeline.messages import joined, say
from pipeline.model import Message
from pipeline.rules.comparing import is_number
from pipeline.rules.syntax import CONST_BOOL, CONST_INT, Call, Const, Node

_REFLEXIVE: Final = {"_==_": True, "_<=_": True, "_>=_": True, "_!=_": False, "_<_": False, "_>_": False}
_COMPARED: Final[Mapping[str, Callable[[int], bool | None]]] = {
    # what is known of "size >= limit" and so on, when a size is never below 0
    "_>=_": lambda limit: True if limit <= 0 else None,
    "_>_": lambda limit: True if limit < 0 else None,
    "_<_": lambda limit: False if limit <= 0 else None,
    "_<=_": lambda limit: False if limit < 0 else None,
    "_==_": lambda limit: False if limit < 0 else None,
    "_!=_": lambda limit: True if limit < 0 else None,
}
_SIZES: Final = frozenset({"size", "count"})
#: What a place is (`Shape.nature`), in words
_NATURES: Final[Mapping[str, Message]] = {
    "list": say("a list"),
    "group": say("a group of fields"),
    "number": say("a number"),
    "date": say("a date"),
    "text": say("a text"),
    "flag": say("yes or no"),
}
_GUARANTEED: Final = say("fields.yaml sees to that already: the rule can never fail")
_IMPOSSIBLE: Final = say("no value that fits fields.yaml can satisfy this")


def certainty(node: Node) -> bool | None:
    """The truth of a condition that does not depend on any form; None for one that does."""
    match node:
        case Const(kind=kind, text=text) if kind == CONST_BOOL:
            return text == "true"
        case Call(function="!_", arguments=(one,)):
            known = certainty(one)
            return None if known is None else not known
        case Call(function="_&&_" | "_||_" as function, arguments=(one, other)):
            return _joined(one, other, decisive=function == "_||_")
        case Call(function=function, arguments=(one, other)) if function in _REFLEXIVE:
            return _REFLEXIVE[function] if one == other else _compared(function, one, other)
        case _:
            return None


def _joined(one: Node, other: Node, *, decisive: bool) -> bool | None:
    """Of `or` (decisive: true) or `and` (decisive: false)."""
    known = (certainty(one), certainty(other))
    # “a || !a” is true, “a && !a” false, whatever a is
    opposite = Call("!_", (one,)) == other or Call("!_", (other,)) == one
    if opposite or decisive in known:
        return decisive
    return known[0] if known[0] == known[1] else None


def _compared(function: str, size: Node, limit: Node) -> bool | None:
    is_size = isinstance(size, Call) and size.function in _SIZES
    if is_size and isinstance(limit, Const) and limit.kind == CONST_INT:
        return _COMPARED[function](int(limit.text))
    return None


def misplaced(name: str, place: str, nature: str, looks_at: Collection[str]) -> Message | None:
    """Why shorthand `name` says nothing at a place of this nature ("" where it is not known); None if it can."""
    if not looks_at or not nature or nature in looks_at:
        return None
    return say(
        "“{name}” judges {wanted}; “{place}” is {nature}",
        name=name,
        wanted=joined(_NATURES[one] for one in sorted(looks_at)),
        place=place,
        nature=_NATURES[nature],
    )


def pointless(name: str, argument: object, limits: Mapping[str, object]) -> Message | None:
    """Why a shorthand with this argument can never fail (or never hold) on a field with these limits; None if not."""
    match name:
        case "between":
            return _bounds(argument, limits)
        case "exactly" | "count":
            return _numbers(argument, limits)
        case "matches" if argument == limits.get("pattern"):
            return _GUARANTEED
        case _:
            return None


def _bounds(argument: object, limits: Mapping[str, object]) -> Message | None:
    if not isinstance(argument, dict):
        return None
    least, most = argument.get("min"), argument.get("max")
    floor, ceiling = limits.get("minimum"), limits.get("maximum")
    if _above(least, ceiling) or _above(floor, most):
        return _IMPOSSIBLE
    keeps_low = least is None or (is_number(least) and floor is not None and not _above(least, floor))
    keeps_high = most is None or (is_number(most) and ceiling is not None and not _above(ceiling, most))
    return _GUARANTEED if keeps_low and keeps_high else None


def _numbers(argument: object, limits: Mapping[str, object]) -> Message | None:
    """A number of entries that the list can never have; one it must have is only said better by a rule."""
    given = argument if isinstance(argument, dict) else {"count": argument}
    least, most = given.get("min", given.get("count")), given.get("max", given.get("count"))
    floor, ceiling = limits.get("minItems"), limits.get("maxItems")
    return _IMPOSSIBLE if _above(least, ceiling) or _above(floor, most) else None


def _above(one: object, other: object) -> bool:
    return is_number(one) and is_number(other) and one > other
