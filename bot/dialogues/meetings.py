"""An organiser's home, a meeting's opening and close, and help."""

from bot import actions
from bot.cards.attendance import attendance_card
from bot.cards.ballot import ballot_card
from bot.cards.help import help_card
from bot.cards.home import home_card
from bot.cards.panel import panel_card
from bot.cards.setup import sure_card
from bot.cards.tools import tools_card
from bot.dialogues.setup import list_organised
from bot.dialogues.talk import Routes, Talk
from bot.platforms.base import Answer
from bot.wording import notices, prompts
from bot.wording.labels import button_sure_close_meeting
from handlers import binding, meetings
from handlers.meetings import CloseUnsure, Unchanged
from meeting.people import Purpose
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind
from storage import cards, people
from storage.reading import attendance_views, ballot_views, home_view, panel_views
from storage.tasks import list_own_tasks
from storage.votes import list_open_votes_of


async def show_home(talk: Talk, action: actions.ShowHome) -> Answer:
    """Show an organiser's meetings, of the newest organisation, or what a member can do now."""
    del action
    organised = await list_organised(talk)
    if not organised:
        return await show_help(talk, actions.ShowHelp())
    async with talk.house.database.snapshot() as tx:
        view = await home_view(tx, talk.account.account_id, organised[0])
    return Answer(card=home_card(talk.voice, view), replaces=True)


async def show_meeting(talk: Talk, action: actions.ShowMeeting) -> Answer:
    """Make a meeting the one that typed answers are about, and show its panel.

    There is one panel: where the platform tells which card was tapped, it moves to that card's place, or to a
    new one if a live card stands there.
    """
    account_id, shown_at, is_moved = talk.account.account_id, talk.incoming.shown_at, False
    async with talk.house.database.transaction() as tx:
        if await people.find_actor(tx, account_id, action.meeting_id) is None:
            return talk.refuse(Refused(Refusal.NOT_BOUND))
        await people.put_current_meeting(tx, account_id, action.meeting_id)
        panels = await panel_views(tx, action.meeting_id, [account_id])
        if account_id in panels and shown_at is not None:
            place = None if await cards.is_live(tx, account_id, shown_at) else shown_at
            is_moved = await cards.move_card(tx, CardKind.PANEL, action.meeting_id, account_id, place)
    if account_id not in panels:
        return await show_help(talk, actions.ShowHelp())
    view = panels[account_id]
    if is_moved:
        return Answer(notices.meeting_shown(talk.voice, view.meeting.title))
    return Answer(card=panel_card(talk.about(view.meeting).voice, view), replaces=True)


async def show_tools(talk: Talk, action: actions.ShowTools) -> Answer:
    """Show what the panel leaves out while the meeting is held."""
    account_id = talk.account.account_id
    async with talk.house.database.snapshot() as tx:
        panels = await panel_views(tx, action.meeting_id, [account_id])
    if account_id not in panels:
        return talk.refuse(Refused(Refusal.NOT_BOUND))
    return Answer(
        card=tools_card(talk.about(panels[account_id].meeting).voice, panels[account_id]), replaces=True
    )


async def open_meeting(talk: Talk, action: actions.OpenMeeting) -> Answer:
    """Open the meeting."""
    result = await meetings.open_meeting(talk.house, talk.asked, action.meeting_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            return Answer(notices.meeting_opened(talk.voice))


async def close_meeting(talk: Talk, action: actions.CloseMeeting) -> Answer:
    """Close the meeting, or ask once more while items are undecided."""
    result = await meetings.close_meeting(
        talk.house, talk.asked, action.meeting_id, is_sure=bool(action.sure)
    )
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case CloseUnsure():
            text = prompts.meeting_close_unsure(talk.voice, result.undecided, result.titles)
            sure = actions.CloseMeeting(action.meeting_id, 1)
            return Answer(card=sure_card(talk.voice, text, button_sure_close_meeting(talk.voice), sure))
        case _:
            return Answer(notices.meeting_closed(talk.voice))


async def attend_oneself(talk: Talk, action: actions.AttendOneself) -> Answer:
    """Put oneself on the roll."""
    result = await binding.attend_oneself(talk.house, talk.asked, action.meeting_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            return Answer(notices.attendee_added(talk.voice, result.person, has_namesake=False))


async def show_now(talk: Talk) -> Answer:
    """Show what is current for this person: a ballot, best one not cast, the panel, the own card, or help."""
    meeting_id, account_id = talk.account.current_meeting_id, talk.account.account_id
    async with talk.house.database.snapshot() as tx:
        open_votes = await list_open_votes_of(tx, account_id)
        ballots = [(await ballot_views(tx, vote_id, [account_id]))[account_id] for vote_id in open_votes]
        panel = seat = None
        if meeting_id is not None and not ballots:
            panel = (await panel_views(tx, meeting_id, [account_id])).get(account_id)
            seat = (await attendance_views(tx, meeting_id, [account_id])).get(account_id)
    if ballots:
        ballot = next((one for one in ballots if one.own is None), ballots[-1])
        return Answer(card=ballot_card(talk.about(ballot.meeting).voice, ballot))
    if panel is not None:
        return Answer(card=panel_card(talk.about(panel.meeting).voice, panel))
    if seat is not None:
        return Answer(card=attendance_card(talk.about(seat.meeting).voice, seat))
    return await show_help(talk, actions.ShowHelp())


async def show_help(talk: Talk, action: actions.ShowHelp) -> Answer:
    """Show what can be done now."""
    del action
    meeting_id, account_id = talk.account.current_meeting_id, talk.account.account_id
    is_organiser = bool(await list_organised(talk))
    async with talk.house.database.snapshot() as tx:
        tasks = len(await list_own_tasks(tx, account_id))
    if meeting_id is None:
        return Answer(card=help_card(talk.voice, None, is_organiser=is_organiser, tasks=tasks))
    async with talk.house.database.snapshot() as tx:
        panels = await panel_views(tx, meeting_id, [account_id])
        seats = await attendance_views(tx, meeting_id, [account_id])
        open_votes = await list_open_votes_of(tx, account_id)
        ballots = [(await ballot_views(tx, vote_id, [account_id]))[account_id] for vote_id in open_votes]
        actor = await people.find_actor(tx, account_id, meeting_id)
        is_reminded = None
        if actor is not None:
            is_reminded = await people.find_consent(tx, actor.person_id, Purpose.REMINDERS) is not False
    panel, seat = panels.get(account_id), seats.get(account_id)
    return Answer(
        card=help_card(
            talk.voice,
            panel,
            seat,
            ballots,
            is_organiser=is_organiser,
            is_reminded=is_reminded,
            tasks=tasks,
        )
    )


ROUTES: Routes = {
    actions.ShowHome: show_home,
    actions.ShowMeeting: show_meeting,
    actions.ShowTools: show_tools,
    actions.OpenMeeting: open_meeting,
    actions.CloseMeeting: close_meeting,
    actions.AttendOneself: attend_oneself,
    actions.ShowHelp: show_help,
}
"""What each button of this topic does."""
