"""The year board: who has handed in what, who is late, what is waited for; for people who only have the folder.

`page` and `workbook` write the same `Board` as HTML and as a workbook. Values in, bytes out; the same board always
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
    Status,
    Stopped,
    WaitingDocument,
)
from pipeline.status.views.page import page
from pipeline.status.views.words import cell_text, day_text, days_text, sent_text, status_text, warning_text
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
    "Status",
    "Stopped",
    "WaitingDocument",
    "cell_text",
    "day_text",
    "days_text",
    "page",
    "sent_text",
    "status_text",
    "warning_text",
    "workbook",
]
