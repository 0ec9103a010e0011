"""Bringing: a scan that a person names on the command line goes through the doors of the inbox like any other."""

import time
from pathlib import Path, PurePosixPath
from typing import Final

from pipeline import intake, naming, reading
from pipeline.app.worker import Worker
from pipeline.errors import NotAllowedNow
from pipeline.files import sha256_of, write_once
from pipeline.files.pictures import HEAD_BYTES
from pipeline.files.pictures import is_paper as may_be_paper
from pipeline.messages import tr
from pipeline.model import Job, State
from pipeline.reading import Mark
from pipeline.steps import secrecy

#: So long another process may work on a file that it took out of the inbox before us.
PATIENCE_SECONDS: Final = 120.0
PAUSE_SECONDS: Final = 0.1


def bring(worker: Worker, file: Path, folder: str = "") -> Job:
    """Take a scan that lies anywhere, and look at it; gives its job, an earlier one where the same bytes came before.

    `folder` is the one of the inbox it is put into, else that for signed papers.
    Raises NotAllowedNow for what is no scan or too large, and for what the secrecy gate does not let in.
    """
    sha256 = _looked_at(worker, file, may_be_word=bool(folder))
    if _job_of(worker, sha256) is None:
        _put(worker, file, sha256, folder or worker.workspace.folders.signed)
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        job = _job_of(worker, sha256)
        if job is not None and job.state is State.RECEIVED:
            job = worker.advance(job.id)
        if job is not None and job.state is not State.RECEIVED:
            return job
        if time.monotonic() > end:
            raise NotAllowedNow(tr("The file was not taken; what is in its way stands in the clerk's folder."))
        # `watch` was quicker, and is at it
        time.sleep(PAUSE_SECONDS)


def _looked_at(worker: Worker, file: Path, *, may_be_word: bool) -> str:
    """Ask the secrecy gate before a byte is copied; gives the file's sha256."""
    workspace = worker.workspace
    with file.open("rb") as stream:
        is_scan = may_be_paper(stream.read(HEAD_BYTES))
    if not (is_scan or may_be_word) or file.stat().st_size > workspace.practice.limits.paper_bytes:
        raise NotAllowedNow(
            tr("“{file}” is no scan that can be taken: no PDF or picture, or too large.", file=str(file))
        )
    seen = reading.look_guarded(workspace.guard, file, naming.display(file.name), workspace.converter)
    if seen.mark is Mark.MARKED:
        raise NotAllowedNow(tr("The file seems to bear a mark of secrecy. It was neither read nor copied."))
    if seen.mark is Mark.UNSEEN:
        raise NotAllowedNow(
            tr(
                "Nobody could look whether the file bears a mark of secrecy, so it was not copied. {trouble} Drop it "
                "into the inbox if it has to be taken as it is.",
                trouble=secrecy.trouble_of(seen.why),
            )
        )
    return sha256_of(file)


def _job_of(worker: Worker, sha256: str) -> Job | None:
    """Give the job that these bytes opened; a cancelled one does not count as received."""
    ledger = worker.workspace.ledger
    jobs = (ledger.job(one.job_id) for one in ledger.seen(sha256=sha256))
    return next((job for job in jobs if job.state is not State.CANCELLED), None)


def _put(worker: Worker, file: Path, sha256: str, folder: str) -> None:
    """Put a copy into a folder of the inbox, and take it from there."""
    folders = worker.workspace.folders
    name = naming.safe(file.stem, 80) + file.suffix if naming.ignored(file.name) else file.name
    place = PurePosixPath(folder, name)
    if (folders.inbox / place).exists():  # somebody's drop, which is not written over
        place = PurePosixPath(folder, f"{sha256[:12]}-{name}")
    write_once(folders.inbox / place, file.read_bytes())
    found = [one for one in intake.look(folders.inbox) if one.name == place]
    worker.take(found)
    if any(one in worker.stopped or one in worker.refused for one in found):
        raise NotAllowedNow(tr("The file was not taken; what is in its way stands in the clerk's folder."))
