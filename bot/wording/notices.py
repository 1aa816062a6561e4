"""What is answered at once to something that was done: one or two sentences each."""

from datetime import datetime, timedelta
from typing import assert_never

from bot.wording.dates import moment_text, span_text, time_text
from bot.wording.labels import method_text, option_text
from bot.wording.numbers import official_count
from bot.wording.results import attendance_text, counts_text, outcome_text
from bot.wording.voice import Voice, say, say_plural
from handlers.attendance import AttendanceStated, CheckedIn, LeaveUnsure, PresenceRecorded
from handlers.balloting import HandsCounted
from handlers.closing import CloseUnsure, VoteClosed
from handlers.meetings import Unchanged
from handlers.opening import ElectorAdmitted, VoteOpened
from handlers.steps import VoteMoved
from meeting.attendance import StatementKind
from meeting.people import Presence, Reply
from meeting.tally import Decision
from meeting.voting import BaseKind, Method, Option, Turnout, VoteState

_TOAST_TITLE = 150


def repeated(voice: Voice) -> str:
    """Answer an event that was carried out before."""
    return say(voice, "This was recorded before; nothing was changed by sending it again.")


def not_recorded(voice: Voice) -> str:
    """Answer what could not be taken in because of a fault of ours."""
    return say(
        voice,
        "NOT recorded, because of a fault. Please try once more; if it fails again, tell the secretary.",
    )


def not_understood(voice: Voice) -> str:
    """Answer a text that nobody asked for."""
    if voice.is_typed:
        return say(
            voice,
            "Your message was not taken as an answer, as no question is open. "
            "Type the number of a choice of the newest message, or ? to see what can be done now.",
        )
    return say(
        voice,
        "Your message was not taken as an answer, as no question is open. "
        "Use the buttons of the newest card, or write HELP.",
    )


def still_asked(voice: Voice) -> str:
    """Begin to ask once more what is waiting for an answer."""
    return say(voice, "This question waits for your answer; CANCEL drops it.")


def yes_or_no_wanted(voice: Voice) -> str:
    """Answer a text that is neither yes nor no."""
    if voice.is_typed:
        return say(voice, "Please answer yes or no, by a number or in a word.")
    return say(voice, "Please answer yes or no, by a button or in a word.")


def confirmation_wanted(voice: Voice) -> str:
    """Answer a text while a preview waits."""
    return say(
        voice,
        "Nothing of this was taken: the preview waits. Store the meeting or cancel; a corrected workbook can "
        "be sent too.",
    )


def no_vote_open(voice: Voice) -> str:
    """Answer a typed choice while there is nothing to vote on."""
    return say(voice, "No vote is open to you now. The ballot comes when the chair opens a vote.")


def several_votes_open(voice: Voice) -> str:
    """Answer a typed choice that could belong to several votes."""
    if voice.is_typed:
        return say(
            voice, "Several votes are open to you. Type the number that the choice has in the one meant."
        )
    return say(voice, "Several votes are open to you. Use the button on the ballot of the one that you mean.")


def out_of_date(voice: Voice) -> str:
    """Answer a button of an earlier time."""
    if voice.is_typed:
        return say(voice, "This choice no longer applies. Type ? to see what can be done now.")
    return say(voice, "This button no longer applies. Use the newest card.")


def code_wanted(voice: Voice) -> str:
    """Answer somebody unknown."""
    return say(
        voice,
        "You are not linked to any meeting yet. Enter the code of your invitation (for example K7QF-2M9X), "
        "or open your personal link.",
    )


def file_not_expected(voice: Voice) -> str:
    """Answer a file that nobody asked for."""
    return say(
        voice, "No file is expected here, and it was not kept. An organiser sends the workbook by “Import”."
    )


def which_organisation(voice: Voice) -> str:
    """Answer a workbook that could be meant for several organisations."""
    return say(
        voice,
        "You organise for several organisations, and the file was not kept. Tap “Import” on the card of the "
        "one that is meant, then send it.",
    )


def text_expected(voice: Voice) -> str:
    """Answer a file where a text was asked for."""
    return say(voice, "Please answer with a text; the file was not kept.")


def file_expected(voice: Voice) -> str:
    """Answer a text where a file was asked for."""
    return say(voice, "Please send the filled-in workbook (.xlsx) as a file, or cancel.")


def given_up(voice: Voice) -> str:
    """Answer that a question is dropped."""
    return say(voice, "Cancelled. Nothing was changed.")


def left_as_it_is(voice: Voice) -> str:
    """Answer that something offered is not done."""
    return say(voice, "Left as it is.")


def nothing_to_give_up(voice: Voice) -> str:
    """Answer a cancellation where no question is open."""
    return say(voice, "There is nothing to cancel.")


def bound(voice: Voice, person: str, unit: str) -> str:
    """Answer a link or code that was taken up."""
    who = f"{person}, {unit}" if unit else person
    return say(voice, "Linked: %(who)s. If this is wrong, write WRONG.", who=who)


def bound_to_role(voice: Voice, person: str) -> str:
    """Answer a role's link that was taken up."""
    return say(voice, "Linked: %(who)s.", who=person)


def organisation_founded(voice: Voice, organisation: str) -> str:
    """Answer the founding of an organisation."""
    return say(voice, "%(organisation)s is set up. Next: create a meeting.", organisation=organisation)


def moved_to_here(voice: Voice) -> str:
    """Answer that an account took another one's place."""
    return say(voice, "Moved: from now on this account is used; the earlier one was told.")


def let_go(voice: Voice) -> str:
    """Answer "SAI"."""
    return say(
        voice,
        "The link was ended; nothing is shown here for that person any more. "
        "Please tell the secretary, who has the right link.",
    )


def language_set(voice: Voice) -> str:
    """Answer a choice of language, in it."""
    return say(voice, "From now on in English.")


# Meetings


def meeting_added(voice: Voice) -> str:
    """Answer a confirmed plan."""
    return say(
        voice, "The meeting is stored. Send everybody their personal link, then open the presence window."
    )


def meeting_shown(voice: Voice, title: str) -> str:
    """Answer that the panel of a meeting comes."""
    return say(voice, "Now shown: %(title)s", title=_clipped(title))


def meeting_opened(voice: Voice) -> str:
    """Answer the opening."""
    return say(voice, "The meeting is open. Attendees can confirm their presence.")


def meeting_closed(voice: Voice) -> str:
    """Answer the close."""
    return say(voice, "The meeting is closed; the summary goes to everybody.")


def unchanged(voice: Voice) -> str:
    """Answer a repeat."""
    return say(voice, "It was so already; nothing was changed.")


# Attendance


def replied(voice: Voice, reply: Reply, substitute: str = "") -> str:
    """Answer a reply to the invitation; `substitute` is who comes instead."""
    match reply:
        case Reply.COMING:
            return say(voice, "Recorded: you will attend.")
        case Reply.ABSENT:
            return say(voice, "Recorded: you will be absent, with the reason given.")
        case Reply.SUBSTITUTED:
            return say(
                voice,
                "Recorded: %(name)s will attend for the unit. The secretary hands out the personal link.",
                name=substitute,
            )
        case Reply.NONE:
            return say(voice, "Your reply was withdrawn.")
        case _:
            assert_never(reply)


def checked_in(voice: Voice, result: CheckedIn) -> str:
    """Answer a confirmation of presence."""
    if result.is_repeat:
        return say(voice, "Your presence was recorded at %(time)s already.", time=time_text(voice, result.at))
    return say(voice, "Recorded: you are present since %(time)s.", time=time_text(voice, result.at))


def presence_recorded(voice: Voice, result: PresenceRecorded | LeaveUnsure | Unchanged) -> str:
    """Answer an entry of presence or leave."""
    match result:
        case PresenceRecorded(Presence.PRESENT):
            return say(voice, "Recorded as present.")
        case PresenceRecorded():
            return say(voice, "Recorded as having left. Votes cast before stay as they are.")
        case LeaveUnsure():
            return say(
                voice,
                "Do you leave the meeting now? Who has left does not vote; on coming back, confirm your "
                "presence again.",
            )
        case Unchanged():
            return unchanged(voice)
        case _:
            assert_never(result)


def window_set(voice: Voice, *, is_open: bool) -> str:
    """Answer that the presence window was opened or closed."""
    if is_open:
        return say(voice, "Attendees can confirm their presence now.")
    return say(voice, "The presence window is closed. The secretary can still enter people.")


def check_in_scheduled(voice: Voice, at: datetime) -> str:
    """Answer when the window opens by itself."""
    moment = moment_text(voice, at)
    return say(voice, "Confirming presence will begin by itself at %(moment)s.", moment=moment)


def attendance_stated(voice: Voice, result: AttendanceStated) -> str:
    """Answer a statement."""
    text = attendance_text(voice, result.attendance)
    if result.kind is StatementKind.PRELIMINARY:
        return say(voice, "Preliminary count recorded. %(text)s", text=text)
    return say(voice, "Attendance statement recorded. %(text)s", text=text)


def excused(voice: Voice, name: str) -> str:
    """Answer an excuse that was entered for somebody."""
    return say(voice, "Recorded: %(name)s is absent, with the reason given.", name=name)


def not_present(voice: Voice) -> str:
    """Answer somebody who isn't recorded as present, and wants what only those present may do."""
    return say(
        voice, "You are not recorded as present. Confirm your presence first, or report to the secretary."
    )


def attendee_added(voice: Voice, name: str, *, has_namesake: bool) -> str:
    """Answer an addition to the roll; a namesake may be the same person entered twice."""
    if has_namesake:
        return say(
            voice,
            "%(name)s is on the list of attendees, which has this name in this unit twice now. Check that "
            "these are two people.",
            name=name,
        )
    return say(voice, "%(name)s is on the list of attendees.", name=name)


# Agenda


def item_reached(voice: Voice, number: int, title: str) -> str:
    """Answer a step to an item."""
    return say(voice, "Item %(number)s: %(title)s", number=number, title=_clipped(title))


def _clipped(title: str) -> str:
    """Give a title as far as it fits into a toast."""
    return title if len(title) <= _TOAST_TITLE else f"{title[: _TOAST_TITLE - 1].rstrip()}…"


def agenda_ended(voice: Voice) -> str:
    """Answer a step past the last item."""
    return say(voice, "This was the last item. The meeting can be closed.")


def agenda_changed(voice: Voice) -> str:
    """Answer a change of the agenda."""
    return say(voice, "The agenda was changed, on record.")


def item_decided(voice: Voice, decision: Decision, additions: int) -> str:
    """Answer an uncounted decision."""
    return say(voice, "Recorded. %(outcome)s", outcome=outcome_text(voice, decision, additions))


def item_retaken(voice: Voice) -> str:
    """Answer that an item is undecided again."""
    return say(voice, "The item is undecided again, on record.")


# Votes


def ballot_counted(voice: Voice, option: Option, turnout: Turnout | None) -> str:
    """Answer a ballot that counts, with how many have voted by then."""
    chosen = option_text(voice, option)
    text = say(voice, "Recorded: %(option)s. It can be changed until the vote ends.", option=chosen)
    return with_turnout(voice, text, turnout)


def ballot_unchanged(voice: Voice, option: Option, turnout: Turnout | None) -> str:
    """Answer the same choice again."""
    text = say(voice, "You have chosen: %(option)s.", option=option_text(voice, option))
    return with_turnout(voice, text, turnout)


def with_turnout(voice: Voice, text: str, turnout: Turnout | None) -> str:
    """Add how many have voted, never what."""
    if turnout is None:
        return text
    so_far = {"text": text, "voted": turnout.voted, "electors": turnout.electors}
    return say(voice, "%(text)s Voted so far: %(voted)s/%(electors)s.", **so_far)


def ballot_entered(voice: Voice, name: str, option: Option) -> str:
    """Answer the secretary's entry."""
    return say(voice, "Entered for %(name)s: %(option)s.", name=name, option=option_text(voice, option))


def opinion_recorded(voice: Voice, turnout: Turnout | None = None) -> str:
    """Answer the text of another opinion."""
    text = say(voice, "Your opinion was recorded. It can be changed until the vote ends.")
    return with_turnout(voice, text, turnout)


def vote_prepared(voice: Voice, method: Method) -> str:
    """Answer a drafted vote."""
    return say(
        voice,
        "The vote is drafted, %(method)s. Look at the question and its version once more, then open it.",
        method=method_text(voice, method),
    )


def vote_opened(voice: Voice, result: VoteOpened | Unchanged) -> str:
    """Answer the opening of a vote."""
    match result:
        case VoteOpened():
            base = official_count(result.base, voice.language)
            return say(voice, "The vote is open. Base: %(base)s.", base=base)
        case Unchanged():
            return unchanged(voice)
        case _:
            assert_never(result)


def vote_moved(voice: Voice, result: VoteMoved | Unchanged) -> str:
    """Answer a step in the life of a vote."""
    match result:
        case Unchanged():
            return unchanged(voice)
        case VoteMoved(VoteState.PAUSED):
            return say(voice, "The vote is paused. Ballots so far stay as they are.")
        case VoteMoved(VoteState.CANCELLED):
            return say(voice, "The run was cancelled. No result of it is given out.")
        case VoteMoved():
            return say(voice, "The vote is open.")
        case _:
            assert_never(result)


def vote_closed(voice: Voice, result: VoteClosed | CloseUnsure | Unchanged, base_kind: BaseKind) -> str:
    """Answer the close of a vote, or ask once more."""
    match result:
        case VoteClosed():
            counts = counts_text(voice, result.tally, base_kind)
            return say(voice, "The vote is closed. %(counts)s Check it, then announce.", counts=counts)
        case CloseUnsure():
            return say_plural(
                voice,
                "%(n)s elector has not voted yet.",
                "%(n)s electors have not voted yet.",
                result.missing,
                n=official_count(result.missing, voice.language),
            )
        case Unchanged():
            return unchanged(voice)
        case _:
            assert_never(result)


def vote_announced(voice: Voice) -> str:
    """Answer the announcement."""
    return say(voice, "Announced. The result goes to everybody.")


def vote_split(voice: Voice, count: int) -> str:
    """Answer a split."""
    return say(voice, "Split into %(n)s votes, one for each item.", n=official_count(count, voice.language))


def hands_counted(voice: Voice, result: HandsCounted, base_kind: BaseKind) -> str:
    """Answer a count of hands."""
    counts = counts_text(voice, result.tally, base_kind)
    return say(voice, "Counted: %(counts)s Now close the vote.", counts=counts)


def elector_admitted(voice: Voice, result: ElectorAdmitted | Unchanged) -> str:
    """Answer an admission."""
    match result:
        case ElectorAdmitted():
            base = official_count(result.base, voice.language)
            return say(voice, "Admitted to this vote, on record. The base is now %(base)s.", base=base)
        case Unchanged():
            return unchanged(voice)
        case _:
            assert_never(result)


def deadline_given(voice: Voice, minutes: int) -> str:
    """Answer an extension."""
    return say(voice, "The vote goes on for %(span)s.", span=span_text(voice, timedelta(minutes=minutes)))
