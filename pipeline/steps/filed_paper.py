"""The newest paper of a filed document as its sidecar tells it: also where the ledger came back from the archive."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.model import Artifact, Job, Role
from pipeline.steps.later import filed
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class FiledPaper:
    """The files that came back, and the PDF in which they are looked at (None where none is filed).

    `pages` is 0 where the sidecar does not say how many there are.
    """

    originals: tuple[Artifact, ...]
    shown: Artifact | None
    pages: int
    is_signed_digitally: bool


def filed_paper_of(workspace: Workspace, job: Job) -> FiledPaper:
    """Read the newest sidecar of a filed document; what lies beside it is known by its hash."""
    said = newest_sidecar(workspace, job)
    by_hash = {one.sha256: one for one in filed(workspace, job)}
    received = said.get("received") or [{"sha256": said.get("sha256", "")}]
    originals = tuple(by_hash[one["sha256"]] for one in received if one.get("sha256") in by_hash)
    copy = by_hash.get((said.get("copy") or {}).get("sha256", ""))
    pdfs = [one for one in (copy, *originals) if one is not None and one.name.endswith(".pdf")]
    return FiledPaper(
        originals=originals,
        shown=pdfs[0] if pdfs else None,
        pages=sum(one.get("pages", 0) for one in received),
        is_signed_digitally=bool(said.get("digital_signatures")),
    )


def newest_sidecar(workspace: Workspace, job: Job) -> Mapping[str, Any]:
    """Give what the newest sidecar of a document says, nothing for one that is not filed."""
    artifact = workspace.ledger.artifact(job.id, Role.SIDECAR)
    said: Mapping[str, Any] = json.loads(workspace.spool.get(artifact.sha256)) if artifact else {}
    return said
