"""The ways a conforming document is spoilt, as data: what is done, to which one, which rule must tell it where."""

import copy
import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from pipeline.layout.applying import twips, w
from pipeline.layout.check import Facts
from tests.layout.check.papers import (
    NS,
    Paper,
    Spoil,
    inserted,
    made,
    related,
    set_para,
    set_run,
    set_text,
    style_of,
    text_of,
)

Where = Literal["paragraph", "document", "header"]


NOTHING_KNOWN = Facts()


@dataclass(frozen=True)
class Mutation:
    """One way: the rule that must tell it, with its weight, and where: paragraph, whole document, header."""

    name: str
    rule: str
    weight: Literal["E", "W", "I"]
    on: str
    spoil: Spoil
    where: Where = "paragraph"
    facts: Facts = NOTHING_KNOWN

    @property
    def kind(self) -> str:
        """The kind of document."""
        return self.on.split(".", maxsplit=1)[0]

    @property
    def form(self) -> str:
        """Its form."""
        return self.on.split(".", maxsplit=1)[1]


def as_it_is(style: str) -> Spoil:
    """Nothing changed: what is known of the document is another thing than it says."""

    def spoil(paper: Paper) -> None:
        paper.para(style)

    return spoil


def text(style: str, new: str, nth: int = 0) -> Spoil:
    """Another text."""
    return lambda paper: set_text(paper.para(style, nth), new)


def sub(style: str, old: str, new: str, nth: int = 0) -> Spoil:
    """Some other words."""

    def spoil(paper: Paper) -> None:
        para = paper.para(style, nth)
        assert old in text_of(para), text_of(para)
        set_text(para, text_of(para).replace(old, new))

    return spoil


def run(style: str, tag: str, nth: int = 0, **attributes: str) -> Spoil:
    """Letters formatted directly."""
    return lambda paper: set_run(paper.para(style, nth), tag, **attributes)


def para(style: str, tag: str, nth: int = 0, **attributes: str) -> Spoil:
    """A paragraph formatted directly."""
    return lambda paper: set_para(paper.para(style, nth), tag, **attributes)


def off(style: str, tag: str, nth: int = 0) -> Spoil:
    """Bold or italics switched off."""
    return run(style, tag, nth, val="0")


def end(style: str, old: str, new: str, nth: int = 0) -> Spoil:
    """Another end of a line."""

    def spoil(paper: Paper) -> None:
        place = paper.para(style, nth)
        assert text_of(place).endswith(old), text_of(place)
        set_text(place, text_of(place).removesuffix(old) + new)

    return spoil


def gone(style: str, beside: str, nth: int = 0) -> Spoil:
    """A paragraph taken out; the finding stands at `beside`."""

    def spoil(paper: Paper) -> None:
        lost = paper.para(style, nth)
        parent = lost.getparent()
        assert parent is not None
        if parent.tag == w("tc") and len(parent.findall("w:p", NS)) == 1:
            for each in lost.findall("w:r", NS):
                lost.remove(each)
        else:
            parent.remove(lost)
        paper.para(beside)

    return spoil


def margin(side: str, mm: float) -> Spoil:
    """Another margin."""

    def spoil(paper: Paper) -> None:
        for each in paper.body.iter(w("pgMar")):
            each.set(w(side), str(twips(mm)))

    return spoil


def paper_size(width: float, height: float) -> Spoil:
    """Another paper."""

    def spoil(paper: Paper) -> None:
        for each in paper.body.iter(w("pgSz")):
            each.set(w("w"), str(twips(width)))
            each.set(w("h"), str(twips(height)))

    return spoil


def in_style(style: str, properties: str, tag: str, **attributes: str) -> Spoil:
    """A style changed; the first paragraph in it is where it shows."""

    def spoil(paper: Paper) -> None:
        held = style_of(paper, style).find(f"w:{properties}", NS)
        assert held is not None
        for old in held.findall(f"w:{tag}", NS):
            held.remove(old)
        held.append(made(tag, **attributes))
        paper.para(style)

    return spoil


def default_font(font: str) -> Spoil:
    """The document's own font is another one."""

    def spoil(paper: Paper) -> None:
        fonts = next(paper.tree("word/styles.xml").iter(w("rFonts")))
        for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(w(slot), font)
        paper.para("VTCapTren")

    return spoil


def theme_font(paper: Paper) -> None:
    """A paragraph takes its font from the theme, as a new Word file does."""
    theme = (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Office"><a:themeElements>'
        '<a:fontScheme name="Office"><a:majorFont><a:latin typeface="Cambria"/><a:ea typeface=""/><a:cs typeface=""/>'
        '</a:majorFont><a:minorFont><a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/></a:minorFont>'
        "</a:fontScheme></a:themeElements></a:theme>"
    )
    related(
        paper,
        "word/theme/theme1.xml",
        "theme",
        theme.encode(),
        "application/vnd.openxmlformats-officedocument.theme+xml",
    )
    set_run(paper.para("VTThan"), "rFonts", asciiTheme="minorHAnsi", hAnsiTheme="minorHAnsi")


def based_on(paper: Paper) -> None:
    """A paragraph in a style based on another one, which has the wrong font."""
    styles = paper.tree("word/styles.xml")
    for name, base in (("Goc", "VTThan"), ("Con", "Goc")):
        style = etree.SubElement(styles, w("style"), {w("type"): "paragraph", w("styleId"): name})
        style.append(made("name", val=name))
        style.append(made("basedOn", val=base))
        if name == "Goc":
            etree.SubElement(style, w("rPr")).append(made("rFonts", ascii="Verdana", hAnsi="Verdana"))
    target = paper.para("VTThan", 2)
    set_para(target, "pStyle", val="Con")


def character_style(tag: str, **attributes: str) -> Spoil:
    """Letters in a character style."""

    def spoil(paper: Paper) -> None:
        style = etree.SubElement(
            paper.tree("word/styles.xml"), w("style"), {w("type"): "character", w("styleId"): "Chu"}
        )
        style.append(made("name", val="Chu"))
        etree.SubElement(style, w("rPr")).append(made(tag, **attributes))
        set_run(paper.para("VTTieuDe"), "rStyle", val="Chu")

    return spoil


def in_parts(prefix: str, tag: str, **attributes: str) -> Spoil:
    """Letters in headers or footers."""

    def spoil(paper: Paper) -> None:
        for name in paper.parts:
            if name.startswith(f"word/{prefix}") and name.endswith(".xml"):
                for each in paper.tree(name).iter(w("p")):
                    set_run(each, tag, **attributes)

    return spoil


def page_field(paper: Paper) -> list[etree._Element]:
    """The paragraphs which hold the page number."""
    return [
        next(each.iterancestors(w("p")))
        for name in paper.parts
        if name.startswith("word/header") and name.endswith(".xml")
        for each in paper.tree(name).iter(w("instrText"))
    ]


def no_page_number(paper: Paper) -> None:
    """The page number is taken out."""
    for place in page_field(paper):
        for each in place.findall("w:r", NS):
            place.remove(each)


def page_number(tag: str, **attributes: str) -> Spoil:
    """The page number looks otherwise."""

    def spoil(paper: Paper) -> None:
        for place in page_field(paper):
            if tag == "jc":
                set_para(place, tag, **attributes)
            else:
                set_run(place, tag, **attributes)

    return spoil


def no_first_page(paper: Paper) -> None:
    """The first page has no header of its own."""
    for flag in list(paper.body.iter(w("titlePg"))):
        parent = flag.getparent()
        assert parent is not None
        parent.remove(flag)


def decomposed(paper: Paper) -> None:
    """Letters typed as Unicode tổ hợp."""
    place = paper.para("VTThan", 3)
    set_text(place, unicodedata.normalize("NFD", text_of(place)))


def changed(tag: str) -> Spoil:
    """A run inserted or deleted with tracking on."""

    def spoil(paper: Paper) -> None:
        place = paper.para("VTThan", 1)
        change = made(tag, id="90", author="Văn thư", date="2022-05-27T08:00:00Z")
        moved = copy.deepcopy(place.findall("w:r", NS)[0])
        if tag == "del":
            for node in moved.iter(w("t")):
                node.tag = w("delText")
        change.append(moved)
        place.append(change)

    return spoil


def look_changed(paper: Paper) -> None:
    """A format changed with tracking on."""
    place = paper.para("VTThan", 2)
    set_run(place, "rPrChange", id="91", author="Văn thư")


def commented(paper: Paper) -> None:
    """A comment on a paragraph."""
    comments = (
        f'<w:comments xmlns:w="{NS["w"]}"><w:comment w:id="5" w:author="Văn thư"><w:p><w:r><w:t>Xem lại</w:t></w:r>'
        "</w:p></w:comment></w:comments>"
    )
    related(
        paper,
        "word/comments.xml",
        "comments",
        comments.encode(),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml",
    )
    place = paper.para("VTThan", 4)
    place.append(made("commentRangeStart", id="5"))
    each = etree.SubElement(place, w("r"))
    each.append(made("commentReference", id="5"))


def author(paper: Paper) -> None:
    """The file names its author."""
    core = paper.tree("docProps/core.xml")
    tag = "{http://purl.org/dc/elements/1.1/}creator"
    held = core.find(tag)
    held = etree.SubElement(core, tag) if held is None else held
    held.text = "Nguyễn Văn Soạn"


def before(style: str, words: str, like: str = "", nth: int = 0) -> Spoil:
    """A new line before another."""
    return lambda paper: inserted(paper, style, words, like=like, nth=nth)


def after(style: str, words: str, like: str = "", nth: int = 0) -> Spoil:
    """A new line after another."""
    return lambda paper: inserted(paper, style, words, like=like, nth=nth, after=True)


def signed_by(authority: str, position: str, at: Literal["authority", "position"] = "authority") -> Spoil:
    """The signature of a head's deputy, or on behalf; the kiêm block is taken away."""

    def spoil(paper: Paper) -> None:
        first = paper.para("VTChucVu")
        cell = next(first.iterancestors(w("tc")))
        for each in cell.findall("w:p", NS)[1:-1]:
            cell.remove(each)
        set_text(first, position)
        if authority:
            inserted(paper, "VTChucVu", authority, like="VTQuyenHan")
        if at == "position":
            paper.para("VTChucVu")

    return spoil


def appendix_again(words: str, again: str) -> Spoil:
    """A second appendix heading, both written as given."""

    def spoil(paper: Paper) -> None:
        first = paper.para("VTPhuLuc")
        body = first.getparent()
        assert body is not None
        start = list(body).index(first)
        block = [copy.deepcopy(each) for each in list(body)[start : start + 4]]
        mark = body[-1] if body[-1].tag == w("sectPr") else None
        for each in block:
            if mark is not None:
                mark.addprevious(each)
            else:
                body.append(each)
        set_text(first, words)
        set_text(paper.para("VTPhuLuc", -1), again)

    return spoil


def header_line(words: str) -> Spoil:
    """A line in every header."""

    def spoil(paper: Paper) -> None:
        for name in paper.parts:
            if name.startswith("word/header") and name.endswith(".xml"):
                line = etree.SubElement(paper.tree(name), w("p"))
                set_text(line, words)

    return spoil


def nameless(paper: Paper) -> None:
    """No name under the position."""
    set_text(paper.para("VTHoTen"), "")
    paper.para("VTChucVu", -1)


def second_section(paper: Paper) -> None:
    """The margins of the last section only."""
    mark = list(paper.body.iter(w("sectPr")))[-1].find("w:pgMar", NS)
    assert mark is not None
    mark.set(w("left"), str(twips(20)))


def box(paper: Paper) -> None:
    """A text box in another font."""
    place = etree.SubElement(paper.para("VTThan", 3), w("r"))
    place.append(
        etree.fromstring(
            f'<w:pict xmlns:w="{NS["w"]}" xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent>'
            '<w:p><w:r><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/></w:rPr><w:t>Ghi chu</w:t></w:r></w:p>'
            "</w:txbxContent></v:textbox></v:shape></w:pict>"
        )
    )


def foot(paper: Paper) -> None:
    """A footnote in another font."""
    notes = (
        f'<w:footnotes xmlns:w="{NS["w"]}"><w:footnote w:id="2"><w:p><w:r><w:rPr><w:rFonts w:ascii="Arial"/></w:rPr>'
        "<w:t>Xem</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    related(
        paper,
        "word/footnotes.xml",
        "footnotes",
        notes.encode(),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
    )


KH36, KH05, KH30 = "ke-hoach.dang-hd36", "ke-hoach.dang-hd05", "ke-hoach.nd30"
QC36, QC05, QC30 = "quy-che.dang-hd36", "quy-che.dang-hd05", "quy-che.nd30"
BB36, BB30, GU36, PL36 = "bien-ban.dang-hd36", "bien-ban.nd30", "giao-uoc.dang-hd36", "phu-luc-hoat-dong.dang-hd36"
DK36 = "dang-ky.dang-hd36"
M = Mutation

MUTATIONS = (
    # --- TT01 paper and margins
    M("left margin 25 mm", "TT01", "E", KH36, margin("left", 25), "document"),
    M("right margin 20 mm", "TT01", "E", KH05, margin("right", 20), "document"),
    M("old margins of 2004", "TT01", "E", QC36, margin("top", 25), "document"),
    M("bottom margin out of the range", "TT01", "E", QC30, margin("bottom", 30), "document"),
    M("left margin out of the range", "TT01", "E", KH30, margin("left", 25), "document"),
    M("Letter paper", "TT01", "E", BB36, paper_size(215.9, 279.4), "document"),
    # --- TT02 fonts
    M("Arial in the title", "TT02", "E", KH36, run("VTTieuDe", "rFonts", ascii="Arial", hAnsi="Arial")),
    M("Calibri in the text", "TT02", "E", KH05, run("VTThan", "rFonts", 3, ascii="Calibri", hAnsi="Calibri")),
    M("font of the theme", "TT02", "E", KH36, theme_font),
    M("font of a base style", "TT02", "E", KH36, based_on),
    M("font of a character style", "TT02", "E", BB36, character_style("rFonts", ascii="Arial", hAnsi="Arial")),
    M("font of the whole document", "TT02", "E", QC30, default_font("Calibri")),
    M("font of a style", "TT02", "E", GU36, in_style("VTThan", "rPr", "rFonts", hAnsi="Tahoma")),
    M("font in the footer", "TT02", "W", KH30, in_parts("footer", "rFonts", ascii="Arial"), "header"),
    M("font in a table", "TT02", "E", DK36, run("VTBangChu", "rFonts", 2, ascii="Cambria", hAnsi="Cambria")),
    M("red letters", "TT02", "W", KH36, run("VTThan", "color", 2, val="FF0000")),
    M("another font behind", "TT02", "I", KH36, run("VTCapTren", "rFonts", eastAsia="SimSun")),
    # --- TT03 letters
    M("Unicode tổ hợp", "TT03", "I", KH36, decomposed),
    M("TCVN3 font", "TT02", "E", QC05, run("VTKhoan", "rFonts", 1, ascii=".VnTime", hAnsi=".VnTime")),
    M("TCVN3 letters", "TT03", "E", KH36, text("VTThan", "- Uû ban nh©n d©n c¸c cÊp vµ ®¬n vÞ thùc hiÖn.", 1)),
    M("VNI font", "TT02", "E", BB30, run("VTThan", "rFonts", 2, ascii="VNI-Times", hAnsi="VNI-Times")),
    # --- TT04 page numbers
    M("no page number", "TT04", "W", KH36, no_page_number, "document"),
    M("number on the first page", "TT04", "W", QC36, no_first_page, "document"),
    M("page number of 10 pt", "TT04", "W", KH05, page_number("sz", val="20"), "header"),
    M("page number at the left", "TT04", "W", KH30, page_number("jc", val="left"), "header"),
    M("bold page number", "TT04", "W", BB36, page_number("b"), "header"),
    M("header 20 mm from the edge", "TT04", "W", KH36, margin("header", 20), "document"),
    # --- TT05 Party and State mixed
    M("colon after Số", "TT05", "E", KH36, text("VTSo", "Số: 01-KH/CTĐ4")),
    M("State number in a Party paper", "TT05", "E", QC05, text("VTSo", "Số 01/QC-CTĐ4")),
    M("Party number in a State paper", "TT05", "E", KH30, text("VTSo", "Số 01-KH/CTĐ4")),
    M("State title in a Party number's paper", "TT05", "E", KH36, after("VTTieuDe", "Độc lập - Tự do - Hạnh phúc")),
    M("both titles", "TT05", "E", QC30, after("VTTieuDe", "ĐẢNG CỘNG SẢN VIỆT NAM")),
    M("TM. in a Party paper", "TT05", "E", KH36, signed_by("TM. BAN THƯỜNG VỤ", "BÍ THƯ")),
    M("KT. in a Party paper", "TT05", "E", QC05, signed_by("KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG")),
    M("T/M in a State paper", "TT05", "E", KH30, signed_by("T/M ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
    M("./. in a Party paper", "TT05", "E", KH36, end("VTThanCuoi", ".", "./.")),
    M("hyphens in a State paper", "TT05", "E", KH30, text("VTDauTrichYeu", "-----")),
    M("asterisk in a State paper", "TT05", "E", QC30, text("VTDauCoQuan", "*")),
    M("căn cứ in italics in a Party paper", "TT05", "E", KH36, run("VTCanCu", "i", 1)),
    M("dash before căn cứ in a State paper", "TT05", "E", KH30, sub("VTCanCu", "Căn cứ", "- Căn cứ", 1)),
    M("Lưu: VT in a Party paper", "TT05", "E", KH36, text("VTNoiNhanMuc", "- Lưu: VT.", -1)),
    M("Lưu Văn phòng in a State paper", "TT05", "E", KH30, text("VTNoiNhanMuc", "- Lưu Văn phòng.", -1)),
    M("Roman appendix in a Party paper", "TT05", "E", KH36, text("VTPhuLuc", "Phụ lục II")),
    M("Arabic appendix in a State paper", "TT05", "E", KH30, text("VTPhuLuc", "Phụ lục 1")),
    M("QyĐ in a Party paper", "TT05", "E", KH36, text("VTSo", "Số 01-QyĐ/CTĐ4")),
    # --- TT06 head
    M("misspelt title", "TT06", "E", KH36, text("VTTieuDe", "ĐẢNG CỘNG SẢN VIÊT NAM")),
    M("title of 14 pt", "TT06", "W", QC05, run("VTTieuDe", "sz", val="28")),
    M("title not bold", "TT06", "E", BB36, off("VTTieuDe", "b")),
    M("issuing body not bold", "TT06", "E", KH36, off("VTCoQuan", "b")),
    M("superior body bold", "TT06", "E", KH05, run("VTCapTren", "b")),
    M("superior body of 12 pt", "TT06", "W", GU36, run("VTCapTren", "sz", 1, val="24")),
    M("issuing body of 11 pt", "TT06", "W", QC30, run("VTCoQuan", "sz", val="22")),
    M("issuing body in small letters", "TT06", "E", KH36, text("VTCoQuan", "Cụm thi đua số 4")),
    M("no asterisk", "TT06", "E", KH36, gone("VTDauCoQuan", "VTCoQuan")),
    M("a dash for the asterisk", "TT06", "E", QC36, text("VTDauCoQuan", "---")),
    M("no line under the title", "TT06", "E", KH36, gone("VTKeTieuDe", "VTTieuDe")),
    M("no line under the motto", "TT06", "E", KH30, gone("VTKeTieuDe", "VTTieuNgu")),
    M("no line under the issuing body", "TT06", "E", QC30, gone("VTDauCoQuan", "VTCoQuan")),
    M("motto with long dashes", "TT06", "W", KH30, text("VTTieuNgu", "Độc lập – Tự do – Hạnh phúc")),
    M("no motto", "TT06", "E", BB30, gone("VTTieuNgu", "VTTieuDe")),
    M("another issuing body", "TT06", "E", KH36, as_it_is("VTCoQuan"), facts=Facts(issuer="Cụm thi đua số 5")),
    # --- TT07 number
    M("number without its zero", "TT07", "E", KH36, text("VTSo", "Số 1-KH/CTĐ4")),
    M("number with two zeros", "TT07", "E", KH05, text("VTSo", "Số 001-KH/CTĐ4")),
    M("code of another type", "TT07", "E", KH36, text("VTSo", "Số 01-BC/CTĐ4")),
    M("code of no type", "TT07", "E", QC36, text("VTSo", "Số 01-XYZ/CTĐ4")),
    M("blanks within the number", "TT07", "E", KH36, text("VTSo", "Số 01 - KH / CTĐ4")),
    M("no number line", "TT07", "E", KH36, gone("VTSo", "VTTenLoai")),
    M("bold number", "TT07", "W", QC05, run("VTSo", "b")),
    M("State number without zero", "TT07", "E", KH30, text("VTSo", "Số: 1/KH-CTĐ4")),
    M("another symbol", "TT07", "E", KH36, text("VTSo", "Số 01-KH/CTĐ5"), facts=Facts(symbol="CTĐ4")),
    # --- TT08 date
    M("day without zero", "TT08", "E", KH36, text("VTNgay", "Thành phố Hồ Chí Minh, ngày 7 tháng 5 năm 2022")),
    M("month with zero", "TT08", "E", KH36, text("VTNgay", "Thành phố Hồ Chí Minh, ngày 27 tháng 05 năm 2022")),
    M("no comma", "TT08", "E", QC36, text("VTNgay", "Thành phố Hồ Chí Minh ngày 27 tháng 5 năm 2022")),
    M("no such day", "TT08", "E", KH36, text("VTNgay", "Thành phố Hồ Chí Minh, ngày 31 tháng 6 năm 2022")),
    M("a day to come", "TT08", "E", KH36, as_it_is("VTNgay"), facts=Facts(today=dt.date(2022, 5, 1))),
    M("another day", "TT08", "E", KH36, as_it_is("VTNgay"), facts=Facts(on=dt.date(2022, 5, 26))),
    M("date upright", "TT08", "W", KH36, off("VTNgay", "i")),
    M("date of 12 pt", "TT08", "W", KH30, run("VTNgay", "sz", val="24")),
    M("no date", "TT08", "E", QC36, gone("VTNgay", "VTSo")),
    # --- TT09 title
    M("type of 12 pt", "TT09", "W", KH36, run("VTTenLoai", "sz", val="24")),
    M("type not bold", "TT09", "W", BB30, off("VTTenLoai", "b")),
    M("type in small letters", "TT09", "W", KH36, text("VTTenLoai", "Kế hoạch")),
    M("type at the left", "TT09", "W", QC05, para("VTTenLoai", "jc", val="left")),
    M("trích yếu not bold", "TT09", "W", KH36, off("VTTrichYeu", "b")),
    M("trích yếu in italics", "TT09", "W", KH30, run("VTTrichYeu", "i")),
    M("trích yếu with a capital", "TT09", "W", KH36, text("VTTrichYeu", "Tổ chức các hoạt động thi đua năm 2022")),
    M("trích yếu without a capital", "TT09", "W", KH30, text("VTTrichYeu", "tổ chức các hoạt động thi đua năm 2022")),
    M("four hyphens", "TT09", "W", KH36, text("VTDauTrichYeu", "----")),
    M("dashes made by Word", "TT09", "W", QC05, text("VTDauTrichYeu", "——–")),
    M("no hyphens", "TT09", "W", KH36, gone("VTDauTrichYeu", "VTTrichYeu")),
    # --- TT10 text
    M("a paragraph of 13 pt", "TT10", "W", KH36, run("VTThan", "sz", 5, val="26")),
    M("a paragraph of 15 pt among 14", "TT10", "W", KH05, run("VTThan", "sz", 5, val="30")),
    M("not justified", "TT10", "W", KH36, para("VTThan", "jc", 6, val="left")),
    M("not justified by its style", "TT10", "W", QC30, in_style("VTKhoan", "pPr", "jc", val="left")),
    M("no indent", "TT10", "W", KH05, para("VTThan", "ind", 4, firstLine="0")),
    M("indent of 15 mm", "TT10", "W", KH30, para("VTThan", "ind", 4, firstLine="851")),
    M("line and a half", "TT10", "W", KH05, para("VTThan", "spacing", 4, line="360", lineRule="auto")),
    M("at least 18 pt in HD05", "TT10", "W", QC05, para("VTKhoan", "spacing", 2, line="360", lineRule="atLeast")),
    M("exactly 15 pt", "TT10", "W", KH36, para("VTThan", "spacing", 4, line="300", lineRule="exact")),
    M("two lines in a State paper", "TT10", "W", KH30, para("VTThan", "spacing", 4, line="480", lineRule="auto")),
    M("no room between paragraphs", "TT10", "W", KH36, para("VTThan", "spacing", 6, before="0", after="0")),
    # --- TT11 căn cứ
    M("căn cứ ending in a full stop", "TT11", "W", KH36, end("VTCanCu", ";", ".", 1)),
    M("last căn cứ of HD36 ending in a full stop", "TT11", "W", KH36, end("VTCanCu", ",", ".", -1)),
    M("last căn cứ of HD05 ending in a comma", "TT11", "W", KH05, end("VTCanCu", ".", ",", -1)),
    M("no dash", "TT11", "W", QC36, sub("VTCanCu", "- Căn cứ", "Căn cứ", 1)),
    M("citation without its date", "TT11", "W", KH36, sub("VTCanCu", ", ngày 31/7/2017", "", 1)),
    M("căn cứ upright in a State paper", "TT11", "W", KH30, off("VTCanCu", "i", 1)),
    # --- TT12 end
    M("no full stop", "TT12", "W", KH36, end("VTThanCuoi", ".", "")),
    M("semicolon at the end", "TT12", "W", KH05, end("VTThanCuoi", ".", ";")),
    M("full stop alone in a State paper", "TT12", "W", KH30, end("VTThanCuoi", "./.", ".")),
    # --- TT13 signature
    M("degree before the name", "TT13", "E", KH36, text("VTHoTen", "ThS. Đặng Thị Thuỳ Nhiên")),
    M("rank before the name", "TT13", "E", DK36, text("VTHoTen", "Đại tá Đặng Thị Nhiên")),
    M("K/T signed by a head", "TT13", "E", KH36, signed_by("K/T CHÁNH VĂN PHÒNG", "CHÁNH VĂN PHÒNG")),
    M("K/T for a collective", "TT13", "E", KH36, signed_by("K/T BAN THƯỜNG VỤ", "PHÓ BÍ THƯ")),
    M("T/M for a person", "TT13", "E", QC05, signed_by("T/M CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG")),
    M("T/U, which there is not", "TT13", "E", KH36, signed_by("T/U BAN THƯỜNG VỤ", "PHÓ BÍ THƯ")),
    M("T/M without a dot or stroke", "TT13", "E", KH05, signed_by("TM BAN THƯỜNG VỤ", "BÍ THƯ")),
    M("body named after the title", "TT13", "E", KH36, signed_by("", "CHÁNH VĂN PHÒNG ĐẢNG ỦY TỔNG CÔNG TY")),
    M("position bold in a Party paper", "TT13", "W", DK36, run("VTChucVu", "b")),
    M("position not bold in a State paper", "TT13", "W", KH30, off("VTChucVu", "b")),
    M("name not bold", "TT13", "W", BB36, off("VTHoTen", "b")),
    # --- TT14 recipients
    M("Nơi nhận without its colon", "TT14", "W", KH36, text("VTNoiNhan", "Nơi nhận")),
    M("Nơi nhận not underlined", "TT14", "W", KH36, run("VTNoiNhan", "u", val="none")),
    M("recipients of 14 pt", "TT14", "W", KH05, run("VTNoiNhanMuc", "sz", val="28")),
    M("recipient ending in a semicolon (HD36)", "TT14", "W", KH36, end("VTNoiNhanMuc", ",", ";")),
    M("recipient ending in a comma (HD05)", "TT14", "W", KH05, end("VTNoiNhanMuc", ";", ",")),
    M("recipient without its dash", "TT14", "W", QC30, sub("VTNoiNhanMuc", "- ", "")),
    M("last recipient without a full stop", "TT14", "W", KH30, end("VTNoiNhanMuc", ".", "", -1)),
    # --- TT15 leftovers
    M("Dự thảo under the number", "TT15", "E", KH36, after("VTSo", "Dự thảo lần 2")),
    M("a placeholder", "TT15", "E", KH36, end("VTThan", ".", " {{ doc.x }}.", 2)),
    M("a dotted blank", "TT15", "E", BB36, end("VTThan", ".", " ........", 1)),
    M("highlighted letters", "TT15", "E", QC05, run("VTKhoan", "highlight", 1, val="yellow")),
    M("shaded letters", "TT15", "E", KH30, run("VTThan", "shd", 1, val="clear", fill="FFFF00")),
    M("a dotted number", "TT15", "E", KH36, text("VTSo", "Số .....-KH/CTĐ4")),
    # --- TT16 appendices
    M("no guide line", "TT16", "E", KH36, gone("VTPhuLucKem", "VTPhuLuc")),
    M("guide line with another number", "TT16", "E", KH36, sub("VTPhuLucKem", "01-KH", "02-KH")),
    M("guide line with another day", "TT16", "E", KH05, sub("VTPhuLucKem", "27/5/2022", "28/5/2022")),
    M("two appendices without numbers", "TT16", "E", KH36, appendix_again("Phụ lục", "Phụ lục")),
    M("appendices in the wrong order", "TT16", "E", KH30, appendix_again("Phụ lục I", "Phụ lục III")),
    M("appendix heading at the left", "TT16", "W", PL36, para("VTPhuLuc", "jc", val="left")),
    # --- TT17 secrecy
    M("MẬT in the head", "TT17", "E", KH36, after("VTSo", "MẬT")),
    M("TỐI MẬT in the header", "TT17", "E", QC30, header_line("TỐI MẬT"), "header"),
    # --- TT18 traces
    M("an insertion", "TT18", "E", KH36, changed("ins")),
    M("a deletion", "TT18", "E", KH05, changed("del")),
    M(
        "a tracked format",
        "TT18",
        "E",
        QC36,
        lambda p: set_run(p.para("VTKhoan", 2), "rPrChange", id="9", author="VT"),
    ),
    M("a comment", "TT18", "E", KH36, commented),
    M("hidden letters", "TT18", "E", KH30, run("VTThan", "vanish", 3)),
    M("hidden by a character style", "TT18", "E", KH36, character_style("vanish")),
    M("white letters", "TT18", "E", BB36, run("VTThan", "color", 2, val="FFFFFF")),
    M("the author's name", "TT18", "I", KH36, author, "document"),
    # --- a second round, written after the rules
    M("day dotted", "TT08", "I", KH36, text("VTNgay", "Thành phố Hồ Chí Minh, ngày      tháng 5 năm 2022")),
    M("en dash number", "TT07", "E", KH36, text("VTSo", "Số 01–KH/CTĐ4")),
    M("type misspelt", "TT07", "E", KH36, text("VTSo", "Số 01-KH/CTD4"), facts=Facts(symbol="CTĐ4")),
    M("no name", "TT13", "E", KH36, nameless),
    M("issuer italic", "TT06", "E", KH36, run("VTCoQuan", "i")),
    M("number italic", "TT07", "W", KH30, run("VTSo", "i")),
    M("subject 12", "TT09", "W", KH36, run("VTTrichYeu", "sz", val="24")),
    M("second section margin", "TT01", "E", KH36, second_section, "document"),
    M("text box Arial", "TT02", "E", KH36, box),
    M("footnote Arial", "TT02", "E", KH36, foot, "document"),
    M("title lower", "TT06", "E", KH36, text("VTTieuDe", "Đảng Cộng sản Việt Nam")),
    M("two asterisks", "TT06", "E", KH36, text("VTDauCoQuan", "**")),
    M("TL. in party", "TT05", "E", KH36, signed_by("TL. BAN THƯỜNG VỤ", "CHÁNH VĂN PHÒNG")),
    M("TUQ. in party", "TT05", "E", KH36, signed_by("TUQ. BAN THƯỜNG VỤ", "CHÁNH VĂN PHÒNG")),
    M("K/T in State", "TT05", "E", KH30, signed_by("K/T CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
    M("name in capitals", "TT13", "W", KH36, text("VTHoTen", "ĐẶNG THỊ NHIÊN")),
    M("position size", "TT13", "W", KH36, run("VTChucVu", "sz", val="24")),
    M("last recipient semicolon", "TT14", "W", KH36, end("VTNoiNhanMuc", ".", ";", -1)),
    M("Nơi nhận 12", "TT14", "W", KH36, run("VTNoiNhan", "sz", val="24")),
    M("Du thao title", "TT15", "E", KH36, before("VTTenLoai", "DỰ THẢO")),
    M("jinja tag", "TT15", "E", KH36, end("VTThanCuoi", ".", "{% if x %}.")),
    M("underscores", "TT15", "E", KH36, end("VTThan", ".", "______.", 2)),
    M("double-spaced nbsp title", "TT06", "E", KH36, text("VTTieuDe", "ĐẢNG CỘNG SẢN  VIỆT NAM")),
    M("body right aligned", "TT10", "W", KH36, para("VTThan", "jc", 5, val="right")),
    M("body centred", "TT10", "W", KH36, para("VTThan", "jc", 5, val="center")),
    M("hanging indent", "TT10", "W", KH36, para("VTThan", "ind", 5, hanging="567", left="567")),
    M("one word 13pt", "TT10", "W", KH36, run("VTMuc", "sz", 1, val="26")),
    M("MẬT spaced", "TT17", "E", KH36, after("VTSo", "M Ậ T")),
    M("căn cứ ending in a comma", "TT11", "W", KH30, end("VTCanCu", ";", ",", 1)),
    M("last căn cứ without its stop", "TT11", "W", KH30, end("VTCanCu", ".", "", -1)),
)
