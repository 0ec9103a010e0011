"""What a document's life looks like: its form as it was read, what another version changed, its chain of proof."""

import errno
import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.app import chain
from pipeline.errors import IntegrityError
from pipeline.files import FolderAway, sha256_of
from pipeline.model import Job, PersonRole
from pipeline.papers.signature_crops import crop
from pipeline.steps.witnessing import witness
from pipeline.workspace import Workspace
from tests.folders import filed_files, registration, run
from tests.sample_papers import signed_paper
from tests.web.browser import Rooms, words


@pytest.fixture
def filed(rooms: Rooms) -> Job:
    job = rooms.drop("dk.yaml", registration("CATP"), "CATP")
    rooms.drop("quet.pdf", signed_paper(job.code), "da-ky")
    witness(rooms.workspace)
    return rooms.job(job)


def test_a_form_is_shown_as_it_was_read_with_each_fault_at_its_place(busy: Rooms) -> None:
    page = busy.browser(PersonRole.CLERK).get("/ho-so/3/phieu").text
    marked = re.findall(r'<div class="marked"><dt>([^<]*)</dt><dd>([^<]*)', page)
    assert marked == [("Số cán bộ, công chức, nhân viên văn phòng", "-3")]
    assert "Dòng 8 · Biện pháp thực hiện" in page
    assert 'href="/ho-so/3/phieu"' in busy.browser(PersonRole.CLERK).get("/ho-so/3").text
    # a paper that came back is no form
    assert busy.browser(PersonRole.CLERK).get("/ho-so/4/phieu").status_code == 409


def test_what_another_version_changed_is_shown_place_by_place_and_line_by_line(
    rooms: Rooms, capsys: pytest.CaptureFixture[str]
) -> None:
    older = rooms.drop("dk.yaml", registration("CATP"), "CATP")
    newer = rooms.drop("dk-2.yaml", registration("CATP", headcount=31), "CATP")
    browser = rooms.browser(PersonRole.CLERK)
    assert f'href="/ho-so/{newer.id}/khac/{older.id}"' in browser.get(f"/ho-so/{newer.id}").text
    page = browser.get(f"/ho-so/{older.id}/khac/{newer.id}").text
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert re.findall(r"<(del|ins)>([^<]*)</", table) == [("del", "24"), ("ins", "31")]
    lines = re.findall(r"<li><(del|ins)>([^<]*)</", page)
    assert [kind for kind, _ in lines] == ["del", "ins"]
    assert ("24" in lines[0][1], "31" in lines[1][1]) == (True, True)
    capsys.readouterr()
    assert run("-C", str(rooms.folder), "show", f"#{newer.id}", "--against", f"#{older.id}", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["before"], one["after"]) for one in told["values"]] == [("24", "31")]
    assert told["lines"] == [f"- {lines[0][1]}", f"+ {lines[1][1]}"]


def test_other_matters_and_documents_out_of_reach_are_not_compared(rooms: Rooms) -> None:
    mine = rooms.drop("dk.yaml", registration("EVNHCMC"), "EVNHCMC")
    other = rooms.drop("dk-catp.yaml", registration("CATP"), "CATP")
    answer = rooms.browser(PersonRole.CLERK).get(f"/ho-so/{mine.id}/khac/{other.id}")
    assert (answer.status_code, "không phải hai phiên bản" in words(answer)) == (409, True)
    answer = rooms.browser(PersonRole.UNIT).get(f"/ho-so/{mine.id}/khac/{other.id}")
    assert (answer.status_code, "CATP" in answer.text) == (404, False)


def links(rooms: Rooms, job: Job) -> dict[str, str]:
    page = rooms.browser(PersonRole.CLERK).get(f"/ho-so/{job.id}/chung-minh").text
    found = re.findall(r'<li class="([\w-]+)"><strong>[^<]*</strong> ([^<]*)<', page)
    return {name.split(":")[0].strip(): holds for holds, name in found}


def test_every_link_of_a_filed_documents_chain_is_looked_at(
    rooms: Rooms, filed: Job, capsys: pytest.CaptureFixture[str]
) -> None:
    found = links(rooms, filed)
    assert set(found.values()) == {"holds"}, words(
        rooms.browser(PersonRole.CLERK).get(f"/ho-so/{filed.id}/chung-minh")
    )
    assert {"tệp như lúc thả vào", "mốc có chữ ký", "trong kho lưu trữ"} <= set(found)
    proof = rooms.browser(PersonRole.CLERK).get(f"/ho-so/{filed.id}/chung-minh/tep")
    assert proof.content.startswith(b"%PDF-")
    (rooms.folder / "proof.pdf").write_bytes(proof.content)
    paper = next(path for path in filed_files(rooms.folder) if path.suffix == ".pdf")
    said = ("verify", "--proof", str(rooms.folder / "proof.pdf"), "--paper", str(paper))
    assert run("-C", str(rooms.folder), *said) == 0
    capsys.readouterr()
    assert run("-C", str(rooms.folder), "show", f"#{filed.id}", "--chain", "--json") == 0
    assert {one["holds"] for one in json.loads(capsys.readouterr().out)} == {"holds"}


def test_a_filed_paper_that_was_changed_breaks_its_link_and_no_other(rooms: Rooms, filed: Job) -> None:
    paper = next(path for path in filed_files(rooms.folder) if path.suffix == ".pdf")
    paper.chmod(0o600)
    paper.write_bytes(paper.read_bytes() + b"\n")
    page = words(rooms.browser(PersonRole.CLERK).get(f"/ho-so/{filed.id}/chung-minh"))
    assert page.count("✗ sai") == 1
    assert "không còn là tệp đã lưu" in page


def test_bytes_of_the_store_that_were_changed_are_told(rooms: Rooms, filed: Job) -> None:
    path = rooms.workspace.spool.path(filed.submission_sha256)
    path.chmod(0o600)
    path.write_bytes(b"another form\n...\n")
    assert links(rooms, filed)["tệp như lúc thả vào"] == "broken"


def test_what_nobody_can_look_at_is_neither_right_nor_wrong(
    rooms: Rooms, filed: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = next(path for path in filed_files(rooms.folder) if path.suffix == ".pdf")
    really = sha256_of

    def stale(path: Path) -> str:
        if path.name == paper.name:
            raise OSError(errno.ESTALE, "Stale file handle")
        return really(path)

    with monkeypatch.context() as patched:
        patched.setattr(chain, "sha256_of", stale)
        page = words(rooms.browser(PersonRole.CLERK).get(f"/ho-so/{filed.id}/chung-minh"))
        assert (page.count("? chưa xem được lúc này"), page.count("✗")) == (1, 0)
        assert "lúc này không đọc được (Stale file handle)" in page
        assert run("-C", str(rooms.folder), "show", f"#{filed.id}", "--chain") == 0

    def away(_workspace: Workspace, name: str) -> None:
        raise FolderAway("Thư mục lưu trữ không có ở đó.", name)

    # of another machine, and empty until it is back
    monkeypatch.setattr(Workspace, "must_be_there", away)
    (rooms.folder / "archive").rename(rooms.folder / "away")
    page = words(rooms.browser(PersonRole.CLERK).get(f"/ho-so/{filed.id}/chung-minh"))
    assert "✗" not in page
    # the paper and its sidecar, and the keys by which a head is known
    assert page.count("? chưa xem được lúc này") == 3


def test_a_broken_link_is_told_by_the_exit_code(rooms: Rooms, filed: Job) -> None:
    next(path for path in filed_files(rooms.folder) if path.suffix == ".pdf").unlink()
    assert run("-C", str(rooms.folder), "show", f"#{filed.id}", "--chain") == IntegrityError.exit_code
    assert "không còn nằm ở đó" in words(rooms.browser(PersonRole.CLERK).get(f"/ho-so/{filed.id}/chung-minh"))


def test_what_is_not_filed_is_not_proved_yet(busy: Rooms) -> None:
    assert links(busy, busy.workspace.ledger.job(1))["mốc có chữ ký"] == "not-yet"
    answer = busy.browser(PersonRole.CLERK).get("/ho-so/1/chung-minh/tep")
    assert (answer.status_code, "chưa" in words(answer)) == (409, True)


def page_with(name: str, *, is_signed: bool) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.setFont("Helvetica", 12)
    canvas.drawString(350, 200, name)
    if is_signed:
        ink = Image.new("RGBA", (200, 80), (0, 0, 0, 0))
        ImageDraw.Draw(ink).line([(5, 70), (60, 10), (90, 70), (190, 20)], fill=(10, 20, 160, 255), width=6)
        canvas.drawImage(ImageReader(ink), 340, 215, 120, 50, mask="auto")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_the_place_of_a_signature_is_cut_out_of_the_paper(tmp_path: Path) -> None:

    folder = tmp_path
    (folder / "issued.pdf").write_bytes(page_with("Nguyen Van A", is_signed=False))
    (folder / "paper.pdf").write_bytes(page_with("Nguyen Van A", is_signed=True))
    content = crop(str(folder / "issued.pdf"), str(folder / "paper.pdf"), "Nguyen Van A", 1)
    cut = Image.open(io.BytesIO(content)).convert("RGB")
    points = [cut.getpixel((x, y)) for x in range(cut.width) for y in range(cut.height)]
    assert sum(isinstance(one, tuple) and one[2] > one[0] + 60 for one in points) > 200
    assert cut.width < 450
    for name, sheet in (("Le Thi B", 1), ("Nguyen Van A", 2), ("Nguyen Van A", 0)):
        assert crop(str(folder / "issued.pdf"), str(folder / "paper.pdf"), name, sheet) == b""
    (folder / "paper.pdf").write_bytes(b"%PDF-1.7 no more")
    assert crop(str(folder / "issued.pdf"), str(folder / "paper.pdf"), "Nguyen Van A", 1) == b""
