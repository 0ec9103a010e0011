"""Marks of secrecy are seen as marks, and words of running text are not (the-thuc §9)."""

import unicodedata

import pytest

from pipeline.vietnamese.secrecy import has_mark, is_mark, is_marked_name

MARKS = [
    "MẬT",
    "TỐI MẬT",
    "TUYỆT MẬT",
    "(MẬT)",
    "*** MẬT ***",
    "M Ậ T",
    "T Ố I   M Ậ T",
    "M" + 40 * " " + "Ậ" + 40 * "\u00a0" + "T",
    "M\u200bẬT",
    unicodedata.normalize("NFD", "TUYỆT MẬT"),
    "Độ mật: Mật",
    "ĐỘ MẬT: TỐI MẬT",
    "Mức độ mật: tuyệt mật",
    "TÀI LIỆU MẬT",
    "VĂN BẢN MẬT",
    "\u041c\u1eac\u0422",  # М and Т are Cyrillic
    "MËT",  # TCVN3
    "TèI MËT",
    "TUYÖT MËT",
    "Mật",
    "(Tối mật)",
    "Tuyệt Mật.",
    "MẬT – Chỉ người có tên mới được bóc bì",
    "Tối mật - chỉ người có tên mới được bóc bì",
    "TUYỆT MẬT: Bản số 3, không sao chụp",
    "HỎA TỐC – MẬT",
    "KẾ HOẠCH BẢO VỆ (MẬT)",
    "SỐ 12 / MẬT",
    "MAÄT",  # VNI
    "TOÁI MAÄT",
    "\uff2dẬ\uff34",  # as wide as Chinese letters
    "\U0001d413Ố\U0001d408 \U0001d40cẬ\U0001d413",  # the bold letters of formulas
    "TOI MAT",
    "(TUYET MAT)",
    "TAI LIEU TOI MAT",
    "Do mat: Toi mat",
]
WORDS = [
    "",
    "mật",
    "MAT",
    "MẶT",
    "MẶT TRẬN TỔ QUỐC VIỆT NAM",
    "BẢO MẬT",
    "BÍ MẬT",
    "bảo mật",
    "Bảo đảm quy định về bảo vệ bí mật Nhà nước, an toàn thông tin",
    "TỌA ĐÀM BẢO VỆ BÍ MẬT NHÀ NƯỚC",
    "Tọa đàm bảo vệ bí mật Nhà nước trong văn thư điện tử",
    "Kiểm tra việc quản lý, sử dụng máy tính soạn thảo văn bản mật.",
    "Độ mật: Không",
    "Do mat: Khong",
    "MAT TRAN TO QUOC",
    "Toi mat tien",
    "CHUNG TOI MAT VIEC",
    "Độ mật",
    "Mật độ giao thông",
    "HỌP MẶT",
    "Mật: 3 văn bản",
    "Mật - ong",
    "BẢO MẬT – AN TOÀN THÔNG TIN",
    "CƠ MẬT/BÍ MẬT",
    "Các độ mật gồm tuyệt mật, tối mật, mật.",
    "Danh mục tài liệu, vật mang bí mật nhà nước độ TUYỆT MẬT, TỐI MẬT, MẬT của ngành",
    "MẬT " * 80,
]


@pytest.mark.parametrize("line", MARKS)
def test_a_mark_is_seen(line: str) -> None:
    assert is_mark(line)
    assert has_mark(["Kính gửi", line, "nội dung"])


@pytest.mark.parametrize("line", WORDS)
def test_words_are_no_mark(line: str) -> None:
    assert not is_mark(line)


def test_a_level_beside_or_below_its_label_is_a_mark() -> None:
    assert has_mark(["Độ mật", "Mật"])
    assert has_mark(["Độ mật:", "", "Tối mật"])
    assert not has_mark(["Độ mật", "Không", "mật"])
    assert not has_mark(["mật", "Độ mật"])


def test_a_mark_inside_a_cell_of_several_lines_is_seen() -> None:
    assert has_mark(["ĐẢNG ỦY\nMẬT\nSố 01"])


@pytest.mark.parametrize(
    "name",
    [
        "MẬT.docx",
        "KH (MẬT).docx",
        "[MẬT] KH.docx",
        "CV_MẬT_2022.pdf",
        "TỐI MẬT - cv.pdf",
        "(mat) kh.docx",
        "CV toi mat.docx",
        "TUYET_MAT.pdf",
        "do mat cao.docx",
        "MËT.doc",
        unicodedata.normalize("NFD", "MẬT.docx"),
    ],
)
def test_a_name_that_says_secret_is_seen(name: str) -> None:
    assert is_marked_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Toa dam bao ve bi mat nha nuoc.docx",
        "BÍ MẬT NHÀ NƯỚC.docx",
        "Bảo mật.docx",
        "an toàn BẢO MẬT.docx",
        "mat tran to quoc.docx",
        "MẶT TRẬN.docx",
        "họp mặt cuối năm.docx",
        "DANH SACH CO MAT.xlsx",
        "Đăng ký thi đua 2022.xlsx",
    ],
)
def test_other_names_pass(name: str) -> None:
    assert not is_marked_name(name)
