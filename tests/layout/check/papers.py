"""Conforming documents, and a way of spoiling them as a hand in Word would."""

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from pipeline import filling
from pipeline.layout import all_profiles, apply
from pipeline.layout.applying import parts_of, w
from pipeline.model import Place
from pipeline.ooxml import packed
from pipeline.papers import codes
from pipeline.vietnamese.filters import FILTERS
from tests.layout import sample

NS = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

CODE = codes.new_code("checking")
Element = etree._Element


@functools.cache
def clean(kind: str, form: str, number: int | None = 1) -> bytes:
    """A conforming document of a kind in a form; with the list of contacts (an appendix) when the kind has one."""
    profile = all_profiles()[form]
    year = sample.year_values()
    doc: dict[str, Any] = sample.document_of(kind, year)
    if kind == "ke-hoach":
        doc = sample.plan(with_contacts=True)
        doc["requirements"].append("Danh sách đầu mối liên hệ tại Phụ lục kèm theo Kế hoạch này")
    values = sample.context(kind, profile, doc, year, number=number)
    return filling.fill(_compiled(kind, form), values, filters=FILTERS, pictures={"vanthu-code": codes.picture(CODE)})


@functools.cache
def _compiled(kind: str, form: str) -> filling.CompiledTemplate:
    template = (sample.TEMPLATES / kind / "template.docx").read_bytes()
    return filling.compile_template(apply(template, all_profiles()[form]))


@dataclass
class Paper:
    """A document taken apart; `spoilt` is the paragraph that was changed last."""

    parts: dict[str, bytes]
    trees: dict[str, Element] = field(default_factory=dict)
    spoilt: Element | None = None

    def tree(self, name: str) -> Element:
        """A part as a tree; what is changed in it is kept."""
        if name not in self.trees:
            self.trees[name] = etree.fromstring(self.parts[name])
        return self.trees[name]

    @property
    def body(self) -> Element:
        """The main part."""
        return self.tree("word/document.xml")

    def saved(self) -> bytes:
        """The file again."""
        trees = {
            name: etree.tostring(tree, xml_declaration=True, encoding="UTF-8") for name, tree in self.trees.items()
        }
        return packed({**self.parts, **trees})

    def para(self, style: str, nth: int = 0, part: str = "word/document.xml") -> Element:
        """The nth paragraph with text in a style (-1: the last)."""
        found = [
            para
            for para in self.tree(part).iter(w("p"))
            if para.find("w:pPr/w:pStyle", NS) is not None
            and para.find("w:pPr/w:pStyle", NS).get(w("val")) == style  # type: ignore[union-attr]
            and (text_of(para).strip() or style in BARE)
        ]
        self.spoilt = found[nth]
        return found[nth]

    def place(self) -> Place:
        """Where the spoilt paragraph stands, counted here by its own rule."""
        assert self.spoilt is not None
        return place_of(self.spoilt, self.body)


#: Styles whose paragraphs mean something without text.
BARE = frozenset({"VTKeTieuDe", "VTDauCoQuan", "VTDauTrichYeu", "VTSoTrang"})


def opened(content: bytes) -> Paper:
    """A document to be spoilt."""
    return Paper(parts_of(content))


def text_of(element: Element) -> str:
    """The text of a paragraph."""
    return "".join(
        "-" if node.tag == w("noBreakHyphen") else node.text or ""
        for node in element.iter(w("t"), w("noBreakHyphen"))
    )


def place_of(para: Element, body: Element) -> Place:
    """Part, table, row, column and paragraph as the checker should give them."""
    cell = next(para.iterancestors(w("tc")), None)
    container = para.getparent() if cell is None else cell
    assert container is not None
    number = [each for each in container if each.tag == w("p")].index(para) + 1
    if cell is None:
        return Place(paragraph=number)
    row = next(para.iterancestors(w("tr")))
    table = next(para.iterancestors(w("tbl")))
    return Place(
        table=list(body.iter(w("tbl"))).index(table) + 1,
        row=[each for each in table if each.tag == w("tr")].index(row) + 1,
        column=[each for each in row if each.tag == w("tc")].index(cell) + 1,
        paragraph=number,
    )


def made(tag: str, **attributes: str) -> Element:
    """A new element."""
    return etree.Element(w(tag), {w(name): value for name, value in attributes.items()})


def set_text(para: Element, text: str) -> None:
    """Put another text in place of a paragraph's own, in the look of its first run."""
    runs = list(para.iterchildren(w("r")))
    for run in runs[1:]:
        para.remove(run)
    run = runs[0] if runs else etree.SubElement(para, w("r"))
    for child in list(run):
        if child.tag != w("rPr"):
            run.remove(child)
    node = etree.SubElement(run, w("t"))
    node.text = text
    node.set(XML_SPACE, "preserve")


def set_run(para: Element, tag: str, **attributes: str) -> None:
    """Format a paragraph's letters directly."""
    for run in para.iter(w("r")):
        properties = run.find("w:rPr", NS)
        if properties is None:
            properties = etree.Element(w("rPr"))
            run.insert(0, properties)
        for old in properties.findall(f"w:{tag}", NS):
            properties.remove(old)
        properties.append(made(tag, **attributes))


def set_para(para: Element, tag: str, **attributes: str) -> None:
    """Format a paragraph directly."""
    properties = para.find("w:pPr", NS)
    assert properties is not None
    child = properties.find(f"w:{tag}", NS)
    if child is None:
        child = etree.SubElement(properties, w(tag))
    for name, value in attributes.items():
        child.set(w(name), value)


def style_of(paper: Paper, style: str) -> Element:
    """A style's definition."""
    return next(each for each in paper.tree("word/styles.xml").iter(w("style")) if each.get(w("styleId")) == style)


def inserted(paper: Paper, style: str, text: str, *, like: str = "", nth: int = 0, after: bool = False) -> None:
    """A new paragraph before (or after) the nth one of a style, in the style `like` (its own by default)."""
    beside = paper.para(style, nth)
    new = copy.deepcopy(beside)
    set_text(new, text)
    if like:
        mark = new.find("w:pPr/w:pStyle", NS)
        assert mark is not None
        mark.set(w("val"), like)
    if after:
        beside.addnext(new)
    else:
        beside.addprevious(new)
    paper.spoilt = new


def related(paper: Paper, name: str, kind: str, content: bytes, content_type: str) -> None:
    """Add a part the main part points to."""
    paper.parts[name] = content
    relations = paper.tree("word/_rels/document.xml.rels")
    target = name.removeprefix("word/")
    etree.SubElement(
        relations,
        f"{{{RELATIONS}}}Relationship",
        {"Id": f"rIdNew{len(relations)}", "Type": f"{OFFICE}/{kind}", "Target": target},
    )
    types = paper.tree("[Content_Types].xml")
    etree.SubElement(
        types,
        "{http://schemas.openxmlformats.org/package/2006/content-types}Override",
        {"PartName": f"/{name}", "ContentType": content_type},
    )


Spoil = Callable[[Paper], None]
