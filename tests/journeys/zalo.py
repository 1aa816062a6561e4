"""People of a journey with Zalo: they read numbered lines, and type what is meant."""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from meeting.names import fold
from tests.fakes.zalo_api import FakeZalo, Json, Message, Person
from tests.journeys.people import PATIENCE

_OFFERED = ("Nhắn số để chọn:", "Nhắn câu trả lời, hoặc:")
"""What stands above the lines that can be chosen."""
_CHOICE = re.compile(r"(?P<mark>✓ )?(?P<pick>chọn )?(?P<number>[0-9]+)\. (?P<label>.+)")


@dataclass(frozen=True)
class Offered:
    """A line that can be chosen: `typed` is what its message asks to be typed for it."""

    typed: str
    label: str
    is_chosen: bool
    is_votes: bool
    """Whether it is a choice in a vote, whose numbers are no other card's."""

    def says(self, label: str) -> bool:
        """Whether it is the button with this label; what is numbered in a list has that number here."""
        beginning = label.removesuffix("…")
        return any(
            said == label or (label != beginning and said.startswith(beginning))
            for said in (self.label, f"{self.typed}. {self.label}")
        )


def offered(message: Message) -> Iterator[Offered]:
    """Give what a message offers, in its order."""
    lines = itertools.dropwhile(lambda line: line not in _OFFERED, message.text.splitlines())
    is_votes = False
    for place, line in enumerate(itertools.islice(lines, 1, None)):
        found = _CHOICE.fullmatch(line)
        assert found is not None, f"{line!r} stands among the choices of {message.text}"
        is_votes = is_votes or (place == 0 and len(found["number"]) > 1)
        typed = f"{found['pick'] or ''}{found['number']}"
        yield Offered(typed, found["label"], bool(found["mark"]), is_votes)


ON_OWN_CARD = frozenset(
    {"Đăng ký phát biểu", "Ý kiến", "Văn bản", "Giao ước", "Tài liệu", "Về sớm", "Dự họp", "Xin vắng"}
)
"""What somebody finds by asking what can be done; all else comes by itself, or answers."""

Habit = Callable[[Offered], str]
"""What somebody types for a choice."""

HABITS: tuple[Habit, ...] = (
    lambda choice: choice.typed,
    lambda choice: f"{choice.typed}.",
    lambda choice: f"số {choice.typed}",
    lambda choice: f"{choice.typed}. {choice.label.lower()}",
    lambda choice: f"{choice.typed} {choice.label}",
    lambda choice: fold(choice.label),
)
"""Ways of typing a choice in a vote."""


class ZaloPerson:
    """Somebody with Zalo; "…" at the end of a label stands for any rest of it."""

    def __init__(self, phone: Person, habit: Habit = HABITS[0]) -> None:
        self.phone = phone
        self.habit = habit
        self.last: Json = {}
        """The last update that this person caused."""

    @property
    def name(self) -> str:
        return self.phone.name

    @property
    def fake(self) -> FakeZalo:
        return self.phone.fake

    async def open_link(self, url: str) -> None:
        """Come to the bot; there is nothing to open, so that a code is typed then."""
        assert url == f"https://zalo.me/{self.fake.me['account_name']}", url

    async def tap(self, label: str, *, on: str = "", answer: str = "") -> str:
        """Wait for a line that says this, type what stands for it, and give what answers, as `write`."""
        choice = await self.finds(label, on=on)
        # A number alone is asked back where its card has only just come.
        typed = self.habit(choice) if choice.is_votes else f"{choice.typed}. {choice.label}"
        return await self.write(typed, answer=answer)

    async def finds(self, label: str, *, on: str = "") -> Offered:
        """Wait for a line that says this, having asked what can be done where it is to be found so."""
        if self._find(label, on) is None and label in ON_OWN_CARD:
            await self.write("?", answer=f". {label}")
        what = f"{self.name} to see [{label}] on {on!r}"
        await self.fake.until(lambda: self._find(label, on) is not None, wait=PATIENCE, what=what)
        found = self._find(label, on)
        assert found is not None
        return found

    async def write(self, text: str, *, answer: str = "") -> str:
        """Type something, and give the message that answers it, which holds `answer`."""
        before = len(self.phone.messages)
        self.last = self.phone.send(text)
        return await self._answered(before, answer, repr(text))

    async def send_file(self, name: str, content: bytes) -> str:
        """Send a file, which no bot on Zalo gets."""
        before = len(self.phone.messages)
        self.last = self.phone.send_anything("unsupported", {})
        return await self._answered(before, "", f"{name} of {len(content)} bytes")

    async def _answered(self, before: int, answer: str, what: str) -> str:
        def find() -> str | None:
            new = self.phone.messages[before:]
            return next((message.text for message in new if answer in message.text), None)

        what = f"an answer {answer!r} to {self.name}'s {what}"
        await self.fake.until(lambda: find() is not None, wait=PATIENCE, what=what)
        return find() or ""

    async def reads(self, text: str) -> Sequence[str]:
        return (await self.phone.sees(text, wait=PATIENCE)).text.splitlines()

    def offers(self, label: str) -> bool:
        """Whether a line that says this is there now."""
        return self._find(label, "") is not None

    async def sees_chosen(self, label: str) -> None:
        """Wait until this is the only choice that is marked as the own one."""
        what = f"{self.name} to see the choice {label!r}"
        await self.fake.until(lambda: self._chosen() == [label], wait=PATIENCE, what=what)

    def _chosen(self) -> list[str]:
        for message in reversed(self.phone.messages):
            marked = [choice.label for choice in offered(message) if choice.is_chosen]
            if marked:
                return marked
        return []

    def _find(self, label: str, on: str) -> Offered | None:
        """Look at the newest message with choices; a vote's numbers hold on older ones, too."""
        is_newest = True
        for message in reversed(self.phone.messages):
            choices = list(offered(message))
            for choice in choices:
                # Entries of a list are known by their numbers elsewhere.
                names = (choice.label, f"{choice.typed}. {choice.label}")
                is_it = label in names or (
                    label.endswith("…") and any(name.startswith(label.removesuffix("…")) for name in names)
                )
                if is_it and on in message.text and (is_newest or choice.is_votes):
                    return choice
            is_newest = is_newest and not choices
        return None
