"""What the operator's page says about exit codes is what the errors have."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline import errors
from scripts import reference

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")

DEPLOY = ROOT / "deploy"
SERVICE = DEPLOY / "vanthu.service"


def own_codes(of: type[errors.VanthuError]) -> set[int]:
    return {one.exit_code for one in reference.error_classes() if issubclass(one, of)}


def span(of: type[errors.VanthuError]) -> str:
    codes = own_codes(of)
    return f"| {min(codes)} to {max(codes)} |"


def test_the_families_of_errors_have_the_exit_codes_the_table_gives() -> None:
    for family in (errors.OperatorError, errors.TransientError, errors.IntegrityError):
        assert span(family) in TEXT, family


def test_the_service_does_not_start_again_into_trouble_that_stays() -> None:
    line = re.search(r"^RestartPreventExitStatus=(.*)$", SERVICE.read_text("utf-8"), re.MULTILINE)
    assert line
    assert {int(code) for code in line[1].split()} == own_codes(errors.OperatorError) | own_codes(
        errors.IntegrityError
    )


def test_every_discrepancy_of_the_check_has_its_remedy() -> None:
    from scripts import findings

    for one in findings.all_findings([ROOT / "pipeline" / "audit" / "auditing.py"]):
        family = one.code.partition(".")[0]
        assert f"`{one.code}`" in TEXT or f"`{family}.…`" in TEXT, one.code


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_the_service(tmp_path: Path) -> None:
    unit = tmp_path / "vanthu.service"
    # the program does not lie there on this machine
    unit.write_text(re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", SERVICE.read_text("utf-8"), flags=re.MULTILINE))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("testparm") is None, reason="Samba is not installed")
def test_samba_understands_the_shares() -> None:
    done = subprocess.run(["testparm", "-s", DEPLOY / "smb.conf"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Unknown parameter" not in done.stderr
    assert {"[vanthu-nop]", "[vanthu-nhan]"} <= set(done.stdout.splitlines())


def test_the_container_holds_what_setup_installs() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    setup = (ROOT / "scripts" / "setup").read_text("utf-8")
    packages = re.findall(r'^(?:OFFICE|TEXT)_PACKAGES="(.*)"$', setup, re.MULTILINE)
    assert len(packages) == 2
    assert set(" ".join(packages).split()) <= set(text.split())
    for line in re.findall(r"^COPY (.*) \\S+$", text, re.MULTILINE):
        assert all((ROOT / name).exists() for name in line.split()), line
