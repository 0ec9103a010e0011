"""The words of a Word document as people read them: a blank is a blank, whether a line may end there or not."""

import io
from pathlib import Path

import docx
from docx.oxml.ns import qn

_SIGNS = {qn("w:noBreakHyphen"): "-", qn("w:tab"): "\t", qn("w:br"): "\n"}


def words_of(document: bytes | Path) -> str:
    """Every paragraph of a document, also of tables, a line for each."""
    source = io.BytesIO(document) if isinstance(document, bytes) else str(document)
    body = docx.Document(source).element.body
    lines = ("".join(map(_shown, paragraph.iter())) for paragraph in body.iter(qn("w:p")))
    return "\n".join(lines).replace("\u00a0", " ")


def _shown(element: object) -> str:
    tag = getattr(element, "tag", "")
    return (getattr(element, "text", "") or "") if tag == qn("w:t") else _SIGNS.get(str(tag), "")
