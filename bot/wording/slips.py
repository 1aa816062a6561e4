"""Slips with personal links, as they are printed."""

from bot.wording.numbers import official_count
from bot.wording.voice import Voice, say


def warning(voice: Voice) -> str:
    """Say on every page that a slip is personal."""
    return say(voice, "Invitation slip – do not pass it on to anybody else")


def manner(voice: Voice, *, has_zalo: bool = False) -> str:
    """Say in a sentence how a slip is used."""
    if has_zalo:
        return say(
            voice,
            "Scan one of the codes with the phone's camera; on Zalo open the bot, choose to write to it and "
            "send the typed code. Whoever has this slip votes in your name.",
        )
    return say(
        voice,
        "Scan one of the codes with the phone's camera and confirm, or type the code at the address that the "
        "organiser shows; whoever has this slip votes in your name.",
    )


def code_heading(voice: Voice) -> str:
    """Give what stands above the typed code."""
    return say(voice, "Typed code")


def number_text(voice: Voice, number: int) -> str:
    """Give an attendee's number on the list."""
    return say(voice, "No. %(number)s", number=official_count(number, voice.language))


def file_name(voice: Voice) -> str:
    """Give the file's name."""
    return say(voice, "invitation-slips.pdf")


def slips_withheld(voice: Voice) -> str:
    """Say that organisers' slips are not in the file."""
    return say(voice, "The organisers' slips are not among them: only an organiser can print those.")


def slips_made(voice: Voice, count: int) -> str:
    """Say what the file holds."""
    return say(
        voice,
        "Slips of %(count)s attendees, eight on a page (A4). A slip is no longer valid once that person's "
        "link is made anew. Delete the file after printing.",
        count=official_count(count, voice.language),
    )


def web_label(voice: Voice) -> str:
    """Give what stands under the code that opens the personal page."""
    return say(voice, "Web page")


def zalo_label(voice: Voice) -> str:
    """Give what stands under the code that opens the bot's chat on Zalo."""
    return say(voice, "Zalo, then type the code")


def zalo_way_label(voice: Voice) -> str:
    """Give what stands before the address of the bot's chat on Zalo, in a list."""
    return say(voice, "Zalo (then type the code there)")


def being_made(voice: Voice) -> str:
    """Say that others are being made just now."""
    return say(voice, "Slips are being made just now. Please try again in a moment.")
