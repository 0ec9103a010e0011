"""Findings: what is wrong with a submission, a paper or a file of the office, where, and how to mend it."""

import enum
from dataclasses import dataclass

from pipeline.model.address import WHOLE, Address
from pipeline.model.message import Message


class Severity(enum.StrEnum):
    """How much a finding weighs."""

    BLOCK = "block"  #: chặn: the document is not made
    WARN = "warn"  #: cảnh báo: made, a person should look
    INFO = "info"  #: thông tin


@dataclass(frozen=True)
class Place:
    """Where something stands in a submitted file; whatever is not known is empty or 0.

    `pointer` is the address of the field in the form's values ("/targets/3/due"), in JSON its pointer. Counts
    start at 1. `field` is what the form itself calls the place (a field of a PDF, the tag of a content control);
    people are not shown it. `file` is set for a file of the office itself ("templates/ke-hoach/kind.yaml", or the
    variable of the environment that overrides a setting); `pointer` is then the place in that file's values.
    """

    pointer: Address = WHOLE
    label: str = ""
    sheet: str = ""
    cell: str = ""
    table: int = 0
    row: int = 0
    column: int = 0
    paragraph: int = 0
    page: int = 0
    line: int = 0
    part: str = ""
    field: str = ""
    file: str = ""

    def named(self, pointer: Address, label: str) -> "Place":
        """The same place as that of a field of the form."""
        # every value has one, and `replace` with the checks of a frozen class takes six times as long
        made = object.__new__(Place)
        made.__dict__.update(self.__dict__, pointer=pointer, label=label)
        return made


@dataclass(frozen=True)
class Finding:
    """One thing wrong with (or worth saying about) a submission, a paper or a file of the office's own.

    `code` is stable and dotted ("field.required") or a rule's id ("DK02"); docs/reference/findings.md lists them.
    """

    code: str
    severity: Severity
    message: Message
    place: Place = Place()
    found: str = ""
    needed: Message | None = None
    mend: Message | None = None
