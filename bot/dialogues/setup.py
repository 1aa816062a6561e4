"""Setting a meeting up: by a short dialogue, or by the workbook that is handed out and taken back."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot import actions
from bot.cards.setup import (
    plan_card,
    problems_card,
    question_card,
    template_card,
    workbook_card,
    yes_no_card,
)
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.typed import (
    Unread,
    typed_attendees,
    typed_count,
    typed_moment,
    typed_name,
    typed_units,
)
from bot.platforms.base import Answer, Attachment, Card, Do, File
from bot.templates import agenda_of, example_plan, planning_year
from bot.wording import notices, prompts
from bot.wording.matching import typed_yes_no
from bot.wording.voice import Address, Voice
from handlers import meetings, questions
from meeting.attendance import Quorum, QuorumKind
from meeting.people import Right, Standing
from meeting.plan import NAME_LIMIT, TITLE_LIMIT, MeetingPlan, PlannedAttendee, PlannedUnit
from meeting.refusals import Refusal, Refused
from meeting.regimes import Rules, Template, default_rules
from storage import people

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONG = 50_000
_PROBLEMS_SHOWN = 15

_plans: TypeAdapter[MeetingPlan] = TypeAdapter(MeetingPlan)


async def list_organised(talk: Talk) -> list[int]:
    """Give the organisations that this account is an organiser of, the newest first."""
    account_id = talk.account.account_id
    async with talk.house.database.snapshot() as tx:
        return [
            organisation_id
            for organisation_id, _ in await people.list_organisations_of(tx, account_id)
            if await people.find_organiser(tx, account_id, organisation_id) is not None
        ]


async def _refuse_others(talk: Talk, organisation_id: int) -> Refused | None:
    """Say that this account is no organiser there, or give None."""
    is_organiser = organisation_id in await list_organised(talk)
    return None if is_organiser else Refused(Refusal.NOT_PERMITTED, {"right": Right.SET_UP})


# By dialogue


async def new_meeting(talk: Talk, action: actions.NewMeeting) -> Answer:
    """Ask for the kind of meeting."""
    refused = await _refuse_others(talk, action.organisation_id)
    if refused is not None:
        return talk.refuse(refused)
    return Answer(card=template_card(talk.voice, action.organisation_id))


async def choose_template(talk: Talk, action: actions.ChooseTemplate) -> Answer:
    """Begin the dialogue of a kind of meeting."""
    refused = await _refuse_others(talk, action.organisation_id)
    if refused is not None:
        return talk.refuse(refused)
    return await talk.ask(Draft(action.organisation_id, action.template.value))


_STEPS: dict[Template, tuple[str, ...]] = {
    Template.CBCCVC: ("has_union", "title", "start", "place", "headcount", "attendees"),
    Template.GIAO_UOC: ("title", "start", "place", "units", "attendees"),
    Template.THUONG: ("title", "start", "place", "attendees"),
}


@kept
@dataclass(frozen=True)
class Draft(Question):
    """A meeting that is being set up: what was answered so far, and so which question is next.

    The attendees are kept as they were typed, the start as ISO wall time, all else as it is planned.
    """

    topic: ClassVar[str] = "draft"
    organisation_id: int
    template: str
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def is_yes_or_no(self) -> bool:
        """Whether the step that is next asks for yes or no."""
        return self._step == "has_union"

    @property
    def _step(self) -> str | None:
        return next((step for step in _STEPS[Template(self.template)] if step not in self.answers), None)

    @property
    def _units(self) -> tuple[str, ...] | None:
        """The units that were asked for; None where those of the attendees are taken."""
        units = self.answers.get("units")
        return None if units is None else tuple(units)

    def card(self, voice: Voice, version: int) -> Card:
        """Ask the next question."""
        match self._step:
            case "has_union":
                return yes_no_card(voice, prompts.has_union(voice), version)
            case "title":
                return question_card(voice, prompts.meeting_title(voice), version, limit=TITLE_LIMIT)
            case "start":
                text, example = prompts.meeting_start(voice), prompts.start_example()
                return question_card(voice, text, version, limit=NAME_LIMIT, example=example)
            case "place":
                return question_card(voice, prompts.meeting_place(voice), version, limit=TITLE_LIMIT)
            case "headcount":
                skip = Do(prompts.button_skip(voice), actions.SkipQuestion(version))
                text = prompts.headcount(voice)
                return question_card(voice, text, version, limit=10, example="61", rows=((skip,),))
            case "units":
                return question_card(voice, prompts.units(voice), version, limit=_LONG, is_long=True)
            case _:
                text, example = prompts.attendees(voice), prompts.attendees_example(voice)
                return question_card(voice, text, version, limit=_LONG, is_long=True, example=example)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take the answer to the question that is open."""
        match self._step:
            case "title" | "place" as step:
                name = typed_name(text, TITLE_LIMIT)
                return name if isinstance(name, Refused) else await self._next(talk, step, name)
            case "start":
                return await self._take_start(talk, text)
            case "headcount":
                count = typed_count(text)
                return (
                    await self._next(talk, "headcount", count)
                    if count
                    else Refused(Refusal.NUMBER_UNREADABLE)
                )
            case "units":
                units = typed_units(talk.voice, text)
                if isinstance(units, Unread):
                    return Answer(units.sentence)
                return await self._next(talk, "units", [unit.name for unit in units])
            case "attendees":
                attendees = self._read_attendees(talk.voice, text)
                if isinstance(attendees, Unread):
                    return Answer(attendees.sentence)
                return await self._next(talk, "attendees", text)
            case _:
                return Answer(notices.yes_or_no_wanted(talk.voice))

    async def _take_start(self, talk: Talk, text: str) -> Answer | Refused:
        wall = typed_moment(text)
        if wall is None:
            return Refused(Refusal.TIME_UNREADABLE)
        async with talk.house.database.snapshot() as tx:
            _, timezone = await people.get_organisation_locale(tx, self.organisation_id)
        is_past = wall.replace(tzinfo=ZoneInfo(timezone)) < talk.now()
        notice = prompts.start_is_past(talk.voice) if is_past else ""
        return await self._next(talk, "start", wall.isoformat(), notice)

    def _read_attendees(self, voice: Voice, text: str) -> tuple[PlannedAttendee, ...] | Unread:
        return typed_attendees(voice, text, self._units, must_speak_for_unit=self._units is not None)

    async def skip(self, talk: Talk) -> Answer | Refused | None:
        """Leave the headcount out."""
        return await self._next(talk, "headcount", None) if self._step == "headcount" else None

    async def choose(self, talk: Talk, *, is_yes: bool) -> Answer | Refused | None:
        """Answer whether there is a union."""
        return await self._next(talk, "has_union", is_yes) if self._step == "has_union" else None

    async def _next(self, talk: Talk, step: str, value: object, notice: str = "") -> Answer:
        """Ask on, or show what would be stored once everything is answered."""
        draft = replace(self, answers={**self.answers, step: value})
        return await talk.ask(draft, notice) if draft._step is not None else await draft._preview(talk)  # noqa: SLF001 - the same kind

    async def _preview(self, talk: Talk) -> Answer:
        answers, template = self.answers, Template(self.template)
        start = datetime.fromisoformat(answers["start"])
        attendees = self._read_attendees(talk.voice, answers["attendees"])
        if isinstance(attendees, Unread):
            return Answer(attendees.sentence)
        headcount = answers.get("headcount")
        voting = sum(attendee.standing is Standing.VOTING for attendee in attendees)
        if headcount is not None and headcount < voting:
            again = {name: value for name, value in answers.items() if name != "headcount"}
            notice = prompts.headcount_too_small(talk.voice, headcount, voting)
            return await talk.ask(replace(self, answers=again), notice)
        rules = default_rules(template, start.date())
        if template is Template.CBCCVC and headcount is None:
            rules = replace(rules, quorum=Quorum(QuorumKind.SUMMONED, rules.quorum.threshold))
        has_union = bool(answers.get("has_union", template is Template.GIAO_UOC))
        async with talk.house.database.snapshot() as tx:
            host = await people.get_organisation_name(tx, self.organisation_id)
            _, timezone = await people.get_organisation_locale(tx, self.organisation_id)
        units = self._units or tuple(dict.fromkeys(a.unit for a in attendees if a.unit is not None))
        plan = MeetingPlan(
            title=answers["title"],
            template=template,
            host=host,
            place=answers["place"],
            starts_at=start,
            timezone=timezone,
            rules=rules,
            headcount=headcount,
            has_union=has_union,
            units=tuple(PlannedUnit(unit) for unit in units),
            attendees=attendees,
            items=agenda_of(template, planning_year(start.date()), has_union=has_union),
        )
        return await _show_plan(talk, self.organisation_id, plan, _warnings(talk, plan, rules))


def _warnings(talk: Talk, plan: MeetingPlan, rules: Rules) -> list[str]:
    """Give what is odd about a plan that was typed, as workbooks are told it too."""
    warnings = []
    if plan.starts_at_utc < talk.now():
        warnings.append(prompts.starts_in_past(talk.voice))
    if rules.quorum.kind is QuorumKind.UNITS:
        speakers = Counter(a.unit for a in plan.attendees if a.standing is Standing.VOTING)
        for unit in plan.units:
            if speakers[unit.name] == 0:
                warnings.append(prompts.unit_unrepresented(talk.voice, unit.name))
            elif speakers[unit.name] > 1:
                warnings.append(prompts.several_representatives(talk.voice, unit.name, speakers[unit.name]))
    return warnings


# By workbook


async def get_workbook(talk: Talk, action: actions.GetWorkbook) -> Answer:
    """Hand the workbook out, filled with an example, and wait for it."""
    from bot.workbook.writing import write_workbook

    refused = await _refuse_others(talk, action.organisation_id)
    if refused is not None:
        return talk.refuse(refused)
    plan = example_plan(action.template, _today(talk))
    content = await asyncio.to_thread(write_workbook, plan, talk.voice.language)
    asked = await talk.ask(Workbook(action.organisation_id, is_given=True))
    if asked.card is None:
        return asked
    file = Attachment(f"hoi-nghi-{action.template}.xlsx", XLSX, content)
    return replace(asked, card=replace(asked.card, attachments=(file,)))


def _today(talk: Talk) -> date:
    return talk.now().astimezone(talk.voice.timezone).date()


async def import_workbook(talk: Talk, action: actions.ImportWorkbook) -> Answer:
    """Ask for the workbook, or whether one is wanted."""
    refused = await _refuse_others(talk, action.organisation_id)
    return talk.refuse(refused) if refused is not None else await talk.ask(Workbook(action.organisation_id))


@dataclass(frozen=True)
class FileQuestion(Question):
    """A question that a workbook answers, with a meeting of this organisation."""

    takes_file: ClassVar[bool] = True
    organisation_id: int

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask for a file again."""
        del text
        return Answer(notices.file_expected(talk.voice))


@kept
@dataclass(frozen=True)
class Workbook(FileQuestion):
    """The filled-in workbook; `is_given` where it was just handed out."""

    topic: ClassVar[str] = "workbook"
    is_given: bool = False

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return workbook_card(voice, self.organisation_id, version, is_given=self.is_given)


@kept
@dataclass(frozen=True)
class Corrections(FileQuestion):
    """A workbook that is to be corrected and sent once more: what is wrong, and how much there is in all."""

    topic: ClassVar[str] = "corrections"
    problems: list[str]
    total: int

    def card(self, voice: Voice, version: int) -> Card:
        """Say what is to be corrected."""
        return problems_card(voice, self.problems, self.total, version)


async def take_file(talk: Talk, file: File, question: Question | None) -> Answer:
    """Read a workbook and show what would be stored, or all that is to be corrected; stores nothing yet.

    One that was not asked for is taken from whoever is an organiser in one organisation only.
    """
    organised = await list_organised(talk)
    if isinstance(question, FileQuestion):
        organised = [one for one in organised if one == question.organisation_id]
    match organised:
        case [organisation_id]:
            return await _read_file(talk, file, organisation_id)
        case []:
            return Answer(notices.file_not_expected(talk.voice))
        case _:
            return Answer(notices.which_organisation(talk.voice))


async def is_workbook(talk: Talk, file: File) -> bool:
    """Whether a file is a workbook of ours, with whatever errors, from an organiser."""
    if not file.name.lower().endswith(".xlsx") or not await list_organised(talk):
        return False
    from bot.workbook.reading import read_workbook

    reading = await asyncio.to_thread(read_workbook, file.content, file.name, today=_today(talk))
    return reading.has_our_sheets


async def _read_file(talk: Talk, file: File, organisation_id: int) -> Answer:
    from bot.wording.workbook import problem_text
    from bot.workbook.reading import read_workbook

    reading = await asyncio.to_thread(read_workbook, file.content, file.name, today=_today(talk))
    if reading.plan is None:
        texts = [problem_text(problem, talk.voice.language) for problem in reading.problems]
        return await talk.ask(Corrections(organisation_id, texts[:_PROBLEMS_SHOWN], len(texts)))
    warnings = [problem_text(problem, talk.voice.language) for problem in reading.warnings]
    return await _show_plan(talk, organisation_id, reading.plan, warnings)


# The preview


async def _show_plan(talk: Talk, organisation_id: int, plan: MeetingPlan, warnings: Sequence[str]) -> Answer:
    return await talk.ask(Preview(organisation_id, _plans.dump_python(plan, mode="json"), list(warnings)))


@kept
@dataclass(frozen=True)
class Preview(FileQuestion):
    """A plan that waits to be confirmed; a workbook sent now takes its place."""

    topic: ClassVar[str] = "preview"
    plan: dict[str, Any]
    warnings: list[str]

    @property
    def is_yes_or_no(self) -> bool:
        """It is: to store it or not."""
        return True

    def card(self, voice: Voice, version: int) -> Card:
        """Show the plan."""
        return plan_card(voice, _plans.validate_python(self.plan), self.warnings, version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take a clear yes or no; anything else leaves the preview open."""
        is_yes = typed_yes_no(text)
        if is_yes is None:
            return Answer(notices.confirmation_wanted(talk.voice))
        if is_yes:
            return await self.confirm(talk)
        await questions.give_up(talk.house, talk.asked)
        return Answer(notices.given_up(talk.voice))

    async def confirm(self, talk: Talk) -> Answer | Refused:
        """Store the plan."""
        plan = _plans.validate_python(self.plan)
        added = await meetings.add_meeting(
            talk.house, talk.asked, self.organisation_id, plan, address=Address.DONG_CHI
        )
        return added if isinstance(added, Refused) else Answer(notices.meeting_added(talk.voice))


ROUTES: Routes = {
    actions.NewMeeting: new_meeting,
    actions.ChooseTemplate: choose_template,
    actions.GetWorkbook: get_workbook,
    actions.ImportWorkbook: import_workbook,
}
"""What each button of this topic does."""
