"""The words of the board, alike in the terminal, on the page and in the workbook."""

import datetime as dt
import functools
from collections.abc import Mapping

from pipeline.messages import joined, say, say_count, verbatim
from pipeline.model import Message
from pipeline.status.views.facts import Board, Cell, Column, Deadline, OpenWarning, Status


@functools.cache
def status_text(status: Status) -> Message:
    """Name the status of a unit with a kind."""
    words: Mapping[Status, Message] = {
        Status.NOT_OWED: verbatim("–"),
        Status.MISSING: say("not handed in"),
        Status.CHECKING: say("being checked"),
        Status.RETURNED: say("sent back"),
        Status.HELD: say("on hold"),
        Status.VALID: say("valid"),
        Status.AWAITED: say("to be signed"),
        Status.PARTLY_SIGNED: say("signatures are missing"),
        Status.SIGNED: say("signed, not filed yet"),
        Status.ARCHIVED: say("filed away"),
    }
    return words[status]


def cell_text(cell: Cell) -> Message:
    """Write a cell: its status, and by how many days it is or was late."""
    if not cell.late_days:
        return status_text(cell.status)
    return joined([status_text(cell.status), say_count("{count} day late", "{count} days late", cell.late_days)])


def days_text(days_left: int) -> Message:
    """Write how far a day is: "3 days left", "today", "2 days ago"."""
    if days_left == 0:
        return say("today")
    if days_left > 0:
        return say_count("{count} day left", "{count} days left", days_left)
    return say_count("{count} day ago", "{count} days ago", -days_left)


@functools.cache
def labels() -> Mapping[str, Message]:
    """The headings of the board."""
    return {
        "unit": say("Unit"),
        "due": say("Due"),
        "no_due": say("no day set"),
        "deadlines": say("Deadlines of the year"),
        "task": say("What is due"),
        "owner": say("Responsible"),
        "when": say("When"),
        "sent": say("Papers received"),
        "documents": say("Documents of the cluster"),
        "document": say("Document"),
        "job": say("Job no."),
        "number": say("Number"),
        "state": say("Status"),
        "waiting": say("Waiting for other units"),
        "waits_for": say("Waits for"),
        "asked": say("Waiting for the clerk's form"),
        "warnings": say("Open warnings (to be looked at)"),
        "rule": say("Rule"),
        "what": say("What was noticed"),
        "stopped": say("On hold or not identified"),
        "file": say("File"),
        "why": say("Why"),
        "register": say("Check of the books"),
        "workers": say("Machines at work"),
        "legend": say("Legend"),
    }


def heading_text(board: Board) -> Message:
    """Write the title of the board."""
    return say("Emulation year {year}: status of the documents", year=board.year)


def as_of_text(board: Board) -> Message:
    """Write for which day the board holds, and when anything last changed; that its year is an example, if it is."""
    if board.is_example:
        return say("{as_of} The facts of this year are an invented example.", as_of=_as_of(board))
    return _as_of(board)


def _as_of(board: Board) -> Message:
    if board.changed_at is None:
        return say("As of {day}.", day=day_text(board.as_of))
    changed = board.changed_at.astimezone()
    return say("As of {day}; last change {changed}.", day=day_text(board.as_of), changed=f"{changed:%d/%m/%Y %H:%M}")


def column_text(column: Column) -> Message:
    """Write the head of a column: a kind and the day it is due."""
    if column.due is None:
        return column.title
    return say("{kind} (due {day})", kind=column.title, day=day_text(column.due))


def sent_text(deadline: Deadline) -> Message:
    """Write how many of the papers due were received; empty where none is due."""
    if not deadline.expected:
        return verbatim("")
    return say("{sent} of {expected}", sent=deadline.sent, expected=deadline.expected)


def day_text(day: dt.date) -> str:
    """Write a day as the board does."""
    return f"{day:%d/%m/%Y}"


def warning_text(warning: OpenWarning) -> Message:
    """Write what was noticed, and how many more of the same rule there are."""
    if warning.count == 1:
        return warning.message
    return say("{message} (and {count} more)", message=warning.message, count=warning.count - 1)
