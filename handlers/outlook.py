"""What is going to be sent about a meeting, to whom, and what became of what was sent: read only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from handlers import reminders
from handlers.summoning import summons_cause
from meeting.people import Presence, Reply
from meeting.states import DueKind, MeetingState, PostKind, WorkState
from storage import due, meetings, people
from storage.database import Tx
from storage.due import DueWork
from storage.reading.reminding import Seated, Told, list_owners, list_seated, list_told
from storage.views import MeetingView

BY_HAND = reminders.KINDS | {DueKind.FOLLOW_UP, DueKind.TASK_DUE}
"""What can be sent at once, left out and taken up again; the rest follows a vote or the presence window."""


class Fate(StrEnum):
    """What is to become, or became, of a message to somebody."""

    PLANNED = "planned"
    WAITING = "waiting"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    NO_ACCOUNT = "no_account"
    OPTED_OUT = "opted_out"


_FATES = {
    WorkState.WAITING: Fate.WAITING,
    WorkState.LEASED: Fate.WAITING,
    WorkState.DONE: Fate.SENT,
    WorkState.UNCERTAIN: Fate.UNCERTAIN,
    WorkState.FAILED: Fate.FAILED,
    WorkState.MISSED: Fate.FAILED,
    WorkState.WITHDRAWN: Fate.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whom a message concerns; `number` is None for who isn't on the roll."""

    number: int | None
    name: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Sending:
    """Something that is due, and whom it concerns; `work` is None for the summons, which is sent by hand.

    `is_open`: it can be sent at once, and left out; `is_left_out`: it can be taken up again.
    """

    work: DueWork | None
    recipients: tuple[Recipient, ...]
    is_open: bool = False
    is_left_out: bool = False

    @property
    def counts(self) -> Mapping[Fate, int]:
        """How many recipients have which fate."""
        return Counter(one.fate for one in self.recipients)

    @property
    def is_missed(self) -> bool:
        """Whether it was not done in time."""
        return self.work is not None and self.work.state is WorkState.MISSED


@dataclass(frozen=True, slots=True)
class Outlook:
    """All of a meeting: what is ahead in the order of time, then what is over, the newest first."""

    meeting: MeetingView
    summons: Sending
    sendings: tuple[Sending, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is read once for all that is due in a meeting."""

    meeting: MeetingView
    seated: Sequence[Seated]
    told: Mapping[str, Sequence[Told]]


async def get_outlook(tx: Tx, meeting: MeetingView) -> Outlook:
    """Give all that is due in a meeting, or was."""
    seen = await _see(tx, meeting)
    works = await due.list_work(tx, meeting.meeting_id)
    ahead = [work for work in works if work.state is WorkState.WAITING]
    over = [work for work in reversed(works) if work.state is not WorkState.WAITING and _is_shown(work)]
    sendings = [await _sending(tx, seen, work) for work in (*ahead, *over)]
    return Outlook(meeting, _summons(seen), tuple(sendings))


async def get_sending(tx: Tx, meeting: MeetingView, work: DueWork | None) -> Sending:
    """Give one thing that is due in a meeting; the summons with `work` None."""
    seen = await _see(tx, meeting)
    return _summons(seen) if work is None else await _sending(tx, seen, work)


def _is_shown(work: DueWork) -> bool:
    """Whether it was done, missed or left out; what became idle by itself is no news."""
    return work.state is not WorkState.WITHDRAWN or work.settled_at is not None


async def _see(tx: Tx, meeting: MeetingView) -> _Seen:
    kinds = [PostKind.SUMMONS, *(PostKind(kind.value) for kind in BY_HAND)]
    return _Seen(meeting, await list_seated(tx, meeting), await list_told(tx, meeting, kinds))


def _summons(seen: _Seen) -> Sending:
    told = seen.told.get(summons_cause(seen.meeting.meeting_id), ())
    fated = _fated(told)
    is_ahead = seen.meeting.state is MeetingState.PLANNED
    known = {one.person_id for one in told}
    if is_ahead:
        for one in seen.seated:
            if one.person_id not in known:
                fate = Fate.PLANNED if one.is_reached else Fate.NO_ACCOUNT
                fated.append(Recipient(one.number, one.name, fate))
    return Sending(None, _in_order(fated), is_open=is_ahead)


async def _sending(tx: Tx, seen: _Seen, work: DueWork) -> Sending:
    is_open = work.kind in BY_HAND and work.state in {WorkState.WAITING, WorkState.MISSED}
    is_left_out = work.state is WorkState.WITHDRAWN and work.settled_at is not None
    if work.kind in reminders.KINDS:
        recipients = await _of_reminder(tx, seen, work)
        is_planned = seen.meeting.state is MeetingState.PLANNED
        return Sending(
            work,
            recipients,
            is_open=is_open and is_planned,
            is_left_out=is_left_out and is_planned,
        )
    return Sending(
        work,
        await _of_staff(tx, seen, work),
        is_open=is_open,
        is_left_out=is_left_out and work.kind in BY_HAND,
    )


async def _of_reminder(tx: Tx, seen: _Seen, work: DueWork) -> tuple[Recipient, ...]:
    told = seen.told.get(reminders.cause_of(work.kind, seen.meeting, work.part), ())
    fated, known = _fated(told), {one.person_id for one in told}
    if work.state not in {WorkState.WAITING, WorkState.DONE}:
        return _in_order(fated)
    planned: set[int] = set()
    if work.state is WorkState.WAITING and seen.meeting.state is MeetingState.PLANNED:
        concerned = await reminders.list_reminded(tx, seen.meeting, work.kind, work.part)
        planned = {one.attendee_id for one in concerned}
    for one in seen.seated:
        if one.attendee_id in planned:
            fated.append(Recipient(one.number, one.name, Fate.PLANNED))
        elif one.person_id not in known and _is_concerned(work.kind, one):
            if one.is_refusing:
                fated.append(Recipient(one.number, one.name, Fate.OPTED_OUT))
            elif not one.is_reached:
                fated.append(Recipient(one.number, one.name, Fate.NO_ACCOUNT))
    return _in_order(fated)


def _is_concerned(kind: DueKind, one: Seated) -> bool:
    replies = {Reply.NONE} if kind is DueKind.REPLY_WANTED else {Reply.NONE, Reply.COMING}
    return one.reply in replies and one.presence is Presence.AWAY


async def _of_staff(tx: Tx, seen: _Seen, work: DueWork) -> tuple[Recipient, ...]:
    """Those who were told; of what is ahead those who prepare the meeting, where it goes to them."""
    told = [
        one
        for cause, those in seen.told.items()
        if cause.startswith(f"{work.kind}:{work.subject_id}:{work.part}:")
        for one in those
    ]
    fated, known = _fated(told), {one.person_id for one in told}
    if work.kind is DueKind.FOLLOW_UP and work.state is WorkState.WAITING:
        meeting = seen.meeting
        accounts = {
            *await meetings.list_presiding_accounts(tx, meeting.meeting_id),
            *await people.list_organiser_accounts(tx, meeting.organisation_id),
        }
        owners = await list_owners(tx, meeting.organisation_id, accounts)
        fated += [Recipient(None, name, Fate.PLANNED) for one, name in owners.items() if one not in known]
    return _in_order(fated)


_BEST = (Fate.SENT, Fate.UNCERTAIN, Fate.WAITING, Fate.FAILED, Fate.WITHDRAWN)
"""Which of several accounts' fates is a person's."""


def _fated(told: Iterable[Told]) -> list[Recipient]:
    """One recipient for each person."""
    best: dict[int, Recipient] = {}
    for one in told:
        fate = _FATES[one.state]
        kept = best.get(one.person_id)
        if kept is None or _BEST.index(fate) < _BEST.index(kept.fate):
            best[one.person_id] = Recipient(one.number, one.name, fate)
    return list(best.values())


def _in_order(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    return tuple(sorted(recipients, key=lambda one: (one.number is None, one.number or 0, one.name)))
