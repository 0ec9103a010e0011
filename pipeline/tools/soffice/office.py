"""LibreOffice: Word documents in, PDF/A out; kept warm, kept apart from everything, replaced when it misbehaves.

One `Office` is one LibreOffice with a profile folder of its own (two on one profile fail each other). It is started
at the first document, driven over UNO by `uno_bridge` under whichever Python knows `uno`, and started again after
some hundred documents, when its memory has grown, or when it hung or died: a document that kills it costs itself
only. Without UNO each document gets a process of its own (`soffice --convert-to`), some twelve times slower.

    with Office(work_folder) as office:
        pdf = office.convert(docx)

What LibreOffice says of itself is not believed: it ends with status 0 and no PDF for a truncated file. Its network is
cut where the system lets us (documents may link pictures on the net), and links and macros are off in its profile.
"""

import io
import json
import logging
import os
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

from pipeline.errors import MissingToolError, OperatorError, ToolCrashed
from pipeline.tools.soffice.process import killed, python_with_uno, started
from pipeline.tools.soffice.room import Room
from pipeline.tools.soffice.session import Session, too_long

#: PDF/A-2b; pictures neither recompressed (JPEG would blur the code) nor scaled down.
EXPORT: Final[Mapping[str, int | bool]] = MappingProxyType(
    {"SelectPdfVersion": 2, "UseLosslessCompression": True, "ReduceImageResolution": False}
)
FLAGS: Final = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard")
_LOOK_AT_MEMORY_EVERY: Final = 10  # documents: the look costs a walk through /proc

_log = logging.getLogger(__name__)


class DraftRefused(OperatorError):  # noqa: N818 - names a state of the world
    """LibreOffice runs, but will not make a PDF of this document: the template or its filling is at fault."""

    exit_code = 22


class Office:
    """One LibreOffice of our own. Safe to share between threads (one conversion at a time); close it when done.

    `root` is a folder that every worker may name: each Office takes a profile folder below it that no other uses.
    `program` is soffice by name or path; `python` an interpreter that has `uno` ("" = look for one). `timeout_s` is
    for one document; after `restart_after` documents, or above `memory_mib`, LibreOffice is started afresh. Without
    `warm`, or without UNO, each document gets its own process.
    """

    def __init__(
        self,
        root: Path,
        *,
        program: str = "soffice",
        python: str = "",
        timeout_s: float = 120.0,
        restart_after: int = 200,
        memory_mib: int = 800,
        warm: bool = True,
    ) -> None:
        self._root = root
        self._named = program
        self._program = shutil.which(program) or ""
        self._python = python
        self._timeout_s = timeout_s
        self._restart_after = restart_after
        self._memory_bytes = memory_mib << 20
        self._warm = warm
        self._lock = threading.Lock()
        self._owner = os.getpid()
        self._room: Room | None = None
        self._session: Session | None = None

    def available(self) -> bool:
        """Whether there is a LibreOffice to drive at all."""
        return bool(self._program)

    def is_warm(self) -> bool:
        """Whether conversions will go through a LibreOffice kept running."""
        return self.available() and self._warm and bool(self._interpreter())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End LibreOffice and give the profile folder back."""
        with self._lock:
            self._forget_if_forked()
            self._end_session()
            if self._room is not None:
                self._room.leave()
                self._room = None

    def convert(self, document: bytes) -> bytes:
        """The PDF/A-2b of a Word document (docx bytes in, PDF bytes out).

        A document on which LibreOffice fails is tried once more on a fresh one. Raises MissingToolError without
        LibreOffice, ToolTimeout, ToolCrashed when it died twice, DraftRefused when it made no PDF of it twice.
        """
        if not self._program:
            raise MissingToolError(
                f"LibreOffice ({self._named}) is not installed, so no PDF can be made; install it "
                "(apt-get install libreoffice-writer-nogui python3-uno) and try again"
            )
        if not zipfile.is_zipfile(io.BytesIO(document)):  # LibreOffice makes an empty page of an empty file
            raise DraftRefused("the document given to LibreOffice is no whole Word document (docx); make it again")
        with self._lock:
            self._forget_if_forked()
            if self._room is None:
                self._room = Room.taken(self._root)
            with self._room.desk() as desk:
                source, target = desk / "document.docx", desk / "document.pdf"
                source.write_bytes(document)
                try:
                    self._make(self._room, source, target)
                except (ToolCrashed, DraftRefused) as error:
                    _log.warning(
                        "trying once more on a fresh LibreOffice", extra={"action": "office.retry", "why": str(error)}
                    )
                    target.unlink(missing_ok=True)
                    self._end_session()
                    self._make(self._room, source, target)
                return target.read_bytes()

    def _make(self, room: Room, source: Path, target: Path) -> None:
        """One attempt; `target` exists and begins as a PDF when this returns."""
        session = self._session_at_hand(room)
        if session is None:
            self._convert_alone(room, source, target)
        else:
            try:
                self._convert_warm(session, source, target)
            except BaseException:  # whatever it was, even the user's Ctrl-C: its state is unknown
                self._end_session()
                raise
        if not _begins_as_pdf(target):
            raise DraftRefused(
                "LibreOffice ended without a complaint but left no PDF; open the document in Word: it is likely to "
                "be damaged"
            )

    def _session_at_hand(self, room: Room) -> Session | None:
        """The warm LibreOffice, started or renewed if need be; None where there can be none."""
        if self._session is not None and not self._is_fit(self._session):
            self._end_session()
        if self._session is None and self._warm and (python := self._interpreter()):
            room.furnish()
            self._session = Session.started(python, self._program, room.profile, FLAGS)
            if self._session is None:
                _log.warning("no UNO here: each document gets its own process", extra={"action": "office.apart"})
                self._warm = False
        return self._session

    def _is_fit(self, session: Session) -> bool:
        if not session.is_alive() or session.documents >= self._restart_after:
            return False
        return session.documents % _LOOK_AT_MEMORY_EVERY > 0 or session.memory_bytes() <= self._memory_bytes

    def _interpreter(self) -> str:
        return self._python or python_with_uno(self._program)

    def _convert_warm(self, session: Session, source: Path, target: Path) -> None:
        """One document through the running LibreOffice."""
        answer = session.ask({"source": str(source), "target": str(target), "options": dict(EXPORT)}, self._timeout_s)
        if "refused" in answer:
            raise DraftRefused(
                f"LibreOffice cannot make a PDF of the document ({answer['refused']}); open it in Word: the template "
                "or its filling is damaged"
            )
        if "ok" not in answer:
            raise ToolCrashed(f"LibreOffice died on the document ({answer.get('crashed', '')}); try again later")

    def _convert_alone(self, room: Room, source: Path, target: Path) -> None:
        """One `soffice` process for one document."""
        room.furnish()
        options = {
            name: {"type": "boolean" if isinstance(value, bool) else "long", "value": str(value).lower()}
            for name, value in EXPORT.items()
        }
        command = [
            *(self._program, f"-env:UserInstallation={room.profile.as_uri()}", *FLAGS),
            "--infilter=MS Word 2007 XML",  # without it, bytes that are no docx become a PDF of their text
            *("--convert-to", f"pdf:writer_pdf_Export:{json.dumps(options, separators=(',', ':'))}"),
            *("--outdir", str(target.parent), str(source)),
        ]
        process = started(command, room.profile.parent)
        try:
            status = process.wait(self._timeout_s)
        except subprocess.TimeoutExpired as error:
            raise too_long(self._timeout_s) from error
        finally:
            killed(process)
        if status != 0 and not target.exists():
            raise ToolCrashed(f"LibreOffice died on the document (status {status}); try again later")

    def _end_session(self) -> None:
        if self._session is not None:
            self._session.end()
            self._session = None

    def _forget_if_forked(self) -> None:
        """A process forked off owns neither its parent's LibreOffice nor its profile folder."""
        if os.getpid() != self._owner:
            self._owner, self._room, self._session = os.getpid(), None, None


def _begins_as_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(5) == b"%PDF-"
    except FileNotFoundError:
        return False
