"""`vanthu form check` and `vanthu kinds new`; a document of ours that breaks the form is held."""

import json
from pathlib import Path

import pytest

from pipeline.layout import all_profiles
from pipeline.layout.check import Facts, NotConforming, require_conforming
from tests.folders import run
from tests.layout.check.papers import clean, opened, set_text


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
    with pytest.raises(NotConforming, match="Số 01-KH/CTĐ4"):
        require_conforming(spoilt(), form, Facts(symbol="CTĐ4"), {})
    with pytest.raises(NotConforming, match="CTĐ5"):
        require_conforming(clean("ke-hoach", "dang-hd36"), form, Facts(symbol="CTĐ5"), {})


def test_words_the_form_brought_are_not_the_templates_fault() -> None:
    paper = opened(clean("dang-ky", "dang-hd36"))
    set_text(paper.para("VTHoTen"), "ThS. Đặng Thị Thuỳ Nhiên")
    form = all_profiles()["dang-hd36"]
    with pytest.raises(NotConforming, match=r"ThS\."):
        require_conforming(paper.saved(), form, Facts(), {})
    require_conforming(paper.saved(), form, Facts(), {"leader": {"full_name": "ThS. Đặng Thị Thuỳ Nhiên"}})
