"""What a meeting decided: as a card to everybody at its close, and as a document."""

import re
from collections import Counter

from bot.cards.layout import clipped, strong
from bot.cards.opinions import opinion_counts_lines, opinion_entries
from bot.cards.pledges import pledge_summary_lines
from bot.cards.result import vote_result_text
from bot.cards.score_lines import ranking_text
from bot.cards.speeches import speech_lines
from bot.cards.titles import announced_lines
from bot.platforms.base import Card, Line
from bot.wording.dates import moment_text, time_text
from bot.wording.labels import decision_text, method_text, statement_kind_text
from bot.wording.numbers import percent, share
from bot.wording.overview import decided_text
from bot.wording.pledges import confirmation_text
from bot.wording.results import attendance_text, outcome_text, papers_text, rules_text, statement_text
from bot.wording.scoring import ranked_text
from bot.wording.speaking import spoken_text
from bot.wording.speeches import kind_text, speaker_text
from bot.wording.titles import recognition_text, total_text
from bot.wording.versions import identified_text
from bot.wording.voice import Voice, say
from meeting.agenda import ItemKind
from meeting.overview import outcomes_of
from meeting.tally import Decision
from meeting.titles import TitleCounts
from meeting.voting import Option
from storage.views import ItemResult, ResultsView, VersionView, VoteView

_PAPERS = frozenset({ItemKind.REPORT, ItemKind.DOCUMENT})
_HELD = frozenset({ItemKind.DISCUSSION, ItemKind.PLEDGE})
"""Kinds of items at which more is done than to listen."""

_ROOM = 3_000
"""Characters that a card has for its items; more are told more briefly."""

_ROOM_FOR_SPEECHES = 1_500
_LIST_MARK = re.compile(r"^([0-9]*)([.)+-])(?=\s)")


def summary_card(voice: Voice, view: ResultsView) -> Card:
    """Give attendance, quorum and each item with count, base, share and verdict, briefly if many."""
    meeting = view.meeting
    lines = [
        strong(say(voice, "Summary: %(title)s", title=clipped(meeting.title))),
        Line(
            say(
                voice,
                "%(moment)s, at %(place)s",
                moment=moment_text(voice, meeting.starts_at),
                place=clipped(meeting.place),
            )
        ),
        Line(_stated_text(voice, view)),
    ]
    if not view.items:
        lines.append(Line(say(voice, "Nothing was decided.")))
    else:
        lines.append(Line(_decided_text(voice, view)))
    lines += [Line(text) for text in _papers_texts(voice, view)]
    whole = [_whole_text(voice, result) for result in view.items]
    if sum(map(len, whole)) > _ROOM:
        whole = [f"{clipped(_title(result), 80)}: {_brief_text(voice, result)}" for result in view.items]
    said = [Line(ranking_text(voice, each)) for each in view.rankings if each.decided_at is not None]
    said += pledge_summary_lines(voice, meeting, view.pledge)
    said += opinion_counts_lines(voice, view.opinions)
    said += [Line(spoken_text(voice, view.spoken))] if view.spoken else []
    said += speech_lines(voice, view.speeches, _ROOM_FOR_SPEECHES)
    said += announced_lines(voice, view.titles)
    return Card((*lines, *(Line(text) for text in whole), *said))


def _whole_text(voice: Voice, result: ItemResult) -> str:
    added = "".join(f"\n– {clipped(text)}" for text in result.item.additions)
    return f"{_title(result)}: {_result_text(voice, result)}{added}"


def _stated_text(voice: Voice, view: ResultsView) -> str:
    attendance = view.attendance if view.statement is None else view.statement.attendance
    return attendance_text(voice, attendance)


def _decided_text(voice: Voice, view: ResultsView) -> str:
    """Give how many items were decided by a count, how many of these by all, and how many without one."""
    outcomes = outcomes_of(
        (result.item.decision, None if result.vote is None else result.vote.tally)
        for result in view.items
        if result.item.decision is not None
    )
    text = decided_text(voice, outcomes)
    return f"{text[0].upper()}{text[1:]}."


def _papers_texts(voice: Voice, view: ResultsView) -> list[str]:
    """Give how many reports and papers were put to the meeting and what became of them, if any were."""
    decisions = Counter(
        result.item.decision
        for result in view.items
        if result.item.kind in _PAPERS and result.item.decision is not None
    )
    return [papers_text(voice, decisions)] if decisions else []


def _title(result: ItemResult) -> str:
    item = result.item
    return f"{item.number}. {clipped(item.title)}"


def _result_text(voice: Voice, result: ItemResult) -> str:
    if result.vote is not None:
        return vote_result_text(voice, result.vote)
    if result.item.decision is None:
        return say(voice, "Not decided yet.")
    if result.item.decision is Decision.NOTED and result.item.kind in _HELD:
        return say(voice, "The meeting went through it.")
    return outcome_text(voice, result.item.decision, len(result.item.additions))


def _brief_text(voice: Voice, result: ItemResult) -> str:
    vote, decision = result.vote, result.item.decision
    if decision is None or vote is None or vote.tally is None or vote.tally.base == 0:
        return clipped(_result_text(voice, result), 120)
    yes, base = vote.tally.count(Option.YES), vote.tally.base
    return say(
        voice,
        "%(decision)s, %(counted)s (%(percent)s)",
        decision=decision_text(voice, decision),
        counted=share(yes, base, voice.language),
        percent=percent(yes, base, voice.language),
    )


def summary_markdown(voice: Voice, view: ResultsView) -> str:
    """Give the summary as a Markdown document, with everything that was decided in full."""
    meeting = view.meeting
    parts = [
        f"# {_escaped(meeting.title)}",
        _escaped(
            say(
                voice,
                "%(moment)s, at %(place)s",
                moment=moment_text(voice, meeting.starts_at),
                place=meeting.place,
            )
        ),
        "## " + say(voice, "Attendance"),
        _escaped(_attendance_paragraph(voice, view)),
        _escaped(rules_text(voice, meeting.rules)),
        "## " + say(voice, "Results"),
        *map(_escaped, _papers_texts(voice, view)),
    ]
    parts += ["\n\n".join(_item_paragraphs(voice, result, view.text_of(result))) for result in view.items]
    if not view.items:
        parts.append(say(voice, "Nothing was decided."))
    parts += _ranking_paragraphs(voice, view)
    parts += _pledge_paragraphs(voice, view)
    parts += _opinions_paragraphs(voice, view)
    parts += _said_paragraphs(voice, view)
    parts += _titles_paragraphs(voice, view)
    parts.append(
        "*"
        + say(voice, "A draft for signature: the signed minutes and resolution are the official papers.")
        + "*"
    )
    return "\n\n".join(parts) + "\n"


def _attendance_paragraph(voice: Voice, view: ResultsView) -> str:
    if view.statement is None:
        return attendance_text(voice, view.attendance)
    text = statement_text(voice, view.statement.attendance, view.meeting.rules)
    kind = statement_kind_text(voice, view.statement.kind)
    stated = time_text(voice, view.statement.stated_at)
    return say(voice, "%(text)s (%(kind)s, %(time)s)", text=text, kind=kind, time=stated)


def _item_paragraphs(voice: Voice, result: ItemResult, text: VersionView | None) -> list[str]:
    paragraphs = [
        f"### {result.item.number}. {_escaped(result.item.title)}",
        _escaped(_result_text(voice, result)),
    ]
    if result.vote is not None:
        paragraphs.append(_escaped(_course_text(voice, result.vote)))
    if text is not None:
        paragraphs.append(_escaped(identified_text(voice, text)))
    if result.item.additions:
        added = "\n".join(f"- {_escaped(' '.join(text.split()))}" for text in result.item.additions)
        paragraphs.append(say(voice, "Added:") + "\n\n" + added)
    return paragraphs


def _ranking_paragraphs(voice: Voice, view: ResultsView) -> list[str]:
    """Give each ranking that was decided on, a line for each unit."""
    paragraphs = []
    for each in view.rankings:
        if each.decided_at is not None:
            paragraphs.append("## " + _escaped(say(voice, "Ranking: %(title)s", title=each.title)))
            paragraphs.append("\n".join(f"- {_escaped(ranked_text(voice, one))}" for one in each.ranking))
    return paragraphs


def _pledge_paragraphs(voice: Voice, view: ResultsView) -> list[str]:
    """Give how far the pledge has come, and what each party has done that has confirmed."""
    said = pledge_summary_lines(voice, view.meeting, view.pledge, are_listed=True)
    lines = [_escaped(line.text) for line in said]
    if view.pledge is None or not lines:
        return []
    parties = [
        f"- {_escaped(party.name)}: {confirmation_text(voice, party.confirmation)}"
        for party in view.pledge.confirmed
        if party.confirmation is not None
    ]
    told = ["\n".join(parties)] if parties else []
    return ["## " + say(voice, "Pledge"), *lines, *told]


def _opinions_paragraphs(voice: Voice, view: ResultsView) -> list[str]:
    """Give what was said to the items and became of it."""
    counts = [_escaped(line.text) for line in opinion_counts_lines(voice, view.opinions)]
    if not counts:
        return []
    opinions = [
        "- " + "\n  - ".join(_escaped(" ".join(part.split())) for part in parts)
        for parts in opinion_entries(voice, view.opinions)
    ]
    return ["## " + say(voice, "Opinions"), *counts, "\n".join(opinions)]


def _said_paragraphs(voice: Voice, view: ResultsView) -> list[str]:
    """Give who spoke, and in full what was recorded of it."""
    if not (view.spoken or view.speeches):
        return []
    paragraphs = ["## " + say(voice, "Speeches and conclusion")]
    if view.spoken:
        paragraphs.append(_escaped(spoken_text(voice, view.spoken)))
    for speech in view.speeches:
        paragraphs.append(f"### {_escaped(kind_text(voice, speech.kind))}: {_escaped(speaker_text(speech))}")
        paragraphs += [_escaped(line) for line in speech.text.splitlines() if line.strip()]
    return paragraphs


def _titles_paragraphs(voice: Voice, view: ResultsView) -> list[str]:
    """Give which decisions were announced, and how many receive each title."""
    if not view.titles:
        return []
    listed = "\n".join(f"- {_escaped(recognition_text(voice, title))}" for title in view.titles)
    total = total_text(voice, sum((title.counts for title in view.titles), TitleCounts()))
    return ["## " + say(voice, "Titles"), listed, _escaped(total)]


def _course_text(voice: Voice, vote: VoteView) -> str:
    opened = "" if vote.opened_at is None else time_text(voice, vote.opened_at)
    closed = "" if vote.closed_at is None else time_text(voice, vote.closed_at)
    return say(
        voice,
        "Vote %(number)s, run %(run)s, %(method)s, %(opened)s to %(closed)s.",
        number=vote.number,
        run=vote.run,
        method=method_text(voice, vote.method),
        opened=opened,
        closed=closed,
    )


def _escaped(text: str) -> str:
    """Give typed text so that Markdown shows it as it is."""
    for mark in "\\`*_[]<>#|":
        text = text.replace(mark, f"\\{mark}")
    return _LIST_MARK.sub(r"\1\\\2", text)
