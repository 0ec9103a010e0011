"""Everything wrong with a form is named in one answer, where it stands, and nothing else is said."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.answers.__main__ import tallied
from benchmarks.answers.asking import Asked, office
from benchmarks.answers.planting import FORMATS, judged, mutant
from pipeline.model import Address, Finding, Message, Place, Severity

FEW = 7
#: A PDF takes three times as long as any other form.
IN_EVERY_RUN = [pytest.param(one, marks=[pytest.mark.slow] if one == "pdf" else []) for one in FORMATS]
#: Of each format; `benchmarks.answers` asks of thousands.
MANY = 150


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    with office() as asked:
        yield asked


@pytest.mark.slow
@pytest.mark.parametrize("format_", IN_EVERY_RUN)
def test_planted_faults_are_named_at_their_place_in_one_pass(asked: Asked, format_: str) -> None:
    tally = tallied(asked, format_, FEW, spellings=1, show=True)

    assert tally.placed >= 0.97 * tally.planted  # one miss in so few
    assert (tally.false, tally.clean_false) == (0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("format_", FORMATS)
def test_of_many_planted_faults_99_in_a_hundred_are_named_and_nothing_else(asked: Asked, format_: str) -> None:
    tally = tallied(asked, format_, MANY, show=True)

    assert tally.placed >= 0.99 * tally.planted
    assert (tally.false, tally.clean_false) == (0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("format_", IN_EVERY_RUN)
def test_the_oracle_notices_silence_a_wrong_place_and_a_false_alarm(asked: Asked, format_: str) -> None:
    context = asked.workspace.context()
    one = next(
        made
        for made in (mutant(format_, seed, context) for seed in range(100))
        if len(made.faults) == 1 and made.faults[0].name.startswith("value:")
    )
    told = asked.findings(one.paper.content, one.file_name)
    elsewhere = Place(Address.of(one.faults[0].pointer), sheet="Khác", cell="Z99", table=9, row=9, page=99, line=999)
    stray = Finding("F99", Severity.WARN, Message("Stray."))

    as_told = judged(one, told)
    assert (as_told.unnamed, as_told.misplaced, as_told.false) == ((), (), ())
    assert judged(one, ()).unnamed == one.faults
    assert judged(one, tuple(replace(finding, place=elsewhere) for finding in told)).misplaced == one.faults
    assert judged(one, (*told, stray)).false == (stray,)
