"""A scan is filed as it came; beside it lies a copy in which its words can be searched, where tesseract is there."""

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest

from pipeline import archive
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.archive import Filing, file
from pipeline.audit import audit
from pipeline.errors import MissingToolError
from pipeline.files import sha256_of
from pipeline.model import Job, Role, State
from pipeline.workspace import Workspace
from scripts.pretend_signature import as_pdf, sign_text_layer
from tests.folders import drop, filed_files, opened, registration, run, working_folder
from tests.pretend_reader import PretendReader
from tests.reading.office import needs_office, needs_tesseract
from tests.said import vi
from tests.sample_papers import signed_paper
from tests.sample_pictures import as_jpg, pictures_of
from tests.signing import Authority, signed

NOW = Rhythm(1, 0)


class Home:
    """A working folder, and what is dropped into it."""

    def __init__(self, folder: Path, workspace: Workspace) -> None:
        self.folder, self.workspace = folder, workspace
        self.document = self.dropped("dk.yaml", registration("CATP"), "CATP")

    def dropped(self, name: str, content: str | bytes, unit: str = "da-ky") -> Job:
        drop(self.folder, name, content, unit)
        (job,) = [one for one in serve_once(Worker(self.workspace), NOW) if one.name == name]
        return job

    def scan(self, pages: int = 1) -> bytes:
        return as_pdf(pictures_of(signed_paper(*[self.document.code] * pages), 200), 200)

    @property
    def now(self) -> Job:
        return self.workspace.ledger.job(self.document.id)

    def filed(self) -> dict[str, bytes]:
        """What lies in the archive, by what follows the document's name."""
        lying = filed_files(self.folder)
        return {path.name.partition(".")[2]: path.read_bytes() for path in lying}

    def sidecar(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.filed()["json"])
        return said

    def remarks(self) -> list[str]:
        return [one.code for one in self.workspace.findings(self.now) if one.code == "A07"]

    def differing(self) -> list[str]:
        archive, outbox = self.folder / "archive", self.folder / "outbox"
        found = audit(self.workspace.ledger, self.workspace.spool, archive, outbox)
        return [one.code for one in found if one.code.startswith("archive.")]


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PretendReader:
    reader = PretendReader(tmp_path / "bin")
    reader.is_first(monkeypatch, os.environ["PATH"])
    return reader


@pytest.fixture
def home(tmp_path: Path, reader: PretendReader) -> Iterator[Home]:
    folder = working_folder(tmp_path / "office", text="on")
    with opened(folder) as workspace:
        yield Home(folder, workspace)


def words_of(pdf: bytes) -> list[str]:
    return [page.extract_text().strip() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_a_scan_is_filed_as_it_came_with_a_copy_in_which_its_words_are(home: Home, reader: PretendReader) -> None:
    reader.reads("Ban dang ky thi dua")
    came = home.scan(2)
    paper = home.dropped("da ky.pdf", came)

    assert (paper.state, home.now.state) == (State.MATCHED, State.ARCHIVED)
    lying = home.filed()
    assert lying.keys() == {"pdf", "xem.pdf", "xem.txt", "json"}
    assert lying["pdf"] == came
    assert words_of(lying["pdf"]) == ["", ""]
    assert words_of(lying["xem.pdf"]) == ["Ban dang ky thi dua"] * 2
    assert lying["xem.txt"].decode() == "[1]\nBan dang ky thi dua\n\n[2]\nBan dang ky thi dua\n\n"
    said = home.sidecar()
    assert (said["sha256"], said["copy"]["sha256"]) == (sha256_of(came), sha256_of(lying["xem.pdf"]))
    text = said["text"]
    assert (text["by"], text["of"], text["read"], text["unread"]) == (
        "tesseract 9.9 (vie)",
        sha256_of(came),
        "1–2",
        "",
    )
    assert text["sha256"] == sha256_of(lying["xem.txt"])
    # a guess does not go out: what the recipients get is of the paper alone
    assert words_of(home.workspace.artifact(home.now, Role.ISSUED_COPY)) == ["", ""]
    assert home.remarks() == [], "its words can be searched now"
    assert home.differing() == []


def test_how_it_was_scanned_stands_in_the_sidecar_and_is_shown_in_a_line(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = pictures_of(signed_paper(home.document.code, home.document.code), 200)
    paper = home.dropped("da ky.pdf", as_pdf([first, second.convert("L")], 200))
    (received,) = home.sidecar()["received"]
    assert received["pages"] == 2
    row = {"mm": [210, 297], "dpi": 200, "compression": "JPEG", "lossless": False, "has_text": False}
    assert received["scanned"] == [
        {"sheets": "1", "colour": "colour", **row},
        {"sheets": "2", "colour": "grey", **row},
    ]
    for job in (paper, home.document):
        assert run("-C", str(home.folder), "show", str(job.id)) == 0
        told = capsys.readouterr().out
        assert "trang 1: A4, 200 dpi, màu, nén JPEG (có mất dữ liệu), chưa có lớp văn bản; trang 2: A4" in told
        assert "thang xám" in told


def test_the_words_of_a_photo_go_into_the_copy_it_has_already(home: Home) -> None:
    photo = as_jpg(pictures_of(signed_paper(home.document.code))[0])
    paper = home.dropped("da ky.jpg", photo)
    recognition = home.workspace.recognition(paper)
    assert recognition is not None
    lying = home.filed()
    assert lying.keys() == {"jpg", "xem.pdf", "xem.txt", "json"}
    assert lying["jpg"] == photo
    assert photo in lying["xem.pdf"]
    assert words_of(lying["xem.pdf"]) == ["Cong hoa xa hoi chu nghia"]
    assert home.sidecar()["text"]["of"] == recognition.seen_in


def test_a_reader_that_fails_keeps_nothing_from_being_filed(home: Home, reader: PretendReader) -> None:
    reader.does("exit 1")
    home.dropped("da ky.pdf", home.scan())
    assert home.now.state is State.ARCHIVED
    assert home.filed().keys() == {"pdf", "json"}
    text = home.sidecar()["text"]
    assert (text["read"], text["unread"], text["why"]) == ("", "1", "could not be read")
    assert home.remarks() == ["A07"]


def test_a_document_is_found_by_words_that_stand_on_its_scan_alone(
    home: Home, reader: PretendReader, capsys: pytest.CaptureFixture[str]
) -> None:
    reader.reads("Số 07 ghi bằng bút mực", "Khoản đóng góp đã nhận đủ")
    home.dropped("da ky.pdf", home.scan())
    folder = str(home.folder)

    def found(*words: str) -> list[dict[str, Any]]:
        assert run("-C", folder, "find", "--json", *words) == 0
        listed: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return listed

    # without accents, and broken over two lines
    (one,) = found("BUT MUC khoan dong gop")
    assert one["job"]["id"] == home.document.id
    assert one["hits"] == [{"place": "scan", "page": 1, "line": "Số 07 ghi bằng bút mực"}]
    (one,) = found("đóng góp", "catp")
    assert {"place": "scan", "page": 1, "line": "Khoản đóng góp đã nhận đủ"} in one["hits"]
    assert {hit["place"] for hit in one["hits"]} == {"people", "form", "scan"}
    assert found("đóng góp", "Sài Gòn 1890") == []
    assert run("-C", folder, "find", "Sài Gòn 1890") == 0
    assert "Không tìm thấy văn bản nào" in capsys.readouterr().err


def test_what_departs_from_the_standard_of_the_office_is_a_warning(
    tmp_path: Path, reader: PretendReader, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = working_folder(tmp_path / "office")
    settings = folder / "config.yaml"
    settings.write_text(settings.read_text("utf-8").replace("scans:", "scans:\n  standard: party"), "utf-8")
    with opened(folder) as workspace:
        home = Home(folder, workspace)
        paper = home.dropped("da ky.pdf", home.scan())
        # a good JPEG of 200 dpi is taken all the same
        assert (paper.state, home.now.state) == (State.MATCHED, State.ARCHIVED)
        told = [vi(one.message) for one in workspace.findings(paper) if one.code == "A05"]
        assert told == ["Độ phân giải quét chỉ 200 dpi: trang 1.", "Nén có mất dữ liệu (JPEG): trang 1."]
        assert [one["rule"] for one in home.sidecar()["warnings"]].count("A05") == 2


class PowerIsGone(BaseException):
    """Not an error: nothing of ours catches it."""


def test_a_filing_that_was_cut_off_ends_with_the_words_that_were_read_before(
    home: Home, reader: PretendReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(folder: Path, filing: Filing) -> None:
        file(folder, filing)
        raise PowerIsGone

    monkeypatch.setattr(archive, "file", cut_off)
    with pytest.raises(PowerIsGone):
        home.dropped("da ky.pdf", home.scan())
    monkeypatch.undo()
    before = home.filed()
    assert home.now.state is State.REGISTERED
    assert before.keys() == {"pdf", "xem.pdf", "xem.txt", "json"}
    # whatever it would read now
    reader.does("exit 1")
    serve_once(Worker(home.workspace), NOW)
    assert (home.now.state, home.filed(), len(reader.calls)) == (State.ARCHIVED, before, 1)
    assert home.differing() == []


def test_of_a_scan_that_is_signed_digitally_the_words_are_kept_and_no_copy_is_made(
    tmp_path: Path, reader: PretendReader
) -> None:
    authority = Authority()
    folder = working_folder(tmp_path / "office", text="on")
    authority.trusted_in(folder / "certificates")
    with opened(folder) as workspace:
        home = Home(folder, workspace)
        facts = workspace.year(2022).unit("CATP")
        assert facts is not None
        came = signed(home.scan(), authority.issue(facts.signatories[0].name))
        paper = home.dropped("da ky so.pdf", came, "CATP")
        if paper.state is not State.MATCHED:
            assert (
                run("-C", str(folder), "papers", "match", str(paper.id), str(home.document.id), "--why", "xem") == 0
            )
        lying = home.filed()
        assert lying.keys() == {"pdf", "xem.txt", "json"}
        assert lying["pdf"] == came
        assert home.sidecar()["copy"] is None
        assert "Cong hoa" in lying["xem.txt"].decode()


def test_a_paper_with_words_of_its_own_is_not_read(home: Home, reader: PretendReader) -> None:
    home.dropped("da ky.pdf", signed_paper(home.document.code))
    assert home.filed().keys() == {"pdf", "json"}
    assert "text" not in home.sidecar()
    assert reader.calls == []


def test_without_tesseract_a_scan_is_filed_and_its_sidecar_says_what_lacks(
    tmp_path: Path, reader: PretendReader
) -> None:
    reader.does("exit 1", language="eng")
    folder = working_folder(tmp_path / "office", text="auto")
    with opened(folder) as workspace:
        home = Home(folder, workspace)
        home.dropped("da ky.pdf", home.scan())
        assert home.now.state is State.ARCHIVED
        assert home.filed().keys() == {"pdf", "json"}
        assert home.sidecar()["text"]["why"] == "tesseract is not installed"
        assert home.remarks() == ["A07"]


def test_an_office_that_wants_no_such_copies_gets_none(tmp_path: Path, reader: PretendReader) -> None:
    folder = working_folder(tmp_path / "office", text="off")
    with opened(folder) as workspace:
        home = Home(folder, workspace)
        home.dropped("da ky.pdf", home.scan())
        assert home.filed().keys() == {"pdf", "json"}
        assert "text" not in home.sidecar()
        assert reader.calls == []


def test_an_office_that_insists_on_them_is_told_what_to_install(
    tmp_path: Path, reader: PretendReader, capsys: pytest.CaptureFixture[str]
) -> None:
    reader.does("exit 1", language="eng")
    folder = working_folder(tmp_path / "office", text="on")
    assert run("-C", str(folder), "run") == MissingToolError.exit_code
    assert "apt-get install tesseract-ocr tesseract-ocr-vie" in capsys.readouterr().err
    assert run("-C", str(folder), "config", "show") == 0
    assert "chưa cài: apt-get install tesseract-ocr tesseract-ocr-vie" in capsys.readouterr().out


# The real one ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@needs_tesseract
@needs_office
def test_the_words_of_a_real_scan_are_found_in_the_copy_where_they_stand(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office", pdf="on", text="on")
    with opened(folder) as workspace:
        home = Home(folder, workspace)
        (signer,) = [unit.signatories[0].name for unit in workspace.year(2022).units if unit.code == "CATP"]
        printed = workspace.artifact(home.document, Role.RENDITION)
        first, *others = pictures_of(sign_text_layer(printed, signer), 200)
        # the pages out of order, the first upside down: words are read on the copy that puts them in order
        home.dropped("da ky.pdf", as_pdf([*others, first.rotate(180)], 200))
        assert home.now.state is State.ARCHIVED
        lying = home.filed()
        assert lying.keys() == {"pdf", "xem.pdf", "xem.txt", "json"}
        text = lying["xem.txt"].decode()
        assert "Cụm trưởng Cụm thi đua số 4" in text
        document, issued = pypdfium2.PdfDocument(lying["xem.pdf"]), pypdfium2.PdfDocument(printed)
        for word in ("nghiệp", "THÔNG", "Công an"):
            there, here = (place_of(one, word) for one in (document, issued))
            assert there == pytest.approx(here, abs=6), word
        said = home.sidecar()["text"]
        assert (said["unread"], said["by"].partition(" ")[0]) == ("", "tesseract")
        assert home.differing() == []


def place_of(document: pypdfium2.PdfDocument, word: str) -> tuple[float, float]:
    """Where a word stands on the first page as it is shown, in points from its upper left corner."""
    page = document[0]
    text = page.get_textpage()
    found = text.search(word, match_case=True).get_next()
    assert found is not None, word
    left, bottom, right, top = text.get_charbox(found[0])
    width, height = page.get_size()
    turned = {0: (left, height - top), 180: (width - right, bottom)}
    return turned[page.get_rotation()]
