"""Our own documents: a fault of our making holds them, and no word of the form excuses it."""

from pathlib import Path
from typing import Any

import docx
import pytest
from docx.text.run import Run

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.layout.check import without_form_text
from pipeline.messages import say
from pipeline.model import Finding, Job, Severity, State
from tests.folders import drop, opened, registration, working_folder

HEADING = "ĐẦU MỐI LIÊN HỆ"


def heading(folder: Path) -> tuple[Any, Run]:
    """A heading in the template of the registrations, as Word shows it to whoever edits the template."""
    template = docx.Document(str(folder / "templates" / "dang-ky" / "template.docx"))
    return template, next(run for para in template.paragraphs for run in para.runs if run.text == HEADING)


def made(folder: Path) -> Job:
    drop(folder, "dk.yaml", registration("CATP"))
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        return job


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return working_folder(tmp_path / "office")


def test_another_font_in_the_template_holds_the_document(folder: Path) -> None:
    template, run = heading(folder)
    run.font.name = "Arial"
    template.save(str(folder / "templates" / "dang-ky" / "template.docx"))

    job = made(folder)

    assert (job.state, "TT02" in job.reason, "Arial" in job.reason) == (State.HELD, False, True)
    assert not list((folder / "outbox" / "cho-ky").glob("*"))


def test_a_gap_left_in_the_template_holds_the_document(folder: Path) -> None:
    template, run = heading(folder)
    run.text += " ........"
    template.save(str(folder / "templates" / "dang-ky" / "template.docx"))

    job = made(folder)

    assert (job.state, "TT15" in job.reason, "........" in job.reason) == (State.HELD, False, True)


def found(code: str, text: str) -> Finding:
    return Finding(code, Severity.BLOCK, say("This file is damaged."), found=text)


@pytest.mark.parametrize("typed", ["", "%", "Hội trường A", "Hội trường"])
def test_what_was_not_typed_in_whole_is_held_against_the_template(typed: str) -> None:
    faults = [found("TT02", "Hội trường A1"), found("TT08", ""), found("TT10", "%")]

    assert without_form_text(faults, {"a": [{"b": typed}]}) == faults


def test_what_was_typed_is_told_when_the_form_is_read_and_holds_nothing() -> None:
    assert without_form_text([found("TT02", "HỘI TRƯỜNG  A")], {"a": [{"b": "Hội trường A"}]}) == []


def test_a_gap_is_forgiven_only_where_the_form_has_one() -> None:
    gap = found("TT15", "Số ........")

    assert without_form_text([gap], {"a": "Hội trường A"}) == [gap]
    assert without_form_text([gap], {"a": "Số ........"}) == []
