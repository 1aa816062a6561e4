"""The record of a whole meeting: one unbroken chain, with neither names nor single choices in it."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from handlers import agenda, attendance, balloting, closing, drafting, inviting, opening, steps
from handlers.asking import House
from meeting.agenda import Direction, ItemKind
from meeting.people import Reply, Role, Standing
from meeting.record import Entry, first_break
from meeting.voting import Method, Option
from storage import record
from storage.database import Database
from tests.handlers.journey import ITEMS, KEY, ORGANISER, Journey, plan, seat

NAMES = ("Trần Văn Chủ", "Lê Thị An", "Phạm Bình", "Đỗ Ánh", "Vũ Thị Muộn", ORGANISER)


async def whole_meeting(database: Database) -> Journey:
    """A meeting with about everything that can happen in one, and names in everything that is typed."""
    chair, an, binh, substitute, late, _ = NAMES
    attendees = [seat(chair, role=Role.CHAIR), seat(an, "Sở A"), seat(binh, "Sở B"), seat("Khách mời")]
    journey = await Journey.planned(database, plan(attendees, ITEMS, units=("Sở A", "Sở B")))
    house, asked = journey.house, journey.asked
    await attendance.reply_to_invitation(
        house, asked(an), journey.meeting_id, Reply.SUBSTITUTED, substitute=substitute
    )
    await attendance.excuse(house, asked(ORGANISER), journey.attendees["Khách mời"], f"{an} báo ốm")
    await journey.reread()
    await journey.open_meeting(by=chair)
    await attendance.state_preliminary(house, asked(ORGANISER), journey.meeting_id)
    await journey.check_in(chair, binh)
    await journey.enter(substitute)
    await journey.state(by=chair)
    await agenda.next_item(house, asked(ORGANISER), journey.meeting_id, 0)
    added = await agenda.add_item(
        house, asked(ORGANISER), journey.meeting_id, f"Phát biểu của {an}", ItemKind.SPEECH
    )
    assert isinstance(added, agenda.AgendaChanged)
    await agenda.rename_item(house, asked(ORGANISER), added.item_id, f"Tham luận của {an}")
    await agenda.move_item(house, asked(ORGANISER), added.item_id, Direction.DOWN)
    vote_id = await journey.open_vote(0, within=timedelta(minutes=5))
    await journey.cast(vote_id, chair, Option.YES)
    await journey.cast(vote_id, binh, Option.OTHER, f"Đề nghị {an} giải trình")
    elector = (await journey.electors(vote_id))[substitute]
    await balloting.cast_for(house, asked(ORGANISER), vote_id, elector.elector_id, Option.NO)
    forgotten = await attendance.add_attendee(
        house, asked(ORGANISER), journey.meeting_id, late, Standing.VOTING
    )
    assert isinstance(forgotten, attendance.AttendeeAdded)
    await journey.reread()
    await journey.enter(late)
    await opening.admit_elector(house, asked(ORGANISER), vote_id, forgotten.attendee_id)
    await steps.pause_vote(house, asked(chair), vote_id)
    await steps.resume_vote(house, asked(chair), vote_id)
    await journey.close_vote(vote_id)
    await steps.reopen_vote(house, asked(chair), vote_id)
    await closing.cancel_vote(house, asked(chair), vote_id, f"{an} đề nghị")
    repeated = await drafting.repeat_vote(house, asked(chair), vote_id)
    assert isinstance(repeated, drafting.VotePrepared)
    await journey.open_draft(repeated.vote_id)
    await journey.close_vote(repeated.vote_id)
    await journey.announce(repeated.vote_id, by=chair)
    hands = await journey.open_vote(1, Method.HANDS)
    counts = {Option.YES: 3, Option.NO: 0, Option.OTHER: 1}
    await balloting.enter_hands(house, asked(ORGANISER), hands, counts)
    await journey.close_vote(hands)
    await journey.announce(hands)
    await agenda.adopt_item(house, asked(chair), journey.items[2], (f"Bổ sung ý của {an}",))
    await journey.leave(binh)
    await inviting.renew_invitation(house, asked(ORGANISER), journey.attendees[an])
    await journey.close_meeting()
    return journey


async def test_the_record_of_a_whole_meeting_is_one_chain(database: Database) -> None:
    journey = await whole_meeting(database)
    entries = await journey.entries()
    assert first_break(entries) is None
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert len({entry.act for entry in entries}) > 20


async def test_any_change_to_an_entry_shows(database: Database) -> None:
    journey = await whole_meeting(database)
    entries = await journey.entries()
    for place, entry in enumerate(entries):
        changes: list[Entry | None] = [
            replace(entry, at=entry.at + timedelta(microseconds=1)),
            replace(entry, act=f"{entry.act}d"),
            replace(entry, facts={**entry.facts, "base": 0}),
            None,
        ]
        for change in changes:
            changed = [*entries[:place], *([] if change is None else [change]), *entries[place + 1 :]]
            is_cut_off = change is None and place == len(entries) - 1
            assert (first_break(changed) is None) is is_cut_off, entry.act


async def test_a_change_in_the_database_shows(database: Database) -> None:
    journey = await whole_meeting(database)
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("UPDATE record_entry SET act = 'vote_reopen' WHERE number = 12"))
    async with database.snapshot() as tx:
        assert first_break(await record.list_entries(tx, journey.meeting_id)) == 12
        assert await record.list_meetings_with_record(tx) == [journey.meeting_id]


async def test_the_record_names_nobody_and_holds_no_single_choice(database: Database) -> None:
    journey = await whole_meeting(database)
    entries = await journey.entries()
    text = json.dumps([entry.facts for entry in entries], ensure_ascii=False)
    for name in NAMES:
        assert name not in text
        assert name.split()[-1] not in text
    entered = next(entry for entry in entries if entry.act == "ballot_entered")
    assert set(entered.facts) == {"vote", "elector", "by"}
    assert {len(entry.facts["by"]) for entry in entries if "by" in entry.facts} == {64}


async def test_ballots_are_in_the_record_as_one_digest_when_the_vote_closes(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình"], ITEMS))
    digests = []
    for place, choice in enumerate((Option.YES, Option.NO)):
        vote_id = await journey.open_vote(place)
        await journey.cast(vote_id, "An", choice)
        await journey.close_vote(vote_id)
        await journey.announce(vote_id)
        digests.append((await journey.entries())[-2].facts["ballots"])
    assert len(set(digests)) == 2


async def test_the_chain_does_not_depend_on_the_zone_of_the_clock(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"]))
    zone = ZoneInfo("Asia/Ho_Chi_Minh")

    def local() -> datetime:
        return journey.clock.now().astimezone(zone).replace(microsecond=123_456)

    journey.house = House(database, local, KEY)
    await journey.open_meeting()
    await journey.check_in("An")
    entries = await journey.entries()
    assert first_break(entries) is None
    assert entries[-1].at == local()
