"""What every card keeps to, in both languages and with the longest texts that are taken."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
import structlog

from bot.actions import AnnounceTitles, ReplyComing, encode
from bot.cards.agenda import agenda_card, item_card, joint_card
from bot.cards.attendance import attendance_card
from bot.cards.ballot import ballot_card
from bot.cards.claims import (
    accepted_card,
    claim_card,
    claims_card,
    declined_card,
    identity_card,
    waiting_card,
)
from bot.cards.help import help_card
from bot.cards.home import home_card
from bot.cards.invitations import Way, invitations_card, role_card
from bot.cards.layout import LABEL_LIMIT, button
from bot.cards.mailing import announcement_card, announcement_preview_card, mailing_card, reach_card
from bot.cards.notices import (
    all_voted_card,
    check_in_opened_card,
    moved_away_card,
    quorum_lost_card,
    vote_paused_card,
)
from bot.cards.panel import panel_card
from bot.cards.result import item_decided_card, result_card
from bot.cards.roll import (
    attendee_card,
    elector_card,
    found_attendees_card,
    found_electors_card,
    latecomers_card,
    roll_card,
    vote_roll_card,
)
from bot.cards.setup import (
    plan_card,
    problems_card,
    question_card,
    sure_card,
    template_card,
    workbook_card,
    yes_no_card,
)
from bot.cards.summary import summary_card, summary_markdown
from bot.cards.tasks import (
    own_tasks_card,
    owner_card,
    task_card,
    task_done_card,
    task_due_card,
    task_given_card,
    task_preview_card,
    task_withdrawn_card,
    tasks_card,
)
from bot.cards.titles import (
    announce_sure_card,
    edit_card,
    meant_card,
    title_card,
    title_given_card,
    titles_announced_card,
    titles_card,
)
from bot.cards.versions import changes_card, text_card, text_papers_card
from bot.platforms.base import Bar, Card, Do, ShareContact
from bot.wording.voice import Address, Voice
from meeting.agenda import ItemKind
from meeting.papers import Paper, PaperKind
from meeting.people import Presence, Reply, Role, Source, Standing
from meeting.plan import MeetingPlan, PlannedAttendee, PlannedItem, PlannedUnit
from meeting.regimes import Template
from meeting.states import GoneReason, MeetingState, PostKind
from meeting.tally import Decision
from meeting.tasks import PARTS
from meeting.titles import Quota, RecipientKind, TitleCounts
from meeting.voting import Method, Option
from storage.views import (
    AgendaView,
    ClaimsView,
    ClaimView,
    HomeView,
    ItemResult,
    ItemView,
    MailingView,
    MeetingLine,
    MeetingView,
    OwnTaskView,
    PapersView,
    PaperView,
    ReachView,
    RecipientView,
    ResultsView,
    RollView,
    Seat,
    TasksView,
    TaskView,
    TextView,
    TitlesView,
    TitleView,
    UnreachableView,
    VersionView,
    VoteRollView,
    VoteView,
)
from tests.bot import seen

LONG = seen.meeting(title="T" * 300, place="N" * 300, organisation="C" * 300, host="H" * 300)
LONG_PERSON = seen.attendee(name="N" * 100, unit="Đ" * 100, position="P" * 100, reply_reason="L" * 2_000)
LONG_ITEM = seen.item(title="N" * 300, text="V" * 2_000, presenter="T" * 300)
LONG_VOTED = seen.voted(title="N" * 300, text="V" * 2_000)
MEETINGS = [seen.meeting(), LONG, seen.PLANNED, seen.CLOSED]
OPINION = "Ý" * 2_000
PAPER = PaperView(1, 1, 7, None, Paper("T" * 116 + ".pdf", PaperKind.PDF, 9, "0" * 64), seen.AT, None)

VOTES = [
    seen.DRAFTED,
    seen.vote(),
    seen.vote(run=2, deadline_at=seen.AT, is_advisory=True),
    seen.HANDS,
    seen.COUNTED,
    seen.ANNOUNCED,
    seen.CANCELLED,
    replace(seen.CANCELLED, cancel_reason="split"),
    replace(seen.CANCELLED, cancel_reason="L" * 2_000),
    seen.vote(items=(LONG_VOTED,), question="N" * 300),
    replace(seen.ANNOUNCED, items=(LONG_VOTED,) * 30, question="N" * 9_000),
    seen.vote(items=(LONG_VOTED,) * 30, question="N" * 9_000),
    seen.vote(options=tuple(Option)),
]
ITEMS = [
    seen.item(),
    LONG_ITEM,
    seen.item(decision=Decision.ADOPTED, is_counted=True),
    *(seen.item(decision=decision) for decision in Decision),
    replace(LONG_ITEM, decision=Decision.ADOPTED_WITH_ADDITIONS, additions=("B" * 2_000,) * 20),
    *(seen.item(kind=kind, is_advisory=True) for kind in ItemKind),
]
PLAN = MeetingPlan(
    title="T" * 300,
    template=Template.CBCCVC,
    host="H" * 300,
    place="N" * 300,
    starts_at=datetime(2021, 12, 30, 14, 0),  # noqa: DTZ001 - a wall time
    timezone="Asia/Ho_Chi_Minh",
    rules=seen.RULES,
    headcount=61,
    has_union=True,
    units=(PlannedUnit("Văn phòng"),),
    attendees=(
        PlannedAttendee("N" * 100, "Văn phòng", None, Standing.VOTING, role=Role.CHAIR),
        PlannedAttendee("M" * 100, None, None, Standing.GUEST, role=Role.SECRETARY),
    ),
    items=(PlannedItem("N" * 300, ItemKind.REPORT),),
)
WAY = Way("N" * 100, "Đ" * 100, "K7QF-2M9X", (("Web", "http://192.168.1.20:8080/i/" + "x" * 35),) * 2)

SHARED = replace(WAY, name="", unit="")


def identity_cards(voice: Voice) -> list[Card]:
    long = Seat(1_000_000, 999, "N" * 200, "Đ" * 200, "+84912345678", is_taken=True)
    plain = Seat(1, 1, "An", "", None, is_taken=False)
    claims = [
        ClaimView(2**31 - 1, 7, "N" * 200, platform, "Đ" * 200, seat, is_waiting=True)
        for platform in ("telegram", "web")
        for seat in (None, plain, long)
    ]
    return [
        identity_card(voice),
        waiting_card(voice, "N" * 200, 2**31 - 1),
        declined_card(voice),
        accepted_card(voice, "N" * 200, "Đ" * 200),
        *(claims_card(voice, ClaimsView(LONG, tuple(claims[:count] * 9))) for count in (0, 1, 6)),
        *(claim_card(voice, claim, seats) for claim in claims for seats in ((), (plain, long) * 20)),
    ]


def attendance_cards(voice: Voice) -> list[Card]:
    people = [
        seen.attendee(),
        LONG_PERSON,
        seen.PRESENT,
        seen.attendee(presence=Presence.PRESENT),
        replace(seen.PRESENT, presence_source=Source.SECRETARY),
        seen.attendee(presence=Presence.LEFT, left_at=seen.AT),
        seen.attendee(presence=Presence.LEFT),
        *(seen.attendee(reply=reply, reply_reason="ốm") for reply in Reply),
        *(seen.attendee(standing=standing) for standing in Standing),
    ]
    windows = [*MEETINGS, replace(seen.PLANNED, check_in_opened_at=seen.AT)]
    windows += [replace(seen.PLANNED, check_in_opens_at=seen.AT), replace(seen.PLANNED, place="")]
    return [
        attendance_card(
            voice,
            seen.seat(person, meeting=window, consents_asked=asked, can_substitute=can, current_item=item),
        )
        for person in people
        for window in windows
        for asked in ((), seen.ALL_PURPOSES, seen.ALL_PURPOSES[1:])
        for can in (True, False)
        for item in (seen.item(), None)
    ]


def ballot_cards(voice: Voice) -> list[Card]:
    return [
        ballot_card(voice, seen.ballot(vote, own=own, own_opinion=opinion, unit=unit, is_elector=is_elector))
        for vote in VOTES
        for own in (None, *vote.options)
        for opinion in (("", OPINION) if own is Option.OTHER else ("",))
        for unit in (None, "Đ" * 100)
        for is_elector in (True, False)
    ]


def panel_cards(voice: Voice) -> list[Card]:
    views = [
        seen.panel(meeting=meeting, roles=frozenset(roles))
        for meeting in MEETINGS
        for roles in ({Role.CHAIR}, {Role.SECRETARY}, {Role.ORGANISER}, seen.EVERYBODY)
    ]
    everybody = seen.panel(roles=seen.EVERYBODY, is_attendee=False, missing=("N" * 100,) * 48)
    views += [replace(everybody, votes=(vote,)) for vote in VOTES]
    views += [replace(everybody, open_vote=vote) for vote in VOTES if vote.state.value in {"open", "paused"}]
    views += [replace(everybody, current_item=item) for item in [*ITEMS, None]]
    views += [replace(everybody, statement=None, current_item=item) for item in ITEMS]
    views += [replace(everybody, statement=None, preliminary=seen.PRELIMINARY)]
    views += [replace(everybody, is_method_adopted=False, attendance=seen.attendance(present=3))]
    views += [replace(everybody, next_item=None, items_done=12), replace(everybody, next_item=None)]
    return [panel_card(voice, view) for view in views]


def agenda_cards(voice: Voice) -> list[Card]:
    agenda = [
        AgendaView(meeting, items) for meeting in MEETINGS for items in ((), tuple(ITEMS), (LONG_ITEM,) * 30)
    ]
    cards = [
        agenda_card(voice, view, page, roles=roles)
        for view in agenda
        for page in (0, 99)
        for roles in ((), seen.EVERYBODY)
    ]
    cards += [joint_card(voice, view, vote) for view in agenda for vote in VOTES[:2]]
    cards += text_cards(voice)
    return cards + [
        item_card(voice, meeting, item, roles=seen.EVERYBODY) for meeting in MEETINGS for item in ITEMS
    ]


def text_cards(voice: Voice) -> list[Card]:
    long = "\n".join(["Điều 1. Đoàn viên phấn đấu đạt 90% chỉ tiêu."] * 400)
    article = " ".join(["Điều"] * 4_000)
    lines = [("",), ("Điều 1.", "Điều 1 (sửa).\nĐiều 2."), (long, long.replace("90", "95"), article)]
    views = [
        TextView(
            meeting,
            item,
            tuple(
                VersionView(
                    item.item_id, item.number, number, text, "Đ" * 2_000, 12, "T" * 116 + ".pdf", seen.AT
                )
                for number, text in enumerate(line, 1)
            ),
        )
        for meeting, item, line in (
            *(
                (meeting, seen.item(), line)
                for meeting in (seen.meeting(papers=1), seen.CLOSED)
                for line in lines[:2]
            ),
            (seen.meeting(papers=1), LONG_ITEM, lines[2]),
        )
    ]
    return [
        *(
            text_card(voice, view, version, page, roles=roles)
            for view in views
            for version in view.versions
            for page in (0, 1, 99)
            for roles in ((), seen.EVERYBODY)
        ),
        *(
            changes_card(voice, view, earlier, view.newest, page)
            for view in views
            for earlier in view.versions
            for page in (0, 1, 99)
        ),
        *(
            text_papers_card(voice, PapersView(seen.meeting(), (LONG_ITEM,), papers), LONG_ITEM, page)
            for papers in ((), (PAPER,) * 20)
            for page in (0, 1)
        ),
    ]


def roll_cards(voice: Voice) -> list[Card]:
    rolls = [
        RollView(meeting, seen.attendance(), people)
        for meeting in MEETINGS
        for people in ((), (LONG_PERSON,) * 30, (seen.PRESENT, seen.attendee(standing=Standing.GUEST)))
    ]
    people = (LONG_PERSON, seen.PRESENT, seen.attendee(presence=Presence.LEFT, left_at=seen.AT))
    electors = tuple(
        seen.elector(name="N" * 100, unit="Đ" * 100, option=option, opinion=OPINION, source=Source.SECRETARY)
        for option in (None, *Option)
    )
    votes = [
        VoteRollView(seen.meeting(), vote, electors * 5, latecomers)
        for vote in VOTES
        for latecomers in ((), (LONG_PERSON,) * 50)
    ]
    return [
        *(roll_card(voice, view, page) for view in rolls for page in (0, 99)),
        *(attendee_card(voice, meeting, one) for meeting in MEETINGS for one in people),
        *(vote_roll_card(voice, view, page) for view in votes for page in (0, 1, 99)),
        *(elector_card(voice, view, one) for view in votes for one in electors),
        *(found_attendees_card(voice, view, view.attendees) for view in rolls),
        *(found_electors_card(voice, view, view.electors) for view in votes),
        *(latecomers_card(voice, view) for view in votes),
        *(invitations_card(voice, LONG, ways, 0, SHARED, waiting=3) for ways in ((), (WAY,) * 12)),
        *(role_card(voice, role, replace(WAY, name="", unit="")) for role in (*Role, None)),
    ]  # fmt: skip


def results(items: Sequence[tuple[ItemView, VoteView | None]], meeting: MeetingView) -> ResultsView:
    return ResultsView(meeting, seen.attendance(), seen.STATED, tuple(ItemResult(*one) for one in items))


def summaries(voice: Voice) -> list[Card]:
    counted = seen.item(decision=Decision.ADOPTED, is_counted=True)
    long_counted = replace(LONG_ITEM, decision=Decision.ADOPTED, is_counted=True)
    return [
        summary_card(voice, results([], seen.CLOSED)),
        summary_card(voice, replace(results([], LONG), statement=None)),
        summary_card(voice, results([(counted, seen.ANNOUNCED)] * 3, seen.CLOSED)),
        summary_card(voice, results([(long_counted, seen.ANNOUNCED)] * 20, LONG)),
        summary_card(voice, results([(item, None) for item in ITEMS], seen.CLOSED)),
    ]


def other_cards(voice: Voice) -> list[Card]:
    panel = seen.panel(meeting=LONG, roles=seen.EVERYBODY)
    seats = [
        seen.seat(seen.attendee(standing=standing), meeting=meeting)
        for standing in Standing
        for meeting in (LONG, seen.PLANNED, seen.CLOSED)
    ]
    line = MeetingLine(7, "T" * 300, seen.AT, "Asia/Tokyo", MeetingState.PLANNED)
    homes = [HomeView(1, "C" * 300, "N" * 100, (line,) * count) for count in (0, 1, 30)]
    homes += [replace(homes[0], meetings=(replace(line, state=state),)) for state in MeetingState]
    return [
        *(home_card(voice, view) for view in homes),
        *(result_card(voice, meeting, vote) for meeting in MEETINGS for vote in (seen.ANNOUNCED, VOTES[10])),
        *(item_decided_card(voice, LONG, item) for item in ITEMS),
        *(check_in_opened_card(voice, meeting) for meeting in MEETINGS),
        moved_away_card(voice),
        *(all_voted_card(voice, vote) for vote in VOTES),
        *(vote_paused_card(voice, vote) for vote in VOTES),
        quorum_lost_card(voice, LONG, 31, 48),
        *(
            help_card(voice, view, seat, ballots, is_organiser=is_organiser)
            for view in (None, panel)
            for seat in (None, *seats)
            for ballots in ((), (seen.ballot(),), (seen.ballot(own=Option.OTHER), seen.ballot()))
            for is_organiser in (True, False)
        ),
        template_card(voice, 1),
        *(workbook_card(voice, 1, 3, is_given=is_given) for is_given in (True, False)),
        yes_no_card(voice, "Cơ quan có công đoàn cơ sở không?", 3),
        sure_card(voice, "Về ngay?", "Về ngay", ReplyComing(7)),
        question_card(voice, "Tên hội nghị?", 3, limit=300, example="Hội nghị năm 2022", is_long=True),
        plan_card(voice, PLAN, ["W" * 400] * 30, 4),
        plan_card(voice, replace(PLAN, headcount=None, attendees=()), [], 4),
        problems_card(voice, ["P" * 400] * 30, 250, 3),
    ]  # fmt: skip


def task_cards(voice: Voice) -> list[Card]:
    """Tasks as long as they may be, with all that can become of them."""
    item, day = LONG_ITEM, seen.AT.date()
    task = TaskView(
        5, 1, 7, item.item_id, "V" * 400 + "\n" + "V" * 99, "N" * 200, 3, day, seen.AT, None, None
    )
    tasks = (task, replace(task, done_at=seen.AT), replace(task, withdrawn_at=seen.AT), task) * 50
    views = [TasksView(LONG, (item,), some) for some in ((), tasks)]
    own = [OwnTaskView(task, "T" * 300, "Asia/Tokyo")] * 30
    seats = [(number, "N" * 200) for number in range(8)]
    return [
        *(tasks_card(voice, view, page, day) for view in views for page in (0, 99)),
        *(
            task_card(voice, LONG, one, of, day, may_manage=may_manage)
            for one in tasks[:4]
            for of in (item, None)
            for may_manage in (True, False)
        ),
        *(own_tasks_card(voice, some, 0, {"Asia/Tokyo": day}) for some in ((), own)),
        owner_card(voice, "N" * 100, seats, 3),
        task_preview_card(voice, "V" * 500, "N" * 200, day, 3),
        task_given_card(voice, LONG, task),
        *(task_due_card(voice, LONG, task, part, is_own=own) for part in PARTS for own in (True, False)),
        task_done_card(voice, LONG, task),
        task_withdrawn_card(voice, LONG, task),
    ]


def title_cards(voice: Voice) -> list[Card]:
    title = TitleView(
        title_id=2**31 - 1,
        organisation_id=1,
        meeting_id=7,
        item_id=None,
        title="D" * 300,
        number="S" * 100,
        decided_on=seen.AT.date(),
        issuer="C" * 300,
        quota=Quota(15, 100, "Đ" * 300),
        counts=TitleCounts(600, 1_000),
        announced_at=None,
        withdrawn_at=None,
    )
    bare = replace(title, number="", decided_on=None, issuer="", quota=None, counts=TitleCounts())
    base = replace(bare, title="Đ" * 300, counts=TitleCounts(0, 6_000))
    announced = replace(base, announced_at=seen.AT)
    many = (title,) * 30
    item = seen.item(kind=ItemKind.COMMENDATION, title="N" * 300)
    agendas = [(), (item,), (replace(item, item_id=8),)]
    views = [
        TitlesView(meeting, items, titles)
        for meeting in MEETINGS
        for items in agendas
        for titles in ((), (bare,), many, (title, base, announced))
    ]
    recipients = [
        RecipientView(2**31 - 1, 1, kind, "N" * 200, "Đ" * 200, person)
        for kind in RecipientKind
        for person in (None, 3)
    ] * 9
    roles = [seen.EVERYBODY, {Role.SECRETARY}, {Role.CHAIR}]
    return [
        *(titles_card(voice, view, page, roles=held) for view in views for page in (0, 99) for held in roles),
        *(
            title_card(voice, view, one, some, 0, roles=held)
            for view in views[:12]
            for one in (title, bare, announced, replace(base, withdrawn_at=seen.AT))
            for some in ((), recipients)
            for held in roles[:2]
        ),
        edit_card(voice, title),
        *(
            meant_card(voice, kind, "N" * 200, ["N" * 200] * offered, 1, total, 3)
            for kind in RecipientKind
            for offered in (0, 8)
            for total in (1, 9)
        ),
        *(
            announce_sure_card(voice, AnnounceTitles(7, 0, "a" * 16), some, some)
            for some in (many, (title, base), (base,))
        ),
        *(titles_announced_card(voice, LONG, item, some) for some in (many, (title,), (bare, base))),
        *(title_given_card(voice, LONG, "N" * 200, some) for some in (many, (bare,))),
        *(
            panel_card(voice, seen.panel(roles=seen.EVERYBODY, current_item=item, titles=some))
            for some in ((), many, (title, base, announced))
        ),
    ]


def mailing_cards(voice: Voice) -> list[Card]:
    names = ("N" * 100,) * 20
    mailing = MailingView(
        mailing_id=4,
        meeting=LONG,
        kind=PostKind.ANNOUNCEMENT,
        made_at=seen.AT,
        cancelled_at=None,
        total=3_000,
        sent=1_200,
        left=1_600,
        failed=120,
        uncertain=80,
        withdrawn=0,
        not_reached=names,
        perhaps_reached=names,
    )
    mailings = [
        mailing,
        replace(mailing, left=0, kind=PostKind.SUMMARY),
        replace(mailing, left=0, withdrawn=1_600, cancelled_at=seen.AT, kind=PostKind.CHECK_IN_OPENED),
        replace(mailing, total=0, sent=0, left=0, failed=0, uncertain=0, not_reached=(), perhaps_reached=()),
    ]
    lost = [
        UnreachableView(12, 3, "N" * 100, unit, "telegram", reason, phone, others)
        for unit in ("Đ" * 100, None)
        for reason in (*GoneReason, None)
        for phone in ("+84912345678", None)
        for others in (("web", "zalo"), ())
    ]
    text = "\n".join(["T" * 100] * 20)
    return [
        *(mailing_card(voice, view) for view in mailings),
        *(reach_card(voice, ReachView(LONG, tuple(people))) for people in (lost, lost[::-1], lost[:1], [])),
        announcement_card(voice, LONG, text),
        announcement_preview_card(voice, LONG.title, text, {"telegram": 2_900, "web": 40}, 60, 3),
        announcement_preview_card(voice, LONG.title, text, {}, 3_000, 3),
    ]


GROUPS: dict[str, Callable[[Voice], list[Card]]] = {
    "attendance": attendance_cards,
    "identity": identity_cards,
    "ballots": ballot_cards,
    "panels": panel_cards,
    "agendas": agenda_cards,
    "rolls": roll_cards,
    "mailings": mailing_cards,
    "tasks": task_cards,
    "titles": title_cards,
    "summaries": summaries,
    "others": other_cards,
}
VOICES = [Voice("en"), *(Voice("vi", address=address) for address in Address)]


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: f"{voice.language}-{voice.address}")
def test_every_card_fits_every_platform_and_is_whole(voice: Voice, group: str) -> None:
    with structlog.testing.capture_logs() as logs:
        cards = GROUPS[group](voice)
    assert cards
    assert logs == []  # nothing untranslated
    for card in cards:
        text = seen.whole(card)
        assert 0 < len(text) <= 4_096
        assert all(line == line.strip() for line in text.split("\n"))
        assert not re.search(r"%\(|\bNone\b|\{\w*\}|[a-z]_[a-z]|\(\)|, ?\.|\.\.", text)
        for bar in card.lines:
            assert not isinstance(bar, Bar) or 0 <= bar.count <= bar.base
        for row in card.choices:
            assert 0 < len(row) <= 3
            for choice in row:
                assert 0 < len(choice.label) <= LABEL_LIMIT
                assert isinstance(choice, Do | ShareContact)
                assert isinstance(choice, ShareContact) or len(encode(choice.action)) <= 64


@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: f"{voice.language}-{voice.address}")
def test_a_member_never_has_more_than_three_rows_of_buttons(voice: Voice) -> None:
    assert max(len(card.choices) for card in attendance_cards(voice) + ballot_cards(voice)) == 3


@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: f"{voice.language}-{voice.address}")
def test_no_two_buttons_of_a_card_look_alike(voice: Voice) -> None:
    for card in attendance_cards(voice) + ballot_cards(voice) + panel_cards(voice):
        seen.buttons(card)


def test_a_label_that_is_too_long_is_cut_with_an_ellipsis() -> None:
    assert button("N" * 40, ReplyComing(1)).label == "N" * 40
    assert button("N" * 41, ReplyComing(1)).label == "N" * 39 + "…"


def test_the_other_languages_cards_say_the_same_with_other_words() -> None:
    vietnamese, english = ballot_cards(Voice()), ballot_cards(Voice("en"))
    for one, other in zip(vietnamese, english, strict=True):
        assert [[choice.action for choice in row if isinstance(choice, Do)] for row in one.choices] == [
            [choice.action for choice in row if isinstance(choice, Do)] for row in other.choices
        ]
        assert seen.whole(one) != seen.whole(other)


def test_the_summary_as_a_document_shows_typed_text_as_it_is() -> None:
    item = seen.item(
        title="*Quy chế* [a](b) <script>",
        decision=Decision.ADOPTED_WITH_ADDITIONS,
        additions=("# thêm\nhai",),
    )
    text = summary_markdown(Voice(), results([(item, None)], seen.CLOSED))
    assert "\\*Quy chế\\* \\[a\\](b) \\<script\\>" in text
    assert "- \\# thêm hai" in text
    assert "cơ bản nhất trí, bổ sung 01 nội dung (không kiểm đếm)" in text


def test_the_summary_as_a_document_holds_every_result_in_full() -> None:
    counted = seen.item(decision=Decision.ADOPTED, is_counted=True)
    text = summary_markdown(Voice(), results([(counted, seen.ANNOUNCED)] * 40, seen.CLOSED))
    assert text.startswith("# Hội nghị cán bộ, công chức và người lao động năm 2022\n\n")
    assert text.count("40/46 đại biểu có mặt tán thành (đạt 86,96%)") == 40
    assert "Biểu quyết 5, lượt 1, qua tin nhắn và trang web, từ 14:00 đến 14:00." in text
    assert "có mặt: 46/48 (đạt 95,83%)" in text
    assert "Bản tổng hợp để trình ký" in text


def test_a_vote_by_hands_shows_how_it_was_taken() -> None:
    announced = replace(seen.ANNOUNCED, method=Method.HANDS)
    counted = seen.item(decision=Decision.ADOPTED, is_counted=True)
    assert "giơ tay, có kiểm đếm" in summary_markdown(Voice(), results([(counted, announced)], seen.CLOSED))
