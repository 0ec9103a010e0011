"""What a blind clerk's program is given: every kind in every form, as it is sent out, by the Matterhorn Protocol."""

import io
from collections.abc import Callable, Iterator

import pypdf
import pypdfium2
import pytest
from pypdf.generic import ArrayObject, BooleanObject, NameObject, TextStringObject

from pipeline.pdf import dictionary_in
from pipeline.rendition import render
from pipeline.tools.soffice import Office
from tests.layout.paper import office_in
from tests.sheets.matterhorn import elements, failures
from tests.sheets.printing import FORMS, KINDS, example, sample, sizes_of

Break = Callable[[pypdf.PdfWriter], None]

pytestmark = [pytest.mark.office, pytest.mark.slow]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_in(tmp_path_factory.mktemp("office")) as office:
        yield office


def printed(document: bytes, office: Office) -> bytes:
    """The PDF as it goes out, with the marks of its pages."""
    return render(
        document, office, mark_of=lambda page, pages: f"VT0123456789ABCD-{page:02}/{pages:02}-7K2MQ9"
    ).content


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_meets_every_point_that_a_program_can_check(kind: str, form: str, office: Office) -> None:
    documents = {"example": example(kind, form), "shortest": sample(kind, form, sizes_of(kind)["shortest"])}
    found = {name: failures(printed(document, office)) for name, document in documents.items()}
    assert found == {"example": [], "shortest": []}


def test_a_reader_goes_by_name_chapter_and_article(office: Office) -> None:
    regulations = elements(pypdf.PdfReader(io.BytesIO(printed(example("quy-che", "dang-hd05"), office))))
    levels = [one.sort for one in regulations.all() if one.sort.startswith("H")]
    assert levels[:4] == ["H1", "H2", "H2", "H3"], "name, chapter, its name, article"
    assert levels.count("H1") == 1
    # articles without chapters come right below the name
    decision = elements(pypdf.PdfReader(io.BytesIO(printed(example("quyet-dinh", "dang-hd05"), office))))
    assert next(one.sort for one in list(decision.all()) if one.sort in ("H2", "H3")) == "H2"


def test_head_and_signatures_are_no_tables_and_tables_have_heads(office: Office) -> None:
    pledge = elements(pypdf.PdfReader(io.BytesIO(printed(example("giao-uoc", "dang-hd05"), office))))
    tables = [one for one in pledge.all() if one.sort == "Table"]
    assert len(tables) == 1
    assert [cell.sort for cell in tables[0].children[0].children] == ["TH"] * 4
    names = [one for one in pledge.all() if one.own == "VT Họ và tên"]
    assert names
    assert all(one.parent is not None and one.parent.sort == "Div" for one in names)


def test_what_is_added_for_a_reader_changes_no_dot_of_a_page(office: Office) -> None:
    document = example("ke-hoach", "nd30")
    before, after = (
        pypdfium2.PdfDocument(each) for each in (office.convert(document), render(document, office).content)
    )
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        assert bytes(one.render(scale=1.5).buffer) == bytes(other.render(scale=1.5).buffer)


def _no_title(writer: pypdf.PdfWriter) -> None:
    dictionary_in(writer.root_object, "/ViewerPreferences")[NameObject("/DisplayDocTitle")] = BooleanObject(False)


def _no_language(writer: pypdf.PdfWriter) -> None:
    writer.root_object[NameObject("/Lang")] = TextStringObject("")


def _not_tagged(writer: pypdf.PdfWriter) -> None:
    del writer.root_object["/StructTreeRoot"]


def _no_scope(writer: pypdf.PdfWriter) -> None:
    next(one for one in elements(writer).all() if one.sort == "TH").node.pop("/A")


def _level_left_out(writer: pypdf.PdfWriter) -> None:
    heading = next(one for one in elements(writer).all() if one.sort == "H2")
    heading.node[NameObject("/S")] = NameObject("/H4")


def _cell_without_row(writer: pypdf.PdfWriter) -> None:
    row = next(one for one in elements(writer).all() if one.sort == "TR")
    row.node[NameObject("/S")] = NameObject("/P")


def _content_of_nobody(writer: pypdf.PdfWriter) -> None:
    paragraph = next(one for one in elements(writer).all() if one.own == "VT Nội dung")
    paragraph.node[NameObject("/K")] = ArrayObject()


def _unmarked_drawing(writer: pypdf.PdfWriter) -> None:
    page = writer.pages[0]
    stream = page.get_contents()
    assert stream is not None
    stream.set_data(stream.get_data() + b"\n10 10 m 20 20 l S\n")
    page[NameObject("/Contents")] = writer._add_object(stream)


def _letters_of_no_unicode(writer: pypdf.PdfWriter) -> None:
    fonts = dictionary_in(dictionary_in(writer.pages[0], "/Resources"), "/Font")
    dictionary_in(fonts, next(iter(fonts))).pop("/ToUnicode")


@pytest.mark.parametrize(
    ("spoil", "number"),
    [
        (_no_title, "07-001"),
        (_no_language, "11-006"),
        (_not_tagged, "01-005"),
        (_no_scope, "15-003"),
        (_level_left_out, "14-003"),
        (_cell_without_row, "09-004"),
        (_content_of_nobody, "01-005"),
        (_unmarked_drawing, "01-005"),
        (_letters_of_no_unicode, "31-027"),
    ],
)
def test_the_checker_sees_what_is_spoiled(spoil: Break, number: str, office: Office) -> None:
    content = printed(example("ke-hoach", "dang-hd05"), office)
    assert failures(content) == []
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    spoil(writer)
    spoiled = io.BytesIO()
    writer.write(spoiled)
    assert [one for one in failures(spoiled.getvalue()) if one.startswith(number)]
