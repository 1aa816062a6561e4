"""Coming by the shared link: the question who somebody is, and the list of those who wait."""

from collections.abc import Sequence

from bot.actions import (
    AcceptClaim,
    CancelDialogue,
    DeclineClaim,
    FindClaimant,
    ShowClaim,
    ShowClaims,
    ShowInvitations,
)
from bot.cards.layout import PAGE_SIZE, button, clipped, in_rows, soft, strong
from bot.phones import masked_phone
from bot.platforms.base import Ask, Card, Choice, Line, ShareContact
from bot.wording import claims as wording
from bot.wording import notices
from bot.wording.voice import Voice, say
from meeting.plan import NAME_LIMIT
from storage.views import ClaimsView, ClaimView, Seat

_SHOWN = 6


def identity_card(voice: Voice) -> Card:
    """Ask who somebody is: by name, or by the phone number where the platform vouches for it."""
    lines = (strong(wording.identity_wanted(voice)), soft(wording.identity_manner(voice)))
    return Card(lines, ((ShareContact(wording.button_share(voice)),),), ask=Ask(limit=NAME_LIMIT))


def waiting_card(voice: Voice, typed: str, version: int) -> Card:
    """Say that a typed name waits; another may be typed in its place."""
    lines = (strong(wording.claim_waits(voice, clipped(typed))), Line(wording.claim_waits_manner(voice)))
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    return Card(lines, ((cancel,),), ask=Ask(limit=NAME_LIMIT))


def declined_card(voice: Voice) -> Card:
    """Say that nobody was recognised, and ask once more."""
    lines = (strong(wording.claim_declined(voice)), Line(wording.claim_declined_manner(voice)))
    return Card(lines, ((ShareContact(wording.button_share(voice)),),), ask=Ask(limit=NAME_LIMIT))


def accepted_card(voice: Voice, person: str, unit: str) -> Card:
    """Welcome somebody whom the organiser recognised."""
    return Card((strong(notices.bound(voice, person, unit)),))


# Those who decide


def claims_card(voice: Voice, view: ClaimsView) -> Card:
    """Give those who wait the longest, each with whom the name likely means."""
    lines = [strong(wording.claims_title(voice)), Line(clipped(view.meeting.title))]
    rows: list[tuple[Choice, ...]] = []
    for place, claim in enumerate(view.claims[:_SHOWN], 1):
        lines.append(strong(f"{place}. {_claim_text(voice, claim)}"))
        lines.append(Line(_likely_text(voice, claim)))
        rows.append(_claim_row(voice, place, claim))
    rest = len(view.claims) - _SHOWN
    if rest > 0:
        lines.append(Line(say(voice, "and %(n)s more", n=rest)))
    lines.append(soft(wording.claims_manner(voice)) if view.claims else Line(wording.nobody_waits(voice)))
    rows.append((button(say(voice, "‹ Invitations"), ShowInvitations(view.meeting.meeting_id, 0)),))
    return Card(tuple(lines), tuple(rows))


def _claim_text(voice: Voice, claim: ClaimView) -> str:
    return wording.claim_text(
        voice, clipped(claim.typed_name, 80), claim.platform, clipped(claim.display_name, 60)
    )


def _likely_text(voice: Voice, claim: ClaimView) -> str:
    if claim.seat is None:
        return wording.several_likely(voice)
    return wording.likely_text(voice, _seat_text(voice, claim.seat, claim.platform))


def _seat_text(voice: Voice, seat: Seat, platform: str) -> str:
    phone = None if seat.phone is None else masked_phone(seat.phone)
    who = clipped(", ".join(filter(None, (f"{seat.number}. {seat.name}", seat.unit, phone))))
    return wording.taken_text(voice, who, platform) if seat.is_taken else who


def _claim_row(voice: Voice, place: int, claim: ClaimView) -> tuple[Choice, ...]:
    others = button(say(voice, "%(place)s. Somebody else", place=place), ShowClaim(claim.claim_id))
    decline = button(say(voice, "%(place)s. Decline", place=place), DeclineClaim(claim.claim_id))
    if claim.seat is None:
        return (others, decline)
    accept = AcceptClaim(claim.claim_id, claim.seat.attendee_id, 0)
    return (button(say(voice, "%(place)s. Confirm", place=place), accept), others, decline)


def claim_card(voice: Voice, claim: ClaimView, seats: Sequence[Seat]) -> Card:
    """Give one who waits, and the attendees who may be meant, each with a button."""
    shown = seats[:PAGE_SIZE]
    lines = [strong(_claim_text(voice, claim))]
    lines += [Line(_seat_text(voice, seat, claim.platform)) for seat in shown]
    if not shown:
        lines.append(Line(wording.several_likely(voice)))
    rows: list[tuple[Choice, ...]] = [
        (button(f"{seat.number}. {seat.name}", AcceptClaim(claim.claim_id, seat.attendee_id, 0)),)
        for seat in shown
    ]
    last = [
        button(say(voice, "Find by name"), FindClaimant(claim.claim_id)),
        button(say(voice, "Decline"), DeclineClaim(claim.claim_id)),
        button(say(voice, "‹ Who waits"), ShowClaims(claim.meeting_id)),
    ]
    return Card(tuple(lines), (*rows, *in_rows(last)))
