"""The guarded child processes: what they carry, what they stop, and that the next call is none the worse."""

import datetime as dt
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.model import Address, Place, Reading
from pipeline.tools.guard import Guard, GuardFault, GuardRefused, Limits, Reason, _Child, encoded
from tests.tools.misbehaving import Parcel

HERE = "tests.tools.misbehaving"
GOOD = [
    f"{HERE}:turn_around",
    f"{HERE}:read_nothing",
    f"{HERE}:whoami",
    f"{HERE}:chatter",
    f"{HERE}:lie",
    f"{HERE}:seconds_left",
    f"{HERE}:leave_a_cycle",
]
BAD = [f"{HERE}:{name}" for name in ("eat_memory", "spin", "sleep", "dig", "die", "be_killed", "leave", "blunder")]
TRIED = [f"{HERE}:write_file", f"{HERE}:call_out"]
# on a busy machine a second of processor time may take a minute by the clock
PATIENT = Limits(memory_bytes=512 << 20, cpu_s=1, wall_s=120.0)
HASTY = Limits(wall_s=3.0)


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard([*GOOD, *BAD, *TRIED], limits=PATIENT) as guard:
        yield guard


def test_values_come_back_as_their_types(guard: Guard) -> None:
    parcel = Parcel("Cụm", dt.date(2022, 5, 25), (1, 2), {"/a": Place(sheet="S", row=2)})

    turned = guard.call(f"{HERE}:turn_around", parcel, returns=Parcel)

    assert turned == Parcel("mụC", dt.date(2022, 5, 25), (2, 1), {"/a": Place(sheet="S", row=2)})


def test_a_packed_argument_is_the_same_as_the_argument(guard: Guard) -> None:
    parcel = Parcel("x" * 5000, dt.date(2022, 1, 1))
    ready = encoded(parcel)

    answers = [guard.call(f"{HERE}:turn_around", ready, returns=Parcel) for _ in range(3)]
    other = guard.call(f"{HERE}:turn_around", Parcel("y" * 5000, dt.date(2022, 1, 1)), returns=Parcel)

    assert answers == [parcel] * 3
    assert other.name == "y" * 5000


def test_a_large_argument_that_comes_again_is_not_sent_again(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    send = _Child._send

    def counted(child: _Child, content: bytes, end: float) -> None:
        sent.append(len(content))
        send(child, content, end)

    monkeypatch.setattr(_Child, "_send", counted)
    one, other = (Parcel(letter * 50_000, dt.date(2022, 1, 1)) for letter in "ab")
    asked = (one, one, other, other, one, one)
    assert [guard.call(f"{HERE}:turn_around", parcel, returns=Parcel) for parcel in asked] == list(asked)
    assert [length > 50_000 for length in sent] == [True, False] * 3
    # a child that is started anew knows none of them
    with pytest.raises(GuardRefused):
        guard.call(f"{HERE}:die", returns=int)
    assert guard.call(f"{HERE}:turn_around", one, returns=Parcel) == one


def test_json_values_keep_their_kinds(guard: Guard) -> None:
    reading = guard.call(f"{HERE}:read_nothing", returns=Reading)

    assert reading.values == {"a": [1, 2.5, {"b": None, "c": True}], "d": "đ"}
    assert isinstance(reading.values["a"], list)
    assert reading.values["a"][0] is not True
    assert reading.places == {Address.of("/a"): Place(cell="B3")}


def test_a_child_stays_warm_between_calls(guard: Guard) -> None:
    first = guard.call(f"{HERE}:whoami", returns=int)

    assert guard.call(f"{HERE}:whoami", returns=int) == first != os.getpid()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("eat_memory", Reason.MEMORY),
        ("spin", Reason.CPU),
        ("dig", Reason.DEPTH),
        ("be_killed", Reason.MEMORY),
        ("die", Reason.DIED),
        ("leave", Reason.DIED),
    ],
)
def test_a_broken_limit_is_a_reason_and_the_next_call_works(guard: Guard, name: str, reason: Reason) -> None:
    with pytest.raises(GuardRefused) as refused:
        guard.call(f"{HERE}:{name}", returns=int)

    assert refused.value.reason is reason
    assert guard.call(f"{HERE}:chatter", returns=str) == "said"


def test_what_a_call_left_in_memory_does_not_keep_the_next_one_from_its_own(guard: Guard) -> None:
    pids = set()
    for _ in range(4):
        assert guard.call(f"{HERE}:leave_a_cycle", returns=int) == 2
        pids.add(guard.call(f"{HERE}:whoami", returns=int))
    assert len(pids) == 1


def test_a_call_for_a_large_file_may_take_longer_and_knows_it(guard: Guard) -> None:
    least = PATIENT.cpu_s
    assert least <= guard.call(f"{HERE}:seconds_left", returns=float) <= least + 1
    assert 9 * least <= guard.call(f"{HERE}:seconds_left", returns=float, times=9) <= 9 * least + 1
    assert least <= guard.call(f"{HERE}:seconds_left", returns=float) <= least + 1


@pytest.mark.slow
def test_a_call_that_sleeps_is_ended_by_the_clock_and_the_next_call_works() -> None:
    began = time.monotonic()
    with Guard([f"{HERE}:sleep", f"{HERE}:chatter"], limits=HASTY) as guard:
        with pytest.raises(GuardRefused) as refused:
            guard.call(f"{HERE}:sleep", returns=int)

        assert refused.value.reason is Reason.CLOCK
        assert HASTY.wall_s <= time.monotonic() - began < 300, "it would sleep for ten minutes"
        assert guard.call(f"{HERE}:chatter", returns=str) == "said"


def test_our_own_bug_is_not_the_files_fault(guard: Guard) -> None:
    with pytest.raises(GuardFault, match="a bug of ours"):
        guard.call(f"{HERE}:blunder", returns=int)


def test_an_answer_of_another_type_is_our_fault(guard: Guard) -> None:
    with pytest.raises(GuardFault):
        guard.call(f"{HERE}:lie", returns=int)


def test_only_named_functions_may_be_called(guard: Guard) -> None:
    with pytest.raises(GuardFault, match="not among"):
        guard.call("os:system", "true", returns=int)


def test_a_function_that_cannot_be_imported_is_told_at_start() -> None:
    with Guard([f"{HERE}:nowhere"]) as broken, pytest.raises(GuardFault, match="nowhere"):
        broken.warm()


def test_nothing_can_be_written(guard: Guard, tmp_path: Path) -> None:
    target = tmp_path / "out.txt"

    assert guard.call(f"{HERE}:write_file", str(target), returns=str) != "written"
    assert not target.exists() or target.read_text() == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="without root only where user namespaces are allowed")
def test_the_network_is_cut(guard: Guard) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert guard.call(f"{HERE}:call_out", server.getsockname()[1], returns=str) != "connected"


@pytest.mark.slow
def test_a_killed_childs_own_children_die_with_it(tmp_path: Path) -> None:
    function, pid_file = f"{HERE}:start_a_child_and_sleep", tmp_path / "pid"
    with Guard([function], limits=Limits(wall_s=3.0, written_bytes=1 << 16)) as guard, pytest.raises(GuardRefused):
        guard.call(function, str(pid_file), returns=int)

    grandchild = int(pid_file.read_text())
    time.sleep(0.1)
    status = Path(f"/proc/{grandchild}/status")
    assert not status.exists() or "Z" in status.read_text().split("State:")[1].split("\n")[0]


def test_several_threads_share_a_guard() -> None:
    answers: list[str] = []
    with Guard([f"{HERE}:turn_around"], children=2) as guard:

        def work(number: int) -> None:
            for at in range(20):
                parcel = Parcel(f"{number}-{at}" * 300, dt.date(2022, 1, 1))
                if guard.call(f"{HERE}:turn_around", parcel, returns=Parcel).name == parcel.name[::-1]:
                    answers.append(parcel.name)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(answers) == 80


def test_children_end_when_the_guard_is_closed() -> None:
    guard = Guard([f"{HERE}:whoami"])
    pid = guard.call(f"{HERE}:whoami", returns=int)
    guard.close()

    assert not Path(f"/proc/{pid}").exists()
