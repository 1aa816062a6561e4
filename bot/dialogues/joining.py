"""Ways in: links and codes, founding, roles, moving an account, consent, language."""

from dataclasses import dataclass, replace
from typing import ClassVar

from bot.actions import (
    GiveConsent,
    ReportWrongPerson,
    SetLanguage,
)
from bot.cards.setup import question_card, sure_card, yes_no_card
from bot.dialogues.identity import Identity
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.typed import typed_name
from bot.platforms.base import Answer, Card, Contact
from bot.wording import claims as claims_wording
from bot.wording import notices, prompts
from bot.wording.catalogue import LANGUAGES
from bot.wording.consent import CONSENT_VERSION, consent_given_text
from bot.wording.own_page import own_page_hint
from bot.wording.voice import Voice
from handlers import binding, joining, questions
from handlers.admission import Sender
from handlers.binding import Bound, MoveNeeded
from handlers.joining import IdentityNeeded, NameNeeded
from meeting.codes import link_token
from meeting.people import Role
from meeting.plan import NAME_LIMIT, TITLE_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import InvitationKind
from storage import people
from storage.attendees import get_seat
from storage.database import Tx
from storage.invitations import Invitation
from storage.reading import get_meeting_view


async def take_code(talk: Talk, code: str) -> Answer:
    """Take up a link's token or a typed code in an account that is known."""
    return await _answer(talk, await _join(talk, code, may_move=False))


async def _join(talk: Talk, code: str, *, may_move: bool) -> joining.Joined:
    account, incoming = talk.account, talk.incoming
    sender = Sender(
        account.platform, account.external_id, incoming.chat, incoming.display_name, account.language
    )
    # The web's page asked already whether to move there.
    may_move = may_move or incoming.platform == "web"
    return await joining.join(talk.house, sender, incoming.event_id, code, may_move=may_move)


async def _answer(talk: Talk, joined: joining.Joined) -> Answer:
    if isinstance(joined, Refused):
        return talk.refuse(joined)
    # Whoever was unknown until now has an account from here on.
    talk = replace(talk, account=joined.account)
    match joined:
        case Bound():
            return await bound(talk, joined)
        case NameNeeded(kind=InvitationKind.FOUNDER):
            return await talk.ask(FoundedName(*_kept(joined.invitation)))
        case NameNeeded(role=role):
            return await talk.ask(RoleHolderName(*_kept(joined.invitation), role or Role.SECRETARY))
        case IdentityNeeded(meeting_id=meeting_id):
            return await talk.ask(Identity(meeting_id, *_kept(joined.invitation)))
        case MoveNeeded():
            return await talk.ask(Move(*_kept(joined.invitation), joined.person))


async def bound(talk: Talk, joined: Bound) -> Answer:
    """Answer that an account is bound: whom to, and how to say that it is wrong."""
    if joined.meeting_id is None:
        return Answer(notices.bound_to_role(talk.voice, joined.person))
    async with talk.house.database.snapshot() as tx:
        meeting = await get_meeting_view(tx, joined.meeting_id)
        actor = await people.find_actor(tx, joined.account.account_id, joined.meeting_id)
        unit = await _unit_of(tx, actor.attendee_id if actor else None)
    voice = talk.about(meeting).voice
    if actor is not None and actor.roles:
        return Answer(notices.bound_to_role(voice, joined.person))
    hint = f"\n{own_page_hint(voice)}" if voice.is_typed else ""
    return Answer(f"{notices.bound(voice, joined.person, unit)}{hint}")


def _kept(invitation: Invitation) -> tuple[int, int]:
    """Give what a question keeps of an invitation: of the code itself nothing is stored."""
    return invitation.invitation_id, invitation.generation


def _token(talk: Talk, question: "FoundedName | FounderName | RoleHolderName | Move") -> str:
    """Give the link's token again that a kept question came from."""
    return link_token(talk.house.key, question.invitation_id, question.generation)


async def _unit_of(tx: Tx, attendee_id: int | None) -> str:
    return "" if attendee_id is None else (await get_seat(tx, attendee_id))[2]


@kept
@dataclass(frozen=True)
class FoundedName(Question):
    """What the organisation is called."""

    topic: ClassVar[str] = "founded_name"
    invitation_id: int
    generation: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, prompts.organisation_name(voice), version, limit=TITLE_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take the name and ask for the person's."""
        name = typed_name(text, TITLE_LIMIT)
        return (
            name
            if isinstance(name, Refused)
            else await talk.ask(FounderName(self.invitation_id, self.generation, name))
        )


@kept
@dataclass(frozen=True)
class FounderName(Question):
    """What the first organiser is called."""

    topic: ClassVar[str] = "founder_name"
    invitation_id: int
    generation: int
    organisation: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, prompts.founder_name(voice), version, limit=NAME_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Found the organisation."""
        name = typed_name(text, NAME_LIMIT)
        if isinstance(name, Refused):
            return name
        default = talk.office.default
        founded = await joining.found_organisation(
            talk.house,
            talk.asked,
            _token(talk, self),
            self.organisation,
            name,
            language=talk.account.language or default.language,
            timezone=default.timezone.key,
        )
        if isinstance(founded, Refused):
            return founded
        return Answer(notices.organisation_founded(talk.voice, self.organisation))


@kept
@dataclass(frozen=True)
class RoleHolderName(Question):
    """What somebody is called who takes up a role."""

    topic: ClassVar[str] = "role_holder_name"
    invitation_id: int
    generation: int
    role: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(
            voice, prompts.role_holder_name(voice, Role(self.role)), version, limit=NAME_LIMIT
        )

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Grant the role."""
        name = typed_name(text, NAME_LIMIT)
        if isinstance(name, Refused):
            return name
        joined = await joining.accept_role(talk.house, talk.asked, _token(talk, self), name)
        return joined if isinstance(joined, Refused) else await bound(talk, joined)


@kept
@dataclass(frozen=True)
class Move(Question):
    """Whether this account takes another one's place."""

    topic: ClassVar[str] = "move"
    invitation_id: int
    generation: int
    person: str

    @property
    def is_yes_or_no(self) -> bool:
        """It is."""
        return True

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return yes_no_card(voice, prompts.move_account(voice, self.person), version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask again: only the button or a clear word decides."""
        del text
        return Answer(notices.yes_or_no_wanted(talk.voice))

    async def choose(self, talk: Talk, *, is_yes: bool) -> Answer | Refused | None:
        """Move, or leave it as it is."""
        if not is_yes:
            await questions.give_up(talk.house, talk.asked)
            return Answer(notices.given_up(talk.voice))
        token = _token(talk, self)
        joined = await _join(talk, token, may_move=True)
        if isinstance(joined, Refused):
            return joined
        await questions.give_up(talk.house, talk.asked)
        if isinstance(joined, Bound):
            return Answer(notices.moved_to_here(talk.voice))
        return await _answer(talk, joined)


# The person's own affairs


async def take_contact(talk: Talk, question: Question | None, contact: Contact) -> Answer | Refused:
    """Take a shared phone number where one is asked for; it is kept nowhere."""
    if not isinstance(question, Identity):
        return Answer(claims_wording.contact_not_expected(talk.voice))
    taken = await question.take_contact(talk, contact)
    return await _answer(talk, taken) if isinstance(taken, Bound | MoveNeeded) else taken


async def give_consent(talk: Talk, action: GiveConsent) -> Answer:
    """Record an answer to a question of consent."""
    is_given = bool(action.yes)
    recorded = await joining.give_consent(
        talk.house,
        talk.asked,
        action.meeting_id,
        action.purpose,
        CONSENT_VERSION,
        talk.voice.language,
        is_given=is_given,
    )
    if isinstance(recorded, Refused):
        return talk.refuse(recorded)
    return Answer(
        consent_given_text(talk.voice, action.purpose, is_given=is_given, is_let_go=recorded.is_let_go)
    )


async def ask_wrong_person(talk: Talk) -> Answer:
    """Ask once more before "SAI" ends a link: the word may be about something else."""
    meeting_id = talk.account.current_meeting_id
    if meeting_id is None:
        return talk.refuse(Refused(Refusal.NOT_BOUND))
    async with talk.house.database.snapshot() as tx:
        actor = await people.find_actor(tx, talk.account.account_id, meeting_id)
        if actor is None:
            return talk.refuse(Refused(Refusal.NOT_BOUND))
        name = await people.get_person_name(tx, actor.person_id)
    if actor.roles:
        return talk.refuse(Refused(Refusal.NOT_PERMITTED))
    text = prompts.wrong_person(talk.voice, name)
    action = ReportWrongPerson(meeting_id)
    return Answer(card=sure_card(talk.voice, text, prompts.button_wrong_person(talk.voice), action))


async def report_wrong_person(talk: Talk, action: ReportWrongPerson) -> Answer:
    """Let go of somebody who isn't the person."""
    gone = await binding.report_wrong_person(talk.house, talk.asked, action.meeting_id)
    return talk.refuse(gone) if isinstance(gone, Refused) else Answer(notices.let_go(talk.voice))


async def set_language(talk: Talk, action: SetLanguage) -> Answer:
    """Speak another language from now on."""
    if action.language not in LANGUAGES:
        return Answer(notices.out_of_date(talk.voice))
    await joining.set_language(talk.house, talk.asked, action.language)
    voice = Voice(action.language, talk.voice.timezone, talk.voice.address)
    return Answer(notices.language_set(voice))


ROUTES: Routes = {
    GiveConsent: give_consent,
    ReportWrongPerson: report_wrong_person,
    SetLanguage: set_language,
}
"""What each button of this topic does."""
