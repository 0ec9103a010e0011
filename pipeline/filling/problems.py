"""What can go wrong in filling: a template's problems, each with its place, and values that cannot be printed.

The sentences' catalogue is read when there is something to say: a document needs none of it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import KindError, OperatorError

if TYPE_CHECKING:
    from pipeline.model import Message, Place


class TemplateProblem(NamedTuple):
    """One problem of a template, for its author.

    `place` names part ("word/document.xml"), table, row, column (cell) and paragraph, counted from 1; `around` is
    the text of the paragraph, `tag` the tag as it stands in Word, `what` what is wrong and `mend` what to do.
    """

    place: "Place"
    around: str
    tag: str
    what: "Message"
    mend: "Message"

    @property
    def sentence(self) -> "Message":
        """Everything in one sentence."""
        from pipeline import messages

        where = messages.place(self.place)
        if where == messages.NOTHING:
            return messages.joined((self.what, self.mend), " ")
        if not self.tag:
            return messages.say("{where}: {what} {mend}", where=where, what=self.what, mend=self.mend)
        return messages.say(
            "{where}, tag {tag} in “{around}”: {what} {mend}",
            where=where,
            tag=self.tag,
            around=self.around,
            what=self.what,
            mend=self.mend,
        )

    def __str__(self) -> str:
        from pipeline import messages

        return messages.shown(self.sentence)


class TemplateError(KindError):
    """The template cannot be used as it is; `problems` holds everything wrong that could be found at once."""

    def __init__(self, problems: Sequence[TemplateProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class ValueRefused(OperatorError):  # noqa: N818 - names a state of the world
    """A value cannot be printed as it is; `pointer` is its JSON pointer in the values ("/units/3/name")."""

    exit_code = 21

    def __init__(self, pointer: str, reason: "Message") -> None:
        self.pointer = pointer
        from pipeline import messages

        self.reason = reason
        super().__init__(messages.shown(reason))
