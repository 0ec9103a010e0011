"""The examples are papers of one office in one year: what one says of another, the other says too."""

import datetime as dt
import io
import re

import docx
import pytest

from pipeline.model import Json, JsonObject
from tests.kinds import examples
from tests.kinds.test_papers import paper, values_of
from tests.kinds.test_words import WHOLE

DAY = re.compile(r"ngày (\d\d?)/(\d\d?)/(\d{4})")


def rows(doc: JsonObject, name: str) -> list[JsonObject]:
    found = doc[name]
    assert isinstance(found, list)
    return [row for row in found if isinstance(row, dict)]


@pytest.mark.parametrize("name", ["pass-binh-xet", "pass-khen-thuong"])
def test_the_count_the_minutes_and_the_petition_tell_the_same_votes(name: str) -> None:
    decisions = rows(values_of("bien-ban", "pass-khen-thuong"), "decisions")
    secret = [row for row in decisions if row["method"] == "bo_phieu_kin"]
    told = {row["item"]: (row["for"], row["against"]) for row in secret}
    counted = rows(values_of("kiem-phieu", name), "results")
    assert {row["item"]: (row["for"], row["against"]) for row in counted} == told

    passed = sorted((row["for"], row["issued"]) for row in secret if row["result"] == "thong_qua")
    petition = rows(values_of("to-trinh", "pass-khen-thuong"), "proposals")
    report = rows(values_of("bao-cao-tong-ket", "pass-2022"), "award_proposals")
    for proposed in (petition, report):
        assert sorted((row["vote_for"], row["ballots"]) for row in proposed) == passed


def test_who_counts_was_appointed_to_count_and_is_proposed_for_nothing() -> None:
    articles = rows(values_of("quyet-dinh", "pass-ban-kiem-phieu"), "articles")
    appointed = " ".join(str(line) for one in articles for line in texts(one))
    count = values_of("kiem-phieu", "pass-khen-thuong")
    head, secretary = count["head"], count["secretary"]
    assert isinstance(head, dict)
    assert isinstance(secretary, dict)
    assert f"{head['full_name']} làm Trưởng ban" in appointed
    assert f"{secretary['full_name']} làm thư ký" in appointed
    assert str(head["full_name"]) not in {
        row["person"] for row in rows(values_of("to-trinh", "pass-khen-thuong"), "proposals") if row.get("person")
    }


def texts(value: Json) -> list[str]:
    match value:
        case str():
            return [value]
        case list():
            return [text for one in value for text in texts(one)]
        case dict():
            return [text for one in value.values() for text in texts(one)]
        case _:
            return []


@pytest.mark.parametrize(("kind_id", "name"), WHOLE)
def test_nothing_is_cited_or_enclosed_that_is_dated_later_than_the_paper(kind_id: str, name: str) -> None:
    doc = values_of(kind_id, name)
    on = examples.kind_named(kind_id).date_of(doc)
    assert on is not None
    named = ["attachments", "attached_to", "plan_ref", "basis", "corrected_doc", "legal_basis", "conference"]
    cited = [text for field in named for text in texts(doc.get(field))]
    days = [dt.date(int(y), int(m), int(d)) for text in cited for d, m, y in DAY.findall(text)]
    assert [day for day in days if day > on] == []


def test_a_correction_names_places_that_the_plan_has() -> None:
    plan = docx.Document(io.BytesIO(paper("ke-hoach", "pass-2022", "dang-hd36")))
    parts: list[list[str]] = []
    for paragraph in plan.paragraphs:
        if paragraph.style is not None and paragraph.style.style_id == "VTMuc":
            parts.append([paragraph.text])
        elif parts and paragraph.style is not None and paragraph.style.style_id == "VTMucNho":
            parts[-1].append(paragraph.text)
    schedule = next(table for table in plan.tables if "Công việc" in table.rows[0].cells[1].text)
    deadline, wording = rows(values_of("cong-van", "pass-dinh-chinh"), "corrections")
    assert deadline["where"] == "Mục IV, dòng 2 của bảng tiến độ"
    assert parts[3][0] == "TIẾN ĐỘ THỰC HIỆN"
    assert deadline["right"] == f"Thời hạn: {schedule.rows[2].cells[3].text}"
    assert wording["where"] == "Mục II, nội dung 4"
    assert str(wording["right"]) in parts[1][4]
