"""Setting a meeting up: by a short dialogue, or by the workbook that is handed out and taken back."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot import actions
from bot.cards.setup import plan_card, problems_card, question_card, template_card, yes_no_card
from bot.dialogues.talk import Question, Talk, kept
from bot.dialogues.typed import Unread, typed_attendees, typed_count, typed_moment, typed_units
from bot.platforms.base import Answer, Attachment, Card, Do, File
from bot.templates import agenda_of, example_plan, planning_year
from bot.wording import notices, prompts
from bot.wording.matching import typed_yes_no
from bot.wording.voice import Address, Voice
from handlers import meetings
from meeting.attendance import Quorum, QuorumKind
from meeting.plan import TEXT_LIMIT, TITLE_LIMIT, MeetingPlan
from meeting.refusals import Refusal, Refused
from meeting.regimes import Template, default_rules
from storage import people

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONG = 50_000
_PROBLEMS_SHOWN = 15

_plans: TypeAdapter[MeetingPlan] = TypeAdapter(MeetingPlan)


async def find_organisation(talk: Talk) -> int | None:
    """Give the organisation that this account is an organiser of, the newest if there are several."""
    async with talk.house.database.snapshot() as tx:
        for organisation_id, _ in await people.list_organisations_of(tx, talk.account.account_id):
            if await people.find_organiser(tx, talk.account.account_id, organisation_id) is not None:
                return organisation_id
    return None


def _not_organiser(talk: Talk) -> Answer:
    return talk.refuse(Refused(Refusal.NOT_PERMITTED))


# By dialogue


async def new_meeting(talk: Talk, action: actions.NewMeeting) -> Answer:
    """Ask for the kind of meeting."""
    del action
    if await find_organisation(talk) is None:
        return _not_organiser(talk)
    return Answer(card=template_card(talk.voice))


async def choose_template(talk: Talk, action: actions.ChooseTemplate) -> Answer:
    """Begin the dialogue of a kind of meeting."""
    if await find_organisation(talk) is None:
        return _not_organiser(talk)
    draft = Draft(action.template.value)
    return await talk.ask(draft)


_STEPS: dict[Template, tuple[str, ...]] = {
    Template.CBCCVC: ("has_union", "title", "start", "place", "headcount", "attendees"),
    Template.GIAO_UOC: ("title", "start", "place", "units", "attendees"),
    Template.THUONG: ("title", "start", "place", "attendees"),
}


@kept
@dataclass(frozen=True)
class Draft(Question):
    """A meeting that is being set up: what was answered so far, and so which question is next."""

    topic: ClassVar[str] = "draft"
    template: str
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def _step(self) -> str:
        return next(step for step in _STEPS[Template(self.template)] if step not in self.answers)

    def card(self, voice: Voice, version: int) -> Card:
        """Ask the next question."""
        match self._step:
            case "has_union":
                return yes_no_card(voice, prompts.has_union(voice), version)
            case "title":
                return question_card(voice, prompts.meeting_title(voice), limit=TITLE_LIMIT)
            case "start":
                example = prompts.start_example()
                return question_card(voice, prompts.meeting_start(voice), limit=100, example=example)
            case "place":
                return question_card(voice, prompts.meeting_place(voice), limit=TITLE_LIMIT)
            case "headcount":
                skip = Do(prompts.button_skip(voice), actions.SkipQuestion(version))
                return question_card(
                    voice, prompts.headcount(voice), limit=10, example="61", rows=((skip,),)
                )
            case "units":
                return question_card(voice, prompts.units(voice), limit=_LONG, is_long=True)
            case _:
                return question_card(
                    voice,
                    prompts.attendees(voice),
                    limit=_LONG,
                    is_long=True,
                    example=prompts.attendees_example(voice),
                )

    async def take(self, talk: Talk, text: str) -> Answer:  # noqa: PLR0911 - an answer for each step
        """Take the answer to the question that is open."""
        step = self._step
        match step:
            case "has_union":
                is_yes = typed_yes_no(text)
                if is_yes is None:
                    return Answer(notices.not_understood(talk.voice))
                return await self._next(talk, step, value=is_yes)
            case "title" | "place" if len(text) > TITLE_LIMIT:
                return talk.refuse(Refused(Refusal.TEXT_TOO_LONG, {"limit": TITLE_LIMIT, "length": len(text)}))
            case "start":
                wall = typed_moment(text)
                if wall is None:
                    return talk.refuse(Refused(Refusal.TIME_UNREADABLE))
                return await self._next(talk, step, value=wall.isoformat(), notice=_warning(talk, wall))
            case "headcount":
                count = typed_count(text)
                if not count:
                    return talk.refuse(Refused(Refusal.NUMBER_UNREADABLE))
                return await self._next(talk, step, value=count)
            case "units":
                units = typed_units(talk.voice, text)
                if isinstance(units, Unread):
                    return Answer(units.sentence)
                return await self._next(talk, step, value=[unit.name for unit in units])
            case "attendees":
                attendees = typed_attendees(talk.voice, text, tuple(self.answers.get("units", ())))
                if isinstance(attendees, Unread):
                    return Answer(attendees.sentence)
                return await self._preview(talk, text)
            case _:
                return await self._next(talk, step, value=text)

    async def skip(self, talk: Talk) -> Answer | None:
        """Leave the headcount out."""
        return await self._next(talk, "headcount", value=None) if self._step == "headcount" else None

    async def choose(self, talk: Talk, *, is_yes: bool) -> Answer | None:
        """Answer by button whether there is a union."""
        return await self._next(talk, "has_union", value=is_yes) if self._step == "has_union" else None

    async def _next(self, talk: Talk, step: str, *, value: object, notice: str = "") -> Answer:
        return await talk.ask(replace(self, answers={**self.answers, step: value}), notice)

    async def _preview(self, talk: Talk, text: str) -> Answer:
        template = Template(self.template)
        start = datetime.fromisoformat(self.answers["start"])
        units = typed_units(talk.voice, "\n".join(self.answers.get("units", ())))
        attendees = typed_attendees(talk.voice, text, tuple(self.answers.get("units", ())))
        if isinstance(units, Unread) or isinstance(attendees, Unread):
            return Answer(notices.not_understood(talk.voice))
        headcount = self.answers.get("headcount")
        rules = default_rules(template, start.date())
        if template is Template.CBCCVC and headcount is None:
            rules = replace(rules, quorum=Quorum(QuorumKind.SUMMONED, rules.quorum.threshold))
        has_union = bool(self.answers.get("has_union", template is Template.GIAO_UOC))
        organisation_id = await find_organisation(talk)
        if organisation_id is None:
            return _not_organiser(talk)
        async with talk.house.database.snapshot() as tx:
            host = await people.get_organisation_name(tx, organisation_id)
            _, timezone = await people.get_organisation_locale(tx, organisation_id)
        plan = MeetingPlan(
            title=self.answers["title"],
            template=template,
            host=host,
            place=self.answers["place"],
            starts_at=start,
            timezone=timezone,
            rules=rules,
            headcount=headcount,
            has_union=has_union,
            units=units,
            attendees=attendees,
            items=agenda_of(template, planning_year(start.date()), has_union=has_union),
        )
        return await _show_plan(talk, plan, [])


def _warning(talk: Talk, wall: datetime) -> str:
    is_past = wall.replace(tzinfo=talk.voice.timezone) < talk.now()
    return prompts.start_is_past(talk.voice) if is_past else ""


# By workbook


async def get_workbook(talk: Talk, action: actions.GetWorkbook) -> Answer:
    """Hand the workbook out, filled with an example."""
    from bot.workbook import write_workbook

    if await find_organisation(talk) is None:
        return _not_organiser(talk)
    plan = example_plan(action.template, _today(talk))
    content = await asyncio.to_thread(write_workbook, plan, talk.voice.language)
    card = await talk.ask(Workbook())
    name = f"hoi-nghi-{action.template}.xlsx"
    given = Card(
        lines=question_card(talk.voice, prompts.workbook_given(talk.voice), limit=1, takes_file=True).lines,
        choices=card.card.choices if card.card else (),
        attachments=(Attachment(name, XLSX, content),),
        ask=card.card.ask if card.card else None,
    )
    return Answer(card=given)


def _today(talk: Talk) -> date:
    return talk.now().astimezone(talk.voice.timezone).date()


async def import_workbook(talk: Talk, action: actions.ImportWorkbook) -> Answer:
    """Ask for the workbook."""
    del action
    if await find_organisation(talk) is None:
        return _not_organiser(talk)
    return await talk.ask(Workbook())


@kept
@dataclass(frozen=True)
class Workbook(Question):
    """The filled-in workbook."""

    topic: ClassVar[str] = "workbook"

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        del version
        return question_card(voice, prompts.workbook_file(voice), limit=1, takes_file=True)

    async def take(self, talk: Talk, text: str) -> Answer:
        """Ask for a file again."""
        del text
        return Answer(notices.file_expected(talk.voice))


async def take_file(talk: Talk, file: File) -> Answer:
    """Read a workbook and show what would be stored, or all that is to be corrected; stores nothing yet."""
    from bot.wording.workbook import problem_text
    from bot.workbook import read_workbook

    if await find_organisation(talk) is None:
        return Answer(notices.file_not_expected(talk.voice))
    reading = await asyncio.to_thread(read_workbook, file.content, file.name, today=_today(talk))
    if reading.plan is None:
        texts = [problem_text(problem, talk.voice.language) for problem in reading.problems]
        return Answer(card=problems_card(talk.voice, texts[:_PROBLEMS_SHOWN], len(texts)))
    warnings = [problem_text(problem, talk.voice.language) for problem in reading.warnings]
    return await _show_plan(talk, reading.plan, warnings)


# The preview


async def _show_plan(talk: Talk, plan: MeetingPlan, warnings: list[str]) -> Answer:
    return await talk.ask(Preview(_plans.dump_python(plan, mode="json"), warnings))


@kept
@dataclass(frozen=True)
class Preview(Question):
    """A plan that waits to be confirmed."""

    topic: ClassVar[str] = "preview"
    plan: dict[str, Any]
    warnings: list[str]

    def card(self, voice: Voice, version: int) -> Card:
        """Show the plan."""
        return plan_card(voice, _plans.validate_python(self.plan), self.warnings, version)

    async def take(self, talk: Talk, text: str) -> Answer:
        """Take a clear yes or no; anything else leaves the preview open."""
        is_yes = typed_yes_no(text)
        if is_yes is None:
            return Answer(notices.not_understood(talk.voice))
        return await self.confirm(talk) if is_yes else Answer(notices.not_understood(talk.voice))

    async def confirm(self, talk: Talk) -> Answer:
        """Store the plan."""
        organisation_id = await find_organisation(talk)
        if organisation_id is None:
            return _not_organiser(talk)
        plan = _plans.validate_python(self.plan)
        added = await meetings.add_meeting(
            talk.house, talk.asked, organisation_id, plan, address=Address.DONG_CHI
        )
        if isinstance(added, Refused):
            return talk.refuse(added)
        return Answer(notices.meeting_added(replace(talk.voice, timezone=ZoneInfo(plan.timezone))))
