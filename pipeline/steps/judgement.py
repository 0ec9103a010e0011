"""Judgement: a form that could be read is checked against the rules of its kind; it is accepted or goes back."""

from dataclasses import replace

from pipeline import kinds
from pipeline.kinds import Kind
from pipeline.layout import check
from pipeline.ledger import Change, NewJob, Outcome, Publication
from pipeline.messages import say, shown_in
from pipeline.model import AFTER_ACCEPTANCE, AFTER_SIGNATURE, Artifact, Finding, Job, Reading, Role, Severity, State
from pipeline.naming import Answer
from pipeline.steps.answering import answer, gives_way, next_revision, others_about, returned
from pipeline.steps.gathering import (
    REMADE,
    accepted_documents,
    gathered,
    gatherers_of,
    registered_numbers,
    types_under_way,
)
from pipeline.validation import in_order, validate
from pipeline.workspace import Workspace

#: Earlier jobs about a matter that a newly accepted one takes the place of.
REPLACED = (AFTER_ACCEPTANCE - AFTER_SIGNATURE) | {State.RETURNED, State.HELD}


#: Told where a form does not name a unit of ours.
UNIT_UNKNOWN = "unit.unknown"
#: Told where a form takes the place of an earlier one: nothing of the form itself.
REPLACES = "I09"
#: So many places are named in which a unit's own Word file does not keep the official form.
MOST_FORMALITIES = 5


def judges(workspace: Workspace, job: Job) -> Outcome:
    """Check a form; accepted, it takes the place of an earlier one about the same matter that is not signed yet."""
    others = others_about(workspace, job, job.identity)
    findings = findings_about(workspace, job)
    if any(finding.severity is Severity.BLOCK for finding in findings):
        return returned(workspace, job, findings)
    findings = (*findings, *replaces(others))
    signed = [other for other in others if _is_signed(workspace, other)]
    if signed:
        return _for_a_person(workspace, job, signed[-1], findings)
    earlier = [other for other in others if other.state in REPLACED]
    note, publication = answer(
        workspace,
        job,
        Answer.RECEIPT,
        unit=job.unit,
        kind=job.kind,
        findings=findings,
        doc=workspace.reading(job).values,
        replaced=earlier,
    )
    # else it is the first that was accepted, and what gathers it has waited for it
    is_replacement = any(other.state in AFTER_ACCEPTANCE for other in earlier)
    remade = gatherers_of(workspace, job.year, job.kind, REMADE) if is_replacement else []
    untouched = gatherers_of(workspace, job.year, job.kind, AFTER_SIGNATURE) if is_replacement else []
    told = [_signed_before(workspace, job, untouched)] if untouched else []
    return Outcome(
        State.ACCEPTED,
        artifacts=(workspace.keep_findings(findings), note, *(artifact for artifact, _ in told)),
        publications=(publication, *(notice for _, notice in told)),
        also=tuple(Change(other, gives_way(workspace, other, job)) for other in (*earlier, *remade)),
        # in the same transaction: no moment in which a plan of the replaced registration could be signed
        opens=tuple(revision_of(workspace, old) for old in remade),
    )


def findings_about(workspace: Workspace, job: Job) -> tuple[Finding, ...]:
    """Judge a form by the rules of its kind and the facts of its year, whatever it takes the place of."""
    return findings_of(workspace, job, workspace.kind(job), workspace.reading(job))


def findings_of(workspace: Workspace, job: Job, kind: Kind, read: Reading) -> tuple[Finding, ...]:
    """Judge what was read of a form, be it recorded with the job or not yet."""
    year = workspace.year(job.year)
    # with what the year supplies: a place left empty because the year knows it is no fault (`kinds`)
    doc = kind.completed(read.values, year.as_values(kind.date_of(read.values)))
    # with the folder's unit where the form names none of ours: what depends on the unit is judged, too. Where the two
    # disagree nobody knows which of them is wrong, and rules about the unit are passed over
    reading = replace(read, values=doc, findings=tuple(one for one in read.findings if one.code != UNIT_UNKNOWN))
    judged = validate(
        reading,
        kind,
        year,
        today=workspace.today(),
        gathered=gathered(workspace, job, kind, read.values),
        accepted=accepted_documents(workspace, job, kind.rules.accepted_kinds),
        register=registered_numbers(workspace, kind, year, doc),
        under_way=types_under_way(workspace, job.year) if kind.cites else None,
    )
    return in_order((*read.findings, *judged), kind) + formalities(workspace, job, reading)


def _signed_before(workspace: Workspace, job: Job, documents: list[Job]) -> tuple[Artifact, Publication]:
    """Tell the clerk which signed documents were made of an input that is now replaced (X11)."""
    said = say(
        "{unit} has replaced its file after these were signed: {documents}. The signed documents are not changed; "
        "where needed, issue new ones.",
        unit=unit.name if (unit := workspace.year(job.year).unit(job.unit)) else job.unit,
        documents=", ".join(
            f"{document.number or workspace.kind(document).title_vi} (#{document.id})" for document in documents
        ),
    )
    return answer(workspace, job, Answer.NOTICE, unit="", kind=job.kind, next_step=said)


def _is_signed(workspace: Workspace, job: Job) -> bool:
    """Tell whether a document is signed, also while its filing is held."""
    is_held = job.state is State.HELD and workspace.ledger.artifact(job.id, Role.SIGNED) is not None
    return is_held or job.state in AFTER_SIGNATURE


def _for_a_person(workspace: Workspace, job: Job, signed: Job, findings: tuple[Finding, ...]) -> Outcome:
    """Hold a file about a matter that is signed already: nothing signed changes silently, the clerk is told."""
    said = say(
        "The document about the same matter is signed already (#{id}, {number}); this file changes nothing. "
        "The cluster's clerk decides: cancel this file (in the order workbook yeu-cau.xlsx the task “Hủy hồ sơ”, or "
        "in the browser), or ask the operator to have the document made that replaces the filed one.",
        id=signed.id,
        number=signed.number or "–",
    )
    why = say(
        "#{id} about the same matter is signed already; a person must decide: cancel, or papers relate {job} "
        "--replaces {id}",
        id=signed.id,
        job=job.id,
    )
    note, publication = answer(
        workspace, job, Answer.NOTICE, unit="", kind=job.kind, findings=findings, next_step=said
    )
    return Outcome(
        State.HELD,
        why=shown_in(why, workspace.practice.language),
        artifacts=(workspace.keep_findings(findings), note),
        publications=(publication,),
    )


def formalities(workspace: Workspace, job: Job, reading: Reading) -> tuple[Finding, ...]:
    """Check a unit's own Word file against the official form: warnings only, because ours is made from the values.

    The first few places are named; the rest are counted, and `vanthu form check` shows them all. A form that we sent
    out is no document.
    """
    if reading.format != "docx" or reading.form:
        return ()
    checked = check.check_guarded(workspace.guard, workspace.spool.path(job.submission_sha256))
    # that a unit's own form is no official document is no fault of it
    found = [finding for finding in checked.findings if finding.severity is not Severity.INFO]
    told = tuple(replace(finding, severity=Severity.WARN) for finding in found[:MOST_FORMALITIES])
    if len(found) <= MOST_FORMALITIES:
        return told
    more = say(
        "The official form is not kept in {count} more places.",
        count=len(found) - MOST_FORMALITIES,
    )
    return (*told, Finding("form.more", Severity.INFO, more, mend=say("The cluster's clerk can name them all.")))


def replaces(others: list[Job]) -> tuple[Finding, ...]:
    """Say that this file takes the place of one that was accepted before (I09)."""
    accepted = [other for other in others if other.state in AFTER_ACCEPTANCE - AFTER_SIGNATURE]
    if not accepted or all(other.name == "" for other in accepted):
        return ()
    message = say("This file takes the place of “{name}”, which was accepted before.", name=accepted[-1].name)
    return (
        Finding(
            REPLACES,
            Severity.WARN,
            message,
            mend=say("If this was not intended, save the earlier file anew and drop it again."),
        ),
    )


def revision_of(workspace: Workspace, old: Job) -> NewJob:
    """Describe the next revision of a document: the same submission, with its kind as the folder is now."""
    # the folder as it is now: done again, a document follows the rules of today
    bundle = workspace.keep(Role.BUNDLE, kinds.pack(workspace.folders.templates / old.kind, workspace.words))
    reading = workspace.ledger.artifact(old.id, Role.READING)
    return NewJob(
        state=State.READ,
        job=old,
        identity=next_revision(old.submission_sha256, old.identity, workspace.ledger.about(old.identity)),
        bundle_sha256=bundle.sha256,
        artifacts=(bundle, *((reading,) if reading else ())),
    )
