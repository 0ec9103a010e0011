"""As what the office is known to its identity provider."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

#: Where people come back to from the provider, and where they find themselves after they have left there, too.
BACK: Final = "/vao/oidc/ve"
DOOR: Final = "/vao"


@dataclass(frozen=True)
class Registration:
    """One registration; `address` is where people reach the office. What is "" is not set (docs/configuration.md)."""

    issuer: str
    client_id: str
    address: str
    secret: str = field(default="", repr=False)
    claim: str = "preferred_username"
    domain: str = ""
    title: str = ""

    @property
    def called(self) -> str:
        """What people know the provider by."""
        return self.title or urlsplit(self.issuer).hostname or self.issuer

    @property
    def back(self) -> str:
        """Where the provider sends people back to: its registration must name this address."""
        return self.address + BACK

    @property
    def door(self) -> str:
        """Where people are who have left."""
        return self.address + DOOR
