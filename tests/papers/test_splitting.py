"""Which sheets of a scan are of which document."""

import pytest

from pipeline.papers import Split, split

A, B = "VTA", "VTB"


@pytest.mark.parametrize(
    ("codes", "blank", "pages", "found"),
    [
        ("AABB", (), {A: 2, B: 2}, Split({A: (1, 2), B: (3, 4)})),
        ("ABAB", (), {A: 2, B: 2}, Split({A: (1, 3), B: (2, 4)})),
        # a sheet that cannot be read is of the document beside it that lacks one
        ("A.BB", (), {A: 2, B: 2}, Split({A: (1, 2), B: (3, 4)})),
        ("AA.B", (), {A: 2, B: 2}, Split({A: (1, 2), B: (3, 4)})),
        ("A.B", (), {A: 2, B: 2}, Split({A: (1, 2), B: (3,)})),
        # of none where all are whole
        ("AA.BB", (), {A: 2, B: 2}, Split({A: (1, 2), B: (4, 5)}, (3,))),
        # a page of a paper that nobody awaits
        ("AXB", (), {A: 2, B: 1}, Split({A: (1,), B: (3,)}, (2,))),
        # backs
        ("A.B.", (2, 4), {A: 1, B: 2}, Split({A: (1,), B: (3,)})),
    ],
)
def test_sheets_go_to_their_documents(
    codes: str, blank: tuple[int, ...], pages: dict[str, int], found: Split
) -> None:
    said = [{"A": A, "B": B, "X": "VTX", ".": ""}[one] for one in codes]
    assert split(said, frozenset(blank), pages) == found
