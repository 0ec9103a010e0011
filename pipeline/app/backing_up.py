"""Backup and restore of a working folder, wherever its folders lie and whichever engine keeps its ledger."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from pipeline.app.object_stores import spool_of, store_at
from pipeline.app.opening import open_workspace
from pipeline.app.settings import Settings, read_settings
from pipeline.audit import audit
from pipeline.backup import chest as chests
from pipeline.backup import restoring, taking
from pipeline.backup.chest import BackupUnusable, Chest
from pipeline.backup.contents import PLACES, SPOOL, Contents, read
from pipeline.backup.taking import Taken
from pipeline.errors import NotAllowedNow
from pipeline.files import FolderStore, ObjectStore, make_folder, write_durably
from pipeline.files.s3 import Access
from pipeline.files.shared_spool import SharedSpool
from pipeline.ledger import Ledger
from pipeline.messages import tr
from pipeline.model import Finding
from pipeline.store import copying
from pipeline.store.engine import open_engine

CONFIG: Final = "config.yaml"
#: The configuration as it was, where a restored one had to be changed.
ORIGINAL: Final = "config.goc.yaml"
#: Names of folders that lay elsewhere, in the restored working folder; the inbox is made, and empty.
_NAMES: Final = {
    "inbox": "inbox",
    "var": "var",
    "archive": "archive",
    "anchors": "moc-so",
    "outbox": "outbox",
    "templates": "templates",
    "years": "years",
    "certificates": "chung-thu-so",
}
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True)
class Listed:
    """One backup; `pieces` counts those that were read back and are whole, 0 when that was not asked."""

    name: str
    made_at: str
    log_size: int
    files: int
    size_bytes: int
    pieces: int


@dataclass(frozen=True)
class Restored:
    """What was restored: files, folders that lay elsewhere before (by name), and what a check found."""

    files: int
    moved: tuple[str, ...]
    found: list[Finding]


def backup(settings: Settings, target: str, key: Path | None, clock: Clock, who: str) -> Taken:
    """Take a backup while the office works. Raises BackupUnusable, StoreGone, NoSpaceError, CannotWrite."""
    store = store_at(target, settings.access)
    _refuse_within(store, settings)
    chest = chests.begin(store, _key(key))
    ledger = Ledger.open(settings.database_url, clock, who)
    try:
        spool = spool_of(settings.folders, settings.spool_url, settings.access)
        # another store in its place would be told of as damage
        spool.must_be_there()
        return taking.take(ledger, _places(settings), spool, chest, settings.root / CONFIG, clock())
    finally:
        ledger.close()


def _refuse_within(store: ObjectStore, settings: Settings) -> None:
    """Refuse a backup that would be part of the next one, or of what people drop. Raises BackupUnusable."""
    if not isinstance(store, FolderStore):
        return
    for name, place in _places(settings).items():
        if name != "root" and (store.root.is_relative_to(place) or place.is_relative_to(store.root)):
            raise BackupUnusable(
                tr(
                    "{folder} lies in, or around, folders.{name}: a backup lies elsewhere.",
                    folder=store.where,
                    name=name,
                )
            )


def listed(source: str, access: Access, key: Path | None, *, verifies: bool) -> list[Listed]:
    """List the backups of a folder, the oldest first. Raises BackupUnusable, HashMismatch."""
    chest = chests.opened(store_at(source, access), _key(key))
    return [_listed(name, read(chest.list(name)), chest, verifies=verifies) for name in chest.lists()]


def restore(  # noqa: PLR0913 - what a person says on the command line
    source: str,
    access: Access,
    root: Path,
    key: Path | None,
    *,
    name: str,
    parts: Sequence[str],
    database: str,
    clock: Clock,
    who: str,
) -> Restored:
    """Make a working folder of a backup, or bring some `parts` of one back, and check it.

    Raises BackupUnusable, NotAllowedNow, HashMismatch, NoSpaceError, CannotWrite.
    """
    chest = chests.opened(store_at(source, access), _key(key))
    contents = read(chest.list(name))
    moved: tuple[str, ...] = ()
    if parts:
        settings = read_settings(root, {})
    else:
        if root.exists() and any(root.iterdir()):
            raise NotAllowedNow(
                tr(
                    "{folder} is not empty. Name a new folder, or say with --only what is to be brought back.",
                    folder=str(root),
                )
            )
        restoring.put_back(contents, chest, {"root": root}, {"root"}, root / "var" / "none")
        settings, moved = _settled(root, database)
    url = database or settings.database_url
    file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else settings.folders.var / "ledger"
    wanted = set(parts or PLACES) - {"root"}
    if "var" in wanted and not url.startswith("sqlite:///"):
        _refuse_filled(url)
    files = restoring.put_back(contents, chest, _places(settings), wanted, file)
    spool = spool_of(settings.folders, settings.spool_url, settings.access)
    if "var" in wanted and isinstance(spool, SharedSpool):
        # what was brought back lies on this machine; others look for it in the store
        spool.must_be_there()
        spool.hand_over()
    make_folder(settings.folders.inbox)
    if "var" in wanted and not url.startswith("sqlite:///"):
        _into_server(file, url)
    return Restored(files, moved, _found(settings, clock, who))


def _key(file: Path | None) -> bytes | None:
    return chests.key_in(file) if file is not None else None


def _places(settings: Settings) -> dict[str, Path]:
    named = (*_NAMES, SPOOL)
    return {"root": settings.root} | {name: getattr(settings.folders, name) for name in named if name != "inbox"}


def _listed(name: str, contents: Contents, chest: Chest, *, verifies: bool) -> Listed:
    size = sum(one.size_bytes for one in contents.files)
    whole = restoring.verify(contents, chest) if verifies else 0
    return Listed(name, contents.made_at, contents.log_size, len(contents.files), size, whole)


# no variable of the machine's present office holds for a restored one: its settings are read without any
def _settled(root: Path, database: str) -> tuple[Settings, tuple[str, ...]]:
    """Read the restored configuration; folders and a database elsewhere are the old office's, and left alone."""
    settings = read_settings(root, {})
    folders = {name: getattr(settings.folders, name) for name in _NAMES}
    moved = [name for name, path in folders.items() if not path.is_relative_to(root)]
    said: dict[str, Any] = yaml.safe_load((root / CONFIG).read_text("utf-8")) or {}
    is_apart, is_far = not settings.folders.spool.is_relative_to(root), bool(settings.spool_url)
    has_database = bool((said.get("database") or {}).get("url"))
    if not moved and not is_apart and not is_far and not has_database and not database:
        return settings, ()
    write_durably(root / ORIGINAL, (root / CONFIG).read_bytes())
    said["folders"] = dict(said.get("folders") or {}) | {name: _NAMES[name] for name in moved}
    if is_apart:
        # what was shared by many machines: a restored office has its own
        del said["folders"][SPOOL]
        moved.append(SPOOL)
    if is_far:
        said["object_store"] = {key: value for key, value in said["object_store"].items() if key != SPOOL}
    said["database"] = {"url": database}
    write_durably(root / CONFIG, yaml.safe_dump(said, allow_unicode=True, sort_keys=False).encode())
    named = [f"folders.{name}" for name in moved]
    named += [*(["object_store.spool"] if is_far else []), *(["database.url"] if has_database else [])]
    return read_settings(root, {}), tuple(named)


def _refuse_filled(url: str) -> None:
    engine = open_engine(url)
    try:
        copying.refuse_filled(engine)
    finally:
        engine.dispose()


def _into_server(file: Path, url: str) -> None:
    source, target = open_engine(f"sqlite:///{file}"), open_engine(url)
    try:
        copying.copy_all(source, target)
    finally:
        source.dispose()
        target.dispose()
    for left in file.parent.glob(f"{file.name}*"):
        left.unlink()


def _found(settings: Settings, clock: Clock, who: str) -> list[Finding]:
    """What `vanthu check` finds in the restored folder."""
    with open_workspace(settings, who=who, works=False, mends=True, clock=clock) as workspace:
        folders = workspace.folders
        return audit(workspace.ledger, workspace.spool, folders.archive, folders.outbox, anchors=folders.anchors)
