"""Sheets of a paper come back turned, out of order, two on one, in several files: the copy puts them in order.

What came back stays as it came; the copy is looked at like any paper and filed beside it.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipeline.app import papers
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.errors import NotAllowedNow, StateConflict
from pipeline.files import sha256_of
from pipeline.intake import look
from pipeline.model import Finding, Job, Role, Severity, State
from pipeline.steps import reads
from pipeline.workspace import Workspace
from scripts.pretend_signature import as_pdf, sign_text_layer
from tests.folders import drop, filed_files, opened, registration, working_folder
from tests.reading.office import needs_office
from tests.said import vi
from tests.sample_pictures import as_jpg, photo_of, pictures_of

NOW = Rhythm(1, 0)
DPI = 150


class Home:
    """A working folder with a real LibreOffice, a document out for signature, and its sheets as they are scanned."""

    def __init__(self, folder: Path, workspace: Workspace) -> None:
        self.folder = folder
        self.workspace = workspace
        drop(folder, "dk.yaml", registration("CATP"), "CATP")
        (self.document,) = serve_once(Worker(workspace), NOW)
        (signer,) = [unit.signatories[0].name for unit in workspace.year(2022).units if unit.code == "CATP"]
        printed = workspace.artifact(self.document, Role.RENDITION)
        self.unsigned = pictures_of(printed, DPI)
        self.sheets = pictures_of(sign_text_layer(printed, signer), DPI)

    def dropped(self, name: str, content: bytes) -> Job:
        drop(self.folder, name, content, "da-ky")
        (job,) = [one for one in serve_once(Worker(self.workspace), NOW) if one.name == name]
        return job

    def told(self, job: Job) -> dict[str, str]:
        return {one.code: vi(one.message) for one in self.workspace.findings(job) if one.code not in {"A07", "A05"}}

    def blocking(self, job: Job) -> Finding:
        (finding,) = [one for one in self.workspace.findings(job) if one.severity is Severity.BLOCK]
        return finding

    def state(self, job: Job | None = None) -> State:
        return self.workspace.ledger.job((job or self.document).id).state

    def filed(self) -> dict[str, bytes]:
        """What lies in the archive, by what follows the document's name."""
        lying = filed_files(self.folder)
        return {path.name.partition(".")[2]: path.read_bytes() for path in lying}

    def sidecar(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.filed()["json"])
        return said


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    folder = working_folder(tmp_path / "office", pdf="on")
    with opened(folder) as workspace:
        yield Home(folder, workspace)


def scanned(sheets: Sequence[Image.Image], dpi: int = DPI) -> bytes:
    return as_pdf(sheets, dpi)


def side_by_side(left: Image.Image, right: Image.Image | None) -> Image.Image:
    sheet = Image.new("RGB", (2 * left.width, left.height), "white")
    sheet.paste(left, (0, 0))
    if right is not None:
        sheet.paste(right, (left.width, 0))
    return sheet


@pytest.mark.slow
@needs_office
def test_sheets_out_of_order_and_upside_down_are_put_in_order_in_a_copy(home: Home) -> None:
    first, second, third, *rest = home.sheets
    came = scanned([third, first.rotate(180), second.rotate(90, expand=True), *rest])

    paper = home.dropped("da ky.pdf", came)

    assert (paper.state, home.state()) == (State.MATCHED, State.ARCHIVED)
    said = home.told(paper)
    assert "3, 1, 2" in said["paper.page-order"]
    assert "trang 2–3" in said["paper.turned"]
    lying, sidecar = home.filed(), home.sidecar()
    assert lying.keys() == {"pdf", "xem.pdf", "json"}
    assert lying["pdf"] == came
    assert sidecar["sha256"] == sha256_of(came)
    assert [(one["page"], one["sheet"], one["turn"]) for one in sidecar["copy"]["pages"]][:3] == [
        (1, 2, 180),
        (2, 3, 90),
        (3, 1, 0),
    ]
    # the copy is that document, upright and in order: each page is like the sheet it was made of
    copy = pictures_of(lying["xem.pdf"], DPI)
    assert [page.size for page in copy] == [sheet.size for sheet in home.sheets]


@pytest.mark.slow
@needs_office
def test_a_paper_that_is_put_in_order_is_looked_at_like_any_other_and_a_person_decides(home: Home) -> None:
    first, *rest = home.unsigned
    paper = home.dropped("chua ky.pdf", scanned([*rest, first.rotate(180)]))
    assert (paper.state, home.state(), home.filed()) == (State.HELD, State.DELIVERED, {})
    assert home.blocking(paper).code == "paper.not-all-signed"

    papers.confirm(home.workspace, paper, "đã ký nháy, xem bản giấy")
    Worker(home.workspace).work_off()
    assert home.filed().keys() == {"pdf", "xem.pdf", "json"}
    assert home.sidecar()["copy"]["pages"][0]["sheet"] == len(home.unsigned)


@pytest.mark.slow
@needs_office
def test_fronts_and_backs_that_come_one_after_the_other_are_joined(home: Home) -> None:
    fronts, backs = scanned(home.sheets[0::2]), scanned(home.sheets[1::2])
    lacking = ", ".join(str(page) for page in range(2, len(home.sheets) + 1, 2))

    one = home.dropped("mat truoc.pdf", fronts)
    assert (one.state, home.state()) == (State.HELD, State.DELIVERED)
    assert vi(home.blocking(one).message) == f"Văn bản có {len(home.sheets)} trang, còn thiếu: trang {lacking}."

    other = home.dropped("mat sau.pdf", backs)
    assert (other.state, home.state(one), home.state()) == (State.MATCHED, State.MATCHED, State.ARCHIVED)
    assert "2 tệp" in home.told(other)["paper.joined"]
    lying, sidecar = home.filed(), home.sidecar()
    assert {name: lying[name] for name in ("pdf", "2.pdf")} == {"pdf": fronts, "2.pdf": backs}
    assert [one["sha256"] for one in sidecar["received"]] == [sha256_of(fronts), sha256_of(backs)]
    assert [one["page"] for one in sidecar["copy"]["pages"]] == list(range(1, len(home.sheets) + 1))


@pytest.mark.slow
@needs_office
def test_a_photo_of_each_page_is_joined_whichever_comes_first_and_a_person_reads_it(home: Home) -> None:
    photos = [
        as_jpg(photo_of(sheet, narrower=0.03 * at, degrees=2 - at), dpi=72) for at, sheet in enumerate(home.sheets)
    ]
    for at, photo in reversed(list(enumerate(photos, 1))):
        drop(home.folder, f"trang {at}.jpg", photo, "da-ky")
    # side by side, as the photos of a telephone arrive
    came = serve_once(Worker(home.workspace, threads=2), NOW)
    # the letters of a photo are too uneven to be proved one by one
    (joined,) = [job for job in came if home.blocking(job).code == "paper.characters-not-proved"]
    assert home.state() is State.DELIVERED

    other = next(job for job in came if job.id != joined.id)
    with pytest.raises(NotAllowedNow, match=f"papers confirm {joined.id}"):
        papers.confirm(home.workspace, other, "đã đọc")
    papers.confirm(home.workspace, joined, "đã đọc cả ba trang, đúng bản gửi đi")
    Worker(home.workspace).work_off()
    assert home.state() is State.ARCHIVED
    names = {"jpg", *(f"{at}.jpg" for at in range(2, len(home.sheets) + 1)), "xem.pdf", "json"}
    assert home.filed().keys() == names
    assert home.filed()["jpg"] == photos[0]


@pytest.mark.slow
@needs_office
def test_pages_of_a_sheet_of_a3_are_cut_apart_in_a_copy(home: Home) -> None:
    pairs = [home.sheets[at : at + 2] for at in range(0, len(home.sheets), 2)]
    came = scanned([side_by_side(pair[0], pair[1] if len(pair) > 1 else None) for pair in pairs])

    paper = home.dropped("a3.pdf", came)

    assert (paper.state, home.state()) == (State.MATCHED, State.ARCHIVED)
    assert "paper.two-on-a-sheet" in home.told(paper)
    assert home.filed()["pdf"] == came
    assert [page.size for page in pictures_of(home.filed()["xem.pdf"], DPI)] == [one.size for one in home.sheets]


@pytest.mark.slow
@needs_office
def test_a_scan_that_says_it_is_of_72_dpi_is_no_stranger(home: Home) -> None:
    paper = home.dropped("72.pdf", scanned(home.sheets, 72))
    assert (paper.state, home.state()) == (State.MATCHED, State.ARCHIVED)
    assert "paper.wrong-size" in home.told(paper)


@pytest.mark.slow
@needs_office
def test_a_page_that_came_twice_is_not_joined_with_anything(home: Home) -> None:
    first, second, *_ = home.sheets
    twice = home.dropped("hai lan.pdf", scanned([first, first]))
    rest = home.dropped("con lai.pdf", scanned([second, *home.sheets[2:]]))
    assert (home.state(twice), home.state(rest), home.state()) == (State.HELD, State.HELD, State.DELIVERED)
    assert vi(home.blocking(rest).message).endswith("còn thiếu: trang 1.")


@pytest.mark.slow
@needs_office
def test_two_parts_that_are_looked_at_side_by_side_find_each_other(home: Home) -> None:
    for name, sheets in (("mat truoc.pdf", home.sheets[0::2]), ("mat sau.pdf", home.sheets[1::2])):
        drop(home.folder, name, scanned(sheets), "da-ky")
    worker = Worker(home.workspace)
    one, other = worker.take(look(home.folder / "inbox"))
    # neither sees the other waiting
    seen, unseen = reads(home.workspace, one), reads(home.workspace, other)
    home.workspace.ledger.advance(one, seen)
    with pytest.raises(StateConflict):
        home.workspace.ledger.advance(other, unseen)
    worker.work_off()
    assert home.state() is State.ARCHIVED
