"""A meeting for people's calendars (RFC 5545): an entry that follows it when it moves or is cancelled."""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.platforms.base import Attachment
from storage.views import MeetingView

FILE_NAME = "hoi-nghi.ics"
MEDIA_TYPE = "text/calendar"


def calendar_entry(meeting: MeetingView, made_at: datetime) -> Attachment:
    """Give a meeting as it is now, as a file that calendars take; `made_at` is when that became so.

    A calendar that has an earlier one replaces it: the id stays, the sequence rises with each move. No end is
    given, as none is planned. The same meeting and instant give the same bytes. The first takes a while: not
    for the event loop.
    """
    from icalendar import STATUS, Calendar, Event

    is_cancelled = meeting.cancelled_at is not None
    event = Event.new(
        uid=_uid(meeting),
        summary=meeting.title,
        location=meeting.place or None,
        start=meeting.starts_at.astimezone(ZoneInfo(meeting.timezone)),
        stamp=made_at,
        sequence=meeting.moves + is_cancelled,
        status=STATUS.CANCELLED if is_cancelled else STATUS.CONFIRMED,
    )
    calendar = Calendar.new(
        uid=event.uid,
        prodid="-//Bieu Quyet//Meetings//VI",
        method="CANCEL" if is_cancelled else "PUBLISH",
        subcomponents=[event],
    )
    calendar.add_missing_timezones()
    return Attachment(FILE_NAME, MEDIA_TYPE, calendar.to_ical())


def _uid(meeting: MeetingView) -> str:
    """The same for as long as the meeting is kept; a meeting of another installation has another."""
    kept = f"{meeting.organisation_id}:{meeting.meeting_id}:{meeting.organisation}"
    return f"{hashlib.sha256(kept.encode()).hexdigest()[:32]}@bieuquyet"
