"""Numbers as they stand in somebody's register: 57, 57a, 12-15, 57-KH/CTĐ4, 57/QĐ-UBND, 15/2021/QĐ-UBND."""

import re
from dataclasses import dataclass
from typing import Final

from pipeline.messages import say
from pipeline.model import Message
from pipeline.vietnamese import clean, compare_key

#: So many numbers one line of a register may stand for: a handful of letters of one text, a stack of certificates.
MOST_IN_A_LINE: Final = 200
#: As long as the ledger's own column of a number is.
LONGEST: Final = 64
_LEAD: Final = re.compile(r"^(?:số|so)\s*:?\s*", re.IGNORECASE)
_AROUND_SIGN: Final = re.compile(r"\s*([-–/])\s*")
_VOID: Final = re.compile(r"[\s(,;:-]*(?:đã |bị )?(?:hủy|huỷ)(?: bỏ| số)?[\s).]*$", re.IGNORECASE)
_DASH: Final = r"\s*(?:-|÷|đến|->)\s*"
_RANGE: Final = re.compile(rf"([0-9]{{1,6}}){_DASH}([0-9]{{1,6}})(?:\s*([/-])\s*(.+))?")
_ONE: Final = re.compile(r"([0-9]{1,6})([a-zđ]{0,3})(?:\s*([/-])\s*(?:([0-9]{4})\s*/\s*)?(.+))?")


#: What no symbol of a number has; § is the Đ of TCVN3, ¦ its Ư.
_NO_LETTER: Final = re.compile(r"[^\w\s\-–‑−/.,&+()]")


@dataclass(frozen=True)
class OldNumber:
    """One number: its figure, the letters behind it ("a" of 57a), its whole text as the paper bears it."""

    no: int
    suffix: str
    text: str


@dataclass(frozen=True)
class Numbers:
    """The numbers of one line; `symbol` is what stands behind the figures ("KH/CTĐ4"), `is_void` if "hủy" does."""

    numbers: tuple[OldNumber, ...] = ()
    symbol: str = ""
    is_void: bool = False
    trouble: Message | None = None


def numbers_in(said: str, symbol: str = "") -> Numbers:
    """Read the numbers of a line; `symbol` is that of a column of its own."""
    text = _AROUND_SIGN.sub(r"\1", _LEAD.sub("", clean(said.replace("\n", " "))))
    if void := _VOID.search(text):
        text = text[: void.start()]
    # "57." as lists are counted
    text = text.rstrip(". ")
    found = _numbers(text, clean(symbol))
    if found.trouble is None and (sign := _NO_LETTER.search(found.symbol)):
        message = say(
            "“{said}” has the sign “{sign}”, which no number has (a letter of an old font, perhaps); type it anew.",
            said=text[:40],
            sign=sign[0],
        )
        found = Numbers(trouble=message)
    return Numbers(found.numbers, found.symbol, void is not None, found.trouble)


def _numbers(text: str, symbol: str) -> Numbers:
    key = compare_key(text)
    if match := _RANGE.fullmatch(key):
        first, last = int(match[1]), int(match[2])
        if not 0 < first < last:
            return Numbers(trouble=say("“{said}” is no range of numbers: the second must be the higher.", said=text))
        if last - first >= MOST_IN_A_LINE:
            return Numbers(
                trouble=say(
                    "“{said}” would be {count} numbers in one line, at most {most} are taken; write them in several.",
                    said=text,
                    count=last - first + 1,
                    most=MOST_IN_A_LINE,
                )
            )
        tail = _tail(text, match[4], symbol)
        sign = match[3] or ("-" if "/" in tail else "/")
        figures = (f"{no:0{len(match[1])}d}" for no in range(first, last + 1))
        many = (OldNumber(int(one), "", f"{one}{sign}{tail}" if tail else one) for one in figures)
        return Numbers(tuple(many), tail)
    match = _ONE.fullmatch(key)
    if match is None or int(match[1]) == 0:
        return Numbers(
            trouble=say("“{said}” is not a number as a register has it (57, 57a, 12-15, 57-KH/…).", said=text)
        )
    tail = _tail(text, match[5], symbol)
    if match[5] or not symbol:
        whole = text
    else:
        # a symbol in a column of its own is joined by the sign that does not stand in it
        sign = "" if symbol[0] in "-/" else ("-" if "/" in symbol else "/")
        whole = f"{text}{sign}{symbol}"
    if len(whole) > LONGEST:
        return Numbers(
            trouble=say("The number is longer than {most} letters: “{said}…”", said=whole[:40], most=LONGEST)
        )
    return Numbers((OldNumber(int(match[1]), match[2], whole),), tail)


def _tail(text: str, found: str | None, symbol: str) -> str:
    """Give the symbol as it was written: of the number's own text, else of its column."""
    if not found:
        return symbol.lstrip("-/ ")
    # its letters and not those of the key, which are small
    written = clean(text)
    return written[-len(found) :] if len(found) <= len(written) else found
