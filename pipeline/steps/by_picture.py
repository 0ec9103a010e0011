"""By picture: a signed paper that no code names is laid over what is out for signature.

None is read on it, or one on too few sheets: that of a page that is not its own, perhaps.

Small pictures of its pages tell what it may be. What it may be is laid over it closely, then its characters are
proved. It is that document only where every page is there, no character is another one, and the same look showed of
every other document that it is not: papers of two units often have the same words but for the name. All else is for
a person, who is told what it may be. What could not be looked at is never taken for another document.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline import papers
from pipeline.ledger import Outcome
from pipeline.messages import say
from pipeline.model import AWAITED, Finding, Job, Recognition, Role, Severity, SignatureCheck, State
from pipeline.steps.comparing import Seen, seen_against
from pipeline.steps.likely_documents import Look, Looked, code_read, doubtful
from pipeline.steps.matching import decided, refused
from pipeline.steps.signatures import checked
from pipeline.workspace import Workspace

#: Documents whose small pictures are looked at, the newest; those that are laid over closely; those that are proved.
_MOST_DOCUMENTS: Final = 200
_MOST_LAID_OVER: Final = 20
_MOST_PROVED: Final = 4
#: A document that is so much less like than another one may still be as like: pages that differ in codes alone.
_AS_LIKE: Final = 0.1


def matches_by_picture(workspace: Workspace, job: Job, recognition: Recognition, *, is_paper: bool) -> Outcome | None:
    """Give a paper without a code to the document that it is, told by its pages; else it is held for a person.

    A code on too few sheets to say what the paper is must be that of the document.

    `is_paper` says that whoever dropped it said so; else it must look like a document of ours. None where it does
    not, where nothing was sent out, and where a code of somebody else says what it is.
    """
    awaited = list(reversed(workspace.ledger.in_states(AWAITED)))
    printed = _printed(workspace, awaited)
    if not printed or recognition.strange_codes or not recognition.pages:
        return None
    paper = _Paper(workspace, job, recognition, checked(workspace, job, recognition))
    looked = paper.held_against(printed)
    found = next((one for one in looked.open if looked.is_only(one) and one.fits), None)
    if found is not None and recognition.few_code in {"", found.document.code}:
        looked = paper.held_against_the_like(found, looked, awaited)
        if looked.is_only(found):
            return _given(paper, found)
    if not is_paper and not any(one.likely.alike for one in (*looked.open, *looked.others)):
        return None
    doubted = replace(doubtful(workspace, job, recognition, looked), check=paper.check)
    return decided(workspace, job, None, doubted)


def _printed(workspace: Workspace, documents: Iterable[Job]) -> list[tuple[Job, Path]]:
    """The documents of which a PDF was sent out, with it."""
    documents = list(documents)
    newest = workspace.ledger.newest([one.id for one in documents], Role.RENDITION)
    return [(one, workspace.spool.path(newest[one.id])) for one in documents if one.id in newest]


@dataclass(frozen=True)
class _Paper:
    """A paper without a code."""

    workspace: Workspace
    job: Job
    recognition: Recognition
    check: SignatureCheck | None

    @property
    def path(self) -> Path:
        """The PDF in which it is looked at."""
        return self.workspace.spool.path(self.recognition.seen_in or self.job.submission_sha256)

    @property
    def _left_out(self) -> tuple[int, ...]:
        """Sheets that are no pages: not those with the code of the paper itself, be it on few."""
        return papers.left_out(replace(self.recognition, code=self.recognition.few_code))

    def held_against(self, printed: Sequence[tuple[Job, Path]]) -> Looked:
        """Hold the paper against documents, cheaply first."""
        near = printed[:_MOST_DOCUMENTS]
        pages = self.recognition.pages
        found = papers.likely(
            self.workspace.guard,
            self.path,
            [path for _, path in near],
            self._left_out,
            pages=pages,
        )
        looks = [Look(*one, likely) for one, likely in zip(near, found, strict=True)]
        looks.sort(key=lambda one: (one.likely.is_whole, one.likely.likeness), reverse=True)
        least = min((one.likely.least for one in looks if one.likely.is_whole), default=1.0)
        may_be = [one for one in looks if one.likely.is_whole or one.likely.least > least - _AS_LIKE]
        others = [one for one in looks if one not in may_be]
        has_unseen = len(printed) > len(near) or len(may_be) > _MOST_LAID_OVER
        has_unseen = has_unseen or not all(one.likely.was_seen for one in looks)
        remaining: list[Look] = []
        for one in may_be[:_MOST_LAID_OVER]:
            (others if self._is_another(one) else remaining).append(one)
        proved = [replace(one, seen=self._seen(one)) for one in remaining[:_MOST_PROVED]]
        others += [one for one in proved if one.has_other_words]
        unproved = remaining[_MOST_PROVED:]
        return Looked((*(one for one in proved if not one.has_other_words), *unproved), tuple(others), has_unseen)

    def held_against_the_like(self, found: Look, looked: Looked, awaited: Iterable[Job]) -> Looked:
        """Hold a paper that seems to be a document against what was issued of the same matter: filed, or replaced."""
        document, known = found.document, {one.document.id for one in (*looked.open, *looked.others)}
        alike = self.workspace.ledger.of_kind(document.kind, document.year, State)
        ended = [one for one in reversed(alike) if one.unit == document.unit and one.state not in AWAITED]
        printed = _printed(self.workspace, ended)
        anew = self.held_against(printed) if printed else Looked((), ())
        # one that was sent out as a Word file alone
        is_unprinted = any(one.kind == document.kind and one.id not in known for one in awaited)
        has_unseen = anew.has_unseen or is_unprinted
        return Looked((*looked.open, *anew.open), (*looked.others, *anew.others), has_unseen)

    def _is_another(self, one: Look) -> bool:
        pages = self.recognition.pages
        return papers.is_another(self.workspace.guard, self.path, one.path, self._left_out, pages=pages)

    def with_what_waits(self, found: Look) -> Seen:
        """What is seen of the paper that is a document, joined with papers that have what it lacks."""
        if found.seen is None or any(one.code == papers.NOT_ALL_SIGNED for one in found.seen.findings):
            return self._seen(found, None)
        return found.seen

    def _seen(self, one: Look, beside: Sequence[tuple[Job, Recognition]] | None = ()) -> Seen:
        """What the paper is, held against a document as if it bore its code."""
        recognition = replace(self.recognition, code=one.document.code, by_picture=True)
        return seen_against(self.workspace, self.job, one.document, recognition, self.check, beside)


def _given(paper: _Paper, found: Look) -> Outcome:
    """Give a paper to the document that it is; from here on it is looked at like one with a code."""
    workspace, job = paper.workspace, paper.job
    recognition = replace(paper.recognition, code=found.document.code, by_picture=True)
    if against := refused(workspace, job, recognition, found.document):
        return decided(workspace, job, found.document, Seen(recognition, tuple(against), paper.check))
    seen = paper.with_what_waits(found)
    told = Finding(
        "paper.by-picture",
        Severity.INFO,
        say(
            "{read} It was recognised by its pages: each character is as it was sent out, and no other document is "
            "like it.",
            read=code_read(paper.recognition),
        ),
    )
    return decided(workspace, job, found.document, replace(seen, findings=(*seen.findings, told)))
