"""Splitting: several papers that came back in one scan go each its own way.

Each becomes a job of its own with the same received file; the PDF of its sheets is what is looked at there. The scan
is filed with each of them as it came.
"""

from pipeline import papers
from pipeline.ledger import NewJob, Outcome
from pipeline.messages import say, shown_in
from pipeline.model import AWAITED, Finding, Job, PlacedPage, Recognition, Role, Severity, State
from pipeline.naming import Answer
from pipeline.papers import Split
from pipeline.papers.pages import pages_said
from pipeline.steps import secrecy
from pipeline.steps.answering import answer
from pipeline.workspace import Workspace


def splits(workspace: Workspace, job: Job, recognition: Recognition) -> Outcome | None:
    """Open a job for each document in a scan of several; None where it holds one, or cannot be taken apart."""
    awaited = _awaited(workspace, recognition)
    pages = {code: workspace.pages_of(document) for code, document in awaited.items()}
    # a copy of a file that is signed digitally is not signed; and without LibreOffice nobody knows how many pages a
    # document has: one stray sheet of it would pass for all of it
    if len(awaited) < 2 or not all(pages.values()) or recognition.digital_signatures:
        return None
    blank = frozenset(one.place.page for one in recognition.findings if one.code == papers.BLANK_PAGE)
    found = papers.split(recognition.codes, blank, pages)
    parts = [_part(workspace, job, recognition, code, sheets) for code, sheets in found.sheets.items()]
    if any(part is None for part in parts):
        return None
    unseen = (one for one in recognition.findings if one.code == secrecy.PICTURES_UNSEEN)
    findings = (*_told(found), *unseen)
    outcome = Outcome(
        State.MATCHED,
        why=shown_in(findings[0].message, workspace.practice.language),
        artifacts=(workspace.keep_findings(findings), workspace.keep_recognition(recognition)),
        opens=tuple(part for part in parts if part is not None),
    )
    return _with_notice(workspace, job, outcome, findings) if found.strays else outcome


def _awaited(workspace: Workspace, recognition: Recognition) -> dict[str, Job]:
    """The documents that are out for signature among those whose codes are in a scan."""
    codes = dict.fromkeys(code for code in recognition.codes if code)
    known = {code: workspace.ledger.by_code(code) for code in codes} if len(codes) > 1 else {}
    return {code: document for code, document in known.items() if document is not None and document.state in AWAITED}


def _part(
    workspace: Workspace, job: Job, recognition: Recognition, code: str, sheets: tuple[int, ...]
) -> NewJob | None:
    looked_at = recognition.seen_in or job.submission_sha256
    pages = [PlacedPage(at, looked_at, sheet) for at, sheet in enumerate(sheets, 1)]
    made = papers.arranged(workspace.guard, {looked_at: workspace.spool.path(looked_at)}, pages)
    if made is None:
        return None
    seen = Recognition(code=code, pages=len(sheets), of_sheets=sheets)
    return NewJob(
        State.RECEIVED,
        job,
        job.identity,
        bundle_sha256="",
        artifacts=(workspace.keep(Role.SHEETS, made), workspace.keep_recognition(seen)),
    )


def _told(found: Split) -> tuple[Finding, ...]:
    said = say("The scan holds {count} documents, which were taken apart.", count=len(found.sheets))
    split = Finding("paper.split", Severity.INFO, said)
    if not found.strays:
        return (split,)
    stray = Finding(
        "paper.stray-sheet",
        Severity.WARN,
        say("These sheets belong to none of the documents: {sheets}.", sheets=pages_said(found.strays)),
        mend=say("Look at these sheets. If one is a page of a document, scan it again and drop it."),
    )
    return (split, stray)


def _with_notice(workspace: Workspace, job: Job, outcome: Outcome, findings: tuple[Finding, ...]) -> Outcome:
    """Tell the clerk of the sheets that went nowhere."""
    note, publication = answer(workspace, job, Answer.NOTICE, unit="", kind="", findings=findings)
    return Outcome(
        outcome.to,
        why=outcome.why,
        artifacts=(*outcome.artifacts, note),
        publications=(publication,),
        opens=outcome.opens,
    )
