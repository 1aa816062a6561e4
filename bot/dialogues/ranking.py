"""The ranking: shown to whom it is for now, put to an item of a meeting, handed over as a table."""

import asyncio
from collections.abc import Sequence

from bot import actions
from bot.cards.scores import items_card, ranking_card, ranking_file_card
from bot.cards.setup import sure_card
from bot.dialogues.scoring import look_at
from bot.dialogues.setup import XLSX
from bot.dialogues.talk import Routes, Talk
from bot.dialogues.verifying import find_verifying
from bot.platforms.base import Answer, Attachment
from bot.wording import notices
from bot.wording import scoring as wording
from bot.wording.voice import say
from handlers import ranking
from handlers.asking import permitted
from handlers.meetings import Unchanged
from handlers.papers import admitted
from handlers.scoring import Viewer
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from storage import agenda, meetings
from storage import scoring as stored
from storage.database import Tx
from storage.reading import get_meeting_view, list_items
from storage.views import ItemView, ScoringView


async def _find_ranking(tx: Tx, talk: Talk, scoring_id: int) -> tuple[ScoringView, Viewer] | Refused:
    """Give a scoring to who may see its ranking: who verifies, and once it is put all of that meeting."""
    view = await stored.get_scoring(tx, scoring_id)
    found = await look_at(tx, talk, scoring_id)
    if not view.state.is_public or view.ranked_item_id is None:
        if isinstance(found, Refused) or found[1].verifies:
            return found
        return Refused(Refusal.RANKING_NOT_PUT)
    if not isinstance(found, Refused):
        return found
    meeting_id = await agenda.find_meeting_of_item(tx, view.ranked_item_id)
    actor = found if meeting_id is None else await admitted(tx, talk.asked, meeting_id)
    return actor if isinstance(actor, Refused) else (view, Viewer(actor, None, verifies=False))


async def show_ranking(talk: Talk, action: actions.ShowRanking) -> Answer:
    """Show the ranking to whom it is for now."""
    return await _ranking(talk, action.scoring_id)


async def _ranking(talk: Talk, scoring_id: int, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        found = await _find_ranking(tx, talk, scoring_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    return Answer(notice, ranking_card(talk.voice, *found), replaces=True)


async def get_ranking(talk: Talk, action: actions.GetRanking) -> Answer:
    """Hand the ranking over as a workbook."""
    from bot.scores.tables import write_ranking

    async with talk.house.database.snapshot() as tx:
        found = await _find_ranking(tx, talk, action.scoring_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, _ = found
    ranked = view.ranking if view.state.is_public else view.rank()
    content = await asyncio.to_thread(write_ranking, talk.voice, view, ranked)
    file = Attachment(f"bang-diem-{view.scoring_id}.xlsx", XLSX, content)
    return Answer(card=ranking_file_card(talk.voice, view, file))


async def put_ranking(talk: Talk, action: actions.PutRanking) -> Answer:
    """Put the ranking to an item, asked to which."""
    if not action.item_id:
        async with talk.house.database.snapshot() as tx:
            found = await find_verifying(tx, talk, action.scoring_id)
            if isinstance(found, Refused):
                return talk.refuse(found)
            view, viewer = found
            offered = await _list_offered(tx, talk, view, viewer)
        return Answer(card=items_card(talk.voice, view, offered), replaces=True)
    put = await ranking.put_ranking(talk.house, talk.asked, action.scoring_id, action.item_id)
    match put:
        case Refused():
            return talk.refuse(put)
        case Unchanged():
            return await _ranking(talk, action.scoring_id, notices.unchanged(talk.voice))
        case _:
            return await _ranking(talk, action.scoring_id, wording.ranking_put(talk.voice))


async def _list_offered(tx: Tx, talk: Talk, view: ScoringView, viewer: Viewer) -> list[tuple[str, ItemView]]:
    """Give the items of this meeting, and of later ones that one prepares, that are to be decided on."""
    person_id = viewer.actor.person_id
    known = await meetings.list_meetings_of(tx, view.organisation_id, person_id, also=view.meeting_id)
    offered: list[tuple[str, ItemView]] = []
    for meeting_id in sorted((one for one, _ in known), key=lambda one: one != view.meeting_id):
        if meeting_id != view.meeting_id and isinstance(
            await permitted(tx, talk.asked, meeting_id, Right.PREPARE), Refused
        ):
            continue
        meeting = await get_meeting_view(tx, meeting_id)
        if meeting.closed_at is None and meeting.cancelled_at is None:
            offered += [(meeting.title, item) for item in _deciding(await list_items(tx, meeting_id), view)]
    return offered


def _deciding(items: Sequence[ItemView], view: ScoringView) -> list[ItemView]:
    return [
        item
        for item in items
        if item.item_id != view.item_id
        and ranking.may_rank(item.kind, item.decision, is_advisory=item.is_advisory)
    ]


async def take_back_ranking(talk: Talk, action: actions.TakeBackRanking) -> Answer:
    """Take the ranking back, asked once more."""
    if not action.sure:
        text, label = wording.take_back_sure(talk.voice), say(talk.voice, "Take it back")
        sure = actions.TakeBackRanking(action.scoring_id, 1)
        async with talk.house.database.snapshot() as tx:
            found = await find_verifying(tx, talk, action.scoring_id)
        if isinstance(found, Refused):
            return talk.refuse(found)
        return Answer(card=sure_card(talk.voice, text, label, sure))
    result = await ranking.take_back_ranking(talk.house, talk.asked, action.scoring_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return await _ranking(talk, action.scoring_id, notices.unchanged(talk.voice))
        case _:
            return await _ranking(talk, action.scoring_id, wording.ranking_taken_back(talk.voice))


ROUTES: Routes = {
    actions.ShowRanking: show_ranking,
    actions.GetRanking: get_ranking,
    actions.PutRanking: put_ranking,
    actions.TakeBackRanking: take_back_ranking,
}
"""What each button of this topic does."""
