from hypothesis import given
from hypothesis import strategies as st

from meeting.attendance import Attendance, Quorum, QuorumKind, RollEntry, count_attendance
from meeting.counting import MAJORITY, TWO_THIRDS
from meeting.people import Presence, Reply, Standing

UNITS = frozenset(range(1, 8))

entries = st.builds(
    RollEntry,
    attendee_id=st.integers(1, 10_000),
    unit_id=st.none() | st.sampled_from(sorted(UNITS)),
    standing=st.sampled_from(Standing),
    presence=st.sampled_from(Presence),
    reply=st.sampled_from(Reply),
)
rolls = st.lists(entries, max_size=80, unique_by=lambda entry: entry.attendee_id)
quorums = st.builds(Quorum, st.sampled_from(QuorumKind), st.sampled_from([TWO_THIRDS, MAJORITY]))


def entry(
    number: int,
    presence: Presence = Presence.PRESENT,
    standing: Standing = Standing.VOTING,
    unit_id: int | None = None,
    reply: Reply = Reply.NONE,
) -> RollEntry:
    return RollEntry(number, unit_id, standing, presence, reply)


def count(roll: list[RollEntry], kind: QuorumKind, headcount: int | None = None) -> Attendance:
    return count_attendance(roll, Quorum(kind, TWO_THIRDS), headcount=headcount, unit_ids=UNITS)


def test_guests_and_observers_never_count() -> None:
    roll = [entry(1), entry(2, standing=Standing.GUEST), entry(3, standing=Standing.OBSERVER)]
    attendance = count(roll, QuorumKind.SUMMONED)
    assert (attendance.summoned, attendance.present, attendance.guests) == (1, 1, 2)


def test_of_61_staff_41_are_a_quorum_and_40_are_not() -> None:
    roll = [entry(number) for number in range(1, 42)]
    assert count(roll, QuorumKind.HEADCOUNT, headcount=61).has_quorum
    one_leaves = [*roll[:-1], entry(41, Presence.LEFT)]
    attendance = count(one_leaves, QuorumKind.HEADCOUNT, headcount=61)
    assert not attendance.has_quorum
    assert attendance.missing == 1


def test_of_7_units_5_are_a_quorum_and_4_are_not_however_many_people_came() -> None:
    roll = [entry(number, unit_id=1 + number % 5) for number in range(1, 11)]
    attendance = count(roll, QuorumKind.UNITS)
    assert (attendance.units, attendance.units_present, attendance.has_quorum) == (7, 5, True)
    four = [entry(number, unit_id=1 + number % 4) for number in range(1, 41)]
    assert not count(four, QuorumKind.UNITS).has_quorum


def test_a_unit_whose_only_one_there_is_an_observer_is_not_there() -> None:
    attendance = count([entry(1, standing=Standing.OBSERVER, unit_id=1)], QuorumKind.UNITS)
    assert attendance.units_present == 0


def test_who_is_away_with_a_reason_is_excused_until_they_come_after_all() -> None:
    roll = [
        entry(1, Presence.AWAY, reply=Reply.ABSENT),
        entry(2, reply=Reply.ABSENT),
        entry(3, Presence.AWAY),
    ]
    assert count(roll, QuorumKind.SUMMONED).excused == 1


def test_a_staff_smaller_than_the_roll_is_a_slip_of_the_pen() -> None:
    roll = [entry(number) for number in range(1, 49)]
    attendance = count(roll, QuorumKind.HEADCOUNT, headcount=40)
    assert attendance.headcount == 48
    assert attendance.counted <= attendance.base


def test_without_a_headcount_the_summoned_stand_for_it() -> None:
    assert count([entry(1), entry(2, Presence.AWAY)], QuorumKind.HEADCOUNT).headcount == 2


def test_nobody_summoned_is_no_quorum() -> None:
    for kind in QuorumKind:
        assert not count_attendance(
            [], Quorum(kind, TWO_THIRDS), headcount=None, unit_ids=frozenset()
        ).has_quorum


@given(rolls, quorums, st.none() | st.integers(0, 200))
def test_counts_never_exceed_their_base(roll: list[RollEntry], quorum: Quorum, headcount: int | None) -> None:
    attendance = count_attendance(roll, quorum, headcount=headcount, unit_ids=UNITS)
    assert 0 <= attendance.present + attendance.excused <= attendance.summoned <= attendance.headcount
    assert 0 <= attendance.units_present <= attendance.units
    assert attendance.counted <= attendance.base
    assert attendance.has_quorum == (attendance.base > 0 and attendance.missing == 0)


@given(rolls, quorums)
def test_somebody_more_never_breaks_a_quorum_of_those_summoned(roll: list[RollEntry], quorum: Quorum) -> None:
    before = count_attendance(roll, quorum, headcount=100, unit_ids=UNITS)
    came = [RollEntry(e.attendee_id, e.unit_id, e.standing, Presence.PRESENT, e.reply) for e in roll]
    after = count_attendance(came, quorum, headcount=100, unit_ids=UNITS)
    assert not before.has_quorum or after.has_quorum
