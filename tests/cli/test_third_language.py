"""A third language is a catalogue and entries in YAML: a copy of the program gets both, and no line of code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import messages as compiler
from tests.folders import ROOT, drop, registration, working_folder
from tests.word_words import words_of

CATALOGUE = """
msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=n>1;\\n"

msgid "setting"
msgstr "réglage"

msgid "item “{label}”"
msgstr "rubrique « {label} »"

msgid "sent back"
msgstr "renvoyé"

msgid "blocking"
msgstr "bloquant"
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with one catalogue more; gives the folder it lies in."""
    place = tmp_path_factory.mktemp("program")
    shutil.copytree(ROOT / "pipeline", place / "pipeline")
    french = place / "pipeline" / "locale" / "fr"
    french.mkdir()
    (french / "office.po").write_text(CATALOGUE.lstrip(), encoding="utf-8")
    compiler.compile_into(french)
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder that speaks French, with a kind of which a little is translated."""
    folder = working_folder(tmp_path / "office")
    config = folder / "config.yaml"
    config.write_text(f"language: fr\n{config.read_text(encoding='utf-8')}", encoding="utf-8")
    kind = folder / "templates" / "dang-ky"
    named = kind / "kind.yaml"
    named.write_text(
        named.read_text(encoding="utf-8").replace("en: Emulation registration", "en: Registration, fr: Inscription"),
        encoding="utf-8",
    )
    rules = kind / "rules.yaml"
    english = "    en: The unit has registered no cluster-level activity."
    assert english in rules.read_text(encoding="utf-8")
    french = f"{english}\n    fr: L’unité n’a inscrit aucune activité."
    rules.write_text(rules.read_text(encoding="utf-8").replace(english, french), encoding="utf-8")
    return folder


def told(program: Path, folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "-C", str(folder), *words],
        cwd=program,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.slow
def test_a_language_is_spoken_when_its_catalogue_is_there(program: Path, folder: Path) -> None:
    assert told(program, folder, "config", "show").lstrip().startswith("réglage")
    assert told(program, folder, "config", "show", "--lang", "fr").lstrip().startswith("réglage")
    assert "'fr'" in told(program, folder, "config", "show", "--lang", "de")


@pytest.mark.slow
def test_a_language_without_a_catalogue_is_refused_with_those_there_are(program: Path, folder: Path) -> None:
    config = folder / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("language: fr", "language: de"), encoding="utf-8")
    said = told(program, folder, "status")
    assert "config.yaml" in said
    assert "vi, en, fr" in said


@pytest.mark.slow
def test_what_is_not_translated_is_said_in_english(program: Path, folder: Path) -> None:
    drop(folder, "dang-ky.yaml", registration("EVNHCMC", activities=[]), "EVNHCMC")
    shown = told(program, folder, "run")
    (note,) = (folder / "outbox" / "EVNHCMC").glob("*.docx")
    answer = words_of(note)
    assert "L’unité n’a inscrit aucune activité." in answer, shown
    assert "exactly one activity" in answer
    assert "rubrique « " in answer
    (marked,) = (folder / "outbox" / "EVNHCMC").glob("*.yaml")
    copy = marked.read_text(encoding="utf-8")
    assert "L’unité n’a inscrit aucune activité." in copy
    assert "Write title, content, day and place of one activity." in copy
    assert "Inscription" in told(program, folder, "show", "1")
