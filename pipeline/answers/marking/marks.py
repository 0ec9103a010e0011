"""What is written at a faulty place: one finding in one language, its words and its weight."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from pipeline import messages
from pipeline.messages import say, shown_in
from pipeline.model import Address, Finding, Message, Place, Severity

T = TypeVar("T")

#: The sign before a fault, so that a page printed without colours says the same.
SIGNS: Final = {Severity.BLOCK: "✗", Severity.WARN: "!", Severity.INFO: "i"}

_MOST_TEXT: Final = 400
#: What XML cannot hold, and C0 and C1 controls: one such letter of a unit's value would spoil the whole copy.
_UNPRINTABLE: Final = re.compile(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Unmarkable(Exception):  # noqa: N818 - names a state of the file
    """There is no place for marks in this file."""


@dataclass(frozen=True)
class Copy:
    """What a guarded child gives back: bytes in base64 and the extension of their format; both empty for none."""

    extension: str = ""
    base64: str = ""


@dataclass(frozen=True)
class Marked:
    """A marked copy: its bytes and the extension of its format ("xlsx"; "html" for a page to look at)."""

    extension: str
    content: bytes


@dataclass(frozen=True)
class Mark:
    """One finding in the words of one language; what is not known is empty."""

    place: Place
    severity: Severity
    message: str
    found: str
    needed: str
    mend: str
    language: str
    is_exact: bool = True  #: whether the place is the fault's own, or the nearest one known

    @property
    def sign(self) -> str:
        """What stands before it."""
        return SIGNS[self.severity]

    def lines(self) -> Iterator[str]:
        """Everything to be said of it, line by line: how much it weighs and what, found, needed, how to mend."""
        yield f"{self.sign} [{weight_in_words(self.severity, self.language)}] {self.message}"
        if self.found:
            yield shown_in(say("Found: “{found}”", found=self.found), self.language)
        if self.needed:
            yield shown_in(say("Needed: {needed}", needed=self.needed), self.language)
        if self.mend:
            yield shown_in(say("To mend: {mend}", mend=self.mend), self.language)

    def where(self) -> str:
        """Its place in words."""
        return shown_in(messages.place(self.place), self.language)


def marks_of(findings: Iterable[Finding], nearby: Container[Address], language: str) -> list[Mark]:
    """The findings as marks, in their order; `nearby` are the addresses of which only the nearest place is known."""

    def plain(said: Message | None) -> str:
        return _printable(shown_in(said, language)) if said is not None else ""

    return [
        Mark(
            place=finding.place,
            severity=finding.severity,
            message=plain(finding.message),
            # on one line: a comment, a note and a cell hold what was found beside what is needed
            found=_printable(" ".join(finding.found.split())),
            needed=plain(finding.needed),
            mend=plain(finding.mend),
            language=language,
            is_exact=finding.place.pointer not in nearby,
        )
        for finding in findings
    ]


def worst(marks: Sequence[Mark]) -> Severity:
    """The weight of a place with several faults."""
    order = list(Severity)
    # the weights are declared from the heaviest down
    return min((mark.severity for mark in marks), key=order.index)


def text_of(marks: Sequence[Mark]) -> str:
    """Several faults of one place as one text, a blank line between them."""
    return "\n\n".join("\n".join(mark.lines()) for mark in marks)


def by_target(marks: Iterable[Mark], targets: Iterable[T]) -> dict[T, list[Mark]]:
    """Marks by what they are put on, in the order in which it is first met."""
    grouped: dict[T, list[Mark]] = {}
    for mark, target in zip(marks, targets, strict=True):
        grouped.setdefault(target, []).append(mark)
    return grouped


def headline(marks: Sequence[Mark], language: str) -> str:
    """How many places are to be mended, and how many to be looked at."""
    blocking = sum(mark.severity is Severity.BLOCK for mark in marks)
    others = len(marks) - blocking
    said = say("{blocking} to be mended", blocking=f"{blocking:02d}")
    # "00 điểm nên xem lại" is nothing anybody says
    if others:
        said = say(
            "{blocking} to be mended, {others} to be looked at", blocking=f"{blocking:02d}", others=f"{others:02d}"
        )
    return shown_in(said, language)


def weight_in_words(severity: Severity, language: str) -> str:
    """How much a fault weighs, for a column."""
    words = {
        Severity.BLOCK: say("Must be mended"),
        Severity.WARN: say("Should be looked at"),
        Severity.INFO: say("For information"),
    }
    return shown_in(words[severity], language)


def _printable(text: str) -> str:
    """Text that every format can hold: no control characters, not without end."""
    plain = _UNPRINTABLE.sub("", text)
    return plain if len(plain) <= _MOST_TEXT else f"{plain[:_MOST_TEXT]}…"
