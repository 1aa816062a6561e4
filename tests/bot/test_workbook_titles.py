"""The sheet of titles: who is meant is found on the other sheets or said to be on neither, never guessed."""

from dataclasses import replace
from datetime import date

import pytest
from openpyxl.workbook import Workbook

from bot.wording.workbook import problem_text
from bot.workbook.problems import Problem, ProblemKind, Reading
from meeting.plan import MeetingPlan
from meeting.titles import PlannedRecipient, PlannedTitle, Quota, RecipientKind, count_recipients
from tests.bot.workbooks import edited, example, only_problem, place, read, sheet, warned

HEADINGS = (
    "Danh hiệu",
    "Số quyết định",
    "Ngày quyết định",
    "Đối tượng",
    "Tập thể, cá nhân",
    "Đơn vị",
    "Ngoài danh sách",
    "Tỷ lệ tối đa",
    "Tính theo danh hiệu",
)
Row = tuple[object, ...]
ADVANCED, FIGHTER = "Lao động tiên tiến", "Chiến sĩ thi đua cơ sở"
PEOPLE = tuple(attendee.name for attendee in example().attendees)


def plan() -> MeetingPlan:
    """Two people of one name in different units."""
    people = list(example().attendees)
    people[1] = replace(people[1], name=people[0].name)
    return replace(example(), attendees=tuple(people))


def reading(*rows: Row) -> Reading:
    def fill(workbook: Workbook) -> None:
        titles = sheet(workbook, "Danh hiệu")
        titles.delete_cols(1, titles.max_column)
        for number, row in enumerate((HEADINGS, *rows), start=1):
            for column, value in enumerate(row, start=1):
                titles.cell(number, column).value = value  # type: ignore[assignment]

    return read(edited(fill, plan()))


def person(name: object, unit: object = None, unlisted: object = None, title: str = ADVANCED) -> Row:
    return (title, "12/QĐ", "28/12/2026", "Cá nhân", name, unit, unlisted)


def collective(name: object, unlisted: object = None) -> Row:
    return (ADVANCED, "12/QĐ", None, "tập thể", name, None, unlisted)


def found(*rows: Row) -> tuple[PlannedTitle, ...]:
    read_plan = reading(*rows)
    assert read_plan.plan is not None, read_plan.problems
    return read_plan.plan.titles


def problem(*rows: Row) -> Problem:
    return only_problem(reading(*rows))


def test_a_sheet_that_is_missing_or_empty_means_no_titles() -> None:
    def remove(workbook: Workbook) -> None:
        del workbook["Danh hiệu"]

    assert read(edited(remove)).plan == example()
    assert found() == ()


def test_rows_of_one_decision_are_put_together_in_any_spelling() -> None:
    (title,) = found(
        person(PEOPLE[2]),
        collective("van phong"),
        (ADVANCED.upper(), "12 qđ", None, "CÁ NHÂN", f"đồng chí {PEOPLE[3]}", None, "không"),
        person("Người Ngoài", "Sở Y tế", "Có"),
        collective("Phòng Lạ", "x"),
    )
    assert (title.title, title.number, title.decided_on) == (ADVANCED, "12/QĐ", date(2026, 12, 28))
    individual, group = RecipientKind.INDIVIDUAL, RecipientKind.COLLECTIVE
    units = [attendee.unit or "" for attendee in example().attendees]
    assert title.recipients == (
        PlannedRecipient(individual, PEOPLE[2], units[2], 2),
        PlannedRecipient(group, "Văn phòng"),
        PlannedRecipient(individual, PEOPLE[3], units[3], 3),
        PlannedRecipient(individual, "Người Ngoài", "Sở Y tế"),
        PlannedRecipient(group, "Phòng Lạ"),
    )
    counts = count_recipients(one.kind for one in title.recipients)
    assert (counts.collectives, counts.individuals) == (2, 3)


def test_two_people_of_one_name_are_told_apart_by_their_units_only() -> None:
    ambiguous = problem(person(PEOPLE[0]))
    assert (ambiguous.kind, ambiguous.facts["rows"]) == (ProblemKind.RECIPIENT_AMBIGUOUS, "2-3")
    assert place(ambiguous) == ("Danh hiệu", 2, "E")
    (title,) = found(person(PEOPLE[0], example().attendees[1].unit))
    assert title.recipients[0].attendee == 1


@pytest.mark.parametrize(
    ("row", "kind", "nearest"),
    [
        (person("Phạm Văn Không Có"), ProblemKind.RECIPIENT_UNKNOWN, ""),
        (
            person(PEOPLE[2].replace("ị", "i")),
            ProblemKind.RECIPIENT_UNKNOWN,
            f"{PEOPLE[2]}, {example().attendees[2].unit}",
        ),
        (person(PEOPLE[2], "Văn phòng"), ProblemKind.RECIPIENT_UNKNOWN, None),
        (collective("Văn phòn"), ProblemKind.COLLECTIVE_UNKNOWN, "Văn phòng"),
        (collective("Xưởng Lạ"), ProblemKind.COLLECTIVE_UNKNOWN, ""),
    ],
)
def test_an_unknown_name_is_reported_with_its_cell_and_never_taken(
    row: Row, kind: ProblemKind, nearest: str | None
) -> None:
    unknown = problem(row)
    assert (unknown.kind, *place(unknown)) == (kind, "Danh hiệu", 2, "E")
    if nearest is not None:
        assert unknown.facts["nearest"] == nearest
    assert "Ngoài danh sách" in problem_text(unknown, "vi")
    assert "Ngoài danh sách" in problem_text(unknown, "en")


@pytest.mark.parametrize(
    ("rows", "kind", "where"),
    [
        ((person(PEOPLE[2]), person(PEOPLE[2].upper())), ProblemKind.RECIPIENT_TWICE, (3, "E")),
        ((collective("Văn phòng"), collective("VĂN PHÒNG")), ProblemKind.RECIPIENT_TWICE, (3, "E")),
        (
            (person(PEOPLE[2]), (ADVANCED, "12/QĐ", "29/12/2026", "Cá nhân", PEOPLE[3])),
            ProblemKind.DECISION_DIFFERS,
            (3, "C"),
        ),
        (((ADVANCED, "1", "28/12", "Cá nhân", PEOPLE[2]),), ProblemKind.DATE_UNREADABLE, (2, "C")),
        (((ADVANCED, "1", None, "Nhóm", PEOPLE[2]),), ProblemKind.CHOICE_UNKNOWN, (2, "D")),
        (((ADVANCED, "1", None, None, PEOPLE[2]),), ProblemKind.EMPTY, (2, "D")),
        (((None, "1", None, "Cá nhân", PEOPLE[2]),), ProblemKind.EMPTY, (2, "A")),
        (((ADVANCED, "1", None, "Cá nhân", "A" * 201, None, "Có"),), ProblemKind.TOO_LONG, (2, "E")),
        (
            ((FIGHTER, "1", None, "Cá nhân", PEOPLE[2], None, None, "0%", ADVANCED),),
            ProblemKind.QUOTA_UNREADABLE,
            (2, "H"),
        ),
        (
            ((FIGHTER, "1", None, "Cá nhân", PEOPLE[2], None, None, "15%", None),),
            ProblemKind.QUOTA_UNREADABLE,
            (2, "I"),
        ),
        (
            ((FIGHTER, "1", None, "Cá nhân", PEOPLE[2], None, None, "15%", FIGHTER),),
            ProblemKind.QUOTA_UNREADABLE,
            (2, "I"),
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    rows: tuple[Row, ...], kind: ProblemKind, where: tuple[int, str]
) -> None:
    wrong = problem(*rows)
    assert (wrong.kind, wrong.row, wrong.column) == (kind, *where)
    assert problem_text(wrong, "vi") != problem_text(wrong, "en")


def test_a_quota_that_is_exceeded_or_has_no_base_warns_and_hinders_nothing() -> None:
    quota = ("15%", "lao dong tien tien")
    rows = [person(f"Người {n}", None, "Có") for n in range(18)]
    rows += [(FIGHTER, "1", None, "Cá nhân", f"Người {n}", None, "Có", *quota) for n in range(3)]
    read_all = reading(*rows)
    (exceeded,) = warned(read_all, ProblemKind.QUOTA_EXCEEDED)
    assert exceeded.facts == {"individuals": 3, "base": 18, "quota": "15%", "allowed": "2,7"}
    assert place(exceeded) == ("Danh hiệu", 20, "H")
    assert read_all.plan is not None
    assert read_all.plan.titles[1].quota == Quota(3, 20, "lao dong tien tien")
    (unchecked,) = warned(reading(rows[-1]), ProblemKind.QUOTA_UNCHECKED)
    assert place(unchecked) == ("Danh hiệu", 2, "I")
    assert not warned(reading(*rows[:-1]), ProblemKind.QUOTA_EXCEEDED)


@pytest.mark.parametrize("written", ["15%", "tối đa 15 %", "không quá 3/20", 0.15, "15,00%"])
def test_a_quota_is_read_as_people_write_it(written: object) -> None:
    (title,) = found((FIGHTER, 1, None, "Cá nhân", PEOPLE[2], None, None, written, ADVANCED))
    assert (title.number, title.quota) == ("1", Quota(3, 20, ADVANCED))


def test_procedure_can_not_be_advisory() -> None:
    def advise(workbook: Workbook) -> None:
        sheet(workbook, "Chương trình")["D2"].value = "Có"

    wrong = only_problem(read(edited(advise)))
    assert (wrong.kind, *place(wrong)) == (ProblemKind.ADVISORY_PROCEDURE, "Chương trình", 2, "D")
