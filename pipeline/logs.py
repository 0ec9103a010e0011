"""Logs: short sentences with facts beside them, each with an action word to search by, on stderr.

    log = logs.Log(__name__)
    log.info("job.moved", "job moved", job=17, to="filled")

    human    12:03:11 info     job.moved        job moved · job=17 to=filled
    JSON     {"at": "2022-05-27T12:03:11.204+07:00", "level": "info", "action": "job.moved", "message": …, "job": 17}

The message never holds the facts, so that equal events have equal messages; results for people go to stdout and are
no log. Action words are `noun.verb` in lower case.
"""

import datetime as dt
import json
import logging
import sys
from typing import Final, TextIO, TypeAlias

Fact: TypeAlias = str | int | float | None

_ROOT: Final = "pipeline"
_ACTION: Final = "action"
_FACTS: Final = "facts"


class Log:
    """The log of one module; says nothing until `set_up` was called (warnings excepted)."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def debug(self, action: str, message: str, /, **facts: Fact) -> None:
        """For the person who looks for a bug."""
        self._log(logging.DEBUG, action, message, facts)

    def info(self, action: str, message: str, /, **facts: Fact) -> None:
        """Ordinary events of the day."""
        self._log(logging.INFO, action, message, facts)

    def warning(self, action: str, message: str, /, **facts: Fact) -> None:
        """Something a person should know, while the work goes on."""
        self._log(logging.WARNING, action, message, facts)

    def error(self, action: str, message: str, /, *, trouble: BaseException | None = None, **facts: Fact) -> None:
        """Something that stopped a piece of work; `trouble` brings its traceback."""
        self._log(logging.ERROR, action, message, facts, trouble)

    def _log(
        self, level: int, action: str, message: str, facts: dict[str, Fact], trouble: BaseException | None = None
    ) -> None:
        self._logger.log(level, "%s", message, extra={_ACTION: action, _FACTS: facts}, exc_info=trouble)


def set_up(*, level: str = "info", as_json: bool = False, stream: TextIO | None = None) -> None:
    """Send every log record from `level` ("debug", "info", "warning", "error") up to `stream` (stderr).

    Other libraries are heard from "warning" up. Calling it again replaces the earlier set-up.
    """
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(_JsonLines() if as_json else _Human())
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old.formatter, _JsonLines | _Human)]:
        root.removeHandler(old)
    root.addHandler(handler)
    logging.getLogger(_ROOT).setLevel(level.upper())


def _facts(record: logging.LogRecord) -> dict[str, Fact]:
    facts = getattr(record, _FACTS, None)
    return facts if isinstance(facts, dict) else {}


def _action(record: logging.LogRecord) -> str:
    """The action word; of other libraries' records, their logger's name."""
    return str(getattr(record, _ACTION, record.name))


def _at(record: logging.LogRecord) -> dt.datetime:
    return dt.datetime.fromtimestamp(record.created, dt.UTC).astimezone()


class _Human(logging.Formatter):
    """One line for the eye; signs that could break the line or the terminal are written as escapes."""

    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{name}={value}" for name, value in _facts(record).items() if value is not None)
        said = f"{record.getMessage()} · {facts}" if facts else record.getMessage()
        line = f"{_at(record):%H:%M:%S} {record.levelname.lower():<8} {_action(record):<16} {_one_line(said)}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _JsonLines(logging.Formatter):
    """One JSON object a line, for a machine."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Fact] = {
            "at": _at(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "action": _action(record),
            "message": record.getMessage(),
            "logger": record.name,
        }
        line.update({name: value for name, value in _facts(record).items() if name not in line})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
