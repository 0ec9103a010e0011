"""veraPDF: the judge of PDF/A that archives use (a program in Java, installed by the office; none is needed).

Started without network in a folder of its own, ended as a group. Its exit status is not believed: what it says is
read, and what is not understood counts as not asked.
"""

import re
import resource
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.tools.processes import killed, started

_SECONDS: Final = 120
_VERDICT: Final = re.compile(r"^(PASS|FAIL)\b.*$", re.MULTILINE)


@dataclass(frozen=True)
class Verdict:
    """What veraPDF says of a file: that it conforms, or by which rules it does not, a line each."""

    conforms: bool
    rules: tuple[str, ...] = ()


def asked(content: bytes, flavour: str, program: str = "verapdf") -> Verdict | None:
    """Ask veraPDF whether a PDF conforms ("2b"); None where it is not installed, or says nothing understood."""
    found = shutil.which(program)
    if found is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "asked.pdf"
        path.write_bytes(content)
        said = _said([found, "--flavour", flavour, "--format", "text", "-v", str(path)], Path(folder))
    verdict = _VERDICT.search(said)
    if verdict is None:
        return None
    if verdict[1] == "PASS":
        return Verdict(conforms=True)
    rules = tuple(line.strip() for line in said[verdict.end() :].splitlines() if line.strip())
    return Verdict(conforms=False, rules=rules or ("FAIL",))


def _said(command: list[str], home: Path) -> str:
    # Java maps far more than it uses: its memory is not bounded by address space, its time is
    try:
        process = started(command, home, is_piped=True, limits={resource.RLIMIT_CPU: _SECONDS})
    except OSError:
        return ""
    try:
        return process.communicate(timeout=_SECONDS)[0].decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        return ""
    finally:
        killed(process)
