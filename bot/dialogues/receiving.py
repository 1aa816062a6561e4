"""The front door: whatever a person did is taken to the topic that it concerns, and answered."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import assert_never

import structlog

from bot import actions
from bot.actions import Action
from bot.batching import Batches
from bot.dialogues import (
    agenda,
    attendance,
    claims,
    floor,
    groups,
    inviting,
    joining,
    mailing,
    meetings,
    moving,
    opinion_outcomes,
    opinion_tables,
    opinions,
    own_page,
    papers,
    pledge_parties,
    pledge_signatures,
    pledges,
    ranking,
    recipients,
    reminders,
    scheduling,
    scores,
    scoring,
    setup,
    speeches,
    summaries,
    tasks,
    thrift,
    title_decisions,
    titles,
    verifying,
    versions,
    voting,
    wishes,
)
from bot.dialogues.codes import code_of, is_no_name, token_of
from bot.dialogues.concerns import about, find_concern
from bot.dialogues.identity import Identity
from bot.dialogues.talk import Office, Question, Routes, Talk, restored, voice_for
from bot.platforms.base import (
    Admitted,
    Answer,
    Card,
    Contact,
    File,
    Incoming,
    Joined,
    Left,
    Menu,
    MenuKind,
    Moved,
    Tap,
    Text,
)
from bot.wording import notices
from bot.wording.matching import Command, TypedChoice, is_name_too, typed_choice, typed_command, typed_yes_no
from bot.wording.voice import Voice
from handlers import questions, reach
from handlers.asking import RepeatedEventError
from handlers.showing import use_account
from meeting.names import tidy_lines
from meeting.people import Right, Role
from meeting.refusals import Refusal, Refused
from meeting.states import GoneReason
from storage import cards, dialogues, marks, people
from storage.database import Tx
from storage.errors import NotFoundError
from storage.people import Account, Speaker
from storage.platforms import SPARING, WITHOUT_BUTTONS
from storage.reading import find_manner
from storage.views import MannerView
from storage.votes import find_latest_vote, list_open_votes_of

ROUTES: Routes = {
    **agenda.ROUTES,
    **attendance.ROUTES,
    **claims.ROUTES,
    **floor.ROUTES,
    **groups.ROUTES,
    **inviting.ROUTES,
    **joining.ROUTES,
    **mailing.ROUTES,
    **meetings.ROUTES,
    **moving.ROUTES,
    **opinion_outcomes.ROUTES,
    **opinion_tables.ROUTES,
    **opinions.ROUTES,
    **own_page.ROUTES,
    **papers.ROUTES,
    **pledge_parties.ROUTES,
    **pledge_signatures.ROUTES,
    **pledges.ROUTES,
    **ranking.ROUTES,
    **recipients.ROUTES,
    **reminders.ROUTES,
    **scheduling.ROUTES,
    **scores.ROUTES,
    **scoring.ROUTES,
    **setup.ROUTES,
    **speeches.ROUTES,
    **summaries.ROUTES,
    **tasks.ROUTES,
    **thrift.ROUTES,
    **title_decisions.ROUTES,
    **titles.ROUTES,
    **verifying.ROUTES,
    **versions.ROUTES,
    **voting.ROUTES,
    **wishes.ROUTES,
}
"""What each button does, but for those of the pending question."""

MENDABLE = frozenset(
    {
        Refusal.TEXT_EMPTY,
        Refusal.TEXT_TOO_LONG,
        Refusal.NAME_UNREADABLE,
        Refusal.NUMBER_UNREADABLE,
        Refusal.TIME_UNREADABLE,
        Refusal.DAY_UNREADABLE,
        Refusal.SPANS_UNREADABLE,
        Refusal.TIMEZONE_UNKNOWN,
        Refusal.REASON_MISSING,
        Refusal.UNIT_UNKNOWN,
        Refusal.DEADLINE_PAST,
        Refusal.QUOTA_UNREADABLE,
        Refusal.POINTS_UNREADABLE,
        Refusal.POINTS_AMBIGUOUS,
        Refusal.POINTS_NEGATIVE,
        Refusal.POINTS_TOO_FINE,
        Refusal.POINTS_BEYOND,
        Refusal.POINTS_ZERO,
        Refusal.CRITERIA_MISSING,
        Refusal.CRITERIA_TOO_MANY,
        Refusal.CRITERIA_SUM,
        Refusal.CRITERION_UNREADABLE,
        Refusal.RECIPIENT_TWICE,
        Refusal.VOTE_PAUSED,
        Refusal.PAPER_TOO_LARGE,
        Refusal.PAPER_KIND_UNKNOWN,
        Refusal.PAPER_NOT_AS_NAMED,
        Refusal.PAPER_EMPTY,
        Refusal.PAPER_THERE_ALREADY,
        Refusal.PAPERS_TOO_MANY,
        Refusal.PLEDGE_PARTY_THERE,
        Refusal.PLEDGE_SIGNER_TAKEN,
        Refusal.CONTACT_OF_ANOTHER,
        Refusal.TOO_MANY_TRIES,
        Refusal.OPINIONS_TOO_FAST,
        Refusal.ADDITION_TOO_LATE,
        Refusal.ITEM_LEFT_OUT,
        Refusal.OPINION_NOT_MERGEABLE,
    }
)
"""Refusals after which the question stays, as another answer to it, or the same one later, may be taken."""

_LONGEST = 60_000
_ATTEMPTS = 3

_log = structlog.get_logger(__name__)

_AT_ANY_TIME = frozenset(
    {
        Command.START,
        Command.HOME,
        Command.HELP,
        Command.NOW,
        Command.OWN_PAGE,
        Command.VIETNAMESE,
        Command.ENGLISH,
    }
)
"""Commands that are no answers, whatever is asked; "sai" could well be somebody's opinion."""


class Dialogues:
    """Takes in what people do on every platform."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._speakers = Batches[tuple[str, str], Speaker | None](self._find_speakers)

    async def receive(self, incoming: Incoming) -> Answer:
        """Carry out what a person did and answer it; returns after the commit.

        The same event again is answered without being carried out twice. One that failed three times, also
        over restarts, is set aside with its id logged, so that it blocks nothing; its body is not kept.
        """
        try:
            return await self._receive(incoming)
        except ConnectionError:
            raise
        except Exception:
            async with self._office.house.database.transaction() as tx:
                now = self._office.house.now()
                attempts = await marks.count_failure(tx, incoming.platform, incoming.event_id, now)
            if attempts < _ATTEMPTS:
                raise
            _log.exception("event_set_aside", platform=incoming.platform, event_id=incoming.event_id)
            return Answer(notices.not_recorded(self._office.default))

    async def _receive(self, incoming: Incoming) -> Answer:
        talk = await self._talk(incoming)
        try:
            if talk.was_gone and not (incoming.is_group or isinstance(incoming.body, Left)):
                await _regain(talk)
            if talk.was_set_aside and _is_use(incoming):
                await _go_on_here(talk)
            if incoming.is_group:
                return await groups.take(talk)
            answer = await own_page.with_page_for_files(talk, await self._take(talk))
            return await _with_menu(talk, await _beside_live(talk, answer))
        except RepeatedEventError:
            # The answer may have been lost on its way, and with it the question that it asked.
            async with talk.house.database.snapshot() as tx:
                pending = await self.pending_cards(tx, [talk.account.account_id])
            return Answer(notices.repeated(talk.voice), pending.get(talk.account.account_id))
        except NotFoundError:
            return Answer(notices.out_of_date(talk.voice))

    async def pending_cards(self, tx: Tx, account_ids: Collection[int]) -> Mapping[int, Card]:
        """Give the open question of each account that has one, as a card."""
        shown = {}
        for account_id in account_ids:
            found = await _find_question(tx, account_id)
            if found is not None:
                question, version = found
                account = await people.get_account(tx, account_id)
                meeting_id = await find_concern(tx, question) or account.current_meeting_id
                manner = None if meeting_id is None else await find_manner(tx, meeting_id, account_id)
                shown[account_id] = question.card(self._voice(account, manner), version)
        return shown

    async def _talk(self, incoming: Incoming) -> Talk:
        """Give the exchange, in the voice of the meeting that it is about.

        Of a ballot that is the current meeting's: in a burst of votes only a refusal looks for another.
        """
        speaker = await self._speakers.put((incoming.platform, incoming.sender))
        account = _stranger(incoming) if speaker is None else speaker.account
        manner = None if speaker is None else speaker.manner
        talk = Talk(
            self._office,
            incoming,
            account,
            self._voice(account, manner),
            was_gone=speaker is not None and speaker.is_gone,
            was_set_aside=speaker is not None and speaker.is_set_aside,
        )
        action = actions.decode(incoming.body.action) if isinstance(incoming.body, Tap) else None
        return talk if action is None or isinstance(action, actions.CastVote) else await about(talk, action)

    async def _find_speakers(self, senders: Sequence[tuple[str, str]]) -> Sequence[Speaker | None]:
        async with self._office.house.database.snapshot() as tx:
            found = await people.list_speakers(tx, set(senders))
        return [found.get(sender) for sender in senders]

    def _voice(self, account: Account, manner: MannerView | None) -> Voice:
        if manner is None:
            default = self._office.default
            voice = dataclasses.replace(default, language=account.language or default.language)
        else:
            voice = voice_for(account.language, manner, manner.standing)
        return dataclasses.replace(voice, is_typed=account.platform in WITHOUT_BUTTONS)

    async def _take(self, talk: Talk) -> Answer:
        body = talk.incoming.body
        if talk.is_stranger and not isinstance(body, Left):
            return await _take_stranger(talk)
        match body:
            case Joined(code):
                return await joining.take_code(talk, code) if code else await _greet(talk)
            case Tap(action):
                return await self._take_tap(talk, action)
            case Text(text):
                return await self._take_text(talk, tidy_lines(text[:_LONGEST]))
            case File() as file:
                return await self._take_file(talk, file)
            case Contact() as contact:
                question, answering = await self._pending(talk)
                return await _conclude(answering, await joining.take_contact(answering, question, contact))
            case Left():
                await _forget(talk)
                return Answer()
            case Admitted() | Moved():
                return Answer()  # of groups only
            case _:
                assert_never(body)

    # Taps

    async def _take_tap(self, talk: Talk, text: str) -> Answer:
        action = actions.decode(text)
        if action is None:
            return Answer(notices.out_of_date(talk.voice))
        if type(action) in ROUTES:
            return await ROUTES[type(action)](talk, action)
        return await self._answer_question(talk, action)

    async def _answer_question(self, talk: Talk, action: Action) -> Answer:
        """Take a button of the pending question; one of an earlier question changes nothing."""
        version: int = getattr(action, "version", 0)
        if isinstance(action, actions.CancelDialogue) and version == 0:
            return Answer(notices.left_as_it_is(talk.voice))
        question, answering = await self._pending(talk)
        if question is None or version != answering.version:
            return Answer(notices.out_of_date(talk.voice))
        match action:
            case actions.CancelDialogue():
                return await question.drop(answering)
            case actions.AnswerYesNo(yes=yes):
                return await _conclude(answering, await question.choose(answering, is_yes=bool(yes)))
            case actions.ChooseAnswer(choice=choice):
                return await _conclude(answering, await question.pick(answering, choice))
            case actions.SkipQuestion():
                return await _conclude(answering, await question.skip(answering))
            case actions.ConfirmPlan():
                return await _conclude(answering, await question.confirm(answering))
            case _:
                return Answer(notices.out_of_date(talk.voice))

    async def _pending(self, talk: Talk) -> tuple[Question | None, Talk]:
        """Give the open question, with the exchange as it answers it; raises RepeatedEventError.

        What was typed or tapped for one question must not answer the next when it is delivered again.
        """
        event, account = talk.incoming.event_id, talk.account
        async with talk.house.database.snapshot() as tx:
            if await marks.is_marked(tx, talk.incoming.platform, [event, questions.asked_by(event)]):
                raise RepeatedEventError
            found = await _find_question(tx, account.account_id)
            if found is None:
                return None, talk
        question, version = found
        return question, dataclasses.replace(await about(talk, question), version=version)

    # Texts

    async def _take_text(self, talk: Talk, text: str) -> Answer:
        question, answering = await self._pending(talk)
        command, choice = typed_command(text), typed_choice(text)
        if question is not None and question.takes_any_name and is_name_too(text):
            return await _take_answer(answering, question, text, None)
        if command is Command.CANCEL:
            return (
                Answer(notices.nothing_to_give_up(talk.voice))
                if question is None
                else await question.drop(answering)
            )
        if question is not None and not _is_no_answer(question, text, command):
            if choice is not None and not (question.is_yes_or_no and typed_yes_no(text) is not None):
                voted = await _take_choice(talk, choice, question)
                if voted is not None:
                    return voted
            return await _take_answer(answering, question, text, command)
        if command is Command.NOW and talk.voice.is_typed:
            return await _show_now(answering, question)
        if command is not None:
            return await _obey(talk, command)
        if choice is not None:
            return await _take_choice(talk, choice, None) or await _nothing_done(
                talk, notices.no_vote_open(talk.voice)
            )
        code = code_of(text)
        if code is not None:
            return await joining.take_code(talk, code)
        return await _nothing_done(talk, notices.not_understood(talk.voice))

    # Files

    async def _take_file(self, talk: Talk, file: File) -> Answer:
        refused = await own_page.refuse_file(talk)
        if refused is not None:
            return refused
        question, answering = await self._pending(talk)
        if question is not None and not question.takes_file:
            return Answer(notices.text_expected(talk.voice))
        if isinstance(question, papers.PaperQuestion):
            return await _conclude(answering, await question.take_file(answering, file))
        if question is None:
            sheet = await scores.take_unasked(talk, file)
            if sheet is not None:
                return sheet
            taken = await papers.take_unasked(talk, file)
            return talk.refuse(taken) if isinstance(taken, Refused) else taken
        return await setup.take_file(answering, file, question)


_ABOUT_ONESELF = (actions.SetLanguage, actions.ShowHome, actions.ShowHelp)


async def _with_menu(talk: Talk, answer: Answer) -> Answer:
    """Add which commands fit the person now, after what may have changed it, or asks for it."""
    body = talk.incoming.body
    match body:
        case Joined() | Text():
            may_differ = True
        case Tap(action):
            may_differ = isinstance(actions.decode(action), _ABOUT_ONESELF)
        case _:
            may_differ = False
    if not may_differ:
        return answer
    async with talk.house.database.snapshot() as tx:
        account = await people.find_account(tx, talk.incoming.platform, talk.incoming.sender)
        roles = set() if account is None else await people.list_roles_held(tx, account.account_id)
    language = None if account is None or account.language == talk.incoming.language else account.language
    return dataclasses.replace(answer, menu=Menu(_menu_kind(roles), language))


def _menu_kind(roles: Collection[Role]) -> MenuKind:
    if Role.ORGANISER in roles:
        return MenuKind.ORGANISER
    return MenuKind.STAFF if roles else MenuKind.MEMBER


async def _beside_live(talk: Talk, answer: Answer) -> Answer:
    """Let no answer take the place of a live card, which would be shown over it at its next change."""
    shown_at = talk.incoming.shown_at
    if not answer.replaces or shown_at is None:
        return answer
    async with talk.house.database.snapshot() as tx:
        is_live = await cards.is_live(tx, talk.account.account_id, shown_at)
    return dataclasses.replace(answer, replaces=not is_live)


def _stranger(incoming: Incoming) -> Account:
    return Account(
        0,
        incoming.platform,
        incoming.sender,
        incoming.chat,
        incoming.display_name,
        incoming.language,
        None,
    )


async def _regain(talk: Talk) -> None:
    async with talk.house.database.transaction() as tx:
        await reach.regain_account(tx, talk.account.account_id)


async def _go_on_here(talk: Talk) -> None:
    """Reach somebody in this chat from now on, who used another one until now."""
    async with talk.house.database.transaction() as tx:
        await use_account(tx, talk.account.account_id, talk.now())


async def _forget(talk: Talk) -> None:
    async with talk.house.database.transaction() as tx:
        await reach.lose_account(tx, talk.account.account_id, GoneReason.BLOCKED, talk.now())


# The pending question


async def _find_question(tx: Tx, account_id: int) -> tuple[Question, int] | None:
    """Give the question that an account may still answer, with its version."""
    pending = await dialogues.find_dialogue(tx, account_id)
    question = None if pending is None else restored(pending.topic, pending.state)
    if pending is None or question is None or not await question.is_open(tx, account_id):
        return None
    return question, pending.version


def _is_no_answer(question: Question, text: str, command: Command | None) -> bool:
    """Whether a message is none though a question is open: a command, a link that was pasted, or a code.

    A code is one only where it is asked who somebody is, and it can't be a name.
    """
    if command is Command.SKIP:
        return False
    if isinstance(question, Identity) and is_no_name(text):
        return True
    return text.startswith("/") or command in _AT_ANY_TIME or token_of(text) is not None


async def _take_answer(talk: Talk, question: Question, text: str, command: Command | None) -> Answer:
    if command is Command.SKIP:
        skipped = await question.skip(talk)
        if skipped is not None:
            return await _conclude(talk, skipped)
    if not text:
        return talk.refuse(Refused(Refusal.TEXT_EMPTY))
    is_yes = typed_yes_no(text)
    if is_yes is not None:
        chosen = await question.choose(talk, is_yes=is_yes)
        if chosen is not None:
            return await _conclude(talk, chosen)
    return await _conclude(talk, await question.take(talk, text))


async def _conclude(talk: Talk, outcome: Answer | Refused | None) -> Answer:
    """Answer what became of an answer; a question that no answer can help is dropped."""
    match outcome:
        case Answer():
            return outcome
        case Refused(reason):
            if reason not in MENDABLE:
                await questions.give_up(talk.house, talk.asked)
            return talk.refuse(outcome)
        case None:
            return Answer(notices.out_of_date(talk.voice))


# What is typed without a question


async def _take_choice(talk: Talk, choice: TypedChoice, question: Question | None) -> Answer | None:
    """Cast a typed word: in the one vote that is open to this person, else in their meeting's latest.

    A word alone names no vote, so with several open at once nothing is guessed. While something else is
    asked, only an open vote is meant; None where there is none.
    """
    async with talk.house.database.snapshot() as tx:
        votes = await list_open_votes_of(tx, talk.account.account_id)
        meeting_id = talk.account.current_meeting_id
        if not votes and question is None and meeting_id is not None:
            latest = await find_latest_vote(tx, meeting_id)
            votes = [] if latest is None else [latest]
    if isinstance(question, voting.Opinion) and question.vote_id in votes:
        votes = [question.vote_id]
    if len(votes) > 1:
        return Answer(notices.several_votes_open(talk.voice))
    return await voting.cast_typed(talk, votes[0], choice) if votes else None


async def _greet(talk: Talk) -> Answer:
    return await meetings.show_home(talk, actions.ShowHome())


async def _nothing_done(talk: Talk, why: str) -> Answer:
    """Answer with why nothing was done; whoever speaks for nobody (any more) needs a code before all else."""
    async with talk.house.database.snapshot() as tx:
        is_bound = bool(await people.list_organisations_of(tx, talk.account.account_id))
    return Answer(why if is_bound else notices.code_wanted(talk.voice))


async def _show_now(talk: Talk, question: Question | None) -> Answer:
    """Ask once more what is asked, else show what is current."""
    if question is None or talk.version is None:
        return await meetings.show_now(talk)
    return Answer(notices.still_asked(talk.voice), question.card(talk.voice, talk.version))


async def _obey(talk: Talk, command: Command) -> Answer:
    match command:
        case Command.START | Command.HOME:
            return await _greet(talk)
        case Command.HELP | Command.NOW | Command.SKIP | Command.CANCEL:
            return await meetings.show_help(talk, actions.ShowHelp())
        case Command.MEETING | Command.AGENDA | Command.PAPERS | Command.ROLL:
            return await _show_current(talk, command)
        case Command.PRESENT:
            return await _confirm_presence(talk)
        case Command.OWN_PAGE:
            return await own_page.show_own_page(talk, actions.ShowOwnPage())
        case Command.NEW_MEETING | Command.IMPORT:
            return await _set_up(talk, command)
        case Command.WRONG_PERSON:
            return await joining.ask_wrong_person(talk)
        case Command.VIETNAMESE:
            return await joining.set_language(talk, actions.SetLanguage("vi"))
        case Command.ENGLISH:
            return await joining.set_language(talk, actions.SetLanguage("en"))
        case _:
            assert_never(command)


async def _show_current(talk: Talk, command: Command) -> Answer:
    """Show something of the meeting that this chat is about."""
    meeting_id = talk.account.current_meeting_id
    if meeting_id is None:
        return await meetings.show_help(talk, actions.ShowHelp())
    match command:
        case Command.AGENDA:
            return await agenda.show_agenda(talk, actions.ShowAgenda(meeting_id, 0))
        case Command.PAPERS:
            return await papers.show_papers(talk, actions.ShowPapers(meeting_id, 0, 0))
        case Command.ROLL:
            return await attendance.show_roll(talk, actions.ShowRoll(meeting_id, 0))
        case _:
            return await meetings.show_meeting(talk, actions.ShowMeeting(meeting_id))


async def _confirm_presence(talk: Talk) -> Answer:
    """Confirm the own presence in the meeting that this chat is about."""
    meeting_id = talk.account.current_meeting_id
    if meeting_id is None:
        return await meetings.show_help(talk, actions.ShowHelp())
    return await attendance.check_in(talk, actions.CheckIn(meeting_id))


async def _set_up(talk: Talk, command: Command) -> Answer:
    """Begin a meeting of the newest organisation that this account organises for."""
    organised = await setup.list_organised(talk)
    if not organised:
        return talk.refuse(Refused(Refusal.NOT_PERMITTED, {"right": Right.SET_UP}))
    if command is Command.IMPORT:
        return await setup.import_workbook(talk, actions.ImportWorkbook(organised[0]))
    return await setup.new_meeting(talk, actions.NewMeeting(organised[0]))


async def _take_stranger(talk: Talk) -> Answer:
    """Take in what somebody unknown did: a code, or nothing else.

    Where messages are few, not all of whatever doesn't let them in is answered: more than codes may be tried.
    """
    code, incoming = _code_in(talk.incoming), talk.incoming
    answer = Answer(notices.code_wanted(talk.voice)) if code is None else await joining.take_code(talk, code)
    if incoming.platform not in SPARING or talk.office.to_strangers.lets_pass(incoming.chat, talk.now()):
        return answer
    async with talk.house.database.snapshot() as tx:
        is_known = await people.find_account(tx, incoming.platform, incoming.sender) is not None
    return answer if is_known else Answer()


def _is_use(incoming: Incoming) -> bool:
    """Whether somebody used the bot by it: what is said in a group goes past it."""
    return isinstance(incoming.body, Tap) or not (incoming.is_group or isinstance(incoming.body, Left))


def _code_in(incoming: Incoming) -> str | None:
    match incoming.body:
        case Joined(code):
            return code or None
        case Text(text):
            return code_of(text)
        case _:
            return None
