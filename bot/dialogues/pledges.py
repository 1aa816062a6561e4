"""Pledges: read, and confirmed by their signers, who are asked twice."""

from bot import actions
from bot.cards.pledges import pledge_card
from bot.cards.setup import sure_card
from bot.dialogues.talk import Routes, Talk
from bot.platforms.base import Answer
from bot.wording import notices
from bot.wording import pledges as wording
from handlers import pledges
from handlers.asking import bound
from handlers.meetings import Unchanged
from meeting.people import Right
from meeting.pledges import Party
from meeting.refusals import Refusal, Refused
from storage import pledges as stored
from storage.reading import pledge_views
from storage.views import PledgeView

# Shown


async def show_pledge(talk: Talk, action: actions.ShowPledge) -> Answer:
    """Show a pledge to anybody whom its meeting concerns."""
    return await show(talk, action.pledge_id)


async def find_pledge(talk: Talk, pledge_id: int, right: Right | None = None) -> PledgeView | Refused:
    """Give the pledge as who asks sees it: an attendee, a signer, who has a role, or only with the right."""
    async with talk.house.database.snapshot() as tx:
        pledge = await stored.get_pledge(tx, pledge_id)
        actor = await bound(tx, talk.asked, pledge.meeting_id)
        if isinstance(actor, Refused):
            return actor
        if right is not None and not actor.may(right):
            return Refused(Refusal.NOT_PERMITTED, {"right": right})
        view = (await pledge_views(tx, pledge_id, [talk.account.account_id])).get(talk.account.account_id)
    if view is None or (actor.attendee_id is None and not actor.roles and view.own is None):
        return Refused(Refusal.NOT_ATTENDEE)
    return view


async def show(talk: Talk, pledge_id: int, notice: str = "", *, replaces: bool = True) -> Answer:
    """Show the pledge as who asks sees it, with what was done."""
    view = await find_pledge(talk, pledge_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    return Answer(notice, pledge_card(talk.about(view.meeting).voice, view), replaces=replaces)


async def find_party(
    talk: Talk, party_id: int, right: Right | None = None
) -> tuple[PledgeView, Party] | Refused:
    """Give a party with its pledge as who asks sees it; raises PledgeNotFoundError."""
    async with talk.house.database.snapshot() as tx:
        pledge_id = await pledges.get_pledge_id(tx, party_id)
    view = await find_pledge(talk, pledge_id, right)
    if isinstance(view, Refused):
        return view
    return view, pledges.get_party(view.pledge, party_id)


# Confirmed


async def confirm_pledge(talk: Talk, action: actions.ConfirmPledge) -> Answer:
    """Confirm for a party what was read, asked once more."""
    if not action.sure:
        found = await find_party(talk, action.party_id)
        if isinstance(found, Refused):
            return talk.refuse(found)
        view, party = found
        frozen = view.pledge.frozen
        if frozen is None or (action.version, action.mark) != (frozen.version, frozen.mark):
            reason = Refusal.PLEDGE_NOT_FROZEN if frozen is None else Refusal.PLEDGE_SUPERSEDED
            return talk.refuse(Refused(reason))
        voice = talk.about(view.meeting).voice
        sure = actions.ConfirmPledge(action.party_id, action.version, action.mark, 1)
        text = wording.confirm_unsure(voice, party, frozen)
        return Answer(card=sure_card(voice, text, wording.button_confirm(voice), sure))
    result = await pledges.confirm_pledge(
        talk.house, talk.asked, action.party_id, action.version, action.mark
    )
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(wording.confirmed_before(talk.voice))
        case _:
            notice = wording.confirmed(talk.voice, result.confirmed, result.parties)
            return await show(talk, result.pledge_id, notice)


async def freeze_pledge(talk: Talk, action: actions.FreezePledge) -> Answer:
    """Begin confirming, asked once more."""
    if not action.sure:
        view = await find_pledge(talk, action.pledge_id, Right.PRESIDE)
        if isinstance(view, Refused):
            return talk.refuse(view)
        voice = talk.about(view.meeting).voice
        text = wording.freeze_unsure(voice, view.pledge, action.version)
        sure = actions.FreezePledge(action.pledge_id, action.version, 1)
        return Answer(card=sure_card(voice, text, wording.button_freeze(voice), sure))
    result = await pledges.freeze_pledge(talk.house, talk.asked, action.pledge_id, action.version)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return await show(talk, action.pledge_id, notices.unchanged(talk.voice))
        case _:
            return await show(talk, action.pledge_id, wording.frozen(talk.voice, result.unreached))


async def stop_pledge(talk: Talk, action: actions.StopPledge) -> Answer:
    """End confirming, asked once more."""
    if not action.sure:
        view = await find_pledge(talk, action.pledge_id, Right.PRESIDE)
        if isinstance(view, Refused):
            return talk.refuse(view)
        voice = talk.about(view.meeting).voice
        text, sure = wording.stop_unsure(voice, view.pledge), actions.StopPledge(action.pledge_id, 1)
        return Answer(card=sure_card(voice, text, wording.button_stop(voice), sure))
    result = await pledges.stop_pledge(talk.house, talk.asked, action.pledge_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return await show(talk, action.pledge_id, wording.stopped(talk.voice, result.voided))


ROUTES: Routes = {
    actions.ShowPledge: show_pledge,
    actions.FreezePledge: freeze_pledge,
    actions.StopPledge: stop_pledge,
    actions.ConfirmPledge: confirm_pledge,
}
"""What each button of this topic does."""
