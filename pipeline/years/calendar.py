"""Days on which nobody works, as a year's file has them, and the nearest working day.

Tết and Giỗ Tổ go by the lunar calendar, and what falls on a weekend is made up for on a weekday (Bộ luật Lao động
2019, Điều 111 and 112); days exchanged with a Saturday are announced each year. `holidays` knows all three, the last
only for years that were announced when it was written: a person looks through the list.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

import holidays

from pipeline.model import JsonObject

_SATURDAY: Final = 5


def days_off(year: int) -> list[JsonObject]:
    """Give the weekdays of a year on which nobody works, each run of days as {from, to, name}."""
    named = holidays.country_holidays("VN", years=year, language="vi")
    runs: list[list[dt.date]] = []
    for day in sorted(day for day in named if day.weekday() < _SATURDAY):
        if runs and day - runs[-1][-1] == dt.timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return [
        {"from": run[0].isoformat(), "to": run[-1].isoformat(), "name": _name(str(named[day]) for day in run)}
        for run in runs
    ]


def _name(names: Iterable[str]) -> str:
    """What a run of days is called: by the day it is about, else by all of them."""
    said = list(dict.fromkeys(names))
    return "Tết Nguyên đán" if any("Tết Nguyên Đán" in one for one in said) else ", ".join(said)


def working_day(day: dt.date, off: Iterable[JsonObject]) -> dt.date:
    """Give the first day from `day` on, within its year, on which people work; else the last one before it."""
    runs = list(_runs(off))

    def works(on: dt.date) -> bool:
        return on.weekday() < _SATURDAY and not any(first <= on <= last for first, last in runs)

    later = (day + dt.timedelta(days=more) for more in range(32))
    earlier = (day - dt.timedelta(days=more) for more in range(1, 32))
    return next(on for on in (*(on for on in later if on.year == day.year), *earlier) if works(on))


def _runs(off: Iterable[JsonObject]) -> Iterator[tuple[dt.date, dt.date]]:
    for run in off:
        yield dt.date.fromisoformat(str(run["from"])), dt.date.fromisoformat(str(run["to"]))
