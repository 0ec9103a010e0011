"""Every command line the documentation shows is one the program takes: command, options, arguments, choices."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipeline.cli.entry import vanthu

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/decisions/*.md")])

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:\w+=\S+ )*vanthu [^`]+)`")
_SETTING = re.compile(r"[A-Z_]+=.*")


def blocks(text: str) -> Iterator[list[str]]:
    """The words of every call in a block of shell, or in a service's ExecStart."""
    for language, block in _BLOCK.findall(text):
        for line in block.splitlines():
            call = line.removeprefix("ExecStart=") if language == "ini" else line if language == "sh" else ""
            words = _words(call)
            if words:
                yield words


def inline(text: str) -> Iterator[list[str]]:
    """The words of every call within a sentence."""
    for call in _INLINE.findall(_BLOCK.sub("", text)):
        words = _words(call)
        if words:
            yield words


def _words(call: str) -> list[str]:
    words = shlex.split(call, comments=True)
    while words and _SETTING.fullmatch(words[0]):
        words = words[1:]
    return words[1:] if words and words[0].rpartition("/")[2] == "vanthu" else []


def parse(words: list[str]) -> None:
    """Parse as the command line would, without doing anything. Raises click.ClickException."""
    # the folders of a page are not on this machine
    words = ["." if before in {"-C", "--root"} else word for before, word in zip(["", *words], words, strict=False)]
    words = [str(ROOT / "README.md") if word.endswith(".docx") else word for word in words]  # nor are its files
    command: click.Command = vanthu
    parent: click.Context | None = None
    while isinstance(command, click.Group):
        parent = command.make_context(command.name, words, parent=parent)
        name, found, words = command.resolve_command(parent, [*parent._protected_args, *parent.args])
        assert name and found
        command = found
    command.make_context(command.name, list(words), parent=parent)


def is_mention(words: list[str]) -> bool:
    """Whether a sentence only names a command, without saying what to give it."""
    command: click.Command | None = vanthu
    for word in words:
        command = command.commands.get(word) if isinstance(command, click.Group) else None
    return command is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_command_lines_shown_are_taken(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for words in [*blocks(text), *(words for words in inline(text) if not is_mention(words))]:
        try:
            parse(words)
        except click.ClickException as trouble:
            pytest.fail(f"vanthu {shlex.join(words)}: {trouble.format_message()}")


@pytest.mark.parametrize(
    "call",
    [
        "vanthu statsu",
        "vanthu status --jear 2022",
        "vanthu cancel 12",
        "vanthu register next",
        "vanthu --lang fr status",
        "vanthu status 12",
    ],
)
def test_a_wrong_command_line_would_be_told(call: str) -> None:
    with pytest.raises(click.ClickException):
        parse(_words(call))


def test_the_pages_for_people_do_show_command_lines() -> None:
    for name in ("README.md", "README.vi.md", "docs/operating.md"):
        assert len(list(blocks((ROOT / name).read_text(encoding="utf-8")))) >= 3, name


def test_the_read_me_names_no_other_set_up_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bmake ([a-z-]+)", text.replace("*make for", ""))) == {"run", "test"}
    assert not re.search(r"\b(pip3?|apt|apt-get|uv|venv) ", text)


def test_the_commands_of_the_read_me_run_in_their_order(tmp_path: Path) -> None:
    done = []
    for words in blocks((ROOT / "README.md").read_text(encoding="utf-8")):
        if words[0] in {"watch", "why"}:  # the one never ends, the other asks for a file of the day
            continue
        where = (
            ["init", str(tmp_path / "thi-dua"), *words[2:]]
            if words[0] == "init"
            else ["-C", str(tmp_path / "thi-dua"), *words]
        )
        run = subprocess.run([sys.executable, "-m", "pipeline", *where], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        done.append(words[0])
    assert done == ["init", "status", "check"]
