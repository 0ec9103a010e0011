"""From the text of rules.yaml to a RuleBook: all problems at once, each with its line and the nearest known name.

A rule is a mapping with `id`, `severity`, `at`, a check (`expr` or one shorthand), `message`, and perhaps `when`,
`with`, `needed`, `mend`. docs/rules.md is the reference.
"""

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipeline.errors import KindError
from pipeline.messages import ENGLISH, VIETNAMESE, joined, located, say
from pipeline.model import (
    EVERY,
    WHOLE,
    Address,
    Finding,
    FormTree,
    Json,
    JsonObject,
    Message,
    Place,
    Severity,
    TemplateFault,
)
from pipeline.rules.book import Rule, RuleBook
from pipeline.rules.certainty import misplaced, pointless
from pipeline.rules.expressions import Expression, Refused
from pipeline.rules.making import ALWAYS, Maker, Shorthand, hinted, unknown_place
from pipeline.rules.matching import Read
from pipeline.rules.scope import Check, Scope, Violation
from pipeline.rules.shapes import Shape, missing_part, nearest, shape_of
from pipeline.rules.shorthands import SHORTHANDS
from pipeline.rules.wording import Wording
from pipeline.rules.year_names import shape_of_year

_ID: Final = re.compile(r"[A-Z]{1,4}[0-9]{2}(?:\.[a-z][a-z0-9-]*)?")
_KEYS: Final = ("id", "severity", "at", "when", "with", "expr", "message", "needed", "mend")
_NECESSARY: Final = ("id", "severity", "at", "message")
_ROW: Final = frozenset({"row"})
#: what rules know of a number that was given to an outgoing document
REGISTERED: Final = ("number", "date", "title", "status")


class RulesRefused(KindError):  # noqa: N818 - names what happened
    """rules.yaml cannot be used; `problems` are all that is wrong with it, each with file and line."""

    def __init__(self, problems: Iterable[Finding]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(located, self.problems)))


def compile_rules(
    raw: Json,
    tree: FormTree,
    file: str | Path,
    *,
    lines: Callable[[str], int] = lambda pointer: 1,
    others: Mapping[str, Shape] | None = None,
) -> RuleBook:
    """The rules of one kind, ready to judge.

    `raw` is the parsed rules.yaml (a list, or nothing), `lines` gives the line of a JSON pointer in it, `others` the
    kinds whose documents `gathered` and `accepted` may hold (`shapes_of`); without them paths into those are not
    checked. Raises RulesRefused with every problem.
    """
    form = shape_of(tree)
    # by which of the two equal shapes it meets, `reads` tells the row a rule stands in from all rows of the form
    work = _Work(form, copy.deepcopy(form), _roots(form, others), str(file), lines)
    rules = [work.rule(one, at) for at, one in enumerate(raw)] if isinstance(raw, list) else []
    if raw is not None and not isinstance(raw, list):
        work.problem("", say("the file must be a list of rules"))
    work.refuse_double(rules)
    if work.problems:
        raise RulesRefused(work.problems)
    # the first name of a choice is its label, the others are spellings that are read
    spoken = {code: names[0] for one in tree for code, names in one.choices.items() if names}
    return RuleBook(tuple(rule for rule in rules if rule is not None), spoken)


def shapes_of(forms: Mapping[str, FormTree]) -> dict[str, Shape]:
    """The forms of kinds, by kind id, as rules of other kinds see them, under the names rules call them by."""
    # to CEL a hyphen is a minus
    kinds = {kind.replace("-", "_"): shape_of(form) for kind, form in forms.items()}
    for shape in kinds.values():
        shape.below["unit"] = Shape(x_type="unit", is_open=True)  # a gathered document has the facts of its unit
    return kinds


def _roots(form: Shape, others: Mapping[str, Shape] | None) -> dict[str, Shape]:
    roots = {"doc": form, "year": shape_of_year()}
    if others is not None:
        for variable in ("gathered", "accepted"):
            below = {kind: Shape(Address((variable, kind)), below={EVERY: shape}) for kind, shape in others.items()}
            roots[variable] = Shape(Address((variable,)), below=below)
    register = Address(("register",))
    numbers = register.child(EVERY)
    entry = Shape(numbers, below={name: Shape(numbers.child(name)) for name in REGISTERED})
    roots["register"] = Shape(register, below={EVERY: entry})
    return roots


@dataclass
class _Work:
    form: Shape
    rows: Shape
    roots: Mapping[str, Shape]
    file: str
    lines: Callable[[str], int]
    problems: list[Finding] = field(default_factory=list)

    def problem(self, pointer: str, said: Message, rule: str = "") -> None:
        """Note a problem at a place of rules.yaml."""
        told = joined((say("rule {rule}", rule=rule), said), ": ") if rule else said
        place = Place(Address.of(pointer), file=self.file, line=self.lines(pointer))
        self.problems.append(Finding("rules.refused", Severity.BLOCK, told, place))

    def rule(self, raw: Json, number: int) -> Rule | None:
        """One rule, None when it has problems."""
        if not isinstance(raw, dict):
            self.problem(f"/{number}", say("a rule must be a group of keys (id, severity, at, …)"))
            return None
        return _OneRule(self, raw, f"/{number}").made()

    def refuse_double(self, rules: list[Rule | None]) -> None:
        """Every id once."""
        first: dict[str, int] = {}
        for number, rule in enumerate(rules):
            if rule is None:
                continue
            if rule.id in first:
                said = say(
                    "the id stands at line {line} already; give this one a name: {id}.name",
                    line=first[rule.id],
                    id=rule.id,
                )
                self.problem(f"/{number}", said, rule.id)
            first.setdefault(rule.id, rule.line)


class _OneRule:
    """Compiles one rule; problems go to the work."""

    def __init__(self, work: _Work, raw: JsonObject, pointer: str) -> None:
        self.work, self.raw, self.pointer = work, raw, pointer
        self.id = raw["id"] if isinstance(raw.get("id"), str) else ""
        self.before = len(work.problems)

    def refuse(self, key: str, said: Message) -> None:
        self.work.problem(f"{self.pointer}/{key}" if key else self.pointer, said, str(self.id))

    def made(self) -> Rule | None:
        self._refuse_keys()
        at = self._at()
        maker = self._maker(at)
        check, supplies, meets_absence = self._check(maker)
        when = self._expression(maker, "when", self.raw.get("when")) if "when" in self.raw else None
        extra = self._with(maker)
        given = self.raw.get("with")
        known = (
            ALWAYS
            | supplies
            | frozenset(given if isinstance(given, dict) else ())
            | (_ROW if EVERY in at else frozenset())
        )
        message, needed, mend = (self._wording(key, known) for key in ("message", "needed", "mend"))
        # a value that no sentence names shows a placeholder that was forgotten or misspelt
        self._refuse_unused(extra, [one for one in (message, needed, mend) if one is not None])
        # all of the rule has been looked at by now: one load tells everything that is wrong
        if len(self.work.problems) > self.before or check is None or message is None:
            return None
        return Rule(
            id=str(self.id),
            severity=Severity(str(self.raw["severity"])),
            at=at,
            check=check,
            message=message,
            reads=frozenset(maker.reads | {Read(at)}),
            guarded=frozenset(maker.guarded),
            when=when,
            supplies=extra,
            needed=needed,
            mend=mend,
            meets_absence=meets_absence,
            expressions=tuple(maker.expressions),
            is_register_read=maker.is_register_read,
            is_register_cited=maker.is_register_cited,
            line=self.work.lines(self.pointer),
        )

    def _refuse_keys(self) -> None:
        known = (*_KEYS, *SHORTHANDS)
        for key in self.raw:
            if key not in known:
                self.refuse(key, hinted(say("“{key}” is not known here", key=key), nearest(key, known)))
        for key in _NECESSARY:
            if self.raw.get(key) in (None, ""):
                self.refuse("", say("“{key}” is missing", key=key))
        if self.raw.get("id") is not None and not (isinstance(self.id, str) and _ID.fullmatch(self.id)):
            self.refuse("id", say("an id is letters and two figures, such as DK02 or BB01.chair"))
        severities = [one.value for one in Severity]
        if self.raw.get("severity") is not None and self.raw["severity"] not in severities:
            self.refuse(
                "severity",
                say(
                    "“{found}” is not a severity; it is one of {severities}",
                    found=str(self.raw["severity"]),
                    severities=", ".join(severities),
                ),
            )

    def _at(self) -> Address:
        pointer = self.raw.get("at")
        if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
            if pointer is not None:
                self.refuse("at", say("“at” is a pointer of the form, such as /targets/*/due"))
            return WHOLE
        # as docs/rules.md has it; in a JSON pointer it would be the field with the name ""
        if pointer == "/":
            return WHOLE
        broken = missing_part(self.work.form, Address.of(pointer))
        if broken is not None:
            # compiled on at the whole form, so that the other problems of the rule are told, too
            self.refuse("at", unknown_place(broken))
            return WHOLE
        return Address.of(pointer)

    def _maker(self, at: Address) -> Maker:
        roots, rows = dict(self.work.roots), self.work.rows
        shape = rows.at(at)
        if shape is not None:
            roots["value"] = shape
        stars = [place for place, part in enumerate(at) if part == EVERY]
        for name, place in zip(("item", "outer"), reversed(stars), strict=False):
            element = rows.at(Address(at[: place + 1]))
            if element is not None:
                roots[name] = element
        return Maker(self.work.form, rows, roots, at)

    def _check(self, maker: Maker) -> tuple[Check | None, frozenset[str], bool]:
        named = [key for key in self.raw if key in SHORTHANDS or key == "expr"]
        if len(named) != 1:
            self.refuse(
                "", say("a rule needs exactly one check: expr or a shorthand; found {count}", count=len(named))
            )
            return None, frozenset(), False
        key = named[0]
        if key == "expr":
            expression = self._expression(maker, "expr", self.raw["expr"])
            return (None if expression is None else _holds(expression)), frozenset(), False
        shorthand = SHORTHANDS[key]
        self._refuse_silent(key, shorthand, maker)
        try:
            return shorthand.made(key, self.raw[key], maker), shorthand.supplies, shorthand.meets_absence
        except Refused as refused:
            self.refuse(key, refused.said)
            return None, shorthand.supplies, False

    def _refuse_silent(self, key: str, shorthand: Shorthand, maker: Maker) -> None:
        """Refuse a check that can never say anything at its place."""
        shape = maker.shape
        if shape is not None and (why := misplaced(key, str(self.raw.get("at")), shape.nature, shorthand.looks_at)):
            self.refuse("at", why)
        elif shape is not None and (why := pointless(key, self.raw[key], shape.limits)):
            self.refuse(key, why)

    def _expression(self, maker: Maker, key: str, text: object) -> Expression | None:
        if not isinstance(text, str):
            self.refuse(key, say("“{key}” must be a CEL expression", key=key))
            return None
        try:
            return maker.expression(text, is_condition=True)
        except Refused as refused:
            self.refuse(key, refused.said)
            return None

    def _with(self, maker: Maker) -> dict[str, Expression]:
        given = self.raw.get("with", {})
        if not isinstance(given, dict):
            self.refuse("with", say("“with” is a group of names, each with a CEL expression"))
            return {}
        before = set(maker.reads)
        made: dict[str, Expression] = {}
        for name, text in given.items():
            try:
                made[name] = maker.expression(str(text), is_condition=False)
            except Refused as refused:
                self.refuse(f"with/{name}", refused.said)
        maker.reads.intersection_update(before)  # a value that only the message names must not silence the rule
        return made

    def _refuse_unused(self, extra: Iterable[str], wordings: list[Wording]) -> None:
        named = {name for one in wordings for name in one.names}
        for name in extra:
            if name not in named and wordings:
                self.refuse(f"with/{name}", say("no sentence of the rule names “{name}”", name=name))

    def _wording(self, key: str, known: frozenset[str]) -> Wording | None:
        given = self.raw.get(key)
        if given is None:
            return None
        if (
            not isinstance(given, dict)
            # every other language falls back to these two (docs/decisions/0016)
            or not {VIETNAMESE, ENGLISH} <= set(given)
            or not all(re.fullmatch(r"[a-z]{2,3}", code) for code in given)
            or not all(isinstance(text, str) and text.strip() for text in given.values())
        ):
            self.refuse(key, say("“{key}” needs the sentence by language: vi, en and others if wanted", key=key))
            return None
        try:
            wording = Wording.parse({code: str(text) for code, text in given.items()})
        except TemplateFault as fault:
            self.refuse(key, say("braces hold a plain name such as {{value}}; found: {found}", found=fault.piece))
            return None
        for name in sorted(wording.names - known):
            said = say("nothing supplies “{name}”; add it under “with”", name=name)
            self.refuse(key, hinted(said, nearest(name, known)))
        return wording


def _holds(expression: Expression) -> Check:
    def check(scope: Scope) -> list[Violation]:
        return [] if scope.is_true(expression) else [Violation()]

    return check
