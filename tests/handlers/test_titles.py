"""Titles: prepared with recipients who are never guessed, announced once, told to whoever is reached."""

from dataclasses import replace
from datetime import date

from handlers import agenda, titles
from handlers.meetings import Unchanged
from handlers.titles import (
    Named,
    RecipientRemoved,
    RecipientsAdded,
    RecipientsUnclear,
    TitleKept,
    TitlesAnnounced,
    TitleWithdrawn,
)
from meeting.agenda import ItemKind
from meeting.people import Role
from meeting.plan import PlannedItem
from meeting.refusals import Refusal, Refused
from meeting.states import PostKind
from meeting.tally import Decision
from meeting.titles import (
    MOST_RECIPIENTS,
    Candidate,
    PlannedRecipient,
    PlannedTitle,
    Quota,
    RecipientKind,
    TitleCounts,
)
from storage import titles as stored
from storage.database import Database
from storage.reading import get_results_view
from storage.views import RecipientView, TitleView
from tests.handlers.journey import ORGANISER, Journey, plan, refused, seat

INDIVIDUAL, COLLECTIVE = RecipientKind.INDIVIDUAL, RecipientKind.COLLECTIVE
OFFICE, BOARD = "Văn phòng", "Ban Tổ chức"
AGENDA = (
    PlannedItem("Báo cáo", ItemKind.REPORT),
    PlannedItem("Công bố khen thưởng", ItemKind.COMMENDATION),
    PlannedItem("Bế mạc", ItemKind.OTHER),
)
ADVANCED = PlannedTitle("Lao động tiên tiến", "12/QĐ-TĐ", date(2026, 12, 28), "Tỉnh đoàn")
FIGHTER = PlannedTitle("Chiến sĩ thi đua cơ sở", quota=Quota(15, 100, "Lao động tiên tiến"))
PEOPLE = (
    seat("Trần Chủ", OFFICE, role=Role.CHAIR),
    seat("Lê An", OFFICE),
    seat("Phạm Bình", BOARD),
    seat("Lê Minh", OFFICE),
    seat("Lê Mình", BOARD),
)


async def opened(database: Database) -> Journey:
    return await Journey.opened(database, plan(PEOPLE, AGENDA, units=(OFFICE, BOARD)))


async def add(journey: Journey, planned: PlannedTitle = ADVANCED, by: str = ORGANISER) -> int:
    added = await titles.add_title(journey.house, journey.asked(by), journey.meeting_id, planned)
    assert isinstance(added, TitleKept), added
    return added.title_id


async def name(
    journey: Journey, title_id: int, *named: Named | str
) -> RecipientsAdded | RecipientsUnclear | Refused:
    listed = [one if isinstance(one, Named) else Named(INDIVIDUAL, one) for one in named]
    return await titles.add_recipients(journey.house, journey.asked(ORGANISER), title_id, listed)


async def announce(
    journey: Journey, title_id: int | None, shown: str | None = None, by: str = "Trần Chủ", place: int = 1
) -> object:
    """Announce what was shown, or what there is now."""
    mark = await mark_of(journey, title_id) if shown is None else shown
    return await titles.announce_titles(
        journey.house, journey.asked(by), journey.items[place], title_id, mark
    )


async def mark_of(journey: Journey, title_id: int | None = None) -> str:
    async with journey.database.snapshot() as tx:
        waiting = [one for one in await stored.list_titles(tx, journey.meeting_id) if one.is_open]
        return await titles.mark_of(tx, [one for one in waiting if title_id in {None, one.title_id}])


async def recipients(journey: Journey, title_id: int) -> list[RecipientView]:
    async with journey.database.snapshot() as tx:
        return await stored.list_recipients(tx, [title_id])


async def listed(journey: Journey) -> list[TitleView]:
    async with journey.database.snapshot() as tx:
        return await stored.list_titles(tx, journey.meeting_id)


async def test_titles_are_prepared_announced_with_their_item_and_told_once(database: Database) -> None:
    journey = await opened(database)
    advanced, fighter = await add(journey), await add(journey, FIGHTER)
    collectives = [Named(COLLECTIVE, "văn phòng"), Named(COLLECTIVE, BOARD)]
    assert await name(journey, advanced, *collectives) == RecipientsAdded(advanced, 2)
    assert await name(journey, advanced, "Lê An", "Pham Binh") == RecipientsAdded(advanced, 2)
    assert await name(journey, fighter, "Lê An") == RecipientsAdded(fighter, 1)
    assert [(one.name, one.unit) for one in await recipients(journey, advanced)] == [
        (OFFICE, ""),
        (BOARD, ""),
        ("Lê An", OFFICE),
        ("Phạm Bình", BOARD),
    ]
    assert await announce(journey, fighter) == TitlesAnnounced(1, is_item_over=False)
    assert (await journey.item(1)).decision is None
    assert await announce(journey, fighter) == Unchanged()
    assert await announce(journey, None) == TitlesAnnounced(1, is_item_over=True)
    assert (await journey.item(1)).decision is Decision.NOTED
    for who, own in (("Lê An", 2), ("Phạm Bình", 1), ("Trần Chủ", 0)):
        posts = await journey.posts_to(who)
        assert (posts.count(PostKind.TITLES_ANNOUNCED), posts.count(PostKind.TITLE_GIVEN)) == (2, own)
    async with database.snapshot() as tx:
        results = await get_results_view(tx, journey.meeting_id)
    assert [(one.title, one.counts, one.item_id) for one in results.titles] == [
        ("Lao động tiên tiến", TitleCounts(2, 2), journey.items[1]),
        ("Chiến sĩ thi đua cơ sở", TitleCounts(0, 1), journey.items[1]),
    ]
    entries = [entry for entry in await journey.entries() if entry.act.startswith("title")]
    assert [entry.act for entry in entries] == [
        *["title_added"] * 2,
        *["title_recipients_added"] * 3,
        *["titles_announced"] * 2,
    ]
    assert entries[-1].facts["titles"] == [{"title": advanced, "collectives": 2, "individuals": 2}]
    quota = {"quota_base": 2, "is_quota_kept": False}
    assert entries[-2].facts["titles"] == [{"title": fighter, "collectives": 0, "individuals": 1, **quota}]
    assert "An" not in str([entry.facts for entry in entries])


async def test_all_go_out_at_once_and_each_recipient_gets_one_message(database: Database) -> None:
    journey = await opened(database)
    for planned in (ADVANCED, FIGHTER):
        await name(journey, await add(journey, planned), "Lê An")
    assert await announce(journey, None, by=ORGANISER) == TitlesAnnounced(2, is_item_over=True)
    assert (await journey.posts_to("Lê An")).count(PostKind.TITLE_GIVEN) == 1


async def test_a_name_is_asked_about_until_one_is_meant_and_nothing_is_added_before(
    database: Database,
) -> None:
    journey = await opened(database)
    title_id = await add(journey)
    unclear = await name(journey, title_id, "Lê An", "Le Minh", "Người Lạ", Named(COLLECTIVE, "Phòng Lạ"))
    assert isinstance(unclear, RecipientsUnclear)
    asked = {place: [(one.name, one.units) for one in who] for place, who in unclear.unclear.items()}
    assert asked == {1: [("Lê Minh", (OFFICE,)), ("Lê Mình", (BOARD,))], 2: [], 3: []}
    assert await recipients(journey, title_id) == []
    chosen: Candidate[int] = unclear.unclear[1][1]
    told = [
        Named(INDIVIDUAL, "Lê An"),
        Named(INDIVIDUAL, "Le Minh", meant=chosen.key),
        Named(INDIVIDUAL, "Người Lạ", "Sở Y tế", is_unlisted=True),
        Named(COLLECTIVE, "Phòng Lạ", is_unlisted=True),
    ]
    assert await name(journey, title_id, *told) == RecipientsAdded(title_id, 4)
    kept = {(one.name, one.unit): one.person_id for one in await recipients(journey, title_id)}
    assert kept["Lê Mình", BOARD] == chosen.key
    assert kept["Người Lạ", "Sở Y tế"] is None
    by_unit = Named(INDIVIDUAL, "Le Minh", OFFICE)
    assert await name(journey, title_id, by_unit) == RecipientsAdded(title_id, 1)
    unknown = Named(INDIVIDUAL, "Lê An", meant=10**6)
    assert await name(journey, title_id, unknown) == RecipientsUnclear({0: ()})


async def test_nobody_receives_a_title_twice(database: Database) -> None:
    journey = await opened(database)
    title_id = await add(journey)
    for twice in (["Lê An", "le an"], [Named(COLLECTIVE, OFFICE), Named(COLLECTIVE, "van phong")]):
        assert refused(await name(journey, title_id, *twice)) is Refusal.RECIPIENT_TWICE
    await name(journey, title_id, "Lê An")
    again = await name(journey, title_id, "Phạm Bình", "Lê An")
    assert again == Refused(Refusal.RECIPIENT_TWICE, {"name": "Lê An"})
    assert [one.name for one in await recipients(journey, title_id)] == ["Lê An"]


async def test_what_no_list_can_be_is_refused(database: Database) -> None:
    journey = await opened(database)
    title_id = await add(journey)
    many = [Named(INDIVIDUAL, f"Người {n}", is_unlisted=True) for n in range(MOST_RECIPIENTS + 1)]
    for named, reason in (
        ([], Refusal.TEXT_EMPTY),
        (["123"], Refusal.NAME_UNREADABLE),
        (["A" * 201], Refusal.TEXT_TOO_LONG),
        (many, Refusal.RECIPIENTS_TOO_MANY),
    ):
        assert refused(await name(journey, title_id, *named)) is reason


async def test_a_decision_is_changed_and_withdrawn_until_it_is_announced(database: Database) -> None:
    journey = await opened(database)
    title_id, other = await add(journey), await add(journey, FIGHTER)
    changed = replace(ADVANCED, number="13/QĐ-TĐ")

    async def change(planned: PlannedTitle) -> object:
        return await titles.change_title(journey.house, journey.asked(ORGANISER), title_id, planned)

    assert await change(changed) == TitleKept(journey.meeting_id, title_id)
    assert await change(changed) == Unchanged()
    assert refused(await change(replace(ADVANCED, title=" "))) is Refusal.NAME_UNREADABLE
    await name(journey, title_id, "Lê An", "Phạm Bình")
    left, _ = await recipients(journey, title_id)
    removed = await titles.remove_recipient(journey.house, journey.asked(ORGANISER), left.recipient_id)
    assert removed == RecipientRemoved(title_id)
    gone = await titles.withdraw_title(journey.house, journey.asked(ORGANISER), other)
    assert gone == TitleWithdrawn(journey.meeting_id)
    assert await titles.withdraw_title(journey.house, journey.asked(ORGANISER), other) == Unchanged()
    assert refused(await name(journey, other, "Lê An")) is Refusal.TITLE_WITHDRAWN
    assert refused(await announce(journey, other)) is Refusal.TITLE_WITHDRAWN
    assert await announce(journey, None) == TitlesAnnounced(1, is_item_over=True)
    assert refused(await change(ADVANCED)) is Refusal.TITLE_ANNOUNCED
    assert refused(await name(journey, title_id, "Lê An")) is Refusal.TITLE_ANNOUNCED
    withdrawn = await titles.withdraw_title(journey.house, journey.asked(ORGANISER), title_id)
    assert refused(withdrawn) is Refusal.TITLE_ANNOUNCED
    assert [(one.number, one.counts.total) for one in await listed(journey)] == [("13/QĐ-TĐ", 1)]


async def test_nothing_is_announced_that_was_not_seen_or_at_the_wrong_time(database: Database) -> None:
    journey = await Journey.planned(database, plan(PEOPLE, AGENDA, units=(OFFICE, BOARD)))
    title_id = await add(journey)
    assert refused(await announce(journey, None)) is Refusal.MEETING_NOT_OPEN
    await journey.open_meeting()
    without = await announce(journey, None)
    assert without == Refused(Refusal.TITLE_WITHOUT_RECIPIENTS, {"title": "Lao động tiên tiến"})
    await name(journey, title_id, "Lê An", "Phạm Bình")
    shown = await mark_of(journey)
    other = (await recipients(journey, title_id))[1].recipient_id
    taken_out = [
        titles.remove_recipient(journey.house, journey.asked(by), other) for by in (ORGANISER, "Trần Chủ")
    ]
    assert isinstance(await taken_out[0], RecipientRemoved)
    assert refused(await taken_out[1]) is Refusal.NOT_FOUND
    await name(journey, title_id, "Lê Mình")
    assert refused(await announce(journey, None, shown)) is Refusal.OUT_OF_DATE, "as many, but not the same"
    shown = await mark_of(journey)
    changed = await titles.change_title(
        journey.house, journey.asked(ORGANISER), title_id, replace(ADVANCED, number="13/QĐ-TĐ")
    )
    assert isinstance(changed, TitleKept)
    assert refused(await announce(journey, None, shown)) is Refusal.OUT_OF_DATE
    assert refused(await announce(journey, None, place=0)) is Refusal.ITEM_NOT_COMMENDATION
    assert refused(await announce(journey, 10**6)) is Refusal.NOT_FOUND
    await agenda.skip_item(journey.house, journey.asked(ORGANISER), journey.items[1])
    assert refused(await announce(journey, None)) is Refusal.ITEM_DECIDED
    assert PostKind.TITLE_GIVEN not in await journey.posts_to("Lê An")
    await journey.close_meeting()
    assert refused(await announce(journey, None)) is Refusal.MEETING_CLOSED
    late = await titles.add_title(journey.house, journey.asked(ORGANISER), journey.meeting_id, ADVANCED)
    assert refused(late) is Refusal.MEETING_CLOSED


async def test_titles_come_with_the_plan_and_wait_for_their_item(database: Database) -> None:
    planned = replace(
        ADVANCED,
        recipients=(
            PlannedRecipient(COLLECTIVE, OFFICE),
            PlannedRecipient(INDIVIDUAL, "Lê An", OFFICE, attendee=1),
            PlannedRecipient(INDIVIDUAL, "Người Lạ", "Sở Y tế"),
        ),
    )
    journey = await Journey.opened(
        database, replace(plan(PEOPLE, AGENDA, units=(OFFICE, BOARD)), titles=(planned, FIGHTER))
    )
    first, second = await listed(journey)
    assert (first.counts, first.decided_on, first.issuer) == (
        TitleCounts(1, 2),
        date(2026, 12, 28),
        "Tỉnh đoàn",
    )
    assert second.quota == Quota(15, 100, "Lao động tiên tiến")
    (added,) = [entry.facts["titles"] for entry in await journey.entries() if entry.act == "meeting_added"]
    assert added[0] == {
        "name": "Lao động tiên tiến",
        "number": "12/QĐ-TĐ",
        "collectives": 1,
        "individuals": 2,
    }
    withdrawn = await titles.withdraw_title(journey.house, journey.asked(ORGANISER), second.title_id)
    assert isinstance(withdrawn, TitleWithdrawn)
    assert await announce(journey, None) == TitlesAnnounced(1, is_item_over=True)
    assert PostKind.TITLE_GIVEN in await journey.posts_to("Lê An")
    assert refused(await announce(journey, None)) is Refusal.NO_TITLES
