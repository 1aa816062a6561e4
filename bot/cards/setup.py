"""Questions, and the preview of a meeting before it is stored."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.actions import Action, AnswerYesNo, CancelDialogue, ChooseTemplate, ConfirmPlan, GetWorkbook
from bot.cards.layout import button, clipped, soft, strong
from bot.platforms.base import Ask, Card, Choice, Line
from bot.wording import prompts
from bot.wording.dates import moment_text
from bot.wording.labels import template_text
from bot.wording.numbers import official_count, points_text
from bot.wording.results import rules_text
from bot.wording.titles import counts_text
from bot.wording.voice import Voice, say
from meeting.people import Role, Standing
from meeting.plan import MeetingPlan
from meeting.titles import count_recipients

_SHOWN = 8


def question_card(
    voice: Voice,
    text: str,
    version: int,
    *,
    limit: int,
    example: str = "",
    is_long: bool = False,
    rows: Sequence[Sequence[Choice]] = (),
) -> Card:
    """Give a question that something typed answers, with further answers in `rows`, and the way out."""
    lines = [strong(text)]
    if example:
        lines.append(soft(say(voice, "For example: %(example)s", example=example)))
    ask = Ask(limit=limit, example=example, is_long=is_long)
    return Card(tuple(lines), (*(tuple(row) for row in rows), _way_out(voice, version)), ask=ask)


def _way_out(voice: Voice, version: int = 0) -> tuple[Choice, ...]:
    return (button(say(voice, "Cancel"), CancelDialogue(version)),)


def yes_no_card(voice: Voice, text: str, version: int) -> Card:
    """Give a question that is answered by yes or no."""
    yes = button(say(voice, "Yes"), AnswerYesNo(version, 1))
    no = button(say(voice, "No"), AnswerYesNo(version, 0))
    return Card((strong(text),), ((yes, no), _way_out(voice, version)))


def sure_card(voice: Voice, text: str, label: str, action: Action) -> Card:
    """Give what is asked about once more: the action, or leaving it as it is."""
    leave_it = button(say(voice, "Not now"), CancelDialogue(0))
    return Card((strong(text),), ((button(label, action), leave_it),))


def template_card(voice: Voice, organisation_id: int) -> Card:
    """Give the kinds of meeting to choose from."""
    rows = [
        (button(name, ChooseTemplate(organisation_id, template)),)
        for template, name in prompts.templates(voice)
    ]
    return Card((strong(prompts.template(voice)),), (*rows, _way_out(voice)))


def workbook_card(voice: Voice, organisation_id: int, version: int, *, is_given: bool) -> Card:
    """Ask for the filled-in workbook; one that is to be filled in can be had for each kind of meeting."""
    ask = Ask(limit=1, takes_file=True)
    if is_given:
        return Card((strong(prompts.workbook_given(voice)),), (_way_out(voice, version),), ask=ask)
    lines = (strong(prompts.workbook_file(voice)), Line(prompts.workbook_wanted(voice)))
    rows = [
        (button(name, GetWorkbook(organisation_id, template)),) for template, name in prompts.templates(voice)
    ]
    return Card(lines, (*rows, _way_out(voice, version)), ask=ask)


def plan_card(voice: Voice, plan: MeetingPlan, warnings: Sequence[str], version: int) -> Card:
    """Give what is about to be stored, with what looks odd; nothing is stored before it is confirmed."""
    there = Voice(voice.language, ZoneInfo(plan.timezone), voice.address)
    lines = [
        strong(say(voice, "Please check before it is stored:")),
        strong(clipped(plan.title)),
        Line(template_text(voice, plan.template)),
        Line(
            say(
                voice,
                "%(moment)s, at %(place)s",
                moment=moment_text(there, plan.starts_at_utc),
                place=clipped(plan.place),
            )
        ),
        Line(say(voice, "Held by: %(host)s", host=clipped(plan.host))),
        Line(_people_text(voice, plan)),
        *_holder_lines(voice, plan),
        Line(say(voice, "Items: %(count)s", count=official_count(len(plan.items), voice.language))),
        *_pledge_lines(voice, plan),
        *_titles_lines(voice, plan),
        *_criteria_lines(voice, plan),
        soft(rules_text(voice, plan.rules)),
    ]
    if warnings:
        lines.append(strong(say(voice, "To be checked:")))
        lines += [Line(f"– {clipped(warning, 300)}") for warning in warnings[:_SHOWN]]
        lines += _rest_lines(voice, len(warnings) - _SHOWN)
    confirm = button(say(voice, "Store the meeting"), ConfirmPlan(version))
    return Card(tuple(lines), ((confirm,), _way_out(voice, version)))


def _criteria_lines(voice: Voice, plan: MeetingPlan) -> list[Line]:
    return [
        Line(
            say(
                voice,
                "Criteria for scoring: %(count)s, scale %(scale)s",
                count=official_count(len(each.criteria), voice.language),
                scale=points_text(each.scale, voice.language),
            )
        )
        for each in plan.scorings
    ]


def _pledge_lines(voice: Voice, plan: MeetingPlan) -> list[Line]:
    if plan.pledge is None:
        return []
    count = official_count(len(plan.pledge.parties), voice.language)
    lines = [Line(say(voice, "Parties of the pledge: %(count)s", count=count))]
    if plan.pledge.witness:
        lines.append(Line(say(voice, "Witness: %(name)s", name=clipped(plan.pledge.witness))))
    return lines


def _titles_lines(voice: Voice, plan: MeetingPlan) -> list[Line]:
    if not plan.titles:
        return []
    counts = count_recipients(one.kind for title in plan.titles for one in title.recipients)
    count = official_count(len(plan.titles), voice.language)
    recipients = counts_text(voice, counts)
    return [Line(say(voice, "Titles: %(count)s; %(recipients)s", count=count, recipients=recipients))]


def _people_text(voice: Voice, plan: MeetingPlan) -> str:
    voting = sum(attendee.standing is Standing.VOTING for attendee in plan.attendees)
    text = say(
        voice,
        "Delegates: %(voting)s; guests and observers: %(others)s; units: %(units)s",
        voting=official_count(voting, voice.language),
        others=official_count(len(plan.attendees) - voting, voice.language),
        units=official_count(len(plan.units), voice.language),
    )
    if plan.headcount is None:
        return text
    staff = official_count(plan.headcount, voice.language)
    return say(voice, "%(text)s; whole staff: %(staff)s", text=text, staff=staff)


def _holder_lines(voice: Voice, plan: MeetingPlan) -> list[Line]:
    chairs = ", ".join(a.name for a in plan.attendees if a.role is Role.CHAIR)
    secretaries = ", ".join(a.name for a in plan.attendees if a.role is Role.SECRETARY)
    lines = []
    if chairs:
        lines.append(Line(say(voice, "Chair: %(names)s", names=clipped(chairs))))
    if secretaries:
        lines.append(Line(say(voice, "Secretary: %(names)s", names=clipped(secretaries))))
    return lines


def _rest_lines(voice: Voice, rest: int) -> list[Line]:
    return [Line(say(voice, "and %(n)s more", n=rest))] if rest > 0 else []


def problems_card(voice: Voice, problems: Sequence[str], total: int, version: int) -> Card:
    """Give what is wrong in a workbook, of which nothing was stored, and ask for it once more."""
    count = official_count(total, voice.language)
    lines = [
        strong(say(voice, "Nothing was stored: %(count)s to correct.", count=count)),
        *(Line(f"– {clipped(problem, 300)}") for problem in problems[:_SHOWN]),
        *_rest_lines(voice, total - min(len(problems), _SHOWN)),
        Line(say(voice, "Correct the workbook and send it once more.")),
    ]
    return Card(tuple(lines), (_way_out(voice, version),), ask=Ask(limit=1, takes_file=True))
