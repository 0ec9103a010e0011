"""A canvas whose PDFs a blind reader's program can read: what is drawn belongs to an element of a tree, or to none.

reportlab does not tag. While it draws, what is put on a page is enclosed in marked content, and the tree of elements
remembers which; `with_tree` writes the tree into the finished PDF, with what PDF/UA-1 (ISO 14289-1) asks of a file:
language, title, the mark in the metadata.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfgen.canvas import Canvas

from pipeline.pdf.accessible import metadata
from pipeline.pdf.serif import REGULAR


@dataclass(eq=False)
class Element:
    """One element of the tree: its standard type (ISO 32000-1, table 333 ff.) and what it holds.

    `marks` are its own contents: page (from 0) and id of the marked content. `columns` is how many columns a cell
    goes over; `field` the full name of the field of a form that it is about.
    """

    sort: str
    children: "list[Element]" = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    columns: int = 1
    field: str = ""

    def add(self, sort: str, *, columns: int = 1, field: str = "") -> "Element":
        """One more element in it, the last so far."""
        child = Element(sort, columns=columns, field=field)
        self.children.append(child)
        return child


class TaggedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A canvas that encloses what is drawn; whatever is drawn outside of an element is to be an artifact."""

    def __init__(self, *settings: Any, **named: Any) -> None:  # noqa: ANN401 - reportlab's own
        # reportlab begins every page with a font that is in no file, unless it is told another
        super().__init__(*settings, **named | {"initialFontName": REGULAR})
        self._ids: dict[int, int] = {}

    @contextmanager
    def tagged(self, element: Element) -> Iterator[None]:
        """What is drawn within belongs to an element."""
        page = self.getPageNumber() - 1
        mark = self._ids[page] = self._ids.get(page, -1) + 1
        element.marks.append((page, mark))
        with self._enclosed(f"/{element.sort} <</MCID {mark}>> BDC"):
            yield

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn within is not read aloud: lines, shades, heads that come again, what stands at the foot."""
        with self._enclosed("/Artifact BMC"):
            yield

    @contextmanager
    def _enclosed(self, begin: str) -> Iterator[None]:
        self._code.append(begin)
        yield
        self._code.append("EMC")


def with_tree(content: bytes, document: Element, title: str, *, is_packed: bool = True) -> bytes:
    """Write a tree into the PDF whose canvas it was drawn with; the same PDF and tree give the same bytes.

    With `is_packed` small objects are packed together, which takes less room and, of a form, longer to read.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        _Tree(pdf).write(document)
        root = pdf.Root
        root.Lang, root.MarkInfo = String("vi-VN"), Dictionary(Marked=True)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root.Metadata = pdf.make_stream(metadata(title), Type=Name.Metadata, Subtype=Name.XML)
        mode = pikepdf.ObjectStreamMode.generate if is_packed else pikepdf.ObjectStreamMode.disable
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=mode, deterministic_id=True)
    return out.getvalue()


class _Tree:
    """Makes the objects of a tree, and the way back from each content and field to its element."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.pages = [page.obj for page in pdf.pages]
        self.of_mark: dict[int, dict[int, pikepdf.Object]] = {}
        self.of_field: list[tuple[pikepdf.Object, pikepdf.Object]] = []
        self.fields = {name: (widget, page) for page in self.pages for widget, name in _fields_of(page)}

    def write(self, document: Element) -> None:
        root = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root.K = Array([self._element(document, root)])
        numbers: list[int | pikepdf.Object] = []
        for at, page in enumerate(self.pages):
            page.StructParents, page.Tabs = at, Name.S
            elements = self.of_mark.get(at, {})
            numbers += [at, self.pdf.make_indirect(Array([elements[mark] for mark in range(len(elements))]))]
        for at, (widget, element) in enumerate(self.of_field, start=len(self.pages)):
            widget.StructParent = at
            numbers += [at, element]
        root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=Array(numbers)))
        root.ParentTreeNextKey = len(self.pages) + len(self.of_field)
        self.pdf.Root.StructTreeRoot = root

    def _element(self, element: Element, parent: pikepdf.Object) -> pikepdf.Object:
        made = self.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{element.sort}"), P=parent))
        if element.sort == "TH":
            made.A = Dictionary(O=Name.Table, Scope=Name.Column)
        elif element.columns > 1:
            made.A = Dictionary(O=Name.Table, ColSpan=element.columns)
        kids: list[pikepdf.Object] = []
        for page, mark in element.marks:
            kids.append(Dictionary(Type=Name.MCR, Pg=self.pages[page], MCID=mark))
            self.of_mark.setdefault(page, {})[mark] = made
        kids += [self._element(child, made) for child in element.children]
        if element.field in self.fields:
            widget, on = self.fields[element.field]
            kids.append(Dictionary(Type=Name.OBJR, Obj=widget, Pg=on))
            self.of_field.append((widget, made))
        if kids:
            made.K = Array(kids)
        return made


def _fields_of(page: pikepdf.Object) -> Iterator[tuple[pikepdf.Object, str]]:
    """The fields on a page with their full names."""
    for widget in page.get("/Annots", ()):
        names, node = [str(widget.get("/T", ""))], widget.get("/Parent")
        while node is not None:
            names.append(str(node.get("/T", "")))
            node = node.get("/Parent")
        yield widget, ".".join(reversed(names))
