"""Lists of values for IN, in few lengths."""

from hypothesis import given
from hypothesis import strategies as st

from storage.lists import in_few_lengths


@given(st.sets(st.integers(), max_size=300))
def test_the_same_values_in_one_of_few_lengths(values: set[int]) -> None:
    listed = in_few_lengths(values)
    assert set(listed) == values
    assert listed == sorted(listed)
    assert len(values) <= len(listed) < max(2 * len(values), 1)
    assert len(listed).bit_count() <= 1
