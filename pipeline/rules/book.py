"""A kind's compiled rules, and what they say about one form."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cel_expr_python import cel

from pipeline.messages import tr
from pipeline.model import Json, JsonObject, Said, Severity
from pipeline.rules.expressions import Expression, RuleCrashed, Unanswered, activate
from pipeline.rules.pointers import ABSENT, Match, MaybeJson, Parts, bind, expand, fits, join
from pipeline.rules.wording import Param, Wording, shown


@dataclass(frozen=True)
class Variables:
    """Everything a rule may look at: plain JSON values without nulls (what is empty is not there), dates as ISO text.

    `gathered` and `accepted` hold lists of documents by kind (underscores for hyphens).
    """

    doc: JsonObject
    year: JsonObject = field(default_factory=dict)
    today: str = ""
    gathered: JsonObject = field(default_factory=dict)
    accepted: JsonObject = field(default_factory=dict)

    @cached_property
    def members(self) -> list[Json]:
        """The codes of the member units on the document's day, in their official order."""
        on_the_day = self.year.get("member_codes")
        return on_the_day if isinstance(on_the_day, list) else list(self.unit_names)

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """The names of the year's units by code: sentences name units, not codes."""
        units = self.year.get("units")
        listed = [unit for unit in units if isinstance(unit, dict)] if isinstance(units, list) else []
        return {str(unit.get("code")): str(unit.get("name", unit.get("code"))) for unit in listed}


@dataclass(frozen=True)
class Fault:
    """Where a check failed, and the values its message may name; `pointer` "" is the rule's own place."""

    pointer: str = ""
    params: Mapping[str, Param] = field(default_factory=dict)
    found: Param = None


class Absent(Exception):  # noqa: N818 - not an error: the check has nothing to look at
    """A value the check needs is not in the form; whoever owns that value reports it."""


@dataclass
class Scope:
    """One place a rule looks at, with all variables as seen from there."""

    variables: Variables
    match: Match
    rule_id: str
    spoken: Mapping[str, str] = field(default_factory=dict)  #: what is said for the codes of units and choices

    @cached_property
    def activation(self) -> cel.Activation:
        """The CEL variables."""
        all_of = self.variables
        return activate(
            {
                "doc": all_of.doc,
                "year": all_of.year,
                "today": all_of.today,
                "gathered": all_of.gathered,
                "accepted": all_of.accepted,
                "members": all_of.members,
                "item": _plain(self.match.item),
                "outer": _plain(self.match.outer),
                "value": _plain(self.match.value),
                "index": self.match.index,
            }
        )

    def evaluate(self, expression: Expression) -> Json:
        """The value of an expression here. Raises Absent when it asks for a value that is not in the form."""
        answer = expression.evaluate(self.activation)
        if isinstance(answer, Unanswered):
            raise self._trouble(expression, answer)
        return answer

    def is_true(self, expression: Expression) -> bool:
        """The truth of a condition here; raises as `evaluate`."""
        answer = expression.is_true(self.activation)
        if isinstance(answer, Unanswered):
            raise self._trouble(expression, answer)
        return answer

    def _trouble(self, expression: Expression, answer: Unanswered) -> Exception:
        if self._lacks_something(expression, answer):
            return Absent(answer.reason)
        return RuleCrashed(
            tr(
                "Rule {rule} broke down at {place} in “{text}”: {reason}. Mend the rule; the form is not at fault.",
                rule=self.rule_id,
                place=self.match.pointer or "/",
                text=expression.text,
                reason=answer.reason,
            )
        )

    def _lacks_something(self, expression: Expression, answer: Unanswered) -> bool:
        """Whether the form or the other documents (never the year, which is ours) left the expression unanswered."""
        for read in expression.reads:
            places = list(expand(self.variables.doc, bind(read, self.match.parts)))
            if not places or any(place.value is ABSENT for place in places):
                return True
        return answer.is_absence and not expression.variables.isdisjoint({"gathered", "accepted"})


Check = Callable[[Scope], Iterable[Fault]]


@dataclass(frozen=True)
class Rule:
    """One compiled rule.

    `reads` are the places it depends on; `meets_absence` tells that it judges a missing value itself.
    """

    id: str
    severity: Severity
    at: Parts
    check: Check
    message: Wording
    reads: frozenset[Parts] = frozenset()
    guarded: frozenset[Parts] = frozenset()
    when: Expression | None = None
    supplies: Mapping[str, Expression] = field(default_factory=dict)
    needed: Wording | None = None
    mend: Wording | None = None
    meets_absence: bool = False
    line: int = 0

    @property
    def code(self) -> str:
        """The code of its findings: the id without what tells several rules of one code apart ("BB01.chair")."""
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Verdict:
    """One failure of one rule at one place."""

    rule: Rule
    pointer: str
    message: Said
    found: str = ""
    needed: Said | None = None
    mend: Said | None = None


@dataclass(frozen=True)
class RuleBook:
    """All rules of a kind, in the order they are written.

    `spoken` gives what is said for the codes of the form's choices ("Có mặt" for co_mat).
    """

    rules: tuple[Rule, ...] = ()
    spoken: Mapping[str, str] = field(default_factory=dict)

    def judge(
        self, variables: Variables, unusable: Collection[Parts] = (), missing: Collection[Parts] = ()
    ) -> tuple[Verdict, ...]:
        """Every failure. A rule that would read a place in `unusable` or `missing` is passed over there.

        Raises RuleCrashed when a rule cannot be evaluated although everything it reads is there.
        """
        verdicts: list[Verdict] = []
        spoken = {**self.spoken, **variables.unit_names}
        for rule in self.rules:
            for match in expand(variables.doc, rule.at):
                if (unusable or missing) and _is_hindered(rule, match, unusable, missing):
                    continue
                verdicts.extend(_verdicts(rule, Scope(variables, match, rule.id, spoken)))
        return tuple(verdicts)


def _verdicts(rule: Rule, scope: Scope) -> Iterator[Verdict]:
    try:
        if rule.when is not None and not scope.is_true(rule.when):
            return
        for fault in rule.check(scope):
            yield _verdict(rule, scope, fault)
    except Absent:
        return


def _verdict(rule: Rule, scope: Scope, fault: Fault) -> Verdict:
    match = scope.match
    params: dict[str, Param] = {"value": _plain(match.value), "row": match.index + 1}
    for name, expression in rule.supplies.items():
        params[name] = _supplied(scope, expression)
    params.update(fault.params)
    found = fault.found if fault.found is not None else params["value"]
    params = {name: _spoken(value, scope.spoken) for name, value in params.items()}
    return Verdict(
        rule=rule,
        pointer=fault.pointer or match.pointer,
        message=rule.message.said(params),
        found="" if isinstance(found, dict) else shown(found),
        needed=rule.needed.said(params) if rule.needed else None,
        mend=rule.mend.said(params) if rule.mend else None,
    )


def _spoken(value: Param, names: Mapping[str, str]) -> Param:
    """A value for a sentence: codes of units and choices as people call them."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [names.get(one, one) if isinstance(one, str) else one for one in value]
    return value


def _supplied(scope: Scope, expression: Expression) -> Json:
    """A value for the message; nothing when the form lacks it: the fault is told all the same."""
    try:
        return scope.evaluate(expression)
    except Absent:
        return None


def _is_hindered(rule: Rule, match: Match, unusable: Collection[Parts], missing: Collection[Parts]) -> bool:
    for read in rule.reads | rule.guarded:
        place = bind(read, match.parts)
        if any(_covers(bad, place) for bad in unusable):
            return True
        if read in rule.guarded:
            continue
        if any(_covers(bad, place) for bad in missing if not (rule.meets_absence and bad == match.parts)):
            return True
    return False


def _covers(bad: Parts, place: Parts) -> bool:
    """Whether the concrete place `bad` is `place` (a pattern, perhaps) or something around it."""
    return len(bad) <= len(place) and fits(place[: len(bad)], bad)


def _plain(value: MaybeJson) -> Json:
    return None if value is ABSENT else value


def place_of(match: Match, *below: str | int) -> str:
    """The pointer of something below a match."""
    return match.pointer + join(below)
