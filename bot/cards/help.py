"""What can be done now, for whoever asks."""

from collections.abc import Sequence

from bot.actions import (
    AskTimezone,
    CheckIn,
    GiveConsent,
    SetLanguage,
    ShowAgenda,
    ShowHome,
    ShowMeeting,
    ShowOwnPage,
    ShowOwnTasks,
)
from bot.cards.ballot import ballot_card
from bot.cards.layout import button, clipped, in_rows, strong
from bot.cards.next_steps import attendee_steps, ballot_step, staff_step
from bot.cards.papers import papers_button
from bot.platforms.base import Card, Choice, Line
from bot.wording.labels import language_text, role_text
from bot.wording.own_page import button_own_page
from bot.wording.tasks import button_own_tasks
from bot.wording.voice import Voice, say
from meeting.people import Presence, Purpose, Reply, Standing
from meeting.states import MeetingState
from storage.views import AttendanceView, BallotView, PanelView


def help_card(
    voice: Voice,
    panel: PanelView | None,
    seat: AttendanceView | None = None,
    ballots: Sequence[BallotView] = (),
    *,
    is_organiser: bool,
    is_reminded: bool | None = None,
    tasks: int = 0,
) -> Card:
    """Give what this person can do now: in the seat, by the panel's roles, as an organiser.

    `ballots` are votes that are open to them; the first without a choice can be cast from here. `is_reminded`
    tells whether they are reminded of meetings; None where nobody could be. So many `tasks` are to be done.
    """
    lines = [strong(say(voice, "Help"))]
    if seat is not None:
        lines += [Line(step) for step in attendee_steps(voice, seat)]
    lines += [Line(ballot_step(voice, ballot)) for ballot in ballots]
    if seat is not None and seat.meeting.state is not MeetingState.CLOSED:
        lines.append(Line(_attendee_help(voice, seat.attendee.standing)))
    if panel is not None:
        lines += _role_lines(voice, panel)
    if is_organiser:
        text = say(
            voice,
            "As an organiser: create a meeting by a dialogue or from a workbook, and hand out "
            "the invitations.",
        )
        lines.append(Line(text))
    if seat is None and panel is None and not is_organiser:
        text = say(
            voice, "Open your personal link, or type the code of your invitation, for example K7QF-2M9X."
        )
        lines.append(Line(text))
    lines.append(
        Line(say(voice, "HELP shows this; CANCEL drops a question; WRONG ends a link to the wrong person."))
    )
    unvoted = next((ballot for ballot in ballots if ballot.own is None), None)
    casting = Card(()) if unvoted is None else ballot_card(voice, unvoted)
    buttons = _buttons(voice, panel, seat, is_organiser=is_organiser)
    if tasks and unvoted is None:
        buttons.append(button(button_own_tasks(voice, tasks), ShowOwnTasks(0)))
    here = panel or seat
    if unvoted is None and here is not None and is_reminded is not None:
        buttons += _wish_buttons(voice, here.meeting.meeting_id, is_reminded=is_reminded)
    return Card(tuple(lines), (*casting.choices, *in_rows(buttons)), number=casting.number)


def _wish_buttons(voice: Voice, meeting_id: int, *, is_reminded: bool) -> list[Choice]:
    label = say(voice, "Do not remind me") if is_reminded else say(voice, "Remind me")
    wish = GiveConsent(meeting_id, Purpose.REMINDERS, int(not is_reminded))
    return [button(label, wish), button(say(voice, "Time zone"), AskTimezone())]


def _buttons(
    voice: Voice, panel: PanelView | None, seat: AttendanceView | None, *, is_organiser: bool
) -> list[Choice]:
    buttons: list[Choice] = []
    if seat is not None and _can_confirm(seat):
        buttons.append(button(say(voice, "Confirm presence"), CheckIn(seat.meeting.meeting_id)))
    if panel is not None:
        buttons.append(button(say(voice, "The meeting"), ShowMeeting(panel.meeting.meeting_id)))
    elif seat is not None:
        buttons.append(button(say(voice, "Agenda"), ShowAgenda(seat.meeting.meeting_id, 0)))
        buttons += papers_button(voice, seat.meeting)
    if is_organiser:
        buttons.append(button(say(voice, "Home"), ShowHome()))
    if voice.is_typed and (buttons or seat is not None):
        buttons.append(button(button_own_page(voice), ShowOwnPage()))
    other = "en" if voice.language == "vi" else "vi"
    return [*buttons, button(language_text(other), SetLanguage(other))]


def _can_confirm(seat: AttendanceView) -> bool:
    return (
        seat.meeting.is_check_in_open
        and seat.meeting.state is not MeetingState.CLOSED
        and seat.attendee.presence is Presence.AWAY
        and seat.attendee.reply is not Reply.SUBSTITUTED
    )


def _attendee_help(voice: Voice, standing: Standing) -> str:
    if voice.is_typed:
        return _attendee_help_in_words(voice, standing)
    if standing is not Standing.VOTING:
        return say(
            voice,
            "As a guest or observer: reply to the invitation, confirm your presence, send opinions and ask "
            "to speak; the newest card has the buttons. The results are sent to you.",
        )
    return say(
        voice,
        "As an attendee: reply to the invitation, confirm your presence, send opinions, ask to speak, vote "
        "with one tap; the newest card has the buttons. You can also type the choice, for example “in "
        "favour”.",
    )


def _attendee_help_in_words(voice: Voice, standing: Standing) -> str:
    if standing is not Standing.VOTING:
        return say(
            voice,
            "As a guest or observer: reply to the invitation and confirm your presence by typing the number "
            "of a choice. The results are sent to you. Type ? to see again what can be done now.",
        )
    return say(
        voice,
        "As an attendee: reply to the invitation, confirm your presence and vote by typing the number of "
        "a choice, for example 51, or its words, for example “in favour”. Each vote has its own numbers; "
        "what was recorded is told at once and can be changed by another number. "
        "Type ? to see again what can be done now.",
    )


def _role_lines(voice: Voice, view: PanelView) -> list[Line]:
    roles = ", ".join(role_text(voice, role) for role in sorted(view.roles))
    title = clipped(view.meeting.title)
    return [
        Line(say(voice, "Your role in “%(title)s”: %(roles)s.", title=title, roles=roles)),
        strong(staff_step(voice, view)),
    ]
