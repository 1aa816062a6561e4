"""A meeting lived through the real handlers: people with phones, a clock that is set, events with ids."""

import itertools
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sqlmodel import select

from handlers import agenda, attendance, balloting, closing, drafting, inviting, joining, meetings, opening
from handlers.admission import Sender
from handlers.asking import Asked, House
from handlers.attendance import AttendanceStated, CheckedIn, CheckIn
from handlers.balloting import CastVote
from handlers.binding import Bound
from handlers.drafting import VotePrepared
from handlers.joining import Joined, NameNeeded
from handlers.meetings import MeetingAdded, MeetingOpened
from handlers.opening import VoteOpened
from meeting import codes
from meeting.agenda import ItemKind
from meeting.attendance import Attendance, Quorum, QuorumKind
from meeting.counting import MAJORITY, TWO_THIRDS
from meeting.people import Role, Standing
from meeting.plan import MeetingPlan, PlannedAttendee, PlannedItem, PlannedUnit
from meeting.record import Entry, first_break
from meeting.refusals import Refusal, Refused
from meeting.regimes import Rules, Template
from meeting.states import CardKind, PostKind
from meeting.tally import Tally
from meeting.voting import BallotResult, BaseKind, Method, Option
from storage import cards, posts, reading, record
from storage.database import Database
from storage.rows import AccountRow, InvitationRow
from storage.views import ElectorView, ItemView, MeetingView, VoteView
from tests.contents import Contents, put_contents, take_contents

KEY = b"a key for tests, long enough to be one"
START = datetime(2026, 12, 30, 6, 0, tzinfo=UTC)
ORGANISER = "Bùi Thị Tổ Chức"

_EVENTS = itertools.count(1)
_BEGINNINGS: dict[tuple[object, ...], tuple[Any, Contents]] = {}
"""What was lived through in this run, to be put back where another story begins with the same."""


class Clock:
    """An instant that stands still until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def advance(self, span: timedelta = timedelta(seconds=1)) -> None:
        self._at += span


def rules(
    quorum: QuorumKind = QuorumKind.SUMMONED,
    base: BaseKind = BaseKind.ATTENDEES,
    *,
    is_verified: bool = False,
) -> Rules:
    return Rules("OWN", Quorum(quorum, TWO_THIRDS), base, MAJORITY, "Quy chế làm việc", is_verified)


def seat(
    name: str,
    unit: str | None = None,
    standing: Standing = Standing.VOTING,
    role: Role | None = None,
    phone: str | None = None,
) -> PlannedAttendee:
    return PlannedAttendee(name=name, unit=unit, position=None, standing=standing, phone=phone, role=role)


def plan(
    attendees: Iterable[PlannedAttendee | str],
    items: Iterable[PlannedItem] = (PlannedItem("Báo cáo tổng kết", ItemKind.REPORT),),
    *,
    rules: Rules = rules(),  # noqa: B008 - a value
    units: Iterable[str] = (),
    headcount: int | None = None,
    title: str = "Hội nghị",
    starts_at: datetime = datetime(2026, 12, 30, 14, 0),  # noqa: DTZ001 - wall time, as it is planned
) -> MeetingPlan:
    return MeetingPlan(
        title=title,
        template=Template.THUONG,
        host="Sở Nội vụ",
        place="Hội trường A",
        starts_at=starts_at,
        timezone="Asia/Ho_Chi_Minh",
        rules=rules,
        headcount=headcount,
        has_union=True,
        units=tuple(PlannedUnit(unit) for unit in units),
        attendees=tuple(seat(each) if isinstance(each, str) else each for each in attendees),
        items=tuple(items),
    )


@dataclass(frozen=True)
class Phone:
    """An account of somebody's."""

    sender: Sender
    account_id: int


@dataclass
class Journey:
    """An organisation with its meeting. People go by their names, with one phone each."""

    database: Database
    clock: Clock
    house: House
    organisation_id: int = 0
    meeting_id: int = 0
    phones: dict[str, Phone] = field(default_factory=dict)
    attendees: dict[str, int] = field(default_factory=dict)
    items: list[int] = field(default_factory=list)

    # Beginning

    @classmethod
    async def begun(cls, database: Database, clock: Clock | None = None) -> Self:
        """Nobody has founded anything yet."""
        clock = clock or Clock()
        return cls(database, clock, House(database, clock.now, KEY))

    @classmethod
    async def founded(
        cls, database: Database, *, name: str = "Sở Nội vụ", organiser: str = ORGANISER
    ) -> Self:
        """An organisation with one organiser."""

        async def begin() -> Self:
            journey = await cls.begun(database)
            await journey.found(name, organiser)
            return journey

        return await cls.once(database, ("founded", name, organiser), begin)

    @classmethod
    async def planned(cls, database: Database, meeting: MeetingPlan, *, are_bound: bool = True) -> Self:
        """A meeting whose attendees all have opened their links (unless not `are_bound`)."""

        async def begin() -> Self:
            journey = await cls.founded(database)
            await journey.add_meeting(meeting)
            if are_bound:
                await journey.join_all()
            return journey

        return await cls.once(database, ("planned", meeting, are_bound), begin)

    @classmethod
    async def opened(cls, database: Database, meeting: MeetingPlan, *, absent: Iterable[str] = ()) -> Self:
        """An open meeting with everybody present but the `absent`, and the attendance stated."""
        away = frozenset(absent)

        async def begin() -> Self:
            journey = await cls.planned(database, meeting)
            await journey.open_meeting()
            await journey.check_in(*(name for name in journey.attendees if name not in away))
            await journey.state()
            return journey

        return await cls.once(database, ("opened", meeting, away), begin)

    @classmethod
    async def once(
        cls, database: Database, beginning: tuple[object, ...], begin: Callable[[], Awaitable[Self]]
    ) -> Self:
        """Live through a beginning once in a run; whoever begins alike in an empty database gets a copy.

        `beginning` says all that `begin` depends on.
        """
        async with database.snapshot() as tx:
            is_used = [await tx.scalar(select(row.id).limit(1)) for row in (AccountRow, InvitationRow)]
        if any(is_used):
            return await begin()
        key = (cls, database.is_sqlite, *beginning)
        if key not in _BEGINNINGS:
            journey = await begin()
            _BEGINNINGS[key] = (journey.moved_to(database), await take_contents(database))
            return journey
        kept, contents = _BEGINNINGS[key]
        await put_contents(database, contents)
        moved: Self = kept.moved_to(database)
        return moved

    def moved_to(self, database: Database) -> Self:
        """The same, at the same time, in another database."""
        clock = Clock(self.clock.now())
        return replace(
            self,
            database=database,
            clock=clock,
            house=House(database, clock.now, KEY),
            phones=dict(self.phones),
            attendees=dict(self.attendees),
            items=list(self.items),
        )

    async def found(self, name: str, organiser: str) -> Bound:
        code = (await inviting.make_founder_code(self.house)).code
        joined = await self.join(organiser, code)
        assert isinstance(joined, NameNeeded)
        self.phones[organiser] = Phone(self.sender(organiser), joined.account.account_id)
        founded = await joining.found_organisation(
            self.house,
            self.asked(organiser),
            code,
            name,
            organiser,
            language="vi",
            timezone="Asia/Ho_Chi_Minh",
        )
        assert isinstance(founded, Bound)
        self.organisation_id = founded.organisation_id
        return founded

    async def add_meeting(self, meeting: MeetingPlan, by: str = ORGANISER) -> int:
        added = await meetings.add_meeting(
            self.house, self.asked(by), self.organisation_id, meeting, address="dong_chi"
        )
        assert isinstance(added, MeetingAdded)
        self.meeting_id = added.meeting_id
        await self.reread()
        return added.meeting_id

    async def reread(self) -> None:
        """Learn the ids of attendees and items."""
        async with self.database.snapshot() as tx:
            roll = await reading.get_roll_view(tx, self.meeting_id)
            self.attendees = {attendee.name: attendee.attendee_id for attendee in roll.attendees}
            self.items = [item.item_id for item in await reading.list_items(tx, self.meeting_id)]

    # Ways in

    def sender(self, name: str, platform: str = "telegram") -> Sender:
        return Sender(platform, f"{platform}:{name}", f"chat of {name}", name, "vi")

    async def token(self, name: str) -> str:
        """The token of an attendee's personal link."""
        return (await self.way_in(name))[0]

    async def code(self, name: str) -> str:
        """The code that is printed for an attendee."""
        return (await self.way_in(name))[1]

    async def way_in(self, name: str) -> tuple[str, str]:
        async with self.database.snapshot() as tx:
            invitations = await reading.list_invitations(tx, self.meeting_id)
        found = next(each for each in invitations if each.attendee.name == name)
        key = self.house.key
        return (
            codes.link_token(key, found.invitation_id, found.generation),
            codes.short_code(key, found.invitation_id, found.generation),
        )

    async def join(
        self,
        name: str,
        code: str,
        *,
        platform: str = "telegram",
        event: str | None = None,
        may_move: bool = False,
    ) -> Joined:
        """Take up a code with the phone of somebody who may be unknown yet."""
        sender = self.sender(name, platform)
        event_id = event or self.event()
        return await joining.join(self.house, sender, event_id, code, may_move=may_move)

    async def bind(self, name: str, *, platform: str = "telegram") -> Bound:
        """Have an attendee open the personal link."""
        joined = await self.join(name, await self.token(name), platform=platform)
        assert isinstance(joined, Bound), joined
        self.phones[name if platform == "telegram" else f"{name} ({platform})"] = Phone(
            self.sender(name, platform), joined.account.account_id
        )
        return joined

    async def join_all(self) -> None:
        async with self.database.snapshot() as tx:
            invitations = await reading.list_invitations(tx, self.meeting_id)
        for each in invitations:
            name = each.attendee.name
            token = codes.link_token(self.house.key, each.invitation_id, each.generation)
            joined = await self.join(name, token)
            assert isinstance(joined, Bound), joined
            self.phones[name] = Phone(self.sender(name), joined.account.account_id)

    async def meet(self, name: str, *, platform: str = "telegram") -> int:
        """Somebody nobody knows writes: the account, bound to nobody."""
        joined = await self.join(name, (await inviting.make_founder_code(self.house)).code, platform=platform)
        assert isinstance(joined, NameNeeded)
        self.phones[name] = Phone(self.sender(name, platform), joined.account.account_id)
        return joined.account.account_id

    async def appoint(self, name: str, role: Role, by: str = ORGANISER) -> None:
        """Somebody new takes up a role by its one-time link."""
        way = await inviting.invite_role(self.house, self.asked(by), self.meeting_id, role)
        assert not isinstance(way, Refused)
        joined = await self.join(name, way.token)
        if isinstance(joined, NameNeeded):
            self.phones[name] = Phone(self.sender(name), joined.account.account_id)
            accepted = await joining.accept_role(self.house, self.asked(name), way.token, name)
            assert isinstance(accepted, Bound), accepted

    # Asking

    def event(self) -> str:
        return f"e{next(_EVENTS)}"

    def asked(self, name: str, *, event: str | None = None, dialogue_version: int | None = None) -> Asked:
        """Somebody's request, by an event of its own or by one that is delivered again."""
        phone = self.phones[name]
        return Asked(phone.account_id, phone.sender.platform, event or self.event(), dialogue_version)

    def account(self, name: str) -> int:
        return self.phones[name].account_id

    # The meeting

    async def open_meeting(self, by: str = ORGANISER) -> None:
        opened = await meetings.open_meeting(self.house, self.asked(by), self.meeting_id)
        assert isinstance(opened, MeetingOpened), opened

    async def check_in(self, *names: str) -> None:
        batch = [CheckIn(self.asked(name), self.meeting_id) for name in names]
        results = await attendance.check_in(self.house, batch)
        assert all(isinstance(result, CheckedIn) for result in results), results

    async def come_in(self, name: str, *, event: str | None = None) -> CheckedIn | Refused:
        """One tap on "I am here"."""
        batch = [CheckIn(self.asked(name, event=event), self.meeting_id)]
        return (await attendance.check_in(self.house, batch))[0]

    async def enter(self, *names: str, by: str = ORGANISER) -> None:
        """Have the secretary enter people as present."""
        for name in names:
            entered = await attendance.check_in_for(self.house, self.asked(by), self.attendees[name])
            assert not isinstance(entered, Refused), entered

    async def leave(self, name: str, by: str = ORGANISER) -> None:
        left = await attendance.mark_left(self.house, self.asked(by), self.attendees[name])
        assert not isinstance(left, Refused), left

    async def state(self, by: str = ORGANISER) -> Attendance:
        """Have the attendance confirmed as it is."""
        present = (await self.count()).counted
        stated = await attendance.state_attendance(self.house, self.asked(by), self.meeting_id, present)
        assert isinstance(stated, AttendanceStated), stated
        return stated.attendance

    async def count(self) -> Attendance:
        async with self.database.snapshot() as tx:
            return await reading.get_attendance(tx, self.meeting_id)

    # Votes

    async def draft(self, place: int = 0, method: Method = Method.CHAT, by: str = ORGANISER) -> int:
        prepared = await drafting.prepare_vote(self.house, self.asked(by), self.items[place], method)
        assert isinstance(prepared, VotePrepared), prepared
        return prepared.vote_id

    async def open_vote(
        self,
        place: int = 0,
        method: Method = Method.CHAT,
        by: str = ORGANISER,
        *,
        within: timedelta | None = None,
    ) -> int:
        vote_id = await self.draft(place, method, by)
        await self.open_draft(vote_id, by, within=within)
        return vote_id

    async def open_draft(
        self, vote_id: int, by: str = ORGANISER, *, within: timedelta | None = None
    ) -> VoteOpened:
        opened = await opening.open_vote(self.house, self.asked(by), vote_id, within=within)
        assert isinstance(opened, VoteOpened), opened
        return opened

    async def cast(
        self,
        vote_id: int,
        name: str,
        option: Option,
        opinion: str | None = None,
        *,
        event: str | None = None,
    ) -> BallotResult:
        """One tap on a choice."""
        batch = [CastVote(self.asked(name, event=event), vote_id, option, opinion)]
        return (await balloting.cast_votes(self.house, batch))[0]

    async def cast_all(self, vote_id: int, choices: Mapping[str, Option]) -> list[BallotResult]:
        batch = [CastVote(self.asked(name), vote_id, option) for name, option in choices.items()]
        return await balloting.cast_votes(self.house, batch)

    async def close_vote(self, vote_id: int, by: str = ORGANISER) -> Tally:
        closed = await closing.close_vote(self.house, self.asked(by), vote_id, is_sure=True)
        assert isinstance(closed, closing.VoteClosed), closed
        return closed.tally

    async def announce(self, vote_id: int, by: str = ORGANISER) -> closing.VoteAnnounced:
        announced = await closing.announce_vote(self.house, self.asked(by), vote_id)
        assert isinstance(announced, closing.VoteAnnounced), announced
        return announced

    async def decide(self, place: int, choices: Mapping[str, Option]) -> int:
        """A whole vote, from the draft to the announcement."""
        vote_id = await self.open_vote(place)
        await self.cast_all(vote_id, choices)
        await self.close_vote(vote_id)
        await self.announce(vote_id)
        return vote_id

    async def close_meeting(self, by: str = ORGANISER) -> None:
        closed = await meetings.close_meeting(self.house, self.asked(by), self.meeting_id, is_sure=True)
        assert isinstance(closed, meetings.MeetingClosed), closed

    # What is there

    async def vote(self, vote_id: int) -> VoteView:
        async with self.database.snapshot() as tx:
            return await reading.get_vote_view(tx, vote_id)

    async def electors(self, vote_id: int) -> dict[str, ElectorView]:
        async with self.database.snapshot() as tx:
            roll = await reading.get_vote_roll_view(tx, vote_id)
        return {elector.name: elector for elector in roll.electors}

    async def choices(self, vote_id: int) -> dict[str, Option]:
        """Who has voted what, as it is stored."""
        electors = await self.electors(vote_id)
        return {name: elector.option for name, elector in electors.items() if elector.option is not None}

    async def meeting(self) -> MeetingView:
        async with self.database.snapshot() as tx:
            return await reading.get_meeting_view(tx, self.meeting_id)

    async def agenda(self) -> list[ItemView]:
        async with self.database.snapshot() as tx:
            return await reading.list_items(tx, self.meeting_id)

    async def item(self, place: int = 0) -> ItemView:
        items = {item.item_id: item for item in await self.agenda()}
        return items[self.items[place]]

    async def entries(self) -> list[Entry]:
        async with self.database.snapshot() as tx:
            entries = await record.list_entries(tx, self.meeting_id)
        assert first_break(entries) is None
        return entries

    async def acts(self) -> list[str]:
        """What the record names, in order."""
        return [entry.act for entry in await self.entries()]

    async def posts_to(self, name: str) -> list[PostKind]:
        """What was sent to somebody, oldest first."""
        account_id = self.account(name)
        async with self.database.snapshot() as tx:
            found = await posts.list_posts(tx, [account_id], 100)
        return [post.kind for post in reversed(found[account_id])]

    async def cards_of(self, name: str) -> dict[tuple[CardKind, int], int]:
        """Which cards somebody's phone follows, and the version that each should show."""
        sender = self.phones[name].sender
        async with self.database.snapshot() as tx:
            found = await cards.list_card_versions(tx, sender.platform, [sender.chat])
        account_id = self.account(name)
        return {
            (card.kind, card.subject_id): card.wanted_version
            for card in found
            if card.account_id == account_id
        }


def refused(result: object) -> Refusal:
    """The reason of what is expected to be refused."""
    assert isinstance(result, Refused), result
    return result.reason


ITEMS: Sequence[PlannedItem] = (
    PlannedItem("Báo cáo tổng kết", ItemKind.REPORT),
    PlannedItem("Nghị quyết", ItemKind.DOCUMENT),
    PlannedItem("Kế hoạch năm", ItemKind.DOCUMENT, is_advisory=True),
)

__all__ = [
    "ITEMS",
    "KEY",
    "ORGANISER",
    "START",
    "Clock",
    "Journey",
    "Phone",
    "agenda",
    "plan",
    "refused",
    "rules",
    "seat",
]
