"""Actions on who is who: invitations, claims, groups, consent, language."""

from bot.actions.codec import Action, action
from meeting.people import Purpose, Role


@action("inviterole")
class InviteRole(Action):
    """Make a one-time link for a role."""

    meeting_id: int
    role: Role


@action("invitations")
class ShowInvitations(Action):
    """Show the attendees' personal links and codes."""

    meeting_id: int
    page: int


@action("renew")
class RenewInvitation(Action):
    """Make an attendee's link and code anew; the old ones and the accounts bound by them end.

    Asked once more (`sure`) while an account is bound.
    """

    attendee_id: int
    sure: int


@action("invitegroup")
class InviteGroup(Action):
    """Show the link that adds the bot to groups; made anew with `renew`."""

    meeting_id: int
    renew: int


@action("rebindgroup")
class RebindGroup(Action):
    """Have the group in which this is tapped follow this meeting in place of another."""

    meeting_id: int


@action("unbindgroup")
class UnbindGroup(Action):
    """Let a group go; asked once more (`sure`)."""

    group_id: int
    sure: int


@action("ownpage")
class ShowOwnPage(Action):
    """Show the way to one's own page on the web."""


@action("renewshared")
class RenewSharedLink(Action):
    """Make a meeting's shared link anew, so that the old one admits nobody any more; asked once more."""

    meeting_id: int
    sure: int


@action("slips")
class GetSlips(Action):
    """Hand out the personal links as slips to be printed."""

    meeting_id: int


@action("unbind")
class UnbindAccount(Action):
    """End the link of an attendee's account on a platform; asked once more (`sure`)."""

    attendee_id: int
    platform: str
    sure: int


@action("claims")
class ShowClaims(Action):
    """Show who came by the shared link and waits to be recognised."""

    meeting_id: int


@action("claim")
class ShowClaim(Action):
    """Show one who waits, and whom the typed name may mean."""

    claim_id: int


@action("acceptclaim")
class AcceptClaim(Action):
    """Say that who waits is this attendee; asked once more (`sure`) where another account is linked."""

    claim_id: int
    attendee_id: int
    sure: int


@action("declineclaim")
class DeclineClaim(Action):
    """Say that who waits is nobody on the list."""

    claim_id: int


@action("findclaimant")
class FindClaimant(Action):
    """Look on the list for who waits; a part of the name is asked for."""

    claim_id: int


@action("consent")
class GiveConsent(Action):
    """Answer one question of consent, which the organisation that holds this meeting asks."""

    meeting_id: int
    purpose: Purpose
    yes: int


@action("wrongperson")
class ReportWrongPerson(Action):
    """Say that one isn't the person whom the link was for, in the organisation that holds this meeting."""

    meeting_id: int


@action("language")
class SetLanguage(Action):
    """Choose the language ("vi", "en")."""

    language: str


@action("asktimezone")
class AskTimezone(Action):
    """Ask for the time zone of one's quiet hours."""


@action("timezone")
class SetTimezone(Action):
    """Choose a time zone for one's quiet hours, in answer to the question of this version; "" for none."""

    version: int
    timezone: str
