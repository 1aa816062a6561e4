"""Parcels: what delivery takes to a chat, and how those that can go out now are claimed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeGuard

from bot.pace import Pace
from meeting.states import Priority
from storage.cards import CardToShow, list_cards_to_show
from storage.database import Tx
from storage.outbox import ParcelKind, Ready, list_all_ready, list_longest_waiting, list_ready
from storage.pace import lock_pacing, put_next_turn, put_rests
from storage.posts import PostToSend, lease_posts, list_posts_to_send

Parcel = CardToShow | PostToSend
"""What delivery takes to a chat."""

Key = tuple[ParcelKind, int]
"""Names a parcel."""

LEASE = timedelta(seconds=30)
"""How long a claim holds: more than the wait for a turn and the longest send."""

_FAIR_PEEK = 3
_WHOLE = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """What could go out now: the most urgent first, and what waits longest first.

    `along` names what would go out in one message with one of these.
    """

    urgent: Sequence[Ready]
    oldest: Sequence[Ready]
    parcels: Mapping[Key, Parcel]
    along: Mapping[Key, Sequence[Ready]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A parcel, with those that go `along`, that nobody else takes before `until`; it may begin at `turn`."""

    parcel: Parcel
    turn: datetime
    until: datetime
    along: tuple[Parcel, ...] = ()

    @property
    def parcels(self) -> tuple[Parcel, ...]:
        """All that goes out in this turn."""
        return (self.parcel, *self.along)


def key_of(parcel: Parcel) -> Key:
    """Give a parcel's name."""
    if isinstance(parcel, CardToShow):
        return ParcelKind.CARD, parcel.card_id
    return ParcelKind.POST, parcel.post_id


def ids(parcel: Parcel) -> dict[str, int | str]:
    """Give what a log line may tell of a parcel."""
    kind, row_id = key_of(parcel)
    return {
        kind.name.lower(): row_id,
        "platform": parcel.platform,
        "kind": parcel.kind,
        "subject": parcel.subject_id,
        "account": parcel.account_id,
        "attempts": parcel.attempts,
    }


def posts_of(parcel: Parcel) -> tuple[PostToSend, ...]:
    """Give the posts that go out with a parcel: none with a card, several where reminders go together."""
    return (parcel, *parcel.together) if isinstance(parcel, PostToSend) else ()


def is_once_only(parcel: Parcel) -> TypeGuard[PostToSend]:
    """Whether twice is worse than not at all."""
    return isinstance(parcel, PostToSend) and parcel.priority is Priority.REMINDER


def is_over(parcel: Parcel, now: datetime) -> bool:
    """Whether a post is not to be sent any more: its mailing was cancelled, or its time has passed.

    `until` among its facts is the instant that it is good until, in ISO form.
    """
    if not isinstance(parcel, PostToSend):
        return False
    until = parcel.facts.get("until")
    return parcel.is_cancelled or (until is not None and now >= datetime.fromisoformat(until))


async def find_offer(
    tx: Tx, platform: str, now: datetime, most: int, except_accounts: Collection[int]
) -> Offer:
    """Give at least `most` parcels that can go out now, or all there are."""
    urgent = await list_ready(tx, platform, now, most, except_accounts=except_accounts)
    oldest: list[Ready] = []
    if len(urgent) > 1:  # there may be fewer turns than that
        oldest = await list_longest_waiting(tx, platform, now, _FAIR_PEEK, except_accounts=except_accounts)
    return Offer(urgent, oldest, await _load(tx, now, [*urgent, *oldest]))


async def find_whole_offer(tx: Tx, platform: str, now: datetime, except_accounts: Collection[int]) -> Offer:
    """Give all that can go out now: of each chat the most urgent, and along with it all the rest."""
    firsts: dict[int, Ready] = {}
    along: dict[Key, list[Ready]] = {}
    reminded: set[int] = set()
    for one in await list_all_ready(tx, platform, now, _WHOLE, except_accounts=except_accounts):
        if one.kind is ParcelKind.POST and one.priority == Priority.REMINDER:
            if one.account_id in reminded:
                continue  # it comes `together` with the first
            reminded.add(one.account_id)
        first = firsts.setdefault(one.account_id, one)
        if first is not one:
            along.setdefault((first.kind, first.row_id), []).append(one)
    urgent = list(firsts.values())
    rest = [one for others in along.values() for one in others]
    return Offer(urgent, (), await _load(tx, now, [*urgent, *rest]), along)


async def _load(
    tx: Tx, now: datetime, ready: Collection[Ready], *, is_held: bool = False
) -> dict[Key, Parcel]:
    of_kind = {kind: {one.row_id for one in ready if one.kind is kind} for kind in ParcelKind}
    parcels: list[Parcel] = [
        *await list_cards_to_show(tx, now, of_kind[ParcelKind.CARD], is_held=is_held),
        *await list_posts_to_send(tx, now, of_kind[ParcelKind.POST], is_held=is_held),
    ]
    return {key_of(parcel): parcel for parcel in parcels}


async def claim(
    tx: Tx, platform: str, pace: Pace, now: datetime, offer: Offer, rendered: Collection[Key], most: int
) -> list[Claimed]:
    """Take those of an offer that are still to go out, with a turn each; nobody else takes either.

    Turns and parcels are taken in one transaction, in which the platform's pace is held: processes on one
    database never go beyond it together, and never take the same parcel.
    """
    pacing = await lock_pacing(tx, platform, now)
    if pacing.rests_until is not None and pacing.rests_until > now:
        return []
    turns = pace.turns(pacing.next_turn_at, now, most)
    along = (one for others in offer.along.values() for one in others)
    wanted = [one for one in (*offer.urgent, *offer.oldest, *along) if (one.kind, one.row_id) in rendered]
    held = await _load(tx, now, wanted, is_held=True) if turns.given else {}
    held = _as_rendered(held, offer, rendered)
    pairs = share_out(turns.given, pace, offer, held.keys())
    next_at = turns.given[len(pairs)] if len(pairs) < len(turns.given) else turns.next_at
    if next_at != pacing.next_turn_at:
        await put_next_turn(tx, platform, next_at)
    until = now + LEASE
    claimed = [
        Claimed(
            held[key],
            turn,
            until,
            tuple(
                held[other.kind, other.row_id]
                for other in offer.along.get(key, ())
                if (other.kind, other.row_id) in held
            ),
        )
        for key, turn in pairs
    ]
    if claimed:
        posts = [post.post_id for one in claimed for parcel in one.parcels for post in posts_of(parcel)]
        await lease_posts(tx, posts, until)
        await put_rests(tx, [one.parcel.account_id for one in claimed], until)
    return claimed


def _as_rendered(held: Mapping[Key, Parcel], offer: Offer, rendered: Collection[Key]) -> dict[Key, Parcel]:
    """Give what is held with the reminders that its card shows; what differs by now is left for the next."""
    shown: dict[Key, Parcel] = {}
    for key, parcel in held.items():
        seen = offer.parcels[key]
        if isinstance(parcel, PostToSend) and isinstance(seen, PostToSend):
            wanted = {one.post_id for one in seen.together if key_of(one) in rendered}
            together = tuple(one for one in parcel.together if one.post_id in wanted)
            if len(together) == len(wanted):
                shown[key] = replace(parcel, together=together)
        else:
            shown[key] = parcel
    return shown


def share_out(
    turns: Sequence[datetime], pace: Pace, offer: Offer, held: Collection[Key]
) -> list[tuple[Key, datetime]]:
    """Give each turn to a parcel of those held, one for each chat, as long as there are any.

    Where there are turns for all, the most urgent are first and nobody waits.
    """
    urgent, oldest = (
        [one for one in queue if (one.kind, one.row_id) in held] for queue in (offer.urgent, offer.oldest)
    )
    is_scarce = len({one.account_id for one in (*urgent, *oldest)}) > len(turns)
    served: set[int] = set()
    pairs: list[tuple[Key, datetime]] = []
    for turn in turns:
        queue = [*oldest, *urgent] if is_scarce and pace.is_fair(turn) else urgent
        first = next((one for one in queue if one.account_id not in served), None)
        if first is None:
            break
        served.add(first.account_id)
        pairs.append(((first.kind, first.row_id), turn))
    return pairs
