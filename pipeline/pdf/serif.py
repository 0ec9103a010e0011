"""The letters of the PDFs we set ourselves: Liberation Serif (OFL, see fonts/LICENSE.txt), with all of Vietnamese.

Its widths are those of Times New Roman, in which official documents are set.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

REGULAR: Final = "FormSerif"
BOLD: Final = "FormSerif-Bold"
ITALIC: Final = "FormSerif-Italic"
FOLDER: Final = Path(__file__).with_name("fonts")
FILES: Final[Mapping[str, str]] = {
    REGULAR: "LiberationSerif-Regular.ttf",
    BOLD: "LiberationSerif-Bold.ttf",
    ITALIC: "LiberationSerif-Italic.ttf",
}


def ready() -> None:
    """Make the letters known to reportlab."""
    from reportlab.pdfbase import pdfmetrics  # a heavy library, and most work makes no PDF of our own
    from reportlab.pdfbase.ttfonts import TTFont

    # reportlab keeps fonts for the whole process, and reading the files takes time
    if REGULAR not in pdfmetrics.getRegisteredFontNames():
        for name, file in FILES.items():
            pdfmetrics.registerFont(TTFont(name, FOLDER / file))
