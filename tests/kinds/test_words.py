"""Papers as a chief of office reads them: no sign twice, nothing announced in vain, numbers that agree."""

import dataclasses
import io
import re
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from pipeline import filling, kinds, years
from pipeline.authoring.lead_ins import announced_in_vain
from pipeline.authoring.samples import ANY_CODE, EMPTY_LISTS, FULL, REQUIRED, Size, sample_context
from pipeline.layout import all_profiles, blocks
from pipeline.papers import codes
from pipeline.vietnamese.filters import FILTERS
from tests.folders import ROOT
from tests.kinds import examples
from tests.kinds.test_papers import lines_of, paper
from tests.sheets import printing

FAMILIES = ("dang-hd05", "nd30")
#: A sign, and a second one with at most a blank between them; "./." ends a State paper.
_SUMS = ("Cộng", "Điểm thưởng", "Điểm trừ", "TỔNG ĐIỂM")
_TEXTS = (qn("w:t"), qn("w:noBreakHyphen"))
TWO_SIGNS = re.compile(r"[,.;:] ?(?:[,.;:)](?!/)|\./\.)")


def lines(content: bytes) -> list[str]:
    """The paragraphs as they are read, cells too, in the order of the page."""
    read = (
        "".join("-" if node.tag == qn("w:noBreakHyphen") else node.text or "" for node in each.iter(*_TEXTS))
        for each in docx.Document(io.BytesIO(content)).element.body.iter(qn("w:p"))
    )
    return [line.replace("\u00a0", " ") for line in read]


def choices_of(kind_id: str) -> range:
    """One sample for each variant of a kind."""
    kind = examples.kind_named(kind_id)
    field = kind.fields.at(kind.variant) if kind.variant else None
    return range(len(field.choices) if field else 1)


@pytest.mark.sweep
@pytest.mark.parametrize("sign", [",", ".", ";"])
@pytest.mark.parametrize("form", FAMILIES)
@pytest.mark.parametrize("kind_id", printing.KINDS)
def test_a_text_that_ends_with_a_sign_gets_no_second_one(kind_id: str, form: str, sign: str) -> None:
    for choice in choices_of(kind_id):
        for size in (FULL, Size(items=2)):
            with_sign = dataclasses.replace(size, choice=choice, end=sign)
            twice = [
                line
                for line in lines(printing.sample(kind_id, form, with_sign))
                if TWO_SIGNS.search(line.replace("...", ""))
            ]
            assert not twice


@pytest.mark.sweep
@pytest.mark.parametrize("form", FAMILIES)
@pytest.mark.parametrize("kind_id", printing.KINDS)
def test_nothing_is_announced_that_does_not_follow(kind_id: str, form: str) -> None:
    for choice in choices_of(kind_id):
        for size in (REQUIRED, EMPTY_LISTS, printing.SHORTEST):
            tried = dataclasses.replace(size, choice=choice)
            assert list(announced_in_vain(printing.sample(kind_id, form, tried))) == []


@pytest.mark.sweep
@pytest.mark.parametrize("form", FAMILIES)
@pytest.mark.parametrize("kind_id", printing.KINDS)
def test_per_cent_stands_at_its_number(kind_id: str, form: str) -> None:
    # the-thuc §11: "85,5%"; forms ask for unit and number apart
    for size in (FULL, printing.LONGEST_NESTED):
        assert not [line for line in lines(printing.sample(kind_id, form, size)) if re.match(r"\d[\d.,]* %", line)]


@pytest.mark.parametrize("kind_id", printing.KINDS)
def test_a_state_paper_calls_nobody_comrade_and_nobody_by_two_titles_at_once(kind_id: str) -> None:
    said = "\n".join(lines(printing.sample(kind_id, "nd30", FULL))).casefold()
    assert "ông/bà" not in said
    assert "đồng chí" not in said


WHOLE = [
    (path.parent.parent.name, path.stem)
    for path in sorted(examples.TEMPLATES.glob("*/examples/pass-*.yaml"))
    if "\nform:" in "\n" + path.read_text(encoding="utf-8")
]
#: What no paper of the State says: the Party's bodies and persons, its numbers (01-KH/CTĐ4) and its short citations.
OF_THE_PARTY = re.compile(
    r"Đảng|ĐẢNG|Thành ủy|THÀNH ỦY|cấp ủy|ồng chí|\b\d+-[A-ZĐƯ]\w*/|\d/[\w-]+, ngày|\bngày \d+/\d+/\d{4}"
)


@pytest.mark.sweep
@pytest.mark.parametrize(("kind_id", "name"), WHOLE)
def test_a_paper_of_a_state_office_says_nothing_the_partys_way(kind_id: str, name: str) -> None:
    assert [line for line in lines(paper(kind_id, name, "nd30")) if OF_THE_PARTY.search(line)] == []


@pytest.mark.parametrize("parties", [2, 3, 14, 40])
def test_a_pledge_counts_an_original_for_every_party_and_one_for_its_superior(parties: int, tmp_path: Path) -> None:
    year, known = printing.office(parties, tmp_path)
    said = "\n".join(lines(printing.sample("giao-uoc", "dang-hd05", Size(is_full=False), year, known)))
    assert f"lập thành {parties + 1:02d} bản có giá trị như nhau, mỗi đơn vị thành viên giữ 01 bản" in said


@pytest.mark.parametrize("size", [FULL, REQUIRED, printing.SHORTEST])
def test_minutes_and_reports_count_no_more_units_than_there_are(size: Size) -> None:
    for kind_id in ("bien-ban", "bao-cao-so-ket", "bao-cao-tong-ket"):
        read = lines(printing.sample(kind_id, "dang-hd05", size))
        (counts,) = [found for line in read if (found := re.search(r"Có (?:mặt )?(\d+)/(\d+) đơn vị(.*)", line))]
        assert counts[1] == counts[2]
        assert not re.search("vắng|chưa gửi", counts[3])


def test_the_sheet_of_scores_sums_up_both_columns() -> None:
    reviewed = lines(paper("bang-diem", "pass-bdbptp", "dang-hd05"))
    own = {head: reviewed[reviewed.index(head) + 2 : reviewed.index(head) + 5] for head in _SUMS}
    assert own == {
        "Cộng": ["94", "", "93,5"],
        "Điểm thưởng": ["1", "", "1"],
        "Điểm trừ": ["0", "", "0"],
        "TỔNG ĐIỂM": ["95", "", "94,5"],
    }


def test_an_annex_of_other_than_eight_contents_has_a_row_for_each_score(tmp_path: Path) -> None:
    year, known = printing.office(3, tmp_path)
    read = lines(printing.sample("bao-cao-tong-ket", "dang-hd05", Size(), year, known))
    annex = read[read.index("Đơn vị, nội dung thi đua") :]
    for unit in year.units:
        assert unit.name in annex
    assert not [line for line in annex if line.startswith("ND")]
    assert annex.count("Tham mưu tổng hợp") == len(year.units)


def test_an_annex_of_eight_contents_finds_the_scores_by_whatever_codes_the_year_gives_them(tmp_path: Path) -> None:
    folder = tmp_path / "years"
    folder.mkdir()
    example = (ROOT / "years" / "2022.yaml").read_text("utf-8")
    (folder / "2022.yaml").write_text(re.sub(r"\bND(\d)\b", r"TC\1", example), "utf-8")
    year = years.load(folder / "2022.yaml")
    assert [content.code for content in year.contents] == [f"TC{at}" for at in range(1, 9)]
    known = kinds.load_all(ROOT / "templates", year.words())
    kind = known.kinds["bao-cao-tong-ket"]
    values = sample_context(kind, year, known.kinds, FULL, profile=all_profiles()["dang-hd05"])
    for sheet in values["gathered"]["bang_diem"]:  # type: ignore[call-overload, index, union-attr]
        sheet["scores"] = [{**sheet["scores"][0], "content_code": content.code} for content in year.contents]  # type: ignore[call-overload, dict-item, index]
    template = filling.compile_template(kind.template)
    made = filling.fill(
        template, values, filters=FILTERS, pictures={one: codes.picture(ANY_CODE) for one in template.pictures}
    )
    rows = [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(made)).tables[-1].rows]
    assert rows[0][2:10] == [f"ND{at}" for at in range(1, 9)]
    assert all(score for row in rows[1:] for score in row[2:10])


def test_minutes_call_who_chairs_and_who_writes_by_the_words_under_their_signatures() -> None:
    party, state = (lines_of("bien-ban", "pass-trien-khai", form) for form in FAMILIES)
    assert {"Chủ trì", "KẾT LUẬN CỦA CHỦ TRÌ", "CHỦ TRÌ HỘI NGHỊ", "Người ghi biên bản"} <= set(party)
    assert {"Chủ tọa", "KẾT LUẬN CỦA CHỦ TỌA", "CHỦ TỌA", "Thư ký", "THƯ KÝ"} <= set(state)
    assert not [line for line in (*party, *state) if "dự họp cùng" in line]


def test_who_was_there_has_no_reason_to_be_away() -> None:
    kind, year = examples.kind_named("bien-ban"), examples.year()
    values = sample_context(kind, year, {}, FULL, profile=all_profiles()["dang-hd05"])
    assert values["doc"]["attendance"][0]["reason"]  # type: ignore[call-overload, index]
    assert "Có mặt" in lines(printing.sample("bien-ban", "dang-hd05", FULL))


def test_no_closing_sign_is_glued_to_an_address_of_mail_or_a_telephone() -> None:
    for kind_id in printing.KINDS:
        for form in FAMILIES:
            read = lines(printing.sample(kind_id, form, FULL))
            assert not [line for line in read if re.search(r"(?:@\S*\w|\d{8})(?:\./\.|\.)$", line)]


def test_one_item_is_no_list() -> None:
    state = lines_of("to-trinh", "pass-khen-thuong", "nd30")
    assert not [line for line in state if line.startswith("- Xem xét")]
    asked = "Cụm thi đua số 4 kính đề nghị Văn phòng Ủy ban nhân dân Thành phố xem xét, khen thưởng theo thẩm quyền"
    assert [line for line in state if line.startswith(asked)]


def test_a_notice_of_several_points_says_what_it_brings() -> None:
    read = lines_of("thong-bao", "pass-ket-luan", "nd30")
    lead_in = "Cụm thi đua số 4 thông báo kết luận Hội nghị triển khai công tác thi đua năm 2022 như sau:"
    assert read[read.index(lead_in) + 1].startswith("- Hội nghị thống nhất")


def signature(kind_id: str, name: str, form: str) -> list[str]:
    """The lines over the name at the lower right: the authority, the position."""
    read = [line for line in lines(paper(kind_id, name, form)) if line]
    signer = examples.reading_of(examples.example(kind_id, name)).values["leader"]["full_name"]  # type: ignore[call-overload,index]
    end = len(read) - 1 - read[::-1].index(str(signer))
    return read[end - 2 : end]


@pytest.mark.parametrize(
    ("name", "party", "state"),
    [
        # deputies, of the office that issues
        ("pass-catp", ["K/T CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"], ["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]),
        ("pass-dhqg", ["K/T CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"], ["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]),
        # of the staff of a committee, by order of its standing members
        (
            "pass-btltp",
            ["T/L BAN THƯỜNG VỤ", "PHÓ CHỦ NHIỆM CHÍNH TRỊ"],
            ["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"],
        ),
        (
            "pass-bdbptp",
            ["T/L BAN THƯỜNG VỤ", "PHÓ CHỦ NHIỆM CHÍNH TRỊ"],
            ["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"],
        ),
    ],
)
@pytest.mark.parametrize("kind_id", ["dang-ky", "bang-diem"])
def test_a_deputy_and_who_is_ordered_to_sign_say_for_whom(
    kind_id: str, name: str, party: list[str], state: list[str]
) -> None:
    assert signature(kind_id, name, "dang-hd36") == party
    assert signature(kind_id, name, "dang-hd05") == party
    assert signature(kind_id, name, "nd30") == state


def test_a_deputy_in_charge_signs_for_the_head_in_a_state_paper_alone() -> None:
    # the-thuc.md §2.9, §3.5: while no head is appointed
    assert "K/T" not in "".join(signature("dang-ky", "pass-kcxcn", "dang-hd05"))
    assert signature("dang-ky", "pass-kcxcn", "nd30") == ["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]
    # and the head, who was appointed on 1 September, signs as such
    assert "KT." not in "".join(signature("bang-diem", "pass-kcxcn", "nd30"))


def test_who_is_empowered_gets_the_paper() -> None:
    party, state = (lines_of("uy-quyen", "pass-ky-giay-moi", form) for form in FAMILIES)
    assert party[party.index("Nơi nhận:") + 1] == "- Đồng chí Huỳnh Quốc Thuyên (để thực hiện);"
    assert state[state.index("Nơi nhận:") + 1] == "- Huỳnh Quốc Thuyên (để thực hiện);"


def test_the_theme_goes_on_the_sentence_about_it() -> None:
    assert [
        line
        for line in lines_of("ke-hoach", "pass-2022", "dang-hd05")
        if line.startswith("- Gắn phong trào thi đua với việc thực hiện chuyên đề năm 2022 của Thành ủy")
    ]


def test_a_state_paper_calls_a_person_ong_or_ba_where_the_form_does() -> None:
    party, state = (lines_of("giay-moi", "pass-ba", form) for form in FAMILIES)
    assert [line for line in state if "qua bà Hồ Thị Kim Duyệt (điện thoại" in line]
    assert [line for line in state if line.startswith("Chủ trì: Bà Đặng Thị Thuỳ Nhiên, ")]
    assert [line for line in party if "qua đồng chí Hồ Thị Kim Duyệt (điện thoại" in line]
    assert [line for line in party if line.startswith("Chủ trì: Đồng chí Đặng Thị Thuỳ Nhiên, ")]


def test_a_letter_of_the_state_bears_the_office_that_wrote_it_and_no_type() -> None:
    # the-thuc.md §3.3: Số: 05/BNV-VP
    for kind_id, name in WHOLE:
        read = lines(paper(kind_id, name, "nd30", number=7))
        assert not [line for line in read if re.search(r"\d/CV-", line)], (kind_id, name)


def test_who_keeps_a_copy_is_in_noi_nhan_also_where_the_form_names_the_others_alone() -> None:
    party, state = (lines_of("cong-van", "pass-recipients", form) for form in FAMILIES)
    kept = "Văn phòng Đảng ủy Tổng công ty Điện lực TP.HCM."
    assert party[party.index("Nơi nhận:") + 1 :][:3] == ["- Như trên;", "- Ban Tổ chức Thành ủy;", f"- Lưu {kept}"]
    assert state[state.index("Nơi nhận:") + 1 :][1:3] == [
        "- Sở Nội vụ;",
        f"- Lưu: VT, {kept.replace(' Đảng ủy', '')}",
    ]
    # who has written it gets it once
    own = blocks.recipients(all_profiles()["nd30"], ["Như trên", "- Lưu: VT."], kept=["Lưu Văn phòng"])
    assert sum(line.startswith("Lưu") for line in own) == 1


def test_a_paper_in_which_nothing_stands_counts_no_noughts() -> None:
    for kind_id in ("danh-sach", "phu-luc-hoat-dong"):
        for form in FAMILIES:
            read = lines(printing.sample(kind_id, form, EMPTY_LISTS))
            assert not [line for line in read if line == "0" or re.search(r"\b00 (?:người|hoạt động|đồng chí)", line)]
    # a sheet of scores is a table, also before there is a score in it
    assert "Điểm tự chấm" in lines(printing.sample("bang-diem", "dang-hd05", EMPTY_LISTS))


def test_a_pledge_of_one_party_is_worded_for_one() -> None:
    said = "\n".join(lines(printing.sample("giao-uoc", "dang-hd05", Size(items=1))))
    assert "tôi là đại diện của đơn vị thành viên" in said
    assert not re.search(r"chúng tôi|Các đơn vị cùng|mỗi đơn vị thành viên", said)


def test_a_heading_of_regulations_with_nothing_under_it_does_not_draw_the_next_one_along() -> None:
    def drawn(content: bytes) -> set[bool | None]:
        paragraphs = docx.Document(io.BytesIO(content)).paragraphs
        return {one.paragraph_format.keep_with_next for one in paragraphs if one.style.style_id == "VTDieu"}  # type: ignore[union-attr]

    assert False in drawn(printing.sample("quy-che", "nd30", printing.SHORTEST))
    assert drawn(paper("quy-che", "pass-2022", "nd30")) == {None}


def test_what_regulations_say_ends_with_a_sign_and_they_take_effect_by_an_article() -> None:
    for form in FAMILIES:
        read = lines(paper("quy-che", "pass-2022", form))
        begin = next(at for at, line in enumerate(read) if line.startswith("Điều 1. "))
        body = [line for line in read[begin:] if re.match(r"(?:\d+\.|[a-zđ]\)) ", line)]
        assert not [line for line in body if not line.endswith((".", ";", ":", "./."))]
        assert [line for line in body if re.match(r"3\. Quy chế này có hiệu lực từ ngày", line)]
    # where the last article is of other things, it gets one of its own
    others = lines(printing.sample("quy-che", "nd30", printing.SHORTEST))
    at = next(at for at, line in enumerate(others) if line.startswith("Quy chế này có hiệu lực"))
    assert re.fullmatch(r"Điều \d+\. Hiệu lực thi hành", others[at - 1])


def test_a_sheet_without_review_says_that_the_score_is_the_units_own() -> None:
    own, reviewed = ("\n".join(lines(paper("bang-diem", name, "dang-hd05"))) for name in ("pass-self", "pass-bdbptp"))
    assert re.search(r" tự chấm tổng số [\d,]+ điểm", own)
    assert re.search(r" đạt tổng số [\d,]+ điểm", reviewed)


def test_a_ceremony_is_signed_by_who_chairs_a_ceremony() -> None:
    party, state = (lines(paper("bien-ban", "pass-ky-giao-uoc", form)) for form in FAMILIES)
    assert "CHỦ TRÌ BUỔI LỄ" in party
    assert "CHỦ TRÌ HỘI NGHỊ" not in party
    assert "CHỦ TỌA" in state


def test_who_is_to_do_what_was_concluded_begins_a_sentence() -> None:
    read = "\n".join(lines_of("bien-ban", "pass-trien-khai", "dang-hd05"))
    assert "thực hiện: " not in read
    assert re.search(r"\. Các đơn vị thành viên thực hiện chậm nhất ngày \d", read)


def test_who_writes_the_count_down_is_called_so_where_he_signs_so() -> None:
    party, state = (lines(paper("kiem-phieu", "pass-binh-xet", form)) for form in FAMILIES)
    assert "NGƯỜI GHI BIÊN BẢN" in party
    assert [line for line in party if line.startswith("- Thư ký, người ghi biên bản: ")]
    assert "THƯ KÝ" in state
    assert [line for line in state if line.startswith("- Thư ký: ")]


def test_a_count_says_how_many_ballots_did_not_come_back() -> None:
    said = "\n".join(lines(paper("kiem-phieu", "pass-not-returned", "nd30")))
    assert "- Số phiếu phát ra: 10 phiếu; thu về: 09 phiếu; không thu về: 01 phiếu." in said


@pytest.mark.sweep
@pytest.mark.parametrize(("kind_id", "name"), WHOLE)
def test_state_secrets_are_called_as_the_law_calls_them(kind_id: str, name: str) -> None:
    # Luật Bảo vệ bí mật nhà nước
    assert not [line for line in lines(paper(kind_id, name, "dang-hd05")) if "bí mật Nhà nước" in line]
