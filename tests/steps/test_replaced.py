"""A registration that is replaced: what was made of the old one is made anew, and what is signed already is told."""

from pathlib import Path

import pytest
import yaml

from pipeline.model import Job, State
from tests.folders import ROOT, registration
from tests.status.office import Office
from tests.word_words import words_of

FEW = ("EVNHCMC", "CATP")
BEFORE, AFTER = "Tọa đàm bảo vệ bí mật nhà nước trong văn thư điện tử", "Hội thảo về ký số trên thiết bị di động"


def text_of(path: Path) -> str:
    return words_of(path)


def appendices(office: Office) -> list[Job]:
    """The appendices, which gather the registrations' activities."""
    return [job for job in office.workspace.ledger.in_states(State) if job.kind == "phu-luc-hoat-dong"]


def awaiting(office: Office) -> dict[int, Path]:
    """The appendices that lie for signature, by their jobs."""
    lying = (office.folder / "outbox" / "cho-ky").glob("*.docx")
    of = {job.id for job in appendices(office)}
    found = {int(path.stem.rpartition("hs")[2].split(".")[0]): path for path in lying}
    return {job_id: path for job_id, path in found.items() if job_id in of}


def replaced() -> str:
    form = yaml.safe_load(registration("CATP"))
    form["activities"][0]["title"] = AFTER
    return yaml.safe_dump(form, allow_unicode=True)


@pytest.fixture
def gathered(office: Office) -> Office:
    """Two units have registered, and the appendix of their activities lies for signature."""
    office.of_units(*FEW)
    example = yaml.safe_load(
        (ROOT / "templates/phu-luc-hoat-dong/examples/pass-2022.yaml").read_text(encoding="utf-8")
    )
    form = {"kind": "phu-luc-hoat-dong", **example["form"]}
    for unit in FEW:
        office.drop(f"dk-{unit}.yaml", registration(unit))
    office.on("2022-06-01")
    office.drop("pl.yaml", yaml.safe_dump(form, allow_unicode=True))
    ((job_id, path),) = awaiting(office).items()
    assert office.job(job_id).state is State.DELIVERED
    assert BEFORE in text_of(path)
    return office


def test_what_was_made_of_a_replaced_registration_is_made_anew(gathered: Office) -> None:
    gathered.drop("dk-sua.yaml", replaced())

    old, new = appendices(gathered)
    assert (old.state, new.state) == (State.SUPERSEDED, State.DELIVERED)
    assert (old.revision, new.revision) == (1, 2)
    assert new.code != old.code
    ((job_id, path),) = awaiting(gathered).items()
    assert job_id == new.id, "the old paper is taken out of the folder of papers to be signed"
    assert AFTER in text_of(path)
    assert BEFORE not in text_of(path)


def test_a_registration_that_replaces_none_makes_nothing_anew(gathered: Office) -> None:
    gathered.of_units(*FEW, "KNH")
    gathered.drop("dk-KNH.yaml", registration("KNH"))

    assert [job.state for job in appendices(gathered)] == [State.DELIVERED]


def test_a_faulty_file_makes_nothing_anew(gathered: Office) -> None:
    gathered.drop("dk-sua.yaml", registration("CATP", activities=[]))

    assert [job.state for job in appendices(gathered)] == [State.DELIVERED]


def test_the_clerk_is_told_of_a_document_that_was_signed_before(gathered: Office) -> None:
    (appendix,) = appendices(gathered)
    gathered.sign(appendix.id)
    assert gathered.job(appendix.id).state is State.ARCHIVED
    clerk = gathered.folder / "outbox" / "van-thu"
    before = set(clerk.glob("*"))

    gathered.drop("dk-sua.yaml", replaced())

    assert [job.state for job in appendices(gathered)] == [State.ARCHIVED], "what is signed is not changed"
    (notice,) = set(clerk.glob("*")) - before
    assert f"#{appendix.id}" in text_of(notice)
    assert "Công an TP.HCM" in text_of(notice)


def test_nobody_is_told_of_what_is_not_signed(gathered: Office) -> None:
    clerk = gathered.folder / "outbox" / "van-thu"
    before = set(clerk.glob("*"))

    gathered.drop("dk-sua.yaml", replaced())

    told = set(clerk.glob("*")) - before
    assert not [path for path in told if "dk-sua" in path.name]
