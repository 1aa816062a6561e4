"""The database of a measurement: one large meeting on Telegram, made by the project's own storage."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col, select

from benchmarks.processes import KEY
from bot import actions
from bot.wording.voice import Address
from meeting.agenda import ItemKind
from meeting.attendance import Quorum, QuorumKind, StatementKind
from meeting.counting import MAJORITY, TWO_THIRDS
from meeting.people import Role, Source, Standing
from meeting.plan import MeetingPlan, PlannedAttendee, PlannedItem
from meeting.regimes import Rules, Template
from meeting.states import CardKind, MeetingState, PostKind, Priority
from meeting.voting import STANDARD_OPTIONS, BaseKind, Method, Option, VoteState, electorate
from storage import attendees, cards, meeting_plans, meetings, people, posts, reading, votes
from storage.database import Database, Tx, flushed
from storage.migrations import migrate
from storage.rows import AccountRow, BindingRow, LiveCardRow

FIRST_USER = 10_000_001
"""Telegram's number of the first attendee; the others follow it."""

WARMING = 40
"""Attendees beside those who are measured; they come first, so that nothing is done for the first time."""

ONLY = 1
"""The id of what there is one of."""
_PRESIDING = (Role.CHAIR, Role.SECRETARY)


class Stage(StrEnum):
    """How far the meeting is: attendees are being reminded, confirm their presence, or vote."""

    REMINDING = "reminding"
    CHECK_IN = "check_in"
    VOTE = "vote"


@dataclass(frozen=True)
class Hall:
    """A prepared meeting; `action` is what all attendees tap, `others` what they could tap instead."""

    members: int
    action: str
    others: tuple[str, ...] = ()

    def users(self) -> range:
        """Give the measured attendees' numbers on Telegram."""
        return range(FIRST_USER, FIRST_USER + self.members)

    def warming(self) -> range:
        """Give those who come first."""
        return range(FIRST_USER + self.members, FIRST_USER + self.members + WARMING)


async def prepare(url: str, stage: Stage, members: int) -> Hall:
    """Fill an empty database; every card that there is counts as shown."""
    database = Database.open(url)
    try:
        await migrate(database)
        now = datetime.now(UTC)
        async with database.transaction() as tx:
            hall = await _fill(tx, stage, members, now)
    finally:
        await database.close()
    return hall


async def count_done(url: str, stage: Stage) -> int:
    """Count the ballots that are stored, or the attendees who are present."""
    database = Database.open(url)
    try:
        async with database.snapshot() as tx:
            if stage is Stage.VOTE:
                return (await votes.get_turnout(tx, ONLY)).voted
            return (await reading.get_attendance(tx, ONLY)).present
    finally:
        await database.close()


def copy_sqlite(prepared: Path, directory: Path) -> str:
    """Copy a prepared SQLite database into a directory and give its URL."""
    path = directory / "bench.db"
    shutil.copyfile(prepared, path)
    return sqlite_url(path)


def sqlite_url(path: Path) -> str:
    """Give a file's URL."""
    return f"sqlite+aiosqlite:///{path}"


async def _fill(tx: Tx, stage: Stage, members: int, now: datetime) -> Hall:
    organisation_id = await people.add_organisation(tx, "Công đoàn cơ sở", "vi", "Asia/Ho_Chi_Minh", now)
    plan = _plan(members, now)
    meeting_id = await meeting_plans.add_meeting(
        tx, organisation_id, plan, KEY.encode(), now, language="vi", address=Address.DONG_CHI
    )
    seats = sorted(
        (await reading.get_roll_view(tx, meeting_id)).attendees, key=lambda attendee: attendee.attendee_id
    )
    accounts = await _bind(tx, organisation_id, meeting_id, [seat.person_id for seat in seats], now)
    concerning = partial(cards.want_cards, tx, organisation_id=organisation_id, meeting_id=meeting_id)
    await concerning(CardKind.PANEL, meeting_id, accounts[-len(_PRESIDING) :], priority=Priority.PANEL)
    await concerning(CardKind.ATTENDANCE, meeting_id, accounts, priority=Priority.REFRESH)
    hall = Hall(members, actions.encode(actions.CheckIn(meeting_id)))
    match stage:
        case Stage.REMINDING:
            await meetings.put_meeting(tx, meeting_id, check_in_opened_at=now)
            await posts.add_posts(
                tx,
                PostKind.CHECK_IN_OPENED,
                f"checkin:{meeting_id}",
                meeting_id,
                accounts[:members],
                organisation_id=organisation_id,
                meeting_id=meeting_id,
                priority=Priority.REMINDER,
                now=now,
            )
        case Stage.CHECK_IN:
            await meetings.put_meeting(tx, meeting_id, check_in_opened_at=now)
        case Stage.VOTE:
            await attendees.put_presence(tx, [seat.attendee_id for seat in seats], Source.SELF, now)
            vote_id = await _open_vote(tx, meeting_id, organisation_id, seats[-1].person_id, now)
            await concerning(CardKind.BALLOT, vote_id, accounts, priority=Priority.BALLOT)
            hall = Hall(
                members,
                actions.encode(actions.CastVote(vote_id, Option.YES)),
                (actions.encode(actions.CastVote(vote_id, Option.NO)),),
            )
    shown = {"shown_version": col(LiveCardRow.wanted_version), "ref": _ref(LiveCardRow.id)}
    await tx.exec(sa.update(LiveCardRow).values(shown), execution_options={"synchronize_session": False})
    return hall


def _ref(row_id: object) -> sa.ColumnElement[str]:
    head, tail = json.dumps({"messages": [0]}).split("0")
    return sa.literal(head) + sa.cast(row_id, sa.String) + sa.literal(tail)


def _plan(members: int, now: datetime) -> MeetingPlan:
    attending = [_seat(f"Nguyễn Văn Đại Biểu {number:05}") for number in range(members + WARMING)]
    presiding = [_seat(f"Lê Thị Điều Hành {role}", role) for role in _PRESIDING]
    return MeetingPlan(
        title="Hội nghị đại biểu người lao động",
        template=Template.THUONG,
        host="Công đoàn cơ sở",
        place="Hội trường A",
        starts_at=now.replace(tzinfo=None, microsecond=0),
        timezone="Asia/Ho_Chi_Minh",
        rules=Rules(
            "OWN",
            Quorum(QuorumKind.SUMMONED, TWO_THIRDS),
            BaseKind.ATTENDEES,
            MAJORITY,
            "Quy chế",
            is_verified=False,
        ),
        headcount=None,
        has_union=True,
        units=(),
        attendees=(*attending, *presiding),
        items=(PlannedItem("Báo cáo tổng kết", ItemKind.REPORT),),
    )


def _seat(name: str, role: Role | None = None) -> PlannedAttendee:
    return PlannedAttendee(name=name, unit=None, position="", standing=Standing.VOTING, role=role)


async def _bind(
    tx: Tx, organisation_id: int, meeting_id: int, person_ids: list[int], now: datetime
) -> list[int]:
    """Give each person an account on Telegram, in order."""
    rows = [
        {
            "platform": "telegram",
            "external_id": str(FIRST_USER + place),
            "chat": str(FIRST_USER + place),
            "display_name": "Nguyễn Văn",
            "language": "vi",
            "current_meeting_id": meeting_id,
            "created_at": now,
        }
        for place in range(len(person_ids))
    ]
    await tx.exec(sa.insert(AccountRow), params=rows)
    accounts = [flushed(one) for one in await tx.exec(select(AccountRow.id).order_by(col(AccountRow.id)))]
    bindings = [
        {
            "organisation_id": organisation_id,
            "account_id": account_id,
            "person_id": person_id,
            "platform": "telegram",
            "bound_at": now,
        }
        for account_id, person_id in zip(accounts, person_ids, strict=True)
    ]
    await tx.exec(sa.insert(BindingRow), params=bindings)
    return accounts


async def _open_vote(tx: Tx, meeting_id: int, organisation_id: int, stated_by: int, now: datetime) -> int:
    attendance = await reading.get_attendance(tx, meeting_id)
    await meetings.add_statement(
        tx, organisation_id, meeting_id, StatementKind.CONFIRMED, attendance, stated_by, now
    )
    await meetings.put_meeting(tx, meeting_id, state=MeetingState.OPEN, had_quorum=True)
    (item,) = await reading.list_items(tx, meeting_id)
    vote_id = await votes.add_vote(
        tx,
        organisation_id,
        meeting_id,
        items={item.item_id: 1},
        question="Thông qua báo cáo tổng kết",
        method=Method.CHAT,
        options=STANDARD_OPTIONS,
        base_kind=BaseKind.ATTENDEES,
        threshold=MAJORITY,
        is_advisory=False,
    )
    electors = electorate(await reading.get_roll(tx, meeting_id), BaseKind.ATTENDEES)
    await votes.add_electors(tx, organisation_id, vote_id, electors)
    await votes.put_vote(tx, vote_id, state=VoteState.OPEN, base=len(electors), opened_at=now)
    return vote_id
