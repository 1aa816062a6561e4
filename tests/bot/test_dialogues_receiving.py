"""The front door: every button has its place, forged ones do nothing, nobody is left without an answer."""

import dataclasses
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel, select

from bot import actions
from bot.actions import Action, decode, encode
from bot.dialogues.receiving import ROUTES
from bot.platforms.base import Body, File, Joined, Left, Tap, Text
from meeting.agenda import Direction, ItemKind
from meeting.opinions import OpinionState
from meeting.people import Purpose, Role
from meeting.plan import PlannedItem
from meeting.pledges import ConfirmationState, PledgeKind
from meeting.regimes import Template
from meeting.scoring import SheetKind
from meeting.speaking import SpeechKind
from meeting.titles import RecipientKind
from meeting.voting import Method, Option
from storage.database import Database
from tests.bot.chatting import SIZE_LIMIT, Chat, Hall, Stage, is_heard
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, Journey, plan

ITEMS = (PlannedItem("Báo cáo", ItemKind.REPORT), PlannedItem("Nghị quyết", ItemKind.DOCUMENT))
KINDS = [
    kind
    for kind in vars(actions).values()
    if isinstance(kind, type) and issubclass(kind, Action) and kind is not Action
]

FROZEN = {
    "v1:vote:7:yes": actions.CastVote(7, Option.YES),
    "v1:opinion:7": actions.AddOpinion(7),
    "v1:text:3:0:1": actions.ShowText(3, 0, 1),
    "v1:changes:3:1:2:0": actions.ShowChanges(3, 1, 2, 0),
    "v1:wordtext:3": actions.WordText(3),
    "v1:addtext:3": actions.AddToText(3),
    "v1:textpapers:3:0": actions.ChooseTextPaper(3, 0),
    "v1:quotepaper:3:8": actions.QuotePaper(3, 8),
    "v1:restoretext:3:1:2": actions.RestoreText(3, 1, 2),
    "v1:textitems:3:0": actions.ChooseTextItem(3, 0),
    "v1:copytext:3:4": actions.CopyText(3, 4),
    "v1:advisory:3:1": actions.SetAdvisory(3, 1),
    "v1:titles:2:0": actions.ShowTitles(2, 0),
    "v1:title:6:0": actions.ShowTitle(6, 0),
    "v1:addtitle:2": actions.AddTitle(2),
    "v1:edittitle:6": actions.EditTitle(6),
    "v1:settitle:6:quota": actions.ChangeTitle(6, actions.TitleField.QUOTA),
    "v1:withdrawtitle:6:1": actions.WithdrawTitle(6, 1),
    "v1:recipients:6:individual": actions.AddRecipients(6, RecipientKind.INDIVIDUAL),
    "v1:unrecipient:9:0": actions.RemoveRecipient(9, 0),
    "v1:commend:2": actions.AddCommendation(2),
    "v1:announcetitles:3:0:61a0": actions.AnnounceTitles(3, 0, "61a0"),
    "v1:prepare:3:chat": actions.PrepareVote(3, Method.CHAT),
    "v1:joint:7": actions.ShowJoint(7),
    "v1:joinvote:7:3": actions.JoinVote(7, 3),
    "v1:openvote:7:5": actions.OpenVote(7, 5),
    "v1:schedulevote:7": actions.ScheduleVote(7),
    "v1:unschedulevote:7": actions.UnscheduleVote(7),
    "v1:pause:7": actions.PauseVote(7),
    "v1:resume:7": actions.ResumeVote(7),
    "v1:extend:7:2": actions.ExtendVote(7, 2),
    "v1:closevote:7:1": actions.CloseVote(7, 1),
    "v1:reopen:7": actions.ReopenVote(7),
    "v1:announce:7": actions.AnnounceVote(7),
    "v1:cancelvote:7": actions.CancelVote(7),
    "v1:repeat:7": actions.RepeatVote(7),
    "v1:split:7": actions.SplitVote(7),
    "v1:hands:7": actions.EnterHands(7),
    "v1:missing:7:0": actions.ShowMissing(7, 0),
    "v1:findelector:7": actions.FindElector(7),
    "v1:elector:7:48": actions.ShowElector(7, 48),
    "v1:castfor:7:48:other": actions.CastFor(7, 48, Option.OTHER),
    "v1:latecomers:7": actions.ShowLatecomers(7),
    "v1:admit:7:12": actions.AdmitElector(7, 12),
    "v1:goto:3": actions.GoToItem(3),
    "v1:next:1:3": actions.NextItem(1, 3),
    "v1:agenda:1:0": actions.ShowAgenda(1, 0),
    "v1:item:3": actions.ShowItem(3),
    "v1:additem:1": actions.AddItem(1),
    "v1:rename:3": actions.RenameItem(3),
    "v1:move:3:up": actions.MoveItem(3, Direction.UP),
    "v1:skip:3": actions.SkipItem(3),
    "v1:note:3": actions.NoteItem(3),
    "v1:retake:3": actions.RetakeItem(3),
    "v1:adopt:3:1": actions.AdoptItem(3, 1),
    "v1:coming:1": actions.ReplyComing(1),
    "v1:absent:1": actions.ReplyAbsent(1),
    "v1:substitute:1": actions.ReplySubstitute(1),
    "v1:checkin:1": actions.CheckIn(1),
    "v1:leave:1:0": actions.LeaveMeeting(1, 0),
    "v1:opencheckin:1": actions.OpenCheckIn(1),
    "v1:schedulecheckin:1": actions.ScheduleCheckIn(1),
    "v1:closecheckin:1": actions.CloseCheckIn(1),
    "v1:roll:1:0": actions.ShowRoll(1, 0),
    "v1:findattendee:1": actions.FindAttendee(1),
    "v1:attendee:12": actions.ShowAttendee(12),
    "v1:checkinfor:12": actions.CheckInFor(12),
    "v1:left:12": actions.MarkLeft(12),
    "v1:excused:12": actions.MarkExcused(12),
    "v1:addattendee:1": actions.AddAttendee(1),
    "v1:preliminary:1": actions.StatePreliminary(1),
    "v1:state:1:46": actions.StateAttendance(1, 46),
    "v1:papers:1:3:0": actions.ShowPapers(1, 3, 0),
    "v1:getpaper:9": actions.GetPaper(9),
    "v1:addpapers:1:3": actions.AddPapers(1, 3),
    "v1:paper:9": actions.ShowPaper(9),
    "v1:replacepaper:9": actions.ReplacePaper(9),
    "v1:withdrawpaper:9:1": actions.WithdrawPaper(9, 1),
    "v1:handout:1:1": actions.HandOutPapers(1, 1),
    "v1:usefiles:4:1:3": actions.UseFiles(4, 1, 3),
    "v1:filesmeeting:4:1": actions.ChooseFilesMeeting(4, 1),
    "v1:useasworkbook:4": actions.UseAsWorkbook(4),
    "v1:home": actions.ShowHome(),
    "v1:messages:1": actions.ShowMessages(1),
    "v1:ownpage": actions.ShowOwnPage(),
    "v1:overview:1:2026": actions.ShowOverview(1, 2026),
    "v1:news:7": actions.DraftNews(7),
    "v1:newmeeting:1": actions.NewMeeting(1),
    "v1:template:1:giao-uoc": actions.ChooseTemplate(1, Template.GIAO_UOC),
    "v1:yesno:4:1": actions.AnswerYesNo(4, 1),
    "v1:choose:4:12": actions.ChooseAnswer(4, 12),
    "v1:workbook:1:cbccvc": actions.GetWorkbook(1, Template.CBCCVC),
    "v1:import:1": actions.ImportWorkbook(1),
    "v1:confirmplan:4": actions.ConfirmPlan(4),
    "v1:giveup:4": actions.CancelDialogue(4),
    "v1:skipquestion:4": actions.SkipQuestion(4),
    "v1:meeting:1": actions.ShowMeeting(1),
    "v1:tools:1": actions.ShowTools(1),
    "v1:openmeeting:1": actions.OpenMeeting(1),
    "v1:closemeeting:1:0": actions.CloseMeeting(1, 0),
    "v1:movemeeting:1": actions.MoveMeeting(1),
    "v1:cancelmeeting:1": actions.CancelMeeting(1),
    "v1:summons:1": actions.SendSummons(1),
    "v1:approve:1:0": actions.ApproveSummons(1, 0),
    "v1:setapproval:1:1": actions.SetApproval(1, 1),
    "v1:inviterole:1:chair": actions.InviteRole(1, Role.CHAIR),
    "v1:invitations:1:0": actions.ShowInvitations(1, 0),
    "v1:attend:1": actions.AttendOneself(1),
    "v1:renew:12:0": actions.RenewInvitation(12, 0),
    "v1:renewshared:1:0": actions.RenewSharedLink(1, 0),
    "v1:slips:1": actions.GetSlips(1),
    "v1:unbind:12:telegram:1": actions.UnbindAccount(12, "telegram", 1),
    "v1:criteria:3": actions.EnterCriteria(3),
    "v1:showcriteria:5:0": actions.ShowCriteria(5, 0),
    "v1:scoring:5": actions.ShowScoring(5),
    "v1:openscoring:5": actions.OpenScoring(5),
    "v1:endscoring:5:1": actions.EndScoring(5, 1),
    "v1:sheet:5:self:4:0": actions.ShowSheet(5, SheetKind.SELF, 4, 0),
    "v1:score:5:cross:4:9": actions.EnterScore(5, SheetKind.CROSS, 4, 9),
    "v1:handin:5:self:4": actions.HandInSheet(5, SheetKind.SELF, 4),
    "v1:getsheet:5:self:4": actions.GetSheet(5, SheetKind.SELF, 4),
    "v1:sheets:5:verified:0": actions.ShowSheets(5, SheetKind.VERIFIED, 0),
    "v1:verify:5:4:0": actions.ShowVerifying(5, 4, 0),
    "v1:changescore:5:4:9": actions.ChangeScore(5, 4, 9),
    "v1:verified:5:4:0a1b2c3d4e5f6071": actions.VerifySheet(5, 4, "0a1b2c3d4e5f6071"),
    "v1:ranking:5": actions.ShowRanking(5),
    "v1:getranking:5": actions.GetRanking(5),
    "v1:putranking:5:3": actions.PutRanking(5, 3),
    "v1:takebackranking:5:1": actions.TakeBackRanking(5, 1),
    "v1:tasks:1:0": actions.ShowTasks(1, 0),
    "v1:task:5": actions.ShowTask(5),
    "v1:owntasks:0": actions.ShowOwnTasks(0),
    "v1:givetask:1:7": actions.GiveTask(1, 7),
    "v1:pledge:4": actions.ShowPledge(4),
    "v1:newpledge:3": actions.PlanPledge(3),
    "v1:makepledge:3:cluster": actions.SetUpPledge(3, PledgeKind.CLUSTER),
    "v1:droppledge:4:0": actions.RemovePledge(4, 0),
    "v1:parties:4:1": actions.ShowParties(4, 1),
    "v1:party:9": actions.ShowParty(9),
    "v1:addparty:4": actions.AddParty(4),
    "v1:renameparty:9": actions.RenameParty(9),
    "v1:moveparty:9:up": actions.MoveParty(9, Direction.UP),
    "v1:dropparty:9:1": actions.RemoveParty(9, 1),
    "v1:signer:9:1": actions.NameSigner(9, 1),
    "v1:witness:4": actions.SetWitness(4),
    "v1:pledgeway:4:1:0": actions.SetPledgeWay(4, 1, 0),
    "v1:freeze:4:2:1": actions.FreezePledge(4, 2, 1),
    "v1:thaw:4:0": actions.StopPledge(4, 0),
    "v1:confirmpledge:9:2:0123456789abcdef:1": actions.ConfirmPledge(9, 2, "0123456789abcdef", 1),
    "v1:signed:4:0:signed_on_paper": actions.EnterSignatures(4, 0, ConfirmationState.SIGNED_ON_PAPER),
    "v1:unsigned:9:0": actions.WithdrawSignature(9, 0),
    "v1:opinions:1:7:0": actions.ShowOpinions(1, 7, 0),
    "v1:oneopinion:5": actions.ShowOpinion(5),
    "v1:sayopinion:1:7": actions.SendOpinion(1, 7),
    "v1:enteropinion:1:0": actions.EnterOpinion(1, 0),
    "v1:decideopinion:5:taken_up": actions.DecideOpinion(5, OpinionState.TAKEN_UP),
    "v1:sortopinion:5": actions.SortOpinion(5),
    "v1:mergeopinion:5": actions.MergeOpinion(5),
    "v1:hideopinion:5": actions.HideOpinion(5),
    "v1:restoreopinion:5": actions.RestoreOpinion(5),
    "v1:opiniontable:1": actions.GetOpinionTable(1),
    "v1:takeopinions:1": actions.TakeOpinionTable(1),
    "v1:taskdone:5": actions.FinishTask(5),
    "v1:withdrawtask:5:0": actions.WithdrawTask(5, 0),
    "v1:askfloor:1:7": actions.AskFloor(1, 7),
    "v1:turntopic:5": actions.StateTopic(5),
    "v1:withdrawturn:5:0": actions.WithdrawTurn(5, 0),
    "v1:floor:1:0": actions.ShowFloor(1, 0),
    "v1:turn:5": actions.ShowTurn(5),
    "v1:callturn:5:1": actions.CallSpeaker(5, 1),
    "v1:endturn:5:1": actions.FinishSpeaking(5, 1),
    "v1:passturn:5": actions.PassOver(5),
    "v1:moveturn:5:up": actions.MoveTurn(5, Direction.UP),
    "v1:enterturn:1": actions.EnterTurn(1),
    "v1:showminutes:1": actions.ShowFloorMinutes(1),
    "v1:floorminutes:1:5": actions.SetFloorMinutes(1, 5),
    "v1:speeches:1:0": actions.ShowSpeeches(1, 0),
    "v1:speech:5": actions.ShowSpeech(5),
    "v1:addspeech:1:0:directive": actions.AddSpeech(1, 0, SpeechKind.DIRECTIVE),
    "v1:speechtext:5": actions.CorrectSpeech(5),
    "v1:speechspeaker:5": actions.CorrectSpeaker(5),
    "v1:withdrawspeech:5:0": actions.WithdrawSpeech(5, 0),
    "v1:claims:1": actions.ShowClaims(1),
    "v1:claim:5": actions.ShowClaim(5),
    "v1:acceptclaim:5:12:0": actions.AcceptClaim(5, 12, 0),
    "v1:declineclaim:5": actions.DeclineClaim(5),
    "v1:findclaimant:5": actions.FindClaimant(5),
    "v1:invitegroup:1:0": actions.InviteGroup(1, 0),
    "v1:rebindgroup:1": actions.RebindGroup(1),
    "v1:unbindgroup:3:0": actions.UnbindGroup(3, 0),
    "v1:announcement:1": actions.SendAnnouncement(1),
    "v1:stopmailing:4": actions.CancelMailing(4),
    "v1:reminders:1:0": actions.ShowReminders(1, 0),
    "v1:reminder:6:0": actions.ShowReminder(6, 0),
    "v1:summoned:1:0": actions.ShowSummoned(1, 0),
    "v1:tryreminder:6": actions.TryReminder(6),
    "v1:trysummons:1": actions.TrySummons(1),
    "v1:sendreminder:6:0": actions.SendReminder(6, 0),
    "v1:skipreminder:6:1": actions.SkipReminder(6, 1),
    "v1:remindersettings:1": actions.ShowReminderSettings(1),
    "v1:setreminder:1:1440:1": actions.SetReminder(1, 1440, 1),
    "v1:typereminders:1": actions.TypeReminders(1),
    "v1:unreachable:1": actions.ShowUnreachable(1),
    "v1:consent:1:contact:1": actions.GiveConsent(1, Purpose.CONTACT, 1),
    "v1:wrongperson:1": actions.ReportWrongPerson(1),
    "v1:language:en": actions.SetLanguage("en"),
    "v1:asktimezone": actions.AskTimezone(),
    "v1:timezone:4:Asia/Tokyo": actions.SetTimezone(4, "Asia/Tokyo"),
    "v1:help": actions.ShowHelp(),
}
"""Buttons as they stand in chats: their strings mean the same in every later release."""


# The buttons


def test_every_button_has_its_place_or_belongs_to_the_pending_question() -> None:
    of_questions = {
        actions.AnswerYesNo,
        actions.ChooseAnswer,
        actions.SkipQuestion,
        actions.ConfirmPlan,
        actions.CancelDialogue,
    }
    assert set(KINDS) - ROUTES.keys() == of_questions


def test_buttons_that_were_ever_sent_keep_their_meaning() -> None:
    assert {text: decode(text) for text in FROZEN} == FROZEN
    assert {type(action) for action in FROZEN.values()} == set(KINDS), "every button is held here"
    assert {encode(action): action for action in FROZEN.values()} == FROZEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v1",
        "v1:",
        "v2:home",
        "home",
        "v1:home:1",
        "v1:vote:7",
        "v1:vote:7:yes:1",
        "v1:vote:seven:yes",
        "v1:vote:٧:yes",
        "v1:vote:-7:yes",
        "v1:vote:7.0:yes",
        "v1:vote:99999999999:yes",
        "v1:vote:7:maybe",
        "v1:template:1:wedding",
        "v1:language:" + "x" * 60,
        "V1:HOME",
        " v1:home",
    ],
)
def test_what_is_no_button_is_none(text: str) -> None:
    assert decode(text) is None


# Forged buttons


def forged(ids: dict[str, int]) -> Iterator[Action]:
    """Every button with the ids of a meeting, with two of the choices it may name, and 0 and 1 as flags."""
    for kind in KINDS:
        for flag in (0, 1):
            values: dict[str, Any] = {}
            for name, wanted in get_type_hints(kind).items():
                if wanted is int:
                    values[name] = ids.get(name, flag)
                else:
                    values[name] = "en" if wanted is str else list(wanted)[flag]
            yield kind(**values)


async def ids_of(journey: Journey, vote_id: int) -> dict[str, int]:
    electors = await journey.electors(vote_id)
    return {
        "organisation_id": journey.organisation_id,
        "meeting_id": journey.meeting_id,
        "item_id": journey.items[0],
        "vote_id": vote_id,
        "attendee_id": journey.attendees["Lê Bình"],
        "elector_id": electors["Lê Bình"].elector_id,
    }


async def rows_of(hall: Hall, organisation_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """All that is stored of an organisation."""
    tables = SQLModel.metadata.tables.values()
    async with hall.database.snapshot() as tx:
        return {
            table.name: sorted(
                (
                    tuple(row)
                    for row in await tx.exec(
                        select(*table.columns).where(table.c.organisation_id == organisation_id)
                    )
                ),
                key=repr,
            )
            for table in tables
            if "organisation_id" in table.columns
        }


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        hall = await Hall.opened(database, plan(["Trần An", "Lê Bình"], ITEMS))
        await hall.journey.open_vote(0)
        return hall

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An open meeting with a vote that runs."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def neighbours(hall: Hall) -> tuple[Chat, Chat]:
    """The organiser and an attendee of another organisation."""
    organiser, member = hall.chat("Hồ Hàng Xóm"), hall.chat("Mai Hàng Xóm")
    await organiser.opens(await hall.founder_code())
    await organiser.says("Sở Hàng xóm")
    await organiser.says("Hồ Hàng Xóm")
    await organiser.taps("Tạo hội nghị")
    await organiser.taps("Hội nghị khác")
    for answer in ("Họp", "14:00 31/12/2026", "Phòng họp", "Mai Hàng Xóm"):
        await organiser.says(answer)
    await organiser.taps("Lưu hội nghị")
    await organiser.taps("Giấy mời")
    # The shared link stands first, then the personal ones.
    links = [line for line in organiser.told.splitlines() if line.startswith("Web:")]
    await member.says(links[-1].split()[-1])
    assert "Đã liên kết" in member.answer.notice
    return organiser, member


async def test_buttons_of_another_organisation_change_nothing_and_tell_nothing(hall: Hall) -> None:
    organiser, member = await neighbours(hall)
    stranger = hall.chat("Người lạ")
    ids = await ids_of(hall.journey, 1)
    before = await rows_of(hall, 1)
    for person in (organiser, member, stranger):
        for action in forged(ids):
            await person.forges(action)
            assert is_heard(person.answer), action
            assert "Lê Bình" not in person.told, action
            assert "Báo cáo" not in person.told, action
        assert await rows_of(hall, 1) == before


async def test_an_attendee_does_only_what_is_ones_own(hall: Hall) -> None:
    """A member of the meeting forges every button: what is left of it is the own reply, vote and leave."""
    an = hall.chat("Trần An")
    ids = await ids_of(hall.journey, 1)
    before, meeting = await rows_of(hall, 1), await hall.journey.meeting()
    for action in forged(ids):
        await an.forges(action)
        assert is_heard(an.answer), action
    assert await hall.journey.meeting() == meeting
    after = await rows_of(hall, 1)
    changed = {name for name, rows in after.items() if rows != before[name]}
    own = {"attendee", "ballot", "binding", "consent", "live_card", "person"}
    assert changed <= own | {"record_entry", "post", "meeting"}, "of the meeting, that it lost its quorum"
    for name in ("attendee", "person"):
        others = [row for row in before[name] if row not in after[name]]
        assert len(others) <= 1, "one's own row"
    assert not set(await hall.journey.acts()) & {"vote_closed", "meeting_closed", "item_decided"}


# Whatever comes in


NUMBERS = st.one_of(st.integers(0, 12), st.just(2**31 - 1), st.just(2**31), st.just(10**30))
VALUES: dict[Any, st.SearchStrategy[Any]] = {int: NUMBERS, str: st.sampled_from(["vi", "en", "xx", ""])}


@st.composite
def action_strings(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(KINDS))
    hints = get_type_hints(kind)
    values = [
        draw(VALUES[wanted] if wanted in VALUES else st.sampled_from(wanted))
        for wanted in (hints[field.name] for field in dataclasses.fields(kind))
    ]
    name = encode(next(action for action in FROZEN.values() if type(action) is kind)).split(":")[1]
    return ":".join(["v1", name, *map(str, values)])


WORDS = st.sampled_from(
    [
        *("tán thành", "khong tan thanh", "ý kiến khác: giảm chi", "có", "không", "hủy", "bỏ qua", "sai"),
        *("trợ giúp", "/start", "trang chủ", "English", "tiếng việt", "14:00 30/12/2026", "12", "0", "lưu"),
        *("Trần An; Văn phòng", "K7QF-2M9X", "Họp\ncơ quan", "🙂", "\ud800", "\u202e"),
    ]
)
TEXTS = st.one_of(WORDS, st.text(max_size=50), st.just("A" * 5_000))
BODIES: st.SearchStrategy[Body] = st.one_of(
    st.builds(Tap, st.one_of(action_strings(), st.text(max_size=80)), st.one_of(st.just(""), TEXTS)),
    st.builds(Text, TEXTS),
    st.builds(
        File,
        st.one_of(st.just("hoi-nghi.xlsx"), st.text(max_size=30)),
        st.integers(0, 2**40),
        st.one_of(st.none(), st.binary(max_size=200)),
        st.just(SIZE_LIMIT),
    ),
    st.builds(Joined, TEXTS),
    st.builds(Left),
)


@given(
    events=st.lists(
        st.tuples(st.sampled_from(["Người lạ", "Trần An", ORGANISER]), BODIES), min_size=1, max_size=12
    )
)
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_comes_in_is_answered(hall: Hall, events: list[tuple[str, Body]]) -> None:
    """One meeting lives through all examples; each event is delivered twice, as platforms may."""
    for name, body in events:
        person = hall.chat(name)
        await person.does(body)
        assert is_heard(person.answer) or isinstance(body, Left), body
        await person.again()
        assert is_heard(person.answer) or isinstance(body, Left), body


@given(events=st.lists(st.tuples(st.sampled_from(["Người lạ", "Trần An"]), BODIES), min_size=1, max_size=12))
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whoever_has_no_right_changes_nothing_of_the_meeting(
    hall: Hall, events: list[tuple[str, Body]]
) -> None:
    kept = (
        "meeting",
        "item",
        "item_version",
        "vote",
        "vote_option",
        "vote_item",
        "elector",
        "role",
        "statement",
    )
    before = await rows_of(hall, 1)
    for name, body in events:
        await hall.chat(name).does(body)
    after = await rows_of(hall, 1)
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
