"""`vanthu form check` and `vanthu kinds new`; a document of ours that breaks the form is held."""

import functools
import json
import shutil
from pathlib import Path

import pytest

from pipeline import filling, years
from pipeline.app.opening import make_working_folder
from pipeline.authoring.check import check_all, sample_context
from pipeline.cli.entry import main
from pipeline.layout import all_profiles, apply
from pipeline.layout.check import Facts, NotConforming, check, require_conforming, without_form_text
from pipeline.model import Severity
from pipeline.papers import codes
from pipeline.vietnamese.filters import FILTERS
from tests.folders import shipped_kinds
from tests.layout.check.papers import CODE, clean, opened, set_text

ROOT = Path(__file__).resolve().parents[3]
KINDS = shipped_kinds().kinds
YEAR = ROOT / "years" / "2022.yaml"


@functools.cache
def the_year() -> years.Year:
    return years.load(YEAR)


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as leaving:
        main(list(words))
    return int(leaving.value.code or 0)


def spoilt() -> bytes:
    paper = opened(clean("ke-hoach", "dang-hd36"))
    set_text(paper.para("VTSo"), "Số: 01-KH/CTĐ4")
    return paper.saved()


def test_a_clean_file_answers_0_and_a_spoilt_one_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kh.docx"
    path.write_bytes(clean("ke-hoach", "dang-hd36"))
    assert run("form", "check", str(path)) == 0
    assert "dang-hd36" in capsys.readouterr().out
    path.write_bytes(spoilt())
    assert run("form", "check", str(path)) == 3
    shown = capsys.readouterr().out
    assert "TT05" in shown and "Số 01-KH/CTĐ4" in shown and "bảng 1, dòng 2, cột 1" in shown


def test_machines_get_the_findings_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kh.docx"
    path.write_bytes(spoilt())
    assert run("form", "check", str(path), "--json", "--profile", "dang-hd36") == 3
    told = json.loads(capsys.readouterr().out)
    assert (told["profile"], told["is_conforming"]) == ("dang-hd36", False)
    assert told["findings"][0]["code"] == "TT05"
    assert told["findings"][0]["place"]["table"] == 1


def test_an_unknown_form_is_told_with_the_known_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kh.docx"
    path.write_bytes(clean("ke-hoach", "dang-hd36"))
    assert run("form", "check", str(path), "--profile", "hd99") == 9
    assert "nd30" in capsys.readouterr().err


# --- our own -----------------------------------------------------------------------------------------------------


def test_a_document_of_ours_that_breaks_the_form_is_not_delivered() -> None:
    form = all_profiles()["dang-hd36"]
    require_conforming(clean("ke-hoach", "dang-hd36"), form, Facts(symbol="CTĐ4"), {})
    with pytest.raises(NotConforming, match="TT05"):
        require_conforming(spoilt(), form, Facts(symbol="CTĐ4"), {})
    with pytest.raises(NotConforming, match="TT07"):
        require_conforming(clean("ke-hoach", "dang-hd36"), form, Facts(symbol="CTĐ5"), {})


def test_words_the_form_brought_are_not_the_templates_fault() -> None:
    paper = opened(clean("dang-ky", "dang-hd36"))
    set_text(paper.para("VTHoTen"), "ThS. Đặng Thị Thuỳ Nhiên")
    form = all_profiles()["dang-hd36"]
    with pytest.raises(NotConforming, match="TT13"):
        require_conforming(paper.saved(), form, Facts(), {})
    require_conforming(paper.saved(), form, Facts(), {"leader": {"full_name": "ThS. Đặng Thị Thuỳ Nhiên"}})


def test_a_template_edited_out_of_form_is_told_when_the_kind_is_checked(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    folder = tmp_path / "templates" / "ke-hoach"
    paper = opened((folder / "template.docx").read_bytes())
    set_text(paper.para("VTSo"), "Số: {{ document.reference }}")
    (folder / "template.docx").write_bytes(paper.saved())
    (one,) = check_all(tmp_path / "templates", YEAR, ["ke-hoach"])
    assert any("TT05" in problem and "bảng 1, dòng 2, cột 1" in problem for problem in one.problems), one


@pytest.mark.sweep
@pytest.mark.parametrize("form", sorted(all_profiles()))
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_conforms_in_every_form(kind: str, form: str) -> None:
    one, profile = KINDS[kind], all_profiles()[form]
    values = sample_context(one, the_year(), KINDS, is_full=True, profile=profile)
    template = filling.compile_template(apply(one.template, profile))
    content = filling.fill(template, values, filters=FILTERS, pictures={"vanthu-code": codes.picture(CODE)})
    found = check(content, profile=profile, facts=Facts(prints_number=one.number_printed))
    ours = without_form_text(found, values["doc"])
    assert not [each for each in ours if each.severity is Severity.BLOCK], ours


# --- scaffolding -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("moi") / "cum"
    make_working_folder(folder)
    return folder


@pytest.mark.parametrize(
    ("name", "title", "abbreviation", "more"),
    [
        ("thong-bao", "Thông báo", "TB", ()),
        ("thong-bao-nn", "Thông báo", "TB", ("--profile", "nd30", "--subject", "kết luận hội nghị {year.year}")),
        ("phieu-khao-sat", "Phiếu khảo sát", "PKS", ("--submitted-by", "unit")),
        ("moi-hop", "Giấy mời họp", "GMH", ("--fields", "templates/giay-moi/fields.yaml", "--family", "state")),
        (
            "dang-ky-lai",
            "Đăng ký lại",
            "ĐKL",
            ("--fields", "templates/dang-ky/fields.yaml", "--submitted-by", "unit"),
        ),
        ("bien-ban-hop", "Biên bản họp", "BBH", ("--fields", "templates/bien-ban/fields.yaml")),
    ],
)
def test_a_new_kind_holds_together_and_conforms_at_once(
    workspace: Path,
    name: str,
    title: str,
    abbreviation: str,
    more: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = [str(ROOT / word) if word.startswith("templates/") else word for word in more]
    assert (
        run("-C", str(workspace), "kinds", "new", name, "--title", title, "--abbreviation", abbreviation, *words) == 0
    )
    # the answer is that of `kinds check`: no problem, and nothing about the official form worth a note
    told = capsys.readouterr().out
    assert told.startswith(f"{name}: đạt"), told
    assert "TT" not in told, told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ke-hoach", "--title", "Kế hoạch", "--abbreviation", "KH"), "không ghi đè"),
        (("Kế hoạch", "--title", "Kế hoạch", "--abbreviation", "KH"), "ke-hoach"),
        (("ke-hoach-2", "--title", "Kế hoạch", "--abbreviation", "KHO"), "KH"),
    ],
)
def test_what_makes_no_kind_is_told_and_leaves_nothing(
    workspace: Path, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted((workspace / "templates").iterdir())
    assert run("-C", str(workspace), "kinds", "new", *words) != 0
    assert told in capsys.readouterr().err
    assert sorted((workspace / "templates").iterdir()) == before
