"""Many people at once against one SQLite file: each gets their page, no act is lost, none done twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.model import PersonRole, State
from tests.folders import registration, waiting
from tests.web.browser import Rooms

PEOPLE = 50
PATHS = ("/", "/nam", "/tha-tep", "/cho-ky", "/so?quyen=den", "/ho-so/1", "/bieu-mau")


@pytest.mark.slow
def test_fifty_people_who_look_and_drop_at_once_meet_no_error(rooms: Rooms) -> None:
    rooms.drop("dk.yaml", registration("CATP"), "CATP")

    browsers = [rooms.browser(PersonRole.CLERK) for _ in range(PEOPLE)]

    def day_of(number: int) -> list[int]:
        browser = browsers[number]
        met = [browser.get(path).status_code for path in PATHS]
        form = f"x: {number}\n...\n".encode()
        sent = browser.post("/tha-tep/gui", data={"folder": "SATRA"}, files={"file": ("a.yaml", form)})
        return [*met, sent.status_code]

    with ThreadPoolExecutor(PEOPLE) as pool:
        days = list(pool.map(day_of, range(PEOPLE)))
    assert {tuple(day) for day in days} == {(200,) * (len(PATHS) + 1)}
    # under names of their own, each whole
    assert {path.read_bytes() for path in waiting(rooms.folder)} == {
        f"x: {number}\n...\n".encode() for number in range(PEOPLE)
    }
    assert len(rooms.workspace.ledger.acted("inbox.bring")) == PEOPLE


@pytest.mark.slow
def test_of_many_who_take_a_number_at_once_one_takes_it(rooms: Rooms) -> None:
    job = rooms.drop("dk.yaml", registration("CATP"), "CATP")
    browsers = [rooms.browser(PersonRole.CLERK) for _ in range(8)]
    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(pool.map(lambda one: one.decide("cap-so", job, shown="1-ĐẾN").status_code, browsers))
    assert set(answers) <= {303, 409}
    assert 303 in answers
    assert (rooms.job(job).state, rooms.job(job).number) == (State.NUMBERED, "1-ĐẾN")
    assert [entry.no for entry in rooms.workspace.ledger.entries() if entry.verb == "number"] == [1]
