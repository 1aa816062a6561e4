"""The typed actions that buttons carry, and their codec: short versioned strings, ids but never authority.

An action's string is `v1:<name>:<field>:…`, at most 64 bytes. A form that was ever sent keeps its meaning:
retired names stay in `_NAMES`, and tests hold frozen strings.
"""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_type_hints

from meeting.agenda import Direction
from meeting.people import Purpose, Role
from meeting.regimes import Template
from meeting.voting import Method, Option

_VERSION = "v1"
_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Action:
    """What a button asks for."""


# Votes


@dataclass(frozen=True, slots=True)
class CastVote(Action):
    """Choose an option."""

    vote_id: int
    option: Option


@dataclass(frozen=True, slots=True)
class AddOpinion(Action):
    """Add or change the text of *ý kiến khác*."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class PrepareVote(Action):
    """Draft a vote on an item, or show the draft there is."""

    item_id: int
    method: Method


@dataclass(frozen=True, slots=True)
class ShowJoint(Action):
    """Show which other items could go into a drafted vote."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class JoinVote(Action):
    """Add an item to a drafted vote, or take it out."""

    vote_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class OpenVote(Action):
    """Open a drafted vote; minutes 0 means without a deadline."""

    vote_id: int
    minutes: int


@dataclass(frozen=True, slots=True)
class ScheduleVote(Action):
    """Have a drafted vote open by itself; when and for how long is asked for."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class UnscheduleVote(Action):
    """Have a drafted vote not open by itself any more."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class PauseVote(Action):
    """Pause."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class ResumeVote(Action):
    """Go on after a pause."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class ExtendVote(Action):
    """Give some more minutes from now."""

    vote_id: int
    minutes: int


@dataclass(frozen=True, slots=True)
class CloseVote(Action):
    """Close; asked once more (`sure` 0 → 1) while somebody is missing."""

    vote_id: int
    sure: int


@dataclass(frozen=True, slots=True)
class ReopenVote(Action):
    """Open a closed vote again before it was announced."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class AnnounceVote(Action):
    """Announce the result."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class CancelVote(Action):
    """Cancel a run; a reason is asked for."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class RepeatVote(Action):
    """Draft another run of a vote that was cancelled or announced."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class SplitVote(Action):
    """Split a vote on several items into one for each."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class EnterHands(Action):
    """Enter the counted hands; each option is asked in turn."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class ShowMissing(Action):
    """Show the secretary who has not voted, and the choices by name."""

    vote_id: int
    page: int


@dataclass(frozen=True, slots=True)
class FindElector(Action):
    """Look for an elector by name, to enter the choice; a part of it is asked for."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class ShowElector(Action):
    """Show the secretary one elector, to enter the choice for somebody without a phone."""

    vote_id: int
    elector_id: int


@dataclass(frozen=True, slots=True)
class CastFor(Action):
    """Enter an elector's choice for somebody without a phone."""

    vote_id: int
    elector_id: int
    option: Option


@dataclass(frozen=True, slots=True)
class ShowLatecomers(Action):
    """Show who is present and entitled but not among a running vote's electors."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class AdmitElector(Action):
    """Admit a latecomer to a running vote."""

    vote_id: int
    attendee_id: int


# Agenda


@dataclass(frozen=True, slots=True)
class GoToItem(Action):
    """Make an item the current one."""

    item_id: int


@dataclass(frozen=True, slots=True)
class NextItem(Action):
    """Go to the item after `item_id` (0: the first); tapped twice it goes one step only."""

    meeting_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class ShowAgenda(Action):
    """Show the agenda, with what may be changed."""

    meeting_id: int
    page: int


@dataclass(frozen=True, slots=True)
class ShowItem(Action):
    """Show one item and what may be done with it."""

    item_id: int


@dataclass(frozen=True, slots=True)
class AddItem(Action):
    """Add an item; its title is asked for."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class RenameItem(Action):
    """Rename an item; the new title is asked for."""

    item_id: int


@dataclass(frozen=True, slots=True)
class MoveItem(Action):
    """Move an item by a place."""

    item_id: int
    direction: Direction


@dataclass(frozen=True, slots=True)
class SkipItem(Action):
    """Leave an item out."""

    item_id: int


@dataclass(frozen=True, slots=True)
class NoteItem(Action):
    """Record that an item was heard, with nothing to decide."""

    item_id: int


@dataclass(frozen=True, slots=True)
class RetakeItem(Action):
    """Take up again what was decided without a count."""

    item_id: int


@dataclass(frozen=True, slots=True)
class AdoptItem(Action):
    """Record that an item was agreed without a count; `additions` 1 asks for what was added."""

    item_id: int
    additions: int


# Attendance


@dataclass(frozen=True, slots=True)
class ReplyComing(Action):
    """Accept the invitation."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class ReplyAbsent(Action):
    """Excuse oneself; the reason is asked for."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class ReplySubstitute(Action):
    """Name another representative of the unit; the name is asked for."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class CheckIn(Action):
    """Confirm one's presence."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class LeaveMeeting(Action):
    """Say that one leaves early; asked once more (`sure`)."""

    meeting_id: int
    sure: int


@dataclass(frozen=True, slots=True)
class OpenCheckIn(Action):
    """Open the presence window."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class ScheduleCheckIn(Action):
    """Have the presence window open by itself; the moment is asked for."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class CloseCheckIn(Action):
    """Close the presence window."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class ShowRoll(Action):
    """Show the attendees to the secretary, a page at a time."""

    meeting_id: int
    page: int


@dataclass(frozen=True, slots=True)
class FindAttendee(Action):
    """Look for an attendee by name; a part of it is asked for."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class ShowAttendee(Action):
    """Show the secretary one attendee."""

    attendee_id: int


@dataclass(frozen=True, slots=True)
class CheckInFor(Action):
    """Record somebody present."""

    attendee_id: int


@dataclass(frozen=True, slots=True)
class MarkLeft(Action):
    """Record that somebody left."""

    attendee_id: int


@dataclass(frozen=True, slots=True)
class MarkExcused(Action):
    """Record that somebody is excused; the reason is asked for."""

    attendee_id: int


@dataclass(frozen=True, slots=True)
class AddAttendee(Action):
    """Add an attendee; the name is asked for."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class StatePreliminary(Action):
    """Record the organising committee's preliminary count."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class StateAttendance(Action):
    """Confirm the attendance statement; by `present`, the number that was shown, a stale tap is noticed."""

    meeting_id: int
    present: int


# Papers


@dataclass(frozen=True, slots=True)
class ShowPapers(Action):
    """Show the papers of a meeting; of one item those of the item and of the whole meeting."""

    meeting_id: int
    item_id: int
    page: int


@dataclass(frozen=True, slots=True)
class GetPaper(Action):
    """Have a paper handed over."""

    paper_id: int


@dataclass(frozen=True, slots=True)
class AddPapers(Action):
    """Ask for papers of an item, or of the meeting itself with item 0."""

    meeting_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class ShowPaper(Action):
    """Show one paper to those who may replace or withdraw it."""

    paper_id: int


@dataclass(frozen=True, slots=True)
class ReplacePaper(Action):
    """Ask for the file that takes a paper's place."""

    paper_id: int


@dataclass(frozen=True, slots=True)
class WithdrawPaper(Action):
    """Withdraw a paper; asked once more (`sure`)."""

    paper_id: int
    sure: int


@dataclass(frozen=True, slots=True)
class HandOutPapers(Action):
    """Send the list of papers to all attendees; asked once more (`sure`)."""

    meeting_id: int
    sure: int


@dataclass(frozen=True, slots=True)
class UseFiles(Action):
    """Say that the files that were sent are papers: of an item, or of the meeting with item 0."""

    version: int
    meeting_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class ChooseFilesMeeting(Action):
    """Say which meeting the files that were sent are for."""

    version: int
    meeting_id: int


@dataclass(frozen=True, slots=True)
class UseAsWorkbook(Action):
    """Say that the file that was sent is a workbook with a meeting."""

    version: int


# Meetings and people


@dataclass(frozen=True, slots=True)
class ShowHome(Action):
    """Show an organiser's meetings and what can be started."""


@dataclass(frozen=True, slots=True)
class ShowOverview(Action):
    """Show a year of this organisation's meetings in figures."""

    organisation_id: int
    year: int


@dataclass(frozen=True, slots=True)
class NewMeeting(Action):
    """Start the set-up dialogue of a meeting of this organisation."""

    organisation_id: int


@dataclass(frozen=True, slots=True)
class ChooseTemplate(Action):
    """Answer the set-up dialogue's first question."""

    organisation_id: int
    template: Template


@dataclass(frozen=True, slots=True)
class AnswerYesNo(Action):
    """Answer a yes-or-no question of the dialogue whose version it names."""

    version: int
    yes: int


@dataclass(frozen=True, slots=True)
class ChooseAnswer(Action):
    """Answer the dialogue whose version it names by one of the answers that it offers."""

    version: int
    choice: int


@dataclass(frozen=True, slots=True)
class GetWorkbook(Action):
    """Hand out the workbook, filled with an example, and wait for it."""

    organisation_id: int
    template: Template


@dataclass(frozen=True, slots=True)
class ImportWorkbook(Action):
    """Ask for a workbook with a meeting of this organisation."""

    organisation_id: int


@dataclass(frozen=True, slots=True)
class ConfirmPlan(Action):
    """Store what the preview showed; the version names the preview."""

    version: int


@dataclass(frozen=True, slots=True)
class CancelDialogue(Action):
    """Give up the pending question of this version; 0 puts away a card that asks nothing."""

    version: int


@dataclass(frozen=True, slots=True)
class SkipQuestion(Action):
    """Leave the pending question unanswered and go on, where it may be."""

    version: int


@dataclass(frozen=True, slots=True)
class ShowMeeting(Action):
    """Make a meeting the one that this chat is about, and show it."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class OpenMeeting(Action):
    """Open the meeting itself: the agenda begins."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class CloseMeeting(Action):
    """Close the meeting; asked once more (`sure`)."""

    meeting_id: int
    sure: int


@dataclass(frozen=True, slots=True)
class DraftNews(Action):
    """Draft a news item about a closed meeting from its results."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class MoveMeeting(Action):
    """Put a meeting to another time or place, which are asked for."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class CancelMeeting(Action):
    """Cancel a meeting; the reason is asked for, and then once more whether."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class SendSummons(Action):
    """Summon all attendees who can be reached and weren't summoned yet."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class ApproveSummons(Action):
    """Approve the summons to a meeting that had been moved so many times."""

    meeting_id: int
    moves: int


@dataclass(frozen=True, slots=True)
class SetApproval(Action):
    """Have the head approve each summons of this organisation, or not."""

    organisation_id: int
    on: int


@dataclass(frozen=True, slots=True)
class InviteRole(Action):
    """Make a one-time link for a role."""

    meeting_id: int
    role: Role


@dataclass(frozen=True, slots=True)
class ShowInvitations(Action):
    """Show the attendees' personal links and codes."""

    meeting_id: int
    page: int


@dataclass(frozen=True, slots=True)
class AttendOneself(Action):
    """Put oneself on the roll as a voting attendee."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class RenewInvitation(Action):
    """Make an attendee's link and code anew; the old ones and the accounts bound by them end.

    Asked once more (`sure`) while an account is bound.
    """

    attendee_id: int
    sure: int


@dataclass(frozen=True, slots=True)
class InviteGroup(Action):
    """Show the link that adds the bot to groups; made anew with `renew`."""

    meeting_id: int
    renew: int


@dataclass(frozen=True, slots=True)
class RebindGroup(Action):
    """Have the group in which this is tapped follow this meeting in place of another."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class UnbindGroup(Action):
    """Let a group go; asked once more (`sure`)."""

    group_id: int
    sure: int


@dataclass(frozen=True, slots=True)
class SendAnnouncement(Action):
    """Tell all attendees something; the text is asked for."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class CancelMailing(Action):
    """Stop a message to many: what isn't sent yet never is."""

    mailing_id: int


@dataclass(frozen=True, slots=True)
class ShowReminders(Action):
    """Show what will be sent about a meeting when, and what was, a page at a time."""

    meeting_id: int
    page: int


@dataclass(frozen=True, slots=True)
class ShowReminder(Action):
    """Show one thing that is due and whom it concerns, a page of names at a time."""

    due_id: int
    page: int


@dataclass(frozen=True, slots=True)
class ShowSummoned(Action):
    """Show who was summoned and who wasn't, a page at a time."""

    meeting_id: int
    page: int


@dataclass(frozen=True, slots=True)
class TryReminder(Action):
    """Send a reminder to oneself, marked as a test."""

    due_id: int


@dataclass(frozen=True, slots=True)
class TrySummons(Action):
    """Send the summons to oneself, marked as a test."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class SendReminder(Action):
    """Send a reminder at once; asked once more (`sure`)."""

    due_id: int
    sure: int


@dataclass(frozen=True, slots=True)
class SkipReminder(Action):
    """Leave a reminder out (`skip` 1), or take it up again (0)."""

    due_id: int
    skip: int


@dataclass(frozen=True, slots=True)
class ShowReminderSettings(Action):
    """Show when people are reminded of a meeting."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class SetReminder(Action):
    """Have people reminded so many minutes before a meeting, or not."""

    meeting_id: int
    minutes: int
    on: int


@dataclass(frozen=True, slots=True)
class TypeReminders(Action):
    """Set when people are reminded of a meeting; the spans are asked for."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class ShowUnreachable(Action):
    """Show whom nothing reaches any more, and how else to reach them."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class RenewSharedLink(Action):
    """Make a meeting's shared link anew, so that the old one admits nobody any more; asked once more."""

    meeting_id: int
    sure: int


@dataclass(frozen=True, slots=True)
class GetSlips(Action):
    """Hand out the personal links as slips to be printed."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class UnbindAccount(Action):
    """End the link of an attendee's account on a platform; asked once more (`sure`)."""

    attendee_id: int
    platform: str
    sure: int


@dataclass(frozen=True, slots=True)
class ShowTasks(Action):
    """Show a meeting's tasks to those who prepare it, a page at a time."""

    meeting_id: int
    page: int


@dataclass(frozen=True, slots=True)
class ShowTask(Action):
    """Show one task to whom it concerns."""

    task_id: int


@dataclass(frozen=True, slots=True)
class ShowOwnTasks(Action):
    """Show what one has still to do, a page at a time."""

    page: int


@dataclass(frozen=True, slots=True)
class GiveTask(Action):
    """Give a task of an item, or of the meeting itself with item 0; what, who and when are asked for."""

    meeting_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class FinishTask(Action):
    """Report a task as done."""

    task_id: int


@dataclass(frozen=True, slots=True)
class WithdrawTask(Action):
    """Withdraw a task; asked once more (`sure`)."""

    task_id: int
    sure: int


@dataclass(frozen=True, slots=True)
class ShowClaims(Action):
    """Show who came by the shared link and waits to be recognised."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class ShowClaim(Action):
    """Show one who waits, and whom the typed name may mean."""

    claim_id: int


@dataclass(frozen=True, slots=True)
class AcceptClaim(Action):
    """Say that who waits is this attendee; asked once more (`sure`) where another account is linked."""

    claim_id: int
    attendee_id: int
    sure: int


@dataclass(frozen=True, slots=True)
class DeclineClaim(Action):
    """Say that who waits is nobody on the list."""

    claim_id: int


@dataclass(frozen=True, slots=True)
class FindClaimant(Action):
    """Look on the list for who waits; a part of the name is asked for."""

    claim_id: int


@dataclass(frozen=True, slots=True)
class GiveConsent(Action):
    """Answer one question of consent, which the organisation that holds this meeting asks."""

    meeting_id: int
    purpose: Purpose
    yes: int


@dataclass(frozen=True, slots=True)
class ReportWrongPerson(Action):
    """Say that one isn't the person whom the link was for, in the organisation that holds this meeting."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class SetLanguage(Action):
    """Choose the language ("vi", "en")."""

    language: str


@dataclass(frozen=True, slots=True)
class AskTimezone(Action):
    """Ask for the time zone of one's quiet hours."""


@dataclass(frozen=True, slots=True)
class SetTimezone(Action):
    """Choose a time zone for one's quiet hours, in answer to the question of this version; "" for none."""

    version: int
    timezone: str


@dataclass(frozen=True, slots=True)
class ShowHelp(Action):
    """Show what can be done now."""


_NAMES: dict[str, type[Action]] = {
    "vote": CastVote,
    "opinion": AddOpinion,
    "prepare": PrepareVote,
    "joint": ShowJoint,
    "joinvote": JoinVote,
    "openvote": OpenVote,
    "schedulevote": ScheduleVote,
    "unschedulevote": UnscheduleVote,
    "pause": PauseVote,
    "resume": ResumeVote,
    "extend": ExtendVote,
    "closevote": CloseVote,
    "reopen": ReopenVote,
    "announce": AnnounceVote,
    "cancelvote": CancelVote,
    "repeat": RepeatVote,
    "split": SplitVote,
    "hands": EnterHands,
    "missing": ShowMissing,
    "findelector": FindElector,
    "elector": ShowElector,
    "castfor": CastFor,
    "latecomers": ShowLatecomers,
    "admit": AdmitElector,
    "goto": GoToItem,
    "next": NextItem,
    "agenda": ShowAgenda,
    "item": ShowItem,
    "additem": AddItem,
    "rename": RenameItem,
    "move": MoveItem,
    "skip": SkipItem,
    "note": NoteItem,
    "retake": RetakeItem,
    "adopt": AdoptItem,
    "coming": ReplyComing,
    "absent": ReplyAbsent,
    "substitute": ReplySubstitute,
    "checkin": CheckIn,
    "leave": LeaveMeeting,
    "opencheckin": OpenCheckIn,
    "schedulecheckin": ScheduleCheckIn,
    "closecheckin": CloseCheckIn,
    "roll": ShowRoll,
    "findattendee": FindAttendee,
    "attendee": ShowAttendee,
    "checkinfor": CheckInFor,
    "left": MarkLeft,
    "excused": MarkExcused,
    "addattendee": AddAttendee,
    "preliminary": StatePreliminary,
    "state": StateAttendance,
    "papers": ShowPapers,
    "getpaper": GetPaper,
    "addpapers": AddPapers,
    "paper": ShowPaper,
    "replacepaper": ReplacePaper,
    "withdrawpaper": WithdrawPaper,
    "handout": HandOutPapers,
    "usefiles": UseFiles,
    "filesmeeting": ChooseFilesMeeting,
    "useasworkbook": UseAsWorkbook,
    "home": ShowHome,
    "overview": ShowOverview,
    "newmeeting": NewMeeting,
    "template": ChooseTemplate,
    "yesno": AnswerYesNo,
    "choose": ChooseAnswer,
    "workbook": GetWorkbook,
    "import": ImportWorkbook,
    "confirmplan": ConfirmPlan,
    "giveup": CancelDialogue,
    "skipquestion": SkipQuestion,
    "meeting": ShowMeeting,
    "openmeeting": OpenMeeting,
    "closemeeting": CloseMeeting,
    "movemeeting": MoveMeeting,
    "cancelmeeting": CancelMeeting,
    "summons": SendSummons,
    "news": DraftNews,
    "approve": ApproveSummons,
    "setapproval": SetApproval,
    "inviterole": InviteRole,
    "invitations": ShowInvitations,
    "attend": AttendOneself,
    "renew": RenewInvitation,
    "invitegroup": InviteGroup,
    "rebindgroup": RebindGroup,
    "unbindgroup": UnbindGroup,
    "announcement": SendAnnouncement,
    "stopmailing": CancelMailing,
    "reminders": ShowReminders,
    "reminder": ShowReminder,
    "summoned": ShowSummoned,
    "tryreminder": TryReminder,
    "trysummons": TrySummons,
    "sendreminder": SendReminder,
    "skipreminder": SkipReminder,
    "remindersettings": ShowReminderSettings,
    "setreminder": SetReminder,
    "typereminders": TypeReminders,
    "unreachable": ShowUnreachable,
    "renewshared": RenewSharedLink,
    "slips": GetSlips,
    "unbind": UnbindAccount,
    "tasks": ShowTasks,
    "task": ShowTask,
    "owntasks": ShowOwnTasks,
    "givetask": GiveTask,
    "taskdone": FinishTask,
    "withdrawtask": WithdrawTask,
    "claims": ShowClaims,
    "claim": ShowClaim,
    "acceptclaim": AcceptClaim,
    "declineclaim": DeclineClaim,
    "findclaimant": FindClaimant,
    "consent": GiveConsent,
    "wrongperson": ReportWrongPerson,
    "language": SetLanguage,
    "asktimezone": AskTimezone,
    "timezone": SetTimezone,
    "help": ShowHelp,
}
_NAME_OF = {kind: name for name, kind in _NAMES.items()}
_FIELD_TYPES: dict[str, tuple[type[Any], ...]] = {
    name: tuple(get_type_hints(kind).values()) for name, kind in _NAMES.items()
}


def encode(action: Action) -> str:
    """Give an action's string; raises ValueError where it would be longer than platforms carry."""
    values = [str(getattr(action, field.name)) for field in dataclasses.fields(action)]
    text = ":".join([_VERSION, _NAME_OF[type(action)], *values])
    if len(text.encode()) > _LIMIT:
        message = f"an action of more than {_LIMIT} bytes: {text}"
        raise ValueError(message)
    return text


def decode(text: str) -> Action | None:
    """Give the action of a string, or None where it is none: hostile, truncated or of a later version."""
    version, _, rest = text.partition(":")
    name, *values = rest.split(":")
    kind = _NAMES.get(name)
    if version != _VERSION or kind is None or len(text) > _LIMIT:
        return None
    types_of_fields = _FIELD_TYPES[name]
    if len(values) != len(types_of_fields):
        return None
    try:
        parsed = [_parse(value, wanted) for value, wanted in zip(values, types_of_fields, strict=True)]
    except ValueError:
        return None
    return kind(*parsed)


# What an id's column holds; a larger number is no id of ours.
_BIGGEST = 2**31 - 1


def _parse(value: str, wanted: type[Any]) -> int | str | StrEnum:
    if wanted is int:
        if not (value.isascii() and value.isdigit()) or int(value) > _BIGGEST:
            message = f"no number: {value}"
            raise ValueError(message)
        return int(value)
    parsed: str | StrEnum = wanted(value)
    return parsed
