"""What is printed for machines names a field by its JSON pointer."""

import json

import pytest

from pipeline.cli.showing import emit_json
from pipeline.messages import say
from pipeline.model import Address, Finding, Place, Severity


def test_a_finding_is_printed_with_the_pointer_of_its_field(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json([Finding("X1", Severity.WARN, say("a value"), Place(Address.of("/a/3/b")))])
    assert json.loads(capsys.readouterr().out)[0]["place"]["pointer"] == "/a/3/b"
