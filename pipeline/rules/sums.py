"""Shorthands about figures that must agree: sums, percentages, shares, numbers written in a text."""

import re
from fractions import Fraction
from typing import Final

from pipeline import vietnamese
from pipeline.messages import say
from pipeline.rules.comparing import SUM_TOLERANCE, as_fraction, as_list, as_number, equal
from pipeline.rules.expressions import Refused
from pipeline.rules.making import LISTS, NUMBERS, TEXTS, Arguments, Operand, Shorthand, value_here
from pipeline.rules.scope import Absent, Check, Scope, Violation


def _sum_equals(arguments: Arguments) -> Check:
    added = arguments.operands("of")
    taken = arguments.operands("less")
    target = arguments.operand_if_given("to") or value_here
    tolerance = arguments.operand("tolerance", SUM_TOLERANCE)

    def check(scope: Scope) -> list[Violation]:
        there = target(scope)
        total = _total(scope, added) - _total(scope, taken)
        if equal(there, total, as_number(tolerance(scope))):
            return []
        shown = int(total) if total == int(total) else round(total, 4)
        return [Violation(params={"expected": there, "sum": shown, "difference": round(as_number(there) - total, 4)})]

    return check


def _total(scope: Scope, operands: list[Operand]) -> float:
    """The sum of all; what is not filled in counts as nothing."""
    total = 0.0
    for operand in operands:
        try:
            total += sum(as_number(one) for one in as_list(operand(scope)))
        except Absent:
            continue
    return total


def _percent_of(arguments: Arguments) -> Check:
    part, whole = arguments.operand("part"), arguments.operand("whole")
    # noi-dung F16: percentages are typed with one decimal
    tolerance = arguments.operand("tolerance", 0.1)

    def check(scope: Scope) -> list[Violation]:
        of = as_number(whole(scope))
        if of == 0:
            raise Absent
        expected = 100 * as_number(part(scope)) / of
        # a difference of just 0.1 comes out a little larger in floating point
        if equal(value_here(scope), expected, as_number(tolerance(scope)) + 1e-9):
            return []
        return [Violation(params={"expected": round(expected, 1)})]

    return check


def _share_at_least(arguments: Arguments) -> Check:
    part, whole = arguments.operand("part"), arguments.operand("whole")
    least = _share(arguments)
    strictly = arguments.given.get("strictly", False)
    if not isinstance(strictly, bool):
        raise Refused(say("“{name}” takes only true or false in “strictly”", name="share_at_least"))

    def check(scope: Scope) -> list[Violation]:
        of = as_number(whole(scope))
        if of == 0:
            raise Absent
        # in fractions, so that 2 of 3 do reach a quorum of 2/3 (noi-dung BB03)
        share, wanted = Fraction(str(as_number(part(scope)))) / Fraction(str(of)), as_fraction(least(scope))
        if share > wanted or (share == wanted and not strictly):
            return []
        return [Violation(params={"percent": round(float(share) * 100, 1), "least": str(wanted)})]

    return check


def _share(arguments: Arguments) -> Operand:
    """A share written as 2/3 is that share (to CEL it would be a whole division, 0)."""
    share = arguments.given["least"]
    if isinstance(share, str) and re.fullmatch(r"[0-9]{1,4} ?/ ?[1-9][0-9]{0,3}", share):
        return lambda scope: share
    return arguments.operand("least")


def _keys(texts: list[str]) -> list[str]:
    return [re.escape(vietnamese.compare_key(text)) for text in texts]


def _number_in_text(arguments: Arguments) -> Check:
    nouns = _keys(arguments.texts("before"))
    count = arguments.operand("count")
    whole = arguments.operand_if_given("of") or count
    # "08 nội dung", "tám (08) nội dung", "10/10 đơn vị": each figure before the noun, and the word before a bracket.
    pattern = re.compile(
        rf"(?:([^\W\d_]+(?: [^\W\d_]+)?) )?(\()?([0-9]{{1,4}})(?:/([0-9]{{1,4}}))?\)? (?:{'|'.join(nouns)})\b"
    )

    def check(scope: Scope) -> list[Violation]:
        expected, of = int(as_number(count(scope))), int(as_number(whole(scope)))
        for text in as_list(value_here(scope)):
            key = vietnamese.compare_key(text) if isinstance(text, str) else ""
            if wrong := _wrong_number(pattern, key, expected, of):
                return [Violation(params={"said": wrong, "expected": expected}, found=wrong)]
        return []

    return check


def _wrong_number(pattern: re.Pattern[str], text: str, expected: int, whole: int) -> str:
    for match in pattern.finditer(text):
        # noi-dung F17: figure, word and the list itself agree
        is_right = int(match[3]) == expected and (not match[4] or int(match[4]) == whole)
        spelled = None
        if match[2] and match[1]:
            spelled = vietnamese.parse_words(match[1])
            # of the two words before the bracket the first may belong to the sentence: “gồm tám (08) nội dung”
            spelled = vietnamese.parse_words(match[1].split()[-1]) if spelled is None else spelled
        if not is_right or spelled not in (None, expected):
            return match.group().strip()
    return ""


def _mentions(arguments: Arguments) -> Check:
    # noi-dung QC08: what the text calls an article of ours is there
    words = "|".join(_keys(arguments.texts("word")))
    others = "|".join(_keys(arguments.texts("unless"))) if arguments.given.get("unless") else "(?!)"
    among = arguments.operand("among")
    # "Điều 14" is ours, "Điều 14 của Luật …" is not
    pattern = re.compile(rf"(?<![^\W\d_])(?:{words}) ([0-9]{{1,4}})\b(?! (?:của |trong |tại )?(?:{others}))")

    def check(scope: Scope) -> list[Violation]:
        known = {int(as_number(one)) for one in as_list(among(scope))}
        text = value_here(scope)
        if not isinstance(text, str):
            return []
        wrong = [int(figure) for figure in pattern.findall(vietnamese.compare_key(text)) if int(figure) not in known]
        return [Violation(params={"unknown": wrong})] if wrong else []

    return check


SHORTHANDS: Final = {
    # noi-dung F16, KH10, BD01
    "sum_equals": Shorthand(
        _sum_equals,
        frozenset({"expected", "sum", "difference"}),
        needs=("of",),
        may=("to", "less", "tolerance"),
    ),
    # noi-dung BB06
    "percent_of": Shorthand(
        _percent_of, frozenset({"expected"}), needs=("part", "whole"), may=("tolerance",), looks_at=NUMBERS
    ),
    # noi-dung BB03, BB06; “more than half” is `strictly`
    "share_at_least": Shorthand(
        _share_at_least, frozenset({"percent", "least"}), needs=("part", "whole", "least"), may=("strictly",)
    ),
    "number_in_text": Shorthand(
        _number_in_text,
        frozenset({"said", "expected"}),
        needs=("before", "count"),
        may=("of",),
        looks_at=TEXTS | LISTS,
    ),
    "mentions": Shorthand(
        _mentions, frozenset({"unknown"}), needs=("word", "among"), may=("unless",), looks_at=TEXTS
    ),
}
