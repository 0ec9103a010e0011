"""Logs: short sentences with facts beside them, each with an action word to search by, on stderr.

    log = logging.getLogger(__name__)
    log.info("moved", extra={"action": "job.move", "job": 17, "to": "filled"})

    human    12:03:11 info     job.move         moved · job=17 to=filled
    JSON     {"at": "2022-05-27T12:03:11.204+07:00", "level": "info", "action": "job.move", "message": …, "job": 17}

The message never holds the facts, so that equal events have equal messages; action words are `noun.verb` in lower
case. Results for people go to stdout and are not logged. Modules only log; where to, the entry sets up here.
"""

import datetime as dt
import json
import logging
import sys
from typing import Final, TextIO

#: What every record has; an `extra` may not use these words (logging raises KeyError), all others are facts.
RESERVED: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_OURS: Final = "pipeline"
_ACTION: Final = "action"


def set_up(*, level: str = "info", as_json: bool = False, stream: TextIO | None = None) -> None:
    """Send our records from `level` ("debug", "info", "warning", "error") up, and others' warnings, to `stream`.

    `stream` is stderr when not given. Calling it again replaces the earlier set-up.
    """
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(_JsonLines() if as_json else _Human())
    # on the root logger, so that warnings of libraries are heard too; the level is set for our own records only
    root = logging.getLogger()
    # ours only: a test runner or a library may have handlers of its own there
    for old in [old for old in root.handlers if isinstance(old.formatter, _JsonLines | _Human)]:
        root.removeHandler(old)
    root.addHandler(handler)
    logging.getLogger(_OURS).setLevel(level.upper())


def hear_warnings() -> None:
    """Send at least our warnings: of a service that runs for months nobody sees what its commands would tell."""
    ours = logging.getLogger(_OURS)
    ours.setLevel(min(ours.level, logging.WARNING))


def _facts(record: logging.LogRecord) -> dict[str, object]:
    """Give what was passed in `extra`, but the action word."""
    return {
        name: value
        for name, value in vars(record).items()
        if name not in RESERVED and name != _ACTION and value is not None
    }


def _action(record: logging.LogRecord) -> str:
    """Give the action word; where there is none (another library's record), the logger's name."""
    return str(getattr(record, _ACTION, record.name))


def _at(record: logging.LogRecord) -> dt.datetime:
    return dt.datetime.fromtimestamp(record.created, dt.UTC).astimezone()


class _Human(logging.Formatter):
    """One line for people; characters that could break the line or the terminal are written as escapes.

    File names are foreign: one with a line end or an escape sequence in it could forge a record.
    """

    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{name}={value}" for name, value in _facts(record).items())
        text = f"{record.getMessage()} · {facts}" if facts else record.getMessage()
        line = f"{_at(record):%H:%M:%S} {record.levelname.lower():<8} {_action(record):<16} {_one_line(text)}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _JsonLines(logging.Formatter):
    """One JSON object a line, for a machine."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": _at(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "action": _action(record),
            "message": record.getMessage(),
            "logger": record.name,
        }
        # a fact called “level” must not take the place of the level
        line.update({name: value for name, value in _facts(record).items() if name not in line})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        # whatever a fact is: a log that raises would hide what it was to tell
        return json.dumps(line, ensure_ascii=False, default=str)


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
