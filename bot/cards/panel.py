"""The panel of those who run a meeting: where it stands, and only the buttons that make sense now."""

from collections.abc import Sequence
from typing import assert_never

from bot.actions import (
    Action,
    AddSpeech,
    AdoptItem,
    AnnounceVote,
    ApproveSummons,
    CancelVote,
    CloseCheckIn,
    CloseMeeting,
    CloseVote,
    EnterHands,
    ExtendVote,
    GoToItem,
    MoveMeeting,
    NoteItem,
    OpenCheckIn,
    OpenMeeting,
    OpenVote,
    PauseVote,
    PrepareVote,
    ReopenVote,
    RepeatVote,
    ResumeVote,
    ScheduleCheckIn,
    ScheduleVote,
    SendSummons,
    ShowJoint,
    ShowLatecomers,
    ShowMissing,
    SplitVote,
    StateAttendance,
    StatePreliminary,
    UnscheduleVote,
)
from bot.cards.attendance import cancelled_lines
from bot.cards.ballot import cancel_reason_text, question_lines, vote_title
from bot.cards.floor import floor_lines, panel_floor_buttons
from bot.cards.layout import button, clipped, in_rows, soft, strong
from bot.cards.pledges import item_pledge_button, panel_pledge_lines
from bot.cards.result import result_bars, vote_result_text
from bot.cards.score_lines import panel_scoring_lines, put_ranking_lines
from bot.cards.titles import announce_buttons, titles_lines
from bot.cards.tools import current_pledge_button, standing_buttons
from bot.cards.versions import question_text, text_button
from bot.platforms.base import Bar, Card, Choice, Line
from bot.wording.calls import last_minute_text, opening_text, unconfirmed_text
from bot.wording.dates import moment_text, time_text
from bot.wording.groups import group_text
from bot.wording.labels import base_text, decision_text, method_text, vote_state_text
from bot.wording.numbers import official_count, share
from bot.wording.results import (
    attendance_text,
    cancelled_text,
    counted_of_text,
    needed_text,
    outcome_text,
    rules_text,
    statement_text,
)
from bot.wording.versions import newest_text
from bot.wording.voice import Voice, say, say_plural
from meeting.agenda import ItemKind
from meeting.people import Right, grant
from meeting.speaking import SpeechKind
from meeting.states import MeetingState
from meeting.voting import Method, VoteState
from storage.views import ItemView, PanelView, VoteView

_MISSING_SHOWN = 20
_MINUTES = (3, 5)
_MORE_MINUTES = 2
_HEARD = frozenset(
    {
        ItemKind.REPORT,
        ItemKind.DISCUSSION,
        ItemKind.SPEECH,
        ItemKind.COMMENDATION,
        ItemKind.PLEDGE,
        ItemKind.OTHER,
    }
)
"""Kinds of items that may end with nothing decided."""

Lines = list[Line | Bar]


def panel_card(voice: Voice, view: PanelView) -> Card:
    """Give the panel for the roles that the view is for; what comes next stands first among the buttons."""
    lines: Lines = [strong(clipped(view.meeting.title))]
    groups: list[Sequence[Choice]] = []
    match view.meeting.state:
        case MeetingState.PLANNED:
            lines += _planned_lines(voice, view)
            groups = [_planned_buttons(voice, view)]
        case MeetingState.OPEN:
            lines += [*_attendance_lines(voice, view), *_item_lines(voice, view)]
            lines += floor_lines(voice, view.floor)
            groups = [
                _statement_buttons(voice, view),
                panel_floor_buttons(voice, view) if _may(view, Right.PRESIDE) else (),
                current_pledge_button(voice, view),
                _item_buttons(voice, view),
                _onward_buttons(voice, view),
                _window_buttons(voice, view) if view.open_vote is None else (),
            ]
        case MeetingState.CLOSED:
            lines += _closed_lines(voice, view)
        case _:
            assert_never(view.meeting.state)
    lines += panel_scoring_lines(voice, view.scorings)
    lines += panel_pledge_lines(voice, view.meeting, view.pledge, view.roles)
    lines += [soft(group_text(voice, each)) for each in view.groups]
    rows = [row for group in groups for row in in_rows(group)]
    # Two of the longer words of a meeting that runs fit side by side on a phone, three don't.
    width = 2 if view.meeting.state is MeetingState.OPEN else 3
    return Card(tuple(lines), (*rows, *in_rows(standing_buttons(voice, view), width)))


def _may(view: PanelView, right: Right) -> bool:
    return grant(view.roles, right)


# Before and after


def _planned_lines(voice: Voice, view: PanelView) -> Lines:
    meeting, language = view.meeting, voice.language
    moment = moment_text(voice, meeting.starts_at)
    lines: Lines = [
        Line(say(voice, "%(moment)s, at %(place)s", moment=moment, place=clipped(meeting.place))),
    ]
    if not meeting.is_check_in_open:
        replies = say(
            voice,
            "Summoned: %(summoned)s; not replied: %(missing)s; excused: %(excused)s.",
            summoned=official_count(view.attendance.summoned, language),
            missing=official_count(view.replies_missing, language),
            excused=official_count(view.attendance.excused, language),
        )
        lines.append(Line(replies))
    lines.append(soft(rules_text(voice, meeting.rules)))
    if meeting.is_check_in_open:
        lines.append(Line(attendance_text(voice, view.attendance)))
    elif meeting.check_in_opens_at is not None:
        opens = moment_text(voice, meeting.check_in_opens_at)
        lines.append(Line(say(voice, "Presence can be confirmed from %(moment)s.", moment=opens)))
    if not meeting.may_summon:
        lines.append(Line(say(voice, "The summons is not approved yet; nobody is summoned or reminded.")))
    if view.items == 0:
        lines.append(Line(say(voice, "The agenda has no items yet.")))
    return lines


def _planned_buttons(voice: Voice, view: PanelView) -> list[Choice]:
    buttons: list[Choice] = [*_window_buttons(voice, view)]
    never_open = view.meeting.check_in_opened_at is None
    if never_open and _may(view, Right.PREPARE):
        label = say(voice, "Open it by itself at …")
        buttons.append(button(label, ScheduleCheckIn(view.meeting.meeting_id)))
    if _may(view, Right.PRESIDE):
        buttons.append(button(say(voice, "Open the meeting"), OpenMeeting(view.meeting.meeting_id)))
    buttons += _summons_buttons(voice, view)
    if _may(view, Right.PREPARE):
        buttons.append(button(say(voice, "Change time or place"), MoveMeeting(view.meeting.meeting_id)))
    return buttons


def _summons_buttons(voice: Voice, view: PanelView) -> list[Choice]:
    meeting = view.meeting
    buttons: list[Choice] = []
    if _may(view, Right.APPROVE) and not meeting.may_summon:
        label = say(voice, "Approve the summons")
        buttons.append(button(label, ApproveSummons(meeting.meeting_id, meeting.moves)))
    elif _may(view, Right.INVITE):
        label = say(voice, "Send the summons") if meeting.may_summon else say(voice, "Ask for approval")
        buttons.append(button(label, SendSummons(meeting.meeting_id)))
    return buttons


def _window_buttons(voice: Voice, view: PanelView) -> list[Choice]:
    if not _may(view, Right.PREPARE):
        return []
    meeting = view.meeting
    if meeting.is_check_in_open:
        return [button(say(voice, "Close confirming presence"), CloseCheckIn(meeting.meeting_id))]
    return [button(say(voice, "Open confirming presence"), OpenCheckIn(meeting.meeting_id))]


def _closed_lines(voice: Voice, view: PanelView) -> Lines:
    if view.meeting.cancelled_at is not None:
        return [*cancelled_lines(voice, view.meeting)]
    done, items = official_count(view.items_done, voice.language), official_count(view.items, voice.language)
    lines: Lines = [Line(say(voice, "The meeting is closed."))]
    if view.meeting.closed_at is not None:
        closed = moment_text(voice, view.meeting.closed_at)
        lines = [Line(say(voice, "The meeting was closed at %(moment)s.", moment=closed))]
    lines.append(Line(say(voice, "Items dealt with: %(done)s of %(items)s.", done=done, items=items)))
    if view.statement is not None:
        lines.append(Line(attendance_text(voice, view.statement.attendance)))
    return lines


# Attendance


def _attendance_lines(voice: Voice, view: PanelView) -> Lines:
    statement = view.statement
    if statement is None:
        lines: Lines = []
        if view.preliminary is not None:
            stated = time_text(voice, view.preliminary.stated_at)
            lines.append(soft(say(voice, "Preliminary count recorded at %(time)s.", time=stated)))
        text = statement_text(voice, view.attendance, view.meeting.rules)
        lines.append(soft(say(voice, "Statement to be confirmed by the chair: %(text)s", text=text)))
        return lines
    lines = [Line(say(voice, "Now: %(text)s", text=attendance_text(voice, view.attendance)))]
    present = official_count(statement.attendance.counted, voice.language)
    stated = time_text(voice, statement.stated_at)
    lines.append(soft(say(voice, "Stated at %(time)s: %(present)s present.", time=stated, present=present)))
    if statement.attendance.has_quorum and not view.attendance.has_quorum:
        lines.append(strong(say(voice, "The quorum was lost since then; the chair decides how to go on.")))
    return lines


def _statement_buttons(voice: Voice, view: PanelView) -> list[Choice]:
    """Offer the statement until there is one with a quorum; later on it would only repeat itself."""
    meeting_id, statement = view.meeting.meeting_id, view.statement
    buttons: list[Choice] = []
    if statement is None or not statement.attendance.has_quorum:
        present = official_count(view.attendance.counted, voice.language)
        if _may(view, Right.PRESIDE):
            label = say(voice, "Confirm attendance: %(present)s", present=present)
            buttons.append(button(label, StateAttendance(meeting_id, view.attendance.counted)))
        if _may(view, Right.KEEP_ROLL) and view.preliminary is None:
            label = say(voice, "Preliminary count: %(present)s", present=present)
            buttons.append(button(label, StatePreliminary(meeting_id)))
    return buttons


# The current item and its vote


def _vote_now(view: PanelView) -> VoteView | None:
    """Give the vote that the panel is about: one that runs, on whatever item, else the current item's."""
    return view.open_vote or next((v for v in view.votes if v.state is not VoteState.CANCELLED), None)


def _item_lines(voice: Voice, view: PanelView) -> Lines:
    item = view.current_item
    if item is None:
        return [Line(say(voice, "The agenda has not been begun."))]
    place = item.number or 0
    lines: Lines = [
        strong(
            say(
                voice,
                "Item %(number)s of %(items)s: %(title)s",
                number=place,
                items=view.items,
                title=clipped(item.title),
            )
        )
    ]
    lines += put_ranking_lines(voice, view.rankings, item.item_id)
    vote = _vote_now(view)
    if vote is not None:
        return [*lines, *_vote_lines(voice, view, vote)]
    if item.decision is not None:
        outcome = (
            decision_text(voice, item.decision)
            if item.is_counted
            else outcome_text(voice, item.decision, len(item.additions))
        )
        return [*lines, Line(outcome), *(titles_lines(voice, view.titles) if view.titles else ())]
    if item.is_advisory:
        lines.append(soft(say(voice, "The meeting gives its opinion; the head of the agency decides.")))
    if view.votes:
        cancelled = view.votes[0]
        lines.append(Line(cancelled_text(voice, cancelled.number, cancel_reason_text(voice, cancelled))))
    if item.kind is ItemKind.COMMENDATION:
        lines += titles_lines(voice, view.titles)
    if item.text:
        lines.append(soft(newest_text(voice, item.text_version)))
    hint = _hint_text(voice, view, item)
    return [*lines, soft(hint)] if hint else lines


def _hint_text(voice: Voice, view: PanelView, item: ItemView) -> str:
    """Say what is missing before this item can be voted on."""
    if not item.kind.is_votable:
        return ""
    if view.statement is None and view.preliminary is None:
        if item.kind.is_procedural:
            return say(voice, "Before a vote: record the preliminary count, or confirm the attendance.")
        return say(voice, "Before a vote: confirm the attendance.")
    if view.statement is None:
        if item.kind.is_procedural:
            return say(
                voice, "Before the attendance is confirmed, this item can be voted on by counted hands."
            )
        return say(voice, "Before a vote: confirm the attendance.")
    if not view.is_method_adopted:
        return say(voice, "Until the method of voting is adopted, votes are taken by counted hands.")
    return ""


def _vote_lines(voice: Voice, view: PanelView, vote: VoteView) -> Lines:
    state = vote_state_text(voice, vote.state)
    title = vote_title(voice, vote)
    lines: Lines = [strong(say(voice, "%(vote)s: %(state)s", vote=title, state=state))]
    match vote.state:
        case VoteState.DRAFT:
            lines += [*question_lines(voice, vote), soft(_rule_text(voice, vote))]
            if vote.opening is not None:
                lines.append(strong(opening_text(voice, vote.opening)))
        case VoteState.OPEN | VoteState.PAUSED:
            lines += _running_lines(voice, view, vote)
        case VoteState.CLOSED | VoteState.ANNOUNCED if vote.tally is not None:
            lines += [Line(vote_result_text(voice, vote)), *result_bars(voice, vote)]
        case VoteState.CLOSED | VoteState.ANNOUNCED | VoteState.CANCELLED:
            pass
        case _:
            assert_never(vote.state)
    return lines


def _rule_text(voice: Voice, vote: VoteView) -> str:
    method = method_text(voice, vote.method)
    if vote.is_advisory:
        return say(voice, "Advisory, %(method)s; the head of the agency decides.", method=method)
    needed = needed_text(voice, vote.threshold, base_text(voice, vote.base_kind))
    return say(voice, "Voting %(method)s; adopted with %(needed)s.", method=method, needed=needed)


def _running_lines(voice: Voice, view: PanelView, vote: VoteView) -> Lines:
    lines: Lines = []
    if [item.item_id for item in vote.items] != [view.meeting.current_item_id]:
        lines.append(Line(question_text(voice, vote, 300)))
    if vote.base is not None:
        base = counted_of_text(voice, vote.base, vote.base_kind)
        lines.append(Line(say(voice, "Base: %(base)s.", base=base)))
    if vote.method is Method.HANDS:
        if vote.is_hands_entered:
            lines.append(Line(say(voice, "The hands are entered. End the vote, or enter them anew.")))
        else:
            lines.append(Line(say(voice, "Ask for each option, count the hands, then enter the numbers.")))
        return lines
    turnout = share(vote.turnout, vote.electors, voice.language)
    lines.append(strong(say(voice, "Voted: %(turnout)s", turnout=turnout)))
    if vote.are_all_in:
        lines.append(Line(say(voice, "All have voted.")))
    if vote.deadline_at is not None:
        lines.append(Line(say(voice, "Ends at %(time)s.", time=time_text(voice, vote.deadline_at))))
    if view.is_last_minute and vote.state is VoteState.OPEN and not vote.are_all_in:
        lines.append(strong(last_minute_text(voice, vote.electors - vote.turnout)))
    return lines + _missing_lines(voice, view)


def _missing_lines(voice: Voice, view: PanelView) -> Lines:
    if not view.missing:
        return []
    lines: Lines = [Line(say(voice, "Not voted yet: %(names)s", names=_names(view.missing)))]
    rest = len(view.missing) - _MISSING_SHOWN
    if rest > 0:
        lines.append(Line(say(voice, "and %(n)s more", n=rest)))
    if view.unconfirmed:
        lines.append(soft(unconfirmed_text(voice, _names(view.unconfirmed))))
    return lines


def _names(names: Sequence[str]) -> str:
    return ", ".join(clipped(name, 60) for name in names[:_MISSING_SHOWN])


def _item_buttons(voice: Voice, view: PanelView) -> list[Choice]:
    vote, item = _vote_now(view), view.current_item
    if vote is not None:
        return _vote_buttons(voice, view, vote)
    if item is None or item.decision is not None:
        return []
    buttons = _undecided_buttons(voice, view, item)
    if view.votes and _may(view, Right.PRESIDE):
        buttons.insert(0, button(say(voice, "Vote once more"), RepeatVote(view.votes[0].vote_id)))
    return buttons


def _undecided_buttons(voice: Voice, view: PanelView, item: ItemView) -> list[Choice]:
    buttons = _ceremony_buttons(voice, view, item)
    is_stated = view.statement is not None and view.statement.attendance.has_quorum
    may_take_hands = is_stated or (
        item.kind.is_procedural and view.statement is None and view.preliminary is not None
    )
    if item.kind.is_votable and _may(view, Right.PREPARE):
        if is_stated and view.is_method_adopted:
            buttons.append(_tap(voice, item, Method.CHAT))
        if may_take_hands:
            buttons.append(_tap(voice, item, Method.HANDS))
    if not _may(view, Right.PRESIDE):
        return buttons
    if item.kind.is_votable and (is_stated or item.kind.is_procedural):
        if item.is_advisory:
            buttons.append(button(say(voice, "Opinions given, not counted"), AdoptItem(item.item_id, 0)))
        else:
            buttons.append(button(say(voice, "Agreed, not counted"), AdoptItem(item.item_id, 0)))
            label = say(voice, "Agreed with additions, not counted")
            buttons.append(button(label, AdoptItem(item.item_id, 1)))
    if item.kind is ItemKind.SPEECH:
        meeting_id = view.meeting.meeting_id
        for label, kind in (
            (say(voice, "Record what is said"), SpeechKind.DIRECTIVE),
            (say(voice, "Record the conclusion"), SpeechKind.CONCLUSION),
        ):
            buttons.append(button(label, AddSpeech(meeting_id, item.item_id, kind)))
    if item.kind in _HEARD:
        buttons.append(button(say(voice, "Heard, nothing to decide"), NoteItem(item.item_id)))
    return [*buttons, *text_button(voice, item)]


def _ceremony_buttons(voice: Voice, view: PanelView, item: ItemView) -> list[Choice]:
    """Offer what belongs to titles and to a pledge."""
    match item.kind:
        case ItemKind.COMMENDATION:
            return announce_buttons(voice, item, view.titles, view.roles)
        case ItemKind.PLEDGE if view.pledge is None:
            return item_pledge_button(voice, view.meeting, item, view.pledge, view.roles)
        case _:
            return []


def _tap(voice: Voice, item: ItemView, method: Method) -> Choice:
    match method:
        case Method.CHAT:
            return button(say(voice, "Vote by phone"), PrepareVote(item.item_id, method))
        case Method.HANDS:
            return button(say(voice, "Vote by counted hands"), PrepareVote(item.item_id, method))
    assert_never(method)


def _vote_buttons(voice: Voice, view: PanelView, vote: VoteView) -> list[Choice]:
    match vote.state:
        case VoteState.DRAFT:
            return _draft_buttons(voice, view, vote)
        case VoteState.OPEN | VoteState.PAUSED:
            return _running_buttons(voice, view, vote)
        case VoteState.CLOSED if _may(view, Right.PRESIDE):
            return [
                button(say(voice, "Announce the result"), AnnounceVote(vote.vote_id)),
                button(say(voice, "Open again"), ReopenVote(vote.vote_id)),
                button(say(voice, "Cancel this run"), CancelVote(vote.vote_id)),
            ]
        case VoteState.ANNOUNCED if _may(view, Right.PRESIDE):
            return [button(say(voice, "Vote once more"), RepeatVote(vote.vote_id))]
        case VoteState.CLOSED | VoteState.ANNOUNCED | VoteState.CANCELLED:
            return []
    assert_never(vote.state)


def _draft_buttons(voice: Voice, view: PanelView, vote: VoteView) -> list[Choice]:
    buttons: list[Choice] = []
    if _may(view, Right.PRESIDE):
        buttons.append(button(say(voice, "Open the vote"), OpenVote(vote.vote_id, 0)))
        if vote.method is Method.CHAT:
            buttons += [
                button(_minutes_label(voice, minutes), OpenVote(vote.vote_id, minutes))
                for minutes in _MINUTES
            ]
            buttons.append(_schedule_button(voice, vote))
    if _may(view, Right.PREPARE) and vote.items:
        other = Method.HANDS if vote.method is Method.CHAT else Method.CHAT
        if other is Method.HANDS or view.is_method_adopted:
            label = (
                say(voice, "Take hands instead")
                if other is Method.HANDS
                else say(voice, "Take phones instead")
            )
            buttons.append(button(label, PrepareVote(vote.items[0].item_id, other)))
        buttons.append(button(say(voice, "Together with other items"), ShowJoint(vote.vote_id)))
        if len(vote.items) == 1:
            buttons += text_button(voice, vote.items[0])
    if _may(view, Right.PRESIDE):
        if len(vote.items) > 1:
            buttons.append(button(say(voice, "Split into single votes"), SplitVote(vote.vote_id)))
        buttons.append(button(say(voice, "Cancel this run"), CancelVote(vote.vote_id)))
    return buttons


def _schedule_button(voice: Voice, vote: VoteView) -> Choice:
    if vote.opening is None:
        return button(say(voice, "Open at a set time …"), ScheduleVote(vote.vote_id))
    return button(say(voice, "Do not open by itself"), UnscheduleVote(vote.vote_id))


def _minutes_label(voice: Voice, minutes: int) -> str:
    return say_plural(voice, "Open for %(n)s minute", "Open for %(n)s minutes", minutes)


def _running_buttons(voice: Voice, view: PanelView, vote: VoteView) -> list[Choice]:
    is_paused = vote.state is VoteState.PAUSED
    pairs: list[tuple[str, Action]] = []
    if _may(view, Right.PRESIDE):
        if vote.method is Method.HANDS:
            pairs.append((say(voice, "Enter the hands"), EnterHands(vote.vote_id)))
        if vote.method is Method.CHAT or vote.is_hands_entered:
            pairs.append((say(voice, "End the vote"), CloseVote(vote.vote_id, 0)))
        if is_paused:
            pairs.append((say(voice, "Go on"), ResumeVote(vote.vote_id)))
        elif vote.method is Method.CHAT:
            pairs.append((say(voice, "Pause"), PauseVote(vote.vote_id)))
        if vote.method is Method.CHAT and (is_paused or vote.deadline_at is not None):
            label = say_plural(voice, "%(n)s more minute", "%(n)s more minutes", _MORE_MINUTES)
            pairs.append((label, ExtendVote(vote.vote_id, _MORE_MINUTES)))
    if _may(view, Right.SEE_CHOICES) and vote.method is Method.CHAT:
        pairs.append((say(voice, "Who has voted"), ShowMissing(vote.vote_id, 0)))
        pairs.append((say(voice, "Admit a latecomer"), ShowLatecomers(vote.vote_id)))
    if _may(view, Right.PRESIDE):
        if len(vote.items) > 1:
            pairs.append((say(voice, "Split into single votes"), SplitVote(vote.vote_id)))
        pairs.append((say(voice, "Cancel this run"), CancelVote(vote.vote_id)))
    return [button(label, action) for label, action in pairs]


# Onward


def _onward_buttons(voice: Voice, view: PanelView) -> Sequence[Choice]:
    """Offer the next item, or the close after the last, once nothing of the current one is pending."""
    vote = _vote_now(view)
    if not _may(view, Right.PRESIDE) or (vote is not None and vote.state is not VoteState.ANNOUNCED):
        return []
    following = view.next_item
    if following is None:
        if view.items == view.items_done:
            return [button(say(voice, "Close the meeting"), CloseMeeting(view.meeting.meeting_id, 0))]
        return []
    if view.current_item is None:
        return [button(say(voice, "Begin: %(title)s", title=following.title), GoToItem(following.item_id))]
    return [button(say(voice, "Next: %(title)s", title=following.title), GoToItem(following.item_id))]
