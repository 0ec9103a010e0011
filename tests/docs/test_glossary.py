"""The glossary has every word a reader of the code, the ledger or the command line will meet."""

import re
import tomllib
from pathlib import Path

from pipeline.cli.entry import vanthu
from pipeline.model import Role, Severity, State
from scripts import reference
from tests.said import vi

ROOT = Path(__file__).resolve().parents[2]
WORDS = set(re.findall(r"`([^`]+)`", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")))


def layers() -> list[list[str]]:
    """The layers of the import contract, the highest first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    return [re.findall(r"\w+", line) for line in contract["layers"]]


def test_every_state_role_and_weight_is_explained() -> None:
    assert {one.value for kind in (State, Role, Severity) for one in kind} - WORDS == set()


def test_every_command_is_explained_and_no_other() -> None:
    commands = {words for words, command in reference.commands(vanthu, "vanthu") if not hasattr(command, "commands")}
    assert {word for word in WORDS if word.startswith("vanthu ")} == commands


def test_every_room_from_the_stages_up_to_the_faces_is_explained() -> None:
    rows = layers()
    upper = next(at for at, row in enumerate(rows) if "app" in row)
    lower = next(at for at, row in enumerate(rows) if "ledger" in row)
    modules = {"workspace"} | {name for row in rows[upper : lower + 1] for name in row}
    assert {"flow", "reading", "kinds", "app"} <= modules
    assert modules - WORDS == set()


def test_a_state_is_called_what_the_program_calls_it() -> None:
    from pipeline.answers import states

    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for state, said in states().items():
        assert f"| `{state.value}` | {vi(said)} |" in text
