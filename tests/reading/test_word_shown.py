"""What only styles, lists, controls and tracked changes of Word decide is read as it is seen, or told."""

import datetime as dt
from typing import Any

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from pipeline.model import Reading, Severity
from pipeline.reading import ReadingContext
from tests.reading import writers
from tests.reading.conftest import Read
from tests.reading.test_dirt import codes, document
from tests.reading.test_visible import _NS, field, read_word, runs, target, text, written
from tests.said import vi

__all__ = ["read_word"]
BLOCK = Severity.BLOCK


def in_style_of_its_table(word: Any, inside: str) -> Any:
    """The document with its first table in a table style of its own."""
    style = f'<w:style {_NS} w:type="table" w:styleId="Bang"><w:name w:val="Bang"/>{inside}</w:style>'
    word.styles.element.append(parse_xml(style))
    properties = word.tables[0]._tbl.tblPr
    for old in properties.findall(qn("w:tblStyle")):
        properties.remove(old)
    properties.insert(0, parse_xml(f'<w:tblStyle {_NS} w:val="Bang"/>'))
    return word


@pytest.mark.parametrize(
    ("look", "code"),
    [
        ("<w:vanish/>", "docx.hidden-text"),
        ('<w:color w:val="FFFFFF"/>', "docx.hidden-text"),
        ('<w:sz w:val="2"/>', "docx.hidden-text"),
        ("<w:strike/>", "text.struck-out"),
        ('<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>', "text.unknown-sign"),
    ],
)
def test_a_table_style_hides_as_the_run_itself_would(
    read: Read, context: ReadingContext, look: str, code: str
) -> None:
    word = in_style_of_its_table(document(context), f"<w:rPr>{look}</w:rPr>")

    reading = read(writers.saved(word), "DK.docx")

    assert set(codes(reading)) - {"form.text-unused"} == {code}
    assert "targets" not in reading.values


def test_what_paragraph_and_run_say_is_over_what_the_table_style_says(read: Read, context: ReadingContext) -> None:
    word = in_style_of_its_table(document(context), '<w:rPr><w:color w:val="FFFFFF"/></w:rPr>')
    for run in word.tables[0]._tbl.iter(qn("w:r")):
        run.insert(0, parse_xml(f'<w:rPr {_NS}><w:color w:val="000000"/></w:rPr>'))

    assert codes(read(writers.saved(word), "DK.docx")) == []


@pytest.mark.parametrize(
    ("part", "asked", "lost"),
    [
        ("band1Horz", "0000", [1, 3, 5, 7]),
        ("band2Horz", "0020", [1, 3, 5, 7]),
        ("band2Horz", "0220", []),
        ("lastRow", "0260", [7]),
        ("firstCol", "0600", []),
    ],
)
def test_a_table_style_hides_in_the_parts_of_a_table_that_the_table_asks_for(
    read: Read, context: ReadingContext, part: str, asked: str, lost: list[int]
) -> None:
    look = f'<w:tblStylePr w:type="{part}"><w:rPr><w:vanish/></w:rPr></w:tblStylePr>'
    word = in_style_of_its_table(document(context), look)
    properties = word.tables[0]._tbl.tblPr
    for old in properties.findall(qn("w:tblLook")):
        properties.remove(old)
    properties.append(parse_xml(f'<w:tblLook {_NS} w:val="{asked}"/>'))
    head = word.tables[0].rows[0]
    for run in head._tr.iter(qn("w:r")):
        run.insert(0, parse_xml(f'<w:rPr {_NS}><w:vanish w:val="0"/></w:rPr>'))

    reading = read(writers.saved(word), "DK.docx")

    shown = [row["content_code"] for row in reading.values["targets"]]  # type: ignore[union-attr,index,call-overload]
    assert shown == [f"ND{at + 1}" for at in range(8) if at not in lost]
    assert codes(reading) == (["docx.hidden-text"] if lost else [])


UNSEEN = {
    "let through by all": '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="000000"><w14:alpha w14:val="100000"/>'
    "</w14:srgbClr></w14:solidFill></w14:textFill>",
    "the paper's colour of the theme": '<w14:textFill><w14:solidFill><w14:schemeClr w14:val="bg1"/></w14:solidFill>'
    "</w14:textFill>",
    "from white to white": "<w14:textFill><w14:gradFill><w14:gsLst>"
    '<w14:gs w14:pos="0"><w14:srgbClr w14:val="FFFFFF"/></w14:gs>'
    '<w14:gs w14:pos="9"><w14:srgbClr w14:val="FFFFFF"/></w14:gs></w14:gsLst></w14:gradFill></w14:textFill>',
    "as narrow as strokes": '<w:w w:val="1"/>',
    "one on the other": '<w:spacing w:val="-400"/>',
}


@pytest.mark.parametrize("how", UNSEEN)
def test_letters_that_cannot_be_told_on_paper_are_no_value(read_word: Any, how: str) -> None:
    reading = read_word(runs(text("80% "), properties=UNSEEN[how]), runs(text("95%")))

    assert (target(reading), codes(reading)) == ("95%", ["docx.hidden-text"])


@pytest.mark.parametrize(
    "look",
    [
        '<w:w w:val="80"/><w:spacing w:val="-20"/>',
        UNSEEN["let through by all"].replace("100000", "40000"),
        UNSEEN["from white to white"].replace("FFFFFF", "00FF00", 1),
    ],
)
def test_letters_a_little_closer_or_paler_are_read(read_word: Any, look: str) -> None:
    reading = read_word(runs(text("95%"), properties=look))

    assert (target(reading), codes(reading)) == ("95%", [])


def test_a_line_too_low_for_any_letter_is_not_read_and_told(read: Read, context: ReadingContext) -> None:
    word = written(document(context), runs(text("Tỷ lệ 95%")))
    spacing = parse_xml(f'<w:spacing {_NS} w:line="20" w:lineRule="exact"/>')
    word.tables[0].rows[1].cells[2].paragraphs[0]._p.get_or_add_pPr().append(spacing)

    assert codes(read(writers.saved(word), "DK.docx")) == ["docx.hidden-text"]


@pytest.mark.parametrize("around", ["bdo", "dir"])
def test_letters_made_to_run_from_the_right_are_told(read_word: Any, around: str) -> None:
    (finding,) = read_word(runs(text("Đạt ")), f'<w:{around} w:val="rtl">{runs(text("59"))}</w:{around}>').findings

    assert (finding.code, finding.severity) == ("text.unread", Severity.BLOCK)


def test_of_two_renderings_the_one_that_word_can_show_is_read(read_word: Any) -> None:
    other = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        f'xmlns:la="urn:la"><mc:Choice Requires="la">{runs(text("80%"))}</mc:Choice>'
        f"<mc:Fallback>{runs(text('95%'))}</mc:Fallback></mc:AlternateContent>"
    )

    assert target(read_word(other)) == "95%"


# Controls ----------------------------------------------------------------------------------------------------


def control(properties: str, letters: str, look: str = "") -> str:
    content = runs(text(letters), properties=look)
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


CONTROLS = {
    "typed over its placeholder by a program that left the mark": ("<w:showingPlcHdr/>", "Tỷ lệ 95%"),
    "ticked in the file and empty on paper": (
        '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>',
        "☐",
    ),
    "ticked on paper and empty in the file": (
        '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="00FE"/></w14:checkbox>',
        "þ",
    ),
    "a day that was chosen month first": ('<w:date w:fullDate="2022-10-08T00:00:00Z"/>', "10/08/2022"),
}


@pytest.mark.parametrize("how", CONTROLS)
def test_a_control_that_shows_something_else_than_it_keeps_is_told(read_word: Any, how: str) -> None:
    properties, letters = CONTROLS[how]

    (finding,) = read_word(runs(text("Giữ ")), control(properties, letters)).findings

    assert (finding.code, finding.severity) == ("text.unread", Severity.BLOCK)
    assert letters in vi(finding.message)


@pytest.mark.parametrize(
    ("properties", "letters", "look"),
    [
        ("<w:showingPlcHdr/>", "Ghi chỉ tiêu vào đây", '<w:rStyle w:val="PlaceholderText"/>'),
        ("<w:showingPlcHdr/>", "Click or tap here to enter text.", ""),
        ("<w:showingPlcHdr/>", "…………", ""),
        ('<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>', "☒", ""),
        ('<w:date w:fullDate="2022-08-10T00:00:00Z"/>', "10/08/2022", ""),
        ('<w:date w:fullDate="2022-06-05T00:00:00Z"/>', "17/8/2022", ""),  # typed over: what is seen counts
    ],
)
def test_a_control_that_shows_what_it_keeps_is_not(read_word: Any, properties: str, letters: str, look: str) -> None:
    assert codes(read_word(runs(text("Giữ ")), control(properties, letters, look))) == []


def test_a_day_typed_over_is_read_though_its_figures_are_those_of_the_day_kept(
    read: Read, context: ReadingContext
) -> None:
    word = document(context)
    column = [cell.text for cell in word.tables[0].rows[0].cells].index("Thời gian hoàn thành")
    paragraph = word.tables[0].rows[1].cells[column].paragraphs[0]._p
    for run in list(paragraph.iterchildren(qn("w:r"))):
        paragraph.remove(run)
    kept = dt.date(2022, 6, 5)
    properties = f'<w:tag w:val="targets.0.due"/><w:date w:fullDate="{kept}T00:00:00Z"/>'
    paragraph.append(parse_xml(f"<w:p {_NS}>{control(properties, '05/08/2022')}</w:p>")[0])

    assert due(read(writers.saved(word), "DK.docx")) == "2022-08-05"


def due(reading: Reading) -> Any:
    targets = reading.values["targets"]
    assert isinstance(targets, list)
    assert isinstance(targets[0], dict)
    return targets[0].get("due")


# Lists -------------------------------------------------------------------------------------------------------


def in_a_list(word: Any, heading: str, lines: list[str], kind: str, label: str) -> Any:
    """The first cell below a heading, with each line a paragraph of one list."""
    numbering = word.part.numbering_part.element
    level = f'<w:lvl w:ilvl="0"><w:numFmt w:val="{kind}"/><w:lvlText w:val="{label}"/></w:lvl>'
    numbering.insert(0, parse_xml(f'<w:abstractNum {_NS} w:abstractNumId="77">{level}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {_NS} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for table in word.tables:
        heads = [cell.text for cell in table.rows[0].cells]
        if any(head.startswith(heading) for head in heads):
            at = next(at for at, head in enumerate(heads) if head.startswith(heading))
            tc = table.rows[1].cells[at]._tc
            for paragraph in tc.findall(qn("w:p")):
                tc.remove(paragraph)
            in_list = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr></w:pPr>'
            for line in lines:
                tc.append(parse_xml(f"<w:p {_NS}>{in_list}{runs(text(line))}</w:p>"))
    return word


@pytest.mark.parametrize(
    ("kind", "label"), [("decimal", "Không quá %1"), ("none", "Không"), ("bullet", "≥"), ("bullet", "dưới")]
)
def test_words_that_a_list_prints_before_a_line_are_told(
    read: Read, context: ReadingContext, kind: str, label: str
) -> None:
    word = in_a_list(document(context), "Chỉ tiêu", ["95%"], kind, label)

    (finding,) = read(writers.saved(word), "DK.docx").findings

    assert (finding.code, str(finding.place.pointer)) == ("text.unread", "/targets/0/target_text")
    assert label.replace("%1", "1") in vi(finding.message)


@pytest.mark.parametrize(
    ("kind", "label"), [("decimal", "%1."), ("decimal", "Điều %1."), ("lowerLetter", "%1)"), ("bullet", "o")]
)
def test_numbers_and_dashes_of_a_list_are_not(read: Read, context: ReadingContext, kind: str, label: str) -> None:
    word = in_a_list(document(context), "Chỉ tiêu", ["95%"], kind, label)

    reading = read(writers.saved(word), "DK.docx")

    assert (target(reading), codes(reading)) == ("95%", [])


@pytest.mark.parametrize(("kind", "label"), [("decimal", "%1."), ("bullet", "-")])
def test_two_lines_of_a_list_are_two_things_as_if_their_numbers_were_typed(
    read: Read, context: ReadingContext, kind: str, label: str
) -> None:
    lines = ["Hội thảo chuyển đổi số,", "ký số và xử lý văn bản"]  # without numbers one title, broken
    word = in_a_list(document(context), "Tên hoạt động", lines, kind, label)

    activities = read(writers.saved(word), "DK.docx").values["activities"]

    assert isinstance(activities, list)
    assert len(activities) == 2


# Tracked changes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["row", "cellIns", "cellDel", "mark"])
def test_every_tracked_change_is_told(read: Read, context: ReadingContext, change: str) -> None:
    word = document(context)
    row = word.tables[0].rows[1]
    cell = row.cells[2]
    if change == "row":
        row._tr.get_or_add_trPr().append(parse_xml(f'<w:ins {_NS} w:id="5" w:author="Lan"/>'))
    elif change == "mark":
        mark = f'<w:rPr {_NS}><w:del w:id="5" w:author="Lan"/></w:rPr>'
        cell.paragraphs[0]._p.get_or_add_pPr().append(parse_xml(mark))
    else:
        cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:{change} {_NS} w:id="5" w:author="Lan"/>'))

    reading = read(writers.saved(word), "DK.docx")

    assert codes(reading) == ["I06"]
    assert (target(reading) is None) == (change == "cellDel")


# Fields and initials -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instruction", "result"),
    [
        ("REF cu", "Error! Reference source not found."),
        ("DOCVARIABLE ty_le", "Lỗi! Không có biến tài liệu nào được cung cấp."),
        ("MERGEFIELD tinh", "«tinh»"),
    ],
)
def test_a_field_that_shows_only_that_it_has_nothing_to_show_is_told(
    read_word: Any, instruction: str, result: str
) -> None:
    told = [
        one for one in read_word(runs(text("Giữ ")), field(instruction, result)).findings if one.severity is BLOCK
    ]

    assert [one.code for one in told] == ["text.unread"]
    assert result[:20] in vi(told[0].message)


@pytest.mark.parametrize("instruction", ["NUMPAGES", "PAGE", "NUMWORDS", "REVNUM", "INFO TITLE"])
def test_a_number_or_word_that_word_counts_or_takes_from_the_file_is_told(read_word: Any, instruction: str) -> None:
    assert codes(read_word(runs(text("Giữ ")), field(instruction, "3"))) == ["text.computed"]


def test_a_large_first_letter_belongs_to_its_word(read: Read, context: ReadingContext) -> None:
    word = document(context)
    tc = word.tables[0].rows[1].cells[2]._tc
    for paragraph in tc.findall(qn("w:p")):
        tc.remove(paragraph)
    initial = '<w:pPr><w:framePr w:dropCap="drop" w:lines="2"/></w:pPr>'
    tc.append(parse_xml(f"<w:p {_NS}>{initial}{runs(text('T'))}</w:p>"))
    tc.append(parse_xml(f"<w:p {_NS}>{runs(text('ỷ lệ 95%'))}</w:p>"))

    assert target(read(writers.saved(word), "DK.docx")) == "Tỷ lệ 95%"
