"""What stands on a web page, as the person before it finds it: lines of text, labelled buttons, fields."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "rect", "source", "wbr"})
_LINES = frozenset({"h2", "p"})
_FIELDS = {"text": "(ô nhập chữ)", "file": "(ô chọn tệp)"}


@dataclass(slots=True)
class Element:
    """An element of a page, with what is in it."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text as one line."""
        return " ".join("".join(self.strings()).split())

    @property
    def lines(self) -> tuple[str, ...]:
        """Its text by the lines that were typed, without empty ones."""
        lines = ("".join(self.strings())).splitlines()
        return tuple(line for line in (" ".join(each.split()) for each in lines) if line)

    def strings(self) -> Iterator[str]:
        """Give the pieces of text inside it."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child.strings()

    def all(self, *tags: str) -> Iterator["Element"]:
        """Give the elements of these kinds inside it, of any kind without `tags`, in the page's order."""
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def find(self, identity: str) -> "Element | None":
        """Give the element inside it that has this id."""
        return next((each for each in self.all() if each.attributes.get("id") == identity), None)


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        place = next((n for n in range(len(self._open) - 1, 0, -1) if self._open[n].tag == tag), None)
        if place is not None:
            del self._open[place:]

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what it says, and what the form sends when it is tapped."""

    label: str
    name: str
    value: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class ShownCard:
    """One card as it is read: `key` is "" for the answer to what was done last.

    `action` is where its form goes ("" to the page itself), `hidden` what it sends besides; `takes` says what
    can be put in: "text", "file", both or nothing.
    """

    key: str
    version: int
    lines: tuple[str, ...]
    buttons: tuple[Button, ...]
    files: tuple[tuple[str, str], ...]
    action: str
    hidden: tuple[tuple[str, str], ...]
    takes: frozenset[str]

    @property
    def heading(self) -> str:
        """Its first line."""
        return self.lines[0] if self.lines else ""

    @property
    def shown(self) -> tuple[str, ...]:
        """Everything on it, a line each; the buttons in one, the chosen one marked."""
        buttons = " ".join(f"[{'✓ ' if each.is_chosen else ''}{each.label}]" for each in self.buttons)
        fields = [shown for kind, shown in _FIELDS.items() if kind in self.takes]
        below = " ".join(
            part for part in (*fields, *(f"({label})" for label, _ in self.files), buttons) if part
        )
        return (*self.lines, below) if below else self.lines

    def button(self, label: str) -> Button | None:
        """Give the button that says this; "…" at the end of `label` stands for any rest of it."""
        beginning = label.removesuffix("…")
        for button in self.buttons:
            if button.label == label or (label.endswith("…") and button.label.startswith(beginning)):
                return button
        return None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a whole: what it is headed, what it says at once, its cards, and its plain forms."""

    title: str
    notice: str
    answer: ShownCard | None
    board: tuple[ShownCard, ...]
    lines: tuple[str, ...]
    form: ShownCard | None


def read_page(html: str) -> Page:
    """Read a page of the program, the way in as well as a personal page."""
    root = _parsed(html)
    main = next(root.all("main"), root)
    title = next((heading.text for heading in root.all("h1")), "")
    notice = next((p.text for p in main.all("p") if "notice" in p.attributes.get("class", "").split()), "")
    board, answer = root.find("board"), root.find("answer-card")
    form = None if board is not None else next(main.all("form"), None)
    return Page(
        title=title,
        notice=notice,
        answer=None if answer is None else next(map(_card, answer.all("article")), None),
        board=() if board is None else tuple(map(_card, board.all("article"))),
        lines=tuple(line.text for line in main.all(*_LINES) if line.text),
        form=None if form is None else _card(form),
    )


@lru_cache(1000)  # the same stands on many pages
def read_card(html: str) -> ShownCard:
    """Read one card; raises ValueError where it is none."""
    article = next(_parsed(html).all("article"), None)
    if article is None:
        message = "no card"
        raise ValueError(message)
    return _card(article)


def _parsed(html: str) -> Element:
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return tree.root


def _card(element: Element) -> ShownCard:
    inputs = list(element.all("input"))
    is_file = any(each.attributes.get("type") == "file" for each in inputs)
    is_text = any(each.attributes.get("name") == "text" for each in element.all("input", "textarea"))
    forms = [element] if element.tag == "form" else list(element.all("form"))
    return ShownCard(
        key=element.attributes.get("data-key", ""),
        version=int(element.attributes.get("data-version", "0")),
        lines=tuple(
            line
            for paragraph in element.all(*_LINES)
            if paragraph.attributes.get("class") != "hint"
            for line in paragraph.lines
        ),
        buttons=tuple(
            Button(
                button.text,
                button.attributes.get("name", ""),
                button.attributes.get("value", ""),
                "aria-pressed" in button.attributes,
            )
            for button in element.all("button")
        ),
        files=tuple(
            (link.text, link.attributes["href"]) for link in element.all("a") if "download" in link.attributes
        ),
        action=next((form.attributes.get("action", "") for form in forms), ""),
        hidden=tuple(
            (each.attributes.get("name", ""), each.attributes.get("value", ""))
            for each in inputs
            if each.attributes.get("type") == "hidden"
        ),
        takes=frozenset(kind for kind, is_there in (("text", is_text), ("file", is_file)) if is_there),
    )
