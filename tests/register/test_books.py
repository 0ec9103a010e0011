"""The books as they are printed: covers, official columns with their sources, day by day, what is carried over."""

import csv
import datetime as dt
import io
import json
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
from PIL import Image

from pipeline import filling
from pipeline.ledger import Columns
from pipeline.ledger.rows import Entry
from pipeline.model import Direction
from pipeline.register.books import COLUMNS, Office, Source, Volume, line_of, volumes
from pipeline.register.formats import FORMATS
from pipeline.register.pages import FOOT_MM, HEIGHT_MM, TOP_MM, WIDTH_MM, Band, Mark, Page, Printed, paged
from pipeline.register.rows import Row
from pipeline.register.series import Run
from tests.sample_pictures import saved

OUT, IN = Direction.OUTGOING, Direction.INCOMING
MAY = dt.datetime(2022, 5, 30, 2, 0, tzinfo=dt.UTC)
PLAN = Columns(
    title="Kế hoạch năm 2022",
    document_on=dt.date(2022, 5, 27),
    signer="Đặng Thị Thuỳ Nhiên",
    recipients="Văn phòng Thành ủy; Các đơn vị",
    kept_by="Lưu VP",
    copies=12,
    number="01-KH/CTĐ4",
)
OFFICE = Office(
    ("Văn phòng Thành ủy", "Thành phố Hồ Chí Minh"),
    "Cụm thi đua số 4",
    {"2020-2025": "Nhiệm kỳ 2020 - 2025"},
    {"KH": "Kế hoạch", "BB": "Biên bản"},
)


def entry(no: int, series: str = "KH/2020-2025", direction: Direction = OUT, **more: Any) -> Entry:
    given: dict[str, Any] = {
        "act": "number",
        "why": "",
        "columns": PLAN,
        "recorded": "{}",
        "job_id": 7,
        "at": MAY,
    } | more
    return Entry(series, direction, no, no, who="thu ky", previous_hash="", hash="", **given)


def book(*rows: Row, begun: tuple[Entry, ...] = ()) -> list[Volume]:
    return volumes(rows, begun, OFFICE, "vi")


def facts(row: Row, language: str = "vi") -> dict[str, str]:
    columns = COLUMNS[row.direction]
    return {column.name: fact.text for column, fact in zip(columns, line_of(row, language).facts, strict=True)}


def many(count: int, per_day: int = 4, title: str = "Kế hoạch năm 2022", first: int = 1) -> Volume:
    rows = [
        Row(
            no,
            entry(no, at=MAY + dt.timedelta(days=no // per_day), columns=Columns(title=title, number=f"{no:02d}-KH")),
        )
        for no in range(first, first + count)
    ]
    (volume,) = book(*rows)
    return volume


# covers


def test_a_cover_says_whose_book_it_is_of_what_from_when_to_when_and_from_which_number_to_which() -> None:
    later = MAY + dt.timedelta(days=40)
    plans, minutes = book(Row(1, entry(1)), Row(2, entry(2, at=later)), Row(7, entry(7, "BB/2022")))

    assert (plans.cover.title, plans.cover.parent_lines) == ("SỔ ĐĂNG KÝ VĂN BẢN ĐI", OFFICE.parent_lines)
    assert plans.cover.lines == (
        "Loại văn bản: Kế hoạch",
        "Nhiệm kỳ 2020 - 2025",
        "Năm: 2022",
        "Từ ngày 30/05/2022 đến ngày 09/07/2022",
        "Từ số 01 đến số 02",
        "Quyển số: 01",
    )
    assert minutes.cover.lines[:2] == ("Loại văn bản: Biên bản", "Năm: 2022")
    assert minutes.cover.lines[-2:] == ("Từ số 07 đến số 07", "Quyển số: 01")


def test_volumes_are_counted_within_year_or_term_as_they_were_begun_also_where_not_all_are_wanted() -> None:
    begun = [("ĐẾN/2022", IN), ("KH/2020-2025", OUT), ("CV/2020-2025", OUT), ("BB/2020-2025", OUT), ("BB/2022", OUT)]
    wanted = ("BB/2022", "BB/2020-2025", "KH/2020-2025")
    rows = [Row(1, entry(1, "ĐẾN/2022", IN)), *(Row(1, entry(1, series)) for series in wanted)]

    made = volumes(rows, (), OFFICE, "vi", of=[Run(*one) for one in begun])

    assert [(one.series, one.cover.volume) for one in made] == [
        *(("KH/2020-2025", 1), ("BB/2020-2025", 3), ("BB/2022", 1), ("ĐẾN/2022", 1))
    ]
    assert made[-1].cover.lines[0] == "Năm: 2022"


# lines


def test_an_outgoing_line_has_the_ten_columns_in_their_order() -> None:
    assert [fact.text for fact in line_of(Row(1, entry(1)), "vi").facts] == [
        *("01-KH/CTĐ4", "27/05/2022", "Kế hoạch năm 2022", "Đặng Thị Thuỳ Nhiên", "Văn phòng Thành ủy; Các đơn vị"),
        *("Lưu VP", "12", "", "", ""),
    ]


def test_an_incoming_line_has_the_ten_columns_in_their_order_and_the_deadline() -> None:
    came = Columns(
        author="Công an", document_on=dt.date(2022, 5, 27), title="Đăng ký", arrived_on=dt.date(2022, 5, 29)
    )
    notes = {"sender_number": "15-ĐK/VP", "handled_by": "Tổ thư ký", "due": "2022-06-05", "sent_on": "2022-05-31"}
    note = entry(3, "ĐẾN/2022", IN, act="note", recorded=json.dumps(notes | {"receipt": "Lan", "remark": "gấp"}))
    row = Row(3, entry(3, "ĐẾN/2022", IN, columns=came), notes=(note,))

    assert [fact.text for fact in line_of(row, "vi").facts] == [
        *("29/05/2022", "3", "Công an", "15-ĐK/VP", "27/05/2022", "Đăng ký", "Tổ thư ký", "31/05/2022", "Lan", "gấp"),
        "05/06/2022",
    ]


def test_every_column_says_where_it_is_from_and_who_entered_it() -> None:
    note = entry(1, act="note", recorded='{"copies":14,"receipt":"Lan"}')
    told = {
        column.name: fact for column, fact in zip(COLUMNS[OUT], line_of(Row(1, entry(1)), "vi").facts, strict=True)
    }
    noted = line_of(Row(1, entry(1), notes=(note,)), "vi").facts

    assert {name: fact.source for name, fact in told.items()} == {
        "number": Source.REGISTER,
        **dict.fromkeys(("document_on", "title", "signer", "recipients", "kept_by"), Source.DOCUMENT),
        "copies": Source.COUNTED,
        **dict.fromkeys(("sent_on", "receipt", "remark"), Source.NOBODY),
    }
    assert [(fact.text, fact.source, fact.by) for fact in noted if fact.by] == [
        ("14", Source.PERSON, "thu ky"),
        ("Lan", Source.PERSON, "thu ky"),
    ]


def test_the_remark_of_a_void_number_says_why() -> None:
    void = Row(1, entry(1), void=entry(1, act="void", why="sai ngày"))

    assert facts(void, "en")["remark"] == "Void: sai ngày"
    assert facts(Row(1, entry(1, columns=Columns(remark="gửi lại"))))["remark"] == "gửi lại"
    assert facts(Row(1, entry(1, columns=Columns(number="01"))))["copies"] == ""


def test_a_row_says_what_became_of_its_number() -> None:
    booked, void, filed = entry(1), entry(1, act="void"), entry(1, act="file")

    assert Row(1, booked).status == "booked"
    assert Row(1, booked, filed=filed).status == "filed"
    assert Row(1, booked, void=void).status == "void"


# pages


def bands(page: Page) -> list[str]:
    return [row.text for row in page.rows if isinstance(row, Band)]


def test_numbers_stand_day_by_day_and_what_stands_elsewhere_is_told() -> None:
    rows = [Row(no, entry(no, at=MAY + dt.timedelta(days=no // 2))) for no in (1, 2, 3)]
    rows.append(Row(7, entry(7, at=MAY + dt.timedelta(days=1))))
    (volume,) = book(*rows, begun=(entry(7, act="begin", why="đã cấp trên sổ giấy"),))

    (page,) = paged(volume).pages
    assert bands(page) == [
        "Thứ Hai, ngày 30/05/2022",
        "Thứ Ba, ngày 31/05/2022",
        "Số 04 đến 06 không ghi ở sổ này: đã cấp trên sổ giấy",
        "Cộng: 4 số",
    ]


def test_every_page_carries_over_what_stands_on_those_before() -> None:
    volume = many(70, title="Kế hoạch " * 20)
    pages = paged(volume).pages

    numbers = [[row.line.no for row in page.rows if isinstance(row, Printed)] for page in pages]
    assert [no for page in numbers for no in page] == list(range(1, 71))
    ends = [sum(len(page) for page in numbers[: at + 1]) for at in range(len(pages))]
    assert [bands(page)[-1] for page in pages] == [
        *(f"Cộng chuyển trang sau: {end} số" for end in ends[:-1]),
        "Cộng: 70 số",
    ]
    assert [bands(page)[0] for page in pages[1:]] == [f"Trang trước chuyển sang: {end} số" for end in ends[:-1]]


@pytest.mark.parametrize("title", ["Kế hoạch", "Kế hoạch " * 30, "Kế hoạch " * 900, "x" * 9000])
def test_no_page_is_fuller_than_its_paper_and_nothing_is_left_out(title: str) -> None:
    made = paged(many(9, title=title))

    room = HEIGHT_MM - TOP_MM - FOOT_MM - made.head_mm
    assert all(sum(row.height_mm for row in page.rows) < room for page in made.pages)
    shown = "".join("".join(row.cells[2]) for page in made.pages for row in page.rows if isinstance(row, Printed))
    assert shown.replace(" ", "") == (title.replace(" ", "")) * 9
    assert bands(made.pages[-1])[-1] == "Cộng: 9 số"


@pytest.mark.parametrize("direction", Direction)
def test_the_columns_fill_the_paper_between_its_margins(direction: Direction) -> None:
    assert sum(column.width_mm for column in COLUMNS[direction]) == WIDTH_MM - 30


# formats


def written(extension: str, *made: Volume, mark: Mark = Mark()) -> bytes:  # noqa: B008 - a value
    return FORMATS[extension](made, mark)


@pytest.mark.parametrize("extension", sorted(FORMATS.keys() - {"xlsx"}))  # that holds the time at which it was saved
def test_the_same_register_is_the_same_bytes(extension: str) -> None:
    volume = many(30)
    assert written(extension, volume) == written(extension, volume)
    assert written(extension)


def test_a_pdf_has_cover_heads_lines_and_the_mark_on_every_page() -> None:
    volume = many(30, title="Kế hoạch " * 20)
    mark = Mark("KH/2020-2025 30 a1b2c3", saved(Image.new("1", (8, 8)), "PNG"))
    document = pypdf.PdfReader(io.BytesIO(written("pdf", volume, mark=mark)))
    cover, *pages = (page.extract_text() for page in document.pages)

    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in document.pages} == {(842, 595)}
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐI" in cover
    assert all(line in cover for line in volume.cover.lines)
    assert len(pages) == len(paged(volume).pages)
    for at, text in enumerate(pages, start=1):
        assert "(10)" in text
        assert f"KH/2020-2025 · trang {at}/{len(pages)}" in text
        assert "Mốc sổ: KH/2020-2025 30 a1b2c3" in text
    assert all(page.images for page in document.pages[1:])
    assert "Mốc sổ" not in pypdf.PdfReader(io.BytesIO(written("pdf", volume))).pages[1].extract_text()


def test_a_word_file_has_a_table_for_every_page_and_the_mark_at_its_foot() -> None:
    volume = many(30, title="Kế hoạch " * 20)
    content = written("docx", volume, mark=Mark("a1b2c3", saved(Image.new("1", (8, 8)), "PNG")))
    filling.require_valid(content)
    document = docx.Document(io.BytesIO(content))

    assert [paragraph.text for paragraph in document.paragraphs if paragraph.text][:4] == [
        *("VĂN PHÒNG THÀNH ỦY", "THÀNH PHỐ HỒ CHÍ MINH", "CỤM THI ĐUA SỐ 4", "SỔ ĐĂNG KÝ VĂN BẢN ĐI")
    ]
    assert len(document.tables) == len(paged(volume).pages)
    for table in document.tables:
        assert [cell.text for cell in table.rows[0].cells] == [column.head for column in volume.columns]
    cover, pages = document.sections
    assert (cover.footer.paragraphs[0].text, pages.footer.tables[0].cell(0, 1).text) == ("", "Mốc sổ: a1b2c3")
    assert (round(pages.page_width.mm), round(pages.page_height.mm)) == (297, 210)  # type: ignore[union-attr]  # a section has both
    assert len(pages.footer.part.related_parts) == 1
    # Word and LibreOffice take no section that begins right after a table
    assert document.element.body[-2].tag.endswith("}p")


def sheet_of(*made: Volume) -> Any:
    return openpyxl.load_workbook(io.BytesIO(written("xlsx", *made))).worksheets[0]


def test_a_sheet_has_cover_heads_on_every_page_and_breaks_where_the_pages_do() -> None:
    volume = many(30, title="Kế hoạch " * 20)
    sheet = sheet_of(volume)

    first = [row[0].value for row in sheet.iter_rows()]
    assert first.index("SỔ ĐĂNG KÝ VĂN BẢN ĐI") < first.index("Số, ký hiệu văn bản")
    heads = first.index("Số, ký hiệu văn bản") + 1
    assert sheet.print_title_rows == f"${heads}:${heads + 1}"
    assert len(sheet.row_breaks.brk) == len(paged(volume).pages), "one after the cover, none after the last page"
    assert [first[one.id - 1] for one in sheet.row_breaks.brk][1:] == [
        text for text in first if str(text).startswith("Cộng chuyển")
    ]
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)


def test_only_a_void_number_is_struck_through_and_its_reason_is_not() -> None:
    void = Row(2, entry(2, columns=Columns(number="02-KH")), void=entry(2, act="void", why="sai ngày"))
    sheet = sheet_of(*book(Row(1, entry(1)), void))

    rows = {row[0].value: row for row in sheet.iter_rows()}
    assert [bool(rows[number][0].font.strike) for number in ("01-KH/CTĐ4", "02-KH")] == [False, True]
    assert (rows["02-KH"][9].value, bool(rows["02-KH"][9].font.strike)) == ("Hủy: sai ngày", False)
    assert rows["01-KH/CTĐ4"][9].border.bottom.style == "thin"


@pytest.mark.parametrize(
    ("series", "names"),
    [
        (["KH/2020-2025", "BB/2020-2025"], ["KH 2020-2025", "BB 2020-2025"]),
        (["a" * 40, "a" * 40 + "b"], ["a" * 31, "a" * 28 + "~1"]),
        ([], ["Sổ đăng ký"]),
    ],
)
def test_sheets_are_named_as_a_spreadsheet_program_allows(series: list[str], names: list[str]) -> None:
    made = book(*(Row(1, entry(1, one)) for one in series))
    assert openpyxl.load_workbook(io.BytesIO(written("xlsx", *made))).sheetnames == names


def test_csv_has_a_row_for_every_number_of_both_books_and_runs_no_formula() -> None:
    hostile = Row(1, entry(1, "ĐẾN/2022", IN, columns=Columns(title="=HYPERLINK(1)", author="Công an")))
    void = Row(2, entry(2), void=entry(2, act="void", why="sai"))
    content = written("csv", *book(Row(1, entry(1)), void, hostile))

    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [(row["Sổ"], row["Dãy số"], row["Trạng thái"]) for row in rows] == [
        *(("đi", "KH/2020-2025", ""), ("đi", "KH/2020-2025", "hủy"), ("đến", "ĐẾN/2022", ""))
    ]
    title = "Tên loại và trích yếu nội dung văn bản"
    assert [row[title] for row in rows] == ["Kế hoạch năm 2022"] * 2 + ["'=HYPERLINK(1)"]
    assert (rows[2]["Tác giả"], rows[0]["Tác giả"]) == ("Công an", "")


def test_json_tells_the_source_of_every_column() -> None:
    note = entry(1, act="note", recorded='{"receipt":"Lan"}')
    (volume,) = json.loads(written("json", *book(Row(1, entry(1), notes=(note,)))))

    assert (volume["cover"]["from_day"], volume["cover"]["to_number"]) == ("2022-05-30", 1)
    told = volume["numbers"][0]["facts"]
    assert told["copies"] == {"text": "12", "source": "counted"}
    assert told["receipt"] == {"text": "Lan", "source": "person", "by": "thu ky"}
    assert told["sent_on"] == {"text": "", "source": "nobody"}
