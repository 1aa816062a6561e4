"""What people do on Telegram, as it is taken in."""

import pytest
from structlog.testing import capture_logs

from bot.actions import SetLanguage, ShowHelp, encode
from bot.platforms.base import (
    Answer,
    File,
    Incoming,
    Joined,
    Left,
    Tap,
    Text,
)
from bot.platforms.telegram import TelegramPlatform
from tests.bot.telegram.line import Desk, listening
from tests.fakes.bot_api import (
    FakeBotApi,
    Person,
)


async def test_a_start_link_is_somebody_joining_with_its_code(
    fake: FakeBotApi, platform: TelegramPlatform
) -> None:
    an, desk = fake.person("Nguyễn Văn An", language="vi-VN"), Desk()
    async with listening(platform, desk):
        update = await an.send("/start abc-DEF_123")
        await desk.has_taken(1)
    assert desk.taken == [
        Incoming(
            platform="telegram",
            chat=str(an.id),
            sender=str(an.id),
            event_id=str(update["update_id"]),
            body=Joined("abc-DEF_123"),
            display_name="Nguyễn Văn An",
            language="vi",
        )
    ]


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("/start", Joined("")),
        ("/START@hoi_nghi_bot  K7M2 ", Joined("K7M2")),
        ("K7M2-9XQA", Text("K7M2-9XQA")),
        ("/help", Tap(encode(ShowHelp()))),
        ("/tro_giup", Tap(encode(ShowHelp()))),
        ("/en", Tap(encode(SetLanguage("en")))),
        ("/vi@hoi_nghi_bot", Tap(encode(SetLanguage("vi")))),
        ("/unknown thing", Text("/unknown thing")),
        ("/starting", Text("/starting")),
        ("tán thành\nvà bổ sung", Text("tán thành\nvà bổ sung")),
    ],
)
async def test_what_is_typed_is_a_command_or_text(
    fake: FakeBotApi, platform: TelegramPlatform, typed: str, body: object
) -> None:
    desk = Desk()
    async with listening(platform, desk):
        await fake.person("An").send(typed)
        await desk.has_taken(1)
    assert desk.taken[0].body == body


@pytest.mark.parametrize(
    ("code", "language"),
    [("vi", "vi"), ("en-GB", "en"), ("EN", "en"), ("fr", None), ("", None), (None, None)],
)
async def test_the_language_is_that_of_the_phone_where_it_is_known(
    fake: FakeBotApi, platform: TelegramPlatform, code: str | None, language: str | None
) -> None:
    desk = Desk()
    async with listening(platform, desk):
        await fake.person("An", language=code).send("xin chào")
        await desk.has_taken(1)
    assert desk.taken[0].language == language


async def test_a_document_comes_with_its_content(fake: FakeBotApi, platform: TelegramPlatform) -> None:
    desk, content = Desk(), bytes(range(256)) * 40
    async with listening(platform, desk):
        await fake.person("An").sends_document("Hội nghị.xlsx", content)
        await desk.has_taken(1)
    assert desk.taken[0].body == File("Hội nghị.xlsx", len(content), content, 20_000_000)


async def test_a_document_that_is_too_big_comes_without_content(
    fake: FakeBotApi, platform: TelegramPlatform
) -> None:
    desk = Desk()
    async with listening(platform, desk):
        await fake.person("An").sends_document("big.xlsx", size=50_000_000)
        await desk.has_taken(1)
    assert desk.taken[0].body == File("big.xlsx", 50_000_000, None, 20_000_000)
    assert fake.count("getFile") == 0


async def test_a_document_whose_size_is_told_late_comes_without_content(
    fake: FakeBotApi, platform: TelegramPlatform
) -> None:
    desk, an = Desk(), fake.person("An")
    document = fake.add_file("big.xlsx", b"", 30_000_000).as_json()
    del document["file_size"]
    async with listening(platform, desk):
        an.send_anything(document=document)
        await desk.has_taken(1)
    assert desk.taken[0].body == File("big.xlsx", 0, None, 20_000_000)


async def test_a_download_that_breaks_is_tried_again(fake: FakeBotApi, platform: TelegramPlatform) -> None:
    desk = Desk()
    fake.cut("getFile", is_carried_out=False)
    async with listening(platform, desk):
        await fake.person("An").sends_document("a.xlsx", b"PK")
        await desk.has_taken(1)
    assert desk.taken[0].body == File("a.xlsx", 2, b"PK", 20_000_000)


async def test_a_photo_is_a_file_in_its_biggest_size(fake: FakeBotApi, platform: TelegramPlatform) -> None:
    desk = Desk()
    async with listening(platform, desk):
        await fake.person("An").sends_photo(b"the whole picture")
        await desk.has_taken(1)
    assert desk.taken[0].body == File("photo.jpg", 17, b"the whole picture", 20_000_000)


async def test_other_media_count_as_what_is_written_under_them(
    fake: FakeBotApi, platform: TelegramPlatform
) -> None:
    desk, an = Desk(), fake.person("An")
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 3}
    async with listening(platform, desk):
        an.send_anything(voice=voice)
        an.send_anything(voice=voice, caption="ý kiến của tôi")
        await desk.has_taken(2)
    assert desk.texts == ["", "ý kiến của tôi"]


async def test_what_is_no_business_of_the_bot_is_acknowledged_in_silence(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    desk = Desk()
    group = {"id": -100123, "type": "supergroup", "title": "Cơ quan"}
    message = {"message_id": 5, "date": 1, "from": an.as_user()}
    updates = [
        fake.push(message={**message, "chat": group, "text": "/start abc"}),
        fake.push(
            callback_query={
                "id": "1",
                "from": an.as_user(),
                "message": {**message, "chat": group, "text": "x"},
                "chat_instance": "1",
                "data": "v1:help",
            }
        ),
        fake.push(
            message={**message, "chat": an.as_chat(), "pinned_message": {**message, "chat": an.as_chat()}}
        ),
        an.unblocks(),
        fake.push(message="of a form that nobody knows"),
    ]
    with capture_logs() as logs:
        async with listening(platform, desk):
            await an.send("sau cùng")
            await fake.acknowledged(*updates)
            await desk.has_taken(1)
    assert desk.texts == ["sau cùng"]
    assert [log["update"] for log in logs if log["log_level"] == "error"] == [updates[-1]["update_id"]]


async def test_edited_messages_are_not_asked_for(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    async with listening(platform, Desk()):
        await fake.until(lambda: fake.count("getUpdates") > 0)
        fake.push(edited_message={"message_id": 1, "date": 1, "chat": an.as_chat(), "text": "khác"})
    assert fake.pending == []


async def test_somebody_who_blocks_the_bot_has_left(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    desk = Desk(lambda _: Answer("Tạm biệt"))
    async with listening(platform, desk):
        update = an.blocks()
        await fake.acknowledged(update)
    assert desk.taken[0].body == Left()
    assert fake.count("sendMessage") == 0
