"""The values of an answer: of the note that goes back with a faulty file, and of the receipt for an accepted one.

The words and the look are the Word templates in templates/_answers (names: docs/template-names.md); here are the
values.
"""

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline import messages
from pipeline.messages import say, shown_in
from pipeline.model import EVERY, WHOLE, Address, Finding, FormTree, Json, JsonObject, Message, Severity, State
from pipeline.naming import Answer
from pipeline.vietnamese import date_short, money_vn, number_vn, percent_vn

MAX_FINDINGS = 200  # a wrong file (last year's, another kind's) may have thousands; nobody reads on
MAX_TEXT = 400
MAX_UNDERSTOOD = 1500  # a row of a table with all its columns: cut shorter, a misreading would not be seen
# codes mean little to who reads a receipt: their names stand beside them
_CODES = frozenset({"unit_code", "content_code"})


@dataclass(frozen=True)
class Facts:
    """Everything an answer is made of.

    `is_paper` tells a signed paper from a form. `understood` holds (label, value) as they were read; `marked` is the
    name of the marked copy that lies beside the note; `replaced` are earlier files about the same matter: (name, when
    it was received). `head` is the newest signed head of the log on one line: who keeps the answer keeps a witness.
    `link` leads to the document in the browser until the end of a day; "" where no address is configured.
    """

    answer: Answer
    language: str
    job_id: int
    file_name: str
    received_at: dt.datetime
    cluster: str
    unit_name: str = ""
    kind_title: str = ""
    contact: str = ""
    is_paper: bool = False
    findings: tuple[Finding, ...] = ()
    understood: tuple[tuple[str, str], ...] = ()
    next_step: Message | None = None
    marked: str = ""
    replaced: tuple[tuple[str, dt.datetime], ...] = ()
    head: str = ""
    link: str = ""
    link_until: dt.date | None = None


def values(facts: Facts) -> JsonObject:
    """Give the values of an answer's template, in the office's language, whoever runs the command."""
    # apart, because only the first must be mended: a warning among them would be taken for a refusal
    blocking = [finding for finding in facts.findings if finding.severity is Severity.BLOCK]
    others = [finding for finding in facts.findings if finding.severity is not Severity.BLOCK]
    return {
        # phiếu trả lại, biên nhận; a file that was not taken has no job, and no number either
        "code": f"{'PT' if facts.answer is Answer.RETURNED else 'BN'}-{facts.job_id:06d}" if facts.job_id else "–",
        "is_paper": facts.is_paper,
        "file_name": facts.file_name,
        "unit": facts.unit_name,
        "kind": facts.kind_title,
        "received": shown_in(received(facts.received_at), facts.language),
        "blocking": [_row(finding, facts.language) for finding in blocking[:MAX_FINDINGS]],
        "others": [_row(finding, facts.language) for finding in others[:MAX_FINDINGS]],
        # all of them, also where only the first are listed: the note must not look shorter than the faults are
        "blocking_count": len(blocking),
        "other_count": len(others),
        # what was read, to be looked at: a value misread passes every rule (the one law of docs/ARCHITECTURE.md)
        "understood": [{"label": label, "value": _cut(value, MAX_UNDERSTOOD)} for label, value in facts.understood],
        "next_step": shown_in(facts.next_step or _next_step(facts), facts.language),
        "marked": facts.marked,
        "replaces": [shown_in(_replaces(name, at), facts.language) for name, at in facts.replaced],
        "contact": facts.contact,
        "head": facts.head,
        "link": facts.link,
        "link_until": date_short(facts.link_until) if facts.link_until else "",
        "cluster": facts.cluster,
    }


def received(at: dt.datetime) -> Message:
    """Write a moment as an answer prints it, in local time."""
    # in the office's time zone, which opening a workspace has set for the process
    local = at.astimezone()
    return say(
        "{hour}:{minute} on {day}/{month}/{year}",
        hour=f"{local.hour:02d}",
        minute=f"{local.minute:02d}",
        day=f"{local.day:02d}",
        # as the official forms write it: of the months, the first two alone have a zero before them
        month=f"{local.month:02d}" if local.month < 3 else str(local.month),
        year=local.year,
    )


@functools.cache
def states() -> Mapping[State, Message]:
    """Name the states of a job for people, in the words of the status vocabulary (noi-dung.md 6.3)."""
    return {
        State.RECEIVED: say("received"),
        State.READ: say("being checked"),
        State.ACCEPTED: say("accepted"),
        State.WAITING: say("waiting for others"),
        # two states of the program, one word for people: nobody has to do anything between them
        State.FILLED: say("being made"),
        State.RENDERED: say("being made"),
        State.DELIVERED: say("waiting for signature"),
        State.NUMBERED: say("numbered, waiting for the scan"),
        State.PARTLY_SIGNED: say("signatures are missing"),
        State.SIGNED: say("signed, waiting for its number"),
        State.REGISTERED: say("registered"),
        State.ARCHIVED: say("archived"),
        State.MATCHED: say("signed paper recognised"),
        State.ORDERED: say("orders, being carried out"),
        State.ANSWERED: say("orders, answered"),
        State.RETURNED: say("returned, to be mended"),
        State.HELD: say("held, a person decides"),
        State.SUPERSEDED: say("replaced by a later file"),
        State.CANCELLED: say("cancelled"),
    }


def _replaces(name: str, at: dt.datetime) -> Message:
    return say(
        "This file takes the place of “{name}”, received {when}; the answer to that one no longer counts.",
        name=name,
        when=received(at),
    )


def _next_step(facts: Facts) -> Message:
    answer = facts.answer
    # a page of HTML shows the faults of a text file, but cannot itself be mended and dropped
    if answer is Answer.RETURNED and facts.marked and not facts.marked.endswith(".html"):
        return say(
            "Please mend the marked places, in the marked copy or in your own file, and drop that file; it takes the "
            "place of this one. The marks need not be removed."
        )
    if answer is Answer.RETURNED:
        return say("Please mend the places above and drop the file again; the new file replaces this one.")
    if answer is Answer.ALREADY:
        return say("Nothing is to be done: this file was received before and is not taken a second time.")
    return say("There is nothing more to do now; the document is being made.")


def _row(finding: Finding, language: str) -> JsonObject:
    return {
        "code": finding.code,
        "place": shown_in(messages.place(finding.place), language),
        "message": shown_in(finding.message, language),
        "found": _cut(finding.found),
        "needed": shown_in(finding.needed, language) if finding.needed else "",
        "mend": shown_in(finding.mend, language) if finding.mend else "",
    }


def _cut(text: str, most: int = MAX_TEXT) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _is_table(value: Json) -> bool:
    return isinstance(value, list) and any(isinstance(row, dict) for row in value)


@dataclass(frozen=True)
class Understood:
    """Writes a form's values for the receipt as a clerk would, so that a misreading is noticed.

    In a row every value stands under its column's name; `names` are those of codes (units, contents), which are shown
    beside them.
    """

    fields: FormTree
    language: str
    names: Mapping[str, str] = field(default_factory=dict)

    def lines(self, value: Json, pattern: Address = WHOLE) -> Iterable[tuple[str, str]]:
        """Give (label, value) in the order of the form; a list is one numbered line for each item.

        A table within a table (the articles of a chapter) follows its row, line by line.
        """
        if isinstance(value, dict):
            for name, part in value.items():
                yield from self.lines(part, pattern.child(name))
        elif isinstance(value, list):
            for number, part in enumerate(value, start=1):
                yield from self._rows(part, pattern, f"{number}. ")
        elif value not in (None, ""):
            yield self._label(pattern), self._shown(value, pattern)

    def _rows(self, value: Json, pattern: Address, number: str) -> Iterable[tuple[str, str]]:
        """The line of one item, then those of the tables in it; their rows say themselves which they are."""
        at = pattern.child(EVERY)
        inner = {name: part for name, part in value.items() if _is_table(part)} if isinstance(value, dict) else {}
        own = {name: part for name, part in value.items() if name not in inner} if isinstance(value, dict) else value
        yield self._label(pattern), f"{number}{self._flat(own, at)}"
        for name, rows in inner.items():
            for row in rows if isinstance(rows, list) else ():
                yield from self._rows(row, at.child(name), "")

    def _label(self, pattern: Address) -> str:
        field = self.fields.at(pattern)
        return field.label if field else str(pattern)

    def _flat(self, value: Json, pattern: Address) -> str:
        if isinstance(value, dict):
            parts = ((at := pattern.child(name), self._flat(part, at)) for name, part in value.items())
            # the first column is what the row is about; it needs no name before it
            first, *more = [(self._label(at), text) for at, text in parts if text] or [("", "")]
            return " · ".join([first[1], *(f"{label}: {text}" for label, text in more)])
        if isinstance(value, list):
            return "; ".join(self._flat(part, pattern.child(EVERY)) for part in value)
        return self._shown(value, pattern)

    def _shown(self, value: Json, pattern: Address) -> str:
        known = self.fields.at(pattern)
        match known.x_type if known else "", value:
            case _, None:
                return ""
            # before the numbers: to Python `True` is an int
            case _, bool():
                return shown_in(say("yes") if value else say("no"), self.language)
            case "date", str():
                return date_short(value)
            case "money", int():
                return money_vn(value)
            case "percent", int() | float():
                return percent_vn(value)
            case "number", int() | float():
                return number_vn(value)
            case "choice", str() if known and value in known.choices:
                return known.choices[value][0]
            case _:
                name = self.names.get(str(value), "") if known and known.x_type in _CODES else ""
                return f"{value} ({name})".removesuffix(" ()")
