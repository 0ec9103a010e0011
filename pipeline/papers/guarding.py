"""What the rest of the program asks of papers that are foreign bytes: all of it in a guarded child."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipeline.files import refusals
from pipeline.files.refusals import Unfit
from pipeline.model import Finding, PlacedPage, Recognition, SignatureCheck
from pipeline.papers.compared import places_to_show
from pipeline.papers.digital_signatures import NOT_READ
from pipeline.papers.pages import DEFAULT_STANDARD, ScanStandard
from pipeline.papers.seen import Blank, Blanks, Comparison, Likely, Proof, SeenRevision, WordLayer, WordlessSheet
from pipeline.tools.guard import Guard, GuardRefused

_RECOGNISE: Final = "pipeline.papers.recognition:recognise_pdf"
_COMPARE: Final = "pipeline.papers.comparison:compare_pdf"
_WRAP: Final = "pipeline.papers.wrapping:wrap"
_SIGNATURES: Final = "pipeline.papers.digital_signatures:check_signatures"
_REVISIONS: Final = "pipeline.papers.revisions:compare_revisions"
_ARRANGE: Final = "pipeline.papers.arranging:arrange"
_PICTURE: Final = "pipeline.papers.picturing:picture_places"
_PROVE: Final = "pipeline.papers.characters:prove_page"
_BLANKS: Final = "pipeline.papers.blanks:find_blanks"
_WRITE: Final = "pipeline.papers.writing_over:write_over"
_WORDLESS: Final = "pipeline.papers.text_layer:wordless_sheets"
_DRAW: Final = "pipeline.papers.text_layer:draw_sheet"
_LAY: Final = "pipeline.papers.text_layer:lay_words"
_CROP: Final = "pipeline.papers.signature_crops:crop"
_ANOTHER: Final = "pipeline.papers.comparison:is_another_pdf"
_LIKELY: Final = "pipeline.papers.small_pictures:find_likely"

#: A paper of more pages would keep the others waiting; of the rest it is told that they were not proved.
_MOST_PROVED: Final = 60

#: What is allowed for one file is meant for so much of a paper; and at most so often for the largest.
_BYTES_AT_ONCE: Final = 2_000_000
_PAGES_AT_ONCE: Final = 5
_MOST_TIMES: Final = 12
_DOCUMENTS_AT_ONCE: Final = 20

#: What a guard must allow for the functions here.
GUARDED: Final = (
    *(_RECOGNISE, _COMPARE, _WRAP, _SIGNATURES, _REVISIONS, _ARRANGE, _PROVE, _PICTURE, _BLANKS, _WRITE),
    *(_WORDLESS, _DRAW, _LAY, _LIKELY, _ANOTHER, _CROP),
)


def cropped(guard: Guard, issued: Path, paper: Path, name: str, sheet: int) -> bytes:
    """Cut the place where a person signs out of a sheet of a paper, in a guarded child; b"" where that cannot be."""
    try:
        return guard.call(_CROP, str(issued), str(paper), name, sheet, returns=bytes, about=paper.name)
    except GuardRefused:
        return b""


def wrapped(guard: Guard, path: Path) -> bytes | Finding:
    """Make a PDF of a picture file in a guarded child, without changing a point of it; a finding where none can be.

    `guard` must allow GUARDED. `path` is a copy of ours: nobody may change it meanwhile.
    """
    try:
        return guard.call(_WRAP, str(path), returns=bytes, about=path.name, times=_times(path))
    except Unfit as unfit:
        return unfit.finding
    except GuardRefused as refused:
        return refusals.stopped(is_heavy=refused.is_heavy)


def arranged(guard: Guard, papers: Mapping[str, Path], pages: Sequence[PlacedPage]) -> bytes | None:
    """Make a PDF of pages in their order, upright and as large as they were sent out; None where it cannot be made.

    `papers` are the PDFs that the pages are in, by what each page says it is of. No point of a page is changed.
    `guard` must allow GUARDED.
    """
    paths, times = {of: str(path) for of, path in papers.items()}, _times(*papers.values(), pages=len(pages))
    try:
        return guard.call(_ARRANGE, paths, tuple(pages), returns=bytes, times=times)
    except (Unfit, GuardRefused):
        return None


def recognise(guard: Guard, path: Path, standard: ScanStandard = DEFAULT_STANDARD) -> Recognition:
    """Recognise a PDF file in a guarded child; a file that breaks its reader is a finding, too.

    `guard` must allow GUARDED. `path` is a copy of ours: nobody may change it meanwhile.
    """
    try:
        return guard.call(_RECOGNISE, str(path), standard, returns=Recognition, about=path.name, times=_times(path))
    except GuardRefused as refused:
        return Recognition(findings=(refusals.stopped(is_heavy=refused.is_heavy),))


def compare(
    guard: Guard,
    paper: Path,
    issued: Path,
    names: Sequence[str],
    left_out: Sequence[int],
    marked: Sequence[tuple[int, int]] = (),
    *,
    pages: int = 1,
) -> Comparison | None:
    """Compare a paper with the PDF that was issued, in a guarded child; None where the paper breaks its reader.

    `names` are those under the signatures, `left_out` the sheets (from 1) that are none of its pages, `marked` its
    sheets with the page that the mark on each names; it has so many `pages`.
    """
    asked = (str(paper), str(issued), tuple(names), tuple(left_out), tuple(marked))
    try:
        return guard.call(_COMPARE, *asked, returns=Comparison, about=paper.name, times=_times(paper, pages=pages))
    except GuardRefused:
        return None


def likely(
    guard: Guard, paper: Path, issued: Sequence[Path], blank: Sequence[int], *, pages: int = 1
) -> tuple[Likely, ...]:
    """Say of each issued PDF whether a paper of so many `pages` may be it; nothing is proved (`small_pictures`).

    `blank` are the blank sheets of the paper (from 1). Of what could not be looked at nothing is known.
    """
    asked = (str(paper), tuple(map(str, issued)), tuple(blank))
    times = min(_MOST_TIMES, _times(paper, pages=pages) + len(issued) // _DOCUMENTS_AT_ONCE)
    try:
        return guard.call(_LIKELY, *asked, returns=tuple[Likely, ...], about=paper.name, times=times)
    except GuardRefused:
        return (Likely(0),) * len(issued)


def is_another(guard: Guard, paper: Path, issued: Path, blank: Sequence[int], *, pages: int = 1) -> bool:
    """Tell whether a paper of so many `pages` is surely not the PDF that was issued; else it may be, or may not."""
    asked, times = (str(paper), str(issued), tuple(blank)), _times(paper, pages=pages)
    try:
        return guard.call(_ANOTHER, *asked, returns=bool, about=paper.name, times=times)
    except GuardRefused:
        return False


def proved(guard: Guard, paper: Path, issued: Path, compared: Comparison) -> Comparison:
    """Give a comparison with the proof of the characters of each page that was found.

    A page that could not be proved says so: its reader broke, it is not simply a sheet, or there are too many.
    """
    return replace(compared, proofs=tuple(_proofs(guard, paper, issued, compared)))


def _proofs(guard: Guard, paper: Path, issued: Path, compared: Comparison) -> Iterator[Proof]:
    """Prove the characters of each page that was found, each in a call of its own: a page takes a second."""
    proved = 0
    for one in compared.seen:
        # where much is lost nothing more need be said
        if not one.page or one.lost:
            continue
        if one.to_scan is None or proved == _MOST_PROVED:
            yield Proof(one.sheet, one.page, 0, is_clear=False)
            continue
        proved += 1
        rooms = tuple(room for page, room in compared.rooms if page == one.page)
        asked = (str(paper), str(issued), one.sheet, one.page, one.to_scan, one.scale, rooms)
        try:
            yield guard.call(_PROVE, *asked, returns=Proof, about=paper.name, times=_times(paper))
        except GuardRefused:
            yield Proof(one.sheet, one.page, 0, is_clear=False)


def pictured(guard: Guard, paper: Path, issued: Path, comparison: Comparison) -> bytes | None:
    """Make a PDF of the places that a person is to look at, beside what was sent out; None where there are none."""
    places = places_to_show(comparison)
    if not places:
        return None
    try:
        return guard.call(
            _PICTURE, str(paper), str(issued), places, returns=bytes, about=paper.name, times=_times(paper)
        )
    except GuardRefused:
        return None


def check_signatures(guard: Guard, path: Path, certificates: Path, received_at: dt.datetime) -> SignatureCheck:
    """Check the digital signatures of a PDF in a guarded child; a file that breaks its reader was not checked."""
    try:
        return guard.call(
            _SIGNATURES,
            str(path),
            str(certificates),
            received_at,
            returns=SignatureCheck,
            about=path.name,
            times=_times(path),
        )
    except GuardRefused as refused:
        return SignatureCheck(problem=f"{NOT_READ}: {refused.reason.value}")


def compare_revisions(
    guard: Guard, paper: Path, issued: Path, ends: Iterable[int], names: Sequence[str]
) -> tuple[SeenRevision, ...] | None:
    """Hold revisions of a paper, given by where they end, against what was issued; None where it breaks a reader."""
    asked = (str(paper), str(issued), tuple(ends), tuple(names))
    try:
        return guard.call(_REVISIONS, *asked, returns=tuple[SeenRevision, ...], about=paper.name, times=_times(paper))
    except GuardRefused:
        return None


def blanks_of(guard: Guard, paper: Path, issued: Path) -> Blanks:
    """Find where number and date are still blank on a paper, in a guarded child."""
    try:
        return guard.call(_BLANKS, str(paper), str(issued), returns=Blanks, about=paper.name, times=_times(paper))
    except GuardRefused:
        return Blanks(is_lost=True)


def written_over(guard: Guard, paper: Path, texts: Sequence[tuple[Blank, str]]) -> bytes | None:
    """Make a copy of a paper with figures in its blanks, in a guarded child; None where it cannot be made."""
    try:
        return guard.call(_WRITE, str(paper), tuple(texts), returns=bytes, about=paper.name, times=_times(paper))
    except (Unfit, GuardRefused):
        return None


def wordless_sheets(guard: Guard, paper: Path) -> tuple[WordlessSheet, ...] | None:
    """Find the scanned sheets of a paper without words, in a guarded child; None where nobody could look."""
    try:
        return guard.call(
            _WORDLESS, str(paper), returns=tuple[WordlessSheet, ...], about=paper.name, times=_times(paper)
        )
    except (Unfit, GuardRefused):
        return None


def drawn_sheet(guard: Guard, paper: Path, sheet: WordlessSheet) -> bytes | None:
    """Draw a sheet as a PNG, in a guarded child; None where it cannot be drawn."""
    try:
        return guard.call(_DRAW, str(paper), sheet, returns=bytes, about=paper.name, times=_times(paper))
    except (Unfit, GuardRefused):
        return None


def words_laid(guard: Guard, paper: Path, layers: Sequence[WordLayer]) -> bytes | None:
    """Make a copy of a paper with words laid over its sheets, in a guarded child; None where it cannot be made."""
    asked = (str(paper), tuple(layers))
    try:
        return guard.call(_LAY, *asked, returns=bytes, about=paper.name, times=_times(paper, pages=len(layers)))
    except (Unfit, GuardRefused):
        return None


def _times(*papers: Path, pages: int = 1) -> int:
    """How often the limits on time are allowed, which are those of a form: one page in colour may have 26 MB."""
    size = sum(path.stat().st_size for path in papers)
    return min(_MOST_TIMES, 1 + size // _BYTES_AT_ONCE + pages // _PAGES_AT_ONCE)
