"""What is said about papers: their kinds and sizes, what was added, why a file isn't taken."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.wording.catalogue import SOURCE_LANGUAGE
from bot.wording.numbers import official_count
from bot.wording.voice import Voice, say
from handlers.papers import PapersAdded, PapersHandedOut, PaperWithdrawn
from meeting.papers import Paper
from meeting.refusals import Refusal

_MEGABYTE = 1_000_000
_KILOBYTE = 1_000
_NAME_SHOWN = 60

KINDS = "PDF, DOCX, XLSX, PPTX, ODT, ODS, JPG, PNG"


def size_text(size: int, language: str) -> str:
    """Give a size as people know it: "350 KB", "1,2 MB", "20 MB"."""
    if size < _MEGABYTE:
        return f"{max(1, round(size / _KILOBYTE))} KB"
    point = "." if language == SOURCE_LANGUAGE else ","
    tenths = size * 10 // _MEGABYTE % 10
    return f"{size // _MEGABYTE}{f'{point}{tenths}' if tenths else ''} MB"


def short_name(name: str) -> str:
    """Give a file's name so that its beginning and its extension are seen."""
    if len(name) <= _NAME_SHOWN:
        return name
    stem, dot, extension = name.rpartition(".")
    return f"{stem[: _NAME_SHOWN - len(extension) - 2].rstrip()}…{dot}{extension}"


def paper_text(voice: Voice, paper: Paper) -> str:
    """Give a paper in a list."""
    return f"{short_name(paper.name)} ({size_text(paper.size, voice.language)})"


def papers_refused(voice: Voice, reason: Refusal, facts: Mapping[str, Any]) -> str:
    """Say why a file isn't taken or handed out, and what to do next."""
    name = short_name(str(facts.get("name", ""))) or say(voice, "the file")
    match reason:
        case Refusal.PAPER_TOO_LARGE:
            return _too_large(voice, facts)
        case Refusal.PAPER_KIND_UNKNOWN:
            return say(
                voice,
                "Files of this kind are not taken. Save it as one of these and send it again: %(kinds)s.",
                kinds=KINDS,
            )
        case Refusal.PAPER_NOT_AS_NAMED:
            return say(
                voice,
                "The content of %(name)s is not what its name says, or it is locked or has macros. Open it, "
                "save it as PDF, and send that.",
                name=name,
            )
        case Refusal.PAPER_EMPTY:
            return say(voice, "The file is empty. Check it and send it again.")
        case Refusal.PAPER_THERE_ALREADY:
            return say(voice, "These papers have %(name)s already; it was not added twice.", name=name)
        case _:
            return _list_refused(voice, reason)


def _list_refused(voice: Voice, reason: Refusal) -> str:
    match reason:
        case Refusal.PAPERS_TOO_MANY:
            return say(voice, "There are too many files already. Withdraw some, or put several into one PDF.")
        case Refusal.NO_PAPERS:
            return say(voice, "There are no papers yet.")
        case Refusal.PAPERS_HANDED_OUT:
            return say(voice, "All who can be reached have this list already; nothing was sent twice.")
        case Refusal.FILES_GONE:
            return say(voice, "What you had sent is not kept any more. Please send the files again.")
        case _:
            return say(
                voice, "The secretary withdrew this paper. Look at the list of papers for what holds now."
            )


def _too_large(voice: Voice, facts: Mapping[str, Any]) -> str:
    match facts:
        case {"size": int() as size, "limit": int() as limit}:
            return say(
                voice,
                "This file has %(size)s; here at most %(limit)s can be taken. Make it smaller (smaller "
                "images, saved as PDF) or send it in parts.",
                size=size_text(size, voice.language),
                limit=size_text(limit, voice.language),
            )
        case _:
            return say(voice, "This file is too large. Make it smaller, or send it in parts.")


def papers_added(voice: Voice, added: PapersAdded) -> str:
    """Answer papers that were attached; what was there before is named."""
    parts = []
    if added.names:
        parts.append(say(voice, "Added: %(names)s.", names=_names(voice, added.names)))
    if added.known:
        parts.append(say(voice, "There already: %(names)s.", names=_names(voice, added.known)))
    return " ".join(parts)


def _names(voice: Voice, names: Sequence[str]) -> str:
    shown = ", ".join(short_name(name) for name in names[:3])
    rest = len(names) - 3
    return shown if rest <= 0 else say(voice, "%(names)s and %(n)s more", names=shown, n=rest)


def paper_withdrawn(voice: Voice, result: PaperWithdrawn) -> str:
    """Answer a withdrawal."""
    name = short_name(result.name)
    if result.is_repeat:
        return say(voice, "%(name)s was withdrawn before.", name=name)
    return say(voice, "Withdrawn, on record: %(name)s. It is handed out no more.", name=name)


def papers_handed_out(voice: Voice, result: PapersHandedOut) -> str:
    """Answer that the list is being sent."""
    people = official_count(result.accounts, voice.language)
    return say(voice, "The list of papers goes to all attendees who are linked: %(people)s.", people=people)


def paper_follows(voice: Voice, name: str) -> str:
    """Stand beside a paper that is handed over."""
    return say(voice, "Paper: %(name)s", name=name)


def papers_wanted(voice: Voice, title: str) -> str:
    """Ask for papers of an item or, where `title` is empty, of the meeting."""
    if not title:
        return say(voice, "Send the papers of the meeting as files, one or several.")
    return say(voice, "Send the papers of “%(title)s” as files, one or several.", title=title)


def replacement_wanted(voice: Voice, name: str) -> str:
    """Ask for the file that takes a paper's place."""
    return say(voice, "Send the file that takes the place of %(name)s.", name=short_name(name))


def kinds_text(voice: Voice) -> str:
    """Say which files are taken; how large they may be differs between platforms."""
    return say(voice, "Taken: %(kinds)s.", kinds=KINDS)


def files_wanted(voice: Voice) -> str:
    """Answer a text where papers were asked for."""
    return say(voice, "Please send the papers as files, or tap “Done”.")


def more_taken(voice: Voice, name: str) -> str:
    """Answer a further file while it is still asked what the first is for."""
    return say(voice, "%(name)s was taken too. Tap above what the files are for.", name=short_name(name))


def use_wanted(voice: Voice) -> str:
    """Ask what the files are for that came unasked."""
    return say(voice, "What is this file for?")


def use_hint(voice: Voice) -> str:
    """Say that more can be sent before choosing."""
    return say(voice, "Further files can be sent now; all go where you tap.")


def use_choice_wanted(voice: Voice) -> str:
    """Answer a text while it is asked what files are for."""
    return say(voice, "Please choose what the file is for, or cancel.")


def withdraw_unsure(voice: Voice, name: str) -> str:
    """Ask once more."""
    return say(
        voice,
        "Withdraw %(name)s? Nobody can get it any more; the record keeps its name.",
        name=short_name(name),
    )


def hand_out_unsure(voice: Voice, papers: int) -> str:
    """Ask once more."""
    count = official_count(papers, voice.language)
    return say(voice, "Send the list of papers (%(count)s) to all attendees?", count=count)
