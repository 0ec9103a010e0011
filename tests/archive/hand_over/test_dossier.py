"""A dossier that is handed over: names, sheets and pages, how long it is kept."""

import datetime as dt

import pytest

from pipeline.archive.hand_over.dossier import Leaves, kept_for, longest, may_be_destroyed_from
from tests.archive.hand_over.sample import dossier, paper


def test_folder_and_files_are_named_by_the_codes_of_the_archive() -> None:
    made = dossier(paper("01-KH/CTĐ4"), paper("245a/CV-CTĐ4", abbreviation="ĐA"), paper("", entered="5"))
    assert made.folder == "A38-011-07-0123"
    assert made.state_code == "A38.2022.01-TD"
    assert [made.name_of(at) for at in range(3)] == [
        "A38-011-07-0123-001-KH-0001-2022.pdf",
        "A38-011-07-0123-002-DA-0245-2022.pdf",
        "A38-011-07-0123-003.pdf",
    ]


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("01-KH/CTĐ4", ("01", "KH/CTĐ4")),
        ("01/KH-CTĐ4", ("01", "KH-CTĐ4")),
        ("245a-CV/X", ("245a", "CV/X")),
        ("", ("", "")),
        ("không số", ("", "không số")),
    ],
)
def test_number_and_symbol_stand_apart(number: str, parts: tuple[str, str]) -> None:
    assert paper(number).number_and_symbol == parts


def test_sheets_and_pages_are_counted_through_the_dossier() -> None:
    papers = (paper(pages=3), paper(pages=0), paper(pages=4))
    assert dossier(*papers).leaves() == (
        Leaves((1, 3), (1, 3)),
        Leaves((0, 0), (0, 0)),
        Leaves((4, 7), (4, 7)),
    )
    assert [one.sheets for one in dossier(*papers, sheet_sides=2).leaves()] == [(1, 2), (0, 0), (3, 4)]


def test_a_dossier_is_kept_as_long_as_the_longest_of_its_papers_unless_the_list_says_otherwise() -> None:
    papers = (paper(retention_years=10), paper(retention_years=20))
    assert dossier(*papers).retention_years == 20
    assert dossier(*papers, retention_years=5).retention_years == 5
    assert dossier(*papers, retention_years=0).retention_years == 0
    assert longest([10, 0, 20]) == 0
    assert [kept_for(years) for years in (0, 20)] == ["Vĩnh viễn", "20 năm"]


def test_its_time_is_counted_from_the_end_of_the_year_in_which_it_closed() -> None:
    assert may_be_destroyed_from(dt.date(2022, 3, 31), 10) == dt.date(2033, 1, 1)
    assert may_be_destroyed_from(dt.date(2022, 12, 31), 10) == dt.date(2033, 1, 1)
    assert may_be_destroyed_from(dt.date(2022, 12, 31), 0) is None
