"""A warning stops nothing; it waits until a person accepts it, and the reason is kept for good."""

import json

from pipeline.audit import audit
from pipeline.model import State
from tests.folders import registration
from tests.status.office import Office

LATE = "2022-06-01"
WHY = "Đơn vị xin phép nộp muộn, Cụm trưởng đồng ý"


def late_registration(office: Office, unit: str = "CATP", **changes: object) -> int:
    """Drop a registration dated a day late; gives its job's id."""
    office.on(LATE)
    return office.drop(f"dk-{unit}.yaml", registration(unit, submit_date=LATE, **changes)).id


def open_rules(office: Office) -> list[str]:
    return [one["rule"] for one in office.run("status", "--json").facts["warnings"]]


def test_an_accepted_warning_no_longer_waits_and_keeps_its_reason(office: Office) -> None:
    job = late_registration(office)
    assert office.job(job).state is State.DELIVERED, "a warning stops nothing"
    assert open_rules(office) == ["DK10"]
    assert "DK10" in office.run("status").out
    told = office.run("accept", str(job), "--rule", "DK10", "--why", WHY)
    assert (told.code, "DK10" in told.out) == (0, True)
    assert open_rules(office) == []
    for command in ("show", "why"):
        shown = office.run(command, str(job))
        assert WHY in " ".join(shown.out.split()), shown.out
        (accepted,) = office.run(command, str(job), "--json").facts["accepted_warnings"]
        assert accepted["acceptance"]["why"] == WHY
        assert accepted["acceptance"]["who"]


def test_the_acceptance_is_an_event_of_the_chained_history(office: Office) -> None:
    job = late_registration(office)
    office.run("accept", str(job), "--rule", "DK10", "--why", WHY)
    workspace = office.workspace
    (event,) = workspace.ledger.acted("warning.accept")
    assert (event.job_id, event.why, event.detail["rule"]) == (job, WHY, "DK10")
    assert event.detail["pointer"] == "/submit_date"
    assert audit(workspace.ledger, workspace.spool, workspace.folders.archive, workspace.folders.outbox) == []


def test_accepting_twice_says_so_and_records_nothing_more(office: Office) -> None:
    job = late_registration(office)
    office.run("accept", str(job), "--rule", "DK10", "--why", WHY)
    again = office.run("accept", str(job), "--rule", "DK10", "--why", "Lý do khác")
    assert (again.code, WHY in again.out) == (0, True)
    again = office.run("accept", str(job), "--rule", "DK10", "--why", "Lý do khác", "--json")
    assert again.facts["accepted"] == []
    assert [one["acceptance"]["why"] for one in again.facts["accepted_before"]] == [WHY]
    assert len(office.workspace.ledger.acted("warning.accept")) == 1


def test_what_blocks_cannot_be_accepted(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP", activities=[])).id
    (blocking,) = {one["code"] for one in office.run("why", str(job), "--json").facts["findings"]}
    told = office.run("accept", str(job), "--rule", blocking, "--why", WHY)
    assert told.code == 20
    assert "không thể chấp nhận" in told.err


def test_an_unknown_rule_names_the_warnings_there_are(office: Office) -> None:
    job = late_registration(office)
    told = office.run("accept", str(job), "--rule", "DK99", "--why", WHY)
    assert told.code == 16
    assert "DK10" in told.err


def test_a_reason_of_blanks_is_no_reason(office: Office) -> None:
    job = late_registration(office)
    assert office.run("accept", str(job), "--rule", "DK10", "--why", "  ").code == 2
    assert open_rules(office) == ["DK10"]


def test_one_of_two_warnings_of_a_rule_is_accepted_by_its_place(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP", titles_collective=["tap_the_tien_tien", "tap_the_xuat_sac"])).id
    assert open_rules(office) == ["DK06", "DK06"]
    assert office.run("accept", str(job), "--rule", "DK06", "--at", "/headcount", "--why", WHY).code == 16
    office.run("accept", str(job), "--rule", "DK06", "--at", "/titles_collective/1", "--why", WHY)
    assert open_rules(office) == ["DK06"]
    office.run("accept", str(job), "--rule", "DK06", "--why", WHY)
    assert open_rules(office) == []


def test_an_acceptance_outlives_reprocess_but_not_a_new_file(office: Office) -> None:
    job = late_registration(office)
    office.run("accept", str(job), "--rule", "DK10", "--why", WHY)
    assert office.run("reprocess", str(job)).code == 0
    assert office.job(job).state is State.SUPERSEDED, "it was made again as a new version"
    assert open_rules(office) == []
    late_registration(office, headcount=25)
    assert "DK10" in open_rules(office)


def test_a_job_that_gave_way_has_nothing_to_accept(office: Office) -> None:
    job = late_registration(office)
    late_registration(office, headcount=25)
    assert office.run("accept", str(job), "--rule", "DK10", "--why", WHY).code == 17


def test_the_sidecar_tells_which_warnings_were_accepted(office: Office) -> None:
    job = late_registration(office, titles_collective=["tap_the_tien_tien"])
    office.run("accept", str(job), "--rule", "DK10", "--why", WHY)
    office.sign(job)
    assert office.job(job).state is State.ARCHIVED
    (sidecar,) = (office.folder / "archive").rglob("*.json")
    warnings = {one["rule"]: one for one in json.loads(sidecar.read_text(encoding="utf-8"))["warnings"]}
    assert warnings["DK10"]["accepted"]["why"] == WHY
    assert warnings["DK06"]["accepted"] is None
    # what is filed waits for nobody; a reason given later is recorded, and the archive stays as it is
    assert open_rules(office) == []
    before = sidecar.read_bytes()
    assert office.run("accept", str(job), "--rule", "DK06", "--why", WHY).code == 0
    assert sidecar.read_bytes() == before


def test_filing_done_twice_writes_the_same_sidecar_whatever_was_accepted_meanwhile(office: Office) -> None:
    from pipeline.steps.filing import _filing, _issue

    job = late_registration(office)
    office.sign(job)
    before = _filing(office.workspace, office.job(job), _issue(office.workspace, office.job(job))).sidecar
    office.run("accept", str(job), "--rule", "DK10", "--why", WHY)
    assert _filing(office.workspace, office.job(job), _issue(office.workspace, office.job(job))).sidecar == before
