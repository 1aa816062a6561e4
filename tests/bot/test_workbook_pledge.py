"""The sheet of the pledge: a signer for each party, on the roll or signing on paper, never guessed."""

from dataclasses import replace

from openpyxl.workbook import Workbook

from bot.wording.workbook import problem_text
from bot.workbook.problems import Problem, ProblemKind, Reading
from meeting.agenda import ItemKind
from meeting.plan import MeetingPlan
from meeting.pledges import PlannedParty, PlannedPledge, PledgeKind
from meeting.regimes import Template
from tests.bot.workbooks import edited, example, only_problem, place, read, sheet

SHEET = "Giao ước"
HEADINGS = ("Bên giao ước", "Người ký", "Chức vụ", "Người chứng kiến")
Row = tuple[object, ...]
CLUSTER = example(Template.GIAO_UOC)
PEOPLE = tuple(attendee.name for attendee in CLUSTER.attendees)
UNITS = tuple(unit.name for unit in CLUSTER.units)


def reading(*rows: Row, plan: MeetingPlan = CLUSTER) -> Reading:
    def fill(workbook: Workbook) -> None:
        pledge = sheet(workbook, SHEET)
        pledge.delete_cols(1, pledge.max_column)
        for number, row in enumerate((HEADINGS, *rows), start=1):
            for column, value in enumerate(row, start=1):
                pledge.cell(number, column).value = value  # type: ignore[assignment]  # any cell takes any value

    return read(edited(fill, plan))


def found(*rows: Row, plan: MeetingPlan = CLUSTER) -> PlannedPledge | None:
    taken = reading(*rows, plan=plan)
    assert taken.plan is not None, taken.problems
    return taken.plan.pledge


def problem(*rows: Row, plan: MeetingPlan = CLUSTER) -> Problem:
    return only_problem(reading(*rows, plan=plan))


def test_a_sheet_that_is_missing_or_empty_means_no_pledge_yet() -> None:
    def remove(workbook: Workbook) -> None:
        del workbook[SHEET]

    assert read(edited(remove, CLUSTER)).plan == CLUSTER
    assert found() is None


def test_parties_have_signers_from_the_roll_or_others_who_sign_on_paper() -> None:
    pledge = found(
        (UNITS[0], PEOPLE[0].upper(), None, None),
        (UNITS[1], "Trần Văn Thủ Trưởng", "Giám đốc", "Đại diện cấp trên"),
        ("Đơn vị ngoài cụm", None, None, "Đại diện cấp trên"),
    )
    assert pledge is not None
    first, second, third = pledge.parties
    leader = CLUSTER.attendees[0]
    assert first == PlannedParty(UNITS[0], PEOPLE[0], leader.position or "", 0)
    assert second == PlannedParty(UNITS[1], "Trần Văn Thủ Trưởng", "Giám đốc")
    assert third == PlannedParty("Đơn vị ngoài cụm")
    assert pledge.witness == "Đại diện cấp trên"
    assert CLUSTER.items[pledge.item].kind is ItemKind.PLEDGE


def test_two_who_are_no_units_are_an_agency_and_units_a_cluster() -> None:
    units = {"so a", "so b"}
    two = PlannedPledge(0, (PlannedParty("Thủ trưởng"), PlannedParty("Công đoàn")))
    assert two.kind(units) is PledgeKind.INTERNAL
    assert (
        replace(two, parties=(PlannedParty("Sở A"), PlannedParty("Sở B"))).kind(units) is PledgeKind.CLUSTER
    )
    assert replace(two, parties=(*two.parties, PlannedParty("Ba"))).kind(units) is PledgeKind.CLUSTER


def test_a_second_signer_for_a_party_and_a_second_party_for_a_signer_are_told_with_their_rows() -> None:
    second = problem((UNITS[0], PEOPLE[0]), (UNITS[0].upper(), PEOPLE[1]))
    assert (second.kind, place(second)) == (ProblemKind.PARTY_TWICE, (SHEET, 3, "A"))
    assert "hàng 2" in problem_text(second, "vi").lower() or "dòng 2" in problem_text(second, "vi").lower()
    twice = problem((UNITS[0], PEOPLE[0]), (UNITS[1], PEOPLE[0]))
    assert (twice.kind, place(twice)) == (ProblemKind.SIGNER_TWICE, (SHEET, 3, "B"))
    other = problem((UNITS[0], "Người ngoài"), (UNITS[1], "người ngoài"))
    assert other.kind is ProblemKind.SIGNER_TWICE


def test_of_several_of_one_name_the_unit_tells_who_is_meant() -> None:
    people = list(CLUSTER.attendees)
    people[1] = replace(people[1], name=people[0].name)
    alike = replace(CLUSTER, attendees=tuple(people))
    unit = people[0].unit
    assert unit is not None
    pledge = found((unit, people[0].name), plan=alike)
    assert pledge is not None
    assert pledge.parties[0].attendee == 0
    unclear = problem(("Bên khác", people[0].name), plan=alike)
    assert unclear.kind is ProblemKind.SIGNER_AMBIGUOUS


def test_a_name_with_other_marks_is_nobody_s_on_the_roll_and_two_such_are_two() -> None:
    people = (replace(CLUSTER.attendees[0], name="Lê Minh"), *CLUSTER.attendees[1:])
    roll = replace(CLUSTER, attendees=people)
    other = problem((UNITS[0], "Lê Mình"), plan=roll)
    assert (other.kind, place(other)) == (ProblemKind.SIGNER_RESEMBLES, (SHEET, 2, "B"))
    assert "Lê Minh" in problem_text(other, "vi")
    for typed in ("Le Minh", "LÊ MINH", "đ/c Lê Minh"):
        pledge = found((UNITS[0], typed), plan=roll)
        assert pledge is not None
        assert (pledge.parties[0].signer, pledge.parties[0].attendee) == ("Lê Minh", 0)
    both = found((UNITS[0], "Trần Hòa"), (UNITS[1], "Trần Hóa"))
    assert both is not None
    assert [party.signer for party in both.parties] == ["Trần Hòa", "Trần Hóa"]


def test_one_witness_and_an_item_to_pledge_are_wanted() -> None:
    differs = problem((UNITS[0], None, None, "Người thứ nhất"), (UNITS[1], None, None, "Người thứ hai"))
    assert differs.kind is ProblemKind.WITNESS_DIFFERS
    others = (
        replace(item, kind=ItemKind.OTHER) if item.kind is ItemKind.PLEDGE else item for item in CLUSTER.items
    )
    none = replace(CLUSTER, items=tuple(others))
    assert problem((UNITS[0],), plan=none).kind is ProblemKind.PLEDGE_ITEM_MISSING
