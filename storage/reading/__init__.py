"""What is read for cards, pages, papers and decisions: rows in, views out, a few grouped statements each.

Each function gives the database as the transaction or snapshot sees it; the number of statements doesn't grow
with attendees, items or votes.
"""

from storage.reading.agenda import get_agenda_view, is_method_adopted, list_items
from storage.reading.claims import get_claim_view, get_claims_view
from storage.reading.floor import get_floor, list_spoken
from storage.reading.groups import group_ballot_views, group_views
from storage.reading.mailings import mailing_views, reach_views
from storage.reading.meetings import find_manner, get_meeting_view, home_view, list_homes, list_meetings
from storage.reading.news import get_news_view
from storage.reading.opinions import get_opinions_view
from storage.reading.overview import get_overview_view
from storage.reading.pages import list_pages, list_seats
from storage.reading.panels import panel_views
from storage.reading.papers import get_papers_view
from storage.reading.pledges import pledge_views
from storage.reading.results import get_results_view
from storage.reading.roll import (
    attendance_views,
    find_statement,
    get_attendance,
    get_roll,
    get_roll_view,
    list_invitations,
)
from storage.reading.tasks import get_tasks_view
from storage.reading.thrift import get_load, list_coming
from storage.reading.titles import get_titles_view
from storage.reading.versions import get_text_view, list_versions
from storage.reading.votes import ballot_views, get_vote_roll_view, get_vote_view, get_vote_views

__all__ = [
    "attendance_views",
    "ballot_views",
    "find_manner",
    "find_statement",
    "get_agenda_view",
    "get_attendance",
    "get_claim_view",
    "get_claims_view",
    "get_floor",
    "get_load",
    "get_meeting_view",
    "get_news_view",
    "get_opinions_view",
    "get_overview_view",
    "get_papers_view",
    "get_results_view",
    "get_roll",
    "get_roll_view",
    "get_tasks_view",
    "get_text_view",
    "get_titles_view",
    "get_vote_roll_view",
    "get_vote_view",
    "get_vote_views",
    "group_ballot_views",
    "group_views",
    "home_view",
    "is_method_adopted",
    "list_coming",
    "list_homes",
    "list_invitations",
    "list_items",
    "list_meetings",
    "list_pages",
    "list_seats",
    "list_spoken",
    "list_versions",
    "mailing_views",
    "panel_views",
    "pledge_views",
    "reach_views",
]
