"""Waiting for what other processes and servers do by themselves."""

import time
from collections.abc import Callable


def eventually(is_so: Callable[[], object], *, within_s: float = 240, why: Callable[[], str] = lambda: "") -> None:
    """Look again and again until it is so; `why` tells more of what did not come about in so many seconds."""
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, why() or "it did not come about"
        time.sleep(0.1)
