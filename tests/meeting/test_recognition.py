"""Whom a roster means among those who are known."""

from hypothesis import given
from hypothesis import strategies as st

from meeting.recognition import Known, Wanted, recognise


def known(person_id: int, name: str = "an", phone: str | None = None, *units: int | None) -> Known:
    return Known(person_id, name, phone, frozenset(units))


def line(name: str = "an", phone: str | None = None, unit: int | None = None) -> Wanted:
    return Wanted(name, phone, unit)


def test_a_name_nobody_has_is_somebody_new() -> None:
    assert recognise([line("bình")], [known(1)]) == [None]
    assert recognise([], [known(1)]) == []


def test_name_and_unit_make_the_same_person() -> None:
    people = [known(1, "an", None, 7), known(2, "an", None, 8)]
    assert recognise([line(unit=8), line(unit=7), line(unit=9)], people) == [2, 1, None]


def test_a_phone_tells_apart_whom_the_name_does_not() -> None:
    people = [known(1, "an", "+841"), known(2, "an", "+842", None)]
    assert recognise([line(phone="+842"), line(phone="+843")], people) == [2, None]


def test_a_new_phone_of_the_only_one_in_the_unit_is_the_same_person() -> None:
    assert recognise([line(phone="+842", unit=7)], [known(1, "an", "+841", 7)]) == [1]
    two = [known(1, "an", "+841", 7), known(2, "an", "+842", 7)]
    assert recognise([line(phone="+843", unit=7)], two) == [None]


def test_a_founder_without_a_seat_is_the_one_of_that_name() -> None:
    assert recognise([line(unit=7)], [known(1)]) == [1]


def test_a_roster_without_units_means_the_only_one_of_that_name() -> None:
    assert recognise([line()], [known(1, "an", None, 7)]) == [1]
    assert recognise([line()], [known(1, "an", None, 7), known(2, "an", None, 8)]) == [None]


def test_the_surer_line_comes_first_wherever_it_stands() -> None:
    assert recognise([line(), line(unit=7)], [known(1, "an", None, 7)]) == [None, 1]


def test_namesakes_are_told_apart_the_same_way_each_time() -> None:
    people = [known(2, "an", None, None), known(1, "an", None, None)]
    assert recognise([line(), line(), line()], people) == [1, 2, None]


PHONES = st.sampled_from([None, "+841", "+842"])
UNITS = st.sampled_from([None, 7, 8])
LINES = st.lists(st.builds(Wanted, st.sampled_from(["an", "bình"]), PHONES, UNITS), max_size=6)
PEOPLE = st.lists(
    st.builds(
        Known, st.integers(1, 20), st.sampled_from(["an", "bình"]), PHONES, st.frozensets(UNITS, max_size=2)
    ),
    max_size=6,
    unique_by=lambda person: person.person_id,
)


@given(LINES, PEOPLE)
def test_nobody_is_given_twice_nor_under_another_name(lines: list[Wanted], people: list[Known]) -> None:
    found = recognise(lines, people)
    given_out = [person_id for person_id in found if person_id is not None]
    assert len(found) == len(lines)
    assert len(given_out) == len(set(given_out))
    names = {person.person_id: person.name for person in people}
    for each, person_id in zip(lines, found, strict=True):
        assert person_id is None or names[person_id] == each.name


@given(st.lists(st.builds(Wanted, st.sampled_from(["an", "bình"]), st.none(), UNITS), unique=True))
def test_the_same_roster_again_means_the_same_people(lines: list[Wanted]) -> None:
    people = [
        Known(number, each.name, None, frozenset({each.unit_id})) for number, each in enumerate(lines, 1)
    ]
    assert recognise(lines, people) == [person.person_id for person in people]
