"""Signed papers come home: which one is it, is it whole, and what should a clerk know about it."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import segno
from PIL import Image, ImageDraw
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from pipeline import papers
from pipeline.model import Finding, Recognition, Severity
from pipeline.papers import codes
from pipeline.papers.pages import left_out
from pipeline.papers.recognition import recognise_pdf
from scripts.pretend_signature import as_pdf, scan, sign_text_layer
from tests.pdf.test_opening import locked
from tests.said import en, vi
from tests.sample_papers import paper

OURS = codes.new_code("the paper")
OTHER = codes.new_code("another paper")


@pytest.fixture
def recognised(tmp_path: Path) -> "Recognised":
    return Recognised(tmp_path / "paper.pdf")


class Recognised:
    """Recognise bytes as the flow does with files, without the guarded child."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, pdf: bytes) -> Recognition:
        self.path.write_bytes(pdf)
        return recognise_pdf(str(self.path))


def _codes_of(findings: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def _verdict(recognition: Recognition, pages: int) -> tuple[Finding, ...]:
    found = papers.verify(recognition, pages)
    # nothing was there to be compared with, and that is told each time
    assert found[-1].code == "paper.not-compared"
    return found[:-1]


def _sheets(pdf: bytes, dpi: int = 200) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def _pages_in_order(pdf: bytes, order: Sequence[int]) -> bytes:
    reader, writer = pypdf.PdfReader(io.BytesIO(pdf)), pypdf.PdfWriter()
    for number in order:
        writer.add_page(reader.pages[number - 1])
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


# Which paper -------------------------------------------------------------------------------------------------------


def test_a_signed_pdf_with_text_is_recognised_by_its_text(recognised: Recognised) -> None:
    found = recognised(sign_text_layer(paper(OURS, OURS, OURS)))
    assert replace(found, measured=()) == Recognition(code=OURS, pages=3, has_text=True, codes=(OURS,) * 3)


def test_a_signed_pdf_that_only_its_owner_may_change_is_recognised(recognised: Recognised) -> None:
    found = recognised(locked(sign_text_layer(paper(OURS, OURS, OURS)), user=""))
    assert replace(found, measured=()) == Recognition(code=OURS, pages=3, has_text=True, codes=(OURS,) * 3)


@pytest.mark.sweep
@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_clean_scan_is_recognised_however_it_lay_on_the_glass(recognised: Recognised, dpi: int, turn: int) -> None:
    found = recognised(scan(paper(OURS, OURS), dpi, turn=turn))
    assert (found.code, found.pages, found.unread_pages, found.has_text) == (OURS, 2, (), False)
    assert ("A05" in _codes_of(found.findings)) == bool(turn)


@pytest.mark.sweep
@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize(("skew", "noise"), [(3.0, 0.0), (1.5, 12.0), (0.0, 30.0)])
def test_crooked_and_noisy_scans_are_recognised(recognised: Recognised, dpi: int, skew: float, noise: float) -> None:
    found = recognised(scan(paper(OURS, OURS), dpi, skew=skew, noise=noise))
    assert (found.code, found.unread_pages) == (OURS, ())


def test_a_turned_page_is_told(recognised: Recognised) -> None:
    straight, turned = _sheets(paper(OURS, OURS))
    found = recognised(as_pdf([straight, turned.rotate(180)], 200))
    (doubt,) = [finding for finding in found.findings if finding.code == "A05"]
    assert (doubt.place.page, doubt.severity) == (2, Severity.WARN)


def test_a_page_set_upright_by_the_viewer_is_not_called_turned(recognised: Recognised) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(scan(paper(OURS), 300, turn=90)))
    writer.pages[0][NameObject("/Rotate")] = NumberObject(90)  # scanned counter-clockwise, shown clockwise
    content = io.BytesIO()
    writer.write(content)
    found = recognised(content.getvalue())
    assert found.code == OURS
    assert not [finding for finding in found.findings if "turned" in en(finding.message)]


def test_shuffled_pages_are_the_same_paper(recognised: Recognised) -> None:
    pdf = scan(paper(*[OURS] * 4), 200)
    found = recognised(_pages_in_order(pdf, [3, 1, 4, 2]))
    assert (found.code, found.unread_pages) == (OURS, ())
    assert _verdict(found, pages=4) == ()


def test_one_code_under_a_pen_stroke_leaves_the_other(recognised: Recognised) -> None:
    (sheet,) = _sheets(paper(OURS))
    ImageDraw.Draw(sheet).line((1400, 20, 1560, 180), fill=(20, 40, 160), width=14)
    found = recognised(as_pdf([sheet], 200))
    assert (found.code, found.unread_pages) == (OURS, ())


def test_the_code_of_most_pages_names_the_paper_and_the_others_are_foreign(recognised: Recognised) -> None:
    for pdf in (paper(OURS, OTHER, OURS), scan(paper(OURS, OTHER, OURS), 200)):
        found = recognised(pdf)
        assert (found.code, found.foreign_codes, found.unread_pages) == (OURS, (OTHER,), ())
        (foreign,) = [finding for finding in found.findings if finding.code == "paper.foreign-page"]
        assert (foreign.place.page, foreign.severity, foreign.found) == (2, Severity.BLOCK, OTHER)


def test_of_two_documents_on_as_many_sheets_each_none_is_named(recognised: Recognised) -> None:
    for pdf in (paper(OURS, OTHER, ""), scan(paper(OTHER, OURS), 200)):
        found = recognised(pdf)
        assert (found.code, {*found.codes} - {""}) == ("", {OURS, OTHER})


@pytest.mark.slow
def test_a_code_on_few_of_the_sheets_names_nobody(recognised: Recognised) -> None:
    for pdf in (paper(OTHER, "", ""), scan(paper("", OTHER), 200)):
        found = recognised(pdf)
        assert (found.code, found.few_code) == ("", OTHER)
    assert recognised(paper(OURS, OURS, "")).code == OURS


def test_blank_sheets_and_those_with_another_code_are_none_of_its_pages(recognised: Recognised) -> None:
    first, other, strange = _sheets(paper(OURS, OTHER, ""))
    blank = Image.new("RGB", first.size, "white")
    found = recognised(as_pdf([first, blank, other, strange, first, first], 200))
    assert (found.code, left_out(found)) == (OURS, (2, 3))


def test_other_peoples_barcodes_are_not_codes_of_ours(recognised: Recognised) -> None:
    card = io.BytesIO()
    segno.make_qr("079123456789||Nguyen Van A|01011980|Nam|").save(card, kind="png", scale=6)
    (sheet,) = _sheets(paper(""))
    with Image.open(card) as picture:
        sheet.paste(picture.convert("RGB"), (600, 800))
    found = recognised(as_pdf([sheet], 200))
    assert (found.code, found.unread_pages, found.strange_codes) == ("", (1,), (1,))


def test_where_no_page_tells_the_keywords_do_and_no_page_counts_as_read(recognised: Recognised) -> None:
    found = recognised(paper("", "", keywords=OURS))
    assert (found.code, found.unread_pages) == (OURS, (1, 2))
    (doubt,) = _verdict(found, pages=2)
    assert (doubt.code, doubt.severity) == ("paper.unread-page", Severity.BLOCK)


@pytest.mark.slow
def test_of_a_paper_without_a_code_it_is_told_what_it_looks_like(recognised: Recognised) -> None:
    # whose it is may still be told by its picture; who takes it for a form says nothing of this
    written, scanned = recognised(paper("", "")), recognised(scan(paper("", ""), 200))
    assert (written.code, written.strange_codes, [one.code for one in written.findings]) == (
        "",
        (),
        ["paper.no-signature-seen"],
    )
    assert (scanned.code, [one.code for one in scanned.findings]) == ("", ["A07"])


# Is it whole -------------------------------------------------------------------------------------------------------


def test_a_missing_page_is_told_with_both_counts(recognised: Recognised) -> None:
    found = recognised(scan(paper(OURS, OURS), 200))
    (missing,) = _verdict(found, pages=3)
    assert (missing.code, missing.severity, missing.found) == ("A04", Severity.BLOCK, "2")
    assert "3 trang" in vi(missing.message)
    assert "2 trang" in vi(missing.message)


def test_a_page_too_many_is_told_and_the_strange_one_is_named(recognised: Recognised) -> None:
    found = recognised(scan(paper(OURS, "", OURS), 200))
    (extra,) = _verdict(found, pages=2)
    assert (extra.code, extra.severity) == ("A04", Severity.BLOCK)
    assert extra.mend is not None
    assert "trang 2" in vi(extra.mend)


def test_blank_backs_of_a_two_sided_scan_do_not_count(recognised: Recognised) -> None:
    front_one, front_two = _sheets(paper(OURS, OURS))
    back = Image.new("RGB", front_one.size, (247, 246, 240))
    punched = back.copy()
    for y in (900, 1530):  # the holes of a folder
        ImageDraw.Draw(punched).ellipse((1560, y, 1608, y + 48), fill=(30, 30, 30))
    found = recognised(as_pdf([front_one, back, front_two, punched], 200))
    assert [finding.place.page for finding in found.findings if finding.code == "paper.blank-page"] == [2, 4]
    assert not any(finding.severity is Severity.BLOCK for finding in found.findings)
    assert _verdict(found, pages=2) == ()


def test_a_page_with_a_single_line_is_not_blank(recognised: Recognised) -> None:
    front, empty = _sheets(paper(OURS, ""))
    line = Image.new("RGB", front.size, "white")
    line.paste(empty.crop((200, 310, 1000, 345)), (200, 310))
    found = recognised(as_pdf([front, line], 200))
    assert "paper.blank-page" not in _codes_of(found.findings)
    assert found.unread_pages == (2,)


@pytest.mark.slow
def test_one_unread_page_of_several_is_a_warning_and_many_are_not_taken(recognised: Recognised) -> None:
    one = recognised(scan(paper(OURS, OURS, "", OURS), 200))
    (doubt,) = _verdict(one, pages=4)
    assert (doubt.code, doubt.severity, doubt.place.page) == ("paper.unread-page", Severity.WARN, 3)
    many = recognised(scan(paper(OURS, "", "", OURS), 200))
    (refusal,) = _verdict(many, pages=4)
    assert (refusal.code, refusal.severity) == ("paper.unread-page", Severity.BLOCK)
    assert "2–3" in vi(refusal.message)


def test_keywords_that_name_another_paper_than_the_pages_are_told(recognised: Recognised) -> None:
    found = recognised(paper(OURS, keywords=OTHER, is_signed=True))
    (disagreement,) = [one for one in found.findings if one.severity is Severity.BLOCK]
    assert (found.code, disagreement.code, disagreement.place.page) == (OURS, "paper.codes-disagree", 0)


def test_the_same_pdf_saved_anew_is_doubted_and_a_signed_one_is_not(recognised: Recognised) -> None:
    anew = _pages_in_order(paper(OURS), [1])
    assert "paper.no-signature-seen" in _codes_of(recognised(anew).findings)
    assert "paper.no-signature-seen" not in _codes_of(recognised(sign_text_layer(paper(OURS))).findings)
    assert "paper.no-signature-seen" not in _codes_of(recognised(scan(paper(OURS))).findings)


def test_without_a_known_page_count_only_what_needs_none_is_checked() -> None:
    whole = Recognition(code=OURS, pages=7)
    assert _verdict(whole, pages=0) == ()
    assert _codes_of(_verdict(replace(whole, unread_pages=(1, 2, 3)), pages=0)) == ["paper.unread-page"]


# What a clerk should know ------------------------------------------------------------------------------------------


def test_a_coarse_scan_is_told_and_taken(recognised: Recognised) -> None:
    found = recognised(scan(paper(OURS), 120))
    assert found.code == OURS
    (doubt,) = [finding for finding in found.findings if finding.code == "A05"]
    assert (doubt.severity, "120 dpi" in vi(doubt.message), doubt.place.page) == (Severity.WARN, True, 1)


def test_a_scan_without_colour_is_told(recognised: Recognised) -> None:
    sheets = [sheet.convert("L") for sheet in _sheets(paper(OURS, OURS))]
    (doubt,) = [finding for finding in recognised(as_pdf(sheets, 200)).findings if finding.code == "A05"]
    assert "trang 1–2" in vi(doubt.message)


def test_paper_that_is_not_a4_is_told(recognised: Recognised) -> None:
    letter = recognised(sign_text_layer(paper(OURS, size_mm=(216, 279))))
    landscape = recognised(sign_text_layer(paper(OURS, size_mm=(297, 210))))
    assert _codes_of(letter.findings) == ["A05"]
    assert _codes_of(landscape.findings) == []


def test_an_old_pdf_version_is_told(recognised: Recognised) -> None:
    (doubt,) = recognised(sign_text_layer(paper(OURS, version="1.3"))).findings
    assert (doubt.code, doubt.found) == ("A05", "1.3")


def test_digital_signatures_are_counted_not_judged(recognised: Recognised) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper(OURS)))
    fields = [
        DictionaryObject(
            {
                NameObject("/FT"): NameObject("/Sig"),
                NameObject("/T"): TextStringObject(name),
                NameObject("/V"): DictionaryObject({NameObject("/Type"): NameObject("/Sig")}),
            }
        )
        for name in ("leader", "office")
    ]
    empty = DictionaryObject({NameObject("/FT"): NameObject("/Sig"), NameObject("/T"): TextStringObject("empty")})
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/SigFlags"): NumberObject(3), NameObject("/Fields"): ArrayObject([*fields, empty])}
    )
    content = io.BytesIO()
    writer.write(content)
    found = recognised(content.getvalue())
    assert (found.digital_signatures, found.stray_signatures) == (2, 0)
    # what they are worth is said by who checks them
    assert [finding for finding in found.findings if finding.severity is Severity.BLOCK] == []
