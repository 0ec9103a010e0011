"""A new working folder: what is shipped, the empty folders, the store closed to others, the office's secrets."""

import os
import re
import shutil
import stat
from pathlib import Path
from typing import Final

from pipeline.app.office_key import office_key
from pipeline.errors import UnsafeSetupError
from pipeline.messages import tr
from pipeline.proof.signing import Signer

SETTINGS: Final = "config.yaml"
#: What a new working folder gets. In a checkout these lie at its root; in an installed package beside the code.
SHIPPED: Final = (SETTINGS, "templates", "years")


def shipped_folder() -> Path:
    """Find the folder that holds what is shipped."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent


def make_working_folder(folder: Path) -> None:
    """Make a working folder from what is shipped. Raises UnsafeSetupError when the folder is not empty."""
    if folder.exists() and any(folder.iterdir()):
        raise UnsafeSetupError(
            tr(
                "{folder} is not empty. Name a new or empty folder; an existing working folder is never changed.",
                folder=str(folder),
            )
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        source = shipped_folder() / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copyfile(source, folder / name)
    # as config.yaml names them; into da-ky the clerk drops what comes back signed, on the first day, too
    for name in ("inbox/da-ky", "outbox", "moc-so"):
        (folder / name).mkdir(parents=True)
    make_store(folder / "var")
    office_key(folder / "var")
    Signer(folder / "var")


def set_to(folder: Path, year: int, form_profile: str) -> None:
    """Set a new working folder to its first year and to an official form; the comments stay."""
    file = folder / SETTINGS
    settings = re.sub(r"(?m)^year: \d+ *", f"year: {year}  ", file.read_text("utf-8"))
    settings = re.sub(r"(?m)^( *form_profile: )\w+", rf"\g<1>{form_profile}", settings)
    file.write_text(settings, "utf-8")


def make_store(var: Path) -> None:
    """Make the store, if it is not there, and close it to others: with the usual umask everybody could read it.

    A group that somebody let in stays.
    """
    var.parent.mkdir(parents=True, exist_ok=True)
    var.mkdir(mode=0o700, exist_ok=True)
    found = var.stat()
    if found.st_mode & stat.S_IRWXO and found.st_uid == os.geteuid():
        var.chmod(stat.S_IMODE(found.st_mode) & ~stat.S_IRWXO)
