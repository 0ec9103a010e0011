"""What a gathered document still needs of the clerk lies ready when the last unit's paper is accepted."""

import dataclasses
import datetime as dt

import docx
import pytest

from pipeline.kinds.outside import outside_kind
from pipeline.ledger import Columns, Ledger, NumberWish
from pipeline.ledger.rows import Entry
from pipeline.model import Address, Direction, State, TextTemplate, value_at
from pipeline.reading.reader import read as read_form
from pipeline.status import board_of, refresh, year_status
from pipeline.status.citations import as_cited, cited
from tests.said import vi
from tests.status.office import Office
from tests.status.recorded import put

UNITS = ("EVNHCMC", "CATP", "KNH")
PLEDGE, APPENDIX = "van-thu/giao-uoc-2022.docx", "van-thu/phu-luc-hoat-dong-2022.docx"


def ready(office: Office) -> None:
    """All registrations are accepted, and the views are up to date."""
    office.of_units(*UNITS)
    for unit in UNITS:
        put(office, State.DELIVERED, unit=unit)
    refresh(office.workspace)


def lying(office: Office) -> set[str]:
    folder = office.folder / "outbox"
    return {path.relative_to(folder).as_posix() for path in (folder / "van-thu").glob("*-2022.docx")}


def asked(office: Office) -> list[str]:
    return [vi(one) for one in board_of(office.workspace, year_status(office.workspace, 2022)).asked]


def test_nothing_is_asked_of_the_clerk_while_a_unit_is_missing(office: Office) -> None:
    office.of_units(*UNITS)
    put(office, State.DELIVERED)
    put(office, State.RETURNED, unit="KNH")
    refresh(office.workspace)
    assert (lying(office), asked(office)) == (set(), [])


def test_the_forms_lie_ready_filled_in_from_the_year_and_the_board_says_so(office: Office) -> None:
    ready(office)
    assert lying(office) == {PLEDGE, APPENDIX}
    assert asked(office)[0] == (
        f"Giao ước thi đua: đã đủ 3/3 đơn vị; còn biểu mẫu, đã để sẵn ở outbox/{PLEDGE}: điền tiếp rồi thả vào thư "
        "mục nhận."
    )
    read = read_form(str(office.folder / "outbox" / PLEDGE), "giao-uoc.docx", office.workspace.context())
    assert (read.kind, read.values["sign_date"], read.values["originals_count"]) == ("giao-uoc", "2022-06-02", 4)
    parties = [value_at(read.values, Address.of(f"/parties/{at}/unit_code")) for at in range(4)]
    assert parties == [*UNITS, None]


def test_a_form_that_was_begun_or_taken_is_not_written_again(office: Office) -> None:
    ready(office)
    begun, taken = office.folder / "outbox" / PLEDGE, office.folder / "outbox" / APPENDIX
    document = docx.Document(str(begun))
    document.add_paragraph("đang điền")
    document.save(str(begun))
    before = begun.read_bytes()
    taken.unlink()
    put(office, State.RETURNED, kind="bang-diem")
    refresh(office.workspace)
    assert (begun.read_bytes(), taken.exists()) == (before, False)


def test_the_form_goes_when_the_document_is_begun_and_comes_back_when_that_is_cancelled(office: Office) -> None:
    ready(office)
    job = put(office, State.DELIVERED, kind="giao-uoc", unit="")
    refresh(office.workspace)
    assert (lying(office), len(asked(office))) == ({APPENDIX}, 1)
    office.run("cancel", str(job.id), "--why", "nhầm")
    refresh(office.workspace)
    assert lying(office) == {PLEDGE, APPENDIX}


# The plan an appendix is attached to -------------------------------------------------------------------------------


def plan(office: Office, kind: str = "ke-hoach", **about: object) -> None:
    """A plan of 27 May that has its number."""
    columns = Columns("Kế hoạch thi đua", dt.date(2022, 5, 27))
    shape = TextTemplate.parse("{number}-KH/CTĐ4")
    wish = NumberWish("KH/2020-2025", Direction.OUTGOING, shape, 2, columns)
    put(office, State.NUMBERED, kind, "", number=wish, document_on=dt.date(2022, 5, 27), **about)


def attached_to(office: Office) -> object:
    path = office.folder / "outbox" / APPENDIX
    return read_form(str(path), path.name, office.workspace.context()).values.get("plan_ref")


def test_the_appendix_names_the_plan_of_the_year_by_number_and_day(office: Office) -> None:
    plan(office)
    ready(office)
    assert attached_to(office) == "Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022"


def test_the_appendix_names_no_plan_before_it_has_its_number_and_then_does_unless_it_was_begun(
    office: Office,
) -> None:
    put(office, State.DELIVERED, "ke-hoach", "", variant="1")
    ready(office)
    assert attached_to(office) is None
    plan(office, variant="2")
    refresh(office.workspace)
    assert attached_to(office) == "Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022"
    begun = office.folder / "outbox" / APPENDIX
    document = docx.Document(str(begun))
    document.add_paragraph("đang điền")
    document.save(str(begun))
    before = begun.read_bytes()
    plan(office, variant="3")
    refresh(office.workspace)
    assert begun.read_bytes() == before


@pytest.mark.parametrize(("count", "named"), [(1, "Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022"), (2, None)])
def test_a_plan_that_was_not_made_here_is_named_where_the_register_has_but_one(
    office: Office, count: int, named: str | None
) -> None:
    for at in range(count):
        plan(office, outside_kind(Direction.OUTGOING).id, variant=str(at))
    ready(office)
    assert attached_to(office) == named


def test_nothing_of_the_book_of_incoming_papers_is_read_for_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = Columns("Công văn đến", dt.date(2022, 5, 20), arrived_on=dt.date(2022, 5, 23))
    wish = NumberWish("ĐẾN/2022", Direction.INCOMING, TextTemplate.parse("{number}-ĐẾN"), 1, came)
    put(office, State.ARCHIVED, outside_kind(Direction.INCOMING).id, "", number=wish, variant="đến")
    plan(office, outside_kind(Direction.OUTGOING).id, variant="đi")
    read: list[str] = []
    ledger = type(office.workspace.ledger)
    entries = ledger.entries

    def seen(asked: Ledger, series: str = "") -> list[Entry]:
        read.append(series)
        return entries(asked, series)

    monkeypatch.setattr(ledger, "entries", seen)
    year = office.workspace.year(2022)
    assert as_cited(office.workspace, "ke-hoach", year) == "Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022"
    assert read == ["KH/2020-2025"]


def test_an_office_of_the_state_cites_its_papers_as_the_decree_does(office: Office) -> None:
    party = office.workspace
    state = dataclasses.replace(party, practice=dataclasses.replace(party.practice, forced_profile="nd30"))
    day = dt.date(2022, 5, 27)
    assert cited(party, "Kế hoạch", "01-KH/CTĐ4", day) == "Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022"
    assert cited(state, "Kế hoạch", "01/KH-CTĐ4", day) == "Kế hoạch số 01/KH-CTĐ4 ngày 27 tháng 5 năm 2022"
