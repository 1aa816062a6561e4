"""What is raised where a row that must be there isn't."""


class NotFoundError(LookupError):
    """There is nothing with this id."""


class OrganisationNotFoundError(NotFoundError):
    """There is no such organisation, or it is none of the asking account's."""


class MeetingNotFoundError(NotFoundError):
    """There is no meeting with this id."""


class AttendeeNotFoundError(NotFoundError):
    """There is no attendee with this id."""


class ItemNotFoundError(NotFoundError):
    """There is no agenda item with this id."""


class VoteNotFoundError(NotFoundError):
    """There is no vote with this id."""
