"""The pace that processes share: a platform's next turn and its rest, and until when chats are left alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, select

from storage.database import Instant, Tx, flushed
from storage.inserts import insert
from storage.rows import AccountRow, LiveCardRow, PaceRow, PostRow

_LONGEST_QUIET = timedelta(hours=12)
"""No quiet hours last longer."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """A platform's pace as it stands; no send begins before `next_turn_at`, nor before `rests_until`."""

    next_turn_at: datetime
    rests_until: datetime | None


async def find_pacing(tx: Tx, platform: str) -> Pacing | None:
    """Give a platform's pace, or None where nothing was sent to it yet."""
    row = (await tx.exec(select(PaceRow).where(col(PaceRow.platform) == platform))).first()
    return None if row is None else Pacing(row.next_turn_at, row.rests_until)


async def lock_pacing(tx: Tx, platform: str, now: datetime) -> Pacing:
    """Hold a platform's pace against other processes until the transaction ends, and give it."""
    first = insert(tx, PaceRow).values(platform=platform, next_turn_at=now, rests_until=None)
    await tx.exec(first.on_conflict_do_nothing(index_elements=["platform"]))
    held = select(PaceRow).where(col(PaceRow.platform) == platform).with_for_update()
    row = (await tx.exec(held)).one()
    return Pacing(row.next_turn_at, row.rests_until)


async def put_next_turn(tx: Tx, platform: str, at: datetime) -> None:
    """Set when the next send may begin; the pace is held."""
    await _put_pace(tx, platform, next_turn_at=at)


async def put_platform_rest(tx: Tx, platform: str, until: datetime, now: datetime) -> datetime:
    """Have nothing sent to a platform until an instant, or until the later one that stands; give which."""
    pacing = await lock_pacing(tx, platform, now)
    until = until if pacing.rests_until is None else max(until, pacing.rests_until)
    await _put_pace(tx, platform, rests_until=until)
    return until


async def _put_pace(tx: Tx, platform: str, **changes: datetime) -> None:
    of_platform = sa.update(PaceRow).where(col(PaceRow.platform) == platform)
    await (await tx.connection()).execute(of_platform.values(changes))


async def put_rests(tx: Tx, account_ids: Collection[int], until: datetime | None) -> None:
    """Have nothing begun in these accounts' chats before an instant; None ends a rest."""
    of_accounts = sa.update(AccountRow).where(col(AccountRow.id).in_(account_ids))
    await (await tx.connection()).execute(of_accounts.values(rests_until=until))


async def put_rests_of(tx: Tx, rests: Mapping[int, datetime | None]) -> set[int]:
    """Put how long each of these accounts rests, as `put_rests`, and give which.

    Those that others hold at this moment are left for another time, so that nobody waits for anybody.
    """
    free = select(AccountRow.id).where(col(AccountRow.id).in_(rests)).with_for_update(skip_locked=True)
    put = {flushed(account_id) for account_id in await tx.exec(free)}
    if put:
        await (await tx.connection()).execute(
            _PUT_REST, [{"account": account_id, "until": rests[account_id]} for account_id in sorted(put)]
        )
    return put


async def lengthen_rests(
    tx: Tx, platform: str, chats: Collection[str], *, private: datetime, group: datetime
) -> None:
    """Have nothing begun in chats before an instant, that of private ones or of groups; longer rests stand.

    Accounts that others hold at this moment are left out, so that nobody waits for anybody.
    """
    until = sa.case(
        (col(AccountRow.is_group), sa.literal(group, Instant())), else_=sa.literal(private, Instant())
    )
    is_shorter = col(AccountRow.rests_until).is_(None) | (col(AccountRow.rests_until) < until)
    of_chats = (col(AccountRow.platform) == platform) & col(AccountRow.chat).in_(chats)
    free = select(AccountRow.id).where(of_chats, is_shorter).with_for_update(skip_locked=True)
    put = [flushed(account_id) for account_id in await tx.exec(free)]
    if put:
        of_accounts = sa.update(AccountRow).where(col(AccountRow.id).in_(put))
        await (await tx.connection()).execute(of_accounts.values(rests_until=until))


_PUT_REST = (
    sa.update(AccountRow)
    .where(col(AccountRow.id) == sa.bindparam("account"))
    .values(rests_until=sa.bindparam("until"))
)


async def cut_rests(tx: Tx, platform: str, latest: datetime) -> None:
    """Let no rest, lease or wait of a platform last beyond an instant: for a clock that was set back.

    A post that is to wait for the end of somebody's quiet hours, and was never tried, waits on.
    """
    is_wait = (col(PostRow.attempts) > 0) | (col(PostRow.next_try_at) > latest + _LONGEST_QUIET)
    accounts = select(AccountRow.id).where(col(AccountRow.platform) == platform)
    changes = (
        sa.update(AccountRow)
        .where(col(AccountRow.platform) == platform, col(AccountRow.rests_until) > latest)
        .values(rests_until=latest),
        sa.update(LiveCardRow)
        .where(col(LiveCardRow.next_try_at) > latest, col(LiveCardRow.account_id).in_(accounts))
        .values(next_try_at=latest),
        sa.update(PostRow)
        .where(col(PostRow.next_try_at) > latest, is_wait, col(PostRow.account_id).in_(accounts))
        .values(next_try_at=latest),
        sa.update(PostRow)
        .where(col(PostRow.leased_until) > latest, col(PostRow.account_id).in_(accounts))
        .values(leased_until=latest),
        sa.update(PaceRow)
        .where(col(PaceRow.platform) == platform, col(PaceRow.rests_until) > latest)
        .values(rests_until=latest),
    )
    for change in changes:
        await tx.exec(change, execution_options={"synchronize_session": False})
