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


#: The one port at which smbnetfs looks for a server.
MICROSOFT_DS = 445


def _no_mount() -> str:
    """What is missing for a share that is mounted as a person's desktop mounts it; "" when nothing is."""
    if shutil.which("smbnetfs") is None:
        return "not installed: smbnetfs (apt-get install smbnetfs)"
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return "this machine lets nobody here mount a file system (/dev/fuse)"
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", MICROSOFT_DS))
        except OSError as trouble:
            return f"port {MICROSOFT_DS} cannot be had: {trouble.strerror}"
    return ""


needs_mount = pytest.mark.skipif(bool(_missing() or _no_mount()), reason=_missing() or _no_mount() or "-")
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
    def mounted(self, place: Path) -> Iterator[Path]:
        """The share as a folder, by smbnetfs, which looks for a server at one port alone (`MICROSOFT_DS`)."""
        assert self.port == MICROSOFT_DS
        own = place / "home" / ".smb"
        own.mkdir(parents=True, mode=0o700)
        (own / "smbnetfs.conf").write_text('auth "guest" ""\nhost 127.0.0.1 visible=true\n')
        (own / "smb.conf").write_text("[global]\n  client min protocol = SMB2\n")
        for path in own.iterdir():
            path.chmod(0o600)
        where = place / "network"
        where.mkdir()
        with (place / "out").open("wb") as out:
            process = subprocess.Popen(
                ["smbnetfs", str(where), "-f", "-o", "config=smbnetfs.conf"],
                stdout=out,
                stderr=out,
                env={**os.environ, "HOME": str(place / "home")},
            )
        share = where / "127.0.0.1" / "nhan"
        try:
            deadline = time.monotonic() + 30
            while not share.is_dir():
                assert process.poll() is None, (place / "out").read_text("utf-8", "replace")
                assert time.monotonic() < deadline, "smbnetfs shows no share"
                time.sleep(0.1)
            yield share
        finally:
            process.terminate()
            process.wait(20)
            subprocess.run(["umount", "-l", str(where)], check=False, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def serving(place: Path, folder: Path, *, port: int = 0) -> Iterator[Samba]:
    """Share a folder for the length of a block, at a port that is free or at this one."""
    for name in ("private", "lock", "state", "cache", "pid", "ncalrpc"):
        (place / name).mkdir(parents=True)
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
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
