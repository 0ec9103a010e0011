"""`vanthu dossier`: what lies in the dossiers of a year, their hand-over, and what may be destroyed when."""

import datetime as dt
import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.app import dossiers
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.errors import NotAllowedNow, UnknownThing
from pipeline.workspace import Workspace
from tests.folders import Clock, drop, opened, registration, run, working_folder
from tests.sample_papers import signed_paper

NOW = Rhythm(1, 0)
CODE = "02-TĐ"


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Workspace]:
    """An office where CATP's registration is filed, and that of SATRA is not signed yet."""
    folder = working_folder(tmp_path_factory.mktemp("made") / "office")
    with opened(folder, clock) as workspace:
        worker = Worker(workspace)
        for unit in ("CATP", "SATRA"):
            drop(folder, f"{unit}.yaml", registration(unit), unit)
        serve_once(worker, NOW)
        (job,) = (job for job in workspace.ledger.of_year(2022) if job.unit == "CATP")
        drop(folder, "da ky.pdf", signed_paper(job.code), "da-ky")
        serve_once(worker, NOW)
        yield workspace


@pytest.fixture
def closed(clock: Clock) -> Iterator[None]:
    """The first day after the year's dossiers were closed."""
    before, clock.now = clock.now, dt.datetime(2023, 1, 1, 5, tzinfo=dt.UTC)
    yield
    clock.now = before


def test_a_dossier_is_not_handed_over_before_it_is_closed(workspace: Workspace, closed: None, clock: Clock) -> None:
    assert len(dossiers.filled(workspace, 2022, CODE).papers) == 1
    clock.now = dt.datetime(2022, 12, 31, 5, tzinfo=dt.UTC)
    with pytest.raises(NotAllowedNow, match="31/12/2022"):
        dossiers.filled(workspace, 2022, CODE)


def test_a_code_that_is_not_in_the_list_is_told_with_those_that_are(workspace: Workspace) -> None:
    with pytest.raises(UnknownThing, match="01-TĐ, 02-TĐ"):
        dossiers.filled(workspace, 2022, "99")


@pytest.mark.usefixtures("closed")
def test_all_that_is_filed_of_a_document_goes_into_the_bag_as_it_lies_in_the_archive(
    workspace: Workspace, tmp_path: Path
) -> None:
    made = dossiers.hand_over(workspace, dossiers.filled(workspace, 2022, CODE), tmp_path)
    archive = workspace.folders.archive
    lying = {path.relative_to(archive): path.read_bytes() for path in archive.glob("DEN-2022/*")}
    bagged = made.bag / "data" / "van-ban"
    assert {path.relative_to(bagged): path.read_bytes() for path in bagged.rglob("*") if path.is_file()} == lying
    said = json.loads((made.bag / "data" / "ho-so.json").read_text("utf-8"))
    (document,) = said["documents"]
    assert (document["author"], document["incoming_number"], document["number"]) == ("Công an TP.HCM", "1", "")
    assert document["pages"] == 1
    # what lacks is said: one is not signed yet, and without LibreOffice no rendition was made
    under_way, no_rendition = said["not_included"]
    assert under_way.endswith("(SATRA.yaml): chờ ký")
    assert no_rendition == "A38-011-07-0124-001.pdf: không có bản PDF/A"
    with zipfile.ZipFile(made.package) as package:
        assert package.read("HSLTCQ/METADATA/A38-011-07-0124-001.pdf") in lying.values()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["A38-011-07-0124", "A38-011-07-0124.zip"]


@pytest.mark.usefixtures("closed")
def test_that_it_was_handed_over_is_recorded_with_the_checksum_of_all_of_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    made = dossiers.hand_over(workspace, dossiers.filled(workspace, 2022, CODE), tmp_path)
    event = workspace.ledger.acted("dossier.hand-over")[-1]
    digest = hashlib.sha256((made.bag / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    assert (event.who, event.detail["dossier"], event.detail["sha256"]) == ("test", CODE, digest)


@pytest.mark.usefixtures("closed")
def test_a_dossier_without_papers_is_not_handed_over(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotAllowedNow, match="04-HC"):
        dossiers.hand_over(workspace, dossiers.filled(workspace, 2022, "04-HC"), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("closed")
def test_nothing_is_written_over_and_what_was_cut_off_is_made_anew(workspace: Workspace, tmp_path: Path) -> None:
    cut_off = tmp_path / ".A38-011-07-0124.making" / "bag" / "data"
    cut_off.mkdir(parents=True)
    (cut_off / "half").write_bytes(b"x")
    filled = dossiers.filled(workspace, 2022, CODE)
    made = dossiers.hand_over(workspace, filled, tmp_path)
    assert not (made.bag / "data" / "half").exists()
    with pytest.raises(NotAllowedNow, match="A38-011-07-0124"):
        dossiers.hand_over(workspace, filled, tmp_path)


def test_what_may_be_destroyed_is_proposed_and_stays_where_it_is(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workspace.folders.inbox.parent
    before = sorted(path for path in workspace.folders.archive.rglob("*"))

    def proposed(day: str) -> dict[str, str]:
        assert run("-C", str(folder), "dossier", "retention", "--on", day, "--json") == 0
        return {one["code"]: one["proposal"] for one in json.loads(capsys.readouterr().out)}

    assert proposed("2022-12-31")[CODE] == "chưa kết thúc"
    assert proposed("2032-12-31")[CODE] == "đang bảo quản; có thể đề nghị hủy từ 01/01/2033"
    assert proposed("2033-01-01")[CODE] == "có thể đề nghị hủy, từ 01/01/2033"
    assert proposed("2099-01-01")["01-TĐ"] == "bảo quản vĩnh viễn"
    assert sorted(path for path in workspace.folders.archive.rglob("*")) == before


def test_dossiers_are_listed_and_made_by_the_command(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(workspace.folders.inbox.parent)
    assert run("-C", folder, "dossier", "list", "--json") == 0
    listed = {one["code"]: one for one in json.loads(capsys.readouterr().out)}
    assert (listed[CODE]["retention_years"], len(listed[CODE]["filed"]), len(listed[CODE]["under_way"])) == (10, 1, 1)
    assert listed["01-TĐ"]["retention_years"] == "permanent"
    # the command goes by the clock of the machine: the year is long over
    assert run("-C", folder, "dossier", "make", CODE, "--to", str(tmp_path), "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["documents"], Path(made["bag"]).name) == (1, "A38-011-07-0124")
