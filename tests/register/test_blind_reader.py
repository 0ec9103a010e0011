"""The printed register as a blind clerk's program is given it: one table a volume, by the Matterhorn Protocol."""

import dataclasses
import io

import pypdf
from PIL import Image

from pipeline.register.formats import FORMATS
from pipeline.register.pages import Mark, paged
from pipeline.register.rows import Row
from tests.register.test_books import PLAN, book, entry, many
from tests.sample_pictures import saved
from tests.sheets.matterhorn import Element, elements, failures

MARK = Mark("KH/2020-2025 30 a1b2c3", saved(Image.new("1", (8, 8)), "PNG"))


def printed(*volumes: object) -> bytes:
    return FORMATS["pdf"](list(volumes), MARK)  # type: ignore[arg-type]  # volumes


def tables(content: bytes) -> list[Element]:
    return [one for one in elements(pypdf.PdfReader(io.BytesIO(content))).all() if one.sort == "Table"]


def test_every_book_meets_every_point_that_a_program_can_check() -> None:
    void = Row(2, entry(2), void=entry(2, act="void", why="nhầm"))
    (volume,) = book(Row(1, entry(1)), void)
    assert failures(printed(volume, many(40, title="Kế hoạch " * 20))) == []
    assert failures(printed()) == []


def test_heads_are_read_once_and_every_number_is_one_row_of_as_many_cells() -> None:
    volume = many(40, title="Kế hoạch " * 20)
    (table,) = tables(printed(volume))
    sorts = [[cell.sort for cell in row.children] for row in table.children]
    assert sorts[:2] == [["TH"] * len(volume.columns)] * 2
    assert sum(row == ["TH"] * len(volume.columns) for row in sorts) == 2
    assert sum(row == ["TD"] * len(volume.columns) for row in sorts) == 40
    bands = [row for row in table.children if len(row.children) == 1]
    spans = {int(str(row.children[0].node["/A"]["/ColSpan"])) for row in bands}  # type: ignore[index]  # of a cell
    assert spans == {len(volume.columns)}


def test_a_number_longer_than_a_page_is_read_in_one_row() -> None:
    (volume,) = book(Row(1, entry(1, columns=dataclasses.replace(PLAN, title="Kế hoạch năm 2022 " * 300))))
    assert len(paged(volume).pages) > 1
    (table,) = tables(printed(volume))
    numbers = [row for row in table.children if [cell.sort for cell in row.children] == ["TD"] * len(volume.columns)]
    assert len(numbers) == 1
    title = max(numbers[0].children, key=lambda cell: len(cell.marks))
    assert len({page for page, _ in title.marks}) == len(paged(volume).pages)
