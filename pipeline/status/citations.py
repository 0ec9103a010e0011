"""Which document of the year is meant where another paper names it: by its number in the register."""

import datetime as dt

from pipeline.messages import say, shown_in
from pipeline.model import AFTER_SIGNATURE, Direction, Job
from pipeline.register.rows import rows
from pipeline.rules.citing import cited_in
from pipeline.vietnamese import compare_key
from pipeline.vietnamese.dates import date_long, date_short
from pipeline.workspace import Workspace
from pipeline.years import Year

#: Official papers are written in this language, whatever the office reads its answers in.
LETTERS = "vi"


def numbered(workspace: Workspace, kind_id: str, year: int) -> Job | None:
    """Give the newest document of a kind and year that has its number."""
    # one that is only partly signed may have none yet
    jobs = [job for job in workspace.ledger.of_kind(kind_id, year, AFTER_SIGNATURE) if job.number]
    return jobs[-1] if jobs else None


def as_cited(workspace: Workspace, kind_id: str, year: Year) -> str:
    """Name that document as the office's papers do (`cited`); "" while there is none."""
    kind = workspace.loaded().kinds[kind_id]
    job = numbered(workspace, kind_id, year.year)
    number, day = (job.number, job.document_on) if job else _entered(workspace, kind.series, year)
    return cited(workspace, kind.title_vi, number, day) if number and day else ""


def cited(workspace: Workspace, kind: str, number: str, on: dt.date | None) -> str:
    """Name a document: "Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022", of the State "… số 01/KH-CTĐ4 ngày 27 tháng 5 …"."""
    if on is None:
        named = say("{kind} no. {number}", kind=kind, number=number)
    elif workspace.practice.form_family == "party":
        named = say("{kind} no. {number} of {day}", kind=kind, number=number, day=date_short(on))
    else:
        named = say("{kind} no. {number}, {day}", kind=kind, number=number, day=date_long(on))
    return shown_in(named, LETTERS)


def _entered(workspace: Workspace, type_: str, year: Year) -> tuple[str, dt.date | None]:
    """Give number and day of the one document of a type that the year's register has from elsewhere.

    Of two nobody but the clerk knows which is meant.
    """
    # the book of what came in is by far the longest, and nothing of it is cited as ours
    ours = [run.series for run in workspace.ledger.runs_of(year.year) if run.direction is Direction.OUTGOING]
    found = [
        (row.number, row.columns.document_on)
        for series in ours
        for row in rows(workspace.ledger, series)
        if row.void is None
        and row.columns.document_on is not None
        and row.columns.document_on.year == year.year
        and any(one.mark == compare_key(type_) for one in cited_in(row.number, year.cluster.symbol))
    ]
    return found[0] if len(found) == 1 else ("", None)
