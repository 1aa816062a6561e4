"""Numbers as official prose has them: 06, 1.250, 97,56%."""

from decimal import Decimal

from bot.wording.catalogue import SOURCE_LANGUAGE
from meeting.counting import Threshold, hundredths_of_percent

_ALL = 10_000


def plain_count(n: int, language: str) -> str:
    """Give a number with its thousands parted: "1.250", in English "1,250"."""
    return f"{n:,}" if language == SOURCE_LANGUAGE else f"{n:,}".replace(",", ".")


def official_count(n: int, language: str) -> str:
    """Give a number as official prose has it: "06", but "0" and "18"; in English "6" (`domain.md` §4.2)."""
    return f"0{n}" if 0 < n < 10 and language != SOURCE_LANGUAGE else plain_count(n, language)  # noqa: PLR2004 - one digit


def share(count: int, base: int, language: str) -> str:
    """Give a count over its base, never padded: "7/7", "1.204/1.250"."""
    return f"{plain_count(count, language)}/{plain_count(base, language)}"


def percent(count: int, base: int, language: str) -> str:
    """Give a share as "97,56%", in English "97.56%": two decimals, but "100%" for all and "0%" for none.

    Neither is ever the work of rounding (`domain.md` §4.2). Raises ValueError where there is no such share.
    """
    hundredths = hundredths_of_percent(count, base)
    if hundredths in {0, _ALL}:
        return f"{hundredths // 100}%"
    point = "." if language == SOURCE_LANGUAGE else ","
    return f"{hundredths // 100}{point}{hundredths % 100:02}%"


def fraction_text(threshold: Threshold) -> str:
    """Give a threshold's share as it is spoken of: "50%", "2/3"."""
    if 100 % threshold.denominator == 0:
        return f"{100 * threshold.numerator // threshold.denominator}%"
    return f"{threshold.numerator}/{threshold.denominator}"


def points_text(points: Decimal, language: str) -> str:
    """Give points as they are typed: "96,5", in English "96.5"; exact, thousands not parted."""
    text = f"{points.normalize():f}"
    return text if language == SOURCE_LANGUAGE else text.replace(".", ",")
