"""What somebody can do just now, in one or two sentences: an attendee, and who runs the meeting."""

from typing import assert_never

from bot.cards.layout import clipped
from bot.wording.dates import moment_text
from bot.wording.labels import option_text
from bot.wording.numbers import official_count, share
from bot.wording.voice import Voice, say
from meeting.people import Presence, Reply, Right, grant
from meeting.states import MeetingState
from meeting.voting import Method, VoteState
from storage.views import AttendanceView, BallotView, PanelView, VoteView


def attendee_steps(voice: Voice, view: AttendanceView) -> list[str]:
    """Say where an attendee's meeting stands, and what the attendee can do about it."""
    meeting, attendee = view.meeting, view.attendee
    title = clipped(meeting.title)
    can_confirm = meeting.is_check_in_open and attendee.presence is Presence.AWAY
    match meeting.state:
        case MeetingState.PLANNED:
            moment, place = moment_text(voice, meeting.starts_at), clipped(meeting.place)
            steps = [
                say(voice, "Next: %(title)s, %(moment)s, %(place)s.", title=title, moment=moment, place=place)
            ]
            if attendee.reply is Reply.NONE and attendee.presence is Presence.AWAY:
                steps.append(say(voice, "You have not replied to the invitation yet."))
        case MeetingState.OPEN:
            steps = [say(voice, "Under way: %(title)s.", title=title)]
            if view.current_item is not None:
                item = f"{view.current_item.number}. {clipped(view.current_item.title)}"
                steps.append(say(voice, "Now: %(item)s", item=item))
        case MeetingState.CLOSED:
            return [say(voice, "Closed: %(title)s. The results were sent to you.", title=title)]
        case _:
            assert_never(meeting.state)
    if can_confirm and attendee.reply is not Reply.SUBSTITUTED:
        steps.append(say(voice, "You can confirm your presence now."))
    return steps


def ballot_step(voice: Voice, view: BallotView) -> str:
    """Say that a vote is open to somebody, and what they have chosen."""
    if view.own is None:
        return say(voice, "Vote %(number)s is open, and you have not voted yet.", number=view.vote.number)
    option = option_text(voice, view.own)
    return say(
        voice, "Vote %(number)s is open; recorded: %(option)s.", number=view.vote.number, option=option
    )


def staff_step(voice: Voice, view: PanelView) -> str:
    """Say what comes next in a meeting for those whose `roles` run it."""
    match view.meeting.state:
        case MeetingState.PLANNED:
            return _planned_step(voice, view)
        case MeetingState.OPEN:
            return _open_step(voice, view)
        case MeetingState.CLOSED:
            return say(voice, "Next: check the results and the drafts.")
    assert_never(view.meeting.state)


def _planned_step(voice: Voice, view: PanelView) -> str:
    if view.items == 0:
        return say(voice, "Next: add the items of the agenda.")
    if view.meeting.is_check_in_open:
        if not grant(view.roles, Right.PRESIDE):
            return say(voice, "Next: the chair or the secretary opens the meeting.")
        return say(voice, "Next: open the meeting when the chair says so.")
    if view.replies_missing:
        missing = official_count(view.replies_missing, voice.language)
        return say(voice, "Next: hand out the invitations; not replied yet: %(missing)s.", missing=missing)
    return say(voice, "Next: open confirming presence before the meeting begins.")


def _open_step(voice: Voice, view: PanelView) -> str:
    if view.open_vote is not None:
        return _running_step(voice, view.open_vote)
    if view.statement is None and view.preliminary is None:
        return say(voice, "Next: the chair confirms the attendance.")
    if any(vote.state is VoteState.CLOSED for vote in view.votes):
        return say(voice, "Next: announce the result.")
    if view.next_item is None:
        return say(voice, "Next: close the meeting, all items are dealt with.")
    if view.current_item is None or view.current_item.decision is not None:
        item = f"{view.next_item.number}. {clipped(view.next_item.title)}"
        return say(voice, "Next: go to the item %(item)s.", item=item)
    item = f"{view.current_item.number}. {clipped(view.current_item.title)}"
    return say(voice, "Next: deal with the item %(item)s.", item=item)


def _running_step(voice: Voice, vote: VoteView) -> str:
    if vote.state is VoteState.PAUSED:
        return say(voice, "Next: go on with the paused vote, or cancel it.")
    if vote.method is Method.HANDS and not vote.is_hands_entered:
        return say(voice, "Next: count the hands and enter the numbers.")
    turnout = share(vote.turnout, vote.electors, voice.language)
    if vote.method is Method.HANDS or vote.are_all_in:
        return say(voice, "Next: end the vote, all have voted.")
    return say(voice, "Next: wait for the ballots (%(turnout)s), then end the vote.", turnout=turnout)
