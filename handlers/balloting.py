"""Ballots: cast in batches, entered for somebody without a phone, told as hands; the one hot path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.acts import record_act
from handlers.asking import Asked, House, permitted, request
from handlers.vote_cards import tell_presiding
from meeting import names
from meeting.people import Presence, Right, Source
from meeting.plan import TEXT_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, PostKind, Priority
from meeting.tally import Tally, tally_hands
from meeting.voting import (
    RUNNING,
    Ballot,
    BallotCounted,
    BallotResult,
    BallotUnchanged,
    Elector,
    Method,
    Option,
    Turnout,
    Vote,
    VoteState,
    decide_ballot,
    decide_entry,
)
from storage import cards, marks, meetings, record, votes
from storage.database import BIGGEST_ID, Tx
from storage.votes import HeldVote, NewBallot, Standpoint


@dataclass(frozen=True, slots=True)
class CastVote:
    """Somebody chooses an option; `opinion` is the text of *ý kiến khác* if it came with it."""

    asked: Asked
    vote_id: int
    option: Option
    opinion: str | None = None


@dataclass(frozen=True, slots=True)
class HandsCounted:
    """The count of hands is stored."""

    tally: Tally


@dataclass(frozen=True, slots=True)
class OpinionRecorded:
    """The text of *ý kiến khác* stands."""


async def cast_votes(house: House, batch: Sequence[CastVote]) -> list[BallotResult]:
    """Put ballots, all of what waits in one transaction; each gets the own result, in order.

    Set, not toggle: the same choice again is `BallotUnchanged`. An event that was carried out before changes
    nothing and gets `BallotUnchanged` with the choice as it stands now.
    """
    async with house.database.transaction() as tx:
        held = await votes.hold_votes(tx, {one.vote_id for one in batch if one.vote_id <= BIGGEST_ID})
        now = house.now()
        fresh = await marks.put_marks(tx, [(one.asked.platform, one.asked.event_id) for one in batch], now)
        pairs = {(one.asked.account_id, one.vote_id) for one in batch if one.vote_id in held}
        standpoints = await votes.list_standpoints(tx, pairs)
        standing = {
            (vote_id, point.elector.elector_id): point.ballot
            for (_, vote_id), point in standpoints.items()
            if point.elector is not None
        }
        electors = {
            point.elector.elector_id: point.elector
            for point in standpoints.values()
            if point.elector is not None
        }
        results: list[BallotResult] = []
        put: list[NewBallot] = []
        for one in batch:
            if one.vote_id not in held:
                results.append(Refused(Refusal.NOT_FOUND))
                continue
            vote = held[one.vote_id].vote
            point = standpoints.get((one.asked.account_id, one.vote_id))
            event = (one.asked.platform, one.asked.event_id)
            result, ballot = _decide(
                one, vote, point, standing, now, held[one.vote_id].organisation_id, is_fresh=event in fresh
            )
            fresh.discard(event)
            results.append(result)
            if ballot is not None:
                put.append(ballot)
                standing[one.vote_id, ballot.elector_id] = votes.as_ballot(ballot)
        option_ids = {
            (vote_id, option): option_id
            for vote_id, holding in held.items()
            for option, option_id in holding.option_ids.items()
        }
        await votes.put_ballots(tx, put, option_ids)
        turnouts = await _show_cast(tx, held, put, electors)
        for one, result in zip(batch, results, strict=True):
            if one.vote_id not in turnouts and not isinstance(result, Refused):
                turnouts[one.vote_id] = await votes.get_turnout(tx, one.vote_id)
        return [
            result if isinstance(result, Refused) else replace(result, turnout=turnouts[one.vote_id])
            for one, result in zip(batch, results, strict=True)
        ]


def _decide(
    one: CastVote,
    vote: Vote,
    point: Standpoint | None,
    standing: Mapping[tuple[int, int], Ballot | None],
    now: datetime,
    organisation_id: int,
    *,
    is_fresh: bool,
) -> tuple[BallotResult, NewBallot | None]:
    if point is None:
        return Refused(Refusal.NOT_ATTENDEE), None
    elector = point.elector
    previous = None if elector is None else standing[one.vote_id, elector.elector_id]
    if not is_fresh and previous is not None:
        return BallotUnchanged(previous.option), None
    opinion = None if one.opinion is None else names.tidy_lines(one.opinion)
    if opinion is not None and len(opinion) > TEXT_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT, "length": len(opinion)}), None
    result = decide_ballot(vote, elector, previous, one.option, now)
    has_new_text = (
        isinstance(result, BallotUnchanged)
        and one.option is Option.OTHER
        and bool(opinion)
        and vote.is_open(now)
    )
    if elector is None or not (isinstance(result, BallotCounted) or has_new_text):
        return result, None
    if point.presence is not Presence.PRESENT:
        return Refused(Refusal.NOT_PRESENT), None
    # Another choice drops the text that went with *ý kiến khác*.
    text = opinion if one.option is Option.OTHER else ""
    ballot = NewBallot(
        organisation_id,
        one.vote_id,
        elector.elector_id,
        one.option,
        Source.SELF,
        point.person_id,
        now,
        text,
    )
    return (result if isinstance(result, BallotCounted) else BallotCounted(one.option, one.option)), ballot


async def _show_cast(
    tx: Tx, held: Mapping[int, HeldVote], put: Sequence[NewBallot], electors: Mapping[int, Elector]
) -> dict[int, Turnout]:
    """Refresh the cards that a batch touched: electors' own, groups' and panels; tell when all have voted.

    Gives the turnout of each vote that ballots were put in, counted once however many they were.
    """
    turnouts = {}
    for vote_id in sorted({ballot.vote_id for ballot in put}):
        vote, organisation_id = held[vote_id].vote, held[vote_id].organisation_id
        voting = {electors[ballot.elector_id] for ballot in put if ballot.vote_id == vote_id}
        accounts = await votes.list_accounts_of(tx, voting)
        await cards.touch_cards(tx, CardKind.BALLOT, vote_id, accounts, priority=Priority.REFRESH)
        await cards.touch_cards(tx, CardKind.GROUP_BALLOT, vote_id, priority=Priority.REFRESH)
        await cards.touch_cards(tx, CardKind.PANEL, vote.meeting_id)
        # After the panels, whose rows other processes wait for: so the last of two counts both.
        turnout = turnouts[vote_id] = await votes.get_turnout(tx, vote_id)
        if turnout.voted == turnout.electors:
            # Once more where a latecomer was admitted since.
            at, suffix = put[-1].cast_at, f":{turnout.electors}"
            await tell_presiding(tx, organisation_id, vote, PostKind.ALL_VOTED, at, suffix)
    return turnouts


@request
async def add_opinion(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, text: str
) -> OpinionRecorded | Refused:
    """Set the text of one's *ý kiến khác*, until the vote closes; the newest stands."""
    opinion = names.tidy_lines(text)
    if not opinion:
        return Refused(Refusal.TEXT_EMPTY)
    if len(opinion) > TEXT_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT, "length": len(opinion)})
    question = await votes.get_question(tx, vote_id)
    key = (asked.account_id, vote_id)
    point = (await votes.list_standpoints(tx, {key})).get(key)
    if point is None:
        return Refused(Refusal.NOT_ATTENDEE)
    # As a tap on the option itself would be, were it the first.
    decided = decide_ballot(question.vote, point.elector, None, Option.OTHER, now)
    if isinstance(decided, Refused):
        return decided
    if point.elector is None or point.ballot is None or point.ballot.option is not Option.OTHER:
        return Refused(Refusal.OPINION_NEEDS_OTHER)
    if point.presence is not Presence.PRESENT:
        return Refused(Refusal.NOT_PRESENT)
    await votes.put_opinion(tx, vote_id, point.elector.elector_id, opinion)
    accounts = await votes.list_accounts_of(tx, [point.elector])
    await cards.touch_cards(tx, CardKind.BALLOT, vote_id, accounts)
    return OpinionRecorded()


@request
async def cast_for(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, elector_id: int, option: Option
) -> BallotResult:
    """Enter the choice of somebody without a phone; the record holds that, not the choice.

    Refused where the elector has voted by the own tap.
    """
    meeting_id = await votes.find_meeting_of(tx, vote_id)
    if meeting_id is None:
        return Refused(Refusal.NOT_FOUND)
    await meetings.lock_meeting(tx, meeting_id)
    held = await votes.hold_votes(tx, {vote_id})
    vote, organisation_id = held[vote_id].vote, held[vote_id].organisation_id
    actor = await permitted(tx, asked, meeting_id, Right.SEE_CHOICES)
    if isinstance(actor, Refused):
        return actor
    found = await votes.find_elector(tx, vote_id, elector_id)
    if found is None:
        return Refused(Refusal.NOT_FOUND)
    elector, previous = found
    result = decide_entry(vote, elector, previous, option, now)
    if not isinstance(result, BallotCounted):
        return result
    ballot = NewBallot(
        organisation_id, vote_id, elector_id, option, Source.SECRETARY, actor.person_id, now, ""
    )
    await votes.put_ballots(tx, [ballot], {(vote_id, option): held[vote_id].option_ids[option]})
    await _show_cast(tx, held, [ballot], {elector_id: elector})
    facts = {"vote": vote_id, "elector": elector_id}
    await record.append(tx, organisation_id, vote.meeting_id, now, "ballot_entered", facts, actor=actor)
    return result


@request
async def enter_hands(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, counts: Mapping[Option, int]
) -> HandsCounted | Refused:
    """Store a count of hands in which each option was asked; until the close, the newest holds."""
    question = await votes.get_question(tx, vote_id)
    vote = question.vote
    actor = await permitted(tx, asked, vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    if vote.method is not Method.HANDS:
        return Refused(Refusal.VOTE_BY_CHAT)
    if vote.state not in RUNNING or question.base is None:
        return Refused(Refusal.VOTE_NOT_OPEN if vote.state is VoteState.DRAFT else Refusal.VOTE_CLOSED)
    if counts.keys() != set(vote.options):
        return Refused(Refusal.UNKNOWN_OPTION)
    tally = tally_hands(dict(counts), question.base)
    if isinstance(tally, Refused):
        return tally
    await votes.put_hands(tx, vote_id, counts)
    facts = {"vote": vote_id, "counts": {option.value: count for option, count in counts.items()}}
    await record_act(tx, question, now, "hands_counted", facts, actor, is_presiding=True)
    await cards.touch_cards(tx, CardKind.PANEL, vote.meeting_id)
    return HandsCounted(tally)
