"""Renditions: what LibreOffice makes of our drafts, and what we make of LibreOffice."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdf
import pypdfium2
import pytest
from pypdf.generic import DictionaryObject, PdfObject

from pipeline.errors import MissingToolError
from pipeline.papers import codes
from pipeline.rendition import UnsoundRendition, render
from pipeline.tools.soffice import DraftRefused, Office
from tests.sample_papers import word_document

CODE = codes.new_code("rendition")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(tmp_path_factory.mktemp("office"))
    if not office.available():
        pytest.skip("LibreOffice is not installed")
    with office:
        yield office


def _text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def _dictionary(thing: PdfObject | None) -> DictionaryObject:
    assert thing is not None
    found = thing.get_object()
    assert isinstance(found, DictionaryObject)
    return found


@pytest.mark.office
def test_a_draft_becomes_a_pdf_a_with_its_text_its_pages_and_its_code(office: Office) -> None:
    rendition = render(word_document(CODE, pages=3), office, CODE, codes.find_all)

    assert rendition.pages == 3
    reader = pypdf.PdfReader(io.BytesIO(rendition.content))
    assert reader.metadata is not None
    assert reader.metadata.keywords == CODE
    assert reader.xmp_metadata is not None
    assert (reader.xmp_metadata.pdfaid_part, reader.xmp_metadata.pdfaid_conformance) == ("2", "B")
    # what it needs for a blind reader is tried in tests/sheets
    assert b"<pdfuaid:part>1</pdfuaid:part>" in reader.xmp_metadata.stream.get_data()
    words = re.sub(r"\s+", " ", _text_of(rendition.content))
    assert "các đơn vị thành viên thực hiện nghiêm túc" in words
    assert unicodedata.is_normalized("NFC", words)


@pytest.mark.office
def test_every_font_is_embedded_and_no_picture_is_recompressed(office: Office) -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(word_document(CODE), office, CODE, codes.find_all).content))
    for page in reader.pages:
        fonts = _dictionary(_dictionary(page["/Resources"])["/Font"])
        for font in fonts.values():
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(_dictionary(_dictionary(font)["/FontDescriptor"]))
        pictures = [_dictionary(picture.indirect_reference) for picture in page.images]
        assert pictures
        assert {str(picture["/Filter"]) for picture in pictures} == {"/FlateDecode"}
        assert {str(picture["/Width"]) for picture in pictures} == {"200"}


@pytest.mark.office
def test_a_draft_whose_pages_lack_the_code_is_refused_with_the_page(office: Office) -> None:
    other = codes.new_code("another paper")
    with pytest.raises(UnsoundRendition, match=f"page 1 .*{CODE}"):
        render(word_document(other), office, CODE, codes.find_all)


@pytest.mark.office
def test_letters_apart_from_their_marks_are_refused(office: Office) -> None:
    document = docx.Document()
    document.add_paragraph(unicodedata.normalize("NFD", "Thành ủy Thành phố Hồ Chí Minh"))
    draft = io.BytesIO()
    document.save(draft)
    with pytest.raises(UnsoundRendition, match="NFD"):
        render(draft.getvalue(), office)


@pytest.mark.office
@pytest.mark.parametrize("garbage", [b"", b"no document at all", word_document(CODE)[:9_000]])
def test_what_is_no_word_document_is_refused_never_converted_as_text(garbage: bytes, office: Office) -> None:
    with pytest.raises(DraftRefused):
        render(garbage, office)


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("warm", [True, False])
def test_a_damaged_word_document_is_refused_and_the_next_one_made(warm: bool, tmp_path: Path) -> None:
    with Office(tmp_path, warm=warm) as office:
        with pytest.raises(DraftRefused):
            render(_damaged(word_document(CODE, pages=1)), office)
        assert render(word_document(CODE, pages=1), office, CODE, codes.find_all).pages == 1


def _damaged(document: bytes) -> bytes:
    """The same package with half of its text missing, so that its XML ends too soon."""
    damaged = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part[: len(part) // 2] if name == "word/document.xml" else part)
    return damaged.getvalue()


def test_without_libreoffice_the_sentence_says_what_to_install(tmp_path: Path) -> None:
    office = Office(tmp_path, program="no-such-office")
    assert not office.available()
    assert not office.is_warm()
    with pytest.raises(MissingToolError, match="apt-get install"):
        render(word_document(CODE), office, CODE, codes.find_all)
