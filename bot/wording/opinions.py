"""What is said about opinions: their questions, what became of them, why one isn't taken."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from bot.wording.numbers import plain_count
from bot.wording.voice import Voice, say
from meeting.opinions import OpinionCounts, OpinionKind, OpinionState
from meeting.refusals import Refusal
from storage.views import ItemView, OpinionView


def kind_text(voice: Voice, kind: OpinionKind) -> str:
    """Give what sort of opinion it is."""
    match kind:
        case OpinionKind.COMMENT:
            return say(voice, "Comment")
        case OpinionKind.QUESTION:
            return say(voice, "Question")
        case OpinionKind.PETITION:
            return say(voice, "Petition")
        case OpinionKind.ADDITION:
            return say(voice, "Proposed addition")
    assert_never(kind)


def state_text(voice: Voice, state: OpinionState) -> str:
    """Give what became of an opinion."""
    match state:
        case OpinionState.WAITING:
            return say(voice, "waiting to be considered")
        case OpinionState.TAKEN_UP:
            return say(voice, "taken up")
        case OpinionState.ANSWERED:
            return say(voice, "answered")
        case OpinionState.LEFT:
            return say(voice, "noted")
        case OpinionState.MERGED:
            return say(voice, "merged into another")
        case OpinionState.HIDDEN:
            return say(voice, "not shown")
    assert_never(state)


def counts_text(voice: Voice, counts: OpinionCounts) -> str:
    """Say how many opinions there were and what became of them; nothing of what there was none."""
    parts = [
        f"{state_text(voice, state)}: {plain_count(count, voice.language)}"
        for state, count in (
            (OpinionState.TAKEN_UP, counts.taken_up),
            (OpinionState.ANSWERED, counts.answered),
            (OpinionState.LEFT, counts.left),
            (OpinionState.WAITING, counts.waiting),
        )
        if count
    ]
    heard = plain_count(counts.heard, voice.language)
    if not parts:
        return say(voice, "Opinions: %(count)s.", count=heard)
    return say(voice, "Opinions: %(count)s (%(parts)s).", count=heard, parts="; ".join(parts))


def button_opinions(voice: Voice, waiting: int) -> str:
    """Give the button of those who run a meeting, with how many opinions wait."""
    if not waiting:
        return say(voice, "Opinions")
    return say(voice, "Opinions (%(count)s waiting)", count=waiting)


def by_text(voice: Voice, opinion: OpinionView) -> str:
    """Give who said something and as what: "Nguyễn An (Phòng Một), câu hỏi"."""
    author = f"{opinion.author} ({opinion.unit})" if opinion.unit else opinion.author
    kind = kind_text(voice, opinion.kind)
    return f"{author}, {kind[:1].lower()}{kind[1:]}"


def title_text(voice: Voice, opinion: OpinionView) -> str:
    """Give the heading of an opinion."""
    return say(voice, "Opinion %(number)s: %(by)s", number=opinion.number, by=by_text(voice, opinion))


def with_it_text(voice: Voice, numbers: Sequence[int]) -> str:
    """Say which opinions go with one."""
    return say(voice, "together with opinions %(numbers)s", numbers=", ".join(map(str, numbers)))


def merged_text(voice: Voice, into: int, state: OpinionState) -> str:
    """Say with which opinion one goes, and what became of that."""
    return say(
        voice,
        "Considered together with opinion %(number)s: %(state)s",
        number=into,
        state=state_text(voice, state),
    )


def hidden_text(voice: Voice) -> str:
    """Give what members read in place of a hidden opinion."""
    return say(voice, "(the text is not shown)")


def settled_text(voice: Voice, opinion: OpinionView) -> str:
    """Tell whose opinion it is, or who attends for the unit whose it is, that something became of it."""
    if opinion.attendee_id is None:
        return say(
            voice,
            "Opinion no. %(number)s of %(author)s was considered",
            number=opinion.number,
            author=opinion.author,
        )
    return say(voice, "Your opinion no. %(number)s was considered", number=opinion.number)


def several_settled_text(voice: Voice, count: int) -> str:
    """Tell who sent several opinions that something became of them."""
    return say(voice, "Your opinions were considered: %(count)s", count=plain_count(count, voice.language))


def outcome_buttons(voice: Voice) -> list[tuple[str, OpinionState]]:
    """Give the buttons of who presides over an opinion."""
    return [
        (say(voice, "Take it up"), OpinionState.TAKEN_UP),
        (say(voice, "Answer it"), OpinionState.ANSWERED),
        (say(voice, "Only note it"), OpinionState.LEFT),
    ]


# Questions


def text_wanted(voice: Voice, item: str, author: str) -> str:
    """Ask for an opinion: one's own, or of `author`; `item` is "" for the meeting as a whole."""
    if author and item:
        return say(voice, "What does %(author)s say on “%(item)s”?", author=author, item=item)
    if author:
        return say(voice, "What does %(author)s say to the meeting?", author=author)
    if item:
        return say(voice, "Your opinion on “%(item)s”? It is recorded with your name.", item=item)
    return say(voice, "Your opinion to the meeting? It is recorded with your name.")


def kind_wanted(voice: Voice) -> str:
    """Ask as what an opinion is sent."""
    return say(voice, "Not sent yet: choose what it is, and it is sent.")


def item_wanted(voice: Voice) -> str:
    """Ask what an opinion is about."""
    return say(voice, "What is the opinion about?")


def whole_meeting(voice: Voice) -> str:
    """Give what an opinion is about that is about no item."""
    return say(voice, "The meeting as a whole")


def item_text(voice: Voice, item: ItemView | None) -> str:
    """Give in full what an opinion is about: an item, or with None the meeting as a whole."""
    if item is None:
        return whole_meeting(voice)
    return say(voice, "Item %(number)s: %(title)s", number=item.number, title=item.title)


def author_wanted(voice: Voice) -> str:
    """Ask whose opinion is entered."""
    return say(voice, "Whose opinion is it? The name of an attendee or of a unit.")


def author_meant(voice: Voice, typed: str) -> str:
    """Ask whom a typed name means."""
    return say(voice, "Whom do you mean by “%(typed)s”?", typed=typed)


def author_unknown(voice: Voice) -> str:
    """Say that nobody in the meeting goes by a name."""
    return say(
        voice,
        "Nobody on the roll and no unit of the meeting goes by this name. Type it as it stands in the list.",
    )


def answer_wanted(voice: Voice, number: int) -> str:
    """Ask for an answer."""
    return say(voice, "What is answered to opinion %(number)s? All attendees can read it.", number=number)


def taking_wanted(voice: Voice, number: int) -> str:
    """Ask in which words an opinion is taken up."""
    return say(
        voice, "How is opinion %(number)s taken up? Type it, or take it up without words.", number=number
    )


def passage_wanted(voice: Voice, number: int) -> str:
    """Ask how a proposed addition gets into the text."""
    return say(
        voice,
        "How does addition %(number)s get into the text? Type the passage as it is to stand at the end, "
        "or choose.",
        number=number,
    )


def whole_text_wanted(voice: Voice, number: int) -> str:
    """Ask for the text that takes an addition up."""
    return say(voice, "Send the whole new text, with addition %(number)s in its place.", number=number)


def reason_wanted(voice: Voice, number: int) -> str:
    """Ask why an opinion is hidden."""
    return say(
        voice,
        "Why is opinion %(number)s not to be shown? Its sender is told the reason, which is on record.",
        number=number,
    )


def into_wanted(voice: Voice, number: int) -> str:
    """Ask which opinion another is merged into."""
    return say(
        voice, "Into which opinion is opinion %(number)s merged? Choose, or type its number.", number=number
    )


def sorting_wanted(voice: Voice, number: int) -> str:
    """Ask what sort of opinion it is."""
    return say(voice, "As what does opinion %(number)s stand in the list?", number=number)


def table_wanted(voice: Voice) -> str:
    """Ask for a table of opinions."""
    return say(
        voice,
        "Send the table of opinions as .xlsx. A row with the number of an opinion says what becomes of it; "
        "a row without a number is a new one.",
    )


def table_is_here(voice: Voice) -> str:
    """Say what to do with the table that is handed out."""
    return say(
        voice,
        "The table of all opinions. Fill in the outcome and the words beside each, add new rows without a "
        "number, and send it back.",
    )


def table_sure(voice: Voice) -> str:
    """Ask whether a table is taken in."""
    return say(voice, "Take this table in?")


def table_says(voice: Voice, new: int, decided: int) -> str:
    """Say what a table holds."""
    return say(
        voice,
        "Rows without a number: %(new)s; rows with an outcome: %(decided)s.",
        new=plain_count(new, voice.language),
        decided=plain_count(decided, voice.language),
    )


# Done


def opinion_sent(voice: Voice, number: int) -> str:
    """Say that an opinion is recorded."""
    return say(voice, "Recorded as opinion %(number)s. You are told what becomes of it.", number=number)


def opinion_entered(voice: Voice, number: int, author: str) -> str:
    """Say that somebody's opinion is entered."""
    return say(voice, "Recorded as opinion %(number)s, of %(author)s.", number=number, author=author)


def opinion_decided(voice: Voice, number: int, state: OpinionState, version: int | None) -> str:
    """Say what became of an opinion by the tap; `version` is the text's that was made of it."""
    if version is not None:
        return say(
            voice,
            "Opinion %(number)s: taken up. The text is now version %(version)s.",
            number=number,
            version=version,
        )
    return say(voice, "Opinion %(number)s: %(state)s.", number=number, state=state_text(voice, state))


def opinion_sorted(voice: Voice, number: int) -> str:
    """Say that an opinion is put elsewhere."""
    return say(voice, "Opinion %(number)s is sorted anew.", number=number)


def opinion_merged(voice: Voice, number: int, into: int) -> str:
    """Say that an opinion goes with another."""
    return say(voice, "Opinion %(number)s goes with opinion %(into)s from now on.", number=number, into=into)


def opinion_hidden(voice: Voice, number: int) -> str:
    """Say that members aren't shown an opinion's text any more."""
    return say(voice, "Opinion %(number)s is no longer shown to members; it stays on record.", number=number)


def opinion_restored(voice: Voice, number: int) -> str:
    """Say that an opinion waits by itself again."""
    return say(voice, "Opinion %(number)s waits to be considered again.", number=number)


def table_taken(voice: Voice, added: int, decided: int) -> str:
    """Say what a table brought."""
    return say(
        voice,
        "The table is taken in: %(added)s opinions are new, %(decided)s got an outcome.",
        added=plain_count(added, voice.language),
        decided=plain_count(decided, voice.language),
    )


# Refused


def opinion_refused(voice: Voice, reason: Refusal, facts: Mapping[str, Any]) -> str:  # noqa: C901, PLR0911 - one for each
    """Say why something isn't done with an opinion, and what to do next."""
    match reason:
        case Refusal.OPINIONS_TOO_FAST:
            return say(
                voice,
                "You have sent several opinions within a minute. Wait a minute, then send the next one.",
            )
        case Refusal.OPINIONS_TOO_MANY:
            return _too_many(voice, facts)
        case Refusal.ADDITION_TOO_LATE:
            return say(
                voice,
                "This item is being voted on or decided: nothing can be added to its text now. "
                "Send it as a comment.",
            )
        case Refusal.ITEM_LEFT_OUT:
            return say(
                voice, "This item is no longer on the agenda. Choose another, or the meeting as a whole."
            )
        case Refusal.OPINION_DECIDED:
            return say(voice, "It was said already what becomes of this opinion. Look at the newest list.")
        case Refusal.OPINION_MERGED:
            return say(
                voice, "This opinion goes with another. Deal with that one, or separate this one first."
            )
        case Refusal.OPINION_HIDDEN:
            return say(voice, "This opinion is hidden. Show it again first.")
        case Refusal.OPINION_NOT_MERGEABLE:
            return say(
                voice, "It can't be merged into this one. Choose another that stands by itself and is shown."
            )
        case Refusal.OPINION_IN_TEXT:
            return _in_text(voice, facts)
        case Refusal.OPINION_CHANGED:
            return _changed(voice, facts)
        case _:
            return say(voice, "This is out of date. Look at the newest list.")


def _too_many(voice: Voice, facts: Mapping[str, Any]) -> str:
    match facts.get("limit"):
        case int() as limit:
            most = plain_count(limit, voice.language)
            return say(
                voice,
                "There are %(limit)s opinions already, no more are taken. Please speak to the secretary.",
                limit=most,
            )
        case _:
            return say(voice, "There are too many opinions already. Please speak to the secretary.")


def _in_text(voice: Voice, facts: Mapping[str, Any]) -> str:
    match facts.get("number"):
        case int() as number:
            return say(
                voice,
                "Addition %(number)s stands in the item's text already, so it stays taken up. "
                "Correct the outcome in its row.",
                number=number,
            )
        case _:
            return say(voice, "This addition stands in the item's text already, so it stays taken up.")


def _changed(voice: Voice, facts: Mapping[str, Any]) -> str:
    match facts.get("number"):
        case int() as number:
            return say(
                voice,
                "Opinion %(number)s has another text in the meeting. Get the newest table and fill it in.",
                number=number,
            )
        case _:
            return say(voice, "The table is older than the meeting's. Get the newest one and fill it in.")
