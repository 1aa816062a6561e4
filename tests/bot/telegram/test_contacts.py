"""Sharing one's phone number on Telegram: the button for it, and whose number it is."""

import pytest

from bot.actions import CancelDialogue
from bot.platforms.base import Answer, Card, Contact, Do, Incoming, Line, ShareContact, Text
from bot.platforms.telegram import TelegramPlatform
from tests.bot.telegram.line import Desk, listening
from tests.fakes.bot_api import FakeBotApi, Person

ASKED = Card((Line("Đồng chí là ai?"),), ((ShareContact("Chia sẻ số điện thoại của tôi"),),))


def asking_first(incoming: Incoming) -> Answer:
    """Ask whoever begins; else thank."""
    return Answer(card=ASKED) if incoming.body == Text("xin chào") else Answer("Cảm ơn.")


async def test_the_own_number_is_shared_by_a_button_that_goes_away(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    desk = Desk(asking_first)
    async with listening(platform, desk):
        await an.send("xin chào")
        await an.sees("Đồng chí là ai?")
        assert [[button["text"] for button in row] for row in an.reply_keyboard] == [
            ["Chia sẻ số điện thoại của tôi"]
        ]
        an.shares_number("84912345678")
        await an.sees("Cảm ơn.")
    assert desk.taken[-1].body == Contact("84912345678", is_own=True)
    assert an.reply_keyboard == []
    assert fake.refusals == []


async def test_the_button_goes_away_also_where_something_is_typed(
    platform: TelegramPlatform, an: Person
) -> None:
    async with listening(platform, Desk(asking_first)):
        await an.send("xin chào")
        await an.sees("Đồng chí là ai?")
        await an.send("Nguyễn Văn An")
        await an.sees("Cảm ơn.")
    assert an.reply_keyboard == []


@pytest.mark.parametrize("what", ["a friend's", "a stranger's", "forwarded", "the own, forwarded"])
async def test_other_contacts_are_not_the_own(platform: TelegramPlatform, an: Person, what: str) -> None:
    desk = Desk(asking_first)
    async with listening(platform, desk):
        match what:
            case "a friend's":
                an.sends_contact("84987654321", an.id + 1)
            case "a stranger's":
                an.sends_contact("84987654321")
            case "forwarded":
                an.sends_contact("84987654321", an.id + 1, is_forwarded=True)
            case _:
                an.sends_contact("84987654321", an.id, is_forwarded=True)
        await desk.has_taken(1)
    assert desk.taken[0].body == Contact("84987654321", is_own=False)


async def test_beside_other_buttons_it_has_a_message_of_its_own(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    cancel = Do("Hủy", CancelDialogue(3))
    card = Card(ASKED.lines, ((cancel,), *ASKED.choices))
    await platform.show(str(an.id), None, card)
    first, second = an.messages
    assert (first.labels, second.text) == (["Hủy"], "Chia sẻ số điện thoại của tôi")
    assert an.reply_keyboard
    assert fake.refusals == []


def test_a_number_is_in_no_log() -> None:
    assert "84912345678" not in repr(Contact("84912345678", is_own=True))
