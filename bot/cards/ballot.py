"""A vote as one elector sees it: what it is about, the own choice, and until when it can be changed."""

from collections.abc import Sequence
from typing import assert_never

from bot.actions import AddOpinion, CastVote, ShowAgenda
from bot.cards.layout import button, clipped, in_rows, soft, strong
from bot.cards.papers import papers_button
from bot.cards.result import addition_lines, result_lines
from bot.cards.versions import question_text, text_button, voted_item_text
from bot.platforms.base import Bar, Card, Choice, Line
from bot.wording.dates import time_text
from bot.wording.labels import option_text
from bot.wording.numbers import official_count
from bot.wording.results import cancelled_text, counted_of_text
from bot.wording.voice import Voice, say
from meeting.people import Source
from meeting.voting import Method, Option, VoteState
from storage.views import BallotView, VoteView

_TITLES_SHOWN = 12
_TEXT_LIMIT = 2_000
_FEW = 3


def ballot_card(voice: Voice, view: BallotView) -> Card:
    """Give the ballot; buttons only while it can be cast, never a count before the announcement."""
    vote = view.vote
    lines: list[Line | Bar] = [strong(vote_title(voice, vote)), *question_lines(voice, vote)]
    choices: tuple[tuple[Choice, ...], ...] = ()
    match vote.state:
        case VoteState.DRAFT:
            lines.append(Line(say(voice, "The vote has not been opened yet.")))
        case VoteState.OPEN:
            lines += _open_lines(voice, view)
            choices = _options(voice, view)
        case VoteState.PAUSED:
            lines += _own_lines(voice, view, can_change=True)
            lines.append(Line(say(voice, "The vote is paused; please wait for the chair.")))
        case VoteState.CLOSED:
            lines += _own_lines(voice, view, can_change=False)
            lines.append(Line(ended_text(voice, vote)))
        case VoteState.ANNOUNCED:
            lines = [*result_lines(voice, vote), *_own_lines(voice, view, can_change=False)]
        case VoteState.CANCELLED:
            lines.append(Line(cancelled_text(voice, vote.number, cancel_reason_text(voice, vote))))
        case _:
            assert_never(vote.state)
    number = vote.number if can_cast(view) else 0
    heading = f"{vote_title(voice, vote)} – {question_text(voice, vote)}"
    return Card(
        tuple(lines), choices, number=number, heading=heading, is_notable=vote.state is VoteState.CANCELLED
    )


def can_cast(view: BallotView) -> bool:
    """Whether the ballot offers its options."""
    return view.vote.state is VoteState.OPEN and view.is_elector and view.vote.method is Method.CHAT


def vote_title(voice: Voice, vote: VoteView) -> str:
    """Give which vote it is: "Biểu quyết 5 (lượt 2)"; an advisory one says so in its very name."""
    if vote.is_advisory:
        title = say(voice, "Collecting opinions %(number)s", number=vote.number)
    else:
        title = say(voice, "Vote %(number)s", number=vote.number)
    if vote.run == 1:
        return title
    return say(voice, "%(title)s (run %(run)s)", title=title, run=vote.run)


def question_lines(voice: Voice, vote: VoteView) -> list[Line]:
    """Give what the vote is about: each item in the version that is named, one item with its text."""
    if not vote.items:
        return [Line(clipped(vote.question))]
    if len(vote.items) == 1:
        item = vote.items[0]
        lines = [Line(voted_item_text(voice, item))]
        if item.text:
            lines.append(Line(clipped(item.text, _TEXT_LIMIT)))
        return [*lines, *addition_lines(voice, item.additions)]
    lines = [
        Line(
            say(
                voice, "Joint vote on %(count)s items:", count=official_count(len(vote.items), voice.language)
            )
        )
    ]
    lines += [Line(f"– {voted_item_text(voice, item, 120)}") for item in vote.items[:_TITLES_SHOWN]]
    rest = len(vote.items) - _TITLES_SHOWN
    if rest > 0:
        lines.append(Line(say(voice, "and %(n)s more", n=rest)))
    return lines


def _open_lines(voice: Voice, view: BallotView) -> list[Line]:
    vote = view.vote
    lines = []
    if vote.is_advisory:
        lines.append(soft(say(voice, "The meeting gives its opinion; the head of the agency decides.")))
    if view.unit and view.is_elector:
        lines.append(Line(say(voice, "You vote for: %(unit)s.", unit=view.unit)))
    lines.append(soft(_visibility_text(voice, vote)))
    if vote.method is Method.HANDS:
        lines.append(Line(say(voice, "By hands in the hall: raise your hand when the chair asks.")))
    elif not view.is_elector:
        lines.append(Line(say(voice, "You are not among the electors of this vote.")))
    else:
        lines += _own_lines(voice, view, can_change=True)
        lines.append(Line(_until_text(voice, vote)))
    return lines


def _visibility_text(voice: Voice, vote: VoteView) -> str:
    """Say before anybody votes who sees the choices, and what the result will be a share of."""
    text = say(voice, "Open vote; the secretary can see the choices.")
    if vote.base is None:
        return text
    base = counted_of_text(voice, vote.base, vote.base_kind)
    return say(voice, "%(text)s The result is counted over %(base)s.", text=text, base=base)


def _own_lines(voice: Voice, view: BallotView, *, can_change: bool) -> list[Line]:
    if not view.is_elector and view.own is None:
        return []
    if view.own is None:
        return [Line(say(voice, "Not voted yet.") if can_change else say(voice, "Not voted."))]
    option = option_text(voice, view.own)
    if view.own_source is Source.SECRETARY:
        lines = [strong(say(voice, "Entered by the secretary: %(option)s.", option=option))]
    else:
        lines = [strong(say(voice, "Recorded: %(option)s.", option=option))]
    if view.own_opinion:
        lines.append(Line(say(voice, "Opinion: %(text)s", text=clipped(view.own_opinion, 1_000))))
    elif view.own is Option.OTHER and can_change:
        lines.append(Line(say(voice, "The choice counts; please add the text of the opinion.")))
    return lines


def _until_text(voice: Voice, vote: VoteView) -> str:
    if vote.deadline_at is None:
        return say(voice, "It can be changed until the chair ends the vote.")
    return say(voice, "It can be changed until %(time)s.", time=time_text(voice, vote.deadline_at))


def ended_text(voice: Voice, vote: VoteView) -> str:
    """Give when a vote ended, and what comes next."""
    if vote.closed_at is None:
        return say(voice, "The vote has ended; the chair announces the result.")
    ended = time_text(voice, vote.closed_at)
    return say(voice, "The vote ended at %(time)s; the chair announces the result.", time=ended)


def cancel_reason_text(voice: Voice, vote: VoteView) -> str:
    """Give why a run was cancelled, also where it wasn't a person who gave the reason."""
    match vote.cancel_reason:
        case "split":
            return say(voice, "split into one vote for each item")
        case "" | "cancel":
            return say(voice, "no longer needed")
        case reason:
            return clipped(reason, 1_000)


def option_rows(buttons: Sequence[Choice]) -> tuple[tuple[Choice, ...], ...]:
    """Give the rows in which options stand: under each other while they are few."""
    return in_rows(buttons, 1 if len(buttons) <= _FEW else 2)


def _texts_button(voice: Voice, view: BallotView) -> list[Choice]:
    """Give the button to the text and what changed in it, or of several items to the agenda.

    A first version that stands on the ballot as a whole needs none.
    """
    items = view.vote.items
    if len(items) == 1:
        is_whole = items[0].text_version == 1 and len(items[0].text) <= _TEXT_LIMIT
        return [] if is_whole else text_button(voice, items[0])
    if not any(item.text for item in items):
        return []
    return [button(say(voice, "Texts"), ShowAgenda(view.meeting.meeting_id, 0))]


def _options(voice: Voice, view: BallotView) -> tuple[tuple[Choice, ...], ...]:
    """Give the options in the order of the question, all alike; at most three rows in all."""
    vote = view.vote
    item_id = vote.items[0].item_id if len(vote.items) == 1 else 0
    further = [*_texts_button(voice, view), *papers_button(voice, view.meeting, item_id)]
    if not can_cast(view):
        return in_rows(further)
    has_more = bool(further)
    buttons: list[Choice] = [
        button(option_text(voice, option), CastVote(vote.vote_id, option), is_chosen=option is view.own)
        for option in vote.options
    ]
    if view.own is Option.OTHER:
        label = say(voice, "Change the opinion") if view.own_opinion else say(voice, "Write the opinion")
        further.insert(0, button(label, AddOpinion(vote.vote_id)))
    if has_more:
        # In one grid with what can be read no option is wider than another.
        rows = in_rows([*buttons, *further])
        return rows if len(rows) <= _FEW else (*in_rows(buttons), tuple(further))
    rows = option_rows(buttons)
    if not further:
        return rows
    return (*rows, tuple(further)) if len(rows) < _FEW else (*rows[:-1], (*rows[-1], *further))
