"""A decision about a filed document can be corrected: by a linked entry and a further file, never by overwriting."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.app import filed_papers
from pipeline.audit import audit
from pipeline.errors import HashMismatch
from pipeline.ledger.chain import canonical, link
from pipeline.model import Job, Role, Severity, Standing, State
from pipeline.naming import Answer
from pipeline.store import schema
from pipeline.store.engine import writing
from tests.app.test_papers import answered
from tests.folders import filed_files, registration, waiting
from tests.sample_papers import paper, signed_paper
from tests.status.office import Office, Told

WHY = "bản trước thiếu {trang 2}, mờ 50%"


def filed(office: Office, unit: str = "CATP") -> Job:
    job = office.drop(f"dk-{unit}.yaml", registration(unit))
    office.sign(job.id)
    job = office.job(job.id)
    assert job.state is State.ARCHIVED
    return job


def better(job: Job) -> bytes:
    """The same signed paper, scanned anew: other bytes."""
    return signed_paper(job.code, keywords="quet lai")


def archived(office: Office) -> dict[str, bytes]:
    folder = office.folder / "archive"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in filed_files(office.folder)}


@pytest.fixture(autouse=True)
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))


def replaced(office: Office, job: Job, content: bytes, standing: Standing = Standing.RESCAN) -> None:
    """Let a scan come in the usual way, and be filed with a document as the clerk says."""
    workspace = office.workspace
    came = office.drop(f"quet-{sha256(content)[:6]}.pdf", content, "da-ky")
    document = office.job(job.id)
    further = filed_papers.looked_at(workspace, [came], document)
    filed_papers.file_further(workspace, further, standing, WHY)
    office.serve()


def named(office: Office, job: Job, content: bytes, *words: str, name: str = "Bản quét lại.pdf") -> Told:
    """Let the clerk name a scan that lies somewhere on the machine."""
    place = office.folder.parent / name
    place.write_bytes(content)
    told = office.run("papers", "replace", str(job.id), str(place), "--why", WHY, *words)
    assert place.is_file(), "what is not in the inbox stays with whoever has it"
    return told


def sidecar(content: bytes) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(content)
    return said


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def remark(office: Office, job: Job) -> str:
    """What column 10 of the register's workbook says of a document."""
    book = office.folder.parent / "so.xlsx"
    assert office.run("register", "export", str(book)).code == 0
    number = office.job(job.id).number
    rows = [row for sheet in openpyxl.load_workbook(book) for row in sheet.iter_rows(values_only=True)]
    (row,) = [row for row in rows if number in row or number.partition("-")[0] == str(row[1])]
    return str(row[9])


def test_a_better_scan_is_filed_beside_the_first_and_nothing_is_overwritten(office: Office) -> None:
    job = filed(office)
    before = archived(office)
    (old,) = [name for name in before if name.endswith(".pdf")]
    number, entries = job.number, office.workspace.ledger.entries()

    assert named(office, job, better(job)).code == 0

    after, stem = archived(office), old.removesuffix(".pdf")
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {f"{stem}.lan2.pdf", f"{stem}.lan2.json", f"{stem}.ghichu1.json"}
    assert after[f"{stem}.lan2.pdf"] == better(job)
    job = office.job(job.id)
    assert (job.state, job.number) == (State.ARCHIVED, number)
    now = office.workspace.ledger.entries()
    assert now[: len(entries)] == entries
    assert [entry.act for entry in now[len(entries) :]] == ["replace", "file.2"]
    assert office.run("check").code == 0


def test_the_new_sidecar_names_the_old_file_and_a_note_beside_the_old_one_names_the_new(office: Office) -> None:
    job = filed(office)
    before = archived(office)
    (old,) = [name for name in before if name.endswith(".pdf")]
    stem = old.removesuffix(".pdf")
    replaced(office, job, better(job))
    after = archived(office)

    new, note = sidecar(after[f"{stem}.lan2.json"]), sidecar(after[f"{stem}.ghichu1.json"])

    (entry,) = [one for one in office.workspace.ledger.entries() if one.act == "replace"]
    link = {
        "of": old,
        "of_sha256": sha256(before[old]),
        "of_sidecar_sha256": sha256(before[f"{stem}.json"]),
        "as": "rescan",
        "why": WHY,
        "who": entry.who,
        "register_entry": json.loads(json.dumps(entry.as_json())),
    }
    assert new["sha256"] == sha256(better(job))
    assert (new["filing"], new["number"]) == (2, job.number)
    assert new["replaces"] == new["replaces"] | link
    assert note == note | link | {"note": 1, "by_sidecar": f"{Path(stem).name}.lan2.json"}
    assert note["by_sha256"] == sha256(better(job))
    assert entry.why.endswith(WHY)


def test_who_replaced_it_and_why_stands_wherever_people_look(office: Office) -> None:
    job = filed(office)
    replaced(office, job, better(job))

    told = f"Đã lưu bản quét tốt hơn ngày 30/05/2022, bản trước vẫn giữ: {WHY}"
    assert told in remark(office, job)
    for command in ("show", "why"):
        shown = " ".join(office.run(command, str(job.id)).out.split())
        assert "Đã lưu bản quét tốt hơn" in shown
        assert ".lan2.pdf" in shown
    assert told in office.run("why", str(job.id), "--json").facts["decided_later"]
    assert told in office.run("register", "show", job.number, "--json").facts[0]["remarks"]
    assert told in answered(office, office.job(job.id), Answer.NOTICE)
    assert "Đã lưu bản quét tốt hơn" in " ".join(office.run("register", "show", job.number).out.split())
    events = office.workspace.ledger.events(job.id)
    (event,) = [one for one in events if one.detail.get("as") == "rescan"]
    assert (event.detail["decided"], event.why.endswith(WHY), bool(event.who)) == (WHY, True, True)


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing.WRONG, "Bản đã lưu trước đây là của văn bản khác; bản đúng được lưu ngày 30/05/2022"),
        (Standing.ORIGINAL, "Hồ sơ lai: bản giấy và bản điện tử cùng được lưu, bản thứ hai ngày 30/05/2022"),
    ],
)
def test_the_further_paper_may_be_the_right_one_or_the_other_original(
    office: Office, standing: Standing, said: str
) -> None:
    job = filed(office)
    replaced(office, job, better(job), standing)
    assert f"{said}: {WHY}" in remark(office, job)
    (name,) = [name for name in archived(office) if name.endswith(".lan2.json")]
    assert sidecar(archived(office)[name])["replaces"]["as"] == standing


def test_a_scan_that_was_dropped_and_answered_received_before_can_take_the_place(office: Office) -> None:
    job = filed(office)
    again = office.drop("quet-lai.pdf", better(job), "da-ky")
    assert again.state is State.RETURNED
    (finding,) = [one for one in office.workspace.findings(again) if one.code == "paper.filed"]
    assert f"vanthu papers replace {job.id} {again.id}" in " ".join(office.run("why", str(again.id)).out.split())
    assert finding.mend is not None

    assert office.run("papers", "replace", str(job.id), str(again.id), "--why", WHY).code == 0

    assert (office.job(again.id).state, office.job(job.id).state) == (State.MATCHED, State.ARCHIVED)
    assert office.workspace.artifact(office.job(job.id), Role.FILED) == better(job)
    # what was answered before is no longer true
    assert not office.workspace.ledger.standing(again.id)


def test_it_can_be_replaced_again_and_every_paper_stays(office: Office) -> None:
    job = filed(office)
    replaced(office, job, better(job))
    third = signed_paper(job.code, keywords="lan ba")

    replaced(office, job, third, Standing.WRONG)

    after = archived(office)
    (name,) = [name for name in after if name.endswith(".lan3.json")]
    said = sidecar(after[name])
    assert said["replaces"]["of"].endswith(".lan2.pdf")
    assert said["replaces"]["of_sha256"] == sha256(better(job))
    assert [entry.act for entry in office.workspace.ledger.entries()] == [
        *("number", "file"),
        *("replace", "file.2"),
        *("replace.2", "file.3"),
    ]
    assert len(after) == 2 + 3 + 3
    assert office.run("check").code == 0


def test_a_paper_that_something_speaks_against_is_filed_only_when_a_person_says_so(office: Office) -> None:
    job = filed(office)
    before = archived(office)
    unsigned = paper(job.code)

    told = named(office, job, unsigned)
    assert (told.code, archived(office)) == (130, before)
    assert "Không thấy chữ ký, con dấu" in told.err

    assert named(office, job, unsigned, "--yes").code == 0
    (name,) = [name for name in archived(office) if name.endswith(".lan2.json")]
    warned = sidecar(archived(office)[name])["warnings"]
    (doubt,) = [one for one in warned if one["rule"] == "paper.no-signature-seen"]
    assert doubt["accepted"]["why"] == WHY


def test_a_paper_of_another_document_is_told(office: Office) -> None:
    job, other = filed(office), filed(office, "KNH")
    told = named(office, job, better(other))
    assert told.code == 130
    assert f"Bản này mang mã của văn bản khác: {other.code}." in told.err


def test_what_was_found_about_the_earlier_paper_is_no_longer_said_of_the_document(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP"))
    held = office.drop("chua-ky.pdf", paper(job.code), "da-ky")
    office.run("papers", "confirm", str(held.id), "--why", "vội")
    assert "paper.no-signature-seen" in [one.code for one in office.workspace.findings(office.job(job.id))]

    replaced(office, office.job(job.id), better(job))

    assert "paper.no-signature-seen" not in [one.code for one in office.workspace.findings(office.job(job.id))]


def test_a_change_of_any_of_the_files_is_found(office: Office) -> None:
    job = filed(office)
    replaced(office, job, better(job))
    folder = office.folder / "archive"
    for name, content in archived(office).items():
        path = folder / name
        path.chmod(0o644)
        path.write_bytes(content + b" ")
        told = audit(office.workspace.ledger, office.workspace.spool, folder, office.folder / "outbox")
        wrong = [(one.code, one.found) for one in told if one.severity is Severity.BLOCK]
        assert wrong == [("archive.changed", name)]
        path.write_bytes(content)
    assert office.run("check").code == 0


def test_a_file_changed_together_with_its_row_in_the_ledger_is_found_by_the_chain(office: Office) -> None:
    job = filed(office)
    (name,) = [name for name in archived(office) if name.endswith(".pdf")]
    path = office.folder / "archive" / name
    path.chmod(0o644)
    path.write_bytes(better(job))
    kept = office.workspace.spool.put(better(job))
    with writing(office.workspace.ledger.engine) as connection:
        artifacts = schema.artifacts
        filed_row = (artifacts.c.role == Role.FILED.value) & (artifacts.c.job_id == job.id)
        connection.execute(artifacts.update().where(filed_row).values(sha256=kept))

    told = audit(office.workspace.ledger, office.workspace.spool, office.folder / "archive", office.folder / "outbox")

    assert ("archive.changed", name) in [(one.code, one.found) for one in told]


def test_the_very_file_that_is_filed_is_not_filed_again(office: Office) -> None:
    job = filed(office)
    told = named(office, job, signed_paper(job.code))
    assert (told.code, "đã có trong hồ sơ" in told.err) == (17, True)


def test_a_document_that_is_out_for_signature_has_nothing_to_replace(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP"))
    unsigned = office.drop("in.pdf", paper(job.code), "da-ky")
    told = office.run("papers", "replace", str(job.id), str(unsigned.id), "--why", WHY)
    assert (told.code, "vanthu papers match" in told.err) == (17, True)


def test_a_file_that_is_no_scan_is_not_taken(office: Office) -> None:
    job = filed(office)
    jobs = office.workspace.ledger.in_states(State)
    told = named(office, job, b"bien ban hop")
    assert (told.code, office.workspace.ledger.in_states(State)) == (17, jobs)
    assert not waiting(office.folder)


def test_a_scan_with_a_mark_of_secrecy_is_not_copied_from_where_it_lies(office: Office) -> None:
    job = filed(office)
    jobs = office.workspace.ledger.in_states(State)
    told = named(office, job, better(job), name="Kế hoạch (MẬT).pdf")
    assert (told.code, "có vẻ mang dấu chỉ độ mật" in told.err) == (17, True)
    assert office.workspace.ledger.in_states(State) == jobs
    assert not waiting(office.folder)


def test_a_filed_document_whose_further_paper_cannot_be_filed_keeps_its_number_and_its_matter(office: Office) -> None:
    job = filed(office)
    came = office.drop("lai.pdf", better(job), "da-ky")
    further = filed_papers.looked_at(office.workspace, [came], job)
    filed_papers.file_further(office.workspace, further, Standing.RESCAN, WHY)
    # something else lies where it is to be filed
    (old,) = [name for name in archived(office) if name.endswith(".pdf")]
    in_the_way = office.folder / "archive" / old.replace(".pdf", ".lan2.pdf")
    in_the_way.write_bytes(b"x")
    with pytest.raises(HashMismatch):
        office.serve()
    assert office.job(job.id).state is State.HELD

    assert office.run("cancel", str(job.id), "--why", WHY).code == 17
    in_the_way.unlink()
    new = office.drop("dk-moi.yaml", registration("CATP", headcount=25))
    assert (new.state, office.job(job.id).state) == (State.HELD, State.HELD)
    assert office.run("reprocess", str(job.id)).code == 0

    assert (office.job(job.id).state, office.job(job.id).number) == (State.ARCHIVED, job.number)
    assert office.run("check").code == 0


def test_the_folder_alone_proves_what_took_the_place_of_what(office: Office) -> None:
    job = filed(office)
    replaced(office, job, better(job))
    folder = {Path(name).name: content for name, content in archived(office).items()}
    (new,) = [sidecar(content) for name, content in folder.items() if name.endswith(".lan2.json")]
    (note,) = [sidecar(content) for name, content in folder.items() if name.endswith(".ghichu1.json")]

    for said in (new["replaces"], note):
        of = Path(said["of"]).name
        assert sha256(folder[of]) == said["of_sha256"]
        assert sha256(folder[of.replace(".pdf", ".json")]) == said["of_sidecar_sha256"]
        entry = said["register_entry"]
        covered = {key: value for key, value in entry.items() if key not in {"hash", "previous_hash"}}
        covered["facts"] = canonical(entry["facts"])
        assert link(entry["previous_hash"], covered) == entry["hash"]
        assert entry["facts"]["of_sha256"] == said["of_sha256"]
    assert sha256(folder[note["by_sidecar"].replace(".json", ".pdf")]) == note["by_sha256"] == new["sha256"]
