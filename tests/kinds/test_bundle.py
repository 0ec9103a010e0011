"""A kind's folder: loaded as a value, refused with file and line, packed to the same bytes."""

import datetime as dt
import pickle
import shutil
from pathlib import Path

import pytest

from pipeline import kinds
from pipeline.errors import KindError
from pipeline.kinds import BrokenKind, Kind
from pipeline.model import Address, FormTree, JsonObject
from pipeline.tools.guarded import adapter
from tests.kinds import examples
from tests.kinds.examples import TEMPLATES

ALL = {path.parent.name for path in TEMPLATES.glob("*/kind.yaml")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of all kinds."""
    target = tmp_path / "templates"
    target.mkdir()
    for name in ALL:
        shutil.copytree(TEMPLATES / name, target / name, ignore=shutil.ignore_patterns("examples"))
    return target


def change(path: Path, old: str, new: str) -> int:
    """Replace a text once; gives the line it began on."""
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def trouble(folder: Path, kind: str) -> BrokenKind:
    with pytest.raises(BrokenKind) as caught:
        kinds.load(folder / kind)
    return caught.value


def test_every_kind_we_ship_loads() -> None:
    loaded = examples.loaded()
    assert not loaded.broken
    assert loaded.kinds.keys() >= ALL


def test_a_broken_kind_holds_only_itself(folder: Path) -> None:
    change(folder / "quy-che" / "rules.yaml", "/chapters\n", "/chapter\n")
    loaded = kinds.load_all(folder)
    assert loaded.kinds.keys() == ALL - {"quy-che"}
    assert [error.kind for error in loaded.broken] == ["quy-che"]


def test_a_form_that_cannot_be_read_holds_only_its_own_kind(folder: Path) -> None:
    (folder / "quy-che" / "fields.yaml").unlink()
    (folder / "quy-che" / "fields.yaml").mkdir()
    loaded = kinds.load_all(folder)
    assert loaded.kinds.keys() == ALL - {"quy-che"}
    assert [(error.kind, [one.code for one in error.problems]) for error in loaded.broken] == [
        ("quy-che", ["kind.file"])
    ]


def test_a_kind_is_compiled_again_when_its_files_or_a_form_beside_it_change(folder: Path) -> None:
    before = kinds.load_all(folder).kinds
    change(folder / "quy-che" / "rules.yaml", "\n", "\n# more\n")
    after = kinds.load_all(folder).kinds
    assert {name for name in ALL if after[name] is not before[name]} == {"quy-che"}
    change(folder / "dang-ky" / "fields.yaml", "\n", "\n# more\n")
    last = kinds.load_all(folder).kinds
    assert {name for name in ALL if last[name] is after[name]} == set()


def test_a_kind_whose_input_is_broken_waits_for_it_and_is_not_broken_itself(folder: Path) -> None:
    change(folder / "dang-ky" / "fields.yaml", "x-type: unit_code", "x-type: unit")
    loaded = kinds.load_all(folder)
    assert [error.kind for error in loaded.broken] == ["dang-ky"]
    assert "giao-uoc" in loaded.kinds


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("kind.yaml", "form_family: party", "form_famly: party", "form_family"),
        ("kind.yaml", "submitted_by: unit", "submitted_by: units", "units"),
        ("kind.yaml", "date_field: /submit_date", "date_field: /submit_dat", "/submit_date"),
        ("kind.yaml", "date_field: /submit_date", "date_field: /targets/*/due", "/targets/*/due"),
        ("kind.yaml", "recipients: [head, unit_file]", "recipients: [/leeder, unit_file]", "/leader"),
        ("kind.yaml", "{year.year}", "{yaer.year}", "yaer.year"),
        ("kind.yaml", "{year.year}", "{year.yaer}", "“{year.yaer}”"),
        ("kind.yaml", "{year.year}", "{doc.no_such_field}", "“{doc.no_such_field}”"),
        ("kind.yaml", "{year.year}", "{year.year:02d}", "“{year.year:02d}”"),
        ("kind.yaml", "{year.year}", "{year.year", "{year.year"),
        ("kind.yaml", "series: ĐK\n", "series: ĐK\nnumber_at: filling\n", "number_at"),
        ("fields.yaml", "x-labl: x\n", "", ""),
        ("fields.yaml", "x-label: Ngày đăng ký", "x-labels: Ngày đăng ký", "x-label"),
        ("fields.yaml", "    format: date\n", "", "date"),
        ("fields.yaml", "x-label: Số văn bản của đơn vị", "x-label: Đơn vị", "/unit_code"),
        ("fields.yaml", "required: [full_name, position]", "required: [full_name, positon]", "position"),
        ("rules.yaml", "at: /unit_code", "at: /unit_cod", "unit_code"),
        ("rules.yaml", "severity: block", "severity: error", "block, warn, info"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(folder: Path, file: str, old: str, new: str, said: str) -> None:
    path = folder / "dang-ky" / file
    if old == "x-labl: x\n":
        line = change(path, "    x-label: Năm thi đua\n", "")
        said = "x-label"
        line -= 3  # the field's own line stands for what is missing in it
    else:
        line = change(path, old, new)
    told = str(trouble(folder, "dang-ky"))
    assert said in told
    numbers = [int(text.split(":")[1]) for text in told.splitlines()]
    assert any(abs(number - line) <= 6 for number in numbers), (line, told)
    assert f"dang-ky/{file}" in told


def test_all_problems_of_all_files_are_told_at_once(folder: Path) -> None:
    change(folder / "ke-hoach" / "kind.yaml", "series: KH", "serie: KH")
    change(folder / "ke-hoach" / "fields.yaml", "x-type: year", "x-type: yeer")
    error = trouble(folder, "ke-hoach")
    assert {Path(problem.place.file).name for problem in error.problems} == {"kind.yaml", "fields.yaml"}
    assert {problem.code for problem in error.problems} == {"schema.unknown", "schema.missing", "schema.choice"}


@pytest.mark.parametrize("name", ["kind.yaml", "fields.yaml", "rules.yaml", "template.docx"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / "bien-ban" / name).unlink()
    error = trouble(folder, "bien-ban")
    assert name in str(error)


def test_a_folder_named_otherwise_than_its_kind_is_refused(folder: Path) -> None:
    (folder / "quy-che").rename(folder / "quy-dinh")
    error = trouble(folder, "quy-dinh")
    assert "quy-che" in str(error)


def test_a_kind_that_gathers_what_is_not_there_is_refused(folder: Path) -> None:
    shutil.rmtree(folder / "dang-ky")
    loaded = kinds.load_all(folder)
    assert {error.kind for error in loaded.broken} >= {"giao-uoc", "phu-luc-hoat-dong"}


def test_a_rule_about_a_gathered_form_is_checked_against_that_form(folder: Path) -> None:
    change(
        folder / "phu-luc-hoat-dong" / "rules.yaml",
        "form.activities[0].planned_date",
        "form.activities[0].planed_date",
    )
    error = trouble(folder, "phu-luc-hoat-dong")
    assert "planned_date" in str(error)


def test_hidden_folders_and_answers_are_no_kinds(folder: Path) -> None:
    (folder / "_answers").mkdir()
    (folder / ".old").mkdir()
    assert not kinds.load_all(folder).broken


def test_the_same_folder_packs_to_the_same_bytes_wherever_it_lies(folder: Path) -> None:
    for name in sorted(ALL):
        ours, theirs = kinds.pack(TEMPLATES / name), kinds.pack(folder / name)
        assert ours == theirs


def test_a_packed_kind_is_the_kind(folder: Path) -> None:
    kind = kinds.load(folder / "giao-uoc")
    again = kinds.unpack(kinds.pack(folder / "giao-uoc"))
    assert again.digest == kind.digest
    assert again.fields == kind.fields
    assert [rule.id for rule in again.rules.rules] == [rule.id for rule in kind.rules.rules]


def test_any_edit_changes_the_digest(folder: Path) -> None:
    before = kinds.load(folder / "quy-che").digest
    with (folder / "quy-che" / "rules.yaml").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert kinds.load(folder / "quy-che").digest != before


def test_a_damaged_package_is_our_fault_and_says_so() -> None:
    package = kinds.pack(TEMPLATES / "quy-che")
    with pytest.raises(KindError):
        kinds.unpack(package[:1000])


def plan() -> Kind:
    return examples.loaded().kinds["ke-hoach"]


def test_empty_places_take_their_values_from_the_year() -> None:
    kind, day = plan(), dt.date(2022, 5, 27)
    made = kind.completed({"doc_date": "2022-05-27"}, examples.year().as_values(day))
    assert made["signer"] == {"full_name": "Đặng Thị Thuỳ Nhiên", "position": "Chánh Văn phòng Đảng ủy"}
    assert isinstance(made["milestones"], list)
    assert len(made["milestones"]) == 7
    conference = made["launch_conference"]
    assert isinstance(conference, dict)
    assert conference["date"] == "2022-05-25"


def test_what_the_form_says_is_never_changed() -> None:
    typed: JsonObject = {
        "doc_date": "2022-05-27",
        "legal_basis": ["Điều lệ"],
        "launch_conference": {"date": "2022-05-24"},
    }
    made = plan().completed(dict(typed), examples.year().as_values(dt.date(2022, 5, 27)))
    assert made["legal_basis"] == ["Điều lệ"]
    assert made["launch_conference"] == {"date": "2022-05-24"}
    assert "signer" not in typed


def test_a_default_may_come_from_the_form_itself() -> None:
    kind = examples.loaded().kinds["giao-uoc"]
    made = kind.completed({"sign_date": "2022-06-02"}, examples.year().as_values(dt.date(2022, 6, 2)))
    assert made["effective_from"] == "2022-06-02"


def test_the_subject_follows_the_kind_of_meeting() -> None:
    kind, facts = examples.loaded().kinds["bien-ban"], examples.year().as_values()
    said = {choice: kind.subject_of({"meeting_kind": choice}, facts) for choice in ("trien_khai", "ky_giao_uoc")}
    assert said["trien_khai"] == "Hội nghị triển khai công tác thi đua năm 2022 của Cụm thi đua số 4"
    assert said["ky_giao_uoc"] == "Lễ ký kết giao ước thi đua năm 2022 của Cụm thi đua số 4"
    assert kind.subject_of({"subject": "riêng"}, facts) == "riêng"


def test_what_a_form_says_stands_in_the_subject_as_it_was_written() -> None:
    kind, facts = examples.loaded().kinds["cong-van"], examples.year().as_values()
    for text in ("{doc.corrected_doc}", "{", "}}{{", "{year.year}", "100 % \\1 \\g<0> &amp; ]]>", "{0}{!r}"):
        values: JsonObject = {"purpose": "dinh_chinh", "corrected_doc": text}
        assert kind.subject_of(values, facts) == f"đính chính {text}"


def test_a_place_the_form_leaves_empty_leaves_no_gap_sign_in_the_subject() -> None:
    kind, facts = examples.loaded().kinds["cong-van"], examples.year().as_values()
    assert kind.subject_of({"purpose": "dinh_chinh"}, facts) == "đính chính "


def test_a_kept_copy_with_a_key_that_was_retired_since_still_serves_its_job(folder: Path) -> None:
    change(folder / "ke-hoach" / "kind.yaml", "series: KH\n", "series: KH\nnumber_at: archiving\n")
    assert "number_at" in str(trouble(folder, "ke-hoach"))
    assert kinds.unpack(kinds.pack(folder / "ke-hoach")).series == "KH"


def test_minutes_of_different_meetings_are_different_documents() -> None:
    kind = examples.loaded().kinds["bien-ban"]
    assert kind.variant_of({"meeting_kind": "ky_giao_uoc"}) == "ky_giao_uoc"
    assert plan().variant_of({}) == ""


def test_every_place_of_a_form_is_there_for_its_template() -> None:
    tree = examples.loaded().kinds["dang-ky"].fields
    made = tree.laid_out({"unit_code": "CATP", "activities": [{"title": "x"}]})
    assert made["headcount"] is None
    assert made["leader"] is None
    assert made["targets"] == []
    activities = made["activities"]
    assert isinstance(activities, list)
    assert isinstance(activities[0], dict)
    assert activities[0]["co_units"] == []
    assert activities[0]["venue"] is None


def test_choices_have_names_for_paper() -> None:
    names = examples.loaded().kinds["bien-ban"].fields.choice_names
    assert names["status"]["vang_co_phep"] == "Vắng có phép"


def test_fields_are_found_by_pattern_and_by_pointer() -> None:
    tree = examples.loaded().kinds["dang-ky"].fields
    due = tree.at(Address.of("/targets/3/due"))
    assert due is not None
    assert due == tree.at(Address.of("/targets/*/due"))
    assert (due.x_type, due.label, due.is_required) == ("date", "Thời gian hoàn thành", True)
    assert [one.name for one in tree.below(Address.of("/leader"))] == ["full_name", "position", "authorization"]
    assert tree.at(Address.of("/nothing")) is None


def test_a_form_travels_to_another_process() -> None:
    tree = plan().fields
    assert pickle.loads(pickle.dumps(tree)) == tree  # noqa: S301 - our own
    assert adapter(FormTree).validate_json(adapter(FormTree).dump_json(tree)) == tree


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_field_a_person_fills_in_has_a_label_and_an_example(name: str) -> None:
    for one in examples.loaded().kinds[name].fields:
        if one.name != "*":
            assert one.label, str(one.address)
        if one.x_type:
            assert one.example, str(one.address)


def test_a_second_reminder_is_another_matter_than_the_first() -> None:
    letter = examples.kind_named("cong-van")
    assert letter.variant_of({"purpose": "dinh_chinh"}) == letter.variant_of({"purpose": "dinh_chinh", "round": 1})
    assert letter.variant_of({"purpose": "dinh_chinh", "round": 2}) == "dinh_chinh-2"
