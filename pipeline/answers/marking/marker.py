"""Marking one file, whatever its format. Runs in a guarded child (`pipeline.answers.marking.mark_guarded`)."""

import base64
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from pipeline.answers.marking.document import mark_docx
from pipeline.answers.marking.marks import Copy, Mark, Unmarkable, marks_of
from pipeline.answers.marking.page import page_of
from pipeline.answers.marking.pdf_form import mark_pdf
from pipeline.answers.marking.text import mark_yaml
from pipeline.answers.marking.workbook import mark_xlsx
from pipeline.model import Finding
from pipeline.reading.door import format_of
from pipeline.reading.package import unpack
from pipeline.reading.pdf_door import open_pdf
from pipeline.reading.refusals import Unfit

#: A copy larger than this is not sent: forms are a hundredth of it.
MOST_BYTES: Final = 24 * 1024 * 1024

_BY_FORMAT: Final[dict[str, Callable[[bytes, Sequence[Mark]], bytes]]] = {
    "xlsx": mark_xlsx,
    "docx": mark_docx,
    "pdf": mark_pdf,
}


def mark(path: str, name: str, findings: tuple[Finding, ...], nearby: frozenset[str], language: str) -> Copy:
    """A marked copy of the file at `path`, dropped under `name`; an empty Copy when none can be made."""
    content = Path(path).read_bytes()
    try:
        format_ = format_of(content, name)
        _pass_door(content, format_)
        extension, made = _marked(content, format_, name, marks_of(findings, nearby, language))
    except (Unfit, Unmarkable):
        return Copy()
    if len(made) > MOST_BYTES:
        return Copy()
    return Copy(extension, base64.b64encode(made).decode("ascii"))


def _pass_door(content: bytes, format_: str) -> None:
    """The door of reading once more: what was refused there is not opened here. Raises Unfit or Unmarkable."""
    if format_ == "pdf":
        open_pdf(content)
    elif format_ in {"docx", "xlsx"} and unpack(content).format != format_:
        raise Unmarkable


def _marked(content: bytes, format_: str, name: str, marks: Sequence[Mark]) -> tuple[str, bytes]:
    """The extension of the copy and its bytes. Raises Unmarkable."""
    if format_ in _BY_FORMAT:
        return format_, _BY_FORMAT[format_](content, marks)
    made = mark_yaml(content, marks) if format_ == "yaml" else None
    return ("yaml", made) if made is not None else ("html", page_of(content, name, marks))
