"""The settings of sign-in by an identity provider: where it is, and as what the office is known there."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from pipeline.config.section import OptionalPath, Section
from pipeline.messages import tr

#: On this machine nobody is in between.
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def _issuer(url: str) -> str:
    """Accept the address of an identity provider: TLS, nothing secret and nothing after the path."""
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if url and (not is_safe or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment):
        raise ValueError(tr("it must be the address of an identity provider, as https://id.example.vn/realms/vt is"))
    return url


class OidcSettings(Section):
    """Sign-in by an identity provider (OpenID Connect); none, unless an issuer is named."""

    # compared with what the provider says of itself, sign for sign: a slash at the end counts
    issuer: Annotated[str, AfterValidator(_issuer)] = Field(
        "",
        max_length=200,
        description="The identity provider, as it calls itself: https://id.example.vn/realms/vt. Needs "
        "`web.address`. Empty: people come in by their passwords alone.",
    )
    client_id: str = Field("", max_length=200, description="As what the office is registered there.")
    # no secret in a file that is shown, copied and sent to whoever helps
    client_secret_file: OptionalPath = Field(
        None,
        description="File with the secret of that registration, which nobody else may read. Empty: registered "
        "without one (PKCE alone).",
    )
    claim: str = Field(
        "preferred_username",
        pattern="^[A-Za-z0-9_.:/-]{1,100}$",
        description="Claim of the ID token that names the account (vanthu user add): one that people cannot change "
        "there by themselves. `email` only counts where the provider has verified it.",
    )
    domain: str = Field(
        "",
        pattern="^[a-z0-9.-]*$",
        max_length=200,
        description="Where the claim says lan@example.vn: what stands behind the @. The account is what stands "
        "before it, and nobody of another domain comes in. Empty: the claim is the account's name.",
    )
    title: str = Field("", max_length=60, description="What the button calls the provider. Empty: its host.")
