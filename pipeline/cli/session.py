"""What one run of a command line holds: the working folder, its settings, and the workspace when it is opened."""

import contextlib
import datetime as dt
import getpass
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import messages
from pipeline.errors import ConfigError, UnsafeSetupError

if TYPE_CHECKING:
    from pipeline.app.settings import Settings
    from pipeline.files.s3 import Access
    from pipeline.workspace import Workspace

ROOT_VARIABLE = "VANTHU_ROOT"


@dataclass
class Session:
    """One run. `root_option` is the folder given by --root, else VANTHU_ROOT, else the nearest one above.

    `language_option` is what --lang said; without it the configuration decides.
    """

    root_option: Path | None = None
    language_option: str | None = None

    @cached_property
    def root(self) -> Path:
        """The working folder. Raises ConfigError when there is none."""
        if self.root_option is not None:
            return self.root_option.absolute()
        if named := os.environ.get(ROOT_VARIABLE):
            return Path(named).absolute()
        # in the functions, all over `cli`: the database alone takes 0.2 s to import, and `--help` needs none
        from pipeline.app.settings import find_root

        return find_root(Path.cwd())

    @cached_property
    def settings(self) -> "Settings":
        """What the working folder is set to. Raises ConfigError, UnsafeSetupError."""
        from pipeline.app.settings import read_settings

        settings = read_settings(self.root, os.environ)
        if self.language_option is None:  # the file comes last: option, environment, file
            messages.use(settings.language)
        return settings

    @property
    def access(self) -> "Access":
        """How object stores are reached: as the working folder says, where there is none, as the environment does."""
        from pipeline.files.s3 import Access

        with contextlib.suppress(ConfigError, UnsafeSetupError):
            return self.settings.access
        return Access()

    @contextlib.contextmanager
    def workspace(self, *, works: bool = False, mends: bool = False) -> Iterator["Workspace"]:
        """Open the workspace; with `works` also what processing needs: guarded children, LibreOffice.

        With `mends` it is opened beside an archive that knows more than the ledger, too.
        """
        from pipeline.app.opening import open_workspace

        with open_workspace(self.settings, who=who(), works=works, mends=mends, clock=now) as workspace:
            yield workspace


def now() -> dt.datetime:
    """Give the present moment, aware."""
    return dt.datetime.now(dt.UTC)


def who() -> str:
    """Name the person to whom what is recorded is attributed: the user of the machine."""
    # a container may run under a number that has no name
    with contextlib.suppress(OSError, KeyError):
        return f"{getpass.getuser()}@{socket.gethostname()}"
    return f"uid{os.getuid()}@{socket.gethostname()}"


def reason_given(why: str) -> str:
    """Give a reason on one line, for history, tables and sidecar. Raises UsageError when there is none."""
    reason = " ".join(why.split())
    if not reason:
        raise click.UsageError(messages.tr("Give a reason: --why must not be empty."))
    return reason
