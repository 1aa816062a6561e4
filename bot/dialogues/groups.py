"""Groups: what is done in one, and the private side of it: the link that binds a group, letting one go."""

import dataclasses
from typing import assert_never

from bot import actions
from bot.addresses import Addresses, PrivateChat
from bot.cards.group import group_command_card, group_link_card
from bot.cards.setup import sure_card
from bot.dialogues.codes import code_of
from bot.dialogues.talk import Routes, Talk, voice_for
from bot.dialogues.voting import ballot_refused, cast
from bot.platforms.base import Admitted, Answer, Contact, File, Joined, Left, Moved, Tap, Text
from bot.wording import groups as wording
from bot.wording import notices
from bot.wording.matching import TypedChoice, typed_choice, typed_yes_no
from bot.wording.voice import Voice
from handlers import groups
from handlers.asking import RepeatedEventError, permitted
from handlers.attendance import CheckIn
from handlers.groups import GroupBound, Place, RebindUnsure
from handlers.inviting import find_shared_way
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from storage import people
from storage.database import Tx
from storage.groups import find_group, get_group
from storage.platforms import SPARING
from storage.reading import get_meeting_view
from storage.votes import find_meeting_of

# The private side


async def invite_group(talk: Talk, action: actions.InviteGroup) -> Answer:
    """Hand out the link that adds the bot to a group and binds it."""
    made = await groups.invite_group(talk.house, talk.asked, action.meeting_id, is_renewed=bool(action.renew))
    if isinstance(made, Refused):
        return talk.refuse(made)
    async with talk.house.database.snapshot() as tx:
        meeting = await get_meeting_view(tx, action.meeting_id)
    card = group_link_card(talk.about(meeting).voice, meeting, talk.addresses, made)
    return Answer(card=card, replaces=True)


async def unbind_group(talk: Talk, action: actions.UnbindGroup) -> Answer:
    """Let a group go; asked about once more."""
    async with talk.house.database.snapshot() as tx:
        group = await get_group(tx, action.group_id)
        actor = await permitted(tx, talk.asked, group.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return talk.refuse(actor)
    stays = group.platform in SPARING  # there a bot can't leave by itself
    if not action.sure:
        sure, label = actions.UnbindGroup(action.group_id, 1), wording.button_unbind(talk.voice)
        text = (wording.unbind_sure_staying if stays else wording.unbind_sure)(talk.voice, group.title)
        return Answer(card=sure_card(talk.voice, text, label, sure))
    gone = await groups.unbind_group(talk.house, talk.asked, action.group_id)
    if isinstance(gone, Refused):
        return talk.refuse(gone)
    return Answer((wording.let_go_staying if stays else wording.let_go)(talk.voice, gone.title))


async def rebind_group(talk: Talk, action: actions.RebindGroup) -> Answer:
    """Answer where this is tapped outside of a group."""
    del action
    return Answer(notices.out_of_date(talk.voice))


# In a group


async def take(talk: Talk) -> Answer:
    """Take in what was done in a group: what is no business of the bot is met with silence.

    A tap is answered to the one who tapped, in the toast or in the private chat, never to the group.
    """
    try:
        return await _take(talk)
    except RepeatedEventError:
        return Answer(notices.repeated(talk.voice)) if _is_tap(talk) else Answer()


async def _take(talk: Talk) -> Answer:
    place = Place(talk.incoming.platform, talk.incoming.chat, talk.incoming.chat_title)
    match talk.incoming.body:
        case Left():
            await groups.leave_group(talk.house, talk.asked, place)
            return Answer()
        case Moved(chat):
            await groups.move_group(talk.house, talk.asked, place.platform, place.chat, chat)
            return Answer()
        case Admitted() as admitted:
            return await _take_admission(talk, place, admitted)
        case Tap(text) if _is_tap(talk):
            answer = await _take_tap(talk, place, text)
            return dataclasses.replace(answer, chat="" if talk.is_stranger else talk.account.chat)
        case Joined() | Tap():
            answer = await _take_command(talk, place)
            is_said = answer == Answer() or talk.office.in_groups.lets_pass(place.chat, talk.now())
            return answer if is_said else Answer()  # in a flood nobody waits for it
        case Text(text):
            # It arrives only where the bot was picked in it.
            answer = await _take_typed(talk, place, text)
            is_said = answer == Answer() or talk.office.in_groups.lets_pass(place.chat, talk.now())
            return answer if is_said else Answer()
        case File() | Contact():
            return Answer()
        case _:
            assert_never(talk.incoming.body)


async def _take_command(talk: Talk, place: Place) -> Answer:
    body = talk.incoming.body
    if talk.incoming.is_anonymous:
        return Answer(wording.anonymous_refused(await _group_voice(talk)))
    if isinstance(body, Joined) and body.code:
        return await _bound(talk, await groups.bind_group(talk.house, talk.asked, place, body.code))
    return await _tell(talk)


async def _take_typed(talk: Talk, place: Place, text: str) -> Answer:
    """Take what was typed to the bot where groups have no commands: a code, and "yes" after it to be sure."""
    code, is_sure = _typed_code(text)
    if code is not None:
        bound = await groups.bind_group(talk.house, talk.asked, place, code, is_sure=is_sure)
        return await _bound(talk, bound, code)
    if typed_choice(text) is not None or text.strip().isdecimal():
        chat = await _private_chat(talk, None)
        return Answer(card=group_command_card(talk.voice, wording.vote_privately(talk.voice), chat))
    return await _tell(talk)


def _typed_code(text: str) -> tuple[str | None, bool]:
    """Give the code that a message is, or begins with, and whether "yes" follows it."""
    code = code_of(text)
    if code is not None:
        return code, False
    words = text.split()
    for place in range(1, len(words)):
        code = code_of(" ".join(words[:place]))
        if code is not None and typed_yes_no(" ".join(words[place:])):
            return code, True
    return None, False


def _is_tap(talk: Talk) -> bool:
    """Whether a button was tapped; a command that does the same is told to the group."""
    return isinstance(talk.incoming.body, Tap) and talk.incoming.shown_at is not None


async def _take_admission(talk: Talk, place: Place, admitted: Admitted) -> Answer:
    seen = await groups.admit_group(talk.house, talk.asked, place, admitted.lacks, is_new=admitted.is_new)
    if isinstance(seen, Refused):
        return talk.refuse(seen)
    if seen.meeting_id is not None or seen.is_greeted or not admitted.is_new:
        return Answer()
    return Answer(wording.not_in_use(await _group_voice(talk)))


async def _bound(talk: Talk, result: GroupBound | RebindUnsure | Refused, code: str = "") -> Answer:
    """Answer in the group; of one that is bound now the meeting's card is the answer.

    Where the `code` was typed to the bot there, more is typed as well.
    """
    match result:
        case GroupBound():
            return Answer()
        case RebindUnsure(_, followed, title) if code:
            return Answer(wording.rebind_by_typing(talk.voice, followed, title, code))
        case RebindUnsure(meeting_id, followed, title):
            text = wording.rebind_sure(talk.voice, followed, title)
            rebind = actions.RebindGroup(meeting_id)
            return Answer(card=sure_card(talk.voice, text, wording.button_rebind(talk.voice), rebind))
        case Refused():
            card = group_command_card(talk.voice, talk.refuse(result).notice, await _private_chat(talk, None))
            return Answer(card=card)
    assert_never(result)


async def _tell(talk: Talk) -> Answer:
    """Answer a command: which meeting the group follows, and where all else is done."""
    voice, meeting_id, text = talk.voice, None, ""
    async with talk.house.database.snapshot() as tx:
        group = await find_group(tx, talk.incoming.platform, talk.incoming.chat)
        if group is not None:
            meeting_id = group.meeting_id
            meeting = await get_meeting_view(tx, meeting_id)
            voice = voice_for(None, meeting)
            text = wording.follows(voice, meeting.title)
    card = group_command_card(voice, text or wording.not_bound(voice), await _private_chat(talk, meeting_id))
    return Answer(card=card)


async def _group_voice(talk: Talk) -> Voice:
    """Give the voice of the meeting that a group follows, else the one where nothing is known."""
    async with talk.house.database.snapshot() as tx:
        group = await find_group(tx, talk.incoming.platform, talk.incoming.chat)
        if group is None:
            return talk.office.default
        return voice_for(None, await get_meeting_view(tx, group.meeting_id))


async def _private_chat(talk: Talk, meeting_id: int | None) -> PrivateChat | None:
    """As `find_private_chat`, outside of a transaction."""
    platform = talk.incoming.platform
    async with talk.house.database.snapshot() as tx:
        return await find_private_chat(tx, talk.addresses, talk.house.key, platform, meeting_id)


async def find_private_chat(
    tx: Tx, addresses: Addresses, key: bytes, platform: str, meeting_id: int | None
) -> PrivateChat | None:
    """Give a platform's private chat, by a meeting's shared link where one is meant and has one."""
    way = None if meeting_id is None else await find_shared_way(tx, key, meeting_id)
    if way is None:
        return addresses.private_chat(platform, None)
    return addresses.private_chat(platform, way.token, way.code)


# Taps


async def _take_tap(talk: Talk, place: Place, text: str) -> Answer:
    match actions.decode(text):
        case None:
            return Answer(notices.out_of_date(talk.voice))
        case actions.CastVote() as action:
            return await _cast(talk, action)
        case actions.CheckIn() as action:
            return await _check_in(talk, action)
        case actions.RebindGroup(meeting_id):
            result = await groups.rebind_group(talk.house, talk.asked, place, meeting_id)
            if isinstance(result, GroupBound):
                return Answer(wording.rebound(talk.voice))
            refused = result if isinstance(result, Refused) else Refused(Refusal.OUT_OF_DATE)
            return talk.refuse(refused)
        case actions.CancelDialogue(0):
            return Answer(notices.left_as_it_is(talk.voice))
        case _:
            chat = await _private_chat(talk, None)
            return Answer(wording.private_only(talk.voice), link="" if chat is None else chat.address)


async def _cast(talk: Talk, action: actions.CastVote) -> Answer:
    """Cast a ballot; a text that is asked for then is asked for in the private chat."""
    if talk.is_stranger:
        return await _come_in(talk, action.vote_id)
    answer = await cast(talk, action.vote_id, TypedChoice(action.option, ""))
    if isinstance(answer, Refused):
        if answer.reason is Refusal.NOT_ATTENDEE and not await _is_known(talk, action.vote_id):
            return await _come_in(talk, action.vote_id)
        return await ballot_refused(talk, action.vote_id, answer)
    if answer.card is None:
        return answer
    return dataclasses.replace(answer, notice=wording.asked_privately(talk.voice, answer.notice))


async def _check_in(talk: Talk, action: actions.CheckIn) -> Answer:
    if talk.is_stranger:
        return await _come_in_to(talk, action.meeting_id)
    result = await talk.office.check_ins.put(CheckIn(talk.asked, action.meeting_id))
    if not isinstance(result, Refused):
        return Answer(notices.checked_in(talk.voice, result))
    if result.reason in {Refusal.NOT_BOUND, Refusal.NOT_ATTENDEE}:
        async with talk.house.database.snapshot() as tx:
            actor = await people.find_actor(tx, talk.account.account_id, action.meeting_id)
        if actor is None:
            return await _come_in_to(talk, action.meeting_id)
    return talk.refuse(result)


async def _is_known(talk: Talk, vote_id: int) -> bool:
    """Whether the account speaks for somebody in the organisation whose vote it is."""
    async with talk.house.database.snapshot() as tx:
        meeting_id = await find_meeting_of(tx, vote_id)
        if meeting_id is None:
            return False
        return await people.find_actor(tx, talk.account.account_id, meeting_id) is not None


async def _come_in(talk: Talk, vote_id: int) -> Answer:
    async with talk.house.database.snapshot() as tx:
        meeting_id = await find_meeting_of(tx, vote_id)
    return await _come_in_to(talk, meeting_id)


async def _come_in_to(talk: Talk, meeting_id: int | None) -> Answer:
    """Lead somebody who speaks for nobody yet to the private chat, where they come in."""
    chat = await _private_chat(talk, meeting_id)
    return Answer(wording.bind_first(talk.voice), link="" if chat is None else chat.address)


ROUTES: Routes = {
    actions.InviteGroup: invite_group,
    actions.RebindGroup: rebind_group,
    actions.UnbindGroup: unbind_group,
}
"""What each button of this topic does."""
