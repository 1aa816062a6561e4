"""What `bieuquyet check` finds about messages and people that a plan has so many of."""

from bot.app import utc_now
from bot.budget import Budget
from bot.chats import zalo_budget
from bot.commands.finding import Finding
from bot.settings import Settings
from bot.wording.thrift import advice_texts, left_text, load_text, nearly_full_text, people_text, verdict_text
from bot.wording.voice import Voice
from handlers.thrift import MessageForecast
from meeting.states import Priority
from meeting.thrift import is_nearly_full, least_urgent, left
from storage.counts import count_people
from storage.database import Database, Tx
from storage.reading import list_coming
from storage.views import MeetingView

_ENGLISH = Voice("en")
_SUBJECT = "Zalo plan"


async def check_plan(settings: Settings, database: Database) -> list[Finding]:
    """Look at what the plan on Zalo still allows, and whether it is enough for the meetings to come."""
    if settings.zalo_token is None:
        return []
    budget = zalo_budget(settings, settings.zalo_token, database, utc_now)
    async with database.snapshot() as tx:
        return await check_budget(tx, budget)


async def check_budget(tx: Tx, budget: Budget) -> list[Finding]:
    """Look at what a plan still allows."""
    usage, people = await budget.find_usage(tx), await count_people(tx, budget.platform)
    text = left_text(_ENGLISH, budget.plan, budget.month, left(budget.plan, usage))
    is_scarce = least_urgent(budget.plan, usage) <= Priority.RESULT
    advice = "only ballots, results and answers go out until the month is over" if is_scarce else ""
    found = [Finding(_SUBJECT, text, is_ok=not is_scarce, advice=advice)]
    if people:
        is_full = is_nearly_full(budget.plan, people)
        advice = nearly_full_text(_ENGLISH, budget.plan.people - people) if is_full else ""
        found.append(
            Finding(_SUBJECT, people_text(_ENGLISH, budget.plan, people), is_ok=not is_full, advice=advice)
        )
    for meeting in await list_coming(tx):
        forecast = await budget.forecast(tx, meeting)
        if forecast.load.people:
            found.append(_of_meeting(meeting, forecast))
    return found


def _of_meeting(meeting: MeetingView, forecast: MessageForecast) -> Finding:
    found, load = forecast.found, forecast.load
    text = (
        f"meeting {meeting.meeting_id}, {meeting.title}: {found.left} left for about {found.need}"
        f" ({load_text(_ENGLISH, load)}). {verdict_text(_ENGLISH, load, found)}"
    )
    return Finding(_SUBJECT, text, is_ok=found.is_enough, advice=" ".join(advice_texts(_ENGLISH, found)))
