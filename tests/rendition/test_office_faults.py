"""LibreOffice misbehaving: stand-ins that hang, die, say nothing or write nonsense, and the real one maltreated."""

import http.server
import io
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.errors import ToolCrashed, ToolTimeout
from pipeline.papers import codes
from pipeline.rendition import UnsoundRendition, render
from pipeline.tools import processes
from pipeline.tools.soffice import DraftRefused, Office, instance
from tests.sample_papers import word_document

CODE = codes.new_code("faults")
DOCUMENT = word_document(CODE, pages=1)
PDF_HEAD = b"%PDF-1.6\n"


def _program(folder: Path, name: str, body: str) -> str:
    """A stand-in shell program; each run leaves its process number in `<name>.runs`."""
    path = folder / name
    path.write_text(f'#!/bin/sh\necho $$ >> "{folder}/{name}.runs"\n{body}\n', encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def _runs(folder: Path, name: str) -> list[int]:
    return [int(line) for line in (folder / f"{name}.runs").read_text(encoding="ascii").split()]


def _lives(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return False


def _alone(folder: Path, body: str, timeout_s: float = 30) -> Office:
    """An Office of one process per document whose LibreOffice is the stand-in `body`."""
    return Office(folder / "office", program=_program(folder, "soffice", body), warm=False, timeout_s=timeout_s)


# In "$@" the folder follows --outdir; the stand-ins write where soffice would.
OUT = 'while [ "$1" != --outdir ]; do shift; done; out="$2/document.pdf"\n'


def test_one_that_hangs_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    # many: those killed last are still there when the first is reaped, if nobody waits for them
    some = f'for _ in $(seq 200); do sleep 600 & echo $! >> "{tmp_path}/soffice.runs"; done; wait'
    with _alone(tmp_path, some, timeout_s=2) as office:
        began = time.monotonic()
        with pytest.raises(ToolTimeout, match="2"):
            office.convert(DOCUMENT)
        assert time.monotonic() - began < 6
    assert len(_runs(tmp_path, "soffice")) == 201
    assert not any(_lives(pid) for pid in _runs(tmp_path, "soffice"))


@pytest.mark.parametrize("death", ["kill -9 $$", "kill -SEGV $$", "exit 77"])
def test_one_that_dies_is_tried_once_more_and_then_called_a_crash(tmp_path: Path, death: str) -> None:
    with _alone(tmp_path, death) as office, pytest.raises(ToolCrashed):
        office.convert(DOCUMENT)
    assert len(_runs(tmp_path, "soffice")) == 2


def test_status_zero_without_a_pdf_is_not_believed(tmp_path: Path) -> None:
    with _alone(tmp_path, "exit 0") as office, pytest.raises(DraftRefused, match="no PDF"):
        office.convert(DOCUMENT)


def test_status_zero_with_garbage_is_not_believed(tmp_path: Path) -> None:
    with _alone(tmp_path, f'{OUT} echo "Sorry" > "$out"') as office, pytest.raises(DraftRefused, match="no PDF"):
        office.convert(DOCUMENT)


def test_garbage_that_begins_as_a_pdf_is_not_believed(tmp_path: Path) -> None:
    with (
        _alone(tmp_path, f'{OUT} (echo "%PDF-1.6"; head -c 2000 /dev/urandom) > "$out"') as office,
        pytest.raises(UnsoundRendition),
    ):
        render(DOCUMENT, office)


def test_one_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    body = f'{OUT} [ $(wc -l < "{tmp_path}/soffice.runs") -gt 1 ] || kill -9 $$\necho "%PDF-1.6" > "$out"'
    with _alone(tmp_path, body) as office:
        assert office.convert(DOCUMENT) == PDF_HEAD


def test_nothing_of_a_document_stays_on_the_disk(tmp_path: Path) -> None:
    with _alone(tmp_path, f'{OUT} echo "%PDF-1.6" > "$out"') as office:
        office.convert(DOCUMENT)
    assert not list(tmp_path.rglob("document.*"))


def _bridged(folder: Path, body: str, timeout_s: float = 30) -> Office:
    """An Office kept warm whose bridge is the stand-in `body`, whose LibreOffice works one document at a time."""
    soffice = _program(folder, "soffice", f'{OUT} echo "%PDF-1.6" > "$out"')
    python = _program(folder, "python", body)
    return Office(folder / "office", program=soffice, python=python, timeout_s=timeout_s)


READY = """echo '{"ready": true}'\nread request\n"""


def test_a_warm_one_that_hangs_is_stopped_and_the_next_document_gets_a_fresh_one(tmp_path: Path) -> None:
    with _bridged(tmp_path, f"{READY} sleep 600", timeout_s=0.5) as office:
        for _ in range(2):
            with pytest.raises(ToolTimeout):
                office.convert(DOCUMENT)
        assert len(_runs(tmp_path, "python")) == 2
        assert not any(_lives(pid) for pid in _runs(tmp_path, "python"))


@pytest.mark.parametrize(
    "answer", ["exit 1", "echo nonsense", "echo []", """echo '{"crashed": "disposed"}'""", "echo '{}'"]
)
def test_a_warm_one_that_dies_or_babbles_is_tried_once_more_and_then_called_a_crash(
    tmp_path: Path, answer: str
) -> None:
    with _bridged(tmp_path, READY + answer) as office, pytest.raises(ToolCrashed):
        office.convert(DOCUMENT)
    assert len(_runs(tmp_path, "python")) == 2


def test_a_warm_one_that_boasts_is_not_believed(tmp_path: Path) -> None:
    with _bridged(tmp_path, f"{READY} echo '{{\"ok\": true}}'\nread more") as office, pytest.raises(DraftRefused):
        office.convert(DOCUMENT)


@pytest.mark.parametrize("start", ["exit 1", "echo nonsense", """echo '{"crashed": "no listener"}'"""])
def test_where_uno_cannot_be_had_each_document_gets_its_own_process(tmp_path: Path, start: str) -> None:
    with _bridged(tmp_path, start) as office:
        assert office.convert(DOCUMENT) == PDF_HEAD
        assert office.convert(DOCUMENT) == PDF_HEAD
    assert len(_runs(tmp_path, "python")) == 1  # and UNO is not tried in vain for each


def test_one_that_did_not_start_once_is_started_again_after_some_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "_TRY_AGAIN_AFTER", 2)
    with _bridged(tmp_path, "exit 1") as office:
        for tried in (1, 1, 2):
            assert office.convert(DOCUMENT) == PDF_HEAD
            assert len(_runs(tmp_path, "python")) == tried


# The real one ------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "office", timeout_s=8)
    if not office.available():
        pytest.skip("LibreOffice is not installed")
    if not office.is_warm():
        pytest.skip("no Python here can import uno")
    with office:
        yield office


def _processes_below(folder: Path) -> list[int]:
    """Processes whose command line names `folder` (LibreOffice names its profile)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(folder) in command and int(entry.name) != os.getpid():
                found.append(int(entry.name))
    return found


@pytest.mark.slow
@pytest.mark.office
def test_after_the_real_one_was_killed_or_frozen_the_next_document_is_made(office: Office, tmp_path: Path) -> None:
    assert render(DOCUMENT, office, CODE, codes.find_all).pages == 1
    for pid in _processes_below(tmp_path):
        if b"soffice.bin" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
    assert render(DOCUMENT, office, CODE, codes.find_all).pages == 1

    for pid in _processes_below(tmp_path):
        os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ToolTimeout):
        office.convert(DOCUMENT)
    assert render(DOCUMENT, office, CODE, codes.find_all).pages == 1

    office.close()
    # a killed process of a process that was killed is buried by the system, not by us: it may take a moment to go
    deadline = time.monotonic() + 10
    while _processes_below(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _processes_below(tmp_path)


@pytest.mark.slow
@pytest.mark.office
def test_two_offices_on_one_folder_do_not_meet(office: Office, tmp_path: Path) -> None:
    with Office(tmp_path / "office") as other:
        assert office.convert(DOCUMENT)[:5] == b"%PDF-"
        assert other.convert(DOCUMENT)[:5] == b"%PDF-"
        assert {path.name for path in (tmp_path / "office").iterdir() if path.is_dir()} == {"1", "2"}


def test_workers_convert_side_by_side_and_no_more_than_asked_for(tmp_path: Path) -> None:
    # each waits until three have begun, so that fewer than three at a time would never end
    log = tmp_path / "log"
    body = f'''{OUT} echo + >> "{log}"
while [ "$(grep -c + "{log}")" -lt 3 ]; do sleep 0.05; done
sleep 0.1; echo - >> "{log}"; echo "%PDF-1.6" > "$out"'''
    with (
        Office(tmp_path / "office", program=_program(tmp_path, "soffice", body), warm=False, workers=3) as office,
        ThreadPoolExecutor(6) as threads,
    ):
        made = list(threads.map(office.convert, [DOCUMENT] * 6))
    at_once = list(itertools.accumulate(1 if line == "+" else -1 for line in log.read_text().splitlines()))
    assert max(at_once) == 3
    assert made == [PDF_HEAD] * 6
    assert {path.name for path in (tmp_path / "office").iterdir() if path.is_dir()} == {"1", "2", "3"}


def test_one_after_the_other_uses_one_libreoffice_only(tmp_path: Path) -> None:
    body = f'{OUT} echo "%PDF-1.6" > "$out"'
    with Office(tmp_path / "office", program=_program(tmp_path, "soffice", body), warm=False, workers=3) as office:
        for _ in range(3):
            office.convert(DOCUMENT)
    assert {path.name for path in (tmp_path / "office").iterdir() if path.is_dir()} == {"1"}


@pytest.mark.slow
@pytest.mark.office
def test_it_is_started_afresh_after_some_documents(tmp_path: Path) -> None:
    with Office(tmp_path, restart_after=1) as office:
        if not office.is_warm():
            pytest.skip("no Python here can import uno")
        office.convert(DOCUMENT)
        first = set(_processes_below(tmp_path))
        office.convert(DOCUMENT)
        assert first.isdisjoint(_processes_below(tmp_path))


@pytest.mark.slow
@pytest.mark.office
def test_when_its_owner_is_killed_libreoffice_ends_too(office: Office, tmp_path: Path) -> None:
    owner = (
        "import os, sys; from pathlib import Path; from pipeline.tools.soffice import Office\n"
        "Office(Path(sys.argv[1])).convert(Path(sys.argv[2]).read_bytes()); os.kill(os.getpid(), 9)"
    )
    (tmp_path / "in.docx").write_bytes(DOCUMENT)
    ended = subprocess.run(
        [sys.executable, "-c", owner, str(tmp_path / "orphan"), str(tmp_path / "in.docx")], check=False
    )
    assert ended.returncode == -signal.SIGKILL
    end = time.monotonic() + 10
    while _processes_below(tmp_path / "orphan") and time.monotonic() < end:
        time.sleep(0.1)
    assert not _processes_below(tmp_path / "orphan")


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("networked", [False, True])
def test_a_linked_picture_is_never_fetched(tmp_path: Path, networked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if networked:  # where the system does not let us cut the network, the profile's settings alone must do
        monkeypatch.setattr(processes, "without_network", tuple)
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server, Office(tmp_path) as office:
        if not office.available():
            pytest.skip("LibreOffice is not installed")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        office.convert(_with_linked_picture(f"http://127.0.0.1:{server.server_port}/tracker.png"))
        server.shutdown()
    assert asked == []


def _with_linked_picture(url: str) -> bytes:
    """The document with its header's picture linked from `url` instead of embedded."""
    linked = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(DOCUMENT)) as old, zipfile.ZipFile(linked, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("word/header"):
                assert b"r:embed=" in part
                part = part.replace(b"r:embed=", b"r:link=")
            if name.startswith("word/_rels/header"):
                part = part.replace(b'Target="media/', f'TargetMode="External" Target="{url}?'.encode())
            new.writestr(name, part)
    return linked.getvalue()
