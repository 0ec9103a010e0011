"""The machine: the programs that are used, fonts, guarded children, and the clock."""

import datetime as dt
import shutil
import subprocess
from collections.abc import Iterator
from typing import Final

from pipeline.messages import say
from pipeline.model import Finding, Severity
from pipeline.reading import Sight
from pipeline.tools.guard import GuardFault
from pipeline.tools.soffice import Office
from pipeline.tools.tesseract import PACKAGES, Tesseract
from pipeline.workspace import Workspace

OFFICE_PACKAGES: Final = "apt-get install libreoffice-writer-nogui python3-uno fonts-liberation2"
#: The font of all official documents (HD36, NĐ 30/2020 I.II), and those that are as wide, letter by letter.
_FONT: Final = "Times New Roman"
_AS_WIDE: Final = ("Times New Roman", "Liberation Serif", "Tinos", "TeX Gyre Termes")
#: A clock that is set back by less tells nothing: two machines may write one ledger.
_CLOCK_SECONDS: Final = 120
_SECONDS: Final = 20

OFFICE: Final = "machine.libreoffice"
FONTS: Final = "machine.fonts"
TESSERACT: Final = "machine.tesseract"
SIGHT: Final = "machine.sight"
CHILDREN: Final = "machine.children"
CLOCK: Final = "machine.clock"
CLOCK_FREE: Final = "machine.clock-free"


def machine_findings(workspace: Workspace, makes_pdf: str, reads_scans: str) -> Iterator[Finding]:
    """Look at what the work needs of this machine."""
    yield _office(workspace, makes_pdf)
    yield _font()
    yield _tesseract(workspace, reads_scans)
    yield _sight(workspace.sight)
    yield _children(workspace)
    yield _clock(workspace)
    yield from _synchronised()


def _office(workspace: Workspace, setting: str) -> Finding:
    if setting == "off":
        return Finding(OFFICE, Severity.INFO, say("No PDFs are made: rendition.pdf is “off”."))
    if Office(workspace.folders.var / "soffice").available():
        return Finding(OFFICE, Severity.INFO, say("LibreOffice is installed."))
    return Finding(
        OFFICE,
        Severity.BLOCK if setting == "on" else Severity.WARN,
        say("LibreOffice is not installed: no PDFs are made, and signed papers are not compared."),
        mend=say("Install it: {command}", command=OFFICE_PACKAGES),
    )


def _font() -> Finding:
    program = shutil.which("fc-match")
    if program is None:
        return Finding(
            FONTS,
            Severity.WARN,
            say("Which fonts there are cannot be told: fontconfig is not installed."),
            mend=say("Install it: {command}", command="apt-get install fontconfig fonts-liberation2"),
        )
    found = _said([program, "--format=%{family}", _FONT]) or ""
    if any(name in found for name in _AS_WIDE):
        return Finding(FONTS, Severity.INFO, say("Documents are printed in {font}.", font=found))
    return Finding(
        FONTS,
        Severity.WARN,
        say("Times New Roman is not installed, nor a font as wide: lines and pages break elsewhere than in Word."),
        found=found,
        mend=say("Install it: {command}", command="apt-get install fonts-liberation2"),
    )


def _tesseract(workspace: Workspace, setting: str) -> Finding:
    if setting == "off":
        return Finding(TESSERACT, Severity.INFO, say("The words of scans are not read: scans.text is “off”."))
    reads = Tesseract(workspace.folders.var / "tesseract")
    if reads.available():
        return Finding(TESSERACT, Severity.INFO, say("Words of scans are read by {program}.", program=reads.name))
    return Finding(
        TESSERACT,
        Severity.BLOCK if setting == "on" else Severity.WARN,
        say("tesseract with its data for Vietnamese is not installed: the words of scans cannot be searched."),
        mend=say("Install it: {command}", command=PACKAGES),
    )


def _sight(sight: Sight) -> Finding:
    if sight.reader is None:
        return Finding(
            SIGHT,
            Severity.INFO,
            say("Marks of secrecy on scans and pictures are not looked for: scans.secrecy is “off”."),
        )
    if sight.reader.available():
        return Finding(SIGHT, Severity.INFO, say("Marks of secrecy are looked for on scans and pictures, too."))
    mend = say("Install it: {command}", command=PACKAGES)
    if sight.is_required:
        said = say(
            "tesseract with its data for Vietnamese is not installed: nobody can look for marks of secrecy on scans, "
            "and no scan is let in (scans.secrecy is “on”)."
        )
        return Finding(SIGHT, Severity.BLOCK, said, mend=mend)
    said = say(
        "tesseract with its data for Vietnamese is not installed: scans and pictures are let in, and nobody has "
        "looked for marks of secrecy on them."
    )
    return Finding(SIGHT, Severity.WARN, said, mend=mend)


def _children(workspace: Workspace) -> Finding:
    try:
        workspace.guard.warm()
    except GuardFault as fault:
        return Finding(
            CHILDREN,
            Severity.BLOCK,
            say("The guarded process in which files are read does not start."),
            found=str(fault),
            mend=say("It needs 1 GiB of memory and the right to start processes: look at the limits of the service."),
        )
    return Finding(CHILDREN, Severity.INFO, say("Files are read in guarded processes."))


def _clock(workspace: Workspace) -> Finding:
    now = workspace.clock()
    last = workspace.ledger.last_event_at()
    if last is None or last <= now + dt.timedelta(seconds=_CLOCK_SECONDS):
        return Finding(CLOCK, Severity.INFO, say("The clock says {now}.", now=_moment(now)))
    return Finding(
        CLOCK,
        Severity.BLOCK,
        say(
            "The clock says {now}, but the ledger has an entry of {last}: documents would be dated wrongly.",
            now=_moment(now),
            last=_moment(last),
        ),
        mend=say("Set the clock right: {command}", command="timedatectl set-ntp true"),
    )


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone():%H:%M %d/%m/%Y}"


def _synchronised() -> Iterator[Finding]:
    """Say whether the clock follows a time server; nothing where nobody knows."""
    program = shutil.which("timedatectl")
    said = _said([program, "show", "-p", "NTPSynchronized", "--value"]) if program else None
    if said == "no":
        yield Finding(
            CLOCK_FREE,
            Severity.WARN,
            say("The clock follows no time server."),
            mend=say("Set the clock right: {command}", command="timedatectl set-ntp true"),
        )


def _said(command: list[str]) -> str | None:
    """What a program prints; None where it fails."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True, text=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
