"""Kinds of a few fields, written here: what each key becomes, and what is refused with which words and where."""

import datetime as dt
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import kinds
from pipeline.errors import KindError
from pipeline.kinds import PERMANENT, BrokenKind, Gather, Kind, Signing
from pipeline.kinds.fields import read
from pipeline.kinds.kind import Reminding
from pipeline.messages import ENGLISH, VIETNAMESE, shown_in
from pipeline.model import EVERY, GROUP, LIST, TABLE, VALUE, WHOLE, Address, Finding, FormTree, JsonObject, Rows
from tests.said import en

Tree = dict[str, Any]


def value(x_type: str = "text", kind: str = "string", **more: object) -> Tree:
    """A field of fields.yaml, labelled by a label of its own; a word with _ stands for one with -."""
    said = {word.replace("_", "-"): one for word, one in more.items()}
    return {"type": kind, "x-type": x_type} | said


def group(*required: str, **properties: Tree) -> Tree:
    """A group whose fields are labelled by their names."""
    named = {name: one if "x-label" in one else one | {"x-label": f"Ô {name}"} for name, one in properties.items()}
    return {"type": "object", "additionalProperties": False, "required": [*required], "properties": named}


def table(**properties: Tree) -> Tree:
    return {"type": "array", "items": group(**properties)}


DATE = value("date", format="date")
CHOICE = value("choice", enum=["moi", "nhac"], x_choices={"moi": ["Mời"], "nhac": ["Nhắc", "Đôn đốc"]})
FORM = group("on", "purpose", on=DATE, purpose=CHOICE, note=value(), count=value("integer", "integer"))
KIND_FIELDS = ("on", "purpose", "note", "count")
KIND: Tree = {
    "id": "thu",
    "title": {"vi": "Thư", "en": "Letter"},
    "abbreviation": "TH",
    "form_titles": ["THƯ", "LÁ THƯ"],
    "subject": "về {doc.note}",
    "form_family": "party",
    "submitted_by": "unit",
    "register": "outgoing",
    "series": "TH",
    "date_field": "/on",
    "signing": {"block": "head", "of": "cum_truong"},
    "recipients": ["file"],
    "retention": 10,
}


def written(tree: Tree) -> str:
    """A tree as YAML; what stands in it twice is written twice."""
    return yaml.safe_dump(json.loads(json.dumps(tree)), allow_unicode=True, sort_keys=False)


def folder_of(
    templates: Path, about: Tree | None = None, form: Tree | None = None, *, rules: str = "", without: str = ""
) -> Path:
    """Write a kind's folder; `about` changes keys of its kind.yaml (None: takes them away)."""
    table = {key: one for key, one in (KIND | (about or {})).items() if one is not None}
    folder = templates / str(table.get("id", "thu"))
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("kind.yaml", written(table)),
        ("fields.yaml", written(form or FORM)),
        ("rules.yaml", rules or "[]\n"),
        ("template.docx", "PK"),
    ):
        if name != without:
            (folder / name).write_text(content, encoding="utf-8")
    return folder


def made(templates: Path, about: Tree | None = None, form: Tree | None = None) -> Kind:
    return kinds.load(folder_of(templates, about, form))


def told(problems: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return [(one.code, str(one.place.pointer), en(one.message)) for one in problems]


def refused(templates: Path, about: Tree | None = None, form: Tree | None = None) -> list[tuple[str, str, str]]:
    with pytest.raises(BrokenKind) as caught:
        made(templates, about, form)
    assert caught.value.kind == str((KIND | (about or {})).get("id"))
    return told(caught.value.problems)


# What kind.yaml becomes --------------------------------------------------------------------------------------------


def test_every_key_of_a_kind_is_there(tmp_path: Path) -> None:
    kind = made(tmp_path)
    assert (kind.id, kind.abbreviation, kind.form_titles, kind.series) == ("thu", "TH", ("THƯ", "LÁ THƯ"), "TH")
    assert (kind.form_family, kind.submitted_by, kind.register, kind.recipients) == (
        "party",
        "unit",
        "outgoing",
        ("file",),
    )
    assert (shown_in(kind.title, VIETNAMESE), shown_in(kind.title, ENGLISH), kind.title_vi) == (
        "Thư",
        "Letter",
        "Thư",
    )
    assert (kind.date_field, kind.signing) == (Address.of("/on"), Signing("head", "cum_truong"))
    assert (kind.template, kind.field_names) == (b"PK", frozenset(KIND_FIELDS))
    assert kind.digest == hashlib.sha256(kinds.pack(tmp_path / "thu")).hexdigest()
    assert kind.rules.rules == ()


def test_what_is_left_out_has_its_usual_meaning(tmp_path: Path) -> None:
    kind = made(tmp_path)
    assert (kind.type_name, kind.gathers, kind.variant, kind.round) == ("Thư", (), WHOLE, WHOLE)
    assert (kind.deadline, kind.reminding, kind.number_printed, kind.retention_years) == ("", None, True, 10)
    assert not made(tmp_path, {"register": "incoming"}).number_printed
    assert made(tmp_path, {"register": "none", "number_printed": True}).number_printed
    assert not made(tmp_path, {"number_printed": False}).number_printed
    assert made(tmp_path, {"retention": "permanent"}).retention_years == PERMANENT == 0


def test_what_is_said_is_kept(tmp_path: Path) -> None:
    form = group("on", "purpose", on=DATE, purpose=CHOICE, count=value("integer", "integer"), left=group(a=value()))
    kind = made(
        tmp_path,
        {
            "type_name": "",
            "subject": "x",
            "variant": "/purpose",
            "round": "/count",
            "deadline": "M_DANGKY",
            "signing": {"block": "pair", "left": "/left", "right": "/left", "witness": "/left"},
        },
        form,
    )
    left = Address.of("/left")
    assert (kind.type_name, kind.variant, kind.round) == ("", Address.of("/purpose"), Address.of("/count"))
    assert (kind.deadline, kind.signing) == ("M_DANGKY", Signing("pair", "", left, left, left))


def test_a_title_may_be_a_text_with_its_english_beside_it(tmp_path: Path) -> None:
    kind = made(tmp_path, {"title": "Thư mời", "title_en": "Invitation"})
    assert (kind.title_vi, shown_in(kind.title, ENGLISH), kind.type_name) == ("Thư mời", "Invitation", "Thư mời")
    alone = made(tmp_path, {"title": "Thư mời"})
    assert shown_in(alone.title, ENGLISH) == "Thư mời"


# What the parts of a kind answer -----------------------------------------------------------------------------------


def test_a_number_bears_series_and_issuer_and_a_state_letter_its_office(tmp_path: Path) -> None:
    kind = made(tmp_path)
    assert kind.marks_of("", "CTĐ4") == ("TH", "CTĐ4")
    assert kind.marks_of("VP", "CTĐ4") == ("TH", "CTĐ4")
    letter = made(tmp_path, {"type_name": ""})
    assert letter.marks_of("VP", "CTĐ4") == ("CTĐ4", "VP")
    assert letter.marks_of("", "CTĐ4") == ("TH", "CTĐ4")


def test_choice_and_round_tell_the_documents_of_a_year_apart(tmp_path: Path) -> None:
    assert made(tmp_path).variant_of({"purpose": "moi", "count": 2}) == ""
    kind = made(tmp_path, {"variant": "/purpose", "round": "/count"})
    cases: list[tuple[JsonObject, str]] = [
        ({"purpose": "moi"}, "moi"),
        ({"purpose": "moi", "count": 1}, "moi"),
        ({"purpose": "moi", "count": 2}, "moi-2"),
        ({"purpose": "moi", "count": "2"}, "moi"),
        ({"purpose": 3}, ""),
        ({}, ""),
    ]
    assert [kind.variant_of(values) for values, _ in cases] == [variant for _, variant in cases]


@pytest.mark.parametrize(
    ("said", "date"),
    [("2022-06-03", dt.date(2022, 6, 3)), ("3/6/2022", None), ("", None), (None, None), (20220603, None)],
)
def test_a_document_has_a_date_once_its_form_says_one(tmp_path: Path, said: Any, date: dt.date | None) -> None:
    kind = made(tmp_path)
    assert kind.date_of({"on": said}) == date
    assert kind.date_of({}) is None


def test_the_subject_is_the_form_s_own_or_the_kind_s_filled_in(tmp_path: Path) -> None:
    kind = made(tmp_path, {"subject": "về {doc.note} năm {year.year}"})
    assert kind.subject_of({"note": "họp"}, {"year": 2022}) == "về họp năm 2022"
    assert kind.subject_of({"note": None}, {"year": 2022}) == "về  năm 2022"
    assert kind.subject_of({"subject": "của tôi", "note": "họp"}, {}) == "của tôi"
    assert kind.subject_of({"subject": "", "note": "họp"}, {"year": 1}) == "về họp năm 1"
    assert kind.subject_of({"subject": 5, "note": "họp"}, {"year": 1}) == "về họp năm 1"
    by_choice = made(tmp_path, {"subject": {"by": "/purpose", "of": {"moi": "mời {doc.note}", "nhac": "nhắc"}}})
    assert by_choice.subject_of({"purpose": "moi", "note": "họp"}, {}) == "mời họp"
    assert by_choice.subject_of({"purpose": "nhac"}, {}) == "nhắc"
    assert by_choice.subject_of({"purpose": "la"}, {}) == ""
    assert by_choice.subject_of({}, {}) == ""


def test_empty_places_are_filled_from_the_year_then_from_the_form(tmp_path: Path) -> None:
    form = group(
        "on",
        on=value("date", format="date", x_default="year.day"),
        again=value(x_default="doc.on"),
        note=value(x_default="year.none"),
        place=group(hall=value(x_default="year.place.hall"), room=value()),
        deep=group(inner=group(door=value(x_default="year.none"))),
        rows=table(unit=value(x_default="year.place.hall")),
        names={"type": "array", "items": value(), "x-default": "year.names"},
    )
    kind = made(tmp_path, {"subject": "x"}, form)
    year: JsonObject = {"day": "2022-06-03", "place": {"hall": "A"}, "none": "", "names": ["x", "y"]}
    assert kind.completed({}, year) == {
        "on": "2022-06-03",
        "again": "2022-06-03",
        "place": {"hall": "A"},
        "names": ["x", "y"],
    }
    nothing: tuple[Any, ...] = (None, "", [], {})
    for empty in nothing:
        assert kind.completed({"on": empty}, year)["on"] == "2022-06-03"
    typed: JsonObject = {
        "on": "2022-01-01",
        "place": {"hall": "B", "room": ""},
        "rows": [{"unit": ""}, {"unit": "C"}],
    }
    done = kind.completed(typed, year)
    assert (done["on"], done["again"], done["place"]) == ("2022-01-01", "2022-01-01", {"hall": "B", "room": ""})
    assert done["rows"] == [{"unit": "A"}, {"unit": "C"}]
    assert typed["rows"] == [{"unit": ""}, {"unit": "C"}], "what was given is never changed"
    assert kind.completed({"rows": "x", "place": "y"}, year)["rows"] == "x"
    assert kind.completed({"rows": []}, year)["rows"] == []
    filled = kind.completed({"deep": "y"}, year | {"none": "B"})
    assert filled["deep"] == "y", "what is no group is left as it is"
    assert kind.completed({}, year | {"none": "B"})["deep"] == {"inner": {"door": "B"}}
    names = kind.completed({}, year)["names"]
    assert isinstance(names, list)
    names.append("z")
    assert year["names"] == ["x", "y"]


# What is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "code", "at", "sentence"),
    [
        ({"date_field": "/purpose"}, "kind.field", "/date_field", "/purpose is no field of the type date."),
        ({"variant": "/note"}, "kind.field", "/variant", "/note is no field of the type choice."),
        ({"round": "/note"}, "kind.field", "/round", "/note is no field of the type integer."),
        (
            {"signing": {"block": "pair", "left": "/note"}},
            "kind.field",
            "/signing/left",
            "/note is no field of the type group.",
        ),
        (
            {"subject": {"by": "/note", "of": {"moi": "x"}}},
            "kind.field",
            "/subject/by",
            "/note is no field of the type choice.",
        ),
        (
            {"subject": {"by": "/purpose", "of": {"moi": "x"}}},
            "kind.subject",
            "/subject/of",
            "“nhac” is missing.",
        ),
        (
            {"subject": "năm {nam}"},
            "kind.subject",
            "/subject",
            "“{nam}” is not known; write {year.…} or {doc.…}.",
        ),
        (
            {"subject": "năm {note.x}"},
            "kind.subject",
            "/subject",
            "“{note.x}” is not known; write {year.…} or {doc.…}.",
        ),
        (
            {"subject": {"by": "/purpose", "of": {"moi": "{doc.x}", "nhac": "x"}}},
            "kind.subject",
            "/subject/of/moi",
            "“{doc.x}” is not known; write {year.…} or {doc.…}.",
        ),
        (
            {"subject": "năm }"},
            "kind.subject",
            "/subject",
            "A brace stands alone in “năm }”. For the brace itself write it twice.",
        ),
    ],
)
def test_a_key_that_points_to_nothing_usable_is_refused(
    tmp_path: Path, about: Tree, code: str, at: str, sentence: str
) -> None:
    assert refused(tmp_path, about) == [(code, at, sentence)]


def test_a_field_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    ((code, at, sentence),) = refused(tmp_path, {"date_field": "/purpos"})
    assert (code, at) == ("kind.field", "/date_field")
    assert "“/purpos”" in sentence
    assert "/purpose" in sentence.replace("/purpos”", ""), "what may have been meant is named"


def test_what_identifies_a_document_must_be_required_of_its_form(tmp_path: Path) -> None:
    open_form = group(on=DATE, purpose=CHOICE, note=value(), count=value("integer", "integer"))
    assert refused(tmp_path, {"variant": "/purpose", "round": "/count"}, open_form) == [
        ("kind.field", "/date_field", "/on must be a required field of the form."),
        ("kind.field", "/variant", "/purpose must be a required field of the form."),
    ]


def test_a_folder_named_otherwise_is_refused_with_both_names(tmp_path: Path) -> None:
    folder_of(tmp_path).rename(tmp_path / "giay")
    with pytest.raises(BrokenKind) as caught:
        kinds.load(tmp_path / "giay")
    assert told(caught.value.problems) == [("kind.id", "/id", "The id here is thu, but the folder is named giay.")]


@pytest.mark.parametrize("name", kinds.FILES)
def test_a_file_that_is_missing_or_unreadable_is_refused_by_name(tmp_path: Path, name: str) -> None:
    folder = folder_of(tmp_path / "templates", without=name)
    with pytest.raises(BrokenKind) as caught:
        kinds.pack(folder)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.file) == ("kind.file", f"templates/thu/{name}")
    assert en(problem.message) == "The file is missing; every kind has one."
    (folder / name).mkdir()
    with pytest.raises(BrokenKind) as caught:
        kinds.load(folder)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.file) == ("kind.file", f"templates/thu/{name}")
    assert en(problem.message) == "The file cannot be read: Is a directory"


def test_a_template_of_more_than_twenty_megabytes_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    with (folder / "template.docx").open("wb") as file:
        file.truncate(20 * 1024 * 1024)
    assert len(kinds.load(folder).template) == 20 * 1024 * 1024
    with (folder / "template.docx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(BrokenKind, match="20 MB") as caught:
        kinds.load(folder)
    assert caught.value.problems[0].code == "kind.size"


def test_a_value_that_never_did_anything_is_refused_in_a_folder_and_passed_over_in_a_kept_copy(
    tmp_path: Path,
) -> None:
    ((_, at, sentence),) = refused(tmp_path, {"number_at": "archiving"})
    assert at == "/number_at"
    assert "filing, filling" in sentence
    kept = kinds.unpack(kinds.pack(tmp_path / "thu"))
    assert (kept.id, kept.number_at) == ("thu", "filing")


def test_problems_of_kind_and_form_are_told_together_and_rules_only_of_a_sound_form(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"series": "th"}, group(on=value("date")), rules="rules: x\n")
    with pytest.raises(BrokenKind) as caught:
        kinds.load(folder)
    files = [Path(one.place.file).name for one in caught.value.problems]
    assert files == ["kind.yaml", "fields.yaml"]
    folder_of(tmp_path, {"series": "th"}, rules="rules: x\n")
    with pytest.raises(BrokenKind) as caught:
        kinds.load(folder)
    assert {Path(one.place.file).name for one in caught.value.problems} == {"kind.yaml", "rules.yaml"}


def test_rules_that_are_no_yaml_are_refused_by_file(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, rules="rules: [\n")
    with pytest.raises(BrokenKind) as caught:
        kinds.load(folder)
    assert {Path(one.place.file).name for one in caught.value.problems} == {"rules.yaml"}


# A folder of kinds -------------------------------------------------------------------------------------------------

LETTER = group(
    "on",
    "purpose",
    on=DATE,
    purpose=CHOICE,
    note=value(),
    addressees={"type": "array", "items": value(), "x-label": "Nơi nhận"},
    reminded_units={"type": "array", "items": value("unit_code"), "x-label": "Các đơn vị"},
    due=value("date", format="date"),
)
REMINDED = ("/addressees", "/reminded_units", "/due")
REMINDS: Tree = {"id": "nhac", "variant": "/purpose", "reminds": {"of": {"thu": "nhac"}}}


def test_kinds_may_gather_and_remind_of_those_beside_them(tmp_path: Path) -> None:
    folder_of(tmp_path)
    folder_of(tmp_path, {"id": "tap", "gathers": [{"kind": "thu", "each": "member"}]})
    folder_of(tmp_path, REMINDS | {"reminds": {"of": {"thu": "nhac"}, "basis": "tap"}}, LETTER)
    loaded = kinds.load_all(tmp_path)
    assert not loaded.broken
    assert list(loaded.kinds) == ["nhac", "tap", "thu"]
    assert loaded.kinds["tap"].gathers == (Gather("thu", "member"),)
    assert loaded.kinds["nhac"].reminding == Reminding({"thu": "nhac"}, "tap")


def test_a_field_may_cite_a_kind_that_is_there_and_no_other(tmp_path: Path) -> None:
    fields = group("on", on=DATE, note=value(), plan=value("doc_ref", x_cites="thu"))
    folder_of(tmp_path)
    folder_of(tmp_path, {"id": "kem"}, fields)
    assert not kinds.load_all(tmp_path).broken
    wrong = group("on", on=DATE, note=value(), plan=value("doc_ref", x_cites="khong-co"))
    folder_of(tmp_path, {"id": "sai"}, wrong)
    (broken,) = kinds.load_all(tmp_path).broken
    assert told(broken.problems) == [("kind.cites", "", "/plan cites khong-co, but there is no such kind.")]


def test_what_is_gathered_or_reminded_of_must_be_there(tmp_path: Path) -> None:
    folder_of(tmp_path, {"id": "tap", "gathers": [{"kind": "don", "each": "member"}]})
    folder_of(tmp_path, REMINDS | {"reminds": {"of": {"thu": "nhac"}, "basis": "goc"}}, LETTER)
    loaded = kinds.load_all(tmp_path)
    assert loaded.kinds == {}
    assert [(one.kind, told(one.problems)) for one in loaded.broken] == [
        (
            "nhac",
            [
                ("kind.reminds", "", "It reminds of thu, but there is no such kind."),
                ("kind.reminds", "", "It reminds of goc, but there is no such kind."),
            ],
        ),
        ("tap", [("kind.gathers", "", "It gathers don, but there is no such kind.")]),
    ]
    assert loaded.broken[1].problems[0].place.file == f"{tmp_path.name}/tap/kind.yaml"


def test_a_kind_that_is_there_and_broken_is_told_by_itself_alone(tmp_path: Path) -> None:
    folder_of(tmp_path, {"series": "th"})
    folder_of(tmp_path, {"id": "tap", "gathers": [{"kind": "thu", "each": "member"}]})
    loaded = kinds.load_all(tmp_path)
    assert ([*loaded.kinds], [one.kind for one in loaded.broken]) == (["tap"], ["thu"])


def test_a_letter_that_reminds_needs_its_places_and_its_choices(tmp_path: Path) -> None:
    problems = refused(tmp_path, REMINDS)
    assert [(code, at) for code, at, _ in problems] == [("kind.reminds", "/reminds")] * 3
    assert all(name in said for name, (_, _, said) in zip(REMINDED, problems, strict=True))
    ((code, at, said),) = refused(tmp_path, REMINDS | {"reminds": {"of": {"thu": "nhacc"}}}, LETTER)
    assert (code, at) == ("kind.reminds", "/reminds/of/thu")
    assert "nhac" in said.replace("nhacc", "")
    ((code, at, _),) = refused(tmp_path, REMINDS | {"variant": None}, LETTER)
    assert (code, at) == ("kind.reminds", "/reminds/of/thu")


def test_files_hidden_folders_and_folders_with_a_line_before_their_name_are_no_kinds(tmp_path: Path) -> None:
    folder_of(tmp_path)
    for name in (".git", "_old"):
        (tmp_path / name).mkdir()
    (tmp_path / "ghi-chu.txt").write_text("x", encoding="utf-8")
    loaded = kinds.load_all(tmp_path)
    assert ([*loaded.kinds], loaded.broken) == (["thu"], ())
    assert kinds.load_all(tmp_path / "nothing") == kinds.Loaded({})


# The kept copy -----------------------------------------------------------------------------------------------------


def test_a_package_holds_the_four_files_as_they_are_without_times(tmp_path: Path) -> None:
    package = kinds.pack(folder_of(tmp_path))
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        members = archive.infolist()
        assert [one.filename for one in members] == ["fields.yaml", "kind.yaml", "rules.yaml", "template.docx"]
        assert {(one.compress_type, one.date_time) for one in members} == {
            (zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0))
        }
        assert archive.read("rules.yaml") == b"[]\n"


def repacked(package: bytes, *, without: str = "", **more: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            if name != without:
                new.writestr(name, old.read(name))
        for name, text in more.items():
            new.writestr(name, text)
    return content.getvalue()


def test_a_kept_copy_is_read_by_its_four_files_alone(tmp_path: Path) -> None:
    package = kinds.pack(folder_of(tmp_path))
    kind = kinds.unpack(repacked(package, other="x" * 10))
    assert (kind.id, kind.digest) == ("thu", kinds.load(tmp_path / "thu").digest)
    with pytest.raises(BrokenKind) as caught:
        kinds.unpack(repacked(package, without="rules.yaml"))
    assert [(one.code, one.place.file) for one in caught.value.problems] == [("kind.file", "(thu)/rules.yaml")]
    with pytest.raises(KindError, match=r"hỏng|damaged"):
        kinds.unpack(b"no archive")


# What fields.yaml becomes ------------------------------------------------------------------------------------------


def tree_of(form: Tree) -> FormTree:
    tree, problems = read(written(form).encode(), "fields.yaml")
    assert problems == ()
    return tree


def problems_of(form: Tree | str) -> list[tuple[str, str, str]]:
    text = form if isinstance(form, str) else written(form)
    _, problems = read(text.encode(), "fields.yaml")
    return told(problems)


def test_a_field_keeps_everything_that_is_said_of_it() -> None:
    said = value(
        x_label="Số tiền",
        x_aliases=["Tiền"],
        x_help="đồng",
        x_example="1000",
        x_default="year.sum",
        x_cites="ke-hoach",
        x_keep_lines=True,
        maxLength=9,
        minLength=1,
        pattern="^x",
    )
    one = tree_of(group("sum", sum=said)).at(Address.of("/sum"))
    assert one is not None
    assert (one.shape, one.x_type, one.label, one.aliases, one.help) == (VALUE, "text", "Số tiền", ("Tiền",), "đồng")
    assert (one.example, one.default, one.keeps_lines, one.is_required) == ("1000", "year.sum", True, True)
    assert one.cites == "ke-hoach"
    assert one.limits == {"minLength": 1, "maxLength": 9, "pattern": "^x"}
    plain = tree_of(group(sum=value())).at(Address.of("/sum"))
    assert plain is not None
    assert (plain.aliases, plain.help, plain.example, plain.default, plain.keeps_lines, plain.is_required) == (
        *((), "", "", ""),
        *(False, False),
    )
    assert (plain.rows, plain.item, plain.children, plain.limits, plain.sheet) == (None, None, (), {}, "")


def test_every_limit_of_a_field_is_kept() -> None:
    tree = tree_of(
        group(
            names={"type": "array", "items": value(), "minItems": 1, "maxItems": 3, "uniqueItems": True},
            count=value("integer", "integer", minimum=2, maximum=9),
            on=DATE,
            purpose=CHOICE,
        )
    )
    assert {one.name: one.limits for one in tree if one.limits} == {
        "names": {"minItems": 1, "maxItems": 3, "uniqueItems": True},
        "count": {"minimum": 2, "maximum": 9},
        "on": {"format": "date"},
        "purpose": {"enum": ["moi", "nhac"]},
    }


def test_groups_tables_and_lists_are_told_apart_and_lie_below_each_other() -> None:
    tree = tree_of(
        group(
            leader=group("name", name=value()) | {"x-sheet": "Dau"},
            rows=table(title=value(), more={"type": "array", "items": value("date", format="date", x_example="1/1")})
            | {"x-rows": 7, "minItems": 1},
            names={"type": "array", "items": CHOICE | {"x-label": "y"}},
        )
        | {"x-sheet": "Phieu"}
    )
    shapes = {str(one.address): (one.shape, one.x_type, one.value_type, one.sheet) for one in tree}
    assert shapes["/leader"] == (GROUP, "", "", "Dau")
    assert shapes["/leader/name"] == (VALUE, "text", "text", "Dau")
    assert shapes["/rows"] == (TABLE, "", "", "Phieu")
    assert shapes[f"/rows/{EVERY}/title"] == (VALUE, "text", "text", "Phieu")
    assert shapes[f"/rows/{EVERY}/more"] == (LIST, "", "date", "Phieu")
    assert shapes["/names"] == (LIST, "", "choice", "Phieu")
    rows, names, more = (tree.at(Address.of(at)) for at in ("/rows", "/names", "/rows/*/more"))
    assert rows is not None
    assert names is not None
    assert more is not None
    assert (rows.rows, rows.limits) == (Rows(7), {"minItems": 1})
    assert names.choices == {"moi": ("Mời",), "nhac": ("Nhắc", "Đôn đốc")}
    assert (more.example, more.item is not None and more.item.address) == ("1/1", Address.of("/rows/*/more/*"))
    assert tree.at(Address.of("/leader/name")).is_required  # type: ignore[union-attr]  # seen above


def test_rows_may_begin_with_what_the_year_says() -> None:
    rows = {"each": "contents", "columns": {"title": "code"}}
    one = tree_of(group(rows=table(title=value()) | {"x-rows": rows})).at(Address.of("/rows"))
    assert one is not None
    assert one.rows == Rows(each="contents", columns={"title": "code"})
    bare = tree_of(group(rows=table(title=value()) | {"x-rows": {"each": "members"}})).at(Address.of("/rows"))
    assert bare is not None
    assert bare.rows == Rows(each="members")


LABELLED = {"x-label": "Ô"}


@pytest.mark.parametrize(
    ("form", "code", "at", "sentence"),
    [
        (
            {"type": "object", "additionalProperties": False, "properties": {"a": value()}},
            "fields.missing",
            "/properties/a",
            "“x-label” is missing.",
        ),
        (group(a={"type": "object"}), "fields.missing", "/properties/a", "“properties” is missing."),
        (group(a={"type": "array"}), "fields.missing", "/properties/a", "“items” is missing."),
        (group(a={"type": "string"}), "fields.missing", "/properties/a", "“x-type” is missing."),
        (
            group(a={"type": "array", "items": {"type": "string"}}),
            "fields.missing",
            "/properties/a/items",
            "“x-type” is missing.",
        ),
        (
            {"type": "object", "properties": {"a": value() | LABELLED}},
            "fields.open",
            "",
            "Write “additionalProperties: false” here, so that a misspelt field is noticed.",
        ),
        (
            group(a=value("integer")),
            "fields.type",
            "/properties/a/type",
            "A value of x-type integer has the type integer, not string.",
        ),
        (
            group(a=value("date")),
            "fields.date",
            "/properties/a",
            "“x-type: date” and “format: date” belong together.",
        ),
        (
            group(a=value("text", format="date")),
            "fields.date",
            "/properties/a",
            "“x-type: date” and “format: date” belong together.",
        ),
        (
            group(a=value("choice", enum=["x", "y"], x_choices={"x": ["X"]})),
            "fields.choice",
            "/properties/a",
            "A choice needs “enum” and “x-choices” with the same codes.",
        ),
        (group(a=value() | {"x-rows": 3}), "fields.rows", "/properties/a/x-rows", "“x-rows” is for tables only."),
    ],
)
def test_what_the_schema_of_forms_cannot_say_is_refused_with_its_place(
    form: Tree, code: str, at: str, sentence: str
) -> None:
    assert problems_of(form) == [(code, at, sentence)]


def test_names_of_rows_and_required_fields_are_followed() -> None:
    rows: Tree = {"each": "contents", "columns": {"title": "org", "x": "code"}}
    found = problems_of(group("b", a=table(title=value()) | {"x-rows": rows}))
    assert [(code, at) for code, at, _ in found] == [
        ("fields.unknown", "/required/0"),
        ("fields.rows", "/properties/a/x-rows/columns/title"),
        ("fields.rows", "/properties/a/x-rows/columns/x"),
    ]
    members = {"each": "members", "columns": {"title": "org"}}
    assert problems_of(group(a=table(title=value()) | {"x-rows": members})) == []


def test_two_fields_of_one_place_have_two_labels() -> None:
    same = value(x_label="Tên")
    found = problems_of(group(a=same, b=value(x_label="x", x_aliases=["tên"])))
    assert found == [
        ("fields.label", "/properties/b", "The label “tên” belongs to /a and to /b; give one of them another.")
    ]
    in_group = problems_of(group(a=same, g=group(b=same)))
    assert [at for _, at, _ in in_group] == ["/properties/g/properties/b"], "a group's fields stand beside the others"
    in_table = problems_of(group(a=same, t=table(b=same, c=same)))
    assert [at for _, at, _ in in_table] == ["/properties/t/items/properties/c"], "a table's columns do not"
    assert problems_of(group(a=same | {"x-aliases": ["TÊN"]})) == [], "a field may spell its own label twice"
    assert problems_of(group(t=table(b=same), u=table(b=same))) == []


def test_a_pattern_that_cannot_be_used_is_refused() -> None:
    ((code, at, said),) = problems_of(group(a=value(pattern="(")))
    assert (code, at) == ("fields.schema", "")
    assert said.startswith("This is not a usable JSON Schema: ")


def test_a_form_that_is_no_yaml_or_no_form_gives_no_tree() -> None:
    for text in ("a: [", "x", "type: strings"):
        tree, problems = read(text.encode(), "fields.yaml")
        assert tree == FormTree()
        assert problems
        assert {one.place.file for one in problems} == {"fields.yaml"}
