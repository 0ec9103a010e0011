"""The process of `vanthu web`: opens the working folder and serves it until it is told to stop."""

import argparse
import datetime as dt
import errno
import getpass
import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

import uvicorn

from pipeline import logs, messages
from pipeline.app.opening import open_workspace
from pipeline.app.settings import read_settings
from pipeline.app.webhooks import Telling
from pipeline.app.years_now import following
from pipeline.errors import PlaceTaken, VanthuError
from pipeline.files.writing import cause_of
from pipeline.messages import tr
from pipeline.web.application import application
from pipeline.web.office import Office
from pipeline.web.peers import behind_proxies


def main() -> None:
    """Serve until SIGTERM or Ctrl-C; whoever is just answered gets the whole answer."""
    said = _said()
    logs.set_up(level="warning")
    settings = read_settings(said.root, os.environ)
    messages.use(said.lang or settings.language)
    # what the office itself does, and no person; whoever comes in acts under a name of their own
    who = f"{getpass.getuser()}@{socket.gethostname()}"
    with open_workspace(settings, who=who, works=False, clock=lambda: dt.datetime.now(dt.UTC)) as workspace:
        office = Office.of(following(workspace), settings)
        office.begin()
        serving = uvicorn.Config(
            behind_proxies(application(office), office),
            host=said.host,
            port=said.port,
            ssl_certfile=said.certificate,
            ssl_keyfile=said.key,
            # a web server that passes requests on says who asked, and by which scheme: heard above
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=10,
        )
        scheme = "https" if said.certificate else "http"
        for number in (signal.SIGINT, signal.SIGTERM):
            # uvicorn raises once more what ended it: by then all is answered, and the workspace is still to be closed
            signal.signal(number, lambda _number, _frame: None)
        with _place(said.host, said.port) as place, Telling(workspace):
            _Server(serving, office, f"{scheme}://{_in_address(said.host)}:{said.port}/").run(sockets=[place])


def _place(host: str, port: int) -> socket.socket:
    """Take the address to listen at. Raises PlaceTaken."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as trouble:
        raise PlaceTaken(
            tr(
                "Cannot listen at {host}, port {port}: {reason}. If the office is not being served there already, "
                "name another port with --port.",
                host=host,
                port=port,
                reason=_reason(trouble),
            )
        ) from trouble


def _in_address(host: str) -> str:
    # RFC 3986: the colons of an IPv6 address are no port
    return f"[{host}]" if ":" in host else host


def _reason(trouble: OSError) -> str:
    # codes of getaddrinfo, which `create_server` passes on as errors of the system
    if trouble.errno is not None and trouble.errno < 0:
        return tr("no address is known for this name")
    if trouble.errno == errno.EADDRINUSE:
        return tr("another program listens there")
    if trouble.errno == errno.EADDRNOTAVAIL:
        return tr("this machine has no such address")
    return cause_of(trouble)


class _Server(uvicorn.Server):
    """A server that says where it is when it answers, and lets what would go on for ever end when it is to stop."""

    def __init__(self, serving: uvicorn.Config, office: Office, address: str) -> None:
        super().__init__(serving)
        self._office = office
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and only then say so: whoever reads the address opens it."""
        await super().startup(sockets)
        if self.started:
            print(tr("The office is at {address}; press Ctrl-C to stop.", address=self._address), flush=True)  # noqa: T201 - for whoever started it

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        self._office.closing.set()
        super().handle_exit(sig, frame)


def _said() -> argparse.Namespace:
    """What `vanthu web`, which has looked at it, hands on."""
    parser = argparse.ArgumentParser(prog="vanthu web")
    parser.add_argument("root", type=Path)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--lang", default="")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        main()
    except VanthuError as trouble:
        print(f"{tr('Error')}: {trouble}", file=sys.stderr)  # noqa: T201 - as above
        sys.exit(trouble.exit_code)
