"""Compiling a template: docxtpl patches it, Jinja parses it, and what every document shares is made once."""

import functools
import hashlib
import io
import re
from collections.abc import Iterator, Sequence

from jinja2 import TemplateSyntaxError

from pipeline.filling import docxtpl_template, emptied, problems, syntax, tables
from pipeline.filling.batches import ID_BEGIN, ID_END, Batch, NeedsDocxtpl
from pipeline.filling.budget import Budget
from pipeline.filling.compiled import Code, CompiledTemplate, Part, Tagged
from pipeline.filling.docxtpl_template import Source
from pipeline.filling.errors import TemplateError
from pipeline.filling.generator import FastGenerator, StrictGenerator
from pipeline.filling.links import Links
from pipeline.filling.package import Member, deflated, is_picture, stored
from pipeline.filling.sandbox import TEXT_ENVIRONMENT, XML_ENVIRONMENT
from pipeline.filling.tags import numbered
from pipeline.filling.template_file import put_right
from pipeline.filling.values import Value
from pipeline.filling.writer import Writer
from pipeline.filling.xml_positions import Walk
from pipeline.ooxml import parts_of_ours

_DRAWING = re.compile(r"<wp:docPr\b[^>]*>")
_DRAWING_ID = re.compile(r'\sid="([^"]*)"')
_ALIEN_DRAWING = re.compile(r"<(?!wp:)\w+:docPr\b")
_RELATIONSHIP_ID = re.compile(rb'\bId="([^"]*)"')
_BODY_TAG = re.compile(r"<w:body\b[^>]*>")


# in memory only: code on disk had to be guarded against whoever could write there (decision 0017)
@functools.lru_cache(maxsize=64)
def compiled_from(content: bytes) -> CompiledTemplate:
    """The compiled form of a template file, made once a process. Raises TemplateError with everything wrong in it."""
    digest = hashlib.sha256(content).hexdigest()
    content = put_right(content)
    template, sources, tagged = _understood(content)
    pictures = docxtpl_template.picture_parts(template)
    try:
        parts = dict(_parts(template, sources, digest))
    except NeedsDocxtpl as error:
        return CompiledTemplate(digest, content, tagged, slow=str(error), pictures=pictures)
    return CompiledTemplate(digest, content, tagged, members=tuple(_members(template, parts)), pictures=pictures)


@functools.lru_cache(maxsize=64)
def verified(content: bytes) -> None:
    """Raise TemplateError with everything wrong in a template file; what was found right is not looked at again."""
    _understood(content)


def _understood(content: bytes) -> tuple[Value, list[Source], tuple[Tagged, ...]]:
    """A template as docxtpl opens it, what of it is filled, and its tags. Raises TemplateError with all problems."""
    try:
        template = docxtpl_template.opened(content)
        sources = list(docxtpl_template.sources(template))
    except docxtpl_template.NotAWordFile as error:
        raise TemplateError([problems.unreadable(str(error))]) from error
    tagged = tuple(Tagged(source.member, numbered(source.text)[0], source.field) for source in sources)
    if faults := syntax.problems(content, tagged):
        raise TemplateError(faults)
    return template, sources, tagged


def _parts(template: Value, sources: Sequence[Source], digest: str) -> Iterator[tuple[str, Part]]:
    """The parts to write, by member. Properties are put into the template as marks, found again in its XML."""
    fields = [source for source in sources if source.field]
    for source in sources:
        if not source.field:
            yield source.member, _xml_part(source, template)
    if fields:
        # python-docx writes the XML of the properties itself: a mark shows where in it each text came to stand
        marks = {source.field: f"{digest}-{index}" for index, source in enumerate(fields)}
        for name, mark in marks.items():
            setattr(template.docx.core_properties, name, mark)
        blob = template.docx.part.package._core_properties_part.blob
        found = sorted(fields, key=lambda source: blob.index(marks[source.field].encode()))
        pieces = re.split("|".join(marks.values()).encode(), blob)
        codes = tuple(_text_code(source.text) for source in found)
        yield fields[0].member, Part(fields[0].member, tuple(pieces), codes, is_text=True)


def _text_code(text: str) -> Code:
    generator = StrictGenerator(TEXT_ENVIRONMENT, None, None)
    generator.visit(TEXT_ENVIRONMENT.parse(numbered(text)[0]))
    return _code(generator)


def _code(generator: StrictGenerator, batches: Sequence[Batch] = ()) -> Code:
    return Code(compile(generator.source, "<template>", "exec"), tuple(batches))


def _xml_part(source: Source, template: Value) -> Part:
    """A part of XML. Raises NeedsDocxtpl when it must be left to docxtpl."""
    text = source.text
    # docxtpl mends tables and the ids of drawings in the body only
    if source.is_body:
        text = tables.mended(text, XML_ENVIRONMENT.parse(text), template)
        # docxtpl repeats every namespace in the first tag of the body; the document's own stands before it already
        text = _BODY_TAG.sub(lambda _: source.opening, text, count=1)
    if _ALIEN_DRAWING.search(text):
        raise NeedsDocxtpl("drawings under another namespace prefix")
    text = _DRAWING.sub(functools.partial(_marked, keeps_id=not source.is_body), text)
    tree = XML_ENVIRONMENT.parse(numbered(text)[0])
    generator = FastGenerator(XML_ENVIRONMENT, Walk().through(tree))
    try:
        generator.visit(tree)
    except TemplateSyntaxError as error:
        raise NeedsDocxtpl(str(error)) from error
    code = _code(generator, generator.batches)
    pieces = (source.before.encode(), source.after.encode())
    # docxtpl numbers the drawings of the body from 1000 on; those of other parts are kept apart from them
    first_id = 1000 if source.is_body else 100_000
    return Part(source.member, pieces, (code,), first_id=first_id, may_be_empty=emptied.may_be_empty(tree))


def _marked(found: re.Match[str], keeps_id: bool) -> str:
    """A drawing's tag with a mark in the place of its id."""
    tag = found.group()
    said = _DRAWING_ID.search(tag)
    if said is None:
        return tag.replace("<wp:docPr", f'<wp:docPr id="{ID_BEGIN}{ID_END}"', 1)
    if not said.group(1).isdecimal():
        raise NeedsDocxtpl("a drawing's id depends on values")
    mark = f"{ID_BEGIN}{said.group(1) if keeps_id else ''}{ID_END}"
    return f'{tag[: said.start()]} id="{mark}"{tag[said.end() :]}'


def _members(template: Value, parts: dict[str, Part]) -> Iterator[Member | Part]:
    """The whole package in python-docx's order."""
    saved = io.BytesIO()
    template.docx.save(saved)
    made = parts_of_ours(saved.getvalue())
    for name, content in made.items():
        part = parts.get(name)
        if part is None:
            yield stored(name, content) if is_picture(name) else deflated(name, content)
            continue
        folder, _, leaf = name.rpartition("/")
        known = made.get(f"{folder}/_rels/{leaf}.rels", b"")
        # rich text may refer to what the template itself refers to, and to nothing of another document
        ids = frozenset(found.decode() for found in _RELATIONSHIP_ID.findall(known))
        part = part._replace(known_ids=ids)
        yield part if _has_values(part) else _finished(part)


def _has_values(part: Part) -> bool:
    """Whether anything of a part depends on values."""
    return part.is_text or any(len(code.batches) != 1 or code.batches[0].positions for code in part.codes)


def _finished(part: Part) -> Member:
    """A part without tags, written once."""
    writer = Writer(part.codes[0].batches, Budget(), Links(part.known_ids), part.first_id)
    writer.raw(part.pieces[0])
    writer.write(0, ())
    writer.raw(part.pieces[1])
    content = bytes(writer.finish())
    return deflated(part.member, emptied.mended(content) if part.may_be_empty else content)
