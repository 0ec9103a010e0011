"""A kind whose folder is broken or edited touches nothing but what comes after, and of its own kind."""

import io
import zipfile
from pathlib import Path

from pipeline.app import operations
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import State
from tests.folders import UNITS, drop, opened, pledge, registration, working_folder

NOW = Rhythm(1, 0)


def with_words_before_the_end(template: Path, words: str) -> None:
    """Put a paragraph at the end of a Word template's body."""
    out = io.BytesIO()
    with zipfile.ZipFile(template) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "word/document.xml":
                head, mark, tail = content.rpartition(b"<w:sectPr")
                content = head + f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>".encode() + mark + tail
            target.writestr(info, content)
    template.write_bytes(out.getvalue())


def test_a_template_with_an_unclosed_tag_holds_its_own_kind_and_says_which_tag(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    template = folder / "templates" / "dang-ky" / "template.docx"
    whole = template.read_bytes()
    with_words_before_the_end(template, "{% if doc.headcount %}")
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    drop(folder, "gu.yaml", pledge())
    with opened(folder) as workspace:
        held, waiting = serve_once(Worker(workspace, 1), NOW)
        assert held.state is State.HELD
        assert "templates/dang-ky/template.docx" in held.reason
        assert "{% if doc.headcount %}" in held.reason
        assert (waiting.kind, waiting.state) == ("giao-uoc", State.WAITING)
    assert not (folder / "outbox" / "CATP").exists()  # nothing is told to the unit: it is our fault
    template.write_bytes(whole)
    with opened(folder) as workspace:
        operations.reprocess(workspace, operations.plan(workspace, workspace.ledger.job(held.id)))
        Worker(workspace, 1).work_off()
        assert workspace.ledger.job(held.id).state is State.DELIVERED


def test_a_kind_edited_while_a_document_waits_does_not_change_that_document(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "gu.yaml", pledge())
    with opened(folder) as workspace:
        (waiting,) = serve_once(Worker(workspace, 1), NOW)
        with_words_before_the_end(folder / "templates" / "giao-uoc" / "template.docx", "Thêm sau khi nộp")
        for unit in UNITS:
            drop(folder, "dk.yaml", registration(unit), unit)
        serve_once(Worker(workspace, 1), NOW)
        assert workspace.ledger.job(waiting.id).state is State.DELIVERED
    (draft,) = (folder / "outbox" / "cho-ky").glob("*_GU_*.docx")
    with zipfile.ZipFile(draft) as package:
        assert "Thêm sau khi nộp" not in package.read("word/document.xml").decode()
