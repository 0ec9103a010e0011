"""Names, dates and years at the ends of lines: kept whole as far as the blanks, or the rows, allow it."""

import io

import docx
import pytest
from docx.shared import Mm

from pipeline.layout import all_profiles, kept_together
from pipeline.layout.line_ends import Column, lines_of
from pipeline.layout.no_break import unbroken
from pipeline.layout.typesetting import Face, width_mm
from pipeline.ooxml import packed, parts_of_ours
from tests.layout.check.papers import clean

LINE = "Cụm thi đua tổ chức các hoạt động thi đua theo kế hoạch đã được thống nhất"


def kept(shown: str, *, is_justified: bool = True, most: int = 0) -> str:
    """The text with "~" where no line may end, in a column whose first line would end at "|"."""
    text, first = shown.replace("|", ""), shown.partition("|")[0]
    column = Column(width_mm(first, 14) + 1, indent_mm=0.0 if is_justified else None)
    return unbroken(text, column, "", most).replace("\u00a0", "~").removeprefix(LINE).strip()


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("trong năm| 2022 của cả Cụm", "trong năm~2022 của cả Cụm"),
        ("trong năm| học mới", "trong năm học mới"),
        # what stands in the middle of a line is left alone
        ("trong năm 2022 của| cả Cụm", "trong năm 2022 của cả Cụm"),
        ("do Trần Thị| Bình chủ trì", "do Trần~Thị~Bình chủ trì"),
        ("do Phan Nguyễn Khôi| Nguyên", "do Phan Nguyễn Khôi~Nguyên"),
        ("do Phan Nguyễn| Khôi Nguyên", "do Phan~Nguyễn~Khôi Nguyên"),
        ("của Văn phòng Thành| ủy", "của Văn phòng Thành~ủy"),
        # an ordinary word of a text is broken between its syllables
        ("của các văn| phòng trong Cụm", "của các văn phòng trong Cụm"),
        # no paragraph ends with a line of one syllable
        ("cho các đơn| vị", "cho các đơn~vị"),
        ("của Công an| TP.HCM.", "của Công~an~TP.HCM."),
        ("gửi Chuyên viên (điện thoại: 0912| 345 678).", "gửi Chuyên viên (điện~thoại:~0912~345 678)."),
        ("ngày 27| tháng 5 năm 2022", "ngày~27~tháng 5 năm 2022"),
        ("trong tháng 5| năm 2022", "trong tháng~5~năm 2022"),
    ],
)
def test_names_dates_and_years_at_the_end_of_a_line_go_to_the_next_as_a_whole_or_by_halves(
    end: str, said: str
) -> None:
    assert kept(f"{LINE} {end}") == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        # a line of three blanks: one more syllable leaves holes
        ("nghiêng nghiêng nghiêng Trần Thị| Bình", "nghiêng nghiêng nghiêng Trần Thị Bình"),
        ("nghiêng nghiêng nghiêng Sài| Gòn", "nghiêng nghiêng nghiêng Sài Gòn"),
        ("nghiêng nghiêng nghiêng năm| 2022", "nghiêng nghiêng nghiêng năm 2022"),
        # nothing of it could go on
        ("Trần Thị| Bình", "Trần Thị Bình"),
    ],
)
def test_no_line_is_left_with_wide_blanks_for_what_would_be_nicer(line: str, said: str) -> None:
    assert kept(line) == said


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("theo Kế hoạch số| 01 của Cụm", "theo Kế hoạch số~01 của Cụm"),
        ("theo Kế hoạch số 01| của Cụm", "theo Kế hoạch số~01 của Cụm"),
        ("theo Kế hoạch số 01 của| cả Cụm", "theo Kế hoạch số 01 của cả Cụm"),
        ("nhiệm kỳ 2025 -| 2030 của Cụm", "nhiệm kỳ 2025~-~2030 của Cụm"),
    ],
)
def test_a_number_is_bound_to_its_word_where_the_line_ends_there_or_might_and_is_spread_elsewhere(
    end: str, said: str
) -> None:
    assert kept(f"{LINE} {end}") == said


#: Eight words: a date that goes on from its end leaves wide blanks.
FEW = " ".join(["nghiêng"] * 8)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (f"{LINE} ngày 25| tháng 5 năm 2026 của Cụm", "ngày~25~tháng 5 năm 2026 của Cụm"),
        (f"{LINE} ngày 25 tháng 5| năm 2026 của Cụm", "ngày~25~tháng~5~năm 2026 của Cụm"),
        # else torn where the line ends by itself, before its year rather than before its month
        (f"{FEW} ngày 25 tháng 5| năm 2026 của Cụm", f"{FEW} ngày 25 tháng~5 năm 2026 của Cụm"),
        (f"{FEW} ngày 25| tháng 5 năm 2026 của Cụm", f"{FEW} ngày~25 tháng 5 năm 2026 của Cụm"),
    ],
)
def test_a_date_goes_on_as_a_whole_where_it_leaves_no_line_of_holes(shown: str, said: str) -> None:
    assert kept(shown) == said


def test_a_line_of_holes_is_not_made_for_a_long_date() -> None:
    text = "Giao ước có hiệu lực từ ngày 25 tháng 5 năm 2026 đến hết ngày 25 tháng 5 năm 2026."
    assert unbroken(text, Column(indent_mm=10.0)) == text


@pytest.mark.parametrize("name", ["Cụm thi đua số 4:", "Cụm thi đua số 4.", "Cụm thi đua số 4"])
def test_a_name_with_a_number_has_no_halves_whatever_sign_follows_it(name: str) -> None:
    said = kept(f"{LINE} của {name.replace('số ', 'số| ')}")
    assert said == f"của {name.replace(' ', '~')}"


def test_a_no_break_sign_in_italics_takes_the_room_that_libreoffice_gives_it() -> None:
    text = "số 15-KH/CTĐ4 và số 16-KH/CTĐ4 của các đơn vị ở Sài Gòn"
    faces: tuple[Face, ...] = ("regular", "italic")
    shown = {face: unbroken(text, Column(width_mm(text, 14, face) + 0.6, face=face, indent_mm=0.0)) for face in faces}
    assert {face: "Sài\u00a0Gòn" in text for face, text in shown.items()} == {"regular": False, "italic": True}


def test_ragged_lines_keep_a_word_where_they_get_no_more_by_it() -> None:
    shown = "Các khu chế xuất và công| nghiệp"
    assert kept(shown, is_justified=False, most=1) == "Các khu chế xuất và công nghiệp"
    assert kept(shown, is_justified=False, most=2) == "Các khu chế xuất và công~nghiệp"
    assert lines_of("Tổng công ty Cấp nước\u00a0Sài Gòn\nKhối", Column(40.0)) == 3


def row_of(*texts: str) -> list[str]:
    """What the cells of a row say, each 32 mm wide."""
    document = docx.Document(io.BytesIO(clean("ke-hoach", "dang-hd36")))
    cells = document.add_table(1, len(texts)).rows[0].cells
    for cell, text in zip(cells, texts, strict=True):
        cell.width = Mm(32)
        cell.paragraphs[0].style = next(one for one in document.styles if one.style_id == "VTBangChu")
        cell.paragraphs[0].add_run(text)
    written = io.BytesIO()
    document.save(written)
    parts = parts_of_ours(written.getvalue())
    body = kept_together(parts["word/document.xml"], all_profiles()["dang-hd36"])
    made = docx.Document(io.BytesIO(packed(parts | {"word/document.xml": body})))
    return [cell.text.replace("\u00a0", "~") for cell in made.tables[-1].rows[0].cells]


def test_a_name_in_a_cell_is_whole_and_another_word_as_far_as_the_row_gets_no_higher() -> None:
    name, word = "Đại học Quốc gia TP.HCM", "Hội thi chuyên đề học tập"
    low, high = "ở huyện Cần Giờ", "Tập huấn kỹ năng tham mưu, tổng hợp cho cả Cụm"
    assert row_of(name, low)[0] == "Đại~học Quốc~gia TP.HCM"
    assert row_of(word, low)[0] == word
    assert row_of(word, high)[0] == "Hội thi chuyên~đề học tập"


def test_a_name_of_several_parts_is_not_torn_between_two_of_them() -> None:
    text = "Đảng ủy Khối Dân - Chính - Đảng TP"
    for room in range(38, 60):
        shown = unbroken(text, Column(room, 13), "names", most=2)
        assert "Dân\u00a0-\u00a0Chính\u00a0-\u00a0Đảng" in shown
    # nor does it go on in the middle where a column cannot hold it
    assert "Chính\u00a0- Đảng" in unbroken(text, Column(34.8, 13), "names", most=3)
