"""What is said of votes by the clock: when they open, why they didn't, how long they still run."""

from datetime import datetime, timedelta

from bot.wording.dates import moment_text, span_text, time_text
from bot.wording.numbers import official_count
from bot.wording.refusals import refusal_text
from bot.wording.voice import Voice, say, say_plural
from meeting.refusals import Refusal, Refused
from meeting.vote_times import LAST_MINUTE, Hindrance, Opening

_SAME_DAY = timedelta(hours=12)
_SLACK = timedelta(seconds=10)


def opening_text(voice: Voice, opening: Opening) -> str:
    """Say when a drafted vote opens by itself."""
    moment = moment_text(voice, opening.opens_at)
    if opening.within is None:
        return say(voice, "Opens by itself at %(moment)s, until it is ended by hand.", moment=moment)
    span = span_text(voice, opening.within)
    return say(voice, "Opens by itself at %(moment)s, for %(span)s.", moment=moment, span=span)


def not_opened_text(voice: Voice, cause: str) -> str:
    """Say why a vote didn't open by itself; `cause` is a hindrance or a refusal."""
    if cause == Hindrance.LATE:
        return say(voice, "The program was not running then, and it is too late now.")
    if cause == Hindrance.TEXT_CHANGED:
        return say(voice, "The text was changed since. Check the question before you open the vote.")
    return refusal_text(voice, Refused(Refusal(cause)))


def end_text(voice: Voice, deadline_at: datetime, at: datetime) -> str:
    """Say when a vote ends, seen from an instant."""
    is_near = deadline_at - at < _SAME_DAY
    return say(
        voice,
        "Ends at %(time)s.",
        time=time_text(voice, deadline_at) if is_near else moment_text(voice, deadline_at),
    )


def missing_text(voice: Voice, missing: int, deadline_at: datetime, at: datetime) -> str:
    """Say how many haven't voted yet, and that it is the last minute where it is."""
    count = official_count(missing, voice.language)
    if not _is_a_minute(deadline_at - at):
        return say_plural(
            voice, "%(n)s elector has not voted yet.", "%(n)s electors have not voted yet.", missing, n=count
        )
    return say_plural(
        voice,
        "One minute left, %(n)s elector has not voted yet.",
        "One minute left, %(n)s electors have not voted yet.",
        missing,
        n=count,
    )


def unconfirmed_text(voice: Voice, names: str) -> str:
    """Name those whose vote may have got lost on its way, and say what is to be done."""
    return say(
        voice,
        "Of these on Zalo, where a message can get lost: %(names)s. Whoever says that they voted, and got no "
        "confirmation, sends it once more, or you enter it for them.",
        names=names,
    )


def _is_a_minute(span: timedelta) -> bool:
    return LAST_MINUTE - _SLACK <= span <= LAST_MINUTE


def last_minute_text(voice: Voice, missing: int) -> str:
    """Say in the last minute how many haven't voted yet."""
    return say_plural(
        voice,
        "Last minute: %(n)s elector has not voted yet.",
        "Last minute: %(n)s electors have not voted yet.",
        missing,
        n=official_count(missing, voice.language),
    )


def own_missing_text(voice: Voice, deadline_at: datetime, at: datetime) -> str:
    """Remind an elector that the vote is still missing, impersonally."""
    if _is_a_minute(deadline_at - at):
        return say(voice, "Not voted yet; one minute is left.")
    return say(voice, "Not voted yet.")


def opening_moment(voice: Voice) -> str:
    """Ask when a vote opens by itself."""
    return say(voice, "When shall this vote open by itself? A time of today, or day and time.")


def opening_example() -> str:
    """Give a time as it is typed."""
    return "15:00"


def opening_span(voice: Voice, opens_at: datetime) -> str:
    """Ask how long a vote stays open."""
    moment = moment_text(voice, opens_at)
    return say(voice, "The vote opens at %(moment)s. For how many minutes?", moment=moment)


def button_until_ended(voice: Voice) -> str:
    """Label the way to give a vote no deadline."""
    return say(voice, "Until it is ended by hand")


def vote_scheduled(voice: Voice, opening: Opening) -> str:
    """Answer when a vote opens by itself, and that the rules of an opening hold then."""
    return say(
        voice,
        "Recorded. %(opening)s If it cannot be opened then, the chair and the secretary are told.",
        opening=opening_text(voice, opening),
    )


def vote_unscheduled(voice: Voice) -> str:
    """Answer that a vote doesn't open by itself any more."""
    return say(voice, "The vote will not open by itself any more.")
