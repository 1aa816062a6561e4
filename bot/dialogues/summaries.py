"""What is told of meetings afterwards: a year's overview for organisers, a news draft for the secretary."""

import asyncio

from bot import actions
from bot.cards.news import news_card
from bot.cards.overview import overview_card
from bot.dialogues.setup import XLSX, list_organised
from bot.dialogues.talk import Routes, Talk
from bot.platforms.base import Answer, Attachment
from bot.wording.voice import Voice
from handlers.asking import permitted
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from storage.reading import get_news_view, get_overview_view
from storage.views import OverviewView

PNG = "image/png"


async def show_overview(talk: Talk, action: actions.ShowOverview) -> Answer:
    """Show a year of an organisation's meetings, with a picture and a workbook of it."""
    if action.organisation_id not in await list_organised(talk):
        return talk.refuse(Refused(Refusal.NOT_PERMITTED, {"right": Right.SET_UP}))
    async with talk.house.database.snapshot() as tx:
        view = await get_overview_view(tx, action.organisation_id, action.year)
    files = await asyncio.to_thread(_files, talk.voice, view) if view.overview.meetings else ()
    return Answer(card=overview_card(talk.voice, view, files), replaces=True)


def _files(voice: Voice, view: OverviewView) -> tuple[Attachment, ...]:
    from bot.papers.overview import draw_overview, write_overview

    name = f"tong-hop-{view.overview.year}"
    return (
        Attachment(f"{name}.png", PNG, draw_overview(voice, view)),
        Attachment(f"{name}.xlsx", XLSX, write_overview(voice, view)),
    )


async def draft_news(talk: Talk, action: actions.DraftNews) -> Answer:
    """Draft the news item about a closed meeting, from its results alone."""
    from bot.papers.news import draft_news as draft

    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.KEEP_ROLL)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        view = await get_news_view(tx, action.meeting_id)
    if not view.is_of_held:
        return talk.refuse(Refused(Refusal.MEETING_NOT_HELD))
    return Answer(card=news_card(draft(view), f"du-thao-tin-{action.meeting_id}.txt"))


ROUTES: Routes = {
    actions.ShowOverview: show_overview,
    actions.DraftNews: draft_news,
}
"""What each button of this topic does."""
