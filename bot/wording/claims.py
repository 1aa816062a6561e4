"""Coming by the shared link: who are you, and who is that."""

from bot.wording.reach import platform_text
from bot.wording.voice import Voice, say


def identity_wanted(voice: Voice) -> str:
    """Ask who somebody is."""
    return say(voice, "What is your full name, as it stands on the list of attendees?")


def identity_manner(voice: Voice) -> str:
    """Say how it may be answered, and what becomes of it."""
    return say(
        voice, "You may add your unit. The organiser confirms each name before anything is shown here."
    )


def button_share(voice: Voice) -> str:
    """Give the button that shares one's phone number."""
    return say(voice, "Share my phone number instead")


def claim_waits(voice: Voice, typed: str) -> str:
    """Say that a name waits."""
    return say(voice, "“%(name)s” waits for the organiser.", name=typed)


def claim_waits_manner(voice: Voice) -> str:
    """Say what happens next, and how to correct it."""
    return say(voice, "The decision is told here. If the name is wrong, write it once more.")


def claim_made(voice: Voice, typed: str) -> str:
    """Answer a typed name."""
    return say(
        voice,
        "Sent to the organiser: “%(name)s”. The decision is told here; if the name is wrong, write it once "
        "more.",
        name=typed,
    )


def claim_declined(voice: Voice) -> str:
    """Say that nobody was recognised."""
    return say(voice, "The organiser could not find you on the list of attendees by this name.")


def claim_declined_manner(voice: Voice) -> str:
    """Say what to do next."""
    return say(
        voice, "Write your full name and your unit once more, or ask the organiser for your personal link."
    )


def claim_withdrawn(voice: Voice) -> str:
    """Answer that a name waits no more."""
    return say(voice, "Taken back. Open the link again when you want to come in.")


def phone_unmatched(voice: Voice) -> str:
    """Answer a number that no attendee has; it is not kept."""
    return say(
        voice,
        "No attendee is listed with your number; it was not kept. Please write your full name and your unit.",
    )


def phone_shared(voice: Voice) -> str:
    """Answer a number that several attendees have; it is not kept."""
    return say(
        voice,
        "Several attendees are listed with your number; it was not kept. Please write your full name.",
    )


def contact_not_expected(voice: Voice) -> str:
    """Answer a contact that nobody asked for."""
    return say(voice, "No phone number is asked for now, and it was not kept.")


# Those who decide


def claims_title(voice: Voice) -> str:
    """Give the heading of the list."""
    return say(voice, "Came by the shared link, to be confirmed")


def claims_manner(voice: Voice) -> str:
    """Say what a confirmation means."""
    return say(voice, "Whoever is confirmed votes for that person. In doubt call the person, or decline.")


def nobody_waits(voice: Voice) -> str:
    """Say that there is nothing to decide."""
    return say(voice, "Nobody waits.")


def claim_text(voice: Voice, typed: str, platform: str, display_name: str) -> str:
    """Say who waits."""
    where = platform_text(voice, platform)
    if not display_name:
        return say(voice, "“%(name)s” (%(platform)s)", name=typed, platform=where)
    return say(
        voice, "“%(name)s” (%(platform)s: %(account)s)", name=typed, platform=where, account=display_name
    )


def likely_text(voice: Voice, who: str) -> str:
    """Say who is likely meant."""
    return say(voice, "Likely: %(who)s", who=who)


def several_likely(voice: Voice) -> str:
    """Say that nobody fits alone."""
    return say(voice, "Nobody on the list fits for certain.")


def taken_text(voice: Voice, who: str, platform: str) -> str:
    """Add that another account is linked."""
    return say(
        voice,
        "%(who)s – linked to another account (%(platform)s)",
        who=who,
        platform=platform_text(voice, platform),
    )


def move_sure(voice: Voice, person: str) -> str:
    """Ask once more before an account takes another's place."""
    return say(
        voice,
        "%(person)s is linked to another account. Move the link to the new one? The earlier account is told "
        "and is shown nothing more.",
        person=person,
    )


def button_move(voice: Voice) -> str:
    """Give the button that moves a link."""
    return say(voice, "Move the link")


def accepted(voice: Voice, person: str) -> str:
    """Answer a confirmation."""
    return say(voice, "Linked: %(who)s.", who=person)


def declined(voice: Voice, typed: str) -> str:
    """Answer a refusal."""
    return say(voice, "Declined: “%(name)s”. The person was told.", name=typed)


# Accounts and links


def unbind_sure(voice: Voice, person: str, platform: str) -> str:
    """Ask once more before a link is ended."""
    return say(
        voice,
        "End the link of %(person)s on %(platform)s? The account is told; the personal link stays good.",
        person=person,
        platform=platform_text(voice, platform),
    )


def button_unbind(voice: Voice, platform: str) -> str:
    """Give the button that ends a link."""
    return say(voice, "End the link: %(platform)s", platform=platform_text(voice, platform))


def unbound(voice: Voice, person: str) -> str:
    """Answer that a link was ended."""
    return say(voice, "The link of %(person)s was ended; the account was told.", person=person)


def renew_shared_sure(voice: Voice) -> str:
    """Ask once more before the shared link is made anew."""
    return say(
        voice,
        "Make a new shared link? The one that was handed out admits nobody any more; who came by it stays "
        "linked.",
    )


def button_renew_shared(voice: Voice) -> str:
    """Give the button that makes it anew."""
    return say(voice, "New shared link")
