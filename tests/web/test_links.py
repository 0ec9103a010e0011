"""A unit opens its answer by the link on its note: that document, for some days, without an account."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
import yaml
import zxingcpp
from PIL import Image

from pipeline.app.mailing import letter_of
from pipeline.model import Job, PersonRole, State
from pipeline.steps import links
from tests.folders import Clock, drop, opened, registration, run, working_folder
from tests.sample_papers import paper
from tests.web.browser import Rooms, words
from tests.web.conftest import with_shipped

ADDRESS = "https://van-thu.example.vn"


def with_address(folder: Path, **more: object) -> Path:
    config = working_folder(folder) / "config.yaml"
    said = yaml.safe_load(config.read_text("utf-8")) | {"web": {"address": ADDRESS, "link_days": 7} | more}
    config.write_text(yaml.safe_dump(said), encoding="utf-8")
    return folder


CLOCK = Clock()


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """An office that has an address: a form of CATP was sent back, one of EVNHCMC not, and a paper is held."""
    folder, clock = with_address(tmp_path_factory.mktemp("linked") / "office"), CLOCK
    with opened(folder, clock) as workspace:
        rooms = Rooms.of(folder, with_shipped(workspace))
        rooms.drop("dk.yaml", registration("CATP", headcount=-3), "CATP")
        document = rooms.drop("khac.yaml", registration("EVNHCMC"), "EVNHCMC")
        rooms.drop("in.pdf", paper(document.code), "da-ky")
        yield rooms


def note_of(rooms: Rooms, unit: str) -> Path:
    (note,) = (rooms.folder / "outbox" / unit).glob("*phieu-tra-lai*.docx")
    return note


def text_of(note: Path) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(str(note)).paragraphs)


def url_on(note: Path) -> str:
    (line,) = [line for line in text_of(note).splitlines() if ADDRESS in line]
    return line[line.index(ADDRESS) :].strip()


def path_to(rooms: Rooms, job: int) -> str:
    made = links.link_to(rooms.workspace, job)
    assert made is not None
    return made.url.removeprefix(ADDRESS)


def test_the_note_carries_the_link_as_text_and_as_a_code_and_it_opens_the_answer(linked: Rooms) -> None:
    note = note_of(linked, "CATP")
    url = url_on(note)
    assert "06/6/2022" in text_of(note)
    with zipfile.ZipFile(note) as package:
        pictures = [package.read(name) for name in package.namelist() if name.startswith("word/media/")]
    seen = [one.text for picture in pictures for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]
    assert seen == [url]
    stranger = linked.browser()
    answer = stranger.get(url.removeprefix(ADDRESS))
    assert answer.status_code == 200
    assert "trả lại, cần sửa" in words(answer)
    assert "06/06/2022" in words(answer)
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "<form" not in answer.text
    named = {one["name"]: one["href"] for one in _files(answer.text)}
    assert stranger.get(named[note.name]).content == note.read_bytes()


def _files(text: str) -> list[dict[str, str]]:
    import re

    return [{"href": href, "name": name} for href, name in re.findall(r'<a href="(/l/[^"]*)">([^<]*)</a>', text)]


def test_a_link_shows_no_other_document_and_no_file_of_one(linked: Rooms) -> None:
    stranger, path = linked.browser(), path_to(linked, 1)
    other = linked.workspace.ledger.job(2).submission_sha256
    assert stranger.get(f"{path}/tep/{other}").status_code == 404
    assert stranger.get(f"/l/{other}/tep/{other}").status_code == 404
    for elsewhere in ("/ho-so/1", "/", "/so"):
        assert stranger.get(elsewhere).headers["location"].startswith("/vao")
    assert "EVNHCMC" not in stranger.get(path).text
    assert stranger.post(path).status_code in {403, 405}
    assert linked.workspace.ledger.acted("session.begin") == []


@pytest.mark.parametrize(
    "forged",
    [
        lambda said: said.replace("1-", "2-", 1),
        lambda said: said.replace("20220606", "20990606"),
        lambda said: said[:-1] + ("A" if said[-1] != "A" else "B"),
        lambda said: said[:-1],
        lambda said: said + "A",
        lambda said: "0" + said,
        lambda said: said.replace("1-20220606", "1-20221306"),
        lambda _said: "x",
    ],
)
def test_what_the_office_did_not_make_leads_nowhere(linked: Rooms, forged: object) -> None:
    assert callable(forged)
    said = path_to(linked, 1).removeprefix("/l/")
    assert said.startswith("1-20220606-")
    answer = linked.browser().get(f"/l/{forged(said)}")
    assert (answer.status_code, "Không có trang này" in words(answer)) == (404, True)


def test_a_link_is_good_to_the_end_of_its_last_day_and_then_says_so(
    linked: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger, path = linked.browser(), path_to(linked, 1)
    zone = dt.timezone(dt.timedelta(hours=7))
    monkeypatch.setattr(CLOCK, "now", dt.datetime(2022, 6, 6, 23, 59, tzinfo=zone))
    assert stranger.get(path).status_code == 200
    monkeypatch.setattr(CLOCK, "now", dt.datetime(2022, 6, 7, 0, 1, tzinfo=zone))
    answer = stranger.get(path)
    assert (answer.status_code, "06/06/2022" in words(answer)) == (410, True)
    assert "Xin văn thư liên kết mới" in words(answer)


def test_with_another_key_all_links_are_over(linked: Rooms) -> None:
    path, key = path_to(linked, 1), linked.folder / "var" / "web.key"
    assert key.stat().st_mode & 0o077 == 0
    kept = key.rename(key.with_name("kept"))
    with opened(linked.folder, Clock()) as anew:
        assert links.followed(anew, path.removeprefix("/l/")) is None
    kept.rename(key)


def test_without_an_address_there_is_no_link(rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    rooms.drop("dk.yaml", registration("CATP", headcount=-3), "CATP")
    text = text_of(note_of(rooms, "CATP"))
    assert "Xem phiếu này" not in text
    assert "http" not in text
    assert run("-C", str(rooms.folder), "link", "1") == 10
    assert "web.address" in capsys.readouterr().err


def test_the_command_gives_a_link_that_works(linked: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("-C", str(linked.folder), "link", "dk.yaml") == 0
    url = capsys.readouterr().out.strip()
    with opened(linked.folder, Clock(dt.datetime.now(dt.UTC))) as now:
        followed = links.followed(now, url.removeprefix(f"{ADDRESS}/l/"))
        assert followed is not None
        assert (followed.job_id, followed.until) == (1, now.today() + dt.timedelta(days=7))


def test_mails_carry_the_link_of_a_unit_and_the_clerks_own_page(linked: Rooms) -> None:
    workspace = linked.workspace

    def letter(job: Job) -> str:
        told = letter_of(workspace, workspace.ledger.events(job.id)[-1])
        assert told is not None
        return told.link

    returned = workspace.ledger.job(1)
    assert letter(returned) == f"{ADDRESS}{path_to(linked, 1)}"
    held = workspace.ledger.job(3)
    assert held.state is State.HELD
    assert letter(held) == f"{ADDRESS}/ho-so/3"


@pytest.mark.parametrize(
    "address", ["van-thu.vn", "https://", "ftp://a.vn", "https://a.vn/", "https://lan:x@a.vn", "https://a.vn?x"]
)
def test_what_is_no_address_is_told_before_anything_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    folder = with_address(tmp_path / "office", address=address)
    assert run("-C", str(folder), "status") == 10
    assert "web.address" in capsys.readouterr().err


def test_an_offices_own_note_without_a_place_for_the_code_is_written_all_the_same(tmp_path: Path) -> None:
    folder = with_address(tmp_path / "office")
    template = folder / "templates" / "_answers" / "phieu-tra-lai.docx"
    made = docx.Document(str(template))
    for paragraph in list(made.paragraphs):
        if "<pic:pic" in paragraph._p.xml:
            paragraph._p.getparent().remove(paragraph._p)  # type: ignore[union-attr]  # it stands in the body
    made.save(str(template))
    with opened(folder) as workspace:
        rooms = Rooms.of(folder, with_shipped(workspace))
        rooms.drop("dk.yaml", registration("CATP", headcount=-3), "CATP")
        assert url_on(note_of(rooms, "CATP")).startswith(f"{ADDRESS}/l/1-")


def test_who_may_come_in_sees_the_page_as_everybody_does(linked: Rooms) -> None:
    drop(linked.folder, "x.yaml", "x: 1\n...\n")
    answer = linked.browser(PersonRole.READER).get(path_to(linked, 1))
    assert answer.status_code == 200
    assert "Đăng xuất" not in words(answer)
