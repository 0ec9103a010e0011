"""Coming in by an identity provider: who it vouches for and has an account is in; every lie is found out."""

import base64
import dataclasses
import datetime as dt
import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from pipeline.app import people
from pipeline.app.identity import provider as provider_module
from pipeline.app.identity.asking import LASTS_SECONDS
from pipeline.app.identity.provider import Provider as Known
from pipeline.app.identity.registration import Registration
from pipeline.app.settings import read_settings
from pipeline.errors import ConfigError
from pipeline.model import PersonRole
from pipeline.web import provider_door
from pipeline.web.application import application
from pipeline.web.provider_door import COOKIE
from tests.folders import Clock
from tests.web.browser import HERE, Browser, Rooms, words
from tests.web.identity_provider import CLIENT, KEYS, Provider, provider_running, public

NOT_BELIEVED: Final = "không tin được"
Claims = dict[str, Any]


@pytest.fixture(scope="module")
def lying(busy: Rooms) -> Iterator[tuple[Provider, Rooms]]:
    """A provider, and an office that knows it, for tests in which nobody comes in."""
    with provider_running() as provider:
        provider.now = lambda: busy.workspace.clock().timestamp()
        yield provider, known_there(busy, provider)


@pytest.fixture
def there(clock: Clock) -> Iterator[Provider]:
    """A provider whose clock is the office's."""
    with provider_running() as provider:
        provider.now = lambda: clock().timestamp()
        yield provider


def known_there(rooms: Rooms, there: Provider, **registered: str) -> Rooms:
    """The office, registered with a provider."""
    registration = Registration(there.address, CLIENT, HERE, **registered)
    known = Known(registration, lambda: rooms.workspace.clock().timestamp())
    office = dataclasses.replace(rooms.office, provider=known)
    return Rooms(rooms.folder, rooms.workspace, application(office), office)


def away(browser: Browser, after: str = "/") -> str:
    """Press the button at the door; gives where the browser is sent."""
    answer = browser.get("/vao/oidc", params={"tiep": after})
    assert answer.status_code == 303, words(answer)
    return answer.headers["location"]


def sent_back(address: str) -> str:
    """Say at the provider who one is; gives where it sends the browser."""
    with httpx2.Client() as client:
        return client.get(address).headers["location"].removeprefix(HERE)


def came(browser: Browser, after: str = "/") -> httpx2.Response:
    """All the way, as a browser goes it."""
    return browser.get(sent_back(away(browser, after)), headers={"sec-fetch-site": "cross-site"})


def test_who_has_an_account_comes_in_with_its_rights_and_the_history_says_by_whose_word(
    rooms: Rooms, there: Provider
) -> None:
    rooms = known_there(rooms, there)
    browser = rooms.browser()
    assert (
        f'href="/vao/oidc?tiep=/nam">Vào bằng {urlsplit(there.address).hostname}'
        in browser.get("/vao?tiep=/nam").text
    )
    answer = came(browser, "/nam")
    assert (answer.status_code, answer.headers["location"]) == (303, "/nam")
    assert "Nguyễn Thị Lan" in browser.text("/nam")
    assert COOKIE not in browser.cookies
    (event,) = rooms.workspace.ledger.acted("session.begin")
    assert event.detail == {"name": "lan", "issuer": there.address, "subject": "1001"}
    # rights are the account's
    there.person = {"sub": "7", "preferred_username": "DIEN"}
    other = rooms.browser()
    assert came(other).status_code == 303
    assert other.get("/cho-ky").status_code == 403


def test_what_is_sent_along_is_drawn_anew_each_time_and_the_secrets_stay_here(rooms: Rooms, there: Provider) -> None:
    browser = known_there(rooms, there).browser()
    asked = [parse_qs(urlsplit(away(browser)).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert len({one[name][0] for one in asked}) == 2
        assert re.fullmatch("[A-Za-z0-9_-]{43}", asked[0][name][0])
        assert asked[1][name][0] not in browser.cookies[COOKIE]
    kept = browser.get("/vao/oidc").headers["set-cookie"].lower()
    assert "httponly" in kept
    assert "samesite=lax" in kept
    assert "path=/vao/oidc" in kept


def test_with_a_secret_it_is_shown_to_the_provider_alone(rooms: Rooms, there: Provider) -> None:
    there.secret = "bí mật: và %dấu"  # noqa: S105 - of a registration that lives as long as a test
    browser = known_there(rooms, there, secret=there.secret).browser()
    assert came(browser).status_code == 303
    there.secret += "khác"
    answer = came(browser)
    assert (answer.status_code, NOT_BELIEVED in words(answer)) == (401, True)


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "1", "preferred_username": "nobody"},
        {"sub": "1", "preferred_username": "khoa"},  # an account that is locked
        {"sub": "lan"},  # the name of the claim is what counts, and it is not there
        {"sub": "1", "preferred_username": ["lan"]},
        {"sub": "1", "preferred_username": ""},
        {"sub": "1", "preferred_username": "lan@example.vn"},
        # KELVIN SIGN becomes a plain "k" when it is made small
        {"sub": "1", "preferred_username": "\u212ahanh"},
    ],
)
def test_without_an_open_account_nobody_comes_in(rooms: Rooms, there: Provider, person: Claims) -> None:
    for name in ("khoa", "khanh"):
        people.add(rooms.workspace, name, "", PersonRole.CLERK, "", "mat-khau-dai-1")
    people.set_role(rooms.workspace, "khoa", PersonRole.LOCKED, "")
    there.person = person
    browser = known_there(rooms, there).browser()
    answer = came(browser)
    assert (answer.status_code, "không có tài khoản nào đang mở" in words(answer)) == (403, True)
    assert browser.get("/nam").status_code == 303
    assert not rooms.workspace.ledger.acted("session.begin")


@pytest.mark.parametrize(
    ("claim", "domain", "person", "status"),
    [
        ("preferred_username", "example.vn", {"preferred_username": "Lan@Example.VN"}, 303),
        ("preferred_username", "example.vn", {"preferred_username": "lan@evil.example"}, 403),
        ("preferred_username", "example.vn", {"preferred_username": "lan"}, 403),
        ("preferred_username", "example.vn", {"preferred_username": "lan@evil@example.vn"}, 403),
        ("email", "example.vn", {"email": "lan@example.vn", "email_verified": True}, 303),
        ("email", "example.vn", {"email": "lan@example.vn", "email_verified": False}, 401),
        ("email", "example.vn", {"email": "lan@example.vn", "email_verified": "true"}, 401),
        ("email", "example.vn", {"email": "lan@example.vn"}, 401),
    ],
)
def test_of_an_address_the_part_before_the_domain_of_the_office_counts(
    rooms: Rooms, there: Provider, claim: str, domain: str, person: Claims, status: int
) -> None:
    there.person = {"sub": "1", **person}
    assert came(known_there(rooms, there, claim=claim, domain=domain).browser()).status_code == status


def unsigned(claims: Claims, header: Claims) -> str:
    """A token by nobody."""
    return jwt.encode(claims, "", "none", {"kid": header["kid"]})


def by_the_public_key(claims: Claims, header: Claims) -> str:
    """A token by HS256, with what the provider shows to everybody as its secret."""
    import hashlib
    import hmac

    from cryptography.hazmat.primitives import serialization

    pem = (
        KEYS["one"]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    parts = [{"alg": "HS256", "typ": "JWT", "kid": header["kid"]}, claims]
    said = ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts)
    made = hmac.new(pem, said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def by_strangers(claims: Claims, header: Claims) -> str:
    """A token by another's key, under the name of the provider's."""
    return jwt.encode(claims, KEYS["strangers"], "RS256", header)


def with_a_key_along(claims: Claims, header: Claims) -> str:
    """A token that brings the key by which it is to be believed."""
    return jwt.encode(claims, KEYS["strangers"], "RS256", {**header, "jwk": public("strangers")})


def rewritten(claims: Claims, header: Claims) -> str:
    """A token whose claims were changed after it was signed."""
    head, _, signature = jwt.encode(claims, KEYS["one"], "RS256", header).split(".")
    body = base64.urlsafe_b64encode(json.dumps({**claims, "preferred_username": "hung"}).encode())
    return f"{head}.{body.decode().rstrip('=')}.{signature}"


def said(**changed: object) -> Callable[[Claims, Claims], None]:
    """A token with other claims; what is None is left out."""

    def twist(claims: Claims, _header: Claims) -> None:
        claims.update(changed)
        for name in [name for name, value in claims.items() if value is None]:
            del claims[name]

    return twist


def at(**moved: int) -> Callable[[Claims, Claims], None]:
    """A token whose times are so many seconds from when it was made."""

    def twist(claims: Claims, _header: Claims) -> None:
        made = claims["iat"]
        claims.update({name: made + seconds for name, seconds in moved.items()})

    return twist


LIES: Final[dict[str, Callable[[Claims, Claims], str | None]]] = {
    "another nonce": said(nonce="x" * 43),
    "no nonce": said(nonce=None),
    "a nonce that is none": said(nonce=7),
    "another audience": said(aud="another"),
    "no audience": said(aud=None),
    "made for others, too": said(aud=[CLIENT, "another"]),
    "given to another": said(azp="another"),
    "another issuer": said(iss="https://id.evil.example"),
    "no issuer": said(iss=None),
    "nobody": said(sub=""),
    "no subject": said(sub=None),
    "over": at(exp=-61),
    "no end": said(exp=None),
    "an end that is none": said(exp="never"),
    "made long ago": at(iat=-601, exp=300),
    "made in time to come": at(iat=61, exp=300),
    "not yet": at(nbf=61),
    "unsigned": unsigned,
    "by the public key": by_the_public_key,
    "by strangers": by_strangers,
    "with a key along": with_a_key_along,
    "rewritten": rewritten,
    "no token": lambda *_: "x",
    "nothing": lambda *_: "",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_lets_nobody_in(
    lying: tuple[Provider, Rooms], lie: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, office = lying
    there.twist = LIES[lie]
    browser, before = office.browser(), office.workspace.ledger.events_head()
    # by the logger itself: tests that set up the program's log keep what it says from going further
    logger = logging.getLogger(provider_door.__name__)
    monkeypatch.setattr(logger, "handlers", [caplog.handler])
    with caplog.at_level(logging.WARNING, logger=logger.name):
        answer = came(browser)
    assert (answer.status_code, NOT_BELIEVED in words(answer)) == (401, True)
    assert any(getattr(one, "action", "") == "oidc.refuse" for one in caplog.records)
    assert browser.get("/nam").status_code == 303
    assert office.workspace.ledger.events_head() == before


def test_a_token_for_several_that_says_it_was_given_to_us_is_believed(rooms: Rooms, there: Provider) -> None:
    there.twist = said(aud=[CLIENT, "another"], azp=CLIENT)
    assert came(known_there(rooms, there).browser()).status_code == 303


def test_a_key_that_is_shown_for_something_else_signs_nothing(rooms: Rooms, there: Provider) -> None:
    there.shown = [{**public("one"), "use": "enc"}]
    assert came(known_there(rooms, there).browser()).status_code == 401
    there.shown = [{"kty": "oct", "kid": "one", "k": "c2VjcmV0" * 8}]
    assert came(known_there(rooms, there).browser()).status_code == 401


def test_a_sound_signature_by_a_way_that_the_office_does_not_list_is_none(rooms: Rooms, there: Provider) -> None:
    key = ec.generate_private_key(ec.SECP256K1())
    there.shown = [{**jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "one"}]
    there.twist = lambda claims, header: jwt.encode(claims, key, "ES256K", {"kid": header["kid"]})
    assert came(known_there(rooms, there).browser()).status_code == 401
    key = ec.generate_private_key(ec.SECP256R1())
    there.shown = [{**jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "one"}]
    there.twist = lambda claims, header: jwt.encode(claims, key, "ES256", {"kid": header["kid"]})
    assert came(known_there(rooms, there).browser()).status_code == 303


def test_keys_that_were_changed_are_asked_for_but_not_with_every_false_token(
    rooms: Rooms, there: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = known_there(rooms, there)
    assert came(rooms.browser()).status_code == 303
    there.key, there.shown = "two", [public("one"), public("two")]
    for _ in range(3):
        assert came(rooms.browser()).status_code == 401
    assert there.asked.count("/keys") == 1
    monkeypatch.setattr(provider_module, "_ASK_AGAIN_SECONDS", 0.0)
    assert came(rooms.browser()).status_code == 303
    assert there.asked.count("/keys") == 2


def refused(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, "không bắt đầu ở trình duyệt này" in words(answer)) == (401, True)
    assert browser.get("/nam").status_code == 303


def test_an_answer_counts_in_the_browser_that_asked_and_once(rooms: Rooms, there: Provider) -> None:
    rooms = known_there(rooms, there)
    back = sent_back(away(rooms.browser()))
    # somebody is led to the end of another's sign-in
    refused(rooms.browser(), back)
    # and with a question of one's own pending
    victim = rooms.browser()
    away(victim)
    refused(victim, back)
    browser = rooms.browser()
    back = sent_back(away(browser))
    cookie = browser.cookies[COOKIE]
    refused(rooms.browser(), re.sub("state=[^&]*", "state=", back))
    assert browser.get(back).status_code == 303
    # the whole of it, once more: cookie, state and code
    thief = rooms.browser()
    thief.cookies.set(COOKIE, cookie)
    there_before = there.asked.count("/token")
    refused(thief, back)
    assert there.asked.count("/token") == there_before


def test_a_code_that_was_handed_in_already_lets_nobody_in(rooms: Rooms, there: Provider) -> None:
    rooms = known_there(rooms, there)
    first = rooms.browser()
    back = sent_back(away(first))
    assert first.get(back).status_code == 303
    (code,) = parse_qs(urlsplit(back).query)["code"]
    thief = rooms.browser()
    state = parse_qs(urlsplit(away(thief)).query)["state"][0]
    answer = thief.get("/vao/oidc/ve", params={"code": code, "state": state})
    assert (answer.status_code, NOT_BELIEVED in words(answer)) == (401, True)


def test_anothers_code_is_of_no_use_without_the_verifier(rooms: Rooms, there: Provider) -> None:
    rooms = known_there(rooms, there)
    (code,) = parse_qs(urlsplit(sent_back(away(rooms.browser()))).query)["code"]
    thief = rooms.browser()
    state = parse_qs(urlsplit(away(thief)).query)["state"][0]
    assert thief.get("/vao/oidc/ve", params={"code": code, "state": state}).status_code == 401
    assert there.asked.count("/token") == 1


def test_who_takes_longer_than_ten_minutes_begins_anew(rooms: Rooms, there: Provider, clock: Clock) -> None:
    browser = known_there(rooms, there).browser()
    back = sent_back(away(browser))
    clock.now += dt.timedelta(seconds=LASTS_SECONDS + 1)
    refused(browser, back)


def test_a_question_that_was_written_over_is_no_longer_the_one_that_was_asked(rooms: Rooms, there: Provider) -> None:
    browser = known_there(rooms, there).browser()
    back = sent_back(away(browser, "/nam"))
    drawn, until, _ = browser.cookies[COOKIE].split(".")
    elsewhere = base64.urlsafe_b64encode(b"https://evil.example").decode().rstrip("=")
    browser.cookies.clear()
    browser.cookies.set(COOKIE, f"{drawn}.{until}.{elsewhere}")
    refused(browser, back)
    for broken in ("", ".", "..", "a.b.c", "a.-1.x", f"a.{until}.%", "x" * 5000):
        browser.cookies.clear()
        browser.cookies.set(COOKIE, broken)
        refused(browser, back)


def test_nobody_is_led_elsewhere_by_the_way_back(rooms: Rooms, there: Provider) -> None:
    rooms = known_there(rooms, there)
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example"):
        assert came(rooms.browser(), elsewhere).headers["location"] == "/"


def test_another_provider_cannot_answer_in_its_place(rooms: Rooms, there: Provider) -> None:
    rooms = known_there(rooms, there)
    browser = rooms.browser()
    back = re.sub("iss=[^&]*", "iss=https%3A%2F%2Fid.evil.example", sent_back(away(browser)))
    answer = browser.get(back)
    assert (answer.status_code, NOT_BELIEVED in words(answer)) == (401, True)
    assert "/token" not in there.asked


AWAY: Final[dict[str, dict[str, Any]]] = {
    "calls itself otherwise": {"issuer": "https://id.evil.example"},
    "no place to ask": {"authorization_endpoint": None},
    "asks without protection": {"authorization_endpoint": "http://id.example.vn/a"},
    "a script": {"authorization_endpoint": "javascript:alert(1)"},
}


@pytest.mark.parametrize("what", AWAY)
def test_a_description_that_leads_elsewhere_is_not_followed(rooms: Rooms, there: Provider, what: str) -> None:
    there.description = AWAY[what]
    browser = known_there(rooms, there).browser()
    answer = browser.get("/vao/oidc")
    assert (answer.status_code, "không trả lời đúng" in words(answer)) == (503, True)
    # by a password people come in as before
    assert browser.come_in("lan").status_code == 303


def test_a_provider_that_is_away_keeps_nobody_waiting_twice(rooms: Rooms, there: Provider) -> None:
    rooms = known_there(rooms, there)
    there.description = {"issuer": ""}
    browser = rooms.browser()
    for _ in range(3):
        assert browser.get("/vao/oidc").status_code == 503
    there.description = {}
    assert browser.get("/vao/oidc").status_code == 303


def test_what_the_provider_refuses_is_told_in_a_word_and_no_markup_of_it_is_taken(
    rooms: Rooms, there: Provider
) -> None:
    rooms = known_there(rooms, there)
    for word, told in (("access_denied", "(access_denied)"), ("<b>Gọi số 0900</b>", "(–)")):
        there.refuses = word
        answer = came(rooms.browser())
        assert answer.status_code == 401
        assert told in words(answer)
        assert "0900" not in answer.text


def test_false_codes_from_one_address_do_not_keep_the_provider_busy(
    rooms: Rooms, there: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.web.entering._MOST_OF_ADDRESS", 3)
    browser = known_there(rooms, there).browser()
    told = []
    for _ in range(5):
        state = parse_qs(urlsplit(away(browser)).query)["state"][0]
        told.append(browser.get("/vao/oidc/ve", params={"code": "x", "state": state}).status_code)
    assert told == [401, 401, 401, 429, 429]
    assert there.asked.count("/token") == 3


def test_who_leaves_here_may_leave_there_too(rooms: Rooms, there: Provider) -> None:
    browser = known_there(rooms, there).browser()
    came(browser)
    out = browser.post("/ra")
    assert 'href="/vao/oidc/ra"' in browser.get(out.headers["location"]).text
    left = urlsplit(browser.get("/vao/oidc/ra").headers["location"])
    assert f"{left.scheme}://{left.netloc}{left.path}" == f"{there.address}/leave"
    assert parse_qs(left.query) == {"client_id": [CLIENT], "post_logout_redirect_uri": [f"{HERE}/vao"]}
    assert browser.get("/nam").status_code == 303


def test_without_a_provider_there_is_no_such_way(rooms: Rooms) -> None:
    browser = rooms.browser()
    assert "oidc" not in browser.get("/vao?ra=1").text
    assert browser.get("/vao/oidc").status_code == 404


def test_the_settings_name_the_provider_and_what_lacks_is_told(rooms: Rooms, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("bí mật\n")
    environment = {
        "VANTHU_OIDC__ISSUER": "https://id.example.vn/realms/vt",
        "VANTHU_OIDC__CLIENT_ID": CLIENT,
        "VANTHU_OIDC__CLIENT_SECRET_FILE": str(secret),
        "VANTHU_WEB__ADDRESS": "https://van-thu.example.vn",
    }
    registered = read_settings(rooms.folder, environment).registration
    assert registered is not None
    assert (registered.secret, registered.back) == ("bí mật", "https://van-thu.example.vn/vao/oidc/ve")
    assert "bí mật" not in repr(registered)
    for lacking, told in (("VANTHU_OIDC__CLIENT_ID", "oidc.client_id"), ("VANTHU_WEB__ADDRESS", "web.address")):
        less = {name: value for name, value in environment.items() if name != lacking}
        with pytest.raises(ConfigError, match=told):
            _ = read_settings(rooms.folder, less).registration
    with pytest.raises(ConfigError, match="client_secret_file"):
        _ = read_settings(
            rooms.folder, environment | {"VANTHU_OIDC__CLIENT_SECRET_FILE": str(tmp_path / "none")}
        ).registration
    for wrong in (
        "http://id.example.vn",
        "https://lan:x@id.example.vn",
        "https://id.example.vn/?a=1",
        "id.example.vn",
    ):
        with pytest.raises(ConfigError, match=r"oidc\.issuer"):
            read_settings(rooms.folder, environment | {"VANTHU_OIDC__ISSUER": wrong})
    assert read_settings(rooms.folder, {}).registration is None
