"""An item's text in versions: a line that only grows, held still under a vote, named by what is decided."""

from datetime import timedelta

import pytest

from handlers import agenda, drafting, papers, scheduling, versions
from handlers.agenda import ItemDecided
from handlers.drafting import VotePrepared
from handlers.versions import VersionMade
from meeting.agenda import ItemKind
from meeting.papers import Paper, PaperKind
from meeting.plan import PlannedItem
from meeting.refusals import Refusal
from meeting.tally import Decision
from meeting.versions import text_digest
from meeting.voting import Option
from storage.database import Database
from storage.reading import get_results_view, get_text_view, get_vote_view
from storage.views import ResultsView, TextView
from storage.votes import get_text_versions
from tests.handlers.journey import ORGANISER, START, Journey, plan, refused

QUY_CHE = "Điều 1. Cụm họp mỗi năm hai lần.\nĐiều 2. Phấn đấu đạt 90% đoàn viên."
ADDED = "Điều 3. Cụm trưởng luân phiên hằng năm."
ITEMS = (
    PlannedItem("Thông qua Quy chế", ItemKind.DOCUMENT, text=QUY_CHE),
    PlannedItem("Thông qua Kế hoạch", ItemKind.DOCUMENT),
    PlannedItem("Thông qua Tiêu chí", ItemKind.DOCUMENT, text="Thang 100 điểm."),
)
ALL_YES = {"An": Option.YES, "Bình": Option.YES, "Chi": Option.YES}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is asked of the databases here is the same for both: one is enough."""
    return sqlite_url


@pytest.fixture
async def journey(database: Database) -> Journey:
    return await Journey.opened(database, plan(ALL_YES, ITEMS))


async def add(journey: Journey, place: int, addition: str) -> object:
    asked = journey.asked(ORGANISER)
    return await versions.add_to_text(journey.house, asked, journey.items[place], addition)


async def word(journey: Journey, place: int, text: str, after: int, **how: object) -> object:
    asked = journey.asked(ORGANISER)
    return await versions.put_text(journey.house, asked, journey.items[place], text, after, **how)  # type: ignore[arg-type]


async def texts(journey: Journey, place: int) -> TextView:
    async with journey.database.snapshot() as tx:
        return await get_text_view(tx, journey.items[place])


async def results(journey: Journey) -> ResultsView:
    async with journey.database.snapshot() as tx:
        return await get_results_view(tx, journey.meeting_id)


async def named(journey: Journey, vote_id: int) -> int:
    async with journey.database.snapshot() as tx:
        (version,) = (await get_text_versions(tx, vote_id)).values()
    return version


async def test_an_addition_makes_the_next_version_and_the_result_lists_it(journey: Journey) -> None:
    item_id, whole = journey.items[0], f"{QUY_CHE}\n{ADDED}"
    assert await add(journey, 0, f"  {ADDED} \n") == VersionMade(item_id, 2, text_digest(whole))
    vote_id = await journey.decide(0, ALL_YES)
    view = await results(journey)
    (result,) = view.items
    assert result.item.decision is Decision.ADOPTED_WITH_ADDITIONS
    assert result.item.additions == (ADDED,)
    assert result.vote is not None
    assert result.vote.decision is Decision.ADOPTED_WITH_ADDITIONS
    assert (result.vote.items[0].text_version, result.vote.items[0].additions) == (2, (ADDED,))
    text = view.text_of(result)
    assert text is not None
    assert (text.version, text.text) == (2, whole)

    facts = {entry.act: entry.facts for entry in await journey.entries()}
    made, opened = facts["text_versioned"], facts["vote_opened"]
    assert (made["sha256"], made["previous"]) == (text_digest(whole), text_digest(QUY_CHE))
    assert (opened["versions"], opened["texts"]) == ({str(item_id): 2}, {str(item_id): text_digest(whole)})
    assert await named(journey, vote_id) == 2
    assert refused(await add(journey, 0, "Điều 4.")) is Refusal.ITEM_DECIDED


async def test_no_version_changes_under_a_vote_until_it_is_announced_or_cancelled(journey: Journey) -> None:
    vote_id = await journey.open_vote(0)
    assert refused(await add(journey, 0, ADDED)) is Refusal.ITEM_HAS_VOTE
    assert refused(await word(journey, 0, "Khác.", 1)) is Refusal.ITEM_HAS_VOTE
    assert isinstance(await add(journey, 2, "Có điểm thưởng."), VersionMade)
    await journey.cast_all(vote_id, dict.fromkeys(ALL_YES, Option.NO))
    await journey.close_vote(vote_id)
    assert refused(await add(journey, 0, ADDED)) is Refusal.ITEM_HAS_VOTE
    await journey.announce(vote_id)
    # What was rejected is worded anew, and put to the vote once more; the first run keeps its version.
    assert isinstance(await add(journey, 0, ADDED), VersionMade)
    again = await drafting.repeat_vote(journey.house, journey.asked(ORGANISER), vote_id)
    assert isinstance(again, VotePrepared)
    await journey.open_draft(again.vote_id)
    await journey.cast_all(again.vote_id, ALL_YES)
    await journey.close_vote(again.vote_id)
    assert (await journey.announce(again.vote_id)).decision is Decision.ADOPTED_WITH_ADDITIONS
    assert [await named(journey, each) for each in (vote_id, again.vote_id)] == [1, 2]


async def test_a_draft_is_about_the_newest_version_and_opens_by_hand_only_then(journey: Journey) -> None:
    vote_id = await journey.draft(0)
    at = START + timedelta(hours=2)
    scheduled = await scheduling.schedule_vote(
        journey.house, journey.asked(ORGANISER), vote_id, at, within=None
    )
    assert isinstance(scheduled, scheduling.VoteScheduled)
    await add(journey, 0, ADDED)
    async with journey.database.snapshot() as tx:
        vote = await get_vote_view(tx, vote_id)
    assert (vote.items[0].text_version, vote.opening) == (2, None)


async def test_what_was_agreed_without_a_count_has_its_additions_in_the_text(journey: Journey) -> None:
    asked = journey.asked(ORGANISER)
    more = ["Thêm mục khen thưởng.", "", "Thêm mục kỷ luật."]
    decided = await agenda.adopt_item(journey.house, asked, journey.items[2], more)
    assert decided == ItemDecided(Decision.ADOPTED_WITH_ADDITIONS, 2)
    view = await texts(journey, 2)
    assert [one.version for one in view.versions] == [1, 2, 3]
    assert view.newest.text == "Thang 100 điểm.\nThêm mục khen thưởng.\nThêm mục kỷ luật."
    assert view.item.additions == ("Thêm mục khen thưởng.", "Thêm mục kỷ luật.")
    assert (await journey.entries())[-1].facts["sha256"] == view.newest.sha256

    # Without a text of its own here, the item keeps what was said as it was said.
    await agenda.adopt_item(journey.house, journey.asked(ORGANISER), journey.items[1], ["Thêm chỉ tiêu."])
    view = await texts(journey, 1)
    assert (view.item.additions, view.newest.version, view.newest.text) == (("Thêm chỉ tiêu.",), 1, "")


async def test_an_addition_that_was_made_before_counts_when_it_is_agreed_without_a_count(
    journey: Journey,
) -> None:
    await add(journey, 0, ADDED)
    decided = await agenda.adopt_item(journey.house, journey.asked(ORGANISER), journey.items[0], ())
    assert decided == ItemDecided(Decision.ADOPTED_WITH_ADDITIONS, 1)
    retaken = await agenda.retake_item(journey.house, journey.asked(ORGANISER), journey.items[0])
    assert retaken == agenda.ItemRetaken(journey.items[0])
    # Back to the first wording: nothing is added any more.
    assert isinstance(await word(journey, 0, QUY_CHE, 2), VersionMade)
    decided = await agenda.adopt_item(journey.house, journey.asked(ORGANISER), journey.items[0], ())
    assert decided == ItemDecided(Decision.ADOPTED)


async def test_in_a_joint_vote_only_what_gained_something_is_adopted_with_additions(journey: Journey) -> None:
    await add(journey, 0, ADDED)
    vote_id = await journey.draft(0)
    for place in (1, 2):
        asked = journey.asked(ORGANISER)
        await drafting.join_vote(journey.house, asked, vote_id, journey.items[place])
    await journey.open_draft(vote_id)
    await journey.cast_all(vote_id, ALL_YES)
    await journey.close_vote(vote_id)
    await journey.announce(vote_id)
    decisions = [result.item.decision for result in (await results(journey)).items]
    assert decisions == [Decision.ADOPTED_WITH_ADDITIONS, Decision.ADOPTED, Decision.ADOPTED]


async def test_the_first_text_of_an_item_is_its_version_1_unless_a_vote_named_it(journey: Journey) -> None:
    assert refused(await word(journey, 1, " \n ", 1)) is Refusal.TEXT_EMPTY
    made = await word(journey, 1, "Điều 1.", 1)
    assert made == VersionMade(journey.items[1], 1, text_digest("Điều 1."))
    assert refused(await word(journey, 1, "Điều 1. ", 1)) is Refusal.TEXT_UNCHANGED
    made = await word(journey, 1, "Điều 1 (sửa).", 1)
    assert made == VersionMade(journey.items[1], 2, text_digest("Điều 1 (sửa)."))
    assert refused(await word(journey, 1, "Của người khác.", 1)) is Refusal.TEXT_NEWER


async def test_after_a_vote_the_first_text_is_another_version(journey: Journey) -> None:
    vote_id = await journey.decide(1, dict.fromkeys(ALL_YES, Option.NO))
    assert isinstance(await word(journey, 1, "Điều 1.", 1), VersionMade)
    assert [one.text for one in (await texts(journey, 1)).versions] == ["", "Điều 1."]
    assert await named(journey, vote_id) == 1


async def test_a_passage_names_the_paper_that_it_was_taken_from(journey: Journey) -> None:
    paper = Paper("Quy chế.docx", PaperKind.DOCX, 5, "1" * 64)
    await papers.add_paper(journey.house, journey.asked(ORGANISER), journey.meeting_id, None, paper, b"PK")
    paper_id = 1
    assert isinstance(await word(journey, 0, "Điều 1. Khác.", 1, paper_id=paper_id), VersionMade)
    assert (await texts(journey, 0)).newest.paper == "Quy chế.docx"
    assert next(e.facts["paper"] for e in await journey.entries() if e.act == "text_versioned") == "1" * 64
    await papers.withdraw_paper(journey.house, journey.asked(ORGANISER), paper_id)
    assert refused(await word(journey, 0, "Điều 1.", 2, paper_id=paper_id)) is Refusal.PAPER_WITHDRAWN
    assert refused(await word(journey, 0, "Điều 1.", 2, paper_id=99)) is Refusal.NOT_FOUND


async def test_of_a_closed_meeting_no_text_changes(journey: Journey) -> None:
    await journey.close_meeting()
    assert refused(await add(journey, 0, ADDED)) is Refusal.MEETING_CLOSED
