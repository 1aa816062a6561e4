"""Actions on votes and ballots."""

from bot.actions.codec import Action, action
from meeting.voting import Method, Option


@action("vote")
class CastVote(Action):
    """Choose an option."""

    vote_id: int
    option: Option


@action("opinion")
class AddOpinion(Action):
    """Add or change the text of *ý kiến khác*."""

    vote_id: int


@action("prepare")
class PrepareVote(Action):
    """Draft a vote on an item, or show the draft there is."""

    item_id: int
    method: Method


@action("joint")
class ShowJoint(Action):
    """Show which other items could go into a drafted vote."""

    vote_id: int


@action("joinvote")
class JoinVote(Action):
    """Add an item to a drafted vote, or take it out."""

    vote_id: int
    item_id: int


@action("openvote")
class OpenVote(Action):
    """Open a drafted vote; minutes 0 means without a deadline."""

    vote_id: int
    minutes: int


@action("schedulevote")
class ScheduleVote(Action):
    """Have a drafted vote open by itself; when and for how long is asked for."""

    vote_id: int


@action("unschedulevote")
class UnscheduleVote(Action):
    """Have a drafted vote not open by itself any more."""

    vote_id: int


@action("pause")
class PauseVote(Action):
    """Pause."""

    vote_id: int


@action("resume")
class ResumeVote(Action):
    """Go on after a pause."""

    vote_id: int


@action("extend")
class ExtendVote(Action):
    """Give some more minutes from now."""

    vote_id: int
    minutes: int


@action("closevote")
class CloseVote(Action):
    """Close; asked once more (`sure` 0 → 1) while somebody is missing."""

    vote_id: int
    sure: int


@action("reopen")
class ReopenVote(Action):
    """Open a closed vote again before it was announced."""

    vote_id: int


@action("announce")
class AnnounceVote(Action):
    """Announce the result."""

    vote_id: int


@action("cancelvote")
class CancelVote(Action):
    """Cancel a run; a reason is asked for."""

    vote_id: int


@action("repeat")
class RepeatVote(Action):
    """Draft another run of a vote that was cancelled or announced."""

    vote_id: int


@action("split")
class SplitVote(Action):
    """Split a vote on several items into one for each."""

    vote_id: int


@action("hands")
class EnterHands(Action):
    """Enter the counted hands; each option is asked in turn."""

    vote_id: int


@action("missing")
class ShowMissing(Action):
    """Show the secretary who has not voted, and the choices by name."""

    vote_id: int
    page: int


@action("findelector")
class FindElector(Action):
    """Look for an elector by name, to enter the choice; a part of it is asked for."""

    vote_id: int


@action("elector")
class ShowElector(Action):
    """Show the secretary one elector, to enter the choice for somebody without a phone."""

    vote_id: int
    elector_id: int


@action("castfor")
class CastFor(Action):
    """Enter an elector's choice for somebody without a phone."""

    vote_id: int
    elector_id: int
    option: Option


@action("latecomers")
class ShowLatecomers(Action):
    """Show who is present and entitled but not among a running vote's electors."""

    vote_id: int


@action("admit")
class AdmitElector(Action):
    """Admit a latecomer to a running vote."""

    vote_id: int
    attendee_id: int
