"""Letters lost on the way: garbled, look-alike, decomposed, in an old encoding without its font (noi-dung §8.3)."""

import ast
import io
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import Font
from PIL import Image

import pipeline.reading
from pipeline.model import Reading, Severity
from pipeline.reading import ReadingContext
from tests.reading import writers
from tests.reading.conftest import Read
from tests.reading.test_dirt import beside, cell_with, document, workbook
from tests.said import vi

NAME, POSITION = "Võ Hoàng Nhật Phương", "Phó Chánh Văn phòng Đảng ủy"


def told(reading: Reading) -> list[tuple[str, str]]:
    return [(finding.code, finding.severity.value) for finding in reading.findings]


def leader(
    read: Read, context: ReadingContext, *, name: str = NAME, position: str = POSITION, font: str = ""
) -> tuple[Any, Reading]:
    """A registration whose signer is typed so; what was read of the signer, and all of it."""
    book = workbook(context)
    cell = beside(book.worksheets[0], "Người ký")
    cell.value = name
    if font:
        cell.font = Font(name=font)
    beside(book.worksheets[0], "Chức vụ người ký").value = position
    reading = read(writers.saved(book), "DK.xlsx")
    return reading.values["leader"], reading


@pytest.mark.parametrize("how", ["cp1252", "latin-1"])
def test_utf8_read_as_western_text_is_put_right_and_shown(read: Read, context: ReadingContext, how: str) -> None:
    garbled = "".join(
        bytes([byte]).decode("cp1252" if how == "cp1252" and byte not in b"\x81\x8d\x8f\x90\x9d" else "latin-1")
        for byte in POSITION.encode()
    )

    values, reading = leader(read, context, position=garbled)

    assert values == {"full_name": NAME, "position": POSITION}
    (finding,) = reading.findings
    assert (finding.code, finding.severity) == ("I11", Severity.WARN)
    assert finding.found.startswith("PhÃ³ ChÃ¡nh")
    assert POSITION in vi(finding.message)


def test_a_garbled_form_is_known_by_its_labels(read: Read) -> None:
    text = "kind: dang-ky\nleader:\n  full_name: VÃµ HoÃ\u00a0ng\n"

    reading = read(text.encode(), "dk.yaml")

    assert reading.values["leader"] == {"full_name": "Võ Hoàng"}
    assert told(reading) == [("I11", "warn")]


def test_cyrillic_letters_among_latin_ones_are_read_as_latin(read: Read, context: ReadingContext) -> None:
    values, reading = leader(read, context, name="Võ Hоàng Nhật Phương")  # the о is Cyrillic

    assert values["full_name"] == NAME
    assert told(reading) == [("text.lookalike", "warn")]


def test_old_text_without_its_font_is_told_and_left(read: Read, context: ReadingContext) -> None:
    values, reading = leader(read, context, position="Phã Ch¸nh V¨n phßng §¶ng uû")

    assert values["position"] == "Phã Ch¸nh V¨n phßng §¶ng uû"
    assert told(reading) == [("I11", "warn")]
    assert "Phó Chánh Văn phòng Đảng uỷ" in vi(reading.findings[0].message)


def test_a_soft_hyphen_is_a_letter_in_an_old_font_and_nothing_else_elsewhere(
    read: Read, context: ReadingContext
) -> None:
    values, _ = leader(read, context, name="Ph­¬ng Vâ", font=".VnTime")
    assert values["full_name"] == "Phương Võ"

    values, reading = leader(read, context, name="Võ Hoàng Nhật Phư\u00adơng")
    assert values["full_name"] == NAME
    assert told(reading) == []


def test_decomposed_letters_are_put_together_and_counted(read: Read, context: ReadingContext) -> None:
    values, reading = leader(read, context, name=unicodedata.normalize("NFD", NAME))

    assert values["full_name"] == NAME
    assert told(reading) == [("I12", "info")]
    assert "1 chỗ" in vi(reading.findings[0].message)


@pytest.mark.parametrize("text", ["Công an «TP» – 50% § 5", "«Học tập» ½ ngày", "Số 05-CV/ĐU", "Đ/c Ả, Ã, Ệ"])
def test_unusual_but_sound_text_is_left_alone(read: Read, context: ReadingContext, text: str) -> None:
    values, reading = leader(read, context, position=text)

    assert values["position"] == text
    assert told(reading) == []


def test_a_text_without_end_is_looked_through_in_time(read: Read, context: ReadingContext) -> None:
    _, reading = leader(read, context, position="а" * 30_000 + "b")

    assert [code for code, _ in told(reading)] == ["text.lookalike"]


def test_tables_pasted_as_pictures_are_told(read: Read, context: ReadingContext) -> None:
    word = document(context)
    for table in list(word.tables):
        table._tbl.getparent().remove(table._tbl)
    picture = io.BytesIO()
    Image.new("RGB", (60, 20), "white").save(picture, "PNG")
    word.add_picture(picture)

    reading = read(writers.saved(word), "DK.docx")

    assert told(reading) == [("form.picture", "block")]
    assert str(reading.findings[0].place.pointer) == "/targets"
    assert "đúng biểu mẫu" in vi(reading.findings[0].mend or reading.findings[0].message)


def test_a_picture_beside_filled_tables_is_no_matter(read: Read, context: ReadingContext) -> None:
    word, picture = document(context), io.BytesIO()
    Image.new("RGB", (60, 20), "white").save(picture, "PNG")
    word.add_picture(picture)  # a signature, a stamp, a crest

    assert told(read(writers.saved(word), "DK.docx")) == []


def test_every_finding_of_the_readers_says_what_to_do() -> None:
    """Read from the code: `refusal` and `warning` need their third argument, and mypy asks for it."""
    folder = Path(pipeline.reading.__file__).parent
    without = [
        f"{path.name}:{call.lineno}"
        for path in folder.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Finding"
        if not any(keyword.arg == "mend" for keyword in call.keywords)
    ]

    assert without == []


SHAPED = {
    "as wide as East Asian signs": "".join(chr(ord(one) + 0xFEE0) if one != " " else one for one in "Vo Hoang 24"),
    "of a mathematical font": "".join(
        chr(0x1D400 + ord(one) - 65) if one.isupper() else one for one in "Vo Hoang 24"
    ),
    "with letters run together": "Vo Hoang 24 \ufb01",
    "of a unit in one sign": "Vo Hoang 24 \u33a1",
}


@pytest.mark.parametrize("how", SHAPED)
def test_plain_letters_of_another_width_or_shape_are_read_as_plain_ones_and_shown(
    read: Read, context: ReadingContext, how: str
) -> None:
    values, reading = leader(read, context, position=SHAPED[how])

    plain = f"Vo Hoang 24{SHAPED[how][11:].replace(chr(0xFB01), 'fi').replace(chr(0x33A1), 'm²')}"
    assert values["position"] == plain
    (finding,) = reading.findings
    assert (finding.code, finding.severity) == ("text.lookalike", Severity.WARN)
    assert plain in vi(finding.message)


def test_a_code_typed_as_wide_as_east_asian_signs_is_the_code(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    cell_with(book.worksheets[0], "Công an TP.HCM").value = "\uff23\uff21\uff34\uff30"

    assert read(writers.saved(book), "DK.xlsx").unit == "CATP"


@pytest.mark.parametrize("sign", ["\u6f22", "\u0e44", "\ud55c", "\u2705", "\U0001f600"])
def test_a_sign_that_the_font_of_documents_lacks_is_told_at_its_place(
    read: Read, context: ReadingContext, sign: str
) -> None:
    values, reading = leader(read, context, position=f"{POSITION} {sign}")

    assert "position" not in values
    (finding,) = reading.findings
    assert (finding.code, finding.severity) == ("text.not-printed", Severity.BLOCK)
    assert str(finding.place.pointer) == "/leader/position"
    assert sign in vi(finding.message)


@pytest.mark.parametrize("sign", ["≥", "½", "№", "℃", "①", "Ⅳ", "→", "✓", "☒", "●", "Москва", "α", "₫"])
def test_signs_that_documents_are_printed_with_are_read(read: Read, context: ReadingContext, sign: str) -> None:
    values, reading = leader(read, context, position=f"{POSITION} {sign}")

    assert (values["position"], told(reading)) == (f"{POSITION} {sign}", [])


def test_a_title_in_a_second_language_is_no_fault(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    book.worksheets[0]["L1"].value = "\u6f22\u5b57"

    assert {one.severity for one in read(writers.saved(book), "DK.xlsx").findings} <= {Severity.INFO}
