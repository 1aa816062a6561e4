"""Scoring: looked at, criteria entered step by step, opened until a deadline, ended."""

import re
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from bot import actions
from bot.cards.scoring import criteria_card, draft_card, lead_card, scoring_card
from bot.cards.setup import question_card, sure_card, yes_no_card
from bot.dialogues.moving import Preview
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.typed import typed_moment
from bot.platforms.base import Answer, Card
from bot.wording import notices, prompts
from bot.wording import scoring as wording
from bot.wording.numbers import points_text
from bot.wording.voice import Voice, say
from handlers import scoring
from handlers.asking import permitted
from handlers.meetings import Unchanged
from handlers.scoring import CriteriaDraft, Viewer, find_viewer
from meeting.names import fold, tidy
from meeting.people import Right
from meeting.plan import NAME_LIMIT
from meeting.points import LARGEST, read_points, refuse_points
from meeting.refusals import Refusal, Refused
from meeting.scoring import (
    CRITERION_LIMIT,
    SECTION_LIMIT,
    CriterionKind,
    PlannedCriterion,
    SheetKind,
    plan_criteria,
)
from storage import agenda
from storage import scoring as stored
from storage.database import Tx
from storage.errors import ItemNotFoundError
from storage.reading import get_meeting_view, list_items
from storage.views import ScoredUnit, ScoringView

_LIST_LIMIT = 50_000
_KIND = re.compile(r"([^\d]+?)\s+(\d.*)")


async def look_at(tx: Tx, talk: Talk, scoring_id: int) -> tuple[ScoringView, Viewer] | Refused:
    """Give a scoring, and who looks at it; raises ScoringNotFoundError."""
    view = await stored.get_scoring(tx, scoring_id)
    viewer = await find_viewer(tx, talk.asked, view)
    return viewer if isinstance(viewer, Refused) else (view, viewer)


async def show_scoring(talk: Talk, action: actions.ShowScoring) -> Answer:
    """Show how far a scoring has come."""
    return await show_state(talk, action.scoring_id)


async def show_state(talk: Talk, scoring_id: int, notice: str = "") -> Answer:
    """Show how far a scoring has come, with what was just done."""
    async with talk.house.database.snapshot() as tx:
        found = await look_at(tx, talk, scoring_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    return Answer(notice, scoring_card(talk.voice, *found), replaces=True)


async def show_criteria(talk: Talk, action: actions.ShowCriteria) -> Answer:
    """Show the criteria to who takes part."""
    async with talk.house.database.snapshot() as tx:
        found = await look_at(tx, talk, action.scoring_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    return Answer(card=criteria_card(talk.voice, found[0], action.page), replaces=True)


# Criteria


async def enter_criteria(talk: Talk, action: actions.EnterCriteria) -> Answer:
    """Ask for the scale, then for the criteria."""
    async with talk.house.database.snapshot() as tx:
        meeting_id = await agenda.find_meeting_of_item(tx, action.item_id)
        if meeting_id is None:
            raise ItemNotFoundError(action.item_id)
        actor = await permitted(tx, talk.asked, meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        item = next(one for one in await list_items(tx, meeting_id) if one.item_id == action.item_id)
        units = await stored.list_scored_units(tx, meeting_id)
    if item.decision is not None:
        return talk.refuse(Refused(Refusal.CRITERIA_FIXED))
    if item.is_advisory:
        return talk.refuse(Refused(Refusal.CRITERIA_ADVISORY))
    if not units:
        return talk.refuse(Refused(Refusal.NO_UNITS))
    return await talk.ask(Scale(item.item_id, f"{item.number}. {item.title}"))


@kept
@dataclass(frozen=True)
class Scale(Question):
    """What the points come to."""

    topic: ClassVar[str] = "score_scale"
    item_id: int
    title: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.scale_wanted(voice, self.title)
        return question_card(voice, text, version, limit=NAME_LIMIT, example="100")

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask for the criteria."""
        scale = read_points(text)
        if isinstance(scale, Refused):
            return scale
        refused = refuse_points(scale, LARGEST) or (None if scale else Refused(Refusal.POINTS_ZERO))
        return refused or await talk.ask(CriteriaList(self.item_id, self.title, str(scale)))


@kept
@dataclass(frozen=True)
class CriteriaList(Question):
    """The criteria, one on each line."""

    topic: ClassVar[str] = "score_criteria"
    item_id: int
    title: str
    scale: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.criteria_wanted(voice, points_text(Decimal(self.scale), voice.language))
        example = wording.criteria_example(voice)
        return question_card(voice, text, version, limit=_LIST_LIMIT, example=example, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take all lines or none, then ask which unit leads."""
        criteria = typed_criteria(text)
        if isinstance(criteria, Refused):
            return criteria
        plan = plan_criteria(Decimal(self.scale), criteria)
        if isinstance(plan, Refused):
            return plan
        async with talk.house.database.snapshot() as tx:
            meeting_id = await agenda.find_meeting_of_item(tx, self.item_id)
            units = [] if meeting_id is None else await stored.list_scored_units(tx, meeting_id)
        lines = [[each.section, each.text, each.kind.value, str(each.most)] for each in plan.criteria]
        offered = [[each.unit_id, each.name] for each in units]
        return await talk.ask(LeadUnit(self.item_id, self.title, self.scale, lines, offered))


def typed_criteria(text: str) -> tuple[PlannedCriterion, ...] | Refused:
    """Give the criteria of a list: section; criterion; most. Without a section the one before goes on.

    A word before the most makes it a bonus or a penalty.
    """
    found: list[PlannedCriterion] = []
    for number, line in enumerate((one for one in text.splitlines() if tidy(one)), 1):
        parts = [tidy(part) for part in line.replace("\t", ";").split(";")]
        if len(parts) not in {2, 3}:
            return Refused(Refusal.CRITERION_UNREADABLE, {"line": number})
        section, name, last = parts if len(parts) == 3 else (_section_of(found), *parts)  # noqa: PLR2004 - a section
        kind, most = _typed_most(last)
        if not name or kind is None or isinstance(most, Refused):
            return Refused(Refusal.CRITERION_UNREADABLE, {"line": number})
        for part, limit in ((section, SECTION_LIMIT), (name, CRITERION_LIMIT)):
            if len(part) > limit:
                return Refused(Refusal.TEXT_TOO_LONG, {"limit": limit, "length": len(part)})
        found.append(PlannedCriterion(section, name, kind, most))
    return tuple(found)


def _typed_most(text: str) -> tuple[CriterionKind | None, Decimal | Refused]:
    """Give what a criterion gives at most: "20", "thưởng 5", "trừ 10 điểm"."""
    from bot.workbook.layout import CRITERION_KINDS

    most = read_points(text)
    if not isinstance(most, Refused):
        return CriterionKind.POINTS, most
    words = _KIND.fullmatch(text)
    return (None, most) if words is None else (CRITERION_KINDS.find(words[1]), read_points(words[2]))


def _section_of(found: list[PlannedCriterion]) -> str:
    """Give the section that a line without one is in: that of the line before."""
    return found[-1].section if found else ""


@dataclass(frozen=True)
class _Drafted(Question):
    """Criteria that aren't stored yet: `lines` have section, text, kind and most, `units` id and name."""

    item_id: int
    title: str
    scale: str
    lines: list[list[str]]
    units: list[list[Any]]

    def draft(self, lead_unit_id: int, *, has_cross_scores: bool) -> CriteriaDraft:
        """Give what is to be stored."""
        criteria = tuple(
            PlannedCriterion(section, text, CriterionKind(kind), Decimal(most))
            for section, text, kind, most in self.lines
        )
        return CriteriaDraft(Decimal(self.scale), criteria, lead_unit_id or None, has_cross_scores)


@kept
@dataclass(frozen=True)
class LeadUnit(_Drafted):
    """Which unit leads the cluster."""

    topic: ClassVar[str] = "score_lead"

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return lead_card(voice, [ScoredUnit(*unit) for unit in self.units], version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take the name of a unit."""
        named = next((unit_id for unit_id, name in self.units if fold(name) == fold(text)), None)
        return Refused(Refusal.UNIT_UNKNOWN) if named is None else await self._ask_cross(talk, named)

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Take one of the units, or with 0 none."""
        if choice and choice not in {unit_id for unit_id, _ in self.units}:
            return None
        return await self._ask_cross(talk, choice)

    async def _ask_cross(self, talk: Talk, lead: int) -> Answer:
        return await talk.ask(CrossWanted(**asdict(self), lead=lead))


@kept
@dataclass(frozen=True)
class CrossWanted(_Drafted):
    """Whether the units score each other."""

    topic: ClassVar[str] = "score_cross"
    lead: int

    @property
    def is_yes_or_no(self) -> bool:
        """It is."""
        return True

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return yes_no_card(voice, wording.cross_wanted(voice), version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask for a yes or no."""
        del text
        return Answer(notices.confirmation_wanted(talk.voice))

    async def choose(self, talk: Talk, *, is_yes: bool) -> Answer | Refused | None:
        """Show the whole."""
        return await talk.ask(CriteriaPreview(**asdict(self), has_cross=is_yes))


@kept
@dataclass(frozen=True)
class CriteriaPreview(Preview, _Drafted):
    """Criteria before they are stored."""

    topic: ClassVar[str] = "score_preview"
    lead: int
    has_cross: bool

    def card(self, voice: Voice, version: int) -> Card:
        """Show them."""
        lead = next((name for unit_id, name in self.units if unit_id == self.lead), "")
        draft = self.draft(self.lead, has_cross_scores=self.has_cross)
        return draft_card(voice, self.title, draft, lead, version)

    async def confirm(self, talk: Talk) -> Answer | Refused:
        """Store them."""
        draft = self.draft(self.lead, has_cross_scores=self.has_cross)
        put = await scoring.put_criteria(talk.house, talk.asked, self.item_id, draft)
        if isinstance(put, Refused):
            return put
        return await show_state(talk, put.scoring_id, wording.criteria_put(talk.voice))


# When the units score


async def open_scoring(talk: Talk, action: actions.OpenScoring) -> Answer:
    """Ask until when the units score."""
    async with talk.house.database.snapshot() as tx:
        found = await look_at(tx, talk, action.scoring_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, viewer = found
    if not viewer.verifies and not viewer.actor.may(Right.PREPARE):
        return talk.refuse(Refused(Refusal.NOT_PERMITTED, {"right": Right.PREPARE}))
    refused = scoring.refuse_ranked(view)
    if refused is None and not view.is_adopted:
        refused = Refused(Refusal.CRITERIA_NOT_ADOPTED)
    return await talk.ask(ScoringDeadline(view.scoring_id)) if refused is None else talk.refuse(refused)


@kept
@dataclass(frozen=True)
class ScoringDeadline(Question):
    """Until when the units score."""

    topic: ClassVar[str] = "score_deadline"
    scoring_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.deadline_wanted(voice)
        return question_card(voice, text, version, limit=NAME_LIMIT, example=prompts.start_example())

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take a moment at the place of the meeting, and have the units score until then."""
        wall = typed_moment(text)
        if wall is None:
            return Refused(Refusal.TIME_UNREADABLE)
        async with talk.house.database.snapshot() as tx:
            meeting_id = (await stored.get_scoring(tx, self.scoring_id)).meeting_id
            timezone = (await get_meeting_view(tx, meeting_id)).timezone
        deadline_at = wall.replace(tzinfo=ZoneInfo(timezone))
        opened = await scoring.open_scoring(talk.house, talk.asked, self.scoring_id, deadline_at)
        match opened:
            case Refused():
                return opened
            case Unchanged():
                notice = notices.unchanged(talk.voice)
            case _:
                notice = wording.scoring_opened(talk.voice, opened.told)
        return await show_state(talk, self.scoring_id, notice)


async def end_scoring(talk: Talk, action: actions.EndScoring) -> Answer:
    """End the units' scoring, asked once more."""
    if not action.sure:
        async with talk.house.database.snapshot() as tx:
            found = await look_at(tx, talk, action.scoring_id)
        if isinstance(found, Refused):
            return talk.refuse(found)
        view, _ = found
        handed_in = sum(view.is_handed_in(SheetKind.SELF, each.unit_id) for each in view.units)
        text = wording.end_sure(talk.voice, handed_in, len(view.units))
        sure = actions.EndScoring(action.scoring_id, 1)
        return Answer(card=sure_card(talk.voice, text, say(talk.voice, "End the scoring"), sure))
    ended = await scoring.end_scoring(talk.house, talk.asked, action.scoring_id)
    match ended:
        case Refused():
            return talk.refuse(ended)
        case Unchanged():
            return await show_state(talk, action.scoring_id, notices.unchanged(talk.voice))
        case _:
            return await show_state(talk, action.scoring_id, wording.scoring_ended(talk.voice))


ROUTES: Routes = {
    actions.ShowScoring: show_scoring,
    actions.ShowCriteria: show_criteria,
    actions.EnterCriteria: enter_criteria,
    actions.OpenScoring: open_scoring,
    actions.EndScoring: end_scoring,
}
"""What each button of this topic does."""
