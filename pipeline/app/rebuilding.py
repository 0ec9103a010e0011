"""Rebuilding: a lost or restored ledger gets what it lacks from the archive, provided that the archive is whole."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.archive.verifying import heads_at, verified
from pipeline.kinds import pack
from pipeline.ledger.ledger import LedgerLost
from pipeline.ledger.restoring import Returned, restore
from pipeline.messages import tr
from pipeline.model import Artifact, Role, Severity
from pipeline.proof.standalone import Fault, Line, filed_by, journal
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Rebuilt:
    """How many entries of the register and how many filed papers came back."""

    entries: int
    papers: int


def rebuild(workspace: Workspace, why: str) -> Rebuilt:
    """Append to the ledger what the archive's journal knows beyond it.

    Raises LedgerLost when the archive is not as it was, or the ledger tells another history.
    """
    places = workspace.places
    heads = heads_at([places.anchors]) if places.heads.is_file() else []
    wrong = [one.code for one in verified(places.archive, heads) if one.severity is Severity.BLOCK]
    if wrong:
        raise LedgerLost(
            tr(
                "The archive is not as it was ({what}); nothing is made anew from it. See `vanthu verify`.",
                what=", ".join(sorted(set(wrong))),
            )
        )
    lines = _behind(workspace)
    first = next(lines, None)
    if first is None:
        return Rebuilt(0, 0)

    def rest() -> Iterator[Line]:
        yield first
        yield from lines

    looking = _Looking(workspace)
    return Rebuilt(*restore(workspace.ledger, rest(), filed_by, looking.at, why, workspace.practice.language))


def _behind(workspace: Workspace) -> Iterator[Line]:
    """The lines of the journal behind the ledger's end. Raises LedgerLost where the two differ before it."""
    faults: list[Fault] = []
    leaves = workspace.ledger.log.leaves()
    for line in journal(workspace.folders.archive, faults):
        leaf = next(leaves, None)
        if leaf is None:
            yield line
        elif leaf.hash != line.leaf:
            raise LedgerLost(
                tr(
                    "The ledger tells another history than the archive from leaf {position} on; it cannot be made "
                    "anew beside it. Bring back the ledger that belongs to this archive, or begin with an empty one "
                    "(keep the old file).",
                    position=line.number + 1,
                )
            )


class _Looking:
    """Looks in the archive for what is known of a job: its files go to the spool, its sidecar says the rest."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        # older sidecars name the kind by its title alone
        known = workspace.loaded().kinds
        self.kinds = {kind.title_vi: kind for kind in known.values()} | dict(known)

    def at(self, job_id: int, paths: dict[str, str]) -> Returned:
        """Give columns and artifacts of a job from its filed files."""
        artifacts = [self._kept(PurePosixPath(path)) for path in paths]
        # the paper last of its role, as it is filed
        artifacts.sort(key=lambda one: (one.role is Role.FILED, -len(one.name)))
        sidecars = [one for one in artifacts if one.role is Role.SIDECAR]
        said: dict[str, Any] = json.loads(self.workspace.spool.get(sidecars[0].sha256)) if sidecars else {}
        papers = [one for one in artifacts if one.role is Role.FILED]
        return Returned(self._columns(job_id, said, papers), tuple(artifacts))

    def _kept(self, path: PurePosixPath) -> Artifact:
        content = (self.workspace.folders.archive / Path(path)).read_bytes()
        return self.workspace.keep(_role(path.name), content, path.as_posix())

    def _columns(self, job_id: int, said: dict[str, Any], papers: list[Artifact]) -> dict[str, Any]:
        kind = self.kinds.get(str(said.get("kind", said.get("type", ""))))
        columns: dict[str, Any] = {
            "name": PurePosixPath(papers[-1].name).name if papers else f"#{job_id}",
            "submission_sha256": papers[-1].sha256 if papers else f"{job_id:064x}",
            "unit": said.get("unit", ""),
            "year": said.get("emulation_year", 0),
            "variant": said.get("variant", said.get("document_code", "")),
            "revision": said.get("revision", 1),
            "code": said.get("document_code", ""),
            "document_on": said.get("document_on", ""),
        }
        if kind is not None:
            package = pack(self.workspace.folders.templates / kind.id)
            columns |= {"kind": kind.id, "bundle_sha256": self.workspace.spool.put(package)}
        return columns


def _role(name: str) -> Role:
    """What a filed file is, by its name (`naming.archive_path`)."""
    if ".ghichu" in name:
        return Role.FILED_NOTE
    if name.endswith(".json"):
        return Role.SIDECAR
    if ".xem." in name:
        return Role.FILED_TEXT if name.endswith(".txt") else Role.FILED_COPY
    return Role.FILED
