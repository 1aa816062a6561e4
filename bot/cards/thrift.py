"""Messages that a platform's plan has so many of a month: a warning, and the forecast of a meeting."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.actions import ShowMeeting
from bot.cards.layout import button, clipped, soft, strong
from bot.platforms.base import Card, Line
from bot.wording import thrift as wording
from bot.wording.reach import platform_text
from bot.wording.voice import Voice, say
from handlers.thrift import MessageForecast
from meeting.thrift import is_nearly_full


def messages_short_card(voice: Voice, facts: Mapping[str, Any]) -> Card:
    """Tell the organisers that few or no messages are left this month, or few more people can come."""
    if "people" in facts:
        people, limit = facts["people"], facts["limit"]
        text = wording.people_warning_text(voice, facts["platform"], people, limit)
        return Card((strong(text), Line(wording.nearly_full_text(voice, limit - people))))
    if "refused" in facts:
        refused = wording.refused_text(voice, facts["platform"])
        return Card((strong(refused), Line(wording.told_otherwise_text(voice))))
    used = wording.used_text(voice, facts["platform"], facts["used"], facts["total"], facts["share"])
    return Card((strong(used), Line(wording.spared_text(voice, facts["share"]))))


def messages_card(voice: Voice, forecasts: Sequence[MessageForecast], meeting_id: int, title: str) -> Card:
    """Give what a meeting will take of the messages that are left, on each platform that counts them."""
    lines = [strong(say(voice, "Messages: %(title)s", title=clipped(title)))]
    for each in forecasts:
        found, load = each.found, each.load
        lines.append(strong(platform_text(voice, each.platform)))
        lines.append(Line(wording.left_text(voice, each.plan, each.month, found.left)))
        lines.append(Line(wording.need_text(voice, load, found)))
        lines.append(strong(wording.verdict_text(voice, load, found)))
        lines += [Line(f"– {text}") for text in wording.advice_texts(voice, found)]
        lines.append(Line(wording.people_text(voice, each.plan, each.people)))
        if is_nearly_full(each.plan, each.people):
            lines.append(Line(wording.nearly_full_text(voice, each.plan.people - each.people)))
        elif each.unlinked and each.people + each.unlinked > each.plan.people:
            lines.append(Line(wording.unlinked_text(voice, each.unlinked, each.plan.people - each.people)))
    lines.append(
        soft(
            say(
                voice,
                "For each vote everybody gets the ballot, what was recorded and the result. A rehearsal "
                "with everybody takes as many messages again. The forecast is no promise: other meetings "
                "share the same messages.",
            )
        )
    )
    back = button(say(voice, "‹ Back to the meeting"), ShowMeeting(meeting_id))
    return Card(tuple(lines), ((back,),))
