"""Hyperlinks in rich text: relationship ids that carry their address until the document is written.

docxtpl's `build_url_id` adds a relationship to the one document it belongs to. Here a link is made before there is
a document, so the id itself holds the address; writing puts a short id in its place and the relationship beside it.
"""

import re
from typing import Final

from markupsafe import escape

# hexadecimal figures follow: any address becomes a name XML allows
_CARRYING: Final = "rIdUrl"
_REFERENCE: Final = r'\br:(id|embed|link)="([^"]*)"'
_TYPE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def link_id(url: str) -> str:
    """The `url_id` of a RichText that links to `url`."""
    return _CARRYING + url.encode().hex()


def address_of(identifier: str) -> str | None:
    """The address a link's id carries; None for any other relationship id."""
    if not identifier.startswith(_CARRYING):
        return None
    try:
        return bytes.fromhex(identifier.removeprefix(_CARRYING)).decode()
    except ValueError:
        return None


class UnknownLink(Exception):  # noqa: N818 - told to the caller as ValueRefused
    """A relationship id that belongs to another document."""


class Links:
    """The links of one part of one document: `known` are the ids its relationships have already."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self._made: dict[str, str] = {}

    def kept(self, xml: str) -> str:
        """`xml` with the ids of this document. Raises UnknownLink for ids of another."""
        return re.sub(_REFERENCE, self._reference, xml) if "r:" in xml else xml

    def _reference(self, found: re.Match[str]) -> str:
        identifier = found.group(2)
        # a picture or link of the template itself
        if identifier in self._known:
            return found.group()
        address = address_of(identifier)
        if address is None:
            raise UnknownLink(identifier)
        return f'r:{found.group(1)}="{self._made.setdefault(address, f"rIdLink{len(self._made) + 1}")}"'

    def added_to(self, relationships: bytes) -> bytes:
        """The part's relationships with the new links among them."""
        if not self._made:
            return relationships
        lines = "".join(
            f'<Relationship Id="{identifier}" Type="{_TYPE}" Target="{escape(address)}" TargetMode="External"/>'
            for address, identifier in self._made.items()
        )
        return relationships.replace(b"</Relationships>", lines.encode() + b"</Relationships>")

    def __bool__(self) -> bool:
        return bool(self._made)
