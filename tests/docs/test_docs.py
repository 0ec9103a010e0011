"""Pages written from the code are fresh, and what the code offers is explained."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import errors, model
from scripts import findings, reference

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("templates/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def test_the_reference_pages_are_as_the_code_says() -> None:
    # in a process of its own: the command line translates its help in place, once
    done = subprocess.run(
        [sys.executable, "scripts/reference.py", "--check"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_error_has_a_code_of_its_own_and_a_meaning() -> None:
    own = [one for one in reference.error_classes() if "exit_code" in vars(one)]
    codes = [one.exit_code for one in own]
    assert sorted(set(codes)) == sorted(codes), sorted((one.exit_code, one.__name__) for one in own)
    taken = {0, 2, 3, 130}
    for one in reference.error_classes():
        assert one.__doc__, one
        assert one is errors.VanthuError or one.exit_code not in taken, one
        assert 1 <= one.exit_code < 128, one


def test_every_state_has_its_meaning() -> None:
    said = reference._comments(ROOT / "pipeline" / "model" / "states.py", "State")
    assert set(said) == set(model.State.__members__)


def test_findings_are_found_in_the_sources_with_their_sentences() -> None:
    told = {one.code: one.msgid for one in findings.all_findings()}
    assert told["file.empty"] == "The file is empty."
    assert told["unit.unknown"] != told["unit.missing"]


def test_no_code_of_a_finding_is_overlooked() -> None:
    known = findings.all_findings()
    told = {one.code.partition(".")[0] for one in known}
    overlooked = {code for code in findings.code_like_texts() if code.partition(".")[0] in told}
    assert overlooked - {one.code for one in known} == set()


def test_every_rule_of_every_kind_has_an_id_of_its_own_and_both_languages() -> None:
    rows = reference.rule_rows()
    ids = [(kind, rule) for kind, rule, *_ in rows]
    assert len(ids) == len(set(ids))
    for kind, rule, _, vietnamese, english in rows:
        assert vietnamese != english, (kind, rule)


def test_every_variable_the_program_reads_is_explained() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    read = {
        name
        for file in (ROOT / "pipeline").rglob("*.py")
        for name in re.findall(r'"(VANTHU_[A-Z_]+[A-Z])"', file.read_text(encoding="utf-8"))
    }
    assert read
    assert {name for name in read if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith(("#", "mailto:")):
            assert (page.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_named_in_a_page_exist(page: Path) -> None:
    for name in re.findall(
        r"`((?:docs|scripts|templates|tests|benchmarks|examples)/[\w./-]+)`", page.read_text("utf-8")
    ):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_named_in_a_page_exist(page: Path) -> None:
    from pipeline.cli.entry import vanthu

    known = {words for words, _ in reference.commands(vanthu, "vanthu")}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    for words in re.findall(r"(?:`|^\$? *)vanthu ((?:[a-z]+ ?)+)", text, re.MULTILINE):
        first, *rest = words.split()
        assert f"vanthu {first}" in known, words
        if rest and f"vanthu {first} {rest[0]}" not in known:
            assert not any(name.startswith(f"vanthu {first} ") for name in known), words
    for target in re.findall(r"(?:`|^\$? *)make ([a-z-]+)", text, re.MULTILINE):
        assert target in targets, target
