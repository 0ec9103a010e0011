"""Shorthands that look things up in the year: members, signatories with their periods, acts in force."""

from collections.abc import Iterator
from typing import Final

from pipeline import vietnamese
from pipeline.messages import say
from pipeline.model import Address, Json, JsonObject, Message
from pipeline.rules.comparing import equal
from pipeline.rules.dates import date_of
from pipeline.rules.making import TEXTS, Arguments, Operand, Shorthand, value_here
from pipeline.rules.matching import ABSENT, Read, look_up
from pipeline.rules.scope import Absent, Check, Scope, Violation


def units(scope: Scope) -> Iterator[JsonObject]:
    """The units of the year."""
    listed = scope.variables.year.get("units")
    yield from (unit for unit in listed if isinstance(unit, dict)) if isinstance(listed, list) else ()


def unit_of(scope: Scope, code: Json) -> JsonObject | None:
    """The unit with that code."""
    return next((unit for unit in units(scope) if unit.get("code") == code), None)


def named(scope: Scope, value: Json) -> Json:
    """The code of a unit or a choice as people call it; any other value as it is."""
    return scope.spoken.get(value, value) if isinstance(value, str) else value


def in_period(thing: JsonObject, day: str) -> bool:
    """Whether an ISO day lies in the period `from` … `to` of something; a missing end is open."""
    begins, ends = thing.get("from"), thing.get("to")
    return (not begins or str(begins) <= day) and (not ends or day <= str(ends))


def _member(arguments: Arguments) -> Check:
    on = arguments.operand_if_given("on")

    def check(scope: Scope) -> list[Violation]:
        unit = unit_of(scope, value_here(scope))
        if unit is None or (on is not None and not in_period(unit, date_of(on(scope)).isoformat())):
            return [Violation()]
        return []

    return check


def _signatory_on(arguments: Arguments) -> Check:
    on, unit, name = arguments.operand("on"), arguments.operand("unit"), arguments.part("name")
    position = arguments.part_if_given("position")
    paper = arguments.part_if_given("authorization")
    arguments.maker.reads |= {Read(part) for part in (name, position) if part is not None}
    return _Signatory(on, unit, name, position, paper)


class _Signatory:
    """Compares a typed signer with the year's signatories of the unit on a day (noi-dung F08, GU04)."""

    def __init__(
        self, on: Operand, unit: Operand, name: Address, position: Address | None, paper: Address | None
    ) -> None:
        self._on, self._unit, self._name, self._position, self._paper = on, unit, name, position, paper

    def __call__(self, scope: Scope) -> list[Violation]:
        day, unit = date_of(self._on(scope)).isoformat(), unit_of(scope, self._unit(scope))
        typed = self._typed(scope, self._name)
        if unit is None or typed is None:
            raise Absent
        holders = [one for one in _signatories(unit) if in_period(one, day)]
        if self._typed(scope, self._paper):
            return []
        mine = [one for one in holders if vietnamese.same_person(str(one.get("name")), str(typed))]
        regular = next((one for one in holders if not _is_deputy(one)), None)
        if not mine:
            problem = say(
                "“{name}” is not the signatory of “{unit}” on that day", name=str(typed), unit=str(unit.get("name"))
            )
            return [self._fault(scope, self._name, problem, regular, typed)]
        if all(_is_deputy(one) for one in mine) and self._paper is not None:
            problem = say("“{name}” signs as a substitute and no authorization is named", name=str(typed))
            return [self._fault(scope, self._name, problem, regular, typed)]
        return self._position_fault(scope, mine)

    def _position_fault(self, scope: Scope, mine: list[JsonObject]) -> list[Violation]:
        typed = self._typed(scope, self._position)
        if self._position is None or typed is None:
            return []
        if any(equal(typed, one.get(key)) for one in mine for key in ("position_full", "position_sign")):
            return []
        problem = say(
            "the position of “{name}” on that day is “{position}”",
            name=str(mine[0].get("name")),
            position=str(mine[0].get("position_full")),
        )
        return [self._fault(scope, self._position, problem, mine[0], typed)]

    def _typed(self, scope: Scope, part: Address | None) -> Json:
        if part is None:
            return None
        value = look_up(scope.variables.doc, part.seen_from(scope.match.address))
        return None if value is ABSENT else value

    def _fault(
        self, scope: Scope, part: Address, problem: Message, right: JsonObject | None, found: Json
    ) -> Violation:
        expected = f"{right.get('name')} - {right.get('position_full')}" if right else ""
        params: dict[str, Json | Message] = {"problem": problem, "expected": expected, "value": found}
        return Violation(part.seen_from(scope.match.address), params, found)


def _signatories(unit: JsonObject) -> list[JsonObject]:
    listed = unit.get("signatories")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _is_deputy(signatory: JsonObject) -> bool:
    return bool(signatory.get("is_deputy") or signatory.get("deputy"))


def _in_force(arguments: Arguments) -> Check:
    on = arguments.operand("on")

    def check(scope: Scope) -> list[Violation]:
        day, value = date_of(on(scope)).isoformat(), value_here(scope)
        if not isinstance(value, str):
            return []
        dead = [act for act in _acts_cited(scope, value) if not in_period(act, day)]
        return [Violation(params=_about(act, day)) for act in dead[:1]]

    return check


def _acts_cited(scope: Scope, citation: str) -> Iterator[JsonObject]:
    key = vietnamese.compare_key(citation)
    acts = scope.variables.year.get("legal_basis")
    for act in acts if isinstance(acts, list) else []:
        if isinstance(act, dict) and any(vietnamese.compare_key(str(mark)) in key for mark in _marks(act)):
            yield act


def _marks(act: JsonObject) -> list[Json]:
    marks = act.get("marks")
    return marks if isinstance(marks, list) else []


def _about(act: JsonObject, day: str) -> dict[str, Json | Message]:
    begins, ends = str(act.get("from") or ""), str(act.get("to") or "")
    if begins > day:
        why = say("it is in force only from {date}", date=vietnamese.date_short(begins))
    else:
        why = say("it was in force only until {date}", date=vietnamese.date_short(ends))
    return {"act": str(act.get("citation")), "why": why, "from": begins, "to": ends, "on": day}


SHORTHANDS: Final = {
    "member": Shorthand(_member, alone="on", looks_at=TEXTS),
    "signatory_on": Shorthand(
        _signatory_on,
        frozenset({"problem", "expected"}),
        needs=("on", "unit", "name"),
        may=("position", "authorization"),
        looks_at=frozenset({"group"}),
    ),
    "in_force": Shorthand(_in_force, frozenset({"act", "why", "from", "to", "on"}), needs=("on",), looks_at=TEXTS),
}
