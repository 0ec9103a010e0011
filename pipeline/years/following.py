"""The next year of an office, made of the one before: what goes on is carried over, days are moved, and told."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from pipeline.messages import say
from pipeline.model import JsonObject, Message
from pipeline.vietnamese.fictional import is_fictional
from pipeline.years import signing
from pipeline.years.calendar import days_off, working_day
from pipeline.years.shapes import OPEN_END

#: A year's facts as `year.schema.yaml` has checked them.
_Table: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Changes:
    """What is otherwise in the new year: its theme, and the codes of the units that lead and stand in."""

    theme: str = ""
    head: str = ""
    deputy: str = ""


@dataclass(frozen=True)
class Following:
    """The facts of the new year, and what a person has to look at."""

    table: JsonObject
    told: tuple[Message, ...]


def next_table(old: _Table, year: int, changes: Changes) -> Following:
    """Carry the facts of a year over to another one; `old` is its file as it was read."""
    told: list[Message] = []
    off = days_off(year)
    units = _units(old, year, changes, told)
    told += signing.untold_in(units)
    table = old | {
        "year": year,
        "units": units,
        "milestones": [one | {"due": _working(one["due"], old, year, off)} for one in old["milestones"]],
        "windows": {
            name: {end: _moved(day, old, year).isoformat() for end, day in window.items()}
            for name, window in old["windows"].items()
        },
        "holidays": off,
        "legal_basis": list(_acts(old, year, told)),
        "recipients": _recipients(old, units),
    }
    table.pop("example", None)
    theme = changes.theme or str(old.get("theme", ""))
    table.pop("theme", None)
    if changes.theme or (theme and not _speaks_of(theme, old["year"])):
        table["theme"] = theme
    elif theme:
        told.append(
            say(
                "left out, for it speaks of {year}: {what}",
                year=old["year"],
                what=say("theme “{theme}”", theme=theme),
            )
        )
    if old.get("dossiers"):
        table["dossiers"] = list(_dossiers(old, year))
        told.append(say("the list of dossiers was carried over with new numbers; compare it with the office's own"))
    told.append(say("holidays and days that were moved to working days; compare them with what is announced"))
    return Following(table, tuple(told))


def _units(old: _Table, year: int, changes: Changes, told: list[Message]) -> list[_Table]:
    """The members that go on, those first who lead; who no longer signs is left out where somebody follows."""
    first = f"{year}-01-01"
    gone = [unit["code"] for unit in old["units"] if unit.get("to", first) < first]
    if gone:
        told.append(say("no longer members: {units}", units=", ".join(gone)))
    going = [dict(unit) for unit in old["units"] if unit["code"] not in gone]
    leading = {"cum_truong": changes.head, "cum_pho": changes.deputy}
    for role, code in leading.items():
        if code:
            for unit in going:
                # who led before is a member like the others, unless it stands in now
                if unit["role"] == role:
                    unit["role"] = "thanh_vien"
            for unit in going:
                if unit["code"] == code:
                    unit["role"] = role
    order = {"cum_truong": 0, "cum_pho": 1}
    for unit in going:
        signing = [one for one in unit["signatories"] if one.get("to", first) >= first]
        unit["signatories"] = signing or unit["signatories"]
        if not signing:
            told.append(say("nobody signs any more for {unit}", unit=unit["code"]))
    return sorted(going, key=lambda unit: order.get(unit["role"], 2))


def _acts(old: _Table, year: int, told: list[Message]) -> Iterator[_Table]:
    for act in old.get("legal_basis", []):
        if act.get("to", OPEN_END) < f"{year}-01-01":
            continue
        if is_fictional(act["citation"]):
            told.append(say("left out, for it is invented: {what}", what=act["citation"]))
        elif _speaks_of(act["citation"], old["year"]):
            told.append(say("left out, for it speaks of {year}: {what}", year=old["year"], what=act["citation"]))
        else:
            yield act


def _speaks_of(text: str, year: int) -> bool:
    """Whether a text is about a year; a law that is called by its year is not."""
    return re.search(rf"\bnăm {year}\b", text) is not None and not text.startswith("Luật ")


def _recipients(old: _Table, units: list[_Table]) -> _Table:
    """The lines of recipients, with the organisation that leads now where the one that led stood."""
    was, now = (
        next((one["org"] for one in some if one["role"] == "cum_truong"), "") for some in (old["units"], units)
    )
    return {key: line.replace(was, now) if was else line for key, line in old["recipients"].items()}


def _dossiers(old: _Table, year: int) -> Iterator[_Table]:
    last = max(one["number"] for one in old["dossiers"])
    for at, one in enumerate(old["dossiers"], 1):
        yield one | {
            "title": one["title"].replace(str(old["year"]), str(year)),
            "number": last + at,
            "opens": _moved(one["opens"], old, year).isoformat(),
            "closes": _moved(one["closes"], old, year).isoformat(),
        }


def _moved(day: str, old: _Table, year: int) -> dt.date:
    """The same day of the month, as many years later as the years are apart."""
    was = dt.date.fromisoformat(day)
    later = was.year + year - old["year"]
    try:
        return was.replace(year=later)
    except ValueError:  # 29 February
        return was.replace(year=later, day=28)


def _working(day: str, old: _Table, year: int, off: list[JsonObject]) -> str:
    return working_day(_moved(day, old, year), off).isoformat()
