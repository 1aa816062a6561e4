"""What numbers mean in a chat is kept in the database."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.choices import StoredChoices, question_of
from bot.platforms.base import Ask, Card, Line, NumberedCard, NumberedChoice, ShownChoices
from bot.platforms.zalo.numbering import with_card, with_said
from handlers import joining
from storage.database import Database, Tx
from tests.handlers.journey import Journey, plan

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
CARD = NumberedCard(
    "Biểu quyết 5",
    (NumberedChoice(51, "Tán thành", "v1:vote:105:yes"), NumberedChoice(52, "Khác", "v1:vote:105:other")),
    vote=5,
    shown_at=NOW,
)
OTHER_CARD = NumberedCard("Trợ giúp", (NumberedChoice(1, "Chương trình", "v1:agenda:0:0"),), shown_at=NOW)


async def nothing_pending(tx: Tx, account_ids: Collection[int]) -> Mapping[int, Card]:
    del tx, account_ids
    return {}


async def test_what_was_shown_is_there_for_the_next_process(database: Database) -> None:
    def one() -> StoredChoices:
        return StoredChoices(database, "zalo", nothing_pending, lambda: NOW)

    assert await one().find("an") == ShownChoices()
    await one().change("an", partial(with_card, card=CARD, chosen=["v1:vote:105:yes"]))
    await one().change("an", partial(with_card, card=OTHER_CARD))

    shown = await one().find("an")
    assert shown == ShownChoices(OTHER_CARD, CARD, (CARD,), ("v1:vote:105:yes",))
    assert await one().find("binh") == ShownChoices()
    assert await StoredChoices(database, "other", nothing_pending, lambda: NOW).find("an") == ShownChoices()


async def test_nothing_is_lost_where_two_change_a_chat_at_once(database: Database) -> None:
    choices = StoredChoices(database, "zalo", nothing_pending, lambda: NOW)
    await choices.change("an", partial(with_card, card=CARD))

    said = [f"v1:vote:{number}:yes" for number in range(5)]
    await asyncio.gather(*(choices.change("an", partial(with_said, actions=[one])) for one in said))
    assert set((await choices.find("an")).said) == set(said)


async def test_a_chat_is_known_by_its_account_with_what_it_is_asked(database: Database) -> None:
    journey = await Journey.planned(database, plan(["Trần An"]), are_bound=False)
    bound = await journey.bind("Trần An", platform="zalo")
    asked = Card((Line(""), Line("Lý do vắng?")), ask=Ask(200))

    async def pending(tx: Tx, account_ids: Collection[int]) -> Mapping[int, Card]:
        del tx
        return {one: asked for one in account_ids if one == bound.account.account_id}

    shown = await StoredChoices(database, "zalo", pending, lambda: NOW).find("chat of Trần An")
    assert (shown.question, shown.language, shown.is_group) == ("Lý do vắng?", "vi", False)


async def test_who_chose_no_language_is_spoken_to_in_that_of_the_meeting(database: Database) -> None:
    journey = await Journey.planned(database, plan(["Trần An"]), are_bound=False)
    sender = replace(journey.sender("Trần An", "zalo"), language=None)
    await joining.join(journey.house, sender, "1", await journey.code("Trần An"))

    choices = StoredChoices(database, "zalo", nothing_pending, lambda: NOW)
    assert (await choices.find(sender.chat)).language == (await journey.meeting()).language


@pytest.mark.parametrize(
    ("card", "question"),
    [
        (Card((Line("Mấy phút?"),), ask=Ask(5)), "Mấy phút?"),
        (Card((Line("Tệp nào?"),), ask=Ask(1, takes_file=True)), ""),
        (Card((Line("Có chắc không?"),)), ""),
        (Card((), ask=Ask(5)), "…"),
    ],
)
def test_only_what_something_is_typed_for_is_a_question(card: Card, question: str) -> None:
    assert question_of(card) == question
