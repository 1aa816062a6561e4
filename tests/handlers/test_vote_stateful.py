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
from sqlalchemy.engine import make_url

from handlers import voting
from handlers.asking import House
from handlers.meetings import Unchanged
from handlers.voting import CastVote, ElectorAdmitted, VoteClosed, VoteMoved, VotePrepared
from meeting.people import Presence, Standing
from meeting.refusals import Refusal, Refused
from meeting.tally import Tally
from meeting.voting import BallotCounted, BallotResult, BallotUnchanged, Option, VoteState
from storage.database import Database
from tests.handlers.conftest import Engines
from tests.handlers.journey import ITEMS, ORGANISER, Journey, plan, seat

VOTERS = ("An", "Bình", "Chi", "Dung")
GUEST = "Khách"
EVERYBODY = (*VOTERS, GUEST)

names = st.sampled_from(EVERYBODY)
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


class VoteMachine(RuleBasedStateMachine):
    """A meeting of four voters and a guest, whose one item is voted on, run after run."""

    template: Path
    engines: Engines
    runner: asyncio.Runner
    prepared: Journey

    def __init__(self) -> None:
        super().__init__()
        path = self.template.with_name("example.db")
        shutil.copyfile(self.template, path)
        self.database = self.engines.database(make_url(f"sqlite+aiosqlite:///{path}"))
        self.journey = copy.copy(self.prepared)
        self.journey.database = self.database
        self.journey.house = House(self.database, self.journey.clock.now, self.prepared.house.key)
        self.journey.phones = dict(self.prepared.phones)
        self.presence = dict.fromkeys(EVERYBODY, Presence.PRESENT)
        self.bound: set[str] = set()
        self.runs: list[Run] = []
        self.taps: list[Tap] = []

    def teardown(self) -> None:
        self.do(self.database.close())

    def do(self, act: Coroutine[Any, Any, R]) -> R:
        return self.runner.run(act)

    @property
    def run(self) -> Run:
        return self.runs[-1]

    def by_secretary(self, act: Any, *about: Any, **how: Any) -> Any:  # noqa: ANN401 - any handler
        journey = self.journey
        return self.do(act(journey.house, journey.asked(ORGANISER), self.run.vote_id, *about, **how))

    # People

    @rule(name=names)
    def joins(self, name: str) -> None:
        self.do(self.journey.bind(name))
        self.bound.add(name)

    @rule(name=names)
    def comes(self, name: str) -> None:
        self.do(self.journey.enter(name))
        self.presence[name] = Presence.PRESENT

    @precondition(lambda self: Presence.PRESENT in self.presence.values())
    @rule(name=names)
    def leaves(self, name: str) -> None:
        if self.presence[name] is Presence.PRESENT:
            self.do(self.journey.leave(name))
            self.presence[name] = Presence.LEFT

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
        return BallotCounted(tap.option, previous)

    def deliver(self, *taps: Tap, is_new: bool = True) -> None:
        batch = [
            CastVote(self.journey.asked(tap.name, event=tap.event), tap.vote_id, tap.option) for tap in taps
        ]
        results = self.do(voting.cast_votes(self.journey.house, batch))
        for tap, result in zip(taps, results, strict=True):
            expected = self.expected(tap, is_new=is_new)
            if isinstance(expected, Refused):
                assert isinstance(result, Refused), (tap, result)
                assert result.reason is expected.reason, (tap, result)
            else:
                assert result == expected, tap

    @precondition(lambda self: self.runs and self.bound)
    @rule(data=st.data())
    def tap(self, data: st.DataObject) -> None:
        several = st.lists(st.tuples(st.sampled_from(sorted(self.bound)), options), min_size=1, max_size=4)
        taps = [
            Tap(name, self.run.vote_id, option, self.journey.event()) for name, option in data.draw(several)
        ]
        self.deliver(*taps)
        self.taps += taps

    @precondition(lambda self: self.taps)
    @rule(data=st.data())
    def tap_is_delivered_again(self, data: st.DataObject) -> None:
        self.deliver(data.draw(st.sampled_from(self.taps)), is_new=False)

    @precondition(lambda self: self.runs and self.run.electors)
    @rule(data=st.data(), option=options)
    def secretary_enters(self, data: st.DataObject, option: Option) -> None:
        name = data.draw(st.sampled_from(sorted(self.run.electors)))
        elector = self.do(self.journey.electors(self.run.vote_id))[name]
        previous = self.run.ballots.get(name)
        result = self.by_secretary(voting.cast_for, elector.elector_id, option)
        if previous is option:
            assert result == BallotUnchanged(option)
        elif self.run.state is VoteState.OPEN:
            assert result == BallotCounted(option, previous)
            self.run.ballots[name] = option
        else:
            assert isinstance(result, Refused)

    # The life of a run

    @precondition(lambda self: not self.runs)
    @rule()
    def drafts(self) -> None:
        self.runs.append(Run(self.do(self.journey.draft())))

    @precondition(lambda self: self.runs)
    @rule()
    def opens(self) -> None:
        run = self.run
        result = self.by_secretary(voting.open_vote, within=None)
        if run.state in {VoteState.OPEN, VoteState.PAUSED}:
            assert result == Unchanged()
        elif run.state is not VoteState.DRAFT:
            assert isinstance(result, Refused)
        else:
            run.electors = {name for name in VOTERS if self.presence[name] is Presence.PRESENT}
            if not run.electors:
                assert result == Refused(Refusal.NOBODY_PRESENT)
                return
            assert result == voting.VoteOpened(len(run.electors), None)
            run.state, run.base = VoteState.OPEN, len(run.electors)

    @precondition(lambda self: self.runs and self.run.state in {VoteState.OPEN, VoteState.PAUSED})
    @rule(name=names)
    def admits(self, name: str) -> None:
        run = self.run
        result = self.by_secretary(voting.admit_elector, self.journey.attendees[name])
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

    @precondition(lambda self: self.runs)
    @rule()
    def pauses(self) -> None:
        self.moved(voting.pause_vote, {VoteState.OPEN: VoteState.PAUSED})

    @precondition(lambda self: self.runs)
    @rule()
    def goes_on(self) -> None:
        self.moved(voting.resume_vote, {VoteState.PAUSED: VoteState.OPEN})

    @precondition(lambda self: self.runs)
    @rule()
    def reopens(self) -> None:
        self.moved(voting.reopen_vote, {VoteState.CLOSED: VoteState.OPEN})

    def moved(self, act: Any, leads: dict[VoteState, VoteState]) -> None:  # noqa: ANN401 - any handler
        result = self.by_secretary(act)
        if self.run.state in leads:
            self.run.state = leads[self.run.state]
            assert result == VoteMoved(self.run.state)
        else:
            assert isinstance(result, Refused | Unchanged)

    @precondition(lambda self: self.runs)
    @rule()
    def closes(self) -> None:
        run = self.run
        result = self.by_secretary(voting.close_vote, is_sure=True)
        if run.state in {VoteState.OPEN, VoteState.PAUSED}:
            run.state = VoteState.CLOSED
            assert isinstance(result, VoteClosed)
            assert (result.tally.base, result.tally.counts) == (run.base, run.tally())
        else:
            assert isinstance(result, Refused | Unchanged)

    @precondition(lambda self: self.runs and self.run.state is VoteState.CLOSED)
    @rule()
    def announces(self) -> None:
        self.do(self.journey.announce(self.run.vote_id))
        self.run.state = VoteState.ANNOUNCED
        self.run.result = self.do(self.journey.vote(self.run.vote_id)).tally

    @precondition(lambda self: self.runs)
    @rule()
    def cancels(self) -> None:
        result = self.by_secretary(voting.cancel_vote, "nhầm")
        if self.run.state is VoteState.CANCELLED:
            assert result == Unchanged()
        elif self.run.state is VoteState.ANNOUNCED:
            assert result == Refused(Refusal.VOTE_ANNOUNCED)
        else:
            assert result == VoteMoved(VoteState.CANCELLED)
            self.run.state = VoteState.CANCELLED

    @precondition(lambda self: self.runs)
    @rule()
    def repeats(self) -> None:
        result = self.by_secretary(voting.repeat_vote)
        if self.run.state not in {VoteState.CANCELLED, VoteState.ANNOUNCED}:
            assert result == Refused(Refusal.VOTE_STILL_OPEN)
        elif self.run.state is VoteState.CANCELLED and any(run.result for run in self.runs):
            assert result == Refused(Refusal.ITEM_DECIDED)
        else:
            assert isinstance(result, VotePrepared)
            self.runs.append(Run(result.vote_id))

    # What holds at all times

    @invariant()
    def what_is_stored_is_what_was_acknowledged(self) -> None:
        for run in self.runs[-2:]:
            vote = self.do(self.journey.vote(run.vote_id))
            electors = self.do(self.journey.electors(run.vote_id))
            assert vote.state is run.state
            assert vote.base == run.base
            assert set(electors) == run.electors
            assert len(electors) == vote.electors
            stored = {name: elector.option for name, elector in electors.items() if elector.option}
            assert stored == run.ballots
            assert vote.turnout == len(run.ballots) <= len(run.electors)

    @invariant()
    def a_tally_holds_every_ballot_of_the_base(self) -> None:
        for run in self.runs:
            tally = self.do(self.journey.vote(run.vote_id)).tally
            assert (tally is not None) is (run.state in {VoteState.CLOSED, VoteState.ANNOUNCED})
            if tally is not None:
                assert tally.base == run.base == tally.cast + tally.not_voted
                assert tally.counts == run.tally()

    @invariant()
    def an_announced_result_never_changes(self) -> None:
        for run in self.runs:
            if run.result is not None:
                assert self.do(self.journey.vote(run.vote_id)).tally == run.result

    @invariant()
    def the_record_is_one_chain(self) -> None:
        acts = self.do(self.journey.acts())  # asserts that the chain is unbroken
        assert acts.count("vote_opened") == sum(run.base is not None for run in self.runs)


@pytest.mark.filterwarnings("error")
def test_a_vote_holds_whatever_happens(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "template.db"
    shutil.copyfile(sqlite_template, template)

    async def prepare() -> Journey:
        """Everybody is there, nobody has opened a link yet."""
        database = Database.open(f"sqlite+aiosqlite:///{template}")
        attendees = [*map(seat, VOTERS), seat(GUEST, standing=Standing.GUEST)]
        journey = await Journey.planned(database, plan(attendees, ITEMS[:1]), are_bound=False)
        await journey.open_meeting()
        await journey.enter(*EVERYBODY)
        await journey.state()
        await database.close()
        return journey

    with asyncio.Runner() as runner:
        monkeypatch.setattr(VoteMachine, "prepared", runner.run(prepare()), raising=False)
        monkeypatch.setattr(VoteMachine, "template", template, raising=False)
        monkeypatch.setattr(VoteMachine, "runner", runner, raising=False)
        engines = Engines(f"sqlite+aiosqlite:///{template}")
        monkeypatch.setattr(VoteMachine, "engines", engines, raising=False)
        run_state_machine_as_test(
            VoteMachine,
            settings=settings(
                max_examples=20,
                stateful_step_count=25,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )
