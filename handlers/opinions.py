"""Opinions: sent by attendees, entered for others, sorted, merged, hidden; none is ever lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.asking import Asked, bound, closed_refusal, permitted, request
from handlers.meetings import Unchanged
from handlers.opinion_news import tell_senders
from meeting import opinions as rules
from meeting.opinions import OpinionKind, OpinionState
from meeting.people import Actor, Right, Source
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind
from storage import agenda, attendees, cards, meetings, opinions, record
from storage.database import Tx
from storage.errors import AttendeeNotFoundError, ItemNotFoundError
from storage.opinions import NewOpinion
from storage.reading import get_meeting_view
from storage.views import MeetingView, OpinionView

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OpinionSent:
    """The opinion is recorded by this number."""

    meeting_id: int
    opinion_id: int
    number: int


@dataclass(frozen=True, slots=True)
class OpinionChanged:
    """The opinion is sorted, hidden or waits again."""

    meeting_id: int
    opinion_id: int
    number: int


@dataclass(frozen=True, slots=True)
class OpinionMerged:
    """The opinion goes with the one of number `into`."""

    meeting_id: int
    opinion_id: int
    number: int
    into: int


@dataclass(frozen=True, slots=True)
class OpinionDraft:
    """An opinion as it was typed: on an item, or with None on the meeting as a whole."""

    item_id: int | None
    kind: OpinionKind
    text: str


@dataclass(frozen=True, slots=True)
class Author:
    """Whose opinion is entered: an attendee's, or a unit's as a whole."""

    attendee_id: int | None = None
    unit_id: int | None = None


async def admitted(tx: Tx, asked: Asked, meeting_id: int) -> Actor | Refused:
    """Give who asks where a meeting's opinions are for them: an attendee, or who has a role in it."""
    actor = await bound(tx, asked, meeting_id)
    if isinstance(actor, Refused) or actor.roles or actor.attendee_id is not None:
        return actor
    return Refused(Refusal.NOT_ATTENDEE)


async def admitted_to_send(tx: Tx, asked: Asked, now: datetime, meeting_id: int) -> Actor | Refused:
    """Give who asks where it is an attendee who may send one more opinion now, else why not."""
    actor = await bound(tx, asked, meeting_id)
    if isinstance(actor, Refused):
        return actor
    if actor.attendee_id is None:
        return Refused(Refusal.NOT_ATTENDEE)
    meeting = await get_meeting_view(tx, meeting_id)
    if not rules.are_taken(meeting.state):
        return closed_refusal(meeting)
    lately = await opinions.count_sent(tx, actor.attendee_id, now - _MINUTE)
    return rules.refuse_flood(lately, 0, 0) or actor


@request
async def send_opinion(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, draft: OpinionDraft
) -> OpinionSent | Refused:
    """Send one's own opinion, before the meeting or in it; limits keep a flood of one from all others."""
    # Once before the meeting is held, so that whoever floods it keeps nobody from it.
    refused = await admitted_to_send(tx, asked, now, meeting_id)
    if isinstance(refused, Refused):
        return refused
    await meetings.lock_meeting(tx, meeting_id)
    actor = await admitted_to_send(tx, asked, now, meeting_id)
    if isinstance(actor, Refused):
        return actor
    return await _add(tx, actor, now, meeting_id, draft, Author(actor.attendee_id), Source.SELF)


@request
async def enter_opinion(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, author: Author, draft: OpinionDraft
) -> OpinionSent | Refused:
    """Enter the opinion of an attendee who has no phone here, or of a unit."""
    actor = await permitted(tx, asked, meeting_id, Right.KEEP_ROLL)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, meeting_id)
    meeting = await get_meeting_view(tx, meeting_id)
    if not rules.are_taken(meeting.state):
        return closed_refusal(meeting)
    refused = await refuse_author(tx, meeting_id, author)
    return refused or await _add(tx, actor, now, meeting_id, draft, author, Source.SECRETARY)


async def refuse_author(tx: Tx, meeting_id: int, author: Author) -> Refused | None:
    """Give why nobody of the meeting is meant; raises AttendeeNotFoundError for somebody of another."""
    if author.attendee_id is not None:
        if await attendees.find_meeting_of_attendee(tx, author.attendee_id) != meeting_id:
            raise AttendeeNotFoundError(author.attendee_id)
        return None
    is_known = author.unit_id in await opinions.list_units_summoned(tx, meeting_id)
    return None if is_known else Refused(Refusal.UNIT_UNKNOWN)


async def _add(
    tx: Tx,
    actor: Actor,
    now: datetime,
    meeting_id: int,
    draft: OpinionDraft,
    author: Author,
    source: Source,
) -> OpinionSent | Refused:
    """Add an opinion in a meeting that is held, on record."""
    text = rules.read_opinion(draft.text)
    if isinstance(text, Refused):
        return text
    refused = await refuse_about(tx, meeting_id, draft.kind, draft.item_id)
    if refused is not None:
        return refused
    on_item = 0
    if source is Source.SELF and author.attendee_id is not None:
        on_item = await opinions.count_sent_on(tx, author.attendee_id, draft.item_id)
    in_meeting = await opinions.get_last_number(tx, meeting_id)
    refused = rules.refuse_flood(0, on_item, in_meeting)
    if refused is not None:
        return refused
    organisation_id = (await get_meeting_view(tx, meeting_id)).organisation_id
    new = NewOpinion(
        draft.item_id, author.attendee_id, author.unit_id, draft.kind, text, source, actor.person_id
    )
    [(opinion_id, number)] = await opinions.add_opinions(tx, organisation_id, meeting_id, [new], now)
    facts: dict[str, Any] = {
        "opinion": number,
        "item": draft.item_id,
        "kind": draft.kind,
        "text": record.digest(text),
        "unit": author.unit_id,
        "source": source,
    }
    if author.attendee_id is not None:
        person_id, _, _ = await attendees.get_seat(tx, author.attendee_id)
        facts["of"] = await record.person_commitment(tx, person_id)
    await record.append(tx, organisation_id, meeting_id, now, "opinion_sent", facts, actor=actor)
    await cards.touch_cards(tx, CardKind.PANEL, meeting_id)
    return OpinionSent(meeting_id, opinion_id, number)


async def refuse_about(tx: Tx, meeting_id: int, kind: OpinionKind, item_id: int | None) -> Refused | None:
    """Give why an opinion of a kind can't be about an item now; raises ItemNotFoundError."""
    if item_id is None:
        return None
    item = await agenda.get_item(tx, item_id)
    if item.meeting_id != meeting_id:
        raise ItemNotFoundError(item_id)
    is_voted_on = bool(await agenda.list_active_votes_on(tx, item_id))
    return rules.refuse_about(kind, item.decision, is_voted_on=is_voted_on)


# Sorted, merged, hidden


@dataclass(frozen=True, slots=True)
class Held:
    """An opinion of a meeting that is held, and who asks."""

    actor: Actor
    meeting: MeetingView
    opinion: OpinionView


async def held_for(tx: Tx, asked: Asked, opinion_id: int, right: Right) -> Held | Refused:
    """Hold the meeting of an opinion for who may; also after its close, as answers come later too."""
    meeting_id = (await opinions.get_opinion(tx, opinion_id)).meeting_id
    actor = await permitted(tx, asked, meeting_id, right)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, meeting_id)
    meeting = await get_meeting_view(tx, meeting_id)
    if meeting.cancelled_at is not None:
        return closed_refusal(meeting)
    return Held(actor, meeting, await opinions.get_opinion(tx, opinion_id))


async def record_act(
    tx: Tx, held: Held, now: datetime, act: str, facts: dict[str, Any], *, is_presiding: bool = False
) -> int:
    """Append what was done with an opinion, have the panel shown anew, and give the entry's number."""
    meeting = held.meeting
    entry = await record.append(
        tx,
        meeting.organisation_id,
        meeting.meeting_id,
        now,
        act,
        {"opinion": held.opinion.number, **facts},
        actor=held.actor,
        is_presiding=is_presiding,
    )
    await cards.touch_cards(tx, CardKind.PANEL, meeting.meeting_id)
    return entry.number


@request
async def sort_opinion(
    tx: Tx, asked: Asked, now: datetime, opinion_id: int, kind: OpinionKind, item_id: int | None
) -> OpinionChanged | Unchanged | Refused:
    """Put an opinion that waits to another kind or item (None: the meeting as a whole)."""
    held = await held_for(tx, asked, opinion_id, Right.PREPARE)
    if isinstance(held, Refused):
        return held
    opinion = held.opinion
    refused = rules.refuse_sorting(opinion.opinion)
    if refused is not None:
        return refused
    if (opinion.kind, opinion.item_id) == (kind, item_id):
        return Unchanged()
    refused = await refuse_about(tx, opinion.meeting_id, kind, item_id)
    if refused is not None:
        return refused
    await opinions.put_sorted(tx, opinion_id, kind, item_id)
    await record_act(tx, held, now, "opinion_sorted", {"kind": kind, "item": item_id})
    return OpinionChanged(opinion.meeting_id, opinion_id, opinion.number)


@request
async def merge_opinion(
    tx: Tx, asked: Asked, now: datetime, opinion_id: int, into_number: int
) -> OpinionMerged | Refused:
    """Have an opinion go with another of its meeting, by that one's number; its sender is told."""
    held = await held_for(tx, asked, opinion_id, Right.PREPARE)
    if isinstance(held, Refused):
        return held
    opinion = held.opinion
    everything = await opinions.list_opinions(tx, opinion.meeting_id)
    into = next((each for each in everything if each.number == into_number), None)
    if into is None:
        return Refused(Refusal.OPINION_NOT_MERGEABLE)
    with_it = [each.opinion for each in everything if each.merged_into_id == opinion_id]
    changed = rules.merge(opinion.opinion, into.opinion, with_it)
    if isinstance(changed, Refused):
        return changed
    await opinions.put_states(tx, [(each, "") for each in changed], decided_by=None, now=now)
    entry = await record_act(tx, held, now, "opinion_merged", {"into": into.number})
    await tell_senders(
        tx, held.meeting, {each.opinion_id for each in changed}, now, entry, but=asked.account_id
    )
    return OpinionMerged(opinion.meeting_id, opinion_id, opinion.number, into.number)


@request
async def hide_opinion(
    tx: Tx, asked: Asked, now: datetime, opinion_id: int, reason: str
) -> OpinionChanged | Refused:
    """Show members an opinion's text no more, for a reason that is on record and told to its sender.

    Those whose opinions went with it are told that theirs wait again.
    """
    held = await held_for(tx, asked, opinion_id, Right.PREPARE)
    if isinstance(held, Refused):
        return held
    why = rules.read_reason(reason)
    if isinstance(why, Refused):
        return why
    opinion = held.opinion
    with_it = [each.opinion for each in await opinions.list_merged(tx, opinion_id)]
    changed = rules.hide(opinion.opinion, with_it)
    if isinstance(changed, Refused):
        return changed
    states = [(each, why) for each in changed]
    await opinions.put_states(tx, states, decided_by=held.actor.person_id, now=now)
    entry = await record_act(tx, held, now, "opinion_hidden", {"reason": record.digest(why)})
    told = {each.opinion_id for each in changed}
    await tell_senders(tx, held.meeting, told, now, entry, but=asked.account_id)
    return OpinionChanged(opinion.meeting_id, opinion_id, opinion.number)


@request
async def restore_opinion(tx: Tx, asked: Asked, now: datetime, opinion_id: int) -> OpinionChanged | Refused:
    """Have an opinion that was hidden or merged wait by itself again; its sender is told."""
    held = await held_for(tx, asked, opinion_id, Right.PREPARE)
    if isinstance(held, Refused):
        return held
    changed = rules.restore(held.opinion.opinion)
    if isinstance(changed, Refused):
        return changed
    await opinions.put_states(tx, [(changed, "")], decided_by=None, now=now)
    entry = await record_act(tx, held, now, "opinion_restored", {"was": OpinionState(held.opinion.state)})
    await tell_senders(tx, held.meeting, {opinion_id}, now, entry, but=asked.account_id)
    return OpinionChanged(held.opinion.meeting_id, opinion_id, held.opinion.number)
