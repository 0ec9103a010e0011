"""More ways of making the same paper: by fields, symbols, styles of letters, tabs, lists, frames."""

import copy
import re
from typing import Final

from lxml import etree

from pipeline.layout.applying import w
from tests.layout.check.papers import NS, Element, Paper, made, text_of
from tests.layout.check.rewritings import (
    FONT,
    Rewriting,
    chain,
    direct,
    everywhere,
    head,
    inked,
    letters,
    removed,
    ruled_by,
    run_with,
    runs,
    style_of,
    styled,
    texts,
    wrapped,
)


def asterisk_as_a_symbol(paper: Paper) -> None:
    """The asterisk put in as a symbol."""
    for para in texts(paper):
        if text_of(para).strip() == "*":
            for run in para.findall("w:r", NS):
                for node in run.findall("w:t", NS):
                    node.addprevious(made("sym", font=FONT, char="002A"))
                    run.remove(node)


def bold_by_a_style_of_letters(paper: Paper) -> None:
    """Bold letters by a style of letters, not by that of the paragraph."""
    styles = paper.tree("word/styles.xml")
    strong = made("style", type="character", styleId="Dam")
    strong.append(made("name", val="Đậm"))
    looks = made("rPr")
    looks.append(made("b"))
    strong.append(looks)
    styles.append(strong)
    for style in list(styles.iter(w("style"))):
        bold = style.find("w:rPr/w:b", NS)
        if style.get(w("type")) == "paragraph" and bold is not None:
            removed(bold)
            for para in styled(paper, style.get(w("styleId"), "")):
                for run in para.iter(w("r")):
                    own = run.find("w:rPr", NS)
                    if own is None:
                        own = made("rPr")
                        run.insert(0, own)
                    own.insert(0, made("rStyle", val="Dam"))


def in_custom_markup(paper: Paper) -> None:
    """Each paragraph of the body in markup of another program."""
    for para in [each for each in inked(paper.body[0].findall("w:p", NS)) if each.find("w:pPr/w:sectPr", NS) is None]:
        wrapped(para, made("customXml", element="doan"))


def _from_the_left(run: Element) -> None:
    wrapped(run, made("bdo", val="ltr"))


def _in_a_field(run: Element) -> None:
    """The text as what a field shows."""
    for part in (
        run_with(made("fldChar", fldCharType="begin"), like=run),
        run_with(_instruction(" DOCPROPERTY  Ten  \\* MERGEFORMAT "), like=run),
        run_with(made("fldChar", fldCharType="separate"), like=run),
    ):
        run.addprevious(part)
    run.addnext(run_with(made("fldChar", fldCharType="end"), like=run))


def _instruction(text: str) -> Element:
    node = made("instrText")
    node.text = text
    return node


def _with_soft_hyphens(run: Element) -> None:
    """A hyphen that is printed at the end of a line only, between two syllables of no line's end."""
    text = text_of(run)
    at = text.find(" ")
    if at > 0:
        run.addprevious(run_with(letters(text[:at]), made("softHyphen"), letters(text[at:]), like=run))
        removed(run)


def head_within_a_table(paper: Paper) -> None:
    """The table of the head within a cell of another."""
    table = head(paper)
    outer, row, cell = made("tbl"), made("tr"), made("tc")
    outer.append(made("tblPr"))
    outer.append(row)
    row.append(cell)
    wrapped(table, outer, cell)
    cell.append(made("p"))


def page_number_in_a_frame(paper: Paper) -> None:
    """The page number in a frame in the middle, as older programs put it there."""
    for name in [part for part in paper.parts if re.match(r"word/header\d", part)]:
        for para in list(paper.tree(name).iter(w("p"))):
            if style_of(para) == "VTSoTrang":
                properties = para.find("w:pPr", NS)
                assert properties is not None
                properties.insert(
                    1, made("framePr", wrap="around", vAnchor="text", hAnchor="margin", xAlign="center", y="1")
                )


def _leaders(para: Element) -> None:
    """A rule as the leader of a tab."""
    properties = para.find("w:pPr", NS)
    assert properties is not None
    tabs = made("tabs")
    tabs.append(made("tab", val="left", leader="underscore", pos="1600"))
    properties.append(tabs)
    para.append(run_with(made("tab")))


def indents_typed_with_a_tab(paper: Paper) -> None:
    """The first line of a paragraph moved by a tab, not by an indent."""
    for para in styled(paper, "VTThan"):
        bare = direct(paper, para)
        properties = bare.find("w:pPr", NS)
        assert properties is not None
        indent = properties.find("w:ind", NS)
        if indent is None or not text_of(bare).strip():
            continue
        width = indent.get(w("firstLine"), "567")
        properties.remove(indent)
        tabs = made("tabs")
        tabs.append(made("tab", val="left", pos=width))
        properties.append(tabs)
        properties.append(made("ind", firstLine="0"))
        first = next(bare.iter(w("r")))
        first.addprevious(run_with(made("tab"), like=first))
        parent = para.getparent()
        assert parent is not None
        parent.replace(para, bare)


def sides_by_reading(paper: Paper) -> None:
    """Sides called start and end."""
    for tree in (paper.body, paper.tree("word/styles.xml")):
        for mark in tree.iter(w("jc")):
            mark.set(w("val"), {"left": "start", "right": "end"}.get(mark.get(w("val"), ""), mark.get(w("val"), "")))
        for indent in tree.iter(w("ind")):
            for old, new in (("left", "start"), ("right", "end")):
                if w(old) in indent.attrib:
                    indent.set(w(new), indent.attrib.pop(w(old)))


def recipients_as_a_list(paper: Paper) -> None:
    """The dashes of the recipients by a list of Word's."""
    numbering = paper.tree("word/numbering.xml")
    abstract = made("abstractNum", abstractNumId="77")
    level = made("lvl", ilvl="0")
    level.extend(
        (made("start", val="1"), made("numFmt", val="bullet"), made("lvlText", val="-"), made("lvlJc", val="left"))
    )
    abstract.append(level)
    numbering.insert(0, abstract)
    number = made("num", numId="77")
    number.append(made("abstractNumId", val="77"))
    numbering.append(number)
    for para in styled(paper, "VTNoiNhanMuc"):
        properties = para.find("w:pPr", NS)
        assert properties is not None
        first = next(node for node in para.iter(w("t")) if node.text)
        if not (first.text or "").startswith("- "):
            continue
        first.text = (first.text or "").removeprefix("- ")
        mark = made("numPr")
        mark.extend((made("ilvl", val="0"), made("numId", val="77")))
        properties.insert(1, mark)


def _marked_otherwise(para: Element) -> None:
    """A look of the paragraph's mark, which prints nothing."""
    properties = para.find("w:pPr", NS)
    assert properties is not None
    looks = made("rPr")
    looks.extend((made("b"), made("i"), made("sz", val="40"), made("color", val="FF0000")))
    old = properties.find("w:rPr", NS)
    if old is not None:
        properties.remove(old)
    section = properties.find("w:sectPr", NS)
    if section is None:
        properties.append(looks)
    else:
        section.addprevious(looks)


def looks_of_the_whole_file(paper: Paper) -> None:
    """What the style of all paragraphs says, said for the whole file."""
    styles = paper.tree("word/styles.xml")
    _, of_runs = chain(paper, "Normal" if any(each.get(w("styleId")) == "Normal" for each in styles) else "VTThan")
    defaults = styles.find("w:docDefaults/w:rPrDefault/w:rPr", NS)
    if defaults is None:
        return
    for child in of_runs:
        if child.tag in (w("rFonts"), w("sz")):
            for old in defaults.findall(str(child.tag)):
                defaults.remove(old)
            defaults.append(copy.deepcopy(child))


def _without_width(para: Element) -> None:
    """Signs that have no width, between two words."""
    for node in para.iter(w("t")):
        node.text = (node.text or "").replace(", ", ",\u200b ")


def gaps_below_instead_of_above(paper: Paper) -> None:
    """The gap between paragraphs set below the one before."""
    lines = [para for para in paper.body[0].findall("w:p", NS) if style_of(para) == "VTThan"]
    for para in lines:
        following = para.getnext()
        if following is None or following.tag != w("p") or style_of(following) != "VTThan":
            continue
        properties = following.find("w:pPr", NS)
        own = para.find("w:pPr", NS)
        assert properties is not None
        assert own is not None
        properties.append(made("spacing", before="0"))
        spacing = own.find("w:spacing", NS)
        if spacing is None:
            spacing = etree.SubElement(own, w("spacing"))
        spacing.set(w("after"), "120")


MORE: Final[dict[str, Rewriting]] = {
    "the asterisk as a symbol": asterisk_as_a_symbol,
    "bold by a style of letters": bold_by_a_style_of_letters,
    "in the markup of another program": in_custom_markup,
    "letters from the left by order": everywhere(_from_the_left, runs),
    "texts as fields": everywhere(_in_a_field, runs),
    "soft hyphens": everywhere(_with_soft_hyphens, runs),
    "the head within a table": head_within_a_table,
    "page number in a frame": page_number_in_a_frame,
    "rules as leaders of tabs": ruled_by(_leaders),
    "indents typed with a tab": indents_typed_with_a_tab,
    "sides called start and end": sides_by_reading,
    "recipients as a list": recipients_as_a_list,
    "marks of paragraphs in another look": everywhere(_marked_otherwise, texts),
    "looks of the whole file": looks_of_the_whole_file,
    "signs without width": everywhere(_without_width, texts),
    "gaps below instead of above": gaps_below_instead_of_above,
}
