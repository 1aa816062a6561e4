"""Sentences about messages that a platform's plan has so many of a month."""

from bot.wording.numbers import official_count, plain_count
from bot.wording.reach import platform_text
from bot.wording.voice import Voice, say, say_plural
from handlers.thrift import MessageForecast
from meeting.thrift import ALL_UNTIL, Forecast, Load, Plan


def used_text(voice: Voice, platform: str, used: int, total: int, share: int) -> str:
    """Give how many of a month's messages are used."""
    return say(
        voice,
        "%(platform)s: %(used)s of this month's %(total)s messages are used, more than %(share)s%%.",
        platform=platform_text(voice, platform),
        used=_plain(voice, used),
        total=_plain(voice, total),
        share=share,
    )


def people_warning_text(voice: Voice, platform: str, people: int, limit: int) -> str:
    """Say that a bot has nearly all the people that its plan allows."""
    return say(
        voice,
        "%(platform)s: %(people)s of at most %(limit)s people use this bot.",
        platform=platform_text(voice, platform),
        people=_plain(voice, people),
        limit=_plain(voice, limit),
    )


def spared_text(voice: Voice, share: int) -> str:
    """Give what isn't sent any more from a share on."""
    if share >= ALL_UNTIL:
        return say(
            voice,
            "From now on only ballots, results and answers are sent there; reminders and announcements are "
            "not. The list of those who cannot be reached says who has to be told otherwise.",
        )
    return say(
        voice,
        "Cards that only changed are no longer sent there. Look at the forecast of each meeting before it "
        "starts.",
    )


def refused_text(voice: Voice, platform: str) -> str:
    """Say that a platform takes no messages, though some are left by what was counted."""
    return say(
        voice,
        "%(platform)s has taken no more messages for some time: this month's seem to be used up.",
        platform=platform_text(voice, platform),
    )


def told_otherwise_text(voice: Voice) -> str:
    """Say how else people are told, and vote."""
    return say(
        voice,
        "What waits is tried again each minute. Have people vote on the hall's web pages or by hands, and "
        "tell them by their units.",
    )


# The forecast of a meeting


def left_text(voice: Voice, plan: Plan, month: str, left: int) -> str:
    """Give how many messages are left in a month ("2026-11")."""
    year, _, number = month.partition("-")
    counts = {
        "left": _plain(voice, left),
        "total": _plain(voice, plan.messages),
        "month": f"{number}/{year}",
    }
    if plan.counts_incoming:
        return say(
            voice, "%(left)s of %(total)s messages are left for %(month)s, incoming ones counted.", **counts
        )
    return say(voice, "%(left)s of %(total)s messages are left for %(month)s.", **counts)


def need_text(voice: Voice, load: Load, found: Forecast) -> str:
    """Give how many messages a meeting will take, for what."""
    return say(
        voice,
        "This meeting still takes about %(need)s: %(load)s.",
        need=_plain(voice, found.need),
        load=load_text(voice, load),
    )


def load_text(voice: Voice, load: Load) -> str:
    """Give what there is to send, to how many."""
    votes = say_plural(
        voice,
        "%(n)s item",
        "%(n)s items",
        len(load.votes),
        n=official_count(len(load.votes), voice.language),
    )
    people = say_plural(
        voice,
        "%(n)s person",
        "%(n)s people",
        load.people,
        n=official_count(load.people, voice.language),
    )
    return f"{votes} × {people}"


def verdict_text(voice: Voice, load: Load, found: Forecast) -> str:
    """Say whether the messages are enough, with a rehearsal and without."""
    if found.is_enough_rehearsed:
        return say(voice, "That is enough, for a rehearsal with everybody too.")
    if found.is_enough:
        return say(
            voice, "That is enough for the meeting, but not for a rehearsal with everybody before it as well."
        )
    return say(voice, "That is not enough for %(load)s.", load=load_text(voice, load))


def advice_texts(voice: Voice, found: Forecast) -> list[str]:
    """Give what would make them enough; nothing where they are."""
    if found.is_enough:
        return []
    texts = []
    if found.joined is not None:
        first, last = found.joined
        text = say(
            voice,
            "Put items %(first)s–%(last)s into one vote: then it takes about %(need)s.",
            first=first,
            last=last,
            need=_plain(voice, found.need_joined),
        )
        texts.append(text)
    if found.to_pages:
        text = say_plural(
            voice,
            "Have %(n)s person vote on the hall's web pages instead, which take no messages.",
            "Have %(n)s people vote on the hall's web pages instead, which take no messages.",
            found.to_pages,
            n=official_count(found.to_pages, voice.language),
        )
        texts.append(text)
    return texts


def shortage_text(voice: Voice, forecast: MessageForecast) -> str:
    """Say in short that the messages are not enough for a meeting, and where to read more."""
    return say(
        voice,
        "%(platform)s: %(left)s messages left, not enough for %(load)s; see “Messages”.",
        platform=platform_text(voice, forecast.platform),
        left=_plain(voice, forecast.found.left),
        load=load_text(voice, forecast.load),
    )


def people_text(voice: Voice, plan: Plan, people: int) -> str:
    """Give how many people use the bot, of how many who may."""
    return say(
        voice,
        "%(people)s of at most %(limit)s people use this bot.",
        people=_plain(voice, people),
        limit=_plain(voice, plan.people),
    )


def nearly_full_text(voice: Voice, places: int) -> str:
    """Say that few more can come, or nobody."""
    if places <= 0:
        return say(
            voice, "Nobody else can come by it: let the others use their personal web pages or Telegram."
        )
    return say_plural(
        voice,
        "Only %(n)s more can come by it: let the others use their personal web pages or Telegram.",
        "Only %(n)s more can come by it: let the others use their personal web pages or Telegram.",
        places,
        n=official_count(places, voice.language),
    )


def unlinked_text(voice: Voice, unlinked: int, places: int) -> str:
    """Say that more people are to come than can by the bot."""
    return say_plural(
        voice,
        "%(n)s attendee is not linked yet; %(places)s more can come by this bot.",
        "%(n)s attendees are not linked yet; %(places)s more can come by this bot.",
        unlinked,
        n=official_count(unlinked, voice.language),
        places=_plain(voice, places),
    )


def _plain(voice: Voice, count: int) -> str:
    return plain_count(count, voice.language)
