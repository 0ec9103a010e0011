"""An identity provider: what it says of itself, which keys it signs with, what it gives for a code.

Nothing but JSON is taken from it, in little time and of little size; no redirect is followed.
"""

import base64
import contextlib
import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from pipeline.app.identity.asking import Asked
from pipeline.app.identity.id_token import NoSuchKey, NotBelieved, account_in, claims_of
from pipeline.app.identity.registration import Registration

#: What it says of itself is asked for again after so long; its keys are, when a token names one that is not known.
_DESCRIBED_SECONDS: Final = 3600.0
_KEYS_SECONDS: Final = 600.0
#: But no more often than so: whoever sends false tokens does not send us there each time.
_ASK_AGAIN_SECONDS: Final = 30.0
_SECONDS: Final = 10.0
_MOST_BYTES: Final = 1_000_000
#: So many ask it side by side, and whoever finds no room is told to try again; when it has not answered, nobody
#: waits for it for a while: pages are served by the same threads.
_AT_ONCE, _ROOM_SECONDS, _AWAY_SECONDS = 8, 1.0, 5.0
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class ProviderAway(Exception):  # noqa: N818 - names a state of the world
    """The provider does not answer, or not as one; `str()` is for the log."""


@dataclass(frozen=True)
class Named:
    """Whom the provider has named: an account of ours ("" where it can be none), and its own name for the person."""

    account: str
    subject: str


class Provider:
    """One provider, as long as the office is open. `clock` gives seconds since 1970."""

    def __init__(self, registered: Registration, clock: Callable[[], float]) -> None:
        self.registered = registered
        self._clock = clock
        self._lock = threading.Lock()
        self._at_once = threading.BoundedSemaphore(_AT_ONCE)
        self._away: tuple[float, str] = (float("-inf"), "")
        self._described: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, Sequence[Mapping[str, Any]]] | None = None

    def address_for(self, asked: Asked) -> str:
        """Where a browser is sent. Raises ProviderAway."""
        said = {
            "response_type": "code",
            "client_id": self.registered.client_id,
            "redirect_uri": self.registered.back,
            "scope": "openid profile email" if self.registered.claim == "email" else "openid profile",
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": asked.challenge,
            "code_challenge_method": "S256",
        }
        return _with(self._address("authorization_endpoint"), said)

    def address_to_leave(self) -> str:
        """Where a browser is sent to leave there, too; "" where that is not offered. Raises ProviderAway."""
        if "end_session_endpoint" not in self._description():
            return ""
        said = {"client_id": self.registered.client_id, "post_logout_redirect_uri": self.registered.door}
        return _with(self._address("end_session_endpoint"), said)

    def named(self, code: str, asked: Asked) -> Named:
        """Hand in a code, and give whom the provider names for it. Raises ProviderAway, NotBelieved."""
        token = self._handed_in(code, asked)
        try:
            claims = self._claims(token, asked, self._known_keys())
        except NoSuchKey:
            claims = self._claims(token, asked, self._known_keys(is_asked_again=True))
        own = self.registered
        return Named(account_in(claims, own.claim, own.domain)[:64], claims["sub"][:255])

    def _claims(self, token: str, asked: Asked, keys: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        own = self.registered
        return claims_of(
            token, keys, issuer=own.issuer, client_id=own.client_id, nonce=asked.nonce, now=self._clock()
        )

    def _handed_in(self, code: str, asked: Asked) -> str:
        own = self.registered
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": own.back,
            "code_verifier": asked.verifier,
        }
        headers = {}
        ways = self._description().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if own.secret and "client_secret_basic" in ways:
            # both written as in a form before they are joined (RFC 6749 §2.3.1)
            pair = f"{quote(own.client_id, safe='')}:{quote(own.secret, safe='')}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form["client_id"] = own.client_id
            if own.secret:
                form["client_secret"] = own.secret
        answer = self._fetched(self._address("token_endpoint"), urlencode(form).encode(), headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotBelieved("no ID token came for the code")
        return token

    def _description(self) -> Mapping[str, Any]:
        with self._lock:
            if self._described is None or time.monotonic() - self._described[0] > _DESCRIBED_SECONDS:
                said = self._fetched(f"{self.registered.issuer.rstrip('/')}/.well-known/openid-configuration")
                # a description that is another's would lead elsewhere (Discovery §4.3)
                if said.get("issuer") != self.registered.issuer:
                    raise ProviderAway(f"it calls itself {str(said.get('issuer'))[:200]!r}")
                self._described = time.monotonic(), said
            return self._described[1]

    def _address(self, name: str) -> str:
        url = self._description().get(name)
        if not isinstance(url, str) or not _is_safe(url):
            raise ProviderAway(f"its {name} is {str(url)[:200]!r}")
        return url

    def _known_keys(self, *, is_asked_again: bool = False) -> Sequence[Mapping[str, Any]]:
        url = self._address("jwks_uri")
        with self._lock:
            age = time.monotonic() - self._keys[0] if self._keys is not None else float("inf")
            if self._keys is None or age > (_ASK_AGAIN_SECONDS if is_asked_again else _KEYS_SECONDS):
                keys = self._fetched(url).get("keys")
                if not isinstance(keys, list):
                    raise ProviderAway("it shows no keys")
                self._keys = time.monotonic(), [one for one in keys if isinstance(one, dict)]
            return self._keys[1]

    def _fetched(
        self, url: str, form: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        if not self._at_once.acquire(timeout=_ROOM_SECONDS):
            raise ProviderAway("too many wait for it")
        try:
            since, why = self._away
            if time.monotonic() - since < _AWAY_SECONDS:
                raise ProviderAway(f"it was away a moment ago: {why}")
            try:
                return _json(url, form, headers or {})
            except ProviderAway as trouble:
                self._away = time.monotonic(), str(trouble)
                raise
        finally:
            self._at_once.release()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a code and a secret are for one address."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Give no other request."""


def _json(url: str, form: bytes | None, headers: Mapping[str, str]) -> Mapping[str, Any]:
    """Ask one address. Raises ProviderAway; NotBelieved where a code is refused (status 400 or 401)."""
    said = {"accept": "application/json", "user-agent": "vanthu", **headers}
    request = urllib.request.Request(url, form, said)  # noqa: S310 - https, or this machine: `_is_safe`
    deadline = time.monotonic() + _SECONDS
    content = b""
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=_SECONDS) as answer:
            while piece := answer.read1(65_536):
                content += piece
                if len(content) > _MOST_BYTES or time.monotonic() > deadline:
                    raise ProviderAway("its answer has no end")
        made = json.loads(content)
    except urllib.error.HTTPError as trouble:
        trouble.close()
        if form is not None and trouble.code in {http.HTTPStatus.BAD_REQUEST, http.HTTPStatus.UNAUTHORIZED}:
            raise NotBelieved(f"it did not take the code: HTTP {trouble.code}") from trouble
        raise ProviderAway(f"HTTP {trouble.code}") from trouble
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as trouble:
        raise ProviderAway(f"{type(trouble).__name__}: {trouble}") from trouble
    if not isinstance(made, dict):
        raise ProviderAway("its answer is no JSON object")
    return made


def _is_safe(url: str) -> bool:
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    return False


def _with(url: str, said: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(said)}"
