"""What a Word file holds beside its body: properties, headers, footers, notes, drawn text, who wrote comments."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from pipeline.model import Place
from pipeline.ooxml import Package
from pipeline.ooxml.word_fields import Fields
from pipeline.ooxml.word_text import letters
from pipeline.reading.raw import Cell

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FORMULA: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_TEXTPATH: Final = "{urn:schemas-microsoft-com:vml}textpath"
_SIDE_PARTS: Final = re.compile(r"word/(?:header|footer|footnotes|endnotes)[0-9]*\.xml")

Element = etree._Element


def properties_of(package: Package) -> dict[str, str]:
    """Title, subject, category and keywords of the file, "" for what it does not say."""
    said = dict.fromkeys(("title", "subject", "category", "keywords"), "")
    for part in package.related("", "/core-properties"):
        root = package.tree(part)
        for element in root if root is not None else ():
            name = str(element.tag).rpartition("}")[2]
            if name in said:
                said[name] = element.text or ""
    return said


def side_texts(package: Package) -> Iterator[str]:
    """Headers, footers and notes, paragraph by paragraph; and watermarks, which are drawn text, of every part."""
    edges = _edges(package)
    for name, xml in package.parts.items():
        is_side = _SIDE_PARTS.fullmatch(name) is not None or name in edges
        root = package.tree(name) if is_side or b"textpath" in xml else None
        if root is None:
            continue
        yield from (path.get("string", "") for path in root.iter(_TEXTPATH))
        if is_side:
            for paragraph in root.iter(f"{_W}p"):
                yield "".join(text.text or "" for text in paragraph.iter(f"{_W}t"))


def margins(package: Package) -> Iterator[Cell]:
    """The lines of headers and footers, without numbers of pages; and the words of a watermark, which lies there."""
    for name in _edges(package):
        root = package.tree(name)
        if root is None:
            continue
        part = name.rpartition("/")[2].removesuffix(".xml")
        fields = Fields(root)
        for count, paragraph in enumerate(root.iter(f"{_W}p"), start=1):
            drawn = [path.get("string", "") for path in paragraph.iter(_TEXTPATH)]
            for text in (letters(paragraph, fields), *drawn):
                if text.strip():
                    yield Cell(text, Place(part=part, paragraph=count))


def _edges(package: Package) -> list[str]:
    """The headers and footers that the document is tied to, by whatever names."""
    return [name for kind in ("/header", "/footer") for name in package.related(package.main, kind)]


def text_elsewhere(package: Package, holder: str, key: str) -> str:
    """The text of a footnote or endnote by its number, of a chart or diagram by its relation."""
    if holder == "drawing":
        part = package.relations(package.main).get(key)
        root = package.tree(part.target) if part is not None else None
        found = root.iter("{*}t", "{*}v") if root is not None else iter(())
    else:
        roots = [package.tree(part) for part in package.related(package.main, f"/{holder}")]
        notes = [note for root in roots if root is not None for note in root if note.get(f"{_W}id") == key]
        # of a sign in a note its code says nothing, but that one is there
        found = (text for note in notes for text in note.iter(f"{_W}t", f"{_W}sym", _FORMULA))
    return " ".join(" ".join("…" if one.tag == f"{_W}sym" else one.text or "" for one in found).split())


def authors(comments: Element | None) -> frozenset[str]:
    """Who wrote comments; those of a marked copy of ours are no leftovers of the unit."""
    found = comments.iter(f"{_W}comment") if comments is not None else ()
    return frozenset(comment.get(f"{_W}author", "") for comment in found)
