"""Numbers, percentages, money and telephone numbers: read strictly, printed the Vietnamese way.

A comma is the decimal sign, a dot separates thousands (the-thuc §11). `read_…` notes what was unusual.
"""

import re
from decimal import Decimal

from pipeline.vietnamese.text import clean, compare_key
from pipeline.vietnamese.typed import Note, Typed
from pipeline.vietnamese.words import parse_words

_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,([0-9]+))?")
_SPACED = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:,([0-9]+))?")
_PLAIN = re.compile(r"[0-9]+(?:,([0-9]+))?")
# One or two figures after a point cannot be thousands, so the point is a decimal sign; 1.250 is twelve hundred fifty.
_POINT = re.compile(r"[0-9]+\.[0-9]{1,2}|0\.[0-9]{1,6}")
_FOREIGN = re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}|(?:,[0-9]{3})+\.[0-9]{1,2})")
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")  # 1,500: one and a half here, fifteen hundred in English
_LONGEST = 40  # characters; longer is not a number somebody typed


def read_number(typed: str | float | Decimal) -> Typed[Decimal]:
    """Read a number: 98,5 · 1.250.000 · 1.234,5; 98.5 with the note DECIMAL_POINT; None when it is not one."""
    if not isinstance(typed, str):
        return Typed(_from_machine(typed))
    text = clean(typed).lstrip("'")  # Excel's sign for “this is text”, kept by some programs that copy cells
    sign = -1 if text[:1] in {"-", "−", "–"} else 1
    text = text[1:].lstrip() if sign < 0 else text.removeprefix("+")
    if len(text) > _LONGEST:
        return Typed(None)
    read = _read_unsigned(text)
    return read if read.value is None else Typed(sign * read.value, read.notes)


def read_percent(typed: str | float | Decimal) -> Typed[Decimal]:
    """Read a percentage, 98.5 for "98,5 %"; the sign may be missing in a field that is a percentage."""
    if isinstance(typed, str):
        typed = re.sub(r"\s*(?:%|phần trăm)$", "", clean(typed))
    return read_number(typed)


_SCALES = {
    "tỷ": 10**9, "tỉ": 10**9, "triệu": 10**6, "trđ": 10**6, "tr": 10**6, "nghìn": 10**3, "ngàn": 10**3, "k": 10**3,
}  # fmt: skip
_CURRENCY = re.compile(r"\s*(?:đồng|vnđ|vnd|đ|₫)\.?$")
_SCALED = re.compile(r"([0-9][0-9.,]*) ?(tỷ|tỉ|triệu|trđ|tr|nghìn|ngàn|k)(?: |$)")
_IN_WORDS = re.compile(r"\((?:bằng chữ: ?|viết bằng chữ: ?)?([^()]+?)(?: đồng)?(?: chẵn)?\.?\)$")


def read_money(typed: str | float | Decimal) -> Typed[int]:
    """Read whole đồng: 12.000.000 đồng · 12 triệu · 1 tỷ 200 triệu · 15.000.000đ (Mười lăm triệu đồng).

    Words in brackets that spell another number give the note WORDS_DIFFER. None below zero or with a part of a đồng.
    """
    if not isinstance(typed, str):
        return _whole(Typed(_from_machine(typed)))
    text = compare_key(typed)
    spelled = _IN_WORDS.search(text)
    figure = _CURRENCY.sub("", text[: spelled.start()].rstrip() if spelled else text)
    read = _whole(_read_scaled(figure) if _SCALED.search(figure) else read_number(figure))
    in_words = parse_words(spelled[1]) if spelled else None
    # the figure counts, and the clerk is told (F17): which of the two was meant, nobody here can know
    if read.value is not None and in_words is not None and in_words != read.value:
        return Typed(read.value, (*read.notes, Note.WORDS_DIFFER))
    return read


_PHONE_FILLING = re.compile(r"[\s().\-\u2010-\u2015]+")
_PHONE = re.compile(r"0[1-9][0-9]{8}|02[0-9]{9}")  # ten figures; eleven only for land lines (028 …)


def read_phone(typed: str | float) -> Typed[str]:
    """Read a telephone number: 0903123456. Nine figures get back the zero that Excel drops, with a note (DK08)."""
    if isinstance(typed, int | float):
        typed = str(int(typed)) if typed == int(typed) else ""
    figures = _PHONE_FILLING.sub("", clean(typed).lstrip("'"))
    figures = re.sub(r"^(?:\+84|0084|84(?=[0-9]{9,10}$))0?", "0", figures)
    if _PHONE.fullmatch(figures):
        return Typed(figures)
    if re.fullmatch(r"[1-9][0-9]{8}|2[0-9]{9}", figures):
        return Typed(f"0{figures}", (Note.LEADING_ZERO_RESTORED,))
    return Typed(None)


def parse_phone(typed: str | float) -> str | None:
    """Give the number of `read_phone`, or None."""
    return read_phone(typed).value


_EMAIL = re.compile(r"[a-z0-9._%+'-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}")


def parse_email(typed: str) -> str | None:
    """Give the address in lower case, or None; ordinary addresses only (no quoted names, no bare hosts)."""
    address = clean(typed).lower().removeprefix("mailto:")
    sound = _EMAIL.fullmatch(address) and ".." not in address and not address.startswith(".") and ".@" not in address
    return address if sound else None


def number_vn(number: int | float | Decimal, places: int | None = None) -> str:
    """Write a number: "1.234.567,89"; `places` fixes the decimals, otherwise zeros at the end are left out."""
    exact = Decimal(str(number))  # by its shortest spelling: Decimal(0.1) would print 55 figures
    text = f"{exact:,.{places}f}" if places is not None else f"{exact:,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def money_vn(dong: int) -> str:
    """Write an amount of money: "1.500.000 đồng"."""
    return f"{number_vn(dong)} đồng"


def percent_vn(percent: int | float | Decimal) -> str:
    """Write a percentage: "98,5%", no space before the sign (the-thuc §11)."""
    return f"{number_vn(percent)}%"


def two(number: int) -> str:
    """Write a count in two figures: "08", as documents print numbers below ten."""
    return f"{number:02d}"


def _from_machine(number: float | Decimal) -> Decimal | None:
    if isinstance(number, bool):  # an int for Python, no number for a clerk
        return None
    exact = Decimal(str(number))
    return exact if exact.is_finite() else None


def _read_unsigned(text: str) -> Typed[Decimal]:
    if _GROUPED.fullmatch(text) or _SPACED.fullmatch(text):
        return Typed(Decimal(text.replace(".", "").replace(" ", "").replace(",", ".")))
    if _FOREIGN.fullmatch(text):
        return Typed(Decimal(text.replace(",", "")), (Note.FOREIGN_GROUPING,))
    if _PLAIN.fullmatch(text):
        notes = (Note.AMBIGUOUS_COMMA,) if _AMBIGUOUS.fullmatch(text) else ()
        return Typed(Decimal(text.replace(",", ".")), notes)
    if _POINT.fullmatch(text):
        return Typed(Decimal(text), (Note.DECIMAL_POINT,))
    return Typed(None)


def _read_scaled(figure: str) -> Typed[Decimal]:
    """Read "1 tỷ 200 triệu 500.000": parts from large to small, at most the last without its scale."""
    total, notes, ceiling, at = Decimal(0), tuple[Note, ...](), 10**12, 0
    for match in _SCALED.finditer(figure):
        part, scale = read_number(match[1]), _SCALES[match[2]]
        if part.value is None or scale >= ceiling or match.start() != at:
            return Typed(None)
        total, notes, ceiling, at = total + part.value * scale, notes + part.notes, scale, match.end()
    rest = figure[at:].strip()
    if not rest:
        return Typed(total, notes)
    if rest == "rưỡi":
        return Typed(total + ceiling // 2, notes)
    last = read_number(rest)
    return (
        Typed(None) if last.value is None or last.value >= ceiling else Typed(total + last.value, notes + last.notes)
    )


def _whole(read: Typed[Decimal]) -> Typed[int]:
    if read.value is None or read.value < 0 or read.value != read.value.to_integral_value():
        return Typed(None)
    return Typed(int(read.value), read.notes)
