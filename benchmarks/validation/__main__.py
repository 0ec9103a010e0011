"""One submission checked: `pipeline.validation` against jsonschema + cel-python, the same schema and the same rules.

    python -m benchmarks.validation [--write]     --write puts the table into docs/performance.md

The peers are installed into benchmarks/out/peers by pip, never into the project's own environment. CPU time, peers
interleaved in one run, best of several rounds (the machine is shared). Both sides are given the same work: a form of
27 fields and 10 rows of targets, its JSON Schema, ten CEL rules; each must find the same faults before it is timed.
"""

import dataclasses
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.pages import write_section
from pipeline import kinds, validation, years
from pipeline.kinds import Kind
from pipeline.model import Json, Reading
from pipeline.rules import compile_rules
from tests.folders import shipped_words

ROOT = Path(__file__).parents[2]
OUT = ROOT / "benchmarks" / "out"
PEERS = OUT / "peers"
TODAY = dt.date(2022, 6, 1)
ROWS = 10
ROUNDS = 7

#: Ten rules, in CEL that both engines understand.
RULES = {
    "VA01": ("/targets", "size(doc.targets) == 10"),
    "VA02": ("/activities", "size(doc.activities) == 1"),
    "VA03": ("/targets", 'doc.targets.all(t, t.due >= "2022-01-01" && t.due <= "2022-12-31")'),
    "VA04": ("/activities", "doc.activities.all(a, a.planned_date <= year.windows.activities.to)"),
    "VA05": ("/submit_date", "doc.submit_date <= year.milestone.M_DANGKY.due"),
    "VA06": ("/targets", "doc.targets.all(t, !has(t.target_value) || t.target_value <= 100.0)"),
    "VA07": ("/leader", "size(doc.leader.full_name) <= 50"),
    "VA08": ("/focal_point", 'doc.focal_point.phone.matches("^0[0-9]{9}$")'),
    "VA09": ("/unit_code", "year.units.exists(u, u.code == doc.unit_code)"),
    "VA10": ("/headcount", "doc.headcount >= doc.titles_individual_count.tien_tien"),
}


def main() -> None:
    """Measure and report."""
    install_peers()
    year = years.load(ROOT / "years" / "2022.yaml")
    kind = ten_rules(kinds.load_all(ROOT / "templates", shipped_words()).kinds["dang-ky"])
    facts = year.as_values(dt.date(2022, 5, 27))
    clean, faulty = form(), form(due="2023-01-31", phone="12", tien_tien=99)
    runs: dict[str, Callable[[dict[str, Any]], object]] = {
        "pipeline.validation": lambda values: ours(values, kind, year),
        "jsonschema + cel-python": peer(kind, facts),
    }
    for run in runs.values():
        assert run(clean) == [], run(clean)
        assert run(faulty) == ["VA03", "VA08", "VA10"], run(faulty)
    results = {case: measured(runs, values) for case, values in (("clean form", clean), ("three faults", faulty))}
    report(results)


def install_peers() -> None:
    """The peers, in a folder of their own; nothing is done when they are there."""
    if not (PEERS / "celpy").exists():
        PEERS.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "install", "-q", "--target", str(PEERS), "jsonschema", "cel-python"]
        subprocess.run(command, check=True)
    sys.path.append(str(PEERS))


def ten_rules(kind: Kind) -> Kind:
    """The kind with the ten rules instead of its own."""
    words: Json = {"vi": "Sai: {value}.", "en": "Wrong: {value}."}
    raw: list[Json] = [
        {"id": name, "severity": "block", "at": at, "expr": text, "message": words}
        for name, (at, text) in RULES.items()
    ]
    return dataclasses.replace(kind, rules=compile_rules(raw, kind.fields, "benchmark"), digest="benchmark")


def form(due: str = "2022-10-20", phone: str = "0900000001", tien_tien: int = 20) -> dict[str, Any]:
    """A registration of ten rows."""
    row = {
        "content_code": "ND1",
        "target_text": "100% báo cáo gửi đúng hạn",
        "measure_unit": "%",
        "target_value": 100.0,
        "measures": "Phân công theo dõi hằng tuần",
        "due": "2022-10-20",
    }
    return {
        "unit_code": "EVNHCMC",
        "emulation_year": 2022,
        "submit_doc_no": "123-CV/ĐU",
        "submit_date": "2022-05-27",
        "headcount": 24,
        "leader": {"full_name": "Đặng Thị Thuỳ Nhiên", "position": "Chánh Văn phòng Đảng ủy"},
        "focal_point": {
            "name": "Hồ Thị Kim Duyệt",
            "position": "Chuyên viên",
            "phone": phone,
            "email": "a@example.vn",
        },
        "targets": [row | {"due": due if at == 6 else row["due"]} for at in range(ROWS)],
        "activities": [
            {
                "title": "Hội thảo chuyển đổi số",
                "content_code": "ND3",
                "planned_date": "2022-06-24",
                "venue": "Hội trường A",
                "budget_est": 15_000_000,
            }
        ],
        "titles_individual_count": {"tien_tien": tien_tien, "chien_si_thi_dua": 3},
    }


def ours(values: dict[str, Any], kind: Kind, year: years.Year) -> list[str]:
    """The codes validation finds (what its own typed checks say beside the ten rules is left aside)."""
    findings = validation.validate(
        Reading("yaml", kind.id, values=values), kind, year, today=TODAY, gathered={}, accepted={}
    )
    return sorted(one.code for one in findings if one.code in RULES)


def peer(kind: Kind, facts: dict[str, Any]) -> Callable[[dict[str, Any]], list[str]]:
    """The straightforward way: compile once, then validate the schema and run each rule."""
    import celpy
    import jsonschema

    validator = jsonschema.Draft202012Validator(
        kind.fields.schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    environment = celpy.Environment()
    programs = {name: environment.program(environment.compile(text)) for name, (_, text) in RULES.items()}
    year = celpy.json_to_cel(facts)

    def run(values: dict[str, Any]) -> list[str]:
        found = [error.validator for error in validator.iter_errors(values)]
        context = {"doc": celpy.json_to_cel(values), "year": year}
        return found + [name for name, program in programs.items() if not program.evaluate(context)]

    return run


def measured(runs: dict[str, Callable[[dict[str, Any]], object]], values: dict[str, Any]) -> dict[str, float]:
    """Milliseconds of CPU for each way, best of the rounds, interleaved."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(ROUNDS):
        for name, run in runs.items():
            times = 60 if name.startswith("pipeline") else 6
            begun = time.process_time()
            for _ in range(times):
                run(values)
            best[name] = min(best[name], (time.process_time() - begun) / times * 1000)
    return best


def table(results: dict[str, dict[str, float]]) -> str:
    """The figures as a table."""
    lines = [
        f"CPU time of one submission of 27 fields and {ROWS} rows against its JSON Schema and ten CEL rules (the",
        "least of many). Both find the same faults; ours also says each in two languages, with its place and how to",
        "mend it.",
        "",
        "| form | vanthu | jsonschema + cel-python | ratio |",
        "|---|---|---|---|",
    ]
    for case, best in results.items():
        mine, theirs = best.values()
        lines.append(f"| {case} | {mine:.3f} ms | {theirs:.2f} ms | {theirs / mine:.0f}× |")
    machine = f"{os.cpu_count()} cores, {platform.machine()}"
    return "\n".join([*lines, "", f"Measured with Python {platform.python_version()}, {machine}."])


def report(results: dict[str, dict[str, float]]) -> None:
    """A table for people, also on the page when asked; JSON for comparison with later runs."""
    text = table(results)
    print(text)
    if "--write" in sys.argv:
        write_section("performance.md", "validation", "Validation", text)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "validation.json").write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
