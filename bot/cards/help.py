"""What can be done now, for whoever asks."""

from bot.actions import SetLanguage, ShowHome, ShowMeeting
from bot.cards.layout import button, clipped, strong
from bot.platforms.base import Card, Choice, Line
from bot.wording.labels import language_text, role_text
from bot.wording.voice import Voice, say
from meeting.people import Right, Standing, grant
from storage.views import PanelView


def help_card(voice: Voice, view: PanelView | None, *, standing: Standing | None, is_organiser: bool) -> Card:
    """Give what this person can do: as an attendee of this standing, by the view's roles, as an organiser."""
    lines = [strong(say(voice, "Help"))]
    if standing is not None:
        lines.append(Line(_attendee_help(voice, standing)))
    if view is not None:
        lines += _role_help(voice, view)
    if is_organiser:
        lines.append(
            Line(
                say(
                    voice,
                    "As an organiser: create a meeting by a dialogue or from a workbook, and hand out "
                    "the invitations.",
                )
            )
        )
    if standing is None and view is None and not is_organiser:
        lines.append(
            Line(
                say(
                    voice,
                    "Open your personal link, or type the code of your invitation, for example K7QF-2M9X.",
                )
            )
        )
    lines.append(
        Line(say(voice, "HELP shows this; CANCEL drops a question; WRONG ends a link to the wrong person."))
    )
    row: list[Choice] = []
    if is_organiser:
        row.append(button(say(voice, "Home"), ShowHome()))
    if view is not None:
        row.append(button(say(voice, "The meeting"), ShowMeeting(view.meeting.meeting_id)))
    other = "en" if voice.language == "vi" else "vi"
    row.append(button(language_text(other), SetLanguage(other)))
    return Card(tuple(lines), (tuple(row),))


def _attendee_help(voice: Voice, standing: Standing) -> str:
    if standing is not Standing.VOTING:
        return say(
            voice,
            "As a guest or observer: reply to the invitation and confirm your presence; the newest card has "
            "the buttons. The results are sent to you.",
        )
    return say(
        voice,
        "As an attendee: reply to the invitation, confirm your presence, vote with one tap; the newest card "
        "has the buttons. You can also type the choice, for example “in favour”.",
    )


def _role_help(voice: Voice, view: PanelView) -> list[Line]:
    roles = ", ".join(role_text(voice, role) for role in sorted(view.roles))
    title = clipped(view.meeting.title)
    lines = [Line(say(voice, "Your role in “%(title)s”: %(roles)s.", title=title, roles=roles))]
    if grant(view.roles, Right.PRESIDE):
        lines.append(
            Line(
                say(
                    voice,
                    "The meeting's card leads through the agenda: go to an item, open, end and announce "
                    "its vote.",
                )
            )
        )
    if grant(view.roles, Right.KEEP_ROLL):
        lines.append(Line(say(voice, "“Attendees” records who is present, excused or leaves.")))
    return lines
