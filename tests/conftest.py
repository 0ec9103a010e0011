"""What holds for every test."""

import os

import pytest
from hypothesis import settings

# how long an example takes says more about the machine's load than about the program
settings.register_profile("local", deadline=None)
# where a change is judged, the same examples every time: new ones are hunted for while one works on it
settings.register_profile("judged", deadline=None, derandomize=True)
settings.load_profile("judged" if os.environ.get("CI") else "local")


@pytest.fixture(autouse=True)
def _nothing_of_ours_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own VANTHU_* variables change no test; those that ask for more tests stay."""
    for name in list(os.environ):
        if name.startswith("VANTHU_") and not name.startswith("VANTHU_TEST_"):
            monkeypatch.delenv(name)


#: Files that take long: begun first, so that no worker sits idle while the other ends one of them.
LONG = (
    "tests/story/",
    "tests/app/test_attempts.py",
    "tests/answers/",
    "tests/flow/",
    "tests/rendition/",
    "tests/blank_forms/",
    "tests/reading/",
    "tests/layout/",
    "tests/filling/",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; the tests of a file stay together (they share what its fixtures made)."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
