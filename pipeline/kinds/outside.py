"""The kinds of papers that were not made here: no form, no template, whatever they are about."""

from typing import Final

from pipeline.kinds.built_in import built_in
from pipeline.kinds.kind import Kind
from pipeline.model import Direction, Job

#: By the ids that their jobs have; a folder of templates has none of them.
OUTSIDE: Final = {
    kind.id: kind
    for kind in (
        built_in("van-ban-den", "Văn bản đến", "Incoming paper", "VBĐEN", direction=Direction.INCOMING),
        built_in("van-ban-di", "Văn bản đi", "Outgoing paper", "VBĐI", direction=Direction.OUTGOING),
    )
}


def is_outside(job: Job) -> bool:
    """Tell whether a job is a paper that was not made here."""
    return job.kind in OUTSIDE


def outside_kind(direction: Direction) -> Kind:
    """Give the kind of papers of one register."""
    return next(kind for kind in OUTSIDE.values() if kind.register == direction)
