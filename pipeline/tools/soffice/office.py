"""LibreOffice: Word documents in, PDF/A out; kept running, without network, replaced when it fails (decision 0007).

An `Office` has some LibreOffices, each with a profile folder of its own (two on one profile fail each other). One is
started when a document needs it, driven over UNO by `uno_bridge` under whichever Python has `uno`, and started again
after some hundred documents, when its memory has grown, or when it hung or died: a document on which it dies fails
alone. Without UNO each document gets a process of its own (`soffice --convert-to`), some twelve times slower.

    with Office(work_folder) as office:
        pdf = office.convert(docx)

LibreOffice's exit status is not believed: it is 0, without a PDF, for a truncated file. Its network is cut where the
system lets us (documents may link pictures on the net), and links and macros are off in its profile.
"""

import contextlib
import io
import os
import queue
import shutil
import zipfile
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.errors import MissingToolError
from pipeline.tools import patience
from pipeline.tools.soffice.instance import DraftRefused, Instance, OfficeOptions


class Office:
    """A pool of LibreOffices. Threads may share it: each conversion has one for itself. Close it when done.

    `root` is a folder that every process may name: each LibreOffice takes a profile folder below it that no other
    uses. At most `workers` convert side by side; a further one is started only when all others are busy. `apart` more
    are for what goes on apart from others (`patience.is_apart`) and give way to them; without any it has no place of
    its own. `program` is
    soffice by name or path; `python` an interpreter that has `uno` ("" = look for one). `timeout_s` is for one
    document; after `restart_after` documents, or above `memory_mib`, a LibreOffice is started afresh. Without `warm`,
    or without UNO, each document gets its own process.
    """

    def __init__(  # noqa: PLR0913 - every one has a default and is given by name
        self,
        root: Path,
        *,
        workers: int = 1,
        apart: int = 0,
        program: str = "soffice",
        python: str = "",
        timeout_s: float = 120.0,
        restart_after: int = 200,
        memory_mib: int = 800,
        warm: bool = True,
    ) -> None:
        self._root = root
        self._named = program
        self._options = OfficeOptions(
            program=shutil.which(program) or "",
            python=python,
            timeout_s=timeout_s,
            restart_after=restart_after,
            memory_bytes=memory_mib << 20,
            warm=warm,
        )
        self._workers, self._workers_apart = workers, apart
        self._owner = os.getpid()
        self._slots, self._slots_apart = _empty_slots(workers), _empty_slots(apart)

    def available(self) -> bool:
        """Tell whether LibreOffice is installed."""
        return bool(self._options.program)

    def is_warm(self) -> bool:
        """Tell whether conversions are meant to go through a LibreOffice kept running."""
        return bool(self._options.interpreter())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every LibreOffice and give the profile folders up; one still at work ends when it is done."""
        self._forget_if_forked()
        for slots in (self._slots, self._slots_apart):
            with contextlib.suppress(queue.Empty):
                while True:
                    instance = slots.get_nowait()
                    if instance is not None:
                        instance.close()
        self._begin_anew()

    def convert(self, document: bytes) -> bytes:
        """Make the PDF/A-2b of a Word document (docx bytes in, PDF bytes out).

        A document on which LibreOffice fails is tried once more on a fresh one. Raises MissingToolError without
        LibreOffice, ToolTimeout, ToolCrashed when it died twice, DraftRefused when it made no PDF of it twice.
        """
        if not self._options.program:
            raise MissingToolError(
                f"LibreOffice ({self._named}) is not installed, so no PDF can be made; install it "
                "(apt-get install libreoffice-writer-nogui python3-uno) and try again"
            )
        # its filter for Word files does not save it from this: an empty file becomes an empty PDF
        if not zipfile.is_zipfile(io.BytesIO(document)):
            raise DraftRefused("the document given to LibreOffice is no whole Word document (docx); make it again")
        self._forget_if_forked()
        is_apart = bool(self._workers_apart) and patience.is_apart()
        slots = self._slots_apart if is_apart else self._slots
        instance = slots.get()
        try:
            if instance is None:
                instance = Instance(self._root, self._options, gives_way=is_apart)
            return instance.convert(document)
        finally:
            if instance is not None and slots not in (self._slots, self._slots_apart):  # closed meanwhile
                instance.close()
            else:
                slots.put(instance)

    def _begin_anew(self) -> None:
        self._slots, self._slots_apart = _empty_slots(self._workers), _empty_slots(self._workers_apart)

    def _forget_if_forked(self) -> None:
        """Start anew in a forked process, which owns neither its parent's LibreOffices nor their profile folders."""
        if os.getpid() != self._owner:
            self._owner = os.getpid()
            self._begin_anew()


def _empty_slots(workers: int) -> "queue.LifoQueue[Instance | None]":
    """Make a slot for each worker; last in, first out: a running one is used before another is started."""
    slots: queue.LifoQueue[Instance | None] = queue.LifoQueue()
    for _ in range(workers):
        slots.put(None)
    return slots
