"""Filing: the signed paper gets its number and its place in the archive."""

from pipeline import archive, naming
from pipeline.archive import Filing
from pipeline.kinds import Kind
from pipeline.layout import all_profiles
from pipeline.ledger import NumberWish, Outcome
from pipeline.ledger.rows import Entry
from pipeline.messages import say
from pipeline.model import Job, Json, JsonObject, Role, State, TextTemplate
from pipeline.naming import Answer
from pipeline.register import series
from pipeline.register.series import Facts, Numbering
from pipeline.steps.answering import answer, withdrawn
from pipeline.steps.warnings import as_filed
from pipeline.workspace import Workspace, as_object


def numbers(workspace: Workspace, job: Job) -> Outcome:
    """Give a signed document its number; one that a clerk took with the pen in hand stays, some kinds have none."""
    return Outcome(State.REGISTERED, number=number_wish(workspace, job))


def number_wish(workspace: Workspace, job: Job) -> NumberWish | None:
    """Say which series a document is numbered in and what the register says of it; None when it has no number."""
    kind, year = workspace.kind(job), workspace.year(job.year)
    if kind.register == "none":
        return None
    values = workspace.values(job)
    symbol = workspace.practice.symbol or year.cluster.symbol
    profile = all_profiles()[str(as_object(values["form"])["id"])]
    mark, issuer = kind.marks_of(profile.family, symbol)
    if kind.register == "outgoing":
        shape, digits = profile.shapes.reference.partly_filled({"type": mark, "issuer": issuer}), 2
    else:
        shape, digits = TextTemplate(("", f"-{kind.series}"), ("number",)), 1
    numbering = Numbering(kind.register, kind.series, shape, digits, workspace.practice.number_reset)
    return series.wish(numbering, _register_facts(workspace, job, kind, values), year)


def _register_facts(workspace: Workspace, job: Job, kind: Kind, values: JsonObject) -> Facts:
    document = as_object(values["document"])
    recipients = [str(line) for line in _list(values["recipients"])]
    kept = [line for line in recipients if line.startswith("Lưu")]
    unit = workspace.year(job.year).unit(job.unit)
    copies = as_object(values["doc"]).get("originals_count")
    return Facts(
        title=str(document["title"]),
        document_on=job.document_on or workspace.today(),
        signer=_signer(values),
        recipients="; ".join(line for line in recipients if line not in kept),
        kept_by="; ".join(line.removeprefix("Lưu").strip(": ") for line in kept),
        copies=copies if isinstance(copies, int) else max(1, len(recipients)),
        author=unit.name if unit and kind.register == "incoming" else "",
    )


def _signer(values: JsonObject) -> str:
    """Name who signs: the head, else the chair, else the first party of many."""
    signers = as_object(values["signers"])
    for place in ("main", "right"):
        if isinstance(signer := signers.get(place), dict):
            return str(signer["name"])
    names = [str(as_object(cell)["name"]) for row in _list(signers["rows"]) for cell in _list(row)]
    return ", ".join(name for name in names if name)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def files(workspace: Workspace, job: Job) -> Outcome:
    """File the signed original with its sidecar; what lay for signature is taken away."""
    filing = _filing(workspace, job)
    archive.file(workspace.folders.archive, filing)
    document = workspace.keep(Role.FILED, filing.content, filing.path.as_posix())
    sidecar = workspace.keep(Role.SIDECAR, filing.sidecar, filing.sidecar_path.as_posix())
    told = say("The signed paper is filed: {number}, {path}.", number=job.number or "–", path=document.name)
    note, publication = answer(workspace, job, Answer.NOTICE, unit=job.unit, kind=job.kind, next_step=told)
    return Outcome(
        State.ARCHIVED,
        artifacts=(document, sidecar, note),
        publications=(*withdrawn(workspace, job, workspace.folders.awaiting), publication),
        files_number=bool(job.number),
        detail={"path": document.name, "sha256": document.sha256, "sidecar_sha256": sidecar.sha256},
    )


def _filing(workspace: Workspace, job: Job) -> Filing:
    kind, values = workspace.kind(job), workspace.values(job)
    entry = workspace.ledger.number_entry(job.id)
    document = as_object(values["document"])
    paper = workspace.ledger.artifact(job.id, Role.SIGNED)
    content = workspace.artifact(job, Role.SIGNED)
    path = naming.archive_path(
        # a paper without a number is filed by year, under its job's id
        series=entry.series if entry else f"{kind.series}/{job.year}",
        on=job.document_on or workspace.today(),
        kind=kind.abbreviation,
        number=entry.no if entry else job.id,
        issuer=job.unit or workspace.year(job.year).cluster.slug,
        subject=str(document["title"]),
    )
    return Filing(
        path,
        content,
        archive.sidecar_of(
            _sidecar_facts(job, kind, document, entry, paper.sha256 if paper else "")
            | {"warnings": [*as_filed(workspace, job)]}
        ),
    )


def _sidecar_facts(job: Job, kind: Kind, document: JsonObject, entry: Entry | None, sha256: str) -> JsonObject:
    register: JsonObject | None = None
    if entry is not None:
        register = {
            "series": entry.series,
            "entry": entry.entry,
            "no": entry.no,
            "act": entry.act,
            "job_id": entry.job_id,
            "at": entry.at.isoformat(timespec="microseconds"),
            "who": entry.who,
            "why": entry.why,
            "facts": entry.facts,
            "previous_hash": entry.previous_hash,
            "hash": entry.hash,
        }
    return {
        "sha256": sha256,
        "number": job.number,
        "title": document["title"],
        "type": kind.title_vi,
        "document_on": job.document_on.isoformat() if job.document_on else "",
        "document_code": job.code,
        "revision": job.revision,
        "emulation_year": job.year,
        "unit": job.unit,
        "retention_years": kind.retention_years or "permanent",
        "register_entry": register,
    }
