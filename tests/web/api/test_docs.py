"""docs/api.md is true: its commands are run against a real server, and answer what is shown; its client works."""

import itertools
import json
import os
import re
import subprocess
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.app import people, tokens
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import PersonRole
from tests.folders import ROOT, opened, registration, working_folder
from tests.web.test_serving import served

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
MODULES = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = re.compile(r"^```(sh|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def module(number: int) -> Any:
    """One of the modules of the page: 0 looks at messages, 1 is the client."""
    made: Any = types.ModuleType(f"shown_{number}")
    sys.modules[made.__name__] = made
    exec(compile(MODULES[number], "docs/api.md", "exec"), made.__dict__)  # noqa: S102 - that is what is tried
    return made


def is_as_shown(shown: Any, got: Any) -> bool:
    """Whether an answer holds what the page shows of it; “…” is anything."""
    if isinstance(shown, dict):
        return isinstance(got, dict) and all(
            name in got and is_as_shown(one, got[name]) for name, one in shown.items()
        )
    if isinstance(shown, list):
        return len(shown) == len(got) and all(map(is_as_shown, shown, got))
    if isinstance(shown, str) and "…" in shown:
        return re.fullmatch(re.escape(shown).replace("…", ".*"), str(got)) is not None
    return bool(shown == got)


@dataclass(frozen=True)
class Served:
    """An office that a real server serves, and the token of its clerk."""

    folder: Path
    address: str
    secret: str

    def work_off(self) -> None:
        """Work off what lies in the inbox, beside the server."""
        with opened(self.folder) as workspace:
            serve_once(Worker(workspace, 1), Rhythm(1, 0))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = working_folder(tmp_path_factory.mktemp("served") / "office")
    with opened(folder) as workspace:
        people.add(workspace, "lan", "", PersonRole.CLERK, "", "mat-khau-dai-1")
        secret = tokens.add(workspace, "lan", "", None).secret
    with served(folder) as (_, address):
        yield Served(folder, address, secret)


@pytest.mark.slow
def test_the_commands_shown_answer_what_is_shown(server: Served, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(server.secret)
    (tmp_path / "dang-ky.yaml").write_text(registration("CATP"), encoding="utf-8")
    (tmp_path / "rong.docx").touch()
    tried = 0
    examples = EXAMPLES.findall(PAGE.partition("<!-- examples")[2].partition("## Being told")[0])
    head = examples[0][1]
    for (sort, said), (after, shown) in itertools.pairwise([*examples[1:], ("", "")]):
        if sort != "sh":
            continue
        # what a block sets is gone with its shell: nobody cancels by an old figure, so any will do
        script = f"set -eu\nSEQUENCE=0\n{head}{said}".replace("http://127.0.0.1:8022", server.address)
        done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        if after == "json":
            assert is_as_shown(json.loads(shown), json.loads(done.stdout)), (said, done.stdout)
            tried += 1
        if "-F file=" in said:
            server.work_off()
    assert tried == 7
    assert (tmp_path / "dang-ky.docx").read_bytes().startswith(b"PK")


@pytest.mark.slow
def test_the_client_drops_lists_takes_a_number_and_tells_refusals(server: Served) -> None:
    client = module(1)
    office = client.Office(server.address, server.secret)
    content = registration("SATRA").encode()
    first, again = (office.drop("SATRA", "đk.yaml", content, "khoa-so-0001") for _ in range(2))
    assert first == again
    server.work_off()
    (document,) = office.documents(unit="SATRA", limit=1)
    given = office.number(document["id"])
    assert given.endswith("-ĐẾN")
    assert office.number(document["id"]) == given
    with pytest.raises(client.Refused) as refused:
        client.Office(server.address, "vanthu_x").ask("/api/v1/documents")
    assert (refused.value.code, "Mã truy cập" in str(refused.value)) == ("token.unknown", True)


@pytest.mark.slow
def test_what_is_shown_is_typed(tmp_path: Path) -> None:
    names = [f"shown_{number}.py" for number in range(len(MODULES))]
    for name, code in zip(names, MODULES, strict=True):
        (tmp_path / name).write_text(code, encoding="utf-8")
    words = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, *names]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
