"""Unsafe set-ups: folders arranged so that documents could be lost are refused before anything is opened."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from pipeline.config.rights import open_archive, open_to_others
from pipeline.config.settings import Config
from pipeline.errors import UnsafeSetupError
from pipeline.files.file_systems import share_of
from pipeline.messages import tr

_CODE = Path(__file__).resolve().parent.parent


def refuse_unsafe(settings: Config) -> None:
    """Raise UnsafeSetupError, naming every bad arrangement: folders that overlap, or that others may write.

    An inbox inside the outbox would take its own answers for submissions; an archive inside the inbox would be
    emptied. Folders that are links are judged by what they lead to.
    """
    problems = [*_overlaps(settings), *_astray(settings), *_on_a_share(settings), *_twice(settings)]
    problems += [*open_to_others(settings), *open_archive(settings)]
    if problems:
        lines = [f"  {problem}" for problem in problems]
        raise UnsafeSetupError(
            "\n".join([tr("The folders are arranged so that documents could be lost or changed:"), *lines])
        )


def _overlaps(settings: Config) -> Iterator[str]:
    """Find two folders of which one is, or lies in, the other."""
    folders = settings.folders
    stores = {
        name: getattr(folders, name)
        for name in ("inbox", "outbox", "archive", "anchors", "var", "templates", "years", "certificates")
    }
    if folders.spool is not None and not _within(folders.spool, folders.var):
        stores["spool"] = folders.spool
    for (one, first), (other, second) in combinations(stores.items(), 2):
        if _meet(first, second):
            yield tr(
                "folders.{one} ({first}) and folders.{other} ({second}) overlap; give each a folder of its own.",
                one=one,
                first=str(first),
                other=other,
                second=str(second),
            )
    for name, folder in stores.items():
        # templates and years are shipped beside the program, and only read
        if name not in ("templates", "years", "certificates") and _meet(folder, _CODE):
            yield tr("folders.{one} ({first}) overlaps the program itself.", one=name, first=str(folder))
        # an inbox around config.yaml, say, would take the settings and the ledger for submissions
        if _within(settings.root, folder):
            yield tr("folders.{one} ({first}) contains the whole working folder.", one=name, first=str(folder))


def _astray(settings: Config) -> Iterator[str]:
    """Find subfolders of one name, and a database where people drop and take files."""
    folders = settings.folders
    # compared without case: on Windows shares Cho-Ky and cho-ky are one folder
    for one, other in combinations(("awaiting", "register_book", "clerk"), 2):
        if getattr(folders, one).casefold() == getattr(folders, other).casefold():
            yield tr("folders.{one} and folders.{other} name the same subfolder of the outbox.", one=one, other=other)
    for one, other in combinations(("signed", "incoming", "outgoing", "clerk"), 2):
        if getattr(folders, one).casefold() == getattr(folders, other).casefold():
            yield tr("folders.{one} and folders.{other} name the same subfolder of the inbox.", one=one, other=other)
    # of PostgreSQL nothing is known here: its URL names no file
    database = settings.database_url.removeprefix("sqlite:///")
    if database != settings.database_url:
        for name in ("inbox", "outbox", "archive"):
            if _within(Path(database), getattr(folders, name)):
                yield tr("The database ({database}) lies in folders.{one}.", database=database, one=name)


def _on_a_share(settings: Config) -> Iterator[str]:
    """Find a ledger where SQLite cannot keep it: its log needs memory that all its processes share."""
    database = settings.database_url.removeprefix("sqlite:///")
    places = {settings.folders.var, *([Path(database)] if database != settings.database_url else [])}
    for place in sorted(places):
        if share := share_of(place):
            yield tr(
                "{place} lies on a share ({share}), where the ledger would be damaged and locks mean nothing. Put it "
                "on a disk of this machine: folders.var in config.yaml; inbox, outbox and archive may stay on the "
                "share.",
                place=str(place),
                share=share,
            )


def _twice(settings: Config) -> Iterator[str]:
    """Find a spool that is said to lie in two places, and two things in one place of a store."""
    if settings.folders.spool is not None and settings.object_store.spool:
        yield tr(
            "folders.spool ({folder}) and object_store.spool ({url}) both say where the spool is; leave one empty.",
            folder=str(settings.folders.spool),
            url=settings.object_store.spool,
        )
    spool, archive = (
        f"{url}/" if url else "" for url in (settings.object_store.spool, settings.object_store.archive)
    )
    if spool and archive and (spool.startswith(archive) or archive.startswith(spool)):
        yield tr(
            "object_store.spool and object_store.archive lie within one another ({url}); give each a prefix of "
            "its own.",
            url=settings.object_store.archive,
        )


def _within(inner: Path, outer: Path) -> bool:
    # resolved: two names of one folder, by links, are the same folder
    return inner.resolve().is_relative_to(outer.resolve())


def _meet(one: Path, other: Path) -> bool:
    return _within(one, other) or _within(other, one)
