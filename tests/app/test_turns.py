"""Turns: each party in turn, cheap first, and nobody for ever."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.app.turns import OLDEST_EVERY, Turns


def served(turns: Turns[str]) -> list[str]:
    """Everything that waits, in the order of its turns."""
    return [one for _ in range(len(turns)) if (one := turns.next()) is not None]


def test_whose_only_form_came_after_a_thousand_of_another_has_the_next_turn_but_one() -> None:
    turns: Turns[str] = Turns()
    for number in range(1000):
        turns.add(f"many-{number}", "BTLTP", 1)
    assert turns.next() == "many-0"
    turns.add("good", "KNH", 10_000)
    assert turns.next() == "good"
    assert len(turns) == 999


def test_a_party_is_served_again_when_all_others_were_though_nothing_of_it_waited_meanwhile() -> None:
    turns: Turns[str] = Turns()
    turns.add("a1", "A", 1)
    assert turns.next() == "a1"
    turns.add("b1", "B", 1)
    turns.add("a2", "A", 1)
    turns.add("b2", "B", 1)
    assert served(turns) == ["b1", "a2", "b2"]


def test_of_one_party_what_is_cheap_comes_first_and_of_equals_what_came_first() -> None:
    turns: Turns[str] = Turns()
    for name, cost in (("scan", 900), ("form", 5), ("other", 5)):
        turns.add(name, "KNH", cost)
    assert served(turns) == ["form", "other", "scan"]


def test_a_dear_one_has_its_turn_though_cheap_ones_keep_coming() -> None:
    turns: Turns[str] = Turns()
    turns.add("scan", "KNH", 900)
    seen = []
    for number in range(OLDEST_EVERY):
        turns.add(f"form-{number}", "KNH", 1)
        seen.append(turns.next())
    assert seen[-1] == "scan"


def test_what_is_added_twice_waits_once_and_what_is_cleared_does_not_wait() -> None:
    turns: Turns[str] = Turns()
    turns.add("form", "KNH", 1)
    turns.add("form", "KNH", 1)
    assert "form" in turns
    assert (turns.next(), turns.next()) == ("form", None)
    turns.add("form", "KNH", 1)
    turns.clear()
    assert (turns.next(), len(turns), "form" in turns) == (None, 0, False)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 3)) | st.none(), max_size=60))
def test_everything_has_one_turn_and_no_party_has_two_while_another_waits_longer(
    acts: list[tuple[str, int] | None],
) -> None:
    turns: Turns[int] = Turns()
    waiting: dict[int, str] = {}
    since: dict[str, int] = {}  # turns others have had while a party waited
    for number, act in enumerate([*acts, *[None] * len(acts)]):
        if act is not None:
            turns.add(number, act[0], act[1])
            waiting[number] = act[0]
            continue
        parties = set(waiting.values())
        found = turns.next()
        assert (found is None) == (not waiting)
        if found is not None:
            party = waiting.pop(found)
            since = {one: since.get(one, 0) + 1 for one in parties - {party}}
            assert all(count <= 2 for count in since.values()), "of three parties two may be before it"
    assert not waiting
