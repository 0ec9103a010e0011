"""Addresses are told of what becomes of documents: signed, in order, at least once, however often they fail."""

import base64
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from pipeline.app import webhooks
from pipeline.app.webhooks import Teller
from pipeline.ledger.webhooks import Webhooks
from pipeline.model import State
from tests.folders import registration
from tests.status.conftest import office
from tests.status.office import Office

__all__ = ["office"]


@dataclass
class Listener:
    """Whoever is told: a real server, which answers as it is bidden."""

    status: int = 200
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0
    server: HTTPServer | None = None

    def open(self) -> None:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                listener.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(listener.status)
                if listener.status == 302:
                    self.send_header("location", f"http://127.0.0.1:{listener.port}/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/van-thu?x=1"

    @property
    def told(self) -> list[tuple[str, str]]:
        """The id of each message, and the state it tells."""
        import json

        return [(headers["webhook-id"], json.loads(body)["data"]["state"]) for headers, body in self.heard]


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    made.open()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "_FIRST_PAUSE_SECONDS", 0.0)


def states(listener: Listener) -> list[str]:
    return [state for _, state in listener.told]


def test_what_happened_since_is_told_signed_and_says_nothing_of_the_document(
    office: Office, listener: Listener
) -> None:
    office.drop("before.yaml", registration("SATRA"), "SATRA")
    made = webhooks.add(office.workspace, listener.url)
    job = office.drop("dk.yaml", registration("CATP"), "CATP")
    Teller(office.workspace).tell_new()
    ((headers, body),) = listener.heard
    assert (job.state, states(listener)) == (State.DELIVERED, ["delivered"])
    assert f'"document":{job.id}' in body.decode()
    assert "dk.yaml" not in body.decode()
    at = int(headers["webhook-timestamp"])
    assert at == int(office.clock().timestamp())
    assert headers["webhook-signature"] == webhooks.signed(made.secret, headers["webhook-id"], at, body)
    assert len(base64.b64decode(made.secret.removeprefix("whsec_"))) == 32


def test_the_page_for_programmers_knows_the_signature(office: Office, listener: Listener) -> None:
    from tests.web.api.test_docs import module

    made = webhooks.add(office.workspace, listener.url)
    office.drop("dk.yaml", registration("CATP"), "CATP")
    Teller(office.workspace).tell_new()
    ((headers, body),) = listener.heard
    now, is_ours = office.clock().timestamp(), module(0).is_ours
    assert is_ours(made.secret, headers, body, now)
    assert not is_ours(made.secret, headers, body, now + 400)
    assert not is_ours(made.secret, headers, body + b" ", now)
    other = webhooks.add(office.workspace, listener.url)
    assert not is_ours(other.secret, headers, body, now)


def test_who_fails_is_told_again_under_the_same_id_and_in_order_until_it_answers(
    office: Office, listener: Listener
) -> None:
    webhooks.add(office.workspace, listener.url)
    job, teller = office.drop("dk.yaml", registration("CATP"), "CATP"), Teller(office.workspace)
    listener.status = 500
    teller.tell_new()
    (hook,) = Webhooks(office.workspace.ledger).every()
    assert hook.trouble == "HTTP 500"
    office.run("register", "next", str(job.id))
    listener.close()
    teller.tell_new()
    (hook,) = Webhooks(office.workspace.ledger).every()
    assert "refused" in hook.trouble.lower()
    listener.status = 204
    listener.open()
    # another process goes on where this one was
    Teller(office.workspace).tell_new()
    assert states(listener) == ["delivered", "delivered", "numbered"]
    assert listener.told[0] == listener.told[1]
    (hook,) = Webhooks(office.workspace.ledger).every()
    assert hook.trouble == ""
    Teller(office.workspace).tell_new()
    assert len(listener.heard) == 3


def test_a_redirect_is_not_followed(office: Office, listener: Listener) -> None:
    webhooks.add(office.workspace, listener.url)
    office.drop("dk.yaml", registration("CATP"), "CATP")
    listener.status = 302
    Teller(office.workspace).tell_new()
    assert len(listener.heard) == 1
    (hook,) = Webhooks(office.workspace.ledger).every()
    assert hook.trouble == "HTTP 302"


def test_who_is_in_trouble_waits_longer_each_time_and_keeps_no_other_from_being_told(
    office: Office, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "_FIRST_PAUSE_SECONDS", 5.0)
    now = [0.0]
    monkeypatch.setattr("pipeline.app.webhooks.time.monotonic", lambda: now[0])
    gone = Listener()
    gone.open()
    gone.close()
    webhooks.add(office.workspace, gone.url)
    webhooks.add(office.workspace, listener.url)
    office.drop("dk.yaml", registration("CATP"), "CATP")
    tried: list[float] = []
    send: Any = webhooks._send

    def counted(one: Any, *rest: Any) -> None:
        if one.url == gone.url:
            tried.append(now[0])
        send(one, *rest)

    monkeypatch.setattr(webhooks, "_send", counted)
    teller = Teller(office.workspace)
    for second in range(40):
        now[0] = float(second)
        teller.tell_new()
    assert tried == [0.0, 5.0, 15.0, 35.0]
    assert states(listener) == ["delivered"]


def test_of_a_units_documents_alone(office: Office, listener: Listener) -> None:
    webhooks.add(office.workspace, listener.url, "catp")
    for unit in ("SATRA", "CATP", "DHQG"):
        office.drop(f"{unit}.yaml", registration(unit), unit)
    Teller(office.workspace).tell_new()
    assert [b'"unit":"CATP"' in body for _, body in listener.heard] == [True]


def test_addresses_are_added_listed_and_removed_and_the_secret_is_shown_once(office: Office) -> None:
    made = office.run("webhook", "add", "https://so-hoa.example.vn/van-thu", "--unit", "CATP")
    assert (made.code, made.out.startswith("whsec_")) == (0, True)
    (listed,) = office.run("webhook", "list", "--json").facts
    assert (listed["url"], listed["unit"]) == ("https://so-hoa.example.vn/van-thu", "CATP")
    assert made.out.strip() not in office.run("webhook", "list", "--json").out
    assert office.run("webhook", "remove", "1").code == 0
    assert office.run("webhook", "list", "--json").facts == []
    assert "Không có địa chỉ được báo số 1" in office.run("webhook", "remove", "1").err
    assert len(office.workspace.ledger.acted("webhook.add")) == 1
    key = office.folder / "var" / "web.key"
    assert key.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "url",
    ["ftp://a.vn/", "so-hoa.vn", "http://", "http://a b/", "https://lan:x@a.vn/", "http://a.vn:0/", "http://a/#x"],
)
def test_what_is_no_address_is_refused(office: Office, url: str) -> None:
    assert office.run("webhook", "add", url).code == 10
