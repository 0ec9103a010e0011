"""Our templates: real Word building blocks, and filled they say what a clerk would write."""

import datetime as dt
import io
import re
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree
from PIL import Image

from pipeline.layout import all_profiles, apply, profile_for
from pipeline.layout.applying import parts_of, w
from pipeline.layout.empty_document import CODE_PICTURE
from pipeline.layout.styles import LINED_TABLE, PARAGRAPHS, TAG_STYLE
from tests.layout import sample
from tests.layout.sample import KINDS, TEMPLATES

HD36 = profile_for(dt.date(2022, 5, 27), "party")
FORMS = ("dang-hd36", "dang-hd05", "nd30")
ANSWERS = ("phieu-tra-lai.docx", "giay-bien-nhan.docx")
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def template(kind: str) -> bytes:
    return (TEMPLATES / kind / "template.docx").read_bytes()


def made(
    kind: str,
    form: str = "dang-hd36",
    doc: dict[str, Any] | None = None,
    year: dict[str, Any] | None = None,
    **how: Any,
) -> Document:
    """The filled document of a kind in a form."""
    profile = all_profiles()[form]
    facts = year or sample.year_values()
    values = sample.context(kind, profile, doc or sample.document_of(kind, facts), facts, **how)
    return docx.Document(io.BytesIO(sample.filled(apply(template(kind), profile), values)))


def text_of(document: Document) -> str:
    """All text of the body, a line for each paragraph, in the order of the page."""
    return "\n".join(
        "".join(
            "-" if node.tag == qn("w:noBreakHyphen") else node.text or ""
            for node in each.iter(qn("w:t"), qn("w:noBreakHyphen"))
        )
        for each in document.element.body.iter(qn("w:p"))
    )


# --- what they are made of ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_uses_named_styles_only(kind: str) -> None:
    known = PARAGRAPHS.keys() | {TAG_STYLE[0]}
    for name, content in parts_of(template(kind)).items():
        if re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", name):
            tree = etree.fromstring(content)
            for paragraph in tree.iter(w("p")):
                styles = [style.get(w("val")) for style in paragraph.iter(w("pStyle"))]
                assert len(styles) == 1, etree.tostring(paragraph)
                assert styles[0] in known
            assert not list(tree.iter(w("sz"), w("rFonts"), w("color")))


@pytest.mark.parametrize("kind", KINDS)
def test_page_numbers_are_fields_and_hidden_on_the_first_page(kind: str) -> None:
    document = docx.Document(io.BytesIO(template(kind)))
    for section in document.sections:
        assert section.different_first_page_header_footer
        assert "PAGE" in "".join(str(node.text) for node in section.header._element.iter(qn("w:instrText")))
        assert not list(section.first_page_header._element.iter(qn("w:instrText")))


@pytest.mark.parametrize("kind", KINDS)
def test_the_code_stands_on_every_page_as_text_and_picture_twice(kind: str) -> None:
    parts = parts_of(template(kind))
    furniture = [content for name, content in parts.items() if re.fullmatch(r"word/(header|footer)\d*\.xml", name)]
    assert len(furniture) == 4
    for content in furniture:
        assert content.count(b"{{ document.code }}") == 1
        names = re.findall(rb'<wp:docPr [^>]*name="([^"]+)"', content)
        assert names == [CODE_PICTURE.encode()]
    numbers = re.findall(rb'<wp:docPr id="(\d+)"', b"".join(furniture))
    assert len(set(numbers)) == 4
    assert b"{{ document.code }}" in parts["docProps/core.xml"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_row_is_split_and_headings_of_tables_are_repeated(kind: str) -> None:
    document = docx.Document(io.BytesIO(template(kind)))
    for table in document.tables:
        printed = [row for row in table._tbl.tr_lst if "{%tr" not in "".join(str(text) for text in row.itertext())]
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in printed)
        if table.style is not None and table.style.style_id == LINED_TABLE[0]:
            assert printed[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "phu-luc-hoat-dong"])
def test_what_stands_before_the_signatures_is_kept_with_them(kind: str) -> None:
    body = list(docx.Document(io.BytesIO(template(kind))).element.body)
    closing = max(
        index
        for index, each in enumerate(body)
        if each.find(f".//{qn('w:pStyle')}[@{qn('w:val')}='VTThanCuoi']") is not None
    )
    following = [each.tag for each in body[closing + 1 : closing + 3]]
    assert qn("w:tbl") in following
    for profile in all_profiles().values():
        assert profile.styles["VTThanCuoi"].keep_next
        assert profile.styles["VTMuc"].keep_next


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_carries_no_author_and_no_leftovers_of_other_files(kind: str) -> None:
    document = docx.Document(io.BytesIO(template(kind)))
    facts = document.core_properties
    assert (facts.author, facts.last_modified_by, facts.comments) == ("", "", "")
    assert facts.language == "vi-VN"
    names = parts_of(template(kind)).keys()
    assert not [name for name in names if "theme" in name or "customXml" in name or "thumbnail" in name]


@pytest.mark.parametrize("kind", KINDS)
def test_spaces_are_kept_as_they_are(kind: str) -> None:
    tree = etree.fromstring(parts_of(template(kind))["word/document.xml"])
    assert all(node.get(XML_SPACE) == "preserve" for node in tree.iter(w("t")))


# --- filled ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_code_and_the_title_are_in_the_properties(kind: str) -> None:
    # read as XML: a library that docxtpl brings along renames the prefix by which python-docx finds keywords
    (core,) = [part for part in made(kind).part.package.iter_parts() if part.partname == "/docProps/core.xml"]
    facts = {etree.QName(one).localname: one.text or "" for one in etree.fromstring(core.blob)}
    assert facts["keywords"] == "VT7K2M9QXW4T8B6C"
    assert facts["title"].startswith(sample.TITLES[kind][0])
    assert facts.get("creator", "") == ""


@pytest.mark.sweep
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_filled_in_every_form_without_a_tag_left(kind: str, form: str) -> None:
    text = text_of(made(kind, form))
    assert not re.search(r"\{\{|\}\}|\{%|%\}|None", text)
    assert not re.search(r"\.\.(?!\.)|,\.|;\.| ,| ;|\( ", text)
    assert sample.YEAR_2022.cluster.name in text


def test_a_party_plan_reads_as_the_guidance_wants() -> None:
    text = text_of(made("ke-hoach"))
    lines = text.splitlines()
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in lines
    assert "Số      -KH/CTĐ4" in lines
    assert "*" in lines
    assert "-----" in lines
    assert "KẾ HOẠCH" in lines
    assert "Thành phố Hồ Chí Minh, ngày 27 tháng 5 năm 2022" in lines
    grounds = [line for line in lines if line.startswith("- Căn cứ")]
    assert len(grounds) == 4
    assert [line[-1] for line in grounds] == [";", ";", ";", ","]
    assert "08 nội dung" in text
    assert lines[-1] == "Đặng Thị Thuỳ Nhiên"
    assert "- Lưu Văn phòng Đảng ủy Tổng công ty Điện lực TP.HCM." in lines
    assert "kiêm" in lines
    assert "CỘNG HÒA" not in text


def test_a_plan_of_today_ends_its_citations_and_recipients_by_the_new_guidance() -> None:
    lines = text_of(made("ke-hoach", "dang-hd05")).splitlines()
    assert [line[-1] for line in lines if line.startswith("- Căn cứ")] == [";", ";", ";", "."]
    assert "- Văn phòng Thành ủy (để báo cáo);" in lines
    assert "TP Hồ Chí Minh, ngày 27 tháng 5 năm 2022" in lines


def test_a_state_plan_reads_as_the_decree_wants() -> None:
    text = text_of(made("ke-hoach", "nd30", number=1))
    lines = text.splitlines()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in lines
    assert "Độc lập - Tự do - Hạnh phúc" in lines
    assert "Số: 01/KH-CTĐ4" in lines
    assert "Tổ chức các hoạt động thi đua năm 2022 của Cụm thi đua số 4" in lines
    assert "- Lưu: VT, Văn phòng Đảng ủy Tổng công ty Điện lực TP.HCM." in lines
    assert any(line.startswith("Căn cứ") for line in lines)
    assert any(line.endswith("./.") for line in lines)
    for party_mark in ("ĐẢNG CỘNG SẢN", "-----", "\n*\n", "kiêm"):
        assert party_mark not in text


def test_a_plan_may_carry_its_table_of_activities_and_its_appendix_of_contacts() -> None:
    document = made("ke-hoach", doc=sample.plan(with_activities=True, with_contacts=True))
    text = text_of(document)
    assert "Tọa đàm bảo vệ bí mật nhà nước trong văn thư điện tử" in text
    assert "15.000.000" in text
    assert "DANH SÁCH ĐẦU MỐI LIÊN HỆ CỦA CÁC ĐƠN VỊ THÀNH VIÊN" in text
    assert "(Kèm theo Kế hoạch số      -KH/CTĐ4, ngày 27/5/2022 của Cụm thi đua số 4)" in text
    assert len(document.sections) == 2
    assert len(made("ke-hoach").sections) == 1


def test_minutes_of_the_launch_and_of_the_signing_differ_where_they_must() -> None:
    launch = text_of(made("bien-ban", doc=sample.minutes("trien_khai")))
    signing = text_of(made("bien-ban", doc=sample.minutes("ky_giao_uoc")))
    assert "hội nghị triển khai công tác thi đua năm 2022 của Cụm thi đua số 4" in launch
    assert "08 giờ 30 phút, ngày 25 tháng 5 năm 2022" in launch
    assert "Có mặt 09/10 đơn vị; vắng 01 đơn vị." in launch
    assert "Vắng có phép (đi công tác)" in launch
    assert "Thông qua (88,9%)" in launch
    assert "Hội nghị kết thúc lúc 11 giờ 00 phút" in launch
    assert "Ký kết giao ước" not in launch
    assert "lễ ký kết giao ước thi đua năm 2022 của Cụm thi đua số 4" in signing
    assert "Đại diện 10/10 đơn vị đã ký Giao ước thi đua năm 2022" in signing
    assert "Buổi lễ kết thúc lúc 09 giờ 30 phút" in signing
    assert "Ý kiến thảo luận" not in signing
    # the recipients under the writer's name: no page can hold them alone
    assert "NGƯỜI GHI BIÊN BẢN\nHồ Thị Kim Duyệt\nNơi nhận:" in launch
    assert "CHỦ TRÌ HỘI NGHỊ\nĐặng Thị Thuỳ Nhiên" in launch


def test_party_papers_call_people_comrades_and_say_a_position_with_its_office() -> None:
    said = "Đặng Thị Thuỳ Nhiên, Chánh Văn phòng Đảng ủy Tổng công ty Điện lực TP.HCM."
    assert f"Chủ trì\nĐồng chí {said}" in text_of(made("bien-ban"))
    state = text_of(made("bien-ban", "nd30"))
    assert f"Chủ tọa\n{said}" in state
    assert "đồng chí" not in state.casefold()


def test_minutes_do_not_count_the_absent_where_nobody_was() -> None:
    assert "Có mặt 10/10 đơn vị." in text_of(made("bien-ban", doc=sample.minutes("ky_giao_uoc")))


def test_an_article_with_one_clause_does_not_number_it() -> None:
    doc = sample.regulations()
    for article in doc["chapters"][0]["articles"]:
        article["clauses"] = [{"number": 1, "text": "Công khai, dân chủ."}]
    text = text_of(made("quy-che", doc=doc))
    assert "\nCông khai, dân chủ.\n" in text
    assert "1. Công khai" not in text
    assert "\n2. Chịu trách nhiệm trước" in text


def test_state_minutes_have_no_place_and_date_line() -> None:
    text = text_of(made("bien-ban", "nd30"))
    assert "Thành phố Hồ Chí Minh, ngày" not in text
    assert "THƯ KÝ" in text
    assert "CHỦ TỌA" in text


@pytest.mark.parametrize("count", [1, 2, 9, 10, 12, 13, 40])
def test_every_party_signs_once_the_head_unit_at_the_right_of_the_first_row(count: int) -> None:
    document = made("giao-uoc", year=sample.year_values(count))
    grid = next(table for table in document.tables if "ĐẠI DIỆN" in table.cell(0, 1).text)
    assert {len(row.cells) for row in grid.rows} == {2}
    assert len(grid.rows) == -(-count // 2)
    signed = [cell for row in grid.rows for cell in row.cells if "ĐẠI DIỆN" in cell.text]
    assert len(signed) == count
    assert "TỔNG CÔNG TY" in grid.cell(0, 1).text
    assert "Đặng Thị Thuỳ Nhiên" in grid.cell(0, 1).text


def test_a_long_list_of_recipients_stands_below_the_signature() -> None:
    values = sample.context("ke-hoach", all_profiles()["nd30"], sample.plan(), sample.year_values())
    for below in (False, True):
        filled = sample.filled(template("ke-hoach"), values | {"recipients_below": below})
        document = docx.Document(io.BytesIO(filled))
        foot = next(table for table in document.tables if "Đặng Thị Thuỳ Nhiên" in table.cell(0, 1).text)
        assert ("Nơi nhận:" in foot.cell(0, 0).text) is not below
        assert ("Nơi nhận:" in [paragraph.text for paragraph in document.paragraphs]) is below


def test_a_pledge_prints_its_parties_its_originals_and_its_witness() -> None:
    year = sample.year_values()
    text = text_of(made("giao-uoc", doc=sample.pledge(year, witness=True), year=year))
    assert "chúng tôi gồm đại diện của 10 đơn vị thành viên Cụm thi đua số 4" in text
    assert "11 bản có giá trị như nhau" in text
    assert "gửi Văn phòng Thành ủy 01 bản" in text
    assert "Đơn vị hoàn thành các chỉ tiêu đã đăng ký: 100%." in text
    assert "CHỨNG KIẾN CỦA VĂN PHÒNG THÀNH ỦY" in text
    assert "Số" not in text.splitlines()[:12]


def test_an_appendix_prints_the_activity_of_every_member_and_the_sum() -> None:
    text = text_of(made("phu-luc-hoat-dong"))
    assert "DANH MỤC CÁC HOẠT ĐỘNG CẤP CỤM NĂM 2022" in text
    assert "(Kèm theo Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022 của Cụm thi đua số 4)" in text
    for title, *_ in sample.ACTIVITIES:
        assert title in text
    assert "169.000.000" in text


def test_regulations_keep_the_numbers_of_the_form() -> None:
    text = text_of(made("quy-che", doc=sample.regulations(4)))
    # and none of them is of taking effect: that gets an article of its own
    assert re.findall(r"^Điều (\d+)\.", text, re.MULTILINE) == [str(number) for number in range(1, 74)]
    assert "Điều 73. Hiệu lực thi hành\nQuy chế này có hiệu lực từ ngày" in text
    assert "Chương V\nĐIỀU KHOẢN THI HÀNH" in text
    assert "(Đã được Hội nghị Cụm thi đua số 4 thông qua ngày 25/5/2022)" in text
    assert "thay thế Quy chế số 01-QC/CTĐ4, ngày 20/5/2021." in text


def test_a_registration_prints_its_targets_and_its_one_activity() -> None:
    text = text_of(made("dang-ky"))
    # the Party's guidance has an addressee on letters and petitions alone
    assert "Kính gửi" not in text
    assert "ĐĂNG KÝ THỰC HIỆN 08 NỘI DUNG THI ĐUA" in text
    assert text.count("100% văn bản, báo cáo được xử lý") == 8
    assert text.count("Tên hoạt động:") == 1
    assert "15.000.000 đồng" in text
    assert "Tập thể lao động tiên tiến; Cờ thi đua" in text


@pytest.mark.parametrize("kind", KINDS)
def test_optional_parts_may_all_be_missing(kind: str) -> None:
    schema = sample.schema_of(kind)
    year = sample.year_values()
    doc = sample.document_of(kind, year)
    bare = {
        name: value for name, value in doc.items() if name in schema["required"] or name in ("parties", "plan_ref")
    }
    text = text_of(made(kind, doc=bare, year=year))
    assert not re.search(r"None|\{\{|: \.|\(\)", text)


def test_a_name_of_three_hundred_letters_is_printed_whole() -> None:
    year = sample.year_values(10, long_names=True)
    text = text_of(made("giao-uoc", year=year)).replace("\n", " ")
    assert len(sample.LONG_NAME) > 290
    assert year["units"][0]["org"] in text
    assert f"ĐẠI DIỆN {year['units'][0]['org'].upper()}" in text


def test_what_is_typed_into_a_form_cannot_become_markup_or_a_tag() -> None:
    doc = sample.plan()
    doc["objectives"] = ["<w:b/> A & B < C {{ year }} {% if %}", "hai"]
    text = text_of(made("ke-hoach", doc=doc))
    assert "- <w:b/> A & B < C {{ year }} {% if %}." in text


# --- answers -----------------------------------------------------------------------------------------------------

NOTE: dict[str, Any] = {
    "code": "PT-000123",
    "file_name": "Đăng ký thi đua.xlsx",
    "unit": "Công an TP.HCM",
    "kind": "Bản đăng ký thi đua",
    "received": "10 giờ 05 phút, ngày 27 tháng 5 năm 2022",
    "blocking": [
        {
            "place": "trang tính «DangKy», ô B14",
            "message": "Đơn vị đăng ký 02 hoạt động.",
            "found": "Hội thao",
            "needed": "Đúng 01 hoạt động",
            "mend": "Giữ lại một hoạt động",
        }
    ],
    "others": [],
    "blocking_count": 1,
    "other_count": 0,
    "understood": [],
    "marked": "Dang ky.ban-danh-dau.hs17.xlsx",
    "replaces": [],
    "next_step": "Sửa rồi gửi lại tệp.",
    "contact": "",
    "head": "",
    "link": "",
    "link_until": "",
    "cluster": "Cụm thi đua số 4",
    "is_paper": False,
}


def answered(name: str, **changed: Any) -> str:
    content = (TEMPLATES / "_answers" / name).read_bytes()
    return text_of(docx.Document(io.BytesIO(sample.filled(content, {"note": NOTE | changed, "form": {}}))))


def test_a_returned_note_names_place_fault_need_and_mend() -> None:
    text = answered("phieu-tra-lai.docx")
    assert "PHIẾU TRẢ LẠI BIỂU MẪU" in text
    assert "còn 01 điểm phải sửa" in text
    for part in (
        "ô B14",
        "Ghi là: “Hội thao”.",
        "Đúng 01 hoạt động",
        "Giữ lại một hoạt động",
        "Sửa rồi gửi lại tệp.",
    ):
        assert part in text
    assert "nên xem lại" not in text
    assert "liên hệ" not in text


def test_a_note_about_a_signed_paper_speaks_of_no_form() -> None:
    text = answered("phieu-tra-lai.docx", is_paper=True, kind="")
    assert "PHIẾU BÁO VỀ BẢN KÝ" in text
    assert "Bản ký chưa được đưa vào hồ sơ vì 01 điểm" in text
    assert "biểu mẫu" not in text.casefold()


def test_a_note_cut_short_says_so() -> None:
    assert "chỉ in 1 điểm đầu" in answered("phieu-tra-lai.docx", blocking_count=250)


def test_a_receipt_shows_what_was_understood_and_a_notice_does_not() -> None:
    lines = [{"label": "Ngày đăng ký", "value": "27/05/2022"}]
    receipt = answered("giay-bien-nhan.docx", understood=lines, contact="đầu mối")
    assert "GIẤY BIÊN NHẬN" in receipt
    assert "Ngày đăng ký\n27/05/2022" in receipt
    assert "đề nghị liên hệ: đầu mối" in receipt
    notice = answered("giay-bien-nhan.docx", unit="", kind="")
    assert "THÔNG BÁO" in notice
    assert "Đơn vị:" not in notice
    # what was done is told, and nothing is to be done next
    assert ("Việc tiếp theo" in receipt, "Việc tiếp theo" in notice) == (True, False)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_has_page_numbers_but_no_document_code(name: str) -> None:
    parts = parts_of((TEMPLATES / "_answers" / name).read_bytes())
    # nothing but the place for the code of the link: one white dot
    (picture,) = [content for part, content in parts.items() if part.startswith("word/media")]
    assert Image.open(io.BytesIO(picture)).size == (1, 1)
    assert b"document.code" not in b"".join(parts.values())
    assert b"{{ note.code }}" in parts["docProps/core.xml"]
