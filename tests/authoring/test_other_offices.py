"""Every kind in the hands of other offices: no word of the example is in their forms and documents."""

import functools
import io
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest

from pipeline import blank_forms, filling, kinds, years
from pipeline.authoring.samples import FULL, LONG_LISTS, REQUIRED, day_of, sample_context
from pipeline.blank_forms.formats import FORMATS
from pipeline.kinds import Loaded
from pipeline.layout import apply, profile_for
from pipeline.papers import codes
from pipeline.vietnamese.filters import FILTERS
from pipeline.years import Year, answers, beginning
from pipeline.years.writing import written
from tests.folders import ROOT
from tests.large_office import SIXTY_THREE

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KINDS = sorted(path.parent.name for path in (ROOT / "templates").glob("*/kind.yaml"))

STATE = """
form: state
year: 2027
name: Khối thi đua các sở
parent: Ủy ban nhân dân Tỉnh Lâm Đồng
place: Lâm Đồng
units: [Sở Nội vụ; Trần Văn An; Giám đốc, Sở Tài chính; Lê Thị Bình; Giám đốc, Sở Y tế; Vũ Thu Hà; Phó Giám đốc]
contents: [Cải cách hành chính; 60, Chuyển đổi số; 40]
"""
OFFICES = {"state": STATE, "large": SIXTY_THREE}


@functools.cache
def office(name: str, folder: Path) -> tuple[Year, Loaded]:
    told = answers.read(OFFICES[name].encode(), name)
    file = folder / f"{told.year}.yaml"
    file.write_text(written(beginning.first_table(told)), "utf-8")
    year = years.load(file)
    return year, kinds.load_all(ROOT / "templates", year.words("state" if name == "state" else "party"))


def words_of_the_example() -> re.Pattern[str]:
    """What names the example's office, its members and their people, as the year's file has it, and its year."""
    year = years.load(ROOT / "years" / "2022.yaml")
    words = {year.cluster.name, year.cluster.symbol, year.cluster.slug, "Cụm trưởng", "Cụm phó", "cấp cụm", "hư cấu"}
    words |= {"Thành ủy", "Hồ Chí Minh,", "«", "2022", "Văn phòng Đảng ủy", "Tổng công ty"}
    for unit in year.units:
        words |= {unit.code, unit.name, unit.org, *unit.aliases, *(one.name for one in unit.signatories)}
    words |= {person.name for person in year.persons}
    return re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(words))) + r")(?!\w)|\bCụm\b|«")


FOREIGN = words_of_the_example()
#: These speak of a law by its year, whose blank may be one that holds.
LAWS = re.compile(r"Luật Thi đua, khen thưởng năm\s2022")
#: How a Party paper is cited and who is spoken of in it; what says both ways is a help to whoever fills a form in.
PARTYS = re.compile(r"\d-[A-ZĐ]+/|, ngày \d+/|[Đđ]ồng chí|[Cc]ấp ủy")
BOTH = re.compile(r"\S+ \(văn bản Đảng\)")


def texts_of(content: bytes) -> Iterator[str]:
    """Every paragraph of a Word file, or cell and note of a workbook."""
    if b"word/document.xml" in content:
        document = docx.Document(io.BytesIO(content))
        parts = [document.element.body, *(one.footer._element for one in document.sections)]
        for part in parts:
            for paragraph in part.iter(f"{WORD}p"):
                yield "".join(text.text or "" for text in paragraph.iter(f"{WORD}t"))
        return
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                yield str(cell.value or "")
                yield cell.comment.text if cell.comment else ""
        for check in sheet.data_validations.dataValidation:
            yield f"{check.prompt or ''} {check.error or ''}"


def foreign_in(content: bytes) -> set[str]:
    return {text for text in texts_of(content) if FOREIGN.search(LAWS.sub("", text))}


@pytest.mark.sweep
@pytest.mark.parametrize("name", OFFICES)
@pytest.mark.parametrize("kind_id", KINDS)
def test_the_forms_of_another_office_speak_of_it_alone(
    kind_id: str, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    year, known = office(name, tmp_path_factory.getbasetemp())
    plan = blank_forms.plan(known.kinds[kind_id], year, unit=None, on=day_of(year), is_blank=False)
    assert {ending: foreign_in(FORMATS[ending](plan)) for ending in ("docx", "xlsx")} == {
        "docx": set(),
        "xlsx": set(),
    }


@pytest.mark.sweep
@pytest.mark.parametrize("kind_id", KINDS)
def test_the_forms_of_a_state_office_cite_papers_as_the_state_does(
    kind_id: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    year, known = office("state", tmp_path_factory.getbasetemp())
    plan = blank_forms.plan(known.kinds[kind_id], year, unit=None, on=day_of(year), is_blank=False)
    for ending in ("docx", "xlsx"):
        found = {text for text in texts_of(FORMATS[ending](plan)) if PARTYS.search(BOTH.sub("", text))}
        assert found == set()


@pytest.mark.sweep
@pytest.mark.parametrize("name", OFFICES)
@pytest.mark.parametrize("kind_id", KINDS)
def test_the_documents_of_another_office_speak_of_it_alone(
    kind_id: str, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    year, known = office(name, tmp_path_factory.getbasetemp())
    kind = known.kinds[kind_id]
    profile = profile_for(day_of(year), kind.form_family, "nd30" if name == "state" else "")
    template = filling.compile_template(apply(kind.template, profile))
    for size in (FULL, REQUIRED, LONG_LISTS):
        values = sample_context(kind, year, known.kinds, size)
        pictures = {one: codes.picture("VT00000000000000") for one in template.pictures}
        assert foreign_in(filling.fill(template, values, filters=FILTERS, pictures=pictures)) == set()
