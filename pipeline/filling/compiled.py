"""A template in its compiled form: what stays the same as finished zip members, what changes as code.

The classes are plain ones: importing dataclasses takes as long as many documents.
"""

import functools
import marshal
from collections.abc import Mapping
from types import CodeType, MappingProxyType
from typing import NamedTuple

from pipeline.filling import light
from pipeline.filling.anything import Value
from pipeline.filling.batches import Batch, Site
from pipeline.filling.package import Frame, Member, framed


class Tagged(NamedTuple):
    """One part with tags as Jinja reads it, each tag on a line of its own; `field` names a property, else ""."""

    member: str
    text: str
    field: str = ""


class Code:
    """The generated code of one part or property, and its batches (none for a property).

    `is_light` tells that it runs without Jinja as long as its values are plain (`light`).
    """

    def __init__(self, code: CodeType, batches: tuple[Batch, ...] = (), is_light: bool = False) -> None:
        self.code = code
        self.batches = batches
        self.is_light = is_light

    @functools.cached_property
    def environment(self) -> Value:
        """What the code runs in."""
        if self.is_light:
            return light.XML if self.batches else light.TEXT
        from pipeline.filling.sandbox import TEXT_ENVIRONMENT, XML_ENVIRONMENT

        return XML_ENVIRONMENT if self.batches else TEXT_ENVIRONMENT

    @functools.cached_property
    def root(self) -> Value:
        """The function that writes, given a context."""
        namespace: dict[str, Value] = {"environment": self.environment}
        exec(self.code, namespace)  # noqa: S102 - made by our own generator from the sandboxed template
        return namespace["root"]

    def context(self, *facts: Value) -> Value:
        """What the code is run with: values, budget, filters given, writer."""
        if self.is_light:
            return light.LightContext(self.environment, *facts)
        from pipeline.filling.sandbox import context_of

        return context_of(self.environment, *facts)


class Part(NamedTuple):
    """One member that is written anew for each document.

    `pieces` are its fixed bytes; between each two stands what the code of the same index writes. `known_ids` are
    its relationship ids; `first_id` is the number before the first drawing id given out.
    """

    member: str
    pieces: tuple[bytes, ...]
    codes: tuple[Code, ...]
    known_ids: frozenset[str] = frozenset()
    first_id: int = 1000
    is_text: bool = False


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
    def frames(self) -> tuple[Frame | Part, ...]:
        """The members with their headers, and the parts to write."""
        return tuple(framed(one) if isinstance(one, Member) else one for one in self.members)

    def docxtpl(self) -> Value:
        """A new docxtpl template of this file, to make InlineImage, Subdoc and links for the values with."""
        from pipeline.filling.patching import opened  # docxtpl takes 0.1 s to import; the fast way needs none of it

        return opened(self.content)

    def dumped(self) -> bytes:
        """Everything as bytes, for the cache on disk; the same Python reads it again with `loaded`."""
        return marshal.dumps(
            (
                self.digest,
                self.content,
                tuple(map(tuple, self.tagged)),
                self.slow,
                tuple(tuple(one) if isinstance(one, Member) else _plain_part(one) for one in self.members),
                dict(self.pictures),
            )
        )


def _plain_part(part: Part) -> tuple[Value, ...]:
    codes = tuple((one.code, tuple(_plain_batch(batch) for batch in one.batches), one.is_light) for one in part.codes)
    return (part.member, part.pieces, codes, part.known_ids, part.first_id, part.is_text)


def _plain_batch(batch: Batch) -> tuple[Value, ...]:
    sites = tuple(map(tuple, batch.sites))
    return (batch.first, batch.last, batch.ring, sites, batch.is_plain, batch.has_ids)


def loaded(dump: bytes) -> CompiledTemplate:
    """The compiled template `dumped` by the same Python. Raises ValueError, EOFError or TypeError else."""
    digest, content, tagged, slow, members, pictures = marshal.loads(dump)  # noqa: S302 - checked by the cache
    return CompiledTemplate(
        digest,
        content,
        tuple(Tagged(*one) for one in tagged),
        slow,
        tuple(Member(*one) if len(one) == len(Member._fields) else _part(*one) for one in members),
        pictures,
    )


def _part(member: str, pieces: Value, codes: Value, known_ids: Value, first_id: int, is_text: bool) -> Part:
    return Part(
        member,
        pieces,
        tuple(Code(code, tuple(_batch(*batch) for batch in batches), is_light) for code, batches, is_light in codes),
        known_ids,
        first_id,
        is_text,
    )


def _batch(first: bytes, last: bytes, ring: Value, sites: Value, is_plain: bool, has_ids: bool) -> Batch:
    return Batch(first, last, ring, tuple(Site(*site) for site in sites), is_plain, has_ids)
