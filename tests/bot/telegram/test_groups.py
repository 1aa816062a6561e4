"""Groups on Telegram: what in them concerns the bot, where a tap is answered, what may not be done there."""

from collections.abc import Callable

import pytest

from bot.actions import ShowHelp, encode
from bot.platforms.base import (
    Admitted,
    Answer,
    Body,
    Card,
    ChatGoneError,
    ChatMovedError,
    Incoming,
    Joined,
    Left,
    Line,
    Moved,
    RightMissingError,
    Tap,
)
from bot.platforms.telegram import TelegramPlatform
from meeting.states import GoneReason, GroupRight
from tests.bot.telegram.line import BALLOT, Desk, Naps, listening
from tests.bot.telegram.test_webhook import hooked
from tests.fakes.bot_api import FakeBotApi, Group, Json, Person

Deed = Callable[[Group, Person], Json]


@pytest.fixture
def group(fake: FakeBotApi) -> Group:
    """A group that the bot is in, as a plain member."""
    group = fake.group("Công đoàn cơ sở")
    group.status = "member"
    return group


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        (lambda group, an: group.sends(an, "/start@hoi_nghi_bot abc-DEF"), Joined("abc-DEF")),
        (lambda group, an: group.sends(an, "/start@HOI_NGHI_BOT"), Joined("")),
        (lambda group, an: group.sends(an, "/help@hoi_nghi_bot"), Tap(encode(ShowHelp()))),
        (lambda group, an: group.promotes_bot(an, can_pin=True), Admitted(is_new=False)),
        (
            lambda group, an: group.promotes_bot(an, can_pin=False),
            Admitted(is_new=False, lacks=frozenset({GroupRight.PIN})),
        ),
        (
            lambda group, an: group.restricts_bot(an, can_send=False),
            Admitted(is_new=False, lacks=frozenset(GroupRight)),
        ),
        (lambda group, an: group.removes_bot(an), Left()),
    ],
)
async def test_what_is_done_to_the_bot_in_a_group(
    fake: FakeBotApi, platform: TelegramPlatform, group: Group, an: Person, deed: Deed, body: Body
) -> None:
    desk = Desk()
    async with listening(platform, desk):
        update = deed(group, an)
        await desk.has_taken(1)
        await fake.acknowledged(update)
    assert desk.taken == [
        Incoming(
            platform="telegram",
            chat=str(group.id),
            sender=str(an.id),
            event_id=str(update["update_id"]),
            body=body,
            display_name="An",
            language="vi",
            is_group=True,
            chat_title="Công đoàn cơ sở",
        )
    ]
    assert fake.count("sendMessage") == 0


async def test_added_to_a_group_is_told_with_the_code_of_the_link(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    desk, group = Desk(), fake.group("Chi bộ")
    async with listening(platform, desk):
        group.adds_bot(an, "TOKEN")
        added, joined = await desk.has_taken(2)
    assert (added.body, joined.body) == (Admitted(is_new=True), Joined("TOKEN"))


async def test_what_people_say_to_each_other_is_not_even_taken_in(
    fake: FakeBotApi, platform: TelegramPlatform, group: Group, an: Person
) -> None:
    """Also where the bot is an administrator and so gets everything."""
    desk = Desk()
    async with listening(platform, desk):
        await fake.acknowledged(group.promotes_bot(an, can_pin=True))
        for text in ("tán thành", "/start@other_bot abc", "/help", "bot ơi", "K7QF-2M9X"):
            await fake.acknowledged(group.sends(an, text))
    assert [type(incoming.body) for incoming in desk.taken] == [Admitted]


async def test_who_speaks_in_the_name_of_the_group_is_nobody(
    platform: TelegramPlatform, group: Group, an: Person
) -> None:
    desk = Desk()
    async with listening(platform, desk):
        group.sends(an, "/start@hoi_nghi_bot abc", is_anonymous=True)
        (incoming,) = await desk.has_taken(1)
    assert incoming.is_anonymous
    assert incoming.sender != str(an.id)


async def test_a_group_that_becomes_a_supergroup_is_told_from_both_sides(
    platform: TelegramPlatform, group: Group
) -> None:
    desk = Desk()
    async with listening(platform, desk):
        new = group.upgrades()
        moves = await desk.has_taken(2)
    assert [(move.chat, move.body) for move in moves] == [(str(group.id), Moved(str(new.id)))] * 2


# Taps


async def shown(platform: TelegramPlatform, group: Group) -> None:
    await platform.show(str(group.id), None, BALLOT)


async def test_a_tap_is_answered_in_the_toast_only(
    fake: FakeBotApi, platform: TelegramPlatform, group: Group, an: Person
) -> None:
    desk = Desk(lambda _: Answer("Đã ghi nhận: Tán thành.", chat=str(an.id)))
    async with listening(platform, desk):
        await shown(platform, group)
        assert await group.tap(an, "Tán thành") == "Đã ghi nhận: Tán thành."
    (incoming,) = desk.taken
    assert (incoming.chat, incoming.sender, incoming.is_group) == (str(group.id), str(an.id), True)
    assert len(group.messages) == 1
    assert an.messages == []
    assert fake.count("sendMessage") == 1


async def test_what_no_toast_holds_comes_to_the_own_chat(
    platform: TelegramPlatform, group: Group, an: Person
) -> None:
    long, question = "rất dài " * 40, Card((Line("Nội dung ý kiến?"),))
    desk = Desk(lambda _: Answer(long, question, chat=str(an.id)))
    async with listening(platform, desk):
        await shown(platform, group)
        await group.tap(an, "Không tán thành")
        await an.sees("Nội dung ý kiến?")
        await an.sees(long.strip())
    assert len(group.messages) == 1


async def test_what_no_toast_holds_is_never_shown_to_the_group(
    fake: FakeBotApi, platform: TelegramPlatform, group: Group
) -> None:
    stranger = fake.person("Người lạ")
    desk = Desk(lambda _: Answer("Tán thành " * 40, Card((Line("Bí mật"),))))
    async with listening(platform, desk):
        await shown(platform, group)
        update = group.press(stranger, "Tán thành")
        await fake.acknowledged(update)
    assert len(group.messages) == 1
    assert stranger.messages == []


async def test_whoever_is_not_known_is_led_to_the_private_chat(
    fake: FakeBotApi, platform: TelegramPlatform, group: Group
) -> None:
    link = "https://t.me/hoi_nghi_bot?start=abc"
    answers = iter([Answer("CHƯA ghi nhận", link=link), Answer("CHƯA ghi nhận", link="https://example.org")])
    async with listening(platform, Desk(lambda _: next(answers))):
        await shown(platform, group)
        stranger = fake.person("Người lạ")
        assert await group.tap(stranger, "Tán thành") == link
        assert await group.tap(stranger, "Tán thành") == "CHƯA ghi nhận", "an address that Telegram refuses"


async def test_on_a_webhook_the_private_chat_is_opened_by_a_request(
    fake: FakeBotApi, naps: Naps, group: Group, an: Person
) -> None:
    """What stands in the response can't be refused, and then nobody would be told anything."""
    link, question = "https://t.me/hoi_nghi_bot?start=abc", Card((Line("Nội dung ý kiến?"),))
    answers = iter([Answer("CHƯA ghi nhận", link=link), Answer("Đã ghi nhận", question, chat=str(an.id))])
    async with hooked(fake, naps, Desk(lambda _: next(answers))) as bot:
        await shown(bot.platform, group)
        assert await group.tap(fake.person("Người lạ"), "Tán thành") == link
        assert await group.tap(an, "Tán thành") == "Đã ghi nhận"
        await an.sees("Nội dung ý kiến?")
    assert fake.count("answerCallbackQuery") == 1
    assert len(group.messages) == 1


async def test_taps_of_many_in_one_group_do_not_wait_for_each_other(
    fake: FakeBotApi, platform: TelegramPlatform, group: Group
) -> None:
    people = [fake.person(f"Người {number}") for number in range(30)]
    desk = Desk()
    async with listening(platform, desk):
        await shown(platform, group)
        desk.close_door(people[0])
        desk.doors[str(group.id)] = desk.doors[str(people[0].id)]
        for person in people:
            group.press(person, "Tán thành")
        await desk.has_begun(30)
        desk.open_door(people[0])
        await desk.has_taken(30)


# What the bot does there


async def test_what_is_current_is_pinned_in_place_of_the_former(
    platform: TelegramPlatform, group: Group
) -> None:
    group.do_members_pin = True
    refs = [
        await platform.show(str(group.id), None, Card((Line(text),))) for text in ("Hội nghị", "Biểu quyết 1")
    ]
    await platform.pin(str(group.id), refs[0], None)
    await platform.pin(str(group.id), refs[1], refs[0])
    await platform.pin(str(group.id), refs[1], refs[0])
    await group.pins("Biểu quyết 1")
    group.messages[1].is_deleted = True
    await platform.pin(str(group.id), refs[0], refs[1])


async def test_a_right_that_is_missing_is_named(platform: TelegramPlatform, group: Group, an: Person) -> None:
    ref = await platform.show(str(group.id), None, BALLOT)
    with pytest.raises(RightMissingError) as pinning:
        await platform.pin(str(group.id), ref, None)
    assert pinning.value.right is GroupRight.PIN
    group.restricts_bot(an, can_send=False)
    with pytest.raises(RightMissingError) as sending:
        await platform.show(str(group.id), None, BALLOT)
    assert sending.value.right is GroupRight.WRITE


async def test_where_a_group_went_is_told_when_it_is_written_to(
    platform: TelegramPlatform, group: Group
) -> None:
    ref = await platform.show(str(group.id), None, BALLOT)
    new = group.upgrades(is_told=False)
    for known in (None, ref):
        with pytest.raises(ChatMovedError) as moved:
            await platform.show(str(group.id), known, Card((Line("Mới"),)))
        assert moved.value.chat == str(new.id)


async def test_an_answer_to_a_command_follows_a_group_that_moved_meanwhile(
    platform: TelegramPlatform, group: Group, an: Person
) -> None:
    def answer(incoming: Incoming) -> Answer:
        return Answer("Nhóm này chưa gắn") if isinstance(incoming.body, Joined) else Answer()

    async with listening(platform, Desk(answer)):
        group.sends(an, "/start@hoi_nghi_bot")
        new = group.upgrades()
        await new.sees("Nhóm này chưa gắn")


async def test_a_group_that_the_bot_is_no_longer_in_is_gone(
    platform: TelegramPlatform, group: Group, an: Person
) -> None:
    group.removes_bot(an)
    with pytest.raises(ChatGoneError) as gone:
        await platform.show(str(group.id), None, BALLOT)
    assert gone.value.reason is GoneReason.REMOVED
    await platform.leave(str(group.id))


async def test_the_bot_leaves_a_group_once(platform: TelegramPlatform, group: Group) -> None:
    await platform.leave(str(group.id))
    assert group.status == "left"
    await platform.leave(str(group.id))
