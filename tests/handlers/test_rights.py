"""Every request is checked: who asks, in which meeting, about what; a refused one leaves nothing."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from types import ModuleType

import pytest
import sqlalchemy as sa

from handlers import (
    admission,
    agenda,
    attendance,
    balloting,
    binding,
    claims,
    closing,
    drafting,
    floor,
    groups,
    inviting,
    joining,
    mailings,
    meetings,
    moving,
    opening,
    opinion_outcomes,
    opinion_tables,
    opinions,
    papers,
    pledge_parties,
    pledges,
    ranking,
    scheduling,
    scores,
    scoring,
    sending,
    speeches,
    steps,
    summoning,
    tasks,
    titles,
    versions,
)
from handlers.asking import Asked, House, RepeatedEventError
from meeting.agenda import Direction, ItemKind
from meeting.opinions import OpinionKind, OpinionState
from meeting.papers import Paper, PaperKind
from meeting.people import Actor, Purpose, Reply, Right, Role, Standing
from meeting.pledges import ConfirmationState, Pledge, PledgeKind, Signer
from meeting.refusals import Refusal, Refused
from meeting.scoring import CriteriaPlan, CriterionKind, PlannedCriterion, SheetKind
from meeting.speaking import SpeechKind
from meeting.states import DueKind
from meeting.titles import PlannedTitle, RecipientKind
from meeting.voting import Method, Option
from storage import dialogues, due, people
from storage import papers as stored_papers
from storage import pledges as stored_pledges
from storage import scoring as stored_scoring
from storage import titles as stored_titles
from storage.database import Database
from storage.groups import find_group
from tests.handlers.journey import ITEMS, ORGANISER, START, Journey, plan, refused, seat

OTHER = "Người khác"
PLACE = groups.Place("telegram", "-42", "Nhóm Công đoàn")
PAPER = Paper("Báo cáo.pdf", PaperKind.PDF, 5, "1" * 64)
SPEECH = speeches.SpeechDraft(SpeechKind.DIRECTIVE, "Trần Văn Lịch", "Chủ tịch", "Ghi nhận kết quả.")
TASK = tasks.TaskDraft("Trình kế hoạch", "Văn phòng", None, date(2027, 1, 15))
OPINION = opinions.OpinionDraft(None, OpinionKind.COMMENT, "Đề nghị làm rõ kinh phí.")
TITLE = PlannedTitle("Lao động tiên tiến")
NAMED = (titles.Named(RecipientKind.INDIVIDUAL, "An"),)
CRITERION = PlannedCriterion("", "Tổ chức phong trào", CriterionKind.POINTS, Decimal(100))
CRITERIA = CriteriaPlan(Decimal(100), (CRITERION,))
CHANGE = scores.ScoreChange(1, Decimal(1), "Thiếu minh chứng")
OTHER_PAPER = Paper("Báo cáo.pdf", PaperKind.PDF, 6, "2" * 64)


@dataclass(frozen=True)
class Ids:
    """What requests are about."""

    organisation: int
    meeting: int
    item: int
    attendee: int
    vote: int
    elector: int
    mailing: int = 0
    claim: int = 0
    paper: int = 0
    group: int = 0
    task: int = 0
    due: int = 0
    turn: int = 0
    speech: int = 0
    title: int = 0
    recipient: int = 0
    pledge: int = 0
    party: int = 0
    opinion: int = 0
    scoring: int = 0


Ask = Callable[[House, Asked, Ids], Awaitable[object]]

NEEDS: dict[Callable[..., object], tuple[Right, Ask]] = {
    meetings.open_meeting: (Right.PRESIDE, lambda h, a, i: meetings.open_meeting(h, a, i.meeting)),
    meetings.close_meeting: (
        Right.PRESIDE,
        lambda h, a, i: meetings.close_meeting(h, a, i.meeting, is_sure=True),
    ),
    attendance.check_in_for: (
        Right.KEEP_ROLL,
        lambda h, a, i: attendance.check_in_for(h, a, i.attendee),
    ),
    attendance.mark_left: (Right.KEEP_ROLL, lambda h, a, i: attendance.mark_left(h, a, i.attendee)),
    attendance.excuse: (Right.KEEP_ROLL, lambda h, a, i: attendance.excuse(h, a, i.attendee, "ốm")),
    attendance.add_attendee: (
        Right.KEEP_ROLL,
        lambda h, a, i: attendance.add_attendee(h, a, i.meeting, "Mới", Standing.VOTING),
    ),
    attendance.open_check_in: (Right.PREPARE, lambda h, a, i: attendance.open_check_in(h, a, i.meeting)),
    attendance.close_check_in: (Right.PREPARE, lambda h, a, i: attendance.close_check_in(h, a, i.meeting)),
    attendance.schedule_check_in: (
        Right.PREPARE,
        lambda h, a, i: attendance.schedule_check_in(h, a, i.meeting, START + timedelta(days=1)),
    ),
    attendance.state_preliminary: (
        Right.KEEP_ROLL,
        lambda h, a, i: attendance.state_preliminary(h, a, i.meeting),
    ),
    attendance.state_attendance: (
        Right.PRESIDE,
        lambda h, a, i: attendance.state_attendance(h, a, i.meeting, 3),
    ),
    agenda.go_to_item: (Right.PRESIDE, lambda h, a, i: agenda.go_to_item(h, a, i.item)),
    agenda.next_item: (Right.PRESIDE, lambda h, a, i: agenda.next_item(h, a, i.meeting, 0)),
    agenda.add_item: (
        Right.PREPARE,
        lambda h, a, i: agenda.add_item(h, a, i.meeting, "Mới", ItemKind.OTHER),
    ),
    agenda.rename_item: (Right.PREPARE, lambda h, a, i: agenda.rename_item(h, a, i.item, "Khác")),
    agenda.move_item: (Right.PREPARE, lambda h, a, i: agenda.move_item(h, a, i.item, Direction.DOWN)),
    agenda.set_advisory: (
        Right.PREPARE,
        lambda h, a, i: agenda.set_advisory(h, a, i.item, is_advisory=True),
    ),
    agenda.skip_item: (Right.PREPARE, lambda h, a, i: agenda.skip_item(h, a, i.item)),
    agenda.retake_item: (Right.PRESIDE, lambda h, a, i: agenda.retake_item(h, a, i.item)),
    agenda.note_item: (Right.PRESIDE, lambda h, a, i: agenda.note_item(h, a, i.item)),
    agenda.adopt_item: (Right.PRESIDE, lambda h, a, i: agenda.adopt_item(h, a, i.item, ())),
    versions.put_text: (
        Right.PREPARE,
        lambda h, a, i: versions.put_text(h, a, i.item, "Điều 1. Khác.", 1),
    ),
    versions.copy_text: (Right.PREPARE, lambda h, a, i: versions.copy_text(h, a, i.item, i.item)),
    versions.add_to_text: (Right.PREPARE, lambda h, a, i: versions.add_to_text(h, a, i.item, "Điều 2.")),
    drafting.prepare_vote: (
        Right.PREPARE,
        lambda h, a, i: drafting.prepare_vote(h, a, i.item, Method.CHAT),
    ),
    drafting.join_vote: (Right.PREPARE, lambda h, a, i: drafting.join_vote(h, a, i.vote, i.item)),
    drafting.split_vote: (Right.PRESIDE, lambda h, a, i: drafting.split_vote(h, a, i.vote)),
    drafting.repeat_vote: (Right.PRESIDE, lambda h, a, i: drafting.repeat_vote(h, a, i.vote)),
    opening.open_vote: (Right.PRESIDE, lambda h, a, i: opening.open_vote(h, a, i.vote, within=None)),
    scheduling.schedule_vote: (
        Right.PRESIDE,
        lambda h, a, i: scheduling.schedule_vote(h, a, i.vote, START + timedelta(days=1), within=None),
    ),
    scheduling.unschedule_vote: (Right.PRESIDE, lambda h, a, i: scheduling.unschedule_vote(h, a, i.vote)),
    balloting.cast_for: (
        Right.SEE_CHOICES,
        lambda h, a, i: balloting.cast_for(h, a, i.vote, i.elector, Option.YES),
    ),
    opening.admit_elector: (
        Right.SEE_CHOICES,
        lambda h, a, i: opening.admit_elector(h, a, i.vote, i.attendee),
    ),
    balloting.enter_hands: (
        Right.PRESIDE,
        lambda h, a, i: balloting.enter_hands(h, a, i.vote, {Option.YES: 1, Option.NO: 0, Option.OTHER: 0}),
    ),
    steps.pause_vote: (Right.PRESIDE, lambda h, a, i: steps.pause_vote(h, a, i.vote)),
    steps.resume_vote: (Right.PRESIDE, lambda h, a, i: steps.resume_vote(h, a, i.vote)),
    steps.extend_vote: (
        Right.PRESIDE,
        lambda h, a, i: steps.extend_vote(h, a, i.vote, timedelta(minutes=1)),
    ),
    closing.close_vote: (
        Right.PRESIDE,
        lambda h, a, i: closing.close_vote(h, a, i.vote, is_sure=True),
    ),
    steps.reopen_vote: (Right.PRESIDE, lambda h, a, i: steps.reopen_vote(h, a, i.vote)),
    closing.announce_vote: (Right.PRESIDE, lambda h, a, i: closing.announce_vote(h, a, i.vote)),
    closing.cancel_vote: (Right.PRESIDE, lambda h, a, i: closing.cancel_vote(h, a, i.vote, "nhầm")),
    papers.add_paper: (
        Right.PREPARE,
        lambda h, a, i: papers.add_paper(h, a, i.meeting, i.item, PAPER, b"%PDF-"),
    ),
    papers.add_sent_papers: (Right.PREPARE, lambda h, a, i: papers.add_sent_papers(h, a, i.meeting, i.item)),
    papers.replace_paper: (
        Right.PREPARE,
        lambda h, a, i: papers.replace_paper(h, a, i.paper, OTHER_PAPER, b"%PDF-2"),
    ),
    papers.withdraw_paper: (Right.PREPARE, lambda h, a, i: papers.withdraw_paper(h, a, i.paper)),
    papers.hand_out_papers: (Right.PREPARE, lambda h, a, i: papers.hand_out_papers(h, a, i.meeting)),
    inviting.invite_role: (
        Right.INVITE,
        lambda h, a, i: inviting.invite_role(h, a, i.meeting, Role.CHAIR),
    ),
    inviting.renew_invitation: (
        Right.INVITE,
        lambda h, a, i: inviting.renew_invitation(h, a, i.attendee),
    ),
    inviting.issue_slips: (Right.INVITE, lambda h, a, i: inviting.issue_slips(h, a, i.meeting)),
    inviting.renew_shared_way: (
        Right.INVITE,
        lambda h, a, i: inviting.renew_shared_way(h, a, i.meeting),
    ),
    binding.unbind_account: (
        Right.INVITE,
        lambda h, a, i: binding.unbind_account(h, a, i.attendee, "telegram"),
    ),
    claims.accept_claim: (
        Right.INVITE,
        lambda h, a, i: claims.accept_claim(h, a, i.claim, i.attendee, is_sure=True),
    ),
    claims.decline_claim: (Right.INVITE, lambda h, a, i: claims.decline_claim(h, a, i.claim)),
    binding.attend_oneself: (Right.KEEP_ROLL, lambda h, a, i: binding.attend_oneself(h, a, i.meeting)),
    mailings.send_announcement: (
        Right.PREPARE,
        lambda h, a, i: mailings.send_announcement(h, a, i.meeting, "Hội nghị bắt đầu lúc 14:30."),
    ),
    groups.invite_group: (
        Right.INVITE,
        lambda h, a, i: groups.invite_group(h, a, i.meeting, is_renewed=True),
    ),
    groups.unbind_group: (Right.PREPARE, lambda h, a, i: groups.unbind_group(h, a, i.group)),
    moving.move_meeting: (
        Right.PREPARE,
        lambda h, a, i: moving.move_meeting(h, a, i.meeting, None, "Nơi khác"),
    ),
    moving.cancel_meeting: (Right.PREPARE, lambda h, a, i: moving.cancel_meeting(h, a, i.meeting, "Bão")),
    summoning.send_summons: (Right.INVITE, lambda h, a, i: summoning.send_summons(h, a, i.meeting)),
    summoning.approve_summons: (Right.APPROVE, lambda h, a, i: summoning.approve_summons(h, a, i.meeting)),
    titles.add_title: (Right.PREPARE, lambda h, a, i: titles.add_title(h, a, i.meeting, TITLE)),
    titles.change_title: (Right.PREPARE, lambda h, a, i: titles.change_title(h, a, i.title, TITLE)),
    titles.withdraw_title: (Right.PREPARE, lambda h, a, i: titles.withdraw_title(h, a, i.title)),
    titles.add_recipients: (Right.PREPARE, lambda h, a, i: titles.add_recipients(h, a, i.title, NAMED)),
    titles.remove_recipient: (Right.PREPARE, lambda h, a, i: titles.remove_recipient(h, a, i.recipient)),
    titles.announce_titles: (
        Right.PRESIDE,
        lambda h, a, i: titles.announce_titles(h, a, i.item, i.title, "a" * 16),
    ),
    opinions.enter_opinion: (
        Right.KEEP_ROLL,
        lambda h, a, i: opinions.enter_opinion(h, a, i.meeting, opinions.Author(i.attendee), OPINION),
    ),
    opinions.sort_opinion: (
        Right.PREPARE,
        lambda h, a, i: opinions.sort_opinion(h, a, i.opinion, OpinionKind.QUESTION, i.item),
    ),
    opinions.merge_opinion: (Right.PREPARE, lambda h, a, i: opinions.merge_opinion(h, a, i.opinion, 2)),
    opinions.hide_opinion: (Right.PREPARE, lambda h, a, i: opinions.hide_opinion(h, a, i.opinion, "thô")),
    opinions.restore_opinion: (Right.PREPARE, lambda h, a, i: opinions.restore_opinion(h, a, i.opinion)),
    opinion_outcomes.decide_opinion: (
        Right.PRESIDE,
        lambda h, a, i: opinion_outcomes.decide_opinion(h, a, i.opinion, OpinionState.LEFT),
    ),
    opinion_outcomes.take_into_text: (
        Right.PRESIDE,
        lambda h, a, i: opinion_outcomes.take_into_text(h, a, i.opinion, "Điều 2."),
    ),
    opinion_tables.take_table: (
        Right.KEEP_ROLL,
        lambda h, a, i: opinion_tables.take_table(h, a, i.meeting, ()),
    ),
    scoring.put_criteria: (
        Right.PREPARE,
        lambda h, a, i: scoring.put_criteria(
            h, a, i.item, scoring.CriteriaDraft(CRITERIA.scale, CRITERIA.criteria)
        ),
    ),
    scoring.open_scoring: (
        Right.PREPARE,
        lambda h, a, i: scoring.open_scoring(h, a, i.scoring, START + timedelta(days=1)),
    ),
    scoring.end_scoring: (Right.PREPARE, lambda h, a, i: scoring.end_scoring(h, a, i.scoring)),
    scores.change_score: (
        Right.VERIFY,
        lambda h, a, i: scores.change_score(h, a, i.scoring, 1, CHANGE),
    ),
    scores.verify_sheet: (Right.VERIFY, lambda h, a, i: scores.verify_sheet(h, a, i.scoring, 1, "")),
    ranking.put_ranking: (
        Right.VERIFY,
        lambda h, a, i: ranking.put_ranking(h, a, i.scoring, i.item),
    ),
    ranking.take_back_ranking: (Right.VERIFY, lambda h, a, i: ranking.take_back_ranking(h, a, i.scoring)),
    tasks.give_task: (
        Right.PREPARE,
        lambda h, a, i: tasks.give_task(h, a, i.meeting, None, TASK),
    ),
    tasks.finish_task: (Right.PREPARE, lambda h, a, i: tasks.finish_task(h, a, i.task)),
    tasks.withdraw_task: (Right.PREPARE, lambda h, a, i: tasks.withdraw_task(h, a, i.task)),
    floor.enter_turn: (
        Right.KEEP_ROLL,
        lambda h, a, i: floor.enter_turn(h, a, i.meeting, i.attendee, "Chi tiêu"),
    ),
    floor.state_topic: (Right.KEEP_ROLL, lambda h, a, i: floor.state_topic(h, a, i.turn, "Chi tiêu")),
    floor.withdraw_turn: (Right.KEEP_ROLL, lambda h, a, i: floor.withdraw_turn(h, a, i.turn)),
    floor.call_speaker: (Right.PRESIDE, lambda h, a, i: floor.call_speaker(h, a, i.turn)),
    floor.finish_speaking: (Right.PRESIDE, lambda h, a, i: floor.finish_speaking(h, a, i.turn)),
    floor.pass_over: (Right.PRESIDE, lambda h, a, i: floor.pass_over(h, a, i.turn)),
    floor.move_turn: (Right.PRESIDE, lambda h, a, i: floor.move_turn(h, a, i.turn, Direction.UP)),
    floor.set_floor_minutes: (Right.PRESIDE, lambda h, a, i: floor.set_floor_minutes(h, a, i.meeting, 5)),
    speeches.record_speech: (
        Right.PREPARE,
        lambda h, a, i: speeches.record_speech(h, a, i.meeting, None, SPEECH),
    ),
    speeches.correct_speech: (
        Right.PREPARE,
        lambda h, a, i: speeches.correct_speech(h, a, i.speech, SPEECH),
    ),
    speeches.withdraw_speech: (Right.PREPARE, lambda h, a, i: speeches.withdraw_speech(h, a, i.speech)),
    pledge_parties.set_up_pledge: (
        Right.PREPARE,
        lambda h, a, i: pledge_parties.set_up_pledge(h, a, i.item, PledgeKind.INTERNAL, ("A", "B")),
    ),
    pledge_parties.remove_pledge: (
        Right.PREPARE,
        lambda h, a, i: pledge_parties.remove_pledge(h, a, i.pledge),
    ),
    pledge_parties.add_party: (
        Right.PREPARE,
        lambda h, a, i: pledge_parties.add_party(h, a, i.pledge, "Sở C"),
    ),
    pledge_parties.rename_party: (
        Right.PREPARE,
        lambda h, a, i: pledge_parties.rename_party(h, a, i.party, "Sở C"),
    ),
    pledge_parties.remove_party: (Right.PREPARE, lambda h, a, i: pledge_parties.remove_party(h, a, i.party)),
    pledge_parties.move_party: (
        Right.PREPARE,
        lambda h, a, i: pledge_parties.move_party(h, a, i.party, Direction.DOWN),
    ),
    pledge_parties.name_signer: (
        Right.PREPARE,
        lambda h, a, i: pledge_parties.name_signer(h, a, i.party, Signer(None, "Giám đốc"), replaces=True),
    ),
    pledge_parties.set_witness: (
        Right.PREPARE,
        lambda h, a, i: pledge_parties.set_witness(h, a, i.pledge, "Cấp trên"),
    ),
    pledge_parties.set_way: (
        Right.PREPARE,
        lambda h, a, i: pledge_parties.set_way(h, a, i.pledge, is_ordered=True, is_on_paper=True),
    ),
    pledges.freeze_pledge: (Right.PRESIDE, lambda h, a, i: pledges.freeze_pledge(h, a, i.pledge, 1)),
    pledges.stop_pledge: (Right.PRESIDE, lambda h, a, i: pledges.stop_pledge(h, a, i.pledge)),
    pledges.enter_signatures: (
        Right.KEEP_ROLL,
        lambda h, a, i: pledges.enter_signatures(
            h, a, i.pledge, 0, ConfirmationState.SIGNED_ON_PAPER, shown=(1, ""), evidence=(PAPER, b"%PDF-")
        ),
    ),
    pledges.withdraw_signature: (
        Right.KEEP_ROLL,
        lambda h, a, i: pledges.withdraw_signature(h, a, i.party),
    ),
    sending.send_trial: (Right.PREPARE, lambda h, a, i: sending.send_trial(h, a, i.due)),
    sending.send_trial_summons: (
        Right.PREPARE,
        lambda h, a, i: sending.send_trial_summons(h, a, i.meeting),
    ),
    sending.send_reminder: (Right.PREPARE, lambda h, a, i: sending.send_reminder(h, a, i.due)),
    sending.skip_reminder: (
        Right.PREPARE,
        lambda h, a, i: sending.skip_reminder(h, a, i.due, is_skipped=True),
    ),
    sending.set_reminder: (
        Right.PREPARE,
        lambda h, a, i: sending.set_reminder(h, a, i.meeting, 60, is_on=False),
    ),
    sending.set_reminders: (
        Right.PREPARE,
        lambda h, a, i: sending.set_reminders(h, a, i.meeting, (120,)),
    ),
    mailings.stop_mailing: (Right.PREPARE, lambda h, a, i: mailings.stop_mailing(h, a, i.mailing)),
}
"""What each handler needs in the meeting that it is about."""

OPEN_TO_ALL: dict[Callable[..., object], Ask] = {
    attendance.reply_to_invitation: lambda h, a, i: attendance.reply_to_invitation(
        h, a, i.meeting, Reply.COMING
    ),
    opinions.send_opinion: lambda h, a, i: opinions.send_opinion(h, a, i.meeting, OPINION),
    attendance.leave_meeting: lambda h, a, i: attendance.leave_meeting(h, a, i.meeting, is_sure=True),
    balloting.add_opinion: lambda h, a, i: balloting.add_opinion(h, a, i.vote, "ý kiến"),
    floor.ask_floor: lambda h, a, i: floor.ask_floor(h, a, i.meeting, i.item),
    pledges.confirm_pledge: lambda h, a, i: pledges.confirm_pledge(h, a, i.party, 1, "0" * 16),
    joining.give_consent: lambda h, a, i: joining.give_consent(
        h, a, i.meeting, Purpose.CONTACT, "1", "vi", is_given=True
    ),
    scores.put_scores: lambda h, a, i: scores.put_scores(
        h, a, scores.SheetKey(i.scoring, SheetKind.SELF, 1), {1: scores.ScoreDraft(Decimal(1))}
    ),
    scores.put_sheet: lambda h, a, i: scores.put_sheet(
        h, a, scores.SheetKey(i.scoring, SheetKind.SELF, 1), {1: scores.ScoreDraft(Decimal(1))}
    ),
    scores.hand_in_sheet: lambda h, a, i: scores.hand_in_sheet(
        h, a, scores.SheetKey(i.scoring, SheetKind.SELF, 1)
    ),
    binding.report_wrong_person: lambda h, a, i: binding.report_wrong_person(h, a, i.meeting),
}
"""What whoever is bound in the organisation may ask, about the own affairs."""

OTHERWISE = {
    meetings.add_meeting,  # by the organisers of the organisation
    meetings.import_meeting,  # by the operator
    attendance.check_in,  # in batches, by attendees
    balloting.cast_votes,  # in batches, by electors
    joining.join,  # by code
    joining.found_organisation,  # by code
    joining.accept_role,  # by code
    admission.find_admission,  # by code
    inviting.make_founder_code,  # by the operator
    inviting.offer_founder_code,  # by the operator
    inviting.give_shared_way,  # to whom a group or an invitation is shown
    claims.share_phone,  # by the shared link
    claims.claim_name,  # by the shared link
    claims.withdraw_claim,  # by the one who waits
    groups.bind_group,  # by a link, and whoever may prepare the meeting that it is of
    groups.rebind_group,  # by whoever may prepare the meeting
    groups.admit_group,  # told by the platform
    groups.leave_group,  # told by the platform
    groups.move_group,  # told by the platform
    groups.note_lack,  # told by the platform
    joining.set_language,  # by anybody, for oneself
    joining.set_timezone,  # by anybody, for oneself
    summoning.set_approval,  # by the organisers of the organisation
    papers.keep_file,  # for oneself; what it is then used for is asked there
}


def handlers_of(module: ModuleType) -> set[Callable[..., object]]:
    return {
        act
        for name, act in inspect.getmembers(module, inspect.iscoroutinefunction)
        if act.__module__ == module.__name__ and not name.startswith("_") and "tx" not in _parameters(act)
    }


def _parameters(act: Callable[..., object]) -> list[str]:
    """The parameters of a function as it is, without those of what it wraps."""
    return list(inspect.signature(act, follow_wrapped=False).parameters)


def test_every_handler_stands_in_these_tables() -> None:
    modules = (
        *(meetings, attendance, agenda, drafting, opening, balloting, steps, closing, scheduling),
        *(pledges, pledge_parties),
        *(opinions, opinion_outcomes, opinion_tables),
        *(mailings, papers, versions),
        *(admission, joining, binding, inviting, claims, groups),
        *(moving, summoning, sending, tasks, floor, speeches, titles),
        *(scoring, scores, ranking),
    )
    assert set.union(*map(handlers_of, modules)) == {*NEEDS, *OPEN_TO_ALL, *OTHERWISE}


async def hall(database: Database) -> tuple[Journey, Ids]:
    """An open vote in an open meeting, with somebody of every kind, and another organisation."""
    attendees = [
        seat("Chủ tọa", role=Role.CHAIR),
        seat("An"),
        seat("Bình"),
        seat("Khách", standing=Standing.GUEST),
    ]
    journey = await Journey.opened(database, plan(attendees, ITEMS))
    vote_id = await journey.open_vote()
    await journey.appoint("Đồng tổ chức", Role.ORGANISER)
    await journey.appoint("Thư ký", Role.SECRETARY)
    await journey.meet("Lạ")
    elsewhere = await Journey.founded(database, name="Sở Tài chính", organiser=OTHER)
    await elsewhere.add_meeting(plan(["Xuân"], ITEMS), by=OTHER)
    journey.phones[OTHER] = elsewhere.phones[OTHER]
    sent = await mailings.send_announcement(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, "Mời vào hội trường."
    )
    assert isinstance(sent, mailings.AnnouncementSent)
    await journey.meet("Chờ")
    shared = await inviting.give_shared_way(journey.house, journey.meeting_id)
    made = await claims.claim_name(journey.house, journey.asked("Chờ"), shared.token, "An")
    assert isinstance(made, claims.ClaimMade)
    ids = Ids(
        journey.organisation_id,
        journey.meeting_id,
        journey.items[0],
        journey.attendees["An"],
        vote_id,
        (await journey.electors(vote_id))["An"].elector_id,
        sent.mailing_id,
        made.claim_id,
        await add_paper(journey),
        await bind_group(journey),
        await give_task(journey),
        await find_due(journey),
        turn=await ask_floor(journey),
        speech=await record_speech(journey),
        title=await add_title(journey),
        recipient=await add_recipient(journey),
        pledge=(pledged := await set_up_pledge(journey)).pledge_id,
        party=pledged.parties[0].party_id,
        opinion=await send_opinion(journey),
        scoring=await put_criteria(journey),
    )
    return journey, ids


async def put_criteria(journey: Journey) -> int:
    async with journey.database.transaction() as tx:
        return await stored_scoring.put_criteria(
            tx,
            journey.organisation_id,
            journey.meeting_id,
            journey.items[1],
            CRITERIA,
            lead_unit_id=None,
            has_cross_scores=False,
        )


async def send_opinion(journey: Journey) -> int:
    asked = journey.asked("An")
    sent = await opinions.send_opinion(journey.house, asked, journey.meeting_id, OPINION)
    assert isinstance(sent, opinions.OpinionSent)
    return sent.opinion_id


async def set_up_pledge(journey: Journey) -> Pledge:
    asked, names = journey.asked(ORGANISER), ("Sở A", "Sở B")
    made = await pledge_parties.set_up_pledge(
        journey.house, asked, journey.items[0], PledgeKind.INTERNAL, names
    )
    assert isinstance(made, pledge_parties.PledgeSetUp), made
    async with journey.database.snapshot() as tx:
        return await stored_pledges.get_pledge(tx, made.pledge_id)


async def ask_floor(journey: Journey) -> int:
    await agenda.go_to_item(journey.house, journey.asked(ORGANISER), journey.items[0])
    asked = await floor.ask_floor(journey.house, journey.asked("Bình"), journey.meeting_id, journey.items[0])
    assert isinstance(asked, floor.FloorAsked)
    return asked.turn_id


async def record_speech(journey: Journey) -> int:
    recorded = await speeches.record_speech(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, None, SPEECH
    )
    assert isinstance(recorded, speeches.SpeechRecorded)
    return recorded.speech_id


async def add_title(journey: Journey) -> int:
    added = await titles.add_title(journey.house, journey.asked(ORGANISER), journey.meeting_id, TITLE)
    assert isinstance(added, titles.TitleKept)
    return added.title_id


async def add_recipient(journey: Journey) -> int:
    title_id = await add_title(journey)
    added = await titles.add_recipients(journey.house, journey.asked(ORGANISER), title_id, NAMED)
    assert isinstance(added, titles.RecipientsAdded)
    async with journey.database.snapshot() as tx:
        return (await stored_titles.list_recipients(tx, [title_id]))[0].recipient_id


async def find_due(journey: Journey) -> int:
    async with journey.database.snapshot() as tx:
        works = await due.list_work(tx, journey.meeting_id, {DueKind.TASK_DUE})
    return works[0].due_id


async def bind_group(journey: Journey) -> int:
    way = await groups.invite_group(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    assert isinstance(way, inviting.WayIn)
    await groups.bind_group(journey.house, journey.asked(ORGANISER), PLACE, way.token)
    async with journey.database.snapshot() as tx:
        group = await find_group(tx, PLACE.platform, PLACE.chat)
    assert group is not None
    return group.group_id


async def give_task(journey: Journey) -> int:
    given = await tasks.give_task(journey.house, journey.asked(ORGANISER), journey.meeting_id, None, TASK)
    assert isinstance(given, tasks.TaskGiven)
    return given.task_id


async def add_paper(journey: Journey) -> int:
    added = await papers.add_paper(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, None, PAPER, b"%PDF-"
    )
    assert not isinstance(added, Refused)
    async with journey.database.snapshot() as tx:
        return (await stored_papers.list_papers(tx, journey.meeting_id))[0].paper_id


async def contents(database: Database) -> dict[str, int]:
    """How many rows each table holds."""
    async with database.engine.connect() as connection:
        tables = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
        return {
            table: await connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0
            for table in tables
        }


async def test_nobody_does_what_no_role_of_theirs_grants(database: Database) -> None:
    journey, ids = await hall(database)
    before, entries = await contents(database), await journey.entries()
    for name in ("Chủ tọa", "An", "Khách", "Đồng tổ chức", "Thư ký"):
        async with database.snapshot() as tx:
            actor = await people.find_actor(tx, journey.account(name), journey.meeting_id)
        assert isinstance(actor, Actor)
        for act, (right, ask) in NEEDS.items():
            if actor.may(right):
                continue
            result = await ask(journey.house, journey.asked(name), ids)
            assert result == Refused(Refusal.NOT_PERMITTED, {"right": right}), (name, act)
    assert await contents(database) == before
    assert await journey.entries() == entries


async def test_strangers_and_other_organisations_get_nowhere(database: Database) -> None:
    journey, ids = await hall(database)
    before = await contents(database)
    for name in ("Lạ", OTHER):
        for act, ask in {**{act: ask for act, (_, ask) in NEEDS.items()}, **OPEN_TO_ALL}.items():
            result = await ask(journey.house, journey.asked(name), ids)
            expected = Refusal.NOT_ATTENDEE if act is balloting.add_opinion else Refusal.NOT_BOUND
            assert refused(result) is expected, (name, act)
        added = await meetings.add_meeting(
            journey.house, journey.asked(name), ids.organisation, plan(["An"]), address="comrade"
        )
        assert refused(added) is Refusal.NOT_PERMITTED
        assert refused(await journey.cast(ids.vote, name, Option.YES)) is Refusal.NOT_ATTENDEE
        assert refused(await journey.come_in(name)) is Refusal.NOT_ATTENDEE
    after = await contents(database)
    # A batch's marks stay: each of its taps has an answer of its own.
    assert after | {"event_mark": 0} == before | {"event_mark": 0}


async def test_members_found_no_meetings(database: Database) -> None:
    journey, ids = await hall(database)
    for name in ("An", "Khách", "Chủ tọa", "Thư ký"):
        added = await meetings.add_meeting(
            journey.house, journey.asked(name), ids.organisation, plan(["An"]), address="comrade"
        )
        assert added == Refused(Refusal.NOT_PERMITTED, {"right": Right.SET_UP})


async def test_who_is_no_attendee_replies_and_leaves_nowhere(database: Database) -> None:
    journey, ids = await hall(database)
    for act in (opinions.send_opinion, attendance.reply_to_invitation, attendance.leave_meeting):
        result = await OPEN_TO_ALL[act](journey.house, journey.asked("Thư ký"), ids)
        assert refused(result) is Refusal.NOT_ATTENDEE


async def test_what_does_not_exist_is_refused_and_never_fails(database: Database) -> None:
    journey, _ = await hall(database)
    before = await contents(database)
    for number in (0, -1, 2**31 - 1, 2**31, 10**30):
        ids = Ids(*[number] * len(fields(Ids)))
        for act, ask in {**{act: ask for act, (_, ask) in NEEDS.items()}, **OPEN_TO_ALL}.items():
            result = await ask(journey.house, journey.asked(ORGANISER), ids)
            assert refused(result) is Refusal.NOT_FOUND, (act, number)
        added = await meetings.add_meeting(
            journey.house, journey.asked(ORGANISER), number, plan(["An"]), address="comrade"
        )
        assert refused(added) in {Refusal.NOT_FOUND, Refusal.NOT_PERMITTED}
    assert await contents(database) == before


async def test_what_belongs_to_another_meeting_is_refused_or_stays_there(database: Database) -> None:
    journey, ids = await hall(database)
    here = ids
    await journey.add_meeting(plan(["An"], ITEMS, title="Hội nghị khác"))
    mixed: list[tuple[Callable[..., object], Ids]] = [
        (drafting.join_vote, Ids(0, 0, journey.items[0], 0, here.vote, 0)),
        (opening.admit_elector, Ids(0, 0, 0, journey.attendees["An"], here.vote, 0)),
        (papers.add_paper, Ids(0, here.meeting, journey.items[0], 0, 0, 0)),
        (balloting.cast_for, Ids(0, 0, 0, 0, here.vote, here.elector + 100)),
        (claims.accept_claim, Ids(0, 0, 0, journey.attendees["An"], 0, 0, 0, here.claim)),
    ]
    for act, about in mixed:
        result = await NEEDS[act][1](journey.house, journey.asked(ORGANISER), about)
        assert isinstance(result, Refused), act
    after_elsewhere = await agenda.next_item(
        journey.house, journey.asked(ORGANISER), here.meeting, journey.items[0]
    )
    assert isinstance(after_elsewhere, Refused)


async def test_a_refused_event_may_be_tried_again_and_a_done_one_not(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"], ITEMS))
    asked = journey.asked(ORGANISER)
    early = await agenda.note_item(journey.house, asked, journey.items[0])
    assert refused(early) is Refusal.MEETING_NOT_OPEN
    await journey.open_meeting()
    noted = await agenda.note_item(journey.house, asked, journey.items[0])
    assert not isinstance(noted, Refused)
    with pytest.raises(RepeatedEventError):
        await agenda.note_item(journey.house, asked, journey.items[0])


async def test_an_answer_concludes_its_question_once(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"]))
    account_id = journey.account("An")
    async with database.transaction() as tx:
        version = await dialogues.put_dialogue(tx, account_id, "absence_reason", {}, START)
    asked = journey.asked("An", dialogue_version=version)
    no_reason = await attendance.reply_to_invitation(
        journey.house, asked, journey.meeting_id, Reply.ABSENT, reason=" "
    )
    assert refused(no_reason) is Refusal.REASON_MISSING
    async with database.snapshot() as tx:
        assert await dialogues.find_dialogue(tx, account_id) is not None, "the question stays"
    replied = await attendance.reply_to_invitation(
        journey.house, asked, journey.meeting_id, Reply.ABSENT, reason="ốm"
    )
    assert not isinstance(replied, Refused)
    stale = await attendance.reply_to_invitation(
        journey.house,
        journey.asked("An", dialogue_version=version),
        journey.meeting_id,
        Reply.ABSENT,
        reason="khác",
    )
    assert refused(stale) is Refusal.OUT_OF_DATE
    async with database.transaction() as tx:
        newer = await dialogues.put_dialogue(tx, account_id, "absence_reason", {}, START)
    assert newer > version


async def test_role_holders_do_not_say_that_they_are_somebody_else(database: Database) -> None:
    journey, ids = await hall(database)
    for name in ("Chủ tọa", "Thư ký", ORGANISER):
        gone = await binding.report_wrong_person(journey.house, journey.asked(name), ids.meeting)
        assert refused(gone) is Refusal.NOT_PERMITTED
