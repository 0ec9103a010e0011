"""The command line: parse, call, print. Nothing is decided here; heavy libraries wait at each command's door.

This is one of the two places where an exception becomes something else (the other is `pipeline.app.worker`): an exit
code.
"""

from pipeline.cli.entry import main

__all__ = ["main"]
