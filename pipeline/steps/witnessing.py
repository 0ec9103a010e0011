"""Witnessing: after each round of work the journal is completed, and the log's head leaves the house, signed."""

from pipeline.archive import standing, time_stamps
from pipeline.proof.signing import short_of
from pipeline.proof.standalone import heads_in
from pipeline.workspace import Workspace


def witness(workspace: Workspace) -> None:
    """Bring journal and anchors up to the ledger; a new head is stamped where the office wants that.

    Raises as `standing.witness`, and FolderAway.
    """
    workspace.must_be_there("archive")
    note = standing.witness(workspace.ledger.log, workspace.places, workspace.folders.var)
    if workspace.copy is not None:
        workspace.copy.bring_up_to_date(workspace.ledger.log, workspace.places, workspace.folders.var)
    if note and workspace.practice.time_stamp_url:
        time_stamps.stamp(note, workspace.places, workspace.practice.time_stamp_url)


def refuse_older(workspace: Workspace) -> None:
    """Refuse to number or file with a ledger that knows less than archive, anchors or the archive's copy.

    Where the archive is away nobody can tell. Raises LedgerLost, FolderAway.
    """
    workspace.must_be_there("archive")
    ledger, copy = workspace.ledger.log, workspace.copy
    standing.refuse_older(ledger, workspace.places, copy.standings(ledger) if copy is not None else ())


def head_text(workspace: Workspace) -> str:
    """Give the newest signed head as a C2SP note, for a QR on a page of the register; "" before the first."""
    return workspace.ledger.log.head().note


def head_line(workspace: Workspace) -> str:
    """Give the newest signed head on one line ("name · size · root · signature"); "" before the first."""
    found = heads_in(workspace.ledger.log.head().note)
    return short_of(found[0]) if found else ""
