"""scripts/setup --service: what makes the program a service, written below a folder instead of the machine's root."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Machine:
    """A checkout that is set up, a root to write below, and a PATH on which the user is nobody in particular."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.root, self.bin = folder / "opt" / "vanthu", folder / "root", folder / "bin"
        for part in ("scripts", "deploy", "bin"):
            (self.checkout / part).mkdir(parents=True)
        for name in ("scripts/setup", "scripts/install-service", "deploy/vanthu.service", "deploy/smb.conf"):
            shutil.copy(ROOT / name, self.checkout / name)
        self.bin.mkdir()
        (self.bin / "id").write_text("#!/bin/sh\necho 1000\n")
        (self.bin / "id").chmod(0o755)

    def install(self, *words: str, script: str = "install-service") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", str(self.checkout / "scripts" / script), *words],
            env={"PATH": f"{self.bin}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )

    def below_root(self) -> dict[str, bytes | str]:
        """Every file written, by its name."""
        return {
            str(path.relative_to(self.root)): str(path.readlink()) if path.is_symlink() else path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_symlink() or path.is_file()
        }


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_who_is_not_root_is_told_in_one_sentence_and_nothing_is_installed(machine: Machine) -> None:
    done = machine.install("--service", script="setup")
    (said,) = [line for line in done.stderr.splitlines() if "ProtectHome" not in line]
    assert done.returncode == 1
    assert "As root: sudo" in said
    assert "--dry-run" in said
    assert not (machine.checkout / ".venv").exists()


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(machine: Machine) -> None:
    done = machine.install("--service", "--dry-run", "--root", str(machine.root), script="setup")
    assert done.returncode == 0
    said = done.stderr
    for name in ("etc/systemd/system/vanthu.service", "usr/local/bin/vanthu", "etc/samba/vanthu.conf"):
        assert f"{machine.root}/{name}" in said
    assert said.count("setup: would ") == 4
    assert not machine.root.exists()
    assert not (machine.checkout / ".venv").exists()


def test_what_is_written_is_of_this_program_and_this_folder_and_a_second_run_writes_nothing(machine: Machine) -> None:
    first = machine.install("--root", str(machine.root), "--folder", "/srv/cum-7")
    assert first.returncode == 0, first.stderr
    made = machine.below_root()
    unit = str(made["etc/systemd/system/vanthu.service"], "utf-8")  # type: ignore[arg-type]  # no link
    assert f"ExecStart={machine.checkout}/.venv/bin/vanthu -C /srv/cum-7 watch" in unit
    assert "ReadWritePaths=/srv/cum-7" in unit
    assert made["usr/local/bin/vanthu"] == f"{machine.checkout}/.venv/bin/vanthu"
    assert b"path = /srv/cum-7/inbox" in made["etc/samba/vanthu.conf"]
    assert b"thi-dua" not in b"".join(one for one in made.values() if isinstance(one, bytes))

    second = machine.install("--root", str(machine.root), "--folder", "/srv/cum-7")
    assert "write" not in second.stderr
    assert machine.below_root() == made


def test_pages_are_served_too_where_they_are_asked_for_and_the_network_stays_closed(machine: Machine) -> None:
    done = machine.install("--root", str(machine.root), "--folder", "/srv/cum-7", "--web")
    assert done.returncode == 0, done.stderr
    unit = (machine.root / "etc" / "systemd" / "system" / "vanthu.service").read_text().splitlines()
    assert f"ExecStart={machine.checkout}/.venv/bin/vanthu -C /srv/cum-7 serve" in unit
    assert unit[unit.index("IPAddressDeny=any") + 1] == "IPAddressAllow=localhost"


def test_what_others_wrote_there_is_kept(machine: Machine) -> None:
    link, samba = machine.root / "usr" / "local" / "bin" / "vanthu", machine.root / "etc" / "samba" / "smb.conf"
    unit = machine.root / "etc" / "systemd" / "system" / "vanthu.service"
    for path in (link, samba, unit):
        path.parent.mkdir(parents=True)
        path.write_text("of somebody else\n")
    done = machine.install("--root", str(machine.root))
    assert "was left alone" in done.stderr
    assert link.read_text() == "of somebody else\n"
    assert unit.with_name("vanthu.service.old").read_text() == "of somebody else\n"
    assert samba.read_text().splitlines()[0] == "of somebody else"
    assert samba.read_text().count("include = /etc/samba/vanthu.conf") == 1


@pytest.mark.parametrize("folder", ["srv/cum", "/", "/srv/cum 7", "/srv/%i"])
def test_a_folder_that_a_unit_or_a_share_cannot_name_is_refused(machine: Machine, folder: str) -> None:
    done = machine.install("--root", str(machine.root), "--folder", folder)
    assert done.returncode == 1
    assert "--folder" in done.stderr
    assert not machine.root.exists()


@pytest.mark.skipif(shutil.which("testparm") is None, reason="Samba is not installed")
def test_samba_reads_the_shares_through_the_line_that_is_added(machine: Machine, tmp_path: Path) -> None:
    machine.install("--root", str(machine.root), "--folder", "/srv/cum-7")
    main = machine.root / "etc" / "samba" / "smb.conf"
    # as it will be on the machine itself
    main.write_text(main.read_text().replace("= /etc", f"= {machine.root}/etc"))
    done = subprocess.run(["testparm", "-s", main], capture_output=True, text=True, check=False)
    assert {"[vanthu-nop]", "[vanthu-nhan]", "\tpath = /srv/cum-7/inbox"} <= set(done.stdout.splitlines())
