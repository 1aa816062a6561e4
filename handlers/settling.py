"""Rankings are settled with the item that they were put to: its decision is theirs."""

from collections.abc import Iterable
from datetime import datetime

from meeting.scoring import Ranked, ScoringState
from meeting.tally import Decision
from storage import agenda, record, scoring
from storage.database import Tx

_SETTLED = frozenset({Decision.ADOPTED, Decision.ADOPTED_WITH_ADDITIONS})


async def settle_rankings(tx: Tx, item_id: int, decision: Decision | None, now: datetime) -> None:
    """Record with an item's decision the rankings that were put to it, in the caller's transaction.

    Agreed to, they are decided; rejected, noted or left out, they go back to those who verify. With None the
    item is undecided again, and so are they.
    """
    for scoring_id in await scoring.list_put_to(tx, item_id):
        view = await scoring.get_scoring(tx, scoring_id)
        facts = {
            "scoring": scoring_id,
            "item": item_id,
            "decision": decision,
            "ranking": ranking_facts(view.ranking),
        }
        if decision is None:
            await scoring.put_scoring(tx, scoring_id, state=ScoringState.PUT, decided_at=None)
        elif decision in _SETTLED:
            await scoring.put_scoring(tx, scoring_id, state=ScoringState.DECIDED, decided_at=now)
        else:
            await scoring.put_ranking(tx, scoring_id, None, (), None)
        meeting_id = await agenda.find_meeting_of_item(tx, item_id)
        if meeting_id is not None:
            await record.append(tx, view.organisation_id, meeting_id, now, "ranking_settled", facts)


def ranking_facts(ranking: Iterable[Ranked]) -> list[list[object]]:
    """Give a ranking as the record has it: unit, total and rank of each."""
    return [[each.unit_id, None if each.total is None else str(each.total), each.rank] for each in ranking]
