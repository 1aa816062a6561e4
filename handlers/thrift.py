"""Messages that a plan has so many of a month: counted, warned of, and saved for what matters more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from handlers.reach import show_unreachable
from meeting.states import PostKind, Priority
from meeting.thrift import Forecast, Load, Plan, Usage, forecast, is_nearly_full, month_of, warning_due
from storage import counts, people, posts, saved
from storage.database import Tx
from storage.reading import get_load
from storage.views import MeetingView

_CAUSE = 64  # characters


@dataclass(frozen=True, slots=True)
class MessageForecast:
    """What a meeting will take of a platform's messages of its month, and how many people use the bot."""

    platform: str
    plan: Plan
    month: str
    load: Load
    found: Forecast
    people: int
    unlinked: int


async def find_forecast(
    tx: Tx, meeting: MeetingView, platform: str, plan: Plan, month: str, usage: Usage
) -> MessageForecast:
    """Give the forecast of a meeting, with what was used in its month."""
    view = await get_load(tx, meeting, platform)
    people_there = await counts.count_people(tx, platform)
    found = forecast(plan, usage, view.load)
    return MessageForecast(platform, plan, month, view.load, found, people_there, view.unlinked)


async def count_messages(
    tx: Tx, platform: str, bot: str, plan: Plan, now: datetime, *, sent: int, received: int
) -> None:
    """Count messages of a bot, and tell the organisers when few are left, or few more people can come."""
    month = month_of(now)
    count = await counts.add_to_count(tx, platform, bot, month, sent=sent, received=received)
    share = warning_due(plan, count.usage, count.warned)
    if share is not None:
        facts = {"used": count.usage.of(plan), "total": plan.messages, "share": share}
        if await _warn(tx, platform, f"messages:{month}:{share}:{bot}", facts, now):
            await counts.put_warned(tx, platform, bot, month, share)
    if received and is_nearly_full(plan, people_there := await counts.count_people(tx, platform)):
        await _warn(
            tx, platform, f"people:{plan.people}:{bot}", {"people": people_there, "limit": plan.people}, now
        )


async def warn_refused(tx: Tx, platform: str, bot: str, now: datetime) -> None:
    """Tell the organisers whose people are on a platform that it takes no more messages; once a month."""
    await _warn(tx, platform, f"refused:{month_of(now)}:{bot}", {"refused": 1}, now)


async def _warn(tx: Tx, platform: str, about: str, facts: dict[str, int], now: datetime) -> bool:
    """Tell the organisers whose people are on a platform, each organisation once about the same.

    Gives whether there is any.
    """
    organisations = await counts.list_organisations_on(tx, platform)
    for organisation_id in organisations:
        cause = f"{organisation_id}:{platform}:{about}"[:_CAUSE]
        if await posts.is_told(tx, cause):
            continue
        await posts.add_posts(
            tx,
            PostKind.MESSAGES_SHORT,
            cause,
            organisation_id,
            await people.list_organiser_accounts(tx, organisation_id),
            organisation_id=organisation_id,
            meeting_id=None,
            priority=Priority.ANSWER,
            facts={"platform": platform, **facts},
            now=now,
        )
    return bool(organisations)


async def put_missed(tx: Tx, post_ids: Collection[int]) -> None:
    """Record that posts are not sent, as the last messages are kept for what matters more.

    Those who keep the roll of the meetings concerned are shown whom that leaves untold.
    """
    for meeting in await saved.put_posts_missed(tx, post_ids):
        await show_unreachable(tx, meeting.organisation_id, meeting.meeting_id)
