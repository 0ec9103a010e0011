"""A document on which LibreOffice hangs or dies: it goes apart from the others, and is told after that."""

import io
import os
import threading
import time
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import ToolCrashed
from pipeline.papers import codes
from pipeline.tools.patience import OutOfPatience, Patience, having
from pipeline.tools.soffice import DocumentHangs, DocumentKills, Office, allowance
from pipeline.tools.soffice.allowance import Demand
from tests.sample_papers import word_document

DOCUMENT = word_document(codes.new_code("poison"), pages=1)
HASTE = Patience(600)
APART = Patience()

#: A stand-in for bridge and LibreOffice: says it is ready, then does as it is told with each document.
BRIDGE = """#!/bin/sh
echo $$ >> "{folder}/runs"
echo '{{"ready": true}}'
while read request; do
  target=$(echo "$request" | sed 's/.*"target": "\\([^"]*\\)".*/\\1/')
  {body}
done
"""
MAKES = """echo "%PDF-1.6" > "$target"; echo '{"ok": true}'"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a LibreOffice is that starts only behind its bridge."""
    (tmp_path / "soffice").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (tmp_path / "soffice").chmod(0o755)
    return tmp_path


def office(folder: Path, body: str, **options: float) -> Office:
    """An office whose LibreOffice does `body` with every document."""
    python = folder / "python"
    python.write_text(BRIDGE.format(folder=folder, body=body), encoding="utf-8")
    python.chmod(0o755)
    program = str(folder / "soffice")
    return Office(folder / "office", program=program, python=str(python), apart=1, **options)  # type: ignore[arg-type]


def runs(folder: Path) -> list[int]:
    """The LibreOffices that were started."""
    path = folder / "runs"
    return [int(line) for line in path.read_text("ascii").split()] if path.exists() else []


def test_one_that_kills_libreoffice_is_not_tried_again_where_others_wait(folder: Path) -> None:
    with office(folder, "exit 1") as made, having(HASTE), pytest.raises(OutOfPatience):
        made.convert(DOCUMENT)
    assert len(runs(folder)) == 1


def test_apart_a_fresh_libreoffice_that_dies_has_the_last_word(folder: Path) -> None:
    with office(folder, "exit 1") as made, having(APART), pytest.raises(DocumentKills) as told:
        made.convert(DOCUMENT)
    assert len(runs(folder)) == 1
    assert not told.value.is_retried


def test_apart_one_that_made_others_before_may_itself_be_at_fault(folder: Path) -> None:
    # it dies on its second document, whatever that is
    once = f'[ -e "{folder}/second" ] && {{ rm "{folder}/second"; exit 1; }}\n {MAKES}'
    with office(folder, once) as made, having(APART):
        made.convert(DOCUMENT)
        (folder / "second").touch()
        assert made.convert(DOCUMENT) == b"%PDF-1.6\n"
    assert len(runs(folder)) == 2


def test_a_small_one_that_hangs_is_given_up_long_before_the_patience_is_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "_USUAL_S", 0.1)
    begun = time.monotonic()
    with office(folder, "sleep 60") as made, having(Patience(30)), pytest.raises(OutOfPatience):
        made.convert(DOCUMENT)
    assert time.monotonic() - begun < 10


def test_one_that_hangs_apart_is_told_and_not_tried_again(folder: Path) -> None:
    with office(folder, "sleep 60", timeout_s=0.3) as made, having(APART), pytest.raises(DocumentHangs) as told:
        made.convert(DOCUMENT)
    assert len(runs(folder)) == 1
    assert not told.value.is_retried


def test_what_goes_on_apart_has_a_libreoffice_of_its_own_that_gives_way(folder: Path) -> None:
    waits = (
        f'[ -e "{folder}/go" ] || {{ : > "{folder}/in-hand"; while [ ! -e "{folder}/go" ]; do sleep 0.05; done; }}'
    )
    with office(folder, f"{waits}\n{MAKES}") as made:

        def apart() -> None:
            with having(APART):
                made.convert(DOCUMENT)

        thread = threading.Thread(target=apart)
        thread.start()
        while not (folder / "in-hand").exists():
            time.sleep(0.01)
        (first,) = runs(folder)
        priority = os.getpriority(os.PRIO_PROCESS, first)
        (folder / "go").touch()
        with having(HASTE):
            made.convert(DOCUMENT)
        (_, second) = runs(folder)
        assert os.getpriority(os.PRIO_PROCESS, second) == 0
        thread.join()
    assert priority == 10


def test_a_long_table_is_not_begun_where_others_wait(folder: Path) -> None:
    with office(folder, MAKES) as made:
        with having(HASTE), pytest.raises(OutOfPatience):
            made.convert(of_paragraphs(4_000))
        assert runs(folder) == []
        with having(HASTE):
            made.convert(of_paragraphs(2_000))
        with having(APART):
            made.convert(of_paragraphs(4_000))
    assert len(runs(folder)) == 2


def test_a_machine_on_which_libreoffice_does_not_start_is_another_matter(folder: Path) -> None:
    (folder / "soffice").write_text("#!/bin/sh\nexit 77\n", encoding="utf-8")
    with office(folder, "") as made:
        (folder / "python").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        with having(APART), pytest.raises(ToolCrashed) as told:
            made.convert(DOCUMENT)
    assert told.value.is_retried


@pytest.mark.parametrize(("paragraphs", "seconds"), [(0, 20), (30, 20.6), (2_500, 70), (5_000, 120), (100_000, 120)])
def test_how_long_a_document_may_take_goes_by_its_size(paragraphs: int, seconds: float) -> None:
    assert Demand.of(of_paragraphs(paragraphs)).most_s(120) == pytest.approx(seconds)


@pytest.mark.parametrize("timeout", [5, 8, 20])
def test_a_short_limit_holds_for_every_document(timeout: float) -> None:
    assert {Demand(paragraphs).most_s(timeout) for paragraphs in (0, 5_000)} == {timeout}


def test_what_is_no_word_document_has_no_paragraph() -> None:
    assert Demand.of(b"PK").paragraphs == 0


def of_paragraphs(count: int) -> bytes:
    """A package with so many paragraphs, half of them with attributes, and with properties, which are none."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        body = "<w:p><w:pPr/></w:p>" * (count - count // 2) + '<w:p w:rsid="1"><w:pPr/></w:p>' * (count // 2)
        package.writestr("word/document.xml", body)
    return out.getvalue()
