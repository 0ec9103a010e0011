"""What programs may do by the role of their account: gone over whole, by real requests, as for pages."""

import re
from typing import Final

import httpx2
import pytest

from pipeline.model import PersonRole
from pipeline.web.api.call import ROOT
from pipeline.web.api.operations import OPERATIONS, Operation
from pipeline.web.rights import RIGHTS
from tests.web.api.program import Program, as_described
from tests.web.browser import Rooms
from tests.web.test_rights import OBJECTS

ROLES: Final = (PersonRole.CLERK, PersonRole.LEADER, PersonRole.UNIT, PersonRole.READER)
#: What is said of a document that is not there, or out of reach.
NOT_THERE: Final = "không có hồ sơ #"
ALL: Final = "own, other's, returned, filed"

#: Written down once more: operation, and for each role the documents it may touch; "-" none, "*" it names none.
WANTED: Final = f"""
listDocuments      clerk * | leader * | unit * | reader *
getDocument        clerk {ALL} | leader {ALL} | unit own | reader filed
getFindings        clerk {ALL} | leader {ALL} | unit own | reader filed
getEvents          clerk {ALL} | leader {ALL} | unit own | reader filed
getFile            clerk {ALL} | leader {ALL} | unit own | reader filed
previewNumber      clerk {ALL} | leader - | unit - | reader -
giveNumber         clerk {ALL} | leader - | unit - | reader -
voidNumber         clerk {ALL} | leader - | unit - | reader -
enterColumns       clerk {ALL} | leader - | unit - | reader -
confirmPaper       clerk {ALL} | leader - | unit - | reader -
matchPaper         clerk {ALL} | leader - | unit - | reader -
refusePaper        clerk {ALL} | leader - | unit - | reader -
enterPaper         clerk {ALL} | leader - | unit - | reader -
acceptWarnings     clerk {ALL} | leader - | unit - | reader -
reprocessDocument  clerk {ALL} | leader - | unit - | reader -
cancelDocument     clerk {ALL} | leader - | unit - | reader -
listFolders        clerk * | leader - | unit * | reader -
dropFiles          clerk * | leader - | unit * | reader -
getDrop            clerk * | leader * | unit * | reader *
listNumbers        clerk * | leader * | unit - | reader *
"""


def wanted() -> dict[str, dict[str, set[str]]]:
    table: dict[str, dict[str, set[str]]] = {}
    for line in WANTED.strip().splitlines():
        name, rest = line.split(maxsplit=1)
        cells = (cell.strip().split(maxsplit=1) for cell in rest.split("|"))
        table[name] = {role: set(re.split(", ?", objects)) for role, objects in cells}
    return table


def test_every_operation_has_a_row_and_a_right_that_is_written_down() -> None:
    names = [row.name for row in OPERATIONS]
    assert sorted(names) == sorted(set(names)) == sorted(wanted())
    assert {row.right for row in OPERATIONS} <= set(RIGHTS)


@pytest.fixture(scope="module")
def programs(busy: Rooms) -> dict[PersonRole | None, Program]:
    """Of each role one program, and one of nobody."""
    return {role: Program(busy, role) for role in (*ROLES, None)}


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.name)
def test_every_role_reaches_by_every_operation_what_it_is_to_reach(
    programs: dict[PersonRole | None, Program], row: Operation
) -> None:
    for role in ROLES:
        may = wanted()[row.name][role.value]
        objects = OBJECTS if "{id}" in row.path else {"*": 0}
        for name, job in objects.items():
            answer = asked(programs[role], row, job)
            code = answer.json().get("code", "") if answer.headers["content-type"].endswith("json") else ""
            told = (row.name, role.value, name, answer.status_code, code)
            if may == {"-"}:
                assert (answer.status_code, code) == (403, "role.refused"), told
            elif name in may:
                # allowed: what lacks then (a file, a reason that fits) is told otherwise
                assert answer.status_code in {200, 201, 404, 409, 422}, told
                assert NOT_THERE not in answer.text, told
            else:
                assert (answer.status_code, code) == (404, "not-found"), told
                assert name == "unknown" or NOT_THERE in answer.text, told


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.name)
def test_without_a_token_no_operation_is_open(programs: dict[PersonRole | None, Program], row: Operation) -> None:
    answer = asked(programs[None], row, OBJECTS["own"])
    assert (answer.status_code, answer.json()["code"]) == (401, "token.missing")
    assert "EVNHCMC" not in answer.text


def asked(program: Program, row: Operation, job: int) -> httpx2.Response:
    path = row.path.replace("{id}", str(job)).replace("{sha256}", "0" * 64).replace("{book}", "incoming")
    if not row.is_write:
        return as_described("GET", path, program.get(ROOT + path))
    # never as the document is now: nothing is to happen in an office that others look at
    body = None if row.takes is None else {"sequence": 999, "why": "thử", "document": 1, "rule": "X"}
    return program.do(path, body)


def test_a_unit_is_told_nothing_of_another_one(programs: dict[PersonRole | None, Program]) -> None:
    program = programs[PersonRole.UNIT]
    for path in ("/documents", "/documents/1", "/documents/1/events", "/documents/1/findings", "/folders"):
        text = program.get(ROOT + path).text
        assert "EVNHCMC" in text or path.endswith(("events", "findings"))
        assert not re.search("CATP|SATRA|Công an|dk-catp", text), path
