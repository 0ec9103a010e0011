"""A whole year of other offices: of no output is a word the example's."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from pipeline import kinds, years
from pipeline.authoring.samples import FULL, REQUIRED, day_of, sample_values
from pipeline.blank_forms.planning import known_values
from pipeline.kinds import Kind
from pipeline.years import Year
from tests.authoring.test_other_offices import FOREIGN, KINDS, LAWS, foreign_in
from tests.folders import drop, filed_files, run
from tests.large_office import SIXTY_THREE
from tests.sample_papers import signed_paper

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
        self.kinds = kinds.load_all(self.folder / "templates", self.year.words()).kinds

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

    def signed(self, moved: list[Any]) -> list[str]:
        """Sign what is out for signature and bring it back; gives the kinds that were filed."""
        for job in moved:
            if job["state"] == "delivered":
                drop(self.folder, f"ky-{job['id']}.pdf", signed_paper(job["code"]), "da-ky")
        self.command("run")
        return [job["kind"] for job in moved if job["state"] == "delivered"]


def registration(year: Year, at: int) -> dict[str, Any]:
    """A registration without fault of a unit."""
    unit = year.units[at]
    self_score, signing = (year.milestone(code) for code in ("M_TUCHAM", "M_KYGIAOUOC"))
    assert self_score is not None and signing is not None
    chief = unit.signatories[0]
    return {
        "kind": "dang-ky",
        "unit_code": unit.code,
        "emulation_year": year.year,
        "submit_date": f"{year.year}-05-20",
        "headcount": 20,
        "leader": {"full_name": chief.name, "position": chief.position_full},
        "focal_point": {"name": "Đỗ Thị Mai", "phone": f"09{at:08d}", "email": "mai@example.vn"},
        "targets": [
            {
                "content_code": one.code,
                "target_text": "100% hồ sơ đúng hạn",
                "measure_unit": "%",
                "target_value": 100,
                "measures": "Theo dõi hằng tuần",
                "due": f"{year.year}-10-15",
            }
            for one in year.contents
        ],
        "activities": [
            {
                "title": f"Hội thảo chuyên đề của {unit.name}",
                "content_code": year.contents[at % len(year.contents)].code,
                "planned_date": f"{year.year}-{7 + at % 3:02d}-{1 + at % 28:02d}",
                "venue": "Hội trường",
                "participants_est": 30,
                "budget_est": 5_000_000,
            }
        ],
    }


def pledge(year: Year) -> dict[str, Any]:
    """The clerk's form of the pledge, without fault."""
    signing = year.milestone("M_KYGIAOUOC")
    assert signing is not None
    return {
        "kind": "giao-uoc",
        "emulation_year": year.year,
        "sign_date": signing.due.isoformat(),
        "sign_place": "Hội trường lớn",
        "pledges": [{"content_code": one.code, "text": one.title, "target": "Hoàn thành"} for one in year.contents],
        "common_targets": [{"text": "Đơn vị hoàn thành chỉ tiêu", "value": 100, "unit": "%"}],
    }


def known_form(kind: Kind, year: Year) -> dict[str, Any]:
    """A form as a clerk leaves it who fills in no more than must be: what the year knows stands there."""
    made: dict[str, Any] = sample_values(kind, year, day_of(year), REQUIRED)
    for name, value in known_values(kind, year, None, day_of(year)).items():
        sample = made.get(name)
        if isinstance(value, list) and isinstance(sample, list) and sample and isinstance(sample[0], dict):
            made[name] = [{**sample[0], **row} for row in value if isinstance(row, dict)]
        else:
            made[name] = value
    if kind.id == "bien-ban":
        made |= minutes(made, len(year.units))
    # copied: a YAML file in which one list stands for two is refused
    told: dict[str, Any] = json.loads(json.dumps(made))
    return told


def minutes(made: dict[str, Any], members: int) -> dict[str, Any]:
    """What makes the example's figures of a meeting agree: all are there, and all are for the three drafts."""
    (vote,) = made["decisions"][:1]
    votes = {"for": members, "against": 0, "abstain": 0}
    return {
        "end_at": "10:30",
        "secretary": made["secretary"] | {"full_name": "Đỗ Thị Mai"},
        "present_total": members,
        "member_total": members,
        "absent_total": 0,
        "attendance": [row | {"delegate": "Hồ Thị Lan", "position": "Giám đốc"} for row in made["attendance"]],
        "decisions": [vote | votes | {"topic": topic} for topic in ("ke_hoach", "giao_uoc", "quy_che")],
    }


def form(values: dict[str, Any]) -> str:
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False)


def play(office: Played) -> list[str]:
    """The year from first reminder to the register; gives the kinds of which a document was signed and filed."""
    year, folder = office.year, office.folder
    for kind in KINDS:
        office.command("forms", kind, "--format", "docx", "--format", "xlsx")
    office.command("remind", "dang-ky", "--date", f"{year.year}-05-11")
    twice = registration(year, 0)
    twice["activities"] *= 2
    drop(folder, "hai.yaml", form(twice), year.units[0].code)
    drop(folder, "nham.yaml", form(registration(year, 0)), year.units[1].code)
    drop(folder, "la.yaml", form(registration(year, 0) | {"unit_code": "Hợp tác xã Mây Tre"}))
    drop(folder, "giao-uoc.yaml", form(pledge(year)))
    moved = office.jobs()
    office.command("status")
    for at, unit in enumerate(year.units):
        drop(folder, f"dang-ky-{at}.yaml", form(registration(year, at)), unit.code)
    # what the meeting passed is issued after it
    drop(folder, "bien-ban.yaml", form({"kind": "bien-ban", **known_form(office.kinds["bien-ban"], year)}))
    moved += office.jobs()
    # the other kinds, once with all that their forms show as examples and once with what the year knows: some are
    # made, some go back, and all are answered
    for kind in KINDS:
        if kind not in {"dang-ky", "giao-uoc", "bien-ban"}:
            full = sample_values(office.kinds[kind], year, day_of(year), FULL)
            drop(folder, f"{kind}-du.yaml", form({"kind": kind, **full}))
            drop(folder, f"{kind}.yaml", form({"kind": kind, **known_form(office.kinds[kind], year)}))
    moved += office.jobs()
    filed = office.signed(list({job["id"]: job for job in moved}.values()))
    for words in (("status",), ("register", "list"), ("register", "waiting"), ("papers", "list"), ("kinds", "list")):
        office.command(*words)
    for job in moved:
        office.command("why", str(job["id"]))
    office.command("show", str(moved[0]["id"]))
    office.command("find", "hội")
    office.command("remind", "bang-diem", "--date", f"{year.year}-10-25")
    return filed


def texts(office: Played) -> Iterator[tuple[str, str]]:
    """Everything people read of an office: what commands said, the outbox, what lies beside the filed papers."""
    for words, said in office.told.items():
        yield from ((f"vanthu {words}", line) for line in said.splitlines())
    for path in sorted((office.folder / "outbox").rglob("*")):
        if path.suffix in {".docx", ".xlsx"}:
            yield from ((path.name, text) for text in foreign_in(path.read_bytes()))
        elif path.suffix in {".html", ".yaml"}:
            yield from ((path.name, line) for line in path.read_text("utf-8").splitlines())
    for path in filed_files(office.folder):
        if path.suffix == ".json":
            yield from ((path.name, line) for line in path.read_text("utf-8").splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("name", OFFICES)
def test_a_year_of_another_office_speaks_of_it_alone(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Played(name, tmp_path, capsys)
    filed = play(office)
    made = {"dang-ky", "giao-uoc", "phu-luc-hoat-dong", "bien-ban", "ke-hoach", "giay-moi"}
    assert made - set(filed) == set(), office.told["status"]
    assert filed.count("dang-ky") == len(office.year.units)
    book = next((office.folder / "outbox" / "so-dang-ky").glob("*.xlsx"))
    assert len(list(openpyxl.load_workbook(io.BytesIO(book.read_bytes())).active.values)) > 1  # type: ignore[union-attr]
    found = [(where, text) for where, text in texts(office) if FOREIGN.search(LAWS.sub("", text))]
    assert found == []
