"""A paper that not all have signed: its document waits for them, and the page they sign makes it whole."""

import json
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from pipeline.app import numbering, operations, papers
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.audit import audit
from pipeline.model import Finding, Job, Role, Severity, State
from pipeline.status import explain
from pipeline.steps.partly_signed import lacking
from pipeline.steps.signatures import signers_of
from pipeline.workspace import Workspace
from scripts.pretend_signature import as_pdf, sign_text_layer
from tests.flow.test_dirty_papers import as_yaml
from tests.folders import UNITS, drop, filed_files, opened, pledge, registration, working_folder
from tests.reading.office import needs_office
from tests.said import vi
from tests.sample_pictures import pictures_of

NOW = Rhythm(1, 0)
DPI = 200
pytestmark = pytest.mark.slow


class Office:
    """A working folder with minutes out for signature, which the chair and the secretary sign."""

    def __init__(self, folder: Path, workspace: Workspace) -> None:
        self.folder, self.workspace = folder, workspace
        drop(folder, "bb.yaml", as_yaml("bien-ban", "pass-trien-khai"))
        (self.document,) = serve_once(Worker(workspace), NOW)
        self.secretary, self.chair = signers_of(workspace, self.document)
        self.printed = workspace.artifact(self.document, Role.RENDITION)

    def sheets(self, *names: str) -> list[Image.Image]:
        """The minutes as they are scanned once these people have signed."""
        return pictures_of(sign_text_layer(self.printed, *names) if names else self.printed, DPI)

    def dropped(self, name: str, sheets: list[Image.Image]) -> Job:
        drop(self.folder, name, as_pdf(sheets, DPI), "da-ky")
        serve_once(Worker(self.workspace), NOW)
        return [one for one in self.workspace.ledger.in_states(State) if one.name == name][-1]

    def blocking(self, job: Job) -> list[Finding]:
        return [one for one in self.workspace.findings(job) if one.severity is Severity.BLOCK]

    @property
    def now(self) -> Job:
        return self.workspace.ledger.job(self.document.id)

    @property
    def stands(self) -> str:
        return self.now.state.value

    def filed(self) -> dict[str, bytes]:
        lying = filed_files(self.folder)
        return {path.name.partition(".")[2]: path.read_bytes() for path in lying}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    folder = working_folder(tmp_path / "office", pdf="on")
    with opened(folder) as workspace:
        yield Office(folder, workspace)


@needs_office
def test_the_page_that_the_last_one_signs_makes_the_paper_whole(office: Office) -> None:
    first = office.dropped("bien ban.pdf", office.sheets(office.chair))

    assert (first.state, office.now.state) == (State.HELD, State.PARTLY_SIGNED)
    (told,) = lacking(office.workspace, office.now)
    assert vi(told.message) == f"Chưa thấy chữ ký phía trên tên: {office.secretary}."
    explained = explain(office.workspace, office.now)
    assert vi(explained.state) == "thiếu chữ ký"
    assert told in explained.findings

    # each on a print of his own: on this page the chair has not signed
    last = office.sheets(office.secretary)[-1]
    rest = office.dropped("trang ky.pdf", [last])

    assert (rest.state, office.now.state) == (State.MATCHED, State.ARCHIVED)
    assert office.workspace.ledger.job(first.id).state is State.MATCHED
    lying = office.filed()
    sidecar = json.loads(lying["json"])
    assert [(one["name"], one["is_signed"]) for one in sidecar["signature_places"]] == [
        (office.secretary, True),
        (office.chair, True),
    ]
    pages = len(office.sheets())
    assert [one["page"] for one in sidecar["copy"]["pages"]] == [*range(1, pages + 1), pages]
    assert len(pypdfium2.PdfDocument(lying["xem.pdf"])) == pages + 1
    assert "Ký trên nhiều bản in" in " ".join(vi(one.message) for one in office.workspace.findings(office.now))


@needs_office
def test_seals_whose_ink_hides_the_names_below_keep_no_paper_scanned_at_300_dpi(office: Office) -> None:
    sealed = sign_text_layer(office.printed, office.chair, office.secretary)
    drop(office.folder, "bien ban.pdf", as_pdf(pictures_of(sealed, 300), 300), "da-ky")
    serve_once(Worker(office.workspace), NOW)
    assert office.stands == "archived"


@needs_office
def test_whoever_signs_on_the_same_paper_completes_it_too(office: Office) -> None:
    office.dropped("bien ban.pdf", office.sheets(office.chair))
    both = office.sheets(office.chair, office.secretary)

    office.dropped("trang ky.pdf", both[-1:])

    assert office.now.state is State.ARCHIVED
    # the sheet with one signature only is needed no more
    pages = [one["page"] for one in json.loads(office.filed()["json"])["copy"]["pages"]]
    assert pages == list(range(1, len(both) + 1))


@needs_office
def test_the_page_with_a_signature_may_come_before_the_rest(office: Office) -> None:
    alone = office.dropped("trang ky.pdf", office.sheets(office.secretary)[-1:])
    assert (alone.state, office.now.state) == (State.HELD, State.DELIVERED)

    office.dropped("bien ban.pdf", office.sheets(office.chair))
    assert office.now.state is State.ARCHIVED


@needs_office
def test_a_further_print_on_which_nobody_else_has_signed_belongs_to_no_paper(office: Office) -> None:
    sheets = office.sheets(office.chair, office.secretary)
    paper = office.dropped("bien ban.pdf", [*sheets, office.sheets()[-1]])
    assert [one.code for one in office.blocking(paper)] == ["paper.page-twice"]
    assert office.now.state is State.DELIVERED


@needs_office
def test_a_page_that_was_changed_before_it_was_signed_completes_nothing(office: Office) -> None:
    office.dropped("bien ban.pdf", office.sheets(office.chair))
    changed = office.sheets(office.secretary)[-1]
    # a word of the text, well above the signatures
    word = changed.crop((700, 200, 900, 320))
    changed.paste(word, (700, 420))

    paper = office.dropped("trang ky.pdf", [changed])

    assert office.now.state is State.PARTLY_SIGNED
    assert {one.code for one in office.blocking(paper)} & {"paper.print-differs", "paper.characters-differ"}

    # and is still to be looked at by a person when the right one is there
    office.dropped("ban day du.pdf", office.sheets(office.chair, office.secretary))
    assert (office.stands, office.workspace.ledger.job(paper.id).state) == ("archived", State.HELD)
    assert [one.job.id for one in papers.waiting(office.workspace)] == [paper.id]


@needs_office
def test_an_unsigned_print_is_no_partly_signed_paper(office: Office) -> None:
    paper = office.dropped("bien ban.pdf", office.sheets())
    assert (paper.state, office.now.state) == (State.HELD, State.DELIVERED)


@needs_office
def test_a_partly_signed_paper_that_is_cancelled_leaves_the_document_as_it_was(office: Office) -> None:
    paper = office.dropped("bien ban.pdf", office.sheets(office.chair))
    assert office.stands == "partly-signed"

    operations.cancel(office.workspace, paper, "thả nhầm")

    assert (office.stands, lacking(office.workspace, office.now)) == ("delivered", ())
    serve_once(Worker(office.workspace), NOW)
    folders = office.workspace.folders
    assert audit(office.workspace.ledger, office.workspace.spool, folders.archive, folders.outbox) == []


@needs_office
def test_a_paper_that_all_have_signed_leaves_nothing_of_the_earlier_one_to_be_decided(office: Office) -> None:
    first = office.dropped("bien ban.pdf", office.sheets(office.chair))
    answers = office.folder / "outbox" / "van-thu"
    assert [path.name for path in answers.iterdir() if f"hs{first.id}." in path.name]

    office.dropped("ban day du.pdf", office.sheets(office.chair, office.secretary))

    assert (office.stands, office.workspace.ledger.job(first.id).state) == ("archived", State.SUPERSEDED)
    assert not [path.name for path in answers.iterdir() if f"hs{first.id}." in path.name]


@needs_office
def test_what_lacked_before_a_paper_lacks_again_once_that_is_refused(office: Office) -> None:
    first = office.dropped("bien ban.pdf", office.sheets(office.chair))
    # the same once more, by other bytes
    again = office.sheets(office.chair)
    again[0].putpixel((9, 9), 0)
    second = office.dropped("bien ban lan hai.pdf", again)
    assert office.stands == "partly-signed"

    papers.refuse(office.workspace, second, "bản chụp mờ")
    assert office.stands == "partly-signed"
    (told,) = lacking(office.workspace, office.now)
    assert office.secretary in vi(told.message)

    # read anew it says for itself what lacks
    operations.reprocess(office.workspace, operations.plan(office.workspace, first))
    assert office.stands == "delivered"
    Worker(office.workspace).work_off()
    assert office.stands == "partly-signed"


@needs_office
def test_one_that_is_refused_leaves_the_document_its_number(office: Office) -> None:
    numbered = numbering.next_number(office.workspace, office.document)
    paper = office.dropped("bien ban.pdf", office.sheets(office.chair))
    assert (office.stands, office.now.number) == ("partly-signed", numbered.number)

    papers.refuse(office.workspace, paper, "ký nhầm bản nháp")

    assert (office.stands, office.now.number) == ("numbered", numbered.number)


@needs_office
def test_a_number_is_given_and_made_void_while_signatures_are_missing(office: Office) -> None:
    office.dropped("bien ban.pdf", office.sheets(office.chair))
    numbered = numbering.next_number(office.workspace, office.now)
    assert (numbered.state, bool(numbered.number)) == (State.PARTLY_SIGNED, True)
    void = numbering.void_number(office.workspace, numbered, "ghi nhầm ngày")
    assert (void.state, void.number) == (State.PARTLY_SIGNED, "")
    assert lacking(office.workspace, void)


@needs_office
def test_a_person_takes_a_paper_as_it_is(office: Office) -> None:
    paper = office.dropped("bien ban.pdf", office.sheets(office.chair))
    papers.confirm(office.workspace, paper, "thư ký đi công tác, chủ trì đồng ý")
    Worker(office.workspace).work_off()
    assert office.now.state is State.ARCHIVED
    assert [one["is_signed"] for one in json.loads(office.filed()["json"])["signature_places"]] == [False, True]


@needs_office
def test_eleven_sign_a_pledge_each_on_a_print_of_his_own(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office", pdf="on")
    with opened(folder) as workspace:
        for unit in UNITS:
            drop(folder, "dk.yaml", registration(unit), unit)
        drop(folder, "gu.yaml", pledge())
        (agreement,) = [job for job in serve_once(Worker(workspace), NOW) if job.kind == "giao-uoc"]
        printed, signers = workspace.artifact(agreement, Role.RENDITION), signers_of(workspace, agreement)
        first, *others = signers
        drop(folder, "giao uoc.pdf", as_pdf(pictures_of(sign_text_layer(printed, first), DPI), DPI), "da-ky")
        serve_once(Worker(workspace), NOW)
        (told,) = lacking(workspace, workspace.ledger.job(agreement.id))
        assert vi(told.message).endswith("; ".join(others) + ".")

        # the ten pages, each with one signature, in two scans
        bare = pictures_of(printed, DPI)
        seen = [pictures_of(sign_text_layer(printed, name), DPI) for name in others]
        pages = [page for each in seen for page, unsigned in zip(each, bare, strict=True) if page != unsigned]
        assert len(pages) == len(others)
        for part, names in ((pages[:4], others[4:]), (pages[4:], [])):
            drop(folder, f"{len(part)} trang ky.pdf", as_pdf(part, DPI), "da-ky")
            serve_once(Worker(workspace), NOW)
            found = lacking(workspace, workspace.ledger.job(agreement.id))
            assert [vi(one.message).split(": ")[1] for one in found] == (["; ".join(names) + "."] if names else [])

        assert workspace.ledger.job(agreement.id).state is State.ARCHIVED
        assert {job.state for job in workspace.ledger.in_states(State) if job.folder == "da-ky"} == {State.MATCHED}
