"""A template file before docxtpl opens it: what in it cannot be filled rightly, and what is put right beforehand."""

import functools
from collections.abc import Iterator
from typing import Final

from lxml import etree

from pipeline import ooxml
from pipeline.files.refusals import Unfit
from pipeline.filling.computed import computed_in
from pipeline.filling.looped import faults, prepared
from pipeline.filling.tag_places import paragraphs_of
from pipeline.filling.tags import mistyped_in
from pipeline.filling.values import Value
from pipeline.messages import say
from pipeline.model import Finding, Severity
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
    mistyped = [finding for name in roots if TEXTS.fullmatch(name) for finding in _mistyped(content, name)]
    return tuple(dict.fromkeys((*found, *mistyped, *faults(roots))))


def _mistyped(content: bytes, name: str) -> Iterator[Finding]:
    for paragraph in paragraphs_of(content, name):
        for text in mistyped_in(paragraph.text):
            yield Finding(
                "template.mistyped-tag",
                Severity.BLOCK,
                say("“{tag}” would be printed as it stands: it is no tag.", tag=text[:80]),
                paragraph.place,
                found=text[:80],
                mend=say("Write a tag with two braces on either side and no space between them: {{{{ name }}}}."),
            )


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
