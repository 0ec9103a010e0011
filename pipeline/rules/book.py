"""A kind's compiled rules, and what they say about one form."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.model import Address, Finding, Json, Place, Severity
from pipeline.rules.expressions import Expression
from pipeline.rules.matching import Match, Read, expand
from pipeline.rules.pruning import Plan, merged
from pipeline.rules.scope import Absent, Check, Scope, Session, Variables, Violation, plain
from pipeline.rules.syntax import EVERY_ELEMENT
from pipeline.rules.wording import Param, Wording, shown


@dataclass(frozen=True)
class Rule:
    """One compiled rule.

    `reads` are the places it depends on; `meets_absence` tells that it judges a missing value itself.
    """

    id: str
    severity: Severity
    at: Address
    check: Check
    message: Wording
    reads: frozenset[Read] = frozenset()
    guarded: frozenset[Read] = frozenset()
    when: Expression | None = None
    supplies: Mapping[str, Expression] = field(default_factory=dict)
    needed: Wording | None = None
    mend: Wording | None = None
    meets_absence: bool = False
    expressions: tuple[Expression, ...] = ()
    is_register_read: bool = False
    is_register_cited: bool = False
    line: int = 0

    @property
    def code(self) -> str:
        """The code of its findings: the id without what tells several rules of one code apart ("BB01.chair")."""
        # findings carry the office's number of the rule (docs/rules.md)
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Judgement:
    """What the rules say about one form: their findings in the order of the rules, each placed by its pointer.

    `of_absence` are the places about which a rule spoke that judges a missing value itself.
    """

    findings: tuple[Finding, ...] = ()
    of_absence: frozenset[Address] = frozenset()


@dataclass(frozen=True)
class RuleBook:
    """All rules of a kind, in the order they are written.

    `spoken` gives what is said for the codes of the form's choices ("Có mặt" for co_mat).
    """

    rules: tuple[Rule, ...] = ()
    spoken: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def plans(self) -> Mapping[str, Plan]:
        """What all rules together look at of the variables that are the same everywhere."""
        shared = [one.plans for rule in self.rules for one in rule.expressions if one.is_of_document]
        return {
            name: merged(one[name] for one in shared if name in one)
            for name in {name for one in shared for name in one}
        }

    @cached_property
    def is_register_read(self) -> bool:
        """Whether any rule asks for the whole register; else nobody need read it."""
        return any(rule.is_register_read for rule in self.rules)

    @cached_property
    def accepted_kinds(self) -> frozenset[str] | None:
        """The kinds (underscores for hyphens) whose accepted documents any rule looks at; None for all there are."""
        asked = [one.plans["accepted"] for rule in self.rules for one in rule.expressions if "accepted" in one.plans]
        # a rule that takes them as a whole names none
        is_any = any(not plan or EVERY_ELEMENT in plan for plan in asked)
        return None if is_any else frozenset(kind for plan in asked for kind in plan)

    @cached_property
    def is_register_cited(self) -> bool:
        """Whether any rule asks for the numbers that the form cites."""
        return any(rule.is_register_cited for rule in self.rules)

    @cached_property
    def year_key(self) -> str:
        """Names what all rules together look at of the year."""
        return f"plan {self.plans.get('year')}"

    @cached_property
    def places(self) -> frozenset[Address]:
        """Where the rules look, each once."""
        return frozenset(rule.at for rule in self.rules)

    def judge(
        self, variables: Variables, unusable: Collection[Address] = (), missing: Collection[Address] = ()
    ) -> Judgement:
        """Every finding. A rule that would read a place in `unusable` or `missing` is passed over there.

        Raises RuleCrashed when a rule cannot be evaluated although everything it reads is there.
        """
        findings: list[Finding] = []
        of_absence: set[Address] = set()
        session = Session(variables, self.plans, self.year_key, {**self.spoken, **variables.names})
        # many rules look at the same place
        matches = {at: tuple(expand(variables.doc, at)) for at in self.places}
        for rule in self.rules:
            # where a value is missing or unusable, its owner has told so: a rule about it would tell one cause twice
            for match in matches[rule.at]:
                if (unusable or missing) and _is_hindered(rule, match, unusable, missing):
                    continue
                said = list(_findings(rule, Scope(session, match, rule.id)))
                findings.extend(said)
                # where such a rule speaks, the structure check is silent
                if rule.meets_absence:
                    of_absence.update(one.place.pointer for one in said)
        return Judgement(tuple(findings), frozenset(of_absence))


def _findings(rule: Rule, scope: Scope) -> Iterator[Finding]:
    try:
        if rule.when is not None and not scope.is_true(rule.when):
            return
        for fault in rule.check(scope):
            yield _finding(rule, scope, fault)
    except Absent:
        return


def _finding(rule: Rule, scope: Scope, fault: Violation) -> Finding:
    match = scope.match
    params: dict[str, Param] = {"value": plain(match.value), "row": match.index + 1}
    for name, expression in rule.supplies.items():
        params[name] = _supplied(scope, expression)
    params.update(fault.params)
    found = fault.found if fault.found is not None else params["value"]
    # sentences name units and choices as people do, never by their codes
    params = {name: _spoken(value, scope.spoken) for name, value in params.items()}
    return Finding(
        code=rule.code,
        severity=rule.severity,
        message=rule.message.said(params),
        place=Place(fault.at or match.address),
        found="" if _is_table(found) else shown(_spoken(found, scope.spoken)),
        needed=rule.needed.said(params) if rule.needed else None,
        mend=rule.mend.said(params) if rule.mend else None,
    )


def _is_table(value: Param) -> bool:
    """Whether a value is a group or a list of rows: too much to be shown as what was found."""
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value))


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


def _is_hindered(rule: Rule, match: Match, unusable: Collection[Address], missing: Collection[Address]) -> bool:
    for read in rule.reads | rule.guarded:
        place = read.seen_from(match.address)
        if any(_covers(bad, place) for bad in unusable):
            return True
        # the rule asks with has(): a missing value is what it is about, an unreadable one is not
        if read in rule.guarded:
            continue
        # `required`, `exactly` and `count` are about this very gap
        if any(_covers(bad, place) for bad in missing if not (rule.meets_absence and bad == match.address)):
            return True
    return False


def _covers(bad: Address, place: Address) -> bool:
    """Whether the concrete place `bad` is `place` (a pattern, perhaps) or something around it."""
    return len(bad) <= len(place) and Address(place[: len(bad)]).matches(bad)
