"""What a person sees of a document and does with it; each act stands in the history with the person."""

import datetime as dt
import re

import pytest

from pipeline.app import blank_forms
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import Job, PersonRole, State
from tests.folders import Clock, drop, registration
from tests.sample_papers import paper, signed_paper
from tests.web.browser import Rooms, words


@pytest.fixture
def delivered(rooms: Rooms) -> Job:
    return rooms.drop("dk-catp.yaml", registration("CATP"), "CATP")


def number_shown(page: str) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_returned_form_says_where_its_faults_are_and_how_to_mend_them(busy: Rooms) -> None:
    text = busy.browser(PersonRole.CLERK).text("/ho-so/3")
    assert "trả lại, cần sửa" in text
    assert "mục “Số cán bộ, công chức, nhân viên văn phòng”" in text
    assert "Cách sửa: Ghi số từ 1 trở lên" in text
    assert "dk-satra.yaml" in text


def test_all_that_people_may_take_is_given_byte_by_byte_to_be_saved(busy: Rooms) -> None:
    browser = busy.browser(PersonRole.CLERK)
    page = browser.get("/ho-so/1").text
    links = re.findall(r'href="(/ho-so/1/tep/([0-9a-f]{64}))" download>([^<]+)<', page)
    assert {name.rpartition(".")[2] for _, _, name in links} == {"yaml", "docx"}
    for path, sha256, name in links:
        answer = browser.get(path)
        assert answer.content == busy.workspace.spool.get(sha256)
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert answer.headers["content-type"] == "application/octet-stream", name


def test_what_is_the_programs_own_is_given_to_nobody(busy: Rooms) -> None:
    browser = busy.browser(PersonRole.CLERK)
    offered = browser.get("/ho-so/1").text
    held_back = [one for one in busy.workspace.ledger.artifacts(1) if one.sha256 not in offered]
    assert {one.role.value for one in held_back} >= {"bundle", "values", "reading"}
    assert {browser.get(f"/ho-so/1/tep/{one.sha256}").status_code for one in held_back} == {404}


def test_a_reader_gets_of_a_filed_document_what_is_filed(busy: Rooms) -> None:
    page = busy.browser(PersonRole.READER).get("/ho-so/5").text
    assert re.findall(r"download>([^<]+)<", page) != []
    assert "dk-dhqg.yaml</a>" not in page


def test_the_pages_of_a_paper_are_shown_as_pictures(busy: Rooms) -> None:
    browser = busy.browser(PersonRole.CLERK)
    answer = browser.get("/ho-so/4/trang/1")
    assert (answer.headers["content-type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    for page in (0, 99, 100_000_000_000):
        assert browser.get(f"/ho-so/4/trang/{page}").status_code == 404
    assert browser.get("/ho-so/3/trang/1").status_code == 404  # a form in YAML has none


def test_a_clerk_takes_the_number_that_was_shown(rooms: Rooms, delivered: Job) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    shown = number_shown(browser.get(f"/ho-so/{delivered.id}").text)
    answer = browser.decide("cap-so", delivered, shown=shown)
    assert answer.headers["location"] == f"/ho-so/{delivered.id}"
    job = rooms.job(delivered)
    assert (job.state, job.number) == (State.NUMBERED, shown)
    assert rooms.workspace.ledger.events(job.id)[-1].who == "lan@web"
    assert (rooms.workspace.ledger.number_entry(job.id) or pytest.fail()).who == "lan@web"
    assert "lan@web" in browser.text(f"/ho-so/{delivered.id}")


def test_asked_twice_the_number_is_the_same(rooms: Rooms, delivered: Job) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    shown = number_shown(browser.get(f"/ho-so/{delivered.id}").text)
    browser.decide("cap-so", delivered, shown=shown)
    assert browser.decide("cap-so", delivered, shown=shown).status_code == 303
    assert [row.no for row in rooms.workspace.ledger.entries() if row.verb == "number"] == [1]


def test_another_number_than_the_one_shown_is_said_loudly(rooms: Rooms, delivered: Job) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    shown = number_shown(browser.get(f"/ho-so/{delivered.id}").text)
    other = rooms.drop("dk-satra.yaml", registration("SATRA"), "SATRA")
    browser.decide("cap-so", other, shown=shown)
    answer = browser.decide("cap-so", delivered, shown=shown)
    assert answer.status_code == 200
    assert f"không phải {shown} như đã hiện" in words(answer)
    assert rooms.job(delivered).number != shown


def test_of_two_windows_the_second_does_nothing(rooms: Rooms, delivered: Job) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    browser.decide("cap-so", delivered, shown="")
    answer = browser.decide("huy", delivered, why="nhầm")
    assert answer.status_code == 409
    assert "đã thay đổi từ lúc mở trang này" in words(answer)
    assert rooms.job(delivered).state is State.NUMBERED


def test_what_does_not_say_what_it_was_decided_on_does_nothing(rooms: Rooms, delivered: Job) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    for sequence in ("", "-1", "x", "99999999999999999999"):
        answer = browser.post(f"/ho-so/{delivered.id}/huy", data={"sequence": sequence, "why": "nhầm"})
        assert (answer.status_code, rooms.job(delivered).state) == (409, State.DELIVERED), sequence


def test_nothing_is_decided_without_a_reason(rooms: Rooms, delivered: Job) -> None:
    answer = rooms.browser(PersonRole.CLERK).decide("huy", delivered, why=" \t\n")
    assert (answer.status_code, "Hãy ghi lý do" in words(answer)) == (409, True)
    assert rooms.job(delivered).state is State.DELIVERED


def test_what_is_cancelled_leaves_the_outbox_with_the_clerks_reason_in_the_history(
    rooms: Rooms, delivered: Job
) -> None:
    lying = [rooms.folder / "outbox" / path for path in rooms.workspace.ledger.standing(delivered.id)]
    assert all(path.is_file() for path in lying)
    answer = rooms.browser(PersonRole.CLERK).decide("huy", delivered, why="đơn vị  rút lại")
    assert answer.status_code == 303
    assert rooms.job(delivered).state is State.CANCELLED
    assert not any("cho-ky" in str(path) for path in lying if path.exists())
    event = rooms.workspace.ledger.events(delivered.id)[-1]
    assert (event.who, event.why) == ("lan@web", "đơn vị rút lại")


def test_a_paper_nobody_signed_is_taken_for_the_reason_given(rooms: Rooms, delivered: Job) -> None:
    held = rooms.drop("in.pdf", paper(delivered.code), "da-ky")
    browser = rooms.browser(PersonRole.CLERK)
    text = browser.text("/cho-ky")
    assert f"Có vẻ là Bản đăng ký thi đua (#{delivered.id})" in text
    assert "Không thấy chữ ký, con dấu" in text
    assert browser.decide("nhan-ban-ky", held, why="đã xem bản giấy").status_code == 303
    assert (rooms.job(held).state, rooms.job(delivered).state) == (State.MATCHED, State.SIGNED)
    event = rooms.workspace.ledger.events(held.id)[-1]
    assert (event.who, "đã xem bản giấy" in event.why) == ("lan@web", True)


def test_a_paper_is_sent_back_with_the_clerks_words(rooms: Rooms, delivered: Job) -> None:
    held = rooms.drop("in.pdf", paper(delivered.code), "da-ky")
    assert rooms.browser(PersonRole.CLERK).decide("tra-ban-ky", held, why="thiếu chữ ký").status_code == 303
    assert rooms.job(held).state is State.RETURNED
    assert any("in" in path for path in rooms.workspace.ledger.standing(held.id))


def test_a_paper_is_taken_for_the_document_that_is_named(rooms: Rooms, delivered: Job) -> None:
    held = rooms.drop("in.pdf", paper("VT" + "0" * 14), "da-ky")
    browser = rooms.browser(PersonRole.CLERK)
    for said in ("", "x", "#", "١٢"):
        answer = browser.decide("ghep-ban-ky", held, why="đã xem", document=said)
        assert (answer.status_code, "ví dụ #12" in words(answer)) == (404, True), said
    assert browser.decide("ghep-ban-ky", held, why="đã xem", document=f"#{delivered.id}").status_code == 303
    assert rooms.job(delivered).state is State.SIGNED


def test_the_board_of_the_first_page_changes_with_the_ledger(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.LEADER)
    assert "Chưa nhận tệp nào" in browser.text("/")
    job = rooms.drop("dk-catp.yaml", registration("CATP"), "CATP")
    assert "1 đang chờ ký" in browser.text("/")
    rooms.drop("quet.pdf", signed_paper(job.code), "da-ky")
    assert "0 đang chờ ký" in browser.text("/")


def test_a_leader_sees_no_button_that_decides(busy: Rooms) -> None:
    browser = busy.browser(PersonRole.LEADER)
    for path in ("/ho-so/1", "/ho-so/4", "/cho-ky"):
        assert re.findall(r'<form[^>]*action="([^"]*)"', browser.get(path).text) == ["/ra"], path


def test_what_a_clerk_enters_beside_a_number_stands_in_the_book(rooms: Rooms, delivered: Job) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    browser.decide("cap-so", delivered, shown="")
    job = rooms.job(delivered)
    fields = {"receipt": "Bà Lan", "sent_on": "2022-05-30", "remark": "gửi hỏa tốc", "number": "99", "no": "7"}
    assert browser.decide("ghi-so", job, why="giao tận tay", **fields).status_code == 303
    text = browser.text(f"/ho-so/{job.id}")
    assert "Ký nhận Bà Lan lan@web" in text
    assert "Ngày chuyển 30/05/2022 lan@web" in text
    assert "1-ĐẾN" in browser.get(f"/ho-so/{job.id}").text
    for wrong, told in (({"sent_on": "30/02/2022"}, "không phải là ngày"), ({}, "Chưa điền gì")):
        answer = browser.decide("ghi-so", job, why="x", **wrong)
        assert (answer.status_code, told in words(answer)) == (409, True)
    rooms.serve()
    assert rooms.workspace.ledger.entries_of(job.id)[-1].who == "lan@web"


def test_a_number_is_made_void_and_never_given_again(rooms: Rooms, delivered: Job) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    browser.decide("cap-so", delivered, shown="")
    given = rooms.job(delivered).number
    assert browser.decide("huy-so", rooms.job(delivered), why="viết nhầm").status_code == 303
    assert (rooms.job(delivered).state, rooms.job(delivered).number) == (State.DELIVERED, "")
    assert number_shown(browser.get(f"/ho-so/{delivered.id}").text) != given
    assert "viết nhầm" in browser.text("/so?quyen=den")


def test_what_was_sent_back_is_done_again(rooms: Rooms) -> None:
    job = rooms.drop("dk-satra.yaml", registration("SATRA", headcount=-3), "SATRA")
    browser = rooms.browser(PersonRole.CLERK)
    assert "Cho làm lại: đọc và kiểm tra lại" in browser.text(f"/ho-so/{job.id}")
    assert browser.decide("lam-lai", job, why="đã sửa quy tắc").status_code == 303
    assert rooms.job(job).state is State.RECEIVED
    rooms.serve()
    assert rooms.job(job).state is State.RETURNED
    answer = browser.decide("lam-lai", rooms.drop("dk.yaml", registration("CATP"), "CATP"), why="x")
    # a document that is out is made anew as a new version
    assert answer.status_code == 303


def test_a_file_nobody_could_look_into_is_let_in_by_who_has_looked(rooms: Rooms) -> None:
    # encrypted as far as anybody can tell
    drop(rooms.folder, "khoa.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "CATP")
    serve_once(Worker(rooms.workspace, 1), Rhythm(1, 0))
    browser = rooms.browser(PersonRole.CLERK)
    page = browser.get("/").text
    found = re.search(r'name="incident" value="(\d+)"', page)
    assert found is not None
    assert browser.post("/su-co", data={"incident": found[1], "why": " "}).status_code == 409
    assert browser.post("/su-co", data={"incident": found[1], "why": "đã mở xem"}).status_code == 303
    serve_once(Worker(rooms.workspace, 1), Rhythm(1, 0))
    assert [job.name for job in rooms.workspace.ledger.latest(5)] == ["khoa.docx"]
    for number in ("x", "-1", "", "999999999999"):
        assert browser.post("/su-co", data={"incident": number, "why": "x"}).status_code == 404


def test_one_button_writes_the_letter_to_those_who_lack_and_writes_it_once(rooms: Rooms, clock: Clock) -> None:
    clock.now += dt.timedelta(days=3)
    browser = rooms.browser(PersonRole.CLERK)
    assert "Bản đăng ký thi đua: lập công văn đôn đốc 10 đơn vị" in browser.text("/nam")
    first = browser.post("/don-doc", data={"kind": "dang-ky"})
    rooms.serve()
    assert (first.status_code, browser.post("/don-doc", data={"kind": "dang-ky"}).headers) == (303, first.headers)
    (letter,) = rooms.workspace.ledger.latest(5)
    assert (letter.kind, rooms.workspace.ledger.events(letter.id)[0].who) == ("cong-van", "lan@web")
    assert browser.post("/don-doc", data={"kind": ""}).status_code == 409
    assert browser.post("/don-doc", data={"kind": "khong-co"}).status_code == 404
    assert "đôn đốc" not in rooms.browser(PersonRole.LEADER).text("/nam")


def test_forms_come_filled_in_with_what_the_year_knows_of_the_unit(busy: Rooms) -> None:
    unit = busy.browser(PersonRole.UNIT)
    answer = unit.get("/bieu-mau/dang-ky/xlsx?don-vi=CATP")
    assert "dang-ky-2022-EVNHCMC.xlsx" in answer.headers["content-disposition"]
    assert answer.content == blank_forms.form_of(busy.workspace, "dang-ky", "EVNHCMC", "xlsx")
    clerk = busy.browser(PersonRole.CLERK)
    assert "CATP.docx" in clerk.get("/bieu-mau/dang-ky/docx?don-vi=CATP").headers["content-disposition"]
    assert clerk.get("/bieu-mau/dang-ky/docx?don-vi=KHONGCO").status_code == 404
    assert {clerk.get(f"/bieu-mau/{name}").status_code for name in ("khong-co/docx", "dang-ky/exe")} == {404}
    # what the cluster draws up is none of a unit's forms
    assert clerk.get("/bieu-mau/ke-hoach/docx").status_code == 200
    assert unit.get("/bieu-mau/ke-hoach/docx").status_code == 404


def test_a_warning_is_accepted_with_the_clerks_reason(rooms: Rooms, clock: Clock) -> None:
    clock.now += dt.timedelta(days=5)
    job = rooms.drop("dk.yaml", registration("CATP", submit_date="2022-06-03"), "CATP")
    browser = rooms.browser(PersonRole.CLERK)
    assert "Chấp nhận cảnh báo DK10" in browser.text(f"/ho-so/{job.id}")
    assert "1 cảnh báo cần xem" in browser.text("/")
    assert browser.decide("chap-nhan", rooms.job(job), rule="DK10", why="đã xin phép").status_code == 303
    assert "lan@web chấp nhận lúc 04/06/2022 09:00: đã xin phép" in browser.text(f"/ho-so/{job.id}")
    assert "0 cảnh báo cần xem" in browser.text("/")
    assert browser.decide("chap-nhan", rooms.job(job), rule="DK99", why="x").status_code == 404


def test_who_dropped_a_form_of_another_unit_sees_the_answer_and_nothing_else_of_that_unit(rooms: Rooms) -> None:
    theirs = rooms.drop("cua-catp.yaml", registration("CATP"), "CATP")
    wrong = rooms.drop("nham.yaml", registration("CATP", headcount=25), "EVNHCMC")
    browser = rooms.browser(PersonRole.UNIT)
    assert browser.get(f"/ho-so/{theirs.id}").status_code == 404
    assert "nham.yaml" in browser.text("/tha-tep")
    for path in ("/", "/tha-tep", f"/ho-so/{wrong.id}"):
        assert "cua-catp" not in browser.text(path)
