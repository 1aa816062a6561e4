"""How few messages somebody on Zalo gets in a meeting: no more than the forecast said."""

from datetime import timedelta

from pydantic import SecretStr

from meeting.agenda import ItemKind
from meeting.plan import PlannedItem
from meeting.thrift import Load, Plan, Usage, messages_needed
from meeting.voting import Option
from storage.database import Database
from tests.bot.test_app import running, until
from tests.bot.zalo.test_files import Ticking
from tests.bot.zalo.test_program import is_counted
from tests.fakes.zalo_api import TOKEN, FakeZalo
from tests.handlers.journey import Journey, plan, seat

AN, BINH = "Trần An", "Lê Bình"
ITEMS = (PlannedItem("Báo cáo", ItemKind.REPORT), PlannedItem("Quy chế", ItemKind.DOCUMENT))
A_WHILE = timedelta(seconds=5)
FREE = Plan(3000, 50)
USED = Usage(sent=7, received=4)


async def test_two_votes_and_the_close_take_five_messages(fake: FakeZalo, sqlite_url: str) -> None:
    database, clock = Database.open(sqlite_url), Ticking()
    journey = await Journey.planned(database, plan([seat(AN), BINH], ITEMS), are_bound=False)
    journey.clock = clock
    await database.close()
    an = fake.person(AN)
    async with running(sqlite_url, clock.now, zalo_token=SecretStr(TOKEN), zalo_api=fake.url) as app:
        journey.database, journey.house = app.house.database, app.house
        assert AN in await an.asks(await journey.code(AN))
        await journey.open_meeting()
        await journey.enter(AN, BINH)
        await journey.state()

        first = await journey.open_vote(0)
        await an.sees("11. Tán thành")
        assert "Đã ghi nhận: Tán thành." in await an.asks("11")
        await journey.close_vote(first)
        await journey.announce(first)
        second = await journey.open_vote(1)
        both = (await an.sees("21. Tán thành")).text
        assert both.index("Kết quả biểu quyết 1") < both.index("Biểu quyết 2")
        assert "11. Tán thành" not in both

        assert "Đã ghi nhận: Không tán thành." in await an.asks("22")
        assert "Đã ghi nhận: Tán thành." in await an.asks("21")
        assert (await journey.choices(second))[AN] is Option.YES
        await journey.close_vote(second)
        await journey.announce(second)
        await journey.close_meeting()
        clock.advance(A_WHILE)
        async with app.house.database.transaction():
            pass  # wakes delivery
        last = (await an.sees("Tổng hợp: Hội nghị")).text
        assert "Kết quả biểu quyết 2" in last
        await until(app, lambda: is_counted(app, USED))
    assert len(an.messages) == 1 + 5 + 1, f"the link's answer, five, and a changed mind: {an.screen}"
    assert fake.spent == USED.of(FREE) <= messages_needed(FREE, Load(1, (1, 2), notices=1, replies=1))
