"""Whether a PDF is PDF/A-2b (ISO 19005-2), asked of the best judge that is there; the report names the judge.

1. veraPDF, the judge of the industry, where it is installed (`verapdf`).
2. pikepdf's own judge (`pikepdf[pdfa]`), built on veraPDF's rules: it approves only what it knows wholly.
3. The rules named in `OWN_RULES`: a subset, which finds what programs get wrong most often and proves nothing.

Asked only of PDFs that the program has made itself; what comes from outside is never opened here.
"""

import io
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pikepdf

from pipeline.pdf.pdfium import pdfium_document
from pipeline.tools import verapdf

_FONT_FILES: Final = ("/FontFile", "/FontFile2", "/FontFile3")
_ACTIONS: Final = frozenset(
    {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition"}
    | {"/Trans", "/GoTo3DView", "/SubmitForm"}
)
#: The judge that proves nothing.
OWN: Final = "own rules"
_PDFAID: Final = "{http://www.aiim.org/pdfa/ns/id/}"


@dataclass(frozen=True)
class Judgement:
    """What was found of a PDF: `by` names the judge; without `faults` it found nothing against it.

    `rules` are those asked where it is no judge of the whole standard; `left` are things it does not judge.
    """

    by: str
    faults: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """One word: "conforms" (by a judge of the whole), "nothing found" (by the subset), "undecided", "fails"."""
        if self.faults:
            return "fails"
        if self.left:
            return "undecided"
        return "nothing found" if self.rules else "conforms"


def judged(content: bytes) -> Judgement:
    """Ask the best judge that is there about a PDF of ours."""
    verdict = verapdf.asked(content, "2b")
    if verdict is not None:
        return Judgement("veraPDF", verdict.rules)
    return _by_pikepdf(content) or by_own_rules(content)


def _by_pikepdf(content: bytes) -> Judgement | None:
    """Ask pikepdf's judge; None where its further packages are not installed."""
    try:
        from pikepdf import pdfa
    except ImportError:
        return None
    # it remarks on oddities of fonts that are none of PDF/A
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    report = pdfa.validate_written(io.BytesIO(content), "2b")
    faults = tuple(str(one) for one in report.findings if one.kind == "violation")
    left = tuple(str(one) for one in report.findings if one.kind != "violation")
    return Judgement(f"pikepdf {pikepdf.__version__}", faults, left)


def by_own_rules(content: bytes) -> Judgement:
    """Look for what `OWN_RULES` name."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        faults = tuple(f"{name}: {said}" for name, rule in OWN_RULES.items() for said in rule(pdf))
    return Judgement(OWN, faults, rules=tuple(OWN_RULES))


def tidied(content: bytes) -> bytes:
    """Leave out what LibreOffice adds for itself: its own checksum, and where a viewer begins."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for holder, key in ((pdf.trailer, "/DocChecksum"), (pdf.Root, "/OpenAction")):
            if key in holder:
                del holder[key]
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True)
        return made.getvalue()


def _trailer(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/ID" not in pdf.trailer:
        yield "the trailer has no ID"


def _encryption(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.is_encrypted:
        yield "the file is encrypted"


def _output_intent(pdf: pikepdf.Pdf) -> Iterator[str]:
    intents = [one for one in pdf.Root.get("/OutputIntents", pikepdf.Array()) if isinstance(one, pikepdf.Dictionary)]
    if not any(one.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in one for one in intents):
        yield "no OutputIntent GTS_PDFA1 with a colour profile"


def _declared(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "no XMP metadata"
        return
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        part, level = metadata.get(f"{_PDFAID}part"), metadata.get(f"{_PDFAID}conformance")
    if (str(part), level) not in {("2", "B"), ("2", "U"), ("2", "A")}:
        yield f"the metadata declare part {part}, conformance {level}"


def _programs(pdf: pikepdf.Pdf) -> Iterator[str]:
    for one in _dictionaries(pdf):
        if str(one.get("/S", "")) in _ACTIONS or "/JS" in one:
            yield f"an action of type {one.get('/S')}"
        if "/AA" in one:
            yield "additional actions"
    if "/XFA" in pdf.Root.get("/AcroForm", pikepdf.Dictionary()):
        yield "an XFA form"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for one in _dictionaries(pdf):
        kind = str(one.get("/Subtype", ""))
        # letters drawn by the file itself need no program, and of a font of many letters its descendants have it
        if one.get("/Type") != "/Font" or kind in {"/Type0", "/Type3"}:
            continue
        described = one.get("/FontDescriptor", pikepdf.Dictionary())
        if not any(name in described for name in _FONT_FILES):
            yield f"the font {one.get('/BaseFont')} is not embedded"


def _streams(pdf: pikepdf.Pdf) -> Iterator[str]:
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            if "/F" in one:
                yield "a stream that lies in another file"
            filters = one.get("/Filter", pikepdf.Array())
            names = [filters] if isinstance(filters, pikepdf.Name) else list(filters)
            if any(name in {"/LZWDecode", "/Crypt"} for name in map(str, names)):
                yield "a stream packed by LZW or Crypt"


def _attached(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/EmbeddedFiles" in pdf.Root.get("/Names", pikepdf.Dictionary()):
        yield "attached files"


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    return (one for one in pdf.objects if isinstance(one, pikepdf.Dictionary | pikepdf.Stream))


def wordless_pages(content: bytes) -> tuple[int, ...]:
    """The pages (from 1) in which no word can be searched: no rule of PDF/A; archives ask for words (TT 05/2025)."""
    with pdfium_document(content) as document:
        return tuple(number for number, page in enumerate(document, 1) if not page.get_textpage().count_chars())


#: Rules of ISO 19005-2 that are looked after here, by name and clause.
OWN_RULES: Final[Mapping[str, Callable[[pikepdf.Pdf], Iterator[str]]]] = MappingProxyType(
    {
        "trailer ID (6.1.3)": _trailer,
        "no encryption (6.1.3)": _encryption,
        "no streams outside, no LZW (6.1.7)": _streams,
        "OutputIntent (6.2.3)": _output_intent,
        "fonts embedded (6.2.11.4)": _fonts,
        "no programs (6.5)": _programs,
        "declared in XMP (6.6.4)": _declared,
        "no attached files (6.8)": _attached,
    }
)
