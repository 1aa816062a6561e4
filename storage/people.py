"""Organisations, people, accounts, roles and consents."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.names import fold
from meeting.people import Actor, Purpose, Role
from meeting.states import GoneReason, MeetingState
from storage.database import Tx, flushed
from storage.errors import AccountNotFoundError
from storage.inserts import insert
from storage.lists import in_few_lengths
from storage.platforms import ON_PAGES
from storage.rows import (
    AccountRow,
    AttendeeRow,
    BindingRow,
    ConsentRow,
    MeetingRow,
    OrganisationRow,
    PersonRow,
    RoleRow,
)
from storage.uses import is_set_aside
from storage.views import MannerView


@dataclass(frozen=True, slots=True)
class Account:
    """A chat account or a personal page."""

    account_id: int
    platform: str
    external_id: str
    chat: str
    display_name: str
    language: str | None
    current_meeting_id: int | None


# Organisations and people


async def add_organisation(tx: Tx, name: str, language: str, timezone: str, now: datetime) -> int:
    """Add an organisation and give its id."""
    row = OrganisationRow(name=name, language=language, timezone=timezone, created_at=now)
    tx.add(row)
    await tx.flush()
    return flushed(row.id)


async def lock_organisation(tx: Tx, organisation_id: int) -> None:
    """Hold an organisation against others who add people and units to it, until the transaction ends."""
    held = select(OrganisationRow.id).where(col(OrganisationRow.id) == organisation_id)
    await tx.exec(held.with_for_update(key_share=True))


async def get_organisation_name(tx: Tx, organisation_id: int) -> str:
    """Give its name."""
    return (
        await tx.exec(select(OrganisationRow.name).where(col(OrganisationRow.id) == organisation_id))
    ).one()


async def get_organisation_locale(tx: Tx, organisation_id: int) -> tuple[str, str]:
    """Give its language and time zone."""
    columns = select(OrganisationRow.language, OrganisationRow.timezone)
    language, timezone = (await tx.exec(columns.where(col(OrganisationRow.id) == organisation_id))).one()
    return language, timezone


async def put_approval(tx: Tx, organisation_id: int, *, is_wanted: bool) -> bool:
    """Set whether the head approves each summons of an organisation, and tell whether that is new."""
    changed = (
        sa.update(OrganisationRow)
        .where(col(OrganisationRow.id) == organisation_id, col(OrganisationRow.needs_approval) != is_wanted)
        .values(needs_approval=is_wanted)
        .returning(col(OrganisationRow.id))
    )
    return (await tx.exec(changed, execution_options={"synchronize_session": False})).first() is not None


async def has_organisation(tx: Tx, organisation_id: int | None = None) -> bool:
    """Whether anybody has founded this organisation here, or any at all."""
    found = select(OrganisationRow.id).limit(1)
    if organisation_id is not None:
        found = found.where(col(OrganisationRow.id) == organisation_id)
    return (await tx.exec(found)).first() is not None


async def list_organisations(tx: Tx) -> list[tuple[int, str]]:
    """Give all organisations by id, with their names."""
    rows = await tx.exec(select(OrganisationRow.id, OrganisationRow.name).order_by(col(OrganisationRow.id)))
    return [(flushed(organisation_id), name) for organisation_id, name in rows]


async def add_person(tx: Tx, organisation_id: int, name: str, phone: str | None, now: datetime) -> int:
    """Add a person and give the id."""
    (person_id,) = await add_people(tx, organisation_id, [(name, phone)], now)
    return person_id


async def add_people(
    tx: Tx, organisation_id: int, people: Iterable[tuple[str, str | None]], now: datetime
) -> list[int]:
    """Add people by name and phone, and give their ids in order."""
    rows = [
        PersonRow(
            organisation_id=organisation_id,
            name=name,
            folded_name=fold(name),
            phone=phone,
            salt=secrets.token_hex(16),
            created_at=now,
        )
        for name, phone in people
    ]
    tx.add_all(rows)
    await tx.flush()
    return [flushed(row.id) for row in rows]


async def forget_phone(tx: Tx, person_id: int) -> None:
    """Forget a person's phone number."""
    await tx.exec(sa.update(PersonRow).where(col(PersonRow.id) == person_id).values(phone=None))


async def get_person_name(tx: Tx, person_id: int) -> str:
    """Give a person's name."""
    return (await tx.exec(select(PersonRow.name).where(col(PersonRow.id) == person_id))).one()


# Accounts


def _account(row: AccountRow) -> Account:
    return Account(
        flushed(row.id),
        row.platform,
        row.external_id,
        row.chat,
        row.display_name,
        row.language,
        row.current_meeting_id,
    )


async def find_account(tx: Tx, platform: str, external_id: str) -> Account | None:
    """Give the account of a platform's sender."""
    row = (
        await tx.exec(
            select(AccountRow).where(
                col(AccountRow.platform) == platform, col(AccountRow.external_id) == external_id
            )
        )
    ).first()
    return None if row is None else _account(row)


@dataclass(frozen=True, slots=True)
class Speaker:
    """An account, and how its owner is spoken to in its current meeting, if it has one.

    `is_gone`: nothing could be shown there before. `is_set_aside`: the owner has used another chat since.
    """

    account: Account
    manner: MannerView | None
    is_gone: bool
    is_set_aside: bool


# Made once: everybody who does anything is looked up, all at once in a burst.
_SPEAKERS = (
    sa.select(
        col(AccountRow.id),
        col(AccountRow.external_id),
        col(AccountRow.chat),
        col(AccountRow.display_name),
        col(AccountRow.language),
        col(AccountRow.current_meeting_id),
        col(AccountRow.gone_at),
        col(MeetingRow.language),
        col(MeetingRow.timezone),
        col(MeetingRow.address),
        col(AttendeeRow.standing),
    )
    .select_from(AccountRow)
    .outerjoin(MeetingRow, col(MeetingRow.id) == col(AccountRow.current_meeting_id))
    .outerjoin(
        BindingRow,
        sa.and_(
            col(BindingRow.account_id) == col(AccountRow.id),
            col(BindingRow.organisation_id) == col(MeetingRow.organisation_id),
        ),
    )
    .outerjoin(
        AttendeeRow,
        sa.and_(
            col(AttendeeRow.meeting_id) == col(MeetingRow.id),
            col(AttendeeRow.person_id) == col(BindingRow.person_id),
        ),
    )
    .where(
        col(AccountRow.platform) == sa.bindparam("platform"),
        col(AccountRow.external_id).in_(sa.bindparam("senders", expanding=True)),
    )
)
_SPEAKERS_IN_CHATS = _SPEAKERS.add_columns(is_set_aside(col(AccountRow.id)))


async def list_speakers(tx: Tx, senders: Collection[tuple[str, str]]) -> dict[tuple[str, str], Speaker]:
    """Give the accounts of senders (platform, its id of them), many at once; unknown ones are left out."""
    connection = await tx.connection()
    speakers = {}
    # By platform, as SQLite uses no index for pairs.
    for platform in sorted({platform for platform, _ in senders}):
        of_platform = in_few_lengths({sender for one, sender in senders if one == platform})
        is_page = platform in ON_PAGES
        rows = await connection.execute(
            _SPEAKERS if is_page else _SPEAKERS_IN_CHATS, {"platform": platform, "senders": of_platform}
        )
        for account_id, sender, chat, name, chosen, current, gone_at, *rest in rows:
            manner, is_behind = rest[:4], not is_page and rest[4]
            account = Account(flushed(account_id), platform, sender, chat, name, chosen, current)
            has_meeting = manner[0] is not None
            speakers[platform, sender] = Speaker(
                account, MannerView(*manner) if has_meeting else None, gone_at is not None, is_behind
            )
    return speakers


async def get_account(tx: Tx, account_id: int) -> Account:
    """Give an account; raises AccountNotFoundError."""
    row = (await tx.exec(select(AccountRow).where(col(AccountRow.id) == account_id))).first()
    if row is None:
        raise AccountNotFoundError(account_id)
    return _account(row)


async def put_account(
    tx: Tx, platform: str, external_id: str, chat: str, display_name: str, language: str | None, now: datetime
) -> Account:
    """Give the sender's account, added or brought up to date; whoever writes can be reached again."""
    known = {"chat": chat, "display_name": display_name, "gone_at": None, "gone_reason": None}
    await tx.exec(
        insert(tx, AccountRow)
        .values(platform=platform, external_id=external_id, language=language, created_at=now, **known)
        .on_conflict_do_update(index_elements=["platform", "external_id"], set_=known)
    )
    of_sender = select(AccountRow).where(
        col(AccountRow.platform) == platform, col(AccountRow.external_id) == external_id
    )
    return _account((await tx.exec(of_sender.execution_options(populate_existing=True))).one())


async def put_account_language(tx: Tx, account_id: int, language: str) -> None:
    """Set the language that an account is spoken to in."""
    await tx.exec(sa.update(AccountRow).where(col(AccountRow.id) == account_id).values(language=language))


async def put_account_timezone(tx: Tx, account_id: int, timezone: str | None) -> None:
    """Set the time zone in which an account has its quiet hours; None for that of each meeting."""
    await tx.exec(sa.update(AccountRow).where(col(AccountRow.id) == account_id).values(timezone=timezone))


async def find_account_timezone(tx: Tx, account_id: int) -> str | None:
    """Give the time zone that an account has of its own, if it has one."""
    found = select(AccountRow.timezone).where(col(AccountRow.id) == account_id)
    return (await tx.exec(found)).first()


async def list_account_languages(tx: Tx, account_ids: Collection[int]) -> dict[int, str | None]:
    """Give the languages that accounts have chosen or brought along, None where neither."""
    rows = await tx.exec(
        select(AccountRow.id, AccountRow.language).where(col(AccountRow.id).in_(set(account_ids)))
    )
    return {flushed(account_id): language for account_id, language in rows}


async def list_platforms(tx: Tx, account_ids: Collection[int]) -> dict[int, str]:
    """Give on which platform each of these accounts is."""
    rows = await tx.exec(
        select(AccountRow.id, AccountRow.platform).where(col(AccountRow.id).in_(set(account_ids)))
    )
    return {flushed(account_id): platform for account_id, platform in rows}


async def put_account_gone(tx: Tx, account_id: int, reason: GoneReason, now: datetime) -> bool:
    """Record that an account can't be reached any more, and tell whether that is new."""
    gone = (
        sa.update(AccountRow)
        .where(col(AccountRow.id) == account_id, col(AccountRow.gone_at).is_(None))
        .values(gone_at=now, gone_reason=reason)
        .returning(col(AccountRow.id))
    )
    return (await tx.exec(gone)).first() is not None


async def put_account_back(tx: Tx, account_id: int) -> bool:
    """Record that an account can be reached again, and tell whether that is new."""
    back = (
        sa.update(AccountRow)
        .where(col(AccountRow.id) == account_id, col(AccountRow.gone_at).is_not(None))
        .values(gone_at=None, gone_reason=None)
        .returning(col(AccountRow.id))
    )
    return (await tx.exec(back)).first() is not None


async def put_current_meeting(tx: Tx, account_id: int, meeting_id: int) -> None:
    """Set which meeting an account's typed answers belong to."""
    await tx.exec(
        sa.update(AccountRow).where(col(AccountRow.id) == account_id).values(current_meeting_id=meeting_id)
    )


# Bindings


async def find_bound_person(tx: Tx, account_id: int, organisation_id: int) -> int | None:
    """Give the person whom an account speaks for in an organisation."""
    return (
        await tx.exec(
            select(BindingRow.person_id).where(
                col(BindingRow.account_id) == account_id, col(BindingRow.organisation_id) == organisation_id
            )
        )
    ).first()


async def find_bound_account(tx: Tx, person_id: int, platform: str) -> int | None:
    """Give the account that speaks for a person on a platform."""
    return (
        await tx.exec(
            select(BindingRow.account_id).where(
                col(BindingRow.person_id) == person_id, col(BindingRow.platform) == platform
            )
        )
    ).first()


async def list_bound_platforms(tx: Tx, person_id: int) -> list[str]:
    """Give the platforms on which an account speaks for a person, in the order they were linked."""
    rows = await tx.exec(
        select(BindingRow.platform).where(col(BindingRow.person_id) == person_id).order_by(col(BindingRow.id))
    )
    return list(rows)


async def add_binding(tx: Tx, account: Account, organisation_id: int, person_id: int, now: datetime) -> None:
    """Let an account speak for a person; there is no other binding of either, or the database refuses."""
    tx.add(
        BindingRow(
            organisation_id=organisation_id,
            account_id=account.account_id,
            person_id=person_id,
            platform=account.platform,
            bound_at=now,
        )
    )
    await tx.flush()


async def forget_binding(tx: Tx, account_id: int, organisation_id: int) -> None:
    """Let an account no longer speak for anybody in an organisation."""
    await tx.exec(
        sa.delete(BindingRow).where(
            col(BindingRow.account_id) == account_id, col(BindingRow.organisation_id) == organisation_id
        )
    )


async def list_organisations_of(tx: Tx, account_id: int) -> list[tuple[int, int]]:
    """Give the (organisation, person) pairs that an account is bound to, newest first."""
    rows = await tx.exec(
        select(BindingRow.organisation_id, BindingRow.person_id)
        .where(col(BindingRow.account_id) == account_id)
        .order_by(col(BindingRow.id).desc())
    )
    return list(rows)


async def list_bound_accounts(tx: Tx, organisation_id: int, account_ids: Collection[int]) -> set[int]:
    """Give those of the accounts that speak for somebody in an organisation."""
    rows = await tx.exec(
        select(BindingRow.account_id).where(
            col(BindingRow.organisation_id) == organisation_id,
            col(BindingRow.account_id).in_(set(account_ids)),
        )
    )
    return set(rows)


async def list_accounts_of(tx: Tx, person_ids: Collection[int]) -> dict[int, list[int]]:
    """Give the accounts that reach each of these people; people without one are left out."""
    rows = await tx.exec(
        select(BindingRow.person_id, BindingRow.account_id).where(col(BindingRow.person_id).in_(person_ids))
    )
    accounts: dict[int, list[int]] = {}
    for person_id, account_id in rows:
        accounts.setdefault(person_id, []).append(account_id)
    return accounts


# Roles


async def put_role(
    tx: Tx, organisation_id: int, person_id: int, role: Role, meeting_id: int | None, now: datetime
) -> bool:
    """Grant a role and tell whether it is new."""
    same_meeting = (
        col(RoleRow.meeting_id).is_(None) if meeting_id is None else col(RoleRow.meeting_id) == meeting_id
    )
    held = await tx.exec(
        select(RoleRow.id).where(col(RoleRow.person_id) == person_id, col(RoleRow.role) == role, same_meeting)
    )
    if held.first() is not None:
        return False
    tx.add(
        RoleRow(
            organisation_id=organisation_id,
            person_id=person_id,
            meeting_id=meeting_id,
            role=role,
            granted_at=now,
        )
    )
    await tx.flush()
    return True


async def find_actor(tx: Tx, account_id: int, meeting_id: int) -> Actor | None:
    """Give who an account is in a meeting, with the roles that hold in it; None for a stranger."""
    statement: Select[int, int | None, Role | None] = Select(
        col(BindingRow.person_id), col(AttendeeRow.id), col(RoleRow.role)
    )
    rows = (
        await tx.exec(
            statement.select_from(MeetingRow)
            .join(
                BindingRow,
                sa.and_(
                    col(BindingRow.organisation_id) == col(MeetingRow.organisation_id),
                    col(BindingRow.account_id) == account_id,
                ),
            )
            .outerjoin(
                AttendeeRow,
                sa.and_(
                    col(AttendeeRow.meeting_id) == meeting_id,
                    col(AttendeeRow.person_id) == col(BindingRow.person_id),
                ),
            )
            .outerjoin(
                RoleRow,
                sa.and_(
                    col(RoleRow.person_id) == col(BindingRow.person_id),
                    sa.or_(col(RoleRow.meeting_id) == meeting_id, col(RoleRow.meeting_id).is_(None)),
                ),
            )
            .where(col(MeetingRow.id) == meeting_id)
        )
    ).all()
    if not rows:
        return None
    person_id, attendee_id, _ = rows[0]
    return Actor(
        account_id, person_id, frozenset(role for _, _, role in rows if role is not None), attendee_id
    )


async def find_organiser(tx: Tx, account_id: int, organisation_id: int) -> Actor | None:
    """Give the account's person if they are an organiser of the organisation."""
    person_id = (
        await tx.exec(
            select(BindingRow.person_id)
            .join(RoleRow, col(RoleRow.person_id) == col(BindingRow.person_id))
            .where(
                col(BindingRow.account_id) == account_id,
                col(BindingRow.organisation_id) == organisation_id,
                col(RoleRow.role) == Role.ORGANISER,
            )
        )
    ).first()
    return None if person_id is None else Actor(account_id, person_id, frozenset({Role.ORGANISER}))


async def list_roles_held(tx: Tx, account_id: int) -> set[Role]:
    """Give the roles that an account's owner holds anywhere, of meetings those that aren't closed."""
    held: Select[Role] = Select(col(RoleRow.role))
    rows = await tx.exec(
        held.join(BindingRow, col(BindingRow.person_id) == col(RoleRow.person_id))
        .outerjoin(MeetingRow, col(MeetingRow.id) == col(RoleRow.meeting_id))
        .where(
            col(BindingRow.account_id) == account_id,
            sa.or_(col(MeetingRow.id).is_(None), col(MeetingRow.state) != MeetingState.CLOSED),
        )
        .distinct()
    )
    return {role for (role,) in rows}


async def list_role_accounts(tx: Tx, meeting_id: int, roles: Collection[Role]) -> list[int]:
    """Give the accounts of those who hold one of these roles in a meeting."""
    rows = await tx.exec(
        select(BindingRow.account_id)
        .join(RoleRow, col(RoleRow.person_id) == col(BindingRow.person_id))
        .join(MeetingRow, col(MeetingRow.organisation_id) == col(RoleRow.organisation_id))
        .where(
            col(MeetingRow.id) == meeting_id,
            sa.or_(col(RoleRow.meeting_id) == meeting_id, col(RoleRow.meeting_id).is_(None)),
            col(RoleRow.role).in_(roles),
        )
        .distinct()
    )
    return list(rows)


async def list_organisers(tx: Tx, organisation_id: int) -> set[int]:
    """Give the people who are organisers of an organisation, linked or not."""
    rows = await tx.exec(
        select(RoleRow.person_id).where(
            col(RoleRow.organisation_id) == organisation_id, col(RoleRow.role) == Role.ORGANISER
        )
    )
    return set(rows)


async def list_organiser_accounts(tx: Tx, organisation_id: int) -> list[int]:
    """Give the accounts of an organisation's organisers."""
    rows = await tx.exec(
        select(BindingRow.account_id)
        .join(RoleRow, col(RoleRow.person_id) == col(BindingRow.person_id))
        .where(col(RoleRow.organisation_id) == organisation_id, col(RoleRow.role) == Role.ORGANISER)
        .distinct()
    )
    return list(rows)


# Consent


async def find_consent(tx: Tx, person_id: int, purpose: Purpose) -> bool | None:
    """Give a person's answer to a question of consent; None where there is none yet."""
    answer = select(ConsentRow.is_given).where(
        col(ConsentRow.person_id) == person_id, col(ConsentRow.purpose) == purpose
    )
    return (await tx.exec(answer)).first()


async def put_consent(  # noqa: PLR0913 - a consent has these parts
    tx: Tx,
    organisation_id: int,
    person_id: int,
    purpose: Purpose,
    wording_version: str,
    language: str,
    now: datetime,
    *,
    is_given: bool,
) -> None:
    """Record a person's answer to a question of consent, in place of an earlier one."""
    answer = {
        "is_given": is_given,
        "wording_version": wording_version,
        "language": language,
        "answered_at": now,
    }
    await tx.exec(
        insert(tx, ConsentRow)
        .values(organisation_id=organisation_id, person_id=person_id, purpose=purpose, **answer)
        .on_conflict_do_update(index_elements=["person_id", "purpose"], set_=answer)
    )
