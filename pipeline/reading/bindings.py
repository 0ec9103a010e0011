"""What Word puts into a content control that is tied to data kept elsewhere in the file (ECMA-376, 17.5.2.6).

Word fills such a control anew whenever the file is opened; other programs show what stands in the document, which may
be another text. Only plain ways to an element are followed, as Word itself writes them.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from pipeline.ooxml import Package

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STORE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}itemID"
_W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
#: The stores that every file has: its properties.
_PROPERTIES: Final = {
    "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}": "/core-properties",
    "{6668398D-A668-4E3E-A5EB-62B293D839F1}": "/extended-properties",
}
_PREFIX: Final = re.compile(r"""xmlns:([\w.-]+)=["']([^"']*)["']""")
_STEP: Final = re.compile(r"/(?:([\w.-]+):)?([\w.-]+)(?:\[([0-9]{1,4})\])?")
_OWN_MEANING: Final = ("date", "comboBox", "dropDownList", "picture", "docPartObj", "docPartList")

Element = etree._Element


def bound_text(package: Package, control: Element) -> str | None:
    """The text that Word shows in a control; None for one that is tied to nothing, or to what cannot be found."""
    properties = control.find(f"{_W}sdtPr")
    binding = properties.find(f"{_W}dataBinding") if properties is not None else None
    # of a day, a list and a box the store keeps another spelling than the document
    if (
        properties is None
        or binding is None
        or any(properties.find(f"{_W}{one}") is not None for one in _OWN_MEANING)
    ):
        return None
    if properties.find(f"{_W14}checkbox") is not None or properties.find(f"{_W}showingPlcHdr") is not None:
        return None
    spaces = dict(_PREFIX.findall(binding.get(f"{_W}prefixMappings", "")))
    for root in _stores(package, binding.get(f"{_W}storeItemID", "")):
        found = _at(root, binding.get(f"{_W}xpath", ""), spaces)
        if found is not None:
            return "".join(str(text) for text in found.itertext())
    return None


def _stores(package: Package, item: str) -> Iterator[Element]:
    """The data of a store; of every store of its own where the control names none."""
    if kind := _PROPERTIES.get(item.upper()):
        parts = [*package.related("", kind)]
    else:
        own = package.related(package.main, "/customXml")
        parts = [part for part in own if not item or item.upper() in _names(package, part)]
    yield from (root for part in parts if (root := package.tree(part)) is not None)


def _names(package: Package, part: str) -> set[str]:
    roots = (package.tree(one) for one in package.related(part, "/customXmlProps"))
    return {root.get(_STORE, "").upper() for root in roots if root is not None}


def _at(root: Element, path: str, spaces: dict[str, str]) -> Element | None:
    """The element at "/a[1]/b[2]"; None for any other kind of path."""
    steps = list(_STEP.finditer(path))
    if not steps or "".join(step[0] for step in steps) != path:
        return None
    here: Element | None = None
    for step in steps:
        tag = f"{{{spaces.get(step[1], '')}}}{step[2]}" if step[1] else step[2]
        among = [root] if here is None else list(here.iterchildren(tag))
        number = int(step[3] or 1)
        if not 0 < number <= len(among) or among[number - 1].tag != tag:
            return None
        here = among[number - 1]
    return here
