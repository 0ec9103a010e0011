"""Sentences: both languages at once, the catalogue complete, click in Vietnamese."""

import gettext
import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline import messages
from pipeline.model import Address, Message, Place
from scripts import messages as compiler


@pytest.fixture(autouse=True)
def _language_put_back() -> Iterator[None]:
    before, variable, domain = messages.language(), os.environ.get("LANGUAGE"), gettext.textdomain()
    yield
    messages.use(before)
    gettext.textdomain(domain)
    os.environ.pop("LANGUAGE", None)
    if variable is not None:
        os.environ["LANGUAGE"] = variable


def test_everything_the_program_says_is_translated_with_the_same_placeholders() -> None:
    found = compiler.problems(compiler.catalogues(), compiler.spoken())
    assert not found, "\n".join(found)


def test_the_compiled_catalogue_is_fresh() -> None:
    assert not compiler.is_stale(compiler.catalogues()), "run `make messages`"


def test_compiling_twice_gives_the_same_bytes() -> None:
    assert compiler.compiled(compiler.catalogues()) == compiler.compiled(compiler.catalogues())


def test_one_sentence_is_said_in_both_languages() -> None:
    assert messages.say("page {page}", page=3) == Message(vi="trang 3", en="page 3")


def test_a_sentence_within_a_sentence_keeps_each_language() -> None:
    inner = messages.say("page {page}", page=3)
    assert messages.say("item “{label}”", label=inner) == Message(vi="mục “trang 3”", en="item “page 3”")


def test_braces_in_a_value_are_left_alone() -> None:
    assert messages.say("item “{label}”", label="{label} {0}").vi == "mục “{label} {0}”"


def test_the_language_in_use_decides_what_is_shown() -> None:
    said = messages.say("page {page}", page=1)
    messages.use("en")
    assert (messages.shown(said), messages.tr("row {row}", row=2)) == ("page 1", "row 2")
    messages.use("vi")
    assert (messages.shown(said), messages.tr("row {row}", row=2)) == ("trang 1", "dòng 2")


@pytest.mark.parametrize(
    ("asked", "got"),
    [("en_GB.UTF-8", "en"), ("EN", "en"), ("vi-VN", "vi"), ("fr", "vi"), ("", "vi"), ("C.UTF-8", "vi")],
)
def test_an_unknown_language_leaves_vietnamese(asked: str, got: str) -> None:
    messages.use(asked)
    assert messages.language() == got


def test_an_empty_id_never_shows_the_header_of_the_catalogue() -> None:
    messages.use("vi")
    assert messages.tr_marked("") == ""


def test_a_place_is_told_from_large_to_small() -> None:
    place = Place(Address.of("/x"), label="Hạn", sheet="DangKy", cell="B3")
    assert messages.place(place) == Message(
        vi="mục “Hạn”, trang tính “DangKy”, ô B3", en="item “Hạn”, sheet “DangKy”, cell B3"
    )
    assert messages.place(Place(table=2, row=3, column=4)).vi == "bảng 2, dòng 3, cột 4"
    assert messages.place(Place(part="footnotes", paragraph=5)).vi == "phần “footnotes”, đoạn 5"
    assert messages.place(Place(page=1, line=12)).vi == "trang 1, dòng 12"


def test_a_pointer_is_named_only_when_nothing_better_is_known() -> None:
    assert messages.place(Place(Address.of("/targets/3/due"))).vi == "mục /targets/3/due"
    assert messages.place(Place()) == Message("", "")


def test_pieces_are_joined_without_the_empty_ones() -> None:
    pieces = [messages.verbatim("a"), Message("", ""), messages.verbatim("b")]
    assert messages.joined(pieces, "; ") == Message("a; b", "a; b")


@click.group()
@click.option("--speed", type=click.Choice(["slow", "fast"]), required=True)
def _command(speed: str) -> None:
    """A command."""


def test_clicks_own_words_are_vietnamese() -> None:
    messages.use("vi")
    helped = CliRunner().invoke(_command, ["--help"]).output
    assert "Cách dùng:" in helped
    assert "Tùy chọn" in helped
    assert "bắt buộc" in helped
    assert "Hiện phần trợ giúp này rồi thoát." in helped
    wrong = CliRunner().invoke(_command, ["--speed", "quick"])
    assert "Lỗi: Giá trị không hợp lệ cho '--speed'" in wrong.output
    assert wrong.exit_code == 2


def test_clicks_own_words_are_english_on_request() -> None:
    messages.use("en")
    assert "Usage:" in CliRunner().invoke(_command, ["--help"]).output


def test_the_checker_finds_what_is_untranslated_orphaned_or_put_together(tmp_path: Path) -> None:
    source = tmp_path / "said.py"
    source.write_text(
        'say("never seen {a}", a=1)\nmessages.tr("page {page}", pages=2)\nsay("a" + b)\nother.say("not ours")\n',
        encoding="utf-8",
    )
    found = "\n".join(compiler.problems(compiler.catalogues(), compiler.spoken(tmp_path)))
    assert "said.py:1: “never seen {a}” is not translated" in found
    assert "said.py:2: “page {page}” is given ['pages']" in found
    assert "said.py:3: the message id is not written out" in found
    assert "“row {row}” is said nowhere" in found
    assert "not ours" not in found
