"""Documents as they go out to be signed: those of the example year, with their codes and page marks.

The year is played as a clerk plays it (`scripts/story.py`), with the real LibreOffice. Afterwards some units send
their registration anew, so that there are older versions of printed documents, too.
"""

import datetime as dt
import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from pipeline.app.new_folder import make_working_folder
from pipeline.app.opening import open_workspace
from pipeline.app.settings import read_settings
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.filling.composition import names_under_signatures
from pipeline.model import Role, State
from pipeline.workspace import Workspace
from scripts.story import SETTINGS, Clock, play
from tests.folders import drop, registration

ROOT = Path(__file__).resolve().parents[1]
_SENT_ANEW = ("SATRA", "KNH", "EVNHCMC", "SAWACO", "BTLTP", "BDBPTP", "KCXCN")
_AFTERWARDS = dt.date(2022, 12, 20)


@dataclass(frozen=True)
class Issued:
    """A document that was printed: its PDF, the names under its signatures, and the key of the marks on its pages.

    `older` is the PDF of the version before, b"" where there is none.
    """

    code: str
    kind: str
    content: bytes
    names: tuple[str, ...]
    pages: int
    mark_key: bytes
    older: bytes = b""


def issued_documents(folder: Path) -> tuple[Issued, ...]:
    """Give all documents of the year; `folder` is one where it was played before, or it is played there (2 minutes).

    An older version is none of them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "config.yaml").exists():
        _play(folder)
    with _opened(folder, works=False) as workspace:
        return tuple(_issued(workspace))


def _play(folder: Path) -> None:
    make_working_folder(folder)
    wrong = [played.what for played in play(ROOT / "examples" / "2022", folder) if played.differences]
    if wrong:
        raise SystemExit(f"the example year went otherwise than told: {', '.join(wrong)}; run `make run`")
    with _opened(folder, works=True) as workspace:
        for unit in _SENT_ANEW:
            drop(folder, f"dk-{unit}.yaml", registration(unit), unit)
        serve_once(Worker(workspace, 1), Rhythm(1, 0))


def _opened(folder: Path, *, works: bool) -> AbstractContextManager[Workspace]:
    clock = Clock()
    clock.set(_AFTERWARDS)
    settings = read_settings(folder, dict(os.environ) | SETTINGS)
    return open_workspace(settings, who="benchmark", works=works, clock=clock)


def _issued(workspace: Workspace) -> Iterator[Issued]:
    known = workspace.ledger.in_states(list(State))
    jobs = [job for job in known if workspace.ledger.artifact(job.id, Role.RENDITION)]
    key = workspace.mark_key()
    older = {
        (job.kind, job.unit): workspace.artifact(job, Role.RENDITION) for job in jobs if job.state is State.SUPERSEDED
    }
    for job in jobs:
        if job.state is not State.SUPERSEDED:
            yield Issued(
                code=job.code,
                kind=job.kind,
                content=workspace.artifact(job, Role.RENDITION),
                names=names_under_signatures(json.loads(workspace.artifact(job, Role.VALUES))),
                pages=workspace.pages_of(job),
                mark_key=key,
                older=older.get((job.kind, job.unit), b""),
            )
