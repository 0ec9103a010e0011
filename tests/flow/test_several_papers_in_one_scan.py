"""Several papers in one scan: each goes its own way, the scan is filed with each as it came."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.files import sha256_of
from pipeline.model import Job, Role, Severity, State
from pipeline.workspace import Workspace
from scripts.pretend_signature import as_pdf, sign_text_layer
from tests.folders import drop, opened, registration, working_folder
from tests.reading.office import needs_office
from tests.said import vi
from tests.sample_papers import paper
from tests.sample_pictures import as_tiff, pictures_of

NOW = Rhythm(1, 0)
DPI = 150


class Home:
    """A working folder with a real LibreOffice, and two documents out for signature."""

    def __init__(self, folder: Path, workspace: Workspace) -> None:
        self.folder = folder
        self.workspace = workspace
        for unit in ("CATP", "KNH"):
            drop(folder, f"{unit}.yaml", registration(unit), unit)
        self.documents = {job.unit: job for job in serve_once(Worker(workspace), NOW)}

    def signed(self, unit: str) -> list[Image.Image]:
        """The sheets of one document, signed."""
        (name,) = [one.signatories[0].name for one in self.workspace.year(2022).units if one.code == unit]
        printed = self.workspace.artifact(self.documents[unit], Role.RENDITION)
        return pictures_of(sign_text_layer(printed, name), DPI)

    def dropped(self, name: str, content: bytes) -> Job:
        """Give what became of the scan itself; what was opened of it came later."""
        drop(self.folder, name, content, "da-ky")
        return min(
            (job for job in serve_once(Worker(self.workspace), NOW) if job.name == name), key=lambda job: job.id
        )

    def states(self) -> dict[str, State]:
        return {unit: self.workspace.ledger.job(job.id).state for unit, job in self.documents.items()}

    def sidecars(self) -> dict[str, dict[str, Any]]:
        said = [json.loads(path.read_bytes()) for path in (self.folder / "archive").rglob("*.json")]
        return {one["unit"]: one for one in said}

    def filed(self, name: str) -> bytes:
        (path,) = (self.folder / "archive").rglob(name)
        return path.read_bytes()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    folder = working_folder(tmp_path / "office", pdf="on")
    with opened(folder) as workspace:
        yield Home(folder, workspace)


@pytest.mark.slow
@needs_office
def test_each_document_of_a_scan_of_several_is_filed_with_its_own_sheets(home: Home) -> None:
    one, other = home.signed("CATP"), home.signed("KNH")
    # a sheet of nobody lies between them
    content = as_pdf([*one, *pictures_of(paper(""), DPI), *other], DPI)

    whole = home.dropped("quet.pdf", content)

    assert (whole.state, set(home.states().values())) == (State.MATCHED, {State.ARCHIVED})
    said = {finding.code: vi(finding.message) for finding in home.workspace.findings(whole)}
    assert said == {
        "paper.split": "Tệp quét có 2 văn bản, đã được tách riêng.",
        "paper.stray-sheet": f"Các tờ không thuộc văn bản nào: trang {len(one) + 1}.",
    }
    assert (home.folder / "outbox" / "van-thu" / f"quet.thong-bao.hs{whole.id}.docx").is_file()
    filed = home.sidecars()
    assert {unit: facts["copy"]["sheets"] for unit, facts in filed.items()} == {
        "CATP": list(range(1, len(one) + 1)),
        "KNH": list(range(len(one) + 2, len(one) + 2 + len(other))),
    }
    for facts in filed.values():
        assert facts["sha256"] == sha256_of(content)
        assert home.filed(facts["received"][0]["file"]) == content
    assert [page.size for page in pictures_of(home.filed(filed["KNH"]["copy"]["file"]), DPI)] == [
        page.size for page in other
    ]


@pytest.mark.slow
@needs_office
def test_a_page_of_another_document_is_taken_out_and_waits_for_the_rest(home: Home) -> None:
    one, other = home.signed("CATP"), home.signed("KNH")
    home.dropped("quet.pdf", as_pdf([*one, other[1]], DPI))
    assert home.states() == {"CATP": State.ARCHIVED, "KNH": State.DELIVERED}
    (waiting,) = home.workspace.ledger.in_states([State.HELD])
    (finding,) = [found for found in home.workspace.findings(waiting) if found.severity is Severity.BLOCK]
    assert vi(finding.message).endswith("còn thiếu: trang 1, 3." if len(other) == 3 else "còn thiếu: trang 1, 3–4.")

    rest = home.dropped("con lai.pdf", as_pdf([other[0], *other[2:]], DPI))
    assert rest.state is State.MATCHED
    assert home.states()["KNH"] is State.ARCHIVED
    pages = home.sidecars()["KNH"]["copy"]["pages"]
    # by the sheets of what came back
    assert [page["sheet"] for page in pages] == [1, len(one) + 1, *range(2, len(other))]


@pytest.mark.slow
@needs_office
def test_a_tiff_of_several_papers_is_split_too(home: Home) -> None:
    content = as_tiff([*home.signed("CATP"), *home.signed("KNH")], DPI, compression="tiff_lzw")
    home.dropped("quet.tif", content)
    assert set(home.states().values()) == {State.ARCHIVED}
    for facts in home.sidecars().values():
        assert home.filed(facts["received"][0]["file"]) == content
        assert len(pypdf.PdfReader(next((home.folder / "archive").rglob(facts["copy"]["file"]))).pages) >= 2
