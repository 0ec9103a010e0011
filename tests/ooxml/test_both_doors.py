"""`vanthu form check` and the inbox judge the same bytes alike: a Word or Excel file has one door."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.layout import check
from pipeline.layout.check import check_guarded
from pipeline.model import Finding, Severity
from pipeline.reading import FUNCTIONS, probe_guarded, read_guarded
from pipeline.tools.guard import Guard
from tests.hostile import makers
from tests.hostile.makers import Hostile
from tests.hostile.test_hostile import CONTEXT, DOCX, FAMILIES, SAMPLES, XLSX

#: What the form check alone says: the file may be sound, but it is no Word document.
NO_WORD_FILE = "file.unreadable"
#: What the inbox alone says: the content is not what the name says.
NOT_AS_NAMED = "I02"
#: Verdicts about the file, not about what is written in it.
ABOUT_THE_FILE = {
    *("I01", NOT_AS_NAMED, "I04", "I05", "file.damaged", "file.empty", "file.tampered", "file.too-heavy"),
    *("file.embedded-object", "file.external-link"),
}
OFFICE = [
    hostile
    for hostile in FAMILIES
    if hostile.name.endswith((".docx", ".xlsx", ".docm", ".xlsm"))
    and hostile.content.startswith((b"PK", b"\xd0\xcf"))
]
TWICE = Hostile(
    "a part twice", "a.docx", makers.repacked(DOCX, add={"word/Document.xml": b"<a/>"}), ("file.tampered",)
)


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard((*FUNCTIONS, *check.FUNCTIONS)) as guard:
        yield guard


def verdicts(guard: Guard, path: Path, name: str) -> tuple[list[Finding], list[Finding]]:
    """What the inbox and the form check say about the file itself; what stands in a workbook, only the inbox asks."""
    is_book = name.endswith(("xlsx", "xlsm"))
    made = probe_guarded(guard, path, name) if is_book else read_guarded(guard, path, name, CONTEXT)
    at_inbox = made.findings
    at_check = check_guarded(guard, path).findings
    return [one for one in at_inbox if _is_of_file(one)], [one for one in at_check if _is_of_file(one)]


def _is_of_file(finding: Finding) -> bool:
    return finding.code in ABOUT_THE_FILE and finding.severity is Severity.BLOCK


def agree(at_inbox: list[Finding], at_check: list[Finding]) -> bool:
    return at_inbox == at_check or NOT_AS_NAMED in {one.code for one in at_inbox}


@pytest.mark.parametrize("hostile", [TWICE, *OFFICE], ids=lambda hostile: hostile.title)
def test_every_family_gets_one_verdict_at_both_doors(guard: Guard, tmp_path: Path, hostile: Hostile) -> None:
    path = tmp_path / hostile.name
    path.write_bytes(hostile.content)

    at_inbox, at_check = verdicts(guard, path, hostile.name)

    assert agree(at_inbox, at_check), (at_inbox, at_check)


@pytest.mark.parametrize(("content", "name"), [(DOCX, "a.docx"), (XLSX, "a.xlsx")], ids=["docx", "xlsx"])
def test_sound_files_pass_both_doors(guard: Guard, tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert verdicts(guard, path, name) == ([], [])
    is_told = NO_WORD_FILE in {one.code for one in check_guarded(guard, path).findings}
    assert is_told == (name == "a.xlsx")


@pytest.mark.skipif(not SAMPLES, reason="VANTHU_HOSTILE_SAMPLES names no folder of hostile samples")
def test_every_sample_gets_one_verdict_at_both_doors(guard: Guard) -> None:
    for path in sorted(Path(SAMPLES).iterdir()):
        if path.suffix in {".docx", ".xlsx", ".docm"}:
            at_inbox, at_check = verdicts(guard, path, path.name)
            assert agree(at_inbox, at_check), (path.name, at_inbox, at_check)
