"""A closing line alone takes the paragraph before it along to the page of the signature."""

from pipeline.layout.closing import closing_kept

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
