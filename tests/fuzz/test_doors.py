"""Every door answers or refuses: sound examples, what once broke it, and some inputs changed by chance."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.fuzz import law
from tests.fuzz.doors import DOORS
from tests.fuzz.mutations import blindly, in_objects, repacked

#: Doors at which one input takes a tenth of a second and more, or that need an office.
SLOW = {"xlsx", "order"}
KEPT = [
    pytest.param(path, id=f"{path.parent.name}-{path.stem}", marks=[pytest.mark.slow] * (path.parent.name in SLOW))
    for path in sorted((Path(__file__).parent / "kept").glob("*/*"))
]


@pytest.fixture
def scratch() -> Iterator[Path]:
    with law.scratch() as folder:
        yield folder


@pytest.mark.parametrize("path", KEPT)
def test_what_once_broke_a_door_is_answered(path: Path, scratch: Path) -> None:
    assert DOORS[path.parent.name].tried(scratch, path.read_bytes())


@pytest.mark.parametrize("name", [name for name in DOORS if name not in SLOW])
def test_a_door_answers_what_chance_makes_of_its_examples(name: str, scratch: Path) -> None:
    door, chance = DOORS[name], Random(7)
    for content in door.seeds():
        assert not door.tried(scratch, content).startswith("refused")
        for _ in range(3):
            assert door.tried(scratch, door.mutator(content, 1 << 16, chance, blindly(chance)))


@pytest.mark.slow
@pytest.mark.parametrize("name", DOORS)
def test_a_door_answers_many_things_that_chance_makes(name: str, scratch: Path) -> None:
    door, chance = DOORS[name], Random(11)
    seeds = list(door.seeds())
    for _ in range(60):
        assert door.tried(scratch, door.mutator(chance.choice(seeds), 1 << 18, chance, blindly(chance)))


def test_a_fault_of_ours_a_door_that_writes_elsewhere_and_one_that_takes_too_long_are_told(
    scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(law, "SECONDS", 0.2)

    def broken(_folder: Path, content: bytes) -> str:
        return str(json.loads(content))

    def elsewhere(_folder: Path, _content: bytes) -> str:
        (tmp_path / "elsewhere").write_bytes(b"x")
        return ""

    def endless(_folder: Path, _content: bytes) -> str:
        while True:
            pass

    for door, key in ((broken, "JSONDecodeError"), (elsewhere, "opens"), (endless, "too long")):
        with pytest.raises(law.Violation) as told:
            law.answer(door, scratch, b"{")
        assert told.value.key.startswith(key)


def test_a_changed_zip_is_a_zip_and_a_changed_pdf_has_its_objects_where_its_table_says() -> None:
    chance = Random(3)
    (book, *_), (form, *_) = DOORS["book"].seeds(), DOORS["pdf"].seeds()
    packed = [repacked(book, 1 << 18, chance, blindly(chance)) for _ in range(20)]
    assert sum(one.startswith(b"PK") and one != book for one in packed) >= 18
    changed = [in_objects(form, 1 << 18, chance, blindly(chance)) for _ in range(20)]
    assert sum(_is_placed(one) for one in changed if one.startswith(b"%PDF-")) >= 15


def _is_placed(content: bytes) -> bool:
    start = int(content.rsplit(b"startxref", 1)[1].split()[0])
    table = re.match(rb"xref\n0 \d+\n.{20}(\d{10}) ", content[start:], re.DOTALL)
    return table is not None and content[int(table[1]) :].startswith(b"1 0 obj")
