"""A meeting in the database, for tests of what is read: people with accounts, items, votes, ballots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from meeting.agenda import ItemKind
from meeting.attendance import Quorum, QuorumKind, StatementKind
from meeting.counting import MAJORITY, TWO_THIRDS
from meeting.people import Purpose, Role, Source, Standing
from meeting.plan import MeetingPlan, PlannedAttendee, PlannedItem, PlannedUnit
from meeting.regimes import Rules, Template
from meeting.tally import Decision
from meeting.voting import STANDARD_OPTIONS, BaseKind, Method, Option, VoteState, electorate
from storage import agenda, attendees, meeting_plans, meetings, people, reading, votes
from storage.database import Database, Tx

NOW = datetime(2026, 12, 30, 7, 0, tzinfo=UTC)
KEY = b"a key for tests"


def seat(
    name: str, unit: str | None = None, standing: Standing = Standing.VOTING, role: Role | None = None
) -> PlannedAttendee:
    return PlannedAttendee(name=name, unit=unit, position="", standing=standing, role=role)


def rules(quorum: QuorumKind = QuorumKind.SUMMONED, base: BaseKind = BaseKind.ATTENDEES) -> Rules:
    return Rules("OWN", Quorum(quorum, TWO_THIRDS), base, MAJORITY, "Quy chế làm việc", is_verified=False)


RULES = rules()


def planned(
    attendees: Sequence[PlannedAttendee],
    items: Sequence[PlannedItem],
    *,
    units: Sequence[str] = (),
    template: Template = Template.THUONG,
    rules: Rules = RULES,
    headcount: int | None = None,
    title: str = "Hội nghị",
    starts_at: datetime = datetime(2026, 12, 30, 14, 0),  # noqa: DTZ001 - wall time, as it is planned
) -> MeetingPlan:
    return MeetingPlan(
        title=title,
        template=template,
        host="Sở Nội vụ",
        place="Hội trường A",
        starts_at=starts_at,
        timezone="Asia/Ho_Chi_Minh",
        rules=rules,
        headcount=headcount,
        has_union=True,
        units=tuple(PlannedUnit(unit) for unit in units),
        attendees=tuple(attendees),
        items=tuple(items),
    )


@dataclass
class Hall:
    """Names stand for people: each has an account of their own."""

    database: Database
    organisation_id: int
    meeting_id: int
    attendees: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    items: list[int] = field(default_factory=list)

    @classmethod
    async def of(
        cls,
        database: Database,
        attendees: Sequence[PlannedAttendee],
        items: Sequence[PlannedItem] = (PlannedItem("Báo cáo", ItemKind.REPORT),),
        *,
        units: Sequence[str] = (),
        template: Template = Template.THUONG,
        rules: Rules | None = None,
        headcount: int | None = None,
    ) -> Self:
        plan = planned(
            attendees, items, units=units, template=template, rules=rules or RULES, headcount=headcount
        )
        async with database.transaction() as tx:
            organisation_id = await people.add_organisation(tx, "Sở Nội vụ", "vi", "Asia/Ho_Chi_Minh", NOW)
            meeting_id = await meeting_plans.add_meeting(
                tx, organisation_id, plan, KEY, NOW, language="vi", address="comrade"
            )
            hall = cls(database, organisation_id, meeting_id)
            for attendee in (await reading.get_roll_view(tx, meeting_id)).attendees:
                hall.attendees[attendee.name] = attendee.attendee_id
                await hall.bind(tx, attendee.name, attendee.person_id)
            hall.items = [item.item_id for item in await reading.list_items(tx, meeting_id)]
        return hall

    async def bind(self, tx: Tx, name: str, person_id: int) -> None:
        account = await people.put_account(tx, "telegram", name, name, name, "vi", NOW)
        await people.add_binding(tx, account, self.organisation_id, person_id, NOW)
        self.people[name] = person_id
        self.accounts[name] = account.account_id

    async def visitor(self, name: str, role: Role | None = None) -> int:
        """Somebody of the organisation who isn't an attendee; gives the account."""
        async with self.database.transaction() as tx:
            person_id = await people.add_person(tx, self.organisation_id, name, None, NOW)
            await self.bind(tx, name, person_id)
            if role is not None:
                meeting_id = None if role is Role.ORGANISER else self.meeting_id
                await people.put_role(tx, self.organisation_id, person_id, role, meeting_id, NOW)
        return self.accounts[name]

    async def set(self, name: str, **values: object) -> None:
        async with self.database.transaction() as tx:
            await attendees.put_attendee(tx, self.attendees[name], **values)

    async def come(self, *names: str) -> None:
        async with self.database.transaction() as tx:
            await attendees.put_presence(tx, [self.attendees[name] for name in names], Source.SELF, NOW)

    async def set_meeting(self, **values: object) -> None:
        async with self.database.transaction() as tx:
            await meetings.put_meeting(tx, self.meeting_id, **values)

    async def set_item(self, place: int, **values: object) -> None:
        async with self.database.transaction() as tx:
            await agenda.put_item(tx, self.items[place], **values)

    async def state(self, kind: StatementKind, at: datetime = NOW) -> None:
        """State the attendance as it is, by whoever comes first on the roll."""
        async with self.database.transaction() as tx:
            attendance = await reading.get_attendance(tx, self.meeting_id)
            stated_by = next(iter(self.people.values()))
            await meetings.add_statement(
                tx, self.organisation_id, self.meeting_id, kind, attendance, stated_by, at
            )

    async def draft(
        self,
        *places: int,
        method: Method = Method.CHAT,
        base_kind: BaseKind = BaseKind.ATTENDEES,
        options: Sequence[Option] = STANDARD_OPTIONS,
        version: int = 1,
        series_id: int | None = None,
    ) -> int:
        async with self.database.transaction() as tx:
            return await votes.add_vote(
                tx,
                self.organisation_id,
                self.meeting_id,
                items={self.items[place]: version for place in places},
                question="Thông qua",
                method=method,
                options=options,
                base_kind=base_kind,
                threshold=MAJORITY,
                is_advisory=False,
                series_id=series_id,
            )

    async def open(self, vote_id: int) -> None:
        """Open a draft for those who are present."""
        async with self.database.transaction() as tx:
            question = await votes.get_question(tx, vote_id)
            electors = electorate(await reading.get_roll(tx, self.meeting_id), question.base_kind)
            await votes.add_electors(tx, self.organisation_id, vote_id, electors)
            await votes.put_vote(tx, vote_id, state=VoteState.OPEN, base=len(electors), opened_at=NOW)

    async def opened(self, *places: int, base_kind: BaseKind = BaseKind.ATTENDEES) -> int:
        vote_id = await self.draft(*(places or (0,)), base_kind=base_kind)
        await self.open(vote_id)
        return vote_id

    async def cast(self, vote_id: int, choices: Mapping[str, Option], opinion: str | None = None) -> None:
        async with self.database.transaction() as tx:
            held = await votes.hold_votes(tx, [vote_id])
            option_ids = {(vote_id, option): row_id for option, row_id in held[vote_id].option_ids.items()}
            pairs = [(self.accounts[name], vote_id) for name in choices]
            standpoints = await votes.list_standpoints(tx, pairs)
            ballots = []
            for name, option in choices.items():
                elector = standpoints[self.accounts[name], vote_id].elector
                assert elector is not None, name
                ballots.append(
                    votes.NewBallot(
                        self.organisation_id,
                        vote_id,
                        elector.elector_id,
                        option,
                        Source.SELF,
                        self.people[name],
                        NOW,
                        opinion,
                    )
                )
            await votes.put_ballots(tx, ballots, option_ids)

    async def set_vote(self, vote_id: int, **values: object) -> None:
        async with self.database.transaction() as tx:
            await votes.put_vote(tx, vote_id, **values)

    async def announce(self, vote_id: int, decision: Decision, at: datetime = NOW) -> None:
        """Close and announce a run, which decides its items."""
        await self.set_vote(
            vote_id, state=VoteState.ANNOUNCED, decision=decision, closed_at=at, announced_at=at
        )
        async with self.database.transaction() as tx:
            for item_id in (await votes.get_question(tx, vote_id)).item_ids:
                await agenda.put_item(tx, item_id, decision=decision, is_counted=True, decided_at=at)

    async def consent(self, name: str, purpose: Purpose, *, is_given: bool) -> None:
        async with self.database.transaction() as tx:
            await people.put_consent(
                tx, self.organisation_id, self.people[name], purpose, "1", "vi", NOW, is_given=is_given
            )
