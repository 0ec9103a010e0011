"""The proof of one filed paper: which entry it is, how that leads to the newest signed head, written as one page."""

import datetime as dt
import json
from dataclasses import dataclass

from pipeline.answers.proof_page import Page, proof_page
from pipeline.app import wording
from pipeline.errors import NotAllowedNow
from pipeline.messages import tr
from pipeline.model import Job, State
from pipeline.proof.inclusion import text_of
from pipeline.proof.standalone import Proof, heads_in, parsed
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Proved:
    """A proof with its texts: as tlog-proof has it, and as a page in PDF that carries the text with it."""

    proof: Proof
    text: str
    page: bytes


def proved(workspace: Workspace, job: Job) -> Proved:
    """Prove that a document's newest paper stands in the log under the newest head that was put out.

    Raises NotAllowedNow for a document that is not filed, or of which no head tells yet.
    """
    proof = proof_of(workspace, job)
    text = text_of(proof)
    return Proved(proof, text, proof_page(Page(_facts(workspace, job, proof.entry), proof, text)))


def proof_of(workspace: Workspace, job: Job) -> Proof:
    """Give the proof alone. Raises NotAllowedNow as `proved` does."""
    position, note = _position(workspace, job), workspace.ledger.log.head().note
    heads = heads_in(note)
    if position is None:
        raise NotAllowedNow(tr("Job {id} is not filed yet; only a filed paper can be proved.", id=job.id))
    if not heads or heads[0].size <= position:
        raise NotAllowedNow(
            tr("No head has been put out since job {id} was filed. Run `vanthu run`, then again.", id=job.id)
        )
    (line,) = workspace.ledger.log.lines(position, position + 1)
    entry = line.replace(" ", "\n", 1).encode()
    return Proof(entry, position, tuple(workspace.ledger.log.path(position, heads[0].size)), heads[0])


def _position(workspace: Workspace, job: Job) -> int | None:
    """The leaf that says which bytes the document's newest paper is: of the register, else of the history."""
    log = workspace.ledger.log
    filings = [one for one in workspace.ledger.entries_of(job.id) if one.act.partition(".")[0] == "file"]
    if filings:
        return log.position(entry_hash=filings[-1].hash)
    events = [
        one for one in workspace.ledger.events(job.id) if one.to_state == State.ARCHIVED and "path" in one.detail
    ]
    return log.position(event_id=events[-1].id) if events else None


def _facts(workspace: Workspace, job: Job, entry: bytes) -> tuple[tuple[str, str], ...]:
    """What the page says of the paper: from the entry alone, but for the document's title."""
    line = parsed(0, entry.decode().replace("\n", " ", 1))
    said = line.said if line and line.said else {}
    filed = json.loads(said.get("facts") or said.get("detail") or "{}")
    description = workspace.description(job)
    told = {
        tr("number"): job.number or "–",
        tr("title"): description.title if description else "",
        tr("series"): str(said.get("series", "–")),
        tr("filed at"): _moment(str(said.get("at", ""))),
        tr("filed by"): str(said.get("who", "")),
        tr("file"): str(filed.get("path", "")),
        tr("sha256 of the paper"): str(filed.get("sha256", "")),
        tr("sha256 of its sidecar"): str(filed.get("sidecar_sha256", "")),
    }
    return tuple(told.items())


def _moment(recorded: str) -> str:
    return wording.moment(dt.datetime.fromisoformat(recorded)) if recorded else ""
