"""Shorthands about one value: there at all, of a shape, of a size, equal to another."""

import re
from collections.abc import Hashable
from difflib import SequenceMatcher
from typing import Final

from pipeline import vietnamese
from pipeline.messages import say
from pipeline.model import Json, Message
from pipeline.rules.comparing import SUM_TOLERANCE, as_list, as_number, equal, is_number, key_of
from pipeline.rules.expressions import Refused, broken_pattern
from pipeline.rules.making import NUMBERS, TEXTS, Arguments, Shorthand, quoted, value_here
from pipeline.rules.matching import ABSENT
from pipeline.rules.scope import Check, Scope, Violation

# What people leave standing in a form instead of filling it in (noi-dung F01).
_PLACEHOLDER: Final = re.compile(
    r"[.…_\-\s/]{2,}|…|\[\s*\]|\(\s*\)|\?+|x{3,}|n/a|tbd|nguyễn văn a|dd?/mm?/(?:yyyy|yy)"
    r"|(?:ngày )?[.…]+ ?tháng ?[.…]+ ?năm ?[.…0-9]*"
)
# a cheap look at the beginning, which nearly every real value fails
_PLACEHOLDER_BEGINS: Final = re.compile(r"[\s.…_\-/\[(?xnd‐-―]|ngày", re.IGNORECASE)


def is_placeholder(value: object) -> bool:
    """Whether a text only holds the place of a value: ……, [ ], xxx, N/A, dd/mm/yyyy, Nguyễn Văn A."""
    if not isinstance(value, str) or _PLACEHOLDER_BEGINS.match(value) is None:
        return False
    return bool(_PLACEHOLDER.fullmatch(vietnamese.compare_key(value)))


def is_empty(value: object) -> bool:
    """Whether nothing was filled in."""
    return value is ABSENT or value is None or value in ("", [], {})


def _required(arguments: Arguments) -> Check:
    def check(scope: Scope) -> list[Violation]:
        value = scope.match.value
        return [Violation()] if is_empty(value) or (isinstance(value, str) and is_placeholder(value)) else []

    return check


def _matches(arguments: Arguments) -> Check:
    pattern = arguments.given["pattern"]
    if not isinstance(pattern, str):
        raise Refused(say("“{name}” needs a text", name="matches"))
    # RE2 inside CEL takes time in proportion to the text, whatever the pattern
    expression = arguments.maker.expression(f"value.matches({quoted(pattern)})", is_condition=True)
    if (trouble := broken_pattern(pattern)) != "":
        raise Refused(say("“{pattern}” is no regular expression: {reason}", pattern=pattern, reason=trouble))

    def check(scope: Scope) -> list[Violation]:
        value = value_here(scope)
        return [] if not isinstance(value, str) or scope.is_true(expression) else [Violation()]

    return check


def _between(arguments: Arguments) -> Check:
    low, high = arguments.bounds()

    def check(scope: Scope) -> list[Violation]:
        value = value_here(scope)
        least, most = (None if bound is None else bound(scope) for bound in (low, high))
        if not is_number(value):
            return []
        if (least is None or value >= as_number(least)) and (most is None or value <= as_number(most)):
            return []
        return [Violation(params={"min": least, "max": most})]

    return check


def _step(arguments: Arguments) -> Check:
    size = arguments.operand("size")

    def check(scope: Scope) -> list[Violation]:
        value, step = value_here(scope), size(scope)
        if not is_number(value) or as_number(step) <= 0:
            return []
        # noi-dung BD02; 0.3 / 0.1 is 2.9999999999999996
        steps = as_number(value) / as_number(step)
        return [] if abs(steps - round(steps)) < 1e-9 else [Violation(params={"step": step})]

    return check


def _equals(arguments: Arguments) -> Check:
    other, tolerance = arguments.operand("to"), arguments.operand("tolerance", SUM_TOLERANCE)

    def check(scope: Scope) -> list[Violation]:
        value, expected = value_here(scope), other(scope)
        if equal(value, expected, as_number(tolerance(scope))):
            return []
        return [Violation(params={"expected": expected})]

    return check


def _differs_from(arguments: Arguments) -> Check:
    others = arguments.operand("others")

    def check(scope: Scope) -> list[Violation]:
        # two spellings of one person: one with Bà before the name, one without
        key = _person_key(value_here(scope))
        taken = [one for one in as_list(others(scope)) if _person_key(one) == key]
        return [Violation(params={"other": taken[0]})] if taken else []

    return check


def _person_key(value: Json) -> Hashable:
    return key_of(vietnamese.split_name(value).full_name if isinstance(value, str) else value)


def _unlike(arguments: Arguments) -> Check:
    # noi-dung DK07: a title so much alike is another unit's activity
    texts, limit = arguments.operand("texts"), arguments.operand("limit", 0.85)

    def check(scope: Scope) -> list[Violation]:
        value, most = value_here(scope), as_number(limit(scope))
        if not isinstance(value, str):
            return []
        mine = vietnamese.search_key(value)
        for other in as_list(texts(scope)):
            if not isinstance(other, str):
                continue
            alike = SequenceMatcher(None, mine, vietnamese.search_key(other)).ratio()
            if alike >= most:
                return [Violation(params={"other": other, "percent": round(alike * 100)})]
        return []

    return check


def _person_name(arguments: Arguments) -> Check:
    def check(scope: Scope) -> list[Violation]:
        value = value_here(scope)
        # dots instead of a name are told as such (noi-dung F01)
        if not isinstance(value, str) or is_placeholder(value):
            return []
        split = vietnamese.split_name(value)
        problem = _name_problem(split)
        if problem is None:
            return []
        better: str | Message = vietnamese.titled(split.full_name)
        if not vietnamese.is_name(split.full_name):
            better = say("family name and given name in full")
        return [Violation(params={"problem": problem, "suggestion": better})]

    return check


def _name_problem(name: vietnamese.PersonName) -> Message | None:
    # noi-dung F10
    if name.rank:
        return say("“{rank}” stands before the name", rank=name.rank)
    if not vietnamese.is_name(name.full_name):
        return say("this is not a full name")
    # noi-dung F22
    if vietnamese.titled(name.full_name) != name.full_name:
        return say("each word of a name begins with a capital")
    return None


SHORTHANDS: Final = {
    "required": Shorthand(_required, meets_absence=True),
    # noi-dung F07: the pattern of a number
    "matches": Shorthand(_matches, needs=("pattern",), looks_at=TEXTS),
    "between": Shorthand(_between, frozenset({"min", "max"}), may=("min", "max"), looks_at=NUMBERS),
    "step": Shorthand(_step, frozenset({"step"}), needs=("size",), looks_at=NUMBERS),
    "equals": Shorthand(_equals, frozenset({"expected"}), needs=("to",), may=("tolerance",)),
    # noi-dung BB01: chair and secretary are two people
    "differs_from": Shorthand(_differs_from, frozenset({"other"}), needs=("others",)),
    "unlike": Shorthand(_unlike, frozenset({"other", "percent"}), needs=("texts",), may=("limit",), looks_at=TEXTS),
    "person_name": Shorthand(_person_name, frozenset({"problem", "suggestion"}), looks_at=TEXTS),
}
