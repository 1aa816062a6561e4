"""What each simulated person saw and tapped, in time order; Vietnamese, as what they saw is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

FIRST_LINE = "<!-- bieuquyet demo -->"
"""By it the folder of an earlier demo is known again."""

_LINK = re.compile(r"(/[ij]/)[A-Za-z0-9_-]+")
_CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
_LIST_MARK = re.compile(r"^([0-9]*)([.)#+-])(?=\s|#)")
_PREFACE = (
    "Họ và tên, số quyết định, ý kiến và trích văn bản là giả định; mỗi người mở trang của mình qua HTTP và "
    "chạm các nút trên trang. Thẻ mà nhiều người cùng thấy được ghi một lần."
)
_TOGETHER = timedelta(seconds=5)
"""The same card that reaches several people within this time is written down once."""


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody who takes part; `number` stands for them in the transcript."""

    number: int
    name: str
    about: str

    @property
    def mark(self) -> str:
        """How the transcript names them in short."""
        return f"N{self.number:02d}"


@dataclass(slots=True)
class _Sight:
    at: datetime
    until: datetime
    lines: tuple[str, ...]
    who: list[Part]


@dataclass(frozen=True, slots=True)
class _Deed:
    at: datetime
    who: Part
    text: str


@dataclass
class Transcript:
    """Collects what happens, and writes it down."""

    title: str
    timezone: ZoneInfo
    parts: list[Part] = field(default_factory=list)
    _sights: list[_Sight] = field(default_factory=list)
    _deeds: list[_Deed] = field(default_factory=list)

    def add_part(self, name: str, about: str) -> Part:
        """Give somebody a number."""
        part = Part(len(self.parts) + 1, name, about)
        self.parts.append(part)
        return part

    def add_sight(self, who: Part, lines: Iterable[str]) -> None:
        """Enter what somebody sees; their own name in it gives way to a blank, so that it can be shared."""
        now = self._now()
        shown = tuple(line.replace(who.name, "(họ và tên)") for line in lines)
        for sight in reversed(self._sights):
            if now - sight.at > _TOGETHER:
                break
            if sight.lines == shown and who not in sight.who:
                sight.who.append(who)
                sight.until = now
                return
        self._sights.append(_Sight(now, now, shown, [who]))

    def add_deed(self, who: Part, text: str) -> None:
        """Enter what somebody does, with what is answered."""
        self._deeds.append(_Deed(self._now(), who, text))

    def _now(self) -> datetime:
        return datetime.now(self.timezone)

    def markdown(self) -> str:
        """Give everything so far as a Markdown document."""
        rows = [f"| {part.mark} | {_plain(part.name)} | {_plain(part.about)} |" for part in self.parts]
        entries = [(sight.at, 1, _sight_text(sight)) for sight in self._sights]
        entries += [(deed.at, 0, _deed_text(deed)) for deed in self._deeds]
        entries.sort(key=lambda entry: entry[:2])
        return "\n".join(
            [
                FIRST_LINE,
                "",
                f"# Diễn biến: {_plain(self.title)}",
                "",
                _PREFACE,
                "",
                "| Ký hiệu | Họ và tên | Tham dự với tư cách |",
                "|---|---|---|",
                *rows,
                "",
                *(text for _, _, text in entries),
                "",
            ]
        )


def _sight_text(sight: _Sight) -> str:
    if len(sight.who) == 1:
        who = f"{sight.who[0].mark} {_plain(sight.who[0].name)}"
    else:
        who = f"{len(sight.who)} người ({marks(sight.who)})"
    shown = "\n".join(f"  > {_plain(line)}\\" for line in sight.lines).removesuffix("\\")
    return f"- {_time(sight.at)} **{who}** thấy:\n{shown}"


def _deed_text(deed: _Deed) -> str:
    return f"- {_time(deed.at)} **{deed.who.mark} {_plain(deed.who.name)}** {_plain(deed.text)}"


def marks(parts: Sequence[Part]) -> str:
    """Give several people in short, runs of numbers as "N03-N17"."""
    numbers = sorted(part.number for part in parts)
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(
        f"N{first:02d}" if first == last else f"N{first:02d}-N{last:02d}" for first, last in runs
    )


def _time(at: datetime) -> str:
    return f"{at:%H:%M:%S}"


def _plain(text: str) -> str:
    """Give text so that Markdown shows it as it is; links and codes, which open pages, are left out."""
    text = _CODE.sub("…", _LINK.sub(r"\1…", text))
    for mark in "\\`*_<>|":
        text = text.replace(mark, f"\\{mark}")
    return _LIST_MARK.sub(r"\1\\\2", text.replace("](", "]\\("))
