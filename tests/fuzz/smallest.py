"""First examples as small as they go: what a door does with one takes milliseconds, so that many are tried.

A whole form of thirty fields, and the dozen parts that Word puts around it, cost a hundred times as much and reach
hardly anything more: nearly all that is changed in them is passed over.
"""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from pipeline.model import JsonObject
from pipeline.papers import codes
from pipeline.reading import KindForm
from tests import sample_papers
from tests.reading import writers
from tests.reading.conftest import context_of_2022, example

#: So many fields of a form outside tables, and so many columns of one table.
_FIELDS, _COLUMNS = 4, 2
#: Without these a Word file is none; what else there is hangs on them.
_PARTS: Final = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")
_TYPES: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>'
)
#: Of a paper with a code in its head, and of one without, so small that drawing it costs nothing (millimetres).
_PAPER_MM: Final = (62.0, 30.0)


def _small(kind: str, name: str) -> tuple[KindForm, JsonObject]:
    """A form with its first fields and its first table, and values for them."""
    form = context_of_2022().form(kind)
    assert form is not None
    values = example(kind, name)
    plain = [one for one in form.root.children if not one.is_table and not one.children][:_FIELDS]
    table, rows = next(iter(writers.tables(form, values)))
    few = (*plain, replace(table, children=table.children[:_COLUMNS]))
    made = replace(form, tree=replace(form.tree, root=replace(form.root, children=few)))
    return made, {one.name: values.get(one.name) for one in plain} | {table.name: [*rows[:1]]}


def word_forms() -> Iterable[bytes]:
    """A form in Word: as lines, as a table, and with content controls; without what Word puts around it."""
    spell = writers.plain(context_of_2022())
    form, values = _small("dang-ky", "pass-catp")
    yield _stripped(writers.as_docx(form, values, spell))
    yield _stripped(writers.as_docx(form, values, spell, in_table=True))
    yield _stripped(writers.as_controls(form, values, spell))


def _stripped(content: bytes) -> bytes:
    """A Word file with nothing but its text."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        body = source.read("word/document.xml")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in zip(_PARTS, (_TYPES.encode(), _RELATIONS.encode(), body), strict=True):
            target.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def pdf_forms() -> Iterable[bytes]:
    """A fillable PDF of a page with some fields."""
    form, values = _small("dang-ky", "pass-catp")
    yield writers.as_pdf(form, values, writers.plain(context_of_2022()))


def papers() -> Iterable[bytes]:
    """A page with a code, and one without, which is looked at longer."""
    code = codes.new_code("fuzz")
    yield sample_papers.paper(code, size_mm=_PAPER_MM)
    yield sample_papers.paper("", size_mm=_PAPER_MM)
