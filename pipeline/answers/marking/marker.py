"""Marking one file, whatever its format. Runs in a guarded child (`pipeline.answers.marking.mark_guarded`)."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline import pdf
from pipeline.answers.marking.document import mark_docx
from pipeline.answers.marking.marks import Copy, Mark, Unmarkable, marks_of
from pipeline.answers.marking.page import page_of
from pipeline.answers.marking.pdf_form import mark_pdf
from pipeline.answers.marking.text import mark_yaml
from pipeline.answers.marking.workbook import mark_xlsx
from pipeline.files.refusals import Unfit
from pipeline.model import Address, Finding
from pipeline.reading.contents import office_file, text_of_form
from pipeline.reading.formats import format_of

#: A copy larger than this is not sent: forms are a hundredth of it.
MOST_BYTES: Final = 24 * 1024 * 1024


def mark(path: str, name: str, findings: tuple[Finding, ...], nearby: frozenset[Address], language: str) -> Copy:
    """A marked copy of the file at `path`, dropped under `name`; an empty Copy when none can be made."""
    content = Path(path).read_bytes()
    try:
        extension, made = _marked(content, name, marks_of(findings, nearby, language))
    except (Unfit, Unmarkable):  # what was refused at the door is not opened here
        return Copy()
    if len(made) > MOST_BYTES:
        return Copy()
    return Copy(extension, base64.b64encode(made).decode("ascii"))


def _marked(content: bytes, name: str, marks: Sequence[Mark]) -> tuple[str, bytes]:
    """The extension of the copy and its bytes. Raises Unfit or Unmarkable."""
    match format_of(content, name):
        case "xlsx":
            return "xlsx", mark_xlsx(office_file(content, "xlsx"), marks)
        case "docx":
            return "docx", mark_docx(office_file(content, "docx"), marks)
        case "pdf":
            return "pdf", mark_pdf(pdf.opened(content), marks)
        case "yaml":
            made = mark_yaml(content, marks)
            if made is not None:
                return "yaml", made
    # JSON has no comments, and broken YAML no safe place for one (decision 0009)
    return "html", page_of(text_of_form(content, name), name, marks)
