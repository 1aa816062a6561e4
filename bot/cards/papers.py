"""The papers of a meeting: listed, handed over, attached."""

from collections.abc import Collection, Sequence
from itertools import groupby

from bot.actions import (
    Action,
    AddPapers,
    CancelDialogue,
    ChooseFilesMeeting,
    GetPaper,
    HandOutPapers,
    ReplacePaper,
    ShowItem,
    ShowMeeting,
    ShowPaper,
    ShowPapers,
    SkipQuestion,
    UseAsWorkbook,
    UseFiles,
    WithdrawPaper,
)
from bot.cards.layout import button, clipped, in_rows, page_of, page_rows, soft, strong
from bot.platforms.base import Ask, Card, Choice, Handout, Line
from bot.wording import papers as wording
from bot.wording.dates import moment_text
from bot.wording.voice import Voice, say
from meeting.people import Right, Role, grant
from meeting.states import MeetingState
from storage.views import ItemView, MeetingView, PapersView, PaperView

_POSTED = 8
_ITEMS_OFFERED = 40


def papers_button(voice: Voice, meeting: MeetingView, item_id: int = 0) -> list[Choice]:
    """Give the button that leads to the papers, where there are any."""
    if not meeting.papers:
        return []
    return [button(say(voice, "Papers"), ShowPapers(meeting.meeting_id, item_id, 0))]


def papers_card(voice: Voice, view: PapersView, item_id: int, page: int, *, roles: Collection[Role]) -> Card:
    """Give a page of the papers, each with a button: of one item those that concern it, with 0 all."""
    meeting = view.meeting
    item = next((one for one in view.items if one.item_id == item_id), None)
    concerned = [one for one in view.papers if item is None or one.item_id in {None, item_id}]
    shown = page_of(concerned, page)
    title = clipped(meeting.title if item is None else f"{item.number}. {item.title}")
    lines = [strong(say(voice, "Papers: %(title)s", title=title)), *_lines(voice, view, shown)]
    if not concerned:
        lines.append(Line(say(voice, "There are no papers yet.")))
    is_preparing = grant(roles, Right.PREPARE) and meeting.state is not MeetingState.CLOSED
    rows: list[tuple[Choice, ...]] = []
    for one in shown:
        get = button(wording.short_name(one.paper.name), GetPaper(one.paper_id))
        change = button(say(voice, "Change"), ShowPaper(one.paper_id))
        rows.append((get, change) if is_preparing else (get,))
    rows += page_rows(voice, concerned, page, lambda number: ShowPapers(meeting.meeting_id, item_id, number))
    last: list[Choice] = []
    if is_preparing:
        last.append(button(say(voice, "Add papers"), AddPapers(meeting.meeting_id, item_id)))
    if grant(roles, Right.PREPARE) and view.papers:
        last.append(button(say(voice, "Send papers to all"), HandOutPapers(meeting.meeting_id, 0)))
    if item is not None and grant(roles, Right.PREPARE):
        last.append(button(say(voice, "‹ The item"), ShowItem(item_id)))
    elif roles:
        last.append(button(say(voice, "‹ Back to the meeting"), ShowMeeting(meeting.meeting_id)))
    return Card(tuple(lines), (*rows, *in_rows(last)))


def _lines(voice: Voice, view: PapersView, shown: Sequence[PaperView]) -> list[Line]:
    """Give the papers under the item that each belongs to."""
    items = {item.item_id: item for item in view.items}
    lines = []
    for item_id, group in groupby(shown, key=lambda one: one.item_id):
        lines.append(soft(_place_text(voice, None if item_id is None else items[item_id])))
        lines += [Line(f"– {wording.paper_text(voice, one.paper)}") for one in group]
    return lines


def _place_text(voice: Voice, item: ItemView | None) -> str:
    if item is None:
        return say(voice, "Of the whole meeting:")
    return f"{clipped(f'{item.number}. {item.title}', 120)}:"


def papers_post_card(voice: Voice, view: PapersView) -> Card:
    """Give the list as it is sent to all: the first papers each with a button, and one to the rest."""
    shown = view.papers[:_POSTED]
    lines = [
        strong(say(voice, "Papers: %(title)s", title=clipped(view.meeting.title))),
        *_lines(voice, view, shown),
        soft(say(voice, "Each paper can be opened below.")),
    ]
    rows = [(button(wording.short_name(one.paper.name), GetPaper(one.paper_id)),) for one in shown]
    if len(view.papers) > _POSTED:
        rows.append((button(say(voice, "All papers"), ShowPapers(view.meeting.meeting_id, 0, 0)),))
    return Card(tuple(lines), tuple(rows))


def handed_card(voice: Voice, paper: PaperView) -> Card:
    """Give a paper itself."""
    text = wording.paper_follows(voice, wording.paper_text(voice, paper.paper))
    return Card((Line(text),), attachments=(Handout(paper.paper_id, paper.paper.name),))


def paper_card(voice: Voice, meeting: MeetingView, paper: PaperView, item: ItemView | None) -> Card:
    """Give one paper to those who may change it."""
    place = say(voice, "Of the whole meeting") if item is None else f"{item.number}. {item.title}"
    lines = (
        strong(paper.paper.name),
        Line(clipped(place)),
        Line(
            say(
                voice,
                "%(size)s, added at %(moment)s",
                size=wording.size_text(paper.paper.size, voice.language),
                moment=moment_text(voice, paper.added_at),
            )
        ),
        soft(f"SHA-256: {paper.paper.sha256}"),
    )
    choices: list[Choice] = [button(say(voice, "Get it"), GetPaper(paper.paper_id))]
    if meeting.state is not MeetingState.CLOSED:
        choices.append(button(say(voice, "Replace it"), ReplacePaper(paper.paper_id)))
        choices.append(button(say(voice, "Withdraw it"), WithdrawPaper(paper.paper_id, 0)))
    choices.append(button(say(voice, "‹ Papers"), ShowPapers(meeting.meeting_id, paper.item_id or 0, 0)))
    return Card(lines, in_rows(choices))


def files_card(voice: Voice, text: str, version: int, *, is_first: bool = True) -> Card:
    """Ask for papers; "Done" leads back to the list."""
    done = button(say(voice, "Done"), SkipQuestion(version))
    lines = [strong(text), soft(wording.kinds_text(voice))] if is_first else [Line(text)]
    return Card(tuple(lines), ((done,),), ask=Ask(limit=1, takes_file=True))


def file_use_card(
    voice: Voice,
    version: int,
    meeting: tuple[int, str],
    items: Sequence[tuple[int, str]],
    others: Sequence[tuple[int, str]],
    *,
    may_be_workbook: bool,
) -> Card:
    """Ask what a file is for that came unasked: a meeting, an item, another meeting, the workbook."""
    meeting_id, title = meeting
    lines = [strong(wording.use_wanted(voice)), Line(clipped(title)), soft(wording.use_hint(voice))]
    choices: list[tuple[str, Action]] = [
        (say(voice, "Paper of the whole meeting"), UseFiles(version, meeting_id, 0))
    ]
    choices += [(name, UseFiles(version, meeting_id, item_id)) for item_id, name in items[:_ITEMS_OFFERED]]
    if may_be_workbook:
        choices.append((say(voice, "A workbook with a new meeting"), UseAsWorkbook(version)))
    choices += [
        (say(voice, "For another meeting: %(title)s", title=name), ChooseFilesMeeting(version, other_id))
        for other_id, name in others
    ]
    choices.append((say(voice, "Cancel"), CancelDialogue(version)))
    rows = tuple((button(label, action),) for label, action in choices)
    return Card(tuple(lines), rows, ask=Ask(limit=1, takes_file=True))
