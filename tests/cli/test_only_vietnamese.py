"""Whatever goes back or is held is told in Vietnamese: no code of a finding, no state's name, no English."""

import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from pipeline import flow
from pipeline.model import State
from pipeline.workspace import Workspace
from tests.folders import ROOT, drop, pledge, registration, run, working_folder
from tests.hostile.makers import small
from tests.word_words import words_of

#: Codes are no words of a sentence; docs/reference/findings.md lists them: F03, DK02, file.yaml, unit.conflict.
CODES = set(
    re.findall(
        r"^\|.*`([A-Z]+\d+|[a-z]+\.[a-z.-]+)` \|",
        (ROOT / "docs" / "reference" / "findings.md").read_text("utf-8"),
        re.MULTILINE,
    )
)
#: What no Vietnamese word is spelt like.
ENGLISH = (
    *("the", "of", "is", "are", "was", "not", "and", "with", "this", "that", "from", "file", "must", "be", "by"),
    *("error", "failed", "job", "kind", "unit", "form", "because", "cannot", "waits", "next", "found", "nothing"),
)
WORDS = re.compile(rf"(?<![\w./-])(?:{'|'.join((*ENGLISH, *State))})(?![\w/-])", re.IGNORECASE)
#: Commands are quoted as they are typed.
COMMANDS = re.compile(r"vanthu(?: [a-z]+)+|papers (?:match|refuse)|--\w+")


def foreign_in(text: str) -> set[str]:
    """The codes and English words in a text."""
    text = COMMANDS.sub("", text)
    coded = {code for code in CODES if re.search(rf"(?<![\w.]){re.escape(code)}(?![\w.])", text)}
    return coded | set(WORDS.findall(text))


def written_in(folder: Path) -> Iterator[tuple[str, str]]:
    """The name and the text of every file for people in the outbox."""
    for path in sorted((folder / "outbox").rglob("*")):
        if path.suffix == ".docx":
            yield path.name, words_of(path)
        elif path.suffix == ".html":
            page = re.sub(r"<style>.*?</style>|<[^>]*>", " ", path.read_text("utf-8"), flags=re.DOTALL)
            yield path.name, html.unescape(page)
        elif path.suffix == ".xlsx":
            book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
            cells = (cell for sheet in book if sheet.sheet_state == "visible" for row in sheet for cell in row)
            yield (
                path.name,
                "\n".join(f"{cell.value or ''}\n{cell.comment.text if cell.comment else ''}" for cell in cells),
            )


def dropped(folder: Path) -> None:
    """One file for each way to go back, to wait or to be held; their names say nothing in English."""
    twice = registration("KNH").replace("activities:\n", "activities:\n- title: Hội thao\n  content_code: ND1\n")
    drop(folder, "ngay.yaml", registration("CATP", submit_date="31/6/2022"), "CATP")
    drop(folder, "hai-hoat-dong.yaml", twice, "KNH")
    drop(folder, "la.yaml", registration("SATRA", unit_code="Hợp tác xã Mây Tre"))
    drop(folder, "nham.yaml", registration("KCXCN"), "BTLTP")
    drop(folder, "loai.yaml", registration("DHQG", kind="lich-cong-tac"), "DHQG")
    drop(folder, "giao-uoc.yaml", pledge(), "SAWACO")
    drop(folder, "giao-uoc-cum.yaml", pledge())
    drop(folder, "hong.yaml", "a: [1\n", "SATRA")
    drop(folder, "hong.json", "{", "SATRA")
    drop(folder, "rong.xlsx", b"", "SATRA")
    drop(folder, "hong.docx", b"PK\x03\x04" + bytes(100), "SATRA")
    drop(folder, "cu.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "SATRA")
    drop(folder, "ghi-chu.txt", "đây là ghi chú", "SATRA")
    drop(folder, "anh.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "SATRA")
    drop(folder, "ban-quet.pdf", small(), "da-ky")
    drop(folder, "loi.yaml", registration("EVNHCMC"), "EVNHCMC")
    drop(folder, "phong.yaml", registration("KDCD"), "KDCD")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = working_folder(tmp_path / "co-quan")
    dropped(made)
    advance = flow.advance

    def failing(workspace: Workspace, job_id: int, *_: object) -> object:
        if workspace.ledger.job(job_id).name == "loi.yaml":
            raise KeyError("of the program")
        return advance(workspace, job_id)

    monkeypatch.setattr(flow, "advance", failing)
    monkeypatch.chdir(made)
    return made


def test_no_way_to_go_back_or_to_be_held_is_told_in_codes_or_english(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("run")
    told = {"run": capsys.readouterr().out}
    run("status")
    told["status"] = capsys.readouterr().out
    for number in range(1, 14):
        run("why", str(number))
        told[f"why {number}"] = capsys.readouterr().out
    told |= dict(written_in(folder))
    # the workbook of orders names a rule in a column of its own: that is how its warning is accepted
    told["yeu-cau.xlsx"] = told["yeu-cau.xlsx"].replace("DK10", "")
    assert {"tinh-hinh.html", "tinh-hinh.xlsx"} <= set(told)
    assert len(told) >= 35
    assert {name: found for name, text in told.items() if (found := foreign_in(text))} == {}
