"""A model of many workers: papers come at random, and pass the places where they wait for each other.

    python -m benchmarks.queueing --measured measured.json

Measured (`benchmarks.workers`, on the machine at hand): how long a paper is with the watcher, on a lane, with the
log's row, which one writer holds at a time, and where one lays files out at a time. Computed: from these, for any
number of papers a day, how many lanes are needed, how long a paper takes, and which place is full first. Each place
is a queue served in order by as many as it has; times are drawn from those that were measured, arrivals are a Poisson
stream at the rate of the busiest hour. The model knows no network and no share: what these cost comes on top.
"""

import argparse
import heapq
import json
import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: A day's papers come in eight hours, and in the busiest of them twice as many as on the average of these.
BUSIEST_HOUR_SHARE: Final = 2 / 8
#: A place that is busy for more of its time than this has no room for a bad day.
MOST_BUSY: Final = 0.7


@dataclass(frozen=True)
class Place:
    """Somewhere papers wait: so many are served at once, each for one of the times (seconds) that were measured."""

    name: str
    servers: int
    seconds: Sequence[float]

    @property
    def mean(self) -> float:
        """The mean time of service, seconds."""
        return statistics.fmean(self.seconds)

    def most_a_second(self) -> float:
        """How many papers it can serve a second, and no more."""
        return self.servers / self.mean

    def busy(self, rate: float) -> float:
        """Which share of its time it is busy at so many papers a second."""
        return rate / self.most_a_second()


def erlang_c(servers: int, load: float) -> float:
    """Give the share of arrivals that wait, with `load` the mean number of servers busy (M/M/c; Erlang 1917)."""
    if load >= servers:
        return 1.0
    term, below = 1.0, 1.0
    for number in range(1, servers):
        term *= load / number
        below += term
    last = term * load / servers * servers / (servers - load)
    return last / (below + last)


def mean_wait(servers: int, rate: float, mean: float) -> float:
    """Give the mean wait in seconds of M/M/c; infinite where more come than can be served."""
    load = rate * mean
    return math.inf if load >= servers else erlang_c(servers, load) * mean / (servers - load)


def simulated(
    places: Sequence[Place], rate: float, papers: int, seed: int, *, exponential: bool = False
) -> list[float]:
    """Let so many papers pass the places one after the other; gives how long each took, in order of arrival.

    With `exponential` times of service are drawn around their mean, so that `mean_wait` is what must come out.
    """
    random_ = random.Random(seed)  # noqa: S311 - a simulation
    now, arrivals = 0.0, []
    for _ in range(papers):
        now += random_.expovariate(rate)
        arrivals.append(now)
    at = list(arrivals)
    for place in places:
        free = [0.0] * place.servers
        # in the order in which they reach this place
        for index in sorted(range(papers), key=at.__getitem__):
            takes = random_.expovariate(1 / place.mean) if exponential else random_.choice(place.seconds)
            begins = max(at[index], heapq.heappop(free))
            at[index] = begins + takes
            heapq.heappush(free, at[index])
    return [end - begin for begin, end in zip(arrivals, at, strict=True)]


def lanes_for(rate: float, mean: float) -> int:
    """Give the lanes of which each is busy for no more than `MOST_BUSY`."""
    return max(1, math.ceil(rate * mean / MOST_BUSY))


@dataclass(frozen=True)
class Measured:
    """Seconds of each paper: with the watcher, on a lane (alone), holding the log's row, laying out."""

    watcher: Sequence[float]
    lane: Sequence[float]
    writing: Sequence[float]
    laying_out: Sequence[float]

    def places(self, lanes: int) -> list[Place]:
        """The places of the model, with so many lanes."""
        return [
            Place("watcher", 1, self.watcher),
            Place("lanes", lanes, self.lane),
            Place("log's row", 1, self.writing),
            Place("laying out", 1, self.laying_out),
        ]


def rate_of(papers_a_day: float) -> float:
    """Papers a second in the busiest hour."""
    return papers_a_day * BUSIEST_HOUR_SHARE / 3600


def table(measured: Measured, days: Sequence[int], papers: int = 40_000) -> str:
    """The table: for each number of papers a day what is needed and what comes of it."""
    lines = [
        "| papers a day | a second, busiest hour | lanes | watcher, log's row, laying out: busy | half | 99 % |",
        "|---|---|---|---|---|---|",
    ]
    for day in days:
        rate = rate_of(day)
        places = measured.places(lanes_for(rate, statistics.fmean(measured.lane)))
        shares = [place.busy(rate) for place in places if place.name != "lanes"]
        if max(shares) >= 1:
            took = ["never done", "–"]
        else:
            times = sorted(simulated(places, rate, papers, seed=1))
            took = [f"{times[len(times) // 2]:.2f} s", f"{times[len(times) * 99 // 100]:.2f} s"]
        busy = ", ".join(f"{share:.0%}" for share in shares)
        lines.append(f"| {day:,} | {rate:.2f} | {places[1].servers} | {busy} | {took[0]} | {took[1]} |")
    return "\n".join(lines)


def limits(measured: Measured) -> str:
    """What is full first: of each place that is one for all, how many papers it can serve."""
    lines = ["| place, one for all | a paper takes | most papers a day |", "|---|---|---|"]
    serial = [place for place in measured.places(1) if place.name != "lanes"]
    for place in sorted(serial, key=Place.most_a_second):
        most = place.most_a_second() * 3600 / BUSIEST_HOUR_SHARE
        lines.append(f"| {place.name} | {place.mean * 1000:.1f} ms | {most:,.0f} |")
    return "\n".join(lines)


DAYS: Final = (1_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)


def main() -> None:
    """Print the tables of what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measured", type=Path, required=True)
    measured = Measured(**json.loads(parser.parse_args().measured.read_text("utf-8")))
    print(limits(measured))
    print()
    print(table(measured, DAYS))


if __name__ == "__main__":
    main()
