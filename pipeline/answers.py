"""Answers: what stands on the note that goes back with a faulty file, and on the receipt for an accepted one.

The words and the look are the Word templates in templates/_answers (names: docs/template-names.md); here are the
values.
"""

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline import messages
from pipeline.messages import say
from pipeline.model import Finding, Json, JsonObject, Place, Said, Severity, State
from pipeline.naming import Answer

MOST_FINDINGS = 200
MOST_TEXT = 400


@dataclass(frozen=True)
class Facts:
    """Everything an answer is made of. `understood` holds (label, value) as they were read."""

    answer: Answer
    job_id: int
    file_name: str
    received_at: dt.datetime
    cluster: str
    unit_name: str = ""
    kind_title: str = ""
    contact: str = ""
    findings: tuple[Finding, ...] = ()
    understood: tuple[tuple[str, str], ...] = ()
    next_step: Said | None = None


def values(facts: Facts) -> JsonObject:
    """Give the values of an answer's template, in the language in use."""
    blocking = [finding for finding in facts.findings if finding.severity is Severity.BLOCK]
    others = [finding for finding in facts.findings if finding.severity is not Severity.BLOCK]
    return {
        "code": f"{'PT' if facts.answer is Answer.RETURNED else 'BN'}-{facts.job_id:06d}",
        "file_name": facts.file_name,
        "unit": facts.unit_name,
        "kind": facts.kind_title,
        "received": received(facts.received_at),
        "blocking": [_row(finding) for finding in blocking[:MOST_FINDINGS]],
        "others": [_row(finding) for finding in others[:MOST_FINDINGS]],
        "blocking_count": len(blocking),
        "other_count": len(others),
        "understood": [{"label": label, "value": _cut(value)} for label, value in facts.understood],
        "next_step": messages.shown(facts.next_step or _next_step(facts.answer)),
        "contact": facts.contact,
        "cluster": facts.cluster,
    }


def received(at: dt.datetime) -> str:
    """Write a moment as an answer prints it, in local time."""
    local = at.astimezone()
    return messages.tr(
        "{hour:02d}:{minute:02d} on {day:02d}/{month:02d}/{year}",
        hour=local.hour,
        minute=local.minute,
        day=local.day,
        month=local.month,
        year=local.year,
    )


@functools.cache
def states() -> Mapping[State, Said]:
    """Say where a job stands, in the words of the status vocabulary (noi-dung.md 6.3)."""
    return {
        State.RECEIVED: say("received"),
        State.READ: say("being checked"),
        State.ACCEPTED: say("accepted"),
        State.WAITING: say("waiting for others"),
        State.FILLED: say("being made"),
        State.RENDERED: say("being made"),
        State.DELIVERED: say("waiting for signature"),
        State.NUMBERED: say("numbered, waiting for the scan"),
        State.SIGNED: say("signed, waiting for its number"),
        State.REGISTERED: say("registered"),
        State.ARCHIVED: say("archived"),
        State.MATCHED: say("signed paper recognised"),
        State.RETURNED: say("returned, to be mended"),
        State.HELD: say("held for the operator"),
        State.SUPERSEDED: say("replaced by a later file"),
        State.CANCELLED: say("cancelled"),
    }


def _next_step(answer: Answer) -> Said:
    if answer is Answer.RETURNED:
        return say("Please mend the places above and drop the file again; the new file replaces this one.")
    if answer is Answer.ALREADY:
        return say("There is nothing to do: this file was received before and is not taken a second time.")
    return say("There is nothing more to do now; the document is being made.")


def _row(finding: Finding) -> JsonObject:
    return {
        "code": finding.code,
        "place": where(finding.place),
        "message": messages.shown(finding.message),
        "found": _cut(finding.found),
        "needed": messages.shown(finding.needed) if finding.needed else "",
        "mend": messages.shown(finding.mend) if finding.mend else "",
    }


def where(place: Place) -> str:
    """Say where something stands in the words of an answer."""
    return messages.shown(messages.place(place))


def _cut(text: str) -> str:
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"


def understood(values: JsonObject, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Lay a form's values out as (label, value), in the order of the form; a list is one numbered line for each item.

    `labels` gives the label of each JSON pointer pattern ("/targets/*/due").
    """
    return tuple(_lines(values, "", labels))


def _lines(value: Json, pattern: str, labels: Mapping[str, str], prefix: str = "") -> Iterable[tuple[str, str]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _lines(part, f"{pattern}/{name}", labels, prefix)
    elif isinstance(value, list):
        for number, part in enumerate(value, start=1):
            yield labels.get(pattern, pattern), f"{number}. {_flat(part)}"
    elif value not in (None, ""):
        yield f"{prefix}{labels.get(pattern, pattern)}", _shown(value)


def _flat(value: Json) -> str:
    if isinstance(value, dict):
        return " · ".join(text for text in (_flat(part) for part in value.values()) if text)
    if isinstance(value, list):
        return "; ".join(_flat(part) for part in value)
    return _shown(value)


def _shown(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return messages.tr("yes") if value else messages.tr("no")
    text = str(value)
    try:
        return f"{dt.date.fromisoformat(text):%d/%m/%Y}" if len(text) == len("2022-05-25") else text
    except ValueError:
        return text
