"""The panel offers only what makes sense now: whatever stands on it works, for those who see it."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.platforms.base import Card
from bot.wording.refusals import refusal_text
from bot.wording.voice import Voice
from handlers import agenda, attendance, balloting, closing, steps
from meeting.agenda import ItemKind
from meeting.people import Role
from meeting.plan import PlannedItem
from meeting.refusals import Refusal, Refused
from meeting.voting import Method, Option
from storage.database import Database
from tests.bot.chatting import Chat, Hall, Stage, buttons, is_heard, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, Journey, plan

CHAIR, SECRETARY, HELPER = "Đỗ Chủ Tọa", "Hồ Thư Ký", "Mai Tổ Chức"
ROLES = {CHAIR: Role.CHAIR, SECRETARY: Role.SECRETARY, HELPER: Role.ORGANISER}
NAMES = ("Trần An", "Lê Bình", "Phạm Cường")
ITEMS = (
    PlannedItem("Thông qua chương trình", ItemKind.PROCEDURE),
    PlannedItem("Hình thức biểu quyết", ItemKind.VOTING_METHOD),
    PlannedItem("Nghị quyết", ItemKind.DOCUMENT),
    PlannedItem("Quy chế chi tiêu", ItemKind.DOCUMENT, is_advisory=True),
    PlannedItem("Phát biểu", ItemKind.SPEECH),
)
REFUSALS = {refusal_text(Voice(), Refused(reason)) for reason in Refusal}


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        hall = await Hall.planned(database, plan(NAMES, ITEMS))
        for name, role in ROLES.items():
            await hall.journey.appoint(name, role)
        return hall

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """A planned meeting with a chair, a secretary and a second organiser, who are no attendees."""
    async with stage.copy(tmp_path) as hall:
        yield hall


# How the meeting comes to each state


async def planned(_: Journey) -> None:
    return None


async def window_open(journey: Journey) -> None:
    await attendance.open_check_in(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    await journey.check_in(NAMES[0])


async def opened(journey: Journey) -> None:
    await journey.open_meeting()
    await journey.check_in(*NAMES)


async def at_procedure(journey: Journey) -> None:
    await opened(journey)
    await go_to(journey, 0)


async def preliminary(journey: Journey) -> None:
    await at_procedure(journey)
    await attendance.state_preliminary(journey.house, journey.asked(ORGANISER), journey.meeting_id)


async def stated(journey: Journey) -> None:
    await preliminary(journey)
    await journey.state()


async def without_quorum(journey: Journey) -> None:
    await journey.open_meeting()
    await journey.check_in(NAMES[0])
    await journey.state()
    await go_to(journey, 2)


async def at_document(journey: Journey, place: int = 2) -> None:
    await stated(journey)
    for item_id in journey.items[:2]:
        await agenda.adopt_item(journey.house, journey.asked(ORGANISER), item_id, ())
    await go_to(journey, place)


async def at_advice(journey: Journey) -> None:
    await at_document(journey, 3)


async def at_speech(journey: Journey) -> None:
    await at_document(journey, 4)


async def drafted(journey: Journey) -> None:
    await at_document(journey)
    await journey.draft(2)


async def hands_drafted(journey: Journey) -> None:
    await preliminary(journey)
    await journey.draft(0, Method.HANDS)


async def voting_on(journey: Journey) -> None:
    await at_document(journey)
    vote_id = await journey.open_vote(2)
    await journey.cast(vote_id, NAMES[0], Option.YES)


async def paused(journey: Journey) -> None:
    await voting_on(journey)
    await steps.pause_vote(journey.house, journey.asked(ORGANISER), 1)


async def hands_raised(journey: Journey) -> None:
    await preliminary(journey)
    await journey.open_vote(0, Method.HANDS)


async def hands_entered(journey: Journey) -> None:
    await hands_raised(journey)
    counts = {Option.YES: 3, Option.NO: 0, Option.OTHER: 0}
    await balloting.enter_hands(journey.house, journey.asked(ORGANISER), 1, counts)


async def closed(journey: Journey) -> None:
    await voting_on(journey)
    await journey.close_vote(1)


async def announced(journey: Journey) -> None:
    await closed(journey)
    await journey.announce(1)


async def cancelled(journey: Journey) -> None:
    await voting_on(journey)
    await closing.cancel_vote(journey.house, journey.asked(ORGANISER), 1, "Đọc nhầm")


async def agreed(journey: Journey) -> None:
    await at_document(journey)
    await agenda.adopt_item(journey.house, journey.asked(ORGANISER), journey.items[2], ())


async def all_done(journey: Journey) -> None:
    await agreed(journey)
    await agenda.adopt_item(journey.house, journey.asked(ORGANISER), journey.items[3], ())
    await agenda.note_item(journey.house, journey.asked(ORGANISER), journey.items[4])


async def meeting_closed(journey: Journey) -> None:
    await announced(journey)
    await journey.close_meeting()


async def go_to(journey: Journey, place: int) -> None:
    await agenda.go_to_item(journey.house, journey.asked(ORGANISER), journey.items[place])


STATES: dict[str, Callable[[Journey], Awaitable[None]]] = {
    state.__name__: state
    for state in (
        planned,
        window_open,
        opened,
        at_procedure,
        preliminary,
        stated,
        without_quorum,
        at_document,
        at_advice,
        at_speech,
        drafted,
        hands_drafted,
        voting_on,
        paused,
        hands_raised,
        hands_entered,
        closed,
        announced,
        cancelled,
        agreed,
        all_done,
        meeting_closed,
    )
}


async def panel(person: Chat) -> Card:
    """The panel as it is before this person."""
    return next(card for card in await person.live() if "Chương trình" in buttons(card))


def copied(source: Path, target: Path) -> str:
    with (
        contextlib.closing(sqlite3.connect(source)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
    return f"sqlite+aiosqlite:///{target}"


PRESIDING = {
    "Khai mạc",
    "Mở biểu quyết",
    "Kết thúc",
    "Tạm dừng",
    "Tiếp tục",
    "Nhập số giơ tay",
    "Công bố kết quả",
    "Mở lại",
    "Hủy lượt",
    "Biểu quyết lại",
    "Nhất trí, không kiểm đếm",
    "Đã nghe, không quyết định",
    "Bế mạc",
}

OFFERED: dict[str, tuple[set[str], set[str]]] = {
    "planned": ({"Mở xác nhận có mặt", "Hẹn giờ mở xác nhận", "Khai mạc"}, {"Mở biểu quyết", "Bế mạc"}),
    "window_open": ({"Đóng xác nhận có mặt", "Khai mạc"}, {"Mở xác nhận có mặt", "Hẹn giờ mở xác nhận"}),
    "opened": (
        {"Xác nhận số lượng: 03 có mặt", "Bắt đầu: Thông qua chương trình"},
        {"Khai mạc", "Biểu quyết giơ tay"},
    ),
    "at_procedure": ({"Nhất trí, không kiểm đếm"}, {"Biểu quyết giơ tay", "Biểu quyết bằng điện thoại"}),
    "preliminary": ({"Biểu quyết giơ tay"}, {"Biểu quyết bằng điện thoại"}),
    "stated": (
        {"Biểu quyết giơ tay"},
        {"Biểu quyết bằng điện thoại", "Xác nhận số lượng: 03 có mặt"},
    ),
    "without_quorum": (
        {"Xác nhận số lượng: 01 có mặt"},
        {"Biểu quyết giơ tay", "Biểu quyết bằng điện thoại", "Nhất trí, không kiểm đếm"},
    ),
    "at_document": ({"Biểu quyết bằng điện thoại", "Biểu quyết giơ tay"}, {"Đã nghe, không quyết định"}),
    "at_advice": ({"Đã tham gia ý kiến, không kiểm đếm"}, {"Nhất trí, không kiểm đếm"}),
    "at_speech": ({"Đã nghe, không quyết định"}, {"Biểu quyết bằng điện thoại", "Nhất trí, không kiểm đếm"}),
    "drafted": ({"Mở biểu quyết", "Mở trong 3 phút", "Chuyển sang giơ tay"}, {"Tiếp theo: Quy chế chi tiêu"}),
    "hands_drafted": ({"Mở biểu quyết"}, {"Mở trong 3 phút", "Chuyển sang điện thoại"}),
    "voting_on": ({"Kết thúc", "Tạm dừng"}, {"Tiếp tục", "Công bố kết quả", "Tiếp theo: Quy chế chi tiêu"}),
    "paused": ({"Tiếp tục", "Kết thúc", "Thêm 2 phút"}, {"Tạm dừng"}),
    "hands_raised": ({"Nhập số giơ tay"}, {"Kết thúc", "Tạm dừng"}),
    "hands_entered": ({"Nhập số giơ tay", "Kết thúc"}, {"Tạm dừng"}),
    "closed": ({"Công bố kết quả", "Mở lại", "Hủy lượt"}, {"Kết thúc", "Tiếp theo: Quy chế chi tiêu"}),
    "announced": ({"Biểu quyết lại", "Tiếp theo: Quy chế chi tiêu"}, {"Công bố kết quả", "Mở lại"}),
    "cancelled": ({"Biểu quyết lại", "Tiếp theo: Quy chế chi tiêu"}, {"Công bố kết quả"}),
    "agreed": ({"Tiếp theo: Quy chế chi tiêu"}, {"Biểu quyết giơ tay", "Nhất trí, không kiểm đếm"}),
    "all_done": ({"Bế mạc"}, {"Tiếp theo: Phát biểu"}),
    "meeting_closed": ({"Chương trình"}, {"Bế mạc", "Khai mạc", "Biểu quyết lại", "Mở xác nhận có mặt"}),
}


@pytest.mark.parametrize("state", STATES)
async def test_what_comes_next_is_offered_and_whatever_is_offered_works(
    hall: Hall, tmp_path: Path, state: str
) -> None:
    """Each button is tapped in a copy of the meeting, by whoever of those offered it may do the least."""
    await STATES[state](hall.journey)
    panels = {name: await panel(hall.chat(name)) for name in (HELPER, CHAIR, SECRETARY)}
    expected, unexpected = OFFERED[state]
    assert expected <= buttons(panels[CHAIR]).keys()
    assert not unexpected & buttons(panels[CHAIR]).keys()
    assert not PRESIDING & buttons(panels[HELPER]).keys(), "an organiser does not preside"
    for name in NAMES:
        labels = set(await hall.chat(name).labels())
        assert not labels & (PRESIDING | {"Đại biểu", "Giấy mời"}), "no panel for a member"
    least = {label: name for name, card in reversed(panels.items()) for label in buttons(card)}
    for label, name in least.items():
        database = Database.open(copied(tmp_path / "stage.db", tmp_path / "copy.db"))
        person = Hall(database, hall.clock).chat(name)
        await person.taps(label, on=panels[name])
        assert is_heard(person.answer), (name, label)
        assert person.answer.notice not in REFUSALS, (name, label, person.answer.notice)
        await database.close()


async def test_the_secretary_alone_sees_who_is_missing(hall: Hall) -> None:
    await voting_on(hall.journey)
    for name, sees in ((SECRETARY, True), (CHAIR, False), (HELPER, False)):
        shown = "\n".join(texts(await panel(hall.chat(name))))
        assert ("Lê Bình" in shown) is sees, name
        assert "Đã biểu quyết: 1/3" in shown, name


async def test_an_old_panel_changes_nothing_and_says_so(hall: Hall) -> None:
    """Every button of the panel as it was during the vote, tapped when the meeting is closed."""
    await voting_on(hall.journey)
    old = await panel(hall.chat(SECRETARY))
    await hall.journey.close_vote(1)
    await hall.journey.announce(1)
    await hall.journey.close_meeting()
    before = len(await hall.journey.entries())
    secretary = hall.chat(SECRETARY)
    for label in buttons(old):
        await secretary.taps(label, on=old)
        assert is_heard(secretary.answer), label
    assert len(await hall.journey.entries()) == before
