"""One meeting for people with a web page, with Telegram, and with both."""

from collections import Counter

from meeting.people import Role
from tests.fakes.bot_api import FakeBotApi
from tests.handlers.journey import ORGANISER, plan, seat
from tests.journeys.people import Crowd, announce, assemble, found, hand_out, open_vote, store
from tests.journeys.program import StagedProgram
from tests.journeys.stored import count_rows, stored

TITLE = "Báo cáo tổng kết"
CHAIR, SECRETARY = "Lê Thị Chủ Tọa", "Lê Văn Thư Ký"
SEATS = (seat(CHAIR, role=Role.CHAIR), seat(SECRETARY, role=Role.SECRETARY), "An", "Bình", "Chi")


async def test_a_choice_made_on_one_platform_shows_on_the_other(sqlite_url: str) -> None:
    async with (
        FakeBotApi() as fake,
        StagedProgram(sqlite_url, fake) as program,
        Crowd(program, fake) as crowd,
    ):
        organiser, chair, secretary = map(crowd.person, (ORGANISER, CHAIR, SECRETARY))
        an_at_desk, an, binh = crowd.person("An"), crowd.chat("An"), crowd.chat("Bình")
        await found(organiser, await program.founder_link())
        await store(organiser, plan(SEATS))
        ways = await hand_out(organiser)
        for person in (chair, secretary, an_at_desk):
            await person.open_link(ways[person.name].links["Web"])
        await an.open_link(ways["An"].links["Telegram"])
        # Whoever has no link at hand types the code.
        assert "Đã liên kết: Bình." in await binh.write(ways["Bình"].code.lower().replace("-", " "))
        chi = crowd.page()
        await chi.open_code(ways["Chi"].code.lower().replace("-", ""))
        assert await chi.tap("Xin vắng") == ""
        assert await chi.write("Đi công tác") == "Đã ghi nhận: đồng chí vắng mặt, có lý do."

        # One presence and one ballot, wherever it is tapped.
        await assemble(secretary, chair, [chair, secretary, an_at_desk, binh])
        await an.reads("Đã ghi nhận đồng chí có mặt lúc")
        await open_vote(secretary, chair, TITLE)
        await an.tap("Không tán thành")
        await an_at_desk.sees_chosen("Không tán thành")
        assert (await an_at_desk.tap("Không tán thành")).startswith("Đồng chí đã chọn: Không tán thành.")
        await an_at_desk.tap("Ý kiến khác")
        await an_at_desk.write("Đề nghị làm rõ số liệu.")
        await an.sees_chosen("Ý kiến khác")
        await an.reads("Nội dung ý kiến: Đề nghị làm rõ số liệu.")
        for somebody in chair, secretary, binh:
            await somebody.tap("Tán thành")
        await chair.reads("Biểu quyết 1: tất cả đã biểu quyết (4/4).")
        await announce(chair, TITLE)
        for somebody in an, an_at_desk, binh, secretary:
            await somebody.reads("3/4 đại biểu có mặt tán thành")
    async with stored(sqlite_url) as journey:
        assert {name: option.value for name, option in (await journey.choices(1)).items()} == {
            CHAIR: "yes",
            SECRETARY: "yes",
            "An": "other",
            "Bình": "yes",
        }
        assert (await count_rows(journey))["ballot"] == 4


async def test_an_account_that_another_takes_the_place_of_is_told_and_shows_nothing_more(
    sqlite_url: str,
) -> None:
    async with (
        FakeBotApi() as fake,
        StagedProgram(sqlite_url, fake) as program,
        Crowd(program, fake) as crowd,
    ):
        organiser = crowd.person(ORGANISER)
        await found(organiser, await program.founder_link())
        await store(organiser, plan(SEATS))
        link = (await hand_out(organiser))["An"].links
        old_phone, new_phone, old_page, new_page = (
            crowd.chat("An cũ"),
            crowd.chat("An"),
            crowd.page(),
            crowd.page(),
        )

        await old_phone.open_link(link["Telegram"])
        await old_phone.tap("Dự họp")
        await new_phone.open_link(link["Telegram"])
        await new_phone.tap("Không", on="An đã liên kết với một tài khoản khác.")
        await old_phone.tap("Đồng ý lưu liên hệ")  # nothing has moved yet
        await new_phone.open_link(link["Telegram"])
        assert "từ nay dùng tài khoản này" in await new_phone.tap("Có", on="An đã liên kết")
        await old_phone.reads("Nếu không phải do đồng chí thực hiện, báo ngay Thư ký.")
        await new_phone.reads("Đã ghi nhận: đồng chí dự họp.")
        assert "chưa liên kết" in await old_phone.tap("Xin vắng")

        await old_page.open_link(link["Web"])
        welcome = await new_page.client.get(link["Web"])
        assert "khi chuyển sang trang này, trang kia sẽ ngừng hoạt động" in welcome.text
        await new_page.open_link(link["Web"])
        assert (await new_page.load()).title == "Hội nghị"
        assert (await old_page.client.get(old_page.path)).status_code == 410
        # The chat has nothing to do with the pages.
        await new_phone.tap("Xin vắng")
    async with stored(sqlite_url) as journey:
        acts = Counter(await journey.acts())
        assert (acts["account_bound"], acts["account_moved"]) == (2, 2)
