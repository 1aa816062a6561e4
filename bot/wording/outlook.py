"""Sentences about what is sent when and to whom, and about one's own wishes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import assert_never

from bot.wording.dates import moment_text, span_text
from bot.wording.numbers import official_count
from bot.wording.reminders import due_text
from bot.wording.voice import Voice, say, say_plural
from handlers.outlook import Fate, Recipient, Sending
from meeting.states import WorkState


def sending_title(voice: Voice, sending: Sending) -> str:
    """Name what is sent, beginning with a capital."""
    if sending.work is None:
        return say(voice, "Summons")
    text = due_text(voice, sending.work.kind, sending.work.part)
    return text[:1].upper() + text[1:]


def sending_state(voice: Voice, sending: Sending) -> str:
    """Say when something is due, or what became of it."""
    work = sending.work
    if work is None:
        return ""
    moment = moment_text(voice, work.planned_at)
    match work.state:
        case WorkState.WAITING | WorkState.LEASED:
            return say(voice, "due %(moment)s", moment=moment)
        case WorkState.DONE:
            done = moment_text(voice, work.settled_at or work.planned_at)
            return say(voice, "done %(moment)s", moment=done)
        case WorkState.MISSED:
            return say(voice, "missed; it was due %(moment)s", moment=moment)
        case WorkState.WITHDRAWN:
            return say(voice, "left out; it would be due %(moment)s", moment=moment)
        case WorkState.UNCERTAIN | WorkState.FAILED:
            return say(voice, "failed; it was due %(moment)s", moment=moment)
    assert_never(work.state)


def counts_text(voice: Voice, counts: Mapping[Fate, int]) -> str:
    """Say how many recipients have which fate: "đã gửi: 46; chưa liên kết: 02"; "" for nobody."""
    return "; ".join(
        say(
            voice,
            "%(fate)s: %(count)s",
            fate=fate_text(voice, fate),
            count=official_count(counts[fate], voice.language),
        )
        for fate in Fate
        if counts.get(fate)
    )


def fate_text(voice: Voice, fate: Fate) -> str:
    """Name what is to become of a message, or became of it."""
    match fate:
        case Fate.PLANNED:
            return say(voice, "to be sent")
        case Fate.WAITING:
            return say(voice, "on its way")
        case Fate.SENT:
            return say(voice, "sent")
        case Fate.UNCERTAIN:
            return say(voice, "not known whether received")
        case Fate.FAILED:
            return say(voice, "not received: the chat can't be reached")
        case Fate.WITHDRAWN:
            return say(voice, "not needed any more")
        case Fate.NO_ACCOUNT:
            return say(voice, "not linked")
        case Fate.OPTED_OUT:
            return say(voice, "wants no reminders")
    assert_never(fate)


def recipient_text(voice: Voice, one: Recipient) -> str:
    """Give somebody with what is to become, or became, of the message: "12. Trần An: đã gửi"."""
    name = one.name if one.number is None else f"{one.number}. {one.name}"
    return say(voice, "%(name)s: %(fate)s", name=name, fate=fate_text(voice, one.fate))


def trial_sent(voice: Voice) -> str:
    """Say that a test is on its way."""
    return say(voice, "A test is sent to you alone.")


def reminder_sent(voice: Voice, told: int, later: int) -> str:
    """Say how many are reminded now, and how many later."""
    text = say_plural(voice, "Sent to %(n)s person.", "Sent to %(n)s people.", told)
    if not later:
        return text
    rest = say_plural(
        voice,
        "%(n)s person gets it when the quiet hours (21:00–07:00) are over.",
        "%(n)s people get it when the quiet hours (21:00–07:00) are over.",
        later,
    )
    return f"{text} {rest}"


def staff_reminder_sent(voice: Voice) -> str:
    """Say that a reminder goes to those who prepare the meeting, now."""
    return say(voice, "It is sent now.")


def sent_before(voice: Voice) -> str:
    """Say that something was sent already."""
    return say(voice, "This was sent already; it is not sent twice.")


def send_sure(voice: Voice, sending: Sending) -> str:
    """Ask once more whether to send something at once."""
    title = sending_title(voice, sending)
    count = sending.counts.get(Fate.PLANNED, 0)
    if not count:
        return say(voice, "Send this now: %(what)s? It is not sent again when it is due.", what=title)
    return say_plural(
        voice,
        "Send this now to %(n)s person: %(what)s? It is not sent again when it is due.",
        "Send this now to %(n)s people: %(what)s? It is not sent again when it is due.",
        count,
        what=title,
    )


def button_send_now(voice: Voice) -> str:
    """Give the button that sends at once."""
    return say(voice, "Send now")


def reminder_skipped(voice: Voice) -> str:
    """Say that something is left out."""
    return say(voice, "It is left out and won't be sent. You can take it up again.")


def reminder_taken_up(voice: Voice) -> str:
    """Say that something is sent on time again."""
    return say(voice, "It is taken up again and will be sent on time.")


def spans_text(voice: Voice, minutes: tuple[int, ...]) -> str:
    """Give spans, the longest first: "7 ngày, 1 ngày, 1 giờ"."""
    return ", ".join(span_text(voice, timedelta(minutes=each)) for each in sorted(minutes, reverse=True))


def reminders_set(voice: Voice, minutes: tuple[int, ...]) -> str:
    """Say when people are reminded from now on."""
    if not minutes:
        return say(voice, "Nobody is reminded of the meeting any more.")
    return say(voice, "People are reminded: %(spans)s before the meeting.", spans=spans_text(voice, minutes))


def spans_wanted(voice: Voice) -> str:
    """Ask when people are reminded."""
    return say(voice, "How long before the meeting are people reminded? Several spans parted by commas.")


def spans_example(voice: Voice) -> str:
    """Give an example of it."""
    return say(voice, "3 days, 2 hours")


# The head's approval


def summons_held(voice: Voice) -> str:
    """Say that the summons waits for approval."""
    return say(voice, "The head is asked for approval; the summons goes out when it is given.")


def summons_approved(voice: Voice) -> str:
    """Say that the summons is approved."""
    return say(voice, "Approved: people may be summoned and reminded.")


def approval_set(voice: Voice, *, is_wanted: bool) -> str:
    """Say whether summonses are approved from now on."""
    if is_wanted:
        return say(voice, "From now on each summons waits for the head's approval, given by the chair.")
    return say(voice, "From now on summonses go out without approval.")


# One's own


def timezone_wanted(voice: Voice, timezone: str | None) -> str:
    """Ask for the time zone of somebody's quiet hours."""
    if timezone is None:
        return say(
            voice,
            "Where are you? Nothing is sent in your quiet hours (21:00–07:00); so far they are those of the "
            "meeting's place. The times of a meeting are always those of its place.",
        )
    return say(
        voice,
        "Where are you? Nothing is sent in your quiet hours (21:00–07:00), so far by %(timezone)s. The times "
        "of a meeting are always those of its place.",
        timezone=timezone,
    )


def timezone_set(voice: Voice, timezone: str) -> str:
    """Say which time zone the quiet hours are in from now on."""
    if not timezone:
        return say(voice, "Your quiet hours are those of the place of each meeting.")
    return say(voice, "Your quiet hours (21:00–07:00) are by %(timezone)s from now on.", timezone=timezone)


def button_meeting_place(voice: Voice) -> str:
    """Give the button for the time zone of each meeting."""
    return say(voice, "As at the meeting's place")
