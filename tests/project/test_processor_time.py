"""The bench counts the processor time of processes that live on, and counts none twice."""

import subprocess
import sys

from benchmarks.processor import processor_seconds

SPIN = """
import sys, time
while time.process_time() < 0.6:
    pass
print("done", flush=True)
sys.stdin.read()
"""
#: A child that starts the one that works: the guarded child that drives LibreOffice.
BELOW = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SPIN!r}], check=True)"


def spent(code: str) -> tuple[float, float]:
    """Processor seconds that a child has cost while it lives, and once it has ended."""
    before = processor_seconds()
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"done\n"
        living = processor_seconds() - before
    return living, processor_seconds() - before


def test_a_child_counts_while_it_lives_and_once_when_it_has_ended() -> None:
    living, ended = spent(SPIN)

    assert living >= 0.55
    assert abs(ended - living) < 0.4, "counted twice it would be 0.6 more"


def test_a_child_of_a_child_counts_too() -> None:
    living, ended = spent(BELOW)

    assert living >= 0.55
    assert abs(ended - living) < 0.4, "counted twice it would be 0.6 more"
