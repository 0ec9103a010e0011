"""What holds for every test."""

import gc
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import settings

# docxtpl, which some tests import themselves, spoils python-docx's keywords for the whole process; the product's own
# module puts that right when it is imported, and here every test has it so, whichever is collected first
import pipeline.filling.docxtpl_template  # noqa: F401
from pipeline import messages
from pipeline.files import FolderStore, ObjectStore
from tests.postgresql import Server
from tests.seaweed import Seaweed

# how long an example takes says more about the machine's load than about the program
settings.register_profile("local", deadline=None)
# where a change is judged, the same examples every time: new ones are hunted for while one works on it
settings.register_profile("judged", deadline=None, derandomize=True)
settings.load_profile("judged" if os.environ.get("CI") else "local")


@pytest.fixture(autouse=True)
def _nothing_of_ours_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own VANTHU_* and AWS_* variables change no test; those that ask for more tests stay."""
    for name in list(os.environ):
        if name.startswith(("VANTHU_", "AWS_")) and not name.startswith("VANTHU_TEST_"):
            monkeypatch.delenv(name)


@pytest.fixture
def in_english() -> Iterator[None]:
    """Sentences are English, whatever the tests before have set."""
    before = messages.language()
    messages.use("en")
    yield
    messages.use(before)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Give a running PostgreSQL of this test process's own; skips, with the reason, where none is installed."""
    server = Server.begin()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def seaweed() -> Iterator[Seaweed]:
    """Give a running object store of this test process's own; skips, with the reason, where none is installed."""
    store = Seaweed.begin()
    yield store
    store.remove()


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """Give an empty object store, once of each kind."""
    if request.param == "folder":
        return FolderStore(tmp_path / "store")
    seaweed: Seaweed = request.getfixturevalue("seaweed")
    return seaweed.opened(seaweed.new_url())


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a ledger without any row, once on each engine."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        return server.empty_ledger()
    return f"sqlite:///{tmp_path / 'ledger.db'}"


#: Files that take long: begun first, so that no worker sits idle while the other ends one of them.
LONG = (
    "tests/simulation/test_histories.py",
    "tests/story/",
    "tests/papers/test_comparison.py",
    "tests/web/",
    "tests/papers/",
    "tests/app/",
    "tests/steps/",
    "tests/answers/",
    "tests/flow/",
    "tests/rendition/",
    "tests/blank_forms/",
    "tests/reading/",
    "tests/layout/",
    "tests/filling/",
)


#: Of a sweep, each so-many-th case is tried in every run.
SHARE = 10


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what lives to the end: modules, eleven thousand tests."""
    # it went through all of them again and again, an eighth of the processor's time
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Call the other cases of a sweep slow; put the long files first (the tests of a file stay together)."""
    sweeps: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("sweep"):
            sweeps[item.nodeid.split("[")[0]].append(item)
    for cases in sweeps.values():
        # by the case's name, so that tests about the same paper choose the same one and print it once
        chosen = [case for case in cases if crc32(case.name.partition("[")[2].encode()) % SHARE == 0] or cases[:1]
        for case in set(cases) - set(chosen):
            case.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: next((at for at, long in enumerate(LONG) if item.nodeid.startswith(long)), len(LONG)))
