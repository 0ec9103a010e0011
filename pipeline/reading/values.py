"""What people type, as canonical values: one function for each x-type of a form (noi-dung §2).

`canonical` gives the value or None, and what was odd. Whatever cannot be read is a blocking finding with its place
and the value is left out; validation does not report such a field as missing a second time.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from pipeline import vietnamese
from pipeline.messages import say, verbatim
from pipeline.model import Field, Finding, Json, Message, Severity
from pipeline.reading.context import ReadingContext
from pipeline.reading.labels import is_placeholder, without_leaders
from pipeline.reading.names import content_named, nearest_unit, one_of, unit_named
from pipeline.reading.raw import Cell
from pipeline.vietnamese import Note, clean, compare_key, search_key


@dataclass(frozen=True)
class Canonical:
    """A value read (None: nothing, or nothing readable) and what there is to say about it."""

    value: Json = None
    findings: tuple[Finding, ...] = ()


_Read: TypeAlias = Callable[[Cell, Field, ReadingContext], Canonical]

_FOUND_LENGTH: Final = 200


def is_empty(cell: Cell) -> bool:
    """Whether nothing is filled in: blank, unseen, a dotted line, or one of the usual placeholders."""
    return cell.is_blank or cell.is_unseen or (isinstance(cell.value, str) and is_placeholder(cell.value))


def canonical(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    """The value of one field from its cell; findings carry the cell's place."""
    if is_empty(cell):
        return Canonical(None, cell.findings)
    if isinstance(cell.value, str) and (text := without_leaders(cell.value)) != cell.value:
        cell = cell.holding(text)
    read = _READERS.get(node.value_type, _text)(cell, node, context)
    return Canonical(read.value, (*cell.findings, *read.findings)) if cell.findings else read


def _finding(code: str, cell: Cell, message: Message, mend: Message, *, warn: bool = False) -> Finding:
    severity = Severity.WARN if warn else Severity.BLOCK
    return Finding(code, severity, message, cell.place, found=clean(cell.text)[:_FOUND_LENGTH], mend=mend)


def _unread(code: str, cell: Cell, message: Message, needed: Message, mend: Message | None = None) -> Canonical:
    found = clean(cell.text)[:_FOUND_LENGTH]
    mend = mend or say("Type it again as it is needed here.")
    return Canonical(
        None, (Finding(code, Severity.BLOCK, message, cell.place, found=found, needed=needed, mend=mend),)
    )


def _noted(notes: tuple[Note, ...], cell: Cell, read_as: str) -> tuple[Finding, ...]:
    """What was odd about a value that was read all the same, with how it was understood."""
    return tuple(
        Finding(
            code,
            severity,
            message(read_as),
            cell.place,
            found=clean(cell.text)[:_FOUND_LENGTH],
            mend=say("If this is not what was meant, write it out in full and send the form again."),
        )
        for note in notes
        for code, severity, message in (_NOTES[note],)
    )


_NOTES: Final[dict[Note, tuple[str, Severity, Callable[[str], Message]]]] = {
    Note.TWO_DIGIT_YEAR: (
        "date.short-year",
        Severity.WARN,
        lambda read: say("The year has two figures; the date was read as {read}.", read=read),
    ),
    Note.MONTH_FIRST: (
        "date.month-first",
        Severity.WARN,
        lambda read: say("The month stands before the day; the date was read as {read}.", read=read),
    ),
    Note.YEAR_ASSUMED: (
        "date.no-year",
        Severity.WARN,
        lambda read: say("The year is not written; the date was read as {read}.", read=read),
    ),
    Note.OTHER_ZONE: (
        "date.other-zone",
        Severity.WARN,
        lambda read: say("The moment is of another time zone; in Vietnam it was {read}.", read=read),
    ),
    Note.WEEKDAY_DIFFERS: (
        "date.weekday",
        Severity.BLOCK,
        lambda _: say("The day of the week is not that of the date."),
    ),
    Note.IMPOSSIBLE_DATE: ("F03", Severity.BLOCK, lambda _: say("There is no such day in the calendar.")),
    # noi-dung §2: a full stop separates thousands; with one or two figures behind it, it cannot
    Note.DECIMAL_POINT: (
        "number.decimal-point",
        Severity.WARN,
        lambda read: say("A full stop was read as the decimal comma: {read}.", read=read),
    ),
    Note.FOREIGN_GROUPING: (
        "number.foreign-grouping",
        Severity.WARN,
        lambda read: say("Commas were read as separating thousands: {read}.", read=read),
    ),
    Note.AMBIGUOUS_COMMA: (
        "number.ambiguous-comma",
        Severity.WARN,
        lambda read: say("The comma was read as the decimal comma: {read}.", read=read),
    ),
    Note.WORDS_DIFFER: (
        "F17",
        Severity.BLOCK,
        lambda read: say("The figure ({read}) and the words in brackets name different numbers.", read=read),
    ),
    Note.LEADING_ZERO_RESTORED: (
        "DK08",
        Severity.WARN,
        lambda read: say("The first 0 is missing; the telephone number was read as {read}.", read=read),
    ),
}


def _text(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    value = cell.value
    if cell.is_percent and isinstance(value, int | float) and not isinstance(value, bool):
        return Canonical(vietnamese.percent_vn(Decimal(repr(value)) * 100))  # Excel keeps 95 % as 0.95
    return Canonical(clean(cell.text) or None)


def _date(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    needed = say("a day: day/month/year, such as 25/5/{year}", year=context.year or 2022)
    if isinstance(cell.value, dt.time | bool):
        return _unread("value.date", cell, say("This is not a date."), needed)
    # noi-dung §2: also Excel's own number of a day (44706 is 25/5/2022)
    read = vietnamese.read_date(_written(cell), year=context.year or None)
    if read.value is not None:
        return Canonical(
            read.value.isoformat(), _noted(read.notes, cell, vietnamese.date_short(read.value)) if read.notes else ()
        )
    # noi-dung F03: 31/6 is told as what it is, not as something unreadable
    if Note.IMPOSSIBLE_DATE in read.notes:
        return _unread("F03", cell, say("There is no such day in the calendar."), needed)
    if Note.WEEKDAY_DIFFERS in read.notes:
        return _unread("date.weekday", cell, say("The day of the week is not that of the date."), needed)
    if isinstance(cell.value, str) and vietnamese.parse_span(cell.value, year=context.year or None):
        return _unread("value.date", cell, say("One day is needed here, not a stretch of time."), needed)
    return _unread("value.date", cell, say("This is not a date that can be read."), needed)


def _date_fuzzy(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    if isinstance(cell.value, dt.time | bool):
        span = None
    else:
        span = vietnamese.parse_span(_written(cell), year=context.year or None)
    if span is None:
        needed = say("a day, a month (tháng 6/{year}) or a quarter (quý II/{year})", year=context.year or 2022)
        return _unread("value.date", cell, say("This is not a time that can be read."), needed)
    return Canonical({"from": span.first.isoformat(), "to": span.last.isoformat(), "text": clean(cell.text)})


def _time(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    value = cell.value
    readable = isinstance(value, str | int | float | dt.time | dt.datetime) and not isinstance(value, bool)
    time = vietnamese.parse_time(value) if readable else None  # type: ignore[arg-type]
    if time is None:
        return _unread(
            "value.time", cell, say("This is not a time of day."), say("a time, such as 8 giờ 30 or 08:30")
        )
    return Canonical(f"{time:%H:%M}")


_YEAR: Final = re.compile(r"(?:năm\s*)?((?:19|20|21)[0-9]{2})", re.IGNORECASE)


def _year(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    if isinstance(cell.value, dt.date):
        return Canonical(cell.value.year)
    match = _YEAR.fullmatch(clean(cell.text))
    if match is None:
        return _unread("value.year", cell, say("This is not a year."), say("a year of four figures"))
    return Canonical(int(match[1]))


def _integer(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    read = _number(cell, node, context)
    if isinstance(read.value, float):
        return _unread(
            "value.number", cell, say("A whole number is needed here."), say("a whole number, figures only")
        )
    return read


# “12 người”, “8 điểm”: the word behind a figure is the form's business.
_PEOPLE: Final = re.compile(
    r"\s*(?:người|đồng chí|đ/c|cán bộ|đại biểu|đơn vị|phiếu|bản|điểm|ngày|lượt người)\.?$", re.IGNORECASE
)
_PERCENT: Final = re.compile(r"%|phần trăm$")
_TOO_LARGE: Final = 10**15


def _number(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    value = cell.value
    if isinstance(value, str):
        text = _PEOPLE.sub("", clean(value))
        read = vietnamese.read_percent(text) if _PERCENT.search(text) else vietnamese.read_number(text)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        read = vietnamese.read_number(value)
        if read.value is not None and cell.is_percent:
            # Excel keeps 95 % as 0.95
            read = vietnamese.Typed(read.value * 100, read.notes)
    else:
        read = vietnamese.Typed(None)
    if read.value is None:
        return _unread(
            "value.number", cell, say("This is not a number."), say("a number, figures only, such as 98,5 or 1.250")
        )
    if abs(read.value) >= _TOO_LARGE:
        message = say("The number has more figures than can be counted with exactly.")
        return _unread("value.number", cell, message, say("a number of at most {count} figures", count=15))
    return Canonical(_plain(read.value), _noted(read.notes, cell, vietnamese.number_vn(read.value)))


def _plain(number: Decimal) -> int | float:
    """An int when it is whole, so that 100 is not printed as 100.0."""
    number = round(number, 9)
    return int(number) if number == number.to_integral_value() else float(number)


def _money(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    value = cell.value
    if isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
        read = vietnamese.read_money(value)
    else:
        read = vietnamese.Typed(None)
    if read.value is None:
        needed = say("whole đồng, such as 15.000.000 or 15 triệu đồng")
        return _unread("value.money", cell, say("This is not an amount of money."), needed)
    findings = _noted(read.notes, cell, vietnamese.money_vn(read.value))
    # noi-dung F17: which of the two was meant only the unit can say
    return Canonical(None if Note.WORDS_DIFFER in read.notes else read.value, findings)


def _phone(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    value = cell.value
    read = (
        vietnamese.read_phone(value)
        if isinstance(value, str | int | float) and not isinstance(value, bool)
        else vietnamese.Typed[str](None)
    )
    if read.value is None:
        message = say("This is not a telephone number that can be dialled.")
        # noi-dung DK08 is a warning: the value goes on as it was written
        mend = say("Write all 10 figures, beginning with 0; in Excel format the cell as text.")
        return Canonical(clean(cell.text), (_finding("DK08", cell, message, mend, warn=True),))
    return Canonical(read.value, _noted(read.notes, cell, read.value))


def _email(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    address = vietnamese.parse_email(cell.text)
    if address is None:
        message = say("This is not an e-mail address.")
        # as for telephone numbers
        mend = say("Write one address, such as vanphong@donvi.vn.")
        return Canonical(clean(cell.text), (_finding("DK08", cell, message, mend, warn=True),))
    return Canonical(address)


def _person(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    name = vietnamese.split_name(clean(cell.text))
    if not name.full_name:
        return Canonical(None)
    findings: tuple[Finding, ...] = ()
    # noi-dung F10
    if name.rank:
        message = say(
            "Titles and ranks are not written before a name here; the name was read as “{name}”.", name=name.full_name
        )
        mend = say("Write the name alone: {name}.", name=name.full_name)
        findings = (_finding("F10", cell, message, mend, warn=True),)
    return Canonical(vietnamese.with_title(cell.text) if node.keeps_title else name.full_name, findings)


def _unit_code(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    code = unit_named(cell.text, context)
    if code is not None:
        return Canonical(code, _by_alias(cell, code, context))
    # noi-dung F18: a unit that is not known blocks; the nearest is offered and never taken
    near = nearest_unit(cell.text, context)
    message = say("“{unit}” is not the name of a member unit.", unit=clean(cell.text)[:_FOUND_LENGTH])
    needed = one_of((unit.code, unit.name) for unit in context.units)
    return _unread(
        "F18",
        cell,
        message,
        needed,
        say("Perhaps {unit} is meant; write the unit's code.", unit=_called(near, context))
        if near
        else say("Write the unit's code, or its name as in the list of members."),
    )


def _by_alias(cell: Cell, code: str, context: ReadingContext) -> tuple[Finding, ...]:
    """How a unit was understood that is called neither by its code nor by its own name (F18)."""
    own = next((unit.own_names for unit in context.units if unit.code == code), (code,))
    text = compare_key(cell.text)
    if any(compare_key(name) in text for name in own):
        return ()
    message = say("“{text}” was read as {unit}.", text=clean(cell.text), unit=_called(code, context))
    mend = say("Nothing is to be done if that is the unit meant; else write its code.")
    return (Finding("F18", Severity.INFO, message, cell.place, clean(cell.text)[:_FOUND_LENGTH], mend=mend),)


def _called(code: str, context: ReadingContext) -> str:
    """A unit as people know it: "Công an TP.HCM (CATP)"."""
    name = next((unit.name for unit in context.units if unit.code == code), code)
    return f"{name} ({code})" if name != code else code


def _content_code(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    if not isinstance(cell.value, dt.date | dt.time | bool):
        code = content_named(cell.text, context)
        if code is not None:
            return Canonical(code)
    needed = one_of((content.code, content.title) for content in context.contents)
    message = say("“{content}” is not one of the year's contents.", content=clean(cell.text)[:_FOUND_LENGTH])
    return _unread("content.unknown", cell, message, needed, say("Write the content's code or its full title."))


def _choice(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    text = cell.text
    key = search_key(text).strip(" .,;:")
    for code, names in node.choices.items():
        if key in {search_key(name).strip(" .,;:") for name in (code, *names)}:
            return Canonical(code)
    message = say("“{choice}” is not one of the choices.", choice=clean(text)[:_FOUND_LENGTH])
    needed = verbatim("; ".join((*names, code)[0] for code, names in node.choices.items()))
    return _unread(
        "value.choice", cell, message, needed, say("Choose one of the choices of the form, word for word.")
    )


_YES: Final = frozenset(
    {"x", "v", "☑", "☒", "✓", "✔", "✗", "có", "co", "đúng", "true", "yes", "1", "on", "[x]", "(x)"}
)
_NO: Final = frozenset({"☐", "□", "không", "khong", "sai", "false", "no", "0", "off", "[ ]", "( )"})


def _flag(cell: Cell, node: Field, context: ReadingContext) -> Canonical:
    if isinstance(cell.value, bool):
        return Canonical(cell.value)
    text = clean(cell.text).casefold()
    if text in _YES or text in _NO:
        return Canonical(text in _YES)
    return _unread("value.flag", cell, say("This is neither yes nor no."), say("x for yes, empty for no"))


def _written(cell: Cell) -> str | float | dt.date:
    """The cell's value as the parsers of dates take it."""
    value = cell.value
    return "" if value is None or isinstance(value, dt.time) else value


_READERS: Final[dict[str, _Read]] = {
    "text": _text,
    "lines": _text,
    "doc_ref": _text,
    "date": _date,
    "date_fuzzy": _date_fuzzy,
    "time": _time,
    "year": _year,
    "integer": _integer,
    "number": _number,
    "percent": _number,
    "money": _money,
    "phone": _phone,
    "email": _email,
    "person": _person,
    "unit_code": _unit_code,
    "content_code": _content_code,
    "choice": _choice,
    "flag": _flag,
}
