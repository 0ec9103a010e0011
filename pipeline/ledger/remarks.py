"""What concerns no job, as it is asked for: by the index on acts and on the beginning of what they say.

Conditions on `store.schema.events`; however many remarks there are, only those that are wanted are read.
"""

from sqlalchemy import Text, cast, literal, literal_column, select
from sqlalchemy.sql import ColumnElement

from pipeline.ledger.chain import canonical
from pipeline.ledger.outcome import Detail
from pipeline.store import schema

events = schema.events
_ENDS = events.alias("ends")


def same(action: str, detail: Detail) -> tuple[ColumnElement[bool], ...]:
    """Say when an event is just this act."""
    said = canonical(detail)
    begins = _beginning("events") == said[: schema.DETAIL_INDEXED]
    return events.c.job_id.is_(None), events.c.action == action, begins, events.c.detail == said


def not_ended(by: str) -> ColumnElement[bool]:
    """Say when no act `by` has named the event's number: all that such an act says is {"incident": number}."""
    # as `chain.canonical` writes it
    said = literal('{"incident":').concat(cast(events.c.id, Text)).concat("}")
    wanted = (_ENDS.c.job_id.is_(None), _ENDS.c.action == by, _beginning("ends") == said)
    return ~select(_ENDS.c.id).where(*wanted).exists()


def _beginning(table: str) -> ColumnElement[str]:
    # in the words of the index: with bound values a database would not see that it is meant
    return literal_column(f"substr({table}.detail, 1, {schema.DETAIL_INDEXED})", Text)
