from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from meeting.states import DueKind
from meeting.vote_times import Audience, call_at, is_call_late, plan_calls

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 12, 30, 15, 0, tzinfo=HANOI)
MINUTE = timedelta(minutes=1)
HALF, LAST = DueKind.VOTE_HALF_TIME, DueKind.VOTE_LAST_MINUTE


def calls(minutes: float, given_at: datetime = AT) -> list[tuple[DueKind, Audience, timedelta]]:
    """Which calls a vote of so many minutes has, for whom, and how long after its deadline was given."""
    planned = plan_calls(7, given_at, given_at + minutes * MINUTE, HANOI)
    return [(each.kind, Audience(each.part), each.planned_at - given_at) for each in planned]


@pytest.mark.parametrize(
    ("minutes", "half", "last"),
    [
        (1.9, None, None),
        (2, None, Audience.HALL),
        (2.9, None, Audience.HALL),
        (3, None, Audience.ELECTORS),
        (3.9, None, Audience.ELECTORS),
        (4, Audience.HALL, Audience.ELECTORS),
        (9.9, Audience.HALL, Audience.ELECTORS),
        (10, Audience.ELECTORS, Audience.ELECTORS),
        (12 * 60, Audience.ELECTORS, Audience.ELECTORS),
        (30 * 60, Audience.AT_HOME, Audience.AT_HOME),
    ],
)
def test_the_shorter_a_vote_the_less_each_elector_is_bothered(
    minutes: float, half: Audience | None, last: Audience | None
) -> None:
    expected = []
    if half is not None:
        expected.append((HALF, half, minutes * MINUTE / 2))
    if last is not None:
        expected.append((LAST, last, (minutes - 1) * MINUTE))
    if half is Audience.AT_HOME:  # 15:00 and 15 hours are 06:00: the evening before
        expected[0] = (HALF, half, timedelta(hours=5, minutes=30))
    assert calls(minutes) == expected


def test_a_vote_in_a_late_sitting_calls_who_is_there_and_one_of_days_lets_people_sleep() -> None:
    night = AT.replace(hour=22)
    deadline_at = night + timedelta(hours=12)
    assert call_at(Audience.ELECTORS, deadline_at, night, HANOI) == night
    assert call_at(Audience.HALL, deadline_at, night, HANOI) == night
    morning = datetime(2026, 12, 31, 7, 0, tzinfo=HANOI)
    assert call_at(Audience.AT_HOME, deadline_at, night, HANOI) == morning
    assert call_at(Audience.AT_HOME, deadline_at, night, ZoneInfo("Europe/Paris")) == night
    assert call_at(Audience.AT_HOME, morning, night, HANOI) is None, "the vote is over before anybody is up"


def test_a_late_call_leaves_time_to_vote() -> None:
    deadline_at = AT.astimezone(UTC)
    assert not is_call_late(HALF, deadline_at, AT - MINUTE - timedelta(seconds=1))
    assert is_call_late(HALF, deadline_at, AT - MINUTE), "the last minute calls"
    assert not is_call_late(LAST, deadline_at, AT - timedelta(seconds=15))
    assert is_call_late(LAST, deadline_at, AT - timedelta(seconds=14))
