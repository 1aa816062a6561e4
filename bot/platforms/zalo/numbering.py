"""Numbers in place of buttons: which choice has which, and what a chat knows after it was shown them."""

import dataclasses
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from bot.actions import encode
from bot.platforms.base import Bar, Card, Do, NumberedCard, NumberedChoice, ShownChoices
from bot.texts import clean, cut, is_visible

FEW = 9
"""Choices that one digit tells apart; of more each number has two digits after the vote's."""

VOTES_KEPT = 12
"""Votes of which a chat is understood at most."""

_RUNS = 6
"""Votes of one number that a chat can be shown in half a day without their numbers being mixed up."""

_SAID_KEPT = 24
_REUSED_AFTER = timedelta(hours=12)
"""After this the numbers of a vote may be another meeting's, whose vote has the same number."""
_LONGEST_HEADING = 80
_ENTRY = re.compile(r"(?P<number>[0-9]{1,4})\. (?P<words>\S.*)")
_FOLLOWING = frozenset({"v1:askfloor", "v1:text"})
"""What is offered of whichever item is on."""


def choices_of(card: Card) -> list[Do]:
    """Give what a card offers to do, in its order."""
    return [choice for row in card.choices for choice in row if isinstance(choice, Do)]


def number_choices(
    card: Card, shown: ShownChoices, now: datetime, *, is_answer: bool = False
) -> NumberedCard:
    """Give a card's choices with their numbers, which are none of another vote's in the same chat.

    Of vote 5 they are 51, 52 and so on; where another vote has those, 501, 502. Of what is no vote they are
    1, 2, 3; where labels have numbers themselves, these, and the others come after them.
    """
    offered = choices_of(card)
    actions = [encode(choice.action) for choice in offered]
    labels = [clean(choice.label).replace("\n", " ").strip() for choice in offered]
    if card.number:
        numbers: Sequence[int] = _numbers_of_vote(card.number, actions, shown, now)
    else:
        numbers, labels = _numbers_by_label(labels)
    return NumberedCard(
        heading_of(card),
        tuple(map(NumberedChoice, numbers, labels, actions)),
        card.number,
        is_asked=card.ask is not None and card.ask.takes_text,
        shown_at=now,
        is_answer=is_answer,
    )


def _numbers_by_label(labels: Sequence[str]) -> tuple[list[int], list[str]]:
    """Give numbers, and the labels without those that they had: entries of a list keep theirs."""
    found = [_ENTRY.fullmatch(label) for label in labels]
    own = [int(one["number"]) for one in found if one]
    if len(set(own)) < len(own) or 0 in own:
        return list(range(1, len(labels) + 1)), list(labels)
    rest = itertools.count(max(own, default=0) + 1)
    numbers = [int(one["number"]) if one else next(rest) for one in found]
    return numbers, [one["words"] if one else label for one, label in zip(found, labels, strict=True)]


def _numbers_of_vote(vote: int, actions: Sequence[str], shown: ShownChoices, now: datetime) -> range:
    taken = {
        one.number
        for card in shown.votes
        if not _is_of(card, vote, actions) and not _may_be_reused(card, now)
        for one in card.choices
    }
    wanted = [range(vote * base + 1, vote * base + 1 + len(actions)) for base in _bases(len(actions))]
    return next((numbers for numbers in wanted if taken.isdisjoint(numbers)), wanted[-1])


def _bases(count: int) -> Iterator[int]:
    least = len(str(count))
    yield from (10**digits for digits in range(least, least + _RUNS))


def _is_of(card: NumberedCard, vote: int, actions: Sequence[str]) -> bool:
    """Whether a card is one of this very vote's: another run, or another meeting's, offers other actions."""
    return card.vote == vote and any(one.action in actions for one in card.choices)


def _may_be_reused(card: NumberedCard, now: datetime) -> bool:
    return card.shown_at is None or now - card.shown_at > _REUSED_AFTER


def heading_of(card: Card) -> str:
    """Give what tells a card apart from others."""
    texts = (card.heading, *(line.caption if isinstance(line, Bar) else line.text for line in card.lines))
    first = next((text for text in texts if is_visible(text)), "")
    return cut(clean(first).replace("\n", " ").strip(), _LONGEST_HEADING)


def with_card(shown: ShownChoices, card: NumberedCard, chosen: Sequence[str] = ()) -> ShownChoices:
    """Give what a chat knows after it was shown a card; one that neither offers nor asks changes nothing."""
    if not card.choices and not card.is_asked:
        return shown
    newest = dataclasses.replace(shown, newest=card, former=shown.newest)
    return with_said(with_vote(newest, card), chosen)


def with_vote(shown: ShownChoices, card: NumberedCard) -> ShownChoices:
    """Give what a chat knows where a vote's card may have been seen: its numbers, but not that it is newest.

    Numbers that the vote had before keep their meaning as long as nothing else has them.
    """
    if not card.vote or not card.choices:
        return shown
    actions, numbers = [one.action for one in card.choices], {one.number for one in card.choices}
    others: list[NumberedCard] = []
    former: list[NumberedChoice] = []
    for one in shown.votes:
        left = tuple(choice for choice in one.choices if choice.number not in numbers)
        if _is_of(one, card.vote, actions):
            former += left
        elif left:
            others.append(dataclasses.replace(one, choices=left))
    whole = dataclasses.replace(card, choices=(*card.choices, *former[: 2 * FEW]))
    return dataclasses.replace(shown, votes=(*others, whole)[-VOTES_KEPT:])


def with_said(shown: ShownChoices, actions: Sequence[str]) -> ShownChoices:
    """Give what a chat knows after it was told that these are its own choices."""
    if not actions:
        return shown
    said = (*(one for one in shown.said if one not in actions), *actions)
    return dataclasses.replace(shown, said=said[-_SAID_KEPT:])


def is_told(shown: ShownChoices, action: str, offered: Sequence[str], *, was_chosen: bool) -> bool:
    """Whether a chat was last told that this is its own choice, and no other of those like it on a card.

    `was_chosen` is what counts where too much was said since.
    """
    kind = _kind(action)
    alike = {action, *(one for one in offered if _kind(one) == kind)}
    last = next((one for one in reversed(shown.said) if one in alike), None)
    return was_chosen if last is None else last == action


def ballot_of(shown: ShownChoices, action: str) -> NumberedCard | None:
    """Give the vote's card that a chat was shown a choice on."""
    ballots = reversed(shown.votes)
    return next((card for card in ballots if any(one.action == action for one in card.choices)), None)


def others_than(ballot: NumberedCard, action: str) -> list[NumberedChoice]:
    """Give what can be chosen in place of a choice, by the newest numbers."""
    kind = _kind(action)
    alike = [one for one in ballot.choices if _kind(one.action) == kind]
    newest = {one.action: one for one in reversed(alike)}
    return [one for one in alike if newest[one.action] is one and one.action != action]


def offers_more(actions: Sequence[str], before: Sequence[str]) -> bool:
    """Whether something can be done that a card didn't offer before.

    To speak on the next item, or to read its text, is nothing new, as a meeting has many items.
    """
    return not _deeds(actions) <= _deeds(before)


def with_next_item(shown: ShownChoices, before: Sequence[str], actions: Sequence[str]) -> ShownChoices:
    """Give what a chat knows when a card that offered `before` offers `actions` without being sent again.

    If it is the newest there, what it offers of the item that is on is about the next one from then on.
    """
    newest = shown.newest
    if newest is None or newest.vote or _deeds(one.action for one in newest.choices) != _deeds(before):
        return shown
    of_next = {_deed(action): action for action in actions}
    choices = tuple(
        dataclasses.replace(one, action=of_next.get(_deed(one.action), one.action)) for one in newest.choices
    )
    return dataclasses.replace(shown, newest=dataclasses.replace(newest, choices=choices))


def with_ended(shown: ShownChoices, before: Sequence[str], actions: Sequence[str]) -> ShownChoices:
    """Give what a chat knows when a ballot that offered `before` offers nothing of it any more."""
    if not before or not set(before).isdisjoint(actions):
        return shown
    votes = tuple(
        dataclasses.replace(card, has_ended=True) if _is_of(card, card.vote, before) else card
        for card in shown.votes
    )
    return dataclasses.replace(shown, votes=votes)


def has_ended(shown: ShownChoices, vote: int, actions: Sequence[str]) -> bool:
    """Whether a vote that offers this could not be cast for a time, after the chat was shown it."""
    return any(card.has_ended and _is_of(card, vote, actions) for card in shown.votes)


def _deeds(actions: Iterable[str]) -> set[str]:
    return {_deed(one) for one in actions}


def _deed(action: str) -> str:
    kind = _kind(action)
    return kind if kind in _FOLLOWING else action


def _kind(action: str) -> str:
    return ":".join(action.split(":")[:2])
