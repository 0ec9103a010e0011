"""Kinds as their authors meet them: checked as a whole, and begun anew."""

import functools
import shutil
from pathlib import Path

import pytest

from pipeline import filling, years
from pipeline.app.new_folder import make_working_folder
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.authoring.check import check_all
from pipeline.authoring.samples import sample_context
from pipeline.layout import all_profiles, apply
from pipeline.layout.check import Facts, check, without_form_text
from pipeline.model import Severity, State
from pipeline.papers import codes
from pipeline.vietnamese.filters import FILTERS
from tests.folders import drop, run, shipped_kinds, working_folder
from tests.folders import opened as opened_folder
from tests.layout.check.papers import CODE, opened, set_text

ROOT = Path(__file__).resolve().parents[2]
KINDS = shipped_kinds().kinds
YEAR = ROOT / "years" / "2022.yaml"


@functools.cache
def the_year() -> years.Year:
    return years.load(YEAR)


@pytest.mark.slow
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
    values = sample_context(one, the_year(), KINDS, profile=profile)
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
    # what LibreOffice makes of a kind is tried in test_every_branch
    settings = folder / "config.yaml"
    settings.write_text(settings.read_text("utf-8").replace("pdf: auto", 'pdf: "off"'), "utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "title", "abbreviation", "more"),
    [
        ("thong-bao-moi", "Thông báo", "TB", ()),
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


NOTICE = """
kind: thong-bao-moi
emulation_year: 2022
doc_date: 2022-05-30
subject: {subject}
serial: {serial}
points: [Các đơn vị thực hiện đúng tiến độ]
"""


def test_of_a_kind_of_many_a_year_a_new_document_takes_the_place_of_none_but_its_own(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    new = ("kinds", "new", "thong-bao-moi", "--title", "Thông báo", "--abbreviation", "TB")
    assert run("-C", str(folder), *new) == 0
    with opened_folder(folder) as workspace:
        worker = Worker(workspace, 1)
        for name, serial in (("mot.yaml", 1), ("hai.yaml", 2), ("hai sua.yaml", 2)):
            drop(folder, name, NOTICE.format(subject=f"về việc của tệp {name}", serial=serial))
            serve_once(worker, Rhythm(1, 0))
        jobs = {job.name: (job.state, job.variant) for job in workspace.ledger.in_states(State)}
    assert jobs == {
        "mot.yaml": (State.DELIVERED, ""),
        "hai.yaml": (State.SUPERSEDED, "2"),
        "hai sua.yaml": (State.DELIVERED, "2"),
    }


@pytest.mark.parametrize(
    ("words", "has_serial"),
    [
        (("--title", "Thông báo", "--abbreviation", "TB", "--one-a-year"), False),
        (("--title", "Danh mục", "--abbreviation", "DM"), False),
        (("--title", "Danh mục", "--abbreviation", "DM", "--many-a-year"), True),
    ],
)
def test_whether_there_are_many_a_year_can_be_said(tmp_path: Path, words: tuple[str, ...], has_serial: bool) -> None:
    folder = working_folder(tmp_path / "office")
    assert run("-C", str(folder), "kinds", "new", "moi", *words) == 0
    kind = (folder / "templates" / "moi" / "kind.yaml").read_text("utf-8")
    assert ("round: /serial" in kind) is has_serial


@pytest.mark.slow
def test_what_is_asked_for_and_never_used_is_refused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    fields = tmp_path / "templates" / "giao-uoc" / "fields.yaml"
    field = "  mau_bia: {type: string, maxLength: 20, x-type: text, x-label: Màu bìa, x-example: Xanh}\n"
    column = "        so_xe: {type: integer, x-type: integer, x-label: Số xe, x-example: '1'}\n"
    head, pledges, rest = fields.read_text("utf-8").partition("  pledges:\n")
    first, columns, more = rest.partition("      properties:\n")
    fields.write_text("".join((head, field, pledges, first, columns, column, more)), "utf-8")
    (one,) = check_all(tmp_path / "templates", YEAR, ["giao-uoc"])
    told = [problem.partition(")")[0] for problem in one.problems]
    assert told == ["Mục mau_bia (Màu bìa", "Mục pledges.so_xe (Số xe"]
