"""Blank forms: for whom, of which day, where they are written, and what is never written over."""

import dataclasses
import datetime as dt
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
import yaml

from pipeline.app.blank_forms import Order, Pair, write_forms
from pipeline.app.settings import Settings, read_settings
from pipeline.errors import OperatorError, UnknownThing, UnsafeSetupError
from tests.folders import UNITS, working_folder

TODAY = dt.date(2022, 5, 30)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return read_settings(working_folder(tmp_path_factory.mktemp("forms") / "office"), {})


def one(settings: Settings, to: Path, kind: str = "dang-ky", **order: object) -> tuple[str, Path]:
    """Order one form of text into a folder; gives its outcome and its path."""
    (form,) = write_forms(settings, Order(kind, formats=("yaml",), folder=to, **order), TODAY)  # type: ignore[arg-type]
    return form.outcome, form.path


def test_without_a_word_a_form_is_for_anybody_in_the_usual_formats_in_the_outbox(settings: Settings) -> None:
    made = write_forms(settings, Order("dang-ky"), TODAY)
    assert [(form.unit, form.format, form.outcome) for form in made] == [
        ("", format_, "written") for format_ in ("xlsx", "docx", "pdf")
    ]
    assert [form.path for form in made] == [
        settings.folders.outbox / "bieu-mau" / f"dang-ky-2022.{form.format}" for form in made
    ]
    assert [form.path.read_bytes()[:2] for form in made] == [b"PK", b"PK", b"%P"]


def test_each_member_gets_its_own_form_in_its_own_folder_and_progress_is_shown(settings: Settings) -> None:
    seen: list[tuple[str, str]] = []
    counts: list[int] = []

    def progress(pairs: Sequence[Pair], count: int) -> Iterable[Pair]:
        counts.append(count)
        for unit, format_ in pairs:
            seen.append((unit.code if unit else "", format_))
            yield unit, format_

    made = write_forms(settings, Order("dang-ky", is_all=True, formats=("yaml", "json")), TODAY, progress)
    wanted = [(unit, format_) for unit in UNITS for format_ in ("yaml", "json")]
    assert (seen, counts) == (wanted, [20])
    assert [form.path for form in made] == [
        settings.folders.outbox / unit / "bieu-mau" / f"dang-ky-2022-{unit}.{format_}" for unit, format_ in wanted
    ]
    for form in made:
        assert yaml.safe_load(form.path.read_text(encoding="utf-8"))["unit_code"].split(" - ")[0] == form.unit


def test_a_unit_is_known_by_its_code_and_by_its_name(settings: Settings, tmp_path: Path) -> None:
    for name in ("CATP", "công an tp.hcm"):
        _, path = one(settings, tmp_path, unit=name)
        assert path == tmp_path / "dang-ky-2022-CATP.yaml"
    assert [path.name for path in tmp_path.iterdir()] == ["dang-ky-2022-CATP.yaml"]


def test_a_form_is_unchanged_kept_or_replaced(settings: Settings, tmp_path: Path) -> None:
    assert one(settings, tmp_path)[0] == "written"
    outcome, path = one(settings, tmp_path)
    whole = path.read_bytes()
    assert outcome == "unchanged"
    assert one(settings, tmp_path, replace=True)[0] == "unchanged"
    path.write_bytes(b"begun")
    assert (one(settings, tmp_path)[0], path.read_bytes()) == ("kept", b"begun")
    assert (one(settings, tmp_path, replace=True)[0], path.read_bytes()) == ("written", whole)


def test_a_link_in_a_forms_place_is_somebodys(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "khac.yaml").write_bytes(b"mine")
    _, path = one(settings, tmp_path)
    whole = path.read_bytes()
    for target in ("khac.yaml", "nowhere"):
        path.unlink()
        path.symlink_to(tmp_path / target)
        assert (one(settings, tmp_path)[0], path.is_symlink()) == ("kept", True)
    (tmp_path / "khac.yaml").write_bytes(whole)
    path.unlink()
    path.symlink_to(tmp_path / "khac.yaml")
    assert one(settings, tmp_path)[0] == "kept", "the same words behind a link are still a link"
    assert (one(settings, tmp_path, replace=True)[0], path.is_symlink()) == ("written", False)


def test_a_folder_in_a_forms_place_is_kept(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "dang-ky-2022.yaml").mkdir()
    assert one(settings, tmp_path)[0] == "kept"


def test_a_blank_form_says_nothing_of_anybody(settings: Settings, tmp_path: Path) -> None:
    _, told = one(settings, tmp_path, unit="CATP")
    known = yaml.safe_load(told.read_text(encoding="utf-8"))
    _, blank = one(settings, tmp_path, is_blank=True, unit="CATP", replace=True)
    assert known["unit_code"] == "CATP - Công an TP.HCM"
    assert yaml.safe_load(blank.read_text(encoding="utf-8"))["unit_code"] is None


def test_a_kind_is_known_by_its_folder_its_title_and_the_titles_of_its_forms(
    settings: Settings, tmp_path: Path
) -> None:
    for name in ("phu-luc-hoat-dong", "phụ lục", "DANH MỤC HOẠT ĐỘNG CẤP CỤM"):
        assert one(settings, tmp_path, name)[1].name == "phu-luc-hoat-dong-2022.yaml"


def test_a_form_of_a_year_to_come_is_of_its_first_milestone(settings: Settings, tmp_path: Path) -> None:
    text = settings.year_file.read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if "Huỳnh Quốc Thuyên" in line]
    old = line.replace("from: 2020-10-18", "from: 2020-10-18, to: 2022-05-26")
    new = line.replace("from: 2020-10-18", "from: 2022-05-27").replace("Huỳnh Quốc Thuyên", "Nguyễn Văn Mới")
    other = tmp_path / "2022.yaml"
    other.write_text(text.replace(line, f"{old}\n{new}"), encoding="utf-8")
    changed = dataclasses.replace(settings, year_file=other)

    def leader(today: dt.date) -> str:
        order = Order("dang-ky", unit="CATP", formats=("yaml",), folder=tmp_path / str(today))
        (form,) = write_forms(changed, order, today)
        return str(yaml.safe_load(form.path.read_text(encoding="utf-8"))["leader"]["full_name"])

    assert leader(dt.date(2021, 12, 1)) == "Huỳnh Quốc Thuyên"  # the first milestone is on 25 May
    assert leader(dt.date(2023, 1, 1)) == "Huỳnh Quốc Thuyên"
    assert leader(dt.date(2022, 5, 26)) == "Huỳnh Quốc Thuyên"
    assert leader(dt.date(2022, 5, 27)) == "Nguyễn Văn Mới"


@pytest.mark.parametrize(
    ("order", "trouble", "said"),
    [
        (Order("dang-ki"), UnknownThing, "“dang-ki”.* Có phải là “dang-ky” không"),
        (Order("zzz"), UnknownThing, "“zzz”.*bang-diem, bao-cao-so-ket"),
        (Order("_answers"), UnknownThing, "“_answers”"),
        (Order("dang-ky", unit="catx"), UnknownThing, "“catx”.* Có phải là “CATP” không"),
        (Order("dang-ky", unit="zzz"), UnknownThing, "“zzz”.*EVNHCMC, CATP, BTLTP"),
        (Order("ke-hoach", unit="CATP"), OperatorError, "do cơ quan lập"),
        (Order("ke-hoach", is_all=True), OperatorError, "do cơ quan lập"),
    ],
)
def test_what_is_not_known_is_answered_with_what_is(
    settings: Settings, order: Order, trouble: type[Exception], said: str
) -> None:
    with pytest.raises(trouble, match=said):
        write_forms(settings, order, TODAY)


@pytest.mark.parametrize("name", ["inbox", "archive", "var", "templates", "years"])
def test_no_form_is_written_into_another_store(settings: Settings, tmp_path: Path, name: str) -> None:
    store = getattr(settings.folders, name)
    (tmp_path / "way").symlink_to(store)
    for folder in (store, store / "CATP", tmp_path / "way" / "CATP"):
        with pytest.raises(UnsafeSetupError, match=str(store)):
            one(settings, folder)
    assert not (store / "CATP").exists()


@pytest.mark.parametrize("link", ["KDCD", "KNH/bieu-mau"])
def test_no_form_is_written_through_a_link_in_the_outbox(settings: Settings, tmp_path: Path, link: str) -> None:
    way = settings.folders.outbox / link
    way.parent.mkdir(parents=True, exist_ok=True)
    if way.is_dir():  # written by another test
        shutil.rmtree(way.parent if way.name == "bieu-mau" else way)
        way.parent.mkdir(exist_ok=True)
    way.symlink_to(tmp_path)
    with pytest.raises(UnsafeSetupError, match=str(way)):
        write_forms(settings, Order("dang-ky", unit=link.split("/", maxsplit=1)[0], formats=("yaml",)), TODAY)
    assert list(tmp_path.iterdir()) == []
    way.unlink()
