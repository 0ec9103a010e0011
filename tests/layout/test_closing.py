"""What goes to the next page at the end of a paper takes along what it belongs to."""

import pytest

from pipeline.layout.closing import closing_kept, end_kept

_SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1701"/></w:sectPr>'
)
_BODY, _CLOSING = "VTThan", "VTThanCuoi"


def _paragraph(text: str, style: str = _BODY) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def _finished(*paragraphs: str) -> str:
    return closing_kept(f"<w:body>{''.join(paragraphs)}{_SECTION}</w:body>")


def test_a_closing_line_alone_takes_the_paragraph_before_it_along() -> None:
    made = _finished(_paragraph("Một."), _paragraph("Hai."), _paragraph("Trân trọng.", _CLOSING))
    assert made.count("<w:keepNext/>") == 1
    assert made.index("Một.") < made.index("<w:keepNext/>") < made.index("Hai.")


def test_a_closing_of_more_lines_and_one_behind_a_table_take_nothing_along() -> None:
    assert "keepNext" not in _finished(_paragraph("Một."), _paragraph("Trân trọng kính trình. " * 8, _CLOSING))
    assert "keepNext" not in _finished("<w:tbl></w:tbl>", _paragraph("Trân trọng.", _CLOSING))


def _row(text: str) -> str:
    return f"<w:tr><w:tc>{_paragraph(text, 'VTHoTen')}</w:tc></w:tr>"


def _table(style: str, *rows: str) -> str:
    return f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/></w:tblPr>{"".join(map(_row, rows))}</w:tbl>'


def _kept(*parts: str) -> list[str]:
    """The texts kept with what follows them."""
    made = end_kept(f"<w:body>{''.join(parts)}{_SECTION}</w:body>")
    paragraphs = [one for one in made.split("</w:p>") if "<w:keepNext/>" in one]
    return [one.split("<w:t>")[1].split("<")[0] for one in paragraphs]


def _list(*lines: str) -> str:
    """Nơi nhận below the signature, as the templates have it: all of it kept together."""
    label, *items = (
        _paragraph(text, "VTNoiNhanMuc" if at else "VTNoiNhan").replace("</w:pPr>", "<w:keepNext/></w:pPr>")
        for at, text in enumerate(("Nơi nhận:", *lines))
    )
    return "".join((label, *items))


def test_the_last_signature_of_a_grid_takes_the_row_before_it_along_and_three_rows_stay_together() -> None:
    assert _kept(_table("VTKhungGiaoUoc", "An", "Bình", "Chi", "Chứng kiến")) == ["Chi"]
    assert _kept(_table("VTKhungGiaoUoc", "An", "Bình", "Chứng kiến")) == ["An", "Bình"]
    assert _kept(_table("VTKhungGiaoUoc", "An")) == []
    # a page would not hold both
    titles = "".join(_paragraph(str(at), "VTChucVu") for at in range(25))
    high = _table("VTKhungGiaoUoc", "An", "Chi").replace("<w:tc>", f"<w:tc>{titles}", 1)
    assert _kept(high) == []
    # an ordinary table goes on where it likes
    assert _kept(_table("VTBang", "An", "Bình", "Chi")) == []


def test_a_signature_that_is_kept_with_a_list_is_free_to_be_so_in_libreoffice() -> None:
    table = _table("VTKhungKy", "Ký").replace("<w:tr>", "<w:tr><w:trPr><w:cantSplit/></w:trPr>")
    made = end_kept(f"<w:body>{table}{_list('1', '2')}{_SECTION}</w:body>")
    assert "cantSplit" not in made
    assert "cantSplit" in end_kept(f"<w:body>{table}{_SECTION}</w:body>")


def test_an_article_without_a_text_is_kept_with_nothing() -> None:
    articles = _paragraph("Điều 1", "VTDieu") + _paragraph("Điều 2", "VTDieu")
    made = end_kept(f"<w:body>{articles}{_paragraph('Một.')}{_SECTION}</w:body>")
    assert made.count('<w:keepNext w:val="0"/>') == 1
    assert made.index('<w:keepNext w:val="0"/>') < made.index("Điều 1")


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (12, ["Ký", "Nơi nhận:", "1", "8", "9", "10", "11", "12"]),
        # a list that could not be parted without a page of a few lines stays whole
        (6, ["Ký", "Nơi nhận:", "1", "2", "3", "4", "5", "6"]),
    ],
)
def test_a_list_below_the_signature_begins_on_its_page_and_ends_with_five_lines(lines: int, kept: list[str]) -> None:
    items = [str(at) for at in range(1, lines + 1)]
    assert _kept(_table("VTKhungKy", "Ký"), _list(*items)) == kept


def test_a_list_beside_the_signature_is_left_as_it_is() -> None:
    beside = _paragraph("Nơi nhận:", "VTNoiNhan") + _paragraph("- Như trên;", "VTNoiNhanMuc")
    assert _kept(_table("VTKhungKy", "Ký"), beside) == []


def test_there_is_no_room_for_another_row_below_the_last_name_but_above_what_follows_it() -> None:
    narrow = 'VTHoTen"/><w:spacing w:after="0"/>'
    signed, ended = _table("VTKhungKy", "An", "Bình"), '<w:p><w:pPr><w:pStyle w:val="VTHetBang"/></w:pPr></w:p>'
    made = end_kept(f"<w:body>{signed}{ended}{_SECTION}</w:body>")
    assert made.count(narrow) == 1
    assert made.index("An") < made.index(narrow) < made.index("Bình")
    annexed = f'{ended}<w:p><w:pPr><w:pStyle w:val="VTHetBang"/>{_SECTION}</w:pPr></w:p>'
    assert narrow in end_kept(f"<w:body>{signed}{annexed}{_paragraph('Phụ lục')}{_SECTION}</w:body>")
    assert narrow not in end_kept(f"<w:body>{signed}{_list('- Như trên;')}{_SECTION}</w:body>")
    below = signed.replace("Bình</w:t></w:r></w:p>", f"Bình</w:t></w:r></w:p>{_paragraph('Nơi nhận:', 'VTNoiNhan')}")
    assert narrow not in end_kept(f"<w:body>{below}{ended}{_SECTION}</w:body>")
