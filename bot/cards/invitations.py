"""Ways in, as they are handed out: personal links and codes, and one-time links for roles."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import (
    GetSlips,
    InviteGroup,
    InviteRole,
    RenewSharedLink,
    ShowClaims,
    ShowInvitations,
    ShowMeeting,
    UnbindGroup,
)
from bot.cards.layout import button, clipped, in_rows, page_of, page_rows, soft, strong
from bot.platforms.base import Card, Choice, Line
from bot.wording.groups import button_link, group_text
from bot.wording.labels import role_text
from bot.wording.numbers import official_count
from bot.wording.voice import Voice, say
from meeting.people import Role
from storage.views import GroupLine, MeetingView

_SIZE = 5


@dataclass(frozen=True, slots=True)
class Way:
    """One invitation; `links` are (label, address); `name` is "" for a role's link.

    `code` is "" and there are no links where only organisers get them.
    """

    name: str
    unit: str
    code: str
    links: tuple[tuple[str, str], ...]
    is_bound: bool = False


def invitations_card(  # noqa: PLR0913 - so many ways lead in
    voice: Voice,
    meeting: MeetingView,
    ways: Sequence[Way],
    page: int,
    shared: Way,
    groups: Sequence[GroupLine] = (),
    *,
    waiting: int = 0,
    group_platforms: Sequence[str] = (),
) -> Card:
    """Give a page of the attendees' personal links and codes, the shared link, and what else lets in.

    `waiting` is how many came by the shared link and are to be recognised; `group_platforms`: those in use
    that have groups.
    """
    meeting_id = meeting.meeting_id
    linked = official_count(sum(way.is_bound for way in ways), voice.language)
    total = official_count(len(ways), voice.language)
    lines = [
        strong(say(voice, "Invitations: %(title)s", title=clipped(meeting.title))),
        Line(say(voice, "Linked: %(linked)s of %(total)s.", linked=linked, total=total)),
        soft(say(voice, "Hand each link and code to its person only: whoever has it votes for that person.")),
    ]
    lines += [Line(group_text(voice, group)) for group in groups]
    if page == 0:
        lines += [strong(say(voice, "Shared link: each one is confirmed by you")), *_way_lines(voice, shared)]
    if waiting:
        count = official_count(waiting, voice.language)
        lines.append(Line(say(voice, "Waiting to be confirmed: %(count)s", count=count)))
    for way in page_of(ways, page, _SIZE):
        lines += _way_lines(voice, way)
    roles: list[Choice] = [
        button(_role_label(voice, role), InviteRole(meeting_id, role))
        for role in (Role.CHAIR, Role.SECRETARY, Role.ORGANISER)
    ]
    if group_platforms:
        roles.append(button(button_link(voice, group_platforms), InviteGroup(meeting_id, 0)))
    roles += [
        button(say(voice, "Unlink: %(group)s", group=group.title), UnbindGroup(group.group_id, 0))
        for group in groups
    ]
    others = [
        button(say(voice, "Slips to print (PDF)"), GetSlips(meeting_id)),
        button(say(voice, "New shared link"), RenewSharedLink(meeting_id, 0)),
    ]
    if waiting:
        others.insert(0, button(say(voice, "Who waits (%(count)s)", count=waiting), ShowClaims(meeting_id)))
    pages = page_rows(voice, ways, page, lambda number: ShowInvitations(meeting_id, number), _SIZE)
    back = button(say(voice, "‹ Back to the meeting"), ShowMeeting(meeting_id))
    return Card(tuple(lines), (*pages, *in_rows([*others, *roles, back])))


def _role_label(voice: Voice, role: Role) -> str:
    return say(voice, "Link for: %(role)s", role=role_text(voice, role))


def _way_lines(voice: Voice, way: Way) -> list[Line]:
    who = clipped(f"{way.name}, {way.unit}" if way.unit else way.name)
    state = say(voice, "linked") if way.is_bound else say(voice, "not linked yet")
    lines = [strong(f"{who} ({state})")] if who else []
    if not way.code:
        return [*lines, Line(say(voice, "Only an organiser has this person's link."))]
    return [*lines, Line(say(voice, "Code: %(code)s", code=way.code)), *_link_lines(way)]


def _link_lines(way: Way) -> list[Line]:
    return [Line(f"{label}: {address}") for label, address in way.links]


def role_card(voice: Voice, role: Role | None, way: Way) -> Card:
    """Give a one-time link for a role, or an attendee's personal link made anew where `role` is None."""
    if role is None:
        heading = say(voice, "New personal link; the earlier one is no longer valid.")
        return Card((strong(heading), *_way_lines(voice, way)))
    heading = say(
        voice, "One-time link for: %(role)s. It works once, within seven days.", role=role_text(voice, role)
    )
    return Card((strong(heading), *_way_lines(voice, way)))
