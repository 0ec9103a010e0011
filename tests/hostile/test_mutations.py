"""Damaged copies of good forms: whatever is broken in them, the reader answers, and never with a fault of ours."""

import io
import random
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.reading import FUNCTIONS, read_guarded
from pipeline.tools.guard import Guard
from tests.hostile.test_hostile import CONTEXT, DOCX, PDF, XLSX
from tests.reading import writers
from tests.reading.conftest import example

FORM = CONTEXT.form("dang-ky")
assert FORM is not None
YAML = writers.as_yaml(FORM, example("dang-ky", "pass-catp"))
SEEDS = [("a.xlsx", XLSX), ("a.docx", DOCX), ("a.pdf", PDF), ("a.yaml", YAML)]


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(FUNCTIONS) as guard:
        yield guard


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """Bytes changed, left out, doubled, or replaced by what numbers and marks must not be."""
    out = bytearray(content)
    for _ in range(chance.choice([1, 3, 10, 60])):
        at, length = chance.randrange(len(out)), chance.randrange(1, 60)
        match chance.randrange(4):
            case 0:
                out[at] = chance.randrange(256)
            case 1:
                del out[at : at + length]
            case 2:
                out[at:at] = out[at : at + length]
            case 3:
                out[at : at + 2] = chance.choice([b"0", b"-1", b"99999999999", b"<", b">", b"[", b"\xff"])
        out = out or bytearray(b"x")
    return bytes(out)


def restructured(xml: bytes, chance: random.Random) -> bytes:
    """Tags left out, doubled, or with another first attribute: still nearly XML."""
    text = xml.decode()
    tags = re.findall(r"<[^<>?]+>", text)
    for _ in range(chance.choice([1, 2, 5])):
        tag = chance.choice(tags)
        value = chance.choice(["", "-1", "x", "99999999", "A1:B", "0"])
        other = chance.choice(["", tag * 2, re.sub(r'"[^"]*"', f'"{value}"', tag, count=1)])
        text = text.replace(tag, other, 1)
    return text.encode()


def in_one_part(content: bytes, chance: random.Random) -> bytes:
    """An office file with one part spoiled."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        chosen = chance.choice([name for name in source.namelist() if name.endswith((".xml", ".rels"))])
        for name in source.namelist():
            part = source.read(name)
            if name == chosen:
                part = restructured(part, chance) if chance.random() < 0.7 else spoiled(part, chance)
            target.writestr(name, part)
    return out.getvalue()


def answers(guard: Guard, path: Path, seed: int) -> None:
    chance = random.Random(seed)
    name, content = chance.choice(SEEDS)
    is_office = name.endswith("x") and chance.random() < 0.8
    path.write_bytes(in_one_part(content, chance) if is_office else spoiled(content, chance))

    reading = read_guarded(guard, path, name, CONTEXT)  # raises for a fault of ours

    assert reading.kind or reading.is_blocked


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(0, 240, 40))
def test_damaged_copies_get_an_answer(guard: Guard, tmp_path: Path, seed: int) -> None:
    for at in range(seed, seed + 40):
        answers(guard, tmp_path / "spooled", at)


@pytest.mark.slow
def test_very_many_damaged_copies_get_an_answer(guard: Guard, tmp_path: Path) -> None:
    for seed in range(1000, 4000):
        answers(guard, tmp_path / "spooled", seed)
