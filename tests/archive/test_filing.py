"""What is filed lies there for twenty years: written once, with a sidecar that proves it without the program."""

import json
from pathlib import Path, PurePosixPath

import pytest

from pipeline import archive
from pipeline.archive import filing
from pipeline.archive.filing import Filing, sidecar_of
from pipeline.errors import HashMismatch

NAME = PurePosixPath("KH-2020-2025/2022-05-27_KH_0001_CTD4_ke-hoach.pdf")
FACTS = {"title": "Kế hoạch của Cụm", "number": "01-KH/CTĐ4", "pages": 3}


def filed(content: bytes = b"%PDF-1.7 signed", sidecar: bytes = b"{}\n") -> Filing:
    return Filing({NAME: content}, sidecar)


def test_a_sidecar_is_the_same_bytes_for_ever() -> None:
    assert sidecar_of(FACTS).decode() == (
        '{\n "format": 1,\n "number": "01-KH/CTĐ4",\n "pages": 3,\n "title": "Kế hoạch của Cụm"\n}\n'
    )
    assert sidecar_of(dict(reversed(FACTS.items()))) == sidecar_of(FACTS)


def test_a_sidecar_is_read_back_with_its_format() -> None:
    assert json.loads(sidecar_of(FACTS)) == {"format": 1, **FACTS}


def test_document_and_sidecar_lie_side_by_side(tmp_path: Path) -> None:
    archive.file(tmp_path, filed())

    lying = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert lying == {str(NAME): b"%PDF-1.7 signed", str(NAME.with_suffix(".json")): b"{}\n"}


def test_filing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    archive.file(tmp_path, filed())
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}

    archive.file(tmp_path, filed())

    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")} == before


@pytest.mark.parametrize("other", [filed(content=b"%PDF-1.7 other"), filed(sidecar=b'{"number": "02"}\n')])
def test_nothing_in_the_archive_is_ever_replaced(tmp_path: Path, other: Filing) -> None:
    archive.file(tmp_path, filed())

    with pytest.raises(HashMismatch):
        archive.file(tmp_path, other)

    assert (tmp_path / NAME).read_bytes() == b"%PDF-1.7 signed"
    assert (tmp_path / NAME.with_suffix(".json")).read_bytes() == b"{}\n"


def test_no_sidecar_names_a_document_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_goes(path: Path, content: bytes) -> None:
        written.append(path.name)
        raise KeyboardInterrupt

    written: list[str] = []
    monkeypatch.setattr(filing, "write_once", power_goes)

    with pytest.raises(KeyboardInterrupt):
        archive.file(tmp_path, filed())

    assert written == [NAME.name]
