"""One contract for every object store: a folder, a bucket."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.errors import HashMismatch
from pipeline.files import NoSuchObject, ObjectStore


@pytest.mark.parametrize("content", [b"", b"hai", bytes(range(256)) * 12_000], ids=["empty", "small", "3 MB"])
def test_what_is_put_is_given_back(store: ObjectStore, content: bytes) -> None:
    store.make()
    assert store.create("ab/mot", content) is True
    assert store.read("ab/mot") == content
    assert b"".join(store.pieces("ab/mot")) == content
    seen = store.look("ab/mot")
    assert seen is not None
    assert seen.size_bytes == len(content)
    assert seen.written_at > 1_600_000_000


def test_nothing_is_written_over(store: ObjectStore) -> None:
    store.create("ab/mot", b"mot")
    assert store.create("ab/mot", b"mot") is False
    with pytest.raises(HashMismatch, match="ab/mot"):
        store.create("ab/mot", b"khac")
    assert store.read("ab/mot") == b"mot"


def test_what_was_never_put_is_told_apart(store: ObjectStore) -> None:
    store.create("ab/mot", b"mot")
    assert store.look("ab/hai") is None
    with pytest.raises(NoSuchObject):
        store.read("ab/hai")
    with pytest.raises(NoSuchObject):
        list(store.pieces("ab/hai"))


def test_names_are_listed_in_order_and_by_their_folder(store: ObjectStore) -> None:
    assert store.names() == []
    for name in ("b/2", "a", "b/1", "c/d/3"):
        store.create(name, b"x")
    assert store.names() == ["a", "b/1", "b/2", "c/d/3"]
    assert store.names("b") == ["b/1", "b/2"]
    assert store.names("nothing") == []


def at_once(calls: list[Callable[[], bool]]) -> list[object]:
    def tried(call: Callable[[], bool]) -> object:
        try:
            return call()
        except HashMismatch:
            return HashMismatch

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(tried, calls))


def test_of_many_who_put_the_same_at_once_one_is_first_and_all_are_right(store: ObjectStore) -> None:
    for number in range(5):
        ends = at_once([lambda name=f"ab/{number}": store.create(name, b"mot")] * 8)  # type: ignore[misc]
        assert sorted(map(str, ends)) == ["False"] * 7 + ["True"]


def test_of_many_who_put_something_else_under_one_name_one_wins(store: ObjectStore) -> None:
    for number in range(5):
        name = f"ab/{number}"
        ends = at_once([lambda by=by, name=name: store.create(name, b"x%d" % by) for by in range(8)])  # type: ignore[misc]
        assert ends.count(True) == 1
        assert ends.count(HashMismatch) == 7
        assert store.read(name) == b"x%d" % ends.index(True)
