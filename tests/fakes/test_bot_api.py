"""The strict Bot API refuses what the real one refuses, in its words."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiohttp import web

from tests.fakes.bot_api import (
    NOT_MODIFIED,
    TERMINATED,
    TERMINATED_BY_WEBHOOK,
    TOO_OLD,
    WEBHOOK_IS_SET,
    FakeBotApi,
    Json,
    Person,
)

TREE = [[{"text": "Tán thành", "callback_data": "v1:vote:7:yes"}]]


class Bot:
    """Calls the server as plainly as can be."""

    def __init__(self, fake: FakeBotApi, client: httpx.AsyncClient) -> None:
        self.fake = fake
        self.client = client

    async def call(self, method: str, **parameters: object) -> Any:  # noqa: ANN401  # as the method answers
        """The result, or the text of the refusal."""
        answer = (await self.client.post(f"/bot{self.fake.token}/{method}", json=parameters)).json()
        return answer["result"] if answer["ok"] else answer["description"]

    async def says(self, person: Person, text: str, **parameters: object) -> Any:  # noqa: ANN401
        return await self.call("sendMessage", chat_id=person.id, text=text, **parameters)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with FakeBotApi() as fake, httpx.AsyncClient(base_url=fake.url, trust_env=False) as client:
        yield Bot(fake, client)


@pytest.fixture
def an(bot: Bot) -> Person:
    person = bot.fake.person("An")
    person.has_written = True
    return person


@pytest.mark.parametrize(
    ("text", "shown", "kinds"),
    [
        ("<b>Đại</b> <i>biểu</i>", "Đại biểu", ["bold", "italic"]),
        ("<B>a<u>b</u></B>", "ab", ["bold", "underline"]),
        ("&lt;b&gt; &amp;amp; &quot; &#8364; &euro; & &lt", '<b> &amp; " € &euro; & &lt', []),
        ("  \n<b> x </b>\n ", "x", ["bold"]),
        ("a\x00b\r\nc", "a b\nc", []),
        ('<a href="https://example.org/">đây</a>', "đây", ["text_link"]),
        ("<b></b>x", "x", []),
    ],
)
async def test_html_is_read_as_telegram_reads_it(
    bot: Bot, an: Person, text: str, shown: str, kinds: list[str]
) -> None:
    message = await bot.says(an, text, parse_mode="HTML")
    assert message["text"] == shown
    assert [entity["type"] for entity in message.get("entities", [])] == kinds


async def test_entities_count_in_utf16_units(bot: Bot, an: Person) -> None:
    message = await bot.says(an, " 🙂 <b>👍🏽</b>!", parse_mode="HTML")
    assert message["entities"] == [{"type": "bold", "offset": 3, "length": 4}]
    assert an.messages[0].marked("bold") == ["👍🏽"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("đ < b>", 'Unsupported start tag "" at byte offset 3'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("a<b", "Unclosed start tag at byte offset 1"),
    ],
)
async def test_malformed_html_is_refused(bot: Bot, an: Person, text: str, why: str) -> None:
    refusal = await bot.says(an, text, parse_mode="HTML")
    assert refusal == f"Bad Request: can't parse entities: {why}"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "Bad Request: message text is empty"),
        (" \n\u200b", "Bad Request: text must be non-empty"),
        ("a" * 4097, "Bad Request: message is too long"),
        ("🙂" * 2049, "Bad Request: message is too long"),
        ("&" * 33_000, "Bad Request: text is too long"),
    ],
)
async def test_texts_of_a_wrong_size_are_refused(bot: Bot, an: Person, text: str, refusal: str) -> None:
    assert await bot.says(an, text) == refusal
    assert an.messages == []


async def test_the_size_of_a_text_counts_after_the_marks_are_read(bot: Bot, an: Person) -> None:
    assert (await bot.says(an, f"<b>{'&lt;' * 4096}</b>", parse_mode="HTML"))["text"] == "<" * 4096


@pytest.mark.parametrize(
    ("keyboard", "refusal"),
    [
        ([[{"text": "x", "callback_data": "ă" * 33}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "x", "callback_data": ""}]], "BUTTON_DATA_INVALID"),
        ([[{"text": " ", "callback_data": "x"}]], "inline keyboard button text must be non-empty"),
        ([[{"text": "x"}]], "text buttons are unallowed in the inline keyboard"),
        (
            [[{"callback_data": "x"}]],
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        ([[{"text": "x", "callback_data": "x"}] * 9], "REPLY_MARKUP_INVALID"),
        ([[{"text": "x", "callback_data": "x"}] * 4] * 26, "REPLY_MARKUP_TOO_LONG"),
        (
            [[{"text": "x", "url": "http://localhost:8080/"}]],
            "inline keyboard button URL 'http://localhost:8080/' is invalid: Wrong HTTP URL",
        ),
        (
            [[{"text": "x", "url": "ftp://example.org/"}]],
            "inline keyboard button URL 'ftp://example.org/' is invalid: Unsupported URL protocol",
        ),
        ([[{"text": "x", "url": "http://127.0.0.1/"}]], "BUTTON_URL_INVALID"),
        ("x", "object expected as reply markup with an array of arrays as inline_keyboard"),
    ],
)
async def test_keyboards_that_telegram_does_not_take_are_refused(
    bot: Bot, an: Person, keyboard: object, refusal: str
) -> None:
    given = await bot.says(an, "a", reply_markup={"inline_keyboard": keyboard})
    assert given == f"Bad Request: {refusal}"


async def test_editing_follows_the_rules(bot: Bot, an: Person) -> None:
    sent = await bot.says(an, "<b>một</b>", parse_mode="HTML", reply_markup={"inline_keyboard": TREE})
    edit = {"chat_id": an.id, "message_id": sent["message_id"]}
    same = {**edit, "text": " <b>một</b>", "parse_mode": "HTML", "reply_markup": {"inline_keyboard": TREE}}
    assert await bot.call("editMessageText", **same) == NOT_MODIFIED
    assert (await bot.call("editMessageText", **edit, text="hai"))["text"] == "hai"
    assert an.messages[0].labels == []
    assert await bot.call("editMessageReplyMarkup", **edit) == NOT_MODIFIED
    assert await bot.call("editMessageText", **{**edit, "message_id": 1}, text="ba") == (
        "Bad Request: message to edit not found"
    )
    own = (await an.send("của tôi"))["message"]["message_id"]
    assert await bot.call("editMessageText", **{**edit, "message_id": own}, text="ba") == (
        "Bad Request: message can't be edited"
    )


async def test_deleting_follows_the_rules(bot: Bot, an: Person) -> None:
    sent = await bot.says(an, "một")
    place = {"chat_id": an.id, "message_id": sent["message_id"]}
    an.messages[0].is_old = True
    assert await bot.call("deleteMessage", **place) == "Bad Request: message can't be deleted for everyone"
    an.messages[0].is_old = False
    assert await bot.call("deleteMessage", **place) is True
    assert await bot.call("deleteMessage", **place) == "Bad Request: message to delete not found"


async def test_only_people_who_wrote_and_stay_can_be_written_to(bot: Bot) -> None:
    an = bot.fake.person("An")
    assert await bot.says(an, "a") == "Forbidden: bot can't initiate conversation with a user"
    await an.send("/start")
    assert (await bot.says(an, "a"))["text"] == "a"
    an.blocks()
    assert await bot.says(an, "b") == "Forbidden: bot was blocked by the user"
    an.is_deactivated = True
    assert await bot.says(an, "c") == "Forbidden: user is deactivated"
    assert await bot.call("sendMessage", chat_id=5, text="d") == "Bad Request: chat not found"


async def test_a_tap_can_be_answered_once_and_in_few_words(bot: Bot, an: Person) -> None:
    await bot.says(an, "a", reply_markup={"inline_keyboard": TREE})
    stale = an.press("Tán thành", is_stale=True)["callback_query"]["id"]
    assert await bot.call("answerCallbackQuery", callback_query_id=stale) == TOO_OLD
    query = an.press("Tán thành")["callback_query"]["id"]
    assert await bot.call("answerCallbackQuery", callback_query_id=query, text="x" * 201) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert await bot.call("answerCallbackQuery", callback_query_id=query, text="xong") is True
    assert await bot.call("answerCallbackQuery", callback_query_id=query, text="xong") == TOO_OLD
    assert bot.fake.toasts == {query: "xong"}


async def test_a_missing_button_is_told_with_what_is_there(bot: Bot, an: Person) -> None:
    await bot.says(an, "Biểu quyết", reply_markup={"inline_keyboard": TREE})
    with pytest.raises(AssertionError, match="An sees no button 'Đồng ý' but:\nBiểu quyết"):
        an.press("Đồng ý")


async def test_an_update_is_given_until_a_higher_offset_acknowledges_it(bot: Bot, an: Person) -> None:
    first, second, third = [(await an.send(text))["update_id"] for text in "abc"]

    async def ids(**parameters: int) -> list[int]:
        updates: list[Json] = await bot.call("getUpdates", **parameters)
        return [update["update_id"] for update in updates]

    assert await ids() == await ids(offset=first) == [first, second, third]
    assert await ids(limit=1) == [first]
    assert await ids(offset=second) == [second, third]
    assert await ids() == [second, third]
    assert await ids(offset=-1) == [third]
    assert await ids(offset=third + 1) == []


async def test_an_acknowledged_update_can_be_delivered_again(bot: Bot, an: Person) -> None:
    update = await an.send("a")
    assert await bot.call("getUpdates", offset=update["update_id"] + 1) == []
    bot.fake.redeliver(update)
    assert await bot.call("getUpdates", offset=update["update_id"] + 1) == [update]
    assert await bot.call("getUpdates") == []


async def test_a_long_poll_ends_with_the_first_news(bot: Bot, an: Person) -> None:
    poll = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await bot.fake.until(lambda: bot.fake.count("getUpdates") == 1)
    update = await an.send("a")
    assert await poll == [update]


async def test_only_updates_that_were_asked_for_are_kept(bot: Bot, an: Person) -> None:
    assert await bot.call("getUpdates", allowed_updates=["callback_query"]) == []
    await an.send("a")
    assert await bot.call("getUpdates") == []


async def test_of_two_polls_the_older_is_ended(bot: Bot) -> None:
    older = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await bot.fake.until(lambda: bot.fake.count("getUpdates") == 1)
    assert await bot.call("getUpdates") == []
    assert await older == TERMINATED


async def test_nothing_can_be_polled_while_a_webhook_is_set(bot: Bot) -> None:
    await bot.call("setWebhook", url="https://example.org/hook")
    assert await bot.call("getUpdates") == WEBHOOK_IS_SET
    await bot.call("deleteWebhook")
    assert await bot.call("getUpdates") == []


async def test_a_webhook_ends_a_poll_that_waits(bot: Bot) -> None:
    poll = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await bot.fake.until(lambda: bot.fake.count("getUpdates") == 1)
    await bot.call("setWebhook", url="https://example.org/hook")
    assert await poll == TERMINATED_BY_WEBHOOK


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [
        ({"url": "http://example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://example.org:8080/"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "example.org"}, "bad webhook: invalid webhook URL specified"),
        (
            {"url": "https://example.org/", "secret_token": "a+b"},
            "secret token contains unallowed characters",
        ),
        ({"url": "https://example.org/", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
async def test_webhooks_that_telegram_does_not_take_are_refused(
    bot: Bot, parameters: Json, refusal: str
) -> None:
    assert await bot.call("setWebhook", **parameters) == f"Bad Request: {refusal}"
    assert (await bot.call("getWebhookInfo"))["url"] == ""


class Hook:
    """A webhook that answers as it is told, and notes what was brought."""

    def __init__(self, *answers: tuple[int, Json | None]) -> None:
        self.answers = list(answers)
        self.seen: list[tuple[int, str | None]] = []

    async def answer(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.seen.append((update["update_id"], request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        status, reply = self.answers.pop(0) if self.answers else (200, None)
        return web.Response(status=status) if reply is None else web.json_response(reply, status=status)


@contextlib.asynccontextmanager
async def hooked(hook: Hook) -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_post("/hook", hook.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}/hook"
    finally:
        await runner.cleanup()


async def test_what_waits_is_brought_in_order_until_it_is_taken(bot: Bot, an: Person) -> None:
    bot.fake.is_local_server = True
    first, second = await an.send("a"), await an.send("b")
    hook = Hook((500, None), (403, None))
    async with hooked(hook) as url:
        await bot.call("setWebhook", url=url, secret_token="abc_-1")
        await bot.fake.acknowledged(first, second)
        ids = [first["update_id"]] * 3 + [second["update_id"]]
        assert hook.seen == [(update_id, "abc_-1") for update_id in ids]
        info = await bot.call("getWebhookInfo")
        assert (info["pending_update_count"], info["max_connections"]) == (0, 40)
        assert info["last_error_message"] == "Wrong response from the webhook: 403 Forbidden"
        await bot.call("deleteWebhook")
    third = await an.send("c")
    assert await bot.call("getUpdates") == [third]


async def test_a_method_in_the_webhooks_response_is_carried_out(bot: Bot, an: Person) -> None:
    bot.fake.is_local_server = True
    await bot.says(an, "a", reply_markup={"inline_keyboard": TREE})
    query = an.press("Tán thành")["callback_query"]["id"]
    hook = Hook((200, {"method": "answerCallbackQuery", "callback_query_id": query, "text": "xong"}))
    async with hooked(hook) as url:
        await bot.call("setWebhook", url=url)
        await bot.fake.until(lambda: bot.fake.toasts == {query: "xong"})
    assert bot.fake.count("answerCallbackQuery") == 0
    assert bot.fake.replies == [("answerCallbackQuery", {"callback_query_id": query, "text": "xong"})]


async def test_limits_are_enforced_where_they_are_switched_on(bot: Bot, an: Person) -> None:
    bot.fake.has_limits = True
    assert (await bot.says(an, "a"))["text"] == "a"
    answer = await bot.client.post(f"/bot{bot.fake.token}/sendMessage", data={"chat_id": an.id, "text": "b"})
    assert answer.status_code == 429
    assert answer.json()["parameters"] == {"retry_after": 1}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("bot700000001:AAHsomebodyElses/getMe", 401),
        ("bot700000001/getMe", 404),
        ("{bot}/getme", 200),
        ("{bot}/sendSmoke", 404),
        ("file/{bot}/documents/none.txt", 404),
        ("", 404),
    ],
)
async def test_paths_are_answered_like_the_real_ones(bot: Bot, path: str, status: int) -> None:
    answer = await bot.client.get("/" + path.format(bot=f"bot{bot.fake.token}"))
    assert answer.status_code == status
    assert answer.json()["ok"] is (status == 200)


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [
        ({"text": "a"}, "chat_id is empty"),
        ({"chat_id": 1}, "message text is empty"),
        ({"chat_id": 1, "text": 5}, "wrong type of parameter text: string expected"),
        ({"chat_id": 1, "text": "a", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
        (
            {"chat_id": 1, "text": "a", "reply_markup": []},
            "wrong type of parameter reply_markup: object expected",
        ),
        ({"chat_id": 1, "text": "a", "txet": "b"}, "unknown parameters ['txet']"),
        ({"chat_id": 1, "text": "a", "parse_mode": "LaTeX"}, "unsupported parse_mode LaTeX"),
    ],
)
async def test_wrong_parameters_are_refused(bot: Bot, an: Person, parameters: Json, refusal: str) -> None:
    given = {**parameters, "chat_id": an.id} if "chat_id" in parameters else parameters
    assert await bot.call("sendMessage", **given) == f"Bad Request: {refusal}"


async def test_files_go_both_ways(bot: Bot, an: Person) -> None:
    path = f"/bot{bot.fake.token}"
    sent = await bot.client.post(
        f"{path}/sendDocument",
        data={"chat_id": an.id},
        files={"document": ("kết quả.xlsx", b"PK", "application/x")},
    )
    file_id = sent.json()["result"]["document"]["file_id"]
    file = await bot.call("getFile", file_id=file_id)
    assert (await bot.client.get(f"/file{path}/{file['file_path']}")).content == b"PK"
    empty = await bot.client.post(
        f"{path}/sendDocument", data={"chat_id": an.id}, files={"document": ("a", b"")}
    )
    assert empty.json()["description"] == "Bad Request: file must be non-empty"
    assert await bot.call("sendDocument", chat_id=an.id, document="x") == (
        "Bad Request: wrong file identifier/HTTP URL specified"
    )


async def test_what_was_sent_is_sent_again_by_its_id(bot: Bot, an: Person) -> None:
    sent = await bot.client.post(
        f"/bot{bot.fake.token}/sendDocument", data={"chat_id": an.id}, files={"document": ("a.pdf", b"%PDF-")}
    )
    file_id = sent.json()["result"]["document"]["file_id"]
    again = await bot.call("sendDocument", chat_id=an.id, document=file_id)
    assert again["document"]["file_id"] == file_id
    assert [message.document.content for message in an.messages if message.document] == [b"%PDF-"] * 2


async def test_commands_are_set_for_all_for_groups_or_for_a_chat_that_the_bot_knows(
    bot: Bot, an: Person
) -> None:
    commands = [{"command": "help", "description": "Trợ giúp"}]
    assert await bot.call("setMyCommands", commands=commands, language_code="vi") is True
    assert bot.fake.commands == {"vi": commands}
    for scope in ({"type": "all_group_chats"}, {"type": "chat", "chat_id": an.id}):
        assert await bot.call("setMyCommands", commands=commands, scope=scope) is True
    assert bot.fake.menus == {"all_group_chats": {"": commands}, str(an.id): {"": commands}}
    for scope, refusal in (
        ({"type": "chat", "chat_id": 1}, "chat not found"),
        ({"type": "chat"}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"type": "everybody"}, "can't parse BotCommandScope: Unsupported type specified"),
    ):
        assert await bot.call("setMyCommands", commands=commands, scope=scope) == f"Bad Request: {refusal}"


async def test_a_file_of_more_than_50_megabytes_is_refused(bot: Bot, an: Person) -> None:
    answer = await bot.client.post(
        f"/bot{bot.fake.token}/sendDocument",
        data={"chat_id": an.id},
        files={"document": ("a", bytes(52_000_000))},
    )
    assert (answer.status_code, answer.json()["description"]) == (413, "Request Entity Too Large")


# Keyboards of a chat's own

SHARING = {
    "keyboard": [[{"text": "Chia sẻ số điện thoại", "request_contact": True}]],
    "resize_keyboard": True,
}


async def test_a_number_is_asked_for_in_private_chats_only(bot: Bot, an: Person) -> None:
    await bot.says(an, "Đồng chí là ai?", reply_markup=SHARING)
    assert an.reply_keyboard == SHARING["keyboard"]
    await bot.says(an, "Cảm ơn.", reply_markup={"remove_keyboard": True})
    assert an.reply_keyboard == []
    group = bot.fake.group("Hội nghị")
    group.adds_bot(an)
    refused = await bot.call("sendMessage", chat_id=group.id, text="Ai?", reply_markup=SHARING)
    assert refused == "Bad Request: phone number can be requested in private chats only"


async def test_what_came_with_a_keyboard_of_the_chat_is_not_edited(bot: Bot, an: Person) -> None:
    for markup in (SHARING, {"remove_keyboard": True}):
        sent = await bot.says(an, "Đồng chí là ai?", reply_markup=markup)
        edited = await bot.call("editMessageText", chat_id=an.id, message_id=sent["message_id"], text="Khác")
        assert edited == "Bad Request: message can't be edited"
    plain = await bot.says(an, "Khác")
    refused = await bot.call(
        "editMessageText", chat_id=an.id, message_id=plain["message_id"], text="Nữa", reply_markup=SHARING
    )
    assert "inline_keyboard" in refused


async def test_a_shared_number_names_its_owner(bot: Bot, an: Person) -> None:
    await bot.says(an, "Đồng chí là ai?", reply_markup=SHARING)
    own = an.shares_number("84912345678")["message"]
    assert own["contact"] == {"phone_number": "84912345678", "first_name": "Liên hệ", "user_id": an.id}
    other = an.sends_contact("84987654321", is_forwarded=True)["message"]
    assert "user_id" not in other["contact"]
    assert other["forward_origin"]["type"] == "hidden_user"
