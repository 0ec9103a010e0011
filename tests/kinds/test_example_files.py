"""The files of examples/2022 are read as the values they were drawn from, and the faulty ones get their findings."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

from pipeline import strict_yaml
from pipeline.model import Json, Reading, Severity
from pipeline.reading.reader import read
from scripts.draw_examples import drawn
from scripts.example_fillable import FONT
from tests.folders import UNITS
from tests.kinds import examples
from tests.kinds.examples import ROOT
from tests.said import en, vi

FOLDER = ROOT / "examples" / "2022"
#: File -> the example it was drawn from, for those that are to be accepted.
CLEAN = {
    "EVNHCMC/Dang ky thi dua 2022.xlsx": ("dang-ky", "pass-evnhcmc"),
    "CATP/Công an TP - ĐK (sửa).docx": ("dang-ky", "pass-catp"),
    "BTLTP/dang-ky-2022.yaml": ("dang-ky", "pass-btltp"),
    "BDBPTP/Dang ky BDBP 2022.xlsx": ("dang-ky", "pass-bdbptp"),
    "SAWACO/SAWACO dang ky thi dua.pdf": ("dang-ky", "pass-sawaco"),
    "SATRA/DK thi dua SATRA CHOT.xlsx": ("dang-ky", "pass-satra"),
    "DHQG/DHQG dang ky (sua lan 2).xlsx": ("dang-ky", "pass-dhqg"),
    "KDCD/Dang ky thi dua 2022 (sua lan 3) CHOT.docx": ("dang-ky", "pass-kdcd"),
    "KNH/KNH.docx": ("dang-ky", "pass-knh"),
    "KCXCN/dang ky thi dua.yaml": ("dang-ky", "pass-kcxcn"),
    "cum/Bien ban trien khai 25-5 (sua).xlsx": ("bien-ban", "pass-trien-khai"),
    "cum/Ke hoach 2022 hoan chinh.docx": ("ke-hoach", "pass-2022"),
    "cum/quy-che.yaml": ("quy-che", "pass-2022"),
    "cum/phu-luc-hoat-dong.yaml": ("phu-luc-hoat-dong", "pass-2022"),
    "cum/Giao uoc thi dua 2022.xlsx": ("giao-uoc", "pass-2022"),
    "cum/bien-ban-ky-giao-uoc.yaml": ("bien-ban", "pass-ky-giao-uoc"),
    "cum/Giay moi trien khai.docx": ("giay-moi", "pass-trien-khai"),
    "cum/cong-van-gui-du-thao.yaml": ("cong-van", "pass-gui-du-thao"),
    "cum/Bao cao so ket 6 thang.xlsx": ("bao-cao-so-ket", "pass-2022"),
    **{f"bang-diem/{unit}.yaml": ("bang-diem", f"pass-{unit.lower()}") for unit in UNITS},
    "cum/chuong-trinh-binh-xet.yaml": ("chuong-trinh", "pass-binh-xet"),
    "cum/bien-ban-binh-xet.yaml": ("bien-ban", "pass-khen-thuong"),
    "cum/bien-ban-kiem-phieu.yaml": ("kiem-phieu", "pass-khen-thuong"),
    "cum/danh-sach-khen-thuong.yaml": ("danh-sach", "pass-de-nghi"),
    "cum/thong-bao-ket-qua.yaml": ("thong-bao", "pass-ket-qua"),
    "cum/giay-moi-binh-xet.yaml": ("giay-moi", "pass-binh-xet"),
    "cum/quyet-dinh-ban-kiem-phieu.yaml": ("quyet-dinh", "pass-ban-kiem-phieu"),
    "cum/to-trinh-khen-thuong.yaml": ("to-trinh", "pass-khen-thuong"),
    "cum/bao-cao-tong-ket.yaml": ("bao-cao-tong-ket", "pass-2022"),
}
FAULTY = {
    "CATP/Công an TP - ĐK.docx": {"DK02": "/activities/1/title"},
    "DHQG/DHQG dang ky.xlsx": {"DK03": "/targets/5/content_code"},
    "KDCD/Dang ky thi dua 2022.docx": {"F03": "/activities/0/planned_date"},
    "cum/Bien ban trien khai 25-5.xlsx": {"BB04": "/decisions/2/for"},
    "cum/Ke hoach 2022 du thao.docx": {"KH01": "/contents", "F17": "/requirements"},
}


def reading_of(name: str) -> Reading:
    return read(str(FOLDER / name), Path(name).name, examples.context())


@pytest.mark.parametrize("name", CLEAN)
def test_a_file_is_read_as_the_values_it_was_drawn_from(name: str) -> None:
    wanted = examples.reading_of(examples.example(*CLEAN[name]))
    found = reading_of(name)
    assert (found.kind, found.unit) == (wanted.kind, wanted.unit)
    assert found.values == wanted.values


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_file_is_accepted(name: str) -> None:
    reading = examples.completed(reading_of(name))
    blocking = [one for one in (*reading.findings, *examples.judged(reading)) if one.severity is Severity.BLOCK]
    assert not blocking


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_file_is_stopped_for_its_fault_alone_and_at_its_place(name: str) -> None:
    reading = examples.completed(reading_of(name))
    blocking = [one for one in (*reading.findings, *examples.judged(reading)) if one.severity is Severity.BLOCK]
    assert {one.code: str(one.place.pointer) for one in blocking} == FAULTY[name]
    for one in blocking:
        assert vi(one.message) != en(one.message)
        assert one.mend or one.needed


def test_the_story_uses_every_file_and_names_no_other() -> None:
    named = {str(step["drop"]) for step in story() if "drop" in step}
    for folder in (str(step["drop_all"]) for step in story() if "drop_all" in step):
        named |= {f"{folder}/{path.name}" for path in (FOLDER / folder).iterdir()}
    there = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}
    assert named == there - {"story.yaml"} == CLEAN.keys() | FAULTY.keys()


def test_the_story_goes_on_in_time_and_tells_what_to_expect() -> None:
    days = [dt.date.fromisoformat(str(step["on"])) for step in story()]
    assert days == sorted(days)
    for step in story():
        assert len(step.keys() & {"drop", "drop_all", "sign", "hand_over"}) == 1
        assert isinstance(step["expect"], dict)
        assert step["expect"].keys() <= {"state", "findings", "waits_for", "releases", "number"}


def story() -> list[dict[str, Json]]:
    parsed = strict_yaml.parse((FOLDER / "story.yaml").read_bytes())
    assert not parsed.problems
    assert isinstance(parsed.values, dict)
    steps = parsed.values["steps"]
    assert isinstance(steps, list)
    return [step for step in steps if isinstance(step, dict)]


def inside(content: bytes) -> object:
    """What a file holds, whichever library packed it."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return {name: package.read(name) for name in package.namelist()}
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        return reader.get_form_text_fields(), [page.extract_text() for page in reader.pages]
    return content


@pytest.mark.skipif(not Path(FONT).is_file(), reason=f"needs {FONT}")
def test_the_files_are_those_that_are_drawn_of_the_values_of_today() -> None:
    files = drawn()
    assert len(files) > 20
    assert [name for name in files if inside((FOLDER / name).read_bytes()) != inside(files[name])] == []
