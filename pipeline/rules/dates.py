"""Shorthands about dates: in the year, in a window, in order, on a working day. Dates are ISO texts."""

import datetime as dt
import operator
from collections.abc import Callable
from typing import Final

from pipeline.messages import say
from pipeline.model import WHOLE, Address, Message
from pipeline.rules.expressions import Refused
from pipeline.rules.making import DATES, Arguments, Operand, Shorthand, value_here
from pipeline.rules.scope import Absent, Check, Scope, Violation
from pipeline.rules.year_facts import Period, YearFacts

# ISO texts sort as the days do.
_BEFORE: Final[dict[str, Callable[[str, str], bool]]] = {"<": operator.lt, "<=": operator.le, "==": operator.eq}


def _in_year(arguments: Arguments) -> Check:
    def check(scope: Scope) -> list[Violation]:
        # noi-dung F02
        year = scope.variables.facts.year
        return [] if date_of(value_here(scope)).year == year else [Violation(params={"year": str(year)})]

    return check


def _in_window(arguments: Arguments) -> Check:
    window, first, last = (arguments.operand_if_given(name) for name in ("window", "from", "to"))

    def check(scope: Scope) -> list[Violation]:
        day, period = date_of(value_here(scope)).isoformat(), _window(scope, window, first, last)
        return [] if period.holds(day) else [Violation(params={"from": period.first, "to": period.last})]

    return check


def _window(scope: Scope, window: Operand | None, first: Operand | None, last: Operand | None) -> Period:
    if window is None:
        return Period(str(first(scope)) if first else "", str(last(scope)) if last else "")
    value = window(scope)
    if not isinstance(value, dict):
        raise Absent
    return Period.of(value)


def _date_order(arguments: Arguments) -> Check:
    chain = arguments.given["dates"]
    if not isinstance(chain, list) or len(chain) < 3 or len(chain) % 2 == 0:
        raise Refused(say('“date_order” needs a list such as [/start, "<=", /end]'))
    signs = [str(sign) for sign in chain[1::2]]
    if not all(sign in _BEFORE for sign in signs):
        raise Refused(say("between two dates “date_order” knows only {signs}", signs=", ".join(_BEFORE)))
    named = chain[::2]
    operands = [arguments.maker.operand(one) for one in named]

    def check(scope: Scope) -> list[Violation]:
        days = [str(one(scope)) for one in operands]
        for at, sign in enumerate(signs):
            if not _BEFORE[sign](days[at], days[at + 1]):
                return [
                    Violation(
                        _place(named[at + 1], scope), {"earlier": days[at], "later": days[at + 1]}, days[at + 1]
                    )
                ]
        return []

    return check


def _place(named: object, scope: Scope) -> Address:
    """The place of a date that was given as a pointer; otherwise the rule's own."""
    if not isinstance(named, str) or not named.startswith("/"):
        return WHOLE
    return Address.of(named).seen_from(scope.match.address)


def _working_day(arguments: Arguments) -> Check:
    def check(scope: Scope) -> list[Violation]:
        reason = why_no_work(date_of(value_here(scope)), scope.variables.facts)
        return [] if reason is None else [Violation(params={"reason": reason})]

    return check


def why_no_work(day: dt.date, facts: YearFacts) -> Message | None:
    """Why nobody works on `day`: a holiday of the year, the weekend; None on a working day."""
    for holiday in facts.holidays:
        # noi-dung F04: documents and meetings are of working days
        if holiday.period.holds(day.isoformat()):
            return say("the holiday “{name}”", name=holiday.name)
    if day.weekday() < 5:
        return None
    return say("a Saturday") if day.weekday() == 5 else say("a Sunday")


def date_of(value: object) -> dt.date:
    """The date of an ISO text. Raises Absent for what is not one: the structure check tells that."""
    if not isinstance(value, str):
        raise Absent
    try:
        return dt.date.fromisoformat(value[:10])
    except ValueError as trouble:
        raise Absent from trouble


SHORTHANDS: Final = {
    "in_year": Shorthand(_in_year, frozenset({"year"}), looks_at=DATES),
    # noi-dung KH07, GU07, BC01
    "in_window": Shorthand(_in_window, frozenset({"from", "to"}), alone="window", may=("from", "to"), looks_at=DATES),
    # noi-dung X04: the documents of a year follow each other
    "date_order": Shorthand(_date_order, frozenset({"earlier", "later"}), needs=("dates",)),
    "working_day": Shorthand(_working_day, frozenset({"reason"}), looks_at=DATES),
}
