"""Cards in a chat of Zalo: sent once, and again only where there is something to tell."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.actions import AskFloor, LeaveMeeting, ShowText
from bot.platforms.base import Attachment, Card, DeliveryError, Do, Handout, Line, Tap, Thrifty
from bot.platforms.zalo import ZaloPlatform
from bot.platforms.zalo.client import LONGEST_TEXT
from bot.platforms.zalo.meaning import meant
from bot.platforms.zalo.numbering import with_said
from meeting.voting import Option
from tests.bot.zalo.cards import ballot, menu, question
from tests.fakes.choices import KeptChoices
from tests.fakes.zalo_api import TOKEN, FakeZalo, Person

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)


LATER = NOW + timedelta(hours=1)


class Counting:
    """Counts messages."""

    def __init__(self) -> None:
        self.sent = self.received = self.refused = 0

    async def note_sent(self) -> None:
        self.sent += 1

    async def note_received(self) -> None:
        self.received += 1

    async def note_refused(self) -> None:
        self.refused += 1


class Handing:
    """Gives addresses of files, but for papers with an odd id, which are withdrawn."""

    async def link(self, attachment: Attachment | Handout) -> str | None:
        if isinstance(attachment, Handout):
            return None if attachment.paper_id % 2 else f"http://192.168.1.20:8080/f/{attachment.paper_id}"
        return f"http://192.168.1.20:8080/f/{attachment.name}"


@dataclass
class Bot:
    """A bot with what it keeps."""

    zalo: ZaloPlatform
    choices: KeptChoices
    meter: Counting


@pytest.fixture
async def bot(fake: FakeZalo) -> AsyncIterator[Bot]:
    choices, meter = KeptChoices(), Counting()
    zalo = ZaloPlatform(TOKEN, choices, api=fake.url, meter=meter, links=Handing(), now=lambda: NOW)
    yield Bot(zalo, choices, meter)
    await zalo.close()


async def test_what_is_typed_for_a_card_that_was_shown_is_its_choice(bot: Bot, an: Person) -> None:
    await bot.zalo.show(an.id, None, ballot(5))

    assert (await an.next_message()).text.endswith("51. Tán thành\n52. Không tán thành\n53. Ý kiến khác")
    assert meant("52", await bot.choices.find(an.id), LATER) == Tap("v1:vote:105:no")
    assert bot.meter.sent == 1


async def test_a_card_that_says_nothing_new_is_not_sent_again(bot: Bot, an: Person) -> None:
    ref = await bot.zalo.show(an.id, None, ballot(5))
    changed = replace(ballot(5), lines=(Line("Biểu quyết 5"), Line("Đã biểu quyết 12/48.")))
    ended = Card((Line("Biểu quyết 5 đã kết thúc."),))

    for card in (ballot(5), changed, ended):
        assert await bot.zalo.show(an.id, ref, card) == ref
    assert isinstance(bot.zalo, Thrifty)
    assert len(an.messages) == bot.meter.sent == 1


async def test_a_vote_that_goes_on_is_told_to_whoever_has_not_voted(bot: Bot, an: Person) -> None:
    ref = await bot.zalo.show(an.id, None, ballot(5))
    paused = Card((Line("Biểu quyết 5 tạm dừng."),))
    assert await bot.zalo.show(an.id, ref, paused) == ref
    again = await bot.zalo.show(an.id, ref, ballot(5))
    assert again != ref
    assert await bot.zalo.show(an.id, again, ballot(5)) == again

    await bot.choices.change(an.id, lambda shown: with_said(shown, ["v1:vote:105:yes"]))
    await bot.zalo.show(an.id, again, paused)
    assert await bot.zalo.show(an.id, again, ballot(5, own=Option.YES)) == again
    assert len(an.messages) == 2


async def test_a_card_that_offers_something_new_is_sent(bot: Bot, an: Person) -> None:
    ref = await bot.zalo.show(an.id, None, menu("Chương trình"))
    again = await bot.zalo.show(an.id, ref, menu("Chương trình", "Xác nhận có mặt"))

    assert again != ref
    assert "2. Xác nhận có mặt" in an.texts[-1]
    assert await bot.zalo.show(an.id, again, menu("Chương trình")) == again


async def test_what_is_over_is_said_once_where_that_is_to_be_told(bot: Bot, an: Person) -> None:
    ref = await bot.zalo.show(an.id, None, ballot(5))
    cancelled = Card((Line("Lượt biểu quyết 5 đã hủy."),), heading="Biểu quyết 5", is_notable=True)
    beside_another = await bot.zalo.show(
        an.id, None, replace(ballot(5, 900), heading="Biểu quyết 5 (lượt 2)")
    )
    assert not await bot.zalo.is_news(an.id, beside_another, cancelled)
    told = await bot.zalo.show(an.id, ref, cancelled)
    assert an.texts[-1] == "Lượt biểu quyết 5 đã hủy."
    assert all(
        card.has_ended for card in (await bot.choices.find(an.id)).votes if card.heading == "Biểu quyết 5"
    )
    assert await bot.zalo.show(an.id, told, cancelled) == told


async def test_the_next_item_takes_no_message_by_itself(bot: Bot, an: Person) -> None:
    def follows(item: int, *more: Do) -> Card:
        floor = (Do("Đăng ký phát biểu", AskFloor(7, item)), Do("Văn bản", ShowText(item, 1, 0)))
        return Card((Line(f"Đang xem xét: {item}"),), ((*floor, *more),))

    ref = await bot.zalo.show(an.id, None, follows(1))
    assert await bot.zalo.show(an.id, ref, follows(2)) == ref
    assert meant("1", await bot.choices.find(an.id), LATER) == Tap("v1:askfloor:7:2")
    assert await bot.zalo.show(an.id, ref, follows(3, Do("Về sớm", LeaveMeeting(7, 0)))) != ref
    assert len(an.messages) == 2
    await bot.zalo.show(an.id, None, ballot(5))
    assert not await bot.zalo.is_news(an.id, ref, follows(4))
    assert meant("51", await bot.choices.find(an.id), LATER) == Tap("v1:vote:105:yes")


async def test_a_vote_cast_elsewhere_is_told_and_one_cast_here_is_not_told_twice(
    bot: Bot, an: Person
) -> None:
    ref = await bot.zalo.show(an.id, None, ballot(5))
    await bot.choices.change(an.id, lambda shown: with_said(shown, ["v1:vote:105:yes"]))
    assert await bot.zalo.show(an.id, ref, ballot(5, own=Option.YES)) == ref

    on_the_page = await bot.zalo.show(an.id, ref, ballot(5, own=Option.NO))
    assert "✓ 52. Không tán thành" in an.texts[-1]
    assert await bot.zalo.show(an.id, on_the_page, ballot(5, own=Option.NO)) == on_the_page
    await bot.choices.change(an.id, lambda shown: with_said(shown, ["v1:vote:105:yes"]))
    assert await bot.zalo.is_news(an.id, on_the_page, ballot(5, own=Option.NO))
    assert len(an.messages) == 2


async def test_a_long_card_is_several_messages_with_the_choices_under_the_last(bot: Bot, an: Person) -> None:
    text = "Chỉ tiêu được giao. " * 150
    await bot.zalo.show(an.id, None, replace(ballot(5), lines=(Line("Biểu quyết 5"), Line(text))))

    assert len(an.texts) == 2
    assert all(len(part) <= LONGEST_TEXT for part in an.texts)
    assert "51." not in an.texts[0]
    assert an.texts[1].endswith("53. Ý kiến khác")


async def test_files_are_addresses_in_the_same_message(bot: Bot, an: Person) -> None:
    files = (Attachment("moi.ics", "text/calendar", b"ics"), Handout(2, "Báo cáo.pdf"), Handout(3, "Cũ.pdf"))
    await bot.zalo.show(an.id, None, Card((Line("Giấy mời"),), attachments=files))

    (text,) = an.texts
    assert "moi.ics: http://192.168.1.20:8080/f/moi.ics" in text
    assert "Báo cáo.pdf: http://192.168.1.20:8080/f/2" in text
    assert "Cũ.pdf (đã rút)" in text


async def test_a_group_is_told_and_votes_nowhere_but_in_private(bot: Bot, fake: FakeZalo) -> None:
    group = fake.group("Công đoàn")
    bot.choices.groups.add(group.id)
    assert await bot.zalo.account_name() == "bot.HoiNghi01"

    ref = await bot.zalo.show(group.id, None, ballot(5))
    (text,) = group.texts
    assert "51" not in text
    assert "https://zalo.me/bot.HoiNghi01" in text
    assert await bot.zalo.show(group.id, ref, ballot(5, own=Option.NO)) == ref
    assert bot.choices.shown == {}


async def test_a_chat_is_spoken_to_in_its_language(bot: Bot, an: Person) -> None:
    bot.choices.languages[an.id] = "en"
    await bot.zalo.show(an.id, None, menu("Agenda"))

    assert "Reply with a number:" in an.texts[-1]


async def test_numbers_of_a_ballot_that_may_have_arrived_are_understood(
    bot: Bot, fake: FakeZalo, an: Person
) -> None:
    await bot.zalo.show(an.id, None, menu("Chương trình"))
    fake.cut("sendMessage", is_carried_out=True)
    with pytest.raises(DeliveryError) as raised:
        await bot.zalo.show(an.id, None, ballot(5))

    assert raised.value.is_uncertain
    assert bot.meter.sent == 2
    shown = await bot.choices.find(an.id)
    assert meant("51", shown, LATER) == Tap("v1:vote:105:yes")
    assert meant("1", shown, LATER) == Tap("v1:agenda:0:0")


async def test_what_was_not_sent_is_not_what_numbers_mean(bot: Bot, fake: FakeZalo, an: Person) -> None:
    await bot.zalo.show(an.id, None, menu("Chương trình"))
    fake.refuse("sendMessage", 429, "Quota exceeded")
    with pytest.raises(DeliveryError):
        await bot.zalo.show(an.id, None, question())

    assert (bot.meter.sent, bot.meter.refused) == (1, 1)
    assert meant("1", await bot.choices.find(an.id), LATER) == Tap("v1:agenda:0:0")
