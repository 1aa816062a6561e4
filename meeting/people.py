"""Who takes part in a meeting, with which standing and which rights."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A function in an organisation (organiser) or in one meeting (chair, secretary)."""

    ORGANISER = "organiser"
    CHAIR = "chair"
    SECRETARY = "secretary"


class Standing(StrEnum):
    """An attendee's standing: only voting attendees count for the quorum and may vote."""

    VOTING = "voting"
    GUEST = "guest"
    OBSERVER = "observer"


class Reply(StrEnum):
    """An attendee's answer to the invitation."""

    NONE = "none"
    COMING = "coming"
    ABSENT = "absent"
    SUBSTITUTED = "substituted"


class Presence(StrEnum):
    """Whether an attendee is in the meeting now."""

    AWAY = "away"
    PRESENT = "present"
    LEFT = "left"


class Source(StrEnum):
    """How a presence or a ballot was entered."""

    SELF = "self"
    SECRETARY = "secretary"
    PAPER = "paper"


class Purpose(StrEnum):
    """What a person's data may be used for, each consented to apart (`domain.md` §6.1)."""

    CONTACT = "contact"
    REMINDERS = "reminders"


class Right(StrEnum):
    """Something that only some roles may do."""

    SET_UP = "set_up"
    INVITE = "invite"
    PREPARE = "prepare"
    PRESIDE = "preside"
    APPROVE = "approve"
    KEEP_ROLL = "keep_roll"
    SEE_CHOICES = "see_choices"
    VERIFY = "verify"


_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ORGANISER: frozenset({Right.SET_UP, Right.INVITE, Right.PREPARE, Right.KEEP_ROLL}),
    Role.CHAIR: frozenset({Right.PRESIDE, Right.APPROVE, Right.PREPARE}),
    Role.SECRETARY: frozenset(
        {Right.PRESIDE, Right.PREPARE, Right.KEEP_ROLL, Right.INVITE, Right.SEE_CHOICES, Right.VERIFY}
    ),
}


def grant(roles: Collection[Role], right: Right) -> bool:
    """Whether one of the roles grants the right."""
    return any(right in _RIGHTS[role] for role in roles)


def roles_with(right: Right) -> frozenset[Role]:
    """Give the roles that grant a right."""
    return frozenset(role for role in Role if grant([role], right))


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who asks, with the roles that hold in the meeting asked about; checked at each request."""

    account_id: int
    person_id: int
    roles: frozenset[Role]
    attendee_id: int | None = None

    def may(self, right: Right) -> bool:
        """Whether one of the roles grants the right."""
        return grant(self.roles, right)

    def acts_for_chair(self) -> bool:
        """Whether presiding acts of this person are done "theo điều hành của Chủ tọa", which is recorded."""
        return Role.CHAIR not in self.roles
