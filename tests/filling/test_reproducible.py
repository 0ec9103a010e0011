"""The same template and values give the same bytes: again, in another process, in many threads."""

import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipeline.filling import compile_template, fill
from tests.filling.making import paragraphs, table, text

CONTENT = table(
    ["h", "i"], ["{%tr for r in rows %}"], ["{{ loop.index }}", "{{ r.x }} {{ r | dictsort }}"], ["{%tr endfor %}"]
)
VALUES = {"rows": [{"x": f"Đơn vị {n}\nsố {n}", "b": n, "a": [n]} for n in range(5)]}
SLOW = paragraphs("{{ a }}{% block x %}{{ a }}{% endblock %}")
PROGRAM = """
import hashlib, sys
from pathlib import Path
from pipeline.filling import compile_template, fill
content = Path(sys.argv[1]).read_bytes()
values = {"a": "x & y", "rows": [{"x": f"Đơn vị {n}\\nsố {n}", "b": n, "a": [n]} for n in range(5)]}
print(hashlib.sha256(fill(compile_template(content), values)).hexdigest())
"""


def test_the_same_again_is_the_same_bytes() -> None:
    compiled = compile_template(CONTENT)
    assert fill(compiled, VALUES) == fill(compiled, VALUES)


@pytest.mark.parametrize("content", [CONTENT, SLOW], ids=["fast", "slow"])
def test_other_processes_make_the_same_bytes(content: bytes, tmp_path: Path) -> None:
    """Whatever the seed of hashes, time zone and language."""
    (tmp_path / "template.docx").write_bytes(content)
    seen = set()
    for seed, zone, language in (("0", "UTC", "C"), ("1", "Asia/Ho_Chi_Minh", "C.UTF-8")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
        command = [sys.executable, "-c", PROGRAM, str(tmp_path / "template.docx")]
        seen.add(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    here = fill(compile_template(content), {**VALUES, "a": "x & y"})
    assert seen == {hashlib.sha256(here).hexdigest() + "\n"}


def test_every_machine_makes_these_very_bytes() -> None:
    """Known by their hash: libdeflate packs alike on every processor, and its version is pinned for that reason.

    If this fails after a dependency was raised, documents made before it can no longer be made again byte by byte:
    that is a change to be announced, not a number to be corrected.
    """
    made = fill(compile_template(CONTENT), VALUES)
    assert hashlib.sha256(made).hexdigest() == "0c6cba9b73d296a006aed63d71208bd3cfab47245f503c6b1f1363ccfdd178aa"


@pytest.mark.slow
def test_eight_threads_fill_without_mixing() -> None:
    compiled = compile_template(paragraphs("{% for x in xs %}{{ x }}{% set y = x %}{{ y }},{% endfor %}{{ who }}"))
    wrong: list[str] = []

    def work(number: int) -> None:
        for turn in range(1000):
            made = fill(compiled, {"xs": [f"{number}-{turn}"] * 3, "who": f"thread {number}"})
            if turn % 50 == 0:
                said = text(made)
                if said != f"{number}-{turn}{number}-{turn}," * 3 + f"thread {number}":
                    wrong.append(said)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_values_are_left_as_they_were() -> None:
    values = {"rows": [{"x": "e\u0302", "b": 1}]}
    fill(compile_template(CONTENT), values)
    assert values == {"rows": [{"x": "e\u0302", "b": 1}]}
