"""The agenda, one item of it, and which items go into one vote."""

from collections.abc import Collection, Sequence

from bot.actions import (
    AddItem,
    CloseMeeting,
    GiveTask,
    GoToItem,
    JoinVote,
    MoveItem,
    RenameItem,
    RetakeItem,
    SetAdvisory,
    ShowAgenda,
    ShowItem,
    ShowMeeting,
    ShowPapers,
    ShowText,
    ShowTitles,
    SkipItem,
)
from bot.cards.layout import button, clipped, in_rows, page_of, page_rows, soft, strong
from bot.cards.opinions import opinions_button
from bot.cards.papers import papers_button
from bot.cards.pledges import item_pledge_button
from bot.cards.result import addition_lines
from bot.cards.score_lines import item_scoring_buttons, put_ranking_lines
from bot.cards.tasks import has_tasks
from bot.cards.titles import titles_lines
from bot.cards.versions import text_button
from bot.platforms.base import Card, Choice, Line
from bot.wording.labels import counted_decision_text, decision_text, item_kind_text
from bot.wording.results import outcome_text
from bot.wording.voice import Voice, say
from meeting.agenda import Direction, ItemKind
from meeting.people import Right, Role, grant
from meeting.pledges import Pledge
from meeting.states import MeetingState
from meeting.tally import Decision
from storage.views import AgendaView, ItemView, MeetingView, RankingView, ScoringLine, TitleView, VoteView

_TEXT_LIMIT = 2_000
_OFFERED = 40


def agenda_card(voice: Voice, view: AgendaView, page: int, *, roles: Collection[Role]) -> Card:
    """Give a page of the agenda; those whose `roles` prepare or preside get a button for each item.

    Others get one to each text.
    """
    meeting = view.meeting
    shown = page_of(view.items, page)
    lines = [strong(say(voice, "Agenda: %(title)s", title=clipped(meeting.title)))]
    if not view.items:
        lines.append(Line(say(voice, "The agenda has no items yet.")))
    lines += [Line(_item_line(voice, meeting, item)) for item in shown]
    may_prepare, may_preside = grant(roles, Right.PREPARE), grant(roles, Right.PRESIDE)
    rows: list[tuple[Choice, ...]] = []
    if may_prepare or may_preside:
        rows += [(button(_numbered(item), ShowItem(item.item_id)),) for item in shown]
    else:
        rows += [(button(_numbered(item), ShowText(item.item_id, 0, 0)),) for item in shown if item.text]
    rows += page_rows(voice, view.items, page, lambda number: ShowAgenda(meeting.meeting_id, number))
    last: list[Choice] = []
    if may_prepare and meeting.state is not MeetingState.CLOSED:
        last.append(button(say(voice, "Add an item"), AddItem(meeting.meeting_id)))
    if may_preside and meeting.state is MeetingState.OPEN:
        last.append(button(say(voice, "Close the meeting"), CloseMeeting(meeting.meeting_id, 0)))
    last += papers_button(voice, meeting)
    last.append(button(say(voice, "‹ Back to the meeting"), ShowMeeting(meeting.meeting_id)))
    return Card(tuple(lines), (*rows, *in_rows(last)))


def _numbered(item: ItemView) -> str:
    return f"{item.number}. {item.title}"


def _item_line(voice: Voice, meeting: MeetingView, item: ItemView) -> str:
    title = clipped(_numbered(item))
    if item.item_id == meeting.current_item_id and item.decision is None:
        return say(voice, "▸ %(title)s (now)", title=title)
    if item.decision is None:
        return title
    return f"{title}: {decision_text(voice, item.decision)}"


def item_card(  # noqa: PLR0913 - a card of an item has these parts
    voice: Voice,
    meeting: MeetingView,
    item: ItemView,
    *,
    roles: Collection[Role],
    titles: Sequence[TitleView] = (),
    pledge: Pledge | None = None,
    scorings: Sequence[ScoringLine] = (),
    rankings: Sequence[RankingView] = (),
) -> Card:
    """Give one item with its text, what became of it, and what the viewer's `roles` may do with it.

    `titles` are the meeting's, for an item that they are announced with; `pledge`, `scorings` and `rankings`
    are the meeting's.
    """
    lines = [strong(clipped(_numbered(item), 300)), soft(_about_text(voice, item))]
    if item.text:
        lines.append(soft(say(voice, "Version %(version)s:", version=item.text_version)))
        lines.append(Line(clipped(item.text, _TEXT_LIMIT)))
    if item.decision is not None and item.is_counted:
        lines.append(Line(counted_decision_text(voice, item.decision)))
    elif item.decision is not None:
        lines.append(Line(outcome_text(voice, item.decision, len(item.additions))))
    lines += addition_lines(voice, item.additions)
    if item.kind is ItemKind.COMMENDATION:
        lines += titles_lines(voice, titles)
    lines += put_ranking_lines(voice, rankings, item.item_id)
    buttons = _item_buttons(voice, meeting, item, roles)
    may_enter = grant(roles, Right.PREPARE) and item.decision is None
    may_enter = may_enter and meeting.state is not MeetingState.CLOSED
    buttons += text_button(voice, item, may_enter=may_enter)
    if item.kind is ItemKind.COMMENDATION and grant(roles, Right.PREPARE):
        buttons.append(button(say(voice, "Titles"), ShowTitles(meeting.meeting_id, 0)))
    buttons += item_pledge_button(voice, meeting, item, pledge, roles)
    buttons += item_scoring_buttons(voice, meeting, item, scorings, roles)
    if meeting.papers or (grant(roles, Right.PREPARE) and meeting.state is not MeetingState.CLOSED):
        buttons.append(button(say(voice, "Papers"), ShowPapers(meeting.meeting_id, item.item_id, 0)))
    buttons += opinions_button(voice, meeting, item.item_id)
    if grant(roles, Right.PREPARE) and has_tasks(meeting):
        buttons.append(button(say(voice, "Give a task"), GiveTask(meeting.meeting_id, item.item_id)))
    back = button(say(voice, "‹ Agenda"), ShowAgenda(meeting.meeting_id, 0))
    return Card(tuple(lines), in_rows([*buttons, back]))


def _about_text(voice: Voice, item: ItemView) -> str:
    parts = [item_kind_text(voice, item.kind, is_advisory=item.is_advisory)]
    if item.is_advisory:
        parts.append(say(voice, "advisory: the head of the agency decides"))
    if item.presenter:
        parts.append(say(voice, "presented by %(name)s", name=clipped(item.presenter)))
    return "; ".join(parts)


def _item_buttons(
    voice: Voice, meeting: MeetingView, item: ItemView, roles: Collection[Role]
) -> list[Choice]:
    if meeting.state is MeetingState.CLOSED:
        return []
    is_retakable = item.decision is not None and not item.is_counted
    buttons: list[Choice] = []
    if is_retakable and grant(roles, Right.PRESIDE) and meeting.state is MeetingState.OPEN:
        buttons.append(button(say(voice, "Take it up again"), RetakeItem(item.item_id)))
    if item.decision is Decision.SKIPPED:
        return buttons
    is_current = item.item_id == meeting.current_item_id
    if grant(roles, Right.PRESIDE) and meeting.state is MeetingState.OPEN and not is_current:
        buttons.append(button(say(voice, "Go to this item"), GoToItem(item.item_id)))
    if grant(roles, Right.PREPARE):
        buttons.append(button(say(voice, "▲ Move up"), MoveItem(item.item_id, Direction.UP)))
        buttons.append(button(say(voice, "▼ Move down"), MoveItem(item.item_id, Direction.DOWN)))
    if grant(roles, Right.PREPARE) and item.decision is None:
        buttons += _advisory_button(voice, item)
        buttons.append(button(say(voice, "Rename"), RenameItem(item.item_id)))
        buttons.append(button(say(voice, "Leave out"), SkipItem(item.item_id)))
    return buttons


def _advisory_button(voice: Voice, item: ItemView) -> list[Choice]:
    if item.is_advisory:
        return [button(say(voice, "Let the meeting decide it"), SetAdvisory(item.item_id, 0))]
    if item.kind.is_votable and not item.kind.is_procedural:
        return [button(say(voice, "Only give opinions on it"), SetAdvisory(item.item_id, 1))]
    return []


def joint_card(voice: Voice, view: AgendaView, vote: VoteView) -> Card:
    """Give which items go into a drafted vote: a tap puts an undecided one in, or takes it out.

    Only items that decide alike are offered, advisory with advisory (`meeting` refuses the rest).
    """
    chosen = {item.item_id for item in vote.items}
    offered = [
        item
        for item in view.items
        if item.item_id in chosen
        or (item.decision is None and item.kind.is_votable and item.is_advisory == vote.is_advisory)
    ]
    lines = [
        strong(say(voice, "Joint vote: which items are voted on together?")),
        Line(say(voice, "Any one who asks can have it split into one vote for each item.")),
    ]
    rows: list[tuple[Choice, ...]] = [
        (button(_numbered(item), JoinVote(vote.vote_id, item.item_id), is_chosen=item.item_id in chosen),)
        for item in offered[:_OFFERED]
    ]
    rows.append((button(say(voice, "‹ Back to the meeting"), ShowMeeting(view.meeting.meeting_id)),))
    return Card(tuple(lines), tuple(rows))
