"""The headings of the table with the ranking."""

from collections.abc import Iterable

from bot.wording.voice import Voice, say


def sheet_names(voice: Voice) -> tuple[str, str, str]:
    """Name the sheets: the ranking, all points, what was changed."""
    return say(voice, "Ranking"), say(voice, "Points in detail"), say(voice, "Changed points")


def ranking_heads(voice: Voice) -> list[str]:
    """Give the headings of the ranking."""
    return [
        say(voice, "Rank"),
        say(voice, "Unit"),
        say(voice, "By the unit itself"),
        say(voice, "Mean of other units"),
        say(voice, "Total"),
    ]


def point_heads(voice: Voice, units: Iterable[str]) -> list[str]:
    """Give the headings of all points: two columns for each unit."""
    heads = [
        say(voice, "No."),
        say(voice, "Section"),
        say(voice, "Criterion"),
        say(voice, "Kind"),
        say(voice, "Most"),
    ]
    for unit in units:
        heads += [say(voice, "%(unit)s (own)", unit=unit), say(voice, "%(unit)s (counts)", unit=unit)]
    return heads


def change_heads(voice: Voice) -> list[str]:
    """Give the headings of what was changed."""
    return [
        say(voice, "Unit"),
        say(voice, "Criterion"),
        say(voice, "Own points"),
        say(voice, "Points that count"),
        say(voice, "Reason"),
    ]
