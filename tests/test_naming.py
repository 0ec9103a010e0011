"""File names of published and filed documents, names shown, names passed over."""

import datetime as dt
import re
import unicodedata
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import naming
from pipeline.naming import Answer, AnswerName, ArchiveName, PublishedName

TEXTS = st.text(max_size=200)
TOKENS = st.from_regex(r"\A[A-Z0-9]{1,8}(-[A-Z0-9]{1,7}){0,2}\Z")
SLUGS = st.from_regex(r"\A[a-z0-9]{1,12}(-[a-z0-9]{1,12}){0,2}\Z")
EXTENSIONS = st.sampled_from(["docx", "pdf", "xlsx", "json", "7z", "tar.gz"])
#: what a Windows share does not take, or takes and changes
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\U0010ffff]|[ .]$')
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def assert_can_leave(name: str) -> None:
    assert 0 < len(name) <= 120
    assert not FORBIDDEN.search(name)
    assert not RESERVED.match(name)
    assert name.isascii()
    assert not naming.ignored(name)


# ------------------------------------------------------------------------------------------- published documents


def test_a_published_name_tells_its_facts() -> None:
    name = naming.published_name(
        cluster="CTĐ4", year=2022, kind="ĐK", unit="EVNHCMC", version=1, job=17, extension=".DOCX"
    )
    assert name == "CTD4_2022_DK_EVNHCMC_v1_hs17.docx"
    assert naming.parse(name) == PublishedName("CTD4", 2022, "DK", "EVNHCMC", 1, 17, "docx")


def test_a_document_of_the_cluster_names_no_unit() -> None:
    name = naming.published_name(cluster="CTĐ4", year=2022, kind="GƯ", version=2, job=3, extension="pdf")
    assert name == "CTD4_2022_GU_v2_hs3.pdf"
    assert naming.parse(name) == PublishedName("CTD4", 2022, "GU", "", 2, 3, "pdf")


@given(
    st.builds(
        PublishedName,
        cluster=TOKENS,
        year=st.integers(1000, 9999),
        kind=TOKENS,
        unit=st.just("") | TOKENS,
        version=st.integers(1, 999),
        job=st.integers(1, 10**9),
        extension=EXTENSIONS,
    )
)
def test_every_published_name_is_read_back(name: PublishedName) -> None:
    assert_can_leave(str(name))
    assert PublishedName.parse(str(name)) == name


@given(TEXTS, TEXTS, TEXTS)
def test_any_facts_make_a_name_that_can_leave(cluster: str, kind: str, unit: str) -> None:
    name = naming.published_name(
        cluster=cluster, year=2022, kind=kind, unit=unit, version=1, job=10**9, extension="docx"
    )
    assert_can_leave(name)
    assert naming.parse(name) is not None


@given(TEXTS | st.from_regex(r"\ACTD4_\d{4}_[A-Z_]{1,9}_v\d{1,2}_hs\d{1,3}\.docx\Z"))
def test_whatever_is_read_is_written_the_same(text: str) -> None:
    for kind in (PublishedName, AnswerName, ArchiveName):
        if (name := kind.parse(text)) is not None:
            assert str(name) == text


@pytest.mark.parametrize(
    "name",
    [
        "scan0001.pdf",
        "CTD4_2022_KH_v0_hs1.docx",
        "CTD4_2022_KH_v1_hs01.docx",
        "CTD4_2022_KH_v1.docx",
        "CTĐ4_2022_KH_v1_hs1.docx",
        "CTD4_٢٠٢٢_KH_v1_hs1.docx",
        "x/CTD4_2022_KH_v1_hs1.docx",
        "CTD4_2022_KH_v1_hs1.docx\n",
        "CTD4_2022_KH_-_v1_hs1.docx",
    ],
)
def test_other_names_are_not_ours(name: str) -> None:
    assert naming.parse(name) is None


def test_facts_that_cannot_stand_in_a_name_are_refused() -> None:
    with pytest.raises(ValueError, match="kind"):
        PublishedName("CTD4", 2022, "K_H", "", 1, 1, "docx")
    with pytest.raises(ValueError, match="version"):
        PublishedName("CTD4", 2022, "KH", "", 0, 1, "docx")
    with pytest.raises(ValueError, match="extension"):
        PublishedName("CTD4", 2022, "KH", "", 1, 1, "../x")


# ------------------------------------------------------------------------------------------------------- answers


@pytest.mark.parametrize(
    ("original", "stem"),
    [
        ("Dang ky thi dua.docx", "Dang ky thi dua"),
        ("Công an TP - ĐK.xlsx", "Cong an TP - DK"),
        (unicodedata.normalize("NFD", "Bản sao của KH.pdf"), "Ban sao cua KH"),
        ("../../etc/passwd", "etc passwd"),
        ("CON.docx", "_CON"),
        ("...", "khong-ten"),
        ("bao cao\u202exlsx.exe", "bao cao xlsx"),
        ("a" * 300 + ".docx", "a" * 80),
        ("не наш.docx", "khong-ten"),
        ("no extension", "no extension"),
    ],
)
def test_an_answer_is_named_after_the_file_it_answers(original: str, stem: str) -> None:
    name = naming.answer_name(original, Answer.RETURNED, job=17, extension="docx")
    assert name == f"{stem}.phieu-tra-lai.hs17.docx"


@given(TEXTS, st.sampled_from(Answer), st.integers(1, 10**9), EXTENSIONS)
def test_every_answer_can_leave_and_is_read_back(original: str, answer: Answer, job: int, extension: str) -> None:
    name = naming.answer_name(original, answer, job=job, extension=extension)
    assert_can_leave(name)
    parsed = AnswerName.parse(name)
    assert parsed is not None
    assert (parsed.answer, parsed.job, parsed.extension, str(parsed)) == (answer, job, extension, name)


def test_an_answer_to_an_answer_is_still_read_back() -> None:
    first = naming.answer_name("KH.docx", Answer.RETURNED, job=1, extension="docx")
    again = naming.answer_name(first, Answer.MARKED, job=2, extension="docx")
    assert AnswerName.parse(again) == AnswerName("KH.phieu-tra-lai.hs1", Answer.MARKED, 2, "docx")


def test_a_marked_copy_that_comes_back_is_answered_under_the_name_of_the_file_it_was_made_of() -> None:
    copy = naming.answer_name("Đăng ký.xlsx", Answer.MARKED, job=1, extension="xlsx")
    assert naming.answer_name(copy, Answer.RETURNED, job=2, extension="docx") == "Dang ky.phieu-tra-lai.hs2.docx"


# ------------------------------------------------------------------------------------------------------- archive


def test_an_archived_paper_lies_under_its_series_date_and_number() -> None:
    path = naming.archive_path(
        series="KH/2020-2025",
        on=dt.date(2022, 5, 27),
        kind="KH",
        number=1,
        issuer="CTĐ4",
        subject="Tổ chức các hoạt động thi đua năm 2022 của Cụm thi đua số 4",
    )
    assert path == PurePosixPath("KH-2020-2025/2022-05-27_KH_0001_CTD4_to-chuc-cac-hoat-dong-thi-dua-nam-2022.pdf")
    parsed = ArchiveName.parse(path.name)
    assert parsed == ArchiveName(
        dt.date(2022, 5, 27), "KH", 1, "CTD4", "to-chuc-cac-hoat-dong-thi-dua-nam-2022", "pdf"
    )
    assert parsed.sidecar == path.name.replace(".pdf", ".json")


@given(
    st.builds(
        ArchiveName,
        on=st.dates(min_value=dt.date(1000, 1, 1)),
        kind=TOKENS,
        number=st.integers(0, 99_999_999),
        issuer=TOKENS,
        slug=SLUGS,
        extension=st.sampled_from(["pdf", "tiff"]),
    )
)
def test_every_archive_name_is_read_back(name: ArchiveName) -> None:
    assert_can_leave(str(name))
    assert_can_leave(name.sidecar)
    assert ArchiveName.parse(str(name)) == name


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_any_facts_make_a_place_in_the_archive(series: str, kind: str, issuer: str, subject: str) -> None:
    path = naming.archive_path(
        series=series, on=dt.date(2022, 1, 2), kind=kind, number=12_345, issuer=issuer, subject=subject
    )
    assert len(path.parts) == 2
    assert_can_leave(path.parts[0])
    assert_can_leave(path.name)
    assert ArchiveName.parse(path.name) is not None


def test_names_of_one_series_sort_by_date_and_number() -> None:
    names = [
        str(ArchiveName(dt.date(2022, month, 1), "KH", number, "CTD4", "x"))
        for month, number in [(1, 9), (1, 10), (2, 1), (12, 999)]
    ]
    assert names == sorted(names)


# -------------------------------------------------------------------------------------------- folding and cutting


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Đảng ủy các Khu chế xuất", "Dang uy cac Khu che xuat"), ("đường ƯƠNG Ð", "duong UONG D"), ("a–b", "a-b")],
)
def test_vietnamese_is_folded(text: str, folded: str) -> None:
    assert naming.fold(text) == folded
    assert naming.fold(unicodedata.normalize("NFD", text)) == folded


def test_all_vietnamese_letters_fold_to_one_ascii_letter() -> None:
    letters = "aàảãáạăằẳẵắặâầẩẫấậdđeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
    for letter in letters + letters.upper():
        assert re.fullmatch("[a-zA-Z]", naming.fold(letter)), letter
        assert naming.fold(letter).isupper() == letter.isupper()


@given(TEXTS)
def test_a_safe_part_stays_as_it_is(text: str) -> None:
    once = naming.safe(text)
    assert naming.safe(once) == once
    assert not FORBIDDEN.search(once)
    assert not RESERVED.match(once)
    assert 0 < len(once) <= 120


@given(TEXTS, st.integers(1, 60))
def test_a_slug_is_cut_between_words(text: str, most: int) -> None:
    made = naming.slug(text, most)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= max(most, len("van-ban"))


def test_a_slug_keeps_whole_words() -> None:
    assert naming.slug("Giao ước thi đua", 8) == "giao-uoc"
    assert naming.slug("Giao ước thi đua", 10) == "giao-uoc"
    assert naming.slug("aaaaaaaaaa", 4) == "aaaa"


# --------------------------------------------------------------------------------------------- names of others


@pytest.mark.parametrize(
    "name",
    [
        "~$ng ky.docx",
        ".~lock.Dang ky.xlsx#",
        "._Dang ky.docx",
        ".hidden",
        ".DS_Store",
        "x.tmp",
        "X.TMP",
        "x.docx.part",
        "x.crdownload",
        ".x.docx.swp",
        "x.swp",
        "x.docx~",
        "Thumbs.db",
        "thumbs.DB",
        "desktop.ini",
        "Desktop.ini",
        "~WRL0001.tmp",
        ".vanthu-0011.part",
    ],
)
def test_temporary_files_of_others_are_passed_over(name: str) -> None:
    assert naming.ignored(name)


@pytest.mark.parametrize("name", ["Dang ky.docx", "KH_final_final2.docx", "scan0001.pdf", "tmp.docx", "part.xlsx"])
def test_what_units_send_is_not_passed_over(name: str) -> None:
    assert not naming.ignored(name)


def test_a_foreign_name_is_shown_without_tricks() -> None:
    assert naming.display(unicodedata.normalize("NFD", "Thành ủy.docx")) == "Thành ủy.docx"
    assert naming.display("bao cao\u202excod.exe\u200b\n") == "bao caoxcod.exe"
    assert naming.display("a\udcffb") == "a\ufffdb"
