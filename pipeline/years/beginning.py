"""The first year of an office: what it told of itself, put into the outline that all begin with.

Nothing is invented: what was not told is left out, and `missing` names it.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pipeline import strict_yaml, vietnamese
from pipeline.messages import say
from pipeline.model import Json, JsonObject, Message
from pipeline.years import signing
from pipeline.years.answers import Answers, Member, code_of, slug_of, symbol_of
from pipeline.years.calendar import days_off, working_day
from pipeline.years.shapes import OPEN_END

_OUTLINE: Final = Path(__file__).with_name("outline.yaml")
#: How long a term of a Party committee is (Điều lệ Đảng, Điều 13).
_TERM_YEARS: Final = 5
_CITED_DAY: Final = re.compile(r",? ngày (\d{1,2})/(\d{1,2})/(\d{4})")
_CITY: Final = "Thành phố "
#: What is cited as the founding act by the kinds that say by what right.
_FOUNDED: Final[list[Json]] = ["ke-hoach", "giao-uoc", "quy-che"]


def first_table(told: Answers) -> JsonObject:
    """Give the facts of the first year as its file has them."""
    off = days_off(told.year)
    units = list(_units(told))
    names = {
        "name": told.name,
        "parent": told.parent,
        "head_title": _head_title(told),
        "head_org": str(units[0]["org"]),
    }
    outline = _filled(strict_yaml.parse(_OUTLINE.read_bytes(), _OUTLINE.name).values, names)
    table: JsonObject = {
        "year": told.year,
        "cluster": _cluster(told),
        **({"theme": told.theme} if told.theme else {}),
        "activity_mode": outline["activity_mode"],
        "units": [*units],
        "contents": [*_contents(told, int(outline["thresholds"]["scoring_max"]))],
        "milestones": [one | {"due": _due(told.year, one["due"], off)} for one in outline["milestones"]],
        "windows": {
            name: {end: f"{told.year}-{day}" for end, day in window.items()}
            for name, window in outline["windows"].items()
        },
        "holidays": [*off],
        "legal_basis": [
            *(
                act | {"citation": act["citation"] if told.is_party else _as_the_state_cites(act["citation"])}
                for act in outline["legal_basis"]
                if act.get("to", OPEN_END) >= f"{told.year}-01-01"
            ),
            *_decision(told),
        ],
        "thresholds": outline["thresholds"],
        "recipients": outline["recipients"],
    }
    if told.term_from:
        begun = told.term_from
        ends = begun.year + _TERM_YEARS
        term: JsonObject = {
            "id": f"{begun.year}-{ends}",
            "name": f"Nhiệm kỳ {begun.year} - {ends}",
            "from": begun.isoformat(),
        }
        table["terms"] = [term]
    return table


def missing(told: Answers) -> Iterator[Message]:
    """Say what must be known before documents can be made, and was not told."""
    unsigned = [one.name for one in told.members if not (one.signer and one.position)]
    if unsigned:
        yield say("who signs, and as what: {units}", units="; ".join(unsigned))
    yield from signing.untold_in(_units(told))
    if not told.contents:
        yield say("the contents of emulation with their weights (contents)")
    if told.is_party and told.term_from is None:
        yield say("the day on which the committee's term began (terms); numbers run by it")
    if not told.decision:
        yield say("the act by which the cluster was founded (legal_basis), if plans are to cite it")
    if not told.theme:
        yield say("the theme of the year (theme), if there is one")


def _filled(value: Json, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - what the outline holds
    """Put facts in the places of an outline."""
    if isinstance(value, dict):
        return {key: _filled(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, names) for one in value]
    return value.format_map(names) if isinstance(value, str) else value


def _cluster(told: Answers) -> JsonObject:
    symbol = told.symbol or symbol_of(told.name)
    shortened = told.place.replace(_CITY, "TP ", 1) if told.place.startswith(_CITY) else told.place
    return {
        "name": told.name,
        "full_name": told.full_name or " ".join([told.name, *_superior(told)]),
        "symbol": symbol,
        "slug": slug_of(symbol),
        "parent": told.parent,
        "parent_lines": list(told.parent_lines or map(vietnamese.upper, _superior(told))),
        "issuer": vietnamese.upper(told.name),
        "head_title": _head_title(told),
        # HD05 prints it narrow, beside the number (the-thuc.md §2.2)
        "places": {"dang-hd36": told.place, "dang-hd05": shortened, "nd30": told.place},
    }


def _superior(told: Answers) -> list[str]:
    """The superior and where it is, in two lines of a head; its own name may say where."""
    if not re.search(rf"\b{re.escape(told.place)}$", told.parent):
        return [told.parent, told.place]
    name, *where = re.split(r"\s+(?=(?:Tỉnh|tỉnh|Thành phố|thành phố)\s)", told.parent)
    return [name, " ".join(where)] if where else [told.parent]


def _head_title(told: Answers) -> str:
    if told.head_title:
        return told.head_title
    return f"{told.name.partition(' ')[0]} trưởng"


def _units(told: Answers) -> Iterator[JsonObject]:
    taken = [one.code for one in told.members if one.code]
    for at, member in enumerate(told.members):
        code = member.code or code_of(member.name, taken)
        taken.append(code)
        yield _unit(member, code, ("cum_truong", "cum_pho")[at] if at < 2 else "thanh_vien", told.year)


def _unit(member: Member, code: str, role: str, year: int) -> JsonObject:
    org = member.org or member.name
    unit: JsonObject = {"code": code, "name": member.name, "org": org, "role": role, "type": member.type}
    # "Văn phòng Đảng ủy X" writes below the name of its committee
    if vietnamese.compare_key(org).startswith(vietnamese.compare_key("Văn phòng ")):
        of = " ".join(org.split()[2:])
        unit["head_lines"] = [vietnamese.upper(of), vietnamese.upper("Văn phòng")]
    if member.mail:
        unit["mail"] = [member.mail]
    signatories: list[Json] = []
    if member.signer and member.position:
        since = dt.date(year, 1, 1).isoformat()
        signatories.append(
            {
                "name": member.signer,
                "position_full": member.position,
                "position_sign": member.position,
                "from": since,
                **_authority(member.position),
            }
        )
    return unit | {"signatories": signatories}


def _authority(position: str) -> JsonObject:
    """By what authority a deputy signs, as the title says it."""
    right = signing.right_by_title(position)
    return {"authority": right.authority, "for_whom": right.for_whom} if right and right.for_whom else {}


def _contents(told: Answers, whole: int) -> Iterator[JsonObject]:
    """The contents; where no weight was told, all weigh about the same."""
    count = len(told.contents)
    is_weighed = any(weight for _, weight in told.contents)
    for at, (title, weight) in enumerate(told.contents):
        # the rest goes to the first ones
        even = whole // count + (at < whole % count)
        yield {"code": f"ND{at + 1}", "title": title, "weight": _number(weight or "0") if is_weighed else even}


def _number(text: str) -> Json:
    return int(text) if text.isdigit() else text


def _due(year: int, day: str, off: list[JsonObject]) -> str:
    return working_day(dt.date.fromisoformat(f"{year}-{day}"), off).isoformat()


def _as_the_state_cites(citation: str) -> str:
    """A citation of the Party's way ("…/NĐ-CP, ngày 14/6/2025 của …") as Nghị định 30 writes it."""
    return _CITED_DAY.sub(
        lambda day: f" {vietnamese.date_long(dt.date(int(day[3]), int(day[2]), int(day[1])))}", citation
    )


def _decision(told: Answers) -> Iterator[JsonObject]:
    if not told.decision:
        return
    day = re.search(r"\d{1,2}[/-]\d{1,2}[/-]\d{4}", told.decision)
    since = vietnamese.parse_date(day.group()) if day else None
    number = re.search(r"\S*\d\S*[/-]\S+", told.decision.replace("số ", " "))
    yield {
        "key": "QD_THANHLAP",
        "citation": told.decision,
        "from": (since or dt.date(told.year, 1, 1)).isoformat(),
        "marks": [number.group().strip(",;.")] if number else [],
        "kinds": _FOUNDED,
    }
