"""Meetings as everybody may see them."""

from sqlmodel import select

from meeting.attendance import Quorum
from meeting.counting import Threshold
from meeting.regimes import Rules
from storage.database import Tx
from storage.errors import MeetingNotFoundError
from storage.rows import MeetingRow, OrganisationRow
from storage.views import MeetingView


async def get_meeting_view(tx: Tx, meeting_id: int) -> MeetingView:
    """Give a meeting; raises MeetingNotFoundError."""
    found = (
        await tx.exec(
            select(MeetingRow, OrganisationRow.name)
            .join(OrganisationRow)
            .where(MeetingRow.id == meeting_id)
            .execution_options(populate_existing=True)
        )
    ).first()
    if found is None:
        raise MeetingNotFoundError(meeting_id)
    row, organisation = found
    return MeetingView(
        meeting_id=meeting_id,
        organisation_id=row.organisation_id,
        organisation=organisation,
        title=row.title,
        host=row.host,
        place=row.place,
        starts_at=row.starts_at,
        timezone=row.timezone,
        language=row.language,
        address=row.address,
        template=row.template,
        state=row.state,
        rules=_rules(row),
        headcount=row.headcount,
        has_union=row.has_union,
        check_in_opens_at=row.check_in_opens_at,
        check_in_opened_at=row.check_in_opened_at,
        check_in_closed_at=row.check_in_closed_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        current_item_id=row.current_item_id,
    )


def _rules(row: MeetingRow) -> Rules:
    return Rules(
        regime=row.regime,
        quorum=Quorum(
            row.quorum_kind,
            Threshold(row.quorum_numerator, row.quorum_denominator, is_strict=row.quorum_is_strict),
        ),
        base_kind=row.base_kind,
        threshold=Threshold(
            row.threshold_numerator, row.threshold_denominator, is_strict=row.threshold_is_strict
        ),
        source=row.rule_source,
        is_verified=row.is_rule_verified,
    )
