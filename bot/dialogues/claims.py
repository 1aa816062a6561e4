"""Deciding who came by the shared link."""

from dataclasses import dataclass
from typing import ClassVar

from bot import actions
from bot.cards.claims import claim_card, claims_card
from bot.cards.setup import question_card, sure_card
from bot.dialogues.attendance import fits
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.platforms.base import Answer, Card
from bot.wording import claims as wording
from bot.wording import prompts
from bot.wording.voice import Voice
from handlers import claims, questions
from handlers.asking import permitted
from handlers.claims import ClaimUnsure
from meeting.names import find_namesakes
from meeting.people import Right
from meeting.plan import NAME_LIMIT
from meeting.refusals import Refusal, Refused
from storage.database import Tx
from storage.reading import get_claim_view, get_claims_view
from storage.views import ClaimView, Seat


async def show_claims(talk: Talk, action: actions.ShowClaims) -> Answer:
    """Show all who wait."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.INVITE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        view = await get_claims_view(tx, action.meeting_id)
    return Answer(card=claims_card(talk.about(view.meeting).voice, view), replaces=True)


async def _find_claim(talk: Talk, claim_id: int) -> tuple[ClaimView, list[Seat]] | Refused:
    """Give one who still waits, with the roll, to somebody who decides."""
    async with talk.house.database.snapshot() as tx:
        claim, seats = await get_claim_view(tx, claim_id)
        actor = await permitted(tx, talk.asked, claim.meeting_id, Right.INVITE)
    if isinstance(actor, Refused):
        return actor
    return (claim, seats) if claim.is_waiting else Refused(Refusal.CLAIM_DECIDED)


async def show_claim(talk: Talk, action: actions.ShowClaim) -> Answer:
    """Show one who waits, and whom the typed name may mean."""
    found = await _find_claim(talk, action.claim_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    claim, seats = found
    by_id = {seat.attendee_id: seat for seat in seats}
    meant = find_namesakes(claim.typed_name, ((seat.attendee_id, seat.name, seat.unit) for seat in seats))
    shown = [by_id[attendee_id] for _, attendee_id in meant]
    return Answer(card=claim_card(talk.voice, claim, shown), replaces=True)


async def accept_claim(talk: Talk, action: actions.AcceptClaim) -> Answer:
    """Link who waits to an attendee; asked about once more where that moves a link."""
    accepted = await claims.accept_claim(
        talk.house, talk.asked, action.claim_id, action.attendee_id, is_sure=bool(action.sure)
    )
    if isinstance(accepted, Refused):
        return talk.refuse(accepted)
    if isinstance(accepted, ClaimUnsure):
        sure = actions.AcceptClaim(action.claim_id, action.attendee_id, 1)
        text, label = wording.move_sure(talk.voice, accepted.person), wording.button_move(talk.voice)
        return Answer(card=sure_card(talk.voice, text, label, sure))
    return Answer(wording.accepted(talk.voice, accepted.person))


async def decline_claim(talk: Talk, action: actions.DeclineClaim) -> Answer:
    """Leave who waits unknown."""
    declined = await claims.decline_claim(talk.house, talk.asked, action.claim_id)
    if isinstance(declined, Refused):
        return talk.refuse(declined)
    return Answer(wording.declined(talk.voice, declined.typed_name))


async def find_claimant(talk: Talk, action: actions.FindClaimant) -> Answer:
    """Ask whom to look for."""
    found = await _find_claim(talk, action.claim_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    return await talk.ask(SoughtClaimant(action.claim_id))


@kept
@dataclass(frozen=True)
class SoughtClaimant(Question):
    """Whom on the roll somebody is who waits."""

    topic: ClassVar[str] = "sought_claimant"
    takes_any_name: ClassVar[bool] = True
    claim_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, prompts.name_sought(voice), version, limit=NAME_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Show who may be meant; the question stays where nobody is."""
        found = await _find_claim(talk, self.claim_id)
        if isinstance(found, Refused):
            return found
        claim, seats = found
        shown = [seat for seat in seats if fits(text, seat.name, seat.number)]
        if not shown:
            return Answer(prompts.nobody_found(talk.voice))
        await questions.give_up(talk.house, talk.asked)
        return Answer(card=claim_card(talk.voice, claim, shown))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """At any time: it changes nothing."""
        del tx, account_id
        return True


ROUTES: Routes = {
    actions.ShowClaims: show_claims,
    actions.ShowClaim: show_claim,
    actions.AcceptClaim: accept_claim,
    actions.DeclineClaim: decline_claim,
    actions.FindClaimant: find_claimant,
}
"""What each button of this topic does."""
