"""tesseract as an outside program that may hang, die or write nonsense: a page is unread then; nothing is left."""

import time
from pathlib import Path

import pytest

from pipeline.tools.tesseract import Tesseract, Unreadable
from tests.pretend_reader import READS, PretendReader


@pytest.fixture
def reader(tmp_path: Path) -> PretendReader:
    return PretendReader(tmp_path / "bin")


def test_it_reads_a_page_in_vietnamese_whichever_way_up(reader: PretendReader, tmp_path: Path) -> None:
    tesseract = reader.tool(tmp_path)
    assert tesseract.available()
    assert tesseract.name == "tesseract 9.9 (vie)"
    reader.reads("Đa\u0309ng u\u0309y", "", " ", "Thành phố")
    page = tesseract.read(b"picture", 200)
    assert page.text == "Đảng ủy\nThành phố"
    assert page.layer.startswith(b"%PDF-")
    (call,) = reader.calls
    assert " -l vie --dpi 200 --psm 12 " in call


def test_without_its_vietnamese_it_is_not_there(reader: PretendReader, tmp_path: Path) -> None:
    reader.does(READS, language="eng")
    assert not reader.tool(tmp_path).available()
    assert not Tesseract(tmp_path, program=str(tmp_path / "none")).available()


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "kill -9 $$",
        'cp "{folder}/words.txt" "$2.txt"',
        'cp "{folder}/words.pdf" "$2.pdf"',
        'echo no >"$2.pdf"; cp "{folder}/words.txt" "$2.txt"',
    ],
    ids=["it fails", "it dies", "no page", "no words", "no PDF"],
)
def test_what_it_does_not_write_whole_is_unread(reader: PretendReader, tmp_path: Path, script: str) -> None:
    reader.does(script)
    with pytest.raises(Unreadable):
        reader.tool(tmp_path).read(b"picture", 300)


def test_what_it_started_ends_with_it_when_it_hangs(reader: PretendReader, tmp_path: Path) -> None:
    reader.does('sleep 600 & echo $! >"{folder}/child"; wait')
    begun = time.monotonic()
    with pytest.raises(Unreadable, match="within 1 s"):
        reader.tool(tmp_path, timeout_s=1.0).read(b"picture", 300)
    assert time.monotonic() - begun < 30
    child = int((reader.folder / "child").read_text())
    assert not Path(f"/proc/{child}").exists() or " Z " in Path(f"/proc/{child}/stat").read_text()


def test_it_may_not_write_without_end(reader: PretendReader, tmp_path: Path) -> None:
    # what it starts is limited, too
    reader.does('head -c 100000000 /dev/zero >"$2.txt"; cp "{folder}/words.pdf" "$2.pdf"')
    page = reader.tool(tmp_path).read(b"picture", 300)
    assert len(page.text) <= 16 << 20


def test_of_a_page_nothing_stays_outside_its_private_folder(reader: PretendReader, tmp_path: Path) -> None:
    reader.does('dirname "$2" >"{folder}/where"; stat -c %a "$(dirname "$2")" >>"{folder}/where"')
    with pytest.raises(Unreadable):
        reader.tool(tmp_path / "root").read(b"picture", 300)
    where, mode = (reader.folder / "where").read_text().split()
    assert mode == "700"
    assert not Path(where).exists()
