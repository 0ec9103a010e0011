"""The model of many workers (`benchmarks/queueing.py`) says what the theory of queues says where there is one."""

import math
import statistics

import pytest

from benchmarks.queueing import Measured, Place, erlang_c, lanes_for, mean_wait, simulated


@pytest.mark.parametrize(("servers", "rate"), [(1, 0.7), (4, 3.0)])
def test_what_is_simulated_waits_as_long_as_erlang_says(servers: int, rate: float) -> None:
    took = simulated([Place("lanes", servers, [1.0])], rate, 40_000, seed=3, exponential=True)
    assert statistics.fmean(took) - 1.0 == pytest.approx(mean_wait(servers, rate, 1.0), rel=0.15)


def test_one_server_is_waited_for_by_the_share_of_time_it_is_busy() -> None:
    assert erlang_c(1, 0.6) == pytest.approx(0.6)
    # Gross and Harris, M/M/2 at load 1: one in three waits
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert math.isinf(mean_wait(2, 2.0, 1.0))


def test_what_is_one_for_all_is_full_however_many_lanes_there_are() -> None:
    measured = Measured(watcher=[0.02], lane=[0.3], writing=[0.05], laying_out=[0.01])
    few, many = measured.places(1), measured.places(1000)
    most = [min(place.most_a_second() for place in places) for places in (few, many)]
    assert most == pytest.approx([1 / 0.3, 1 / 0.05])
    assert lanes_for(6.9, 0.3) == 3
