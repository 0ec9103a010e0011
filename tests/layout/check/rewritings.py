"""Ways of making the same paper with another file: how people and programs type what prints alike."""

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from lxml import etree

from pipeline.layout.applying import w
from tests.layout.check.papers import NS, XML_SPACE, Element, Paper, made, text_of

Rewriting: TypeAlias = Callable[[Paper], None]

MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
VML: Final = "urn:schemas-microsoft-com:vml"
FONT: Final = "Times New Roman"
#: What begins here (twips from the margin) stands in the right half of the text.
RIGHT_HALF: Final = 4800
RULES: Final = ("VTKeTieuDe", "VTDauCoQuan", "VTDauTrichYeu")


# --- what a paper has --------------------------------------------------------------------------------------------


def style_of(para: Element) -> str:
    """The id of a paragraph's style."""
    mark = para.find("w:pPr/w:pStyle", NS)
    return "" if mark is None else mark.get(w("val"), "")


def styled(paper: Paper, *styles: str) -> list[Element]:
    """The paragraphs of some styles, in their order."""
    return [para for para in paper.body.iter(w("p")) if style_of(para) in styles]


def inked(paras: Sequence[Element]) -> list[Element]:
    """Those that show letters."""
    return [para for para in paras if text_of(para).strip()]


def texts(paper: Paper) -> list[Element]:
    """All paragraphs of the body with letters."""
    return inked(list(paper.body.iter(w("p"))))


def runs(paper: Paper) -> list[Element]:
    """All runs of the body that hold nothing but letters."""
    return [
        run
        for run in paper.body.iter(w("r"))
        if [child.tag for child in run if child.tag != w("rPr")] == [w("t")] and text_of(run)
    ]


def head(paper: Paper) -> Element:
    """The table of the head. Raises LookupError for a paper without one."""
    for para in styled(paper, "VTTieuDe"):
        return next(para.iterancestors(w("tbl")))
    raise LookupError


def foot(paper: Paper) -> Element | None:
    """The table with Nơi nhận and one signature; None where there is none, or several sign."""
    for para in styled(paper, "VTNoiNhan"):
        table = next(para.iterancestors(w("tbl")))
        rows = table.findall("w:tr", NS)
        if len(rows) == 1 and len(rows[0].findall("w:tc", NS)) == 2:
            return table
    return None


def halves(table: Element) -> list[list[Element]]:
    """The paragraphs of a table's two columns, row after row."""
    rows = [row.findall("w:tc", NS) for row in table.findall("w:tr", NS)]
    return [[para for row in rows for para in row[at].findall("w:p", NS)] for at in range(2)]


def columns_of_cells(table: Element) -> Iterator[list[Element]]:
    """The paragraphs with letters of each cell."""
    for cell in table.iter(w("tc")):
        yield inked(cell.findall("w:p", NS))


# --- how files are changed ---------------------------------------------------------------------------------------


def removed(element: Element) -> None:
    """Take an element out of its tree."""
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def letters(text: str) -> Element:
    """A w:t."""
    node = made("t")
    node.text = text
    node.set(XML_SPACE, "preserve")
    return node


def run_with(*children: Element, like: Element | None = None) -> Element:
    """A run of these, in the look of another run."""
    run = made("r")
    looks = None if like is None else like.find("w:rPr", NS)
    if looks is not None:
        run.append(copy.deepcopy(looks))
    run.extend(children)
    return run


def wrapped(element: Element, holder: Element, inner: Element | None = None) -> None:
    """Put an element into a holder that takes its place."""
    element.addprevious(holder)
    (holder if inner is None else inner).append(element)


def chain(paper: Paper, style: str) -> tuple[list[Element], list[Element]]:
    """What a style and those it is based on say of paragraphs and of runs, each thing once."""
    paragraph: dict[object, Element] = {}
    run: dict[object, Element] = {}
    known = {each.get(w("styleId"), ""): each for each in paper.tree("word/styles.xml").iter(w("style"))}
    while style:
        for path, said in (("w:pPr/*", paragraph), ("w:rPr/*", run)):
            for child in known[style].findall(path, NS):
                said.setdefault(child.tag, child)
        base = known[style].find("w:basedOn", NS)
        style = "" if base is None else base.get(w("val"), "")
    return list(paragraph.values()), list(run.values())


def below(properties: Element, weaker: Sequence[Element]) -> None:
    """Add what is not said yet."""
    for child in weaker:
        own = properties.find(str(child.tag))
        if own is None:
            properties.append(copy.deepcopy(child))
        else:
            for name, value in child.attrib.items():
                if name not in own.attrib:
                    own.set(name, value)


def direct(paper: Paper, para: Element) -> Element:
    """A copy of a paragraph that says itself what its style says."""
    bare = copy.deepcopy(para)
    properties = bare.find("w:pPr", NS)
    assert properties is not None
    of_paragraph, of_run = chain(paper, style_of(para))
    for mark in properties.findall("w:pStyle", NS):
        properties.remove(mark)
    below(properties, of_paragraph)
    for run in bare.iter(w("r")):
        looks = run.find("w:rPr", NS)
        if looks is None:
            looks = etree.Element(w("rPr"))
            run.insert(0, looks)
        below(looks, of_run)
    return bare


def typed_together(paper: Paper, paras: Sequence[Element]) -> None:
    """One paragraph in place of several, with Shift+Enter between them."""
    if len(paras) < 2:
        return
    first, *rest = (direct(paper, para) for para in paras)
    for para in rest:
        first.append(run_with(made("br")))
        first.extend(para.findall("w:r", NS))
    paras[0].addprevious(first)
    for para in paras:
        removed(para)


def halves_typed(paper: Paper, table: Element, gap: Callable[[], Element]) -> None:
    """Typed lines in place of a table of two columns; `gap` parts their halves."""
    left, right = (inked(side) for side in halves(table))
    for at in range(max(len(left), len(right))):
        line = direct(paper, left[at]) if at < len(left) else made("p")
        properties = line.find("w:pPr", NS)
        if properties is None:
            properties = made("pPr")
            line.insert(0, properties)
        for tag in ("jc", "ind"):
            for old in properties.findall(f"w:{tag}", NS):
                properties.remove(old)
        if at < len(right):
            line.append(run_with(gap()))
            line.extend(direct(paper, right[at]).findall("w:r", NS))
        table.addprevious(line)
    removed(table)


def in_two(paper: Paper, para: Element, least: int) -> None:
    """Two paragraphs in place of one, parted at a blank in its middle."""
    text = text_of(para)
    blanks = [match.start() for match in re.finditer(" ", text) if least <= match.start() <= len(text) - least]
    if not blanks:
        return
    cut = min(blanks, key=lambda at: abs(at - len(text) // 2))
    second = copy.deepcopy(para)
    shortened(para, 0, cut)
    shortened(second, cut + 1, len(text))
    para.addnext(second)


def shortened(para: Element, start: int, end: int) -> None:
    """Leave only these letters of a paragraph, and the breaks between them."""
    at = 0
    for node in list(para.iter(w("t"), w("br"), w("noBreakHyphen"))):
        if node.tag == w("noBreakHyphen"):
            run = node.getparent()
            if run is not None and not start <= at < end:
                run.remove(node)
            at += 1
            continue
        if node.tag == w("br"):
            run = node.getparent()
            if run is not None and not start < at < end:
                run.remove(node)
            continue
        text = node.text or ""
        node.text = text[max(0, start - at) : max(0, end - at)]
        node.set(XML_SPACE, "preserve")
        at += len(text)


def ruled_by(make: Callable[[Element], None]) -> Rewriting:
    """The rules of a State paper drawn in another way."""

    def rewrite(paper: Paper) -> None:
        for para in styled(paper, *RULES):
            text = text_of(para)
            if "-" in text or "*" in text:
                continue  # the marks of a Party paper
            for run in para.findall("w:r", NS):
                para.remove(run)
            properties = para.find("w:pPr", NS)
            assert properties is not None
            for old in properties.findall("w:pBdr", NS):
                properties.remove(old)
            properties.append(made("pBdr"))
            make(para)

    return rewrite


def everywhere(change: Callable[[Element], None], which: Callable[[Paper], list[Element]]) -> Rewriting:
    """The same change to all of a kind."""

    def rewrite(paper: Paper) -> None:
        for element in which(paper):
            change(element)

    return rewrite


# --- the rewritings ----------------------------------------------------------------------------------------------


def head_on_tabs(paper: Paper) -> None:
    """The halves of the head parted by a tab."""
    halves_typed(paper, head(paper), lambda: made("tab"))


def head_on_spaces(paper: Paper) -> None:
    """The halves of the head parted by spaces."""
    halves_typed(paper, head(paper), lambda: letters(" " * 12))


def head_on_no_break_spaces(paper: Paper) -> None:
    """The halves of the head parted by no-break spaces."""
    halves_typed(paper, head(paper), lambda: letters("\u00a0" * 10))


def foot_on_tabs(paper: Paper) -> None:
    """Nơi nhận and signer parted by a tab."""
    if (table := foot(paper)) is not None:
        halves_typed(paper, table, lambda: made("tab"))


def foot_on_spaces(paper: Paper) -> None:
    """Nơi nhận and signer parted by spaces."""
    if (table := foot(paper)) is not None:
        halves_typed(paper, table, lambda: letters(" " * 20))


def head_in_boxes(paper: Paper) -> None:
    """Each half of the head in a text box."""
    table = head(paper)
    holder = made("p")
    for side in halves(table):
        run = run_with()
        picture = etree.SubElement(run, w("pict"))
        box = etree.SubElement(etree.SubElement(picture, f"{{{VML}}}shape"), f"{{{VML}}}textbox")
        content = etree.SubElement(box, w("txbxContent"))
        content.extend(side)
        holder.append(run)
    table.addprevious(holder)
    removed(table)


def head_in_frames(paper: Paper) -> None:
    """The paragraphs of the head as frames at the left and at the right."""
    table = head(paper)
    for at, side in enumerate(halves(table)):
        for para in inked(side):
            framed = direct(paper, para)
            properties = framed.find("w:pPr", NS)
            assert properties is not None
            properties.insert(0, made("framePr", w="4500", wrap="around", hAnchor="text", x=str(at * RIGHT_HALF)))
            table.addprevious(framed)
    removed(table)


def head_in_rows(paper: Paper) -> None:
    """Each line of the head in a row of its own."""
    table = head(paper)
    rows = table.findall("w:tr", NS)
    pattern = copy.deepcopy(rows[0])
    left, right = halves(table)
    for at in range(max(len(left), len(right))):
        row = copy.deepcopy(pattern)
        for cell, side in zip(row.findall("w:tc", NS), (left, right), strict=True):
            for para in cell.findall("w:p", NS):
                cell.remove(para)
            cell.append(side[at] if at < len(side) else made("p"))
        table.append(row)
    for row in rows:
        table.remove(row)


def head_in_one_row(paper: Paper) -> None:
    """All lines of the head in one row."""
    table = head(paper)
    first, *rest = table.findall("w:tr", NS)
    for row in rest:
        for target, cell in zip(first.findall("w:tc", NS), row.findall("w:tc", NS), strict=True):
            target.extend(cell.findall("w:p", NS))
        table.remove(row)


def head_with_a_middle_column(paper: Paper) -> None:
    """An empty column between the halves of the head."""
    for row in head(paper).findall("w:tr", NS):
        empty = made("tc")
        empty.append(made("p"))
        row.findall("w:tc", NS)[0].addnext(empty)


def head_cells_typed_together(paper: Paper) -> None:
    """Each half of the head one paragraph with Shift+Enter."""
    for paras in list(columns_of_cells(head(paper))):
        typed_together(paper, [para for para in paras if style_of(para) not in RULES])


def title_on_two_lines(paper: Paper) -> None:
    """The title of the head typed on two lines."""
    for para in styled(paper, "VTTieuDe"):
        in_two(paper, para, 6)


def signature_typed_together(paper: Paper) -> None:
    """Position and name one paragraph with Shift+Enter."""
    if (table := foot(paper)) is not None:
        typed_together(paper, inked(halves(table)[1]))


def recipients_typed_together(paper: Paper) -> None:
    """Nơi nhận and its items one paragraph with Shift+Enter."""
    if (table := foot(paper)) is not None:
        typed_together(paper, inked(halves(table)[0]))


def a_recipient_on_two_lines(paper: Paper) -> None:
    """A recipient typed on two lines."""
    items = [para for para in styled(paper, "VTNoiNhanMuc") if len(text_of(para)) > 24]
    if items:
        in_two(paper, items[0], 8)


def guide_on_two_lines(paper: Paper) -> None:
    """The line that says what an appendix belongs to, on two lines."""
    for para in styled(paper, "VTPhuLucKem"):
        in_two(paper, para, 12)


def subject_on_two_lines(paper: Paper) -> None:
    """The trích yếu typed on two lines."""
    for para in styled(paper, "VTTrichYeu"):
        in_two(paper, para, 8)


def of_signs(signs: str, look: str = "") -> Callable[[Element], None]:
    """A rule of typed signs, 8 points high."""

    def make(para: Element) -> None:
        looks = made("rPr")
        looks.append(made("sz", val="16"))
        looks.append(made("u", val=look or "none"))
        run = run_with(letters(signs))
        run.insert(0, looks)
        para.append(run)

    return make


def _shape(para: Element) -> None:
    run = run_with()
    etree.SubElement(etree.SubElement(run, w("pict")), f"{{{VML}}}line")
    para.append(run)


def _border(para: Element) -> None:
    border = para.find("w:pPr/w:pBdr", NS)
    assert border is not None
    border.append(made("top", val="single", sz="6", space="1"))


def without_styles(paper: Paper) -> None:
    """All looks said directly, no style named."""
    for para in list(paper.body.iter(w("p"))):
        parent = para.getparent()
        assert parent is not None
        parent.replace(para, direct(paper, para))


def with_other_style_names(paper: Paper) -> None:
    """Styles by other names."""
    for tree in (paper.body, paper.tree("word/styles.xml")):
        for tag in ("pStyle", "basedOn", "next", "link"):
            for mark in tree.iter(w(tag)):
                mark.set(w("val"), f"Kieu{mark.get(w('val'))}")
    for style in paper.tree("word/styles.xml").iter(w("style")):
        style.set(w("styleId"), f"Kieu{style.get(w('styleId'))}")
    for name in [part for part in paper.parts if re.match(r"word/(header|footer)\d", part)]:
        for mark in paper.tree(name).iter(w("pStyle")):
            mark.set(w("val"), f"Kieu{mark.get(w('val'))}")


def a_run_for_each_word(paper: Paper) -> None:
    """Each word in a run of its own, as Word does after corrections."""
    for run in runs(paper):
        for piece in re.findall(r"\s*\S+\s*", text_of(run)):
            run.addprevious(run_with(letters(piece), like=run))
        if (text_of(run)).strip():
            removed(run)


def faces_named(paper: Paper) -> None:
    """Bold letters by a font called bold."""
    for para in texts(paper):
        bare = direct(paper, para)
        for looks in bare.iter(w("rPr")):
            bold = looks.find("w:b", NS)
            if bold is not None and bold.get(w("val"), "1") not in ("0", "false"):
                looks.remove(bold)
                for old in looks.findall("w:rFonts", NS):
                    looks.remove(old)
                looks.append(made("rFonts", ascii=f"{FONT} Bold", hAnsi=f"{FONT} Bold", cs=FONT, eastAsia=FONT))
                looks.append(made("b", val="0"))
        parent = para.getparent()
        assert parent is not None
        parent.replace(para, bare)


def fonts_named(paper: Paper) -> None:
    """Each run names its font."""
    for run in runs(paper):
        looks = run.find("w:rPr", NS)
        if looks is None:
            looks = made("rPr")
            run.insert(0, looks)
        if looks.find("w:rFonts", NS) is None:
            looks.append(made("rFonts", ascii=FONT, hAnsi=FONT, cs=FONT, eastAsia=FONT))


def one_line_texts_from_the_left(paper: Paper) -> None:
    """What takes one line set from the left instead of justified."""
    for para in styled(paper, "VTThan", "VTMuc", "VTMucNho"):
        if len(text_of(para)) < 40:
            properties = para.find("w:pPr", NS)
            assert properties is not None
            for old in properties.findall("w:jc", NS):
                properties.remove(old)
            properties.append(made("jc", val="left"))


def blanks_at_the_end(paper: Paper) -> None:
    """A blank behind every text."""
    for para in texts(paper):
        para.append(run_with(letters(" ")))


def no_break_date(paper: Paper) -> None:
    """No-break spaces within the date."""
    for para in styled(paper, "VTNgay"):
        for node in para.iter(w("t")):
            node.text = re.sub(r"(ngày|tháng|năm) (\d)", "\\1\u00a0\\2", node.text or "")


def in_capitals_by_look(paper: Paper) -> None:
    """Capitals by the look of the letters, typed small."""
    for para in styled(paper, "VTTenLoai"):
        for node in para.iter(w("t")):
            node.text = (node.text or "").capitalize()
        for run in para.findall("w:r", NS):
            looks = run.find("w:rPr", NS)
            if looks is None:
                looks = made("rPr")
                run.insert(0, looks)
            looks.append(made("caps"))


def content_controls_around_paragraphs(paper: Paper) -> None:
    """Each paragraph of the body in a content control."""
    for para in [each for each in inked(paper.body[0].findall("w:p", NS)) if each.find("w:pPr/w:sectPr", NS) is None]:
        control, content = made("sdt"), made("sdtContent")
        control.append(content)
        wrapped(para, control, content)


def content_controls_around_runs(paper: Paper) -> None:
    """Each run in a content control."""
    for run in runs(paper):
        control, content = made("sdt"), made("sdtContent")
        control.append(content)
        wrapped(run, control, content)


def _bookmarked(para: Element) -> None:
    para.insert(1, made("bookmarkStart", id="7", name="moc"))
    para.append(made("bookmarkEnd", id="7"))


def _proofed(para: Element) -> None:
    para.insert(1, made("proofErr", type="spellStart"))
    para.append(made("proofErr", type="spellEnd"))


def _followed_by_empty_run(run: Element) -> None:
    run.addnext(run_with(letters(""), like=run))


def _page_remembered(run: Element) -> None:
    run.insert(1 if run.find("w:rPr", NS) is not None else 0, made("lastRenderedPageBreak"))


def _in_smart_tag(run: Element) -> None:
    wrapped(run, made("smartTag", uri="urn:schemas-microsoft-com:office:smarttags", element="place"))


def _in_link(run: Element) -> None:
    wrapped(run, made("hyperlink", anchor="moc"))


def _with_language(run: Element) -> None:
    looks = run.find("w:rPr", NS)
    if looks is None:
        looks = made("rPr")
        run.insert(0, looks)
    looks.append(made("lang", val="vi-VN"))
    run.set(w("rsidR"), "00AB12CD")


def _black(run: Element) -> None:
    looks = run.find("w:rPr", NS)
    if looks is None:
        looks = made("rPr")
        run.insert(0, looks)
    if looks.find("w:color", NS) is None:
        looks.append(made("color", val="000000"))


def a_section_break_in_the_text(paper: Paper) -> None:
    """A continuous section break in the middle of the text."""
    body = [para for para in paper.body[0].findall("w:p", NS) if style_of(para) == "VTThan"]
    last = paper.body[0].findall("w:sectPr", NS)[-1]
    if len(body) > 2:
        section = copy.deepcopy(last)
        for old in section.findall("w:type", NS):
            section.remove(old)
        properties = body[len(body) // 2].find("w:pPr", NS)
        assert properties is not None
        properties.append(section)
        kind = last.find("w:type", NS)
        if kind is None:
            kind = made("type")
            last.insert(len(last.findall("w:headerReference", NS)) + len(last.findall("w:footerReference", NS)), kind)
        kind.set(w("val"), "continuous")
        for old in last.findall("w:titlePg", NS):
            last.remove(old)


def page_number_in_a_content_control(paper: Paper) -> None:
    """The page number as Word's gallery puts it in."""
    for name in [part for part in paper.parts if re.match(r"word/header\d", part)]:
        for para in list(paper.tree(name).iter(w("p"))):
            if style_of(para) == "VTSoTrang":
                control, content = made("sdt"), made("sdtContent")
                control.append(content)
                wrapped(para, control, content)


def page_number_as_a_simple_field(paper: Paper) -> None:
    """The page number as a simple field."""
    for name in [part for part in paper.parts if re.match(r"word/header\d", part)]:
        for para in styled_in(paper, name, "VTSoTrang"):
            if not any("PAGE" in (node.text or "") for node in para.iter(w("instrText"))):
                continue
            for run in para.findall("w:r", NS):
                para.remove(run)
            field = made("fldSimple", instr=" PAGE ")
            field.append(run_with(letters("2")))
            para.append(field)


def styled_in(paper: Paper, part: str, style: str) -> list[Element]:
    """The paragraphs of a style in another part."""
    return [para for para in paper.tree(part).iter(w("p")) if style_of(para) == style]


def drawings_with_a_fallback(paper: Paper) -> None:
    """Rules drawn as shapes, with a rendering for older programs beside them."""
    ruled_by(_shape)(paper)
    for run in [each.getparent() for each in paper.body.iter(w("pict"))]:
        assert run is not None
        picture = run.find("w:pict", NS)
        assert picture is not None
        both = etree.SubElement(run, f"{{{MC}}}AlternateContent")
        for tag in ("Choice", "Fallback"):
            etree.SubElement(both, f"{{{MC}}}{tag}").append(copy.deepcopy(picture))
        run.remove(picture)


def half_points_said_twice(paper: Paper) -> None:
    """Sizes for complex scripts beside those of the letters, another one."""
    for size in list(paper.tree("word/styles.xml").iter(w("sz"))):
        for old in size.itersiblings(w("szCs")):
            removed(old)
        size.addnext(made("szCs", val="20"))


def two_cells_of_borders(paper: Paper) -> None:
    """A table that says of each side that it has no border."""
    properties = head(paper).find("w:tblPr", NS)
    assert properties is not None
    borders = made("tblBorders")
    borders.extend(made(side, val="nil") for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    properties.append(borders)


def colon_of_recipients_apart(paper: Paper) -> None:
    """The heading of Nơi nhận in two runs."""
    for para in styled(paper, "VTNoiNhan"):
        for run in para.findall("w:r", NS):
            text = text_of(run)
            if text.endswith(":"):
                run.addprevious(run_with(letters(text[:-1]), like=run))
                run.addprevious(run_with(letters(":"), like=run))
                removed(run)


def language_of_the_east(paper: Paper) -> None:
    """A hint that letters are of East Asia, which of Latin letters says nothing."""
    for fonts in paper.tree("word/styles.xml").iter(w("rFonts")):
        fonts.set(w("hint"), "default")


REWRITINGS: Final[dict[str, Rewriting]] = {
    "head on tabs": head_on_tabs,
    "head on spaces": head_on_spaces,
    "head on no-break spaces": head_on_no_break_spaces,
    "head in text boxes": head_in_boxes,
    "head in frames": head_in_frames,
    "a row for each line of the head": head_in_rows,
    "one row for the head": head_in_one_row,
    "an empty column in the head": head_with_a_middle_column,
    "head with Shift+Enter": head_cells_typed_together,
    "title of the head on two lines": title_on_two_lines,
    "foot on tabs": foot_on_tabs,
    "foot on spaces": foot_on_spaces,
    "signature with Shift+Enter": signature_typed_together,
    "recipients with Shift+Enter": recipients_typed_together,
    "a recipient on two lines": a_recipient_on_two_lines,
    "guide line on two lines": guide_on_two_lines,
    "trích yếu on two lines": subject_on_two_lines,
    "rules of underscores": ruled_by(of_signs("_" * 12)),
    "rules of dashes": ruled_by(of_signs("—" * 6)),
    "rules of box drawing": ruled_by(of_signs("─" * 10)),
    "rules as shapes": ruled_by(_shape),
    "rules as borders": ruled_by(_border),
    "rules of underlined blanks": ruled_by(of_signs("\u00a0" * 20, "single")),
    "rules as shapes with a fallback": drawings_with_a_fallback,
    "no styles": without_styles,
    "styles by other names": with_other_style_names,
    "a run for each word": a_run_for_each_word,
    "fonts called bold": faces_named,
    "fonts named by each run": fonts_named,
    "one line from the left": one_line_texts_from_the_left,
    "blanks at the end": blanks_at_the_end,
    "no-break spaces in the date": no_break_date,
    "capitals by look": in_capitals_by_look,
    "content controls around paragraphs": content_controls_around_paragraphs,
    "content controls around runs": content_controls_around_runs,
    "bookmarks": everywhere(_bookmarked, texts),
    "marks of the spelling check": everywhere(_proofed, texts),
    "empty runs": everywhere(_followed_by_empty_run, runs),
    "pages that Word remembers": everywhere(_page_remembered, runs),
    "smart tags": everywhere(_in_smart_tag, runs),
    "links within the paper": everywhere(_in_link, runs),
    "a language for each run": everywhere(_with_language, runs),
    "black by name": everywhere(_black, runs),
    "a section break in the text": a_section_break_in_the_text,
    "page number in a content control": page_number_in_a_content_control,
    "page number as a simple field": page_number_as_a_simple_field,
    "sizes for complex scripts": half_points_said_twice,
    "borders that are none": two_cells_of_borders,
    "Nơi nhận in two runs": colon_of_recipients_apart,
    "a hint of the letters' kind": language_of_the_east,
}
