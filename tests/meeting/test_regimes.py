from datetime import date

import pytest

from meeting.attendance import QuorumKind
from meeting.counting import MAJORITY, TWO_THIRDS
from meeting.regimes import Template, default_rules
from meeting.voting import BaseKind


@pytest.mark.parametrize(
    ("on", "regime", "is_verified"),
    [
        (date(2021, 12, 30), "ND04_2015", True),
        (date(2023, 6, 30), "ND04_2015", True),
        (date(2023, 7, 1), "LAW_2022", True),
        (date(2025, 6, 30), "LAW_2022", True),
        (date(2025, 7, 1), "LAW_2022_AMENDED_2025", False),
    ],
)
def test_the_day_of_the_conference_decides_which_text_applies(
    on: date,
    regime: str,
    is_verified: bool,  # noqa: FBT001 - a table
) -> None:
    rules = default_rules(Template.CBCCVC, on)
    assert (rules.regime, rules.is_verified) == (regime, is_verified)
    assert (rules.quorum.kind, rules.quorum.threshold) == (QuorumKind.HEADCOUNT, TWO_THIRDS)
    assert (rules.base_kind, rules.threshold) == (BaseKind.ATTENDEES, MAJORITY)


def test_a_conference_of_delegates_counts_those_summoned() -> None:
    assert (
        default_rules(Template.CBCCVC, date(2024, 1, 1), QuorumKind.SUMMONED).quorum.kind
        is QuorumKind.SUMMONED
    )


def test_a_cluster_counts_units_by_its_own_unverified_rules() -> None:
    rules = default_rules(Template.GIAO_UOC, date(2022, 4, 7))
    assert (rules.quorum.kind, rules.base_kind) == (QuorumKind.UNITS, BaseKind.UNITS)
    assert not rules.is_verified


def test_no_meeting_is_without_a_source() -> None:
    for template in Template:
        for on in (date(2016, 3, 1), date(2024, 1, 1), date(2030, 1, 1)):
            assert default_rules(template, on).source
