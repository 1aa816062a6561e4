"""Cards as HTML: whatever people type stays text."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.actions import CastVote, ShowHelp, encode
from bot.platforms.base import Ask, Attachment, Bar, Card, Choice, Do, Line, Mark, Open
from bot.web.desk import Board, BoardCard
from bot.web.markup import card_html, page_html
from bot.wording.pages import Fault, fault_text, fault_title
from meeting.voting import Option

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "</textarea></form><form action=//evil.example>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp; %(name)s",
    "\u202e\u0000\ud7ff ]]> --> <!-- \n\r\t",
)
URLS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:x",
    "data:text/html,x",
    "//evil.example",
    "http://[",
)

texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
lines = st.one_of(
    st.builds(Line, texts, st.sampled_from(Mark)),
    st.builds(Bar, texts, st.integers(0, 10**6), st.integers(0, 10**6)),
)
choices = st.one_of(
    st.builds(Do, texts, st.sampled_from((ShowHelp(), CastVote(7, Option.NO))), st.booleans()),
    st.builds(Open, texts, st.one_of(st.sampled_from(URLS), st.just("https://a.example/?a=1&b=2"), texts)),
)
cards = st.builds(
    Card,
    st.lists(lines, max_size=4).map(tuple),
    st.lists(st.lists(choices, max_size=3).map(tuple), max_size=3).map(tuple),
    st.lists(st.builds(Attachment, texts, st.just("text/html"), st.binary(max_size=8)), max_size=1).map(
        tuple
    ),
    st.one_of(st.none(), st.builds(Ask, st.integers(0, 5000), texts, st.booleans(), st.booleans())),
)

VOID = {"input", "rect", "meta", "link"}
TAGS = {
    "article",
    "div",
    "p",
    "h2",
    "strong",
    "svg",
    "ul",
    "li",
    "a",
    "form",
    "label",
    "textarea",
    "button",
} | VOID
ATTRIBUTES = {
    *("class", "id", "data-key", "data-version", "data-part", "data-limit", "tabindex", "method", "enctype"),
    *("type", "name", "value", "for", "required", "autocomplete", "aria-describedby", "placeholder", "rows"),
    *("enterkeyhint", "formnovalidate", "aria-pressed", "href", "target", "rel", "download"),
    *("viewbox", "preserveaspectratio", "aria-hidden", "focusable", "width", "height"),
}


class Markup(HTMLParser):
    """Markup read strictly: every tag and attribute known, every element closed where it was opened."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.values: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attributes} <= ATTRIBUTES
        self.values += [value or "" for _, value in attributes]
        self.links += [value or "" for name, value in attributes if name == "href"]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag == "rect"
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, declaration: str) -> None:
        raise AssertionError(declaration)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def _words_of(card: Card) -> list[str]:
    said = [part.caption if isinstance(part, Bar) else part.text for part in card.lines]
    return said + [choice.label for row in card.choices for choice in row]


@given(cards, st.sampled_from(("vi", "en")), st.sampled_from(("", "ballot-7")))
@example(Card(tuple(Line(text) for text in HOSTILE), ask=Ask(9, HOSTILE[1], is_long=True)), "vi", "")
@example(Card((), ((tuple(Open("Mở", url) for url in URLS)),)), "vi", "ballot-7")
def test_whatever_is_on_a_card_stays_text(card: Card, language: str, key: str) -> None:
    found = Markup(card_html(card, language, key=key, version=3))
    whole = "".join(found.texts)
    for words in _words_of(card):
        # The parser gives line ends and zero characters as browsers do.
        assert words in whole or any(letter in words for letter in "\r\0")
    for link in found.links:
        assert link.startswith(
            ("https://", "http://", "mailto:", "tel:", "/", "?file=", "data:application/octet-stream;")
        )
        assert not link.startswith(("//", "/\\"))


@given(st.lists(cards, max_size=3), texts, texts)
def test_a_whole_page_holds_its_cards(shown: list[Card], title: str, name: str) -> None:
    board = Board(
        title, name, "vi", tuple(BoardCard(f"card-{at}", at, card) for at, card in enumerate(shown))
    )
    html = page_html("page.html", "vi", page="p" * 22, board=board, notice=name, answer=None, event="e")
    assert html.count("<article") == len(shown)
    assert "<script>alert" not in html
    assert "<img" not in html


def _choice(label: str, *, is_chosen: bool = False) -> Choice:
    return Do(label, CastVote(7, Option.YES), is_chosen=is_chosen)


def test_options_of_a_row_are_styled_alike() -> None:
    html = card_html(
        Card((), ((_choice("Tán thành"), _choice("Không tán thành")),)), "vi", key="b", version=1
    )
    first, second = (line for line in html.splitlines() if "<button" in line)
    assert first.replace("Tán thành", "X") == second.replace("Không tán thành", "X")


def test_the_own_choice_is_marked_for_eye_and_ear() -> None:
    html = card_html(Card((), ((_choice("Tán thành", is_chosen=True),),)), "vi", key="b", version=1)
    assert 'aria-pressed="true"' in html


def test_a_field_has_a_label_a_hint_and_its_limit() -> None:
    html = card_html(Card((Line("Tên?"),), ask=Ask(120, "Hội nghị", is_long=True)), "vi")
    assert '<label for="field-answer">' in html
    assert 'aria-describedby="hint-answer"' in html
    assert "Tối đa 120 ký tự" in html
    assert 'data-limit="120"' in html
    assert "<textarea" in html
    assert 'placeholder="Ví dụ: Hội nghị"' in html


def test_a_file_is_sent_as_a_file() -> None:
    html = card_html(Card((Line("Tệp?"),), ask=Ask(0, takes_file=True)), "en")
    assert 'enctype="multipart/form-data"' in html
    assert 'type="file"' in html
    assert "At most 10 MB" in html


def test_where_a_text_or_a_file_may_come_there_is_a_field_for_each_and_neither_is_required() -> None:
    html = card_html(Card((Line("Minh chứng?"),), ask=Ask(2_000, is_long=True, takes_file=True)), "vi")
    assert "<textarea" in html
    assert 'type="file"' in html
    assert "required" not in html
    labels = re.findall(r'<label for="([^"]+)">', html)
    assert len(set(labels)) == 2
    assert all(f'id="{label}"' in html for label in labels)


def test_a_bar_is_drawn_by_counts_and_read_by_its_caption() -> None:
    html = card_html(Card((Bar("Tán thành: 45", 45, 46), Bar("Không có", 0, 0))), "vi")
    assert 'viewBox="0 0 46 1"' in html
    assert '<rect class="share" width="45"' in html
    assert 'viewBox="0 0 1 1"' in html
    assert html.count('aria-hidden="true"') == 2


def test_a_language_that_we_do_not_have_is_shown_in_the_first_one() -> None:
    assert 'lang="vi"' in page_html("entrance.html", "fr", problem="")


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_says_why_and_what_to_do_in_both_languages(fault: Fault) -> None:
    said = {
        (fault_title(language, fault), fault_text(language, fault, megabytes=10, seconds=3))
        for language in ("vi", "en")
    }
    assert len(said) == 2
    for title, text in said:
        assert title
        assert text.endswith(".")


def test_actions_stand_in_their_buttons() -> None:
    html = card_html(Card((), ((Do("Trợ giúp", ShowHelp()),),)), "vi")
    assert f'name="action" value="{encode(ShowHelp())}"' in html
