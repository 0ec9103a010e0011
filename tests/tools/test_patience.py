"""Waiting for a process in steps, so that whoever waits may be told to give up."""

import subprocess
import sys

import pytest

from pipeline.tools.patience import OutOfPatience, Patience, answered, having

#: Reads all it is given, however much, and says it again; it takes longer than a step of waiting over both.
SLOW = """
import sys, time
time.sleep(0.7)
said = sys.stdin.buffer.read()
time.sleep(0.7)
sys.stdout.buffer.write(said)
"""


def slow() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", SLOW], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_a_process_that_takes_longer_than_one_step_gets_its_input_once_and_its_answer_is_whole() -> None:
    asked = bytes(range(256)) * 4096
    with slow() as process, having(Patience(60)):
        assert answered(process, asked, timeout_s=60) == asked


def test_whoever_waits_gives_up_when_the_patience_is_over() -> None:
    with slow() as process, having(Patience(0.3)), pytest.raises(OutOfPatience):
        answered(process, b"x", timeout_s=60)
