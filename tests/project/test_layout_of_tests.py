"""The folders of tests mirror the rooms of the source; what belongs to no room is named here."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Folders of tests about the whole: hostile files at every door, the documentation, the project's own files,
#: bad shares, whole histories, a year.
OF_THE_WHOLE = {"fuzz", "hostile", "docs", "project", "share", "sheets", "simulation", "story"}


def test_every_folder_of_tests_is_named_after_a_room() -> None:
    pipeline = ROOT / "pipeline"
    rooms = {path.name for path in pipeline.iterdir() if path.is_dir()} | {
        path.stem for path in pipeline.glob("*.py")
    }
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.glob("test_*.py"))}

    assert folders - rooms == OF_THE_WHOLE


def test_every_room_has_tests_of_its_own() -> None:
    rooms = {path.name for path in (ROOT / "pipeline").iterdir() if any(path.glob("*.py"))}

    assert {room for room in rooms if not any((ROOT / "tests" / room).rglob("test_*.py"))} == set()


def test_a_folder_below_a_folder_of_tests_is_a_room_of_that_room() -> None:
    for path in (ROOT / "tests").glob("*/*/test_*.py"):
        of = path.parent.relative_to(ROOT / "tests")
        assert (ROOT / "pipeline" / of).is_dir(), f"tests/{of} tests no package of that name"


def test_a_page_of_tests_at_the_top_is_named_after_a_page_of_the_source() -> None:
    pages = {path.stem for path in (ROOT / "pipeline").glob("*.py")}

    assert {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")} <= pages
