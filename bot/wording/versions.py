"""Sentences about an item's text, its versions and how they differ."""

from bot.wording.dates import moment_text
from bot.wording.numbers import official_count, plain_count
from bot.wording.papers import short_name
from bot.wording.voice import Voice, say
from meeting.versions import Change, Passage
from storage.views import TextView, VersionView

_KEPT = 60
"""Characters that are kept beside a change of an unchanged line which is longer than twice as many."""
_SPARED = 20
"""Characters that leaving something out has at least to save."""
_MARKS = {Change.ADDED: ("[+ ", " +]"), Change.REMOVED: ("[− ", " −]")}


def version_text(voice: Voice, view: TextView, version: VersionView) -> str:
    """Say which version this is, and since when."""
    moment = moment_text(voice, version.made_at)
    if version.version == view.newest.version:
        return say(
            voice, "Version %(version)s, the newest, %(moment)s.", version=version.version, moment=moment
        )
    return say(
        voice,
        "Version %(version)s of %(newest)s, %(moment)s.",
        version=version.version,
        newest=view.newest.version,
        moment=moment,
    )


def newest_text(voice: Voice, version: int) -> str:
    """Say in which version an item's text stands."""
    return say(voice, "The text stands in version %(version)s.", version=version)


def source_text(voice: Voice, name: str) -> str:
    """Say which paper a text was taken from."""
    return say(voice, "Taken from the paper: %(name)s", name=name)


def taken_up_text(voice: Voice, opinion: int) -> str:
    """Say which opinion made a version."""
    return say(voice, "Made by taking up opinion no. %(number)s.", number=opinion)


def no_text(voice: Voice) -> str:
    """Say that an item has no text to be read here."""
    return say(voice, "This item has no text here yet.")


def item_wanted(voice: Voice) -> str:
    """Ask which item a text is taken over from."""
    return say(voice, "Which item's text is taken over?")


def changes_title(voice: Voice, earlier: int, version: int) -> str:
    """Give the heading of a difference."""
    return say(voice, "Version %(version)s against version %(earlier)s", version=version, earlier=earlier)


def legend(voice: Voice) -> str:
    """Say how a difference is read."""
    return say(voice, "[+ … +] was added, [− … −] was removed; “…” stands for what is the same.")


def no_changes(voice: Voice) -> str:
    """Say that two versions read alike."""
    return say(voice, "Both read the same.")


def marked_text(passages: tuple[Passage, ...]) -> str:
    """Give a difference as plain text: what changed in brackets, long unchanged passages shortened."""
    parts = []
    for place, passage in enumerate(passages):
        if passage.change is Change.SAME:
            parts.append(_shortened(passage.text, is_first=place == 0, is_last=place == len(passages) - 1))
            continue
        before, after = _MARKS[passage.change]
        words = passage.text.strip()
        lead = passage.text[: len(passage.text) - len(passage.text.lstrip())] if words else ""
        tail = passage.text[len(passage.text.rstrip()) :] if words else passage.text
        parts.append(f"{lead}{before}{words or '¶'}{after}{tail or ' '}")
    return "\n".join(line.strip() for line in "".join(parts).split("\n")).strip()


def _shortened(text: str, *, is_first: bool, is_last: bool) -> str:
    head = "" if is_first else _beginning(text)
    tail = "" if is_last else _beginning(text[::-1])[::-1]
    return text if len(head) + len(tail) + _SPARED > len(text) else f"{head} … {tail}"


def _beginning(text: str) -> str:
    """Give the first line that says anything, of a long one some words."""
    line = text.find("\n", len(text) - len(text.lstrip()))
    return text[:line] if 0 <= line <= 2 * _KEPT else text[:_KEPT].rsplit(" ", 1)[0]


def identified_text(voice: Voice, version: VersionView) -> str:
    """Say which text was decided on, by what anybody can check a copy against."""
    return say(
        voice,
        "Text: version %(version)s (SHA-256: %(sha256)s).",
        version=version.version,
        sha256=version.sha256,
    )


# Asked for


def whole_text_wanted(voice: Voice, version: int) -> str:
    """Ask for a text: the first of an item (0), or the one that follows a version."""
    if not version:
        return say(voice, "Paste or type the text that is put to the meeting, all of it.")
    return say(
        voice,
        "Paste or type the new wording, all of it. Version %(version)s stays and can be read.",
        version=version,
    )


def passage_wanted(voice: Voice, name: str) -> str:
    """Ask for the passage of a paper."""
    return say(voice, "Paste the passage of %(name)s that is put to the meeting.", name=short_name(name))


def rest_wanted(voice: Voice, length: int) -> str:
    """Ask for the rest of a text that a phone sends in several messages."""
    count = plain_count(length, voice.language)
    return say(
        voice,
        "%(count)s characters have come so far. If the text goes on, send the rest; else choose “Done”.",
        count=count,
    )


def addition_wanted(voice: Voice) -> str:
    """Ask for what is added."""
    return say(voice, "What is added at the end of the text? Type it as it is to read.")


def gain_wanted(voice: Voice) -> str:
    """Ask what a new wording adds."""
    return say(
        voice,
        "What does the new wording add? A sentence or two, for the result. "
        "Skip it where it is only corrected.",
    )


def paper_wanted(voice: Voice) -> str:
    """Ask which paper a text is taken from."""
    return say(voice, "From which paper is the text taken?")


def version_made(voice: Voice, version: int, voided: int) -> str:
    """Say that a version was made, and how many confirmations of a pledge don't hold any more."""
    text = say(voice, "Recorded: the text stands in version %(version)s.", version=version)
    if not voided:
        return text
    count = official_count(voided, voice.language)
    void = say(voice, "Void are the confirmations of %(count)s parties, who are told.", count=count)
    return f"{text} {void}"


def button_text(voice: Voice) -> str:
    """Give the label that leads to a text and its versions."""
    return say(voice, "Text")


def button_enter(voice: Voice) -> str:
    """Give the label that leads to where a first text is entered."""
    return say(voice, "Enter the text")
