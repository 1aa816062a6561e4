"""A flood: everybody taps ten times in one moment and writes whatever; what goes out keeps to the limits."""

import asyncio
import random

import pytest

from meeting.people import Role
from meeting.voting import Option
from tests.fakes.bot_api import FakeBotApi, Json
from tests.handlers.journey import ORGANISER, plan, seat
from tests.journeys.people import (
    PATIENCE,
    ChatPerson,
    Crowd,
    announce,
    assemble,
    bind_group,
    found,
    hand_out,
    open_vote,
    store,
)
from tests.journeys.program import StagedProgram
from tests.journeys.stored import stored

TITLE = "Báo cáo tổng kết"
CHAIR = "Lê Thị Chủ Tọa"
NAMES = [CHAIR, *(f"Trần Thị Chát {number}" for number in range(1, 50))]
CHOICES = {"Tán thành": Option.YES, "Không tán thành": Option.NO}
JUNK: tuple[Json, ...] = (
    {"text": "ủa, bấm chỗ nào???"},
    {"text": "/start"},
    {"text": "x" * 4096},
    {"sticker": {"file_id": "s", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1}},
    {"location": {"latitude": 10.0, "longitude": 105.0}},
)


@pytest.mark.usefixtures("brisk_telegram")  # until the flood
async def test_a_flood_stays_within_telegrams_limits_and_every_last_tap_counts(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(20_261_122)
    async with (
        FakeBotApi() as fake,
        StagedProgram(sqlite_url, fake) as program,
        Crowd(program, fake) as crowd,
    ):
        people = await voting(program, crowd)
        [group], stranger = fake.groups.values(), fake.person("Người lạ")
        await program.stop()
        monkeypatch.undo()
        fake.has_limits = True
        await program.start()

        taps: dict[str, list[Json]] = {name: [] for name in people}
        tapped: dict[str, str] = {}
        junk: list[Json] = []
        for turn in range(10):
            for name, person in people.items():
                tapped[name] = chance.choice(list(CHOICES))
                taps[name].append(person.phone.press(tapped[name]))
            for place, name in enumerate(NAMES[turn::10]):
                junk.append(people[name].phone.send_anything(**JUNK[place % len(JUNK)]))
            junk.append(group.sends(stranger, f"/start@{fake.bot['username']}"))
        sent = [tap for each in taps.values() for tap in each]
        await fake.acknowledged(*sent, *junk, wait=PATIENCE)
        assert fake.toasts.keys() >= {tap["callback_query"]["id"] for tap in sent}
        for name, each in taps.items():
            told = fake.toasts[each[-1]["callback_query"]["id"]]
            assert tapped[name] in told, told

        await asyncio.gather(*(person.sees_chosen(tapped[name]) for name, person in people.items()))
        await group.sees("Đã biểu quyết: 50/50", wait=PATIENCE)
        await announce(people[CHAIR], TITLE)
        await people[CHAIR].reads("Kết quả biểu quyết 1")
    # An answer may come too soon after something else in the same chat; it is then sent again.
    assert set(fake.exceeded) <= {person.phone.id for person in people.values()}
    async with stored(sqlite_url) as journey:
        assert await journey.choices(1) == {name: CHOICES[choice] for name, choice in tapped.items()}


async def voting(program: StagedProgram, crowd: Crowd) -> dict[str, ChatPerson]:
    """Fifty people with a vote before them, and a group that follows."""
    organiser = crowd.chat(ORGANISER)
    await found(organiser, await program.founder_link("Telegram"))
    await store(organiser, plan([seat(CHAIR, role=Role.CHAIR), *NAMES[1:]]))
    ways = await hand_out(organiser)
    await bind_group(organiser, "Công đoàn", meeting="Hội nghị")
    people = {name: crowd.chat(name) for name in NAMES}
    await asyncio.gather(*(people[name].open_link(ways[name].links["Telegram"]) for name in people))
    chair = people[CHAIR]
    await assemble(chair, chair, people.values())
    await open_vote(chair, chair, TITLE)
    await asyncio.gather(*(person.finds("Tán thành", on=TITLE) for person in people.values()))
    return people
