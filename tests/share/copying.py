"""Copies into a folder as programs make them: at once, in pieces, at full size first, in no order, given up."""

import io
import json
import os
import random
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docx
from reportlab.pdfgen import canvas

from pipeline.files import sha256_of

#: What ends for sure, and what may have been cut at a line's end.
SURE, UNSURE = ("json", "yaml", "docx", "pdf"), ("csv",)
_BLOCK = 4096


@dataclass(frozen=True)
class Pace:
    """How long writers stop between two pieces, seconds; where nothing tells an end, never too long."""

    longest: float
    longest_unsure: float
    #: the same for whoever closes the file between two pieces: then nobody can tell that more is to come
    longest_closed: float


@dataclass
class Copies:
    """Copies being made by several writers; what was finished when, by its sha256."""

    folder: Path
    pace: Pace
    #: smbnetfs neither opens a file again to write on, nor gives it its size first, nor writes it in no order
    is_plain: bool = False
    finished: dict[str, float] = field(default_factory=dict)
    #: whole for a moment only, before it was written over: may be taken, need not be
    passing: set[str] = field(default_factory=set)
    #: of those without an end of their own
    unsure: set[str] = field(default_factory=set)
    #: how each copy was made, by the name of its file
    ways: dict[str, str] = field(default_factory=dict)
    given_up: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, seed: int, numbers: range, stop: threading.Event, pause: Callable[[], float]) -> None:
        """Make copies one after the other, each in a way drawn by chance."""
        for number in numbers:
            if stop.is_set():
                return
            self.make(random.Random(f"{seed}-{number}"), number)
            time.sleep(pause())

    def make(self, chance: random.Random, number: int) -> None:
        """Make one copy."""
        suffix = chance.choices((*SURE, *UNSURE), (40, 25, 20, 5, 10))[0]
        folder = self.folder / chance.choice(("", "CATP", "KNH", "SATRA/thang 5"))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{number}.{suffix}"
        ways = [_renamed, _pieces, _written_over]
        if not self.is_plain:
            ways += [_full_size, _reopened]
            # a text that is whole at every line's end may not come in no order, nor be given up
            ways += [_no_order, _given_up] if suffix in SURE else []
        way = chance.choice(ways)
        longest = self.pace.longest if suffix in SURE else self.pace.longest_unsure
        if way is _reopened:
            longest = min(longest, self.pace.longest_closed)
        self.ways[path.name] = way.__name__
        whole = content(suffix, number, chance)
        if suffix in UNSURE:
            self.unsure.add(sha256_of(whole))
        way(_Copy(path, whole, chance, longest, self))

    def is_given_up(self, name: str) -> bool:
        """Tell whether a file was never finished, and its writer is gone."""
        return self.ways.get(name) == _given_up.__name__

    def done(self, content: bytes) -> None:
        """Remember that a copy is whole now."""
        with self._lock:
            self.finished[sha256_of(content)] = time.monotonic()

    def passed(self, content: bytes) -> None:
        """Remember what was whole and is to be written over."""
        with self._lock:
            self.passing.add(sha256_of(content))

    def gave_up(self) -> None:
        """Remember that a copy was never finished."""
        with self._lock:
            self.given_up += 1


@dataclass(frozen=True)
class _Copy:
    path: Path
    content: bytes
    chance: random.Random
    longest: float
    copies: Copies

    def pause(self) -> None:
        """Stop for a while, mostly a short one."""
        time.sleep(self.longest * self.chance.random() ** 3)

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """The content in two to five pieces, with their places."""
        size = len(self.content)
        cuts = sorted({0, *(self.chance.randrange(size) for _ in range(self.chance.randint(1, 4)))})
        for at, end in zip(cuts, [*cuts[1:], size], strict=True):
            yield at, self.content[at:end]


def content(suffix: str, number: int, chance: random.Random) -> bytes:
    """A file of its own that the secrecy gate lets in: nothing in it is a form of ours."""
    lines = [f"dòng {number} {chance.randrange(10**9)}" for _ in range(chance.choice((1, 20, 400)))]
    if suffix == "json":
        return json.dumps({"so": number, "lines": lines}, ensure_ascii=False).encode()
    if suffix == "yaml":
        return (f"so: {number}\nlines:\n" + "".join(f"  - {line}\n" for line in lines) + "...\n").encode()
    if suffix == "csv":
        return ("số;dòng\n" + "".join(f"{number};{line}\n" for line in lines)).encode()
    if suffix == "pdf":
        made = io.BytesIO()
        page = canvas.Canvas(made)
        for line in lines[:20]:
            page.drawString(72, 700, line.replace("ò", "o"))
        page.save()
        return made.getvalue()
    return _word(lines)


def _word(lines: list[str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(_EMPTY)) as empty:
        parts = {name: empty.read(name) for name in empty.namelist()}
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines).encode()
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", b"<w:body>" + body)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def _empty_document() -> bytes:
    made = io.BytesIO()
    docx.Document().save(made)
    return made.getvalue()


_EMPTY = _empty_document()


# the ways


def _renamed(copy: _Copy) -> None:
    """As browsers and Office do: under another name first."""
    beside = copy.path.with_name(f"~WRD{copy.path.stem}.tmp")
    beside.write_bytes(copy.content)
    copy.pause()
    beside.replace(copy.path)
    copy.copies.done(copy.content)


def _pieces(copy: _Copy) -> None:
    """As `cp` over a slow line: one handle, in order."""
    with copy.path.open("wb", buffering=0) as file:
        for _, piece in copy.pieces():
            file.write(piece)
            copy.pause()
    copy.copies.done(copy.content)


def _full_size(copy: _Copy) -> None:
    """As Windows Explorer does: the whole size first."""
    with copy.path.open("wb", buffering=0) as file:
        file.truncate(len(copy.content))
        copy.pause()
        for at, piece in copy.pieces():
            os.pwrite(file.fileno(), piece, at)
            copy.pause()
    copy.copies.done(copy.content)


def _reopened(copy: _Copy) -> None:
    """As some scanners do: closed after each piece."""
    for at, piece in copy.pieces():
        with copy.path.open("ab" if at else "wb") as file:
            file.write(piece)
        copy.pause()
    copy.copies.done(copy.content)


def _no_order(copy: _Copy) -> None:
    """As copies over several lines at once: blocks in no order."""
    places = list(range(0, len(copy.content), _BLOCK))
    copy.chance.shuffle(places)
    with copy.path.open("wb", buffering=0) as file:
        file.truncate(len(copy.content))
        for number, at in enumerate(places):
            os.pwrite(file.fileno(), copy.content[at : at + _BLOCK], at)
            if number < 6:
                copy.pause()
    copy.copies.done(copy.content)


def _written_over(copy: _Copy) -> None:
    """As somebody who saves, looks again, and saves anew under the same name."""
    first = copy.content.replace(b"d\xc3\xb2ng", b"DONG")
    if first == copy.content:
        return _pieces(copy)
    copy.copies.passed(first)
    copy.path.write_bytes(first)
    copy.pause()
    return _renamed(copy) if copy.chance.random() < 0.5 else _pieces(copy)


def _given_up(copy: _Copy) -> None:
    """As somebody who pulls the plug."""
    if len(copy.content) < 20:
        return _pieces(copy)
    cut = copy.content[: copy.chance.randrange(1, len(copy.content) - 8)]
    if copy.chance.random() < 0.5:
        cut = cut.ljust(len(copy.content), b"\0")
    copy.path.write_bytes(cut)
    copy.copies.gave_up()
    return None


def shared_out(count: int, writers: int) -> list[range]:
    """The numbers of the copies of each writer."""
    return [range(first, count, writers) for first in range(writers)]
