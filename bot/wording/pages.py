"""What the web pages themselves say, around the cards; impersonal, as who reads it may not be known yet.

`{what}`, `{time}`, `{over}` and `{limit}` are left in a text for the browser, which fills them in.
"""

from enum import StrEnum
from typing import Literal, assert_never

from bot.wording.catalogue import translate, translate_plural


class Fault(StrEnum):
    """Why a page or what was sent to it is refused, before any handler has seen it."""

    NOT_FOUND = "not_found"
    FILE_UNKNOWN = "file_unknown"
    FILE_EXPIRED = "file_expired"
    FILE_WITHDRAWN = "file_withdrawn"
    NOT_YOUR_PAGE = "not_your_page"
    PAGE_ENDED = "page_ended"
    WRONG_HOST = "wrong_host"
    WRONG_ORIGIN = "wrong_origin"
    WRONG_METHOD = "wrong_method"
    TOO_LARGE = "too_large"
    TOO_MANY_CODES = "too_many_codes"
    TOO_MANY_STREAMS = "too_many_streams"
    UNREADABLE = "unreadable"
    STARTING = "starting"
    BROKEN = "broken"


def fault_title(language: str, fault: Fault) -> str:
    """Give the heading of an error page."""
    match fault:
        case Fault.NOT_FOUND:
            return translate(language, "There is no such page")
        case Fault.FILE_UNKNOWN | Fault.FILE_EXPIRED | Fault.FILE_WITHDRAWN:
            return translate(language, "There is no file here")
        case Fault.NOT_YOUR_PAGE | Fault.PAGE_ENDED:
            return translate(language, "This page cannot be used here")
        case Fault.WRONG_HOST:
            return translate(language, "Wrong address")
        case Fault.TOO_MANY_CODES | Fault.TOO_MANY_STREAMS:
            return translate(language, "Please wait a moment")
        case Fault.WRONG_ORIGIN | Fault.WRONG_METHOD | Fault.TOO_LARGE | Fault.UNREADABLE:
            return translate(language, "Nothing was recorded")
        case Fault.STARTING | Fault.BROKEN:
            return translate(language, "NOT recorded yet")
    assert_never(fault)


def fault_text(language: str, fault: Fault, *, megabytes: int, seconds: int) -> str:
    """Give the reason and what to do next; `megabytes` a file may have, `seconds` until another try."""
    match fault:
        case Fault.NOT_FOUND | Fault.NOT_YOUR_PAGE | Fault.PAGE_ENDED | Fault.WRONG_HOST | Fault.WRONG_METHOD:
            return _address_text(language, fault)
        case Fault.FILE_UNKNOWN | Fault.FILE_EXPIRED | Fault.FILE_WITHDRAWN:
            return _file_text(language, fault)
        case Fault.WRONG_ORIGIN:
            return translate(
                language, "It was not sent from the page itself. Open the page and do it again there."
            )
        case Fault.UNREADABLE:
            return translate(
                language, "What was sent could not be read. Open the page and do it again there."
            )
        case Fault.TOO_LARGE:
            return translate(
                language, "It was too large: a file may have at most %(megabytes)s MB.", megabytes=megabytes
            )
        case Fault.TOO_MANY_CODES:
            return translate_plural(
                language,
                "Too many wrong codes were typed. Try again in one second.",
                "Too many wrong codes were typed. Try again in %(n)s seconds.",
                seconds,
            )
        case Fault.TOO_MANY_STREAMS:
            return translate(language, "This page is open too many times. Close some of its windows.")
        case Fault.STARTING:
            return translate(language, "The program is starting. Try again in a moment.")
        case Fault.BROKEN:
            return translate(
                language,
                "A fault on this side. Open the page again and see what it shows, then try again; "
                "if it stays, tell the secretary.",
            )
    assert_never(fault)


_AddressFault = Literal[
    Fault.NOT_FOUND, Fault.NOT_YOUR_PAGE, Fault.PAGE_ENDED, Fault.WRONG_HOST, Fault.WRONG_METHOD
]


def _address_text(language: str, fault: _AddressFault) -> str:
    match fault:
        case Fault.NOT_FOUND:
            return translate(language, "Check the address on the invitation, or type the personal code.")
        case Fault.NOT_YOUR_PAGE:
            return translate(
                language,
                "It belongs to another browser. On this device, open the personal link "
                "or type the personal code.",
            )
        case Fault.PAGE_ENDED:
            return translate(
                language,
                "It belongs to no invitation any more: it was moved to another page, given back, or the link "
                "was made anew. To use this device, open the personal link again or ask the secretary.",
            )
        case Fault.WRONG_HOST:
            return translate(
                language, "This server is not known by that name. Use the address on the invitation."
            )
        case Fault.WRONG_METHOD:
            return translate(
                language, "This address is used in another way. Go back and use the buttons there."
            )
    assert_never(fault)


_FileFault = Literal[Fault.FILE_UNKNOWN, Fault.FILE_EXPIRED, Fault.FILE_WITHDRAWN]


def _file_text(language: str, fault: _FileFault) -> str:
    match fault:
        case Fault.FILE_UNKNOWN:
            return translate(
                language,
                "This address is not complete, or was changed. Open it from the bot's message as it stands "
                "there, or ask the bot for the file once more.",
            )
        case Fault.FILE_EXPIRED:
            return translate(
                language,
                "This address was good for some days only. Ask the bot for the file once more; "
                "for the papers of the meeting, type PAPERS.",
            )
        case Fault.FILE_WITHDRAWN:
            return translate(
                language,
                "The organiser has withdrawn or replaced this paper. For the papers as they are now, "
                "type PAPERS to the bot.",
            )
    assert_never(fault)


# The way in


def entrance_title(language: str) -> str:
    """Give the heading of the first page."""
    return translate(language, "Join the meeting")


def code_label(language: str) -> str:
    """Give the label of the field for a typed code."""
    return translate(language, "Personal code")


def code_hint(language: str) -> str:
    """Say what a code looks like and where it stands."""
    return translate(language, "Eight letters and digits, as on the invitation, for example K7QF-2M9X.")


def code_missing(language: str) -> str:
    """Say that the code was left out."""
    return translate(language, "Please type the personal code.")


def name_label(language: str) -> str:
    """Label the field for the name at the shared link."""
    return translate(language, "Your full name, as it stands on the list of attendees")


def name_hint(language: str) -> str:
    """Say what becomes of the name."""
    return translate(
        language, "You may add your unit. The organiser confirms each name before the meeting opens here."
    )


def name_missing(language: str) -> str:
    """Say that the name was left out, or is none."""
    return translate(language, "Please write your full name, in letters.")


def continue_label(language: str) -> str:
    """Label the button that looks a code up."""
    return translate(language, "Continue")


def open_page_label(language: str) -> str:
    """Label the button that binds a link to this page."""
    return translate(language, "Open my page")


def take_over_label(language: str) -> str:
    """Label that button where the link is in use on another page."""
    return translate(language, "Move to this page")


def take_over_text(language: str) -> str:
    """Say what moving does."""
    return translate(
        language, "This invitation is in use on another page, which stops working when you move to this one."
    )


def wrong_person_text(language: str) -> str:
    """Say what somebody else should do with this link."""
    return translate(language, "If this is somebody else's invitation, do not open it; tell the secretary.")


def not_opened_title(language: str) -> str:
    """Give the heading where a link or code did not open a page."""
    return translate(language, "The page was not opened")


def other_code_label(language: str) -> str:
    """Label the link to the field for another code."""
    return translate(language, "Type a code")


# The personal page


def skip_label(language: str) -> str:
    """Label the link that jumps over the heading."""
    return translate(language, "Skip to the content")


def content_label(language: str) -> str:
    """Name the part with the live cards."""
    return translate(language, "The meeting now")


def answer_label(language: str) -> str:
    """Name the part with the answer to what was done last."""
    return translate(language, "Answer to what was done last")


def nothing_now_text(language: str) -> str:
    """Say that there is no card."""
    return translate(language, "There is nothing to do now. This page renews itself.")


def no_script_text(language: str) -> str:
    """Say how a page without JavaScript is renewed."""
    return translate(language, "In this browser the page does not renew itself.")


def renew_label(language: str) -> str:
    """Label the link that loads the page again."""
    return translate(language, "Show what is new")


def back_label(language: str) -> str:
    """Label the link back to the page."""
    return translate(language, "Back to the page")


def close_label(language: str) -> str:
    """Label the button that puts an answer away."""
    return translate(language, "Close")


def help_label(language: str) -> str:
    """Label the button for help."""
    return translate(language, "Help")


def download_label(language: str, name: str) -> str:
    """Label the link to a file."""
    return translate(language, "Download %(name)s", name=name)


def write_label(language: str) -> str:
    """Label what opens a field to write something unasked in, as "SAI"."""
    return translate(language, "Write a message")


# A field to type in


def reply_label(language: str) -> str:
    """Label a field for typed text."""
    return translate(language, "Type here")


def file_label(language: str) -> str:
    """Label a field for a file."""
    return translate(language, "Choose a file")


def file_hint(language: str, megabytes: int) -> str:
    """Say how large a file may be."""
    return translate(language, "At most %(megabytes)s MB", megabytes=megabytes)


def length_hint(language: str, limit: int) -> str:
    """Say how long a text may be."""
    return translate_plural(language, "At most one character", "At most %(n)s characters", limit)


def example_text(language: str, example: str) -> str:
    """Give an example of what to type."""
    return translate(language, "For example: %(example)s", example=example)


def send_label(language: str) -> str:
    """Label the button that sends what was typed or chosen."""
    return translate(language, "Send")


# What the browser says by itself


def sending_text(language: str) -> str:
    """Say that something is on its way and not recorded yet."""
    return translate(language, "NOT recorded yet: {what}. Sending …")


def retrying_text(language: str) -> str:
    """Say that something could not be sent and is tried again."""
    return translate(language, "NOT recorded yet: {what}. No connection; trying again by itself.")


def waiting_text(language: str) -> str:
    """Ask about something that could not be sent for so long that it is not sent by itself any more."""
    return translate(language, "NOT recorded: {what}, of {time}. Is it still to be sent?")


def send_now_label(language: str) -> str:
    """Label the button that sends it after all."""
    return translate(language, "Send now")


def discard_label(language: str) -> str:
    """Label the button that gives it up."""
    return translate(language, "Do not send")


def lost_text(language: str) -> str:
    """Say what was not recorded as the page ended."""
    return translate(language, "NOT recorded: {what}. This page cannot be used any more.")


def moved_text(language: str) -> str:
    """Say that a tap did not count as the button had moved under the finger."""
    return translate(language, "The page had just changed, so nothing was recorded. Please choose again.")


def offline_text(language: str) -> str:
    """Say that the page is not live."""
    return translate(language, "No connection: what the page shows may be out of date.")


def online_text(language: str) -> str:
    """Say that the page is live again."""
    return translate(language, "Connected again.")


def too_long_text(language: str) -> str:
    """Say by how much a text is too long."""
    return translate(language, "{over} characters too many; at most {limit}.")


def text_missing(language: str) -> str:
    """Say that nothing was typed."""
    return translate(language, "Please type something first.")


def file_missing(language: str) -> str:
    """Say that no file was chosen."""
    return translate(language, "Please choose a file first.")


# The playground


def playground_title(language: str) -> str:
    """Give the heading of the list of people."""
    return translate(language, "Playground")


def playground_text(language: str) -> str:
    """Say what the playground is."""
    return translate(
        language,
        "For trying out, on this machine only: each person's page opens in a tab of its own. "
        "Who holds this list can act for everybody in it.",
    )


def playground_empty_text(language: str) -> str:
    """Say that there are no people yet."""
    return translate(language, "There are no people yet: open the organiser's link and set up a meeting.")


def playground_open_label(language: str, person: str) -> str:
    """Label the button that opens somebody's page."""
    return translate(language, "Open the page of %(person)s", person=person)


def open_label(language: str) -> str:
    """Label that button where the name stands beside it."""
    return translate(language, "Open page")
