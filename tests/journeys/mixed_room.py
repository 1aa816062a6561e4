"""A whole meeting whose people are on several platforms, and some of whom have no phone at all."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from bot.demo.hall import Ballot, key_of
from meeting.plan import MeetingPlan
from tests.fakes.bot_api import FakeBotApi, Group
from tests.fakes.zalo_api import FakeZalo
from tests.fakes.zalo_api import Group as ZaloGroup
from tests.journeys.people import (
    PATIENCE,
    ChatPerson,
    Crowd,
    WebPerson,
    bind_group,
    found,
    hand_out,
    store,
)
from tests.journeys.program import StagedProgram
from tests.journeys.room import Room
from tests.journeys.zalo import HABITS, ZaloPerson

Member = ChatPerson | ZaloPerson | WebPerson


@dataclass
class Places:
    """Where the people of a meeting are: on Telegram who is named nowhere.

    Those `on_both` have Zalo besides Telegram, and used it last.
    """

    on_zalo: Sequence[str]
    on_pages: Sequence[str] = ()
    on_both: Sequence[str] = ()
    without_phone: Sequence[str] = ()


@dataclass
class MixedRoom(Room[Member, Group | ZaloGroup]):
    """A meeting's people wherever they are; `former` are the Telegram chats of those who have Zalo, too."""

    zalo: FakeZalo = field(kw_only=True)
    crowd: Crowd = field(kw_only=True)
    program: StagedProgram = field(kw_only=True)
    places: Places = field(kw_only=True)
    former: Mapping[str, ChatPerson] = field(kw_only=True)

    def on_zalo(self, name: str) -> ZaloPerson:
        person = self.people[name]
        assert isinstance(person, ZaloPerson)
        return person

    @property
    def all_on_zalo(self) -> list[ZaloPerson]:
        return [person for person in self.people.values() if isinstance(person, ZaloPerson)]

    async def come_in(self) -> None:
        """Have everybody come in: by a link, on Zalo by the code that stands beside the bot's address."""
        await asyncio.gather(
            *(person.open_link(self.ways[name].links["Telegram"]) for name, person in self.former.items())
        )
        await asyncio.gather(
            *(
                self._come_in(name, person)
                for name, person in self.people.items()
                if person is not self.organiser
            )
        )

        if isinstance(self.group, ZaloGroup):
            await self._bind(self.group)

    async def _bind(self, group: ZaloGroup) -> None:
        """Have the organiser, who uses Zalo only for this, type a group's code to the bot there."""
        phone = self.zalo.person(self.organiser.name)
        await ZaloPerson(phone).write(self.ways[phone.name].code, answer="Đã liên kết")
        await self.organiser.tap("Giấy mời")
        await self.organiser.tap("Gắn vào nhóm…")
        lines = await self.organiser.reads("thêm bot (https://zalo.me/")
        code = next(line for line in lines if "thêm bot (" in line).rpartition("nhập mã ")[2]
        phone.says(group, code)
        await group.sees(self.plan.title, wait=PATIENCE)
        await self.organiser.write("/meeting")

    async def _come_in(self, name: str, person: Member) -> None:
        way = self.ways[name]
        match person:
            case ZaloPerson():
                await person.open_link(way.links["Zalo (mở rồi nhắn mã)"])
                code = way.code.lower().replace("-", " ")
                await person.write(code, answer=f"Đã liên kết: {name}")
                await person.reads(f"Kính mời đồng chí {name}")
            case WebPerson():
                await person.open_link(way.links["Web"])
            case ChatPerson():
                await person.open_link(way.links["Telegram"])

    async def confirm_presence(self, present: Sequence[str]) -> None:
        """Have everybody's presence confirmed, on Zalo in words; the secretary enters who has no phone."""
        await self.secretary.tap("Mở xác nhận có mặt")
        await asyncio.gather(*(self._confirm_presence(self.people[name]) for name in present))
        for name in self.places.without_phone:
            await self.enter_presence(name)
        await self.chair.tap("Khai mạc")

    async def _confirm_presence(self, person: Member) -> None:
        recorded = "có mặt lúc"
        if isinstance(person, ZaloPerson) and self.all_on_zalo.index(person) % 2:
            await person.finds("Xác nhận có mặt")
            await person.write("co mat", answer=recorded)
        else:
            await person.tap("Xác nhận có mặt", answer=recorded)

    async def enter_presence(self, name: str) -> None:
        """Have the secretary enter somebody who came without a phone."""
        await self.secretary.tap("Đại biểu", on=self.plan.title)
        await self.secretary.tap("Tìm theo tên")
        await self.secretary.write(name)
        await self.secretary.tap("Ghi có mặt", on=name)

    async def enter_choice(self, name: str, label: str, title: str) -> None:
        """Have the secretary enter the choice of somebody without a phone."""
        await self.secretary.tap("Danh sách biểu quyết", on=key_of(title))
        await self.secretary.tap("Tìm theo tên", on="Đã biểu quyết")
        await self.secretary.write(name)
        await self.secretary.tap(label, on=name)

    async def told_to_all(self, text: str) -> None:
        """Wait until everybody who is reached somewhere has read this."""
        await asyncio.gather(*(person.reads(text) for person in self.people.values()))

    async def forecast(self) -> int:
        """Have the organiser look up how many of Zalo's messages the meeting will take."""
        await self.organiser.tap("Số tin", on=self.plan.title)
        lines = "\n".join(await self.organiser.reads("Hội nghị này còn cần khoảng"))
        found = re.search(r"còn cần khoảng ([0-9.]+) tin", lines)
        assert found is not None, lines
        return int(found[1].replace(".", ""))

    async def lose_next(self) -> None:
        """Have what is sent next on Zalo taken from there, and lost on its way to the program."""
        self.zalo.cut("getUpdates", is_carried_out=True)
        await self.all_on_zalo[0].write("?")
        await self.zalo.until(lambda: self.zalo.is_polled, what="the poll that is cut")

    async def fetch(self, lines: Sequence[str], name: str) -> bytes:
        """Open the address that stands behind a file's name, as anybody who was sent it does."""
        address = next(line.partition(": ")[2] for line in lines if line.startswith(f"{name}: http"))
        response = await self.crowd.page().client.get(address)
        assert response.status_code == HTTPStatus.OK, response.text
        return response.content

    async def vote(self, ballots: Mapping[str, Ballot], title: str) -> None:
        """Have people vote at the same time, wherever they are; the secretary enters who has no phone."""
        by_secretary = {name: ballot for name, ballot in ballots.items() if name not in self.people}
        await self.cast({name: ballots[name] for name in ballots if name not in by_secretary}, title)
        for name, ballot in by_secretary.items():
            await self.enter_choice(name, ballot[-1].label, title)


@contextlib.asynccontextmanager
async def begun_mixed(
    url: str, mode: str, plan: MeetingPlan, organiser: str, host: str, places: Places, *, in_zalo_group: bool
) -> AsyncIterator[MixedRoom]:
    """Give a meeting that is founded and stored, and that a group on Telegram or Zalo follows."""
    async with (
        FakeBotApi() as fake,
        FakeZalo() as zalo,
        StagedProgram(url, fake, zalo, mode=mode) as program,
        Crowd(program, fake) as crowd,
    ):
        # Both forms in which updates come are used somewhere.
        zalo.brings_flat = zalo.refuses_by_status = in_zalo_group
        habits = dict(zip([*places.on_zalo, *places.on_both], HABITS * 9, strict=False))
        former = {name: crowd.chat(name) for name in places.on_both}

        def member(name: str) -> Member:
            if name in habits:
                return ZaloPerson(zalo.person(name), habits[name])
            return crowd.person(name) if name in places.on_pages else crowd.chat(name)

        people = {
            each.name: member(each.name) for each in plan.attendees if each.name not in places.without_phone
        }
        founder = people[organiser]
        assert isinstance(founder, ChatPerson)
        await found(founder, await program.founder_link("Telegram"), host=host, name=organiser)
        await store(founder, plan)
        ways = await hand_out(founder)
        group: Group | ZaloGroup
        if in_zalo_group:
            group = zalo.group("Hội nghị")
        else:
            group = await bind_group(founder, "Hội nghị", meeting=plan.title)
        yield MixedRoom(
            fake,
            plan,
            people,
            founder,
            group,
            ways,
            "",
            zalo=zalo,
            crowd=crowd,
            program=program,
            places=places,
            former=former,
        )
