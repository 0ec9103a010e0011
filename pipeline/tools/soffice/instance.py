"""One LibreOffice with its profile folder: kept running where UNO is there, else one process for each document."""

import contextlib
import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pipeline.errors import OperatorError, ToolCrashed
from pipeline.messages import tr
from pipeline.tools import patience
from pipeline.tools.processes import give_way, killed, started, succeeds
from pipeline.tools.soffice.allowance import Allowance, Demand, died
from pipeline.tools.soffice.profile_dir import ProfileDir
from pipeline.tools.soffice.session import Session

#: PDF/A-2b and PDF/UA-1; pictures neither recompressed (JPEG would blur the code) nor scaled down.
EXPORT: Final[Mapping[str, int | bool]] = MappingProxyType(
    {
        "SelectPdfVersion": 2,
        "PDFUACompliance": True,
        "UseLosslessCompression": True,
        "ReduceImageResolution": False,
    }
)
#: No lock check: a killed LibreOffice leaves its lock file, and nobody is there to answer a question about it.
FLAGS: Final = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard")
#: After so many documents it is tried again to keep one running: that it did not start may have been the machine.
_TRY_AGAIN_AFTER: Final = 50
_LOOK_AT_MEMORY_EVERY: Final = 10  # documents: the look costs a walk through /proc

_log = logging.getLogger(__name__)


@cache
def python_with_uno(program: str) -> str:
    """Find an interpreter that can `import uno`: LibreOffice's own, the system's, ours; "" when none can."""
    beside = Path(program).resolve().parent / "python"
    for python in (str(beside), "/usr/bin/python3", sys.executable):
        if succeeds([python, "-I", "-c", "import uno"]):
            return python
    return ""


class DraftRefused(OperatorError):  # noqa: N818 - names a state of the world
    """LibreOffice runs, but will not make a PDF of this document: the template or its filling is at fault."""

    exit_code = 22


@dataclass(frozen=True)
class OfficeOptions:
    """How LibreOffice is driven; `Office` explains each option."""

    program: str
    python: str
    timeout_s: float
    restart_after: int
    memory_bytes: int
    warm: bool

    def interpreter(self) -> str:
        """Find the Python that has UNO; "" when LibreOffice is not to be kept running, or no Python has it."""
        return (self.python or python_with_uno(self.program)) if self.program and self.warm else ""


class Instance:
    """One LibreOffice, for one document at a time; one that `gives_way` gets little while others want to work."""

    def __init__(self, root: Path, options: OfficeOptions, *, gives_way: bool = False) -> None:
        self._profile_dir = ProfileDir.acquired(root)
        self._options = options
        self._gives_way = gives_way
        self._session: Session | None = None
        self.is_warm = bool(options.interpreter())
        self._apart = 0  # documents that still get a process of their own

    def convert(self, document: bytes) -> bytes:
        """Convert as `Office.convert` says; a failure is tried once more, on a fresh LibreOffice.

        Not the document but the LibreOffice that worked for hundreds before it may be at fault (docs/decisions/0007).
        Where others wait the one more try is made apart from them; there a fresh one that fails has the last word.
        """
        demand = Demand.of(document)
        if demand.is_known_to_be_long:
            patience.refuse_long()
        with self._profile_dir.document_folder() as folder:
            source, target = folder / "document.docx", folder / "document.pdf"
            source.write_bytes(document)
            was_fresh = self._session is None
            try:
                self._make(source, target, demand)
            except (ToolCrashed, DraftRefused) as error:
                self._end_session()
                _log.warning("one more try", extra={"action": "office.again", "trouble": str(error)})
                patience.refuse_long()
                if self._gives_way and was_fresh:
                    raise
                target.unlink(missing_ok=True)
                self._make(source, target, demand)
            return target.read_bytes()

    def close(self) -> None:
        """End LibreOffice and give the profile folder back."""
        self._end_session()
        self._profile_dir.close()

    def _make(self, source: Path, target: Path, demand: Demand) -> None:
        """Try once; when this returns, `target` exists and begins as a PDF."""
        session = self._usable_session()
        if session is None:
            self._convert_alone(source, target, demand)
        else:
            try:
                self._convert_warm(session, source, target, demand)
            except BaseException:  # whatever it was, even the user's Ctrl-C: its state is unknown
                self._end_session()
                raise
        # neither exit status nor UNO tells: for a truncated docx LibreOffice ends with status 0 and writes nothing
        if not _begins_as_pdf(target):
            raise DraftRefused(
                "LibreOffice ended without a complaint but left no PDF; open the document in Word: it is likely to "
                "be damaged"
            )

    def _usable_session(self) -> Session | None:
        """Give the running LibreOffice, started or renewed if need be; None where none can be kept running."""
        if self._session is not None and not self._is_fit(self._session):
            self._end_session()
        if self._apart:
            self._apart -= 1
            return None
        if self._session is None and self.is_warm:
            self._profile_dir.write_settings()
            with patience.not_counted():
                self._session = Session.started(
                    self._options.interpreter(),
                    self._options.program,
                    self._profile_dir.profile,
                    FLAGS,
                    gives_way=self._gives_way,
                )
            if self._session is None:
                _log.warning(
                    "no UNO now: documents get processes of their own",
                    extra={"action": "office.apart", "documents": _TRY_AGAIN_AFTER},
                )
                self._apart = _TRY_AGAIN_AFTER - 1
        return self._session

    def _is_fit(self, session: Session) -> bool:
        if not session.is_alive() or session.documents >= self._options.restart_after:
            return False
        return session.documents % _LOOK_AT_MEMORY_EVERY > 0 or session.memory_bytes() <= self._options.memory_bytes

    def _convert_warm(self, session: Session, source: Path, target: Path, demand: Demand) -> None:
        """Convert one document with the running LibreOffice."""
        request = {"source": str(source), "target": str(target), "options": dict(EXPORT)}
        answer = session.ask(request, demand, self._options.timeout_s)
        if "refused" in answer:
            raise DraftRefused(
                f"LibreOffice cannot make a PDF of the document ({answer['refused']}); open it in Word: the template "
                "or its filling is damaged"
            )
        if "ok" not in answer:
            raise died()

    def _convert_alone(self, source: Path, target: Path, demand: Demand) -> None:
        """Convert one document with a process of its own."""
        self._profile_dir.write_settings()
        options = {
            name: {"type": "boolean" if isinstance(value, bool) else "long", "value": str(value).lower()}
            for name, value in EXPORT.items()
        }
        command = [
            *(self._options.program, f"-env:UserInstallation={self._profile_dir.profile.as_uri()}", *FLAGS),
            "--infilter=MS Word 2007 XML",  # without it, bytes that are no docx become a PDF of their text
            *("--convert-to", f"pdf:writer_pdf_Export:{json.dumps(options, separators=(',', ':'))}"),
            *("--outdir", str(target.parent), str(source)),
        ]
        process = started(command, self._profile_dir.profile.parent)
        if self._gives_way:
            give_way(process.pid)
        allowance = Allowance(process.pid, demand, self._options.timeout_s)
        try:
            while process.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(allowance.step())
        finally:
            killed(process)
        if process.returncode != 0 and not target.exists():
            # it may not have come so far as to open the document: the same is tried again later
            raise ToolCrashed(
                tr("LibreOffice died on the document ({how}); try again later.", how=f"status {process.returncode}")
            )

    def _end_session(self) -> None:
        if self._session is not None:
            self._session.end()
            self._session = None


def _begins_as_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(5) == b"%PDF-"
    except FileNotFoundError:
        return False
