"""What a rule sees from one place of a form: the variables, the row it stands in, and how CEL is asked about them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cel_expr_python import cel

from pipeline.messages import tr
from pipeline.model import WHOLE, Address, Json, JsonObject
from pipeline.rules.expressions import Expression, RuleCrashed, Unanswered, activate
from pipeline.rules.matching import ABSENT, Match, MaybeJson, expand, look_up
from pipeline.rules.pruning import Plan, pruned
from pipeline.rules.wording import Param
from pipeline.rules.year_facts import YearFacts, once


@dataclass(frozen=True)
class Variables:
    """Everything a rule may look at: plain JSON values without nulls (what is empty is not there), dates as ISO text.

    `gathered` and `accepted` hold lists of documents by kind (underscores for hyphens); `register` the numbers given
    to outgoing documents: {number, date, title, status}, status "valid" or "void".
    """

    doc: JsonObject
    year: JsonObject = field(default_factory=dict)
    today: str = ""
    gathered: JsonObject = field(default_factory=dict)
    accepted: JsonObject = field(default_factory=dict)
    register: list[Json] = field(default_factory=list)

    @cached_property
    def facts(self) -> YearFacts:
        """What the year says, for the checks that look it up themselves."""
        return YearFacts.of(self.year)

    @cached_property
    def members(self) -> list[Json]:
        """The codes of the member units on the document's day, in their official order."""
        on_the_day = self.year.get("member_codes")
        return on_the_day if isinstance(on_the_day, list) else [unit.code for unit in self.facts.units]

    @property
    def names(self) -> dict[str, str]:
        """What sentences call the year's units and contents, by code: people know names, forms have the codes."""
        contents = self.year.get("contents")
        titled = (one for one in (contents if isinstance(contents, list) else ()) if isinstance(one, dict))
        called = {
            str(one.get("code")): f"{one.get('code')} ({one.get('title')})" for one in titled if one.get("title")
        }
        return {**called, **{unit.code: unit.name for unit in self.facts.units}}


@dataclass(frozen=True)
class Violation:
    """Where a check failed, and the values the rule's sentences may name; `at` empty is the rule's own place.

    Not a finding yet: a check knows no sentences; the rule it belongs to makes a finding of it.
    """

    at: Address = WHOLE
    params: Mapping[str, Param] = field(default_factory=dict)
    found: Param = None


class Absent(Exception):  # noqa: N818 - not an error: the check has nothing to look at
    """A value the check needs is not in the form; whoever owns that value reports it."""


@dataclass
class Session:
    """What the rules of one judgement share: the variables, ready for CEL as far as the rules look at them."""

    variables: Variables
    plans: Mapping[str, Plan] = field(default_factory=dict)
    year_key: str = ""  #: names the plan for the year, so that the year is pruned once for all forms of a kind
    spoken: Mapping[str, str] = field(default_factory=dict)  #: what is said for the codes of units and choices
    kept: dict[tuple[str, str], Json] = field(default_factory=dict)  #: what was pruned for an expression

    @cached_property
    def activation(self) -> cel.Activation:
        """The CEL variables that are the same everywhere in the document; handed over once."""
        return activate({name: self._shared(name, plan) for name, plan in self.plans.items()})

    def used(self, expression: Expression, name: str, plan: Plan) -> Json:
        """As much of a variable as an expression looks at."""
        key = (name, expression.text)
        if key not in self.kept:
            self.kept[key] = pruned(self.value(name), plan)
        return self.kept[key]

    def value(self, name: str) -> Json:
        """The value of a variable that does not depend on the place."""
        value: Json = getattr(self.variables, name)
        return value

    def _shared(self, name: str, plan: Plan) -> Json:
        value = self.value(name)
        if name == "year":
            return once(self.variables.year, self.year_key, lambda: pruned(value, plan))
        if name == "doc" and plan and isinstance(value, dict):
            return {field: value[field] for field in plan if field in value}
        return pruned(value, plan)


@dataclass
class Scope:
    """One place a rule looks at, with all variables as seen from there."""

    session: Session
    match: Match
    rule_id: str

    @property
    def variables(self) -> Variables:
        """The variables of the judgement."""
        return self.session.variables

    @property
    def spoken(self) -> Mapping[str, str]:
        """What is said for the codes of units and choices."""
        return self.session.spoken

    def evaluate(self, expression: Expression) -> Json:
        """The value of an expression here. Raises Absent when it asks for a value that is not in the form."""
        if expression.path is not None:
            # what is a plain path needs no CEL; where nothing is found, CEL says whether a value or the rule is to
            # blame
            found = look_up(self._variable(expression.path[0]), expression.path[1:])
            if found is not ABSENT:
                return found
        if expression.is_of_year:
            return self._of_year(expression)
        return self._answer(expression)

    def is_true(self, expression: Expression) -> bool:
        """The truth of a condition here; raises as `evaluate`."""
        answer = expression.is_true(self._activation(expression))
        if isinstance(answer, Unanswered):
            raise self._trouble(expression, answer)
        return answer

    def _of_year(self, expression: Expression) -> Json:
        """A value that is the same for all forms of the year: computed once."""
        return once(self.variables.year, expression.text, lambda: self._answer(expression))

    def _answer(self, expression: Expression) -> Json:
        answer = expression.evaluate(self._activation(expression))
        if isinstance(answer, Unanswered):
            raise self._trouble(expression, answer)
        return answer

    def _activation(self, expression: Expression) -> cel.Activation:
        """The CEL variables an expression uses, as much of each as it looks at."""
        if expression.is_of_document:
            return self.session.activation
        return activate({name: self._used(expression, name, plan) for name, plan in expression.plans.items()})

    def _used(self, expression: Expression, name: str, plan: Plan) -> Json:
        # these do not change from row to row: an expression's part of them is cut out once
        if name in _DOCUMENTS:
            return self.session.used(expression, name, plan)
        return pruned(plain(self._variable(name)), plan)

    def _variable(self, name: str) -> MaybeJson:
        match name:
            case "item":
                return self.match.item
            case "outer":
                return self.match.outer
            case "value":
                return self.match.value
            case "index":
                return self.match.index
            case _:
                return self.session.value(name)

    def _trouble(self, expression: Expression, answer: Unanswered) -> Exception:
        if self._lacks_something(expression, answer):
            return Absent(answer.reason)
        return RuleCrashed(
            tr(
                "Rule {rule} broke down at {place} in “{text}”: {reason}. Mend the rule; the form is not at fault.",
                rule=self.rule_id,
                place=str(self.match.address) or "/",
                text=expression.text,
                reason=answer.reason,
            )
        )

    def _lacks_something(self, expression: Expression, answer: Unanswered) -> bool:
        """Whether the form or the other documents (never the year, which is ours) left the expression unanswered."""
        for read in expression.reads:
            places = list(expand(self.variables.doc, read.seen_from(self.match.address)))
            if not places or any(place.value is ABSENT for place in places):
                return True
        # what the year lacks is our fault, what another document lacks is told with that document
        return answer.is_absence and not expression.plans.keys().isdisjoint(_OTHERS)


_OTHERS = frozenset({"gathered", "accepted", "register"})
_DOCUMENTS = _OTHERS | {"doc", "year"}
Check = Callable[[Scope], Iterable[Violation]]


def plain(value: MaybeJson) -> Json:
    """A value for CEL: null when it is absent."""
    return None if value is ABSENT else value
