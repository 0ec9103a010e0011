"""Marks of secrecy as a program reads them on pictures: by their letters, and by nothing that is more than a mark."""

import pytest

from pipeline.vietnamese.read_marks import ReadLine, has_read_mark


@pytest.mark.parametrize(
    "line",
    [
        *(
            "MẬT",
            "MAT",
            "MÂT",
            "MẶT",
            "(MẬT)",
            "M Ậ T",
            "| MẠT |",
            "MẬẠT",
            "TỐI MẬT",
            "TÔI MẠT",
            "TCI MẬT",
            "TOÖI MẬT",
            "TÕỐI MẬT",
        ),
        *(
            "TUYỆT MẬT",
            "TUYET MAT",
            "TUY1T MẬT",
            "TUYỆT M¿T",
            "TUYEPT MẬT",
            "rUYxI MẬT",
            "Độ mật: Mật",
            "ĐỘ MẬT: TỐI MẬT",
            "TÀI LIỆU MẬT",
        ),
    ],
)
def test_a_mark_that_lost_its_accents_is_seen(line: str) -> None:
    assert has_read_mark([ReadLine("KẾ HOẠCH"), ReadLine(line)])


@pytest.mark.parametrize(
    "line",
    [
        *(
            "MẶT TRẬN TỔ QUỐC",
            "MẶT TRẬN",
            "ỦY BAN MẶT TRẬN",
            "BẢO MẬT",
            "BÍ MẬT NHÀ NƯỚC",
            "QUY CHẾ BẢO MẬT",
            "BÍ MẬT",
        ),
        *(
            "TIỀN MẶT",
            "THAY MẶT",
            "CÓ MẶT",
            "PHẦN MỘT",
            "MỘT",
            "mật",
            "mặt",
            "bề mặt",
            "Mất",
            "MT",
            "MTTQ",
            "HỎA TỐC",
        ),
        *("TM. BAN CHẤP HÀNH", "THƯỢNG KHẨN", "TỐI CAO", "", "TUYỆT ĐỐI"),
        *("TUYỆT MẬT, TỐI MẬT, MẬT không được gửi", "JYỆT MẬT, TỐI MẬT,", "1Ú ?TMẬT, TỐI MẬT,", "TỐI MẬT, MẬT"),
    ],
)
def test_other_words_with_its_letters_are_no_mark(line: str) -> None:
    assert not has_read_mark([ReadLine(line)])


def test_in_red_ink_more_letters_may_be_lost() -> None:
    assert has_read_mark([ReadLine("M.T", is_red=True)])
    assert has_read_mark([ReadLine("IM.T", is_red=True)])
    assert not has_read_mark([ReadLine("M.T")])
    for other in ("ĐẾN", "HỎA TỐC", "SAO Y", "CÔNG VĂN ĐẾN", "MỘT", "THÀNH PHỐ"):
        assert not has_read_mark([ReadLine(other, is_red=True)]), other
