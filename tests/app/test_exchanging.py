"""`vanthu exchange`: a filed document goes out as a message, what comes in is laid out; nothing is sent."""

import json
from pathlib import Path

import pytest

from pipeline import exchange
from pipeline.app import exchanging
from pipeline.errors import NotAllowedNow, UnknownThing
from pipeline.exchange import Letter, Status
from pipeline.exchange.reading import UnreadableMessage
from pipeline.model import Job
from tests.app.test_filed_papers import archived, filed
from tests.folders import run, waiting
from tests.reading import writers
from tests.reading.conftest import context_of_2022, example
from tests.status.office import Office

RECIPIENT = "A38.04.02"


def letter_filed(office: Office) -> Job:
    form = context_of_2022().form("cong-van")
    assert form is not None
    job = office.drop("cv.yaml", writers.as_yaml(form, example("cong-van", "pass-don-doc-bao-cao")), "")
    office.sign(job.id)
    return office.workspace.ledger.job(job.id)


def messages(office: Office, folder: Path) -> Path:
    """A folder with a message of ours, one that is none, and a file that is no message at all."""
    folder.mkdir()
    exchanging.export(office.workspace, letter_filed(office), [RECIPIENT], folder)
    (folder / "hong.edxml").write_bytes(b"<x/>")
    (folder / "doc.txt").write_bytes(b"x")
    return folder


def test_a_filed_document_goes_out_as_it_was_filed(office: Office, tmp_path: Path) -> None:
    job = letter_filed(office)
    path = exchanging.export(office.workspace, job, [RECIPIENT], tmp_path)
    letter = exchange.read(path.read_bytes())
    assert isinstance(letter, Letter)
    assert letter.document_id == f"A38.04,{job.document_on:%Y/%m/%d},{letter.code_number}/{letter.code_notation}"
    assert job.number.startswith(letter.code_number)
    assert job.number.endswith(letter.code_notation)
    assert [one.name for one in letter.recipients] == ["Công an TP.HCM"]
    (paper,) = (content for name, content in archived(office).items() if name.endswith(".pdf"))
    assert [one.content for one in letter.attachments] == [paper]
    (event,) = office.workspace.ledger.acted("exchange.export")
    assert event.detail["document_id"] == letter.document_id
    with pytest.raises(NotAllowedNow):
        exchanging.export(office.workspace, job, [RECIPIENT], tmp_path)


def test_only_what_is_filed_and_goes_out_is_a_message_and_only_to_whom_the_year_names(
    office: Office, tmp_path: Path
) -> None:
    job = letter_filed(office)
    with pytest.raises(UnknownThing, match=r"A38\.04\.02"):
        exchanging.export(office.workspace, job, ["X99"], tmp_path)
    # a unit's paper comes in
    incoming = filed(office)
    with pytest.raises(NotAllowedNow):
        exchanging.export(office.workspace, incoming, [RECIPIENT], tmp_path)
    assert list(tmp_path.glob("*.edxml")) == []


def test_messages_of_a_folder_are_laid_out_and_one_that_cannot_be_read_keeps_no_other_from_it(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = messages(office, tmp_path / "den")
    folder, target = str(office.folder), tmp_path / "ra"
    assert run("-C", folder, "exchange", "import", str(source), "--to", str(target)) == UnreadableMessage.exit_code
    said = capsys.readouterr()
    assert "hong.edxml: Tệp không phải thông điệp" in said.err
    (laid,) = target.iterdir()
    assert str(laid) in said.out
    facts = json.loads((laid / "thong-diep.json").read_text("utf-8"))
    (attachment,) = facts["attachments"]
    (paper,) = (content for name, content in archived(office).items() if name.endswith(".pdf"))
    assert (laid / attachment["file"]).read_bytes() == paper
    assert attachment["file"].startswith("01-")
    answer = exchange.read((laid / "trang-thai-01.edxml").read_bytes())
    assert isinstance(answer, Status)
    assert (answer.document_id, answer.code, answer.sender.id) == (facts["document_id"], "01", "A38.04")
    # nothing of it is in the inbox, and a second look changes nothing
    before = {path.name: path.read_bytes() for path in laid.iterdir()}
    run("-C", folder, "exchange", "import", str(source), "--to", str(target))
    assert "đã mở trước đây" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in laid.iterdir()} == before
    assert waiting(office.folder) == []
