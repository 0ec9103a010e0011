"""What is said of a paper's pages, from what was seen of them: too few, unread, coarse, colourless, turned, blank."""

from collections.abc import Sequence

import pytest

from pipeline import papers
from pipeline.model import Colour, Finding, Place, Recognition, Severity
from pipeline.papers import ScanStandard, scan_standard
from pipeline.papers.pages import blank_page, pages_said
from pipeline.papers.quality import quality_findings
from pipeline.papers.scans import Scan
from pipeline.papers.sheets import Sheet
from pipeline.papers.structure import Structure
from tests.said import en

A4 = (210.0, 297.0)
GOOD = Structure(pages=1, version="1.7")
FINE = ScanStandard(200, 300)


def sheet(number: int, **about: object) -> Sheet:
    """A page of A4 with text, seen as said."""
    return Sheet(number, **{"codes": ("x",), "has_text": True, "sides_mm": A4} | about)  # type: ignore[arg-type]


def scanned(number: int, dpi: int = 300, *, colour: Colour = Colour.COLOUR, **about: object) -> Sheet:
    return sheet(number, scan=Scan(dpi, colour, "JPEG", is_lossless=False), **about)


def said(sheets: Sequence[Sheet], structure: Structure = GOOD, standard: ScanStandard = FINE) -> list[str]:
    return [en(one.message) for one in quality_findings(structure, sheets, standard)]


# An archive copy ---------------------------------------------------------------------------------------------------


def test_a_good_copy_gives_no_word() -> None:
    assert said([sheet(1), scanned(2), scanned(3, 200)]) == []


@pytest.mark.parametrize(("dpi", "is_told"), [(193, True), (194, False), (200, False), (300, False)])
def test_scanners_may_be_a_little_below_what_is_asked(dpi: int, is_told: bool) -> None:
    assert said([scanned(1, dpi)]) == ([f"Scanned at only {dpi} dpi: page 1."] if is_told else [])


def test_an_office_that_says_nothing_wants_two_hundred_dpi_and_better_three_hundred() -> None:
    (found,) = quality_findings(GOOD, [scanned(1, 193), scanned(2, 194)], ScanStandard())
    assert (en(found.message), en(found.needed)) == (
        "Scanned at only 193 dpi: page 1.",
        "at least 200 dpi, better 300",
    )


def test_coarse_pages_are_named_with_the_coarsest_and_what_is_wanted() -> None:
    sheets = [scanned(1, 150), scanned(2, 100), scanned(3, 300), scanned(4, 180)]
    (found,) = quality_findings(GOOD, sheets, ScanStandard(240, 600))
    assert en(found.message) == "Scanned at only 100 dpi: pages 1–2, 4."
    assert en(found.needed) == "at least 240 dpi, better 600"
    assert (found.code, found.severity, found.place) == ("A05", Severity.WARN, Place())
    (single,) = quality_findings(GOOD, [scanned(1), scanned(2, 90)], FINE)
    assert single.place == Place(page=2)


def test_a_scan_without_colour_is_named_and_one_with_colour_is_not() -> None:
    (found,) = quality_findings(GOOD, [scanned(1), scanned(2, colour=Colour.GREY), sheet(3)], FINE)
    assert (en(found.message), found.place.page) == ("Scanned without colour: page 2.", 2)
    assert en(found.needed) == "colour, so that signature and seal are seen as they are"


def test_turned_pages_are_named() -> None:
    assert said([sheet(1), sheet(2, turn=90), scanned(3, turn=180)]) == ["Rotated: pages 2–3."]
    (found,) = quality_findings(GOOD, [sheet(2, turn=90)], FINE)
    assert found.needed is None


@pytest.mark.parametrize(
    ("sides", "is_told"),
    [
        ((210.0, 297.0), False),
        ((297.0, 210.0), False),
        ((215.0, 302.0), False),
        ((205.0, 292.0), False),
        ((215.1, 297.0), True),
        ((204.9, 297.0), True),
        ((210.0, 302.1), True),
        ((210.0, 291.9), True),
        ((216.0, 279.0), True),
        ((0.0, 0.0), False),  # never read
    ],
)
def test_paper_is_a4_within_five_millimetres_however_it_lies(sides: tuple[float, float], is_told: bool) -> None:
    assert said([sheet(1, sides_mm=sides)]) == (["Not of A4 size: page 1."] if is_told else [])


def test_a_blank_page_is_judged_by_its_size_alone() -> None:
    blank = scanned(2, 72, colour=Colour.GREY, turn=90, is_blank=True, has_text=False, sides_mm=(100.0, 100.0))
    assert said([sheet(1), blank]) == ["Not of A4 size: page 2."]
    assert said([sheet(1, has_text=False), scanned(2, is_blank=True, has_text=False)]) == []


@pytest.mark.parametrize(
    ("version", "is_told"),
    [("1.3", True), ("1.4", False), ("1.7", False), ("2.0", False), ("0.9", True), ("x", True), ("1.", True)],
)
def test_a_pdf_older_than_one_point_four_is_told(version: str, is_told: bool) -> None:
    found = list(quality_findings(Structure(1, version), [sheet(1)], FINE))
    assert [(one.code, en(one.message), one.found, en(one.needed)) for one in found] == (
        [("A05", f"The file is PDF {version}.", version, "PDF 1.4 or later")] if is_told else []
    )


def test_a_scan_whose_words_cannot_be_searched_is_told_as_information() -> None:
    (found,) = quality_findings(GOOD, [scanned(1, has_text=False), sheet(2, has_text=False)], FINE)
    assert (found.code, found.severity) == ("A07", Severity.INFO)
    assert said([scanned(1, has_text=False), sheet(2)]) == [], "some page has words"
    assert said([sheet(1, has_text=False)]) == [], "it is no scan"


# What an office asks for --------------------------------------------------------------------------------------------

PARTY = scan_standard("party", 200, 300)
A5 = (148.0, 210.0)


def without_loss(number: int, dpi: int = 300, **about: object) -> Sheet:
    return sheet(number, scan=Scan(dpi, Colour.COLOUR, "Flate"), **about)


def test_a_good_jpeg_of_two_hundred_dpi_departs_from_the_partys_standard_alone() -> None:
    jpegs = [scanned(1, 200), scanned(2, 200), without_loss(3, 200)]
    assert said(jpegs, standard=scan_standard("custom", 200, 300)) == []
    assert said(jpegs, standard=scan_standard("state", 200, 300)) == []
    coarse, lossy = quality_findings(GOOD, jpegs, PARTY)
    assert (en(coarse.message), en(coarse.needed)) == ("Scanned at only 200 dpi: pages 1–3.", "at least 300 dpi")
    assert en(lossy.message) == "Compressed with loss (JPEG): pages 1–2."
    assert {(one.code, one.severity) for one in (coarse, lossy)} == {("A05", Severity.WARN)}


def test_a_scan_without_loss_at_three_hundred_dpi_is_as_the_party_wants_it() -> None:
    assert said([without_loss(1), without_loss(2)], standard=PARTY) == []


def test_of_a_sheet_smaller_than_a4_the_party_wants_twice_as_much() -> None:
    found = list(quality_findings(GOOD, [without_loss(1), without_loss(2, sides_mm=A5)], PARTY))
    assert [en(one.message) for one in found] == ["Scanned at only 300 dpi: page 2.", "Not of A4 size: page 2."]
    assert en(found[0].needed) == "at least 600 dpi for a sheet smaller than A4"
    assert said([without_loss(1, sides_mm=(203.0, 290.0))], standard=PARTY) == ["Not of A4 size: page 1."]
    assert said([scanned(1, sides_mm=A5)]) == ["Not of A4 size: page 1."], "only the Party does"


def test_a_grey_page_is_good_enough_for_the_party_where_nothing_on_it_is_coloured() -> None:
    grey = Sheet(1, ("x",), has_text=True, sides_mm=A4, scan=Scan(300, Colour.GREY, "CCITT"))
    (found,) = quality_findings(GOOD, [grey], PARTY)
    assert en(found.needed) == "colour; grey only for a page on which nothing is coloured"


@pytest.mark.parametrize(
    ("name", "least", "wanted", "meant"),
    [
        ("custom", 150, 250, (150, 250)),
        ("custom", 400, 300, (400, 400)),
        ("state", 150, 300, (200, 300)),
        ("party", 200, 300, (300, 300)),
        ("party", 400, 300, (400, 400)),
    ],
)
def test_an_office_may_ask_for_more_than_its_standard_and_not_for_less(
    name: str, least: int, wanted: int, meant: tuple[int, int]
) -> None:
    made = scan_standard(name, least, wanted)
    assert (made.least_dpi, made.wanted_dpi) == meant


# Names of pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ([3], "page 3"),
        ([1, 2], "pages 1–2"),
        ([1, 3], "pages 1, 3"),
        ([1, 2, 3, 4, 7, 9, 10], "pages 1–4, 7, 9–10"),
    ],
)
def test_runs_of_pages_are_drawn_together(numbers: list[int], named: str) -> None:
    assert en(pages_said(numbers)) == named


# Whole or not ------------------------------------------------------------------------------------------------------


def verdict(pages: int, came: int, unread: Sequence[int] = (), blank: Sequence[int] = ()) -> Finding | None:
    """What is said of a paper of so many pages of which so many came."""
    recognition = Recognition("x", came, tuple(unread), findings=tuple(map(blank_page, blank)))
    *found, not_compared = papers.verify(recognition, pages)
    assert (not_compared.code, not_compared.severity) == ("paper.not-compared", Severity.WARN)
    assert len(found) <= 1
    return found[0] if found else None


def told(finding: Finding | None) -> tuple[str, Severity, str, str, str, str]:
    assert finding is not None
    return (
        finding.code,
        finding.severity,
        en(finding.message),
        finding.found,
        en(finding.needed),
        en(finding.mend),
    )


def test_a_whole_paper_gives_no_word() -> None:
    assert verdict(3, 3) is None
    assert verdict(3, 5, unread=(2, 4), blank=(2, 4)) is None
    assert verdict(0, 3) is None


def test_missing_pages_are_told_with_both_counts() -> None:
    assert told(verdict(3, 2)) == (
        "A04",
        Severity.BLOCK,
        "The document has 3 pages, but only 2 came back.",
        "2",
        "3 pages",
        "Look for the missing pages, scan the whole document again and drop the new file.",
    )
    assert told(verdict(2, 2, unread=(2,), blank=(2,)))[3] == "1", "a blank back is no page of the document"


def test_pages_too_many_are_told_with_those_that_may_not_belong() -> None:
    assert told(verdict(1, 3)) == (
        "A04",
        Severity.BLOCK,
        "The document has 1 pages, but 3 came back.",
        "3",
        "1 page",
        "A page may have been scanned twice. Take out what does not belong to the document and drop the new file.",
    )
    assert told(verdict(1, 4, unread=(2, 3, 4), blank=(4,)))[-1] == (
        "Check pages 2–3. Take out what does not belong to the document and drop the new file."
    )


@pytest.mark.parametrize(
    ("pages", "unread", "severity"),
    [
        (1, (1,), Severity.BLOCK),
        (2, (2,), Severity.WARN),
        (2, (1, 2), Severity.BLOCK),
        (3, (1, 2), Severity.BLOCK),
        (7, (1, 2), Severity.BLOCK),
        (8, (1, 2), Severity.WARN),
        (8, (1, 2, 3), Severity.BLOCK),
    ],
)
def test_one_unread_page_or_one_in_four_is_for_a_clerk_to_look_at(
    pages: int, unread: Sequence[int], severity: Severity
) -> None:
    found = verdict(pages, pages, unread)
    assert found is not None
    assert (found.code, found.severity) == ("paper.unread-page", severity)


def test_blank_backs_do_not_help_a_paper_with_unread_pages() -> None:
    found = verdict(4, 8, unread=(1, 2, 3, 4, 6, 8), blank=(2, 4, 6, 8))
    assert found is not None
    assert (found.severity, en(found.message)) == (Severity.BLOCK, "No document code is read on pages 1, 3.")


def test_an_unread_page_is_named_with_what_to_do() -> None:
    one, more = verdict(3, 3, (2,)), verdict(2, 2, (1, 2))
    assert told(one) == (
        "paper.unread-page",
        Severity.WARN,
        "No document code is read on page 2.",
        "",
        "the code or the QR picture that is printed on every page",
        "Check that it is the right page.",
    )
    assert one is not None
    assert more is not None
    assert (one.place, more.place) == (Place(page=2), Place())
    assert told(more)[-1] == "Scan these pages again, straight and at 300 dpi, with the corners of the page in view."


def test_the_unsigned_pdf_itself_is_told_to_be_signed() -> None:
    assert told(papers.not_signed()) == (
        "paper.not-signed",
        Severity.BLOCK,
        "This is the PDF that was sent out for signature, still unsigned.",
        "",
        "",
        "Print it, have it signed and sealed, scan it, and drop the scan.",
    )


def test_a_blank_page_is_information() -> None:
    found = blank_page(4)
    assert (found.code, found.severity, found.place) == ("paper.blank-page", Severity.INFO, Place(page=4))
    assert en(found.message) == "Page 4 is blank."
