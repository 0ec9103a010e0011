"""The order of things in the XML of a workbook, which Excel insists on."""

from collections.abc import Sequence
from typing import Final

from pipeline.answers.marking.marks import Unmarkable
from pipeline.answers.marking.office_package import Element

S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

_AFTER_COMMENTS: Final = ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems")
#: What stands after the tie to the shapes of comments.
AFTER_SHAPES: Final = (*_AFTER_COMMENTS, "tableParts", "extLst")
#: What stands after conditional formats (ECMA-376 part 1, 18.3.1.99).
AFTER_COLOURS: Final = (
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks"),
    *("colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing"),
    *AFTER_SHAPES,
)


def insert_before(holder: Element, child: Element, names: Sequence[str]) -> None:
    """Put a child where all children of the names given come after it."""
    later = {f"{S}{name}" for name in names}
    at = next((at for at, one in enumerate(holder) if one.tag in later), len(holder))
    holder.insert(at, child)


def child(holder: Element, name: str) -> Element:
    """A child that every workbook has here. Raises Unmarkable when this one has not."""
    found = holder.find(f"{S}{name}")
    if found is None:
        raise Unmarkable
    return found
