"""Opinions: the list of what was said and what became of it, one of them, and what their senders are told."""

from collections.abc import Collection, Sequence

from bot.actions import (
    CancelDialogue,
    ChooseAnswer,
    ConfirmPlan,
    DecideOpinion,
    EnterOpinion,
    GetOpinionTable,
    HideOpinion,
    MergeOpinion,
    RestoreOpinion,
    SendOpinion,
    ShowMeeting,
    ShowOpinion,
    ShowOpinions,
    SkipQuestion,
    SortOpinion,
    TakeOpinionTable,
)
from bot.cards.layout import button, clipped, in_rows, page_of, page_rows, soft, strong
from bot.cards.setup import question_card
from bot.platforms.base import Ask, Attachment, Card, Choice, Line
from bot.wording import opinions as wording
from bot.wording.voice import Voice, say
from meeting.names import tidy
from meeting.opinions import (
    ANSWER_LIMIT,
    OPINION_LIMIT,
    OpinionKind,
    OpinionState,
    are_taken,
    arrange,
    count_opinions,
)
from meeting.people import Right, Role, grant
from meeting.plan import NAME_LIMIT
from storage.views import ItemView, MeetingView, OpinionsView, OpinionView

_PAGE = 6
"""Opinions on a page, with a button each in one row."""

_LISTED = 240
_NUMBER_LIMIT = 10
_TOLD, _TOLD_TEXT = 8, 80


def opinions_button(voice: Voice, meeting: MeetingView, item_id: int = 0, waiting: int = 0) -> list[Choice]:
    """Give the button that leads to the opinions of a meeting, or of one of its items."""
    if meeting.cancelled_at is not None:
        return []
    label = wording.button_opinions(voice, waiting)
    return [button(label, ShowOpinions(meeting.meeting_id, item_id, 0))]


def opinions_card(
    voice: Voice,
    view: OpinionsView,
    item_id: int,
    page: int,
    *,
    roles: Collection[Role],
    own: int | None,
) -> Card:
    """Give a page of the opinions on an item, or with 0 on all; what waits comes first for those who sort it.

    `own` is the viewer's person. Hidden ones are for those who sort, and for who sent them.
    """
    meeting = view.meeting
    item = next((one for one in view.items if one.item_id == item_id), None)
    title = clipped(meeting.title) if item is None else clipped(f"{item.number}. {item.title}")
    listed = _listed(view, item, roles, own)
    shown = page_of(listed, page, _PAGE)
    lines = [strong(say(voice, "Opinions: %(title)s", title=title))]
    counts = count_opinions([one.opinion for opinion, merged in listed for one in (opinion, *merged)])
    lines.append(Line(wording.counts_text(voice, counts) if listed else say(voice, "No opinions yet.")))
    for opinion, merged in shown:
        lines += _entry_lines(voice, view, opinion, merged, roles, own)
    numbers = [button(str(opinion.number), ShowOpinion(opinion.opinion_id)) for opinion, _ in shown]
    rows: list[tuple[Choice, ...]] = [tuple(numbers)] if numbers else []
    rows += page_rows(
        voice, listed, page, lambda number: ShowOpinions(meeting.meeting_id, item_id, number), _PAGE
    )
    last: list[Choice] = []
    if are_taken(meeting.state) and own is not None:
        last.append(button(say(voice, "Send an opinion"), SendOpinion(meeting.meeting_id, item_id)))
    if are_taken(meeting.state) and grant(roles, Right.KEEP_ROLL):
        label = say(voice, "Enter for somebody")
        last.append(button(label, EnterOpinion(meeting.meeting_id, item_id)))
    if grant(roles, Right.PREPARE):
        last.append(button(say(voice, "Table (.xlsx)"), GetOpinionTable(meeting.meeting_id)))
    last += _table_button(voice, meeting, roles)
    last.append(button(say(voice, "‹ Back to the meeting"), ShowMeeting(meeting.meeting_id)))
    return Card(tuple(lines), (*rows, *in_rows(last)))


def _table_button(voice: Voice, meeting: MeetingView, roles: Collection[Role]) -> list[Choice]:
    if meeting.cancelled_at is not None or not grant(roles, Right.KEEP_ROLL):
        return []
    return [button(say(voice, "Take a table in"), TakeOpinionTable(meeting.meeting_id))]


def _listed(
    view: OpinionsView, item: ItemView | None, roles: Collection[Role], own: int | None
) -> list[tuple[OpinionView, list[OpinionView]]]:
    """Give the opinions that stand by themselves in the order of the agenda, with those that go with each."""
    may_sort = grant(roles, Right.PREPARE)
    places = {one.item_id: one.number for one in view.items}
    threads = [
        (view.opinions[thread.place], [view.opinions[place] for place in thread.merged])
        for thread in arrange([one.opinion for one in view.opinions])
    ]
    listed = [
        (opinion, merged)
        for opinion, merged in threads
        if (item is None or opinion.item_id == item.item_id)
        and (may_sort or opinion.state is not OpinionState.HIDDEN or _is_own(opinion, own))
    ]

    def rank(thread: tuple[OpinionView, list[OpinionView]]) -> tuple[int, int, int]:
        opinion, _ = thread
        is_later = may_sort and opinion.state is not OpinionState.WAITING
        return int(is_later), places.get(opinion.item_id or 0, 0), opinion.number

    return sorted(listed, key=rank)


def _is_own(opinion: OpinionView, own: int | None) -> bool:
    return own is not None and opinion.person_id == own


def _entry_lines(
    voice: Voice,
    view: OpinionsView,
    opinion: OpinionView,
    merged: Sequence[OpinionView],
    roles: Collection[Role],
    own: int | None,
) -> list[Line]:
    is_shown = (
        opinion.state is not OpinionState.HIDDEN or grant(roles, Right.PREPARE) or _is_own(opinion, own)
    )
    text = clipped(tidy(opinion.text), _LISTED) if is_shown else wording.hidden_text(voice)
    lines = [Line(f"{opinion.number}. {wording.by_text(voice, opinion)}: {text}")]
    about = [_item_title(voice, view.items, opinion.item_id, 60)]
    if merged:
        about.append(wording.with_it_text(voice, [one.number for one in merged]))
    about.append(_outcome_text(voice, opinion, _LISTED))
    lines.append(soft("; ".join(about)))
    return lines


def _item_title(voice: Voice, items: Sequence[ItemView], item_id: int | None, limit: int = 200) -> str:
    item = next((one for one in items if one.item_id == item_id), None)
    return wording.whole_meeting(voice) if item is None else clipped(f"{item.number}. {item.title}", limit)


def _outcome_text(voice: Voice, opinion: OpinionView, limit: int) -> str:
    state = wording.state_text(voice, opinion.state)
    return f"{state}: {clipped(tidy(opinion.answer), limit)}" if opinion.answer else state


def opinion_card(
    voice: Voice,
    view: OpinionsView,
    opinion: OpinionView,
    *,
    roles: Collection[Role],
    own: int | None,
) -> Card:
    """Give one opinion in full, with what became of it and what the viewer may do with it."""
    into = next((one for one in view.opinions if one.opinion_id == opinion.merged_into_id), None)
    with_it = [one.number for one in view.opinions if one.merged_into_id == opinion.opinion_id]
    is_hidden = opinion.state is OpinionState.HIDDEN
    is_shown = not is_hidden or grant(roles, Right.PREPARE) or _is_own(opinion, own)
    lines = [
        strong(wording.title_text(voice, opinion)),
        soft(_item_title(voice, view.items, opinion.item_id)),
        Line(opinion.text if is_shown else wording.hidden_text(voice)),
    ]
    if with_it:
        lines.append(soft(wording.with_it_text(voice, with_it)))
    lines += _outcome_lines(voice, opinion, into, is_shown=is_shown)
    rows: list[tuple[Choice, ...]] = []
    if view.meeting.cancelled_at is None:
        rows += [*_outcome_rows(voice, opinion, roles), *_sorting_rows(voice, opinion, roles)]
    back = button(say(voice, "‹ Opinions"), ShowOpinions(opinion.meeting_id, 0, 0))
    return Card(tuple(lines), (*rows, (back,)))


def _outcome_lines(
    voice: Voice, opinion: OpinionView, into: OpinionView | None, *, is_shown: bool = True
) -> list[Line]:
    if into is not None:
        text = wording.merged_text(voice, into.number, into.state)
        return [Line(text), *([Line(into.answer)] if into.answer else [])]
    lines = [Line(say(voice, "Outcome: %(state)s", state=wording.state_text(voice, opinion.state)))]
    if opinion.answer and is_shown:
        lines.append(Line(opinion.answer))
    return lines


def _outcome_rows(
    voice: Voice, opinion: OpinionView, roles: Collection[Role]
) -> Sequence[tuple[Choice, ...]]:
    if opinion.state in {OpinionState.MERGED, OpinionState.HIDDEN} or not grant(roles, Right.PRESIDE):
        return []
    if opinion.is_in_text:
        label = say(voice, "Say how it is taken up")
        return [(button(label, DecideOpinion(opinion.opinion_id, OpinionState.TAKEN_UP)),)]
    return [
        tuple(
            button(label, DecideOpinion(opinion.opinion_id, outcome))
            for label, outcome in wording.outcome_buttons(voice)
            if (outcome, opinion.state) != (OpinionState.LEFT, OpinionState.LEFT)
        )
    ]


def _sorting_rows(
    voice: Voice, opinion: OpinionView, roles: Collection[Role]
) -> Sequence[tuple[Choice, ...]]:
    if not grant(roles, Right.PREPARE):
        return []
    opinion_id = opinion.opinion_id
    sort = button(say(voice, "Sort it"), SortOpinion(opinion_id))
    merge = button(say(voice, "Merge it into another"), MergeOpinion(opinion_id))
    hide = button(say(voice, "Hide it"), HideOpinion(opinion_id))
    match opinion.state:
        case OpinionState.WAITING:
            return [(sort, merge, hide)]
        case OpinionState.LEFT:
            return [(hide,)]
        case OpinionState.MERGED:
            return [(button(say(voice, "Separate it"), RestoreOpinion(opinion_id)), hide)]
        case OpinionState.HIDDEN:
            return [(button(say(voice, "Show it again"), RestoreOpinion(opinion_id)),)]
        case OpinionState.TAKEN_UP | OpinionState.ANSWERED:
            return []


def opinion_settled_card(
    voice: Voice, meeting: MeetingView, opinion: OpinionView, into: OpinionView | None
) -> Card:
    """Tell who sent an opinion what became of it."""
    lines = [
        strong(wording.settled_text(voice, opinion)),
        soft(clipped(tidy(opinion.text))),
        *_outcome_lines(voice, opinion, into),
        soft(clipped(meeting.title)),
    ]
    show = button(say(voice, "To the opinion"), ShowOpinion(opinion.opinion_id))
    return Card(tuple(lines), ((show,),))


def opinions_settled_card(
    voice: Voice, meeting: MeetingView, told: Sequence[tuple[OpinionView, OpinionView | None]]
) -> Card:
    """Tell who sent several opinions what became of each, or of the one that it goes with."""
    lines = [strong(wording.several_settled_text(voice, len(told)))]
    for opinion, into in told[:_TOLD]:
        state = _outcome_text(voice, opinion if into is None else into, _LISTED)
        lines.append(Line(f"{opinion.number}. {clipped(tidy(opinion.text), _TOLD_TEXT)} – {state}"))
    if len(told) > _TOLD:
        lines.append(Line(say(voice, "and %(n)s more", n=len(told) - _TOLD)))
    lines.append(soft(clipped(meeting.title)))
    return Card(tuple(lines), (tuple(opinions_button(voice, meeting)),))


# Questions


def text_card(voice: Voice, title: str, author: str, version: int) -> Card:
    """Ask for an opinion on an item ("": the meeting as a whole), one's own or an author's."""
    elsewhere = button(say(voice, "About another item"), ChooseAnswer(version, 0))
    text = wording.text_wanted(voice, title, author)
    return question_card(voice, text, version, limit=OPINION_LIMIT, is_long=True, rows=((elsewhere,),))


def sending_card(voice: Voice, title: str, author: str, text: str, version: int) -> Card:
    """Show an opinion before it is sent; the kind that is tapped sends it."""
    lines = [strong(wording.kind_wanted(voice)), soft(title or wording.whole_meeting(voice)), Line(text)]
    if author:
        lines.insert(1, soft(author))
    elsewhere = button(say(voice, "About another item"), ChooseAnswer(version, 0))
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    rows = (*in_rows(_kinds(voice, version)), (elsewhere, cancel))
    return Card(tuple(lines), rows)


def _kinds(voice: Voice, version: int, chosen: OpinionKind | None = None) -> list[Choice]:
    return [
        button(wording.kind_text(voice, kind), ChooseAnswer(version, place), is_chosen=kind is chosen)
        for place, kind in enumerate(OpinionKind, 1)
    ]


def about_card(voice: Voice, items: Sequence[tuple[int, str]], version: int) -> Card:
    """Ask which item (id, title) an opinion is about, or whether the meeting as a whole."""
    rows = [(button(title, ChooseAnswer(version, item_id)),) for item_id, title in items]
    whole = button(wording.whole_meeting(voice), ChooseAnswer(version, 0))
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    return Card((strong(wording.item_wanted(voice)),), (*rows, (whole,), (cancel,)))


def author_card(voice: Voice, typed: str, seats: Sequence[tuple[int, str]], version: int) -> Card:
    """Ask which attendee or unit a typed name means."""
    rows = [(button(name, ChooseAnswer(version, place)),) for place, name in seats]
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    text = wording.author_meant(voice, clipped(typed, 80))
    return Card((strong(text),), (*rows, (cancel,)), ask=Ask(limit=NAME_LIMIT))


def words_card(voice: Voice, number: int, outcome: OpinionState, version: int) -> Card:
    """Ask in which words an opinion is answered, or taken up, which needs none."""
    if outcome is OpinionState.ANSWERED:
        text = wording.answer_wanted(voice, number)
        return question_card(voice, text, version, limit=ANSWER_LIMIT, is_long=True)
    without = button(say(voice, "Take it up without words"), SkipQuestion(version))
    text = wording.taking_wanted(voice, number)
    return question_card(voice, text, version, limit=ANSWER_LIMIT, is_long=True, rows=((without,),))


def passage_card(voice: Voice, number: int, text: str, version: int) -> Card:
    """Ask how a proposed addition gets into the text; the choices are as `Passage` takes them."""
    choices = [
        button(say(voice, "Add it as proposed"), ChooseAnswer(version, 1)),
        button(say(voice, "Send the whole new text"), ChooseAnswer(version, 2)),
        button(say(voice, "Take it up, text unchanged"), ChooseAnswer(version, 3)),
        button(say(voice, "Cancel"), CancelDialogue(version)),
    ]
    lines = (strong(wording.passage_wanted(voice, number)), Line(text))
    return Card(lines, in_rows(choices), ask=Ask(limit=OPINION_LIMIT, is_long=True))


def sorting_card(voice: Voice, number: int, kind: OpinionKind, title: str, version: int) -> Card:
    """Ask for the kind of an opinion, as which it stands now, or lead to what it is about."""
    elsewhere = button(say(voice, "About another item"), ChooseAnswer(version, 0))
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    lines = (strong(wording.sorting_wanted(voice, number)), soft(title or wording.whole_meeting(voice)))
    return Card(lines, (*in_rows(_kinds(voice, version, kind)), (elsewhere, cancel)))


def merging_card(voice: Voice, number: int, offered: Sequence[tuple[int, str]], version: int) -> Card:
    """Ask into which opinion (number, text) another is merged; any other is named by its number."""
    rows = [(button(f"{other}. {text}", ChooseAnswer(version, other)),) for other, text in offered]
    text = wording.into_wanted(voice, number)
    return question_card(voice, text, version, limit=_NUMBER_LIMIT, rows=rows)


def table_card(voice: Voice, view: OpinionsView, file: Attachment, *, roles: Collection[Role]) -> Card:
    """Hand out the table of a meeting's opinions, to be sent back by those who may."""
    lines = (
        strong(say(voice, "Opinions: %(title)s", title=clipped(view.meeting.title))),
        Line(wording.table_is_here(voice)),
    )
    back = button(say(voice, "‹ Opinions"), ShowOpinions(view.meeting.meeting_id, 0, 0))
    return Card(lines, ((*_table_button(voice, view.meeting, roles), back),), attachments=(file,))


def table_wanted_card(voice: Voice, version: int) -> Card:
    """Ask for a table of opinions."""
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    return Card((strong(wording.table_wanted(voice)),), ((cancel,),), ask=Ask(limit=1, takes_file=True))


def table_preview_card(voice: Voice, new: int, decided: int, version: int) -> Card:
    """Show what a table would bring before it is taken in."""
    lines = (strong(wording.table_sure(voice)), Line(wording.table_says(voice, new, decided)))
    take = button(say(voice, "Take it in"), ConfirmPlan(version))
    return Card(lines, ((take, button(say(voice, "Cancel"), CancelDialogue(version))),))


# In the summary


def opinion_counts_lines(voice: Voice, view: OpinionsView | None) -> list[Line]:
    """Say how many opinions there were and what became of them, where there were any."""
    counts = count_opinions([one.opinion for one in view.opinions] if view is not None else [])
    return [Line(wording.counts_text(voice, counts))] if counts.heard else []


def opinion_entries(voice: Voice, view: OpinionsView | None) -> list[list[str]]:
    """Give each opinion that is shown, in the order of the agenda, in full, with what became of it."""
    if view is None:
        return []
    entries = []
    for opinion, merged in _listed(view, None, (), None):
        parts = [f"{opinion.number}. {wording.by_text(voice, opinion)}: {opinion.text}"]
        parts += [f"{each.number}. {wording.by_text(voice, each)}: {each.text}" for each in merged]
        item = next((one for one in view.items if one.item_id == opinion.item_id), None)
        about = wording.item_text(voice, item)
        outcome = say(voice, "Outcome: %(state)s", state=_outcome_text(voice, opinion, ANSWER_LIMIT))
        entries.append([*parts, f"{about}. {outcome}"])
    return entries
