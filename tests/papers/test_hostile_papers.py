"""PDFs built to harm, or merely broken: each gets a verdict, none breaks the recognition of the next."""

import io
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from benchmarks.processor import processor_seconds
from pipeline import papers
from pipeline.model import Recognition, Severity
from pipeline.papers import codes
from pipeline.papers.recognition import recognise_pdf
from pipeline.tools.guard import Guard, GuardRefused, Reason
from scripts.pretend_signature import scan, sign_text_layer
from tests.sample_papers import paper

OURS = codes.new_code("hostile")
T = TypeVar("T")


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(papers.GUARDED) as guard:
        yield guard


def _rewritten(writer: pypdf.PdfWriter) -> bytes:
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def _password() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper(OURS)))
    writer.encrypt("secret", algorithm="RC4-128")
    return _rewritten(writer)


def _javascript() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper(OURS)))
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('x')")}
    )
    return _rewritten(writer)


def _launch() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper(OURS)))
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("calc.exe")}
    )
    return _rewritten(writer)


def _attachment() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper(OURS)))
    writer.add_attachment("tool.exe", b"MZ")
    return _rewritten(writer)


def _dynamic_form() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper(OURS)))
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): ArrayObject()})
    return _rewritten(writer)


def _objects(*bodies: bytes) -> bytes:
    """A PDF of numbered objects, the first its catalogue."""
    content, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    content += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    content += b"trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, table)
    return bytes(content)


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def _bomb() -> bytes:
    """A page whose 300 kB content inflates to 300 MB."""
    stream = zlib.compress(b"0 0 m " * 50_000_000, 6)
    return _objects(
        CATALOGUE,
        ONE_PAGE,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(stream), stream),
    )


def _loop() -> bytes:
    return _objects(CATALOGUE, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>")


def _no_pages() -> bytes:
    return _objects(CATALOGUE, b"<</Type/Pages/Kids[]/Count 0>>")


def _many_pages() -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(401):
        writer.add_blank_page(595, 842)
    return _rewritten(writer)


def _nested() -> bytes:
    return _objects(CATALOGUE, b"[" * 100_000 + b"]" * 100_000)


def _count_lie() -> bytes:
    return _objects(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1000000000>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )


def _huge_page() -> bytes:
    return _objects(CATALOGUE, ONE_PAGE, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 2000000 2000000]>>")


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("made", "verdict"),
    [
        (lambda: b"", "file.damaged"),
        (lambda: b"%PDF-1.7\n", "file.damaged"),
        (lambda: zlib.compress(bytes(range(256)) * 99), "file.damaged"),
        (lambda: scan(paper(OURS))[:20_000], "file.damaged"),
        (_password, "I04"),
        (_javascript, "file.program"),
        (_launch, "file.program"),
        (_attachment, "file.embedded-object"),
        (_dynamic_form, "file.program"),
        (_loop, "file.tampered"),
        (_no_pages, "file.damaged"),
        (_many_pages, "file.too-heavy"),
        (_nested, "file.too-heavy"),
        (_huge_page, "file.too-heavy"),
        (_bomb, "file.too-heavy"),
    ],
    ids=[
        *("empty", "head-only", "garbage", "truncated", "password", "javascript", "launch", "attachment", "xfa"),
        *("loop", "no-pages", "many-pages", "nested", "huge-page", "bomb"),
    ],
)
def test_a_hostile_pdf_gets_its_verdict(
    guard: Guard, tmp_path: Path, made: Callable[[], bytes], verdict: str
) -> None:
    path = tmp_path / "hostile.pdf"
    path.write_bytes(made())
    began = processor_seconds()
    found = papers.recognise(guard, path)
    assert processor_seconds() - began < 5
    assert (found.code, [finding.code for finding in found.findings]) == ("", [verdict])
    assert found.findings[0].severity is Severity.BLOCK


def test_an_odd_pdf_without_a_code_is_simply_not_ours(guard: Guard, tmp_path: Path) -> None:
    path = tmp_path / "odd.pdf"
    path.write_bytes(_count_lie())
    began = processor_seconds()
    found = papers.recognise(guard, path)
    assert [one.code for one in found.findings] == ["paper.blank-page", "paper.no-signature-seen"]
    assert replace(found, measured=(), findings=()) == Recognition(pages=1, unread_pages=(1,), codes=("",))
    assert processor_seconds() - began < 5


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [(Reason.MEMORY, "file.too-heavy"), (Reason.CPU, "file.too-heavy"), (Reason.DIED, "file.damaged")],
)
def test_a_file_that_breaks_its_reader_is_a_finding(tmp_path: Path, reason: Reason, verdict: str) -> None:
    class Broken(Guard):
        def call(self, function: str, *args: object, returns: type[T], about: str = "", times: int = 1) -> T:
            raise GuardRefused(function, reason)

    (tmp_path / "any.pdf").touch()
    found = papers.recognise(Broken(papers.GUARDED), tmp_path / "any.pdf")
    assert [finding.code for finding in found.findings] == [verdict]


def test_the_guarded_child_says_the_same_as_the_function_itself(guard: Guard, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(scan(paper(OURS, codes.new_code("foreign"), OURS), 200, skew=1.0))
    found = papers.recognise(guard, path)
    assert found == recognise_pdf(str(path))
    assert (found.code, len(found.foreign_codes)) == (OURS, 1)


def test_damaged_bytes_are_never_taken_for_another_paper(guard: Guard, tmp_path: Path) -> None:
    chance = random.Random(7)
    whole = sign_text_layer(paper(OURS, OURS))
    path = tmp_path / "damaged.pdf"
    for _ in range(40):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 5, 60])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        cut = len(damaged) if chance.random() < 0.6 else chance.randrange(len(damaged))
        path.write_bytes(bytes(damaged[:cut]))
        assert papers.recognise(guard, path).code in {"", OURS}
