"""The sheet that a marked workbook opens with: every fault in a row, with a link to its cell."""

from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree
from openpyxl.utils import get_column_letter

from pipeline.answers.marking.marks import Mark, headline, weight_in_words
from pipeline.answers.marking.office_package import RELATIONS, Element, OfficePackage, S, child, insert_before, parse
from pipeline.layout.row_heights import Written, row_height
from pipeline.messages import say, shown_in
from pipeline.model import Message, Severity
from pipeline.ooxml.own_marks import COLOURS, RESULTS_SHEET

_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_WIDTHS: Final = (5, 15, 20, 24, 48, 26, 32, 44)  # characters
_SIZE: Final = 11
_TITLE_PT: Final = 30
_TABLE_TOP: Final = 4
#: What stands behind the names in a workbook (ECMA-376 18.2.27).
_AFTER_NAMES: Final = (
    "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
_EMPTY: Final = f"""<worksheet xmlns="{S[1:-1]}">
<sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>
<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">
<pane ySplit="{_TABLE_TOP}" topLeftCell="A{_TABLE_TOP + 1}" activePane="bottomLeft" state="frozen"/>
</sheetView></sheetViews>
<cols/><sheetData/>
<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>
<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>
<headerFooter><oddFooter>&amp;R&amp;P/&amp;N</oddFooter></headerFooter></worksheet>"""
_TITLE: Final = '<font><b/><sz val="14"/><name val="Times New Roman"/><family val="1"/></font>'
_BOLD: Final = '<font><b/><sz val="11"/><name val="Times New Roman"/><family val="1"/></font>'
_PLAIN: Final = '<font><sz val="11"/><name val="Times New Roman"/><family val="1"/></font>'
_LINK: Final = '<font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="Times New Roman"/><family val="1"/></font>'
_SIDE: Final = '<{0} style="thin"><color rgb="FF7F7F7F"/></{0}>'
_SIDES: Final = "".join(_SIDE.format(side) for side in ("left", "right", "top", "bottom"))
_BORDER: Final = f"<border>{_SIDES}<diagonal/></border>"

Placed = tuple[Mark, str, str]  #: a mark with the sheet and the cell it was put on, "" where there is none


def put_results(package: OfficePackage, book: str, styles: str, marks: Sequence[Placed]) -> None:
    """Put the sheet before all others, or in the place of that of an earlier marking, and show it first."""
    sheet = parse(_EMPTY.encode())
    _fill(sheet, _Looks(package.tree(styles)), marks)
    part = _known(package, book)
    if part:
        package.trees[part] = sheet
    else:
        part = package.free_name("xl/worksheets/sheet{}.xml")
        package.add(part, sheet, _TYPE)
        _list(package.tree(book), package.relate(book, "worksheet", part))
    _show(package, book, part)


def _known(package: OfficePackage, book: str) -> str:
    by_id = package.by_id(book)
    for sheet in package.tree(book).iter(f"{S}sheet"):
        if sheet.get("name") == RESULTS_SHEET:
            return by_id.get(sheet.get(f"{{{RELATIONS}}}id", ""), "")
    return ""


def _list(book: Element, relation: str) -> None:
    """Name the sheet first; names that belong to a sheet count the sheets by their order."""
    sheets = child(book, "sheets")
    ids = [int(one.get("sheetId", "0")) for one in sheets]
    sheet = etree.Element(f"{S}sheet")
    sheet.set("name", RESULTS_SHEET)
    sheet.set("sheetId", str(max(ids) + 1))
    sheet.set(f"{{{RELATIONS}}}id", relation)
    sheets.insert(0, sheet)
    for name in book.iter(f"{S}definedName"):
        if "localSheetId" in name.attrib:
            name.set("localSheetId", str(int(name.get("localSheetId", "0")) + 1))
    _repeat_heading(book)


def _repeat_heading(book: Element) -> None:
    """Have the head of the table on every page of print: a built-in name that belongs to the first sheet."""
    names = book.find(f"{S}definedNames")
    if names is None:
        names = etree.Element(f"{S}definedNames")
        insert_before(book, names, _AFTER_NAMES)
    heading = etree.SubElement(names, f"{S}definedName")
    heading.set("name", "_xlnm.Print_Titles")
    heading.set("localSheetId", "0")
    heading.text = f"'{RESULTS_SHEET}'!${_TABLE_TOP}:${_TABLE_TOP}"


def _show(package: OfficePackage, book: str, part: str) -> None:
    """Open the workbook at this sheet, and at no other: sheets selected together are typed into together."""
    parts = package.by_id(book)
    order = [parts.get(one.get(f"{{{RELATIONS}}}id", ""), "") for one in package.tree(book).iter(f"{S}sheet")]
    for view in package.tree(book).iter(f"{S}workbookView"):
        view.set("activeTab", str(order.index(part)))
        # else the tabs may be scrolled so far that the first is out of sight
        etree.strip_attributes(view, "firstSheet")
    for other in order:
        # looked for in the bytes first: sheets that need no change keep them
        if other != part and b"tabSelected" in package.parts.get(other, b""):
            for view in package.tree(other).iter(f"{S}sheetView"):
                etree.strip_attributes(view, "tabSelected")


def _fill(sheet: Element, looks: "_Looks", marks: Sequence[Placed]) -> None:
    language = marks[0][0].language
    for number, width in enumerate(_WIDTHS, start=1):
        column = etree.SubElement(child(sheet, "cols"), f"{S}col")
        for name, value in (("min", number), ("max", number), ("width", width), ("customWidth", 1)):
            column.set(name, str(value))
    rows = child(sheet, "sheetData")
    title = f"{RESULTS_SHEET}: {headline([mark for mark, _, _ in marks], language)}"
    _row(rows, 1, [title], [looks.title])
    advice = say(
        "Mend the marked cells on the sheets of this workbook and drop it again. This sheet, the colours and the "
        "comments beginning with its name may stay: they are not read as part of the form."
    )
    _row(rows, 2, [shown_in(advice, language)], [looks.plain])
    _row(rows, _TABLE_TOP, [shown_in(one, language) for one in _headings()], [looks.heading] * len(_WIDTHS))
    links = etree.Element(f"{S}hyperlinks")
    for at, (mark, title, cell) in enumerate(marks, start=1):
        row = _TABLE_TOP + at
        _row(rows, row, list(_texts(at, mark, title, cell)), looks.row(mark.severity))
        if title:
            link = etree.SubElement(links, f"{S}hyperlink")
            link.set("ref", f"C{row}")
            # in quotes, with those of the title doubled: titles hold blanks, dashes and Vietnamese
            link.set("location", f"'{title.replace(chr(39), chr(39) * 2)}'!{cell or 'A1'}")
    if len(links):
        insert_before(sheet, links, ("pageMargins",))


def _headings() -> tuple[Message, ...]:
    return (
        say("No."),
        say("Weight"),
        say("Sheet, cell"),
        say("Item"),
        say("What is wrong"),
        say("Found there"),
        say("What is needed"),
        say("How to mend it"),
    )


def _texts(at: int, mark: Mark, title: str, cell: str) -> Iterator[str]:
    yield str(at)
    yield f"{mark.sign} {weight_in_words(mark.severity, mark.language)}"
    yield ", ".join(filter(None, (title, cell))) or "–"
    yield mark.place.label
    yield mark.message
    yield mark.found
    yield mark.needed
    yield mark.mend


def _row(rows: Element, number: int, texts: Sequence[str], looks: Sequence[int]) -> None:
    row = etree.SubElement(rows, f"{S}row")
    row.set("r", str(number))
    if number == 1:
        row.set("ht", str(_TITLE_PT))
        row.set("customHeight", "1")
    elif len(texts) > 1:  # not every program makes room for wrapped lines by itself
        is_bold = number == _TABLE_TOP
        cells = (Written(text, width, _SIZE, is_bold) for text, width in zip(texts, _WIDTHS, strict=True))
        row.set("ht", str(row_height(cells)))
        row.set("customHeight", "1")
    for column, (text, look) in enumerate(zip(texts, looks, strict=True), start=1):
        cell = etree.SubElement(row, f"{S}c")
        cell.set("r", f"{get_column_letter(column)}{number}")
        cell.set("s", str(look))
        # inline, so that the unit's table of shared texts stays as it is
        cell.set("t", "inlineStr")
        piece = etree.SubElement(etree.SubElement(cell, f"{S}is"), f"{S}t")
        piece.text = text
        piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


class _Looks:
    """The styles of this sheet, added to those of the workbook."""

    def __init__(self, styles: Element) -> None:
        self._styles = styles
        bold, link = self._add("fonts", _BOLD), self._add("fonts", _LINK)
        border = self._add("borders", _BORDER)
        grey = self._fill("D9D9D9")
        plain = self._add("fonts", _PLAIN)
        self.title = self._cell(font=self._add("fonts", _TITLE))
        self.plain = self._cell(font=plain)
        self.heading = self._cell(font=bold, fill=grey, border=border, wraps=True)
        self._body = self._cell(font=plain, border=border, wraps=True)
        self._link = self._cell(font=link, border=border, wraps=True)
        self._weights = {
            severity: self._cell(font=plain, fill=self._fill(rgb), border=border, wraps=True)
            for severity, rgb in COLOURS.items()
        }

    def row(self, severity: Severity) -> list[int]:
        """The styles of a row of the table: coloured by its weight, with a link in the third cell."""
        weight = self._weights[severity]
        return [self._body, weight, self._link, *[self._body] * (len(_WIDTHS) - 3)]

    def _fill(self, rgb: str) -> int:
        pattern = f'<patternFill patternType="solid"><fgColor rgb="FF{rgb}"/></patternFill>'
        return self._add("fills", f"<fill>{pattern}</fill>")

    def _cell(self, *, font: int = 0, fill: int = 0, border: int = 0, wraps: bool = False) -> int:
        alignment = f'<alignment vertical="top" wrapText="{int(wraps)}"/>'
        # 49 is the format “text”: what was found stays as it is also when somebody edits the cell
        numbers = f'numFmtId="49" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"'
        applied = 'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
        return self._add("cellXfs", f"<xf {numbers} {applied}>{alignment}</xf>")

    def _add(self, name: str, xml: str) -> int:
        """The number of a font, fill, border or cell style in the workbook's list, added where it is not there."""
        listed = child(self._styles, name)
        made = parse(f'<list xmlns="{S[1:-1]}">{xml}</list>'.encode())[0]
        wanted = etree.tostring(made, method="c14n", exclusive=True)
        known = [etree.tostring(one, method="c14n", exclusive=True) for one in listed]
        if wanted in known:
            return known.index(wanted)
        listed.append(made)
        listed.set("count", str(len(listed)))
        return len(listed) - 1
