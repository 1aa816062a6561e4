"""Votes: drafted, opened, cast, counted, closed, announced; cancelled, repeated and split."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from handlers.asking import Asked, House, permitted, refuse_closed, request
from handlers.deadlines import put_deadline
from handlers.meetings import Unchanged
from handlers.scheduling import take_back
from handlers.vote_record import record_act
from meeting import names
from meeting.attendance import StatementKind
from meeting.people import Actor, Presence, Right, Source, Standing
from meeting.plan import TEXT_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, MeetingState, PostKind, Priority
from meeting.tally import Decision, Tally, decide_verdict, tally_hands
from meeting.vote_times import refuse_times
from meeting.voting import (
    STANDARD_OPTIONS,
    AlreadyDone,
    Ballot,
    BallotCounted,
    BallotResult,
    BallotUnchanged,
    Elector,
    Method,
    OpeningConditions,
    Option,
    Step,
    Turnout,
    Vote,
    VoteState,
    VotingUnit,
    base_of,
    decide_ballot,
    decide_entry,
    decide_step,
    electorate,
    refuse_opening,
)
from storage import cards, groups, marks, meetings, posts, record, votes
from storage.database import BIGGEST_ID, Tx
from storage.reading import (
    find_statement,
    get_attendance,
    get_meeting_view,
    get_roll,
    is_method_adopted,
    list_items,
)
from storage.votes import HeldVote, NewBallot, Question, Standpoint

_RUNNING = frozenset({VoteState.OPEN, VoteState.PAUSED})


@dataclass(frozen=True, slots=True)
class VotePrepared:
    """The vote is drafted."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class VoteOpened:
    """The vote is open, over this base."""

    base: int
    deadline_at: datetime | None


@dataclass(frozen=True, slots=True)
class VoteMoved:
    """The vote has gone to this state."""

    state: VoteState


@dataclass(frozen=True, slots=True)
class CloseUnsure:
    """Nothing was done yet: so many electors have not voted."""

    missing: int


@dataclass(frozen=True, slots=True)
class VoteClosed:
    """The vote is closed with this tally, which only those who preside see until it is announced."""

    tally: Tally


@dataclass(frozen=True, slots=True)
class VoteAnnounced:
    """The result is out."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class VoteSplit:
    """The items have a drafted vote each."""

    vote_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HandsCounted:
    """The count of hands is stored."""

    tally: Tally


@dataclass(frozen=True, slots=True)
class ElectorAdmitted:
    """The latecomer votes in this run, whose base is now this."""

    base: int


@dataclass(frozen=True, slots=True)
class OpinionRecorded:
    """The text of *ý kiến khác* stands."""


@dataclass(frozen=True, slots=True)
class CastVote:
    """Somebody chooses an option; `opinion` is the text of *ý kiến khác* if it came with it."""

    asked: Asked
    vote_id: int
    option: Option
    opinion: str | None = None


# Drafting


@request
async def prepare_vote(
    tx: Tx, asked: Asked, now: datetime, item_id: int, method: Method
) -> VotePrepared | Refused:
    """Draft a vote on an item by a method; one drafted before is kept and gets the method."""
    item = await meetings.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if item.decision is not None:
        return Refused(Refusal.ITEM_DECIDED)
    if await meetings.list_active_votes_on(tx, item_id):
        return Refused(Refusal.ITEM_HAS_VOTE)
    if await meetings.lock_meeting(tx, item.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, item.meeting_id)
    vote_id = await votes.find_draft_on(tx, item_id)
    if vote_id is None:
        vote_id = await _draft(tx, item.organisation_id, item.meeting_id, [item], method)
    else:
        if method is Method.HANDS:
            await take_back(tx, await votes.get_question(tx, vote_id), now, "method", actor)
        await votes.put_vote(tx, vote_id, method=method)
    await cards.touch_cards(tx, CardKind.PANEL, item.meeting_id)
    return VotePrepared(vote_id)


async def _draft(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    items: Sequence[meetings.Item],
    method: Method,
    series_id: int | None = None,
) -> int:
    rules = (await get_meeting_view(tx, meeting_id)).rules
    return await votes.add_vote(
        tx,
        organisation_id,
        meeting_id,
        items={item.item_id: item.text_version for item in items},
        question=_question_about(items),
        method=method,
        options=STANDARD_OPTIONS,
        base_kind=rules.base_kind,
        threshold=rules.threshold,
        is_advisory=any(item.is_advisory for item in items),
        series_id=series_id,
    )


def _question_about(items: Iterable[meetings.Item]) -> str:
    return "; ".join(item.title for item in items)


async def _items_of(tx: Tx, meeting_id: int, item_ids: Collection[int]) -> list[meetings.Item]:
    """Give the items of a vote, in the order of the agenda."""
    return [item for item in await meetings.list_items(tx, meeting_id) if item.item_id in item_ids]


async def leave_drafts(tx: Tx, item: meetings.Item, now: datetime, *, but: int | None = None) -> None:
    """Take an item out of the meeting's drafted votes (`but` one); a draft about nothing else is dropped."""
    for vote_id in await votes.list_votes(tx, item.meeting_id, {VoteState.DRAFT}):
        question = await votes.get_question(tx, vote_id)
        if vote_id == but or item.item_id not in question.item_ids:
            continue
        rest = set(question.item_ids) - {item.item_id}
        if rest:
            await put_items(tx, question, rest, now)
        else:
            await take_back(tx, question, now, "dropped")
            await votes.put_vote(tx, vote_id, state=VoteState.CANCELLED, cancelled_at=now)


async def put_items(tx: Tx, question: Question, item_ids: Collection[int], now: datetime) -> None:
    """Set what a drafted vote is about: the items as they are worded now. It doesn't open by itself then."""
    await take_back(tx, question, now, "question")
    items = await _items_of(tx, question.vote.meeting_id, item_ids)
    versions = {item.item_id: item.text_version for item in items}
    await votes.put_vote_items(tx, question, versions, _question_about(items))


@request
async def join_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, item_id: int
) -> VotePrepared | Refused:
    """Put an item into a drafted vote, or take it out where it is in; the last one stays.

    Deciding and advisory items don't go into one vote, as its result would be worded wrongly for either. An
    item that is put in leaves another draft that it was in.
    """
    question = await votes.get_question(tx, vote_id)
    actor = await permitted(tx, asked, question.vote.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if question.vote.state is not VoteState.DRAFT:
        return Refused(Refusal.VOTE_ALREADY_OPENED)
    item = await meetings.get_item(tx, item_id)
    if item.meeting_id != question.vote.meeting_id:
        return Refused(Refusal.NOT_FOUND)
    item_ids = set(question.item_ids)
    if item_id in item_ids:
        item_ids = item_ids - {item_id} or {item_id}
    else:
        if item.decision is not None:
            return Refused(Refusal.ITEM_DECIDED)
        if await meetings.list_active_votes_on(tx, item_id):
            return Refused(Refusal.ITEM_HAS_VOTE)
        if item.is_advisory != question.is_advisory:
            return Refused(Refusal.OUT_OF_DATE)
        await leave_drafts(tx, item, now, but=vote_id)
        item_ids = item_ids | {item_id}
    await put_items(tx, question, item_ids, now)
    await cards.touch_cards(tx, CardKind.PANEL, item.meeting_id)
    return VotePrepared(vote_id)


@request
async def split_vote(tx: Tx, asked: Asked, now: datetime, vote_id: int) -> VoteSplit | Refused:
    """Split a vote on several items into a draft for each; an open run is cancelled without a tally."""
    question = await votes.get_question(tx, vote_id)
    actor = await permitted(tx, asked, question.vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    if len(question.item_ids) < 2 or question.vote.state not in {VoteState.DRAFT, *_RUNNING}:  # noqa: PLR2004 - two make a joint vote
        return Refused(Refusal.VOTE_NOT_SPLITTABLE)
    await cancel(tx, question, now, "split", actor)
    vote_ids = [
        await _draft(tx, item.organisation_id, item.meeting_id, [item], question.vote.method)
        for item in await _items_of(tx, question.vote.meeting_id, question.item_ids)
    ]
    return VoteSplit(tuple(vote_ids))


@request
async def repeat_vote(tx: Tx, asked: Asked, now: datetime, vote_id: int) -> VotePrepared | Refused:
    """Draft another run of a vote that was cancelled or announced; every run stays on record.

    A cancelled one whose item was decided otherwise since is not repeated.
    """
    del now
    question = await votes.get_question(tx, vote_id)
    vote = question.vote
    actor = await permitted(tx, asked, vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    if vote.state not in {VoteState.CANCELLED, VoteState.ANNOUNCED}:
        return Refused(Refusal.VOTE_STILL_OPEN)
    if await meetings.lock_meeting(tx, vote.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, vote.meeting_id)
    items = await _items_of(tx, vote.meeting_id, question.item_ids)
    is_decided = any(item.decision is not None for item in items) or len(items) < len(question.item_ids)
    if is_decided and vote.state is VoteState.CANCELLED:
        return Refused(Refusal.ITEM_DECIDED)
    for item in items:
        if await meetings.list_active_votes_on(tx, item.item_id):
            return Refused(Refusal.ITEM_HAS_VOTE)
        drafted = await votes.find_draft_on(tx, item.item_id)
        if drafted is not None:
            return VotePrepared(drafted)
    drafted = await _draft(
        tx, question.organisation_id, vote.meeting_id, items, vote.method, question.series_id
    )
    await cards.touch_cards(tx, CardKind.PANEL, vote.meeting_id)
    return VotePrepared(drafted)


# Opening


@request
async def open_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, *, within: timedelta | None
) -> VoteOpened | Unchanged | Refused:
    """Open a drafted vote: the electorate is who may vote and is present now, and the base is frozen.

    `within` gives it a deadline. Open already, it stays as it is.
    """
    question = await votes.get_question(tx, vote_id)
    vote = question.vote
    actor = await permitted(tx, asked, vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    if vote.state in _RUNNING:
        return Unchanged()
    refused = refuse_times(now, within)
    if refused is not None:
        return refused
    await take_back(tx, question, now, "opened", actor)
    return await open_draft(tx, question, now, within, actor)


async def open_draft(
    tx: Tx, question: Question, now: datetime, within: timedelta | None, actor: Actor | None
) -> VoteOpened | Refused:
    """Open a drafted vote in the caller's transaction, by itself where there is no actor.

    Nothing is changed where it is refused.
    """
    vote = question.vote
    state = await meetings.lock_meeting(tx, vote.meeting_id)
    electors = electorate(await get_roll(tx, vote.meeting_id), question.base_kind)
    items = await _items_of(tx, vote.meeting_id, question.item_ids)
    statement = await find_statement(tx, vote.meeting_id, StatementKind.CONFIRMED)
    statement = statement or await find_statement(tx, vote.meeting_id, StatementKind.PRELIMINARY)
    conditions = OpeningConditions(
        is_meeting_open=state is MeetingState.OPEN,
        statement=statement,
        is_procedural=all(item.kind.is_procedural for item in items),
        is_method_adopted=is_method_adopted(await list_items(tx, vote.meeting_id)),
        has_other_open_vote=bool(await votes.list_votes(tx, vote.meeting_id, _RUNNING)),
        electors=len(electors),
    )
    refused = refuse_opening(vote, conditions)
    if refused is not None:
        return refused
    return await _open(tx, question, items, electors, now, within, actor)


async def _open(
    tx: Tx,
    question: Question,
    items: Sequence[meetings.Item],
    electors: Sequence[Elector],
    now: datetime,
    within: timedelta | None,
    actor: Actor | None,
) -> VoteOpened:
    vote = question.vote
    attendance = await get_attendance(tx, vote.meeting_id)
    base = base_of(
        question.base_kind,
        electors=len(electors),
        summoned=attendance.summoned,
        units=attendance.units,
    )
    deadline_at = None if within is None or vote.method is Method.HANDS else now + within
    # The version that is voted on is the newest when it opens, and can't change under the vote.
    versions = {item.item_id: item.text_version for item in items}
    await votes.put_vote_items(tx, question, versions, question.question)
    await votes.put_vote(
        tx, vote.vote_id, state=VoteState.OPEN, base=base, opened_at=now, deadline_at=deadline_at
    )
    await votes.add_electors(tx, question.organisation_id, vote.vote_id, electors)
    await put_deadline(tx, question, now, deadline_at)
    earlier_item_id = (await get_meeting_view(tx, vote.meeting_id)).current_item_id
    await meetings.put_meeting(tx, vote.meeting_id, current_item_id=question.item_ids[0])
    facts = {
        "vote": vote.vote_id,
        "run": vote.run,
        "method": vote.method,
        "versions": {str(item_id): version for item_id, version in versions.items()},
        "base": base,
        "base_kind": question.base_kind,
        "electors": len(electors),
        "threshold": [
            question.threshold.numerator,
            question.threshold.denominator,
            question.threshold.is_strict,
        ],
        "deadline_at": _text_of(deadline_at),
    }
    await record_act(tx, question, now, "vote_opened", facts, actor)
    await _show_opened(tx, question, is_item_reached=earlier_item_id != question.item_ids[0])
    return VoteOpened(base, deadline_at)


async def _show_opened(
    tx: Tx, question: Question, elector_ids: Collection[int] | None = None, *, is_item_reached: bool = False
) -> None:
    """Have the ballots shown to all electors, or to those of `elector_ids`, and the vote to the groups."""
    vote = question.vote
    if vote.method is Method.CHAT:
        await cards.want_cards(
            tx,
            CardKind.BALLOT,
            vote.vote_id,
            await votes.list_elector_accounts(tx, vote.vote_id, elector_ids),
            organisation_id=question.organisation_id,
            meeting_id=vote.meeting_id,
            priority=Priority.BALLOT,
        )
    await cards.want_cards(
        tx,
        CardKind.GROUP_BALLOT,
        vote.vote_id,
        await groups.list_group_accounts(tx, vote.meeting_id),
        organisation_id=question.organisation_id,
        meeting_id=vote.meeting_id,
        priority=Priority.BALLOT,
    )
    if is_item_reached:
        await cards.touch_meeting_cards(tx, vote.meeting_id, (CardKind.ATTENDANCE, CardKind.GROUP))
    await cards.touch_cards(tx, CardKind.PANEL, vote.meeting_id)


# Ballots


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
        turnouts = await _show_cast(tx, held, put)
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


async def _show_cast(tx: Tx, held: Mapping[int, HeldVote], put: Sequence[NewBallot]) -> dict[int, Turnout]:
    """Refresh the cards that a batch touched: electors' own, groups' and panels; tell when all have voted.

    Gives the turnout of each vote that ballots were put in, counted once however many they were.
    """
    turnouts = {}
    for vote_id in sorted({ballot.vote_id for ballot in put}):
        vote, organisation_id = held[vote_id].vote, held[vote_id].organisation_id
        elector_ids = {ballot.elector_id for ballot in put if ballot.vote_id == vote_id}
        accounts = await votes.list_elector_accounts(tx, vote_id, elector_ids)
        await cards.touch_cards(tx, CardKind.BALLOT, vote_id, accounts, priority=Priority.REFRESH)
        await cards.touch_cards(tx, CardKind.GROUP_BALLOT, vote_id, priority=Priority.REFRESH)
        await cards.touch_cards(tx, CardKind.PANEL, vote.meeting_id)
        # After the panels, whose rows other processes wait for: so the last of two counts both.
        turnout = turnouts[vote_id] = await votes.get_turnout(tx, vote_id)
        if turnout.voted == turnout.electors:
            # Once more where a latecomer was admitted since.
            at, suffix = put[-1].cast_at, f":{turnout.electors}"
            await _tell_presiding(tx, organisation_id, vote, PostKind.ALL_VOTED, at, suffix)
    return turnouts


async def _tell_presiding(
    tx: Tx, organisation_id: int, vote: Vote, kind: PostKind, now: datetime, suffix: str = ""
) -> None:
    await posts.add_posts(
        tx,
        kind,
        f"{kind}:{vote.vote_id}{suffix}",
        vote.vote_id,
        await meetings.list_presiding_accounts(tx, vote.meeting_id),
        organisation_id=organisation_id,
        meeting_id=vote.meeting_id,
        priority=Priority.PANEL,
        now=now,
    )


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
    elector_id = point.elector.elector_id
    await votes.put_opinion(tx, vote_id, elector_id, opinion)
    accounts = await votes.list_elector_accounts(tx, vote_id, [elector_id])
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
    await _show_cast(tx, held, [ballot])
    facts = {"vote": vote_id, "elector": elector_id}
    await record.append(tx, organisation_id, vote.meeting_id, now, "ballot_entered", facts, actor=actor)
    return result


@request
async def admit_elector(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, attendee_id: int
) -> ElectorAdmitted | Unchanged | Refused:
    """Admit a latecomer to a running vote, as a recorded act of the secretary; the base grows by one."""
    question = await votes.get_question(tx, vote_id)
    vote = question.vote
    actor = await permitted(tx, asked, vote.meeting_id, Right.SEE_CHOICES)
    if isinstance(actor, Refused):
        return actor
    if vote.state not in _RUNNING or question.base is None:
        return Refused(Refusal.VOTE_CLOSED)
    attendee = await meetings.get_attendee(tx, attendee_id)
    if attendee.meeting_id != vote.meeting_id or attendee.standing is not Standing.VOTING:
        return Refused(Refusal.NOT_ENTITLED)
    if attendee.presence is not Presence.PRESENT:
        return Refused(Refusal.NOT_PRESENT)
    if await votes.find_elector_of(tx, vote_id, attendee_id, attendee.unit_id) is not None:
        return Unchanged()
    is_unit = question.base_kind.voting_unit is VotingUnit.UNIT
    if (is_unit and attendee.unit_id is None) or await _has_voting_predecessor(tx, vote_id, attendee_id):
        return Refused(Refusal.NOT_ENTITLED)
    elector = Elector(0, None, attendee.unit_id) if is_unit else Elector(0, attendee_id, None)
    await votes.add_electors(tx, question.organisation_id, vote_id, [elector], admitted_at=now)
    attendance = await get_attendance(tx, vote.meeting_id)
    electors = await votes.count_electors(tx, vote_id)
    base = base_of(
        question.base_kind,
        electors=electors,
        summoned=max(question.base, attendance.summoned, electors),
        units=max(question.base, attendance.units, electors),
    )
    await votes.put_vote(tx, vote_id, base=base)
    facts = {"vote": vote_id, "attendee": attendee_id, "base": base}
    await record.append(
        tx, question.organisation_id, vote.meeting_id, now, "elector_admitted", facts, actor=actor
    )
    added = await votes.find_elector_of(tx, vote_id, attendee_id, attendee.unit_id)
    await _show_opened(tx, question, [] if added is None else [added.elector_id])
    return ElectorAdmitted(base)


async def _has_voting_predecessor(tx: Tx, vote_id: int, attendee_id: int) -> bool:
    """Whether somebody whom this attendee stands in for has the vote of this seat already."""
    for replaced_id in await meetings.list_replaced_by(tx, attendee_id):
        if await votes.find_elector_of(tx, vote_id, replaced_id, None) is not None:
            return True
    return False


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
    if vote.state not in _RUNNING or question.base is None:
        return Refused(Refusal.VOTE_NOT_OPEN if vote.state is VoteState.DRAFT else Refusal.VOTE_CLOSED)
    if counts.keys() != set(vote.options):
        return Refused(Refusal.UNKNOWN_OPTION)
    tally = tally_hands(dict(counts), question.base)
    if isinstance(tally, Refused):
        return tally
    await votes.put_hands(tx, vote_id, counts)
    facts = {"vote": vote_id, "counts": {option.value: count for option, count in counts.items()}}
    await record_act(tx, question, now, "hands_counted", facts, actor)
    await cards.touch_cards(tx, CardKind.PANEL, vote.meeting_id)
    return HandsCounted(tally)


# After the opening


@request
async def pause_vote(tx: Tx, asked: Asked, now: datetime, vote_id: int) -> VoteMoved | Unchanged | Refused:
    """Pause an open vote: no ballot counts until it goes on."""
    return await _step(tx, asked, now, vote_id, Step.PAUSE, paused_at=now, deadline_at=None)


@request
async def resume_vote(tx: Tx, asked: Asked, now: datetime, vote_id: int) -> VoteMoved | Unchanged | Refused:
    """Let a paused vote go on, without a deadline until it is given one."""
    return await _step(tx, asked, now, vote_id, Step.RESUME, paused_at=None, deadline_at=None)


@request
async def extend_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, within: timedelta
) -> VoteMoved | Unchanged | Refused:
    """Give an open or paused vote by chat a deadline so long from now."""
    refused = refuse_times(now, within)
    if refused is not None:
        return refused
    return await _step(tx, asked, now, vote_id, Step.EXTEND, paused_at=None, deadline_at=now + within)


@request
async def reopen_vote(tx: Tx, asked: Asked, now: datetime, vote_id: int) -> VoteMoved | Unchanged | Refused:
    """Open a closed vote again before it was announced; ballots and base are as they were."""
    return await _step(
        tx, asked, now, vote_id, Step.REOPEN, closed_at=None, deadline_at=None, paused_at=None, decision=None
    )


async def _step(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, step: Step, **values: datetime | None
) -> VoteMoved | Unchanged | Refused:
    question = await votes.get_question(tx, vote_id)
    actor = await permitted(tx, asked, question.vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    state = decide_step(question.vote.state, step)
    if isinstance(state, Refused):
        return state
    if isinstance(state, AlreadyDone):
        return Unchanged()
    if step is Step.EXTEND and question.vote.method is not Method.CHAT:
        return Refused(Refusal.VOTE_BY_HANDS)
    if step is Step.REOPEN and await votes.list_votes(tx, question.vote.meeting_id, _RUNNING):
        return Refused(Refusal.OTHER_VOTE_OPEN)
    await votes.put_vote(tx, vote_id, state=state, **values)
    deadline_at = values.get("deadline_at")
    await put_deadline(tx, question, now, deadline_at)
    facts = {"vote": vote_id, "run": question.vote.run, "deadline_at": _text_of(deadline_at)}
    await record_act(tx, question, now, f"vote_{step}", facts, actor)
    await _show_moved(tx, question)
    return VoteMoved(state)


def _text_of(deadline_at: datetime | None) -> str | None:
    return None if deadline_at is None else deadline_at.astimezone(UTC).isoformat()


async def _show_moved(tx: Tx, question: Question) -> None:
    await cards.touch_cards(tx, CardKind.BALLOT, question.vote.vote_id)
    await cards.touch_cards(tx, CardKind.GROUP_BALLOT, question.vote.vote_id, priority=Priority.BALLOT)
    await cards.touch_cards(tx, CardKind.PANEL, question.vote.meeting_id)


@request
async def close_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, *, is_sure: bool
) -> VoteClosed | CloseUnsure | Unchanged | Refused:
    """Close a vote and count it; asked about once more while somebody is missing.

    Counted hands must have been entered. Closed already, it stays so.
    """
    question = await votes.get_question(tx, vote_id)
    actor = await permitted(tx, asked, question.vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    state = decide_step(question.vote.state, Step.CLOSE)
    if isinstance(state, Refused):
        return state
    if isinstance(state, AlreadyDone):
        return Unchanged()
    if question.vote.method is Method.CHAT and not is_sure:
        turnout = await votes.get_turnout(tx, vote_id)
        if turnout.voted != turnout.electors:
            return CloseUnsure(turnout.electors - turnout.voted)
    return await close(tx, question, now, actor)


async def close(tx: Tx, question: Question, now: datetime, actor: Actor | None) -> VoteClosed | Refused:
    """Close and count in the caller's transaction; by its deadline where there is no actor."""
    tally = await votes.find_tally(tx, question)
    if tally is None:
        return Refused(Refusal.HANDS_NOT_COUNTED)
    vote = question.vote
    verdict = decide_verdict(tally, question.threshold, is_advisory=question.is_advisory)
    await votes.put_vote(tx, vote.vote_id, state=VoteState.CLOSED, closed_at=now, decision=verdict.decision)
    await put_deadline(tx, question, now, None)
    choices = await votes.list_choices(tx, vote.vote_id)
    # Salted, or the few ways in which few electors can vote could be tried out against it.
    lines = [question.salt, *(f"{elector}:{option}" for elector, option in choices)]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    facts = {
        "vote": vote.vote_id,
        "run": vote.run,
        "base": tally.base,
        "counts": {option.value: tally.count(option) for option in vote.options},
        "not_voted": tally.not_voted,
        "ballots": digest,
    }
    await record_act(tx, question, now, "vote_closed", facts, actor)
    await _show_moved(tx, question)
    return VoteClosed(tally)


async def pause_overdue(tx: Tx, question: Question, now: datetime) -> None:
    """Pause a vote whose deadline passed while the program was down, in the caller's transaction."""
    await votes.put_vote(tx, question.vote.vote_id, state=VoteState.PAUSED, paused_at=now, deadline_at=None)
    await put_deadline(tx, question, now, None)
    await record_act(
        tx, question, now, "vote_pause", {"vote": question.vote.vote_id, "cause": "overdue"}, None
    )
    await _show_moved(tx, question)
    await _tell_presiding(
        tx, question.organisation_id, question.vote, PostKind.VOTE_PAUSED, now, f":{now.isoformat()}"
    )


@request
async def announce_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int
) -> VoteAnnounced | Unchanged | Refused:
    """Announce a closed vote: its items are decided, and everybody gets the result."""
    question = await votes.get_question(tx, vote_id)
    vote = question.vote
    actor = await permitted(tx, asked, vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    state = decide_step(vote.state, Step.ANNOUNCE)
    if isinstance(state, Refused):
        return state
    if isinstance(state, AlreadyDone) or question.decision is None:
        return Unchanged()
    await votes.put_vote(tx, vote_id, state=state, announced_at=now)
    for item_id in question.item_ids:
        await meetings.put_item(
            tx, item_id, decision=question.decision, decided_at=now, is_counted=True, additions=[]
        )
    facts = {"vote": vote_id, "run": vote.run, "decision": question.decision}
    await record_act(tx, question, now, "vote_announced", facts, actor)
    await posts.add_posts(
        tx,
        PostKind.RESULT,
        f"result:{vote_id}",
        vote_id,
        {
            *await meetings.list_meeting_accounts(tx, vote.meeting_id),
            *await meetings.list_presiding_accounts(tx, vote.meeting_id),
            *await groups.list_group_accounts(tx, vote.meeting_id),
        },
        organisation_id=question.organisation_id,
        meeting_id=vote.meeting_id,
        priority=Priority.RESULT,
        now=now,
    )
    await _show_moved(tx, question)
    return VoteAnnounced(question.decision)


@request
async def cancel_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, reason: str
) -> VoteMoved | Unchanged | Refused:
    """Cancel a run before it is announced, with a reason; no tally of it is published."""
    text = names.tidy_lines(reason)
    if not text:
        return Refused(Refusal.REASON_MISSING)
    if len(text) > TEXT_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT, "length": len(text)})
    question = await votes.get_question(tx, vote_id)
    actor = await permitted(tx, asked, question.vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    state = decide_step(question.vote.state, Step.CANCEL)
    if isinstance(state, Refused):
        return state
    if isinstance(state, AlreadyDone):
        return Unchanged()
    await cancel(tx, question, now, text, actor)
    return VoteMoved(state)


async def cancel(tx: Tx, question: Question, now: datetime, reason: str, actor: Actor) -> None:
    """Cancel a run in the caller's transaction."""
    vote = question.vote
    await take_back(tx, question, now, "cancelled", actor)
    await votes.put_vote(
        tx, vote.vote_id, state=VoteState.CANCELLED, cancelled_at=now, cancel_reason=reason, decision=None
    )
    await put_deadline(tx, question, now, None)
    facts = {"vote": vote.vote_id, "run": vote.run, "reason": record.digest(reason)}
    await record_act(tx, question, now, "vote_cancelled", facts, actor)
    await _show_moved(tx, question)
