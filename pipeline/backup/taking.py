"""A backup is taken while the office works: what is copied belongs together all the same.

The order makes it so. First what lies outside the ledger and must not know more than it: journal and heads. Then the
ledger, in one view; then the files it knows: bytes are kept before they are recorded.
"""

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pipeline.backup.chest import PIECE_BYTES, Chest, pieces
from pipeline.backup.contents import LEDGER, SPOOL, Contents, Kept, read
from pipeline.errors import IntegrityError
from pipeline.files import TEMPORARY_PREFIX, Spool
from pipeline.files.writing import READ_ONLY
from pipeline.ledger import Ledger
from pipeline.ledger.streams import Streams
from pipeline.proof.standalone import FOLDER, filed_by
from pipeline.store.alone import alone
from pipeline.store.copying import snapshot
from pipeline.store.engine import open_engine
from pipeline.store.schema import REVISION

#: The ledger's pieces: a hash that is added changes a page of an index anywhere, and with it all of its piece.
LEDGER_PIECE_BYTES: Final = 1 << 16
#: A file that changes while it is read is read again so often; the last reading counts: it is a view, or nobody's.
_TRIES: Final = 3


@dataclass(frozen=True)
class Taken:
    """One backup as it was taken: its name, files and bytes in it, and how much of that was new.

    `damaged` are the hashes of recorded bytes that the spool does not have as they were: they are not in it.
    """

    name: str
    files: int
    size_bytes: int
    new_pieces: int
    written_bytes: int
    log_size: int
    damaged: tuple[str, ...] = ()


@dataclass
class _Taking:
    """Gathers the files of one backup; what has not changed since the last one is not read again."""

    chest: Chest
    before: Mapping[tuple[str, str], Kept]
    #: the pieces that the chest has: asked once, for a store far away takes its time to answer
    there: set[str]
    files: dict[tuple[str, str], Kept] = field(default_factory=dict)
    new_pieces: int = 0
    written_bytes: int = 0
    damaged: list[str] = field(default_factory=list)

    def add(self, place: str, root: Path, path: Path, piece_bytes: int = PIECE_BYTES) -> None:
        """Take one file; one that is gone meanwhile is left out."""
        name = path.relative_to(root).as_posix()
        try:
            for _ in range(_TRIES):
                found = path.stat()
                stamp = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
                kept = self.before.get((place, name))
                is_known = kept is not None and kept.stamp == stamp and self.there.issuperset(kept.pieces)
                names = kept.pieces if kept is not None and is_known else self._pieces(pieces(path, piece_bytes))
                if path.stat().st_mtime_ns == found.st_mtime_ns:
                    break
        except FileNotFoundError:
            return
        self.files[place, name] = Kept(place, name, found.st_mode & 0o777, found.st_mtime_ns, stamp, names)

    def add_recorded(self, spool: Spool, sha256: str) -> None:
        """Take recorded bytes out of the spool; what is not as it was recorded is named, and left out."""
        name = f"{SPOOL}/{spool.place(sha256).relative_to(spool.root).as_posix()}"
        kept = self.before.get(("var", name))
        # under their hash bytes never change: what an earlier backup has of them is not even looked at
        if kept is None or not self.there.issuperset(kept.pieces):
            try:
                content, seen = spool.get(sha256), spool.seen(sha256)
            except IntegrityError:
                self.damaged.append(sha256)
                return
            cut = (content[at : at + PIECE_BYTES] for at in range(0, len(content), PIECE_BYTES))
            written_ns = int(seen.written_at * 1e9)
            kept = Kept("var", name, READ_ONLY, written_ns, (len(content),), self._pieces(cut))
        self.files["var", name] = kept

    def _pieces(self, cut: Iterable[bytes]) -> tuple[str, ...]:
        names = []
        for piece in cut:
            name = self.chest.name_of(piece)
            if name not in self.there:
                _, written = self.chest.put(piece)
                self.new_pieces += written > 0
                self.written_bytes += written
                self.there.add(name)
            names.append(name)
        return tuple(names)


def take(
    ledger: Ledger, folders: Mapping[str, Path], spool: Spool, chest: Chest, config: Path, clock_says: dt.datetime
) -> Taken:
    """Take one backup of a working folder; `folders` are its places (`contents.PLACES` without the root).

    Raises StoreGone, NoSpaceError, CannotWrite.
    """
    var, archive = folders["var"], folders["archive"]
    # one at a time of this office, on whichever machine, and one at a time into this chest
    with alone(ledger.engine, "sao-luu", var), chest.store.alone():
        names = chest.lists()
        last = read(chest.list(names[-1])).files if names else ()
        taking = _Taking(chest, {(one.place, one.path): one for one in last}, set(chest.known()))
        # nobody appends a line or a head meanwhile
        with alone(ledger.engine, "nhat-ky", var):
            _add_all(taking, "archive", archive, _below(archive / FOLDER))
            _add_all(taking, "anchors", folders["anchors"], _below(folders["anchors"]))
        log_size = _ledger(taking, ledger, spool, var, archive)
        # what nobody may lose and nobody else may read
        _add_all(taking, "var", var, var.glob("*.key"))
        taking.add("root", config.parent, config)
        for place in ("outbox", "templates", "years", "certificates"):
            _add_all(taking, place, folders[place], _below(folders[place]))
        files = tuple(taking.files[key] for key in sorted(taking.files))
        made_at = clock_says.isoformat(timespec="seconds")
        contents = Contents(made_at, version("vanthu"), REVISION, log_size, files)
        name = chest.add_list(contents.as_bytes())
    size = sum(one.size_bytes for one in files)
    return Taken(name, len(files), size, taking.new_pieces, taking.written_bytes, log_size, tuple(taking.damaged))


def _ledger(taking: _Taking, ledger: Ledger, spool: Spool, var: Path, archive: Path) -> int:
    """Take the ledger in one view, and what it knows in spool and archive; gives how much history it knows."""
    copy = var / "backup" / LEDGER
    # what a backup that was killed left there
    shutil.rmtree(copy.parent, ignore_errors=True)
    copy.parent.mkdir(mode=0o700)
    try:
        snapshot(ledger.engine, copy)
        taking.add("var", copy.parent, copy, LEDGER_PIECE_BYTES)
        engine = open_engine(f"sqlite:///{copy}")
        view = Ledger(engine, ledger.clock, ledger.who)
        try:
            known = {archive / path for path in _filed(Streams(engine))}
            log_size = view.log.head().size
            # what lies there and is not known to the view is being recorded or filed at this moment: it belongs to
            # the next backup
            for sha256 in Streams(engine).hashes():
                taking.add_recorded(spool, sha256)
        finally:
            view.close()
        _add_all(taking, "archive", archive, sorted(known))
    finally:
        shutil.rmtree(copy.parent)
    return log_size


def _filed(streams: Streams) -> Iterator[str]:
    for event in streams.filings():
        yield from filed_by(event.covered)
    yield from (path for path, _ in streams.filed())


def _add_all(taking: _Taking, place: str, root: Path, paths: Iterable[Path]) -> None:
    for path in paths:
        taking.add(place, root, path)


def _below(folder: Path) -> Iterator[Path]:
    for where, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(where) / name
            if not name.startswith(TEMPORARY_PREFIX) and path.is_file() and not path.is_symlink():
                yield path
