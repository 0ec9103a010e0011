"""What a shorthand needs while it is compiled: its arguments checked, its paths checked, its operands made ready."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pipeline.messages import NOTHING, joined, say
from pipeline.model import EVERY, Address, Json, Message
from pipeline.rules.comparing import as_list
from pipeline.rules.expressions import Expression, Refused, compile_expression
from pipeline.rules.matching import ABSENT, Match, Read, expand
from pipeline.rules.scope import Absent, Check, Scope
from pipeline.rules.shapes import Shape, missing_part, nearest

Operand = Callable[[Scope], Json]
Cells = Callable[[Scope], list[Match]]

#: placeholders every message may use: the value at the rule's place
ALWAYS: Final = frozenset({"value"})


#: Natures of places (`Shorthand.looks_at`).
LISTS: Final = frozenset({"list"})
TEXTS: Final = frozenset({"text"})
NUMBERS: Final = frozenset({"number"})
DATES: Final = frozenset({"date"})


@dataclass
class Maker:
    """The place a rule looks at and what it has been found to read so far."""

    form: Shape
    rows: Shape  #: the form's double: what the variables of a row point into
    roots: Mapping[str, Shape]
    at: Address
    reads: set[Read] = field(default_factory=set)
    guarded: set[Read] = field(default_factory=set)
    expressions: list[Expression] = field(default_factory=list)
    is_register_read: bool = False  #: all of it, by an expression
    is_register_cited: bool = False  #: just the numbers that the form's texts cite

    @property
    def shape(self) -> Shape | None:
        """The shape of the rule's place."""
        return self.form.at(self.at)

    def expression(self, text: str, *, is_condition: bool) -> Expression:
        """A compiled CEL expression, what it reads noted. Raises Refused."""
        made = compile_expression(text, self.roots, self.form, self.rows, is_condition=is_condition)
        self.reads |= made.reads
        self.guarded |= made.guarded
        self.expressions.append(made)
        self.is_register_read |= "register" in made.plans
        return made

    def operand(self, argument: Json) -> Operand:
        """A value to compare with: a literal, "/a/pointer" of the form, or else a CEL expression.

        A pointer with a list on its way that the rule's own place does not fix gives the list of all its values.
        """
        if not isinstance(argument, str):
            return lambda scope: argument
        # no CEL expression begins with a slash
        if argument.startswith("/"):
            return self._field(self.pattern(argument))
        expression = self.expression(argument, is_condition=False)
        return lambda scope: scope.evaluate(expression)

    def pattern(self, pointer: str) -> Address:
        """The address of a pointer pattern that exists in the form, noted as read."""
        return self._noted(Address.of(pointer))

    def cells(self, column: object) -> Cells:
        """The places of a column of the list the rule looks at: "due", "articles/*/number"; None for its elements."""
        below = Address.of(f"/{column}") if isinstance(column, str) else ()
        pattern = self._noted(self.at.child(EVERY, *below))

        def found(scope: Scope) -> list[Match]:
            value_here(scope)  # a list that is not there is not an empty list
            places = expand(scope.variables.doc, pattern.seen_from(scope.match.address))
            return [place for place in places if place.value is not ABSENT]

        return found

    def part(self, name: object) -> Address:
        """The place of a field of the object the rule looks at."""
        address = self.at.child(*Address.of(f"/{name}"))
        self._refuse_unknown(address)
        # its shorthand says itself what a missing part means; one that cannot be read silences it
        self.guarded.add(Read(address))
        return address

    def _field(self, pattern: Address) -> Operand:
        def value(scope: Scope) -> Json:
            bound = pattern.seen_from(scope.match.address)
            places = list(expand(scope.variables.doc, bound))
            # what the rule's own place does not fix is a list: the values of all rows that have one
            if EVERY in bound:
                return [place.value for place in places if place.value is not ABSENT]
            return _there(places[0])

        return value

    def _noted(self, pattern: Address) -> Address:
        self._refuse_unknown(pattern)
        self.reads.add(Read(pattern))
        return pattern

    def _refuse_unknown(self, address: Address) -> None:
        broken = missing_part(self.form, address)
        if broken is not None:
            raise Refused(unknown_place(broken))


@dataclass(frozen=True)
class Arguments:
    """What rules.yaml gives a shorthand, by name; made ready as the shorthand asks for it. Raises Refused."""

    shorthand: str
    given: Mapping[str, Json]
    maker: Maker

    def operand(self, name: str, default: float | None = None) -> Operand:
        """One value (see `Maker.operand`)."""
        return self.maker.operand(self.given.get(name, default))

    def operand_if_given(self, name: str) -> Operand | None:
        """One value, None when it is left out."""
        return self.operand(name) if name in self.given else None

    def bounds(self) -> tuple[Operand | None, Operand | None]:
        """The least and the most; one of them must be given."""
        low, high = self.operand_if_given("min"), self.operand_if_given("max")
        if low is None and high is None:
            raise self.lacking("min", "max")
        return low, high

    def operands(self, name: str) -> list[Operand]:
        """One value or several."""
        return [self.maker.operand(one) for one in as_list(self.given.get(name, []))]

    def cells(self, name: str) -> Cells:
        """The places of a column (see `Maker.cells`)."""
        return self.maker.cells(self.given.get(name))

    def part(self, name: str) -> Address:
        """The place of a field of the object the rule looks at."""
        return self.maker.part(self.given[name])

    def part_if_given(self, name: str) -> Address | None:
        """As `part`, None when it is left out."""
        return self.part(name) if name in self.given else None

    def texts(self, name: str) -> list[str]:
        """One text or several, as a list."""
        texts = as_list(self.given[name])
        if not texts or not all(isinstance(text, str) and text for text in texts):
            raise Refused(say("“{name}” needs one text or a list of texts in “{key}”", name=self.shorthand, key=name))
        return [str(text) for text in texts]

    def lacking(self, *names: str) -> Refused:
        """The refusal of a shorthand that is not given what it needs."""
        return Refused(say("“{name}” needs “{keys}”", name=self.shorthand, keys="”, “".join(names)))


@dataclass(frozen=True)
class Shorthand:
    """A named check of rules.yaml: how it is made, and which placeholders it supplies to its messages.

    `needs` and `may` are the names of its arguments; without any it takes only `true`. A value without a name is
    meant by the first of `needs`, or by `alone`, which may be left out. `looks_at` are the natures of places it can
    judge (`Shape.nature`), none for any; elsewhere it would be silent.
    """

    make: Callable[[Arguments], Check]
    supplies: frozenset[str] = frozenset()
    alone: str = ""
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    meets_absence: bool = False
    looks_at: frozenset[str] = frozenset()

    def made(self, name: str, declared: Json, maker: Maker) -> Check:
        """The check that rules.yaml declares under the shorthand's name. Raises Refused."""
        known = (*self.needs, *((self.alone,) if self.alone else ()), *self.may)
        if not known and declared is not True:
            raise Refused(say("“{name}” takes only “true”", name=name))
        arguments = Arguments(name, self._named(declared), maker)
        for key in arguments.given:
            if key not in known:
                listed = ", ".join(known)
                unknown = say("“{name}” does not know “{key}” (known: {known})", name=name, key=key, known=listed)
                raise Refused(hinted(unknown, nearest(key, known)))
        if lacking := [key for key in self.needs if key not in arguments.given]:
            raise arguments.lacking(*lacking)
        return self.make(arguments)

    def _named(self, declared: Json) -> dict[str, Json]:
        if isinstance(declared, dict):
            # a key with nothing behind it is left out
            return {name: one for name, one in declared.items() if one is not None}
        main = self.needs[0] if self.needs else self.alone
        # `unique: true`, `member: true`: nothing more is said
        return {main: declared} if main and declared is not True else {}


def hinted(said: Message, close: str) -> Message:
    """A problem with the name that was meant, if one comes near."""
    return joined((said, say("; did you mean “{close}”?", close=close) if close else NOTHING), "")


def unknown_place(broken: tuple[Address, str, str]) -> Message:
    """The sentence for a pointer that leaves the form."""
    place, name, close = broken
    where = str(place) or "/"
    if close:
        return say(
            "“{name}” is not a field of “{place}”; did you mean “{close}”?", name=name, place=where, close=close
        )
    return say("“{name}” is not a field of “{place}”", name=name, place=where)


def value_here(scope: Scope) -> Json:
    """The value at the rule's place. Raises Absent when there is none."""
    return _there(scope.match)


def quoted(text: str) -> str:
    """`text` as a CEL string literal."""
    return json.dumps(text, ensure_ascii=False)


def _there(place: Match) -> Json:
    if place.value is ABSENT:
        raise Absent
    return place.value
