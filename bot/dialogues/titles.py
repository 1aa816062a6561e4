"""Titles: listed, withdrawn, announced."""

from dataclasses import dataclass, replace

from bot import actions
from bot.cards.setup import sure_card
from bot.cards.titles import announce_sure_card, title_card, titles_card
from bot.dialogues.concerns import find_concern
from bot.dialogues.talk import Question, Routes, Talk, is_going_on
from bot.platforms.base import Answer
from bot.wording import notices
from bot.wording import titles as wording
from handlers import agenda, titles
from handlers.asking import closed_refusal, permitted
from handlers.meetings import Unchanged
from meeting.agenda import ItemKind
from meeting.people import Right, Role
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from storage import titles as stored
from storage.database import Tx
from storage.reading import get_titles_view
from storage.views import RecipientView, TitlesView, TitleView

# Looking


async def show_titles(talk: Talk, action: actions.ShowTitles) -> Answer:
    """Show a meeting's titles."""
    return await titles_answer(talk, action.meeting_id, action.page)


async def find_titles(
    talk: Talk, meeting_id: int, right: Right
) -> tuple[TitlesView, frozenset[Role]] | Refused:
    """Give a meeting's titles to somebody with this right, with that person's roles."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, meeting_id, right)
        if isinstance(actor, Refused):
            return actor
        return await get_titles_view(tx, meeting_id), actor.roles


async def titles_answer(talk: Talk, meeting_id: int, page: int = 0, notice: str = "") -> Answer:
    """Show a page of a meeting's titles to who may prepare them."""
    found = await find_titles(talk, meeting_id, Right.PREPARE)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, roles = found
    return Answer(notice, titles_card(talk.about(view.meeting).voice, view, page, roles=roles), replaces=True)


async def _find_title(
    talk: Talk, title_id: int
) -> tuple[TitlesView, TitleView, list[RecipientView], frozenset[Role]] | Refused:
    async with talk.house.database.snapshot() as tx:
        title = await stored.get_title(tx, title_id)
        actor = await permitted(tx, talk.asked, title.meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return actor
        recipients = await stored.list_recipients(tx, [title_id])
        return await get_titles_view(tx, title.meeting_id), title, recipients, actor.roles


async def show_title(talk: Talk, action: actions.ShowTitle) -> Answer:
    """Show one title with its recipients."""
    return await title_answer(talk, action.title_id, action.page)


async def title_answer(talk: Talk, title_id: int, page: int = 0, notice: str = "") -> Answer:
    """Show a title with a page of its recipients."""
    found = await _find_title(talk, title_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, title, recipients, roles = found
    card = title_card(talk.about(view.meeting).voice, view, title, recipients, page, roles=roles)
    return Answer(notice, card, replaces=True)


async def changeable_title(talk: Talk, title_id: int) -> TitleView | Refused:
    """Give a title that can still be changed."""
    found = await _find_title(talk, title_id)
    if isinstance(found, Refused):
        return found
    view, title, _, _ = found
    if view.meeting.state is MeetingState.CLOSED:
        return closed_refusal(view.meeting)
    if title.withdrawn_at is not None:
        return Refused(Refusal.TITLE_WITHDRAWN)
    return title if title.is_open else Refused(Refusal.TITLE_ANNOUNCED)


@dataclass(frozen=True)
class TitleQuestion(Question):
    """A question about a title."""

    title_id: int

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Until the meeting is closed."""
        del account_id
        return await is_going_on(tx, await find_concern(tx, self))


async def withdraw_title(talk: Talk, action: actions.WithdrawTitle) -> Answer:
    """Withdraw a decision, asked once more."""
    if not action.sure:
        title = await changeable_title(talk, action.title_id)
        if isinstance(title, Refused):
            return talk.refuse(title)
        text = wording.withdraw_sure(talk.voice, wording.title_text(talk.voice, title))
        label = wording.button_withdraw(talk.voice)
        return Answer(card=sure_card(talk.voice, text, label, actions.WithdrawTitle(action.title_id, 1)))
    result = await titles.withdraw_title(talk.house, talk.asked, action.title_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            return await titles_answer(talk, result.meeting_id, notice=wording.title_withdrawn(talk.voice))


# Announcing


async def add_commendation(talk: Talk, action: actions.AddCommendation) -> Answer:
    """Add the item with which titles are announced."""
    found = await find_titles(talk, action.meeting_id, Right.PREPARE)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, _ = found
    name = wording.commendation_title(replace(talk.voice, language=view.meeting.language))
    added = await agenda.add_item(talk.house, talk.asked, action.meeting_id, name, ItemKind.COMMENDATION)
    if isinstance(added, Refused):
        return talk.refuse(added)
    return await titles_answer(talk, action.meeting_id, notice=notices.agenda_changed(talk.voice))


async def announce_titles(talk: Talk, action: actions.AnnounceTitles) -> Answer:
    """Show what would be announced, and announce it when that is confirmed."""
    if action.mark:
        return await _announced(talk, action)
    async with talk.house.database.snapshot() as tx:
        meeting_id = await find_concern(tx, action)
        if meeting_id is None:
            return talk.refuse(Refused(Refusal.NOT_FOUND))
        actor = await permitted(tx, talk.asked, meeting_id, Right.PRESIDE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        view = await get_titles_view(tx, meeting_id)
        chosen = [one for one in view.titles if one.is_open and action.title_id in {0, one.title_id}]
        mark = await titles.mark_of(tx, chosen)
    item = next((one for one in view.items if one.item_id == action.item_id), None)
    is_over = item is None or item.decision is not None
    if not chosen or is_over or not any(one.counts.total for one in chosen):
        # The handler says why.
        return await _announced(talk, action)
    sure = actions.AnnounceTitles(action.item_id, action.title_id, mark)
    return Answer(card=announce_sure_card(talk.about(view.meeting).voice, sure, chosen, view.titles))


async def _announced(talk: Talk, action: actions.AnnounceTitles) -> Answer:
    result = await titles.announce_titles(
        talk.house, talk.asked, action.item_id, action.title_id or None, action.mark
    )
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            return Answer(
                wording.titles_announced(talk.voice, result.titles, is_item_over=result.is_item_over)
            )


ROUTES: Routes = {
    actions.ShowTitles: show_titles,
    actions.ShowTitle: show_title,
    actions.WithdrawTitle: withdraw_title,
    actions.AddCommendation: add_commendation,
    actions.AnnounceTitles: announce_titles,
}
"""What each button of this topic does."""
