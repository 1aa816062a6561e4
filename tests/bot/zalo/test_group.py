"""A group on Zalo, with the program running: linked by a code after the mention, and told little."""

from pydantic import SecretStr

from handlers.groups import invite_group
from handlers.inviting import WayIn
from meeting.people import Role
from meeting.voting import Option
from storage.database import Database
from tests.bot.test_app import running
from tests.bot.zalo.test_files import Ticking
from tests.fakes.zalo_api import TOKEN, FakeZalo
from tests.handlers.journey import ITEMS, ORGANISER, Journey, plan, seat

AN, CHAIR = "Trần An", "Chủ tọa"
WAY_IN = "https://zalo.me/bot.HoiNghi01"


async def test_a_group_follows_a_meeting(fake: FakeZalo, sqlite_url: str) -> None:
    database, clock = Database.open(sqlite_url), Ticking()
    journey = await Journey.opened(database, plan([AN, "Lê Bình", seat(CHAIR, role=Role.CHAIR)], ITEMS))
    journey.clock = clock
    await database.close()
    async with running(sqlite_url, clock.now, zalo_token=SecretStr(TOKEN), zalo_api=fake.url) as app:
        journey.database, journey.house = app.house.database, app.house
        chair, an, group = fake.person(CHAIR), fake.person(AN), fake.group("Nhóm Công đoàn")
        way = await invite_group(app.house, journey.asked(ORGANISER), journey.meeting_id)
        assert isinstance(way, WayIn)

        an.says(group, way.code)
        assert "Mã này không dùng để gắn nhóm" in (await group.next_message()).text, "nobody knows them here"
        await chair.asks(await journey.code(CHAIR))
        chair.says(group, way.code, is_called=False)
        chair.says(group, way.code)
        card = (await group.next_message()).text
        assert "Đủ điều kiện tiến hành." in card
        assert f"Mở chat riêng: {WAY_IN}" in card
        assert "1." not in card, "nothing is offered by number in a group"
        shared = card.split("nhắn mã này trong chat riêng: ")[1].split()[0]
        assert "họ và tên" in (await an.asks(shared)).lower()
        await an.asks(await journey.code(AN))

        vote_id = await journey.open_vote()
        opened = (await group.next_message()).text
        assert opened.startswith("Biểu quyết 1")
        assert WAY_IN in opened
        assert "11. Tán thành" not in opened
        an.says(group, "11")
        told = (await group.next_message()).text
        assert "CHƯA ghi nhận" in told
        assert WAY_IN in told
        await an.sees("11. Tán thành")
        assert "Đã ghi nhận: Tán thành." in await an.asks("11")
        assert await journey.choices(vote_id) == {AN: Option.YES}

        await journey.close_vote(vote_id)
        await journey.announce(vote_id)
        assert "1/3" in (await group.next_message()).text
        await journey.close_meeting()
        assert "Hội nghị" in (await group.next_message()).text
        assert len(group.messages) == 6, "no count in between, no card again"
