"""A small identity provider that runs beside a test, on this machine, with keys of its own.

It does what a provider must: codes are for one use, for one redirect address, for who has the verifier and, where it
is registered with one, the secret. `twist` lets a test make it lie.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT: Final = "van-thu"
KEYS: Final = {name: rsa.generate_private_key(65537, 2048) for name in ("one", "two", "strangers")}


def public(name: str) -> dict[str, Any]:
    """A key as a provider shows it."""
    made = jwt.algorithms.RSAAlgorithm.to_jwk(KEYS[name].public_key(), as_dict=True)
    return {**made, "kid": name, "use": "sig", "alg": "RS256"}


@dataclass
class Provider:
    """What the provider knows and does; `address` is its issuer."""

    address: str = ""
    secret: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "1001", "preferred_username": "lan"})
    now: Callable[[], float] = time.time
    key: str = "one"
    shown: list[dict[str, Any]] = field(default_factory=lambda: [public("one")])
    #: what becomes of the claims and the header of a token before it is signed; a text is the token itself
    twist: Callable[[dict[str, Any], dict[str, Any]], str | None] = lambda _claims, _header: None
    description: dict[str, Any] = field(default_factory=dict)
    refuses: str = ""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def answer(self, path: str, said: dict[str, str], sent_by: str) -> tuple[int, dict[str, str], bytes]:
        """Answer a request: status, headers, body."""
        self.asked.append(path)
        match path:
            case "/.well-known/openid-configuration":
                return 200, {}, json.dumps(self._described()).encode()
            case "/keys":
                return 200, {}, json.dumps({"keys": self.shown}).encode()
            case "/authorize":
                return 302, {"location": self._back(said)}, b""
            case "/token":
                return self._token(said, sent_by)
        return 404, {}, b"{}"

    def _described(self) -> dict[str, Any]:
        places = {
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "end_session_endpoint": f"{self.address}/leave",
        }
        return {"issuer": self.address, **places, **self.description}

    def _back(self, said: dict[str, str]) -> str:
        assert said["response_type"] == "code"
        assert said["code_challenge_method"] == "S256"
        assert said["scope"].split()[0] == "openid"
        if self.refuses:
            return f"{said['redirect_uri']}?{urlencode({'error': self.refuses, 'state': said['state']})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = said
        return f"{said['redirect_uri']}?{urlencode({'code': code, 'state': said['state'], 'iss': self.address})}"

    def _token(self, said: dict[str, str], sent_by: str) -> tuple[int, dict[str, str], bytes]:
        asked = self.codes.pop(said.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(said["code_verifier"].encode()).digest()).decode()
        if asked is None or proof.rstrip("=") != asked["code_challenge"]:
            return 400, {}, b'{"error": "invalid_grant"}'
        if said["redirect_uri"] != asked["redirect_uri"] or not self._is_client(said, sent_by):
            return 401, {}, b'{"error": "invalid_client"}'
        claims = {
            "iss": self.address,
            "aud": asked["client_id"],
            "iat": int(self.now()),
            "exp": int(self.now()) + 300,
            "nonce": asked["nonce"],
            **self.person,
        }
        header: dict[str, Any] = {"kid": self.key, "alg": "RS256"}
        token = self.twist(claims, header)
        if token is None:
            token = jwt.encode(claims, KEYS[self.key], header["alg"], header)
        return 200, {}, json.dumps({"access_token": "x", "token_type": "Bearer", "id_token": token}).encode()

    def _is_client(self, said: dict[str, str], sent_by: str) -> bool:
        if not self.secret:
            return said.get("client_id") == CLIENT
        pair = base64.b64decode(sent_by.removeprefix("Basic ")).decode()
        return tuple(map(unquote, pair.split(":"))) == (CLIENT, self.secret)


@contextmanager
def provider_running() -> Iterator[Provider]:
    """A provider that answers on a port of this machine."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._say(provider.answer(parts.path, dict(parse_qsl(parts.query)), ""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._say(provider.answer(self.path, dict(parse_qsl(body)), self.headers.get("authorization", "")))

        def _say(self, said: tuple[int, dict[str, str], bytes]) -> None:
            status, headers, body = said
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
