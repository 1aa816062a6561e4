"""Sentences about messages to many: how far they have come, whom they don't reach, how else to reach them."""

from typing import assert_never

from bot.wording.numbers import official_count, percent, share
from bot.wording.voice import Voice, say, say_plural
from meeting.states import GoneReason, PostKind
from storage.views import MailingView, UnreachableView

_NAME = 60
"""Characters of a name in a list."""


def platform_text(voice: Voice, platform: str) -> str:
    """Give a platform as people call it."""
    match platform:
        case "telegram":
            return "Telegram"
        case "web":
            return say(voice, "web page")
        case _:
            return platform.capitalize()


def reason_text(voice: Voice, reason: GoneReason | None) -> str:
    """Give why nothing reaches somebody."""
    match reason:
        case GoneReason.BLOCKED:
            return say(voice, "the bot was blocked")
        case GoneReason.DEACTIVATED:
            return say(voice, "the account was closed")
        case GoneReason.REMOVED | GoneReason.LET_GO:
            return say(voice, "the bot was removed")
        case GoneReason.NOT_FOUND | None:
            return say(voice, "the account was not found")
    assert_never(reason)


def unreachable_text(voice: Voice, view: UnreachableView) -> str:
    """Give who isn't reached where, and how else they can be."""
    who = f"{view.number}. {view.name[:_NAME]}"
    if view.unit:
        who = f"{who}, {view.unit[:_NAME]}"
    text = say(
        voice,
        "%(who)s (%(platform)s: %(reason)s)",
        who=who,
        platform=platform_text(voice, view.platform),
        reason=reason_text(voice, view.reason) if view.saved == 0 else saved_text(voice, view.saved),
    )
    ways = []
    if view.others:
        platforms = ", ".join(platform_text(voice, name) for name in view.others)
        ways.append(say(voice, "still reached by %(platforms)s", platforms=platforms))
    if view.phone:
        ways.append(say(voice, "telephone %(phone)s", phone=view.phone))
    if view.saved:
        ways.append(say(voice, "on the hall's web pages"))
    elif not view.others:
        ways.append(say(voice, "hand over the personal link again, for the web page too"))
        if view.unit:
            ways.append(say(voice, "or ask the unit to tell them"))
    return say(voice, "%(who)s: %(ways)s.", who=text, ways="; ".join(ways))


def saved_text(voice: Voice, count: int) -> str:
    """Give how many messages weren't sent to somebody, and why."""
    return say_plural(
        voice,
        "%(n)s message not sent, as this month's last ones are kept for votes",
        "%(n)s messages not sent, as this month's last ones are kept for votes",
        count,
        n=official_count(count, voice.language),
    )


def not_reached_text(voice: Voice, count: int) -> str:
    """Give how many can't be reached."""
    return say_plural(
        voice,
        "%(n)s attendee cannot be reached:",
        "%(n)s attendees cannot be reached:",
        count,
        n=official_count(count, voice.language),
    )


def all_reached(voice: Voice) -> str:
    """Say that the list is empty."""
    return say(voice, "Everybody who is linked can be reached.")


def mailing_kind_text(voice: Voice, kind: PostKind) -> str:
    """Give what is sent to many."""
    match kind:
        case PostKind.SUMMARY:
            return say(voice, "summary of the meeting")
        case PostKind.CHECK_IN_OPENED:
            return say(voice, "request to confirm presence")
        case PostKind.PAPERS:
            return say(voice, "list of papers")
        case _:
            return say(voice, "announcement")


def mailing_title(voice: Voice, view: MailingView) -> str:
    """Give what is sent, and whether it still is."""
    what = mailing_kind_text(voice, view.kind)
    if view.cancelled_at is not None:
        return say(voice, "Sending stopped: %(what)s", what=what)
    if view.left:
        return say(voice, "Being sent: %(what)s", what=what)
    return say(voice, "Sent: %(what)s", what=what)


def mailing_counts(voice: Voice, view: MailingView) -> list[str]:
    """Give how far a mailing has come, a sentence for each number that isn't none."""
    done = share(view.sent, view.total, voice.language)
    text = say(voice, "Sent to %(share)s.", share=done)
    if view.total:
        part = percent(view.sent, view.total, voice.language)
        text = say(voice, "Sent to %(share)s (%(percent)s).", share=done, percent=part)
    counts = (
        (view.left, say(voice, "Still to be sent: %(count)s.", count=_count(voice, view.left))),
        (view.failed, say(voice, "Not reached: %(count)s.", count=_count(voice, view.failed))),
        (
            view.uncertain,
            say(voice, "Not known whether received: %(count)s.", count=_count(voice, view.uncertain)),
        ),
        (view.withdrawn, say(voice, "Not sent any more: %(count)s.", count=_count(voice, view.withdrawn))),
    )
    return [text, *(sentence for count, sentence in counts if count)]


def _count(voice: Voice, count: int) -> str:
    return official_count(count, voice.language)


# Asking for an announcement, and what became of it


def announcement_text(voice: Voice, meeting: str) -> str:
    """Ask what is to be told."""
    return say(voice, "What is to be told to all attendees of %(meeting)s?", meeting=meeting)


def announcement_example(voice: Voice) -> str:
    """Give an example of it."""
    return say(voice, "The meeting begins at 14:30 instead of 14:00, in the hall on the third floor.")


def recipients_text(voice: Voice, recipients: dict[str, int]) -> str:
    """Give how many are told, on which platforms."""
    platforms = "; ".join(
        f"{platform_text(voice, name)}: {_count(voice, count)}" for name, count in recipients.items()
    )
    total = sum(recipients.values())
    if not total:
        return say(voice, "No attendee is linked yet, so that nobody would be told.")
    return say_plural(
        voice,
        "To %(n)s attendee (%(platforms)s).",
        "To %(n)s attendees (%(platforms)s).",
        total,
        n=_count(voice, total),
        platforms=platforms,
    )


def missed_text(voice: Voice, count: int) -> str:
    """Give how many are told nothing."""
    return say_plural(
        voice,
        "%(n)s attendee has no linked account and is to be told otherwise.",
        "%(n)s attendees have no linked account and are to be told otherwise.",
        count,
        n=_count(voice, count),
    )


def announcement_wanted(voice: Voice) -> str:
    """Answer a text while the preview waits."""
    return say(voice, "Nothing was sent: the preview waits. Send the announcement or cancel.")


def announcement_sent(voice: Voice, count: int) -> str:
    """Answer the confirmation."""
    return say_plural(
        voice,
        "Being sent to %(n)s attendee; the card shows how far it has come.",
        "Being sent to %(n)s attendees; the card shows how far it has come.",
        count,
        n=_count(voice, count),
    )


def mailing_stopped(voice: Voice, count: int) -> str:
    """Answer the cancellation."""
    return say_plural(
        voice,
        "Stopped: %(n)s message is not sent any more. What was sent stays.",
        "Stopped: %(n)s messages are not sent any more. What was sent stays.",
        count,
        n=_count(voice, count),
    )


def mailing_stopped_before(voice: Voice) -> str:
    """Answer a repeat of it."""
    return say(voice, "Sending was stopped before; nothing was changed.")


def mailing_over(voice: Voice) -> str:
    """Answer a cancellation that came too late."""
    return say(voice, "Everything is sent already; nothing is left to stop.")
