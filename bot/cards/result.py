"""What became of a vote or an item, as it is told to everybody."""

from collections.abc import Sequence

from bot.cards.layout import clipped, strong
from bot.cards.versions import voted_item_text
from bot.platforms.base import Bar, Card, Line
from bot.wording.numbers import official_count, percent
from bot.wording.results import option_caption, outcome_text, result_text
from bot.wording.voice import Voice, say
from meeting.tally import Decision, Verdict
from storage.views import ItemView, MeetingView, VoteView

_TITLES_SHOWN = 12


def result_card(voice: Voice, meeting: MeetingView, vote: VoteView) -> Card:
    """Give the announced result of a vote."""
    return Card((Line(clipped(meeting.title)), *result_lines(voice, vote)))


def result_lines(voice: Voice, vote: VoteView) -> list[Line | Bar]:
    """Give a counted vote: what it was about, the sentence for the record, and a bar for each option."""
    if vote.is_advisory:
        heading = say(voice, "Opinions collected, %(number)s", number=vote.number)
    else:
        heading = say(voice, "Result of vote %(number)s", number=vote.number)
    lines: list[Line | Bar] = [strong(heading)]
    for item in vote.items[:_TITLES_SHOWN]:
        lines.append(Line(voted_item_text(voice, item, 150)))
        if vote.decision is not Decision.REJECTED:
            lines += addition_lines(voice, item.additions)
    rest = len(vote.items) - _TITLES_SHOWN
    if rest > 0:
        lines.append(Line(say(voice, "and %(n)s more", n=rest)))
    lines.append(strong(vote_result_text(voice, vote)))
    return [*lines, *result_bars(voice, vote)]


def vote_result_text(voice: Voice, vote: VoteView) -> str:
    """Give a counted vote's sentence, or "" of one that was not counted."""
    if vote.tally is None or vote.decision is None:
        return ""
    verdict = Verdict(vote.decision, vote.tally.is_unanimous)
    return result_text(voice, vote.tally, verdict, vote.threshold, vote.base_kind, vote.options)


def result_bars(voice: Voice, vote: VoteView) -> list[Bar]:
    """Give a bar for each option in its order, and one for those who did not vote."""
    tally = vote.tally
    if tally is None or tally.base == 0:
        return []
    bars = [
        Bar(option_caption(voice, option, tally), tally.count(option), tally.base) for option in vote.options
    ]
    count = official_count(tally.not_voted, voice.language)
    share = percent(tally.not_voted, tally.base, voice.language)
    bars.append(
        Bar(
            say(voice, "Not voted: %(count)s (%(share)s)", count=count, share=share),
            tally.not_voted,
            tally.base,
        )
    )
    return bars


def item_decided_card(voice: Voice, meeting: MeetingView, item: ItemView) -> Card:
    """Give what became of an item without a count: no number that was not counted, no percentage."""
    return Card((Line(clipped(meeting.title)), *item_outcome_lines(voice, item)))


def item_outcome_lines(voice: Voice, item: ItemView) -> list[Line]:
    """Give an item and what became of it, with what was added."""
    title = f"{item.number}. {clipped(item.title)}"
    lines = [strong(title)]
    if item.decision is None or item.is_counted:
        return lines
    lines.append(Line(outcome_text(voice, item.decision, len(item.additions))))
    return [*lines, *addition_lines(voice, item.additions)]


def addition_lines(voice: Voice, additions: Sequence[str]) -> list[Line]:
    """Give what was added to an item, as far as it fits."""
    if not additions:
        return []
    lines = [Line(say(voice, "Added:"))]
    lines += [Line(f"– {clipped(text)}") for text in additions[:6]]
    rest = len(additions) - len(lines) + 1
    if rest > 0:
        lines.append(Line(say(voice, "and %(n)s more", n=rest)))
    return lines
