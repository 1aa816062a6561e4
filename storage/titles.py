"""Decisions on titles, who receives them, and whom a recipient's name may mean."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.titles import (
    Candidate,
    PlannedTitle,
    Quota,
    RecipientKind,
    TitleCounts,
    count_recipients,
)
from storage.database import Tx, flushed
from storage.errors import RecipientNotFoundError, TitleNotFoundError
from storage.platforms import ON_PAGES
from storage.rows import (
    AccountRow,
    AttendeeRow,
    BindingRow,
    PersonRow,
    TitleDecisionRow,
    TitleRecipientRow,
    UnitRow,
)
from storage.uses import last_use
from storage.views import RecipientView, TitleView


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to be added to a title; `person_id` is None for collectives and whom nobody knows."""

    kind: RecipientKind
    name: str
    unit: str
    person_id: int | None


@dataclass(frozen=True, slots=True)
class OwnTitles:
    """Which titles somebody receives, under this name."""

    name: str
    title_ids: frozenset[int]


async def add_title(tx: Tx, organisation_id: int, meeting_id: int, planned: PlannedTitle) -> int:
    """Add a decision after the others, without its recipients, and give its id."""
    last = await tx.exec(
        select(func.max(TitleDecisionRow.place)).where(col(TitleDecisionRow.meeting_id) == meeting_id)
    )
    row = TitleDecisionRow(
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        place=(last.one() or 0) + 1,
        **_values(planned),
    )
    tx.add(row)
    await tx.flush()
    return flushed(row.id)


def _values(planned: PlannedTitle) -> dict[str, Any]:
    quota = planned.quota
    return {
        "title": planned.title,
        "number": planned.number,
        "decided_on": planned.decided_on,
        "issuer": planned.issuer,
        "quota_numerator": None if quota is None else quota.numerator,
        "quota_denominator": None if quota is None else quota.denominator,
        "quota_of": "" if quota is None else quota.of,
    }


async def add_planned_titles(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    planned: Sequence[PlannedTitle],
    attendee_ids: Sequence[int],
) -> None:
    """Add what a plan names; `attendee_ids` are those of the plan's roll, in its order."""
    if not planned:
        return
    statement: Select[int, int] = Select(col(AttendeeRow.id), col(AttendeeRow.person_id))
    seats = await tx.exec(statement.where(col(AttendeeRow.meeting_id) == meeting_id))
    people = dict(seats.all())
    for title in planned:
        title_id = await add_title(tx, organisation_id, meeting_id, title)
        recipients = [
            Recipient(
                one.kind,
                one.name,
                one.unit,
                None if one.attendee is None else people[attendee_ids[one.attendee]],
            )
            for one in title.recipients
        ]
        await add_recipients(tx, organisation_id, title_id, recipients)


async def put_title(tx: Tx, title_id: int, planned: PlannedTitle) -> None:
    """Set what a decision says; its recipients stay."""
    await _put(tx, [title_id], **_values(planned))


async def put_title_withdrawn(tx: Tx, title_id: int, now: datetime) -> None:
    """Record that a decision isn't announced."""
    await _put(tx, [title_id], withdrawn_at=now)


async def put_titles_announced(tx: Tx, title_ids: Collection[int], item_id: int, now: datetime) -> None:
    """Record that decisions were announced with an item."""
    await _put(tx, title_ids, announced_at=now, item_id=item_id)


async def _put(tx: Tx, title_ids: Collection[int], **values: Any) -> None:  # noqa: ANN401 - column values
    await tx.exec(sa.update(TitleDecisionRow).where(col(TitleDecisionRow.id).in_(title_ids)).values(**values))


async def get_title(tx: Tx, title_id: int) -> TitleView:
    """Give a decision, whatever became of it; raises TitleNotFoundError."""
    found = await _list(tx, col(TitleDecisionRow.id) == title_id)
    if not found:
        raise TitleNotFoundError(title_id)
    return found[0]


async def find_meeting_of_title(tx: Tx, title_id: int) -> int | None:
    """Give the meeting that a decision is announced in, or None where there is no such decision."""
    found = select(TitleDecisionRow.meeting_id).where(col(TitleDecisionRow.id) == title_id)
    return (await tx.exec(found)).first()


async def list_titles(tx: Tx, meeting_id: int) -> list[TitleView]:
    """Give a meeting's decisions in order, withdrawn ones left out."""
    return await _list(
        tx, col(TitleDecisionRow.meeting_id) == meeting_id, col(TitleDecisionRow.withdrawn_at).is_(None)
    )


async def count_titles(tx: Tx, meeting_id: int) -> int:
    """Give how many decisions a meeting has, withdrawn ones too."""
    counted = select(func.count()).where(col(TitleDecisionRow.meeting_id) == meeting_id)
    return (await tx.exec(counted)).one()


async def _list(tx: Tx, *which: sa.ColumnElement[bool]) -> list[TitleView]:
    titles = (
        select(TitleDecisionRow).where(*which).order_by(col(TitleDecisionRow.place), col(TitleDecisionRow.id))
    )
    rows = list(await tx.exec(titles.execution_options(populate_existing=True)))
    counts = await _count_recipients(tx, [flushed(row.id) for row in rows])
    return [_view(row, counts.get(flushed(row.id), TitleCounts())) for row in rows]


async def _count_recipients(tx: Tx, title_ids: Collection[int]) -> Mapping[int, TitleCounts]:
    statement: Select[int, RecipientKind] = Select(
        col(TitleRecipientRow.decision_id), col(TitleRecipientRow.kind)
    )
    kinds: dict[int, list[RecipientKind]] = defaultdict(list)
    for title_id, kind in await tx.exec(statement.where(col(TitleRecipientRow.decision_id).in_(title_ids))):
        kinds[title_id].append(kind)
    return {title_id: count_recipients(listed) for title_id, listed in kinds.items()}


def _view(row: TitleDecisionRow, counts: TitleCounts) -> TitleView:
    quota = None
    if row.quota_numerator is not None and row.quota_denominator is not None:
        quota = Quota(row.quota_numerator, row.quota_denominator, row.quota_of)
    return TitleView(
        title_id=flushed(row.id),
        organisation_id=row.organisation_id,
        meeting_id=row.meeting_id,
        item_id=row.item_id,
        title=row.title,
        number=row.number,
        decided_on=row.decided_on,
        issuer=row.issuer,
        quota=quota,
        counts=counts,
        announced_at=row.announced_at,
        withdrawn_at=row.withdrawn_at,
    )


# Recipients


async def add_recipients(
    tx: Tx, organisation_id: int, title_id: int, recipients: Sequence[Recipient]
) -> list[int]:
    """Add recipients after those that a title has, and give their ids."""
    last = await tx.exec(
        select(func.max(TitleRecipientRow.place)).where(col(TitleRecipientRow.decision_id) == title_id)
    )
    rows = [
        TitleRecipientRow(
            organisation_id=organisation_id,
            decision_id=title_id,
            place=place,
            kind=one.kind,
            name=one.name,
            unit=one.unit,
            person_id=one.person_id,
        )
        for place, one in enumerate(recipients, start=(last.one() or 0) + 1)
    ]
    tx.add_all(rows)
    await tx.flush()
    return [flushed(row.id) for row in rows]


async def get_recipient(tx: Tx, recipient_id: int) -> RecipientView:
    """Give a recipient; raises RecipientNotFoundError."""
    row = (await tx.exec(select(TitleRecipientRow).where(col(TitleRecipientRow.id) == recipient_id))).first()
    if row is None:
        raise RecipientNotFoundError(recipient_id)
    return _recipient(row)


async def find_meeting_of_recipient(tx: Tx, recipient_id: int) -> int | None:
    """Give the meeting that somebody receives a title in, or None where there is no such recipient."""
    found = (
        select(TitleDecisionRow.meeting_id)
        .join(TitleRecipientRow, col(TitleRecipientRow.decision_id) == col(TitleDecisionRow.id))
        .where(col(TitleRecipientRow.id) == recipient_id)
    )
    return (await tx.exec(found)).first()


async def list_recipients(tx: Tx, title_ids: Collection[int]) -> list[RecipientView]:
    """Give who receives titles, title by title: collectives first, each in the order of their entry."""
    rows = await tx.exec(
        select(TitleRecipientRow)
        .where(col(TitleRecipientRow.decision_id).in_(title_ids))
        .order_by(
            col(TitleRecipientRow.decision_id),
            sa.case((col(TitleRecipientRow.kind) == RecipientKind.COLLECTIVE, 0), else_=1),
            col(TitleRecipientRow.place),
        )
    )
    return [_recipient(row) for row in rows]


async def forget_recipient(tx: Tx, recipient_id: int) -> None:
    """Take somebody out of a title."""
    await tx.exec(sa.delete(TitleRecipientRow).where(col(TitleRecipientRow.id) == recipient_id))


def _recipient(row: TitleRecipientRow) -> RecipientView:
    return RecipientView(flushed(row.id), row.decision_id, row.kind, row.name, row.unit, row.person_id)


# Whom a name may mean, and through what a person is told


async def list_candidates(tx: Tx, organisation_id: int) -> list[Candidate[int]]:
    """Give the organisation's people by their ids, with the units of all their seats."""
    statement: Select[int, str, str | None] = Select(
        col(PersonRow.id), col(PersonRow.name), col(UnitRow.name)
    )
    rows = await tx.exec(
        statement.select_from(PersonRow)
        .outerjoin(AttendeeRow, col(AttendeeRow.person_id) == col(PersonRow.id))
        .outerjoin(UnitRow, col(UnitRow.id) == col(AttendeeRow.unit_id))
        .where(col(PersonRow.organisation_id) == organisation_id)
        .distinct()
        .order_by(col(PersonRow.id), col(UnitRow.name))
    )
    names: dict[int, str] = {}
    units: dict[int, list[str]] = defaultdict(list)
    for person_id, name, unit in rows:
        names[person_id] = name
        units[person_id] += [unit] if unit else []
    return [Candidate(person_id, name, tuple(units[person_id])) for person_id, name in names.items()]


async def list_units(tx: Tx, organisation_id: int) -> list[Candidate[int]]:
    """Give the organisation's units by their ids, as collectives that may be meant."""
    statement: Select[int, str] = Select(col(UnitRow.id), col(UnitRow.name))
    rows = await tx.exec(
        statement.where(col(UnitRow.organisation_id) == organisation_id).order_by(col(UnitRow.id))
    )
    return [Candidate(unit_id, name) for unit_id, name in rows]


async def list_accounts_to_congratulate(tx: Tx, title_ids: Collection[int]) -> dict[int, set[int]]:
    """Give one account for each recipient who can be reached, with the titles of the person.

    It is the one used last, a page only where there is no other.
    """
    statement: Select[int, int, int, str] = Select(
        col(TitleRecipientRow.decision_id),
        col(TitleRecipientRow.person_id),
        col(AccountRow.id),
        col(AccountRow.platform),
    )
    rows = await tx.exec(
        statement.select_from(TitleRecipientRow)
        .join(BindingRow, col(BindingRow.person_id) == col(TitleRecipientRow.person_id))
        .join(AccountRow, col(AccountRow.id) == col(BindingRow.account_id))
        .where(col(TitleRecipientRow.decision_id).in_(title_ids), col(AccountRow.gone_at).is_(None))
        .order_by(last_use(BindingRow), col(BindingRow.id))
    )
    titles: dict[int, set[int]] = defaultdict(set)
    reached: dict[int, tuple[bool, int]] = {}
    for title_id, person_id, account_id, platform in rows:
        titles[person_id].add(title_id)
        is_chat = platform not in ON_PAGES
        if person_id not in reached or is_chat >= reached[person_id][0]:
            reached[person_id] = (is_chat, account_id)
    return {account_id: titles[person_id] for person_id, (_, account_id) in reached.items()}


async def list_own_titles(
    tx: Tx, title_ids: Collection[int], account_ids: Collection[int]
) -> dict[int, OwnTitles]:
    """Give which of the titles the people receive whom accounts speak for, by account id."""
    statement: Select[int, int, str] = Select(
        col(BindingRow.account_id), col(TitleRecipientRow.decision_id), col(TitleRecipientRow.name)
    )
    rows = await tx.exec(
        statement.select_from(BindingRow)
        .join(TitleRecipientRow, col(TitleRecipientRow.person_id) == col(BindingRow.person_id))
        .where(col(TitleRecipientRow.decision_id).in_(title_ids), col(BindingRow.account_id).in_(account_ids))
    )
    names: dict[int, str] = {}
    own: dict[int, set[int]] = defaultdict(set)
    for account_id, title_id, name in rows:
        names[account_id] = name
        own[account_id].add(title_id)
    return {account_id: OwnTitles(names[account_id], frozenset(ids)) for account_id, ids in own.items()}
