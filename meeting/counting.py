"""Counts and shares: decided with integers, shown as percentages that never claim more than was counted."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a count must reach of its base; strict means more than the share ("quá"), else at least it."""

    numerator: int
    denominator: int
    is_strict: bool

    def __post_init__(self) -> None:
        is_all = self.numerator == self.denominator
        if not 0 < self.numerator <= self.denominator or (is_all and self.is_strict):
            message = (
                f"a threshold lies above 0 and can be reached, unlike {self.numerator}/{self.denominator}"
            )
            raise ValueError(message)

    def is_met(self, count: int, base: int) -> bool:
        """Whether the count reaches the share of the base, by integers; never of an empty base."""
        if base <= 0:
            return False
        reached, needed = count * self.denominator, base * self.numerator
        return reached > needed if self.is_strict else reached >= needed

    def least(self, base: int) -> int:
        """Give the smallest count that reaches the share of the base."""
        needed = base * self.numerator
        if self.is_strict:
            return needed // self.denominator + 1
        return -(-needed // self.denominator)


MAJORITY = Threshold(1, 2, is_strict=True)
TWO_THIRDS = Threshold(2, 3, is_strict=False)
ONE_THIRD = Threshold(1, 3, is_strict=False)


def hundredths_of_percent(count: int, base: int) -> int:
    """Give count/base in hundredths of a percent (9756 is 97,56%), rounded half up.

    10,000 is given only where count equals base, and 0 only where count is 0: rounding never makes
    unanimity, nor hides a vote (`domain.md` §4.2). Raises ValueError unless 0 <= count <= base and base > 0.
    """
    if not 0 <= count <= base or base == 0:
        message = f"no share: {count} of {base}"
        raise ValueError(message)
    rounded = int(Fraction(count * 10_000, base) + Fraction(1, 2))
    if count < base:
        rounded = min(rounded, 9_999)
    if count > 0:
        rounded = max(rounded, 1)
    return rounded
