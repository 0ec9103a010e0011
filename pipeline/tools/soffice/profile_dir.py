"""The folder one LibreOffice works in: its profile, with the settings we insist on, and the files of one document.

Two LibreOffices on one profile fail each other: of four conversions side by side, two ended with status 1.
"""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

#: Settings that no document may override: no linked files (they would be fetched over the network), no macros, and
#: nothing kept for a user who is not there.
_SETTINGS: Final = (
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Common/Undo", "Steps", "0"),
    ("/org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
    ("/org.openoffice.Office.Recovery/AutoSave", "Enabled", "false"),
    ("/org.openoffice.Office.Recovery/RecoveryInfo", "Enabled", "false"),
)


class ProfileDir:
    """A folder below the office's root that one LibreOffice has to itself."""

    def __init__(self, folder: Path, lock_fd: int) -> None:
        self._folder, self._lock_fd = folder, lock_fd
        self.profile = folder / "profile"

    @classmethod
    def acquired(cls, root: Path) -> "ProfileDir":
        """Lock the first folder nobody else uses; the lock ends with the process, a crash leaves none behind."""
        root.mkdir(parents=True, exist_ok=True)
        # by number, so that folders are used again: LibreOffice's first start on a new profile takes seconds
        number = 0
        while True:
            number += 1
            lock_fd = os.open(root / f"{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock_fd)
                continue
            folder = (root / str(number)).resolve()
            folder.mkdir(mode=0o700, exist_ok=True)
            return cls(folder, lock_fd)

    def write_settings(self) -> None:
        """Write the settings anew: LibreOffice rewrites the file, and a killed one may have left half of it."""
        write_settings(self.profile)

    @contextlib.contextmanager
    def document_folder(self) -> Iterator[Path]:
        """Make a fresh folder for one document, gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="document-", dir=self._folder) as name:
            yield Path(name)

    def close(self) -> None:
        """Give the folder up; another LibreOffice may take it."""
        os.close(self._lock_fd)


def write_settings(profile: Path) -> None:
    """Write the settings we insist on into a LibreOffice profile.

    `oor:op="fuse"` replaces one value and leaves the rest of the registry as LibreOffice ships it.
    """
    user = profile / "user"
    user.mkdir(parents=True, exist_ok=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, name, value in _SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n{items}</oor:items>\n',
        encoding="utf-8",
    )
