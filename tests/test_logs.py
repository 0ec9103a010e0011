"""Logs: one line an event, facts apart, nothing a file name can break."""

import ast
import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import logs

log = logging.getLogger("pipeline.sample")


@pytest.fixture(autouse=True)
def _handlers_put_back() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), logging.getLogger("pipeline").level
    yield
    root.handlers[:] = before
    logging.getLogger("pipeline").setLevel(level)


def test_a_human_line_has_time_level_action_message_and_facts() -> None:
    stream = io.StringIO()
    logs.set_up(stream=stream)
    log.info("moved", extra={"action": "job.move", "job": 17, "to": "filled", "reason": None})
    assert re.fullmatch(r"\d\d:\d\d:\d\d info     job\.move         moved · job=17 to=filled\n", stream.getvalue())


def test_a_json_line_keeps_facts_apart() -> None:
    stream = io.StringIO()
    logs.set_up(stream=stream, as_json=True)
    log.warning("not opened", extra={"action": "intake.refuse", "file": "Đăng ký\n.docx", "level": "fake"})
    line = json.loads(stream.getvalue())
    assert line.pop("at")[-6] in "+-"
    assert line == {
        "level": "warning",
        "action": "intake.refuse",
        "message": "not opened",
        "logger": "pipeline.sample",
        "file": "Đăng ký\n.docx",
    }
    assert stream.getvalue().count("\n") == 1


def test_a_file_name_cannot_forge_a_line() -> None:
    stream = io.StringIO()
    logs.set_up(stream=stream)
    log.info("seen", extra={"action": "inbox.see", "file": "a\n12:00:00 error    forged\x1b[31m\u202e"})
    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()
    assert "\u202e" not in stream.getvalue()


def test_levels_below_the_one_asked_are_silent() -> None:
    stream = io.StringIO()
    logs.set_up(stream=stream, level="warning")
    log.debug("x")
    log.info("x")
    assert stream.getvalue() == ""
    logs.set_up(stream=stream, level="debug")
    log.debug("x")
    assert "debug" in stream.getvalue()


def test_setting_up_twice_says_everything_once() -> None:
    stream = io.StringIO()
    logs.set_up(stream=stream)
    logs.set_up(stream=stream)
    log.info("once")
    assert stream.getvalue().count("once") == 1


def test_a_trouble_brings_its_traceback() -> None:
    human, machine = io.StringIO(), io.StringIO()
    for stream, as_json in ((human, False), (machine, True)):
        logs.set_up(stream=stream, as_json=as_json)
        trouble = ValueError("broken")
        log.error("held", exc_info=trouble, extra={"action": "job.hold", "job": 1})
    assert "ValueError: broken" in human.getvalue()
    assert "ValueError: broken" in json.loads(machine.getvalue())["traceback"]


def test_other_libraries_are_heard_from_warnings_up() -> None:
    stream = io.StringIO()
    logs.set_up(stream=stream)
    logging.getLogger("alembic").info("silent")
    logging.getLogger("alembic").warning("heard %s", 1)
    assert "silent" not in stream.getvalue()
    assert "alembic          heard 1" in stream.getvalue()


def _log_calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of a module's log in the program."""
    for file in sorted(Path(logs.__file__).parent.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        # the office's own log, of the register, has the name too
        named = {
            name.id
            for one in tree.body
            if isinstance(one, ast.Assign) and "getLogger" in ast.unparse(one.value)
            for name in one.targets
            if isinstance(name, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                if isinstance(owner, ast.Name) and owner.id in named:
                    yield f"{file}:{node.lineno}", node


def test_every_record_of_ours_has_an_action_word_and_facts_that_logging_takes() -> None:
    for where, call in _log_calls():
        extra = next((keyword.value for keyword in call.keywords if keyword.arg == "extra"), None)
        assert isinstance(extra, ast.Dict), f"{where}: no extra={{'action': …}}"
        facts = {
            key.value: value
            for key, value in zip(extra.keys, extra.values, strict=True)
            if isinstance(key, ast.Constant)
        }
        action = facts.get("action")
        assert isinstance(action, ast.Constant), f"{where}: no action"
        assert re.fullmatch(r"[a-z]+\.[a-z-]+", str(action.value)), f"{where}: {action.value!r}"
        assert not set(facts) & logs.RESERVED, f"{where}: logging refuses {set(facts) & logs.RESERVED}"


def test_log_messages_hold_no_facts() -> None:
    for where, call in _log_calls():
        message = call.args[0]
        assert isinstance(message, ast.Constant), f"{where}: put the facts in extra"
        assert "%" not in str(message.value), f"{where}: put the facts in extra"
        assert len(call.args) == 1, where
