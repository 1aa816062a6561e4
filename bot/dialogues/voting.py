"""Votes: the chair's steps, the elector's taps, the secretary's entries."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import ClassVar

from bot import actions
from bot.cards.agenda import joint_card
from bot.cards.roll import elector_card, found_electors_card, latecomers_card, vote_roll_card
from bot.cards.setup import question_card, sure_card
from bot.dialogues.attendance import fits, own_presence_refused
from bot.dialogues.concerns import about
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.typed import typed_count
from bot.platforms.base import Answer, Card, Tap
from bot.wording import notices, prompts
from bot.wording.labels import button_sure_close
from bot.wording.matching import TypedChoice
from bot.wording.voice import Voice
from handlers import balloting, closing, drafting, opening, questions, steps
from handlers.asking import permitted
from handlers.balloting import CastVote
from handlers.closing import CloseUnsure
from handlers.meetings import Unchanged
from handlers.steps import VoteMoved
from meeting.names import tidy_lines
from meeting.people import Right
from meeting.plan import NAME_LIMIT, TEXT_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.voting import (
    AlreadyDone,
    BallotCounted,
    BallotUnchanged,
    Method,
    Option,
    Step,
    VoteState,
    decide_ballot,
    decide_step,
)
from storage import votes
from storage.database import Tx
from storage.errors import VoteNotFoundError
from storage.reading import ballot_views, get_agenda_view, get_vote_roll_view, get_vote_view
from storage.views import VoteRollView, VoteView

_RUNNING = frozenset({VoteState.OPEN, VoteState.PAUSED})
_OVER = frozenset({Refusal.VOTE_PAUSED, Refusal.VOTE_CLOSED, Refusal.VOTE_CANCELLED})
"""Why no ballot is taken from anybody, be it for a time."""

# Electors


async def cast_vote(talk: Talk, action: actions.CastVote) -> Answer:
    """Cast a ballot, together with what else waits; a text typed beside *ý kiến khác* goes with it."""
    body, opinion = talk.incoming.body, ""
    if isinstance(body, Tap) and action.option is Option.OTHER:
        opinion = tidy_lines(body.text)
    return await cast_typed(talk, action.vote_id, TypedChoice(action.option, opinion))


async def cast_typed(talk: Talk, vote_id: int, choice: TypedChoice) -> Answer:
    """Cast a ballot, as `cast`, and answer also where it is refused."""
    answer = await cast(talk, vote_id, choice)
    return answer if isinstance(answer, Answer) else await ballot_refused(talk, vote_id, answer)


async def ballot_refused(talk: Talk, vote_id: int, refused: Refused) -> Answer:
    """Answer a ballot that was refused, in the voice of its meeting."""
    return own_presence_refused(await about(talk, actions.AddOpinion(vote_id)), refused)


async def cast(talk: Talk, vote_id: int, choice: TypedChoice) -> Answer | Refused:
    """Cast a ballot; of *ý kiến khác* without a text, or with too long a one, the text is asked for.

    The choice counts at once all the same: nobody loses a vote by an answer that comes late or too long.
    """
    is_too_long = len(choice.opinion) > TEXT_LIMIT
    opinion = None if is_too_long else choice.opinion or None
    result = await talk.office.ballots.put(CastVote(talk.asked, vote_id, choice.option, opinion))
    if isinstance(result, Refused):
        return result
    if isinstance(result, BallotUnchanged) and (refused := await _find_end(talk, vote_id)) is not None:
        stands = notices.ballot_unchanged(talk.voice, result.option, None)
        told = await ballot_refused(talk, vote_id, refused)
        return replace(told, notice=f"{stands} {told.notice}")
    answer = Answer(_ballot_text(talk, result), records=actions.CastVote(vote_id, result.option))
    if result.option is not Option.OTHER or opinion is not None:
        return answer
    async with talk.house.database.snapshot() as tx:
        known = await _find_opinion(tx, talk.account.account_id, vote_id)
    if is_too_long:
        too_long = talk.refuse(Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT}))
        asked = await talk.ask(Opinion(vote_id, known or ""), f"{answer.notice} {too_long.notice}")
    elif isinstance(result, BallotCounted) and known == "":
        asked = await talk.ask(Opinion(vote_id, known), answer.notice)
    else:
        return answer
    return replace(asked, records=answer.records)


async def _find_end(talk: Talk, vote_id: int) -> Refused | None:
    """Give why another choice than the own one would be refused now, None where it would be taken."""
    async with talk.house.database.snapshot() as tx:
        vote = (await votes.get_question(tx, vote_id)).vote
    result = decide_ballot(vote, None, None, Option.YES, talk.now())
    return result if isinstance(result, Refused) and result.reason in _OVER else None


def _ballot_text(talk: Talk, result: BallotCounted | BallotUnchanged) -> str:
    match result:
        case BallotCounted(Option.OTHER, Option.OTHER, turnout):
            return notices.opinion_recorded(talk.voice, turnout)
        case BallotCounted(option, _, turnout):
            return notices.ballot_counted(talk.voice, option, turnout)
        case BallotUnchanged(option, turnout):
            return notices.ballot_unchanged(talk.voice, option, turnout)


async def _find_opinion(tx: Tx, account_id: int, vote_id: int) -> str | None:
    """Give the text of somebody's *ý kiến khác*, "" without one; None where the vote takes none now."""
    view = (await ballot_views(tx, vote_id, [account_id])).get(account_id)
    if view is None or view.own is not Option.OTHER or view.vote.state not in _RUNNING:
        return None
    return view.own_opinion


async def add_opinion(talk: Talk, action: actions.AddOpinion) -> Answer:
    """Ask for the text of *ý kiến khác*."""
    async with talk.house.database.snapshot() as tx:
        views = await ballot_views(tx, action.vote_id, [talk.account.account_id])
    view = views.get(talk.account.account_id)
    if view is None:
        return talk.refuse(Refused(Refusal.NOT_ATTENDEE))
    if view.vote.state not in _RUNNING:
        return talk.refuse(Refused(Refusal.VOTE_CLOSED, {"closed_at": view.vote.closed_at}))
    if view.own is not Option.OTHER:
        return talk.refuse(Refused(Refusal.OPINION_NEEDS_OTHER))
    return await talk.ask(Opinion(action.vote_id, view.own_opinion))


@kept
@dataclass(frozen=True)
class Opinion(Question):
    """The text of *ý kiến khác*; `known` is the one that stood when it was asked for."""

    topic: ClassVar[str] = "opinion"
    vote_id: int
    known: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, prompts.opinion(voice), version, limit=TEXT_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Record the text."""
        result = await balloting.add_opinion(talk.house, talk.asked, self.vote_id, text)
        if isinstance(result, Refused):
            is_away = result.reason is Refusal.NOT_PRESENT
            return own_presence_refused(talk, result) if is_away else result
        return Answer(notices.opinion_recorded(talk.voice))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """While the choice stands, without another text, in a vote that isn't closed."""
        return await _find_opinion(tx, account_id, self.vote_id) == self.known


# Drafting and opening


async def prepare_vote(talk: Talk, action: actions.PrepareVote) -> Answer:
    """Draft a vote on an item."""
    result = await drafting.prepare_vote(talk.house, talk.asked, action.item_id, action.method)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return Answer(notices.vote_prepared(talk.voice, action.method))


async def show_joint(talk: Talk, action: actions.ShowJoint) -> Answer:
    """Show which other items could go into a drafted vote."""
    return await _joint(talk, action.vote_id)


async def _joint(talk: Talk, vote_id: int) -> Answer:
    async with talk.house.database.snapshot() as tx:
        meeting_id = await _get_meeting(tx, vote_id)
        actor = await permitted(tx, talk.asked, meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        view = await get_agenda_view(tx, meeting_id)
        vote = await get_vote_view(tx, vote_id)
    return Answer(card=joint_card(talk.about(view.meeting).voice, view, vote), replaces=True)


async def join_vote(talk: Talk, action: actions.JoinVote) -> Answer:
    """Put an item into a drafted vote, or take it out."""
    result = await drafting.join_vote(talk.house, talk.asked, action.vote_id, action.item_id)
    return talk.refuse(result) if isinstance(result, Refused) else await _joint(talk, action.vote_id)


async def split_vote(talk: Talk, action: actions.SplitVote) -> Answer:
    """Split a vote on several items."""
    result = await drafting.split_vote(talk.house, talk.asked, action.vote_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return Answer(notices.vote_split(talk.voice, len(result.vote_ids)))


async def repeat_vote(talk: Talk, action: actions.RepeatVote) -> Answer:
    """Draft another run."""
    result = await drafting.repeat_vote(talk.house, talk.asked, action.vote_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return Answer(notices.vote_prepared(talk.voice, (await _vote(talk, result.vote_id)).method))


async def open_vote(talk: Talk, action: actions.OpenVote) -> Answer:
    """Open a drafted vote."""
    within = timedelta(minutes=min(action.minutes, 100_000)) if action.minutes else None
    result = await opening.open_vote(talk.house, talk.asked, action.vote_id, within=within)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return Answer(notices.vote_opened(talk.voice, result))


# After the opening


def _moved(talk: Talk, result: VoteMoved | Unchanged | Refused) -> Answer:
    if isinstance(result, Refused):
        return talk.refuse(result)
    return Answer(notices.vote_moved(talk.voice, result))


async def pause_vote(talk: Talk, action: actions.PauseVote) -> Answer:
    """Pause."""
    return _moved(talk, await steps.pause_vote(talk.house, talk.asked, action.vote_id))


async def resume_vote(talk: Talk, action: actions.ResumeVote) -> Answer:
    """Go on."""
    return _moved(talk, await steps.resume_vote(talk.house, talk.asked, action.vote_id))


async def extend_vote(talk: Talk, action: actions.ExtendVote) -> Answer:
    """Give more time."""
    within = timedelta(minutes=min(action.minutes, 100_000))
    result = await steps.extend_vote(talk.house, talk.asked, action.vote_id, within)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return Answer(notices.deadline_given(talk.voice, action.minutes))


async def reopen_vote(talk: Talk, action: actions.ReopenVote) -> Answer:
    """Open again."""
    return _moved(talk, await steps.reopen_vote(talk.house, talk.asked, action.vote_id))


async def close_vote(talk: Talk, action: actions.CloseVote) -> Answer:
    """Close, or ask once more while somebody is missing."""
    result = await closing.close_vote(talk.house, talk.asked, action.vote_id, is_sure=bool(action.sure))
    if isinstance(result, Refused):
        return talk.refuse(result)
    text = notices.vote_closed(talk.voice, result, (await _vote(talk, action.vote_id)).base_kind)
    if isinstance(result, CloseUnsure):
        sure = actions.CloseVote(action.vote_id, 1)
        return Answer(card=sure_card(talk.voice, text, button_sure_close(talk.voice), sure))
    return Answer(text)


async def _vote(talk: Talk, vote_id: int) -> VoteView:
    async with talk.house.database.snapshot() as tx:
        return await get_vote_view(tx, vote_id)


async def _find_vote(talk: Talk, vote_id: int, right: Right) -> VoteView | Refused:
    """Give a vote to somebody with this right in its meeting."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, await _get_meeting(tx, vote_id), right)
        return actor if isinstance(actor, Refused) else await get_vote_view(tx, vote_id)


async def announce_vote(talk: Talk, action: actions.AnnounceVote) -> Answer:
    """Announce the result."""
    result = await closing.announce_vote(talk.house, talk.asked, action.vote_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    if isinstance(result, Unchanged):
        return Answer(notices.unchanged(talk.voice))
    return Answer(notices.vote_announced(talk.voice))


async def cancel_vote(talk: Talk, action: actions.CancelVote) -> Answer:
    """Ask why a run is cancelled."""
    vote = await _find_vote(talk, action.vote_id, Right.PRESIDE)
    if isinstance(vote, Refused):
        return talk.refuse(vote)
    refused = decide_step(vote.state, Step.CANCEL)
    if isinstance(refused, AlreadyDone):
        return Answer(notices.unchanged(talk.voice))
    if isinstance(refused, Refused):
        return talk.refuse(refused)
    return await talk.ask(CancelReason(action.vote_id))


@kept
@dataclass(frozen=True)
class CancelReason(Question):
    """Why a run is cancelled."""

    topic: ClassVar[str] = "cancel_reason"
    vote_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, prompts.cancel_reason(voice), version, limit=TEXT_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Cancel the run."""
        result = await closing.cancel_vote(talk.house, talk.asked, self.vote_id, text)
        return result if isinstance(result, Refused) else _moved(talk, result)

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """While the run can still be cancelled."""
        del account_id
        state = (await get_vote_view(tx, self.vote_id)).state
        return isinstance(decide_step(state, Step.CANCEL), VoteState)


# Counted hands


async def enter_hands(talk: Talk, action: actions.EnterHands) -> Answer:
    """Ask for the count of the first option."""
    vote = await _find_vote(talk, action.vote_id, Right.PRESIDE)
    if isinstance(vote, Refused):
        return talk.refuse(vote)
    if vote.method is not Method.HANDS:
        return talk.refuse(Refused(Refusal.VOTE_BY_CHAT))
    if vote.state not in _RUNNING or vote.base is None:
        is_draft = vote.state is VoteState.DRAFT
        closed = Refused(Refusal.VOTE_CLOSED, {"closed_at": vote.closed_at})
        return talk.refuse(Refused(Refusal.VOTE_NOT_OPEN) if is_draft else closed)
    return await talk.ask(Hands(action.vote_id, [option.value for option in vote.options], vote.base))


@kept
@dataclass(frozen=True)
class Hands(Question):
    """The count of hands, one option after the other: "ai không tán thành?" alone is no count."""

    topic: ClassVar[str] = "hands"
    vote_id: int
    options: list[str]
    base: int
    counts: list[int] = field(default_factory=list)

    def card(self, voice: Voice, version: int) -> Card:
        """Ask for the next option's count."""
        option = Option(self.options[len(self.counts)])
        text = prompts.hands(voice, option, self.base)
        return question_card(voice, text, version, limit=NAME_LIMIT, example="0")

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take a count; after the last one the whole is stored. Too many in all, and it begins anew."""
        count = typed_count(text)
        if count is None:
            return Refused(Refusal.NUMBER_UNREADABLE)
        counts = [*self.counts, count]
        if sum(counts) > self.base:
            refused = Refused(Refusal.HANDS_EXCEED_BASE, {"sum": sum(counts), "base": self.base})
            return await talk.ask(replace(self, counts=[]), talk.refuse(refused).notice)
        if len(counts) < len(self.options):
            return await talk.ask(replace(self, counts=counts))
        result = await balloting.enter_hands(
            talk.house, talk.asked, self.vote_id, dict(zip(map(Option, self.options), counts, strict=True))
        )
        if isinstance(result, Refused):
            return result
        return Answer(notices.hands_counted(talk.voice, result, (await _vote(talk, self.vote_id)).base_kind))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """While the vote runs over the base that was asked about."""
        del account_id
        vote = await get_vote_view(tx, self.vote_id)
        return vote.state in _RUNNING and vote.base == self.base


# The secretary's view


async def _vote_roll(talk: Talk, vote_id: int) -> VoteRollView | Refused:
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, await _get_meeting(tx, vote_id), Right.SEE_CHOICES)
        return actor if isinstance(actor, Refused) else await get_vote_roll_view(tx, vote_id)


async def _get_meeting(tx: Tx, vote_id: int) -> int:
    meeting_id = await votes.find_meeting_of(tx, vote_id)
    if meeting_id is None:
        raise VoteNotFoundError(vote_id)
    return meeting_id


async def show_missing(talk: Talk, action: actions.ShowMissing) -> Answer:
    """Show who has voted what, and who has not."""
    view = await _vote_roll(talk, action.vote_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    return Answer(card=vote_roll_card(talk.about(view.meeting).voice, view, action.page), replaces=True)


async def find_elector(talk: Talk, action: actions.FindElector) -> Answer:
    """Ask whom to look for among a vote's electors."""
    view = await _vote_roll(talk, action.vote_id)
    return talk.refuse(view) if isinstance(view, Refused) else await talk.ask(SoughtElector(action.vote_id))


@kept
@dataclass(frozen=True)
class SoughtElector(Question):
    """Whom to look for among a vote's electors."""

    topic: ClassVar[str] = "sought_elector"
    takes_any_name: ClassVar[bool] = True
    vote_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, prompts.name_sought(voice), version, limit=NAME_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Show who is meant, or those who may be; the question stays where nobody is."""
        view = await _vote_roll(talk, self.vote_id)
        if isinstance(view, Refused):
            return view
        found = [one for one in view.electors if fits(text, one.name)]
        if not found:
            return Answer(prompts.nobody_found(talk.voice))
        await questions.give_up(talk.house, talk.asked)
        if len(found) == 1:
            return await _elector(talk, self.vote_id, found[0].elector_id)
        return Answer(card=found_electors_card(talk.voice, view, found))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """While the vote runs."""
        del account_id
        return (await get_vote_view(tx, self.vote_id)).state in _RUNNING


async def show_elector(talk: Talk, action: actions.ShowElector) -> Answer:
    """Show one elector, to enter a choice."""
    return await _elector(talk, action.vote_id, action.elector_id)


async def _elector(talk: Talk, vote_id: int, elector_id: int) -> Answer:
    view = await _vote_roll(talk, vote_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    elector = next((each for each in view.electors if each.elector_id == elector_id), None)
    if elector is None:
        return talk.refuse(Refused(Refusal.NOT_FOUND))
    return Answer(card=elector_card(talk.about(view.meeting).voice, view, elector), replaces=True)


async def cast_for(talk: Talk, action: actions.CastFor) -> Answer:
    """Enter the choice of somebody without a phone."""
    result = await balloting.cast_for(
        talk.house, talk.asked, action.vote_id, action.elector_id, action.option
    )
    if isinstance(result, Refused):
        return talk.refuse(result)
    view = await _vote_roll(talk, action.vote_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    name = next(each.name for each in view.electors if each.elector_id == action.elector_id)
    notice = notices.ballot_entered(talk.voice, name, result.option)
    return Answer(notice, vote_roll_card(talk.about(view.meeting).voice, view, 0), replaces=True)


async def show_latecomers(talk: Talk, action: actions.ShowLatecomers) -> Answer:
    """Show who is present and not among the electors."""
    view = await _vote_roll(talk, action.vote_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    return Answer(card=latecomers_card(talk.about(view.meeting).voice, view), replaces=True)


async def admit_elector(talk: Talk, action: actions.AdmitElector) -> Answer:
    """Admit a latecomer."""
    result = await opening.admit_elector(talk.house, talk.asked, action.vote_id, action.attendee_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    view = await _vote_roll(talk, action.vote_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    notice = notices.elector_admitted(talk.voice, result)
    return Answer(notice, latecomers_card(talk.about(view.meeting).voice, view), replaces=True)


ROUTES: Routes = {
    actions.CastVote: cast_vote,
    actions.AddOpinion: add_opinion,
    actions.PrepareVote: prepare_vote,
    actions.ShowJoint: show_joint,
    actions.JoinVote: join_vote,
    actions.OpenVote: open_vote,
    actions.PauseVote: pause_vote,
    actions.ResumeVote: resume_vote,
    actions.ExtendVote: extend_vote,
    actions.CloseVote: close_vote,
    actions.ReopenVote: reopen_vote,
    actions.AnnounceVote: announce_vote,
    actions.CancelVote: cancel_vote,
    actions.RepeatVote: repeat_vote,
    actions.SplitVote: split_vote,
    actions.EnterHands: enter_hands,
    actions.ShowMissing: show_missing,
    actions.FindElector: find_elector,
    actions.ShowElector: show_elector,
    actions.CastFor: cast_for,
    actions.ShowLatecomers: show_latecomers,
    actions.AdmitElector: admit_elector,
}
"""What each button of this topic does."""
