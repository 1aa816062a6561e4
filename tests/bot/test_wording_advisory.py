"""Whatever is said of an advisory item says *tham gia ý kiến*, and nothing says that it was adopted."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.agenda import agenda_card, item_card, joint_card
from bot.cards.attendance import attendance_card
from bot.cards.ballot import ballot_card
from bot.cards.calls import call_card, hall_call_card
from bot.cards.group import group_ballot_card, group_card
from bot.cards.notices import all_voted_card, vote_paused_card
from bot.cards.overview import overview_card
from bot.cards.panel import panel_card
from bot.cards.result import item_decided_card, result_card
from bot.cards.summary import summary_card, summary_markdown
from bot.overviews import overview_json
from bot.papers.news import draft_news
from bot.papers.overview import write_overview
from bot.platforms.base import Card
from bot.results import results_json
from bot.wording import notices
from bot.wording.results import rules_text
from bot.wording.voice import Voice
from meeting.agenda import ItemKind
from meeting.counting import Threshold
from meeting.overview import EndedItem, HeldMeeting, Turnout, overview_of
from meeting.tally import Decision, Tally, decide_verdict
from meeting.voting import STANDARD_OPTIONS, BaseKind, Method, Option, VoteState
from storage.views import (
    AgendaView,
    GroupBallotView,
    GroupView,
    ItemResult,
    ItemView,
    NewsView,
    OverviewView,
    ResultsView,
    VoteView,
)
from tests.bot import seen

VI, EN = Voice("vi"), Voice("en")
ADOPTED = re.compile(r"thông qua|quyết nghị|\badopt|nhất trí|đã quyết định", re.IGNORECASE)
"""What is never said of an advisory item: that the meeting adopted it, agreed to it or decided it."""

KINDS = [kind for kind in ItemKind if kind.is_votable and not kind.is_procedural]
OPENED = (VoteState.OPEN, VoteState.PAUSED)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    base = draw(st.integers(1, 2_000))
    yes = base if draw(st.booleans()) else draw(st.integers(0, base))
    no = draw(st.integers(0, base - yes))
    return Tally(base, {Option.YES: yes, Option.NO: no, Option.OTHER: draw(st.integers(0, base - yes - no))})


@st.composite
def votes(draw: st.DrawFn) -> VoteView:
    """A run of a vote on an advisory item, in whatever state, with whatever count."""
    tally, state = draw(tallies()), draw(st.sampled_from(VoteState))
    denominator = draw(st.integers(2, 10))
    threshold = Threshold(draw(st.integers(1, denominator - 1)), denominator, is_strict=draw(st.booleans()))
    is_counted = state in {VoteState.CLOSED, VoteState.ANNOUNCED}
    has_additions = draw(st.booleans())
    verdict = decide_verdict(tally, threshold, is_advisory=True, has_additions=has_additions)
    additions = ("Bổ sung mức khoán",) if has_additions else ()
    return seen.vote(
        is_advisory=True,
        state=state,
        run=draw(st.integers(1, 3)),
        method=draw(st.sampled_from(Method)),
        options=draw(st.sampled_from([STANDARD_OPTIONS, tuple(Option)])),
        base_kind=draw(st.sampled_from(BaseKind)),
        base=None if state is VoteState.DRAFT else tally.base,
        electors=tally.base,
        turnout=draw(st.integers(0, tally.base)),
        threshold=threshold,
        deadline_at=draw(st.sampled_from([None, seen.AT])),
        cancel_reason="nhầm văn bản",
        tally=tally if is_counted else None,
        decision=verdict.decision if is_counted else None,
        is_hands_entered=draw(st.booleans()),
        items=(seen.voted(additions=additions),) * draw(st.integers(1, 3)),
    )


@st.composite
def advisory_items(draw: st.DrawFn) -> ItemView:
    """An advisory item that is open, or ended as one may end."""
    decision = draw(st.sampled_from([None, Decision.CONSULTED, Decision.NOTED, Decision.SKIPPED]))
    is_counted = decision is Decision.CONSULTED and draw(st.booleans())
    return seen.item(
        is_advisory=True,
        kind=draw(st.sampled_from(KINDS)),
        decision=decision,
        is_counted=is_counted,
        additions=tuple(draw(st.lists(st.just("Bổ sung mức khoán"), max_size=2))),
        decided_at=None if decision is None else seen.AT,
    )


def told(card: Card) -> str:
    return "\n".join([*seen.texts(card), *(choice.label for row in card.choices for choice in row)])


def cards_of_vote(voice: Voice, vote: VoteView) -> Iterator[Card]:
    meeting = seen.meeting()
    for is_elector in (True, False):
        ballot = seen.ballot(vote, is_elector=is_elector, own=Option.YES)
        yield ballot_card(voice, ballot)
        yield call_card(voice, ballot, seen.AT, seen.AT)
    yield group_ballot_card(voice, GroupBallotView(meeting, vote), None)
    yield hall_call_card(voice, vote, seen.AT, seen.AT)
    yield all_voted_card(voice, vote)
    yield vote_paused_card(voice, vote)
    yield joint_card(voice, AgendaView(meeting, (seen.item(is_advisory=True),)), vote)
    if vote.tally is not None:
        yield result_card(voice, meeting, vote)
    item = seen.item(is_advisory=True)
    is_on = vote.state in OPENED
    yield panel_card(
        voice,
        seen.panel(roles=seen.EVERYBODY, current_item=item, votes=(vote,), open_vote=vote if is_on else None),
    )


def cards_of_item(voice: Voice, item: ItemView) -> Iterator[Card]:
    for meeting in (seen.meeting(), seen.CLOSED):
        yield item_card(voice, meeting, item, roles=seen.EVERYBODY)
        yield agenda_card(voice, AgendaView(meeting, (item,)), 0, roles=seen.EVERYBODY)
        yield attendance_card(voice, seen.seat(seen.PRESENT, meeting=meeting, current_item=item))
        yield group_card(voice, GroupView(meeting, seen.attendance(), item), None)
    for preliminary, statement in ((None, None), (seen.PRELIMINARY, None), (None, seen.STATED)):
        view = seen.panel(roles=seen.EVERYBODY, current_item=item, preliminary=preliminary)
        yield panel_card(voice, replace(view, statement=statement))
    if item.decision is not None and not item.is_counted:
        yield item_decided_card(voice, seen.meeting(), item)


@settings(max_examples=60)
@given(votes())
def test_no_card_of_an_advisory_vote_says_that_anything_is_adopted(vote: VoteView) -> None:
    for voice in (VI, EN):
        for card in cards_of_vote(voice, vote):
            assert not ADOPTED.search(told(card)), told(card)


@settings(max_examples=60)
@given(advisory_items())
def test_no_card_of_an_advisory_item_offers_or_says_that_it_is_adopted(item: ItemView) -> None:
    for voice in (VI, EN):
        for card in cards_of_item(voice, item):
            assert not ADOPTED.search(told(card)), told(card)
        for additions in (0, 2):
            assert not ADOPTED.search(notices.item_decided(voice, Decision.CONSULTED, additions))


def papers(voice: Voice, results: ResultsView) -> Iterator[str]:
    """All that is told afterwards, without the rules of the meeting, which hold for what it decides."""
    yield told(summary_card(voice, results))
    escaped = summary_markdown(voice, results).replace("\\", "")
    yield escaped.replace(rules_text(voice, results.meeting.rules), "")
    yield draft_news(NewsView(results, (), (), ())).text
    yield json.dumps(results_json(results), ensure_ascii=False)


@settings(max_examples=40)
@given(
    tally=tallies(),
    is_counted=st.booleans(),
    has_additions=st.booleans(),
    kind=st.sampled_from(KINDS),
    base_kind=st.sampled_from(BaseKind),
)
def test_an_advisory_item_ends_in_its_counts_put_to_the_head_of_the_agency(
    *, tally: Tally, is_counted: bool, has_additions: bool, kind: ItemKind, base_kind: BaseKind
) -> None:
    verdict = decide_verdict(tally, seen.RULES.threshold, is_advisory=True, has_additions=has_additions)
    additions = ("Bổ sung mức khoán",) if has_additions else ()
    item = seen.item(
        is_advisory=True,
        kind=kind,
        decision=verdict.decision,
        is_counted=is_counted,
        additions=additions,
        decided_at=seen.AT,
    )
    vote = seen.vote(
        is_advisory=True,
        state=VoteState.ANNOUNCED,
        announced_at=seen.AT,
        closed_at=seen.AT,
        base=tally.base,
        base_kind=base_kind,
        tally=tally,
        decision=verdict.decision,
        items=(seen.voted(additions=additions),),
    )
    result = ItemResult(item, vote if is_counted else None)
    results = ResultsView(seen.CLOSED, seen.attendance(), seen.STATED, (result,))
    for voice in (VI, EN):
        for paper in papers(voice, results):
            assert not ADOPTED.search(paper), paper
    for paper in list(papers(VI, results))[:3]:
        assert "trình người đứng đầu quyết định" in paper
        if is_counted:
            yes = f"{tally.count(Option.YES):,}/{tally.base:,}".replace(",", ".")
            assert re.search(rf"{re.escape(yes)} [\w\s]+ tán thành dự thảo \(đạt [\d,]+%\)", paper), paper
        else:
            assert "%" not in paper.replace("95,83%", "").replace("100%: 0", ""), paper
    items = results_json(results)["items"]
    assert [one["decision"] for one in items] == ["consulted"]


@settings(max_examples=20)
@given(st.lists(st.tuples(tallies(), st.booleans()), min_size=1, max_size=4), st.sampled_from(KINDS))
def test_a_year_counts_what_was_advised_on_apart_from_what_was_decided(
    ended: list[tuple[Tally, bool]], kind: ItemKind
) -> None:
    items = tuple(
        EndedItem(place, f"Góp ý {place}", kind, Decision.CONSULTED, tally if is_counted else None)
        for place, (tally, is_counted) in enumerate(ended, 1)
    )
    held = HeldMeeting(1, "Hội nghị", seen.AT.date(), Turnout(46, 48), items)
    overview = overview_of(seen.AT.year, [held])
    assert (overview.outcomes.decided, overview.outcomes.advised) == (0, len(items))
    view = OverviewView(1, "Tỉnh đoàn", overview, (seen.AT.year,), 0, 0)
    for voice in (VI, EN):
        lines = [line for line in told(overview_card(voice, view)).splitlines() if "100%" not in line]
        assert not ADOPTED.search("\n".join(lines))
    assert {one["outcome"] for each in overview_json(view)["items"] for one in each["occurrences"]} <= {
        "consulted",
        "opinions_given",
    }
    assert write_overview(VI, view).startswith(b"PK")
