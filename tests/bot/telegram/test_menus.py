"""Which commands Telegram offers to whom, in which language; a menu that fails holds nothing up."""

import pytest

from bot.platforms.base import Answer, Menu, MenuKind
from bot.platforms.telegram import TelegramPlatform
from bot.wording.matching import typed_command
from bot.wording.telegram import command_texts
from tests.bot.telegram.line import Desk, listening
from tests.fakes.bot_api import FakeBotApi, Json, Person

ORGANISER = Menu(MenuKind.ORGANISER, "en")


def names(commands: list[Json]) -> list[str]:
    return [command["command"] for command in commands]


async def test_a_menu_of_ones_own_is_set_once_and_again_when_it_changes(
    platform: TelegramPlatform, fake: FakeBotApi, an: Person
) -> None:
    desk = Desk(lambda _: Answer("Được", menu=ORGANISER))
    async with listening(platform, desk):
        await an.send("a")
        await fake.until(lambda: len(fake.menus.get(str(an.id), {})) == 3)
        menu = fake.menus[str(an.id)]
        assert names(menu["vi"]) == [
            *("home", "meeting", "agenda", "papers", "roll", "new", "import", "help", "vi", "en")
        ]
        assert menu["vi"] == menu["en"] == menu[""], "the chosen language, whatever the app speaks"
        assert menu[""][0]["description"] == "Where things stand, what can be done now"
        calls = fake.count("setMyCommands")
        await an.send("b")
        await desk.has_taken(2)
        desk.answer = lambda _: Answer("Được", menu=Menu(MenuKind.MEMBER, None))
        await an.send("c")
        await fake.until(lambda: names(menu["vi"]) == names(fake.commands["vi"]))
        await fake.until(lambda: fake.count("setMyCommands") == calls + 3, what="nothing for the repeat")
    assert menu["vi"][0]["description"] != menu["en"][0]["description"]


async def test_a_member_who_chose_no_language_has_the_menu_of_all(
    platform: TelegramPlatform, fake: FakeBotApi, an: Person
) -> None:
    async with listening(platform, Desk(lambda _: Answer("Được", menu=Menu(MenuKind.MEMBER, None)))):
        await fake.acknowledged(await an.send("a"))
    assert str(an.id) not in fake.menus


async def test_a_menu_that_is_refused_holds_nothing_up_and_is_tried_again(
    platform: TelegramPlatform, fake: FakeBotApi, an: Person
) -> None:
    desk = Desk()
    async with listening(platform, desk):
        await fake.acknowledged(await an.send("a"))
        desk.answer = lambda _: Answer("Được", menu=ORGANISER)
        fake.refuse("setMyCommands", 403, "Forbidden: bot was blocked by the user", times=3)
        await fake.acknowledged(await an.send("b"))
        await fake.until(lambda: len(fake.refusals) == 3)
        assert str(an.id) not in fake.menus
        await fake.acknowledged(await an.send("c"))
        await fake.until(lambda: len(fake.menus.get(str(an.id), {})) == 3)


@pytest.mark.parametrize("kind", MenuKind)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_command_that_is_offered_is_understood(kind: MenuKind, language: str) -> None:
    for name in command_texts(language, kind):
        assert name in {"vi", "en"} or typed_command(f"/{name}") is not None, name
