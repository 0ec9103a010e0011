"""An old register is brought in: what each line would become is told first, and all of it goes in, or nothing."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook
from openpyxl.styles import Font

from pipeline.app import old_books
from pipeline.errors import NotAllowedNow
from pipeline.register.old_book import Asked
from tests.register.test_series import differences
from tests.status.office import Office, Told

HEADS = ("Ngày tháng văn bản", "Số, ký hiệu văn bản", "Trích yếu nội dung", "Người ký", "Ghi chú")


def sheet(*rows: Sequence[object], heads: Sequence[str] = HEADS, titles: Sequence[str] = ()) -> Workbook:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Sổ"
    for at, title in enumerate(titles, 1):
        page.append([title])
        page.merge_cells(start_row=at, start_column=1, end_row=at, end_column=len(heads))
    page.append(list(heads))
    for row in rows:
        page.append(list(row))
    return book


def book_file(office: Office, book: Workbook, name: str = "so.xlsx") -> Path:
    file = office.folder / name
    book.save(file)
    return file


def told(office: Office, *words: str | Path) -> Told:
    return office.run("register", "import", *map(str, words), "--json")


def brought_in(office: Office, *words: str | Path) -> Told:
    return told(office, *words, "--write", "--why", "tiếp quản sổ giấy")


def codes(answer: Told) -> list[list[str]]:
    """The codes of what is wrong, line by line."""
    return [[one["code"] for one in line["findings"]] for line in answer.facts["lines"]]


def numbers(office: Office) -> list[tuple[str, str, str]]:
    listed = office.run("register", "list", "--json").facts
    return [(one["series"], one["number"], one["status"]) for one in listed]


def letter(no: object, remark: str = "", day: object = "04/01/2021") -> tuple[object, ...]:
    return (day, no, f"Công văn {no}", "Nguyễn Văn A", remark)


def test_a_book_is_told_line_by_line_and_recorded_only_when_that_is_asked(office: Office) -> None:
    file = book_file(
        office, sheet(letter("01-CV/CTĐ4"), letter("02-CV/CTĐ4", "Đã huỷ"), titles=["SỔ ĐI", "Năm 2021"])
    )
    (first, second) = told(office, file).facts["lines"]
    assert (first["place"]["row"], first["series"], first["numbers"]) == (4, "CV/2020-2025", ["01-CV/CTĐ4"])
    assert second["void"] == "Đã huỷ"
    assert numbers(office) == []

    assert brought_in(office, file).code == 0
    assert numbers(office) == [
        ("CV/2020-2025", "01-CV/CTĐ4", "imported"),
        ("CV/2020-2025", "02-CV/CTĐ4", "void"),
    ]
    assert differences(office) == []


def test_an_imported_number_says_who_brought_it_in_why_and_from_which_bytes(office: Office) -> None:
    import hashlib

    file = book_file(office, sheet(letter("07-CV/CTĐ4")))
    brought_in(office, file)
    (row,) = office.run("register", "history", "07-CV", "--json").facts
    (act,) = row["acts"]
    assert (act["act"], act["why"], act["who"]) == ("import", "tiếp quản sổ giấy", office.workspace.ledger.who)
    assert act["facts"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert row["imported_from"] == "so.xlsx, Sổ!2"


def test_the_run_goes_on_after_the_highest_number_of_the_book(office: Office) -> None:
    brought_in(office, book_file(office, sheet(letter("57-CV/CTĐ4"), letter("12-CV/CTĐ4"))))
    office.of_units("EVNHCMC", "CATP")
    office.on("2022-06-03")
    office.run("remind", "dang-ky")
    (job,) = office.workspace.ledger.jobs_where(newest_first=True)
    assert office.run("register", "next", str(job.id)).out.strip() == "58-CV/CTĐ4"
    assert [number for _, number, _ in numbers(office)] == ["12-CV/CTĐ4", "57-CV/CTĐ4", "58-CV/CTĐ4"]
    assert differences(office) == []
    assert office.run("verify").code == 0


def test_one_line_may_stand_for_several_numbers_and_a_number_may_have_letters(office: Office) -> None:
    file = book_file(
        office, sheet(letter("12 – 15"), letter("57."), letter("57A"), letter("58-60 (đã hủy)")), "so-cong-van.xlsx"
    )
    answer = brought_in(office, file, "--series", "cv/2020-2025")
    assert [len(line["numbers"]) for line in answer.facts["lines"]] == [4, 1, 1, 3]
    assert answer.facts["missing"] == {"CV/2020-2025": ["16-56"]}
    assert answer.facts["next"] == {"CV/2020-2025": 61}
    assert [number for _, number, _ in numbers(office)][3:7] == ["15-CV", "57-CV", "57A-CV", "58-CV"]
    office.run("register", "note", "57a-CV", "--receipt", "Bà Lan", "--why", "theo sổ giấy")
    shown = {one["number"]: one["facts"]["receipt"] for one in office.run("register", "list", "--json").facts}
    assert (shown["57-CV"], shown["57A-CV"]) == ("", "Bà Lan")
    assert differences(office) == []


def test_nothing_is_brought_in_while_one_line_is_refused(office: Office) -> None:
    file = book_file(office, sheet(letter("01-CV/CTĐ4"), letter("không số")))
    answer = brought_in(office, file)
    assert (answer.code, codes(answer), answer.facts["is_written"]) == (3, [[], ["import.number"]], False)
    assert numbers(office) == []


def test_a_number_that_stands_twice_or_is_known_already_is_refused_by_its_line(office: Office) -> None:
    brought_in(office, book_file(office, sheet(letter("01-CV/CTĐ4"))))
    file = book_file(office, sheet(letter("01-CV/CTĐ4"), letter("02-CV/CTĐ4"), letter("02-CV/CTĐ4")), "hai.xlsx")
    assert codes(told(office, file)) == [["import.known"], [], ["import.twice"]]


def test_the_book_of_incoming_papers_is_told_by_its_headings_and_the_senders_number_kept(office: Office) -> None:
    heads = ("Trích yếu", "Số đến", "Ngày đến", "Tác giả", "Số và ký hiệu", "Ngày tháng", "Thời hạn")
    rows = [("Về thi đua", 7, dt.date(2021, 1, 5), "Thành ủy", "15-CV/TU", "ngày 04 tháng 01 năm 2021", "20/1/2021")]
    brought_in(office, book_file(office, sheet(*rows, heads=heads)))
    (row,) = office.run("register", "list", "--json").facts
    said = row["facts"]
    assert (row["series"], row["number"], row["direction"]) == ("ĐẾN/2021", "7-ĐẾN", "incoming")
    assert (said["sender_number"], said["author"], said["due"]) == ("15-CV/TU", "Thành ủy", "2021-01-20")
    assert (said["arrived_on"], said["document_on"]) == ("2021-01-05", "2021-01-04")


def test_each_type_of_documents_goes_into_its_own_run(office: Office) -> None:
    file = book_file(office, sheet(letter("01-KH/CTĐ4"), letter("01-CV/CTĐ4"), letter("15/QĐ-UBND")))
    assert [line["series"] for line in told(office, file).facts["lines"]] == [
        "KH/2020-2025",
        "CV/2020-2025",
        "QĐ/2020-2025",
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (letter("01-CV/CTĐ4", day="31/6/2021"), "import.day"),
        (letter("01-CV/CTĐ4", day=""), "import.series"),
        (letter("01-CV/CTĐ4", day="5/1/2015"), "import.series"),
        (letter("01-XYZ/CTĐ4"), "import.series"),
        (letter(dt.date(2021, 12, 15)), "import.number"),
        (letter("15-12"), "import.number"),
        (letter("1-2021"), "import.number"),
        (letter("0"), "import.number"),
        (letter(f"01-CV/{'x' * 80}"), "import.number"),
        (letter("01-CV/CTĐ4", "x" * 2001), "import.too-long"),
        (letter(""), "import.number"),
    ],
)
def test_what_cannot_be_read_is_said_by_its_line(office: Office, row: tuple[object, ...], code: str) -> None:
    answer = told(office, book_file(office, sheet(row)))
    assert answer.code == 3
    assert code in codes(answer)[0]


def test_headings_may_stand_again_in_two_rows_and_days_and_sums_between_the_lines(office: Office) -> None:
    book = sheet(heads=("Văn bản", "", "Trích yếu", "Nơi nhận"), titles=["SỔ ĐĂNG KÝ VĂN BẢN ĐI", "NĂM 2021"])
    page: Any = book.active
    page.merge_cells("A3:B3")
    for row in (
        ("Số, ký hiệu", "Ngày", "", ""),
        ("(1)", "(2)", "(3)", "(4)"),
        ("Thứ Hai, 04/01/2021",),
        ("01-CV/CTĐ4", "4/1", "Về việc một", "Thành ủy"),
        ("Số, ký hiệu", "Ngày", "Trích yếu", "Nơi nhận"),
        ("02-CV/CTĐ4", "ngày 5 tháng 1", "Về việc hai", "Thành ủy"),
        ("Cộng mang sang: 02",),
    ):
        page.append(row)
    answer = told(office, book_file(office, book))
    assert [line["facts"]["document_on"] for line in answer.facts["lines"]] == ["2021-01-04", "2021-01-05"]
    assert answer.facts["findings"] == []
    assert (answer.code, len(answer.facts["passed_over"])) == (0, 8)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1258"])
def test_a_csv_in_whatever_encoding_is_a_book_too(office: Office, encoding: str) -> None:
    import unicodedata

    text = 'Số, ký hiệu;Ngày ký;Nội dung\n01-CV/CTD4;4/1/2021;"Về việc thi đua\nnăm 2021"\n02-CV/CTD4;5/1/2021;Hai\n'
    if encoding == "cp1258":
        # a tone of Windows-1258 is a letter of its own behind its vowel
        text = "".join(
            char if unicodedata.combining(char) or ord(char) < 128 else _with_tone_behind(char) for char in text
        )
    file = office.folder / "so.csv"
    file.write_bytes(text.encode(encoding))
    answer = told(office, file)
    assert [line["facts"]["title"] for line in answer.facts["lines"]] == ["Về việc thi đua năm 2021", "Hai"]
    assert [line["place"]["row"] for line in answer.facts["lines"]] == [2, 4]
    assert answer.code == 0


def _with_tone_behind(char: str) -> str:
    import unicodedata

    parts = unicodedata.normalize("NFD", char)
    tones = [part for part in parts[1:] if part in "\u0300\u0301\u0303\u0309\u0323"]
    base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
    return base + "".join(tones)


def test_the_tables_of_a_word_file_are_a_book_too(office: Office) -> None:
    document = Document()
    document.add_paragraph("SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM 2021")
    table = document.add_table(rows=0, cols=3)
    for row in (("Số, ký hiệu", "Ngày tháng", "Trích yếu"), ("01-CV/CTĐ4", "04/01", "Về việc một")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    file = office.folder / "so.docx"
    file.write_bytes(out.getvalue())
    (line,) = told(office, file).facts["lines"]
    assert (line["facts"]["document_on"], line["series"]) == ("2021-01-04", "CV/2020-2025")


def test_a_file_that_is_no_book_is_refused_with_the_reason(office: Office) -> None:
    empty = told(office, book_file(office, sheet()))
    assert [one["code"] for one in empty.facts["findings"]] == ["import.no-rows"]
    damaged = office.folder / "hong.xlsx"
    damaged.write_bytes(b"PK\x03\x04 not a workbook")
    assert told(office, damaged).code == 3
    other = office.folder / "so.pdf"
    other.write_bytes(b"%PDF-1.4")
    assert told(office, other).code == 16
    assert told(office, office.folder / "khong-co.xlsx").code == 16


def test_a_book_with_a_mark_of_secrecy_is_neither_read_nor_recorded(office: Office) -> None:
    file = book_file(office, sheet(letter("01-CV/CTĐ4"), titles=["TỐI MẬT"]))
    answer = brought_in(office, file)
    assert (answer.code, answer.out) == (17, "")
    assert numbers(office) == []


def test_a_row_that_nobody_sees_is_refused_and_not_taken_unseen(office: Office) -> None:
    book = sheet(letter("01-CV/CTĐ4"), letter("02-CV/CTĐ4"))
    page: Any = book.active
    page.row_dimensions[3].hidden = True
    assert codes(told(office, book_file(office, book)))[1][:1] == ["import.unseen"]


def test_a_row_that_is_crossed_out_is_void_only_where_the_book_says_so(office: Office) -> None:
    book = sheet(letter("01-CV/CTĐ4"), letter("02-CV/CTĐ4", "đã hủy"))
    page: Any = book.active
    for row in (2, 3):
        for column in (1, 2, 3, 4):
            page.cell(row, column).font = Font(strike=True)
    (first, second) = told(office, book_file(office, book)).facts["lines"]
    assert [one["code"] for one in first["findings"]] == ["import.struck"]
    assert (second["is_refused"], second["void"], second["numbers"]) == (False, "đã hủy", ["02-CV/CTĐ4"])


def test_what_is_not_read_is_told_row_by_row(office: Office) -> None:
    book = sheet(letter("01-CV/CTĐ4"), ("", "57 bản sao", "", "", ""), ("Thứ Hai, 04/01/2021", "", "", "", ""))
    other = book.create_sheet("Khác")
    other.append(["02-CV/CTĐ4", "5/1/2021", "Không có đầu cột"])
    answer = told(office, book_file(office, book))
    assert codes(answer) == [[], ["import.number", "import.title"]]
    assert [one["text"] for one in answer.facts["passed_over"]][1:] == [
        "Thứ Hai, 04/01/2021",
        "02-CV/CTĐ4 · 5/1/2021 · Không có đầu cột",
    ]
    assert [one["code"] for one in answer.facts["findings"]] == ["import.no-headings"]


def test_the_printed_book_marks_what_is_from_an_old_one_and_stands_on_its_own_day(office: Office) -> None:
    brought_in(office, book_file(office, sheet(letter("01-CV/CTĐ4"))))
    out = office.folder / "so.json"
    office.run("register", "export", str(out))
    import json

    (volume,) = json.loads(out.read_text("utf-8"))
    (line,) = volume["numbers"]
    assert (line["day"], line["facts"]["title"]["source"]) == ("2021-01-04", "old-book")
    assert "so.xlsx, Sổ!2" in line["facts"]["remark"]["text"]


@pytest.mark.parametrize("extension", ["xlsx", "docx", "csv"])
def test_a_book_that_this_program_has_written_can_be_brought_into_another_office(
    office: Office, extension: str
) -> None:
    rows = (letter("01-CV/CTĐ4"), letter("02-CV/CTĐ4", "đã hủy"), letter("02a-CV/CTĐ4"))
    brought_in(office, book_file(office, sheet(*rows)))
    written = office.folder / f"xuat.{extension}"
    assert office.run("register", "export", str(written), "--book", "di").code == 0
    answer = told(office, written)
    assert [line["numbers"] for line in answer.facts["lines"]] == [["01-CV/CTĐ4"], ["02-CV/CTĐ4"], ["02a-CV/CTĐ4"]]
    assert codes(answer) == [["import.known"]] * 3
    assert [bool(line["void"]) for line in answer.facts["lines"]] == [False, True, False]


def test_what_has_no_document_here_is_not_taken_for_a_job(office: Office) -> None:
    brought_in(office, book_file(office, sheet(letter("01-CV/CTĐ4"))))
    assert office.run("register", "void", "01-CV", "--why", "x").code == 17
    assert office.run("show", "01-CV").code == 17


def _with_macros(content: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 program")
    return out.getvalue()


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _far_cell() -> bytes:
    book = sheet(letter("01-CV/CTĐ4"))
    page: Any = book.active
    page["XFD1048576"] = "x"
    return _saved(book)


def _formula() -> bytes:
    return _saved(sheet(letter("=A1+1")))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("macro.xlsx", _with_macros(_saved(sheet(letter("01-CV/CTĐ4"))))),
        ("xa.xlsx", _far_cell()),
        ("cong-thuc.xlsx", _formula()),
        ("khoa.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)),
        ("trang.xlsx", b"<html><table><tr><td>1</td></tr></table></html>"),
        ("trong.csv", b""),
        ("nhi-phan.csv", bytes(range(256)) * 40),
        ("ngoac.csv", 'Số, ký hiệu;Ngày ký;Nội dung\n01-CV/CTĐ4;4/1/2021;"mở\n02-CV/CTĐ4;5/1/2021;Hai\n'.encode()),
        ("rong.docx", b""),
    ],
)
def test_a_file_that_cannot_be_a_book_gets_an_answer_and_never_a_traceback(
    office: Office, name: str, content: bytes
) -> None:
    file = office.folder / name
    file.write_bytes(content)
    answer = brought_in(office, file)
    assert answer.code == 3
    assert "Traceback" not in answer.err
    wrong = [*answer.facts["findings"], *(one for line in answer.facts["lines"] for one in line["findings"])]
    assert any(one["severity"] == "block" and one["message"] for one in wrong)
    assert numbers(office) == []


@pytest.mark.slow
def test_a_book_of_ten_thousand_rows_goes_in_at_once_and_stays_provable(office: Office) -> None:
    rows = (letter(f"{no:02d}-CV/CTĐ4", "đã hủy" if no % 1000 == 0 else "") for no in range(1, 10_001))
    file = book_file(office, sheet(*rows))
    answer = brought_in(office, file)
    assert (answer.code, answer.facts["next"]) == (0, {"CV/2020-2025": 10_001})
    assert len(numbers(office)) == 10_000
    assert differences(office) == []
    assert office.run("register", "import", str(file)).out.count("\n") >= 10_000


def test_a_number_given_since_the_report_keeps_the_whole_book_out(office: Office) -> None:
    both = book_file(office, sheet(letter("01-KH/CTĐ4"), letter("01-CV/CTĐ4")), "hai-day.xlsx")
    made = old_books.report(office.workspace, both, Asked())
    assert made.is_sound
    brought_in(office, book_file(office, sheet(letter("01-CV/CTĐ4"))))

    with pytest.raises(NotAllowedNow):
        old_books.bring_in(office.workspace, made, "chậm một bước")
    assert numbers(office) == [("CV/2020-2025", "01-CV/CTĐ4", "imported")]
    assert differences(office) == []


def test_numbers_without_a_paper_are_found_by_number_title_signer_and_day(office: Office) -> None:
    rows = [letter("01-CV/CTĐ4"), letter("02-CV/CTĐ4", "Đã huỷ"), ("05/02/2021", "03-CV/CTĐ4", "Mở lớp", "Lê Bình")]
    brought_in(office, book_file(office, sheet(*rows)))

    def found(*words: str) -> list[tuple[str, str, str]]:
        listed = office.run("find", *words, "--json").facts
        return [(one["number"]["number"], one["number"]["status"], one["hits"][0]["place"]) for one in listed]

    assert found("02-cv") == [("02-CV/CTĐ4", "void", "number")]
    assert found("cong van 01") == [("01-CV/CTĐ4", "imported", "title")]
    assert [number for number, _, _ in found("CTĐ4")] == ["03-CV/CTĐ4", "02-CV/CTĐ4", "01-CV/CTĐ4"], "newest first"
    assert [number for number, _, _ in found("CTĐ4", "--most", "2")] == ["03-CV/CTĐ4", "02-CV/CTĐ4"]
    assert found("mo lop", "--signer", "le binh", "--since", "01/02/2021") == [("03-CV/CTĐ4", "imported", "title")]
    assert found("mo lop", "--until", "01/02/2021") == found("van nguyen") == found("mo", "--unit", "CATP") == []
    assert found("mo lop", "--rebuild") == [("03-CV/CTĐ4", "imported", "title")]
    assert "03-CV/CTĐ4" in office.run("find", "mo lop").out


def test_a_day_that_has_not_come_is_refused(office: Office) -> None:
    book = sheet(("05/01/2035", "01-KH/CTĐ4", "Kế hoạch", "A", ""), ("05/01/2022", "02-KH/CTĐ4", "Kế hoạch", "A", ""))

    answer = told(office, book_file(office, book))

    assert answer.code == 3
    assert codes(answer) == [["import.later-day"], []]


@pytest.mark.parametrize("number", ["04-KH/CT§4", "04-KH/VP¦B", "04-KH/CT?4"])
def test_a_number_with_a_sign_that_none_has_is_refused(office: Office, number: str) -> None:
    answer = told(office, book_file(office, sheet(("05/01/2022", number, "Kế hoạch", "A", ""))))

    assert answer.code == 3
    assert codes(answer) == [["import.number"]]
