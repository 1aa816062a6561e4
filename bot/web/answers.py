"""What a page shows in answer to what was done there."""

from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from bot.platforms.base import Answer, Attachment, Card
from bot.web.desk import Board, PaperFile
from bot.web.gate import FaultError
from bot.wording.pages import Fault


def shown_answer(board: Board, answer: Answer) -> Card | None:
    """Give the answer's card unless the board shows it already; else the question that waits, if any."""
    card = answer.card
    if card is None or any(_is_shown_by(live.card, card, answer) for live in board.cards):
        return board.question
    return card


def _is_shown_by(live: Card, card: Card, answer: Answer) -> bool:
    # A live card may have changed again since it was rendered for the answer; its heading is still the same.
    return live == card or (answer.replaces and live.lines[:1] == card.lines[:1])


def attachment_response(board: Board, name: str) -> Response:
    """Give a live card's attachment to be saved; `name` is the card's key, a point and its place."""
    for shown in board.cards:
        for place, attachment in enumerate(shown.card.attachments):
            if name == f"{shown.key}.{place}" and isinstance(attachment, Attachment):
                disposition = f"attachment; filename*=UTF-8''{quote(attachment.name, safe='')}"
                return Response(
                    attachment.content,
                    # Never its own type: an attachment must not open as a page of ours.
                    media_type="application/octet-stream",
                    headers={"Content-Disposition": disposition},
                )
    raise FaultError(Fault.NOT_FOUND)


_SHOWN_ALONE = (
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)
"""What a browser's own viewer of images and PDF needs; nothing of this runs scripts."""


def paper_response(paper: PaperFile, method: str = "GET") -> Response:
    """Give a file: shown by the browser where that is safe, else to be saved; to HEAD without its bytes."""
    how = "inline" if paper.is_shown else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(paper.name, safe='')}",
        "Content-Length": str(paper.size),
        "Cache-Control": "private, no-store",
    }
    if paper.is_shown:
        headers["Content-Security-Policy"] = _SHOWN_ALONE
    if method == "HEAD":
        return Response(media_type=paper.media_type, headers=headers)
    return StreamingResponse(paper.pieces, media_type=paper.media_type, headers=headers)
