"""How long LibreOffice may work on one document: by its size, and by the time that LibreOffice really had for it.

A letter of one page takes a tenth of a second. One that takes two hundred times as long has made LibreOffice hang,
and a table of thousands of rows has not: LibreOffice needs more than in proportion for it (200 rows 0.7 s, 2,000 rows
24 s of the processor).
"""

import io
import time
import zipfile
from dataclasses import dataclass
from typing import Final

from pipeline.errors import ToolCrashed, ToolTimeout
from pipeline.messages import tr
from pipeline.tools import patience
from pipeline.tools.processes import TimeHad

#: A small document may take so long, whatever the setting says of the largest.
_LEAST_S: Final = 20.0
#: The part of the setting that a small document may take, …
_SMALL: Final = 1 / 6
#: … and by how many paragraphs (a cell has one) it is all of it.
_LARGE: Final = 5_000
#: So large a document takes more than the three seconds there are where others wait behind it.
_KNOWN_TO_BE_LONG: Final = 3_000
#: What takes longer than this is done apart: the usual time of such a document, ten times over.
_USUAL_S: Final = 1.0
_USUAL_S_A_PARAGRAPH: Final = 0.02
#: By the clock, however little of the processor it got, it may take so many times as long.
MOST_BY_CLOCK: Final = 4.0
_LOOKS_S: Final = 0.25


class DocumentHangs(ToolTimeout):
    """LibreOffice had all its time for a document and did not finish it."""

    is_retried = False  # it would be the same again


class DocumentKills(ToolCrashed):
    """A LibreOffice that had started well died on a document."""

    is_retried = False


@dataclass(frozen=True)
class Demand:
    """What a Word document may ask of LibreOffice; `paragraphs` counts those in cells, too."""

    paragraphs: int

    @classmethod
    def of(cls, document: bytes) -> "Demand":
        """Look how large a document (docx bytes) is. What is no Word document has no paragraph."""
        try:
            with zipfile.ZipFile(io.BytesIO(document)) as package:
                body = package.read("word/document.xml")
        except (zipfile.BadZipFile, KeyError):
            return cls(0)
        return cls(body.count(b"<w:p>") + body.count(b"<w:p "))

    @property
    def is_known_to_be_long(self) -> bool:
        """Whether it need not be tried where others wait."""
        return self.paragraphs > _KNOWN_TO_BE_LONG

    @property
    def usual_s(self) -> float:
        """Seconds that are more than enough for such a document."""
        return _USUAL_S + self.paragraphs * _USUAL_S_A_PARAGRAPH

    def most_s(self, timeout_s: float) -> float:
        """Seconds for this document, where the largest may take `timeout_s`."""
        part = min(1.0, _SMALL + (1 - _SMALL) * self.paragraphs / _LARGE)
        return min(timeout_s, max(_LEAST_S, timeout_s * part))


class Allowance:
    """What is left for a document that the processes of a group have in hand."""

    def __init__(self, group: int, demand: Demand, timeout_s: float) -> None:
        self._clock, self._demand = TimeHad(group), demand
        self._most_s = demand.most_s(timeout_s)
        begun = time.monotonic()
        # the first look costs more than most documents take
        self._next_look, self._end = begun + _LOOKS_S, begun + self._most_s * MOST_BY_CLOCK

    def step(self) -> float:
        """Say how long to wait at one go. Raises OutOfPatience, DocumentHangs, ToolTimeout."""
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + _LOOKS_S
            had = self._clock.seconds()
            if had > self._demand.usual_s:
                patience.refuse_long()
            if had > self._most_s:
                raise DocumentHangs(_not_finished(self._most_s))
        left = patience.step(self._end)
        if not left:
            raise ToolTimeout(_not_finished(self._most_s))
        return min(left, max(0.01, self._next_look - now))


def died() -> DocumentKills:
    """Make the error of a document on which LibreOffice ended."""
    return DocumentKills(
        tr("LibreOffice died on the document. Look at what it says, or mend its template; then have it made again.")
    )


def _not_finished(seconds: float) -> str:
    return tr(
        "LibreOffice did not finish the document within {seconds} s and was stopped; if the document is large, "
        "allow more time, otherwise its template is at fault.",
        seconds=f"{seconds:.3g}",
    )
