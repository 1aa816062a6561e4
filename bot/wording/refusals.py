"""What a person is told when something is not done: the reason, and what to do next."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, assert_never

from bot.wording.dates import span_text, time_text
from bot.wording.numbers import plain_count
from bot.wording.opinions import opinion_refused
from bot.wording.papers import papers_refused
from bot.wording.pledge_refusals import pledge_refused
from bot.wording.scoring_refusals import scoring_refused
from bot.wording.speaking import speaking_refused
from bot.wording.titles import titles_refused
from bot.wording.voice import Voice, say
from meeting.refusals import Refusal, Refused
from meeting.reminders import MOST_REMINDERS


def refusal_text(voice: Voice, refused: Refused) -> str:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one arm for each refusal
    """Give a refusal in one or two sentences.

    Facts that make it more exact where they are given: `closed_at`, `opens_at` (instants), `retry_after`
    (a span), `limit`, `sum`, `base`, `missing`, `size` (numbers), `name` (of a paper).
    """
    facts = refused.facts
    match refused.reason:
        # who asks
        case Refusal.NOT_BOUND:
            return say(
                voice,
                "This chat is not linked to an attendee yet. Open your personal link, or type the code "
                "of your invitation.",
            )
        case Refusal.NOT_PERMITTED:
            return say(
                voice, "You may not do this in this meeting. If you should, ask the organiser for a link."
            )
        case Refusal.ORGANISERS_ONLY:
            return say(
                voice,
                "This person is an organiser: only an organiser may hand out or change their link. "
                "Please ask an organiser to do it.",
            )
        case Refusal.NOT_ATTENDEE:
            return say(voice, "You are not on the list of this meeting. Please tell the secretary.")
        case Refusal.NOT_ENTITLED:
            return say(
                voice,
                "You are not among those who vote here: guests and those who came after the opening "
                "do not vote. If this is wrong, tell the secretary at once.",
            )
        case Refusal.CODE_UNKNOWN:
            return say(voice, "This code is not known. Check it against your invitation and type it again.")
        case Refusal.CODE_EXPIRED:
            return say(voice, "This link or code is no longer valid. Ask the organiser for a new one.")
        case Refusal.CODE_USED:
            return say(voice, "This link was used already; it works once. Ask the organiser for a new one.")
        case Refusal.OWN_PAGE_EXPIRED:
            return say(
                voice,
                "This address of a personal page is no longer valid. In the chat with the bot, type MY PAGE "
                "to get a new one.",
            )
        case Refusal.CODE_RENEWED:
            return say(
                voice,
                "This link is outdated: a new one was made since. Use the newest one, or ask the organiser "
                "for it.",
            )
        case Refusal.CONTACT_OF_ANOTHER:
            return say(
                voice,
                "This is somebody else's contact, and it was not kept. Share your own number by the button, "
                "or write your full name.",
            )
        case Refusal.CLAIM_DECIDED:
            return say(voice, "This was decided already. Look at the newest list.")
        case Refusal.CODE_FOR_GROUP:
            return say(
                voice, "This link adds the bot to a group. Open it as the organiser, and choose the group."
            )
        case Refusal.GROUP_CODE_UNKNOWN:
            return say(
                voice,
                "This does not link a group. The organiser finds the right link in the private chat with "
                "the bot: Invitations, then “Link a … group”. Personal codes do not belong in a "
                "group.",
            )
        case Refusal.GROUP_NOT_YOURS:
            return say(
                voice,
                "Only the organiser, the chair or the secretary of the meeting can link a group to it, "
                "from an account that the bot knows.",
            )
        case Refusal.GROUP_TAKEN:
            return say(
                voice,
                "This group follows another meeting that is not over. Only the organiser can link it to "
                "a different one.",
            )
        case Refusal.TOO_MANY_TRIES:
            return _too_many_tries(voice, facts)
        case Refusal.ACCOUNT_IS_SOMEBODY_ELSE:
            return say(
                voice,
                "This chat is already linked to another person of this organisation. Use your own phone, "
                "or type SAI to end the link.",
            )
        # what is asked about
        case Refusal.NOT_FOUND:
            return say(voice, "This no longer exists. Type HOME to see what there is now.")
        case Refusal.OUT_OF_DATE:
            return say(
                voice, "This has changed since it was shown. Look at the newest message and choose again."
            )
        case Refusal.TEXT_EMPTY:
            return say(voice, "Nothing was written. Please type the text and send it again.")
        case Refusal.NOBODY_REACHED:
            return say(
                voice,
                "Nobody would be told: no attendee is linked yet. Hand out the personal links first.",
            )
        case Refusal.TEXT_TOO_LONG:
            return _text_too_long(voice, facts)
        case Refusal.NAME_UNREADABLE:
            return say(voice, "Please write it in letters.")
        case Refusal.NUMBER_UNREADABLE:
            return say(
                voice, "This is not a number that can be used here. Type it in digits, for example 12."
            )
        case Refusal.TIME_UNREADABLE:
            return say(voice, "This date or time can't be read. Type it like this: 14:00 30/12/2026.")
        case Refusal.DAY_UNREADABLE:
            return say(voice, "This day can't be read. Type it like this: 30/06/2027.")
        case Refusal.REASON_MISSING:
            return say(voice, "A reason is needed, it goes into the record. Please type it.")
        case Refusal.IMPORT_HAS_ERRORS:
            return say(
                voice, "The workbook has errors and nothing was stored. Correct them and send it again."
            )
        # meeting
        case Refusal.MEETING_NOT_OPEN:
            return say(
                voice, "The meeting has not been opened yet. The chair or the secretary opens it first."
            )
        case Refusal.MEETING_NOT_HELD:
            return say(voice, "There is no news yet: the meeting has not been held and closed.")
        case Refusal.MEETING_OPEN:
            return say(voice, "The meeting has been opened already, so this can't be changed any more.")
        case Refusal.MEETING_CANCELLED:
            return say(voice, "The meeting is cancelled; nothing in it can be changed any more.")
        case Refusal.SUMMONS_NOT_APPROVED:
            return say(voice, "The head has to approve the summons first; the chair finds it on the panel.")
        case Refusal.NO_APPROVER:
            return say(
                voice,
                "The head has to approve the summons first, but no chair is linked. Hand out the link.",
            )
        case Refusal.REMINDER_OVER:
            return say(
                voice,
                "This was sent or left out, or its time is over. Look at the newest list of reminders.",
            )
        case Refusal.SPANS_UNREADABLE:
            return say(
                voice,
                "Write up to %(most)s spans from 5 minutes to 60 days, for example: 3 days, 2 hours.",
                most=MOST_REMINDERS,
            )
        case Refusal.TIMEZONE_UNKNOWN:
            return say(
                voice, "This time zone is not known. Write it like Asia/Tokyo, or choose one of these."
            )
        case Refusal.MEETING_CLOSED:
            return say(voice, "The meeting is closed; nothing in it can be changed any more.")
        case Refusal.MEETING_HAS_NO_ATTENDEES:
            return say(voice, "The meeting has no attendees yet. Add them or import the workbook first.")
        case Refusal.MEETING_HAS_OPEN_VOTE:
            return say(voice, "A vote is still running or not announced yet. Finish or cancel it first.")
        # attendance
        case Refusal.CHECK_IN_NOT_OPEN:
            return _check_in_not_open(voice, facts)
        case Refusal.CHECK_IN_CLOSED:
            return say(voice, "Confirming one's presence is closed. Please report to the secretary.")
        case Refusal.NO_STATEMENT:
            return say(voice, "The attendance has not been confirmed yet. Confirm it, then open the vote.")
        case Refusal.NO_QUORUM:
            return _no_quorum(voice, facts)
        case Refusal.SUBSTITUTE_NEEDS_UNIT:
            return say(
                voice, "Only a unit's representative can name somebody else. Reply that you are excused."
            )
        case Refusal.UNIT_UNKNOWN:
            return say(
                voice, "This unit is not among those of the meeting. Correct its name, or leave the unit out."
            )
        case Refusal.UNIT_ALREADY_REPRESENTED:
            return say(
                voice,
                "Your unit is represented by somebody else already. If this is wrong, tell the secretary.",
            )
        case Refusal.NOT_PRESENT:
            return say(voice, "This person is not recorded as present. Record the presence first.")
        # agenda
        case Refusal.ITEM_HAS_VOTE:
            return say(voice, "There is a vote on this item. Finish or cancel the vote first.")
        case Refusal.ITEM_DECIDED:
            return say(voice, "This item is decided already. Go on to the next one.")
        case Refusal.ITEM_NOT_CURRENT:
            return say(voice, "The meeting is at another item. Go to this item first.")
        case Refusal.ITEM_PROCEDURAL:
            return say(
                voice,
                "The meeting itself decides on its procedure: this can't be left to the head of the agency.",
            )
        case Refusal.AGENDA_EMPTY:
            return say(voice, "The agenda has no items yet. Add an item first.")
        case Refusal.TEXT_UNCHANGED:
            return say(voice, "This is the text as it stands already. Nothing was changed.")
        case Refusal.TEXT_NEWER:
            return say(
                voice,
                "This text is another one by now. Open it once more, and say your change anew.",
            )
        # votes
        case Refusal.VOTE_NOT_OPEN:
            return say(voice, "The vote has not been opened yet. The ballot comes when the chair opens it.")
        case Refusal.VOTE_ALREADY_OPENED:
            return say(voice, "This vote was opened already. Look at the newest message.")
        case Refusal.VOTE_STILL_OPEN:
            return say(voice, "The vote is still running. Close it first.")
        case Refusal.VOTE_PAUSED:
            return say(voice, "The vote is paused. Please wait until the chair goes on with it.")
        case Refusal.VOTE_CLOSED:
            return _vote_closed(voice, facts)
        case Refusal.VOTE_ANNOUNCED:
            return say(
                voice, "The result was announced already and stays. If need be, hold another run of the vote."
            )
        case Refusal.VOTE_CANCELLED:
            return say(voice, "This vote was cancelled and counts for nothing. Please wait for the next one.")
        case Refusal.VOTE_BY_HANDS:
            return say(voice, "This vote is taken by hands in the hall. Raise your hand when the chair asks.")
        case Refusal.VOTE_BY_CHAT:
            return say(voice, "This vote is taken by chat and web page; hands are not entered for it.")
        case Refusal.VOTE_NOT_SPLITTABLE:
            return say(voice, "Only a vote on several items that was not closed yet can be split.")
        case Refusal.UNKNOWN_OPTION:
            return say(voice, "This vote has no such option. Choose one of those that are shown.")
        case Refusal.ELECTOR_VOTED:
            return say(
                voice,
                "This elector has voted on a phone or page by now; only they can change that choice.",
            )
        case Refusal.METHOD_NOT_ADOPTED:
            return say(
                voice,
                "The method of voting has not been adopted yet. Vote on that item first, by counted hands.",
            )
        case Refusal.OTHER_VOTE_OPEN:
            return say(voice, "Another vote is still running. Close or cancel it first.")
        case Refusal.NOBODY_PRESENT:
            return say(voice, "Nobody who may vote is recorded as present. Record the attendance first.")
        case Refusal.HANDS_EXCEED_BASE:
            return _hands_exceed_base(voice, facts)
        case Refusal.HANDS_NOT_COUNTED:
            return say(
                voice, "The hands have not been counted for every option. Enter all the numbers, 0 if none."
            )
        case Refusal.OPINION_NEEDS_OTHER:
            return say(voice, "A text belongs to “Other opinion” only. Choose that option first.")
        case Refusal.DEADLINE_PAST:
            return say(voice, "That moment has passed. Choose a later one.")
        # tasks
        case Refusal.TASKS_TOO_MANY:
            return say(voice, "This meeting has too many tasks already; several may be put into one.")
        case Refusal.TASK_DONE:
            return say(voice, "This task was reported as done. Look at the newest list.")
        case Refusal.TASK_WITHDRAWN:
            return say(voice, "This task was withdrawn; nothing is to be done for it any more.")
        # the floor and speeches
        case (
            Refusal.FLOOR_NOTHING_ON
            | Refusal.FLOOR_ABSENT
            | Refusal.FLOOR_TOO_OFTEN
            | Refusal.FLOOR_GIVEN
            | Refusal.FLOOR_SETTLED
            | Refusal.FLOOR_DURING_VOTE
            | Refusal.SPEECHES_TOO_MANY
            | Refusal.SPEECH_WITHDRAWN
        ) as reason:
            return speaking_refused(voice, reason)
        # opinions
        case (
            Refusal.OPINIONS_TOO_FAST
            | Refusal.OPINIONS_TOO_MANY
            | Refusal.ADDITION_TOO_LATE
            | Refusal.ITEM_LEFT_OUT
            | Refusal.OPINION_DECIDED
            | Refusal.OPINION_MERGED
            | Refusal.OPINION_HIDDEN
            | Refusal.OPINION_NOT_MERGEABLE
            | Refusal.OPINION_IN_TEXT
            | Refusal.OPINION_CHANGED
        ) as reason:
            return opinion_refused(voice, reason, facts)
        # titles
        case (
            Refusal.QUOTA_UNREADABLE
            | Refusal.RECIPIENT_TWICE
            | Refusal.RECIPIENTS_TOO_MANY
            | Refusal.TITLES_TOO_MANY
            | Refusal.TITLE_ANNOUNCED
            | Refusal.TITLE_WITHDRAWN
            | Refusal.TITLE_WITHOUT_RECIPIENTS
            | Refusal.NO_TITLES
            | Refusal.ITEM_NOT_COMMENDATION
        ) as reason:
            return titles_refused(voice, reason, facts)
        # papers
        case (
            Refusal.PAPER_TOO_LARGE
            | Refusal.PAPER_KIND_UNKNOWN
            | Refusal.PAPER_NOT_AS_NAMED
            | Refusal.PAPER_EMPTY
            | Refusal.PAPER_THERE_ALREADY
            | Refusal.PAPER_WITHDRAWN
            | Refusal.PAPERS_TOO_MANY
            | Refusal.NO_PAPERS
            | Refusal.PAPERS_HANDED_OUT
            | Refusal.FILES_GONE
        ) as reason:
            return papers_refused(voice, reason, facts)
        # pledge
        case (
            Refusal.PLEDGE_THERE_ALREADY
            | Refusal.PLEDGE_NO_UNITS
            | Refusal.PLEDGE_NO_TEXT
            | Refusal.PLEDGE_NO_SIGNER
            | Refusal.PLEDGE_PARTY_THERE
            | Refusal.PLEDGE_PARTIES_TOO_FEW
            | Refusal.PLEDGE_PARTIES_TOO_MANY
            | Refusal.PLEDGE_HAS_SIGNER
            | Refusal.PLEDGE_SIGNER_TAKEN
            | Refusal.PLEDGE_FROZEN
            | Refusal.PLEDGE_NOT_FROZEN
            | Refusal.PLEDGE_SUPERSEDED
            | Refusal.PLEDGE_CONFIRMED
            | Refusal.PLEDGE_NOT_SIGNER
            | Refusal.PLEDGE_NOT_TURN
            | Refusal.PLEDGE_ON_PAPER
            | Refusal.PLEDGE_EVIDENCE_MISSING
            | Refusal.PLEDGE_NOT_SIGNED
            | Refusal.PLEDGE_SIGNED
            | Refusal.PLEDGE_WAS_CONFIRMED
            | Refusal.PAPER_IS_EVIDENCE
        ) as reason:
            return pledge_refused(voice, reason, facts)
        # scoring
        case (
            Refusal.CRITERIA_MISSING
            | Refusal.CRITERIA_TOO_MANY
            | Refusal.CRITERIA_SUM
            | Refusal.CRITERIA_FIXED
            | Refusal.CRITERIA_ADVISORY
            | Refusal.ITEM_SCORES
            | Refusal.CRITERIA_NOT_ADOPTED
            | Refusal.CRITERION_UNREADABLE
            | Refusal.NO_UNITS
            | Refusal.POINTS_UNREADABLE
            | Refusal.POINTS_AMBIGUOUS
            | Refusal.POINTS_NEGATIVE
            | Refusal.POINTS_TOO_FINE
            | Refusal.POINTS_BEYOND
            | Refusal.POINTS_ZERO
            | Refusal.SCORING_NOT_OPEN
            | Refusal.SCORING_STILL_OPEN
            | Refusal.SCORING_CLOSED
            | Refusal.NOT_REPRESENTATIVE
            | Refusal.OWN_SHEET
            | Refusal.NO_CROSS_SCORES
            | Refusal.SHEET_INCOMPLETE
            | Refusal.SHEET_MISSING
            | Refusal.SHEETS_NOT_VERIFIED
            | Refusal.NO_SHEETS
            | Refusal.RANKING_NOT_PUT
            | Refusal.RANKING_PUT
            | Refusal.RANKING_DECIDED
            | Refusal.ITEM_NOT_FOR_RANKING
        ) as reason:
            return scoring_refused(voice, reason, facts)
    assert_never(refused.reason)


def _too_many_tries(voice: Voice, facts: Mapping[str, Any]) -> str:
    match facts.get("retry_after"):
        case timedelta() as span:
            wait = span_text(voice, span)
            return say(
                voice, "Too many tries. Try again in %(wait)s, or ask the organiser for help.", wait=wait
            )
        case _:
            return say(voice, "Too many tries. Try again in some minutes, or ask the organiser for help.")


def _text_too_long(voice: Voice, facts: Mapping[str, Any]) -> str:
    match facts.get("limit"), facts.get("length"):
        case int() as limit, int() as length:
            return say(
                voice,
                "The text is too long (%(length)s characters). Please send at most %(limit)s characters.",
                length=plain_count(length, voice.language),
                limit=plain_count(limit, voice.language),
            )
        case int() as limit, _:
            most = plain_count(limit, voice.language)
            return say(voice, "The text is too long. Please send at most %(limit)s characters.", limit=most)
        case _:
            return say(voice, "The text is too long. Please send a shorter one.")


def _check_in_not_open(voice: Voice, facts: Mapping[str, Any]) -> str:
    match facts.get("opens_at"):
        case datetime() as at:
            return say(voice, "Confirming one's presence begins at %(time)s.", time=time_text(voice, at))
        case _:
            return say(voice, "Confirming one's presence has not begun yet. You will be told when it does.")


def _no_quorum(voice: Voice, facts: Mapping[str, Any]) -> str:
    match facts.get("missing"):
        case int() as n:
            missing = plain_count(n, voice.language)
            return say(
                voice,
                "There is no quorum, %(missing)s more are needed; no vote can be opened.",
                missing=missing,
            )
        case _:
            return say(
                voice, "There is no quorum; no vote can be opened. Check the attendance and confirm it anew."
            )


def _vote_closed(voice: Voice, facts: Mapping[str, Any]) -> str:
    match facts.get("closed_at"):
        case datetime() as at:
            return say(voice, "The vote ended at %(time)s.", time=time_text(voice, at))
        case _:
            return say(voice, "The vote has ended.")


def _hands_exceed_base(voice: Voice, facts: Mapping[str, Any]) -> str:
    match facts.get("sum"), facts.get("base"):
        case int() as counted, int() as base:
            return say(
                voice,
                "%(sum)s hands were entered, but only %(base)s may vote. Count again and enter "
                "all the numbers anew.",
                sum=plain_count(counted, voice.language),
                base=plain_count(base, voice.language),
            )
        case _:
            return say(
                voice, "More hands were entered than may vote. Count again and enter all the numbers anew."
            )
