"""Coming by the shared link: who somebody is, by a phone number or by a name that waits."""

from dataclasses import dataclass, field
from typing import ClassVar

from bot.cards.claims import declined_card, identity_card, waiting_card
from bot.dialogues.talk import Question, Talk, kept
from bot.phones import read_phone_number
from bot.platforms.base import Answer, Card, Contact
from bot.wording import claims as wording
from bot.wording.voice import Voice
from handlers import claims
from handlers.binding import IDENTITY, Bound, MoveNeeded
from handlers.claims import PhoneUnmatched
from meeting.codes import link_token
from meeting.refusals import Refusal, Refused
from storage.database import Tx


@kept
@dataclass(frozen=True)
class Identity(Question):
    """Who somebody is; it stays until the organiser has decided about what was typed.

    `among` are attendees who come into question by their phone number.
    """

    topic: ClassVar[str] = IDENTITY
    takes_any_name: ClassVar[bool] = True
    meeting_id: int
    invitation_id: int
    generation: int
    typed: str = ""
    is_declined: bool = False
    among: list[int] = field(default_factory=list)

    def card(self, voice: Voice, version: int) -> Card:
        """Ask, or say that what was typed waits or was declined."""
        if self.is_declined:
            return declined_card(voice)
        return waiting_card(voice, self.typed, version) if self.typed else identity_card(voice)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Have the name wait for the organiser, in place of an earlier one."""
        token = link_token(talk.house.key, self.invitation_id, self.generation)
        made = await claims.claim_name(talk.house, talk.asked, token, text, self.among)
        return made if isinstance(made, Refused) else Answer(wording.claim_made(talk.voice, made.typed_name))

    async def take_contact(self, talk: Talk, contact: Contact) -> Answer | Refused | Bound | MoveNeeded:
        """Link whoever alone has this number; else ask for the name. The number is kept nowhere."""
        if not contact.is_own:
            return Refused(Refusal.CONTACT_OF_ANOTHER)
        phone = read_phone_number(contact.phone if contact.phone.startswith("+") else f"+{contact.phone}")
        token = link_token(talk.house.key, self.invitation_id, self.generation)
        shared = await claims.share_phone(talk.house, talk.asked, token, phone)
        if not isinstance(shared, PhoneUnmatched):
            return shared
        text = wording.phone_shared(talk.voice) if shared.among else wording.phone_unmatched(talk.voice)
        question = Identity(
            self.meeting_id, self.invitation_id, self.generation, self.typed, among=list(shared.among)
        )
        asked = await talk.ask(question)
        return Answer(text, asked.card if self.typed else None)

    async def drop(self, talk: Talk) -> Answer:
        """Take back what waits."""
        withdrawn = await claims.withdraw_claim(talk.house, talk.asked, self.meeting_id)
        if isinstance(withdrawn, Refused):
            return talk.refuse(withdrawn)
        return Answer(wording.claim_withdrawn(talk.voice))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """As long as it is asked: the link itself says until when it is good."""
        del tx, account_id
        return True
