"""The ledger opened: its writes as transactions; what it can be asked is in `questions`."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Engine, func, insert, or_, select, update

from pipeline.errors import IntegrityError
from pipeline.files.writing import TEMPORARY_PREFIX
from pipeline.ledger import acts, clocks, imports, log, numbers, remarks
from pipeline.ledger.imports import Imported
from pipeline.ledger.outcome import Beginning, Detail, Drop, Entered, Lease, Outcome, Publication, Taken
from pipeline.ledger.questions import Questions
from pipeline.ledger.rows import Entry, Pending, job_of, stamp
from pipeline.messages import tr
from pipeline.model import Job, State
from pipeline.store import schema
from pipeline.store.engine import migrate, open_engine, reading, writing

jobs = schema.jobs
_Known: TypeAlias = dict[str, list[tuple[Job, frozenset[str]]]]
#: A drop, and the key of its name (`naming.key`).
Named: TypeAlias = tuple[Drop, str]
_DROP: Final = insert(schema.drops)


class LedgerLost(IntegrityError):  # noqa: N818 - names a state of the world
    """The ledger is gone, or older than what was filed, or tells another history than archive and heads do."""

    exit_code = 57
    wants_traceback = False


class Ledger(Questions):
    """The ledger of one working folder.

    `clock` gives aware moments; `who` is the person or process that stands behind the writes of this object.
    """

    def __init__(self, engine: Engine, clock: Callable[[], dt.datetime], who: str) -> None:
        self.engine = engine
        self.clock = clock
        self.who = who

    @classmethod
    def open(cls, url: str, clock: Callable[[], dt.datetime], who: str) -> "Ledger":
        """Open the ledger at `url`, bringing its schema up to date."""
        engine = open_engine(url)
        migrate(engine)
        return cls(engine, clock, who)

    def refuse_lost(self, archive: Path) -> None:
        """Refuse to begin anew beside an archive that an earlier ledger filled: its numbers would be given again.

        Raises LedgerLost.
        """
        # what is filed, or begins a run of numbers, is in the log: nothing there beside a filled archive means that
        # another ledger filed it
        # (the mark by which an archive is known comes before anything is filed, and a crash may leave a part of it)
        filled = (
            path for path in archive.rglob("*") if path.is_file() and not path.name.startswith(TEMPORARY_PREFIX)
        )
        if self.log.head().size == 0 and any(filled):
            raise LedgerLost(
                tr(
                    "The ledger is empty, but {archive} holds filed documents: the ledger was lost. Bring it back "
                    "from a backup before anything else; otherwise numbers would be given twice.",
                    archive=str(archive),
                )
            )

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def repeat_of(self, drop: Drop) -> Job | None:
        """Find the job that the same bytes opened before.

        The same bytes from two unit folders are two submissions; from one folder, or from the inbox itself, one.
        """
        with reading(self.engine) as connection:
            return _as_before(_came_before(connection, {drop.sha256}), drop)[1]

    def take_new(self, drops: Sequence[Named]) -> list[Taken | None]:
        """Record drops whose bytes are new and open their jobs, in one transaction; each drop with its name's key.

        None for each that repeats what came before: an answer is made for it, then `take` records it.
        """
        now, taken, new = self.clock(), dict[int, Taken](), dict[str, int]()
        with writing(self.engine) as connection:
            log.lock(connection)
            known = _came_before(connection, {drop.sha256 for drop, _ in drops})
            for at, (drop, _) in enumerate(drops):
                this, earlier = _as_before(known, drop)
                # found again after a crash between this commit and its removal from
                # the inbox: no second drop, rule 1
                if this is not None:
                    taken[at] = Taken(this, is_repeat=True, is_same_file=True)
                elif earlier is None and drop.sha256 not in new:
                    new[drop.sha256] = at
            if new:
                opened = acts.open_jobs(connection, [drops[at][0] for at in new.values()], now, self.who)
                taken |= {at: Taken(job, is_repeat=False) for at, job in zip(new.values(), opened, strict=True)}
                rows = [_row_of(*drops[at], job, now) for at, job in zip(new.values(), opened, strict=True)]
                connection.execute(_DROP, rows)
        return [taken.get(at) for at in range(len(drops))]

    def take(self, drop: Drop, *, name_key: str, publications: tuple[Publication, ...] = ()) -> Taken:
        """Record a drop and open its job, or note a repeat of the job that the same bytes opened before.

        `publications` are recorded only for a repeat that is really another file (see `Taken.is_same_file`).
        """
        now = self.clock()
        with writing(self.engine) as connection:
            log.lock(connection)
            # asked again under the write lock: since `repeat_of` another worker may have taken the same bytes
            taken, earlier = _as_before(_came_before(connection, {drop.sha256}), drop)
            if taken is not None:
                return Taken(taken, is_repeat=True, is_same_file=True)
            job = earlier or acts.open_jobs(connection, [drop], now, self.who)[0]
            connection.execute(_DROP, _row_of(drop, name_key, job, now, is_repeat=earlier is not None))
            if earlier is not None:
                # the answer "came before" is published like every other: recorded first (decision 0002)
                acts.record_publications(connection, job.id, publications)
                acts.record_event(
                    connection,
                    job_id=job.id,
                    at=now,
                    who=self.who,
                    action="intake.repeat",
                    detail={"name": drop.name},
                )
        return Taken(job, is_repeat=earlier is not None)

    def advance(self, job: Job, outcome: Outcome, lease: Lease | None = None) -> Job:
        """Carry out one outcome: state, event, artifacts, publications and number in one transaction.

        The job is given back by it, unless `lease` says that its worker goes on with it.
        Raises StateConflict when the job was moved since it was read; then nothing at all has changed.
        """
        now = self.clock()
        with writing(self.engine) as connection:
            # the job moves first: a sequence that is no longer the one read leaves nothing of this transaction
            moved = acts.move(connection, job, outcome, now, self.who, lease)
            # after the old job has given way, else the index would refuse the new one
            for new in outcome.opens:
                acts.open_revision(connection, new, now, self.who, outcome.why)
            return moved

    def void(self, job: Job, outcome: Outcome) -> Job:
        """Make a job's number void and move the job, in one transaction."""
        now = self.clock()
        with writing(self.engine) as connection:
            log.lock(connection)
            # the number and the move together, so that no crash leaves a void number on a job that counts as numbered
            numbers.void_number(connection, job, now, self.who, outcome.why)
            acts.move(connection, job, outcome, now, self.who)
            # the register keeps the void number for ever; the job may get another
            connection.execute(update(jobs).where(jobs.c.id == job.id).values(number=""))
            return job_of(connection.execute(select(jobs).where(jobs.c.id == job.id)).one())

    def begin_series(self, begin: Beginning, why: str) -> None:
        """Let a run of numbers begin, or go on, with a number. Raises NotAllowedNow."""
        with writing(self.engine) as connection:
            numbers.begin_series(connection, begin, self.clock(), self.who, why)

    def refuse_clock_behind(self) -> None:
        """Refuse a clock that is far behind the last entry of the register. Raises ClockBehind."""
        with reading(self.engine) as connection:
            clocks.refuse_clock_behind(connection, self.clock())

    def trust_clock(self, why: str) -> bool:
        """Record that a person trusts the clock, though it is behind the last entry; False where it is not behind."""
        now = self.clock()
        with writing(self.engine) as connection:
            log.lock(connection)
            last = clocks.entry_ahead(connection, now)
            if last is not None:
                acts.record_event(
                    connection,
                    job_id=None,
                    at=now,
                    who=self.who,
                    action=clocks.TRUSTED,
                    why=why,
                    detail={"entry": last.hash},
                )
        return last is not None

    def import_numbers(self, imported: Sequence[Imported], detail: Detail, why: str) -> dict[str, int]:
        """Bring the numbers of an old book in, all or none; gives the next number of each series they are of.

        `detail` says of the workbook what the history keeps. Raises NotAllowedNow, KindError.
        """
        now = self.clock()
        with writing(self.engine) as connection:
            following = imports.import_numbers(connection, imported, now, self.who, why)
            acts.record_event(
                connection, job_id=None, at=now, who=self.who, action="old-book.bring-in", why=why, detail=detail
            )
        return following

    def note_number(self, held: Entry, entered: Entered) -> None:
        """Enter something beside a number that was given."""
        with writing(self.engine) as connection:
            log.lock(connection)
            numbers.note_number(connection, held, entered, self.clock(), self.who)

    def remark(self, action: str, detail: Detail, why: str = "") -> int:
        """Record something that concerns no job; gives the event's number."""
        with writing(self.engine) as connection:
            acts.record_event(
                connection, job_id=None, at=self.clock(), who=self.who, action=action, why=why, detail=detail
            )
            length = connection.execute(select(schema.chains.c.length).where(schema.chains.c.name == "events"))
            return int(length.scalar_one())

    def remark_once(self, action: str, detail: Detail, *, ended_by: str = "") -> int:
        """Record something that concerns no job, unless it stands recorded already; gives the event's number.

        It no longer stands once an event `ended_by` names its number. However many processes come upon the same
        thing at once, one event is recorded.
        """
        with writing(self.engine) as connection:
            log.lock(connection)

            def latest(of: str, said: Detail) -> int | None:
                # not max(id): for that SQLite would go through all that concerns no job
                same = select(schema.events.c.id).where(*remarks.same(of, said))
                return max(connection.execute(same).scalars(), default=None)

            number = latest(action, detail)
            if number is not None and latest(ended_by, {"incident": number}) is None:
                return number
            acts.record_event(connection, job_id=None, at=self.clock(), who=self.who, action=action, detail=detail)
            length = connection.execute(select(schema.chains.c.length).where(schema.chains.c.name == "events"))
            return int(length.scalar_one())

    def note(self, job: Job, action: str, why: str, details: Iterable[Detail]) -> None:
        """Record what a person decided about a job, one event for each of `details`; the job stays where it is."""
        with writing(self.engine) as connection:
            for detail in details:
                acts.record_event(
                    connection, job_id=job.id, at=self.clock(), who=self.who, action=action, why=why, detail=detail
                )

    def done(self, published: Sequence[Pending]) -> None:
        """Mark publications as done."""
        with writing(self.engine) as connection:
            connection.execute(
                update(schema.publications)
                .where(schema.publications.c.id.in_([one.id for one in published]))
                .values(done_at=stamp(self.clock()))
            )

    def claim(self, job: Job, lease: Lease) -> bool:
        """Lease a job as it was read; True when it is ours now, False when another works on it or has moved it.

        A lease that has run out is anybody's. So is one that reaches further than any given now: it was written
        before the clock was set back, and would otherwise keep a dead worker's job for as long as that.
        """
        now = self.clock()
        with writing(self.engine) as connection:
            changed = connection.execute(
                update(jobs)
                # a job that was moved since it was read is not ours to begin, whoever leases it
                .where(jobs.c.id == job.id, jobs.c.sequence == job.sequence)
                .where(
                    or_(
                        jobs.c.lease_owner == lease.owner,
                        jobs.c.lease_until < stamp(now),
                        # twice: the clocks of two machines need not agree to the second
                        jobs.c.lease_until > stamp(now + dt.timedelta(seconds=2 * lease.seconds)),
                    )
                )
                .values(**acts.leased(lease, now))
            )
        return changed.rowcount == 1

    def release(self, owner: str, job: Job | None = None) -> None:
        """Give back a job, or all jobs, that `owner` has leased; what others hold by now stays theirs."""
        # by owner: a lease that ran out and was taken by another is not given back here
        mine = jobs.c.lease_owner == owner
        with writing(self.engine) as connection:
            connection.execute(
                update(jobs)
                .where(schema.LEASED, mine if job is None else mine & (jobs.c.id == job.id))
                .values(**acts.leased(None))
            )

    def attempt(self, job: Job, what: str) -> int:
        """Record a transient trouble of a job; gives how many it has met since it last moved.

        A job that moves, or that a person has done again, has another sequence: its count starts anew by itself.
        """
        table = schema.attempts
        with writing(self.engine) as connection:
            connection.execute(
                insert(table).values(
                    job_id=job.id, sequence=job.sequence, at=stamp(self.clock()), who=self.who, what=what
                )
            )
            # of this sequence alone: the count starts anew by itself when the job moves (decision 0014)
            count = select(func.count()).where(table.c.job_id == job.id, table.c.sequence == job.sequence)
            return int(connection.execute(count).scalar_one())


def _came_before(connection: Connection, submissions: Collection[str]) -> _Known:
    """The jobs of some bytes, the newest first, each with the fingerprints of the files that it came as."""
    table = schema.drops
    query = (
        select(jobs, table.c.fingerprint.label("of_drop"))
        .outerjoin(table, (table.c.job_id == jobs.c.id) & (table.c.sha256 == jobs.c.submission_sha256))
        .where(jobs.c.submission_sha256.in_(list(submissions)))
        .order_by(jobs.c.id.desc())
    )
    rows: dict[int, tuple[Job, set[str]]] = {}
    for row in connection.execute(query):
        rows.setdefault(row.id, (job_of(row), set()))[1].add(row.of_drop or "")
    found: _Known = {}
    for job, prints in rows.values():
        found.setdefault(job.submission_sha256, []).append((job, frozenset(prints)))
    return found


def _as_before(known: _Known, drop: Drop) -> tuple[Job | None, Job | None]:
    """The job that this very file opened or repeated, and that of the same bytes from another file."""
    same = known.get(drop.sha256, [])
    this = next((job for job, prints in same if drop.fingerprint in prints), None)
    # a cancelled job does not count as received: the same file may be dropped anew
    counted = (job for job, _ in same if job.state is not State.CANCELLED)
    # a file in the inbox itself may be anybody's: it repeats what came from any folder
    return this, next((job for job in counted if not drop.folder or job.folder in ("", drop.folder)), None)


def _row_of(drop: Drop, name_key: str, job: Job, now: dt.datetime, *, is_repeat: bool = False) -> dict[str, Any]:
    return {
        "job_id": job.id,
        "sha256": drop.sha256,
        "size_bytes": drop.size_bytes,
        "name": drop.name,
        "name_key": name_key,
        "folder": drop.folder,
        "fingerprint": drop.fingerprint,
        "received_at": stamp(now),
        "is_repeat": int(is_repeat),
    }
