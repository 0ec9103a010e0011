"""A paper on which no code can be read comes home by the picture of its pages, or a person is told what it may be."""

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import segno
import yaml
from PIL import Image

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import Finding, Job, Json, Role, Severity, State
from pipeline.steps.signatures import signers_of
from pipeline.workspace import Workspace
from scripts.pretend_signature import as_pdf, scanned, sign_text_layer
from tests.folders import drop, opened, registration, run, working_folder
from tests.reading import writers
from tests.reading.conftest import context_of_2022, example
from tests.reading.office import needs_office, needs_tesseract
from tests.said import vi
from tests.sample_pictures import pictures_of

NOW = Rhythm(1, 0)
DPI = 200
#: Parts of a sheet (of its width and height) where codes stand: the head at the right, the foot, the left margin.
CODES = ((0.6, 0.0, 1.0, 0.065), (0.0, 0.93, 1.0, 1.0), (0.0, 0.3, 0.134, 0.75))
#: What is wanted of every good scan, and lacks here: it has no text layer.
REMARKS = {"A07"}


class Home:
    """A working folder with a real LibreOffice, and what is dropped into it."""

    def __init__(self, folder: Path, workspace: Workspace) -> None:
        self.folder = folder
        self.workspace = workspace

    def dropped(self, name: str, content: str | bytes, where: str = "da-ky") -> Job:
        drop(self.folder, name, content, where)
        (job,) = [one for one in serve_once(Worker(self.workspace), NOW) if one.name == name]
        return job

    def letter(self, kind: str = "pass-gui-du-thao", **changes: Json) -> Job:
        """A letter of the cluster of one page that waits for signature."""
        form = context_of_2022().form("cong-van")
        assert form is not None
        name = f"{len(self.workspace.ledger.in_states(State))}.yaml"
        job = self.dropped(name, writers.as_yaml(form, example("cong-van", kind) | changes), "")
        assert job.state is State.DELIVERED
        return job

    def signed(self, document: Job) -> list[Image.Image]:
        """The sheets of a document, signed, without codes."""
        printed = self.workspace.artifact(document, Role.RENDITION)
        return without_codes(pictures_of(sign_text_layer(printed, *signers_of(self.workspace, document)), DPI))

    def state(self, job: Job) -> State:
        return self.workspace.ledger.job(job.id).state

    def told(self, job: Job) -> dict[str, str]:
        return {one.code: vi(one.message) for one in self.workspace.findings(job) if one.code not in REMARKS}

    def blocking(self, job: Job) -> list[Finding]:
        return [one for one in self.workspace.findings(job) if one.severity is Severity.BLOCK]

    def sidecar(self) -> dict[str, Any]:
        (path,) = (self.folder / "archive").rglob("*.json")
        said: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return said


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    folder = working_folder(tmp_path / "office", pdf="on")
    with opened(folder) as workspace:
        yield Home(folder, workspace)


def without_codes(sheets: Sequence[Image.Image]) -> list[Image.Image]:
    """The sheets as a copier gives them back that cuts corners and margins off."""
    for sheet in sheets:
        for left, top, right, bottom in CODES:
            corner = (round(left * sheet.width), round(top * sheet.height))
            sheet.paste("white", (*corner, round(right * sheet.width), round(bottom * sheet.height)))
    return [scanned(sheet, 0.8 if at % 2 else -0.6, 4, 0, at) for at, sheet in enumerate(sheets)]


def on_paper(sheets: Sequence[Image.Image]) -> bytes:
    return as_pdf(sheets, DPI)


AMOUNT = "Kinh phí hỗ trợ 15.800.000 đồng"


def with_another_digit(printed: bytes, sheet: Image.Image) -> None:
    """Put the 8 of the amount over its 5, as somebody does who forges."""
    document = pypdfium2.PdfDocument(printed)
    try:
        page = document[0]
        text = page.get_textpage()
        at = text.get_text_range().index("15.800.000")
        boxes = [text.get_charbox(at + number, loose=True) for number in (1, 3)]
        height = page.get_height()
    finally:
        document.close()
    five, eight = (
        tuple(round(side * DPI / 72) for side in (left, height - top, right, height - bottom))
        for left, bottom, right, top in boxes
    )
    sheet.paste(sheet.crop(eight), five[:2])


@pytest.mark.slow
@needs_office
def test_a_paper_whose_codes_are_cut_away_comes_home_by_its_picture(home: Home) -> None:
    letter = home.letter()
    other = home.letter("pass-don-doc-dang-ky")

    paper = home.dropped("da ky.pdf", on_paper(home.signed(letter)))

    assert (home.state(paper), home.state(letter), home.state(other)) == (
        State.MATCHED,
        State.ARCHIVED,
        State.DELIVERED,
    )
    assert home.told(paper) == {
        "paper.by-picture": "Trên bản này không đọc được mã văn bản. Nhận ra văn bản nhờ hình ảnh các trang: từng "
        "chữ đều đúng bản trình ký, không có văn bản nào khác giống như vậy."
    }
    # people look for it at the document
    assert "paper.by-picture" in home.told(letter)
    assert home.sidecar()["recognised_by"] == "picture"


@pytest.mark.slow
@needs_office
def test_what_was_recognised_by_its_picture_is_looked_at_like_any_paper(home: Home) -> None:
    letter = home.letter()
    unsigned = without_codes(pictures_of(home.workspace.artifact(letter, Role.RENDITION), DPI))
    paper = home.dropped("chua ky.pdf", on_paper(unsigned))
    assert (home.state(paper), home.state(letter)) == (State.HELD, State.DELIVERED)
    assert [one.code for one in home.blocking(paper)] == ["paper.not-all-signed"]
    run("-C", str(home.folder), "papers", "confirm", str(paper.id), "--why", "đã ký nháy")
    assert home.state(letter) is State.ARCHIVED
    assert home.sidecar()["recognised_by"] == "picture"


@pytest.mark.slow
@needs_office
def test_of_two_units_with_the_same_words_the_right_one_is_found(home: Home) -> None:
    for unit in ("CATP", "KNH"):
        drop(home.folder, "dk.yaml", registration(unit), unit)
    one, other = serve_once(Worker(home.workspace), NOW)
    paper = home.dropped("quet.pdf", on_paper(home.signed(other)))
    assert (home.state(paper), home.state(other), home.state(one)) == (
        State.MATCHED,
        State.ARCHIVED,
        State.DELIVERED,
    )


@pytest.mark.slow
@needs_office
def test_a_page_of_another_unit_that_alone_can_be_read_names_nobody(home: Home) -> None:
    for unit in ("CATP", "KNH"):
        drop(home.folder, "dk.yaml", registration(unit), unit)
    ours, other = serve_once(Worker(home.workspace), NOW)
    sheets = home.signed(ours)
    sheets[1] = pictures_of(home.workspace.artifact(other, Role.RENDITION), DPI)[1]
    paper = home.dropped("quet.pdf", on_paper(sheets))
    assert (home.state(paper), home.state(ours), home.state(other)) == (State.HELD, State.DELIVERED, State.DELIVERED)
    assert paper.unit == ""
    (told,) = (vi(one.message) for one in home.blocking(paper))
    assert told.startswith(f"Trong 3 tờ chỉ đọc được mã ở trang 2 ({other.code}).")


@pytest.mark.slow
@needs_office
def test_where_one_page_can_be_read_its_code_and_the_pictures_of_all_say_the_same(home: Home) -> None:
    document = home.dropped("dk.yaml", registration("CATP"), "CATP")
    sheets = home.signed(document)
    printed = home.workspace.artifact(document, Role.RENDITION)
    signed = pictures_of(sign_text_layer(printed, *signers_of(home.workspace, document)), DPI)
    paper = home.dropped("quet.pdf", on_paper([signed[0], *sheets[1:]]))
    assert (home.state(paper), home.state(document)) == (State.MATCHED, State.ARCHIVED)
    assert home.told(paper)["paper.by-picture"].startswith(f"Trong 3 tờ chỉ đọc được mã ở trang 1 ({document.code}).")


@pytest.mark.slow
@needs_office
def test_sheets_out_of_order_and_upside_down_are_found_and_put_in_order(home: Home) -> None:
    document = home.dropped("dk.yaml", registration("CATP"), "CATP")
    first, second, third = home.signed(document)
    paper = home.dropped("quet.pdf", on_paper([third, first.rotate(180), second]))
    assert (home.state(paper), home.state(document)) == (State.MATCHED, State.ARCHIVED)
    assert {"paper.by-picture", "paper.page-order"} <= home.told(paper).keys()


@pytest.mark.slow
@needs_office
def test_another_digit_in_the_amount_is_seen_and_its_place_is_told(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = home.letter(body=[AMOUNT])
    printed = home.workspace.artifact(letter, Role.RENDITION)
    sheets = pictures_of(sign_text_layer(printed, *signers_of(home.workspace, letter)), DPI)
    with_another_digit(printed, sheets[0])

    paper = home.dropped("quet.pdf", on_paper(without_codes(sheets)))

    assert (home.state(paper), home.state(letter)) == (State.HELD, State.DELIVERED)
    told = home.told(paper)
    assert f"#{letter.id} “Công văn” (giống 1/1 trang)" in told["paper.likely"]
    assert "15.800.000" in told["paper.characters-differ"]
    capsys.readouterr()
    run("-C", str(home.folder), "papers", "list")
    said = capsys.readouterr()
    assert f"có thể là #{letter.id}" in " ".join(said.out.split())
    assert f"vanthu papers match {paper.id} {letter.id} --why" in said.err
    assert f"papers match {paper.id} {letter.id}" in _shown(home, paper, capsys)


def _shown(home: Home, job: Job, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    run("-C", str(home.folder), "why", str(job.id))
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.slow
@needs_office
def test_two_documents_with_the_very_same_words_are_both_named(home: Home) -> None:
    letters = [home.letter(round=number) for number in (1, 2)]
    paper = home.dropped("quet.pdf", on_paper(home.signed(letters[0])))
    assert home.state(paper) is State.HELD
    assert {home.state(one) for one in letters} == {State.DELIVERED}
    (finding,) = home.blocking(paper)
    assert all(f"#{one.id} “Công văn”" in vi(finding.message) for one in letters)
    assert "in ra giống hệt nhau" in vi(finding.message)


@pytest.mark.slow
@needs_office
def test_a_paper_of_a_version_that_was_replaced_is_not_taken_for_the_new_one(home: Home) -> None:
    old = home.letter()
    # with the same words: only who is asked was mended, who stands nowhere on the paper
    new = home.dropped("sua.yaml", _mended(), "")
    assert (home.state(old), home.state(new)) == (State.SUPERSEDED, State.DELIVERED)
    paper = home.dropped("quet.pdf", on_paper(home.signed(old)))
    assert (home.state(paper), home.state(new)) == (State.HELD, State.DELIVERED)


def _mended() -> str:
    form = example("cong-van", "pass-gui-du-thao")
    return "# gửi lại\n" + yaml.safe_dump({"kind": "cong-van", **form}, allow_unicode=True, sort_keys=False)


@pytest.mark.slow
@needs_office
def test_a_paper_that_is_like_nothing_is_held_and_told_so(home: Home) -> None:
    waiting, other = home.letter(), home.letter("pass-don-doc-dang-ky")
    sheets = home.signed(other)
    home.dropped("mot.pdf", on_paper(sheets))
    assert home.state(other) is State.ARCHIVED
    another = [sheet.crop((0, 900, *sheet.size)).resize(sheet.size) for sheet in sheets]
    paper = home.dropped("quet.pdf", on_paper(another))
    assert (home.state(paper), home.state(waiting)) == (State.HELD, State.DELIVERED)
    (finding,) = home.blocking(paper)
    assert (finding.code, "không giống văn bản nào đang chờ ký" in vi(finding.message)) == ("paper.like-none", True)


@pytest.mark.slow
@needs_office
@needs_tesseract
def test_of_a_paper_like_nothing_the_words_are_read_and_suggest_what_it_may_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = working_folder(tmp_path / "office", pdf="on", text="on")
    with opened(folder) as workspace:
        home = Home(folder, workspace)
        waiting, other = home.letter(), home.letter("pass-don-doc-dang-ky")
        (sheet,) = without_codes(pictures_of(home.workspace.artifact(waiting, Role.RENDITION), 300))
        # made smaller, as copiers do, it lies otherwise on the page
        smaller = Image.new("RGB", sheet.size, "white")
        smaller.paste(sheet.resize((sheet.width * 7 // 10, sheet.height * 7 // 10)), (60, 40))
        paper = home.dropped("quet.pdf", as_pdf([smaller], 300))
        assert (home.state(paper), home.state(waiting)) == (State.HELD, State.DELIVERED)
        (finding,) = home.blocking(paper)

    assert finding.code == "paper.like-none"
    assert f"có thể sai) thì có thể là #{waiting.id} “Công văn”" in vi(finding.message)
    assert f"#{other.id}" not in vi(finding.message)
    run("-C", str(folder), "papers", "list", "--json")
    (listed,) = json.loads(capsys.readouterr().out)
    (likely,) = listed["likely"]
    assert (likely["document"]["id"], likely["words_percent"] > 80) == (waiting.id, True)


@pytest.mark.slow
@needs_office
def test_a_paper_with_a_code_of_somebody_else_is_not_recognised_by_its_picture(home: Home) -> None:
    letter = home.letter()
    (sheet,) = home.signed(letter)
    picture = io.BytesIO()
    segno.make_qr("https://example.vn/hoa-don/123", error="q").save(picture, kind="png", scale=6, border=2)
    sheet.paste(Image.open(picture).convert("RGB"), (1300, 40))
    paper = home.dropped("quet.pdf", on_paper([sheet]))
    assert home.state(letter) is State.DELIVERED
    assert [one.code for one in home.blocking(paper)] == ["paper.unknown"]


@pytest.mark.slow
@needs_office
def test_wherever_it_is_dropped_a_scan_without_words_is_tried_and_a_form_is_read(home: Home) -> None:
    document = home.dropped("dk.yaml", registration("CATP"), "CATP")
    other = home.dropped("dk.yaml", registration("KNH"), "KNH")
    # another unit may not return it, and nobody else is told of it
    strange = home.dropped("la.pdf", on_paper(home.signed(other)), "CATP")
    assert (home.state(strange), home.state(other)) == (State.HELD, State.DELIVERED)
    assert [one.code for one in home.blocking(strange)] == ["paper.not-theirs"]
    paper = home.dropped("quet.pdf", on_paper(home.signed(document)), "CATP")
    assert (home.state(paper), home.state(document)) == (State.MATCHED, State.ARCHIVED)
    blank = Image.new("RGB", (1654, 2339), "white")
    form = home.dropped("phieu.pdf", on_paper([blank]), "CATP")
    assert home.state(form) is State.RETURNED
    assert not home.told(form).keys() & {"paper.likely", "paper.like-none", "paper.unknown"}
