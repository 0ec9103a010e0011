"""What an ID token says, once it is believed (OpenID Connect Core 1.0 §3.1.3.7)."""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Final

import jwt

#: By a key pair alone, as the office chooses, whatever the token says of itself: "none" would be nobody's word, and
#: HS256 would take the provider's public key for a secret.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_PAIRS: Final = frozenset({"RSA", "EC", "OKP"})
#: Clocks may be so far apart.
_APART_SECONDS: Final = 60
#: A token is made when its code is handed in: one that is older was made for something else.
_OLDEST_SECONDS: Final = 600


class NotBelieved(Exception):  # noqa: N818 - names a state of the world
    """What came from the provider, or by its name, is not to be believed; `str()` is for the log."""


class NoSuchKey(NotBelieved):
    """A token is signed by a key that is not among those known: perhaps there are new ones."""


def claims_of(
    token: str, keys: Sequence[Mapping[str, Any]], *, issuer: str, client_id: str, nonce: str, now: float
) -> Mapping[str, Any]:
    """Give what a token says. `keys` are the provider's (JWK), `now` is in seconds since 1970. Raises NotBelieved."""
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise NotBelieved(f"signed by {str(algorithm)[:20]!r}")
        claims: Mapping[str, Any] = jwt.decode(
            token,
            _key(header, keys),
            algorithms=[algorithm],
            audience=client_id,
            issuer=issuer,
            options={
                "require": ["iss", "sub", "aud", "exp", "iat", "nonce"],
                # by the office's clock, below: sessions run by it, too
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "enforce_minimum_key_length": True,
            },
        )
    except jwt.PyJWTError as trouble:
        raise NotBelieved(f"{type(trouble).__name__}: {trouble}") from trouble
    _is_of_now(claims, now)
    _is_for_us(claims, client_id, nonce)
    return claims


def _key(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> jwt.PyJWK:
    """The key by which a token is to be signed: the one it names, or the only one there is."""
    algorithm, name = header["alg"], header.get("kid")
    fit = [
        one
        for one in keys
        if one.get("kty") in _PAIRS
        and one.get("use", "sig") == "sig"
        and one.get("alg", algorithm) == algorithm
        and (name is None or one.get("kid") == name)
    ]
    if len(fit) != 1:
        raise NoSuchKey(f"{len(fit)} keys fit a token by {algorithm} with the key {str(name)[:60]!r}")
    return jwt.PyJWK(dict(fit[0]), algorithm=algorithm)


def _is_of_now(claims: Mapping[str, Any], now: float) -> None:
    ends, made, begins = (claims.get(name, now) for name in ("exp", "iat", "nbf"))
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in (ends, made, begins)):
        raise NotBelieved("its times are no numbers")
    if now > ends + _APART_SECONDS:
        raise NotBelieved("it is over")
    if made > now + _APART_SECONDS or begins > now + _APART_SECONDS:
        raise NotBelieved("it has not begun")
    if made < now - _OLDEST_SECONDS:
        raise NotBelieved("it was made long ago")


def _is_for_us(claims: Mapping[str, Any], client_id: str, nonce: str) -> None:
    for_whom, party = claims["aud"], claims.get("azp")
    # made for others, too: then it says to whom it was given
    if (isinstance(for_whom, list) and len(for_whom) > 1 and party is None) or party not in {None, client_id}:
        raise NotBelieved("it was given to another")
    said = claims["nonce"]
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise NotBelieved("it answers another question")
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise NotBelieved("it names nobody")


def account_in(claims: Mapping[str, Any], claim: str, domain: str) -> str:
    """Give the name of the account that a token means; "" where none can be meant. Raises NotBelieved."""
    said = claims.get(claim)
    if claim == "email" and claims.get("email_verified") is not True:
        raise NotBelieved("its address was not verified")
    # signs that become plain letters when they are made small would make one person of two
    if not isinstance(said, str) or not said.isascii():
        return ""
    name = said.strip().lower()
    if not domain:
        return name
    before, _, behind = name.rpartition("@")
    return before if behind == domain else ""
