"""Ballots: set, not toggle; counted once; refused with a reason; entered by the secretary on record."""

from datetime import timedelta

import pytest

from handlers import balloting, closing, steps
from handlers.asking import RepeatedEventError
from handlers.balloting import CastVote, OpinionRecorded
from handlers.steps import VoteMoved
from meeting.people import Role, Source, Standing
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, PostKind
from meeting.voting import BallotCounted, BallotResult, BallotUnchanged, Method, Option, VoteState
from storage.database import Database
from tests.handlers.journey import ITEMS, ORGANISER, START, Journey, plan, refused, seat


async def at_vote(database: Database, *, within: timedelta | None = None) -> tuple[Journey, int]:
    """A vote that is open for An, Bình and Chi."""
    journey = await Journey.opened(database, plan(["An", "Bình", "Chi"], ITEMS))
    return journey, await journey.open_vote(within=within)


async def enter(journey: Journey, vote_id: int, name: str, option: Option) -> BallotResult:
    """Have the secretary enter somebody's choice."""
    elector = (await journey.electors(vote_id))[name]
    return await balloting.cast_for(
        journey.house, journey.asked(ORGANISER), vote_id, elector.elector_id, option
    )


async def write(journey: Journey, vote_id: int, name: str, text: str) -> OpinionRecorded | Refused:
    return await balloting.add_opinion(journey.house, journey.asked(name), vote_id, text)


async def opinion(journey: Journey, vote_id: int, name: str) -> str:
    return (await journey.electors(vote_id))[name].opinion


# Taps


async def test_a_second_tap_changes_nothing(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    assert await journey.cast(vote_id, "An", Option.YES) == BallotCounted(Option.YES, None)
    assert await journey.cast(vote_id, "An", Option.YES) == BallotUnchanged(Option.YES)
    assert await journey.choices(vote_id) == {"An": Option.YES}
    assert (await journey.vote(vote_id)).turnout == 1


async def test_another_choice_replaces_the_first_while_the_vote_is_open(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await journey.cast(vote_id, "An", Option.YES)
    assert await journey.cast(vote_id, "An", Option.NO) == BallotCounted(Option.NO, Option.YES)
    assert await journey.choices(vote_id) == {"An": Option.NO}


async def test_an_old_tap_delivered_after_a_newer_one_changes_nothing(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await journey.cast(vote_id, "An", Option.YES, event="old")
    await journey.cast(vote_id, "An", Option.NO, event="new")
    for _ in range(2):
        assert await journey.cast(vote_id, "An", Option.YES, event="old") == BallotUnchanged(Option.NO)
    assert await journey.choices(vote_id) == {"An": Option.NO}


async def test_the_same_tap_after_the_close_gets_the_same_answer(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await journey.cast(vote_id, "An", Option.YES, event="tap")
    journey.clock.advance()
    await journey.close_vote(vote_id)
    for event in ("tap", None):
        assert await journey.cast(vote_id, "An", Option.YES, event=event) == BallotUnchanged(Option.YES)
    changed = await journey.cast(vote_id, "An", Option.NO)
    ended = START + timedelta(seconds=1)
    assert changed == Refused(Refusal.VOTE_CLOSED, {"closed_at": ended})
    assert await journey.cast(vote_id, "Bình", Option.NO) == Refused(
        Refusal.VOTE_CLOSED, {"closed_at": ended}
    )


async def test_a_deadline_ends_the_vote_at_its_very_instant(database: Database) -> None:
    journey, vote_id = await at_vote(database, within=timedelta(minutes=1))
    journey.clock.advance(timedelta(seconds=59))
    assert isinstance(await journey.cast(vote_id, "An", Option.YES), BallotCounted)
    journey.clock.advance(timedelta(seconds=1))
    late = await journey.cast(vote_id, "Bình", Option.YES)
    assert late == Refused(Refusal.VOTE_CLOSED, {"closed_at": START + timedelta(minutes=1)})
    assert (await journey.vote(vote_id)).state is VoteState.OPEN, "nobody closed it yet"


async def test_no_ballot_counts_in_a_vote_that_is_not_open(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình"], ITEMS))
    vote_id = await journey.draft()
    assert refused(await journey.cast(vote_id, "An", Option.YES)) is Refusal.VOTE_NOT_OPEN
    await journey.open_draft(vote_id)
    await journey.cast(vote_id, "Bình", Option.YES)
    await steps.pause_vote(journey.house, journey.asked(ORGANISER), vote_id)
    assert refused(await journey.cast(vote_id, "An", Option.YES)) is Refusal.VOTE_PAUSED
    assert await journey.cast(vote_id, "Bình", Option.YES) == BallotUnchanged(Option.YES)
    await closing.cancel_vote(journey.house, journey.asked(ORGANISER), vote_id, "nhầm nội dung")
    assert refused(await journey.cast(vote_id, "An", Option.YES)) is Refusal.VOTE_CANCELLED


async def test_a_tap_that_was_refused_may_be_tried_again(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await steps.pause_vote(journey.house, journey.asked(ORGANISER), vote_id)
    assert refused(await journey.cast(vote_id, "An", Option.YES, event="tap")) is Refusal.VOTE_PAUSED
    await steps.resume_vote(journey.house, journey.asked(ORGANISER), vote_id)
    counted = await journey.cast(vote_id, "An", Option.YES, event="tap")
    assert counted == BallotCounted(Option.YES, None)


async def test_only_electors_vote(database: Database) -> None:
    attendees = [seat("An"), seat("Khách", standing=Standing.GUEST)]
    journey = await Journey.opened(database, plan(attendees, ITEMS))
    await journey.meet("Lạ")
    vote_id = await journey.open_vote()
    assert refused(await journey.cast(vote_id, "Khách", Option.YES)) is Refusal.NOT_ENTITLED
    assert refused(await journey.cast(vote_id, "Lạ", Option.YES)) is Refusal.NOT_ATTENDEE
    assert refused(await journey.cast(vote_id, ORGANISER, Option.YES)) is Refusal.NOT_ATTENDEE
    assert refused(await journey.cast(vote_id, "An", Option.ABSTAIN)) is Refusal.UNKNOWN_OPTION
    for unknown in (0, -1, 2**31 - 1, 2**40):
        assert refused(await journey.cast(unknown, "An", Option.YES)) is Refusal.NOT_FOUND
    assert await journey.choices(vote_id) == {}


async def test_a_vote_by_hands_takes_no_ballots(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    vote_id = await journey.open_vote(0, Method.HANDS)
    assert refused(await journey.cast(vote_id, "An", Option.YES)) is Refusal.VOTE_BY_HANDS
    assert (CardKind.BALLOT, vote_id) not in await journey.cards_of("An")


async def test_either_phone_of_a_person_casts_the_one_ballot(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await journey.bind("An", platform="web")
    ballot = (CardKind.BALLOT, vote_id)
    before = [(await journey.cards_of(phone))[ballot] for phone in ("An", "An (web)", "Bình")]
    await journey.cast(vote_id, "An", Option.YES)
    changed = await journey.cast(vote_id, "An (web)", Option.NO)
    assert changed == BallotCounted(Option.NO, Option.YES)
    after = [(await journey.cards_of(phone))[ballot] for phone in ("An", "An (web)", "Bình")]
    assert after == [before[0] + 2, before[1] + 2, before[2]]


# Batches


async def test_a_batch_gives_each_tap_its_own_result(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await journey.meet("Lạ")
    batch = [
        CastVote(journey.asked("An", event="a"), vote_id, Option.YES),
        CastVote(journey.asked("An", event="a"), vote_id, Option.YES),
        CastVote(journey.asked("Lạ"), vote_id, Option.YES),
        CastVote(journey.asked("Bình"), 2**40, Option.YES),
        CastVote(journey.asked("Bình"), vote_id, Option.NO),
        CastVote(journey.asked("Bình"), vote_id, Option.NO),
        CastVote(journey.asked("Chi"), vote_id, Option.OTHER, "x" * 2_001),
    ]
    results = await balloting.cast_votes(journey.house, batch)
    assert results[:2] == [BallotCounted(Option.YES, None), BallotUnchanged(Option.YES)]
    assert [refused(result) for result in results[2:4]] == [Refusal.NOT_ATTENDEE, Refusal.NOT_FOUND]
    assert results[4:6] == [BallotCounted(Option.NO, None), BallotUnchanged(Option.NO)]
    assert refused(results[6]) is Refusal.TEXT_TOO_LONG
    assert await journey.choices(vote_id) == {"An": Option.YES, "Bình": Option.NO}
    assert await balloting.cast_votes(journey.house, []) == []


async def test_the_last_of_several_taps_in_a_batch_stands(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    taps: dict[str, list[tuple[Option, str | None]]] = {
        "An": [(Option.OTHER, "thêm Điều 3"), (Option.YES, None)],
        "Bình": [(Option.YES, None), (Option.OTHER, None)],
        "Chi": [(Option.OTHER, "chưa rõ"), (Option.NO, None), (Option.OTHER, None)],
    }
    batch = [
        CastVote(journey.asked(name), vote_id, option, text)
        for name, choices in taps.items()
        for option, text in choices
    ]
    results = await balloting.cast_votes(journey.house, batch)
    assert all(isinstance(result, BallotCounted) for result in results)
    assert await journey.choices(vote_id) == {"An": Option.YES, "Bình": Option.OTHER, "Chi": Option.OTHER}
    assert await opinion(journey, vote_id, "Chi") == "", "the text went with the choice that was given up"


async def test_when_all_have_voted_those_who_preside_are_told_once(database: Database) -> None:
    attendees = [seat("An", role=Role.CHAIR), seat("Bình")]
    journey = await Journey.opened(database, plan(attendees, ITEMS))
    vote_id = await journey.open_vote()
    await journey.cast(vote_id, "An", Option.YES)
    assert PostKind.ALL_VOTED not in await journey.posts_to("An")
    await journey.cast(vote_id, "Bình", Option.YES)
    await journey.cast(vote_id, "Bình", Option.NO)
    for name in ("An", ORGANISER):
        assert (await journey.posts_to(name)).count(PostKind.ALL_VOTED) == 1
    assert PostKind.ALL_VOTED not in await journey.posts_to("Bình")


async def test_a_tap_leaves_no_entry_in_the_record(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    before = await journey.acts()
    await journey.cast_all(vote_id, {"An": Option.YES, "Bình": Option.NO})
    await journey.cast(vote_id, "An", Option.OTHER, "khác")
    assert await journey.acts() == before


# Opinions


async def test_the_text_of_another_opinion_comes_with_the_tap_or_after_it(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await journey.cast(vote_id, "An", Option.OTHER, " thêm \u0000 Điều 3\n")
    assert await opinion(journey, vote_id, "An") == "thêm Điều 3"
    await journey.cast(vote_id, "Bình", Option.OTHER)
    assert await opinion(journey, vote_id, "Bình") == ""
    assert await write(journey, vote_id, "Bình", "sửa câu chữ") == OpinionRecorded()
    assert await opinion(journey, vote_id, "Bình") == "sửa câu chữ"
    newer = await journey.cast(vote_id, "An", Option.OTHER, "thêm Điều 4")
    assert newer == BallotCounted(Option.OTHER, Option.OTHER)
    assert await opinion(journey, vote_id, "An") == "thêm Điều 4"
    assert await journey.cast(vote_id, "An", Option.OTHER) == BallotUnchanged(Option.OTHER)
    assert await opinion(journey, vote_id, "An") == "thêm Điều 4"


async def test_another_choice_drops_the_text(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await journey.cast(vote_id, "An", Option.OTHER, "thêm Điều 3")
    await journey.cast(vote_id, "An", Option.YES)
    await journey.cast(vote_id, "An", Option.OTHER)
    assert await opinion(journey, vote_id, "An") == ""


async def test_a_text_needs_the_choice_it_belongs_to(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    assert refused(await write(journey, vote_id, "An", "ý kiến")) is Refusal.OPINION_NEEDS_OTHER
    await journey.cast(vote_id, "An", Option.YES)
    assert refused(await write(journey, vote_id, "An", "ý kiến")) is Refusal.OPINION_NEEDS_OTHER
    await journey.cast(vote_id, "An", Option.OTHER)
    assert refused(await write(journey, vote_id, "An", " ")) is Refusal.TEXT_EMPTY
    assert refused(await write(journey, vote_id, "An", "x" * 2_001)) is Refusal.TEXT_TOO_LONG
    await steps.pause_vote(journey.house, journey.asked(ORGANISER), vote_id)
    assert refused(await write(journey, vote_id, "An", "ý kiến")) is Refusal.VOTE_PAUSED
    await steps.resume_vote(journey.house, journey.asked(ORGANISER), vote_id)
    await journey.leave("An")
    assert refused(await write(journey, vote_id, "An", "ý kiến")) is Refusal.NOT_PRESENT
    await journey.check_in("An")
    assert await write(journey, vote_id, "An", "ý kiến") == OpinionRecorded()
    await journey.close_vote(vote_id)
    assert refused(await write(journey, vote_id, "An", "muộn")) is Refusal.VOTE_CLOSED
    assert await opinion(journey, vote_id, "An") == "ý kiến"


async def test_strangers_and_guests_write_no_opinions(database: Database) -> None:
    attendees = [seat("An"), seat("Khách", standing=Standing.GUEST)]
    journey = await Journey.opened(database, plan(attendees, ITEMS))
    vote_id = await journey.open_vote()
    await journey.meet("Lạ")
    assert refused(await write(journey, vote_id, "Lạ", "ý kiến")) is Refusal.NOT_ATTENDEE
    assert refused(await write(journey, vote_id, "Khách", "ý kiến")) is Refusal.NOT_ENTITLED
    assert refused(await write(journey, 10**6, "An", "ý kiến")) is Refusal.NOT_FOUND


# Entries by the secretary


async def test_the_secretary_enters_a_choice_by_name_and_the_record_says_so(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    assert await enter(journey, vote_id, "An", Option.NO) == BallotCounted(Option.NO, None)
    assert await enter(journey, vote_id, "An", Option.NO) == BallotUnchanged(Option.NO)
    elector = (await journey.electors(vote_id))["An"]
    assert (elector.option, elector.source) == (Option.NO, Source.SECRETARY)
    entered = [entry for entry in await journey.entries() if entry.act == "ballot_entered"]
    assert [entry.facts["elector"] for entry in entered] == [elector.elector_id]
    assert not {"option", "no"} & set(map(str, [*entered[0].facts, *entered[0].facts.values()]))


async def test_an_elector_changes_what_the_secretary_entered(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await enter(journey, vote_id, "An", Option.NO)
    assert await journey.cast(vote_id, "An", Option.YES) == BallotCounted(Option.YES, Option.NO)
    assert (await journey.electors(vote_id))["An"].source is Source.SELF


async def test_an_entry_never_replaces_the_electors_own_tap(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await journey.cast(vote_id, "An", Option.YES)
    assert refused(await enter(journey, vote_id, "An", Option.NO)) is Refusal.ELECTOR_VOTED
    assert await enter(journey, vote_id, "An", Option.YES) == BallotUnchanged(Option.YES)
    assert await journey.choices(vote_id) == {"An": Option.YES}


async def test_a_choice_is_entered_for_electors_of_an_open_vote_only(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    elector = (await journey.electors(vote_id))["An"]
    for unknown in (0, -1, 2**31 - 1, 2**40):
        entered = await balloting.cast_for(
            journey.house, journey.asked(ORGANISER), vote_id, unknown, Option.YES
        )
        assert refused(entered) is Refusal.NOT_FOUND
    await journey.close_vote(vote_id)
    assert refused(await enter(journey, vote_id, "An", Option.YES)) is Refusal.VOTE_CLOSED
    following = await journey.open_vote(1)
    other_vote = await balloting.cast_for(
        journey.house, journey.asked(ORGANISER), following, elector.elector_id, Option.YES
    )
    assert refused(other_vote) is Refusal.NOT_FOUND
    assert await journey.choices(following) == {}


async def test_an_entry_delivered_again_does_not_undo_the_electors_own_tap(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    elector = (await journey.electors(vote_id))["An"]
    asked = journey.asked(ORGANISER)
    await balloting.cast_for(journey.house, asked, vote_id, elector.elector_id, Option.NO)
    await journey.cast(vote_id, "An", Option.YES)
    with pytest.raises(RepeatedEventError):
        await balloting.cast_for(journey.house, asked, vote_id, elector.elector_id, Option.NO)
    assert await journey.choices(vote_id) == {"An": Option.YES}


# Pauses


async def test_a_pause_and_a_close_leave_the_ballots_as_they_are(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await journey.cast(vote_id, "An", Option.YES)
    paused = await steps.pause_vote(journey.house, journey.asked(ORGANISER), vote_id)
    assert paused == VoteMoved(VoteState.PAUSED)
    await journey.close_vote(vote_id)
    reopened = await steps.reopen_vote(journey.house, journey.asked(ORGANISER), vote_id)
    assert reopened == VoteMoved(VoteState.OPEN)
    assert await journey.choices(vote_id) == {"An": Option.YES}
    assert (await journey.vote(vote_id)).base == 3
    assert await journey.cast(vote_id, "Bình", Option.NO) == BallotCounted(Option.NO, None)
    tally = await journey.close_vote(vote_id)
    assert (tally.count(Option.YES), tally.count(Option.NO), tally.not_voted) == (1, 1, 1)
