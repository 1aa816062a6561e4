"""Live cards and answers on a platform that tells which card was tapped: neither takes the other's place."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from meeting.states import CardKind
from storage.cards import CardVersion, list_card_versions, put_shown
from tests.bot.chatting import Chat, Hall, Stage, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import plan

HOME, PANEL, ANSWER = "message 1", "message 2", "message 3"


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    return set_up_stage(lambda database: Hall.planned(database, plan(["Trần An"])))


@pytest.fixture
async def organiser(stage: Stage, tmp_path: Path) -> AsyncIterator[Chat]:
    """An organiser who is shown the home as the first message and the panel as the second."""
    async with stage.copy(tmp_path) as hall:
        organiser = hall.organiser
        for kind, ref in ((CardKind.HOME, HOME), (CardKind.PANEL, PANEL)):
            await shown(organiser, kind, ref)
        yield organiser


async def version(person: Chat, kind: CardKind) -> CardVersion:
    sender = person.hall.journey.sender(person.name, person.platform)
    async with person.hall.database.snapshot() as tx:
        cards = await list_card_versions(tx, person.platform, [sender.chat])
    return next(card for card in cards if card.kind is kind)


async def shown(person: Chat, kind: CardKind, ref: str | None) -> None:
    """Have delivery show a card at a place."""
    card = await version(person, kind)
    async with person.hall.database.transaction() as tx:
        await put_shown(tx, card.card_id, card.wanted_version, ref, person.hall.journey.clock.now())


async def test_an_answer_to_a_live_card_stands_beside_it(organiser: Chat) -> None:
    """Else a check-in a second later would wipe the agenda off that the chair is reading."""
    await organiser.taps("Chương trình", at=PANEL)
    assert not organiser.answer.replaces
    assert organiser.asked == "Chương trình: Hội nghị"


async def test_an_answer_to_an_answer_takes_its_place(organiser: Chat) -> None:
    await organiser.taps("Chương trình", at=PANEL)
    await organiser.taps("1. Báo cáo tổng kết", at=ANSWER)
    assert organiser.answer.replaces
    await organiser.taps("‹ Chương trình", at=ANSWER)
    assert organiser.answer.replaces


async def test_back_to_the_meeting_moves_the_panel_there(organiser: Chat) -> None:
    await organiser.taps("Chương trình", at=PANEL)
    before = await version(organiser, CardKind.PANEL)
    await organiser.taps("‹ Về hội nghị", at=ANSWER)
    assert organiser.answer.card is None, "there is one panel, and delivery shows it"
    assert organiser.answer.notice == "Đang hiển thị: Hội nghị"
    assert (await version(organiser, CardKind.PANEL)).wanted_version > before.wanted_version
    await organiser.taps("Đại biểu", on=(await organiser.live())[0], at=ANSWER)
    assert not organiser.answer.replaces, "the panel stands there now"
    await organiser.taps("Chương trình", on=(await organiser.live())[0], at=PANEL)
    assert organiser.answer.replaces, "and no longer where it was"


async def test_from_the_home_the_panel_is_shown_anew(organiser: Chat) -> None:
    await organiser.taps("1. Hội nghị", at=HOME)
    assert organiser.answer.card is None
    await organiser.taps("Chương trình", on=(await organiser.live())[0], at=PANEL)
    assert organiser.answer.replaces, "what stands there is an old copy"
    await organiser.taps("Tạo hội nghị", at=HOME)
    assert not organiser.answer.replaces


async def test_a_page_shows_the_panel_at_once(organiser: Chat) -> None:
    """It doesn't tell which card was tapped, and shows all live cards beside the answer."""
    await organiser.taps("1. Hội nghị")
    assert organiser.answer.card is not None
    assert texts(organiser.answer.card)[0] == "Hội nghị"
