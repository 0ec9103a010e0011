"""A kind whose folder is broken or edited touches nothing but what comes after, and of its own kind."""

import io
import shutil
import time
import zipfile
from pathlib import Path

import pytest

from pipeline import filling, kinds
from pipeline.app import operations
from pipeline.app.kinds_now import KINDS_LOOK_SECONDS, KindsNow, with_sound_templates
from pipeline.app.sound_templates import SoundTemplates
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import State
from tests.folders import UNITS, drop, opened, pledge, registration, shipped_kinds, working_folder

NOW = Rhythm(1, 0)


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """A templates folder of one's own, with the shipped kinds."""
    return working_folder(tmp_path / "office") / "templates"


def with_words_before_the_end(template: Path, words: str) -> None:
    """Put a paragraph at the end of a Word template's body."""
    out = io.BytesIO()
    with zipfile.ZipFile(template) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "word/document.xml":
                head, mark, tail = content.rpartition(b"<w:sectPr")
                content = head + f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>".encode() + mark + tail
            target.writestr(info, content)
    template.write_bytes(out.getvalue())


def test_a_template_with_an_unclosed_tag_holds_its_own_kind_and_says_which_tag(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    template = folder / "templates" / "dang-ky" / "template.docx"
    whole = template.read_bytes()
    with_words_before_the_end(template, "{% if doc.headcount %}")
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    drop(folder, "gu.yaml", pledge())
    with opened(folder) as workspace:
        held, waiting = serve_once(Worker(workspace, 1), NOW)
        assert held.state is State.HELD
        assert "templates/dang-ky/template.docx" in held.reason
        assert "{% if doc.headcount %}" in held.reason
        assert (waiting.kind, waiting.state) == ("giao-uoc", State.WAITING)
    assert not (folder / "outbox" / "CATP").exists()  # nothing is told to the unit: it is our fault
    template.write_bytes(whole)
    with opened(folder) as workspace:
        operations.reprocess(workspace, operations.plan(workspace, workspace.ledger.job(held.id)))
        Worker(workspace, 1).work_off()
        assert workspace.ledger.job(held.id).state is State.DELIVERED


@pytest.mark.slow
def test_a_kind_edited_while_a_document_waits_does_not_change_that_document(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "gu.yaml", pledge())
    with opened(folder) as workspace:
        (waiting,) = serve_once(Worker(workspace, 1), NOW)
        with_words_before_the_end(folder / "templates" / "giao-uoc" / "template.docx", "Thêm sau khi nộp")
        for unit in UNITS:
            drop(folder, "dk.yaml", registration(unit), unit)
        serve_once(Worker(workspace, 1), NOW)
        assert workspace.ledger.job(waiting.id).state is State.DELIVERED
    (draft,) = (folder / "outbox" / "cho-ky").glob("*_GU_*.docx")
    with zipfile.ZipFile(draft) as package:
        assert "Thêm sau khi nộp" not in package.read("word/document.xml").decode()


def test_only_the_kind_whose_template_cannot_be_filled_is_broken(templates: Path) -> None:
    with_words_before_the_end(templates / "dang-ky" / "template.docx", "{% if doc.headcount %}")
    (templates / "to-trinh" / "kind.yaml").write_text("id: to-trinh\n", encoding="utf-8")
    whole = shipped_kinds().kinds

    sound = with_sound_templates(kinds.load_all(templates), templates)

    assert sound.kinds.keys() == whole.keys() - {"dang-ky", "to-trinh"}
    assert [one.kind for one in sound.broken] == ["to-trinh", "dang-ky"]
    assert {one.place.file for one in sound.broken[1].problems} == {"templates/dang-ky/template.docx"}
    assert "{% if doc.headcount %}" in str(sound.broken[1])


def test_an_edited_kind_is_seen_a_second_later_and_not_looked_for_sooner(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    kinds_now = KindsNow(templates)
    first = kinds_now()
    assert first.kinds.keys() == shipped_kinds().kinds.keys()
    file = templates / "dang-ky" / "kind.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("abbreviation: ", "abbreviation: X"), encoding="utf-8")
    now[0] += KINDS_LOOK_SECONDS - 0.1
    assert kinds_now() is first
    now[0] += 0.1
    second = kinds_now()
    assert second.kinds["dang-ky"].abbreviation == f"X{first.kinds['dang-ky'].abbreviation}"
    assert KINDS_LOOK_SECONDS == 1.0


def test_kinds_that_nobody_touched_are_not_read_again(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    kinds_now = KindsNow(templates)
    first = kinds_now()
    now[0] += 60
    (templates / "dang-ky" / "nhap").mkdir()  # no file of the kind
    assert kinds_now() is first
    shutil.rmtree(templates / "to-trinh")
    assert kinds_now() is first, "it looked a moment ago"
    now[0] += 60
    assert "to-trinh" not in kinds_now().kinds


def test_a_template_found_sound_is_not_looked_at_at_the_next_start_and_an_edited_one_is(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[bytes] = []
    verify = filling.verify_template

    def watched(template: bytes) -> None:
        looked.append(template)
        verify(template)

    monkeypatch.setattr(filling, "verify_template", watched)
    note = templates.parent / "var" / "sound-templates.json"

    def started() -> tuple[int, list[str]]:
        looked.clear()
        loaded = KindsNow(templates, known=SoundTemplates(note))()
        return len(looked), [broken.kind for broken in loaded.broken]

    assert started() == (len(shipped_kinds().kinds), [])
    assert started() == (0, [])
    with_words_before_the_end(templates / "dang-ky" / "template.docx", "{% if doc.headcount %}")
    # what is broken is looked at, and told, at every start
    assert [started(), started()] == [(1, ["dang-ky"])] * 2
    # found by other code, and a note that cannot be read
    for spoilt in (note.read_text().replace('"looked_at_by": "', '"looked_at_by": "0'), "{", "[]"):
        note.write_text(spoilt)
        assert started() == (len(shipped_kinds().kinds), ["dang-ky"])
