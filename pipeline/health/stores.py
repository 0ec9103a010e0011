"""Object stores: does that of the spool answer, and is it the one it was; how far does the archive's copy go."""

from collections.abc import Iterator
from typing import Final

from pipeline.archive.copying import ArchiveCopy
from pipeline.archive.standing import Age
from pipeline.errors import IntegrityError
from pipeline.files import CannotWrite
from pipeline.files.identity import MARKER
from pipeline.files.shared_spool import SharedSpool
from pipeline.ledger.log import Log
from pipeline.messages import say, verbatim
from pipeline.model import Finding, Severity
from pipeline.workspace import Workspace

STORE: Final = "spool.store"
COPY: Final = "archive.copy"


def store_findings(workspace: Workspace) -> Iterator[Finding]:
    """Look at the stores that are named; nothing is put there, for nothing could be taken away again."""
    if isinstance(workspace.spool, SharedSpool):
        yield _spool(workspace.spool)
    if workspace.copy is not None:
        yield _copy(workspace.copy, workspace.ledger.log)


def _spool(spool: SharedSpool) -> Finding:
    where = spool.store.where
    try:
        if spool.identity.is_known:
            spool.identity.must_be_there()
        else:  # whoever works first marks it
            spool.store.look(MARKER)
    except CannotWrite as trouble:
        return Finding(
            STORE,
            Severity.BLOCK,
            verbatim(str(trouble)),
            found=where,
            mend=say("Bring the object store back, or mend object_store in config.yaml."),
        )
    return Finding(STORE, Severity.INFO, say("The object store {url} answers.", url=where), found=where)


def _copy(copy: ArchiveCopy, log: Log) -> Finding:
    """Say how far the copy goes; the office does not wait for it."""
    try:
        found = copy.standing(log)
    except (CannotWrite, IntegrityError) as trouble:
        return Finding(
            COPY,
            Severity.WARN,
            verbatim(str(trouble)),
            found=copy.where,
            mend=say("The office goes on without its copy; it is brought up to date when the store is there again."),
        )
    if found.age is not Age.SAME:
        return Finding(
            COPY,
            Severity.BLOCK,
            say("The ledger does not agree with {file}.", file=copy.where),
            found=str(found.age),
            mend=say("Nothing is numbered meanwhile. Look closer: vanthu check"),
        )
    lacking = found.ledger_size - found.size
    if lacking:
        return Finding(
            COPY,
            Severity.WARN,
            say("The copy of the archive in {url} lacks {count} entries.", url=copy.where, count=lacking),
            found=str(lacking),
            mend=say("The next round of work brings it up to date. If it does not, look into the log."),
        )
    return Finding(
        COPY, Severity.INFO, say("The copy of the archive in {url} is up to date.", url=copy.where), found=copy.where
    )
