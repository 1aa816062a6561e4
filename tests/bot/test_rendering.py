import dataclasses
from datetime import timedelta

import pytest

from bot.actions import Action, CastVote, CheckIn, CloseVote, ResumeVote
from bot.platforms.base import Bar, Card, Do, Line
from bot.rendering import Rendering, render_live_cards, render_posts
from bot.wording.voice import Voice
from handlers import agenda, attendance, binding, joining, steps
from handlers.due import do_due_work
from meeting.people import Reply
from meeting.states import CardKind, PostKind
from meeting.voting import Option
from storage.cards import CardVersion, list_card_versions, list_cards_to_show
from storage.database import Database
from storage.outbox import ParcelKind, list_ready
from storage.people import list_accounts_of, put_account_language
from storage.posts import PostView, list_posts, list_posts_to_send
from tests.handlers.journey import ITEMS, ORGANISER, Journey, plan

NAMES = ("Trần An", "Lê Bình", "Phạm Chi")
DEFAULT = Voice("en")


@pytest.fixture
async def journey(database: Database) -> Journey:
    """An open meeting of three, all present."""
    return await Journey.opened(database, plan(NAMES, ITEMS))


def text_of(card: Card | None) -> str:
    assert card is not None
    return "\n".join(line.text if isinstance(line, Line) else line.caption for line in card.lines)


def buttons_of(card: Card | None) -> list[str]:
    assert card is not None
    return [choice.label for row in card.choices for choice in row]


def actions_of(card: Card | None) -> list[Action]:
    assert card is not None
    return [choice.action for row in card.choices for choice in row if isinstance(choice, Do)]


async def card_rows(journey: Journey, kind: CardKind) -> dict[str, CardVersion]:
    """The live cards of a kind, by whose they are."""
    rows = {}
    async with journey.database.snapshot() as tx:
        for name, phone in journey.phones.items():
            for card in await list_card_versions(tx, phone.sender.platform, [phone.sender.chat]):
                if card.kind is kind:
                    rows[name] = card
    return rows


async def shown(journey: Journey, kind: CardKind) -> dict[str, Card | None]:
    rows = await card_rows(journey, kind)
    async with journey.database.snapshot() as tx:
        cards = await render_live_cards(tx, list(rows.values()), DEFAULT)
    return {name: cards[row.card_id] for name, row in rows.items()}


async def post_rows(journey: Journey, name: str) -> list[PostView]:
    account_id = journey.account(name)
    async with journey.database.snapshot() as tx:
        return (await list_posts(tx, [account_id], 100))[account_id]


async def told(journey: Journey, name: str) -> dict[PostKind, Card]:
    """What somebody's posts say now, by kind; those that say nothing any more are left out."""
    rows = await post_rows(journey, name)
    async with journey.database.snapshot() as tx:
        cards = await render_posts(tx, rows, DEFAULT)
    assert set(cards) == {row.post_id for row in rows}
    return {row.kind: card for row in rows if (card := cards[row.post_id]) is not None}


async def speak(journey: Journey, name: str, language: str) -> None:
    async with journey.database.transaction() as tx:
        await put_account_language(tx, journey.account(name), language)


# Live cards


async def test_everybody_has_the_own_ballot(journey: Journey) -> None:
    vote_id = await journey.open_vote()
    await journey.cast(vote_id, "Trần An", Option.YES)
    ballots = await shown(journey, CardKind.BALLOT)
    assert set(ballots) == set(NAMES)
    chosen = {
        name: [
            choice.label
            for row in card.choices
            for choice in row
            if isinstance(choice, Do) and choice.is_chosen
        ]
        for name, card in ballots.items()
        if card is not None
    }
    assert chosen == {"Trần An": ["Tán thành"], "Lê Bình": [], "Phạm Chi": []}
    assert actions_of(ballots["Lê Bình"]) == [
        CastVote(vote_id, option) for option in (Option.YES, Option.NO, Option.OTHER)
    ]


async def test_cards_speak_the_account_s_language_and_else_the_meeting_s(journey: Journey) -> None:
    await journey.open_vote()
    await speak(journey, "Lê Bình", "en")
    ballots = await shown(journey, CardKind.BALLOT)
    assert buttons_of(ballots["Trần An"]) == ["Tán thành", "Không tán thành", "Ý kiến khác"]
    assert buttons_of(ballots["Lê Bình"]) == ["In favour", "Not in favour", "Other opinion"]


async def test_times_are_those_at_the_place_of_the_meeting(database: Database) -> None:
    journey = await Journey.planned(database, plan(NAMES))
    seats = await shown(journey, CardKind.ATTENDANCE)
    assert "14:00 thứ Tư, ngày 30/12/2026" in text_of(seats["Trần An"])


async def test_home_and_panel_go_to_those_whose_they_are(journey: Journey) -> None:
    homes, panels = await shown(journey, CardKind.HOME), await shown(journey, CardKind.PANEL)
    assert set(homes) == set(panels) == {ORGANISER}
    assert "Sở Nội vụ" in text_of(homes[ORGANISER])
    assert "Đủ điều kiện tiến hành" in text_of(panels[ORGANISER])


async def test_what_does_not_concern_somebody_is_not_shown(journey: Journey) -> None:
    vote_id = await journey.open_vote()
    member, organiser = journey.account("Trần An"), journey.account(ORGANISER)
    wrong = [
        (member, CardKind.HOME, journey.organisation_id),
        (member, CardKind.PANEL, journey.meeting_id),
        (organiser, CardKind.ATTENDANCE, journey.meeting_id),
        (organiser, CardKind.BALLOT, vote_id),
    ]
    rows = [
        CardVersion(number, account, "", kind, subject, journey.organisation_id, journey.meeting_id, 1)
        for number, (account, kind, subject) in enumerate(wrong)
    ]
    async with journey.database.snapshot() as tx:
        assert await render_live_cards(tx, rows, DEFAULT) == dict.fromkeys(range(4))


@pytest.mark.parametrize("kind", list(CardKind))
async def test_what_is_not_there_any_more_is_not_shown(journey: Journey, kind: CardKind) -> None:
    row = CardVersion(1, journey.account(ORGANISER), "", kind, 4711, journey.organisation_id, None, 1)
    async with journey.database.snapshot() as tx:
        assert await render_live_cards(tx, [row], DEFAULT) == {1: None}


# Posts


async def test_a_result_is_told_once_it_is_announced(journey: Journey) -> None:
    vote_id = await journey.decide(0, dict.fromkeys(NAMES, Option.YES))
    card = (await told(journey, "Phạm Chi"))[PostKind.RESULT]
    assert "3/3 đại biểu có mặt tán thành (đạt 100%)" in text_of(card)
    assert [line.count for line in card.lines if isinstance(line, Bar)] == [3, 0, 0, 0]
    row = next(row for row in await post_rows(journey, "Phạm Chi") if row.kind is PostKind.RESULT)
    assert row.subject_id == vote_id
    not_yet = await journey.open_vote(1)
    async with journey.database.snapshot() as tx:
        early = dataclasses.replace(row, subject_id=not_yet)
        assert await render_posts(tx, [early], DEFAULT) == {row.post_id: None}


async def test_an_item_decided_without_a_count_has_no_number(journey: Journey) -> None:
    await agenda.adopt_item(journey.house, journey.asked(ORGANISER), journey.items[0], ["Thêm một câu"])
    said = text_of((await told(journey, "Lê Bình"))[PostKind.ITEM_DECIDED])
    assert "bổ sung 01 nội dung (không kiểm đếm)" in said
    assert "%" not in said


async def test_the_summary_goes_to_everybody(journey: Journey) -> None:
    await journey.decide(0, dict.fromkeys(NAMES, Option.YES))
    await journey.close_meeting()
    for name in (*NAMES, ORGANISER):
        said = text_of((await told(journey, name))[PostKind.SUMMARY])
        assert "3/3 đại biểu có mặt tán thành (đạt 100%)" in said
        assert "Báo cáo tổng kết" in said


async def test_the_open_window_is_told_to_those_who_are_still_away(database: Database) -> None:
    journey = await Journey.planned(database, plan(NAMES))
    await attendance.open_check_in(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    await journey.check_in("Trần An")
    assert PostKind.CHECK_IN_OPENED not in await told(journey, "Trần An")
    card = (await told(journey, "Lê Bình"))[PostKind.CHECK_IN_OPENED]
    assert actions_of(card) == [CheckIn(journey.meeting_id)]
    await attendance.close_check_in(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    assert PostKind.CHECK_IN_OPENED not in await told(journey, "Lê Bình")


async def test_that_all_have_voted_is_told_while_the_vote_runs(journey: Journey) -> None:
    vote_id = await journey.open_vote()
    await journey.cast_all(vote_id, dict.fromkeys(NAMES, Option.YES))
    card = (await told(journey, ORGANISER))[PostKind.ALL_VOTED]
    assert "3/3" in text_of(card)
    assert CloseVote(vote_id, 0) in actions_of(card)
    await journey.close_vote(vote_id)
    assert PostKind.ALL_VOTED not in await told(journey, ORGANISER)


async def test_a_lost_quorum_is_told_until_it_is_back(journey: Journey) -> None:
    await journey.leave("Trần An")
    await journey.leave("Lê Bình")
    assert "1/3" in text_of((await told(journey, ORGANISER))[PostKind.QUORUM_LOST])
    await journey.check_in("Trần An")
    assert PostKind.QUORUM_LOST not in await told(journey, ORGANISER)


async def test_a_vote_paused_while_nobody_watched_is_told_until_it_goes_on(journey: Journey) -> None:
    vote_id = await journey.open_vote(within=timedelta(minutes=1))
    journey.clock.advance(timedelta(hours=1))
    assert await do_due_work(journey.house, journey.clock.now()) == 1
    card = (await told(journey, ORGANISER))[PostKind.VOTE_PAUSED]
    assert ResumeVote(vote_id) in actions_of(card)
    await steps.resume_vote(journey.house, journey.asked(ORGANISER), vote_id)
    assert PostKind.VOTE_PAUSED not in await told(journey, ORGANISER)


async def test_who_is_moved_away_is_told_so_and_nothing_else(journey: Journey) -> None:
    await journey.decide(0, dict.fromkeys(NAMES, Option.YES))
    await speak(journey, "Trần An", "vi")
    token = await journey.token("Trần An")
    sender = dataclasses.replace(journey.sender("Trần An"), external_id="telegram:another phone")
    moved = await joining.join(journey.house, sender, journey.event(), token, may_move=True)
    assert isinstance(moved, binding.Bound)
    news = await told(journey, "Trần An")
    assert set(news) == {PostKind.MOVED_AWAY}
    assert "chuyển" in text_of(news[PostKind.MOVED_AWAY])


# As delivery asks


async def test_delivery_gets_a_card_or_nothing_for_each_of_its_parcels(journey: Journey) -> None:
    await journey.open_vote()
    await attendance.reply_to_invitation(
        journey.house, journey.asked("Trần An"), journey.meeting_id, Reply.COMING
    )
    now = journey.clock.now()
    async with journey.database.transaction() as tx:
        ready = await list_ready(tx, "telegram", now, 100)
        ids = {kind: [parcel.row_id for parcel in ready if parcel.kind is kind] for kind in ParcelKind}
        cards = await list_cards_to_show(tx, now, ids[ParcelKind.CARD])
        posts = await list_posts_to_send(tx, now, ids[ParcelKind.POST])
    rendering = Rendering(journey.database, DEFAULT)
    assert set(await rendering.render_cards(cards)) == {card.card_id for card in cards} != set()
    assert set(await rendering.render_posts(posts)) == {post.post_id for post in posts}


async def test_nobody_is_shown_anything_for_somebody_who_is_not_bound(journey: Journey) -> None:
    await journey.decide(0, dict.fromkeys(NAMES, Option.YES))
    await binding.report_wrong_person(journey.house, journey.asked("Lê Bình"), journey.meeting_id)
    assert await told(journey, "Lê Bình") == {}
    async with journey.database.snapshot() as tx:
        assert await list_accounts_of(tx, [journey.account("Lê Bình")]) == {}
