"""One vote lived through at random, beside a plain model of it."""

import asyncio
import copy
import shutil
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from handlers import balloting, closing, drafting, opening, steps
from handlers.asking import House
from handlers.balloting import CastVote
from handlers.closing import VoteClosed
from handlers.drafting import VotePrepared
from handlers.meetings import Unchanged
from handlers.opening import ElectorAdmitted, VoteOpened
from handlers.steps import VoteMoved
from meeting.people import Presence, Standing
from meeting.refusals import Refusal, Refused
from meeting.tally import Tally
from meeting.voting import BallotCounted, BallotResult, BallotUnchanged, Option, VoteState
from storage.database import Database
from storage.reading import get_vote_roll_view
from storage.views import VoteRollView
from tests.handlers.journey import ITEMS, ORGANISER, Journey, plan, seat

VOTERS = ("An", "Bình", "Chi", "Dung")
LATECOMER = "Dung"
GUEST = "Khách"
EVERYBODY = (*VOTERS, GUEST)
EARLY = ("An", "Bình", GUEST)

options = st.sampled_from((Option.YES, Option.NO, Option.OTHER))

R = TypeVar("R")


@dataclass
class Run:
    """What one run of the vote should be like."""

    vote_id: int
    state: VoteState = VoteState.DRAFT
    base: int | None = None
    electors: set[str] = field(default_factory=set)
    ballots: dict[str, Option] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    result: Tally | None = None

    def tally(self) -> dict[Option, int]:
        choices = list(self.ballots.values())
        return {option: choices.count(option) for option in set(choices)}


@dataclass(frozen=True)
class Tap:
    """A tap as it was delivered, which may come again."""

    name: str
    vote_id: int
    option: Option
    event: str


MOVES: dict[VoteState, tuple[Any, VoteState]] = {
    VoteState.OPEN: (steps.pause_vote, VoteState.PAUSED),
    VoteState.PAUSED: (steps.resume_vote, VoteState.OPEN),
    VoteState.CLOSED: (steps.reopen_vote, VoteState.OPEN),
}


class VoteMachine(RuleBasedStateMachine):
    """A meeting of four voters and a guest, whose one item is voted on, run after run."""

    template: Path
    runner: asyncio.Runner
    prepared: Journey
    prepared_vote: int

    def __init__(self) -> None:
        super().__init__()
        path = self.template.with_name("example.db")
        shutil.copyfile(self.template, path)
        self.database = Database.open(f"sqlite+aiosqlite:///{path}")
        self.journey = copy.copy(self.prepared)
        self.journey.database = self.database
        self.journey.house = House(self.database, self.journey.clock.now, self.prepared.house.key)
        self.journey.phones = dict(self.prepared.phones)
        self.presence = dict.fromkeys(EVERYBODY, Presence.PRESENT) | {LATECOMER: Presence.AWAY}
        self.bound = set(EARLY)
        self.runs = [Run(self.prepared_vote)]
        self.taps: list[Tap] = []
        self.opens()

    def do(self, act: Coroutine[Any, Any, R]) -> R:
        return self.runner.run(act)

    @property
    def run(self) -> Run:
        return self.runs[-1]

    def by_secretary(self, act: Any, *about: Any, **how: Any) -> Any:  # noqa: ANN401 - any handler
        journey = self.journey
        return self.do(act(journey.house, journey.asked(ORGANISER), self.run.vote_id, *about, **how))

    # People

    @precondition(lambda self: self.bound < set(EVERYBODY))
    @rule(data=st.data())
    def joins(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(set(EVERYBODY) - self.bound)))
        self.do(self.journey.bind(name))
        self.bound.add(name)

    @precondition(lambda self: len(self.are(Presence.PRESENT)) > 2)  # votes are held among those who stay
    @rule(data=st.data())
    def leaves(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.are(Presence.PRESENT)))
        self.do(self.journey.leave(name))
        self.presence[name] = Presence.LEFT

    @precondition(lambda self: self.are(Presence.AWAY, Presence.LEFT))
    @rule(data=st.data())
    def comes(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.are(Presence.AWAY, Presence.LEFT)))
        self.do(self.journey.enter(name))
        self.presence[name] = Presence.PRESENT

    def are(self, *presences: Presence) -> list[str]:
        return [name for name, presence in self.presence.items() if presence in presences]

    # Taps

    def expected(self, tap: Tap, *, is_new: bool) -> BallotResult:
        run = next(run for run in self.runs if run.vote_id == tap.vote_id)
        previous = run.ballots.get(tap.name)
        if previous is not None and (previous is tap.option or not is_new):
            return BallotUnchanged(previous)
        refusals = {
            VoteState.DRAFT: Refusal.VOTE_NOT_OPEN,
            VoteState.PAUSED: Refusal.VOTE_PAUSED,
            VoteState.CANCELLED: Refusal.VOTE_CANCELLED,
            VoteState.CLOSED: Refusal.VOTE_CLOSED,
            VoteState.ANNOUNCED: Refusal.VOTE_CLOSED,
        }
        if run.state in refusals:
            return Refused(refusals[run.state])
        if tap.name not in run.electors:
            return Refused(Refusal.NOT_ENTITLED)
        if self.presence[tap.name] is not Presence.PRESENT:
            return Refused(Refusal.NOT_PRESENT)
        run.ballots[tap.name] = tap.option
        run.own.add(tap.name)
        return BallotCounted(tap.option, previous)

    def deliver(self, *taps: Tap, is_new: bool = True) -> None:
        batch = [
            CastVote(self.journey.asked(tap.name, event=tap.event), tap.vote_id, tap.option) for tap in taps
        ]
        results = self.do(balloting.cast_votes(self.journey.house, batch))
        for tap, result in zip(taps, results, strict=True):
            expected = self.expected(tap, is_new=is_new)
            if isinstance(expected, Refused):
                assert isinstance(result, Refused), (tap, result)
                assert result.reason is expected.reason, (tap, result)
            else:
                assert result == expected, tap

    @precondition(lambda self: self.run.state is not VoteState.CANCELLED)
    @rule(data=st.data())
    def several_tap(self, data: st.DataObject) -> None:
        """Several taps in one batch, of which some come again later, in another order."""
        electors = sorted(self.bound & self.run.electors) or sorted(self.bound)
        tapping = st.tuples(
            st.one_of(st.sampled_from(electors), st.sampled_from(sorted(self.bound))), options
        )
        taps = [
            Tap(name, self.run.vote_id, option, self.journey.event())
            for name, option in data.draw(st.lists(tapping, min_size=1, max_size=6))
        ]
        self.deliver(*taps)
        self.taps += taps
        for tap in data.draw(st.lists(st.sampled_from(taps), max_size=2)):
            self.deliver(tap, is_new=False)

    @precondition(lambda self: self.taps)
    @rule(data=st.data())
    def an_old_tap_comes_again(self, data: st.DataObject) -> None:
        self.deliver(data.draw(st.sampled_from(self.taps)), is_new=False)

    @precondition(lambda self: self.run.electors)
    @rule(data=st.data(), option=options)
    def secretary_enters(self, data: st.DataObject, option: Option) -> None:
        name = data.draw(st.sampled_from(sorted(self.run.electors)))
        elector = self.do(self.journey.electors(self.run.vote_id))[name]
        previous = self.run.ballots.get(name)
        result = self.by_secretary(balloting.cast_for, elector.elector_id, option)
        if previous is option:
            assert result == BallotUnchanged(option)
        elif self.run.state is VoteState.OPEN and name in self.run.own:
            assert result == Refused(Refusal.ELECTOR_VOTED)
        elif self.run.state is VoteState.OPEN:
            assert result == BallotCounted(option, previous)
            self.run.ballots[name] = option
        else:
            assert isinstance(result, Refused)

    # The life of a run

    def opens(self) -> None:
        run = self.run
        run.electors = {name for name in VOTERS if self.presence[name] is Presence.PRESENT}
        run.state, run.base = VoteState.OPEN, len(run.electors)
        assert self.by_secretary(opening.open_vote, within=None) == VoteOpened(run.base, None)

    @precondition(lambda self: self.run.state in {VoteState.OPEN, VoteState.PAUSED})
    @rule(data=st.data())
    def admits(self, data: st.DataObject) -> None:
        run = self.run
        late = [name for name in self.are(Presence.PRESENT) if name not in run.electors]
        name = data.draw(st.one_of(st.sampled_from(late or EVERYBODY), st.sampled_from(EVERYBODY)))
        result = self.by_secretary(opening.admit_elector, self.journey.attendees[name])
        if name == GUEST:
            assert result == Refused(Refusal.NOT_ENTITLED)
        elif self.presence[name] is not Presence.PRESENT:
            assert result == Refused(Refusal.NOT_PRESENT)
        elif name in run.electors:
            assert result == Unchanged()
        else:
            run.electors.add(name)
            run.base = len(run.electors)
            assert result == ElectorAdmitted(run.base)

    @precondition(lambda self: self.run.state in MOVES)
    @rule()
    def pauses_goes_on_or_reopens(self) -> None:
        act, self.run.state = MOVES[self.run.state]
        assert self.by_secretary(act) == VoteMoved(self.run.state)

    @precondition(lambda self: self.run.state in {VoteState.OPEN, VoteState.PAUSED} and self.run.ballots)
    @rule()
    def closes(self) -> None:
        result = self.by_secretary(closing.close_vote, is_sure=True)
        assert isinstance(result, VoteClosed)
        assert (result.tally.base, result.tally.counts) == (self.run.base, self.run.tally())
        self.run.state = VoteState.CLOSED

    @precondition(lambda self: self.run.state is VoteState.CLOSED)
    @rule()
    def announces(self) -> None:
        self.do(self.journey.announce(self.run.vote_id))
        self.run.state = VoteState.ANNOUNCED
        self.run.result = self.do(self.journey.vote(self.run.vote_id)).tally

    @precondition(lambda self: self.run.state in {VoteState.PAUSED, VoteState.CLOSED})
    @rule()
    def cancels(self) -> None:
        result = self.by_secretary(closing.cancel_vote, "nhầm")
        assert result == VoteMoved(VoteState.CANCELLED)
        self.run.state = VoteState.CANCELLED

    @precondition(lambda self: self.run.state in {VoteState.CANCELLED, VoteState.ANNOUNCED})
    @rule()
    def repeats(self) -> None:
        result = self.by_secretary(drafting.repeat_vote)
        if self.run.state is VoteState.CANCELLED and any(run.result for run in self.runs):
            assert result == Refused(Refusal.ITEM_DECIDED)
        else:
            assert isinstance(result, VotePrepared)
            self.runs.append(Run(result.vote_id))
            self.opens()

    # What holds at all times

    @invariant()
    def what_is_stored_is_what_was_acknowledged(self) -> None:
        self.look_at(self.run)

    def look_at(self, run: Run) -> None:
        async def look() -> VoteRollView:
            async with self.database.snapshot() as tx:
                return await get_vote_roll_view(tx, run.vote_id)

        roll = self.do(look())
        vote, electors = roll.vote, {elector.name: elector.option for elector in roll.electors}
        assert (vote.state, vote.base) == (run.state, run.base)
        assert set(electors) == run.electors
        assert len(roll.electors) == len(electors) == vote.electors == (run.base or 0)
        assert {name: option for name, option in electors.items() if option} == run.ballots
        assert vote.turnout == len(run.ballots) <= vote.electors
        assert (vote.tally is not None) is (run.state in {VoteState.CLOSED, VoteState.ANNOUNCED})
        if vote.tally is not None:
            assert vote.tally.base == vote.base == vote.tally.cast + vote.tally.not_voted
            assert vote.tally.counts == run.tally()
        assert run.result is None or vote.tally == run.result

    def teardown(self) -> None:
        """Whatever happened: no run has changed since it ended, and the record is one chain."""
        for run in self.runs:
            self.look_at(run)
        acts = self.do(self.journey.acts())  # asserts that the chain is unbroken
        assert acts.count("vote_opened") == sum(run.base is not None for run in self.runs)
        self.do(self.database.close())


@pytest.mark.filterwarnings("error")
def test_a_vote_holds_whatever_happens(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "template.db"
    shutil.copyfile(sqlite_template, template)

    async def prepare() -> tuple[Journey, int]:
        """A vote is drafted; all but one are there, and some have opened their links."""
        database = Database.open(f"sqlite+aiosqlite:///{template}")
        attendees = [*map(seat, VOTERS), seat(GUEST, standing=Standing.GUEST)]
        journey = await Journey.planned(database, plan(attendees, ITEMS[:1]), are_bound=False)
        await journey.open_meeting()
        await journey.enter(*(name for name in EVERYBODY if name != LATECOMER))
        for name in EARLY:
            await journey.bind(name)
        await journey.state()
        vote_id = await journey.draft()
        await database.close()
        return journey, vote_id

    with asyncio.Runner() as runner:
        prepared, vote_id = runner.run(prepare())
        monkeypatch.setattr(VoteMachine, "prepared", prepared, raising=False)
        monkeypatch.setattr(VoteMachine, "prepared_vote", vote_id, raising=False)
        monkeypatch.setattr(VoteMachine, "template", template, raising=False)
        monkeypatch.setattr(VoteMachine, "runner", runner, raising=False)
        run_state_machine_as_test(
            VoteMachine,
            settings=settings(
                max_examples=12,
                stateful_step_count=30,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )
