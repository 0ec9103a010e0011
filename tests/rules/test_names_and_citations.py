"""The cluster's name and the numbers of our own documents, wherever a form speaks of them."""

from typing import Any

import pytest

from pipeline.model import Finding
from pipeline.rules import Variables, compile_rules
from tests.rules.forms import Plain, form_of

FORM = form_of(Plain("/title"), Plain("/lines", ""), Plain("/lines/*"), Plain("/ref", "doc_ref"))
RULE: dict[str, Any] = {
    "id": "EX01",
    "severity": "warn",
    "message": {"vi": "Sai.", "en": "Wrong."},
}
YEAR: dict[str, Any] = {"cluster": {"name": "Cụm thi đua số 4", "symbol": "CTĐ4"}}
REGISTER: list[Any] = [
    {"number": "02-KH/CTĐ4", "date": "2022-05-27", "title": "Kế hoạch", "status": "valid"},
    {"number": "03-KH/CTĐ4", "date": "2022-06-01", "title": "Kế hoạch", "status": "void"},
    {"number": "05-KH/CTĐ4", "date": "2022-06-03", "title": "Kế hoạch", "status": "valid"},
]


def findings(rule: dict[str, Any], doc: dict[str, Any]) -> list[Finding]:
    book = compile_rules([RULE | rule], FORM, "rules.yaml")
    return list(book.judge(Variables(doc, YEAR, "2022-06-01", {}, {}, REGISTER)).findings)


@pytest.mark.parametrize(
    "text", ["Cụm thi đua 4", "Cụm Thi Đua số 4", "cụm thi đua số 4", "Cụm thi đua số 04", "Cum thi dua so 4"]
)
def test_a_misspelt_name_is_found_where_it_stands(text: str) -> None:
    said = findings(
        {"at": "/", "spelled": "year.cluster.name"}, {"title": "Kế hoạch", "lines": ["x", f"của {text}."]}
    )
    assert [(str(one.place.pointer), one.found) for one in said] == [("/lines/1", text)]


@pytest.mark.parametrize(
    "text",
    ["Cụm thi đua số 4", "CỤM THI ĐUA SỐ 4", "Cụm thi đua số 5", "Cụm thi đua số 45", "các cụm thi đua", "Cụm số 4"],
)
def test_a_name_in_its_spelling_or_another_name_is_passed_over(text: str) -> None:
    assert findings({"at": "/", "spelled": "year.cluster.name"}, {"title": text}) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Kế hoạch số 02-KH/CTĐ4, ngày 27/5/2022", ""),
        ("Kế hoạch số 2-KH/CTĐ4 ngày 27 tháng 5 năm 2022", ""),
        ("Kế hoạch số 02-KH/CTĐ4", ""),
        ("Kế hoạch số 02-KH/CTĐ4, ngày 28/5/2022", "02-KH/CTĐ4"),
        ("Kế hoạch số 03-KH/CTĐ4, ngày 01/6/2022", "03-KH/CTĐ4"),
        ("Kế hoạch số 04-KH/CTĐ4", "04-KH/CTĐ4"),
        ("Kế hoạch số 06-KH/CTĐ4", "06-KH/CTĐ4"),
        # numbered by hand before the register began; a series it does not have; somebody else's number
        ("Kế hoạch số 01-KH/CTĐ4, ngày 01/3/2022", ""),
        ("Quy chế số 01-QC/CTĐ4", ""),
        ("Kế hoạch số 06-KH/CTĐ5", ""),
        ("không có số", ""),
    ],
)
def test_a_citation_of_ours_agrees_with_the_register(text: str, wrong: str) -> None:
    assert [one.found for one in findings({"at": "/ref", "registered": True}, {"ref": text})] == (
        [wrong] if wrong else []
    )


def test_only_rules_that_ask_for_the_register_make_it_be_read() -> None:
    asks = compile_rules([RULE | {"at": "/ref", "registered": True}], FORM, "rules.yaml")
    by_hand = compile_rules(
        [RULE | {"at": "/ref", "expr": "register.exists(one, one.number == value)"}], FORM, "rules.yaml"
    )
    never = compile_rules([RULE | {"at": "/ref", "required": True}], FORM, "rules.yaml")
    # what the form cites is a few numbers; only an expression may ask for all of them
    assert (asks.is_register_read, by_hand.is_register_read, never.is_register_read) == (False, True, False)
    assert (asks.is_register_cited, by_hand.is_register_cited, never.is_register_cited) == (True, False, False)


def test_only_documents_of_kinds_that_a_rule_looks_at_are_fetched() -> None:
    def accepted(expression: str) -> frozenset[str] | None:
        return compile_rules([RULE | {"at": "/ref", "expr": expression}], FORM, "rules.yaml").accepted_kinds

    assert accepted('value != ""') == frozenset()
    assert accepted("accepted.ke_hoach.all(one, one.sign_date <= value)") == frozenset({"ke_hoach"})
    # whatever there is, where the kinds are not named
    assert accepted("accepted.all(kind, size(accepted[kind]) > 0 && value != '')") is None
