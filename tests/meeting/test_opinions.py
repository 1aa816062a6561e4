"""No opinion is ever lost, whatever is done with it; and what may be done with which."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from meeting.opinions import (
    ANSWER_LIMIT,
    MOST_IN_A_MINUTE,
    MOST_ON_AN_ITEM,
    OPINION_LIMIT,
    OUTCOMES,
    Opinion,
    OpinionCounts,
    OpinionKind,
    OpinionState,
    arrange,
    count_opinions,
    decide,
    hide,
    merge,
    read_answer,
    read_opinion,
    read_reason,
    refuse_about,
    refuse_flood,
    refuse_sorting,
    restore,
)
from meeting.refusals import Refusal, Refused
from meeting.tally import Decision

kinds = st.sampled_from(OpinionKind)
outcomes = st.sampled_from(OUTCOMES)
picks = st.integers(0, 11)


class DiscussionMachine(RuleBasedStateMachine):
    """A discussion in which anything is done with any opinion, in any order."""

    @initialize(kind=kinds)
    def begin(self, kind: OpinionKind) -> None:
        self.opinions: dict[int, Opinion] = {1: Opinion(1, kind)}
        self.decided: dict[int, OpinionState] = {}

    def pick(self, place: int) -> Opinion:
        return list(self.opinions.values())[place % len(self.opinions)]

    def merged_into(self, opinion: Opinion) -> list[Opinion]:
        return [each for each in self.opinions.values() if each.merged_into_id == opinion.opinion_id]

    def put(self, *changed: Opinion) -> None:
        for each in changed:
            assert each.kind is self.opinions[each.opinion_id].kind
            self.opinions[each.opinion_id] = each

    @rule(kind=kinds)
    def send(self, kind: OpinionKind) -> None:
        number = len(self.opinions) + 1
        self.opinions[number] = Opinion(number, kind)

    @rule(one=picks, other=picks)
    def merge(self, one: int, other: int) -> None:
        opinion, into = self.pick(one), self.pick(other)
        changed = merge(opinion, into, self.merged_into(opinion))
        if isinstance(changed, Refused):
            fits = into.state not in {OpinionState.MERGED, OpinionState.HIDDEN} and into != opinion
            assert opinion.state is not OpinionState.WAITING or not fits
        else:
            self.put(*changed)
            assert {each.merged_into_id for each in changed} == {into.opinion_id}

    @rule(place=picks)
    def hide(self, place: int) -> None:
        opinion = self.pick(place)
        changed = hide(opinion, self.merged_into(opinion))
        if isinstance(changed, Refused):
            assert opinion.state in {OpinionState.HIDDEN, OpinionState.TAKEN_UP, OpinionState.ANSWERED}
        else:
            self.put(*changed)

    @rule(place=picks)
    def restore(self, place: int) -> None:
        changed = restore(self.pick(place))
        if not isinstance(changed, Refused):
            self.put(changed)
            assert changed.state is OpinionState.WAITING

    @rule(place=picks, outcome=outcomes, is_in_text=st.booleans())
    def decide(self, place: int, outcome: OpinionState, *, is_in_text: bool) -> None:
        opinion = self.pick(place)
        changed = decide(opinion, outcome, is_in_text=is_in_text and outcome is OpinionState.TAKEN_UP)
        if isinstance(changed, Refused):
            assert opinion.is_in_text or opinion.state in {OpinionState.MERGED, OpinionState.HIDDEN}
        else:
            self.put(changed)

    @invariant()
    def each_is_listed_exactly_once(self) -> None:
        listed = list(self.opinions.values())
        threads = arrange(listed)
        places = [place for thread in threads for place in (thread.place, *thread.merged)]
        assert sorted(places) == list(range(len(listed)))
        for thread in threads:
            assert listed[thread.place].state is not OpinionState.MERGED
            for place in thread.merged:
                assert listed[place].state is OpinionState.MERGED
                assert listed[place].merged_into_id == listed[thread.place].opinion_id
        if any(thread.merged for thread in threads):
            assert all(
                listed[thread.place].state is not OpinionState.HIDDEN for thread in threads if thread.merged
            ), "what goes with a hidden one would be hidden too"

    @invariant()
    def each_counts_once(self) -> None:
        counts = count_opinions(list(self.opinions.values()))
        assert counts.heard + counts.hidden == len(self.opinions)

    @invariant()
    def what_stands_in_a_text_stays_taken_up(self) -> None:
        assert all(each.state is OpinionState.TAKEN_UP for each in self.opinions.values() if each.is_in_text)


DiscussionMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestDiscussion = DiscussionMachine.TestCase


def test_a_text_is_taken_whole_or_refused_with_its_length() -> None:
    assert read_opinion("  Nhất trí.\r\n\n Đề nghị bổ sung  kinh phí. ") == (
        "Nhất trí.\n\nĐề nghị bổ sung kinh phí."
    )
    assert read_opinion(" \n ") == Refused(Refusal.TEXT_EMPTY)
    long = "ý" * (OPINION_LIMIT + 1)
    assert read_opinion(long) == Refused(
        Refusal.TEXT_TOO_LONG, {"limit": OPINION_LIMIT, "length": OPINION_LIMIT + 1}
    )
    assert read_opinion(long[1:]) == long[1:]


def test_only_an_answer_needs_words_and_what_is_hidden_a_reason() -> None:
    assert read_answer("", OpinionState.TAKEN_UP) == ""
    assert read_answer("", OpinionState.LEFT) == ""
    assert read_answer(" ", OpinionState.ANSWERED) == Refused(Refusal.TEXT_EMPTY)
    too_long = read_answer("x" * (ANSWER_LIMIT + 1), OpinionState.LEFT)
    assert isinstance(too_long, Refused)
    assert read_reason(" ") == Refused(Refusal.REASON_MISSING)


def test_a_flood_ends_at_its_limits() -> None:
    assert refuse_flood(MOST_IN_A_MINUTE - 1, MOST_ON_AN_ITEM - 1, 0) is None
    fast, many = refuse_flood(MOST_IN_A_MINUTE, 0, 0), refuse_flood(0, MOST_ON_AN_ITEM, 0)
    assert fast is not None
    assert many is not None
    assert (fast.reason, many.reason) == (Refusal.OPINIONS_TOO_FAST, Refusal.OPINIONS_TOO_MANY)


@pytest.mark.parametrize("kind", OpinionKind)
def test_only_an_addition_comes_too_late_under_a_vote_or_after_the_decision(kind: OpinionKind) -> None:
    too_late = Refused(Refusal.ADDITION_TOO_LATE) if kind is OpinionKind.ADDITION else None
    assert refuse_about(kind, None, is_voted_on=False) is None
    assert refuse_about(kind, None, is_voted_on=True) == too_late
    assert refuse_about(kind, Decision.ADOPTED, is_voted_on=False) == too_late
    assert refuse_about(kind, Decision.REJECTED, is_voted_on=False) is None
    assert refuse_about(kind, Decision.SKIPPED, is_voted_on=False) == Refused(Refusal.ITEM_LEFT_OUT)


def test_what_is_decided_is_sorted_and_merged_no_more_but_may_be_decided_anew() -> None:
    one, other = Opinion(1, OpinionKind.COMMENT), Opinion(2, OpinionKind.ADDITION)
    left = decide(one, OpinionState.LEFT)
    assert isinstance(left, Opinion)
    assert refuse_sorting(one) is None
    assert refuse_sorting(left) == Refused(Refusal.OPINION_DECIDED)
    assert merge(left, other, ()) == Refused(Refusal.OPINION_DECIDED)
    assert isinstance(decide(left, OpinionState.ANSWERED), Opinion)
    in_text = decide(other, OpinionState.TAKEN_UP, is_in_text=True)
    assert isinstance(in_text, Opinion)
    assert decide(in_text, OpinionState.LEFT) == Refused(Refusal.OPINION_IN_TEXT)
    assert decide(in_text, OpinionState.TAKEN_UP, is_in_text=True) == Refused(Refusal.OPINION_IN_TEXT)
    assert decide(in_text, OpinionState.TAKEN_UP) == in_text, "in other words it may be"
    assert isinstance(merge(one, in_text, ()), tuple)
    assert merge(one, one, ()) == Refused(Refusal.OPINION_NOT_MERGEABLE)
    assert restore(one) == Refused(Refusal.OUT_OF_DATE)


def test_those_that_go_with_another_count_as_it_does() -> None:
    opinions = [
        Opinion(1, OpinionKind.COMMENT, OpinionState.ANSWERED),
        Opinion(2, OpinionKind.QUESTION, OpinionState.MERGED, 1),
        Opinion(3, OpinionKind.COMMENT, OpinionState.HIDDEN),
        Opinion(4, OpinionKind.PETITION),
    ]
    assert count_opinions(opinions) == OpinionCounts(waiting=1, answered=2, hidden=1)
