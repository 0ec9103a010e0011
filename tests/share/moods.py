"""How a bad share behaves, told to its process in a file."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Moods:
    """How the share behaves now."""

    seed: int = 0
    is_away: bool = False  #: every call fails as with a server that is gone
    trouble: float = 0.0  #: of so many calls one in trouble fails
    short: float = 0.0  #: of so many reads less comes than was asked for
    late_seconds: float = 0.0  #: what others did is seen so late: names and sizes
    clock_seconds: float = 0.0  #: times are told in steps of so many seconds
    is_locked: bool = False  #: nothing can be renamed or removed

    def write(self, path: Path) -> None:
        """Let the share behave so from now on."""
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(asdict(self)))
        beside.replace(path)
