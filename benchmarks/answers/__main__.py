"""Plants faults in clean forms, sends them in and counts what the one answer names.

    python -m benchmarks.answers [--mutants 500] [--write] [--show]

`--write` puts the table into docs/measures.md; `--show` tells every miss and every false alarm.
"""

import argparse
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.answers.asking import Asked, office
from benchmarks.answers.planting import FORMATS, Judgement, clean, clean_forms, judged, mutants
from benchmarks.pages import write_section

#: So many times is each clean form written in each format, spelled and laid out differently.
SPELLINGS = 5


@dataclass
class Tally:
    """What was counted in one format."""

    mutants: int = 0
    planted: int = 0
    named: int = 0
    placed: int = 0
    false: int = 0
    clean: int = 0
    clean_false: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, one: Judgement) -> None:
        """Count a mutant."""
        self.mutants += 1
        self.planted += len(one.mutant.faults)
        self.named += len(one.mutant.faults) - len(one.unnamed)
        self.placed += len(one.mutant.faults) - len(one.unnamed) - len(one.misplaced)
        self.false += len(one.false)
        self.kinds.update(fault.name for fault in one.mutant.faults)

    def add_clean(self, one: Judgement) -> None:
        """Count a clean form."""
        self.clean += 1
        self.clean_false += len(one.false)


def tallied(asked: Asked, format_: str, count: int, *, spellings: int = SPELLINGS, show: bool = False) -> Tally:
    """Send mutants and clean forms of a format in."""
    tally, context = Tally(), asked.workspace.context()
    for one in mutants(format_, count, context):
        judgement = judged(one, asked.findings(one.paper.content, one.file_name))
        tally.add(judgement)
        if show:
            _tell(judgement)
    for kind, name in clean_forms(format_):
        for seed in range(spellings):
            one = clean(format_, kind, name, seed, context)
            judgement = judged(one, asked.findings(one.paper.content, one.file_name))
            tally.add_clean(judgement)
            if show:
                _tell(judgement)
    return tally


def _tell(one: Judgement) -> None:
    mutant = one.mutant
    where = f"{mutant.paper.format} {mutant.seed} {mutant.kind}/{mutant.name}"
    for fault in one.unnamed:
        others = "; ".join(f"{other.name} {other.pointer}" for other in mutant.faults if other is not fault)
        print(f"{where}: not named: {fault.name} {fault.codes} {fault.pointer} (beside: {others or 'nothing'})")
    for fault in one.misplaced:
        named = [finding.place for finding in one.findings if finding.code in fault.codes]
        print(f"{where}: misplaced: {fault.name} {fault.pointer} {mutant.paper.spots.get(fault.pointer)} {named}")
    for finding in one.false:
        planted = "; ".join(f"{fault.name} {fault.pointer}" for fault in mutant.faults)
        print(f"{where}: false alarm: {finding.code} {finding.place.pointer} {finding.found!r} (planted: {planted})")


def table(tallies: dict[str, Tally]) -> str:
    """The counts as a table."""
    lines = [
        "Clean forms of every kind, one to four faults planted in each, read in the guarded child and judged as on",
        "the road. A fault counts as named when the one answer gives its code at its field and at its place in the",
        "file: sheet and cell; table, row and column, or paragraph; page; line. The place is known from writing the",
        "file, the code from planting the fault (`benchmarks/answers/`). Warnings and refusals that no planted fault",
        "explains are false alarms; information (how another name of a unit was understood) is none. Two faults are",
        "not planted where one hides the other from anybody: a wrong sum beside an unreadable part of the same sum.",
        "",
        "| format | forms | faults | named | at their place | share | false alarms | clean forms | false alarms |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    total = Tally()
    for name, one in tallies.items():
        lines.append(_row(name, one))
        for counted in ("mutants", "planted", "named", "placed", "false", "clean", "clean_false"):
            setattr(total, counted, getattr(total, counted) + getattr(one, counted))
        total.kinds += one.kinds
    lines += [_row("together", total), "", f"{len(total.kinds)} sorts of faults; formats: {', '.join(tallies)}."]
    return "\n".join(lines)


def _row(name: str, one: Tally) -> str:
    share = 100 * one.placed / one.planted if one.planted else 100.0
    counts = f"{one.mutants} | {one.planted} | {one.named} | {one.placed} | {share:.2f} % | {one.false}"
    return f"| {name} | {counts} | {one.clean} | {one.clean_false} |"


def main() -> None:
    """Count, print, and write the page when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=500)
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    with office() as asked:
        tallies = {one: tallied(asked, one, given.mutants, show=given.show) for one in given.formats.split(",")}
    report = table(tallies)
    print(report)
    if given.write:
        write_section("measures.md", "answers", "Answers in one pass", report)


if __name__ == "__main__":
    main()
