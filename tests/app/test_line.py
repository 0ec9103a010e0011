"""The line: work in turns on some lanes, what takes long apart, and an end in time."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from pipeline.app import line as lines
from pipeline.app.line import Line, Task, apart_of
from pipeline.tools import patience
from pipeline.tools.patience import OutOfPatience

HASTE = 0.2


class Driven:
    """A line of one lane, driven until something is so."""

    def __init__(self) -> None:
        self.wake = threading.Event()
        self.line = Line(1, self.wake.set, haste_seconds=HASTE)

    def until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + 20
        while not true():
            assert time.monotonic() < end
            self.line.move()
            self.wake.wait(0.05)
            self.wake.clear()


@pytest.fixture
def driven() -> Iterator[Driven]:
    made = Driven()
    yield made
    made.line.end()


def sleeping(seconds: float) -> None:
    """Wait for an outside program, as tools do."""
    with subprocess.Popen(["/bin/sleep", str(seconds)]) as process:
        try:
            patience.waited(process, 60)
        finally:
            process.kill()


def test_what_takes_long_goes_on_apart_and_what_came_later_is_done_before_it(driven: Driven) -> None:
    done: list[str] = []

    def heavy() -> None:
        sleeping(HASTE * 4)
        done.append("heavy")

    driven.line.add(Task("heavy", heavy))
    driven.line.add(Task("form", lambda: done.append("form"), cost=1))
    driven.until(lambda: driven.line.is_empty)
    assert done == ["form", "heavy"]
    assert driven.line.ended() == ["form", "heavy"]


def test_what_took_long_once_is_not_tried_in_haste_again(driven: Driven) -> None:
    tried: list[float] = []

    def heavy() -> None:
        begun = time.monotonic()
        try:
            sleeping(HASTE * 2)
        finally:
            tried.append(time.monotonic() - begun)

    for _ in range(2):
        driven.line.add(Task("heavy", heavy))
        driven.until(lambda: driven.line.is_empty)
    assert [seconds >= HASTE * 2 for seconds in tried] == [False, True, True]


def test_what_is_known_to_take_long_is_not_begun_on_the_line(driven: Driven) -> None:
    begun: list[str] = []

    def old_format() -> None:
        patience.refuse_long()
        begun.append("old")

    driven.line.add(Task("old", old_format))
    driven.until(lambda: driven.line.is_empty)
    assert begun == ["old"]


def test_one_heavy_after_the_other_is_done_apart_so_that_memory_is_bounded(driven: Driven) -> None:
    at_once: list[int] = []
    running = 0
    lock = threading.Lock()

    def heavy() -> None:
        nonlocal running
        patience.refuse_long()
        with lock:
            running += 1
            at_once.append(running)
        time.sleep(0.01)
        with lock:
            running -= 1

    for number in range(5):
        driven.line.add(Task(number, heavy))
    driven.until(lambda: driven.line.is_empty)
    assert at_once == [1] * 5
    assert [apart_of(lanes) for lanes in (1, 2, 4, 8)] == [1, 1, 2, 4]


def test_the_start_of_a_tool_is_not_counted_as_the_works_own_time(driven: Driven) -> None:
    tried: list[str] = []

    def first() -> None:
        tried.append("first")
        with patience.not_counted():
            sleeping(HASTE * 2)
        sleeping(0.01)

    driven.line.add(Task("first", first))
    driven.until(lambda: driven.line.is_empty)
    assert tried == ["first"]


def test_trouble_is_raised_and_the_rest_stays_in_the_line(driven: Driven) -> None:
    def full() -> None:
        raise OSError("disk full")

    done: list[str] = []
    driven.line.add(Task("full", full))
    driven.line.add(Task("form", lambda: done.append("form"), cost=1))
    with pytest.raises(OSError, match="disk full"):
        driven.until(lambda: driven.line.is_empty)
    assert (driven.line.ended(), driven.line.holds("form"), done) == ([], True, [])
    driven.until(lambda: driven.line.is_empty)
    assert done == ["form"]


def test_of_one_name_there_is_one_in_the_line_also_while_it_is_under_way(driven: Driven) -> None:
    goes_on, done = threading.Event(), []

    def wait() -> None:
        goes_on.wait(20)
        done.append("form")

    driven.line.add(Task("form", wait, "KNH", 3))
    driven.line.add(Task("form", wait, "BTLTP", 4))
    driven.line.move()
    assert driven.line.holds("form")
    driven.line.add(Task("form", wait))
    assert (len(driven.line), driven.line.is_idle) == (1, False)
    goes_on.set()
    driven.until(lambda: driven.line.is_empty)
    assert done == ["form"]


def test_the_end_waits_for_what_is_in_hand_and_gives_up_what_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "END_SECONDS", 0.3)
    line, done, given_up = Line(1, lambda: None, haste_seconds=60), [], []

    def short() -> None:
        sleeping(0.1)
        done.append("in hand")

    def endless() -> None:
        try:
            sleeping(600)
        except OutOfPatience:
            given_up.append("endless")
            raise

    line.add(Task("short", short))
    line.add(Task("endless", endless), apart=True)
    line.add(Task("never begun", lambda: done.append("never begun"), cost=1))
    line.move()
    begun = time.monotonic()
    line.end()
    assert time.monotonic() - begun < 5
    assert (done, given_up, line.is_empty) == (["in hand"], ["endless"], True)
