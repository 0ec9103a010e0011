"""The order workbook put ready for the clerk: empty, in the clerk's folder of the outbox, to be copied."""

import json
from typing import Final

from pipeline.files import make_folder, sha256_of, write_durably
from pipeline.files.writing import storage_errors
from pipeline.kinds.orders import ORDERS
from pipeline.ledger.chain import canonical
from pipeline.model import JsonObject
from pipeline.steps.ordering import workbook
from pipeline.workspace import Workspace

NAME: Final = "yeu-cau.xlsx"
#: Counted up when the look of the workbook changes, so that a new program writes it anew.
LAYOUT: Final = 1


def put_ready(workspace: Workspace) -> None:
    """Write the empty workbook where it is missing or of another year, and make the folder it is dropped into.

    One that somebody has written into is left alone. Raises FolderAway, CannotWrite.
    """
    folders, year = workspace.folders, workspace.year(workspace.practice.year)
    path, record = folders.outbox / folders.clerk / NAME, folders.var / "order-workbook.json"
    state: JsonObject = {
        "look": LAYOUT,
        "form": ORDERS.fields.version,
        "year": year.year,
        "cluster": year.cluster.name,
    }
    before = json.loads(record.read_bytes()) if record.is_file() else {}
    with storage_errors(path):
        # a link is never followed: what lies behind it may be anybody's file
        if path.is_symlink():
            return
        if path.exists() and (before.get("state") == state or sha256_of(path) != before.get("sha256")):
            return
    workspace.must_be_there("inbox")
    make_folder(folders.inbox / folders.clerk)
    content = workbook(workspace)
    # now, not when this began: a share may have gone away since, and what lies in its place is not the outbox
    workspace.must_be_there("outbox")
    write_durably(path, content)
    write_durably(record, canonical({"state": state, "sha256": sha256_of(content)}).encode())
