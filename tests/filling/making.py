"""Templates made with python-docx, and docxtpl's own result to hold ours against."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jinja2
from docx import Document
from docxtpl import DocxTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from PIL import Image

from pipeline.ooxml.word_order import WORD, put_in_order

Build = Callable[[Any], object]


def template(build: Build) -> bytes:
    """A Word file, built by a function of python-docx's document."""
    document = Document()
    build(document)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def paragraphs(*texts: str) -> bytes:
    """A Word file of these paragraphs."""
    return template(lambda document: [document.add_paragraph(text) for text in texts])


def table(*rows: Sequence[str]) -> bytes:
    """A Word file with one table between two paragraphs."""

    def build(document: Any) -> None:
        document.add_paragraph("before")
        made = document.add_table(len(rows), max(map(len, rows)))
        for row, texts in zip(made.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=False):
                cell.text = text
        document.add_paragraph("after")

    return template(build)


def with_part(content: bytes, name: str, data: bytes, kind: str, relationship: str) -> bytes:
    """A Word file with one more part related to its document (endnotes, say)."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for member in source.namelist():
            old = source.read(member)
            if member == "[Content_Types].xml":
                override = f'<Override PartName="/word/{name}" ContentType="{kind}"/></Types>'
                old = old.replace(b"</Types>", override.encode())
            elif member == "word/_rels/document.xml.rels":
                line = f'<Relationship Id="rIdMore" Type="{relationship}" Target="{name}"/></Relationships>'
                old = old.replace(b"</Relationships>", line.encode())
            target.writestr(member, old)
        target.writestr(f"word/{name}", data)
    return made.getvalue()


def replaced(content: bytes, member: str, old: str, new: str) -> bytes:
    """A Word file with a text of one member replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == member:
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode())
            target.writestr(name, data)
    return made.getvalue()


def png(colour: str = "red") -> io.BytesIO:
    """A small picture."""
    saved = io.BytesIO()
    Image.new("RGB", (10, 10), colour).save(saved, "PNG")
    saved.seek(0)
    return saved


def by_docxtpl(
    content: bytes,
    values: Mapping[str, object],
    filters: Mapping[str, Callable[..., object]] | None = None,
    document: Any = None,
) -> bytes:
    """docxtpl's own result, in a strict sandbox with escaping on."""
    document = document or DocxTemplate(io.BytesIO(content))
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)
    environment.filters.update(filters or {})
    document.render(values, environment)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def canonical(content: bytes) -> dict[str, bytes]:
    """The parts of a Word file by name, XML in its canonical form."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert len(set(names)) == len(names)
        return {name: _canonical(name, archive.read(name)) for name in names}


def _canonical(name: str, data: bytes) -> bytes:
    if name.endswith((".xml", ".rels")):
        tree = etree.fromstring(data)
        # docxtpl puts what `cellbg` and `vm` stand for out of the schema's order, we into it
        for properties in tree.iter(f"{WORD}tcPr"):
            put_in_order(properties)
        return bytes(etree.tostring(tree, method="c14n"))
    return data


def same_parts(ours: bytes, theirs: bytes, *, but: Sequence[str] = ()) -> None:
    """Assert that every part of two Word files is the same, `but` those named."""
    mine, other = canonical(ours), canonical(theirs)
    assert mine.keys() == other.keys()
    for name in mine.keys() - set(but):
        assert mine[name] == other[name], name


def texts(content: bytes) -> list[str]:
    """The paragraphs of a Word file's body, tables left out."""
    return [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]


def text(content: bytes) -> str:
    """The first paragraph of a Word file."""
    return texts(content)[0]
