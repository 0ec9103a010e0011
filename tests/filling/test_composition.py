"""What a form, its kind and the year say is put together for the template: recipients, who signs as what."""

import dataclasses
import datetime as dt

import pytest

from pipeline.filling.composition import Ingredients, compose, describe
from pipeline.layout import profile_for
from pipeline.model import Direction, Job, JsonObject, State
from tests.kinds import examples

MAY = dt.datetime(2022, 5, 27, 2, 0, tzinfo=dt.UTC)


def ingredients(kind_id: str, name: str, unit: str = "", **typed: list[str]) -> Ingredients:
    kind, year, day = examples.kind_named(kind_id), examples.year(), MAY.date()
    read = examples.completed(examples.reading_of(examples.example(kind_id, name))).values
    doc: JsonObject = {**read, **{key: list(lines) for key, lines in typed.items()}}
    job = Job(1, State.ACCEPTED, 0, kind_id, unit, 2022, "", 1, "", "", "", "", "", MAY, MAY)
    profile = profile_for(day, kind.form_family)
    return Ingredients(job, kind, year, day, doc, {}, profile, "kiem")


def composed(kind_id: str, name: str, unit: str = "", **typed: list[str]) -> JsonObject:
    return compose(ingredients(kind_id, name, unit, **typed))


def printed(kind_id: str, name: str, unit: str = "", **typed: list[str]) -> list[str]:
    lines = composed(kind_id, name, unit, **typed)["recipients"]
    assert isinstance(lines, list)
    return [str(line) for line in lines]


def test_an_empty_place_prints_what_kind_and_year_say() -> None:
    assert printed("ke-hoach", "pass-2022") == [
        "Văn phòng Thành ủy (để báo cáo)",
        "Các đơn vị thành viên Cụm thi đua số 4",
        "Lưu Văn phòng Đảng ủy Tổng công ty Điện lực TP.HCM",
    ]


def test_what_the_form_says_is_printed() -> None:
    assert printed("ke-hoach", "pass-2022", recipients=["Văn phòng Thành ủy", "Lưu Thư ký Cụm"]) == [
        "Văn phòng Thành ủy",
        "Lưu Thư ký Cụm",
    ]


def of_a_unit(**facts: object) -> JsonObject:
    """The head of a registration whose unit has other facts in the year."""
    made_of = ingredients("dang-ky", "pass-catp", unit="CATP")
    units = tuple(
        dataclasses.replace(unit, **facts) if unit.code == "CATP" else unit  # type: ignore[arg-type]  # of a unit
        for unit in made_of.year.units
    )
    head = compose(dataclasses.replace(made_of, year=dataclasses.replace(made_of.year, units=units)))["document"]
    assert isinstance(head, dict)
    return head


@pytest.mark.parametrize(
    ("lines", "above"),
    [
        (("SỞ NỘI VỤ",), []),
        (("ỦY BAN NHÂN DÂN", "SỞ NỘI VỤ"), ["ỦY BAN NHÂN DÂN"]),
        (("ỦY BAN NHÂN DÂN", "TỈNH LÂM ĐỒNG", "SỞ NỘI VỤ"), ["ỦY BAN NHÂN DÂN", "TỈNH LÂM ĐỒNG"]),
    ],
)
def test_all_lines_above_a_units_name_stand_in_its_head_and_its_name_once(
    lines: tuple[str, ...], above: list[str]
) -> None:
    head = of_a_unit(head_lines=lines)
    assert (head["parent_lines"], head["issuer_lines"]) == (above, ["SỞ NỘI VỤ"])


def test_a_unit_dates_its_papers_from_its_own_seat() -> None:
    assert str(of_a_unit(place="Đà Lạt")["place_date"]).startswith("Đà Lạt, ngày")
    assert str(of_a_unit()["place_date"]).startswith("Thành phố Hồ Chí Minh, ngày")


def test_a_unit_keeps_its_own_registration() -> None:
    assert printed("dang-ky", "pass-catp", unit="CATP")[-1] == "Lưu Văn phòng"


def test_every_recipient_a_kind_names_is_known_to_the_year() -> None:
    for kind in examples.loaded().kinds.values():
        named = {key for key in kind.recipients if not key.startswith("/")}
        assert named <= examples.year().recipients.keys()


def test_a_signer_stands_under_the_position_without_the_organisation() -> None:
    signers = composed("dang-ky", "pass-evnhcmc", unit="EVNHCMC")["signers"]
    assert isinstance(signers, dict)
    main = signers["main"]
    assert isinstance(main, dict)
    assert main["titles"] == ["CHÁNH VĂN PHÒNG"]
    assert main["name"] == "Đặng Thị Thuỳ Nhiên"


def test_what_is_recorded_of_a_plan_is_what_is_printed_on_it() -> None:
    told = describe(ingredients("ke-hoach", "pass-2022"))
    document, signers = composed("ke-hoach", "pass-2022")["document"], composed("ke-hoach", "pass-2022")["signers"]
    assert isinstance(document, dict)
    assert isinstance(signers, dict)
    assert isinstance(signers["main"], dict)
    assert (told.title, told.signer) == (document["title"], signers["main"]["name"])
    assert told.recipients == ("Văn phòng Thành ủy (để báo cáo)", "Các đơn vị thành viên Cụm thi đua số 4")
    assert told.kept_by == ("Văn phòng Đảng ủy Tổng công ty Điện lực TP.HCM",)
    assert (told.on, told.profile) == (MAY.date(), "dang-hd36")
    assert (told.author, told.direction) == ("", Direction.OUTGOING)


def test_a_registration_comes_in_from_its_unit() -> None:
    told = describe(ingredients("dang-ky", "pass-catp", unit="CATP"))
    assert (told.author, told.direction) == (examples.year().units[1].name, Direction.INCOMING)


def test_minutes_are_signed_by_the_chair_and_a_pledge_by_everybody() -> None:
    assert describe(ingredients("bien-ban", "pass-trien-khai")).signer == "Đặng Thị Thuỳ Nhiên"
    assert describe(ingredients("giao-uoc", "pass-2022")).signer.count(", ") == 9
