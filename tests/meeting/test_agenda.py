import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.agenda import Direction, ItemKind, moved

orders = st.lists(st.integers(1, 1_000), min_size=1, max_size=30, unique=True)


def test_an_item_moves_by_one_place() -> None:
    assert moved([1, 2, 3], 2, Direction.UP) == [2, 1, 3]
    assert moved([1, 2, 3], 2, Direction.DOWN) == [1, 3, 2]


def test_at_either_end_it_stays() -> None:
    assert moved([1, 2, 3], 1, Direction.UP) == [1, 2, 3]
    assert moved([1, 2, 3], 3, Direction.DOWN) == [1, 2, 3]


def test_an_item_that_is_not_there_is_a_bug() -> None:
    with pytest.raises(ValueError, match="9"):
        moved([1, 2, 3], 9, Direction.UP)


@given(orders, st.sampled_from(Direction), st.data())
def test_moving_loses_nothing_and_disturbs_one_neighbour_at_most(
    order: list[int], direction: Direction, data: st.DataObject
) -> None:
    item_id = data.draw(st.sampled_from(order))
    after = moved(order, item_id, direction)
    assert sorted(after) == sorted(order)
    assert sum(a != b for a, b in zip(order, after, strict=True)) in {0, 2}


@given(orders, st.data())
def test_down_undoes_up_except_at_the_top(order: list[int], data: st.DataObject) -> None:
    item_id = data.draw(st.sampled_from(order))
    back = moved(moved(order, item_id, Direction.UP), item_id, Direction.DOWN)
    assert back == order or item_id == order[0]


def test_only_procedural_items_may_be_voted_on_before_the_statement() -> None:
    assert {kind for kind in ItemKind if kind.is_procedural} == {ItemKind.PROCEDURE, ItemKind.VOTING_METHOD}


def test_speeches_and_commendations_are_not_voted_on() -> None:
    assert not ItemKind.SPEECH.is_votable
    assert not ItemKind.COMMENDATION.is_votable
    assert ItemKind.DOCUMENT.is_votable
