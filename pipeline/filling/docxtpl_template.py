"""Opening a template with docxtpl, and taking from it what has to be done once: its parts, patched for Jinja.

Nothing of docxtpl's language is written again here: `patch_xml`, `fix_tables`, the parts it renders and the order of
its work are its own. Endnotes and comments are treated as it treats footnotes, and the remaining text properties as
it treats title and author.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NoReturn

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import Part as OpcPart
from docx.oxml.ns import nsmap
from docxtpl import DocxTemplate
from lxml import etree

from pipeline import ooxml
from pipeline.files.refusals import Unfit
from pipeline.filling.errors import NotTaken
from pipeline.filling.links import link_id
from pipeline.filling.package import BODY
from pipeline.filling.values import Value
from pipeline.messages import say, shown
from pipeline.model import Message
from pipeline.ooxml.word_order import ORDER, WORD

# docxcompose, which docxtpl imports where it is installed, gives this prefix another origin for all of python-docx:
# the keywords, the category and the version of a document are not found any more.
nsmap["cp"] = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"

_WML: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
NOTES: Final = (f"{_WML}footnotes+xml", f"{_WML}endnotes+xml", f"{_WML}comments+xml")
#: The properties docxtpl renders, and sets even when they are empty.
_ALWAYS: Final = ("author", "comments", "identifier", "language", "subject", "title")
#: Further properties of text, rendered where they hold tags.
_BESIDES: Final = ("category", "content_status", "keywords", "last_modified_by", "version")
_PICTURE: Final = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_TAG = re.compile(r"\{[{%#]")
# python-docx gives properties it has to make the present time; the same template must give the same bytes
_NO_TIME: Final = dt.datetime(2000, 1, 1)


# what is written by hand as a tag may be spread over runs
_CELL_TAG: Final = re.compile(r"colspan|cellbg|vm|hm")
_CELL_PROPERTIES: Final = re.compile(r"<w:tcPr>((?:(?!</w:tcPr>).)*)</w:tcPr>", re.DOTALL)
#: One property of a cell; docxtpl's tags stand in the values of attributes only.
_PROPERTY: Final = re.compile(r'<(w:\w+)(?:\s+[\w:]+="[^"]*")*\s*(?:/>|>(?:(?!</\1>).)*</\1>)', re.DOTALL)


class NotAWordFile(Exception):  # noqa: N818 - told to the author as a finding
    """The template cannot be opened; the text says why."""


@dataclass(frozen=True)
class Source:
    """One part with tags: what Jinja reads (`text`) between what stays as it is.

    `member` is its name in the zip; for a property, `field` names it and `text` is plain text, not XML. `opening` is
    the body's first tag as it stands in the document: docxtpl repeats every namespace there.
    """

    member: str
    text: str
    before: str = ""
    after: str = ""
    field: str = ""
    opening: str = ""

    @property
    def is_body(self) -> bool:
        """Whether this is the document itself, whose tables and drawing ids docxtpl mends."""
        return self.member == BODY and not self.field


class LinkingTemplate(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
    """docxtpl's template whose `build_url_id` gives ids any filling understands, and whose cells are in order."""

    def patch_xml(self, xml: str) -> str:
        """As docxtpl, which puts what `colspan`, `cellbg` and `vm` stand for where the schema does not want it."""
        patched: str = super().patch_xml(xml)
        return _CELL_PROPERTIES.sub(_in_order, patched) if _CELL_TAG.search(xml) else patched

    def build_url_id(self, url: str) -> str:
        """The `url_id` for RichText of a link to `url`."""
        return link_id(url)


class ValueTemplate(LinkingTemplate):
    """docxtpl's template to make values with (InlineImage, Subdoc, links).

    The document itself is made by `fill`, which is not given this object: what is asked of it about the file is
    refused, or it would be left out in silence.
    """

    def replace_pic(self, embedded_file: object, dst_file: object) -> NoReturn:
        """Refuse; `fill` has pictures of its own."""
        raise NotTaken(
            say("replace_pic is not taken over by fill. Write: fill(compiled, values, pictures={{name: png_bytes}}).")
        )

    def replace_media(self, src_file: object, dst_file: object) -> NoReturn:
        """Refuse."""
        raise NotTaken(_not_taken("replace_media"))

    def replace_embedded(self, src_file: object, dst_file: object) -> NoReturn:
        """Refuse."""
        raise NotTaken(_not_taken("replace_embedded"))

    def replace_zipname(self, zipname: object, dst_file: object) -> NoReturn:
        """Refuse."""
        raise NotTaken(_not_taken("replace_zipname"))


def _not_taken(name: str) -> Message:
    return say(
        "{name} is not taken over by fill. Replace the file in the template itself, or give a picture: "
        "fill(compiled, values, pictures={{name: png_bytes}}).",
        name=name,
    )


def _in_order(found: re.Match[str]) -> str:
    """The properties of a cell in the schema's order; left as they are where a tag stands between them."""
    if _PROPERTY.sub("", found.group(1)).strip():
        return found.group()
    ranks = ORDER[f"{WORD}tcPr"]
    properties = sorted(
        _PROPERTY.finditer(found.group(1)), key=lambda one: ranks.get(f"{WORD}{one.group(1)[2:]}", len(ranks))
    )
    return f"<w:tcPr>{''.join(one.group() for one in properties)}</w:tcPr>"


def opened(content: bytes, kind: type[LinkingTemplate] = LinkingTemplate) -> LinkingTemplate:
    """docxtpl's view of a template that passed the door of any Word file. Raises NotAWordFile."""
    try:
        ooxml.opened(content)  # a template comes from a person's Word: what the inbox refuses is not filled in either
        template = kind(io.BytesIO(content))
        template.render_init()
    except Unfit as unfit:
        raise NotAWordFile(shown(unfit.finding.message).rstrip(".")) from unfit
    except (PackageNotFoundError, etree.XMLSyntaxError, KeyError, ValueError, OSError) as error:
        raise NotAWordFile(str(error)) from error
    return template


def sources(template: Value) -> Iterator[Source]:
    """Every part that may hold tags, patched, in docxtpl's order: body, headers, footers, properties, notes."""
    yield _body(template)
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            xml = template.patch_xml(template.get_part_xml(part))
            yield Source(_member(part), xml, before="<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n")
    yield from _properties(template)
    for part in notes(template):
        yield Source(_member(part), template.patch_xml(part.blob.decode("utf-8")))


def _body(template: Value) -> Source:
    """The body; `before` and `after` are the document around it."""
    whole = template.docx.part.blob.decode("utf-8")
    start = re.search(r"<w:body\b[^>]*>", whole)
    end = whole.rindex("</w:body>")
    if start is None:
        raise NotAWordFile("word/document.xml has no body")
    return Source(
        _member(template.docx.part),
        template.patch_xml(template.get_xml()),
        before=whole[: start.start()],
        after=whole[end + len("</w:body>") :],
        opening=start.group(),
    )


def notes(template: Value) -> list[OpcPart]:
    """Footnotes, endnotes and comments."""
    return [part for part in template.docx.part.package.parts if part.content_type in NOTES]


def _member(part: OpcPart) -> str:
    return str(part.partname).lstrip("/")


def _properties(template: Value) -> Iterator[Source]:
    """The text properties that hold tags; the others are set as docxtpl sets them."""
    package = template.docx.part.package
    is_new = not any(rel.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for rel in package.rels.values())
    properties = template.docx.core_properties
    # the file had no properties: those made for it must not bear the time of the day
    if is_new:
        properties.modified = _NO_TIME
    for name in _ALWAYS + _BESIDES:
        text = getattr(properties, name)
        if _TAG.search(text):
            yield Source(_member(package._core_properties_part), text, field=name)
        elif name in _ALWAYS:
            setattr(properties, name, text)


def picture_parts(template: Value) -> dict[str, tuple[str, ...]]:
    """The zip members of the pictures of a template, by name, title and description.

    Those of the picture itself (`pic:cNvPr`), as docxtpl's `replace_pic` has them, and those of the drawing around it
    (`wp:docPr`): there Word writes what a person types as alternative text.
    """
    names: dict[str, dict[str, None]] = {}
    document = template.docx.part
    kinds = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    others = [rel.target_part for rel in document.rels.values() if rel.reltype in kinds]
    for part in (document, *others):
        tree = etree.fromstring(part.blob)
        for picture in tree.iter(f"{_PICTURE}pic"):
            member = _picture_member(picture, part)
            for properties in (*picture.iter(f"{_PICTURE}cNvPr"), *_of_drawing(picture)):
                for attribute in ("name", "title", "descr"):
                    said = properties.get(attribute)
                    if said and member:
                        names.setdefault(said, {})[member] = None
    return {name: tuple(members) for name, members in names.items()}


def _of_drawing(picture: Value) -> Iterator[Value]:
    """The properties of the drawing a picture stands in, unless others stand in it too: those are of the group."""
    drawing = next(picture.iterancestors(f"{_DRAWING}inline", f"{_DRAWING}anchor"), None)
    if drawing is not None and sum(1 for _ in drawing.iter(f"{_PICTURE}pic")) == 1:
        yield from drawing.iterchildren(f"{_DRAWING}docPr")


def _picture_member(picture: Value, part: Value) -> str:
    """The zip member of a picture's image; "" for a linked one."""
    for blip in picture.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"):
        identifier = blip.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed")
        if identifier in part.rels and not part.rels[identifier].is_external:
            return _member(part.rels[identifier].target_part)
    return ""
