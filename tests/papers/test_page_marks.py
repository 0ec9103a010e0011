"""What a page says of itself: whose it is, which one, and that this office printed it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import SeenMark
from pipeline.papers import codes
from pipeline.papers.page_marks import fingerprint, is_ours, mark_text, marks_in

CODE = codes.new_code("one")
KEY, OTHER_KEY = b"k" * 32, b"l" * 32

PAGES = st.integers(1, 2000).flatmap(lambda pages: st.tuples(st.integers(1, pages), st.just(pages)))


@given(numbers=PAGES, seed=st.text(), key=st.binary(min_size=32, max_size=32))
def test_a_mark_is_read_back_as_it_was_written_and_is_known_by_its_key_alone(
    numbers: tuple[int, int], seed: str, key: bytes
) -> None:
    page, pages = numbers
    code = codes.new_code(seed)
    (mark,) = marks_in(f"Trang {mark_text(code, page, pages, key)}.", sheet=7)
    assert (mark.sheet, mark.code, mark.page, mark.pages) == (7, code, page, pages)
    assert is_ours(mark, key)
    assert not is_ours(mark, key + b"!")


@pytest.mark.parametrize(
    "changed",
    [
        {"page": 3},
        {"pages": 4},
        {"code": codes.new_code("another")},
        {"check": "000000"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_who_has_no_key_makes_no_other_page(changed: dict[str, str | int]) -> None:
    (mark,) = marks_in(mark_text(CODE, 2, 5, KEY), 1)
    facts = {"sheet": 1, "code": mark.code, "page": mark.page, "pages": mark.pages, "check": mark.check}
    assert is_ours(SeenMark(**facts), KEY)  # type: ignore[arg-type]
    assert not is_ours(SeenMark(**{**facts, **changed}), KEY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        f"{CODE}-P02",
        f"{CODE}-02/05",
        f"{mark_text(CODE, 2, 5, KEY)}X",
        f"X{mark_text(CODE, 2, 5, KEY)}",
        mark_text(CODE, 2, 5, KEY).replace(CODE[5], "Z" if CODE[5] != "Z" else "Y", 1),
    ],
)
def test_what_only_looks_like_a_mark_is_none(text: str) -> None:
    assert list(marks_in(text, 1)) == []


def test_a_mark_carries_the_code_of_its_document() -> None:
    assert codes.find_all(mark_text(CODE, 2, 5, KEY)) == (CODE,)


def test_keys_are_told_apart_without_giving_them_away() -> None:
    assert fingerprint(KEY) != fingerprint(OTHER_KEY)
    assert KEY.hex() not in fingerprint(KEY)
