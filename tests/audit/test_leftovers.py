"""What a kill left in the spool is told of by `check`, and harms nothing."""

import os
import time

import pytest

from pipeline.app.worker import Worker
from pipeline.audit import audit
from pipeline.model import Finding, Severity
from tests.folders import registration
from tests.status.office import Office


@pytest.fixture
def office(office: Office) -> Office:
    office.drop("dk.yaml", registration("CATP"), "CATP")
    return office


def told(office: Office) -> list[Finding]:
    workspace = office.workspace
    found = audit(workspace.ledger, workspace.spool, office.folder / "archive", office.folder / "outbox")
    return [one for one in found if one.code.startswith("spool.")]


def test_bytes_that_no_record_names_are_told_of_once_they_are_old(office: Office) -> None:
    assert told(office) == []
    kept = [office.workspace.spool.put(content) for content in (b"left by a kill", b"and more of it")]
    assert told(office) == [], "they may be about to be recorded"
    for sha256 in kept:
        os.utime(office.workspace.spool.path(sha256), (time.time() - 7200,) * 2)
    (one,) = told(office)
    assert (one.code, one.severity, one.found) == ("spool.unrecorded", Severity.INFO, "2")


def test_a_copy_that_was_cut_off_by_a_kill_is_swept_and_one_being_made_is_not(office: Office) -> None:
    root = office.workspace.spool.root
    old, young = root / ".vanthu-0123456789abcdef.part", root / ".vanthu-fedcba9876543210.part"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    Worker(office.workspace).tidy()
    assert (old.exists(), young.exists()) == (False, True)
