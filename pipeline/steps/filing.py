"""Filing: the signed paper gets its number and its place in the archive."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline import archive, naming
from pipeline.archive import Filing
from pipeline.files.pictures import HEAD_BYTES, picture_format
from pipeline.layout import all_profiles
from pipeline.ledger import NumberWish, Outcome
from pipeline.messages import in_vietnamese, say
from pipeline.model import Direction, Job, Role, State, TextTemplate
from pipeline.naming import Answer
from pipeline.register import series
from pipeline.register.series import Numbering
from pipeline.steps.answering import answer, by_weight, withdrawn
from pipeline.steps.making import description
from pipeline.steps.matching import paper_of
from pipeline.steps.signatures import check_facts
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
    papers, filing = _papers(workspace, job), _filing(workspace, job)
    # bytes before the record (rule 1); done again after a crash the same bytes lie there already
    archive.file(workspace.folders.archive, filing)
    document, *more = (workspace.keep_file(one.role, one.sha256, one.path.as_posix()) for one in papers)
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
        # the document last of its role: where a paper came in several files, its first one is asked for
        artifacts=(*more, document, sidecar, note),
        # only what lay for signature: answers stay in the unit's folder
        publications=(*withdrawn(workspace, job, workspace.folders.awaiting), publication),
        files_number=bool(job.number),
        detail={"path": document.name, "sha256": document.sha256, "sidecar_sha256": sidecar.sha256},
    )


@dataclass(frozen=True)
class _Paper:
    """One file of a signed paper and where it is filed: one that came back (FILED), or the copy (FILED_COPY)."""

    role: Role
    sha256: str
    path: PurePosixPath

    @property
    def facts(self) -> dict[str, str]:
        return {"file": self.path.name, "sha256": self.sha256}


def _papers(workspace: Workspace, job: Job) -> list[_Paper]:
    """The files of a document's signed paper: those that came back, then the copy to look at, if any."""
    kept = workspace.ledger.artifacts(job.id)
    came = [one.sha256 for one in kept if one.role is Role.SIGNED]
    copies = [one.sha256 for one in kept if one.role is Role.COPY][-1:]
    return [
        *(_paper(workspace, job, Role.FILED, sha256, str(at) if at > 1 else "") for at, sha256 in enumerate(came, 1)),
        *(_paper(workspace, job, Role.FILED_COPY, sha256, "xem") for sha256 in copies),
    ]


def _paper(workspace: Workspace, job: Job, role: Role, sha256: str, part: str) -> _Paper:
    kind, document = workspace.kind(job), description(workspace, job)
    entry = workspace.ledger.number_entry(job.id)
    with workspace.spool.path(sha256).open("rb") as file:
        extension = picture_format(file.read(HEAD_BYTES)) or "pdf"
    path = naming.archive_path(
        # a paper without a number is filed by year, under its job's id
        series=entry.series if entry else f"{kind.series}/{job.year}",
        on=document.on,
        kind=kind.abbreviation,
        number=entry.no if entry else job.id,
        issuer=job.unit or workspace.year(job.year).cluster.slug,
        subject=document.title,
        extension=f"{part}.{extension}" if part else extension,
    )
    return _Paper(role, sha256, path)


def _filing(workspace: Workspace, job: Job) -> Filing:
    papers = _papers(workspace, job)
    said = _sidecar_facts(workspace, job) | {
        "sha256": papers[0].sha256,
        "received": [one.facts for one in papers if one.role is Role.FILED],
        "copy": next((one.facts for one in papers if one.role is Role.FILED_COPY), None),
        "warnings": [*as_filed(workspace, job)],
    }
    if (check := workspace.signatures(job)) is not None:
        said["digital_signatures"] = check_facts(check)
    # the bytes that came back, never written into: any change would break a digital signature
    return Filing({one.path: workspace.spool.get(one.sha256) for one in papers}, archive.sidecar_of(said))


def _sidecar_facts(workspace: Workspace, job: Job) -> dict[str, object]:
    kind, document = workspace.kind(job), description(workspace, job)
    entry = workspace.ledger.number_entry(job.id)
    return {
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
