from datetime import timedelta

import pytest

from meeting.agenda import ItemKind
from meeting.people import Presence, Reply, Source, Standing
from meeting.plan import PlannedItem
from meeting.tally import Decision, Tally
from meeting.voting import BaseKind, Elector, Method, Option, VoteState
from storage import agenda, attendees, meetings, reading, votes
from storage.database import Database
from storage.errors import VoteNotFoundError
from storage.rows import ItemVersionRow
from storage.views import BallotView, VoteView
from tests.storage.hall import KEY, NOW, Hall, seat

THREE = (seat("An"), seat("Bình"), seat("Cúc"))


async def vote_view(hall: Hall, vote_id: int) -> VoteView:
    async with hall.database.snapshot() as tx:
        return await reading.get_vote_view(tx, vote_id)


async def ballots(hall: Hall, vote_id: int) -> dict[str, BallotView]:
    async with hall.database.snapshot() as tx:
        views = await reading.ballot_views(tx, vote_id, hall.accounts.values())
    return {name: views[account] for name, account in hall.accounts.items() if account in views}


# Runs


async def test_a_draft_has_options_and_items_but_no_base(database: Database) -> None:
    hall = await Hall.of(database, THREE)
    options = (Option.YES, Option.NO, Option.ABSTAIN)
    vote = await vote_view(hall, await hall.draft(0, options=options))
    assert (vote.state, vote.base, vote.electors, vote.turnout) == (VoteState.DRAFT, None, 0, 0)
    assert vote.options == options
    assert [(item.number, item.title) for item in vote.items] == [(1, "Báo cáo")]
    assert vote.tally is None


async def test_an_open_vote_shows_turnout_and_never_choices(database: Database) -> None:
    hall = await Hall.of(database, THREE)
    await hall.come("An", "Bình")
    vote_id = await hall.opened()
    await hall.cast(vote_id, {"An": Option.NO})
    await hall.set_vote(vote_id, decision=Decision.REJECTED)
    for state in (VoteState.OPEN, VoteState.PAUSED, VoteState.CANCELLED):
        await hall.set_vote(vote_id, state=state)
        vote = await vote_view(hall, vote_id)
        assert (vote.base, vote.electors, vote.turnout) == (2, 2, 1)
        assert (vote.tally, vote.decision, vote.are_all_in) == (None, None, False)


async def test_a_closed_vote_is_tallied_over_the_base_frozen_at_its_opening(database: Database) -> None:
    hall = await Hall.of(database, THREE)
    await hall.come("An", "Bình")
    vote_id = await hall.opened()
    await hall.come("Cúc")
    await hall.cast(vote_id, {"An": Option.YES, "Bình": Option.OTHER})
    await hall.cast(vote_id, {"Bình": Option.YES})
    await hall.set_vote(vote_id, state=VoteState.CLOSED, closed_at=NOW, decision=Decision.ADOPTED)
    vote = await vote_view(hall, vote_id)
    assert vote.tally == Tally(2, {Option.YES: 2})
    assert vote.tally.is_unanimous
    assert vote.are_all_in
    assert (vote.decision, vote.closed_at) == (Decision.ADOPTED, NOW)


async def test_a_reopened_vote_hides_its_tally_again(database: Database) -> None:
    hall = await Hall.of(database, THREE)
    await hall.come("An")
    vote_id = await hall.opened()
    await hall.cast(vote_id, {"An": Option.YES})
    await hall.set_vote(vote_id, state=VoteState.CLOSED)
    assert (await vote_view(hall, vote_id)).tally is not None
    await hall.set_vote(vote_id, state=VoteState.OPEN)
    assert (await vote_view(hall, vote_id)).tally is None


async def test_more_ballots_than_the_base_are_never_shown_as_a_result(database: Database) -> None:
    hall = await Hall.of(database, THREE)
    await hall.come("An", "Bình")
    vote_id = await hall.opened()
    await hall.cast(vote_id, {"An": Option.YES, "Bình": Option.YES})
    await hall.set_vote(vote_id, state=VoteState.CLOSED, base=1)
    with pytest.raises(ValueError, match="2 ballots over a base of 1"):
        await vote_view(hall, vote_id)


async def test_hands_are_tallied_once_each_option_was_counted(database: Database) -> None:
    hall = await Hall.of(database, THREE)
    await hall.come("An", "Bình", "Cúc")
    vote_id = await hall.draft(0, method=Method.HANDS)
    await hall.open(vote_id)
    await hall.set_vote(vote_id, state=VoteState.CLOSED)
    async with database.transaction() as tx:
        await votes.put_hands(tx, vote_id, {Option.YES: 2, Option.NO: 0})
    vote = await vote_view(hall, vote_id)
    assert (vote.is_hands_entered, vote.are_all_in, vote.tally) == (False, False, None)
    async with database.transaction() as tx:
        await votes.put_hands(tx, vote_id, {Option.OTHER: 0})
    vote = await vote_view(hall, vote_id)
    assert vote.is_hands_entered
    assert vote.are_all_in
    assert vote.tally is not None
    assert [vote.tally.count(option) for option in vote.options] == [2, 0, 0]
    assert vote.tally.not_voted == 1


async def test_an_item_keeps_its_number_when_an_earlier_one_is_skipped(database: Database) -> None:
    items = [PlannedItem(title, ItemKind.REPORT) for title in ("Một", "Bỏ", "Hai", "Ba")]
    hall = await Hall.of(database, THREE, items)
    await hall.set_item(1, decision=Decision.SKIPPED)
    joint = await hall.draft(3, 2)
    skipped = await hall.draft(1)
    async with database.snapshot() as tx:
        views = await reading.get_vote_views(tx, [skipped, joint, 404, joint])
    assert list(views) == [skipped, joint]
    assert [(item.number, item.title) for item in views[joint].items] == [(3, "Hai"), (4, "Ba")]
    assert [item.number for item in views[skipped].items] == [2]


async def test_a_vote_is_about_the_version_of_the_text_that_it_names(database: Database) -> None:
    hall = await Hall.of(database, THREE, [PlannedItem("Nghị quyết", ItemKind.DOCUMENT, text="Bản đầu")])
    first = await hall.draft(0)
    async with database.transaction() as tx:
        tx.add(
            ItemVersionRow(
                organisation_id=hall.organisation_id,
                item_id=hall.items[0],
                version=2,
                text="Bản có bổ sung",
                made_at=NOW,
            )
        )
        await agenda.put_item(tx, hall.items[0], text_version=2)
    second = await hall.draft(0, version=2, series_id=first)
    async with database.snapshot() as tx:
        views = await reading.get_vote_views(tx, [first, second])
        shown = await reading.get_agenda_view(tx, hall.meeting_id)
    assert [(view.number, view.run, view.items[0].text) for view in views.values()] == [
        (1, 1, "Bản đầu"),
        (1, 2, "Bản có bổ sung"),
    ]
    assert (shown.items[0].text_version, shown.items[0].text) == (2, "Bản có bổ sung")


async def test_runs_do_not_mix_their_electors_and_ballots(database: Database) -> None:
    hall = await Hall.of(database, THREE)
    await hall.come("An")
    first = await hall.opened()
    await hall.cast(first, {"An": Option.NO})
    await hall.set_vote(first, state=VoteState.CLOSED)
    await hall.come("Bình")
    second = await hall.opened()
    await hall.cast(second, {"An": Option.YES, "Bình": Option.YES})
    await hall.set_vote(second, state=VoteState.CLOSED)
    async with database.snapshot() as tx:
        views = await reading.get_vote_views(tx, [first, second])
    assert views[first].tally == Tally(1, {Option.NO: 1})
    assert views[second].tally == Tally(2, {Option.YES: 2})


async def test_a_vote_that_does_not_exist_is_not_found(database: Database) -> None:
    async with database.snapshot() as tx:
        assert await reading.get_vote_views(tx, []) == {}
        with pytest.raises(VoteNotFoundError):
            await reading.get_vote_view(tx, 404)
        with pytest.raises(VoteNotFoundError):
            await reading.ballot_views(tx, 404, [1])
        with pytest.raises(VoteNotFoundError):
            await reading.get_vote_roll_view(tx, 404)


# Ballots


async def test_each_sees_the_own_choice_and_nobody_elses(database: Database) -> None:
    hall = await Hall.of(database, [*THREE, seat("Dũng")])
    await hall.come("An", "Bình", "Cúc")
    vote_id = await hall.opened()
    await hall.cast(vote_id, {"An": Option.YES})
    await hall.cast(vote_id, {"Bình": Option.OTHER}, "Bổ sung chỉ tiêu 3")
    await hall.visitor("Người lạ")
    seen = await ballots(hall, vote_id)
    assert {name: (view.is_elector, view.own, view.own_opinion) for name, view in seen.items()} == {
        "An": (True, Option.YES, ""),
        "Bình": (True, Option.OTHER, "Bổ sung chỉ tiêu 3"),
        "Cúc": (True, None, ""),
        "Dũng": (False, None, ""),
    }
    assert (seen["An"].own_source, seen["Cúc"].own_source, seen["An"].unit) == (Source.SELF, None, None)
    assert seen["An"].vote.turnout == 2


async def test_electors_see_a_result_only_when_it_was_announced(database: Database) -> None:
    hall = await Hall.of(database, THREE)
    await hall.come("An")
    vote_id = await hall.opened()
    await hall.cast(vote_id, {"An": Option.YES})
    await hall.set_vote(vote_id, state=VoteState.CLOSED, decision=Decision.ADOPTED)
    seen = (await ballots(hall, vote_id))["An"]
    assert (seen.own, seen.vote.tally, seen.vote.decision) == (Option.YES, None, None)
    await hall.announce(vote_id, Decision.ADOPTED)
    seen = (await ballots(hall, vote_id))["An"]
    assert (seen.vote.tally, seen.vote.decision) == (Tally(1, {Option.YES: 1}), Decision.ADOPTED)


async def test_the_text_of_another_opinion_goes_when_the_choice_changes(database: Database) -> None:
    hall = await Hall.of(database, THREE)
    await hall.come("An")
    vote_id = await hall.opened()
    await hall.cast(vote_id, {"An": Option.OTHER}, "Bổ sung chỉ tiêu 3")
    await hall.cast(vote_id, {"An": Option.YES})
    async with database.snapshot() as tx:
        roll = await reading.get_vote_roll_view(tx, vote_id)
    assert (await ballots(hall, vote_id))["An"].own_opinion == ""
    assert [(one.option, one.opinion) for one in roll.electors] == [(Option.YES, "")]


async def test_who_left_is_still_an_elector_of_the_vote_that_opened_before(database: Database) -> None:
    hall = await Hall.of(database, THREE)
    await hall.come("An")
    vote_id = await hall.opened()
    await hall.set("An", presence=Presence.LEFT, left_at=NOW)
    assert (await ballots(hall, vote_id))["An"].is_elector


async def test_a_unit_has_one_choice_that_its_representatives_share(database: Database) -> None:
    hall = await Hall.of(
        database,
        [
            seat("An", "Sở A"),
            seat("Bình", "Sở A"),
            seat("Đã về", "Sở A"),
            seat("Đã thay", "Sở A"),
            seat("Khách", "Sở A", Standing.GUEST),
            seat("Cúc", "Sở B"),
            seat("Vắng", "Sở C"),
        ],
        units=["Sở A", "Sở B", "Sở C"],
    )
    await hall.come("An", "Bình", "Đã về", "Khách", "Cúc")
    await hall.set("Đã thay", reply=Reply.SUBSTITUTED)
    vote_id = await hall.opened(base_kind=BaseKind.UNITS)
    await hall.cast(vote_id, {"An": Option.YES})
    await hall.set("Đã về", presence=Presence.LEFT)
    seen = await ballots(hall, vote_id)
    assert {name: (view.is_elector, view.unit, view.own) for name, view in seen.items()} == {
        "An": (True, "Sở A", Option.YES),
        "Bình": (True, "Sở A", Option.YES),
        "Đã về": (False, "Sở A", Option.YES),
        "Đã thay": (False, None, None),
        "Khách": (False, None, None),
        "Cúc": (True, "Sở B", None),
        "Vắng": (False, None, None),
    }
    assert (seen["An"].vote.electors, seen["An"].vote.turnout) == (2, 1)


async def test_nobody_asked_for_gives_no_ballots(database: Database) -> None:
    hall = await Hall.of(database, THREE)
    vote_id = await hall.draft(0)
    async with database.snapshot() as tx:
        assert await reading.ballot_views(tx, vote_id, []) == {}


# The roll of electors


async def test_the_secretary_sees_choices_by_name_and_who_could_be_admitted(database: Database) -> None:
    hall = await Hall.of(
        database,
        [
            seat("An", "Phòng 1"),
            seat("Bình"),
            seat("Muộn"),
            seat("Vắng"),
            seat("Khách", standing=Standing.GUEST),
        ],
        units=["Phòng 1"],
    )
    await hall.come("Bình", "An", "Khách")
    vote_id = await hall.opened()
    await hall.cast(vote_id, {"Bình": Option.OTHER}, "Cần bàn thêm")
    await hall.come("Muộn")
    async with database.snapshot() as tx:
        roll = await reading.get_vote_roll_view(tx, vote_id)
    assert [(one.name, one.unit, one.option, one.opinion, one.source) for one in roll.electors] == [
        ("An", "Phòng 1", None, "", None),
        ("Bình", None, Option.OTHER, "Cần bàn thêm", Source.SELF),
    ]
    assert [one.name for one in roll.latecomers] == ["Muộn"]
    async with database.transaction() as tx:
        late = Elector(0, hall.attendees["Muộn"], None)
        await votes.add_electors(tx, hall.organisation_id, vote_id, [late], NOW + timedelta(minutes=3))
        roll = await reading.get_vote_roll_view(tx, vote_id)
    assert ([one.name for one in roll.electors], roll.latecomers) == (["An", "Bình", "Muộn"], ())


@pytest.mark.parametrize("state", [VoteState.CLOSED, VoteState.ANNOUNCED, VoteState.CANCELLED])
async def test_nobody_can_be_admitted_to_a_vote_that_does_not_run(
    database: Database, state: VoteState
) -> None:
    hall = await Hall.of(database, THREE)
    await hall.come("An")
    vote_id = await hall.opened()
    await hall.set_vote(vote_id, state=state)
    await hall.come("Bình")
    async with database.snapshot() as tx:
        assert (await reading.get_vote_roll_view(tx, vote_id)).latecomers == ()


async def test_units_are_electors_by_their_names_in_the_order_summoned(database: Database) -> None:
    hall = await Hall.of(
        database,
        [seat("An", "Sở A"), seat("Bình", "Sở B"), seat("Cúc", "Sở C"), seat("Không đơn vị")],
        units=["Sở B", "Sở A", "Sở C"],
    )
    await hall.come("An", "Bình", "Không đơn vị")
    vote_id = await hall.opened(base_kind=BaseKind.UNITS)
    async with database.transaction() as tx:
        unit_id = await meetings.find_unit_in_meeting(tx, hall.meeting_id, "Sở A")
        second = await attendees.add_attendee(
            tx, hall.organisation_id, hall.meeting_id, seat("Người thứ hai"), unit_id, KEY, NOW
        )
        await attendees.put_presence(tx, [second], Source.SECRETARY, NOW)
    await hall.come("Cúc")
    async with database.snapshot() as tx:
        roll = await reading.get_vote_roll_view(tx, vote_id)
    assert [(one.name, one.unit) for one in roll.electors] == [("Sở B", None), ("Sở A", None)]
    assert [one.name for one in roll.latecomers] == ["Cúc"]
