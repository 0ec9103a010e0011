"""What people call a document: by its kind, and which of the kind's documents of the year it is."""

import re
from collections.abc import Mapping

from pipeline.kinds import Kind
from pipeline.kinds.orders import ORDERS
from pipeline.kinds.outside import OUTSIDE
from pipeline.messages import say, shown_in
from pipeline.model import Job
from pipeline.steps.later import REPLACING


def title_of(kinds: Mapping[str, Kind], job: Job, language: str) -> str:
    """Call a document by its kind and variant, in a language: "Biên bản: Hội nghị triển khai"."""
    if job.kind in OUTSIDE:
        return shown_in(OUTSIDE[job.kind].title, language)
    if job.kind == ORDERS.id:
        return shown_in(ORDERS.title, language)
    kind = kinds.get(job.kind)
    if kind is None:
        return job.kind
    variant, _, again = job.variant.partition(REPLACING)
    title = _of_variant(kind, variant, language)
    return shown_in(say("{title} (issued again, {time})", title=title, time=again), language) if again else title


def _of_variant(kind: Kind, variant: str, language: str) -> str:
    # a variant is a code of the choice field, with the round after it when there are several: "so_ket", "don_doc-2"
    field = kind.fields.at(kind.variant) if kind.variant else None
    if field is None and variant.isdigit():  # of many a year, which one
        return f"{shown_in(kind.title, language)} ({variant})"
    found = re.fullmatch(r"(.+)-(\d+)", variant)
    code, time = found.groups() if found else (variant, "")
    name = field.choices[code][0] if field and code in field.choices else code
    title = shown_in(kind.title, language)
    return f"{title}: {name}{f' ({time})' if time else ''}" if name else title
