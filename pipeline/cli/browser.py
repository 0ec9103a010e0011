"""`vanthu web`: the office in the browser, served until stopped."""

import importlib.util
import ipaddress
import os
import sys
from pathlib import Path

import click

from pipeline.cli.session import Session
from pipeline.errors import MissingToolError
from pipeline.messages import mark, tr

#: What the extra brings; the rest of the program needs none of it.
_PACKAGES = ("starlette", "uvicorn", "python_multipart")


@click.command(
    help=mark(
        "Serve the office in the browser until stopped (Ctrl-C or SIGTERM), on this machine alone unless told "
        "otherwise. Who may come in: vanthu user."
    )
)
@click.option("--host", default="127.0.0.1", show_default=True, help=mark("The address to listen at."))
@click.option("--port", type=click.IntRange(1, 65535), default=8022, show_default=True, help=mark("The port."))
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    help=mark("The certificate (PEM); needed at any other address than this machine's own."),
)
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help=mark("Its private key (PEM)."))
@click.pass_obj
def web(session: Session, host: str, port: int, certificate: Path | None, key: Path | None) -> None:
    """Become the process that serves: the faces do not know each other (docs/ARCHITECTURE.md)."""
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
    # its settings are read here, too: what is wrong with them is told by the command
    words = [str(session.settings.root), "--host", host, "--port", str(port)]
    if session.language_option:
        words += ["--lang", session.language_option]
    for name, file in (("--certificate", certificate), ("--key", key)):
        if file is not None:
            words += [name, str(file.absolute())]
    sys.stdout.flush()
    sys.stderr.flush()
    # with -P nothing that lies in the working folder is imported in place of a library
    os.execv(sys.executable, [sys.executable, "-P", "-m", "pipeline.web", *words])  # noqa: S606 - our own module


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


COMMANDS = (web,)
