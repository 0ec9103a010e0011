"""What Excel shows of a number in a cell: the figures that its format makes, and the words that stand around them.

A number may be shown rounded, in thousands, as a percentage, with zeros before it or with words ("≥ 95", "15 triệu"):
people see the shown one, and only that is on paper. Formats are written as ECMA-376 has them (18.8.31); what depends
on conditions, fractions and powers of ten is not worked out here.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

_TOKEN: Final = re.compile(
    r'"(?P<text>[^"]*)"?|\\(?P<sign>.)|_(?P<gap>.)|\*(?P<fill>.)|\[(?P<square>[^\]]*)\]|(?P<general>General)'
    r"|(?P<digit>[0#?])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION: Final = re.compile(r"\s*[<>=]|DBNum|NatNum|h+$|m+$|s+$", re.IGNORECASE)
#: Letters that stand for a part of a date or time, and what only a fraction, a power of ten or a text has.
_NOT_OF_NUMBERS: Final = frozenset("dmyhsgbe/@")
_LONGEST: Final = 255  # letters of a format in Excel
_OF_NUMBERS: Final = 3  # parts; the fourth is for texts
_MOST_FIGURES: Final = 25
_LARGEST: Final = Decimal(10) ** 15


@dataclass(frozen=True)
class Shown:
    """A number as it is seen: `before`, `figures` ("0912", "94,6", "" for none), `after`, and what it comes to."""

    before: str
    figures: str
    after: str
    number: Decimal

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self.before}{self.figures}{self.after}".strip()


@dataclass(frozen=True)
class _Section:
    """One of the up to four parts of a format: literal signs, and "0", "#", "?", ".", "," or "G" as they stand."""

    signs: tuple[tuple[str, bool], ...]  #: each with whether it is a literal
    percents: int = 0


def shown(value: float, number_format: str) -> Shown | None:
    """What is seen of a number in a format other than "General"; None when that is not worked out here."""
    sections = _sections(number_format)
    if sections is None:
        return None
    exact = Decimal(repr(value))
    # of more figures than Excel keeps it shows zeros that nobody has typed
    if not exact.is_finite() or abs(exact) >= _LARGEST:
        return None
    if exact.is_zero() and len(sections) > 2:
        section, is_signed = sections[2], False
    elif value < 0 and len(sections) > 1:
        section, is_signed = sections[1], False
    else:
        section, is_signed = sections[0], value < 0
    return _of_section(abs(exact), section, is_signed=is_signed)


@lru_cache(maxsize=256)
def _sections(number_format: str) -> tuple[_Section, ...] | None:
    found: list[list[tuple[str, bool]]] = [[]]
    percents = [0]
    for match in _TOKEN.finditer(number_format[:_LONGEST]):
        kind, text = str(match.lastgroup), match[str(match.lastgroup)]
        if kind == "other" and text == ";":
            found.append([])
            percents.append(0)
        elif len(found) <= _OF_NUMBERS:
            sign = _sign(kind, text)
            if sign is None:
                return None
            percents[-1] += kind == "other" and text == "%"
            found[-1].append(sign)
    return tuple(_Section(tuple(signs), count) for signs, count in zip(found, percents, strict=True))


def _sign(kind: str, text: str) -> tuple[str, bool] | None:
    """One part of a format, and whether it is shown as it stands; None for what is not worked out here."""
    if kind == "square":  # a colour; a currency and a language: "₫-42A"; a condition
        return None if _CONDITION.match(text) else (text[1:].partition("-")[0] if text.startswith("$") else "", True)
    if kind in {"gap", "fill"}:  # as wide as a letter, as often as there is room
        return "", True
    if kind == "other" and text not in {".", ","}:
        return None if text.casefold() in _NOT_OF_NUMBERS else (text, True)
    return "G" if kind == "general" else text, kind in {"text", "sign"}


def _of_section(value: Decimal, section: _Section, *, is_signed: bool) -> Shown | None:
    signs = section.signs
    at = [place for place, (sign, is_literal) in enumerate(signs) if not is_literal and sign not in {",", "."}]
    before = "-" * is_signed + _literals(signs[: at[0]] if at else signs)
    if not at and any(not is_literal for _, is_literal in signs):
        return None  # a point or a comma alone
    if not at:
        return Shown(before, "", "", Decimal(0))
    point = next((place for place, sign in enumerate(signs) if sign == (".", False)), len(signs))
    whole, decimals = [one for one in at if one < point], [signs[one][0] for one in at if one > point]
    is_general = signs[at[0]][0] == "G"
    if section.percents > 1 or len(at) > _MOST_FIGURES or (is_general and len(at) > 1):
        return None
    number = value * 100**section.percents / Decimal(1000) ** _thousands(signs, whole)
    if is_general:
        number = Decimal(f"{number:.10g}")  # as a cell of the usual width shows it
        figures = f"{number:f}".replace(".", ",")
    else:
        number = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
        figures = _figures(number, signs, whole, decimals)
    after = _literals(signs[at[-1] :])
    is_below = before.strip().startswith(("-", "−", "(")) or after.strip() == "-"
    return Shown(before, figures, after, -number if is_below else number)


def _literals(signs: tuple[tuple[str, bool], ...]) -> str:
    return "".join(sign for sign, is_literal in signs if is_literal)


def _thousands(signs: tuple[tuple[str, bool], ...], whole: list[int]) -> int:
    """How many times the number is divided by a thousand: commas right behind the last figure before the point."""
    behind = signs[whole[-1] + 1 :] if whole else ()
    return next((count for count, sign in enumerate(behind) if sign != (",", False)), len(behind))


def _figures(number: Decimal, signs: tuple[tuple[str, bool], ...], whole: list[int], decimals: list[str]) -> str:
    """The figures with a decimal comma and with what stands between them ("0912-345-678"); no marks of thousands."""
    integer, _, fraction = f"{number:f}".partition(".")
    left = integer.lstrip("0")
    written = ""
    for place in range(whole[-1] if whole else -1, whole[0] - 1 if whole else -1, -1):
        sign, is_literal = signs[place]
        if is_literal:
            written = sign + written
        elif sign in {"0", "#", "?"}:
            figure, left = (left[-1:], left[:-1]) if left else ("0" if sign == "0" else "", "")
            written = figure + written
    written = left + written
    kept = len(fraction)
    while kept and fraction[kept - 1] == "0" and decimals[kept - 1] != "0":
        kept -= 1
    return f"{written or '0'},{fraction[:kept]}" if kept else written
