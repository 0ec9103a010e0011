"""The exact way: every part rendered by the strict generator's code to find an error's place, then docxtpl itself.

Taken when the fast way gave up: because something is wrong, which is found here and told with its place, or because
the document needs docxtpl (a picture or subdocument, a table whose columns depend on values).
"""

import copy
import io
import re
from collections.abc import Callable, Mapping
from typing import Final

import docxtpl
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import parse_xml
from docx.opc.part import XmlPart
from jinja2 import Environment
from lxml import etree
from markupsafe import Markup, escape

from pipeline import messages
from pipeline.filling import docxtpl_template, emptied, problems
from pipeline.filling.budget import Budget
from pipeline.filling.compiled import CompiledTemplate
from pipeline.filling.errors import TemplateError, ValueRefused
from pipeline.filling.generator import StrictGenerator
from pipeline.filling.links import UnknownLink, address_of
from pipeline.filling.package import BODY, Member, deflated_fast, is_picture, packed, stored, zip_entry
from pipeline.filling.printing import text_of
from pipeline.filling.sandbox import StrictEnvironment
from pipeline.filling.values import Value, composed
from pipeline.filling.xml_positions import CONTAINERS
from pipeline.ooxml import parts_of_ours

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LINK = re.compile(r'\br:(id|embed|link)="([^"]*)"')
_BRACED = re.compile(r"(?<=[{}%])_|_(?=[{}%])")
_Finish = Callable[[bytes | bytearray], bytes]
_Filters = Mapping[str, Callable[..., object]]


def environment(
    filters: _Filters, finalize: Callable[[Value], object], *, autoescape: bool = True
) -> StrictEnvironment:
    """A strict environment for one document."""
    made = StrictEnvironment(autoescape=autoescape, finalize=finalize)
    made.code_generator_class = StrictGenerator
    made.given = filters
    # anew for each: what the search for errors costs is not charged to the document
    made.budget = Budget()
    return made


def document(
    compiled: CompiledTemplate,
    values: Mapping[str, object],
    filters: _Filters,
    pictures: Mapping[str, bytes],
    finish: _Finish | None = None,
) -> bytes:
    """The document, or what is wrong. Raises TemplateError, or ValueRefused for a link of another document."""
    for name in pictures.keys() - compiled.pictures.keys():
        raise TemplateError([problems.no_picture(name, compiled.pictures)])
    _check(compiled, values, filters)
    try:
        return _made(compiled, values, filters, pictures, finish)
    except UnknownLink as error:
        raise ValueRefused(
            "",
            messages.say(
                "A link of rich text was made for another document. "
                "Make it with compiled.docxtpl().build_url_id(address)."
            ),
        ) from error


def _check(compiled: CompiledTemplate, values: Mapping[str, object], filters: _Filters) -> None:
    """Render every part for its errors alone. Raises TemplateError with the place of the first in each part."""
    found = []
    for tagged in compiled.tagged:
        try:
            strict = environment(filters, _shown, autoescape=not tagged.field)
            strict.from_string(tagged.text).render(values)
        # any exception: what a tag raises is for the author of the template to mend, whatever it is
        except Exception as error:
            found.append(problems.raised(compiled, tagged, error))
    if found:
        raise TemplateError(found)


def _shown(value: Value) -> object:
    """A value for the error search: pictures and subdocuments are nothing here."""
    if hasattr(value, "__html__"):
        return "" if getattr(value, "tpl", None) is not None else value
    return text_of(value)


class ExactTemplate(docxtpl_template.LinkingTemplate):
    """docxtpl, with what it leaves out (endnotes, comments, further properties) and without what it lets pass."""

    filters: _Filters = {}  # noqa: RUF012 - replaced, never changed

    def fix_tables(self, xml: str) -> Value:
        """As docxtpl, which would drop what follows a fault of the XML, and cannot do with a table without grid."""
        tree = etree.fromstring(xml)
        if bare := [table for table in tree.iter(f"{_W}tbl") if table.find(f"{_W}tblGrid") is None]:
            for table in bare:
                table.insert(1 if table.find(f"{_W}tblPr") is not None else 0, etree.Element(f"{_W}tblGrid"))
            xml = etree.tostring(tree, encoding="unicode")
        return super().fix_tables(xml)

    def render_xml_part(self, src_xml: str, part: Value, context: Value, jinja_env: Environment | None = None) -> str:
        """As docxtpl, with what conditions leave empty made such that Word opens it."""
        made: str = super().render_xml_part(src_xml, part, context, jinja_env)
        return emptied.mended(made.encode()).decode()

    def render_properties(self, context: Value, jinja_env: Environment | None = None) -> None:
        """The properties, their text as it is (docxtpl would escape it twice)."""
        strict = environment(self.filters, text_of, autoescape=False)
        part = self.docx.part.package
        for source in list(docxtpl_template._properties(self)):
            text = strict.from_string(source.text).render(context)
            # the element is looked up by a mark: python-docx refuses to set more than 255 characters
            setattr(self.docx.core_properties, source.field, "-mark-")
            for element in part._core_properties_part.element.iter():
                if element.text == "-mark-":
                    element.text = text

    def render_footnotes(self, context: Value, jinja_env: Environment | None = None) -> None:
        """Footnotes, endnotes and comments, once each (docxtpl renders footnotes once per section)."""
        for part in docxtpl_template.notes(self):
            xml = self.render_xml_part(self.patch_xml(part.blob.decode("utf-8")), part, context, jinja_env)
            content = xml.encode()
            _refuse_lost(etree.fromstring(content))
            if isinstance(part, XmlPart):
                part._element = parse_xml(content)  # type: ignore[assignment, arg-type]  # as python-docx does
            else:
                part._blob = content


def _made(
    compiled: CompiledTemplate,
    values: Mapping[str, object],
    filters: _Filters,
    pictures: Mapping[str, bytes],
    finish: _Finish | None,
) -> bytes:
    """The document along docxtpl's own road.

    Raises TemplateError when what comes out is no well-formed XML, or holds text where Word shows none.
    """
    template = ExactTemplate(io.BytesIO(_base(compiled, values)))
    template.filters = filters
    strict = environment(filters, lambda value: _protected(template, value))
    try:
        template.render(values, jinja_env=strict)
        # read anew: python-docx's own elements mean something else by their text
        _refuse_lost(etree.fromstring(bytes(template.docx.part.blob)))
        saved = io.BytesIO()
        template.save(saved)
    except etree.XMLSyntaxError as error:
        raise TemplateError([problems.malformed(error)]) from error
    except LostText as error:
        raise TemplateError([problems.lost(str(error))]) from error
    except UnknownLink:
        raise
    except Exception as error:  # whatever docxtpl stumbles over: the template's author can help, nobody else
        raise TemplateError([problems.stumbled(error)]) from error
    # docxtpl's own `replace_pic` would not know a picture by what Word calls its alternative text
    replaced = {member: picture for name, picture in pictures.items() for member in compiled.pictures[name]}
    parts = parts_of_ours(saved.getvalue()) | replaced
    if finish is not None:
        parts[BODY] = finish(parts[BODY])
    return packed(zip_entry(_member(name, part)) for name, part in parts.items())


def _member(name: str, content: bytes) -> Member:
    return stored(name, content) if is_picture(name) else deflated_fast(name, content)


def _base(compiled: CompiledTemplate, values: Value) -> bytes:
    """The template file, with the parts of the subdocuments among the values attached to it."""
    # the parts of a subdocument (pictures, lists) are attached to the template that made it
    owner = _owner_of_subdocuments(values)
    if owner is None:
        return compiled.content
    saved = io.BytesIO()
    owner.docx.save(saved)
    return saved.getvalue()


def _is_subdocument(value: object) -> bool:
    """Whether a value is docxtpl's Subdoc, whose class is there only when docxcompose is."""
    return hasattr(docxtpl, "Subdoc") and isinstance(value, docxtpl.Subdoc)


def _owner_of_subdocuments(values: Value) -> Value:
    if _is_subdocument(values):
        return values.tpl
    children = values.values() if isinstance(values, dict) else values if isinstance(values, list | tuple) else ()
    for child in children:
        owner = _owner_of_subdocuments(child)
        if owner is not None:
            return owner
    return None


def _protected(template: ExactTemplate, value: Value) -> object:
    """A value as it is printed: what docxtpl would take for an escaped delimiter ("{_{") is written otherwise."""
    # docxtpl turns "{_{" into "{{" after rendering, in values, too: the figure for "_" is not touched
    if not hasattr(value, "__html__"):
        return Markup(str(escape(text_of(value))).replace("_", "&#95;"))  # noqa: S704 - escaped just here
    if getattr(value, "tpl", None) is not None:
        if _is_subdocument(value):
            return value
        value = copy.copy(value)
        value.tpl = template
        return value
    xml = _BRACED.sub("&#95;", composed(str.__str__(value.__html__())))
    linked = _LINK.sub(lambda found: _linked(template, found), xml)
    return Markup(linked)  # noqa: S704 - docxtpl's own classes escape their text


def _linked(template: ExactTemplate, found: re.Match[str]) -> str:
    """A reference of rich text, to a relationship of the part it is printed in. Raises UnknownLink."""
    part = template.current_rendering_part
    identifier = found.group(2)
    address = address_of(identifier)
    if address is not None:
        identifier = part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    elif identifier not in part.rels:
        raise UnknownLink(identifier)
    return f'r:{found.group(1)}="{identifier}"'


class LostText(Exception):  # noqa: N818 - told to the author as a finding
    """Text stands where Word shows none; it is the exception's text."""


def _refuse_lost(tree: Value) -> None:
    """Raise LostText when characters stand outside of w:t, or a run inside it."""
    for element in tree.iter(f"{_W}*"):
        name = element.tag.replace(_W, "w:")
        # rich text in a plain tag puts a run into w:t, where Word does not show it
        if name == "w:t" and len(element):
            raise LostText("".join(element.itertext()))
        # in the file and on no paper: docxtpl says nothing of it
        if name in CONTAINERS:
            text = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
            if text:
                raise LostText(text)
