"""A cluster's units score themselves by adopted criteria, the lead verifies, the meeting decides."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from handlers import ranking, scores, scoring
from handlers.agenda import ItemDecided, adopt_item, note_item, retake_item, set_advisory
from handlers.due import do_due_work
from handlers.meetings import Unchanged
from handlers.papers import find_paper
from handlers.scores import ScoreChange, ScoreDraft, SheetHandedIn, SheetKey, SheetVerified
from handlers.scoring import CriteriaDraft, CriteriaPut, ScoringEnded, ScoringOpened
from meeting.agenda import ItemKind
from meeting.papers import Paper, PaperKind
from meeting.people import Right, Role, Standing
from meeting.plan import PlannedItem
from meeting.refusals import Refusal, Refused
from meeting.scoring import CriterionKind, PlannedCriterion, ScoringState, SheetKind
from meeting.states import CardKind, PostKind
from meeting.voting import Option
from storage import due
from storage import papers as stored_papers
from storage import scoring as stored
from storage.database import Database
from storage.rows import PostRow
from storage.views import RankingView, ScoringView
from tests.handlers.journey import ORGANISER, Journey, plan, refused, seat

UNITS = ("Sở Nội vụ", "Văn phòng UBND", "Đài PT-TH")
LEAD, OFFICE, STATION = UNITS
ITEMS = (
    PlannedItem("Tiêu chí chấm điểm thi đua", ItemKind.DOCUMENT),
    PlannedItem("Kết quả chấm điểm", ItemKind.VOTE),
    PlannedItem("Bế mạc", ItemKind.OTHER),
)
DEADLINE = datetime(2027, 11, 30, 10, 0, tzinfo=UTC)
CRITERIA = (
    PlannedCriterion("I. Phong trào", "Tổ chức phong trào", CriterionKind.POINTS, Decimal(60)),
    PlannedCriterion("I. Phong trào", "Báo cáo đúng hạn", CriterionKind.POINTS, Decimal(40)),
    PlannedCriterion("II. Khác", "Sáng kiến", CriterionKind.BONUS, Decimal(5)),
    PlannedCriterion("II. Khác", "Chậm báo cáo", CriterionKind.PENALTY, Decimal(10)),
)
PROOF = Paper("Bằng khen.pdf", PaperKind.PDF, 5, "a" * 64)


async def held(database: Database) -> Journey:
    """The signing conference of a cluster of three: Trưởng speaks for the lead unit, which has the chair."""
    attendees = [
        seat("Trưởng", LEAD, role=Role.CHAIR),
        seat("Minh", OFFICE),
        seat("Hoa", STATION),
        seat("Khách", "LĐLĐ tỉnh", standing=Standing.GUEST),
    ]
    journey = await Journey.opened(database, plan(attendees, ITEMS, units=(*UNITS, "LĐLĐ tỉnh")))
    await journey.appoint("Thư ký", Role.SECRETARY)
    return journey


async def view(journey: Journey, scoring_id: int = 1) -> ScoringView:
    async with journey.database.snapshot() as tx:
        return await stored.get_scoring(tx, scoring_id)


async def units(journey: Journey) -> dict[str, int]:
    async with journey.database.snapshot() as tx:
        return {each.name: each.unit_id for each in await stored.list_scored_units(tx, journey.meeting_id)}


async def rankings(journey: Journey) -> list[RankingView]:
    async with journey.database.snapshot() as tx:
        return await stored.list_rankings(tx, journey.meeting_id)


async def put_criteria(journey: Journey, *, cross: bool = False, by: str = ORGANISER) -> object:
    lead = (await units(journey))[LEAD]
    draft = CriteriaDraft(Decimal(100), CRITERIA, lead, has_cross_scores=cross)
    return await scoring.put_criteria(journey.house, journey.asked(by), journey.items[0], draft)


async def adopted(journey: Journey, *, cross: bool = False) -> int:
    put = await put_criteria(journey, cross=cross)
    assert isinstance(put, CriteriaPut), put
    agreed = await adopt_item(journey.house, journey.asked("Trưởng"), journey.items[0], ())
    assert isinstance(agreed, ItemDecided), agreed
    return put.scoring_id


async def opened(journey: Journey, *, cross: bool = False) -> int:
    scoring_id = await adopted(journey, cross=cross)
    result = await scoring.open_scoring(journey.house, journey.asked("Thư ký"), scoring_id, DEADLINE)
    assert isinstance(result, ScoringOpened), result
    return scoring_id


async def key(journey: Journey, about: str, kind: SheetKind = SheetKind.SELF) -> SheetKey:
    return SheetKey(1, kind, (await units(journey))[about])


async def fill(
    journey: Journey,
    by: str,
    about: str,
    points: Mapping[int, str],
    *,
    kind: SheetKind = SheetKind.SELF,
    whole: bool = True,
) -> object:
    drafts = {number: ScoreDraft(Decimal(value), "Quyết định 12") for number, value in points.items()}
    put = scores.put_sheet if whole else scores.put_scores
    return await put(journey.house, journey.asked(by), await key(journey, about, kind), drafts)


async def until(journey: Journey, at: datetime) -> None:
    """Let the clock run to an instant, doing what comes due on the way."""
    while True:
        async with journey.database.snapshot() as tx:
            next_at = await due.find_next_due_at(tx)
        now = journey.clock.now()
        journey.clock.advance(max(now, min(at, next_at or at)) - now)
        if not await do_due_work(journey.house, journey.clock.now()) and journey.clock.now() == at:
            return


async def put(journey: Journey, by: str = "Trưởng", place: int = 1) -> object:
    return await ranking.put_ranking(journey.house, journey.asked(by), 1, journey.items[place])


async def verify(journey: Journey, about: str, by: str = "Trưởng", shown: str | None = None) -> object:
    """Verify a sheet as it was shown, or as it is now."""
    unit_id = (await units(journey))[about]
    mark = scores.sheet_mark(await view(journey), unit_id) if shown is None else shown
    return await scores.verify_sheet(journey.house, journey.asked(by), 1, unit_id, mark)


async def test_a_year_of_scoring_from_the_criteria_to_the_decision(database: Database) -> None:
    journey = await held(database)
    assert list(await units(journey)) == list(UNITS), "guests' units are not scored"
    scoring_id = await opened(journey)
    assert PostKind.SCORES_OPENED in await journey.posts_to("Hoa")
    assert PostKind.SCORES_OPENED not in await journey.posts_to("Khách")

    # Two of three hand in in time; who hasn't is reminded, and nobody else.
    assert await fill(journey, "Minh", OFFICE, {1: "55.5", 2: "40", 4: "1"}) == SheetHandedIn(Decimal("94.5"))
    for number in (1, 2, 3):
        put_one = await fill(journey, "Trưởng", LEAD, {number: "5"}, whole=False)
        assert isinstance(put_one, scores.ScoresPut)
    handed = await scores.hand_in_sheet(journey.house, journey.asked("Trưởng"), await key(journey, LEAD))
    assert handed == SheetHandedIn(Decimal(15))
    await until(journey, DEADLINE)
    wanted = PostKind.SCORES_WANTED
    reminded = {name: (await journey.posts_to(name)).count(wanted) for name in ("Minh", "Hoa", "Khách")}
    assert reminded == {"Minh": 0, "Hoa": 3, "Khách": 0}
    shown = await view(journey)
    assert shown.state is ScoringState.VERIFYING
    for name in ("Trưởng", "Thư ký"):
        assert PostKind.SCORES_CLOSED in await journey.posts_to(name)
    assert PostKind.SCORES_CLOSED not in await journey.posts_to("Minh")
    late = await fill(journey, "Hoa", STATION, {1: "60", 2: "40"})
    assert late == Refused(Refusal.SCORING_CLOSED, {"deadline_at": DEADLINE})

    # The lead verifies and changes a score with a reason; both are kept.
    office = (await units(journey))[OFFICE]
    change = ScoreChange(1, Decimal("50.25"), "Thiếu minh chứng quý II")
    changed = await scores.change_score(journey.house, journey.asked("Trưởng"), scoring_id, office, change)
    assert isinstance(changed, scores.ScoresPut), changed
    assert changed.total == Decimal("89.25")
    assert await verify(journey, OFFICE) == SheetVerified(Decimal("89.25"))
    assert await verify(journey, OFFICE) == Unchanged()
    assert refused(await verify(journey, LEAD)) is Refusal.OWN_SHEET
    assert refused(await put(journey)) is Refusal.SHEETS_NOT_VERIFIED
    assert isinstance(await verify(journey, LEAD, "Thư ký"), SheetVerified)
    assert refused(await verify(journey, STATION)) is Refusal.SHEET_MISSING
    shown = await view(journey)
    own, checked = (shown.find_sheet(kind, office) for kind in (SheetKind.SELF, SheetKind.VERIFIED))
    assert own is not None
    assert checked is not None
    assert own.points[1] == Decimal("55.5")
    assert checked.scores[1].evidence == "Thiếu minh chứng quý II"

    acts = await journey.acts()
    for act in ("criteria_put", "scoring_opened", "scores_put", "sheet_handed_in", "scoring_ended"):
        assert act in acts
    assert acts[-3:] == ["score_changed", "sheet_verified", "sheet_verified"]


async def test_the_meeting_sees_the_ranking_once_it_is_put_and_decides_on_it(database: Database) -> None:
    journey = await held(database)
    scoring_id = await opened(journey)
    await fill(journey, "Minh", OFFICE, {1: "50.25", 2: "40", 4: "1"})
    await fill(journey, "Trưởng", LEAD, {1: "5", 2: "10"})
    await scoring.end_scoring(journey.house, journey.asked("Thư ký"), scoring_id)
    for name in (OFFICE, LEAD):
        await verify(journey, name, "Thư ký")
    assert await rankings(journey) == []
    before = await journey.cards_of("Minh")
    assert isinstance(await put(journey), ranking.RankingPut)
    for name in ("Minh", "Hoa", "Khách"):
        assert PostKind.RANKING_PUT in await journey.posts_to(name)
    assert (await journey.cards_of("Minh"))[CardKind.ATTENDANCE, journey.meeting_id] > before[
        CardKind.ATTENDANCE, journey.meeting_id
    ]
    (shown_ranking,) = await rankings(journey)
    assert [(each.unit, each.total, each.rank) for each in shown_ranking.ranking] == [
        (OFFICE, Decimal("89.25"), 1),
        (LEAD, Decimal(15), 2),
        (STATION, None, None),
    ]
    assert refused(await verify(journey, OFFICE)) is Refusal.RANKING_PUT

    # Decided by a counted vote on the item; on record with the ranking.
    vote_id = await journey.open_vote(1)
    assert (
        refused(await ranking.take_back_ranking(journey.house, journey.asked("Trưởng"), scoring_id))
        is Refusal.ITEM_HAS_VOTE
    )
    await journey.cast_all(vote_id, dict.fromkeys(("Trưởng", "Minh", "Hoa"), Option.YES))
    await journey.close_vote(vote_id)
    await journey.announce(vote_id)
    assert (await view(journey)).state is ScoringState.DECIDED
    settled = next(entry for entry in await journey.entries() if entry.act == "ranking_settled")
    assert settled.facts["decision"] == "adopted"
    found = await units(journey)
    expected = [[found[OFFICE], "89.25", 1], [found[LEAD], "15", 2], [found[STATION], None, None]]
    assert settled.facts["ranking"] == expected
    again = await ranking.take_back_ranking(journey.house, journey.asked("Trưởng"), scoring_id)
    assert refused(again) is Refusal.RANKING_DECIDED


@pytest.fixture
async def journey(sqlite_url: str) -> AsyncIterator[Journey]:
    sqlite = Database.open(sqlite_url)
    yield await held(sqlite)
    await sqlite.close()


async def test_nothing_is_scored_before_the_criteria_are_adopted_and_they_never_change_after(
    journey: Journey,
) -> None:
    assert isinstance(await put_criteria(journey), CriteriaPut)
    assert isinstance(await put_criteria(journey), CriteriaPut), "until adopted they may be corrected"
    asked = journey.asked("Thư ký")
    early = await scoring.open_scoring(journey.house, asked, 1, DEADLINE)
    assert refused(early) is Refusal.CRITERIA_NOT_ADOPTED
    assert refused(await fill(journey, "Minh", OFFICE, {5: "1", 6: "1"})) is Refusal.CRITERIA_NOT_ADOPTED
    vote_id = await journey.open_vote(0)
    assert refused(await put_criteria(journey)) is Refusal.CRITERIA_FIXED
    await journey.cast_all(vote_id, dict.fromkeys(("Trưởng", "Minh", "Hoa"), Option.YES))
    await journey.close_vote(vote_id)
    await journey.announce(vote_id)
    assert refused(await put_criteria(journey)) is Refusal.CRITERIA_FIXED
    assert refused(await fill(journey, "Minh", OFFICE, {5: "1", 6: "1"})) is Refusal.SCORING_NOT_OPEN
    past = await scoring.open_scoring(journey.house, asked, 1, journey.clock.now())
    assert refused(past) is Refusal.DEADLINE_PAST


async def test_points_beyond_the_scale_and_half_sheets_change_nothing(journey: Journey) -> None:
    await opened(journey)
    entries = await journey.entries()
    for points, reason in (
        ({1: "60.0001", 2: "1"}, Refusal.POINTS_BEYOND),
        ({1: "-1", 2: "1"}, Refusal.POINTS_NEGATIVE),
        ({1: "1.00001", 2: "1"}, Refusal.POINTS_TOO_FINE),
        ({1: "1", 3: "5"}, Refusal.SHEET_INCOMPLETE),
        ({1: "1", 2: "1", 99: "1"}, Refusal.NOT_FOUND),
        ({1: "1", 2: "1", 4: "10.5"}, Refusal.POINTS_BEYOND),
    ):
        assert refused(await fill(journey, "Minh", OFFICE, points)) is reason
    too_long = {1: ScoreDraft(Decimal(1), "x" * 1001)}
    put_one = await scores.put_scores(
        journey.house, journey.asked("Minh"), await key(journey, OFFICE), too_long
    )
    assert refused(put_one) is Refusal.TEXT_TOO_LONG
    assert (await view(journey)).sheets == ()
    assert await journey.entries() == entries
    empty = await scores.hand_in_sheet(journey.house, journey.asked("Minh"), await key(journey, OFFICE))
    assert refused(empty) is Refusal.SHEET_INCOMPLETE


async def test_only_ones_own_unit_is_filled_in_and_cross_scores_never_about_oneself(journey: Journey) -> None:
    await opened(journey, cross=True)
    whole = {1: "50", 2: "30"}
    for by in ("Khách", "Hoa"):
        assert refused(await fill(journey, by, OFFICE, whole)) is Refusal.NOT_REPRESENTATIVE
    assert isinstance(await fill(journey, "Thư ký", OFFICE, whole), SheetHandedIn), "on its behalf"
    cross = SheetKind.CROSS
    assert refused(await fill(journey, "Minh", OFFICE, whole, kind=cross)) is Refusal.OWN_SHEET
    assert refused(await fill(journey, "Khách", OFFICE, whole, kind=cross)) is Refusal.NOT_REPRESENTATIVE
    assert refused(await fill(journey, "Hoa", OFFICE, whole, kind=SheetKind.VERIFIED)) is (
        Refusal.NOT_REPRESENTATIVE
    )
    assert isinstance(await fill(journey, "Hoa", OFFICE, {1: "40", 2: "30"}, kind=cross), SheetHandedIn)
    shown, office = await view(journey), (await units(journey))[OFFICE]
    assert shown.total(office) == Decimal(80), "what others think informs the lead, and is no part of it"
    assert shown.cross_totals(office) == [Decimal(70)]


async def test_without_cross_scores_units_score_only_themselves(journey: Journey) -> None:
    await opened(journey)
    result = await fill(journey, "Hoa", OFFICE, {1: "1", 2: "1"}, kind=SheetKind.CROSS)
    assert refused(result) is Refusal.NO_CROSS_SCORES


async def test_a_longer_deadline_opens_anew_and_a_changed_sheet_is_verified_anew(journey: Journey) -> None:
    scoring_id = await opened(journey)
    await fill(journey, "Minh", OFFICE, {1: "50", 2: "30", 3: "5"})
    assert refused(await verify(journey, OFFICE)) is Refusal.SCORING_STILL_OPEN
    asked = journey.asked("Trưởng")
    ended = await scoring.end_scoring(journey.house, asked, scoring_id)
    assert ended == ScoringEnded(scoring_id, 1, 3)
    assert await scoring.end_scoring(journey.house, journey.asked("Trưởng"), scoring_id) == Unchanged()
    assert isinstance(await verify(journey, OFFICE), SheetVerified)
    longer = await scoring.open_scoring(
        journey.house, journey.asked("Thư ký"), scoring_id, DEADLINE + timedelta(days=7)
    )
    assert isinstance(longer, ScoringOpened)
    assert isinstance(await fill(journey, "Minh", OFFICE, {1: "51", 2: "30"}), SheetHandedIn)
    shown, office = await view(journey), (await units(journey))[OFFICE]
    assert shown.total(office) == Decimal(81), "a bonus that is left out of the whole sheet is gone"
    assert not shown.is_handed_in(SheetKind.VERIFIED, office)
    await scoring.end_scoring(journey.house, journey.asked("Thư ký"), scoring_id)
    assert refused(await put(journey)) is Refusal.SHEETS_NOT_VERIFIED
    assert isinstance(await fill(journey, "Thư ký", STATION, {1: "60", 2: "40"}), SheetHandedIn), "late"
    assert refused(await verify(journey, OFFICE, shown="0" * 16)) is Refusal.OUT_OF_DATE, "not as it was seen"
    for about in (OFFICE, STATION):
        await verify(journey, about)
    assert isinstance(await put(journey), ranking.RankingPut)


async def test_what_a_meeting_only_gives_its_opinion_on_decides_no_criteria_and_no_ranking(
    journey: Journey,
) -> None:
    async def have_advised(place: int, *, is_advisory: bool) -> object:
        item_id = journey.items[place]
        return await set_advisory(journey.house, journey.asked(ORGANISER), item_id, is_advisory=is_advisory)

    await have_advised(0, is_advisory=True)
    assert refused(await put_criteria(journey)) is Refusal.CRITERIA_ADVISORY
    await have_advised(0, is_advisory=False)
    assert isinstance(await put_criteria(journey), CriteriaPut)
    assert refused(await have_advised(0, is_advisory=True)) is Refusal.ITEM_SCORES
    scoring_id = await opened(journey)
    await fill(journey, "Minh", OFFICE, {1: "50", 2: "30"})
    await scoring.end_scoring(journey.house, journey.asked("Thư ký"), scoring_id)
    await verify(journey, OFFICE)
    await have_advised(1, is_advisory=True)
    assert refused(await put(journey)) is Refusal.ITEM_NOT_FOR_RANKING
    await have_advised(1, is_advisory=False)
    assert isinstance(await put(journey), ranking.RankingPut)
    assert refused(await have_advised(1, is_advisory=True)) is Refusal.ITEM_SCORES


async def test_what_the_meeting_does_not_agree_to_goes_back_to_who_verifies(journey: Journey) -> None:
    scoring_id = await opened(journey)
    await fill(journey, "Minh", OFFICE, {1: "50", 2: "30"})
    await scoring.end_scoring(journey.house, journey.asked("Thư ký"), scoring_id)
    await verify(journey, OFFICE)
    assert refused(await put(journey, "Minh")) is Refusal.NOT_PERMITTED
    assert refused(await put(journey, place=0)) is Refusal.ITEM_NOT_FOR_RANKING
    await put(journey)
    back = await ranking.take_back_ranking(journey.house, journey.asked("Thư ký"), scoring_id)
    assert back == ranking.RankingTakenBack(scoring_id)
    await put(journey)
    await note_item(journey.house, journey.asked("Trưởng"), journey.items[1])
    assert (await view(journey)).state is ScoringState.VERIFYING
    await retake_item(journey.house, journey.asked("Trưởng"), journey.items[1])
    await put(journey)
    await adopt_item(journey.house, journey.asked("Trưởng"), journey.items[1], ())
    assert (await view(journey)).state is ScoringState.DECIDED
    await retake_item(journey.house, journey.asked("Trưởng"), journey.items[1])
    assert (await view(journey)).state is ScoringState.PUT
    await journey.close_meeting()
    assert (await view(journey)).state is ScoringState.VERIFYING


async def test_the_year_end_meeting_decides_on_what_the_first_one_adopted(journey: Journey) -> None:
    scoring_id = await opened(journey)
    await journey.close_meeting()
    assert isinstance(await fill(journey, "Minh", OFFICE, {1: "50", 2: "30"}), SheetHandedIn)
    await until(journey, DEADLINE)
    await verify(journey, OFFICE)
    first = journey.meeting_id
    attendees = [seat("Trưởng", LEAD, role=Role.CHAIR), seat("Minh", OFFICE)]
    await journey.add_meeting(plan(attendees, ITEMS[1:], units=UNITS, title="Tổng kết"))
    assert refused(await put(journey, "Thư ký", place=0)) is Refusal.NOT_PERMITTED, "no role in that one"
    assert isinstance(await put(journey, "Trưởng", place=0), ranking.RankingPut)
    assert [each.scoring_id for each in await rankings(journey)] == [scoring_id]
    await journey.join_all()
    await journey.open_meeting()
    await journey.enter("Trưởng", "Minh")
    await journey.state()
    await adopt_item(journey.house, journey.asked("Trưởng"), journey.items[0], ())
    assert (await view(journey)).decided_at is not None
    assert "ranking_settled" in await journey.acts()
    journey.meeting_id = first
    assert (await journey.acts())[-1] == "ranking_put"
    assert await rankings(journey) == [], "it is of the meeting that decides"


async def test_a_deadline_in_the_night_and_a_ranking_put_then_wake_nobody(journey: Journey) -> None:
    scoring_id = await opened(journey)
    await fill(journey, "Minh", OFFICE, {1: "50", 2: "30"})
    midnight = datetime(2027, 11, 30, 16, 59, tzinfo=UTC)
    longer = await scoring.open_scoring(journey.house, journey.asked("Thư ký"), scoring_id, midnight)
    assert isinstance(longer, ScoringOpened)
    await journey.close_meeting()
    await until(journey, midnight)
    await verify(journey, OFFICE)
    await journey.add_meeting(plan([seat("Trưởng", LEAD, role=Role.CHAIR)], ITEMS[1:], units=UNITS))
    assert isinstance(await put(journey, place=0), ranking.RankingPut)
    async with journey.database.snapshot() as tx:
        for kind in (PostKind.SCORES_CLOSED, PostKind.RANKING_PUT):
            waiting = set(await tx.exec(select(PostRow.next_try_at).where(col(PostRow.kind) == kind)))
            assert waiting == {datetime(2027, 12, 1, tzinfo=UTC)}, "seven in the morning"


async def test_evidence_is_a_file_for_the_unit_and_who_verifies_alone(journey: Journey) -> None:
    await opened(journey)
    drafts = {1: ScoreDraft(Decimal(50), "Bằng khen", (PROOF, b"%PDF-"))}
    await scores.put_scores(journey.house, journey.asked("Minh"), await key(journey, OFFICE), drafts)
    score = (await view(journey)).sheets[0].scores[1]
    assert score.paper_id is not None
    async with journey.database.snapshot() as tx:
        assert await stored_papers.list_papers(tx, journey.meeting_id) == []
        seen = {
            name: await find_paper(tx, journey.asked(name), score.paper_id)
            for name in ("Minh", "Trưởng", "Thư ký", "Hoa", "Khách")
        }
    for name in ("Minh", "Trưởng", "Thư ký"):
        assert not isinstance(seen[name], Refused), name
    for name in ("Hoa", "Khách"):
        assert seen[name] == Refused(Refusal.NOT_PERMITTED, {"right": Right.VERIFY})
    drafts = {1: ScoreDraft(Decimal(51), "Bằng khen khác", (PROOF, b"%PDF-"))}
    await scores.put_scores(journey.house, journey.asked("Minh"), await key(journey, OFFICE), drafts)
    async with journey.database.snapshot() as tx:
        first = await stored_papers.get_paper(tx, score.paper_id)
    assert first.withdrawn_at is not None, "another file takes the place of the first"
