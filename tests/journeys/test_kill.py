"""The program is killed at any moment and started again: nothing acknowledged is lost, nothing is doubled."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.workbook.writing import write_workbook
from meeting.people import Role
from meeting.states import PostKind, WorkState
from meeting.voting import Option
from storage.reading import get_results_view
from tests.fakes.bot_api import FakeBotApi, Person
from tests.handlers.journey import ORGANISER, Journey, plan, seat
from tests.journeys.people import (
    HOST,
    ChatPerson,
    Crowd,
    Page,
    Tapping,
    WebPerson,
    announce,
    assemble,
    chosen,
    found,
    hand_out,
    open_vote,
    store,
)
from tests.journeys.program import Program, StagedProgram, running
from tests.journeys.stored import count_rows, list_posts, stored, titles, until

TITLE = "Báo cáo tổng kết"
CHAIR, SECRETARY = "Lê Thị Chủ Tọa", "Lê Văn Thư Ký"
PRESIDING = (seat(CHAIR, role=Role.CHAIR), seat(SECRETARY, role=Role.SECRETARY))
CHOICES = {"Tán thành": Option.YES, "Không tán thành": Option.NO, "Ý kiến khác": Option.OTHER}


# In a vote


class Executioner:
    """Kills the program at random moments while people tap, and starts it again."""

    def __init__(self, program: Program, chance: random.Random) -> None:
        self._program = program
        self._chance = chance
        self._left = 0
        self._is_time = asyncio.Event()
        self.is_over = False

    def count(self) -> None:
        """Take note that something was acknowledged."""
        self._left -= 1
        if self._left == 0:
            self._is_time.set()

    async def kill(self, times: int, voters: "Sequence[Voter]") -> None:
        for _ in range(times):
            self._is_time.clear()
            self._left = self._chance.randrange(1, 45)
            await self._is_time.wait()
            await asyncio.sleep(self._chance.uniform(0, 0.03))  # into the next transaction, or not
            await self._program.kill()
            await nothing_is_lost(self._program.database_url, voters)
            self._program.mode = "polling" if self._program.mode == "webhook" else "webhook"
            await self._program.start()
        self.is_over = True


class Voter:
    """Somebody who changes the choice again and again, and remembers what was acknowledged last."""

    def __init__(self, who: Tapping, name: str, chance: random.Random, executioner: Executioner) -> None:
        self.who = who
        self.name = name
        self.tapped = ""
        self.acknowledged = ""
        self._chance = chance
        self._executioner = executioner

    async def vote(self) -> None:
        while not (self._executioner.is_over and self.acknowledged):
            self.tapped = self._chance.choice(list(CHOICES))
            answer = await self.who.tap(self.tapped)
            assert self.tapped in answer, answer
            self.acknowledged = self.tapped
            self._executioner.count()


async def nothing_is_lost(url: str, voters: Sequence[Voter]) -> None:
    """What is stored for each is what was acknowledged last, or what was on its way."""
    async with stored(url) as journey:
        choices = await journey.choices(1)
    for voter in voters:
        choice = choices.get(voter.name)
        possible = {CHOICES.get(voter.acknowledged), CHOICES.get(voter.tapped)}
        assert choice in possible, (voter.name, choice, possible)


async def test_killed_again_and_again_a_vote_keeps_every_acknowledged_choice(
    tmp_path: Path, database_url: str
) -> None:
    """Each start takes the other way in: what one was not acknowledged by Telegram, the next is brought."""
    chance = random.Random(20_261_122)
    # Elsewhere what the killed process had in hand is its own until the lease is over.
    are_leases_forgotten = database_url.startswith("sqlite")
    on_web = [f"Nguyễn Văn Trang {number}" for number in range(1, 14)]
    on_telegram = [f"Trần Thị Chát {number}" for number in range(1, 6)]
    async with (
        FakeBotApi() as fake,
        running(Program(tmp_path, database_url, fake)) as program,
        Crowd(program, fake) as crowd,
    ):
        organiser = crowd.person(ORGANISER)
        await found(organiser, await program.founder_link())
        await store(organiser, plan([*PRESIDING, *on_web, *on_telegram]))
        ways = await hand_out(organiser)
        chair, secretary = crowd.person(CHAIR), crowd.person(SECRETARY)
        pages = {name: crowd.page() for name in on_web}
        chats = {name: crowd.chat(name) for name in on_telegram}
        everybody: dict[str, Tapping] = {CHAIR: chair, SECRETARY: secretary, **pages, **chats}
        for name, person in everybody.items():
            await person.open_link(ways[name].links["Telegram" if name in chats else "Web"])
        await assemble(secretary, chair, everybody.values())
        await open_vote(secretary, chair, TITLE)

        executioner = Executioner(program, chance)
        voters = [Voter(who, name, chance, executioner) for name, who in everybody.items()]
        await asyncio.gather(executioner.kill(4, voters), *(voter.vote() for voter in voters))

        choices = {voter.name: CHOICES[voter.acknowledged] for voter in voters}
        async with stored(database_url) as journey:
            assert await journey.choices(1) == choices
            assert (await count_rows(journey))["ballot"] == len(everybody)
        for voter in voters:
            await shows_own_choice(voter, are_chats_shown=are_leases_forgotten)
        await announce(chair, TITLE)
        watching: list[WebPerson | ChatPerson] = [chair, secretary, *chats.values()]
        for watcher in watching:
            await watcher.reads("Kết quả biểu quyết 1")
        async with stored(database_url) as journey:
            await is_counted(journey, choices)


async def shows_own_choice(voter: Voter, *, are_chats_shown: bool) -> None:
    match voter.who:
        case Page() as page:
            assert chosen((await page.board()).values()) == [voter.acknowledged]
        case WebPerson() as person:
            await person.sees_chosen(voter.acknowledged)
        case ChatPerson() as person if are_chats_shown:
            await person.sees_chosen(voter.acknowledged)


async def is_counted(journey: Journey, choices: dict[str, Option]) -> None:
    """The result is what was chosen, and the record holds each act once, in an unbroken chain."""
    async with journey.database.snapshot() as tx:
        [result] = (await get_results_view(tx, journey.meeting_id)).items
    assert result.vote is not None
    assert result.vote.tally is not None
    tally = Counter(choices.values())
    assert {option: result.vote.tally.count(option) for option in Option} == {o: tally[o] for o in Option}
    assert (result.vote.tally.base, result.vote.tally.not_voted) == (len(choices), 0)
    acts = Counter(await journey.acts())
    assert [acts[act] for act in ("vote_opened", "vote_closed", "vote_announced")] == [1, 1, 1]


# While it starts, and while a meeting is set up


async def test_killed_again_and_again_while_it_makes_its_database_it_starts_the_next_time(
    tmp_path: Path, empty_database_url: str
) -> None:
    chance = random.Random(20_261_122)
    program = Program(tmp_path, empty_database_url)
    for _ in range(4):
        await program.kill_while_it_starts(chance.uniform(0.4, 1.4))
    async with running(program), Crowd(program) as crowd:
        await found(crowd.page(), await program.founder_link())


async def test_a_set_up_dialogue_goes_on_at_the_same_question(tmp_path: Path, sqlite_url: str) -> None:
    async with running(Program(tmp_path, sqlite_url)) as program, Crowd(program) as crowd:
        organiser = crowd.page()
        await organiser.open_link(await program.founder_link())
        await organiser.write(HOST)
        await kill(program)
        assert await organiser.question() == "Họ và tên của đồng chí? Đồng chí sẽ là người tổ chức."
        await organiser.write(ORGANISER)
        await organiser.tap("Tạo hội nghị")
        await organiser.tap("Hội nghị CBCCVC, người lao động")
        await organiser.tap("Có")
        await organiser.write("Hội nghị năm 2031")
        await kill(program)
        assert await organiser.question() == "Hội nghị bắt đầu lúc nào? Ghi giờ và ngày theo giờ nơi họp."
        await organiser.write("14:00 30/12/2031")
        await organiser.write("Hội trường A")
        await organiser.write("3")
        await kill(program)
        assert (await organiser.question()).startswith("Danh sách triệu tập?")
        await organiser.write("Nguyễn Văn An\nTrần Thị Bình")
        assert await organiser.question() == "Đề nghị kiểm tra trước khi lưu:"
        await organiser.tap("Lưu hội nghị")
    async with stored(sqlite_url) as journey:
        assert await titles(journey) == ["Hội nghị năm 2031"]
        assert set(journey.attendees) == {"Nguyễn Văn An", "Trần Thị Bình"}
        assert (await journey.meeting()).headcount == 3


async def kill(program: Program) -> None:
    await program.kill()
    await program.start()


async def test_a_dialogue_on_telegram_goes_on_too(tmp_path: Path, sqlite_url: str) -> None:
    async with (
        FakeBotApi() as fake,
        running(Program(tmp_path, sqlite_url, fake)) as program,
        Crowd(program, fake) as crowd,
    ):
        organiser = crowd.chat(ORGANISER)
        await organiser.open_link(await program.founder_link("Telegram"))
        await kill(program)
        assert "Họ và tên" in await organiser.write(HOST)
        await program.kill()
        await organiser.phone.send(ORGANISER)  # waits at Telegram until the program is there again
        await program.start()
        await organiser.reads("Chưa có hội nghị.")


async def test_a_preview_that_was_shown_before_is_confirmed_after_and_stored_once(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(Program(tmp_path, sqlite_url)) as program, Crowd(program) as crowd:
        organiser = crowd.page()
        await found(organiser, await program.founder_link())
        await organiser.tap("Nhập tệp")
        await organiser.send_file("hoi-nghi.xlsx", write_workbook(plan(["An", "Bình"]), "vi"))
        await kill(program)
        assert await organiser.question() == "Đề nghị kiểm tra trước khi lưu:"
        card, confirm = await organiser.finds("Lưu hội nghị")
        form = {**dict(card.hidden), confirm.name: confirm.value}
        answers = [str((await organiser.send(form, event))["notice"]) for event in ("tap", "tap", "another")]
    assert [answer.partition(".")[0] for answer in answers] == [
        "Đã lưu hội nghị",
        "Nội dung này đã được ghi nhận trước đó; gửi lại không làm thay đổi gì",
        "Nút này không còn hiệu lực",
    ]
    async with stored(sqlite_url) as journey:
        assert await titles(journey) == ["Hội nghị"]


# While it is down


@pytest.mark.usefixtures("brisk_telegram")
async def test_a_deadline_that_passes_while_the_program_is_down_pauses_the_vote(sqlite_url: str) -> None:
    async with (
        FakeBotApi() as fake,
        StagedProgram(sqlite_url, fake) as program,
        Crowd(program, fake) as crowd,
    ):
        organiser, secretary, an = crowd.person(ORGANISER), crowd.person(SECRETARY), crowd.person("An")
        chair = crowd.chat(CHAIR)
        await found(organiser, await program.founder_link())
        await store(organiser, plan([*PRESIDING, "An"]))
        ways = await hand_out(organiser)
        await chair.open_link(ways[CHAIR].links["Telegram"])
        for person in (secretary, an):
            await person.open_link(ways[person.name].links["Web"])
        await assemble(secretary, chair, [chair, secretary, an])
        await open_vote(secretary, chair, TITLE, label="Mở trong 3 phút")
        await an.tap("Không tán thành")

        await program.stop()
        program.sleep(timedelta(minutes=5))
        await program.start()
        told = "Biểu quyết 1 đang tạm dừng: thời hạn đã qua trong lúc chương trình ngừng chạy."
        await chair.reads(told)
        await secretary.reads(told)
        await an.reads("Biểu quyết đang tạm dừng; đề nghị chờ Chủ tọa.")
        await chair.tap("Tiếp tục")
        await an.sees_chosen("Không tán thành")
        await an.tap("Tán thành")
        await secretary.tap("Tán thành")
        await chair.tap("Tán thành")
        await announce(chair, TITLE)
        await an.reads("3/3")
    async with stored(sqlite_url) as journey:
        await is_counted(journey, dict.fromkeys(("An", CHAIR, SECRETARY), Option.YES))
        assert "vote_pause" in await journey.acts()


# While a result goes out


async def test_a_result_reaches_everybody_though_the_program_is_killed_while_it_goes_out(
    tmp_path: Path, sqlite_url: str
) -> None:
    names = [f"Trần Thị Chát {number}" for number in range(1, 41)]
    async with (
        FakeBotApi() as fake,
        running(Program(tmp_path, sqlite_url, fake)) as program,
        Crowd(program, fake) as crowd,
    ):
        organiser, chair = crowd.person(ORGANISER), crowd.person(CHAIR)
        await found(organiser, await program.founder_link())
        await store(organiser, plan([seat(CHAIR, role=Role.CHAIR), *names]))
        ways = await hand_out(organiser)
        await chair.open_link(ways[CHAIR].links["Web"])
        chats = [crowd.chat(name) for name in names]
        await asyncio.gather(*(chat.open_link(ways[chat.name].links["Telegram"]) for chat in chats))
        await assemble(chair, chair, [chair, *chats])
        await chair.tap(f"Bắt đầu: {TITLE}")
        await chair.tap("Biểu quyết giơ tay", on=TITLE)
        await chair.tap("Mở biểu quyết", on=TITLE)
        await chair.tap("Nhập số giơ tay", on=TITLE)
        for count in ("40", "1", "0"):
            await chair.write(count)
        await chair.tap("Kết thúc", on=TITLE)
        await chair.tap("Công bố kết quả", on=TITLE)

        await fake.until(lambda: sum(map(results_of, fake.people.values())) >= 10, wait=30)
        await program.kill()
        async with stored(sqlite_url) as journey:
            done = Counter((await list_posts(journey, PostKind.RESULT)).values())[WorkState.DONE]
        assert done < len(names)
        await program.start()
        await until(sqlite_url, are_results_out)
        seen = Counter(results_of(person) for person in fake.people.values())
        assert seen.keys() <= {1, 2}
        assert seen[2] <= len(names) - done  # those that were under way, of which nothing is known


def results_of(person: Person) -> int:
    return sum("Kết quả biểu quyết 1" in message.text for message in person.messages)


async def are_results_out(journey: Journey) -> bool:
    return set((await list_posts(journey, PostKind.RESULT)).values()) == {WorkState.DONE}
