"""The command line: parse, call, print. Nothing is decided here; each command imports the heavy libraries it needs.

An exception becomes an exit code here; the only other place where exceptions become something else is
`pipeline.app.worker`.
"""

from pipeline.cli.entry import main

__all__ = ["main"]
