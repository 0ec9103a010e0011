"""Hands: what the queue gives out is done here, on this machine's lanes, and the work of the dead is brought back."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from pipeline.app.line import END_SECONDS, HASTE_SECONDS, apart_of
from pipeline.app.machines.queue import APART, FAST, RESCUE, app_of, gone
from pipeline.app.worker import STORE_TROUBLE, Worker
from pipeline.errors import IntegrityError, VanthuError
from pipeline.store import workers
from pipeline.tools.patience import OutOfPatience, Patience, having

if TYPE_CHECKING:
    from procrastinate import App, JobContext

log = logging.getLogger(__name__)

#: A worker lets itself be seen so often; one that was not for so long is dead, and others go on with its work.
BEAT_SECONDS: Final = 5.0
DEAD_SECONDS: Final = 30.0
#: When the dead are looked for: every ten seconds (the sixth field counts them).
_RESCUE_AT: Final = "* * * * * */10"
#: Hints that have ended are forgotten after so many hours; most are as soon as the watcher has seen their end.
_KEPT_HOURS: Final = 1


class _PutBack(VanthuError):  # noqa: N818 - names a state of the world
    """This worker ends; another one does it."""


class Hands:
    """The lanes of one worker. `bundles` are those it has now; `trouble` is what stopped it, once it has stopped."""

    def __init__(self, worker: Worker, bundles: str) -> None:
        self._worker = worker
        self.bundles = bundles
        self.trouble: Exception | None = None
        self.stopped = threading.Event()
        self._stopping = threading.Event()
        self._in_hand: set[Patience] = set()
        self._lock = threading.Lock()
        self._lanes = worker.threads
        self._pool = ThreadPoolExecutor(self._lanes + apart_of(self._lanes))
        self._thread = threading.Thread(target=self._run)
        self._end: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def begin(self) -> None:
        """Begin to do what the queue gives out."""
        self._thread.start()

    def end(self) -> None:
        """Begin nothing new, give what is in hand some seconds, and wait for its end."""
        self._stopping.set()
        with self._lock:
            for patience in self._in_hand:
                patience.end_within(END_SECONDS)
            if self._end is not None:
                loop, end = self._end
                loop.call_soon_threadsafe(end.set)
        self._thread.join()
        self._pool.shutdown()

    def _run(self) -> None:
        from procrastinate.exceptions import ConnectorException

        try:
            asyncio.run(self._serve())
        except ConnectorException as trouble:
            self.trouble = gone(trouble)
        except Exception as trouble:  # raised again by the thread that waits for this one (`member`)
            self.trouble = trouble
        finally:
            self.stopped.set()

    async def _serve(self) -> None:
        """Serve the queue until `end`, or until one of the servers has stopped by itself: it was held for dead."""
        end, loop = asyncio.Event(), asyncio.get_running_loop()
        # what is met when a session is ended is no news; that a server has stopped is seen, and asked of the ledger
        loop.set_exception_handler(_quietly)
        for name in ("procrastinate", "psycopg.pool"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        with self._lock:
            self._end = (loop, end)
        try:
            app = self._app()
            async with app.open_async():
                await self._until(app, end)
        finally:
            # while the loop still runs: it cannot be told of an end once it is closed
            with self._lock:
                self._end = None

    async def _until(self, app: "App", end: asyncio.Event) -> None:
        lanes = {FAST: self._lanes, APART: apart_of(self._lanes), RESCUE: 1}
        servers = [asyncio.create_task(self._server(app, *one)) for one in lanes.items()]
        told = asyncio.create_task(end.wait())
        if not self._stopping.is_set():
            await asyncio.wait([*servers, told], return_when=asyncio.FIRST_COMPLETED)
        for one in (*servers, told):
            one.cancel()
        await asyncio.gather(*servers, told, return_exceptions=True)

    @staticmethod
    async def _server(app: "App", queue: str, lanes: int) -> None:
        await app.run_worker_async(
            queues=[queue],
            name=queue,
            concurrency=lanes,
            install_signal_handlers=False,
            update_heartbeat_interval=BEAT_SECONDS,
            stalled_worker_timeout=DEAD_SECONDS,
        )

    def _app(self) -> "App":
        import procrastinate

        app = app_of(self._worker.workspace.ledger.engine, self._worker.workspace.lease.owner, is_async=True)
        again = procrastinate.RetryStrategy(retry_exceptions=[_PutBack])

        @app.task(name="advance", queue=FAST, retry=again, pass_context=True)
        async def advance(context: "JobContext", job_id: int, bundles: str) -> None:
            is_short = context.job.queue == FAST
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._pool, self._advance, job_id, bundles, is_short)

        # by `queueing_lock`, never by `lock`: a rescue whose worker is killed would keep all others from rescuing
        @app.periodic(cron=_RESCUE_AT, periodic_id="rescue")
        @app.task(name="rescue", queue=RESCUE, queueing_lock="rescue")
        async def rescue(timestamp: int) -> None:
            await self._rescue(app)

        return app

    def _advance(self, job_id: int, bundles: str, is_short: bool) -> None:
        import procrastinate.exceptions

        patience = Patience(HASTE_SECONDS) if is_short else Patience()
        with self._lock:
            if self._stopping.is_set():
                raise _PutBack
            self._in_hand.add(patience)
        try:
            # its machine shows other kinds or facts: what it made would not be what another makes
            if bundles != self.bundles:
                log.warning("left", extra={"action": "queue.bundles", "job": job_id})
                return
            with having(patience):
                self._worker.advance(job_id)
        except OutOfPatience as trouble:
            if self._stopping.is_set():
                raise _PutBack from trouble
            raise procrastinate.exceptions.JobAborted from trouble
        except STORE_TROUBLE as trouble:  # nothing is lost: the watcher gives it out again
            log.error("waits", extra={"action": "queue.wait", "job": job_id, "why": str(trouble)})  # noqa: TRY400 - no bug
        except IntegrityError as trouble:  # nothing may be built on what is not as it was recorded
            self.trouble = trouble
            self.stopped.set()
        finally:
            self._worker.troubled.discard(job_id)
            with self._lock:
                self._in_hand.discard(patience)

    async def _rescue(self, app: "App") -> None:
        """Bring back what the dead had in hand."""
        loop = asyncio.get_running_loop()
        for name in await loop.run_in_executor(None, bury, self._worker):
            log.warning("dead", extra={"action": "queue.bury", "worker": name})
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_SECONDS):
            log.warning("rescued", extra={"action": "queue.rescue", "job": job.task_kwargs.get("job_id")})
            await app.job_manager.retry_job(job)
        await app.job_manager.prune_stalled_workers(DEAD_SECONDS)
        await app.job_manager.delete_old_jobs(
            _KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )


def _quietly(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    log.debug("lost", extra={"action": "queue.lose", "why": str(context.get("exception") or context.get("message"))})


def bury(worker: Worker) -> list[str]:
    """Take the dead out, and give back what they had leased; gives their names."""
    ledger = worker.workspace.ledger
    names = workers.prune(ledger.engine, DEAD_SECONDS)
    for name in names:
        ledger.release(name)
    return names
