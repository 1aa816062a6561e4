"""Instants of reminders: quiet hours, the evening before in each zone, and what still makes sense."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.reminders import (
    EVENING,
    LEAD,
    MEETING_REMINDERS,
    QUIET_FROM,
    QUIET_UNTIL,
    civil_at,
    last_at,
    plan_reminders,
    quiet_until,
    send_at,
)
from meeting.states import DueKind

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
ZONES = [VIETNAM, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

zones = st.sampled_from(ZONES)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds take the zone
parts = st.integers(1, 20_000)


def at(hour: int, minute: int = 0, day: int = 20, zone: ZoneInfo = VIETNAM) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("planned_at", "sent_at"),
    [
        (at(6, 30), at(20, 30, 19)),
        (at(7), at(7)),
        (at(20, 59), at(20, 59)),
        (at(21), at(20, 30)),
        (at(23, 59), at(20, 30)),
        (at(0), at(20, 30, 19)),
    ],
)
def test_what_falls_into_the_quiet_hours_goes_the_evening_before(
    planned_at: datetime, sent_at: datetime
) -> None:
    assert civil_at(planned_at, VIETNAM, planned_at + DAY) == sent_at


def test_a_meeting_in_the_quiet_hours_is_reminded_of_in_them_but_not_a_night_before() -> None:
    starts_at = at(22)
    assert civil_at(starts_at - HOUR, VIETNAM, starts_at) == starts_at - HOUR
    assert civil_at(starts_at - DAY, VIETNAM, starts_at) == at(20, 30, 19)


def test_who_is_elsewhere_has_other_quiet_hours() -> None:
    starts_at = at(13, 30)  # 07:30 in Berlin
    berlin = ZONES[1]
    assert civil_at(starts_at - HOUR, VIETNAM, starts_at) == at(12, 30)
    assert civil_at(starts_at - HOUR, berlin, starts_at) == at(20, 30, 19, berlin)


def test_a_day_s_reminder_makes_sense_until_two_hours_before_and_a_week_s_until_the_next() -> None:
    starts_at = at(14)
    assert last_at(1440, MEETING_REMINDERS, starts_at) == at(12)
    assert last_at(10080, MEETING_REMINDERS, starts_at) == at(14, 0, 19)
    assert last_at(60, MEETING_REMINDERS, starts_at) == at(13, 55)
    late = send_at(starts_at - DAY, at(12), VIETNAM, at(11, 59), starts_at)
    assert late == at(11, 59)
    assert send_at(starts_at - DAY, at(12), VIETNAM, at(12), starts_at) is None


def test_what_is_late_in_the_night_waits_for_the_morning_if_that_is_early_enough() -> None:
    starts_at = at(14)
    assert send_at(at(14, 0, 19), at(12), VIETNAM, at(2), starts_at) == at(7)
    early = at(8)
    assert send_at(at(8, 0, 19), at(6), VIETNAM, at(2), early) is None


def test_missing_replies_are_asked_for_unless_a_reminder_at_that_time_asks_too() -> None:
    kinds = [(one.kind, one.part) for one in plan_reminders(1, at(14), [4320, 60, 60])]
    assert kinds == [(DueKind.MEETING_REMINDER, 4320), (DueKind.MEETING_REMINDER, 60)]
    assert (DueKind.REPLY_WANTED, 4320) in {(one.kind, one.part) for one in plan_reminders(1, at(14), [60])}


@given(instants, zones, parts)
def test_a_reminder_is_never_after_its_instant_nor_before_it_is_looked_at(
    starts_at: datetime, zone: ZoneInfo, part: int
) -> None:
    for planned in plan_reminders(1, starts_at, [part]):
        sent_at = civil_at(planned.planned_at, zone, starts_at)
        assert planned.planned_at - LEAD < sent_at <= planned.planned_at
        local = sent_at.astimezone(zone).time()
        is_quiet = local >= QUIET_FROM or local < QUIET_UNTIL
        assert not is_quiet or quiet_until(sent_at, zone, starts_at) is None
        assert sent_at == planned.planned_at or local == EVENING


@given(instants, zones, parts, instants)
def test_whatever_the_time_nothing_is_sent_earlier_than_now_or_in_somebody_s_night(
    starts_at: datetime, zone: ZoneInfo, part: int, now: datetime
) -> None:
    planned_at = starts_at - timedelta(minutes=part)
    sent_at = send_at(planned_at, last_at(part, [part], starts_at), zone, now, starts_at)
    assert sent_at is None or (sent_at >= now and quiet_until(sent_at, zone, starts_at) is None)
    assert now > civil_at(planned_at, zone, starts_at) or sent_at is not None
