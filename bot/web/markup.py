"""Cards and pages as HTML. Jinja2 escapes everything; no markup is put together from text by hand."""

import hashlib
import mimetypes
from base64 import b64encode
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.actions import SetLanguage, ShowHelp, encode
from bot.platforms.base import Attachment, Bar, Card, Choice, Do, Handout, Mark, Open, ShareContact
from bot.web.forms import FILE_LIMIT
from bot.wording import pages
from bot.wording.catalogue import LANGUAGES
from bot.wording.labels import language_text

FILE_MEGABYTES = FILE_LIMIT // (1024 * 1024)

_HERE = Path(__file__).parent
_SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_TIGHT_LETTERS = {2: 20, 3: 12, 4: 7}
"""The longest label with which so many buttons stand side by side on a phone, else one below the other."""

ASSETS = {
    path.name: (mimetypes.types_map[path.suffix], path.read_bytes())
    for path in sorted((_HERE / "static").iterdir())
    if path.is_file()
}
"""The static files by name, each with its media type."""
ASSETS_VERSION = hashlib.sha256(b"".join(content for _, content in ASSETS.values())).hexdigest()[:16]
"""Stands in their addresses, so that a browser keeps them until they change."""


def page_html(template: str, language: str, /, **values: object) -> str:
    """Render a whole page."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    return _environment.get_template(template).render(language=known, **values)


def card_html(card: Card, language: str, *, key: str = "", version: int = 0, event: str = "") -> Markup:
    """Render a card: a live one with its key and version, or else the one that answers what was done.

    `event` marks what its form sends from a browser without JavaScript; others mark each tap themselves.
    """
    if event or card.attachments:
        return _render_card(card, language, key, version, event)
    return _rendered_card(card, language, key, version)


def _render_card(card: Card, language: str, key: str, version: int, event: str) -> Markup:
    template = _environment.get_template("card.html")
    html = template.render(card=card, language=language, key=key, version=version, event=event)
    return Markup(html)  # noqa: S704 - the template escapes


@lru_cache(maxsize=1024)
def _rendered_card(card: Card, language: str, key: str, version: int) -> Markup:
    """A shared card goes to a thousand pages and is rendered once."""
    return _render_card(card, language, key, version, "")


def _asset(name: str) -> str:
    return f"/static/{ASSETS_VERSION}/{name}"


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in _SAFE_SCHEMES or (not parts.scheme and not parts.netloc and url.startswith("/"))


def _tappable(rows: tuple[tuple[Choice, ...], ...]) -> list[tuple[Do | Open, ...]]:
    """Give the rows without what a browser has no button for."""
    shown = [tuple(choice for choice in row if not isinstance(choice, ShareContact)) for row in rows]
    return [row for row in shown if row]


def _is_tight(row: tuple[Choice, ...]) -> bool:
    return max((len(choice.label) for choice in row), default=0) <= _TIGHT_LETTERS.get(len(row), 0)


def _data_url(attachment: Attachment) -> str:
    # As a type that browsers only save: an attachment never opens as a page of ours.
    return f"data:application/octet-stream;base64,{b64encode(attachment.content).decode()}"


def _make_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests.update(
        bar=lambda part: isinstance(part, Bar),
        handout=lambda file: isinstance(file, Handout),
        link=lambda choice: isinstance(choice, Open),
        safe=_is_safe,
        tight=_is_tight,
    )
    environment.filters["tappable"] = _tappable
    environment.globals |= {
        "words": pages,
        "Mark": Mark,
        "asset": _asset,
        "encode": encode,
        "data_url": _data_url,
        "card_html": card_html,
        "file_limit": FILE_LIMIT,
        "file_megabytes": FILE_MEGABYTES,
        "message_limit": 2000,
        "show_help": encode(ShowHelp()),
        "languages": [
            (language, language_text(language), encode(SetLanguage(language))) for language in LANGUAGES
        ],
    }
    return environment


_environment = _make_environment()
