"""Makes the mutants: a clean form, one to four faults planted in it, written in a format, with its oracle."""

import contextlib
import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.answers.catalogue import FORMS, ONLY_TEXT
from benchmarks.answers.faults import Fault, Planter, left_out, too_long, unreadable
from benchmarks.answers.own import UnwritableError
from benchmarks.answers.papers import Paper, spelled
from benchmarks.answers.styles import HABITS, OWN, STYLES
from pipeline import kinds
from pipeline.kinds import Kind
from pipeline.model import Finding, Place, Severity
from pipeline.reading import KindForm, ReadingContext
from tests.folders import shipped_words
from tests.kinds import examples
from tests.reading import writers

ROOT = Path(__file__).resolve().parents[2]
FORMATS = ("xlsx", "docx", "pdf", "yaml", "json")
_TRIES = 40


@dataclass(frozen=True)
class Mutant:
    """A form as it was sent: the paper, and what was planted in it (nothing: it is clean)."""

    kind: str
    name: str
    seed: int
    paper: Paper
    faults: tuple[Fault, ...]

    @property
    def file_name(self) -> str:
        """Under what name it is dropped; the name says nothing of the kind."""
        return f"Bieu mau {self.seed}.{self.paper.format}"


@dataclass(frozen=True)
class Judgement:
    """What became of a mutant: the faults not named at their address, the findings that nothing explains."""

    mutant: Mutant
    findings: tuple[Finding, ...]
    unnamed: tuple[Fault, ...]
    misplaced: tuple[Fault, ...]
    false: tuple[Finding, ...]


def mutants(format_: str, count: int, context: ReadingContext, *, first: int = 0) -> Iterator[Mutant]:
    """So many mutants of a format; the same seeds give the same mutants."""
    for seed in range(first, first + count):
        yield mutant(format_, seed, context)


def mutant(format_: str, seed: int, context: ReadingContext) -> Mutant:
    """One clean form with one to four faults."""
    chance = random.Random(f"{format_}/{seed}")  # noqa: S311 - no secret
    kind, name = chance.choice([known for known in FORMS if _is_written(known[0], format_)])
    form, values = _form(context, kind), _values(kind, name)
    faults: list[Fault] = []
    wanted = chance.randint(1, 4)
    for _ in range(_TRIES):
        if len(faults) == wanted:
            break
        attempt: Any = deepcopy(values)
        fault = _planter(chance, kind, name)(chance, attempt, form)
        if fault is not None and not any(fault.meets(other) for other in faults):
            faults.append(fault)
            values = attempt
    return Mutant(kind, name, seed, written(format_, form, values, context, chance), tuple(faults))


def clean(format_: str, kind: str, name: str, seed: int, context: ReadingContext) -> Mutant:
    """A form without fault, its values in accepted spellings."""
    chance = random.Random(f"clean/{format_}/{kind}/{name}/{seed}")  # noqa: S311 - no secret
    return Mutant(kind, name, seed, written(format_, _form(context, kind), _values(kind, name), context, chance), ())


def clean_forms(format_: str) -> list[tuple[str, str]]:
    """Every clean form that is written in a format: kind and example."""
    return [known for known in FORMS if _is_written(known[0], format_)]


def written(format_: str, form: KindForm, values: Any, context: ReadingContext, chance: random.Random) -> Paper:
    """The form on paper, laid out and spelled as somebody would: our own form, or one written free-hand."""
    spell = spelled(writers.careless(context, chance) if chance.random() < 0.5 else writers.plain(context))
    habit = chance.choice(HABITS[format_])
    if format_ in OWN and chance.random() < 0.5:
        with contextlib.suppress(UnwritableError):
            return OWN[format_](form, values, spell, habit)
    return STYLES[format_](form, values, spell, habit)


def judged(mutant: Mutant, findings: tuple[Finding, ...]) -> Judgement:
    """Hold what was found against what was planted."""
    unnamed, misplaced = [], []
    for fault in mutant.faults:
        named = [one for one in findings if one.code in fault.codes and str(one.place.pointer) in fault.pointers]
        if not named:
            unnamed.append(fault)
        elif not any(is_there(one.place, fault, mutant.paper) for one in named):
            misplaced.append(fault)
    false = [
        one
        for one in findings
        # information says how something was understood ("BĐBP TP" is a unit's other name); it asks for nothing
        if one.severity is not Severity.INFO
        and not any(fault.explains(one.code, str(one.place.pointer)) for fault in mutant.faults)
    ]
    return Judgement(mutant, findings, tuple(unnamed), tuple(misplaced), tuple(false))


def is_there(place: Place, fault: Fault, paper: Paper) -> bool:
    """Whether a finding's place in the file is where the fault was planted."""
    for pointer in fault.pointers:
        spot = paper.spots.get(pointer)
        if spot is not None and _address(spot, paper.format) == _address(place, paper.format):
            return True
    around = [spot for pointer in fault.pointers for spot in _around(paper, pointer)]
    is_single = fault.pointer in paper.spots and not fault.is_absent and not _is_many(paper, fault.pointer)
    if is_single:
        return False
    return any(_covers(place, spot, paper.format) for spot in around) or not around


def _is_many(paper: Paper, pointer: str) -> bool:
    return any(known.startswith(f"{pointer}/") for known in paper.spots)


def _around(paper: Paper, pointer: str) -> list[Place]:
    """The places of a list, a row or a group; of what is not there, those of what it would stand in."""
    while pointer:
        region = paper.region(pointer)
        if region:
            return region
        pointer = pointer.rpartition("/")[0]
    return []


def _address(place: Place, format_: str) -> tuple[object, ...]:
    match format_:
        case "xlsx":
            return place.sheet, place.cell
        case "docx":
            return place.table, place.row, place.column, place.paragraph
        case "pdf":
            return (place.page,)
    return (place.line,)


def _covers(place: Place, spot: Place, format_: str) -> bool:
    """Whether a place names the row or the column that a spot lies in."""
    if _address(place, format_) == _address(spot, format_):
        return True
    if format_ == "docx" and spot.table:
        return (place.table, place.row) == (spot.table, spot.row)
    return False


def _is_written(kind: str, format_: str) -> bool:
    return kind not in ONLY_TEXT or format_ in {"yaml", "json"}


def _form(context: ReadingContext, kind: str) -> KindForm:
    form = context.form(kind)
    assert form is not None
    return form


def _planter(chance: random.Random, kind: str, name: str) -> Planter:
    required, limits = _shape(kind)
    own = FORMS[kind, name]
    return chance.choices([unreadable, left_out(required), too_long(limits), chance.choice(own)], [30, 15, 5, 50])[0]


def _values(kind: str, name: str) -> Any:
    """The canonical values of an example, to be changed."""
    return deepcopy(_read(kind, name))


@cache
def _read(kind: str, name: str) -> Any:
    return examples.reading_of(examples.example(kind, name)).values


@cache
def _kinds() -> dict[str, Kind]:
    return dict(kinds.load_all(ROOT / "templates", shipped_words()).kinds)


@cache
def _shape(kind: str) -> tuple[tuple[str, ...], dict[str, int]]:
    """What a kind's form requires, and how long its texts may be: patterns of pointers."""
    form = _kinds()[kind].fields
    required = tuple(str(one.address) for one in form if one.is_required and not one.default)
    longest = {str(one.address): one.limits.get("maxLength") for one in form}
    return required, {pointer: length for pointer, length in longest.items() if isinstance(length, int)}
