"""Programs elsewhere are told by the office as it is started: by processes, over the network, until they answer."""

import datetime as dt
import json
import time
from pathlib import Path

import httpx2
import pytest

from pipeline.app import people, webhooks
from pipeline.model import PersonRole
from tests.app.test_webhooks import Listener
from tests.folders import Clock, drop, opened, registration, run, working_folder
from tests.waiting import eventually
from tests.web.api.test_docs import module
from tests.web.test_serve import serving
from tests.web.test_serving import free_port


@pytest.mark.slow
def test_who_was_away_is_told_when_it_is_back_and_the_clerk_sees_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, listener, port = working_folder(tmp_path / "office"), Listener(port=free_port()), free_port()
    with opened(folder, Clock(dt.datetime.now(dt.UTC))) as workspace:
        people.add(workspace, "lan", "", PersonRole.CLERK, "", "mat-khau-dai-1")
        admitted = people.admit(workspace, "lan", "mat-khau-dai-1")
    assert admitted is not None
    capsys.readouterr()
    assert run("-C", str(folder), "webhook", "add", listener.url) == 0
    secret = capsys.readouterr().out.split()[0]
    with serving(folder, port) as process:
        address = f"http://127.0.0.1:{port}"
        assert process.stdout is not None
        assert any(address in line for line in process.stdout)

        def machine() -> str:
            headers = {"cookie": f"vanthu={admitted.token}"}
            return httpx2.get(f"{address}/may", headers=headers, timeout=60).text

        drop(folder, "dk.yaml", registration("CATP"), "CATP")
        eventually(lambda: "Chưa báo được cho chương trình ở 127.0.0.1" in machine())
        listener.open()
        eventually(lambda: bool(listener.heard))
        headers, body = listener.heard[0]
        assert json.loads(body)["data"]["state"] == "delivered"
        assert module(0).is_ours(secret, headers, body, time.time())
        assert headers["webhook-signature"] == webhooks.signed(
            secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body
        )
        eventually(lambda: "Mọi chương trình cần báo đều đã được báo" in machine())
        listener.close()
    assert len({headers["webhook-id"] for headers, _ in listener.heard}) == 1
