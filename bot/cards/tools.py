"""What stays at hand beside the panel's next steps, and what is out of the way while a meeting is held."""

from dataclasses import dataclass

from bot.actions import (
    Action,
    AttendOneself,
    CancelMeeting,
    DraftNews,
    SendAnnouncement,
    ShowAgenda,
    ShowFloor,
    ShowInvitations,
    ShowMeeting,
    ShowMessages,
    ShowOpinions,
    ShowPapers,
    ShowPledge,
    ShowReminders,
    ShowRoll,
    ShowScoring,
    ShowTasks,
    ShowTitles,
    ShowTools,
)
from bot.cards.layout import button, in_rows, strong
from bot.cards.tasks import has_tasks
from bot.platforms.base import Card, Choice
from bot.wording.opinions import button_opinions
from bot.wording.voice import Voice, say
from meeting.agenda import ItemKind
from meeting.people import Right, grant
from meeting.states import MeetingState
from storage.views import PanelView

_CANCELLED_BY = {MeetingState.PLANNED: Right.PREPARE, MeetingState.OPEN: Right.PRESIDE}
"""Who cancels a meeting: until it is open who prepares it, then who presides."""


@dataclass(frozen=True, slots=True)
class _Tool:
    """A button with whether it is offered now, and whether it is at hand while the meeting is held."""

    label: str
    action: Action
    is_offered: bool = True
    is_at_hand: bool = False


def standing_buttons(voice: Voice, view: PanelView) -> list[Choice]:
    """Give the panel's lasting buttons: all of them before and after, in the meeting those it needs."""
    offered = [tool for tool in _tools(voice, view) if tool.is_offered]
    if view.meeting.state is not MeetingState.OPEN:
        return [button(tool.label, tool.action) for tool in offered]
    at_hand: list[Choice] = [button(tool.label, tool.action) for tool in offered if tool.is_at_hand]
    if len(at_hand) < len(offered):
        at_hand.append(button(say(voice, "Other work …"), ShowTools(view.meeting.meeting_id)))
    return at_hand


def tools_card(voice: Voice, view: PanelView) -> Card:
    """Give what the panel leaves out while the meeting is held."""
    offered = [tool for tool in _tools(voice, view) if tool.is_offered and not tool.is_at_hand]
    buttons = [button(tool.label, tool.action) for tool in offered]
    back = (button(say(voice, "‹ Back to the meeting"), ShowMeeting(view.meeting.meeting_id)),)
    title = say(voice, "Other work: %(title)s", title=view.meeting.title)
    return Card((strong(title),), (*in_rows(buttons), back))


def current_pledge_button(voice: Voice, view: PanelView) -> list[Choice]:
    """Give the way to the pledge among the next steps, while its signing is the current item."""
    item, pledge = view.current_item, view.pledge
    is_signing = item is not None and item.kind is ItemKind.PLEDGE
    if pledge is None or not is_signing or view.meeting.state is not MeetingState.OPEN:
        return []
    return [button(say(voice, "Pledge"), ShowPledge(pledge.pledge_id))]


def _tools(voice: Voice, view: PanelView) -> list[_Tool]:
    meeting, item, pledge = view.meeting, view.current_item, view.pledge
    meeting_id, state = meeting.meeting_id, meeting.state
    is_open, is_over = state is MeetingState.OPEN, state is MeetingState.CLOSED
    is_held = meeting.cancelled_at is None
    is_awarding = item is not None and item.kind is ItemKind.COMMENDATION
    may_prepare, may_keep_roll = _may(view, Right.PREPARE), _may(view, Right.KEEP_ROLL)
    may_invite = _may(view, Right.INVITE)
    is_to_prepare = may_prepare and not is_over
    may_cancel = state in _CANCELLED_BY and _may(view, _CANCELLED_BY[state])
    return [
        _Tool(say(voice, "Agenda"), ShowAgenda(meeting_id, 0), is_at_hand=True),
        _Tool(say(voice, "Attendees"), ShowRoll(meeting_id, 0), may_keep_roll, is_at_hand=True),
        _Tool(say(voice, "Who speaks"), ShowFloor(meeting_id, 0), may_prepare and is_open, is_at_hand=True),
        _Tool(
            button_opinions(voice, view.opinions_waiting),
            ShowOpinions(meeting_id, 0, 0),
            is_held,
            is_at_hand=True,
        ),
        _Tool(
            say(voice, "Pledge"),
            ShowPledge(0 if pledge is None else pledge.pledge_id),
            pledge is not None and is_held and not current_pledge_button(voice, view),
        ),
        _Tool(
            say(voice, "Titles"),
            ShowTitles(meeting_id, 0),
            may_prepare and view.has_commendation,
            is_at_hand=is_awarding,
        ),
        *(_Tool(say(voice, "Scoring"), ShowScoring(each.scoring_id), is_held) for each in view.scorings),
        _Tool(say(voice, "Papers"), ShowPapers(meeting_id, 0, 0), bool(meeting.papers) or is_to_prepare),
        _Tool(say(voice, "Invitations"), ShowInvitations(meeting_id, 0), may_invite and not is_over),
        _Tool(say(voice, "Tell all attendees"), SendAnnouncement(meeting_id), is_to_prepare),
        _Tool(say(voice, "Reminders"), ShowReminders(meeting_id, 0), may_prepare),
        _Tool(say(voice, "Messages"), ShowMessages(meeting_id), is_to_prepare and view.counts_messages),
        _Tool(say(voice, "Tasks"), ShowTasks(meeting_id, 0), may_prepare and has_tasks(meeting)),
        _Tool(say(voice, "Draft news item"), DraftNews(meeting_id), may_keep_roll and is_over),
        _Tool(
            say(voice, "Attend as a delegate myself"),
            AttendOneself(meeting_id),
            may_keep_roll and not view.is_attendee and not is_over,
        ),
        _Tool(say(voice, "Cancel the meeting"), CancelMeeting(meeting_id), may_cancel),
    ]


def _may(view: PanelView, right: Right) -> bool:
    return grant(view.roles, right)
