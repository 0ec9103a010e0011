"""A template in its compiled form: what stays the same as finished zip members, what changes as code."""

import functools
from collections.abc import Mapping
from types import CodeType, MappingProxyType
from typing import NamedTuple

from pipeline.filling.batches import Batch
from pipeline.filling.package import Member, ZipEntry, zip_entry
from pipeline.filling.sandbox import TEXT_ENVIRONMENT, XML_ENVIRONMENT, StrictEnvironment
from pipeline.filling.values import Value


class Tagged(NamedTuple):
    """One part with tags as Jinja reads it, each tag on a line of its own; `field` names a property, else ""."""

    member: str
    text: str
    field: str = ""


class Code:
    """The generated code of one part or property, and its batches (none for a property)."""

    def __init__(self, code: CodeType, batches: tuple[Batch, ...] = ()) -> None:
        self.batches = batches
        # parts are XML and escaped; a property is plain text until it is written
        self.environment: StrictEnvironment = XML_ENVIRONMENT if batches else TEXT_ENVIRONMENT
        namespace: dict[str, Value] = {"environment": self.environment}
        exec(code, namespace)  # noqa: S102 - made by our own generator from the sandboxed template
        self.root: Value = namespace["root"]  #: the function that writes, given a context


class Part(NamedTuple):
    """One member that is written anew for each document.

    `pieces` are its fixed bytes; between each two stands what the code of the same index writes. `known_ids` are
    its relationship ids; `first_id` is the number before the first drawing id given out; `may_be_empty` tells whether
    values may leave a cell or table empty, so that it must be mended.
    """

    member: str
    pieces: tuple[bytes, ...]
    codes: tuple[Code, ...]
    known_ids: frozenset[str] = frozenset()
    first_id: int = 1000
    is_text: bool = False
    may_be_empty: bool = False


class CompiledTemplate:
    """A template ready to be filled.

    `digest` is the sha256 of the template file and `content` the file itself; `slow` says why documents are made
    along docxtpl's own road, and is empty when they are written from the compiled form. `members` is the whole
    package in order: a finished member, or a part to write.
    """

    def __init__(
        self,
        digest: str,
        content: bytes,
        tagged: tuple[Tagged, ...],
        slow: str = "",
        members: tuple[Member | Part, ...] = (),
        pictures: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> None:
        self.digest = digest
        self.content = content
        self.tagged = tagged
        self.slow = slow
        self.members = members
        self.pictures = pictures

    @functools.cached_property
    def entries(self) -> tuple[ZipEntry | Part, ...]:
        """The members with their headers, and the parts to write."""
        return tuple(zip_entry(one) if isinstance(one, Member) else one for one in self.members)

    def docxtpl(self) -> Value:
        """A new docxtpl template of this file, to make InlineImage, Subdoc and links for the values with.

        Its methods that replace pictures or files raise NotTaken: `fill` has `pictures` for that.
        """
        # docxtpl takes 0.1 s to import; the fast way needs none of it
        from pipeline.filling.docxtpl_template import ValueTemplate, opened

        return opened(self.content, ValueTemplate)
