"""How somebody wants to be reached: the time zone of the quiet hours."""

from dataclasses import dataclass, replace
from typing import ClassVar

from bot import actions
from bot.cards.layout import button, in_rows
from bot.cards.setup import question_card
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.typed import typed_timezone
from bot.platforms.base import Answer, Card
from bot.wording import outlook as wording
from bot.wording.voice import Voice
from handlers import joining
from meeting.plan import NAME_LIMIT
from meeting.refusals import Refusal, Refused
from storage.people import find_account_timezone

_OFFERED = ("Asia/Ho_Chi_Minh", "Asia/Tokyo", "Europe/Paris", "America/Los_Angeles")


async def ask_timezone(talk: Talk, action: actions.AskTimezone) -> Answer:
    """Ask for the time zone."""
    del action
    async with talk.house.database.snapshot() as tx:
        timezone = await find_account_timezone(tx, talk.account.account_id)
    return await talk.ask(TimezoneWanted(timezone))


async def set_timezone(talk: Talk, action: actions.SetTimezone) -> Answer:
    """Take a time zone that was offered."""
    result = await _set(replace(talk, version=action.version), action.timezone)
    return talk.refuse(result) if isinstance(result, Refused) else result


async def _set(talk: Talk, timezone: str) -> Answer | Refused:
    result = await joining.set_timezone(talk.house, talk.asked, timezone)
    return result if isinstance(result, Refused) else Answer(wording.timezone_set(talk.voice, timezone))


@kept
@dataclass(frozen=True)
class TimezoneWanted(Question):
    """The time zone of one's quiet hours; `timezone` is the one so far, None where it is each meeting's."""

    topic: ClassVar[str] = "timezone"
    timezone: str | None

    def card(self, voice: Voice, version: int) -> Card:
        """Ask, with a few to choose from."""
        offered = [button(name, actions.SetTimezone(version, name)) for name in _OFFERED]
        place = button(wording.button_meeting_place(voice), actions.SetTimezone(version, ""))
        return question_card(
            voice,
            wording.timezone_wanted(voice, self.timezone),
            version,
            limit=NAME_LIMIT,
            example="Australia/Sydney",
            rows=(*in_rows(offered), (place,)),
        )

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take the name of a time zone."""
        timezone = typed_timezone(text)
        return Refused(Refusal.TIMEZONE_UNKNOWN) if timezone is None else await _set(talk, timezone)


ROUTES: Routes = {
    actions.AskTimezone: ask_timezone,
    actions.SetTimezone: set_timezone,
}
"""What each button of this topic does."""
