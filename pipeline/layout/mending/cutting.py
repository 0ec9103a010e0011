"""Runs of a file cut where a change begins or ends, so that it touches just its letters."""

import copy
from collections.abc import Iterable, Mapping
from typing import Final

from pipeline.layout.applying import w
from pipeline.layout.check.word_document import Run
from pipeline.ooxml.package import Element

XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
#: What one letter of a run may be but a `w:t`.
_SIGNS: Final = frozenset({w("tab"), w("br"), w("cr"), w("noBreakHyphen"), w("softHyphen")})


class Cuts:
    """The pieces of the runs that some changes speak of."""

    def __init__(self, runs: Iterable[Run]) -> None:
        places: dict[Element, set[int]] = {}
        for run in runs:
            if run.element is not None:
                places.setdefault(run.element, set()).update((run.start, run.start + len(run.text)))
        self._pieces: Mapping[Element, list[tuple[int, Element]]] = {
            element: _cut(element, sorted(found)) for element, found in places.items()
        }

    def of(self, run: Run) -> list[Element]:
        """The runs of the file that hold the letters of `run`."""
        if run.element is None:
            return []
        end = run.start + len(run.text)
        return [piece for start, piece in self._pieces[run.element] if run.start <= start < end]


def split(run: Element, at: int) -> list[Element]:
    """Cut a run of letters before its letter `at`; gives both parts."""
    return [piece for _, piece in _cut(run, [at])]


def taken_out(element: Element) -> None:
    """Take an element out of its tree."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def letters_of(run: Element) -> str:
    """The letters of a run: a sign that is no letter counts as one."""
    return "".join(_letters(child) for child in run)


def _letters(child: Element) -> str:
    if child.tag == w("t"):
        return child.text or ""
    return "\0" if child.tag in _SIGNS else ""


def _cut(run: Element, places: list[int]) -> list[tuple[int, Element]]:
    """The pieces of a run, each with the place of its first letter; a run with fields or drawings stays whole."""
    if any(child.tag not in (_SIGNS | {w("t"), w("rPr")}) for child in run):
        return [(0, run)]
    length = len(letters_of(run))
    bounds = sorted({0, *(place for place in places if 0 < place < length)})
    if len(bounds) == 1:
        return [(0, run)]
    pieces = []
    for start, end in zip(bounds, [*bounds[1:], length], strict=True):
        piece = copy.deepcopy(run)
        _keep(piece, start, end)
        run.addprevious(piece)
        pieces.append((start, piece))
    taken_out(run)
    return pieces


def _keep(run: Element, start: int, end: int) -> None:
    """Leave only the letters between two places."""
    at = 0
    for child in list(run):
        letters = _letters(child)
        kept = letters[max(0, start - at) : max(0, end - at)]
        at += len(letters)
        if child.tag == w("rPr"):
            continue
        if not kept:
            run.remove(child)
        elif child.tag == w("t"):
            child.text = kept
            child.set(XML_SPACE, "preserve")
