"""Pages cost no more in an office with a long history than in a young one."""

import shutil
from pathlib import Path
from typing import Final

import pytest

from benchmarks.browser_pages import aged, young
from pipeline.ledger.listing import Listed, listed
from pipeline.model import PersonRole
from tests.folders import opened
from tests.ledger.test_growth import ALLOWED, GROWING, LONG, MOST_A_JOB, SHORT, STEP, counted, is_of_the_newest, plans
from tests.web.browser import ACCOUNTS, Browser, Rooms
from tests.web.conftest import with_shipped
from tests.web.every_page import pages

PATHS: Final = (*pages(1, 3), "/so?nam=0", "/so?quyen=den&nam=0", "/so/in?quyen=den&nam=0")


@pytest.mark.parametrize("role", [PersonRole.CLERK, PersonRole.UNIT], ids=lambda role: role.value)
def test_no_page_goes_through_a_table_that_grows(busy: Rooms, role: PersonRole) -> None:
    busy.office.begin()
    browser, found = busy.browser(role), dict[str, list[str]]()
    for path in PATHS:
        with plans() as seen:
            browser.get(path)
        scans = [(plan, said) for plan, said in seen if plan.startswith("SCAN")]
        grown = [one for one in scans if one[0].split()[1].rstrip("_0123456789") in GROWING]
        if left := [plan for plan, said in grown if plan != ALLOWED and not is_of_the_newest(plan, said)]:
            found[path] = left
        assert seen, path
    assert found == {}


@pytest.fixture(scope="module")
def young_and_old(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same office with a short and with a long history."""
    here = tmp_path_factory.mktemp("long")
    folder = young(here / "office")
    return [aged(shutil.copytree(folder, here / f"{jobs}"), jobs) for jobs in (SHORT, LONG)]


@pytest.mark.slow
@pytest.mark.parametrize("role", [PersonRole.CLERK, PersonRole.UNIT], ids=lambda role: role.value)
def test_no_page_reads_the_history(young_and_old: list[Path], role: PersonRole) -> None:
    did: list[dict[str, int]] = []
    for folder in young_and_old:
        with counted() as steps, opened(folder) as workspace:
            browser = Browser(Rooms.again(folder, with_shipped(workspace)).app)
            assert browser.come_in(ACCOUNTS[role][0]).status_code == 303
            took = {}
            for path in PATHS:
                # what is kept from one time to the next is made once
                browser.get(path)
                before = steps[0]
                browser.get(path)
                took[path] = steps[0] - before
            did.append(took)
    more = {path: (did[1][path] - did[0][path]) * STEP for path in PATHS}
    assert {path: cost for path, cost in more.items() if cost > MOST_A_JOB * (LONG - SHORT)} == {}


def test_of_a_unit_that_has_few_papers_the_others_are_not_gone_through(busy: Rooms) -> None:
    ledger = busy.workspace.ledger
    with plans() as found:
        few = ledger.latest(40, "EVNHCMC")
        assert listed(ledger, Listed(unit_or_folder="EVNHCMC"), 40) == few
    of_it = [job for job in ledger.latest(1000) if "EVNHCMC" in {job.unit, job.folder}]
    assert (few, ledger.latest(1, "EVNHCMC"), ledger.latest(40, "KNH")) == (of_it, of_it[:1], [])
    assert not any(plan.startswith("SCAN jobs") for plan, _ in found)
    assert {"ix_jobs_unit", "ix_jobs_folder"} <= {word for plan, _ in found for word in plan.split()}
