"""What can go wrong in filling: a template's problems, each with its place, and values that cannot be printed.

The sentences' catalogue is read when there is something to say: a document needs none of it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.errors import KindError, OperatorError

if TYPE_CHECKING:
    from pipeline.model import Finding, Message


class TemplateError(KindError):
    """The template cannot be used as it is; `problems` holds everything wrong that could be found at once.

    The place of each names part ("word/document.xml"), table, row, column (cell) and paragraph, counted from 1;
    `found` is the tag as it stands in Word.
    """

    def __init__(self, problems: Sequence["Finding"]) -> None:
        self.problems = tuple(problems)
        from pipeline import messages

        super().__init__("\n".join(map(messages.located, self.problems)))


class ValueRefused(OperatorError):  # noqa: N818 - names a state of the world
    """A value cannot be printed as it is; `pointer` is its JSON pointer in the values ("/units/3/name")."""

    exit_code = 21

    def __init__(self, pointer: str, reason: "Message") -> None:
        self.pointer = pointer
        from pipeline import messages

        self.reason = reason
        super().__init__(messages.shown(reason))


class NotTaken(OperatorError):  # noqa: N818 - names a state of the world
    """Something was asked of docxtpl's template object that filling does not take over from it."""

    def __init__(self, reason: "Message") -> None:
        self.reason = reason
        from pipeline import messages

        super().__init__(messages.shown(reason))
