"""What was copied and does not fit is told: invented data, papers of another round, papers of ours nobody knows."""

import dataclasses
from typing import Any

import pytest

from pipeline import validation
from pipeline.model import Finding, Reading
from tests.rules.samples import TODAY, changed, kind, plan, year
from tests.said import vi

FICTIONAL = "Quyết định số 999-QĐ/VPTU, ngày 15/3/2022 của Văn phòng Thành ủy về công tác thi đua [hư cấu]"
PLAN = "Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022"
REGISTER = [{"number": "01-BB/CTĐ4", "date": "2022-05-25", "title": "Biên bản", "status": "valid"}]


def found(
    citation: str,
    *,
    is_example: bool = False,
    register: tuple[Any, ...] = (),
    under_way: tuple[str, ...] | None = None,
) -> list[tuple[str, str]]:
    """What is told of a plan with this citation, but for what the year's acts make of it."""
    told = findings_about(citation, is_example=is_example, register=register, under_way=under_way)
    return [(one.code, one.severity.value) for one in told]


def findings_about(
    citation: str,
    *,
    is_example: bool = False,
    register: tuple[Any, ...] = (),
    under_way: tuple[str, ...] | None = None,
) -> list[Finding]:
    values = changed(plan(), lambda one: one.update(legal_basis=[citation]))
    judged = validation.validate(
        Reading("yaml", "ke-hoach", values=values),
        kind("ke-hoach"),
        dataclasses.replace(year(), is_example=is_example),
        today=TODAY,
        gathered={},
        accepted={},
        register=register,
        under_way=under_way,
    )
    return [one for one in judged if str(one.place.pointer) == "/legal_basis/0"]


@pytest.mark.parametrize("mark", ["[hư cấu]", "[Hư Cấu]", "[ hư cấu ]", "[hư cấu]"])
def test_what_is_marked_as_invented_goes_back(mark: str) -> None:
    assert found(FICTIONAL.replace("[hư cấu]", mark)) == [("text.fictional", "block")]


def test_the_example_prints_its_own_invented_data() -> None:
    assert found(FICTIONAL, is_example=True) == []


@pytest.mark.parametrize(
    "citation",
    [
        "Kế hoạch tổ chức các hoạt động thi đua năm 2021 của Cụm thi đua số 4",
        "Căn cứ Hướng dẫn số 12-HD/VPTU, ngày 10/02/2022 về công tác thi đua năm 2021",
        "Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2021",
        "Biên bản số 02-BB/CTĐ4 ngày 25 tháng 5 năm 2021",
    ],
)
def test_a_paper_of_another_round_is_asked_about(citation: str) -> None:
    assert found(citation) == [("citation.other-year", "warn")]


@pytest.mark.parametrize(
    "citation",
    [
        "Luật Thi đua, Khen thưởng năm 2003",
        "Nghị định số 91/2017/NĐ-CP, ngày 31 tháng 7 năm 2017 của Chính phủ về Luật Thi đua, khen thưởng năm 2003",
        "Quyết định số 12-QĐ/VPTU, ngày 14 tháng 02 năm 2021 của Văn phòng Thành ủy về phân chia các cụm thi đua",
        "Hướng dẫn số 12-HD/VPTU thực hiện Luật Thi đua, khen thưởng năm 2003",
        "Kế hoạch tổng kết năm 2021, phương hướng năm 2022",
        "Biên bản hội nghị tổng kết năm 2021",
        "Quy chế số 01-QC/CTĐ4, ngày 20/5/2021",
        PLAN,
    ],
)
def test_acts_and_papers_that_hold_for_this_round_are_not_asked_about(citation: str) -> None:
    assert found(citation) == []


@pytest.mark.parametrize(
    ("citation", "under_way", "told"),
    [
        (PLAN, (), ["citation.unknown"]),
        (PLAN, ("KH",), []),  # accepted, and not numbered yet
        (PLAN, None, []),  # nobody has looked
        ("Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2021", (), ["citation.other-year"]),  # the register may not have begun
        ("Kế hoạch số 01-KH/VPTU, ngày 27/5/2022", (), []),  # of others
        ("Biên bản số 01-BB/CTĐ4, ngày 25/5/2022", (), []),
        # the rule about the register says so already, and better
        ("Biên bản số 07-BB/CTĐ4, ngày 25/5/2022", (), ["X05"]),
    ],
)
def test_a_paper_of_ours_that_nobody_knows_is_asked_about(
    citation: str, under_way: tuple[str, ...] | None, told: list[str]
) -> None:
    assert [code for code, _ in found(citation, register=tuple(REGISTER), under_way=under_way)] == told


def test_what_is_to_be_done_about_an_unknown_paper_needs_no_command() -> None:
    (one,) = findings_about(PLAN, register=tuple(REGISTER), under_way=())
    assert one.mend is not None
    assert vi(one.mend) == (
        "Đối chiếu số, ký hiệu với văn bản; nếu đúng thì thả văn bản đó vào thư mục văn bản đi để vào sổ."
    )
