"""The pace's promises, against a clock that passes only when it is told to."""

import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.parcels import Offer, share_out
from bot.pace import AHEAD, CAREFUL_PACE, FAIR_TURN, PACES, Doubt, Gate, Limit, Pace
from storage.outbox import ParcelKind, Ready
from tests.fakes.chats import NOON

SECOND = timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)
TELEGRAM = PACES["telegram"]
LIMITS = [limit for pace in (TELEGRAM, CAREFUL_PACE) for limit in (pace.in_all, pace.private, pace.group)]

claims = st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 60)), max_size=60)
"""When processes claim, in milliseconds after one another, and how many turns they want."""


def most_in_a_window(instants: list[datetime], window: timedelta) -> int:
    """How many of the instants any window holds, both ends counted in."""
    return max(
        (
            sum(first <= each <= first + window for each in instants[place:])
            for place, first in enumerate(instants)
        ),
        default=0,
    )


@pytest.mark.parametrize("limit", LIMITS)
def test_sends_at_a_limits_interval_keep_it_in_every_window(limit: Limit) -> None:
    instants = [NOON + place * limit.interval for place in range(3 * limit.count + 2)]
    assert most_in_a_window(instants, limit.window) <= limit.count


@given(claims=claims, pace=st.sampled_from([TELEGRAM, CAREFUL_PACE]))
def test_processes_that_share_a_pace_never_go_beyond_it(claims: list[tuple[int, int]], pace: Pace) -> None:
    now = next_at = NOON
    given_out: list[datetime] = []
    for wait, wanted in claims:
        now += wait * MILLISECOND
        turns = pace.turns(next_at, now, wanted)
        assert all(now <= turn <= now + AHEAD for turn in turns.given)
        given_out += turns.given
        next_at = turns.next_at
    assert given_out == sorted(given_out)
    assert most_in_a_window(given_out, pace.in_all.window) <= pace.in_all.count


def test_three_thousand_reminders_take_little_more_than_their_limit_asks_for() -> None:
    now = next_at = NOON
    sent: list[datetime] = []
    while len(sent) < 3_000:
        turns = TELEGRAM.turns(next_at, now, 3_000 - len(sent))
        sent, next_at = [*sent, *turns.given], turns.next_at
        now += TELEGRAM.pause(next_at, now) + 20 * MILLISECOND
    assert sent[-1] - NOON <= 1.021 * 100 * SECOND


def test_turns_are_claimed_many_at_once_and_not_one_after_the_other() -> None:
    turns = TELEGRAM.turns(NOON, NOON, 1_000)
    assert len(turns.given) == 30
    assert AHEAD / 2 < TELEGRAM.pause(turns.next_at, NOON) <= AHEAD
    assert TELEGRAM.pause(NOON, NOON) == TELEGRAM.pause(NOON - SECOND, NOON) == timedelta(0)


@given(jumps=st.lists(st.integers(-7_200, 7_200), max_size=20))
def test_a_wall_clock_that_jumps_holds_nothing_up_for_longer_than_turns_are_given_ahead(
    jumps: list[int],
) -> None:
    now = next_at = NOON
    for jump in jumps:
        now += jump * SECOND
        first = TELEGRAM.turns(next_at, now, 30)
        assert first.next_at <= now + AHEAD + SECOND + TELEGRAM.in_all.interval
        now += TELEGRAM.pause(first.next_at, now) + 2 * AHEAD
        turns = TELEGRAM.turns(first.next_at, now, 30)
        assert turns.given
        assert turns.given[0] <= now + AHEAD
        next_at = turns.next_at


@given(
    delays=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 700)), max_size=120),
    count=st.integers(1, 30),
)
def test_within_a_process_no_second_holds_more_however_late_some_begin(
    delays: list[tuple[int, int]], count: int
) -> None:
    """Each is meant to begin so many milliseconds after the one before, and the program stops for a while."""
    gate, meant, clock, begun = Gate(Limit(count, SECOND)), 0.0, 0.0, []
    for wait, stop in delays:
        meant += wait / 1000
        clock = max(clock + stop / 1000 * (stop > 600), gate.earliest(max(meant, clock)))
        gate.note(clock)
        begun.append(clock)
    for first, later in zip(begun, begun[count:], strict=False):
        assert later - first > 1


def test_what_a_stop_of_the_program_held_up_is_caught_up_with_in_a_minute() -> None:
    limit = Limit(30, SECOND)
    gate, spacing = Gate(limit), limit.interval.total_seconds()
    late: list[float] = []
    for place in range(2_000):
        meant = place * spacing
        at = gate.earliest(10.5 if 10 <= meant < 10.5 else meant)  # for half a second nothing can begin
        gate.note(at)
        late.append(at - meant)
    assert max(late) > 0.4
    assert late[-1] < 0.001


def test_sends_that_are_late_do_not_go_out_in_a_bunch() -> None:
    gate = Gate(Limit(30, SECOND))
    assert gate.earliest(100.0) == 100.0
    gate.note(100.0)
    assert 100.03 < gate.earliest(99.0) < 100.034  # a little closer than evenly, to catch up
    assert gate.earliest(105.0) == 105.0


# Who goes first


def _ready(account: int) -> Ready:
    return Ready(ParcelKind.POST, account, account, str(account))


@given(
    urgent=st.lists(st.integers(1, 99), unique=True, max_size=40),
    oldest=st.lists(st.integers(50, 150), unique=True, max_size=5),
    taken=st.sets(st.integers(1, 150)),
    start=st.integers(0, 1_000),
)
def test_each_turn_goes_to_one_chat_in_order_of_urgency_and_each_tenth_to_what_waits_longest(
    urgent: list[int], oldest: list[int], taken: set[int], start: int
) -> None:
    turns = TELEGRAM.turns(NOON + start * MILLISECOND, NOON + start * MILLISECOND, 15).given
    offer = Offer([_ready(one) for one in urgent], [_ready(one) for one in oldest], {})
    held = [(ParcelKind.POST, one) for one in {*urgent, *oldest} - taken]
    pairs = share_out(turns, TELEGRAM, offer, held)
    served = [row_id for (_, row_id), _ in pairs]
    assert len(served) == len(set(served)) <= len(turns)
    assert not taken & set(served)
    assert [turn for _, turn in pairs] == list(turns[: len(pairs)])
    is_scarce = len(held) > len(turns)
    ordinary = [row_id for (_, row_id), turn in pairs if not (is_scarce and TELEGRAM.is_fair(turn))]
    assert ordinary == sorted(ordinary, key=urgent.index)
    for (_, row_id), turn in pairs:
        earlier = served[: served.index(row_id)]
        waiting = [one for one in oldest if one not in taken and one not in earlier]
        if is_scarce and TELEGRAM.is_fair(turn) and waiting:
            assert row_id == waiting[0]


def test_of_turns_that_follow_one_another_each_tenth_is_fair() -> None:
    turns = [NOON + 7 * MILLISECOND + place * TELEGRAM.in_all.interval for place in range(300)]
    fair = [place for place, turn in enumerate(turns) if TELEGRAM.is_fair(turn)]
    assert {later - earlier for earlier, later in itertools.pairwise(fair)} == {FAIR_TURN}


# What a refusal is about


def _is_open(doubt: Doubt) -> bool:
    return doubt.is_open


def test_one_refused_chat_is_in_doubt_until_another_gets_through() -> None:
    doubt = Doubt()
    assert not _is_open(doubt)
    assert doubt.refuse(1, NOON + 30 * SECOND, NOON, at=100.0) is None
    doubt.pass_through(begun=99.9)  # it began before: that tells nothing
    assert _is_open(doubt)
    doubt.pass_through(begun=100.1)
    assert not _is_open(doubt)
    assert doubt.refuse(2, NOON + 30 * SECOND, NOON, at=101.0) is None


def test_two_refused_chats_mean_that_everything_rests_as_long_as_the_longer_was_told() -> None:
    doubt = Doubt()
    assert doubt.refuse(1, NOON + 30 * SECOND, NOON, at=100.0) is None
    assert doubt.refuse(1, NOON + 31 * SECOND, NOON, at=100.1) is None  # the same chat once more
    assert doubt.refuse(2, NOON + 5 * SECOND, NOON, at=100.2) == NOON + 31 * SECOND
    assert _is_open(doubt)


def test_a_refusal_that_is_over_says_nothing_about_the_next() -> None:
    doubt = Doubt()
    doubt.refuse(1, NOON + SECOND, NOON, at=100.0)
    assert doubt.refuse(2, NOON + 5 * SECOND, NOON + 2 * SECOND, at=102.0) is None
