"""What cards, pages and papers are made from: read models, each as the database is at one instant."""

# ruff: noqa: F403 - a topic's views are listed once, where they are
from storage.views.agenda import *
from storage.views.cards import *
from storage.views.delivery import *
from storage.views.meetings import *
from storage.views.opinions import *
from storage.views.papers import *
from storage.views.people import *
from storage.views.pledges import *
from storage.views.results import *
from storage.views.scoring import *
from storage.views.speaking import *
from storage.views.tasks import *
from storage.views.titles import *
from storage.views.votes import *
