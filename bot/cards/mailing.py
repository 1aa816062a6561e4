"""Messages to many: how far they have come, whom nothing reaches, and an announcement before it is sent."""

from bot.actions import CancelDialogue, CancelMailing, ConfirmPlan, ShowAttendee, ShowMeeting, ShowRoll
from bot.cards.layout import PAGE_SIZE, button, clipped, in_rows, soft, strong
from bot.platforms.base import Bar, Card, Choice, Line
from bot.wording import reach
from bot.wording.voice import Voice, say, say_plural
from storage.views import MailingView, MeetingView, ReachView

_SHOWN = 10


def mailing_card(voice: Voice, view: MailingView) -> Card:
    """Give how far a mailing has come; while something is left it can be stopped."""
    lines: list[Line | Bar] = [
        strong(reach.mailing_title(voice, view)),
        Line(clipped(view.meeting.title)),
        *(Line(sentence) for sentence in reach.mailing_counts(voice, view)),
    ]
    if not view.left:
        for label, names, count in (
            (say(voice, "Not reached"), view.not_reached, view.failed),
            (say(voice, "Not known whether received"), view.perhaps_reached, view.uncertain),
        ):
            if names:
                lines.append(Line(f"{label}: {_names(voice, names, count)}"))
    rows: tuple[tuple[Choice, ...], ...] = ()
    if view.left and view.cancelled_at is None:
        rows = ((button(say(voice, "Stop sending"), CancelMailing(view.mailing_id)),),)
    return Card(tuple(lines), rows)


def _names(voice: Voice, names: tuple[str, ...], count: int) -> str:
    text = ", ".join(clipped(name, 60) for name in names)
    rest = count - len(names)
    return f"{text}, {say(voice, 'and %(n)s more', n=rest)}" if rest > 0 else text


def reach_card(voice: Voice, view: ReachView) -> Card:
    """Give whom nothing reaches, why, and how else to reach them."""
    meeting_id = view.meeting.meeting_id
    back = button(say(voice, "‹ Attendees"), ShowRoll(meeting_id, 0))
    title = Line(clipped(view.meeting.title))
    if not view.people:
        return Card((strong(reach.all_reached(voice)), title), ((back,),))
    shown = view.people[:_SHOWN]
    persons = len({one.attendee_id for one in view.people})
    lines: list[Line] = [strong(reach.not_reached_text(voice, persons)), title]
    lines += [Line(reach.unreachable_text(voice, one)) for one in shown]
    if len(view.people) > _SHOWN:
        lines.append(Line(say(voice, "and %(n)s more", n=len(view.people) - _SHOWN)))
    people = {one.attendee_id: f"{one.number}. {one.name}" for one in shown}
    rows = in_rows(
        [button(name, ShowAttendee(attendee_id)) for attendee_id, name in people.items()][:PAGE_SIZE]
    )
    return Card(tuple(lines), (*rows, (back,)))


def announcement_card(voice: Voice, meeting: MeetingView, text: str) -> Card:
    """Give an announcement as the attendees see it."""
    back = button(say(voice, "To the meeting"), ShowMeeting(meeting.meeting_id))
    lines = [strong(say(voice, "Announcement: %(meeting)s", meeting=clipped(meeting.title)))]
    lines += [Line(line) for line in text.splitlines() if line]
    return Card(tuple(lines), ((back,),))


def announcement_preview_card(
    voice: Voice, title: str, text: str, recipients: dict[str, int], missed: int, version: int
) -> Card:
    """Give an announcement before it is sent, with who will be told."""
    lines = [strong(say(voice, "Announcement: %(meeting)s", meeting=clipped(title)))]
    lines += [Line(line) for line in text.splitlines() if line]
    lines.append(soft(reach.recipients_text(voice, recipients)))
    if missed:
        lines.append(soft(reach.missed_text(voice, missed)))
    count = sum(recipients.values())
    row: list[Choice] = []
    if count:
        label = say_plural(voice, "Send to %(n)s", "Send to %(n)s", count)
        row.append(button(label, ConfirmPlan(version)))
    return Card(tuple(lines), ((*row, button(say(voice, "Cancel"), CancelDialogue(version))),))
