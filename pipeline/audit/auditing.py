"""Audit: what is on the disk compared with what is recorded, and the records with each other. It only reads.

Ledger to files: every recorded artifact and every filed document is there with its hash. Files to ledger: nothing
lies in the archive that the ledger does not know. Histories: chains unbroken, numbers 1…N.
Each difference is a finding; its `found` names what it is about: a file, a series, a number, a job.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pipeline.archive.journal import Places
from pipeline.audit.log import log_findings
from pipeline.errors import IntegrityError
from pipeline.files import Spool, sha256_of
from pipeline.ledger import Ledger
from pipeline.ledger.proof import Break, event_breaks, register_breaks
from pipeline.ledger.restoring import REBUILT
from pipeline.messages import say, verbatim
from pipeline.model import Finding, Message, Role, Severity, State
from pipeline.proof.standalone import FOLDER
from pipeline.register import order

T = TypeVar("T")
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
) -> list[Finding]:
    """Compare everything, with `anchors` also with the heads kept there; no finding when all is as recorded."""
    return [
        *log_findings(ledger.log, Places(archive, anchors or archive), _restored(ledger)),
        *_histories(ledger),
        *_books(ledger),
        *_jobs(ledger),
        *_spool(ledger, spool, progress),
        *_archive(ledger, archive, progress),
        *_outbox(ledger, outbox),
    ]


def _restored(ledger: Ledger) -> int:
    """How many leaves of the log came back without their events, as each rebuilding said."""
    return sum(int(str(event.detail["bare"])) for event in ledger.acted(REBUILT))


def _histories(ledger: Ledger) -> Iterator[Finding]:
    # a chain alone does not show that its end was cut off: the number of entries and the last hash are kept apart
    breaks = event_breaks(ledger.events(), *ledger.events_head())
    for series in ledger.series():
        breaks += register_breaks(series, ledger.entries(series.key))
    for found in breaks:
        yield Finding(f"chain.{found.what}", Severity.BLOCK, _break_message(found), found=found.where)


def _break_message(found: Break) -> Message:
    if found.what == "gap":
        return say(
            "Series {where}: the numbers are not 1, 2, 3 … at entry {position}.",
            where=found.where,
            position=found.position,
        )
    if found.what == "cut":
        return say(
            "History {where} ends at entry {position}, but its recorded head says otherwise: something was cut off.",
            where=found.where,
            position=found.position,
        )
    return say(
        "History {where} does not hold at entry {position}: an entry was changed, removed or put in.",
        where=found.where,
        position=found.position,
    )


def _books(ledger: Ledger) -> Iterator[Finding]:
    """Check what the books say, beyond the chains: dates run with the numbers, no number and symbol twice."""
    for series in ledger.series():
        yield from order.date_order(ledger.entries(series.key))
    yield from order.doubles(ledger.entries())


def _jobs(ledger: Ledger) -> Iterator[Finding]:
    """Compare where each job is said to stand, and its number, with the history and the register."""
    # in order, so the last state an event names is where the job must stand
    states = {event.job_id: event.to_state for event in ledger.events() if event.to_state}
    numbers: dict[int, str] = {}
    for entry in ledger.entries():
        if entry.act == "void":
            numbers.pop(entry.job_id, None)
        elif entry.act == "number":
            numbers[entry.job_id] = entry.columns.number
    # triggers refuse changes of events and entries, not of jobs: a row edited by hand shows only here
    for job in ledger.in_states(State):
        if job.state != states.get(job.id) or job.number != numbers.get(job.id, ""):
            message = say("Job {id} is not as its history and the register say it is.", id=job.id)
            yield Finding("ledger.changed", Severity.BLOCK, message, found=str(job.id))


def _spool(ledger: Ledger, spool: Spool, progress: Progress[str]) -> Iterator[Finding]:
    recorded = ledger.recorded_hashes()
    for sha256 in progress(sorted(recorded), len(recorded), say("Checking recorded files")):
        try:
            spool.verify(sha256)
        except IntegrityError as trouble:
            yield Finding("spool.damaged", Severity.BLOCK, verbatim(str(trouble)), found=sha256)


def _archive(ledger: Ledger, archive: Path, progress: Progress[str]) -> Iterator[Finding]:
    expected = filed_documents(ledger)
    for path in progress(sorted(expected), len(expected), say("Checking the archive")):
        if not (archive / path).is_file():
            message = say("The archive lacks {path}, which the register says is filed.", path=path)
            yield Finding("archive.missing", Severity.BLOCK, message, found=path)
        # read and hashed each time (A11): size and date of a file prove nothing
        elif sha256_of(archive / path) != expected[path]:
            message = say(
                "{path} in the archive is not the document that was filed: its bytes have changed.", path=path
            )
            yield Finding("archive.changed", Severity.BLOCK, message, found=path)
    # A09: a file nobody filed is named too; put there by hand, it would pass for a filed document
    for found in sorted(archive.rglob("*")) if archive.is_dir() else ():
        path = found.relative_to(archive).as_posix()
        # the journal is held against the log, not against what was filed
        if found.is_file() and not path.startswith(f"{FOLDER}/") and path not in expected:
            message = say("{path} lies in the archive, but the register does not know it.", path=path)
            yield Finding("archive.unknown", Severity.BLOCK, message, found=path)


#: States of a document that was filed: one that is to be filed again may be on its way, or held.
_FILED = (State.SIGNED, State.REGISTERED, State.ARCHIVED, State.HELD)
_ROLES = frozenset({Role.FILED, Role.FILED_COPY, Role.FILED_TEXT, Role.SIDECAR, Role.FILED_NOTE})


def filed_documents(ledger: Ledger) -> dict[str, str]:
    """Give archive path -> sha256 of all that was filed: papers, copies, sidecars and notes.

    Where the chain of events names a file, its word counts: a row of `artifacts` is not chained, and may be changed.
    """
    artifacts = (
        (artifact.name, artifact.sha256)
        for job in ledger.in_states(_FILED)
        for artifact in ledger.artifacts(job.id)
        if artifact.role in _ROLES
    )
    return dict(artifacts) | dict(_chained(ledger))


def _chained(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Give path and sha256 of what each filing said it files."""
    for event in ledger.events():
        if event.to_state != State.ARCHIVED:
            continue
        said = event.detail
        if "path" in said:
            path = PurePosixPath(str(said["path"]))
            yield path.as_posix(), str(said["sha256"])
            yield path.with_suffix(".json").as_posix(), str(said["sidecar_sha256"])
        # filings of before December 2026 name the paper and its sidecar only
        more = said.get("more", ())
        for line in more if isinstance(more, list) else ():
            sha256, _, path_said = line.partition(" ")
            yield path_said, sha256


def _outbox(ledger: Ledger, outbox: Path) -> Iterator[Finding]:
    for pending in ledger.pending():
        message = say("{path}: a change of the outbox is recorded but not carried out yet.", path=pending.path)
        yield Finding("outbox.pending", Severity.WARN, message, found=pending.path)
    for path, sha256 in ledger.standing().items():
        if not (outbox / path).is_file():
            # for information only: units may take their answers, and need not leave them
            message = say("{path} is gone from the outbox; somebody took or moved it.", path=path)
            yield Finding("outbox.gone", Severity.INFO, message, found=path)
        elif sha256_of(outbox / path) != sha256:
            message = say("{path} in the outbox was changed by somebody.", path=path)
            yield Finding("outbox.changed", Severity.WARN, message, found=path)
