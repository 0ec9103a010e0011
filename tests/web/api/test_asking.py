"""What programs ask: documents, what was found, files, both books."""

import hashlib

import pytest

from pipeline.model import PersonRole
from pipeline.web.api.call import ROOT
from tests.folders import drop, registration
from tests.web.api.program import Program
from tests.web.browser import Rooms

CLERK, UNIT, READER = PersonRole.CLERK, PersonRole.UNIT, PersonRole.READER


def ids(page: dict[str, list[dict[str, int]]]) -> list[int]:
    return [one["id"] for one in page["documents"]]


def test_documents_are_listed_the_newest_first_page_by_page(busy: Rooms) -> None:
    program = Program(busy, CLERK)
    first = program.ask("/documents", limit=2)
    whole, following = ids(first), first["next"]
    while following:
        page = program.ask(following.removeprefix(ROOT))
        whole, following = whole + ids(page), page["next"]
    assert whole == sorted(whole, reverse=True)
    assert whole == ids(program.ask("/documents"))
    assert {1, 2, 3, 4, 5} <= set(whole)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"state": "returned"}, {3}),
        ({"unit": "CATP"}, {2}),
        ({"kind": "dang-ky", "state": "archived,delivered"}, {1, 2, 5}),
        ({"year": 1999}, set()),
        ({"before": 3}, {1, 2}),
    ],
)
def test_documents_are_filtered(busy: Rooms, asked: dict[str, str | int], wanted: set[int]) -> None:
    assert set(ids(Program(busy, CLERK).ask("/documents", **asked))) == wanted


@pytest.mark.parametrize("asked", ["state=lost", "limit=0", "limit=201", "before=x", "year=-1", "limit=²"])
def test_a_filter_that_cannot_be_is_told(busy: Rooms, asked: str) -> None:
    answer = Program(busy, CLERK).get(f"{ROOT}/documents?{asked}")
    assert (answer.status_code, answer.json()["code"]) == (422, "body.unreadable")


def test_a_document_says_where_it_stands_and_gives_its_files(busy: Rooms) -> None:
    program = Program(busy, CLERK)
    said = program.ask("/documents/3")
    assert (said["state"], said["unit"], said["state_text"]) == ("returned", "SATRA", "trả lại, cần sửa")
    assert "sửa" in said["next_step"]
    submission = next(one for one in said["files"] if one["role"] == "submission")
    answer = program.get(submission["href"])
    assert hashlib.sha256(answer.content).hexdigest() == submission["sha256"] == said["submission_sha256"]
    assert answer.headers["content-disposition"].startswith("attachment")
    (found,) = [one for one in program.ask("/documents/3/findings")["findings"] if one["severity"] == "block"]
    assert (found["pointer"], "đăng ký" in found["message"].lower() or bool(found["message"])) == ("/headcount", True)
    events = program.ask("/documents/3/events")["events"]
    assert [one["to_state"] for one in events][-1] == "returned"


def test_the_books_are_read_by_words_without_accents(busy: Rooms) -> None:
    program = Program(busy, READER)
    said = program.ask("/registers/incoming")
    assert said["total"] == len(said["numbers"]) == 1
    (number,) = said["numbers"]
    assert (number["document"], number["status"]) == (5, "filed")
    assert number["columns"]["title"]
    assert program.ask("/registers/incoming", words="dang ky thi dua")["total"] == 1
    assert program.ask("/registers/incoming", words="khong co gi")["total"] == 0
    assert program.ask("/registers/outgoing")["total"] == 0
    assert program.get(f"{ROOT}/registers/other").json()["code"] == "not-found"


def test_what_became_of_a_file_is_told_by_its_bytes_and_not_of_another_unit(rooms: Rooms) -> None:
    content = registration("CATP").encode()
    sha256 = hashlib.sha256(content).hexdigest()
    clerk, unit = Program(rooms, CLERK), Program(rooms, UNIT)
    drop(rooms.folder, "dk.yaml", content, "CATP")
    assert clerk.ask(f"/drops/{sha256}")["documents"] == []
    rooms.serve()
    (document,) = clerk.ask(f"/drops/{sha256}")["documents"]
    assert (document["unit"], document["state"]) == ("CATP", "delivered")
    assert unit.ask(f"/drops/{sha256}")["documents"] == []


def test_a_unit_is_told_of_its_own_folder_alone(rooms: Rooms) -> None:
    drop(rooms.folder, "của điện.yaml", "x: 1\n...\n", "EVNHCMC")
    drop(rooms.folder, "của người khác.yaml", "x: 1\n...\n", "CATP")
    (folder,) = Program(rooms, UNIT).ask("/folders")["folders"]
    assert (folder["folder"], folder["lying"]) == ("EVNHCMC", ["của điện.yaml"])
    assert {one["folder"] for one in Program(rooms, CLERK).ask("/folders")["folders"]} > {"EVNHCMC", "da-ky"}
