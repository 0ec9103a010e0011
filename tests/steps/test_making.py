"""A document is made: it waits for whom it needs, is filled, printed where that can be, and put to be signed."""

import dataclasses
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline.app import numbering
from pipeline.filling import TemplateError
from pipeline.ledger import Outcome
from pipeline.model import Direction, Job, Json, Role, State
from pipeline.papers import codes
from pipeline.papers.page_marks import fingerprint
from pipeline.steps import delivers, gathers, making, may_go_on, renders
from pipeline.steps.gathering import (
    accepted_documents,
    gathered,
    gatherers_of,
    inputs,
    missing,
    registered_numbers,
)
from pipeline.steps.making import description, fills
from pipeline.steps.registering import number_wish
from pipeline.tools.soffice import Office as LibreOffice
from tests.folders import pledge, registration
from tests.status.office import Office
from tests.steps.at_work import accepted, content, put, roles


def waiting(office: Office) -> Job:
    """The pledge of three units, of which one has registered."""
    office.of_units("EVNHCMC", "CATP", "KNH")
    office.drop("dk.yaml", registration("CATP"))
    job = office.drop("gu.yaml", pledge(originals_count=4))
    assert job.state is State.WAITING
    return job


def values(office: Office, outcome: Outcome) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(content(office.workspace, outcome, Role.VALUES))
    return made


# gathering


def test_a_document_waits_and_names_whom_it_waits_for(office: Office) -> None:
    job = waiting(office)
    outcome = gathers(office.workspace, job)
    assert (outcome.to, outcome.why) == (State.WAITING, "EVNHCMC, KNH")
    assert outcome.detail == {"waits_for": ["EVNHCMC", "KNH"]}
    assert missing(office.workspace, job, office.workspace.kind(job)) == ("EVNHCMC", "KNH")
    assert not may_go_on(office.workspace, job)
    accepted(office, "dk2.yaml", registration("KNH"))
    assert may_go_on(office.workspace, job)
    assert gathers(office.workspace, job).why == "EVNHCMC"
    accepted(office, "dk3.yaml", registration("EVNHCMC"))
    assert gathers(office.workspace, job).to is State.FILLED


def test_what_is_gathered_stands_in_the_official_order_with_its_unit(office: Office) -> None:
    job = waiting(office)
    accepted(office, "dk3.yaml", registration("EVNHCMC"))
    kind = office.workspace.kind(job)
    made: dict[str, Any] = gathered(office.workspace, job, kind, office.workspace.reading(job).values)
    assert list(made) == ["dang_ky"]
    assert [form["unit"]["code"] for form in made["dang_ky"]] == ["EVNHCMC", "CATP"]
    form = made["dang_ky"][1]
    assert (form["headcount"], form["unit"]["name"]) == (24, "Công an TP.HCM")
    registration_kind = office.workspace.loaded().kinds["dang-ky"]
    assert set(registration_kind.fields.laid_out({})) <= set(form), "every place a template may ask for is there"
    one = office.job(1)
    assert (
        gathered(office.workspace, one, registration_kind, office.workspace.reading(one).values),
        missing(office.workspace, one, registration_kind),
    ) == (
        {},
        (),
    )


def test_only_accepted_forms_of_the_kind_and_the_year_are_gathered(office: Office) -> None:
    job = waiting(office)
    office.drop("sai.yaml", registration("KNH", activities=[]))
    assert {unit: one.id for unit, one in inputs(office.workspace, 2022, "dang-ky").items()} == {"CATP": 1}
    assert inputs(office.workspace, 2021, "dang-ky") == inputs(office.workspace, 2022, "bang-diem") == {}
    found = gatherers_of(office.workspace, 2022, "dang-ky", [State.WAITING, State.DELIVERED])
    assert [one.id for one in found] == [job.id]
    assert gatherers_of(office.workspace, 2022, "dang-ky", [State.DELIVERED]) == []
    assert gatherers_of(office.workspace, 2022, "giao-uoc", [State.WAITING]) == []
    assert gatherers_of(office.workspace, 2021, "dang-ky", [State.WAITING]) == []


def test_rules_see_every_other_accepted_document_of_the_year(office: Office) -> None:
    one = office.drop("dk.yaml", registration("CATP"))
    other = office.drop("dk.yaml", registration("KNH", headcount=31))
    office.drop("sai.yaml", registration("SATRA", activities=[]))
    seen: dict[str, Any] = accepted_documents(office.workspace, one, None)
    assert sorted(seen) == sorted(name.replace("-", "_") for name in office.workspace.loaded().kinds)
    assert [form["headcount"] for form in seen["dang_ky"]] == [31]
    assert [form["headcount"] for form in accepted_documents(office.workspace, other, {"dang_ky"})["dang_ky"]] == [24]  # type: ignore[index, union-attr, call-overload]
    assert seen["ke_hoach"] == []
    assert accepted_documents(office.workspace, one, {"ke_hoach", "khong_co"}) == {"ke_hoach": []}


def test_rules_about_citations_see_outgoing_numbers_with_what_became_of_them(office: Office) -> None:
    incoming = office.drop("dk.yaml", registration("CATP"))
    numbering.next_number(office.workspace, incoming)
    workspace, year = office.workspace, office.workspace.year(2022)
    kinds = workspace.loaded().kinds
    plan, mute = (
        kinds["ke-hoach"],
        next(one for one in kinds.values() if not one.cites and not one.rules.is_register_cited),
    )
    cites: Json = {"legal_basis": ["Kế hoạch số 02-KH/CTĐ4", "Quyết định số 15-QĐ/TU"]}
    assert registered_numbers(workspace, plan, year, cites) == []
    wish = number_wish(office.workspace, incoming)
    assert wish is not None
    given = (("KNH", dt.date(2022, 5, 27)), ("SATRA", None), ("DHQG", None), ("KCXCN", None))
    for unit, on in given:
        job = office.drop("dk.yaml", registration(unit))
        columns = dataclasses.replace(wish.columns, title="Kế hoạch", document_on=on)
        outgoing = dataclasses.replace(wish, direction=Direction.OUTGOING, series="KH/2020-2025", columns=columns)
        job = office.workspace.ledger.advance(job, Outcome(State.NUMBERED, number=outgoing))
    numbering.void_number(office.workspace, job, "nhầm")
    # the cited number, and the ends of the series: what lies between them is not read
    assert registered_numbers(workspace, plan, year, cites) == [
        {"number": wish.written(1), "date": "2022-05-27", "title": "Kế hoạch", "status": "valid"},
        {"number": wish.written(2), "date": "", "title": "Kế hoạch", "status": "valid"},
        {"number": wish.written(4), "date": "", "title": "Kế hoạch", "status": "void"},
    ]
    assert registered_numbers(workspace, plan, year, {"legal_basis": ["Luật Lưu trữ"]}) == []
    assert registered_numbers(workspace, mute, year, cites) == []


# filling


def test_a_document_is_filled_in_the_form_of_its_own_day_and_carries_its_code(office: Office) -> None:
    job = accepted(office, "dk.yaml", registration("CATP"))

    outcome = fills(office.workspace, job)

    assert (outcome.to, outcome.document_on) == (State.FILLED, dt.date(2022, 5, 27))
    assert roles(outcome) == [Role.VALUES, Role.DESCRIPTION, Role.DRAFT]
    assert (outcome.detail["profile"], len(str(outcome.detail["template"]))) == ("dang-hd36", 64)
    draft = content(office.workspace, outcome, Role.DRAFT)
    assert codes.find_all(whole(office, draft)) == (job.code,)
    made = values(office, outcome)
    assert (made["doc"]["headcount"], made["gathered"]) == (24, {})
    assert fills(office.workspace, job).artifacts == outcome.artifacts, "made again it is the same to the byte"


def whole(office: Office, draft: bytes) -> str:
    """All words of a draft, head and foot of the page too."""
    path = office.folder / "draft.docx"
    path.write_bytes(draft)
    document = docx.Document(str(path))
    parts = [
        document.element.body,
        *(part._element for one in document.sections for part in (one.header, one.footer)),
    ]
    words = "\n".join(element.text or "" for part in parts for element in part.iter() if element.text)
    # a blank is one, whether a line may end there or not
    return words.replace("\u00a0", " ")


def test_a_form_without_a_day_is_dated_today_and_stays_so(office: Office) -> None:
    job = accepted(office, "dk.yaml", registration("CATP"))
    kind = office.workspace.kind(job)
    undated = dataclasses.replace(office.workspace.reading(job), values=dict(office.workspace.reading(job).values))
    del undated.values["submit_date"]
    kept = office.workspace.keep_reading(undated)
    ledger = office.workspace.ledger
    job = ledger.advance(ledger.advance(job, Outcome(State.HELD, artifacts=(kept,))), Outcome(State.ACCEPTED))
    assert kind.date_of(office.workspace.doc(job, kind)) is None
    first = fills(office.workspace, job)
    assert first.document_on == dt.date(2022, 5, 30)
    office.on("2022-06-07")
    dated = dataclasses.replace(job, document_on=first.document_on)
    assert fills(office.workspace, dated).document_on == dt.date(2022, 5, 30)


def test_the_official_form_that_is_forced_is_taken_whatever_the_day(office: Office) -> None:
    job = accepted(office, "dk.yaml", registration("CATP"))
    practice = dataclasses.replace(office.workspace.practice, forced_profile="dang-hd05")
    outcome = fills(dataclasses.replace(office.workspace, practice=practice), job)
    assert outcome.detail["profile"] == "dang-hd05"


def test_the_symbol_of_the_office_stands_on_documents_of_the_cluster(office: Office) -> None:
    office.of_units("EVNHCMC", "CATP")
    for unit in ("EVNHCMC", "CATP"):
        office.drop("dk.yaml", registration(unit))
    job = accepted(office, "gu.yaml", pledge(originals_count=3))
    practice = dataclasses.replace(office.workspace.practice, symbol="ABC")
    theirs = values(office, fills(dataclasses.replace(office.workspace, practice=practice), job))
    ours = values(office, fills(office.workspace, job))
    assert ("ABC" in json.dumps(theirs["document"]), "CTĐ4" in json.dumps(ours["document"], ensure_ascii=False)) == (
        True,
        True,
    )
    assert [form["unit"]["code"] for form in ours["gathered"]["dang_ky"]] == ["EVNHCMC", "CATP"]


def test_what_was_filled_is_held_against_the_official_form_of_its_day(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = accepted(office, "dk.yaml", registration("CATP"))
    seen: list[Any] = []
    monkeypatch.setattr(making, "require_conforming", lambda *given: seen.append(given))
    outcome = fills(office.workspace, job)
    ((checked, profile, facts, doc),) = seen
    kind = office.workspace.kind(job)
    assert checked.package.content == content(office.workspace, outcome, Role.DRAFT)
    assert (profile.id, facts.on, facts.symbol, facts.prints_number) == (
        "dang-hd36",
        outcome.document_on,
        "",
        kind.number_printed,
    )
    assert doc["headcount"] == 24


def test_what_the_register_says_is_recorded_with_the_document_and_made_where_it_was_not(office: Office) -> None:
    job = accepted(office, "dk.yaml", registration("CATP"))
    made = description(office.workspace, job)
    after = office.workspace.ledger.advance(job, fills(office.workspace, job))
    assert description(office.workspace, after) == office.workspace.description(after) == made
    assert (made.author, made.direction, made.profile) == ("Công an TP.HCM", Direction.INCOMING, "dang-hd36")


# printing and putting to be signed


def filled(office: Office) -> Job:
    job = accepted(office, "dk.yaml", registration("CATP"))
    return office.workspace.ledger.advance(job, fills(office.workspace, job))


def test_without_libreoffice_the_history_says_that_the_pdf_was_left_out(office: Office) -> None:
    outcome = renders(office.workspace, filled(office))
    assert (outcome.to, outcome.artifacts) == (State.RENDERED, ())
    assert outcome.detail == {"pdf": "left out: LibreOffice is not installed"}


@pytest.mark.slow
@pytest.mark.office
def test_the_pdf_is_kept_with_its_pages_counted(office: Office, tmp_path: Path) -> None:
    job = filled(office)
    with LibreOffice(tmp_path / "soffice", workers=1) as printing:
        if not printing.available():
            pytest.skip("LibreOffice is not installed")
        workspace = dataclasses.replace(office.workspace, office=printing)
        outcome = renders(workspace, job)
        after = workspace.ledger.advance(job, outcome)
    name = f"CTD4_2022_DK_CATP_v1_hs{job.id}"
    published = delivers(workspace, after)
    assert put(published) == [f"cho-ky/{name}.docx", f"cho-ky/{name}.pdf"]
    draft, pdf = published.publications
    assert workspace.spool.get(draft.sha256).startswith(b"PK")
    pages = len(pypdf.PdfReader(io.BytesIO(workspace.spool.get(pdf.sha256))).pages)
    assert (outcome.to, roles(outcome), outcome.detail["pages"]) == (State.RENDERED, [Role.RENDITION], pages)
    assert workspace.mark_key_of(after) == fingerprint(workspace.mark_key())
    assert workspace.pages_of(after) == pages


def test_a_document_lies_for_signature_under_a_name_that_says_what_it_is(office: Office) -> None:
    first = office.drop("dk.yaml", registration("CATP"))
    second = accepted(office, "dk2.yaml", registration("CATP", headcount=25))
    second = office.workspace.ledger.advance(second, fills(office.workspace, second))
    outcome = delivers(office.workspace, second)
    assert (outcome.to, put(outcome)) == (State.DELIVERED, [f"cho-ky/CTD4_2022_DK_CATP_v2_hs{second.id}.docx"])
    assert office.job(first.id).state is State.SUPERSEDED


def test_a_document_that_word_would_call_damaged_is_not_kept(office: Office) -> None:
    template = office.folder / "templates" / "dang-ky" / "template.docx"
    made = docx.Document(str(template))
    for name in ("a", "b"):
        mark = parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="77" w:name="{name}"/>')
        made.paragraphs[-1]._p.append(mark)
    made.save(str(template))
    job = accepted(office, "dk.yaml", registration("CATP"))
    with pytest.raises(TemplateError, match="bookmarkStart 77"):
        fills(office.workspace, job)
