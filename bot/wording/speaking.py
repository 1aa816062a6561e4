"""What is said about who speaks: the queue for the floor, and why something isn't done."""

from collections.abc import Sequence
from typing import assert_never

from bot.wording.dates import time_text
from bot.wording.numbers import official_count, plain_count
from bot.wording.voice import Voice, say, say_plural
from handlers.floor import FloorAsked
from meeting.refusals import Refusal
from meeting.speaking import FloorEnd
from storage.views import TurnView

_NAMED = 30


def speaking_refused(voice: Voice, reason: Refusal) -> str:
    """Say why the floor isn't asked for or given, or a speech not recorded, and what to do next."""
    match reason:
        case Refusal.FLOOR_NOTHING_ON:
            return say(
                voice, "No item is being dealt with now. You can ask to speak when the chair comes to one."
            )
        case Refusal.FLOOR_ABSENT:
            return say(voice, "Only who is recorded as present can speak. Confirm the presence first.")
        case Refusal.FLOOR_TOO_OFTEN:
            return say(
                voice,
                "You have asked to speak on this item many times. Please turn to the secretary directly.",
            )
        case Refusal.FLOOR_GIVEN:
            return say(voice, "The floor is given already. Who does not want to speak tells the chair.")
        case Refusal.FLOOR_SETTLED:
            return say(voice, "This request to speak is settled already. If need be, ask to speak anew.")
        case Refusal.FLOOR_DURING_VOTE:
            return say(voice, "A vote is running. The floor is given again when it has ended.")
        case Refusal.SPEECHES_TOO_MANY:
            return say(
                voice, "This meeting has too many speeches already; several may be put into one record."
            )
        case _:
            return say(voice, "This speech was withdrawn; look at the newest list.")


def since_text(voice: Voice, turn: TurnView) -> str:
    """Give since when somebody speaks, and when the time is over: "từ 14:05, hết giờ lúc 14:10"."""
    began = "" if turn.began_at is None else time_text(voice, turn.began_at)
    if turn.speaks_until is None:
        return say(voice, "since %(time)s", time=began)
    until = time_text(voice, turn.speaks_until)
    return say(voice, "since %(time)s, until %(until)s", time=began, until=until)


def speaker_text(turn: TurnView) -> str:
    """Give who speaks, with the unit."""
    return ", ".join(filter(None, (turn.name, turn.unit)))


def speaking_text(voice: Voice, turn: TurnView) -> str:
    """Say who speaks, and since when."""
    since = since_text(voice, turn)
    return say(voice, "Speaking now: %(name)s (%(since)s).", name=speaker_text(turn), since=since)


def minutes_text(voice: Voice, minutes: int | None) -> str:
    """Give how long each may speak."""
    if minutes is None:
        return say(voice, "no time limit")
    return say_plural(voice, "%(n)s minute each", "%(n)s minutes each", minutes)


def asked(voice: Voice, asked: FloorAsked) -> str:
    """Answer a request for the floor."""
    if asked.place == 0:
        return say(voice, "You have the floor.")
    place = plain_count(asked.place, voice.language)
    if asked.is_repeat:
        return say(voice, "You have asked to speak already; your place: %(place)s.", place=place)
    return say(voice, "Your request to speak is recorded; your place: %(place)s.", place=place)


def entered(voice: Voice, name: str, asked: FloorAsked) -> str:
    """Say that somebody else waits for the floor."""
    if asked.place == 0:
        return say(voice, "%(name)s has the floor.", name=name)
    place = plain_count(asked.place, voice.language)
    if asked.is_repeat:
        return say(voice, "%(name)s waits to speak already; place: %(place)s.", name=name, place=place)
    return say(voice, "%(name)s waits to speak; place: %(place)s.", name=name, place=place)


def withdrawn(voice: Voice) -> str:
    """Say that somebody doesn't wait for the floor any more."""
    return say(voice, "The request to speak is withdrawn.")


def topic_wanted(voice: Voice) -> str:
    """Ask what somebody is going to speak about."""
    return say(voice, "What about? In short; the chair sees it.")


def topic_stated(voice: Voice) -> str:
    """Say that it is recorded."""
    return say(voice, "Recorded what it is about.")


def entrant_wanted(voice: Voice) -> str:
    """Ask who wants to speak."""
    return say(voice, "Who wants to speak? The name of an attendee who is present.")


def entrant_unknown(voice: Voice) -> str:
    """Say that nobody who is there goes by a name."""
    return say(
        voice, "Nobody who is recorded as present goes by this name. Type it as it stands in the list."
    )


def entrant_meant(voice: Voice, typed: str) -> str:
    """Ask whom a typed name means."""
    return say(voice, "Whom do you mean by “%(typed)s”?", typed=typed)


def called(voice: Voice, name: str) -> str:
    """Say to who presides that somebody has the floor."""
    return say(voice, "The floor is given: %(name)s.", name=name)


def finished(voice: Voice) -> str:
    """Say that somebody has spoken."""
    return say(voice, "The speech is recorded as ended.")


def passed_over(voice: Voice) -> str:
    """Say that somebody was passed over."""
    return say(voice, "Passed over; they are told and may ask again.")


def turn_moved(voice: Voice) -> str:
    """Say that the order is another."""
    return say(voice, "The order is changed.")


def minutes_wanted(voice: Voice) -> str:
    """Ask how long each may speak."""
    return say(voice, "How long may each speak? It holds for who is called from now on.")


def minutes_set(voice: Voice, minutes: int | None) -> str:
    """Say how long each may speak."""
    return say(voice, "Time to speak: %(minutes)s.", minutes=minutes_text(voice, minutes))


def unheard_text(voice: Voice, why: FloorEnd) -> str:
    """Say why somebody who waited doesn't get the floor."""
    match why:
        case FloorEnd.ITEM_OVER:
            return say(
                voice,
                "Your request to speak has ended: the item is over. You may ask to speak on the next one, "
                "or send your opinion in writing.",
            )
        case FloorEnd.MEETING_OVER:
            return say(
                voice,
                "Your request to speak has ended with the meeting. You may still turn to the secretary.",
            )
        case FloorEnd.LEFT:
            return say(voice, "Your request to speak has ended, as you are recorded as having left.")
        case FloorEnd.PASSED_OVER:
            return say(voice, "You were called to speak and passed over. If need be, ask to speak anew.")
    assert_never(why)


def spoken_text(voice: Voice, spoken: Sequence[TurnView]) -> str:
    """Say how many have spoken, and who, each once in the order of the first time."""
    names = list(dict.fromkeys(speaker_text(turn) for turn in spoken))
    shown = "; ".join(names[:_NAMED])
    if len(names) > _NAMED:
        shown = say(voice, "%(names)s and others", names=shown)
    count = official_count(len(spoken), voice.language)
    return say(voice, "Spoke in the discussion: %(count)s (%(names)s).", count=count, names=shown)
