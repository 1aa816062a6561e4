"""A vote from its steps to its result: closing, counting, announcing, cancelling, repeating."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from handlers import agenda, balloting, closing, drafting, steps
from handlers.balloting import HandsCounted
from handlers.closing import CloseUnsure, VoteAnnounced, VoteClosed
from handlers.drafting import VotePrepared
from handlers.meetings import Unchanged
from handlers.steps import VoteMoved
from meeting.people import Role
from meeting.refusals import Refusal, Refused
from meeting.states import PostKind
from meeting.tally import Decision, Tally
from meeting.voting import AlreadyDone, Method, Option, Step, VoteState, decide_step
from storage.database import Database
from tests.handlers.journey import ITEMS, ORGANISER, Journey, plan, refused, seat

ALL_YES = {"An": Option.YES, "Bình": Option.YES, "Chi": Option.YES}


async def hall(database: Database) -> Journey:
    return await Journey.opened(database, plan(list(ALL_YES), ITEMS))


async def close(
    journey: Journey, vote_id: int, *, is_sure: bool = False
) -> VoteClosed | CloseUnsure | Unchanged | Refused:
    return await closing.close_vote(journey.house, journey.asked(ORGANISER), vote_id, is_sure=is_sure)


async def cancel(journey: Journey, vote_id: int, reason: str = "nhầm") -> VoteMoved | Unchanged | Refused:
    return await closing.cancel_vote(journey.house, journey.asked(ORGANISER), vote_id, reason)


async def repeat(journey: Journey, vote_id: int) -> VotePrepared | Refused:
    return await drafting.repeat_vote(journey.house, journey.asked(ORGANISER), vote_id)


async def count(journey: Journey, vote_id: int, yes: int, no: int, other: int) -> HandsCounted | Refused:
    counts = {Option.YES: yes, Option.NO: no, Option.OTHER: other}
    return await balloting.enter_hands(journey.house, journey.asked(ORGANISER), vote_id, counts)


# Every step from every state

STEPS: dict[Step, Callable[[Journey, int], Awaitable[object]]] = {
    Step.PAUSE: lambda j, v: steps.pause_vote(j.house, j.asked(ORGANISER), v),
    Step.RESUME: lambda j, v: steps.resume_vote(j.house, j.asked(ORGANISER), v),
    Step.EXTEND: lambda j, v: steps.extend_vote(j.house, j.asked(ORGANISER), v, timedelta(minutes=1)),
    Step.CLOSE: lambda j, v: closing.close_vote(j.house, j.asked(ORGANISER), v, is_sure=True),
    Step.REOPEN: lambda j, v: steps.reopen_vote(j.house, j.asked(ORGANISER), v),
    Step.ANNOUNCE: lambda j, v: closing.announce_vote(j.house, j.asked(ORGANISER), v),
    Step.CANCEL: lambda j, v: closing.cancel_vote(j.house, j.asked(ORGANISER), v, "nhầm"),
}

PATHS: dict[VoteState, tuple[Step, ...]] = {
    VoteState.OPEN: (),
    VoteState.PAUSED: (Step.PAUSE,),
    VoteState.CLOSED: (Step.CLOSE,),
    VoteState.ANNOUNCED: (Step.CLOSE, Step.ANNOUNCE),
    VoteState.CANCELLED: (Step.CANCEL,),
}


@pytest.mark.parametrize("state", VoteState)
async def test_every_step_does_what_the_rules_say_or_is_refused(sqlite_url: str, state: VoteState) -> None:
    database = Database.open(sqlite_url)
    journey = await hall(database)
    for step, take in STEPS.items():
        vote_id = await journey.draft()
        if state is not VoteState.DRAFT:
            await journey.open_draft(vote_id)
            for earlier in PATHS[state]:
                await STEPS[earlier](journey, vote_id)
        assert (await journey.vote(vote_id)).state is state
        result = await take(journey, vote_id)
        expected = decide_step(state, step)
        after = (await journey.vote(vote_id)).state
        if isinstance(expected, Refused):
            assert refused(result) is expected.reason, step
            assert after is state, step
        elif isinstance(expected, AlreadyDone):
            assert result == Unchanged(), step
            assert after is state, step
        else:
            assert not isinstance(result, Refused | Unchanged), step
            assert after is expected, step
        # On to a fresh item for the next step.
        if after not in {VoteState.ANNOUNCED, VoteState.CANCELLED}:
            await cancel(journey, vote_id)
        added = await agenda.add_item(
            journey.house, journey.asked(ORGANISER), journey.meeting_id, "Mục mới", ITEMS[0].kind
        )
        assert isinstance(added, agenda.AgendaChanged)
        journey.items[0] = added.item_id
    await database.close()


# Closing and announcing


async def test_closing_asks_once_more_while_somebody_is_missing(database: Database) -> None:
    journey = await hall(database)
    vote_id = await journey.open_vote()
    await journey.cast(vote_id, "An", Option.YES)
    assert await close(journey, vote_id) == CloseUnsure(2)
    assert (await journey.vote(vote_id)).state is VoteState.OPEN
    await journey.cast_all(vote_id, ALL_YES)
    assert await close(journey, vote_id) == VoteClosed(Tally(3, {Option.YES: 3}))
    assert await close(journey, vote_id) == Unchanged()


async def test_the_result_decides_the_items_and_goes_out_once(database: Database) -> None:
    attendees = [seat("An", role=Role.CHAIR), seat("Bình"), seat("Chi")]
    journey = await Journey.opened(database, plan(attendees, ITEMS))
    vote_id = await journey.open_vote()
    await journey.cast_all(vote_id, ALL_YES | {"Chi": Option.OTHER})
    await journey.close_vote(vote_id)
    assert (await journey.item()).decision is None, "nothing is decided before it is announced"
    assert PostKind.RESULT not in await journey.posts_to("Bình")
    for by in ("An", ORGANISER):
        await closing.announce_vote(journey.house, journey.asked(by), vote_id)
    item = await journey.item()
    assert (item.decision, item.is_counted) == (Decision.ADOPTED, True)
    for name in ("An", "Bình", "Chi", ORGANISER):
        assert (await journey.posts_to(name)).count(PostKind.RESULT) == 1
    announced = [entry for entry in await journey.entries() if entry.act == "vote_announced"]
    assert len(announced) == 1
    assert "for" not in announced[0].facts


@pytest.mark.parametrize(
    ("choices", "decision"),
    [
        pytest.param({"An": Option.YES, "Bình": Option.YES}, Decision.ADOPTED, id="2-of-3"),
        pytest.param({"An": Option.YES}, Decision.REJECTED, id="1-of-3-is-no-majority-of-the-base"),
        pytest.param({"An": Option.YES, "Bình": Option.NO}, Decision.REJECTED, id="1-against-1"),
        pytest.param({}, Decision.REJECTED, id="silence-is-no-agreement"),
    ],
)
async def test_more_than_half_of_the_base_decides(
    sqlite_url: str, choices: dict[str, Option], decision: Decision
) -> None:
    database = Database.open(sqlite_url)
    journey = await hall(database)
    vote_id = await journey.open_vote()
    await journey.cast_all(vote_id, choices)
    await journey.close_vote(vote_id)
    assert await journey.announce(vote_id) == VoteAnnounced(decision)
    await database.close()


async def test_half_is_not_more_than_half(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình"], ITEMS))
    vote_id = await journey.decide(0, {"An": Option.YES, "Bình": Option.NO})
    assert (await journey.vote(vote_id)).decision is Decision.REJECTED


async def test_only_a_full_count_is_unanimous(database: Database) -> None:
    journey = await hall(database)
    first = await journey.decide(0, ALL_YES)
    second = await journey.decide(1, {"An": Option.YES, "Bình": Option.YES})
    assert [tally.is_unanimous for tally in await tallies(journey, first, second)] == [True, False]


async def tallies(journey: Journey, *vote_ids: int) -> list[Tally]:
    found = [(await journey.vote(vote_id)).tally for vote_id in vote_ids]
    return [tally for tally in found if tally is not None]


async def test_an_advisory_vote_is_consulted_never_adopted(database: Database) -> None:
    journey = await hall(database)
    vote_id = await journey.decide(2, ALL_YES)
    assert (await journey.vote(vote_id)).decision is Decision.CONSULTED
    assert (await journey.item(2)).decision is Decision.CONSULTED


async def test_the_tally_is_that_of_the_ballots_and_of_the_record(database: Database) -> None:
    journey = await hall(database)
    vote_id = await journey.open_vote()
    await journey.cast_all(vote_id, {"An": Option.YES, "Bình": Option.OTHER})
    tally = await journey.close_vote(vote_id)
    choices = list((await journey.choices(vote_id)).values())
    assert {option: choices.count(option) for option in choices} == tally.counts
    closed = next(entry.facts for entry in await journey.entries() if entry.act == "vote_closed")
    assert closed["counts"] == {"yes": 1, "no": 0, "other": 1}
    assert (closed["base"], closed["not_voted"]) == (3, 1)


# Hands


async def test_hands_are_counted_over_the_base(database: Database) -> None:
    journey = await hall(database)
    vote_id = await journey.open_vote(0, Method.HANDS)
    assert refused(await close(journey, vote_id)) is Refusal.HANDS_NOT_COUNTED
    assert await count(journey, vote_id, 4, 0, 0) == Refused(Refusal.HANDS_EXCEED_BASE, {"sum": 4, "base": 3})
    assert refused(await count(journey, vote_id, -1, 2, 2)) is Refusal.HANDS_EXCEED_BASE
    assert refused(await count(journey, vote_id, 10**20, 0, 0)) is Refusal.HANDS_EXCEED_BASE
    assert isinstance(await count(journey, vote_id, 1, 1, 1), HandsCounted)
    assert isinstance(await count(journey, vote_id, 2, 0, 0), HandsCounted), "the newest holds"
    closed = await close(journey, vote_id)
    assert isinstance(closed, VoteClosed)
    assert (closed.tally.base, closed.tally.count(Option.YES), closed.tally.not_voted) == (3, 2, 1)
    assert refused(await count(journey, vote_id, 3, 0, 0)) is Refusal.VOTE_CLOSED
    await steps.reopen_vote(journey.house, journey.asked(ORGANISER), vote_id)
    await count(journey, vote_id, 3, 0, 0)
    await journey.close_vote(vote_id)
    assert await journey.announce(vote_id) == VoteAnnounced(Decision.ADOPTED)


async def test_each_option_is_counted_or_none(database: Database) -> None:
    journey = await hall(database)
    vote_id = await journey.open_vote(0, Method.HANDS)
    for counts in ({Option.NO: 0}, {}, dict.fromkeys(Option, 0)):
        counted = await balloting.enter_hands(journey.house, journey.asked(ORGANISER), vote_id, counts)
        assert refused(counted) is Refusal.UNKNOWN_OPTION


async def test_hands_are_entered_for_a_running_vote_by_hands_only(database: Database) -> None:
    journey = await hall(database)
    draft = await journey.draft(0, Method.HANDS)
    assert refused(await count(journey, draft, 3, 0, 0)) is Refusal.VOTE_NOT_OPEN
    by_chat = await journey.open_vote(1)
    assert refused(await count(journey, by_chat, 3, 0, 0)) is Refusal.VOTE_BY_CHAT


async def test_a_vote_by_hands_has_no_deadline(database: Database) -> None:
    journey = await hall(database)
    vote_id = await journey.draft(0, Method.HANDS)
    opened = await journey.open_draft(vote_id, within=timedelta(minutes=5))
    assert opened.deadline_at is None
    extended = await steps.extend_vote(journey.house, journey.asked(ORGANISER), vote_id, timedelta(minutes=5))
    assert refused(extended) is Refusal.VOTE_BY_HANDS


# Reopening, cancelling, repeating


async def test_a_closed_vote_is_not_reopened_beside_another(database: Database) -> None:
    journey = await hall(database)
    first = await journey.open_vote(0)
    await journey.close_vote(first)
    second = await journey.open_vote(1)
    reopened = await steps.reopen_vote(journey.house, journey.asked(ORGANISER), first)
    assert refused(reopened) is Refusal.OTHER_VOTE_OPEN
    await journey.close_vote(second)
    reopened = await steps.reopen_vote(journey.house, journey.asked(ORGANISER), first)
    assert reopened == VoteMoved(VoteState.OPEN)


async def test_a_cancelled_run_publishes_no_tally(database: Database) -> None:
    journey = await hall(database)
    vote_id = await journey.open_vote()
    await journey.cast_all(vote_id, ALL_YES)
    await journey.close_vote(vote_id)
    assert refused(await cancel(journey, vote_id, " \n ")) is Refusal.REASON_MISSING
    assert refused(await cancel(journey, vote_id, "x" * 2_001)) is Refusal.TEXT_TOO_LONG
    assert await cancel(journey, vote_id, "Sai văn bản") == VoteMoved(VoteState.CANCELLED)
    assert await cancel(journey, vote_id, "khác") == Unchanged()
    vote = await journey.vote(vote_id)
    assert (vote.tally, vote.decision, vote.cancel_reason) == (None, None, "Sai văn bản")
    assert (await journey.item()).decision is None
    assert PostKind.RESULT not in await journey.posts_to("An")


async def test_a_repeat_makes_run_two_and_leaves_run_one_as_it_was(database: Database) -> None:
    journey = await hall(database)
    first = await journey.decide(0, {"An": Option.YES})
    before = await journey.vote(first)
    assert refused(await repeat(journey, await journey.draft(1))) is Refusal.VOTE_STILL_OPEN
    second = await repeat(journey, first)
    assert isinstance(second, VotePrepared)
    assert await repeat(journey, first) == second, "one draft at a time"
    run = await journey.vote(second.vote_id)
    assert (run.run, run.number, run.question) == (2, before.number, before.question)
    await journey.open_draft(second.vote_id)
    assert refused(await repeat(journey, first)) is Refusal.ITEM_HAS_VOTE
    await journey.cast_all(second.vote_id, ALL_YES)
    await journey.close_vote(second.vote_id)
    await journey.announce(second.vote_id)
    after = await journey.vote(first)
    assert (after.tally, after.decision, after.state) == (before.tally, before.decision, before.state)
    assert (await journey.item()).decision is Decision.ADOPTED
    assert (await journey.posts_to("An")).count(PostKind.RESULT) == 2


async def test_a_cancelled_vote_is_repeated_unless_its_item_was_decided_since(database: Database) -> None:
    journey = await hall(database)
    vote_id = await journey.open_vote()
    await cancel(journey, vote_id)
    again = await repeat(journey, vote_id)
    assert isinstance(again, VotePrepared)
    assert (await journey.vote(again.vote_id)).run == 2
    await agenda.adopt_item(journey.house, journey.asked(ORGANISER), journey.items[0], ())
    assert (await journey.vote(again.vote_id)).state is VoteState.CANCELLED
    for run in (vote_id, again.vote_id):
        assert refused(await repeat(journey, run)) is Refusal.ITEM_DECIDED


async def test_who_presides_moves_the_vote_for_the_chair(database: Database) -> None:
    attendees = [seat("An", role=Role.CHAIR), seat("Bình")]
    journey = await Journey.opened(database, plan(attendees, ITEMS))
    by_chair = await journey.open_vote(0, by="An")
    await journey.close_vote(by_chair, by=ORGANISER)
    facts = {entry.act: entry.facts for entry in await journey.entries()}
    assert "for" not in facts["vote_opened"]
    assert facts["vote_closed"]["for"] == "chair"
    assert facts["vote_closed"]["by"] != facts["vote_opened"]["by"]
