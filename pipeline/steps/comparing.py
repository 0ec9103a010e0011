"""Comparing: a paper that came back is held against what was sent out.

Its sheets need not lie as they were sent out, nor come in one file. Where each page was seen once, in this file or in
papers of the same document that wait, a copy is made in which the pages stand in order and upright, and that copy is
what is looked at once more: nothing is believed of it that was not seen. The received bytes stay as they are.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline import papers
from pipeline.model import (
    Artifact,
    Finding,
    Job,
    PlacedPage,
    Recognition,
    Role,
    SeenMark,
    Severity,
    SignatureCheck,
    State,
)
from pipeline.papers import page_marks
from pipeline.steps.signatures import signed_digitally, signers_of
from pipeline.workspace import Workspace

#: What may be wrong with a paper whose sheets are still good for being joined with others.
STILL_GOOD: Final = frozenset({papers.INCOMPLETE, papers.NOT_ALL_SIGNED, papers.NO_SIGNATURE_SEEN})


@dataclass(frozen=True)
class Seen:
    """What was seen of a paper, the copy in which it was looked at included, and what was found beside that.

    `check` is what is known of its digital signatures, None when it has none; `pictured` is a PDF of the doubtful
    places, b"" where there are none.
    """

    recognition: Recognition
    findings: tuple[Finding, ...] = ()
    check: SignatureCheck | None = None
    pictured: bytes = b""


@dataclass(frozen=True)
class _Part:
    """A paper that waits, or the one that is looked at: the PDF its sheets are in, and the pages these are."""

    job: Job
    path: Path
    placed: tuple[PlacedPage, ...]
    of_sheets: tuple[int, ...] = ()

    @property
    def pages(self) -> frozenset[int]:
        return frozenset(one.page for one in self.placed)

    @property
    def signed(self) -> frozenset[int]:
        """The places where somebody has signed."""
        return frozenset(place for one in self.placed for place in one.signed)

    def received(self, page: PlacedPage) -> PlacedPage:
        """A page by the sheet of the received file, of which this paper may be some sheets."""
        return replace(page, sheet=self.of_sheets[page.sheet - 1]) if self.of_sheets else page


def seen_against(
    workspace: Workspace,
    job: Job,
    document: Job,
    recognition: Recognition,
    check: SignatureCheck | None,
    beside: Sequence[tuple[Job, Recognition]] | None = None,
) -> Seen:
    """Find what a paper is, held against what was sent out of a document; `check` is of its digital signatures.

    It may be joined with the papers `beside`, as they were seen alone; None for those that wait for other pages.
    """
    rendition = workspace.ledger.artifact(document.id, Role.RENDITION)
    # the very PDF we printed would come back unsigned: the same bytes are told apart by their hash
    if rendition is not None and rendition.sha256 == job.submission_sha256:
        return Seen(recognition, (papers.not_signed(),), check)
    path = _path(workspace, job, recognition)
    marks = tuple(_false_marks(workspace, document, recognition))
    comparison = _laid_over(workspace, document, rendition, recognition, path) if rendition else None
    told: tuple[Finding, ...] = ()
    elsewhere: tuple[int, ...] = ()
    if rendition is not None and comparison is not None and not comparison.unseen:
        placed = tuple(_placed(comparison, job.submission_sha256))
        recognition = replace(recognition, placed=placed, signature_places=comparison.signatures)
        own = _part(workspace, job, recognition)
        if beside is None:
            parts = _parts(workspace, own, document, comparison)
        else:
            parts = [own, *(_part(workspace, other, seen) for other, seen in beside)]
        told = tuple(papers.laid_anew(comparison))
        if not marks and (copied := _copied(workspace, document, rendition, recognition, comparison, parts)):
            return replace(copied, findings=(*copied.findings, *told))
        told = (*told, *papers.signed_apart(comparison))
        elsewhere = _elsewhere(comparison, parts)
        comparison = _proved(workspace, rendition, comparison, path)
    found = papers.verify(
        recognition,
        workspace.pages_of(document),
        comparison,
        has_issued=rendition is not None,
        elsewhere=elsewhere,
    )
    signed = signed_digitally(workspace, job, document, recognition, check, comparison) if check is not None else ()
    pictured = _pictured(workspace, rendition, comparison, path)
    return Seen(recognition, (*marks, *found, *signed, *told), check, pictured)


def _proved(
    workspace: Workspace, rendition: Artifact, comparison: papers.Comparison, path: Path
) -> papers.Comparison:
    """Prove each printed character of a paper that is all there; else it is looked at with its other pages."""
    if not set(range(1, comparison.pages + 1)) <= {one.page for one in comparison.seen}:
        return comparison
    return papers.proved(workspace.guard, path, workspace.spool.path(rendition.sha256), comparison)


def _pictured(
    workspace: Workspace, rendition: Artifact | None, comparison: papers.Comparison | None, path: Path
) -> bytes:
    """Show the places that a person is to look at."""
    if rendition is None or comparison is None:
        return b""
    return papers.pictured(workspace.guard, path, workspace.spool.path(rendition.sha256), comparison) or b""


def _elsewhere(comparison: papers.Comparison, parts: Sequence[_Part]) -> tuple[int, ...]:
    """The pages that came in other papers, which wait for the rest."""
    pages = {page for part in parts[1:] for page in part.pages} - parts[0].pages
    # all are seen, and yet no copy could be made: then what lacks here lacks
    return tuple(sorted(pages)) if len(pages) + len(parts[0].pages) < comparison.pages else ()


def _copied(
    workspace: Workspace,
    document: Job,
    rendition: Artifact,
    recognition: Recognition,
    comparison: papers.Comparison,
    parts: Sequence[_Part],
) -> Seen | None:
    """Make the copy and look at it; None where the paper needs none, is not whole, or must not be copied."""
    placed = papers.needed_sheets([one for part in parts for one in part.placed])
    pages = sorted(placed, key=lambda one: one.page)
    is_twice = len(papers.needed_sheets(recognition.placed)) < len(recognition.placed)
    is_whole = {one.page for one in pages} == set(range(1, comparison.pages + 1)) and not is_twice
    is_in_order = len(parts) == 1 and all(one.is_as_it_came for one in pages) and list(recognition.placed) == pages
    is_foreign = any(not one.page for one in comparison.seen) or recognition.foreign_codes
    # a copy of a file that is signed digitally is not signed
    if not is_whole or is_in_order or is_foreign or recognition.digital_signatures:
        return None
    made = papers.arranged(workspace.guard, {part.job.submission_sha256: part.path for part in parts}, pages)
    if made is None:
        return None
    sha256 = workspace.spool.put(made)
    path = workspace.spool.path(sha256)
    anew = papers.recognise(workspace.guard, path, workspace.practice.scan_standard)
    seen = _laid_over(workspace, document, rendition, anew, path)
    if seen is not None and not seen.unseen:
        seen = _proved(workspace, rendition, seen, path)
    found = papers.verify(anew, comparison.pages, seen, has_issued=True)
    joined = tuple(part.job.id for part in parts[1:])
    places = seen.signatures if seen is not None else ()
    # as the sheets lie in what came back
    made_of = tuple(one for page in pages for part in parts if page in part.placed for one in [part.received(page)])
    told = (*papers.put_in_order(comparison, len(parts)), *(papers.signed_apart(seen) if seen is not None else ()))
    findings = (*found, *_false_marks(workspace, document, anew), *told)
    whole = replace(recognition, findings=anew.findings, copy=sha256, made_of=made_of, joined=joined)
    whole = replace(whole, signature_places=places)
    return Seen(whole, findings, pictured=_pictured(workspace, rendition, seen, path))


def _parts(workspace: Workspace, own: _Part, document: Job, comparison: papers.Comparison) -> list[_Part]:
    """The paper, and what waits of its document with pages or signatures that nothing else has, the newest first."""
    parts, pages, signed = [own], set(own.pages), own.signed
    for job in reversed(workspace.ledger.in_states([State.HELD])):
        if len(pages) == comparison.pages and len(signed) == len(comparison.signatures):
            break
        recognition = workspace.recognition(job) if job.id != own.job.id else None
        if recognition is None or recognition.code != document.code or recognition.digital_signatures:
            continue
        blocking = {one.code for one in workspace.findings(job) if one.severity is Severity.BLOCK}
        part = _part(workspace, job, recognition)
        adding = tuple(one for one in part.placed if one.page not in pages or not signed.issuperset(one.signed))
        if adding and blocking <= STILL_GOOD:
            parts.append(replace(part, placed=adding))
            pages |= {one.page for one in adding}
            signed |= {place for one in adding for place in one.signed}
    return parts


def _part(workspace: Workspace, job: Job, recognition: Recognition) -> _Part:
    return _Part(job, _path(workspace, job, recognition), recognition.placed, recognition.of_sheets)


def _placed(comparison: papers.Comparison, of: str) -> Iterator[PlacedPage]:
    for one in comparison.seen:
        if one.page:
            yield PlacedPage(one.page, of, one.sheet, one.turn, one.half, one.scale, one.signed)


def _path(workspace: Workspace, job: Job, recognition: Recognition) -> Path:
    """The PDF in which a paper is looked at."""
    return workspace.spool.path(recognition.seen_in or job.submission_sha256)


def _false_marks(workspace: Workspace, document: Job, recognition: Recognition) -> Iterator[Finding]:
    ours = _our_marks(workspace, document, recognition)
    false = [mark.sheet for mark in recognition.marks if mark.code == document.code and mark not in ours]
    if false:
        is_key_lost = workspace.mark_key_of(document) != page_marks.fingerprint(workspace.mark_key())
        yield papers.mark_not_ours(false, is_key_lost=is_key_lost)


def _our_marks(workspace: Workspace, document: Job, recognition: Recognition) -> list[SeenMark]:
    marks = [mark for mark in recognition.marks if mark.code == document.code]
    return [mark for mark in marks if page_marks.is_ours(mark, workspace.mark_key())]


def _laid_over(
    workspace: Workspace, document: Job, rendition: Artifact, recognition: Recognition, path: Path
) -> papers.Comparison | None:
    """Lay a paper over the PDF that was sent out, and look for ink above the names under which people sign."""
    marks = _our_marks(workspace, document, recognition)
    on_sheet = Counter(mark.sheet for mark in marks)
    return papers.compare(
        workspace.guard,
        path,
        workspace.spool.path(rendition.sha256),
        signers_of(workspace, document),
        papers.left_out(recognition),
        # two pages copied onto one sheet are told by their picture
        [(mark.sheet, mark.page) for mark in marks if on_sheet[mark.sheet] == 1],
        pages=recognition.pages,
    )
