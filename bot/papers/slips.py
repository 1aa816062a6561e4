"""Personal links as slips to be printed and cut: name, number, QR codes, typed code."""

import io
from typing import Any

from bot.addresses import Addresses
from bot.papers.typesetting import typeset_document
from bot.wording import slips as wording
from bot.wording.dates import moment_text
from bot.wording.voice import Voice
from handlers.inviting import SlipsIssued, WayIn
from storage.views import AttendeeView

PDF = "application/pdf"


def print_slips(voice: Voice, addresses: Addresses, issued: SlipsIssued) -> bytes:
    """Give an A4 document of all slips, eight on a page; takes a while: not for the event loop."""
    meeting = issued.meeting
    return typeset_document(
        "slips.typ",
        {
            "language": voice.language,
            "title": meeting.title,
            "moment": moment_text(voice, meeting.starts_at),
            "warning": wording.warning(voice),
            "manner": wording.manner(voice, has_zalo=addresses.zalo_link() is not None),
            "code": wording.code_heading(voice),
            "slips": [_printed(voice, addresses, attendee, way) for attendee, way in issued.ways],
        },
    )


def _printed(voice: Voice, addresses: Addresses, attendee: AttendeeView, way: WayIn) -> dict[str, Any]:
    links = {
        "Telegram": addresses.telegram_link(way.token),
        wording.zalo_label(voice): addresses.zalo_link(),
        wording.web_label(voice): addresses.web_link(way.token),
    }
    return {
        "number": wording.number_text(voice, attendee.number),
        "name": attendee.name,
        "unit": attendee.unit or "",
        "code": way.code,
        "links": [{"label": label, "code": _code(link)} for label, link in links.items() if link is not None],
    }


def _code(address: str) -> str:
    """Draw an address as a QR code, in SVG."""
    import segno

    drawn = io.BytesIO()
    # Phones read any mask; looking for the best takes five times as long.
    segno.make_qr(address, error="m", mask=3).save(drawn, kind="svg", border=2, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()
