"""What an update says, in each of the forms that Zalo has."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.base import Text
from bot.platforms.zalo.inbox import Inbox
from bot.platforms.zalo.reading import Sent, read
from tests.bot.zalo.wire import a_text, hand_over
from tests.fakes.zalo_api import FakeZalo, Json

NAME = "Bot Hội nghị"


@pytest.mark.parametrize("is_flat", [True, False], ids=["flat", "in-an-envelope"])
def test_a_text_is_read_from_either_body(*, is_flat: bool) -> None:
    update = a_text(" 51 ", "m7", "u3")
    arrival = read(update if is_flat else {"ok": True, "result": update}, "zalo", NAME)
    assert arrival is not None
    incoming = arrival.incoming
    assert (arrival.sent, incoming.body) == (Sent.TEXT, Text(" 51 "))
    assert (incoming.platform, incoming.chat, incoming.sender) == ("zalo", "u3", "u3")
    assert (incoming.display_name, incoming.language, incoming.is_group) == ("An", None, False)


def test_a_message_has_one_mark_whichever_way_it_comes_and_another_in_each_chat() -> None:
    longest = "m" * 128
    updates = [
        a_text("51", "m7", "u3"),
        {"ok": True, "result": a_text("51", "m7", "u3")},
        a_text("51", "m7", "u4"),
        a_text("51", longest, "u3"),
    ]
    arrivals = [read(update, "zalo", NAME) for update in updates]
    marks = [arrival.incoming.event_id for arrival in arrivals if arrival is not None]
    assert (len(marks), len(set(marks)), marks[0]) == (4, 3, marks[1])
    assert max(map(len, marks)) <= 64, "as long as the database keeps"
    with pytest.raises(ValueError, match="129"):
        read(a_text("51", longest + "m"), "zalo", NAME)


@pytest.mark.parametrize("has_other_names", [True, False])
async def test_whatever_is_sent_has_its_kind_and_a_picture_its_caption(*, has_other_names: bool) -> None:
    fake = FakeZalo()
    fake.has_other_names = has_other_names
    an = fake.person("An")
    sent = [
        an.send("Xin chào"),
        an.sends_picture(caption="Phiếu giấy"),
        an.sends_picture(),
        an.sends_sticker(),
        an.sends_voice(),
        an.sends_protected("51"),
    ]
    arrivals = [read(update, "zalo", NAME) for update in sent]
    assert [arrival and (arrival.sent, arrival.incoming.body) for arrival in arrivals] == [
        (Sent.TEXT, Text("Xin chào")),
        (Sent.IMAGE, Text("Phiếu giấy")),
        (Sent.IMAGE, Text("")),
        (Sent.STICKER, Text("")),
        (Sent.VOICE, Text("")),
        (Sent.UNSUPPORTED, Text("")),
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"@{NAME} kết quả", "kết quả"),
        (f"  @{NAME}: kết quả", "kết quả"),
        (f"@{NAME}", ""),
        (f"@{NAME.upper()}\nkết quả", "kết quả"),
        (f"@{unicodedata.normalize('NFD', NAME)} kết quả", "kết quả"),
        (f"@{NAME}ngơi kết quả", f"@{NAME}ngơi kết quả"),
        (f"kết quả @{NAME}", f"kết quả @{NAME}"),
        ("kết quả", "kết quả"),
        ("@", "@"),
    ],
)
def test_the_name_by_which_a_group_calls_the_bot_is_taken_off(text: str, left: str) -> None:
    update = a_text(text)
    update["message"]["chat"] = {"id": "g1", "chat_type": "GROUP"}
    arrival = read(update, "zalo", NAME)
    assert arrival is not None
    assert arrival.incoming.body == Text(left)
    assert (arrival.incoming.chat, arrival.incoming.sender, arrival.incoming.is_group) == ("g1", "u1", True)
    unnamed = read(update, "zalo", "")
    assert unnamed is not None
    assert unnamed.incoming.body == Text(text)


def test_a_name_that_begins_a_private_text_stays() -> None:
    arrival = read(a_text(f"@{NAME} 51"), "zalo", NAME)
    assert arrival is not None
    assert arrival.incoming.body == Text(f"@{NAME} 51")


def test_what_other_programs_write_is_no_business_of_the_bot() -> None:
    update = a_text("51")
    update["message"]["from"]["is_bot"] = True
    assert read(update, "zalo", NAME) is None
    assert read({"event_name": "bot.added"}, "zalo", NAME) is None
    assert read({"ok": True}, "zalo", NAME) is None
    assert read([], "zalo", NAME) is None
    new = a_text("51") | {"event_name": "message.poll.received"}
    del new["message"]["text"]
    arrival = read(new, "zalo", NAME)
    assert arrival is not None
    assert arrival.sent is Sent.UNSUPPORTED


def _with(update: Json, path: tuple[str, ...], value: object) -> Json:
    place: Any = update
    for key in path[:-1]:
        place = place[key]
    if value is None:
        place.pop(path[-1])
    else:
        place[path[-1]] = value
    return update


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PLACES = [
    ("message",),
    ("message", "from"),
    ("message", "from", "id"),
    ("message", "from", "display_name"),
    ("message", "chat"),
    ("message", "chat", "id"),
    ("message", "chat", "chat_type"),
    ("message", "message_id"),
    ("message", "text"),
    ("event_name",),
]


@given(place=st.sampled_from(PLACES), junk=JUNK)
def test_a_broken_update_breaks_nothing(place: tuple[str, ...], junk: object) -> None:
    inbox = Inbox("zalo", hand_over, parallel=1)
    arrival = inbox.find(_with(a_text("51"), place, junk))
    if arrival is not None:
        incoming = arrival.incoming
        assert all(isinstance(one, str) for one in (incoming.chat, incoming.sender, incoming.event_id))
        assert incoming.chat
        assert isinstance(incoming.body, Text)
        assert isinstance(incoming.body.text, str)
