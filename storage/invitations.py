"""Invitations: what a link or code admits to, and the codes that were tried and didn't fit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from meeting import codes
from meeting.people import Role
from meeting.states import InvitationKind
from storage.database import BIGGEST_ID, Tx, flushed
from storage.rows import AccountRow, AttendeeRow, BindingRow, GuessRow, InvitationRow, MeetingRow


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a code admits to, as it is stored; the way to one's own page, of a person, is stored nowhere."""

    invitation_id: int
    kind: InvitationKind
    organisation_id: int | None
    meeting_id: int | None
    attendee_id: int | None
    role: Role | None
    generation: int
    expires_at: datetime | None
    used_at: datetime | None
    person_id: int | None = None


def _invitation(row: InvitationRow) -> Invitation:
    return Invitation(
        flushed(row.id),
        row.kind,
        row.organisation_id,
        row.meeting_id,
        row.attendee_id,
        row.role,
        row.generation,
        row.expires_at,
        row.used_at,
    )


async def add_invitation(  # noqa: PLR0913 - an invitation has these parts
    tx: Tx,
    key: bytes,
    kind: InvitationKind,
    now: datetime,
    *,
    organisation_id: int | None = None,
    meeting_id: int | None = None,
    attendee_id: int | None = None,
    role: Role | None = None,
    expires_at: datetime | None = None,
) -> Invitation:
    """Add an invitation; its code is made from the key and only its digest kept."""
    row = InvitationRow(
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        attendee_id=attendee_id,
        kind=kind,
        role=role,
        generation=0,
        made_at=now,
        expires_at=expires_at,
    )
    tx.add(row)
    await tx.flush()
    await _put_digest(tx, key, row)
    return _invitation(row)


async def add_attendee_invitations(
    tx: Tx, key: bytes, organisation_id: int, meeting_id: int, attendee_ids: Collection[int], now: datetime
) -> None:
    """Add the invitations of many attendees at once."""
    rows = [
        InvitationRow(
            organisation_id=organisation_id,
            meeting_id=meeting_id,
            attendee_id=attendee_id,
            kind=InvitationKind.ATTENDEE,
            generation=0,
            made_at=now,
        )
        for attendee_id in attendee_ids
    ]
    tx.add_all(rows)
    await tx.flush()
    digests = [codes.code_digest(key, codes.short_code(key, flushed(row.id), 0)) for row in rows]
    taken = set(await tx.exec(select(InvitationRow.digest).where(col(InvitationRow.digest).in_(digests))))
    for row, digest in zip(rows, digests, strict=True):
        if digest in taken:
            await _put_digest(tx, key, row)
        else:
            row.digest = digest
            taken.add(digest)


async def find_shared_invitation(tx: Tx, meeting_id: int) -> Invitation | None:
    """Give a meeting's shared invitation, if it was made."""
    row = (await tx.exec(_of_meeting(meeting_id, InvitationKind.SHARED))).first()
    return None if row is None else _invitation(row)


async def find_group_invitation(tx: Tx, meeting_id: int) -> Invitation | None:
    """Give the invitation that binds groups to a meeting, if it was made."""
    row = (await tx.exec(_of_meeting(meeting_id, InvitationKind.GROUP))).first()
    return None if row is None else _invitation(row)


def _of_meeting(meeting_id: int, kind: InvitationKind) -> SelectOfScalar[InvitationRow]:
    """Of the kinds of which a meeting has one at most."""
    return select(InvitationRow).where(
        col(InvitationRow.meeting_id) == meeting_id, col(InvitationRow.kind) == kind
    )


async def renew_shared_invitation(tx: Tx, key: bytes, meeting_id: int) -> Invitation | None:
    """Make a meeting's shared link and code anew; the old ones fit no more."""
    return await _renew(tx, key, _of_meeting(meeting_id, InvitationKind.SHARED))


async def renew_group_invitation(
    tx: Tx, key: bytes, meeting_id: int, expires_at: datetime
) -> Invitation | None:
    """Make the link that binds groups to a meeting anew; the old one fits no more."""
    return await _renew(tx, key, _of_meeting(meeting_id, InvitationKind.GROUP), expires_at)


async def renew_invitation(tx: Tx, key: bytes, attendee_id: int) -> Invitation | None:
    """Make an attendee's link and code anew; the old ones fit no more."""
    return await _renew(tx, key, select(InvitationRow).where(col(InvitationRow.attendee_id) == attendee_id))


async def find_attendee_invitation(tx: Tx, attendee_id: int) -> Invitation | None:
    """Give an attendee's personal invitation."""
    found = await tx.exec(select(InvitationRow).where(col(InvitationRow.attendee_id) == attendee_id))
    row = found.first()
    return None if row is None else _invitation(row)


async def _renew(
    tx: Tx, key: bytes, found: SelectOfScalar[InvitationRow], expires_at: datetime | None = None
) -> Invitation | None:
    row = (await tx.exec(found.with_for_update(key_share=True))).first()
    if row is None:
        return None
    row.generation += 1
    row.used_at = None
    row.expires_at = expires_at
    await _put_digest(tx, key, row)
    return _invitation(row)


async def _put_digest(tx: Tx, key: bytes, row: InvitationRow) -> None:
    # Eight characters may meet another's once in a great while: the next generation then has its own.
    while True:
        digest = codes.code_digest(key, codes.short_code(key, flushed(row.id), row.generation))
        taken = await tx.exec(
            select(InvitationRow.id).where(
                col(InvitationRow.digest) == digest, col(InvitationRow.id) != flushed(row.id)
            )
        )
        if taken.first() is None:
            break
        row.generation += 1
    row.digest = digest
    tx.add(row)


async def find_invitation(tx: Tx, key: bytes, code: str, *, is_held: bool = False) -> Invitation | None:
    """Give the invitation of a link token or typed code; None where there is none or it was renewed.

    With `is_held` nobody else can take it up until the transaction ends.
    """
    page = codes.page_way(code)
    if page is not None:
        return await _find_page_way(tx, page) if codes.is_page_token(key, code, page) else None
    invitation_id, typed = codes.invitation_of(code), codes.typed_code(code)
    if invitation_id is not None and invitation_id <= BIGGEST_ID:
        found = select(InvitationRow).where(col(InvitationRow.id) == invitation_id)
    elif invitation_id is None and typed is not None:
        found = select(InvitationRow).where(col(InvitationRow.digest) == codes.code_digest(key, typed))
    else:
        return None
    if is_held:
        found = found.with_for_update(key_share=True)
    row = (await tx.exec(found.execution_options(populate_existing=True))).first()
    is_forged = (
        row is not None
        and invitation_id is not None
        and not codes.is_link_token(key, code, invitation_id, row.generation)
    )
    return None if row is None or is_forged else _invitation(row)


async def _find_page_way(tx: Tx, page: codes.PageWay) -> Invitation | None:
    """Give what opens somebody's own page, as long as the chat that asked for it speaks for them."""
    found: Select[int, int | None, int | None] = Select(
        col(BindingRow.organisation_id), col(MeetingRow.id), col(AttendeeRow.id)
    )
    row = (
        await tx.exec(
            found.join(AccountRow, col(AccountRow.id) == col(BindingRow.account_id))
            .outerjoin(
                MeetingRow,
                sa.and_(
                    col(MeetingRow.id) == col(AccountRow.current_meeting_id),
                    col(MeetingRow.organisation_id) == col(BindingRow.organisation_id),
                ),
            )
            .outerjoin(
                AttendeeRow,
                sa.and_(
                    col(AttendeeRow.meeting_id) == col(MeetingRow.id),
                    col(AttendeeRow.person_id) == col(BindingRow.person_id),
                ),
            )
            .where(col(BindingRow.account_id) == page.account_id, col(BindingRow.person_id) == page.person_id)
        )
    ).first()
    if row is None:
        return None
    organisation_id, meeting_id, attendee_id = row
    return Invitation(
        invitation_id=0,
        kind=InvitationKind.OWN_PAGE,
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        attendee_id=attendee_id,
        role=None,
        generation=0,
        expires_at=datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=page.day),
        used_at=None,
        person_id=page.person_id,
    )


async def is_renewed(tx: Tx, key: bytes, code: str) -> bool:
    """Whether this is the token of a link that was good once, before it was made anew."""
    invitation_id = codes.invitation_of(code)
    if invitation_id is None or invitation_id > BIGGEST_ID:
        return False
    current = await tx.exec(select(InvitationRow.generation).where(col(InvitationRow.id) == invitation_id))
    earlier = range(current.first() or 0)
    return any(codes.is_link_token(key, code, invitation_id, generation) for generation in earlier)


async def find_founder_invitation(tx: Tx, now: datetime) -> Invitation | None:
    """Give the newest founder's invitation that can still be taken up."""
    row = (
        await tx.exec(
            select(InvitationRow)
            .where(
                col(InvitationRow.kind) == InvitationKind.FOUNDER,
                col(InvitationRow.used_at).is_(None),
                col(InvitationRow.expires_at) > now,
            )
            .order_by(col(InvitationRow.id).desc())
            .limit(1)
        )
    ).first()
    return None if row is None else _invitation(row)


async def put_invitation_used(tx: Tx, invitation_id: int, now: datetime) -> None:
    """Record that an invitation was taken up."""
    await tx.exec(sa.update(InvitationRow).where(col(InvitationRow.id) == invitation_id).values(used_at=now))


# Guesses


async def list_guesses(tx: Tx, platform: str, external_id: str, since: datetime) -> list[datetime]:
    """Give when one sender tried codes that didn't fit since an instant, newest first."""
    tried = select(GuessRow.at).where(
        col(GuessRow.platform) == platform,
        col(GuessRow.external_id) == external_id,
        col(GuessRow.at) > since,
    )
    return list(await tx.exec(tried.order_by(col(GuessRow.at).desc())))


async def add_guess(tx: Tx, platform: str, external_id: str, now: datetime, keep: timedelta) -> None:
    """Record a code that didn't fit, and drop what is older than `keep`."""
    tx.add(GuessRow(platform=platform, external_id=external_id, at=now))
    await tx.exec(sa.delete(GuessRow).where(col(GuessRow.at) < now - keep))
