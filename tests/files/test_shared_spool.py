"""The spool, in a folder or in an object store: one contract; and what holds where many machines share a store."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.errors import HashMismatch
from pipeline.files import FolderStore, ObjectStore, Spool, SpoolMissing, SpoolUnreadable, sha256_of
from pipeline.files.identity import MARKER, FolderAway
from pipeline.files.shared_spool import UNUSED_SECONDS, SharedSpool, StoreIdentity
from tests.seaweed import Seaweed

pytestmark = pytest.mark.usefixtures("in_english")

LIMIT = 4_000_000
#: Puts other bytes in the place of an object, or takes it away (None), behind the back of the program.
Spoil = Callable[[str, bytes | None], None]


def machine(folder: Path, name: str, store: ObjectStore) -> SharedSpool:
    """The spool as one machine sees it."""
    var = folder / name / "var"
    return SharedSpool(var / "spool", store, StoreIdentity(store, var / "folders" / "spool-x.json", "spool"))


@pytest.fixture
def spoil(request: pytest.FixtureRequest, store: ObjectStore) -> Spoil:
    if isinstance(store, FolderStore):
        root = store.root

        def in_folder(name: str, content: bytes | None) -> None:
            (root / name).chmod(0o600)
            (root / name).unlink() if content is None else (root / name).write_bytes(content)

        return in_folder
    seaweed: Seaweed = request.getfixturevalue("seaweed")
    raw = seaweed.raw(store.where)

    def in_bucket(name: str, content: bytes | None) -> None:
        import obstore

        obstore.delete(raw, name) if content is None else obstore.put(raw, name, content)

    return in_bucket


@pytest.fixture(params=["alone", "shared"])
def spool(request: pytest.FixtureRequest, tmp_path: Path, store: ObjectStore) -> Spool:
    return Spool(tmp_path / "spool") if request.param == "alone" else machine(tmp_path, "m1", store)


# ------------------------------------------------------------------------------------------------ one contract


def test_what_is_put_is_got_by_its_hash(spool: Spool, tmp_path: Path) -> None:
    sha256 = spool.put(b"mot")
    assert sha256 == sha256_of(b"mot")
    assert spool.put(b"mot") == sha256
    assert (spool.get(sha256), spool.path(sha256).read_bytes()) == (b"mot", b"mot")
    assert spool.has(sha256)
    assert spool.seen(sha256).size_bytes == 3
    spool.verify(sha256)
    (tmp_path / "drop").write_bytes(b"hai" * 1_000_000)
    other, size = spool.put_file(tmp_path / "drop", limit_bytes=LIMIT)
    assert size == 3_000_000
    spool.verify(other)
    assert list(spool.hashes()) == sorted((sha256, other))


def test_what_was_never_put_is_missing(spool: Spool) -> None:
    spool.put(b"mot")
    unknown = "0" * 64
    assert not spool.has(unknown)
    for look in (spool.get, spool.verify, spool.seen):
        with pytest.raises(SpoolMissing, match=unknown):
            look(unknown)


# ------------------------------------------------------------------------------------------------ many machines


def test_what_one_machine_puts_another_gets(tmp_path: Path, store: ObjectStore) -> None:
    one, other = (machine(tmp_path, name, store) for name in ("m1", "m2"))
    sha256 = one.put(b"mot")
    assert other.get(sha256) == b"mot"
    (tmp_path / "drop").write_bytes(b"hai")
    second, _ = one.put_file(tmp_path / "drop", limit_bytes=LIMIT)
    assert other.path(second).read_bytes() == b"hai"
    # with the store away, what was copied is still there
    assert Spool(other.root).get(sha256) == b"mot"


def test_two_machines_that_put_the_same_at_once_keep_it_once(tmp_path: Path, store: ObjectStore) -> None:
    machines = [machine(tmp_path, f"m{number}", store) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        hashes = set(pool.map(lambda one: one.put(b"cung mot van ban"), machines))
    assert len(hashes) == 1
    assert list(machines[0].hashes()) == sorted(hashes)


@pytest.mark.parametrize("content", [b"met", b"", None], ids=["changed", "emptied", "gone"])
def test_what_is_not_in_the_store_as_it_was_put_is_refused(
    tmp_path: Path, store: ObjectStore, spoil: Spoil, content: bytes | None
) -> None:
    one, other = (machine(tmp_path, name, store) for name in ("m1", "m2"))
    for spool in (one, other):
        spool.must_be_there()
    sha256 = one.put(b"mot")
    spoil(f"{sha256[:2]}/{sha256}", content)
    trouble = SpoolMissing if content is None else HashMismatch
    for look in (other.get, other.path, other.verify):
        with pytest.raises(trouble, match=f"{store.where}/{sha256[:2]}/{sha256}"):
            look(sha256)
    assert list(Spool(other.root).hashes()) == []
    # a whole copy is no proof that the store has it
    with pytest.raises(trouble):
        one.verify(sha256)
    # and nobody puts it there in silence
    if content is not None:
        with pytest.raises(HashMismatch):
            one.put(b"mot")


def test_a_copy_that_was_damaged_is_fetched_anew(tmp_path: Path, store: ObjectStore) -> None:
    one = machine(tmp_path, "m1", store)
    sha256 = one.put(b"mot")
    one.path(sha256).chmod(0o600)
    one.path(sha256).write_bytes(b"met")
    assert one.get(sha256) == b"mot"
    assert one.path(sha256).read_bytes() == b"mot"


def test_a_spool_of_its_own_is_handed_over_the_first_time(tmp_path: Path, store: ObjectStore) -> None:
    own = Spool(tmp_path / "m1" / "var" / "spool")
    hashes = sorted(own.put(content) for content in (b"mot", b"hai"))
    machine(tmp_path, "m1", store).must_be_there()
    assert list(machine(tmp_path, "m2", store).hashes()) == hashes


def test_another_store_in_its_place_gets_nothing(tmp_path: Path, store: ObjectStore, spoil: Spoil) -> None:
    one = machine(tmp_path, "m1", store)
    one.must_be_there()
    sha256 = one.put(b"mot")
    for marker in (b"another\n", None):
        spoil(MARKER, marker)
        with pytest.raises(FolderAway, match="folders confirm spool"):
            one.must_be_there()
    # what is not there is not missing, where nobody knows whose store it is
    with pytest.raises(FolderAway):
        one.verify("0" * 64)
    one.identity.confirm()
    one.must_be_there()
    one.verify(sha256)


def test_copies_that_nobody_uses_go_and_come_again(tmp_path: Path, store: ObjectStore, spoil: Spoil) -> None:
    one = machine(tmp_path, "m1", store)
    unused, used, alone, sound = (one.put(content) for content in (b"mot", b"hai", b"ba", b"bon"))
    before = time.time() - UNUSED_SECONDS - 60
    for sha256 in (unused, used, alone, sound):
        os.utime(one.place(sha256), (before, before))
    one.path(used)
    spoil(f"{alone[:2]}/{alone}", None)
    spoil(f"{sound[:2]}/{sound}", b"other")
    assert one.sweep(older_than_s=60) == 1
    # what the store does not have, or has as other bytes, is not thrown away
    assert list(Spool(one.root).hashes()) == sorted((used, alone, sound))
    assert one.get(unused) == b"mot"


def test_where_the_disk_with_the_copy_fails_the_store_is_asked(tmp_path: Path, store: ObjectStore) -> None:
    spool = machine(tmp_path, "m1", store)
    sha256 = spool.put(b"mot")
    copy = spool.place(sha256)
    copy.unlink()
    copy.symlink_to(copy)  # neither there nor gone: every look at it fails
    assert (spool.get(sha256), spool.seen(sha256).size_bytes, spool.has(sha256)) == (b"mot", 3, True)
    with pytest.raises(SpoolUnreadable):
        spool.path(sha256)
