"""What changed templates, rules or facts of the year would change: seen beforehand, and only that is made again."""

import dataclasses
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pytest
import yaml

from pipeline.app.replaying import Replayed, replay, signed_count, trial
from pipeline.errors import NotAllowedNow, UnknownThing
from pipeline.kinds import BrokenKind
from pipeline.model import Job, State
from pipeline.steps import making
from tests.folders import ROOT, registration
from tests.status.office import Office

#: The name of a unit, as its papers print it.
RENAMED = ("    name: Công an TP.HCM\n", "    name: Công an Thành phố Mới\n")


def dropped(office: Office, unit: str, **changes: object) -> Job:
    return office.drop(f"dk-{unit}.yaml", registration(unit, **changes))


def templates(folder: Path) -> Path:
    shutil.copytree(ROOT / "templates", folder / "templates", ignore=shutil.ignore_patterns("examples"))
    return folder / "templates"


def year_file(folder: Path, old: str, new: str) -> Path:
    text = (ROOT / "years" / "2022.yaml").read_text("utf-8")
    assert old in text
    (folder / "2022.yaml").write_text(text.replace(old, new), "utf-8")
    return folder / "2022.yaml"


def replayed(office: Office, *, with_: Path | None = None, facts: Path | None = None) -> dict[int, Replayed]:
    tried = trial(office.workspace, with_, facts)
    return {one.job.id: one for one in replay(office.workspace, tried)}


def recorded(office: Office) -> dict[str, bytes]:
    """All that lies in the working folder but the database's own side files."""
    folder = office.folder
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "sqlite" not in path.name
    }


def test_where_nothing_has_changed_no_document_is_filled_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, faulty = dropped(office, "CATP"), dropped(office, "KNH", activities=[])
    monkeypatch.setattr(making, "make", None)  # whoever fills one fails
    found = replayed(office)
    assert {one: found[one].is_changed for one in (job.id, faulty.id)} == {job.id: False, faulty.id: False}


def test_a_name_that_changes_in_the_year_shows_the_lines_that_would_be_others_and_writes_nothing(
    office: Office, tmp_path: Path
) -> None:
    job = dropped(office, "CATP")
    before = recorded(office)
    facts = year_file(tmp_path, *RENAMED)
    lines = replayed(office, facts=facts)[job.id].lines
    assert lines
    assert {line[0] for line in lines} == {"-", "+"}
    assert all("Công an TP.HCM" in line for line in lines if line[0] == "-")
    assert all("Công an Thành phố Mới" in line for line in lines if line[0] == "+")
    assert recorded(office) == before


def test_a_fact_that_no_open_document_prints_changes_none(office: Office, tmp_path: Path) -> None:
    job = dropped(office, "CATP")
    facts = year_file(tmp_path, "Lâm Tuấn Khải Vinh", "Lâm Tuấn Khải Vượng")
    assert not replayed(office, facts=facts)[job.id].is_changed


def test_a_changed_template_changes_the_documents_of_its_kind_only(office: Office, tmp_path: Path) -> None:
    job, faulty = dropped(office, "CATP"), dropped(office, "KNH", activities=[])
    folder = templates(tmp_path)
    file = folder / "dang-ky" / "template.docx"
    document = docx.Document(str(file))
    document.add_paragraph("Bản này lập thành hai bản.")
    document.save(str(file))
    found = replayed(office, with_=folder)
    assert found[job.id].lines == ("+ Bản này lập thành hai bản.",)
    assert not found[faulty.id].is_changed


def test_a_rule_that_is_taken_away_shows_which_returned_form_it_would_let_pass(
    office: Office, tmp_path: Path
) -> None:
    form = yaml.safe_load(registration("KNH"))
    faulty = dropped(office, "KNH", activities=[{**form["activities"][0], "title": title} for title in ("A", "B")])
    assert faulty.state is State.RETURNED
    folder = templates(tmp_path)
    file = folder / "dang-ky" / "rules.yaml"
    # rule by rule: YAML 1.1 would take the key "on" for true
    head, *rules = re.split(r"(?m)^(?=- id: )", file.read_text("utf-8"))
    file.write_text(head + "".join(one for one in rules if not one.startswith("- id: DK02\n")), "utf-8")
    found = replayed(office, with_=folder)[faulty.id]
    assert [one.code for one in found.gone] == ["DK02"]
    assert (found.new, found.lines) == ((), ())


def test_a_form_with_another_field_is_to_be_read_again(office: Office, tmp_path: Path) -> None:
    job = dropped(office, "CATP")
    folder = templates(tmp_path)
    fields = folder / "dang-ky" / "fields.yaml"
    text = fields.read_text("utf-8")
    fields.write_text(text.replace("maxLength: 60", "maxLength: 70", 1), "utf-8")
    assert text != fields.read_text("utf-8")
    assert replayed(office, with_=folder)[job.id].is_read_anew


def test_a_filed_document_is_counted_and_left_as_it_is(office: Office, tmp_path: Path) -> None:
    job, other = dropped(office, "KNH"), dropped(office, "CATP")
    office.sign(job.id)
    facts = year_file(tmp_path, *RENAMED)
    assert set(replayed(office, facts=facts)) == {other.id}
    assert signed_count(office.workspace) == 1


def test_what_cannot_be_tried_is_refused_with_its_cause(office: Office, tmp_path: Path) -> None:
    folder = templates(tmp_path)
    (folder / "dang-ky" / "rules.yaml").write_text("- id: [", "utf-8")
    with pytest.raises(BrokenKind, match="dang-ky"):
        trial(office.workspace, folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnknownThing, match="empty"):
        trial(office.workspace, tmp_path / "empty")
    practice = dataclasses.replace(office.workspace.practice, year=2023)
    with pytest.raises(NotAllowedNow, match="2022"):
        trial(dataclasses.replace(office.workspace, practice=practice), None, ROOT / "years" / "2022.yaml")


def vanthu(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", "-C", str(folder), "--lang", "vi", "replay", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
def test_applied_only_what_is_different_is_made_again(office: Office, tmp_path: Path) -> None:
    dropped(office, "CATP")
    office.workspace.ledger.close()
    folder = office.folder
    assert "0 trên 1 hồ sơ sẽ khác đi" in vanthu(folder).stdout
    assert vanthu(folder, "--apply").stdout.startswith("Mọi hồ sơ đều đúng")

    facts = year_file(folder / "years", *RENAMED)
    shown = vanthu(folder)
    assert "1 trên 1 hồ sơ sẽ khác đi" in shown.stdout
    assert "+ " in shown.stdout
    assert vanthu(folder, "--apply").returncode == 130  # it is out for signature, and nobody said yes
    assert vanthu(folder, "--apply", "--year-facts", str(facts)).returncode == 2
    assert vanthu(folder, "--apply", "--yes").returncode == 0
    told = json.loads(vanthu(folder, "--json").stdout)
    assert (told["changed"], [one["job"]["revision"] for one in told["documents"]]) == (0, [2])
    assert State(told["documents"][0]["job"]["state"]) is State.DELIVERED


@pytest.mark.slow
def test_what_could_not_be_made_again_stays_out_for_signature_and_is_told(office: Office) -> None:
    dropped(office, "CATP")
    office.workspace.ledger.close()
    folder = office.folder
    # invented words in a year that is no example: the document must not be delivered
    year = folder / "years" / "2022.yaml"
    year.write_text(re.sub(r"(?m)^example: true\n", "", year.read_text("utf-8")), "utf-8")
    file = folder / "templates" / "dang-ky" / "template.docx"
    document = docx.Document(str(file))
    document.add_paragraph("Đã bàn [hư cấu].")
    document.save(str(file))
    before = sorted(path.name for path in (folder / "outbox" / "cho-ky").iterdir())

    applied = vanthu(folder, "--apply", "--yes")

    assert applied.returncode == 3, applied.stderr
    assert "[hư cấu]" in applied.stderr
    assert applied.stdout == ""
    assert sorted(path.name for path in (folder / "outbox" / "cho-ky").iterdir()) == before
