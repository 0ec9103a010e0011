"""tesseract: reads the words on the picture of a page, in Vietnamese (decision 0031).

Each page gets a process of its own, without network, under limits on memory, processor time, writing and the clock,
ended as a process group. Its exit status is not believed: what it wrote is examined. What it reads is a guess:
some six words in a hundred are wrong.
"""

import contextlib
import math
import os
import re
import resource
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from pipeline.tools import patience
from pipeline.tools.private_folder import private_folder
from pipeline.tools.processes import killed, started

LANGUAGE: Final = "vie"
#: How it is installed with its data for that language.
PACKAGES: Final = "apt-get install tesseract-ocr tesseract-ocr-vie"
#: The data by which it finds out how a page lies.
_ORIENTATION: Final = "osd"
#: Its --psm for words wherever they stand: on a paper with a table it finds 94 of 100 words, by whole blocks 83.
_ANY_WAY_UP, _UPRIGHT = "12", "11"
_MEMORY_BYTES: Final = 1 << 30  # it needs 160 MB for a page of A4 in colour at 300 dpi
_MAX_BYTES: Final = 16 << 20  # of what it writes: a page of text has 10 kB
#: Its tables: how many columns, and the level of rows that are words.
_COLUMNS, _IS_WORD = 12, "5"
_ASKED_S: Final = 20.0  # what it is, it says at once
_KEPT_OF_ENVIRONMENT: Final = ("TESSDATA_PREFIX",)


class Unreadable(Exception):  # noqa: N818 - names a state of the page
    """tesseract read nothing of this page: it took too long, or died."""


@dataclass(frozen=True)
class ReadPage:
    """The words of a page, and a PDF of the page that shows nothing and holds them, each where it stands."""

    text: str
    layer: bytes


@dataclass(frozen=True)
class GlancedWord:
    """A word, the line it stands in (any number), and how sure the program is of it (0 to 100)."""

    text: str
    line: tuple[int, int, int]
    sure: int


class Tesseract:
    """Reads pages, each in a process of its own; threads may share it.

    `root` is where the private folders lie if the system has none in memory. `program` is tesseract by name or path,
    `timeout_s` the clock for one page.
    """

    def __init__(self, root: Path, *, program: str = "tesseract", timeout_s: float = 60.0) -> None:
        self._root = root
        self._program = shutil.which(program) or ""
        self._timeout_s = timeout_s

    def available(self) -> bool:
        """Tell whether it is installed and knows Vietnamese."""
        return LANGUAGE in self._languages

    @cached_property
    def name(self) -> str:
        """Say what reads, as sidecars tell it: "tesseract 5.3.0 (vie)"."""
        first = self._said("--version").partition("\n")[0].strip()
        return f"{first or 'tesseract'} ({LANGUAGE})"

    def private_folder(self) -> AbstractContextManager[Path]:
        """Make a private folder for what was read, gone afterwards."""
        return private_folder(self._root)

    def read(self, picture: bytes, dpi: int) -> ReadPage:
        """Read the picture of a page (a PNG). Raises Unreadable, OutOfPatience."""
        patience.refuse_long()
        with private_folder(self._root) as folder:
            source, made = folder / "page.png", folder / "made"
            source.write_bytes(picture)
            self._run(
                [
                    *(self._program, str(source), str(made), "-l", LANGUAGE, "--dpi", str(dpi)),
                    *("--psm", _ANY_WAY_UP if _ORIENTATION in self._languages else _UPRIGHT),
                    *("-c", "textonly_pdf=1", "-c", "tessedit_create_pdf=1", "-c", "tessedit_create_txt=1"),
                ],
                folder,
            )
            layer, text = (_written(made.with_suffix(ending)) for ending in (".pdf", ".txt"))
        if not layer.startswith(b"%PDF-"):
            raise Unreadable("tesseract wrote no PDF of the page")
        # it ends each page with a form feed; what it makes of a letter is not always composed
        words = unicodedata.normalize("NFC", text.decode("utf-8", "replace")).replace("\f", "")
        return ReadPage(re.sub(r"\n\s*\n", "\n", words).strip(), layer)

    def glance(self, picture: bytes, dpi: int) -> tuple[GlancedWord, ...]:
        """Read the words of a picture (PNM) wherever they stand, upright; nothing of it is written anywhere.

        Raises Unreadable, OutOfPatience.
        """
        limits = self._limits | {resource.RLIMIT_FSIZE: 0}
        with private_folder(self._root) as home:
            command = [self._program, "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(dpi), "--psm", _UPRIGHT, "tsv"]
            try:
                process = started(command, home, is_piped=True, limits=limits, more=_environment())
            except OSError as error:
                raise Unreadable("tesseract could not be started") from error
            try:
                answer = patience.answered(process, picture, self._timeout_s)
            except subprocess.TimeoutExpired as error:
                raise Unreadable(f"tesseract did not finish the page within {self._timeout_s:g} s") from error
            finally:
                killed(process)
        if process.returncode != 0:
            raise Unreadable("tesseract ended without a result")
        return tuple(_words_of(answer.decode("utf-8", "replace")))

    @property
    def _limits(self) -> dict[int, int]:
        return {
            resource.RLIMIT_AS: _MEMORY_BYTES,
            resource.RLIMIT_CPU: math.ceil(self._timeout_s),
            resource.RLIMIT_FSIZE: _MAX_BYTES,
        }

    @cached_property
    def _languages(self) -> frozenset[str]:
        return frozenset(self._said("--list-langs").split()) if self._program else frozenset()

    def _said(self, question: str) -> str:
        try:
            answer = subprocess.run(
                [self._program, question],
                capture_output=True,
                timeout=_ASKED_S,
                check=False,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **_kept_environment()},
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return answer.stdout.decode("utf-8", "replace") if answer.returncode == 0 else ""

    def _run(self, command: list[str], home: Path) -> None:
        try:
            process = started(command, home, limits=self._limits, more=_environment())
        except OSError as error:
            raise Unreadable("tesseract could not be started") from error
        try:
            patience.waited(process, self._timeout_s)
        except subprocess.TimeoutExpired as error:
            raise Unreadable(f"tesseract did not finish the page within {self._timeout_s:g} s") from error
        finally:
            killed(process)


def _environment() -> dict[str, str]:
    # on several threads it takes more time of the processor, and little less by the clock
    return {"OMP_THREAD_LIMIT": "1", **_kept_environment()}


def _kept_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT_OF_ENVIRONMENT if name in os.environ}


def _written(path: Path) -> bytes:
    """Give what was written under a name. Raises Unreadable."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable("tesseract ended without a result") from error


def _words_of(table: str) -> Iterator[GlancedWord]:
    """The words in a table of tesseract's (TSV): level, page, block, paragraph, line, word, box, confidence, text."""
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _IS_WORD or not cells[-1].strip():
            continue
        with contextlib.suppress(ValueError):
            line = (int(cells[2]), int(cells[3]), int(cells[4]))
            yield GlancedWord(unicodedata.normalize("NFC", cells[-1].strip()), line, round(float(cells[-2])))
