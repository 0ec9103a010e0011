"""The views in the outbox and the proofs are brought up to date beside the work, which does not wait for them."""

import threading
import time
from types import TracebackType
from typing import Final, Self

from pipeline.app.worker import Worker

#: While work goes on without a pause, the views are brought up to date so often.
MOST_SECONDS: Final = 30.0
#: How long a writer of views is waited for at the end; killed it leaves whole files, and the next start goes on.
END_SECONDS: Final = 2.0


class Views:
    """Brings the views of one workspace up to date in a thread of its own, one time after the other."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.are_old = True  # a crash may have left recorded publications, and the day may have changed
        self._last = time.monotonic()
        self._thread: threading.Thread | None = None
        self._trouble: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread is not None:
            self._thread.join(END_SECONDS)

    def bring_up_to_date(self, *, is_idle: bool) -> None:
        """Begin to bring them up to date if they are old, and nobody waits or has waited for long.

        Raises the trouble that the last time met.
        """
        if self._thread is not None and self._thread.is_alive():
            return
        trouble, self._trouble = self._trouble, None
        if trouble is not None:
            raise trouble
        if self.are_old and (is_idle or time.monotonic() - self._last > MOST_SECONDS):
            self.are_old = False
            self._last = time.monotonic()
            # at the end of the process it is not waited for any longer than above
            self._thread = threading.Thread(target=self._settle, daemon=True)
            self._thread.start()

    def _settle(self) -> None:
        try:
            self._worker.settle()
        except Exception as trouble:  # it is raised where what to do about it is decided
            self._trouble, self.are_old = trouble, True
