"""How rules meet values: missing ones, broken rules, runaway rules, rows."""

from typing import Any

import pytest

from pipeline.model import Address, Finding, Json, JsonObject
from pipeline.rules import RuleBook, RuleCrashed, Variables, compile_rules
from tests.rules.forms import Plain, form_of
from tests.said import en, vi

FORM = form_of(
    Plain("/title"),
    Plain("/note"),
    Plain("/score", "number"),
    Plain("/rows", ""),
    Plain("/rows/*/name"),
    Plain("/rows/*/from", "date"),
    Plain("/rows/*/to", "date"),
    Plain("/rows/*/parts", ""),
    Plain("/rows/*/parts/*/size", "integer"),
    Plain("/rows/*/sum", "integer"),
)


def book(**rule: Any) -> RuleBook:
    words = {"vi": "Sai: {value}.", "en": "Wrong: {value}."}
    return compile_rules(
        [{"id": "XX01", "severity": "block", "at": "/title", "message": words} | rule], FORM, "r.yaml"
    )


def judge(rules: RuleBook, doc: dict[str, Any], **more: Any) -> list[Finding]:
    return list(rules.judge(Variables(doc, **more)).findings)


def silenced(rules: RuleBook, doc: JsonObject, unusable: Any = (), missing: Any = ()) -> list[str]:
    """The places the rules still speak of when those values cannot be used or are missing."""
    return [str(one.place.pointer) for one in rules.judge(Variables(doc), unusable, missing).findings]


def places(rules: RuleBook, doc: dict[str, Any], **more: Any) -> list[str]:
    return [str(one.place.pointer) for one in judge(rules, doc, **more)]


def test_a_rule_is_judged_for_every_row_with_its_own_fields() -> None:
    rules = book(
        at="/rows/*/to", expr="item.from <= value", message={"vi": "Dòng {row}: {value}.", "en": "Row {row}."}
    )
    doc = {"rows": [{"from": "2022-06-01", "to": "2022-06-02"}, {"from": "2022-06-01", "to": "2022-05-05"}]}
    (finding,) = judge(rules, doc)
    assert str(finding.place.pointer) == "/rows/1/to"
    assert vi(finding.message) == "Dòng 2: 05/5/2022."
    assert finding.found == "05/5/2022"


def test_a_pointer_in_a_row_means_the_same_row() -> None:
    rules = book(at="/rows/*/sum", sum_equals="/rows/*/parts/*/size")
    doc = {"rows": [{"sum": 3, "parts": [{"size": 1}, {"size": 2}]}, {"sum": 4, "parts": [{"size": 1}]}]}
    assert places(rules, doc) == ["/rows/1/sum"]


def test_the_index_and_the_row_around_are_known() -> None:
    rules = book(at="/rows/*/parts/*/size", expr="index < 1 || outer.sum >= value")
    doc = {"rows": [{"sum": 1, "parts": [{"size": 9}, {"size": 2}]}]}
    assert places(rules, doc) == ["/rows/0/parts/1/size"]


@pytest.mark.parametrize(
    "rule",
    [
        {"expr": 'doc.note == "x"'},
        {"at": "/note", "matches": "^x$"},
        {"at": "/title", "equals": "/note"},
        {"at": "/rows", "unique": "name"},
        {"at": "/rows/*/from", "expr": "value < item.to"},
        {"when": 'doc.note == "x"', "expr": 'doc.title == "x"'},
        {"expr": 'accepted.ke_hoach[0].title == "x"'},
        {"expr": 'find(doc.rows, "name", "a").to == "x"'},
    ],
)
def test_a_rule_about_a_value_that_is_not_there_is_silent(rule: dict[str, Any]) -> None:
    assert places(book(**rule), {"title": "abc"}, accepted={"ke_hoach": []}) == []


def test_a_list_that_is_not_there_counts_as_none_only_where_number_is_judged() -> None:
    assert places(book(at="/rows", exactly=1), {}) == ["/rows"]
    assert places(book(at="/rows", count={"min": 1}), {}) == ["/rows"]
    assert places(book(at="/rows", covers={"of": "name", "all": ["a"]}), {}) == []


def test_a_condition_that_holds_is_needed() -> None:
    rules = book(when='doc.note == "x"', expr='doc.title == "b"')
    assert places(rules, {"title": "a", "note": "y"}) == []
    assert places(rules, {"title": "a", "note": "x"}) == ["/title"]


def test_has_guards_a_value_that_may_be_absent() -> None:
    rules = book(expr='has(doc.note) && doc.note == "x"')
    assert places(rules, {"title": "a"}) == ["/title"]


@pytest.mark.parametrize(
    ("expr", "doc"),
    [
        ("int(doc.title) > 3", {"title": "abc"}),
        ("date(doc.title) > date('2022-01-01')", {"title": "abc"}),
        ('year.windows.nothing.from == "x"', {"title": "abc"}),
        ("doc.title.startsWith(value) == (doc.note > 3)", {"title": "abc", "note": "x"}),
        ("doc.rows[0].sum / (doc.rows[0].sum - 3) > 1", {"title": "a", "rows": [{"sum": 3}]}),
    ],
)
def test_a_rule_that_breaks_down_is_our_fault(expr: str, doc: dict[str, Any]) -> None:
    with pytest.raises(RuleCrashed, match=r"XX01.*/title"):
        judge(book(expr=expr), doc, year={"year": 2022})


def test_a_rule_that_gives_text_never_counts_as_true() -> None:
    with pytest.raises(RuleCrashed, match="STRING"):
        judge(book(expr="doc.title"), {"title": "true"})


def test_a_runaway_rule_is_stopped() -> None:
    rows: list[Json] = [{"name": str(at)} for at in range(3000)]
    rules = book(expr='doc.rows.all(a, doc.rows.all(b, doc.rows.all(c, a.name != "x" || b.name != c.name)))')
    with pytest.raises(RuleCrashed, match="budget"):
        judge(rules, {"title": "a", "rows": rows})


def test_fractions_and_whole_numbers_compare() -> None:
    assert places(book(at="/score", expr="value > 3.0 && value < 4.0"), {"score": 3.5}) == []
    assert places(book(at="/score", equals=3.5), {"score": 3.505}) == []
    assert places(book(at="/score", equals={"to": 3.5, "tolerance": 0.001}), {"score": 3.505}) == ["/score"]


def test_an_unusable_value_silences_the_rules_that_read_it() -> None:
    rules = book(at="/rows/*/to", expr="item.from <= value")
    doc: JsonObject = {
        "rows": [{"from": "2022-06-01", "to": "2022-05-01"}, {"from": "2022-06-01", "to": "2022-05-01"}]
    }
    assert silenced(rules, doc, {Address.of("/rows/0/from")}) == ["/rows/1/to"]
    assert silenced(rules, doc, {Address.of("/rows")}) == []
    assert silenced(rules, doc, (), {Address.of("/rows/1/to")}) == ["/rows/0/to"]


def test_sentences_show_values_as_people_write_them() -> None:
    rules = book(
        at="/score",
        between={"max": 1000},
        message={"vi": "{value} ngày {day} {list}", "en": "{value} on {day} {list}"},
        **{"with": {"day": "today", "list": '["2022-06-05", "b"]'}},
    )
    (finding,) = judge(rules, {"score": 1234.5}, today="2022-01-09")
    assert vi(finding.message) == "1.234,5 ngày 09/01/2022 05/6/2022, b"
    assert en(finding.message) == "1,234.5 on 2022-01-09 2022-06-05, b"


def test_braces_in_a_value_stay_braces() -> None:
    (finding,) = judge(book(equals='"a"'), {"title": "{value} {0} {x.__class__}"})
    assert vi(finding.message) == "Sai: {value} {0} {x.__class__}."


def test_a_long_value_is_cut() -> None:
    (finding,) = judge(book(equals='"a"'), {"title": "x" * 5000})
    assert len(vi(finding.message)) < 320


def test_a_rule_about_all_rows_is_silenced_by_any_row_and_a_rule_about_its_own_by_its_own() -> None:
    doc: JsonObject = {"rows": [{"name": "a", "sum": 9}, {"name": "b", "sum": 9}]}
    every = book(at="/rows/*/sum", expr='value < 5 && doc.rows.all(row, row.name != "x")')
    mine = book(at="/rows/*/sum", expr='value < 5 && item.name != "x"')
    bad = {Address.of("/rows/0/name")}
    assert silenced(every, doc, bad) == []
    assert silenced(mine, doc, bad) == ["/rows/1/sum"]


@pytest.mark.parametrize(("strictly", "told"), [(True, ["/score"]), (False, []), (None, [])])
def test_a_share_just_reached_is_enough_unless_more_is_asked(strictly: bool | None, told: list[str]) -> None:
    share: dict[str, Any] = {"part": "/score", "whole": "10", "least": "1/2"}
    if strictly is not None:
        share["strictly"] = strictly
    rules = book(at="/score", share_at_least=share)

    assert places(rules, {"score": 5}) == told
    assert places(rules, {"score": 6}) == []
    assert places(rules, {"score": 4}) == ["/score"]
