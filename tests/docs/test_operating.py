"""What the operator's page says about exit codes is what the errors have."""

import re
from pathlib import Path

from pipeline import errors
from scripts import reference

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def own_codes(of: type[errors.VanthuError]) -> set[int]:
    return {one.exit_code for one in reference.error_classes() if issubclass(one, of)}


def span(of: type[errors.VanthuError]) -> str:
    codes = own_codes(of)
    return f"| {min(codes)} to {max(codes)} |"


def test_the_families_of_errors_have_the_exit_codes_the_table_gives() -> None:
    for family in (errors.OperatorError, errors.TransientError, errors.IntegrityError):
        assert span(family) in TEXT, family


def test_the_service_does_not_start_again_into_trouble_that_stays() -> None:
    line = re.search(r"^RestartPreventExitStatus=(.*)$", TEXT, re.MULTILINE)
    assert line
    assert {int(code) for code in line[1].split()} == own_codes(errors.OperatorError) | own_codes(
        errors.IntegrityError
    )


def test_every_discrepancy_of_the_check_has_its_remedy() -> None:
    from scripts import findings

    for one in findings.all_findings([ROOT / "pipeline" / "audit" / "auditing.py"]):
        family = one.code.partition(".")[0]
        assert f"`{one.code}`" in TEXT or f"`{family}.…`" in TEXT, one.code
