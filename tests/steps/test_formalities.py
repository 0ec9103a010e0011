"""A unit's own form in Word is no official document, and is not held against the form of one."""

from pathlib import Path

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.blank_forms.word import write_word
from pipeline.model import State
from tests.blank_forms.conftest import known
from tests.blank_forms.filling_word import as_the_form_takes_it, fill_docx
from tests.folders import ROOT, drop, opened, working_folder
from tests.reading.conftest import example

FORM = ROOT / "examples" / "2022" / "KNH" / "KNH.docx"


def test_a_registration_typed_in_word_is_accepted_and_asked_for_no_form_of_official_papers(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "KNH.docx", FORM.read_bytes(), "KNH")
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace), Rhythm(1, 0))
        formal = [one for one in workspace.findings(job) if one.code.startswith(("TT", "form."))]
    assert (job.state, formal) == (State.DELIVERED, [])


def test_a_form_that_we_sent_out_is_no_document_and_not_held_against_the_official_form(tmp_path: Path) -> None:
    form = known("dang-ky", "KNH")
    values = as_the_form_takes_it(form, example("dang-ky", "pass-knh"))
    folder = working_folder(tmp_path / "office")
    drop(folder, "KNH.docx", fill_docx(write_word(form), form, values), "KNH")
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace), Rhythm(1, 0))
        formal = [one for one in workspace.findings(job) if one.code.startswith(("TT", "form."))]
    assert (job.state, formal) == (State.DELIVERED, [])
