"""What is raised where the database is away, or a row that must be there isn't."""


class DatabaseAwayError(ConnectionError):
    """The database can't be used now: not there, locked by another program, full, or cut off."""


class NotFoundError(LookupError):
    """There is nothing with this id."""


class OrganisationNotFoundError(NotFoundError):
    """There is no such organisation, or it is none of the asking account's."""


class AccountNotFoundError(NotFoundError):
    """There is no account with this id."""


class MeetingNotFoundError(NotFoundError):
    """There is no meeting with this id."""


class AttendeeNotFoundError(NotFoundError):
    """There is no attendee with this id."""


class MailingNotFoundError(NotFoundError):
    """There is no mailing with this id."""


class ClaimNotFoundError(NotFoundError):
    """There is no claim with this id; it was made anew, perhaps."""


class ItemNotFoundError(NotFoundError):
    """There is no agenda item with this id."""


class VoteNotFoundError(NotFoundError):
    """There is no vote with this id."""


class GroupNotFoundError(NotFoundError):
    """There is no group with this id that follows a meeting."""


class TaskNotFoundError(NotFoundError):
    """There is no task with this id."""


class TurnNotFoundError(NotFoundError):
    """There is no request for the floor with this id."""


class SpeechNotFoundError(NotFoundError):
    """There is no speech with this id."""


class TitleNotFoundError(NotFoundError):
    """There is no decision on a title with this id."""


class RecipientNotFoundError(NotFoundError):
    """Nobody receives a title by this id."""


class PaperNotFoundError(NotFoundError):
    """There is no paper with this id."""


class PledgeNotFoundError(NotFoundError):
    """There is no pledge with this id, or no party of one."""


class OpinionNotFoundError(NotFoundError):
    """There is no opinion with this id."""


class ScoringNotFoundError(NotFoundError):
    """There is no scoring with this id, or no criterion of one."""
