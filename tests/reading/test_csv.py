"""A form as CSV: any separator and encoding that Excel writes, and what no form should hold."""

import codecs
import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from benchmarks.processor import processor_seconds
from pipeline.answers import marking
from pipeline.answers.marking import mark_guarded
from pipeline.reading import FUNCTIONS, Mark, ReadingContext, look_guarded, read_guarded
from pipeline.tools.guard import Guard
from pipeline.vietnamese import legacy
from tests.reading import writers
from tests.reading.conftest import Read, example
from tests.said import vi

TONES = "\u0300\u0301\u0303\u0309\u0323"
TO_TCVN3 = {letter: code for code, letter in legacy._TCVN3.items()}


def rows_of(context: ReadingContext, kind: str = "dang-ky", name: str = "pass-evnhcmc") -> list[list[str]]:
    """A form typed freely on one sheet, as a spreadsheet saves it: every row equally wide."""
    form = context.form(kind)
    assert form is not None
    book = writers.as_xlsx(form, example(kind, name), writers.plain(context), one_sheet=True)
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    return [["" if value is None else spelt(value) for value in row] for row in sheet.iter_rows(values_only=True)]


def spelt(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)


def as_csv(rows: list[list[str]], delimiter: str = ";") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def in_windows_1258(text: str) -> bytes:
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(part for part in parts if part in TONES)
        out.append(unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES)) + tone)
    return "".join(out).encode("cp1258")


def in_tcvn3(text: str) -> bytes:
    """As typed in .VnTime: an accented capital is its small letter."""
    return "".join(TO_TCVN3.get(letter, TO_TCVN3.get(letter.lower(), letter)) for letter in text).encode("latin-1")


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-8 with BOM": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 without BOM": lambda text: text.encode("utf-16-le"),
    "windows-1258": in_windows_1258,
}


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_free_form_reads_the_same_in_every_spelling(
    read: Read, context: ReadingContext, encoding: str, delimiter: str
) -> None:
    made = read(ENCODINGS[encoding](as_csv(rows_of(context), delimiter)), "dang-ky.csv")

    told = {"windows-1258": ["I11"]}.get(encoding, [])
    assert [finding.code for finding in made.findings] == told
    assert (made.kind, made.values) == ("dang-ky", example("dang-ky", "pass-evnhcmc"))


def test_an_old_text_in_tcvn3_is_read_and_told(read: Read, context: ReadingContext) -> None:
    made = read(in_tcvn3(as_csv(rows_of(context))), "dang-ky.csv")

    assert [finding.code for finding in made.findings] == ["I11"]
    assert "TCVN3" in vi(made.findings[0].message)
    leader = made.values["leader"]
    assert isinstance(leader, dict)
    assert leader["full_name"] == example("dang-ky", "pass-evnhcmc")["leader"]["full_name"]  # type: ignore[index, call-overload]


def test_a_fault_is_placed_by_cell_and_line_below_a_text_of_several_lines(
    read: Read, context: ReadingContext
) -> None:
    rows = rows_of(context)
    at = next(at for at, row in enumerate(rows) if row[1] == "Năm thi đua" or "Năm" in row[1])
    rows[at][2] = "năm ngoái"
    rows.insert(at, ["", "", "một dòng\nhai dòng"])

    made = read(as_csv(rows).encode(), "dang-ky.csv")

    place = next(finding.place for finding in made.findings if str(finding.place.pointer) == "/emulation_year")
    assert (place.cell, place.line) == (f"C{at + 2}", at + 3)


def test_a_hint_for_excel_is_followed(read: Read, context: ReadingContext) -> None:
    made = read(b"sep=|\r\n" + as_csv(rows_of(context), "|").encode(), "dang-ky.csv")

    assert (made.findings, made.values) == ((), example("dang-ky", "pass-evnhcmc"))


def test_a_form_number_that_begins_like_a_bitmap_is_no_picture(read: Read, context: ReadingContext) -> None:
    rows = [["BM-01/CTĐ4", *[""] * 5], *rows_of(context)]

    assert read(as_csv(rows).encode(), "dang-ky.csv").kind == "dang-ky"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.replace("2022", "=2021+1", 1), "cell.formula-empty"),
        (lambda text: text.replace("2022", "20\x0022", 1), "text.forbidden-character"),
        (lambda text: text + '"mở ra rồi thôi;\r\nx;y\r\n', "file.csv"),
        (lambda text: text + "a;b\r\n" * 1_000_000, "file.too-heavy"),
        (lambda text: text + ";" * 2_000_000, "file.too-heavy"),
        (lambda text: text + '"' + "a" * 500_000, "file.csv"),
        (lambda text: "\0" * 10_000, "file.empty"),
    ],
    ids=["formula", "NUL", "open quote", "a million rows", "wide", "one long text", "zeros"],
)
def test_what_no_form_should_hold_gets_its_verdict_in_time(
    read: Read, context: ReadingContext, change: Callable[[str], str], code: str
) -> None:
    rows = rows_of(context)
    year = next(row for row in rows if "Năm" in row[1])
    year[2] = "2022"
    content = change(as_csv(rows)).encode()
    began = processor_seconds()

    made = read(content, "dang-ky.csv")

    assert processor_seconds() - began < 5
    assert code in {finding.code for finding in made.findings}
    assert made.is_blocked


def test_a_letter_that_was_lost_in_decoding_is_told_and_not_printed(read: Read, context: ReadingContext) -> None:
    rows = rows_of(context)
    next(row for row in rows if "Năm" in row[1])[2] = "2022"
    content = codecs.BOM_UTF8 + as_csv(rows).encode().replace(b"2022", b"20\xff22", 1)

    made = read(content, "dang-ky.csv")

    assert "text.forbidden-character" in {finding.code for finding in made.findings}
    assert made.is_blocked


def test_prose_is_no_form(read: Read) -> None:
    assert [one.code for one in read("Kính gửi: Cụm thi đua số 4\r\n".encode(), "thu.csv").findings] == [
        "kind.unknown"
    ]


@pytest.mark.parametrize("encoding", [*ENCODINGS, "tcvn3"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_secrecy_gate_looks_into_it(guard: Guard, tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = as_csv([["TUYỆT MẬT", "", ""], ["Đơn vị", "Công an thành phố", ""], ["Lãnh đạo", "x", "y"]], delimiter)
    path = tmp_path / "a.csv"
    path.write_bytes(in_tcvn3(text) if encoding == "tcvn3" else ENCODINGS[encoding](text))

    assert look_guarded(guard, path, "a.csv").mark is Mark.MARKED


def test_a_returned_form_comes_back_as_a_page_in_its_own_letters(context: ReadingContext, tmp_path: Path) -> None:
    rows = rows_of(context)
    year = next(row for row in rows if "Năm" in row[1])
    year[2] = "năm ngoái"
    path = tmp_path / "spooled"
    path.write_bytes(in_windows_1258(as_csv(rows)))
    with Guard((*FUNCTIONS, *marking.FUNCTIONS)) as guard:
        made = read_guarded(guard, path, "a.csv", context)
        copy = mark_guarded(guard, path, "a.csv", made.findings, language="vi")

    assert copy is not None
    assert copy.extension == "html"
    page = copy.content.decode()
    line = page.index("năm ngoái")
    assert "✗" in page[line:]
