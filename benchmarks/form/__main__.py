"""How often the form checker is right about real papers: its findings compared with labels given by hand.

    python -m benchmarks.form FOLDER [--write] [--show]

FOLDER holds .docx files of any offices, under any names, in any folders; nothing is fetched. A file counts when its
sha256 is in `labels.csv`. That file holds no word of anybody's paper: digest, rule, our own sentence, place, label,
reason.
`--write` puts the table into docs/measures.md; `--show` lists what is wrong, what has no label, and which findings
labelled right are not told any more.
"""

import argparse
import csv
import hashlib
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.form.told import Told, told_of
from benchmarks.pages import write_section
from pipeline.model import Severity

LABELS = Path(__file__).with_name("labels.csv")
#: Files whose digest begins so were set aside while the checker was mended.
ASIDE = frozenset("bcdef")
_WEIGHTS = {Severity.BLOCK: "blocks", Severity.WARN: "warnings"}

Key = tuple[str, str, str]


@dataclass
class Tally:
    """What was counted in one of the two sets."""

    files: int = 0
    judged: int = 0
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)  #: by rule, weight, label
    lost: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, one: Told, label: str) -> None:
        """Count a finding; hints are not counted."""
        if one.severity in _WEIGHTS:
            self.counts[one.rule, _WEIGHTS[one.severity], label or "unlabelled"] += 1

    def share(self, weight: str, rule: str = "") -> tuple[int, int, int]:
        """Right, wrong, without a label."""
        found = dict.fromkeys(("right", "wrong", "unlabelled"), 0)
        for (each, of, label), count in self.counts.items():
            if of == weight and rule in ("", each):
                found[label] += count
        return found["right"], found["wrong"], found["unlabelled"]


def labels_by_file() -> dict[str, dict[Key, str]]:
    """The labels: by the digest of the file, by rule, sentence and place."""
    found: dict[str, dict[Key, str]] = defaultdict(dict)
    with LABELS.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            key = (row["rule"], row["about"], row["place"])
            found[row["sha256"]][key] = row["label"]
    return found


def measured(folder: Path, *, show: bool) -> dict[str, Tally]:
    """Check every file of the folder that has labels."""
    labels = labels_by_file()
    tallies = {"training": Tally(), "set aside": Tally()}
    done: set[str] = set()
    for path in sorted(folder.rglob("*.docx")):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest not in labels or digest in done:
            continue
        done.add(digest)
        tally = tallies["set aside" if digest[0] in ASIDE else "training"]
        start = time.process_time()
        profile, told = told_of(content)
        tally.seconds.append(time.process_time() - start)
        tally.files += 1
        tally.judged += bool(profile)
        known = labels[digest]
        for one in told:
            tally.add(one, known.get(one.key, ""))
            if show and one.severity in _WEIGHTS and known.get(one.key) != "right":
                print(digest[:8], known.get(one.key, "unlabelled"), *one.key, sep=" | ")
        keys = {one.key for one in told}
        # a row without a rule says that nothing was told of the file
        missing = [key for key, label in known.items() if label == "right" and key[0] and key not in keys]
        tally.lost += len(missing)
        if show:
            for key in missing:
                print(digest[:8], "not told any more", *key, sep=" | ")
    return tallies


def report(tallies: dict[str, Tally]) -> str:
    """The tables."""
    lines = [
        "Real Vietnamese .docx files of other offices (official papers, contracts, forms, charters, laws, school and",
        "company papers), each finding labelled right or wrong by hand against the official form; the files are not",
        "kept here, `labels.csv` holds digests, rules and places. The training files were mended against;",
        "those set aside (by digest) were judged afterwards; what was said of them before they were mended against,",
        "too, stands in decision 0055.",
        "",
        "| | files | judged by a form | blocks right | warnings right | without label | right, not told any more |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, tally in tallies.items():
        blocks, warnings = tally.share("blocks"), tally.share("warnings")
        lines.append(
            f"| {name} | {tally.files} | {tally.judged} | {_percent(blocks)} | {_percent(warnings)} "
            f"| {blocks[2] + warnings[2]} | {tally.lost} |"
        )
    lines += ["", "| rule | blocks right | warnings right |", "|---|---|---|"]
    for rule in sorted({rule for tally in tallies.values() for rule, _, _ in tally.counts}):
        both = [
            tuple(map(sum, zip(*(tally.share(weight, rule) for tally in tallies.values()), strict=True)))
            for weight in _WEIGHTS.values()
        ]
        lines.append(f"| `{rule}` | {_percent(both[0])} | {_percent(both[1])} |")
    seconds = sorted(each for tally in tallies.values() for each in tally.seconds)
    if seconds:
        mean, slow = sum(seconds) / len(seconds), seconds[int(len(seconds) * 0.95)]
        lines += ["", f"Processor seconds a file: {mean:.2f} on the average, 95 of 100 within {slow:.2f}."]
    return "\n".join(lines)


def _percent(counts: tuple[int, ...]) -> str:
    right, wrong = counts[0], counts[1]
    return f"{right}/{right + wrong} ({right / (right + wrong):.1%})" if right + wrong else "–"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    text = report(measured(given.folder, show=given.show))
    print(text)
    if given.write:
        write_section("measures.md", "form", "Findings of form in real papers", text)


if __name__ == "__main__":
    main()
