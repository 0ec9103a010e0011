"""The command line speaks the language it is asked to: --lang, then VANTHU_LANG, then the configuration."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text("year: 2022\nlanguage: en\n", encoding="utf-8")
    return tmp_path


def told(folder: Path, *words: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "-C", str(folder), *words],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "environment", "head"),
    [
        (("config", "show"), {}, "setting"),
        (("config", "show"), {"VANTHU_LANG": "vi"}, "thiết lập"),
        (("--lang", "vi", "config", "show"), {}, "thiết lập"),
        (("config", "show", "--lang", "vi"), {}, "thiết lập"),
        (("config", "show", "--lang=en"), {"VANTHU_LANG": "vi"}, "setting"),
    ],
)
def test_the_language_is_that_of_the_nearest_wish(
    folder: Path, words: tuple[str, ...], environment: dict[str, str], head: str
) -> None:
    assert told(folder, *words, **environment).lstrip().startswith(head)


def test_a_language_nobody_speaks_is_refused_in_vietnamese(folder: Path) -> None:
    assert "Giá trị không hợp lệ cho '--lang'" in told(folder, "config", "show", "--lang", "fr")
