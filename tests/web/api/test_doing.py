"""What programs do: files are dropped, numbers taken, papers decided about; each once, in the account's name."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pipeline.model import PersonRole, State
from pipeline.web.api.call import ROOT
from tests.folders import registration, waiting
from tests.sample_papers import paper, signed_paper
from tests.web.api.program import Program
from tests.web.browser import Rooms

CLERK, UNIT = PersonRole.CLERK, PersonRole.UNIT
FORM = b"x: 1\n...\n"


def test_files_are_dropped_as_a_form_and_it_stands_in_the_history_whose_program_it_was(rooms: Rooms) -> None:
    form = registration("CATP").encode()
    answer = Program(rooms, CLERK).do(
        "/drops", data={"folder": "CATP"}, files=[("file", ("đk.yaml", form)), ("file", ("rỗng.docx", b""))]
    )
    assert answer.status_code == 201
    taken, refused = answer.json()["files"]
    assert (taken["name"], taken["is_taken"], taken["sha256"]) == ("đk.yaml", True, hashlib.sha256(form).hexdigest())
    assert (refused["is_taken"], "Tệp rỗng" in refused["refusal"]) == (False, True)
    rooms.serve()
    (document,) = Program(rooms, CLERK).ask(taken["href"].removeprefix(ROOT))["documents"]
    assert (document["name"], document["folder"]) == ("đk.yaml", "CATP")
    assert [event.who for event in rooms.workspace.ledger.acted("inbox.bring")] == ["lan@api"]


def test_one_file_is_dropped_as_the_whole_body_into_the_units_own_folder(rooms: Rooms) -> None:
    program = Program(rooms, UNIT)
    assert program.do("/drops", content=FORM, params={"name": "phiếu.yaml"}).json()["folder"] == "EVNHCMC"
    (path,) = waiting(rooms.folder)
    assert (path.parent.name, path.name, path.read_bytes()) == ("EVNHCMC", "phiếu.yaml", FORM)
    elsewhere = program.do("/drops", content=FORM, params={"name": "phiếu.yaml", "folder": "CATP"})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "role.refused")
    assert len(waiting(rooms.folder)) == 1


def test_what_is_not_taken_is_told_file_by_file(rooms: Rooms) -> None:
    answer = Program(rooms, CLERK).do("/drops", content=b"MZ", params={"name": "chay.exe", "folder": "CATP"})
    said = answer.json()
    assert (answer.status_code, said["code"]) == (422, "drop.refused")
    assert "Không nhận loại tệp này" in said["files"][0]["refusal"]
    assert not waiting(rooms.folder)


def test_a_file_that_is_larger_than_may_be_is_refused(rooms: Rooms) -> None:
    program = Program(rooms, CLERK)
    answer = program.do("/documents/1/cancel", {"sequence": 1, "why": "x" * 300_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "body.too-large")


def test_what_is_sent_again_under_its_key_is_answered_the_same_and_done_once(rooms: Rooms) -> None:
    program = Program(rooms, CLERK)
    sent: dict[str, Any] = {"data": {"folder": "CATP"}, "files": {"file": ("a.yaml", FORM)}}
    first, again = (program.do("/drops", key="khoa-so-0001", **sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert [path.name for path in waiting(rooms.folder)] == ["a.yaml"]
    other = program.do("/drops", key="khoa-so-0001", data=sent["data"], files={"file": ("a.yaml", b"y: 1\n...\n")})
    assert (other.status_code, other.json()["code"]) == (422, "key.other-body")
    # a key is the account's own: another one's is another act
    assert Program(rooms, UNIT).do("/drops", key="khoa-so-0001", files=sent["files"]).status_code == 201
    assert len(waiting(rooms.folder)) == 2


def test_a_refusal_is_answered_the_same_too_and_trouble_is_not_kept(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.app import dropping

    program = Program(rooms, CLERK)
    sent: dict[str, Any] = {"data": {"folder": "CATP"}, "files": {"file": ("a.yaml", FORM)}}

    def full(_fd: int, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(dropping, "write_all", full)
        answer = program.do("/drops", key="khoa-so-0002", **sent)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"]
    assert program.do("/drops", key="khoa-so-0002", **sent).status_code == 201
    wrong = {"sequence": 99, "why": "thử"}
    job = rooms.drop("dk.yaml", registration("SATRA"), "SATRA")
    refused = [program.do(f"/documents/{job.id}/cancel", wrong, key="khoa-so-0003") for _ in range(2)]
    assert [(one.status_code, one.json()["code"]) for one in refused] == [(409, "document.changed")] * 2
    assert rooms.job(job).state is State.DELIVERED


@pytest.mark.parametrize("key", ["", "ngan", "x" * 129, "có dấu là sai"])
def test_no_act_without_a_key(rooms: Rooms, key: str) -> None:
    program = Program(rooms, CLERK)
    headers = {b"idempotency-key": key.encode()} if key else {}
    answer = program.post(f"{ROOT}/drops?name=a.yaml&folder=CATP", content=FORM, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "key.missing")
    assert not waiting(rooms.folder)


def test_of_many_at_once_under_one_key_one_is_done(rooms: Rooms) -> None:
    programs = [Program(rooms, CLERK) for _ in range(6)]
    with ThreadPoolExecutor(len(programs)) as pool:
        sent: dict[str, Any] = {"data": {"folder": "CATP"}, "files": {"file": ("a.yaml", FORM)}}
        answers = list(pool.map(lambda one: one.do("/drops", key="khoa-so-0004", **sent).status_code, programs))
    assert set(answers) <= {201, 409}
    assert [path.name for path in waiting(rooms.folder)] == ["a.yaml"]


def test_a_number_is_shown_then_given_and_asked_again_it_is_the_same(rooms: Rooms) -> None:
    job, program = rooms.drop("dk.yaml", registration("CATP"), "CATP"), Program(rooms, CLERK)
    assert program.ask(f"/documents/{job.id}/number") == {"number": "1-ĐẾN", "series": "ĐẾN/2022", "warning": ""}
    given = program.decide(job, "number", shown="7-ĐẾN").json()
    assert (given["number"], given["was_shown"], given["document"]["state"]) == ("1-ĐẾN", False, "numbered")
    assert program.decide(job, "number", shown="1-ĐẾN").json()["was_shown"]
    (event,) = [one for one in rooms.workspace.ledger.events(job.id) if one.to_state == "numbered"]
    assert event.who == "lan@api"
    voided = program.decide(rooms.job(job), "void", why="nhầm")
    assert (voided.status_code, voided.json()["number"]) == (200, "")


def test_a_returned_paper_is_taken_matched_or_refused(rooms: Rooms) -> None:
    first, second = (rooms.drop(f"{unit}.yaml", registration(unit), unit) for unit in ("CATP", "SATRA"))
    program = Program(rooms, CLERK)
    unsigned = rooms.drop("in.pdf", paper(first.code), "da-ky")
    refused = program.decide(unsigned, "refuse", why="chưa ký")
    assert (refused.status_code, refused.json()["state"]) == (200, "returned")
    again = program.decide(rooms.job(unsigned), "confirm", why="đã ký, nhìn tận mắt")
    assert (again.status_code, again.json()["state"]) == (200, "matched")
    nameless = rooms.drop("quet.pdf", signed_paper(""), "da-ky")
    matched = program.decide(nameless, "match", why="đúng bản này", document=second.id)
    assert (matched.status_code, matched.json()["state"]) == (200, "matched")


def test_a_decision_without_reason_or_of_another_shape_is_none(rooms: Rooms) -> None:
    job, program = rooms.drop("dk.yaml", registration("CATP"), "CATP"), Program(rooms, CLERK)
    for body in ({"sequence": job.sequence, "why": "  "}, {"why": "x"}, {"sequence": "x", "why": "x"}):
        answer = program.do(f"/documents/{job.id}/cancel", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "body.unreadable")
    answer = program.do(f"/documents/{job.id}/cancel", content=b"{")
    assert (answer.status_code, answer.json()["code"]) == (422, "body.unreadable")
    assert rooms.job(job) == job


def test_a_number_gets_its_remark_and_warnings_are_accepted(rooms: Rooms) -> None:
    job, program = rooms.drop("dk.yaml", registration("CATP"), "CATP"), Program(rooms, CLERK)
    program.decide(job, "number")
    entered = program.do(f"/documents/{job.id}/columns", {"why": "giao tay", "receipt": "Nguyễn A"})
    assert entered.status_code == 200
    (row,) = program.ask("/registers/incoming")["numbers"]
    assert row["columns"]["receipt"] == "Nguyễn A"
    none = program.decide(rooms.job(job), "accept", why="được", rule="DK99")
    assert (none.status_code, none.json()["code"]) == (404, "not-found")
