"""What a person decides about a filed document: a further paper is filed with it, or it and another are related.

Nothing that is filed or entered is ever changed: a decision is an event and an act upon the number, and what is
written of it lies beside the first files (decision 0028).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.answers import states
from pipeline.app.papers import WAITING, decided, is_paper
from pipeline.errors import NotAllowedNow
from pipeline.kinds.outside import is_outside
from pipeline.ledger import Change, Detail, Outcome
from pipeline.messages import say, tr
from pipeline.model import (
    AFTER_ACCEPTANCE,
    AFTER_SIGNATURE,
    AWAITED,
    Amendment,
    Finding,
    Job,
    Recognition,
    Role,
    Severity,
    Standing,
    State,
)
from pipeline.register.remarks import AMEND, REPLACE
from pipeline.steps import warnings
from pipeline.steps.answering import gives_way, next_revision, withdrawn
from pipeline.steps.comparing import Seen, seen_against
from pipeline.steps.later import (
    REPLACING,
    amended,
    amends_when_filed,
    decisions,
    entered,
    filed_paper,
    held_for,
    named,
)
from pipeline.steps.matching import NOT_THEIRS, joined, kept, kept_findings, paper_of
from pipeline.steps.outside import own_words
from pipeline.workspace import Workspace

#: What was asked about a paper that the comparison does not see.
_ASKED = frozenset({NOT_THEIRS, "paper.unknown", "paper.likely", "paper.like-none", "paper.refused"})


#: What is asked of papers of our own making: one that was made elsewhere bears no code, and nothing is known of how
#: it must look or who signs it. A person has named it.
_OF_OURS = frozenset(
    {"paper.no-signature-seen", "paper.unread-page", "paper.not-compared", "paper.unknown", "paper.like-none"}
)


@dataclass(frozen=True)
class Further:
    """A further paper of a filed document, in one file or in several that were joined, and what is found about it."""

    jobs: tuple[Job, ...]
    document: Job
    seen: Seen
    findings: tuple[Finding, ...]


def looked_at(workspace: Workspace, jobs: Sequence[Job], document: Job) -> Further:
    """Look at a paper as at any other, held against the filed document that a person names.

    Raises NotAllowedNow for a document that is not filed, for a file that is no paper which waits, and for several
    files that are not together every page once.
    """
    for job in jobs:
        _refuse_unfit(workspace, job, document)
    job, *others = jobs
    beside = [(other, _seen(workspace, other, document, []).recognition) for other in others]
    seen = _seen(workspace, job, document, beside)
    if others and not seen.recognition.joined:
        raise NotAllowedNow(
            tr("These files are not together the whole document, every page once; they cannot be filed as one paper.")
        )
    code = seen.recognition.code
    another = [_of_another(code)] if code and code != document.code else []
    asked = [one for one in workspace.findings(job) if one.code in _ASKED]
    found = [*another, *seen.recognition.findings, *seen.findings, *asked]
    if is_outside(document):
        found = [one for one in found if one.code not in _OF_OURS]
    return Further((*jobs,), document, seen, tuple(found))


def _seen(workspace: Workspace, job: Job, document: Job, beside: Sequence[tuple[Job, Recognition]]) -> Seen:
    recognition = workspace.recognition(job) or Recognition()
    return seen_against(workspace, job, document, recognition, workspace.signatures(job), beside)


def _of_another(code: str) -> Finding:
    return Finding(
        "paper.of-another",
        Severity.BLOCK,
        say("The paper bears the code of another document: {code}.", code=code),
        found=code,
        mend=say("Look whether it is the document's paper."),
    )


def _refuse_unfit(workspace: Workspace, job: Job, document: Job) -> None:
    if document.state is not State.ARCHIVED:
        raise NotAllowedNow(
            tr(
                "Document #{id} is {state}; a further paper is filed only with one that is filed. One that is out "
                "for signature takes its paper by `vanthu papers match`.",
                id=document.id,
                state=states()[document.state],
            )
        )
    if any(one.sha256 == job.submission_sha256 for one in workspace.ledger.artifacts(document.id)):
        raise NotAllowedNow(
            tr("This very file belongs to document #{id} already; nothing was changed.", id=document.id)
        )
    if job.state not in WAITING or not is_paper(workspace, job):
        raise NotAllowedNow(
            tr(
                "#{id} ({file}) is {state}; only a paper that was returned or is held can be filed with a document.",
                id=job.id,
                file=job.name,
                state=states()[job.state],
            )
        )


def file_further(workspace: Workspace, further: Further, standing: Standing, why: str) -> Job:
    """File a further paper with a document: the earlier one, number, date and register entry stay as they are.

    What blocks is taken for the reason given; it is recorded with the person.
    """
    (job, *others), document, found = further.jobs, further.document, further.findings
    for one in further.jobs:
        _refuse_unfit(workspace, one, document)
    # before the paper is taken: another process may file it at once, and the sidecar tells who decided
    warnings.accept(workspace, document, decided(found), why)
    outcome = Outcome(
        State.MATCHED,
        f"job {document.id}: {why}",
        identity=replace(job.identity, unit=document.unit),
        artifacts=(workspace.keep_findings(found), *kept(workspace, further.seen)),
        publications=withdrawn(workspace, job),
        also=(
            Change(document, _refiled(workspace, further, standing, why)),
            *(joined(workspace, other, document) for other in others),
        ),
        detail={"document": document.id},
    )
    return workspace.ledger.advance(job, outcome)


def _refiled(workspace: Workspace, further: Further, standing: Standing, why: str) -> Outcome:
    """Send the document to be filed again, with the further paper."""
    job, document, seen = further.jobs[0], further.document, further.seen.recognition
    # in the order of their pages
    received = [*dict.fromkeys([one.of for one in seen.made_of] or [job.submission_sha256])]
    copy = seen.copy or seen.seen_in
    paper = [workspace.keep_file(Role.SIGNED, sha256) for sha256 in received]
    if copy:
        paper.append(workspace.keep_file(Role.COPY, copy))
    if further.seen.check is not None:
        paper.append(workspace.keep_signatures(further.seen.check))
    if is_outside(document):
        # there is no Word file of ours that has its words
        paper += own_words(workspace, job)
    told = (*_still_true(workspace, document, standing), *kept_findings(further.findings))
    said: Detail = {
        "as": standing.value,
        "paper": job.id,
        "sha256": received[0],
        **filed_paper(workspace, document),
        "files": received,
        "copy": copy,
        "decided": why,
    }
    return Outcome(
        State.SIGNED,
        f"job {job.id}: {why}",
        artifacts=(*paper, workspace.keep_findings(told)),
        enters=(entered(REPLACE, said),),
        detail=said,
    )


def _still_true(workspace: Workspace, document: Job, standing: Standing) -> tuple[Finding, ...]:
    """Give what is found about a document without what was found about the paper that another takes the place of."""
    found, paper = workspace.findings(document), paper_of(workspace, document)
    if standing is Standing.ORIGINAL or paper is None:
        return found
    gone = kept_findings(workspace.findings(workspace.ledger.job(paper.job)))
    return tuple(one for one in found if one not in gone)


def relate(workspace: Workspace, document: Job, how: Amendment, other: Job, why: str) -> Job:
    """Record that a document of ours corrects, replaces or withdraws a filed one; both stay as they are.

    Of one that is not filed yet it is told when it is: then it has its number. Raises NotAllowedNow.
    """
    said = {"amends": other.id, "how": how.value, **named(workspace, other), "decided": why}
    if how is Amendment.REPLACES and other in held_for(workspace, document):
        return workspace.ledger.advance(document, _let_replace(workspace, document, why, said))
    _refuse_unrelated(workspace, document, other)
    if document.state is not State.ARCHIVED:
        # into the state it has, not beside it: a filing that was begun before does not know of it, and is done anew
        return workspace.ledger.advance(document, Outcome(document.state, why, detail=said))
    paper = filed_paper(workspace, document)
    told = {
        "amended": document.id,
        "how": how.value,
        **named(workspace, document),
        "path": paper["of"],
        "sha256": paper["of_sha256"],
        "decided": why,
    }
    change = amended(workspace, document, said)
    also = (amended(workspace, other, told),)
    return workspace.ledger.advance(document, replace(change.outcome, also=also))


def _let_replace(workspace: Workspace, document: Job, why: str, said: Detail) -> Outcome:
    """Let a held form go on as the document that is to replace a filed one: a matter of its own, beside the other."""
    mark = f"{document.variant}{REPLACING}"
    others = [
        one
        for one in workspace.ledger.of_kind(document.kind, document.year, State)
        if one.unit == document.unit and one.variant.startswith(mark)
    ]
    # one that is not signed yet is only corrected by this form
    earlier = [one for one in others if one.state in AFTER_ACCEPTANCE - AFTER_SIGNATURE]
    times = [int(one.variant.removeprefix(mark)) for one in others]
    variant = earlier[-1].variant if earlier else f"{mark}{max(times, default=1) + 1}"
    matter = replace(document.identity, variant=variant)
    return Outcome(
        State.ACCEPTED,
        why,
        identity=next_revision(document.submission_sha256, matter, workspace.ledger.about(matter)),
        publications=withdrawn(workspace, document),
        also=tuple(Change(one, gives_way(workspace, one, document)) for one in earlier),
        detail=said,
    )


def _refuse_unrelated(workspace: Workspace, document: Job, other: Job) -> None:
    if other.state is not State.ARCHIVED:
        raise NotAllowedNow(
            tr(
                "Document #{id} is {state}; only one that is filed is corrected, replaced or withdrawn by another.",
                id=other.id,
                state=states()[other.state],
            )
        )
    # what it amends is told with its filing
    if document.state not in AWAITED | {State.ARCHIVED}:
        raise NotAllowedNow(
            tr(
                "Document #{id} is {state}; only one that is out for signature or filed amends another.",
                id=document.id,
                state=states()[document.state],
            )
        )
    if document.id == other.id or _day(document) < _day(other):
        raise NotAllowedNow(tr("A document amends only one that was issued before it."))
    told = [*decisions(workspace, document), *amends_when_filed(workspace, document)]
    if any(one.act == AMEND and other.id in {one.said.get("amends"), one.said.get("amended")} for one in told):
        raise NotAllowedNow(tr("What #{id} is to #{other} is recorded already.", id=document.id, other=other.id))


def _day(document: Job) -> dt.date:
    return document.document_on or dt.date.min
