"""Whole numbers in words, as official documents write them (the-thuc §11), and back."""

import re

from pipeline.vietnamese.text import clean

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu", "tỷ", "nghìn tỷ", "triệu tỷ")
LARGEST = 10**15  #: words() goes up to here, whichever the sign


def words(number: int) -> str:
    """Write a number in words: "một nghìn không trăm linh một" for 1001; "âm" before a negative number.

    Northern usage of the guides: linh, mốt, tư, lăm, nghìn. Raises ValueError beyond ±10^15.
    """
    if abs(number) > LARGEST:
        raise ValueError(f"{number} is beyond what is written in words (10^15); print the figure instead")
    if number < 0:
        return f"âm {words(-number)}"
    if number == 0:
        return _DIGITS[0]
    spoken = [
        f"{_below_thousand(group, follows=place < top)} {_SCALES[place]}".rstrip()
        for place, group, top in _groups(number)
        if group
    ]
    return _once_ty(" ".join(spoken), number)


def parse_words(text: str) -> int | None:
    """Read a number in words, southern words (lẻ, ngàn, tỉ) included; None when `text` spells none."""
    tokens = re.sub(r"[,.;]", " ", clean(text).casefold()).split()
    if tokens[:1] == ["âm"]:
        value = _read_scaled(tokens[1:])
        return None if value is None else -value
    return _read_scaled(tokens)


def _groups(number: int) -> list[tuple[int, int, int]]:
    """(place, group of three digits, highest place), highest first."""
    groups = []
    while number:
        number, group = divmod(number, 1000)
        groups.append(group)
    top = len(groups) - 1
    return [(place, groups[place], top) for place in range(top, -1, -1)]


def _once_ty(spoken: str, number: int) -> str:
    # 1 234 000 000 000 is "một nghìn hai trăm ba mươi tư tỷ": the word tỷ once, after both of its groups.
    if number >= 10**12 and (number // 10**9) % 1000:
        return spoken.replace(" nghìn tỷ", " nghìn", 1) if number < LARGEST else spoken
    return spoken


def _below_thousand(group: int, *, follows: bool) -> str:
    # a group after a higher one names its hundreds even when there are none: một nghìn không trăm linh một
    hundreds, rest = divmod(group, 100)
    tens, units = divmod(rest, 10)
    spoken = [f"{_DIGITS[hundreds]} trăm"] if hundreds or follows else []
    if tens == 0 and units:
        spoken += ["linh", _DIGITS[units]] if spoken else [_DIGITS[units]]
    elif tens:
        spoken += ["mười" if tens == 1 else f"{_DIGITS[tens]} mươi"]
        spoken += [_units_after_tens(tens, units)] if units else []
    return " ".join(spoken)


def _units_after_tens(tens: int, units: int) -> str:
    if units == 5:
        return "lăm"
    if tens > 1:
        return {1: "mốt", 4: "tư"}.get(units, _DIGITS[units])
    return _DIGITS[units]


_UNIT_WORDS = {word: digit for digit, word in enumerate(_DIGITS)} | {
    "mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5, "bẩy": 7,
}  # fmt: skip
_SCALE_WORDS = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6}
_BILLION_WORDS = frozenset({"tỷ", "tỉ"})


def _read_scaled(tokens: list[str]) -> int | None:
    """Read groups from the left; tỷ multiplies everything before it (một nghìn hai trăm tỷ)."""
    for at, token in enumerate(tokens):
        if token in _BILLION_WORDS:
            rest = tokens[at + 1 :]
            before, after = _read_scaled(tokens[:at]), _read_below_billion(rest) if rest else 0
            return None if before is None or after is None else before * 10**9 + after
    return _read_below_billion(tokens)


def _read_below_billion(tokens: list[str]) -> int | None:
    total, group, ceiling = 0, list[str](), 10**9
    for token in tokens:
        scale = _SCALE_WORDS.get(token)
        if scale is None:
            group.append(token)
            continue
        value = _read_group(group)
        if value is None or scale >= ceiling:  # scales fall from left to right: "triệu … nghìn", never the reverse
            return None
        total, group, ceiling = total + value * scale, [], scale
    if not group:
        return total if tokens else None
    value = _read_group(group)
    return None if value is None else total + value


def _read_group(tokens: list[str]) -> int | None:
    """Read a number below a thousand: [x trăm] [linh y | mười y | x mươi y | y]."""
    value, rest = 0, tokens
    if len(rest) >= 2 and rest[1] == "trăm" and rest[0] in _UNIT_WORDS:
        value, rest = 100 * _UNIT_WORDS[rest[0]], rest[2:]
        if not rest:
            return value
        if rest[0] in {"linh", "lẻ"}:
            return value + _UNIT_WORDS[rest[1]] if len(rest) == 2 and rest[1] in _UNIT_WORDS else None
    if rest and rest[0] == "mười":
        value, rest = value + 10, rest[1:]
    elif len(rest) >= 2 and rest[1] in {"mươi", "mười"} and rest[0] in _UNIT_WORDS:
        value, rest = value + 10 * _UNIT_WORDS[rest[0]], rest[2:]
    if not rest:
        return value if tokens else None
    return value + _UNIT_WORDS[rest[0]] if len(rest) == 1 and rest[0] in _UNIT_WORDS else None
