"""A whole year of other offices: of no output is a word the example's."""

import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from pipeline import kinds, years
from pipeline.authoring.samples import FULL, day_of, sample_values
from pipeline.years import Year
from tests.authoring.test_other_offices import FOREIGN, KINDS, LAWS, foreign_in
from tests.folders import drop, filed_files, run
from tests.large_office import SIXTY_THREE
from tests.sample_papers import signed_paper
from tests.story.year_papers import clerks_paper, pledge, registration, score_sheet

#: Three: the least there are. Fourteen, with other words for everything. Sixty-three, of the Party.
OFFICES = {
    "three": """
form: state
year: 2027
name: Khối thi đua các sở
parent: Ủy ban nhân dân Tỉnh Lâm Đồng
place: Lâm Đồng
units: [Sở Nội vụ; Trần Văn An; Giám đốc, Sở Tài chính; Lê Thị Bình; Giám đốc, Sở Y tế; Vũ Thu Hà; Phó Giám đốc]
contents: [Cải cách hành chính; 60, Chuyển đổi số; 40]
""",
    "fourteen": """
form: state
year: 2026
name: Khối giao ước số 2
head_title: Trưởng khối
parent: Ủy ban nhân dân Tỉnh Đồng Nai
place: Đồng Nai
units: [{units}]
contents: [Cải cách hành chính; 50, Chuyển đổi số; 30, Dân vận; 20]
""".format(units=", ".join(f'"Ban Quản lý {at}; Trần Văn An; Trưởng ban; B{at}"' for at in range(1, 15))),
    "sixty-three": SIXTY_THREE,
}


class Played:
    """An office at work through its command line; `told` is all it said."""

    def __init__(self, name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys, self.told = folder / "co-quan", capsys, dict[str, str]()
        #: what people read of the papers out for signature, which go when their signed ones come back
        self.unsigned: list[tuple[str, str]] = []
        answers = folder / "tra-loi.yaml"
        answers.write_text(OFFICES[name], "utf-8")
        self.command("init", str(self.folder), "--from", str(answers))
        settings = self.folder / "config.yaml"
        text = settings.read_text("utf-8").replace("pdf: auto", 'pdf: "off"')
        settings.write_text(
            re.sub(r"(text|secrecy): auto", r'\1: "off"', text).replace("quiet_seconds: 2", "quiet_seconds: 0"),
            "utf-8",
        )
        (path,) = (self.folder / "years").glob("*.yaml")
        self.year: Year = years.load(path)
        self.kinds = kinds.load_all(
            self.folder / "templates", self.year.words("state" if name == "state" else "party")
        ).kinds

    def command(self, *words: str) -> str:
        """What a command answers."""
        place = () if words[0] == "init" else ("-C", str(self.folder))
        run(*place, *words)
        said = self.capsys.readouterr()
        self.told[" ".join(words)] = said.out + said.err
        return said.out

    def jobs(self) -> list[Any]:
        """What `run` moved, as machines get it."""
        run("-C", str(self.folder), "run", "--json")
        found: list[Any] = json.loads(self.capsys.readouterr().out)["jobs"]
        return found

    def signed(self, moved: list[Any], *, only_one_of: bool) -> list[str]:
        """Sign what is out for signature, of each kind or one paper of it, and bring it back; gives the kinds of
        what then lies in the archive.
        """
        out = [job for job in moved if job["state"] == "delivered"]
        if only_one_of:
            out = list({job["kind"]: job for job in out}.values())
        self.unsigned = list(outbox_texts(self.folder))
        for job in out:
            drop(self.folder, f"ky-{job['id']}.pdf", signed_paper(job["code"]), "da-ky")
        self.command("run")
        sidecars = (json.loads(path.read_bytes()) for path in filed_files(self.folder) if path.suffix == ".json")
        return [sidecar["kind"] for sidecar in sidecars]


def form(values: dict[str, Any]) -> str:
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False)


#: In the order in which a year brings them; what the units themselves hand in comes before what gathers it.
MEETING = ("bien-ban",)
SPRING = ("ke-hoach", "quy-che", "giay-moi", "chuong-trinh", "cong-van", "thong-bao", "quyet-dinh", "uy-quyen")
AUTUMN = ("phu-luc-hoat-dong", "bao-cao-so-ket", "kiem-phieu", "bao-cao-tong-ket", "to-trinh", "danh-sach")


def play(office: Played) -> list[str]:
    """The year from first reminder to the register; gives the kinds of which a document was signed and filed."""
    year, folder = office.year, office.folder
    for kind in KINDS:
        office.command("forms", kind, "--format", "docx", "--format", "xlsx")
    office.command("remind", "dang-ky", "--date", f"{year.year}-05-11")
    moved = faulty_spring(office)
    office.command("status")
    for at, unit in enumerate(year.units):
        drop(folder, f"dang-ky-{at}.yaml", form(registration(year, at)), unit.code)
    clerk_drops(office, MEETING)
    moved += office.jobs()
    # a plan is issued after the meeting that passed it; of a large office only what holds a row for each member is
    # played
    is_large = len(year.units) > 20
    clerk_drops(office, ("ke-hoach", "giay-moi", "phu-luc-hoat-dong") if is_large else SPRING)
    if not is_large:
        moved += office.jobs()
        for at, unit in enumerate(year.units):
            drop(folder, f"bang-diem-{at}.yaml", form(score_sheet(year, at)), unit.code)
        clerk_drops(office, AUTUMN)
    moved += office.jobs()
    filed = office.signed(list({job["id"]: job for job in moved}.values()), only_one_of=is_large)
    for words in (("status",), ("register", "list"), ("register", "waiting"), ("papers", "list"), ("kinds", "list")):
        office.command(*words)
    for job in moved if not is_large else moved[:4]:
        office.command("why", str(job["id"]))
    office.command("show", str(moved[0]["id"]))
    office.command("find", "hội")
    office.command("remind", "bang-diem", "--date", f"{year.year}-10-25")
    return filed


def faulty_spring(office: Played) -> list[Any]:
    """What goes back: two activities, another unit's folder, a unit nobody knows, and every form as its examples
    fill it in. The pledge waits.
    """
    year, folder = office.year, office.folder
    twice = registration(year, 0)
    twice["activities"] *= 2
    drop(folder, "hai.yaml", form(twice), year.units[0].code)
    drop(folder, "nham.yaml", form(registration(year, 0)), year.units[1].code)
    drop(folder, "la.yaml", form(registration(year, 0) | {"unit_code": "Hợp tác xã Mây Tre"}))
    drop(folder, "giao-uoc.yaml", form(pledge(year)))
    if len(year.units) < 5:
        for kind in sorted(set(KINDS) - {"dang-ky", "giao-uoc"}):
            full = sample_values(office.kinds[kind], year, day_of(year), FULL)
            drop(folder, f"{kind}-du.yaml", form({"kind": kind, **full}))
    return office.jobs()


def clerk_drops(office: Played, wanted: Iterable[str]) -> None:
    for kind in wanted:
        drop(office.folder, f"{kind}.yaml", form(clerks_paper(office.kinds[kind], office.year)))


def texts(office: Played) -> Iterator[tuple[str, str]]:
    """Everything people read of an office: what commands said, the outbox, what lies beside the filed papers."""
    for words, said in office.told.items():
        yield from ((f"vanthu {words}", line) for line in said.splitlines())
    yield from office.unsigned
    yield from outbox_texts(office.folder)
    for path in filed_files(office.folder):
        if path.suffix == ".json":
            yield from ((path.name, line) for line in path.read_text("utf-8").splitlines())


def outbox_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """What people read in the outbox; of Word files and workbooks only the texts that are foreign."""
    for path in sorted((folder / "outbox").rglob("*")):
        if path.suffix in {".docx", ".xlsx"}:
            yield from ((path.name, text) for text in foreign_in(path.read_bytes()))
        elif path.suffix in {".html", ".yaml"}:
            yield from ((path.name, line) for line in path.read_text("utf-8").splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("name", OFFICES)
def test_a_year_of_another_office_speaks_of_it_alone(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Played(name, tmp_path, capsys)
    filed = play(office)
    if name == "sixty-three":
        assert set(filed) >= {"dang-ky", "giao-uoc", "bien-ban", "ke-hoach", "giay-moi", "phu-luc-hoat-dong"}
    else:
        assert sorted(set(filed)) == KINDS, office.told["status"]
        assert filed.count("dang-ky") == filed.count("bang-diem") == len(office.year.units)
    book = next((office.folder / "outbox" / "so-dang-ky").glob("*.xlsx"))
    assert len(list(openpyxl.load_workbook(io.BytesIO(book.read_bytes())).active.values)) > 1  # type: ignore[union-attr]
    said = ((where, text.replace("\u00a0", " ")) for where, text in texts(office))
    found = [(where, text) for where, text in said if FOREIGN.search(LAWS.sub("", text))]
    assert found == []
