"""The strict Bot API refuses in groups what the real one refuses there, in its words."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.fakes.bot_api import FakeBotApi, Group, Person
from tests.fakes.test_bot_api import TREE, Bot


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with FakeBotApi() as fake, httpx.AsyncClient(base_url=fake.url, trust_env=False) as client:
        yield Bot(fake, client)


@pytest.fixture
def an(bot: Bot) -> Person:
    return bot.fake.person("An")


@pytest.fixture
def group(bot: Bot, an: Person) -> Group:
    group = bot.fake.group("Công đoàn")
    group.adds_bot(an)
    return group


async def test_where_the_bot_is_not_it_may_not_write(bot: Bot, group: Group, an: Person) -> None:
    sending = {"chat_id": group.id, "text": "a"}
    assert (await bot.call("sendMessage", **sending))["chat"]["type"] == "group"
    group.removes_bot(an)
    assert await bot.call("sendMessage", **sending) == "Forbidden: bot was kicked from the group chat"
    group.adds_bot(an)
    assert await bot.call("leaveChat", chat_id=group.id) is True
    assert await bot.call("sendMessage", **sending) == "Forbidden: bot is not a member of the group chat"
    assert await bot.call("sendMessage", chat_id=-5, text="a") == "Bad Request: chat not found"


async def test_a_group_that_became_a_supergroup_says_where_it_went(bot: Bot, group: Group) -> None:
    new = group.upgrades(is_told=False)
    answer = (
        await bot.client.post(f"/bot{bot.fake.token}/sendMessage", json={"chat_id": group.id, "text": "a"})
    ).json()
    assert answer["error_code"] == 400
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": new.id}
    assert (await bot.call("sendMessage", chat_id=new.id, text="a"))["chat"]["type"] == "supergroup"


async def test_rights_are_asked_for(bot: Bot, group: Group, an: Person) -> None:
    message = await bot.call("sendMessage", chat_id=group.id, text="a")
    pinning = {"chat_id": group.id, "message_id": message["message_id"], "disable_notification": True}
    refused = "Bad Request: not enough rights to manage pinned messages in the chat"
    assert await bot.call("pinChatMessage", **pinning) == refused
    group.promotes_bot(an, can_pin=False)
    assert await bot.call("pinChatMessage", **pinning) == refused
    group.promotes_bot(an, can_pin=True)
    assert await bot.call("pinChatMessage", **pinning) is True
    assert await bot.call("pinChatMessage", **pinning | {"message_id": 5}) == (
        "Bad Request: message to pin not found"
    )
    group.restricts_bot(an, can_send=False)
    assert await bot.call("sendMessage", chat_id=group.id, text="b") == (
        "Bad Request: not enough rights to send text messages to the chat"
    )


async def test_a_group_takes_twenty_messages_a_minute(bot: Bot, group: Group) -> None:
    bot.fake.has_limits = True
    for _ in range(20):
        assert "message_id" in await bot.call("sendMessage", chat_id=group.id, text="a")
    answer = await bot.call("sendMessage", chat_id=group.id, text="a")
    assert answer.startswith("Too Many Requests: retry after ")
    assert int(answer.rsplit(" ", 1)[1]) > 50


async def test_privacy_mode_keeps_what_is_not_for_the_bot(bot: Bot, group: Group, an: Person) -> None:
    group.sends(an, "chào cả nhà")
    group.sends(an, "/start@other_bot")
    assert len(bot.fake.updates) == 1, "being added"
    group.sends(an, "/start@hoi_nghi_bot abc")
    assert len(bot.fake.updates) == 2
    group.promotes_bot(an, can_pin=False)
    group.sends(an, "chào cả nhà")
    assert len(bot.fake.updates) == 4


async def test_a_tap_opens_the_bots_own_chat_and_nothing_else(bot: Bot, group: Group, an: Person) -> None:
    markup = {"inline_keyboard": TREE}
    await bot.call("sendMessage", chat_id=group.id, text="a", reply_markup=markup)
    query_id = group.press(an, "Tán thành")["callback_query"]["id"]
    for url in ("https://example.org", "https://t.me/other_bot?start=a", "https://t.me/hoi_nghi_bot"):
        answer = await bot.call("answerCallbackQuery", callback_query_id=query_id, url=url)
        assert answer == "Bad Request: URL_INVALID"
    url = "https://t.me/hoi_nghi_bot?start=a"
    assert await bot.call("answerCallbackQuery", callback_query_id=query_id, url=url) is True
    assert bot.fake.opened == {query_id: url}
