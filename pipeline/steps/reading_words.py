"""Reading the words of a scanned paper, for search alone: a guess never says which document a paper is.

They are read once, before the paper is filed, and recorded: another time they may come out otherwise, and filing that
is done again after a crash must give the same bytes. What came back is never written into; a copy of a paper that is
signed digitally would not be signed, so of that only the words are kept.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pipeline import papers
from pipeline.model import Artifact, Finding, Job, Role, TextLayer
from pipeline.steps.newest_paper import NewestPaper, newest_paper
from pipeline.workspace import Workspace

#: The code of the finding that a scan has no text layer.
_NO_WORDS: Final = "A07"
#: Why nothing was read, as sidecars tell it.
_NOT_INSTALLED, _NOT_LOOKED_AT = "tesseract is not installed", "could not be looked at"


def text_of(workspace: Workspace, document: Job, paper: NewestPaper) -> TextLayer | None:
    """Give what was read of a document's newest paper; None where nothing was to be read."""
    layer = workspace.text_layer(document)
    return layer if layer is not None and layer.of == paper.looked_at else None


def words_read(workspace: Workspace, document: Job) -> tuple[Artifact, ...]:
    """Read the newest paper of a document that was signed; nothing for one that has a text layer, or was read."""
    if not workspace.practice.makes_text or workspace.ledger.artifact(document.id, Role.SIGNED) is None:
        return ()
    paper = newest_paper(workspace, document)
    if text_of(workspace, document, paper) is not None or not _is_pdf(workspace, paper):
        return ()
    made = words_of(workspace, paper)
    layer = next((one for one in made if one.role is Role.TEXT_LAYER), None)
    found = workspace.findings(document)
    left = without_what_was_mended(found, workspace.layer_of(layer)) if layer else found
    return (*made, workspace.keep_findings(left)) if left != found else made


def _is_pdf(workspace: Workspace, paper: NewestPaper) -> bool:
    """Tell whether a paper is looked at in a PDF: of one that came as a Word file there are no sheets."""
    with workspace.spool.path(paper.looked_at).open("rb") as file:
        return file.read(5) == b"%PDF-"


def words_of(workspace: Workspace, paper: NewestPaper) -> tuple[Artifact, ...]:
    """Read the words of a paper; gives what is to be recorded, nothing where every sheet has a text layer."""
    sheets = papers.wordless_sheets(workspace.guard, workspace.spool.path(paper.looked_at))
    if sheets is None:
        return (workspace.keep_text_layer(TextLayer(paper.looked_at, why=_NOT_LOOKED_AT)),)
    return tuple(_read(workspace, paper, sheets)) if sheets else ()


def _read(workspace: Workspace, paper: NewestPaper, sheets: tuple[papers.WordlessSheet, ...]) -> Iterator[Artifact]:
    if workspace.tesseract is None:
        unread = tuple(one.sheet for one in sheets)
        yield workspace.keep_text_layer(TextLayer(paper.looked_at, unread=unread, why=_NOT_INSTALLED))
        return
    path = workspace.spool.path(paper.looked_at)
    words = papers.read_words(
        workspace.guard, workspace.tesseract, path, sheets, is_copied=not paper.is_signed_digitally
    )
    text = workspace.keep(Role.PAPER_TEXT, words.as_text().encode()) if words.texts else None
    copy = workspace.keep(Role.SEARCHABLE, words.copy) if words.copy else None
    yield from (one for one in (text, copy) if one is not None)
    layer = TextLayer(paper.looked_at, workspace.tesseract.name, words.read, words.unread, words.why)
    yield workspace.keep_text_layer(
        replace(layer, text=text.sha256 if text else "", copy=copy.sha256 if copy else "")
    )


def without_what_was_mended(found: tuple[Finding, ...], text: TextLayer | None) -> tuple[Finding, ...]:
    """Leave out that a paper has no text layer, once all its words can be searched in the copy."""
    is_mended = text is not None and text.read and not text.unread
    return tuple(one for one in found if one.code != _NO_WORDS) if is_mended else found
