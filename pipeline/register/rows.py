"""The register as it stands: one row per number, whatever was done with it."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.ledger import Columns, Ledger
from pipeline.ledger.imports import IMPORT, PAPER
from pipeline.ledger.rows import Entry
from pipeline.model import Direction, Message
from pipeline.register.remarks import AMEND, REPLACE, remark

#: In the facts of a number: a person has confirmed what is said of its paper, which was not made here.
CONFIRMED: Final = "confirmed"
_CONFIRMED: Final = ("title", "document_on", "signer", "recipients", "author", "sender_number")
#: A person enters something beside a number: columns that no document tells (day handed over, ký nhận), a remark.
NOTE: Final = "note"


@dataclass(frozen=True)
class Row:
    """One number of the register: who holds it, what for, and whether it was given up.

    `booked` is the entry by which it was given, or by which it came in from an old book.
    """

    no: int
    booked: Entry
    void: Entry | None = None
    filed: Entry | None = None
    later: tuple[Entry, ...] = ()  #: what was decided after the filing: further papers, amendments
    notes: tuple[Entry, ...] = ()  #: what people entered beside it, in order
    paper: Entry | None = None  #: by which a number of an old book got its paper

    @property
    def remarks(self) -> tuple[Message, ...]:
        """What is remarked of the number beside its columns."""
        return tuple(remark(entry.verb, json.loads(entry.recorded), entry.why, entry.at) for entry in self.later)

    @property
    def series(self) -> str:
        """The series the number is of."""
        return self.booked.series

    @property
    def direction(self) -> Direction:
        """Which of the two registers it stands in."""
        return self.booked.direction

    @property
    def suffix(self) -> str:
        """The letters behind its figure: "a" of 57a, which only old books have."""
        return self.booked.suffix

    @property
    def is_imported(self) -> bool:
        """Whether it is of an old book: the program gave it to no document."""
        return self.booked.verb == IMPORT

    @property
    def imported_from(self) -> str:
        """Where it stood in the old book: "so-2021.xlsx, Sổ đi!12"; "" for a number that was given here."""
        facts = _entered(self.booked) if self.is_imported else {}
        return f"{facts['workbook']}, {facts['at']}" if facts else ""

    @property
    def job_id(self) -> int:
        """The job whose document bears the number, 0 for one of an old book without a paper."""
        return self.booked.job_id or (self.paper.job_id if self.paper else 0)

    @property
    def columns(self) -> Columns:
        """What the register says of the document, with what people entered beside it."""
        # booked is what the number was given for; a later entry counts before an earlier one
        said = self.booked.columns
        for entry in self.notes:
            facts = _entered(entry)
            remark = "\n".join(part for part in (said.remark, str(facts.get("remark", ""))) if part)
            said = said.with_facts(dict(facts) | {"remark": remark})
        return said

    @property
    def entered_by(self) -> Mapping[str, str]:
        """Which columns a person entered, and who: the source of every other is the document itself."""
        facts = _entered(self.booked)
        # of a paper that was not made here a person has confirmed them all
        confirmed = [name for name in _CONFIRMED if facts.get(name)] if facts.get(CONFIRMED) else []
        return dict.fromkeys(confirmed, self.booked.who) | {
            column: entry.who for entry in self.notes for column in _entered(entry)
        }

    @property
    def number(self) -> str:
        """The number as it is printed."""
        return self.booked.columns.number

    @property
    def status(self) -> str:
        """Say "void", "filed", "imported", or "booked" for a number whose paper has not come back yet."""
        # void first: a number may only be given up before its paper is filed, and stays so
        return "void" if self.void else "filed" if self.filed else "imported" if self.is_imported else "booked"


def rows(ledger: Ledger, series: str = "") -> list[Row]:
    """Read the register, in the order of series and number."""
    return rows_of(ledger.entries(series))


def rows_numbered(ledger: Ledger, numbers: Collection[int], series: str = "") -> list[Row]:
    """Read some numbers, of all series or of one; nothing else of the register is read."""
    return rows_of(ledger.entries_numbered(numbers, series))


def rows_cited(ledger: Ledger, numbers: Collection[int]) -> list[Row]:
    """Read some numbers, and the first and the last of each series; nothing when no number is asked for."""
    if not numbers:
        return []
    return rows_of(dict.fromkeys([*ledger.outermost_entries(), *ledger.entries_numbered(numbers)]))


def newest_rows(ledger: Ledger, most: int) -> tuple[list[Row], bool]:
    """Read the numbers that were entered last, in the order of series and number, and say whether there are more."""
    entries, is_more = ledger.newest_numbers(most)
    return rows_of(entries), is_more


def rows_of(entries: Iterable[Entry]) -> list[Row]:
    """Put the acts upon each number together, in the order of series and number."""
    # a void number keeps its row: the book has no gap, and says why (NĐ30 Điều 15)
    acts: dict[tuple[str, int, str], list[Entry]] = {}
    for entry in entries:
        acts.setdefault((entry.series, entry.no, entry.suffix), []).append(entry)
    made = [
        Row(
            no,
            booked,
            _first(done, "void"),
            _first(done, "file"),
            later=_of(done, REPLACE, AMEND),
            notes=_of(done, NOTE),
            paper=_first(done, PAPER),
        )
        for (_, no, _), done in acts.items()
        # the beginning of a run stands by itself: its number may not have been given yet
        if (booked := _first(done, "number", IMPORT)) is not None
    ]
    # an old book may have been brought in later than numbers that follow it
    order = {key: at for at, key in enumerate(dict.fromkeys(row.series for row in made))}
    return sorted(made, key=lambda row: (order[row.series], row.no, row.suffix))


def history(ledger: Ledger, row: Row) -> list[Entry]:
    """Give every act upon one number, in order."""
    return [entry for entry in ledger.entries_numbered([row.no], row.series) if entry.suffix == row.suffix]


def _entered(entry: Entry) -> Mapping[str, object]:
    facts: Mapping[str, object] = json.loads(entry.recorded)
    return facts


def _first(done: Sequence[Entry], *verbs: str) -> Entry | None:
    return next((entry for entry in done if entry.verb in verbs), None)


def _of(done: Sequence[Entry], *verbs: str) -> tuple[Entry, ...]:
    """Give the acts of some sorts, in order; those that come again are counted ("replace.2")."""
    return tuple(entry for entry in done if entry.verb in verbs)
