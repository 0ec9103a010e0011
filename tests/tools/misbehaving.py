"""Functions for a guarded child to run: one good, the others bad in one way each."""

import datetime as dt
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.model import Address, Place, Reading
from pipeline.tools.guarded import time_for


@dataclass(frozen=True)
class Parcel:
    """Something with a few kinds of values inside."""

    name: str
    on: dt.date
    numbers: tuple[int, ...] = ()
    places: dict[str, Place] = field(default_factory=dict)


def turn_around(parcel: Parcel) -> Parcel:
    return Parcel(parcel.name[::-1], parcel.on, parcel.numbers[::-1], parcel.places)


def read_nothing() -> Reading:
    return Reading(
        "xlsx", values={"a": [1, 2.5, {"b": None, "c": True}], "d": "đ"}, places={Address.of("/a"): Place(cell="B3")}
    )


def whoami() -> int:
    return os.getpid()


def eat_memory() -> int:
    # at once: to fill half a gigabyte bit by bit may take the second of processor time that is another limit
    return len(bytearray(1 << 30))


def leave_a_cycle() -> int:
    left: list[object] = [bytearray(200 << 20)]
    left.append(left)
    return len(left)


def seconds_left() -> float:
    return time_for(1.0) - time.process_time()


def spin() -> int:
    while True:
        pass


def sleep() -> int:
    time.sleep(600)
    return 0


def start_a_child_and_sleep(pid_file: str) -> int:
    pid = os.fork()
    if pid == 0:
        time.sleep(600)
    with open(pid_file, "a") as out:  # noqa: PTH123 - as plain as can be
        out.write(str(pid))
    time.sleep(600)
    return 0


def dig() -> int:
    return dig() + 1


def die() -> int:
    os.kill(os.getpid(), signal.SIGSEGV)
    return 0


def be_killed() -> int:
    """As the system ends the process that uses most of its memory when there is no more."""
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def leave() -> int:
    sys.exit(3)


def blunder() -> int:
    raise KeyError("a bug of ours")


def chatter() -> str:
    print("this goes to stdout")  # noqa: T201 - on purpose
    sys.stdout.flush()
    os.write(1, b"\x00\x00")
    return "said"


def write_file(path: str) -> str:
    try:
        Path(path).write_text("written")
    except OSError as error:
        return type(error).__name__
    return "written"


def call_out(port: int) -> str:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError as error:
        return type(error).__name__
    return "connected"


def lie() -> int:
    return "not a number"  # type: ignore[return-value]
