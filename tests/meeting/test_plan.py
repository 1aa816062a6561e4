from datetime import UTC, date, datetime

import pytest

from meeting.plan import MeetingPlan
from meeting.regimes import Template, default_rules


@pytest.mark.parametrize(
    ("timezone", "at"),
    [
        ("Asia/Ho_Chi_Minh", datetime(2021, 12, 30, 7, 0, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2021, 12, 30, 13, 0, tzinfo=UTC)),
    ],
)
def test_the_wall_time_is_that_of_the_place(timezone: str, at: datetime) -> None:
    plan = MeetingPlan(
        title="Hội nghị",
        template=Template.CBCCVC,
        host="Tỉnh đoàn",
        place="Hội trường",
        starts_at=datetime(2021, 12, 30, 14, 0),  # noqa: DTZ001 - a wall time
        timezone=timezone,
        rules=default_rules(Template.CBCCVC, date(2021, 12, 30)),
        headcount=None,
        has_union=True,
        units=(),
        attendees=(),
        items=(),
    )
    assert plan.starts_at_utc == at
