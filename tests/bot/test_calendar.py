"""A meeting in somebody's calendar: the entry, its move, its end."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from bot.papers.calendar import calendar_entry
from tests.bot.seen import AT, meeting

NOW = datetime(2021, 12, 1, 9, tzinfo=UTC)


def entry_of(content: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    [event] = calendar.events
    return calendar, event


def test_a_calendar_shows_the_meeting_at_its_wall_time() -> None:
    file = calendar_entry(meeting(), NOW)
    assert (file.name, file.media_type) == ("hoi-nghi.ics", "text/calendar")
    calendar, event = entry_of(file.content)
    assert calendar["METHOD"] == "PUBLISH"
    assert event["SUMMARY"] == "Hội nghị cán bộ, công chức và người lao động năm 2022"
    assert event["LOCATION"] == "Hội trường Tỉnh đoàn"
    assert event.start == AT
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert [zone.tz_name for zone in calendar.timezones] == ["Asia/Ho_Chi_Minh"]


def test_the_entry_of_a_moved_meeting_takes_the_place_of_the_first() -> None:
    moved = meeting(starts_at=AT + timedelta(days=2), place="Phòng họp số 1", moves=1)
    _, first = entry_of(calendar_entry(meeting(), NOW).content)
    _, second = entry_of(calendar_entry(moved, NOW + timedelta(hours=1)).content)
    assert first["UID"] == second["UID"]
    assert second.sequence > first.sequence
    assert (second.start, second["LOCATION"]) == (AT + timedelta(days=2), "Phòng họp số 1")


def test_a_cancelled_meeting_is_taken_out() -> None:
    calendar, event = entry_of(calendar_entry(meeting(moves=3, cancelled_at=NOW), NOW).content)
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 4)


def test_another_meeting_is_another_entry() -> None:
    others = [meeting(), meeting(meeting_id=8), meeting(organisation="Sở Nội vụ")]
    entries = {entry_of(calendar_entry(other, NOW).content)[1]["UID"] for other in others}
    assert len(entries) == len(others)


@given(
    title=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1),
    place=st.text(st.characters(exclude_categories=["Cc", "Cs"])),
    zone=st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York", "UTC"]),
)
def test_whatever_a_meeting_is_called_calendars_read_it_back(title: str, place: str, zone: str) -> None:
    made = calendar_entry(meeting(title=title, place=place, timezone=zone), NOW)
    assert made == calendar_entry(meeting(title=title, place=place, timezone=zone), NOW)
    _, event = entry_of(made.content)
    assert event["SUMMARY"] == title
    assert event.get("LOCATION", "") == place
    assert event.start == AT
