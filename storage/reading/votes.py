"""Votes: their runs as everybody may see them, each elector's ballot, and the roll of electors."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.agenda import ItemKind
from meeting.counting import Threshold
from meeting.people import Presence, Reply, Source, Standing
from meeting.tally import Tally, tally_ballots
from meeting.versions import gained_by
from meeting.voting import Method, Option, VoteState, VotingUnit
from storage.database import Tx
from storage.errors import VoteNotFoundError
from storage.reading.meetings import get_meeting_view
from storage.reading.roll import list_attendees
from storage.rows import (
    AttendeeRow,
    BallotRow,
    BindingRow,
    ElectorRow,
    ItemRow,
    ItemVersionRow,
    PersonRow,
    SummonedUnitRow,
    UnitRow,
    VoteItemRow,
    VoteOptionRow,
    VoteRow,
)
from storage.uses import list_chat_platforms
from storage.versions import list_lines
from storage.views import AttendeeView, BallotView, ElectorView, VotedItem, VoteRollView, VoteView
from storage.votes import casts_for, opening_of

_COUNTED = frozenset({VoteState.CLOSED, VoteState.ANNOUNCED})
_RUNNING = frozenset({VoteState.OPEN, VoteState.PAUSED})


async def get_vote_views(tx: Tx, vote_ids: Iterable[int]) -> dict[int, VoteView]:
    """Give runs of votes by id, in the order asked for; what doesn't exist is left out."""
    ids = list(dict.fromkeys(vote_ids))
    if not ids:
        return {}
    statement: Select[int, VoteRow] = Select(col(VoteRow.id), VoteRow)
    rows = dict(
        (
            await tx.exec(statement.where(col(VoteRow.id).in_(ids)).execution_options(populate_existing=True))
        ).all()
    )
    options = await _options(tx, ids)
    items = await _voted_items(tx, ids)
    electors = dict(
        (
            await tx.exec(
                select(ElectorRow.vote_id, func.count())
                .where(col(ElectorRow.vote_id).in_(ids))
                .group_by(col(ElectorRow.vote_id))
            )
        ).all()
    )
    ballots = await _ballots(tx, ids)
    return {
        vote_id: _vote_view(
            vote_id,
            rows[vote_id],
            options=options[vote_id],
            items=tuple(items[vote_id]),
            electors=electors.get(vote_id, 0),
            ballots=ballots[vote_id],
        )
        for vote_id in ids
        if vote_id in rows
    }


async def get_vote_view(tx: Tx, vote_id: int) -> VoteView:
    """Give one run of a vote; raises VoteNotFoundError."""
    views = await get_vote_views(tx, [vote_id])
    if vote_id not in views:
        raise VoteNotFoundError(vote_id)
    return views[vote_id]


def _vote_view(
    vote_id: int,
    row: VoteRow,
    *,
    options: dict[Option, int | None],
    items: tuple[VotedItem, ...],
    electors: int,
    ballots: dict[Option, int],
) -> VoteView:
    hands = {option: count for option, count in options.items() if count is not None}
    is_hands_entered = row.method is Method.HANDS and bool(options) and len(hands) == len(options)
    is_counted = row.state in _COUNTED and (row.method is Method.CHAT or is_hands_entered)
    counts = hands if row.method is Method.HANDS else ballots
    return VoteView(
        vote_id=vote_id,
        meeting_id=row.meeting_id,
        number=row.number,
        run=row.run,
        question=row.question,
        items=items,
        method=row.method,
        options=tuple(options),
        is_advisory=row.is_advisory,
        state=row.state,
        base_kind=row.base_kind,
        base=row.base,
        electors=electors,
        turnout=sum(ballots.values()),
        threshold=Threshold(
            row.threshold_numerator, row.threshold_denominator, is_strict=row.threshold_is_strict
        ),
        deadline_at=row.deadline_at,
        opened_at=row.opened_at,
        paused_at=row.paused_at,
        closed_at=row.closed_at,
        announced_at=row.announced_at,
        cancelled_at=row.cancelled_at,
        cancel_reason=row.cancel_reason,
        tally=_tally(counts, row.base) if is_counted else None,
        is_hands_entered=is_hands_entered,
        decision=row.decision if is_counted else None,
        is_secret=row.is_secret,
        opening=opening_of(row),
    )


async def list_tallies(tx: Tx, vote_ids: Iterable[int]) -> dict[int, Tally]:
    """Give the tallies of counted runs by id, however many they are; what was not counted is left out."""
    ids = set(vote_ids)
    statement: Select[int, Method, int | None] = Select(
        col(VoteRow.id), col(VoteRow.method), col(VoteRow.base)
    )
    counted = (
        await tx.exec(statement.where(col(VoteRow.id).in_(ids), col(VoteRow.state).in_(_COUNTED)))
    ).all()
    by_hands = await _options(tx, [vote_id for vote_id, method, _ in counted if method is Method.HANDS])
    by_ballots = await _ballots(tx, [vote_id for vote_id, method, _ in counted if method is Method.CHAT])
    tallies = {}
    for vote_id, method, base in counted:
        hands = {option: n for option, n in by_hands[vote_id].items() if n is not None}
        is_complete = method is Method.CHAT or (hands and len(hands) == len(by_hands[vote_id]))
        tally = _tally(hands if method is Method.HANDS else by_ballots[vote_id], base)
        if is_complete and tally is not None:
            tallies[vote_id] = tally
    return tallies


def _tally(counts: dict[Option, int], base: int | None) -> Tally | None:
    return None if base is None else tally_ballots(Counter(counts).elements(), base)


async def _options(tx: Tx, vote_ids: list[int]) -> dict[int, dict[Option, int | None]]:
    """Each vote's options in their order, with the hands counted for each."""
    statement: Select[int, Option, int | None] = Select(
        col(VoteOptionRow.vote_id), col(VoteOptionRow.option), col(VoteOptionRow.count)
    )
    rows = await tx.exec(
        statement.where(col(VoteOptionRow.vote_id).in_(vote_ids)).order_by(col(VoteOptionRow.place))
    )
    options: dict[int, dict[Option, int | None]] = defaultdict(dict)
    for vote_id, option, count in rows:
        options[vote_id][option] = count
    return options


async def _ballots(tx: Tx, vote_ids: list[int]) -> dict[int, dict[Option, int]]:
    """How many ballots each vote has, by option in order."""
    statement: Select[int, Option, int] = Select(
        col(BallotRow.vote_id), col(VoteOptionRow.option), func.count()
    )
    rows = await tx.exec(
        statement.join(VoteOptionRow, col(VoteOptionRow.id) == BallotRow.option_id)
        .where(col(BallotRow.vote_id).in_(vote_ids))
        .group_by(col(BallotRow.vote_id), col(VoteOptionRow.option), col(VoteOptionRow.place))
        .order_by(col(VoteOptionRow.place))
    )
    ballots: dict[int, dict[Option, int]] = defaultdict(dict)
    for vote_id, option, count in rows:
        ballots[vote_id][option] = count
    return ballots


async def _voted_items(tx: Tx, vote_ids: list[int]) -> dict[int, list[VotedItem]]:
    """What each vote is about, in the order of the agenda, in the version of the text that it names."""
    meetings = select(VoteRow.meeting_id).where(col(VoteRow.id).in_(vote_ids))
    order: Select[int, int] = Select(col(ItemRow.meeting_id), col(ItemRow.id))
    agenda: dict[int, list[int]] = defaultdict(list)
    for meeting_id, item_id in await tx.exec(
        order.where(col(ItemRow.meeting_id).in_(meetings)).order_by(col(ItemRow.place), col(ItemRow.id))
    ):
        agenda[meeting_id].append(item_id)
    numbers = {item_id: number for items in agenda.values() for number, item_id in enumerate(items, start=1)}

    statement: Select[int, int, str, ItemKind, int, str] = Select(
        col(VoteItemRow.vote_id),
        col(ItemRow.id),
        col(ItemRow.title),
        col(ItemRow.kind),
        col(VoteItemRow.text_version),
        func.coalesce(ItemVersionRow.text, ""),
    )
    rows = await tx.exec(
        statement.join(ItemRow, col(ItemRow.id) == VoteItemRow.item_id)
        .outerjoin(
            ItemVersionRow,
            and_(
                col(ItemVersionRow.item_id) == VoteItemRow.item_id,
                col(ItemVersionRow.version) == VoteItemRow.text_version,
            ),
        )
        .where(col(VoteItemRow.vote_id).in_(vote_ids))
        .order_by(col(ItemRow.place), col(ItemRow.id))
    )
    found = rows.all()
    lines = await list_lines(tx, {item_id for _, item_id, _, _, version, _ in found if version > 1})
    voted: dict[int, list[VotedItem]] = defaultdict(list)
    for vote_id, item_id, title, kind, version, text in found:
        gained = tuple(gained_by(lines.get(item_id, ())[:version]))
        voted[vote_id].append(VotedItem(item_id, numbers[item_id], title, kind, version, text, gained))
    return voted


async def ballot_views(tx: Tx, vote_id: int, account_ids: Iterable[int]) -> dict[int, BallotView]:
    """Give a vote as the owners of these accounts see it, by account id; raises VoteNotFoundError.

    Accounts of people who aren't attendees of the meeting are left out. Where units vote, the unit's choice
    is shown to its voting attendees, and those present may cast it. No tally before the announcement.
    """
    vote = await get_vote_view(tx, vote_id)
    if vote.state is not VoteState.ANNOUNCED:
        vote = replace(vote, tally=None, decision=None)
    meeting = await get_meeting_view(tx, vote.meeting_id)
    statement: Select[
        int,
        Presence,
        str | None,
        int | None,
        Option | None,
        str,
        Source | None,
    ] = Select(
        col(BindingRow.account_id),
        col(AttendeeRow.presence),
        col(UnitRow.name),
        col(ElectorRow.id),
        col(VoteOptionRow.option),
        func.coalesce(BallotRow.opinion, ""),
        col(BallotRow.source),
    )
    rows = await tx.exec(
        statement.join(AttendeeRow, col(AttendeeRow.person_id) == BindingRow.person_id)
        .outerjoin(ElectorRow, and_(col(ElectorRow.vote_id) == vote_id, casts_for()))
        .outerjoin(BallotRow, _is_of_elector())
        .outerjoin(VoteOptionRow, col(VoteOptionRow.id) == BallotRow.option_id)
        .outerjoin(UnitRow, col(UnitRow.id) == ElectorRow.unit_id)
        # + 0 keeps SQLite from the meeting's index, by which it would read everybody in it.
        .where(
            col(AttendeeRow.meeting_id) + 0 == vote.meeting_id,
            col(BindingRow.account_id).in_(set(account_ids)),
        )
    )
    is_by_unit = vote.base_kind.voting_unit is VotingUnit.UNIT
    return {
        account_id: BallotView(
            meeting=meeting,
            vote=vote,
            is_elector=elector_id is not None and (presence is Presence.PRESENT or not is_by_unit),
            unit=unit,
            own=option,
            own_opinion=_opinion(option, opinion),
            own_source=source,
        )
        for account_id, presence, unit, elector_id, option, opinion, source in rows
    }


def _is_of_elector() -> ColumnElement[bool]:
    return and_(col(BallotRow.vote_id) == ElectorRow.vote_id, col(BallotRow.elector_id) == ElectorRow.id)


def _opinion(option: Option | None, text: str) -> str:
    """Give the text of *ý kiến khác*; whoever chose otherwise since no longer has one."""
    return text if option is Option.OTHER else ""


async def get_vote_roll_view(tx: Tx, vote_id: int) -> VoteRollView:
    """Give who voted what, and who could be admitted while the vote runs; raises VoteNotFoundError."""
    vote = await get_vote_view(tx, vote_id)
    meeting = await get_meeting_view(tx, vote.meeting_id)
    electors = await list_electors(tx, vote)
    latecomers = await _latecomers(tx, vote) if vote.state in _RUNNING else []
    return VoteRollView(meeting, vote, tuple(electors), tuple(latecomers))


async def list_electors(tx: Tx, vote: VoteView, *, missing_only: bool = False) -> list[ElectorView]:
    """Give the electors of a vote in the order of the roll, or of the units; on demand only who hasn't voted.

    A unit's elector has the unit's name.
    """
    statement: Select[
        int,
        str | None,
        str | None,
        Option | None,
        str,
        Source | None,
        int | None,
    ] = Select(
        col(ElectorRow.id),
        col(PersonRow.name),
        col(UnitRow.name),
        col(VoteOptionRow.option),
        func.coalesce(BallotRow.opinion, ""),
        col(BallotRow.source),
        col(AttendeeRow.person_id),
    )
    found = (
        statement.select_from(ElectorRow)
        .outerjoin(AttendeeRow, col(AttendeeRow.id) == ElectorRow.attendee_id)
        .outerjoin(PersonRow, col(PersonRow.id) == AttendeeRow.person_id)
        .outerjoin(UnitRow, col(UnitRow.id) == func.coalesce(ElectorRow.unit_id, AttendeeRow.unit_id))
        .outerjoin(
            SummonedUnitRow,
            and_(
                col(SummonedUnitRow.meeting_id) == vote.meeting_id,
                col(SummonedUnitRow.unit_id) == ElectorRow.unit_id,
            ),
        )
        .outerjoin(BallotRow, _is_of_elector())
        .outerjoin(VoteOptionRow, col(VoteOptionRow.id) == BallotRow.option_id)
        .where(ElectorRow.vote_id == vote.vote_id)
        .order_by(func.coalesce(AttendeeRow.number, SummonedUnitRow.position), col(ElectorRow.id))
    )
    if missing_only:
        found = found.where(col(BallotRow.id).is_(None))
    rows = (await tx.exec(found)).all()
    # Of a unit nobody in particular is missing.
    missing = {person_id for *_, option, _, _, person_id in rows if option is None and person_id is not None}
    chats = await list_chat_platforms(tx, missing) if missing else {}
    return [
        ElectorView(
            elector_id,
            name=name or unit or "",
            unit=None if name is None else unit,
            option=option,
            opinion=_opinion(option, opinion),
            source=source,
            chat="" if person_id is None else chats.get(person_id, ""),
        )
        for elector_id, name, unit, option, opinion, source, person_id in rows
    ]


async def _latecomers(tx: Tx, vote: VoteView) -> list[AttendeeView]:
    entitled = [
        col(AttendeeRow.meeting_id) == vote.meeting_id,
        col(AttendeeRow.standing) == Standing.VOTING,
        col(AttendeeRow.presence) == Presence.PRESENT,
        col(AttendeeRow.reply) != Reply.SUBSTITUTED,
        ~select(ElectorRow.id).where(ElectorRow.vote_id == vote.vote_id, casts_for()).exists(),
    ]
    if vote.base_kind.voting_unit is VotingUnit.UNIT:
        entitled.append(col(AttendeeRow.unit_id).is_not(None))
    return await list_attendees(tx, *entitled)
