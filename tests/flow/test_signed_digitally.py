"""A digitally signed document comes back: sound and complete it is filed by itself, else a person is asked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.app import filed_papers, operations, papers
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.files import sha256_of
from pipeline.model import Finding, Job, Role, Severity, Standing, State
from pipeline.status import explain
from pipeline.workspace import Workspace
from scripts.pretend_signature import scan, sign_text_layer
from tests.folders import Clock, drop, opened, registration, run, working_folder
from tests.reading.office import needs_office
from tests.said import vi
from tests.signing import ADOBE, DAY, PADES, RECEIVED, Authority, Holder, drawn_on, signed, written

NOW = Rhythm(1, 0)
OURS = Authority()


@dataclass
class Home:
    """A working folder with a real LibreOffice that trusts one authority, and what is dropped into it."""

    folder: Path
    workspace: Workspace
    clock: Clock

    def issued(self, unit: str) -> tuple[Job, bytes, Holder, Holder]:
        """A unit's document for signature, its PDF, who signs it and the organisation that signs it after."""
        self.clock.now = RECEIVED - 3 * DAY
        document = self.dropped("dk.yaml", registration(unit), unit)
        self.clock.now = RECEIVED
        facts = self.workspace.year(2022).unit(unit)
        assert facts is not None
        content = self.workspace.artifact(document, Role.RENDITION)
        return document, content, OURS.issue(facts.signatories[0].name), OURS.issue(facts.name)

    def dropped(self, name: str, content: str | bytes, unit: str) -> Job:
        drop(self.folder, name, content, unit)
        (job,) = [one for one in serve_once(Worker(self.workspace), NOW) if one.folder == unit and one.name == name]
        return job

    def blocking(self, job: Job) -> list[Finding]:
        return [one for one in self.workspace.findings(job) if one.severity is Severity.BLOCK]

    def now(self, job: Job) -> Job:
        return self.workspace.ledger.job(job.id)

    def sidecar(self, document: Job) -> dict[str, object]:
        told: dict[str, object] = json.loads(self.workspace.artifact(document, Role.SIDECAR))
        return told


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = working_folder(tmp_path_factory.mktemp("office") / "work", pdf="on")
    OURS.trusted_in(folder / "certificates")
    (folder / "certificates" / "doc.txt").write_text("thư mục của văn thư", encoding="utf-8")
    with opened(folder, clock := Clock()) as workspace:
        yield Home(folder, workspace, clock)


@pytest.mark.slow
@needs_office
def test_signed_by_the_person_and_then_the_organisation_it_is_filed_as_it_came(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    document, issued, leader, organisation = home.issued("CATP")
    content = signed(signed(issued, leader, kind=PADES), organisation, at=RECEIVED - DAY)

    paper = home.dropped("da ky so.pdf", content, "CATP")

    assert (paper.state, home.now(document).state) == (State.MATCHED, State.ARCHIVED), home.blocking(paper)
    assert home.workspace.artifact(document, Role.FILED) == content
    told = home.sidecar(document)["digital_signatures"]
    assert isinstance(told, dict)
    assert [(one["signer"], one["verdict"], one["time_source"]) for one in told["signatures"]] == [
        (leader.name, "valid", "claimed"),
        (organisation.name, "valid", "claimed"),
    ]
    assert len(told["roots"]) == len(told["revocation_lists"]) == 1
    sentences = [vi(one.message) for one in home.workspace.findings(paper) if one.code == "A06"]
    assert sentences == [
        f"Chữ ký số của {leader.name} hợp lệ, ký lúc 09:00 28/05/2022 theo đồng hồ máy người ký.",
        f"Chữ ký số của {organisation.name} hợp lệ, ký lúc 09:00 29/05/2022 theo đồng hồ máy người ký.",
    ]
    monkeypatch.chdir(home.folder)
    assert run("show", str(document.id), "--json") == 0
    facts = json.loads(capsys.readouterr().out)["digital_signatures"]
    assert [one["verdict"] for one in facts["signatures"]] == ["valid", "valid"]
    assert run("show", str(document.id)) == 0
    shown = capsys.readouterr().out
    assert "Chữ ký số" in shown
    assert f"{leader.certificate.serial_number:x}" in shown
    assert "Tệp doc.txt trong thư mục chứng thư không phải chứng thư" in shown


@pytest.mark.slow
@needs_office
def test_cut_back_to_the_first_signature_it_waits_for_a_person_who_takes_it_with_a_reason(home: Home) -> None:
    document, issued, leader, organisation = home.issued("BTLTP")
    first = signed(issued, leader)
    whole = signed(first, organisation, at=RECEIVED - DAY)

    paper = home.dropped("mot chu ky.pdf", whole[: len(first)], "BTLTP")

    assert (paper.state, home.now(document).state) == (State.HELD, State.DELIVERED)
    (finding,) = home.blocking(paper)
    assert (finding.code, vi(finding.message)) == (
        "signature.missing",
        "Còn thiếu chữ ký số của: cơ quan, tổ chức.",
    )

    papers.confirm(home.workspace, paper, "cơ quan đã đóng dấu bản giấy")
    Worker(home.workspace).work_off()

    assert home.now(document).state is State.ARCHIVED
    (warning,) = [one for one in _warnings(home, document) if one["rule"] == "signature.missing"]
    assert warning["accepted"]
    assert home.workspace.artifact(document, Role.FILED) == first


@pytest.mark.slow
@needs_office
def test_another_text_under_a_sound_signature_waits_for_a_person(home: Home) -> None:
    document, issued, leader, organisation = home.issued("SAWACO")
    changed = drawn_on(issued, written("888 TRIEU"), page=1)

    paper = home.dropped("khac.pdf", signed(signed(changed, leader), organisation, at=RECEIVED - DAY), "SAWACO")

    assert (paper.state, home.now(document).state) == (State.HELD, State.DELIVERED)
    found = {one.code: vi(one.message) for one in home.blocking(paper)}
    assert found["signature.other-content"] == "Nội dung đã ký số khác bản trình ký: trang 2."
    assert all(one.code == "A06" or not one.code.startswith("A0") for one in home.blocking(paper))


@pytest.mark.slow
@needs_office
def test_a_revoked_signer_is_named_and_nothing_is_filed(home: Home) -> None:
    document, issued, leader, organisation = home.issued("SATRA")
    list_file = home.folder / "certificates" / "root.crl"
    before = list_file.read_bytes()
    list_file.write_bytes(OURS.crl(leader))
    try:
        content = signed(signed(issued, leader, kind=ADOBE), organisation, at=RECEIVED - DAY)
        paper = home.dropped("thu hoi.pdf", content, "SATRA")
    finally:
        list_file.write_bytes(before)

    assert (paper.state, home.now(document).state) == (State.HELD, State.DELIVERED)
    assert [vi(one.message) for one in home.blocking(paper)] == [f"Chứng thư của {leader.name} đã bị thu hồi."]


@pytest.mark.slow
@needs_office
def test_signed_before_there_was_a_document_it_waits_for_a_person(home: Home) -> None:
    document, issued, leader, organisation = home.issued("KDCD")
    signed_twice = signed(signed(issued, leader, at=RECEIVED - 5 * DAY), organisation, at=RECEIVED - DAY)

    paper = home.dropped("dong ho sai.pdf", signed_twice, "KDCD")

    assert (paper.state, home.now(document).state) == (State.HELD, State.DELIVERED)
    (finding,) = home.blocking(paper)
    assert finding.code == "signature.before-document"
    assert vi(finding.message) == (
        f"Chữ ký số của {leader.name} ghi lúc 09:00 25/05/2022, "
        "trong khi đến 09:00 27/05/2022 mới bắt đầu lập văn bản."
    )


@pytest.mark.slow
@needs_office
def test_once_the_operator_has_put_a_root_into_the_folder_the_paper_is_taken_again(home: Home) -> None:
    document, issued, *_ = home.issued("DHQG")
    facts = home.workspace.year(2022).unit("DHQG")
    assert facts is not None
    other = Authority("CA khác")
    content = signed(
        signed(issued, other.issue(facts.signatories[0].name)), other.issue(facts.name), at=RECEIVED - DAY
    )
    paper = home.dropped("goc la.pdf", content, "DHQG")
    assert [one.code for one in home.blocking(paper)] == ["signature.unknown-root"] * 2

    certificates = other.trusted_in(home.folder / "certificates" / "other")
    for name in ("root.pem", "root.crl"):
        (certificates / name).rename(home.folder / "certificates" / f"other-{name}")
    operations.reprocess(home.workspace, operations.plan(home.workspace, paper))
    Worker(home.workspace).work_off()

    assert (home.now(paper).state, home.now(document).state) == (State.MATCHED, State.ARCHIVED)


def _warnings(home: Home, document: Job) -> list[dict[str, object]]:
    told = home.sidecar(document)["warnings"]
    assert isinstance(told, list)
    return told


@needs_office
@pytest.mark.slow
def test_the_paper_original_that_comes_later_is_filed_beside_the_electronic_one(home: Home) -> None:
    document, issued, leader, organisation = home.issued("KNH")
    home.dropped("da ky so.pdf", signed(signed(issued, leader), organisation, at=RECEIVED - DAY), "KNH")
    electronic = home.now(document)
    assert electronic.state is State.ARCHIVED
    on_paper = scan(sign_text_layer(issued, leader.name), noise=4)
    paper = home.dropped("ban giay.pdf", on_paper, "KNH")
    assert paper.state is State.RETURNED

    further = filed_papers.looked_at(home.workspace, [paper], electronic)
    assert [one for one in further.findings if one.severity is Severity.BLOCK] == []
    filed_papers.file_further(home.workspace, further, Standing.ORIGINAL, "bản gốc giấy về sau")
    Worker(home.workspace).work_off()

    told = home.sidecar(document)
    assert (told["filing"], told["sha256"]) == (2, sha256_of(on_paper))
    # ink is no digital signature: those of the first are told in the first sidecar
    assert "digital_signatures" not in told
    assert home.workspace.artifact(document, Role.FILED) == on_paper
    explained = explain(home.workspace, home.now(document))
    assert [vi(one) for one in explained.decided_later] == [
        "Hồ sơ lai: bản giấy và bản điện tử cùng được lưu, bản thứ hai ngày 30/05/2022: bản gốc giấy về sau"
    ]
    assert explained.signatures is not None
    assert len([place for place in explained.lies_in if place.startswith("archive/")]) == 2
