"""Audit: what is on the disk compared with what is recorded, and the records with each other. It only reads.

Ledger to files: every recorded artifact and every filed document is there with its hash. Files to ledger: nothing
lies in the archive that the ledger does not know. Histories: chains unbroken, numbers 1…N. Everything is gone through
row by row and file by file: memory does not grow with the years.
Each difference is a finding; its `found` names what it is about: a file, a series, a number, a job.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final, TypeVar

from pipeline.archive.journal import Places
from pipeline.audit.known import Known
from pipeline.audit.log import log_findings
from pipeline.audit.records import record_findings
from pipeline.errors import IntegrityError, TransientError
from pipeline.files import CannotWrite, Spool, SpoolMissing, sha256_of
from pipeline.ledger import Ledger
from pipeline.ledger.rows import Event
from pipeline.ledger.streams import Streams
from pipeline.messages import say, verbatim
from pipeline.model import Finding, Message, Number, Severity
from pipeline.proof.standalone import FOLDER, files_below

T = TypeVar("T")
#: Bytes are kept before they are recorded; no step takes so long.
_LEFT_AFTER_SECONDS: Final = 3600.0
#: Wraps a long iteration, so that the caller may show progress: (things, how many, what for).
Progress = Callable[[Iterable[T], int, Message], Iterable[T]]


def without_progress(things: Iterable[T], _count: int, _what: Message) -> Iterable[T]:
    """Show no progress."""
    return things


def audit(
    ledger: Ledger,
    spool: Spool,
    archive: Path,
    outbox: Path,
    progress: Progress[str] = without_progress,
    anchors: Path | None = None,
    away: Mapping[str, str] = {},
) -> list[Finding]:
    """Compare everything, with `anchors` also with the heads kept there; no finding when all is as recorded.

    `away` says of "outbox" and "archive" why the folder is not there; then only that is told of it.
    """
    parts = (
        log_findings(ledger, Places(archive, anchors or archive)),
        record_findings(ledger),
        _spool(ledger, spool, progress),
        _unrecorded(ledger, spool),
        *([] if "archive" in away else [_archive(ledger, archive, progress)]),
        *([_pending(ledger)] if "outbox" in away else [_pending(ledger), _outbox(ledger, outbox)]),
        _away(away),
    )
    return [one for part in parts for one in _readable(part)]


def _readable(part: Iterator[Finding]) -> Iterator[Finding]:
    """Give the findings of a part; a row that is not what the program writes ends it, and is told."""
    try:
        yield from part
    except (ValueError, LookupError, TypeError, AttributeError) as trouble:
        message = say(
            "A row of the ledger is nothing that the program writes ({reason}): somebody changed it.",
            reason=str(trouble),
        )
        yield Finding("ledger.unreadable", Severity.BLOCK, message)


def _spool(ledger: Ledger, spool: Spool, progress: Progress[str]) -> Iterator[Finding]:
    streams = Streams(ledger.engine)
    for sha256 in progress(streams.hashes(), streams.count_hashes(), say("Checking recorded files")):
        try:
            spool.verify(sha256)
        except IntegrityError as trouble:
            yield Finding("spool.damaged", Severity.BLOCK, verbatim(str(trouble)), found=sha256)
        # a disk that fails, or a store that is away: nobody knows whether they are as they were
        except (TransientError, CannotWrite) as trouble:
            yield Finding("spool.unread", Severity.BLOCK, verbatim(str(trouble)), found=sha256)


def _unrecorded(ledger: Ledger, spool: Spool) -> Iterator[Finding]:
    """Tell of bytes that no record names: a kill between keeping and recording leaves them."""
    recorded = Streams(ledger.engine).hashes()
    wanted, count, size = next(recorded, ""), 0, 0
    # both run in the same order: neither is ever in memory as a whole
    for sha256 in spool.hashes():
        while wanted and wanted < sha256:
            wanted = next(recorded, "")
        if wanted != sha256:
            with contextlib.suppress(SpoolMissing):
                found = spool.seen(sha256)
                # what is being recorded at this moment is no leftover
                if time.time() - found.written_at > _LEFT_AFTER_SECONDS:
                    count, size = count + 1, size + found.size_bytes
    if count:
        message = say(
            "{count} files of the spool ({size} MB) are in no record: a kill or a power cut left them. They harm "
            "nothing but take room.",
            count=count,
            size=Number(size / 1_000_000, places=1),
        )
        yield Finding("spool.unrecorded", Severity.INFO, message, found=str(count))


def _archive(ledger: Ledger, archive: Path, progress: Progress[str]) -> Iterator[Finding]:
    with Known() as expected:
        yield from _put_filed(ledger, expected)
        paths = (path for path, _ in expected)
        for path in progress(paths, len(expected), say("Checking the archive")):
            if not (archive / path).is_file():
                message = say("The archive lacks {path}, which the register says is filed.", path=path)
                yield Finding("archive.missing", Severity.BLOCK, message, found=path)
            # read and hashed each time (A11): size and date of a file prove nothing
            elif sha256_of(archive / path) != expected.get(path):
                message = say(
                    "{path} in the archive is not the document that was filed: its bytes have changed.", path=path
                )
                yield Finding("archive.changed", Severity.BLOCK, message, found=path)
        # A09: a file nobody filed is named too; put there by hand, it would pass for a filed document
        for found in files_below(archive):
            path = found.relative_to(archive).as_posix()
            # the journal is held against the log, not against what was filed
            if not path.startswith(f"{FOLDER}/") and expected.get(path) is None:
                message = say("{path} lies in the archive, but the register does not know it.", path=path)
                yield Finding("archive.unknown", Severity.BLOCK, message, found=path)


def _put_filed(ledger: Ledger, expected: Known) -> Iterator[Finding]:
    """Put path and sha256 of all that was filed: papers, copies, sidecars and notes.

    Where the chain of events names a file, its word counts: a row of `artifacts` is not chained, and may be changed;
    then it is told.
    """
    streams = Streams(ledger.engine)
    expected.put(pair for event in streams.filings() for pair in _chained(event))
    for path, sha256 in streams.filed():
        chained = expected.get(path)
        # filings of before December 2026 name the paper and its sidecar only
        if chained is None:
            expected.put([(path, sha256)])
        elif chained != sha256:
            message = say("The ledger names another file for {path} than its history does.", path=path)
            yield Finding("ledger.artifact", Severity.BLOCK, message, found=path)


def _chained(event: Event) -> Iterator[tuple[str, str]]:
    """Give path and sha256 of what a filing said it files."""
    said = event.detail
    if "path" in said:
        path = PurePosixPath(str(said["path"]))
        yield path.as_posix(), str(said["sha256"])
        yield path.with_suffix(".json").as_posix(), str(said["sidecar_sha256"])
    more = said.get("more", ())
    for line in more if isinstance(more, list) else ():
        sha256, _, path_said = line.partition(" ")
        yield path_said, sha256


def _away(away: Mapping[str, str]) -> Iterator[Finding]:
    for name, why in away.items():
        yield Finding("folder.away", Severity.WARN, verbatim(why), found=name)


def _pending(ledger: Ledger) -> Iterator[Finding]:
    for pending in ledger.pending():
        message = say("{path}: a change of the outbox is recorded but not carried out yet.", path=pending.path)
        yield Finding("outbox.pending", Severity.WARN, message, found=pending.path)


def _outbox(ledger: Ledger, outbox: Path) -> Iterator[Finding]:
    with Known() as standing:
        standing.put(Streams(ledger.engine).publications())
        for path, sha256 in standing:
            if not (outbox / path).is_file():
                # for information only: units may take their answers, and need not leave them
                message = say("{path} is gone from the outbox; somebody took or moved it.", path=path)
                yield Finding("outbox.gone", Severity.INFO, message, found=path)
            elif sha256_of(outbox / path) != sha256:
                message = say("{path} in the outbox was changed by somebody.", path=path)
                yield Finding("outbox.changed", Severity.WARN, message, found=path)
