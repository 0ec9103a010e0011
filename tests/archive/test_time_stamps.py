"""Time stamps of heads: kept beside them, told by `verify`; a service that fails stops nothing."""

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import tsp

from pipeline.archive import time_stamps
from pipeline.archive.time_stamps import STAMPS, stamp, stamp_findings
from tests.archive.small_office import SmallOffice, small_office
from tests.folders import drop, opened, registration, working_folder
from tests.signing import Authority

AT = dt.datetime(2022, 5, 30, 3, 0, tzinfo=dt.UTC)


@contextmanager
def serving(answer: Callable[[bytes], bytes]) -> Iterator[str]:
    """A service on this machine; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200 if said else 503)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def granting(query: bytes) -> bytes:
    response: bytes = Authority("CA thử").stamper(AT).request_tsa_response(tsp.TimeStampReq.load(query)).dump()
    return response


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return small_office(tmp_path / "a")


def note_of(office: SmallOffice) -> str:
    ledger = office.ledger()
    note = ledger.log.head().note
    ledger.close()
    return note


def codes(office: SmallOffice) -> list[str]:
    return [one.code for one in stamp_findings([office.places.anchors])]


def test_a_stamp_of_a_local_service_is_kept_beside_the_heads_and_says_when_and_by_whom(office: SmallOffice) -> None:
    with serving(granting) as url:
        assert stamp(note_of(office), office.places, url)
    (found,) = stamp_findings([office.places.anchors])
    assert found.code == "stamp.holds"
    said = dict(found.message.params)
    assert "TSA thử" in str(said["by"])
    assert said["at"] == f"{AT.astimezone():%H:%M %d/%m/%Y}"


def test_a_stamp_that_is_edited_or_another_heads_is_named(office: SmallOffice) -> None:
    with serving(granting) as url:
        assert stamp(note_of(office), office.places, url)
    (file,) = (office.places.anchors / STAMPS).iterdir()
    whole = file.read_bytes()
    # what is stamped, its time, the signature; certificates beside it are covered by nobody's word
    imprint = hashlib.sha256(note_of(office).encode()).digest()
    for at in (whole.index(imprint), whole.index(b"20220530030000Z") + 3, len(whole) - 9):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert codes(office) == ["stamp.broken"]
    file.write_bytes(whole)
    file.rename(file.with_name("000000000001.tst"))
    assert codes(office) == ["stamp.broken"]
    ledger = office.ledger()
    office.file(ledger, 4)
    office.witness(ledger)
    newest = ledger.log.head()
    ledger.close()
    file.with_name("000000000001.tst").rename(file.with_name(f"{newest.size:012d}.tst"))
    assert codes(office) == ["stamp.broken"]


@pytest.mark.parametrize("answer", [lambda _: b"", lambda _: b"<html>", lambda _: b"0" * 200_000])
def test_a_service_that_gives_no_stamp_leaves_none(office: SmallOffice, answer: Callable[[bytes], bytes]) -> None:
    with serving(answer) as url:
        assert not stamp(note_of(office), office.places, url)
    assert not stamp(note_of(office), office.places, url), "nobody is there now"
    assert not (office.places.anchors / STAMPS).exists()


def test_an_answer_to_another_question_is_not_kept(office: SmallOffice) -> None:
    def replayed(query: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(query)
        asked["message_imprint"]["hashed_message"] = bytes(32)
        return granting(asked.dump())

    with serving(replayed) as url:
        assert not stamp(note_of(office), office.places, url)


def test_a_service_that_does_not_answer_is_not_waited_for_long(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_stamps, "_SECONDS", 0.05)
    asked = threading.Event()

    def silent(_: bytes) -> bytes:
        asked.wait(5)
        return b""

    with serving(silent) as url:
        assert not stamp(note_of(office), office.places, url)
        asked.set()


def test_a_round_of_work_stamps_its_head_where_the_settings_name_a_service_and_verify_tells_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.folders import run

    folder = working_folder(tmp_path / "office")
    with serving(granting) as url:
        config = folder / "config.yaml"
        config.write_text(f"{config.read_text('utf-8')}\nproof:\n  time_stamp_url: {url}\n", encoding="utf-8")
        drop(folder, "dk.yaml", registration("CATP"), "CATP")
        assert run("-C", str(folder), "run") == 0
    assert len(list((folder / "moc-so" / STAMPS).iterdir())) == 1
    capsys.readouterr()
    assert run("-C", str(folder), "verify") == 0
    assert "TSA thử" in capsys.readouterr().out
    with opened(folder) as workspace:
        assert workspace.practice.time_stamp_url == url
