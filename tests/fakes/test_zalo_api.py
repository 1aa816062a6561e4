"""The strict Zalo Bot API refuses what the real one refuses, and gives what it has once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.fakes.zalo_api import IDLE, LONGEST_TEXT, NO_CHAT, QUOTA, TOKEN, FakeZalo, Json


class Bot:
    """Calls the server as plainly as can be."""

    def __init__(self, fake: FakeZalo, client: httpx.AsyncClient) -> None:
        self.fake = fake
        self.client = client

    async def call(self, method: str, **parameters: object) -> Json:
        """The whole envelope."""
        answer: Json = (await self.client.post(f"/bot{self.fake.token}/{method}", json=parameters)).json()
        return answer

    async def says(self, chat: str, text: str) -> str:
        """The text of the refusal, "" for none."""
        answer = await self.call("sendMessage", chat_id=chat, text=text)
        return str(answer.get("description") or "")


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with FakeZalo() as fake, httpx.AsyncClient(base_url=fake.url, trust_env=False) as client:
        yield Bot(fake, client)


async def test_methods_are_those_that_exist_in_their_very_spelling(bot: Bot) -> None:
    for method in ("editMessageText", "deleteMessage", "sendDocument", "getChat", "getme", "SendMessage", ""):
        answer = await bot.client.post(f"/bot{TOKEN}/{method}", json={})
        assert (answer.status_code, answer.json()["ok"]) == (404, False)
    for token, status in ((f"{TOKEN}x", 401), ("1:wrong", 401), ("nonsense", 404), ("", 404)):
        answer = await bot.client.post(f"/bot{token}/getMe", json={})
        assert (answer.status_code, answer.json()["error_code"]) == (status, status)


async def test_parameters_come_in_any_of_four_ways(bot: Bot) -> None:
    an = bot.fake.person("An")
    an.send("Xin chào")
    said = {"chat_id": an.id, "text": "Chào"}
    url = f"/bot{TOKEN}/sendMessage"
    answers = [
        await bot.client.post(url, json=said),
        await bot.client.post(url, data=said),
        await bot.client.post(url, files={name: (None, value) for name, value in said.items()}),
        await bot.client.get(url, params=said),
    ]
    assert [answer.json()["ok"] for answer in answers] == [True] * 4
    assert an.texts == ["Chào"] * 4
    for content in (b"no JSON", b"[]"):
        answer = await bot.client.post(url, content=content, headers={"Content-Type": "application/json"})
        assert answer.json()["ok"] is False


@pytest.mark.parametrize("refuses_by_status", [False, True])
async def test_a_refusal_comes_with_200_or_with_its_code(bot: Bot, *, refuses_by_status: bool) -> None:
    bot.fake.refuses_by_status = refuses_by_status
    answer = await bot.client.post(f"/bot{TOKEN}/sendMessage", json={"chat_id": "nobody", "text": "Chào"})
    assert answer.status_code == (400 if refuses_by_status else 200)
    assert answer.json() == {"ok": False, "error_code": 400, "description": NO_CHAT}


async def test_a_message_is_words_for_somebody_who_wrote_first(bot: Bot) -> None:
    an = bot.fake.person("An")
    assert await bot.says(an.id, "Chào") == NO_CHAT
    an.send("Xin chào")
    assert await bot.says(an.id, "") == "Bad Request: text is empty"
    assert await bot.says(an.id, "x" * (LONGEST_TEXT + 1)) == "Bad Request: text is too long"
    assert await bot.says(an.id, "👍" * (LONGEST_TEXT // 2 + 1)) == "Bad Request: text is too long"
    assert await bot.says(an.id, "x" * LONGEST_TEXT) == ""
    buttons = await bot.call("sendMessage", chat_id=an.id, text="Chào", reply_markup={})
    assert buttons["description"] == "Bad Request: unknown parameters ['reply_markup']"
    assert (await bot.call("sendMessage", chat_id=an.id))["description"] == "Bad Request: text is missing"
    assert (await bot.call("sendMessage", chat_id=7, text="x"))["description"] == (
        "Bad Request: chat_id is no string"
    )
    an.blocks()
    assert "blocked" in await bot.says(an.id, "Chào")
    assert len(an.texts) == 1


async def test_a_poll_gives_one_thing_once(bot: Bot) -> None:
    an = bot.fake.person("An")
    first, second = an.send("1"), an.send("2")
    assert [(await bot.call("getUpdates", timeout=0))["result"] for _ in range(2)] == [first, second]
    idle = await bot.call("getUpdates", timeout="0")
    assert idle == {"ok": False, "error_code": 408, "description": IDLE}
    assert (await bot.call("getUpdates", timeout=0, offset=5))["ok"] is False
    bot.fake.cut("getUpdates", is_carried_out=True)
    an.send("3")
    with contextlib.suppress(httpx.RemoteProtocolError):
        await bot.call("getUpdates", timeout=0)
    assert (await bot.call("getUpdates", timeout=0))["error_code"] == 408


async def test_a_second_poll_is_refused_and_a_webhook_ends_the_first(bot: Bot) -> None:
    poll = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await bot.fake.is_listened_to()
    assert (await bot.call("getUpdates", timeout=0))["error_code"] == 409
    set_up = await bot.call(
        "setWebhook", url="https://hop.example.vn/zalo", secret_token="a secret of its own"
    )
    assert set_up["result"]["verification"]["ok"] is True
    assert (await poll)["error_code"] == (await bot.call("getUpdates", timeout=0))["error_code"] == 400
    info = await bot.call("getWebhookInfo")
    assert info["result"]["url"] == "https://hop.example.vn/zalo"
    await bot.call("deleteWebhook")
    assert (await bot.call("getWebhookInfo"))["result"]["url"] == ""


async def test_a_plan_has_an_end_for_messages_and_for_people(bot: Bot) -> None:
    an, binh = bot.fake.person("An"), bot.fake.person("Bình")
    bot.fake.people_in_plan, bot.fake.messages_in_plan = 1, 3
    update = an.send("1")
    binh.send("1")
    assert bot.fake.updates == [update]
    assert await bot.says(binh.id, "Chào") == QUOTA
    assert [await bot.says(an.id, "Chào") for _ in range(3)] == ["", "", QUOTA]
    assert (bot.fake.spent, len(an.texts)) == (3, 2)


async def test_a_group_is_heard_only_where_it_calls_the_bot(bot: Bot) -> None:
    an, group = bot.fake.person("An"), bot.fake.group("Cụm 3")
    assert an.says(group, "kết quả", is_called=False) is None
    update = an.says(group, "kết quả")
    assert update is not None
    assert update["message"]["text"] == "@Bot Hội nghị kết quả"
    assert update["message"]["chat"] == {"id": group.id, "chat_type": "GROUP"}
    assert bot.fake.updates == [update]
    assert await bot.says(an.id, "Chào") == NO_CHAT, "who wrote in a group has no private chat"
    assert await bot.says(group.id, "Chào") == ""
    assert group.texts == ["Chào"]
