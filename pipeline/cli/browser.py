"""`vanthu web`: the office in the browser, served until stopped; `vanthu serve`: that and the watching in one."""

import importlib.util
import ipaddress
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline.cli.session import Session
from pipeline.errors import MissingToolError
from pipeline.messages import mark, tr

F = TypeVar("F", bound=Callable[..., Any])
#: What the extra brings; the rest of the program needs none of it.
_PACKAGES = ("starlette", "uvicorn", "python_multipart", "jwt")


_OPTIONS = (
    click.option("--host", default="127.0.0.1", show_default=True, help=mark("The address to listen at.")),
    click.option("--port", type=click.IntRange(1, 65535), default=8022, show_default=True, help=mark("The port.")),
    click.option(
        "--certificate",
        type=click.Path(path_type=Path, dir_okay=False),
        help=mark("The certificate (PEM); needed at any other address than this machine's own."),
    ),
    click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help=mark("Its private key (PEM).")),
)


def _listening(command: F) -> F:
    """Add the options that say where to listen."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command(
    help=mark(
        "Serve the office in the browser until stopped (Ctrl-C or SIGTERM), on this machine alone unless told "
        "otherwise. Who may come in: vanthu user."
    )
)
@_listening
@click.pass_obj
def web(session: Session, host: str, port: int, certificate: Path | None, key: Path | None) -> None:
    """Become the process that serves: the faces do not know each other (docs/ARCHITECTURE.md)."""
    _refuse(host, certificate, key)
    # its settings are read here, too: what is wrong with them is told by the command
    words = [str(session.settings.root), *_where(host, port, certificate, key)]
    if session.language_option:
        words += ["--lang", session.language_option]
    sys.stdout.flush()
    sys.stderr.flush()
    # with -P nothing that lies in the working folder is imported in place of a library
    os.execv(sys.executable, [sys.executable, "-P", "-m", "pipeline.web", *words])  # noqa: S606 - our own module


@click.command(
    help=mark(
        "Watch the inbox and serve the office in the browser, both until stopped: vanthu watch and vanthu web in one."
    )
)
@_listening
@click.pass_obj
def serve(session: Session, host: str, port: int, certificate: Path | None, key: Path | None) -> int:
    """Look after both; the exit code is that of the one that ended the other, 0 when told to stop."""
    from pipeline.cli.supervising import Pair

    _refuse(host, certificate, key)
    common = ["-C", str(session.settings.root)]
    if session.language_option:
        common += ["--lang", session.language_option]
    return Pair([*common, "watch"], [*common, "web", *_where(host, port, certificate, key)]).serve()


def _where(host: str, port: int, certificate: Path | None, key: Path | None) -> list[str]:
    words = ["--host", host, "--port", str(port)]
    for name, file in (("--certificate", certificate), ("--key", key)):
        if file is not None:
            words += [name, str(file.absolute())]
    return words


def _refuse(host: str, certificate: Path | None, key: Path | None) -> None:
    """Refuse what lays passwords open, and what cannot be. Raises UsageError, MissingToolError."""
    if not all(map(importlib.util.find_spec, _PACKAGES)):
        raise MissingToolError(
            tr(
                "The office in the browser needs packages that are not installed. Install them beside the program: "
                "pip install 'vanthu[web]'"
            )
        )
    if certificate is None and not _is_here(host):
        raise click.UsageError(
            tr(
                "At {host} passwords would go over the network for all to read. Give --certificate and --key, or "
                "leave --host out and let a web server on this machine, which has a certificate, pass requests on.",
                host=host,
            )
        )
    if key is not None and certificate is None:
        raise click.UsageError(tr("--key belongs to a --certificate."))
    for file in (certificate, key):
        if file is not None and not file.is_file():
            raise click.UsageError(tr("There is no file {file}.", file=str(file)))


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


COMMANDS = (web, serve)
