"""What a meeting will take of the messages that platforms count."""

from bot import actions
from bot.cards.thrift import messages_card
from bot.dialogues.talk import Routes, Talk
from bot.platforms.base import Answer
from bot.wording.thrift import shortage_text
from handlers.asking import permitted
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from storage.reading import get_meeting_view


async def show_messages(talk: Talk, action: actions.ShowMessages) -> Answer:
    """Show the forecast of a meeting."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, action.meeting_id)
        forecasts = [await budget.forecast(tx, meeting) for budget in talk.office.budgets().values()]
    if not forecasts:
        return talk.refuse(Refused(Refusal.NOT_FOUND))
    voice = talk.about(meeting).voice
    return Answer(card=messages_card(voice, forecasts, meeting.meeting_id, meeting.title), replaces=True)


async def with_shortage(talk: Talk, meeting_id: int, notice: str) -> str:
    """Add to what is said to those who prepare a meeting where messages will not be enough for it."""
    budgets = talk.office.budgets().values()
    if not budgets:
        return notice
    async with talk.house.database.snapshot() as tx:
        meeting = await get_meeting_view(tx, meeting_id)
        forecasts = [await budget.forecast(tx, meeting) for budget in budgets]
    short = [shortage_text(talk.voice, each) for each in forecasts if not each.found.is_enough]
    return " ".join([notice, *short])


ROUTES: Routes = {actions.ShowMessages: show_messages}
"""What each button of this topic does."""
