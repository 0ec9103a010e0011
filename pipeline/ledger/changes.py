"""Whether anything has changed since an event that somebody who looks at pages wants to know of."""

from sqlalchemy import or_, select

from pipeline.ledger.ledger import Ledger
from pipeline.store import schema
from pipeline.store.engine import reading


def concerns(ledger: Ledger, unit: str, since: int) -> bool:
    """Tell whether anything happened after an event to documents or to the inbox; with `unit` to its own alone.

    Who came in, or was told by mail, is no change of what is looked at.
    """
    events, jobs = schema.events, schema.jobs
    if unit:
        query = (
            select(events.c.id)
            .join(jobs, jobs.c.id == events.c.job_id)
            .where(or_(jobs.c.unit == unit, jobs.c.folder == unit))
        )
    else:
        of_inbox = or_(events.c.action.like("inbox.%"), events.c.action.like("intake.%"))
        query = select(events.c.id).where(or_(events.c.job_id.is_not(None), of_inbox))
    with reading(ledger.engine) as connection:
        return connection.execute(query.where(events.c.id > since).limit(1)).first() is not None
