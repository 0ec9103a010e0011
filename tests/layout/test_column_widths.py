"""The columns of a table share its width by what stands in them when a paper is filled."""

import io
from collections.abc import Sequence

import docx
import pytest
from docx.shared import Mm

from pipeline.layout import all_profiles, kept_together
from pipeline.layout.cells import fill, mark_row, styled_table
from pipeline.layout.typesetting import width_mm
from pipeline.ooxml import parts_of_ours
from tests.layout.check.papers import clean
from tests.sheets import printing

MARGINS_MM = 3.2
UNITS = (
    "Tổng công ty Điện lực TP.HCM", "Đảng ủy Khối Dân - Chính - Đảng TP", "Đại học Quốc gia TP.HCM",
    "Đảng ủy các Khu chế xuất và công nghiệp TP",
)  # fmt: skip


def shared(
    widths_mm: Sequence[float], *rows: Sequence[str], table_style: str = "VTBang", span: int = 0
) -> list[float]:
    """The widths of the columns, in millimetres, when a plan holds such a table; the first row is its heading."""
    document = docx.Document(io.BytesIO(clean("ke-hoach", "dang-hd05")))
    table = styled_table(document, len(rows), table_style, widths_mm)
    for at, row in enumerate(rows):
        for cell, text in zip(table.rows[at].cells, row, strict=True):
            fill(cell.paragraphs[0], "VTBangChu" if at else "VTBangDau", text)
    if span:
        table.rows[-1].cells[0].merge(table.rows[-1].cells[span - 1])
    written = io.BytesIO()
    document.save(written)
    parts = parts_of_ours(written.getvalue())
    return widths_of(parts["word/document.xml"])


def widths_of(body: bytes, table: int = -1) -> list[float]:
    """The widths of a table's columns once the paper is finished; each cell has that of the columns it covers."""
    made = docx.Document(io.BytesIO(clean("ke-hoach", "dang-hd05")))
    finished = docx.oxml.parse_xml(kept_together(body, all_profiles()["dang-hd05"]))
    made.element.replace(made.element.body, finished[-1])
    found = made.tables[table]
    widths = [column.width.mm for column in found.columns]
    for row in found.rows:
        for at, cell in enumerate(dict.fromkeys(row._tr.tc_lst)):
            assert Mm(cell.width.mm) == pytest.approx(Mm(sum(widths[cell.left : cell.right])), abs=Mm(0.1)), (
                at,
                cell.width.mm,
            )
    return widths


def test_a_column_gets_the_room_of_its_heading_from_those_that_have_it_to_spare() -> None:
    heads = ("TT", "Đơn vị", *(f"ND{at}" for at in range(1, 9)), "Tổng")
    given = (11, 38, *([12.5] * 8), 16)
    widths = shared(given, heads, *(("1", unit, *(["14,5"] * 8), "98,5") for unit in UNITS))
    assert sum(widths) == pytest.approx(sum(given), abs=0.1)
    for width, head in zip(widths, heads, strict=True):
        assert width - MARGINS_MM > width_mm(head, 13, "bold")


def test_a_heading_takes_no_room_that_the_texts_below_need() -> None:
    long = "Thực hiện nghiêm quy định về hành chính, văn thư, lưu trữ theo hướng chuyên nghiệp, hiện đại"
    heads = ("TT", "Nội dung, tiêu chí", "Điểm tối đa", "Điểm tự chấm", "Minh chứng", "Điểm thẩm định", "Lý do")
    rows = [(str(at), long, "15", "14,5", "Biên bản nộp lưu hồ sơ", "13,5", "") for at in range(1, 9)]
    widths = shared((10, 45, 15, 15, 36, 17, 27), heads, *rows)
    assert widths[5] - MARGINS_MM < width_mm("thẩm định", 13, "bold")
    assert widths[1] > 65


def test_names_are_whole_where_there_is_room_beside_them() -> None:
    rows = [(str(at), unit, "Phó Chánh Văn phòng Đảng ủy", "Có mặt") for at, unit in enumerate(UNITS)]
    widths = shared((10, 50, 38, 67), ("TT", "Đơn vị", "Chức vụ", "Có mặt"), *rows)
    assert widths[2] - MARGINS_MM > width_mm("Phó Chánh Văn phòng", 13)
    assert widths[1] - MARGINS_MM > width_mm("Dân - Chính - Đảng", 13)


def test_much_text_takes_room_from_little_and_the_table_is_as_wide_as_before() -> None:
    long = "Tập huấn kỹ năng tham mưu, tổng hợp cho cán bộ của các đơn vị trong Cụm thi đua. " * 3
    narrow, wide = shared((100, 65), ("Ngày", "Nội dung"), *[("27/5/2022", long)] * 4)
    assert wide > 90
    assert narrow + wide == pytest.approx(165, abs=0.1)
    # in an empty column people may write
    assert narrow >= 0.6 * 100 - 0.1


@pytest.mark.parametrize("rows", [(("TT", "Đơn vị"), ("1", "Công an")), (("TT", "Đơn vị"),)])
def test_a_table_whose_texts_fit_is_left_as_its_template_has_it(rows: Sequence[Sequence[str]]) -> None:
    assert shared((15, 150), *rows) == pytest.approx([15, 150], abs=0.05)


def test_a_symbol_is_not_torn_for_the_text_beside_it() -> None:
    long = "Tham mưu, tổng hợp, thông tin, báo cáo phục vụ lãnh đạo của cấp ủy trong năm. " * 2
    rows = [(long, "Báo cáo số 45-BC/VPĐU, ngày 25/10/2022"), *[(long, "Sổ theo dõi")] * 20]
    widths = shared((115, 50), ("Nội dung", "Minh chứng"), *rows)
    assert widths[1] - MARGINS_MM > width_mm("số 45-BC/VPĐU,", 13)


def test_a_name_of_several_names_is_not_torn_for_the_text_beside_it() -> None:
    long = "Tọa đàm nâng cao chất lượng soạn thảo, ban hành văn bản của Đảng " * 2
    rows = [(long, "Đảng ủy Khối Dân - Chính - Đảng TP"), *[(long, "Công an TP.HCM")] * 20]
    widths = shared((115, 50), ("Tên hoạt động", "Đơn vị chủ trì"), *rows)
    assert widths[1] - MARGINS_MM > width_mm("Dân - Chính - Đảng", 13)


def test_what_no_width_holds_leaves_the_table_as_it_is() -> None:
    word = "a" * 60
    assert shared((80, 85), ("TT", "Tệp"), (word, word)) == pytest.approx([80, 85], abs=0.05)
    # the grid of signatures has two columns, whatever stands in them
    assert shared((30, 135), ("A", "B"), ("Tổng công ty", "x"), table_style="VTKhungGiaoUoc") == pytest.approx(
        [30, 135], abs=0.05
    )


def test_a_cell_over_several_columns_is_as_wide_as_they_are() -> None:
    rows = [("1", unit, "14,5", "15") for unit in UNITS]
    widths = shared((10, 25, 65, 65), ("TT", "Đơn vị", "Tự chấm", "Điểm"), *rows, ("Tổng", "", "", "40"), span=3)
    assert widths[1] - MARGINS_MM > width_mm("Dân - Chính - Đảng", 13)


def test_the_same_paper_has_the_same_columns_again() -> None:
    assert printing.example("bien-ban", "dang-hd05") == printing.example("bien-ban", "dang-hd05")


def test_a_short_text_is_not_broken_where_the_others_have_room() -> None:
    year = docx.Document(io.BytesIO(printing.example("bao-cao-tong-ket", "dang-hd05")))
    results = next(table for table in year.tables if table.rows[0].cells[-1].text.split() == ["Kết", "quả"])
    assert results.rows[1].cells[-1].text.replace("\u00a0", " ") == "Đã tổ chức"
    assert results.columns[-1].width.mm - MARGINS_MM > width_mm("Đã tổ chức", 13)


def test_only_a_high_row_may_be_split() -> None:
    document = docx.Document(io.BytesIO(clean("ke-hoach", "dang-hd05")))
    table = styled_table(document, 4, "VTBang", (10, 60))
    long, list_of_lines = "chữ" + " chữ" * 120, "\n".join(["dòng"] * 14)
    texts = (long, "Ngắn gọn.", long, list_of_lines)
    for at, text in enumerate(texts):
        mark_row(table, at, *(("cantSplit", "tblHeader") if at == 0 else ("cantSplit",)))
        for line_at, line in enumerate(text.split("\n")):
            cell = table.rows[at].cells[1]
            fill(cell.paragraphs[0] if line_at == 0 else cell.add_paragraph(), "VTBangChu", line)
    written = io.BytesIO()
    document.save(written)
    body = kept_together(parts_of_ours(written.getvalue())["word/document.xml"], all_profiles()["dang-hd05"])
    rows = docx.oxml.parse_xml(body).xpath(".//w:tbl")[-1].xpath("./w:tr")
    assert [bool(row.xpath("./w:trPr/w:cantSplit")) for row in rows] == [True, True, False, False]


def test_the_last_row_does_not_stand_alone_on_a_page_but_beside_a_high_one() -> None:
    made = docx.Document(io.BytesIO(printing.example("bao-cao-tong-ket", "dang-hd05")))
    ranks = next(table for table in made.tables if table.rows[0].cells[-1].text == "Hạng")
    kept = [bool(row._tr.xpath("./w:tc/w:p/w:pPr/w:keepNext")) for row in ranks.rows]
    assert kept == [False] * 9 + [True, False]
    high = docx.Document(io.BytesIO(printing.sample("ke-hoach", "dang-hd05", printing.LONGEST)))
    costs = next(table for table in high.tables if table.rows[0].cells[-1].text.startswith("Kinh"))
    assert not costs._tbl.xpath(".//w:keepNext")
