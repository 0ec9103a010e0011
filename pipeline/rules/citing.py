"""The shorthand about citations of our own documents: the register has the number, with that date (noi-dung X05)."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline import vietnamese
from pipeline.messages import say
from pipeline.model import Json, Message
from pipeline.rules.making import TEXTS, Arguments, Shorthand, value_here
from pipeline.rules.scope import Absent, Check, Scope, Violation

_DAY: Final = re.compile(
    r"[^0-9]{0,12}?(?:ngày )?([0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}|[0-9]{1,2} tháng [0-9]{1,2} năm [0-9]{4})"
)


@dataclass(frozen=True)
class Cited:
    """A number of ours in a text: 1, "kh", and the day beside it."""

    no: int
    mark: str
    text: str
    day: dt.date | None


@dataclass(frozen=True)
class _Entry:
    """A number of the register."""

    no: int
    number: str
    day: str
    is_void: bool


def _registered(arguments: Arguments) -> Check:
    arguments.maker.is_register_cited = True

    def check(scope: Scope) -> list[Violation]:
        value, symbol = value_here(scope), scope.variables.facts.symbol
        if not symbol:
            raise Absent
        if not isinstance(value, str):
            return []
        faults: list[Violation] = []
        for cited in cited_in(value, symbol):
            problem = _problem(cited, _entries(scope, symbol, cited.mark))
            if problem is not None:
                faults.append(Violation(params={"number": cited.text, "problem": problem}, found=cited.text))
        return faults[:1]

    return check


def cited_in(text: str, symbol: str) -> Iterator[Cited]:
    """The numbers with our symbol, of the Party (01-KH/CTĐ4) or the State (01/KH-CTĐ4) form."""
    mine, key = re.escape(vietnamese.compare_key(symbol)), vietnamese.compare_key(text)
    # another cluster's symbol may only begin like ours: CTĐ4 is not CTĐ45
    pattern = rf"(?<![0-9])([0-9]{{1,4}})(?:-([^\W\d_]{{1,4}})/|/([^\W\d_]{{1,4}})-){mine}(?![^\W_])"
    for match in re.finditer(pattern, key):
        day = _DAY.match(key, match.end())
        on = vietnamese.parse_date(day[1]) if day else None
        yield Cited(int(match[1]), match[2] or match[3], match.group().upper(), on)


def cited_by(value: Json, symbol: str) -> Iterator[Cited]:
    """The numbers with our symbol in all texts of a form's values."""
    if isinstance(value, str):
        yield from cited_in(value, symbol) if symbol else ()
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from cited_by(one, symbol)


def _entries(scope: Scope, symbol: str, mark: str) -> list[_Entry]:
    """The numbers of one kind of document that were given."""
    found = []
    for row in scope.variables.register:
        if isinstance(row, dict):
            number, day = str(row.get("number")), str(row.get("date"))
            is_void = row.get("status") == "void"
            found += [_Entry(one.no, number, day, is_void) for one in cited_in(number, symbol) if one.mark == mark]
    return found


def _problem(cited: Cited, entries: list[_Entry]) -> Message | None:
    """What is wrong with a citation; of a series that the register does not have, nothing is known."""
    # earlier numbers were given by hand before this register began
    if not entries or cited.no < min(one.no for one in entries):
        return None
    mine = [one for one in entries if one.no == cited.no]
    if not mine:
        last = max(entries, key=lambda one: one.no)
        return say("the register has no such number; the last one is {last}", last=last.number)
    # a number that was given up keeps its row and is never given again
    days = [one.day for one in mine if not one.is_void]
    if not days:
        return say("this number was given up")
    if cited.day is None or cited.day.isoformat() in days:
        return None
    return say("in the register it is dated {date}", date=vietnamese.date_short(days[-1]))


SHORTHANDS: Final = {"registered": Shorthand(_registered, frozenset({"number", "problem"}), looks_at=TEXTS)}
