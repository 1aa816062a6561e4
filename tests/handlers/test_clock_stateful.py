"""Meetings at random while the program runs, stops and starts: who is reminded of what, and how often."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlmodel import col, select

from handlers import attendance, binding, drafting, joining, meetings, moving, opening
from handlers.asking import House
from handlers.due import do_due_work
from handlers.reminders import cause_of
from meeting.people import Presence, Purpose, Reply, Standing
from meeting.plan import MeetingPlan
from meeting.refusals import Refused
from meeting.reminders import MEETING_REMINDERS, REPLY_REMINDERS, last_at, quiet_until, send_at
from meeting.states import DueKind, MeetingState, PostKind
from meeting.voting import Method, VoteState
from storage.database import Database
from storage.due import find_next_due_at
from storage.reading import get_meeting_view
from storage.rows import PostRow, VoteRow
from storage.views import MeetingView
from tests.handlers.journey import ITEMS, ORGANISER, Clock, Journey, Phone, plan, seat

GUEST = "Khách"
NAMES = ("An", "Bình", "Chi", GUEST)
EARLY = ("An", "Chi")
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BEGUN = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
PARTS = [(DueKind.MEETING_REMINDER, part) for part in MEETING_REMINDERS]
PARTS += [(DueKind.REPLY_WANTED, part) for part in REPLY_REMINDERS]
CONCERNED = {
    DueKind.MEETING_REMINDER: {Reply.NONE, Reply.COMING},
    DueKind.REPLY_WANTED: {Reply.NONE},
}


def meeting(wall: datetime, title: str) -> MeetingPlan:
    attendees = [*map(seat, NAMES[:-1]), seat(GUEST, standing=Standing.GUEST)]
    return plan(attendees, ITEMS[:1], starts_at=wall, title=title)


starts = st.builds(
    lambda days, minutes: timedelta(days=days, minutes=minutes), st.integers(0, 9), st.integers(1, 1439)
)
spans = st.sampled_from([timedelta(days=2), timedelta(hours=11), timedelta(minutes=20)])
names = st.sampled_from(NAMES)

R = TypeVar("R")


@dataclass
class Known:
    """What the model knows of a meeting: since when it is planned for its start, and its people."""

    journey: Journey
    planned_at: datetime
    replies: dict[str, Reply] = field(default_factory=lambda: dict.fromkeys(NAMES, Reply.NONE))
    presence: dict[str, Presence] = field(default_factory=lambda: dict.fromkeys(NAMES, Presence.AWAY))


class ClockMachine(RuleBasedStateMachine):
    """Three members and a guest, with meetings side by side; some are bound from the beginning."""

    template: Path
    runner: asyncio.Runner
    prepared: Journey

    def __init__(self) -> None:
        super().__init__()
        path = self.template.with_name("example.db")
        shutil.copyfile(self.template, path)
        self.database = Database.open(f"sqlite+aiosqlite:///{path}")
        self.clock = Clock(BEGUN)
        self.house = House(self.database, self.clock.now, self.prepared.house.key)
        self.known = [Known(self.moved_in(self.prepared), BEGUN)]
        self.accounts = {name: {self.prepared.account(name)} if name in EARLY else set() for name in NAMES}
        self.refused: set[str] = set()
        self.running_since: datetime | None = BEGUN
        self.ran_at = BEGUN
        self.told: set[tuple[str, str]] = set()

    def moved_in(self, journey: Journey) -> Journey:
        """A journey through this example's database, by its clock."""
        return replace(
            journey,
            database=self.database,
            clock=self.clock,
            house=self.house,
            phones=dict(journey.phones),
        )

    def run(self, act: Coroutine[Any, Any, R]) -> R:
        return self.runner.run(act)

    def teardown(self) -> None:
        self.run(self.database.close())

    # What people do

    @precondition(lambda self: len(self.known) < 3)
    @rule(ahead=starts)
    def create(self, ahead: timedelta) -> None:
        journey = self.moved_in(self.known[0].journey)
        wall = (self.clock.now() + ahead).astimezone(ZONE).replace(tzinfo=None, second=0)
        self.run(journey.add_meeting(meeting(wall, f"Hội nghị {len(self.known)}")))
        self.known.append(Known(journey, self.clock.now()))

    def pick(self, which: int) -> Known:
        return self.known[which % len(self.known)]

    @rule(name=names, is_page=st.booleans())
    def bind(self, name: str, *, is_page: bool) -> None:
        first = self.known[0].journey
        platform = "web" if is_page else "telegram"
        bound = self.run(first.join(name, self.run(first.token(name)), platform=platform))
        if isinstance(bound, Refused):
            return  # the meeting whose link it is was over long ago
        assert isinstance(bound, binding.Bound)
        self.accounts[name].add(bound.account.account_id)
        for known in self.known:
            phone = Phone(first.sender(name, platform), bound.account.account_id)
            known.journey.phones.setdefault(name, phone)

    @rule(which=st.integers(0, 2), ahead=starts, keeps_time=st.booleans())
    def move(self, which: int, ahead: timedelta, *, keeps_time: bool) -> None:
        known = self.pick(which)
        wall = (self.clock.now() + ahead).astimezone(ZONE).replace(tzinfo=None, second=0)
        journey = known.journey
        moved = self.run(
            moving.move_meeting(
                self.house,
                journey.asked(ORGANISER),
                journey.meeting_id,
                None if keeps_time else wall,
                f"Hội trường {ahead}",
            )
        )
        if not isinstance(moved, Refused) and not keeps_time:
            known.planned_at = self.clock.now()

    @rule(which=st.integers(0, 2), how=st.sampled_from([*["goes on"] * 5, "opened", "closed", "cancelled"]))
    def end(self, which: int, how: str) -> None:
        journey = self.pick(which).journey
        asked, meeting_id = journey.asked(ORGANISER), journey.meeting_id
        match how:
            case "opened":
                self.run(meetings.open_meeting(self.house, asked, meeting_id))
            case "closed":
                self.run(meetings.close_meeting(self.house, asked, meeting_id, is_sure=True))
            case "cancelled":
                self.run(moving.cancel_meeting(self.house, asked, meeting_id, "Bão"))

    @rule(which=st.integers(0, 2), name=names, reply=st.sampled_from([Reply.COMING, Reply.ABSENT]))
    def answer(self, which: int, name: str, reply: Reply) -> None:
        known = self.pick(which)
        if name in known.journey.phones:
            replied = self.run(
                attendance.reply_to_invitation(
                    self.house, known.journey.asked(name), known.journey.meeting_id, reply, reason="ốm"
                )
            )
            if isinstance(replied, attendance.Replied):
                known.replies[name] = reply

    @rule(which=st.integers(0, 2), name=names)
    def check_in(self, which: int, name: str) -> None:
        known = self.pick(which)
        asked, meeting_id = known.journey.asked(ORGANISER), known.journey.meeting_id
        self.run(attendance.open_check_in(self.house, asked, meeting_id))
        if name in known.journey.phones and isinstance(
            self.run(known.journey.come_in(name)), attendance.CheckedIn
        ):
            known.presence[name] = Presence.PRESENT

    @rule(name=names, is_given=st.booleans())
    def consent(self, name: str, *, is_given: bool) -> None:
        journey = self.known[0].journey
        if name in journey.phones:
            given = self.run(
                joining.give_consent(
                    self.house,
                    journey.asked(name),
                    journey.meeting_id,
                    Purpose.REMINDERS,
                    is_given=is_given,
                    wording_version="1",
                    language="vi",
                )
            )
            assert not isinstance(given, Refused)
            (self.refused.discard if is_given else self.refused.add)(name)

    @rule(which=st.integers(0, 2))
    def vote(self, which: int) -> None:
        journey = self.pick(which).journey
        prepared = self.run(
            drafting.prepare_vote(self.house, journey.asked(ORGANISER), journey.items[0], Method.CHAT)
        )
        if isinstance(prepared, drafting.VotePrepared):
            within = timedelta(minutes=3)
            asked = journey.asked(ORGANISER)
            self.run(opening.open_vote(self.house, asked, prepared.vote_id, within=within))

    # What time does

    @rule(span=spans)
    def wait_long(self, span: timedelta) -> None:
        """As `wait`, so that it comes about oftener."""
        self.wait(span)

    @rule(span=spans)
    def wait(self, span: timedelta) -> None:
        until = self.clock.now() + span
        if self.running_since is None:
            self.clock.advance(span)
            return
        while (due_at := self.run(self.next_due())) is not None and due_at <= until:
            self.clock.advance(max(timedelta(0), due_at - self.clock.now()))
            self.work()
        self.clock.advance(until - self.clock.now())
        self.work()

    @rule()
    def stop_or_start(self) -> None:
        if self.running_since is not None:
            self.running_since = None
        else:
            self.running_since = self.clock.now()
            self.work()

    async def next_due(self) -> datetime | None:
        async with self.database.snapshot() as tx:
            return await find_next_due_at(tx)

    def work(self) -> None:
        """What the program does when it wakes, and what is so afterwards."""
        now, since = self.clock.now(), self.running_since
        assert since is not None
        while self.run(do_due_work(self.house, since)):
            pass
        self.run(self.check(now))
        self.ran_at = now

    async def check(self, now: datetime) -> None:
        async with self.database.snapshot() as tx:
            views = [await get_meeting_view(tx, known.journey.meeting_id) for known in self.known]
            reminders = {PostKind.MEETING_REMINDER, PostKind.REPLY_WANTED}
            told = await tx.exec(
                select(PostRow.account_id, PostRow.cause).where(col(PostRow.kind).in_(reminders))
            )
            posts = list(told)
            deadlines = list(
                await tx.exec(select(VoteRow.deadline_at).where(col(VoteRow.state) == VoteState.OPEN))
            )
        owners = {account: name for name, accounts in self.accounts.items() for account in accounts}
        sent = Counter((owners[account_id], cause) for account_id, cause in posts)
        assert set(sent.values()) <= {1}, "each person gets each reminder at most once"
        expected = set()
        for known, view in zip(self.known, views, strict=True):
            expected |= self.expected(known, view, now)
            for name, cause in set(sent) - self.told:
                self.check_sent(known, view, name, cause, now)
        assert expected <= set(sent), "and once, if it was due while concerned"
        self.told = set(sent)
        assert all(deadline_at is None or deadline_at > now for deadline_at in deadlines)

    def is_concerned(self, known: Known, view: MeetingView, name: str, kind: DueKind) -> bool:
        return (
            view.state is MeetingState.PLANNED
            and bool(self.accounts[name])
            and name not in self.refused
            and known.replies[name] in CONCERNED[kind]
            and known.presence[name] is Presence.AWAY
        )

    def expected(self, known: Known, view: MeetingView, now: datetime) -> set[tuple[str, str]]:
        """Who was to be sent what by now, of what no earlier waking has settled."""
        wanted = set()
        for kind, part in PARTS:
            planned_at = view.starts_at - timedelta(minutes=part)
            if planned_at <= known.planned_at or planned_at <= self.ran_at:
                continue
            latest = last_at(part, view.reminders, view.starts_at)
            at = send_at(planned_at, latest, ZONE, now, view.starts_at)
            if at is not None and at <= now:
                cause = cause_of(kind, view, part)
                wanted |= {(one, cause) for one in NAMES if self.is_concerned(known, view, one, kind)}
        return wanted

    def check_sent(self, known: Known, view: MeetingView, name: str, cause: str, now: datetime) -> None:
        """What was sent just now concerned the person, in time and at a civil hour."""
        for kind, part in PARTS:
            if cause == cause_of(kind, view, part):
                assert self.is_concerned(known, view, name, kind)
                assert now < last_at(part, view.reminders, view.starts_at)
                assert quiet_until(now, ZONE, view.starts_at) is None


def test_any_sequence_reminds_each_person_of_each_thing_once(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "template.db"
    shutil.copyfile(sqlite_template, template)

    async def prepare() -> Journey:
        database = Database.open(f"sqlite+aiosqlite:///{template}")
        journey = await Journey.begun(database, Clock(BEGUN))
        await journey.found("Sở Nội vụ", ORGANISER)
        wall = (BEGUN + timedelta(days=8)).astimezone(ZONE).replace(tzinfo=None)
        await journey.add_meeting(meeting(wall, "Hội nghị 0"))
        for name in EARLY:
            await journey.bind(name)
        await database.close()
        return journey

    with asyncio.Runner() as runner:
        monkeypatch.setattr(ClockMachine, "prepared", runner.run(prepare()), raising=False)
        monkeypatch.setattr(ClockMachine, "template", template, raising=False)
        monkeypatch.setattr(ClockMachine, "runner", runner, raising=False)
        run_state_machine_as_test(
            ClockMachine,
            settings=settings(
                max_examples=25,
                stateful_step_count=30,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )
