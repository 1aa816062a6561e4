"""A text lived through at random, beside a plain model: a line that grows, and votes that name one each."""

import asyncio
import copy
import shutil
from collections.abc import Coroutine
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

from handlers import agenda, closing, drafting, opening, versions
from handlers.agenda import ItemDecided
from handlers.asking import House
from handlers.closing import VoteAnnounced
from handlers.drafting import VotePrepared
from handlers.opening import VoteOpened
from handlers.versions import VersionMade
from meeting.agenda import ItemKind
from meeting.plan import PlannedItem
from meeting.refusals import Refusal
from meeting.tally import Decision
from meeting.versions import text_digest, with_addition
from meeting.voting import Method, Option
from storage.database import Database
from storage.reading import get_text_view
from storage.views import TextView
from storage.votes import get_text_versions
from tests.handlers.journey import ORGANISER, Journey, plan, refused

ITEM = PlannedItem("Thông qua Quy chế", ItemKind.DOCUMENT)
wordings = st.sampled_from(["", "Điều 1.", "Điều 2.", "Điều 1.\nĐiều 3."])
additions = st.sampled_from(["Điều 3.", "Điều 4."])

R = TypeVar("R")


class TextMachine(RuleBasedStateMachine):
    """One item, worded, added to, voted on and agreed to without a count."""

    template: Path
    runner: asyncio.Runner
    prepared: Journey

    def __init__(self) -> None:
        super().__init__()
        path = self.template.with_name("example.db")
        shutil.copyfile(self.template, path)
        self.database = Database.open(f"sqlite+aiosqlite:///{path}")
        self.journey = copy.copy(self.prepared)
        self.journey.database = self.database
        self.journey.house = House(self.database, self.journey.clock.now, self.prepared.house.key)
        self.item_id = self.journey.items[0]
        self.texts = [""]
        self.named: dict[int, int] = {}
        self.draft: int | None = None
        self.active: int | None = None
        self.ended: list[int] = []
        self.decision: Decision | None = None

    def do(self, act: Coroutine[Any, Any, R]) -> R:
        return self.runner.run(act)

    def asks(self, act: Any, *about: Any, **how: Any) -> Any:  # noqa: ANN401 - any handler
        journey = self.journey
        return self.do(act(journey.house, journey.asked(ORGANISER), *about, **how))

    def teardown(self) -> None:
        self.do(self.database.close())

    # The text

    @rule(text=wordings, is_late=st.booleans())
    def words(self, text: str, *, is_late: bool) -> None:
        after = len(self.texts) - is_late
        result = self.asks(versions.put_text, self.item_id, text, after)
        if is_late:
            assert refused(result) is Refusal.TEXT_NEWER
        else:
            self.expect(result, text)

    @rule(addition=additions)
    def adds(self, addition: str) -> None:
        result = self.asks(versions.add_to_text, self.item_id, addition)
        self.expect(result, with_addition(self.texts[-1], addition), is_addition=True)

    def expect(self, result: object, text: str, *, is_addition: bool = False) -> None:
        if self.active is not None:
            assert refused(result) is Refusal.ITEM_HAS_VOTE
        elif self.decision not in {None, Decision.REJECTED}:
            assert refused(result) is Refusal.ITEM_DECIDED
        elif not text:
            assert refused(result) is Refusal.TEXT_EMPTY
        elif text == self.texts[-1]:
            assert refused(result) is Refusal.TEXT_UNCHANGED
        else:
            if self.texts == [""] and not is_addition and not self.named:
                self.texts = [text]
            else:
                self.texts.append(text)
            assert result == VersionMade(self.item_id, len(self.texts), text_digest(text))

    # Votes on it

    @precondition(lambda self: self.active is None and self.draft is None and self.decision is None)
    @rule()
    def drafts(self) -> None:
        prepared = self.asks(drafting.prepare_vote, self.item_id, Method.CHAT)
        assert isinstance(prepared, VotePrepared)
        self.draft = prepared.vote_id

    @precondition(lambda self: self.draft is not None)
    @rule()
    def opens(self) -> None:
        assert self.draft is not None
        assert isinstance(self.asks(opening.open_vote, self.draft, within=None), VoteOpened)
        self.active, self.draft = self.draft, None
        self.named[self.active] = len(self.texts)

    @precondition(lambda self: self.active is not None)
    @rule(option=st.sampled_from([Option.YES, Option.NO]))
    def ends(self, option: Option) -> None:
        assert self.active is not None
        self.do(self.journey.cast(self.active, "An", option))
        self.do(self.journey.close_vote(self.active))
        assert refused(self.asks(versions.add_to_text, self.item_id, "Điều 9.")) is Refusal.ITEM_HAS_VOTE
        announced = self.asks(closing.announce_vote, self.active)
        assert isinstance(announced, VoteAnnounced)
        self.decision = announced.decision
        assert (self.decision is Decision.REJECTED) is (option is Option.NO)
        self.ended.append(self.active)
        self.active = None

    @precondition(lambda self: self.active is not None)
    @rule()
    def cancels(self) -> None:
        assert self.active is not None
        self.asks(closing.cancel_vote, self.active, "nhầm văn bản")
        self.active = None

    @precondition(lambda self: self.active is None and self.draft is None and self.ended)
    @rule()
    def repeats(self) -> None:
        again = self.asks(drafting.repeat_vote, self.ended[-1])
        assert isinstance(again, VotePrepared)
        self.draft = again.vote_id

    # Without a count

    @precondition(lambda self: self.active is None and self.decision is None)
    @rule(said=st.lists(additions, max_size=2))
    def agrees(self, said: list[str]) -> None:
        decided = self.asks(agenda.adopt_item, self.item_id, said)
        assert isinstance(decided, ItemDecided)
        self.decision, self.draft = decided.decision, None
        if self.texts[-1]:
            for addition in said:
                self.texts.append(with_addition(self.texts[-1], addition))

    @precondition(lambda self: self.decision is not None and not self.ended)
    @rule()
    def retakes(self) -> None:
        assert isinstance(self.asks(agenda.retake_item, self.item_id), agenda.ItemRetaken)
        self.decision = None

    # What holds at any time

    @invariant()
    def the_line_is_what_was_said_and_no_vote_names_another_version_than_it_did(self) -> None:
        async def look() -> tuple[TextView, dict[int, dict[int, int]]]:
            async with self.database.snapshot() as tx:
                votes = {vote_id: await get_text_versions(tx, vote_id) for vote_id in self.named}
                return await get_text_view(tx, self.item_id), votes

        view, votes = self.do(look())
        assert [one.version for one in view.versions] == list(range(1, len(self.texts) + 1))
        assert [one.text for one in view.versions] == self.texts
        assert (view.item.text_version, view.item.text) == (len(self.texts), self.texts[-1])
        assert votes == {vote_id: {self.item_id: version} for vote_id, version in self.named.items()}


@pytest.mark.filterwarnings("error")
def test_a_text_is_a_line_of_versions_and_a_vote_keeps_its_own(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "template.db"
    shutil.copyfile(sqlite_template, template)

    async def prepare() -> Journey:
        database = Database.open(f"sqlite+aiosqlite:///{template}")
        journey = await Journey.opened(database, plan(["An"], [ITEM]))
        await database.close()
        return journey

    with asyncio.Runner() as runner:
        monkeypatch.setattr(TextMachine, "prepared", runner.run(prepare()), raising=False)
        monkeypatch.setattr(TextMachine, "template", template, raising=False)
        monkeypatch.setattr(TextMachine, "runner", runner, raising=False)
        run_state_machine_as_test(
            TextMachine,
            settings=settings(
                max_examples=6,
                stateful_step_count=25,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )
