"""The object store that keeps the spool, where one does: does it answer, and is it the one it was."""

from collections.abc import Iterator
from typing import Final

from pipeline.files import CannotWrite, Spool
from pipeline.files.identity import MARKER
from pipeline.files.shared_spool import SharedSpool
from pipeline.messages import say, verbatim
from pipeline.model import Finding, Severity

STORE: Final = "spool.store"


def store_findings(spool: Spool) -> Iterator[Finding]:
    """Ask the store for its marker; nothing is put there, for nothing could be taken away again."""
    if not isinstance(spool, SharedSpool):
        return
    where = spool.store.where
    try:
        if spool.identity.is_known:
            spool.identity.must_be_there()
        else:  # whoever works first marks it
            spool.store.look(MARKER)
    except CannotWrite as trouble:
        yield Finding(
            STORE,
            Severity.BLOCK,
            verbatim(str(trouble)),
            found=where,
            mend=say("Bring the object store back, or mend object_store in config.yaml."),
        )
    else:
        yield Finding(STORE, Severity.INFO, say("The object store {url} answers.", url=where), found=where)
