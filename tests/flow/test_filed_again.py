"""A paper of a filed document is scanned again: the real print is what it is held against, whatever it came in."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.app import filed_papers
from pipeline.app.worker import Worker
from pipeline.audit import audit
from pipeline.errors import NotAllowedNow
from pipeline.model import Role, Severity, Standing, State
from scripts.pretend_signature import scan
from tests.flow.test_sheets_as_they_come import Home, scanned
from tests.folders import opened, working_folder
from tests.reading.office import needs_office
from tests.sample_pictures import as_jpg

WHY = "bản trước mờ"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    folder = working_folder(tmp_path / "office", pdf="on")
    with opened(folder) as workspace:
        home = Home(folder, workspace)
        home.dropped("da ky.pdf", scanned(home.sheets))
        assert home.state() is State.ARCHIVED
        yield home


@pytest.mark.slow
@needs_office
def test_photos_of_single_pages_are_filed_together_as_one_further_paper(home: Home) -> None:
    before, workspace = home.filed(), home.workspace
    photos = [as_jpg(sheet) for sheet in home.sheets]
    papers = [home.dropped(f"trang {page}.jpg", photo) for page, photo in enumerate(photos, 1)]
    assert {paper.state for paper in papers} == {State.RETURNED}
    document = workspace.ledger.job(home.document.id)
    with pytest.raises(NotAllowedNow):
        filed_papers.looked_at(workspace, papers[:1] + papers[:1], document)

    # in whatever order they are named
    further = filed_papers.looked_at(workspace, papers[::-1], document)
    assert [one.code for one in further.findings if one.severity is Severity.BLOCK] == []
    filed_papers.file_further(workspace, further, Standing.RESCAN, WHY)
    Worker(workspace).work_off()

    after = home.filed()
    assert {name: after[name] for name in before} == before
    assert {workspace.ledger.job(paper.id).state for paper in papers} == {State.MATCHED}
    assert after["lan2.jpg"] == photos[0]
    assert [after[f"lan2.{page}.jpg"] for page in range(2, len(photos) + 1)] == photos[1:]
    said = json.loads(after["lan2.json"])
    assert [one["page"] for one in said["copy"]["pages"]] == list(range(1, len(photos) + 1))
    assert said["copy"]["file"].endswith(".lan2.xem.pdf")
    folders = workspace.folders
    assert audit(workspace.ledger, workspace.spool, folders.archive, folders.outbox) == []


@needs_office
@pytest.mark.slow
def test_a_further_paper_that_nobody_signed_is_told_before_it_is_filed(home: Home) -> None:
    unsigned = scan(home.workspace.artifact(home.document, Role.RENDITION), skew=1, noise=4)
    paper = home.dropped("chua ky.pdf", unsigned)
    assert paper.state is State.RETURNED

    further = filed_papers.looked_at(home.workspace, [paper], home.workspace.ledger.job(home.document.id))

    assert [one.code for one in further.findings if one.severity is Severity.BLOCK] == ["paper.not-all-signed"]
