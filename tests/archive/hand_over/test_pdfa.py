"""Whether a PDF of ours is PDF/A-2b, and who says so."""

import importlib.util
import io
import os
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import reportlab
from PIL import ImageCms
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.archive.hand_over import pdfa
from pipeline.papers.codes import new_code
from pipeline.tools import verapdf
from pipeline.tools.soffice import Office
from tests.reading.office import needs_office

FONT = "Vera-of-tests"
CODE = new_code("test")
Name, Dictionary = pikepdf.Name, pikepdf.Dictionary


def sound(text: str = "Kế hoạch", font: str = FONT) -> bytes:
    """A small PDF/A-2b."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))
    drawn = io.BytesIO()
    canvas = Canvas(drawn, invariant=True, initialFontName=font)
    canvas.setFont(font, 12)
    canvas.drawString(100, 700, text)
    canvas.save()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = io.BytesIO()
    with pikepdf.open(drawn) as pdf:
        icc = pdf.make_stream(profile, N=3)
        pdf.Root.OutputIntents = [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=pikepdf.String("sRGB"),
                DestOutputProfile=icc,
            )
        ]
        with pdf.open_metadata() as metadata:
            metadata["{http://www.aiim.org/pdfa/ns/id/}part"] = "2"
            metadata["{http://www.aiim.org/pdfa/ns/id/}conformance"] = "B"
        pdf.save(made)
    return made.getvalue()


def changed(change: Callable[[pikepdf.Pdf], object], **how: object) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(sound())) as pdf:
        change(pdf)
        pdf.save(made, **how)  # type: ignore[arg-type]
    return made.getvalue()


def runs_a_program(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=pikepdf.String("x")))


def declares_another_part(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        metadata["{http://www.aiim.org/pdfa/ns/id/}part"] = "1"


def has_a_stream_outside(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Other = pdf.make_stream(b"", F=pikepdf.String("other.bin"))


def has_no_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


def has_no_metadata(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Metadata


def attaches(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = b"x"


def test_a_sound_pdf_has_nothing_against_it_by_the_own_rules_and_that_is_no_proof() -> None:
    judgement = pdfa.by_own_rules(sound())
    assert judgement.faults == ()
    assert judgement.said == "nothing found"
    assert "fonts embedded (6.2.11.4)" in judgement.rules


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (runs_a_program, "no programs"),
        (declares_another_part, "declared in XMP"),
        (has_no_metadata, "declared in XMP"),
        (has_a_stream_outside, "no streams outside"),
        (has_no_intent, "OutputIntent"),
        (attaches, "no attached files"),
    ],
)
def test_each_fault_is_found_by_its_rule(change: Callable[[pikepdf.Pdf], object], rule: str) -> None:
    judgement = pdfa.by_own_rules(changed(change))
    assert [one.partition(" (")[0].partition(",")[0] for one in judgement.faults] == [rule]
    assert judgement.said == "fails"


def test_a_font_that_is_not_there_and_a_password_are_found() -> None:
    (fault,) = pdfa.by_own_rules(sound("Ke hoach", "Helvetica")).faults
    assert "Helvetica is not embedded" in fault
    locked = changed(lambda _: None, encryption=pikepdf.Encryption(owner="a", user=""))
    assert any(one.startswith("no encryption") for one in pdfa.by_own_rules(locked).faults)


def test_pages_without_words_are_told() -> None:
    assert pdfa.wordless_pages(sound()) == ()
    assert pdfa.wordless_pages(sound("")) == (1,)


def pretend_verapdf(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A stand-in for veraPDF, which says what it is told to say."""
    folder.mkdir()
    program = folder / "verapdf"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_verapdf_is_asked_where_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_verapdf(tmp_path / "bin", monkeypatch, '[ "$1 $2" = "--flavour 2b" ] && echo "PASS $6 2b"')
    judgement = pdfa.judged(sound())
    assert (judgement.by, judgement.said) == ("veraPDF", "conforms")


def test_what_verapdf_finds_is_told_by_its_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_verapdf(tmp_path / "bin", monkeypatch, 'printf "FAIL /x.pdf 2b\\n  FAIL 6.2.11.4.1-1\\n"; exit 1')
    assert pdfa.judged(sound()).faults == ("FAIL 6.2.11.4.1-1",)


@pytest.mark.parametrize("script", ["exit 0", "echo java: not found; exit 127"])
def test_a_verapdf_that_says_nothing_understood_counts_as_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    pretend_verapdf(tmp_path / "bin", monkeypatch, script)
    assert verapdf.asked(sound(), "2b") is None
    assert pdfa.judged(sound()).by != "veraPDF"


needs_pikepdfs_judge = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("jsonschema", "referencing", "fontTools")),
    reason="pikepdf[pdfa] is not installed",
)


@needs_pikepdfs_judge
@needs_office
def test_what_goes_out_to_be_signed_is_approved_by_a_judge_of_the_whole_standard(tmp_path: Path) -> None:
    from pipeline.rendition.page_marks import stamp
    from tests.sample_papers import word_document

    with Office(tmp_path) as office:
        made = stamp(office.convert(word_document(CODE, 1)), lambda page, pages: f"{CODE} {page}/{pages}")
    judgement = pdfa.judged(made.content)
    assert (judgement.said, judgement.faults, judgement.left) == ("conforms", (), ())


@pytest.mark.slow
@needs_office
def test_what_libreoffice_makes_has_nothing_against_it(tmp_path: Path) -> None:
    from tests.sample_papers import word_document

    with Office(tmp_path) as office:
        content = pdfa.tidied(office.convert(word_document(CODE, 2)))
    assert pdfa.by_own_rules(content).faults == ()
    assert pdfa.wordless_pages(content) == ()
