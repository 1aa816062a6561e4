"""One or two words for each value that people see; the same on cards, pages and papers."""

from typing import assert_never

from bot.wording.voice import Voice, say
from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind, StatementKind
from meeting.people import Presence, Reply, Role, Source, Standing
from meeting.regimes import Template
from meeting.tally import Decision
from meeting.voting import BaseKind, Method, Option, VoteState


def option_text(voice: Voice, option: Option) -> str:
    """Give an option of a vote as it stands on the ballot (`domain.md` §4.3)."""
    match option:
        case Option.YES:
            return say(voice, "In favour")
        case Option.NO:
            return say(voice, "Not in favour")
        case Option.OTHER:
            return say(voice, "Other opinion")
        case Option.ABSTAIN:
            return say(voice, "No opinion")
    assert_never(option)


def standing_text(voice: Voice, standing: Standing) -> str:
    """Give an attendee's standing."""
    match standing:
        case Standing.VOTING:
            return say(voice, "delegate")
        case Standing.GUEST:
            return say(voice, "guest")
        case Standing.OBSERVER:
            return say(voice, "observer")
    assert_never(standing)


def role_text(voice: Voice, role: Role) -> str:
    """Give a function."""
    match role:
        case Role.ORGANISER:
            return say(voice, "organiser")
        case Role.CHAIR:
            return say(voice, "chair")
        case Role.SECRETARY:
            return say(voice, "secretary")
    assert_never(role)


def presence_text(voice: Voice, presence: Presence) -> str:
    """Give whether an attendee is there."""
    match presence:
        case Presence.AWAY:
            return say(voice, "not present")
        case Presence.PRESENT:
            return say(voice, "present")
        case Presence.LEFT:
            return say(voice, "left early")
    assert_never(presence)


def reply_text(voice: Voice, reply: Reply) -> str:
    """Give an attendee's answer to the invitation."""
    match reply:
        case Reply.NONE:
            return say(voice, "no reply")
        case Reply.COMING:
            return say(voice, "coming")
        case Reply.ABSENT:
            return say(voice, "excused")
        case Reply.SUBSTITUTED:
            return say(voice, "somebody else comes")
    assert_never(reply)


def source_text(voice: Voice, source: Source) -> str:
    """Give how a presence or a ballot was entered."""
    match source:
        case Source.SELF:
            return say(voice, "by the person")
        case Source.SECRETARY:
            return say(voice, "entered by the secretary")
        case Source.PAPER:
            return say(voice, "on paper")
    assert_never(source)


def item_kind_text(voice: Voice, kind: ItemKind, *, is_advisory: bool = False) -> str:  # noqa: C901, PLR0911 - one arm for each
    """Give what an agenda item is; what is only advised on is nothing to adopt."""
    match kind:
        case ItemKind.DOCUMENT if is_advisory:
            return say(voice, "draft document")
        case ItemKind.PROCEDURE:
            return say(voice, "procedure")
        case ItemKind.VOTING_METHOD:
            return say(voice, "method of voting")
        case ItemKind.REPORT:
            return say(voice, "report")
        case ItemKind.DOCUMENT:
            return say(voice, "document to adopt")
        case ItemKind.DISCUSSION:
            return say(voice, "discussion")
        case ItemKind.VOTE:
            return say(voice, "vote")
        case ItemKind.ELECTION:
            return say(voice, "election")
        case ItemKind.PLEDGE:
            return say(voice, "emulation pledge")
        case ItemKind.COMMENDATION:
            return say(voice, "commendation")
        case ItemKind.SPEECH:
            return say(voice, "speech")
        case ItemKind.OTHER:
            return say(voice, "other item")
    assert_never(kind)


def decision_text(voice: Voice, decision: Decision) -> str:
    """Give what became of an item; an advisory one is never *thông qua*."""
    match decision:
        case Decision.ADOPTED:
            return say(voice, "Adopted")
        case Decision.ADOPTED_WITH_ADDITIONS:
            return say(voice, "Adopted with additions")
        case Decision.CONSULTED:
            return say(voice, "Opinions given")
        case Decision.REJECTED:
            return say(voice, "Not adopted")
        case Decision.NOTED:
            return say(voice, "Heard")
        case Decision.SKIPPED:
            return say(voice, "Left out")
    assert_never(decision)


def counted_decision_text(voice: Voice, decision: Decision) -> str:
    """Give what became of an item by a count; opinions that were counted decided nothing."""
    if decision is Decision.CONSULTED:
        return say(voice, "Opinions given, counted; the head of the agency decides.")
    decided = decision_text(voice, decision)
    return say(voice, "Decided by a counted vote: %(decision)s.", decision=decided)


def vote_state_text(voice: Voice, state: VoteState) -> str:
    """Give where a vote stands."""
    match state:
        case VoteState.DRAFT:
            return say(voice, "not opened yet")
        case VoteState.OPEN:
            return say(voice, "voting is on")
        case VoteState.PAUSED:
            return say(voice, "paused")
        case VoteState.CLOSED:
            return say(voice, "closed, not announced yet")
        case VoteState.ANNOUNCED:
            return say(voice, "announced")
        case VoteState.CANCELLED:
            return say(voice, "cancelled")
    assert_never(state)


def method_text(voice: Voice, method: Method) -> str:
    """Give how a vote is taken."""
    match method:
        case Method.CHAT:
            return say(voice, "by chat and web page")
        case Method.HANDS:
            return say(voice, "by counted hands")
    assert_never(method)


def base_text(voice: Voice, kind: BaseKind) -> str:
    """Give what a share is of, as the rules name it: "quá 50% *số đại biểu dự hội nghị*"."""
    match kind:
        case BaseKind.ATTENDEES:
            return say(voice, "the delegates attending")
        case BaseKind.SUMMONED:
            return say(voice, "the delegates summoned")
        case BaseKind.UNITS:
            return say(voice, "the units attending")
        case BaseKind.ALL_UNITS:
            return say(voice, "all units summoned")
    assert_never(kind)


def quorum_base_text(voice: Voice, kind: QuorumKind) -> str:
    """Give what the quorum is a share of."""
    match kind:
        case QuorumKind.HEADCOUNT:
            return say(voice, "the whole staff")
        case QuorumKind.SUMMONED:
            return say(voice, "the delegates summoned")
        case QuorumKind.UNITS:
            return say(voice, "all units summoned")
    assert_never(kind)


def statement_kind_text(voice: Voice, kind: StatementKind) -> str:
    """Give who stands for a statement of attendance."""
    match kind:
        case StatementKind.PRELIMINARY:
            return say(voice, "preliminary count of the organising committee")
        case StatementKind.CONFIRMED:
            return say(voice, "confirmed by the chair")
    assert_never(kind)


def template_text(voice: Voice, template: Template) -> str:
    """Give a kind of meeting."""
    match template:
        case Template.CBCCVC:
            return say(voice, "Yearly conference of an agency's staff")
        case Template.GIAO_UOC:
            return say(voice, "Signing of a cluster's emulation pledge")
        case Template.THUONG:
            return say(voice, "Other meeting")
    assert_never(template)


def language_text(language: str) -> str:
    """Give a language's own name."""
    return {"vi": "Tiếng Việt", "en": "English"}.get(language, language)


def button_sure_leave(voice: Voice) -> str:
    """Give the button that confirms leaving."""
    return say(voice, "Leave now")


def button_sure_close(voice: Voice) -> str:
    """Give the button that ends a vote though somebody is missing."""
    return say(voice, "End the vote")


def button_sure_close_meeting(voice: Voice) -> str:
    """Give the button that closes a meeting though items are undecided."""
    return say(voice, "Close the meeting")


def button_skip(voice: Voice) -> str:
    """Give the button that leaves a question unanswered."""
    return say(voice, "Skip")
