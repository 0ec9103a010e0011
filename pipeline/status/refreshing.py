"""The views that lie in the outbox (the year board, and a workbook for each volume of the register).

Nothing is ever read back from them. They are looked at after every batch of work and written only when what they show
has changed, so that looking costs next to nothing; a file that is gone or was changed by somebody is written anew.
"""

import json
import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline import naming
from pipeline.files import CannotWrite, sha256_of, write_durably
from pipeline.ledger.chain import canonical
from pipeline.messages import shown_in
from pipeline.model import Json, JsonObject
from pipeline.status.board import board_of
from pipeline.status.books import Extract, books_of, written
from pipeline.status.draft_forms import Asked, asked, lay_out
from pipeline.status.views import NAME, Board, page, workbook
from pipeline.status.working import workers_said
from pipeline.status.year import year_status
from pipeline.store.alone import alone
from pipeline.workspace import Workspace

log = logging.getLogger(__name__)

VIEWS: dict[str, Callable[[Board, str], bytes]] = {f"{NAME}.html": page, f"{NAME}.xlsx": workbook}
#: Counted up when the layout of the board changes, so that a new program writes it anew.
LAYOUT = 7
#: The same for the volumes of the register.
BOOK_LAYOUT = 2


def refresh(workspace: Workspace) -> tuple[Path, ...]:
    """Write the views anew where the ledger, the facts or the day have changed since.

    Gives the files that could not be written (somebody has them open, say): they are tried again at the
    next change, and nothing else stops for them.
    """
    # `watch` and a command may refresh at once: without the lock the older board could be written last
    failed = _refresh_register(workspace)
    mark = workspace.folders.var / "board.json"
    with alone(workspace.ledger.engine, "board", workspace.folders.var):
        now = canonical(_state(workspace))
        files = {name: workspace.folders.outbox / name for name in VIEWS}
        if mark.is_file() and mark.read_bytes() == _marked(now, files):
            return failed
        wanted = asked(workspace)
        failed += _lay_out_forms(workspace, wanted)
        board = board_of(workspace, year_status(workspace, workspace.practice.year), wanted)
        language = workspace.practice.language
        failed += tuple(
            path for name, path in files.items() if not _write(workspace, path, VIEWS[name](board, language))
        )
        # with what was left of each file: one that somebody changed or deleted is written anew next time
        write_durably(mark, _marked(now, files))
        return failed


def _lay_out_forms(workspace: Workspace, wanted: tuple[Asked, ...]) -> tuple[Path, ...]:
    """Lay out the forms the clerk is asked for; gives the folder when that could not be done."""
    try:
        lay_out(workspace, wanted)
    except CannotWrite as trouble:
        log.warning("not written", extra={"action": "board.write", "why": str(trouble)})
        return (workspace.folders.outbox / workspace.folders.clerk,)
    return ()


def _refresh_register(workspace: Workspace) -> tuple[Path, ...]:
    """Write the volumes anew that have changed since they were written; gives those that could not be written."""
    folder = workspace.folders.outbox / workspace.folders.register
    mark = workspace.folders.var / "register-books.json"
    before: JsonObject = json.loads(mark.read_bytes()) if mark.is_file() else {}
    heads = {series.key: series.head for series in workspace.ledger.series()}
    now, failed = dict[str, Json](), list[Path]()
    for key, name in volume_names([key for key, _ in workspace.ledger.series_as_begun()]).items():
        # the head of a chain changes with every act upon a number of the series, and with nothing else
        digest = sha256_of(canonical({"series": key, "head": heads[key], "look": BOOK_LAYOUT}).encode())
        if before.get(name) == digest and (folder / name).is_file():
            now[name] = digest
        elif (volume := books_of(workspace, Extract(series=key))) and not _write(
            workspace, folder / name, written(workspace, "xlsx", volume)
        ):
            failed.append(folder / name)
        else:
            now[name] = digest
    if now != before:
        write_durably(mark, canonical(now).encode())
    return tuple(failed)


def volume_names(series: Iterable[str]) -> dict[str, str]:
    """Name the file of each volume by its series, in the order in which they were begun (`DEN-2022.xlsx`)."""
    names: dict[str, str] = {}
    for key in series:
        # ĐA/2022 and DA/2022 are two runs, and one name without accents
        folded = naming.series_folder(key)
        same = sum(naming.series_folder(other) == folded for other in names)
        names[key] = f"{folded}-{same + 1}.xlsx" if same else f"{folded}.xlsx"
    return names


def _state(workspace: Workspace) -> JsonObject:
    """Everything the board depends on, in a few figures."""
    year = workspace.practice.year
    return {
        "look": LAYOUT,
        "language": workspace.practice.language,
        # the head of the chain of events changes with every event, and only then
        "events": list(workspace.ledger.events_head()),
        # late days grow from day to day, until the year is over
        "as_of": min(workspace.today().isoformat(), f"{year}-12-31"),
        "year": sha256_of(canonical(workspace.year(year).as_values()).encode()),
        # no event tells of these
        "workers": [shown_in(one, workspace.practice.language) for one in workers_said(workspace)],
        "kinds": [kind.digest for kind in workspace.loaded().kinds.values()],
    }


def _marked(now: str, files: dict[str, Path]) -> bytes:
    """What is written down about the last time: the state shown, and the files as they were left."""
    left: JsonObject = {name: sha256_of(path) if path.is_file() else "" for name, path in files.items()}
    return canonical({"state": now, "files": left}).encode()


def _write(workspace: Workspace, path: Path, content: bytes) -> bool:
    try:
        # each time: a share may go away while a board is made, and what lies in its place is not the outbox
        workspace.must_be_there("outbox")
        write_durably(path, content)
    except CannotWrite as trouble:
        log.warning("not written", extra={"action": "board.write", "file": path.name, "why": str(trouble)})
        return False
    return True
