"""One's own page on the web, asked for in the chat that speaks for somebody."""

from dataclasses import dataclass
from datetime import UTC, datetime

from handlers.asking import Asked, House
from meeting.codes import PageWay, page_token
from meeting.refusals import Refusal, Refused
from storage import people
from storage.database import Tx

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = 2
"""It ends at the second midnight in UTC from now on."""


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The token that opens somebody's own page until an instant; the same all day."""

    token: str
    expires_at: datetime


async def offer_own_page(house: House, asked: Asked) -> OwnPage | Refused:
    """Give the way to the page of whom this account speaks for, in its current meeting's organisation first.

    Nothing is stored: it is good for as long as the account speaks for that person, and some days at most.
    """
    async with house.database.snapshot() as tx:
        person_id = await _find_person(tx, asked.account_id)
    if person_id is None:
        return Refused(Refusal.NOT_BOUND)
    day = (house.now() - _EPOCH).days + _DAYS
    token = page_token(house.key, PageWay(asked.account_id, person_id, day))
    return OwnPage(token, datetime.fromtimestamp(day * 86_400, UTC))


async def _find_person(tx: Tx, account_id: int) -> int | None:
    account = await people.get_account(tx, account_id)
    if account.current_meeting_id is not None:
        actor = await people.find_actor(tx, account_id, account.current_meeting_id)
        if actor is not None:
            return actor.person_id
    bound = await people.list_organisations_of(tx, account_id)
    return bound[0][1] if bound else None
