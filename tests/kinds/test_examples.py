"""Every kind's examples get exactly the findings they say, and every rule is met by one of them."""

import re

import pytest

from pipeline import vietnamese
from pipeline.model import Severity
from tests.kinds import examples
from tests.kinds.examples import Example
from tests.said import en, vi


@pytest.mark.parametrize("one", examples.every(), ids=str)
def test_an_example_gets_exactly_the_findings_it_says(one: Example) -> None:
    findings = examples.findings_of(one)
    told = "\n".join(f"{finding.code} {finding.place.pointer!s}: {vi(finding.message)}" for finding in findings)
    assert sorted({finding.code for finding in findings}) == sorted(one.expect), told
    for finding in findings:
        assert finding.mend is not None, f"{finding.code} does not say what to do"
        assert vi(finding.mend) not in ("", en(finding.mend))
    is_blocked = any(finding.severity is Severity.BLOCK for finding in findings)
    assert is_blocked == one.name.startswith("fail-"), told


@pytest.mark.sweep
@pytest.mark.parametrize("one", examples.every(), ids=str)
def test_an_example_of_a_state_office_gets_the_same_findings(one: Example) -> None:
    findings = examples.findings_of(examples.example(one.kind, one.name, "state"))
    assert sorted({finding.code for finding in findings}) == sorted(one.expect)


def test_every_kind_has_an_example_that_passes_and_one_that_fails() -> None:
    names = {(one.kind, one.name.partition("-")[0]) for one in examples.every()}
    for kind in examples.loaded().kinds:
        assert {(kind, "pass"), (kind, "fail")} <= names


def test_every_code_of_a_rule_is_met_by_an_example_of_its_kind() -> None:
    """A rule that no example breaks may be dead: it could say anything."""
    for kind in examples.loaded().kinds.values():
        met = {code for one in examples.every() if one.kind == kind.id for code in one.expect}
        unmet = {rule.code for rule in kind.rules.rules} - met
        assert unmet <= UNMET.get(kind.id, set()), f"{kind.id}: {sorted(unmet)}"


def test_every_rule_says_in_both_languages_how_to_mend_it() -> None:
    for kind in examples.loaded().kinds.values():
        for rule in kind.rules.rules:
            assert rule.mend is not None, f"{kind.id}: {rule.id}"
            message, mend = (dict(said.texts)["vi"] for said in (rule.message, rule.mend))
            told = f"{message} {mend}"
            assert not re.search(r"\bKiểm tra lại\b", mend), f"{kind.id}: {rule.id} only tells to look again"
            assert "  " not in told, f"{kind.id}: {rule.id}"
            assert told == vietnamese.new_tones(told), f"{kind.id}: {rule.id}"


#: Codes that only another year can raise (tests/kinds/test_year_rules.py).
UNMET: dict[str, set[str]] = {"dang-ky": {"DK01"}}
