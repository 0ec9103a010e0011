"""Values of a form as people type them: dates with dots, contents by their titles, units by their nicknames."""

import copy
import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from pipeline import strict_yaml, vietnamese, years
from pipeline.kinds import fields as kind_fields
from pipeline.kinds.wording import worded
from pipeline.model import Field, FormTree
from pipeline.strict_yaml import declared
from pipeline.years import Year

ROOT: Final = Path(__file__).resolve().parent.parent
#: A value as YAML gives it, or as it is typed into a cell.
Typed: TypeAlias = Any
Values: TypeAlias = dict[str, Any]
_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class Style:
    """The habits of one clerk."""

    dates: str = "slash"  #: slash 24/6/2022 · dot 24.6.2022 · short 24.6.22 · words ngày 24 tháng 6 năm 2022 · cell
    contents: str = "code"  #: code ND3 · number Nội dung 3 · title
    units: str = "name"  #: code · name · alias
    money: str = "dong"  #: dong 15.000.000 đồng · number
    by_alias: bool = False  #: labels as people say them, not as the form says them
    head: str = "party"  #: party · state: the two lines above a unit's form
    font: str = "Times New Roman"


def form(kind: str, name: str) -> Values:
    """The values of an example of a kind: form("dang-ky", "pass-catp")."""
    path = ROOT / "templates" / kind / "examples" / f"{name}.yaml"
    parsed = strict_yaml.parse(path.read_bytes(), str(path))
    made = parsed.values["form"] if isinstance(parsed.values, dict) else None
    if not isinstance(made, dict) or parsed.problems:
        raise SystemExit(declared.listed(parsed.problems) or f"{path}: no form")
    return copy.deepcopy(made)


def tree(kind: str) -> FormTree:
    """The form of a kind, in the words of the example's office."""
    path = ROOT / "templates" / kind / "fields.yaml"
    made, problems = kind_fields.read(worded(path.read_bytes(), _words()), str(path))
    if problems:
        raise SystemExit(declared.listed(problems))
    return made


@functools.cache
def _words() -> Mapping[str, str]:
    return years.load(ROOT / "years" / "2022.yaml").words()


def there(thing: _Thing | None) -> _Thing:
    """What must be there, or an end with a word about it."""
    if thing is None:
        raise SystemExit("an example names something that neither the year nor the form knows")
    return thing


def typed(one: Field, value: Typed, style: Style, year: Year) -> Typed:
    """A value as it is typed into a cell."""
    if isinstance(value, list):
        item = Field(one.address.child("*"), "value", one.x_type or "lines", choices=one.choices)
        return "; ".join(str(typed(item, inner, style, year)) for inner in value)
    match one.x_type:
        case "date":
            return _date(str(value), style)
        case "content_code":
            return _content(str(value), style, year)
        case "unit_code":
            return _unit(str(value), style, year)
        case "money":
            return vietnamese.money_vn(value) if style.money == "dong" else value
        case "choice":
            return one.choices[value][0] if value in one.choices else value
        case _:
            return value


def _date(text: str, style: Style) -> Typed:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return {
        "slash": vietnamese.date_short(day),
        "dot": f"{day.day}.{day.month}.{day.year}",
        "short": f"{day.day}.{day.month}.{day.year % 100}",
        "words": vietnamese.date_long(day),
        "cell": dt.datetime.combine(day, dt.time()),
    }[style.dates]


def _content(code: str, style: Style, year: Year) -> str:
    content = there(year.content(code))
    return {"code": code, "number": f"Nội dung {code.removeprefix('ND')}", "title": content.title}[style.contents]


def _unit(code: str, style: Style, year: Year) -> str:
    unit = year.unit(code)
    if unit is None:
        return code
    return {"code": unit.code, "name": unit.name, "alias": unit.aliases[0]}[style.units]


def label(one: Field, style: Style) -> str:
    """The label as this clerk writes it."""
    return one.aliases[0] if style.by_alias and one.aliases else one.label


def changed(values: Values, **changes: Typed) -> Values:
    """A copy with other values: changed(plan, contents__5=None) takes the sixth content out."""
    made = copy.deepcopy(values)
    for path, value in changes.items():
        *way, last = [int(part) if part.isdigit() else part for part in path.split("__")]
        here: Typed = made
        for part in way:
            here = here[part]
        if value is None:
            del here[last]
        else:
            here[last] = value
    return made
