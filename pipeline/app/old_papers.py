"""Attaching old papers to the numbers of an old book: told first, each with the reason where nobody can tell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline import naming, reading
from pipeline.app.brought import bring
from pipeline.app.worker import Worker
from pipeline.errors import NotAllowedNow, UnknownThing, VanthuError
from pipeline.kinds.outside import is_outside
from pipeline.messages import say, shown, tr, verbatim
from pipeline.model import Direction, Job, OutsideFacts, State
from pipeline.reading import Mark
from pipeline.register.attaching import Attached, Numbered, OldPaper, attached, unknown
from pipeline.register.old_book import BookLine
from pipeline.register.rows import Row, rows
from pipeline.steps import secrecy
from pipeline.steps.outside import confirmed
from pipeline.steps.type_codes import type_codes
from pipeline.steps.witnessing import refuse_older
from pipeline.workspace import Workspace

#: What a paper may be called; everything else in the folder is told and left.
_PAPERS: Final = frozenset(
    {".pdf", ".docx", ".doc", ".rtf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".webp"}
)
_MOST_FILES: Final = 20_000


def without_paper(workspace: Workspace) -> list[Numbered]:
    """Give the numbers of old books that have no paper yet."""
    return [_of_row(row) for row in rows(workspace.ledger) if row.is_imported and row.status == "imported"]


def of_lines(lines: Iterable[BookLine]) -> list[Numbered]:
    """Give the numbers that a book would bring in."""
    return [
        Numbered(line.series, one.no, one.suffix, _borne(line.direction, one.text, line.columns.sender_number),
                 line.columns.document_on, line.direction)
        for line in lines
        if not line.void_why
        for one in line.numbers
    ]  # fmt: skip


def _of_row(row: Row) -> Numbered:
    said = row.columns
    borne = _borne(row.direction, row.number, said.sender_number)
    return Numbered(row.series, row.no, row.suffix, borne, said.document_on, row.direction)


def _borne(direction: Direction, number: str, senders: str) -> str:
    """What stands on the paper itself: the register's number of an incoming one does not."""
    return senders if direction is Direction.INCOMING else number


def told(workspace: Workspace, folder: Path, numbers: Sequence[Numbered]) -> tuple[Attached, ...]:
    """Say of every file of a folder which number it is the paper of; nothing is taken or recorded.

    Raises UnknownThing.
    """
    if not folder.is_dir():
        raise UnknownThing(tr("{folder} is no folder.", folder=naming.display(str(folder))))
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not naming.ignored(path.name)][
        :_MOST_FILES
    ]
    papers = [_seen(workspace, folder, path) for path in files]
    return attached(papers, numbers, type_codes(workspace))


def _seen(workspace: Workspace, folder: Path, path: Path) -> OldPaper:
    name = naming.display(path.relative_to(folder).as_posix())
    if path.suffix.lower() not in _PAPERS or path.is_symlink():
        return OldPaper(name, trouble=say("It is no PDF, Word file, scan or photo."))
    seen = reading.look_guarded(workspace.guard, path.absolute(), naming.display(path.name), workspace.converter)
    if seen.mark is Mark.MARKED:
        return OldPaper(name, trouble=say("It seems to bear a mark of secrecy; it was neither read nor copied."))
    if seen.mark is Mark.UNSEEN:
        return OldPaper(name, trouble=secrecy.trouble_of(seen.why))
    return OldPaper(name, reading.lines_guarded(workspace.guard, path.absolute(), naming.display(path.name)))


@dataclass(frozen=True)
class Outcome:
    """What came of attaching one file: the job of its paper, or what was in the way."""

    of: Attached
    job: Job | None = None
    trouble: str = ""


def attach(worker: Worker, folder: Path, made: Sequence[Attached], why: str) -> list[Outcome]:
    """Take the papers that belong to a number and file them under it; one that cannot be keeps no other."""
    workspace = worker.workspace
    refuse_older(workspace)
    held = {(row.series, row.no, row.suffix): row for row in rows(workspace.ledger) if row.is_imported}
    done = []
    for one in made:
        if one.of is None:
            continue
        try:
            if one.of.key not in held:
                # taken away from under the report: another process has brought another book in, say
                raise UnknownThing(shown(unknown(one.of.label, without_paper(workspace))))
            done.append(Outcome(one, _attached(worker, folder / one.paper.name, held[one.of.key], why)))
        except (VanthuError, OSError) as trouble:
            done.append(Outcome(one, trouble=str(trouble)))
    worker.work_off()
    return [Outcome(one.of, workspace.ledger.job(one.job.id)) if one.job else one for one in done]


def _attached(worker: Worker, file: Path, row: Row, why: str) -> Job:
    workspace, folders = worker.workspace, worker.workspace.folders
    job = bring(worker, file, folders.incoming if row.direction is Direction.INCOMING else folders.outgoing)
    if not is_outside(job) or job.state is not State.HELD:
        raise NotAllowedNow(tr("The file came before as #{id}; that is not changed.", id=job.id))
    said = row.columns
    facts = OutsideFacts(
        row.direction,
        number=said.sender_number if row.direction is Direction.INCOMING else row.number,
        on=said.document_on,
        author=said.author,
        title=said.title,
        signer=said.signer,
        recipients=said.recipients,
        arrived_on=said.arrived_on,
    )
    return workspace.ledger.advance(job, confirmed(workspace, job, facts, why, bears=row.booked))


def fate(one: Attached) -> str:
    """Say what becomes of a file."""
    if one.of is not None:
        return tr("the paper of {number} ({series})", number=one.of.label, series=one.of.series)
    return tr("left: {why}", why=shown(one.why or verbatim("")))
