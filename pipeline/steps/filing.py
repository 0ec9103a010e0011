"""Filing: the signed paper gets its number and its place in the archive."""

from pipeline import archive, naming
from pipeline.archive import Filing
from pipeline.kinds import Kind
from pipeline.layout import all_profiles
from pipeline.ledger import NumberWish, Outcome
from pipeline.ledger.rows import Entry
from pipeline.messages import in_vietnamese, say
from pipeline.model import Description, Direction, Job, Role, State, TextTemplate
from pipeline.naming import Answer
from pipeline.register import series
from pipeline.register.series import Numbering
from pipeline.steps.answering import answer, by_weight, withdrawn
from pipeline.steps.making import description
from pipeline.steps.matching import paper_of
from pipeline.steps.warnings import as_filed
from pipeline.workspace import Workspace


def numbers(workspace: Workspace, job: Job) -> Outcome:
    """Give a signed document its number; one that a clerk asked for before stays, some kinds have none."""
    return Outcome(State.REGISTERED, number=number_wish(workspace, job))


def number_wish(workspace: Workspace, job: Job) -> NumberWish | None:
    """Say which series a document is numbered in and what the register says of it; None when it has no number."""
    document = description(workspace, job)
    # `register: none` in kind.yaml: the paper is filed by year under its job's id
    if document.direction is None:
        return None
    kind, year = workspace.kind(job), workspace.year(job.year)
    profile = all_profiles()[document.profile]
    mark, issuer = kind.marks_of(profile.family, workspace.practice.symbol or year.cluster.symbol)
    if document.direction is Direction.OUTGOING:
        # below ten with one zero, in both forms; the number itself stays open until it is given
        shape, digits = profile.shapes.reference.partly_filled({"type": mark, "issuer": issuer}), 2
    else:
        # incoming numbers are the register's own and stand on no paper of ours
        shape, digits = TextTemplate(("", f"-{kind.series}"), ("number",)), 1
    numbering = Numbering(document.direction, kind.series, shape, digits, workspace.practice.number_reset)
    return series.wish(numbering, document, year, _remark(workspace, job))


def _remark(workspace: Workspace, job: Job) -> str:
    """Say in the register that a person took the paper, with the reason."""
    paper = paper_of(workspace, job)
    if paper is None or not paper.why:
        return ""
    return in_vietnamese("Paper confirmed by {who}: {why}", who=paper.who, why=paper.why)


def files(workspace: Workspace, job: Job) -> Outcome:
    """File the signed original with its sidecar; what lay for signature is taken away."""
    filing = _filing(workspace, job)
    # bytes before the record (rule 1); done again after a crash the same bytes lie there already
    archive.file(workspace.folders.archive, filing)
    document = workspace.keep(Role.FILED, filing.content, filing.path.as_posix())
    sidecar = workspace.keep(Role.SIDECAR, filing.sidecar, filing.sidecar_path.as_posix())
    told = say("The signed paper is filed: {number}, {path}.", number=job.number or "–", path=document.name)
    paper = paper_of(workspace, job)
    note, publication = answer(
        workspace,
        job,
        Answer.NOTICE,
        unit=job.unit,
        kind=job.kind,
        findings=by_weight(paper.findings) if paper else (),
        next_step=told,
    )
    return Outcome(
        State.ARCHIVED,
        artifacts=(document, sidecar, note),
        # only what lay for signature: answers stay in the unit's folder
        publications=(*withdrawn(workspace, job, workspace.folders.awaiting), publication),
        files_number=bool(job.number),
        detail={"path": document.name, "sha256": document.sha256, "sidecar_sha256": sidecar.sha256},
    )


def _filing(workspace: Workspace, job: Job) -> Filing:
    kind, document = workspace.kind(job), description(workspace, job)
    entry = workspace.ledger.number_entry(job.id)
    paper = workspace.ledger.artifact(job.id, Role.SIGNED)
    # the bytes that came back, never written into: any change would break a digital signature
    content = workspace.artifact(job, Role.SIGNED)
    path = naming.archive_path(
        # a paper without a number is filed by year, under its job's id
        series=entry.series if entry else f"{kind.series}/{job.year}",
        on=document.on,
        kind=kind.abbreviation,
        number=entry.no if entry else job.id,
        issuer=job.unit or workspace.year(job.year).cluster.slug,
        subject=document.title,
    )
    said = _sidecar_facts(job, kind, document, entry, paper.sha256 if paper else "")
    return Filing(path, content, archive.sidecar_of(said | {"warnings": [*as_filed(workspace, job)]}))


def _sidecar_facts(
    job: Job, kind: Kind, document: Description, entry: Entry | None, sha256: str
) -> dict[str, object]:
    return {
        "sha256": sha256,
        "number": job.number,
        "title": document.title,
        "type": kind.title_vi,
        "document_on": job.document_on.isoformat() if job.document_on else "",
        "document_code": job.code,
        "revision": job.revision,
        "emulation_year": job.year,
        "unit": job.unit,
        "retention_years": kind.retention_years or "permanent",
        "register_entry": entry.as_json() if entry else None,
    }
