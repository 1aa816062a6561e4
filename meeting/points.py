"""Points as people write them: exact decimals of at most four places, never guessed at."""

import re
from decimal import Decimal

from meeting.names import tidy
from meeting.refusals import Refusal, Refused

PLACES = 4
LARGEST = Decimal(1_000_000)
_LONGEST = 40

_UNIT = re.compile(r"(?<=[\d.,]) ?(?:điểm|diem|đ|points?)$", re.IGNORECASE)
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_UNCLEAR = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_GROUPED = (
    re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}"),
    re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}"),
    re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?"),
)
"""Thousands parted by points, commas or spaces, where it is clear that they are."""


def read_points(text: str) -> Decimal | Refused:
    """Read points with a decimal comma or point: "9,5", "9.5", "1.000,25".

    "1.000" may be a thousand or one: it is refused, as is what is no number, negative, or finer than four
    places. Only the figures 0 to 9 count.
    """
    line = tidy(text)
    shown = {"found": line[:_LONGEST]}
    bare = _UNIT.sub("", line)
    if re.fullmatch(r"[-\N{MINUS SIGN}\N{EN DASH}] ?[\d., ]+", bare, re.ASCII):
        return Refused(Refusal.POINTS_NEGATIVE, shown)
    if not bare.isascii() or len(bare) > _LONGEST:
        return Refused(Refusal.POINTS_UNREADABLE, shown)
    if _UNCLEAR.fullmatch(bare):
        return Refused(
            Refusal.POINTS_AMBIGUOUS, {**shown, "plain": re.sub(r"[.,]", "", bare), "exact": f"{bare}0"}
        )
    if _PLAIN.fullmatch(bare):
        points = Decimal(bare.replace(",", "."))
    elif any(grouped.fullmatch(bare) for grouped in _GROUPED):
        points = _ungrouped(bare)
    else:
        return Refused(Refusal.POINTS_UNREADABLE, shown)
    return refuse_fineness(points) or points


def _ungrouped(text: str) -> Decimal:
    """Give a number whose thousands are parted: the last mark is the decimal one if it stands alone."""
    marks = re.findall(r"[.,]", text)
    if marks and marks.count(marks[-1]) == 1:
        whole, _, part = text.rpartition(marks[-1])
        return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{part}")
    return Decimal(re.sub(r"[^0-9]", "", text))


def refuse_fineness(points: Decimal) -> Refused | None:
    """Give why points can't be kept exactly: they have more than four places."""
    # By its figures: arithmetic would round a number of forty.
    if len(f"{points:f}".partition(".")[2].rstrip("0")) <= PLACES:
        return None
    return Refused(Refusal.POINTS_TOO_FINE, {"places": PLACES})


def refuse_points(points: Decimal, most: Decimal) -> Refused | None:
    """Give why a criterion that gives (or takes off) at most so much can't get these points."""
    if points < 0:
        return Refused(Refusal.POINTS_NEGATIVE, {"found": str(points)})
    if points > most:
        return Refused(Refusal.POINTS_BEYOND, {"most": most})
    return refuse_fineness(points)
