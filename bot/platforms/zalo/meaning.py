"""What somebody means by what was typed, where numbers stand for buttons: never guessed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from bot.platforms.base import NumberedCard, NumberedChoice, ShownChoices, Tap, Text
from bot.platforms.zalo.numbering import FEW
from bot.wording.matching import plain, typed_choice, typed_command, typed_yes_no, without_courtesy
from meeting.codes import typed_code
from meeting.names import fold, tidy_lines
from meeting.voting import Option

_KEYCAPS = str.maketrans("", "", "\ufe0e\ufe0f\u20e3")
_LONGEST_NUMBER = 9
"""Digits; what is longer is a telephone's."""

_UNREAD = timedelta(seconds=5)
"""For so long a card that came by itself may not have been read."""

_NUMBER = re.compile(
    r"(?:(?:(?:em|toi|i)\s+)?(?P<pick>chon|pick|choose)\s*)?(?:(?:so|no|muc|number|phuong an)\s*)?"
    r"(?P<digits>\d+)\s*(?P<words>.*)",
    re.DOTALL,
)
_NUMBER_LAST = re.compile(r"(?P<words>\D+)\s(?P<digits>\d+)", re.DOTALL)
_AS_TYPED = re.compile(r"[^\d]*\d+[^\w]*(?P<words>.*)", re.DOTALL)
_PICKED = re.compile(r"(?:chon|pick|choose) (?P<words>.*)", re.DOTALL)
_ANSWERED = re.compile(
    r"(?:tr[aả]\s+l[oờ]i|answer)\s*(?::\s*|(?=\d))(?P<answer>.+)", re.DOTALL | re.IGNORECASE
)


class Why(Enum):
    """Why something typed is asked back."""

    AMBIGUOUS = auto()
    """It could mean several things."""
    MISMATCHED = auto()
    """The number is one choice's, the words are not."""
    UNKNOWN = auto()
    """The number is nobody's."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A choice that may be meant, with the heading of the card that it stands on."""

    choice: NumberedChoice
    heading: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """What was typed has to be asked back; `answers` is the question that it may be an answer to, or ""."""

    typed: str
    why: Why
    readings: tuple[Reading, ...] = ()
    answers: str = ""


def meant(text: str, shown: ShownChoices, now: datetime) -> Tap | Text | Unclear:
    """Give what somebody means who was shown these choices.

    A vote's number is its choice; a number of the newest card counts as long as nothing is asked that waits
    for something typed, and of a ballot that is newest its place does, too. Number and words go together or
    not at all. What could mean two things is neither, also where a card has just come over another one that
    has the same number; words alone are left to those who know them.
    """
    typed = tidy_lines(text.translate(_KEYCAPS))
    answer = _ANSWERED.fullmatch(typed)
    if answer and shown.question:
        return Text(answer["answer"])
    numbered = _NUMBER.fullmatch(fold(without_courtesy(typed)))
    if numbered is None:
        by_words = _meant_by_words(text, typed, shown)
        return _meant_by_number_last(text, typed, shown) if isinstance(by_words, Text) else by_words
    if len(numbered["digits"]) > _LONGEST_NUMBER:
        return Text(text)
    number, words = int(numbered["digits"]), numbered["words"]
    if words:
        return _meant_by_both(text, typed, number, words, shown)
    if numbered["pick"]:
        return _picked(typed, number, shown)
    return _meant_by_number(text, typed, number, shown, now)


# A number alone


def _meant_by_number(
    text: str, typed: str, number: int, shown: ShownChoices, now: datetime
) -> Tap | Text | Unclear:
    newest, is_asked = shown.newest, shown.newest is not None and shown.newest.is_asked
    on_newest = [] if newest is None or is_asked else list(_on(newest, number))
    found = _distinct([*on_newest, *_of_votes(shown, number)])
    is_answer = bool(shown.question)
    if not found:
        if is_answer or not _is_anything_shown(shown) or typed_code(text) is not None:
            return Text(text)
        return Unclear(typed, Why.UNKNOWN, tuple(_current(shown)))
    if typed.endswith(("?", "\uff1f")):
        return Unclear(typed, Why.AMBIGUOUS, tuple(found), shown.question)
    is_newest_ballots = bool(on_newest and newest and newest.vote and number > FEW)
    if on_newest and not is_newest_ballots and _has_just_come(newest, now):
        found = _distinct([*found, *_on_former(shown, number)])
    if len(found) > 1 or (is_answer and not is_newest_ballots):
        return Unclear(typed, Why.AMBIGUOUS, tuple(found), shown.question)
    return Tap(found[0].choice.action)


def _picked(typed: str, number: int, shown: ShownChoices) -> Tap | Unclear:
    """Take a number that was called a choice: the newest card's, else a vote's."""
    on_newest = [] if shown.newest is None else list(_on(shown.newest, number))
    found = _distinct(on_newest) or _distinct(_of_votes(shown, number))
    if len(found) == 1:
        return Tap(found[0].choice.action)
    if not found:
        return Unclear(typed, Why.UNKNOWN, tuple(_current(shown)))
    return Unclear(typed, Why.AMBIGUOUS, tuple(found))


def _has_just_come(card: NumberedCard | None, now: datetime) -> bool:
    """Whether a card came while something may have been typed for the one before."""
    if card is None or card.is_answer or card.shown_at is None:
        return False
    return timedelta() <= now - card.shown_at < _UNREAD


# A number and words


def _meant_by_both(
    text: str, typed: str, number: int, words: str, shown: ShownChoices
) -> Tap | Text | Unclear:
    on_newest = [] if shown.newest is None else list(_on(shown.newest, number))
    found = _distinct([*on_newest, *_of_votes(shown, number)])
    as_typed = _AS_TYPED.fullmatch(typed)
    said = as_typed["words"] if as_typed else words
    fitting = [one for one in found if _fits(said, one.choice.label)]
    fitting = _distinct([*fitting, *_with_words(shown.newest, fold(typed))])
    if not fitting:
        fitting = [one for one in _on_former(shown, number) if _fits(said, one.choice.label)]
    if len(fitting) == 1:
        choice = typed_choice(said)
        opinion = choice.opinion if choice is not None and choice.option is Option.OTHER else ""
        return Tap(fitting[0].choice.action, opinion)
    if fitting:
        return Unclear(typed, Why.AMBIGUOUS, tuple(fitting))
    if words[0].isdecimal():
        # Days, times and telephones; several choices at a time are none.
        is_list = number > FEW and all(word.isdecimal() for word in words.split())
        is_unclear = bool(found) and is_list and not shown.question
        return Unclear(typed, Why.AMBIGUOUS, tuple(_current(shown) or found)) if is_unclear else Text(text)
    is_choice = typed_choice(said) is not None
    if not is_choice and (not found or shown.question or typed_code(text) is not None):
        return Text(text)
    if not _is_anything_shown(shown):
        return Text(text)
    if not found:
        return Unclear(typed, Why.UNKNOWN, tuple(_current(shown)), shown.question)
    return _mismatched(typed, said, found, shown)


def _meant_by_number_last(text: str, typed: str, shown: ShownChoices) -> Tap | Text | Unclear:
    """Take words with a vote's number behind them, unless they may answer a question."""
    numbered = _NUMBER_LAST.fullmatch(fold(without_courtesy(typed)))
    if numbered is None or shown.question or len(numbered["digits"]) > _LONGEST_NUMBER:
        return Text(text)
    words, found = numbered["words"], _distinct(_of_votes(shown, int(numbered["digits"])))
    is_choice = typed_choice(words) is not None and _is_anything_shown(shown)
    if typed_code(text) is not None or not (found or is_choice):
        return Text(text)
    if not found:
        return Unclear(typed, Why.UNKNOWN, tuple(_current(shown)))
    fitting = [one for one in found if _fits(words, one.choice.label)]
    return Tap(fitting[0].choice.action) if len(fitting) == 1 else _mismatched(typed, words, found, shown)


def _mismatched(typed: str, words: str, found: list[Reading], shown: ShownChoices) -> Unclear:
    """Propose the choices of a number and those of the words; where these are nobody's, whatever is there."""
    headings = {one.heading for one in found}
    there = [one for one in _all(shown) if one.heading in headings]
    others = [one for one in there if _fits(words, one.choice.label)]
    return Unclear(typed, Why.MISMATCHED, tuple(_distinct([*found, *(others or there)])), shown.question)


def _fits(words: str, label: str) -> bool:
    """Whether words are a choice's: all of them, their beginning, or others that mean the same option."""
    said, written = plain(words).split(), plain(label).split()
    if said and written[: len(said)] == said:
        return True
    meaning, other = typed_choice(words), typed_choice(label)
    if meaning is not None and other is not None:
        return meaning.option is other.option
    is_yes = typed_yes_no(words)
    return is_yes is not None and is_yes is typed_yes_no(label)


# Words alone


def _meant_by_words(text: str, typed: str, shown: ShownChoices) -> Tap | Text | Unclear:
    """Take the words of the newest card's one choice; a vote's, and answers, are understood elsewhere."""
    newest = shown.newest
    known = typed_choice(typed) is not None or typed_yes_no(typed) is not None
    if newest is None or known:
        return Text(text)
    if newest.is_asked and (typed_command(typed) is not None or not shown.question):
        return Text(text)
    words = fold(typed)
    picked = _PICKED.fullmatch(words)
    found = _with_words(newest, words)
    if not found and picked is not None:
        found = [one for one in _readings(newest) if _fits(picked["words"], one.choice.label)]
    found = _distinct(found)
    if len(found) == 1 and shown.question and not newest.is_asked:
        return Unclear(typed, Why.AMBIGUOUS, tuple(found), shown.question)
    return Tap(found[0].choice.action) if len(found) == 1 else Text(text)


# What was shown


def _readings(card: NumberedCard) -> Iterator[Reading]:
    return (Reading(choice, card.heading) for choice in card.choices)


def _on(card: NumberedCard, number: int) -> Iterator[Reading]:
    """Give the choice that has a number on a card; on a ballot the one in that place, too."""
    for place, reading in enumerate(_readings(card), 1):
        if reading.choice.number == number or (card.vote and place == number <= FEW):
            yield reading


def _with_words(card: NumberedCard | None, words: str) -> list[Reading]:
    """Give the choices of a card whose words these are, all of them."""
    if card is None or not words:
        return []
    return [reading for reading in _readings(card) if fold(reading.choice.label) == words]


def _on_former(shown: ShownChoices, number: int) -> list[Reading]:
    """Give what a number was on the card before the newest, unless it waited for something typed."""
    former = shown.former
    return [] if former is None or former.is_asked else list(_on(former, number))


def _of_votes(shown: ShownChoices, number: int) -> Iterator[Reading]:
    for card in reversed(shown.votes):
        yield from (reading for reading in _readings(card) if reading.choice.number == number)


def _distinct(readings: Iterable[Reading]) -> list[Reading]:
    return list({reading.choice.action: reading for reading in reversed(list(readings))}.values())[::-1]


def _current(shown: ShownChoices) -> list[Reading]:
    """Give what can be chosen now: on the newest card, and of the newest vote."""
    cards = [*([] if shown.newest is None or shown.newest.is_asked else [shown.newest]), *shown.votes[-1:]]
    ended = {one.action for card in shown.votes if card.has_ended for one in card.choices}
    current = (reading for card in cards for reading in _readings(card))
    return _distinct(reading for reading in current if reading.choice.action not in ended)


def _all(shown: ShownChoices) -> list[Reading]:
    cards = [*([] if shown.newest is None else [shown.newest]), *reversed(shown.votes)]
    return _distinct(reading for card in cards for reading in _readings(card))


def _is_anything_shown(shown: ShownChoices) -> bool:
    return shown.newest is not None or bool(shown.votes)
