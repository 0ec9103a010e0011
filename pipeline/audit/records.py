"""What the ledger's own records say of each other: dates and numbers, jobs and their history; in flat memory."""

from collections.abc import Iterator

from pipeline.audit.known import Known
from pipeline.ledger import Ledger
from pipeline.ledger.streams import Streams
from pipeline.messages import say
from pipeline.model import Finding, Severity
from pipeline.register import order


def record_findings(ledger: Ledger) -> Iterator[Finding]:
    """Compare dates with numbers, numbers with each other, and jobs with history and register."""
    streams = Streams(ledger.engine)
    # what the books say, beyond the chains: dates run with the numbers, no number and symbol twice
    for series in ledger.series():
        yield from order.date_order(streams.entries(series.key))
    with Known() as seen:
        yield from order.doubles(streams.entries(), seen)
    yield from _jobs(streams)


def _jobs(streams: Streams) -> Iterator[Finding]:
    """Compare where each job is said to stand, and its number, with the history and the register."""
    numbers = streams.numbers()
    of, number = next(numbers, (0, ""))
    # triggers refuse changes of events and entries, not of jobs: a row edited by hand shows only here
    for job in streams.jobs():
        while 0 < of < job.id:
            of, number = next(numbers, (0, ""))
        if job.state != job.told_state or job.number != (number if of == job.id else ""):
            message = say("Job {id} is not as its history and the register say it is.", id=job.id)
            yield Finding("ledger.changed", Severity.BLOCK, message, found=str(job.id))
