"""Votes with their electors and ballots. Ballots go through SQL in batches: this is the one hot path."""

import functools
import itertools
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.counting import Threshold
from meeting.people import Presence, Reply, Source, Standing
from meeting.tally import Decision, Tally, tally_ballots
from meeting.vote_times import Opening
from meeting.voting import Ballot, BaseKind, Elector, Method, Option, Turnout, Vote, VoteState
from storage.database import Tx, flushed
from storage.errors import VoteNotFoundError
from storage.inserts import Insert, insert_for
from storage.lists import in_few_lengths
from storage.meetings import lock_meeting
from storage.rows import (
    AttendeeRow,
    BallotRow,
    BindingRow,
    ElectorRow,
    ItemRow,
    VoteItemRow,
    VoteOptionRow,
    VoteRow,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A vote with all that handlers need beyond its rules; `opening` is when a draft opens by itself."""

    vote: Vote
    organisation_id: int
    series_id: int
    question: str
    item_ids: tuple[int, ...]
    is_advisory: bool
    base_kind: BaseKind
    base: int | None
    threshold: Threshold
    decision: Decision | None
    salt: str
    opening: Opening | None

    @property
    def meeting_id(self) -> int:
        """The meeting that it is voted on in."""
        return self.vote.meeting_id


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Who an account is in a vote: the elector it may cast for, if any, and the ballot as it stands."""

    person_id: int
    elector: Elector | None
    presence: Presence
    ballot: Ballot | None


@dataclass(frozen=True, slots=True)
class NewBallot:
    """A ballot to be put; `opinion` None leaves the text as it is."""

    organisation_id: int
    vote_id: int
    elector_id: int
    option: Option
    source: Source
    cast_by: int
    cast_at: datetime
    opinion: str | None


def as_ballot(ballot: NewBallot) -> Ballot:
    """Give the ballot as it stands once it is put."""
    return Ballot(ballot.option, ballot.source, ballot.cast_by, ballot.cast_at)


# Drafting


async def add_vote(  # noqa: PLR0913 - a vote has these parts
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    *,
    items: Mapping[int, int],
    question: str,
    method: Method,
    options: Sequence[Option],
    base_kind: BaseKind,
    threshold: Threshold,
    is_advisory: bool,
    series_id: int | None = None,
) -> int:
    """Draft a run about items (id → version of the text); without a series it starts one. Give its id."""
    run, number = 1, None
    if series_id is not None:
        latest = await tx.exec(
            select(func.max(VoteRow.run), func.max(VoteRow.number)).where(col(VoteRow.series_id) == series_id)
        )
        last_run, number = latest.one()
        run = (last_run or 0) + 1
    if number is None:
        latest_number = await tx.exec(
            select(func.max(VoteRow.number)).where(col(VoteRow.meeting_id) == meeting_id)
        )
        number = (latest_number.one() or 0) + 1
    row = VoteRow(
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        series_id=series_id,
        run=run,
        number=number,
        question=question,
        method=method,
        is_secret=False,
        is_advisory=is_advisory,
        state=VoteState.DRAFT,
        base_kind=base_kind,
        threshold_numerator=threshold.numerator,
        threshold_denominator=threshold.denominator,
        threshold_is_strict=threshold.is_strict,
        cancel_reason="",
        salt=secrets.token_hex(16),
    )
    tx.add(row)
    await tx.flush()
    vote_id = flushed(row.id)
    row.series_id = series_id or vote_id
    tx.add_all(
        VoteOptionRow(organisation_id=organisation_id, vote_id=vote_id, option=option, place=place)
        for place, option in enumerate(options, start=1)
    )
    tx.add_all(
        VoteItemRow(organisation_id=organisation_id, vote_id=vote_id, item_id=item_id, text_version=version)
        for item_id, version in items.items()
    )
    await tx.flush()
    return vote_id


async def put_vote(tx: Tx, vote_id: int, **values: Any) -> None:  # noqa: ANN401 - column values
    """Set columns of a vote."""
    await tx.exec(sa.update(VoteRow).where(col(VoteRow.id) == vote_id).values(**values))


async def put_vote_items(tx: Tx, question: Question, items: Mapping[int, int], text: str) -> None:
    """Set what a drafted vote is about."""
    vote_id = question.vote.vote_id
    await tx.exec(sa.delete(VoteItemRow).where(col(VoteItemRow.vote_id) == vote_id))
    tx.add_all(
        VoteItemRow(
            organisation_id=question.organisation_id, vote_id=vote_id, item_id=item_id, text_version=version
        )
        for item_id, version in items.items()
    )
    await tx.flush()
    await put_vote(tx, vote_id, question=text)


async def get_question(tx: Tx, vote_id: int) -> Question:
    """Give a vote, the meeting and the vote held, also against ballots; raises VoteNotFoundError."""
    meeting_id = await find_meeting_of(tx, vote_id)
    if meeting_id is None:
        raise VoteNotFoundError(vote_id)
    await lock_meeting(tx, meeting_id)
    held = select(VoteRow).where(col(VoteRow.id) == vote_id).with_for_update(key_share=True)
    row = (await tx.exec(held.execution_options(populate_existing=True))).one()
    options = await _options(tx, [vote_id])
    item_ids = await tx.exec(
        select(VoteItemRow.item_id)
        .join(ItemRow, col(ItemRow.id) == col(VoteItemRow.item_id))
        .where(col(VoteItemRow.vote_id) == vote_id)
        .order_by(col(ItemRow.place), col(ItemRow.id))
    )
    return Question(
        Vote(
            vote_id,
            row.meeting_id,
            row.run,
            row.state,
            row.method,
            tuple(options[vote_id]),
            row.deadline_at,
            row.closed_at,
        ),
        row.organisation_id,
        row.series_id or vote_id,
        row.question,
        tuple(item_ids),
        row.is_advisory,
        row.base_kind,
        row.base,
        Threshold(row.threshold_numerator, row.threshold_denominator, is_strict=row.threshold_is_strict),
        row.decision,
        row.salt,
        opening_of(row),
    )


def opening_of(row: VoteRow) -> Opening | None:
    """Give when a drafted vote opens by itself, if it does."""
    if row.opens_at is None or row.state is not VoteState.DRAFT:
        return None
    return Opening(row.opens_at, None if row.opens_for is None else timedelta(minutes=row.opens_for))


async def put_opening(tx: Tx, vote_id: int, opening: Opening | None) -> None:
    """Set when a drafted vote opens by itself, to the minute of its span."""
    opens_at, within = (None, None) if opening is None else (opening.opens_at, opening.within)
    opens_for = None if within is None else within // timedelta(minutes=1)
    await put_vote(tx, vote_id, opens_at=opens_at, opens_for=opens_for)


async def get_text_versions(tx: Tx, vote_id: int) -> dict[int, int]:
    """Give the version of its text that a vote names, by item id."""
    rows = await tx.exec(
        select(VoteItemRow.item_id, VoteItemRow.text_version).where(col(VoteItemRow.vote_id) == vote_id)
    )
    return dict(rows.all())


async def _options(tx: Tx, vote_ids: Collection[int]) -> dict[int, dict[Option, int]]:
    statement: Select[int, Option, int] = Select(
        col(VoteOptionRow.vote_id), col(VoteOptionRow.option), col(VoteOptionRow.id)
    )
    rows = await tx.exec(
        statement.where(col(VoteOptionRow.vote_id).in_(vote_ids)).order_by(
            col(VoteOptionRow.vote_id), col(VoteOptionRow.place)
        )
    )
    options: dict[int, dict[Option, int]] = {}
    for vote_id, option, option_id in rows:
        options.setdefault(vote_id, {})[option] = option_id
    return options


async def find_draft_on(tx: Tx, item_id: int) -> int | None:
    """Give the vote that is drafted on an item, the newest if there are several."""
    return (
        await tx.exec(
            select(VoteRow.id)
            .join(VoteItemRow, col(VoteItemRow.vote_id) == col(VoteRow.id))
            .where(col(VoteItemRow.item_id) == item_id, col(VoteRow.state) == VoteState.DRAFT)
            .order_by(col(VoteRow.id).desc())
        )
    ).first()


async def list_votes(tx: Tx, meeting_id: int, states: Collection[VoteState]) -> list[int]:
    """Give the meeting's votes in these states, oldest first."""
    rows = await tx.exec(
        select(VoteRow.id)
        .where(col(VoteRow.meeting_id) == meeting_id, col(VoteRow.state).in_(states))
        .order_by(col(VoteRow.id))
    )
    return [flushed(vote_id) for vote_id in rows]


async def list_running(tx: Tx, vote_ids: Collection[int]) -> set[int]:
    """Give those of the votes that are open or paused."""
    rows = await tx.exec(
        select(VoteRow.id).where(
            col(VoteRow.id).in_(set(vote_ids)),
            col(VoteRow.state).in_([VoteState.OPEN, VoteState.PAUSED]),
        )
    )
    return {flushed(vote_id) for vote_id in rows}


async def find_meeting_of(tx: Tx, vote_id: int) -> int | None:
    """Give the meeting that a vote belongs to."""
    return (await tx.exec(select(VoteRow.meeting_id).where(col(VoteRow.id) == vote_id))).first()


# Electors


async def add_electors(
    tx: Tx,
    organisation_id: int,
    vote_id: int,
    electors: Iterable[Elector],
    admitted_at: datetime | None = None,
) -> None:
    """Add electors to a run."""
    rows = [
        {
            "organisation_id": organisation_id,
            "vote_id": vote_id,
            "attendee_id": elector.attendee_id,
            "unit_id": elector.unit_id,
            "admitted_at": admitted_at,
        }
        for elector in electors
    ]
    await tx.exec(sa.insert(ElectorRow), params=rows)


_COUNTED_BALLOTS = (
    sa.select(func.count())
    .select_from(BallotRow)
    .where(col(BallotRow.vote_id) == sa.bindparam("vote_id"))
    .scalar_subquery()
)
_COUNTED_ELECTORS = (
    sa.select(func.count())
    .select_from(ElectorRow)
    .where(col(ElectorRow.vote_id) == sa.bindparam("vote_id"))
    .scalar_subquery()
)
_TURNOUT = sa.select(_COUNTED_BALLOTS, _COUNTED_ELECTORS)


async def count_electors(tx: Tx, vote_id: int) -> int:
    """Count the electors of a run."""
    return (await get_turnout(tx, vote_id)).electors


async def get_turnout(tx: Tx, vote_id: int) -> Turnout:
    """Count the ballots and the electors of a run."""
    connection = await tx.connection()
    voted, electors = (await connection.execute(_TURNOUT, {"vote_id": vote_id})).one()
    return Turnout(voted, electors)


async def find_elector_of(tx: Tx, vote_id: int, attendee_id: int, unit_id: int | None) -> Elector | None:
    """Give the elector that an attendee, or the attendee's unit, is in a run."""
    is_theirs = col(ElectorRow.attendee_id) == attendee_id
    if unit_id is not None:
        is_theirs = sa.or_(is_theirs, col(ElectorRow.unit_id) == unit_id)
    row = (await tx.exec(select(ElectorRow).where(col(ElectorRow.vote_id) == vote_id, is_theirs))).first()
    return None if row is None else Elector(flushed(row.id), row.attendee_id, row.unit_id)


async def find_elector(tx: Tx, vote_id: int, elector_id: int) -> tuple[Elector, Ballot | None] | None:
    """Give an elector of a run with the ballot as it stands, the elector's row held."""
    row = (
        await tx.exec(
            select(ElectorRow)
            .where(col(ElectorRow.id) == elector_id, col(ElectorRow.vote_id) == vote_id)
            .with_for_update(key_share=True)
        )
    ).first()
    if row is None:
        return None
    ballots = await _ballots(tx, [vote_id], [elector_id])
    return Elector(flushed(row.id), row.attendee_id, row.unit_id), ballots.get((vote_id, elector_id))


async def list_missing(tx: Tx, vote_id: int) -> set[int]:
    """Give the attendees present by whom a ballot of a run is missing, their own or their unit's."""
    is_missing = sa.and_(
        col(ElectorRow.vote_id) == vote_id,
        col(AttendeeRow.presence) == Presence.PRESENT,
        ~select(BallotRow.id)
        .where(col(BallotRow.vote_id) == vote_id, col(BallotRow.elector_id) == col(ElectorRow.id))
        .exists(),
    )
    own: Select[int] = Select(col(AttendeeRow.id))
    of_unit: Select[int] = Select(col(AttendeeRow.id))
    connection = await tx.connection()
    # Each by an index, as in `_accounts_of`.
    missing = await connection.scalars(
        sa.union(
            own.join(ElectorRow, col(ElectorRow.attendee_id) == col(AttendeeRow.id)).where(is_missing),
            of_unit.join(ElectorRow, _is_of_unit())
            .join(
                VoteRow,
                sa.and_(
                    col(VoteRow.id) == col(ElectorRow.vote_id),
                    col(VoteRow.meeting_id) == col(AttendeeRow.meeting_id),
                ),
            )
            .where(is_missing, col(ElectorRow.unit_id).is_not(None)),
        )
    )
    return set(missing)


async def list_elector_accounts(
    tx: Tx, vote_id: int, elector_ids: Collection[int] | None = None
) -> list[int]:
    """Give the accounts through which electors of a run vote: their own, or those of their unit's people.

    All of the run's, or those of `elector_ids`, which are of this run.
    """
    connection = await tx.connection()
    if elector_ids is None:
        return list(await connection.scalars(_ACCOUNTS, {"vote_id": vote_id}))
    return list(await connection.scalars(_ACCOUNTS_OF_SOME, {"elector_ids": in_few_lengths(elector_ids)}))


async def list_accounts_of(tx: Tx, electors: Collection[Elector]) -> set[int]:
    """Give the same for electors of a run that are at hand: only what they are is looked up."""
    connection = await tx.connection()
    accounts: set[int] = set()
    attendee_ids = [elector.attendee_id for elector in electors if elector.attendee_id is not None]
    if attendee_ids:
        own = {"attendee_ids": in_few_lengths(attendee_ids)}
        accounts.update(await connection.scalars(_ACCOUNTS_OF_ATTENDEES, own))
    unit_ids = [elector.elector_id for elector in electors if elector.unit_id is not None]
    if unit_ids:
        of_units = {"elector_ids": in_few_lengths(unit_ids)}
        accounts.update(await connection.scalars(_ACCOUNTS_OF_UNITS, of_units))
    return accounts


def casts_for() -> sa.ColumnElement[bool]:
    """Whether an attendee may cast an elector's ballot: the own one, or the unit's for its people."""
    return sa.or_(col(ElectorRow.attendee_id) == col(AttendeeRow.id), _is_of_unit())


def _is_of_unit() -> sa.ColumnElement[bool]:
    return sa.and_(
        col(ElectorRow.unit_id) == col(AttendeeRow.unit_id),
        col(AttendeeRow.standing) == Standing.VOTING,
        col(AttendeeRow.reply) != Reply.SUBSTITUTED,
    )


def _accounts_of(electors: sa.ColumnElement[bool]) -> sa.CompoundSelect[int]:
    # Each by an index: joined by either of the two, SQLite would try all attendees with all electors.
    return sa.union(
        _bound_attendees()
        .join(ElectorRow, col(ElectorRow.attendee_id) == col(AttendeeRow.id))
        .where(electors),
        _accounts_of_units(electors),
    )


def _bound_attendees() -> Select[int]:
    accounts: Select[int] = Select(col(BindingRow.account_id))
    return accounts.join(AttendeeRow, col(AttendeeRow.person_id) == col(BindingRow.person_id))


def _accounts_of_units(electors: sa.ColumnElement[bool]) -> Select[int]:
    return (
        _bound_attendees()
        .join(ElectorRow, _is_of_unit())
        .join(
            VoteRow,
            sa.and_(
                col(VoteRow.id) == col(ElectorRow.vote_id),
                col(VoteRow.meeting_id) == col(AttendeeRow.meeting_id),
            ),
        )
        .where(electors, col(ElectorRow.unit_id).is_not(None))
    )


# Made once: on the path of a ballot, building a statement takes longer than carrying it out.
_ACCOUNTS = _accounts_of(col(ElectorRow.vote_id) == sa.bindparam("vote_id"))
_SOME_ELECTORS = col(ElectorRow.id).in_(sa.bindparam("elector_ids", expanding=True))
_ACCOUNTS_OF_SOME = _accounts_of(_SOME_ELECTORS)
_ACCOUNTS_OF_UNITS = _accounts_of_units(_SOME_ELECTORS)
_ACCOUNTS_OF_ATTENDEES = _bound_attendees().where(
    col(AttendeeRow.id).in_(sa.bindparam("attendee_ids", expanding=True))
)


# Ballots


@dataclass(frozen=True, slots=True)
class HeldVote:
    """A vote that is held against closing while ballots are put, with the ids of its options."""

    vote: Vote
    option_ids: Mapping[Option, int]
    organisation_id: int


_HELD_VOTES = (
    sa.select(
        col(VoteRow.id),
        col(VoteRow.meeting_id),
        col(VoteRow.run),
        col(VoteRow.state),
        col(VoteRow.method),
        col(VoteRow.deadline_at),
        col(VoteRow.closed_at),
        col(VoteRow.organisation_id),
        col(VoteOptionRow.option),
        col(VoteOptionRow.id),
    )
    .join(VoteOptionRow, col(VoteOptionRow.vote_id) == col(VoteRow.id))
    .where(col(VoteRow.id).in_(sa.bindparam("vote_ids", expanding=True)))
    .order_by(col(VoteRow.id), col(VoteOptionRow.place))
    .with_for_update(read=True, of=VoteRow)
)


async def hold_votes(tx: Tx, vote_ids: Collection[int]) -> dict[int, HeldVote]:
    """Hold votes against closing while ballots are put."""
    connection = await tx.connection()
    found: dict[int, HeldVote] = {}
    rows = (await connection.execute(_HELD_VOTES, {"vote_ids": in_few_lengths(vote_ids)})).all()
    for vote_id, options in itertools.groupby(rows, key=lambda row: flushed(row[0])):
        rows_of = list(options)
        _, meeting_id, run, state, method, deadline_at, closed_at, organisation_id, *_ = rows_of[0]
        option_ids = {row[8]: flushed(row[9]) for row in rows_of}
        vote = Vote(vote_id, meeting_id, run, state, method, tuple(option_ids), deadline_at, closed_at)
        found[vote_id] = HeldVote(vote, option_ids, organisation_id)
    return found


_STANDPOINTS = (
    sa.select(
        col(BindingRow.account_id),
        col(VoteRow.id),
        col(BindingRow.person_id),
        col(AttendeeRow.presence),
        col(ElectorRow.id),
        col(ElectorRow.attendee_id),
        col(ElectorRow.unit_id),
    )
    .select_from(BindingRow)
    .join(AttendeeRow, col(AttendeeRow.person_id) == col(BindingRow.person_id))
    # + 0 keeps SQLite from the meeting's index, by which it would read everybody in it.
    .join(VoteRow, col(VoteRow.meeting_id) == col(AttendeeRow.meeting_id) + 0)
    .outerjoin(ElectorRow, sa.and_(col(ElectorRow.vote_id) == col(VoteRow.id), casts_for()))
    .where(
        col(VoteRow.id).in_(sa.bindparam("vote_ids", expanding=True)),
        col(BindingRow.account_id).in_(sa.bindparam("account_ids", expanding=True)),
    )
)
_HELD_ELECTORS = (
    sa.select(col(ElectorRow.id))
    .where(col(ElectorRow.id).in_(sa.bindparam("elector_ids", expanding=True)))
    # One order for all, so that two batches never wait for each other.
    .order_by(col(ElectorRow.id))
    .with_for_update(key_share=True)
)
_BALLOTS = (
    sa.select(
        col(BallotRow.vote_id),
        col(BallotRow.elector_id),
        col(VoteOptionRow.option),
        col(BallotRow.source),
        col(BallotRow.cast_by),
        col(BallotRow.cast_at),
    )
    .join(VoteOptionRow, col(VoteOptionRow.id) == col(BallotRow.option_id))
    .where(
        col(BallotRow.vote_id).in_(sa.bindparam("vote_ids", expanding=True)),
        col(BallotRow.elector_id).in_(sa.bindparam("elector_ids", expanding=True)),
    )
)


async def list_standpoints(tx: Tx, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], Standpoint]:
    """Give who accounts are in votes, for many (account, vote) pairs at once, the electors' rows held.

    An account of a stranger is left out; somebody without a vote in the run has no elector.
    """
    connection = await tx.connection()
    vote_ids = {vote_id for _, vote_id in pairs}
    account_ids = {account_id for account_id, _ in pairs}
    rows = (
        await connection.execute(
            _STANDPOINTS,
            {"vote_ids": in_few_lengths(vote_ids), "account_ids": in_few_lengths(account_ids)},
        )
    ).all()
    elector_ids = sorted({row[4] for row in rows if row[4] is not None})
    if connection.dialect.name != "sqlite":  # which has one writer, and no locks of rows
        await connection.execute(_HELD_ELECTORS, {"elector_ids": in_few_lengths(elector_ids)})
    ballots = await _ballots(tx, vote_ids, elector_ids)
    return {
        (account_id, flushed(vote_id)): Standpoint(
            person_id,
            None if elector_id is None else Elector(elector_id, attendee_id, unit_id),
            presence,
            None if elector_id is None else ballots.get((flushed(vote_id), elector_id)),
        )
        for account_id, vote_id, person_id, presence, elector_id, attendee_id, unit_id in rows
    }


async def _ballots(
    tx: Tx, vote_ids: Collection[int], elector_ids: Collection[int]
) -> dict[tuple[int, int], Ballot]:
    connection = await tx.connection()
    rows = await connection.execute(
        _BALLOTS, {"vote_ids": in_few_lengths(vote_ids), "elector_ids": in_few_lengths(elector_ids)}
    )
    return {(row[0], row[1]): Ballot(*row[2:]) for row in rows}


async def put_ballots(
    tx: Tx, ballots: Sequence[NewBallot], option_ids: Mapping[tuple[int, Option], int]
) -> None:
    """Put ballots, each in place of the elector's earlier one; the last of a batch stands."""
    connection = await tx.connection()
    standing: dict[tuple[int, int], NewBallot] = {}
    for ballot in ballots:
        earlier = standing.get((ballot.vote_id, ballot.elector_id))
        keeps = earlier is not None and ballot.opinion is None
        standing[ballot.vote_id, ballot.elector_id] = (
            replace(ballot, opinion=earlier.opinion) if earlier is not None and keeps else ballot
        )
    for keeps_opinion in (True, False):
        rows = [
            {
                "organisation_id": ballot.organisation_id,
                "vote_id": ballot.vote_id,
                "elector_id": ballot.elector_id,
                "option_id": option_ids[ballot.vote_id, ballot.option],
                "source": ballot.source,
                "cast_by": ballot.cast_by,
                "cast_at": ballot.cast_at,
                "opinion": ballot.opinion or "",
            }
            for ballot in standing.values()
            if (ballot.opinion is None) is keeps_opinion
        ]
        if not rows:
            continue
        await connection.execute(_put_ballots(connection.dialect.name, keeps_opinion=keeps_opinion), rows)


@functools.cache
def _put_ballots(dialect: str, *, keeps_opinion: bool) -> Insert:
    statement = insert_for(dialect, BallotRow)
    replaced = ("option_id", "source", "cast_by", "cast_at", *(() if keeps_opinion else ("opinion",)))
    return statement.on_conflict_do_update(
        index_elements=["vote_id", "elector_id"], set_={name: statement.excluded[name] for name in replaced}
    )


async def put_opinion(tx: Tx, vote_id: int, elector_id: int, opinion: str) -> None:
    """Set the text of an elector's *ý kiến khác*."""
    await tx.exec(
        sa.update(BallotRow)
        .where(col(BallotRow.vote_id) == vote_id, col(BallotRow.elector_id) == elector_id)
        .values(opinion=opinion)
    )


async def list_choices(tx: Tx, vote_id: int) -> list[tuple[int, Option]]:
    """Give (elector, option) of a run's ballots, by elector."""
    statement: Select[int, Option] = Select(col(BallotRow.elector_id), col(VoteOptionRow.option))
    rows = await tx.exec(
        statement.join(VoteOptionRow, col(VoteOptionRow.id) == col(BallotRow.option_id))
        .where(col(BallotRow.vote_id) == vote_id)
        .order_by(col(BallotRow.elector_id))
    )
    return list(rows)


# Counting


async def put_hands(tx: Tx, vote_id: int, counts: Mapping[Option, int]) -> None:
    """Store what was counted by hands, in place of an earlier count."""
    for option, count in counts.items():
        await tx.exec(
            sa.update(VoteOptionRow)
            .where(col(VoteOptionRow.vote_id) == vote_id, col(VoteOptionRow.option) == option)
            .values(count=count)
        )


async def find_tally(tx: Tx, question: Question) -> Tally | None:
    """Count a run over its frozen base; None where hands were not entered yet, or it never opened."""
    if question.base is None:
        return None
    vote_id = question.vote.vote_id
    if question.vote.method is Method.CHAT:
        return tally_ballots((option for _, option in await list_choices(tx, vote_id)), question.base)
    statement: Select[Option, int | None] = Select(col(VoteOptionRow.option), col(VoteOptionRow.count))
    rows = await tx.exec(statement.where(col(VoteOptionRow.vote_id) == vote_id))
    counts = dict(rows.all())
    if any(count is None for count in counts.values()):
        return None
    return Tally(question.base, {option: count or 0 for option, count in counts.items()})


async def list_open_votes_of(tx: Tx, account_id: int) -> list[int]:
    """Give the votes by chat that are open now and that an account may cast a ballot in."""
    rows = await tx.exec(
        select(VoteRow.id)
        .join(AttendeeRow, col(AttendeeRow.meeting_id) == col(VoteRow.meeting_id))
        .join(BindingRow, col(BindingRow.person_id) == col(AttendeeRow.person_id))
        .join(ElectorRow, sa.and_(col(ElectorRow.vote_id) == col(VoteRow.id), casts_for()))
        .where(
            col(BindingRow.account_id) == account_id,
            col(VoteRow.state) == VoteState.OPEN,
            col(VoteRow.method) == Method.CHAT,
        )
        .distinct()
    )
    return [flushed(vote_id) for vote_id in rows]


async def find_latest_vote(tx: Tx, meeting_id: int) -> int | None:
    """Give a meeting's vote by chat that was opened last."""
    opened = col(VoteRow.opened_at)
    return (
        await tx.exec(
            select(VoteRow.id)
            .where(
                col(VoteRow.meeting_id) == meeting_id, opened.is_not(None), col(VoteRow.method) == Method.CHAT
            )
            .order_by(opened.desc(), col(VoteRow.id).desc())
            .limit(1)
        )
    ).first()
