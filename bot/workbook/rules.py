"""The rules of a meeting as the workbook has them: only what departs from the defaults is written down."""

from dataclasses import dataclass, replace
from datetime import date

from meeting.attendance import Quorum, QuorumKind
from meeting.counting import Threshold
from meeting.regimes import Rules, Template, default_rules
from meeting.voting import BaseKind


@dataclass(frozen=True, slots=True)
class OwnRules:
    """What a meeting sets for itself; None is the default for this kind of meeting on that day."""

    quorum_kind: QuorumKind | None = None
    quorum: Threshold | None = None
    base_kind: BaseKind | None = None
    threshold: Threshold | None = None
    source: str | None = None
    is_verified: bool | None = None


def rules_with(template: Template, on: date, own: OwnRules) -> Rules:
    """Give the rules of a meeting; what departs from the defaults is unverified unless it says otherwise."""
    kind = own.quorum_kind if own.quorum_kind is QuorumKind.SUMMONED else QuorumKind.HEADCOUNT
    usual = default_rules(template, on, kind)
    rules = replace(
        usual,
        quorum=Quorum(own.quorum_kind or usual.quorum.kind, own.quorum or usual.quorum.threshold),
        base_kind=own.base_kind or usual.base_kind,
        threshold=own.threshold or usual.threshold,
        source=own.source or usual.source,
    )
    is_verified = rules == usual and usual.is_verified if own.is_verified is None else own.is_verified
    return replace(rules, is_verified=is_verified)


def own_rules(template: Template, on: date, rules: Rules) -> OwnRules:
    """Give what in these rules departs from the defaults: `rules_with` makes them again from it.

    The regime is not among it: kind and day of the meeting decide it.
    """
    quorum_kind = rules.quorum.kind
    own = OwnRules(
        quorum_kind=None if quorum_kind is default_rules(template, on).quorum.kind else quorum_kind
    )
    usual = rules_with(template, on, own)
    own = replace(
        own,
        quorum=None if rules.quorum == usual.quorum else rules.quorum.threshold,
        base_kind=None if rules.base_kind is usual.base_kind else rules.base_kind,
        threshold=None if rules.threshold == usual.threshold else rules.threshold,
        source=None if rules.source == usual.source else rules.source,
    )
    assumed = rules_with(template, on, own).is_verified
    return replace(own, is_verified=None if rules.is_verified is assumed else rules.is_verified)
