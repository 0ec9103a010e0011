"""Through the door: a faulty file comes back marked, mended it is accepted, and what was answered before is gone."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.cli.entry import Exit
from pipeline.model import AFTER_ACCEPTANCE, Address, Job, JsonObject, Role, State
from pipeline.naming import Answer, AnswerName
from pipeline.reading import KindForm, ReadingContext
from pipeline.steps import marked_copies
from pipeline.tools.guard import GuardFault
from pipeline.workspace import Workspace
from tests.answers.marking.opened import OPENERS
from tests.answers.marking.test_marked_places import STYLES
from tests.folders import drop, let_in, opened, registration, working_folder
from tests.reading import writers
from tests.reading.test_planted_faults import speller, with_fault
from tests.word_words import words_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return working_folder(tmp_path / "office")


def served(workspace: Workspace) -> Job:
    (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
    return job


def answers(folder: Path, unit: str = "CATP") -> dict[Answer, Path]:
    """The answers that lie for a unit."""
    lying = [path for path in (folder / "outbox" / unit).iterdir() if path.is_file()]
    return {name.answer: path for path in lying if (name := AnswerName.parse(path.name))}


def run(folder: Path) -> int:
    """Serve what lies in the inbox as the command line does; gives its exit code."""
    command = [sys.executable, "-m", "pipeline", "-C", str(folder), "run"]
    return subprocess.run(command, capture_output=True, timeout=120, check=False).returncode


def text_of(path: Path) -> str:
    return words_of(path)


def as_json(form: KindForm, values: JsonObject, _: writers.Speller) -> bytes:
    return writers.as_json(form, json.loads(json.dumps(values)))


def forms(context: ReadingContext, style: str) -> tuple[bytes, bytes]:
    """A registration that passes, and the same with two faults."""
    form = context.form("dang-ky")
    assert form is not None
    values: Any = yaml.safe_load(registration("CATP"))
    del values["kind"]
    wrong = with_fault(with_fault(values, Address.of("/headcount"), "vài"), Address.of("/targets/2/due"), "tuần sau")
    write = STYLES.get(style, as_json)
    return write(form, values, speller(context)), write(form, wrong, speller(context))


@pytest.mark.parametrize("style", ["xlsx", "table.docx", pytest.param("pdf", marks=pytest.mark.slow), "yaml"])
def test_a_marked_copy_mended_and_dropped_is_accepted_and_takes_the_place_of_the_first(
    folder: Path, context: ReadingContext, style: str
) -> None:
    good, sent = forms(context, style)
    extension = style.rpartition(".")[2]
    drop(folder, f"Đăng ký.{extension}", sent, "CATP")
    with opened(folder) as workspace:
        job = served(workspace)
        assert job.state is State.RETURNED
        lying = answers(folder)
        assert set(lying) == {Answer.RETURNED, Answer.MARKED}
        assert lying[Answer.MARKED].name == f"Dang ky.ban-danh-dau.hs{job.id}.{extension}"
        note = text_of(lying[Answer.RETURNED])
        assert lying[Answer.MARKED].name in note and "thả lại" in note
        assert workspace.artifact(job, Role.MARKED) == lying[Answer.MARKED].read_bytes()
        copy, right = OPENERS[extension](lying[Answer.MARKED].read_bytes()), OPENERS[extension](good)
        assert len(copy.coloured) == 2
        mended = copy.mended({key: right.values[key] for key in copy.coloured})

        drop(folder, lying[Answer.MARKED].name, mended, "CATP")
        again = served(workspace)

        assert again.state in AFTER_ACCEPTANCE, workspace.findings(again)
        assert workspace.ledger.job(job.id).state is State.SUPERSEDED
        lying = answers(folder)
        assert set(lying) == {Answer.RECEIPT}
        assert lying[Answer.RECEIPT].name == f"Dang ky.bien-nhan.hs{again.id}.docx"
        assert f"thay thế bản đã gửi “Đăng ký.{extension}”, nhận lúc 09 giờ 00 phút" in text_of(lying[Answer.RECEIPT])


@pytest.mark.slow
def test_the_command_line_leaves_note_and_marked_copy_and_takes_both_back(
    folder: Path, context: ReadingContext
) -> None:
    good, sent = forms(context, "json")
    drop(folder, "dk.json", sent, "CATP")
    assert run(folder) == Exit.NOT_ALL
    lying = answers(folder)
    assert {answer: path.suffix for answer, path in lying.items()} == {
        Answer.RETURNED: ".docx",
        Answer.MARKED: ".html",
    }
    assert "✗ [Phải sửa]" in lying[Answer.MARKED].read_text(encoding="utf-8")
    drop(folder, "dk.json", good, "CATP")
    assert run(folder) == 0
    assert set(answers(folder)) == {Answer.RECEIPT}


def test_broken_text_comes_back_as_a_page(folder: Path) -> None:
    drop(folder, "dk.yaml", "kind: dang-ky\nheadcount: [1, 2\nunit_code: CATP\n", "CATP")
    with opened(folder) as workspace:
        assert served(workspace).state is State.RETURNED
        assert answers(folder)[Answer.MARKED].suffix == ".html"


@pytest.mark.parametrize("name", ["dk.xlsx", "dk.docx", "dk.pdf"])
def test_a_file_refused_at_the_door_gets_the_note_alone(folder: Path, name: str) -> None:
    drop(folder, name, b"PK\x03\x04" + b"x" * 500, "CATP")
    with opened(folder) as workspace:
        serve_once(Worker(workspace, 1), Rhythm(1, 0))
        assert let_in(workspace) == 1
        job = served(workspace)
        assert job.state is State.RETURNED
        assert set(answers(folder)) == {Answer.RETURNED}
        assert workspace.ledger.artifact(job.id, Role.MARKED) is None
        assert "Bản đánh dấu" not in text_of(answers(folder)[Answer.RETURNED])


def test_trouble_with_marking_is_no_trouble_of_the_job(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise GuardFault("a bug of ours")

    monkeypatch.setattr(marked_copies, "mark_guarded", fails)
    # other tests set up logging as the command line does, and with it how loud ours is
    caplog.set_level("WARNING", logger="pipeline.steps.marked_copies")
    monkeypatch.setattr(marked_copies.log, "disabled", False)
    drop(folder, "dk.yaml", registration("CATP", headcount="vài"), "CATP")
    with opened(folder) as workspace:
        assert served(workspace).state is State.RETURNED
        assert set(answers(folder)) == {Answer.RETURNED}
    assert "not marked" in caplog.text


def test_a_marked_copy_that_somebody_changed_where_it_lies_is_not_taken_away(
    folder: Path, context: ReadingContext
) -> None:
    good, sent = forms(context, "xlsx")
    drop(folder, "dk.xlsx", sent, "CATP")
    with opened(folder) as workspace:
        served(workspace)
        marked = answers(folder)[Answer.MARKED]
        copy = OPENERS["xlsx"](marked.read_bytes())
        marked.write_bytes(copy.mended({("ThongTin", "C7"): "24"}))
        drop(folder, "dk.xlsx", good, "CATP")
        served(workspace)
        assert set(answers(folder)) == {Answer.MARKED, Answer.RECEIPT}


def test_no_marked_copy_of_an_accepted_file_lies_about(folder: Path) -> None:
    drop(folder, "dk.yaml", registration("CATP", focal_point={"name": "ThS. Lê B", "phone": "0900000001"}), "CATP")
    with opened(folder) as workspace:
        job = served(workspace)
        assert job.state in AFTER_ACCEPTANCE
        assert set(answers(folder)) == {Answer.RECEIPT}


def test_a_receipt_shows_every_value_as_it_was_understood(folder: Path, context: ReadingContext) -> None:
    good, _ = forms(context, "xlsx")
    drop(folder, "dk.xlsx", good, "CATP")
    with opened(folder) as workspace:
        served(workspace)
        said = text_of(answers(folder)[Answer.RECEIPT])
    plain = ("27/5/2022", "0900000001", "Hồ Thị Kim Duyệt", "CATP (Công an TP.HCM)")
    in_rows = (
        "1. ND1 (Tham mưu, tổng hợp",
        "Mức phấn đấu: 100",
        "Thời gian hoàn thành: 27/10/2022",
        ": 15.000.000 đồng",
    )
    for understood in (*plain, *in_rows):
        assert understood in said
