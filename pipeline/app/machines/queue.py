"""The queue: procrastinate in the ledger's database. A row says “look at this job again”, and nothing else.

Jobs are given out by the watcher, which waits until their rows have ended; they are done by `vanthu worker` on all
machines. What a row says of its job is never believed: whoever has waited looks into the ledger.
"""

import contextlib
import logging
import math
import threading
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import Engine, bindparam, text

from pipeline.errors import MissingToolError, StoreGone, VanthuError
from pipeline.messages import tr
from pipeline.store import workers
from pipeline.store.alone import key_of
from pipeline.store.engine import reading, writing
from pipeline.store.workers import QUEUE, SCHEMA, session_name
from pipeline.tools.patience import OutOfPatience, current, not_counted, step

if TYPE_CHECKING:
    from procrastinate import App

log = logging.getLogger(__name__)

#: What may take some seconds, and what takes long: on lanes of their own (decision 0041).
FAST: Final = "advance"
APART: Final = "apart"
#: What brings back the work of the dead; on a lane of its own, for all others may be taken by what takes long.
RESCUE: Final = "rescue"
#: So often the watcher asks what has ended: the lanes have the next job in the queue meanwhile.
ASKED_SECONDS: Final = 0.1
_UNDER_WAY: Final = frozenset({"todo", "doing"})


def must_be_installed() -> None:
    """Raise MissingToolError where procrastinate is not."""
    try:
        import procrastinate  # noqa: F401 - asked for
    except ImportError as trouble:
        raise MissingToolError(
            tr(
                "Many machines work together by procrastinate, which is not installed. Install it beside the "
                "program: pip install 'vanthu[cluster]'"
            )
        ) from trouble


def app_of(engine: Engine, owner: str, *, is_async: bool) -> "App":
    """Make procrastinate's application on the ledger's database, its sessions named after a worker."""
    import procrastinate

    connect = dict(engine.dialect.create_connect_args(engine.url)[1])
    # hints need not be on the disk before the work goes on; ours is the schema
    options = f"{connect.get('options', '')} -c search_path={SCHEMA} -c synchronous_commit=off".strip()
    settings = connect | {"options": options, "application_name": session_name(owner)}
    connector = procrastinate.PsycopgConnector if is_async else procrastinate.SyncPsycopgConnector
    return procrastinate.App(connector=connector(conninfo="", kwargs=settings, min_size=1, max_size=8))


def made_by() -> str:
    """Name what made the queue's tables, and works with them."""
    return f"procrastinate-{version('procrastinate')}"


def make(engine: Engine) -> None:
    """Make the queue, anew where another version of procrastinate made it and nobody works: it holds but hints."""
    from procrastinate.schema import SchemaManager

    with writing(engine) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key_of("queue")})
        said = connection.execute(text("SELECT obj_description(to_regnamespace(:name))"), {"name": SCHEMA})
        # others with another version are there: `join` refuses, and says so
        if said.scalar_one() == made_by() or not workers.is_empty(connection):
            return
        workers.make(connection)
        connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
        # many statements at one go, which only the driver itself takes
        connection.connection.cursor().execute(SchemaManager.get_schema().encode())
        connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '{made_by()}'"))


def gone(trouble: Exception) -> StoreGone:
    """Say procrastinate's trouble with the server as ours."""
    return StoreGone(
        tr(
            "The database of the ledger does not answer ({reason}). Nothing is lost; the work goes on when "
            "the server is there again.",
            reason=" ".join(str(trouble.__cause__ or trouble).split()),
        )
    )


class Queue:
    """What the watcher gives out, and waits for.

    `stopping` is set when nothing is to be waited for any more.
    """

    def __init__(self, engine: Engine, owner: str, stopping: threading.Event) -> None:
        self._engine = engine
        self._stopping = stopping
        self._app = app_of(engine, owner, is_async=False)
        self._waiting: dict[int, threading.Event] = {}
        self._ended: dict[int, str] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._asking = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Self:
        self._app.open()
        self._asking.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._asking.join()
        self._app.close()

    def done(self, job_id: int, bundles: str) -> None:
        """Have a job advanced on some machine, and wait for it: in haste or with all the time, as this thread has.

        Raises OutOfPatience when it takes long, or is not to be waited for any more; StoreGone.
        """
        patience = current()
        queue = FAST if patience is not None and patience.is_short else APART
        row, ended = self._given_out(job_id, queue, bundles), threading.Event()
        with self._lock:
            self._waiting[row] = ended
        try:
            # until a lane is free nothing is done of it, and there the time is taken
            with not_counted():
                while not ended.wait(step(math.inf)):
                    if self._stopping.is_set():
                        raise OutOfPatience("Nothing is waited for any more.")
        finally:
            with self._lock:
                self._waiting.pop(row, None)
                status = self._ended.pop(row, "")
        if status == "aborted":
            raise OutOfPatience("It takes longer than it may there; it goes on apart from the others.")

    def _given_out(self, job_id: int, queue: str, bundles: str) -> int:
        from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

        # one row of a job that nobody has begun; of those begun any number does no harm
        lock = f"job {job_id}"
        try:
            task = self._app.configure_task("advance", queue=queue, queueing_lock=lock, allow_unknown=True)
            with contextlib.suppress(AlreadyEnqueued):  # by a watcher before us
                return task.defer(job_id=job_id, bundles=bundles)
        except ConnectorException as trouble:
            raise gone(trouble) from trouble
        with reading(self._engine) as connection:
            found = text(f"SELECT max(id) FROM {QUEUE} WHERE queueing_lock = :lock")  # noqa: S608 - a constant
            return int(connection.execute(found, {"lock": lock}).scalar_one() or 0)

    def _ask(self) -> None:
        """Ask what has ended, as long as anything is waited for; on a thread of its own."""
        while not self._closed.wait(ASKED_SECONDS):
            with self._lock:
                rows = list(self._waiting)
            if not rows:
                continue
            try:
                found = self._statuses(rows)
            except VanthuError:  # a server that is away is told of by whoever does more than ask
                continue
            except Exception as trouble:  # nobody waits for ever on hints: the next round gives all of it out again
                log.exception("not asked", extra={"action": "queue.ask", "why": str(trouble)})
                found = {}
            self._note(rows, found)

    def _statuses(self, rows: list[int]) -> dict[int, str]:
        with writing(self._engine) as connection:
            asked = text(f"SELECT id, status::text FROM {QUEUE} WHERE id IN :rows").bindparams(  # noqa: S608 - a constant
                bindparam("rows", expanding=True)
            )
            found = dict(map(tuple, connection.execute(asked, {"rows": rows})))
            # its triggers know its tables by no schema
            connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
            if ended := [row for row, status in found.items() if status not in _UNDER_WAY]:
                gone = text(f"DELETE FROM {QUEUE} WHERE id IN :rows").bindparams(  # noqa: S608 - a constant
                    bindparam("rows", expanding=True)
                )
                connection.execute(gone, {"rows": ended})
            return found

    def _note(self, rows: list[int], found: dict[int, str]) -> None:
        with self._lock:
            for row in rows:
                # a row that is gone has ended: another watcher has seen it, or somebody made the queue anew
                status = found.get(row, "")
                if status not in _UNDER_WAY:
                    self._ended[row] = status
                    if row in self._waiting:
                        self._waiting.pop(row).set()
