"""Papers that come back as pictures: filed as they came, beside the PDF in which they were looked at."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.audit import audit
from pipeline.files import sha256_of
from pipeline.model import Finding, Job, Role, Severity, State
from pipeline.workspace import Workspace
from tests.folders import drop, filed_files, opened, registration, run, working_folder
from tests.said import vi
from tests.sample_papers import signed_paper
from tests.sample_pictures import as_jpg, as_tiff, pictures_of, saved, telephone_photo

NOW = Rhythm(1, 0)


def dropped(workspace: Workspace, folder: Path, name: str, content: str | bytes, unit: str = "") -> Job:
    drop(folder, name, content, unit)
    (job,) = [one for one in serve_once(Worker(workspace), NOW) if one.name == name]
    return job


def blocking(workspace: Workspace, job: Job) -> Finding:
    (finding,) = [one for one in workspace.findings(job) if one.severity is Severity.BLOCK]
    return finding


def filed(folder: Path) -> dict[str, bytes]:
    """What lies in the archive, by what follows the documents' common name."""
    paths = filed_files(folder)
    return {path.name.partition(".")[2]: path.read_bytes() for path in paths}


def test_a_photo_of_a_signed_paper_is_filed_as_it_came_with_the_pdf_that_was_looked_at(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        document = dropped(workspace, folder, "dk.yaml", registration("CATP"), "CATP")
        (sheet,) = pictures_of(signed_paper(document.code))
        photo = as_jpg(sheet, dpi=72)

        paper = dropped(workspace, folder, "da ky.jpg", photo, "da-ky")

        assert (paper.state, workspace.ledger.job(document.id).state) == (State.MATCHED, State.ARCHIVED)
        lying = filed(folder)
        assert lying.keys() == {"jpg", "xem.pdf", "json"}
        assert lying["jpg"] == photo
        assert photo in lying["xem.pdf"]
        sidecar: dict[str, Any] = json.loads(lying["json"])
        (received,) = sidecar["received"]
        assert received["sha256"] == sidecar["sha256"] == sha256_of(photo)
        assert sidecar["copy"]["sha256"] == sha256_of(lying["xem.pdf"])
        assert (received["file"][-4:], sidecar["copy"]["file"][-8:]) == (".jpg", ".xem.pdf")
        recognition = workspace.recognition(paper)
        assert recognition is not None
        assert recognition.seen_in == sidecar["copy"]["sha256"]

        def differing() -> list[str]:
            return [
                one.code
                for one in audit(workspace.ledger, workspace.spool, folder / "archive", folder / "outbox")
                if one.code.startswith("archive.")
            ]

        assert differing() == []
        (copy,) = (folder / "archive").rglob("*.xem.pdf")
        copy.unlink()
        assert differing() == ["archive.missing"]


def test_all_pages_of_a_tiff_come_back_in_one_file(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        document = dropped(workspace, folder, "dk.yaml", registration("CATP"), "CATP")
        content = as_tiff(pictures_of(signed_paper(*[document.code] * 3)), compression="tiff_lzw")
        # whatever it is called
        paper = dropped(workspace, folder, "da ky.pdf", content, "CATP")
        assert paper.state is State.MATCHED
        recognition = workspace.recognition(paper)
        assert recognition is not None
        assert recognition.pages == 3
        assert filed(folder)["tif"] == content


def test_a_photo_without_a_code_waits_in_the_list_and_a_person_says_which_paper_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        document = dropped(workspace, folder, "dk.yaml", registration("CATP"), "CATP")
        photo = as_jpg(pictures_of(signed_paper(""))[0])
        paper = dropped(workspace, folder, "anh.jpg", photo, "da-ky")
        assert blocking(workspace, paper).code == "paper.unknown"
    assert run("-C", str(folder), "papers", "list") == 0
    assert "anh.jpg" in capsys.readouterr().out
    words = ("papers", "match", str(paper.id), str(document.id), "--why", "mã bị che")
    assert run("-C", str(folder), *words) == 0
    assert filed(folder).keys() == {"jpg", "xem.pdf", "json"}


def test_a_picture_that_is_none_of_our_papers_goes_back_with_words_for_its_sender(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        photo = dropped(workspace, folder, "hoi nghi.png", saved(Image.new("RGB", (600, 800), "grey"), "PNG"), "CATP")
        assert (photo.state, photo.unit) == (State.RETURNED, "CATP")
        finding = blocking(workspace, photo)
        assert "không nhận ra văn bản nào" in vi(finding.message)
        assert finding.mend is not None
        assert "chụp từ trên xuống" in vi(finding.mend)
        assert workspace.ledger.artifact(photo.id, Role.SHEETS) is not None


@pytest.mark.skipif(find_spec("pillow_heif") is not None, reason="HEIC can be opened here")
def test_a_photo_in_a_format_of_telephones_goes_back_with_what_to_do(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        photo = dropped(workspace, folder, "IMG_0001.HEIC", telephone_photo("a"), "CATP")
        finding = blocking(workspace, photo)
        assert (photo.state, finding.code) == (State.RETURNED, "picture.heic")
        assert finding.mend is not None
        assert "lưu thành JPG hoặc PDF" in vi(finding.mend)


def test_the_photo_of_anothers_paper_in_a_units_folder_is_held(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        document = dropped(workspace, folder, "dk.yaml", registration("CATP"), "CATP")
        photo = as_jpg(pictures_of(signed_paper(document.code))[0])
        paper = dropped(workspace, folder, "da ky.jpg", photo, "KNH")
        assert (paper.state, blocking(workspace, paper).code) == (State.HELD, "paper.not-theirs")
