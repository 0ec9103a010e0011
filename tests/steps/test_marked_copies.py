"""A marked copy is made of what was read as a form, and of nothing else."""

import dataclasses
import io
from collections.abc import Callable

import docx
from docx.document import Document
from docx.shared import Mm, Twips

from pipeline import naming
from pipeline.layout.check import check
from pipeline.ledger import Outcome
from pipeline.messages import say
from pipeline.model import Address, Finding, Job, Place, Reading, Role, Severity, State
from pipeline.steps.answering import returned
from pipeline.steps.judgement import formalities
from pipeline.steps.marked_copies import marked_copy, mended_copy
from tests.folders import registration
from tests.hostile.makers import BOOK, ole
from tests.layout.check import typed
from tests.reading import writers
from tests.reading.conftest import example
from tests.status.office import Office
from tests.steps.at_work import read, taken

FAULT = Finding(
    "DK02", Severity.BLOCK, say("The form does not say which unit it comes from."), Place(Address.of("/headcount"))
)


def marked(office: Office, job: Job, reading: Reading, *findings: Finding) -> tuple[str, bytes]:
    """The name of the marked copy and its bytes; "" where there is none."""
    made = marked_copy(office.workspace, job, findings, reading)
    if made is None:
        return "", b""
    assert made.role is Role.MARKED
    return made.name, office.workspace.spool.get(made.sha256)


def test_a_form_is_marked_where_it_is_faulty_under_the_name_of_its_file(office: Office) -> None:
    job = read(office, "Đăng ký.yaml", registration("CATP"))
    reading = office.workspace.reading(job)
    name, copy = marked(office, job, reading, FAULT)
    assert name == f"Dang ky.ban-danh-dau.hs{job.id}.yaml"
    assert "Biểu mẫu không ghi đơn vị".encode() in copy
    assert b"DK02" not in copy
    english = dataclasses.replace(office.workspace.practice, language="en")
    office.workspace = dataclasses.replace(office.workspace, practice=english)
    assert marked(office, job, reading, FAULT)[1] != copy


def test_what_is_of_no_kind_is_marked_only_where_text_is_broken(office: Office) -> None:
    job = taken(office, "dk.yaml", "kind: dang-ky\nheadcount: [1, 2\n")
    unread = Reading("yaml")
    broken = Finding("file.yaml", Severity.BLOCK, say("x"), Place(line=2))
    assert marked(office, job, unread, broken)[0] == f"dk.ban-danh-dau.hs{job.id}.html"
    assert marked(office, job, unread, broken, FAULT)[0] == ""
    assert marked(office, job, unread, FAULT)[0] == ""
    assert marked(office, job, unread)[0] == ""


def test_of_a_file_in_an_old_format_the_converted_one_is_marked(office: Office) -> None:
    context = office.workspace.context()
    form = context.form("dang-ky")
    assert form is not None
    book = writers.as_xlsx(form, example("dang-ky", "pass-catp"), writers.plain(context))
    new = read(office, "moi.xlsx", book, "CATP")
    old = taken(office, "cu.phieu.xls", ole("Workbook", stream=BOOK), "KNH")
    reading = dataclasses.replace(office.workspace.reading(new), format="xls")
    assert marked(office, old, reading, FAULT) == ("", b"")
    kept = office.workspace.keep(Role.CONVERTED, book)
    old = office.workspace.ledger.advance(old, Outcome(State.HELD, artifacts=(kept,)))
    name, copy = marked(office, old, reading, FAULT)
    assert name == f"cu.phieu.ban-danh-dau.hs{old.id}.xlsx"
    assert copy.startswith(b"PK")


# a unit's own paper, its official form put right


def paper_of_a_unit(office: Office, spoil: Callable[[Document], object]) -> tuple[Job, Reading, tuple[Finding, ...]]:
    """A State plan typed in Word, and what is told of its form."""
    plan = typed.state_plan()
    spoil(plan)
    job = taken(office, "KH.docx", typed.saved(plan), "KNH")
    reading = Reading("docx")
    return job, reading, formalities(office.workspace, job, reading)


def narrow(plan: Document) -> None:
    plan.sections[0].left_margin = Mm(10)


def test_a_returned_word_file_lies_beside_its_note_with_its_form_put_right(office: Office) -> None:
    job, reading, told = paper_of_a_unit(office, narrow)
    outcome = returned(office.workspace, job, (FAULT, *told), reading=reading)
    (made,) = [one for one in outcome.artifacts if one.role is Role.MENDED]
    assert made.name == f"KH.ban-sua-the-thuc.hs{job.id}.docx"
    assert f"{made.name}" in {one.path.rpartition("/")[2] for one in outcome.publications}
    mended = docx.Document(io.BytesIO(office.workspace.spool.get(made.sha256)))
    assert mended.sections[0].left_margin == Twips(1701)
    assert check(office.workspace.spool.get(made.sha256)) == ()
    kept = next(one for one in outcome.artifacts if one.role is Role.FINDINGS)
    assert made.name.encode() in office.workspace.spool.get(kept.sha256)
    # it comes back under the name of the file it was made of
    assert naming.is_same_file(made.name, "KH.docx")


def nothing_to_mend(plan: Document) -> None:
    """Two words that no program may choose."""
    run = next(run for line in plan.paragraphs for run in line.runs if run.text == "KẾ HOẠCH")
    run.text = "KẾ HOẠCH"
    plan.add_paragraph("………………")


def test_what_no_program_can_put_right_comes_back_without_such_a_copy(office: Office) -> None:
    job, reading, told = paper_of_a_unit(office, nothing_to_mend)
    assert told
    assert mended_copy(office.workspace, job, told, reading) is None


def test_a_form_of_ours_and_a_file_of_no_such_fault_come_back_as_they_did(office: Office) -> None:
    job, reading, told = paper_of_a_unit(office, narrow)
    assert mended_copy(office.workspace, job, (FAULT,), reading) is None
    ours = dataclasses.replace(reading, form="dang-ky/1f3a9c2e")
    assert mended_copy(office.workspace, job, told, ours) is None
