"""The words of the board, alike in the terminal, on the page and in the workbook."""

import datetime as dt
import functools
from collections.abc import Mapping

from pipeline.messages import joined, say, say_count, verbatim
from pipeline.model import Message
from pipeline.status.views.facts import Board, Cell, Column, Deadline, OpenWarning, Stand


@functools.cache
def stand_said(stand: Stand) -> Message:
    """Say where a unit stands with a kind."""
    words: Mapping[Stand, Message] = {
        Stand.NOT_OWED: verbatim("–"),
        Stand.MISSING: say("not handed in"),
        Stand.CHECKING: say("being checked"),
        Stand.RETURNED: say("sent back"),
        Stand.HELD: say("on hold"),
        Stand.VALID: say("valid"),
        Stand.AWAITED: say("to be signed"),
        Stand.SIGNED: say("signed, not filed yet"),
        Stand.ARCHIVED: say("filed away"),
    }
    return words[stand]


def cell_said(cell: Cell) -> Message:
    """Say a cell: where it stands, and by how many days it is or was late."""
    if not cell.late_days:
        return stand_said(cell.stand)
    return joined([stand_said(cell.stand), say_count("{count} day late", "{count} days late", cell.late_days)])


def days_said(days_left: int) -> Message:
    """Say how far a day is: "3 days left", "today", "2 days ago"."""
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
        "owner": say("Whose task"),
        "when": say("When"),
        "sent": say("Papers here"),
        "documents": say("Documents of the cluster"),
        "document": say("Document"),
        "number": say("Number"),
        "state": say("Where it stands"),
        "waiting": say("What is waited for"),
        "waits_for": say("Waits for"),
        "warnings": say("Open warnings (a person should look)"),
        "rule": say("Rule"),
        "what": say("What was noticed"),
        "stopped": say("On hold, or not known what it is"),
        "file": say("File"),
        "why": say("Why"),
        "legend": say("Legend"),
    }


def heading_said(board: Board) -> Message:
    """Say what the board is: "Year 2022: how the papers stand"."""
    return say("Emulation year {year}: where the papers stand", year=board.year)


def as_of_said(board: Board) -> Message:
    """Say for which day the board holds, and when anything last changed."""
    if board.changed_at is None:
        return say("As of {day}.", day=short(board.as_of))
    changed = board.changed_at.astimezone()
    return say("As of {day}; last change {changed}.", day=short(board.as_of), changed=f"{changed:%d/%m/%Y %H:%M}")


def column_said(column: Column) -> Message:
    """Say a kind and the day it is due."""
    if column.due is None:
        return column.title
    return say("{kind} (due {day})", kind=column.title, day=short(column.due))


def sent_said(deadline: Deadline) -> Message:
    """Say how many of the papers due are here; empty where none is due."""
    if not deadline.expected:
        return verbatim("")
    return say("{sent} of {expected}", sent=deadline.sent, expected=deadline.expected)


def short(day: dt.date) -> str:
    """Write a day as the board does."""
    return f"{day:%d/%m/%Y}"


def warning_said(warning: OpenWarning) -> Message:
    """Say what was noticed, and how many more of the same rule there are."""
    if warning.count == 1:
        return warning.message
    return say("{message} (and {count} more)", message=warning.message, count=warning.count - 1)
