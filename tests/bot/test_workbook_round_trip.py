"""Whatever meeting is written into a workbook is the meeting that is read from it."""

import io
import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from bot.workbook.layout import DETAIL_LIMIT, SHEETS
from bot.workbook.problems import ProblemKind
from bot.workbook.rules import OwnRules, own_rules, rules_with
from bot.workbook.writing import write_workbook
from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind
from meeting.counting import Threshold
from meeting.names import fold, tidy, tidy_lines
from meeting.people import Role, Standing
from meeting.plan import (
    NAME_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    MeetingPlan,
    PlannedAttendee,
    PlannedItem,
    PlannedUnit,
)
from meeting.pledges import (
    PARTY_LIMIT,
    POSITION_LIMIT,
    SIGNER_LIMIT,
    WITNESS_LIMIT,
    PlannedParty,
    PlannedPledge,
)
from meeting.regimes import Template
from meeting.titles import (
    ISSUER_LIMIT,
    NUMBER_LIMIT,
    RECIPIENT_LIMIT,
    TITLE_NAME_LIMIT,
    PlannedRecipient,
    PlannedTitle,
    Quota,
    RecipientKind,
)
from meeting.voting import BaseKind, VotingUnit
from tests.bot.workbooks import edited, example, only_problem, part_of, read, repacked, sheet

LETTERS = "aAăÂbcdĐđeêghiklmnoôơpqrstuưvxyắằẳẵặẾềểỄệỗộỢữỳỵ"
OTHERS = " '\"=+-@<>&;:,./()[]%#_0123456789\t🎉אبяñß"

lines = st.text(st.sampled_from(LETTERS + OTHERS), min_size=1, max_size=60).map(tidy)
wild_lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1, max_size=40).map(
    tidy
)
texts = st.text(st.sampled_from(LETTERS + OTHERS + "\n\n"), max_size=200).map(tidy_lines)


def named(limit: int) -> st.SearchStrategy[str]:
    return (
        st.one_of(lines, wild_lines)
        .map(lambda line: line[:limit].strip())
        .filter(
            lambda line: any(letter.isalpha() for letter in line) and fold(line) != "" and tidy(line) == line
        )
    )


@st.composite
def thresholds(draw: st.DrawFn) -> Threshold:
    denominator = draw(st.integers(1, 1_000))
    is_strict = draw(st.booleans()) and denominator > 1
    return Threshold(draw(st.integers(1, denominator - is_strict)), denominator, is_strict=is_strict)


own = st.builds(
    OwnRules,
    quorum_kind=st.none() | st.sampled_from(QuorumKind),
    quorum=st.none() | thresholds(),
    base_kind=st.none() | st.sampled_from(BaseKind),
    threshold=st.none() | thresholds(),
    source=st.none() | named(TITLE_LIMIT),
    is_verified=st.none() | st.booleans(),
)
starts = st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)).map(  # noqa: DTZ001 - wall times
    lambda at: at.replace(second=0, microsecond=0, fold=0)
)
phones = st.one_of(
    st.integers(100_000_000, 999_999_999).map(lambda number: f"+84{number}"),
    st.integers(20_000_000, 999_999_999).map(lambda number: f"+4930{number}"),
)
items = st.builds(
    PlannedItem,
    title=named(TITLE_LIMIT),
    kind=st.sampled_from(ItemKind),
    is_advisory=st.booleans(),
    text=texts.filter(lambda text: len(text) <= TEXT_LIMIT),
    presenter=st.just("") | named(DETAIL_LIMIT),
).map(lambda item: replace(item, is_advisory=item.is_advisory and not item.kind.is_procedural))


@st.composite
def titles(draw: st.DrawFn, attendees: Sequence[PlannedAttendee], units: Sequence[str]) -> PlannedTitle:
    of = draw(named(TITLE_NAME_LIMIT))
    share = draw(st.fractions(Fraction(1, 1_000), 1, max_denominator=1_000))
    places = draw(st.lists(st.integers(0, len(attendees) - 1), unique=True, max_size=4))
    collectives = draw(st.lists(st.sampled_from(units), unique=True, max_size=3)) if units else []
    known = {fold(unit) for unit in units}
    unlisted = st.builds(
        PlannedRecipient, st.sampled_from(RecipientKind), named(RECIPIENT_LIMIT), named(RECIPIENT_LIMIT)
    ).filter(lambda one: fold(one.name) not in known)
    others = draw(
        st.lists(
            unlisted,
            unique_by=lambda one: (one.kind, fold(one.name), fold(one.unit)),
            min_size=0 if places or collectives else 1,
            max_size=2,
        )
    )
    return PlannedTitle(
        title=draw(named(TITLE_NAME_LIMIT).filter(lambda title: fold(title) != fold(of))),
        number=draw(st.just("") | named(NUMBER_LIMIT)),
        decided_on=draw(st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31))),
        issuer=draw(st.just("") | named(ISSUER_LIMIT)),
        quota=draw(st.sampled_from([None, Quota(share.numerator, share.denominator, of)])),
        recipients=(
            *(
                PlannedRecipient(
                    RecipientKind.INDIVIDUAL, attendees[place].name, attendees[place].unit or "", place
                )
                for place in places
            ),
            *(PlannedRecipient(RecipientKind.COLLECTIVE, unit) for unit in collectives),
            *others,
        ),
    )


@st.composite
def pledges(
    draw: st.DrawFn, attendees: Sequence[PlannedAttendee], items: Sequence[PlannedItem]
) -> PlannedPledge | None:
    """Parties signed for by attendees, by others, or by nobody yet, where an item is a pledge."""
    places = [place for place, item in enumerate(items) if item.kind is ItemKind.PLEDGE]
    names = draw(st.lists(named(PARTY_LIMIT), unique_by=fold, max_size=4)) if places else []
    known = {fold(attendee.name) for attendee in attendees}
    others = named(SIGNER_LIMIT).filter(lambda name: fold(name) not in known)
    signers = draw(st.lists(others, unique_by=fold, min_size=len(names), max_size=len(names)))
    seats = draw(st.permutations(range(len(attendees))))
    parties = []
    for place, name in enumerate(names):
        position = draw(named(POSITION_LIMIT))
        kind = draw(st.sampled_from(["seat", "other", "nobody"]))
        if kind == "seat" and place < len(seats):
            parties.append(PlannedParty(name, attendees[seats[place]].name, position, seats[place]))
        else:
            parties.append(PlannedParty(name, signers[place] if kind == "other" else "", position))
    witness = draw(st.just("") | named(WITNESS_LIMIT))
    return PlannedPledge(places[0], tuple(parties), witness) if parties else None


@st.composite
def plans(draw: st.DrawFn) -> MeetingPlan:
    template, starts_at = draw(st.sampled_from(Template)), draw(starts)
    rules = rules_with(template, starts_at.date(), draw(own))
    by_units = rules.base_kind.voting_unit is VotingUnit.UNIT or rules.quorum.kind is QuorumKind.UNITS
    units = draw(st.lists(named(DETAIL_LIMIT), unique_by=fold, min_size=1 if by_units else 0, max_size=5))
    names = draw(st.lists(named(NAME_LIMIT), unique_by=fold, min_size=1, max_size=8))
    numbers = draw(st.lists(phones, unique=True, min_size=len(names), max_size=len(names)))
    attendees = []
    for place, name in enumerate(names):
        standing = Standing.VOTING if place == 0 else draw(st.sampled_from(Standing))
        unit = draw(st.sampled_from(units)) if units and (by_units or draw(st.booleans())) else None
        role = draw(st.sampled_from([None, Role.CHAIR, Role.SECRETARY]))
        position = draw(st.none() | named(DETAIL_LIMIT))
        phone = draw(st.sampled_from([None, numbers[place]]))
        attendees.append(PlannedAttendee(name, unit, position, standing, phone, role))
    agenda = tuple(draw(st.lists(items, max_size=4)))
    return MeetingPlan(
        title=draw(named(TITLE_LIMIT)),
        template=template,
        host=draw(named(TITLE_LIMIT)),
        place=draw(named(TITLE_LIMIT)),
        starts_at=starts_at,
        timezone=draw(st.sampled_from(["Asia/Ho_Chi_Minh", "Asia/Bangkok", "Europe/Berlin", "UTC"])),
        rules=rules,
        headcount=draw(st.none() | st.integers(len(names), 100_000)),
        has_union=draw(st.booleans()),
        units=tuple(PlannedUnit(name) for name in units),
        attendees=tuple(attendees),
        items=agenda,
        pledge=draw(pledges(attendees, agenda)),
        titles=tuple(
            draw(
                st.lists(
                    titles(attendees, units),
                    unique_by=lambda title: (fold(title.title), fold(title.number)),
                    max_size=2,
                )
            )
        ),
    )


@settings(max_examples=80)
@given(plans(), st.sampled_from(["vi", "en"]))
def test_any_plan_written_and_read_is_the_same_plan(plan: MeetingPlan, language: str) -> None:
    reading = read(write_workbook(plan, language))
    assert reading.problems == ()
    assert reading.plan == plan


@given(st.sampled_from(Template), starts, own)
def test_the_rules_are_made_again_from_what_departs_from_the_defaults(
    template: Template, starts_at: datetime, given_rules: OwnRules
) -> None:
    on = starts_at.date()
    rules = rules_with(template, on, given_rules)
    assert rules_with(template, on, own_rules(template, on, rules)) == rules


@given(st.sampled_from(Template), starts)
def test_the_defaults_need_nothing_to_be_written(template: Template, starts_at: datetime) -> None:
    on = starts_at.date()
    assert own_rules(template, on, rules_with(template, on, OwnRules())) == OwnRules()


def test_what_no_file_can_hold_is_left_out() -> None:
    plan = replace(example(), place="Hội\ufffe trường\ud800 1")
    again = read(write_workbook(plan, "vi")).plan
    assert again == replace(example(), place="Hội trường 1")


def test_days_counted_from_1904_are_the_same_days() -> None:
    def count_from_1904(workbook: Workbook) -> None:
        workbook.epoch = CALENDAR_MAC_1904

    assert read(edited(count_from_1904)).plan == example()


def test_a_formula_over_several_cells_is_a_formula() -> None:
    def spread(workbook: Workbook) -> None:
        sheet(workbook, "Đại biểu")["D3"] = ArrayFormula("D3:D4", "=B2:B3")

    assert only_problem(read(edited(spread))).kind is ProblemKind.FORMULA


def test_lines_broken_as_excel_on_windows_does_are_lines() -> None:
    def write(workbook: Workbook) -> None:
        sheet(workbook, "Chương trình")["F2"] = "Điều 1_x000D_\nĐiều 2"

    plan = read(edited(write)).plan
    assert plan is not None
    assert plan.items[0].text == "Điều 1\nĐiều 2"


def test_what_looks_like_excels_spelling_of_something_else_stays() -> None:
    plan = replace(example(), place="_x000D_")
    assert read(write_workbook(plan, "vi")).plan == plan


def test_drop_downs_as_excel_keeps_them_do_not_disturb() -> None:
    content = write_workbook(example(), "vi")
    part = "xl/worksheets/sheet4.xml"
    extension = (
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidations count="1">'
        '<x14:dataValidation type="list"><x14:formula1><xm:f>Danh mục!$A$2:$A$4</xm:f></x14:formula1>'
        "<xm:sqref>C2:C9</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>"
    )
    changed = part_of(content, part).decode().replace("</worksheet>", extension)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read(repacked(content, {part: changed.encode()})).plan == example()


def test_a_workbook_with_everything_opens_in_another_program_without_repair() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        workbook = openpyxl.load_workbook(io.BytesIO(write_workbook(example(), "vi")))
    read_sheets = [layout.label for layout in SHEETS.values()]
    assert workbook.sheetnames == ["Hướng dẫn", *read_sheets, "Danh mục"]
