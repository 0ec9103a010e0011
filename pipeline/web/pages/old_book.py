"""An old book of the register is brought in: first what each line would become, then all of it, or nothing."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from starlette.responses import Response

from pipeline.app import dropping, old_books, wording
from pipeline.app.old_books import FORMATS, Report
from pipeline.errors import NotAllowedNow
from pipeline.messages import tr
from pipeline.model import Direction
from pipeline.register.old_book import Asked, BookLine
from pipeline.tools.private_folder import private_folder
from pipeline.web.visit import Visit

BOOKS: Final = {"di": Direction.OUTGOING, "den": Direction.INCOMING}
#: Of a long book so many lines are shown that are refused, and so many of the others; the command lists all.
_MOST_REFUSED, _MOST_SHOWN = 150, 50
#: So many books are held between report and entering; who waits longer chooses the file again.
_MOST_HELD: Final = 4


@dataclass(frozen=True)
class Held:
    """A book between its report and its entering: the bytes, their name, and how they were to be read."""

    name: str
    content: bytes
    asked: Asked

    @property
    def sha256(self) -> str:
        """By which it is named meanwhile."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class _Holding:
    """Books that were reported of, by person: in memory alone, for nothing of them is recorded yet."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    books: OrderedDict[str, Held] = field(default_factory=OrderedDict)

    def put(self, person: str, held: Held) -> None:
        with self.lock:
            self.books[person] = held
            self.books.move_to_end(person)
            while len(self.books) > _MOST_HELD:
                self.books.popitem(last=False)

    def take(self, person: str, sha256: str) -> Held | None:
        with self.lock:
            held = self.books.get(person)
            return held if held is not None and held.sha256 == sha256 else None


_HOLDING: Final = _Holding()


def old_book(visit: Visit) -> Response:
    """Ask for a workbook."""
    return _page(visit)


def report(visit: Visit) -> Response:
    """Say what each line of a workbook would become; nothing is recorded."""
    if not visit.files:
        return _page(visit, tr("No file was chosen."), 422)
    file = visit.files[0]
    written = visit.asked("nam")
    year = int(written) if written.isascii() and written.isdigit() and len(written) == len("2022") else None
    asked = Asked(BOOKS.get(visit.asked("quyen")), visit.asked("day")[:64], year)
    limit = visit.workspace.practice.limits.form_bytes
    content = file.file.read(limit + 1)
    if len(content) > limit:
        return _page(
            visit, tr("{file} is larger than {most} MB.", file=file.filename or "", most=limit // 1_000_000), 422
        )
    held = Held(dropping.tidied(file.filename or ""), content, asked)
    made = _reported(visit, held)
    if made.is_sound:
        _HOLDING.put(visit.person.name, held)
    return _page(visit, made=made, sha256=held.sha256)


def enter(visit: Visit) -> Response:
    """Enter every line of a workbook that was reported of. Raises NotAllowedNow."""
    held = _HOLDING.take(visit.person.name, visit.asked("sha256"))
    if held is None:
        raise NotAllowedNow(tr("The book is not at hand any more; choose the file again. Nothing was entered."))
    why = visit.reason()
    # looked at anew: the register may have grown since
    made = _reported(visit, held)
    old_books.bring_in(visit.workspace, made, why)
    visit.office.settle(visit.workspace)
    return _page(visit, made=made, is_entered=True)


def _reported(visit: Visit, held: Held) -> Report:
    with private_folder(visit.workspace.folders.var / "old-books") as folder:
        extension = PurePosixPath(held.name).suffix.lower()
        # under a name of ours: theirs may be too long for a path
        path = folder / f"so{extension if extension.removeprefix('.') in FORMATS else '.khac'}"
        path.write_bytes(held.content)
        return old_books.report(visit.workspace, path, held.asked, held.name)


def _page(
    visit: Visit,
    text: str = "",
    status: int = 200,
    made: Report | None = None,
    sha256: str = "",
    *,
    is_entered: bool = False,
) -> Response:
    lines = _shown(made) if made is not None else []
    return visit.page(
        "old_book.html.j2",
        422 if made is not None and not made.is_sound else status,
        text=text,
        made=made,
        lines=lines,
        left_out=len(made.lines) - len(lines) if made is not None else 0,
        sha256=sha256,
        is_entered=is_entered,
        taken=",".join(f".{one}" for one in FORMATS),
        place_of=wording.place_of,
        numbers_of=wording.numbers_of,
        fate=wording.fate,
    )


def _shown(made: Report) -> list[BookLine]:
    """The lines that are shown: those refused before the others."""
    sound = [line for line in made.lines if not line.is_refused]
    return [*made.refused[:_MOST_REFUSED], *sound[:_MOST_SHOWN]]
