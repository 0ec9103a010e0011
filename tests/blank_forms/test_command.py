"""`vanthu forms` as people call it, and its forms dropped into a real inbox."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.blank_forms.excel import write_xlsx
from pipeline.blank_forms.text import write_json, write_yaml
from pipeline.cli.entry import main
from pipeline.model import Severity, State
from tests.blank_forms.conftest import blank, canonical_example, known
from tests.blank_forms.filling import fill_xlsx, saved
from tests.folders import UNITS, drop, opened, working_folder
from tests.rules.samples import kind


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return working_folder(tmp_path_factory.mktemp("forms") / "office")


def forms(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", "-C", str(folder), "--lang", "vi", "forms", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
def test_every_unit_gets_its_form_in_its_own_folder(folder: Path) -> None:
    done = forms(folder, "dang-ky", "--all", "--format", "yaml,json", "--json")
    assert done.returncode == 0
    made = json.loads(done.stdout)
    assert [(one["unit"], one["format"], one["outcome"]) for one in made] == [
        (unit, format_, "written") for unit in UNITS for format_ in ("yaml", "json")
    ]
    for one in made:
        path = Path(one["path"])
        assert path.parent == folder / "outbox" / one["unit"] / "bieu-mau"
        assert one["unit"] in path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_form_begun_by_somebody_is_not_written_over(folder: Path) -> None:
    again = ["dang-ky", "--unit", "công an tp.hcm", "--format", "yaml"]
    assert forms(folder, *again).returncode == 0
    path = folder / "outbox" / "CATP" / "bieu-mau" / "dang-ky-2022-CATP.yaml"
    assert "không đổi" in forms(folder, *again).stdout
    path.write_text("kind: dang-ky\n", encoding="utf-8")
    kept = forms(folder, *again)
    assert kept.returncode == 3
    assert "đã có người sửa" in kept.stdout
    assert "--replace" in kept.stderr
    assert path.read_text(encoding="utf-8") == "kind: dang-ky\n"
    assert forms(folder, *again, "--replace").returncode == 0
    assert "CATP" in path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_blank_forms_and_those_of_the_cluster_lie_where_they_are_asked_for(folder: Path, tmp_path: Path) -> None:
    assert forms(folder, "Kế hoạch", "--format", "yaml").returncode == 0
    assert (folder / "outbox" / "bieu-mau" / "ke-hoach-2022.yaml").is_file()
    assert forms(folder, "dang-ky", "--blank", "--format", "YAML", "--to", str(tmp_path / "mới")).returncode == 0
    assert "unit_code:\n" in (tmp_path / "mới" / "dang-ky-2022.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["dang-ki"], 16, "Có phải là “dang-ky” không?"),
        (["dang-ky", "--unit", "CATX"], 16, "Có phải là “CATP” không?"),
        (["ke-hoach", "--all"], 9, "do cơ quan lập"),
        (["dang-ky", "--format", "xls"], 2, "các dạng có: xlsx, docx, pdf, yaml, json"),
        (["dang-ky", "--to", "inbox/CATP", "--format", "yaml"], 14, "hãy chọn thư mục khác"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_way_out(
    folder: Path, words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [str(folder / word) if word.startswith("inbox") else word for word in words]
    with pytest.raises(SystemExit) as left:
        main(["-C", str(folder), "--lang", "vi", "forms", *words])
    assert left.value.code == code
    assert said in capsys.readouterr().err


def test_nothing_is_written_through_a_link(folder: Path, tmp_path: Path) -> None:
    folder = folder.parent / "linked"
    working_folder(folder)
    (folder / "outbox").mkdir()
    (folder / "outbox" / "KNH").symlink_to(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["-C", str(folder), "--lang", "vi", "forms", "dang-ky", "--unit", "KNH", "--format", "yaml"])
    assert left.value.code == 14
    assert not (tmp_path / "bieu-mau").exists()


@pytest.mark.slow
def test_a_form_taken_from_the_outbox_and_filled_in_is_accepted(tmp_path: Path) -> None:
    office = working_folder(tmp_path / "office")
    assert forms(office, "dang-ky", "--unit", "CATP", "--format", "xlsx").returncode == 0
    taken = office / "outbox" / "CATP" / "bieu-mau" / "dang-ky-2022-CATP.xlsx"
    book = fill_xlsx(taken.read_bytes(), known("dang-ky"), canonical_example("dang-ky", "pass-catp"))
    drop(office, "đã điền.xlsx", saved(book), "CATP")
    with opened(office) as workspace:
        (job,) = serve_once(Worker(workspace), Rhythm(1, 0))
        assert (job.state, workspace.findings(job)) == (State.DELIVERED, ())


@pytest.mark.slow
def test_forms_left_empty_come_back_with_what_is_missing(tmp_path: Path) -> None:
    office = working_folder(tmp_path / "office")
    drop(office, "bang diem.xlsx", write_xlsx(blank("bang-diem")), "CATP")
    drop(office, "đăng ký.xlsx", write_xlsx(known("dang-ky", "EVNHCMC")), "EVNHCMC")
    drop(office, "quy chế.xlsx", write_xlsx(blank("quy-che")))
    drop(office, "kế hoạch.yaml", write_yaml(known("ke-hoach")))
    drop(office, "biên bản.json", write_json(blank("bien-ban")))
    with opened(office) as workspace:
        moved = serve_once(Worker(workspace), Rhythm(1, 0))
        assert {job.kind for job in moved} == {"bang-diem", "dang-ky", "quy-che", "ke-hoach", "bien-ban"}
        for job in moved:
            assert job.state == State.RETURNED
            missing = {str(one.place.pointer) for one in workspace.findings(job) if one.severity is Severity.BLOCK}
            required = {str(one.address) for one in kind(job.kind).fields.below() if one.is_required}
            assert missing & required
