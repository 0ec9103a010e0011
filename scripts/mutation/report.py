"""What a mutation run says: the score of each room, the survivors with their change, and the page of measures."""

import difflib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from scripts.mutation.operators import Mutant
from scripts.mutation.running import Result, Verdict

__all__ = ["Equivalents", "Score", "as_json", "difference", "scores", "written_into"]

_BEGIN: Final = "<!-- mutants: begin -->"
_END: Final = "<!-- mutants: end -->"
_HEAD: Final = (
    "| room | mutants possible | sampled | killed | survived | of these no test reaches | equivalent | score |"
)
_COUNTED: Final = {Verdict.KILLED, Verdict.TIMEOUT, Verdict.SURVIVED, Verdict.UNREACHED}


class Equivalents:
    """The mutants that change nothing anybody could see, with reasons; known by file, line and change."""

    def __init__(self, path: Path) -> None:
        listed: list[dict[str, str]] = (yaml.safe_load(path.read_text("utf-8")) if path.exists() else None) or []
        self._known = {(one["file"], one["line"], one["becomes"]): one["reason"] for one in listed}

    def reason(self, root: Path, mutant: Mutant) -> str | None:
        """Say why a mutant is equivalent, or None."""
        before, after = _lines(root, mutant)
        key = (mutant.path, " ".join(before).strip(), " ".join(after).strip())
        return self._known.get(key)


@dataclass(frozen=True)
class Score:
    """The figures of one room; a mutant that is equivalent counts on neither side."""

    room: str
    possible: int
    sampled: int
    killed: int
    survived: int
    unreached: int
    equivalent: int

    @property
    def share(self) -> float:
        """Killed of those that could be."""
        tried = self.killed + self.survived
        return self.killed / tried if tried else 1.0

    @property
    def row(self) -> str:
        """The line of the table."""
        return (
            f"| {self.room} | {self.possible} | {self.sampled} | {self.killed} | {self.survived} | "
            f"{self.unreached} | {self.equivalent} | {self.share:.0%} |"
        )


def room_of(mutant: Mutant) -> str:
    """Give the folder (or single page) under `pipeline/` in which it lies."""
    return Path(mutant.path).parts[1].removesuffix(".py")


def scores(results: Iterable[Result], possible: dict[str, int], equivalent: set[Mutant]) -> list[Score]:
    """Count by room."""
    by_room: dict[str, list[Result]] = defaultdict(list)
    for one in results:
        if one.verdict in _COUNTED:
            by_room[room_of(one.mutant)].append(one)
    found = []
    for room, those in sorted(by_room.items()):
        killed = sum(one.verdict in (Verdict.KILLED, Verdict.TIMEOUT) for one in those)
        same = sum(one.mutant in equivalent and one.verdict == Verdict.SURVIVED for one in those)
        unreached = sum(one.verdict == Verdict.UNREACHED for one in those)
        survived = len(those) - killed - same
        found.append(Score(room, possible.get(room, 0), len(those), killed, survived, unreached, same))
    return found


def together(rows: Sequence[Score]) -> Score:
    """Add the rooms up."""
    names = ("possible", "sampled", "killed", "survived", "unreached", "equivalent")
    return Score("together", *(sum(getattr(row, name) for row in rows) for name in names))


def difference(root: Path, mutant: Mutant) -> str:
    """Show a mutant as `file:line` and the lines before and after."""
    before, after = _lines(root, mutant)
    changed = [line for line in difflib.ndiff(before, after) if line[0] in "-+"]
    return "\n".join([f"{mutant.path}:{mutant.line}: {mutant.operator}", *(f"    {line}" for line in changed)])


def _lines(root: Path, mutant: Mutant) -> tuple[list[str], list[str]]:
    """The lines a mutant changes, before and after, without those that stay."""
    source = (root / mutant.path).read_bytes()
    begin = source.rfind(b"\n", 0, mutant.start) + 1
    end = source.find(b"\n", mutant.end)
    end = len(source) if end < 0 else end
    before = source[begin:end].decode().split("\n")
    after = (source[begin : mutant.start] + mutant.text.encode() + source[mutant.end : end]).decode().split("\n")
    return before, after


def as_json(root: Path, results: Sequence[Result], rows: Sequence[Score], about: dict[str, Any]) -> str:
    """Everything, for a program."""
    return json.dumps(
        {
            **about,
            "rooms": [{**vars(row), "score": round(row.share, 4)} for row in rows],
            "mutants": [
                {
                    "file": one.mutant.path,
                    "line": one.mutant.line,
                    "operator": one.mutant.operator,
                    "verdict": one.verdict,
                    "tests": one.tests,
                    "reached_by": one.reached_by,
                    "said": one.said,
                    "change": difference(root, one.mutant),
                }
                for one in results
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def written_into(page: Path, rows: Sequence[Score], about: str) -> None:
    """Put the rooms' rows into the page of measures; rooms that were not run keep theirs."""
    text = page.read_text("utf-8")
    kept: dict[str, str] = {}
    if _BEGIN in text:
        inside = text.split(_BEGIN)[1].split(_END)[0]
        kept = {found[1]: line for line in inside.splitlines() if (found := re.match(r"\| (\w+) \| \d", line))}
    kept.pop("together", None)
    kept.update({row.room: row.row for row in rows})
    every = [kept[room] for room in sorted(kept)]
    cells = [[int(cell) for cell in line.split("|")[2:8]] for line in every]
    summed = Score("together", *(sum(column) for column in zip(*cells, strict=True)))
    table = "\n".join([_HEAD, "|---" * 8 + "|", *every, summed.row])
    block = f"{_BEGIN}\n{about}\n\n{table}\n{_END}"
    if _BEGIN in text:
        text = text.split(_BEGIN)[0] + block + text.split(_END)[1]
    else:
        text = f"{text.rstrip()}\n\n## Mutants (`make mutants`)\n\n{block}\n"
    page.write_text(text, "utf-8")
