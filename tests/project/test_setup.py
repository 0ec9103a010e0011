"""scripts/setup on machines that lack something, with stand-ins for the programs it calls."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "cat", "sha256sum", "cut", "mktemp", "tail", "rm", "grep", "dirname", "env", "mkdir", "printf")


class Machine:
    """A checkout and a PATH that holds only what the test puts there; every stand-in writes its call into `calls`."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.bin = folder / "checkout", folder / "bin"
        self.calls = folder / "calls"
        for part in ("scripts", "requirements"):
            (self.checkout / part).mkdir(parents=True)
        shutil.copy(ROOT / "scripts" / "setup", self.checkout / "scripts" / "setup")
        (self.checkout / "requirements" / "dev.lock").write_text("x==1\n")
        (self.checkout / "pyproject.toml").write_text("[project]\n")
        self.bin.mkdir()
        for tool in TOOLS:
            if found := shutil.which(tool):
                (self.bin / tool).symlink_to(found)
        self.program("id", "echo 1000")

    def program(self, name: str, script: str, folder: Path | None = None) -> None:
        path = (folder or self.bin) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self.calls}"\n{script}\n')
        path.chmod(0o755)

    def is_set_up(self) -> None:
        """As after a first run."""
        self.program("python", "exit 0", self.checkout / ".venv" / "bin")
        self.stamp("installed-from", b"x==1\n[project]\n")
        self.stamp("installed-from.lock", b"x==1\n")

    def stamp(self, name: str, content: bytes) -> None:
        (self.checkout / ".venv" / name).write_text(hashlib.sha256(content).hexdigest() + "\n")

    def office(self, *, installed: bool) -> None:
        self.program("dpkg-query", "echo installed" if installed else "exit 1")

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.bin / "sh"), str(self.checkout / "scripts" / "setup"), *words],
            env={"PATH": str(self.bin), **env},
            capture_output=True,
            text=True,
            check=False,
        )

    def called(self) -> list[str]:
        return self.calls.read_text().splitlines() if self.calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_second_run_installs_and_says_nothing(machine: Machine) -> None:
    machine.is_set_up()
    machine.office(installed=True)
    done = machine.run()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not [call for call in machine.called() if "pip" in call or "apt" in call]


def test_without_a_fit_python_one_sentence_says_so(machine: Machine) -> None:
    machine.program("python3", "exit 1")  # too old
    done = machine.run()
    assert done.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 is needed" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_venv_and_without_root_one_sentence_says_what_to_install(machine: Machine) -> None:
    machine.program("python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    machine.program("apt-get", "exit 0")
    done = machine.run()
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr
    assert not [call for call in machine.called() if call.startswith("apt-get")]


def test_packages_are_installed_by_the_lock_and_with_hashes_only(machine: Machine) -> None:
    machine.is_set_up()
    machine.office(installed=True)
    machine.stamp("installed-from", b"older")
    machine.stamp("installed-from.lock", b"older")
    assert machine.run().returncode == 0
    pips = [call for call in machine.called() if " -m pip " in call]
    assert "--require-hashes -r requirements/dev.lock" in pips[0]
    assert "--no-build-isolation --no-deps -e ." in pips[1]
    machine.calls.unlink()
    assert machine.run().returncode == 0
    assert not [call for call in machine.called() if " -m pip " in call]


def test_a_change_of_the_project_file_alone_installs_the_project_alone(machine: Machine) -> None:
    machine.is_set_up()
    machine.office(installed=True)
    machine.stamp("installed-from", b"older")
    assert machine.run().returncode == 0
    assert [" -e ." in call for call in machine.called() if " -m pip " in call] == [True]


def test_packages_that_cannot_be_had_are_told_and_tried_again(machine: Machine) -> None:
    machine.is_set_up()
    machine.program("python", 'case "$*" in *pip*) exit 1;; esac', machine.checkout / ".venv" / "bin")
    machine.stamp("installed-from", b"older")
    machine.stamp("installed-from.lock", b"older")
    for _ in range(2):
        done = machine.run()
        assert done.returncode == 1
        assert "could not be installed" in done.stderr


def test_without_root_the_missing_office_is_named_and_nothing_else_stops(machine: Machine) -> None:
    machine.is_set_up()
    machine.office(installed=False)
    machine.program("apt-get", "exit 0")
    done = machine.run()
    assert done.returncode == 0
    assert "libreoffice-writer-nogui" in done.stderr
    assert "all works but the PDFs" in done.stderr
    assert not [call for call in machine.called() if call.startswith("apt-get")]


def test_as_root_the_office_is_installed_after_an_update(machine: Machine) -> None:
    machine.is_set_up()
    machine.office(installed=False)
    machine.program("id", "echo 0")
    machine.program("apt-get", "exit 0")
    assert machine.run().returncode == 0
    asked = [call for call in machine.called() if call.startswith("apt-get")]
    assert asked[0] == "apt-get update -q"
    for package in ("libreoffice-writer-nogui", "python3-uno", "fonts-liberation2", "fonts-crosextra-carlito"):
        assert package in asked[1]


def test_an_office_that_cannot_be_had_stops_nothing(machine: Machine) -> None:
    machine.is_set_up()
    machine.office(installed=False)
    machine.program("id", "echo 0")
    machine.program("apt-get", 'echo "E: no network"; exit 100')
    done = machine.run()
    assert done.returncode == 0
    assert "E: no network" in done.stderr
    assert "all works but the PDFs" in done.stderr


def test_the_office_and_what_reads_scans_can_be_left_out(machine: Machine) -> None:
    machine.is_set_up()
    machine.office(installed=False)
    done = machine.run(WITHOUT_OFFICE="1", WITHOUT_TEXT="1")
    assert (done.returncode, done.stderr) == (0, "")


def test_what_reads_scans_is_installed_as_the_office_is(machine: Machine) -> None:
    machine.is_set_up()
    machine.office(installed=False)
    machine.program("apt-get", "exit 0")
    done = machine.run(WITHOUT_OFFICE="1")
    assert done.returncode == 0
    assert done.stderr == (
        "setup: not installed: tesseract-ocr tesseract-ocr-vie - all works but the search in scans. "
        "As root: apt-get install tesseract-ocr tesseract-ocr-vie \n"
    )
    machine.program("id", "echo 0")
    assert machine.run(WITHOUT_OFFICE="1").returncode == 0
    assert "install -q -y --no-install-recommends tesseract-ocr tesseract-ocr-vie" in machine.called()[-1]


def test_postgresql_fuse_samba_browsers_and_spin_are_installed_for_tests_alone(machine: Machine) -> None:
    machine.is_set_up()
    machine.office(installed=False)
    machine.program("id", "echo 0")
    machine.program("apt-get", "exit 0")
    without = {"WITHOUT_OFFICE": "1", "WITHOUT_TEXT": "1"}
    assert machine.run(**without).returncode == 0
    none = dict.fromkeys(("WITHOUT_POSTGRESQL", "WITHOUT_SHARES", "WITHOUT_BROWSER", "WITHOUT_MODEL"), "1")
    assert machine.run("tests", **without, **none).returncode == 0
    assert not [call for call in machine.called() if call.startswith("apt-get")]
    assert machine.run("tests", **without).returncode == 0
    asked = [call for call in machine.called() if " install " in call]
    assert [call.rpartition("recommends ")[2] for call in asked] == [
        "postgresql",
        "fuse3 libfuse2 samba smbclient smbnetfs",
        "chromium firefox-esr",
        "spin gcc libc6-dev",
    ]


def test_ci_runs_the_one_test_command_and_then_the_tests_that_take_minutes() -> None:
    lines = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "set -euo pipefail"
    assert lines[-2:] == ["make test", "exec make test-slow"]
