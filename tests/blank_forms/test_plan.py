"""What a form holds: what the year knows of it, as much room as the fields ask for, and a version."""

import dataclasses
import datetime as dt

import pytest

from pipeline.blank_forms import Entry, FormPlan, Table, plan, shown
from pipeline.blank_forms.plan import rows_of
from pipeline.kinds import Kind
from pipeline.kinds.fields import read
from pipeline.kinds.wording import worded
from pipeline.model import JsonObject
from tests.blank_forms.conftest import DAY, blank, known
from tests.folders import shipped_words
from tests.rules.samples import ROOT, kind, year
from tests.said import en


def part(form: FormPlan, name: str) -> Entry | Table:
    return next(one for one in form.parts() if one.name == name)


def entry(form: FormPlan, name: str) -> Entry:
    found = part(form, name)
    assert isinstance(found, Entry)
    return found


def table(form: FormPlan, name: str) -> Table:
    found = part(form, name)
    assert isinstance(found, Table)
    return found


def test_unit_year_and_signatory_of_the_day_are_filled_in() -> None:
    form = known("dang-ky", "CATP")
    assert (form.unit_code, form.year) == ("CATP", 2022)
    assert entry(form, "unit_code").value == "CATP"
    assert entry(form, "emulation_year").value == 2022
    unit = year().unit("CATP")
    assert unit is not None
    signer = unit.signatory(DAY)
    assert signer is not None
    assert entry(form, "leader.full_name").value == signer.name
    assert entry(form, "leader.position").value == signer.position_full


def test_who_signs_is_who_signs_on_the_day() -> None:
    unit = year().unit("CATP")
    assert unit is not None
    first = unit.signatories[0]
    follower = dataclasses.replace(
        first,
        name="Trần Thị Kế Nhiệm",
        period=dataclasses.replace(first.period, begins=dt.date(2022, 7, 1), ends=None),
    )
    first = dataclasses.replace(first, period=dataclasses.replace(first.period, ends=dt.date(2022, 6, 30)))
    changed = dataclasses.replace(unit, signatories=(first, follower))
    for on, name in ((dt.date(2022, 6, 30), first.name), (dt.date(2022, 7, 1), follower.name)):
        assert entry(plan(kind("dang-ky"), year(), unit=changed, on=on), "leader.full_name").value == name


def test_what_the_year_does_not_know_is_left_empty() -> None:
    form = known("dang-ky")
    filled = {one.name for one in form.parts() if isinstance(one, Entry) and one.value not in (None, [])}
    assert filled == {"unit_code", "emulation_year", "leader.full_name", "leader.position"}


def test_a_row_stands_for_each_content_of_the_year_and_one_for_the_activity() -> None:
    form = known("dang-ky")
    targets, activities = table(form, "targets"), table(form, "activities")
    assert [row["content_code"] for row in targets.rows] == [content.code for content in year().contents]
    assert (targets.row_count, targets.is_fixed) == (8, True)
    assert (activities.rows, activities.row_count, activities.is_fixed) == ((), 1, True)


def test_scores_begin_with_the_weights_of_the_year() -> None:
    rows = table(known("bang-diem"), "scores").rows
    assert [row["max_score"] for row in rows] == [content.weight for content in year().contents]


def test_a_table_that_may_stay_empty_has_room_but_no_rows_begun() -> None:
    contacts = table(known("ke-hoach"), "contacts")
    assert (contacts.rows, contacts.row_count) == ((), len(year().members(DAY)))


def test_a_blank_form_says_nothing() -> None:
    for one in blank("ke-hoach").parts():
        assert one.rows == () if isinstance(one, Table) else one.value in (None, [])


def test_given_values_go_before_those_of_the_year() -> None:
    form = plan(kind("bien-ban"), year(), on=DAY, values={"meeting_kind": "so_ket", "emulation_year": 2023})
    assert entry(form, "meeting_kind").value == "so_ket"
    assert entry(form, "emulation_year").value == 2023


def test_the_version_changes_with_the_fields_and_only_with_them() -> None:
    content = worded((ROOT / "templates" / "dang-ky" / "fields.yaml").read_bytes(), shipped_words())
    same, _ = read(content, "fields.yaml")
    changed, _ = read(content.replace("Ngày đăng ký".encode(), "Ngày lập đăng ký".encode(), 1), "fields.yaml")
    assert same.version == kind("dang-ky").fields.version
    assert changed.version != same.version


def test_tables_within_tables_become_one_flat_table_with_a_row_for_each_item() -> None:
    chapters = table(blank("quy-che"), "chapters")
    assert chapters.is_nested
    article: JsonObject = {
        "number": 1,
        "title": "Phạm vi",
        "clauses": [{"number": 1, "text": "a"}, {"number": 2, "text": "b"}],
    }
    rows = list(rows_of(chapters.columns, chapters.address, [{"roman_no": "I", "title": "T", "articles": [article]}]))
    assert rows == [
        {"roman_no": "I", "title": "T"},
        {"articles.number": 1, "articles.title": "Phạm vi"},
        {"articles.clauses.number": 1, "articles.clauses.text": "a"},
        {"articles.clauses.number": 2, "articles.clauses.text": "b"},
    ]


@pytest.mark.parametrize(
    ("x_type", "value", "text"),
    [
        ("date", "2022-05-05", "05/05/2022"),
        ("money", 15_000_000, "15.000.000"),
        ("number", 98.5, "98,5"),
        ("integer", 1250, "1.250"),
        ("year", 2022, "2022"),
        ("text", "= 1 + 1", "= 1 + 1"),
        ("flag", False, "Không"),
        ("date_fuzzy", {"from": "2022-06-01", "to": "2022-06-30", "text": "tháng 6/2022"}, "tháng 6/2022"),
        ("text", None, ""),
    ],
)
def test_a_value_is_shown_as_a_clerk_writes_it(x_type: str, value: object, text: str) -> None:
    choices = (("true", "Có"), ("false", "Không")) if x_type == "flag" else ()
    assert shown(Entry("/x", "x", "X", x_type, choices=choices), value) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{each: contents, columns: {content_code: code}}", "{each: contents, columns: {content: code}}", "content"),
        (
            "{each: contents, columns: {content_code: code}}",
            "{each: members, columns: {content_code: title}}",
            "title",
        ),
        ("x-label: Thư điện tử", "x-label: Thư điện tử\n        x-rows: 3", "x-rows"),
    ],
)
def test_rows_that_cannot_be_begun_are_refused_at_load(old: str, new: str, said: str) -> None:
    content = (ROOT / "templates" / "dang-ky" / "fields.yaml").read_text(encoding="utf-8")
    assert old in content
    _, problems = read(content.replace(old, new, 1).encode(), "fields.yaml")
    assert len(problems) == 1
    assert said in en(problems[0].message)
    assert problems[0].place.line > 1


def test_former_members_are_not_offered() -> None:
    members = year().members(DAY)
    gone = dataclasses.replace(
        year(),
        units=(
            *(one for one in year().units if one.code != members[-1].code),
            dataclasses.replace(
                members[-1], period=dataclasses.replace(members[-1].period, ends=dt.date(2022, 1, 1))
            ),
        ),
    )
    one: Kind = kind("dang-ky")
    offered = entry(plan(one, gone, on=DAY), "unit_code").choices
    assert members[-1].code not in dict(offered)
    assert members[0].code in dict(offered)
