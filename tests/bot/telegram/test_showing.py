"""Cards as messages and files."""

import dataclasses
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.actions import ShowItem
from bot.platforms.base import (
    Ask,
    Attachment,
    Bar,
    Card,
    Choice,
    DeliveryError,
    Do,
    Line,
    Mark,
    Open,
)
from bot.platforms.telegram import TelegramPlatform
from tests.bot.telegram.line import BALLOT, NO, XLSX, YES, shown
from tests.fakes.bot_api import (
    FakeBotApi,
    Person,
    utf16,
)


async def test_a_card_is_text_with_marks_and_rows_of_buttons(platform: TelegramPlatform, an: Person) -> None:
    card = Card(
        (Line("Biểu quyết 5", Mark.STRONG), Line("Quy chế chi tiêu nội bộ"), Line("đến 15:30", Mark.SOFT)),
        ((YES, Do(NO.label, NO.action, is_chosen=True)), (Open("Xem", "https://example.org/i/abc"),)),
        ask=Ask(200, example="Bổ sung Điều 4 …"),
    )
    message = await shown(platform, an, card)
    assert message.text == "Biểu quyết 5\nQuy chế chi tiêu nội bộ\nđến 15:30\nBổ sung Điều 4 …"
    assert message.marked("bold") == ["Biểu quyết 5"]
    assert message.marked("italic") == ["đến 15:30", "Bổ sung Điều 4 …"]
    assert [[button["text"] for button in row] for row in message.keyboard] == [
        ["Tán thành", "✓ Không tán thành"],
        ["Xem"],
    ]
    assert message.links == {"Xem": "https://example.org/i/abc"}
    assert all("style" not in button for row in message.keyboard for button in row)


HOSTILE = [
    "<b>không</b> & <script>alert(1)</script>",
    "&lt;b&gt; &amp;amp; &#60;",
    "</b></i>",
    "a \"b\" 'c' {0} {} %s \\n `x` *y* _z_ [a](tg://user?id=1)",
    "1 < 2 > 1 <",
    "👩‍👩‍👧‍👦 𝒜 e\u0301 ử",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("mark", list(Mark))
async def test_hostile_text_is_shown_letter_by_letter(
    platform: TelegramPlatform, an: Person, text: str, mark: Mark
) -> None:
    message = await shown(
        platform, an, Card((Line(text, mark), Bar(text, 1, 2)), ((Do(text, ShowItem(1)),),))
    )
    assert message.text.split("\n")[:2] == [text, text]
    assert [entity["type"] for entity in message.entities] == {
        Mark.PLAIN: [],
        Mark.STRONG: ["bold"],
        Mark.SOFT: ["italic"],
    }[mark]
    assert message.labels == [text]


async def test_what_cannot_be_sent_is_made_harmless(platform: TelegramPlatform, an: Person) -> None:
    message = await shown(
        platform, an, Card((Line("a\x00b\ud800c\r\nd\x1b[31m"),), ((Do("x\n\ud83d", ShowItem(1)),),))
    )
    assert message.text == "a b\ufffdc\nd [31m"
    assert message.labels == ["x \ufffd"]


@pytest.mark.parametrize(
    ("count", "base", "drawn"),
    [
        (0, 48, "░░░░░░░░░░░░"),
        (1, 48, "█░░░░░░░░░░░"),
        (24, 48, "██████░░░░░░"),
        (47, 48, "███████████░"),
        (48, 48, "████████████"),
        (0, 0, "░░░░░░░░░░░░"),
    ],
)
async def test_a_bar_is_full_only_where_it_is_all(
    platform: TelegramPlatform, an: Person, count: int, base: int, drawn: str
) -> None:
    message = await shown(platform, an, Card((Bar("Tán thành: 47", count, base),)))
    assert message.text == f"Tán thành: 47\n{drawn}"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/i/abc",
        "http://192.168.1.20:8080/i/abc",
        "http://localhost/i/abc",
        "http://hoinghi.local/i/abc",
        "http://[::1]:8080/",
        "ftp://example.org/a",
        "javascript:alert(1)",
        "http://example.org:99999999/",
        "https://user@example.org/",
        "https://ví-dụ.vn/",
        "https://example.org/" + "a" * 600,
        "không phải địa chỉ",
    ],
)
async def test_an_address_that_telegram_refuses_as_a_button_is_a_line(
    platform: TelegramPlatform, an: Person, url: str
) -> None:
    message = await shown(platform, an, Card((Line("Mời"),), ((Open("Trang của tôi", url), YES),)))
    assert message.text == f"Mời\nTrang của tôi: {url}"
    assert message.labels == ["Tán thành"]


async def test_a_long_text_is_several_messages_with_the_buttons_under_the_last(
    platform: TelegramPlatform, an: Person
) -> None:
    lines = tuple(Line(f"{number}. " + "ý kiến 👍" * 30, Mark.STRONG) for number in range(60))
    await platform.show(str(an.id), None, Card(lines, ((YES,),)))
    texts = [message.text for message in an.messages]
    assert len(texts) > 3
    assert "\n".join(texts).split("\n") == [line.text for line in lines]
    assert all(3500 < utf16(text) <= 4096 for text in texts[:-1])
    assert [message.labels for message in an.messages] == [[]] * (len(texts) - 1) + [["Tán thành"]]


async def test_one_long_line_is_cut_between_words(platform: TelegramPlatform, an: Person) -> None:
    line = "đồng chí 🙂 " * 900
    await platform.show(str(an.id), None, Card((Line(line),)))
    assert " ".join(message.text for message in an.messages) == line.strip()


async def test_many_buttons_go_on_under_a_further_message(platform: TelegramPlatform, an: Person) -> None:
    rows = tuple(tuple(Do(f"{row}.{column}", ShowItem(row)) for column in range(12)) for row in range(20))
    await platform.show(str(an.id), None, Card((Line("Danh sách"),), rows))
    assert [label for message in an.messages for label in message.labels] == [
        choice.label for row in rows for choice in row
    ]


async def test_a_card_without_words_still_has_its_buttons(platform: TelegramPlatform, an: Person) -> None:
    message = await shown(platform, an, Card((Line(" \u200b\n"),), ((Do("\u3164", ShowItem(1)),),)))
    assert (message.text, message.labels) == ("…", ["…"])


async def test_a_card_is_changed_where_it_stands(platform: TelegramPlatform, an: Person) -> None:
    ref = await platform.show(str(an.id), None, BALLOT)
    assert await platform.show(str(an.id), ref, Card((Line("Đã kết thúc"),))) == ref
    assert [(message.text, message.labels) for message in an.messages] == [("Đã kết thúc", [])]


async def test_showing_the_same_again_is_no_error(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    ref = await platform.show(str(an.id), None, BALLOT)
    assert await platform.show(str(an.id), ref, BALLOT) == ref
    assert fake.count("editMessageText") == 1
    assert len(an.messages) == 1


async def test_a_card_may_grow_and_shrink(platform: TelegramPlatform, an: Person) -> None:
    def card(pages: int) -> Card:
        return Card(tuple(Line(f"{page} " + "x" * 4000) for page in range(pages)), ((YES,),))

    ref = await platform.show(str(an.id), None, card(2))
    ref = await platform.show(str(an.id), ref, card(4))
    assert [message.text[0] for message in an.messages] == ["0", "1", "2", "3"]
    assert [message.labels for message in an.messages] == [[], [], [], ["Tán thành"]]
    an.messages[3].is_old = True
    ref = await platform.show(str(an.id), ref, card(1))
    assert [message.text[0] for message in an.messages] == ["0", "…"]
    assert [message.labels for message in an.messages] == [["Tán thành"], []]
    assert len(json.loads(ref)["messages"]) == 1


async def test_a_card_with_a_message_that_was_deleted_is_sent_anew(
    platform: TelegramPlatform, an: Person
) -> None:
    long = Card((Line("a" * 4096), Line("b" * 4096)), ((YES,),))
    ref = await platform.show(str(an.id), None, long)
    an.deletes(an.messages[1])
    ref = await platform.show(str(an.id), ref, long)
    assert [message.text[0] for message in an.messages] == ["a", "b"]
    assert json.loads(ref)["messages"] == [message.id for message in an.messages]


async def test_parts_of_a_card_that_could_not_be_sent_whole_are_taken_back(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    fake.refuse("sendDocument", 500, "Internal Server Error")
    long = Card((Line("a" * 4096), Line("b" * 4096)), attachments=(Attachment("a.xlsx", XLSX, b"PK"),))
    with pytest.raises(DeliveryError):
        await platform.show(str(an.id), None, long)
    assert an.messages == []
    await platform.show(str(an.id), None, long)
    assert len(an.messages) == 3


# Files that go with a card


def with_file(content: bytes, text: str = "Tệp mẫu") -> Card:
    return Card((Line(text),), attachments=(Attachment("Hội nghị.xlsx", XLSX, content),))


async def test_an_attachment_follows_the_text_as_a_file(platform: TelegramPlatform, an: Person) -> None:
    await platform.show(str(an.id), None, with_file(b"PK\x03\x04"))
    text, file = an.messages
    assert text.text == "Tệp mẫu"
    assert file.document is not None
    assert (file.document.name, file.document.content) == ("Hội nghị.xlsx", b"PK\x03\x04")


async def test_an_attachment_that_stands_there_is_not_sent_again_and_a_new_one_takes_its_place(
    platform: TelegramPlatform, an: Person
) -> None:
    ref = await platform.show(str(an.id), None, with_file(b"one"))
    assert await platform.show(str(an.id), ref, with_file(b"one", "khác")) == ref
    assert len(an.messages) == 2
    ref = await platform.show(str(an.id), ref, with_file(b"two"))
    assert [message.document and message.document.content for message in an.messages] == [None, b"two"]
    await platform.show(str(an.id), ref, Card((Line("hết"),)))
    assert [message.text for message in an.messages] == ["hết"]


async def test_a_card_may_be_a_file_only(platform: TelegramPlatform, an: Person) -> None:
    await platform.show(
        str(an.id), None, Card((), attachments=(Attachment("a\n\x00.pdf", "application/pdf", b"%PDF"),))
    )
    assert [message.document and message.document.name for message in an.messages] == ["a_ .pdf"]


async def test_a_file_over_the_limit_is_not_taken_and_logged(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    fake.refuse("sendDocument", 413, "Request Entity Too Large")
    with capture_logs() as logs, pytest.raises(DeliveryError) as raised:
        await platform.show(str(an.id), None, with_file(b"big"))
    assert not raised.value.is_uncertain
    assert [log["event"] for log in logs] == ["telegram_refused"]
    assert an.messages == []


# Any card


_TEXT = st.text(max_size=40) | st.text(alphabet="<>&\"'\\/bi;#lt \n\u200b🙂", max_size=40)
_LINE = st.builds(Line, _TEXT, st.sampled_from(Mark)) | st.builds(
    Bar, _TEXT, st.integers(0, 50), st.integers(0, 50)
)
_URL = st.sampled_from(["https://example.org/i/x", "http://10.0.0.2/", "http://localhost"]) | _TEXT
_CHOICE = st.builds(
    Do, _TEXT, st.builds(ShowItem, st.integers(0, 2**63 - 1)), is_chosen=st.booleans()
) | st.builds(Open, _TEXT, _URL)
_FILE = st.builds(Attachment, _TEXT, st.just(XLSX), st.binary(min_size=1, max_size=9))


@dataclasses.dataclass
class Draft:
    """A card to be: texts of lines are repeated `longer` times, lines and rows `more` times."""

    lines: list[Line | Bar]
    rows: list[list[Choice]]
    files: list[Attachment]
    ask: Ask | None
    longer: int
    more: int

    def card(self) -> Card:
        lines = [
            Line(line.text * self.longer, line.mark) if isinstance(line, Line) else line
            for line in self.lines
        ]
        return Card(
            tuple(lines * self.more),
            tuple(tuple(row) for row in self.rows * self.more),
            tuple(self.files),
            self.ask,
        )


_DRAFT = st.builds(
    Draft,
    st.lists(_LINE, max_size=5),
    st.lists(st.lists(_CHOICE, max_size=10), max_size=4),
    st.lists(_FILE, max_size=2),
    st.none() | st.builds(Ask, st.integers(1, 4000), _TEXT),
    longer=st.sampled_from([1, 1, 1, 300]),
    more=st.sampled_from([1, 1, 12]),
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drafts=st.tuples(_DRAFT, _DRAFT))
async def test_telegram_takes_any_card_and_any_change_to_another(
    fake: FakeBotApi, platform: TelegramPlatform, drafts: tuple[Draft, Draft]
) -> None:
    person = fake.person("An")
    person.has_written = True
    ref = None
    for draft in drafts:
        card = draft.card()
        ref = await platform.show(str(person.id), ref, card)
        shown_labels = [label for message in person.messages for label in message.labels]
        wanted = [choice for row in card.choices for choice in row if isinstance(choice, Do)]
        assert len(wanted) <= len(shown_labels)
        files = {message.document.content for message in person.messages if message.document}
        assert files == {one.content for one in card.attachments if isinstance(one, Attachment)}
        assert await platform.show(str(person.id), ref, card) == ref
