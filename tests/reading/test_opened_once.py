"""A file is opened once: what the secrecy gate opened in its guarded child is read, checked and marked there."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.answers import marking
from pipeline.answers.marking import mark_guarded
from pipeline.files import kept, sha256_of
from pipeline.layout import check
from pipeline.model import Finding, Message, Severity
from pipeline.reading import FUNCTIONS, Mark, ReadingContext, look_guarded, probe_guarded, read_guarded
from pipeline.tools.guard import Guard
from tests.hostile import makers
from tests.reading import writers
from tests.reading.conftest import example
from tests.reading.test_formats import WRITERS

COUNTER = "tests.reading.test_opened_once:makings"
_ALL = (*FUNCTIONS, *check.FUNCTIONS, *marking.FUNCTIONS, COUNTER)
FAULT = Finding("X", Severity.BLOCK, Message("Wrong"), mend=Message("Mend"))


def makings() -> dict[str, int]:
    """Runs in the guarded child: how often it opened files."""
    return kept.makings()


@pytest.fixture
def guard() -> Iterator[Guard]:
    with Guard(_ALL) as guard:
        yield guard


def counted(guard: Guard) -> dict[str, int]:
    return guard.call(COUNTER, returns=dict[str, int])


def taken(content: bytes, folder: Path) -> Path:
    """The file in the spool, whose name is its hash."""
    inbox = folder / "inbox"
    inbox.write_bytes(content)
    path = folder / sha256_of(content)
    path.write_bytes(content)
    return path


def written(context: ReadingContext, style: str) -> bytes:
    form = context.form("dang-ky")
    assert form is not None
    return WRITERS[style](form, example("dang-ky", "pass-evnhcmc"), writers.plain(context))


@pytest.mark.slow
@pytest.mark.parametrize(("style", "container"), [("docx", "ooxml"), ("xlsx", "ooxml"), ("pdf", "pdf")])
def test_gate_reading_check_and_marking_open_a_file_once(
    guard: Guard, context: ReadingContext, tmp_path: Path, style: str, container: str
) -> None:
    name = next(name for name in WRITERS if name.rpartition(".")[2] == style)
    path = taken(written(context, name), tmp_path)

    assert look_guarded(guard, tmp_path / "inbox", f"a.{style}").mark is Mark.NONE
    if style == "pdf":
        assert probe_guarded(guard, path, f"a.{style}").findings == ()
    assert read_guarded(guard, path, f"a.{style}", context).kind == "dang-ky"
    if style == "docx":
        check.check_guarded(guard, path)
    assert mark_guarded(guard, path, f"a.{style}", [FAULT], language="vi") is not None

    assert counted(guard) == {"ooxml": 0, "pdf": 0, "form": 1} | {container: 1}


@pytest.mark.slow
def test_a_refused_file_is_opened_once(guard: Guard, context: ReadingContext, tmp_path: Path) -> None:
    twice = makers.repacked(written(context, "docx"), add={"word/Document.xml": b"<a/>"})
    path = taken(twice, tmp_path)

    seen = look_guarded(guard, tmp_path / "inbox", "a.docx")
    assert (seen.mark, seen.why) == (Mark.UNSEEN, "file.tampered")
    assert [one.code for one in read_guarded(guard, path, "a.docx", context).findings] == ["file.tampered"]
    assert counted(guard)["ooxml"] == 1


@pytest.mark.slow
def test_a_file_that_changed_after_the_gate_is_opened_for_itself(
    guard: Guard, context: ReadingContext, tmp_path: Path
) -> None:
    path = tmp_path / "form.yaml"
    path.write_text("kind: dang-ky\nunit_code: EVNHCMC\n", "utf-8")
    assert look_guarded(guard, path, path.name).mark is Mark.NONE
    path.write_text("kind: dang-ky\nunit_code: CATP\n", "utf-8")

    assert read_guarded(guard, path, path.name, context).unit == "CATP"
    path.write_text("kind: dang-ky\nunit_code: CATP\nneed: TUYỆT MẬT\n", "utf-8")
    assert look_guarded(guard, path, path.name).mark is Mark.MARKED


@pytest.mark.slow
def test_of_several_children_the_one_that_opened_a_file_is_asked_again(
    context: ReadingContext, tmp_path: Path
) -> None:
    path = taken(written(context, "docx"), tmp_path)
    with Guard(_ALL, children=2) as guard:
        guard.warm()
        assert read_guarded(guard, path, "a.docx", context).kind == "dang-ky"
        one, two = ExitStack(), ExitStack()
        other, opener = one.enter_context(guard._child()), two.enter_context(guard._child())
        assert (path.name in opener.keeps, other.keeps) == (True, frozenset())
        one.close()
        two.close()  # the first to come back would be the first to be asked
        with guard._child(path.name) as asked:
            assert asked is opener


@pytest.mark.slow
def test_many_and_heavy_files_are_not_all_remembered(guard: Guard, context: ReadingContext, tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    for number in range(40):
        path.write_text(f"kind: dang-ky\nheadcount: {number}\n", "utf-8")
        assert look_guarded(guard, path, path.name).mark is Mark.NONE
    with guard._child("") as child:
        assert len(child.keeps) == 16

    path.write_text("kind: dang-ky\nobjectives:\n" + "  - x\n" * 20_000, "utf-8")
    assert look_guarded(guard, path, path.name).mark is Mark.NONE
    with guard._child("") as child:
        assert sha256_of(path.read_bytes()) not in child.keeps
