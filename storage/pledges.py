"""Pledges, their parties and confirmations."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.names import fold
from meeting.pledges import (
    NOT_PLEDGED,
    Confirmation,
    FrozenText,
    Party,
    PlannedPledge,
    Pledge,
    PledgeKind,
    Signer,
    VoidReason,
)
from storage.database import Tx, flushed
from storage.errors import PledgeNotFoundError
from storage.rows import (
    AttendeeRow,
    ItemRow,
    PersonRow,
    PledgeConfirmationRow,
    PledgePartyRow,
    PledgeRow,
    SummonedUnitRow,
    UnitRow,
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A unit that may become a party, with its signer where that can be proposed."""

    unit_id: int
    name: str
    signer: Signer | None


async def add_pledge(tx: Tx, organisation_id: int, meeting_id: int, item_id: int, kind: PledgeKind) -> int:
    """Add a pledge without parties, and give its id."""
    row = PledgeRow(
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        item_id=item_id,
        kind=kind,
        witness="",
        is_ordered=False,
        is_on_paper=False,
    )
    tx.add(row)
    await tx.flush()
    return flushed(row.id)


async def add_planned_pledge(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    item_id: int,
    planned: PlannedPledge,
    units: Mapping[str, int],
    attendee_ids: Sequence[int],
) -> None:
    """Add a pledge with its parties; `units` are the meeting's by folded name, attendees in planned order."""
    pledge_id = await add_pledge(tx, organisation_id, meeting_id, item_id, planned.kind(units))
    await put_pledge(tx, pledge_id, witness=planned.witness)
    signers = [attendee_ids[one.attendee] for one in planned.parties if one.attendee is not None]
    columns: Select[int, int] = Select(col(AttendeeRow.id), col(AttendeeRow.person_id))
    people = dict((await tx.exec(columns.where(col(AttendeeRow.id).in_(signers)))).all())
    tx.add_all(
        PledgePartyRow(
            organisation_id=organisation_id,
            pledge_id=pledge_id,
            place=place,
            name=party.name,
            unit_id=units.get(fold(party.name)),
            signer=party.signer,
            signer_id=None if party.attendee is None else people[attendee_ids[party.attendee]],
            position=party.position,
        )
        for place, party in enumerate(planned.parties, start=1)
    )
    await tx.flush()


async def forget_pledge(tx: Tx, pledge_id: int) -> None:
    """Remove a pledge that was never confirmed, with its parties."""
    await tx.exec(sa.delete(PledgePartyRow).where(col(PledgePartyRow.pledge_id) == pledge_id))
    await tx.exec(sa.delete(PledgeRow).where(col(PledgeRow.id) == pledge_id))


async def put_pledge(tx: Tx, pledge_id: int, **values: Any) -> None:  # noqa: ANN401 - column values
    """Set columns of a pledge."""
    await tx.exec(sa.update(PledgeRow).where(col(PledgeRow.id) == pledge_id).values(**values))


async def put_frozen(tx: Tx, pledge_id: int, frozen: FrozenText, frozen_by: int) -> None:
    """Record which text the parties are to confirm from now on."""
    await put_pledge(
        tx,
        pledge_id,
        version=frozen.version,
        sha256=frozen.sha256,
        frozen_by=frozen_by,
        frozen_at=frozen.frozen_at,
    )


async def put_thawed(tx: Tx, pledge_id: int, reason: VoidReason, now: datetime) -> None:
    """Record that no text is to be confirmed: all confirmations of the last one hold no more."""
    parties = select(PledgePartyRow.id).where(col(PledgePartyRow.pledge_id) == pledge_id)
    await tx.exec(
        sa.update(PledgeConfirmationRow)
        .where(
            col(PledgeConfirmationRow.party_id).in_(parties), col(PledgeConfirmationRow.voided_at).is_(None)
        )
        .values(voided_at=now, void_reason=reason),
        execution_options={"synchronize_session": False},
    )
    await put_pledge(tx, pledge_id, version=None, sha256=None, frozen_by=None, frozen_at=None)


# Parties


async def add_party(
    tx: Tx, pledge: Pledge, name: str, *, unit_id: int | None = None, signer: Signer | None = None
) -> int:
    """Add a party after the others, and give its id."""
    last = select(sa.func.max(PledgePartyRow.place)).where(col(PledgePartyRow.pledge_id) == pledge.pledge_id)
    row = PledgePartyRow(
        organisation_id=pledge.organisation_id,
        pledge_id=pledge.pledge_id,
        place=((await tx.exec(last)).one() or 0) + 1,
        name=name,
        unit_id=unit_id,
        signer="" if signer is None else signer.name,
        signer_id=None if signer is None else signer.person_id,
        position="" if signer is None else signer.position,
    )
    tx.add(row)
    await tx.flush()
    return flushed(row.id)


async def put_party(tx: Tx, party_id: int, **values: Any) -> None:  # noqa: ANN401 - column values
    """Set columns of a party."""
    await tx.exec(sa.update(PledgePartyRow).where(col(PledgePartyRow.id) == party_id).values(**values))


async def put_party_order(tx: Tx, party_ids: Sequence[int]) -> None:
    """Set the order of a pledge's parties."""
    for place, party_id in enumerate(party_ids, start=1):
        await put_party(tx, party_id, place=place)


async def was_confirmed(tx: Tx, pledge_id: int) -> bool:
    """Whether any party ever confirmed a text of this pledge, be it one that holds no more."""
    parties = select(PledgePartyRow.id).where(col(PledgePartyRow.pledge_id) == pledge_id)
    found = select(PledgeConfirmationRow.id).where(col(PledgeConfirmationRow.party_id).in_(parties))
    return (await tx.exec(found.limit(1))).first() is not None


# Confirmations


async def put_confirmation(
    tx: Tx, pledge: Pledge, party: Party, confirmation: Confirmation, entered_by: int
) -> None:
    """Record that a party stands to the text, in place of what is recorded of it so far."""
    values: dict[str, Any] = {
        "version": confirmation.version,
        "sha256": confirmation.sha256,
        "state": confirmation.state,
        "signer": confirmation.signer,
        "signer_id": party.signer_id,
        "entered_by": entered_by,
        "confirmed_at": confirmation.confirmed_at,
        "signed_at": confirmation.signed_at,
        "evidence_id": confirmation.evidence_id,
        "evidence_sha256": confirmation.evidence_sha256,
    }
    if party.confirmation is not None:
        await tx.exec(sa.update(PledgeConfirmationRow).where(*_valid_of(party.party_id)).values(**values))
        return
    tx.add(
        PledgeConfirmationRow(
            organisation_id=pledge.organisation_id, party_id=party.party_id, void_reason="", **values
        )
    )
    await tx.flush()


async def put_confirmation_void(tx: Tx, party_id: int, reason: VoidReason, now: datetime) -> None:
    """Record that a party's confirmation holds no more."""
    void = sa.update(PledgeConfirmationRow).where(*_valid_of(party_id))
    await tx.exec(
        void.values(voided_at=now, void_reason=reason), execution_options={"synchronize_session": False}
    )


def _valid_of(party_id: int) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return col(PledgeConfirmationRow.party_id) == party_id, col(PledgeConfirmationRow.voided_at).is_(None)


async def is_evidence(tx: Tx, paper_id: int) -> bool:
    """Whether a paper is the copy of a signature that holds."""
    found = select(PledgeConfirmationRow.id).where(
        col(PledgeConfirmationRow.evidence_id) == paper_id, col(PledgeConfirmationRow.voided_at).is_(None)
    )
    return (await tx.exec(found.limit(1))).first() is not None


# Read


async def get_pledge(tx: Tx, pledge_id: int) -> Pledge:
    """Give a pledge with its parties and what holds of their confirmations; raises PledgeNotFoundError."""
    found = await _list(tx, col(PledgeRow.id) == pledge_id)
    if not found:
        raise PledgeNotFoundError(pledge_id)
    return found[0]


async def list_awaiting(tx: Tx, organisation_id: int, person_id: int) -> list[tuple[int, int]]:
    """Give the pledges, with their meetings, that wait for a person's confirmation now."""
    own = select(PledgePartyRow.pledge_id).where(
        col(PledgePartyRow.signer_id) == person_id, col(PledgePartyRow.organisation_id) == organisation_id
    )
    found = await _list(tx, col(PledgeRow.id).in_(own), col(PledgeRow.frozen_at).is_not(None))
    return [
        (pledge.pledge_id, pledge.meeting_id)
        for pledge in found
        if any(party.signer_id == person_id for party in pledge.awaited)
    ]


async def find_pledge_of_item(tx: Tx, item_id: int) -> Pledge | None:
    """Give an item's pledge, if it has one."""
    return next(iter(await _list(tx, col(PledgeRow.item_id) == item_id)), None)


async def find_pledge_of_party(tx: Tx, party_id: int) -> int | None:
    """Give the pledge that a party belongs to."""
    found = select(PledgePartyRow.pledge_id).where(col(PledgePartyRow.id) == party_id)
    return (await tx.exec(found)).first()


async def find_meeting_of_pledge(tx: Tx, pledge_id: int) -> int | None:
    """Give the meeting of a pledge."""
    return (await tx.exec(select(PledgeRow.meeting_id).where(col(PledgeRow.id) == pledge_id))).first()


async def find_meeting_of_party(tx: Tx, party_id: int) -> int | None:
    """Give the meeting of a party's pledge."""
    found = select(PledgeRow.meeting_id).join(
        PledgePartyRow, col(PledgePartyRow.pledge_id) == col(PledgeRow.id)
    )
    return (await tx.exec(found.where(col(PledgePartyRow.id) == party_id))).first()


async def find_pledge(tx: Tx, meeting_id: int) -> Pledge | None:
    """Give a meeting's pledge, if it has one whose item was neither left out nor rejected."""
    is_out = col(ItemRow.decision).in_(NOT_PLEDGED)
    items = select(ItemRow.id).where(
        col(ItemRow.meeting_id) == meeting_id, sa.or_(col(ItemRow.decision).is_(None), ~is_out)
    )
    found = await _list(tx, col(PledgeRow.meeting_id) == meeting_id, col(PledgeRow.item_id).in_(items))
    return next(iter(found), None)


async def _list(tx: Tx, *which: sa.ColumnElement[bool]) -> list[Pledge]:
    pledges = select(PledgeRow).where(*which).order_by(col(PledgeRow.id))
    rows = list(await tx.exec(pledges.execution_options(populate_existing=True)))
    if not rows:
        return []
    valid = sa.and_(
        col(PledgeConfirmationRow.party_id) == col(PledgePartyRow.id),
        col(PledgeConfirmationRow.voided_at).is_(None),
    )
    statement: Select[PledgePartyRow, PledgeConfirmationRow | None] = Select(
        PledgePartyRow, PledgeConfirmationRow
    )
    found = await tx.exec(
        statement.outerjoin(PledgeConfirmationRow, valid)
        .where(
            col(PledgePartyRow.pledge_id).in_([row.id for row in rows]),
            col(PledgePartyRow.removed_at).is_(None),
        )
        .order_by(col(PledgePartyRow.place), col(PledgePartyRow.id))
        .execution_options(populate_existing=True)
    )
    parties: dict[int, list[Party]] = defaultdict(list)
    for party, confirmation in found:
        parties[party.pledge_id].append(_party(party, confirmation))
    return [_pledge(row, parties[flushed(row.id)]) for row in rows]


def _pledge(row: PledgeRow, parties: Sequence[Party]) -> Pledge:
    frozen = None
    if row.version is not None and row.sha256 is not None and row.frozen_at is not None:
        frozen = FrozenText(row.version, row.sha256, row.frozen_at)
    return Pledge(
        pledge_id=flushed(row.id),
        organisation_id=row.organisation_id,
        meeting_id=row.meeting_id,
        item_id=row.item_id,
        kind=row.kind,
        witness=row.witness,
        is_ordered=row.is_ordered,
        is_on_paper=row.is_on_paper,
        frozen=frozen,
        parties=tuple(parties),
    )


def _party(row: PledgePartyRow, confirmation: PledgeConfirmationRow | None) -> Party:
    return Party(
        party_id=flushed(row.id),
        place=row.place,
        name=row.name,
        unit_id=row.unit_id,
        signer=row.signer,
        signer_id=row.signer_id,
        position=row.position,
        confirmation=None if confirmation is None else _confirmation(confirmation),
    )


def _confirmation(row: PledgeConfirmationRow) -> Confirmation:
    return Confirmation(
        version=row.version,
        sha256=row.sha256,
        state=row.state,
        signer=row.signer,
        confirmed_at=row.confirmed_at,
        signed_at=row.signed_at,
        evidence_id=row.evidence_id,
        evidence_sha256=row.evidence_sha256,
    )


# Who may be a party, and sign


async def list_proposed(tx: Tx, meeting_id: int) -> list[Proposed]:
    """Give the meeting's units in their order, each with who comes for it where that is one alone."""
    units: Select[int, str] = Select(col(UnitRow.id), col(UnitRow.name))
    rows = await tx.exec(
        units.join(SummonedUnitRow, col(SummonedUnitRow.unit_id) == col(UnitRow.id))
        .where(col(SummonedUnitRow.meeting_id) == meeting_id)
        .order_by(col(SummonedUnitRow.position), col(SummonedUnitRow.id))
    )
    seats: Select[int | None, int, str, str] = Select(
        col(AttendeeRow.unit_id), col(PersonRow.id), col(PersonRow.name), col(AttendeeRow.position)
    )
    of_unit: dict[int | None, list[Signer]] = defaultdict(list)
    for unit_id, person_id, name, position in await tx.exec(
        seats.join(PersonRow, col(PersonRow.id) == col(AttendeeRow.person_id)).where(
            col(AttendeeRow.meeting_id) == meeting_id
        )
    ):
        of_unit[unit_id].append(Signer(person_id, name, position))
    return [
        Proposed(unit_id, name, of_unit[unit_id][0] if len(of_unit[unit_id]) == 1 else None)
        for unit_id, name in rows
    ]


async def list_people(tx: Tx, organisation_id: int) -> list[tuple[int, str, str]]:
    """Give everybody whom an organisation knows: id, name, and a unit of theirs, "" without one."""
    statement: Select[int, str, str | None] = Select(
        col(PersonRow.id), col(PersonRow.name), sa.func.max(col(UnitRow.name))
    )
    rows = await tx.exec(
        statement.outerjoin(AttendeeRow, col(AttendeeRow.person_id) == col(PersonRow.id))
        .outerjoin(UnitRow, col(UnitRow.id) == col(AttendeeRow.unit_id))
        .where(col(PersonRow.organisation_id) == organisation_id)
        .group_by(col(PersonRow.id), col(PersonRow.name))
        .order_by(col(PersonRow.id))
    )
    return [(person_id, name, unit or "") for person_id, name, unit in rows]


async def find_person_name(tx: Tx, organisation_id: int, person_id: int) -> str | None:
    """Give the name of somebody of an organisation; None where there is nobody of this id."""
    found = select(PersonRow.name).where(
        col(PersonRow.id) == person_id, col(PersonRow.organisation_id) == organisation_id
    )
    return (await tx.exec(found)).first()
