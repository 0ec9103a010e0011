"""A template file before docxtpl opens it: what in it cannot be filled rightly, and what is put right beforehand."""

import functools
from typing import Final

from lxml import etree

from pipeline import ooxml
from pipeline.files.refusals import Unfit
from pipeline.filling.computed import computed_in
from pipeline.filling.looped import faults, prepared
from pipeline.filling.values import Value
from pipeline.model import Finding
from pipeline.ooxml.word_rules import TEXTS

_LISTS: Final = "word/numbering.xml"


@functools.lru_cache(maxsize=64)
def template_faults(content: bytes) -> tuple[Finding, ...]:
    """What in a template prints something else than what is filled in, each with its place.

    Nothing is said of a file that cannot be opened: who compiles it does.
    """
    try:
        package = ooxml.opened(content)
        roots = {name: root for name in package.parts if _is_meant(name) and (root := package.tree(name)) is not None}
    except Unfit:
        return ()
    found = [finding for name, root in roots.items() for finding in computed_in(root, name)]
    return tuple(dict.fromkeys((*found, *faults(roots))))


def put_right(content: bytes) -> bytes:
    """The template with nothing in its loops that may come only once; the same bytes when there was nothing to do."""
    try:
        package = ooxml.opened(content)
        roots: dict[str, Value] = {
            name: etree.fromstring(xml) for name, xml in package.parts.items() if TEXTS.fullmatch(name)
        }
        changed = prepared(roots)
        if not changed:
            return content
        parts = package.all_parts()
    except (Unfit, etree.XMLSyntaxError):  # told by whoever compiles it
        return content
    for name in changed:
        parts[name] = etree.tostring(roots[name], xml_declaration=True, encoding="UTF-8", standalone=True)
    return ooxml.packed(parts)


def _is_meant(name: str) -> bool:
    return name == _LISTS or TEXTS.fullmatch(name) is not None
