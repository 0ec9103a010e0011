"""What people type stands in every paper, name and view as they typed it: no text of theirs is ever a template."""

import datetime as dt
import io
import json
import re
from pathlib import Path
from typing import Final

import docx
import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from pipeline import naming
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.layout import all_profiles
from pipeline.model import Direction, JsonObject, Role, State
from pipeline.register.book_word import register_word
from pipeline.register.books import Cover, Fact, Line, Source, Volume
from pipeline.register.pages import Mark
from pipeline.register.workbook import register_workbook
from pipeline.status.refreshing import refresh
from tests.folders import drop, opened, working_folder
from tests.kinds import examples
from tests.sample_papers import signed_paper
from tests.word_words import words_of

NOW: Final = Rhythm(1, 0)
#: What Python's formats, templates, patterns, XML, YAML, Excel, SQL, a shell or a terminal would give a meaning to.
PIECES: Final = (
    *("{", "}", "{{", "}}", "{0}", "{doc.corrected_doc}", "{year.year}", "{number}", "{type}", "{value}"),
    *("{{ 7*7 }}", "{% x %}", "{#", "{_{", "%", "%s", "%(x)s", "100%", "\\", "\\1", "\\g<0>", "\\n", "$x"),
    *("&", "&amp;", "<b>", "</w:t>", "]]>", "<!--", "'", '"', "`", "*", "?", "_", "~", "[red]", "[/]", "=1+1"),
    *("_x0041_", "@", "#", ": ", "- ", "|", "Ưu đãi", "…", "№"),
)
TEXTS: Final = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(categories=("L", "N")), max_size=4), max_size=8
)


def letter(said: str) -> str:
    form = {
        "kind": "cong-van",
        "emulation_year": 2022,
        "doc_date": "2022-05-30",
        "purpose": "dinh_chinh",
        "addressees": [f"Đơn vị {said}"],
        "corrected_doc": f"Công văn số 05/ĐHQG-VP, ngày 27/5/2022 {said} hết",
        "corrections": [{"where": f"Mục {said}", "wrong": f"Sai {said}", "right": f"Đúng {said}"}],
    }
    return yaml.safe_dump(form, allow_unicode=True)


@pytest.mark.parametrize(
    "said",
    [
        "{doc.corrected_doc} {corrected_doc} {0} {} {",
        "}} {{ 7*7 }} {% if x %} {# {_{",
        r"%s %(x)d 100% \1 \g<0> \n C:\x",
        "&amp; <w:t>]]></w:t> <!-- & \" ' `",
        "=1+1 $(x) [red]*?~ @SUM(1) _x0041_",
    ],
)
def test_a_letter_says_what_was_typed_from_its_subject_to_its_sidecar(tmp_path: Path, said: str) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        drop(folder, f"thư {re.sub('[/:]', '', said)}.yaml"[:80] + ".yaml", letter(said))
        serve_once(Worker(workspace), NOW)
        (job,) = workspace.ledger.in_states([State.DELIVERED])
        subject = f"đính chính Công văn số 05/ĐHQG-VP, ngày 27/5/2022 {said} hết"
        printed = words_of(workspace.artifact(job, Role.DRAFT))
        for text in (subject, f"Đơn vị {said}", f"Mục {said}", f"Sai {said}", f"Đúng {said}"):
            assert text in printed
        drop(folder, "scan.pdf", signed_paper(job.code))
        serve_once(Worker(workspace), NOW)
        job = workspace.ledger.job(job.id)
        assert (job.state, job.number) == (State.ARCHIVED, "01-CV/CTĐ4")
        (sidecar,) = (folder / "archive").rglob("*.json")
        assert subject in json.loads(sidecar.read_bytes())["title"]
        refresh(workspace)
        (book,) = (folder / "outbox").rglob("CV-2020-2025.xlsx")
        cells = [cell.value for sheet in openpyxl.load_workbook(book) for row in sheet for cell in row]
        assert any(subject in str(cell).replace("_x005F_", "_") for cell in cells)
    names = [path.name for path in (*(folder / "outbox").rglob("*"), *(folder / "archive").rglob("*"))]
    assert all(re.fullmatch(r"[A-Za-z0-9._ (){}\[\]&'!@=+,;#-]{1,120}", name) for name in names), names


def test_a_faulty_letter_gets_back_what_was_typed_and_the_board_keeps_the_names_of_the_year(tmp_path: Path) -> None:
    folder, said = working_folder(tmp_path / "office"), "{value} {{ x }} %s \\1 & <b> ]]> =1"
    years = folder / "years" / "2022.yaml"
    text = years.read_text(encoding="utf-8")
    years.write_text(
        re.sub("(?m)^  full_name: .*$", lambda _: f"  full_name: '{said}'", text, count=1), encoding="utf-8"
    )
    with opened(folder) as workspace:
        drop(folder, "thu.yaml", letter(said).replace("số 05/ĐHQG-VP", "số 05"))
        serve_once(Worker(workspace), NOW)
        (job,) = workspace.ledger.in_states([State.RETURNED])
        assert f"số 05, ngày 27/5/2022 {said} hết" in words_of(workspace.artifact(job, Role.NOTE))
        refresh(workspace)
    (page,) = (folder / "outbox").rglob("tinh-hinh.html")
    assert said in "".join(str(text) for text in html.document_fromstring(page.read_bytes()).itertext())
    (board,) = (folder / "outbox").rglob("tinh-hinh.xlsx")
    cells = [str(cell.value) for sheet in openpyxl.load_workbook(board) for row in sheet for cell in row]
    assert any(said in cell for cell in cells)


@given(TEXTS.map("".join))
def test_numbers_and_places_are_written_around_any_text(text: str) -> None:
    for profile in all_profiles().values():
        shape = profile.shapes.reference.partly_filled({"type": text, "issuer": text})
        assert shape.filled({"number": "07"}) == profile.reference(7, text, text)
        assert len(profile.reference(7, text, text)) == 4 + 2 * len(text)
        assert profile.place_date(text, "hôm nay") == f"{text}, hôm nay"
        assert text in profile.number_line(5, text, text)


@given(TEXTS.map("".join))
def test_a_subject_takes_any_text_of_the_form(text: str) -> None:
    kind, year = examples.loaded().kinds["cong-van"], examples.year().as_values()
    values: JsonObject = {"purpose": "dinh_chinh", "corrected_doc": text}
    assert kind.subject_of(values, year) == f"đính chính {text}"


@given(TEXTS.map("".join))
def test_every_name_made_of_any_text_is_one_of_ours_again(text: str) -> None:
    answer = naming.answer_name(f"{text}.xlsx", naming.Answer.RECEIPT, job=7, extension="docx")
    assert str(naming.AnswerName.parse(answer)) == answer
    path = naming.archive_path(
        series="CV/2022", on=dt.date(2022, 5, 30), kind="CV", number=7, issuer="CTĐ4", subject=text
    )
    assert str(naming.ArchiveName.parse(path.name)) == path.name


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS.map("".join))
def test_the_register_keeps_any_text_in_its_cells(text: str) -> None:
    fact = Fact(text, Source.DOCUMENT)
    line = Line(1, text, dt.date(2022, 5, 30), (fact,) * 10)
    days = (line.day, line.day)
    cover = Cover((text,), text, text, text, text, "2022", days, (1, 1), 1)
    volume = Volume("CV/2022", Direction.OUTGOING, cover, (line,))
    sheet = openpyxl.load_workbook(io.BytesIO(register_workbook([volume], Mark()))).worksheets[0]
    found = [cell for row in sheet for cell in row if cell.value]
    assert {cell.data_type for cell in found} <= {"s", "inlineStr"}
    shown = [re.sub("_x005[Ff]_", "_", str(cell.value)) for cell in found]  # as Excel reads it
    assert shown.count(text) >= (10 if text else 0)
    word = docx.Document(io.BytesIO(register_word([volume], Mark())))
    assert len(word.tables[0].rows) == 5
