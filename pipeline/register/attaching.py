"""Which old paper belongs to which number of an old book: by the name of its file, or by what it says of itself.

A paper is taken for a number's only where nothing speaks against it: one number, one file; name, text and day agree.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline import naming
from pipeline.messages import say
from pipeline.model import Direction, Message
from pipeline.register.old_numbers import numbers_in
from pipeline.register.proposing import proposed
from pipeline.vietnamese import compare_key

#: Series named beside a number that is none of theirs.
_MOST_NAMED: Final = 6
_ZEROS: Final = re.compile(r"\b0+(?=[0-9])")


@dataclass(frozen=True)
class Numbered:
    """One number of an old book that may get its paper."""

    series: str
    no: int
    suffix: str
    number: str  #: as the paper bears it: of an incoming one its sender's, "" where the book does not say it
    on: dt.date | None
    direction: Direction

    @property
    def label(self) -> str:
        """By which people know it."""
        return self.number or f"{self.no}{self.suffix}-{self.series.rpartition('/')[0]}"

    @property
    def key(self) -> tuple[str, int, str]:
        """By which it is one of the register."""
        return self.series, self.no, self.suffix


@dataclass(frozen=True)
class OldPaper:
    """A file of the folder: its name below it, and the lines of its own text (none of a scan)."""

    name: str
    lines: tuple[str, ...] = ()
    trouble: Message | None = None  #: why it was not looked into


@dataclass(frozen=True)
class Attached:
    """What becomes of a file: the number it is the paper of, or why nobody can tell."""

    paper: OldPaper
    of: Numbered | None = None
    why: Message | None = None


def attached(
    papers: Sequence[OldPaper], numbers: Sequence[Numbered], types: Mapping[str, str]
) -> tuple[Attached, ...]:
    """Say of every file whose paper it is."""
    names = _Names(numbers)
    made = [_one(paper, names, numbers, types) for paper in papers]
    # two files for one number: which of them it is, nobody can tell
    count = Counter(one.of.key for one in made if one.of)
    twice = say("Several files seem to be the paper of this number.")
    return tuple(replace(one, of=None, why=twice) if one.of and count[one.of.key] > 1 else one for one in made)


def _one(paper: OldPaper, names: "_Names", numbers: Sequence[Numbered], types: Mapping[str, str]) -> Attached:
    if paper.trouble is not None:
        return Attached(paper, why=paper.trouble)
    named = names.in_name(paper.name)
    read = proposed(paper.lines, Direction.OUTGOING, types) if paper.lines else None
    said = [one for one in numbers if read and read.number and _key(one.number) == _key(read.number)]
    if read and read.on and len(said) > 1:
        said = [one for one in said if one.on == read.on]
    if named and said and not {one.key for one in named} & {one.key for one in said}:
        return Attached(
            paper, why=say("Its name says {name}, its text {text}.", name=named[0].label, text=said[0].number)
        )
    found = [one for one in named if one in said] or said or named
    if not found:
        if read and read.number:
            return Attached(paper, why=unknown(read.number, numbers))
        return Attached(paper, why=say("Neither its name nor its text tells a number of the book."))
    if len(found) > 1:
        many = ", ".join(f"{one.label} ({one.series})" for one in found[:3])
        return Attached(paper, why=say("It may be the paper of several numbers: {numbers}.", numbers=many))
    (one,) = found
    if read and read.on and one.on and read.on != one.on:
        days = {"paper": f"{read.on:%d/%m/%Y}", "book": f"{one.on:%d/%m/%Y}"}
        return Attached(paper, why=say("The paper is dated {paper}, the book says {book}.", **days))
    if read and read.number and one.number and not said:
        return Attached(paper, why=say("Its name says {name}, its text {text}.", name=one.label, text=read.number))
    return Attached(paper, of=one)


def unknown(number: str, numbers: Iterable[Numbered]) -> Message:
    """Say that no number that waits for its paper is this one, and which do."""
    waiting: dict[str, list[int]] = {}
    for one in numbers:
        waiting.setdefault(one.series, []).append(one.no)
    if not waiting:
        return say("It bears {number}; no number of an old book waits for a paper.", number=number)
    spans = [f"{series}: {_span(known)}" for series, known in list(waiting.items())[:_MOST_NAMED]]
    spans += ["…"] if len(waiting) > _MOST_NAMED else []
    return say(
        "It bears {number}, which is none of the numbers that wait for a paper ({numbers}).",
        number=number,
        numbers="; ".join(spans),
    )


def _span(known: Sequence[int]) -> str:
    return str(known[0]) if len(known) == 1 else f"{min(known)}–{max(known)}"


def _key(number: str) -> str:
    return _ZEROS.sub("", compare_key(number))


class _Names:
    """Finds numbers in names of files: "57-KH-CTD4.pdf", "2021-05-04 KH 57.pdf", "so-57.pdf" in a book of one run."""

    def __init__(self, numbers: Iterable[Numbered]) -> None:
        every = list(numbers)
        self.whole: dict[str, list[Numbered]] = {}
        self.short: dict[str, list[Numbered]] = {}
        self.bare: dict[str, list[Numbered]] = {}
        for one in every:
            if one.number:
                self.whole.setdefault(_ZEROS.sub("", naming.slug(one.number, 200)), []).append(one)
            # scans of incoming papers are mostly called by the register's own number: "den-57.pdf"
            code = (
                "den"
                if one.direction is Direction.INCOMING
                else numbers_in(one.number).symbol.replace("/", "-").partition("-")[0]
            )
            if code:
                figures, mark = f"{one.no}{one.suffix}", naming.slug(code)
                for text in (f"{figures}-{mark}", f"{mark}-{figures}"):
                    self.short.setdefault(text, []).append(one)
            self.bare.setdefault(f"{one.no}{one.suffix}", []).append(one)
        self.has_one_run = len({one.series for one in every}) == 1

    def in_name(self, name: str) -> list[Numbered]:
        """Give the numbers that a name tells, by the surest way that tells any."""
        stem = _ZEROS.sub("", naming.slug(name.rpartition("/")[2].rpartition(".")[0], 200))
        tokens = stem.split("-")
        for known in (self.whole, self.short):
            found = [one for text in _runs(tokens) for one in known.get(text, ())]
            if found:
                return list(dict.fromkeys(found))
        figures = [token for token in tokens if token in self.bare]
        # a day or a year in the name has figures, too: then it is no bare number
        others = sum(token[0].isdigit() for token in tokens if token)
        return self.bare[figures[0]] if self.has_one_run and len(figures) == others == 1 else []


def _runs(tokens: Sequence[str]) -> Iterable[str]:
    """Every stretch of words of a name, the longest first."""
    for length in range(min(len(tokens), 8), 1, -1):
        for at in range(len(tokens) - length + 1):
            yield "-".join(tokens[at : at + length])
