"""The year board: who has handed in what, who is late, what is waited for; for people who only have the folder.

`page` and `workbook` lay the same `Board` out as HTML and as a workbook. Values in, bytes out; the same board always
gives the same page.
"""

from pipeline.status.views.facts import (
    Board,
    Cell,
    Column,
    Deadline,
    Document,
    OpenWarning,
    Row,
    Stand,
    Stopped,
    Waited,
)
from pipeline.status.views.page import page
from pipeline.status.views.words import cell_said, days_said, sent_said, short, stand_said, warning_said
from pipeline.status.views.workbook import workbook

#: The board's files in the outbox: tinh-hinh.html, tinh-hinh.xlsx.
NAME = "tinh-hinh"

__all__ = [
    "NAME",
    "Board",
    "Cell",
    "Column",
    "Deadline",
    "Document",
    "OpenWarning",
    "Row",
    "Stand",
    "Stopped",
    "Waited",
    "cell_said",
    "days_said",
    "page",
    "sent_said",
    "short",
    "stand_said",
    "warning_said",
    "workbook",
]
