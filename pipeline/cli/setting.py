"""`vanthu config show`: what this working folder is set to."""

import json

import click

from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr
from pipeline.model import Json


@click.group(help=mark("The configuration of this working folder."))
def config() -> None:
    """Group the commands about the configuration."""


@config.command(help=mark("Show every setting with its value, and which outside programs are installed."))
@showing.json_option
@click.pass_obj
def show(session: Session, *, as_json: bool) -> None:
    """Show the configuration as it is in force, environment included, and which outside programs are there."""
    from pipeline.app import outside_programs
    from pipeline.archive.journal import Places
    from pipeline.proof.standalone import KEYS

    # a password in the database's URL is masked there already
    settings = session.settings
    programs = outside_programs.found(settings.folders.var)
    # by which others know the heads of the register; the other half never leaves var
    file = Places(settings.folders.archive, settings.folders.anchors).journal / KEYS
    keys = file.read_text("utf-8").split() if file.is_file() else []
    if as_json:
        showing.emit_json(settings.values | {"programs": programs, "public_keys": keys})
        return
    showing.emit_table((tr("setting"), tr("value")), list(_lines("", settings.values)))
    showing.emit_table((tr("program"), tr("value")), list(programs.items()))
    for key in keys:
        showing.emit_table((tr("public key of the heads"),), [(key,)])


def _lines(prefix: str, value: Json) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [line for name, part in value.items() for line in _lines(f"{prefix}{name}.", part)]
    # as it would be written in config.yaml
    shown = value if isinstance(value, str) else json.dumps(value)
    return [(prefix.rstrip("."), shown.removesuffix(".0") if isinstance(value, float) else shown)]


COMMANDS = (config,)
