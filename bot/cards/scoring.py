"""A scoring: how far it has come, its criteria, its units' sheets, and what those concerned are told."""

from collections.abc import Sequence
from typing import assert_never

from bot.actions import (
    CancelDialogue,
    ChooseAnswer,
    ConfirmPlan,
    EndScoring,
    OpenScoring,
    ShowCriteria,
    ShowMeeting,
    ShowRanking,
    ShowScoring,
    ShowSheet,
    ShowSheets,
    ShowVerifying,
)
from bot.cards.layout import button, clipped, in_rows, page_of, page_rows, soft, strong
from bot.platforms.base import Card, Choice, Line
from bot.wording import scoring as wording
from bot.wording.numbers import official_count, points_text
from bot.wording.voice import Voice, say
from handlers.scoring import CriteriaDraft, Viewer
from meeting.people import Right
from meeting.scoring import Criterion, ScoringState, SheetKind
from storage.views import MeetingView, ScoredUnit, ScoringView

_TEXT = 200
_NAMED = 12


def scoring_card(voice: Voice, view: ScoringView, viewer: Viewer) -> Card:
    """Give how far a scoring has come, with what the viewer may do in it now."""
    lines = [
        strong(say(voice, "Scoring: %(title)s", title=clipped(view.title))),
        Line(wording.state_text(voice, view.state, view.deadline_at, is_adopted=view.is_adopted)),
        soft(_about_text(voice, view)),
        *_sheet_lines(voice, view, viewer),
    ]
    buttons: list[Choice] = [button(say(voice, "Criteria"), ShowCriteria(view.scoring_id, 0))]
    buttons += _filling_buttons(voice, view, viewer)
    buttons += _leading_buttons(voice, view, viewer)
    if view.state.is_public or (viewer.verifies and view.state is ScoringState.VERIFYING):
        buttons.append(button(say(voice, "Ranking"), ShowRanking(view.scoring_id)))
    if viewer.actor.roles:
        buttons.append(button(say(voice, "‹ Back to the meeting"), ShowMeeting(view.meeting_id)))
    return Card(tuple(lines), in_rows(buttons))


def _about_text(voice: Voice, view: ScoringView) -> str:
    text = say(
        voice,
        "Scale: %(scale)s; criteria: %(count)s",
        scale=points_text(view.scale, voice.language),
        count=official_count(len(view.criteria), voice.language),
    )
    lead = view.find_unit(view.lead_unit_id)
    parts = [text] if lead is None else [text, say(voice, "lead unit: %(unit)s", unit=clipped(lead.name, 80))]
    if view.has_cross_scores:
        parts.append(say(voice, "the units score each other, too"))
    return "; ".join(parts)


def _sheet_lines(voice: Voice, view: ScoringView, viewer: Viewer) -> list[Line]:
    if view.state is ScoringState.PREPARING:
        return []
    missing = [each.name for each in view.units if not view.is_handed_in(SheetKind.SELF, each.unit_id)]
    lines = [Line(wording.handed_in_text(voice, len(view.units) - len(missing), len(view.units)))]
    if viewer.unit_id is not None:
        is_in = view.is_handed_in(SheetKind.SELF, viewer.unit_id)
        own = say(voice, "Your unit's sheet is handed in.")
        lines.append(Line(own if is_in else say(voice, "Your unit's sheet is not handed in yet.")))
    if missing and (viewer.verifies or viewer.actor.may(Right.KEEP_ROLL)):
        names = ", ".join(clipped(name, 60) for name in missing[:_NAMED])
        lines.append(soft(say(voice, "Missing: %(units)s", units=names)))
    return lines


def _filling_buttons(voice: Voice, view: ScoringView, viewer: Viewer) -> list[Choice]:
    if view.state is ScoringState.PREPARING or viewer.unit_id is None:
        return []
    own = ShowSheet(view.scoring_id, SheetKind.SELF, viewer.unit_id, 0)
    buttons: list[Choice] = [button(say(voice, "Our unit's sheet"), own)]
    if view.has_cross_scores and view.state is ScoringState.OPEN:
        crosswise = ShowSheets(view.scoring_id, SheetKind.CROSS, 0)
        buttons.append(button(say(voice, "Score other units"), crosswise))
    return buttons


def _leading_buttons(voice: Voice, view: ScoringView, viewer: Viewer) -> list[Choice]:
    buttons: list[Choice] = []
    if view.state.is_public or not view.is_adopted:
        return buttons
    if viewer.verifies or viewer.actor.may(Right.PREPARE):
        label = (
            say(voice, "Open the scoring …")
            if view.state is ScoringState.PREPARING
            else say(voice, "Another deadline …")
        )
        buttons.append(button(label, OpenScoring(view.scoring_id)))
        if view.state is ScoringState.OPEN:
            buttons.append(button(say(voice, "End the scoring"), EndScoring(view.scoring_id, 0)))
    if view.state is ScoringState.PREPARING:
        return buttons
    if viewer.verifies:
        verified = ShowSheets(view.scoring_id, SheetKind.VERIFIED, 0)
        buttons.append(button(say(voice, "Verify sheets"), verified))
    if viewer.actor.may(Right.KEEP_ROLL):
        own = ShowSheets(view.scoring_id, SheetKind.SELF, 0)
        buttons.append(button(say(voice, "Enter for a unit"), own))
    return buttons


# Criteria


def criterion_lines(voice: Voice, criteria: Sequence[Criterion]) -> list[Line]:
    """Give criteria under their sections."""
    lines, section = [], ""
    for each in criteria:
        if each.section and each.section != section:
            lines.append(soft(clipped(each.section, _TEXT)))
        section = each.section
        lines.append(Line(f"{each.place}. {clipped(each.text, _TEXT)} ({wording.most_text(voice, each)})"))
    return lines


def criteria_card(voice: Voice, view: ScoringView, page: int) -> Card:
    """Give a page of the criteria."""
    lines = [
        strong(say(voice, "Criteria: %(title)s", title=clipped(view.title))),
        soft(_about_text(voice, view)),
        *criterion_lines(voice, page_of(view.criteria, page)),
    ]
    rows = page_rows(voice, view.criteria, page, lambda number: ShowCriteria(view.scoring_id, number))
    back = button(say(voice, "‹ Scoring"), ShowScoring(view.scoring_id))
    return Card(tuple(lines), (*rows, (back,)))


def lead_card(voice: Voice, units: Sequence[ScoredUnit], version: int) -> Card:
    """Ask which unit leads; one may do without."""
    rows = [(button(each.name, ChooseAnswer(version, each.unit_id)),) for each in units]
    none = button(say(voice, "No lead unit"), ChooseAnswer(version, 0))
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    hint = soft(say(voice, "Without one, the secretary verifies."))
    return Card((strong(wording.lead_wanted(voice)), hint), (*rows, (none,), (cancel,)))


def draft_card(voice: Voice, title: str, draft: CriteriaDraft, lead: str, version: int) -> Card:
    """Give criteria before they are stored."""
    criteria = [
        Criterion(0, place, each.section, each.text, each.kind, each.most)
        for place, each in enumerate(draft.criteria, 1)
    ]
    lines = [
        strong(say(voice, "Store these criteria?")),
        Line(clipped(title)),
        Line(say(voice, "Scale: %(scale)s", scale=points_text(draft.scale, voice.language))),
    ]
    if lead:
        lines.append(Line(say(voice, "lead unit: %(unit)s", unit=lead)))
    if draft.has_cross_scores:
        lines.append(Line(say(voice, "the units score each other, too")))
    lines += criterion_lines(voice, criteria)
    store = button(say(voice, "Store them"), ConfirmPlan(version))
    return Card(tuple(lines), ((store, button(say(voice, "Cancel"), CancelDialogue(version))),))


# The units' sheets


def sheets_card(voice: Voice, view: ScoringView, viewer: Viewer, kind: SheetKind, page: int) -> Card:
    """Give the units, each with a button to its sheet: to verify it, enter it, or to cross-score."""
    units = [each for each in view.units if kind is not SheetKind.CROSS or each.unit_id != viewer.unit_id]
    shown = page_of(units, page)
    lines = [strong(_sheets_title(voice, kind, clipped(view.title)))]
    rows: list[tuple[Choice, ...]] = []
    for each in shown:
        lines.append(Line(f"– {clipped(each.name, 120)}: {_unit_text(voice, view, viewer, kind, each)}"))
        action = (
            ShowVerifying(view.scoring_id, each.unit_id, 0)
            if kind is SheetKind.VERIFIED
            else ShowSheet(view.scoring_id, kind, each.unit_id, 0)
        )
        rows.append((button(each.name, action),))
    rows += page_rows(voice, units, page, lambda number: ShowSheets(view.scoring_id, kind, number))
    back = button(say(voice, "‹ Scoring"), ShowScoring(view.scoring_id))
    return Card(tuple(lines), (*rows, (back,)))


def _sheets_title(voice: Voice, kind: SheetKind, title: str) -> str:
    match kind:
        case SheetKind.VERIFIED:
            return say(voice, "Verify sheets: %(title)s", title=title)
        case SheetKind.SELF:
            return say(voice, "Enter for a unit: %(title)s", title=title)
        case SheetKind.CROSS:
            return say(voice, "Score other units: %(title)s", title=title)
    assert_never(kind)


def _unit_text(voice: Voice, view: ScoringView, viewer: Viewer, kind: SheetKind, unit: ScoredUnit) -> str:
    if kind is SheetKind.VERIFIED:
        total = view.total(unit.unit_id)
        text = wording.total_text(voice, total)
        if view.is_handed_in(SheetKind.VERIFIED, unit.unit_id):
            return say(voice, "verified, %(total)s", total=text)
        return text if total is None else say(voice, "to be verified, %(total)s", total=text)
    by_unit_id = viewer.unit_id if kind is SheetKind.CROSS else None
    is_in = view.is_handed_in(kind, unit.unit_id, by_unit_id)
    return say(voice, "handed in") if is_in else say(voice, "not handed in")


# What is told


def scores_opened_card(voice: Voice, meeting: MeetingView, view: ScoringView) -> Card:
    """Tell a delegate until when the unit scores itself."""
    lines = (
        strong(say(voice, "Scoring is open: %(title)s", title=clipped(view.title))),
        Line(wording.state_text(voice, view.state, view.deadline_at, is_adopted=True)),
        soft(clipped(meeting.title)),
    )
    return Card(lines, ((button(say(voice, "To the scoring"), ShowScoring(view.scoring_id)),),))


def scores_wanted_card(voice: Voice, meeting: MeetingView, view: ScoringView) -> Card:
    """Remind a delegate that a sheet of the unit is missing."""
    lines = (
        strong(
            say(voice, "Your unit has not handed in all its sheets: %(title)s", title=clipped(view.title))
        ),
        Line(wording.state_text(voice, view.state, view.deadline_at, is_adopted=True)),
        soft(clipped(meeting.title)),
    )
    return Card(lines, ((button(say(voice, "To the scoring"), ShowScoring(view.scoring_id)),),))


def scores_closed_card(voice: Voice, meeting: MeetingView, view: ScoringView) -> Card:
    """Tell who verifies that the deadline has passed, and how many sheets are in."""
    handed_in = sum(view.is_handed_in(SheetKind.SELF, each.unit_id) for each in view.units)
    lines = (
        strong(say(voice, "The units' scoring is over: %(title)s", title=clipped(view.title))),
        Line(wording.handed_in_text(voice, handed_in, len(view.units))),
        soft(clipped(meeting.title)),
    )
    verify = ShowSheets(view.scoring_id, SheetKind.VERIFIED, 0)
    return Card(lines, ((button(say(voice, "Verify sheets"), verify),),))
