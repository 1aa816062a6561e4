"""What doing due work looks like: a deed for each kind, in a transaction that holds meeting and work."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from meeting.states import WorkState
from storage.database import Tx
from storage.due import DueWork


@dataclass(frozen=True, slots=True)
class Moment:
    """When due work is done, and since when this process runs: what was due before, nobody watched."""

    now: datetime
    running_since: datetime


Outcome = WorkState | datetime
"""What became of due work, or when it is to be looked at again, as a part of it is due only then."""

Deed = Callable[[Tx, DueWork, Moment], Awaitable[Outcome]]
"""Does one piece of due work. A repeat after a rollback does it anew: it leaves nothing outside of `tx`."""
