"""docs/rules.md tells where every id of the office's list of rules is kept, and what it names is there."""

import functools
import re
from pathlib import Path

import pytest

from pipeline.cli.entry import vanthu
from pipeline.model import State
from scripts import findings, reference

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").partition("## Rule ids and where they are kept")[2]
ROWS = {
    row[0]: row
    for row in (tuple(cell.strip() for cell in line.strip("|").split("|")) for line in PAGE.splitlines())
    if re.fullmatch(r"[A-Z]{1,2}[0-9]{2}", row[0])
}
#: How many ids each group of the list has.
LIST = {
    "I": 14,
    "F": 22,
    "KH": 11,
    "DK": 10,
    "GU": 12,
    "QC": 10,
    "BB": 14,
    "BC": 7,
    "BD": 9,
    "X": 11,
    "R": 6,
    "A": 12,
}
#: Who keeps a rule, as the page calls them.
KEEPERS = {
    "rules",
    "fields",
    "reading",
    "intake",
    "judgement",
    "form checker",
    "signed papers",
    "year's file",
    "register",
    "archive",
    "status",
    "made so",
    "people",
}
RULES = {row[1].strip("`").partition(".")[0] for row in reference.rule_rows()}
COMMANDS = {words for words, _ in reference.commands(vanthu, "vanthu")}
YEARS = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "pipeline" / "years").glob("*.py"))


def test_every_id_of_the_list_stands_in_the_table_in_its_order() -> None:
    assert list(ROWS) == [f"{group}{no:02d}" for group, count in LIST.items() for no in range(1, count + 1)]


def test_the_machine_keeps_all_but_a_few() -> None:
    alone = [one for one, row in ROWS.items() if row[2] == "people"]
    assert alone == ["R04", "A08"]


@pytest.mark.parametrize("one", ROWS)
def test_what_keeps_it_is_there(one: str) -> None:
    _, _, keepers, answers = ROWS[one]
    assert set(keepers.split(", ")) <= KEEPERS
    named = re.findall(r"`([^`]+)`", answers)
    assert named or keepers in ("made so", "people", "intake", "judgement", "reading")
    assert [name for name in named if not _is_there(name)] == []


@pytest.mark.parametrize("code", sorted(RULES & set(ROWS)))
def test_what_rules_keep_is_said_to_be_kept_by_rules(code: str) -> None:
    assert "rules" in ROWS[code][2].split(", ")


@functools.cache
def _known() -> set[str]:
    return RULES | {one.code for one in findings.all_findings()} | {state.value for state in State}


def _is_there(name: str) -> bool:
    if name.startswith("vanthu "):
        return name in COMMANDS
    return f"({name})." in YEARS if re.fullmatch(r"R[0-9]{2}", name) else name in _known()
