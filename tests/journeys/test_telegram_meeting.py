"""A small meeting on Telegram from the first link to the summary, as its people see it in their chats."""

import asyncio
from collections import Counter
from collections.abc import Mapping

import pytest
from sqlmodel import col, select

from meeting.agenda import ItemKind
from meeting.people import Role, Standing
from meeting.plan import PlannedItem
from meeting.tally import Decision
from storage.rows import AccountRow
from tests.fakes.bot_api import NOT_MODIFIED, TOO_OLD, FakeBotApi, Json, Person
from tests.handlers.journey import ORGANISER, plan, seat
from tests.journeys.people import ChatPerson, Crowd, found, hand_out, open_vote, store
from tests.journeys.program import StagedProgram
from tests.journeys.stored import stored, titles
from tests.papers import PDF

CHAIR, SECRETARY, GUEST = "Lê Thị Chủ Tọa", "Lê Văn Thư Ký", "Đỗ Văn Khách"
METHOD, TITLE = "Thông qua hình thức biểu quyết", "Nghị quyết hội nghị"
SEATS = (
    seat(CHAIR, role=Role.CHAIR),
    seat(SECRETARY, role=Role.SECRETARY),
    *map(seat, ("An", "Bình", "Chi", "Dũng", "Em")),
    seat(GUEST, standing=Standing.GUEST),
)
MEETING = plan(
    SEATS,
    [PlannedItem(METHOD, ItemKind.VOTING_METHOD), PlannedItem(TITLE, ItemKind.DOCUMENT)],
    title="Hội nghị tổng kết",
)


@pytest.mark.usefixtures("brisk_telegram")
async def test_a_whole_meeting_is_held_on_telegram(sqlite_url: str) -> None:
    async with (
        FakeBotApi() as fake,
        StagedProgram(sqlite_url, fake) as program,
        Crowd(program, fake) as crowd,
    ):
        organiser = crowd.chat(ORGANISER)
        await found(organiser, await program.founder_link("Telegram"))
        await store(organiser, MEETING)
        ways = await hand_out(organiser)
        people = {name: crowd.chat(name, "en" if name == "Chi" else "vi") for name in ways}
        await join_and_reply(people, {name: way.links["Telegram"] for name, way in ways.items()})
        chair, secretary, an = people[CHAIR], people[SECRETARY], people["An"]
        await hand_over_papers(people)

        present = [people[name] for name in (CHAIR, SECRETARY, "An", "Bình", "Em")]
        await secretary.tap("Mở xác nhận có mặt")
        await asyncio.gather(*(person.tap("Xác nhận có mặt") for person in present))
        assert (await people["Chi"].tap("Confirm presence")).startswith("Recorded: you are present since")
        await people[GUEST].tap("Xác nhận có mặt")
        await chair.tap("Khai mạc")
        await take_hands(chair, secretary)
        # The guest does not count, and Dũng is excused.
        assert (await chair.tap("Xác nhận số lượng: 06 có mặt")).endswith("Đủ điều kiện tiến hành.")

        await open_vote(secretary, chair, TITLE, step="Tiếp theo")
        old = await vote(people)
        await secretary.tap("Danh sách biểu quyết", on=TITLE)
        assert f"{CHAIR}: chưa biểu quyết" in await secretary.reads("Chỉ dành cho Thư ký")
        fake.redeliver(old)
        await chair.tap("Kết thúc", on=TITLE)
        await chair.tap("Kết thúc", on="Còn 01 đại biểu chưa biểu quyết.")
        await fake.acknowledged(people["Em"].phone.blocks())
        await chair.tap("Công bố kết quả", on=TITLE)
        result = "2/6 đại biểu có mặt tán thành (đạt 33,33%); không tán thành: 01; ý kiến khác: 02"
        for name in (CHAIR, SECRETARY, "An", "Bình", "Dũng", GUEST):
            await people[name].reads(result)
        await people["Chi"].reads("2/6 delegates present in favour (33.33%); not in favour: 1")

        assert str(await an.tap_again(old)).startswith("Biểu quyết đã kết thúc lúc ")
        ballots = [
            message for message in an.phone.messages if "Đã ghi nhận: Không tán thành." in message.text
        ]
        assert len(ballots) == 1  # it was edited all the time
        await chair.tap("Bế mạc")
        for name in (CHAIR, SECRETARY, "An", "Bình", "Dũng", GUEST):
            await people[name].reads("Tổng hợp: Hội nghị tổng kết")
        await people["Chi"].reads("Summary: Hội nghị tổng kết")
        await organiser.reads("Tổng hợp: Hội nghị tổng kết")
    refused = Counter(fake.refusals)
    assert refused.pop(("answerCallbackQuery", 400, TOO_OLD)) == 1  # of the tap that came twice
    # A card may be rendered with the next change already; an edit for every act would be many more.
    assert refused.pop(("editMessageText", 400, NOT_MODIFIED), 0) < 10
    # What was on its way to Em.
    assert {code for _, code, _ in refused} <= {403}
    await is_as_voted(sqlite_url, people["Em"])


async def join_and_reply(people: Mapping[str, ChatPerson], links: Mapping[str, str]) -> None:
    """Everybody comes in by the personal link, answers the invitation and the questions of consent."""
    await asyncio.gather(*(person.open_link(links[name]) for name, person in people.items()))
    await people["An"].reads("Đã liên kết: An. Nếu sai, nhắn SAI.")
    await people["Chi"].reads("Linked: Chi. If this is wrong, write WRONG.")
    assert await people["Chi"].tap("Attend") == "Recorded: you will attend."
    assert await people["An"].tap("Dự họp") == "Đã ghi nhận: đồng chí dự họp."
    assert await people[GUEST].tap("Dự họp") == "Đã ghi nhận: ông/bà dự họp."
    await people["Dũng"].tap("Xin vắng")
    assert await people["Dũng"].write("Nghỉ ốm") == "Đã ghi nhận: đồng chí vắng mặt, có lý do."
    an = people["An"]
    assert await an.tap("Đồng ý lưu liên hệ") == "Đã ghi nhận: đồng chí đồng ý cho sử dụng thông tin liên hệ."
    assert await an.tap("Không nhận tin nhắc") == "Đã ghi nhận: đồng chí không nhận tin nhắc việc."


async def hand_over_papers(people: Mapping[str, ChatPerson]) -> None:
    """A paper that the secretary sends unasked is everybody's with a tap, and is uploaded once."""
    secretary, an, chi = people[SECRETARY], people["An"], people["Chi"]
    fake = secretary.phone.fake
    assert "Tệp này dùng làm gì?" in await secretary.send_file("Dự thảo nghị quyết.pdf", PDF)
    await secretary.tap(f"2. {TITLE}")
    for person, papers in ((an, "Tài liệu"), (chi, "Papers"), (people[GUEST], "Tài liệu")):
        await person.tap(papers)
        await person.tap("Dự thảo nghị quyết.pdf")
        await fake.until(lambda phone=person.phone: PDF in _contents(phone))  # type: ignore[misc]
    sent = [given["document"] for name, given in fake.calls if name == "sendDocument"]
    assert [isinstance(document, str) for document in sent] == [False, True, True]


def _contents(phone: Person) -> list[bytes]:
    return [message.document.content for message in phone.messages if message.document]


async def take_hands(chair: ChatPerson, secretary: ChatPerson) -> None:
    """The method of voting is adopted by counted hands, on the preliminary count."""
    await secretary.tap("Ghi số liệu sơ bộ: …")
    await chair.tap(f"Bắt đầu: {METHOD}")
    await secretary.tap("Biểu quyết giơ tay", on=METHOD)
    await chair.tap("Mở biểu quyết", on=METHOD)
    await secretary.tap("Nhập số giơ tay", on=METHOD)
    for count in ("6", "0"):
        await secretary.write(count)
    assert "Đã kiểm đếm" in await secretary.write("0")
    await chair.tap("Kết thúc", on=METHOD)
    await chair.tap("Công bố kết quả", on=METHOD)


async def vote(people: Mapping[str, ChatPerson]) -> Json:
    """Five of six vote; An changes the choice, and her first tap is given."""
    an, binh = people["An"], people["Bình"]
    assert await an.tap("Tán thành") == (
        "Đã ghi nhận: Tán thành. Được đổi trước khi kết thúc. Đã biểu quyết: 1/6."
    )
    first = an.last
    assert await an.tap("Tán thành") == "Đồng chí đã chọn: Tán thành. Đã biểu quyết: 1/6."
    assert (await an.tap("Không tán thành")).startswith("Đã ghi nhận: Không tán thành.")
    await binh.tap("Ý kiến khác")
    assert "Đã ghi nhận nội dung ý kiến" in await binh.write("Đề nghị bổ sung thời hạn thực hiện.")
    assert (await people["Chi"].tap("In favour")).startswith("Recorded: In favour.")
    await people[SECRETARY].tap("Tán thành")
    await people["Em"].tap("Ý kiến khác")
    await an.sees_chosen("Không tán thành")
    await binh.reads("Nội dung ý kiến: Đề nghị bổ sung thời hạn thực hiện.")
    return first


async def is_as_voted(url: str, blocker: ChatPerson) -> None:
    async with stored(url) as journey:
        choices = await journey.choices(2)
        assert {name: option.value for name, option in choices.items()} == {
            "An": "no",
            "Bình": "other",
            "Chi": "yes",
            "Em": "other",
            SECRETARY: "yes",
        }
        item = await journey.item(1)
        assert (item.decision, item.is_counted) == (Decision.REJECTED, True)
        assert "vote_announced" in await journey.acts()
        async with journey.database.snapshot() as tx:
            rows = await tx.exec(select(AccountRow).where(col(AccountRow.gone_at).is_not(None)))
            assert [row.external_id for row in rows] == [str(blocker.phone.id)]


async def test_a_meeting_is_set_up_in_a_dialogue_on_telegram(sqlite_url: str) -> None:
    async with (
        FakeBotApi() as fake,
        StagedProgram(sqlite_url, fake) as program,
        Crowd(program, fake) as crowd,
    ):
        organiser = crowd.chat(ORGANISER)
        await found(organiser, await program.founder_link("Telegram"))
        await organiser.tap("Tạo hội nghị")
        await organiser.tap("Hội nghị CBCCVC, người lao động")
        await organiser.tap("Không")
        await organiser.write("Hội nghị năm 2031")
        assert "Ngày giờ chưa đọc được" in await organiser.write("chiều thứ năm")
        await organiser.write("14h30 ngày 30/12/2031")
        await organiser.write("Hội trường A")
        await organiser.tap("Bỏ qua")
        preview = await organiser.write("Nguyễn Văn An\nTrần Thị Bình; Trưởng phòng\nLê Văn Chi; khách mời")
        assert "Đề nghị kiểm tra trước khi lưu:" in preview
        assert "Đại biểu: 02; khách mời, dự thính: 01" in preview
        await organiser.tap("Lưu hội nghị")
        await organiser.reads("Hội nghị năm 2031: 14:30 thứ Ba, ngày 30/12/2031")
    assert fake.refusals == []
    async with stored(sqlite_url) as journey:
        assert await titles(journey) == ["Hội nghị năm 2031"]
        assert len(await journey.agenda()) > 10
