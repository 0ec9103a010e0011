"""Examining: one finding for each thing that an office needs to work, whether it is well or not.

What is well is INFO, what needs an eye WARN, what stops or endangers the work BLOCK. What could not be looked at is
never well. Each finding that is not says in `mend` what to do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.health.folders import folder_findings
from pipeline.health.machine import machine_findings
from pipeline.health.machines import machines_findings
from pipeline.health.stores import store_findings
from pipeline.health.watchers import watcher_findings
from pipeline.health.work import work_findings
from pipeline.messages import say
from pipeline.model import Finding, Message, Severity
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Expected:
    """What the settings ask of the machine: PDFs, words of scans ("on", "auto", "off"); seconds between two looks."""

    makes_pdf: str
    reads_scans: str
    scan_seconds: float


#: Told before each part, for part of this takes some seconds.
Progress = Callable[[Message], None]


def examine(workspace: Workspace, expected: Expected, progress: Progress = lambda _: None) -> Iterator[Finding]:
    """Look at machine, folders, work and watchers, in this order."""
    progress(say("Looking at the programs of this machine"))
    yield from machine_findings(workspace, expected.makes_pdf, expected.reads_scans)
    progress(say("Looking at the folders"))
    yield from folder_findings(workspace.folders)
    yield from store_findings(workspace)
    progress(say("Looking at the work"))
    yield from work_findings(workspace)
    yield from machines_findings(workspace)
    progress(say("Asking the watcher whether it sees the inbox"))
    yield from watcher_findings(workspace, expected.scan_seconds)


def is_well(found: list[Finding]) -> bool:
    """Whether nothing stops or endangers the work."""
    return not any(one.severity is Severity.BLOCK for one in found)
