"""A sheet: as it is filled in by a unit, and as it is verified; and the ranking."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import (
    Action,
    CancelDialogue,
    ChangeScore,
    EnterScore,
    GetPaper,
    GetRanking,
    GetSheet,
    HandInSheet,
    PutRanking,
    ShowRanking,
    ShowScoring,
    ShowSheet,
    ShowSheets,
    ShowVerifying,
    SkipQuestion,
    TakeBackRanking,
    VerifySheet,
)
from bot.cards.layout import button, clipped, in_rows, page_of, page_rows, soft, strong
from bot.cards.score_lines import ranking_lines
from bot.platforms.base import Ask, Attachment, Card, Choice, Line
from bot.wording import scoring as wording
from bot.wording.numbers import points_text
from bot.wording.voice import Voice, say
from handlers.scores import sheet_mark
from handlers.scoring import Viewer
from meeting.scoring import (
    EVIDENCE_LIMIT,
    Criterion,
    ScoringState,
    SheetKind,
    list_unscored,
    mean_points,
    total_points,
)
from storage.views import ItemView, RankingView, ScoredUnit, ScoreView, ScoringView, SheetView

_TEXT, _EVIDENCE = 120, 160
_OFFERED = 40


# Filled in


@dataclass(frozen=True, slots=True)
class Shown:
    """A sheet of a kind about a unit, as far as it is filled in; `is_open` while it can be."""

    unit: ScoredUnit
    kind: SheetKind
    sheet: SheetView | None
    is_open: bool


def sheet_card(voice: Voice, view: ScoringView, shown_sheet: Shown, page: int) -> Card:
    """Give a page of a sheet to who fills it: each criterion with a button while it can be filled in."""
    unit, kind, sheet, is_open = shown_sheet.unit, shown_sheet.kind, shown_sheet.sheet, shown_sheet.is_open
    points = {} if sheet is None else sheet.points
    is_in = sheet is not None and sheet.submitted_at is not None
    missing = list_unscored(view.criteria, points.keys())
    title = (
        say(voice, "Sheet of %(unit)s", unit=clipped(unit.name, 120))
        if kind is SheetKind.SELF
        else say(voice, "Cross-scores for %(unit)s", unit=clipped(unit.name, 120))
    )
    lines = [strong(title), soft(clipped(view.title))]
    shown = page_of(view.criteria, page)
    for each in shown:
        lines += _score_lines(voice, each, None if sheet is None else sheet.scores.get(each.criterion_id))
    total = points_text(total_points(view.criteria, points), voice.language)
    lines.append(Line(say(voice, "Total: %(points)s", points=total)))
    state = say(voice, "Handed in.") if is_in else say(voice, "Not handed in yet.")
    lines.append(strong(state))
    key = (view.scoring_id, kind, unit.unit_id)
    rows: list[tuple[Choice, ...]] = []
    if is_open:
        scored = [button(f"{each.place}. {each.text}", EnterScore(*key, each.criterion_id)) for each in shown]
        rows += in_rows(scored)
    rows += page_rows(voice, view.criteria, page, lambda number: ShowSheet(*key, number))
    last: list[Choice] = []
    if is_open and not is_in and not missing:
        last.append(button(say(voice, "Hand it in"), HandInSheet(*key)))
    if is_open:
        last.append(button(say(voice, "Fill in by Excel"), GetSheet(*key)))
    last.append(button(say(voice, "‹ Scoring"), ShowScoring(view.scoring_id)))
    return Card(tuple(lines), (*rows, *in_rows(last)))


def _score_lines(voice: Voice, criterion: Criterion, score: ScoreView | None) -> list[Line]:
    given = wording.given_text(voice, criterion, None if score is None else score.points)
    name = f"{criterion.place}. {clipped(criterion.text, _TEXT)}"
    lines = [Line(f"{name} ({wording.most_text(voice, criterion)}): {given}")]
    if score is not None and score.evidence:
        evidence = clipped(" ".join(score.evidence.split()), _EVIDENCE)
        lines.append(soft(say(voice, "Evidence: %(text)s", text=evidence)))
    elif score is not None and score.paper_id is not None:
        lines.append(soft(say(voice, "Evidence: a file")))
    return lines


def evidence_card(voice: Voice, version: int) -> Card:
    """Ask for evidence: a text, a file, or none."""
    none = button(say(voice, "None"), SkipQuestion(version))
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    ask = Ask(limit=EVIDENCE_LIMIT, is_long=True, takes_file=True)
    return Card((strong(wording.evidence_wanted(voice)),), ((none, cancel),), ask=ask)


def sheet_file_card(voice: Voice, unit: str, version: int, problems: Sequence[str], total: int) -> Card:
    """Ask for a filled-in sheet, with what is wrong in the last one, of which nothing was taken."""
    lines: list[Line] = []
    if problems:
        lines.append(strong(say(voice, "Nothing was taken: %(count)s to correct.", count=total)))
        lines += [Line(f"– {clipped(problem, 300)}") for problem in problems]
        if total > len(problems):
            lines.append(Line(say(voice, "and %(n)s more", n=total - len(problems))))
    lines.append(Line(wording.sheet_wanted(voice, unit)))
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    return Card(tuple(lines), ((cancel,),), ask=Ask(limit=1, takes_file=True))


# Verified


def verifying_card(voice: Voice, view: ScoringView, unit: ScoredUnit, page: int, *, is_open: bool) -> Card:
    """Give a page of a unit's sheet to who verifies it: own points, evidence, and what was changed why."""
    own = view.find_sheet(SheetKind.SELF, unit.unit_id)
    checked = view.find_sheet(SheetKind.VERIFIED, unit.unit_id)
    is_verified = view.is_handed_in(SheetKind.VERIFIED, unit.unit_id)
    lines = [strong(say(voice, "Sheet of %(unit)s", unit=clipped(unit.name, 120))), soft(clipped(view.title))]
    if own is None or own.submitted_at is None:
        lines.append(Line(say(voice, "This unit has not handed in its sheet.")))
        back = button(say(voice, "‹ Sheets"), ShowSheets(view.scoring_id, SheetKind.VERIFIED, 0))
        return Card(tuple(lines), ((back,),))
    shown = page_of(view.criteria, page)
    papers: list[Choice] = []
    for each in shown:
        score = own.scores.get(each.criterion_id)
        lines += _score_lines(voice, each, score)
        if score is not None and score.paper_id is not None:
            label = say(voice, "File for %(place)s", place=each.place)
            papers.append(button(label, GetPaper(score.paper_id)))
        change = None if checked is None else checked.scores.get(each.criterion_id)
        if change is not None:
            given = wording.given_text(voice, each, change.points)
            reason = clipped(" ".join(change.evidence.split()), _EVIDENCE)
            lines.append(strong(say(voice, "→ %(points)s: %(reason)s", points=given, reason=reason)))
    lines += _total_lines(voice, view, unit, own)
    key = (view.scoring_id, unit.unit_id)
    rows: list[tuple[Choice, ...]] = [*in_rows(papers)]
    if is_open:
        rows += in_rows(
            [button(f"{each.place}. {each.text}", ChangeScore(*key, each.criterion_id)) for each in shown]
        )
    rows += page_rows(voice, view.criteria, page, lambda number: ShowVerifying(*key, number))
    last: list[Choice] = []
    if is_open and not is_verified:
        last.append(button(say(voice, "Verified"), VerifySheet(*key, sheet_mark(view, unit.unit_id))))
    last.append(button(say(voice, "‹ Sheets"), ShowSheets(view.scoring_id, SheetKind.VERIFIED, 0)))
    return Card(tuple(lines), (*rows, tuple(last)))


def _total_lines(voice: Voice, view: ScoringView, unit: ScoredUnit, own: SheetView) -> list[Line]:
    given = points_text(total_points(view.criteria, own.points), voice.language)
    lines = [Line(say(voice, "By the unit itself: %(points)s", points=given))]
    mean = mean_points(view.cross_totals(unit.unit_id))
    if mean is not None:
        count = len(view.cross_totals(unit.unit_id))
        text = wording.mean_text(mean, voice.language)
        lines.append(Line(say(voice, "Mean of %(count)s other units: %(points)s", count=count, points=text)))
    total = wording.total_text(voice, view.total(unit.unit_id))
    is_verified = view.is_handed_in(SheetKind.VERIFIED, unit.unit_id)
    state = say(voice, "verified") if is_verified else say(voice, "not verified yet")
    lines.append(strong(say(voice, "Counts: %(total)s (%(state)s)", total=total, state=state)))
    return lines


# The ranking


def ranking_card(voice: Voice, view: ScoringView, viewer: Viewer) -> Card:
    """Give the ranking: as it was put, else as the sheets stand, which only who verifies sees."""
    ranking = view.ranking if view.state.is_public else view.rank()
    lines = [
        strong(say(voice, "Ranking: %(title)s", title=clipped(view.title))),
        Line(wording.state_text(voice, view.state, view.deadline_at, is_adopted=view.is_adopted)),
        *ranking_lines(voice, ranking),
    ]
    buttons: list[Choice] = [button(say(voice, "As a table (Excel)"), GetRanking(view.scoring_id))]
    if not view.state.is_public:
        lines.insert(1, soft(say(voice, "Only the lead unit and the secretary see this now.")))
    if viewer.verifies and view.state is ScoringState.VERIFYING:
        buttons.append(button(say(voice, "Put it to the meeting …"), PutRanking(view.scoring_id, 0)))
    if viewer.verifies and view.state is ScoringState.PUT:
        buttons.append(button(say(voice, "Take it back"), TakeBackRanking(view.scoring_id, 0)))
    buttons.append(button(say(voice, "‹ Scoring"), ShowScoring(view.scoring_id)))
    return Card(tuple(lines), in_rows(buttons))


def ranking_file_card(voice: Voice, view: ScoringView, file: Attachment) -> Card:
    """Give the table as a file."""
    return Card(
        (Line(say(voice, "Table of points: %(title)s", title=clipped(view.title))),), attachments=(file,)
    )


def items_card(voice: Voice, view: ScoringView, items: Sequence[tuple[str, ItemView]]) -> Card:
    """Ask with which item, of which meeting, the meeting decides on the ranking."""
    lines = [strong(wording.item_wanted(voice))]
    if not items:
        lines.append(Line(say(voice, "There is no item to decide on it with. Add one to the agenda first.")))
    rows: list[tuple[Choice, ...]] = [
        (button(f"{item.number}. {item.title}", PutRanking(view.scoring_id, item.item_id)),)
        for _, item in items[:_OFFERED]
    ]
    titles = {meeting for meeting, _ in items}
    if len(titles) > 1:
        lines += [
            soft(f"{item.number}. {clipped(item.title, 60)} – {clipped(title, 80)}")
            for title, item in items[:_OFFERED]
        ]
    back = button(say(voice, "‹ Ranking"), ShowRanking(view.scoring_id))
    return Card(tuple(lines), (*rows, (back,)))


def ranking_put_card(voice: Voice, view: RankingView) -> Card:
    """Tell everybody of a ranking that was put to the meeting."""
    lines = (
        strong(say(voice, "Ranking: %(title)s", title=clipped(view.title))),
        *ranking_lines(voice, view.ranking),
        soft(wording.ranking_state_text(voice, view)),
    )
    table: Action = GetRanking(view.scoring_id)
    return Card(lines, ((button(say(voice, "As a table (Excel)"), table),),))
