"""Paper is judged, not markup: a file that prints the same paper gets the same findings."""

import contextlib

import pytest

from pipeline.layout import all_profiles
from pipeline.layout.check import check
from pipeline.model import Finding
from tests.layout.check.mutations import MUTATIONS
from tests.layout.check.papers import clean, opened
from tests.layout.check.rewritings import REWRITINGS as FIRST
from tests.layout.check.rewritings_of_words import MORE
from tests.layout.sample import KINDS
from tests.said import en

FORMS = ("dang-hd36", "dang-hd05", "nd30")
REWRITINGS = {**FIRST, **MORE}


def rewritten(kind: str, form: str, name: str) -> bytes:
    """A paper typed otherwise; as it was where it has nothing that could be."""
    paper = opened(clean(kind, form))
    with contextlib.suppress(LookupError):  # an appendix has no head
        REWRITINGS[name](paper)
    return paper.saved()


def told(found: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return sorted((one.code, en(one.message), one.found) for one in found)


def test_there_are_enough_ways_of_typing_the_same_paper() -> None:
    assert len(REWRITINGS) >= 40


@pytest.mark.sweep
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", REWRITINGS)
def test_a_plan_typed_otherwise_is_left_in_peace(name: str, form: str) -> None:
    assert told(check(rewritten("ke-hoach", form, name), profile=all_profiles()[form])) == []


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_typed_otherwise_is_left_in_peace(kind: str, form: str) -> None:
    wrong = {
        name: found
        for name in REWRITINGS
        if (found := told(check(rewritten(kind, form, name), profile=all_profiles()[form])))
    }
    assert not wrong


#: Faults that no rewriting touches: each is still told of the paper typed otherwise.
FAULTS = [mutation for mutation in MUTATIONS if mutation.name in {
    "a paragraph of 13 pt", "no indent", "exactly 15 pt", "underscores", "jinja tag",
}]  # fmt: skip


#: What these two write anew is where some of the faults are.
TOUCHING = ("texts as fields", "indents typed with a tab")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in REWRITINGS if name not in TOUCHING])
def test_a_fault_is_told_of_the_paper_typed_otherwise_as_well(name: str) -> None:
    assert len(FAULTS) == 5
    for fault in FAULTS:
        paper = opened(clean(fault.kind, fault.form))
        fault.spoil(paper)
        with contextlib.suppress(LookupError):
            REWRITINGS[name](paper)
        found = check(paper.saved(), profile=all_profiles()[fault.form], facts=fault.facts)
        assert fault.rule in {one.code for one in found}, (fault.name, told(found))
