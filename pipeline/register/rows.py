"""The register as it stands: one row per number, whatever was done with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.ledger import Columns, Ledger
from pipeline.ledger.rows import Entry
from pipeline.model import Direction, Message
from pipeline.register.remarks import AMEND, REPLACE, remark

#: A person enters something beside a number: columns that no document tells (day handed over, ký nhận), a remark.
NOTE: Final = "note"


@dataclass(frozen=True)
class Row:
    """One number of the register: who holds it, what for, and whether it was given up."""

    no: int
    booked: Entry
    void: Entry | None = None
    filed: Entry | None = None
    later: tuple[Entry, ...] = ()  #: what was decided after the filing: further papers, amendments
    notes: tuple[Entry, ...] = ()  #: what people entered beside it, in order

    @property
    def remarks(self) -> tuple[Message, ...]:
        """What is remarked of the number beside its columns."""
        return tuple(
            remark(entry.act.partition(".")[0], json.loads(entry.recorded), entry.why, entry.at)
            for entry in self.later
        )

    @property
    def series(self) -> str:
        """The series the number is of."""
        return self.booked.series

    @property
    def direction(self) -> Direction:
        """Which of the two registers it stands in."""
        return self.booked.direction

    @property
    def job_id(self) -> int:
        """The job whose document bears the number."""
        return self.booked.job_id

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
        return {column: entry.who for entry in self.notes for column in _entered(entry)}

    @property
    def number(self) -> str:
        """The number as it is printed."""
        return self.booked.columns.number

    @property
    def status(self) -> str:
        """Say "void", "filed", or "booked" for a number whose paper has not come back yet."""
        # void first: a number may only be given up before its paper is filed, and stays so
        return "void" if self.void else "filed" if self.filed else "booked"


def rows(ledger: Ledger, series: str = "") -> list[Row]:
    """Read the register, in the order of series and number."""
    # a void number keeps its row: the book has no gap, and says why (NĐ30 Điều 15)
    acts: dict[tuple[str, int], dict[str, Entry]] = {}
    for entry in ledger.entries(series):
        acts.setdefault((entry.series, entry.no), {})[entry.act] = entry
    return [
        Row(no, done["number"], done.get("void"), done.get("file"), _of(done, REPLACE, AMEND), _of(done, NOTE))
        for (_, no), done in acts.items()
        # the beginning of a run stands by itself: its number may not have been given yet
        if "number" in done
    ]


def history(ledger: Ledger, row: Row) -> list[Entry]:
    """Give every act upon one number, in order."""
    return [entry for entry in ledger.entries(row.series) if entry.no == row.no]


def _entered(entry: Entry) -> Mapping[str, object]:
    facts: Mapping[str, object] = json.loads(entry.recorded)
    return facts


def _of(done: dict[str, Entry], *acts: str) -> tuple[Entry, ...]:
    """Give the acts of some sorts, in order; those that come again are counted ("replace.2")."""
    return tuple(entry for act, entry in done.items() if act.partition(".")[0] in acts)
