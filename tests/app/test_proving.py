"""`vanthu prove`: one page that proves one paper to anybody, without the archive and without the ledger."""

import shutil
import subprocess
import sys
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import zxingcpp

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.proof.standalone import heads_of, keys_of, read_proof
from tests.folders import drop, opened, registration, run, working_folder
from tests.sample_papers import signed_paper

NOW = Rhythm(1, 0)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = working_folder(tmp_path_factory.mktemp("prove") / "office")
    for unit in ("CATP", "KNH"):
        drop(folder, f"{unit}.yaml", registration(unit), unit)
        with opened(folder) as workspace:
            (job,) = serve_once(Worker(workspace, 1), NOW)
            drop(folder, f"{unit}.pdf", signed_paper(job.code))
            serve_once(Worker(workspace, 1), NOW)
    return folder


def test_the_page_proves_the_paper_by_its_attachment_by_its_codes_and_alone(office: Path, tmp_path: Path) -> None:
    page = tmp_path / "chung-minh.pdf"
    assert run("-C", str(office), "prove", "1", str(page)) == 0
    assert len(pypdf.PdfReader(page).pages) == 1
    paper = next(path for path in sorted((office / "archive").rglob("*.pdf")) if "CATP" in path.name)
    # elsewhere: nothing is there but the public key
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "nhat-ky").mkdir(parents=True)
    for name in ("khoa-cong-khai.txt", "verify.py"):
        shutil.copy(office / "archive" / "nhat-ky" / name, elsewhere / "nhat-ky")
    words = ("verify", str(elsewhere), "--proof", str(page))
    assert run(*words) == 0
    assert run(*words, "--paper", str(paper)) == 0
    other = tmp_path / "other.pdf"
    other.write_bytes(paper.read_bytes() + b"\n")
    assert run(*words, "--paper", str(other)) == 50
    # off the paper, as a scanner sees it
    picture = pypdfium2.PdfDocument(page)[0].render(scale=300 / 72).to_pil()
    texts = [code.text for code in zxingcpp.read_barcodes(picture)]
    assert len(texts) == 2
    proof = read_proof("\n".join(texts))
    assert proof is not None
    assert proof.holds(keys_of(elsewhere))
    # and by the program that lies in the archive
    text = tmp_path / "chung-minh.tlog-proof"
    text.write_bytes(pypdf.PdfReader(page).attachments[text.name][0])
    program = office / "archive" / "nhat-ky" / "verify.py"
    done = subprocess.run(
        [sys.executable, "-I", "-S", program, office / "archive", text], check=False, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"sha256" in done.stdout


def test_without_the_public_key_it_is_said_that_nothing_can_be_told(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "chung-minh.pdf"
    assert run("-C", str(office), "prove", "1", str(page)) == 0
    assert run("verify", str(tmp_path), "--proof", str(page)) == 50
    assert "không có khóa công khai" in capsys.readouterr().out


def test_a_receipt_is_a_witness(office: Path, tmp_path: Path) -> None:
    answers = [path for path in (office / "outbox").rglob("*.docx") if heads_of(path)]
    assert answers, "the answers of the second submission carry the head put out after the first"
    assert run("-C", str(office), "verify", str(office / "archive"), "--heads", str(answers[0])) == 0
    # the book rewritten since: the journal's first line is another
    changed = tmp_path / "archive"
    shutil.copytree(office / "archive", changed)
    (journal,) = changed.glob("nhat-ky/0*.txt")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.chmod(0o600)
    journal.write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))
    assert run("-C", str(office), "verify", str(changed), "--heads", str(answers[0])) == 50


def test_the_public_key_is_shown_with_the_configuration(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("-C", str(office), "config", "show") == 0
    assert (office / "archive" / "nhat-ky" / "khoa-cong-khai.txt").read_text().strip() in capsys.readouterr().out


def test_what_is_not_filed_is_not_proved(office: Path) -> None:
    drop(office, "dk.yaml", registration("BTLTP"), "BTLTP")
    with opened(office) as workspace:
        serve_once(Worker(workspace, 1), NOW)
        last = max(job.id for job in workspace.ledger.of_year(2022))
    assert run("-C", str(office), "prove", str(last)) == 17
