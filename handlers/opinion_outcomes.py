"""What becomes of opinions: taken up, answered or left by who presides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.asking import Asked, request
from handlers.meetings import Unchanged
from handlers.opinion_news import tell_senders
from handlers.opinions import Held, held_for, record_act
from handlers.versions import VersionMade, make_version
from meeting import opinions as rules
from meeting.opinions import OpinionKind, OpinionState
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from meeting.versions import with_addition
from storage import agenda, opinions, record, versions
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class OpinionDecided:
    """This became of the opinion; `version` is the text's that was made of it, if one was."""

    meeting_id: int
    opinion_id: int
    number: int
    state: OpinionState
    version: int | None = None


@request
async def decide_opinion(
    tx: Tx, asked: Asked, now: datetime, opinion_id: int, outcome: OpinionState, answer: str = ""
) -> OpinionDecided | Unchanged | Refused:
    """Say what becomes of an opinion, with words that all may read; its senders are told.

    Those of the opinions that were merged into it are told too. The same again changes nothing.
    """
    held = await held_for(tx, asked, opinion_id, Right.PRESIDE)
    if isinstance(held, Refused):
        return held
    opinion = held.opinion
    words = rules.read_answer(answer, outcome)
    if isinstance(words, Refused):
        return words
    if (opinion.state, opinion.answer) == (outcome, words):
        return Unchanged()
    decided = rules.decide(opinion.opinion, outcome)
    if isinstance(decided, Refused):
        return decided
    await _put(tx, asked, held, now, decided, words, {})
    return OpinionDecided(opinion.meeting_id, opinion.opinion_id, opinion.number, outcome)


@request
async def take_into_text(
    tx: Tx, asked: Asked, now: datetime, opinion_id: int, text: str, *, after: int | None = None
) -> OpinionDecided | Refused:
    """Take a proposed addition up in its item's text, which so gets its next version.

    `text` is a passage for its end, or the whole new text that follows version `after`. Refused under a vote,
    and where somebody made another version since: it would be lost.
    """
    held = await held_for(tx, asked, opinion_id, Right.PRESIDE)
    if isinstance(held, Refused):
        return held
    opinion = held.opinion
    if opinion.kind is not OpinionKind.ADDITION or opinion.item_id is None:
        return Refused(Refusal.OUT_OF_DATE)
    decided = rules.decide(opinion.opinion, OpinionState.TAKEN_UP, is_in_text=True)
    if isinstance(decided, Refused):
        return decided
    passage = rules.read_opinion(text if after is None else opinion.text)
    if isinstance(passage, Refused):
        return passage
    item = await agenda.get_item(tx, opinion.item_id)
    if after not in {None, item.text_version}:
        return Refused(Refusal.TEXT_NEWER, {"version": item.text_version})
    newest = await versions.get_text(tx, item.item_id, item.text_version)
    made = await make_version(
        tx,
        item.item_id,
        with_addition(newest, passage) if after is None else text,
        now,
        held.actor,
        addition=passage,
        opinion_id=opinion_id,
    )
    if not isinstance(made, VersionMade):
        return made
    words = opinion.answer if opinion.state is OpinionState.TAKEN_UP else ""
    await _put(tx, asked, held, now, decided, words, {"version": made.version})
    return OpinionDecided(opinion.meeting_id, opinion_id, opinion.number, OpinionState.TAKEN_UP, made.version)


async def _put(
    tx: Tx,
    asked: Asked,
    held: Held,
    now: datetime,
    decided: rules.Opinion,
    words: str,
    facts: dict[str, Any],
) -> None:
    await opinions.put_states(tx, [(decided, words)], decided_by=held.actor.person_id, now=now)
    said = record.digest(words) if words else None
    facts = {"outcome": decided.state, "answer": said, **facts}
    entry = await record_act(tx, held, now, "opinion_decided", facts, is_presiding=True)
    merged = await opinions.list_merged(tx, decided.opinion_id)
    told = {decided.opinion_id, *(each.opinion_id for each in merged)}
    await tell_senders(tx, held.meeting, told, now, entry, but=asked.account_id)
