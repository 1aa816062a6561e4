"""Titles: decisions prepared with their recipients, and announced with an item of commendation."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.agenda import decide
from handlers.asking import Asked, permitted, refuse_closed, request
from handlers.meetings import Unchanged
from meeting.agenda import ItemKind
from meeting.names import fold, tidy
from meeting.people import Actor, Right
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, MeetingState, PostKind, Priority
from meeting.tally import Decision
from meeting.titles import (
    MOST_RECIPIENTS,
    MOST_TITLES,
    RECIPIENT_LIMIT,
    Candidate,
    Matched,
    NameIndex,
    PlannedTitle,
    RecipientKind,
    Unclear,
    match_recipient,
    plan_title,
)
from storage import agenda, attendees, cards, groups, meetings, posts, record, titles
from storage.database import Tx
from storage.reading import get_meeting_view
from storage.titles import Recipient
from storage.views import RecipientView, TitleView


@dataclass(frozen=True, slots=True)
class TitleKept:
    """The decision is added or changed."""

    meeting_id: int
    title_id: int


@dataclass(frozen=True, slots=True)
class TitleWithdrawn:
    """The decision won't be announced."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class Named:
    """A recipient as typed, with what was answered when it wasn't clear who is meant.

    `meant` is the id of the person, or of the unit that is the collective; `is_unlisted`: nobody whom the
    organisation knows, as the one who asks says in so many words.
    """

    kind: RecipientKind
    name: str
    unit: str = ""
    meant: int | None = None
    is_unlisted: bool = False


@dataclass(frozen=True, slots=True)
class RecipientsAdded:
    """They are added."""

    title_id: int
    count: int


@dataclass(frozen=True, slots=True)
class RecipientsUnclear:
    """Nothing was added: whom these names mean has to be said first.

    By place in what was asked, those who may be meant with their units; none where nobody is known.
    """

    unclear: Mapping[int, tuple[Candidate[int], ...]]


@dataclass(frozen=True, slots=True)
class RecipientRemoved:
    """Nobody receives the title by this entry any more."""

    title_id: int


@dataclass(frozen=True, slots=True)
class TitlesAnnounced:
    """So many decisions were announced; `is_item_over` where there was nothing left for the item."""

    titles: int
    is_item_over: bool


# Prepared


@request
async def add_title(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, draft: PlannedTitle
) -> TitleKept | Refused:
    """Add a decision, without recipients yet."""
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, meeting_id)
    planned = _planned(draft)
    if isinstance(planned, Refused):
        return planned
    if await titles.count_titles(tx, meeting_id) >= MOST_TITLES:
        return Refused(Refusal.TITLES_TOO_MANY)
    organisation_id = (await get_meeting_view(tx, meeting_id)).organisation_id
    title_id = await titles.add_title(tx, organisation_id, meeting_id, planned)
    await _record(tx, await titles.get_title(tx, title_id), now, "title_added", _facts(planned), actor)
    return TitleKept(meeting_id, title_id)


def _planned(draft: PlannedTitle) -> PlannedTitle | Refused:
    return plan_title(draft.title, draft.number, draft.decided_on, draft.issuer, draft.quota)


def _facts(planned: PlannedTitle) -> dict[str, Any]:
    quota, on = planned.quota, planned.decided_on
    return {
        "name": planned.title,
        "number": planned.number,
        "decided_on": None if on is None else on.isoformat(),
        "issuer": planned.issuer,
        "quota": None if quota is None else f"{quota.numerator}/{quota.denominator}",
        "quota_of": "" if quota is None else quota.of,
    }


@request
async def change_title(
    tx: Tx, asked: Asked, now: datetime, title_id: int, draft: PlannedTitle
) -> TitleKept | Unchanged | Refused:
    """Set what a decision says, until it is announced; its recipients stay."""
    held = await _hold(tx, asked, title_id)
    if isinstance(held, Refused):
        return held
    title, actor = held
    planned = _planned(draft)
    if isinstance(planned, Refused):
        return planned
    if planned == PlannedTitle(title.title, title.number, title.decided_on, title.issuer, title.quota):
        return Unchanged()
    await titles.put_title(tx, title_id, planned)
    await _record(tx, title, now, "title_changed", _facts(planned), actor)
    return TitleKept(title.meeting_id, title_id)


@request
async def withdraw_title(
    tx: Tx, asked: Asked, now: datetime, title_id: int
) -> TitleWithdrawn | Unchanged | Refused:
    """Withdraw a decision that wasn't announced."""
    held = await _hold(tx, asked, title_id)
    match held:
        case Refused(Refusal.TITLE_WITHDRAWN):
            return Unchanged()
        case Refused():
            return held
        case _:
            title, actor = held
    await titles.put_title_withdrawn(tx, title_id, now)
    await _record(tx, title, now, "title_withdrawn", {}, actor)
    return TitleWithdrawn(title.meeting_id)


async def _hold(tx: Tx, asked: Asked, title_id: int) -> tuple[TitleView, Actor] | Refused:
    """Give a decision that can still be changed, its meeting held, with who asks."""
    title = await titles.get_title(tx, title_id)
    actor = await permitted(tx, asked, title.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, title.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, title.meeting_id)
    title = await titles.get_title(tx, title_id)
    if title.withdrawn_at is not None:
        return Refused(Refusal.TITLE_WITHDRAWN)
    if title.announced_at is not None:
        return Refused(Refusal.TITLE_ANNOUNCED)
    return title, actor


# Recipients


@request
async def add_recipients(
    tx: Tx, asked: Asked, now: datetime, title_id: int, named: Sequence[Named]
) -> RecipientsAdded | RecipientsUnclear | Refused:
    """Add who receives a title, all of them or none: each name means one alone, or somebody said whom.

    Whoever is there already, or stands there twice, is refused by name.
    """
    held = await _hold(tx, asked, title_id)
    if isinstance(held, Refused):
        return held
    title, actor = held
    refused = _refuse_names(named)
    if refused is not None:
        return refused
    there = await titles.list_recipients(tx, [title_id])
    if len(there) + len(named) > MOST_RECIPIENTS:
        return Refused(Refusal.RECIPIENTS_TOO_MANY)
    people = await titles.list_candidates(tx, title.organisation_id)
    units = await titles.list_units(tx, title.organisation_id)
    known = {RecipientKind.INDIVIDUAL: _Known(people), RecipientKind.COLLECTIVE: _Known(units)}
    found = [known[one.kind].find(one) for one in named]
    unclear = {place: one for place, one in enumerate(found) if isinstance(one, tuple)}
    if unclear:
        return RecipientsUnclear(unclear)
    recipients = [one for one in found if isinstance(one, Recipient)]
    twice = _find_twice(there, recipients)
    if twice is not None:
        return Refused(Refusal.RECIPIENT_TWICE, {"name": twice})
    await titles.add_recipients(tx, title.organisation_id, title_id, recipients)
    facts = {"recipients": [await _recipient_facts(tx, one) for one in recipients]}
    await _record(tx, title, now, "title_recipients_added", facts, actor)
    return RecipientsAdded(title_id, len(recipients))


def _refuse_names(named: Sequence[Named]) -> Refused | None:
    if not named:
        return Refused(Refusal.TEXT_EMPTY)
    for one in named:
        if not any(letter.isalpha() for letter in one.name):
            return Refused(Refusal.NAME_UNREADABLE)
        length = max(len(tidy(one.name)), len(tidy(one.unit)))
        if length > RECIPIENT_LIMIT:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": RECIPIENT_LIMIT, "length": length})
    return None


class _Known:
    """The people, or the units, whom the organisation knows."""

    def __init__(self, candidates: Sequence[Candidate[int]]) -> None:
        self._by_key = {one.key: one for one in candidates}
        self._names = NameIndex(candidates)

    def find(self, named: Named) -> Recipient | tuple[Candidate[int], ...]:
        """Give the recipient who is meant, or who may be."""
        if named.is_unlisted:
            return Recipient(named.kind, tidy(named.name), tidy(named.unit), None)
        if named.meant is not None:
            chosen = self._by_key.get(named.meant)
            return () if chosen is None else _recipient(named, chosen)
        match match_recipient(named.name, named.unit, self._names):
            case Matched(key):
                return _recipient(named, self._by_key[key])
            case Unclear(candidates):
                return tuple(self._by_key[key] for key in candidates)


def _recipient(named: Named, meant: Candidate[int]) -> Recipient:
    if named.kind is RecipientKind.COLLECTIVE:
        return Recipient(named.kind, meant.name, "", None)
    # The unit that was typed is theirs; of several, none is chosen for them.
    typed = [unit for unit in meant.units if fold(unit) == fold(named.unit)]
    unit = (typed or (meant.units if len(meant.units) == 1 else [""]))[0]
    return Recipient(named.kind, meant.name, unit, meant.key)


def _find_twice(there: Sequence[RecipientView], added: Sequence[Recipient]) -> str | None:
    """Give the name of somebody who would receive a title twice."""
    seen = {_identity(one) for one in there}
    for one in added:
        if _identity(one) in seen:
            return one.name
        seen.add(_identity(one))
    return None


def _identity(one: Recipient | RecipientView) -> tuple[object, ...]:
    if one.person_id is not None:
        return (one.kind, one.person_id)
    return (one.kind, fold(one.name), fold(one.unit))


async def _recipient_facts(tx: Tx, one: Recipient | RecipientView) -> dict[str, Any]:
    if one.person_id is not None:
        return {"kind": one.kind, "who": await record.person_commitment(tx, one.person_id)}
    return {"kind": one.kind, "who": record.digest(f"{one.name}\n{one.unit}")}


@request
async def remove_recipient(
    tx: Tx, asked: Asked, now: datetime, recipient_id: int
) -> RecipientRemoved | Refused:
    """Take somebody out of a decision that wasn't announced."""
    held = await _hold(tx, asked, (await titles.get_recipient(tx, recipient_id)).title_id)
    if isinstance(held, Refused):
        return held
    title, actor = held
    recipient = await titles.get_recipient(tx, recipient_id)
    await titles.forget_recipient(tx, recipient_id)
    facts = {"recipient": await _recipient_facts(tx, recipient)}
    await _record(tx, title, now, "title_recipient_removed", facts, actor)
    return RecipientRemoved(title.title_id)


# Announced


@request
async def announce_titles(
    tx: Tx, asked: Asked, now: datetime, item_id: int, title_id: int | None, mark: str
) -> TitlesAnnounced | Unchanged | Refused:
    """Announce a decision with an item of commendation, or all that weren't yet; the item ends with the last.

    `mark` is that of what was shown when it was asked (`mark_of`): whatever was changed since is looked at
    first. Everybody hears which titles went to how many, and each recipient who can be reached of the own
    ones, once. A quota that isn't kept hinders nothing, and is recorded.
    """
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    state = await meetings.lock_meeting(tx, item.meeting_id)
    if state is MeetingState.CLOSED:
        return await refuse_closed(tx, item.meeting_id)
    if state is MeetingState.PLANNED:
        return Refused(Refusal.MEETING_NOT_OPEN)
    if item.kind is not ItemKind.COMMENDATION:
        return Refused(Refusal.ITEM_NOT_COMMENDATION)
    everything = await titles.list_titles(tx, item.meeting_id)
    waiting = [one for one in everything if one.announced_at is None]
    chosen = [one for one in waiting if title_id in {None, one.title_id}]
    if not chosen:
        return await _refuse_nothing(tx, item.meeting_id, title_id)
    if item.decision is not None:
        return Refused(Refusal.ITEM_DECIDED)
    without = next((one for one in chosen if one.counts.total == 0), None)
    if without is not None:
        return Refused(Refusal.TITLE_WITHOUT_RECIPIENTS, {"title": without.title})
    if await mark_of(tx, chosen) != mark:
        return Refused(Refusal.OUT_OF_DATE)
    await titles.put_titles_announced(tx, [one.title_id for one in chosen], item_id, now)
    facts = {"item": item_id, "titles": [_announced_facts(one, everything) for one in chosen]}
    await record.append(
        tx,
        item.organisation_id,
        item.meeting_id,
        now,
        "titles_announced",
        facts,
        actor=actor,
        is_presiding=True,
    )
    await _tell(tx, item, chosen, now)
    is_over = len(chosen) == len(waiting)
    if is_over:
        await decide(tx, item, now, actor, Decision.NOTED)
    await cards.touch_cards(tx, CardKind.PANEL, item.meeting_id)
    return TitlesAnnounced(len(chosen), is_over)


def _announced_facts(title: TitleView, titles: Sequence[TitleView]) -> dict[str, Any]:
    counts, quota = title.counts, title.check_quota(titles)
    facts = {
        "title": title.title_id,
        "collectives": counts.collectives,
        "individuals": counts.individuals,
    }
    return facts if quota is None else {**facts, "quota_base": quota.base, "is_quota_kept": quota.is_kept}


async def mark_of(tx: Tx, chosen: Sequence[TitleView]) -> str:
    """Give what decisions are known by, which a button carries: another one for each other word or name."""
    recipients = await titles.list_recipients(tx, [one.title_id for one in chosen])
    said = [
        *((one.title_id, one.title, one.number, str(one.decided_on), one.issuer) for one in chosen),
        *((one.title_id, one.kind, one.name, one.unit, one.person_id) for one in recipients),
    ]
    return record.digest(json.dumps(said))[:_MARK]


_MARK = 16


async def _refuse_nothing(tx: Tx, meeting_id: int, title_id: int | None) -> Unchanged | Refused:
    if title_id is None:
        return Refused(Refusal.NO_TITLES)
    title = await titles.get_title(tx, title_id)
    if title.meeting_id != meeting_id:
        return Refused(Refusal.NOT_FOUND)
    return Refused(Refusal.TITLE_WITHDRAWN) if title.withdrawn_at is not None else Unchanged()


async def _tell(tx: Tx, item: agenda.Item, announced: Sequence[TitleView], now: datetime) -> None:
    title_ids = sorted(one.title_id for one in announced)
    everybody = {
        *await attendees.list_meeting_accounts(tx, item.meeting_id),
        *await meetings.list_presiding_accounts(tx, item.meeting_id),
        *await groups.list_group_accounts(tx, item.meeting_id),
    }
    await _post(tx, PostKind.TITLES_ANNOUNCED, item, title_ids, everybody, now)
    own: dict[tuple[int, ...], set[int]] = defaultdict(set)
    for account_id, received in (await titles.list_accounts_to_congratulate(tx, title_ids)).items():
        own[tuple(sorted(received))].add(account_id)
    for received_ids, account_ids in own.items():
        await _post(tx, PostKind.TITLE_GIVEN, item, received_ids, account_ids, now)


async def _post(
    tx: Tx,
    kind: PostKind,
    item: agenda.Item,
    title_ids: Sequence[int],
    account_ids: set[int],
    now: datetime,
) -> None:
    await posts.add_posts(
        tx,
        kind,
        f"{kind}:{min(title_ids)}",
        item.item_id,
        account_ids,
        organisation_id=item.organisation_id,
        meeting_id=item.meeting_id,
        priority=Priority.RESULT,
        facts={"titles": list(title_ids)},
        now=now,
    )


async def _record(
    tx: Tx, title: TitleView, now: datetime, act: str, facts: Mapping[str, Any], actor: Actor
) -> None:
    """Put an act on record, and show it to those who run the meeting."""
    about = {"title": title.title_id, **facts}
    await record.append(tx, title.organisation_id, title.meeting_id, now, act, about, actor=actor)
    await cards.touch_cards(tx, CardKind.PANEL, title.meeting_id)
