"""`vanthu story`: plays an example year in a working folder of its own and tells what happens."""

import click

from pipeline.messages import mark


@click.command(help=mark("Play an example year in a new folder and tell what happens."))
def story() -> None:
    """Play."""


COMMANDS = (story,)
