"""What people of a demo say and ask on the items, and what those who preside make of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.demo.hall import Hall, key_of
from bot.demo.visitor import VisitError, Visitor

COMMENT, QUESTION, PETITION, ADDITION = "Ý kiến", "Câu hỏi", "Kiến nghị", "Đề nghị bổ sung"
_WHOLE_MEETING = "Chung cho hội nghị"
_NUMBER = re.compile(r"ý kiến số (\d+)")


@dataclass(frozen=True, slots=True)
class Said:
    """An opinion of an attendee: `about` is the title of an item, "" for the meeting as a whole."""

    who: str
    kind: str
    text: str
    about: str = ""


async def say(hall: Hall, said: Said) -> int:
    """Have an attendee send an opinion; gives its number."""
    visitor = hall.of(said.who)
    await visitor.tap("Ý kiến", on=hall.plan.title)
    await visitor.tap("Gửi ý kiến")
    return await _tell(hall, visitor, said)


async def enter(hall: Hall, secretary: Visitor, said: Said) -> int:
    """Have the secretary enter what a unit, or somebody without a page, has to say; gives its number."""
    await secretary.tap("Ý kiến…", on=hall.plan.title)
    await secretary.tap("Nhập hộ ý kiến")
    await secretary.write(said.who)
    return await _tell(hall, secretary, said)


async def _tell(hall: Hall, visitor: Visitor, said: Said) -> int:
    # Before the meeting it is asked first what an opinion is about, in the meeting it is the current item.
    if not visitor.offers(about := _about(hall, said.about)):
        await visitor.tap("Về nội dung khác")
    await visitor.tap(about)
    await visitor.write(said.text)
    recorded = _NUMBER.search(await visitor.tap(said.kind, on="CHƯA gửi: chọn loại ý kiến để gửi."))
    if recorded is None:
        raise VisitError(f"{visitor.name}: the opinion got no number")
    return int(recorded[1])


def _about(hall: Hall, title: str) -> str:
    if not title:
        return _WHOLE_MEETING
    numbers = {item.title: number for number, item in enumerate(hall.plan.items, 1)}
    return f"{numbers[title]}. {title[:20]}…"


# What becomes of it


async def look_at(hall: Hall, visitor: Visitor, number: int) -> None:
    """Have somebody who runs the meeting open an opinion from the list."""
    await visitor.tap("Ý kiến…", on=hall.plan.title)
    page = 2
    while not visitor.offers(str(number)):
        await visitor.tap(f"Trang {page} ›")
        page += 1
    await visitor.tap(str(number))


async def merge(hall: Hall, secretary: Visitor, number: int, into: int) -> None:
    """Have the secretary put an opinion together with another that says the same."""
    await look_at(hall, secretary, number)
    await secretary.tap("Gộp vào ý kiến khác")
    await secretary.write(str(into))
    hall.steps.say(f"opinion {number} goes with opinion {into}")


async def take_up(hall: Hall, chair: Visitor, number: int, words: str) -> None:
    """Have the chair take an opinion up in words."""
    await look_at(hall, chair, number)
    await chair.tap("Tiếp thu")
    await chair.write(words)
    hall.steps.say(f"opinion {number} is taken up")


async def take_into_text(hall: Hall, chair: Visitor, number: int, whole: str = "") -> None:
    """Have the chair take an addition into its item's text: as proposed, or in a new wording of the whole."""
    await look_at(hall, chair, number)
    await chair.tap("Tiếp thu")
    if whole:
        await chair.tap("Gửi toàn văn mới")
        await chair.write(whole)
    else:
        await chair.tap("Bổ sung nguyên văn")
    hall.steps.say(f"opinion {number} is taken into the text")


async def answer(hall: Hall, chair: Visitor, number: int, words: str) -> None:
    """Have the chair answer a question or petition."""
    await look_at(hall, chair, number)
    await chair.tap("Giải trình, giải đáp")
    await chair.write(words)
    hall.steps.say(f"opinion {number} is answered")


async def leave(hall: Hall, chair: Visitor, number: int) -> None:
    """Have the chair note an opinion."""
    await look_at(hall, chair, number)
    await chair.tap("Ghi nhận")
    hall.steps.say(f"opinion {number} is noted")


# The floor


async def ask_floor(visitor: Visitor, title: str, topic: str = "") -> None:
    """Have somebody ask to speak on the item that is on, and say what about."""
    await visitor.tap("Đăng ký phát biểu", on=key_of(title))
    if topic:
        await visitor.tap("Ghi nội dung")
        await visitor.write(topic)


async def hear_speakers(hall: Hall, chair: Visitor, speakers: Sequence[str]) -> None:
    """Have the chair give the floor to these, one after the other, in the order in which they asked."""
    for name in speakers:
        await chair.tap(f"Mời phát biểu: {name[:20]}…")
        await hall.of(name).sees("phát biểu (")
        await chair.tap("Kết thúc lượt phát biểu")
    hall.steps.say(f"the floor is given: {len(speakers)}")


# Texts


async def compare(visitor: Visitor, on: str) -> None:
    """Have somebody read what changed in a text since its first version, from the ballot."""
    await visitor.tap("Văn bản", on=on)
    await visitor.tap("So với bản 1")
