import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.attendance import Attendance, Quorum, QuorumKind, RollEntry, Statement, StatementKind
from meeting.counting import TWO_THIRDS
from meeting.people import Presence, Reply, Source, Standing
from meeting.refusals import Refusal, Refused
from meeting.voting import (
    DEADLINE_GRACE,
    STANDARD_OPTIONS,
    AlreadyDone,
    Ballot,
    BallotCounted,
    BallotResult,
    BallotUnchanged,
    BaseKind,
    Elector,
    Lateness,
    Method,
    OpeningConditions,
    Option,
    Step,
    Vote,
    VoteState,
    base_of,
    decide_ballot,
    decide_deadline,
    decide_step,
    electorate,
    refuse_opening,
)

NOW = datetime(2026, 1, 8, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ELECTOR = Elector(1, 11, None)
OPEN = Vote(7, 1, 1, VoteState.OPEN, Method.CHAT, STANDARD_OPTIONS)


def ballot(option: Option) -> Ballot:
    return Ballot(option, Source.SELF, 11, NOW - MINUTE)


def tap(
    option: Option, vote: Vote = OPEN, previous: Option | None = None, elector: Elector | None = ELECTOR
) -> BallotResult:
    return decide_ballot(vote, elector, None if previous is None else ballot(previous), option, NOW)


class TestBallots:
    def test_a_first_choice_counts(self) -> None:
        assert tap(Option.YES) == BallotCounted(Option.YES, None)

    def test_another_choice_replaces_it(self) -> None:
        assert tap(Option.NO, previous=Option.YES) == BallotCounted(Option.NO, Option.YES)

    @pytest.mark.parametrize("state", VoteState)
    def test_a_second_tap_changes_nothing_in_any_state_of_the_vote(self, state: VoteState) -> None:
        vote = dataclasses.replace(OPEN, state=state)
        assert tap(Option.YES, vote, previous=Option.YES) == BallotUnchanged(Option.YES)

    @pytest.mark.parametrize(
        ("state", "refusal"),
        [
            (VoteState.DRAFT, Refusal.VOTE_NOT_OPEN),
            (VoteState.PAUSED, Refusal.VOTE_PAUSED),
            (VoteState.CLOSED, Refusal.VOTE_CLOSED),
            (VoteState.ANNOUNCED, Refusal.VOTE_CLOSED),
            (VoteState.CANCELLED, Refusal.VOTE_CANCELLED),
        ],
    )
    def test_a_vote_that_is_not_open_takes_no_new_choice(self, state: VoteState, refusal: Refusal) -> None:
        for previous in (None, Option.NO):
            refused = tap(Option.YES, dataclasses.replace(OPEN, state=state), previous=previous)
            assert isinstance(refused, Refused)
            assert refused.reason is refusal

    def test_a_late_tap_is_told_when_the_vote_ended(self) -> None:
        closed = dataclasses.replace(OPEN, state=VoteState.CLOSED, closed_at=NOW - MINUTE)
        assert tap(Option.YES, closed) == Refused(Refusal.VOTE_CLOSED, {"closed_at": NOW - MINUTE})
        overdue = dataclasses.replace(OPEN, deadline_at=NOW - MINUTE)
        assert tap(Option.YES, overdue) == Refused(Refusal.VOTE_CLOSED, {"closed_at": NOW - MINUTE})

    def test_from_the_deadline_on_nothing_counts_though_nobody_closed(self) -> None:
        assert isinstance(tap(Option.YES, dataclasses.replace(OPEN, deadline_at=NOW + MINUTE)), BallotCounted)
        refused = tap(Option.YES, dataclasses.replace(OPEN, deadline_at=NOW))
        assert isinstance(refused, Refused)
        assert refused.reason is Refusal.VOTE_CLOSED

    def test_who_is_no_elector_is_refused(self) -> None:
        assert tap(Option.YES, elector=None) == Refused(Refusal.NOT_ENTITLED)

    def test_an_option_that_the_vote_has_not_is_refused(self) -> None:
        assert tap(Option.ABSTAIN) == Refused(Refusal.UNKNOWN_OPTION)

    def test_a_vote_by_hands_takes_no_taps(self) -> None:
        assert tap(Option.YES, dataclasses.replace(OPEN, method=Method.HANDS)) == Refused(
            Refusal.VOTE_BY_HANDS
        )

    @given(st.lists(st.sampled_from(STANDARD_OPTIONS), min_size=1))
    def test_after_any_number_of_taps_the_last_choice_stands(self, taps: list[Option]) -> None:
        standing: Option | None = None
        for option in taps:
            result = tap(option, previous=standing)
            assert isinstance(result, BallotCounted | BallotUnchanged)
            standing = result.option
        assert standing is taps[-1]


def entry(
    number: int,
    presence: Presence = Presence.PRESENT,
    standing: Standing = Standing.VOTING,
    unit_id: int | None = None,
) -> RollEntry:
    return RollEntry(number, unit_id, standing, presence, Reply.NONE)


class TestElectorate:
    def test_those_who_may_vote_and_are_there(self) -> None:
        roll = [
            entry(1),
            entry(2, Presence.AWAY),
            entry(3, Presence.LEFT),
            entry(4, standing=Standing.GUEST),
            entry(5, standing=Standing.OBSERVER),
            entry(6),
        ]
        for kind in (BaseKind.ATTENDEES, BaseKind.SUMMONED):
            assert [elector.attendee_id for elector in electorate(roll, kind)] == [1, 6]

    def test_a_unit_votes_once_however_many_came_for_it(self) -> None:
        roll = [
            entry(1, unit_id=3),
            entry(2, unit_id=3),
            entry(3, unit_id=1),
            entry(4, Presence.AWAY, unit_id=2),
        ]
        for kind in (BaseKind.UNITS, BaseKind.ALL_UNITS):
            electors = electorate(roll, kind)
            assert [elector.unit_id for elector in electors] == [3, 1]
            assert all(elector.attendee_id is None for elector in electors)

    def test_who_belongs_to_no_unit_has_no_vote_where_units_vote(self) -> None:
        assert electorate([entry(1)], BaseKind.UNITS) == []

    def test_the_base_is_what_the_rules_name(self) -> None:
        bases = {kind: base_of(kind, electors=5, summoned=48, units=7) for kind in BaseKind}
        assert bases == {
            BaseKind.ATTENDEES: 5,
            BaseKind.SUMMONED: 48,
            BaseKind.UNITS: 5,
            BaseKind.ALL_UNITS: 7,
        }


def statement(kind: StatementKind = StatementKind.CONFIRMED, present: int = 46) -> Statement:
    attendance = Attendance(48, 48, present, 0, 0, 0, 0, Quorum(QuorumKind.SUMMONED, TWO_THIRDS))
    return Statement(kind, attendance, NOW - MINUTE)


DRAFT = dataclasses.replace(OPEN, state=VoteState.DRAFT)
HANDS = dataclasses.replace(DRAFT, method=Method.HANDS)
READY = OpeningConditions(
    is_meeting_open=True,
    statement=statement(),
    is_procedural=False,
    is_method_adopted=True,
    has_other_open_vote=False,
    electors=46,
)


class TestOpening:
    def test_a_draft_opens_where_all_conditions_hold(self) -> None:
        assert refuse_opening(DRAFT, READY) is None
        assert refuse_opening(HANDS, READY) is None

    @pytest.mark.parametrize("state", [state for state in VoteState if state is not VoteState.DRAFT])
    def test_a_vote_opens_once(self, state: VoteState) -> None:
        assert refuse_opening(dataclasses.replace(DRAFT, state=state), READY) == Refused(
            Refusal.VOTE_ALREADY_OPENED
        )

    @pytest.mark.parametrize(
        ("conditions", "refusal"),
        [
            (dataclasses.replace(READY, is_meeting_open=False), Refusal.MEETING_NOT_OPEN),
            (dataclasses.replace(READY, statement=None), Refusal.NO_STATEMENT),
            (
                dataclasses.replace(READY, statement=statement(StatementKind.PRELIMINARY)),
                Refusal.NO_STATEMENT,
            ),
            (dataclasses.replace(READY, statement=statement(present=31)), Refusal.NO_QUORUM),
            (dataclasses.replace(READY, is_method_adopted=False), Refusal.METHOD_NOT_ADOPTED),
            (dataclasses.replace(READY, has_other_open_vote=True), Refusal.OTHER_VOTE_OPEN),
            (dataclasses.replace(READY, electors=0), Refusal.NOBODY_PRESENT),
        ],
    )
    def test_each_condition_is_asked_for(self, conditions: OpeningConditions, refusal: Refusal) -> None:
        assert refuse_opening(DRAFT, conditions) == Refused(refusal)

    def test_procedural_votes_by_hands_need_the_preliminary_count_only(self) -> None:
        early = dataclasses.replace(
            READY, statement=statement(StatementKind.PRELIMINARY), is_procedural=True, is_method_adopted=False
        )
        assert refuse_opening(HANDS, early) is None
        assert refuse_opening(DRAFT, early) == Refused(Refusal.NO_STATEMENT)
        assert refuse_opening(HANDS, dataclasses.replace(early, is_procedural=False)) == Refused(
            Refusal.NO_STATEMENT
        )
        assert refuse_opening(HANDS, dataclasses.replace(early, statement=None)) == Refused(
            Refusal.NO_STATEMENT
        )

    def test_hands_are_counted_before_the_method_of_voting_is_adopted(self) -> None:
        assert refuse_opening(HANDS, dataclasses.replace(READY, is_method_adopted=False)) is None


class TestLife:
    def test_the_usual_life(self) -> None:
        state: VoteState | AlreadyDone | Refused = VoteState.OPEN
        for step in (
            Step.PAUSE,
            Step.RESUME,
            Step.CLOSE,
            Step.REOPEN,
            Step.EXTEND,
            Step.CLOSE,
            Step.ANNOUNCE,
        ):
            assert isinstance(state, VoteState)
            state = decide_step(state, step)
        assert state is VoteState.ANNOUNCED

    @pytest.mark.parametrize("step", [step for step in Step if step is not Step.EXTEND])
    @pytest.mark.parametrize("state", VoteState)
    def test_a_step_tapped_twice_is_taken_once(self, state: VoteState, step: Step) -> None:
        after = decide_step(state, step)
        if isinstance(after, VoteState):
            assert decide_step(after, step) == AlreadyDone()

    @pytest.mark.parametrize("step", Step)
    def test_what_was_announced_or_cancelled_stays_so(self, step: Step) -> None:
        assert not isinstance(decide_step(VoteState.ANNOUNCED, step), VoteState)
        assert not isinstance(decide_step(VoteState.CANCELLED, step), VoteState)

    @pytest.mark.parametrize(
        ("state", "step", "refusal"),
        [
            (VoteState.OPEN, Step.ANNOUNCE, Refusal.VOTE_STILL_OPEN),
            (VoteState.PAUSED, Step.ANNOUNCE, Refusal.VOTE_PAUSED),
            (VoteState.DRAFT, Step.CLOSE, Refusal.VOTE_NOT_OPEN),
            (VoteState.CLOSED, Step.PAUSE, Refusal.VOTE_CLOSED),
            (VoteState.ANNOUNCED, Step.REOPEN, Refusal.VOTE_ANNOUNCED),
            (VoteState.ANNOUNCED, Step.CANCEL, Refusal.VOTE_ANNOUNCED),
            (VoteState.CANCELLED, Step.RESUME, Refusal.VOTE_CANCELLED),
        ],
    )
    def test_a_step_out_of_turn_is_refused(self, state: VoteState, step: Step, refusal: Refusal) -> None:
        assert decide_step(state, step) == Refused(refusal)

    def test_a_late_deadline_of_a_paused_vote_opens_it_again(self) -> None:
        assert decide_step(VoteState.PAUSED, Step.EXTEND) is VoteState.OPEN

    def test_closing_an_announced_vote_again_changes_nothing(self) -> None:
        assert decide_step(VoteState.ANNOUNCED, Step.CLOSE) == AlreadyDone()


class TestDeadlines:
    def test_on_time_the_vote_closes(self) -> None:
        assert decide_deadline(NOW, NOW, NOW - MINUTE) is Lateness.CLOSES
        assert decide_deadline(NOW, NOW + DEADLINE_GRACE, NOW - MINUTE) is Lateness.CLOSES

    def test_one_that_passed_while_the_program_was_down_pauses_it(self) -> None:
        assert decide_deadline(NOW, NOW + MINUTE, NOW + timedelta(seconds=1)) is Lateness.PAUSES
        assert decide_deadline(NOW, NOW + timedelta(seconds=2), NOW + timedelta(seconds=1)) is Lateness.PAUSES

    def test_one_that_was_found_too_late_pauses_it(self) -> None:
        assert decide_deadline(NOW, NOW + MINUTE, NOW - MINUTE) is Lateness.PAUSES
