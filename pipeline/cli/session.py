"""What one run of a command line holds: the working folder, its configuration, and the house when it is opened."""

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

from pipeline import messages
from pipeline.errors import ConfigError
from pipeline.messages import tr

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.house import House

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
        from pipeline.config import FILE_NAME

        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / FILE_NAME).is_file():
                return folder
        raise ConfigError(
            tr(
                "There is no {file} in {here} or above. Go to a working folder, or make one with `vanthu init DIR`.",
                file=FILE_NAME,
                here=str(here),
            )
        )

    @cached_property
    def config(self) -> "Config":
        """The configuration. Raises ConfigError, UnsafeSetupError."""
        from pipeline.config import load

        config = load(self.root, os.environ)
        if self.language_option is None:
            messages.use(config.language)
        return config

    @contextlib.contextmanager
    def house(self, *, works: bool = False) -> Iterator["House"]:
        """Open the house; `works` opens what only the work needs too: guarded children, LibreOffice."""
        from pipeline.cli.opening import open_house

        with open_house(self.config, who=who(), works=works, clock=now) as house:
            yield house


def now() -> dt.datetime:
    """The moment, aware."""
    return dt.datetime.now(dt.UTC)


def who() -> str:
    """Who stands behind what is recorded: the person on the machine."""
    with contextlib.suppress(OSError, KeyError):
        return f"{getpass.getuser()}@{socket.gethostname()}"
    return f"uid{os.getuid()}@{socket.gethostname()}"
