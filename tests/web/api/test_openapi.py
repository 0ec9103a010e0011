"""The document that describes the API: whole, of the version it says, and the same as the addresses there are."""

import jsonschema_rs

from pipeline.web.api.call import ROOT
from pipeline.web.api.endpoint import Desk
from pipeline.web.api.openapi import openapi
from pipeline.web.api.problem import CODES
from pipeline.web.office import Office
from tests.web.api.program import Program
from tests.web.browser import Rooms


def test_the_document_is_there_for_everybody_and_says_nothing_of_the_office(busy: Rooms) -> None:
    answer = Program(busy).get(f"{ROOT}/openapi.json")
    assert (answer.status_code, answer.json()) == (200, openapi())
    assert answer.json()["openapi"] == "3.1.0"
    assert "EVNHCMC" not in answer.text


def test_every_address_is_described_and_no_other(busy: Rooms) -> None:
    desk = Desk(Office(busy.workspace, None))  # type: ignore[arg-type]  # asked for its addresses alone
    known = {
        (route.path.removeprefix(ROOT).replace("{id:int}", "{id}"), method.lower())
        for route in desk.routes()
        if route.name != "openapi"
        for method in (route.methods or set()) - {"HEAD"}
    }
    described = {(path, method) for path, operations in openapi()["paths"].items() for method in operations}
    assert known == described


def test_every_shape_is_a_schema_and_every_reference_leads_to_one() -> None:
    schemas = openapi()["components"]["schemas"]
    for name, schema in schemas.items():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
        assert schema.get("description") or name == "Problem", name
    text = str(openapi())
    for part in text.split("#/components/schemas/")[1:]:
        assert part.split("'")[0] in schemas


def test_every_code_is_named_in_the_document() -> None:
    for code in CODES:
        assert f"`{code}`" in openapi()["info"]["description"]


def test_what_is_no_address_of_the_api_is_a_problem_too(busy: Rooms) -> None:
    program = Program(busy)
    for method, path, status, code in (
        ("GET", "/nothing", 404, "not-found"),
        ("DELETE", "/documents", 405, "method.refused"),
        ("POST", "/documents/1", 405, "method.refused"),
    ):
        answer = program.request(method, ROOT + path)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["content-type"] == "application/problem+json"
