"""What the readers found and what the rules found go back in one answer."""

from pathlib import Path

from pipeline.model import Severity, State
from pipeline.watching import Rhythm, serve_once
from pipeline.worker import Worker
from tests.road.folders import drop, opened, registration, working_folder


def test_a_form_whose_only_fault_was_met_in_reading_goes_back(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "house")
    drop(folder, "dang-ky.yaml", registration("CATP", headcount="hai mươi"), "CATP")
    with opened(folder) as house:
        (job,) = serve_once(Worker(house, 1), Rhythm(1, 0))
        assert job.state is State.RETURNED
        told = {one.place.pointer for one in house.findings(job) if one.severity is Severity.BLOCK}
        assert told == {"/headcount"}


def test_faults_met_in_reading_and_by_the_rules_come_in_one_note(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "house")
    drop(folder, "dang-ky.yaml", registration("CATP", headcount="hai mươi", activities=[]), "CATP")
    with opened(folder) as house:
        (job,) = serve_once(Worker(house, 1), Rhythm(1, 0))
        told = {one.place.pointer for one in house.findings(job)}
        assert {"/headcount", "/activities"} <= told


def test_a_file_that_goes_back_does_not_claim_to_take_the_place_of_another(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "house")
    with opened(folder) as house:
        for name, form in (("a.yaml", registration("CATP")), ("b.yaml", registration("CATP", activities=[]))):
            drop(folder, name, form, "CATP")
            (job,) = serve_once(Worker(house, 1), Rhythm(1, 0))
        assert job.state is State.RETURNED
        assert "I09" not in {one.code for one in house.findings(job)}
