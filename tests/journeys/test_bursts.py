"""Everybody at once: a hundred people confirm their presence and vote in one moment, each tapping twice."""

import asyncio
from collections import Counter
from pathlib import Path

from meeting.people import Role
from meeting.voting import Option
from tests.handlers.journey import ORGANISER, plan, seat
from tests.journeys.people import Crowd, Page, chosen, found, hand_out, open_vote, store
from tests.journeys.program import Program, running
from tests.journeys.stored import count_rows, stored

TITLE = "Báo cáo tổng kết"
CHAIR, SECRETARY, LATE = "Lê Thị Chủ Tọa", "Lê Văn Thư Ký", "Phạm Thị Đến Sau"
NAMES = [f"Nguyễn Văn Đại Biểu {number}" for number in range(1, 99)]
YES, NO, OTHER = "Tán thành", "Không tán thành", "Ý kiến khác"


async def tap_twice(page: Page, label: str) -> list[str]:
    """A nervous tap on bad Wi-Fi, all at once: sent twice with the same mark, and once with another."""
    card, button = await page.finds(label)
    form = {**dict(card.hidden), button.name: button.value}
    answers = await asyncio.gather(*(page.send(form, event) for event in ("nervous", "nervous", "again")))
    return sorted(str(answer["notice"]) for answer in answers)


def choice_of(place: int) -> str:
    return {0: NO, 1: OTHER}.get(place % 10, YES)


async def test_a_hundred_people_confirm_presence_and_vote_at_once(tmp_path: Path, database_url: str) -> None:
    async with running(Program(tmp_path, database_url)) as program, Crowd(program) as crowd:
        organiser, chair, secretary = map(crowd.person, (ORGANISER, CHAIR, SECRETARY))
        presiding = [seat(CHAIR, role=Role.CHAIR), seat(SECRETARY, role=Role.SECRETARY)]
        await found(organiser, await program.founder_link())
        await store(organiser, plan([*presiding, *NAMES, LATE]))
        ways = await hand_out(organiser)
        for person in (chair, secretary):
            await person.open_link(ways[person.name].links["Web"])
        pages = {name: crowd.page() for name in (*NAMES, LATE)}
        await asyncio.gather(*(page.open_link(ways[name].links["Web"]) for name, page in pages.items()))
        late = pages.pop(LATE)

        await secretary.tap("Mở xác nhận có mặt")
        for answers in await asyncio.gather(*(tap_twice(page, "Xác nhận có mặt") for page in pages.values())):
            assert is_recorded_once(answers), answers
        await chair.tap("Xác nhận có mặt")
        await secretary.tap("Xác nhận có mặt")
        await chair.tap("Khai mạc")
        await chair.tap("Xác nhận số lượng: 100 có mặt")
        await open_vote(secretary, chair, TITLE)

        # Tapped in one moment, stored as one choice each.
        marked = await asyncio.gather(
            *(tap_twice(page, choice_of(place)) for place, page in enumerate(pages.values()))
        )
        for place, answers in enumerate(marked):
            choice = choice_of(place)
            assert [answer.partition(" Đã biểu quyết: ")[0] for answer in answers] == [
                f"Đã ghi nhận: {choice}. Được đổi trước khi kết thúc.",
                f"Đồng chí đã chọn: {choice}.",
                f"Đồng chí đã chọn: {choice}.",
            ]
        await chair.tap(YES)
        await secretary.tap(YES)
        await chair.reads("Biểu quyết 1: tất cả đã biểu quyết (100/100).")
        choices = {name: choice_of(place) for place, name in enumerate(NAMES)} | {CHAIR: YES, SECRETARY: YES}
        await is_stored(database_url, choices)
        assert chosen((await pages[NAMES[0]].board()).values()) == [NO]

        # Many change it in one moment.
        changing = NAMES[:50]
        answers = await asyncio.gather(*(pages[name].tap(YES) for name in changing))
        choices |= dict.fromkeys(changing, YES)
        assert len(answers) == len(changing)
        await is_stored(database_url, choices)

        # Whoever comes late has no vote until the secretary admits them, on record.
        await late.tap("Xác nhận có mặt")
        _, button = await pages[NAMES[0]].finds(YES)
        refused = await late.send({button.name: button.value})
        assert str(refused["notice"]).startswith("Đồng chí không thuộc danh sách biểu quyết của lượt này")
        await secretary.tap("Đại biểu đến sau")
        assert "Cơ sở tính hiện là 101" in await secretary.tap(LATE)
        assert (await late.tap(NO)).endswith("Đã biểu quyết: 101/101.")
        choices[LATE] = NO
        await is_stored(database_url, choices)

        await chair.tap("Kết thúc", on=TITLE)
        await chair.tap("Công bố kết quả", on=TITLE)
        tally = Counter(choices.values())
        assert tally == {YES: 90, NO: 6, OTHER: 5}
        text = "90/101 đại biểu có mặt tán thành (đạt 89,11%); không tán thành: 06; ý kiến khác: 05"
        await chair.reads(text)
        for page in (late, pages[NAMES[-1]]):
            assert any(text in line for card in (await page.board()).values() for line in card.lines)
    async with stored(database_url) as journey:
        acts = Counter(await journey.acts())
        assert [acts[act] for act in ("vote_opened", "elector_admitted", "vote_closed")] == [1, 1, 1]


def is_recorded_once(answers: list[str]) -> bool:
    """Whether at least one answer says that the presence is recorded, and the others that it was before."""
    first = [answer for answer in answers if answer.startswith("Đã ghi nhận đồng chí có mặt lúc")]
    again = [answer for answer in answers if answer.startswith("Đồng chí đã được ghi nhận có mặt lúc")]
    return len(first) >= 1 and len(first) + len(again) == len(answers)


async def is_stored(url: str, choices: dict[str, str]) -> None:
    words = {Option.YES: YES, Option.NO: NO, Option.OTHER: OTHER}
    async with stored(url) as journey:
        assert {name: words[option] for name, option in (await journey.choices(1)).items()} == choices
        assert (await count_rows(journey))["ballot"] == len(choices)
