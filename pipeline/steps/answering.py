"""Answers as steps give them: written, kept, and recorded to be published in the folder of whoever sent the file."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from pipeline import answers, filling, naming
from pipeline.answers import Facts, Understood
from pipeline.layout import kept_together, profile_for
from pipeline.ledger import Change, Drop, Outcome, Publication
from pipeline.messages import say
from pipeline.model import (
    Artifact,
    Finding,
    FormTree,
    Identity,
    Job,
    JsonObject,
    Message,
    Reading,
    Role,
    Severity,
    State,
)
from pipeline.naming import Answer
from pipeline.papers import codes
from pipeline.steps import links
from pipeline.steps.layout import laid_out
from pipeline.steps.marked_copies import marked_copy, mended_copy
from pipeline.steps.witnessing import head_line
from pipeline.workspace import Workspace

# three answers share one template: they differ by what there is to say, not by their looks
#: What the picture is called in the templates in whose place the QR code of the link stands.
_QR = "qr-lien-ket"
TEMPLATES = {
    Answer.RETURNED: "phieu-tra-lai.docx",
    Answer.RECEIPT: "giay-bien-nhan.docx",
    Answer.ALREADY: "giay-bien-nhan.docx",
    Answer.NOTICE: "giay-bien-nhan.docx",
}


def returned(  # noqa: PLR0913 - what is sent back, and what is said of it
    workspace: Workspace,
    job: Job,
    findings: Iterable[Finding],
    identity: Identity | None = None,
    reading: Reading | None = None,
    next_step: Message | None = None,
    marked: Artifact | None = None,
    *,
    is_paper: bool = False,
) -> Outcome:
    """Send a submission back with its note; the note of an earlier attempt at the same matter is taken away.

    `marked` lies beside the note, else a marked copy of the form that was read; `is_paper` for a signed paper.
    """
    ordered, identity = by_weight(findings), identity or job.identity
    known = workspace.loaded().kinds.get(identity.kind)
    # forms of units that do not say which unit have nothing to do with each other
    is_of_nobody = known is not None and known.submitted_by == "unit" and not identity.unit
    others = [] if is_of_nobody else others_about(workspace, job, identity)
    # a unit that mends a file twice finds the newest note only; another file of another name has its own
    earlier = [
        other for other in others if other.state is State.RETURNED and naming.is_same_file(other.name, job.name)
    ]
    read = _read(workspace, job, reading)
    mended = mended_copy(workspace, job, ordered, read) if read else None
    if mended is not None:
        ordered = (*ordered, _put_right(mended.name))
    kept = (workspace.keep_findings(ordered), *((workspace.keep_reading(reading),) if reading else ()))
    marked = marked or (marked_copy(workspace, job, ordered, read) if read else None)
    note, publication = answer(
        workspace,
        job,
        Answer.RETURNED,
        unit=identity.unit,
        kind=identity.kind,
        findings=ordered,
        marked=marked.name if marked else "",
        replaced=earlier,
        next_step=next_step,
        is_paper=is_paper,
    )
    copies = tuple(copy for copy in (marked, mended) if copy is not None)
    return Outcome(
        State.RETURNED,
        # codes, not sentences: what is recorded is in no language; `status.reasons` makes sentences of it
        why=codes_of(finding for finding in ordered if finding.severity is Severity.BLOCK),
        identity=identity,
        artifacts=(*kept, note, *copies),
        publications=(publication, *(_lying(workspace, identity.unit, copy) for copy in copies)),
        also=tuple(Change(other, gives_way(workspace, other, job)) for other in earlier),
    )


def _read(workspace: Workspace, job: Job, reading: Reading | None) -> Reading | None:
    """What was read of what is sent back, now or before; None where it was read as no form."""
    if reading is None and workspace.ledger.artifact(job.id, Role.READING) is None:
        return None
    return reading or workspace.reading(job)


def _put_right(name: str) -> Finding:
    """Tell of the copy whose official form was put right."""
    said = say(
        "What of the official form can be put right without touching a word is put right in {file}.", file=name
    )
    return Finding("form.mended", Severity.INFO, said, mend=say("Mend the other places in that copy and drop it."))


def _lying(workspace: Workspace, unit: str, artifact: Artifact) -> Publication:
    """Publish an answer in the unit's folder of the outbox, else in the clerk's."""
    return Publication(f"{folder_of(workspace, unit)}/{artifact.name}", artifact.sha256)


def answer(  # noqa: PLR0913 - each keyword is one thing an answer may say
    workspace: Workspace,
    job: Job,
    which: Answer,
    *,
    unit: str,
    kind: str,
    findings: tuple[Finding, ...] = (),
    doc: JsonObject | None = None,
    next_step: Message | None = None,
    marked: str = "",
    replaced: Sequence[Job] = (),
    is_paper: bool = False,
) -> tuple[Artifact, Publication]:
    """Write an answer and say where it is to lie: in the unit's folder of the outbox, else in the clerk's.

    `marked` is the name of the marked copy beside it; `replaced` are the jobs whose place this one takes.
    """
    known = workspace.loaded().kinds.get(kind)
    facts = replace(
        _facts(workspace, job, which, job.name, unit),
        kind_title=known.title_vi if known else "",
        findings=findings,
        understood=tuple(_understood(workspace, job, known.fields).lines(doc)) if known and doc else (),
        next_step=next_step,
        is_paper=is_paper,
        marked=marked,
        replaced=tuple((other.name, other.received_at) for other in replaced if other.name),
    )
    artifact = workspace.keep(Role.NOTE, write(workspace, facts), _name(job, which))
    return artifact, _lying(workspace, unit, artifact)


def _understood(workspace: Workspace, job: Job, fields: FormTree) -> Understood:
    year = workspace.year(job.year or workspace.practice.year)
    names = {unit.code: unit.name for unit in year.units} | {one.code: one.title for one in year.contents}
    return Understood(fields, workspace.practice.language, names)


def _facts(workspace: Workspace, job: Job, which: Answer, file_name: str, unit: str) -> Facts:
    year = workspace.year(job.year or workspace.practice.year)
    member, link = year.unit(unit), links.link_to(workspace, job.id)
    return Facts(
        answer=which,
        language=workspace.practice.language,
        job_id=job.id,
        file_name=file_name,
        received_at=job.received_at,
        cluster=year.cluster.name,
        unit_name=member.name if member else "",
        contact=workspace.practice.contact,
        head=head_line(workspace),
        link=link.url if link else "",
        link_until=link.until if link else None,
    )


def _name(job: Job, which: Answer, file_name: str = "") -> str:
    return naming.answer_name(file_name or job.name, which, job=job.id, extension="docx")


def already(workspace: Workspace, job: Job, drop: Drop) -> Publication:
    """Write the note that says these very bytes came before, and what became of them; if returned, what is wrong."""
    unit = workspace.year(workspace.practice.year).unit_named(drop.folder) if drop.folder else None
    code = unit.code if unit else job.unit
    facts = replace(_facts(workspace, job, Answer.ALREADY, drop.name, code), next_step=_already_said(job))
    if job.state is State.RETURNED:
        facts = replace(facts, findings=workspace.findings(job))
    content = write(workspace, facts)
    return Publication(
        f"{folder_of(workspace, code)}/{_name(job, Answer.ALREADY, drop.name)}", workspace.spool.put(content)
    )


def _already_said(job: Job) -> Message:
    facts = {"when": answers.received(job.received_at), "state": answers.states()[job.state]}
    if job.state is State.SUPERSEDED:
        return say(
            "This file was received on {when}; it is not taken a second time. It is now: {state}. If this file is "
            "to count again, open it, save it anew and drop it.",
            **facts,
        )
    if job.state is State.RETURNED:
        return say(
            "This same file was received on {when} and returned; it has not changed since. Mend the "
            "places above, save the file and drop it again.",
            **facts,
        )
    return say("This file was received on {when}; it is not taken a second time. It is now: {state}.", **facts)


def not_taken(workspace: Workspace, folder: str, name: str, why: Message) -> tuple[Path, bytes]:
    """Write the notice that an entry of the inbox is not taken, and say where it is to lie; it has no job."""
    year = workspace.year(workspace.practice.year)
    unit = year.unit_named(folder) if folder else None
    facts = Facts(
        answer=Answer.NOTICE,
        language=workspace.practice.language,
        job_id=0,
        file_name=name,
        received_at=workspace.clock(),
        cluster=year.cluster.name,
        unit_name=unit.name if unit else "",
        contact=workspace.practice.contact,
        head=head_line(workspace),
        next_step=say("This file was not taken; it still lies in the inbox. {why}", why=why),
    )
    return not_taken_path(workspace, folder, name), write(workspace, facts)


def not_taken_path(workspace: Workspace, folder: str, name: str) -> Path:
    """Say where the notice about an entry of the inbox that is not taken lies."""
    unit = workspace.year(workspace.practice.year).unit_named(folder) if folder else None
    return workspace.folders.outbox / folder_of(workspace, unit.code if unit else "") / naming.notice_name(name)


def write(workspace: Workspace, facts: Facts) -> bytes:
    """Fill the Word template of an answer."""
    is_faulty = any(finding.severity is Severity.BLOCK for finding in facts.findings)
    name = TEMPLATES[Answer.RETURNED if is_faulty and facts.answer is Answer.ALREADY else facts.answer]
    template = (workspace.folders.templates / "_answers" / name).read_bytes()
    # an answer is a paper of today, whatever day the form speaks of
    profile = profile_for(workspace.today(), "party", workspace.practice.forced_profile)
    values = {"note": answers.values(facts), "form": profile.texts()}
    compiled = laid_out(template, profile.id)
    # an office's own template may have no place for it
    pictures = {_QR: links.picture(facts.link)} if facts.link and _QR in compiled.pictures else {}
    return filling.fill(compiled, values, pictures=pictures, finish=partial(kept_together, profile=profile))


def folder_unit(workspace: Workspace, job: Job) -> str:
    """Give the code of the unit whose folder a file was dropped into, "" when the folder names none."""
    unit = workspace.year(workspace.practice.year).unit_named(job.folder) if job.folder else None
    return unit.code if unit else ""


def folder_of(workspace: Workspace, unit: str) -> str:
    """Name the folder of the outbox that a unit reads, or the clerk's for what is of no unit."""
    return naming.unit_folder(unit) if unit else workspace.folders.clerk


def codes_of(findings: Iterable[Finding]) -> str:
    """Write the codes of findings as the reason of a return is recorded: each once, in the order of the alphabet."""
    return ", ".join(sorted({finding.code for finding in findings}))


def by_weight(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Put what blocks first, and leave the order within one weight as it is in the document."""
    order = list(Severity)
    # sorting is stable, and the weights are declared from the heaviest down
    return tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))


def others_about(workspace: Workspace, job: Job, identity: Identity) -> list[Job]:
    """Read the other jobs about the same matter as this one is, or will be once `identity` is recorded."""
    if not identity.kind:
        return []
    return [other for other in workspace.ledger.about(identity) if other.id != job.id]


def next_revision(submission_sha256: str, identity: Identity, others: Iterable[Job]) -> Identity:
    """Give the identity of the next document about a matter that `others` are about; its code follows from it."""
    # counted over all that ever were about the matter, cancelled ones too: two papers never carry one version
    revision = 1 + max((other.revision for other in others), default=0)
    matter = (identity.kind, identity.unit, str(identity.year), identity.variant)
    # made of what is recorded, not drawn: done again after a crash it is the same code (decision 0006)
    code = codes.new_code("/".join((submission_sha256, *matter, str(revision))))
    return replace(identity, revision=revision, code=code)


def gives_way(workspace: Workspace, job: Job, to: Job) -> Outcome:
    """Supersede a job by a later one: its files are removed from the outbox."""
    return Outcome(
        State.SUPERSEDED, why=f"job {to.id}", publications=withdrawn(workspace, job), detail={"by_job": to.id}
    )


def withdrawn(workspace: Workspace, job: Job, folder: str = "") -> tuple[Publication, ...]:
    """Take away everything of a job that lies in the outbox (or in one folder of it), or is about to."""
    # what is recorded and not yet carried out must be taken back, too, or it would appear after its job is gone
    standing = workspace.ledger.standing(job.id, is_pending_counted=True)
    return tuple(Publication(path) for path in standing if not folder or path.startswith(f"{folder}/"))
