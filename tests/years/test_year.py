"""The file of a year: what it answers, and what is wrong with it, all at once and in its place."""

import datetime as dt
import re
from pathlib import Path

import pytest

from pipeline import years
from pipeline.errors import YearError
from pipeline.model import JsonObject
from tests.kinds import examples
from tests.kinds.examples import ROOT

TEXT = (ROOT / "years" / "2022.yaml").read_text(encoding="utf-8")


def problems_of(tmp_path: Path, *changes: tuple[str, str], name: str = "2022.yaml") -> list[str]:
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(YearError) as caught:
        years.load(path)
    return str(caught.value).replace(f"{path}:", "").splitlines()


def line_of(text: str) -> int:
    return TEXT[: TEXT.index(text)].count("\n") + 1


def at(value: JsonObject, *path: str) -> object:
    here: object = value
    for part in path:
        assert isinstance(here, dict)
        here = here[part]
    return here


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("CATP", "CATP"),
        ("công an tp.hcm", "CATP"),
        ("Công an Thành phố Hồ Chí Minh", "CATP"),
        ("CÔNG AN TPHCM", "CATP"),
        ("Khối Dân – Chính – Đảng", "KDCD"),
        ("Đảng uỷ Khối Ngân hàng TP", "KNH"),
        ("  BĐBP   TP ", "BDBPTP"),
        ("HEPZA", "KCXCN"),
    ],
)
def test_a_unit_is_known_by_whatever_it_is_called(said: str, code: str) -> None:
    unit = examples.year().unit_named(said)
    assert unit is not None
    assert unit.code == code


def test_a_name_that_nobody_bears_is_nobody() -> None:
    assert examples.year().unit_named("Công an Hà Nội") is None


def test_who_signs_depends_on_the_day() -> None:
    year = examples.year()
    august, september = dt.date(2022, 8, 31), dt.date(2022, 9, 1)
    before, after = year.signatory("KCXCN", august), year.signatory("KCXCN", september)
    assert before is not None
    assert after is not None
    assert (before.name, before.position_full) == ("Đỗ Lê Nguyên Vỹ", "Phó Chánh Văn phòng phụ trách")
    assert (after.name, after.position_full) == ("Đỗ Lê Nguyên Vỹ", "Chánh Văn phòng")


def test_a_deputy_signs_only_when_named() -> None:
    unit = examples.year().unit("CATP")
    assert unit is not None
    day = dt.date(2022, 6, 2)
    chief, deputy = unit.signatory(day), unit.signatory_named("tôn nữ hạ giang", day)
    assert chief is not None
    assert deputy is not None
    assert not chief.is_deputy
    assert deputy.is_deputy


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (dt.date(2022, 5, 25), True),
        (dt.date(2022, 5, 28), False),
        (dt.date(2022, 5, 2), False),
        (dt.date(2022, 9, 2), False),
        (dt.date(2022, 9, 5), True),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(day: dt.date, works: bool) -> None:
    assert examples.year().is_working_day(day) is works


def test_the_law_of_2022_is_no_basis_of_a_paper_of_2022() -> None:
    keys = {act.key for act in examples.year().acts_in_force(dt.date(2022, 5, 27))}
    assert {"LTDKT2003", "ND91"} <= keys
    assert not keys & {"LTDKT2022", "ND98", "ND152"}


def test_number_series_run_by_terms_of_the_party_committee() -> None:
    terms = [examples.year().term(day) for day in (dt.date(2022, 5, 27), dt.date(2026, 1, 5), dt.date(2019, 1, 1))]
    assert [term.id if term else None for term in terms] == ["2020-2025", "2025-2030", None]


def test_values_for_templates_tell_the_year_as_it_stands_on_the_day() -> None:
    spring = examples.year().as_values(dt.date(2022, 5, 27))
    autumn = examples.year().as_values(dt.date(2022, 9, 1))
    assert at(spring, "unit", "KCXCN", "signatory", "position_full") == "Phó Chánh Văn phòng phụ trách"
    assert at(autumn, "unit", "KCXCN", "signatory", "position_full") == "Chánh Văn phòng"
    assert at(spring, "signer", "full_name") == "Đặng Thị Thuỳ Nhiên"
    assert at(spring, "thresholds", "quorum", "text") == "2/3"
    parties = spring["parties"]
    assert isinstance(parties, list)
    assert len(parties) == 10
    citations = at(spring, "citations", "ke-hoach")
    assert isinstance(citations, list)
    assert any("91/2017" in str(line) for line in citations)
    assert not any("2023" in str(line) for line in citations)


def test_all_problems_of_shape_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    told = problems_of(
        tmp_path,
        ("  symbol: CTĐ4", "  simbol: CTĐ4"),
        ("role: cum_pho", "role: cum_ph"),
        ("to: 2022-08-31", "to: 2022-09-31"),
    )
    lines = sorted(int(line.partition(":")[0]) for line in told)
    symbol = line_of("  symbol: CTĐ4")
    assert lines == [line_of("cluster:"), symbol, line_of("role: cum_pho"), line_of("to: 2022-08-31")]
    assert any("symbol" in line for line in told if line.startswith(f"{symbol}:"))


@pytest.mark.parametrize(
    ("change", "place", "rule"),
    [
        (("code: BTLTP", "code: CATP"), "code: BTLTP", "R01"),
        (("[BĐBP TP, BĐBP TP.HCM", "[BĐBP TP, Công an TP"), "code: BDBPTP", "R01"),
        (("    role: cum_pho", "    role: cum_truong"), "units:", "R02"),
        (("    role: cum_pho", "    role: thanh_vien"), "units:", "R02"),
        (("from: 2020-10-18, to: 2022-08-31}", "from: 2020-10-18}"), "code: KCXCN", "R03"),
        (("from: 2022-09-01}", "from: 2022-12-01}"), "code: KCXCN", "R03"),
        (("{code: ND1, weight: 15", "{code: ND1, weight: 20"), "contents:", "R05"),
    ],
)
def test_facts_that_contradict_each_other_are_told(
    tmp_path: Path, change: tuple[str, str], place: str, rule: str
) -> None:
    told = problems_of(tmp_path, change)
    assert any(f"({rule})" in line for line in told), told
    lines = [int(line.partition(":")[0]) for line in told if f"({rule})" in line]
    assert min(lines) >= line_of(place)


@pytest.mark.parametrize("code", ["CON", "NUL", "COM1", "LPT9"])
def test_a_unit_whose_code_no_folder_of_windows_can_bear_is_told_with_its_line(tmp_path: Path, code: str) -> None:
    (told,) = [line for line in problems_of(tmp_path, ("code: BTLTP", f"code: {code}")) if "Windows" in line]

    assert told.startswith(f"{line_of('code: BTLTP')}:")


@pytest.mark.parametrize("character", ["\ufffd", "\ue000", "\u202e", "\ufdd0", "\U000e0041"])
def test_a_name_with_a_character_that_nobody_typed_is_told_with_its_line(tmp_path: Path, character: str) -> None:
    told = problems_of(tmp_path, ("name: Công an TP.HCM", f"name: Công {character}an TP.HCM"))

    assert len(told) == 1
    assert told[0].startswith(f"{line_of('name: Công an TP.HCM')}:")
    assert f"U+{ord(character):04X}" in told[0]


def test_a_year_without_holidays_is_refused(tmp_path: Path) -> None:
    text = re.sub(r"(?s)holidays:\n.*?\n\n", "holidays: []\n\n", TEXT)
    path = tmp_path / "2022.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(YearError, match="R06"):
        years.load(path)


def test_a_file_named_after_another_year_is_refused(tmp_path: Path) -> None:
    told = problems_of(tmp_path, ("2022\n", "2022\n"), name="2023.yaml")
    assert told
    assert "2023.yaml" in told[0]


def test_a_milestone_on_a_sunday_is_refused(tmp_path: Path) -> None:
    told = problems_of(tmp_path, ("due: 2022-06-02", "due: 2022-06-05"))
    assert any("M_KYGIAOUOC" in line for line in told)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(YearError, match=str(tmp_path)):
        years.load(tmp_path / "2031.yaml")


def test_a_broken_year_does_not_hold_the_others(tmp_path: Path) -> None:
    (tmp_path / "2022.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "2023.yaml").write_text("year: 2023\n", encoding="utf-8")
    good, broken = years.load_all(tmp_path)
    assert list(good) == [2022]
    assert len(broken) == 1
    assert "2023.yaml" in str(broken[0])


def test_a_unit_that_left_is_no_member_any_more(tmp_path: Path) -> None:
    path = tmp_path / "2022.yaml"
    text = TEXT.replace("  - code: SATRA\n", "  - code: SATRA\n    to: 2022-05-01\n", 1)
    path.write_text(text, encoding="utf-8")
    year = years.load(path)
    assert len(year.members(dt.date(2022, 4, 30))) == 10
    assert [unit.code for unit in year.members(dt.date(2022, 5, 27)) if unit.code == "SATRA"] == []


def test_who_signs_by_order_says_by_whose_and_only_a_deputy_signs_for_the_head(tmp_path: Path) -> None:
    untold = problems_of(tmp_path, ("thua_lenh, for_whom: Ban Thường vụ", "thua_lenh"))
    assert untold
    assert all("(R03)" in one or "for_whom" in one for one in untold)
    of_nobody = problems_of(
        tmp_path,
        ("position_sign: Phó Chủ nhiệm Chính trị, authority: thua_lenh, for_whom: Ban Thường vụ",
         "position_sign: Phó Phân xưởng, authority: ky_thay"),
    )  # fmt: skip
    assert [one for one in of_nobody if "Phan Nguyễn Khôi Nguyên" in one and "for_whom" in one]
    lead = "position_sign: Trưởng Ban, authority: "
    told = problems_of(tmp_path, (f"{lead}thua_lenh", f"{lead}ky_thay"))
    assert [one for one in told if "Tôn Nữ Hạ Giang" in one and "Trưởng Ban" in one]
