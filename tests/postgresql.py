"""A PostgreSQL of the tests' own: Debian's program, a temporary folder, a socket, an unprivileged user.

Nothing of the machine's own databases is touched. Commits are not synced: what a test kills is a process, never the
machine.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

#: Why tests on PostgreSQL are skipped where it is not.
MISSING: Final = "PostgreSQL is not installed: apt-get install postgresql (`make test` does so as root)"
_USER: Final = "vanthu"
#: A test run that is killed leaves no server behind: who runs, in which folder.
_KEEPER: Final = """
while kill -0 "$1" 2>/dev/null; do sleep 2; done
kill -QUIT "$(head -n 1 "$2/data/postmaster.pid")"; sleep 1; rm -rf "$2"
"""


def programs() -> Path | None:
    """Find the folder of PostgreSQL's programs: Debian keeps them off the PATH, one folder for each version."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = [*debian, *([Path(on_path).resolve()] if on_path else [])]
    return found[-1].parent if found else None


@dataclass
class Server:
    """A server in a folder of its own; `url` names a database in it."""

    bin: Path
    folder: Path
    _databases: int = field(default=0)
    _keeper: "subprocess.Popen[bytes] | None" = None
    _ledger: str = ""

    @classmethod
    def begin(cls) -> "Server":
        """Make a cluster and start it. Skips the test where PostgreSQL is not installed."""
        found = programs()
        if found is None:
            pytest.skip(MISSING)
        # not pytest's folder: nobody but its owner may look into that, and the server is somebody else
        server = cls(found, Path(tempfile.mkdtemp(prefix="vanthu-pg-")))
        if os.getuid() == 0:
            shutil.chown(server.folder, *server._owner())
        made: list[str | Path] = [
            found / "initdb",
            "-D",
            server.folder / "data",
            "-U",
            _USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        server._run(*made, "--locale=C", "--no-sync", "--no-instructions")
        server.start()
        server._keeper = subprocess.Popen(["sh", "-c", _KEEPER, "sh", str(os.getpid()), str(server.folder)])
        return server

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = f"-c listen_addresses= -k {self.folder} -F"
        self._control("start", "-w", "-t", "60", "-l", str(self.folder / "log"), "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: "fast" ends its connections, "immediate" is a crash."""
        self._control("stop", "-m", mode, "-w", "-t", "60")

    def remove(self) -> None:
        """Stop the server, if the test has not, and take its folder away."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop("immediate")
        if self._keeper is not None:
            self._keeper.kill()
            self._keeper.wait()
        shutil.rmtree(self.folder)

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql+psycopg://{_USER}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """Make a database without any table; gives its URL."""
        self._databases += 1
        name = f"t{self._databases}"
        self.execute("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def empty_ledger(self) -> str:
        """Give the URL of a ledger without any row: the same one every time, emptied."""
        from pipeline.store.engine import migrate, open_engine
        from pipeline.store.metadata import metadata

        if not self._ledger:
            engine = open_engine(url := self.new_database())
            migrate(engine)
            engine.dispose()
            self._ledger = f"t{self._databases}"
            return url
        # a new database takes a quarter of a second, this a hundredth
        tables = ", ".join(table.name for table in metadata.sorted_tables)
        self.execute(self._ledger, f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        return self.url(self._ledger)

    def execute(self, database: str, statement: str) -> list[tuple[object, ...]]:
        """Carry out one statement; gives its rows."""
        import psycopg

        where = f"host={self.folder} user={_USER} dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    def _control(self, *words: str) -> None:
        self._run(self.bin / "pg_ctl", "-D", self.folder / "data", *words)

    def _run(self, *words: str | Path) -> None:
        # as another user only where we are root
        user, group = self._owner() if os.getuid() == 0 else (None, None)
        log = self.folder / "setup.log"
        with log.open("ab") as out:
            done = subprocess.run(
                [str(word) for word in words],
                user=user,
                group=group,
                extra_groups=[] if user else None,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.folder,
                check=False,
            )
        assert done.returncode == 0, log.read_text("utf-8")

    @staticmethod
    def _owner() -> tuple[str, int]:
        """PostgreSQL refuses to run as root: Debian's user for it, or nobody."""
        for name in ("postgres", "nobody"):
            try:
                return name, pwd.getpwnam(name).pw_gid
            except KeyError:
                continue
        pytest.skip("PostgreSQL does not run as root, and there is no other user")
