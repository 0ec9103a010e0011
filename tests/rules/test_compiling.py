"""What is refused when rules are loaded: all problems at once, with file, line and the nearest known name."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline import messages, strict_yaml
from pipeline.errors import KindError
from pipeline.rules import RuleBook, RulesRefused, compile_rules, shapes_of
from tests.rules.forms import Plain, form_of

FIELDS = [
    Plain("/title"),
    Plain("/year", "year"),
    Plain("/total", "money"),
    Plain("/score", "number"),
    Plain("/targets", ""),
    Plain("/targets/*/code", "content_code"),
    Plain("/targets/*/due", "date"),
    Plain("/targets/*/amount", "money"),
    Plain("/leader/full_name", "person"),
]
FORM = form_of(*FIELDS)
OTHERS = {"dang-ky": form_of(Plain("/unit_code", "unit_code"), Plain("/activities/*/title"))}

SOUND: dict[str, Any] = {
    "id": "TT01",
    "severity": "block",
    "at": "/title",
    "required": True,
    "message": {"vi": "Thiếu.", "en": "Missing."},
}


@pytest.fixture(autouse=True)
def _english() -> Any:
    messages.use("en")
    yield
    messages.use("vi")


def refused(rule: dict[str, Any]) -> str:
    with pytest.raises(RulesRefused) as caught:
        compile_rules([rule], FORM, "templates/x/rules.yaml", others=shapes_of(OTHERS))
    assert isinstance(caught.value, KindError)
    assert len(caught.value.problems) == 1, caught.value.problems
    return messages.located(caught.value.problems[0])


def checked_by(**check: Any) -> dict[str, Any]:
    rule = {key: value for key, value in SOUND.items() if key != "required"}
    return rule | check


def test_a_sound_rule_is_taken() -> None:
    book = compile_rules([SOUND], FORM, "rules.yaml")
    assert [rule.id for rule in book.rules] == ["TT01"]


def test_no_rules_are_an_empty_book() -> None:
    assert compile_rules(None, FORM, "rules.yaml") == RuleBook()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (SOUND | {"serverity": "warn"}, "“serverity” is not known here; did you mean “severity”?"),
        (SOUND | {"severity": "error"}, "“error” is not a severity; it is one of block, warn, info"),
        (SOUND | {"id": "title-1"}, "an id is letters and two figures"),
        (SOUND | {"at": "/titel"}, "“titel” is not a field of “/”; did you mean “title”?"),
        (SOUND | {"at": "/targets/*/duee"}, "“duee” is not a field of “/targets/*”; did you mean “due”?"),
        (SOUND | {"at": "title"}, "“at” is a pointer"),
        (SOUND | {"message": {"vi": "Thiếu."}}, "“message” needs the sentence by language: vi, en"),
        (SOUND | {"message": "Thiếu."}, "“message” needs the sentence by language: vi, en"),
        (SOUND | {"mend": {"vi": "Sửa.", "en": " "}}, "“mend” needs the sentence by language: vi, en"),
        (
            SOUND | {"message": {"vi": "Thiếu {valeu}.", "en": "x"}},
            "nothing supplies “valeu”; add it under “with”; did you mean “value”?",
        ),
        (SOUND | {"message": {"vi": "Dòng {row}.", "en": "x"}}, "nothing supplies “row”"),
        (SOUND | {"message": {"vi": "{value.x}", "en": "x"}}, "braces hold a plain name"),
        (SOUND | {"message": {"vi": "{value!r}", "en": "x"}}, "braces hold a plain name"),
        (SOUND | {"expr": 'doc.title != ""'}, "exactly one check: expr or a shorthand; found 2"),
        (checked_by(), "exactly one check: expr or a shorthand; found 0"),
        (checked_by(expr="doc.title =="), "does not compile, at character 13"),
        (checked_by(expr='doc.titel != ""'), "“titel” is not a field of “/”; did you mean “title”?"),
        (
            checked_by(expr="doc.targets.all(t, t.cod != '')"),
            "“cod” is not a field of “/targets/*”; did you mean “code”?",
        ),
        (checked_by(expr="docs.title != ''"), "undeclared reference to 'docs"),
        (checked_by(expr="size(doc.targets)"), "gives INT; a condition must give true or false"),
        (checked_by(expr="1 == 1"), "it always gives the same answer"),
        (checked_by(expr="doc.score * 2 > doc.score"), "whole numbers and fractions are mixed in “*”"),
        (checked_by(expr='total(doc.targets, "amuont") > 1.0'), "did you mean “amount”?"),
        (checked_by(expr='accepted.dang_ki.exists(d, d.unit_code == "x")'), "did you mean “dang_ky”?"),
        (
            checked_by(expr='gathered.dang_ky.exists(d, d.unit == "x" || d.unit_cod == "x")'),
            "did you mean “unit_code”?",
        ),
        (checked_by(expr=5), "“expr” must be a CEL expression"),
        (SOUND | {"when": "doc.title"} | {"when": "size(doc.title)"}, "a condition must give true or false"),
        (
            SOUND | {"with": {"x": "doc.nothing"}, "message": {"vi": "{x}", "en": "x"}},
            "“nothing” is not a field of “/”",
        ),
        (SOUND | {"with": {"x": "doc.title"}}, "no sentence of the rule names “x”"),
        (SOUND | {"required": "yes"}, "“required” takes only “true”"),
        (
            checked_by(at="/targets", same_set={"off": "code", "as": "members"}),
            "does not know “off” (known: as, of); did you mean “of”?",
        ),
        (checked_by(at="/targets", same_set={"of": "code"}), "“same_set” needs “as”"),
        (checked_by(at="/targets", unique="kode"), "“kode” is not a field of “/targets/*”; did you mean “code”?"),
        (checked_by(at="/total", sum_equals="/targets/*/amont"), "did you mean “amount”?"),
        (checked_by(at="/targets/*/due", date_order=["/targets/*/due"]), "“date_order” needs a list"),
        (checked_by(at="/targets/*/due", date_order=["/targets/*/due", "before", "today"]), "knows only <, <=, =="),
        (checked_by(matches=4), "“matches” needs a text"),
        (checked_by(at="/score", between=4), "“between” needs “min”, “max”"),
        (checked_by(number_in_text={"before": [], "count": 1}), "one text or a list of texts"),
        (checked_by(at="/targets", count={}), "“count” needs “min”, “max”"),
        (checked_by(at="/targets", consecutive={"of": "code", "style": "greek"}), "styles number, roman and letter"),
    ],
)
def test_this_is_refused(rule: dict[str, Any], said: str) -> None:
    sentence = refused(rule)
    assert sentence.startswith("templates/x/rules.yaml:1: ")
    assert said in sentence


@pytest.mark.parametrize("key", ["id", "severity", "at", "message"])
def test_a_key_that_is_missing_is_named(key: str) -> None:
    assert f"“{key}” is missing" in refused({name: value for name, value in SOUND.items() if name != key})


def test_ids_are_used_once() -> None:
    with pytest.raises(RulesRefused, match=r"TT01: the id stands at line 1 already"):
        compile_rules([SOUND, SOUND], FORM, "rules.yaml")


def test_what_is_no_list_of_rules_is_refused() -> None:
    with pytest.raises(RulesRefused, match=r"rules\.yaml:1: the file must be a list of rules"):
        compile_rules({"id": "TT01"}, FORM, "rules.yaml")
    with pytest.raises(RulesRefused, match=r"a rule must be a group of keys"):
        compile_rules(["TT01"], FORM, "rules.yaml")


def test_all_problems_are_told_with_their_lines() -> None:
    source = strict_yaml.parse(
        "- id: TT01\n  severity: block\n  at: /titel\n  required: true\n  message: {vi: a, en: b}\n"
        "- id: TT02\n  severity: blok\n  at: /title\n  expr: doc.x == 1\n  message: {vi: 'a {b}', en: b}\n"
    )
    with pytest.raises(RulesRefused) as caught:
        compile_rules(source.values, FORM, "r.yaml", lines=source.line_of)
    assert [(problem.place.file, problem.place.line) for problem in caught.value.problems] == [
        ("r.yaml", 3),
        ("r.yaml", 7),
        ("r.yaml", 9),
        ("r.yaml", 10),
    ]
    assert {problem.code for problem in caught.value.problems} == {"rules.refused"}


def test_names_of_other_kinds_are_not_checked_when_they_are_not_known() -> None:
    rule = checked_by(expr='accepted.anything.exists(d, d.whatever == "x")')
    assert len(compile_rules([rule], FORM, "rules.yaml").rules) == 1


CHOICE = {"board": ("Bảng", "bảng đen"), "plan": ("Kế hoạch",)}
LIMITS: dict[str, dict[str, Any]] = {
    "/score": {"type": "number", "minimum": 0, "maximum": 100},
    "/title": {"type": "string", "maxLength": 50, "pattern": "^[A-Z]"},
    "/kind": {"type": "string", "enum": ["board", "plan"]},
    "/targets": {"type": "array", "maxItems": 8},
}
LIMITED = form_of(
    *(replace(one, limits=LIMITS.get(one.pointer, {})) for one in (*FIELDS, Plain("/kind", "choice", "", CHOICE)))
)


def hopeless(rule: dict[str, Any]) -> str:
    """What is said about a rule that could never say anything."""
    with pytest.raises(RulesRefused) as caught:
        compile_rules([rule], LIMITED, "rules.yaml")
    assert len(caught.value.problems) == 1, caught.value.problems
    return messages.located(caught.value.problems[0])


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (checked_by(expr="true || size(doc.targets) > 1"), "is always true, whatever the form says"),
        (checked_by(expr="size(doc.targets) >= 0"), "is always true, whatever the form says"),
        (checked_by(expr="doc.title == doc.title"), "is always true, whatever the form says"),
        (checked_by(expr="!(doc.title != doc.title)"), "is always true, whatever the form says"),
        (checked_by(expr="doc.year > 1 || !(doc.year > 1)"), "is always true, whatever the form says"),
        (SOUND | {"when": "size(doc.targets) < 0"}, "is never true, whatever the form says"),
        (SOUND | {"when": "doc.year > 2000 && false"}, "is never true, whatever the form says"),
        (SOUND | {"when": 'doc.kind == "plann"'}, "“plann” is no choice of “/kind”; did you mean “plan”?"),
        (SOUND | {"when": '"zzz" != doc.kind'}, "“zzz” is no choice of “/kind” (known: board, plan)"),
        (SOUND | {"when": 'doc.kind in ["plan", "bord"]'}, "“bord” is no choice of “/kind”; did you mean “board”?"),
        (checked_by(in_year=True), "“in_year” judges a date; “/title” is a text"),
        (checked_by(at="/targets", between={"min": 1}), "“between” judges a number; “/targets” is a list"),
        (checked_by(exactly=1), "“exactly” judges a list; “/title” is a text"),
        (checked_by(at="/score", matches="x"), "“matches” judges a text; “/score” is a number"),
        (checked_by(at="/score", between={"min": 0, "max": 100}), "fields.yaml sees to that already"),
        (checked_by(at="/score", between={"max": 200}), "fields.yaml sees to that already"),
        (checked_by(at="/score", between={"min": 200}), "no value that fits fields.yaml can satisfy this"),
        (checked_by(matches="^[A-Z]"), "fields.yaml sees to that already"),
        (checked_by(matches="["), "“[” is no regular expression"),
        (checked_by(at="/targets", exactly=10), "no value that fits fields.yaml can satisfy this"),
    ],
)
def test_a_rule_that_could_never_say_anything_is_refused(rule: dict[str, Any], said: str) -> None:
    sentence = hopeless(rule)
    assert sentence.startswith("rules.yaml:1: rule TT01: ")
    assert said in sentence


@pytest.mark.parametrize(
    "rule",
    [
        checked_by(expr="size(doc.targets) >= 1"),
        checked_by(at="/score", between={"min": 0, "max": 50}),
        checked_by(at="/targets", exactly=8),
        SOUND | {"when": 'doc.kind == "plan"'},
        SOUND | {"when": "doc.year > 1 || doc.score > 1.0"},
    ],
)
def test_a_rule_that_may_fail_is_taken(rule: dict[str, Any]) -> None:
    book = compile_rules([rule], LIMITED, "rules.yaml")
    assert len(book.rules) == 1
