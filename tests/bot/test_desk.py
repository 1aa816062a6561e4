import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.addresses import Addresses
from bot.batching import Batches
from bot.desk import DatabaseDesk
from bot.dialogues import Dialogues, Office
from bot.platforms.base import Incoming, Joined, Line, Text
from bot.web.desk import Board, PaperFile, PlaygroundEntry, Unwelcome, Welcome
from bot.wording.voice import Voice
from handlers import binding, inviting, papers, pledge_parties, pledges, steps, versions
from handlers.attendance import check_in
from handlers.balloting import cast_votes
from meeting.papers import Paper, read_paper
from meeting.people import Role, Standing
from meeting.pledges import PledgeKind, Signer
from meeting.refusals import Refused
from meeting.voting import Option
from storage import pledges as stored_pledges
from storage.agenda import get_item
from storage.database import Database
from storage.people import find_bound_person, put_account_language, put_current_meeting
from tests.handlers.journey import ITEMS, ORGANISER, Clock, Journey, plan, seat
from tests.papers import PDF

AN, BINH, CHI = NAMES = ("Trần An", "Lê Bình", "Phạm Chi")
PEOPLE = (seat(AN, role=Role.CHAIR), BINH, CHI)
SOON, LONG = 0.01, 60.0


class Hall:
    """A meeting whose people have a web page each, and the desk that makes the pages."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        house = journey.house
        self.dialogues = Dialogues(
            Office(
                house,
                lambda: Addresses("http://127.0.0.1"),
                Batches(lambda batch: cast_votes(house, batch)),
                Batches(lambda batch: check_in(house, batch)),
                Voice("vi"),
            )
        )
        self.desk = DatabaseDesk(house, self.dialogues, Voice("vi"))

    @classmethod
    async def opened(cls, database: Database) -> "Hall":
        async def begin() -> Journey:
            journey = await Journey.planned(database, plan(PEOPLE, ITEMS), are_bound=False)
            for name in NAMES:
                await journey.bind(name, platform="web")
                journey.phones[name] = journey.phones.pop(f"{name} (web)")
            await journey.open_meeting()
            await journey.check_in(*NAMES)
            await journey.state()
            return journey

        return cls(await Journey.once(database, ("pages",), begin))

    def chat(self, name: str) -> str:
        return self.journey.sender(name, "web").chat

    async def board(self, name: str) -> Board:
        board = await self.desk.find_board(self.chat(name))
        assert board is not None
        return board

    async def keys(self, name: str) -> list[str]:
        return list((await self.board(name)).versions)

    async def says(self, name: str, body: Text | Joined) -> str:
        sender, event = self.journey.sender(name, "web"), self.journey.event()
        incoming = Incoming("web", sender.chat, sender.external_id, event, body, language="vi")
        return (await self.dialogues.receive(incoming)).notice

    async def follow(self) -> dict[str, Board]:
        """Everybody's page, as a stream takes it in first."""
        changed = await self.desk.changed_boards({self.chat(name): None for name in NAMES})
        return {chat: board for chat, board in changed.items() if board is not None}


@pytest.fixture
async def hall(database: Database) -> Hall:
    return await Hall.opened(database)


def headings(board: Board) -> list[str]:
    return [line.text for card in board.cards if isinstance(line := card.card.lines[0], Line)]


# Papers


async def test_a_page_loads_the_papers_of_its_meetings_a_piece_at_a_time(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handouts._PIECE", 7)
    journey, asked = hall.journey, hall.journey.asked(ORGANISER)
    read = read_paper("Báo cáo.pdf", len(PDF), PDF, len(PDF))
    assert isinstance(read, Paper)
    assert not isinstance(
        await papers.add_paper(journey.house, asked, journey.meeting_id, None, read, PDF), Refused
    )
    paper = await hall.desk.find_paper(hall.chat(AN), 1)
    assert isinstance(paper, PaperFile)
    assert (paper.name, paper.media_type, paper.size) == ("Báo cáo.pdf", "application/pdf", len(PDF))
    pieces = [piece async for piece in paper.pieces]
    assert (b"".join(pieces), max(map(len, pieces))) == (PDF, 7)
    await journey.add_meeting(plan(["Người Ngoài"], title="Hội nghị khác"))
    await journey.bind("Người Ngoài", platform="web")
    outside = journey.sender("Người Ngoài (web)", "web").chat
    refused = [
        await hall.desk.find_paper(chat, number) for chat in (outside, "nobody") for number in (1, 2, 10**11)
    ]
    assert all(isinstance(one, Unwelcome) for one in refused)
    again = await hall.desk.find_paper(hall.chat(AN), 1)
    assert isinstance(again, PaperFile)
    await papers.withdraw_paper(journey.house, journey.asked(ORGANISER), 1)
    assert [piece async for piece in again.pieces] == []
    gone = await hall.desk.find_paper(hall.chat(AN), 1)
    assert isinstance(gone, Unwelcome)
    assert gone.sentence.startswith("Thư ký đã rút tài liệu này.")


# One page


async def test_a_page_shows_whose_it_is_and_what_concerns_them(hall: Hall) -> None:
    board = await hall.board(BINH)
    assert (board.title, board.person, board.language) == ("Hội nghị", BINH, "vi")
    assert list(board.versions) == [f"attendance-{hall.journey.meeting_id}"]
    assert board.question is None


async def test_what_is_to_be_done_now_comes_first(hall: Hall) -> None:
    journey = hall.journey
    first = await journey.decide(0, dict.fromkeys(NAMES, Option.YES))
    second = await journey.decide(1, dict.fromkeys(NAMES, Option.NO))
    third = await journey.open_vote(2)
    meeting = journey.meeting_id
    assert await hall.keys(AN) == [
        f"ballot-{third}",
        f"panel-{meeting}",
        f"attendance-{meeting}",
        f"ballot-{second}",
        f"ballot-{first}",
    ]
    assert headings(await hall.board(AN))[-1] == "Kết quả biểu quyết 1"
    await steps.pause_vote(journey.house, journey.asked(ORGANISER), third)
    assert (await hall.keys(AN))[0] == f"ballot-{third}"


async def test_a_pledge_that_waits_for_its_signer_stands_on_the_page(hall: Hall) -> None:
    journey = hall.journey
    item_id = journey.items[0]
    made = await pledge_parties.set_up_pledge(
        journey.house, journey.asked(ORGANISER), item_id, PledgeKind.INTERNAL, ("Thủ trưởng", "Công đoàn")
    )
    assert isinstance(made, pledge_parties.PledgeSetUp)
    async with journey.database.snapshot() as tx:
        first, second = (await stored_pledges.get_pledge(tx, made.pledge_id)).parties
        person_id = await find_bound_person(tx, journey.account(BINH), journey.organisation_id)
    for party, signer in ((first, Signer(person_id, BINH)), (second, Signer(None, "Người khác"))):
        await pledge_parties.name_signer(
            journey.house, journey.asked(ORGANISER), party.party_id, signer, replaces=False
        )
    await versions.put_text(journey.house, journey.asked(ORGANISER), item_id, "Thi đua.", 1)
    async with journey.database.snapshot() as tx:
        version = (await get_item(tx, item_id)).text_version
    frozen = await pledges.freeze_pledge(journey.house, journey.asked(AN), made.pledge_id, version)
    assert isinstance(frozen, pledges.PledgeFrozen), frozen
    assert await hall.keys(BINH) == ["pledge-1", "attendance-1"]
    assert "pledge-1" not in await hall.keys(CHI)


async def test_the_latest_result_stands_above_what_waits_and_earlier_ones_below(hall: Hall) -> None:
    first = await hall.journey.decide(0, dict.fromkeys(NAMES, Option.YES))
    second = await hall.journey.decide(1, dict.fromkeys(NAMES, Option.NO))
    meeting = hall.journey.meeting_id
    assert await hall.keys(BINH) == [f"ballot-{second}", f"attendance-{meeting}", f"ballot-{first}"]


async def test_a_result_is_told_to_those_without_a_ballot_that_shows_it(hall: Hall) -> None:
    journey = hall.journey
    await journey.leave(CHI)
    vote_id = await journey.decide(0, dict.fromkeys((AN, BINH), Option.YES))
    assert f"ballot-{vote_id}" in await hall.keys(BINH)
    assert not [key for key in await hall.keys(BINH) if key.startswith("post-")]
    assert [key.partition("-")[0] for key in await hall.keys(CHI)] == ["attendance", "post"]
    assert "Kết quả biểu quyết 1" in "\n".join(
        line.text for line in (await hall.board(CHI)).cards[-1].card.lines if isinstance(line, Line)
    )


async def test_a_page_that_nobody_is_bound_to_shows_nothing(hall: Hall) -> None:
    assert await hall.desk.find_board("nobody's") is None
    assert not await hall.desk.is_in_use("nobody's")
    journey = hall.journey
    await binding.report_wrong_person(journey.house, journey.asked(BINH), journey.meeting_id)
    assert await hall.desk.find_board(hall.chat(BINH)) is None
    assert not await hall.desk.is_in_use(hall.chat(BINH))


async def test_whoever_founds_an_organisation_has_a_page_from_the_first_question_on(
    database: Database,
) -> None:
    hall = Hall(await Journey.begun(database))
    founder = await inviting.make_founder_code(hall.journey.house)
    await hall.says(ORGANISER, Joined(founder.token))
    board = await hall.desk.find_board(hall.chat(ORGANISER))
    assert board is not None
    assert (board.person, board.cards) == ("", ())
    assert board.question is not None
    assert board.question.ask is not None
    for answer in ("Sở Nội vụ", ORGANISER):
        await hall.says(ORGANISER, Text(answer))
    board = await hall.board(ORGANISER)
    assert (board.title, board.person, board.question) == ("Sở Nội vụ", ORGANISER, None)
    assert [key.partition("-")[0] for key in board.versions] == ["home"]


async def test_closed_meetings_are_put_away_unless_they_are_the_current_one(hall: Hall) -> None:
    journey = hall.journey
    await journey.decide(0, dict.fromkeys(NAMES, Option.YES))
    await journey.close_meeting()
    old = journey.meeting_id
    assert {key.partition("-")[0] for key in await hall.keys(BINH)} == {"attendance", "ballot", "post"}
    new = await journey.add_meeting(plan(PEOPLE, title="Hội nghị sau"))
    assert f"attendance-{new}" in await hall.keys(BINH)
    assert f"attendance-{old}" in await hall.keys(BINH)
    async with journey.database.transaction() as tx:
        await put_current_meeting(tx, journey.account(BINH), new)
    assert await hall.keys(BINH) == [f"attendance-{new}"]
    assert (await hall.board(BINH)).title == "Hội nghị sau"


# Many pages


async def test_nothing_is_given_again_that_did_not_change(hall: Hall) -> None:
    boards = await hall.follow()
    assert set(boards) == {hall.chat(name) for name in NAMES}
    known = {chat: board.versions for chat, board in boards.items()}
    assert await hall.desk.changed_boards(known) == {}


async def test_a_ballot_changes_the_own_page_and_those_of_who_presides(hall: Hall) -> None:
    journey = hall.journey
    vote_id = await journey.open_vote()
    before = await hall.follow()
    await journey.cast(vote_id, CHI, Option.NO)
    after = await hall.desk.changed_boards({chat: board.versions for chat, board in before.items()})
    assert set(after) == {hall.chat(AN), hall.chat(CHI)}
    changed = {
        chat: {card.key for card in board.cards if before[chat].versions[card.key] != card.version}
        for chat, board in after.items()
        if board is not None
    }
    assert changed == {
        hall.chat(AN): {f"panel-{journey.meeting_id}"},
        hall.chat(CHI): {f"ballot-{vote_id}"},
    }
    kept = next(card for card in before[hall.chat(CHI)].cards if card.key.startswith("attendance"))
    board = after[hall.chat(CHI)]
    assert board is not None
    assert any(card is kept for card in board.cards)


async def test_a_page_that_is_opened_again_gets_everything(hall: Hall) -> None:
    boards = await hall.follow()
    known = {chat: board.versions for chat, board in boards.items()}
    again = await hall.desk.changed_boards(known | {hall.chat(BINH): None})
    assert again == {hall.chat(BINH): boards[hall.chat(BINH)]}


async def test_what_goes_away_is_a_change(hall: Hall) -> None:
    journey = hall.journey
    vote_id = await journey.open_vote(within=timedelta(minutes=1))
    journey.clock.advance(timedelta(minutes=5))
    await steps.pause_vote(journey.house, journey.asked(ORGANISER), vote_id)
    before = await hall.follow()
    await binding.report_wrong_person(journey.house, journey.asked(BINH), journey.meeting_id)
    after = await hall.desk.changed_boards({chat: board.versions for chat, board in before.items()})
    assert after[hall.chat(BINH)] is None
    assert hall.chat(CHI) not in after
    assert await hall.desk.changed_boards({"nobody's": None}) == {"nobody's": None}


async def test_news_that_is_no_longer_so_leaves_the_page(hall: Hall) -> None:
    journey = hall.journey
    vote_id = await journey.open_vote()
    await journey.cast_all(vote_id, dict.fromkeys(NAMES, Option.YES))
    before = (await hall.follow())[hall.chat(AN)]
    assert [key for key in before.versions if key.startswith("post-")]
    await journey.close_vote(vote_id)
    after = (await hall.desk.changed_boards({hall.chat(AN): before.versions}))[hall.chat(AN)]
    assert after is not None
    assert not [key for key in after.versions if key.startswith("post-")]


async def test_another_language_is_spoken_on_the_whole_page(hall: Hall) -> None:
    journey = hall.journey
    await journey.decide(0, dict.fromkeys(NAMES, Option.YES))
    await journey.close_meeting()
    before = (await hall.follow())[hall.chat(BINH)]
    assert any(heading.startswith("Tổng hợp") for heading in headings(before))
    async with journey.database.transaction() as tx:
        await put_account_language(tx, journey.account(BINH), "en")
    after = (await hall.desk.changed_boards({hall.chat(BINH): before.versions}))[hall.chat(BINH)]
    assert after is not None
    assert after.language == "en"
    assert any(heading.startswith("Summary") for heading in headings(after))


async def test_a_question_belongs_to_the_page_until_it_is_answered(hall: Hall) -> None:
    journey = hall.journey
    vote_id = await journey.open_vote()
    chat = hall.chat(BINH)
    await hall.says(BINH, Text("ý kiến khác"))
    assert (await journey.choices(vote_id)) == {BINH: Option.OTHER}
    board = (await hall.follow())[chat]
    assert board.question is not None
    assert await hall.says(BINH, Text("Đề nghị làm rõ nguồn kinh phí"))
    board = (await hall.follow())[chat]
    assert board.question is None


async def wakes(hall: Hall, act: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(LONG / 2):
        waiting = asyncio.create_task(hall.desk.wait(LONG))
        await asyncio.sleep(0)
        await act()
        await waiting


async def test_waiting_ends_with_a_commit(hall: Hall) -> None:
    await hall.follow()
    await wakes(hall, hall.journey.open_vote)


async def test_a_commit_before_the_wait_is_not_missed(hall: Hall) -> None:
    await hall.follow()
    await hall.journey.open_vote()
    async with asyncio.timeout(LONG / 2):
        await hall.desk.wait(LONG)


async def test_waiting_ends_by_itself_too(hall: Hall) -> None:
    await hall.follow()
    await hall.desk.wait(SOON)
    assert await hall.desk.changed_boards({hall.chat(AN): (await hall.board(AN)).versions}) == {}


# The way in


async def test_a_personal_code_says_whom_it_is_for_and_uses_nothing_up(database: Database) -> None:
    people = (seat("Trần An", "Phòng Tổ chức"),)
    journey = await Journey.planned(database, plan(people, units=("Phòng Tổ chức",)), are_bound=False)
    hall = Hall(journey)
    for code in (await journey.token(AN), await journey.code(AN), (await journey.code(AN)).lower()):
        assert await hall.desk.find_welcome(code, None) == Welcome(
            title="Hội nghị",
            person=AN,
            detail="14:00 thứ Tư, ngày 30/12/2026\nPhòng Tổ chức",
            language="vi",
            is_taken=False,
        )
    welcome = await hall.desk.find_welcome(await journey.token(AN), "en")
    assert welcome.language == "en"
    assert isinstance(welcome, Welcome)
    assert "30 December 2026" in welcome.detail
    assert "account_bound" not in await journey.acts()


async def test_a_link_in_use_on_another_page_says_so(hall: Hall) -> None:
    welcome = await hall.desk.find_welcome(await hall.journey.token(AN), "vi")
    assert isinstance(welcome, Welcome)
    assert welcome.is_taken


async def test_an_unknown_code_says_what_to_do(hall: Hall) -> None:
    for code in ("K7QF-2M9X", "1-aaaaaaaaaaaaaaaaaaaaaa", "", "../../etc/passwd", "ạ" * 500):
        unwelcome = await hall.desk.find_welcome(code, None)
        assert isinstance(unwelcome, Unwelcome)
        assert unwelcome.language == "vi"
        assert "mã" in unwelcome.sentence.lower()


async def test_a_founder_s_and_a_role_s_code_say_what_they_grant(hall: Hall) -> None:
    journey = hall.journey
    founder = await inviting.make_founder_code(journey.house)
    welcome = await hall.desk.find_welcome(founder.token, "en")
    assert isinstance(welcome, Welcome)
    assert (welcome.title, welcome.person) == ("Set up a new organisation", "")
    way = await inviting.invite_role(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, Role.SECRETARY
    )
    assert isinstance(way, inviting.WayIn)
    welcome = await hall.desk.find_welcome(way.code, "en")
    assert isinstance(welcome, Welcome)
    assert (welcome.title, welcome.person) == ("Hội nghị", "")
    assert welcome.detail.splitlines() == ["Function: secretary", "14:00 on Wednesday 30 December 2026"]


# The playground


async def test_the_playground_lists_everybody_with_the_personal_link(database: Database) -> None:
    people = (
        seat(AN, role=Role.CHAIR),
        seat("Vũ Khách", standing=Standing.GUEST),
        seat(BINH, "Phòng Tổ chức"),
    )
    journey = await Journey.planned(database, plan(people, units=("Phòng Tổ chức",)), are_bound=False)
    hall = Hall(journey)
    assert await hall.desk.list_playground() == [
        PlaygroundEntry("Hội nghị", AN, "", "chủ tọa, đại biểu", await journey.token(AN)),
        PlaygroundEntry("Hội nghị", "Vũ Khách", "", "khách mời", await journey.token("Vũ Khách")),
        PlaygroundEntry("Hội nghị", BINH, "Phòng Tổ chức", "đại biểu", await journey.token(BINH)),
    ]
    assert (await journey.join(AN, (await hall.desk.list_playground())[0].token)) is not None


async def test_the_playground_of_an_empty_program_is_empty(database: Database) -> None:
    assert await Hall(await Journey.begun(database, Clock())).desk.list_playground() == []
