"""Word documents: paragraphs and tables in their order, content controls as named values.

The text is taken from the XML itself: python-docx's `paragraph.text` does not see content controls, text boxes and
tracked insertions. Deleted and hidden text is not read.
"""

from collections.abc import Callable
from typing import Final

from lxml import etree

from pipeline.files import refusals
from pipeline.files.refusals import Unfit, refusal, warning
from pipeline.messages import say
from pipeline.model import Place
from pipeline.ooxml import Package
from pipeline.ooxml.own_marks import AUTHOR
from pipeline.ooxml.word_fields import Fields
from pipeline.ooxml.word_looks import Looks
from pipeline.reading.bindings import bound_text
from pipeline.reading.controls import lists_of_ticks
from pipeline.reading.raw import RawForm
from pipeline.reading.word_lists import Lists
from pipeline.reading.word_margins import authors, margins, properties_of, side_texts, text_elsewhere
from pipeline.reading.word_runs import Runs
from pipeline.reading.word_walk import Walker, block_texts

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Element = etree._Element


def read_docx(package: Package) -> RawForm:
    """A document that passed the door. Raises Unfit when it has no body."""
    root = package.tree(package.main)
    walker = _walked(
        root,
        _styles(package),
        lambda holder, key: text_elsewhere(package, holder, key),
        lambda control: bound_text(package, control),
        _numbering(package),
    )
    about = properties_of(package)
    texts = [about["title"], about["subject"], about["category"], about["keywords"], *side_texts(package)]
    texts += [line for block in walker.blocks for line in block_texts(block)]
    texts += walker.runs.unread_texts  # a mark of secrecy counts wherever it stands (noi-dung I10)
    # noi-dung I06: in a form that counts, changes are settled
    findings = [*package.findings, *walker.document_findings()]
    if any(authors(package.tree(part)) - {AUTHOR} for part in package.related(package.main, "/comments")):
        findings.append(
            warning(
                "I06",
                say("There are comments in the document."),
                say("Settle and delete the comments before the form is sent."),
            )
        )
    # the first four are properties of the file
    if not any(text.strip() for text in texts[4:]):
        findings.append(
            refusal(
                "docx.no-text",
                say("There is no text in the document, only pictures or nothing at all."),
                say("Fill in the form of the cluster as text."),
            )
        )
    marker = walker.named.pop("kind", None)
    return RawForm(
        "docx",
        lists_of_ticks(walker.named),
        tuple(walker.blocks),
        tuple(texts),
        marker.text if marker else about["category"],
        findings=tuple(findings),
        seen_unread=tuple(dict.fromkeys(walker.runs.told)),
        margins=tuple(margins(package)),
        pictures=package.parts.get(package.main, b"").count(b"<a:blip "),
    )


def elements_by_place(root: Element, styles: Element | None) -> dict[Place, list[Element]]:
    """The paragraphs of every place that `read_docx` gives; of a named place, its content control.

    Of a document's main part and its styles, which may be another copy than the one that was read.
    """
    return _walked(root, styles, lambda *_: "", lambda _: None).elements


def _walked(
    root: Element | None,
    styles: Element | None,
    text_of: Callable[[str, str], str],
    bound: Callable[[Element], str | None],
    numbering: Element | None = None,
) -> Walker:
    body = root.find(f"{_W}body") if root is not None else None
    if body is None:
        raise Unfit(refusals.damaged())
    looks = Looks(styles)
    walker = Walker(looks, Runs(looks, text_of, Fields(body), bound), Lists(numbering, styles))
    walker.blocks_of(body)
    return walker


def _styles(package: Package) -> Element | None:
    return next((package.tree(part) for part in package.related(package.main, "/styles")), None)


def _numbering(package: Package) -> Element | None:
    return next((package.tree(part) for part in package.related(package.main, "/numbering")), None)
