"""An item's text: read whole, compared with an earlier version, worded anew by those who prepare."""

from collections.abc import Collection, Sequence

from bot.actions import (
    AddToText,
    ChooseTextItem,
    ChooseTextPaper,
    CopyText,
    QuotePaper,
    RestoreText,
    ShowAgenda,
    ShowChanges,
    ShowItem,
    ShowText,
    WordText,
)
from bot.cards.layout import button, clipped, in_rows, page_of, page_rows, soft, strong
from bot.cards.opinions import opinions_button
from bot.platforms.base import Card, Choice, Line
from bot.wording import versions as wording
from bot.wording.papers import short_name
from bot.wording.voice import Voice, say
from meeting.people import Right, Role, grant
from meeting.states import MeetingState
from meeting.tally import Decision
from meeting.versions import differences
from storage.views import AgendaView, ItemView, PapersView, TextView, VersionView, VotedItem, VoteView

_PAGE = 3_000
"""Characters of a text on a page: with its heading they fit into one message everywhere."""


def voted_item_text(voice: Voice, item: VotedItem, limit: int = 300) -> str:
    """Give an item that is voted on, with the version that the vote names where there is a text."""
    title = clipped(item.title, limit)
    if not item.text and item.text_version <= 1:
        return title
    return say(voice, "%(title)s, version %(version)s", title=title, version=item.text_version)


def question_text(voice: Voice, vote: VoteView, limit: int = 200) -> str:
    """Give what a vote is about on one line, each item in the version that the vote names."""
    return clipped("; ".join(voted_item_text(voice, item) for item in vote.items) or vote.question, limit)


def text_button(voice: Voice, item: ItemView | VotedItem, *, may_enter: bool = False) -> list[Choice]:
    """Give the button that leads to an item's text; where there is none, to those who may enter one."""
    version = item.text_version if isinstance(item, VotedItem) else 0
    if item.text:
        return [button(wording.button_text(voice), ShowText(item.item_id, version, 0))]
    return [button(wording.button_enter(voice), ShowText(item.item_id, 0, 0))] if may_enter else []


def text_card(
    voice: Voice, view: TextView, version: VersionView, page: int, *, roles: Collection[Role]
) -> Card:
    """Give a page of an item's text in a version, with the ways to the others and to how they differ."""
    item = view.item
    lines = [strong(clipped(f"{item.number}. {item.title}", 300))]
    pages = _pages(version.text)
    if version.text:
        lines.append(soft(wording.version_text(voice, view, version)))
    if version.opinion is not None:
        lines.append(soft(wording.taken_up_text(voice, version.opinion)))
    if version.paper is not None:
        lines.append(soft(wording.source_text(voice, version.paper)))
    lines += [Line(text) for text in page_of(pages, page, 1)] or [Line(wording.no_text(voice))]
    rows = [
        *in_rows(_comparisons(voice, version)),
        *page_rows(voice, pages, page, lambda number: ShowText(item.item_id, version.version, number), 1),
        *_beside(voice, view, version),
        *in_rows(_changing(voice, view, version, roles)),
    ]
    last = (_way_back(voice, view, roles), *opinions_button(voice, view.meeting, item.item_id))
    return Card(tuple(lines), (*rows, last))


def _comparisons(voice: Voice, version: VersionView) -> list[Choice]:
    """Offer what changed since the version before, and since the first."""
    return [
        button(
            say(voice, "Against version %(version)s", version=earlier),
            ShowChanges(version.item_id, earlier, version.version, 0),
        )
        for earlier in sorted({1, version.version - 1} & set(range(1, version.version)))
    ]


def _beside(voice: Voice, view: TextView, version: VersionView) -> list[tuple[Choice, ...]]:
    newest = view.newest.version
    others = sorted({version.version - 1, version.version + 1, newest} & set(range(1, newest + 1)))
    row: list[Choice] = [
        button(say(voice, "Version %(version)s", version=other), ShowText(version.item_id, other, 0))
        for other in others
        if other != version.version
    ]
    return [tuple(row)] if row else []


def _changing(voice: Voice, view: TextView, version: VersionView, roles: Collection[Role]) -> list[Choice]:
    item, meeting = view.item, view.meeting
    is_open = item.decision in {None, Decision.REJECTED} and meeting.state is not MeetingState.CLOSED
    if not grant(roles, Right.PREPARE) or not is_open:
        return []
    if version is not view.newest:
        label = say(voice, "Back to this version")
        return (
            []
            if not version.text
            else [button(label, RestoreText(item.item_id, version.version, view.newest.version))]
        )
    choices: list[Choice] = []
    if version.text:
        choices.append(button(say(voice, "Add to the text"), AddToText(item.item_id)))
    label = say(voice, "Word it anew") if version.text else say(voice, "Type the text")
    choices.append(button(label, WordText(item.item_id)))
    if not version.text:
        choices.append(button(say(voice, "Take it from another item"), ChooseTextItem(item.item_id, 0)))
    if meeting.papers:
        choices.append(button(say(voice, "Take it from a paper"), ChooseTextPaper(item.item_id, 0)))
    return choices


def _way_back(voice: Voice, view: TextView, roles: Collection[Role]) -> Choice:
    if grant(roles, Right.PREPARE):
        return button(say(voice, "‹ The item"), ShowItem(view.item.item_id))
    return button(say(voice, "‹ Agenda"), ShowAgenda(view.meeting.meeting_id, 0))


def changes_card(voice: Voice, view: TextView, earlier: VersionView, version: VersionView, page: int) -> Card:
    """Give a page of what changed from one version to another, word by word."""
    item = view.item
    pages = _pages(wording.marked_text(differences(earlier.text, version.text)))
    lines = [
        strong(clipped(f"{item.number}. {item.title}", 300)),
        Line(wording.changes_title(voice, earlier.version, version.version)),
    ]
    if earlier.text == version.text:
        lines.append(Line(wording.no_changes(voice)))
    else:
        lines += [soft(wording.legend(voice)), *(Line(text) for text in page_of(pages, page, 1))]
    rows = page_rows(
        voice,
        pages,
        page,
        lambda number: ShowChanges(item.item_id, earlier.version, version.version, number),
        1,
    )
    back = button(say(voice, "‹ The whole text"), ShowText(item.item_id, version.version, 0))
    return Card(tuple(lines), (*rows, (back,)))


def text_papers_card(voice: Voice, view: PapersView, item: ItemView, page: int) -> Card:
    """Ask which paper an item's text is taken from: its own ones first, then the meeting's."""
    papers = [one for one in view.papers if one.item_id in {None, item.item_id}]
    papers.sort(key=lambda one: one.item_id is None)
    rows: list[tuple[Choice, ...]] = [
        (button(short_name(one.paper.name), QuotePaper(item.item_id, one.paper_id)),)
        for one in page_of(papers, page)
    ]
    rows += page_rows(voice, papers, page, lambda number: ChooseTextPaper(item.item_id, number))
    lines = [strong(wording.paper_wanted(voice))]
    if not papers:
        lines.append(Line(say(voice, "There are no papers yet.")))
    back = button(say(voice, "‹ The whole text"), ShowText(item.item_id, 0, 0))
    return Card(tuple(lines), (*rows, (back,)))


def text_items_card(voice: Voice, view: AgendaView, item: ItemView, page: int) -> Card:
    """Ask which item's text another one, which has none, takes over."""
    items = [one for one in view.items if one.text and one.item_id != item.item_id]
    rows: list[tuple[Choice, ...]] = [
        (button(f"{one.number}. {one.title}", CopyText(item.item_id, one.item_id)),)
        for one in page_of(items, page)
    ]
    rows += page_rows(voice, items, page, lambda number: ChooseTextItem(item.item_id, number))
    lines = [strong(wording.item_wanted(voice))]
    if not items:
        lines.append(Line(say(voice, "No other item has a text yet.")))
    back = button(say(voice, "‹ The whole text"), ShowText(item.item_id, 0, 0))
    return Card(tuple(lines), (*rows, (back,)))


def _pages(text: str) -> Sequence[str]:
    """Give a text in pieces that fit, cut between lines or words where it can be."""
    pages = []
    while len(text) > _PAGE:
        ends = [text.rfind(mark, _PAGE // 2, _PAGE) for mark in ("\n", " ")]
        end = next((place for place in ends if place > 0), _PAGE)
        pages.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*pages, text] if text else pages
