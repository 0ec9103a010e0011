"""LibreOffice as the reader of old formats: a foreign .doc or .xls in, a .docx or .xlsx out (decision 0010).

The bytes are foreign, so the running LibreOffices that make our own PDFs never see them. Each file gets a process
of its own with a fresh profile, without network, macros and linked files, under limits on memory, processor time,
writing and the clock, and is ended as a process group. All of it lives in a private folder (0700) in memory where the
system has such a place, and is gone when the call returns: nothing of a file that turns out to be secret stays.
"""

import contextlib
import hashlib
import resource
import shutil
import subprocess
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pipeline.tools import patience
from pipeline.tools.private_folder import private_folder
from pipeline.tools.processes import killed, started
from pipeline.tools.soffice.profile_dir import write_settings

#: For each old format: LibreOffice's filter for reading it, the new format, the filter for writing that. The filters
#: are named because LibreOffice, left to guess, reads broken bytes as plain text.
FILTERS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "doc": ("MS Word 97", "docx", "MS Word 2007 XML"),
        "odt": ("writer8", "docx", "MS Word 2007 XML"),
        "rtf": ("Rich Text Format", "docx", "MS Word 2007 XML"),
        "xls": ("MS Excel 97", "xlsx", "Calc MS Excel 2007 XML"),
        "ods": ("calc8", "xlsx", "Calc MS Excel 2007 XML"),
    }
)
_FLAGS: Final = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard")
_MAX_BYTES: Final = 64 << 20
_LIMITS: Final[Mapping[int, int]] = MappingProxyType(
    {
        resource.RLIMIT_AS: 3 << 30,  # LibreOffice at rest maps 1 GiB, most of it libraries
        resource.RLIMIT_DATA: 700 << 20,  # it needs about 300 for a form
        resource.RLIMIT_CPU: 20,
        resource.RLIMIT_FSIZE: _MAX_BYTES,
    }
)
#: Results kept in memory: a file is asked for at the secrecy gate and again, soon after, when it is read.
_MAX_RESULTS: Final = 16


class Unconvertible(Exception):  # noqa: N818 - names a state of the file
    """LibreOffice could not convert this file: it is broken, needs a password, is built to harm, or took too long."""


class Converter:
    """Converts old formats to new ones, each file in a process of its own; threads may share it.

    `root` is where the private folders lie if the system has none in memory. `program` is soffice by name or path,
    `timeout_s` the clock for one file. The last results are remembered in memory, because a file is looked at twice:
    by the secrecy gate, and when it is read.
    """

    def __init__(self, root: Path, *, program: str = "soffice", workers: int = 1, timeout_s: float = 30.0) -> None:
        self._root = root
        self._program = shutil.which(program) or ""
        self._timeout_s = timeout_s
        self._running = threading.BoundedSemaphore(workers)
        self._results: OrderedDict[tuple[str, str], bytes | Unconvertible] = OrderedDict()

    def reads(self, format_: str) -> bool:
        """Tell whether this format can be converted here: LibreOffice's Writer and Calc are separate packages."""
        return bool(self._program) and format_ in FILTERS and _has_module(self._program, FILTERS[format_][1])

    def convert(self, content: bytes, format_: str) -> bytes:
        """Convert a file to .docx or .xlsx (see FILTERS). Raises Unconvertible, OutOfPatience."""
        key = _key(content, format_)
        made = self._results.get(key)
        if made is None:
            # a LibreOffice of its own takes seconds to start, for every file
            patience.refuse_long()
            with self._running:
                made = self._attempted(content, format_)
            self._results[key] = made
            while len(self._results) > _MAX_RESULTS:
                self._results.popitem(last=False)
        if isinstance(made, Unconvertible):
            raise made
        return made

    def forget(self, content: bytes, format_: str) -> None:
        """Keep nothing of a file, not even in memory: it bears a mark of secrecy."""
        self._results.pop(_key(content, format_), None)

    @contextlib.contextmanager
    def shown(self, content: bytes) -> Iterator[Path]:
        """Write a converted file where a guarded child can read it, for as long as the block lasts."""
        with private_folder(self._root) as folder:
            path = folder / "shown"
            path.write_bytes(content)
            yield path

    def _attempted(self, content: bytes, format_: str) -> bytes | Unconvertible:
        """Give the result, or why there is none: a failure is remembered too, the same bytes would fail again."""
        try:
            return self._converted(content, format_)
        except Unconvertible as trouble:
            return trouble

    def _converted(self, content: bytes, format_: str) -> bytes:
        reading, new, writing = FILTERS[format_]
        with private_folder(self._root) as folder:
            write_settings(folder / "profile")
            source, target = folder / f"document.{format_}", folder / "made" / f"document.{new}"
            source.write_bytes(content)
            self._run(
                [
                    *(self._program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", *_FLAGS),
                    *(f"--infilter={reading}", "--convert-to", f"{new}:{writing}"),
                    *("--outdir", str(target.parent), str(source)),
                ],
                folder,
            )
            if not target.is_file() or target.stat().st_size > _MAX_BYTES or not zipfile.is_zipfile(target):
                raise Unconvertible("LibreOffice wrote no whole file")
            return target.read_bytes()

    def _run(self, command: list[str], home: Path) -> None:
        process = started(command, home, limits=_LIMITS)
        try:
            patience.waited(process, self._timeout_s)  # its exit status is not believed: the result is examined
        except subprocess.TimeoutExpired as error:
            raise Unconvertible(f"LibreOffice did not finish within {self._timeout_s:g} s") from error
        finally:
            killed(process)


def _key(content: bytes, format_: str) -> tuple[str, str]:
    return hashlib.sha256(content).hexdigest(), format_


def _has_module(program: str, new: str) -> bool:
    """Tell whether LibreOffice has the module that writes this format.

    Without it, soffice says only after starting up that the "source file could not be loaded".
    """
    folder = Path(program).resolve().parent
    wanted = {"docx": "libmswordlo.so", "xlsx": "libscfiltlo.so"}[new]
    # a program elsewhere (a wrapper script) shows no modules beside it: then the conversion is tried
    return not (folder / "libsofficeapp.so").exists() or (folder / wanted).exists()
