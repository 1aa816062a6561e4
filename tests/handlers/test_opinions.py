"""Opinions are sent, entered, sorted, merged, hidden and taken up, and their senders hear of it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from handlers import opinion_outcomes, opinion_tables, opinions, versions
from handlers.meetings import Unchanged
from handlers.opinion_outcomes import OpinionDecided
from handlers.opinion_tables import TableRow, TableTaken
from handlers.opinions import Author, OpinionChanged, OpinionDraft, OpinionMerged, OpinionSent
from handlers.versions import VersionMade
from meeting.agenda import ItemKind
from meeting.opinions import MOST_IN_A_MINUTE, MOST_ON_AN_ITEM, OpinionKind, OpinionState
from meeting.people import Role, Source, Standing
from meeting.plan import PlannedItem
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, PostKind
from storage import opinions as stored
from storage.database import Database
from storage.views import OpinionView
from tests.handlers.journey import ORGANISER, Journey, plan, refused, seat

ITEMS = (
    PlannedItem("Báo cáo tổng kết", ItemKind.REPORT),
    PlannedItem("Quy chế", ItemKind.DOCUMENT, text="Điều 1. Phạm vi."),
)


async def planned(database: Database, items: Sequence[PlannedItem] = ITEMS) -> Journey:
    """A planned meeting with a chair, a secretary without a seat, three delegates and a guest."""
    attendees = [
        seat("Chủ tọa", role=Role.CHAIR),
        seat("An", "Phòng Một"),
        seat("Bình", "Phòng Hai"),
        seat("Chi", "Phòng Hai"),
        seat("Khách", standing=Standing.GUEST),
    ]
    journey = await Journey.planned(
        database, plan(attendees, items, units=("Phòng Một", "Phòng Hai", "Phòng Ba"))
    )
    await journey.appoint("Thư ký", Role.SECRETARY)
    return journey


async def send(
    journey: Journey,
    name: str,
    text: str,
    place: int | None = 0,
    kind: OpinionKind = OpinionKind.COMMENT,
) -> OpinionSent | Refused:
    draft = OpinionDraft(None if place is None else journey.items[place], kind, text)
    journey.clock.advance(timedelta(seconds=20))
    return await opinions.send_opinion(journey.house, journey.asked(name), journey.meeting_id, draft)


async def sent(
    journey: Journey,
    name: str,
    text: str,
    place: int | None = 0,
    kind: OpinionKind = OpinionKind.COMMENT,
) -> int:
    opinion = await send(journey, name, text, place, kind)
    assert isinstance(opinion, OpinionSent), opinion
    return opinion.opinion_id


async def decide(
    journey: Journey, opinion_id: int, outcome: OpinionState, answer: str = "", by: str = "Thư ký"
) -> OpinionDecided | Unchanged | Refused:
    return await opinion_outcomes.decide_opinion(
        journey.house, journey.asked(by), opinion_id, outcome, answer
    )


async def listed(journey: Journey) -> dict[int, OpinionView]:
    async with journey.database.snapshot() as tx:
        return {each.number: each for each in await stored.list_opinions(tx, journey.meeting_id)}


async def told(journey: Journey, name: str) -> int:
    return (await journey.posts_to(name)).count(PostKind.OPINION_SETTLED)


async def test_an_opinion_goes_from_its_sender_through_the_secretary_to_the_chair_and_back(
    database: Database,
) -> None:
    journey = await planned(database)
    panel = (CardKind.PANEL, journey.meeting_id)
    before = (await journey.cards_of("Thư ký"))[panel]
    first = await sent(journey, "An", "Đề nghị làm rõ kinh phí.", kind=OpinionKind.QUESTION)
    assert (await journey.cards_of("Thư ký"))[panel] == before + 1
    second = await sent(journey, "Khách", "Kinh phí ở đâu?", place=None)
    merged = await opinions.merge_opinion(journey.house, journey.asked("Thư ký"), second, 1)
    assert merged == OpinionMerged(journey.meeting_id, second, 2, 1)
    assert await told(journey, "Khách") == 1
    await journey.open_meeting()
    answered = await decide(journey, first, OpinionState.ANSWERED, "Từ nguồn tự chủ.", by="Chủ tọa")
    assert answered == OpinionDecided(journey.meeting_id, first, 1, OpinionState.ANSWERED)
    assert (await told(journey, "An"), await told(journey, "Khách")) == (1, 2)
    again = await decide(journey, first, OpinionState.ANSWERED, "Từ nguồn tự chủ. ")
    assert again == Unchanged()
    assert await told(journey, "An") == 1
    other = await decide(journey, first, OpinionState.LEFT)
    assert isinstance(other, OpinionDecided), "it may be decided anew, on record"
    opinion = (await listed(journey))[1]
    assert (opinion.author, opinion.unit, opinion.answer, opinion.state) == (
        "An",
        "Phòng Một",
        "",
        OpinionState.LEFT,
    )
    entries = [entry for entry in await journey.entries() if entry.act.startswith("opinion")]
    assert [entry.act for entry in entries] == [
        "opinion_sent",
        "opinion_sent",
        "opinion_merged",
        "opinion_decided",
        "opinion_decided",
    ]
    assert "for" not in entries[3].facts
    assert entries[4].facts["for"] == "chair"
    assert all("kinh phí" not in str(entry.facts) for entry in entries)


async def test_abuse_is_hidden_with_a_reason_and_kept_and_may_be_shown_again(database: Database) -> None:
    journey = await planned(database)
    rude, civil = await sent(journey, "An", "Lời khó nghe."), await sent(journey, "Bình", "Cùng ý đó.")
    await opinions.merge_opinion(journey.house, journey.asked("Thư ký"), civil, 1)
    none = await opinions.hide_opinion(journey.house, journey.asked("Thư ký"), rude, " ")
    assert refused(none) is Refusal.REASON_MISSING
    hidden = await opinions.hide_opinion(journey.house, journey.asked("Thư ký"), rude, "Xúc phạm cá nhân")
    assert hidden == OpinionChanged(journey.meeting_id, rude, 1)
    now = await listed(journey)
    assert (now[1].state, now[1].text, now[1].answer) == (
        OpinionState.HIDDEN,
        "Lời khó nghe.",
        "Xúc phạm cá nhân",
    )
    assert now[2].state is OpinionState.WAITING, "what went with it waits by itself"
    assert (await told(journey, "An"), await told(journey, "Bình")) == (1, 2), "which its sender hears, too"
    for act in (
        decide(journey, rude, OpinionState.LEFT),
        opinions.hide_opinion(journey.house, journey.asked("Thư ký"), rude, "nữa"),
    ):
        assert refused(await act) is Refusal.OPINION_HIDDEN
    into = await opinions.merge_opinion(journey.house, journey.asked("Thư ký"), civil, 1)
    assert refused(into) is Refusal.OPINION_NOT_MERGEABLE
    back = await opinions.restore_opinion(journey.house, journey.asked("Thư ký"), rude)
    assert isinstance(back, OpinionChanged)
    assert (await listed(journey))[1].state is OpinionState.WAITING


async def test_an_addition_taken_up_makes_the_next_version_but_never_under_a_vote(database: Database) -> None:
    journey = await planned(database)
    await journey.open_meeting()
    await journey.check_in("Chủ tọa", "An", "Bình", "Chi")
    await journey.state()
    first = await sent(journey, "An", "Điều 2. Hiệu lực.", 1, OpinionKind.ADDITION)
    second = await sent(journey, "Bình", "Điều 3. Tổ chức.", 1, OpinionKind.ADDITION)
    taken = await opinion_outcomes.take_into_text(
        journey.house, journey.asked("Chủ tọa"), first, "Điều 2. Hiệu lực thi hành."
    )
    assert taken == OpinionDecided(journey.meeting_id, first, 1, OpinionState.TAKEN_UP, 2)
    item = await journey.item(1)
    assert (item.text_version, item.text) == (2, "Điều 1. Phạm vi.\nĐiều 2. Hiệu lực thi hành.")
    assert (await listed(journey))[1].is_in_text
    assert refused(await decide(journey, first, OpinionState.LEFT)) is Refusal.OPINION_IN_TEXT
    vote_id = await journey.open_vote(1)
    late = await send(journey, "Chi", "Điều 4.", 1, OpinionKind.ADDITION)
    assert refused(late) is Refusal.ADDITION_TOO_LATE
    assert isinstance(await send(journey, "Chi", "Nhất trí.", 1), OpinionSent)
    under = await opinion_outcomes.take_into_text(journey.house, journey.asked("Thư ký"), second, "Điều 3.")
    assert isinstance(under, Refused)
    assert (await listed(journey))[2].state is OpinionState.WAITING, "nothing of it was done"
    await journey.close_vote(vote_id)
    await journey.announce(vote_id)
    assert isinstance(await decide(journey, second, OpinionState.TAKEN_UP), OpinionDecided)
    assert (await journey.item(1)).text_version == 2


async def test_what_was_taken_up_is_decided_anew_once_the_text_reads_as_before(database: Database) -> None:
    journey = await planned(database)
    first = await sent(journey, "An", "Điều 2. Hiệu lực.", 1, OpinionKind.ADDITION)
    await decide(journey, first, OpinionState.ANSWERED, "Chưa phù hợp.")

    async def take_up(text: str, after: int) -> OpinionDecided | Refused:
        return await opinion_outcomes.take_into_text(
            journey.house, journey.asked("Chủ tọa"), first, text, after=after
        )

    assert isinstance(await take_up("Điều 1. Phạm vi, hiệu lực.", 1), OpinionDecided)
    assert (await listed(journey))[1].answer == "", "what was answered before was said of another outcome"
    assert refused(await decide(journey, first, OpinionState.LEFT)) is Refusal.OPINION_IN_TEXT
    back = await versions.put_text(
        journey.house, journey.asked("Thư ký"), journey.items[1], "Điều 1. Phạm vi.", 2
    )
    assert isinstance(back, VersionMade)
    assert not (await listed(journey))[1].is_in_text
    assert refused(await take_up("Của người khác.", 2)) is Refusal.TEXT_NEWER
    assert isinstance(await decide(journey, first, OpinionState.LEFT), OpinionDecided)
    assert isinstance(await take_up("Điều 1. Phạm vi, hiệu lực.", 3), OpinionDecided)
    assert (await listed(journey))[1].is_in_text, "the same words stand in the text again"


async def test_a_flood_from_one_account_ends_at_its_limits_and_all_others_are_heard(
    database: Database,
) -> None:
    journey = await planned(database)
    results = []
    for place in range(30):
        draft = OpinionDraft(None, OpinionKind.COMMENT, f"Lời {place}")
        asked = journey.asked("An")
        results.append(await opinions.send_opinion(journey.house, asked, journey.meeting_id, draft))
    assert sum(isinstance(result, OpinionSent) for result in results) == MOST_IN_A_MINUTE
    assert {result.reason for result in results if isinstance(result, Refused)} == {Refusal.OPINIONS_TOO_FAST}
    assert isinstance(await send(journey, "Bình", "Tôi nhất trí."), OpinionSent)
    journey.clock.advance(timedelta(minutes=1))
    for _ in range(MOST_ON_AN_ITEM - MOST_IN_A_MINUTE):
        assert isinstance(await send(journey, "An", "Lại một lời", None), OpinionSent)
    assert refused(await send(journey, "An", "Thêm nữa", None)) is Refusal.OPINIONS_TOO_MANY
    entered = await opinions.enter_opinion(
        journey.house,
        journey.asked("Thư ký"),
        journey.meeting_id,
        Author(journey.attendees["An"]),
        OpinionDraft(None, OpinionKind.COMMENT, "Nói tại hội trường"),
    )
    assert isinstance(entered, OpinionSent), "what the secretary enters floods nothing"
    assert isinstance(await send(journey, "An", "Về báo cáo"), OpinionSent)


async def test_opinions_sent_at_once_have_numbers_of_their_own(database: Database) -> None:
    journey = await planned(database)
    names = ("Chủ tọa", "An", "Bình", "Chi", "Khách")
    results = await asyncio.gather(*(send(journey, name, f"Lời của {name}") for name in names * 2))
    numbers = [result.number for result in results if isinstance(result, OpinionSent)]
    assert sorted(numbers) == list(range(1, 11))
    assert sorted(await listed(journey)) == list(range(1, 11))


async def test_the_secretary_enters_opinions_of_people_without_a_phone_and_of_units(
    database: Database,
) -> None:
    journey = await planned(database)
    draft = OpinionDraft(journey.items[0], OpinionKind.PETITION, "Sửa nhà để xe.")
    entered = [
        await opinions.enter_opinion(
            journey.house, journey.asked("Thư ký"), journey.meeting_id, author, draft
        )
        for author in await _authors(journey)
    ]
    assert [one.number for one in entered if isinstance(one, OpinionSent)] == [1, 2]
    assert refused(entered[2]) is Refusal.UNIT_UNKNOWN
    now = await listed(journey)
    assert [(one.author, one.source) for one in now.values()] == [
        ("Chi", Source.SECRETARY),
        ("Phòng Hai", Source.SECRETARY),
    ]
    await decide(journey, now[2].opinion_id, OpinionState.TAKEN_UP)
    assert [await told(journey, name) for name in ("An", "Bình", "Chi")] == [0, 1, 1]
    own = await opinions.enter_opinion(
        journey.house, journey.asked("An"), journey.meeting_id, Author(journey.attendees["An"]), draft
    )
    assert refused(own) is Refusal.NOT_PERMITTED


async def _authors(journey: Journey) -> list[Author]:
    async with journey.database.snapshot() as tx:
        units = {
            name: unit_id
            for unit_id, name in (await stored.list_units_summoned(tx, journey.meeting_id)).items()
        }
    assert list(units) == ["Phòng Một", "Phòng Hai", "Phòng Ba"]
    return [Author(journey.attendees["Chi"]), Author(unit_id=units["Phòng Hai"]), Author(unit_id=999)]


async def test_a_table_comes_in_whole_or_not_at_all_and_twice_changes_nothing(database: Database) -> None:
    journey = await planned(database)
    own = await sent(journey, "An", "Đề nghị làm rõ kinh phí.")
    unit = (await _authors(journey))[1]
    rows = [
        TableRow(
            1,
            Author(),
            OpinionDraft(None, OpinionKind.COMMENT, "Đề nghị làm rõ kinh phí."),
            OpinionState.ANSWERED,
            "Từ nguồn tự chủ.",
        ),
        TableRow(None, unit, OpinionDraft(journey.items[1], OpinionKind.COMMENT, "Nhất trí."), None, ""),
        TableRow(
            None,
            unit,
            OpinionDraft(journey.items[1], OpinionKind.ADDITION, "Thêm Điều 2."),
            OpinionState.TAKEN_UP,
            "",
        ),
    ]

    async def take(these: Sequence[TableRow], by: str = "Thư ký") -> TableTaken | Refused:
        return await opinion_tables.take_table(journey.house, journey.asked(by), journey.meeting_id, these)

    wrong = TableRow(1, Author(), OpinionDraft(None, OpinionKind.COMMENT, "Lời khác."), None, "")
    assert await take([*rows, wrong]) == Refused(Refusal.OPINION_CHANGED, {"number": 1})
    assert len(await listed(journey)) == 1, "nothing of it was taken"
    await journey.appoint("Đồng tổ chức", Role.ORGANISER)
    assert refused(await take(rows, by="Đồng tổ chức")) is Refusal.NOT_PERMITTED
    assert isinstance(await take(rows[1:2], by="Đồng tổ chức"), TableTaken)
    assert await take(rows) == TableTaken(journey.meeting_id, added=1, decided=2)
    assert await take(rows) == TableTaken(journey.meeting_id, added=0, decided=0)
    same = await take(rows, by="Đồng tổ chức")
    assert same == TableTaken(journey.meeting_id, added=0, decided=0), "it says nothing anew"
    assert (await listed(journey))[1].answer == "Từ nguồn tự chủ."
    assert await told(journey, "An") == 1
    assert own == (await listed(journey))[1].opinion_id


async def test_what_was_said_is_answered_after_the_close_but_nothing_more_is_sent(database: Database) -> None:
    journey = await planned(database)
    opinion = await sent(journey, "An", "Đề nghị làm rõ.", place=None)
    moved = await opinions.sort_opinion(
        journey.house, journey.asked(ORGANISER), opinion, OpinionKind.QUESTION, journey.items[0]
    )
    assert isinstance(moved, OpinionChanged)
    same = await opinions.sort_opinion(
        journey.house, journey.asked(ORGANISER), opinion, OpinionKind.QUESTION, journey.items[0]
    )
    assert same == Unchanged()
    await journey.open_meeting()
    await journey.close_meeting()
    assert refused(await send(journey, "An", "Nữa")) is Refusal.MEETING_CLOSED
    assert isinstance(await decide(journey, opinion, OpinionState.ANSWERED, "Đã rõ."), OpinionDecided)
    late = await opinions.sort_opinion(
        journey.house, journey.asked("Thư ký"), opinion, OpinionKind.COMMENT, None
    )
    assert refused(late) is Refusal.OPINION_DECIDED
    assert (await listed(journey))[1].kind is OpinionKind.QUESTION
