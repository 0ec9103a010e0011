"""What the sidecar of a filed paper says: of the document, of its sheets, and of the signatures that were seen."""

from dataclasses import asdict

from pipeline.model import Job, Recognition, TextLayer
from pipeline.papers.pages import runs
from pipeline.steps.making import description
from pipeline.workspace import Workspace


def made_of(seen: Recognition | None) -> dict[str, object]:
    """Where each page of the copy comes from: the sheet of which received file, and how that was laid."""
    # either says it: what is put in order, page by page; a paper out of a scan of several, by its sheets
    if seen and seen.made_of:
        return {"pages": [asdict(page) for page in seen.made_of]}
    return {"sheets": list(seen.of_sheets)} if seen and seen.of_sheets else {}


def signature_places(seen: Recognition | None) -> list[dict[str, object]]:
    """What was seen where people sign; empty where nobody could look."""
    return [
        {"name": one.name, "page": one.page, "is_signed": one.has_signature, "has_seal": one.has_seal}
        for one in (seen.signature_places if seen else ())
    ]


def text_read(text: TextLayer) -> dict[str, object]:
    """What was read on a scan, by what, of which PDF; and which sheets are unread for which reason."""
    return {"of": text.of, "by": text.by, "read": runs(text.read), "unread": runs(text.unread), "why": text.why}


def recognised_by(document: Job, seen: Recognition | None) -> str:
    """By what it was told which document the paper is: "code", "picture", or "person"; "" where nobody knows."""
    if seen is None:
        return ""
    if seen.code != document.code:
        return "person"
    return "picture" if seen.by_picture else "code"


def facts_of(workspace: Workspace, job: Job) -> dict[str, object]:
    """What is recorded of a document, whatever its paper is."""
    kind, document = workspace.kind(job), description(workspace, job)
    entry = workspace.ledger.number_entry(job.id)
    return {
        "number": job.number,
        "title": document.title,
        "type": kind.title_vi,
        "kind": job.kind,
        "variant": job.variant,
        "document_on": job.document_on.isoformat() if job.document_on else "",
        "document_code": job.code,
        "revision": job.revision,
        "emulation_year": job.year,
        "unit": job.unit,
        "retention_years": kind.retention_years or "permanent",
        "register_entry": entry.as_json() if entry else None,
    }
