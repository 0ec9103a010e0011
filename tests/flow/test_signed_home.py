"""A paper that LibreOffice has printed comes back: signed it is filed by itself, else a person is asked."""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import segno
from PIL import Image, ImageDraw, ImageFont
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject

from benchmarks.signature_ink.marks import MARKS
from pipeline.app import papers
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import Finding, Job, Role, Severity, State
from pipeline.papers.page_marks import mark_text
from pipeline.papers.signature_places import SignaturePlace, places_of
from pipeline.workspace import Workspace
from scripts.pretend_signature import as_pdf, scan, sign_text_layer
from tests.folders import UNITS, drop, opened, pledge, registration, working_folder
from tests.reading.office import needs_office
from tests.said import vi
from tests.sample_papers import paper, signed_paper
from tests.sample_pictures import pictures_of

NOW = Rhythm(1, 0)
#: What is wanted of every good scan, and lacks here: it has no text layer.
REMARKS = {"A07"}


@dataclass
class Home:
    """A working folder with a real LibreOffice, and what is dropped into it."""

    folder: Path
    workspace: Workspace

    def dropped(self, name: str, content: str | bytes, unit: str = "") -> Job:
        drop(self.folder, name, content, unit)
        (job,) = [one for one in serve_once(Worker(self.workspace), NOW) if one.name == name]
        return job

    def printed(self, document: Job) -> bytes:
        return self.workspace.artifact(document, Role.RENDITION)

    def told(self, job: Job) -> list[Finding]:
        return [one for one in self.workspace.findings(job) if one.code not in REMARKS]

    def now(self, job: Job) -> Job:
        return self.workspace.ledger.job(job.id)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    folder = working_folder(tmp_path / "office", pdf="on")
    with opened(folder) as workspace:
        yield Home(folder, workspace)


@pytest.mark.slow
@needs_office
def test_an_unsigned_scan_waits_for_a_person_and_the_signed_one_is_filed_by_itself(home: Home) -> None:
    document = home.dropped("dk.yaml", registration("CATP"), "CATP")
    (signer,) = [unit.signatories[0].name for unit in home.workspace.year(2022).units if unit.code == "CATP"]
    printed = home.printed(document)

    unsigned = home.dropped("chua ky.pdf", scan(printed, skew=2, noise=6), "CATP")
    assert (unsigned.state, home.now(document).state) == (State.HELD, State.DELIVERED)
    (finding,) = home.told(unsigned)
    assert (finding.code, vi(finding.message)) == (
        "paper.not-all-signed",
        f"Chưa thấy chữ ký phía trên tên: {signer}.",
    )

    # where nobody has signed the clerk looks: the place as it was sent out, and as it came
    shown, note = sorted((home.folder / "outbox" / "CATP").glob("*chua*"))
    assert (note.suffix, shown.suffix) == (".docx", ".pdf")
    (pictures,) = _sheets(shown.read_bytes())
    frames = [
        sum(is_red for is_red in _red_points(pictures.crop(half)))
        for half in (
            (0, 0, pictures.width // 2, pictures.height),
            (pictures.width // 2, 0, pictures.width, pictures.height),
        )
    ]
    assert min(frames) > 500, "a red frame in both pictures"

    # of a program's PDF, too, one thing is said: who has not signed
    resaved, content = pypdf.PdfWriter(clone_from=_reader(printed)), io.BytesIO()
    resaved.write(content)
    anew = home.dropped("luu lai.pdf", content.getvalue(), "CATP")
    assert anew.state is State.HELD
    assert [one.code for one in home.told(anew) if one.severity is Severity.BLOCK] == ["paper.not-all-signed"]

    signed = home.dropped("da ky.pdf", scan(sign_text_layer(printed, signer), skew=2, noise=6), "CATP")
    assert home.told(signed) == []
    assert (signed.state, home.now(document).state) == (State.MATCHED, State.ARCHIVED)


@pytest.mark.slow
@needs_office
def test_a_name_that_was_only_printed_or_stamped_where_people_sign_is_no_signature(home: Home) -> None:
    document = home.dropped("dk.yaml", registration("CATP"), "CATP")
    (signer,) = [unit.signatories[0].name for unit in home.workspace.year(2022).units if unit.code == "CATP"]
    sheets = pictures_of(home.printed(document), _SCAN_DPI)
    issued = pypdfium2.PdfDocument(home.printed(document))
    (place,) = places_of(issued, [signer])
    issued.close()
    assert isinstance(place, SignaturePlace)
    MARKS["“signed” in print"].draw(sheets[-1], place, _SCAN_DPI, random.Random(1))

    paper = home.dropped("da ky.pdf", as_pdf(sheets, _SCAN_DPI), "CATP")

    assert (paper.state, home.now(document).state) == (State.HELD, State.DELIVERED)
    assert [one.code for one in home.told(paper)] == ["paper.not-all-signed"]


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize(("ink", "is_filed"), [((0, 0, 0), False), ((25, 45, 160), True)], ids=["print", "pen"])
def test_a_line_that_was_added_to_a_signed_paper_is_for_a_person_or_told_where_a_pen_wrote_it(
    home: Home, ink: tuple[int, int, int], is_filed: bool
) -> None:
    document, sheets = _signed_sheets(home)
    at, font = (round(0.17 * sheets[1].width), round(0.82 * sheets[1].height)), ImageFont.load_default(36)
    ImageDraw.Draw(sheets[1]).text(at, "- Ho tro them: 500.000.000 dong.", ink, font)

    paper = home.dropped("da ky.pdf", as_pdf(sheets, _SCAN_DPI), "CATP")

    (finding,) = home.told(paper)
    assert (finding.code, finding.place.page) == ("paper.words-added", 2)
    assert finding.severity is (Severity.WARN if is_filed else Severity.BLOCK)
    assert home.now(document).state is (State.ARCHIVED if is_filed else State.DELIVERED)


@pytest.mark.slow
@needs_office
def test_a_page_put_in_for_another_is_seen_though_everything_else_is_signed(home: Home) -> None:
    document = home.dropped("dk.yaml", registration("CATP"), "CATP")
    (signer,) = [unit.signatories[0].name for unit in home.workspace.year(2022).units if unit.code == "CATP"]
    signed = _reader(sign_text_layer(home.printed(document), signer)).pages
    mixed, content = pypdf.PdfWriter(), io.BytesIO()
    for page in (signed[0], _reader(paper("")).pages[0], *signed[2:]):
        mixed.add_page(page)
    mixed.write(content)

    returned = home.dropped("da ky.pdf", scan(content.getvalue()), "CATP")

    assert (returned.state, home.now(document).state) == (State.HELD, State.DELIVERED)
    found = {one.code: vi(one.message) for one in home.told(returned) if one.severity is Severity.BLOCK}
    assert found == {
        "A04": f"Văn bản có {len(signed)} trang, còn thiếu: trang 2.",
        "paper.strange-page": "Trong bản gửi về, trang 2 không giống trang nào của bản trình ký.",
    }


@needs_office
@pytest.mark.slow
def test_a_page_of_the_older_version_is_none_of_the_newer_one(home: Home) -> None:
    older = home.printed(home.dropped("dk.yaml", registration("CATP"), "CATP"))
    document = home.dropped("dk sua.yaml", registration("CATP", headcount=25), "CATP")
    (signer,) = [unit.signatories[0].name for unit in home.workspace.year(2022).units if unit.code == "CATP"]
    signed = _reader(sign_text_layer(home.printed(document), signer)).pages
    mixed, content = pypdf.PdfWriter(), io.BytesIO()
    for page in (signed[0], _reader(older).pages[1], *signed[2:]):
        mixed.add_page(page)
    mixed.write(content)

    returned = home.dropped("da ky.pdf", scan(content.getvalue()), "CATP")

    found = {one.code: one.place.page for one in home.told(returned) if one.severity is Severity.BLOCK}
    assert found == {"A04": 0, "paper.foreign-page": 2}
    assert f"Văn bản có {len(signed)} trang, còn thiếu: trang 2." in [vi(one.message) for one in home.told(returned)]


# What nobody knows who sees -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "is_drawn", "is_doubted"),
    [
        pytest.param(4, False, True, id="each program draws it in its own way"),
        pytest.param(0, True, True, id="on a screen, not on paper"),
        pytest.param(36, True, True, id="on paper, not on a screen"),
        pytest.param(4, True, False, id="everywhere"),
        pytest.param(6, True, False, id="nowhere"),
    ],
)
def test_a_note_that_not_everybody_sees_who_opens_or_prints_the_paper_is_for_a_person(
    flags: int, is_drawn: bool, is_doubted: bool, tmp_path: Path
) -> None:
    with opened(working_folder(tmp_path / "office")) as workspace:
        home = Home(tmp_path / "office", workspace)
        document = home.dropped("dk.yaml", registration("CATP"), "CATP")
        content = _with_note(signed_paper(document.code), "999 trieu dong", flags, is_drawn=is_drawn)

        returned = home.dropped("da ky.pdf", content, "CATP")

        codes = [one.code for one in home.told(returned) if one.severity is Severity.BLOCK]
        assert codes == (["paper.shown-differently"] if is_doubted else [])
        assert returned.state is (State.HELD if is_doubted else State.MATCHED)
        assert home.now(document).state is (State.DELIVERED if is_doubted else State.ARCHIVED)


def _with_note(content: bytes, text: str, flags: int, *, is_drawn: bool) -> bytes:
    """The PDF with a text that was laid over its first page by another program."""
    writer, made = pypdf.PdfWriter(clone_from=_reader(content)), io.BytesIO()
    note = FreeText(text=text, rect=(100, 200, 300, 260))
    note[NameObject("/F")] = NumberObject(flags)
    if is_drawn:
        appearance = StreamObject()
        appearance._data = b"0 0 200 60 re f"
        box = ArrayObject([NumberObject(side) for side in (0, 0, 200, 60)])
        form = {"/Type": NameObject("/XObject"), "/Subtype": NameObject("/Form"), "/BBox": box}
        appearance.update({NameObject(key): value for key, value in form.items()})
        looks = DictionaryObject({NameObject("/N"): writer._add_object(appearance)})
        note[NameObject("/AP")] = looks
    writer.add_annotation(0, note)
    writer.write(made)
    return made.getvalue()


# What stands on each page -------------------------------------------------------------------------------------------

#: The part of a sheet (of its width and height) where the mark stands, and those where head and foot have the codes.
_MARK = (0.0, 0.38, 0.14, 0.72)
_HEAD_AND_FOOT = ((0.6, 0.0, 1.0, 0.06), (0.0, 0.93, 1.0, 1.0))
_SCAN_DPI = 200


def _sheets(content: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.render(scale=_SCAN_DPI / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def _red_points(picture: Image.Image) -> Iterator[bool]:
    red, green, blue = (band.tobytes() for band in picture.split())
    return (r > 150 and g < 90 and b < 90 for r, g, b in zip(red, green, blue, strict=True))


def _part(sheet: Image.Image, share: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, top, right, bottom = share
    return (
        round(left * sheet.width),
        round(top * sheet.height),
        round(right * sheet.width),
        round(bottom * sheet.height),
    )


def _signed_sheets(home: Home) -> tuple[Job, list[Image.Image]]:
    document = home.dropped("dk.yaml", registration("CATP"), "CATP")
    (signer,) = [unit.signatories[0].name for unit in home.workspace.year(2022).units if unit.code == "CATP"]
    return document, _sheets(sign_text_layer(home.printed(document), signer))


@pytest.mark.slow
@needs_office
def test_a_paper_whose_head_and_foot_are_lost_comes_home_by_the_marks_of_its_pages(home: Home) -> None:
    document, sheets = _signed_sheets(home)
    for sheet in sheets:
        for share in _HEAD_AND_FOOT:
            sheet.paste("white", _part(sheet, share))
    signed = home.dropped("da ky.pdf", as_pdf(sheets, _SCAN_DPI), "CATP")
    recognised = home.workspace.recognition(signed)
    assert recognised is not None
    assert [(mark.sheet, mark.page, mark.pages) for mark in recognised.marks] == [
        (page, page, len(sheets)) for page in range(1, len(sheets) + 1)
    ]
    assert home.told(signed) == []
    assert home.now(document).state is State.ARCHIVED


@pytest.mark.slow
@needs_office
def test_a_mark_that_this_office_has_not_printed_is_for_a_person(home: Home) -> None:
    document, sheets = _signed_sheets(home)
    sheet, part = sheets[1], _part(sheets[1], _MARK)
    sheet.paste("white", part)
    false = segno.make_qr(mark_text(document.code, 2, len(sheets), b"another office's key is no use  "), error="q")
    picture = io.BytesIO()
    false.save(picture, kind="png", scale=5, border=2)
    sheet.paste(Image.open(picture).convert("RGB"), (50, part[1] + 200))
    returned = home.dropped("da ky.pdf", as_pdf(sheets, _SCAN_DPI), "CATP")
    assert (returned.state, home.now(document).state) == (State.HELD, State.DELIVERED)
    found = {one.code: vi(one.message) for one in home.told(returned)}
    assert found["paper.mark-not-ours"] == "Dấu trang trên trang 2 không phải do cơ quan này in ra."


@pytest.mark.slow
@needs_office
def test_a_mark_copied_onto_another_page_does_not_make_it_ours(home: Home) -> None:
    document, sheets = _signed_sheets(home)
    (stranger,) = _sheets(paper(document.code))[:1]
    stranger = stranger.resize(sheets[1].size)
    part = _part(sheets[1], _MARK)
    stranger.paste(sheets[1].crop(part), part)
    sheets[1] = stranger
    returned = home.dropped("da ky.pdf", as_pdf(sheets, _SCAN_DPI), "CATP")
    assert (returned.state, home.now(document).state) == (State.HELD, State.DELIVERED)
    found = {one.code: vi(one.message) for one in home.told(returned) if one.severity is Severity.BLOCK}
    assert found == {
        "A04": f"Văn bản có {len(sheets)} trang, còn thiếu: trang 2.",
        "paper.not-as-marked": "Tờ 2 mang dấu của trang 2 nhưng không giống trang đó trong bản trình ký.",
    }


@pytest.mark.slow
@needs_office
def test_what_differs_from_the_document_that_a_person_names_is_recorded(home: Home) -> None:
    document = home.dropped("dk.yaml", registration("CATP"), "CATP")
    nameless = home.dropped("quet.pdf", scan(paper("", "")), "da-ky")
    assert nameless.state is State.HELD

    papers.match(home.workspace, nameless, document, "mã bị che")

    after = home.now(document)
    assert after.state is State.SIGNED
    assert {"paper.strange-page", "A04"} <= {one.code for one in home.workspace.findings(after)}


@pytest.mark.slow
@needs_office
def test_of_a_pledge_each_party_that_has_not_signed_is_named(home: Home) -> None:
    for unit in UNITS:
        drop(home.folder, "dk.yaml", registration(unit), unit)
    serve_once(Worker(home.workspace), NOW)
    agreement = home.dropped("gu.yaml", pledge())
    printed = home.printed(agreement)
    names = [unit.signatories[0].name for unit in home.workspace.year(2022).units]
    lacking = names[2:9:3]

    some = sign_text_layer(printed, *(name for name in names if name not in lacking))
    returned = home.dropped("quet.pdf", scan(some, skew=1), "da-ky")

    assert (returned.state, home.now(agreement).state) == (State.HELD, State.PARTLY_SIGNED)
    (finding,) = [one for one in home.told(returned) if one.code == "paper.not-all-signed"]
    assert all(name in vi(finding.message) for name in lacking)
    assert not any(name in vi(finding.message) for name in names if name not in lacking)


def _reader(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))
