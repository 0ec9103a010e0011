"""Publishing: the outbox becomes what the ledger says: copies of recorded bytes under names of recorded facts."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.files import CannotWrite, Spool, remove, sha256_of, write_durably
from pipeline.files.writing import storage_errors
from pipeline.ledger.rows import Pending
from pipeline.store.alone import alone
from pipeline.store.engine import in_parts
from pipeline.workspace import Workspace

#: So many are marked as done together.
_AT_ONCE: Final = 50


def publish(workspace: Workspace) -> CannotWrite | None:
    """Carry out what is recorded to be published or taken away; after a crash this is where it is made good.

    Gives the trouble of one who cannot be served now; the others are. Raises FolderAway where the outbox is away.
    What could not be carried out waits.
    """
    waiting: dict[str, CannotWrite] = {}
    # one at a time and in order: a copy put late must never come after the taking away that followed it
    with alone(workspace.ledger.engine, "publishing", workspace.folders.var):
        for some in in_parts(workspace.ledger.pending(), _AT_ONCE):
            _publish(workspace, some, waiting)
    return next(iter(waiting.values()), None)


def _publish(workspace: Workspace, some: Sequence[Pending], waiting: dict[str, CannotWrite]) -> None:
    """Carry out `some`, but for what goes where something waits already: nothing there changes places."""
    done: list[Pending] = []
    try:
        for pending in some:
            place, below, _ = pending.path.partition("/")
            if place in waiting:
                continue
            workspace.spool_must_be_there()
            workspace.must_be_there("outbox")
            try:
                carry_out(workspace.folders.outbox, pending, workspace.spool)
            except CannotWrite as trouble:
                if not below or not trouble.is_of_one_place:
                    raise
                waiting[place] = trouble
                continue
            # asked again: a share that went away meanwhile has got nothing of it
            workspace.must_be_there("outbox")
            done.append(pending)
    finally:
        # marked together: what a crash leaves unmarked is done twice, and is done once
        if done:
            workspace.ledger.done(done)


def carry_out(outbox: Path, pending: Pending, spool: Spool) -> None:
    """Put a recorded copy in its place, or take it away; done twice it is done once.

    A file that people have changed is never taken away: it is theirs now.
    """
    path = outbox / pending.path
    if pending.sha256:
        # by its hash: a spool that was changed puts nothing into the outbox
        write_durably(path, spool.get(pending.sha256))
        return
    # a share that fails while it is read is waited for, as one that fails while it is written
    with storage_errors(path):
        found = sha256_of(path) if path.is_file() else ""
        is_gone = not found and not os.path.lexists(path)
    # ours are known by their bytes: what the spool does not know somebody has written
    if is_gone or (found and spool.has(found)):
        remove(path)
