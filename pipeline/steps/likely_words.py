"""Likely by its words: what a program reads on a paper that is like no document is held against what was sent out.

What it reads is a guess. It names documents to whoever decides, and never gives a paper to one.
"""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

from pipeline import papers
from pipeline.errors import IntegrityError
from pipeline.model import Job, LikelyDocument, Role
from pipeline.ooxml.word_text import text_of_ours
from pipeline.vietnamese.phrases import words_of
from pipeline.workspace import Workspace

_Pairs: TypeAlias = frozenset[tuple[str, str]]

#: Two sheets tell which document it is; each takes seconds.
_MOST_SHEETS: Final = 2
_LEAST_PAIRS: Final = 20
#: Share of the neighbouring words that were read which the document has, too: of other kinds it is below 0.3.
_LEAST_ALIKE: Final = 0.5
#: Documents of one kind differ in some words: those that are as alike but for so much are named, too.
_AS_ALIKE: Final = 0.1


def likely_by_words(workspace: Workspace, paper: Path, documents: Iterable[Job]) -> tuple[LikelyDocument, ...]:
    """The documents whose words a scanned paper bears, the likeliest first; none where nothing can be read."""
    read = _pairs(_read(workspace, paper))
    if len(read) < _LEAST_PAIRS:
        return ()
    alike = [(len(read & _pairs(_printed(workspace, one))) / len(read), one) for one in documents]
    most = max((share for share, _ in alike), default=0.0)
    near = [one for one in alike if one[0] >= max(_LEAST_ALIKE, most - _AS_ALIKE)]
    near.sort(key=lambda one: one[0], reverse=True)
    return tuple(LikelyDocument(job.id, 0, 0, round(share * 100)) for share, job in near)


def _read(workspace: Workspace, paper: Path) -> str:
    sheets = papers.wordless_sheets(workspace.guard, paper) if workspace.tesseract is not None else None
    if not sheets or workspace.tesseract is None:
        return ""
    some = sheets[:_MOST_SHEETS]
    return papers.read_words(workspace.guard, workspace.tesseract, paper, some, is_copied=False).as_text()


def _printed(workspace: Workspace, document: Job) -> str:
    try:
        return text_of_ours(workspace.artifact(document, Role.DRAFT))
    except IntegrityError:  # told by `check`
        return ""


def _pairs(text: str) -> _Pairs:
    return frozenset(pairwise(words_of(text).split()))
