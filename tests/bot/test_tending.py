"""Tending groups: pins and leaving follow what the database says, whatever a platform refuses."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions import InviteGroup, UnbindGroup
from bot.platforms.base import ChatGoneError, ChatMovedError, DeliveryError, MessageRef, RightMissingError
from bot.tending import Tending
from meeting.states import CardKind, GoneReason, GroupRight
from storage.groups import list_pins_due, list_to_leave
from tests.bot.chatting import Hall, Stage, links, texts
from tests.bot.conftest import SetUp
from tests.bot.rooms import Room
from tests.handlers.journey import ITEMS, ORGANISER, plan


@dataclass
class Groups:
    """A platform's groups: what was pinned and left there; `refusals` are raised first, in their order."""

    name: str = "telegram"
    refusals: list[Exception] = field(default_factory=list)
    done: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    asked: int = 0

    async def pin(self, chat: str, ref: MessageRef | None, former: MessageRef | None) -> None:
        self._refuse()
        self.done.append((chat, ref, former))

    async def leave(self, chat: str) -> None:
        self._refuse()
        self.done.append((chat, None, None))

    def _refuse(self) -> None:
        self.asked += 1
        if self.refusals:
            raise self.refusals.pop(0)


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    return set_up_stage(lambda database: Hall.opened(database, plan(["An"], ITEMS)))


@pytest.fixture
async def room(stage: Stage, tmp_path: Path) -> AsyncIterator[Room]:
    """A group in which the meeting's card is shown."""
    async with stage.copy(tmp_path) as hall:
        room = Room(hall)
        answer = await hall.organiser.forges(InviteGroup(hall.journey.meeting_id, 0))
        assert answer.card is not None
        await room.commands(ORGANISER, links(answer.card)["Chọn nhóm"].split("startgroup=")[1])
        await room.is_shown()
        yield room


async def tend(room: Room, groups: Groups) -> None:
    await Tending(room.hall.house, {"telegram": groups, "web": object()}).tend()


async def is_due(room: Room) -> bool:
    async with room.hall.database.snapshot() as tx:
        return bool(await list_pins_due(tx, "telegram") or await list_to_leave(tx, "telegram"))


async def test_the_meeting_is_pinned_then_the_vote_then_the_meeting_again(room: Room) -> None:
    groups, journey = Groups(), room.hall.journey
    meeting, ballot = f"{room.chat} {CardKind.GROUP}", f"{room.chat} {CardKind.GROUP_BALLOT}"
    await tend(room, groups)
    vote_id = await journey.open_vote()
    await room.is_shown()
    await tend(room, groups)
    await journey.close_vote(vote_id)
    await journey.announce(vote_id)
    await tend(room, groups)
    assert groups.done == [
        (room.chat, meeting, None),
        (room.chat, ballot, meeting),
        (room.chat, meeting, ballot),
    ]


async def test_a_plain_member_asks_once_and_the_organiser_is_told(room: Room) -> None:
    groups = Groups(refusals=[RightMissingError("not enough rights", GroupRight.PIN)])
    await tend(room, groups)
    await room.hall.journey.open_vote()
    await room.is_shown()
    assert not await is_due(room)
    told = [texts(card)[0] for card in await room.hall.organiser.posts()]
    assert len([text for text in told if text.startswith("Bot chưa có quyền ghim tin")]) == 1
    await room.admits(ORGANISER, is_new=False)  # promoted
    await tend(room, groups)
    assert len(groups.done) == 1


@pytest.mark.parametrize(
    "error", [DeliveryError("away", retry_after=timedelta(0)), ChatGoneError("kicked", GoneReason.REMOVED)]
)
async def test_what_fails_for_the_moment_is_tried_later(room: Room, error: Exception) -> None:
    groups = Groups(refusals=[error])
    tending = Tending(room.hall.house, {"telegram": groups})
    await tending.tend()
    await tending.tend()
    assert groups.asked == 1, "left alone for a while"
    room.hall.clock.advance(timedelta(minutes=2))
    await tending.tend()
    assert len(groups.done) == 1


async def test_a_group_that_moved_meanwhile_is_found_by_its_new_chat(room: Room) -> None:
    groups = Groups(refusals=[ChatMovedError("upgraded", "-10042")])
    await tend(room, groups)
    room.chat = "-10042"
    stored = await room.stored()
    assert stored is not None
    await room.is_shown()
    await tend(room, groups)
    assert groups.done == [("-10042", f"-10042 {CardKind.GROUP}", None)]


async def test_a_group_that_was_let_go_is_left(room: Room) -> None:
    groups, stored = Groups(), await room.stored()
    assert stored is not None
    await tend(room, groups)
    await room.hall.organiser.forges(UnbindGroup(stored.group_id, 1))
    await tend(room, groups)
    assert groups.done[-1] == (room.chat, None, None)
    assert not await is_due(room)
