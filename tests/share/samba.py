"""A real Samba server of a test's own, on the loopback device, that shares one folder."""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_CONF = """\
[global]
  server role = standalone server
  interfaces = lo
  bind interfaces only = yes
  smb ports = {port}
  disable netbios = yes
  map to guest = bad user
  guest account = {user}
  private dir = {place}/private
  lock directory = {place}/lock
  state directory = {place}/state
  cache directory = {place}/cache
  pid directory = {place}/pid
  ncalrpc dir = {place}/ncalrpc
  log file = {place}/log
  load printers = no
  kernel oplocks = no
[nhan]
  path = {folder}
  guest ok = yes
  read only = no
  force user = {user}
"""


def _missing() -> str:
    places = "/usr/sbin:/usr/bin:/sbin:/bin"
    lacking = [name for name in ("smbd", "smbclient") if shutil.which(name, path=places) is None]
    return f"not installed: {', '.join(lacking)} (apt-get install samba smbclient)" if lacking else ""


needs_samba = pytest.mark.skipif(bool(_missing()), reason=_missing() or "-")


@dataclass
class Samba:
    """The running server."""

    port: int

    @property
    def _words(self) -> list[str]:
        return ["smbclient", "//127.0.0.1/nhan", "-N", "-p", str(self.port), "-c"]

    def putting(self, source: Path, name: str) -> "subprocess.Popen[bytes]":
        """A client that copies a file, or what comes out of a pipe, under a name."""
        return subprocess.Popen(
            [*self._words, f"put {source} {name}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def do(self, command: str) -> str:
        """Do one thing in a session of its own."""
        done = subprocess.run([*self._words, command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextlib.contextmanager
def serving(place: Path, folder: Path) -> Iterator[Samba]:
    """Share a folder for the length of a block."""
    for name in ("private", "lock", "state", "cache", "pid", "ncalrpc"):
        (place / name).mkdir(parents=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    conf = place / "smb.conf"
    conf.write_text(_CONF.format(port=port, user=getpass.getuser(), place=place, folder=folder))
    words = ["/usr/sbin/smbd", "--foreground", "--no-process-group", f"--configfile={conf}", "--debug-stdout"]
    with (place / "out").open("wb") as out:
        process = subprocess.Popen(words, stdout=out, stderr=out, start_new_session=True)
    try:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, (place / "out").read_text("utf-8", "replace")[-2000:]
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield Samba(port)
    finally:
        # with all that it has started for its clients
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
