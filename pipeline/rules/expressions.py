"""CEL expressions: compiled and type-checked at load, their paths checked against the form, evaluated safely.

The library reports run-time errors as values whose plain form is a non-empty (so: true) text; here every result is
looked at by its type before it is used.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cel_expr_python import cel
from cel_expr_python.ext import ext_strings

from pipeline.errors import KindError
from pipeline.messages import joined, say, tr
from pipeline.model import Json, Message
from pipeline.rules import functions
from pipeline.rules.certainty import certainty
from pipeline.rules.matching import Read
from pipeline.rules.pruning import Plan, plan_of
from pipeline.rules.reads import follow
from pipeline.rules.shapes import Shape
from pipeline.rules.syntax import Path, direct_path, paths, tree_of

_BOOL: Final = cel.Type.BOOL
_ERROR: Final = cel.Type.ERROR
# CEL has no schema of a form: every part of it is dynamic, and `reads` follows the paths instead
_MAP: Final = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
_LOCATED: Final = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
# a key that is not in a map, a place beyond the end of a list, `find` without a match
_ABSENCE: Final = re.compile(r"NOT_FOUND|Index error", re.IGNORECASE)

_OF_PLACE: Final = frozenset({"item", "outer", "value", "index"})
_OF_YEAR: Final = frozenset({"year", "members"})

#: the variables every expression has; `docs/rules.md` explains them
VARIABLES: Final[Mapping[str, cel.Type]] = {
    "doc": _MAP,
    "year": _MAP,
    "gathered": _MAP,
    "accepted": _MAP,
    "register": cel.Type.List(cel.Type.DYN),
    "today": cel.Type.STRING,
    "members": cel.Type.List(cel.Type.STRING),
    "item": cel.Type.DYN,
    "outer": cel.Type.DYN,
    "value": cel.Type.DYN,
    "index": cel.Type.INT,
}


class RuleCrashed(KindError):  # noqa: N818 - names what happened, as the contract of the rule engine has it
    """A rule could not be evaluated on values that fit the form: the rule is wrong, not the submission."""


class Refused(ValueError):  # noqa: N818 - a verdict of the compiler
    """An expression or a shorthand that cannot be compiled; `said` is what is wrong with it."""

    def __init__(self, *problems: Message) -> None:
        self.said = joined(problems, "; ")
        super().__init__(self.said)


@dataclass(frozen=True)
class Unanswered:
    """An evaluation that gave no value: `is_absence` when it asked for something that is not there."""

    reason: str
    is_absence: bool


@dataclass(frozen=True)
class Expression:
    """One compiled expression and what it reads."""

    text: str
    program: cel.Expression
    reads: frozenset[Read] = frozenset()
    guarded: frozenset[Read] = frozenset()
    plans: Mapping[str, Plan] = field(default_factory=dict)  #: what it uses of each variable
    path: Path | None = None  #: when it is nothing but a path

    @property
    def is_of_document(self) -> bool:
        """Whether its value is the same wherever in the document it is asked."""
        return self.plans.keys().isdisjoint(_OF_PLACE)

    @property
    def is_of_year(self) -> bool:
        """Whether its value is the same for all forms of a year."""
        return self.plans.keys() <= _OF_YEAR

    def evaluate(self, activation: cel.Activation) -> Json | Unanswered:
        """The value under `activation` (see `activate`)."""
        answer = self._asked(activation)
        if isinstance(answer, Unanswered):
            return answer
        plain: Json = answer.plain_value()
        return plain

    def is_true(self, activation: cel.Activation) -> bool | Unanswered:
        """The truth under `activation`; whatever is not a boolean is unanswered, never true."""
        answer = self._asked(activation)
        if isinstance(answer, Unanswered):
            return answer
        if answer.type() == _BOOL:
            return bool(answer.plain_value())
        return Unanswered(tr("gives {type}, not true or false", type=answer.type().name()), is_absence=False)

    def _asked(self, activation: cel.Activation) -> cel.Value | Unanswered:
        """The library's answer; it returns most errors as values and raises the others (its budget of steps)."""
        try:
            answer = self.program.eval(activation)
        except RuntimeError as trouble:
            return Unanswered(str(trouble), is_absence=False)
        # the plain form of an error is a text with something in it, so it would pass for true
        if answer.type() == _ERROR:
            reason = str(answer.plain_value())
            return Unanswered(reason, bool(_ABSENCE.search(reason)))
        return answer


@functools.cache
def environment() -> cel.Env:
    """The one CEL environment of all rules."""
    return cel.NewEnv(
        variables=dict(VARIABLES), extensions=[ext_strings.ExtStrings()], functions=functions.declarations()
    )


def activate(data: Mapping[str, object]) -> cel.Activation:
    """The values of the variables an expression uses."""
    return environment().Activation(data)


def broken_pattern(pattern: str) -> str:
    """What is wrong with a regular expression as CEL reads it (RE2), "" for a sound one."""
    # the library compiles `matches` with any pattern and tells of a broken one only when it is evaluated
    answer = Expression("", environment().compile("value.matches(today)")).is_true(
        activate({"value": "", "today": pattern})
    )
    return answer.reason if isinstance(answer, Unanswered) else ""


def compile_expression(
    text: str, roots: Mapping[str, Shape], form: Shape, rows: Shape, *, is_condition: bool
) -> Expression:
    """`text` compiled (`form` and `rows`: see `reads.follow`).

    Raises Refused with every problem: syntax, types, unknown names and fields.
    """
    try:
        program = environment().compile(text)
    except RuntimeError as trouble:
        raise Refused(*_sentences(str(trouble), text)) from trouble
    # a form has no types in CEL (DYN): what it gives in the end `is_true` looks at
    if is_condition and program.return_type() not in (_BOOL, cel.Type.DYN):
        raise Refused(
            say(
                "“{text}” gives {type}; a condition must give true or false",
                text=text,
                type=program.return_type().name(),
            )
        )
    tree = tree_of(program.serialize())
    reads, plans = follow(tree, roots, form, rows), plan_of(paths(tree))
    if reads.problems:
        raise Refused(*(say("in “{text}”: {problem}", text=text, problem=one) for one in reads.problems))
    # `1 < 2` compiles, but judges nothing
    if is_condition and not plans:
        raise Refused(say("“{text}” does not depend on any value: it always gives the same answer", text=text))
    certain = certainty(tree) if is_condition else None
    if certain is not None:
        raise Refused(
            say("“{text}” is always true, whatever the form says", text=text)
            if certain
            else say("“{text}” is never true, whatever the form says", text=text)
        )
    return Expression(text, program, frozenset(reads.places), frozenset(reads.guarded), plans, direct_path(tree))


def _sentences(trouble: str, text: str) -> list[Message]:
    found = [
        say("“{text}” does not compile, at character {column}: {reason}", text=text, column=int(at), reason=reason)
        for _, at, reason in _LOCATED.findall(trouble)
    ]
    return found or [say("“{text}” does not compile: {reason}", text=text, reason=trouble)]
