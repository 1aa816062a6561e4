"""Lists of values for IN, in few lengths."""

from collections.abc import Collection
from typing import TypeVar

T = TypeVar("T", int, str)


def in_few_lengths(values: Collection[T]) -> list[T]:
    """Give the values in order, the last repeated up to a power of two: the same to IN.

    A database prepares a statement for each length, and batches have any.
    """
    ordered = sorted(values)
    return ordered + ordered[-1:] * ((1 << (len(ordered) - 1).bit_length()) - len(ordered)) if ordered else []
