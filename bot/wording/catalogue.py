"""Translations: English msgids, one .po beside them for each other language, compiled in memory at first use.

`python -m bot.wording.catalogue update` takes new msgids into the .po files and drops unused ones;
`check` exits 1 on whatever is missing, fuzzy, unused or has other placeholders than its msgid.
"""

import io
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

SOURCE_LANGUAGE = "en"
LANGUAGES = ("vi", SOURCE_LANGUAGE)
"""The languages that a person can choose; the first one is the default and stands for any other."""

ADDRESS_WORDS = frozenset({"you", "You"})
"""Placeholders that a translation may use though its msgid has none: the form of address (see `voice.py`)."""

_BOT = Path(__file__).parent.parent
_SOURCES = ("wording", "cards")
# The function that takes the language or the voice first, so that the msgid is its second argument.
_KEYWORDS = {"translate": (2,), "translate_plural": (2, 3), "say": (2,), "say_plural": (2, 3)}

_log = structlog.get_logger()


def translate(language: str, msgid: str, /, **values: object) -> str:
    """Give a text in a language, its `%(name)s` filled in; a literal per cent sign is written `%%`.

    The msgid is a literal at every call, or extraction would not find it. A text without translation is
    given in English and logged; raises KeyError where a value is missing.
    """
    return _translations(language).gettext(msgid) % values


def translate_plural(language: str, singular: str, plural: str, n: int, /, **values: object) -> str:
    """Give the text that fits the number, as `translate`; `%(n)s` is the number unless given otherwise."""
    return _translations(language).ngettext(singular, plural, n) % {"n": n, **values}


class _English(NullTranslations):
    """The msgids themselves."""


class _Logged(NullTranslations):
    """The msgids for want of a translation."""

    def gettext(self, message: str) -> str:
        _log.warning("translation_missing", msgid=message)
        return super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        _log.warning("translation_missing", msgid=msgid1)
        return super().ngettext(msgid1, msgid2, n)


@cache
def _translations(language: str) -> NullTranslations:
    from babel.messages.mofile import write_mo

    if language == SOURCE_LANGUAGE:
        return _English()
    if language not in LANGUAGES:
        return _translations(LANGUAGES[0])
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    translations = GNUTranslations(compiled)
    translations.add_fallback(_Logged())
    return translations


def catalogue_path(language: str, package: Path = _BOT) -> Path:
    """Give the .po file of a language."""
    return package / "wording" / "locales" / language / "LC_MESSAGES" / "bieuquyet.po"


def read_catalogue(language: str, package: Path = _BOT) -> "Catalog":
    """Read the .po file of a language; one that doesn't exist yet is empty."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    path = catalogue_path(language, package)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def extract_messages(package: Path = _BOT) -> "Catalog":
    """Give a catalogue of all msgids in `wording` and `cards`, without translations."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir

    found = Catalog()
    for source in _SOURCES:
        extracted = extract_from_dir(package / source, [("**.py", "python")], keywords=_KEYWORDS)
        for _, _, msgid, _, _ in extracted:
            found.add(msgid)
    return found


def update(language: str, package: Path = _BOT) -> None:
    """Write the .po file of a language anew: every msgid of the sources, with the translations it had."""
    from babel.messages.pofile import write_po

    catalogue = read_catalogue(language, package)
    catalogue.update(extract_messages(package), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    written = io.BytesIO()
    # No dates, authors or line numbers: a change of wording changes these lines only.
    written.write(
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'.encode()
    )
    write_po(written, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    path = catalogue_path(language, package)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written.getvalue())


def faults(language: str, package: Path = _BOT) -> list[str]:
    """Say what is wrong with a language's translations, one line for each fault, sorted."""
    catalogue, needed = read_catalogue(language, package), extract_messages(package)
    wrong = []
    for message in needed:
        if message.id:
            wrong += [(fault, message) for fault in _faults_of(message, catalogue.get(message.id))]
    wrong += [("unused", message) for message in catalogue if message.id and needed.get(message.id) is None]
    wrong += [("unused", message) for message in catalogue.obsolete.values()]
    return sorted(f"{language}: {fault}: {texts_of(message.id)[0]!r}" for fault, message in wrong)


def _faults_of(message: "Message", translation: "Message | None") -> Iterator[str]:
    if translation is None or not all(texts_of(translation.string)):
        yield "missing"
        return
    if translation.fuzzy:
        yield "fuzzy"
    wanted = [_placeholders(text) for text in texts_of(message.id)]
    given = [_placeholders(text) for text in texts_of(translation.string)]
    if None in wanted + given:
        yield "no format (a literal per cent sign is %%)"
    elif any(placeholders not in wanted for placeholders in given):
        yield "placeholders differ"


def texts_of(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """Give the forms of a msgid or a translation: one, or one for each plural form."""
    return [] if text is None else [text] if isinstance(text, str) else list(text)


class _Asked(Mapping[str, str]):
    """Takes down which names a format asks for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return ""

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def _placeholders(text: str) -> frozenset[str] | None:
    asked = _Asked()
    try:
        _ = text % asked
    except (TypeError, ValueError):
        return None
    return frozenset(asked.names) - ADDRESS_WORDS


def main(arguments: list[str], package: Path = _BOT) -> int:
    """Run `check` or `update` for all languages; give the exit code."""
    translated = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]
    match arguments:
        case ["check"]:
            wrong = [fault for language in translated for fault in faults(language, package)]
            sys.stdout.write("".join(f"{fault}\n" for fault in wrong))
            return 1 if wrong else 0
        case ["update"]:
            for language in translated:
                update(language, package)
            return 0
        case _:
            sys.stderr.write("usage: python -m bot.wording.catalogue check|update\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
