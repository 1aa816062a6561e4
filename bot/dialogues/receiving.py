"""The front door: whatever a person did is taken to the topic that it concerns, and answered."""

import dataclasses
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, assert_never

from bot import actions
from bot.actions import Action
from bot.dialogues import agenda, attendance, joining, meetings, setup, voting
from bot.dialogues.talk import Office, Question, Talk, restored, voice_for
from bot.platforms.base import Answer, Card, File, Incoming, Joined, Left, Tap, Text
from bot.wording import notices
from bot.wording.matching import Command, TypedChoice, typed_choice, typed_command, typed_yes_no
from bot.wording.voice import Voice
from handlers import questions
from handlers.asking import RepeatedEventError
from meeting.codes import invitation_of, typed_code
from meeting.names import tidy_lines
from meeting.refusals import Refusal, Refused
from storage import dialogues, people
from storage.database import Tx
from storage.dialogues import Dialogue
from storage.errors import NotFoundError
from storage.people import Account
from storage.reading import get_meeting_view
from storage.votes import find_latest_vote, list_open_votes_of

ROUTES: dict[type[Action], Callable[[Talk, Any], Awaitable[Answer]]] = {
    actions.CastVote: voting.cast_vote,
    actions.AddOpinion: voting.add_opinion,
    actions.PrepareVote: voting.prepare_vote,
    actions.ShowJoint: voting.show_joint,
    actions.JoinVote: voting.join_vote,
    actions.OpenVote: voting.open_vote,
    actions.PauseVote: voting.pause_vote,
    actions.ResumeVote: voting.resume_vote,
    actions.ExtendVote: voting.extend_vote,
    actions.CloseVote: voting.close_vote,
    actions.ReopenVote: voting.reopen_vote,
    actions.AnnounceVote: voting.announce_vote,
    actions.CancelVote: voting.cancel_vote,
    actions.RepeatVote: voting.repeat_vote,
    actions.SplitVote: voting.split_vote,
    actions.EnterHands: voting.enter_hands,
    actions.ShowMissing: voting.show_missing,
    actions.ShowElector: voting.show_elector,
    actions.CastFor: voting.cast_for,
    actions.ShowLatecomers: voting.show_latecomers,
    actions.AdmitElector: voting.admit_elector,
    actions.GoToItem: agenda.go_to_item,
    actions.NextItem: agenda.next_item,
    actions.ShowAgenda: agenda.show_agenda,
    actions.ShowItem: agenda.show_item,
    actions.AddItem: agenda.add_item,
    actions.RenameItem: agenda.rename_item,
    actions.MoveItem: agenda.move_item,
    actions.SkipItem: agenda.skip_item,
    actions.NoteItem: agenda.note_item,
    actions.AdoptItem: agenda.adopt_item,
    actions.ReplyComing: attendance.reply_coming,
    actions.ReplyAbsent: attendance.reply_absent,
    actions.ReplySubstitute: attendance.reply_substitute,
    actions.CheckIn: attendance.check_in,
    actions.LeaveMeeting: attendance.leave_meeting,
    actions.OpenCheckIn: attendance.open_check_in,
    actions.ScheduleCheckIn: attendance.schedule_check_in,
    actions.CloseCheckIn: attendance.close_check_in,
    actions.ShowRoll: attendance.show_roll,
    actions.ShowAttendee: attendance.show_attendee,
    actions.CheckInFor: attendance.check_in_for,
    actions.MarkLeft: attendance.mark_left,
    actions.MarkExcused: attendance.mark_excused,
    actions.AddAttendee: attendance.add_attendee,
    actions.StatePreliminary: attendance.state_preliminary,
    actions.StateAttendance: attendance.state_attendance,
    actions.ShowHome: meetings.show_home,
    actions.ShowMeeting: meetings.show_meeting,
    actions.OpenMeeting: meetings.open_meeting,
    actions.CloseMeeting: meetings.close_meeting,
    actions.AttendOneself: meetings.attend_oneself,
    actions.ShowHelp: meetings.show_help,
    actions.NewMeeting: setup.new_meeting,
    actions.ChooseTemplate: setup.choose_template,
    actions.GetWorkbook: setup.get_workbook,
    actions.ImportWorkbook: setup.import_workbook,
    actions.InviteRole: joining.invite_role,
    actions.ShowInvitations: joining.show_invitations,
    actions.RenewInvitation: joining.renew_invitation,
    actions.GiveConsent: joining.give_consent,
    actions.ReportWrongPerson: joining.report_wrong_person,
    actions.SetLanguage: joining.set_language,
}
"""What each button does; those of the pending question itself are `_answer_question`'s."""

_LONGEST = 60_000


class Dialogues:
    """Takes in what people do on every platform."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def receive(self, incoming: Incoming) -> Answer:
        """Carry out what a person did and answer it; returns after the commit.

        The same event again is answered without being carried out twice.
        """
        talk = await self._talk(incoming)
        if isinstance(talk, Answer):
            return talk
        try:
            return await self._take(talk)
        except RepeatedEventError:
            # The answer may have been lost on its way, and with it the question that it asked.
            async with talk.house.database.snapshot() as tx:
                pending = await self.pending_cards(tx, [talk.account.account_id])
            return Answer(notices.repeated(talk.voice), pending.get(talk.account.account_id))
        except NotFoundError:
            return Answer(notices.out_of_date(talk.voice))

    async def pending_cards(self, tx: Tx, account_ids: Collection[int]) -> Mapping[int, Card]:
        """Give the open question of each account that has one, as a card."""
        cards = {}
        for account_id in account_ids:
            pending = await dialogues.find_dialogue(tx, account_id)
            question = None if pending is None else restored(pending.topic, pending.state)
            if pending is not None and question is not None:
                account = await people.get_account(tx, account_id)
                cards[account_id] = question.card(await self._voice(tx, account), pending.version)
        return cards

    async def _talk(self, incoming: Incoming) -> Talk | Answer:
        """Give the exchange, or the answer to somebody who is unknown here."""
        house = self._office.house
        async with house.database.snapshot() as tx:
            account = await people.find_account(tx, incoming.platform, incoming.sender)
            if account is not None:
                return Talk(self._office, incoming, account, await self._voice(tx, account))
        code = _code_in(incoming)
        voice = dataclasses.replace(
            self._office.default, language=incoming.language or self._office.default.language
        )
        stranger = Account(
            0,
            incoming.platform,
            incoming.sender,
            incoming.chat,
            incoming.display_name,
            incoming.language,
            None,
        )
        if code is None:
            return Answer() if isinstance(incoming.body, Left) else Answer(notices.code_wanted(voice))
        return await joining.take_code(Talk(self._office, incoming, stranger, voice), code)

    async def _voice(self, tx: Tx, account: Account) -> Voice:
        default = self._office.default
        if account.current_meeting_id is not None:
            return voice_for(account.language, await get_meeting_view(tx, account.current_meeting_id))
        return dataclasses.replace(default, language=account.language or default.language)

    async def _take(self, talk: Talk) -> Answer:
        match talk.incoming.body:
            case Joined(code):
                return await joining.take_code(talk, code) if code else await _greet(talk)
            case Tap(action):
                return await self._take_tap(talk, action)
            case Text(text):
                return await self._take_text(talk, text[:_LONGEST])
            case File() as file:
                return await self._take_file(talk, file)
            case Left():
                await self._forget(talk)
                return Answer()
            case _:
                assert_never(talk.incoming.body)

    async def _forget(self, talk: Talk) -> None:
        async with talk.house.database.transaction() as tx:
            await people.put_account_gone(tx, talk.account.account_id, talk.now())

    # Taps

    async def _take_tap(self, talk: Talk, text: str) -> Answer:
        action = actions.decode(text)
        if action is None:
            return Answer(notices.out_of_date(talk.voice))
        if type(action) in ROUTES:
            return await ROUTES[type(action)](talk, action)
        return await self._answer_question(talk, action)

    async def _answer_question(self, talk: Talk, action: Action) -> Answer:
        """Take a button of the pending question; a stale one changes nothing."""
        pending, question = await self._pending(talk)
        if isinstance(action, actions.CancelDialogue):
            # Also where nothing is pending: "not now", to what was asked about once more.
            return await _give_up(talk)
        version = getattr(action, "version", None)
        if pending is None or question is None or version != pending.version:
            return Answer(notices.out_of_date(talk.voice))
        answering = dataclasses.replace(talk, version=pending.version)
        answer: Answer | None = None
        match action:
            case actions.AnswerYesNo(yes=yes):
                answer = await question.choose(answering, is_yes=bool(yes))
            case actions.SkipQuestion():
                answer = await question.skip(answering)
            case actions.ConfirmPlan() if isinstance(question, setup.Preview):
                answer = await question.confirm(answering)
            case _:
                pass
        return answer or Answer(notices.out_of_date(talk.voice))

    async def _pending(self, talk: Talk) -> tuple[Dialogue | None, Question | None]:
        async with talk.house.database.snapshot() as tx:
            pending = await dialogues.find_dialogue(tx, talk.account.account_id)
        if pending is None:
            return None, None
        return pending, restored(pending.topic, pending.state)

    # Texts

    async def _take_text(self, talk: Talk, typed: str) -> Answer:
        text = tidy_lines(typed)
        pending, question = await self._pending(talk)
        command = typed_command(text)
        if command is Command.CANCEL:
            return Answer(notices.nothing_to_give_up(talk.voice)) if pending is None else await _give_up(talk)
        if pending is not None and question is not None and not text.startswith("/"):
            answering = dataclasses.replace(talk, version=pending.version)
            return await self._take_answer(answering, question, text, command)
        if command is not None:
            return await _obey(talk, command)
        code = code_of(text)
        if code is not None:
            return await joining.take_code(talk, code)
        choice = typed_choice(text)
        if choice is not None:
            return await self._take_choice(talk, choice)
        return Answer(notices.not_understood(talk.voice))

    async def _take_answer(
        self, talk: Talk, question: Question, text: str, command: Command | None
    ) -> Answer:
        if command is Command.SKIP:
            skipped = await question.skip(talk)
            if skipped is not None:
                return skipped
        if not text:
            return talk.refuse(Refused(Refusal.TEXT_EMPTY))
        is_yes = typed_yes_no(text)
        if is_yes is not None:
            chosen = await question.choose(talk, is_yes=is_yes)
            if chosen is not None:
                return chosen
        return await question.take(talk, text)

    async def _take_choice(self, talk: Talk, choice: TypedChoice) -> Answer:
        """Cast a typed word: in the one vote that is open to this person, else in their meeting's latest.

        A word alone names no vote, so with several open at once nothing is guessed.
        """
        async with talk.house.database.snapshot() as tx:
            votes = await list_open_votes_of(tx, talk.account.account_id)
            meeting_id = talk.account.current_meeting_id
            if not votes and meeting_id is not None:
                latest = await find_latest_vote(tx, meeting_id)
                votes = [] if latest is None else [latest]
        if len(votes) != 1:
            return Answer(notices.not_understood(talk.voice))
        return await voting.cast_typed(talk, votes[0], choice)

    # Files

    async def _take_file(self, talk: Talk, file: File) -> Answer:
        _, question = await self._pending(talk)
        if question is not None and not isinstance(question, setup.Workbook | setup.Preview):
            return Answer(notices.text_expected(talk.voice))
        return await setup.take_file(talk, file)


async def _greet(talk: Talk) -> Answer:
    return await meetings.show_home(talk, actions.ShowHome())


async def _give_up(talk: Talk) -> Answer:
    await questions.give_up(talk.house, talk.asked)
    return Answer(notices.given_up(talk.voice))


async def _obey(talk: Talk, command: Command) -> Answer:
    match command:
        case Command.START | Command.HOME:
            return await _greet(talk)
        case Command.HELP | Command.SKIP | Command.CANCEL:
            return await meetings.show_help(talk, actions.ShowHelp())
        case Command.WRONG_PERSON:
            return await joining.report_wrong_person(talk, actions.ReportWrongPerson())
        case Command.VIETNAMESE:
            return await joining.set_language(talk, actions.SetLanguage("vi"))
        case Command.ENGLISH:
            return await joining.set_language(talk, actions.SetLanguage("en"))
        case _:
            assert_never(command)


def _code_in(incoming: Incoming) -> str | None:
    match incoming.body:
        case Joined(code):
            return code or None
        case Text(text):
            return code_of(text)
        case _:
            return None


def code_of(text: str) -> str | None:
    """Give the code or the link's token that a message is: alone, or as the end of a pasted address.

    A typed choice is none, though "tan thanh" has the letters of a code.
    """
    if typed_choice(text) is not None:
        return None
    last = text.strip().rsplit("/", 1)[-1].rsplit("start=", 1)[-1]
    if invitation_of(last) is not None:
        return last
    return typed_code(text)
