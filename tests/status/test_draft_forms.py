"""What a gathered document still needs of the clerk lies ready when the last unit's paper is accepted."""

import docx

from pipeline.model import Address, State, value_at
from pipeline.reading.reader import read as read_form
from pipeline.status import board_of, refresh, year_status
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
