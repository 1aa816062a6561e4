"""The usual agendas follow the law's order, and the example is a meeting that could be held."""

from datetime import date

import pytest

from bot.templates import EXAMPLE_PHONES, agenda_of, example_plan, planning_year
from meeting.agenda import ItemKind
from meeting.names import tidy
from meeting.people import Role, Standing
from meeting.plan import NAME_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from meeting.regimes import Template, default_rules

MONDAY = date(2026, 3, 2)


def titles(template: Template, *, has_union: bool = True) -> list[str]:
    return [item.title for item in agenda_of(template, 2026, has_union=has_union)]


def places(wanted: tuple[str, ...], among: list[str]) -> list[int]:
    return [next(place for place, title in enumerate(among) if words in title) for words in wanted]


def test_a_staff_conference_follows_the_order_of_the_law() -> None:
    statutory = (
        "kiểm điểm trách nhiệm của người đứng đầu",  # a
        "thực hiện Nghị quyết Hội nghị năm 2025",  # b
        "Thảo luận, đề xuất, kiến nghị",  # c
        "Tiếp thu, giải đáp",  # d
        "Ban Thanh tra nhân dân",  # đ
        "các chỉ tiêu trọng tâm năm 2026",  # e
        "khen thưởng năm 2025",  # g
        "phát động phong trào thi đua năm 2026",  # g
        "Ký kết giao ước thi đua giữa người đứng đầu cơ quan và Công đoàn",  # h
        "Thông qua Nghị quyết Hội nghị",  # i
    )
    order = places(statutory, titles(Template.CBCCVC))
    assert order == sorted(order)
    assert order[-1] == len(titles(Template.CBCCVC)) - 1


@pytest.mark.parametrize("template", [Template.CBCCVC, Template.GIAO_UOC])
def test_procedure_comes_first_and_the_method_of_voting_ends_it(template: Template) -> None:
    kinds = [item.kind for item in agenda_of(template, 2026, has_union=True)]
    assert kinds[:4] == [ItemKind.PROCEDURE] * 3 + [ItemKind.VOTING_METHOD]
    assert not any(kind.is_procedural for kind in kinds[4:])


def test_what_the_head_decides_is_only_asked_opinions_on() -> None:
    advisory = [item.title for item in agenda_of(Template.CBCCVC, 2026, has_union=True) if item.is_advisory]
    assert advisory == [
        "Tham gia ý kiến vào dự thảo Quy chế chi tiêu nội bộ năm 2026",
        "Tham gia ý kiến vào Kế hoạch phát động phong trào thi đua năm 2026",
    ]


@pytest.mark.parametrize("template", list(Template))
def test_without_a_union_nothing_mentions_one(template: Template) -> None:
    for item in agenda_of(template, 2026, has_union=False):
        assert "ông đoàn" not in f"{item.title} {item.text} {item.presenter}"
    assert len(titles(template)) == len(titles(template, has_union=False))


def test_a_signing_conference_discusses_adopts_four_papers_then_signs() -> None:
    agenda = agenda_of(Template.GIAO_UOC, 2022, has_union=True)
    papers = [item.title for item in agenda if item.kind is ItemKind.DOCUMENT]
    assert [paper.removeprefix("Thông qua ") for paper in papers] == [
        "Giao ước thi đua năm 2022",
        "Quy chế hoạt động của Cụm thi đua năm 2022",
        "Kế hoạch hoạt động của Cụm thi đua năm 2022",
        "Tiêu chí chấm điểm thi đua năm 2022",
    ]
    kinds = [item.kind for item in agenda]
    assert kinds.index(ItemKind.DISCUSSION) < kinds.index(ItemKind.DOCUMENT) < kinds.index(ItemKind.PLEDGE)
    assert kinds[-1] is ItemKind.SPEECH


def test_an_ordinary_meeting_begins_empty() -> None:
    assert agenda_of(Template.THUONG, 2026, has_union=False) == ()


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2021, 12, 30), 2022),
        (date(2022, 4, 7), 2022),
        (date(2026, 3, 31), 2026),
        (date(2026, 10, 1), 2027),
    ],
)
def test_a_meeting_late_in_the_year_plans_for_the_next(on: date, year: int) -> None:
    assert planning_year(on) == year


@pytest.mark.parametrize("template", list(Template))
@pytest.mark.parametrize("has_union", [True, False])
def test_every_text_fits_where_it_is_kept(template: Template, *, has_union: bool) -> None:
    for item in agenda_of(template, 2026, has_union=has_union):
        assert 0 < len(item.title) <= TITLE_LIMIT
        assert len(item.text) <= TEXT_LIMIT
        assert tidy(item.title) == item.title


@pytest.mark.parametrize("template", list(Template))
@pytest.mark.parametrize("today", [MONDAY, date(2026, 3, 7), date(2026, 12, 31), date(2028, 2, 29)])
def test_the_example_is_a_meeting_that_could_be_held(template: Template, today: date) -> None:
    plan = example_plan(template, today)
    assert plan.starts_at.date() > today
    assert plan.starts_at.weekday() < 5
    assert plan.rules == default_rules(template, plan.starts_at.date())
    assert plan.items
    roles = [attendee.role for attendee in plan.attendees]
    assert (roles.count(Role.CHAIR), roles.count(Role.SECRETARY)) == (1, 1)
    voting = [attendee for attendee in plan.attendees if attendee.standing is Standing.VOTING]
    assert {unit.name for unit in plan.units} == {attendee.unit for attendee in voting}
    assert len(voting) < len(plan.attendees)
    assert {attendee.phone for attendee in plan.attendees} == EXAMPLE_PHONES
    assert all(len(attendee.name) <= NAME_LIMIT for attendee in plan.attendees)
    if template is Template.GIAO_UOC:
        assert len(voting) == len(plan.units)
