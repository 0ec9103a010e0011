"""The papers as printed: every kind in every form, rendered by LibreOffice and measured."""

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipeline.layout import all_profiles, apply
from tests.layout import sample
from tests.layout.paper import Paper, Word, is_furniture, office_in, paper_of
from tests.layout.sample import KINDS, TEMPLATES

FORMS = ("dang-hd36", "dang-hd05", "nd30")
CODE = "VT7K2M9QXW4T8B6C"
CLOSING = {
    "ke-hoach": "Trên đây là Kế hoạch",
    "phu-luc-hoat-dong": "Danh mục gồm",
    "giao-uoc": "Giao ước được lập thành",
    "quy-che": "Quy chế này có hiệu lực",
    "bien-ban": "kết thúc lúc",
    "dang-ky": "Hồ Thị Kim Duyệt, Chuyên viên",
}
Press = Callable[..., Paper]

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """Prints a kind in a form; the same paper is printed once."""
    with office_in(tmp_path_factory.mktemp("office")) as office:

        @functools.cache
        def ordinary(kind: str, form: str) -> Paper:
            return printed(kind, form, None, None)

        def printed(kind: str, form: str, doc: dict[str, Any] | None, year: dict[str, Any] | None) -> Paper:
            profile = all_profiles()[form]
            facts = year or sample.year_values()
            values = sample.context(kind, profile, doc or sample.document_of(kind, facts), facts)
            template = (TEMPLATES / kind / "template.docx").read_bytes()
            return paper_of(office.convert(sample.filled(apply(template, profile), values)))

        def press_(
            kind: str, form: str = "dang-hd36", doc: dict[str, Any] | None = None, year: dict[str, Any] | None = None
        ) -> Paper:
            return ordinary(kind, form) if doc is None and year is None else printed(kind, form, doc, year)

        yield press_


def axis(word: Word) -> float:
    return (word.left + word.right) / 2


@pytest.mark.sweep
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_page_carries_the_code_twice_and_its_number_but_the_first(press: Press, kind: str, form: str) -> None:
    paper = press(kind, form)
    for page, (width, height) in enumerate(paper.sizes, start=1):
        furniture = [word for word in paper.on(page) if is_furniture(word, height)]
        assert [word.text for word in furniture if word.text == CODE] == [CODE, CODE]
        numbers = [word for word in furniture if word.text.isdigit()]
        assert [word.text for word in numbers] == ([] if page == 1 else [str(page)])
        for number in numbers:
            assert axis(number) == pytest.approx(30 + (width - 45) / 2, abs=0.5)
            assert 9.5 < number.top < 13


@pytest.mark.sweep
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_text_stands_outside_the_margins(press: Press, kind: str, form: str) -> None:
    paper = press(kind, form)
    for page, (width, height) in enumerate(paper.sizes, start=1):
        for word in paper.on(page):
            assert word.left >= 29.7, word
            assert word.right <= width - 14.4, word
            if not is_furniture(word, height):
                assert word.top >= 19.9, word
                assert word.bottom <= height - 19.4, word


@pytest.mark.sweep
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "phu-luc-hoat-dong"])
def test_the_head_stands_in_two_columns_about_their_axes(press: Press, kind: str, form: str) -> None:
    paper, profile = press(kind, form), all_profiles()[form]
    title = paper.the(profile.texts_["head_title"])
    assert title.page == 1
    left_axis = 30 + profile.head.names_mm[0] / 2
    heads = [word for word in paper.on(1) if word.bottom < title.bottom + 28 and word.right < title.left + 3]
    for word in (word for word in heads if not is_furniture(word, 297)):
        assert axis(word) == pytest.approx(left_axis, abs=1), word
    assert heads[0].top == pytest.approx(title.top, abs=12)
    dates = paper.find(", ngày") if kind != "bien-ban" else paper.find("Minh, ngày")
    if kind == "bien-ban" and form == "nd30":
        assert not dates
    else:
        assert axis(dates[0]) == pytest.approx(axis(title), abs=1)
        assert dates[0].right <= 195.2
        for number in paper.find("Số ") if form != "nd30" else paper.find("Số:"):
            if number.page == 1 and number.right < 100 and number.top < 60:
                assert number.bottom == pytest.approx(dates[0].bottom, abs=1.3)


@pytest.mark.sweep
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_signatures_stand_on_a_page_with_the_end_of_the_text(press: Press, kind: str, form: str) -> None:
    paper = press(kind, form)
    closing = paper.find(CLOSING[kind])[-1]
    name = next(
        word
        for word in paper.words
        if "Đặng Thị Thuỳ Nhiên" in word.text and (word.page, word.top) > (closing.page, closing.top)
    )
    assert name.page == closing.page


@pytest.mark.slow
@pytest.mark.sweep
@pytest.mark.parametrize("kind", ["ke-hoach", "quy-che"])
def test_wherever_the_text_ends_the_signature_is_not_alone(press: Press, kind: str) -> None:
    for lines in range(0, 24, 3):
        doc = sample.plan() if kind == "ke-hoach" else sample.regulations()
        if kind == "ke-hoach":
            doc["objectives"] = [*doc["objectives"], *["Thêm một dòng"] * lines]
        else:
            clauses = doc["chapters"][0]["articles"][0]["clauses"]
            clauses += [{"number": 3 + n, "text": "Thêm một dòng.", "points": []} for n in range(lines)]
        paper = press(kind, doc=doc)
        signed = paper.the("Đặng Thị Thuỳ Nhiên")
        assert {signed.page} == {paper.the(CLOSING[kind]).page, paper.the("kiêm").page, paper.the("Nơi nhận:").page}


@pytest.mark.slow
def test_no_heading_stands_alone_at_the_foot_of_a_page(press: Press) -> None:
    for lines in range(8):
        doc = sample.regulations()
        doc["chapters"][0]["articles"][0]["clauses"] += [
            {"number": 3 + n, "text": "Thêm một dòng.", "points": []} for n in range(lines)
        ]
        paper = press("quy-che", doc=doc)
        for page in range(1, len(paper.sizes)):
            body = [word for word in paper.on(page) if not is_furniture(word, 297)]
            assert not max(body, key=lambda word: word.top).text.startswith(("Điều", "Chương"))


@pytest.mark.sweep
@pytest.mark.parametrize(("count", "long_names"), [(1, False), (10, False), (13, False), (40, False), (10, True)])
def test_no_row_of_the_grid_is_split(press: Press, count: int, long_names: bool) -> None:
    year = sample.year_values(count, long_names=long_names)
    paper = press("giao-uoc", year=year)
    closing = paper.the(CLOSING["giao-uoc"])
    below = [word for word in paper.words if (word.page, word.top) > (closing.page, closing.bottom + 3)]
    heads = [word for word in below if word.text.startswith("ĐẠI DIỆN")]
    assert len(heads) == count
    assert heads[0].page == closing.page
    names = [unit["signatory"]["name"] for unit in year["units"]]
    shown = " ".join(word.text for word in below)
    for name in set(names):
        assert shown.count(name.rpartition(" ")[0]) >= names.count(name)
    for page in range(closing.page, len(paper.sizes) + 1):
        body = [word for word in below if word.page == page and not is_furniture(word, 297)]
        if body and "Nơi nhận" not in body[0].text:
            assert body[0].text.startswith("ĐẠI DIỆN"), "a page of the grid begins with a whole block"


def test_the_appendix_of_a_plan_is_numbered_by_itself(press: Press) -> None:
    paper = press("ke-hoach", doc=sample.plan(with_contacts=True))
    last = len(paper.sizes)
    assert paper.the("DANH SÁCH ĐẦU MỐI LIÊN HỆ").page == last
    assert not [word for word in paper.on(last) if word.text.isdigit() and is_furniture(word, 297)]


def test_a_long_table_repeats_its_heading_on_every_page(press: Press) -> None:
    paper = press("phu-luc-hoat-dong", year=sample.year_values(120))
    assert len(paper.sizes) >= 12
    for page in range(1, len(paper.sizes)):
        assert [word for word in paper.on(page) if word.text == "Tên hoạt động"]
    assert all(width == pytest.approx(297, abs=0.5) for width, _ in paper.sizes)


def test_sixty_articles_are_still_in_order(press: Press) -> None:
    paper = press("quy-che", doc=sample.regulations(4))
    places = [(word.page, word.top) for n in range(1, 73) for word in paper.find(f"Điều {n}. ")]
    assert len(places) == 72
    assert places == sorted(places)


@pytest.mark.parametrize("on", [dt.date(2022, 12, 22), dt.date(2022, 1, 5)])
@pytest.mark.parametrize("form", FORMS)
def test_the_longest_date_stays_on_one_line(press: Press, form: str, on: dt.date) -> None:
    doc = sample.plan() | {"doc_date": on.isoformat()}
    line = press("ke-hoach", form, doc).the("Hồ Chí Minh, ngày")
    assert line.text.endswith("năm 2022")
