"""A page that each signs on a print of his own comes back several times; a sheet counts by the signature it adds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pipeline import papers
from pipeline.model import PlacedPage
from pipeline.papers.compared import compared_pages, compared_signatures
from tests.papers import print_and_scan as paper
from tests.papers.print_and_scan import Scanner
from tests.papers.test_comparison import DPI, PLACES, compared, signed_sheets, who_signed
from tests.said import vi


@given(some.lists(some.tuples(some.integers(1, 3), some.frozensets(some.integers(1, 5))), max_size=8))
def test_the_sheets_that_are_needed_bear_every_page_and_every_signature_and_none_in_vain(
    came: list[tuple[int, frozenset[int]]],
) -> None:
    sheets = [PlacedPage(page, "", at, signed=tuple(sorted(signed))) for at, (page, signed) in enumerate(came)]
    needed = papers.needed_sheets(sheets)

    assert needed == [one for one in sheets if one in needed]
    for page in {one.page for one in sheets}:
        all_of, kept = ([one for one in which if one.page == page] for which in (sheets, needed))
        signed_by = {place for one in all_of for place in one.signed}
        assert {place for one in kept for place in one.signed} == signed_by
        assert kept
        # one for each signature, at most; and one where nobody has signed
        assert len(kept) <= max(1, len(signed_by))
    assert papers.needed_sheets(needed) == needed


@pytest.mark.slow
def test_each_may_sign_on_a_print_of_his_own(tmp_path: Path) -> None:
    last = [at for at in range(4) if PLACES[at].page == 3]
    first, *others = last
    whole = signed_sheets(by=[at for at in range(4) if at not in others])
    apart = [signed_sheets(by=[at])[2] for at in others]

    found = compared(tmp_path, paper.paper_of([*whole, *apart], Scanner(DPI)))

    assert [one.page for one in found.seen] == [1, 2, 3, *(3 for _ in others)]
    assert [one.signed for one in found.seen][2:] == [(at + 1,) for at in (first, *others)]
    assert who_signed(found) == [True] * 4
    assert [*compared_pages(found), *compared_signatures(found)] == []
    (told,) = papers.signed_apart(found)
    assert vi(told.message) == "Ký trên nhiều bản in: trang 3."


@pytest.mark.slow
def test_a_sheet_that_adds_no_signature_came_back_once_too_often(tmp_path: Path) -> None:
    sheets = signed_sheets()
    found = compared(tmp_path, paper.paper_of([*sheets, signed_sheets(by=[])[2]], Scanner(DPI)))
    assert [one.code for one in compared_pages(found)] == ["paper.page-twice"]
    assert list(papers.signed_apart(found)) == []
