"""The people of one meeting, each before a page of their own, and what any meeting has them do."""

import asyncio
import contextlib
import random
import ssl
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import httpx

from bot.demo.progress import Steps
from bot.demo.transcript import Transcript
from bot.demo.visitor import VisitError, Visitor
from bot.wording.labels import role_text, standing_text
from bot.wording.voice import Voice
from bot.workbook.writing import write_workbook
from meeting.people import Standing
from meeting.plan import MeetingPlan, PlannedAttendee

_LINK = "Web: "
_PAUSE = 0.3
"""The most seconds that somebody takes before acting when many act at once."""
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Never used, as the pages are on this machine: to load the certificates for each of fifty takes a second."""
_KEY_LENGTH = 60
"""So much of a title names an item; longer ones are cut on the cards."""

YES, NO, OTHER = "Tán thành", "Không tán thành", "Ý kiến khác"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody taps in a vote; `opinion` is typed after *ý kiến khác*."""

    label: str
    opinion: str = ""


Ballot = Sequence[Choice]
"""What somebody taps one after the other: more than one where the choice is changed."""

IN_FAVOUR: Ballot = (Choice(YES),)


class Hall:
    """A meeting's people and what they do together; `seed` makes every pause the same each time."""

    def __init__(
        self, address: str, plan: MeetingPlan, transcript: Transcript, steps: Steps, voice: Voice, seed: str
    ) -> None:
        self.plan = plan
        self.steps = steps
        self.visitors: dict[str, Visitor] = {}
        self._address = address
        self._transcript = transcript
        self._voice = voice
        self._random = random.Random(seed)  # noqa: S311 - pauses, not secrets
        self._stack = contextlib.AsyncExitStack()

    async def close(self) -> None:
        """Have everybody leave their page."""
        await self._stack.aclose()

    def of(self, name: str) -> Visitor:
        """Give somebody by name."""
        return self.visitors[name]

    def enter(self, attendee: PlannedAttendee) -> Visitor:
        """Give somebody who is summoned a browser."""
        about = [attendee.position, attendee.unit, standing_text(self._voice, attendee.standing)]
        if attendee.role is not None:
            about.append(role_text(self._voice, attendee.role))
        part = self._transcript.add_part(attendee.name, ", ".join(filter(None, about)))
        # To each their own: one pool for fifty people spends more time on itself than on them.
        transport = httpx.AsyncHTTPTransport(verify=_NO_TLS)
        self._stack.push_async_callback(transport.aclose)
        visitor = Visitor(self._address, part, self._transcript, transport)
        self._stack.push_async_callback(visitor.leave)
        self.visitors[attendee.name] = visitor
        return visitor

    @property
    def timezone(self) -> ZoneInfo:
        """That of the place of the meeting."""
        return self._transcript.timezone

    async def pause(self) -> None:
        """Wait as long as a person takes to tap."""
        await asyncio.sleep(self._random.uniform(0, _PAUSE))

    # Before the meeting

    async def set_up(self, organiser: Visitor, founder_link: str, organisation: str) -> None:
        """Found the organisation with the one-time link and store the meeting from a workbook."""
        await organiser.open_link(founder_link)
        await organiser.write(organisation)
        await organiser.write(organiser.name)
        self.steps.say(f"{organisation} is founded")
        await organiser.tap("Nhập tệp")
        await organiser.send_file("hoi-nghi.xlsx", write_workbook(self.plan, "vi"))
        preview = await organiser.sees("Cần kiểm tra:")
        self.steps.say("the workbook is read: " + "; ".join(_after(preview.lines, "Cần kiểm tra:")))
        await organiser.tap("Lưu hội nghị")
        await organiser.sees(self.plan.title)
        self.steps.say("the meeting is stored")

    async def hand_out(self, organiser: Visitor) -> dict[str, str]:
        """Read everybody's personal link on the organiser's page, as it is to be handed out."""
        await organiser.tap("Giấy mời")
        links: dict[str, str] = {}
        page = 1
        while True:
            card = await organiser.sees("Giấy mời: ")
            links |= self._links_on(card.lines)
            page += 1
            if not organiser.offers(f"Trang {page} ›"):
                return links
            await organiser.tap(f"Trang {page} ›")

    def _links_on(self, lines: Iterable[str]) -> dict[str, str]:
        links, name = {}, ""
        for line in lines:
            if line.startswith(_LINK):
                links[name] = line.removeprefix(_LINK)
            else:
                heading = line.partition(", ")[0].partition(" (")[0]
                name = heading if heading in self.visitors else name
        return links

    async def open_pages(self, links: Mapping[str, str], but: Collection[Visitor] = ()) -> None:
        """Have everybody but some open the personal link."""
        missing = [name for name in self.visitors if name not in links]
        if missing:
            raise VisitError(f"no personal link is shown for: {', '.join(missing)}")
        await self.steps.together(
            "personal links are opened",
            [
                self._open(visitor, links[name])
                for name, visitor in self.visitors.items()
                if visitor not in but
            ],
        )

    async def _open(self, visitor: Visitor, link: str) -> None:
        await self.pause()
        await visitor.open_link(link)

    async def reply(self, absences: Mapping[str, str]) -> None:
        """Have everybody answer invitation and questions of consent; `absences` are reasons by name."""
        await self.steps.together(
            "invitations are answered",
            [self._reply(visitor, absences.get(name)) for name, visitor in self.visitors.items()],
        )

    async def _reply(self, visitor: Visitor, reason: str | None) -> None:
        await self.pause()
        if reason is None:
            await visitor.tap("Dự họp")
        else:
            await visitor.tap("Xin vắng")
            await visitor.write(reason)
        await visitor.tap("Đồng ý lưu liên hệ")
        wants_no_reminder = visitor.part.number % 7 == 0
        await visitor.tap("Không nhận tin nhắc" if wants_no_reminder else "Đồng ý nhận tin nhắc")

    async def check_in(self, present: Iterable[Visitor]) -> None:
        """Have people confirm that they are there."""
        await self.steps.together("presence is confirmed", [self._check_in(visitor) for visitor in present])

    async def _check_in(self, visitor: Visitor) -> None:
        await self.pause()
        await visitor.tap("Xác nhận có mặt")

    # In the meeting

    async def go_to(self, chair: Visitor, title: str) -> None:
        """Have the chair go to the next item, and see that it is this one."""
        is_first = title == self.plan.items[0].title
        # A button has room for the beginning of a title only.
        await chair.tap(f"{'Bắt đầu' if is_first else 'Tiếp theo'}: {title[:20]}…")

    async def cast(self, about: str, ballots: Mapping[Visitor, Ballot], title: str) -> None:
        """Have people vote at the same time."""
        await self.steps.together(
            f"ballots on {about}", [self._cast(who, ballot, title) for who, ballot in ballots.items()]
        )

    async def _cast(self, visitor: Visitor, ballot: Ballot, title: str) -> None:
        for choice in ballot:
            await self.pause()
            await visitor.tap(choice.label, on=key_of(title))
            if choice.opinion:
                await visitor.write(choice.opinion)

    async def take_hands(self, chair: Visitor, secretary: Visitor, title: str, counts: Sequence[int]) -> None:
        """Have an item voted on by counted hands: for, against, other opinion."""
        await self.go_to(chair, title)
        await secretary.tap("Biểu quyết giơ tay", on=key_of(title))
        await chair.tap("Mở biểu quyết", on=key_of(title))
        await secretary.tap("Nhập số giơ tay", on=key_of(title))
        for count in counts:
            await secretary.write(str(count))
        await chair.tap("Kết thúc", on=key_of(title))
        await chair.tap("Công bố kết quả", on=key_of(title))
        self.steps.say(f"hands are counted: {title}")

    async def agree(
        self, chair: Visitor, secretary: Visitor, title: str, additions: Sequence[str] = ()
    ) -> None:
        """Have the secretary record that the item the chair goes to is agreed without a count."""
        await self.go_to(chair, title)
        await self.record_agreement(secretary, title, additions)

    async def record_agreement(self, secretary: Visitor, title: str, additions: Sequence[str] = ()) -> None:
        """Have the secretary record that the current item is agreed without a count, and what was added."""
        if additions:
            await secretary.tap("Nhất trí có bổ sung, không kiểm đếm", on=key_of(title))
            await secretary.write("\n".join(additions))
        else:
            await secretary.tap("Nhất trí, không kiểm đếm", on=key_of(title))
        self.steps.say(f"agreed without a count: {title}")

    async def hear(self, chair: Visitor, secretary: Visitor, title: str) -> None:
        """Have an item heard with nothing to decide."""
        await self.go_to(chair, title)
        await self.record_heard(secretary, title)

    async def record_heard(self, secretary: Visitor, title: str) -> None:
        """Have the secretary record that the current item was heard, with nothing to decide."""
        await secretary.tap("Đã nghe, không quyết định", on=key_of(title))
        self.steps.say(f"heard: {title}")

    async def end(self, chair: Visitor) -> None:
        """Have the chair close the meeting; everybody gets the summary."""
        await chair.tap("Bế mạc")
        await self.steps.together(
            "the summary has come", [visitor.sees("Tổng hợp: ") for visitor in self.visitors.values()]
        )


def key_of(title: str) -> str:
    """Give as much of a title as every card shows."""
    return title[:_KEY_LENGTH]


def voting(plan: MeetingPlan) -> list[str]:
    """Give the names of those who may vote."""
    return [attendee.name for attendee in plan.attendees if attendee.standing is Standing.VOTING]


def _after(lines: Sequence[str], line: str) -> Sequence[str]:
    return lines[lines.index(line) + 1 :] if line in lines else ()
