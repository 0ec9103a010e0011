"""Stand-ins for the heavy stages: guarded children, filling Word, the order workbook, making PDFs, rules of a kind.

What they give follows from the bytes they are given and from nothing else, so that a history replays; that takes time
in the world, a child may be killed, LibreOffice may hang. Everything else the program does is the program.
"""

import contextlib
import dataclasses
import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import yaml

from pipeline import filling, kinds, ooxml, rendition, status
from pipeline.app import line, searching, watching
from pipeline.errors import KindError, ToolTimeout
from pipeline.files import file_systems, refusals
from pipeline.filling.composition import Ingredients
from pipeline.kinds import Kind, Loaded
from pipeline.messages import verbatim
from pipeline.model import Description, Direction, Finding, Reading, Recognition, Rendition, SeenSignature, Severity
from pipeline.papers.seen import Blanks, Comparison, Proof, SeenPage
from pipeline.reading import Look, Mark
from pipeline.steps import answering, judgement, making, ordering, signatures
from pipeline.tools.guard import GuardRefused, Reason
from pipeline.years import Year
from tests.folders import pledge, registration, shipped_kinds
from tests.simulation.system import ROOT, System
from tests.simulation.world import LEASE_SECONDS, SECOND, Program

FAULTY, SLIP, TROUBLED = 100_000, 200_000, 300_000
_WEIGHT: Final = {"faulty": FAULTY, "slip": SLIP, "troubled": TROUBLED}
_CODE: Final = re.compile(rb"code ([0-9A-Z-]+)")
#: Read in pieces by the dice of the world; of every so many seconds.
_SECONDS: Final = 0.2


def form(said: Mapping[str, Any]) -> bytes:
    """The bytes of a form that a unit, or the cluster (unit ""), fills in; long enough to be cut."""
    kind = {"cluster": "cong-van", "gathers": "giao-uoc"}.get(str(said.get("kind", "")), "dang-ky")
    content = {"sort": said["sort"], "kind": kind, "unit": said["unit"], "serial": said["serial"], "text": "x" * 60}
    return json.dumps(content).encode() + b"\n"


def paper(code: str, serial: int) -> bytes:
    """The bytes of a signed paper as it is scanned."""
    return b"%%PDF-1.7\ncode %s\nscan %d\n%s\nstartxref\n9\n%%%%EOF\n" % (code.encode(), serial, b"ink " * 12)


@functools.cache
def _values(kind: str, unit: str) -> dict[str, Any]:
    if kind == "dang-ky":
        return dict(yaml.safe_load(registration(unit)))
    if kind == "giao-uoc":
        return dict(yaml.safe_load(pledge()))
    return {"kind": kind, "emulation_year": 2022, "purpose": "don_doc_dang_ky", "round": 1, "doc_date": "2022-05-27"}


@functools.cache
def known_kinds() -> Loaded:
    """Three kinds: a unit's, numbered when its paper is here; two of the cluster, one numbered when it is filled."""
    loaded = shipped_kinds().kinds
    letter = dataclasses.replace(loaded["cong-van"], number_at="filling")
    return Loaded({"dang-ky": loaded["dang-ky"], "giao-uoc": loaded["giao-uoc"], "cong-van": letter})


class Alone:
    """Watches that no two do the same work at once."""

    def __init__(self, system: System) -> None:
        self._system = system
        #: what is done just now, and by whom
        self.under_way: dict[str, tuple[Program | None, int]] = {}

    @contextlib.contextmanager
    def __call__(self, work: str, name: str) -> Iterator[None]:
        """Watch that no two do the same work at once: a lease spares that, as long as the clock does not jump."""
        world = self._system.lived
        other, since = self.under_way.get(work, (None, 0))
        lease = LEASE_SECONDS * SECOND
        is_leased = not world.offset and world.now - since < lease / 2 and world.now - world.jumped > lease
        if name != "look" and other in world.programs and is_leased and other is not world.current:
            world.violated(f"two do the same work at once: {name}")
        mine = self.under_way[work] = (world.current, world.now)
        try:
            yield
        finally:
            if self.under_way.get(work) is mine:
                del self.under_way[work]


class Guard:
    """Answers as guarded children do."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._alone = Alone(system)
        #: told of each file that the gate has looked at
        self.looked: Callable[[str], None] = lambda _path: None

    def call(self, function: str, *args: Any, returns: Any, about: str = "", times: int = 1) -> Any:
        world = self._system.lived
        name = function.rpartition(":")[2]
        if world.act("child", f"{name} {about[:8]}") == "child-killed":
            raise GuardRefused(function, Reason.DIED)
        with self._alone(f"{name} {args[0]}", name):
            world.sleep(_SECONDS)
        # a child reads by itself: what it meets there is its own
        with_path = bytes.fromhex(args[0]).decode() if name in {"look", "old_format"} else str(args[0])
        content = self._system.read_quietly(with_path)
        answer = _ANSWERS[name](content, args, function)
        if name == "look":
            self.looked(with_path.removeprefix(ROOT))
        return answer


def _look(content: bytes | None, _args: Any, _function: str) -> Look:
    if content is None:
        return Look(Mark.UNSEEN, "file.unreadable")
    if b'"marked"' in content:
        return Look(Mark.MARKED)
    mark = Look(Mark.UNSEEN, "file.damaged") if b'"unseen"' in content else Look(Mark.NONE)
    return dataclasses.replace(mark, sha256=hashlib.sha256(content).hexdigest())


def _read(content: bytes | None, _args: Any, function: str) -> Reading:
    if content is None or b'"poison"' in content:
        raise GuardRefused(function, Reason.DIED)
    if content.startswith(b"%PDF"):
        return Reading("pdf", findings=(refusals.damaged(),))
    try:
        said = json.loads(content)
    except ValueError:
        return Reading("json", findings=(refusals.damaged(),))
    values = _values(said["kind"], said["unit"] or "CATP") | {
        "round": said["serial"],
        "headcount": said["serial"] + _WEIGHT.get(said["sort"], 0),
    }
    return Reading("json", said["kind"], said["unit"], said["unit"], values)


def _recognise(content: bytes | None, _args: Any, _function: str) -> Recognition:
    found = _CODE.search(content or b"")
    code = found.group(1).decode() if found else ""
    return Recognition(code, 1, codes=(code,), has_text=False)


def _compare(_content: bytes | None, _args: Any, _function: str) -> Comparison:
    signed = SeenSignature("A", 1, 1, has_signature=True, has_seal=True)
    return Comparison(1, (SeenPage(1, 1, 1.0, to_scan=(1, 0, 0, 0, 1, 0), signed=(1,)),), (signed,))


def _prove(_content: bytes | None, _args: Any, _function: str) -> Proof:
    return Proof(1, 1, 100)


_ANSWERS: Final[dict[str, Callable[[bytes | None, Any, str], Any]]] = {
    "look": _look,
    "read": _read,
    "probe": lambda _content, _args, _function: Reading("pdf"),
    "recognise_pdf": _recognise,
    "compare_pdf": _compare,
    "prove_page": _prove,
    "find_blanks": lambda _content, _args, _function: Blanks(),
    "wordless_sheets": lambda _content, _args, _function: (),
    "find_likely": lambda _content, _args, _function: (),
    "picture_places": lambda _content, _args, _function: b"%PDF-1.7 places %%EOF",
}


class Pool:
    """A worker's threads: each does its work at once, while whoever gave it waits."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def submit(self, work: Callable[..., Any], *args: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args))
        except Exception as trouble:  # a killed process is no trouble of the work
            future.set_exception(trouble)
        return future

    def shutdown(self, *_: Any, **__: Any) -> None:
        pass

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, work: Callable[[Any], Any], things: Any) -> list[Any]:
        return [work(one) for one in things]


class Stages:
    """What the stand-ins need of the history: whether our own slip was mended, how often LibreOffice was asked."""

    def __init__(self, system: System) -> None:
        self._system = system
        #: how a folder is observed in the history that is lived
        self.observed: Callable[..., Any] = lambda *_, **__: contextlib.nullcontext()
        #: told of each document that LibreOffice is given
        self.rendering: Callable[[bytes], None] = lambda _draft: None
        self.alone = Alone(system)
        self.facts = 1  #: counted up when the operator mends something: documents made then say so

    def replaced(self) -> list[tuple[Any, str, Any]]:
        """Each stage with its stand-in."""
        return [
            *((kinds, name, stand) for name, stand in (("pack", self._packed), ("unpack", self._unpacked))),
            (judgement, "validate", _validate),
            (judgement, "check", ModuleType("no_check")),
            (making, "compose", self._composed),
            (making, "describe", _described),
            (making, "laid_out", lambda template, _profile: _Template()),
            (making, "require_conforming", lambda *_: None),
            (filling, "fill", self._filled),
            (ooxml, "opened_ours", lambda content: content),
            (making, "own_document", lambda content: content),
            (filling, "require_valid", lambda _content: None),
            (signatures, "names_under_signatures", lambda _values: ("A",)),
            (answering, "write", _written),
            (ordering, "workbook", lambda _workspace, _rows=(): b"an empty order workbook"),
            (answering, "marked_copy", lambda *_: None),
            (rendition, "render", self._rendered),
            (line, "ThreadPoolExecutor", Pool),
            (watching, "observed", self._observed),
            (status, "refresh", lambda _workspace: ()),
            (searching, "bring_up_to_date", lambda _workspace: None),
            (file_systems, "remote_kind", self._system.remote_kind),
        ]

    def _observed(self, *args: Any, **named: Any) -> Any:
        return self.observed(*args, **named)

    def _packed(self, folder: Path, _words: object) -> bytes:
        return f"bundle {folder.name} {self.facts}".encode()

    @staticmethod
    def _unpacked(content: bytes) -> Kind:
        return known_kinds().kinds[content.decode().split()[1]]

    def _composed(self, made_of: Ingredients) -> dict[str, Any]:
        return {
            "code": made_of.job.code,
            "facts": self.facts,
            "head": made_of.doc.get("headcount", 0),
            "number": made_of.number,
        }

    def _filled(self, _template: object, values: Mapping[str, Any], **_: Any) -> bytes:
        if SLIP <= values["head"] < TROUBLED and values["facts"] == 1:
            raise KindError("the facts of the year have a slip")
        return b"PK\x03\x04 " + json.dumps(values, sort_keys=True).encode()

    def _rendered(self, draft: bytes, *_: Any) -> Rendition:
        world = self._system.lived
        self.rendering(draft)
        fault = world.act("office", "")
        said = json.loads(draft[5:])
        troubled = said["head"] >= TROUBLED and said["facts"] == 1
        is_hanging = fault == "office-hangs" or world.lasts("office") or troubled
        with self.alone(f"render {said['code']}", "render"):
            world.sleep(20 if is_hanging else _SECONDS)
        if is_hanging:
            raise ToolTimeout("LibreOffice did not answer")
        return Rendition(b"%PDF-1.7 of " + draft[5:] + b" %%EOF", 1)


class _Template:
    digest = "t"


def _validate(reading: Reading, *_: Any, **__: Any) -> tuple[Finding, ...]:
    head = reading.values.get("headcount")
    if isinstance(head, int) and FAULTY <= head < SLIP:
        return (Finding("S01", Severity.BLOCK, verbatim("faulty")),)
    return ()


def _described(made_of: Ingredients) -> Description:
    direction = Direction(made_of.kind.register)
    return Description(
        made_of.day, f"{made_of.kind.id} {made_of.job.unit}", made_of.profile.id, "A", (), (), "", direction
    )


def _written(_workspace: object, facts: Any) -> bytes:
    said = f"{facts.answer} {facts.job_id} {facts.file_name} {[one.code for one in facts.findings]} {facts.head}"
    return b"PK\x03\x04 " + hashlib.sha256(said.encode()).hexdigest().encode()


class ThreeUnits(Year):
    """The example year with three units, whose values are made once."""

    @functools.lru_cache(maxsize=64)  # noqa: B019 - one year for the whole process
    def as_values(self, on: Any = None) -> Any:
        return super().as_values(on)

    def __hash__(self) -> int:
        return id(self)
