"""An organisation with a meeting and chat accounts: what the outbox and the clock need to have work."""

from dataclasses import dataclass
from datetime import UTC, datetime

from meeting.agenda import ItemKind
from meeting.plan import PlannedItem
from storage.database import Database
from storage.meeting_plans import add_meeting
from storage.people import add_organisation, put_account
from tests.storage.hall import KEY, planned, seat

NOON = datetime(2026, 12, 30, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Chats:
    """An organisation with a meeting, and the accounts in chats "1", "2" … of a platform, in order."""

    organisation_id: int
    meeting_id: int
    accounts: tuple[int, ...]


async def add_chats(database: Database, count: int = 0, platform: str = "telegram") -> Chats:
    plan = planned([seat("An")], [PlannedItem("Báo cáo", ItemKind.REPORT)])
    async with database.transaction() as tx:
        organisation_id = await add_organisation(tx, "Cụm 3", "vi", "Asia/Ho_Chi_Minh", NOON)
        meeting_id = await add_meeting(tx, organisation_id, plan, KEY, NOON, language="vi", address="comrade")
        accounts = [
            (await put_account(tx, platform, str(chat), str(chat), f"Ủy viên {chat}", "vi", NOON)).account_id
            for chat in range(1, count + 1)
        ]
    return Chats(organisation_id, meeting_id, tuple(accounts))
