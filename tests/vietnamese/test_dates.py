"""Dates, loose dates and times as people type them; dates as documents print them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnamese import (
    Note,
    date_long,
    date_parts,
    date_short,
    parse_date,
    parse_span,
    parse_time,
    read_date,
)

DAY = dt.date(2022, 5, 25)
DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "2022-05-25",
        "25/5/2022",
        "25/05/2022",
        "25-05-2022",
        "25.5.2022",
        "ngày 25 tháng 5 năm 2022",
        "ngày 25/5/2022",
        "Ngày 25 tháng 05 năm 2022",
        "25 tháng 5 năm 2022",
        "Thứ tư, ngày 25/5/2022",
        "sáng thứ tư 25/5/2022",
        "TP. Hồ Chí Minh, ngày 25 tháng 5 năm 2022",
        "25 / 5 / 2022",
        " 25/5/2022. ",
        "25/5 năm 2022",
        "ngày 25 tháng năm năm 2022",
        "2022-05-25T00:00:00",
        "2022-05-25 00:00:00",
        44706,
        44706.0,
        "44706",
        DAY,
        dt.datetime(2022, 5, 25, 8, 30, tzinfo=dt.UTC),
    ],
)
def test_every_spelling_of_a_day_is_read(typed: str | float | dt.date) -> None:
    assert read_date(typed) == (read_date(DAY))


@pytest.mark.parametrize(
    "typed", ["thứ bảy, ngày 25/5/2022", "chủ nhật 25/5/2022", "TP. Hồ Chí Minh, thứ 2 ngày 25 tháng 5 năm 2022"]
)
def test_a_day_that_is_no_such_day_of_the_week_is_asked_about(typed: str) -> None:
    assert (read_date(typed).value, read_date(typed).notes) == (None, (Note.WEEKDAY_DIFFERS,))


@pytest.mark.parametrize(
    ("typed", "notes"),
    [
        ("2022-05-24T17:00:00.000Z", (Note.OTHER_ZONE,)),  # midnight in Vietnam, as programs write it
        ("2022-05-25T08:00:00Z", ()),
        ("2022-05-25T00:00:00+07:00", ()),
        ("2022-05-25T01:00:00+09:00", (Note.OTHER_ZONE,)),
    ],
)
def test_a_moment_with_its_zone_is_the_day_it_was_in_vietnam(typed: str, notes: tuple[Note, ...]) -> None:
    day = dt.date(2022, 5, 24) if "+09" in typed else DAY
    assert (read_date(typed).value, read_date(typed).notes) == (day, notes)


def test_the_day_comes_first() -> None:
    assert parse_date("5/6/2022") == dt.date(2022, 6, 5)


@pytest.mark.parametrize(
    ("typed", "day", "note"),
    [
        ("26.8.22", dt.date(2022, 8, 26), Note.TWO_DIGIT_YEAR),
        ("5/25/2022", DAY, Note.MONTH_FIRST),
        ("31/06/2022", None, Note.IMPOSSIBLE_DATE),
        ("29/2/2022", None, Note.IMPOSSIBLE_DATE),
        ("32/1/2022", None, Note.IMPOSSIBLE_DATE),
        ("ngày 31 tháng 6 năm 2022", None, Note.IMPOSSIBLE_DATE),
    ],
)
def test_what_is_odd_is_told(typed: str, day: dt.date | None, note: Note) -> None:
    read = read_date(typed)
    assert (read.value, read.notes) == (day, (note,))


def test_a_year_left_out_is_taken_from_the_form_and_told() -> None:
    assert read_date("Ngày 25 tháng 5") == read_date("chưa rõ")
    assert read_date("Ngày 25 tháng 5", year=2022).notes == (Note.YEAR_ASSUMED,)
    assert parse_date("25/5", year=2022) == DAY


@pytest.mark.parametrize(
    "typed", ["", "chưa có", "tháng 6/2022", "12", "1.5", "25/5/0022", "x" * 500, "9999999", -5, 12, float("nan")]
)
def test_what_is_not_a_day_is_not_read(typed: str | float) -> None:
    assert parse_date(typed) is None


@given(DAYS)
def test_a_printed_date_reads_back(day: dt.date) -> None:
    assert parse_date(date_long(day)) == day
    assert parse_date(date_short(day)) == day
    assert parse_date(day.isoformat()) == day
    assert parse_date((day - dt.date(1899, 12, 30)).days) in (day, None)  # serials before 1954 are not meant as dates


@given(
    DAYS, st.sampled_from(["{d}/{m}/{y}", "{d}-{m}-{y}", "{d}.{m}.{y}", "ngày {d}/{m}/{y}", "{d:02d}/{m:02d}/{y}"])
)
def test_day_month_year_in_any_dress(day: dt.date, shape: str) -> None:
    assert parse_date(shape.format(d=day.day, m=day.month, y=day.year)) == day


@given(DAYS)
def test_a_zero_stands_before_small_days_and_the_first_two_months(day: dt.date) -> None:
    shown_day, month, year = date_parts(day)
    assert len(shown_day) == 2
    assert month.startswith("0") == (day.month <= 2)
    assert (int(shown_day), int(month), int(year)) == (day.day, day.month, day.year)


def test_dates_are_printed_as_documents_have_them() -> None:
    assert date_long(dt.date(2022, 6, 5)) == "ngày 05 tháng 6 năm 2022"
    assert date_long("2022-01-15") == "ngày 15 tháng 01 năm 2022"
    assert date_short(dt.date(2022, 2, 9)) == "09/02/2022"
    assert date_short(dt.date(2022, 12, 9)) == "09/12/2022"


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("tháng 6/2022", (6, 1), (6, 30)),
        ("đầu tháng 06/2022", (6, 1), (6, 10)),
        ("giữa tháng 6/2022", (6, 11), (6, 20)),
        ("cuối tháng 2/2022", (2, 21), (2, 28)),
        ("quý II/2022", (4, 1), (6, 30)),
        ("Quý 3", (7, 1), (9, 30)),
        ("6/2022", (6, 1), (6, 30)),
        ("6 tháng đầu năm 2022", (1, 1), (6, 30)),
        ("năm 2022", (1, 1), (12, 31)),
        ("từ ngày 10/6/2022 đến ngày 15/6/2022", (6, 10), (6, 15)),
        ("10-15/6/2022", (6, 10), (6, 15)),
        ("24/6/2022", (6, 24), (6, 24)),
        ("trong tháng 10", (10, 1), (10, 31)),
    ],
)
def test_loose_dates_are_stretches_of_days(typed: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    span = parse_span(typed, year=2022)
    assert span is not None
    assert (span.first, span.last, span.text) == (dt.date(2022, *first), dt.date(2022, *last), typed)


@pytest.mark.parametrize(
    "typed", ["", "sau này", "tháng 13/2022", "quý V/2022", "đầu tháng", "từ 15/6/2022 đến 10/6/2022"]
)
def test_what_is_no_stretch_of_days_is_not_read(typed: str) -> None:
    assert parse_span(typed, year=2022) is None


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("8g30", (8, 30)),
        ("8h30", (8, 30)),
        ("08 giờ 30 phút", (8, 30)),
        ("8:30", (8, 30)),
        ("08:30:00", (8, 30)),
        ("8 giờ", (8, 0)),
        ("lúc 14 giờ 00", (14, 0)),
        ("2 giờ chiều", (14, 0)),
        ("8 giờ rưỡi", (8, 30)),
        (8.5 / 24, (8, 30)),
        (dt.time(8, 30), (8, 30)),
    ],
)
def test_times_of_day_are_read(typed: str | float | dt.time, time: tuple[int, int]) -> None:
    assert parse_time(typed) == dt.time(*time)


@pytest.mark.parametrize("typed", ["", "sáng", "25:00", "8:75", "8", 1.5, -0.1])
def test_what_is_no_time_is_not_read(typed: str | float) -> None:
    assert parse_time(typed) is None


@given(st.text(max_size=100))
def test_nothing_typed_breaks_a_reader(text: str) -> None:
    parse_date(text, year=2022)
    parse_span(text, year=2022)
    parse_time(text)
