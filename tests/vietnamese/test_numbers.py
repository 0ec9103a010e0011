"""Numbers, money, percentages, telephone numbers, words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnamese import (
    Note,
    money_vn,
    number_vn,
    parse_email,
    parse_phone,
    parse_words,
    percent_vn,
    read_money,
    read_number,
    read_percent,
    read_phone,
    two,
    words,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("98,5", "98.5"),
        ("1.250.000", "1250000"),
        ("1.234,5", "1234.5"),
        ("1.500", "1500"),
        (" 12 ", "12"),
        ("1 250 000", "1250000"),
        ("-5", "-5"),
        ("−5,5", "-5.5"),
        ("'098", "98"),
        ("0", "0"),
        (98.5, "98.5"),
        (7, "7"),
        ("1\u00a0250", "1250"),
    ],
)
def test_numbers_are_read_the_vietnamese_way(typed: str | float, number: str) -> None:
    read = read_number(typed)
    assert (read.value, read.notes) == (Decimal(number), ())


@pytest.mark.parametrize(
    ("typed", "number", "note"),
    [
        ("98.5", "98.5", Note.DECIMAL_POINT),
        ("0.985", "0.985", Note.DECIMAL_POINT),
        ("1,500", "1.5", Note.AMBIGUOUS_COMMA),
        ("1,234,567", "1234567", Note.FOREIGN_GROUPING),
        ("1,234.56", "1234.56", Note.FOREIGN_GROUPING),
    ],
)
def test_numbers_typed_the_foreign_way_are_read_and_told(typed: str, number: str, note: Note) -> None:
    read = read_number(typed)
    assert (read.value, read.notes) == (Decimal(number), (note,))


@pytest.mark.parametrize(
    "typed", ["", "x", "1.2345", "1.50.000", "12a", "1,2,3", "--5", "1" * 60, True, float("nan"), float("inf")]
)
def test_what_is_no_number_is_not_read(typed: str | float) -> None:
    assert read_number(typed).value is None


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_a_printed_number_reads_back(number: Decimal) -> None:
    printed = number_vn(number)
    assert read_number(printed).value == number or Note.AMBIGUOUS_COMMA in read_number(printed).notes


@pytest.mark.parametrize(
    ("typed", "percent"), [("100%", "100"), ("98,5 %", "98.5"), ("85,5 phần trăm", "85.5"), ("50", "50")]
)
def test_percentages_are_read(typed: str, percent: str) -> None:
    assert read_percent(typed).value == Decimal(percent)


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("12.000.000 đồng", 12_000_000),
        ("12 triệu", 12_000_000),
        ("0", 0),
        ("1 tỷ 200 triệu", 1_200_000_000),
        ("1,5 tỷ", 1_500_000_000),
        ("12 triệu rưỡi", 12_500_000),
        ("500k", 500_000),
        ("12tr", 12_000_000),
        ("2 triệu 500.000", 2_500_000),
        ("15.000.000đ", 15_000_000),
        ("15.000.000 VNĐ", 15_000_000),
        (15000000, 15_000_000),
        ("15.000.000 đồng (Mười lăm triệu đồng)", 15_000_000),
        ("1,5", None),
        ("-3", None),
        ("nhiều", None),
        ("triệu", None),
        ("5 triệu 2 tỷ", None),
        ("3 triệu 5 triệu", None),
    ],
)
def test_money_is_read(typed: str | float, dong: int | None) -> None:
    assert read_money(typed).value == dong


def test_words_in_brackets_that_differ_are_told() -> None:
    assert read_money("15.000.000 đồng (Mười triệu đồng)").notes == (Note.WORDS_DIFFER,)


@given(st.integers(0, 10**13))
def test_printed_money_reads_back(dong: int) -> None:
    assert read_money(money_vn(dong)).value == dong
    assert read_money(f"{money_vn(dong)} ({words(dong)} đồng)").notes == ()


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("0903123456", "0903123456"),
        ("0903 123 456", "0903123456"),
        ("0903.123.456", "0903123456"),
        ("+84 903 123 456", "0903123456"),
        ("(028) 3822.1234", "02838221234"),
        ("'0903123456", "0903123456"),
        ("12", None),
        ("09031234567", None),
        ("không có", None),
    ],
)
def test_telephone_numbers_are_read(typed: str, phone: str | None) -> None:
    assert parse_phone(typed) == phone


@pytest.mark.parametrize("typed", ["903123456", 903123456, 903123456.0])
def test_the_zero_that_excel_drops_comes_back_and_is_told(typed: str | float) -> None:
    read = read_phone(typed)
    assert (read.value, read.notes) == ("0903123456", (Note.LEADING_ZERO_RESTORED,))


def test_addresses() -> None:
    assert parse_email(" DauMoi@Example.vn ") == "daumoi@example.vn"
    assert [parse_email(bad) for bad in ("a@b", "a b@c.vn", "a..b@c.vn", ".a@c.vn", "x", "a@c.vn, d@e.vn")] == [
        None
    ] * 6


def test_numbers_are_printed_as_documents_have_them() -> None:
    assert number_vn(1234567.89) == "1.234.567,89"
    assert number_vn(96.5) == "96,5"
    assert number_vn(98, places=1) == "98,0"
    assert percent_vn(85.5) == "85,5%"
    assert money_vn(1500000) == "1.500.000 đồng"
    assert two(8) == "08"


@pytest.mark.parametrize(
    ("number", "spelled"),
    [
        (0, "không"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (1001, "một nghìn không trăm linh một"),
        (1010, "một nghìn không trăm mười"),
        (523_056, "năm trăm hai mươi ba nghìn không trăm năm mươi sáu"),
        (1_000_000, "một triệu"),
        (1_000_000_000, "một tỷ"),
        (10**12, "một nghìn tỷ"),
        (10**15, "một triệu tỷ"),
        (-5, "âm năm"),
        (1_234 * 10**9, "một nghìn hai trăm ba mươi tư tỷ"),
        (169_000_000, "một trăm sáu mươi chín triệu"),
    ],
)
def test_numbers_in_words(number: int, spelled: str) -> None:
    assert words(number) == spelled


@given(st.integers(-(10**15), 10**15))
def test_words_read_back(number: int) -> None:
    assert parse_words(words(number)) == number


@given(st.integers(-(10**15), 10**15))
def test_southern_words_read_too(number: int) -> None:
    southern = words(number).replace("linh", "lẻ").replace("nghìn", "ngàn").replace("tỷ", "tỉ")
    assert parse_words(southern) == number


@pytest.mark.parametrize("text", ["", "xin chào", "mươi", "một một", "trăm", "hai nghìn ba nghìn", "năm linh"])
def test_what_spells_no_number_is_not_read(text: str) -> None:
    assert parse_words(text) is None


def test_numbers_too_large_for_words_are_refused() -> None:
    with pytest.raises(ValueError, match="print the figure"):
        words(10**15 + 1)


@given(st.text(max_size=60))
def test_nothing_typed_breaks_a_reader(text: str) -> None:
    for read in (read_number, read_percent, read_money, parse_phone, parse_email, parse_words):
        read(text)
