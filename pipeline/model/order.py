"""An order: what the cluster's clerk wants done, as a row of the order workbook says it."""

import enum
from dataclasses import dataclass


class Task(enum.StrEnum):
    """What can be ordered; each is what a command of the command line does."""

    FORMS = "forms"  #: make the forms of a kind
    REMIND = "remind"  #: write the letter to the units whose papers are missing
    NUMBER = "number"  #: give a number to a document that is being signed
    ACCEPT = "accept"  #: accept a warning, or take a signed paper that waits for a person
    REFUSE = "refuse"  #: send a signed paper back that waits for a person
    CANCEL = "cancel"  #: cancel a document
    VOID = "void"  #: make a number void that was given and not used
    AGAIN = "again"  #: process a document again


@dataclass(frozen=True)
class Order:
    """One row: the task, the document or kind it is about, what more is said, the reason, all as the clerk wrote.

    `job` is the order workbook's own; `mark`, in brackets, names this row in the history of whatever it moves.
    """

    task: Task
    document: str
    more: str
    why: str
    job: int
    mark: str

    @property
    def reason(self) -> str:
        """The reason as it enters the history: the clerk's words, and where they were written."""
        return f"{self.why} {self.mark}".strip()


@dataclass(frozen=True)
class Reply:
    """What became of an order, in the office's language; one that was not done may be given again as it is."""

    text: str
    is_done: bool
