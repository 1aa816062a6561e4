"""A request for the floor ends once, in one way; what is recorded of a speech is tidy and bounded."""

from datetime import UTC, datetime, timedelta

import pytest

from meeting.people import Presence
from meeting.refusals import Refusal, Refused
from meeting.speaking import (
    MOST_TURNS,
    PENDING,
    SPEECH_LIMIT,
    TOPIC_LIMIT,
    FloorState,
    FloorStep,
    PlannedSpeech,
    SpeechKind,
    decide_floor_step,
    plan_speech,
    refuse_turn,
    speaks_until,
    tidy_topic,
)

ENDED = [state for state in FloorState if state not in PENDING]


@pytest.mark.parametrize("step", FloorStep)
@pytest.mark.parametrize("state", FloorState)
def test_a_step_taken_twice_changes_nothing_and_what_has_ended_stays_so(
    state: FloorState, step: FloorStep
) -> None:
    after = decide_floor_step(state, step)
    if isinstance(after, FloorState):
        assert decide_floor_step(after, step) is after
    if state in ENDED:
        assert after in (state, Refused(Refusal.FLOOR_SETTLED))


def test_who_has_the_floor_is_heard_or_passed_over_but_does_not_withdraw() -> None:
    after = {step: decide_floor_step(FloorState.SPEAKING, step) for step in FloorStep}
    assert after == {
        FloorStep.CALL: FloorState.SPEAKING,
        FloorStep.FINISH: FloorState.DONE,
        FloorStep.SKIP: FloorState.PASSED_OVER,
        FloorStep.WITHDRAW: Refused(Refusal.FLOOR_GIVEN),
    }
    assert decide_floor_step(FloorState.WAITING, FloorStep.FINISH) == Refused(Refusal.OUT_OF_DATE)


def test_only_who_is_there_asks_and_not_without_end() -> None:
    assert refuse_turn(Presence.PRESENT, MOST_TURNS - 1) is None
    assert refuse_turn(Presence.AWAY, 0) == refuse_turn(Presence.LEFT, 0) == Refused(Refusal.FLOOR_ABSENT)
    assert refuse_turn(Presence.PRESENT, MOST_TURNS) == Refused(
        Refusal.FLOOR_TOO_OFTEN, {"limit": MOST_TURNS}
    )


def test_a_topic_is_one_line_that_may_be_empty() -> None:
    assert tidy_topic("  Chi tiêu\nnội bộ ") == "Chi tiêu nội bộ"
    assert tidy_topic(" ") == ""
    assert tidy_topic("x" * TOPIC_LIMIT) == "x" * TOPIC_LIMIT
    assert isinstance(tidy_topic("x" * (TOPIC_LIMIT + 1)), Refused)


def test_the_time_to_speak_is_over_after_so_many_minutes_or_never() -> None:
    began = datetime(2026, 12, 30, 7, tzinfo=UTC)
    assert speaks_until(began, 5) == began + timedelta(minutes=5)
    assert speaks_until(began, None) is None


def test_a_speech_has_a_speaker_and_words_and_perhaps_a_position() -> None:
    kind = SpeechKind.DIRECTIVE
    planned = plan_speech(kind, " Trương  Minh Hoàng ", " Phó Bí thư ", " Ghi nhận.\n\nĐề nghị. ")
    assert planned == PlannedSpeech(kind, "Trương Minh Hoàng", "Phó Bí thư", "Ghi nhận.\n\nĐề nghị.")
    assert isinstance(plan_speech(kind, "Lịch", "", "x" * SPEECH_LIMIT), PlannedSpeech)
    refusals = [
        plan_speech(kind, "12", "", "Ghi nhận"),
        plan_speech(kind, "Lịch", "", " \n "),
        plan_speech(kind, "Lịch", "", "x" * (SPEECH_LIMIT + 1)),
        plan_speech(kind, "L" * 201, "", "x"),
        plan_speech(kind, "Lịch", "x" * 201, "x"),
    ]
    reasons = [each.reason for each in refusals if isinstance(each, Refused)]
    assert reasons == [Refusal.NAME_UNREADABLE, Refusal.TEXT_EMPTY, *[Refusal.TEXT_TOO_LONG] * 3]
