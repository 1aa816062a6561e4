"""What other cards show of scoring: how far it has come, the ranking that was put, and the ways there."""

from collections.abc import Collection, Sequence

from bot.actions import EnterCriteria, ShowRanking, ShowScoring
from bot.cards.layout import button, clipped, soft, strong
from bot.platforms.base import Choice, Line
from bot.wording import scoring as wording
from bot.wording.voice import Voice, say
from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind
from meeting.people import Right, Role, Standing, grant
from meeting.regimes import Template
from meeting.scoring import Ranked, ScoringState
from meeting.states import MeetingState
from meeting.voting import BaseKind
from storage.views import AttendanceView, ItemView, MeetingView, RankingView, ScoringLine

_RANKED = 30
_SHOWN = 5
_LINE = 120


def ranking_lines(voice: Voice, ranking: Sequence[Ranked], limit: int = _RANKED) -> list[Line]:
    """Give a ranking, the first so many of it."""
    lines = [Line(clipped(wording.ranked_text(voice, each), _LINE)) for each in ranking[:limit]]
    if len(ranking) > limit:
        lines.append(Line(say(voice, "and %(n)s more", n=len(ranking) - limit)))
    return lines


def put_ranking_lines(voice: Voice, rankings: Collection[RankingView], item_id: int | None) -> list[Line]:
    """Give the rankings that are put to an item, the first places of each."""
    lines: list[Line] = []
    for each in rankings:
        if each.item_id == item_id:
            lines.append(strong(say(voice, "Ranking: %(title)s", title=clipped(each.title, 100))))
            lines += ranking_lines(voice, each.ranking, _SHOWN)
    return lines


def ranking_text(voice: Voice, ranking: RankingView) -> str:
    """Give a ranking in one paragraph, for a summary."""
    places = "; ".join(wording.ranked_text(voice, each) for each in ranking.ranking[:_RANKED])
    return say(voice, "Ranking: %(places)s.", places=places)


def panel_scoring_lines(voice: Voice, scorings: Collection[ScoringLine]) -> list[Line]:
    """Give how far units have come that score or whose sheets are verified, to those who run the meeting."""
    running = {ScoringState.OPEN, ScoringState.VERIFYING}
    return [
        soft(say(voice, "Scoring: %(state)s", state=wording.line_text(voice, each)))
        for each in scorings
        if each.state in running
    ]


def scoring_buttons(voice: Voice, scorings: Collection[ScoringLine]) -> list[Choice]:
    """Give the buttons that lead to scorings."""
    return [button(say(voice, "Scoring"), ShowScoring(each.scoring_id)) for each in scorings]


def own_scoring_lines(voice: Voice, view: AttendanceView) -> list[Line]:
    """Give an attendee the ranking of the item that is on, and a delegate until when the unit scores."""
    lines = put_ranking_lines(voice, view.rankings, view.meeting.current_item_id)
    if _is_delegate(view):
        lines += [
            Line(wording.state_text(voice, each.state, each.deadline_at, is_adopted=each.is_adopted))
            for each in view.scorings
            if each.state is ScoringState.OPEN
        ]
    return lines


def own_scoring_buttons(voice: Voice, view: AttendanceView) -> list[Choice]:
    """Give a delegate the way to the unit's sheet, and everybody that to criteria and rankings."""
    if view.meeting.cancelled_at is not None:
        return []
    concerned = [
        each
        for each in view.scorings
        if each.item_id == view.meeting.current_item_id
        or (each.state is not ScoringState.PREPARING and _is_delegate(view))
    ]
    buttons = scoring_buttons(voice, concerned[:1])
    shown = {each.scoring_id for each in concerned[:1]}
    rankings = [each for each in view.rankings if each.scoring_id not in shown]
    buttons += [button(say(voice, "Ranking"), ShowRanking(each.scoring_id)) for each in rankings[:1]]
    return buttons


def _is_delegate(view: AttendanceView) -> bool:
    return view.attendee.standing is Standing.VOTING and view.attendee.unit is not None


def item_scoring_buttons(
    voice: Voice,
    meeting: MeetingView,
    item: ItemView,
    scorings: Collection[ScoringLine],
    roles: Collection[Role],
) -> list[Choice]:
    """Give the way to an item's criteria, or to enter them where its meeting is one of units."""
    buttons = scoring_buttons(voice, [each for each in scorings if each.item_id == item.item_id])
    is_open = meeting.state is not MeetingState.CLOSED and item.decision is None and not item.is_advisory
    if is_open and grant(roles, Right.PREPARE) and item.kind is ItemKind.DOCUMENT and _is_of_units(meeting):
        label = say(voice, "Change the criteria") if buttons else say(voice, "Criteria for scoring")
        buttons.append(button(label, EnterCriteria(item.item_id)))
    return buttons


def _is_of_units(meeting: MeetingView) -> bool:
    rules = meeting.rules
    return (
        meeting.template is Template.GIAO_UOC
        or rules.quorum.kind is QuorumKind.UNITS
        or rules.base_kind in {BaseKind.UNITS, BaseKind.ALL_UNITS}
    )
