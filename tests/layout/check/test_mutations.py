"""Every rule finds what it is for, at its place; conforming documents are left in peace."""

import collections
from typing import Any

import pytest

from pipeline.layout import all_profiles
from pipeline.layout.check import blocks, cascade, check, own_document, paragraphs
from pipeline.layout.check.word_document import WordDocument
from pipeline.model import Finding, Severity
from pipeline.ooxml import opened_ours, package
from pipeline.vietnamese import secrecy, text
from tests.layout.check.mutations import MUTATIONS, Mutation
from tests.layout.check.papers import clean, opened, set_text
from tests.layout.sample import KINDS
from tests.said import en, vi

FORMS = ("dang-hd36", "dang-hd05", "nd30")


def ours(content: bytes) -> WordDocument:
    """A document as it is looked through that was made here, with the letters of the program that wrote it."""
    paper = opened(content)
    assert paper.body is not None
    return own_document(opened_ours(paper.saved()))


def findings(mutation: Mutation) -> tuple[tuple[Finding, ...], Finding | None]:
    """What is found about a spoilt document, and the finding that hits the mark."""
    paper = opened(clean(mutation.kind, mutation.form))
    mutation.spoil(paper)
    place = paper.place() if mutation.where == "paragraph" else None
    found = check(paper.saved(), profile=all_profiles()[mutation.form], facts=mutation.facts)
    weight = {"E": Severity.BLOCK, "W": Severity.WARN, "I": Severity.INFO}[mutation.weight]
    hits = [one for one in found if one.code == mutation.rule and one.severity is weight]
    if mutation.where == "paragraph":
        hits = [one for one in hits if one.place == place]
    elif mutation.where == "header":
        hits = [one for one in hits if one.place.part.startswith(("header", "footer"))]
    return found, hits[0] if hits else None


@pytest.mark.sweep
@pytest.mark.parametrize("number", [None, 1, 12])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_conforming_document_is_left_in_peace(kind: str, form: str, number: int | None) -> None:
    found = check(clean(kind, form, number), profile=all_profiles()[form])
    assert not found, [(one.code, en(one.message), one.found) for one in found]


@pytest.mark.sweep
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: f"{one.rule} {one.name}")
def test_a_spoilt_document_is_found_out_at_the_right_place_in_both_languages(mutation: Mutation) -> None:
    found, hit = findings(mutation)
    assert hit is not None, [(one.code, en(one.message), one.place) for one in found]
    assert vi(hit.message) != en(hit.message), hit
    assert hit.needed is not None or hit.mend is not None or hit.found, hit


@pytest.mark.sweep
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: f"{one.rule} {one.name}")
def test_what_was_learnt_of_sound_documents_of_a_template_hides_nothing_in_the_next(mutation: Mutation) -> None:
    form, paper = all_profiles()[mutation.form], opened(clean(mutation.kind, mutation.form))
    for number in (None, 1, 12):
        assert not check(ours(clean(mutation.kind, mutation.form, number)), profile=form)
    mutation.spoil(paper)
    after_sound_ones = check(ours(paper.saved()), profile=form, facts=mutation.facts)
    for memory in (blocks._says, blocks._in_capitals, secrecy._is_mark, text._cached_fold, text._cached_key):
        memory.cache_clear()
    cascade._KEPT.clear()
    paragraphs._OF_OURS.clear()
    paragraphs._ASIDE.clear()
    package._tree_of_many.cache_clear()
    by_itself, _ = findings(mutation)
    assert after_sound_ones == by_itself


def test_of_a_second_document_of_a_template_only_what_differs_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    before = paragraphs._Reader._read

    def noted(reader: Any, paragraph: Any, *where: Any) -> Any:
        read.append("".join(paragraph.itertext()))
        return before(reader, paragraph, *where)

    monkeypatch.setattr(paragraphs._Reader, "_read", noted)
    first = ours(clean("dang-ky", "dang-hd36"))
    assert len(read) <= len(first.everything)
    read.clear()
    paper = opened(clean("dang-ky", "dang-hd36"))
    set_text(paper.para("VTHoTen"), "Nguyễn Văn Khác")
    second = ours(paper.saved())
    assert read == ["Nguyễn Văn Khác"]
    assert [para.text for para in second.everything if para not in first.everything] == read


def test_every_rule_is_tried_at_least_twice() -> None:
    tried = collections.Counter(mutation.rule for mutation in MUTATIONS)
    assert sorted(tried) == [f"TT{number:02d}" for number in range(1, 19)]
    assert min(tried.values()) >= 2
    assert len(MUTATIONS) >= 60
