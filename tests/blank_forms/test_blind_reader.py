"""The fillable PDF as a blind clerk's program is given it, by the Matterhorn Protocol."""

import io

import pypdf
import pytest
from pypdf.generic import ArrayObject, NameObject

from tests.blank_forms.test_pdf_forms import empty
from tests.sheets.matterhorn import Element, elements, failures


def tree(kind: str) -> list[Element]:
    return list(elements(pypdf.PdfReader(io.BytesIO(empty(kind)))).all())


@pytest.mark.sweep
def test_a_form_meets_every_point_that_a_program_can_check(kind_id: str) -> None:
    assert failures(empty(kind_id), is_form=True) == []


def test_the_label_of_a_field_is_read_before_it() -> None:
    sorts = [one.sort for one in tree("cong-van")]
    first = sorts.index("Form")
    assert sorts[first - 1 : first + 3] == ["P", "Form", "P", "Form"]


def test_the_heads_of_a_table_are_read_once_and_each_of_its_fields_lies_in_a_cell() -> None:
    tables = [one for one in tree("quy-che") if one.sort == "Table"]
    assert tables
    for table in tables:
        heads, *rows = table.children
        pages = {page for row in rows for one in row.all() for page, _ in one.marks}
        assert all(len(head.marks) == 1 for head in heads.children), f"a table over {len(pages)} pages"
        for row in rows:
            count, *cells = row.children
            assert count.marks
            assert [[one.sort for one in cell.all()] for cell in cells] == [["TD", "Form"]] * (
                len(heads.children) - 1
            )
    assert any(len({page for one in table.all() for page, _ in one.marks}) > 1 for table in tables)


def test_the_checker_tells_a_field_without_a_name_or_a_place_in_the_tree() -> None:
    writer = pypdf.PdfWriter(io.BytesIO(empty("cong-van")))
    page = writer.pages[0]
    page[NameObject("/Tabs")] = NameObject("/R")
    seen = [one.get_object() for one in page["/Annots"] if one.get_object()["/F"] != 2]  # type: ignore[attr-defined]
    del seen[0]["/TU"]
    form = next(one for one in elements(writer).all() if one.sort == "Form")
    form.node[NameObject("/K")] = ArrayObject()
    out = io.BytesIO()
    writer.write(out)
    found = {one.split(" ")[0] for one in failures(out.getvalue(), is_form=True)}
    assert found == {"28-005", "28-009", "28-010"}
