"""The printed blocks: head, number, signatures, recipients."""

import datetime as dt

import pytest

from pipeline.layout import all_profiles, blocks
from pipeline.layout.blocks import ClusterSigner, DocumentFacts, Party
from pipeline.layout.typesetting import Face, _phrases, width_mm
from pipeline.vietnamese import title_in

HD36, HD05, ND30 = (all_profiles()[name] for name in ("dang-hd36", "dang-hd05", "nd30"))
FACTS = DocumentFacts(
    code="VT0000000000000A",
    title="Kế hoạch",
    type_code="KH",
    subject="Tổ chức các hoạt động thi đua năm 2022",
    symbol="CTĐ4",
    on=dt.date(2022, 5, 27),
    place="Thành phố Hồ Chí Minh",
    parent_lines=("VĂN PHÒNG THÀNH ỦY", "THÀNH PHỐ HỒ CHÍ MINH"),
    issuer="CỤM THI ĐUA SỐ 4",
    issuer_name="Cụm thi đua số 4",
    grounds=("- Luật Thi đua, Khen thưởng;", "căn cứ Quyết định số 999-QĐ/VPTU,"),
)
SIGNER = ClusterSigner(
    name="Đặng Thị Thuỳ Nhiên",
    position="Chánh Văn phòng Đảng ủy",
    organisation="Văn phòng Đảng ủy Tổng công ty Điện lực TP.HCM",
    role="Cụm trưởng",
    body="Cụm thi đua số 4",
)


def test_the_head_of_a_party_plan_before_numbering() -> None:
    document = blocks.document(HD36, FACTS)
    assert document["type_name"] == "KẾ HOẠCH"
    assert document["subject"] == "tổ chức các hoạt động thi đua năm 2022"
    assert document["number_line"] == "Số      -KH/CTĐ4"
    assert document["number"] == ""
    assert document["place_date"] == "Thành phố Hồ Chí Minh, ngày 27 tháng 5 năm 2022"
    assert document["parent_lines"] == ["VĂN PHÒNG THÀNH ỦY", "THÀNH PHỐ HỒ CHÍ MINH"]
    assert document["issuer_mark"] == "*"
    assert document["title"] == "Kế hoạch tổ chức các hoạt động thi đua năm 2022"


def test_the_head_of_a_numbered_state_plan() -> None:
    facts = DocumentFacts(**(FACTS.__dict__ | {"number": 3}))
    document = blocks.document(ND30, facts)
    assert document["number_line"] == "Số: 03/KH-CTĐ4"
    assert document["reference"] == "03/KH-CTĐ4"
    assert document["subject"] == "Tổ chức các hoạt động thi đua năm 2022"
    assert document["own_guide_line"] == (
        "(Kèm theo Kế hoạch số 03/KH-CTĐ4 ngày 27 tháng 5 năm 2022\ncủa Cụm thi đua số 4)"
    )


def test_citations_come_without_dash_and_punctuation_and_begin_with_can_cu() -> None:
    assert blocks.document(HD05, FACTS)["grounds"] == [
        "Căn cứ Luật Thi đua, Khen thưởng",
        "Căn cứ Quyết định số 999-QĐ/VPTU",
    ]


def test_an_unnumbered_paper_prints_no_number_line() -> None:
    facts = DocumentFacts(**(FACTS.__dict__ | {"is_numbered": False}))
    assert blocks.document(HD36, facts)["number_line"] == ""


def test_minutes_keep_the_place_and_date_in_party_form_only() -> None:
    facts = DocumentFacts(**(FACTS.__dict__ | {"is_minutes": True}))
    assert blocks.document(HD36, facts)["place_date"]
    assert blocks.document(ND30, facts)["place_date"] == ""


def test_appendices_are_numbered_arabic_in_party_form_and_roman_in_state_form() -> None:
    facts = DocumentFacts(**(FACTS.__dict__ | {"appendix_number": 4, "attached_to": "Kế hoạch số 01-KH/CTĐ4."}))
    assert blocks.document(HD05, facts)["appendix"] == "Phụ lục 4"
    assert blocks.document(ND30, facts)["appendix"] == "Phụ lục IV"
    assert blocks.document(HD05, FACTS)["appendix"] == "Phụ lục"
    assert blocks.document(HD05, facts)["guide_line"] == "(Kèm theo Kế hoạch số 01-KH/CTĐ4 của Cụm thi đua số 4)"


@pytest.mark.parametrize(
    "belongs_to", ["Quyết định số 12-QĐ/VPTU, ngày 14/11/2022", "Kế hoạch số 01-KH/CTĐ4 của Văn phòng Thành ủy"]
)
def test_the_guide_line_says_whose_a_document_is_only_where_it_is_ours_and_nobody_said_it(belongs_to: str) -> None:
    facts = DocumentFacts(**(FACTS.__dict__ | {"attached_to": belongs_to}))
    assert blocks.document(HD05, facts)["guide_line"] == f"(Kèm theo {belongs_to})"


@pytest.mark.parametrize(
    ("subject", "printed"),
    [
        (
            "tập thể, cá nhân được khen thưởng trong công tác thi đua năm 2022 của Cụm thi đua số 4",
            "tập thể, cá nhân được khen thưởng trong\ncông tác thi đua năm 2022 của Cụm thi đua số 4",
        ),
        ("thi đua năm 2022", "thi đua năm 2022"),
    ],
)
def test_a_long_subject_is_broken_evenly_and_no_name_is_torn(subject: str, printed: str) -> None:
    facts = DocumentFacts(**(FACTS.__dict__ | {"subject": subject}))
    document = blocks.document(HD05, facts)
    assert (document["subject"], document["subject_printed"]) == (subject, printed)


def test_a_subject_of_five_lines_is_still_broken_evenly() -> None:
    subject = "phát động phong trào thi đua yêu nước chào mừng Đại hội đại biểu Đảng bộ các cấp và " * 4 + "kết thúc"
    facts = DocumentFacts(**(FACTS.__dict__ | {"subject": subject}))
    lines = str(blocks.document(HD05, facts)["subject_printed"]).split("\n")
    assert len(lines) == 5
    assert min(map(len, lines)) > max(map(len, lines)) * 0.8


def test_months_stay_with_their_count_and_a_date_is_whole() -> None:
    assert "6 tháng" in _phrases("sơ kết công tác thi đua 6 tháng đầu năm 2022")
    assert _phrases("từ ngày 27 tháng 5 năm 2022, 6 tháng")[1] == "ngày 27 tháng 5 năm 2022,"


def test_a_guide_line_longer_than_a_line_is_held_together_where_a_name_would_be_torn() -> None:
    belongs_to = "Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022 về tổ chức các hoạt động thi đua"
    facts = DocumentFacts(**(FACTS.__dict__ | {"attached_to": belongs_to}))
    printed = str(blocks.document(HD05, facts)["guide_line"])
    assert printed.replace("\u00a0", " ") == f"(Kèm theo {belongs_to} của Cụm thi đua số 4)"
    assert "Cụm\u00a0thi\u00a0đua\u00a0số\u00a04)" in printed


def test_the_subject_of_a_letter_keeps_a_number_in_one_piece() -> None:
    facts = DocumentFacts(**(FACTS.__dict__ | {"subject": "Đính chính Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022"}))
    assert blocks.document(HD05, facts)["letter_subject"] == (
        "về việc đính chính Kế hoạch\nsố 01-KH/CTĐ4, ngày 27/5/2022"
    )


def test_no_word_of_the_subject_of_a_letter_stands_alone_where_the_column_is_narrow() -> None:
    facts = DocumentFacts(**(FACTS.__dict__ | {"subject": "Đính chính Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022"}))
    assert blocks.document(HD36, facts)["letter_subject"] == (
        "về việc đính chính\nKế hoạch số 01-KH/CTĐ4,\nngày 27/5/2022"
    )


def test_each_line_of_the_subject_of_a_letter_fits_its_column_in_every_form() -> None:
    facts = DocumentFacts(**(FACTS.__dict__ | {"subject": "Đính chính Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022"}))
    for profile in all_profiles().values():
        look = profile.styles["VTTrichYeuCV"]
        room = profile.head.dates_mm[0] - look.left_mm
        lines = str(blocks.document(profile, facts)["letter_subject"]).split("\n")
        face: Face = "italic" if look.italic else "regular"
        assert [line for line in lines if width_mm(line, look.size, face) > room] == [], profile.id


def test_a_long_issuer_is_broken_to_fit_its_column() -> None:
    facts = DocumentFacts(**(FACTS.__dict__ | {"parent_lines": ("Đảng ủy Tổng công ty Điện lực TP.HCM",)}))
    assert blocks.document(HD36, facts)["parent_lines"] == ["ĐẢNG ỦY TỔNG CÔNG TY", "ĐIỆN LỰC TP.HCM"]


def test_a_body_without_a_seal_is_signed_by_the_office_kiem_the_title() -> None:
    signed = blocks.cluster_signer(HD36, SIGNER)
    assert signed["authority"] == ""
    assert signed["titles"] == [
        "CHÁNH VĂN PHÒNG ĐẢNG ỦY",
        "TỔNG CÔNG TY ĐIỆN LỰC TP.HCM",
        "kiêm",
        "CỤM TRƯỞNG CỤM THI ĐUA SỐ 4",
    ]
    assert signed["name"] == "Đặng Thị Thuỳ Nhiên"


def test_on_behalf_is_written_with_a_slash_in_party_form_and_a_dot_in_state_form() -> None:
    assert blocks.cluster_signer(HD05, SIGNER, "tm")["authority"] == "T/M CỤM THI ĐUA SỐ 4"
    assert blocks.cluster_signer(ND30, SIGNER, "tm")["authority"] == "TM. CỤM THI ĐUA SỐ 4"


def test_a_state_body_prints_the_title_in_it_and_then_the_office() -> None:
    titles = blocks.cluster_signer(ND30, SIGNER)["titles"]
    assert isinstance(titles, list)
    assert titles[0] == "CỤM TRƯỞNG"
    assert "kiêm" not in titles


def test_a_deputy_signs_for_the_head() -> None:
    signed = blocks.unit_signer(
        HD36, "Phó Chánh Văn phòng", "Lâm Tuấn Khải Vinh", mark="for_head", for_whom="Chánh Văn phòng"
    )
    assert (signed["authority"], signed["titles"]) == ("K/T CHÁNH VĂN PHÒNG", ["PHÓ CHÁNH VĂN PHÒNG"])
    signed = blocks.unit_signer(ND30, "Phó Giám đốc", "A B", mark="for_head", for_whom="Giám đốc")
    assert signed["authority"] == "KT. GIÁM ĐỐC"


def test_a_units_title_does_not_repeat_the_organisation_of_the_head() -> None:
    signed = blocks.unit_signer(HD36, "Phó Chánh Văn phòng Đảng ủy", "A B", parent="ĐẢNG ỦY CÔNG AN TP.HCM")
    assert signed["titles"] == ["PHÓ CHÁNH VĂN PHÒNG"]
    signed = blocks.unit_signer(HD36, "Phó Chủ nhiệm Chính trị", "A B", parent="ĐẢNG BỘ THÀNH PHỐ HỒ CHÍ MINH")
    assert signed["titles"] == ["PHÓ CHỦ NHIỆM CHÍNH TRỊ"]
    assert blocks.unit_signer(HD36, "Đảng ủy", "A B", parent="ĐẢNG ỦY X")["titles"] == ["ĐẢNG ỦY"]


@pytest.mark.parametrize(
    ("position", "organisation", "expected"),
    [
        ("Chánh Văn phòng", "Văn phòng Đảng ủy X", "Chánh Văn phòng Đảng ủy X"),
        ("Chánh Văn phòng Đảng ủy", "Văn phòng Đảng ủy X", "Chánh Văn phòng Đảng ủy X"),
        ("Phó Chủ nhiệm Chính trị", "Đảng ủy Quân sự", "Phó Chủ nhiệm Chính trị Đảng ủy Quân sự"),
        ("Trưởng Ban", "", "Trưởng Ban"),
    ],
)
def test_what_position_and_organisation_both_say_is_said_once(
    position: str, organisation: str, expected: str
) -> None:
    assert title_in(position, organisation) == expected


def _parties(count: int) -> list[Party]:
    return [Party(f"Văn phòng Đảng ủy Đơn vị {n}", "Chánh Văn phòng", f"Nguyễn Văn {n}") for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (1, [["", "1"]]),
        (2, [["2", "1"]]),
        (3, [["2", "1"], ["3", ""]]),
        (6, [["2", "1"], ["3", "4"], ["5", "6"]]),
    ],
)
def test_the_lead_signs_at_the_right_the_second_beside_it_the_others_row_by_row(
    count: int, names: list[list[str]]
) -> None:
    rows = blocks.grid(HD36, _parties(count))
    assert [[cell["name"].removeprefix("Nguyễn Văn ") for cell in row] for row in rows] == names  # type: ignore[call-overload, index, union-attr]


def test_forty_parties_sign_in_two_columns_each_once() -> None:
    rows = blocks.grid(HD36, _parties(40))
    assert [len(row) for row in rows if isinstance(row, list)] == [2] * 20
    names = [cell["name"] for row in rows if isinstance(row, list) for cell in row if isinstance(cell, dict)]
    assert sorted(map(str, names)) == sorted(party.name for party in _parties(40))


def test_the_names_of_a_row_stand_level() -> None:
    long = Party(
        "Văn phòng Đảng ủy Tổng công ty Đầu tư và Phát triển Hạ tầng Kỹ thuật Đô thị", "Chánh Văn phòng", "A B"
    )
    rows = blocks.grid(HD36, [long, *_parties(1)])
    first = rows[0]
    assert isinstance(first, list)
    heights = [len(cell["organisation"]) + len(cell["titles"]) for cell in first]  # type: ignore[arg-type, call-overload, index]
    assert heights[0] == heights[1]


def test_the_file_copy_comes_last_and_as_the_form_writes_it() -> None:
    lines = ["- Lưu Văn phòng Đảng ủy.", "Văn phòng Thành ủy (để báo cáo),", " "]
    assert blocks.recipients(HD36, lines) == ("Văn phòng Thành ủy (để báo cáo)", "Lưu Văn phòng Đảng ủy")
    assert blocks.recipients(ND30, lines)[-1] == "Lưu: VT, Văn phòng Đảng ủy"
    assert blocks.recipients(ND30, ["Lưu: VT, Văn phòng."])[-1] == "Lưu: VT, Văn phòng"


def test_a_list_of_recipients_higher_than_a_signature_stands_below_it() -> None:
    few, long = ["Văn phòng Thành ủy (để báo cáo)"] * 6, ["Các đơn vị thành viên Cụm thi đua số 4"] * 30
    assert [blocks.stand_below(form, few) for form in (HD36, ND30)] == [False, False]
    assert [blocks.stand_below(form, long) for form in (HD36, ND30)] == [True, True]
