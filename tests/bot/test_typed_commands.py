"""Commands of the menu, and the same as words, for those who may and those who may not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.base import Menu, MenuKind
from meeting.people import Role
from storage.database import Database
from tests.bot.chatting import Hall, Stage
from tests.bot.conftest import SetUp
from tests.handlers.journey import ITEMS, plan, seat

SECRETARY = "Trần Thư Ký"


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        return await Hall.planned(
            database, plan([seat("Lê An"), seat(SECRETARY, role=Role.SECRETARY)], ITEMS)
        )

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """A planned meeting whose people are linked."""
    async with stage.copy(tmp_path) as hall:
        yield hall


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("/agenda", "Chương trình", "chuong trinh", "/chuong_trinh"), "Chương trình: Hội nghị"),
        (("/papers", "tài liệu", "TAI LIEU", "/tai_lieu"), "Tài liệu: Hội nghị"),
        (("/roll", "đại biểu"), "Đại biểu"),
        (("/meeting", "điều hành"), "Hội nghị"),
        (("/home", "trang chủ", "/start", "/help", "trợ giúp"), "Trợ giúp"),
    ],
)
async def test_a_command_and_its_words_show_the_same(hall: Hall, words: tuple[str, ...], shown: str) -> None:
    secretary = hall.chat(SECRETARY)
    for word in words:
        await secretary.says(word)
        assert secretary.asked.startswith(shown), word


async def test_what_is_not_for_members_is_refused_to_them_in_words(hall: Hall) -> None:
    an = hall.chat("Lê An")
    for word in ("/roll", "/new", "/import", "tạo hội nghị"):
        await an.says(word)
        assert "không có quyền" in an.told, word
    await an.says("/papers")
    assert "Chưa có tài liệu nào." in an.told
    await hall.organiser.says("/new")
    assert hall.organiser.asked.startswith("Loại"), hall.organiser.told
    await hall.organiser.says("/import")
    assert await hall.organiser.question() is not None


async def test_the_menu_follows_role_and_language(hall: Hall) -> None:
    for name, kind in (("Lê An", MenuKind.MEMBER), (SECRETARY, MenuKind.STAFF)):
        await hall.chat(name).says("/help")
        assert hall.chat(name).answer.menu == Menu(kind, None)
    await hall.organiser.says("English")
    assert hall.organiser.language == "vi"
    assert hall.organiser.answer.menu == Menu(MenuKind.ORGANISER, "en")
    stranger = hall.chat("Người lạ")
    await stranger.says("/help")
    assert stranger.answer.menu == Menu(MenuKind.MEMBER, None)


async def test_a_word_is_an_answer_while_a_question_is_open_and_a_command_is_none(hall: Hall) -> None:
    await hall.chat(SECRETARY).says("/agenda")
    await hall.chat(SECRETARY).taps("Thêm nội dung")
    await hall.chat(SECRETARY).says("/papers")
    assert hall.chat(SECRETARY).asked.startswith("Tài liệu")
    await hall.chat(SECRETARY).says("Tài liệu")
    assert (await hall.journey.agenda())[-1].title == "Tài liệu"


async def test_presence_is_confirmed_in_words_once_it_can_be(hall: Hall) -> None:
    an = hall.chat("Lê An")
    await an.says("có mặt")
    assert "Đã ghi nhận" not in an.told
    await hall.organiser.taps("Mở xác nhận có mặt")
    await an.says("co mat")
    assert an.told.startswith("Đã ghi nhận đồng chí có mặt lúc")
