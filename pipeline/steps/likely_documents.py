"""Likely documents: what a paper without a code may be, of those that were sent out, and how a person is told.

What it may be is told by its pages (`pipeline.steps.by_picture`); which it is the person says who has it in hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline import papers
from pipeline.messages import NOTHING, joined, say
from pipeline.model import Finding, Job, LikelyDocument, Message, Recognition, Severity
from pipeline.papers.seen import Likely
from pipeline.steps.comparing import Seen
from pipeline.steps.likely_words import likely_by_words
from pipeline.workspace import Workspace

_MOST_NAMED: Final = 5
#: What says nothing about which document a paper is.
_OF_SIGNING: Final = frozenset(
    {papers.NOT_ALL_SIGNED, papers.NO_SIGNATURE_SEEN, "paper.signers-unknown", "paper.signers-not-found"}
)


@dataclass(frozen=True)
class Look:
    """A document that was sent out, its PDF, how like that is, and what was seen closely, if anybody looked."""

    document: Job
    path: Path
    likely: Likely
    seen: Seen | None = None

    @property
    def against(self) -> frozenset[str]:
        """Codes of what speaks against its being the paper."""
        found = self.seen.findings if self.seen is not None else ()
        blocking = {one.code for one in found if one.severity is Severity.BLOCK}
        return frozenset(code for code in blocking - _OF_SIGNING if not code.startswith(papers.OF_SIGNATURES))

    @property
    def fits(self) -> bool:
        """Whether every page is there and every character proved."""
        return self.seen is not None and not self.against

    @property
    def has_other_words(self) -> bool:
        """Whether a character was seen to be another one."""
        return papers.CHARACTERS_DIFFER in self.against


@dataclass(frozen=True)
class Looked:
    """Documents that a paper was held against: which it may be (`open`), and which it surely is not (`others`).

    `has_unseen` says that there are more, of which nobody knows.
    """

    open: tuple[Look, ...]
    others: tuple[Look, ...]
    has_unseen: bool = False

    def is_only(self, one: Look) -> bool:
        """Whether all else is surely not the paper."""
        return self.open == (one,) and not self.has_unseen


def doubtful(workspace: Workspace, job: Job, recognition: Recognition, looked: Looked) -> Seen:
    """What a person is told who has to say which document a paper is."""
    named = _named(looked)
    if not named:
        path = workspace.spool.path(recognition.seen_in or job.submission_sha256)
        documents = [one.document for one in (*looked.open, *looked.others)]
        likely = likely_by_words(workspace, path, documents)[:_MOST_NAMED]
        found = _like_none(workspace, job.id, recognition, likely, has_unseen=looked.has_unseen)
        return Seen(replace(recognition, likely=likely), (found,))
    likely = tuple(LikelyDocument(one.document.id, one.likely.pages, one.likely.alike) for one in named[:_MOST_NAMED])
    recognition = replace(recognition, likely=likely)
    told = [_may_be(workspace, job, recognition, named, why=_why(looked))]
    alone = named[0].seen if len(named) == 1 else None
    if alone is not None:
        told += [one for one in alone.findings if one.code in named[0].against]
    return Seen(recognition, tuple(told), pictured=alone.pictured if alone is not None else b"")


def _named(looked: Looked) -> list[Look]:
    """The documents that a paper may be, the likeliest first: those of which least speaks against it."""
    other_words = [one for one in looked.others if one.has_other_words]
    whole = [one for one in looked.others if one.likely.is_whole]
    parts = sorted(
        (one for one in looked.others if one.likely.alike),
        key=lambda one: (one.likely.alike / one.likely.pages, one.likely.likeness),
        reverse=True,
    )
    fitting = [one for one in looked.open if one.fits]
    return next(filter(None, (fitting, list(looked.open), other_words, whole, parts)), [])


def _why(looked: Looked) -> Message:
    """Why a paper was given to none of the documents that it may be."""
    if sum(one.fits for one in looked.open) > 1:
        return say("Several documents are printed with these very words.")
    if len(looked.open) > 1 and any("paper.characters-not-proved" in one.against for one in looked.open):
        return say("The scan is not clear enough to tell them apart; at 300 dpi, sharp, it may be.")
    whole = [one for one in looked.others if one.likely.is_whole]
    if not looked.open and whole and not any(one.has_other_words for one in whole):
        return say("Something that was printed is not there, or is another.")
    if looked.has_unseen:
        return say("Not every document that was sent out could be looked at.")
    return NOTHING


def _may_be(workspace: Workspace, job: Job, recognition: Recognition, named: Sequence[Look], why: Message) -> Finding:
    documents = joined(tuple(_named_as(workspace, one) for one in named[:_MOST_NAMED]), "; ")
    if len(named) > _MOST_NAMED:
        said = say(
            "By its pages it may be {documents}, or one of {count} others.",
            documents=documents,
            count=len(named) - _MOST_NAMED,
        )
    else:
        said = say("By its pages it may be {documents}.", documents=documents)
    said = joined((code_read(recognition), said), " ")
    return Finding(
        "paper.likely",
        Severity.BLOCK,
        joined((said, why), " ") if why != NOTHING else said,
        mend=say(
            "Lay the paper beside what was sent out. The cluster's clerk says which document it is: in the order "
            "workbook yeu-cau.xlsx the task “Chấp nhận”, under “Hồ sơ” {paper}, under “Ghi thêm” {document}, with "
            "the reason; or in the browser.",
            paper=job.id,
            document=named[0].document.id,
        ),
    )


def _named_as(workspace: Workspace, one: Look) -> Message:
    return say(
        "#{id} “{document}” ({alike} of {pages} pages are alike)",
        id=one.document.id,
        document=_titled(workspace, one.document),
        alike=one.likely.alike,
        pages=one.likely.pages,
    )


def _titled(workspace: Workspace, document: Job) -> str:
    return f"{workspace.kind(document).title_vi} {document.unit}".strip()


def _by_words(workspace: Workspace, likely: Sequence[LikelyDocument]) -> Message:
    """What a paper may be by the words that were read on it."""
    if not likely:
        return NOTHING
    documents = tuple(
        say(
            "#{id} “{document}” ({percent} % of the words)",
            id=one.job,
            document=_titled(workspace, workspace.ledger.job(one.job)),
            percent=one.words_percent,
        )
        for one in likely
    )
    return say(
        "By the words that a program has read on it, which may be wrong, it may be {documents}.",
        documents=joined(documents, "; "),
    )


def code_read(recognition: Recognition) -> Message:
    """What is read of codes on a paper that is not named by one."""
    if recognition.few_code:
        return papers.few_sheets_said(recognition)
    return say("No document code is read on this paper.")


def _like_none(
    workspace: Workspace, paper: int, recognition: Recognition, likely: Sequence[LikelyDocument], *, has_unseen: bool
) -> Finding:
    if has_unseen:
        said = say("Its pages are like no document that is out for signature; not all of these could be looked at.")
    else:
        said = say("Its pages are like no document that is out for signature.")
    said = joined((code_read(recognition), said), " ")
    return Finding(
        "paper.like-none",
        Severity.BLOCK,
        joined((said, _by_words(workspace, likely)), " "),
        needed=say("the code or the QR picture that is printed on every page"),
        mend=say(
            "Scan all pages again, straight and at 300 dpi, with the corners of the page in view. If it is a paper "
            "of ours, the cluster's clerk says which: in the order workbook yeu-cau.xlsx the task “Chấp nhận”, under "
            "“Hồ sơ” {paper}, under “Ghi thêm” that document, with the reason; or in the browser.",
            paper=paper,
        ),
    )
