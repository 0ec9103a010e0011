"""Outside programs: LibreOffice makes PDFs, tesseract reads the words of scans; without them the rest works.

Each has a setting: "auto" where it is installed, "on" its absence is an error, "off".
"""

from pathlib import Path

from pipeline.errors import MissingToolError
from pipeline.health.machine import OFFICE_PACKAGES
from pipeline.messages import tr
from pipeline.reading import Sight
from pipeline.tools.soffice import Office
from pipeline.tools.tesseract import PACKAGES as TESSERACT_PACKAGES
from pipeline.tools.tesseract import Tesseract

#: For the upper left of one page, which takes less than a second.
GLANCE_SECONDS = 20.0


def office(setting: str, root: Path, *, workers: int, apart: int = 0, timeout_s: float) -> Office | None:
    """LibreOffice, warm; None where it is switched off, or not installed and not insisted upon.

    Raises MissingToolError where it is insisted upon and not installed.
    """
    if setting == "off":
        return None
    made = Office(root, workers=workers, apart=apart, timeout_s=timeout_s)
    if made.available():
        return made
    if setting == "on":
        raise MissingToolError(
            tr(
                "rendition.pdf is “on” in config.yaml, but LibreOffice is not installed. Install it with: {command}",
                command=OFFICE_PACKAGES,
            )
        )
    return None


def tesseract(setting: str, root: Path, *, timeout_s: float) -> Tesseract | None:
    """What reads the words of scans; None where it is switched off, or not installed and not insisted upon.

    Raises MissingToolError where it is insisted upon and not installed.
    """
    if setting == "off":
        return None
    made = Tesseract(root, timeout_s=timeout_s)
    if made.available():
        return made
    if setting == "on":
        raise MissingToolError(
            tr(
                "scans.text is “on” in config.yaml, but tesseract with its data for Vietnamese is not installed. "
                "Install it with: {command}",
                command=TESSERACT_PACKAGES,
            )
        )
    return None


def sight(setting: str, root: Path) -> Sight:
    """What the secrecy gate looks at pictures by; whether it is installed is asked at the first picture."""
    if setting == "off":
        return Sight()
    return Sight(Tesseract(root, timeout_s=GLANCE_SECONDS), is_required=setting == "on")


def found(root: Path) -> dict[str, str]:
    """Say of each program what is installed, whatever the settings say: its name, or how to install it."""
    reads, makes = Tesseract(root), Office(root)
    return {
        "LibreOffice": tr("installed") if makes.available() else _missing(OFFICE_PACKAGES),
        "tesseract": reads.name if reads.available() else _missing(TESSERACT_PACKAGES),
    }


def _missing(command: str) -> str:
    return tr("not installed: {command}", command=command)
