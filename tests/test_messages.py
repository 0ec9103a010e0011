"""Sentences: both languages at once, the catalogue complete, click in Vietnamese."""

import gettext
import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from pipeline import messages
from pipeline.model import Address, Finding, Message, Number, Place, Severity
from scripts import messages as compiler
from tests.said import en, vi


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
    assert not compiler.is_stale(), "run `make messages`"


def test_compiling_twice_gives_the_same_bytes() -> None:
    assert compiler.compiled(compiler.catalogues()) == compiler.compiled(compiler.catalogues())


def test_one_sentence_is_said_in_both_languages() -> None:
    said = messages.say("page {page}", page=3)
    assert (vi(said), en(said)) == ("trang 3", "page 3")


def test_a_sentence_within_a_sentence_keeps_each_language() -> None:
    inner = messages.say("page {page}", page=3)
    outer = messages.say("item “{label}”", label=inner)
    assert (vi(outer), en(outer)) == ("mục “trang 3”", "item “page 3”")


def test_a_fault_of_a_file_is_told_as_editors_know_places() -> None:
    def told(place: Place) -> str:
        messages.use("en")
        return messages.located(Finding("yaml.tag", Severity.BLOCK, messages.say("page {page}", page=3), place))

    assert told(Place(file="years/2022.yaml", line=7, pointer=Address.of("/units"))) == "years/2022.yaml:7: page 3"
    assert told(Place(file="years/2022.yaml")) == "years/2022.yaml: page 3"
    assert told(Place(line=7)) == "line 7: page 3"
    assert told(Place()) == "page 3"


def test_a_fault_of_a_template_names_its_file_its_place_inside_and_what_to_do() -> None:
    place = Place(file="templates/ke-hoach/template.docx", part="word/document.xml", table=1, row=2)
    mend = messages.say("page {page}", page=4)
    messages.use("vi")
    fault = Finding("template.tag", Severity.BLOCK, messages.say("page {page}", page=3), place, mend=mend)
    assert messages.located(fault) == (
        "templates/ke-hoach/template.docx: phần “word/document.xml”, bảng 1, dòng 2: trang 3 trang 4"
    )


def test_a_place_in_a_file_names_the_file_first_then_the_line() -> None:
    assert vi(messages.place(Place(file="config.yaml", line=3))) == "config.yaml, dòng 3"


def test_braces_in_a_value_are_left_alone() -> None:
    assert vi(messages.say("item “{label}”", label="{label} {0}")) == "mục “{label} {0}”"


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
    assert vi(messages.place(place)) == "mục “Hạn”, trang tính “DangKy”, ô B3"
    assert en(messages.place(place)) == "item “Hạn”, sheet “DangKy”, cell B3"
    assert vi(messages.place(Place(table=2, row=3, column=4))) == "bảng 2, dòng 3, cột 4"
    assert vi(messages.place(Place(part="footnotes", paragraph=5))) == "phần “footnotes”, đoạn 5"
    assert vi(messages.place(Place(page=1, line=12))) == "trang 1, dòng 12"


def test_a_pointer_is_named_only_when_nothing_better_is_known() -> None:
    assert vi(messages.place(Place(Address.of("/targets/3/due")))) == "mục /targets/3/due"
    assert messages.place(Place()) == messages.NOTHING


def test_pieces_are_joined_without_the_empty_ones() -> None:
    pieces = [messages.verbatim("{a}"), messages.NOTHING, messages.verbatim(""), messages.say("yes")]
    assert vi(messages.joined(pieces, "; {} ")) == "{a}; {} có"
    assert messages.joined([messages.NOTHING]) == messages.NOTHING


#: Texts full of what formats, templates, markup and gettext give a meaning to.
TEXTS = st.text(st.sampled_from("{}%s\\$&<>'\"[]!:0x\n ĐƯ"), max_size=20)
NAMES = st.sampled_from(["label", "x", "value", "count", "text", "part1"])


@given(st.dictionaries(NAMES, TEXTS, min_size=1), st.sampled_from(messages.languages()))
def test_a_value_stands_in_a_sentence_as_it_was_written(values: dict[str, str], language: str) -> None:
    sentence = Message.of_texts({language: "%s \\ {{x}} " + " ".join(f"{{{name}}}" for name in values)}, values)
    assert messages.shown_in(sentence, language) == "%s \\ {x} " + " ".join(values.values())
    quoted = [messages.verbatim(value) for value in values.values()]
    assert messages.shown_in(messages.joined(quoted, " {} "), language) == " {} ".join(filter(None, values.values()))
    by_language = Message.of_texts(dict.fromkeys(("vi", "en"), values.popitem()[1]))
    assert vi(by_language) == en(by_language)
    assert messages.shown_in(messages.say("item “{label}”", label=by_language), language).count(vi(by_language))


@given(st.recursive(TEXTS.map(messages.verbatim), lambda inner: st.lists(inner, max_size=3).map(messages.joined)))
def test_a_message_crosses_processes_unchanged(said: Message) -> None:
    finding = Finding("F01", Severity.WARN, messages.say("item “{label}”", label=said), needed=said)
    adapter = TypeAdapter(Finding)
    assert adapter.validate_json(adapter.dump_json(finding)) == finding
    assert hash(finding) == hash(adapter.validate_json(adapter.dump_json(finding)))


def test_values_keep_their_types_on_the_way() -> None:
    said = messages.say_count("{count} day late", "{count} days late", 1, a=1.0, b="1", c=Number(1234.5), d="{a}")
    adapter = TypeAdapter(Message)
    assert adapter.validate_json(adapter.dump_json(said)) == said
    assert [type(value) for _, value in adapter.validate_json(adapter.dump_json(said)).params] == [
        int,
        float,
        str,
        Number,
        str,
    ]


def test_findings_recorded_with_both_sentences_are_still_read() -> None:
    recorded = """[{"code": "DK02", "severity": "block", "message": {"vi": "Thiếu {x}.", "en": "Lacks {x}."},
        "place": {"pointer": "/activities"}, "needed": {"vi": "một", "en": "one"}, "mend": null}]"""
    (finding,) = TypeAdapter(tuple[Finding, ...]).validate_json(recorded)
    assert (vi(finding.message), en(finding.message)) == ("Thiếu {x}.", "Lacks {x}.")
    assert (vi(finding.needed), en(finding.needed), finding.mend) == ("một", "one", None)


def test_a_count_takes_the_form_of_the_language() -> None:
    told = [messages.say_count("{count} day late", "{count} days late", count) for count in (1, 2)]
    assert [en(one) for one in told] == ["1 day late", "2 days late"]
    assert [vi(one) for one in told] == ["trễ hạn 1 ngày", "trễ hạn 2 ngày"]


def test_a_quantity_is_written_as_the_language_writes_numbers() -> None:
    said = messages.say("{size} MB", size=Number(1234567.89))
    assert (vi(said), en(said)) == ("1.234.567,89 MB", "1,234,567.89 MB")
    whole = messages.say("{size} MB", size=Number(25, places=1))
    assert (vi(whole), en(whole)) == ("25,0 MB", "25.0 MB")


def test_a_sentence_that_lacks_a_value_is_shown_all_the_same() -> None:
    assert vi(Message("page {page}")) == "trang {page}"
    assert en(Message("no template } {")) == "no template } {"


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
