from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from meeting.agenda import ItemKind
from meeting.attendance import StatementKind
from meeting.people import Role
from meeting.plan import PlannedItem
from meeting.tally import Decision
from meeting.voting import Option
from storage import reading
from storage.database import Database, Tx
from tests.storage.hall import Hall, seat

Read = Callable[[Tx, Hall, list[int]], Awaitable[object]]


async def _load(tx: Tx, hall: Hall) -> object:
    return await reading.get_load(tx, await reading.get_meeting_view(tx, hall.meeting_id), "telegram")


READS: dict[str, Read] = {
    "meeting": lambda tx, hall, _: reading.get_meeting_view(tx, hall.meeting_id),
    "roll": lambda tx, hall, _: reading.get_roll_view(tx, hall.meeting_id),
    "attendance": lambda tx, hall, _: reading.attendance_views(tx, hall.meeting_id, hall.accounts.values()),
    "votes": lambda tx, _, vote_ids: reading.get_vote_views(tx, vote_ids),
    "ballots": lambda tx, hall, vote_ids: reading.ballot_views(tx, vote_ids[-1], hall.accounts.values()),
    "electors": lambda tx, _, vote_ids: reading.get_vote_roll_view(tx, vote_ids[-1]),
    "panel": lambda tx, hall, _: reading.panel_views(tx, hall.meeting_id, hall.accounts.values()),
    "agenda": lambda tx, hall, _: reading.get_agenda_view(tx, hall.meeting_id),
    "results": lambda tx, hall, _: reading.get_results_view(tx, hall.meeting_id),
    "overview": lambda tx, hall, _: reading.get_overview_view(tx, hall.organisation_id, 2026),
    "news": lambda tx, hall, _: reading.get_news_view(tx, hall.meeting_id),
    "homes": lambda tx, hall, _: reading.list_homes(tx, hall.accounts.values(), hall.organisation_id),
    "load": lambda tx, hall, _: _load(tx, hall),
    "invitations": lambda tx, hall, _: reading.list_invitations(tx, hall.meeting_id),
}


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


async def meeting_of(database: Database, size: int) -> tuple[Hall, list[int]]:
    """As many attendees, items, announced votes and organisers as `size`, and an open vote."""
    hall = await Hall.of(
        database,
        [seat("Thư ký", role=Role.SECRETARY), *(seat(f"Đại biểu {n}", "Sở A") for n in range(size))],
        [PlannedItem(f"Báo cáo {n}", ItemKind.REPORT) for n in range(size + 1)],
        units=["Sở A"],
    )
    for n in range(size):
        await hall.visitor(f"Người tổ chức {n}", Role.ORGANISER)
    await hall.come(*hall.attendees)
    await hall.state(StatementKind.CONFIRMED)
    vote_ids = [await hall.opened(place) for place in range(size + 1)]
    for vote_id in vote_ids[:-1]:
        await hall.cast(vote_id, dict.fromkeys(hall.attendees, Option.YES))
        await hall.announce(vote_id, Decision.ADOPTED)
    await hall.set_meeting(current_item_id=hall.items[-1])
    return hall, vote_ids


async def test_a_larger_meeting_takes_no_more_statements(database: Database) -> None:
    small, large = [await meeting_of(database, size) for size in (2, 9)]
    for name, read in READS.items():
        taken = []
        for hall, vote_ids in (small, large):
            async with database.snapshot() as tx:
                with counted() as statements:
                    await read(tx, hall, vote_ids)
            taken.append(statements)
        assert taken[0], name
        assert len(taken[1]) == len(taken[0]) <= 30, name
