"""Shorthands that look things up in the year: members, signatories with their periods, acts in force."""

from collections.abc import Iterator
from typing import Final

from pipeline import vietnamese
from pipeline.messages import say
from pipeline.model import Address, Json, Message
from pipeline.rules.comparing import equal
from pipeline.rules.dates import date_of
from pipeline.rules.making import TEXTS, Arguments, Operand, Shorthand, value_here
from pipeline.rules.matching import ABSENT, Read, look_up
from pipeline.rules.scope import Absent, Check, Scope, Violation
from pipeline.rules.wording import Param
from pipeline.rules.year_facts import Act, Signatory


def named(scope: Scope, value: Json) -> Json:
    """The code of a unit or a choice as people call it; any other value as it is."""
    return scope.spoken.get(value, value) if isinstance(value, str) else value


def _member(arguments: Arguments) -> Check:
    on = arguments.operand_if_given("on")

    def check(scope: Scope) -> list[Violation]:
        unit = scope.variables.facts.unit(value_here(scope))
        if unit is None or (on is not None and not unit.period.holds(date_of(on(scope)).isoformat())):
            return [Violation()]
        return []

    return check


def _signatory_on(arguments: Arguments) -> Check:
    on, unit, name = arguments.operand("on"), arguments.operand("unit"), arguments.part("name")
    position = arguments.part_if_given("position")
    paper = arguments.part_if_given("authorization")
    # a missing name or position is told by its own field; an authorization is absent as a rule
    arguments.maker.reads |= {Read(part) for part in (name, position) if part is not None}
    return _Signatory(on, unit, name, position, paper)


class _Signatory:
    """Compares a typed signer with the year's signatories of the unit on a day (noi-dung F08, GU04)."""

    def __init__(
        self, on: Operand, unit: Operand, name: Address, position: Address | None, paper: Address | None
    ) -> None:
        self._on, self._unit, self._name, self._position, self._paper = on, unit, name, position, paper

    def __call__(self, scope: Scope) -> list[Violation]:
        day, unit = date_of(self._on(scope)).isoformat(), scope.variables.facts.unit(self._unit(scope))
        typed = self._typed(scope, self._name)
        # noi-dung F18 tells of a unit that is none, the required fields of a name that is missing
        if unit is None or typed is None:
            raise Absent
        holders = [one for one in unit.signatories if one.period.holds(day)]
        # noi-dung F08: an authorization on paper stands in for being the signatory
        if self._typed(scope, self._paper):
            return []
        mine = [one for one in holders if vietnamese.same_person(one.name, str(typed))]
        regular = next((one for one in holders if not one.is_deputy), None)
        if not mine:
            problem = say("“{name}” is not the signatory of “{unit}” on that day", name=str(typed), unit=unit.name)
            return [self._fault(scope, self._name, problem, regular, typed)]
        # noi-dung GU04: a substitute signs only with one
        if all(one.is_deputy for one in mine) and self._paper is not None:
            problem = say("“{name}” signs as a substitute and no authorization is named", name=str(typed))
            return [self._fault(scope, self._name, problem, regular, typed)]
        return self._position_fault(scope, mine)

    def _position_fault(self, scope: Scope, mine: list[Signatory]) -> list[Violation]:
        typed = self._typed(scope, self._position)
        if self._position is None or typed is None:
            return []
        if any(equal(typed, position) for one in mine for position in (one.position_full, one.position_sign)):
            return []
        problem = say(
            "the position of “{name}” on that day is “{position}”",
            name=mine[0].name,
            position=mine[0].position_full,
        )
        return [self._fault(scope, self._position, problem, mine[0], typed)]

    def _typed(self, scope: Scope, part: Address | None) -> Json:
        if part is None:
            return None
        value = look_up(scope.variables.doc, part.seen_from(scope.match.address))
        return None if value is ABSENT else value

    def _fault(
        self, scope: Scope, part: Address, problem: Message, right: Signatory | None, found: Json
    ) -> Violation:
        expected = f"{right.name} - {right.position_full}" if right else ""
        params: dict[str, Param] = {"problem": problem, "expected": expected, "value": found}
        return Violation(part.seen_from(scope.match.address), params, found)


def _in_force(arguments: Arguments) -> Check:
    on = arguments.operand("on")

    def check(scope: Scope) -> list[Violation]:
        day, value = date_of(on(scope)).isoformat(), value_here(scope)
        if not isinstance(value, str):
            return []
        # noi-dung F11: held against the day that the rule names, not against today
        dead = [act for act in _acts_cited(scope, value) if not act.period.holds(day)]
        return [Violation(params=_about(act, day)) for act in dead[:1]]

    return check


def _acts_cited(scope: Scope, citation: str) -> Iterator[Act]:
    key = vietnamese.compare_key(citation)
    for act in scope.variables.facts.acts:
        if any(vietnamese.compare_key(mark) in key for mark in act.marks):
            yield act


def _about(act: Act, day: str) -> dict[str, Param]:
    begins, ends = act.period.first, act.period.last
    if begins > day:
        why = say("it is in force only from {date}", date=vietnamese.date_short(begins))
    else:
        why = say("it was in force only until {date}", date=vietnamese.date_short(ends))
    return {"act": act.citation, "why": why, "from": begins, "to": ends, "on": day}


SHORTHANDS: Final = {
    # noi-dung DK01
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
