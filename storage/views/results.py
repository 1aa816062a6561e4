"""What a meeting decided."""

from dataclasses import dataclass

from meeting.attendance import Attendance, Statement
from meeting.pledges import Pledge
from meeting.states import MeetingState
from storage.views.agenda import ItemView, VersionView
from storage.views.meetings import MeetingView
from storage.views.opinions import OpinionsView
from storage.views.people import AttendeeView
from storage.views.scoring import RankingView, ScoringLine
from storage.views.speaking import SpeechView, TurnView
from storage.views.titles import TitleView
from storage.views.votes import VoteView


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of an item; `vote` is the announced run that decided it, None without a count."""

    item: ItemView
    vote: VoteView | None


@dataclass(frozen=True, slots=True)
class ResultsView:
    """A meeting's results so far: announced votes only; `spoken` are those who had the floor.

    `versions` are those of all items' texts, `titles` those that were announced.
    """

    meeting: MeetingView
    attendance: Attendance
    statement: Statement | None
    items: tuple[ItemResult, ...]
    spoken: tuple[TurnView, ...] = ()
    speeches: tuple[SpeechView, ...] = ()
    pledge: Pledge | None = None
    titles: tuple[TitleView, ...] = ()
    versions: tuple[VersionView, ...] = ()
    opinions: OpinionsView | None = None
    rankings: tuple[RankingView, ...] = ()
    scorings: tuple[ScoringLine, ...] = ()

    def text_of(self, result: ItemResult) -> VersionView | None:
        """Give the version that was decided on; None where the item has no text here."""
        version = result.item.text_version
        for voted in () if result.vote is None else result.vote.items:
            if voted.item_id == result.item.item_id:
                version = voted.text_version
        about = (result.item.item_id, version)
        return next((one for one in self.versions if (one.item_id, one.version) == about and one.text), None)


@dataclass(frozen=True, slots=True)
class NewsView:
    """What a news draft may name: the results, and who presided and which guests and units were there."""

    results: ResultsView
    chairs: tuple[AttendeeView, ...]
    guests: tuple[AttendeeView, ...]
    units: tuple[str, ...]

    @property
    def is_of_held(self) -> bool:
        """Whether the meeting was held and is over; there is no news of another."""
        meeting = self.results.meeting
        is_over = meeting.state is MeetingState.CLOSED and meeting.cancelled_at is None
        return is_over and meeting.opened_at is not None
