"""A whole meeting: its people with their phones, and the group that follows it."""

import asyncio
import contextlib
import itertools
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.cards.layout import PAGE_SIZE
from bot.demo import discussion
from bot.demo.hall import Ballot, key_of
from meeting.people import Role, Standing
from meeting.plan import MeetingPlan
from tests.fakes.bot_api import FakeBotApi, Group
from tests.journeys.people import (
    PATIENCE,
    ChatPerson,
    Crowd,
    Somebody,
    WayIn,
    bind_group,
    found,
    hand_out,
    shared_link,
    store,
)
from tests.journeys.program import StagedProgram


class Seen(Protocol):
    """A message that a group sees."""

    @property
    def id(self) -> int | str: ...
    @property
    def text(self) -> str: ...


class Following(Protocol):
    """A group that follows a meeting, on whatever platform."""

    @property
    def messages(self) -> Sequence[Seen]:
        """What the bot has sent there, oldest first."""

    async def sees(self, text: str, *, wait: float) -> Seen:
        """Wait for what holds this text."""


P = TypeVar("P", bound=Somebody)
G = TypeVar("G", bound=Following)


@dataclass
class Room(Generic[P, G]):
    """A meeting's people with their phones, and the group that follows it.

    Those who run it have Telegram.
    """

    fake: FakeBotApi
    plan: MeetingPlan
    people: Mapping[str, P]
    organiser: ChatPerson
    group: G
    ways: Mapping[str, WayIn]
    shared: str
    current: str = ""
    """The title of the item that is on; "" before the first one."""

    def of_role(self, role: Role) -> ChatPerson:
        person = next(self.people[each.name] for each in self.plan.attendees if each.role is role)
        assert isinstance(person, ChatPerson)
        return person

    @property
    def chair(self) -> ChatPerson:
        return self.of_role(Role.CHAIR)

    @property
    def secretary(self) -> ChatPerson:
        return self.of_role(Role.SECRETARY)

    def those(self, *standings: Standing) -> list[P]:
        """The attendees of these standings."""
        return [
            self.people[each.name]
            for each in self.plan.attendees
            if each.standing in standings and each.name in self.people
        ]

    async def join(self, *, by_shared_link: Iterable[str] = ()) -> None:
        """Have everybody open the personal link, but some the one for all."""
        links = {name: way.links["Telegram"] for name, way in self.ways.items()}
        links |= dict.fromkeys(by_shared_link, self.shared)
        comers = {name: person for name, person in self.people.items() if person is not self.organiser}
        await asyncio.gather(*(person.open_link(links[name]) for name, person in comers.items()))

    async def check_in(self, present: Sequence[P]) -> None:
        """Have presence confirmed, every other one's in the group."""
        await self.secretary.tap("Mở xác nhận có mặt")
        in_group, alone = present[::2], present[1::2]
        await asyncio.gather(
            *(self.tap_in_group(person, "Xác nhận có mặt") for person in in_group),
            *(person.tap("Xác nhận có mặt") for person in alone),
        )
        counted = sum(person in present for person in self.those(Standing.VOTING))
        await self.group.sees(f"có mặt {counted:02}", wait=PATIENCE)
        await self.chair.tap("Khai mạc")

    async def tap_in_group(self, person: Somebody, label: str) -> str:
        """Wait for a button in the group and tap it; gives the answer, or the address that opens instead."""
        assert isinstance(person, ChatPerson)
        group = self.group
        assert isinstance(group, Group)
        what = f"the group to show the button [{label}]"
        await self.fake.until(
            lambda: any(message.find_button(label) for message in group.messages),
            wait=PATIENCE,
            what=what,
        )
        return await group.tap(person.phone, label, wait=PATIENCE)

    # In the meeting

    async def go_to(self, title: str) -> None:
        """Have the chair go to the next item, and see that it is this one."""
        step = "Bắt đầu" if title == self.plan.items[0].title else "Tiếp theo"
        # A button has room for the beginning of a title only.
        await self.chair.tap(f"{step}: {title[:20]}…")
        self.current = title

    def number_of(self, title: str) -> int:
        """An item's number on the agenda."""
        return next(number for number, item in enumerate(self.plan.items, 1) if item.title == title)

    def name_of(self, title: str) -> str:
        """How a button begins that leads to an item."""
        return f"{self.number_of(title)}. {title[:20]}…"

    async def open_item(self, title: str) -> None:
        """Have the secretary open an item from the agenda."""
        agenda = f"Chương trình: {self.plan.title[:20]}"
        await self.secretary.tap("Chương trình", on=self.plan.title)
        for page in range(2, 2 + (self.number_of(title) - 1) // PAGE_SIZE):
            await self.secretary.tap(f"Trang {page} ›", on=agenda)
        await self.secretary.tap(self.name_of(title), on=agenda)

    async def agree(self, title: str, additions: Sequence[str] = ()) -> None:
        """Have the secretary record that the next item is agreed without a count, and what was added."""
        await self.go_to(title)
        await self.record_agreement(title, additions)

    async def record_agreement(self, title: str, additions: Sequence[str] = ()) -> None:
        """Have the secretary record that the current item is agreed without a count."""
        if additions:
            await self.secretary.tap("Nhất trí có bổ sung, không kiểm đếm", on=key_of(title))
            await self.secretary.write("\n".join(additions))
        else:
            await self.secretary.tap("Nhất trí, không kiểm đếm", on=key_of(title))

    async def hear(self, title: str) -> None:
        """Have the next item heard with nothing to decide."""
        await self.go_to(title)
        await self.record_heard()

    async def record_heard(self) -> None:
        """Have the secretary record that the current item was heard, with nothing to decide."""
        await self.secretary.tap("Đã nghe, không quyết định", on=key_of(self.current))

    async def open_vote(self, title: str) -> None:
        """Have a vote by phone opened on the next item."""
        await self.go_to(title)
        await self.secretary.tap("Biểu quyết bằng điện thoại", on=key_of(title))
        await self.chair.tap("Mở biểu quyết", on=key_of(title))

    async def cast(self, ballots: Mapping[str, Ballot], title: str, *, in_group: Iterable[str] = ()) -> None:
        """Have people vote at the same time, some of them in the group."""
        there = set(in_group)
        await asyncio.gather(
            *(
                self._cast(self.people[name], ballot, title, is_there=name in there)
                for name, ballot in ballots.items()
            )
        )

    async def _cast(self, person: P, ballot: Ballot, title: str, *, is_there: bool) -> None:
        for choice in ballot:
            if is_there:
                told = await self.tap_in_group(person, choice.label)
            else:
                told = await person.tap(choice.label, on=key_of(title), answer="Đã ghi nhận: ")
            recorded = f"Đã ghi nhận: {choice.label}."
            assert any(line.startswith(recorded) for line in told.splitlines()), told
            if choice.opinion:
                await person.write(choice.opinion)
                await person.reads("Đã ghi nhận nội dung ý kiến")

    # What is said

    async def say(self, said: discussion.Said) -> int:
        """Have an attendee send an opinion; gives its number."""
        person = self.people[said.who]
        await person.tap("Ý kiến", on=self.plan.title)
        await person.tap("Gửi ý kiến")
        return await self._tell(person, said)

    async def enter(self, said: discussion.Said) -> int:
        """Have the secretary enter what a unit has to say; gives its number."""
        await self.secretary.tap("Ý kiến…", on=self.plan.title)
        await self.secretary.tap("Nhập hộ ý kiến")
        await self.secretary.write(said.who)
        return await self._tell(self.secretary, said)

    async def _tell(self, person: Somebody, said: discussion.Said) -> int:
        # In the meeting it is taken to be about the current item.
        if not self.current or said.about != self.current:
            if self.current:
                await person.tap("Về nội dung khác")
            about = self.name_of(said.about) if said.about else "Chung cho hội nghị"
            await person.tap(about, on="Ý kiến về nội dung nào?")
        await person.write(said.text)
        told = await person.tap(said.kind, on="CHƯA gửi", answer="Đã ghi nhận ý kiến số")
        recorded = re.search(r"Đã ghi nhận ý kiến số (\d+)", told)
        assert recorded is not None, told
        return int(recorded[1])

    async def look_at(self, person: ChatPerson, number: int) -> None:
        """Have somebody who runs the meeting open an opinion from the list."""
        shown = {message.id for message in person.phone.messages}
        await person.tap("Ý kiến…", on=self.plan.title)
        await self.fake.until(
            lambda: any(
                message.text.startswith("Ý kiến: ") and message.id not in shown
                for message in person.phone.messages
            ),
            wait=PATIENCE,
            what=f"{person.name} to see the opinions",
        )
        page = 2
        while not person.offers(str(number)):
            await person.tap(f"Trang {page} ›", on="Ý kiến: ")
            await person.finds(f"‹ Trang {page - 1}", on="Ý kiến: ")
            page += 1
        await person.tap(str(number), on="Ý kiến: ")

    async def take_into_text(self, number: int) -> str:
        """Have the chair add an opinion to its item's text, as it was proposed."""
        await self.look_at(self.chair, number)
        await self.chair.tap("Tiếp thu", on=f"Ý kiến số {number}")
        return await self.chair.tap("Bổ sung nguyên văn")

    async def answer(self, number: int, words: str) -> None:
        """Have the chair answer a question or petition."""
        await self.look_at(self.chair, number)
        await self.chair.tap("Giải trình, giải đáp", on=f"Ý kiến số {number}")
        await self.chair.write(words)

    async def hear_speakers(self, speakers: Sequence[str]) -> None:
        """Have these ask to speak, and the chair give them the floor in this order; the group sees it."""
        for name in speakers:
            recorded = "Đã ghi nhận đăng ký phát biểu"
            await self.people[name].tap("Đăng ký phát biểu", on=key_of(self.current), answer=recorded)
        waiting = f"Chờ phát biểu: {len(speakers):02} ({'; '.join(speakers)})."
        await self.group.sees(waiting, wait=PATIENCE)
        for name in speakers:
            await self.chair.tap(f"Mời phát biểu: {name[:20]}…")
            await self.people[name].reads("Mời đồng chí phát biểu")
            await self.group.sees(f"Đang phát biểu: {name}", wait=PATIENCE)
            await self.chair.tap("Kết thúc lượt phát biểu", on=f"Đang phát biểu: {name}")

    async def record_speech(self, label: str, speaker: str, text: str) -> None:
        """Have the secretary record what somebody says at the current item, by its button."""
        await self.secretary.tap(label, on=self.plan.title)
        await self.secretary.write(speaker)
        await self.secretary.write(text)
        await self.record_heard()

    # The pledge

    async def freeze_pledge(self) -> None:
        """Have the chair fix the text of the current item and ask the parties."""
        await self.chair.tap("Giao ước", on=self.plan.title)
        await self.chair.tap("Lấy xác nhận của các bên", on=key_of(self.current))
        told = await self.chair.tap("Chốt và lấy xác nhận")
        assert told.startswith("Đã chốt văn bản"), told

    async def confirm(self, name: str, version: int = 1) -> str:
        """Have a signer read a version and confirm it, asked twice; gives what answers."""
        signer = self.people[name]
        await self.read_pledge(signer, version)
        return await signer.tap("Có, tôi xác nhận", on=f"bản {version}", answer="Đã ghi nhận")

    async def read_pledge(self, signer: Somebody, version: int = 1) -> None:
        """Have a signer read a version of the pledge and say so, but not yet confirm."""
        await signer.tap("Giao ước", on=self.plan.title)
        await signer.tap("Tôi đã đọc, xác nhận", on=f"Bản {version}, SHA-256")

    async def close(self) -> str:
        """Have the meeting closed; the group, and everybody who can be reached, get the summary."""
        await self.chair.tap("Bế mạc")
        told = f"Tổng hợp: {self.plan.title}"
        reached = [
            person
            for person in self.people.values()
            if not (isinstance(person, ChatPerson) and person.phone.has_blocked)
        ]
        await asyncio.gather(*(person.reads(told) for person in reached))
        summary = await self.group.sees(told, wait=PATIENCE)
        # A long one takes several messages.
        later = itertools.dropwhile(lambda message: message.id != summary.id, self.group.messages)
        return "\n".join(message.text for message in later)


TelegramRoom = Room[ChatPerson, Group]


@contextlib.asynccontextmanager
async def begun(
    url: str, mode: str, plan: MeetingPlan, organiser: str, host: str
) -> AsyncIterator[TelegramRoom]:
    """Give a meeting that is founded, stored from its workbook and bound to a group."""
    async with (
        FakeBotApi() as fake,
        StagedProgram(url, fake, mode=mode) as program,
        Crowd(program, fake) as crowd,
    ):
        people = {each.name: crowd.chat(each.name) for each in plan.attendees}
        founder = people[organiser]
        await found(founder, await program.founder_link("Telegram"), host=host, name=organiser)
        await store(founder, plan)
        ways = await hand_out(founder)
        shared = await shared_link(founder, "Telegram")
        group = await bind_group(founder, "Hội nghị", meeting=plan.title)
        await group.pins(plan.title, wait=PATIENCE)
        yield Room(fake, plan, people, founder, group, ways, shared)
        assert (fake.webhook is not None) == (mode == "webhook")
