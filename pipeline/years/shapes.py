"""The parts of a year as plain values (texts, numbers, lists, tables): what templates print and rules ask.

Dates are ISO texts, so that they compare as they stand; an open end is "9999-12-31". docs/kinds.md lists the names.
"""

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction

from pipeline.model import Json, JsonObject
from pipeline.years.facts import (
    Act,
    Cluster,
    Content,
    Holiday,
    Milestone,
    Period,
    Person,
    Signatory,
    Term,
    Thresholds,
    Unit,
)

#: The last day of a period whose end is not known: a date, so that templates and rules need no case for it.
OPEN_END = "9999-12-31"


def period(value: Period) -> JsonObject:
    """Give {from, to}."""
    return {"from": value.begins.isoformat(), "to": value.ends.isoformat() if value.ends else OPEN_END}


def cluster(value: Cluster) -> JsonObject:
    """Give names, symbol, head lines, place by form profile."""
    return {
        "name": value.name,
        "full_name": value.full_name,
        "symbol": value.symbol,
        "slug": value.slug,
        "parent": value.parent,
        "parent_lines": list(value.parent_lines),
        "issuer": value.issuer,
        "head_title": value.head_title,
        "deputy_title": value.deputy_title,
        "group": value.group,
        "level": value.level,
        "places": dict(value.places),
    }


def signatory(value: Signatory) -> JsonObject:
    """Give {name, position_full, position_sign, deputy, from, to}."""
    return {
        "name": value.name,
        "position_full": value.position_full,
        "position_sign": value.position_sign,
        "deputy": value.is_deputy,
        **period(value.period),
    }


def unit(value: Unit, on: dt.date) -> JsonObject:
    """Give a unit with all its signatories; `signatory` is the one who signs on that day (absent: nobody does)."""
    shape: JsonObject = {
        "code": value.code,
        "name": value.name,
        "org": value.org,
        "role": value.role,
        "type": value.type,
        "head_lines": list(value.head_lines),
        "signatories": [signatory(one) for one in value.signatories],
        **period(value.period),
    }
    chief = value.signatory(on)
    # left out, not empty: filling is strict, and stops where it would print a name that nobody has
    if chief:
        shape["signatory"] = signatory(chief)
    return shape


def signer(value: Unit, on: dt.date) -> JsonObject:
    """Give who signs for a unit on that day, in the shape of a form's `signer`; empty when nobody does."""
    # of the document's own day: a plan of March bears the name of who was in office in March
    chief = value.signatory(on)
    return {"full_name": chief.name, "position": chief.position_full} if chief else {}


def party(value: Unit, on: dt.date) -> JsonObject:
    """Give a unit as a party of the pledge agreement, in the shape of a form's row."""
    # the organisation, not the short name: a party to the pledge signs as the body it is (noi-dung.md §3.3)
    shape: JsonObject = {"unit_code": value.code, "org_display": value.org}
    chief = value.signatory(on)
    if chief:
        shape["representative"] = chief.name
        shape["position"] = chief.position_full
    return shape


def content(value: Content) -> JsonObject:
    """Give {code, title, weight}."""
    return {"code": value.code, "title": value.title, "weight": value.weight}


def milestone(value: Milestone) -> JsonObject:
    """Give {code, task, owner, due}: the shape of a plan's row."""
    return {"code": value.code, "task": value.task, "owner": value.owner, "due": value.due.isoformat()}


def deadline(value: Milestone) -> JsonObject:
    """Give {code, due}: the shape of a regulation's row."""
    return {"code": value.code, "due": value.due.isoformat()}


def holiday(value: Holiday) -> JsonObject:
    """{name, from, to}."""
    return {"name": value.name, **period(value.period)}


def act(value: Act, on: dt.date) -> JsonObject:
    """Give {key, citation, marks, in_force, from, to}."""
    return {
        "key": value.key,
        "citation": value.citation,
        "marks": list(value.marks),
        # for the document's day, not for today: what was in force then stays its basis (F11)
        "in_force": value.period.holds_on(on),
        **period(value.period),
    }


def citations(acts: Iterable[Act]) -> JsonObject:
    """Give the lines of căn cứ of each kind, in the order of the file: the office ranks acts itself (F12)."""
    lines: dict[str, list[Json]] = {}
    for one in acts:
        for kind in one.kinds:
            lines.setdefault(kind, []).append(one.citation)
    return dict(lines)


def fraction(value: Fraction) -> JsonObject:
    """Give {numerator, denominator, text}: exact, because CEL's division of whole numbers drops the rest."""
    return {
        "numerator": value.numerator,
        "denominator": value.denominator,
        "text": f"{value.numerator}/{value.denominator}",
    }


def thresholds(value: Thresholds) -> JsonObject:
    """Give the year's figures, fractions exact."""
    return {
        "quorum": fraction(value.quorum),
        "pass": fraction(value.pass_share),
        "pass_base": value.pass_base,
        "secret_ballot": fraction(value.secret_ballot),
        "scoring_max": value.scoring_max,
        "bonus_cap": value.bonus_cap,
        "score_step": value.score_step,
        "activities_per_unit": value.activities_per_unit,
        "similar_titles": value.similar_titles,
        "percent_tolerance": value.percent_tolerance,
        "sum_tolerance": value.sum_tolerance,
        "vptu_originals": value.vptu_originals,
        "meetings_per_year": value.meetings_per_year,
        "meeting_minutes_min": value.meeting_minutes_min,
        "meeting_minutes_max": value.meeting_minutes_max,
        "reminder_working_days": value.reminder_working_days,
    }


def term(value: Term) -> JsonObject:
    """{id, name, from, to}."""
    return {"id": value.id, "name": value.name, **period(value.period)}


def person(value: Person) -> JsonObject:
    """{name, position_full, unit}."""
    return {"name": value.name, "position_full": value.position_full, "unit": value.unit}
