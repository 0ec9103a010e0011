"""A form is filled in in the browser: begun with what the year knows, judged before it is sent, answered there."""

import html
import re
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
import yaml

from pipeline.app import dropping
from pipeline.blank_forms import plan
from pipeline.blank_forms.typed import begun, written
from pipeline.model import Address, PersonRole, State
from tests.folders import MAY, Clock, registration, shipped_kinds, waiting
from tests.web.browser import Browser, Rooms, words

FORM = "/bieu-mau/dang-ky/dien"


def boxes(page: str) -> dict[str, str]:
    """What stands in the places of a form, as a browser would send it."""
    found: dict[str, str] = {}
    for name, value in re.findall(r'<input (?:type="hidden" |id="[^"]*" )name="([^"]*)" value="([^"]*)"', page):
        found[name] = html.unescape(value)
    for name, text in re.findall(r'<textarea id="[^"]*" name="([^"]*)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL):
        found[name] = html.unescape(text)
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        found[name] = html.unescape(next(iter(re.findall(r'value="([^"]*)" selected', options)), ""))
    return found


def filled(browser: Browser, unit: str = "EVNHCMC") -> dict[str, str]:
    """The registration that passes, typed over the page as it is shown."""
    said = boxes(browser.get(FORM, params={"don-vi": unit}).text)
    form: dict[str, Any] = yaml.safe_load(registration(unit))
    return said | typed_of(form)


def typed_of(form: Mapping[str, Any], above: str = "") -> dict[str, str]:
    typed: dict[str, str] = {}
    for name, value in form.items():
        here = f"{above}{name}"
        if isinstance(value, Mapping):
            typed |= typed_of(value, f"{here}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for at, row in enumerate(value):
                typed |= typed_of(row, f"{here}.{at}.")
        elif isinstance(value, list):
            typed[here] = "; ".join(map(str, value)) if "." in above else "\n".join(map(str, value))
        else:
            typed[here] = str(value)
    return typed


def pressed(browser: Browser, said: Mapping[str, str], button: str) -> httpx2.Response:
    """Press a button of the form, as a page without JavaScript sends it."""
    fields = {name: (None, value.encode()) for name, value in {**said, "viec": button}.items()}
    return browser.post(FORM, files=fields)


@pytest.fixture
def browser(rooms: Rooms) -> Browser:
    return rooms.browser(PersonRole.UNIT)


def test_a_form_begins_with_what_the_year_knows_of_the_unit(browser: Browser) -> None:
    said = boxes(browser.get(FORM).text)
    assert (said["unit_code"], said["emulation_year"], said["lan"]) == ("EVNHCMC", "2022", "0")
    assert said["leader.full_name"]
    assert [said[f"targets.{row}.content_code"] for row in range(8)] == [f"ND{row + 1}" for row in range(8)]
    assert "targets.8.content_code" not in said


def test_what_is_filled_in_is_sent_as_a_file_and_answered_on_the_same_page(rooms: Rooms, browser: Browser) -> None:
    answer = pressed(browser, filled(browser), "gui")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{FORM}?don-vi=EVNHCMC")
    (lying,) = waiting(rooms.folder)
    assert lying.relative_to(rooms.folder).as_posix() == "inbox/EVNHCMC/dang-ky-2022-EVNHCMC.yaml"
    page = browser.get(answer.headers["location"]).text
    assert "Đã nằm trong thư mục nhận với tên dang-ky-2022-EVNHCMC.yaml" in html.unescape(page)
    assert 'data-reload="4"' in page
    rooms.serve()
    (job,) = rooms.workspace.ledger.in_states([State.DELIVERED])
    page = browser.get(answer.headers["location"]).text
    assert f'<a href="/ho-so/{job.id}">Bản đăng ký thi đua' in page
    assert "data-reload" not in page
    wanted = yaml.safe_load(registration("EVNHCMC"))
    read: Any = rooms.workspace.reading(job).values
    assert read["headcount"] == wanted["headcount"]
    assert [row["due"] for row in read["targets"]] == [row["due"] for row in wanted["targets"]]
    (event,) = rooms.workspace.ledger.acted("inbox.bring")
    assert event.who == "dien@web"


def test_what_the_door_does_not_take_is_said_and_does_not_count_as_sent(
    rooms: Rooms, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = filled(browser)
    monkeypatch.setattr(dropping, "TAKEN", ("docx",))
    answer = pressed(browser, said, "gui")
    assert answer.status_code == 409
    assert "Không nhận loại tệp này" in html.unescape(answer.text)
    assert not waiting(rooms.folder)
    page = browser.get(FORM).text
    assert "data-reload" not in page
    assert boxes(page)["headcount"] == said["headcount"]


def test_each_fault_stands_beside_its_place_and_nothing_is_sent(rooms: Rooms, browser: Browser) -> None:
    said = filled(browser) | {"headcount": "-3", "targets.2.due": "31/6/2022", "targets.5.measures": ""}
    answer = pressed(browser, said, "gui")
    assert answer.headers["location"] == f"{FORM}?don-vi=EVNHCMC&kiem=1#loi"
    assert not waiting(rooms.folder)
    page = browser.get(f"{FORM}?kiem=1").text
    told = dict(re.findall(r'data-told="([^"]*)">(<li.*?)</ul>', page))
    assert set(told) == {"headcount", "targets.2.due", "targets.5.measures"}
    assert "Ngày này không có trong lịch" in told["targets.2.due"]
    assert "3 chỗ phải sửa" in page
    assert boxes(page)["targets.2.due"] == "31/6/2022"
    assert len(re.findall('aria-invalid="true"', page)) == 3


def test_what_is_found_here_is_what_the_road_finds(rooms: Rooms, browser: Browser) -> None:
    said = filled(browser) | {"headcount": "-3", "activities.0.title": "", "focal_point.phone": "12"}
    pressed(browser, said, "luu")
    there = browser.post(f"{FORM}/xet", files={n: (None, v.encode()) for n, v in (said | {"lan": "1"}).items()})
    here = {text for found in there.json()["told"].values() for _, _, text, _ in found}
    content = written_by_hand(rooms, said)
    job = rooms.drop("tay.yaml", content, "EVNHCMC")
    from pipeline import messages

    assert here == {messages.shown(one.message) for one in rooms.workspace.findings(job)}
    assert len(here) >= 3


def written_by_hand(rooms: Rooms, said: Mapping[str, str]) -> bytes:
    from pipeline.blank_forms.text import write_yaml

    year = rooms.workspace.year(2022)
    form = plan(shipped_kinds().kinds["dang-ky"], year, unit=year.unit("EVNHCMC"), on=MAY.date())
    return write_yaml(written(form, said).plan)


def test_a_warning_is_seen_before_a_form_is_sent_and_stops_nothing(rooms: Rooms, browser: Browser) -> None:
    said = filled(browser) | {"focal_point.phone": "12"}
    answer = pressed(browser, said, "gui")
    assert "kiem=1" in answer.headers["location"]
    assert not waiting(rooms.folder)
    page = browser.get(answer.headers["location"]).text
    assert "Gửi (đã xem các cảnh báo)" in page
    assert "kiem" not in pressed(browser, boxes(page), "gui").headers["location"]
    assert len(waiting(rooms.folder)) == 1


def test_rows_are_added_and_taken_out_by_buttons(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    form = "/bieu-mau/ke-hoach/dien"
    said = boxes(browser.get(form).text)

    def press(button: str) -> tuple[str, dict[str, str]]:
        fields = {name: (None, value.encode()) for name, value in {**said, "viec": button}.items()}
        answer = browser.post(form, files=fields)
        assert answer.status_code == 303, words(answer)
        return answer.headers["location"], boxes(browser.get(form).text)

    assert "activities.1.title" not in said
    said |= {"activities.0.title": "Hội thao"}
    where, said = press("them:activities")
    assert where == f"{form}#activities.1"
    assert (said["activities.0.title"], said["activities.1.title"]) == ("Hội thao", "")
    said |= {"activities.1.title": "Hội thảo"}
    _, said = press("bot:activities.0")
    assert (said["activities.0.title"], "activities.1.title" in said) == ("Hội thảo", False)
    _, said = press("bot:activities.0")
    assert said["activities.0.title"] == ""
    for button in ("bot:activities.99999999999", "bot:x.y", "them:khong-co", "bot:"):
        _, now = press(button)
        assert {**now, "lan": ""} == {**said, "lan": ""}, button
        said = now


def test_a_table_that_has_its_rows_takes_no_more(browser: Browser) -> None:
    said = boxes(browser.get(FORM).text)
    assert 'value="them:targets"' not in browser.get(FORM).text
    pressed(browser, said, "them:targets")
    assert "targets.8.content_code" not in boxes(browser.get(FORM).text)


def test_of_two_windows_the_second_saves_nothing_and_both_are_shown(rooms: Rooms, browser: Browser) -> None:
    first, second = filled(browser), filled(browser)
    pressed(browser, first | {"headcount": "31"}, "luu")
    answer = pressed(browser, second | {"headcount": "52"}, "gui")
    assert answer.status_code == 409
    assert "đã được lưu ở cửa sổ khác lúc" in words(answer)
    assert re.findall(r'class="notice other">([^<]*)<', answer.text) == ["Ở cửa sổ kia: 31"]
    assert not waiting(rooms.folder)
    here = boxes(answer.text)
    assert (here["headcount"], boxes(browser.get(FORM).text)["headcount"]) == ("52", "31")
    # saved once more it is meant
    assert pressed(browser, here, "luu").status_code == 303
    assert boxes(browser.get(FORM).text)["headcount"] == "52"
    told = browser.post(f"{FORM}/xet", files={name: (None, value.encode()) for name, value in first.items()})
    assert (told.status_code, told.json()["is_lost"]) == (409, True)


def test_a_session_that_ends_meanwhile_loses_nothing(rooms: Rooms, browser: Browser) -> None:
    said = filled(browser) | {"headcount": "41", "targets.0.measures": "Dòng một\n<b>Dòng hai</b> & “ba”"}
    browser.cookies.clear()
    answer = pressed(browser, said, "luu")
    assert answer.status_code == 401
    assert "không mất gì" in words(answer)
    kept = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text)
    again = {html.unescape(name): html.unescape(value) for name, value in kept}
    assert again == said | {"viec": "luu"}
    assert browser.post(f"{FORM}/xet", files={"lan": (None, b"0")}).status_code == 401
    browser.come_in("dien")
    assert pressed(browser, again, again["viec"]).status_code == 303
    saved = boxes(browser.get(FORM).text)
    assert (saved["headcount"], saved["targets.0.measures"]) == ("41", said["targets.0.measures"])


def test_a_mark_of_secrecy_is_kept_nowhere(rooms: Rooms, browser: Browser) -> None:
    said = filled(browser) | {"targets.0.measures": "TUYỆT MẬT"}
    for answer in (
        pressed(browser, said, "luu"),
        browser.post(f"{FORM}/xet", files={name: (None, value.encode()) for name, value in said.items()}),
    ):
        assert answer.status_code == 422
        assert "có vẻ mang dấu mật" in answer.text
    assert boxes(browser.get(FORM).text)["lan"] == "0"
    assert not waiting(rooms.folder)
    assert "TUYỆT" not in str(rooms.workspace.ledger.events())


def test_a_unit_fills_in_its_own_form_whatever_is_asked_for(rooms: Rooms, browser: Browser) -> None:
    assert boxes(browser.get(FORM, params={"don-vi": "CATP"}).text)["don-vi"] == "EVNHCMC"
    pressed(browser, filled(browser) | {"don-vi": "CATP"}, "gui")
    assert [path.parent.name for path in waiting(rooms.folder)] == ["EVNHCMC"]
    assert browser.get("/bieu-mau/ke-hoach/dien").status_code == 404
    assert browser.get("/bieu-mau/khong-co/dien").status_code == 404


def test_what_one_person_types_another_does_not_see(rooms: Rooms, browser: Browser) -> None:
    pressed(browser, filled(browser) | {"headcount": "77"}, "luu")
    clerk = rooms.browser(PersonRole.CLERK)
    assert boxes(clerk.get(f"{FORM}?don-vi=EVNHCMC").text)["headcount"] == ""
    assert "đang điền dở" in words(browser.get("/bieu-mau"))
    assert "đang điền dở" not in words(clerk.get("/bieu-mau?don-vi=EVNHCMC"))


def test_a_clerk_names_the_unit_first_and_a_form_of_the_cluster_goes_into_the_clerks_folder(rooms: Rooms) -> None:
    clerk = rooms.browser(PersonRole.CLERK)
    answer = clerk.get(FORM)
    assert (answer.status_code, "chọn đơn vị trước" in words(answer)) == (409, True)
    example = yaml.safe_load(CLUSTERS)
    path = "/bieu-mau/thong-bao/dien"
    said = boxes(clerk.get(path).text) | typed_of(example)
    fields = {name: (None, value.encode()) for name, value in {**said, "viec": "gui"}.items()}
    answer = clerk.post(path, files=fields)
    assert "kiem" not in answer.headers["location"], words(clerk.get(answer.headers["location"]))
    (lying,) = waiting(rooms.folder)
    assert lying.parent.name == rooms.workspace.folders.clerk
    rooms.serve()
    (job,) = rooms.workspace.ledger.in_states([State.DELIVERED])
    assert (job.kind, job.unit) == ("thong-bao", "")


CLUSTERS = """
doc_date: 30/5/2022
subject: phân công thực hiện các nội dung thi đua
content: ["Các đơn vị thành viên rà soát tiến độ thực hiện."]
"""


def test_a_form_is_cleared_and_begins_anew(browser: Browser) -> None:
    pressed(browser, filled(browser) | {"headcount": "77"}, "luu")
    said = boxes(browser.get(FORM).text)
    assert pressed(browser, said | {"lan": "0"}, "bo-phieu").status_code == 409
    assert pressed(browser, said, "bo-phieu").status_code == 303
    assert (boxes(browser.get(FORM).text)["headcount"], boxes(browser.get(FORM).text)["lan"]) == ("", "0")


def test_what_was_cancelled_is_sent_again_as_it_was(rooms: Rooms, browser: Browser, clock: Clock) -> None:
    pressed(browser, filled(browser), "gui")
    rooms.serve()
    pressed(browser, boxes(browser.get(FORM).text), "luu")
    pressed(browser, boxes(browser.get(f"{FORM}?kiem=1").text), "gui")
    rooms.serve()
    states = [job.state for job in rooms.workspace.ledger.in_states(State)]
    assert states == [State.SUPERSEDED, State.DELIVERED]


def test_words_of_others_are_words_and_no_page(rooms: Rooms, browser: Browser) -> None:
    bad = '"><script>alert(1)</script>'
    said = dict.fromkeys(filled(browser), bad) | {"lan": "0", "don-vi": "EVNHCMC"}
    pressed(browser, said, "kiem")
    page = browser.get(f"{FORM}?kiem=1")
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_rows_of_tables_within_tables_are_typed_flat() -> None:
    kind = shipped_kinds().kinds["quy-che"]
    year = rooms_year()
    form = plan(kind, year, on=MAY.date())
    typed = begun(form) | {
        "chapters.0.roman_no": "I",
        "chapters.0.articles.number": "1",
        "chapters.0.articles.title": "Phạm vi",
        "chapters.1.articles.number": "2",
        "chapters.2.articles.number": "",
        "chapters.3.roman_no": "II",
        "chapters.4.articles.number": "3",
        "chapters.5.roman_no": "III",
        "chapters.6.articles.clauses.text": "Lời khoản",
    }
    columns = next(part for part in form.parts() if part.name == "chapters").columns  # type: ignore[union-attr]
    for row in range(7):
        for column in columns:
            typed.setdefault(f"chapters.{row}.{column.name}", "")
    made = written(form, typed)
    table: Any = next(part for part in made.plan.parts() if part.name == "chapters")
    numbers = [[one.get("number") for one in chapter["articles"]] for chapter in table.objects]
    assert numbers == [["1", "2"], ["3"], [None]]
    # of the chapter that has begun, not of the last article before it
    assert table.objects[2]["articles"][0]["clauses"] == [{"text": "Lời khoản"}]
    assert made.name_of(Address.of("/chapters/1/articles/0/title")) == "chapters.4.articles.title"
    assert made.name_of(Address.of("/chapters/1/title")) == "chapters.3.title"
    assert made.name_of(Address.of("/chapters/9")) == "chapters"
    assert made.name_of(Address()) == ""


def rooms_year() -> Any:
    from pipeline import years
    from tests.folders import ROOT

    return years.load(ROOT / "years" / "2022.yaml")
