"""A pytest plugin that writes down which lines each test reaches: in its own process, in guarded children, and in the
commands it starts. `python -m pytest -p scripts.mutation.recording --reach FILE`, in a copy made by `trees`.

A child tells its lines through a socket, since a guarded child may neither write a file nor read our environment;
it waits for the answer, so that they are counted for the test that is running. What a fixture of a whole module or
session does is counted for every test that uses it.
"""

import json
import os
import sys
import sysconfig
import threading
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any, Final

import coverage
import pytest

ROOT: Final = Path.cwd()
SOCKET: Final = "reach.sock"
_CHILD: Final = (
    "import sys; sys.path.append(sys.argv[1]); from pipeline.tools import guarded; "
    "from scripts.mutation import reaching; reaching.attach(guarded); guarded.serve(sys.argv[2])"
)


class Recorder:
    """What was reached so far: by test (or wide fixture), by file, the lines."""

    def __init__(self, socket: Path) -> None:
        self.coverage = coverage.Coverage(
            data_file=None, config_file=False, include=[str(ROOT / "pipeline" / "*")], messages=False
        )
        self.of_children: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.running = ""
        self.took: dict[str, float] = {}
        self.failed: set[str] = set()
        self.fixtures: dict[str, list[str]] = {}
        self._listener = Listener(str(socket), "AF_UNIX")
        threading.Thread(target=self._listen, daemon=True).start()
        self.coverage.start()

    def goes_on_with(self, name: str) -> None:
        """Count what follows for `name`."""
        self.running = name
        self.coverage.switch_context(name)

    def _listen(self) -> None:
        while True:
            try:
                child = self._listener.accept()
            except OSError:
                continue
            threading.Thread(target=self._hear, args=(child,), daemon=True).start()

    def _hear(self, child: "Connection[Any, Any]") -> None:
        try:
            while True:
                for path, lines in child.recv().items():
                    self.of_children[self.running][path].update(lines)
                child.send("heard")
        except (EOFError, OSError):
            return

    def reached(self) -> dict[str, dict[str, str]]:
        """Give the lines by test and file, relative to the tree: bit n of a hexadecimal number is line n."""
        self.coverage.stop()
        with warnings.catch_warnings():
            # a folder all of whose tests are slow has no data, and a project may make every warning an error
            warnings.simplefilter("ignore", coverage.exceptions.CoverageWarning)
            data = self.coverage.get_data()
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for path in data.measured_files():
            for line, names in data.contexts_by_lineno(path).items():
                for name in names:
                    found[name][path] |= 1 << line
        for name, files in self.of_children.items():
            for path, lines in files.items():
                found[name][path] |= sum(1 << line for line in lines)
        return {
            name: {os.path.relpath(path, ROOT): f"{lines:x}" for path, lines in files.items()}
            for name, files in found.items()
        }


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--reach", help="the file into which to write what each test reaches")


def pytest_configure(config: pytest.Config) -> None:
    socket = Path(sysconfig.get_path("purelib")) / SOCKET
    socket.unlink(missing_ok=True)
    config.stash[_KEY] = Recorder(socket)
    if (ROOT / "pipeline" / "tools" / "guard.py").exists():
        from pipeline.tools import guard

        guard._CHILD = _CHILD  # type: ignore[misc]


_KEY: Final = pytest.StashKey[Recorder]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    recorder = item.config.stash[_KEY]
    recorder.goes_on_with(item.nodeid)
    began = time.perf_counter()
    recorder.fixtures[item.nodeid] = []
    try:
        return (yield)
    finally:
        recorder.took[item.nodeid] = time.perf_counter() - began
        recorder.goes_on_with("")


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest) -> Iterator[object]:
    recorder = request.config.stash[_KEY]
    if fixturedef.scope == "function":
        return (yield)
    before = recorder.running
    recorder.goes_on_with(f"fixture {fixturedef.baseid} {fixturedef.argname}")
    try:
        return (yield)
    finally:
        recorder.goes_on_with(before)


def pytest_runtest_call(item: pytest.Item) -> None:
    definitions = getattr(item, "_fixtureinfo", None)
    if definitions is not None:
        wide = (one for found in definitions.name2fixturedefs.values() for one in found if one.scope != "function")
        item.config.stash[_KEY].fixtures[item.nodeid] = [f"fixture {one.baseid} {one.argname}" for one in wide]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[pytest.TestReport]:
    report: pytest.TestReport = yield  # type: ignore[misc]
    if report.failed:
        item.config.stash[_KEY].failed.add(item.nodeid)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    recorder = session.config.stash[_KEY]
    written = {
        "reached": recorder.reached(),
        "took": recorder.took,
        "failed": sorted(recorder.failed),
        "fixtures": recorder.fixtures,
        "libraries": _libraries(),
    }
    if target := session.config.getoption("--reach"):
        Path(target).write_text(json.dumps(written), "utf-8")


def _libraries() -> list[str]:
    """List what was imported of other people's."""
    return [
        name
        for name, module in sys.modules.items()
        if "site-packages" in (getattr(module, "__file__", None) or "") and not name.startswith("coverage")
    ]
